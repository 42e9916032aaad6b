//! `calendars`.

use actix_web::{get, post};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions;
use super::model::{CalendarYear, NewCalendar, YearCalendar};
use crate::access::Caller;
use crate::platform::Error;
use crate::platform::web::{Created, Item, Json, List, Path, Query};

pub fn routes(config: &mut ServiceConfig) {
    config.service(import).service(list).service(get_one);
}

/// Import the calendar of a year
///
/// Its holidays, make-up working days and festivals. It takes the place of the year's earlier calendar from today on;
/// past days keep theirs.
#[utoipa::path(tag = "calendars")]
#[post("/calendars")]
async fn import(caller: Caller, body: Json<NewCalendar>) -> Result<Created<YearCalendar>, Error> {
    let input = body.value;
    caller
        .post(body.digest, move |conn, actor| {
            let year = actions::import(conn, actor, &input)?;
            Created::new(&year, &format!("/calendars/{}", year.year), year.version)
        })
        .await
}

/// The day of a calendar.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// As it was recorded by the end of this day; by default today.
    as_of: Option<NaiveDate>,
}

/// List the years whose calendar was imported
///
/// All others work Monday to Friday.
#[utoipa::path(tag = "calendars", params(Filter))]
#[get("/calendars")]
async fn list(caller: Caller, Query(filter): Query<Filter>) -> Result<List<CalendarYear>, Error> {
    caller
        .read(move |conn, actor| {
            let years = actions::list(conn, actor, filter.as_of)?;
            List::new(years, None, &actor.request)
        })
        .await
}

/// Which year.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfYear {
    /// Year of the calendar.
    #[param(example = 2020)]
    year: i32,
}

/// Read the calendar of a year
#[utoipa::path(tag = "calendars", params(OfYear, Filter))]
#[get("/calendars/{year}")]
async fn get_one(
    caller: Caller,
    Path(of): Path<OfYear>,
    Query(filter): Query<Filter>,
) -> Result<Item<YearCalendar>, Error> {
    caller
        .read(move |conn, actor| {
            let year = actions::get(conn, actor, of.year, filter.as_of)?;
            Item::new(&year, year.version)
        })
        .await
}
