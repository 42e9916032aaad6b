//! The recorded business day: one row that only moves forward.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::Date;

use super::conn::{Backend, Conn};
use crate::platform::Result;

#[derive(QueryableByName)]
struct Day {
    #[diesel(sql_type = Date)]
    day: NaiveDate,
}

/// The business day of this transaction: the day every row it writes is stamped with, and the latest `as_of`.
pub fn today(conn: &mut Conn) -> Result<NaiveDate> {
    let row: Day = diesel::sql_query("SELECT day FROM business_day WHERE id = 1").get_result(conn)?;
    Ok(row.day)
}

/// At the head of a write: takes part in the lock on the day and moves it forward to `asked`, never back.
pub(super) fn settle(conn: &mut Conn, asked: NaiveDate) -> Result<NaiveDate> {
    let share = match conn.backend() {
        Backend::Postgres => " FOR SHARE",
        Backend::Sqlite => "",
    };
    let query = format!("SELECT day FROM business_day WHERE id = 1{share}");
    let row: Option<Day> = diesel::sql_query(query).get_result(conn).optional()?;
    match row {
        Some(row) if row.day >= asked => Ok(row.day),
        Some(_) => {
            diesel::sql_query("UPDATE business_day SET day = $1 WHERE id = 1").bind::<Date, _>(asked).execute(conn)?;
            Ok(asked)
        }
        None => {
            diesel::sql_query("INSERT INTO business_day (id, day) VALUES (1, $1)")
                .bind::<Date, _>(asked)
                .execute(conn)?;
            Ok(asked)
        }
    }
}

/// The day of the running write, after [`settle`].
pub(super) fn settled_day(conn: &mut Conn) -> Result<NaiveDate> {
    today(conn)
}
