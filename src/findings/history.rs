//! Findings with all that was ever recorded of them, so that any day can be picked out. There are few findings, some
//! dozens a year; all of them are read in a handful of queries.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{FindingSource, FindingState};
use super::store::{FactsRow, IdentityRow};
use super::{FindingId, MeasureId};
use crate::access::AccountId;
use crate::plans::TaskId;
use crate::plans::model::OriginKind;
use crate::platform::{Conn, Result};
use crate::schema::{
    finding_applications, finding_facts, finding_states, finding_units, findings, measure_facts, measure_tasks,
    measures, plan_facts, task_facts, tasks, time_node_states, time_nodes,
};
use crate::time_nodes::store::StateRow as NodeState;
use crate::units::UnitId;

/// A row that holds from one recorded day to another.
pub(super) trait Dated {
    /// The day it holds from, and the day from which it holds no more.
    fn span(&self) -> (NaiveDate, Option<NaiveDate>);

    /// Whether the end of a day sees it.
    fn holds_on(&self, day: NaiveDate) -> bool {
        let (from, to) = self.span();
        from <= day && to.is_none_or(|to| to > day)
    }

    /// Whether it is in force.
    fn holds_now(&self) -> bool {
        self.span().1.is_none()
    }
}

macro_rules! dated {
    ($($row:ty),+) => {
        $(impl Dated for $row {
            fn span(&self) -> (NaiveDate, Option<NaiveDate>) {
                (self.recorded_from, self.recorded_to)
            }
        })+
    };
}

dated!(FactsRow, UnitRow, StateRow, MeasureRow, TaskRow);

/// A task of the finding, while one thing was said of it.
#[derive(Debug, Clone, Queryable)]
pub(super) struct TaskRow {
    finding_id: FindingId,
    pub task_id: TaskId,
    pub recorded_from: NaiveDate,
    recorded_to: Option<NaiveDate>,
}

/// A unit that must put a finding right, from one day to another.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = finding_units)]
pub(super) struct UnitRow {
    finding_id: FindingId,
    pub unit_id: UnitId,
    recorded_from: NaiveDate,
    recorded_to: Option<NaiveDate>,
}

/// Where a finding stood, from one day to another.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = finding_states)]
pub(super) struct StateRow {
    finding_id: FindingId,
    pub state: FindingState,
    pub account_id: AccountId,
    pub reason: Option<String>,
    pub recorded_from: NaiveDate,
    recorded_to: Option<NaiveDate>,
}

/// What was said of a measure, from one day to another.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = measure_facts)]
pub(super) struct MeasureRow {
    pub measure_id: MeasureId,
    pub unit_id: UnitId,
    pub text: String,
    pub leader: Option<String>,
    pub person: Option<String>,
    pub due_on: Option<NaiveDate>,
    recorded_from: NaiveDate,
    recorded_to: Option<NaiveDate>,
}

/// A finding with all that was ever recorded of it.
#[derive(Debug)]
pub(super) struct History {
    pub id: FindingId,
    pub year: i64,
    pub source: FindingSource,
    pub relapse_of: Option<FindingId>,
    pub raised_by: AccountId,
    pub version: i64,
    pub recorded_on: NaiveDate,
    pub facts: Vec<FactsRow>,
    pub units: Vec<UnitRow>,
    pub states: Vec<StateRow>,
    /// Its measures, each with its version.
    pub measures: Vec<(MeasureRow, i64)>,
    /// The tasks of plans that were made from it, those carried over into the next plan too.
    pub tasks: Vec<TaskRow>,
    /// Which task carries a measure out, since which day.
    pub links: Vec<(MeasureId, TaskId, NaiveDate)>,
    /// What was said in applications, and when; oldest first.
    pub applications: Vec<(NaiveDate, String)>,
}

/// All findings by id, or one with those that relapsed from it.
pub(super) fn read(conn: &mut Conn, only: Option<FindingId>) -> Result<Vec<History>> {
    let mut query = findings::table.select(IdentityRow::as_select()).order(findings::id).into_boxed();
    if let Some(id) = only {
        query = query.filter(findings::id.eq(id.0).or(findings::relapse_of.eq(id.0)));
    }
    let rows: Vec<IdentityRow> = query.load(conn)?;
    let mut all: Vec<History> = rows.into_iter().map(empty).collect();
    let places: HashMap<FindingId, usize> = all.iter().enumerate().map(|(place, one)| (one.id, place)).collect();
    // Of one finding, only its rows and those of its relapses are wanted.
    let wanted: Option<Vec<i64>> = only.map(|_| places.keys().map(|id| id.0).collect());
    let mut put = |id: FindingId, what: &mut dyn FnMut(&mut History)| {
        if let Some(history) = places.get(&id).and_then(|place| all.get_mut(*place)) {
            what(history);
        }
    };
    for row in facts(conn, wanted.as_deref())? {
        put(row.finding_id, &mut |history| history.facts.push(row.clone()));
    }
    for row in units(conn, wanted.as_deref())? {
        put(row.finding_id, &mut |history| history.units.push(row.clone()));
    }
    for row in states(conn, wanted.as_deref())? {
        put(row.finding_id, &mut |history| history.states.push(row.clone()));
    }
    for (id, version, row) in measure_rows(conn, wanted.as_deref())? {
        put(id, &mut |history| history.measures.push((row.clone(), version)));
    }
    for (id, measure, task, on) in links(conn, wanted.as_deref())? {
        put(id, &mut |history| history.links.push((measure, task, on)));
    }
    for row in task_rows(conn, wanted.as_deref())? {
        put(row.finding_id, &mut |history| history.tasks.push(row.clone()));
    }
    for (id, on, text) in applications(conn, wanted.as_deref())? {
        put(id, &mut |history| history.applications.push((on, text.clone())));
    }
    Ok(all)
}

