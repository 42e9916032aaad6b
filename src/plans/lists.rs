//! The lists of a draft: key points, tasks, responsibilities, schedules.

use super::actions::{draft_to_write, read, record_list, require_due_inside};
use super::model::{
    Entry, EntryNode, KeyPoint, KeyPointPatch, NewEntry, NewKeyPoint, NewResponsibility, NewSchedule, NewTask, Plan,
    Responsibility, Schedule, Task, TaskPatch,
};
use super::store::{self, EntryRow};
use super::{
    ENTRY_SHAPE, ENTRY_UNKNOWN, EntryId, KEY_POINT_NOT_EMPTY, KeyPointId, POSITION_TAKEN, PlanId,
    RESPONSIBILITY_EXISTS, ResponsibilityId, TASK_CARRIED_OVER, TaskId, UNIT_OUTSIDE_PLAN,
};
use crate::access::Actor;
use crate::platform::db::today;
use crate::platform::text::Text;
use crate::platform::{Conn, Error, Field, Result};
use crate::units;
use crate::units::rules::is_within;

// Key points.

pub fn add_key_point(conn: &mut Conn, actor: &Actor, plan_id: PlanId, input: NewKeyPoint) -> Result<KeyPoint> {
    let plan = draft_to_write(conn, actor, plan_id)?;
    actor.request.if_match.check(plan.version)?;
    let taken: Vec<i64> = store::key_points_of(conn, plan_id)?.iter().map(|point| point.position).collect();
    let position = place(input.position, &taken)?;
    let today = today(conn)?;
    let id = store::insert_key_point(conn, plan_id, today)?;
    let key_point = KeyPoint { id, plan_id, title: input.title.into_string(), position, version: 1 };
    store::supersede_key_point(conn, &key_point, today)?;
    record_list(conn, actor, "key_point.create", "key_point", id.0, plan_id, &key_point)?;
    Ok(key_point)
}

pub fn change_key_point(conn: &mut Conn, actor: &Actor, id: KeyPointId, patch: KeyPointPatch) -> Result<KeyPoint> {
    let mut key_point = store::get_key_point(conn, id)?;
    draft_to_write(conn, actor, key_point.plan_id)?;
    actor.request.if_match.require(key_point.version)?;
    if let Some(title) = patch.title {
        key_point.title = title.into_string();
    }
    if let Some(position) = patch.position.filter(|position| *position != key_point.position) {
        let points = store::key_points_of(conn, key_point.plan_id)?;
        let taken: Vec<i64> = points.iter().map(|point| point.position).collect();
        key_point.position = place(Some(position), &taken)?;
    }
    key_point.version += 1;
    let today = today(conn)?;
    store::supersede_key_point(conn, &key_point, today)?;
    store::set_key_point_version(conn, id, key_point.version)?;
    record_list(conn, actor, "key_point.change", "key_point", id.0, key_point.plan_id, &key_point)?;
    Ok(key_point)
}

pub fn remove_key_point(conn: &mut Conn, actor: &Actor, id: KeyPointId) -> Result<()> {
    let key_point = store::get_key_point(conn, id)?;
    draft_to_write(conn, actor, key_point.plan_id)?;
    actor.request.if_match.require(key_point.version)?;
    if !store::tasks_of(conn, &key_point)?.is_empty() {
        return Err(KEY_POINT_NOT_EMPTY.err());
    }
    store::delete_key_point(conn, id)?;
    record_list(conn, actor, "key_point.delete", "key_point", id.0, key_point.plan_id, &())
}

/// The asked place when it is free; without one, the place after the last.
fn place(asked: Option<i64>, taken: &[i64]) -> Result<i64> {
    match asked {
        Some(position) if taken.contains(&position) => Err(POSITION_TAKEN.with([("position", position.to_string())])),
        Some(position) => Ok(position),
        None => Ok(taken.iter().max().unwrap_or(&0) + 1),
    }
}

// Tasks.

