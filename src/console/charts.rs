//! Charts as SVG, made here: each has a title, a description, a pattern beside the colour, and the same data as a
//! table. The words come from the page; what is drawn is computed here and laid out by the template.

use askama::Template;

use super::layout::LayoutWords;
use super::page::Html;
use super::words::Lang;
use crate::platform::Result;

/// Where, of 460 across, the names of the rows end and the drawing begins.
const LEFT: f64 = 88.0;
/// How wide a name before a row may be.
const LABEL: usize = 14;
/// Where the drawing of bars ends.
const BAR_END: f64 = 404.0;
/// Height of a row.
const ROW: f64 = 34.0;

/// The words around a chart.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// Unique on the page; ids are made of it.
    pub id: &'static str,
    pub title: String,
    /// What a reader sees who can't see it: the gist in a sentence.
    pub description: String,
}

/// One bar: so much is reached, so much can still be, the rest is lost.
#[derive(Debug, Clone)]
pub struct Bar {
    pub name: String,
    pub reached: i64,
    /// What can still be reached at most, `reached` included.
    pub attainable: i64,
    pub of: i64,
    /// What stands behind the bar; empty: nothing opens.
    pub href: String,
}

/// Bars in the units' own order with a line at the target.
pub struct Bars {
    pub lang: Lang,
    pub about: About,
    pub bars: Vec<Bar>,
    /// The target, in percent of each bar's whole, and how it is called.
    pub target: Option<(f64, String)>,
    /// Names of the three parts.
    pub parts: [String; 3],
    /// Name of the column of the units in the table.
    pub unit_column: String,
}

#[derive(Template)]
#[template(path = "console/charts/bars.html")]
struct BarsDrawn<'a> {
    t: LayoutWords,
    chart: &'a Bars,
    height: f64,
    rows: Vec<BarDrawn<'a>>,
    target: Option<(f64, &'a str)>,
}

struct BarDrawn<'a> {
    bar: &'a Bar,
    label: String,
    y: f64,
    reached: f64,
    attainable: f64,
    /// Where the lost part begins, and how wide it is.
    lost: Option<(f64, f64)>,
    percent: String,
}

impl Bars {
    /// The chart and its table.
    pub fn draw(&self) -> Result<Html> {
        let span = BAR_END - LEFT;
        let rows = self.bars.iter().zip(0_u16..).map(|(bar, index)| {
            let part = |count: i64| if bar.of > 0 { span * ratio(count, bar.of) } else { 0.0 };
            let (reached, attainable) = (part(bar.reached), part(bar.attainable));
            let lost = (bar.of > bar.attainable).then_some((LEFT + attainable, span - attainable));
            let percent = percent_cut(bar.reached, bar.of);
            BarDrawn {
                bar,
                label: label(&bar.name),
                y: 29.0 + ROW * f64::from(index),
                reached,
                attainable,
                lost,
                percent,
            }
        });
        let rows: Vec<_> = rows.collect();
        let height = 46.0 + ROW * f64::from(u16::try_from(rows.len()).unwrap_or(u16::MAX));
        let target = self.target.as_ref().map(|(percent, name)| (LEFT + span * percent / 100.0, name.as_str()));
        Html::of(&BarsDrawn { t: LayoutWords(self.lang), chart: self, height, rows, target })
    }
}

/// A name as it fits before a row, cut with an ellipsis where it must be; the table has it whole. A Chinese character is
/// as wide as two of the others.
fn label(name: &str) -> String {
    let wide = |c: char| if c.is_ascii() { 1 } else { 2 };
    if name.chars().map(wide).sum::<usize>() <= LABEL {
        return name.to_owned();
    }
    let mut left = LABEL - 1;
    let kept = name.chars().take_while(|c| {
        let fits = wide(*c) <= left;
        left = left.saturating_sub(wide(*c));
        fits
    });
    kept.chain(['…']).collect()
}

/// The parts of a whole in [0, 1].
fn ratio(count: i64, of: i64) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "counts of a year are far below 2^52")]
    let ratio = count as f64 / of as f64;
    ratio.clamp(0.0, 1.0)
}

/// A percent with one decimal, cut off as everywhere; empty without a whole.
fn percent_cut(count: i64, of: i64) -> String {
    match crate::platform::rate::percent(count, of) {
        Some(percent) => format!("{percent:.1}%"),
        None => String::new(),
    }
}

