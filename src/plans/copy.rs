//! Making a plan, empty or from another year's: key points, tasks, responsibilities and schedules are copied, their
//! days moved by whole years. Texts are copied as they are.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::actions::{insert, read, require_due_inside};
use super::model::{KeyPoint, NewPlan, Plan, Responsibility, Task};
use super::rules::first_day;
use super::schedules;
use super::store::{self, EntryRow};
use super::whole::Whole;
use super::{EntryId, FROM_PLAN_ELSEWHERE, FROM_PLAN_UNKNOWN, PlanId, TaskId};
use crate::access::Actor;
use crate::audit::{self, subject};
use crate::platform::db::today;
use crate::platform::error::NOT_FOUND;
use crate::platform::{Conn, Error, Result};
use crate::units::rules::is_within;
use crate::units::{self, UnitFacts, UnitId};
use crate::word_enum;

word_enum! {
    /// Why a unit's part was not copied.
    LeftOutWhy {
        /// The unit is dissolved before it could owe anything of the new plan.
        Dissolved = "dissolved",
        /// The unit lies no longer below the plan's unit.
        OutsidePlan = "outside_plan",
    }
}

/// A part in a task that was not copied.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LeftOut {
    /// The new task.
    pub task_id: TaskId,
    pub unit_id: UnitId,
    pub why: LeftOutWhy,
}

/// A new plan.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MadePlan {
    #[serde(flatten)]
    pub plan: Plan,
    /// What was not copied from `from_plan_id`; without one it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<Vec<LeftOut>>,
}

pub fn create(conn: &mut Conn, actor: &Actor, input: NewPlan) -> Result<MadePlan> {
    let today = today(conn)?;
    let from = input.from_plan_id.map(|id| source(conn, actor, id, input.unit_id)).transpose()?;
    let plan = insert(conn, actor, input, from.as_ref(), today)?;
    let left_out = from.map(|from| copy_lists(conn, &from, &plan, today)).transpose()?;
    let made = MadePlan { plan, left_out };
    audit::record(conn, actor, "plan.create", subject("plan", made.plan.id.0), &made)?;
    Ok(made)
}

/// A plan to copy from: one that one may read, of the same unit.
fn source(conn: &mut Conn, actor: &Actor, id: PlanId, unit_id: UnitId) -> Result<Plan> {
    let plan = read(conn, actor, id).map_err(|error| match error.code() {
        code if code == NOT_FOUND.code => FROM_PLAN_UNKNOWN.at("/from_plan_id", [("id", id.to_string())]).into_error(),
        _ => error,
    })?;
    if plan.unit_id == unit_id { Ok(plan) } else { Err(FROM_PLAN_ELSEWHERE.at("/from_plan_id", []).into_error()) }
}

/// What the lists are copied into.
struct Target<'a> {
    plan: &'a Plan,
    from_year: i64,
    today: NaiveDate,
    /// The unit of the plan.
    top: UnitFacts,
    units: HashMap<UnitId, UnitFacts>,
}

fn copy_lists(conn: &mut Conn, from: &Plan, to: &Plan, today: NaiveDate) -> Result<Vec<LeftOut>> {
    let whole = Whole::of(conn, from.id)?;
    let top = units::store::get(conn, to.unit_id)?;
    let mut target = Target { plan: to, from_year: from.year, today, top, units: HashMap::new() };
    let mut left_out = Vec::new();
    for key_point in &whole.key_points {
        let id = store::insert_key_point(conn, to.id, today)?;
        let copied = KeyPoint { id, plan_id: to.id, version: 1, ..key_point.clone() };
        store::supersede_key_point(conn, &copied, today)?;
        for task in whole.tasks_in(key_point.id) {
            // The new year's work comes from the plan it is copied from, and no longer from a finding or decision.
            let id = store::insert_task(conn, copied.id, None, today)?;
            let new = Task { id, plan_id: to.id, key_point_id: copied.id, version: 1, ..task.clone() };
            store::supersede_task(conn, &new, today)?;
            target.copy_parts(conn, id, whole.responsibilities(task.id), &mut left_out)?;
            target.copy_entries(conn, id, whole.entries(task.id))?;
        }
    }
    Ok(left_out)
}

impl Target<'_> {
    fn copy_parts(
        &mut self,
        conn: &mut Conn,
        task_id: TaskId,
        parts: &[Responsibility],
        left_out: &mut Vec<LeftOut>,
    ) -> Result<()> {
        for held in parts {
            match self.why_not(conn, held)? {
                Some(why) => left_out.push(LeftOut { task_id, unit_id: held.unit_id, why }),
                None => {
                    let person = held.person.as_deref();
                    store::insert_responsibility(conn, task_id, held.unit_id, held.part, person, self.today)?;
                }
            }
        }
        Ok(())
    }

    fn why_not(&mut self, conn: &mut Conn, held: &Responsibility) -> Result<Option<LeftOutWhy>> {
        if let std::collections::hash_map::Entry::Vacant(vacant) = self.units.entry(held.unit_id) {
            vacant.insert(units::store::get(conn, held.unit_id)?);
        }
        let unit = self.units.get(&held.unit_id).ok_or_else(|| Error::internal("a unit was not found again"))?;
        let begins = first_day(self.plan.year).max(self.today);
        Ok(if unit.dissolved_on.is_some_and(|last| last < begins) {
            Some(LeftOutWhy::Dissolved)
        } else if held.part.may_owe() && !is_within(&unit.path, &self.top.path) {
            Some(LeftOutWhy::OutsidePlan)
        } else {
            None
        })
    }

    fn copy_entries(&self, conn: &mut Conn, task_id: TaskId, entries: &[EntryRow]) -> Result<()> {
        for entry in entries {
            let moved = schedules::for_year(conn, self.plan, entry, self.from_year)?;
            let moved = EntryRow { id: EntryId(0), task_id, ..moved };
            require_due_inside(self.plan, moved.due_on, "/closes_on")?;
            store::insert_entry(conn, &moved, self.today)?;
        }
        Ok(())
    }
}
