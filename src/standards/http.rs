//! `standard-sets`, `clauses`, `clause-tasks`.

use actix_web::{delete, get, patch, post, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{
    Clause, ClausePatch, ClauseTask, NewClause, NewClauseTask, NewSet, SetDiff, SetPatch, SetStatus, StandardSet,
};
use super::{ClauseId, ClauseTaskId, SetId, clauses, links, sets, store};
use crate::access::{Action, Caller, UnitId};
use crate::platform::web::{Created, Item, Json, List, NoContent, Path, Query};
use crate::platform::{Error, PageRequest};
use crate::progress::Evidence;

pub fn routes(config: &mut ServiceConfig) {
    config.service(create).service(list).service(get_one).service(change).service(remove);
    config.service(publish).service(compare);
    config.service(add_clause).service(list_clauses).service(get_clause).service(change_clause).service(remove_clause);
    config.service(link_task).service(list_links).service(get_link).service(end_link);
}

type Files = web::Data<Evidence>;

/// Make a standard set
///
/// As a draft. With `from_set_id` the clauses of that published set are copied, with their documents and their links.
#[utoipa::path(tag = "standard-sets")]
#[post("/standard-sets")]
async fn create(caller: Caller, body: Json<NewSet>) -> Result<Created<StandardSet>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = sets::create(conn, actor, &input)?;
            Created::new(&made, &format!("/standard-sets/{}", made.id), made.version)
        })
        .await
}

/// Which sets to read.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Set by this unit.
    unit_id: Option<UnitId>,
    /// Only drafts, or only published ones.
    status: Option<SetStatus>,
    /// Rows of a page, 1 to 200, by default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Cursor of the page before.
    cursor: Option<String>,
}

/// List standard sets
///
/// Published ones, and the drafts of units whose plans one reads.
#[utoipa::path(tag = "standard-sets", params(Filter))]
#[get("/standard-sets")]
async fn list(caller: Caller, Query(filter): Query<Filter>) -> Result<List<StandardSet>, Error> {
    let page = PageRequest::new("standard-sets", filter.limit, filter.cursor.as_deref(), caller.request.wants_table())?;
    caller
        .read(move |conn, actor| {
            actor.must_anywhere(Action::ReadStandards)?;
            let drafts = actor.reach(Action::ReadPlan);
            List::read(&page, &actor.request, |page| store::list(conn, page, &drafts, filter.unit_id, filter.status))
        })
        .await
}

/// Read a standard set
#[utoipa::path(tag = "standard-sets", params(SetId))]
#[get("/standard-sets/{id}")]
async fn get_one(caller: Caller, Path(id): Path<SetId>) -> Result<Item<StandardSet>, Error> {
    caller
        .read(move |conn, actor| {
            let set = sets::read(conn, actor, id)?;
            Item::new(&set, set.version)
        })
        .await
}

/// Change a standard set
///
/// A merge patch of a draft; needs `If-Match`.
#[utoipa::path(tag = "standard-sets", params(SetId))]
#[patch("/standard-sets/{id}")]
async fn change(caller: Caller, Path(id): Path<SetId>, body: Json<SetPatch>) -> Result<Item<StandardSet>, Error> {
    let patch = body.value;
    caller
        .write(move |conn, actor| {
            let changed = sets::change(conn, actor, id, &patch)?;
            Item::new(&changed, changed.version)
        })
        .await
}

/// Delete a standard set
///
/// A draft, with its clauses; needs `If-Match`.
#[utoipa::path(tag = "standard-sets", params(SetId))]
#[delete("/standard-sets/{id}")]
async fn remove(caller: Caller, Path(id): Path<SetId>) -> Result<NoContent, Error> {
    caller.write(move |conn, actor| sets::remove(conn, actor, id).map(|()| NoContent)).await
}

/// Publish a standard set
///
/// Once: from today on it applies to its unit and everything below, and its text, clauses and procedure documents are
/// frozen.
#[utoipa::path(tag = "standard-sets", params(SetId))]
#[post("/standard-sets/{id}/publish")]
async fn publish(caller: Caller, Path(id): Path<SetId>) -> Result<Item<StandardSet>, Error> {
    caller
        .post(String::new(), move |conn, actor| {
            let published = sets::publish(conn, actor, id)?;
            Item::new(&published, published.version)
        })
        .await
}

/// Two sets.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct DiffPath {
    /// Id of one set
    a: SetId,
    /// Id of the other
    b: SetId,
}

