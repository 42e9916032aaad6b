//! Making, changing and reading plans. Their lists are in [`super::lists`] and [`super::schedules`].

use super::model::{NewPlan, Plan, PlanPatch, PlanStatus};
use super::revisions::{Change, Consequences, ListKind, Touched, conclude, to_change};
use super::rules::{default_closes_on, first_day, last_day, shifted_day};
use super::whole::Whole;
use super::{
    CLOSES_ON_OUTSIDE, DUE_OUTSIDE_PLAN, PLAN_CLOSED, PLAN_EXISTS, PlanId, TARGET_ON_OUTSIDE, approval, store,
};
use crate::access::{Action, Actor, Site};
use crate::platform::days::by_today;
use crate::platform::db::today;
use crate::platform::error::FORBIDDEN;
use crate::platform::text::Text;
use crate::platform::{Conn, Field, Result};
use crate::units::{self, UnitId};
use chrono::NaiveDate;

/// Makes a draft. With `from_plan_id` it names that plan and takes its `closes_on`; [`super::copy`] copies the lists.
pub(super) fn insert(
    conn: &mut Conn,
    actor: &Actor,
    input: NewPlan,
    from: Option<&Plan>,
    today: NaiveDate,
) -> Result<Plan> {
    let unit = units::store::named(conn, input.unit_id, "/unit_id")?;
    actor.must(Action::WritePlan, &unit.site())?;
    if store::plan_of_year(conn, input.unit_id, input.year)?.is_some() {
        return Err(PLAN_EXISTS.with([("year", input.year.to_string())]));
    }
    require_past(input.consulted_on, today)?;
    approval::require(conn, input.unit_id, input.approved_by_decision_id)?;
    let closes_on =
        from.map_or_else(|| default_closes_on(input.year), |from| shifted_day(from.closes_on, from.year, input.year));
    let plan = Plan {
        id: store::insert_plan(conn, input.unit_id, input.year, from.map(|from| from.id), today)?,
        unit_id: input.unit_id,
        year: input.year,
        title: input.title.into_string(),
        target_percent: input.target_percent,
        target_on: input.target_on.unwrap_or_else(|| last_day(input.year)),
        closes_on: input.closes_on.unwrap_or(closes_on),
        document_no: input.document_no.map(Text::into_string),
        consulted_on: input.consulted_on,
        approved_by: input.approved_by.map(Text::into_string),
        approved_by_decision_id: input.approved_by_decision_id,
        from_plan_id: from.map(|from| from.id),
        status: PlanStatus::Draft,
        issued_on: None,
        revision: 0,
        version: 1,
    };
    require_days_inside(&plan)?;
    store::supersede_plan(conn, &plan, today)?;
    Ok(plan)
}

pub fn change(conn: &mut Conn, actor: &Actor, nodes: &dyn Consequences, id: PlanId, patch: PlanPatch) -> Result<Plan> {
    let open = to_change(conn, actor, id, patch.reason.as_ref())?;
    let mut plan = open.plan.clone();
    actor.request.if_match.require(plan.version)?;
    if let Some(title) = patch.title {
        plan.title = title.into_string();
    }
    plan.target_percent = patch.target_percent.unwrap_or(plan.target_percent);
    plan.target_on = patch.target_on.unwrap_or(plan.target_on);
    plan.closes_on = patch.closes_on.unwrap_or(plan.closes_on);
    plan.document_no = match patch.document_no {
        Field::Keep => plan.document_no,
        Field::Clear => None,
        Field::Set(number) => Some(number.into_string()),
    };
    let today = today(conn)?;
    if let Field::Set(day) = patch.consulted_on {
        require_past(Some(day), today)?;
    }
    plan.consulted_on = patch.consulted_on.over(plan.consulted_on);
    plan.approved_by = match patch.approved_by {
        Field::Keep => plan.approved_by,
        Field::Clear => None,
        Field::Set(decision) => Some(decision.into_string()),
    };
    if let Field::Set(id) = patch.approved_by_decision_id {
        approval::require(conn, plan.unit_id, Some(id))?;
    }
    plan.approved_by_decision_id = patch.approved_by_decision_id.over(plan.approved_by_decision_id);
    require_days_inside(&plan)?;
    require_entries_inside(conn, &plan)?;
    store::supersede_plan(conn, &plan, today)?;
    let changes = vec![Change::of(ListKind::Plan, id.0, Some(&open.plan), Some(&plan))?];
    conclude(conn, actor, nodes, &open, "plan.change", ("plan", id.0), &plan, changes, Touched::default())?;
    store::get_plan(conn, id)
}

