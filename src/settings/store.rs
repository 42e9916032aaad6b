//! Rows of the settings: one in force, or none as long as the defaults hold.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::InstallationSettings;
use super::rules::Settings;
use crate::platform::{Conn, Result};
use crate::schema::settings;

/// There is one set; the column says so to the database.
const THE_SET: i64 = 1;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = settings)]
struct Row {
    id: i64,
    near_days: i64,
    recurrence_grace_days: i64,
    short_extension_days: i64,
    backfill_days: i64,
    review_working_days: i64,
    term_alert_months: i64,
    secretary_signs: bool,
    recorded_from: NaiveDate,
}

impl Row {
    fn settings(self) -> Settings {
        Settings {
            near_days: self.near_days,
            recurrence_grace_days: self.recurrence_grace_days,
            short_extension_days: self.short_extension_days,
            backfill_days: self.backfill_days,
            review_working_days: self.review_working_days,
            term_alert_months: self.term_alert_months,
            secretary_signs: self.secretary_signs,
        }
    }
}

/// The settings as they were recorded by the end of `day`.
pub fn on(conn: &mut Conn, day: NaiveDate) -> Result<Settings> {
    Ok(row_on(conn, day)?.map(Row::settings).unwrap_or_default())
}

/// The same, as they are shown.
pub(super) fn shown_on(conn: &mut Conn, day: NaiveDate) -> Result<InstallationSettings> {
    Ok(match row_on(conn, day)? {
        Some(row) => {
            let (from, version) = (row.recorded_from, row.id);
            InstallationSettings::shown(row.settings(), Some(from), version)
        }
        None => InstallationSettings::shown(Settings::default(), None, 0),
    })
}

fn row_on(conn: &mut Conn, day: NaiveDate) -> Result<Option<Row>> {
    use settings::dsl as s;
    Ok(s::settings
        .filter(s::recorded_from.le(day).and(s::recorded_to.is_null().or(s::recorded_to.gt(day))))
        .select(Row::as_select())
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
        s::secretary_signs.eq(new.secretary_signs),
        s::recorded_from.eq(today),
    );
    crate::supersede!(conn, settings, set_no = THE_SET, today, values);
    Ok(())
}
