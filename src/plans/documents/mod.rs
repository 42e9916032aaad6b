//! The documents of a plan: the task list 任务清单 and the responsibility list 责任清单, whole, with the names of units
//! on the day. Whoever may read the plan may read them.

pub mod http;
pub mod model;
pub mod tables;

use std::collections::HashMap;

use model::{
    Held, HeldTask, ListedKeyPoint, ListedResponsibility, ListedTask, ListedUnit, ResponsibilityList, TaskList,
};

use super::PlanId;
use super::actions::read;
use super::model::{Entry, Part, Plan, Task};
use super::schedules;
use super::whole::Whole;
use crate::access::Actor;
use crate::platform::db::today;
use crate::platform::{Conn, Result};
use crate::units::store::Tree;
use crate::units::{self, UnitId};

/// Names of the units and their own order: down the tree, each before those below it.
struct Units {
    tree: Tree,
    ranks: HashMap<UnitId, usize>,
}

impl Units {
    fn of(tree: Tree) -> Units {
        let mut ranks = HashMap::new();
        rank(&tree, None, &mut ranks);
        Units { tree, ranks }
    }

    fn name(&self, id: UnitId) -> String {
        self.tree.get(id).map(|unit| unit.name.clone()).unwrap_or_default()
    }

    fn rank(&self, id: UnitId) -> usize {
        self.ranks.get(&id).copied().unwrap_or(usize::MAX)
    }
}

fn rank(tree: &Tree, of: Option<UnitId>, ranks: &mut HashMap<UnitId, usize>) {
    for id in tree.children(of) {
        ranks.insert(*id, ranks.len());
        rank(tree, Some(*id), ranks);
    }
}

/// A plan with all its lists and the units of today.
struct Document {
    plan: Plan,
    whole: Whole,
    units: Units,
    as_of: chrono::NaiveDate,
}

fn load(conn: &mut Conn, actor: &Actor, id: PlanId) -> Result<Document> {
    let plan = read(conn, actor, id)?;
    let as_of = today(conn)?;
    Ok(Document { plan, whole: Whole::of(conn, id)?, units: Units::of(Tree::on(conn, as_of)?), as_of })
}

impl Document {
    fn schedule(&self, task: &Task) -> Vec<Entry> {
        self.whole.entries(task.id).iter().map(|row| schedules::shown(row, task)).collect()
    }

    fn listed(&self, task: &Task) -> ListedTask {
        let mut held: Vec<_> = self.whole.responsibilities(task.id).iter().collect();
        held.sort_by_key(|held| (place(held.part), self.units.rank(held.unit_id), held.id));
        let responsibilities = held.into_iter().map(|held| ListedResponsibility {
            unit_id: held.unit_id,
            unit_name: self.units.name(held.unit_id),
            part: held.part,
            person: held.person.clone(),
        });
        ListedTask {
            id: task.id,
            code: task.code.clone(),
            title: task.title.clone(),
            requirement: task.requirement.clone(),
            deliverable: task.deliverable.clone(),
            evidence_required: task.evidence_required,
            tags: task.tags.clone(),
            origin_task_id: task.origin_task_id,
            responsibilities: responsibilities.collect(),
            schedule: self.schedule(task),
        }
    }

    /// The tasks in which a unit has a part, in the order of the plan.
    fn held_by(&self, unit: UnitId) -> Vec<HeldTask> {
        let mut tasks = Vec::new();
        for task in &self.whole.tasks {
            let mut held: Vec<_> =
                self.whole.responsibilities(task.id).iter().filter(|held| held.unit_id == unit).collect();
            if held.is_empty() {
                continue;
            }
            held.sort_by_key(|held| (place(held.part), held.id));
            let schedule = self.schedule(task);
            let mut due_days: Vec<_> =
                schedule.iter().flat_map(|entry| entry.nodes.iter().map(|node| node.due_on)).collect();
            due_days.sort();
            due_days.dedup();
            let key_point = self.whole.key_points.iter().find(|point| point.id == task.key_point_id);
            tasks.push(HeldTask {
                task_id: task.id,
                code: task.code.clone(),
                key_point: key_point.map(|point| point.title.clone()).unwrap_or_default(),
                title: task.title.clone(),
                deliverable: task.deliverable.clone(),
                parts: held.into_iter().map(|held| Held { part: held.part, person: held.person.clone() }).collect(),
                due_days,
                unscheduled: schedule.iter().any(|entry| entry.unscheduled),
                words: schedule.into_iter().filter_map(|entry| entry.words).collect(),
            });
        }
        tasks
    }
}

/// 牵头, 责任, 配合, 责任领导: the order in which parts are written.
fn place(part: Part) -> usize {
    Part::ALL.iter().position(|known| *known == part).unwrap_or_default()
}

/// The task list of a plan.
pub fn task_list(conn: &mut Conn, actor: &Actor, id: PlanId) -> Result<TaskList> {
    let document = load(conn, actor, id)?;
    let key_points = document.whole.key_points.iter().map(|point| ListedKeyPoint {
        id: point.id,
        position: point.position,
        title: point.title.clone(),
        tasks: document.whole.tasks_in(point.id).map(|task| document.listed(task)).collect(),
    });
    let key_points = key_points.collect();
    let unit_name = document.units.name(document.plan.unit_id);
    Ok(TaskList { as_of: document.as_of, unit_name, key_points, plan: document.plan })
}

/// The responsibility list of a plan, by unit in the units' own order; of one unit when it is named.
pub fn responsibility_list(
    conn: &mut Conn,
    actor: &Actor,
    id: PlanId,
    only: Option<UnitId>,
) -> Result<ResponsibilityList> {
    let document = load(conn, actor, id)?;
    if let Some(unit) = only {
        units::store::named(conn, unit, "unit_id")?;
    }
    let parts = document.whole.tasks.iter().flat_map(|task| document.whole.responsibilities(task.id));
    let mut named: Vec<UnitId> = parts.map(|held| held.unit_id).collect();
    named.retain(|unit| only.is_none_or(|only| only == *unit));
    named.sort_by_key(|unit| (document.units.rank(*unit), *unit));
    named.dedup();
    let units = named.into_iter().map(|unit_id| ListedUnit {
        unit_id,
        unit_name: document.units.name(unit_id),
        tasks: document.held_by(unit_id),
    });
    let units = units.collect();
    let unit_name = document.units.name(document.plan.unit_id);
    Ok(ResponsibilityList { as_of: document.as_of, unit_name, units, plan: document.plan })
}
