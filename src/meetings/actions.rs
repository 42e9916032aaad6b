//! Calling, changing, holding, cancelling and closing a meeting, and who reads and writes one.

use chrono::NaiveDate;
use serde_json::json;

use super::model::{
    Label, Meeting, MeetingCancellation, MeetingHolding, MeetingPatch, MeetingRecord, MeetingRow, MeetingStatus,
    NewMeeting, NewRecord,
};
use super::rules::{
    is_time_of_day, require_held, require_open, require_scheduled, require_settled, require_signed, summary,
};
use super::store::MeetingFilter;
use super::{MEETING_HELD, MeetingId, TIME_OF_DAY, attendance, minutes, receipts, store};
use crate::access::{Action, Actor, Site};
use crate::audit::{self, subject};
use crate::plans::actions::own_units;
use crate::platform::days::{by_today, require_sane};
use crate::platform::db::today;
use crate::platform::error::{FORBIDDEN, NOT_FOUND};
use crate::platform::text::Text;
use crate::platform::{Conn, Field, PageRequest, Result};
use crate::progress::Evidence;
use crate::progress::attachments::usable;
use crate::units::{self, UnitId};

/// Calls a meeting of a unit.
pub fn create(conn: &mut Conn, actor: &Actor, input: NewMeeting) -> Result<Meeting> {
    let unit = units::store::named(conn, input.unit_id, "/unit_id")?;
    actor.must(Action::WriteMeeting, &unit.site())?;
    require_sane(Some(input.called_for), "/called_for")?;
    require_time_of_day(input.starts_at.as_deref())?;
    let row = MeetingRow {
        id: MeetingId(0),
        unit_id: input.unit_id,
        kind: input.kind,
        title: input.title.into_string(),
        called_for: input.called_for,
        starts_at: input.starts_at,
        place: input.place.map(Text::into_string),
        chair: input.chair.map(Text::into_string),
        recorder: input.recorder.map(Text::into_string),
        status: MeetingStatus::Scheduled,
        held_on: None,
        held_recorded_on: None,
        ended_on: None,
        cancellation_reason: None,
        version: 1,
        recorded_on: today(conn)?,
    };
    let id = store::insert(conn, &row)?;
    finish(conn, actor, id, "meeting.create")
}

/// A meeting that the actor may read, as it is shown.
pub fn read(conn: &mut Conn, actor: &Actor, id: MeetingId) -> Result<Meeting> {
    let (row, _) = readable(conn, actor, id)?;
    show(conn, row)
}

/// Meetings that the actor may read.
pub fn list(
    conn: &mut Conn,
    actor: &Actor,
    page: &PageRequest,
    unit_id: Option<UnitId>,
    mut filter: MeetingFilter,
) -> Result<(Vec<Meeting>, Option<String>)> {
    if let Some(id) = unit_id {
        filter.path = Some(units::store::named(conn, id, "unit_id")?.path);
    }
    require_sane(filter.from, "from")?;
    require_sane(filter.to, "to")?;
    store::list(conn, page, &actor.reach(Action::ReadMeetings), &own_units(actor), &filter)
}

/// Changes a meeting that is not closed. What a report of a past day counts by is fixed once it was held.
pub fn change(
    conn: &mut Conn,
    actor: &Actor,
    evidence: &Evidence,
    id: MeetingId,
    patch: MeetingPatch,
) -> Result<Meeting> {
    let mut row = alterable(conn, actor, id)?;
    actor.request.if_match.require(row.version)?;
    let held = row.status == MeetingStatus::Held;
    if held && (patch.kind.is_some() || patch.called_for.is_some() || patch.starts_at != Field::Keep) {
        return Err(MEETING_HELD.err());
    }
    let called = (row.called_for, row.starts_at.clone(), row.place.clone());
    row.kind = patch.kind.unwrap_or(row.kind);
    row.title = patch.title.map_or(row.title, Text::into_string);
    row.called_for = patch.called_for.unwrap_or(row.called_for);
    row.starts_at = patch.starts_at.over(row.starts_at);
    row.place = label(patch.place, row.place);
    row.chair = label(patch.chair, row.chair);
    row.recorder = label(patch.recorder, row.recorder);
    require_sane(Some(row.called_for), "/called_for")?;
    require_time_of_day(row.starts_at.as_deref())?;
    if let Some(ids) = patch.attachment_ids {
        let files: Vec<_> = usable(conn, actor, evidence, &ids)?.into_iter().map(|file| file.id).collect();
        store::put_files(conn, id, &files)?;
    }
    if let Some(papers) = patch.on_paper {
        store::put_papers(conn, id, &papers)?;
    }
    store::update(conn, &row)?;
    if !held && called != (row.called_for, row.starts_at.clone(), row.place.clone()) {
        receipts::call_anew(conn, id)?;
    }
    finish(conn, actor, id, "meeting.change")
}

/// Records that a meeting was held. Who came is known by then.
pub fn hold(conn: &mut Conn, actor: &Actor, id: MeetingId, input: &MeetingHolding) -> Result<Meeting> {
    let mut row = written(conn, actor, id)?;
    actor.request.if_match.check(row.version)?;
    require_scheduled(row.status)?;
    let today = today(conn)?;
    let held_on = by_today(input.held_on, today, "/held_on")?;
    let statuses = attendance::statuses_of(conn, &[id.0])?;
    require_settled(&summary(statuses.into_iter().map(|(_, status)| status)))?;
    row.status = MeetingStatus::Held;
    row.held_on = Some(held_on);
    row.held_recorded_on = Some(today);
    store::update(conn, &row)?;
    finish(conn, actor, id, "meeting.hold")
}

