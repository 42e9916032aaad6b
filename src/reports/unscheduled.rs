//! The entries without a date 未定时限, named: who will owe what once the department dates it.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::actions::{Asked, settle_within_reach, undated};
use super::{REPORT_VERSION, store};
use crate::access::Actor;
use crate::plans::{EntryId, PlanId, TaskId};
use crate::platform::{Conn, Result};
use crate::units::UnitId;

/// A unit that owes an entry.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OwingUnit {
    pub unit_id: UnitId,
    /// Name on the day.
    pub name: String,
}

/// An entry without a date.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnscheduledEntry {
    /// Id of the entry in the schedule.
    pub entry_id: EntryId,
    pub plan_id: PlanId,
    pub task_id: TaskId,
    /// Code of the task.
    #[schema(example = "1.3")]
    pub code: String,
    /// Title of the task.
    pub title: String,
    /// Title of the entry; null when it has none of its own.
    pub entry_title: Option<String>,
    /// What stands in place of a date.
    #[schema(example = "按上级要求")]
    pub words: Option<String>,
    /// The units in scope that owe it.
    pub units: Vec<OwingUnit>,
}

/// The entries without a date, as of a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnscheduledReport {
    /// Version of this form.
    #[schema(example = 1)]
    pub report_version: i64,
    /// The year of the plans.
    pub year: i64,
    /// The unit asked for; null for the whole tree.
    pub unit_id: Option<UnitId>,
    /// It shows what was recorded by the end of this day.
    pub as_of: NaiveDate,
    /// Nothing can be recorded on that day any more: the body will never change.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// Entries, each as often as a unit owes it: the `unscheduled` of the compliance report.
    pub unscheduled: i64,
    pub entries: Vec<UnscheduledEntry>,
}

/// The entries without a date. Needs the unit within reach, since it names its tasks.
pub fn unscheduled(conn: &mut Conn, actor: &Actor, asked: Asked) -> Result<UnscheduledReport> {
    let scope = settle_within_reach(conn, actor, asked)?;
    let owed: Vec<_> = undated(conn, &scope)?.into_iter().filter(|entry| !entry.owing.is_empty()).collect();
    let ids: Vec<EntryId> = owed.iter().map(|entry| entry.entry).collect();
    let mut about = store::about_entries(conn, &ids, scope.moment.as_of)?;
    let mut entries = Vec::new();
    for entry in &owed {
        let Some(row) = about.remove(&entry.entry) else { continue };
        let units = entry.owing.iter().filter_map(|id| scope.tree.get(*id));
        entries.push(UnscheduledEntry {
            entry_id: entry.entry,
            plan_id: row.plan_id,
            task_id: entry.task,
            code: format!("{}.{}", row.key_point_position, row.task_position),
            title: row.title,
            entry_title: row.entry_title,
            words: row.words,
            units: units.map(|unit| OwingUnit { unit_id: unit.unit_id, name: unit.name.clone() }).collect(),
        });
    }
    Ok(UnscheduledReport {
        report_version: REPORT_VERSION,
        year: scope.year,
        unit_id: scope.unit_id,
        as_of: scope.moment.as_of,
        is_final: scope.is_final,
        unscheduled: owed.iter().map(|entry| entry.owing.len() as i64).sum(),
        entries,
    })
}
