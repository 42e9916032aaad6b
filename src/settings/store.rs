//! Rows of the settings: one in force, or none as long as the defaults hold.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{InstallationSettings, Settings};
use crate::platform::db::today;
use crate::platform::{Conn, Result};
use crate::schema::settings;

/// There is one set; the column says so to the database.
const THE_SET: i64 = 1;

/// The settings as they were recorded by the end of `day`.
pub fn on(conn: &mut Conn, day: NaiveDate) -> Result<Settings> {
    Ok(row_on(conn, day)?.map(|(_, _, settings)| settings).unwrap_or_default())
}

/// The settings that hold today.
pub fn now(conn: &mut Conn) -> Result<Settings> {
    let today = today(conn)?;
    on(conn, today)
}

/// The settings of a day as they are shown.
pub(super) fn shown_on(conn: &mut Conn, day: NaiveDate) -> Result<InstallationSettings> {
    Ok(match row_on(conn, day)? {
        Some((version, from, settings)) => InstallationSettings { settings, recorded_from: Some(from), version },
        None => InstallationSettings { settings: Settings::default(), recorded_from: None, version: 0 },
    })
}

/// The version, the day from which it is recorded, and the settings.
fn row_on(conn: &mut Conn, day: NaiveDate) -> Result<Option<(i64, NaiveDate, Settings)>> {
    use settings::dsl as s;
    Ok(s::settings
        .filter(s::recorded_from.le(day).and(s::recorded_to.is_null().or(s::recorded_to.gt(day))))
        .select((s::id, s::recorded_from, Settings::as_select()))
        .first(conn)
        .optional()?)
}

/// Records the settings from today on.
pub(super) fn supersede(conn: &mut Conn, new: &Settings, today: NaiveDate) -> Result<()> {
    use settings::dsl as s;
    let values = (
        s::set_no.eq(THE_SET),
        s::near_days.eq(new.near_days),
        s::recurrence_grace_days.eq(new.recurrence_grace_days),
        s::short_extension_days.eq(new.short_extension_days),
        s::backfill_days.eq(new.backfill_days),
        s::review_working_days.eq(new.review_working_days),
        s::term_alert_months.eq(new.term_alert_months),
        s::back_dated_days.eq(new.back_dated_days),
        s::secretary_signs.eq(new.secretary_signs),
        s::public_bulletins.eq(new.public_bulletins),
        s::recorded_from.eq(today),
    );
    crate::supersede!(conn, settings, set_no = THE_SET, today, values);
    Ok(())
}
