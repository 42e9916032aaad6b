//! The documents as they are answered.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::plans::model::{Entry, Part, Plan};
use crate::plans::{KeyPointId, TaskId};
use crate::units::UnitId;

/// The task list 任务清单 of a plan, whole.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TaskList {
    pub plan: Plan,
    /// Name of the unit that issues it.
    pub unit_name: String,
    /// The business day whose names the units have here.
    pub as_of: NaiveDate,
    pub key_points: Vec<ListedKeyPoint>,
}

/// A key point with its tasks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ListedKeyPoint {
    pub id: KeyPointId,
    /// Its place in the plan, from 1.
    pub position: i64,
    pub title: String,
    pub tasks: Vec<ListedTask>,
}

/// A task with who has a part in it and when it is due.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ListedTask {
    pub id: TaskId,
    #[schema(example = "1.3")]
    pub code: String,
    pub title: String,
    /// What is asked.
    pub requirement: Option<String>,
    /// What must come out.
    pub deliverable: Option<String>,
    /// Whether a completion needs evidence.
    pub evidence_required: bool,
    pub tags: Vec<String>,
    /// The task of the plan before that this one carries on.
    pub origin_task_id: Option<TaskId>,
    /// By part, then in the units' own order.
    pub responsibilities: Vec<ListedResponsibility>,
    pub schedule: Vec<Entry>,
}

/// A unit's part in a task, with the unit's name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ListedResponsibility {
    pub unit_id: UnitId,
    pub unit_name: String,
    pub part: Part,
    pub person: Option<String>,
}

/// The responsibility list 责任清单 of a plan, by unit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ResponsibilityList {
    pub plan: Plan,
    /// Name of the unit that issues it.
    pub unit_name: String,
    /// The business day whose names the units have here.
    pub as_of: NaiveDate,
    /// In the units' own order.
    pub units: Vec<ListedUnit>,
}

/// A unit with the tasks in which it has a part.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ListedUnit {
    pub unit_id: UnitId,
    pub unit_name: String,
    pub tasks: Vec<HeldTask>,
}

/// A task in which a unit has a part.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HeldTask {
    pub task_id: TaskId,
    #[schema(example = "1.3")]
    pub code: String,
    /// Title of its key point.
    pub key_point: String,
    pub title: String,
    /// What must come out.
    pub deliverable: Option<String>,
    /// The parts the unit has in it.
    pub parts: Vec<Held>,
    /// The due days that its schedule makes, each once.
    pub due_days: Vec<NaiveDate>,
    /// Whether one of its entries awaits a date.
    pub unscheduled: bool,
    /// The words of its entries.
    pub words: Vec<String>,
}

/// A part with the label of who sees to it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Held {
    pub part: Part,
    pub person: Option<String>,
}
