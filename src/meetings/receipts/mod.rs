//! Receipts 签收: which units were called to a meeting 会议通知 or sent its minutes, and who of each signed for it. Once a
//! unit, kind and edition: a call for another day, time or place is a new edition, which is signed for anew. They show
//! who has not signed yet, and never become a rate.

pub mod http;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::actions::{readable, written};
use super::model::{MeetingRow, MeetingStatus};
use super::rules::{require_scheduled, require_took_place};
use super::{MeetingId, NOT_SENT, SIGNED_FOR, SIGNING_UNIT_AMBIGUOUS, store};
use crate::access::{AccountId, Action, Actor};
use crate::audit::{self, subject};
use crate::plans::receipts::signing_units;
use crate::platform::db::today;
use crate::platform::error::FORBIDDEN;
use crate::platform::{Conn, PageRequest, Result};
use crate::schema::{meeting_receipts, meetings};
use crate::units::{self, UNIT_DISSOLVED, UnitId};
use crate::word_enum;

word_enum! {
    /// What is signed for: the call to a meeting 会议通知, or its minutes 纪要.
    ReceiptKind { Call = "call", Minutes = "minutes" }
}

/// A unit that was called or sent minutes, and whether it has signed.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = meeting_receipts)]
pub struct MeetingReceipt {
    #[serde(skip)]
    id: i64,
    pub meeting_id: MeetingId,
    pub kind: ReceiptKind,
    /// Of a call: 1 for the first, one more each time the day, the time or the place was changed. Of minutes always 1.
    #[schema(example = 1)]
    pub edition: i64,
    pub unit_id: UnitId,
    pub sent_on: NaiveDate,
    /// Who signed; null while nobody has.
    pub account_id: Option<AccountId>,
    /// When; null while nobody has.
    pub signed_on: Option<NaiveDate>,
}

/// Who is called to a meeting.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit_ids": [3, 4]}))]
pub struct Call {
    /// Units, at least one, at most 500. One that was called already is passed over.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_items = 1, max_items = 500)]
    pub unit_ids: Vec<UnitId>,
}

/// What is signed for.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "call"}))]
pub struct NewMeetingReceipt {
    pub kind: ReceiptKind,
    /// For which unit, where one holds posts at several.
    #[serde(default)]
    pub unit_id: Option<UnitId>,
}

/// Calls units to a meeting that was not held yet; what each has signed for.
pub fn call(conn: &mut Conn, actor: &Actor, id: MeetingId, input: &Call) -> Result<Vec<MeetingReceipt>> {
    let meeting = written(conn, actor, id)?;
    actor.request.if_match.check(meeting.version)?;
    require_scheduled(meeting.status)?;
    let today = today(conn)?;
    let edition = edition(conn, id)?.unwrap_or(1);
    send(conn, id, ReceiptKind::Call, edition, &input.unit_ids, today)?;
    store::bump(conn, id)?;
    let called = of_meeting(conn, id, Some(ReceiptKind::Call))?;
    audit::record(conn, actor, "meeting.call", subject("meeting", id.0), &called)?;
    Ok(called)
}

/// After a change of day, time or place: the units that were called are called again.
pub(super) fn call_anew(conn: &mut Conn, id: MeetingId) -> Result<()> {
    let Some(last) = edition(conn, id)? else { return Ok(()) };
    let called = of_meeting(conn, id, Some(ReceiptKind::Call))?;
    let units: Vec<UnitId> = called.iter().filter(|one| one.edition == last).map(|one| one.unit_id).collect();
    let today = today(conn)?;
    send(conn, id, ReceiptKind::Call, last + 1, &units, today)
}

/// Notes for each of these units that something was sent to it. Those that have it already are passed over.
pub(super) fn send(
    conn: &mut Conn,
    id: MeetingId,
    kind: ReceiptKind,
    edition: i64,
    unit_ids: &[UnitId],
    today: NaiveDate,
) -> Result<()> {
    use meeting_receipts::dsl as r;
    let known = of_meeting(conn, id, Some(kind))?;
    let mut have: Vec<UnitId> = known.iter().filter(|one| one.edition == edition).map(|one| one.unit_id).collect();
    for (place, unit_id) in unit_ids.iter().enumerate() {
        let pointer = format!("/unit_ids/{place}");
        let unit = units::store::named(conn, *unit_id, &pointer)?;
        if let Some(on) = unit.dissolved_on.filter(|on| *on < today) {
            return Err(UNIT_DISSOLVED.at(pointer, [("on", on.to_string())]).into_error());
        }
        if have.contains(unit_id) {
            continue;
        }
        have.push(*unit_id);
        let values = (
            r::meeting_id.eq(id),
            r::kind.eq(kind),
            r::edition.eq(edition),
            r::unit_id.eq(*unit_id),
            r::sent_on.eq(today),
        );
        diesel::insert_into(r::meeting_receipts).values(values).execute(conn)?;
    }
    Ok(())
}

