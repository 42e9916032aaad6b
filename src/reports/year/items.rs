//! The nodes behind a figure of the year, with what a reader needs to tell them apart.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::rules::month_key;
use crate::access::Actor;
use crate::plans::{KeyPointId, TaskId};
use crate::platform::{Conn, Result};
use crate::reports::actions::{Asked, Scope, population, settle_within_reach};
use crate::reports::clauses::standards;
use crate::reports::explain::{self, ExcludedItem, Explained, ExplainedRate, Explanation};
use crate::reports::rules::{CountOf, Counted};
use crate::reports::store;
use crate::time_nodes::{Judged, NodeId, Verdict};
use crate::units::UnitId;

/// Which nodes of the year are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Due in this month: `2020-06`.
    pub month: Option<String>,
    /// Of tasks of this key point.
    pub key_point: Option<KeyPointId>,
    /// Of tasks that are linked to a clause of this category.
    pub category: Option<String>,
    /// One of these; none: whatever the verdict.
    pub verdicts: Vec<Verdict>,
    /// Only what this count counts.
    pub count: Option<CountOf>,
    /// Due by this day.
    pub due_by: Option<NaiveDate>,
    /// Done, by the day that counts, by this day.
    pub met_by: Option<NaiveDate>,
    /// Late by at least so many days.
    pub late_from: Option<i64>,
    /// Late by at most so many days.
    pub late_to: Option<i64>,
    /// Only the nodes of the asked unit itself.
    pub own: bool,
}

/// A node of the year.
#[derive(Debug, Clone)]
pub struct YearItem {
    pub id: NodeId,
    pub unit_id: UnitId,
    /// Name of its unit on the day.
    pub unit: String,
    pub task_id: TaskId,
    pub title: String,
    pub due_on: NaiveDate,
    pub late_after: NaiveDate,
    pub judged: Judged,
    pub met_on: Option<NaiveDate>,
}

/// The wanted nodes: units in their own order, nodes by due day. Needs the unit within reach, since it names them.
pub fn items(conn: &mut Conn, actor: &Actor, asked: Asked, wanted: &Wanted) -> Result<Vec<YearItem>> {
    let scope = settle_within_reach(conn, actor, asked)?;
    let as_of = scope.moment.as_of;
    let population = population(conn, &scope)?;
    let linked = match &wanted.category {
        Some(category) => Some(standards(conn, &scope, as_of)?.tasks_of(conn, &scope, category)?),
        None => None,
    };
    let is_wanted = |node: &Counted| {
        wanted.month.as_ref().is_none_or(|month| *month == month_key(node.due_on))
            && wanted.key_point.is_none_or(|id| population.key_points.get(&node.task_id) == Some(&id))
            && linked.as_ref().is_none_or(|tasks| tasks.contains(&node.task_id))
            && (wanted.verdicts.is_empty() || wanted.verdicts.contains(&node.judged.verdict))
            && wanted.count.is_none_or(|count| count.has(node, as_of))
            && wanted.due_by.is_none_or(|day| node.due_on <= day)
            && wanted.met_by.is_none_or(|day| node.met_on.is_some_and(|met_on| met_on <= day.min(as_of)))
            && wanted.late_from.is_none_or(|days| (as_of - node.late_after).num_days() >= days)
            && wanted.late_to.is_none_or(|days| (as_of - node.late_after).num_days() <= days)
            && (!wanted.own || scope.unit_id == Some(node.unit_id))
    };
    let nodes = population.nodes.iter().filter(|node| is_wanted(node)).copied().collect();
    named(conn, &scope, nodes)
}

/// What a rate consists of, with the nodes of its lists by name, at most so many of each list. Needs the unit within
/// reach, as the explanation does.
pub fn explained(
    conn: &mut Conn,
    actor: &Actor,
    asked: Asked,
    rate: ExplainedRate,
    most: usize,
) -> Result<(Explanation, Vec<YearItem>)> {
    let scope = settle_within_reach(conn, actor, asked)?;
    let (explanation, mut nodes) = explain::explained(conn, &scope, rate)?;
    let counted = [&explanation.numerator, &explanation.denominator_only];
    let counted = counted.into_iter().flat_map(|list| list.iter().take(most)).filter_map(|item| match item {
        Explained::Id(id) => Some(NodeId(*id)),
        Explained::Clause(_) => None,
    });
    let left_out = explanation.excluded.iter().take(most).filter_map(|item| match item {
        ExcludedItem::Node(node) => Some(node.id),
        ExcludedItem::Clause(_) => None,
    });
    let listed: HashSet<NodeId> = counted.chain(left_out).collect();
    nodes.retain(|node| listed.contains(&node.id));
    let items = named(conn, &scope, nodes)?;
    Ok((explanation, items))
}

/// Nodes with what tells them apart: units in their own order, nodes by due day.
fn named(conn: &mut Conn, scope: &Scope, mut nodes: Vec<Counted>) -> Result<Vec<YearItem>> {
    let order: HashMap<UnitId, usize> =
        scope.tree.in_order().into_iter().enumerate().map(|(place, id)| (id, place)).collect();
    nodes.sort_by_key(|node| (order.get(&node.unit_id).copied(), node.due_on, node.id));
    let ids: Vec<NodeId> = nodes.iter().map(|node| node.id).collect();
    let mut titles = store::titles(conn, &ids)?;
    let item = |node: Counted| YearItem {
        id: node.id,
        unit_id: node.unit_id,
        unit: scope.tree.get(node.unit_id).map(|unit| unit.name.clone()).unwrap_or_default(),
        task_id: node.task_id,
        title: titles.remove(&node.id).unwrap_or_default(),
        due_on: node.due_on,
        late_after: node.late_after,
        judged: node.judged,
        met_on: node.met_on,
    };
    Ok(nodes.into_iter().map(item).collect())
}
