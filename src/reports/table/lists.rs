//! The reports that name things, as tables.

use serde_json::Value;

use super::{day, rate_cells, texts};
use crate::assessments::model::ClauseResult;
use crate::platform::Result;
use crate::platform::web::Table;
use crate::reports::adjustments::{Adjustment, AdjustmentsReport};
use crate::reports::flags::FlagsReport;
use crate::reports::path::PathReport;
use crate::reports::reviews::ReviewsReport;
use crate::reports::unscheduled::UnscheduledReport;
use crate::reports::urge_list::UrgeList;

/// The path: a row `rate` a rate with its ceiling, then a row a node or a clause of a branch that is `missing` or `lost`.
pub fn path_table(report: &PathReport) -> Result<Table> {
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
    let nothing = |count: usize| vec![Value::Null; count];
    let mut rows = Vec::new();
    for path in &report.rates {
        let row = |kind: &str, cells: [Vec<Value>; 3]| {
            let first = vec![day(report.as_of), path.rate.word().into(), kind.into()];
            [first, cells.concat()].concat()
        };
        let whole = [nothing(4), vec![path.lost_on.map(day).into()], rate_cells(&path.ceiling).to_vec()];
        rows.push([row("rate", whole), nothing(4)].concat());
        rows.extend(path.items.iter().map(|item| {
            let what = vec![item.id.into(), item.title.as_str().into(), item.unit_id.0.into()];
            let days = [vec![day(item.last_day)], nothing(4)].concat();
            let clause = clause_cells(item.code.as_deref(), item.curable, item.result);
            row("missing", [what, days, [clause, vec![item.expires_on.map(day).into()]].concat()])
        }));
        rows.extend(path.lost.iter().map(|item| {
            let what = vec![item.id.into(), item.title.as_str().into(), item.unit_id.0.into()];
            let days = [nothing(1), vec![day(item.lost_on)], nothing(3)].concat();
            let clause = clause_cells(item.code.as_deref(), item.curable, item.result);
            row("lost", [what, days, [clause, nothing(1)].concat()])
        }));
    }
    Table::with(&texts(&names), rows)
}

/// What is said of a clause; nothing of a node.
fn clause_cells(code: Option<&str>, curable: Option<bool>, result: Option<ClauseResult>) -> Vec<Value> {
    vec![code.into(), curable.into(), result.map(ClauseResult::word).into()]
}

/// What was extended, waived or cancelled, a row each.
pub fn adjustments_table(report: &AdjustmentsReport) -> Result<Table> {
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
            day(report.as_of),
            report.restated.into(),
            one.kind.word().into(),
            one.state.word().into(),
            one.id.into(),
            one.node_id.0.into(),
            one.title.as_str().into(),
            one.unit_id.0.into(),
            one.from_due_on.map(day).into(),
            one.due_on.map(day).into(),
            one.granted_late.into(),
            one.reason.as_deref().into(),
            one.requested_by.map(|id| id.0).into(),
            one.requested_on.map(day).into(),
            one.decided_by.map(|id| id.0).into(),
            one.decided_on.map(day).into(),
        ]
    });
    Table::with(&texts(&names), rows)
}

/// How reports were reviewed, in one row.
pub fn reviews_table(report: &ReviewsReport) -> Result<Table> {
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
    let mut row = vec![day(report.as_of)];
    row.extend(rate_cells(&report.review_in_time));
    row.extend(
        [report.submitted, report.reviewed_in_time, report.reviewed_late, report.waiting, report.waiting_late]
            .map(Value::from),
    );
    row.extend(report.oldest_waiting.as_ref().map_or_else(Default::default, |oldest| {
        [oldest.report_id.0.into(), oldest.node_id.0.into(), oldest.unit_id.0.into(), day(oldest.submitted_on)]
    }));
    row.push(report.calendar_loaded.into());
    Table::with(&texts(&names), [row])
}

/// The entries without a date, a row for each unit that owes one.
pub fn unscheduled_table(report: &UnscheduledReport) -> Result<Table> {
    let names = ["as_of", "entry_id", "plan_id", "task_id", "code", "title", "entry_title", "words", "unit_id", "unit"];
    let rows = report.entries.iter().flat_map(|entry| {
        entry.units.iter().map(|unit| {
            vec![
                day(report.as_of),
                entry.entry_id.0.into(),
                entry.plan_id.0.into(),
                entry.task_id.0.into(),
                entry.code.as_str().into(),
                entry.title.as_str().into(),
                entry.entry_title.as_deref().into(),
                entry.words.as_deref().into(),
                unit.unit_id.0.into(),
                unit.name.as_str().into(),
            ]
        })
    });
    Table::with(&texts(&names), rows)
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
pub fn urge_list_table(list: &UrgeList) -> Result<Table> {
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
                day(list.as_of),
                unit.unit_id.0.into(),
                unit.name.as_str().into(),
                node.id.0.into(),
                node.title.as_str().into(),
                day(node.due_on),
                day(node.late_after),
                node.days_left.into(),
                node.verdict.word().into(),
                node.light.word().into(),
                node.returned.into(),
                node.last_urged_on.map(day).into(),
                adjusted_cell(&node.adjustments).into(),
            ]
        })
    });
    Table::with(&texts(&names), rows)
}

/// What ought to be looked at: a row a report, `same_evidence` or `back_dated`.
pub fn flags_table(report: &FlagsReport) -> Result<Table> {
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
        "year",
    ];
    let ids = |ids: [i64; 4]| ids.map(Value::from).to_vec();
    let row = |flag: &str, ids: Vec<Value>, rest: [Value; 8]| {
        [vec![day(report.as_of), flag.into()], ids, rest.to_vec()].concat()
    };
    let mut rows = Vec::new();
    for same in &report.same_evidence {
        rows.extend(same.items.iter().map(|one| {
            let rest: [Value; 8] = [
                one.unit.as_str().into(),
                one.title.as_str().into(),
                day(one.reported_on),
                day(one.recorded_on),
                Value::Null,
                same.sha256.as_str().into(),
                one.file_name.as_str().into(),
                one.year.into(),
            ];
            row("same_evidence", ids([one.report_id.0, one.node_id.0, one.task_id.0, one.unit_id.0]), rest)
        }));
    }
    rows.extend(report.back_dated.iter().map(|one| {
        let rest: [Value; 8] = [
            one.unit.as_str().into(),
            one.title.as_str().into(),
            day(one.reported_on),
            day(one.recorded_on),
            one.days.into(),
            Value::Null,
            Value::Null,
            report.year.into(),
        ];
        row("back_dated", ids([one.report_id.0, one.node_id.0, one.task_id.0, one.unit_id.0]), rest)
    }));
    Table::with(&texts(&names), rows)
}
