//! What only pages read, across slices. No writes, and no rule: who may read is settled before.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::access::AccountId;
use crate::plans::TaskId;
use crate::platform::{Conn, Result};
use crate::progress::model::ReportKind;
use crate::schema::{accounts, key_point_facts, progress_reports, task_facts, tasks, time_nodes};
use crate::time_nodes::NodeId;
use crate::units::UnitId;

/// What a row about a node says of its task.
#[derive(Debug, Clone, Default)]
pub struct TaskNote {
    /// `3.2`; empty when the task was removed meanwhile.
    pub code: String,
    pub title: String,
    pub requirement: Option<String>,
    pub deliverable: Option<String>,
    pub evidence_required: bool,
}

/// The tasks of these ids, as they are now; those removed meanwhile are left out.
pub fn task_notes(conn: &mut Conn, ids: &[TaskId]) -> Result<HashMap<TaskId, TaskNote>> {
    type Row = (TaskId, i64, i64, String, Option<String>, Option<String>, bool);
    let rows: Vec<Row> = tasks::table
        .inner_join(task_facts::table.on(task_facts::task_id.eq(tasks::id)))
        .inner_join(key_point_facts::table.on(key_point_facts::key_point_id.eq(tasks::key_point_id)))
        .filter(task_facts::recorded_to.is_null().and(key_point_facts::recorded_to.is_null()))
        .filter(tasks::id.eq_any(ids.to_vec()))
        .select((
            tasks::id,
            key_point_facts::position,
            task_facts::position,
            task_facts::title,
            task_facts::requirement,
            task_facts::deliverable,
            task_facts::evidence_required,
        ))
        .load(conn)?;
    let note = |(id, point, position, title, requirement, deliverable, evidence_required): Row| {
        (id, TaskNote { code: format!("{point}.{position}"), title, requirement, deliverable, evidence_required })
    };
    Ok(rows.into_iter().map(note).collect())
}

/// How accounts are shown: the post, not the person.
pub fn account_names(conn: &mut Conn, ids: &[AccountId]) -> Result<HashMap<AccountId, String>> {
    let rows: Vec<(AccountId, String)> = accounts::table
        .filter(accounts::id.eq_any(ids.iter().map(|id| id.0).collect::<Vec<_>>()))
        .select((accounts::id, accounts::display_name))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The last completion that a unit reported of a task on another node than these, and stands by.
#[derive(Debug, Clone)]
pub struct LastReport {
    pub text: String,
    pub reported_on: NaiveDate,
}

/// See [`LastReport`].
pub fn last_report(conn: &mut Conn, unit: UnitId, task: TaskId, but: &[NodeId]) -> Result<Option<LastReport>> {
    let found: Option<(String, NaiveDate)> = progress_reports::table
        .inner_join(time_nodes::table.on(time_nodes::id.eq(progress_reports::node_id)))
        .filter(time_nodes::unit_id.eq(unit.0).and(time_nodes::task_id.eq(task.0)))
        .filter(time_nodes::id.ne_all(but.iter().map(|id| id.0).collect::<Vec<_>>()))
        .filter(progress_reports::kind.eq(ReportKind::Completion).and(progress_reports::withdrawn_on.is_null()))
        .filter(progress_reports::addition_to.is_null())
        .order((progress_reports::reported_on.desc(), progress_reports::id.desc()))
        .select((progress_reports::text, progress_reports::reported_on))
        .first(conn)
        .optional()?;
    Ok(found.map(|(text, reported_on)| LastReport { text, reported_on }))
}
