//! Recording what a meeting decided, and making tasks of its deployments.

use chrono::NaiveDate;

use super::model::{DecisionKind, DecisionPatch, MeetingDecision, NewDecision, NewDecisionTask};
use super::rules::{self, Progress, counted, delivery};
use super::store::{self, DecisionFilter, DecisionRow, Wording};
use super::{DECISION_IN_USE, DECISION_NOT_PASSED, DECISION_RELIED_ON, DecisionId, NOT_A_DEPLOYMENT, VOTES_OUTNUMBER};
use crate::access::{Action, Actor};
use crate::audit::{self, subject};
use crate::meetings::actions::{alterable, readable};
use crate::meetings::model::MeetingRow;
use crate::meetings::opinions::{self, OPINION_ELSEWHERE, OPINION_WITHDRAWN, OpinionId};
use crate::meetings::rules::require_held;
use crate::meetings::{self, MeetingId};
use crate::plans::model::{NewTask, Origin, OriginKind, Task};
use crate::plans::revisions::Consequences;
use crate::plans::{self, add_task};
use crate::platform::days::require_sane;
use crate::platform::db::today;
use crate::platform::text::{Prose, Text, Title};
use crate::platform::{Conn, Error, Fault, PageRequest, Result};
use crate::units::UnitId;

/// Records a decision of a meeting that was held and is not closed.
pub fn record(conn: &mut Conn, actor: &Actor, meeting_id: MeetingId, input: &NewDecision) -> Result<MeetingDecision> {
    let meeting = alterable(conn, actor, meeting_id)?;
    actor.request.if_match.check(meeting.version)?;
    require_held(meeting.status)?;
    require_sane(input.due_on, "/due_on")?;
    let heads = store::head_count(conn, meeting_id)?;
    let wording = Wording {
        title: input.title.as_ref().map(Text::as_str),
        text: input.text.as_str(),
        votes: counted(input.kind, input.votes.as_ref(), heads)?,
        due_on: input.due_on,
    };
    let today = today(conn)?;
    let id = store::insert(conn, meeting_id, input.kind, &wording, actor.account()?, today)?;
    take_up(conn, &meeting, id, &input.opinion_ids, today)?;
    meetings::store::bump(conn, meeting_id)?;
    let made = shown_one(conn, id)?;
    audit::record(conn, actor, "decision.create", subject("decision", id.0), &made)?;
    Ok(made)
}

/// Changes the wording, the votes or the opinions of a decision, until the meeting is closed.
pub fn change(conn: &mut Conn, actor: &Actor, id: DecisionId, patch: DecisionPatch) -> Result<MeetingDecision> {
    let row = store::get(conn, id)?;
    let meeting = alterable(conn, actor, row.meeting_id)?;
    actor.request.if_match.require(row.version)?;
    let votes = match &patch.votes {
        None => row.votes(),
        Some(votes) => counted(row.kind, Some(votes), store::head_count(conn, row.meeting_id)?)?,
    };
    if rules::voted_down(votes.as_ref()) && store::is_in_use(conn, id)? {
        return Err(DECISION_RELIED_ON.err());
    }
    let title = patch.title.over(row.title.as_deref().map(Title::parse).transpose().map_err(Fault::into_error)?);
    let due_on = patch.due_on.over(row.due_on);
    require_sane(due_on, "/due_on")?;
    let text = patch.text.as_ref().map_or(row.text.as_str(), Text::as_str);
    let wording = Wording { title: title.as_ref().map(Text::as_str), text, votes, due_on };
    store::update(conn, id, &wording)?;
    if let Some(opinions) = &patch.opinion_ids {
        store::let_go(conn, id)?;
        let today = today(conn)?;
        take_up(conn, &meeting, id, opinions, today)?;
    }
    let changed = shown_one(conn, id)?;
    audit::record(conn, actor, "decision.change", subject("decision", id.0), &changed)?;
    Ok(changed)
}

/// Deletes a decision that was entered by mistake: its meeting is open and nothing names it.
pub fn remove(conn: &mut Conn, actor: &Actor, id: DecisionId) -> Result<()> {
    let row = store::get(conn, id)?;
    alterable(conn, actor, row.meeting_id)?;
    actor.request.if_match.require(row.version)?;
    if store::is_in_use(conn, id)? {
        return Err(DECISION_IN_USE.err());
    }
    let gone = shown_one(conn, id)?;
    store::delete(conn, id)?;
    meetings::store::bump(conn, row.meeting_id)?;
    audit::record(conn, actor, "decision.delete", subject("decision", id.0), &gone)
}

/// The opinions are of meetings of the same unit, and nobody took them back.
fn take_up(conn: &mut Conn, meeting: &MeetingRow, id: DecisionId, asked: &[OpinionId], today: NaiveDate) -> Result<()> {
    for (place, opinion_id) in asked.iter().enumerate() {
        let at = format!("/opinion_ids/{place}");
        let opinion = opinions::store::named(conn, *opinion_id, &at)?;
        if meetings::store::get(conn, opinion.meeting_id)?.unit_id != meeting.unit_id {
            return Err(OPINION_ELSEWHERE.at(at, [("id", opinion_id.to_string())]).into_error());
        }
        if opinion.withdrawn_on.is_some() {
            return Err(OPINION_WITHDRAWN.at(at, []).into_error());
        }
        store::take_up(conn, id, *opinion_id, today)?;
    }
    Ok(())
}

