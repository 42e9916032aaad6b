//! Rows of the calendars. A year and its days are recorded and superseded together.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{CalendarDay, CalendarYear, DayKind, NewCalendar, YearCalendar};
use super::rules::Calendar;
use crate::on_backend;
use crate::platform::error::NOT_FOUND;
use crate::platform::text::Text;
use crate::platform::{Conn, Error, Result};
use crate::schema::{calendar_days, calendar_years};

/// A year as it was imported.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = calendar_years)]
struct YearRow {
    id: i64,
    year: i64,
    source: String,
    recorded_from: NaiveDate,
}

/// The calendar as it was recorded by the end of `day`.
pub fn on(conn: &mut Conn, day: NaiveDate) -> Result<Calendar> {
    let years = years_on(conn, day)?;
    let years = years.iter().map(|row| shown_year(row.year)).collect::<Result<Vec<_>>>()?;
    let days = days_on(conn, day, None)?;
    Ok(Calendar::of(years, days.into_iter().map(|(_, day)| day)))
}

/// The years as they were recorded by the end of `day`, with what each holds.
pub(super) fn list(conn: &mut Conn, day: NaiveDate) -> Result<Vec<CalendarYear>> {
    let days = days_on(conn, day, None)?;
    let count = |year: i64, kind: DayKind| {
        let of_kind = days.iter().filter(|(of, day)| *of == year && day.kind == kind);
        i64::try_from(of_kind.count()).unwrap_or(i64::MAX)
    };
    let shown = |row: YearRow| {
        Ok(CalendarYear {
            year: shown_year(row.year)?,
            source: row.source,
            imported_on: row.recorded_from,
            holidays: count(row.year, DayKind::Holiday),
            workdays: count(row.year, DayKind::Workday),
            festivals: count(row.year, DayKind::Festival),
            version: row.id,
        })
    };
    years_on(conn, day)?.into_iter().map(shown).collect()
}

/// One year as it was recorded by the end of `day`, or 404.
pub(super) fn get(conn: &mut Conn, year: i32, day: NaiveDate) -> Result<YearCalendar> {
    let row = years_on(conn, day)?.into_iter().find(|row| row.year == i64::from(year));
    let row = row.ok_or_else(|| NOT_FOUND.err())?;
    let days = days_on(conn, day, Some(year))?.into_iter().map(|(_, day)| day).collect();
    Ok(YearCalendar { year, source: row.source, imported_on: row.recorded_from, days, version: row.id })
}

/// The version of the year in force, if it was imported.
pub(super) fn version(conn: &mut Conn, year: i32) -> Result<Option<i64>> {
    use calendar_years::dsl;
    let now = dsl::calendar_years.filter(dsl::year.eq(i64::from(year)).and(dsl::recorded_to.is_null()));
    Ok(now.select(dsl::id).first(conn).optional()?)
}

/// Records a year with its days from today on.
pub(super) fn supersede(conn: &mut Conn, new: &NewCalendar, today: NaiveDate) -> Result<()> {
    use {calendar_days::dsl as d, calendar_years::dsl as y};
    let year = i64::from(new.year);
    let values = (y::year.eq(year), y::source.eq(new.source.as_str()), y::recorded_from.eq(today));
    crate::supersede!(conn, calendar_years, year = year, today, values);
    let rows: Vec<_> = new
        .days
        .iter()
        .map(|day| {
            (
                d::year.eq(year),
                d::day.eq(day.day),
                d::kind.eq(day.kind),
                d::name.eq(day.name.as_ref().map(Text::as_str)),
                d::recorded_from.eq(today),
            )
        })
        .collect();
    let now = d::calendar_days.filter(d::year.eq(year).and(d::recorded_to.is_null()));
    diesel::delete(now.filter(d::recorded_from.eq(today))).execute(conn)?;
    diesel::update(now).set(d::recorded_to.eq(today)).execute(conn)?;
    on_backend!(conn, c => diesel::insert_into(d::calendar_days).values(&rows).execute(c))?;
    Ok(())
}

fn years_on(conn: &mut Conn, day: NaiveDate) -> Result<Vec<YearRow>> {
    use calendar_years::dsl;
    Ok(dsl::calendar_years
        .filter(dsl::recorded_from.le(day).and(dsl::recorded_to.is_null().or(dsl::recorded_to.gt(day))))
        .select(YearRow::as_select())
        .order(dsl::year)
        .load(conn)?)
}

fn days_on(conn: &mut Conn, day: NaiveDate, year: Option<i32>) -> Result<Vec<(i64, CalendarDay)>> {
    use calendar_days::dsl;
    let mut query = dsl::calendar_days
        .filter(dsl::recorded_from.le(day).and(dsl::recorded_to.is_null().or(dsl::recorded_to.gt(day))))
        .select((dsl::year, CalendarDay::as_select()))
        .order((dsl::day, dsl::id))
        .into_boxed();
    if let Some(year) = year {
        query = query.filter(dsl::year.eq(i64::from(year)));
    }
    Ok(query.load(conn)?)
}

fn shown_year(year: i64) -> Result<i32> {
    i32::try_from(year).map_err(Error::internal)
}
