//! The compliance report.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};

use super::REPORT_VERSION;
use super::adjustments::{ByNode, listed, of_population};
use super::clauses::rules::StandardRates;
use super::clauses::{Standards, standards};
use super::model::{ComplianceReport, Counts, Group, GroupBy, Target};
use super::rules::{Counted, count, light};
use super::store::{self, Moment};
use crate::access::{AccountId, Action, Actor};
use crate::plans::rules::who_owes;
use crate::plans::{EntryId, KeyPointId, TaskId};
use crate::platform::days::{by_today, require_sane_year};
use crate::platform::db::today;
use crate::platform::{Conn, Result};
use crate::settings;
use crate::time_nodes::NodeId;
use crate::time_nodes::rules::{judge, restate};
use crate::units::rules::ids_of;
use crate::units::store::Tree;
use crate::units::{self, UnitFacts, UnitId};

/// Ids an explanation lists at most.
pub(super) const MAX_IDS: usize = 10_000;
/// Units up to which the nodes are narrowed in the query.
const FEW_UNITS: usize = 200;

/// What a report is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked {
    pub year: Option<i64>,
    pub unit_id: Option<UnitId>,
    pub as_of: Option<NaiveDate>,
    pub restated: bool,
}

/// An asked report, settled: the day is not in the future, the unit exists.
pub(super) struct Scope {
    pub year: i64,
    pub unit_id: Option<UnitId>,
    pub moment: Moment,
    pub is_final: bool,
    pub tree: Tree,
}

/// What a report is counted from.
pub(super) struct Population {
    pub nodes: Vec<Counted>,
    pub key_points: HashMap<TaskId, KeyPointId>,
    pub approved_by: HashMap<NodeId, AccountId>,
    /// Entries without a date: who owes which task.
    pub unscheduled: Vec<(UnitId, TaskId)>,
    /// What moved or took out its nodes.
    pub adjustments: ByNode,
}

/// An entry without a date, and who owes its task within the scope.
pub(super) struct UndatedEntry {
    pub entry: EntryId,
    pub task: TaskId,
    pub key_point: KeyPointId,
    pub owing: Vec<UnitId>,
}

/// The compliance report. Every appointed account may read its counts; the adjustments are listed of nodes in reach.
pub fn compliance(conn: &mut Conn, actor: &Actor, asked: Asked, group_by: Option<GroupBy>) -> Result<ComplianceReport> {
    let (mut report, adjustments) = counted(conn, actor, asked, group_by)?;
    report.adjustments = Some(listed(conn, actor, &adjustments)?);
    Ok(report)
}

/// The compliance report to be pinned: it names nothing, since units of different reach will read it.
pub fn compliance_to_pin(
    conn: &mut Conn,
    actor: &Actor,
    asked: Asked,
    group_by: Option<GroupBy>,
) -> Result<ComplianceReport> {
    Ok(counted(conn, actor, asked, group_by)?.0)
}

fn counted(
    conn: &mut Conn,
    actor: &Actor,
    asked: Asked,
    group_by: Option<GroupBy>,
) -> Result<(ComplianceReport, ByNode)> {
    actor.must_anywhere(Action::ReadCounts)?;
    let scope = settle(conn, asked)?;
    let population = population(conn, &scope)?;
    let standards = standards(conn, &scope, scope.moment.as_of)?;
    let all: Vec<&Counted> = population.nodes.iter().collect();
    let groups = match group_by {
        None => vec![],
        Some(GroupBy::Unit) => by_unit(&scope, &population, &standards),
        Some(GroupBy::Month) => by_month(&scope, &population, &standards),
        Some(GroupBy::KeyPoint) => by_key_point(conn, &scope, &population, &standards)?,
        Some(GroupBy::Category) => by_category(conn, &scope, &population, &standards)?,
    };
    let report = ComplianceReport {
        report_version: REPORT_VERSION,
        year: scope.year,
        unit_id: scope.unit_id,
        as_of: scope.moment.as_of,
        is_final: scope.is_final,
        restated: scope.moment.restated,
        target: target(conn, &scope)?,
        total: counts(&all, &population.unscheduled, standards.rates(|_| true), &population, &scope),
        groups,
        adjustments: None,
    };
    Ok((report, population.adjustments))
}

/// The scope of a report that names what it counts: the unit must be within reach.
pub(super) fn settle_within_reach(conn: &mut Conn, actor: &Actor, asked: Asked) -> Result<Scope> {
    settle_within(conn, actor, asked, Action::ReadNodes)
}

/// The scope of a report that needs an action at the unit it is about.
pub(super) fn settle_within(conn: &mut Conn, actor: &Actor, asked: Asked, action: Action) -> Result<Scope> {
    actor.must_anywhere(Action::ReadCounts)?;
    let scope = settle(conn, asked)?;
    for unit in tops(conn, &scope)? {
        actor.must(action, &unit.site())?;
    }
    Ok(scope)
}

