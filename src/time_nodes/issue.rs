//! Issuing a plan 下达: its lists become time nodes. A dry run says who will owe what, when, and changes nothing.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::json;

use super::model::{Issue, Issued, PlannedNode};
use super::rules::{Excluded, late_after};
use super::store::{self, NewNode};
use super::{
    ALREADY_ISSUED, BACKFILL_UNKNOWN, NOBODY_OWES, NOBODY_REVIEWS, NOT_SCHEDULED, NOTHING_TO_ISSUE, SUPERIOR_OWES,
};
use crate::access::{AccountId, Action, Actor, Post};
use crate::accounts;
use crate::audit::{self, subject};
use crate::plans::actions::{site_of, to_write};
use crate::plans::model::{Part, Responsibility, Task};
use crate::plans::rules::who_owes;
use crate::plans::schedules::nodes_of;
use crate::plans::store::EntryRow;
use crate::plans::whole::Whole;
use crate::plans::{self, Plan, PlanId, PlanStatus, UNIT_OUTSIDE_PLAN};
use crate::platform::days::by_today;
use crate::platform::db::today;
use crate::platform::error::FORBIDDEN;
use crate::platform::{Code, Conn, Error, Fault, Result};
use crate::settings;
use crate::units::rules::{is_within, lives_on};
use crate::units::{self, UnitFacts, UnitId, UnitKind};

/// Issues a plan, or says in a dry run what issuing would do.
pub fn issue(conn: &mut Conn, actor: &Actor, id: PlanId, input: &Issue) -> Result<Issued> {
    let mut plan = to_write(conn, actor, id)?;
    actor.request.if_match.check(plan.version)?;
    if let Some(on) = plan.issued_on {
        return Err(ALREADY_ISSUED.with([("on", on.to_string())]));
    }
    let today = today(conn)?;
    let issued_on = issue_day(conn, actor, &plan, input, today)?;
    let nodes = births(conn, &plan, issued_on, input)?;
    let time_nodes_created = i64::try_from(nodes.len()).map_err(Error::internal)?;
    if input.dry_run {
        let time_nodes = Some(nodes.into_iter().map(planned).collect());
        return Ok(Issued { plan, time_nodes_created, time_nodes });
    }
    plan.status = PlanStatus::Issued;
    plan.issued_on = Some(issued_on);
    plans::store::supersede_plan(conn, &plan, today)?;
    plans::store::bump_plan(conn, id)?;
    store::insert_all(conn, id, &nodes, today)?;
    let details = json!({"issued_on": issued_on, "time_nodes": time_nodes_created, "backfill": input.backfill,
        "back_dated": issued_on < today});
    audit::record(conn, actor, "plan.issue", subject("plan", id.0), &details)?;
    Ok(Issued { plan: plans::store::get_plan(conn, id)?, time_nodes_created, time_nodes: None })
}

fn planned(node: NewNode) -> PlannedNode {
    PlannedNode {
        task_id: node.task_id,
        unit_id: node.unit_id,
        title: node.title,
        due_on: node.due_on,
        late_after: node.late_after,
        excluded: node.excluded,
    }
}

fn issue_day(conn: &mut Conn, actor: &Actor, plan: &Plan, input: &Issue, today: NaiveDate) -> Result<NaiveDate> {
    let issued_on = by_today(input.issued_on, today, "/issued_on")?;
    if issued_on < today && !actor.may(Action::BackDate, &site_of(conn, plan)?) {
        return Err(FORBIDDEN.err());
    }
    Ok(issued_on)
}

/// Every node the plan would make; refuses when one of its tasks could not be lived with, naming them all.
fn births(conn: &mut Conn, plan: &Plan, issued_on: NaiveDate, input: &Issue) -> Result<Vec<NewNode>> {
    let whole = Whole::of(conn, plan.id)?;
    if whole.tasks.is_empty() {
        return Err(NOTHING_TO_ISSUE.err());
    }
    if let Some(unknown) = input.backfill.iter().find(|id| !whole.tasks.iter().any(|task| task.id == **id)) {
        return Err(BACKFILL_UNKNOWN.at("/backfill", [("id", unknown.to_string())]).into_error());
    }
    let backfill_days = settings::store::now(conn)?.backfill_days;
    let mut faults = Vec::new();
    let mut owing_units: BTreeMap<UnitId, UnitFacts> = BTreeMap::new();
    let mut nodes = Vec::new();
    for task in &whole.tasks {
        let (owing, entries) = (owing(whole.responsibilities(task.id)), whole.entries(task.id));
        if owing.is_empty() {
            faults.push(task_fault(&NOBODY_OWES, task));
        }
        if entries.is_empty() {
            faults.push(task_fault(&NOT_SCHEDULED, task));
        }
        let backfilled = input.backfill.contains(&task.id).then_some((issued_on, backfill_days));
        for unit_id in owing {
            if let std::collections::btree_map::Entry::Vacant(vacant) = owing_units.entry(unit_id) {
                vacant.insert(units::store::get(conn, unit_id)?);
            }
            if let Some(unit) = owing_units.get(&unit_id) {
                nodes.extend(nodes_owed(task, entries, unit, issued_on, backfilled));
            }
        }
    }
    faults.extend(unit_faults(conn, plan, owing_units.values())?);
    if faults.is_empty() { Ok(nodes) } else { Err(Error::invalid(faults)) }
}

