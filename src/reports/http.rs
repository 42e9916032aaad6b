//! `reports`.

use actix_web::get;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions::{self, Asked};
use super::close;
use super::model::{ComplianceReport, Explanation, GroupBy, NodeRate};
use super::table::csv;
use crate::access::Caller;
use crate::platform::Error;
use crate::platform::web::{Item, Query};
use crate::units::UnitId;

pub fn routes(config: &mut ServiceConfig) {
    config.service(compliance).service(explain);
    config.configure(close::http::routes);
}

/// What a report is asked for.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReportQuery {
    /// Year of the plans; by default that of `as_of`.
    year: Option<i64>,
    /// This unit and everything below it; by default the whole tree.
    unit_id: Option<UnitId>,
    /// As recorded by the end of this day; by default today. A future day is refused.
    as_of: Option<NaiveDate>,
    /// Apply everything recorded until now to that day.
    restated: Option<bool>,
    /// One row a unit, key point or month of the due day.
    group_by: Option<GroupBy>,
}

/// Read the compliance report of a day
///
/// Every appointed account may. As JSON or, with `Accept: text/csv`, as a table of the total and its groups.
#[utoipa::path(tag = "reports")]
#[get("/reports/compliance")]
async fn compliance(caller: Caller, Query(query): Query<ReportQuery>) -> Result<Item<ComplianceReport>, Error> {
    let wants_csv = caller.request.wants_csv;
    let asked = asked(query.year, query.unit_id, query.as_of, query.restated);
    caller
        .read_long(move |conn, actor| {
            let report = actions::compliance(conn, actor, asked, query.group_by)?;
            if wants_csv { Ok(Item::csv(csv(&report)?)) } else { Item::by_content(&report) }
        })
        .await
}

/// Which rate to explain.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ExplainQuery {
    /// The rate.
    rate: NodeRate,
    /// Year of the plans; by default that of `as_of`.
    year: Option<i64>,
    /// This unit and everything below it; by default the whole tree.
    unit_id: Option<UnitId>,
    /// As recorded by the end of this day; by default today. A future day is refused.
    as_of: Option<NaiveDate>,
    /// Apply everything recorded until now to that day.
    restated: Option<bool>,
}

/// Explain a rate by the ids of its nodes
///
/// The three lists partition the population: the denominator and what is excluded and due by the day (for
/// `year_progress`, the whole year). At most 10,000 ids. The unit must be within reach.
#[utoipa::path(tag = "reports")]
#[get("/reports/explain")]
async fn explain(caller: Caller, Query(query): Query<ExplainQuery>) -> Result<Item<Explanation>, Error> {
    let asked = asked(query.year, query.unit_id, query.as_of, query.restated);
    caller.read_long(move |conn, actor| Item::by_content(&actions::explain(conn, actor, asked, query.rate)?)).await
}

fn asked(year: Option<i64>, unit_id: Option<UnitId>, as_of: Option<NaiveDate>, restated: Option<bool>) -> Asked {
    Asked { year, unit_id, as_of, restated: restated.unwrap_or(false) }
}
