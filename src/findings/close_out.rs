//! The way to the close-out 销号: a unit applies, who stands above checks and closes, marks a stage, or dismisses. Every
//! step asks [`after`], and what is not allowed is refused with a code of its own.

use chrono::NaiveDate;
use serde_json::json;

use super::applications;
use super::model::{Finding, FindingCheck, FindingCheckVerdict, FindingState, NewFindingCheck};
use super::rules::{Verb, after};
use super::store::{self, FindingRow};
use super::{
    CHECK_UNEXPLAINED, FINDING_ENDED, FindingId, IMMEDIATE_STAGE, NO_TASK_NOW, NOT_APPLIED, NOT_CHECKED, NOT_CLOSED,
    NOT_TO_APPLY, NOT_TO_STAGE, NOT_YOUR_FINDING, OWN_APPLICATION, OWN_FINDING, day, measures,
};
use crate::access::{Action, Actor, Role};
use crate::audit::{self, subject};
use crate::platform::db::today;
use crate::platform::error::NOT_FOUND;
use crate::platform::text::Text;
use crate::platform::{Conn, Error, Result};
use crate::progress::{Evidence, attachments};

/// Takes a finding to the state after a verb; 409 with the code of the verb when its state does not allow it.
pub(super) fn step(
    conn: &mut Conn,
    actor: &Actor,
    finding: &FindingRow,
    verb: Verb,
    reason: Option<&str>,
    today: NaiveDate,
) -> Result<()> {
    let state = after(finding.facts.kind, finding.state, verb).ok_or_else(|| refusal(finding, verb))?;
    if state != finding.state {
        store::supersede_state(conn, finding.id, state, (actor.account()?, reason), today)?;
    }
    Ok(())
}

/// Why a verb is not allowed in the state of a finding.
fn refusal(finding: &FindingRow, verb: Verb) -> Error {
    use crate::findings::model::FindingKind::Immediate;
    let code = match verb {
        Verb::AddMeasure | Verb::ChangeMeasure => return measures::fixed(finding),
        Verb::MakeTask => &NO_TASK_NOW,
        Verb::Apply => &NOT_TO_APPLY,
        Verb::Pass | Verb::Fail => &NOT_APPLIED,
        Verb::Close => &NOT_CHECKED,
        Verb::MarkStage if finding.facts.kind == Immediate => &IMMEDIATE_STAGE,
        Verb::MarkStage => &NOT_TO_STAGE,
        Verb::Recheck => &NOT_CLOSED,
        Verb::Change | Verb::Dismiss => &FINDING_ENDED,
    };
    code.with([("state", finding.state.word().to_owned())])
}

/// 403 unless the actor stands above every unit of the finding and holds no post in any of them.
pub(super) fn must_check(actor: &Actor, finding: &FindingRow) -> Result<()> {
    finding.sites.iter().try_for_each(|site| actor.must(Action::CheckFinding, site))?;
    require_no_post_there(actor, finding)
}

/// 403 for who holds a post in a unit of the finding. An inspector there belongs to those who look.
pub(super) fn require_no_post_there(actor: &Actor, finding: &FindingRow) -> Result<()> {
    let there = |post: &crate::access::Post| {
        let seat = post.seat.as_ref().map(|seat| seat.unit_id);
        post.role != Role::Inspector && finding.sites.iter().any(|site| Some(site.unit_id) == seat)
    };
    if actor.posts.iter().any(there) { Err(OWN_FINDING.err()) } else { Ok(()) }
}

/// Whether an actor may check what was applied for: what the inbox asks.
pub fn may_check(conn: &mut Conn, actor: &Actor, id: FindingId) -> Result<bool> {
    let applied_by = applications::newest(conn, id)?.map(|application| application.applied_by);
    Ok(may_close(conn, actor, id)? && applied_by != actor.account_id)
}

/// Whether an actor may close the finding once it is checked: what the inbox asks.
pub fn may_close(conn: &mut Conn, actor: &Actor, id: FindingId) -> Result<bool> {
    Ok(must_check(actor, &store::get(conn, id)?).is_ok())
}

