//! What may be done with a meeting, by its status. Pure.

use super::model::MeetingStatus;
use super::{MEETING_CANCELLED, MEETING_CLOSED};
use crate::platform::Result;

/// Refuses what would alter a meeting that is closed or was cancelled.
pub fn require_open(status: MeetingStatus) -> Result<()> {
    match status {
        MeetingStatus::Scheduled | MeetingStatus::Held => Ok(()),
        MeetingStatus::Closed => Err(MEETING_CLOSED.err()),
        MeetingStatus::Cancelled => Err(MEETING_CANCELLED.err()),
    }
}
