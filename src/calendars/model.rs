//! What a calendar is, as it enters and as it is shown.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::platform::text::Text;
use crate::schema::calendar_days;
use crate::word_enum;

word_enum! {
    /// What a calendar says of a day: `holiday` is not worked, `workday` is a Saturday or Sunday that is, `festival`
    /// is the very day of a feast, and says nothing about work.
    DayKind { Holiday = "holiday", Workday = "workday", Festival = "festival" }
}

/// A day of a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = calendar_days)]
pub struct CalendarDay {
    /// The day; a festival may share it with a holiday.
    pub day: NaiveDate,
    pub kind: DayKind,
    /// Which feast it belongs to; a festival always has one.
    #[schema(example = "春节")]
    pub name: Option<String>,
}

/// A year whose calendar was imported.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CalendarYear {
    #[schema(example = 2020)]
    pub year: i32,
    /// Where it was taken from.
    pub source: String,
    /// Business day of the import.
    pub imported_on: NaiveDate,
    /// Days not worked, those on a weekend included.
    pub holidays: i64,
    /// Saturdays and Sundays that are worked.
    pub workdays: i64,
    /// Festivals with their day.
    pub festivals: i64,
    /// Grows with every import of the year; what `If-Match` compares.
    pub version: i64,
}

/// The calendar of one year with its days.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct YearCalendar {
    #[schema(example = 2020)]
    pub year: i32,
    /// Where it was taken from.
    pub source: String,
    /// Business day of the import.
    pub imported_on: NaiveDate,
    /// In the order of the year.
    pub days: Vec<CalendarDay>,
    /// Grows with every import of the year; what `If-Match` compares.
    pub version: i64,
}

/// A calendar to import. It takes the place of the year's earlier one from today on.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"year": 2020, "source": "国务院办公厅通知", "days": [
    {"day": "2020-01-19", "kind": "workday", "name": "春节"},
    {"day": "2020-01-24", "kind": "holiday", "name": "春节"},
    {"day": "2020-01-25", "kind": "festival", "name": "春节"}
]}))]
pub struct NewCalendar {
    /// Year, 1900 to 2199; all its days lie in it.
    #[validate(range(min = 1900, max = 2199))]
    #[schema(minimum = 1900, maximum = 2199)]
    pub year: i32,
    /// Where it was taken from.
    pub source: Text<200>,
    /// Its holidays, make-up working days and festivals, 1 to 800; all other days are what their weekday says.
    #[validate(length(max = 800))]
    #[schema(max_items = 800)]
    pub days: Vec<NewCalendarDay>,
}

/// A day of a calendar to import.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCalendarDay {
    pub day: NaiveDate,
    pub kind: DayKind,
    /// Which feast it belongs to; a festival needs one.
    #[serde(default)]
    pub name: Option<Text<40>>,
}