pub(super) fn settle(conn: &mut Conn, asked: Asked) -> Result<Scope> {
    let today = today(conn)?;
    let as_of = by_today(asked.as_of, today, "as_of")?;
    require_sane_year(asked.year, "year")?;
    if let Some(unit) = asked.unit_id {
        units::store::named(conn, unit, "unit_id")?;
    }
    on(conn, asked, as_of, today)
}

/// The scope on a day, with the tree of that day.
pub(super) fn on(conn: &mut Conn, asked: Asked, as_of: NaiveDate, today: NaiveDate) -> Result<Scope> {
    let restated = asked.restated;
    Ok(Scope {
        year: asked.year.unwrap_or_else(|| i64::from(as_of.year())),
        unit_id: asked.unit_id,
        moment: Moment { as_of, restated },
        is_final: !restated && as_of < today,
        tree: if restated { Tree::restated_on(conn, as_of)? } else { Tree::on(conn, as_of)? },
    })
}

/// The units at the top of the scope, as they are now.
fn tops(conn: &mut Conn, scope: &Scope) -> Result<Vec<UnitFacts>> {
    let ids = match scope.unit_id {
        Some(id) => vec![id],
        None => scope.tree.children(None).to_vec(),
    };
    ids.into_iter().map(|id| units::store::get(conn, id)).collect()
}

pub(super) fn population(conn: &mut Conn, scope: &Scope) -> Result<Population> {
    let within: Vec<UnitId> =
        scope.tree.units().map(|unit| unit.unit_id).filter(|unit| scope.tree.is_within(*unit, scope.unit_id)).collect();
    let few = (scope.unit_id.is_some() && within.len() <= FEW_UNITS).then_some(within.as_slice());
    let rows = store::population(conn, scope.year, scope.moment, few)?;
    let as_of = scope.moment.as_of;
    // A report as recorded is judged by the settings of its day, a restated one by those of today.
    let settings_of = if scope.moment.restated { today(conn)? } else { as_of };
    let near_days = settings::store::on(conn, settings_of)?.near_days;
    let mut population = Population {
        nodes: vec![],
        key_points: HashMap::new(),
        approved_by: HashMap::new(),
        unscheduled: vec![],
        adjustments: ByNode::new(),
    };
    for row in rows {
        if !scope.tree.is_within(row.unit_id, scope.unit_id) {
            continue;
        }
        let Some(unit) = scope.tree.get(row.unit_id) else { continue };
        let stored = row.state.facts(row.born_late_after, (unit.established_on, unit.dissolved_on), near_days);
        let facts = if scope.moment.restated { restate(&stored, as_of) } else { stored };
        population.key_points.insert(row.task_id, row.key_point_id);
        if let Some(account) = row.approved_by {
            population.approved_by.insert(row.id, account);
        }
        let judged = judge(&facts, as_of);
        population.nodes.push(Counted {
            id: row.id,
            unit_id: row.unit_id,
            task_id: row.task_id,
            due_on: facts.due_on,
            late_after: facts.late_after,
            judged,
            has_report: facts.standing.has_report,
            met_on: facts.standing.met_on.filter(|_| judged.verdict.is_done()),
        });
    }
    add_unscheduled(conn, scope, &mut population)?;
    population.adjustments = of_population(conn, scope.year, scope.moment, &population, few)?;
    Ok(population)
}

fn add_unscheduled(conn: &mut Conn, scope: &Scope, population: &mut Population) -> Result<()> {
    for undated in undated(conn, scope)? {
        population.key_points.insert(undated.task, undated.key_point);
        population.unscheduled.extend(undated.owing.into_iter().map(|unit| (unit, undated.task)));
    }
    Ok(())
}

/// The entries without a date of the scope's year, by id.
pub(super) fn undated(conn: &mut Conn, scope: &Scope) -> Result<Vec<UndatedEntry>> {
    let mut parts: BTreeMap<(i64, TaskId, KeyPointId), Vec<_>> = BTreeMap::new();
    for (entry, task, key_point, unit, part) in store::unscheduled(conn, scope.year, scope.moment)? {
        parts.entry((entry, task, key_point)).or_default().push((unit, part));
    }
    let entries = parts.into_iter().map(|((entry, task, key_point), held)| {
        let owing = who_owes(&held).into_iter().filter(|unit| scope.tree.is_within(*unit, scope.unit_id)).collect();
        UndatedEntry { entry: EntryId(entry), task, key_point, owing }
    });
    Ok(entries.collect())
}

/// The target of the plan of the nearest unit at or above the asked one.
pub(super) fn target(conn: &mut Conn, scope: &Scope) -> Result<Option<Target>> {
    let asked = match (scope.unit_id, scope.tree.children(None)) {
        (Some(id), _) => Some(id),
        (None, [only]) => Some(*only),
        (None, _) => None,
    };
    let Some(unit) = asked.and_then(|id| scope.tree.get(id)) else { return Ok(None) };
    let targets = store::targets(conn, scope.year, scope.moment)?;
    Ok(nearest_target(unit, &targets).cloned())
}

