//! `reports`.

use actix_web::get;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions::{self, Asked};
use super::adjustments::{AdjustmentsReport, adjustments};
use super::attendance;
use super::close;
use super::explain::{ExplainedRate, Explanation, explain};
use super::flags::{FlagsReport, flags};
use super::model::{ComplianceReport, GroupBy};
use super::path::{PathReport, path};
use super::rectification;
use super::reviews::{ReviewsReport, reviews};
use super::table::{
    adjustments_table, compliance_table, flags_table, path_table, reviews_table, trend_table, unscheduled_table,
    urge_list_table,
};
use super::trend::{TrendReport, trend};
use super::unscheduled::{UnscheduledReport, unscheduled};
use super::urge_list::{UrgeList, urge_list};
use crate::access::Caller;
use crate::platform::Error;
use crate::platform::web::{Document, Item, Query};
use crate::units::UnitId;

pub fn routes(config: &mut ServiceConfig) {
    config.service(compliance).service(read_explanation).service(read_trend).service(read_path);
    config
        .service(read_adjustments)
        .service(read_reviews)
        .service(read_unscheduled)
        .service(read_urge_list)
        .service(read_flags);
    config.configure(attendance::http::routes);
    config.configure(close::http::routes);
    config.configure(rectification::http::routes);
}

/// What a report is asked for.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReportQuery {
    /// Year of the plans; by default that of `as_of`.
    #[param(minimum = 1900, maximum = 2199)]
    year: Option<i64>,
    /// This unit and everything below it; by default the whole tree.
    unit_id: Option<UnitId>,
    /// As recorded by the end of this day; by default today. A future day is refused.
    as_of: Option<NaiveDate>,
    /// Apply everything recorded until now to that day.
    restated: Option<bool>,
    /// One row a unit, key point, month of the due day, or category of the clauses. By category a row has the rates over
    /// the clauses of the category, and the counts of the tasks linked to them on the day.
    #[param(inline)]
    group_by: Option<GroupBy>,
}

/// Read the compliance report of a day
///
/// Every appointed account may. As JSON or, as CSV or XLSX, as a table of the total and its groups. What was
/// extended, waived or cancelled is counted in every row, and listed in the JSON of nodes within one's reach.
#[utoipa::path(tag = "reports", params(ReportQuery))]
#[get("/reports/compliance")]
async fn compliance(caller: Caller, Query(query): Query<ReportQuery>) -> Result<Document<ComplianceReport>, Error> {
    let asked = asked(query.year, query.unit_id, query.as_of, query.restated);
    caller
        .read_long(move |conn, actor| {
            let report = actions::compliance(conn, actor, asked, query.group_by)?;
            Document::of(&report, &actor.request, compliance_table)
        })
        .await
}

/// Which rate to explain.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ExplainQuery {
    /// The rate.
    rate: ExplainedRate,
    /// Year of the plans; by default that of `as_of`.
    #[param(minimum = 1900, maximum = 2199)]
    year: Option<i64>,
    /// This unit and everything below it; by default the whole tree.
    unit_id: Option<UnitId>,
    /// As recorded by the end of this day; by default today. A future day is refused.
    as_of: Option<NaiveDate>,
    /// Apply everything recorded until now to that day.
    restated: Option<bool>,
}

/// Explain a rate by what it counts
///
/// The three lists partition the population. Of a rate over time nodes: ids, the denominator and what is excluded and due
/// by the day (for `year_progress`, the whole year). Of `compliance` and `assessed`: a clause and a branch each, with what
/// is not applicable excluded. Of the rates over branches: their ids. At most 10,000 items. The unit must be within reach.
#[utoipa::path(tag = "reports", params(ExplainQuery))]
#[get("/reports/explain")]
async fn read_explanation(caller: Caller, Query(query): Query<ExplainQuery>) -> Result<Item<Explanation>, Error> {
    let asked = asked(query.year, query.unit_id, query.as_of, query.restated);
    caller.read_long(move |conn, actor| Item::by_content(&explain(conn, actor, asked, query.rate)?)).await
}

/// Which trend to read.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TrendQuery {
    /// Year of the plans; by default that of `as_of`.
    #[param(minimum = 1900, maximum = 2199)]
    year: Option<i64>,
    /// This unit and everything below it; by default the whole tree.
    unit_id: Option<UnitId>,
    /// The last day shown; by default today. A future day is refused.
    as_of: Option<NaiveDate>,
    /// Apply everything recorded until now to each of the days.
    restated: Option<bool>,
}

/// Read the trend of a year
///
/// The counts and rates of the compliance report at the end of each month, from January to the month of `as_of`; each
/// month by its own tree and what was recorded by its last day. Every appointed account may. JSON or CSV.
#[utoipa::path(tag = "reports", params(TrendQuery))]
#[get("/reports/trend")]
async fn read_trend(caller: Caller, Query(query): Query<TrendQuery>) -> Result<Document<TrendReport>, Error> {
    let asked = asked(query.year, query.unit_id, query.as_of, query.restated);
    caller
        .read_long(move |conn, actor| {
            let report = trend(conn, actor, asked)?;
            Document::of(&report, &actor.request, trend_table)
        })
        .await
}

/// Which adjustments to read.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AdjustmentsQuery {
    /// Year of the plans; by default that of `as_of`.
    year: Option<i64>,
    /// This unit and everything below it; by default the whole tree.
    unit_id: Option<UnitId>,
    /// As recorded by the end of this day; by default today. A future day is refused.
    as_of: Option<NaiveDate>,
    /// Apply everything recorded until now to that day.
    restated: Option<bool>,
}

