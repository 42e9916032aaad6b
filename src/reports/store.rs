//! What the reports read: nodes with their state on a day, entries without a date, targets, names. No writes.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::Target;
use crate::access::AccountId;
use crate::plans::model::Part;
use crate::plans::{KeyPointId, PlanStatus, TaskId};
use crate::platform::{Conn, Result};
use crate::schema::{
    key_point_facts, key_points, plan_facts, plans, responsibilities, schedule_entries, tasks, time_node_states,
    time_nodes,
};
use crate::time_nodes::NodeId;
use crate::time_nodes::store::StateRow;
use crate::units::UnitId;

/// A node of a year with how it stood.
#[derive(Debug, Queryable)]
pub struct PopulationRow {
    pub id: NodeId,
    pub unit_id: UnitId,
    pub task_id: TaskId,
    pub key_point_id: KeyPointId,
    pub born_late_after: NaiveDate,
    pub approved_by: Option<AccountId>,
    pub state: StateRow,
}

/// Which day is asked about, and how.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    pub as_of: NaiveDate,
    /// Everything recorded until now, applied to that day.
    pub restated: bool,
}

/// The nodes of a year's plans as they stood at the end of the day; restated, as they stand now, of plans issued by
/// that day. `units` narrows to few units.
pub fn population(conn: &mut Conn, year: i64, moment: Moment, units: Option<&[UnitId]>) -> Result<Vec<PopulationRow>> {
    use time_node_states::dsl as s;
    let mut query = time_nodes::table
        .inner_join(s::time_node_states.on(s::node_id.eq(time_nodes::id)))
        .inner_join(plans::table.on(plans::id.eq(time_nodes::plan_id)))
        .inner_join(plan_facts::table.on(plan_facts::plan_id.eq(plans::id).and(plan_facts::recorded_to.is_null())))
        .inner_join(tasks::table.on(tasks::id.eq(time_nodes::task_id)))
        .filter(plans::year.eq(year))
        .select((
            time_nodes::id,
            time_nodes::unit_id,
            time_nodes::task_id,
            tasks::key_point_id,
            time_nodes::late_after,
            s::approved_by,
            StateRow::as_select(),
        ))
        .order(time_nodes::id)
        .into_boxed();
    let day = moment.as_of;
    query = if moment.restated {
        query.filter(s::recorded_to.is_null()).filter(plan_facts::issued_on.le(day))
    } else {
        query.filter(s::recorded_from.le(day)).filter(s::recorded_to.is_null().or(s::recorded_to.gt(day)))
    };
    if let Some(units) = units {
        query = query.filter(time_nodes::unit_id.eq_any(units.iter().map(|unit| unit.0).collect::<Vec<_>>()));
    }
    Ok(query.load(conn)?)
}

/// An entry without a date, its task and key point, and a unit with the part it holds in the task.
pub type Undated = (i64, TaskId, KeyPointId, UnitId, Part);

/// Entries without a date of the year's issued plans, with the parts held in their tasks.
pub fn unscheduled(conn: &mut Conn, year: i64, moment: Moment) -> Result<Vec<Undated>> {
    use plan_facts::dsl as f;
    let mut query = schedule_entries::table
        .inner_join(tasks::table.on(tasks::id.eq(schedule_entries::task_id)))
        .inner_join(key_points::table.on(key_points::id.eq(tasks::key_point_id)))
        .inner_join(plans::table.on(plans::id.eq(key_points::plan_id)))
        .inner_join(f::plan_facts.on(f::plan_id.eq(plans::id)))
        .inner_join(responsibilities::table.on(responsibilities::task_id.eq(tasks::id)))
        .filter(plans::year.eq(year).and(schedule_entries::unscheduled.eq(true)))
        .filter(f::status.ne(PlanStatus::Draft))
        .select((
            schedule_entries::id,
            tasks::id,
            tasks::key_point_id,
            responsibilities::unit_id,
            responsibilities::part,
        ))
        .order((schedule_entries::id, responsibilities::id))
        .into_boxed();
    let day = moment.as_of;
    query = if moment.restated {
        query
            .filter(f::recorded_to.is_null().and(f::issued_on.le(day)))
            .filter(schedule_entries::ended_on.is_null().and(responsibilities::recorded_to.is_null()))
    } else {
        query
            .filter(f::recorded_from.le(day).and(f::recorded_to.is_null().or(f::recorded_to.gt(day))))
            .filter(schedule_entries::recorded_from.le(day))
            .filter(schedule_entries::ended_on.is_null().or(schedule_entries::ended_on.gt(day)))
            .filter(responsibilities::recorded_from.le(day))
            .filter(responsibilities::recorded_to.is_null().or(responsibilities::recorded_to.gt(day)))
    };
    Ok(query.load(conn)?)
}

/// The target of a unit's own plan of the year, once issued.
pub fn target(conn: &mut Conn, unit_id: UnitId, year: i64, moment: Moment) -> Result<Option<Target>> {
    use plan_facts::dsl as f;
    let mut query = plans::table
        .inner_join(f::plan_facts.on(f::plan_id.eq(plans::id)))
        .filter(plans::unit_id.eq(unit_id.0).and(plans::year.eq(year)))
        .filter(f::status.ne(PlanStatus::Draft))
        .select((f::target_percent, f::target_on))
        .into_boxed();
    let day = moment.as_of;
    query = if moment.restated {
        query.filter(f::recorded_to.is_null().and(f::issued_on.le(day)))
    } else {
        query.filter(f::recorded_from.le(day)).filter(f::recorded_to.is_null().or(f::recorded_to.gt(day)))
    };
    let found: Option<(i64, NaiveDate)> = query.first(conn).optional()?;
    Ok(found.map(|(percent, on)| Target { rate: "compliance", percent, on }))
}

/// Key points with their titles on a day, in the order of plans and positions. One that was recorded later has its
/// first title.
pub fn key_point_names(conn: &mut Conn, year: i64, day: NaiveDate) -> Result<Vec<(KeyPointId, String)>> {
    use key_point_facts::dsl as f;
    let rows: Vec<(KeyPointId, i64, i64, String, NaiveDate)> = key_points::table
        .inner_join(f::key_point_facts.on(f::key_point_id.eq(key_points::id)))
        .inner_join(plans::table.on(plans::id.eq(key_points::plan_id)))
        .filter(plans::year.eq(year))
        .select((key_points::id, plans::id, f::position, f::title, f::recorded_from))
        .order((key_points::id, f::recorded_from))
        .load(conn)?;
    let mut names: Vec<(i64, i64, KeyPointId, String)> = Vec::new();
    for (id, plan, position, title, from) in rows {
        match names.last_mut().filter(|(_, _, last, _)| *last == id) {
            Some(known) if from <= day => *known = (plan, position, id, title),
            Some(_) => {}
            None => names.push((plan, position, id, title)),
        }
    }
    names.sort();
    Ok(names.into_iter().map(|(_, _, id, title)| (id, title)).collect())
}
