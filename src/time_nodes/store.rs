//! Rows of time nodes and of how they stood. `time_node_states` is the ground of every verdict: one row in force, the
//! others with the days they were recorded from and to.

use std::collections::HashSet;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{NodeBirth, TimeNode};
use super::rules::{Bounds, Excluded, NodeFacts, Phase, Standing, bounds, judge};
use super::{NodeId, Verdict};
use crate::access::actor::Reach;
use crate::access::{AccountId, Site};
use crate::plans::{EntryId, PlanId, TaskId};
use crate::platform::days::require_sane;
use crate::platform::{Conn, Error, PageRequest, Result};
use crate::schema::{carry_overs, time_node_states, time_nodes, unit_facts};
use crate::settings;
use crate::units::store::{path_end, within};
use crate::units::{UnitId, UnitKind};
use crate::{on_backend, supersede};

/// How a node stood from one recorded day to another.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = time_node_states)]
pub struct StateRow {
    pub node_id: NodeId,
    pub due_on: NaiveDate,
    pub late_after: NaiveDate,
    pub phase: Phase,
    pub excluded: Option<Excluded>,
    pub approved_by: Option<AccountId>,
    pub met_on: Option<NaiveDate>,
    pub reported_on: Option<NaiveDate>,
    pub pending_from: Option<NaiveDate>,
    pub first_report_on: Option<NaiveDate>,
    pub has_report: bool,
    pub recorded_from: NaiveDate,
}

impl StateRow {
    /// The facts for the verdict; `life` is that of the unit, `near_days` is by the settings of the day asked about.
    pub fn facts(&self, born_late_after: NaiveDate, life: Life, near_days: i64) -> NodeFacts {
        NodeFacts {
            due_on: self.due_on,
            late_after: self.late_after,
            born_late_after,
            excluded: self.excluded,
            standing: Standing {
                phase: self.phase,
                met_on: self.met_on,
                reported_on: self.reported_on,
                pending_from: self.pending_from,
                first_report_on: self.first_report_on,
                has_report: self.has_report,
            },
            life,
            recorded_from: self.recorded_from,
            near_days,
        }
    }
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = time_nodes)]
pub(super) struct NodeRow {
    id: NodeId,
    plan_id: PlanId,
    task_id: TaskId,
    entry_id: EntryId,
    unit_id: UnitId,
    period: String,
    title: String,
    due_on: NaiveDate,
    late_after: NaiveDate,
    times: i64,
    version: i64,
    recorded_on: NaiveDate,
    period_from: Option<NaiveDate>,
}

impl NodeRow {
    fn birth(self) -> NodeBirth {
        NodeBirth {
            id: self.id,
            plan_id: self.plan_id,
            task_id: self.task_id,
            unit_id: self.unit_id,
            title: self.title,
            period: self.period,
            due_on: self.due_on,
            times: self.times,
            version: self.version,
        }
    }
}

/// A node with everything an action on it needs.
#[derive(Debug, Clone)]
pub struct Node {
    pub birth: NodeBirth,
    pub entry_id: EntryId,
    pub state: StateRow,
    pub facts: NodeFacts,
    pub site: Site,
    pub unit_kind: UnitKind,
    /// The day its birth was recorded.
    pub born_on: NaiveDate,
    /// First day of its recurring period; none for a dated node.
    pub period_from: Option<NaiveDate>,
}

impl Node {
    /// The node as it is shown on a day, by the facts of now.
    pub fn shown(self, today: NaiveDate) -> TimeNode {
        TimeNode::shown(self.birth, &self.facts, &judge(&self.facts, today))
    }
}

/// First and last day of a unit's life.
pub type Life = (Option<NaiveDate>, Option<NaiveDate>);