/// Read what was extended, waived or cancelled
///
/// Behind the counts `adjustments` of the compliance report: extensions (those granted after the deadline marked
/// `granted_late`), waivers, what is not applicable, cancellations, and what was asked for and not decided by the day
/// (`state: "requested"`). The unit must be within reach. JSON or CSV.
#[utoipa::path(tag = "reports", params(AdjustmentsQuery))]
#[get("/reports/adjustments")]
async fn read_adjustments(
    caller: Caller,
    Query(query): Query<AdjustmentsQuery>,
) -> Result<Document<AdjustmentsReport>, Error> {
    let asked = asked(query.year, query.unit_id, query.as_of, query.restated);
    caller
        .read_long(move |conn, actor| {
            let report = adjustments(conn, actor, asked)?;
            Document::of(&report, &actor.request, adjustments_table)
        })
        .await
}

/// What a report is asked for that names what it counts.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct NamingQuery {
    /// Year of the plans; by default that of `as_of`.
    #[param(minimum = 1900, maximum = 2199)]
    year: Option<i64>,
    /// This unit and everything below it; by default the whole tree.
    unit_id: Option<UnitId>,
    /// As recorded by the end of this day; by default today. A future day is refused.
    as_of: Option<NaiveDate>,
}

/// Read the path to the target
///
/// What is missing to have everything done on time and every clause met, the last day on which each can still count, the
/// ceiling still attainable, and the day on which the target was lost. What a supplement can still bring in on time is
/// not lost. Clauses can count until the day of the target (31 December without one); a clause that is met is listed too
/// when its evidence expires by then, and one that can't be made good is lost on the day of the check that found it not
/// met. The unit must be within reach. JSON or CSV.
#[utoipa::path(tag = "reports", params(NamingQuery))]
#[get("/reports/path")]
async fn read_path(caller: Caller, Query(query): Query<NamingQuery>) -> Result<Document<PathReport>, Error> {
    let asked = asked(query.year, query.unit_id, query.as_of, None);
    caller
        .read_long(move |conn, actor| {
            let report = path(conn, actor, asked)?;
            Document::of(&report, &actor.request, path_table)
        })
        .await
}

/// Read how soon reports are reviewed
///
/// Of the reports submitted, those reviewed within the working days of the setting `review_working_days`, by the days on which both were recorded; and the
/// one that has waited longest. The unit must be within reach. JSON or CSV.
#[utoipa::path(tag = "reports", params(NamingQuery))]
#[get("/reports/reviews")]
async fn read_reviews(caller: Caller, Query(query): Query<NamingQuery>) -> Result<Document<ReviewsReport>, Error> {
    let asked = asked(query.year, query.unit_id, query.as_of, None);
    caller
        .read_long(move |conn, actor| {
            let report = reviews(conn, actor, asked)?;
            Document::of(&report, &actor.request, reviews_table)
        })
        .await
}

/// Read the entries without a date
///
/// Behind the count `unscheduled` of the compliance report. The unit must be within reach. JSON or CSV.
#[utoipa::path(tag = "reports", params(NamingQuery))]
#[get("/reports/unscheduled")]
async fn read_unscheduled(
    caller: Caller,
    Query(query): Query<NamingQuery>,
) -> Result<Document<UnscheduledReport>, Error> {
    let asked = asked(query.year, query.unit_id, query.as_of, None);
    caller
        .read_long(move |conn, actor| {
            let report = unscheduled(conn, actor, asked)?;
            Document::of(&report, &actor.request, unscheduled_table)
        })
        .await
}

/// Read what ought to be looked at
///
/// The same file as evidence for different tasks or units, except where one activity was ticked against their nodes; and
/// completions dated back by more days than the setting `back_dated_days`. Each with its items, units in their own order;
/// no flag counts in a rate. Only reports in scope are compared. For the department and the leaders of the unit. JSON or
/// CSV.
#[utoipa::path(tag = "reports", params(NamingQuery))]
#[get("/reports/flags")]
async fn read_flags(caller: Caller, Query(query): Query<NamingQuery>) -> Result<Document<FlagsReport>, Error> {
    let asked = asked(query.year, query.unit_id, query.as_of, None);
    caller
        .read_long(move |conn, actor| {
            let report = flags(conn, actor, asked)?;
            Document::of(&report, &actor.request, flags_table)
        })
        .await
}

/// Which urge list to read.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct UrgeListQuery {
    /// This unit and everything below it; by default all in one's reach.
    unit_id: Option<UnitId>,
    /// As recorded by the end of this day; by default today. A future day is refused.
    as_of: Option<NaiveDate>,
}

/// Read who must be urged
///
/// The nodes in one's reach that are overdue, due, due soon or returned, of every year, by unit; and a text to be
/// pasted into a chat. JSON or CSV.
#[utoipa::path(tag = "reports", params(UrgeListQuery))]
#[get("/reports/urge-list")]
async fn read_urge_list(caller: Caller, Query(query): Query<UrgeListQuery>) -> Result<Document<UrgeList>, Error> {
    caller
        .read_long(move |conn, actor| {
            let list = urge_list(conn, actor, query.unit_id, query.as_of)?;
            Document::of(&list, &actor.request, urge_list_table)
        })
        .await
}

fn asked(year: Option<i64>, unit_id: Option<UnitId>, as_of: Option<NaiveDate>, restated: Option<bool>) -> Asked {
    Asked { year, unit_id, as_of, restated: restated.unwrap_or(false) }
}
