//! Closing a plan 关闭: its lists and due days are frozen, nodes not yet due are cancelled, the year report is pinned
//! as it reads then, and whatever is open and past due is settled one by one: carried over 结转 into the draft of the
//! next year, or left with a reason. It stays owed all the same; late reports and their reviews go on.
//!
//! A plan is closed by who writes it. Before its year has ended, only with a reason; afterwards at any time, also before
//! `closes_on`.

pub mod http;
pub mod model;
pub mod store;

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use serde_json::json;

pub use model::{CloseInput, Closed, ClosingNode, Settlement};

use super::actions::{Asked, compliance_to_pin};
use super::model::GroupBy;
use super::{
    CLOSE_UNEXPLAINED, LEFT_UNEXPLAINED, NO_NEXT_DRAFT, NODE_NAMED_TWICE, NODE_NOT_OPEN_HERE, NODE_NOT_SETTLED,
    OPEN_NOT_SETTLED, PLAN_NOT_ISSUED,
};
use crate::access::Actor;
use crate::audit::{self, subject};
use crate::plans::actions::to_write;
use crate::plans::rules::last_day;
use crate::plans::{self, EntryId, Plan, PlanId, PlanStatus, TaskId};
use crate::platform::db::today;
use crate::platform::error::Problem;
use crate::platform::text::Text;
use crate::platform::{Conn, Error, Fault, Result};
use crate::time_nodes::NodeId;
use crate::time_nodes::closing::{PlanNode, cancel, of_plan};
use crate::time_nodes::rules::{AtClose, at_close};

/// Closes a plan, or says in a dry run what closing would do.
pub fn close(conn: &mut Conn, actor: &Actor, id: PlanId, input: &CloseInput) -> Result<Closed> {
    let mut plan = to_write(conn, actor, id)?;
    actor.request.if_match.check(plan.version)?;
    if plan.status != PlanStatus::Issued {
        return Err(PLAN_NOT_ISSUED.err());
    }
    let today = today(conn)?;
    let nodes = of_plan(conn, id)?;
    let at = |wanted: AtClose| nodes.iter().filter(|node| at_close(&node.facts, today) == wanted).collect::<Vec<_>>();
    let (cancelled, open) = (at(AtClose::Cancelled), at(AtClose::Open));
    let listed = |nodes: &[&PlanNode]| nodes.iter().map(|node| ClosingNode::of(node, today)).collect::<Vec<_>>();
    let (cancelled_nodes, open_nodes) = (listed(&cancelled), listed(&open));
    if input.dry_run {
        return Ok(Closed { plan, cancelled: cancelled_nodes, open: open_nodes, year_report_as_of: None });
    }
    let last = last_day(plan.year);
    if today <= last && input.reason.is_none() {
        return Err(CLOSE_UNEXPLAINED.at("/reason", [("last", last.to_string())]).into_error());
    }
    let settled = settle(conn, &plan, &open, &input.open)?;
    cancel(conn, &cancelled, actor.account_id, today)?;
    plan.status = PlanStatus::Closed;
    plans::store::supersede_plan(conn, &plan, today)?;
    plans::store::bump_plan(conn, id)?;
    let carried = carry_over(conn, &plan, &open, &settled, today)?;
    pin(conn, actor, &plan, today)?;
    let ids = |nodes: &[&PlanNode]| nodes.iter().map(|node| node.id).collect::<Vec<_>>();
    let details = json!({"reason": input.reason, "cancelled": ids(&cancelled), "open": settled_details(&open, &settled, &carried)});
    audit::record(conn, actor, "plan.close", subject("plan", id.0), &details)?;
    let open = open_nodes.into_iter().map(|node| node.settled(&settled, &carried)).collect();
    let plan = plans::store::get_plan(conn, id)?;
    Ok(Closed { plan, cancelled: cancelled_nodes, open, year_report_as_of: Some(today) })
}

