//! What administrators do with accounts and appointments.

use chrono::{NaiveDate, NaiveDateTime};
use serde_json::json;

use super::model::{Account, AccountPatch, Appointment, AppointmentPatch, HandOver, HandedOver, Me, NewAppointment};
use super::passwords::PasswordPolicy;
use super::{
    ACCOUNT_UNKNOWN, APPOINTMENT_ENDED, APPOINTMENT_UNIT, AccountId, AppointmentId, HAND_OVER_TO_HOLDER,
    HAND_OVER_TOO_EARLY, PERIOD_REVERSED, Role, USERNAME_TAKEN, store,
};
use crate::access::{Action, Actor, allows};
use crate::audit::{self, subject};
use crate::platform::days::require_sane;
use crate::platform::db::today;
use crate::platform::error::NOT_FOUND;
use crate::platform::{Conn, Fault, Result};
use crate::units;

/// A new account with the hash of its first password. Made by somebody else, the password must be changed first; an
/// operator who typed it at the machine chose it for good.
pub struct AccountToMake<'a> {
    pub username: &'a str,
    pub display_name: &'a str,
    pub password_hash: &'a str,
    pub must_change_password: bool,
}

pub fn create(conn: &mut Conn, actor: &Actor, new: &AccountToMake<'_>, now: NaiveDateTime) -> Result<Account> {
    actor.must_anywhere(Action::ManageAccounts)?;
    if store::username_exists(conn, new.username)? {
        return Err(USERNAME_TAKEN.err());
    }
    let row = store::AccountRow {
        username: new.username,
        display_name: new.display_name,
        password_hash: new.password_hash,
        must_change_password: new.must_change_password,
        now,
        today: today(conn)?,
    };
    let id = store::insert_account(conn, &row)?;
    audit::record(conn, actor, "account.create", subject("account", id.0), &json!({"username": new.username}))?;
    get(conn, actor, id)
}

pub fn get(conn: &mut Conn, actor: &Actor, id: AccountId) -> Result<Account> {
    actor.must_anywhere(Action::ManageAccounts)?;
    store::find(conn, id)?.ok_or_else(|| NOT_FOUND.err())
}

pub fn change(
    conn: &mut Conn,
    actor: &Actor,
    id: AccountId,
    patch: AccountPatch,
    now: NaiveDateTime,
) -> Result<Account> {
    let mut account = get(conn, actor, id)?;
    actor.request.if_match.require(account.version)?;
    if let Some(name) = patch.display_name {
        account.display_name = name.into_string();
    }
    if let Some(disabled) = patch.disabled {
        account.disabled = disabled;
    }
    if account.disabled {
        store::end_sessions_of(conn, id, now)?;
    }
    account.version += 1;
    store::update_account(conn, &account)?;
    let details = json!({"display_name": account.display_name, "disabled": account.disabled});
    audit::record(conn, actor, "account.change", subject("account", id.0), &details)?;
    Ok(account)
}

/// Checks a password that somebody else is about to set.
pub fn check_password(policy: &PasswordPolicy, password: &str, username: &str) -> Result<()> {
    policy.check(password, username).map_err(|weak| Fault { pointer: "/password".into(), ..weak }.into_error())
}

/// Sets another's password: it must be changed at the next sign-in, and every sign-in of the account ends.
pub fn reset_password(conn: &mut Conn, actor: &Actor, id: AccountId, hash: &str, now: NaiveDateTime) -> Result<()> {
    let account = get(conn, actor, id)?;
    actor.request.if_match.check(account.version)?;
    store::set_password(conn, id, hash, true)?;
    store::end_sessions_of(conn, id, now)?;
    store::clear_failures(conn, &account.username)?;
    audit::record(conn, actor, "account.reset_password", subject("account", id.0), &json!({}))
}

/// Lifts a lock after failed sign-ins, and the one for not having been used.
pub fn unlock(conn: &mut Conn, actor: &Actor, id: AccountId, now: NaiveDateTime) -> Result<Account> {
    let account = get(conn, actor, id)?;
    actor.request.if_match.check(account.version)?;
    store::clear_failures(conn, &account.username)?;
    store::touch(conn, id, now)?;
    audit::record(conn, actor, "account.unlock", subject("account", id.0), &json!({}))?;
    Ok(account)
}

pub fn appoint(conn: &mut Conn, actor: &Actor, input: &NewAppointment) -> Result<Appointment> {
    actor.must_anywhere(Action::ManageAccounts)?;
    if store::find(conn, input.account_id)?.is_none() {
        return Err(ACCOUNT_UNKNOWN.at("/account_id", [("id", input.account_id.to_string())]).into_error());
    }
    require_fitting_unit(input.role, input.unit_id.is_some())?;
    if let Some(unit) = input.unit_id {
        units::store::named(conn, unit, "/unit_id")?;
    }
    require_period(input.from, input.until)?;
    let today = today(conn)?;
    let id = store::insert_appointment(conn, input, today)?;
    let details = json!({"account_id": input.account_id, "unit_id": input.unit_id, "role": input.role,
        "from": input.from, "until": input.until});
    audit::record(conn, actor, "appointment.create", subject("appointment", id.0), &details)?;
    store::appointment(conn, id)
}