pub fn add_task(conn: &mut Conn, actor: &Actor, key_point_id: KeyPointId, input: NewTask) -> Result<Task> {
    let key_point = store::get_key_point(conn, key_point_id)?;
    draft_to_write(conn, actor, key_point.plan_id)?;
    actor.request.if_match.check(key_point.version)?;
    let taken: Vec<i64> = store::tasks_of(conn, &key_point)?.iter().map(|task| task.position).collect();
    let position = place(input.position, &taken)?;
    let today = today(conn)?;
    let task = Task {
        id: store::insert_task(conn, key_point_id, today)?,
        plan_id: key_point.plan_id,
        key_point_id,
        code: format!("{}.{position}", key_point.position),
        title: input.title.into_string(),
        requirement: input.requirement.map(Text::into_string),
        deliverable: input.deliverable.map(Text::into_string),
        evidence_required: input.evidence_required,
        tags: input.tags.into_iter().map(Text::into_string).collect(),
        position,
        origin_task_id: None,
        version: 1,
    };
    store::supersede_task(conn, &task, today)?;
    record_list(conn, actor, "task.create", "task", task.id.0, task.plan_id, &task)?;
    Ok(task)
}

pub fn change_task(conn: &mut Conn, actor: &Actor, id: TaskId, patch: TaskPatch) -> Result<Task> {
    let mut task = store::get_task(conn, id)?;
    draft_to_write(conn, actor, task.plan_id)?;
    actor.request.if_match.require(task.version)?;
    let text = |field: Field<Text<20_000>>, current: Option<String>| match field {
        Field::Keep => current,
        Field::Clear => None,
        Field::Set(text) => Some(text.into_string()),
    };
    if let Some(title) = patch.title {
        task.title = title.into_string();
    }
    task.requirement = text(patch.requirement, task.requirement);
    task.deliverable = text(patch.deliverable, task.deliverable);
    task.evidence_required = patch.evidence_required.unwrap_or(task.evidence_required);
    if let Some(tags) = patch.tags {
        task.tags = tags.into_iter().map(Text::into_string).collect();
    }
    if let Some(position) = patch.position.filter(|position| *position != task.position) {
        let key_point = store::get_key_point(conn, task.key_point_id)?;
        let taken: Vec<i64> = store::tasks_of(conn, &key_point)?.iter().map(|task| task.position).collect();
        task.position = place(Some(position), &taken)?;
        task.code = format!("{}.{position}", key_point.position);
    }
    task.version += 1;
    let today = today(conn)?;
    store::supersede_task(conn, &task, today)?;
    store::set_task_version(conn, id, task.version)?;
    record_list(conn, actor, "task.change", "task", id.0, task.plan_id, &task)?;
    Ok(task)
}

pub fn remove_task(conn: &mut Conn, actor: &Actor, id: TaskId) -> Result<()> {
    let task = store::get_task(conn, id)?;
    draft_to_write(conn, actor, task.plan_id)?;
    actor.request.if_match.require(task.version)?;
    if task.origin_task_id.is_some() {
        return Err(TASK_CARRIED_OVER.err());
    }
    store::delete_task(conn, id)?;
    record_list(conn, actor, "task.delete", "task", id.0, task.plan_id, &())
}

/// A task one may read, because one may read its plan.
pub fn read_task(conn: &mut Conn, actor: &Actor, id: TaskId) -> Result<Task> {
    let task = store::get_task(conn, id)?;
    read(conn, actor, task.plan_id)?;
    Ok(task)
}

// Responsibilities.

pub fn add_responsibility(
    conn: &mut Conn,
    actor: &Actor,
    task_id: TaskId,
    input: NewResponsibility,
) -> Result<Responsibility> {
    let task = store::get_task(conn, task_id)?;
    let plan = draft_to_write(conn, actor, task.plan_id)?;
    actor.request.if_match.check(task.version)?;
    let unit = units::store::named(conn, input.unit_id, "/unit_id")?;
    let top = units::store::get(conn, plan.unit_id)?;
    if input.part.may_owe() && !is_within(&unit.path, &top.path) {
        return Err(UNIT_OUTSIDE_PLAN.at("/unit_id", [("unit", unit.name)]).into_error());
    }
    let standing = store::responsibilities_of(conn, task_id)?;
    if standing.iter().any(|held| held.unit_id == input.unit_id && held.part == input.part) {
        return Err(RESPONSIBILITY_EXISTS.err());
    }
    let person = input.person.as_ref().map(Text::as_str);
    let today = today(conn)?;
    let id = store::insert_responsibility(conn, task_id, input.unit_id, input.part, person, today)?;
    let made = store::get_responsibility(conn, id)?;
    record_list(conn, actor, "responsibility.create", "responsibility", id.0, task.plan_id, &made)?;
    Ok(made)
}

