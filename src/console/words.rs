//! The two languages of the console. Every word of a page is declared once with [`words!`](crate::words), in both:
//! a page that lacks a translation doesn't compile.

use std::borrow::Cow;
use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

/// The language of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    Zh,
    En,
}

impl Lang {
    /// The tag of the `lang` attribute.
    pub fn tag(self) -> &'static str {
        self.pick("zh-CN", "en")
    }

    /// The language of a request.
    pub fn of_chinese(chinese: bool) -> Lang {
        if chinese { Lang::Zh } else { Lang::En }
    }

    pub fn is_chinese(self) -> bool {
        self == Lang::Zh
    }

    /// One of two things.
    pub fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// A day of the year at hand: `9月30日`, `30 Sep`.
    pub fn day(self, day: &NaiveDate) -> String {
        match self {
            Lang::Zh => format!("{}月{}日", day.month(), day.day()),
            Lang::En => format!("{} {}", day.day(), month_name(day.month())),
        }
    }

    /// A day with its year: `2020年9月30日`, `30 Sep 2020`.
    pub fn full_day(self, day: &NaiveDate) -> String {
        match self {
            Lang::Zh => format!("{}年{}", day.year(), self.day(day)),
            Lang::En => format!("{} {}", self.day(day), day.year()),
        }
    }

    /// The day of the week: `周三`, `Wed`.
    pub fn weekday(self, day: &NaiveDate) -> &'static str {
        let zh = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
        let en = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        let names = self.pick(zh, en);
        usize::try_from(day.weekday().num_days_from_monday()).ok().and_then(|at| names.get(at)).copied().unwrap_or("")
    }

    /// A period of a recurring node as people say it: `2020-06` is `6月` or `Jun`, `2020-Q2` is `二季度`.
    pub fn period(self, period: &str) -> String {
        let Some((year, part)) = period.split_once('-') else {
            return self.pick(format!("{period}年度"), period.to_owned());
        };
        match (self, part) {
            (Lang::Zh, "Q1") => "一季度".into(),
            (Lang::Zh, "Q2") => "二季度".into(),
            (Lang::Zh, "Q3") => "三季度".into(),
            (Lang::Zh, "Q4") => "四季度".into(),
            (Lang::Zh, "H1") => "上半年".into(),
            (Lang::Zh, "H2") => "下半年".into(),
            (Lang::Zh, month) => format!("{}月", month.trim_start_matches('0')),
            (Lang::En, month) => match month.parse() {
                Ok(number) => month_name(number).into(),
                Err(_) => format!("{month} {year}"),
            },
        }
    }
}

fn month_name(month: u32) -> &'static str {
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    usize::try_from(month).ok().and_then(|month| names.get(month.checked_sub(1)?)).copied().unwrap_or("")
}

/// A sentence of a page, filled in. In English `{n} day(s)` follows its number: `1 day`, `2 days`.
pub fn said(sentence: fmt::Arguments<'_>) -> Cow<'static, str> {
    match sentence.as_str() {
        Some(text) => Cow::Borrowed(text),
        None => Cow::Owned(settle_plurals(&sentence.to_string())),
    }
}

fn settle_plurals(text: &str) -> String {
    let mut settled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('(') {
        let Some((inside, behind)) = after.split_once(')') else { break };
        settled.push_str(before);
        if !matches!(inside, "s" | "es") {
            settled.push('(');
            rest = after;
            continue;
        }
        let number = settled.split_whitespace().rev().take(3).find(|word| word.bytes().all(|b| b.is_ascii_digit()));
        if number != Some("1") {
            settled.push_str(inside);
        }
        rest = behind;
    }
    settled.push_str(rest);
    settled
}

/// Declares the words of a page: a type that holds the language, with a method a word. Each word has its text in
/// Chinese and in English; `{name}` is filled from the argument of that name.
///
/// ```
/// duban::words! {
///     /// What the page says.
///     pub struct Words {
///         title: "我的待办", "To do";
///         left(days): "还有{days}天", "{days} day(s) left";
///     }
/// }
/// let words = Words(duban::console::Lang::En);
/// assert_eq!(words.title(), "To do");
/// assert_eq!(words.left(1), "1 day left");
/// ```
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* $vis:vis struct $name:ident {
        $($word:ident $(($($arg:ident),+))?: $zh:literal, $en:literal;)+
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy)]
        $vis struct $name(pub $crate::console::Lang);

        #[allow(
            unused_variables,
            clippy::new_ret_no_self,
            clippy::wrong_self_convention,
            reason = "a word may be said without its number in one of the languages, and `new` is a word"
        )]
        impl $name {
            $(
                #[doc = concat!($zh, " ", $en)]
                pub fn $word(&self $(, $($arg: impl std::fmt::Display),+)?) -> std::borrow::Cow<'static, str> {
                    match self.0 {
                        $crate::console::Lang::Zh => $crate::console::said(format_args!($zh)),
                        $crate::console::Lang::En => $crate::console::said(format_args!($en)),
                    }
                }
            )+
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plural_follows_its_number() {
        let cases = [
            ("1 day(s) left", "1 day left"),
            ("12 day(s) left", "12 days left"),
            ("1 of 3 branch(es) (all) wait", "1 of 3 branches (all) wait"),
            ("no (brackets", "no (brackets"),
        ];
        for (written, said) in cases {
            assert_eq!(settle_plurals(written), said, "{written}");
        }
    }

    #[test]
    fn days_and_periods_are_said_as_people_say_them() {
        let day = NaiveDate::from_ymd_opt(2020, 9, 30).unwrap();
        assert_eq!((Lang::Zh.day(&day), Lang::En.day(&day)), ("9月30日".into(), "30 Sep".into()));
        assert_eq!((Lang::Zh.weekday(&day), Lang::En.weekday(&day)), ("周三", "Wed"));
        let cases = [
            ("2020-06", "6月", "Jun"),
            ("2020-Q2", "二季度", "Q2 2020"),
            ("2020-H1", "上半年", "H1 2020"),
            ("2020", "2020年度", "2020"),
        ];
        for (period, zh, en) in cases {
            assert_eq!((Lang::Zh.period(period), Lang::En.period(period)), (zh.into(), en.into()), "{period}");
        }
    }
}
