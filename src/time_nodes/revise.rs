//! What a revision of an issued plan does to time nodes: those that its lists now ask for are made once, those they no
//! longer ask for are cancelled when they are not past, and a later day of an entry extends its nodes under the same
//! approvals as any extension.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::NodeId;
use super::issue::{nodes_owed, owing, unit_faults};
use super::requests::waivers::exclude;
use super::requests::{RequestState, cancellations, extensions, require_open};
use super::rules::Excluded;
use super::store::{self, Known, NewNode, Node, StateRow};
use crate::access::Actor;
use crate::plans::revisions::{Consequences, Effects, Touched};
use crate::plans::schedules::period_nodes;
use crate::plans::{self, EntryId, Plan, PlanStatus, TaskId};
use crate::platform::db::today;
use crate::platform::{Conn, Error, Result};
use crate::units::{self, UnitId};

/// The time nodes' part of a revision.
pub struct Revise;

impl Consequences for Revise {
    fn follow(&self, conn: &mut Conn, actor: &Actor, plan: &Plan, touched: &Touched, reason: &str) -> Result<Effects> {
        let mut effects = Effects::default();
        for task in &touched.tasks {
            let revision = Revision { actor, plan, task: *task, moved: &touched.moved, reason, today: today(conn)? };
            revision.follow(conn, &mut effects)?;
        }
        Ok(effects)
    }
}

/// Which node: entry, unit, period.
type Key = (EntryId, UnitId, String);

struct Revision<'a> {
    actor: &'a Actor,
    plan: &'a Plan,
    task: TaskId,
    moved: &'a [EntryId],
    reason: &'a str,
    today: NaiveDate,
}

impl Revision<'_> {
    fn follow(&self, conn: &mut Conn, effects: &mut Effects) -> Result<()> {
        let mut wanted = self.wanted(conn)?;
        let known = store::known_of_task(conn, self.task)?;
        self.require_faultless(conn, &wanted, &known)?;
        for Known { id, entry_id, unit_id, period } in known {
            let node = store::get(conn, id)?;
            match wanted.remove(&(entry_id, unit_id, period)) {
                None => self.cancel(conn, &node, effects)?,
                Some(asked) => self.keep(conn, &node, &asked, effects)?,
            }
        }
        let new: Vec<NewNode> = wanted.into_values().collect();
        let made = store::insert_all(conn, self.plan.id, &new, self.today)?;
        effects.created.extend(made.iter().map(|id| id.0));
        Ok(())
    }

    /// The nodes that the lists of the task now ask for; none when it was removed.
    fn wanted(&self, conn: &mut Conn) -> Result<BTreeMap<Key, NewNode>> {
        let Some(task) = plans::store::find_task(conn, self.task)? else { return Ok(BTreeMap::new()) };
        let entries = plans::store::entries_of(conn, self.task)?;
        let mut owed_by = Vec::new();
        for unit in owing(&plans::store::responsibilities_of(conn, self.task)?) {
            owed_by.push(units::store::get(conn, unit)?);
        }
        let nodes = owed_by.iter().flat_map(|unit| nodes_owed(&task, &entries, unit, self.today, None));
        Ok(nodes.map(|node| ((node.entry_id, node.unit_id, node.period.clone()), node)).collect())
    }

    /// Refuses a node that a unit can't owe. A unit that has moved away since it was named keeps what it has, and does not
    /// stand in the way of what is changed for the others.
    fn require_faultless(&self, conn: &mut Conn, wanted: &BTreeMap<Key, NewNode>, known: &[Known]) -> Result<()> {
        let is_known =
            |key: &Key| known.iter().any(|node| (node.entry_id, node.unit_id, &node.period) == (key.0, key.1, &key.2));
        let has_none = |unit: &UnitId| known.iter().all(|node| node.unit_id != *unit);
        let owing = owing(&plans::store::responsibilities_of(conn, self.task)?);
        let mut asked: BTreeSet<UnitId> = owing.into_iter().filter(has_none).collect();
        asked.extend(wanted.keys().filter(|key| !is_known(key)).map(|key| key.1));
        let mut units = Vec::new();
        for unit in asked {
            units.push(units::store::get(conn, unit)?);
        }
        let faults = unit_faults(conn, self.plan, units.iter())?;
        if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
    }

    /// A node that is not asked for any more: cancelled unless it is past, or does not count anyway. What was reported
    /// is judged first, and what is done stays done.
    fn cancel(&self, conn: &mut Conn, node: &Node, effects: &mut Effects) -> Result<()> {
        if node.facts.due_on < self.today || require_open(node).is_err() {
            return Ok(());
        }
        exclude(conn, node, Some((Excluded::Cancelled, self.actor.account()?)), self.today)?;
        effects.cancelled.push(node.birth.id.0);
        Ok(())
    }

    /// A node that is still asked for: counted again where an earlier revision cancelled it or where its entry moved
    /// to a day that is not past, extended where its entry moved.
    fn keep(&self, conn: &mut Conn, node: &Node, asked: &NewNode, effects: &mut Effects) -> Result<()> {
        let is_uncounted = match node.facts.excluded {
            Some(Excluded::Cancelled) => !is_cancelled_by_request(conn, node)?,
            Some(Excluded::BeforeIssue) => self.moved.contains(&node.entry_id),
            _ => false,
        };
        if is_uncounted {
            return self.count_again(conn, node, asked, effects);
        }
        let later = self.moved.contains(&node.entry_id) && asked.due_on > node.facts.due_on;
        if !later || require_open(node).is_err() {
            return Ok(());
        }
        let made = extensions::by_revision(conn, self.actor, node, asked.due_on, self.reason)?;
        let list = if made.state == RequestState::Approved { &mut effects.extended } else { &mut effects.requested };
        list.push(node.birth.id.0);
        Ok(())
    }

    /// Counts a node from today on, on the day that its entry has by now. It was not owed meanwhile, so a later day
    /// takes nobody's approval.
    fn count_again(&self, conn: &mut Conn, node: &Node, asked: &NewNode, effects: &mut Effects) -> Result<()> {
        let due_on = node.facts.due_on.max(asked.due_on);
        if due_on < self.today {
            return Ok(());
        }
        let late_after = node.facts.late_after.max(asked.late_after);
        let state = StateRow { due_on, late_after, excluded: None, approved_by: None, ..node.state.clone() };
        store::supersede_state(conn, &state, self.today)?;
        effects.created.push(node.birth.id.0);
        Ok(())
    }
}