/// The nodes of a task that a unit owes, when they are made on `made_on`; backfilled, those due before have
/// so many days from a day. A recurring period is owed if the unit stood
/// when it began, a dated entry if it stands on the due day.
pub(super) fn nodes_owed(
    task: &Task,
    entries: &[EntryRow],
    unit: &UnitFacts,
    made_on: NaiveDate,
    backfilled: Option<(NaiveDate, i64)>,
) -> Vec<NewNode> {
    let of_entry = |entry: &EntryRow| {
        let lives = |day| lives_on(unit.established_on, unit.dissolved_on, day);
        let owed = nodes_of(entry, &task.title).into_iter().filter(|(key, _)| lives(key.from.unwrap_or(key.due_on)));
        let made = owed.map(|(key, shown)| {
            let early = key.due_on < made_on;
            NewNode {
                plan_id: task.plan_id,
                task_id: task.id,
                entry_id: entry.id,
                unit_id: unit.unit_id,
                late_after: late_after(key.due_on, entry.grace_days, backfilled.filter(|_| early)),
                period: key.period,
                period_from: key.from,
                title: shown.title,
                due_on: key.due_on,
                times: entry.times,
                excluded: (early && backfilled.is_none()).then_some(Excluded::BeforeIssue),
            }
        });
        made.collect::<Vec<_>>()
    };
    entries.iter().flat_map(of_entry).collect()
}

/// The units that owe a task of these responsibilities.
pub(super) fn owing(held: &[Responsibility]) -> Vec<UnitId> {
    let parts: Vec<(UnitId, Part)> = held.iter().map(|held| (held.unit_id, held.part)).collect();
    who_owes(&parts)
}

fn task_fault(code: &'static Code, task: &Task) -> Fault {
    code.at(format!("/tasks/{}", task.id), [("code", task.code.clone()), ("title", task.title.clone())])
}

/// Units that can't owe, or whose reports nobody could review.
pub(super) fn unit_faults<'a>(
    conn: &mut Conn,
    plan: &Plan,
    units: impl Iterator<Item = &'a UnitFacts>,
) -> Result<Vec<Fault>> {
    let (top, today) = (site_of(conn, plan)?, today(conn)?);
    let posts = accounts::store::all_posts(conn, today)?;
    let signing = settings::store::now(conn)?.signing();
    let mut faults = Vec::new();
    for unit in units {
        let named = [("unit", unit.name.clone())];
        let at = format!("/units/{}", unit.unit_id);
        if unit.kind == UnitKind::Superior {
            faults.push(SUPERIOR_OWES.at(at, named));
        } else if !is_within(&unit.path, &top.path) {
            // It was below when it was named, and has moved since.
            faults.push(UNIT_OUTSIDE_PLAN.at(at, named));
        } else if !can_be_reviewed(&posts, unit, signing) {
            faults.push(NOBODY_REVIEWS.at(at, named));
        }
    }
    Ok(faults)
}

/// The action that guards the review of a completion, by the kind of the unit that reports (domain, 1.3).
pub fn review_action(kind: UnitKind) -> Action {
    match kind {
        UnitKind::Department | UnitKind::MassOrganisation => Action::ReviewStaff,
        UnitKind::Committee => Action::ReviewCommittee,
        _ => Action::Review,
    }
}

/// Whether somebody could review what somebody else at the unit signs; `signing` are the actions that allow signing.
fn can_be_reviewed(posts: &[(AccountId, Post)], unit: &UnitFacts, signing: &[Action]) -> bool {
    let site = unit.site();
    let who = |action| posts.iter().filter(move |(_, post)| post.may(action, &site)).map(|(account, _)| *account);
    let signers: Vec<AccountId> = signing.iter().flat_map(|action| who.clone()(*action)).collect();
    let mut reviewers = who(review_action(unit.kind));
    reviewers.any(|reviewer| signers.is_empty() || signers.iter().any(|signer| *signer != reviewer))
}
