//! The check 复核: the checker's results beside what the linked tasks propose, a leader's approval of what is not
//! applicable, and the check itself, which freezes them all.

use chrono::NaiveDate;
use serde_json::json;

use super::model::{Approval, Assessment, CheckResult, CheckResults, ClauseResult, NewCheck, ResultLine};
use super::open::{conclude, is_of_unit, load};
use super::points::settle;
use super::proposals::differs;
use super::self_assess::{named_once, refuse};
use super::steps::{Step, require};
use super::store::AssessmentRow;
use super::{
    AssessmentId, CHECK_EMPTY, CHECKED_ON_OUTSIDE, CHECKER_OF_UNIT, DEDUCTION_UNEXPLAINED, EVIDENCE_AFTER_CHECK,
    EVIDENCE_DESTROYED, NO_PROPOSAL, NOT_APPLICABLE_UNAPPROVED, NOT_APPLICABLE_UNEXPLAINED, NOT_PUT_AS_NOT_APPLICABLE,
    OVERRULE_UNEXPLAINED, OWN_SELF_ASSESSMENT, PROPOSALS_DIFFER, sheet, store,
};
use crate::access::{Action, Actor, Site};
use crate::platform::days::by_today;
use crate::platform::db::today;
use crate::platform::error::FORBIDDEN;
use crate::platform::text::Text;
use crate::platform::{Code, Conn, Fault, Result};
use crate::progress::Evidence;
use crate::progress::attachments::usable_at;
use crate::standards::{self, Points};

/// An assessment that the actor may check: the first line of whatever a checker does.
fn to_check(conn: &mut Conn, actor: &Actor, id: AssessmentId) -> Result<(AssessmentRow, Site)> {
    let (row, site) = load(conn, id)?;
    require_may_check(actor, &row, &site)?;
    Ok((row, site))
}

/// Refuses who may not check: without the right, with a post in the unit, or who submitted the self-assessment.
pub fn require_may_check(actor: &Actor, row: &AssessmentRow, site: &Site) -> Result<()> {
    actor.must(Action::CheckAssessments, site)?;
    if is_of_unit(actor, site) {
        return Err(CHECKER_OF_UNIT.err());
    }
    if row.self_assessed_by.is_some() && row.self_assessed_by == actor.account_id {
        return Err(OWN_SELF_ASSESSMENT.err());
    }
    Ok(())
}

/// Enters the checker's results.
pub fn put(
    conn: &mut Conn,
    actor: &Actor,
    evidence: &Evidence,
    id: AssessmentId,
    input: &CheckResults,
) -> Result<Assessment> {
    let (row, site) = to_check(conn, actor, id)?;
    actor.request.if_match.check(row.version)?;
    require(Step::Enter, row.state)?;
    let today = today(conn)?;
    let clauses = standards::store::clauses_of(conn, row.set_id)?;
    let mut faults = named_once(&clauses, input.results.iter().map(|result| result.clause_id));
    let lines = sheet::lines(conn, &row, today)?;
    let mut settled = Vec::with_capacity(input.results.len());
    for (index, said) in input.results.iter().enumerate() {
        let at = format!("/results/{index}");
        by_today(said.evidence_on, today, &format!("{at}/evidence_on"))?;
        let Some(line) = lines.iter().find(|line| line.clause_id == said.clause_id) else { continue };
        match examine(said, line, &at) {
            Ok((result, points)) => settled.push((said, result, points, at)),
            Err(fault) => faults.push(fault),
        }
    }
    refuse(faults)?;
    // Whoever may approve approves by entering it.
    let leader = actor.account_id.filter(|_| actor.may(Action::Recognise, &site));
    for (said, result, points, at) in settled {
        let files = usable_at(conn, actor, evidence, &said.attachment_ids, &format!("{at}/attachment_ids"))?;
        let checked = sheet::CheckedRow {
            clause_id: said.clause_id,
            result,
            points,
            deduction_reason: said.deduction_reason.as_ref().map(Text::as_str),
            overrule_reason: said.overrule_reason.as_ref().map(Text::as_str),
            note: said.note.as_ref().map(Text::as_str),
            evidence_on: said.evidence_on,
            on_paper: &said.on_paper,
            files,
            approved_by: leader.filter(|_| result == ClauseResult::NotApplicable),
        };
        sheet::put_checked(conn, id, &checked)?;
    }
    store::bump(conn, id)?;
    let named: Vec<_> = input.results.iter().map(|said| json!([said.clause_id, said.result])).collect();
    conclude(conn, actor, "assessment.results", id, &json!({"results": named}))
}

