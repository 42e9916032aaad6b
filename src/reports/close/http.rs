//! `plans/{id}/close`, `plans/{id}/year-report`, `plans/{id}/carry-overs`.

use actix_web::{get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{CarryOver, CloseInput, Closed};
use super::{close, store};
use crate::access::{Action, Caller};
use crate::plans::{self, PlanId};
use crate::platform::web::{Item, Json, List, Path, Query};
use crate::platform::{Error, PageRequest};
use crate::reports::model::ComplianceReport;

pub fn routes(config: &mut ServiceConfig) {
    config.service(close_plan).service(year_report).service(carry_overs);
}

/// Close a plan
///
/// Freezes its lists and due days, cancels the nodes not yet due and pins the year report. Every node that is open and
/// past due must be named in `open`; it stays owed. Before the plan's year has ended a reason is needed. With `dry_run`
/// it only says what would be cancelled and what is open.
#[utoipa::path(tag = "plans", params(PlanId))]
#[post("/plans/{id}/close")]
async fn close_plan(caller: Caller, Path(id): Path<PlanId>, body: Json<CloseInput>) -> Result<Item<Closed>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let closed = close(conn, actor, id, &input)?;
            Item::new(&closed, closed.plan.version)
        })
        .await
}

/// Read the pinned year report of a closed plan
///
/// The compliance report of the plan's unit and year by unit, byte for byte as it read when the plan was closed. It says
/// `final: false`: the closing day was not over, and late reports go on; ask `reports/compliance` for any later day. 404
/// until the plan is closed.
#[utoipa::path(tag = "plans", params(PlanId))]
#[get("/plans/{id}/year-report")]
async fn year_report(caller: Caller, Path(id): Path<PlanId>) -> Result<Item<ComplianceReport>, Error> {
    caller
        .read(move |conn, actor| {
            plans::actions::read(conn, actor, id)?;
            Ok(Item::kept(store::pinned(conn, id)?))
        })
        .await
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

/// List what was carried over from a plan and into it
///
/// Of units in one's reach; also what was left with a reason when the plan was closed.
#[utoipa::path(tag = "plans", params(PlanId, Part))]
#[get("/plans/{id}/carry-overs")]
async fn carry_overs(
    caller: Caller,
    Path(id): Path<PlanId>,
    Query(part): Query<Part>,
) -> Result<List<CarryOver>, Error> {
    let page = PageRequest::new("carry-overs", part.limit, part.cursor.as_deref(), caller.request.wants_table())?;
    caller
        .read(move |conn, actor| {
            plans::actions::read(conn, actor, id)?;
            List::read(&page, &actor.request, |page| {
                store::carry_overs_of(conn, page, &actor.reach(Action::ReadNodes), id)
            })
        })
        .await
}
