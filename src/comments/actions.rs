//! Commenting, reading comments, taking one back.

use serde_json::json;

use super::model::{Comment, CommentKind, CommentSubject, NewComment};
use super::{COMMENT_WITHDRAWN, CommentId, NOT_THE_AUTHOR, store};
use crate::access::{Action, Actor, Site};
use crate::audit::{self, subject};
use crate::meetings::{self, MeetingId};
use crate::plans::{self, PlanId, TaskId};
use crate::platform::db::today;
use crate::platform::error::FORBIDDEN;
use crate::platform::{Conn, PageRequest, Result};
use crate::progress::{self, ReportId};
use crate::time_nodes::{self, NodeId};
use crate::units::UnitId;

/// What a comment is about.
pub type About = (CommentSubject, i64);

/// Where the thing commented on belongs.
struct Place {
    site: Site,
    version: i64,
    /// What the units that it names read as well.
    naming: Option<Naming>,
}

/// Of a task its plan, or a meeting: units that it names read it wherever they are.
#[derive(Clone, Copy)]
enum Naming {
    Plan(PlanId),
    Meeting(MeetingId),
}

/// Comments on something one reads.
pub fn create(conn: &mut Conn, actor: &Actor, about: About, input: &NewComment) -> Result<Comment> {
    let place = readable(conn, actor, about)?;
    let allowed = match input.kind {
        CommentKind::Instruction => actor.may(Action::Instruct, &place.site),
        CommentKind::Comment => may_comment(conn, actor, &place)?,
    };
    if !allowed {
        return Err(FORBIDDEN.err());
    }
    actor.request.if_match.check(place.version)?;
    let today = today(conn)?;
    let id = store::insert(conn, about, input.kind, input.text.as_str(), actor.account()?, today)?;
    let made = store::get(conn, id)?.shown();
    audit::record(conn, actor, "comment.create", subject("comment", id.0), &made)?;
    Ok(made)
}

/// What was said of something one reads.
pub fn list(
    conn: &mut Conn,
    actor: &Actor,
    page: &PageRequest,
    about: About,
) -> Result<(Vec<Comment>, Option<String>)> {
    readable(conn, actor, about)?;
    store::list(conn, page, about)
}

/// A comment on something one reads.
pub fn read(conn: &mut Conn, actor: &Actor, id: CommentId) -> Result<Comment> {
    let row = store::get(conn, id)?;
    readable(conn, actor, (row.subject, row.subject_id))?;
    Ok(row.shown())
}

/// Takes back a comment of one's own: the row stays, the text is shown no more.
pub fn withdraw(conn: &mut Conn, actor: &Actor, id: CommentId) -> Result<Comment> {
    let row = store::get(conn, id)?;
    readable(conn, actor, (row.subject, row.subject_id))?;
    if actor.account_id != Some(row.account_id) {
        return Err(NOT_THE_AUTHOR.err());
    }
    actor.request.if_match.check(row.version)?;
    if row.withdrawn_on.is_some() {
        return Err(COMMENT_WITHDRAWN.err());
    }
    let today = today(conn)?;
    store::mark_withdrawn(conn, id, today)?;
    audit::record(conn, actor, "comment.withdraw", subject("comment", id.0), &json!({}))?;
    Ok(store::get(conn, id)?.shown())
}

/// Where a thing belongs; 403 when the actor may not read it.
fn readable(conn: &mut Conn, actor: &Actor, (subject, id): About) -> Result<Place> {
    let node = match subject {
        CommentSubject::Task => {
            let task = plans::lists::read_task(conn, actor, TaskId(id))?;
            let plan = plans::store::get_plan(conn, task.plan_id)?;
            let site = plans::actions::site_of(conn, &plan)?;
            return Ok(Place { site, version: task.version, naming: Some(Naming::Plan(plan.id)) });
        }
        CommentSubject::Meeting => {
            let (meeting, site) = meetings::actions::readable(conn, actor, MeetingId(id))?;
            return Ok(Place { site, version: meeting.version, naming: Some(Naming::Meeting(meeting.id)) });
        }
        CommentSubject::TimeNode => (NodeId(id), None),
        CommentSubject::ProgressReport => {
            let row = progress::store::get(conn, ReportId(id))?;
            (row.node_id, Some(row.version))
        }
    };
    let (node, version) = (time_nodes::store::get(conn, node.0)?, node.1);
    actor.must(Action::ReadNodes, &node.site)?;
    Ok(Place { version: version.unwrap_or(node.birth.version), site: node.site, naming: None })
}

/// Whether an actor who reads the thing may comment on it: by the unit it belongs to, or on a task of a plan or a
/// meeting that names the actor's own unit.
fn may_comment(conn: &mut Conn, actor: &Actor, place: &Place) -> Result<bool> {
    if actor.may(Action::Comment, &place.site) {
        return Ok(true);
    }
    let Some(naming) = place.naming else { return Ok(false) };
    let seats = actor.posts.iter().filter_map(|post| post.seat.as_ref().filter(|seat| post.may(Action::Comment, seat)));
    let own: Vec<UnitId> = seats.map(|seat| seat.unit_id).collect();
    match naming {
        Naming::Plan(id) => plans::store::names_any(conn, id, &own),
        Naming::Meeting(id) => meetings::store::names_any(conn, id, &own),
    }
}
