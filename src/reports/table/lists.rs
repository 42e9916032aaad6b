//! The reports that name things, as CSV.

use super::{day_cell, rate_cells, texts, written};
use crate::assessments::model::ClauseResult;
use crate::platform::Result;
use crate::platform::web::csv_cell;
use crate::reports::adjustments::{Adjustment, AdjustmentsReport};
use crate::reports::flags::FlagsReport;
use crate::reports::path::PathReport;
use crate::reports::reviews::ReviewsReport;
use crate::reports::unscheduled::UnscheduledReport;
use crate::reports::urge_list::UrgeList;

/// The path: a row `rate` a rate with its ceiling, then a row a node or a clause of a branch that is `missing` or `lost`.
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
        "code",
        "curable",
        "result",
        "expires_on",
    ];
    let nothing = |count: usize| vec![String::new(); count];
    let mut rows = Vec::new();
    for path in &report.rates {
        let row = |kind: &str, cells: [Vec<String>; 3]| {
            let first = vec![report.as_of.to_string(), path.rate.word().to_owned(), kind.to_owned()];
            [first, cells.concat()].concat()
        };
        let whole = [nothing(4), vec![day_cell(path.lost_on)], rate_cells(&path.ceiling).to_vec()];
        rows.push([row("rate", whole), nothing(4)].concat());
        rows.extend(path.items.iter().map(|item| {
            let what = vec![item.id.to_string(), csv_cell(&item.title), item.unit_id.to_string()];
            let days = [vec![item.last_day.to_string()], nothing(4)].concat();
            let clause = clause_cells(item.code.as_deref(), item.curable, item.result);
            row("missing", [what, days, [clause, vec![day_cell(item.expires_on)]].concat()])
        }));
        rows.extend(path.lost.iter().map(|item| {
            let what = vec![item.id.to_string(), csv_cell(&item.title), item.unit_id.to_string()];
            let days = [nothing(1), vec![item.lost_on.to_string()], nothing(3)].concat();
            let clause = clause_cells(item.code.as_deref(), item.curable, item.result);
            row("lost", [what, days, [clause, nothing(1)].concat()])
        }));
    }
    written(&texts(&names), rows)
}

/// What is said of a clause; nothing of a node.
fn clause_cells(code: Option<&str>, curable: Option<bool>, result: Option<ClauseResult>) -> Vec<String> {
    vec![
        csv_cell(code.unwrap_or_default()),
        curable.map(|curable| curable.to_string()).unwrap_or_default(),
        result.map(ClauseResult::word).unwrap_or_default().to_owned(),
    ]
}

/// What was extended, waived or cancelled, a row each.
pub fn adjustments_csv(report: &AdjustmentsReport) -> Result<String> {
    let names = [
        "as_of",
        "restated",
        "kind",
        "state",
        "id",
        "node_id",
        "title",
        "unit_id",
        "from_due_on",
        "due_on",
        "granted_late",
        "reason",
        "requested_by",
        "requested_on",
        "decided_by",
        "decided_on",
    ];
    let rows = report.adjustments.iter().map(|one| {
        vec![
            report.as_of.to_string(),
            report.restated.to_string(),
            one.kind.word().to_owned(),
            one.state.word().to_owned(),
            one.id.map(|id| id.to_string()).unwrap_or_default(),
            one.node_id.to_string(),
            csv_cell(&one.title),
            one.unit_id.to_string(),
            day_cell(one.from_due_on),
            day_cell(one.due_on),
            one.granted_late.to_string(),
            csv_cell(one.reason.as_deref().unwrap_or_default()),
            one.requested_by.map(|id| id.to_string()).unwrap_or_default(),
            day_cell(one.requested_on),
            one.decided_by.map(|id| id.to_string()).unwrap_or_default(),
            day_cell(one.decided_on),
        ]
    });
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

/// What was granted or asked for, in one cell: `extension approved granted_late; waived requested`.
fn adjusted_cell(adjustments: &[Adjustment]) -> String {
    let words = adjustments.iter().map(|one| {
        let late = if one.granted_late { " granted_late" } else { "" };
        format!("{} {}{late}", one.kind.word(), one.state.word())
    });
    words.collect::<Vec<_>>().join("; ")
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
        "adjustments",
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
                adjusted_cell(&node.adjustments),
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
