//! `urges`.

use actix_web::{get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{NewUrge, Urge, Urged};
use crate::access::{Action, Caller};
use crate::platform::web::{Item, Json, List, Query};
use crate::platform::{Error, PageRequest};
use crate::time_nodes::NodeId;
use crate::units::UnitId;

pub fn routes(config: &mut ServiceConfig) {
    config.service(create).service(list);
}

/// Urge units to do what they owe
///
/// At most once a node and day. The answer names each node with what became of it: `skipped` says why one was not
/// urged (`already_urged` today, `excluded`, `not_due`, `reported`, `done`). A node that does not exist or is out of
/// reach refuses the whole call.
#[utoipa::path(tag = "urges")]
#[post("/urges")]
async fn create(caller: Caller, body: Json<NewUrge>) -> Result<Item<Urged>, Error> {
    let input = body.value;
    caller.post(body.digest, move |conn, actor| Item::by_content(&super::urge(conn, actor, &input)?)).await
}

/// Which urges to read.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Of this time node.
    time_node_id: Option<NodeId>,
    /// Of nodes of this unit and everything below it (in the tree of today).
    unit_id: Option<UnitId>,
    /// Rows of a page, 1 to 200, by default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Cursor of the page before.
    cursor: Option<String>,
}

/// List urges
///
/// Those of nodes in one's reach, oldest first.
#[utoipa::path(tag = "urges", params(Filter))]
#[get("/urges")]
async fn list(caller: Caller, Query(filter): Query<Filter>) -> Result<List<Urge>, Error> {
    let page = PageRequest::new("urges", filter.limit, filter.cursor.as_deref(), caller.request.wants_table())?;
    caller
        .read(move |conn, actor| {
            let wanted = super::settle(conn, actor, filter.time_node_id, filter.unit_id)?;
            List::read(&page, &actor.request, |page| super::list(conn, page, &actor.reach(Action::ReadNodes), &wanted))
        })
        .await
}
