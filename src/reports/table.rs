//! The compliance report as a table: CSV for spreadsheets, aligned text for the command line.

use super::model::{ComplianceReport, Counts, Rate};
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

/// The total and its groups, one row each; the total has the key `total`. UTF-8 with a byte-order mark.
pub fn csv(report: &ComplianceReport) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut head: Vec<String> = ["as_of", "restated", "key", "name", "light"].map(str::to_owned).into();
    head.extend(COUNTS.map(str::to_owned));
    for rate in RATES {
        head.extend([format!("{rate}_met"), format!("{rate}_of"), format!("{rate}_percent")]);
    }
    head.extend(TASKS.map(|name| format!("tasks_{name}")));
    writer.write_record(&head).map_err(Error::internal)?;
    let total = ("total".to_owned(), String::new(), "", &report.total);
    let groups =
        report.groups.iter().map(|group| (group.key.clone(), group.name.clone(), group.light.word(), &group.counts));
    for (key, name, light, row) in std::iter::once(total).chain(groups) {
        let mut cells =
            vec![report.as_of.to_string(), report.restated.to_string(), key, csv_cell(&name), light.to_owned()];
        cells.extend(counts(row).map(|count| count.to_string()));
        for rate in rates(row) {
            let percent = rate.percent.map(|percent| format!("{percent:.1}")).unwrap_or_default();
            cells.extend([rate.met.to_string(), rate.of.to_string(), percent]);
        }
        let tasks = &row.tasks;
        cells.extend(
            [tasks.of, tasks.completed, tasks.advancing, tasks.not_started, tasks.overdue, tasks.unscheduled]
                .map(|count| count.to_string()),
        );
        writer.write_record(&cells).map_err(Error::internal)?;
    }
    let bytes = writer.into_inner().map_err(Error::internal)?;
    Ok(format!("\u{feff}{}", String::from_utf8(bytes).map_err(Error::internal)?))
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