fn empty(row: IdentityRow) -> History {
    History {
        id: row.id,
        year: row.year,
        source: row.source(),
        relapse_of: row.relapse_of,
        raised_by: row.raised_by,
        version: row.version,
        recorded_on: row.recorded_on,
        facts: vec![],
        units: vec![],
        states: vec![],
        measures: vec![],
        tasks: vec![],
        links: vec![],
        applications: vec![],
    }
}

fn facts(conn: &mut Conn, wanted: Option<&[i64]>) -> Result<Vec<FactsRow>> {
    use finding_facts::dsl as f;
    let mut query = f::finding_facts.select(FactsRow::as_select()).order(f::id).into_boxed();
    if let Some(ids) = wanted {
        query = query.filter(f::finding_id.eq_any(ids.to_vec()));
    }
    Ok(query.load(conn)?)
}

fn units(conn: &mut Conn, wanted: Option<&[i64]>) -> Result<Vec<UnitRow>> {
    use finding_units::dsl as u;
    let mut query = u::finding_units.select(UnitRow::as_select()).order(u::unit_id).into_boxed();
    if let Some(ids) = wanted {
        query = query.filter(u::finding_id.eq_any(ids.to_vec()));
    }
    Ok(query.load(conn)?)
}

fn states(conn: &mut Conn, wanted: Option<&[i64]>) -> Result<Vec<StateRow>> {
    use finding_states::dsl as s;
    let mut query = s::finding_states.select(StateRow::as_select()).order(s::id).into_boxed();
    if let Some(ids) = wanted {
        query = query.filter(s::finding_id.eq_any(ids.to_vec()));
    }
    Ok(query.load(conn)?)
}

fn measure_rows(conn: &mut Conn, wanted: Option<&[i64]>) -> Result<Vec<(FindingId, i64, MeasureRow)>> {
    let mut query = measures::table
        .inner_join(measure_facts::table.on(measure_facts::measure_id.eq(measures::id)))
        .select((measures::finding_id, measures::version, MeasureRow::as_select()))
        .order((measures::id, measure_facts::recorded_from))
        .into_boxed();
    if let Some(ids) = wanted {
        query = query.filter(measures::finding_id.eq_any(ids.to_vec()));
    }
    Ok(query.load(conn)?)
}

fn links(conn: &mut Conn, wanted: Option<&[i64]>) -> Result<Vec<(FindingId, MeasureId, TaskId, NaiveDate)>> {
    let mut query = measure_tasks::table
        .inner_join(measures::table.on(measures::id.eq(measure_tasks::measure_id)))
        .select((measures::finding_id, measures::id, measure_tasks::task_id, measure_tasks::recorded_on))
        .order((measure_tasks::task_id, measures::id))
        .into_boxed();
    if let Some(ids) = wanted {
        query = query.filter(measures::finding_id.eq_any(ids.to_vec()));
    }
    Ok(query.load(conn)?)
}

fn task_rows(conn: &mut Conn, wanted: Option<&[i64]>) -> Result<Vec<TaskRow>> {
    let mut query = tasks::table
        .inner_join(task_facts::table.on(task_facts::task_id.eq(tasks::id)))
        .filter(tasks::origin_kind.eq(OriginKind::Finding))
        .select((tasks::origin_id.assume_not_null(), tasks::id, task_facts::recorded_from, task_facts::recorded_to))
        .order((tasks::id, task_facts::recorded_from))
        .into_boxed();
    if let Some(ids) = wanted {
        query = query.filter(tasks::origin_id.eq_any(ids.to_vec()));
    }
    Ok(query.load(conn)?)
}

fn applications(conn: &mut Conn, wanted: Option<&[i64]>) -> Result<Vec<(FindingId, NaiveDate, String)>> {
    use finding_applications::dsl as a;
    let mut query = a::finding_applications.select((a::finding_id, a::applied_on, a::text)).order(a::id).into_boxed();
    if let Some(ids) = wanted {
        query = query.filter(a::finding_id.eq_any(ids.to_vec()));
    }
    Ok(query.load(conn)?)
}

/// Ids asked about in one query: within SQLite's limit of bound values.
const BATCH: usize = 500;

/// A node of a task: the unit that owes it, the last day it was born with, how it stood.
pub(super) type TaskNode = (TaskId, UnitId, NaiveDate, NodeState);

/// The nodes of tasks as they stood at the end of a day; restated, as they stand now, of plans issued by that day.
pub(super) fn nodes_of(conn: &mut Conn, tasks: &[TaskId], as_of: NaiveDate, restated: bool) -> Result<Vec<TaskNode>> {
    use time_node_states::dsl as s;
    let mut nodes = Vec::new();
    for batch in tasks.chunks(BATCH) {
        let ids: Vec<i64> = batch.iter().map(|id| id.0).collect();
        let mut query = time_nodes::table
            .inner_join(s::time_node_states.on(s::node_id.eq(time_nodes::id)))
            .inner_join(plan_facts::table.on(plan_facts::plan_id.eq(time_nodes::plan_id)))
            .filter(plan_facts::recorded_to.is_null().and(time_nodes::task_id.eq_any(ids)))
            .select((time_nodes::task_id, time_nodes::unit_id, time_nodes::late_after, NodeState::as_select()))
            .order(time_nodes::id)
            .into_boxed();
        query = if restated {
            query.filter(s::recorded_to.is_null()).filter(plan_facts::issued_on.le(as_of))
        } else {
            query.filter(s::recorded_from.le(as_of)).filter(s::recorded_to.is_null().or(s::recorded_to.gt(as_of)))
        };
        let rows: Vec<TaskNode> = query.load(conn)?;
        nodes.extend(rows);
    }
    Ok(nodes)
}
