//! Findings 问题: what an inspection found wrong, the measures against it, and how it is put right: `open → rectifying →
//! applied → checked → closed` 销号. Where a finding stands, what is said of it, its units and its measures are interval
//! rows, so that any day can be read as it stood. A closed finding stays closed: a re-check 回头看 that fails makes a new
//! one, with `relapse_of`, and a chain of relapses counts once, by its last life ([`rules::place`]).

pub mod applications;
pub mod close_out;
pub mod day;
mod history;
pub mod http;
pub mod ledger;
pub mod measures;
pub mod model;
pub mod raise;
pub mod rechecks;
pub mod rules;
pub mod store;
pub mod tasks;

use crate::access::{Action, Actor};
use crate::platform::Result;
use crate::platform::error::FORBIDDEN;
use crate::{codes, id_type};

id_type! {
    /// A finding.
    FindingId
}
id_type! {
    /// A measure against a finding.
    MeasureId
}
id_type! {
    /// An application for the close-out of a finding.
    ApplicationId
}
id_type! {
    /// The ruling on an application.
    CheckId
}
id_type! {
    /// A look back at a closed finding.
    RecheckId
}

codes! {
    FINDING_UNKNOWN: 422 "finding_unknown" "没有编号为 {id} 的问题；请核对编号。" "There is no finding with the id {id}; check the number.";
    FINDING_ENDED: 409 "finding_ended" "该问题当前为“{state}”，已经了结，不能再这样处理。" "The finding is {state}: it has ended and can't be dealt with so.";
    MEASURES_FIXED: 409 "measures_fixed" "该问题当前为“{state}”，整改措施不能增改；申请销号前才可以。"
        "The finding is {state}; its measures change only before its close-out is applied for.";
    MEASURE_UNIT_OUTSIDE: 422 "measure_unit_outside" "整改措施由该问题的责任单位承担：{units}。" "A measure is taken by a unit of the finding: {units}.";
    MEASURE_UNIT_UNSAID: 422 "measure_unit_unsaid" "该问题有多个责任单位；请写明是哪个组织 `unit_id`。" "The finding names several units; say for which unit `unit_id`.";
    DUE_REQUIRED: 422 "measure_due_required" "整改措施须有时限 `due_on`；只有长期坚持的问题可以不写。"
        "A measure needs a day `due_on`; only those of a long-term finding may go without.";
    LAST_MEASURE: 409 "last_measure" "这是该问题的最后一条整改措施；请先增加另一条再删除。"
        "It is the last measure of the finding; add another before removing it.";
    MEASURE_UNKNOWN: 422 "measure_unknown" "该问题没有编号为 {id} 的整改措施。" "The finding has no measure with the id {id}.";
    MEASURES_DIFFER: 422 "measures_differ" "这些措施的责任单位时限不一致，不能合为一项任务；请分别转为任务 `measure_ids`。"
        "Not each unit of these measures has one by each of their days, so they make no single task; choose fewer `measure_ids`.";
    UNIT_HAS_MEASURES: 409 "unit_has_measures" "组织 {unit} 承担着该问题的整改措施；请先处理其措施。"
        "Unit {unit} has measures of the finding; settle those first.";
    NO_TASK_NOW: 409 "no_task_now" "该问题当前为“{state}”，不能转为任务；须在整改之中，或是已销号的长期坚持问题。"
        "The finding is {state}; it becomes tasks while it is rectified, or once closed when it is long-term.";
    NOT_TO_APPLY: 409 "not_to_apply" "该问题当前为“{state}”，不能申请销号；须先有整改措施，且不在待复核或已了结。"
        "The finding is {state}; its close-out is applied for while it is rectified, after a first measure.";
    NOT_APPLIED: 409 "not_applied" "该问题当前为“{state}”，没有待复核的销号申请。" "The finding is {state}; no application awaits a check.";
    NOT_CHECKED: 409 "finding_not_checked" "该问题当前为“{state}”，复核通过后才能销号。" "The finding is {state}; it is closed out after its check was passed.";
    NOT_TO_STAGE: 409 "not_to_stage" "该问题当前为“{state}”，不能标为阶段完成；须在整改之中或复核通过之后。"
        "The finding is {state}; a stage is done while it is rectified or after its check was passed.";
    IMMEDIATE_STAGE: 409 "immediate_stage" "立行立改的问题没有阶段；请改正后申请销号。" "What is to be put right at once has no stages; put it right and apply.";
    NOT_CLOSED: 409 "finding_not_closed" "该问题当前为“{state}”，只有已销号的问题才回头看。" "The finding is {state}; only a closed one is looked back at.";
    ALREADY_RELAPSED: 409 "already_relapsed" "该问题回头看未过，已另立新问题；请对新问题办理。"
        "A re-check of the finding failed already; deal with the finding that it made.";
    CHECK_UNEXPLAINED: 422 "check_unexplained" "复核不通过须写明理由 reason。" "A failed check needs a reason.";
    RECHECK_UNEXPLAINED: 422 "recheck_unexplained" "回头看未过须写明情况 note。" "A failed re-check needs a note of what was seen.";
    OWN_APPLICATION: 403 "own_application" "不能复核自己提出的销号申请；请由其他有权限的人复核。"
        "Nobody checks their own application; somebody else who may must check it.";
    OWN_FINDING: 403 "own_finding" "在该问题的责任单位任职的人不能复核、销号或回头看；请由上级办理。"
        "Who holds a post in a unit of the finding neither checks nor closes it, nor looks back; ask a unit above.";
    NOT_YOUR_FINDING: 403 "not_your_finding" "只有提出该问题的巡察人员或上级领导可以撤销它。"
        "Only the inspector who raised the finding or a leader above may dismiss it.";
}

/// 403 unless the actor may read what one of the finding's units owes.
pub fn must_read(actor: &Actor, finding: &store::FindingRow) -> Result<()> {
    let may = finding.sites.iter().any(|site| actor.may(Action::ReadNodes, site));
    if may { Ok(()) } else { Err(FORBIDDEN.err()) }
}