pub fn remove_responsibility(conn: &mut Conn, actor: &Actor, id: ResponsibilityId) -> Result<()> {
    let held = store::get_responsibility(conn, id)?;
    let task = store::get_task(conn, held.task_id)?;
    draft_to_write(conn, actor, task.plan_id)?;
    actor.request.if_match.require(held.version)?;
    store::delete_responsibility(conn, id)?;
    record_list(conn, actor, "responsibility.delete", "responsibility", id.0, task.plan_id, &held)
}

// Schedules.

/// Sets the whole schedule of a task; gives it with the new version of the task.
pub fn put_schedule(conn: &mut Conn, actor: &Actor, task_id: TaskId, input: &NewSchedule) -> Result<(Schedule, i64)> {
    let task = store::get_task(conn, task_id)?;
    let plan = draft_to_write(conn, actor, task.plan_id)?;
    actor.request.if_match.check(task.version)?;
    let standing: Vec<EntryId> = store::entries_of(conn, task_id)?.iter().map(|entry| entry.id).collect();
    let today = today(conn)?;
    let mut kept = Vec::new();
    for (index, entry) in input.entries.iter().enumerate() {
        let at = format!("/entries/{index}");
        let row = entry_row(&plan, task_id, entry, index, &at)?;
        if let Some(id) = entry.id {
            if !standing.contains(&id) || kept.contains(&id) {
                let args = [("id", id.to_string())];
                return Err(ENTRY_UNKNOWN.at(format!("{at}/id"), args).into_error());
            }
            kept.push(id);
        }
        store::put_entry(conn, &row, entry.id.is_none(), today)?;
    }
    for gone in standing.into_iter().filter(|id| !kept.contains(id)) {
        store::delete_entry(conn, gone)?;
    }
    let schedule = schedule_of(conn, &task)?;
    let version = task.version + 1;
    store::set_task_version(conn, task_id, version)?;
    record_list(conn, actor, "schedule.put", "task", task_id.0, task.plan_id, &schedule)?;
    Ok((schedule, version))
}

fn entry_row(plan: &Plan, task_id: TaskId, entry: &NewEntry, index: usize, at: &str) -> Result<EntryRow> {
    if entry.unscheduled != entry.due_on.is_none() || (entry.unscheduled && entry.words.is_none()) {
        return Err(ENTRY_SHAPE.at(at, []).into_error());
    }
    require_due_inside(plan, entry.due_on, &format!("{at}/due_on"))?;
    Ok(EntryRow {
        id: entry.id.unwrap_or(EntryId(0)),
        task_id,
        position: i64::try_from(index).map_err(Error::internal)? + 1,
        title: entry.title.clone().map(Text::into_string),
        due_on: entry.due_on,
        grace_days: entry.grace_days,
        times: entry.times,
        unscheduled: entry.unscheduled,
        words: entry.words.clone().map(Text::into_string),
    })
}

/// The schedule of a task with the nodes each entry makes.
pub fn schedule_of(conn: &mut Conn, task: &Task) -> Result<Schedule> {
    let entries = store::entries_of(conn, task.id)?.into_iter().map(|row| entry_of(row, &task.title));
    Ok(Schedule { entries: entries.collect() })
}

/// An entry as it is shown.
pub fn entry_of(row: EntryRow, task_title: &str) -> Entry {
    Entry {
        id: row.id,
        nodes: nodes_of(&row, task_title),
        title: row.title,
        due_on: row.due_on,
        grace_days: row.grace_days,
        times: row.times,
        unscheduled: row.unscheduled,
        words: row.words,
    }
}

/// The nodes that one entry makes for each owing unit: the one place that reads a schedule.
pub fn nodes_of(entry: &EntryRow, task_title: &str) -> Vec<EntryNode> {
    let title = entry.title.clone().unwrap_or_else(|| task_title.to_owned());
    entry.due_on.map(|due_on| EntryNode { period: None, due_on, title }).into_iter().collect()
}
