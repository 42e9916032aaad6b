//! The trend: the counts and rates at the end of each month, each by its own tree and what was recorded by then.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use super::REPORT_VERSION;
use super::actions::{Asked, on, population, settle, target};
use super::clauses::standards;
use super::model::{Counts, Target};
use super::rules::{count, light, month_ends};
use crate::access::{Action, Actor};
use crate::platform::db::today;
use crate::platform::{Conn, Result};
use crate::time_nodes::Light;
use crate::units::UnitId;

/// The end of a month, or the asked day in its month.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TrendMonth {
    /// The month.
    #[schema(example = "2020-06")]
    pub key: String,
    /// The last day of the month; in the month of the asked day, that day.
    pub as_of: NaiveDate,
    /// Nothing can be recorded on that day any more.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// The worst light of its nodes on that day.
    pub light: Light,
    #[serde(flatten)]
    pub counts: Counts,
}

/// How a year went, month by month.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TrendReport {
    /// Version of this form.
    #[schema(example = 1)]
    pub report_version: i64,
    /// The year of the plans.
    pub year: i64,
    /// The unit asked for; null for the whole tree.
    pub unit_id: Option<UnitId>,
    /// The last day shown.
    pub as_of: NaiveDate,
    /// Nothing can be recorded on that day any more: the body will never change.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// Everything recorded until now was applied to each of the days.
    pub restated: bool,
    /// Target of the plan of the nearest unit at or above on `as_of`; null without one.
    pub target: Option<Target>,
    /// From January of the year to the month of `as_of`, at most to the end of the next year.
    pub months: Vec<TrendMonth>,
}

/// The trend. Every appointed account may read its counts.
pub fn trend(conn: &mut Conn, actor: &Actor, asked: Asked) -> Result<TrendReport> {
    actor.must_anywhere(Action::ReadCounts)?;
    let last = settle(conn, asked)?;
    let today = today(conn)?;
    let asked = Asked { year: Some(last.year), ..asked };
    let mut months = Vec::new();
    for day in month_ends(last.year, last.moment.as_of) {
        let scope = on(conn, asked, day, today)?;
        let population = population(conn, &scope)?;
        let standards = standards(conn, &scope, day)?;
        let nodes: Vec<_> = population.nodes.iter().collect();
        months.push(TrendMonth {
            key: format!("{:04}-{:02}", day.year(), day.month()),
            as_of: day,
            is_final: scope.is_final,
            light: light(&nodes),
            counts: count(&nodes, &population.unscheduled, standards.rates(|_| true), &population.adjustments, day),
        });
    }
    Ok(TrendReport {
        report_version: REPORT_VERSION,
        year: last.year,
        unit_id: last.unit_id,
        as_of: last.moment.as_of,
        is_final: last.is_final,
        restated: last.moment.restated,
        target: target(conn, &last)?,
        months,
    })
}
