//! The compliance report by unit, key point, month or category, and the trend of a year.

use actix_web::{HttpRequest, HttpResponse};

use super::{Report, ReportWords, chosen, csv};
use crate::console::figures::{self, FigureWords, rate_name};
use crate::console::judging::heat::name;
use crate::console::reading::Reading;
use crate::console::tables::{Cell, Column, Table};
use crate::console::terms::Mark;
use crate::console::{View, Visit};
use crate::platform::{Error, Result};
use crate::reports::actions::compliance;
use crate::reports::explain::ExplainedRate;
use crate::reports::model::{ComplianceReport, Counts, GroupBy};
use crate::reports::table;
use crate::reports::trend::TrendReport;
use crate::time_nodes::{Light, Verdict};
use crate::units;

const PATH: &str = "/reports/compliance";
const TREND: &str = "/reports/trend";
const RATES: [ExplainedRate; 6] = [
    ExplainedRate::Completion,
    ExplainedRate::OnTime,
    ExplainedRate::Reporting,
    ExplainedRate::YearProgress,
    ExplainedRate::Compliance,
    ExplainedRate::Assessed,
];

/// `GET /reports/compliance`.
pub async fn show(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let reading = Reading::of(&request)?.of_own_committee(&visit).await?;
    let by = chosen(GroupBy::ALL, reading.given("by"), GroupBy::word, GroupBy::Unit)?;
    let asked = reading.asked;
    let (found, unit) = visit
        .caller
        .read_long(move |conn, actor| {
            let found = compliance(conn, actor, asked, Some(by))?;
            let unit = asked.unit_id.map(|id| units::store::get(conn, id)).transpose()?;
            Ok((found, unit.map(|unit| unit.name)))
        })
        .await?;
    if reading.wants_csv() {
        return csv(&format!("compliance-{}", found.as_of), table::compliance_table(&found)?);
    }
    let view = &visit.view;
    let report = Report { unit, ..report(view, &reading, &found, by) };
    report.page(view, &reading, PATH)
}

fn report(view: &View, reading: &Reading, found: &ComplianceReport, by: GroupBy) -> Report {
    let (w, f) = (ReportWords(view.lang), FigureWords(view.lang));
    let tab = |one: GroupBy| {
        let name = match one {
            GroupBy::Unit => w.by_unit(),
            GroupBy::KeyPoint => w.by_key_point(),
            GroupBy::Month => w.by_month(),
            GroupBy::Category => w.by_category(),
        };
        (name.into_owned(), reading.link(PATH, &[("by", one.word())]), one == by)
    };
    let first = match by {
        GroupBy::Unit => f.unit(),
        GroupBy::KeyPoint => f.key_point(),
        GroupBy::Month => f.month(),
        GroupBy::Category => f.category(),
    };
    let rows = found.groups.iter().map(|group| {
        let unit = group.unit_id.map(|id| id.to_string());
        let shown = if by == GroupBy::Month { name(view.lang, found.year, &group.key) } else { group.name.clone() };
        row(view, shown, Some(group.light), &group.counts, &|rate| {
            unit.as_ref().map(|id| reading.link("/reports/explain", &[("rate", rate.word()), ("unit_id", id.as_str())]))
        })
    });
    let total = row(view, f.total().into_owned(), None, &found.total, &|rate| {
        Some(reading.link("/reports/explain", &[("rate", rate.word())]))
    });
    let title = match by {
        GroupBy::Unit => w.by_unit(),
        GroupBy::KeyPoint => w.by_key_point(),
        GroupBy::Month => w.by_month(),
        GroupBy::Category => w.by_category(),
    };
    let table = Table {
        id: "groups".into(),
        title: title.into_owned(),
        columns: columns(view, first.into_owned(), true),
        rows: rows.collect(),
        total: Some(total),
        ..Table::default()
    };
    Report {
        title: w.compliance().into_owned(),
        lead: sentence(view, &found.total),
        tabs: GroupBy::ALL.iter().map(|one| tab(*one)).collect(),
        tables: vec![table],
        restatable: true,
        as_of: Some(found.as_of),
        is_final: found.is_final,
        restated: found.restated,
        csv: true,
        fixed: vec![("by", by.word().to_owned())],
        unit: None,
    }
}

