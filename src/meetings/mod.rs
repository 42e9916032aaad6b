//! Meetings 会议 and other activities of a unit: agenda, attendance, record, minutes, receipts, and the time nodes they
//! are ticked against. `scheduled → held → closed`, or cancelled while scheduled. A held meeting's attendance is
//! settled: somebody was present and nobody is merely expected. Its kind and days are then fixed, so that a report of a
//! past day reads the same for ever. Closing freezes everything here; what only follows from a meeting (its minutes sent
//! and signed for, the nodes it is ticked against) goes on.

pub mod actions;
pub mod activities;
pub mod agenda;
pub mod attendance;
pub mod decisions;
pub mod http;
pub mod minutes;
pub mod model;
pub mod next;
pub mod opinions;
pub mod receipts;
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
    MEETING_HELD: 409 "meeting_held" "会议已召开，其类型、日期和通知不再更改，也不能取消。"
        "The meeting was held: its kind, its days and its call are fixed, and it can't be cancelled.";
    MEETING_NOT_HELD: 409 "meeting_not_held" "会议尚未召开；请先登记召开 `hold`。" "The meeting has not been held; hold it first.";
    MEETING_UNKNOWN: 422 "meeting_unknown" "没有编号为 {id} 的会议。" "There is no meeting with the id {id}.";
    TIME_OF_DAY: 422 "time_of_day" "时间请写作 HH:MM，如 14:30。" "Write the time of day as HH:MM, such as 14:30.";
    ATTENDANCE_MISSING: 409 "attendance_missing" "没有一人实到；请先登记到会情况 `attendances`。"
        "Nobody is recorded as present; record who came first `attendances`.";
    ATTENDANCE_OPEN: 409 "attendance_open" "仍有 {count} 人未登记实到、请假或缺席；请先登记。"
        "{count} people are still only expected; settle whether they were present, on leave or absent.";
    LEAVE_UNEXPLAINED: 422 "leave_unexplained" "请假须写明原因 `reason`。" "A leave needs its reason.";
    LEAVE_REASON_UNUSED: 422 "leave_reason_unused" "原因 `reason` 只用于请假。" "A reason `reason` is for a leave only.";
    ATTENDEE_TWICE: 422 "attendee_twice" "账号 {id} 在到会名单中出现了不止一次。" "The account {id} is listed more than once.";
    LINK_UNKNOWN: 422 "link_unknown" "没有编号为 {id} 的 {kind} 可供链接。" "There is no {kind} with the id {id} to link to.";
    MINUTES_MISSING: 409 "minutes_missing" "会议还没有纪要；请先起草。" "The meeting has no minutes yet; draft them first.";
    MINUTES_SIGNED: 409 "minutes_signed" "纪要已签发，不能再改。" "The minutes are signed and can't be changed any more.";
    MINUTES_NOT_SIGNED: 409 "minutes_not_signed" "纪要尚未签发；请先签发。" "The minutes are not signed; have them signed first.";
    NOT_SENT: 409 "not_sent" "没有发给您所在组织的会议通知或纪要需要签收。"
        "Neither a call nor minutes that were sent to your unit wait to be signed for.";
    SIGNED_FOR: 409 "signed_for" "该组织已签收。" "The unit has signed for it already.";
    SIGNING_UNIT_AMBIGUOUS: 422 "signing_unit_ambiguous" "您在收到它的多个组织任职；请写明是哪个组织 `unit_id`。"
        "You hold posts at several units that it was sent to; say for which unit `unit_id`.";
    NODE_OF_OTHER_UNIT: 422 "node_of_other_unit" "节点 {id} 不属于召开会议的组织。" "Node {id} is not one of the meeting's unit.";
    NODE_TICKED: 409 "node_ticked" "该会议已用于节点 {id} 的填报。" "The meeting was reported on node {id} already.";
}
