//! Meetings as they are stored, shown and made.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::MeetingId;
use crate::schema::meetings;
use crate::units::UnitId;
use crate::word_enum;

word_enum! {
    /// What kind of meeting or activity it is: 党委会, 推进会, 专题研讨; of a branch 党员大会, 支委会, 党小组会, 党课, 主题党日,
    /// 组织生活会, 民主评议; or another.
    MeetingKind {
        CommitteeMeeting = "committee_meeting",
        PromotionMeeting = "promotion_meeting",
        Seminar = "seminar",
        MembersMeeting = "members_meeting",
        BranchCommitteeMeeting = "branch_committee_meeting",
        GroupMeeting = "group_meeting",
        PartyLecture = "party_lecture",
        ThemeDay = "theme_day",
        OrganisationalLifeMeeting = "organisational_life_meeting",
        DemocraticAppraisal = "democratic_appraisal",
        Other = "other",
    }
}

word_enum! {
    /// Where a meeting stands.
    MeetingStatus { Scheduled = "scheduled", Held = "held", Closed = "closed", Cancelled = "cancelled" }
}

word_enum! {
    /// What an agenda item links to.
    LinkKind { Plan = "plan", Task = "task", Finding = "finding", Decision = "decision", Opinion = "opinion" }
}

word_enum! {
    /// How somebody stands to a meeting: expected 应到 and not yet settled, present 实到, on leave 请假, absent 缺席, or an
    /// observer 列席, who is in the head count and never in the rate.
    AttendanceStatus {
        Expected = "expected",
        Present = "present",
        Leave = "leave",
        Absent = "absent",
        Observer = "observer",
    }
}

word_enum! {
    /// Where the minutes stand.
    MinutesStatus { Draft = "draft", Signed = "signed", Distributed = "distributed" }
}

word_enum! {
    /// What is signed for: the call to a meeting 会议通知, or its minutes 纪要.
    ReceiptKind { Call = "call", Minutes = "minutes" }
}

/// A meeting as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = meetings)]
pub struct MeetingRow {
    pub id: MeetingId,
    pub unit_id: UnitId,
    pub kind: MeetingKind,
    pub title: String,
    pub called_for: NaiveDate,
    pub starts_at: Option<String>,
    pub place: Option<String>,
    pub chair: Option<String>,
    pub recorder: Option<String>,
    pub status: MeetingStatus,
    pub held_on: Option<NaiveDate>,
    pub held_recorded_on: Option<NaiveDate>,
    /// The day it was closed, or cancelled.
    pub ended_on: Option<NaiveDate>,
    pub cancellation_reason: Option<String>,
    pub version: i64,
    pub recorded_on: NaiveDate,
}
