//! The compliance report by unit, key point, month or category, and the trend of a year.

use std::collections::HashSet;

use actix_web::{HttpRequest, HttpResponse};

use super::{Report, ReportWords, chosen, csv};
use crate::access::{Action, Actor};
use crate::console::figures::{self, FigureWords, rate_name};
use crate::console::judging::heat::name;
use crate::console::reading::Reading;
use crate::console::tables::{Cell, Column, Table};
use crate::console::terms::Mark;
use crate::console::{View, Visit};
use crate::platform::{Conn, Error, Result};
use crate::reports::actions::compliance;
use crate::reports::explain::ExplainedRate;
use crate::reports::model::{ComplianceReport, Counts, GroupBy};
use crate::reports::table;
use crate::reports::trend::TrendReport;
use crate::time_nodes::{Light, Verdict};
use crate::units::store::Tree;
use crate::units::{self, UnitId};

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
    let (found, unit, opens) = visit
        .caller
        .read_long(move |conn, actor| {
            let found = compliance(conn, actor, asked, Some(by))?;
            let unit = asked.unit_id.map(|id| units::store::get(conn, id)).transpose()?;
            let opens = Opens::of(conn, actor, &found)?;
            Ok((found, unit.map(|unit| unit.name), opens))
        })
        .await?;
    if reading.wants_csv() {
        return csv(&format!("compliance-{}", found.as_of), table::compliance_table(&found)?);
    }
    let view = &visit.view;
    let report = Report { unit, ..report(view, &reading, &found, by, &opens) };
    report.page(view, &reading, PATH)
}

/// Which figures open what is behind them: counts are for everybody, names for those who may read them.
struct Opens {
    units: HashSet<UnitId>,
    total: bool,
}

impl Opens {
    fn of(conn: &mut Conn, actor: &Actor, found: &ComplianceReport) -> Result<Opens> {
        let tree = Tree::on(conn, found.as_of)?;
        let may = |id: UnitId| tree.get(id).is_some_and(|unit| actor.may(Action::ReadNodes, &unit.site()));
        let units = found.groups.iter().filter_map(|group| group.unit_id).filter(|id| may(*id)).collect();
        let total = match found.unit_id {
            Some(id) => may(id),
            None => tree.children(None).iter().all(|top| may(*top)),
        };
        Ok(Opens { units, total })
    }
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
        let unit = group.unit_id.filter(|id| opens.units.contains(id)).map(|id| id.to_string());
        let own = unit.as_ref().map(|id| vec![("unit_id", id.as_str()), ("own", "true")]);
        let shown = if by == GroupBy::Month { name(view.lang, found.year, &group.key) } else { group.name.clone() };
        row(view, shown, Some(group.light), &group.counts, &behind(reading, own), &|rate| {
            unit.as_ref().map(|id| reading.link("/reports/explain", &[("rate", rate.word()), ("unit_id", id.as_str())]))
        })
    });
    let whole = behind(reading, opens.total.then(Vec::new));
    let total = row(view, f.total().into_owned(), None, &found.total, &whole, &|rate| {
        opens.total.then(|| reading.link("/reports/explain", &[("rate", rate.word())]))
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

/// The way to the nodes of a count, where one may read them: all that is owed, or those of a verdict.
fn behind<'a>(
    reading: &'a Reading,
    of: Option<Vec<(&'static str, &'a str)>>,
) -> impl Fn(Option<Verdict>) -> Option<String> + 'a {
    move |verdict| {
        let which = verdict.map_or(("owed", "true"), |verdict| ("verdict", verdict.word()));
        of.as_ref().map(|of| reading.link("/year/items", &[of.as_slice(), &[which]].concat()))
    }
}

fn row(
    view: &View,
    name: String,
    worst: Option<Light>,
    counts: &Counts,
    behind: &dyn Fn(Option<Verdict>) -> Option<String>,
    explained: &dyn Fn(ExplainedRate) -> Option<String>,
) -> Vec<Cell> {
    let mut cells = vec![Cell::text(name)];
    cells.push(worst.map_or_else(Cell::default, |worst| Cell::mark(light(view, worst))));
    let nodes = |count: i64, verdict| Cell::number(count).to(behind(verdict).filter(|_| count > 0).unwrap_or_default());
    cells.push(nodes(counts.owed, None));
    cells.push(nodes(counts.done_on_time, Some(Verdict::DoneOnTime)));
    cells.push(nodes(counts.done_late, Some(Verdict::DoneLate)));
    cells.push(nodes(counts.pending_review, Some(Verdict::PendingReview)));
    cells.push(nodes(counts.due, Some(Verdict::Due)));
    cells.push(nodes(counts.overdue, Some(Verdict::Overdue)));
    for rate in RATES {
        let figure = figures::rate_of(counts, rate);
        let text = match figure.percent {
            Some(percent) => format!("{}/{} · {percent:.1}%", figure.met, figure.of),
            None => view.t.nothing().into_owned(),
        };
        let href = explained(rate).filter(|_| figure.percent.is_some());
        cells.push(Cell::number(text).to(href.unwrap_or_default()));
    }
    cells.push(nodes(counts.excluded, Some(Verdict::Excluded)));
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
        let mut cells = row(view, shown, Some(month.light), &month.counts, &|_| None, &|rate| {
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
