//! The heat map: a table of units by months. A cell says how many of its nodes are done, the worst light with its word, and
//! what else is in it, each with its shape.

use crate::console::opens::Opens;
use crate::console::reading::Reading;
use crate::console::terms::{Mark, excluded};
use crate::console::words::Lang;
use crate::reports::explain::ExplainedRate;
use crate::reports::rules::CountOf;
use crate::reports::year::rules::{Cell, month_key};
use crate::reports::year::{UnitYear, YearOverview};
use crate::time_nodes::Verdict;

/// A month of the heat map.
pub struct Head {
    pub name: String,
    /// The month of the day.
    pub now: bool,
}

/// A cell, to be drawn.
pub struct HeatCell {
    /// Class of its colour.
    pub class: &'static str,
    pub done: i64,
    pub of: i64,
    /// The worst light, with how many nodes have it.
    pub worst: Option<(Mark, i64)>,
    /// What else is in it.
    pub rest: Vec<(Mark, i64)>,
    /// Why nothing of it counts; the cell has no figure then.
    pub excluded: Option<&'static str>,
    /// Its nodes, for those who may read them.
    pub href: Option<String>,
}

/// A row: a unit.
pub struct HeatRow<'a> {
    pub row: &'a UnitYear,
    pub href: String,
    /// What is counted so far, and where it is explained.
    pub percent: String,
    pub sum_href: Option<String>,
    pub cells: Vec<HeatCell>,
}

/// The heat map of some of the rows.
pub struct Heat<'a> {
    pub heads: Vec<Head>,
    pub rows: Vec<HeatRow<'a>>,
    pub totals: Vec<HeatCell>,
    pub total_percent: String,
    pub total_href: Option<String>,
}

impl<'a> Heat<'a> {
    pub fn of(
        lang: Lang,
        reading: &Reading,
        overview: &'a YearOverview,
        rows: &'a [UnitYear],
        opens: &Opens,
    ) -> Heat<'a> {
        let now = month_key(overview.as_of);
        let heads =
            overview.months.iter().map(|month| Head { name: name(lang, overview.year, month), now: *month == now });
        let completion =
            |counts: &crate::reports::model::Counts| crate::console::figures::percent(lang, &counts.completion);
        let of_row = |row: &'a UnitYear| {
            let id = row.unit_id.to_string();
            let may = opens.unit(row.unit_id);
            let own = if row.is_whole { "" } else { "true" };
            let cells = overview.months.iter().zip(&row.months).map(|(month, one)| {
                // What counts in the cell; where nothing does, what is left out.
                let count = if one.of() > 0 { CountOf::Counted.word() } else { "" };
                let more = [("unit_id", id.as_str()), ("own", own), ("month", month.as_str()), ("count", count)];
                cell(lang, one, *month <= now, may.then(|| reading.link("/year/items", &more)))
            });
            HeatRow {
                row,
                href: reading.link("/year", &[("unit_id", id.as_str())]),
                percent: completion(&row.counts),
                sum_href: may.then(|| reading.behind(CountOf::Owed, Some((row.unit_id, row.is_whole)))),
                cells: cells.collect(),
            }
        };
        let counted = ("count", CountOf::Counted.word());
        let totals = overview.months.iter().zip(&overview.totals).map(|(month, one)| {
            let href = opens.whole().then(|| reading.link("/year/items", &[("month", month.as_str()), counted]));
            cell(lang, one, *month <= now, href)
        });
        Heat {
            heads: heads.collect(),
            rows: rows.iter().map(of_row).collect(),
            totals: totals.collect(),
            total_percent: completion(&overview.total),
            total_href: opens.whole().then(|| reading.explained(ExplainedRate::Completion, None)),
        }
    }
}

/// `6月`; of another year with the year.
pub fn name(lang: Lang, year: i64, month: &str) -> String {
    match month.split_once('-') {
        Some((of, _)) if of != year.to_string() => lang.pick(format!("{of}年"), format!("{of} ")) + &lang.period(month),
        _ => lang.period(month),
    }
}

fn cell(lang: Lang, cell: &Cell, come: bool, href: Option<String>) -> HeatCell {
    let mut marks: Vec<(Mark, i64)> = Vec::new();
    let of = [(Verdict::Overdue, cell.overdue), (Verdict::Due, cell.due), (Verdict::DueSoon, cell.due_soon)];
    marks.extend(of.into_iter().map(|(verdict, count)| (Mark::verdict(lang, verdict), count)));
    marks.push((Mark::returned(lang), cell.returned));
    marks.push((Mark::verdict(lang, Verdict::PendingReview), cell.pending_review));
    marks.push((Mark::new("late", "green", lang.pick("晚", "late")), cell.done_late));
    if come {
        marks.push((Mark::verdict(lang, Verdict::NotDue), cell.not_due));
    } else {
        marks.push((Mark::new("done", "green", lang.pick("提前", "early")), cell.done_on_time));
    }
    marks.retain(|(_, count)| *count > 0);
    let class = match cell {
        _ if cell.of() == 0 => "h-pre",
        Cell { overdue: 1.., .. } => "h-red",
        Cell { due: 1.., .. } | Cell { due_soon: 1.., .. } | Cell { returned: 1.., .. } => "h-yellow",
        Cell { pending_review: 1.., .. } => "h-blue",
        _ if cell.done() == cell.of() => "h-done",
        _ => "h-next",
    };
    let mut marks = marks.into_iter();
    HeatCell {
        class,
        done: cell.done(),
        of: cell.of(),
        worst: marks.next(),
        rest: marks.collect(),
        excluded: cell.reason.filter(|_| cell.of() == 0).map(|reason| excluded(lang, reason)),
        href,
    }
}
