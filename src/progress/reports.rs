//! Reporting: progress, completions, additions, withdrawals.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::attachments::usable;
use super::model::{Attachment, NewAddition, NewReport, OnPaper, ProgressReport, ReportKind};
use super::rules::{Fate, begins_later, held_span, standing};
use super::store::{self, NewRow, ReportRow};
use super::{
    ALREADY_REVIEWED, COMPLETION_STANDS, EVIDENCE_REQUIRED, Evidence, HELD_ON_OUTSIDE, NOT_ACCEPTED, NOT_THE_REPORTER,
    ONLY_COMPLETION, ONLY_PROGRESS, PERIOD_NOT_BEGUN, REPORTED_ON_OUTSIDE, ReportId,
};
use crate::access::{Action, Actor, Relation, allows};
use crate::audit::{self, subject};
use crate::plans;
use crate::plans::rules::first_day;
use crate::platform::db::today;
use crate::platform::error::FORBIDDEN;
use crate::platform::{Conn, Error, Result};
use crate::settings;
use crate::time_nodes::model::NodeState;
use crate::time_nodes::revise::let_go;
use crate::time_nodes::store::Node;
use crate::time_nodes::{self, NODE_EXCLUDED, NodeId, Phase};

/// Reports on a node.
pub fn report(
    conn: &mut Conn,
    actor: &Actor,
    evidence: &Evidence,
    node_id: NodeId,
    input: &NewReport,
) -> Result<ProgressReport> {
    let node = time_nodes::store::get(conn, node_id)?;
    let completion = input.kind == ReportKind::Completion;
    let action = if completion { must_sign(conn, actor, &node)? } else { Action::ReportProgress };
    actor.must(action, &node.site)?;
    actor.request.if_match.check(node.birth.version)?;
    if let Some(reason) = node.facts.excluded {
        return Err(NODE_EXCLUDED.with([("reason", reason.word().to_owned())]));
    }
    if completion && matches!(node.facts.standing.phase, Phase::Reported | Phase::Accepted) {
        return Err(COMPLETION_STANDS.with([("state", NodeState::of(&node.facts).word().to_owned())]));
    }
    let today = today(conn)?;
    let plan = plans::store::get_plan(conn, node.birth.plan_id)?;
    let reported_on = counting_day(actor, &node, first_day(plan.year), input.reported_on, today)?;
    if let Some(from) = begins_later(node.period_from, reported_on).filter(|_| completion) {
        return Err(PERIOD_NOT_BEGUN.with([("from", from.to_string())]));
    }
    require_fields_of_kind(input, &held_span(node.period_from, first_day(plan.year), reported_on))?;
    let files = usable(conn, actor, evidence, &input.attachment_ids)?;
    let needs_evidence = plans::store::needs_evidence(conn, node.birth.task_id)?;
    if completion && needs_evidence && files.is_empty() && input.on_paper.is_empty() {
        return Err(EVIDENCE_REQUIRED.at("/attachment_ids", []).into_error());
    }
    let new = New {
        kind: input.kind,
        text: input.text.as_str(),
        percent: input.percent,
        held_on: input.held_on,
        on_paper: &input.on_paper,
        addition_to: None,
        reported_on,
        action,
    };
    write(conn, actor, &node, &new, &files, today)
}

/// The reports on a node, for who reads its nodes, oldest first.
pub fn of_node(conn: &mut Conn, actor: &Actor, node_id: NodeId) -> Result<Vec<ProgressReport>> {
    let node = time_nodes::store::get(conn, node_id)?;
    actor.must(Action::ReadNodes, &node.site)?;
    let rows = store::of_node(conn, node_id)?;
    store::shown(conn, rows, &node.facts)
}

/// Adds evidence or text to an accepted completion; until it is reviewed the node is reported again.
pub fn add(
    conn: &mut Conn,
    actor: &Actor,
    evidence: &Evidence,
    id: ReportId,
    input: &NewAddition,
) -> Result<ProgressReport> {
    let base = store::get(conn, id)?;
    let node = time_nodes::store::get(conn, base.node_id)?;
    let action = must_sign(conn, actor, &node)?;
    actor.request.if_match.check(base.version)?;
    let review = store::review_of(conn, id)?;
    let accepted = store::fate(&base, review.as_ref()) == Fate::Accepted && base.addition_to.is_none();
    if !accepted || node.facts.standing.phase != Phase::Accepted {
        return Err(NOT_ACCEPTED.err());
    }
    let files = usable(conn, actor, evidence, &input.attachment_ids)?;
    let today = today(conn)?;
    let new = New {
        kind: ReportKind::Completion,
        text: input.text.as_str(),
        percent: None,
        held_on: None,
        on_paper: &input.on_paper,
        addition_to: Some(id),
        reported_on: today,
        action,
    };
    write(conn, actor, &node, &new, &files, today)
}