/// A node as it stands now, or 404.
pub fn get(conn: &mut Conn, id: NodeId) -> Result<Node> {
    let (row, state, path, unit_kind, life): (NodeRow, StateRow, String, UnitKind, Life) = time_nodes::table
        .inner_join(time_node_states::table.on(time_node_states::node_id.eq(time_nodes::id)))
        .inner_join(unit_facts::table.on(unit_facts::unit_id.eq(time_nodes::unit_id)))
        .filter(time_nodes::id.eq(id.0))
        .filter(time_node_states::recorded_to.is_null().and(unit_facts::recorded_to.is_null()))
        .select((
            NodeRow::as_select(),
            StateRow::as_select(),
            unit_facts::path,
            unit_facts::kind,
            (unit_facts::established_on, unit_facts::dissolved_on),
        ))
        .first(conn)?;
    let near_days = settings::store::now(conn)?.near_days;
    let facts = state.facts(row.late_after, life, near_days);
    let site = Site { unit_id: row.unit_id, path };
    Ok(Node {
        entry_id: row.entry_id,
        born_on: row.recorded_on,
        period_from: row.period_from,
        birth: row.birth(),
        state,
        facts,
        site,
        unit_kind,
    })
}

/// A node of a task as a revision finds it: which one it is, and its id.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Known {
    pub id: NodeId,
    pub entry_id: EntryId,
    pub unit_id: UnitId,
    pub period: String,
}

/// Every node of a task, by id.
pub(super) fn known_of_task(conn: &mut Conn, task: TaskId) -> Result<Vec<Known>> {
    use time_nodes::dsl as n;
    let of_task = n::time_nodes.filter(n::task_id.eq(task.0)).order(n::id);
    Ok(of_task.select((n::id, n::entry_id, n::unit_id, n::period)).load(conn)?)
}

/// Records how a node stands from today on, and counts its version up.
pub fn supersede_state(conn: &mut Conn, state: &StateRow, today: NaiveDate) -> Result<()> {
    use time_node_states::dsl as f;
    let values = (
        f::node_id.eq(state.node_id),
        f::due_on.eq(state.due_on),
        f::late_after.eq(state.late_after),
        f::phase.eq(state.phase),
        f::excluded.eq(state.excluded),
        f::approved_by.eq(state.approved_by),
        f::met_on.eq(state.met_on),
        f::reported_on.eq(state.reported_on),
        f::pending_from.eq(state.pending_from),
        f::first_report_on.eq(state.first_report_on),
        f::has_report.eq(state.has_report),
        f::recorded_from.eq(today),
    );
    supersede!(conn, time_node_states, node_id = state.node_id, today, values);
    diesel::update(time_nodes::table.filter(time_nodes::id.eq(state.node_id.0)))
        .set(time_nodes::version.eq(time_nodes::version + 1))
        .execute(conn)?;
    Ok(())
}

/// Records what was reported of a node. For `progress`, which alone knows.
pub fn record_standing(conn: &mut Conn, node: &Node, standing: Standing, today: NaiveDate) -> Result<()> {
    let state = StateRow {
        phase: standing.phase,
        met_on: standing.met_on,
        reported_on: standing.reported_on,
        pending_from: standing.pending_from,
        first_report_on: standing.first_report_on,
        has_report: standing.has_report,
        ..node.state.clone()
    };
    supersede_state(conn, &state, today)
}

/// A node about to be born.
#[derive(Debug, Clone)]
pub(super) struct NewNode {
    pub plan_id: PlanId,
    pub task_id: TaskId,
    pub entry_id: EntryId,
    pub unit_id: UnitId,
    pub period: String,
    pub period_from: Option<NaiveDate>,
    pub title: String,
    pub due_on: NaiveDate,
    pub late_after: NaiveDate,
    pub times: i64,
    pub excluded: Option<Excluded>,
}

/// Rows of one INSERT: within SQLite's limit of bound values.
const BATCH: usize = 500;

/// Writes new nodes of a plan and how they stand at birth; gives their ids.
pub(super) fn insert_all(conn: &mut Conn, plan_id: PlanId, nodes: &[NewNode], today: NaiveDate) -> Result<Vec<NodeId>> {
    use time_nodes::dsl as n;
    for batch in nodes.chunks(BATCH) {
        let rows: Vec<_> = batch
            .iter()
            .map(|node| {
                (
                    n::plan_id.eq(node.plan_id),
                    n::task_id.eq(node.task_id),
                    n::entry_id.eq(node.entry_id),
                    n::unit_id.eq(node.unit_id),
                    n::period.eq(&node.period),
                    n::title.eq(&node.title),
                    n::due_on.eq(node.due_on),
                    n::late_after.eq(node.late_after),
                    n::times.eq(node.times),
                    n::version.eq(1),
                    n::recorded_on.eq(today),
                    n::period_from.eq(node.period_from),
                )
            })
            .collect();
        on_backend!(conn, c => diesel::insert_into(n::time_nodes).values(&rows).execute(c))?;
    }
    insert_birth_states(conn, plan_id, nodes, today)
}

