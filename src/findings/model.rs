//! Findings with their measures, applications, checks and re-checks, and the inputs that make and change them.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{ApplicationId, CheckId, FindingId, MeasureId, RecheckId};
use crate::access::AccountId;
use crate::plans::{KeyPointId, TaskId};
use crate::platform::Field;
use crate::platform::patch::given;
use crate::platform::text::{Prose, Text, Title};
use crate::progress::AttachmentId;
use crate::progress::model::{Attachment, OnPaper};
use crate::schema::{finding_checks, finding_rechecks};
use crate::units::UnitId;
use crate::word_enum;

word_enum! {
    /// 立行立改 immediate, 限期整改 time-limited, 长期坚持 long-term.
    FindingKind { Immediate = "immediate", TimeLimited = "time_limited", LongTerm = "long_term" }
}

word_enum! {
    /// Where a finding stands. `stage_done` 阶段完成 is not closed, and counted apart.
    FindingState {
        Open = "open",
        Rectifying = "rectifying",
        Applied = "applied",
        Checked = "checked",
        Closed = "closed",
        StageDone = "stage_done",
        Dismissed = "dismissed",
    }
}

/// Who found it, when, and in which document.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FindingSource {
    /// The body that found it; as a rule one outside the tree.
    #[schema(example = "2019年度党建考核组")]
    pub body: String,
    /// The day it was found.
    pub on: NaiveDate,
    /// The document that says so.
    #[schema(example = "考核反馈〔2020〕3号")]
    pub document: Option<String>,
}

/// A unit that must put a finding right.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FindingUnit {
    pub unit_id: UnitId,
    /// Name on the day.
    pub name: String,
}

/// A finding 问题 on a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Finding {
    pub id: FindingId,
    /// The work year in which it is rectified.
    #[schema(example = 2020)]
    pub year: i64,
    pub title: String,
    /// What is wrong, in full.
    pub problem: Option<String>,
    /// Why it came about.
    pub root_cause: Option<String>,
    pub kind: FindingKind,
    pub source: FindingSource,
    /// The units that must put it right, in their own order.
    pub units: Vec<FindingUnit>,
    pub state: FindingState,
    /// The day from which it has stood so.
    pub state_since: NaiveDate,
    /// What was said when it came to stand so.
    pub state_reason: Option<String>,
    /// The day it was closed out 销号; null while it is not.
    pub closed_on: Option<NaiveDate>,
    /// Whether the rectification rate counts it as closed: closed, not relapsed, and, when it is long-term, with every
    /// owed node of its tasks done.
    pub counts_as_closed: bool,
    /// The earlier finding whose failed re-check made this one.
    pub relapse_of: Option<FindingId>,
    /// The finding that its failed re-check made.
    pub relapsed_as: Option<FindingId>,
    /// Its measures, oldest first.
    pub measures: Vec<Measure>,
    /// The tasks of plans that its measures became.
    pub task_ids: Vec<TaskId>,
    /// Nodes of those tasks that are owed.
    pub nodes_owed: i64,
    /// Of these, done.
    pub nodes_done: i64,
    /// What was last said of its progress: the text of the newest application.
    pub progress: Option<String>,
    pub raised_by: AccountId,
    pub recorded_on: NaiveDate,
    /// Counts the changes, those of its measures too; what `If-Match` compares.
    pub version: i64,
}

/// A measure 整改措施 against a finding.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Measure {
    pub id: MeasureId,
    pub finding_id: FindingId,
    /// What is done.
    pub text: String,
    /// The unit that does it.
    pub unit_id: UnitId,
    /// The leader who answers for it 责任领导: a post.
    pub leader: Option<String>,
    /// Who sees to it 责任人: a post.
    pub person: Option<String>,
    /// The day by which; null only where the finding is long-term.
    pub due_on: Option<NaiveDate>,
    /// The day is past, and nothing was applied for.
    pub overdue: bool,
    /// The tasks of plans that carry it out.
    pub task_ids: Vec<TaskId>,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// Who found it, when, and in which document.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"body": "2019年度党建考核组", "on": "2020-01-03", "document": "考核反馈〔2020〕3号"}))]
pub struct NewFindingSource {
    /// The body that found it; as a rule one outside the tree.
    pub body: Text<200>,
    /// The day it was found; not in the future.
    pub on: NaiveDate,
    /// The document that says so.
    #[serde(default)]
    pub document: Option<Text<200>>,
}

/// A finding to be raised.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "“三会一课”记录不完整", "kind": "time_limited", "unit_ids": [3],
    "source": {"body": "2019年度党建考核组", "on": "2020-01-03"}
}))]
pub struct NewFinding {
    pub title: Title,
    /// What is wrong, in full.
    #[serde(default)]
    pub problem: Option<Prose>,
    /// Why it came about.
    #[serde(default)]
    pub root_cause: Option<Prose>,
    pub kind: FindingKind,
    /// The units that must put it right, 1 to 50.
    #[validate(length(min = 1, max = 50))]
    #[schema(min_items = 1, max_items = 50)]
    pub unit_ids: Vec<UnitId>,
    #[validate(nested)]
    pub source: NewFindingSource,
    /// The work year in which it is rectified; by default that of the business day.
    #[serde(default)]
    #[validate(range(min = 2000, max = 2100))]
    #[schema(minimum = 2000, maximum = 2100)]
    pub year: Option<i64>,
}