/// How far everything is, in a sentence.
fn sentence(view: &View, total: &Counts) -> String {
    let w = crate::console::judging::year::YearWords(view.lang);
    if total.owed == 0 {
        return w.nothing_owed().into_owned();
    }
    let done = w.done_of(total.owed, total.completion.met);
    let overdue = if total.overdue == 0 {
        w.none_overdue().into_owned()
    } else {
        view.lang.pick(format!("**逾期{}个。**", total.overdue), format!("**{} overdue.**", total.overdue))
    };
    format!("{done}{overdue}")
}

fn columns(view: &View, first: String, light: bool) -> Vec<Column> {
    let f = FigureWords(view.lang);
    let mut columns = vec![Column::text(first)];
    columns.extend(light.then(|| Column::text(f.light())));
    columns.push(Column::number(f.owed()));
    for name in [f.done_on_time(), f.done_late(), f.pending(), f.due(), f.overdue()] {
        columns.push(Column::number(name));
    }
    for rate in RATES {
        columns.push(Column::number(rate_name(view.lang, rate)));
    }
    columns.push(Column::number(f.excluded()));
    columns.push(Column::number(f.not_yet()));
    columns
}

/// The word of the worst light.
fn light(view: &View, light: Light) -> Mark {
    let verdict = match light {
        Light::Red => Verdict::Overdue,
        Light::Yellow => return Mark::new("due", "yellow", view.lang.pick("黄", "yellow")),
        Light::Blue => Verdict::PendingReview,
        Light::Green => return Mark::new("done", "green", view.lang.pick("绿", "green")),
        Light::Grey => return Mark::new("excl", "grey", view.lang.pick("灰", "grey")),
    };
    Mark::verdict(view.lang, verdict)
}

fn row(
    view: &View,
    name: String,
    worst: Option<Light>,
    counts: &Counts,
    explained: &dyn Fn(ExplainedRate) -> Option<String>,
) -> Vec<Cell> {
    let mut cells = vec![Cell::text(name)];
    cells.push(worst.map_or_else(Cell::default, |worst| Cell::mark(light(view, worst))));
    for count in [counts.owed, counts.done_on_time, counts.done_late, counts.pending_review, counts.due, counts.overdue]
    {
        cells.push(Cell::number(count));
    }
    for rate in RATES {
        let figure = figures::rate_of(counts, rate);
        let text = match figure.percent {
            Some(percent) => format!("{}/{} · {percent:.1}%", figure.met, figure.of),
            None => view.t.nothing().into_owned(),
        };
        let href = explained(rate).filter(|_| figure.percent.is_some());
        cells.push(Cell::number(text).to(href.unwrap_or_default()));
    }
    cells.push(Cell::number(counts.excluded));
    cells.push(Cell::number(counts.not_yet_owed));
    cells
}

/// `GET /reports/trend`.
pub async fn trend(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let reading = Reading::of(&request)?.of_own_committee(&visit).await?;
    let asked = reading.asked;
    let found = visit.caller.read_long(move |conn, actor| crate::reports::trend::trend(conn, actor, asked)).await?;
    if reading.wants_csv() {
        return csv(&format!("trend-{}", found.as_of), table::trend_table(&found)?);
    }
    let view = &visit.view;
    trend_report(view, &reading, &found).page(view, &reading, TREND)
}

fn trend_report(view: &View, reading: &Reading, found: &TrendReport) -> Report {
    let (w, f) = (ReportWords(view.lang), FigureWords(view.lang));
    let rows = found.months.iter().map(|month| {
        let day = month.as_of.to_string();
        let shown = view.lang.day(&month.as_of);
        let mut cells = row(view, shown, Some(month.light), &month.counts, &|rate| {
            Some(reading.link("/reports/explain", &[("rate", rate.word()), ("as_of", day.as_str())]))
        });
        if let Some(first) = cells.first_mut() {
            first.href = reading.link("/year", &[("as_of", day.as_str())]);
        }
        cells
    });
    let table = Table {
        id: "months".into(),
        title: w.trend().into_owned(),
        note: w.trend_what().into_owned(),
        columns: columns(view, f.month().into_owned(), true),
        rows: rows.collect(),
        empty: w.no_rows().into_owned(),
        ..Table::default()
    };
    Report {
        title: w.trend().into_owned(),
        lead: found.months.last().map(|month| sentence(view, &month.counts)).unwrap_or_default(),
        tables: vec![table],
        restatable: true,
        as_of: Some(found.as_of),
        is_final: found.is_final,
        restated: found.restated,
        csv: true,
        ..Report::default()
    }
}
