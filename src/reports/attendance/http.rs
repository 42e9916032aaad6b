//! `reports/attendance`.

use actix_web::get;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{AttendanceGroupBy, AttendanceReport, attendance, table};
use crate::access::Caller;
use crate::platform::Error;
use crate::platform::web::{Document, Query};
use crate::reports::actions::Asked;
use crate::units::UnitId;

pub fn routes(config: &mut ServiceConfig) {
    config.service(read_attendance);
}

/// What the attendance report is asked for.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AttendanceQuery {
    /// Year in which the meetings were held; by default that of `as_of`.
    #[param(minimum = 1900, maximum = 2199)]
    year: Option<i64>,
    /// This unit and everything below it; by default the whole tree.
    unit_id: Option<UnitId>,
    /// As recorded by the end of this day; by default today. A future day is refused.
    as_of: Option<NaiveDate>,
    /// Apply everything recorded until now to that day: a meeting counts from the day on which it was held, with the
    /// list as it is now.
    restated: Option<bool>,
    /// One row a unit or a kind of meeting.
    #[param(inline)]
    group_by: Option<AttendanceGroupBy>,
}

/// Read the attendance of a year's meetings
///
/// Of the meetings held: present of expected; observers are in the head count and not in the rate. Every appointed
/// account may. JSON or CSV.
#[utoipa::path(tag = "reports", params(AttendanceQuery))]
#[get("/reports/attendance")]
async fn read_attendance(
    caller: Caller,
    Query(query): Query<AttendanceQuery>,
) -> Result<Document<AttendanceReport>, Error> {
    let restated = query.restated.unwrap_or(false);
    let asked = Asked { year: query.year, unit_id: query.unit_id, as_of: query.as_of, restated };
    caller
        .read_long(move |conn, actor| {
            let report = attendance(conn, actor, asked, query.group_by)?;
            Document::of(&report, &actor.request, table)
        })
        .await
}
