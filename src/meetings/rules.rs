//! What may be done with a meeting, by its status, and what its attendance comes to. Pure.

use super::attendance::{AttendanceStatus, AttendanceSummary};
use super::model::{MeetingStatus, MinutesStatus};
use super::{
    ATTENDANCE_MISSING, ATTENDANCE_OPEN, MEETING_CANCELLED, MEETING_CLOSED, MEETING_HELD, MEETING_NOT_HELD,
    MINUTES_MISSING, MINUTES_NOT_SIGNED, MINUTES_SIGNED,
};
use crate::platform::Result;
use crate::platform::rate::ratio;

/// Refuses what would alter a meeting that is closed or was cancelled.
pub fn require_open(status: MeetingStatus) -> Result<()> {
    match status {
        MeetingStatus::Scheduled | MeetingStatus::Held => Ok(()),
        MeetingStatus::Closed => Err(MEETING_CLOSED.err()),
        MeetingStatus::Cancelled => Err(MEETING_CANCELLED.err()),
    }
}

/// Refuses what is done with a meeting only before it is held: its call, its cancellation, its holding.
pub fn require_scheduled(status: MeetingStatus) -> Result<()> {
    require_open(status)?;
    if status == MeetingStatus::Held { Err(MEETING_HELD.err()) } else { Ok(()) }
}

/// Refuses what is done with a meeting only between its holding and its close: its record, its minutes, its close.
pub fn require_held(status: MeetingStatus) -> Result<()> {
    require_open(status)?;
    if status == MeetingStatus::Scheduled { Err(MEETING_NOT_HELD.err()) } else { Ok(()) }
}

/// Refuses what only follows from a meeting while it has not taken place: its minutes sent, its nodes ticked. It goes
/// on after the close.
pub fn require_took_place(status: MeetingStatus) -> Result<()> {
    match status {
        MeetingStatus::Held | MeetingStatus::Closed => Ok(()),
        MeetingStatus::Scheduled => Err(MEETING_NOT_HELD.err()),
        MeetingStatus::Cancelled => Err(MEETING_CANCELLED.err()),
    }
}

/// Refuses to draft or sign minutes that are signed.
pub fn require_unsigned(minutes: Option<MinutesStatus>) -> Result<()> {
    match minutes {
        None | Some(MinutesStatus::Draft) => Ok(()),
        Some(MinutesStatus::Signed | MinutesStatus::Distributed) => Err(MINUTES_SIGNED.err()),
    }
}

/// Refuses to send minutes, or to close a meeting, before they are signed.
pub fn require_signed(minutes: Option<MinutesStatus>) -> Result<()> {
    match minutes {
        None => Err(MINUTES_MISSING.err()),
        Some(MinutesStatus::Draft) => Err(MINUTES_NOT_SIGNED.err()),
        Some(MinutesStatus::Signed | MinutesStatus::Distributed) => Ok(()),
    }
}

/// What an attendance list comes to. Observers are in the head count and never in the rate.
pub fn summary(statuses: impl IntoIterator<Item = AttendanceStatus>) -> AttendanceSummary {
    let (mut unsettled, mut present, mut leave, mut absent, mut observers) = (0, 0, 0, 0, 0);
    for status in statuses {
        *match status {
            AttendanceStatus::Expected => &mut unsettled,
            AttendanceStatus::Present => &mut present,
            AttendanceStatus::Leave => &mut leave,
            AttendanceStatus::Absent => &mut absent,
            AttendanceStatus::Observer => &mut observers,
        } += 1;
    }
    let expected = unsettled + present + leave + absent;
    AttendanceSummary {
        rate: ratio(present, expected),
        head_count: present + observers,
        expected,
        present,
        leave,
        absent,
        observers,
        unsettled,
    }
}

/// Refuses a held meeting at which nobody was, or of which it is not known who came.
pub fn require_settled(attendance: &AttendanceSummary) -> Result<()> {
    if attendance.unsettled > 0 {
        return Err(ATTENDANCE_OPEN.with([("count", attendance.unsettled.to_string())]));
    }
    if attendance.present == 0 { Err(ATTENDANCE_MISSING.err()) } else { Ok(()) }
}

/// Whether a text is a time of day as it is written here: `HH:MM`.
pub fn is_time_of_day(text: &str) -> bool {
    text.len() == 5 && chrono::NaiveTime::parse_from_str(text, "%H:%M").is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(result: Result<()>) -> &'static str {
        result.err().map_or("", |error| error.code())
    }

    #[test]
    fn each_status_allows_its_verbs_and_refuses_the_others_by_name() {
        use MeetingStatus as S;
        let cases = [
            // status, open, scheduled, held, took place
            (S::Scheduled, ["", "", "meeting_not_held", "meeting_not_held"]),
            (S::Held, ["", "meeting_held", "", ""]),
            (S::Closed, ["meeting_closed", "meeting_closed", "meeting_closed", ""]),
            (S::Cancelled, ["meeting_cancelled"; 4]),
        ];
        for (status, expected) in cases {
            let found =
                [require_open(status), require_scheduled(status), require_held(status), require_took_place(status)];
            assert_eq!(found.map(code), expected, "{status:?}");
        }
    }

    #[test]
    fn minutes_are_signed_once_and_sent_when_signed() {
        let cases = [
            (None, "", "minutes_missing"),
            (Some(MinutesStatus::Draft), "", "minutes_not_signed"),
            (Some(MinutesStatus::Signed), "minutes_signed", ""),
            (Some(MinutesStatus::Distributed), "minutes_signed", ""),
        ];
        for (minutes, unsigned, signed) in cases {
            assert_eq!((code(require_unsigned(minutes)), code(require_signed(minutes))), (unsigned, signed));
        }
    }

    #[test]
    fn observers_are_in_the_head_count_and_never_in_the_rate() {
        use AttendanceStatus as A;
        let cases = [
            (vec![], (0, 0, None), 0, "attendance_missing"),
            (vec![A::Observer], (0, 0, None), 1, "attendance_missing"),
            (vec![A::Present, A::Observer], (1, 1, Some(100.0)), 2, ""),
            (vec![A::Present, A::Leave, A::Absent, A::Observer], (1, 3, Some(33.3)), 2, ""),
            (vec![A::Present, A::Expected], (1, 2, Some(50.0)), 1, "attendance_open"),
            (vec![A::Leave], (0, 1, Some(0.0)), 0, "attendance_missing"),
        ];
        for (statuses, rate, head_count, refusal) in cases {
            let all = summary(statuses.iter().copied());
            assert_eq!((all.rate.met, all.rate.of, all.rate.percent), rate, "{statuses:?}");
            assert_eq!((all.head_count, code(require_settled(&all))), (head_count, refusal), "{statuses:?}");
        }
    }

    #[test]
    fn a_time_of_day_has_four_digits() {
        let cases =
            [("14:30", true), ("00:00", true), ("24:00", false), ("9:30", false), ("14:30:00", false), ("", false)];
        for (text, right) in cases {
            assert_eq!(is_time_of_day(text), right, "{text:?}");
        }
    }
}
