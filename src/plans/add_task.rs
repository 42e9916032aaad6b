//! Making a task, with its responsibilities and its schedule where they are known already: one change of the plan, and
//! after the issue one revision. What stands above makes tasks of findings and decisions with [`make`].

use serde::Serialize;

use super::lists::{give_part, place};
use super::model::{Entry, KeyPoint, NewTask, Origin, Responsibility, Task};
use super::revisions::{Change, Consequences, ListKind, Open, Touched, conclude, to_change};
use super::schedules::{schedule_of, write};
use super::{KeyPointId, store};
use crate::access::Actor;
use crate::platform::db::today;
use crate::platform::text::Text;
use crate::platform::{Conn, Result};

/// A task as the log keeps it.
#[derive(Serialize)]
struct MadeTask<'a> {
    #[serde(flatten)]
    task: &'a Task,
    responsibilities: Vec<Responsibility>,
    entries: Vec<Entry>,
}

/// Adds a task to a key point.
pub fn add(
    conn: &mut Conn,
    actor: &Actor,
    nodes: &dyn Consequences,
    key_point_id: KeyPointId,
    input: NewTask,
) -> Result<Task> {
    let key_point = store::get_key_point(conn, key_point_id)?;
    let open = to_change(conn, actor, key_point.plan_id, input.reason.as_ref())?;
    actor.request.if_match.check(key_point.version)?;
    write_all(conn, actor, nodes, &open, &key_point, input, None)
}

/// Makes a task of a finding or decision: the actor may write the plan, and an `If-Match` is the caller's to compare.
/// That `origin` exists is the caller's to prove.
pub fn make(
    conn: &mut Conn,
    actor: &Actor,
    nodes: &dyn Consequences,
    key_point: &KeyPoint,
    input: NewTask,
    origin: Origin,
) -> Result<Task> {
    let open = to_change(conn, actor, key_point.plan_id, input.reason.as_ref())?;
    write_all(conn, actor, nodes, &open, key_point, input, Some(origin))
}

fn write_all(
    conn: &mut Conn,
    actor: &Actor,
    nodes: &dyn Consequences,
    open: &Open,
    key_point: &KeyPoint,
    mut input: NewTask,
    origin: Option<Origin>,
) -> Result<Task> {
    let parts = std::mem::take(&mut input.responsibilities);
    let entries = std::mem::take(&mut input.entries);
    let task = insert(conn, key_point, input, origin)?;
    let mut changes = vec![Change::of(ListKind::Task, task.id.0, None, Some(&task))?];
    let mut made = MadeTask { task: &task, responsibilities: vec![], entries: vec![] };
    for (index, part) in parts.into_iter().enumerate() {
        let held = give_part(conn, &open.plan, task.id, part, &format!("/responsibilities/{index}"))?;
        changes.push(Change::of(ListKind::Responsibility, held.id.0, None, Some(&held))?);
        made.responsibilities.push(held);
    }
    changes.extend(write(conn, open, &task, &entries)?.0);
    made.entries = schedule_of(conn, &task)?.entries;
    let touched = Touched { tasks: vec![task.id], moved: vec![] };
    conclude(conn, actor, nodes, open, "task.create", ("task", task.id.0), &made, changes, touched)?;
    Ok(task)
}

fn insert(conn: &mut Conn, key_point: &KeyPoint, input: NewTask, origin: Option<Origin>) -> Result<Task> {
    let taken: Vec<i64> = store::tasks_of(conn, key_point)?.iter().map(|task| task.position).collect();
    let position = place(input.position, &taken)?;
    let today = today(conn)?;
    let task = Task {
        id: store::insert_task(conn, key_point.id, origin, today)?,
        plan_id: key_point.plan_id,
        key_point_id: key_point.id,
        code: format!("{}.{position}", key_point.position),
        title: input.title.into_string(),
        requirement: input.requirement.map(Text::into_string),
        deliverable: input.deliverable.map(Text::into_string),
        evidence_required: input.evidence_required,
        tags: input.tags.into_iter().map(Text::into_string).collect(),
        position,
        origin_task_id: None,
        origin,
        version: 1,
    };
    store::supersede_task(conn, &task, today)?;
    Ok(task)
}
