//! An activity is entered once and ticked against several time nodes of its unit: one completion each, made by the
//! ordinary action of `progress` with the meeting's day and evidence, and each reviewed as any other. All or none.

pub mod http;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::actions::{day_of, readable};
use super::model::{Meeting, MeetingNode, MeetingRow};
use super::rules::require_took_place;
use super::{MeetingId, NODE_OF_OTHER_UNIT, NODE_TICKED, store};
use crate::access::Actor;
use crate::audit::{self, subject};
use crate::platform::db::{savepoint, today};
use crate::platform::error::{BATCH_REFUSED, NOT_FOUND};
use crate::platform::text::Prose;
use crate::platform::{Conn, Error, Fault, Problem, Result};
use crate::progress::model::{NewReport, ProgressReport, ReportKind};
use crate::progress::rules::Fate;
use crate::progress::store::fate;
use crate::progress::{self, Evidence, ReportId, reports};
use crate::schema::meeting_time_nodes;
use crate::time_nodes::{self, NODE_UNKNOWN, NodeId};

/// The nodes that an activity is ticked against.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"time_node_ids": [101, 102]}))]
pub struct Ticks {
    /// Nodes of the meeting's own unit, 1 to 50.
    #[validate(length(min = 1, max = 50))]
    #[schema(min_items = 1, max_items = 50)]
    pub time_node_ids: Vec<NodeId>,
    /// What is reported on each; by default what the meeting was, when, and how many came.
    #[serde(default)]
    pub text: Option<Prose>,
    /// The day that counts; by default today. An earlier one is back-dating, for the department.
    #[serde(default)]
    pub reported_on: Option<NaiveDate>,
}

/// The completions that were made of an activity.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Ticked {
    pub meeting_id: MeetingId,
    /// One a node, in the order they were named.
    pub reports: Vec<ProgressReport>,
}

/// Reports each of the nodes complete with this meeting, or none of them; every node that refuses is named.
pub fn tick(conn: &mut Conn, actor: &Actor, evidence: &Evidence, id: MeetingId, input: &Ticks) -> Result<Ticked> {
    let (meeting, _) = readable(conn, actor, id)?;
    actor.request.if_match.check(meeting.version)?;
    require_took_place(meeting.status)?;
    let shown = store::shown(conn, vec![meeting.clone()])?.pop().ok_or_else(|| NOT_FOUND.err())?;
    let report = report_of(&shown, day_of(&meeting), input)?;
    // If-Match named the version of the meeting; the report would compare it with that of the node.
    let mut reporter = actor.clone();
    reporter.request.if_match = Default::default();
    let (mut made, mut refused) = (vec![], vec![]);
    for (place, node) in input.time_node_ids.iter().enumerate() {
        match savepoint(conn, |conn| tick_one(conn, &reporter, evidence, &meeting, *node, &report))? {
            Ok(report) => made.push(report),
            Err(problem) => refused.push(Fault {
                pointer: format!("/time_node_ids/{place}"),
                code: problem.code,
                args: problem.faults.into_iter().next().map_or(problem.args, |fault| fault.args),
            }),
        }
    }
    if !refused.is_empty() {
        return Err(all_refused(refused, input.time_node_ids.len()));
    }
    let ticked: Vec<_> = made.iter().map(|report| (report.node_id, report.id)).collect();
    audit::record(conn, actor, "meeting.tick", subject("meeting", id.0), &ticked)?;
    Ok(Ticked { meeting_id: id, reports: made })
}

/// The nodes that a meeting was ticked against, for whoever may read the meeting.
pub fn list(conn: &mut Conn, actor: &Actor, id: MeetingId) -> Result<Vec<MeetingNode>> {
    let (meeting, _) = readable(conn, actor, id)?;
    Ok(store::shown(conn, vec![meeting])?.pop().map(|meeting| meeting.time_nodes).unwrap_or_default())
}

fn tick_one(
    conn: &mut Conn,
    actor: &Actor,
    evidence: &Evidence,
    meeting: &MeetingRow,
    node_id: NodeId,
    report: &NewReport,
) -> Result<ProgressReport> {
    let named = || [("id", node_id.to_string())];
    let node = time_nodes::store::get(conn, node_id).map_err(|error| match error.code() {
        code if code == NOT_FOUND.code => NODE_UNKNOWN.at("", named()).into_error(),
        _ => error,
    })?;
    if node.birth.unit_id != meeting.unit_id {
        return Err(NODE_OF_OTHER_UNIT.with(named()));
    }
    if stands(conn, meeting.id, node_id)? {
        return Err(NODE_TICKED.with(named()));
    }
    let made = reports::report(conn, actor, evidence, node_id, report)?;
    link(conn, meeting.id, node_id, made.id)?;
    Ok(ProgressReport { meeting_id: Some(meeting.id.0), ..made })
}

/// Whether a completion made of this meeting stands on the node already. One a node: where several times are asked for,
/// `progress` would take the same evening again.
fn stands(conn: &mut Conn, id: MeetingId, node_id: NodeId) -> Result<bool> {
    let ticked: Vec<ReportId> = meeting_time_nodes::table
        .filter(meeting_time_nodes::meeting_id.eq(id.0).and(meeting_time_nodes::node_id.eq(node_id.0)))
        .select(meeting_time_nodes::report_id)
        .load(conn)?;
    let reports = progress::store::of_node(conn, node_id)?;
    Ok(reports.iter().any(|(row, review)| {
        ticked.contains(&row.id) && matches!(fate(row, review.as_ref()), Fate::Pending | Fate::Accepted)
    }))
}

fn link(conn: &mut Conn, id: MeetingId, node_id: NodeId, report_id: ReportId) -> Result<()> {
    use meeting_time_nodes::dsl as n;
    let today = today(conn)?;
    diesel::insert_into(n::meeting_time_nodes)
        .values((n::meeting_id.eq(id), n::node_id.eq(node_id), n::report_id.eq(report_id), n::recorded_on.eq(today)))
        .execute(conn)?;
    Ok(())
}

/// What is reported on each node.
fn report_of(meeting: &Meeting, held_on: NaiveDate, input: &Ticks) -> Result<NewReport> {
    let text = match &input.text {
        Some(text) => text.clone(),
        None => Prose::parse(&words_of(meeting, held_on)).map_err(Fault::into_error)?,
    };
    Ok(NewReport {
        kind: ReportKind::Completion,
        text,
        percent: None,
        held_on: Some(held_on),
        attachment_ids: meeting.attachments.iter().map(|file| file.id).collect(),
        on_paper: meeting.on_paper.clone(),
        reported_on: input.reported_on,
    })
}

/// What the meeting was, when, and how many came.
fn words_of(meeting: &Meeting, held_on: NaiveDate) -> String {
    let counted = &meeting.attendance;
    let observers = match counted.observers {
        0 => String::new(),
        many => format!("，列席{many}人"),
    };
    format!(
        "{}{}“{}”，应到{}人，实到{}人{observers}。",
        held_on.format("%Y年%-m月%-d日"),
        meeting.kind.name(),
        meeting.title,
        counted.expected,
        counted.present,
    )
}

fn all_refused(faults: Vec<Fault>, of: usize) -> Error {
    Error::Problem(Box::new(Problem {
        code: &BATCH_REFUSED,
        args: vec![("count", faults.len().to_string()), ("of", of.to_string())],
        faults,
        retry_after: None,
        allow: None,
    }))
}
