//! Meetings 会议 and other activities of a unit: agenda, attendance, record, minutes, receipts, and the time nodes they
//! are ticked against. `scheduled → held → closed`, or cancelled while scheduled. A held meeting's attendance is
//! settled: somebody was present and nobody is merely expected. Closing freezes everything here; what only follows from
//! a meeting (receipts of its minutes, activities reported) goes on.

pub mod actions;
pub mod decisions;
pub mod model;
pub mod opinions;
pub mod rules;
pub mod store;

use crate::{codes, id_type};

id_type! {
    /// A meeting.
    MeetingId
}
id_type! {
    /// An item of an agenda.
    AgendaItemId
}

codes! {
    MEETING_CLOSED: 409 "meeting_closed" "会议已办结，其议程、到会、纪要和文字已冻结。"
        "The meeting is closed; its agenda, attendance, minutes and wording are frozen.";
    MEETING_CANCELLED: 409 "meeting_cancelled" "会议已取消；请另行召集。" "The meeting was cancelled; call another one.";
    MEETING_UNKNOWN: 422 "meeting_unknown" "没有编号为 {id} 的会议。" "There is no meeting with the id {id}.";
}
