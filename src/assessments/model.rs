//! Assessments and their results as they are shown, and the inputs that make and change them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::AssessmentId;
use crate::access::AccountId;
use crate::meetings::decisions::DecisionId;
use crate::plans::TaskId;
use crate::platform::text::Text;
use crate::progress::AttachmentId;
use crate::progress::model::{Attachment, OnPaper};
use crate::standards::{ClauseId, Points, SetId};
use crate::time_nodes::model::TimeNode;
use crate::units::UnitId;
use crate::word_enum;

word_enum! {
    /// Where an assessment stands.
    AssessmentState {
        Draft = "draft",
        SelfAssessed = "self_assessed",
        Checked = "checked",
        Recognised = "recognised",
        NotRecognised = "not_recognised",
        Withdrawn = "withdrawn",
    }
}

word_enum! {
    /// What an assessment says of a clause.
    ClauseResult {
        Met = "met",
        Partly = "partly",
        NotMet = "not_met",
        /// Left out of the count; needs a leader's approval.
        NotApplicable = "not_applicable",
        /// Nothing is said of it.
        NotAssessed = "not_assessed",
    }
}

word_enum! {
    /// What the time nodes of the linked tasks propose.
    Proposal { Met = "met", Partly = "partly", NotMet = "not_met" }
}

impl Proposal {
    /// The result that is proposed.
    pub fn result(self) -> ClauseResult {
        match self {
            Proposal::Met => ClauseResult::Met,
            Proposal::Partly => ClauseResult::Partly,
            Proposal::NotMet => ClauseResult::NotMet,
        }
    }
}

word_enum! {
    /// The ruling on a checked assessment 认定.
    RecognitionRuling { Recognised = "recognised", NotRecognised = "not_recognised" }
}

word_enum! {
    /// Whose evidence an attachment is: of the unit itself, or of the checker.
    Side { Own = "self", Check = "check" }
}

/// How many clauses have which result, and their points.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Tally {
    pub met: i64,
    pub partly: i64,
    pub not_met: i64,
    pub not_applicable: i64,
    /// Clauses of which nothing is said.
    pub not_assessed: i64,
    /// The points that were given.
    pub points: Points,
    /// The points of all clauses but those not applicable.
    pub of_points: Points,
}

/// An assessment 达标评定 of a branch.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Assessment {
    pub id: AssessmentId,
    /// The branch.
    pub unit_id: UnitId,
    /// The published set it is assessed against.
    pub set_id: SetId,
    pub state: AssessmentState,
    pub opened_by: AccountId,
    pub opened_on: NaiveDate,
    /// Who submitted the self-assessment.
    pub self_assessed_by: Option<AccountId>,
    pub self_assessed_on: Option<NaiveDate>,
    /// The self-assessment was submitted by the department for the branch 代录.
    pub on_behalf: bool,
    pub checked_by: Option<AccountId>,
    /// The business day of the check.
    pub checked_on: Option<NaiveDate>,
    /// The day the check was recorded.
    pub check_recorded_on: Option<NaiveDate>,
    /// The business day of the check lies before the day it was recorded.
    pub back_dated: bool,
    /// The decision by which it was ruled on.
    pub decision_id: Option<DecisionId>,
    /// Who ruled.
    pub ruled_by: Option<AccountId>,
    /// What was said with the ruling.
    pub ruling_reason: Option<String>,
    /// The day the branch was recognised; null when it was not.
    pub recognised_on: Option<NaiveDate>,
    /// The day it was found not to be recognised.
    pub not_recognised_on: Option<NaiveDate>,
    pub withdrawn_by: Option<AccountId>,
    /// The day the recognition was withdrawn.
    pub withdrawn_on: Option<NaiveDate>,
    pub withdrawal_reason: Option<String>,
    /// What the branch says of itself: shown beside, never counted.
    pub self_assessment: Tally,
    /// What the checker says; counts once it is checked.
    pub check: Tally,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// What an assessment says of one clause.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ResultLine {
    pub clause_id: ClauseId,
    #[schema(example = "1.3")]
    pub code: String,
    pub category: String,
    pub title: String,
    pub mandatory: bool,
    pub curable: bool,
    /// The points of the clause.
    pub clause_points: Points,
    /// For how many months evidence counts; null: without end.
    pub evidence_months: Option<i64>,
    /// What the branch says of itself; null where it says nothing.
    pub self_result: Option<ClauseResult>,
    pub self_points: Option<Points>,
    pub self_note: Option<String>,
    pub self_attachments: Vec<Attachment>,
    pub self_on_paper: Vec<OnPaper>,
    /// What the checker says; null where nothing is said yet.
    pub result: Option<ClauseResult>,
    pub points: Option<Points>,
    /// Why not all points.
    pub deduction_reason: Option<String>,
    /// What the nodes of the linked tasks propose: today, and once checked as it was at the check.
    pub proposal: Option<Proposal>,
    /// Why the result differs from the proposal.
    pub overrule_reason: Option<String>,
    pub note: Option<String>,
    /// The day of the evidence, from which its validity runs; by default that of the check.
    pub evidence_on: Option<NaiveDate>,
    pub attachments: Vec<Attachment>,
    pub on_paper: Vec<OnPaper>,
    /// The leader who approved that the clause is not applicable.
    pub approved_by: Option<AccountId>,
    /// The tasks linked to the clause: today, and once checked on the day the check was recorded.
    pub task_ids: Vec<TaskId>,
    /// The time nodes that the branch owes of these tasks, with their verdicts on that day.
    pub time_nodes: Vec<TimeNode>,
}

