//! Deadlines as people write them: 6月底前, 每季度末月20日前, 按上级要求. The reading is rules; what the rules do not
//! understand to the last character is refused with the nearest accepted form, never guessed. Nothing moves for holidays.

mod count;
pub(super) mod cursor;
mod dates;
mod digits;
mod read;
mod recurring;
mod spell;
mod title;
mod weekday;
mod words;

#[cfg(test)]
mod edges;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

pub use read::read;
pub use spell::spell;

pub use super::model::PeriodNode as Node;
use super::{
    DEADLINE_ABOVE, DEADLINE_BLANK, DEADLINE_FESTIVAL, DEADLINE_NO_DAY, DEADLINE_UNREAD, DEADLINE_WEEKDAY,
    DUE_OUTSIDE_PLAN,
};
use crate::platform::Fault;

/// What the reading depends on.
pub struct Frame<'a> {
    /// The plan's year.
    pub year: i32,
    /// The last day a due day may lie on.
    pub closes_on: NaiveDate,
    /// The day of a moving festival in the plan's year, where a calendar of that year is loaded: 春节 (初一), 元宵, 清明,
    /// 端午, 中秋, 重阳.
    pub festival: &'a dyn Fn(&str) -> Option<NaiveDate>,
}

/// What the words mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// 未定时限: it awaits a date.
    Unscheduled,
    /// Nodes in the order of their due days; `times` is how many completions meet each, none is one.
    Nodes { nodes: Vec<Node>, times: Option<i64> },
}

/// Why words were not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Nothing is written, or a dash.
    Blank,
    /// 同上 takes the row above, which the words alone do not know.
    Above,
    /// Something in them is not understood, or could mean two things.
    Unread,
    /// 6月31日.
    NoSuchDay,
    /// The weekday given is not that day's.
    WrongWeekday,
    /// A due day outside the plan.
    Outside { first: NaiveDate, last: NaiveDate },
    /// A festival whose day only a calendar of the year knows.
    NoCalendar,
}

/// Words that were not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub why: Why,
    /// The nearest form that is accepted, or two with 或 between them.
    pub nearest: Option<String>,
}

impl Refusal {
    fn new(why: Why) -> Self {
        Refusal { why, nearest: None }
    }

    fn unread() -> Self {
        Refusal::new(Why::Unread)
    }

    /// Not understood; this would be.
    fn better(nearest: impl Into<String>) -> Self {
        Refusal { why: Why::Unread, nearest: Some(nearest.into()) }
    }

    /// The nearest form goes on after these words.
    fn after(self, words: &str) -> Self {
        Refusal { nearest: self.nearest.map(|nearest| format!("{words}{nearest}")), ..self }
    }

    /// The refusal of these words at this place of the input.
    pub fn fault(&self, words: &str, pointer: impl Into<String>) -> Fault {
        let code = match self.why {
            Why::Blank => &DEADLINE_BLANK,
            Why::Above => &DEADLINE_ABOVE,
            Why::Unread => &DEADLINE_UNREAD,
            Why::NoSuchDay => &DEADLINE_NO_DAY,
            Why::WrongWeekday => &DEADLINE_WEEKDAY,
            Why::NoCalendar => &DEADLINE_FESTIVAL,
            Why::Outside { first, last } => {
                return DUE_OUTSIDE_PLAN.at(pointer, [("first", first.to_string()), ("last", last.to_string())]);
            }
        };
        // The words go in last: a brace in them is not an argument.
        let nearest = self.nearest.clone().unwrap_or_else(|| "6月30日、每季度、待定".to_owned());
        code.at(pointer, [("nearest", nearest), ("words", words.trim().to_owned())])
    }
}

type Read<T> = Result<T, Refusal>;

/// The first day of a month.
fn first_of(year: i32, month: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, 1)
}

/// The last day of a month.
fn end_of(year: i32, month: u32) -> Option<NaiveDate> {
    let (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    first_of(year, month)?.pred_opt()
}

/// A day of a month; a day the month does not have is refused with its last, the year before it.
fn named_day(year: i32, month: u32, day: u32) -> Read<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| {
        let nearest = match end_of(year, month) {
            Some(last) if (1..=12).contains(&month) && day > 0 => {
                format!("{year}年{month}月{}日", last.format("%-d"))
            }
            _ => "12月31日".to_owned(),
        };
        Refusal { why: Why::NoSuchDay, nearest: Some(nearest) }
    })
}
