//! The lists of a plan: key points, tasks, responsibilities. Schedules are in [`super::schedules`], the making of tasks in
//! [`super::add_task`]. Every change goes through [`to_change`] and [`conclude`], so that after the issue it has a reason and is a revision.

use super::actions::read;
use super::model::{
    KeyPoint, KeyPointPatch, NewKeyPoint, NewPart, NewResponsibility, Plan, Responsibility, Task, TaskPatch,
};
use super::revisions::{Change, Consequences, ListKind, Touched, conclude, to_change};
use super::schedules::shown;
use super::store;
use super::{
    KEY_POINT_NOT_EMPTY, KeyPointId, POSITION_TAKEN, PlanId, RESPONSIBILITY_EXISTS, ResponsibilityId,
    TASK_CARRIED_OVER, TaskId, UNIT_OUTSIDE_PLAN,
};
use crate::access::Actor;
use crate::platform::db::today;
use crate::platform::text::Text;
use crate::platform::{Conn, Field, Result};
use crate::units;
use crate::units::rules::is_within;

// Key points.

pub fn add_key_point(
    conn: &mut Conn,
    actor: &Actor,
    nodes: &dyn Consequences,
    plan_id: PlanId,
    input: NewKeyPoint,
) -> Result<KeyPoint> {
    let open = to_change(conn, actor, plan_id, input.reason.as_ref())?;
    actor.request.if_match.check(open.plan.version)?;
    let taken: Vec<i64> = store::key_points_of(conn, plan_id)?.iter().map(|point| point.position).collect();
    let position = place(input.position, &taken)?;
    let today = today(conn)?;
    let id = store::insert_key_point(conn, plan_id, today)?;
    let key_point = KeyPoint { id, plan_id, title: input.title.into_string(), position, version: 1 };
    store::supersede_key_point(conn, &key_point, today)?;
    let changes = vec![Change::of(ListKind::KeyPoint, id.0, None, Some(&key_point))?];
    conclude(
        conn,
        actor,
        nodes,
        &open,
        "key_point.create",
        ("key_point", id.0),
        &key_point,
        changes,
        Touched::default(),
    )?;
    Ok(key_point)
}

pub fn change_key_point(
    conn: &mut Conn,
    actor: &Actor,
    nodes: &dyn Consequences,
    id: KeyPointId,
    patch: KeyPointPatch,
) -> Result<KeyPoint> {
    let before = store::get_key_point(conn, id)?;
    let open = to_change(conn, actor, before.plan_id, patch.reason.as_ref())?;
    let mut key_point = before.clone();
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
    let changes = vec![Change::of(ListKind::KeyPoint, id.0, Some(&before), Some(&key_point))?];
    conclude(
        conn,
        actor,
        nodes,
        &open,
        "key_point.change",
        ("key_point", id.0),
        &key_point,
        changes,
        Touched::default(),
    )?;
    Ok(key_point)
}

pub fn remove_key_point(
    conn: &mut Conn,
    actor: &Actor,
    nodes: &dyn Consequences,
    id: KeyPointId,
    reason: Option<&Text<2000>>,
) -> Result<()> {
    let key_point = store::get_key_point(conn, id)?;
    let open = to_change(conn, actor, key_point.plan_id, reason)?;
    actor.request.if_match.require(key_point.version)?;
    if !store::tasks_of(conn, &key_point)?.is_empty() {
        return Err(KEY_POINT_NOT_EMPTY.err());
    }
    let today = today(conn)?;
    if open.is_issued() {
        store::end_key_point(conn, id, today)?;
    } else {
        store::delete_key_point(conn, id)?;
    }
    let changes = vec![Change::of(ListKind::KeyPoint, id.0, Some(&key_point), None)?];
    conclude(conn, actor, nodes, &open, "key_point.delete", ("key_point", id.0), &(), changes, Touched::default())
}

/// The asked place when it is free; without one, the place after the last.
pub(super) fn place(asked: Option<i64>, taken: &[i64]) -> Result<i64> {
    match asked {
        Some(position) if taken.contains(&position) => Err(POSITION_TAKEN.with([("position", position.to_string())])),
        Some(position) => Ok(position),
        None => Ok(taken.iter().max().unwrap_or(&0) + 1),
    }
}

// Tasks.

pub fn change_task(
    conn: &mut Conn,
    actor: &Actor,
    nodes: &dyn Consequences,
    id: TaskId,
    patch: TaskPatch,
) -> Result<Task> {
    let before = store::get_task(conn, id)?;
    let open = to_change(conn, actor, before.plan_id, patch.reason.as_ref())?;
    let mut task = before.clone();
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
    let changes = vec![Change::of(ListKind::Task, id.0, Some(&before), Some(&task))?];
    conclude(conn, actor, nodes, &open, "task.change", ("task", id.0), &task, changes, Touched::default())?;
    Ok(task)
}

