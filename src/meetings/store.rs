//! Rows of meetings. Agenda, attendance, minutes, receipts and activities hold their own.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::attendance::{self, AttendanceStatus};
use super::model::{Meeting, MeetingKind, MeetingNode, MeetingRow, MeetingStatus, MinutesStatus};
use super::rules::summary;
use super::{MEETING_UNKNOWN, MeetingId, minutes};
use crate::access::Site;
use crate::access::actor::Reach;
use crate::platform::{Conn, Error, PageRequest, Result};
use crate::progress::AttachmentId;
use crate::progress::model::{Attachment, OnPaper};
use crate::schema::{
    attachments, attendances, meeting_attachments, meeting_receipts, meeting_records, meeting_time_nodes, meetings,
    unit_facts,
};
use crate::units::store::{path_end, within};
use crate::units::{self, UnitId};

/// Meetings asked about in one query: within SQLite's limit of bound values.
const BATCH: usize = 500;

/// A meeting, or 404.
pub fn get(conn: &mut Conn, id: MeetingId) -> Result<MeetingRow> {
    Ok(meetings::table.filter(meetings::id.eq(id.0)).select(MeetingRow::as_select()).first(conn)?)
}

/// The meeting that an input names, or 422 at `pointer`.
pub fn named(conn: &mut Conn, id: MeetingId, pointer: &str) -> Result<MeetingRow> {
    let one = meetings::table.filter(meetings::id.eq(id.0)).select(MeetingRow::as_select());
    let found = one.first(conn).optional()?;
    found.ok_or_else(|| MEETING_UNKNOWN.at(pointer, [("id", id.to_string())]).into_error())
}

/// Where a meeting belongs: the site of its unit, now.
pub fn site_of(conn: &mut Conn, meeting: &MeetingRow) -> Result<Site> {
    Ok(units::store::get(conn, meeting.unit_id)?.site())
}

/// Counts a change of a meeting or of what belongs to it.
pub fn bump(conn: &mut Conn, id: MeetingId) -> Result<()> {
    diesel::update(meetings::table.filter(meetings::id.eq(id.0)))
        .set(meetings::version.eq(meetings::version + 1))
        .execute(conn)?;
    Ok(())
}

/// Stores a new meeting, whatever id the row says; its id.
pub(super) fn insert(conn: &mut Conn, row: &MeetingRow) -> Result<MeetingId> {
    use meetings::dsl as m;
    let values = (
        m::unit_id.eq(row.unit_id),
        m::kind.eq(row.kind),
        m::title.eq(&row.title),
        m::called_for.eq(row.called_for),
        m::starts_at.eq(&row.starts_at),
        m::place.eq(&row.place),
        m::chair.eq(&row.chair),
        m::recorder.eq(&row.recorder),
        m::status.eq(row.status),
        m::version.eq(row.version),
        m::recorded_on.eq(row.recorded_on),
    );
    let id = diesel::insert_into(m::meetings).values(values).returning(m::id).get_result::<i64>(conn)?;
    let kept = (meeting_records::meeting_id.eq(id), meeting_records::on_paper.eq("[]"));
    diesel::insert_into(meeting_records::table).values(kept).execute(conn)?;
    Ok(MeetingId(id))
}

/// Stores what can change of a meeting, and counts the change.
pub(super) fn update(conn: &mut Conn, row: &MeetingRow) -> Result<()> {
    use meetings::dsl as m;
    diesel::update(m::meetings.filter(m::id.eq(row.id.0)))
        .set((
            m::kind.eq(row.kind),
            m::title.eq(&row.title),
            m::called_for.eq(row.called_for),
            m::starts_at.eq(&row.starts_at),
            m::place.eq(&row.place),
            m::chair.eq(&row.chair),
            m::recorder.eq(&row.recorder),
            m::status.eq(row.status),
            m::held_on.eq(row.held_on),
            m::held_recorded_on.eq(row.held_recorded_on),
            m::ended_on.eq(row.ended_on),
            m::cancellation_reason.eq(&row.cancellation_reason),
        ))
        .execute(conn)?;
    bump(conn, row.id)
}

pub(super) fn record_of(conn: &mut Conn, id: MeetingId) -> Result<Option<String>> {
    let kept = meeting_records::table.filter(meeting_records::meeting_id.eq(id.0));
    Ok(kept.select(meeting_records::text).first(conn)?)
}

pub(super) fn put_record(conn: &mut Conn, id: MeetingId, text: &str) -> Result<()> {
    diesel::update(meeting_records::table.filter(meeting_records::meeting_id.eq(id.0)))
        .set(meeting_records::text.eq(text))
        .execute(conn)?;
    bump(conn, id)
}

