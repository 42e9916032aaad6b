//! Revisions: after the issue every change of a plan or of its lists carries a reason and is numbered. A revision keeps
//! what it changed, item by item, before and after, and what it did to time nodes. The lists of any revision are those
//! of now with the later changes undone; a comparison adds the changes between two revisions up.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::actions::to_write;
use super::model::{Entry, KeyPoint, Plan, PlanStatus, Responsibility, Task};
use super::whole::Whole;
use super::{EntryId, PlanId, REASON_REQUIRED, REVISION_UNKNOWN, RevisionId, TaskId, schedules, store};
use crate::access::{AccountId, Actor};
use crate::audit::{self, subject};
use crate::platform::db::today;
use crate::platform::text::Text;
use crate::platform::{Conn, Error, Result};
use crate::word_enum;

word_enum! {
    /// What a change is about.
    ListKind {
        Plan = "plan",
        KeyPoint = "key_point",
        Task = "task",
        Responsibility = "responsibility",
        ScheduleEntry = "schedule_entry",
    }
}

/// What a revision means for time nodes. `time_nodes` knows; `plans` stands below it and asks through this trait.
pub trait Consequences: Send + Sync {
    /// Makes the nodes of these tasks what their lists now say, and gives what was done.
    fn follow(&self, conn: &mut Conn, actor: &Actor, plan: &Plan, touched: &Touched, reason: &str) -> Result<Effects>;

    /// Takes a change that becomes part of a larger revision; what does not gather says no.
    fn gather(&self, _changes: &[Change], _touched: &Touched) -> bool {
        false
    }
}

/// Many changes of an issued plan that become one revision together: handed to each change in place of what it hands
/// on to, and concluded at the end.
pub struct Together<'a> {
    nodes: &'a dyn Consequences,
    gathered: Mutex<(Vec<Change>, Touched)>,
}

impl<'a> Together<'a> {
    pub fn new(nodes: &'a dyn Consequences) -> Together<'a> {
        Together { nodes, gathered: Mutex::default() }
    }

    /// Makes one revision of all that was gathered; of a draft, or when nothing was changed, none.
    pub fn conclude(self, conn: &mut Conn, actor: &Actor, id: PlanId, reason: Option<&Text<2000>>) -> Result<()> {
        let open = to_change(conn, actor, id, reason)?;
        let (changes, touched) = self.gathered.into_inner().unwrap_or_else(PoisonError::into_inner);
        let changes: Vec<Change> = added_up(changes).into_values().filter(|change| !change.is_nothing()).collect();
        let Some(reason) = open.reason.as_ref().filter(|_| !changes.is_empty()) else { return Ok(()) };
        let (number, effects) = revise(conn, actor, self.nodes, &open.plan, reason, &touched, &changes)?;
        let details = json!({"plan_id": id, "revision": number, "reason": reason, "time_nodes": effects});
        audit::record(conn, actor, "plan.revise", subject("plan", id.0), &details)
    }
}

impl Consequences for Together<'_> {
    fn follow(&self, conn: &mut Conn, actor: &Actor, plan: &Plan, touched: &Touched, reason: &str) -> Result<Effects> {
        self.nodes.follow(conn, actor, plan, touched, reason)
    }

    fn gather(&self, changes: &[Change], touched: &Touched) -> bool {
        let mut gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        gathered.0.extend_from_slice(changes);
        for task in &touched.tasks {
            if !gathered.1.tasks.contains(task) {
                gathered.1.tasks.push(*task);
            }
        }
        gathered.1.moved.extend_from_slice(&touched.moved);
        true
    }
}

/// What changes come to, item by item: before the first of an item and after its last.
fn added_up(changes: impl IntoIterator<Item = Change>) -> BTreeMap<(ListKind, i64), Change> {
    let mut net: BTreeMap<(ListKind, i64), Change> = BTreeMap::new();
    for change in changes {
        let after = change.after.clone();
        net.entry((change.kind, change.item_id)).or_insert(change).after = after;
    }
    net
}

/// Writes the next revision of an issued plan; its number, and what it did to time nodes.
fn revise(
    conn: &mut Conn,
    actor: &Actor,
    nodes: &dyn Consequences,
    plan: &Plan,
    reason: &str,
    touched: &Touched,
    changes: &[Change],
) -> Result<(i64, Effects)> {
    let effects = nodes.follow(conn, actor, plan, touched, reason)?;
    let number = store::next_revision(conn, plan.id)?;
    let (account, today) = (actor.account()?, today(conn)?);
    store::insert_revision(conn, plan.id, number, reason, account, today, &effects, changes)?;
    Ok((number, effects))
}

/// What a change touched.
#[derive(Debug, Clone, Default)]
pub struct Touched {
    /// Tasks whose nodes may be others now.
    pub tasks: Vec<TaskId>,
    /// Entries with a node that is due later than before.
    pub moved: Vec<EntryId>,
}

