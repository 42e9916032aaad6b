//! Meetings held and their attendance, as recorded by the end of a day or as they are known now.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::meetings::MeetingId;
use crate::meetings::attendance::AttendanceStatus;
use crate::meetings::model::MeetingKind;
use crate::platform::{Conn, Result};
use crate::reports::store::Moment;
use crate::schema::{attendances, meetings};
use crate::units::UnitId;

/// A meeting that was held, with how everybody stood to it.
pub(super) struct HeldMeeting {
    pub unit_id: UnitId,
    pub kind: MeetingKind,
    pub held_on: NaiveDate,
    pub statuses: Vec<AttendanceStatus>,
}

/// The meetings whose holding was recorded by the end of a day, each with the list of that day; restated, those held by
/// that day, each with the list as it is now.
pub(super) fn held_by(conn: &mut Conn, moment: Moment) -> Result<Vec<HeldMeeting>> {
    let mut query = meetings::table
        .inner_join(attendances::table.on(attendances::meeting_id.eq(meetings::id)))
        .select((meetings::id, meetings::unit_id, meetings::kind, meetings::held_on, attendances::status))
        .into_boxed();
    let day = moment.as_of;
    query = if moment.restated {
        query.filter(meetings::held_on.le(day)).filter(attendances::recorded_to.is_null())
    } else {
        query
            .filter(meetings::held_recorded_on.le(day))
            .filter(attendances::recorded_from.le(day))
            .filter(attendances::recorded_to.is_null().or(attendances::recorded_to.gt(day)))
    };
    let rows: Vec<(MeetingId, UnitId, MeetingKind, Option<NaiveDate>, AttendanceStatus)> = query.load(conn)?;
    let mut held: BTreeMap<MeetingId, HeldMeeting> = BTreeMap::new();
    for (id, unit_id, kind, held_on, status) in rows {
        let Some(held_on) = held_on else { continue };
        let meeting = HeldMeeting { unit_id, kind, held_on, statuses: vec![] };
        held.entry(id).or_insert(meeting).statuses.push(status);
    }
    Ok(held.into_values().collect())
}