pub(super) fn put_papers(conn: &mut Conn, id: MeetingId, papers: &[OnPaper]) -> Result<()> {
    let written = serde_json::to_string(papers).map_err(Error::internal)?;
    diesel::update(meeting_records::table.filter(meeting_records::meeting_id.eq(id.0)))
        .set(meeting_records::on_paper.eq(written))
        .execute(conn)?;
    Ok(())
}

pub(super) fn put_files(conn: &mut Conn, id: MeetingId, files: &[AttachmentId]) -> Result<()> {
    use meeting_attachments::dsl as f;
    diesel::delete(f::meeting_attachments.filter(f::meeting_id.eq(id.0))).execute(conn)?;
    for (position, file) in (1_i64..).zip(files) {
        diesel::insert_into(f::meeting_attachments)
            .values((f::meeting_id.eq(id), f::attachment_id.eq(*file), f::position.eq(position)))
            .execute(conn)?;
    }
    Ok(())
}

/// Whether a meeting names one of these units: it was called, sent the minutes, or one of its people is on the list.
pub fn names_any(conn: &mut Conn, id: MeetingId, units: &[UnitId]) -> Result<bool> {
    let sent = meeting_receipts::table
        .filter(meeting_receipts::meeting_id.eq(id.0).and(meeting_receipts::unit_id.eq_any(units.to_vec())));
    if diesel::select(diesel::dsl::exists(sent)).get_result(conn)? {
        return Ok(true);
    }
    let ids: Vec<Option<i64>> = units.iter().map(|unit| Some(unit.0)).collect();
    let listed = attendances::table
        .filter(attendances::meeting_id.eq(id.0).and(attendances::recorded_to.is_null()))
        .filter(attendances::unit_id.eq_any(ids));
    Ok(diesel::select(diesel::dsl::exists(listed)).get_result(conn)?)
}

