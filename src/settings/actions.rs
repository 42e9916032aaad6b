//! Reading and changing the settings.

use chrono::NaiveDate;

use super::model::{InstallationSettings, SettingsPatch};
use super::store;
use crate::access::{Action, Actor};
use crate::audit::{self, Subject};
use crate::platform::days::by_today;
use crate::platform::db::today;
use crate::platform::{Conn, Result};

/// The settings of a day, by default today.
pub fn read(conn: &mut Conn, actor: &Actor, as_of: Option<NaiveDate>) -> Result<InstallationSettings> {
    actor.must_anywhere(Action::ReadSettings)?;
    let as_of = by_today(as_of, today(conn)?, "as_of")?;
    store::shown_on(conn, as_of)
}

/// Changes them from today on.
pub fn change(conn: &mut Conn, actor: &Actor, patch: &SettingsPatch) -> Result<InstallationSettings> {
    actor.must_anywhere(Action::ManageSettings)?;
    let today = today(conn)?;
    actor.request.if_match.require(store::shown_on(conn, today)?.version)?;
    let after = store::on(conn, today)?.patched(patch);
    store::supersede(conn, &after, today)?;
    audit::record(conn, actor, "settings.change", Subject { kind: "settings", id: None }, patch)?;
    store::shown_on(conn, today)
}