/// A new assessment of a branch.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit_id": 3}))]
pub struct NewAssessment {
    /// The branch.
    pub unit_id: UnitId,
    /// A published set of the branch or of a unit above it; by default the one that applies today.
    #[serde(default)]
    pub set_id: Option<SetId>,
}

/// What a branch says of itself. Each named clause is said anew, the others stay as they are.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"results": [{"clause_id": 1, "result": "met", "note": "3月换届"}]}))]
pub struct SelfResults {
    /// 1 to 500 clauses.
    #[validate(nested, length(min = 1, max = 500))]
    #[schema(min_items = 1, max_items = 500)]
    pub results: Vec<SelfResult>,
}

/// What a branch says of itself on one clause.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"clause_id": 1, "result": "met"}))]
pub struct SelfResult {
    pub clause_id: ClauseId,
    pub result: ClauseResult,
    /// Required for `partly`; by default all points for `met`, none for `not_met`.
    #[serde(default)]
    pub points: Option<Points>,
    #[serde(default)]
    pub note: Option<Text<2000>>,
    /// Uploaded evidence, at most 50.
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

/// What the checker says. Each named clause is said anew, the others stay as they are.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"results": [{"clause_id": 1, "result": "partly", "points": 1.5, "deduction_reason": "记录不全"}]}))]
pub struct CheckResults {
    /// 1 to 500 clauses.
    #[validate(nested, length(min = 1, max = 500))]
    #[schema(min_items = 1, max_items = 500)]
    pub results: Vec<CheckResult>,
}

/// What the checker says of one clause.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"clause_id": 1, "result": "met", "evidence_on": "2020-03-20"}))]
pub struct CheckResult {
    pub clause_id: ClauseId,
    /// Left out, the proposal is taken. `not_applicable` needs a leader's approval before the check; one that a leader
    /// enters has it at once, and one that is entered again needs it again.
    #[serde(default)]
    pub result: Option<ClauseResult>,
    /// Required for `partly`; by default all points for `met`, none for `not_met`.
    #[serde(default)]
    pub points: Option<Points>,
    /// Required for less than all points.
    #[serde(default)]
    pub deduction_reason: Option<Text<2000>>,
    /// Required where the result differs from the proposal.
    #[serde(default)]
    pub overrule_reason: Option<Text<2000>>,
    /// Required for `not_applicable`.
    #[serde(default)]
    pub note: Option<Text<2000>>,
    /// The day of the evidence, from which its validity runs; by default the day of the check, and never after it.
    #[serde(default)]
    pub evidence_on: Option<NaiveDate>,
    /// Uploaded evidence, at most 50.
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

/// Which clauses a leader approves as not applicable.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"clause_ids": [1]}))]
pub struct Approval {
    /// Clauses that the checker put as `not_applicable`, 1 to 500.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_items = 1, max_items = 500)]
    pub clause_ids: Vec<ClauseId>,
}

/// How an assessment is checked.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"checked_on": "2020-03-20"}))]
pub struct NewCheck {
    /// The business day of the check; by default today. An earlier one, from the day the set was published, is
    /// back-dating.
    #[serde(default)]
    pub checked_on: Option<NaiveDate>,
}

/// The ruling on a checked assessment.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"verdict": "recognised", "decision_id": 1}))]
pub struct NewRuling {
    pub verdict: RecognitionRuling,
    /// The decision by which it is ruled: of a meeting of a unit above, and passed where it was voted on. Required for
    /// `recognised`.
    #[serde(default)]
    pub decision_id: Option<DecisionId>,
    /// Required for `not_recognised`.
    #[serde(default)]
    pub reason: Option<Text<2000>>,
}

/// Why a recognition is withdrawn.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "抽查发现换届材料不实"}))]
pub struct RecognitionWithdrawal {
    pub reason: Text<2000>,
}
