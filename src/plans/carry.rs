//! What is carried over 结转: a task of a draft that takes on what was still owed of the plan before.

use chrono::NaiveDate;

use super::model::{KeyPoint, Part, Plan, PlanStatus, Task};
use super::store::{self, EntryRow};
use super::{EntryId, KeyPointId, TaskId};
use crate::platform::{Conn, Result};
use crate::units::UnitId;

/// The words of an entry that awaits its date in the new year.
const WORDS: &str = "结转";

/// The plan of the same unit for the next year, while it is a draft.
pub fn next_draft(conn: &mut Conn, plan: &Plan) -> Result<Option<Plan>> {
    let Some(id) = store::plan_of_year(conn, plan.unit_id, plan.year + 1)? else { return Ok(None) };
    Ok(Some(store::get_plan(conn, id)?).filter(|next| next.status == PlanStatus::Draft))
}

/// Adds to a draft a task that carries on `origin` for the units that still owe it: in the key point of the same
/// title (made when there is none), after its last task, not yet dated.
pub fn add(
    conn: &mut Conn,
    into: &Plan,
    origin: &Task,
    title: &str,
    units: &[UnitId],
    today: NaiveDate,
) -> Result<TaskId> {
    let key_point = key_point_like(conn, into, origin.key_point_id, today)?;
    let last = store::tasks_of(conn, &key_point)?.iter().map(|task| task.position).max();
    let position = last.unwrap_or(0) + 1;
    let task = Task {
        id: store::insert_task(conn, key_point.id, today)?,
        plan_id: into.id,
        key_point_id: key_point.id,
        code: format!("{}.{position}", key_point.position),
        title: title.to_owned(),
        position,
        origin_task_id: Some(origin.id),
        version: 1,
        ..origin.clone()
    };
    store::supersede_task(conn, &task, today)?;
    store::set_origin(conn, task.id, origin.id)?;
    for unit in units {
        store::insert_responsibility(conn, task.id, *unit, Part::Responsible, None, today)?;
    }
    let entry = EntryRow {
        id: EntryId(0),
        task_id: task.id,
        position: 1,
        title: None,
        due_on: None,
        grace_days: 0,
        times: 1,
        unscheduled: true,
        words: Some(WORDS.to_owned()),
        rrule: None,
        nodes: None,
    };
    store::insert_entry(conn, &entry, today)?;
    store::bump_plan(conn, into.id)?;
    Ok(task.id)
}

fn key_point_like(conn: &mut Conn, into: &Plan, like: KeyPointId, today: NaiveDate) -> Result<KeyPoint> {
    let like = store::last_key_point(conn, like)?;
    let points = store::key_points_of(conn, into.id)?;
    let last = points.iter().map(|point| point.position).max().unwrap_or(0);
    if let Some(found) = points.into_iter().find(|point| point.title == like.title) {
        return Ok(found);
    }
    let id = store::insert_key_point(conn, into.id, today)?;
    let made = KeyPoint { id, plan_id: into.id, position: last + 1, version: 1, ..like };
    store::supersede_key_point(conn, &made, today)?;
    Ok(made)
}