/// Signs for the newest call, or for the minutes.
pub fn sign(conn: &mut Conn, actor: &Actor, id: MeetingId, input: &NewMeetingReceipt) -> Result<MeetingReceipt> {
    let (meeting, _) = readable(conn, actor, id)?;
    let mine = signing_units(actor);
    if mine.is_empty() {
        return Err(FORBIDDEN.err());
    }
    actor.request.if_match.check(meeting.version)?;
    if let Some(asked) = input.unit_id {
        let unit = units::store::named(conn, asked, "/unit_id")?;
        actor.must(Action::SignReceipt, &unit.site())?;
    }
    match input.kind {
        ReceiptKind::Call => require_scheduled(meeting.status)?,
        ReceiptKind::Minutes => require_took_place(meeting.status)?,
    }
    let receipt = chosen(conn, id, input, &mine)?;
    if receipt.signed_on.is_some() {
        return Err(SIGNED_FOR.err());
    }
    let (today, account) = (today(conn)?, actor.account()?);
    diesel::update(meeting_receipts::table.filter(meeting_receipts::id.eq(receipt.id)))
        .set((meeting_receipts::account_id.eq(account), meeting_receipts::signed_on.eq(today)))
        .execute(conn)?;
    let signed = MeetingReceipt { account_id: Some(account), signed_on: Some(today), ..receipt };
    audit::record(conn, actor, "meeting.sign_receipt", subject("meeting", id.0), &signed)?;
    Ok(signed)
}

/// The receipt that an actor signs: of the unit asked for, or of the only one of their own that it was sent to.
fn chosen(conn: &mut Conn, id: MeetingId, input: &NewMeetingReceipt, mine: &[UnitId]) -> Result<MeetingReceipt> {
    let all = of_meeting(conn, id, Some(input.kind))?;
    let newest = all.iter().map(|one| one.edition).max().unwrap_or(1);
    let mut fitting = all
        .into_iter()
        .filter(|one| one.edition == newest && mine.contains(&one.unit_id))
        .filter(|one| input.unit_id.is_none_or(|asked| asked == one.unit_id));
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Ok(only),
        (Some(_), Some(_)) => Err(SIGNING_UNIT_AMBIGUOUS.at("/unit_id", []).into_error()),
        (None, _) => Err(NOT_SENT.err()),
    }
}

/// What was sent of a meeting that the actor may read, and who signed, in the order it was sent.
pub fn list(
    conn: &mut Conn,
    actor: &Actor,
    page: &PageRequest,
    id: MeetingId,
    kind: Option<ReceiptKind>,
) -> Result<(Vec<MeetingReceipt>, Option<String>)> {
    readable(conn, actor, id)?;
    let after = page.after::<i64>(0)?;
    let mut items = of_meeting(conn, id, kind)?;
    items.retain(|one| after.is_none_or(|after| one.id > after));
    let next = page.cut(&mut items, |one| vec![one.id.to_string()]);
    Ok((items, next))
}

/// What these units were sent and have not signed for: the newest calls to meetings that are still scheduled, and
/// minutes.
pub fn unsigned(conn: &mut Conn, units: &[UnitId]) -> Result<Vec<(MeetingRow, MeetingReceipt)>> {
    let rows: Vec<(MeetingRow, MeetingReceipt)> = meeting_receipts::table
        .inner_join(meetings::table.on(meetings::id.eq(meeting_receipts::meeting_id)))
        .filter(meeting_receipts::unit_id.eq_any(units.to_vec()).and(meeting_receipts::signed_on.is_null()))
        .select((MeetingRow::as_select(), MeetingReceipt::as_select()))
        .order(meeting_receipts::id)
        .load(conn)?;
    let mut waiting = Vec::new();
    for (meeting, receipt) in rows {
        let newest = receipt.kind == ReceiptKind::Minutes || edition(conn, meeting.id)? == Some(receipt.edition);
        if newest && (receipt.kind == ReceiptKind::Minutes || meeting.status == MeetingStatus::Scheduled) {
            waiting.push((meeting, receipt));
        }
    }
    Ok(waiting)
}

// Rows.

/// The edition of the newest call; `None` when nobody was called.
fn edition(conn: &mut Conn, id: MeetingId) -> Result<Option<i64>> {
    let calls = meeting_receipts::table
        .filter(meeting_receipts::meeting_id.eq(id.0).and(meeting_receipts::kind.eq(ReceiptKind::Call)));
    Ok(calls.select(diesel::dsl::max(meeting_receipts::edition)).first(conn)?)
}

/// Whether the minutes were sent to one of these units.
pub(super) fn has_minutes(conn: &mut Conn, id: MeetingId, units: &[UnitId]) -> Result<bool> {
    let sent = meeting_receipts::table
        .filter(meeting_receipts::meeting_id.eq(id.0).and(meeting_receipts::kind.eq(ReceiptKind::Minutes)))
        .filter(meeting_receipts::unit_id.eq_any(units.to_vec()));
    Ok(diesel::select(diesel::dsl::exists(sent)).get_result(conn)?)
}

fn of_meeting(conn: &mut Conn, id: MeetingId, kind: Option<ReceiptKind>) -> Result<Vec<MeetingReceipt>> {
    let rows: Vec<MeetingReceipt> = meeting_receipts::table
        .filter(meeting_receipts::meeting_id.eq(id.0))
        .select(MeetingReceipt::as_select())
        .order(meeting_receipts::id)
        .load(conn)?;
    Ok(rows.into_iter().filter(|one| kind.is_none_or(|kind| kind == one.kind)).collect())
}
