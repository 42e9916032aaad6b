//! The recorded business day: one row that only moves forward.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::Date;

use super::conn::{Backend, Conn};
use crate::platform::Result;
use crate::schema::business_day;

/// The business day of this transaction: the day every row it writes is stamped with, and the latest `as_of`.
pub fn today(conn: &mut Conn) -> Result<NaiveDate> {
    Ok(recorded(conn)?.ok_or(diesel::result::Error::NotFound)?)
}

/// The recorded day, if any start was recorded yet.
pub fn recorded(conn: &mut Conn) -> Result<Option<NaiveDate>> {
    Ok(business_day::table.find(1).select(business_day::day).first(conn).optional()?)
}

/// At the head of a write: moves the day forward to `asked`, never back, or takes part in the lock on it. Which of the
/// two is settled before any lock is taken: writers that first shared the row and then wanted it alone would wait for
/// each other for ever.
pub(super) fn settle(conn: &mut Conn, asked: NaiveDate) -> Result<NaiveDate> {
    let change = match recorded(conn)? {
        Some(day) if day >= asked => {
            share(conn)?;
            return Ok(day);
        }
        Some(_) => "UPDATE business_day SET day = $1 WHERE id = 1",
        None => "INSERT INTO business_day (id, day) VALUES (1, $1)",
    };
    diesel::sql_query(change).bind::<Date, _>(asked).execute(conn)?;
    Ok(asked)
}

/// Keeps the day from being turned while this write is under way. SQLite has one writer, who needs no lock.
fn share(conn: &mut Conn) -> Result<()> {
    if conn.backend() == Backend::Postgres {
        diesel::sql_query("SELECT day FROM business_day WHERE id = 1 FOR SHARE").execute(conn)?;
    }
    Ok(())
}