/// What a revision did to time nodes, by their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Effects {
    /// Ids of the time nodes that it made, or that it counts again.
    pub created: Vec<i64>,
    /// Ids of the time nodes that it cancelled: none that was due before it.
    pub cancelled: Vec<i64>,
    /// Ids of the time nodes whose later due day it granted.
    pub extended: Vec<i64>,
    /// Ids of the time nodes whose later due day awaits a decision.
    pub requested: Vec<i64>,
}

impl Effects {
    fn add(&mut self, other: Effects) {
        self.created.extend(other.created);
        self.cancelled.extend(other.cancelled);
        self.extended.extend(other.extended);
        self.requested.extend(other.requested);
    }
}

/// One item that was added, changed or removed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    pub kind: ListKind,
    /// Id of the item among those of its kind.
    pub item_id: i64,
    /// The item before; null when it was added.
    #[schema(value_type = Option<Object>)]
    pub before: Option<Value>,
    /// The item after; null when it was removed.
    #[schema(value_type = Option<Object>)]
    pub after: Option<Value>,
}

impl Change {
    pub fn of<T: Serialize>(kind: ListKind, item_id: i64, before: Option<&T>, after: Option<&T>) -> Result<Change> {
        let json = |item: Option<&T>| item.map(serde_json::to_value).transpose().map_err(Error::internal);
        Ok(Change { kind, item_id, before: json(before)?, after: json(after)? })
    }

    /// Whether nothing but the version differs.
    fn is_nothing(&self) -> bool {
        let said = |item: &Option<Value>| {
            let mut item = item.clone();
            if let Some(fields) = item.as_mut().and_then(Value::as_object_mut) {
                fields.remove("version");
            }
            item
        };
        said(&self.before) == said(&self.after)
    }
}

/// A revision of an issued plan.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Revision {
    pub id: RevisionId,
    pub plan_id: PlanId,
    /// From 1; 0 is the plan as it was issued.
    #[schema(example = 1)]
    pub number: i64,
    pub reason: String,
    pub made_by: AccountId,
    pub made_on: NaiveDate,
    pub changes: Vec<Change>,
    pub time_nodes: Effects,
}

/// The lists of a plan as a revision left them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RevisedLists {
    /// 0: as it was issued.
    pub number: i64,
    /// The revision itself; null for 0.
    pub revision: Option<Revision>,
    pub plan: Plan,
    pub key_points: Vec<KeyPoint>,
    pub tasks: Vec<Task>,
    pub responsibilities: Vec<Responsibility>,
    pub schedule_entries: Vec<Entry>,
}

/// What lies between two revisions.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RevisionDiff {
    /// Number of the earlier revision; 0: as it was issued.
    pub from: i64,
    /// Number of the later one.
    pub to: i64,
    pub added: Vec<Change>,
    pub changed: Vec<Change>,
    pub removed: Vec<Change>,
    /// What the revisions between did to time nodes.
    pub time_nodes: Effects,
}

/// A plan that may be changed: a draft, or issued and with a reason.
#[derive(Debug, Clone)]
pub struct Open {
    pub plan: Plan,
    /// Of an issued plan.
    reason: Option<String>,
}

impl Open {
    /// Whether a change is a revision.
    pub fn is_issued(&self) -> bool {
        self.reason.is_some()
    }
}

/// A plan whose lists the actor may change now; the first line of whatever changes them.
pub fn to_change(conn: &mut Conn, actor: &Actor, id: PlanId, reason: Option<&Text<2000>>) -> Result<Open> {
    let plan = to_write(conn, actor, id)?;
    let reason = match (plan.status, reason) {
        (PlanStatus::Draft, _) => None,
        (_, Some(reason)) => Some(reason.as_str().to_owned()),
        (_, None) => return Err(REASON_REQUIRED.at("/reason", []).into_error()),
    };
    Ok(Open { plan, reason })
}

