//! Decisions as they are shown, recorded and made into tasks.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::DecisionId;
use super::rules::{Delivery, Progress};
use crate::access::AccountId;
use crate::findings::model::Finding;
use crate::meetings::opinions::OpinionId;
use crate::meetings::opinions::model::Opinion;
use crate::meetings::{MeetingId, model::MeetingKind, model::MeetingStatus};
use crate::plans::model::{NewEntry, NewPart, Origin};
use crate::plans::{KeyPointId, TaskId};
use crate::platform::Field;
use crate::platform::patch::given;
use crate::platform::text::{Prose, Text, Title};
use crate::units::UnitId;
use crate::word_enum;

word_enum! {
    /// A resolution 决议, a deployment 部署, or an information 通报.
    DecisionKind { Resolution = "resolution", Deployment = "deployment", Information = "information" }
}

/// How a decision was voted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Votes {
    /// Votes for it.
    #[serde(rename = "for")]
    pub in_favour: i64,
    /// Votes against it.
    pub against: i64,
    /// Abstentions.
    pub abstain: i64,
    /// Of those entitled to vote, how many were present.
    pub present: i64,
    /// How many were entitled to vote, present or not.
    pub entitled: i64,
}

/// How a decision was voted on.
#[derive(Debug, Clone, Copy, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"for": 7, "against": 0, "abstain": 1, "present": 8, "entitled": 9}))]
pub struct NewVotes {
    /// Votes for it.
    #[serde(rename = "for")]
    #[validate(range(min = 0, max = 10_000))]
    #[schema(minimum = 0, maximum = 10_000)]
    pub in_favour: i64,
    /// Votes against it.
    #[validate(range(min = 0, max = 10_000))]
    #[schema(minimum = 0, maximum = 10_000)]
    pub against: i64,
    /// Abstentions.
    #[validate(range(min = 0, max = 10_000))]
    #[schema(minimum = 0, maximum = 10_000)]
    pub abstain: i64,
    /// Of those entitled to vote, how many were present.
    #[validate(range(min = 0, max = 10_000))]
    #[schema(minimum = 0, maximum = 10_000)]
    pub present: i64,
    /// How many were entitled to vote, present or not; by default everybody expected by the attendance list.
    #[serde(default)]
    #[validate(range(min = 0, max = 10_000))]
    #[schema(minimum = 0, maximum = 10_000)]
    pub entitled: Option<i64>,
}

/// A decision 决定 of a meeting.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MeetingDecision {
    pub id: DecisionId,
    pub meeting_id: MeetingId,
    /// The unit of the meeting.
    pub unit_id: UnitId,
    /// The day the meeting was held.
    pub held_on: Option<NaiveDate>,
    /// Its number within the meeting, from 1.
    #[schema(example = 1)]
    pub number: i64,
    pub kind: DecisionKind,
    pub title: Option<String>,
    pub text: String,
    /// Null where nothing was voted on.
    pub votes: Option<Votes>,
    /// Whether more than half of those entitled voted for it, at least half of them being present; null without a vote.
    pub passed: Option<bool>,
    /// The day by which it is to be carried out.
    pub due_on: Option<NaiveDate>,
    /// The opinions that it takes up.
    pub opinion_ids: Vec<OpinionId>,
    /// The tasks that were made from it.
    pub task_ids: Vec<TaskId>,
    /// How far it is carried out today.
    pub delivery: Delivery,
    /// The time nodes of its tasks today.
    pub time_nodes: Progress,
    pub recorded_by: AccountId,
    pub recorded_on: NaiveDate,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// A new decision.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "deployment", "title": "修订标准化作业程序", "text": "各党支部在6月底前修订标准化作业程序。", "opinion_ids": [1], "due_on": "2020-06-30"}))]
pub struct NewDecision {
    pub kind: DecisionKind,
    #[serde(default)]
    pub title: Option<Title>,
    pub text: Prose,
    /// Opinions that it takes up, at most 100, given to meetings of the same unit.
    #[serde(default)]
    #[validate(length(max = 100))]
    #[schema(max_items = 100)]
    pub opinion_ids: Vec<OpinionId>,
    /// Required for a resolution.
    #[serde(default)]
    #[validate(nested)]
    pub votes: Option<NewVotes>,
    /// The day by which it is to be carried out.
    #[serde(default)]
    pub due_on: Option<NaiveDate>,
}

/// A merge patch of a decision, while its meeting is open.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "各党支部在6月20日前修订标准化作业程序。"}))]
pub struct DecisionPatch {
    #[serde(default)]
    #[schema(value_type = Option<Title>)]
    pub title: Field<Title>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub text: Option<Prose>,
    /// All the opinions that it takes up.
    #[serde(default, deserialize_with = "given")]
    #[validate(length(max = 100))]
    #[schema(nullable = false, max_items = 100)]
    pub opinion_ids: Option<Vec<OpinionId>>,
    /// All the votes anew.
    #[serde(default, deserialize_with = "given")]
    #[validate(nested)]
    #[schema(nullable = false)]
    pub votes: Option<NewVotes>,
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub due_on: Field<NaiveDate>,
}

/// A deployment to be made a task of a plan.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"key_point_id": 1, "responsibilities": [{"unit_id": 3, "part": "responsible"}], "entries": [{"due_on": "2020-06-30"}], "reason": "落实推进会部署"}))]
pub struct NewDecisionTask {
    /// The key point that the task is put into.
    pub key_point_id: KeyPointId,
    /// By default the title of the decision, else the beginning of its text.
    #[serde(default)]
    pub title: Option<Title>,
    /// What is asked; by default the text of the decision.
    #[serde(default)]
    pub requirement: Option<Prose>,
    /// The units' parts in it, 1 to 100.
    #[validate(nested, length(min = 1, max = 100))]
    #[schema(min_items = 1, max_items = 100)]
    pub responsibilities: Vec<NewPart>,
    /// The entries of its schedule, 1 to 100.
    #[validate(nested, length(min = 1, max = 100))]
    #[schema(min_items = 1, max_items = 100)]
    pub entries: Vec<NewEntry>,
    /// Why the plan is changed; required once it is issued, when the task is one revision.
    #[serde(default)]
    pub reason: Option<Text<2000>>,
}

/// The meeting that decided, as far as whoever reads one of its tasks is told.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MeetingHead {
    pub id: MeetingId,
    pub unit_id: UnitId,
    pub kind: MeetingKind,
    pub title: String,
    pub status: MeetingStatus,
    /// The day it was held.
    pub held_on: Option<NaiveDate>,
}

/// Where a task comes from, one step a field.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TaskOrigin {
    pub task_id: TaskId,
    /// The finding or decision that the task was made from; null for the others.
    pub origin: Option<Origin>,
    /// The decision; null where the task comes from none.
    pub decision: Option<MeetingDecision>,
    /// The meeting that decided.
    pub meeting: Option<MeetingHead>,
    /// The finding, where the task comes from one and one may read it.
    pub finding: Option<Finding>,
    /// The opinions that the decision takes up, as far as one may read them.
    pub opinions: Vec<Opinion>,
}
