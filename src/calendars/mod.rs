//! Calendars: which days are worked. A year is imported whole: its holidays, the weekend days worked instead of them,
//! and its festivals. Rows carry the days they were recorded from and to, so the calendar of any past day can be read
//! back; importing a year again supersedes it from today on. A year that was not imported works Monday to Friday.

pub mod actions;
pub mod file;
pub mod http;
pub mod model;
pub mod rules;
pub mod store;

pub use model::DayKind;
pub use rules::Calendar;

use crate::codes;

/// The calendar of China of 2020, as a file to import.
pub const CN_2020: &str = include_str!("../../calendars/cn-2020.csv");

codes! {
    CALENDAR_EMPTY: 422 "calendar_empty" "日历没有任何一天；请列出该年的节假日、调休上班日和节日。"
        "The calendar holds no day; list the holidays, make-up working days and festivals of the year.";
    CALENDAR_DAY_OUTSIDE: 422 "calendar_day_outside" "{day} 不在 {year} 年内；请放到它自己的年份。"
        "{day} does not lie in {year}; put it into its own year.";
    CALENDAR_DAY_TWICE: 422 "calendar_day_twice" "{day} 已列为节假日或调休上班日；每天只列一次。"
        "{day} stands there already as a holiday or a make-up working day; list each day once.";
    CALENDAR_WORKDAY_NEEDLESS: 422 "calendar_workday_needless" "{day} 是周一至周五，本来就上班；请删去，或核对日期。"
        "{day} is a Monday to Friday and worked anyway; take it out, or check the date.";
    CALENDAR_FESTIVAL_UNNAMED: 422 "calendar_festival_unnamed" "节日须有名称 name，如 春节。"
        "A festival needs a name, such as 春节.";
    CALENDAR_FESTIVAL_TWICE: 422 "calendar_festival_twice" "{name} 在这一年已有日期；每个节日每年只列一次。"
        "{name} has a day in this year already; list each festival once a year.";
    CALENDAR_ROW_UNREADABLE: 422 "calendar_row_unreadable" "这一行无法读取（{detail}）；请写 day,kind,name，如 2020-01-24,holiday,春节。"
        "This row can't be read ({detail}); write day,kind,name, such as 2020-01-24,holiday,春节.";
}