/// What was planned and what was reached by the end of each month.
pub struct Lines {
    pub lang: Lang,
    pub about: About,
    pub months: Vec<MonthEnd>,
    /// Names of the two lines and of the column of the months.
    pub planned_name: String,
    pub actual_name: String,
    pub month_column: String,
}

/// The end of a month.
#[derive(Debug, Clone)]
pub struct MonthEnd {
    pub name: String,
    /// As short as it stands on the axis.
    pub short: String,
    pub planned: i64,
    /// Nothing yet of months to come.
    pub actual: Option<i64>,
    /// What was planned and what was done; empty: nowhere.
    pub hrefs: [String; 2],
}

#[derive(Template)]
#[template(path = "console/charts/lines.html")]
struct LinesDrawn<'a> {
    t: LayoutWords,
    chart: &'a Lines,
    grid: Vec<(f64, i64)>,
    months: Vec<(f64, &'a MonthEnd)>,
    planned: String,
    actual: String,
    /// The last month with an actual count: where it is, its two heights, and the month.
    now: Option<(f64, f64, f64, &'a MonthEnd)>,
    last: Option<(f64, i64)>,
}

impl Lines {
    const TOP: f64 = 22.0;
    const BOTTOM: f64 = 228.0;
    const FIRST: f64 = 36.0;
    const LAST: f64 = 416.0;

    /// The chart and its table.
    pub fn draw(&self) -> Result<Html> {
        let most = self.months.iter().map(|month| month.planned.max(month.actual.unwrap_or(0))).max().unwrap_or(0);
        let step = step(most);
        let whole = step * (most + step - 1).max(step).div_euclid(step);
        let y = |count: i64| Self::BOTTOM - (Self::BOTTOM - Self::TOP) * ratio(count, whole);
        let count = f64::from(u16::try_from(self.months.len()).unwrap_or(12).max(1));
        let x = |index: u16| Self::FIRST + (Self::LAST - Self::FIRST) * (f64::from(index) + 1.0) / count;
        let months: Vec<(f64, &MonthEnd)> = self.months.iter().zip(0_u16..).map(|(month, i)| (x(i), month)).collect();
        let path = |points: Vec<(f64, f64)>| {
            let start = format!("M{:.1} {:.1}", Self::FIRST, Self::BOTTOM);
            points.iter().fold(start, |path, (x, y)| format!("{path} {x:.1} {y:.1}"))
        };
        let planned = path(months.iter().map(|(x, month)| (*x, y(month.planned))).collect());
        let reached: Vec<_> = months.iter().filter_map(|(x, month)| Some((*x, y(month.actual?)))).collect();
        let now = months.iter().rfind(|(_, month)| month.actual.is_some());
        let now = now.map(|(x, month)| (*x, y(month.planned), y(month.actual.unwrap_or(0)), *month));
        let last = months.last().map(|(_, month)| (y(month.planned), month.planned));
        let grid = (0..=whole / step).map(|line| (y(line * step), line * step)).collect();
        Html::of(&LinesDrawn {
            t: LayoutWords(self.lang),
            chart: self,
            grid,
            months,
            planned,
            actual: path(reached),
            now,
            last,
        })
    }
}

/// A round step that makes three to six lines up to a count.
fn step(most: i64) -> i64 {
    let mut step = 1;
    loop {
        for factor in [1, 2, 5] {
            if most <= step * factor * 5 {
                return step * factor;
            }
        }
        step *= 10;
    }
}

/// How long what is overdue has been so: a row a unit, a diamond a node.
pub struct Ageing {
    pub lang: Lang,
    pub about: About,
    pub rows: Vec<AgeingRow>,
    /// Names of the columns of the table: unit, up to 7 days, 8–30, 31–90, more, together.
    pub columns: [String; 6],
    /// The word for days at the end of the axis.
    pub days: String,
    /// Name of the last row, the sum.
    pub total: String,
    /// The nodes of each sum; empty: nowhere.
    pub total_hrefs: [String; 5],
}

/// A unit and the days by which its nodes are overdue.
#[derive(Debug, Clone)]
pub struct AgeingRow {
    pub name: String,
    pub days: Vec<i64>,
    /// The nodes of each column; empty: nowhere.
    pub hrefs: [String; 5],
}

#[derive(Template)]
#[template(path = "console/charts/ageing.html")]
struct AgeingDrawn<'a> {
    t: LayoutWords,
    chart: &'a Ageing,
    height: f64,
    axis: Vec<(f64, i64)>,
    rows: Vec<AgeingDrawnRow<'a>>,
    totals: Vec<(i64, &'a str)>,
}

struct AgeingDrawnRow<'a> {
    name: &'a str,
    label: String,
    y: f64,
    diamonds: Vec<f64>,
    /// How many, and where they are.
    counts: Vec<(i64, &'a str)>,
}

impl Ageing {
    /// The days of each column: up to 7, 8 to 30, 31 to 90, longer, and all.
    pub const COLUMNS: [(i64, Option<i64>); 5] = [(1, Some(7)), (8, Some(30)), (31, Some(90)), (91, None), (1, None)];
    /// The longest time drawn to scale; older ones stand at the end.
    const LONGEST: i64 = 180;
    const END: f64 = 446.0;

    /// The chart and its table.
    pub fn draw(&self) -> Result<Html> {
        let x = |days: i64| LEFT + (Self::END - LEFT) * ratio(days, Self::LONGEST);
        let mut totals = [0; 5];
        let mut rows = Vec::new();
        for (row, index) in self.rows.iter().zip(0_u16..) {
            let counts = buckets(&row.days);
            for (total, count) in totals.iter_mut().zip(counts) {
                *total += count;
            }
            let diamonds = row.days.iter().map(|days| x(*days)).collect();
            rows.push(AgeingDrawnRow {
                name: &row.name,
                label: label(&row.name),
                y: 17.0 + ROW * f64::from(index),
                diamonds,
                counts: counts.into_iter().zip(row.hrefs.iter().map(String::as_str)).collect(),
            });
        }
        let height = 42.0 + ROW * f64::from(u16::try_from(rows.len()).unwrap_or(u16::MAX));
        let totals = totals.into_iter().zip(self.total_hrefs.iter().map(String::as_str)).collect();
        let axis = [0, 30, 90, Self::LONGEST].map(|days| (x(days), days)).to_vec();
        Html::of(&AgeingDrawn { t: LayoutWords(self.lang), chart: self, height, axis, rows, totals })
    }
}

/// How many are overdue in each column.
fn buckets(days: &[i64]) -> [i64; 5] {
    Ageing::COLUMNS.map(|(from, to)| {
        let within = |days: &&i64| **days >= from && to.is_none_or(|to| **days <= to);
        i64::try_from(days.iter().filter(within).count()).unwrap_or(i64::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_a_grid_are_round_and_few() {
        for (most, expected) in [(0, 1), (5, 1), (6, 2), (10, 2), (24, 5), (192, 50), (282, 100), (3000, 1000)] {
            assert_eq!(step(most), expected, "{most}");
        }
    }

    #[test]
    fn a_name_before_a_row_is_cut_where_it_does_not_fit() {
        for (name, expected) in [
            ("第一党支部", "第一党支部"),
            ("第128党支部", "第128党支部"),
            ("综合管理部第一党支部", "综合管理部第…"),
            ("Branch number 128", "Branch number…"),
        ] {
            assert_eq!(label(name), expected);
        }
    }

    #[test]
    fn every_overdue_node_is_in_one_column_and_in_the_sum() {
        assert_eq!(buckets(&[1, 7, 8, 30, 31, 90, 91, 400]), [2, 2, 2, 2, 8]);
        assert_eq!(buckets(&[]), [0; 5]);
    }

    #[test]
    fn a_bar_shows_what_is_reached_attainable_and_lost_and_says_so_in_its_table() {
        let bar = Bar { name: "第六<党>支部".into(), reached: 27, attainable: 38, of: 40, href: String::new() };
        let about = About { id: "b", title: "达标".into(), description: "两个支部".into() };
        let parts = ["已达标", "还可达到", "已不可补"].map(String::from);
        let chart = Bars {
            lang: Lang::Zh,
            about,
            bars: vec![bar],
            target: Some((100.0, "目标".into())),
            parts,
            unit_column: "组织".into(),
        };
        let html = chart.draw().unwrap().to_string();
        for part in ["第六&#60;党&#62;支部", "27/40", "67.5%", "<title", "<desc", "<table", "f-red"] {
            assert!(html.contains(part), "{part} is missing: {html}");
        }
    }
}
