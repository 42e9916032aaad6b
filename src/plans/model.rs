//! Plans, key points, tasks, responsibilities and schedule entries, and the inputs that make and change them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{EntryId, KeyPointId, PlanId, ResponsibilityId, TaskId};
use crate::platform::Field;
use crate::platform::patch::given;
use crate::platform::text::{Prose, Text, Title};
use crate::units::UnitId;
use crate::word_enum;

word_enum! {
    /// Where a plan stands.
    PlanStatus { Draft = "draft", Issued = "issued", Closed = "closed" }
}

word_enum! {
    /// A unit's part in a task: 牵头, 责任, 配合, 责任领导.
    Part { Lead = "lead", Responsible = "responsible", Support = "support", Supervise = "supervise" }
}

impl Part {
    /// Whether who holds this part may owe the task.
    pub fn may_owe(self) -> bool {
        matches!(self, Part::Lead | Part::Responsible)
    }
}

/// A plan 年度计划.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Plan {
    pub id: PlanId,
    /// The unit that issues it.
    pub unit_id: UnitId,
    /// Its year, 2000 to 2100.
    #[schema(example = 2020)]
    pub year: i64,
    pub title: String,
    /// The compliance rate to reach, in percent, 1 to 100.
    #[schema(example = 100)]
    pub target_percent: i64,
    /// The day by which to reach it.
    pub target_on: NaiveDate,
    /// The last day a due day may lie on.
    pub closes_on: NaiveDate,
    /// Number of the document it was issued as.
    pub document_no: Option<String>,
    /// The day on which those concerned were consulted 征求意见.
    pub consulted_on: Option<NaiveDate>,
    /// The decision that approved it.
    #[schema(example = "党委会 2020-03-16")]
    pub approved_by: Option<String>,
    /// The same as a decision that was recorded of a meeting; null where it was not.
    pub approved_by_decision_id: Option<i64>,
    /// The plan whose lists it was copied from: as a rule last year's, where its pinned year report is found.
    pub from_plan_id: Option<PlanId>,
    pub status: PlanStatus,
    /// The day it was issued; null while a draft.
    pub issued_on: Option<NaiveDate>,
    /// Number of its revisions since issue.
    pub revision: i64,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// A new plan, as a draft.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit_id": 1, "year": 2020, "title": "2020年党建工作计划", "target_percent": 100, "target_on": "2020-12-31"}))]
pub struct NewPlan {
    /// The unit that issues it.
    pub unit_id: UnitId,
    /// Its year.
    #[validate(range(min = 2000, max = 2100))]
    #[schema(minimum = 2000, maximum = 2100)]
    pub year: i64,
    pub title: Title,
    /// The compliance rate to reach, in percent; by default 100.
    #[serde(default = "hundred")]
    #[validate(range(min = 1, max = 100))]
    #[schema(minimum = 1, maximum = 100)]
    pub target_percent: i64,
    /// The day by which to reach it; by default the last day of the year.
    #[serde(default)]
    pub target_on: Option<NaiveDate>,
    /// The last day a due day may lie on, from the year's last day to the end of the next; by default 31 March of the
    /// next year.
    #[serde(default)]
    pub closes_on: Option<NaiveDate>,
    #[serde(default)]
    pub document_no: Option<Text<100>>,
    /// The day on which those concerned were consulted 征求意见; not in the future.
    #[serde(default)]
    pub consulted_on: Option<NaiveDate>,
    /// The decision that approved it, such as 党委会 2020-03-16.
    #[serde(default)]
    pub approved_by: Option<Text<200>>,
    /// The same as a decision that was recorded of a meeting.
    #[serde(default)]
    #[schema(example = 1)]
    pub approved_by_decision_id: Option<i64>,
    /// A plan of the same unit whose lists are copied, their days shifted to the new year. `closes_on` then follows
    /// that plan where it is not given.
    #[serde(default)]
    pub from_plan_id: Option<PlanId>,
}

fn hundred() -> i64 {
    100
}

/// A merge patch of a draft.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "2020年党建工作要点"}))]
pub struct PlanPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub title: Option<Title>,
    #[serde(default, deserialize_with = "given")]
    #[validate(range(min = 1, max = 100))]
    #[schema(nullable = false, minimum = 1, maximum = 100)]
    pub target_percent: Option<i64>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub target_on: Option<NaiveDate>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub closes_on: Option<NaiveDate>,
    #[serde(default)]
    #[schema(value_type = Option<Text<100>>)]
    pub document_no: Field<Text<100>>,
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub consulted_on: Field<NaiveDate>,
    #[serde(default)]
    #[schema(value_type = Option<Text<200>>)]
    pub approved_by: Field<Text<200>>,
    /// Id of the decision of a meeting that approved it.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    pub approved_by_decision_id: Field<i64>,
    /// Why it is changed; required once the plan is issued, when the change is a revision.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub reason: Option<Text<2000>>,
}