/// The meetings that name one of these units.
pub fn naming(conn: &mut Conn, units: &[UnitId]) -> Result<Vec<MeetingId>> {
    let sent = meeting_receipts::table.filter(meeting_receipts::unit_id.eq_any(units.to_vec()));
    let mut all: Vec<MeetingId> = sent.select(meeting_receipts::meeting_id).distinct().load(conn)?;
    let ids: Vec<Option<i64>> = units.iter().map(|unit| Some(unit.0)).collect();
    let listed = attendances::table.filter(attendances::recorded_to.is_null().and(attendances::unit_id.eq_any(ids)));
    all.extend(listed.select(attendances::meeting_id).distinct().load::<MeetingId>(conn)?);
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// Which meetings to list.
#[derive(Debug, Clone, Default)]
pub struct MeetingFilter {
    /// Path of the unit (now) whose meetings, with those of everything below it, are wanted.
    pub path: Option<String>,
    pub kind: Option<MeetingKind>,
    pub status: Option<MeetingStatus>,
    /// First and last day on which it was held, or is called for while it was not.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// Meetings of units in reach, and those that name one of one's own units, by id.
pub(super) fn list(
    conn: &mut Conn,
    page: &PageRequest,
    reach: &Reach,
    own: &[UnitId],
    filter: &MeetingFilter,
) -> Result<(Vec<Meeting>, Option<String>)> {
    let sent = meeting_receipts::table
        .filter(meeting_receipts::unit_id.eq_any(own.to_vec()))
        .select(meeting_receipts::meeting_id);
    let ids: Vec<Option<i64>> = own.iter().map(|unit| Some(unit.0)).collect();
    let listed = attendances::table
        .filter(attendances::recorded_to.is_null().and(attendances::unit_id.eq_any(ids)))
        .select(attendances::meeting_id);
    let mut query = meetings::table
        .inner_join(unit_facts::table.on(unit_facts::unit_id.eq(meetings::unit_id)))
        .filter(unit_facts::recorded_to.is_null())
        .select(MeetingRow::as_select())
        .order(meetings::id)
        .limit(page.fetch())
        .into_boxed();
    query =
        query.filter(within("meetings.unit_id", reach).or(meetings::id.eq_any(sent)).or(meetings::id.eq_any(listed)));
    if let Some(after) = page.after::<i64>(0)? {
        query = query.filter(meetings::id.gt(after));
    }
    if let Some(path) = &filter.path {
        query = query.filter(unit_facts::path.ge(path.clone()).and(unit_facts::path.lt(path_end(path))));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(meetings::kind.eq(kind));
    }
    if let Some(status) = filter.status {
        query = query.filter(meetings::status.eq(status));
    }
    if let Some(from) = filter.from {
        let called = meetings::held_on.is_null().and(meetings::called_for.ge(from));
        query = query.filter(meetings::held_on.ge(from).or(called));
    }
    if let Some(to) = filter.to {
        let called = meetings::held_on.is_null().and(meetings::called_for.le(to));
        query = query.filter(meetings::held_on.le(to).or(called));
    }
    let mut rows: Vec<MeetingRow> = query.load(conn)?;
    let next = page.cut(&mut rows, |row| vec![row.id.to_string()]);
    Ok((shown(conn, rows)?, next))
}

/// Meetings as they are shown, in their order.
pub(super) fn shown(conn: &mut Conn, rows: Vec<MeetingRow>) -> Result<Vec<Meeting>> {
    let mut all = Vec::with_capacity(rows.len());
    let ids: Vec<i64> = rows.iter().map(|row| row.id.0).collect();
    let mut rows = rows.into_iter();
    for batch in ids.chunks(BATCH) {
        let mut parts = Parts::of(conn, batch)?;
        for row in rows.by_ref().take(batch.len()) {
            all.push(parts.shown(row)?);
        }
    }
    Ok(all)
}

/// What belongs to some meetings, by meeting.
struct Parts {
    attendance: HashMap<MeetingId, Vec<AttendanceStatus>>,
    minutes: HashMap<MeetingId, MinutesStatus>,
    papers: HashMap<MeetingId, String>,
    files: HashMap<MeetingId, Vec<Attachment>>,
    nodes: HashMap<MeetingId, Vec<MeetingNode>>,
}

impl Parts {
    fn of(conn: &mut Conn, ids: &[i64]) -> Result<Parts> {
        let files: Vec<(MeetingId, Attachment)> = meeting_attachments::table
            .inner_join(attachments::table.on(attachments::id.eq(meeting_attachments::attachment_id)))
            .filter(meeting_attachments::meeting_id.eq_any(ids.to_vec()))
            .order((meeting_attachments::meeting_id, meeting_attachments::position))
            .select((meeting_attachments::meeting_id, Attachment::as_select()))
            .load(conn)?;
        let nodes: Vec<(MeetingId, MeetingNode)> = meeting_time_nodes::table
            .filter(meeting_time_nodes::meeting_id.eq_any(ids.to_vec()))
            .order(meeting_time_nodes::report_id)
            .select((meeting_time_nodes::meeting_id, MeetingNode::as_select()))
            .load(conn)?;
        let papers: Vec<(MeetingId, String)> = meeting_records::table
            .filter(meeting_records::meeting_id.eq_any(ids.to_vec()))
            .select((meeting_records::meeting_id, meeting_records::on_paper))
            .load(conn)?;
        Ok(Parts {
            attendance: by_meeting(attendance::statuses_of(conn, ids)?),
            minutes: minutes::statuses_of(conn, ids)?.into_iter().collect(),
            papers: papers.into_iter().collect(),
            files: by_meeting(files),
            nodes: by_meeting(nodes),
        })
    }

    fn shown(&mut self, row: MeetingRow) -> Result<Meeting> {
        let papers = self.papers.remove(&row.id).unwrap_or_else(|| "[]".into());
        Ok(Meeting {
            attendance: summary(self.attendance.remove(&row.id).unwrap_or_default()),
            minutes: self.minutes.remove(&row.id),
            attachments: self.files.remove(&row.id).unwrap_or_default(),
            on_paper: serde_json::from_str(&papers).map_err(Error::internal)?,
            time_nodes: self.nodes.remove(&row.id).unwrap_or_default(),
            closed_on: row.ended_on.filter(|_| row.status == MeetingStatus::Closed),
            cancelled_on: row.ended_on.filter(|_| row.status == MeetingStatus::Cancelled),
            id: row.id,
            unit_id: row.unit_id,
            kind: row.kind,
            title: row.title,
            called_for: row.called_for,
            starts_at: row.starts_at,
            place: row.place,
            chair: row.chair,
            recorder: row.recorder,
            status: row.status,
            held_on: row.held_on,
            held_recorded_on: row.held_recorded_on,
            cancellation_reason: row.cancellation_reason,
            recorded_on: row.recorded_on,
            version: row.version,
        })
    }
}

fn by_meeting<T>(rows: Vec<(MeetingId, T)>) -> HashMap<MeetingId, Vec<T>> {
    let mut of: HashMap<MeetingId, Vec<T>> = HashMap::new();
    for (meeting, row) in rows {
        of.entry(meeting).or_default().push(row);
    }
    of
}
