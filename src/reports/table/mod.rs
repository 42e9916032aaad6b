//! The reports as tables: CSV for spreadsheets, aligned text for the command line.

mod lists;
mod text;

use chrono::NaiveDate;

pub use lists::{adjustments_csv, flags_csv, path_csv, reviews_csv, unscheduled_csv, urge_list_csv};
pub use text::text;

use super::adjustments::AdjustmentCounts;
use super::model::{ComplianceReport, Counts, Rate};
use super::trend::TrendReport;
use crate::platform::web::csv_cell;
use crate::platform::{Error, Result};

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

/// A table as CSV: UTF-8 with a byte-order mark.
pub(super) fn written(head: &[String], rows: impl IntoIterator<Item = Vec<String>>) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(head).map_err(Error::internal)?;
    for row in rows {
        writer.write_record(&row).map_err(Error::internal)?;
    }
    let bytes = writer.into_inner().map_err(Error::internal)?;
    Ok(format!("\u{feff}{}", String::from_utf8(bytes).map_err(Error::internal)?))
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
fn cells(row: &Counts) -> Vec<String> {
    let mut cells: Vec<String> = counts(row).map(|count| count.to_string()).into();
    for rate in rates(row) {
        cells.extend(rate_cells(rate));
    }
    let tasks = &row.tasks;
    cells.extend(
        [tasks.of, tasks.completed, tasks.advancing, tasks.not_started, tasks.overdue, tasks.unscheduled]
            .map(|count| count.to_string()),
    );
    cells.extend(adjustments(&row.adjustments).map(|count| count.to_string()));
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

pub(super) fn rate_cells(rate: &Rate) -> [String; 3] {
    let percent = rate.percent.map(|percent| format!("{percent:.1}")).unwrap_or_default();
    [rate.met.to_string(), rate.of.to_string(), percent]
}

/// The total and its groups, one row each; the total has the key `total`.
pub fn csv(report: &ComplianceReport) -> Result<String> {
    let total = ("total".to_owned(), String::new(), "", &report.total);
    let groups =
        report.groups.iter().map(|group| (group.key.clone(), group.name.clone(), group.light.word(), &group.counts));
    let rows = std::iter::once(total).chain(groups).map(|(key, name, light, row)| {
        let first = [report.as_of.to_string(), report.restated.to_string(), key, csv_cell(&name), light.to_owned()];
        [first.to_vec(), cells(row)].concat()
    });
    written(&head(&["as_of", "restated", "key", "name", "light"]), rows)
}

pub(super) fn texts(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn day_cell(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// The trend, a row a month.
pub fn trend_csv(report: &TrendReport) -> Result<String> {
    let rows = report.months.iter().map(|month| {
        let first = [
            month.as_of.to_string(),
            report.restated.to_string(),
            month.key.clone(),
            month.is_final.to_string(),
            month.light.word().to_owned(),
        ];
        [first.to_vec(), cells(&month.counts)].concat()
    });
    written(&head(&["as_of", "restated", "key", "final", "light"]), rows)
}