word_enum! {
    /// What a task can come from: a finding of an inspection, or a decision of a meeting.
    OriginKind { Finding = "finding", Decision = "decision" }
}

/// What a task was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Origin {
    pub kind: OriginKind,
    /// Id of the finding or decision.
    #[schema(example = 1)]
    pub id: i64,
}

/// A key point 工作要点 of a plan.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct KeyPoint {
    pub id: KeyPointId,
    pub plan_id: PlanId,
    pub title: String,
    /// Its place in the plan, from 1.
    #[schema(example = 1)]
    pub position: i64,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// A new key point.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "标准化规范化建设"}))]
pub struct NewKeyPoint {
    pub title: Title,
    /// Its place in the plan, from 1; by default after the last.
    #[serde(default)]
    #[validate(range(min = 1, max = 1000))]
    #[schema(minimum = 1, maximum = 1000)]
    pub position: Option<i64>,
    /// Why it is changed; required once the plan is issued, when the change is a revision.
    #[serde(default)]
    pub reason: Option<Text<2000>>,
}

/// A merge patch of a key point.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "标准化建设"}))]
pub struct KeyPointPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub title: Option<Title>,
    #[serde(default, deserialize_with = "given")]
    #[validate(range(min = 1, max = 1000))]
    #[schema(nullable = false, minimum = 1, maximum = 1000)]
    pub position: Option<i64>,
    /// Why it is changed; required once the plan is issued, when the change is a revision.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub reason: Option<Text<2000>>,
}

/// A task 工作任务 of a key point.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Task {
    pub id: TaskId,
    pub plan_id: PlanId,
    pub key_point_id: KeyPointId,
    /// Position of the key point and of the task.
    #[schema(example = "1.3")]
    pub code: String,
    pub title: String,
    /// What is asked.
    pub requirement: Option<String>,
    /// What must come out.
    pub deliverable: Option<String>,
    /// Whether a completion needs evidence.
    pub evidence_required: bool,
    /// Plain tags, such as 品牌 or 双创.
    pub tags: Vec<String>,
    /// Its place in the key point, from 1.
    pub position: i64,
    /// The task of the plan before that this one carries on 结转.
    pub origin_task_id: Option<TaskId>,
    /// The finding or decision that it was made from; null for the others. A task carried over keeps it, one copied
    /// into another year's plan does not.
    pub origin: Option<Origin>,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// A new task.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "修订标准化作业程序", "deliverable": "作业程序修订稿", "tags": ["品牌"], "responsibilities": [{"unit_id": 3, "part": "responsible"}], "entries": [{"due_on": "2020-06-30"}]}))]
pub struct NewTask {
    pub title: Title,
    /// What is asked.
    #[serde(default)]
    pub requirement: Option<Prose>,
    /// What must come out.
    #[serde(default)]
    pub deliverable: Option<Prose>,
    /// Whether a completion needs evidence; by default not.
    #[serde(default)]
    pub evidence_required: bool,
    /// Plain tags, at most 20.
    #[serde(default)]
    #[validate(length(max = 20))]
    #[schema(max_items = 20)]
    pub tags: Vec<Text<40>>,
    /// Its place in the key point, from 1; by default after the last.
    #[serde(default)]
    #[validate(range(min = 1, max = 1000))]
    #[schema(minimum = 1, maximum = 1000)]
    pub position: Option<i64>,
    /// The units' parts in it, at most 100; by default none yet.
    #[serde(default)]
    #[validate(nested, length(max = 100))]
    #[schema(max_items = 100)]
    pub responsibilities: Vec<NewPart>,
    /// The entries of its schedule, at most 100; by default none yet.
    #[serde(default)]
    #[validate(nested, length(max = 100))]
    #[schema(max_items = 100)]
    pub entries: Vec<NewEntry>,
    /// Why it is changed; required once the plan is issued, when the task with its parts and entries is one revision.
    #[serde(default)]
    pub reason: Option<Text<2000>>,
}

/// A unit's part in a task that is made with it.
#[derive(Debug, Clone, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit_id": 3, "part": "responsible", "person": "支部书记"}))]
pub struct NewPart {
    pub unit_id: UnitId,
    pub part: Part,
    /// A label: who at the unit sees to it. A post rather than a name.
    #[serde(default)]
    pub person: Option<Text<100>>,
}

/// A merge patch of a task.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"evidence_required": true}))]
pub struct TaskPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub title: Option<Title>,
    #[serde(default)]
    #[schema(value_type = Option<Prose>)]
    pub requirement: Field<Prose>,
    #[serde(default)]
    #[schema(value_type = Option<Prose>)]
    pub deliverable: Field<Prose>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub evidence_required: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    #[validate(length(max = 20))]
    #[schema(nullable = false, max_items = 20)]
    pub tags: Option<Vec<Text<40>>>,
    #[serde(default, deserialize_with = "given")]
    #[validate(range(min = 1, max = 1000))]
    #[schema(nullable = false, minimum = 1, maximum = 1000)]
    pub position: Option<i64>,
    /// Why it is changed; required once the plan is issued, when the change is a revision.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub reason: Option<Text<2000>>,
}