/// Takes back a report of one's own that nobody has reviewed.
pub fn withdraw(conn: &mut Conn, actor: &Actor, id: ReportId) -> Result<ProgressReport> {
    let row = store::get(conn, id)?;
    let node = time_nodes::store::get(conn, row.node_id)?;
    actor.must(Action::ReadNodes, &node.site)?;
    if actor.account_id != Some(row.reported_by) {
        return Err(NOT_THE_REPORTER.err());
    }
    actor.request.if_match.check(row.version)?;
    let review = store::review_of(conn, id)?;
    if store::fate(&row, review.as_ref()) != Fate::Pending {
        return Err(ALREADY_REVIEWED.err());
    }
    let today = today(conn)?;
    store::mark_withdrawn(conn, id, row.reported_by, today)?;
    settle(conn, &node, today)?;
    let_go(conn, row.node_id, today)?;
    audit::record(conn, actor, "progress_report.withdraw", subject("progress_report", id.0), &json!({}))?;
    read_one(conn, id, &node)
}

/// The action by which the actor signs completions of the node; 403 without one. Whether a cadre signs is a setting.
fn must_sign(conn: &mut Conn, actor: &Actor, node: &Node) -> Result<Action> {
    let today = today(conn)?;
    let signing = settings::store::on(conn, today)?.signing();
    signing.iter().copied().find(|action| actor.may(*action, &node.site)).ok_or_else(|| FORBIDDEN.err())
}

/// A report that has passed every check.
struct New<'a> {
    kind: ReportKind,
    text: &'a str,
    percent: Option<i64>,
    held_on: Option<NaiveDate>,
    on_paper: &'a [OnPaper],
    addition_to: Option<ReportId>,
    reported_on: NaiveDate,
    action: Action,
}

fn write(
    conn: &mut Conn,
    actor: &Actor,
    node: &Node,
    new: &New<'_>,
    files: &[Attachment],
    today: NaiveDate,
) -> Result<ProgressReport> {
    let content_hash = content_hash(new, files)?;
    let own = |post: &crate::access::Post| {
        post.relation(&node.site) == Relation::Own && allows(post.role, new.action, Relation::Own)
    };
    let row = NewRow {
        node_id: node.birth.id,
        kind: new.kind,
        text: new.text,
        percent: new.percent,
        held_on: new.held_on,
        on_paper: new.on_paper,
        addition_to: new.addition_to,
        reported_on: new.reported_on,
        reported_by: actor.account()?,
        on_behalf: !actor.posts.iter().any(own),
        content_hash: &content_hash,
        today,
    };
    let id = store::insert_report(conn, &row, files)?;
    settle(conn, node, today)?;
    let made = read_one(conn, id, node)?;
    audit::record(conn, actor, "progress_report.create", subject("progress_report", id.0), &made)?;
    Ok(made)
}

/// Computes where the node stands after all its reports, and records it from today on.
pub(super) fn settle(conn: &mut Conn, node: &Node, today: NaiveDate) -> Result<()> {
    let facts = store::facts_of(conn, node.birth.id)?;
    let times = usize::try_from(node.birth.times).map_err(Error::internal)?;
    time_nodes::store::record_standing(conn, node, standing(&facts, times), today)
}

pub fn read_one(conn: &mut Conn, id: ReportId, node: &Node) -> Result<ProgressReport> {
    let row: ReportRow = store::get(conn, id)?;
    let review = store::review_of(conn, id)?;
    let mut shown = store::shown(conn, vec![(row, review)], &node.facts)?;
    shown.pop().ok_or_else(|| crate::platform::error::NOT_FOUND.err())
}

/// The day that counts: today, or for the department an earlier one within the plan's year and after.
fn counting_day(
    actor: &Actor,
    node: &Node,
    first: NaiveDate,
    asked: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<NaiveDate> {
    let Some(day) = asked else { return Ok(today) };
    if !(first..=today).contains(&day) {
        let args = [("first", first.to_string()), ("last", today.to_string())];
        return Err(REPORTED_ON_OUTSIDE.at("/reported_on", args).into_error());
    }
    if day < today && !actor.may(Action::BackDate, &node.site) {
        return Err(FORBIDDEN.err());
    }
    Ok(day)
}

fn require_fields_of_kind(input: &NewReport, span: &RangeInclusive<NaiveDate>) -> Result<()> {
    match (input.kind, input.held_on) {
        (ReportKind::Completion, _) if input.percent.is_some() => Err(ONLY_PROGRESS.at("/percent", []).into_error()),
        (ReportKind::Progress, Some(_)) => {
            Err(ONLY_COMPLETION.at("/held_on", [("field", "held_on".to_owned())]).into_error())
        }
        (_, Some(held)) if !span.contains(&held) => {
            let args = [("first", span.start().to_string()), ("last", span.end().to_string())];
            Err(HELD_ON_OUTSIDE.at("/held_on", args).into_error())
        }
        _ => Ok(()),
    }
}

/// The hash of what is judged: text and evidence.
fn content_hash(new: &New<'_>, files: &[Attachment]) -> Result<String> {
    let digests: Vec<&str> = files.iter().map(|file| file.sha256.as_str()).collect();
    let content = json!([new.kind, new.text, new.percent, new.held_on, new.on_paper, new.addition_to, digests]);
    let bytes = serde_json::to_vec(&content).map_err(Error::internal)?;
    Ok(hex::encode(Sha256::digest(&bytes)))
}
