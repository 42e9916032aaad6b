//! Where a task comes from: the decision, the meeting, the opinions; or the finding.

use super::DecisionId;
use super::actions::shown_one;
use super::model::{MeetingHead, TaskOrigin};
use crate::access::Actor;
use crate::findings::{self, FindingId};
use crate::meetings;
use crate::meetings::opinions::actions::readable_by;
use crate::meetings::opinions::store::{OpinionFilter, list as opinions};
use crate::plans::model::{Origin, OriginKind};
use crate::plans::{TaskId, lists};
use crate::platform::error::FORBIDDEN;
use crate::platform::{Conn, PageRequest, Result};

/// The chain behind a task, for whoever may read the task: who is to carry out a decision is told what was decided and
/// by which meeting. Opinions are shown to who may read them.
pub fn of_task(conn: &mut Conn, actor: &Actor, id: TaskId) -> Result<TaskOrigin> {
    let task = lists::read_task(conn, actor, id)?;
    let origin = task.origin;
    let mut chain =
        TaskOrigin { task_id: id, origin: task.origin, decision: None, meeting: None, finding: None, opinions: vec![] };
    match origin {
        Some(Origin { kind: OriginKind::Decision, id }) => add_decision(conn, actor, DecisionId(id), &mut chain)?,
        Some(Origin { kind: OriginKind::Finding, id }) => {
            chain.finding = match findings::ledger::read(conn, actor, FindingId(id)) {
                Err(error) if error.code() == FORBIDDEN.code => None,
                read => Some(read?),
            };
        }
        None => {}
    }
    Ok(chain)
}

fn add_decision(conn: &mut Conn, actor: &Actor, id: DecisionId, chain: &mut TaskOrigin) -> Result<()> {
    let decision = shown_one(conn, id)?;
    let meeting = meetings::store::get(conn, decision.meeting_id)?;
    chain.meeting = Some(MeetingHead {
        id: meeting.id,
        unit_id: meeting.unit_id,
        kind: meeting.kind,
        title: meeting.title,
        status: meeting.status,
        held_on: meeting.held_on,
    });
    let filter = OpinionFilter { decision_id: Some(decision.id), ..OpinionFilter::default() };
    let whole = PageRequest::new("opinions", None, None, true)?;
    chain.opinions = opinions(conn, &whole, &readable_by(actor), &filter)?.0;
    chain.decision = Some(decision);
    Ok(())
}
