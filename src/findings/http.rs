//! `findings` with their `measures`, `tasks`, `applications`, `checks`, `closing`, `stage`, `dismissal`, `rechecks`, and
//! `measures`.

use actix_web::{delete, get, patch, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::ledger::LedgerQuery;
use super::model::{
    CloseOutApplication, Dismissal, Finding, FindingCheck, FindingNote, FindingPatch, Measure, MeasurePatch,
    NewCloseOut, NewFinding, NewFindingCheck, NewFindingTask, NewMeasure, NewRecheck, Recheck,
};
use super::{FindingId, MeasureId, applications, close_out, ledger, measures, raise, rechecks, tasks};
use crate::access::Caller;
use crate::plans::model::Task;
use crate::plans::revisions::Consequences;
use crate::platform::web::{Created, Item, Json, List, NoContent, Path, Query};
use crate::platform::{Error, PageRequest};
use crate::progress::Evidence;

pub fn routes(config: &mut ServiceConfig) {
    config.service(create).service(list).service(get_one).service(change);
    config.service(add_measure).service(list_measures).service(get_measure).service(change_measure);
    config.service(remove_measure).service(make_task);
    config.service(apply).service(list_applications).service(check).service(list_checks);
    config.service(close).service(mark_stage).service(dismiss);
    config.service(recheck).service(list_rechecks);
}

type Files = web::Data<Evidence>;
/// What follows for time nodes from a change of an issued plan.
type Nodes = web::Data<dyn Consequences>;

/// Raise a finding
///
/// By an inspector, the department or a leader, against one or several units in their reach. It is `open` until its
/// first measure is taken.
#[utoipa::path(tag = "findings")]
#[post("/findings")]
async fn create(caller: Caller, body: Json<NewFinding>) -> Result<Created<Finding>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = raise::create(conn, actor, &input)?;
            Created::new(&made, &format!("/findings/{}", made.id), made.version)
        })
        .await
}

/// List findings: the ledger
///
/// 整改台账: those that name a unit in one's reach, as they stood at the end of `as_of`, by id. With `Accept: text/csv`,
/// the table that is handed round, its heads in Chinese: a row a finding, its measures numbered.
#[utoipa::path(tag = "findings", params(LedgerQuery))]
#[get("/findings")]
async fn list(caller: Caller, Query(query): Query<LedgerQuery>) -> Result<List<Finding>, Error> {
    let page = PageRequest::new("findings", query.limit, query.cursor.as_deref(), caller.request.wants_table())?;
    caller
        .read_long(move |conn, actor| {
            let (items, next) = ledger::list(conn, actor, &page, &query)?;
            if actor.request.wants_table() {
                List::table(&ledger::rows(&items), &actor.request)
            } else {
                List::new(items, next, &actor.request)
            }
        })
        .await
}

/// Read a finding
#[utoipa::path(tag = "findings", params(FindingId))]
#[get("/findings/{id}")]
async fn get_one(caller: Caller, Path(id): Path<FindingId>) -> Result<Item<Finding>, Error> {
    caller
        .read(move |conn, actor| {
            let finding = ledger::read(conn, actor, id)?;
            Item::new(&finding, finding.version)
        })
        .await
}

/// Change a finding
///
/// A merge patch; needs `If-Match`. For who may raise findings against all its units; why it came about, its units may
/// say too. Not once it is closed or dismissed.
#[utoipa::path(tag = "findings", params(FindingId))]
#[patch("/findings/{id}")]
async fn change(caller: Caller, Path(id): Path<FindingId>, body: Json<FindingPatch>) -> Result<Item<Finding>, Error> {
    let patch = body.value;
    caller
        .write(move |conn, actor| {
            let finding = raise::change(conn, actor, id, patch.clone())?;
            Item::new(&finding, finding.version)
        })
        .await
}

/// Take a measure against a finding
///
/// By a unit of the finding, or the department that serves it, before the close-out is applied for. The first measure
/// makes it `rectifying`, and a further one does after `stage_done`.
#[utoipa::path(tag = "findings", params(FindingId))]
#[post("/findings/{id}/measures")]
async fn add_measure(
    caller: Caller,
    Path(id): Path<FindingId>,
    body: Json<NewMeasure>,
) -> Result<Created<Measure>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = measures::add(conn, actor, id, &input)?;
            Created::new(&made, &format!("/measures/{}", made.id), made.version)
        })
        .await
}

/// List the measures against a finding
#[utoipa::path(tag = "findings", params(FindingId))]
#[get("/findings/{id}/measures")]
async fn list_measures(caller: Caller, Path(id): Path<FindingId>) -> Result<List<Measure>, Error> {
    caller.read(move |conn, actor| List::new(ledger::read(conn, actor, id)?.measures, None, &actor.request)).await
}

/// Read a measure
#[utoipa::path(tag = "findings", params(MeasureId))]
#[get("/measures/{id}")]
async fn get_measure(caller: Caller, Path(id): Path<MeasureId>) -> Result<Item<Measure>, Error> {
    caller
        .read(move |conn, actor| {
            let measure = measures::read(conn, actor, id)?;
            Item::new(&measure, measure.version)
        })
        .await
}

/// Change a measure
///
/// A merge patch; needs `If-Match`. A unit does not move its own deadlines: it is for who may check the finding.
#[utoipa::path(tag = "findings", params(MeasureId))]
#[patch("/measures/{id}")]
async fn change_measure(
    caller: Caller,
    Path(id): Path<MeasureId>,
    body: Json<MeasurePatch>,
) -> Result<Item<Measure>, Error> {
    let patch = body.value;
    caller
        .write(move |conn, actor| {
            let measure = measures::change(conn, actor, id, patch.clone())?;
            Item::new(&measure, measure.version)
        })
        .await
}