fn insert_birth_states(conn: &mut Conn, plan_id: PlanId, nodes: &[NewNode], today: NaiveDate) -> Result<Vec<NodeId>> {
    use std::collections::HashMap;
    use time_node_states::dsl as f;
    use time_nodes::dsl as n;
    let ids: Vec<(NodeId, EntryId, UnitId, String)> = n::time_nodes
        .filter(n::plan_id.eq(plan_id.0))
        .select((n::id, n::entry_id, n::unit_id, n::period))
        .load(conn)?;
    let ids: HashMap<_, _> = ids.into_iter().map(|(id, entry, unit, period)| ((entry, unit, period), id)).collect();
    let mut made = Vec::with_capacity(nodes.len());
    for batch in nodes.chunks(BATCH) {
        let rows: Vec<_> = batch
            .iter()
            .map(|node| {
                let key = (node.entry_id, node.unit_id, node.period.clone());
                let id = ids.get(&key).ok_or_else(|| Error::internal("a new node was not found again"))?;
                made.push(*id);
                Ok((
                    f::node_id.eq(*id),
                    f::due_on.eq(node.due_on),
                    f::late_after.eq(node.late_after),
                    f::phase.eq(Phase::Open),
                    f::excluded.eq(node.excluded),
                    f::has_report.eq(false),
                    f::recorded_from.eq(today),
                ))
            })
            .collect::<Result<_>>()?;
        on_backend!(conn, c => diesel::insert_into(f::time_node_states).values(&rows).execute(c))?;
    }
    Ok(made)
}

/// What a list shows of a node as it was born.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = time_nodes)]
struct ListedNode {
    id: NodeId,
    plan_id: PlanId,
    task_id: TaskId,
    unit_id: UnitId,
    period: String,
    title: String,
    due_on: NaiveDate,
    times: i64,
    version: i64,
}

/// What a list shows of how a node stood. Lists are read most, and reading a column costs more than anything else of
/// them.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = time_node_states)]
struct ListedState {
    due_on: NaiveDate,
    late_after: NaiveDate,
    phase: Phase,
    excluded: Option<Excluded>,
    met_on: Option<NaiveDate>,
    reported_on: Option<NaiveDate>,
}

/// A listed node as it is shown on a day. The facts that it is not shown with are left out.
fn listed(node: ListedNode, state: &ListedState, life: Life, as_of: NaiveDate, near_days: i64) -> TimeNode {
    let facts = NodeFacts {
        due_on: state.due_on,
        late_after: state.late_after,
        born_late_after: state.late_after,
        excluded: state.excluded,
        standing: Standing {
            phase: state.phase,
            met_on: state.met_on,
            reported_on: state.reported_on,
            ..Standing::NONE
        },
        life,
        recorded_from: as_of,
        near_days,
    };
    let birth = NodeBirth {
        id: node.id,
        plan_id: node.plan_id,
        task_id: node.task_id,
        unit_id: node.unit_id,
        title: node.title,
        period: node.period,
        due_on: node.due_on,
        times: node.times,
        version: node.version,
    };
    TimeNode::shown(birth, &facts, &judge(&facts, as_of))
}

