//! `plans`, `key-points`, `tasks`, `responsibilities`. Issuing is in `time_nodes`.

use actix_web::{delete, get, patch, post, put, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::copy::{self, MadePlan};
use super::model::{
    KeyPoint, KeyPointPatch, NewKeyPoint, NewPlan, NewResponsibility, NewSchedule, NewTask, Plan, PlanPatch,
    Responsibility, Schedule, Task, TaskPatch,
};
use super::readings::{self, Readings, WordsToRead};
use super::revisions::{self, Consequences, RevisedLists, Revision, RevisionDiff};
use super::{
    KeyPointId, PlanId, ResponsibilityId, TaskId, actions, add_task as adding, documents, lists, receipts, schedules,
    store,
};
use crate::access::{Action, Caller, UnitId};
use crate::platform::text::Text;
use crate::platform::web::{Created, Item, Json, List, NoContent, Path, Query};
use crate::platform::{Error, PageRequest};

pub fn routes(config: &mut ServiceConfig) {
    config.service(create).service(list).service(get_one).service(change);
    config.service(add_key_point).service(list_key_points).service(get_key_point);
    config.service(change_key_point).service(remove_key_point);
    config.service(add_task).service(list_tasks).service(get_task).service(change_task).service(remove_task);
    config.service(add_responsibility).service(list_responsibilities);
    config.service(get_responsibility).service(remove_responsibility);
    config.service(put_schedule).service(get_schedule).service(read_words);
    config.configure(documents::http::routes);
    config.configure(receipts::http::routes);
    config.service(list_revisions).service(get_revision).service(diff_revisions);
}

/// What follows for time nodes from a change of an issued plan.
type Nodes = web::Data<dyn Consequences>;

/// Why something is removed.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Why {
    /// Required once the plan is issued, when the removal is a revision; 1 to 2,000 characters.
    #[param(inline)]
    reason: Option<Text<2000>>,
}

/// Make a plan
///
/// As a draft; one a year and issuing unit. With `from_plan_id` the lists of that plan are copied, their days moved by
/// whole years; `left_out` then names the parts of units that are dissolved or lie elsewhere by now.
#[utoipa::path(tag = "plans")]
#[post("/plans")]
async fn create(caller: Caller, body: Json<NewPlan>) -> Result<Created<MadePlan>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = copy::create(conn, actor, input.clone())?;
            Created::new(&made, &format!("/plans/{}", made.plan.id), made.plan.version)
        })
        .await
}

/// Which plans to read.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Of this year.
    year: Option<i64>,
    /// Issued by this unit.
    unit_id: Option<UnitId>,
    /// Rows of a page, 1 to 200, by default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Cursor of the page before.
    cursor: Option<String>,
}

/// List plans
///
/// Those of units in one's reach, and issued ones that name a unit of one's own.
#[utoipa::path(tag = "plans", params(Filter))]
#[get("/plans")]
async fn list(caller: Caller, Query(filter): Query<Filter>) -> Result<List<Plan>, Error> {
    let page = PageRequest::new("plans", filter.limit, filter.cursor.as_deref(), caller.request.wants_table())?;
    caller
        .read(move |conn, actor| {
            let (reach, own) = (actor.reach(Action::ReadPlan), actions::own_units(actor));
            List::read(&page, &actor.request, |page| {
                store::list_plans(conn, page, &reach, &own, filter.year, filter.unit_id)
            })
        })
        .await
}

/// Read a plan
#[utoipa::path(tag = "plans", params(PlanId))]
#[get("/plans/{id}")]
async fn get_one(caller: Caller, Path(id): Path<PlanId>) -> Result<Item<Plan>, Error> {
    caller
        .read(move |conn, actor| {
            let plan = actions::read(conn, actor, id)?;
            Item::new(&plan, plan.version)
        })
        .await
}