/// A plan one may read: of a unit in reach, or issued and naming a unit of one's own.
pub fn read(conn: &mut Conn, actor: &Actor, id: PlanId) -> Result<Plan> {
    let plan = store::get_plan(conn, id)?;
    let site = site_of(conn, &plan)?;
    if actor.may(Action::ReadPlan, &site) {
        return Ok(plan);
    }
    if plan.status != PlanStatus::Draft && store::names_any(conn, id, &own_units(actor))? {
        return Ok(plan);
    }
    Err(FORBIDDEN.err())
}

/// The units at which an actor holds a post.
pub fn own_units(actor: &Actor) -> Vec<UnitId> {
    actor.posts.iter().filter_map(|post| post.seat.as_ref()).map(|seat| seat.unit_id).collect()
}

/// Where the issuing unit lies.
pub fn site_of(conn: &mut Conn, plan: &Plan) -> Result<Site> {
    Ok(units::store::get(conn, plan.unit_id)?.site())
}

/// A plan one may write and that is not closed, or a refusal; the first line of whatever changes a plan or its lists.
pub fn to_write(conn: &mut Conn, actor: &Actor, id: PlanId) -> Result<Plan> {
    let plan = store::get_plan(conn, id)?;
    let site = site_of(conn, &plan)?;
    actor.must(Action::WritePlan, &site)?;
    require_not_closed(&plan)?;
    Ok(plan)
}

/// 409 once a plan is closed: its lists and the due days of its nodes are frozen.
pub fn require_not_closed(plan: &Plan) -> Result<()> {
    if plan.status == PlanStatus::Closed { Err(PLAN_CLOSED.err()) } else { Ok(()) }
}

/// Nobody was consulted in the future.
fn require_past(consulted_on: Option<NaiveDate>, today: NaiveDate) -> Result<()> {
    by_today(consulted_on, today, "/consulted_on").map(|_| ())
}

fn require_days_inside(plan: &Plan) -> Result<()> {
    let between =
        |first: chrono::NaiveDate, last: chrono::NaiveDate| [("first", first.to_string()), ("last", last.to_string())];
    let (earliest, latest) = (last_day(plan.year), last_day(plan.year + 1));
    if !(earliest..=latest).contains(&plan.closes_on) {
        return Err(CLOSES_ON_OUTSIDE.at("/closes_on", between(earliest, latest)).into_error());
    }
    let first = first_day(plan.year);
    if !(first..=plan.closes_on).contains(&plan.target_on) {
        return Err(TARGET_ON_OUTSIDE.at("/target_on", between(first, plan.closes_on)).into_error());
    }
    Ok(())
}

/// A due day lies between the first day of the plan's year and the day the plan closes.
pub fn require_due_inside(plan: &Plan, due_on: Option<NaiveDate>, pointer: &str) -> Result<()> {
    let first = first_day(plan.year);
    match due_on {
        Some(day) if !(first..=plan.closes_on).contains(&day) => {
            let args = [("first", first.to_string()), ("last", plan.closes_on.to_string())];
            Err(DUE_OUTSIDE_PLAN.at(pointer, args).into_error())
        }
        _ => Ok(()),
    }
}

/// A plan can't be closed earlier than one of its due days.
fn require_entries_inside(conn: &mut Conn, plan: &Plan) -> Result<()> {
    let whole = Whole::of(conn, plan.id)?;
    let mut entries = whole.tasks.iter().flat_map(|task| whole.entries(task.id));
    entries.try_for_each(|entry| require_due_inside(plan, entry.due_on, "/closes_on"))
}