/// A merge patch of a finding.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"root_cause": "换届后没有交接记录本"}))]
pub struct FindingPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub title: Option<Title>,
    #[serde(default)]
    #[schema(value_type = Option<Prose>)]
    pub problem: Field<Prose>,
    /// Its units too may say why it came about.
    #[serde(default)]
    #[schema(value_type = Option<Prose>)]
    pub root_cause: Field<Prose>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub kind: Option<FindingKind>,
    /// All the units that must put it right; one that has measures stays.
    #[serde(default, deserialize_with = "given")]
    #[validate(length(min = 1, max = 50))]
    #[schema(nullable = false, min_items = 1, max_items = 50)]
    pub unit_ids: Option<Vec<UnitId>>,
}

impl FindingPatch {
    /// Whether it says anything but why the thing came about.
    pub fn says_more_than_the_cause(&self) -> bool {
        self.title.is_some() || self.problem != Field::Keep || self.kind.is_some() || self.unit_ids.is_some()
    }
}

/// A measure to be taken.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "补齐2019年“三会一课”记录", "unit_id": 3, "leader": "支部书记", "due_on": "2020-04-30"}))]
pub struct NewMeasure {
    /// What is done.
    pub text: Text<2000>,
    /// The unit that does it: one of the finding's; may be left out when it has only one.
    #[serde(default)]
    pub unit_id: Option<UnitId>,
    /// The leader who answers for it 责任领导: a post.
    #[serde(default)]
    pub leader: Option<Text<100>>,
    /// Who sees to it 责任人: a post.
    #[serde(default)]
    pub person: Option<Text<100>>,
    /// The day by which; may be left out only where the finding is long-term.
    #[serde(default)]
    pub due_on: Option<NaiveDate>,
}

/// A merge patch of a measure.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"due_on": "2020-05-31"}))]
pub struct MeasurePatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub text: Option<Text<2000>>,
    #[serde(default)]
    #[schema(value_type = Option<Text<100>>)]
    pub leader: Field<Text<100>>,
    #[serde(default)]
    #[schema(value_type = Option<Text<100>>)]
    pub person: Field<Text<100>>,
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub due_on: Field<NaiveDate>,
}

/// Measures to be made a task of a plan.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"key_point_id": 1, "measure_ids": [1]}))]
pub struct NewFindingTask {
    /// The key point that the task is put into.
    pub key_point_id: KeyPointId,
    /// By default the title of the finding.
    #[serde(default)]
    pub title: Option<Title>,
    /// The measures that it carries out, at most 50; by default all of the finding.
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    pub measure_ids: Vec<MeasureId>,
    /// Why the plan is changed; required once it is issued, when the change is a revision.
    #[serde(default)]
    pub reason: Option<Text<2000>>,
}

/// What a unit says when it asks for the close-out.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "记录已补齐，经支部大会核对。", "on_paper": [{"title": "会议记录本", "place": "支部档案柜"}]}))]
pub struct NewCloseOut {
    pub text: Prose,
    /// Uploaded files, at most 50.
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    pub attachment_ids: Vec<AttachmentId>,
    /// Evidence kept on paper, at most 50.
    #[serde(default)]
    #[validate(nested, length(max = 50))]
    #[schema(max_items = 50)]
    pub on_paper: Vec<OnPaper>,
}

/// An application for the close-out 销号申请 of a finding.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CloseOutApplication {
    pub id: ApplicationId,
    pub finding_id: FindingId,
    pub text: String,
    /// Stored evidence files.
    pub attachments: Vec<Attachment>,
    /// Evidence kept on paper.
    pub on_paper: Vec<OnPaper>,
    pub applied_by: AccountId,
    pub applied_on: NaiveDate,
}

word_enum! {
    /// The ruling on an application.
    FindingCheckVerdict { Passed = "passed", Failed = "failed" }
}

/// A ruling on what was applied for.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"verdict": "passed"}))]
pub struct NewFindingCheck {
    pub verdict: FindingCheckVerdict,
    /// Why; required when it failed.
    #[serde(default)]
    pub reason: Option<Text<2000>>,
}

/// The ruling on an application.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = finding_checks)]
pub struct FindingCheck {
    pub id: CheckId,
    pub finding_id: FindingId,
    pub application_id: ApplicationId,
    pub verdict: FindingCheckVerdict,
    pub reason: Option<String>,
    pub checked_by: AccountId,
    pub checked_on: NaiveDate,
}

/// A remark that goes with a close-out or a stage.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"note": "同意销号"}))]
pub struct FindingNote {
    #[serde(default)]
    pub note: Option<Text<2000>>,
}

/// Why a finding is dismissed.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "经核实，该支部当年尚未成立"}))]
pub struct Dismissal {
    pub reason: Text<2000>,
}

word_enum! {
    /// What a look back came to.
    RecheckVerdict { Held = "held", Failed = "failed" }
}

/// A look back at a closed finding.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"verdict": "failed", "note": "一季度记录再次缺失"}))]
pub struct NewRecheck {
    pub verdict: RecheckVerdict,
    /// What was seen; required when it failed.
    #[serde(default)]
    pub note: Option<Text<2000>>,
    /// When it failed: the work year in which the new finding is rectified; by default that of the business day.
    #[serde(default)]
    #[validate(range(min = 2000, max = 2100))]
    #[schema(minimum = 2000, maximum = 2100)]
    pub year: Option<i64>,
}

/// A look back 回头看 at a closed finding.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = finding_rechecks)]
pub struct Recheck {
    pub id: RecheckId,
    pub finding_id: FindingId,
    pub verdict: RecheckVerdict,
    pub note: Option<String>,
    /// The new finding, when it failed.
    pub relapse_id: Option<FindingId>,
    pub rechecked_by: AccountId,
    pub rechecked_on: NaiveDate,
}
