//! What a revision of an issued plan does to time nodes: those that its lists now ask for are made once, those they no
//! longer ask for are cancelled when they are not past, and a later day of an entry extends its nodes under the same
//! approvals as any extension.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::issue::{nodes_owed, owing, unit_faults};
use super::requests::waivers::exclude;
use super::requests::{RequestState, cancellations, extensions, require_open};
use super::rules::Excluded;
use super::store::{self, Known, NewNode, Node};
use crate::access::Actor;
use crate::plans::revisions::{Consequences, Effects, Touched};
use crate::plans::{self, EntryId, Plan, TaskId};
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
        for known in store::known_of_task(conn, self.task)? {
            let Known { id, entry_id, unit_id, period } = known;
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
        let faults = unit_faults(conn, self.plan, owed_by.iter())?;
        if !faults.is_empty() {
            return Err(Error::invalid(faults));
        }
        let nodes = owed_by.iter().flat_map(|unit| nodes_owed(&task, &entries, unit, self.today, None));
        Ok(nodes.map(|node| ((node.entry_id, node.unit_id, node.period.clone()), node)).collect())
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

    /// A node that is still asked for: counted again where an earlier revision cancelled it, extended where its entry
    /// moved.
    fn keep(&self, conn: &mut Conn, node: &Node, asked: &NewNode, effects: &mut Effects) -> Result<()> {
        if node.facts.excluded == Some(Excluded::Cancelled) && !is_cancelled_by_request(conn, node)? {
            if node.facts.due_on >= self.today {
                exclude(conn, node, None, self.today)?;
                effects.created.push(node.birth.id.0);
            }
            return Ok(());
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
}

fn is_cancelled_by_request(conn: &mut Conn, node: &Node) -> Result<bool> {
    let asked = cancellations::of_node(conn, node.birth.id)?;
    Ok(asked.iter().any(|cancellation| cancellation.state == RequestState::Approved))
}
