//! The reports as tables: CSV for spreadsheets, aligned text for the command line.

use chrono::NaiveDate;

use super::flags::FlagsReport;
use super::model::{ComplianceReport, Counts, Rate};
use super::path::PathReport;
use super::reviews::ReviewsReport;
use super::trend::TrendReport;
use super::unscheduled::UnscheduledReport;
use super::urge_list::UrgeList;
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
fn written(head: &[String], rows: impl IntoIterator<Item = Vec<String>>) -> Result<String> {
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
    cells
}

fn rate_cells(rate: &Rate) -> [String; 3] {
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

fn texts(names: &[&str]) -> Vec<String> {
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

/// The path: a row `rate` a rate with its ceiling, then a row a node that is `missing` or `lost`.
pub fn path_csv(report: &PathReport) -> Result<String> {
    let names = [
        "as_of",
        "rate",
        "row",
        "id",
        "title",
        "unit_id",
        "last_day",
        "lost_on",
        "ceiling_met",
        "ceiling_of",
        "ceiling_percent",
    ];
    let mut rows = Vec::new();
    for path in &report.rates {
        let row = |kind: &str, id: String, title: &str, unit: String, last_day, lost_on, ceiling: [String; 3]| {
            let first = [report.as_of.to_string(), path.rate.word().to_owned(), kind.to_owned(), id, csv_cell(title)];
            [first.to_vec(), vec![unit, day_cell(last_day), day_cell(lost_on)], ceiling.to_vec()].concat()
        };
        let nothing = <[String; 3]>::default;
        rows.push(row("rate", String::new(), "", String::new(), None, path.lost_on, rate_cells(&path.ceiling)));
        rows.extend(path.items.iter().map(|item| {
            row(
                "missing",
                item.id.to_string(),
                &item.title,
                item.unit_id.to_string(),
                Some(item.last_day),
                None,
                nothing(),
            )
        }));
        rows.extend(path.lost.iter().map(|item| {
            row("lost", item.id.to_string(), &item.title, item.unit_id.to_string(), None, Some(item.lost_on), nothing())
        }));
    }
    written(&texts(&names), rows)
}

/// How reports were reviewed, in one row.
pub fn reviews_csv(report: &ReviewsReport) -> Result<String> {
    let names = [
        "as_of",
        "review_in_time_met",
        "review_in_time_of",
        "review_in_time_percent",
        "submitted",
        "reviewed_in_time",
        "reviewed_late",
        "waiting",
        "waiting_late",
        "oldest_report_id",
        "oldest_node_id",
        "oldest_unit_id",
        "oldest_submitted_on",
        "calendar_loaded",
    ];
    let mut row = vec![report.as_of.to_string()];
    row.extend(rate_cells(&report.review_in_time));
    row.extend(
        [report.submitted, report.reviewed_in_time, report.reviewed_late, report.waiting, report.waiting_late]
            .map(|count| count.to_string()),
    );
    row.extend(report.oldest_waiting.as_ref().map_or_else(Default::default, |oldest| {
        [
            oldest.report_id.to_string(),
            oldest.node_id.to_string(),
            oldest.unit_id.to_string(),
            oldest.submitted_on.to_string(),
        ]
    }));
    row.push(report.calendar_loaded.to_string());
    written(&texts(&names), [row])
}

/// The entries without a date, a row for each unit that owes one.
pub fn unscheduled_csv(report: &UnscheduledReport) -> Result<String> {
    let names = ["as_of", "entry_id", "plan_id", "task_id", "code", "title", "entry_title", "words", "unit_id", "unit"];
    let rows = report.entries.iter().flat_map(|entry| {
        entry.units.iter().map(|unit| {
            vec![
                report.as_of.to_string(),
                entry.entry_id.to_string(),
                entry.plan_id.to_string(),
                entry.task_id.to_string(),
                entry.code.clone(),
                csv_cell(&entry.title),
                csv_cell(entry.entry_title.as_deref().unwrap_or_default()),
                csv_cell(entry.words.as_deref().unwrap_or_default()),
                unit.unit_id.to_string(),
                csv_cell(&unit.name),
            ]
        })
    });
    written(&texts(&names), rows)
}

/// Who must be urged, a row a node.
pub fn urge_list_csv(list: &UrgeList) -> Result<String> {
    let names = [
        "as_of",
        "unit_id",
        "unit",
        "id",
        "title",
        "due_on",
        "late_after",
        "days_left",
        "verdict",
        "light",
        "returned",
        "last_urged_on",
    ];
    let rows = list.units.iter().flat_map(|unit| {
        unit.nodes.iter().map(|node| {
            vec![
                list.as_of.to_string(),
                unit.unit_id.to_string(),
                csv_cell(&unit.name),
                node.id.to_string(),
                csv_cell(&node.title),
                node.due_on.to_string(),
                node.late_after.to_string(),
                node.days_left.to_string(),
                node.verdict.word().to_owned(),
                node.light.word().to_owned(),
                node.returned.to_string(),
                day_cell(node.last_urged_on),
            ]
        })
    });
    written(&texts(&names), rows)
}

/// What ought to be looked at: a row a report, `same_evidence` or `back_dated`.
pub fn flags_csv(report: &FlagsReport) -> Result<String> {
    let names = [
        "as_of",
        "flag",
        "report_id",
        "node_id",
        "task_id",
        "unit_id",
        "unit",
        "title",
        "reported_on",
        "recorded_on",
        "days",
        "sha256",
        "file_name",
    ];
    let ids = |ids: [i64; 4]| ids.map(|id| id.to_string()).to_vec();
    let row = |flag: &str, ids: Vec<String>, rest: [String; 7]| {
        [vec![report.as_of.to_string(), flag.to_owned()], ids, rest.to_vec()].concat()
    };
    let mut rows = Vec::new();
    for same in &report.same_evidence {
        rows.extend(same.items.iter().map(|one| {
            let rest = [
                csv_cell(&one.unit),
                csv_cell(&one.title),
                one.reported_on.to_string(),
                one.recorded_on.to_string(),
                String::new(),
                same.sha256.clone(),
                csv_cell(&one.file_name),
            ];
            row("same_evidence", ids([one.report_id.0, one.node_id.0, one.task_id.0, one.unit_id.0]), rest)
        }));
    }
    rows.extend(report.back_dated.iter().map(|one| {
        let rest = [
            csv_cell(&one.unit),
            csv_cell(&one.title),
            one.reported_on.to_string(),
            one.recorded_on.to_string(),
            one.days.to_string(),
            String::new(),
            String::new(),
        ];
        row("back_dated", ids([one.report_id.0, one.node_id.0, one.task_id.0, one.unit_id.0]), rest)
    }));
    written(&texts(&names), rows)
}

/// The report for a terminal: the columns a department asks for first.
pub fn text(report: &ComplianceReport) -> String {
    let state = if report.is_final { "final" } else { "not final" };
    let how = if report.restated { "restated" } else { state };
    let mut lines = vec![format!("compliance {}, as of {} ({how})", report.year, report.as_of), String::new()];
    let head = ["", "应完成", "按期", "逾期完成", "待审", "到期", "逾期", "不计入", "完成率", "按期率", "填报率"];
    let mut rows = vec![head.map(str::to_owned)];
    let total = ("合计".to_owned(), &report.total);
    for (name, row) in report.groups.iter().map(|group| (group.name.clone(), &group.counts)).chain([total]) {
        let c = |count: i64| count.to_string();
        let r = |rate: &Rate| match rate.percent {
            Some(percent) => format!("{}/{} {percent:.1}%", rate.met, rate.of),
            None => "—".to_owned(),
        };
        rows.push([
            name,
            c(row.owed),
            c(row.done_on_time),
            c(row.done_late),
            c(row.pending_review),
            c(row.due),
            c(row.overdue),
            c(row.excluded),
            r(&row.completion),
            r(&row.on_time),
            r(&row.reporting),
        ]);
    }
    let widths: Vec<usize> = (0..head.len())
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max().unwrap_or(0))
        .collect();
    for row in &rows {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, most))| {
            let pad = " ".repeat(most - width(cell));
            if column == 0 { format!("{cell}{pad}") } else { format!("{pad}{cell}") }
        });
        lines.push(cells.collect::<Vec<_>>().join("  ").trim_end().to_owned());
    }
    lines.join("\n")
}

/// Columns a text takes in a terminal: two for each wide character.
fn width(text: &str) -> usize {
    text.chars().map(|c| if ('\u{1100}'..='\u{ff60}').contains(&c) && c != '—' { 2 } else { 1 }).sum()
}
