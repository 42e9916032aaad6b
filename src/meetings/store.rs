//! Rows of meetings.

use diesel::prelude::*;

use super::model::MeetingRow;
use super::{MEETING_UNKNOWN, MeetingId};
use crate::access::Site;
use crate::platform::{Conn, Result};
use crate::schema::meetings;
use crate::units;

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
