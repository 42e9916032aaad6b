//! Who reads and who writes a meeting.

use super::model::MeetingRow;
use super::rules::require_open;
use super::{MeetingId, store};
use crate::access::{Action, Actor, Site};
use crate::platform::{Conn, Result};

/// A meeting that the actor may read, with its site; 404 or 403.
pub fn readable(conn: &mut Conn, actor: &Actor, id: MeetingId) -> Result<(MeetingRow, Site)> {
    let meeting = store::get(conn, id)?;
    let site = store::site_of(conn, &meeting)?;
    actor.must(Action::ReadMeetings, &site)?;
    Ok((meeting, site))
}

/// A meeting that the actor may alter: its writer, and neither closed nor cancelled. `If-Match` is left to the caller.
pub fn alterable(conn: &mut Conn, actor: &Actor, id: MeetingId) -> Result<MeetingRow> {
    let meeting = store::get(conn, id)?;
    let site = store::site_of(conn, &meeting)?;
    actor.must(Action::WriteMeeting, &site)?;
    require_open(meeting.status)?;
    Ok(meeting)
}