/// Of the targets of units, that of the nearest at or above a unit.
pub(super) fn nearest_target<'a>(unit: &UnitFacts, targets: &'a HashMap<UnitId, Target>) -> Option<&'a Target> {
    ids_of(&unit.path).rev().find_map(|id| targets.get(&id))
}

fn counts(
    nodes: &[&Counted],
    unscheduled: &[(UnitId, TaskId)],
    standards: StandardRates,
    population: &Population,
    scope: &Scope,
) -> Counts {
    count(nodes, unscheduled, standards, &population.adjustments, scope.moment.as_of)
}

/// The asked unit's own row first, then one for each unit directly below with everything below it. Without an asked
/// unit, the one at the top; where several stand there, one row each.
fn by_unit(scope: &Scope, population: &Population, standards: &Standards) -> Vec<Group> {
    let tree = &scope.tree;
    let asked = scope.unit_id.or_else(|| match tree.children(None) {
        [only] => Some(*only),
        _ => None,
    });
    let row = |unit, with_below| unit_group(scope, population, standards, unit, with_below);
    let own = asked.and_then(|id| tree.get(id)).map(|unit| row(unit, false));
    let below = tree.children(asked).iter().filter_map(|id| tree.get(*id));
    own.into_iter().chain(below.map(|unit| row(unit, true))).collect()
}

fn unit_group(
    scope: &Scope,
    population: &Population,
    standards: &Standards,
    unit: &UnitFacts,
    with_below: bool,
) -> Group {
    let belongs = |id: UnitId| {
        if with_below { scope.tree.is_within(id, Some(unit.unit_id)) } else { id == unit.unit_id }
    };
    let nodes: Vec<_> = population.nodes.iter().filter(|node| belongs(node.unit_id)).collect();
    let unscheduled: Vec<_> = population.unscheduled.iter().filter(|(id, _)| belongs(*id)).copied().collect();
    Group {
        key: unit.unit_id.to_string(),
        unit_id: Some(unit.unit_id),
        name: unit.name.clone(),
        light: light(&nodes),
        counts: counts(&nodes, &unscheduled, standards.rates(belongs), population, scope),
    }
}

/// One row for each month of a due day in force.
fn by_month(scope: &Scope, population: &Population, standards: &Standards) -> Vec<Group> {
    let mut months: BTreeMap<String, Vec<&Counted>> = BTreeMap::new();
    for node in &population.nodes {
        months.entry(node.due_on.format("%Y-%m").to_string()).or_default().push(node);
    }
    let group = |(key, nodes): (String, Vec<&Counted>)| Group {
        name: key.clone(),
        key,
        unit_id: None,
        light: light(&nodes),
        counts: counts(&nodes, &[], standards.undivided(), population, scope),
    };
    months.into_iter().map(group).collect()
}

/// A row of what some tasks have in scope; nothing where they have nothing.
fn task_group(
    scope: &Scope,
    population: &Population,
    standards: StandardRates,
    key: String,
    name: String,
    belongs: impl Fn(TaskId) -> bool,
) -> (Group, bool) {
    let nodes: Vec<_> = population.nodes.iter().filter(|node| belongs(node.task_id)).collect();
    let unscheduled: Vec<_> = population.unscheduled.iter().filter(|(_, task)| belongs(*task)).copied().collect();
    let is_empty = nodes.is_empty() && unscheduled.is_empty();
    let counts = counts(&nodes, &unscheduled, standards, population, scope);
    (Group { key, unit_id: None, name, light: light(&nodes), counts }, is_empty)
}

/// One row for each key point that has something in scope, in the order of the plans.
fn by_key_point(conn: &mut Conn, scope: &Scope, population: &Population, standards: &Standards) -> Result<Vec<Group>> {
    let names = store::key_point_names(conn, scope.year, scope.moment.as_of)?;
    let group = |(id, name): (KeyPointId, String)| {
        let of = |task: TaskId| population.key_points.get(&task) == Some(&id);
        task_group(scope, population, standards.undivided(), id.to_string(), name, of)
    };
    Ok(names.into_iter().map(group).filter(|(_, is_empty)| !is_empty).map(|(group, _)| group).collect())
}

/// One row for each category of the clauses that apply in scope, in the order of their sets: the rates over its clauses,
/// and the counts of the tasks that were linked to one of them on the day. A task may stand in several rows, or in none.
fn by_category(conn: &mut Conn, scope: &Scope, population: &Population, standards: &Standards) -> Result<Vec<Group>> {
    let group = |(category, tasks): (&str, BTreeSet<TaskId>)| {
        let rates = standards.rates_in(category);
        let (key, name) = (category.to_owned(), category.to_owned());
        task_group(scope, population, rates, key, name, |task| tasks.contains(&task)).0
    };
    Ok(standards.linked(conn, scope)?.into_iter().map(group).collect())
}