/// Decisions of meetings that one may read.
pub fn list(
    conn: &mut Conn,
    actor: &Actor,
    page: &PageRequest,
    filter: &DecisionFilter,
) -> Result<(Vec<MeetingDecision>, Option<String>)> {
    let (reach, own) = (actor.reach(Action::ReadMeetings), plans::actions::own_units(actor));
    let named = meetings::store::naming(conn, &own)?;
    let (rows, next) = store::list(conn, page, &reach, &named, filter)?;
    Ok((shown(conn, rows)?, next))
}

/// A decision of a meeting that one may read.
pub fn read(conn: &mut Conn, actor: &Actor, id: DecisionId) -> Result<MeetingDecision> {
    let row = store::get(conn, id)?;
    readable(conn, actor, row.meeting_id)?;
    shown_one(conn, id)
}

/// Makes a deployment a task of a plan with its parts and its schedule, in one revision; also after the close of the
/// meeting.
pub fn make_task(
    conn: &mut Conn,
    actor: &Actor,
    nodes: &dyn Consequences,
    id: DecisionId,
    input: NewDecisionTask,
) -> Result<Task> {
    let row = store::get(conn, id)?;
    readable(conn, actor, row.meeting_id)?;
    let key_point = plans::store::named_key_point(conn, input.key_point_id, "/key_point_id")?;
    plans::actions::to_write(conn, actor, key_point.plan_id)?;
    actor.request.if_match.check(row.version)?;
    if row.kind != DecisionKind::Deployment {
        return Err(NOT_A_DEPLOYMENT.err());
    }
    require_not_voted_down(&row)?;
    let text = |text: &str| Prose::parse(text).map_err(Fault::into_error);
    let task = NewTask {
        title: input.title.map_or_else(|| title_of(&row), Ok)?,
        requirement: Some(input.requirement.map_or_else(|| text(&row.text), Ok)?),
        deliverable: None,
        evidence_required: false,
        tags: vec![],
        position: None,
        responsibilities: input.responsibilities,
        entries: input.entries,
        reason: input.reason,
    };
    add_task::make(conn, actor, nodes, &key_point, task, Origin { kind: OriginKind::Decision, id: id.0 })
}

/// Refuses to rest anything on a decision that was voted down.
pub fn require_not_voted_down(row: &DecisionRow) -> Result<()> {
    if rules::voted_down(row.votes().as_ref()) { Err(DECISION_NOT_PASSED.err()) } else { Ok(()) }
}

/// The title of a decision, else as much of its first line as fits.
pub fn title_of(row: &DecisionRow) -> Result<Title> {
    let line = row.text.lines().next().unwrap_or_default();
    let short: String = line.chars().take(200).collect();
    Title::parse(row.title.as_deref().unwrap_or(&short)).map_err(Fault::into_error)
}

/// Decisions as they are shown today.
pub fn shown(conn: &mut Conn, rows: Vec<DecisionRow>) -> Result<Vec<MeetingDecision>> {
    let today = today(conn)?;
    let ids: Vec<DecisionId> = rows.iter().map(|row| row.id).collect();
    let mut opinions = store::opinions_of(conn, &ids)?;
    let mut tasks = store::tasks_of(conn, &ids)?;
    let nodes = store::nodes_of(conn, &ids)?;
    let mut all = Vec::new();
    for row in rows {
        let meeting = meetings::store::get(conn, row.meeting_id)?;
        let progress = Progress::of(nodes.get(&row.id).into_iter().flatten(), today);
        let votes = row.votes();
        all.push(MeetingDecision {
            id: row.id,
            meeting_id: row.meeting_id,
            unit_id: meeting.unit_id,
            held_on: meeting.held_on,
            number: row.number,
            kind: row.kind,
            title: row.title,
            text: row.text,
            passed: votes.as_ref().map(rules::passed),
            delivery: delivery(row.kind, votes.as_ref(), row.due_on, &progress, today),
            votes,
            due_on: row.due_on,
            opinion_ids: opinions.remove(&row.id).unwrap_or_default(),
            task_ids: tasks.remove(&row.id).unwrap_or_default(),
            time_nodes: progress,
            recorded_by: row.recorded_by,
            recorded_on: row.recorded_on,
            version: row.version,
        });
    }
    Ok(all)
}

pub(super) fn shown_one(conn: &mut Conn, id: DecisionId) -> Result<MeetingDecision> {
    let row = store::get(conn, id)?;
    shown(conn, vec![row])?.pop().ok_or_else(|| Error::internal("a decision was not found again"))
}

/// The deployments of a unit's meetings that the next meeting should ask after.
pub fn undelivered(conn: &mut Conn, unit_id: UnitId) -> Result<Vec<MeetingDecision>> {
    let rows = store::deployments_of_unit(conn, unit_id)?;
    Ok(shown(conn, rows)?.into_iter().filter(|decision| decision.delivery.is_due()).collect())
}

/// Refuses an attendance list by which fewer came to a meeting than voted at it.
pub fn require_votes_covered(conn: &mut Conn, meeting_id: MeetingId) -> Result<()> {
    let heads = store::head_count(conn, meeting_id)?;
    for row in store::of_meeting(conn, meeting_id)? {
        if row.votes().is_some_and(|votes| votes.present > heads.present || votes.entitled > heads.expected) {
            return Err(VOTES_OUTNUMBER.with([("number", row.number.to_string())]));
        }
    }
    Ok(())
}
