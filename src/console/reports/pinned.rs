//! The year report of a closed plan, as it was pinned: read from its own text, never computed anew.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use super::{Report, ReportWords};
use crate::console::figures::{FigureWords, rate_name};
use crate::console::reading::Reading;
use crate::console::tables::{Cell, Column, Table};
use crate::console::{View, Visit};
use crate::plans::{self, PlanId};
use crate::platform::Error;
use crate::platform::error::NOT_FOUND;
use crate::reports::close;
use crate::reports::explain::ExplainedRate;
use crate::words;

words! {
    /// A pinned year report.
    pub struct PinnedWords {
        lead(day): "{day}关闭计划时定下的数字，以后的补报不改它。", "As it read when the plan was closed on {day}; later reports don't change it.";
    }
}

const RATES: [ExplainedRate; 5] = [
    ExplainedRate::Completion,
    ExplainedRate::OnTime,
    ExplainedRate::Reporting,
    ExplainedRate::YearProgress,
    ExplainedRate::Compliance,
];

/// `GET /reports/year-report?plan=…`.
pub async fn show(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let reading = Reading::of(&request)?;
    let id = reading.parsed("plan")?.map(PlanId).ok_or_else(|| NOT_FOUND.err())?;
    let read = visit.caller.read(move |conn, actor| {
        let plan = plans::actions::read(conn, actor, id)?;
        Ok((plan, close::store::pinned(conn, id)?))
    });
    let (plan, text) = read.await?;
    let pinned: Value = serde_json::from_str(&text).map_err(Error::internal)?;
    let view = &visit.view;
    let (w, words, f) = (PinnedWords(view.lang), ReportWords(view.lang), FigureWords(view.lang));
    let as_of = pinned.get("as_of").and_then(Value::as_str).and_then(|day| day.parse().ok());
    let names = RATES.map(|rate| Column::number(rate_name(view.lang, rate)));
    let columns = [Column::text(f.unit()), Column::number(f.owed()), Column::number(f.overdue())];
    let groups = pinned.get("groups").and_then(Value::as_array).into_iter().flatten();
    let name = |group: &Value| group.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let report = Report {
        title: words.pinned(&plan.title).into_owned(),
        lead: as_of.map(|day: chrono::NaiveDate| w.lead(view.lang.full_day(&day)).into_owned()).unwrap_or_default(),
        tables: vec![Table {
            id: "pinned".into(),
            title: words.by_unit().into_owned(),
            columns: columns.into_iter().chain(names).collect(),
            rows: groups.map(|group| row(view, name(group), group)).collect(),
            total: pinned.get("total").map(|total| row(view, f.total().into_owned(), total)),
            ..Table::default()
        }],
        as_of,
        is_final: true,
        ..Report::default()
    };
    report.page(view, &reading, "/year")
}

fn row(view: &View, name: String, counts: &Value) -> Vec<Cell> {
    let number = |of: &Value, field: &str| of.get(field).and_then(Value::as_i64).unwrap_or_default();
    let mut cells =
        vec![Cell::text(name), Cell::number(number(counts, "owed")), Cell::number(number(counts, "overdue"))];
    for rate in RATES {
        let figure = counts.get(rate.word()).unwrap_or(&Value::Null);
        let text = match figure.get("percent").and_then(Value::as_f64) {
            Some(percent) => format!("{}/{} · {percent:.1}%", number(figure, "met"), number(figure, "of")),
            None => view.t.nothing().into_owned(),
        };
        cells.push(Cell::number(text));
    }
    cells
}
