//! `reports/rectification` and its explanation.

use actix_web::get;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{RectificationExplanation, RectificationGroupBy, RectificationReport, explain, rectification, table};
use crate::access::Caller;
use crate::platform::Error;
use crate::platform::web::{Document, Item, Query};
use crate::reports::actions::Asked;
use crate::units::UnitId;

pub fn routes(config: &mut ServiceConfig) {
    config.service(read).service(read_explanation);
}

/// What the report is asked for.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RectificationQuery {
    /// Work year of the findings; by default that of `as_of`.
    #[param(minimum = 1900, maximum = 2199)]
    year: Option<i64>,
    /// This unit and everything below it; by default the whole tree.
    unit_id: Option<UnitId>,
    /// As recorded by the end of this day; by default today. A future day is refused.
    as_of: Option<NaiveDate>,
    /// Apply everything recorded until now to that day.
    restated: Option<bool>,
    /// One row a unit.
    #[param(inline)]
    group_by: Option<RectificationGroupBy>,
}

/// Read the rectification report of a day
///
/// 整改销号率: findings closed out, of those not dismissed; a chain of relapses counts once, by its last life, and a
/// long-term finding as closed only while every owed node of its tasks is done. Restated, the findings found by the day:
/// a dismissal or a relapse holds throughout, a close-out from its day. Every appointed account may. JSON or CSV.
#[utoipa::path(tag = "reports", params(RectificationQuery))]
#[get("/reports/rectification")]
async fn read(caller: Caller, Query(query): Query<RectificationQuery>) -> Result<Document<RectificationReport>, Error> {
    let restated = query.restated.unwrap_or(false);
    let asked = Asked { year: query.year, unit_id: query.unit_id, as_of: query.as_of, restated };
    caller
        .read_long(move |conn, actor| {
            let report = rectification(conn, actor, asked, query.group_by)?;
            Document::of(&report, &actor.request, table)
        })
        .await
}

/// What the explanation is asked for.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ExplainQuery {
    /// Work year of the findings; by default that of `as_of`.
    #[param(minimum = 1900, maximum = 2199)]
    year: Option<i64>,
    /// This unit and everything below it; by default the whole tree.
    unit_id: Option<UnitId>,
    /// As recorded by the end of this day; by default today. A future day is refused.
    as_of: Option<NaiveDate>,
    /// Apply everything recorded until now to that day.
    restated: Option<bool>,
}

/// Explain the rectification rate by the ids of its findings
///
/// The three lists partition the population. The unit must be within reach.
#[utoipa::path(tag = "reports", params(ExplainQuery))]
#[get("/reports/rectification/explain")]
async fn read_explanation(
    caller: Caller,
    Query(query): Query<ExplainQuery>,
) -> Result<Item<RectificationExplanation>, Error> {
    let restated = query.restated.unwrap_or(false);
    let asked = Asked { year: query.year, unit_id: query.unit_id, as_of: query.as_of, restated };
    caller.read_long(move |conn, actor| Item::by_content(&explain(conn, actor, asked)?)).await
}
