//! Importing a year, and reading what was imported.

use chrono::NaiveDate;
use serde_json::json;

use super::model::{CalendarYear, NewCalendar, YearCalendar};
use super::{rules, store};
use crate::access::{Action, Actor};
use crate::audit::{self, subject};
use crate::platform::days::{by_today, require_sane};
use crate::platform::db::today;
use crate::platform::{Conn, Error, Result};

/// Takes the calendar of a year; an earlier one of the same year holds until yesterday.
pub fn import(conn: &mut Conn, actor: &Actor, new: &NewCalendar) -> Result<YearCalendar> {
    actor.must_anywhere(Action::ManageCalendars)?;
    let today = today(conn)?;
    if let Some(version) = store::version(conn, new.year)? {
        actor.request.if_match.check(version)?;
    }
    let wrong = rules::faults(new.year, &new.days, |index, field| format!("/days/{index}/{field}"));
    if !wrong.is_empty() {
        return Err(Error::invalid(wrong));
    }
    for (index, day) in new.days.iter().enumerate() {
        require_sane(Some(day.day), &format!("/days/{index}/day"))?;
    }
    store::supersede(conn, new, today)?;
    let details = json!({"source": new.source, "days": new.days.len()});
    audit::record(conn, actor, "calendar.import", subject("calendar", i64::from(new.year)), &details)?;
    store::get(conn, new.year, today)
}

/// The years as they were recorded by the end of a day, by default today.
pub fn list(conn: &mut Conn, actor: &Actor, as_of: Option<NaiveDate>) -> Result<Vec<CalendarYear>> {
    actor.must_anywhere(Action::ReadSettings)?;
    let as_of = by_today(as_of, today(conn)?, "as_of")?;
    store::list(conn, as_of)
}

/// One year as it was recorded by the end of a day, by default today.
pub fn get(conn: &mut Conn, actor: &Actor, year: i32, as_of: Option<NaiveDate>) -> Result<YearCalendar> {
    actor.must_anywhere(Action::ReadSettings)?;
    let as_of = by_today(as_of, today(conn)?, "as_of")?;
    store::get(conn, year, as_of)
}
