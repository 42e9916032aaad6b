//! `layouts`.

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{LayoutPatch, NewLayout, SavedLayout};
use super::{LayoutId, actions, store};
use crate::access::{Action, Caller};
use crate::platform::web::{Created, Item, Json, List, NoContent, Path, Query};
use crate::platform::{Error, PageRequest};
use crate::units::UnitId;

pub fn routes(config: &mut ServiceConfig) {
    config.service(create).service(list).service(get_one).service(change).service(remove);
}

/// Make a layout
///
/// For the department of the unit. It may then be named as `layout_id` wherever a list or report is answered as a table.
#[utoipa::path(tag = "layouts")]
#[post("/layouts")]
async fn create(caller: Caller, body: Json<NewLayout>) -> Result<Created<SavedLayout>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let made = actions::create(conn, actor, input.clone())?;
            Created::new(&made, &format!("/layouts/{}", made.id), made.version)
        })
        .await
}

/// Which layouts to read.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Of this unit.
    unit_id: Option<UnitId>,
    /// Rows of a page, 1 to 200, by default 50.
    limit: Option<i64>,
    /// Cursor of the page before.
    cursor: Option<String>,
}

/// List layouts
///
/// Those of every unit: what a unit above keeps is used by everybody below.
#[utoipa::path(tag = "layouts", params(Filter))]
#[get("/layouts")]
async fn list(caller: Caller, Query(filter): Query<Filter>) -> Result<List<SavedLayout>, Error> {
    let page = PageRequest::new("layouts", filter.limit, filter.cursor.as_deref(), caller.request.wants_table())?;
    caller
        .read(move |conn, actor| {
            actor.must_anywhere(Action::ReadLayouts)?;
            List::read(&page, &actor.request, |page| store::list(conn, page, filter.unit_id))
        })
        .await
}

/// Read a layout
#[utoipa::path(tag = "layouts", params(LayoutId))]
#[get("/layouts/{id}")]
async fn get_one(caller: Caller, Path(id): Path<LayoutId>) -> Result<Item<SavedLayout>, Error> {
    caller
        .read(move |conn, actor| {
            let layout = actions::read(conn, actor, id)?;
            Item::new(&layout, layout.version)
        })
        .await
}

/// Change a layout
///
/// A merge patch, for the department of its unit; needs `If-Match`.
#[utoipa::path(tag = "layouts", params(LayoutId))]
#[patch("/layouts/{id}")]
async fn change(caller: Caller, Path(id): Path<LayoutId>, body: Json<LayoutPatch>) -> Result<Item<SavedLayout>, Error> {
    let patch = body.value;
    caller
        .write(move |conn, actor| {
            let changed = actions::change(conn, actor, id, patch.clone())?;
            Item::new(&changed, changed.version)
        })
        .await
}

/// Delete a layout
///
/// For the department of its unit; needs `If-Match`.
#[utoipa::path(tag = "layouts", params(LayoutId))]
#[delete("/layouts/{id}")]
async fn remove(caller: Caller, Path(id): Path<LayoutId>) -> Result<NoContent, Error> {
    caller.write(move |conn, actor| actions::remove(conn, actor, id).map(|()| NoContent)).await
}