/// The nodes that a unit owes of some tasks as they stood at the end of a day, by due day and id.
pub fn of_tasks(conn: &mut Conn, unit: UnitId, tasks: &[TaskId], as_of: NaiveDate) -> Result<Vec<TimeNode>> {
    use time_node_states::dsl as s;
    use unit_facts::dsl as u;
    let near_days = settings::store::on(conn, as_of)?.near_days;
    let rows: Vec<(ListedNode, ListedState, Life)> = time_nodes::table
        .inner_join(s::time_node_states.on(s::node_id.eq(time_nodes::id)))
        .inner_join(u::unit_facts.on(u::unit_id.eq(time_nodes::unit_id)))
        .filter(time_nodes::unit_id.eq(unit.0).and(time_nodes::task_id.eq_any(tasks.to_vec())))
        .filter(s::recorded_from.le(as_of).and(s::recorded_to.is_null().or(s::recorded_to.gt(as_of))))
        .filter(u::recorded_from.le(as_of).and(u::recorded_to.is_null().or(u::recorded_to.gt(as_of))))
        .select((ListedNode::as_select(), ListedState::as_select(), (u::established_on, u::dissolved_on)))
        .order((s::due_on, time_nodes::id))
        .load(conn)?;
    Ok(rows.into_iter().map(|(node, state, life)| listed(node, &state, life, as_of, near_days)).collect())
}

/// Which nodes to list.
#[derive(Debug, Clone, Default)]
pub struct NodeFilter {
    /// Path of the unit (on the day) whose nodes, with those of everything below it, are wanted.
    pub path: Option<String>,
    pub plan_id: Option<PlanId>,
    pub task_id: Option<TaskId>,
    pub verdict: Option<Verdict>,
    pub due_from: Option<NaiveDate>,
    pub due_to: Option<NaiveDate>,
}

/// Nodes of closed plans that a task of a later plan carries on.
pub fn carried_over(conn: &mut Conn) -> Result<HashSet<NodeId>> {
    let carried = carry_overs::table.filter(carry_overs::to_task_id.is_not_null());
    Ok(carried.select(carry_overs::node_id).load(conn)?.into_iter().collect())
}