/// Change a plan
///
/// A merge patch; needs `If-Match`.
#[utoipa::path(tag = "plans", params(PlanId))]
#[patch("/plans/{id}")]
async fn change(
    caller: Caller,
    nodes: Nodes,
    Path(id): Path<PlanId>,
    body: Json<PlanPatch>,
) -> Result<Item<Plan>, Error> {
    let patch = body.value;
    caller
        .write(move |conn, actor| {
            let plan = actions::change(conn, actor, nodes.as_ref(), id, patch.clone())?;
            Item::new(&plan, plan.version)
        })
        .await
}

/// Add a key point to a plan
#[utoipa::path(tag = "key-points", params(PlanId))]
#[post("/plans/{id}/key-points")]
async fn add_key_point(
    caller: Caller,
    nodes: Nodes,
    Path(id): Path<PlanId>,
    body: Json<NewKeyPoint>,
) -> Result<Created<KeyPoint>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = lists::add_key_point(conn, actor, nodes.as_ref(), id, input.clone())?;
            Created::new(&made, &format!("/key-points/{}", made.id), made.version)
        })
        .await
}

/// List the key points of a plan
#[utoipa::path(tag = "key-points", params(PlanId))]
#[get("/plans/{id}/key-points")]
async fn list_key_points(caller: Caller, Path(id): Path<PlanId>) -> Result<List<KeyPoint>, Error> {
    caller
        .read(move |conn, actor| {
            actions::read(conn, actor, id)?;
            List::new(store::key_points_of(conn, id)?, None, &actor.request)
        })
        .await
}

/// Read a key point
#[utoipa::path(tag = "key-points", params(KeyPointId))]
#[get("/key-points/{id}")]
async fn get_key_point(caller: Caller, Path(id): Path<KeyPointId>) -> Result<Item<KeyPoint>, Error> {
    caller
        .read(move |conn, actor| {
            let key_point = lists::read_key_point(conn, actor, id)?;
            Item::new(&key_point, key_point.version)
        })
        .await
}

/// Change a key point
///
/// A merge patch; needs `If-Match`.
#[utoipa::path(tag = "key-points", params(KeyPointId))]
#[patch("/key-points/{id}")]
async fn change_key_point(
    caller: Caller,
    nodes: Nodes,
    Path(id): Path<KeyPointId>,
    body: Json<KeyPointPatch>,
) -> Result<Item<KeyPoint>, Error> {
    let patch = body.value;
    caller
        .write(move |conn, actor| {
            let changed = lists::change_key_point(conn, actor, nodes.as_ref(), id, patch.clone())?;
            Item::new(&changed, changed.version)
        })
        .await
}

/// Delete a key point
///
/// Needs `If-Match`; only one without tasks.
#[utoipa::path(tag = "key-points", params(KeyPointId, Why))]
#[delete("/key-points/{id}")]
async fn remove_key_point(
    caller: Caller,
    nodes: Nodes,
    Path(id): Path<KeyPointId>,
    Query(why): Query<Why>,
) -> Result<NoContent, Error> {
    caller
        .write(move |conn, actor| lists::remove_key_point(conn, actor, nodes.as_ref(), id, why.reason.as_ref()))
        .await?;
    Ok(NoContent)
}

/// Add a task to a key point
///
/// With its responsibilities and its schedule, where they are known: all of it or nothing, and after the issue one
/// revision, whose time nodes are made at once.
#[utoipa::path(tag = "tasks", params(KeyPointId))]
#[post("/key-points/{id}/tasks")]
async fn add_task(
    caller: Caller,
    nodes: Nodes,
    Path(id): Path<KeyPointId>,
    body: Json<NewTask>,
) -> Result<Created<Task>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = adding::add(conn, actor, nodes.as_ref(), id, input.clone())?;
            Created::new(&made, &format!("/tasks/{}", made.id), made.version)
        })
        .await
}

