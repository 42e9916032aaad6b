//! How soon the department rules on what it is given: of the reports submitted, those reviewed within the working days
//! that the settings give. One that still waits within them is in the denominator and in neither count of the reviewed.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::REPORT_VERSION;
use super::actions::{Asked, settle_within_reach};
use super::model::Rate;
use super::rules::{Reviewing, ratio, reviewing};
use super::store::{self, SubmittedRow};
use crate::access::Actor;
use crate::calendars;
use crate::platform::{Conn, Result};
use crate::progress::ReportId;
use crate::progress::rules::Fate;
use crate::settings;
use crate::time_nodes::NodeId;
use crate::units::UnitId;

/// The report that has waited longest for its review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OldestWaiting {
    pub report_id: ReportId,
    pub node_id: NodeId,
    /// The unit that reported.
    pub unit_id: UnitId,
    /// The day its submission was recorded.
    pub submitted_on: NaiveDate,
}

/// How reports were reviewed, by the end of a day. Days are those on which things were recorded.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReviewsReport {
    /// Version of this form.
    #[schema(example = 1)]
    pub report_version: i64,
    /// The year of the plans.
    pub year: i64,
    /// The unit asked for; null for the whole tree.
    pub unit_id: Option<UnitId>,
    /// It shows what was recorded by the end of this day.
    pub as_of: NaiveDate,
    /// Nothing can be recorded on that day any more: the body will never change.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// `reviewed_in_time` of `submitted`.
    pub review_in_time: Rate,
    /// Completions and additions submitted and not withdrawn: the sum of `reviewed_in_time`, `reviewed_late` and
    /// `waiting`. An addition whose completion was revoked before it was reviewed needs no review and is left out.
    pub submitted: i64,
    /// Reviewed within the working days of the setting `review_working_days`, by default five; the day of submission is
    /// not counted.
    pub reviewed_in_time: i64,
    /// Reviewed later.
    pub reviewed_late: i64,
    /// Not reviewed yet.
    pub waiting: i64,
    /// Of those waiting, how many have waited for longer than that.
    pub waiting_late: i64,
    /// The one that has waited longest; null when none waits.
    pub oldest_waiting: Option<OldestWaiting>,
    /// Whether the working days are those of a loaded calendar; otherwise Monday to Friday.
    pub calendar_loaded: bool,
}

/// How reports were reviewed. Needs the unit within reach, since it names a report.
pub fn reviews(conn: &mut Conn, actor: &Actor, asked: Asked) -> Result<ReviewsReport> {
    let scope = settle_within_reach(conn, actor, asked)?;
    let as_of = scope.moment.as_of;
    let calendar = calendars::store::on(conn, as_of)?;
    let days = settings::store::on(conn, as_of)?.review_working_days;
    let calendar_loaded = i32::try_from(scope.year).is_ok_and(|year| calendar.is_loaded(year));
    let rows = store::submitted(conn, scope.year, as_of)?;
    let rows: Vec<_> = rows.into_iter().filter(|row| scope.tree.is_within(row.unit_id, scope.unit_id)).collect();
    let (mut in_time, mut late, mut waiting, mut waiting_late) = (0, 0, 0, 0);
    let mut oldest: Option<OldestWaiting> = None;
    for row in needing_review(&rows, as_of) {
        match reviewing(calendar.plus_working_days(row.recorded_on, days), row.reviewed_by(as_of), as_of) {
            Reviewing::InTime => in_time += 1,
            Reviewing::Late => late += 1,
            still => {
                waiting += 1;
                waiting_late += i64::from(still == Reviewing::WaitingLate);
                if oldest.as_ref().is_none_or(|oldest| row.recorded_on < oldest.submitted_on) {
                    oldest = Some(named(row));
                }
            }
        }
    }
    let submitted = in_time + late + waiting;
    Ok(ReviewsReport {
        report_version: REPORT_VERSION,
        year: scope.year,
        unit_id: scope.unit_id,
        as_of,
        is_final: scope.is_final,
        review_in_time: ratio(in_time, submitted),
        submitted,
        reviewed_in_time: in_time,
        reviewed_late: late,
        waiting,
        waiting_late,
        oldest_waiting: oldest,
        calendar_loaded,
    })
}

fn named(row: &SubmittedRow) -> OldestWaiting {
    OldestWaiting { report_id: row.id, node_id: row.node_id, unit_id: row.unit_id, submitted_on: row.recorded_on }
}

/// The reports that needed a review: not withdrawn, and no addition that lost its completion before it was reviewed.
fn needing_review(rows: &[SubmittedRow], as_of: NaiveDate) -> impl Iterator<Item = &SubmittedRow> {
    let accepted: HashSet<ReportId> =
        rows.iter().filter(|row| row.fate(as_of) == Fate::Accepted).map(|row| row.id).collect();
    rows.iter().filter(move |row| match (row.fate(as_of), row.addition_to) {
        (Fate::Withdrawn, _) => false,
        (Fate::Pending, Some(base)) => accepted.contains(&base),
        _ => true,
    })
}