/// Nodes in reach as they stood at the end of a day, by due day and id; near is what the settings of that day say.
pub fn list(
    conn: &mut Conn,
    page: &PageRequest,
    reach: &Reach,
    filter: &NodeFilter,
    as_of: NaiveDate,
) -> Result<(Vec<TimeNode>, Option<String>)> {
    use time_node_states::dsl as s;
    use unit_facts::dsl as u;
    let near_days = settings::store::on(conn, as_of)?.near_days;
    let mut query = time_nodes::table
        .inner_join(s::time_node_states.on(s::node_id.eq(time_nodes::id)))
        .inner_join(u::unit_facts.on(u::unit_id.eq(time_nodes::unit_id)))
        .filter(s::recorded_from.le(as_of).and(s::recorded_to.is_null().or(s::recorded_to.gt(as_of))))
        .filter(u::recorded_from.le(as_of).and(u::recorded_to.is_null().or(u::recorded_to.gt(as_of))))
        .filter(within("time_nodes.unit_id", reach))
        .select((ListedNode::as_select(), ListedState::as_select(), (u::established_on, u::dissolved_on)))
        .order((s::due_on, time_nodes::id))
        .limit(page.fetch())
        .into_boxed();
    if let Some(due_on) = page.after::<NaiveDate>(0)? {
        require_sane(Some(due_on), "cursor")?;
        let id = page.after::<i64>(1)?.unwrap_or_default();
        query = query.filter(s::due_on.gt(due_on).or(s::due_on.eq(due_on).and(time_nodes::id.gt(id))));
    }
    if let Some(path) = &filter.path {
        query = query.filter(u::path.ge(path.clone()).and(u::path.lt(path_end(path))));
    }
    if let Some(plan) = filter.plan_id {
        query = query.filter(time_nodes::plan_id.eq(plan.0));
    }
    if let Some(task) = filter.task_id {
        query = query.filter(time_nodes::task_id.eq(task.0));
    }
    if let Some(from) = filter.due_from {
        query = query.filter(s::due_on.ge(from));
    }
    if let Some(to) = filter.due_to {
        query = query.filter(s::due_on.le(to));
    }
    if let Some(verdict) = filter.verdict {
        let Bounds { excluded, phases, met_in_time, due_on, late_after } = bounds(verdict, as_of, near_days);
        let outside = u::established_on
            .is_not_null()
            .and(u::established_on.gt(s::due_on.nullable()))
            .or(u::dissolved_on.is_not_null().and(u::dissolved_on.lt(s::due_on.nullable())));
        let inside = u::established_on
            .is_null()
            .or(u::established_on.le(s::due_on.nullable()))
            .and(u::dissolved_on.is_null().or(u::dissolved_on.ge(s::due_on.nullable())));
        query = query.filter(s::phase.eq_any(phases));
        query = if excluded {
            query.filter(s::excluded.is_not_null().or(outside.assume_not_null()))
        } else {
            query.filter(s::excluded.is_null().and(inside.assume_not_null()))
        };
        if let Some(in_time) = met_in_time {
            let met = s::met_on.assume_not_null();
            query = if in_time { query.filter(met.le(s::late_after)) } else { query.filter(met.gt(s::late_after)) };
        }
        for (column_is_due, (least, most)) in [(true, due_on), (false, late_after)] {
            if let Some(least) = least {
                query = if column_is_due {
                    query.filter(s::due_on.ge(least))
                } else {
                    query.filter(s::late_after.ge(least))
                };
            }
            if let Some(most) = most {
                query =
                    if column_is_due { query.filter(s::due_on.le(most)) } else { query.filter(s::late_after.le(most)) };
            }
        }
    }
    let mut rows: Vec<(ListedNode, ListedState, Life)> = query.load(conn)?;
    let next = page.cut(&mut rows, |(node, state, _)| vec![state.due_on.to_string(), node.id.to_string()]);
    let items = rows.into_iter().map(|(node, state, life)| listed(node, &state, life, as_of, near_days));
    Ok((items.collect(), next))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list leaves facts out; it must show every node as it is shown alone.
    #[test]
    fn a_listed_node_is_shown_as_it_is_alone() {
        let day = |d| NaiveDate::from_ymd_opt(2020, 6, d).unwrap();
        let (phases, reasons) = (Phase::ALL, Excluded::ALL.iter().map(|reason| Some(*reason)).chain([None]));
        let nodes = reasons.flat_map(|reason| phases.iter().map(move |phase| (reason, *phase)));
        for ((excluded, phase), on) in nodes.flat_map(|node| (1..30).map(move |d| (node, day(d)))) {
            let row = NodeRow {
                id: NodeId(1),
                plan_id: PlanId(2),
                task_id: TaskId(3),
                entry_id: EntryId(4),
                unit_id: UnitId(5),
                period: "2020-06".into(),
                title: "党课".into(),
                due_on: day(8),
                late_after: day(12),
                times: 6,
                version: 7,
                recorded_on: day(1),
                period_from: Some(day(1)),
            };
            let state = StateRow {
                node_id: row.id,
                due_on: day(14),
                late_after: day(18),
                phase,
                excluded,
                approved_by: None,
                met_on: Some(on),
                reported_on: Some(on),
                pending_from: Some(day(16)),
                first_report_on: Some(day(3)),
                has_report: true,
                recorded_from: day(2),
            };
            let (node, lean) = (
                ListedNode {
                    id: row.id,
                    plan_id: row.plan_id,
                    task_id: row.task_id,
                    unit_id: row.unit_id,
                    period: row.period.clone(),
                    title: row.title.clone(),
                    due_on: row.due_on,
                    times: row.times,
                    version: row.version,
                },
                ListedState {
                    due_on: state.due_on,
                    late_after: state.late_after,
                    phase,
                    excluded,
                    met_on: state.met_on,
                    reported_on: state.reported_on,
                },
            );
            for as_of in [day(5), day(14), day(18), day(19)] {
                for life in [(None, None), (None, Some(day(10)))] {
                    let facts = state.facts(row.late_after, life, 5);
                    let alone = TimeNode::shown(row.clone().birth(), &facts, &judge(&facts, as_of));
                    let listed = listed(node.clone(), &lean, life, as_of, 5);
                    assert_eq!(
                        serde_json::json!(listed),
                        serde_json::json!(alone),
                        "{phase:?} {excluded:?} {on} {as_of}"
                    );
                }
            }
        }
    }
}