/// What was said of each open node; refused unless each is named once, with what it needs.
fn settle<'a>(
    conn: &mut Conn,
    plan: &Plan,
    open: &[&PlanNode],
    said: &'a [Settlement],
) -> Result<HashMap<NodeId, &'a Settlement>> {
    let mut faults = Vec::new();
    let mut settled = HashMap::new();
    let has_draft = plans::carry::next_draft(conn, plan)?.is_some();
    for (index, settlement) in said.iter().enumerate() {
        let id = settlement.time_node_id;
        let (at, named) = (format!("/open/{index}"), [("id", id.to_string())]);
        if !open.iter().any(|node| node.id == id) {
            faults.push(NODE_NOT_OPEN_HERE.at(format!("{at}/time_node_id"), named));
        } else if settled.insert(id, settlement).is_some() {
            faults.push(NODE_NAMED_TWICE.at(format!("{at}/time_node_id"), named));
        } else if !settlement.carry_over && settlement.reason.is_none() {
            faults.push(LEFT_UNEXPLAINED.at(format!("{at}/reason"), named));
        } else if settlement.carry_over && !has_draft {
            let year = [("year", (plan.year + 1).to_string())];
            faults.push(NO_NEXT_DRAFT.at(format!("{at}/carry_over"), year));
        }
    }
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let missing: Vec<Fault> =
        open.iter().filter(|node| !settled.contains_key(&node.id)).map(|node| not_settled(node)).collect();
    if missing.is_empty() { Ok(settled) } else { Err(open_not_settled(missing)) }
}

fn not_settled(node: &PlanNode) -> Fault {
    let args = [
        ("id", node.id.to_string()),
        ("title", node.title.clone()),
        ("unit", node.unit_name.clone()),
        ("due_on", node.facts.due_on.to_string()),
    ];
    NODE_NOT_SETTLED.at("/open", args)
}

fn open_not_settled(faults: Vec<Fault>) -> Error {
    let args = vec![("count", faults.len().to_string())];
    Error::Problem(Box::new(Problem { code: &OPEN_NOT_SETTLED, args, faults, retry_after: None, allow: None }))
}

/// Makes the tasks that carry on what is carried over and records how each open node was settled. What several units
/// still owe of one entry and period becomes one task with all of them responsible.
fn carry_over(
    conn: &mut Conn,
    plan: &Plan,
    open: &[&PlanNode],
    settled: &HashMap<NodeId, &Settlement>,
    today: NaiveDate,
) -> Result<HashMap<NodeId, TaskId>> {
    let next = plans::carry::next_draft(conn, plan)?;
    let carries = |node: &PlanNode| settled.get(&node.id).is_some_and(|settlement| settlement.carry_over);
    let mut obligations: BTreeMap<(TaskId, EntryId, &str), Vec<&PlanNode>> = BTreeMap::new();
    for node in open.iter().filter(|node| carries(node)) {
        obligations.entry((node.task_id, node.entry_id, &node.period)).or_default().push(node);
    }
    let mut made = HashMap::new();
    for ((task, _, _), nodes) in obligations {
        let next = next.as_ref().ok_or_else(|| Error::internal("the next plan went away"))?;
        // A task that was removed still owes what was due before.
        let origin = plans::store::last_task(conn, task)?;
        let title = nodes.first().map_or(origin.0.title.as_str(), |node| node.title.as_str());
        let units: Vec<_> = nodes.iter().map(|node| node.unit_id).collect();
        let task = plans::carry::add(conn, next, &origin, title, &units, today)?;
        made.extend(nodes.iter().map(|node| (node.id, task)));
    }
    for node in open {
        let to = made.get(&node.id).copied();
        let to = to.and_then(|task| next.as_ref().map(|next| (next.id, task)));
        let reason = settled.get(&node.id).and_then(|settlement| settlement.reason.as_ref()).map(Text::as_str);
        store::insert_carry_over(conn, node.id, plan.id, to, reason)?;
    }
    Ok(made)
}

/// Keeps the year report of the plan's unit as it reads at this moment.
fn pin(conn: &mut Conn, actor: &Actor, plan: &Plan, today: NaiveDate) -> Result<()> {
    let asked = Asked { year: Some(plan.year), unit_id: Some(plan.unit_id), as_of: Some(today), restated: false };
    let report = compliance_to_pin(conn, actor, asked, Some(GroupBy::Unit))?;
    let body = serde_json::to_string(&report).map_err(Error::internal)?;
    store::pin(conn, plan.id, today, &body)
}

fn settled_details(
    open: &[&PlanNode],
    settled: &HashMap<NodeId, &Settlement>,
    carried: &HashMap<NodeId, TaskId>,
) -> Vec<serde_json::Value> {
    let one = |node: &&PlanNode| {
        let reason = settled.get(&node.id).and_then(|settlement| settlement.reason.as_ref());
        json!({"time_node_id": node.id, "to_task_id": carried.get(&node.id), "reason": reason})
    };
    open.iter().map(one).collect()
}