/// Cancels a meeting that was not held.
pub fn cancel(conn: &mut Conn, actor: &Actor, id: MeetingId, input: &MeetingCancellation) -> Result<Meeting> {
    let mut row = written(conn, actor, id)?;
    actor.request.if_match.check(row.version)?;
    require_scheduled(row.status)?;
    row.status = MeetingStatus::Cancelled;
    row.ended_on = Some(today(conn)?);
    row.cancellation_reason = Some(input.reason.as_str().to_owned());
    store::update(conn, &row)?;
    finish(conn, actor, id, "meeting.cancel")
}

/// Closes a held meeting whose minutes are signed: from then on it can't be altered.
pub fn close(conn: &mut Conn, actor: &Actor, id: MeetingId) -> Result<Meeting> {
    let mut row = written(conn, actor, id)?;
    actor.request.if_match.check(row.version)?;
    require_held(row.status)?;
    require_signed(minutes::status_of(conn, id)?)?;
    row.status = MeetingStatus::Closed;
    row.ended_on = Some(today(conn)?);
    store::update(conn, &row)?;
    finish(conn, actor, id, "meeting.close")
}

/// The record that was taken. For those who read the unit's meetings, not for whoever was merely called.
pub fn read_record(conn: &mut Conn, actor: &Actor, id: MeetingId) -> Result<(MeetingRecord, i64)> {
    let row = store::get(conn, id)?;
    let site = store::site_of(conn, &row)?;
    actor.must(Action::ReadMeetings, &site)?;
    Ok((MeetingRecord { meeting_id: id, text: store::record_of(conn, id)? }, row.version))
}

/// Writes down what was said at a held meeting.
pub fn put_record(conn: &mut Conn, actor: &Actor, id: MeetingId, input: &NewRecord) -> Result<(MeetingRecord, i64)> {
    let row = written(conn, actor, id)?;
    actor.request.if_match.check(row.version)?;
    require_held(row.status)?;
    store::put_record(conn, id, input.text.as_str())?;
    audit::record(conn, actor, "meeting.record", subject("meeting", id.0), &json!({"text": input.text}))?;
    read_record(conn, actor, id)
}

/// A meeting that the actor may read, with its site: of a unit in reach, or one that names a unit of one's own. 404 or
/// 403 otherwise.
pub fn readable(conn: &mut Conn, actor: &Actor, id: MeetingId) -> Result<(MeetingRow, Site)> {
    let meeting = store::get(conn, id)?;
    let site = store::site_of(conn, &meeting)?;
    if actor.may(Action::ReadMeetings, &site) || store::names_any(conn, id, &own_units(actor))? {
        return Ok((meeting, site));
    }
    Err(FORBIDDEN.err())
}

/// The meeting that an input names, readable by the actor; 422 at `pointer` when there is none.
pub fn named(conn: &mut Conn, actor: &Actor, id: MeetingId, pointer: &str) -> Result<MeetingRow> {
    let meeting = store::named(conn, id, pointer)?;
    readable(conn, actor, id)?;
    Ok(meeting)
}

/// A meeting that the actor may alter: its writer, and neither closed nor cancelled. `If-Match` is left to the caller.
pub fn alterable(conn: &mut Conn, actor: &Actor, id: MeetingId) -> Result<MeetingRow> {
    let meeting = written(conn, actor, id)?;
    require_open(meeting.status)?;
    Ok(meeting)
}

/// A meeting that the actor writes, whatever its status.
pub(super) fn written(conn: &mut Conn, actor: &Actor, id: MeetingId) -> Result<MeetingRow> {
    let meeting = store::get(conn, id)?;
    let site = store::site_of(conn, &meeting)?;
    actor.must(Action::WriteMeeting, &site)?;
    Ok(meeting)
}

/// The meeting as it is after a change, with the audit entry of that change.
fn finish(conn: &mut Conn, actor: &Actor, id: MeetingId, action: &str) -> Result<Meeting> {
    let row = store::get(conn, id)?;
    let shown = show(conn, row)?;
    audit::record(conn, actor, action, subject("meeting", id.0), &shown)?;
    Ok(shown)
}

fn show(conn: &mut Conn, row: MeetingRow) -> Result<Meeting> {
    store::shown(conn, vec![row])?.pop().ok_or_else(|| NOT_FOUND.err())
}

fn label(field: Field<Label>, current: Option<String>) -> Option<String> {
    match field {
        Field::Keep => current,
        Field::Clear => None,
        Field::Set(label) => Some(label.into_string()),
    }
}

fn require_time_of_day(text: Option<&str>) -> Result<()> {
    match text {
        Some(text) if !is_time_of_day(text) => Err(TIME_OF_DAY.at("/starts_at", []).into_error()),
        _ => Ok(()),
    }
}

/// The day of a meeting: the one it was held on, else the one it is called for.
pub fn day_of(meeting: &MeetingRow) -> NaiveDate {
    meeting.held_on.unwrap_or(meeting.called_for)
}
