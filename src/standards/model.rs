//! Sets, clauses and links as they are shown, and the inputs that make and change them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{ClauseId, ClauseTaskId, Points, SetId};
use crate::access::AccountId;
use crate::plans::TaskId;
use crate::platform::Field;
use crate::platform::patch::given;
use crate::platform::text::{Prose, Text, Title};
use crate::progress::AttachmentId;
use crate::progress::model::Attachment;
use crate::units::UnitId;
use crate::word_enum;

word_enum! {
    /// Where a set stands.
    SetStatus { Draft = "draft", Published = "published" }
}

/// A set of work standards 标准.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct StandardSet {
    pub id: SetId,
    /// The unit that sets it; it applies to this unit and everything below, unless a unit nearer by has one of its own.
    pub unit_id: UnitId,
    pub title: String,
    /// Which edition this is.
    #[schema(example = "2020")]
    pub edition: String,
    /// The set that it was copied from and supersedes.
    pub from_set_id: Option<SetId>,
    pub status: SetStatus,
    /// The day it was published; null while a draft.
    pub published_on: Option<NaiveDate>,
    pub published_by: Option<AccountId>,
    /// How many clauses it has.
    pub clauses: i64,
    /// The points of all its clauses.
    pub points: Points,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// A new set, as a draft.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit_id": 1, "title": "党支部标准化建设标准", "edition": "2020"}))]
pub struct NewSet {
    /// The unit that sets it: a committee, a general branch or a superior unit.
    pub unit_id: UnitId,
    pub title: Title,
    pub edition: Text<40>,
    /// A published set whose clauses are copied, with their documents and their links to tasks.
    #[serde(default)]
    pub from_set_id: Option<SetId>,
}

/// A merge patch of a draft.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"edition": "2020修订"}))]
pub struct SetPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub title: Option<Title>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub edition: Option<Text<40>>,
}

/// A clause 标准条款 of a set.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Clause {
    pub id: ClauseId,
    pub set_id: SetId,
    /// Its place in the set, from 1.
    pub position: i64,
    /// Its code, unique in the set; by it two sets are compared.
    #[schema(example = "1.3")]
    pub code: String,
    #[schema(example = "基本组织")]
    pub category: String,
    pub title: String,
    /// What is asked.
    pub requirement: Option<String>,
    pub points: Points,
    /// Without it a branch is not recognised 一票否决.
    pub mandatory: bool,
    /// What is missing can still be made good; false 不可补.
    pub curable: bool,
    /// For how many months evidence counts, 1 to 120; null: without end.
    pub evidence_months: Option<i64>,
    /// Its procedure documents 作业程序.
    pub documents: Vec<Attachment>,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// A new clause of a draft.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"category": "基本组织", "code": "1.3", "title": "按期换届", "points": 2.5, "mandatory": true}))]
pub struct NewClause {
    pub code: Text<40>,
    pub category: Text<100>,
    pub title: Title,
    /// What is asked.
    #[serde(default)]
    pub requirement: Option<Prose>,
    /// 0 to 1000.
    pub points: Points,
    /// Without it a branch is not recognised 一票否决; by default false.
    #[serde(default)]
    pub mandatory: bool,
    /// What is missing can still be made good; by default true.
    #[serde(default = "yes")]
    pub curable: bool,
    /// For how many months evidence counts, 1 to 120; by default without end.
    #[serde(default)]
    #[validate(range(min = 1, max = 120))]
    #[schema(minimum = 1, maximum = 120)]
    pub evidence_months: Option<i64>,
    /// Uploaded procedure documents, at most 20.
    #[serde(default)]
    #[validate(length(max = 20))]
    #[schema(max_items = 20)]
    pub document_ids: Vec<AttachmentId>,
    /// Its place in the set, from 1; by default after the last.
    #[serde(default)]
    #[validate(range(min = 1, max = 1000))]
    #[schema(minimum = 1, maximum = 1000)]
    pub position: Option<i64>,
}

fn yes() -> bool {
    true
}

/// A merge patch of a clause of a draft.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"points": 3.0}))]
pub struct ClausePatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub code: Option<Text<40>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub category: Option<Text<100>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub title: Option<Title>,
    #[serde(default)]
    #[schema(value_type = Option<Prose>)]
    pub requirement: Field<Prose>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub points: Option<Points>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub mandatory: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub curable: Option<bool>,
    /// 1 to 120.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 120)]
    pub evidence_months: Field<i64>,
    /// The procedure documents that it has from now on, at most 20.
    #[serde(default, deserialize_with = "given")]
    #[validate(length(max = 20))]
    #[schema(nullable = false, max_items = 20)]
    pub document_ids: Option<Vec<AttachmentId>>,
    #[serde(default, deserialize_with = "given")]
    #[validate(range(min = 1, max = 1000))]
    #[schema(nullable = false, minimum = 1, maximum = 1000)]
    pub position: Option<i64>,
}

/// What differs between two sets, clause by clause, told by their codes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SetDiff {
    pub from_set_id: SetId,
    pub to_set_id: SetId,
    /// Clauses that only the second set has.
    pub added: Vec<Clause>,
    /// Clauses of both that do not say the same. Their place alone is no difference.
    pub changed: Vec<ChangedClause>,
    /// Clauses that only the first set has.
    pub removed: Vec<Clause>,
}

/// A clause that two sets have, and that does not say the same in both.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangedClause {
    pub code: String,
    pub before: Clause,
    pub after: Clause,
}

/// That a task does what a clause asks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClauseTask {
    pub id: ClauseTaskId,
    pub clause_id: ClauseId,
    pub task_id: TaskId,
    /// The day it was linked.
    pub recorded_from: NaiveDate,
    /// The day the link ended; null while it holds.
    pub recorded_to: Option<NaiveDate>,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// A link from a clause to a task of an issued plan.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"task_id": 7}))]
pub struct NewClauseTask {
    pub task_id: TaskId,
}