/// The result and its points, or what is wrong with them.
fn examine(said: &CheckResult, line: &ResultLine, at: &str) -> Result<(ClauseResult, Option<Points>), Fault> {
    let taken = said.result.or(line.proposal.map(|proposal| proposal.result()));
    let Some(result) = taken else { return Err(NO_PROPOSAL.at(format!("{at}/result"), [])) };
    let points = settle(result, said.points, line.clause_points, at)?;
    if points.is_some_and(|points| points < line.clause_points) && said.deduction_reason.is_none() {
        return Err(DEDUCTION_UNEXPLAINED.at(format!("{at}/deduction_reason"), []));
    }
    if result == ClauseResult::NotApplicable && said.note.is_none() {
        return Err(NOT_APPLICABLE_UNEXPLAINED.at(format!("{at}/note"), []));
    }
    match line.proposal {
        Some(proposal) if differs(result, Some(proposal)) && said.overrule_reason.is_none() => {
            let args = [("proposal", proposal.word().to_owned())];
            Err(OVERRULE_UNEXPLAINED.at(format!("{at}/overrule_reason"), args))
        }
        _ => Ok((result, points)),
    }
}

/// A leader approves that clauses are not applicable.
pub fn approve(conn: &mut Conn, actor: &Actor, id: AssessmentId, input: &Approval) -> Result<Assessment> {
    let (row, site) = load(conn, id)?;
    actor.must(Action::Recognise, &site)?;
    if is_of_unit(actor, &site) {
        return Err(CHECKER_OF_UNIT.err());
    }
    actor.request.if_match.check(row.version)?;
    require(Step::Enter, row.state)?;
    let (today, account) = (today(conn)?, actor.account()?);
    let lines = sheet::lines(conn, &row, today)?;
    let is_put = |id| {
        let put = |line: &&ResultLine| line.clause_id == id && line.result == Some(ClauseResult::NotApplicable);
        lines.iter().any(|line| put(&line))
    };
    for (index, clause) in input.clause_ids.iter().enumerate() {
        if !is_put(*clause) {
            let args = [("id", clause.to_string())];
            return Err(NOT_PUT_AS_NOT_APPLICABLE.at(format!("/clause_ids/{index}"), args).into_error());
        }
        sheet::approve(conn, id, *clause, account)?;
    }
    store::bump(conn, id)?;
    conclude(conn, actor, "assessment.approve", id, &json!({"clause_ids": input.clause_ids}))
}

/// Checks an assessment: its results count from today on, and nothing of it changes any more.
pub fn check(conn: &mut Conn, actor: &Actor, id: AssessmentId, input: &NewCheck) -> Result<Assessment> {
    let (row, site) = to_check(conn, actor, id)?;
    actor.request.if_match.check(row.version)?;
    require(Step::Check, row.state)?;
    let today = today(conn)?;
    let checked_on = checking_day(conn, actor, &row, &site, input.checked_on, today)?;
    let lines = sheet::lines(conn, &row, today)?;
    if lines.iter().all(|line| matches!(line.result, None | Some(ClauseResult::NotAssessed))) {
        return Err(CHECK_EMPTY.err());
    }
    refuse_any(&lines, &NOT_APPLICABLE_UNAPPROVED, |line| {
        line.result == Some(ClauseResult::NotApplicable) && line.approved_by.is_none()
    })?;
    // The nodes may have moved since the results were entered.
    refuse_any(&lines, &PROPOSALS_DIFFER, |line| {
        line.result.is_some_and(|result| differs(result, line.proposal)) && line.overrule_reason.is_none()
    })?;
    refuse_any(&lines, &EVIDENCE_DESTROYED, |line| line.attachments.iter().any(|file| file.destroyed_on.is_some()))?;
    refuse_any(&lines, &EVIDENCE_AFTER_CHECK, |line| line.evidence_on.is_some_and(|day| day > checked_on))?;
    for line in &lines {
        sheet::freeze(conn, id, line)?;
    }
    store::mark_checked(conn, id, actor.account()?, checked_on, today)?;
    let results: Vec<_> = lines.iter().map(|line| json!([line.code, line.result, line.points])).collect();
    conclude(conn, actor, "assessment.check", id, &json!({"checked_on": checked_on, "results": results}))
}

/// The business day of a check: today, or for who may back-date an earlier one since the set was published.
fn checking_day(
    conn: &mut Conn,
    actor: &Actor,
    row: &AssessmentRow,
    site: &Site,
    asked: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<NaiveDate> {
    let Some(day) = asked else { return Ok(today) };
    let first = standards::store::get(conn, row.set_id)?.published_on.unwrap_or(today);
    if !(first..=today).contains(&day) {
        let args = [("first", first.to_string()), ("last", today.to_string())];
        return Err(CHECKED_ON_OUTSIDE.at("/checked_on", args).into_error());
    }
    if day < today && !actor.may(Action::BackDate, site) {
        return Err(FORBIDDEN.err());
    }
    Ok(day)
}

/// Refuses, naming the clauses, when something is wrong with any of them.
fn refuse_any(lines: &[ResultLine], code: &'static Code, is_wrong: impl Fn(&ResultLine) -> bool) -> Result<()> {
    let wrong: Vec<&str> = lines.iter().filter(|line| is_wrong(line)).map(|line| line.code.as_str()).collect();
    if wrong.is_empty() { Ok(()) } else { Err(code.with([("clauses", wrong.join(", "))])) }
}
