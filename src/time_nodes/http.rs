//! `time-nodes`, and the issue of a plan.

use actix_web::{get, post};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{Issue, Issued};
use super::store::{self, NodeFilter};
use super::{NodeId, TimeNode, Verdict, issue, requests, urges};
use crate::access::{Action, Actor, Caller};
use crate::plans::{self, PlanId, TaskId};
use crate::platform::days::{by_today, require_sane};
use crate::platform::db::today;
use crate::platform::web::{Item, Json, List, Path, Query};
use crate::platform::{Conn, Error, PageRequest, Result};
use crate::units::{self, UnitId};

pub fn routes(config: &mut ServiceConfig) {
    config.service(issue_plan).service(list).service(list_of_task).service(get_one);
    config.configure(requests::http::routes).configure(urges::http::routes);
}

/// Issue a plan
///
/// Makes the time nodes and freezes the lists. With `dry_run` it only says who will owe what, when.
#[utoipa::path(tag = "plans", params(PlanId))]
#[post("/plans/{id}/issue")]
async fn issue_plan(caller: Caller, Path(id): Path<PlanId>, body: Json<Issue>) -> Result<Item<Issued>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let issued = issue::issue(conn, actor, id, &input)?;
            Item::new(&issued, issued.plan.version)
        })
        .await
}

/// Which time nodes to read.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Of this unit and everything below it (in the tree of `as_of`).
    unit_id: Option<UnitId>,
    /// Of this plan.
    plan_id: Option<PlanId>,
    /// Of this task.
    task_id: Option<TaskId>,
    /// With this verdict on `as_of`.
    verdict: Option<Verdict>,
    /// Due on this day or later.
    due_from: Option<NaiveDate>,
    /// Due on this day or earlier.
    due_to: Option<NaiveDate>,
    /// As recorded by the end of this day; by default today.
    as_of: Option<NaiveDate>,
    /// Rows of a page, 1 to 200, by default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Cursor of the page before.
    cursor: Option<String>,
}

impl Filter {
    fn of_task(task_id: TaskId) -> Filter {
        Filter {
            unit_id: None,
            plan_id: None,
            task_id: Some(task_id),
            verdict: None,
            due_from: None,
            due_to: None,
            as_of: None,
            limit: None,
            cursor: None,
        }
    }
}

/// List time nodes
///
/// Those in one's reach, by due day, as they stood at the end of a day.
#[utoipa::path(tag = "time-nodes", params(Filter))]
#[get("/time-nodes")]
async fn list(caller: Caller, Query(filter): Query<Filter>) -> Result<List<TimeNode>, Error> {
    listed(caller, filter).await
}

/// List the time nodes of a task
#[utoipa::path(tag = "time-nodes", params(TaskId, Part))]
#[get("/tasks/{id}/time-nodes")]
async fn list_of_task(
    caller: Caller,
    Path(id): Path<TaskId>,
    Query(part): Query<Part>,
) -> Result<List<TimeNode>, Error> {
    caller.read(move |conn, actor| plans::lists::read_task(conn, actor, id)).await?;
    listed(caller, Filter { limit: part.limit, cursor: part.cursor, ..Filter::of_task(id) }).await
}

/// A part of a list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Part {
    /// Rows of a page, 1 to 200, by default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Cursor of the page before.
    cursor: Option<String>,
}

async fn listed(caller: Caller, filter: Filter) -> Result<List<TimeNode>> {
    let page = PageRequest::new("time-nodes", filter.limit, filter.cursor.as_deref(), caller.request.wants_table())?;
    caller
        .read(move |conn, actor| {
            let today = today(conn)?;
            let as_of = by_today(filter.as_of, today, "as_of")?;
            require_sane(filter.due_from, "due_from")?;
            require_sane(filter.due_to, "due_to")?;
            let wanted = NodeFilter {
                path: filter.unit_id.map(|id| readable_path(conn, actor, id, as_of)).transpose()?,
                plan_id: filter.plan_id,
                task_id: filter.task_id,
                verdict: filter.verdict,
                due_from: filter.due_from,
                due_to: filter.due_to,
            };
            List::read(&page, &actor.request, |page| {
                store::list(conn, page, &actor.reach(Action::ReadNodes), &wanted, as_of)
            })
        })
        .await
}

/// Where the named unit lay on a day; 403 when its nodes are out of reach.
fn readable_path(conn: &mut Conn, actor: &Actor, id: UnitId, day: NaiveDate) -> Result<String> {
    let now = units::store::named(conn, id, "unit_id")?;
    actor.must(Action::ReadNodes, &now.site())?;
    Ok(units::store::path_on(conn, id, day)?.unwrap_or_else(|| "/-/".into()))
}

/// Read a time node
#[utoipa::path(tag = "time-nodes", params(NodeId))]
#[get("/time-nodes/{id}")]
async fn get_one(caller: Caller, Path(id): Path<NodeId>) -> Result<Item<TimeNode>, Error> {
    caller
        .read(move |conn, actor| {
            let node = store::get(conn, id)?;
            actor.must(Action::ReadNodes, &node.site)?;
            let today = today(conn)?;
            let shown = node.shown(today);
            Item::new(&shown, shown.version)
        })
        .await
}