/// List the tasks of a key point
#[utoipa::path(tag = "tasks", params(KeyPointId))]
#[get("/key-points/{id}/tasks")]
async fn list_tasks(caller: Caller, Path(id): Path<KeyPointId>) -> Result<List<Task>, Error> {
    caller
        .read(move |conn, actor| {
            let key_point = lists::read_key_point(conn, actor, id)?;
            List::new(store::tasks_of(conn, &key_point)?, None, &actor.request)
        })
        .await
}

/// Read a task
#[utoipa::path(tag = "tasks", params(TaskId))]
#[get("/tasks/{id}")]
async fn get_task(caller: Caller, Path(id): Path<TaskId>) -> Result<Item<Task>, Error> {
    caller
        .read(move |conn, actor| {
            let task = lists::read_task(conn, actor, id)?;
            Item::new(&task, task.version)
        })
        .await
}

/// Change a task
///
/// A merge patch; needs `If-Match`.
#[utoipa::path(tag = "tasks", params(TaskId))]
#[patch("/tasks/{id}")]
async fn change_task(
    caller: Caller,
    nodes: Nodes,
    Path(id): Path<TaskId>,
    body: Json<TaskPatch>,
) -> Result<Item<Task>, Error> {
    let patch = body.value;
    caller
        .write(move |conn, actor| {
            let task = lists::change_task(conn, actor, nodes.as_ref(), id, patch.clone())?;
            Item::new(&task, task.version)
        })
        .await
}

/// Delete a task
///
/// With its responsibilities and its schedule; needs `If-Match`.
#[utoipa::path(tag = "tasks", params(TaskId, Why))]
#[delete("/tasks/{id}")]
async fn remove_task(
    caller: Caller,
    nodes: Nodes,
    Path(id): Path<TaskId>,
    Query(why): Query<Why>,
) -> Result<NoContent, Error> {
    caller.write(move |conn, actor| lists::remove_task(conn, actor, nodes.as_ref(), id, why.reason.as_ref())).await?;
    Ok(NoContent)
}

/// Give a unit a part in a task
#[utoipa::path(tag = "responsibilities", params(TaskId))]
#[post("/tasks/{id}/responsibilities")]
async fn add_responsibility(
    caller: Caller,
    nodes: Nodes,
    Path(id): Path<TaskId>,
    body: Json<NewResponsibility>,
) -> Result<Created<Responsibility>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = lists::add_responsibility(conn, actor, nodes.as_ref(), id, input.clone())?;
            Created::new(&made, &format!("/responsibilities/{}", made.id), made.version)
        })
        .await
}

/// List the responsibilities of a task
#[utoipa::path(tag = "responsibilities", params(TaskId))]
#[get("/tasks/{id}/responsibilities")]
async fn list_responsibilities(caller: Caller, Path(id): Path<TaskId>) -> Result<List<Responsibility>, Error> {
    caller
        .read(move |conn, actor| {
            lists::read_task(conn, actor, id)?;
            List::new(store::responsibilities_of(conn, id)?, None, &actor.request)
        })
        .await
}

/// Read a responsibility
#[utoipa::path(tag = "responsibilities", params(ResponsibilityId))]
#[get("/responsibilities/{id}")]
async fn get_responsibility(caller: Caller, Path(id): Path<ResponsibilityId>) -> Result<Item<Responsibility>, Error> {
    caller
        .read(move |conn, actor| {
            let held = store::get_responsibility(conn, id)?;
            lists::read_task(conn, actor, held.task_id)?;
            Item::new(&held, held.version)
        })
        .await
}

/// Delete a responsibility
///
/// Needs `If-Match`.
#[utoipa::path(tag = "responsibilities", params(ResponsibilityId, Why))]
#[delete("/responsibilities/{id}")]
async fn remove_responsibility(
    caller: Caller,
    nodes: Nodes,
    Path(id): Path<ResponsibilityId>,
    Query(why): Query<Why>,
) -> Result<NoContent, Error> {
    caller
        .write(move |conn, actor| lists::remove_responsibility(conn, actor, nodes.as_ref(), id, why.reason.as_ref()))
        .await?;
    Ok(NoContent)
}