pub fn remove_task(
    conn: &mut Conn,
    actor: &Actor,
    nodes: &dyn Consequences,
    id: TaskId,
    reason: Option<&Text<2000>>,
) -> Result<()> {
    let task = store::get_task(conn, id)?;
    let open = to_change(conn, actor, task.plan_id, reason)?;
    actor.request.if_match.require(task.version)?;
    if task.origin_task_id.is_some() && !open.is_issued() {
        return Err(TASK_CARRIED_OVER.err());
    }
    let mut changes = vec![Change::of(ListKind::Task, id.0, Some(&task), None)?];
    for held in store::responsibilities_of(conn, id)? {
        changes.push(Change::of(ListKind::Responsibility, held.id.0, Some(&held), None)?);
    }
    for row in store::entries_of(conn, id)? {
        changes.push(Change::of(ListKind::ScheduleEntry, row.id.0, Some(&shown(&row, &task)), None)?);
    }
    let today = today(conn)?;
    if open.is_issued() {
        store::end_task(conn, id, today)?;
    } else {
        store::delete_task(conn, id)?;
    }
    let touched = Touched { tasks: vec![id], moved: vec![] };
    conclude(conn, actor, nodes, &open, "task.delete", ("task", id.0), &(), changes, touched)
}

/// A key point one may read, because one may read its plan.
pub fn read_key_point(conn: &mut Conn, actor: &Actor, id: KeyPointId) -> Result<KeyPoint> {
    let key_point = store::get_key_point(conn, id)?;
    read(conn, actor, key_point.plan_id)?;
    Ok(key_point)
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
    nodes: &dyn Consequences,
    task_id: TaskId,
    input: NewResponsibility,
) -> Result<Responsibility> {
    let task = store::get_task(conn, task_id)?;
    let open = to_change(conn, actor, task.plan_id, input.reason.as_ref())?;
    actor.request.if_match.check(task.version)?;
    let NewResponsibility { unit_id, part, person, .. } = input;
    let made = give_part(conn, &open.plan, task_id, NewPart { unit_id, part, person }, "")?;
    let changes = vec![Change::of(ListKind::Responsibility, made.id.0, None, Some(&made))?];
    let touched = Touched { tasks: vec![task_id], moved: vec![] };
    let about = ("responsibility", made.id.0);
    conclude(conn, actor, nodes, &open, "responsibility.create", about, &made, changes, touched)?;
    Ok(made)
}

/// Writes a unit's part in a task; `at` is where it stands in the input.
pub(super) fn give_part(
    conn: &mut Conn,
    plan: &Plan,
    task_id: TaskId,
    input: NewPart,
    at: &str,
) -> Result<Responsibility> {
    let at_unit = format!("{at}/unit_id");
    let unit = units::store::named(conn, input.unit_id, &at_unit)?;
    let top = units::store::get(conn, plan.unit_id)?;
    if input.part.may_owe() && !is_within(&unit.path, &top.path) {
        return Err(UNIT_OUTSIDE_PLAN.at(at_unit, [("unit", unit.name)]).into_error());
    }
    let standing = store::responsibilities_of(conn, task_id)?;
    if standing.iter().any(|held| held.unit_id == input.unit_id && held.part == input.part) {
        return Err(RESPONSIBILITY_EXISTS.at(at_unit, []).into_error());
    }
    let person = input.person.as_ref().map(Text::as_str);
    let today = today(conn)?;
    let id = store::insert_responsibility(conn, task_id, input.unit_id, input.part, person, today)?;
    store::get_responsibility(conn, id)
}

pub fn remove_responsibility(
    conn: &mut Conn,
    actor: &Actor,
    nodes: &dyn Consequences,
    id: ResponsibilityId,
    reason: Option<&Text<2000>>,
) -> Result<()> {
    let held = store::get_responsibility(conn, id)?;
    let task = store::get_task(conn, held.task_id)?;
    let open = to_change(conn, actor, task.plan_id, reason)?;
    actor.request.if_match.require(held.version)?;
    let today = today(conn)?;
    if open.is_issued() {
        store::end_responsibility(conn, id, today)?;
    } else {
        store::delete_responsibility(conn, id)?;
    }
    let changes = vec![Change::of(ListKind::Responsibility, id.0, Some(&held), None)?];
    let touched = Touched { tasks: vec![task.id], moved: vec![] };
    conclude(conn, actor, nodes, &open, "responsibility.delete", ("responsibility", id.0), &held, changes, touched)
}
