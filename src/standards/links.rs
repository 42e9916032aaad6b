//! Links from clauses to the tasks that do what they ask. No part of the text of a set: they change after publication
//! too, and each keeps its days.

use super::clauses;
use super::model::{ClauseTask, NewClauseTask};
use super::sets::to_write;
use super::{CLAUSE_TASK_ENDED, CLAUSE_TASK_EXISTS, ClauseId, ClauseTaskId, TASK_NOT_ISSUED, TASK_UNKNOWN, store};
use crate::access::Actor;
use crate::audit::{self, subject};
use crate::plans::{self, PlanStatus};
use crate::platform::db::today;
use crate::platform::{Conn, Error, Result};

/// Links a clause to a task of an issued plan that one may read. A draft's task has no nodes yet, and may go.
pub fn add(conn: &mut Conn, actor: &Actor, id: ClauseId, input: &NewClauseTask) -> Result<ClauseTask> {
    let clause = store::clause(conn, id)?;
    to_write(conn, actor, clause.set_id)?;
    actor.request.if_match.check(clause.version)?;
    let task = match plans::lists::read_task(conn, actor, input.task_id) {
        Ok(task) => task,
        Err(Error::Database(error)) => return Err(Error::Database(error)),
        Err(_) => return Err(TASK_UNKNOWN.at("/task_id", [("id", input.task_id.to_string())]).into_error()),
    };
    if plans::store::get_plan(conn, task.plan_id)?.status == PlanStatus::Draft {
        return Err(TASK_NOT_ISSUED.err());
    }
    if store::tasks_of(conn, id)?.contains(&task.id) {
        return Err(CLAUSE_TASK_EXISTS.err());
    }
    let today = today(conn)?;
    let made = store::insert_link(conn, id, task.id, today)?;
    let made = store::link(conn, made)?;
    audit::record(conn, actor, "clause_task.create", subject("clause_task", made.id.0), &made)?;
    Ok(made)
}

/// Ends a link from today on.
pub fn end(conn: &mut Conn, actor: &Actor, id: ClauseTaskId) -> Result<()> {
    let link = store::link(conn, id)?;
    let clause = store::clause(conn, link.clause_id)?;
    to_write(conn, actor, clause.set_id)?;
    actor.request.if_match.require(link.version)?;
    if link.recorded_to.is_some() {
        return Err(CLAUSE_TASK_ENDED.err());
    }
    let today = today(conn)?;
    store::end_link(conn, &link, today)?;
    audit::record(conn, actor, "clause_task.end", subject("clause_task", id.0), &link)
}

/// A link one may read, because one may read its set.
pub fn read(conn: &mut Conn, actor: &Actor, id: ClauseTaskId) -> Result<ClauseTask> {
    let link = store::link(conn, id)?;
    clauses::read(conn, actor, link.clause_id)?;
    Ok(link)
}
