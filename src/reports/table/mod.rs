//! The reports as tables for spreadsheets, and as aligned text for the command line.

mod lists;
mod text;

use chrono::NaiveDate;
use serde_json::Value;

pub use lists::{adjustments_table, flags_table, path_table, reviews_table, unscheduled_table, urge_list_table};
pub use text::text;

use super::adjustments::AdjustmentCounts;
use super::model::{ComplianceReport, Counts, Rate};
use super::trend::TrendReport;
use crate::platform::Result;
use crate::platform::web::Table;

const COUNTS: [&str; 10] = [
    "owed",
    "done_on_time",
    "done_late",
    "pending_review",
    "reported_late",
    "due",
    "overdue",
    "excluded",
    "not_yet_owed",
    "unscheduled",
];
const RATES: [&str; 9] = [
    "completion",
    "on_time",
    "on_time_original",
    "reporting",
    "year_progress",
    "compliance",
    "assessed",
    "branches_recognised",
    "branches_at_target",
];
const ADJUSTMENTS: [&str; 8] =
    ["of", "extensions", "granted_late", "waived", "not_applicable", "cancelled", "plan_closed", "requested"];
const TASKS: [&str; 6] = ["of", "completed", "advancing", "not_started", "overdue", "unscheduled"];

fn counts(counts: &Counts) -> [i64; 10] {
    [
        counts.owed,
        counts.done_on_time,
        counts.done_late,
        counts.pending_review,
        counts.reported_late,
        counts.due,
        counts.overdue,
        counts.excluded,
        counts.not_yet_owed,
        counts.unscheduled,
    ]
}

fn rates(counts: &Counts) -> [&Rate; 9] {
    [
        &counts.completion,
        &counts.on_time,
        &counts.on_time_original,
        &counts.reporting,
        &counts.year_progress,
        &counts.compliance,
        &counts.assessed,
        &counts.branches_recognised,
        &counts.branches_at_target,
    ]
}

/// The heads of the columns of counts, behind those that say what a row is.
fn head(of: &[&str]) -> Vec<String> {
    let mut head: Vec<String> = of.iter().chain(&COUNTS).map(|name| (*name).to_owned()).collect();
    for rate in RATES {
        head.extend([format!("{rate}_met"), format!("{rate}_of"), format!("{rate}_percent")]);
    }
    head.extend(TASKS.map(|name| format!("tasks_{name}")));
    head.extend(ADJUSTMENTS.map(|name| format!("adjustments_{name}")));
    head
}

/// The columns of counts.
fn cells(row: &Counts) -> Vec<Value> {
    let mut cells: Vec<Value> = counts(row).map(Value::from).into();
    for rate in rates(row) {
        cells.extend(rate_cells(rate));
    }
    let tasks = &row.tasks;
    cells.extend(
        [tasks.of, tasks.completed, tasks.advancing, tasks.not_started, tasks.overdue, tasks.unscheduled]
            .map(Value::from),
    );
    cells.extend(adjustments(&row.adjustments).map(Value::from));
    cells
}

fn adjustments(counts: &AdjustmentCounts) -> [i64; 8] {
    [
        counts.of,
        counts.extensions,
        counts.granted_late,
        counts.waived,
        counts.not_applicable,
        counts.cancelled,
        counts.plan_closed,
        counts.requested,
    ]
}

pub(super) fn rate_cells(rate: &Rate) -> [Value; 3] {
    [rate.met.into(), rate.of.into(), rate.percent.into()]
}

/// The total and its groups, one row each; the total has the key `total`.
pub fn compliance_table(report: &ComplianceReport) -> Result<Table> {
    let total = ("total", "", "", &report.total);
    let groups =
        report.groups.iter().map(|group| (group.key.as_str(), group.name.as_str(), group.light.word(), &group.counts));
    let rows = std::iter::once(total).chain(groups).map(|(key, name, light, row)| {
        let first: [Value; 5] = [day(report.as_of), report.restated.into(), key.into(), name.into(), light.into()];
        [first.to_vec(), cells(row)].concat()
    });
    Table::with(&head(&["as_of", "restated", "key", "name", "light"]), rows)
}

pub(super) fn texts(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn day(day: NaiveDate) -> Value {
    day.to_string().into()
}

/// The trend, a row a month.
pub fn trend_table(report: &TrendReport) -> Result<Table> {
    let rows = report.months.iter().map(|month| {
        let first: [Value; 5] = [
            day(month.as_of),
            report.restated.into(),
            month.key.as_str().into(),
            month.is_final.into(),
            month.light.word().into(),
        ];
        [first.to_vec(), cells(&month.counts)].concat()
    });
    Table::with(&head(&["as_of", "restated", "key", "final", "light"]), rows)
}