/// Set the whole schedule of a task
///
/// The answer shows the nodes that each entry makes for every owing unit. Its ETag is the version of the task.
#[utoipa::path(tag = "tasks", params(TaskId))]
#[put("/tasks/{id}/schedule")]
async fn put_schedule(
    caller: Caller,
    nodes: Nodes,
    Path(id): Path<TaskId>,
    body: Json<NewSchedule>,
) -> Result<Item<Schedule>, Error> {
    let input = body.value;
    caller
        .write(move |conn, actor| {
            let (schedule, version) = schedules::put_schedule(conn, actor, nodes.as_ref(), id, &input)?;
            Item::new(&schedule, version)
        })
        .await
}

/// Read the schedule of a task
#[utoipa::path(tag = "tasks", params(TaskId))]
#[get("/tasks/{id}/schedule")]
async fn get_schedule(caller: Caller, Path(id): Path<TaskId>) -> Result<Item<Schedule>, Error> {
    caller
        .read(move |conn, actor| {
            let task = lists::read_task(conn, actor, id)?;
            Item::new(&schedules::schedule_of(conn, &task)?, task.version)
        })
        .await
}

/// Read words before they are saved
///
/// How a deadline and a cell of responsible units are understood in this plan. Writes nothing.
#[utoipa::path(tag = "plans", params(PlanId))]
#[post("/plans/{id}/readings")]
async fn read_words(caller: Caller, Path(id): Path<PlanId>, body: Json<WordsToRead>) -> Result<Item<Readings>, Error> {
    let input = body.value;
    caller.read(move |conn, actor| Item::by_content(&readings::read(conn, actor, id, &input)?)).await
}

/// List the revisions of a plan
///
/// Every change since the issue, with its reason, what it changed and what it did to time nodes.
#[utoipa::path(tag = "plans", params(PlanId))]
#[get("/plans/{id}/revisions")]
async fn list_revisions(caller: Caller, Path(id): Path<PlanId>) -> Result<List<Revision>, Error> {
    caller
        .read(move |conn, actor| {
            actions::read(conn, actor, id)?;
            List::new(store::revisions_of(conn, id)?, None, &actor.request)
        })
        .await
}

/// A revision of a plan.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct RevisionPath {
    /// Id of the plan
    id: PlanId,
    /// Number of the revision, from 0
    n: i64,
}

/// Two revisions of a plan.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct DiffPath {
    /// Id of the plan
    id: PlanId,
    /// Number of one revision, from 0
    a: i64,
    /// Number of the other, from 0
    b: i64,
}

/// Read back the lists of a revision
///
/// As it left them; 0 is the plan as it was issued.
#[utoipa::path(tag = "plans", params(RevisionPath))]
#[get("/plans/{id}/revisions/{n}")]
async fn get_revision(
    caller: Caller,
    Path(RevisionPath { id, n }): Path<RevisionPath>,
) -> Result<Item<RevisedLists>, Error> {
    caller
        .read_long(move |conn, actor| {
            let plan = actions::read(conn, actor, id)?;
            Item::by_content(&revisions::read_back(conn, plan, n)?)
        })
        .await
}

/// Compare two revisions
///
/// What was added, changed and removed between them, and what that did to time nodes.
#[utoipa::path(tag = "plans", params(DiffPath))]
#[get("/plans/{id}/revisions/{a}/diff/{b}")]
async fn diff_revisions(
    caller: Caller,
    Path(DiffPath { id, a, b }): Path<DiffPath>,
) -> Result<Item<RevisionDiff>, Error> {
    caller
        .read_long(move |conn, actor| {
            let plan = actions::read(conn, actor, id)?;
            Item::by_content(&revisions::compare(conn, &plan, a, b)?)
        })
        .await
}