/// Ends a change: of a draft it is only recorded; of an issued plan it becomes a revision, and its time nodes follow.
#[allow(clippy::too_many_arguments, reason = "each list has its own words for the log")]
pub fn conclude(
    conn: &mut Conn,
    actor: &Actor,
    nodes: &dyn Consequences,
    open: &Open,
    action: &str,
    about: (&'static str, i64),
    what: &impl Serialize,
    changes: Vec<Change>,
    touched: Touched,
) -> Result<()> {
    let plan_id = open.plan.id;
    let about = subject(about.0, about.1);
    store::bump_plan(conn, plan_id)?;
    let Some(reason) = &open.reason else {
        return audit::record(conn, actor, action, about, &json!({"plan_id": plan_id, "to": what}));
    };
    let changes: Vec<Change> = changes.into_iter().filter(|change| !change.is_nothing()).collect();
    if changes.is_empty() {
        return audit::record(conn, actor, action, about, &json!({"plan_id": plan_id, "unchanged": true}));
    }
    if nodes.gather(&changes, &touched) {
        let details = json!({"plan_id": plan_id, "reason": reason, "to": what});
        return audit::record(conn, actor, action, about, &details);
    }
    let (number, effects) = revise(conn, actor, nodes, &open.plan, reason, &touched, &changes)?;
    let details = json!({"plan_id": plan_id, "revision": number, "reason": reason, "to": what, "time_nodes": effects});
    audit::record(conn, actor, action, about, &details)
}

/// The lists as revision `number` left them.
pub fn read_back(conn: &mut Conn, plan: Plan, number: i64) -> Result<RevisedLists> {
    let revisions = upto_now(conn, &plan, number)?;
    let revision = revisions.iter().find(|revision| revision.number == number).cloned();
    let mut items = lists_of_now(conn, &plan)?;
    for revision in revisions.iter().rev().filter(|revision| revision.number > number) {
        for change in revision.changes.iter().rev() {
            let key = (change.kind, change.item_id);
            match &change.before {
                Some(before) => items.insert(key, before.clone()),
                None => items.remove(&key),
            };
        }
    }
    let mut lists = RevisedLists {
        number,
        revision,
        plan: Plan { revision: number, ..plan },
        key_points: vec![],
        tasks: vec![],
        responsibilities: vec![],
        schedule_entries: vec![],
    };
    for ((kind, _), item) in items {
        match kind {
            ListKind::Plan => lists.plan = Plan { revision: number, ..parsed(item)? },
            ListKind::KeyPoint => lists.key_points.push(parsed(item)?),
            ListKind::Task => lists.tasks.push(parsed(item)?),
            ListKind::Responsibility => lists.responsibilities.push(parsed(item)?),
            ListKind::ScheduleEntry => lists.schedule_entries.push(parsed(item)?),
        }
    }
    lists.key_points.sort_by_key(|point| (point.position, point.id));
    let place: BTreeMap<_, _> = lists.key_points.iter().map(|point| (point.id, point.position)).collect();
    for task in &mut lists.tasks {
        // A key point may have moved since: its tasks take their codes from where it stood.
        if let Some(position) = place.get(&task.key_point_id) {
            task.code = format!("{position}.{}", task.position);
        }
    }
    lists.tasks.sort_by_key(|task| (place.get(&task.key_point_id).copied(), task.position, task.id));
    Ok(lists)
}

/// What was added, changed and removed after revision `from` up to revision `to`.
pub fn compare(conn: &mut Conn, plan: &Plan, from: i64, to: i64) -> Result<RevisionDiff> {
    let (from, to) = (from.min(to), from.max(to));
    let revisions = upto_now(conn, plan, from)?;
    if to > plan.revision {
        return Err(REVISION_UNKNOWN.with([("number", to.to_string())]));
    }
    let mut diff =
        RevisionDiff { from, to, added: vec![], changed: vec![], removed: vec![], time_nodes: Effects::default() };
    let mut changes = vec![];
    for revision in revisions.into_iter().filter(|revision| (from + 1..=to).contains(&revision.number)) {
        diff.time_nodes.add(revision.time_nodes);
        changes.extend(revision.changes);
    }
    for change in added_up(changes).into_values() {
        match (&change.before, &change.after) {
            _ if change.is_nothing() => {}
            (None, _) => diff.added.push(change),
            (_, None) => diff.removed.push(change),
            (Some(_), Some(_)) => diff.changed.push(change),
        }
    }
    Ok(diff)
}

/// Every revision of a plan, once `number` is known to be one of them (0: as issued).
fn upto_now(conn: &mut Conn, plan: &Plan, number: i64) -> Result<Vec<Revision>> {
    if plan.status == PlanStatus::Draft || !(0..=plan.revision).contains(&number) {
        return Err(REVISION_UNKNOWN.with([("number", number.to_string())]));
    }
    store::revisions_of(conn, plan.id)
}

/// The lists of a plan as they stand, item by item.
fn lists_of_now(conn: &mut Conn, plan: &Plan) -> Result<BTreeMap<(ListKind, i64), Value>> {
    let mut items = BTreeMap::new();
    let mut put = |kind: ListKind, id: i64, item: serde_json::Result<Value>| -> Result<()> {
        items.insert((kind, id), item.map_err(Error::internal)?);
        Ok(())
    };
    put(ListKind::Plan, plan.id.0, serde_json::to_value(plan))?;
    let whole = Whole::of(conn, plan.id)?;
    for key_point in &whole.key_points {
        put(ListKind::KeyPoint, key_point.id.0, serde_json::to_value(key_point))?;
    }
    for task in &whole.tasks {
        put(ListKind::Task, task.id.0, serde_json::to_value(task))?;
        for held in whole.responsibilities(task.id) {
            put(ListKind::Responsibility, held.id.0, serde_json::to_value(held))?;
        }
        for row in whole.entries(task.id) {
            put(ListKind::ScheduleEntry, row.id.0, serde_json::to_value(schedules::shown(row, task)))?;
        }
    }
    Ok(items)
}

fn parsed<T: serde::de::DeserializeOwned>(item: Value) -> Result<T> {
    serde_json::from_value(item).map_err(Error::internal)
}