/// Rules on what was applied for: passed, or back to rectification.
pub fn check(
    conn: &mut Conn,
    actor: &Actor,
    evidence: &Evidence,
    id: FindingId,
    input: &NewFindingCheck,
) -> Result<FindingCheck> {
    let finding = store::get(conn, id)?;
    must_check(actor, &finding)?;
    actor.request.if_match.check(finding.version)?;
    let passed = input.verdict == FindingCheckVerdict::Passed;
    let verb = if passed { Verb::Pass } else { Verb::Fail };
    if finding.state != FindingState::Applied {
        return Err(refusal(&finding, verb));
    }
    let application = applications::newest(conn, id)?.ok_or_else(|| NOT_FOUND.err())?;
    if actor.account_id == Some(application.applied_by) {
        return Err(OWN_APPLICATION.err());
    }
    if !passed && input.reason.is_none() {
        return Err(CHECK_UNEXPLAINED.at("/reason", []).into_error());
    }
    if passed {
        for file in applications::files_of(conn, application.id)? {
            attachments::require_bytes(evidence, &file)?;
        }
    }
    let today = today(conn)?;
    let reason = input.reason.as_ref().map(Text::as_str);
    step(conn, actor, &finding, verb, reason, today)?;
    let made = applications::insert_check(conn, &application, (input.verdict, reason), actor.account()?, today)?;
    store::bump(conn, id)?;
    audit::record(conn, actor, "finding.check", subject("finding", id.0), &made)?;
    Ok(made)
}

/// Closes a finding whose check was passed 销号.
pub fn close(conn: &mut Conn, actor: &Actor, id: FindingId, note: Option<&Text<2000>>) -> Result<Finding> {
    let finding = store::get(conn, id)?;
    must_check(actor, &finding)?;
    settle(conn, actor, &finding, (Verb::Close, "finding.close"), note)
}

/// Marks that a stage is done 阶段完成: it is not closed, and counted apart.
pub fn mark_stage(conn: &mut Conn, actor: &Actor, id: FindingId, note: Option<&Text<2000>>) -> Result<Finding> {
    let finding = store::get(conn, id)?;
    must_check(actor, &finding)?;
    settle(conn, actor, &finding, (Verb::MarkStage, "finding.mark_stage"), note)
}

/// Dismisses a finding: by the inspector who raised it, or a leader above.
pub fn dismiss(conn: &mut Conn, actor: &Actor, id: FindingId, reason: &Text<2000>) -> Result<Finding> {
    let finding = store::get(conn, id)?;
    must_dismiss(actor, &finding)?;
    require_no_post_there(actor, &finding)?;
    settle(conn, actor, &finding, (Verb::Dismiss, "finding.dismiss"), Some(reason))
}

fn must_dismiss(actor: &Actor, finding: &FindingRow) -> Result<()> {
    let may = |role: Role| {
        let posts: Vec<_> = actor.posts.iter().filter(|post| post.role == role).collect();
        finding.sites.iter().all(|site| posts.iter().any(|post| post.may(Action::DismissFinding, site)))
    };
    if may(Role::Leader) || (may(Role::Inspector) && actor.account_id == Some(finding.raised_by)) {
        return Ok(());
    }
    finding.sites.iter().try_for_each(|site| actor.must(Action::DismissFinding, site))?;
    Err(NOT_YOUR_FINDING.err())
}

fn settle(
    conn: &mut Conn,
    actor: &Actor,
    finding: &FindingRow,
    (verb, action): (Verb, &str),
    note: Option<&Text<2000>>,
) -> Result<Finding> {
    actor.request.if_match.check(finding.version)?;
    let today = today(conn)?;
    step(conn, actor, finding, verb, note.map(Text::as_str), today)?;
    store::bump(conn, finding.id)?;
    let details = json!({"from": finding.state, "note": note});
    audit::record(conn, actor, action, subject("finding", finding.id.0), &details)?;
    day::one(conn, finding.id, today)
}
