//! A year at a glance 全年一览: the units by the months of their nodes, what was planned and done by the end of each, how
//! long what is overdue has been so, and what can still be reached. One reading of the population answers it all, so that
//! its figures add up to those of the compliance report of the day; the same rules count both.

pub mod items;
pub mod outlook;
pub mod rules;

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use self::outlook::Outlook;
use self::rules::{Cell, MonthEnd, month_ends, months_of};
use super::actions::{Asked, Population, Scope, population, settle, target};
use super::clauses::{Standards, path, standards};
use super::model::{Counts, Target};
use super::path::EVERYTHING;
use super::rules::{Counted, count};
use crate::access::{Action, Actor};
use crate::plans::rules::last_day;
use crate::platform::{Conn, Result};
use crate::time_nodes::{Excluded, Verdict};
use crate::units::rules::ids_of;
use crate::units::{UnitFacts, UnitId};

/// The year of a unit and everything below it.
#[derive(Debug, Clone)]
pub struct YearOverview {
    /// The year of the plans.
    pub year: i64,
    /// The unit asked for and its name on the day; none for the whole tree.
    pub unit: Option<(UnitId, String)>,
    pub as_of: NaiveDate,
    /// Nothing can be recorded on that day any more.
    pub is_final: bool,
    pub restated: bool,
    pub target: Option<Target>,
    /// As the compliance report has it.
    pub total: Counts,
    /// What is excluded and due by the day, by its reason.
    pub excluded: Vec<(Excluded, i64)>,
    /// Months, `2020-06`: those of the year, and those of other years in which something is due.
    pub months: Vec<String>,
    /// The total of each month.
    pub totals: Vec<Cell>,
    /// The units directly below, in their own order, before them the asked one by itself; without those that have neither
    /// a node nor a clause.
    pub rows: Vec<UnitYear>,
    /// What was planned and done by the end of each month of the year.
    pub ends: Vec<MonthEnd>,
}

/// The year of a row.
#[derive(Debug, Clone)]
pub struct UnitYear {
    pub unit_id: UnitId,
    /// Name on the day.
    pub name: String,
    /// Other units are counted in it.
    pub has_below: bool,
    /// Its figures are those of the unit with all below it; else of the unit by itself, with units below it that have rows
    /// of their own.
    pub is_whole: bool,
    pub counts: Counts,
    /// A cell for each of the months.
    pub months: Vec<Cell>,
    /// By how many days its overdue nodes are overdue, the longest first.
    pub overdue_days: Vec<i64>,
    /// What its compliance can still become.
    pub outlook: Outlook,
}

/// The year at a glance. Every appointed account may read its counts.
pub fn overview(conn: &mut Conn, actor: &Actor, asked: Asked) -> Result<YearOverview> {
    actor.must_anywhere(Action::ReadCounts)?;
    let scope = settle(conn, asked)?;
    let population = population(conn, &scope)?;
    let target = target(conn, &scope)?;
    let as_of = scope.moment.as_of;
    let today = standards(conn, &scope, as_of)?;
    let all: Vec<&Counted> = population.nodes.iter().collect();
    let months = months_of(scope.year, &all);
    let total = count(&all, &population.unscheduled, today.rates(|_| true), &population.adjustments, as_of);
    let mut excluded: BTreeMap<Excluded, i64> = BTreeMap::new();
    for node in all.iter().filter(|node| node.due_on <= as_of) {
        if let Some(reason) = node.judged.reason {
            *excluded.entry(reason).or_default() += 1;
        }
    }
    Ok(YearOverview {
        year: scope.year,
        unit: scope.unit_id.and_then(|id| scope.tree.get(id)).map(|unit| (unit.unit_id, unit.name.clone())),
        as_of,
        is_final: scope.is_final,
        restated: scope.moment.restated,
        totals: rules::cells(&months, &all),
        rows: rows(conn, &scope, &population, &today, target.as_ref(), &months)?,
        ends: month_ends(scope.year, as_of, &all),
        excluded: excluded.into_iter().collect(),
        months,
        target,
        total,
    })
}

fn rows(
    conn: &mut Conn,
    scope: &Scope,
    population: &Population,
    today: &Standards,
    target: Option<&Target>,
    months: &[String],
) -> Result<Vec<UnitYear>> {
    let tree = &scope.tree;
    let as_of = scope.moment.as_of;
    let target_on = target.map_or_else(|| last_day(scope.year), |target| target.on);
    let target_percent = target.map_or(EVERYTHING, |target| target.percent);
    // After the day of the target it is that day that counts, as in the path.
    let later = if as_of > target_on { Some(standards(conn, scope, target_on)?) } else { None };
    let on_target = later.as_ref().unwrap_or(today);
    let top = scope.unit_id.or_else(|| match tree.children(None) {
        [only] => Some(*only),
        _ => None,
    });
    let own: Vec<&UnitFacts> = top.and_then(|id| tree.get(id)).into_iter().collect();
    let below: Vec<&UnitFacts> = tree.children(top).iter().filter_map(|id| tree.get(*id)).collect();
    let row_of: HashMap<UnitId, usize> =
        own.iter().chain(&below).enumerate().map(|(row, unit)| (unit.unit_id, row)).collect();
    // The nearest row at or above a unit: the asked one has only itself, since everything below it has a row.
    let place = |id: UnitId| ids_of(&tree.get(id)?.path).rev().find_map(|id| row_of.get(&id)).copied();
    let mut nodes: Vec<Vec<&Counted>> = vec![vec![]; row_of.len()];
    for node in &population.nodes {
        if let Some(row) = place(node.unit_id).and_then(|row| nodes.get_mut(row)) {
            row.push(node);
        }
    }
    let mut rows = Vec::new();
    for (row, (unit, nodes)) in own.iter().chain(&below).zip(nodes).enumerate() {
        let belongs = |id: UnitId| place(id) == Some(row);
        let unscheduled: Vec<_> = population.unscheduled.iter().filter(|(id, _)| belongs(*id)).copied().collect();
        let counts = count(&nodes, &unscheduled, today.rates(belongs), &population.adjustments, as_of);
        if nodes.is_empty() && unscheduled.is_empty() && counts.compliance.of == 0 {
            continue;
        }
        let of = on_target.branches.iter().filter(|branch| belongs(branch.unit_id));
        let chances: Vec<_> = of.flat_map(|branch| path::chances(on_target, branch, target_on, as_of)).collect();
        let overdue = nodes.iter().filter(|node| node.judged.verdict == Verdict::Overdue);
        let mut overdue_days: Vec<i64> = overdue.map(|node| (as_of - node.late_after).num_days()).collect();
        overdue_days.sort_by_key(|days| std::cmp::Reverse(*days));
        rows.push(UnitYear {
            unit_id: unit.unit_id,
            name: unit.name.clone(),
            has_below: row >= own.len() && !tree.children(Some(unit.unit_id)).is_empty(),
            is_whole: row >= own.len() || tree.children(Some(unit.unit_id)).is_empty(),
            months: rules::cells(months, &nodes),
            outlook: Outlook::of(counts.compliance.clone(), &chances, target_percent),
            overdue_days,
            counts,
        });
    }
    Ok(rows)
}