/// Why a node that waits for a report, and counts by its own, does not count any more: what a revision or the close would
/// have made of it, had it waited then.
pub(super) fn why_let_go(conn: &mut Conn, node: &Node, today: NaiveDate) -> Result<Option<Excluded>> {
    let due_on = node.facts.due_on;
    let is_closed = plans::store::get_plan(conn, node.birth.plan_id)?.status == PlanStatus::Closed;
    Ok(if due_on >= today && !is_asked_for(conn, node)? {
        Some(Excluded::Cancelled)
    } else if due_on > today && is_closed {
        Some(Excluded::PlanClosed)
    } else {
        None
    })
}

/// What was reported when a revision removed it, or the close met it before it was due, is judged first. When it then
/// waits for a report again, that takes effect: nobody is asked for what the lists no longer hold.
pub fn let_go(conn: &mut Conn, node_id: NodeId, today: NaiveDate) -> Result<()> {
    let node = store::get(conn, node_id)?;
    if require_open(&node).is_err() {
        return Ok(());
    }
    let Some(reason) = why_let_go(conn, &node, today)? else { return Ok(()) };
    let state = StateRow { excluded: Some(reason), approved_by: None, ..node.state.clone() };
    store::supersede_state(conn, &state, today)
}

/// Whether the lists in force still ask for a node.
fn is_asked_for(conn: &mut Conn, node: &Node) -> Result<bool> {
    let task = node.birth.task_id;
    let owed = owing(&plans::store::responsibilities_of(conn, task)?).contains(&node.birth.unit_id);
    let entries = plans::store::entries_of(conn, task)?;
    let entry = entries.iter().find(|entry| entry.id == node.entry_id);
    let has_period = entry.is_some_and(|entry| period_nodes(entry).iter().any(|made| made.period == node.birth.period));
    Ok(owed && has_period)
}

fn is_cancelled_by_request(conn: &mut Conn, node: &Node) -> Result<bool> {
    let asked = cancellations::of_node(conn, node.birth.id)?;
    Ok(asked.iter().any(|cancellation| cancellation.state == RequestState::Approved))
}
