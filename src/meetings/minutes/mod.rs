//! The minutes 纪要 of a held meeting: drafted, signed by the secretary of the unit or a leader, distributed to units,
//! which sign for them. Signed minutes are never changed; sending them goes on after the close.

pub mod http;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::actions::written;
use super::model::MinutesStatus;
use super::receipts::{self, ReceiptKind};
use super::rules::{require_held, require_signed, require_took_place, require_unsigned};
use super::{MINUTES_MISSING, MeetingId, store};
use crate::access::{AccountId, Action, Actor};
use crate::audit::{self, subject};
use crate::plans::actions::own_units;
use crate::platform::db::today;
use crate::platform::error::{FORBIDDEN, NOT_FOUND};
use crate::platform::text::Prose;
use crate::platform::{Conn, Result};
use crate::schema::meeting_minutes;
use crate::units::UnitId;

/// The minutes 纪要 of a meeting.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = meeting_minutes)]
pub struct Minutes {
    pub meeting_id: MeetingId,
    pub status: MinutesStatus,
    pub text: String,
    /// Who wrote the draft last.
    pub drafted_by: AccountId,
    pub signed_by: Option<AccountId>,
    pub signed_on: Option<NaiveDate>,
    /// Who sent them first.
    pub distributed_by: Option<AccountId>,
    /// The day they were sent first.
    pub distributed_on: Option<NaiveDate>,
    /// The day the draft was begun.
    pub recorded_on: NaiveDate,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// A draft of the minutes, whole.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "会议听取了各支部汇报，讨论了2020年党建重点工作任务清单。"}))]
pub struct NewMinutes {
    pub text: Prose,
}

/// To whom the minutes are sent.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit_ids": [3, 4]}))]
pub struct Distribution {
    /// Units, at least one, at most 500. One that has them already is passed over.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_items = 1, max_items = 500)]
    pub unit_ids: Vec<UnitId>,
}

/// Writes the draft, in place of the one before.
pub fn put(conn: &mut Conn, actor: &Actor, id: MeetingId, input: &NewMinutes) -> Result<Minutes> {
    let meeting = written(conn, actor, id)?;
    require_held(meeting.status)?;
    let known = find(conn, id)?;
    // Before there are any, a version of the meeting can't be told from one of the minutes: none is compared.
    if let Some(known) = &known {
        actor.request.if_match.check(known.version)?;
    }
    require_unsigned(known.as_ref().map(|known| known.status))?;
    let (today, account) = (today(conn)?, actor.account()?);
    let text = input.text.as_str();
    match known {
        None => insert(conn, id, text, account, today)?,
        Some(_) => rewrite(conn, id, text, account)?,
    }
    concluded(conn, actor, id, "minutes.draft")
}

/// Signs the minutes: the secretary of the unit, or a leader of it or above.
pub fn sign(conn: &mut Conn, actor: &Actor, id: MeetingId) -> Result<Minutes> {
    let meeting = store::get(conn, id)?;
    let site = store::site_of(conn, &meeting)?;
    actor.must(Action::SignMinutes, &site)?;
    require_held(meeting.status)?;
    let known = find(conn, id)?.ok_or_else(|| MINUTES_MISSING.err())?;
    actor.request.if_match.check(known.version)?;
    require_unsigned(Some(known.status))?;
    let (today, account) = (today(conn)?, actor.account()?);
    mark_signed(conn, id, account, today)?;
    concluded(conn, actor, id, "minutes.sign")
}

/// Sends signed minutes to units, which then read them and sign for them.
pub fn distribute(conn: &mut Conn, actor: &Actor, id: MeetingId, input: &Distribution) -> Result<Minutes> {
    let meeting = written(conn, actor, id)?;
    require_took_place(meeting.status)?;
    let known = find(conn, id)?;
    require_signed(known.as_ref().map(|known| known.status))?;
    if let Some(known) = &known {
        actor.request.if_match.check(known.version)?;
    }
    let (today, account) = (today(conn)?, actor.account()?);
    receipts::send(conn, id, ReceiptKind::Minutes, 1, &input.unit_ids, today)?;
    mark_distributed(conn, id, account, today)?;
    concluded(conn, actor, id, "minutes.distribute")
}

/// The minutes, for whoever reads the unit's meetings and for the units they were sent to.
pub fn read(conn: &mut Conn, actor: &Actor, id: MeetingId) -> Result<Minutes> {
    let meeting = store::get(conn, id)?;
    let site = store::site_of(conn, &meeting)?;
    if !actor.may(Action::ReadMeetings, &site) && !receipts::has_minutes(conn, id, &own_units(actor))? {
        return Err(FORBIDDEN.err());
    }
    find(conn, id)?.ok_or_else(|| NOT_FOUND.err())
}

fn concluded(conn: &mut Conn, actor: &Actor, id: MeetingId, action: &str) -> Result<Minutes> {
    store::bump(conn, id)?;
    let minutes = find(conn, id)?.ok_or_else(|| NOT_FOUND.err())?;
    audit::record(conn, actor, action, subject("meeting", id.0), &minutes)?;
    Ok(minutes)
}

// Rows.

fn find(conn: &mut Conn, id: MeetingId) -> Result<Option<Minutes>> {
    let one = meeting_minutes::table.filter(meeting_minutes::meeting_id.eq(id.0));
    Ok(one.select(Minutes::as_select()).first(conn).optional()?)
}

/// Where the minutes of a meeting stand.
pub(super) fn status_of(conn: &mut Conn, id: MeetingId) -> Result<Option<MinutesStatus>> {
    Ok(find(conn, id)?.map(|minutes| minutes.status))
}

/// Where the minutes of each of these meetings stand.
pub(super) fn statuses_of(conn: &mut Conn, ids: &[i64]) -> Result<Vec<(MeetingId, MinutesStatus)>> {
    Ok(meeting_minutes::table
        .filter(meeting_minutes::meeting_id.eq_any(ids.to_vec()))
        .select((meeting_minutes::meeting_id, meeting_minutes::status))
        .load(conn)?)
}

fn insert(conn: &mut Conn, id: MeetingId, text: &str, by: AccountId, today: NaiveDate) -> Result<()> {
    use meeting_minutes::dsl as m;
    let values = (
        m::meeting_id.eq(id),
        m::status.eq(MinutesStatus::Draft),
        m::text.eq(text),
        m::drafted_by.eq(by),
        m::version.eq(1),
        m::recorded_on.eq(today),
    );
    diesel::insert_into(m::meeting_minutes).values(values).execute(conn)?;
    Ok(())
}

fn rewrite(conn: &mut Conn, id: MeetingId, text: &str, by: AccountId) -> Result<()> {
    use meeting_minutes::dsl as m;
    diesel::update(m::meeting_minutes.filter(m::meeting_id.eq(id.0)))
        .set((m::text.eq(text), m::drafted_by.eq(by), m::version.eq(m::version + 1)))
        .execute(conn)?;
    Ok(())
}

fn mark_signed(conn: &mut Conn, id: MeetingId, by: AccountId, today: NaiveDate) -> Result<()> {
    use meeting_minutes::dsl as m;
    diesel::update(m::meeting_minutes.filter(m::meeting_id.eq(id.0)))
        .set((
            m::status.eq(MinutesStatus::Signed),
            m::signed_by.eq(by),
            m::signed_on.eq(today),
            m::version.eq(m::version + 1),
        ))
        .execute(conn)?;
    Ok(())
}

/// Who sent them first, and when, stays.
fn mark_distributed(conn: &mut Conn, id: MeetingId, by: AccountId, today: NaiveDate) -> Result<()> {
    use meeting_minutes::dsl as m;
    let one = m::meeting_minutes.filter(m::meeting_id.eq(id.0));
    diesel::update(one).set(m::version.eq(m::version + 1)).execute(conn)?;
    diesel::update(one.filter(m::distributed_on.is_null()))
        .set((m::status.eq(MinutesStatus::Distributed), m::distributed_by.eq(by), m::distributed_on.eq(today)))
        .execute(conn)?;
    Ok(())
}
