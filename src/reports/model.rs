//! The reports as they are answered.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::adjustments::{AdjustmentCounts, Adjustments};
pub use crate::platform::rate::{NoPercent, Rate};
use crate::time_nodes::Light;
use crate::units::UnitId;
use crate::word_enum;

word_enum! {
    /// A rate over time nodes.
    NodeRate {
        Completion = "completion",
        OnTime = "on_time",
        OnTimeOriginal = "on_time_original",
        Reporting = "reporting",
        YearProgress = "year_progress",
    }
}

word_enum! {
    /// By what a report is grouped.
    GroupBy { Unit = "unit", KeyPoint = "key_point", Month = "month", Category = "category" }
}

/// Counts and rates of a set of time nodes on a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Counts {
    /// Issued, not excluded and due by the day; the sum of the five counts below it (`reported_late` is a part of
    /// `pending_review`).
    pub owed: i64,
    pub done_on_time: i64,
    pub done_late: i64,
    pub pending_review: i64,
    /// Of those pending, how many came late.
    pub reported_late: i64,
    pub due: i64,
    pub overdue: i64,
    /// Excluded and due by the day.
    pub excluded: i64,
    /// Not excluded and due later.
    pub not_yet_owed: i64,
    /// Entries of schedules that have no date yet, for each unit that owes them.
    pub unscheduled: i64,
    /// Done of owed.
    pub completion: Rate,
    /// Done on time of owed.
    pub on_time: Rate,
    /// Done by the clock it was born with, of owed.
    pub on_time_original: Rate,
    /// Done or pending of owed.
    pub reporting: Rate,
    /// Done of all of the year that are not excluded.
    pub year_progress: Rate,
    /// Clauses met of clauses applicable, of every branch in scope by the set that applies to it. What was only partly
    /// met, not assessed, or whose evidence expired counts as not met.
    pub compliance: Rate,
    /// Clauses assessed of clauses applicable.
    pub assessed: Rate,
    /// Branches whose newest recognition was not withdrawn, of branches.
    pub branches_recognised: Rate,
    /// Branches whose own compliance has reached the target of the nearest plan (100 without one), of branches.
    pub branches_at_target: Rate,
    /// The tasks of each unit.
    pub tasks: TaskCounts,
    /// Extensions, waivers and cancellations of the year's nodes, due or not.
    pub adjustments: AdjustmentCounts,
}

/// Tasks 项 of each unit, each in exactly one count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct TaskCounts {
    /// The sum of the others.
    pub of: i64,
    /// All of its nodes that count are done.
    pub completed: i64,
    /// Something was reported.
    pub advancing: i64,
    pub not_started: i64,
    /// One of its nodes is overdue.
    pub overdue: i64,
    /// It has no node yet.
    pub unscheduled: i64,
}

/// What is to be reached.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Target {
    /// Always `compliance`.
    #[schema(example = "compliance")]
    pub rate: &'static str,
    /// In percent, 1 to 100.
    #[schema(example = 100)]
    pub percent: i64,
    /// The day by which.
    pub on: NaiveDate,
}

/// A part of a report.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Group {
    /// Id of the unit or key point as text, the month of the due day in force, or the category.
    #[schema(example = "2020-06")]
    pub key: String,
    /// The unit, when grouped by unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_id: Option<UnitId>,
    /// Name on the day.
    pub name: String,
    /// The worst light of its nodes.
    pub light: Light,
    #[serde(flatten)]
    pub counts: Counts,
}

/// The compliance report of a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ComplianceReport {
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
    /// Everything recorded until now was applied to that day.
    pub restated: bool,
    /// Target of the plan of the nearest unit at or above; null without one.
    pub target: Option<Target>,
    pub total: Counts,
    pub groups: Vec<Group>,
    /// The adjustments counted in `total`, one by one. Null in a report that is pinned (the year report of a plan, the
    /// figures of a bulletin): it is read by units of different reach, and `reports/adjustments` of its day has them.
    pub adjustments: Option<Adjustments>,
}
