//! The compliance report by unit, key point, month or category, and the trend of a year.

use actix_web::{HttpRequest, HttpResponse};

use super::{Report, ReportWords, file};
use crate::console::figures::{self, FigureWords, rate_name};
use crate::console::judging::heat::name;
use crate::console::opens::Opens;
use crate::console::reading::Reading;
use crate::console::tables::{Cell, Column, Table};
use crate::console::terms::Mark;
use crate::console::{View, Visit};
use crate::platform::Error;
use crate::reports::actions::compliance;
use crate::reports::explain::ExplainedRate;
use crate::reports::model::{ComplianceReport, Counts, Group, GroupBy};
use crate::reports::rules::CountOf;
use crate::reports::table;
use crate::reports::trend::TrendReport;
use crate::time_nodes::{Light, Verdict};

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
    let by = reading.chosen("by", GroupBy::ALL, GroupBy::word)?.unwrap_or(GroupBy::Unit);
    let asked = reading.asked;
    let (found, opens) = visit
        .caller
        .read_long(move |conn, actor| {
            let found = compliance(conn, actor, asked, Some(by))?;
            let opens = Opens::of(conn, actor, found.as_of, asked.unit_id)?;
            Ok((found, opens))
        })
        .await?;
    if let Some(form) = reading.file() {
        return file(form, &format!("compliance-{}", found.as_of), table::compliance_table(&found)?);
    }
    let view = &visit.view;
    report(view, &reading, &found, by, &opens).page(view, &reading, PATH)
}

fn report(view: &View, reading: &Reading, found: &ComplianceReport, by: GroupBy, opens: &Opens) -> Report {
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
        let shown = if by == GroupBy::Month { name(view.lang, found.year, &group.key) } else { group.name.clone() };
        row(view, shown, Some(group.light), &group.counts, &behind(reading, opens, by, group))
    });
    let total = row(view, f.total().into_owned(), None, &found.total, &whole(reading, opens));
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
        files: true,
        fixed: vec![("by", by.word().to_owned())],
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

/// What is behind the figures of a row, where one may read it.
struct Behind<'a> {
    count: Box<dyn Fn(CountOf) -> Option<String> + 'a>,
    rate: Box<dyn Fn(ExplainedRate) -> Option<String> + 'a>,
}

/// Behind a row of all.
fn whole<'a>(reading: &'a Reading, opens: &'a Opens) -> Behind<'a> {
    Behind {
        count: Box::new(|count| opens.whole().then(|| reading.behind(count, None))),
        rate: Box::new(|rate| opens.whole().then(|| reading.explained(rate, None))),
    }
}

/// Behind the row of a group. What a rate consists of is told of units only.
fn behind<'a>(reading: &'a Reading, opens: &'a Opens, by: GroupBy, group: &'a Group) -> Behind<'a> {
    let unit = group.unit_id.filter(|id| opens.unit(*id));
    let field = match by {
        GroupBy::Unit => None,
        GroupBy::Month => Some("month"),
        GroupBy::KeyPoint => Some("key_point"),
        GroupBy::Category => Some("category"),
    };
    let count = move |count: CountOf| match (field, unit) {
        (Some(field), _) if opens.whole() => {
            Some(reading.link("/year/items", &[("count", count.word()), (field, group.key.as_str())]))
        }
        (None, Some(id)) => Some(reading.behind(count, Some((id, opens.is_whole(id))))),
        _ => None,
    };
    let rate = move |rate: ExplainedRate| match unit {
        Some(id) => reading.behind_rate(rate, id, opens.is_whole(id)),
        None => None,
    };
    Behind { count: Box::new(count), rate: Box::new(rate) }
}

fn row(view: &View, name: String, worst: Option<Light>, counts: &Counts, behind: &Behind<'_>) -> Vec<Cell> {
    let mut cells = vec![Cell::text(name)];
    cells.push(worst.map_or_else(Cell::default, |worst| Cell::mark(light(view, worst))));
    let nodes =
        |count: i64, of: CountOf| Cell::number(count).to((behind.count)(of).filter(|_| count > 0).unwrap_or_default());
    cells.push(nodes(counts.owed, CountOf::Owed));
    cells.push(nodes(counts.done_on_time, CountOf::DoneOnTime));
    cells.push(nodes(counts.done_late, CountOf::DoneLate));
    cells.push(nodes(counts.pending_review, CountOf::PendingReview));
    cells.push(nodes(counts.due, CountOf::Due));
    cells.push(nodes(counts.overdue, CountOf::Overdue));
    for rate in RATES {
        let figure = figures::rate_of(counts, rate);
        let text = match figure.percent {
            Some(percent) => format!("{}/{} · {percent:.1}%", figure.met, figure.of),
            None => view.t.nothing().into_owned(),
        };
        let href = (behind.rate)(rate).filter(|_| figure.percent.is_some());
        cells.push(Cell::number(text).to(href.unwrap_or_default()));
    }
    cells.push(nodes(counts.excluded, CountOf::Excluded));
    cells.push(nodes(counts.not_yet_owed, CountOf::NotYetOwed));
    cells
}

/// `GET /reports/trend`.
pub async fn trend(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let reading = Reading::of(&request)?.of_own_committee(&visit).await?;
    let asked = reading.asked;
    let read = visit.caller.read_long(move |conn, actor| {
        let found = crate::reports::trend::trend(conn, actor, asked)?;
        let opens = Opens::of(conn, actor, found.as_of, asked.unit_id)?;
        Ok((found, opens))
    });
    let (found, opens) = read.await?;
    if let Some(form) = reading.file() {
        return file(form, &format!("trend-{}", found.as_of), table::trend_table(&found)?);
    }
    let view = &visit.view;
    trend_report(view, &reading, &found, &opens).page(view, &reading, TREND)
}

fn trend_report(view: &View, reading: &Reading, found: &TrendReport, opens: &Opens) -> Report {
    let (w, f) = (ReportWords(view.lang), FigureWords(view.lang));
    let rows = found.months.iter().map(|month| {
        let shown = view.lang.day(&month.as_of);
        let on = reading.as_of(month.as_of);
        let mut cells = row(view, shown, Some(month.light), &month.counts, &whole(&on, opens));
        if let Some(first) = cells.first_mut() {
            first.href = on.link("/year", &[]);
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
        files: true,
        ..Report::default()
    }
}
