//! Rows of the closes: pinned year reports, and how what was open was settled.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::CarryOver;
use crate::access::actor::Reach;
use crate::plans::{PlanId, TaskId};
use crate::platform::{Conn, PageRequest, Result};
use crate::schema::{carry_overs, pinned_reports, time_nodes};
use crate::time_nodes::NodeId;
use crate::units::UnitId;
use crate::units::store::within;

pub(super) fn pin(conn: &mut Conn, plan_id: PlanId, as_of: NaiveDate, body: &str) -> Result<()> {
    use pinned_reports::dsl;
    let values = (dsl::plan_id.eq(plan_id), dsl::as_of.eq(as_of), dsl::body.eq(body));
    diesel::insert_into(dsl::pinned_reports).values(values).execute(conn)?;
    Ok(())
}

/// The year report of a plan as it was pinned, or 404.
pub fn pinned(conn: &mut Conn, plan_id: PlanId) -> Result<String> {
    let one = pinned_reports::table.filter(pinned_reports::plan_id.eq(plan_id.0));
    Ok(one.select(pinned_reports::body).first(conn)?)
}

pub(super) fn insert_carry_over(
    conn: &mut Conn,
    node_id: NodeId,
    plan_id: PlanId,
    to: Option<(PlanId, TaskId)>,
    reason: Option<&str>,
) -> Result<()> {
    use carry_overs::dsl;
    let values = (
        dsl::node_id.eq(node_id),
        dsl::plan_id.eq(plan_id),
        dsl::to_plan_id.eq(to.map(|(plan, _)| plan)),
        dsl::to_task_id.eq(to.map(|(_, task)| task)),
        dsl::reason.eq(reason),
    );
    diesel::insert_into(dsl::carry_overs).values(values).execute(conn)?;
    Ok(())
}

type CarryOverRow = (NodeId, PlanId, TaskId, UnitId, Option<PlanId>, Option<TaskId>, Option<String>);

/// What a plan left behind at its close and what was carried over into it, of units in reach, by node.
pub(super) fn carry_overs_of(
    conn: &mut Conn,
    page: &PageRequest,
    reach: &Reach,
    plan_id: PlanId,
) -> Result<(Vec<CarryOver>, Option<String>)> {
    use carry_overs::dsl;
    let mut query = dsl::carry_overs
        .inner_join(time_nodes::table.on(time_nodes::id.eq(dsl::node_id)))
        .filter(within("time_nodes.unit_id", reach))
        .filter(dsl::plan_id.eq(plan_id.0).or(dsl::to_plan_id.assume_not_null().eq(plan_id.0)))
        .select((
            dsl::node_id,
            dsl::plan_id,
            time_nodes::task_id,
            time_nodes::unit_id,
            dsl::to_plan_id,
            dsl::to_task_id,
            dsl::reason,
        ))
        .order(dsl::node_id)
        .limit(page.fetch())
        .into_boxed();
    if let Some(after) = page.after::<i64>(0)? {
        query = query.filter(dsl::node_id.gt(after));
    }
    let mut rows: Vec<CarryOverRow> = query.load(conn)?;
    let next = page.cut(&mut rows, |row| vec![row.0.to_string()]);
    let items = rows.into_iter().map(|(time_node_id, plan_id, task_id, unit_id, to_plan_id, to_task_id, reason)| {
        CarryOver { time_node_id, plan_id, task_id, unit_id, to_plan_id, to_task_id, reason }
    });
    Ok((items.collect(), next))
}
