//! `meetings/{id}/decisions`, `decisions`, `tasks/{id}/origin`.

use actix_web::{delete, get, patch, post, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{DecisionKind, DecisionPatch, MeetingDecision, NewDecision, NewDecisionTask, TaskOrigin};
use super::store::DecisionFilter;
use super::{DecisionId, actions, chain};
use crate::access::{Caller, UnitId};
use crate::meetings::MeetingId;
use crate::meetings::opinions::OpinionId;
use crate::plans::TaskId;
use crate::plans::model::Task;
use crate::plans::revisions::Consequences;
use crate::platform::web::{Created, Item, Json, List, NoContent, Path, Query};
use crate::platform::{Error, PageRequest};

pub fn routes(config: &mut ServiceConfig) {
    config.service(record).service(list).service(get_one).service(change).service(remove);
    config.service(make_task).service(origin);
}

/// Record a decision of a meeting
///
/// Once the meeting is held and until it is closed; it gets the next number. A resolution needs its votes.
#[utoipa::path(tag = "decisions", params(MeetingId))]
#[post("/meetings/{id}/decisions")]
async fn record(
    caller: Caller,
    Path(id): Path<MeetingId>,
    body: Json<NewDecision>,
) -> Result<Created<MeetingDecision>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = actions::record(conn, actor, id, &input)?;
            Created::new(&made, &format!("/decisions/{}", made.id), made.version)
        })
        .await
}

/// Which decisions to read.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Of meetings of this unit.
    unit_id: Option<UnitId>,
    /// Of this meeting.
    meeting_id: Option<MeetingId>,
    /// Only of this kind.
    kind: Option<DecisionKind>,
    /// The one that this task was made from.
    task_id: Option<TaskId>,
    /// Those that take this opinion up.
    opinion_id: Option<OpinionId>,
    /// Rows of a page, 1 to 200, by default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Cursor of the page before.
    cursor: Option<String>,
}

/// List decisions
///
/// Of meetings that one may read; oldest first.
#[utoipa::path(tag = "decisions", params(Filter))]
#[get("/decisions")]
async fn list(caller: Caller, Query(filter): Query<Filter>) -> Result<List<MeetingDecision>, Error> {
    let page = PageRequest::new("decisions", filter.limit, filter.cursor.as_deref(), caller.request.wants_table())?;
    let Filter { unit_id, meeting_id, kind, task_id, opinion_id, .. } = filter;
    let asked = DecisionFilter { unit_id, meeting_id, kind, task_id, opinion_id };
    caller
        .read(move |conn, actor| List::read(&page, &actor.request, |page| actions::list(conn, actor, page, &asked)))
        .await
}

/// Read a decision
///
/// With the opinions that it takes up, the tasks that were made from it, and how far they are.
#[utoipa::path(tag = "decisions", params(DecisionId))]
#[get("/decisions/{id}")]
async fn get_one(caller: Caller, Path(id): Path<DecisionId>) -> Result<Item<MeetingDecision>, Error> {
    caller
        .read(move |conn, actor| {
            let decision = actions::read(conn, actor, id)?;
            Item::new(&decision, decision.version)
        })
        .await
}

/// Change a decision
///
/// A merge patch; needs `If-Match`. Until the meeting is closed, which freezes the wording.
#[utoipa::path(tag = "decisions", params(DecisionId))]
#[patch("/decisions/{id}")]
async fn change(
    caller: Caller,
    Path(id): Path<DecisionId>,
    body: Json<DecisionPatch>,
) -> Result<Item<MeetingDecision>, Error> {
    let patch = body.value;
    caller
        .write(move |conn, actor| {
            let changed = actions::change(conn, actor, id, patch.clone())?;
            Item::new(&changed, changed.version)
        })
        .await
}

/// Delete a decision
///
/// One entered by mistake: until the meeting is closed, and while no task, answer or plan names it. Needs `If-Match`.
#[utoipa::path(tag = "decisions", params(DecisionId))]
#[delete("/decisions/{id}")]
async fn remove(caller: Caller, Path(id): Path<DecisionId>) -> Result<NoContent, Error> {
    caller.write(move |conn, actor| actions::remove(conn, actor, id)).await?;
    Ok(NoContent)
}

/// Make a deployment a task of a plan
///
/// With its responsibilities and its schedule, by who may write the plan; also after the close of the meeting. After the
/// issue of the plan it is one revision, whose time nodes are made at once.
#[utoipa::path(tag = "decisions", params(DecisionId))]
#[post("/decisions/{id}/tasks")]
async fn make_task(
    caller: Caller,
    nodes: web::Data<dyn Consequences>,
    Path(id): Path<DecisionId>,
    body: Json<NewDecisionTask>,
) -> Result<Created<Task>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = actions::make_task(conn, actor, nodes.as_ref(), id, input.clone())?;
            Created::new(&made, &format!("/tasks/{}", made.id), made.version)
        })
        .await
}

/// Walk from a task to where it comes from
///
/// The finding or decision that it was made from; of a decision also the meeting and the opinions that it takes up.
#[utoipa::path(tag = "decisions", params(TaskId))]
#[get("/tasks/{id}/origin")]
async fn origin(caller: Caller, Path(id): Path<TaskId>) -> Result<Item<TaskOrigin>, Error> {
    caller.read(move |conn, actor| Item::by_content(&chain::of_task(conn, actor, id)?)).await
}
