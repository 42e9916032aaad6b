//! What a rate consists of: what is met, what counts and is not met, what is left out and why.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use actix_web::{HttpRequest, HttpResponse};

use super::Report;
use crate::access::Action;
use crate::console::figures::{self, FigureWords, rate_name, rate_sense};
use crate::console::judging::items::table as node_table;
use crate::console::reading::Reading;
use crate::console::tables::{Cell, Column, Table};
use crate::console::terms::excluded;
use crate::console::{View, Visit};
use crate::platform::rate::ratio;
use crate::platform::{Conn, Error, Result};
use crate::reports::explain::{ExcludedItem, Explained, ExplainedRate, Explanation};
use crate::reports::year::items::{YearItem, explained};
use crate::standards::{self, ClauseId};
use crate::time_nodes::{Excluded, NodeId};
use crate::units::UnitId;
use crate::units::store::Tree;
use crate::words;

const PATH: &str = "/reports/explain";
/// Things shown of each part; the rest is in the cells and the narrower reports.
const SHOWN: usize = 300;

words! {
    /// What a rate consists of.
    pub struct ExplainedWords {
        met: "算在分子里的", "Met";
        missing: "应计而未达的", "Counted and not met";
        left_out: "不计入的", "Left out";
        count(count): "{count}个", "{count}";
        first(shown, count): "{count}个，列出前{shown}个；选一个组织可以看全", "{count}, the first {shown} listed; choose a unit to see all of them";
        lead(met, of, percent, sense): "**{met}/{of}**，{percent}：{sense}。", "**{met}/{of}**, {percent}: {sense}.";
        none(reason): "没有这个率：{reason}。", "There is no rate: {reason}.";
        nothing: "没有。", "None.";
        branch: "党支部", "Branch";
    }
}

/// What explains a rate: the items with their names.
struct Named {
    found: Explanation,
    nodes: HashMap<NodeId, YearItem>,
    units: HashMap<UnitId, String>,
    clauses: BTreeMap<ClauseId, (String, String)>,
}

/// `GET /reports/explain`.
pub async fn show(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let reading = Reading::of(&request)?.within_reach(&visit, Action::ReadNodes).await?;
    let rate = reading.chosen("rate", ExplainedRate::ALL, ExplainedRate::word)?.unwrap_or(ExplainedRate::Completion);
    let asked = reading.asked;
    let named = visit
        .caller
        .read_long(move |conn, actor| {
            let (found, nodes) = explained(conn, actor, asked, rate, SHOWN)?;
            let units = Tree::on(conn, found.as_of)?.units().map(|unit| (unit.unit_id, unit.name.clone())).collect();
            let clauses = clauses(conn, &found)?;
            Ok(Named { found, nodes: nodes.into_iter().map(|item| (item.id, item)).collect(), units, clauses })
        })
        .await?;
    let view = &visit.view;
    report(view, &reading, &named).page(view, &reading, PATH)
}

/// Code and title of the clauses that are named.
fn clauses(conn: &mut Conn, found: &Explanation) -> Result<BTreeMap<ClauseId, (String, String)>> {
    let counted = found.numerator.iter().chain(&found.denominator_only).filter_map(|item| match item {
        Explained::Clause(one) => Some(one.clause_id),
        Explained::Id(_) => None,
    });
    let left_out = found.excluded.iter().filter_map(|item| match item {
        ExcludedItem::Clause(one) => Some(one.clause_id),
        ExcludedItem::Node(_) => None,
    });
    let ids: Vec<ClauseId> = counted.chain(left_out).collect::<BTreeSet<_>>().into_iter().collect();
    let named = standards::store::clause_titles(conn, &ids)?;
    Ok(named.into_iter().map(|(id, code, title)| (id, (code, title))).collect())
}

