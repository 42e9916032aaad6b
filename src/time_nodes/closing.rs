//! The nodes of a plan at its close: all of them as they stand, and the cancellation of those not yet due.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::NodeId;
use super::rules::{Excluded, NodeFacts};
use super::store::StateRow;
use crate::access::AccountId;
use crate::on_backend;
use crate::plans::{EntryId, PlanId, TaskId};
use crate::platform::{Conn, Result};
use crate::schema::{time_node_states, time_nodes, unit_facts};
use crate::settings;
use crate::units::UnitId;

/// A node of a plan as it stands.
#[derive(Debug, Clone)]
pub struct PlanNode {
    pub id: NodeId,
    pub task_id: TaskId,
    pub entry_id: EntryId,
    pub unit_id: UnitId,
    /// Name of the unit.
    pub unit_name: String,
    /// Empty for a dated entry.
    pub period: String,
    pub title: String,
    pub state: StateRow,
    pub facts: NodeFacts,
}

type Born = (NodeId, TaskId, EntryId, UnitId, String, String, NaiveDate);
type Unit = (String, Option<NaiveDate>, Option<NaiveDate>);

/// Every node of a plan, by id.
pub fn of_plan(conn: &mut Conn, plan_id: PlanId) -> Result<Vec<PlanNode>> {
    let near_days = settings::store::now(conn)?.near_days;
    let rows: Vec<(Born, StateRow, Unit)> = time_nodes::table
        .inner_join(time_node_states::table.on(time_node_states::node_id.eq(time_nodes::id)))
        .inner_join(unit_facts::table.on(unit_facts::unit_id.eq(time_nodes::unit_id)))
        .filter(time_nodes::plan_id.eq(plan_id.0))
        .filter(time_node_states::recorded_to.is_null().and(unit_facts::recorded_to.is_null()))
        .select((
            (
                time_nodes::id,
                time_nodes::task_id,
                time_nodes::entry_id,
                time_nodes::unit_id,
                time_nodes::period,
                time_nodes::title,
                time_nodes::late_after,
            ),
            StateRow::as_select(),
            (unit_facts::name, unit_facts::established_on, unit_facts::dissolved_on),
        ))
        .order(time_nodes::id)
        .load(conn)?;
    let nodes = rows.into_iter().map(|(born, state, (unit_name, established_on, dissolved_on))| {
        let (id, task_id, entry_id, unit_id, period, title, born_late_after) = born;
        let facts = state.facts(born_late_after, (established_on, dissolved_on), near_days);
        PlanNode { id, task_id, entry_id, unit_id, unit_name, period, title, state, facts }
    });
    Ok(nodes.collect())
}

/// Rows of one statement: within SQLite's limit of bound values.
const BATCH: usize = 500;

/// Cancels nodes because their plan is closed, from today on.
pub fn cancel(conn: &mut Conn, nodes: &[&PlanNode], by: Option<AccountId>, today: NaiveDate) -> Result<()> {
    use time_node_states::dsl as f;
    for batch in nodes.chunks(BATCH) {
        let ids: Vec<i64> = batch.iter().map(|node| node.id.0).collect();
        let now = f::time_node_states.filter(f::node_id.eq_any(ids.clone()).and(f::recorded_to.is_null()));
        // What was recorded earlier today no end of a day ever saw.
        diesel::delete(now.clone().filter(f::recorded_from.eq(today))).execute(conn)?;
        diesel::update(now).set(f::recorded_to.eq(today)).execute(conn)?;
        let rows: Vec<_> = batch
            .iter()
            .map(|node| {
                let state = &node.state;
                (
                    f::node_id.eq(node.id),
                    f::due_on.eq(state.due_on),
                    f::late_after.eq(state.late_after),
                    f::phase.eq(state.phase),
                    f::excluded.eq(Excluded::PlanClosed),
                    f::approved_by.eq(by),
                    f::met_on.eq(state.met_on),
                    f::reported_on.eq(state.reported_on),
                    f::pending_from.eq(state.pending_from),
                    f::first_report_on.eq(state.first_report_on),
                    f::has_report.eq(state.has_report),
                    f::recorded_from.eq(today),
                )
            })
            .collect();
        on_backend!(conn, c => diesel::insert_into(f::time_node_states).values(&rows).execute(c))?;
        diesel::update(time_nodes::table.filter(time_nodes::id.eq_any(ids)))
            .set(time_nodes::version.eq(time_nodes::version + 1))
            .execute(conn)?;
    }
    Ok(())
}
