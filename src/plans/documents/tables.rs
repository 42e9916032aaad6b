//! The documents as tables: a row a task, and a row a unit and task.

use chrono::NaiveDate;
use serde::Serialize;

use super::model::{ListedTask, ResponsibilityList, TaskList};
use crate::plans::model::Part;
use crate::platform::Result;
use crate::platform::web::Table;

#[derive(Serialize)]
struct TaskRow<'a> {
    code: &'a str,
    key_point: &'a str,
    title: &'a str,
    requirement: Option<&'a str>,
    deliverable: Option<&'a str>,
    evidence_required: bool,
    tags: String,
    lead: String,
    responsible: String,
    support: String,
    supervise: String,
    due_days: String,
    words: String,
}

/// The task list.
pub fn task_rows(list: &TaskList) -> Result<Table> {
    let mut rows = Vec::new();
    for point in &list.key_points {
        rows.extend(point.tasks.iter().map(|task| TaskRow {
            code: &task.code,
            key_point: &point.title,
            title: &task.title,
            requirement: task.requirement.as_deref(),
            deliverable: task.deliverable.as_deref(),
            evidence_required: task.evidence_required,
            tags: task.tags.join("、"),
            lead: holders(task, Part::Lead),
            responsible: holders(task, Part::Responsible),
            support: holders(task, Part::Support),
            supervise: holders(task, Part::Supervise),
            due_days: days(task.schedule.iter().flat_map(|entry| entry.nodes.iter().map(|node| node.due_on))),
            words: task.schedule.iter().filter_map(|entry| entry.words.as_deref()).collect::<Vec<_>>().join("；"),
        }));
    }
    Table::of(&rows)
}

/// Who has a part in a task: names of units, the label of the person behind.
fn holders(task: &ListedTask, part: Part) -> String {
    let held = task.responsibilities.iter().filter(|held| held.part == part);
    let names = held.map(|held| match &held.person {
        Some(person) => format!("{}（{person}）", held.unit_name),
        None => held.unit_name.clone(),
    });
    names.collect::<Vec<_>>().join("、")
}

fn days(days: impl Iterator<Item = NaiveDate>) -> String {
    let mut days: Vec<_> = days.map(|day| day.to_string()).collect();
    days.sort();
    days.dedup();
    days.join("；")
}

#[derive(Serialize)]
struct HeldRow<'a> {
    unit: &'a str,
    code: &'a str,
    key_point: &'a str,
    title: &'a str,
    deliverable: Option<&'a str>,
    parts: String,
    persons: String,
    due_days: String,
    unscheduled: bool,
    words: String,
}

/// The responsibility list.
pub fn held_rows(list: &ResponsibilityList) -> Result<Table> {
    let mut rows = Vec::new();
    for unit in &list.units {
        rows.extend(unit.tasks.iter().map(|task| HeldRow {
            unit: &unit.unit_name,
            code: &task.code,
            key_point: &task.key_point,
            title: &task.title,
            deliverable: task.deliverable.as_deref(),
            parts: task.parts.iter().map(|held| held.part.word()).collect::<Vec<_>>().join("、"),
            persons: task.parts.iter().filter_map(|held| held.person.as_deref()).collect::<Vec<_>>().join("、"),
            due_days: days(task.due_days.iter().copied()),
            unscheduled: task.unscheduled,
            words: task.words.join("；"),
        }));
    }
    Table::of(&rows)
}