fn report(view: &View, reading: &Reading, named: &Named) -> Report {
    let w = ExplainedWords(view.lang);
    let found = &named.found;
    let (met, missing) = (found.numerator.len() as i64, found.denominator_only.len() as i64);
    let figure = ratio(met, met + missing);
    let sense = rate_sense(view.lang, found.rate);
    let lead = match figure.percent {
        Some(_) => w.lead(met, met + missing, figures::percent(view.lang, &figure), sense),
        None => w.none(figures::percent(view.lang, &figure)),
    };
    let tab = |rate: &ExplainedRate| {
        let href = reading.link(PATH, &[("rate", rate.word())]);
        (rate_name(view.lang, *rate).to_owned(), href, *rate == found.rate)
    };
    let left_out: Vec<(Explained, Excluded)> = found.excluded.iter().map(item).collect();
    let tables = vec![
        named.part(view, "missing", w.missing().into_owned(), &found.denominator_only),
        named.part(view, "met", w.met().into_owned(), &found.numerator),
        named.left_out(view, &left_out),
    ];
    Report {
        title: rate_name(view.lang, found.rate).to_owned(),
        lead: lead.into_owned(),
        tabs: ExplainedRate::ALL.iter().map(tab).collect(),
        tables,
        restatable: true,
        as_of: Some(found.as_of),
        is_final: found.is_final,
        restated: found.restated,
        files: false,
        fixed: vec![("rate", found.rate.word().to_owned())],
    }
}

fn item(left_out: &ExcludedItem) -> (Explained, Excluded) {
    match left_out {
        ExcludedItem::Node(node) => (Explained::Id(node.id.0), node.reason),
        ExcludedItem::Clause(one) => {
            let (unit_id, clause_id) = (one.unit_id, one.clause_id);
            (Explained::Clause(crate::reports::explain::ClauseOfBranch { unit_id, clause_id }), one.reason)
        }
    }
}

impl Named {
    fn part(&self, view: &View, id: &str, title: String, all: &[Explained]) -> Table {
        let w = ExplainedWords(view.lang);
        let shown: Vec<&Explained> = all.iter().take(SHOWN).collect();
        let nodes: Vec<&YearItem> = shown
            .iter()
            .filter_map(|item| match item {
                Explained::Id(id) => self.nodes.get(&NodeId(*id)),
                Explained::Clause(_) => None,
            })
            .collect();
        let table = if nodes.is_empty() {
            Table {
                columns: self.columns(view, all),
                rows: shown.into_iter().map(|item| self.row(item)).collect(),
                ..Table::default()
            }
        } else {
            node_table(view, nodes.into_iter())
        };
        let note = if all.len() > SHOWN { w.first(SHOWN, all.len()) } else { w.count(all.len()) };
        Table { id: id.to_owned(), title, note: note.into_owned(), empty: w.nothing().into_owned(), ..table }
    }

    fn left_out(&self, view: &View, all: &[(Explained, Excluded)]) -> Table {
        let (w, f) = (ExplainedWords(view.lang), FigureWords(view.lang));
        let items: Vec<Explained> = all.iter().map(|(item, _)| *item).collect();
        let mut table = self.part(view, "left-out", w.left_out().into_owned(), &items);
        table.columns.push(Column::text(f.reason()));
        for (row, (_, reason)) in table.rows.iter_mut().zip(all) {
            row.push(Cell::text(excluded(view.lang, *reason)));
        }
        table
    }

    fn columns(&self, view: &View, all: &[Explained]) -> Vec<Column> {
        let (w, f) = (ExplainedWords(view.lang), FigureWords(view.lang));
        match all.first() {
            Some(Explained::Clause(_)) => vec![Column::text(f.clause()), Column::text(w.branch())],
            _ => vec![Column::text(w.branch())],
        }
    }

    fn row(&self, item: &Explained) -> Vec<Cell> {
        let unit = |id: UnitId| self.units.get(&id).cloned().unwrap_or_else(|| id.to_string());
        match item {
            Explained::Id(id) => vec![Cell::text(unit(UnitId(*id)))],
            Explained::Clause(one) => {
                let text = self.clauses.get(&one.clause_id).map(|(code, title)| format!("{code} {title}"));
                vec![Cell::text(text.unwrap_or_else(|| one.clause_id.to_string())), Cell::text(unit(one.unit_id))]
            }
        }
    }
}
