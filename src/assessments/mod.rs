//! Assessments 达标评定 of branches against the published set that applies to them: draft → self_assessed 自评 → checked
//! 复核 → recognised 认定 or not_recognised, and recognised → withdrawn. Only what was checked counts; the
//! self-assessment is shown beside. A check freezes every result. What a clause counts as for a unit on a day is said
//! by [`rules::clause_standing`] alone, for every rate, list and page.

pub mod check;
pub mod http;
pub mod model;
pub mod open;
pub mod points;
pub mod proposals;
pub mod recognise;
pub mod rules;
pub mod self_assess;
pub mod sheet;
pub mod steps;
pub mod store;

use crate::{codes, id_type};

id_type! {
    /// An assessment of a unit.
    AssessmentId
}

codes! {
    NOT_A_BRANCH: 422 "not_a_branch" "只评定党支部；请改用党支部的编号。" "Only branches are assessed; name a unit of kind branch.";
    UNIT_ENDED: 409 "unit_ended" "该党支部已撤销，不再评定。" "The branch is dissolved and is not assessed any more.";
    NO_STANDARD_SET: 409 "no_standard_set" "该党支部没有适用的已发布标准；请先发布标准。"
        "No published standard set applies to the branch; publish one first.";
    SET_NOT_APPLYING: 422 "set_not_applying" "编号为 {id} 的标准未发布，或不是该党支部或其上级的。"
        "The set {id} is not published, or is not one of the branch or of a unit above it.";
    ASSESSMENT_OPEN: 409 "assessment_open" "该党支部已有评定 {id} 尚未复核；请先办完。"
        "The branch has the assessment {id}, which is not checked yet; finish that one first.";
    ALREADY_SELF_ASSESSED: 409 "already_self_assessed" "自评已提交，不能再改；请等待复核。"
        "The self-assessment was submitted and can't be changed; it awaits the check.";
    NOT_SELF_ASSESSED: 409 "not_self_assessed" "尚未提交自评；请先由党支部提交，或由党务部门代录。"
        "The self-assessment was not submitted yet; the branch submits it, or the department for it.";
    ASSESSMENT_FROZEN: 409 "assessment_frozen" "评定已复核，各项结果已冻结；如有变化，请另作一次评定。"
        "The assessment is checked and its results are frozen; if something changed, open another.";
    ALREADY_CHECKED: 409 "already_checked" "该评定已复核过。" "The assessment has been checked already.";
    NOT_CHECKED: 409 "not_checked" "该评定尚未复核，不能认定。" "The assessment is not checked yet, so nothing can be ruled on it.";
    ALREADY_RULED: 409 "already_ruled" "该评定已作出认定结论。" "The assessment has its ruling already.";
    NOTHING_TO_WITHDRAW: 409 "nothing_to_withdraw" "该评定没有可撤销的认定。" "There is no recognition here that could be withdrawn.";
    RECOGNITION_WITHDRAWN: 409 "recognition_withdrawn" "该认定已撤销。" "The recognition is withdrawn already.";
    SELF_ASSESSMENT_EMPTY: 409 "self_assessment_empty" "自评没有任何结果；请至少自评一项条款。"
        "The self-assessment says nothing; assess at least one clause.";
    CHECK_EMPTY: 409 "check_empty" "复核没有任何结果；请至少复核一项条款。" "The check says nothing; give at least one clause a result.";
    CLAUSE_NOT_IN_SET: 422 "clause_not_in_set" "所评标准没有编号为 {id} 的条款。" "The set has no clause with the id {id}.";
    CLAUSE_TWICE: 422 "clause_twice" "条款 {id} 出现了两次。" "The clause {id} is named twice.";
    POINTS_ABOVE: 422 "points_above" "得分不能超过该条款的分值 {points}。" "No more than the points of the clause, {points}.";
    POINTS_MISSING: 422 "points_missing" "部分达标须写明得分 points。" "What is partly met needs its points.";
    POINTS_UNUSED: 422 "points_unused" "不适用或未评定的条款没有得分；请去掉 points。"
        "What is not applicable or not assessed has no points; leave them out.";
    DEDUCTION_UNEXPLAINED: 422 "deduction_unexplained" "未得满分须写明扣分理由 deduction_reason。"
        "Less than all points needs a deduction_reason.";
    OVERRULE_UNEXPLAINED: 422 "overrule_unexplained" "与系统建议（{proposal}）不同，须写明理由 overrule_reason。"
        "This differs from the proposal ({proposal}) and needs an overrule_reason.";
    NOT_APPLICABLE_UNEXPLAINED: 422 "not_applicable_unexplained" "不适用须在 note 中写明理由。"
        "What is not applicable needs its reason in note.";
    NO_PROPOSAL: 422 "no_proposal" "该条款没有系统建议；请写明 result。" "Nothing is proposed for this clause; give a result.";
    PROPOSALS_DIFFER: 409 "proposals_differ" "以下条款与系统现在的建议不同，须写明理由 overrule_reason：{clauses}。"
        "These clauses differ from what is proposed by now and need an overrule_reason: {clauses}.";
    EVIDENCE_DESTROYED: 409 "evidence_destroyed" "以下条款的佐证文件已销毁：{clauses}；请改用其他佐证。"
        "The evidence of these clauses was destroyed: {clauses}; name other evidence.";
    EVIDENCE_AFTER_CHECK: 422 "evidence_after_check" "以下条款的佐证日期晚于复核日期：{clauses}。"
        "The evidence of these clauses is of a day after the check: {clauses}.";
    NOT_PUT_AS_NOT_APPLICABLE: 422 "not_put_as_not_applicable" "条款 {id} 没有被评为不适用，无须批准。"
        "The clause {id} was not put as not applicable; there is nothing to approve.";
    NOT_APPLICABLE_UNAPPROVED: 409 "not_applicable_unapproved" "以下条款评为不适用，须先由上级领导批准：{clauses}。"
        "These clauses are put as not applicable and need a leader's approval first: {clauses}.";
    CHECKER_OF_UNIT: 403 "checker_of_unit" "在该党支部任职的人员不能复核、认定本支部。"
        "Nobody who holds a post in the branch checks it or rules on it.";
    OWN_SELF_ASSESSMENT: 403 "own_self_assessment" "不能复核自己提交的自评；请由其他有权限的人复核。"
        "Nobody checks a self-assessment that they submitted; somebody else who may must check it.";
    CHECKED_ON_OUTSIDE: 422 "checked_on_outside" "复核日期须在 {first} 至 {last} 之间。" "The day of the check `checked_on` must lie between {first} and {last}.";
    MANDATORY_UNMET: 409 "mandatory_unmet" "以下一票否决条款未达标，不能认定：{clauses}。"
        "These mandatory clauses are not met, so the branch can't be recognised: {clauses}.";
    DECISION_REQUIRED: 422 "decision_required" "认定须依据会议决定；请选定一项决定 `decision_id`。"
        "A recognition is by a decision; name the decision `decision_id`.";
    DECISION_NOT_ABOVE: 422 "decision_not_above" "认定须依据上级组织会议已通过的决定。"
        "The decision has to be one that was passed at a meeting of a unit above the branch.";
    NOT_RECOGNISED_UNEXPLAINED: 422 "not_recognised_unexplained" "不予认定须写明理由 reason。" "Not recognising needs a reason.";
}