/// Remove a measure
///
/// For who may check the finding; never the last one. Past days keep it.
#[utoipa::path(tag = "findings", params(MeasureId))]
#[delete("/measures/{id}")]
async fn remove_measure(caller: Caller, Path(id): Path<MeasureId>) -> Result<NoContent, Error> {
    caller.write(move |conn, actor| measures::remove(conn, actor, id).map(|()| NoContent)).await
}

/// Make measures a task of a plan
///
/// The units of the measures are responsible for it, their due days are its schedule, and the finding is its `origin`.
/// Of an issued plan it is one revision, and its time nodes are made at once. Every unit of the measures must have one
/// by each of their days; else name fewer of them.
#[utoipa::path(tag = "findings", params(FindingId))]
#[post("/findings/{id}/tasks")]
async fn make_task(
    caller: Caller,
    nodes: Nodes,
    Path(id): Path<FindingId>,
    body: Json<NewFindingTask>,
) -> Result<Created<Task>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = tasks::make(conn, actor, nodes.as_ref(), id, &input)?;
            Created::new(&made, &format!("/tasks/{}", made.id), made.version)
        })
        .await
}

/// Apply for the close-out of a finding
///
/// 销号申请, by one of its units or the department that serves it, with evidence.
#[utoipa::path(tag = "findings", params(FindingId))]
#[post("/findings/{id}/applications")]
async fn apply(
    caller: Caller,
    files: Files,
    Path(id): Path<FindingId>,
    body: Json<NewCloseOut>,
) -> Result<Created<CloseOutApplication>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = applications::apply(conn, actor, &files, id, &input)?;
            Created::new(&made, &format!("/findings/{id}/applications"), 1)
        })
        .await
}

/// List the applications for the close-out of a finding
#[utoipa::path(tag = "findings", params(FindingId))]
#[get("/findings/{id}/applications")]
async fn list_applications(caller: Caller, Path(id): Path<FindingId>) -> Result<List<CloseOutApplication>, Error> {
    caller.read(move |conn, actor| List::new(applications::list(conn, actor, id)?, None, &actor.request)).await
}

/// Check what was applied for
///
/// By the department or a leader above every unit of the finding who holds no post in one, and did not apply. `passed`
/// makes it `checked`; `failed`, with a reason, makes it `rectifying` again.
#[utoipa::path(tag = "findings", params(FindingId))]
#[post("/findings/{id}/checks")]
async fn check(
    caller: Caller,
    files: Files,
    Path(id): Path<FindingId>,
    body: Json<NewFindingCheck>,
) -> Result<Created<FindingCheck>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = close_out::check(conn, actor, &files, id, &input)?;
            Created::new(&made, &format!("/findings/{id}/checks"), 1)
        })
        .await
}

/// List the checks of a finding
#[utoipa::path(tag = "findings", params(FindingId))]
#[get("/findings/{id}/checks")]
async fn list_checks(caller: Caller, Path(id): Path<FindingId>) -> Result<List<FindingCheck>, Error> {
    caller.read(move |conn, actor| List::new(applications::checks(conn, actor, id)?, None, &actor.request)).await
}

/// Close a finding out
///
/// 销号, once its check was passed; by who may check it. A long-term one counts as closed only while every owed node of
/// its tasks is done.
#[utoipa::path(tag = "findings", params(FindingId))]
#[post("/findings/{id}/closing")]
async fn close(caller: Caller, Path(id): Path<FindingId>, body: Json<FindingNote>) -> Result<Item<Finding>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let closed = close_out::close(conn, actor, id, input.note.as_ref())?;
            Item::new(&closed, closed.version)
        })
        .await
}

/// Mark that a stage of a finding is done
///
/// 阶段完成, by who may check it, while it is rectified or once its check was passed; not of one that is put right at
/// once. It does not count as closed, and is counted apart.
#[utoipa::path(tag = "findings", params(FindingId))]
#[post("/findings/{id}/stage")]
async fn mark_stage(
    caller: Caller,
    Path(id): Path<FindingId>,
    body: Json<FindingNote>,
) -> Result<Item<Finding>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let marked = close_out::mark_stage(conn, actor, id, input.note.as_ref())?;
            Item::new(&marked, marked.version)
        })
        .await
}

/// Dismiss a finding
///
/// By the inspector who raised it or a leader above, until it is closed. It counts nowhere from that day on.
#[utoipa::path(tag = "findings", params(FindingId))]
#[post("/findings/{id}/dismissal")]
async fn dismiss(caller: Caller, Path(id): Path<FindingId>, body: Json<Dismissal>) -> Result<Item<Finding>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let dismissed = close_out::dismiss(conn, actor, id, &input.reason)?;
            Item::new(&dismissed, dismissed.version)
        })
        .await
}

/// Look back at a closed finding
///
/// 回头看, by who may raise findings against its units and holds no post there. `held` is kept; `failed`, with a note,
/// makes a new finding with `relapse_of`, which counts in its place.
#[utoipa::path(tag = "findings", params(FindingId))]
#[post("/findings/{id}/rechecks")]
async fn recheck(caller: Caller, Path(id): Path<FindingId>, body: Json<NewRecheck>) -> Result<Created<Recheck>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = rechecks::create(conn, actor, id, &input)?;
            Created::new(&made, &format!("/findings/{id}/rechecks"), 1)
        })
        .await
}

/// List the looks back at a finding
#[utoipa::path(tag = "findings", params(FindingId))]
#[get("/findings/{id}/rechecks")]
async fn list_rechecks(caller: Caller, Path(id): Path<FindingId>) -> Result<List<Recheck>, Error> {
    caller.read(move |conn, actor| List::new(rechecks::list(conn, actor, id)?, None, &actor.request)).await
}