/// A unit's part in a task 责任.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Responsibility {
    pub id: ResponsibilityId,
    pub task_id: TaskId,
    pub unit_id: UnitId,
    pub part: Part,
    /// A label: who at the unit sees to it.
    pub person: Option<String>,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// A new responsibility.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit_id": 3, "part": "responsible", "person": "支部书记"}))]
pub struct NewResponsibility {
    pub unit_id: UnitId,
    pub part: Part,
    /// A label: who at the unit sees to it. A post rather than a name.
    #[serde(default)]
    pub person: Option<Text<100>>,
    /// Why it is changed; required once the plan is issued, when the change is a revision.
    #[serde(default)]
    pub reason: Option<Text<2000>>,
}

/// The whole schedule of a task.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"entries": [{"due_on": "2020-06-30"}]}))]
pub struct NewSchedule {
    /// Its entries, at most 100; an entry that is not named any more goes.
    #[validate(nested, length(max = 100))]
    #[schema(max_items = 100)]
    pub entries: Vec<NewEntry>,
    /// Why it is changed; required once the plan is issued, when the change is a revision.
    #[serde(default)]
    pub reason: Option<Text<2000>>,
}

/// An entry of a schedule, in one of four forms: a date, a recurrence, spoken words, or words that await a date.
#[derive(Debug, Clone, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"due_on": "2020-06-30", "grace_days": 0}))]
pub struct NewEntry {
    /// Id of the entry that this one changes; without it the entry is new.
    #[serde(default)]
    pub id: Option<EntryId>,
    /// Title of the node, where it differs from the task's.
    #[serde(default)]
    pub title: Option<Title>,
    /// The due day, from 1 January of the plan's year to its `closes_on`.
    #[serde(default)]
    pub due_on: Option<NaiveDate>,
    /// A recurrence, the value of an RRULE (RFC 5545). It begins on 1 January and ends with the plan's year.
    #[serde(default)]
    #[schema(example = "FREQ=MONTHLY;BYMONTHDAY=-1")]
    pub rrule: Option<Text<500>>,
    /// Days after the due day that still count as on time, 0 to 60; by default those of the issued entry that is changed,
    /// else 0 for a date, and the setting `recurrence_grace_days` for a recurrence.
    #[serde(default)]
    #[validate(range(min = 0, max = 60))]
    #[schema(minimum = 0, maximum = 60)]
    pub grace_days: Option<i64>,
    /// How many accepted completions meet the node, 1 to 366; by default what the words say, else those of
    /// the issued entry that is changed, else 1.
    #[serde(default)]
    #[validate(range(min = 1, max = 366))]
    #[schema(minimum = 1, maximum = 366)]
    pub times: Option<i64>,
    /// 未定时限: it makes no node until it is dated.
    #[serde(default)]
    pub unscheduled: bool,
    /// A deadline as it is spoken, such as 每季度 or 6月底前; with `unscheduled`, the words that were written, such as
    /// 按上级要求.
    #[serde(default)]
    #[schema(example = "每季度")]
    pub words: Option<Title>,
}

/// The schedule of a task.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Schedule {
    pub entries: Vec<Entry>,
}

/// An entry of a schedule with the nodes it makes for each owing unit.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Entry {
    pub id: EntryId,
    pub task_id: TaskId,
    pub title: Option<String>,
    /// The due day of a dated entry; null for recurrences and words.
    pub due_on: Option<NaiveDate>,
    /// The recurrence (RFC 5545).
    pub rrule: Option<String>,
    /// Days of grace, 0 to 60.
    pub grace_days: i64,
    /// Accepted completions that meet the node, 1 to 366.
    pub times: i64,
    pub unscheduled: bool,
    pub words: Option<String>,
    pub nodes: Vec<EntryNode>,
}

/// A node that an entry makes for each owing unit.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct EntryNode {
    /// `2020-06`, `2020-Q2`, `2020-H1` or `2020`; null for a date and where the period has no name.
    pub period: Option<String>,
    pub due_on: NaiveDate,
    pub title: String,
}

/// A node of a schedule entry, whoever owes it, as it is kept with the entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodNode {
    /// Unique in its entry: the name of the period, empty for the one node of a dated entry, the day itself where the
    /// period has no name.
    pub period: String,
    /// First day of a recurring period; none for a dated node.
    pub from: Option<NaiveDate>,
    pub due_on: NaiveDate,
    /// Its own title, where the words give one.
    pub title: Option<String>,
}
