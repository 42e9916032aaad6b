//! `plans/{id}/receipts`.

use actix_web::{get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{NewReceipt, Receipt};
use crate::access::Caller;
use crate::plans::PlanId;
use crate::platform::web::{Created, Json, List, Path, Query};
use crate::platform::{Error, PageRequest};

pub fn routes(config: &mut ServiceConfig) {
    config.service(sign).service(list);
}

/// Sign for a plan
///
/// For the plan as issued or one of its revisions, by a post at a unit that the plan names; once a unit and revision.
#[utoipa::path(tag = "plans", params(PlanId))]
#[post("/plans/{id}/receipts")]
async fn sign(caller: Caller, Path(id): Path<PlanId>, body: Json<NewReceipt>) -> Result<Created<Receipt>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = super::sign(conn, actor, id, &input)?;
            Created::new(&made, &format!("/plans/{id}/receipts"), 1)
        })
        .await
}

/// Which receipts to read.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Of this revision, 0 being the plan as issued; by default of all.
    revision: Option<i64>,
    /// Rows of a page, 1 to 200, by default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Cursor of the page before.
    cursor: Option<String>,
}

/// List who has signed for a plan, and who has not
///
/// One row a named unit and revision; `signed_on` is null where nobody has signed yet.
#[utoipa::path(tag = "plans", params(PlanId, Filter))]
#[get("/plans/{id}/receipts")]
async fn list(caller: Caller, Path(id): Path<PlanId>, Query(filter): Query<Filter>) -> Result<List<Receipt>, Error> {
    let page = PageRequest::new("receipts", filter.limit, filter.cursor.as_deref(), caller.request.wants_table())?;
    caller
        .read(move |conn, actor| {
            List::read(&page, &actor.request, |page| super::list(conn, actor, page, id, filter.revision))
        })
        .await
}
