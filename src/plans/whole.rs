//! All lists of a plan at once, in four queries: for its documents and for what copies it.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{KeyPoint, Responsibility, Task};
use super::store::{self, EntryRow, ResponsibilityRow, TaskFacts, TaskIdentity, TaskRow};
use super::{KeyPointId, PlanId, TaskId};
use crate::platform::{Conn, Result};
use crate::schema::{key_points, responsibilities, schedule_entries, task_facts, tasks};

/// The lists of a plan as they are in force.
pub struct Whole {
    /// In the order of the plan.
    pub key_points: Vec<KeyPoint>,
    /// In the order of the plan.
    pub tasks: Vec<Task>,
    responsibilities: HashMap<TaskId, Vec<Responsibility>>,
    entries: HashMap<TaskId, Vec<EntryRow>>,
}

impl Whole {
    pub fn of(conn: &mut Conn, plan_id: PlanId) -> Result<Whole> {
        let key_points = store::key_points_of(conn, plan_id)?;
        let tasks = tasks_of(conn, plan_id, &key_points)?;
        let held: Vec<ResponsibilityRow> = responsibilities::table
            .inner_join(tasks::table.on(tasks::id.eq(responsibilities::task_id)))
            .inner_join(key_points::table.on(key_points::id.eq(tasks::key_point_id)))
            .filter(key_points::plan_id.eq(plan_id.0).and(responsibilities::recorded_to.is_null()))
            .select(ResponsibilityRow::as_select())
            .order(responsibilities::id)
            .load(conn)?;
        let rows: Vec<EntryRow> = schedule_entries::table
            .inner_join(tasks::table.on(tasks::id.eq(schedule_entries::task_id)))
            .inner_join(key_points::table.on(key_points::id.eq(tasks::key_point_id)))
            .filter(key_points::plan_id.eq(plan_id.0).and(schedule_entries::ended_on.is_null()))
            .select(EntryRow::as_select())
            .order((schedule_entries::position, schedule_entries::id))
            .load(conn)?;
        let mut whole = Whole { key_points, tasks, responsibilities: HashMap::new(), entries: HashMap::new() };
        for held in held.into_iter().map(Responsibility::from) {
            whole.responsibilities.entry(held.task_id).or_default().push(held);
        }
        for row in rows {
            whole.entries.entry(row.task_id).or_default().push(row);
        }
        Ok(whole)
    }

    /// The tasks of one key point, in their order.
    pub fn tasks_in(&self, key_point: KeyPointId) -> impl Iterator<Item = &Task> {
        self.tasks.iter().filter(move |task| task.key_point_id == key_point)
    }

    /// The responsibilities of a task, by id.
    pub fn responsibilities(&self, task: TaskId) -> &[Responsibility] {
        self.responsibilities.get(&task).map_or(&[], Vec::as_slice)
    }

    /// The entries of a task's schedule, in their order.
    pub fn entries(&self, task: TaskId) -> &[EntryRow] {
        self.entries.get(&task).map_or(&[], Vec::as_slice)
    }
}

fn tasks_of(conn: &mut Conn, plan_id: PlanId, key_points: &[KeyPoint]) -> Result<Vec<Task>> {
    let rows: Vec<(KeyPointId, TaskRow)> = tasks::table
        .inner_join(task_facts::table.on(task_facts::task_id.eq(tasks::id)))
        .inner_join(key_points::table.on(key_points::id.eq(tasks::key_point_id)))
        .filter(key_points::plan_id.eq(plan_id.0).and(task_facts::recorded_to.is_null()))
        .select((tasks::key_point_id, (TaskIdentity::as_select(), TaskFacts::as_select())))
        .order((task_facts::position, tasks::id))
        .load(conn)?;
    let mut of_key_point: HashMap<KeyPointId, Vec<TaskRow>> = HashMap::new();
    for (key_point, row) in rows {
        of_key_point.entry(key_point).or_default().push(row);
    }
    let mut all = Vec::new();
    for key_point in key_points {
        for row in of_key_point.remove(&key_point.id).unwrap_or_default() {
            all.push(store::task(row, key_point)?);
        }
    }
    Ok(all)
}
