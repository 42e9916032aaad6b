//! The compliance report for a terminal.

use crate::reports::model::{ComplianceReport, Rate};

/// The report for a terminal: the columns a department asks for first.
pub fn text(report: &ComplianceReport) -> String {
    let state = if report.is_final { "final" } else { "not final" };
    let how = if report.restated { "restated" } else { state };
    let mut lines = vec![format!("compliance {}, as of {} ({how})", report.year, report.as_of), String::new()];
    let head = [
        "",
        "应完成",
        "按期",
        "逾期完成",
        "待审",
        "到期",
        "逾期",
        "不计入",
        "完成率",
        "按期率",
        "填报率",
        "达标率",
        "已评条款",
        "认定支部",
    ];
    let mut rows = vec![head.map(str::to_owned)];
    let total = ("合计".to_owned(), &report.total);
    for (name, row) in report.groups.iter().map(|group| (group.name.clone(), &group.counts)).chain([total]) {
        let c = |count: i64| count.to_string();
        let r = |rate: &Rate| match rate.percent {
            Some(percent) => format!("{}/{} {percent:.1}%", rate.met, rate.of),
            None => "—".to_owned(),
        };
        let of =
            |rate: &Rate| if rate.percent.is_some() { format!("{}/{}", rate.met, rate.of) } else { "—".to_owned() };
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
            r(&row.compliance),
            of(&row.assessed),
            of(&row.branches_recognised),
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