pub fn change_appointment(
    conn: &mut Conn,
    actor: &Actor,
    id: AppointmentId,
    patch: AppointmentPatch,
) -> Result<Appointment> {
    actor.must_anywhere(Action::ManageAccounts)?;
    let mut row = store::appointment(conn, id)?;
    actor.request.if_match.require(row.version)?;
    row.from_on = patch.from.unwrap_or(row.from_on);
    row.until_on = patch.until.over(row.until_on);
    require_period(row.from_on, row.until_on)?;
    row.version += 1;
    store::update_appointment(conn, &row)?;
    let details = json!({"from": row.from_on, "until": row.until_on});
    audit::record(conn, actor, "appointment.change", subject("appointment", id.0), &details)?;
    Ok(row)
}

/// Ends an appointment the day before and gives the post to another account from that day on. Nothing else changes: a
/// time node is the unit's, and what was signed stays with who signed.
pub fn hand_over(conn: &mut Conn, actor: &Actor, id: AppointmentId, input: &HandOver) -> Result<HandedOver> {
    actor.must_anywhere(Action::ManageAccounts)?;
    let mut ended = store::appointment(conn, id)?;
    actor.request.if_match.check(ended.version)?;
    let today = today(conn)?;
    let last = last_day_before(&ended, input, today)?;
    if store::find(conn, input.account_id)?.is_none() {
        return Err(ACCOUNT_UNKNOWN.at("/account_id", [("id", input.account_id.to_string())]).into_error());
    }
    let post = NewAppointment {
        account_id: input.account_id,
        unit_id: ended.unit_id,
        role: ended.role,
        from: input.on,
        until: ended.until_on,
    };
    ended.until_on = Some(last);
    ended.version += 1;
    store::update_appointment(conn, &ended)?;
    let begun = store::insert_appointment(conn, &post, today)?;
    let both = HandedOver { ended, begun: store::appointment(conn, begun)? };
    audit::record(conn, actor, "appointment.hand_over", subject("appointment", id.0), &both)?;
    Ok(both)
}

/// The last day of the appointment that is handed over; refuses what can't be.
fn last_day_before(held: &Appointment, input: &HandOver, today: NaiveDate) -> Result<NaiveDate> {
    require_sane(Some(input.on), "/on")?;
    if let Some(until) = held.until_on.filter(|until| *until < today || *until < input.on) {
        return Err(APPOINTMENT_ENDED.with([("until", until.to_string())]));
    }
    if held.account_id == input.account_id {
        return Err(HAND_OVER_TO_HOLDER.at("/account_id", []).into_error());
    }
    let too_early = || HAND_OVER_TOO_EARLY.at("/on", [("from", held.from_on.to_string())]).into_error();
    input.on.pred_opt().filter(|last| *last >= held.from_on).ok_or_else(too_early)
}

pub fn me(conn: &mut Conn, actor: &Actor) -> Result<Me> {
    let id = actor.account()?;
    let today = today(conn)?;
    let account = store::find(conn, id)?.ok_or_else(|| NOT_FOUND.err())?;
    let somewhere = |action: &Action| {
        let relations = crate::access::Relation::ALL;
        actor.posts.iter().any(|post| relations.iter().any(|relation| allows(post.role, *action, *relation)))
    };
    let allowed = Action::ALL.iter().filter(|action| somewhere(action)).map(|action| action.word()).collect();
    Ok(Me { account, appointments: store::in_force(conn, id, today)?, allows: allowed })
}

/// Administrators and auditors are appointed without a unit, all others at one.
fn require_fitting_unit(role: Role, has_unit: bool) -> Result<()> {
    let without = matches!(role, Role::Administrator | Role::Auditor);
    if without != has_unit {
        return Ok(());
    }
    let rule = if without { "不设组织 takes no unit_id" } else { "必须有 unit_id needs a unit_id" };
    let args = [("role", role.word().to_owned()), ("rule", rule.to_owned())];
    Err(APPOINTMENT_UNIT.at("/unit_id", args).into_error())
}

fn require_period(from: NaiveDate, until: Option<NaiveDate>) -> Result<()> {
    require_sane(Some(from), "/from")?;
    require_sane(until, "/until")?;
    if until.is_some_and(|until| until < from) { Err(PERIOD_REVERSED.at("/until", []).into_error()) } else { Ok(()) }
}
