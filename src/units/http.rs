//! `units`.

use actix_web::{get, patch, post};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::{Dissolution, NewUnit, Unit, UnitBranch, UnitKind, UnitPatch};
use super::{UnitId, actions, store};
use crate::access::{Action, Caller};
use crate::platform::days::by_today;
use crate::platform::db::today;
use crate::platform::web::{Created, Item, Json, List, Path, Query};
use crate::platform::{Error, PageRequest};

pub fn routes(config: &mut ServiceConfig) {
    config.service(create).service(list).service(tree).service(get_one).service(change).service(dissolve);
}

/// Make a unit
#[utoipa::path(tag = "units")]
#[post("/units")]
async fn create(caller: Caller, body: Json<NewUnit>) -> Result<Created<Unit>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let unit = actions::create(conn, actor, input.clone())?;
            Created::new(&unit, &format!("/units/{}", unit.id), unit.version)
        })
        .await
}

/// Which units to read.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Units of this kind.
    kind: Option<UnitKind>,
    /// Units directly below this one.
    parent_id: Option<UnitId>,
    /// Rows of a page, 1 to 200, by default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// Cursor of the page before.
    cursor: Option<String>,
}

/// List units
#[utoipa::path(tag = "units", params(Filter))]
#[get("/units")]
async fn list(caller: Caller, Query(filter): Query<Filter>) -> Result<List<Unit>, Error> {
    let page = PageRequest::new("units", filter.limit, filter.cursor.as_deref(), caller.request.wants_table())?;
    caller
        .read(move |conn, actor| {
            actor.must_anywhere(Action::ReadUnits)?;
            List::read(&page, &actor.request, |page| store::list(conn, page, filter.kind, filter.parent_id))
        })
        .await
}

/// The day of a tree.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TreeFilter {
    /// The tree as it was recorded by the end of this day; by default today.
    as_of: Option<NaiveDate>,
}

/// Read the tree of units
///
/// As it was recorded by the end of a day.
#[utoipa::path(tag = "units", params(TreeFilter))]
#[get("/units/tree")]
async fn tree(caller: Caller, Query(filter): Query<TreeFilter>) -> Result<List<UnitBranch>, Error> {
    caller
        .read(move |conn, actor| {
            let today = today(conn)?;
            let as_of = by_today(filter.as_of, today, "as_of")?;
            List::new(actions::tree(conn, actor, as_of)?, None, &actor.request)
        })
        .await
}

/// Read a unit
#[utoipa::path(tag = "units", params(UnitId))]
#[get("/units/{id}")]
async fn get_one(caller: Caller, Path(id): Path<UnitId>) -> Result<Item<Unit>, Error> {
    caller
        .read(move |conn, actor| {
            actor.must_anywhere(Action::ReadUnits)?;
            let version = store::version(conn, id)?;
            Item::new(&store::get(conn, id)?.shown(version)?, version)
        })
        .await
}

/// Change or move a unit
///
/// A merge patch; needs `If-Match`. Names and places of past days stay as they were.
#[utoipa::path(tag = "units", params(UnitId))]
#[patch("/units/{id}")]
async fn change(caller: Caller, Path(id): Path<UnitId>, body: Json<UnitPatch>) -> Result<Item<Unit>, Error> {
    let patch = body.value;
    caller
        .write(move |conn, actor| {
            let unit = actions::change(conn, actor, id, patch.clone())?;
            Item::new(&unit, unit.version)
        })
        .await
}

/// Dissolve a unit
///
/// With a successor or a reason: what is past due stays owed.
#[utoipa::path(tag = "units", params(UnitId))]
#[post("/units/{id}/dissolve")]
async fn dissolve(caller: Caller, Path(id): Path<UnitId>, body: Json<Dissolution>) -> Result<Item<Unit>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let unit = actions::dissolve(conn, actor, id, input.clone())?;
            Item::new(&unit, unit.version)
        })
        .await
}
