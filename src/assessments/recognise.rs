//! The ruling on a checked assessment 认定, and its withdrawal.

use serde_json::json;

use super::model::{Assessment, ClauseResult, NewRuling, RecognitionRuling, RecognitionWithdrawal};
use super::open::{conclude, is_of_unit, load};
use super::rules::{View, clause_standing};
use super::steps::{Step, require};
use super::store::AssessmentRow;
use super::{
    AssessmentId, CHECKER_OF_UNIT, DECISION_NOT_ABOVE, DECISION_REQUIRED, MANDATORY_UNMET, NOT_RECOGNISED_UNEXPLAINED,
    store,
};
use crate::access::{Action, Actor, Site};
use crate::meetings::{self, decisions};
use crate::platform::db::today;
use crate::platform::{Conn, Result};
use crate::standards;

/// Refuses who may not rule: without the right, or with a post in the unit.
pub fn require_may_rule(actor: &Actor, site: &Site) -> Result<()> {
    actor.must(Action::Recognise, site)?;
    if is_of_unit(actor, site) { Err(CHECKER_OF_UNIT.err()) } else { Ok(()) }
}

/// Rules on a checked assessment. A branch is recognised only while every mandatory clause is met.
pub fn rule(conn: &mut Conn, actor: &Actor, id: AssessmentId, input: &NewRuling) -> Result<Assessment> {
    let (row, site) = load(conn, id)?;
    require_may_rule(actor, &site)?;
    actor.request.if_match.check(row.version)?;
    require(Step::Rule, row.state)?;
    match input.verdict {
        RecognitionRuling::Recognised => require_mandatory(conn, &row)?,
        RecognitionRuling::NotRecognised if input.reason.is_none() => {
            return Err(NOT_RECOGNISED_UNEXPLAINED.at("/reason", []).into_error());
        }
        RecognitionRuling::NotRecognised => {}
    }
    require_decision(conn, input, &site)?;
    let today = today(conn)?;
    store::mark_ruled(conn, id, input, actor.account()?, today)?;
    let details = json!({"verdict": input.verdict, "decision_id": input.decision_id, "reason": input.reason});
    conclude(conn, actor, "assessment.recognise", id, &details)
}

/// A recognition is by a decision, and any decision named is one of a unit above that was not voted down.
fn require_decision(conn: &mut Conn, input: &NewRuling, site: &Site) -> Result<()> {
    let Some(id) = input.decision_id else {
        let needed = input.verdict == RecognitionRuling::Recognised;
        return if needed { Err(DECISION_REQUIRED.at("/decision_id", []).into_error()) } else { Ok(()) };
    };
    let row = decisions::store::named(conn, id, "/decision_id")?;
    let meeting = meetings::store::get(conn, row.meeting_id)?;
    let is_above = meetings::store::site_of(conn, &meeting)?.is_above(site);
    let stands = row.votes().is_none_or(|votes| decisions::rules::passed(&votes));
    if is_above && stands { Ok(()) } else { Err(DECISION_NOT_ABOVE.at("/decision_id", []).into_error()) }
}

/// Every mandatory clause is met today, or not applicable: by the newest check that assessed it, as in every report.
fn require_mandatory(conn: &mut Conn, row: &AssessmentRow) -> Result<()> {
    let today = today(conn)?;
    let results = store::checked_results(conn, [row.set_id])?;
    let mut unmet = Vec::new();
    for clause in standards::store::clauses_of(conn, row.set_id)?.iter().filter(|clause| clause.mandatory) {
        let of = results.get(&(row.unit_id, clause.id)).map_or(&[][..], Vec::as_slice);
        let standing = clause_standing(of, clause.evidence_months, today, View::Recorded);
        if !matches!(standing.result, ClauseResult::Met | ClauseResult::NotApplicable) {
            unmet.push(clause.code.as_str().to_owned());
        }
    }
    if unmet.is_empty() { Ok(()) } else { Err(MANDATORY_UNMET.with([("clauses", unmet.join(", "))])) }
}

/// Withdraws a recognition.
pub fn withdraw(conn: &mut Conn, actor: &Actor, id: AssessmentId, input: &RecognitionWithdrawal) -> Result<Assessment> {
    let (row, site) = load(conn, id)?;
    require_may_rule(actor, &site)?;
    actor.request.if_match.check(row.version)?;
    require(Step::Withdraw, row.state)?;
    let today = today(conn)?;
    store::mark_withdrawn(conn, id, input.reason.as_str(), actor.account()?, today)?;
    conclude(conn, actor, "assessment.withdraw", id, &json!({"reason": input.reason}))
}
