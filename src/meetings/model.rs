//! Meetings as they are stored, shown and made.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::MeetingId;
use super::attendance::AttendanceSummary;
use crate::platform::Field;
use crate::platform::patch::given;
use crate::platform::text::{Prose, Text, Title};
use crate::progress::model::{Attachment, OnPaper};
use crate::progress::{AttachmentId, ReportId};
use crate::schema::{meeting_time_nodes, meetings};
use crate::time_nodes::NodeId;
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

impl MeetingKind {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            MeetingKind::CommitteeMeeting => "党委会",
            MeetingKind::PromotionMeeting => "推进会",
            MeetingKind::Seminar => "专题研讨",
            MeetingKind::MembersMeeting => "党员大会",
            MeetingKind::BranchCommitteeMeeting => "支委会",
            MeetingKind::GroupMeeting => "党小组会",
            MeetingKind::PartyLecture => "党课",
            MeetingKind::ThemeDay => "主题党日",
            MeetingKind::OrganisationalLifeMeeting => "组织生活会",
            MeetingKind::DemocraticAppraisal => "民主评议",
            MeetingKind::Other => "其他活动",
        }
    }
}

word_enum! {
    /// Where a meeting stands.
    MeetingStatus { Scheduled = "scheduled", Held = "held", Closed = "closed", Cancelled = "cancelled" }
}

word_enum! {
    /// Where the minutes stand.
    MinutesStatus { Draft = "draft", Signed = "signed", Distributed = "distributed" }
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

/// A time node that an activity was ticked against.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = meeting_time_nodes)]
pub struct MeetingNode {
    pub node_id: NodeId,
    /// The completion that was made of it.
    pub report_id: ReportId,
    pub recorded_on: NaiveDate,
}

/// A meeting 会议, or another activity of a unit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Meeting {
    pub id: MeetingId,
    pub unit_id: UnitId,
    pub kind: MeetingKind,
    pub title: String,
    /// The day it is called for.
    pub called_for: NaiveDate,
    /// The time of day it is called for.
    #[schema(example = "14:30")]
    pub starts_at: Option<String>,
    pub place: Option<String>,
    /// Who chairs: a post.
    pub chair: Option<String>,
    /// Who records: a post.
    pub recorder: Option<String>,
    pub status: MeetingStatus,
    /// The day it was held; null until then.
    pub held_on: Option<NaiveDate>,
    /// The day its holding was recorded.
    pub held_recorded_on: Option<NaiveDate>,
    pub closed_on: Option<NaiveDate>,
    pub cancelled_on: Option<NaiveDate>,
    pub cancellation_reason: Option<String>,
    pub attendance: AttendanceSummary,
    /// Where its minutes stand; null without any.
    pub minutes: Option<MinutesStatus>,
    /// Stored files that show it was held.
    pub attachments: Vec<Attachment>,
    /// The same on paper.
    pub on_paper: Vec<OnPaper>,
    /// The time nodes it was ticked against.
    pub time_nodes: Vec<MeetingNode>,
    /// The day it was recorded.
    pub recorded_on: NaiveDate,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// A post, a place: a short line.
pub type Label = Text<100>;

/// A meeting to be called.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit_id": 1, "kind": "promotion_meeting", "title": "党建工作推进会", "called_for": "2020-03-24",
    "starts_at": "14:30", "place": "三楼会议室", "chair": "党委书记", "recorder": "党群工作部干事"}))]
pub struct NewMeeting {
    pub unit_id: UnitId,
    pub kind: MeetingKind,
    pub title: Title,
    /// The day it is called for; a past one for a meeting that is entered afterwards.
    pub called_for: NaiveDate,
    /// The time of day, `HH:MM`.
    #[serde(default)]
    pub starts_at: Option<String>,
    #[serde(default)]
    pub place: Option<Label>,
    /// Who chairs: a post.
    #[serde(default)]
    pub chair: Option<Label>,
    /// Who records: a post.
    #[serde(default)]
    pub recorder: Option<Label>,
}

/// A merge patch of a meeting. Kind, day and time of day only until it is held.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"place": "二楼会议室"}))]
pub struct MeetingPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub kind: Option<MeetingKind>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub title: Option<Title>,
    /// The day it is called for. Where units were called already they are called anew.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub called_for: Option<NaiveDate>,
    /// The time of day, `HH:MM`. Where units were called already they are called anew.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub starts_at: Field<String>,
    /// Where units were called already and it was not held yet they are called anew.
    #[serde(default)]
    #[schema(value_type = Option<Label>)]
    pub place: Field<Label>,
    #[serde(default)]
    #[schema(value_type = Option<Label>)]
    pub chair: Field<Label>,
    #[serde(default)]
    #[schema(value_type = Option<Label>)]
    pub recorder: Field<Label>,
    /// Uploaded files, at most 50.
    #[serde(default, deserialize_with = "given")]
    #[validate(length(max = 50))]
    #[schema(nullable = false, max_items = 50)]
    pub attachment_ids: Option<Vec<AttachmentId>>,
    /// Evidence kept on paper, at most 50.
    #[serde(default, deserialize_with = "given")]
    #[validate(nested, length(max = 50))]
    #[schema(nullable = false, max_items = 50)]
    pub on_paper: Option<Vec<OnPaper>>,
}

/// That a meeting was held.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"held_on": "2020-03-24"}))]
pub struct MeetingHolding {
    /// The day it was held, today or earlier; by default today.
    #[serde(default)]
    pub held_on: Option<NaiveDate>,
}

/// Why a meeting is cancelled.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "与上级会议时间冲突"}))]
pub struct MeetingCancellation {
    pub reason: Text<2000>,
}

/// The record of a meeting.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MeetingRecord {
    pub meeting_id: MeetingId,
    /// What was said, as it was taken down; null while nothing was.
    pub text: Option<String>,
}

/// The record of a meeting, whole.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "一、各支部书记汇报本支部工作。二、讨论任务清单。三、党委书记作总结讲话。"}))]
pub struct NewRecord {
    pub text: Prose,
}
