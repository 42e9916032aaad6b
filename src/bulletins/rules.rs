//! Which days a bulletin's period means, what it is called, and how its text becomes HTML. Pure.

use chrono::{Months, NaiveDate};

use super::model::BulletinKind;

/// A month or a quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub year: i32,
    /// First month, 1 to 12.
    month: u32,
    quarter: bool,
}

impl Period {
    /// Reads `2020-09`, or `2020-Q3` where a quarter is allowed.
    pub fn parse(text: &str, kind: BulletinKind) -> Option<Period> {
        let (year, part) = text.split_once('-')?;
        let digits = |text: &str, wide: usize| {
            let plain = text.len() == wide && text.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| text.parse::<u32>().ok()).flatten()
        };
        let year = i32::try_from(digits(year, 4)?).ok()?;
        let (month, quarter) = match part.strip_prefix('Q') {
            Some(quarter) if kind != BulletinKind::MonthlyReport => (digits(quarter, 1)?.checked_sub(1)? * 3 + 1, true),
            Some(_) => return None,
            None => (digits(part, 2)?, false),
        };
        (1..=12).contains(&month).then_some(Period { year, month, quarter }).filter(|period| period.first().is_some())
    }

    /// Its first day.
    pub fn first(&self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year, self.month, 1)
    }

    /// Its last day.
    pub fn last(&self) -> Option<NaiveDate> {
        let months = Months::new(if self.quarter { 3 } else { 1 });
        self.first()?.checked_add_months(months)?.pred_opt()
    }

    /// As it is spoken of: 2020年9月, 2020年第三季度.
    pub fn named(&self) -> String {
        if !self.quarter {
            return format!("{}年{}月", self.year, self.month);
        }
        let quarter = ["一", "二", "三", "四"].get((self.month / 3) as usize).copied().unwrap_or_default();
        format!("{}年第{quarter}季度", self.year)
    }
}

/// The title a bulletin about a period is drafted with.
pub fn title_of(kind: BulletinKind, period: &Period) -> String {
    let what = match kind {
        BulletinKind::Bulletin => "党建工作简报",
        BulletinKind::Circular => "重点任务推进情况通报",
        BulletinKind::MonthlyReport => "党建工作月报",
    };
    format!("{}{what}", period.named())
}

/// Markdown as HTML that can be shown anywhere: raw HTML is shown as text, links that could run are dropped, and
/// pictures, which would be fetched from elsewhere, become links.
pub fn to_html(markdown: &str) -> String {
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.render.escape = true;
    let arena = comrak::Arena::new();
    let root = comrak::parse_document(&arena, markdown, &options);
    for node in root.descendants() {
        let mut data = node.data.borrow_mut();
        if let comrak::nodes::NodeValue::Image(link) = &data.value {
            data.value = comrak::nodes::NodeValue::Link(link.clone());
        }
    }
    let mut html = String::new();
    // Writing to a text can't fail.
    let _ = comrak::format_html(root, &options, &mut html);
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_a_month_or_a_quarter() {
        use BulletinKind::{Circular, MonthlyReport};
        let cases = [
            ("2020-09", Circular, Some(("2020-09-01", "2020-09-30", "2020年9月"))),
            ("2020-02", MonthlyReport, Some(("2020-02-01", "2020-02-29", "2020年2月"))),
            ("2020-12", Circular, Some(("2020-12-01", "2020-12-31", "2020年12月"))),
            ("2020-Q1", Circular, Some(("2020-01-01", "2020-03-31", "2020年第一季度"))),
            ("2020-Q4", Circular, Some(("2020-10-01", "2020-12-31", "2020年第四季度"))),
            ("2020-Q3", MonthlyReport, None),
            ("2020-Q0", Circular, None),
            ("2020-Q5", Circular, None),
            ("2020-00", Circular, None),
            ("2020-13", Circular, None),
            ("2020-9", Circular, None),
            ("2020", Circular, None),
            ("+020-09", Circular, None),
            ("2020-+9", Circular, None),
        ];
        for (text, kind, expected) in cases {
            let read = Period::parse(text, kind).map(|period| {
                (period.first().unwrap().to_string(), period.last().unwrap().to_string(), period.named())
            });
            let expected = expected.map(|(first, last, name)| (first.to_owned(), last.to_owned(), name.to_owned()));
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn nothing_in_a_text_can_run_or_be_fetched() {
        let cases = [
            ("# 标题\n\n**重点**", "<h1>标题</h1>\n<p><strong>重点</strong></p>\n"),
            ("| 甲 | 乙 |\n|---|---|\n| 1 | 2 |", "<td>2</td>"),
            ("<script>alert(1)</script>", "&lt;script&gt;"),
            ("a <img src=x onerror=alert(1)> b", "&lt;img"),
            ("[x](javascript:alert(1))", "<a href=\"\">x</a>"),
            ("[x](data:text/html,1)", "<a href=\"\">x</a>"),
            ("[x](https://example.org)", "<a href=\"https://example.org\">x</a>"),
            ("![p](https://example.org/p.png)", "<a href=\"https://example.org/p.png\">p</a>"),
            ("![p](javascript:alert(1))", "<a href=\"\">p</a>"),
        ];
        for (markdown, expected) in cases {
            let html = to_html(markdown);
            assert!(html.contains(expected), "{markdown}: {html}");
            let bare = html.to_lowercase();
            assert!(
                !bare.contains("<script") && !bare.contains("<img") && !bare.contains("href=\"javascript"),
                "{html}"
            );
        }
    }
}