/// Compare two standard sets
///
/// Clauses added, changed and removed from the first to the second, told by their codes.
#[utoipa::path(tag = "standard-sets", params(DiffPath))]
#[get("/standard-sets/{a}/diff/{b}")]
async fn compare(caller: Caller, Path(DiffPath { a, b }): Path<DiffPath>) -> Result<Item<SetDiff>, Error> {
    caller.read(move |conn, actor| Item::by_content(&sets::compare(conn, actor, a, b)?)).await
}

/// Add a clause to a draft
#[utoipa::path(tag = "clauses", params(SetId))]
#[post("/standard-sets/{id}/clauses")]
async fn add_clause(
    caller: Caller,
    files: Files,
    Path(id): Path<SetId>,
    body: Json<NewClause>,
) -> Result<Created<Clause>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = clauses::add(conn, actor, &files, id, input.clone())?;
            Created::new(&made, &format!("/clauses/{}", made.id), made.version)
        })
        .await
}

/// List the clauses of a standard set
///
/// All of them, in their order.
#[utoipa::path(tag = "clauses", params(SetId))]
#[get("/standard-sets/{id}/clauses")]
async fn list_clauses(caller: Caller, Path(id): Path<SetId>) -> Result<List<Clause>, Error> {
    caller
        .read(move |conn, actor| {
            sets::read(conn, actor, id)?;
            List::new(store::clauses_of(conn, id)?, None, &actor.request)
        })
        .await
}

/// Read a clause
#[utoipa::path(tag = "clauses", params(ClauseId))]
#[get("/clauses/{id}")]
async fn get_clause(caller: Caller, Path(id): Path<ClauseId>) -> Result<Item<Clause>, Error> {
    caller
        .read(move |conn, actor| {
            let clause = clauses::read(conn, actor, id)?;
            Item::new(&clause, clause.version)
        })
        .await
}

/// Change a clause
///
/// A merge patch of a clause of a draft; needs `If-Match`.
#[utoipa::path(tag = "clauses", params(ClauseId))]
#[patch("/clauses/{id}")]
async fn change_clause(
    caller: Caller,
    files: Files,
    Path(id): Path<ClauseId>,
    body: Json<ClausePatch>,
) -> Result<Item<Clause>, Error> {
    let patch = body.value;
    caller
        .write(move |conn, actor| {
            let changed = clauses::change(conn, actor, &files, id, patch.clone())?;
            Item::new(&changed, changed.version)
        })
        .await
}

/// Delete a clause
///
/// Of a draft; needs `If-Match`.
#[utoipa::path(tag = "clauses", params(ClauseId))]
#[delete("/clauses/{id}")]
async fn remove_clause(caller: Caller, Path(id): Path<ClauseId>) -> Result<NoContent, Error> {
    caller.write(move |conn, actor| clauses::remove(conn, actor, id).map(|()| NoContent)).await
}

/// Link a clause to a task
///
/// To one that does what the clause asks, of an issued plan; also after publication.
#[utoipa::path(tag = "clauses", params(ClauseId))]
#[post("/clauses/{id}/tasks")]
async fn link_task(
    caller: Caller,
    Path(id): Path<ClauseId>,
    body: Json<NewClauseTask>,
) -> Result<Created<ClauseTask>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = links::add(conn, actor, id, &input)?;
            Created::new(&made, &format!("/clause-tasks/{}", made.id), made.version)
        })
        .await
}

/// List the tasks of a clause
///
/// Links that hold, and those that held once.
#[utoipa::path(tag = "clauses", params(ClauseId))]
#[get("/clauses/{id}/tasks")]
async fn list_links(caller: Caller, Path(id): Path<ClauseId>) -> Result<List<ClauseTask>, Error> {
    caller
        .read(move |conn, actor| {
            clauses::read(conn, actor, id)?;
            List::new(store::links_of(conn, id)?, None, &actor.request)
        })
        .await
}

/// Read the link of a clause to a task
#[utoipa::path(tag = "clauses", params(ClauseTaskId))]
#[get("/clause-tasks/{id}")]
async fn get_link(caller: Caller, Path(id): Path<ClauseTaskId>) -> Result<Item<ClauseTask>, Error> {
    caller
        .read(move |conn, actor| {
            let link = links::read(conn, actor, id)?;
            Item::new(&link, link.version)
        })
        .await
}

/// End the link of a clause to a task
///
/// From today on; needs `If-Match`.
#[utoipa::path(tag = "clauses", params(ClauseTaskId))]
#[delete("/clause-tasks/{id}")]
async fn end_link(caller: Caller, Path(id): Path<ClauseTaskId>) -> Result<NoContent, Error> {
    caller.write(move |conn, actor| links::end(conn, actor, id).map(|()| NoContent)).await
}
