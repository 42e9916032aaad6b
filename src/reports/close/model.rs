//! The close of a plan, and what it leaves behind.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::plans::rules::shown_period;
use crate::plans::{Plan, PlanId, TaskId};
use crate::platform::text::Text;
use crate::time_nodes::closing::PlanNode;
use crate::time_nodes::rules::judge;
use crate::time_nodes::{NodeId, Verdict};
use crate::units::UnitId;

/// The close of a plan.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"open": [{"time_node_id": 17, "carry_over": true}, {"time_node_id": 18, "carry_over": false, "reason": "与第一季度党课合并"}]}))]
pub struct CloseInput {
    /// Why it is closed; required before its year has ended.
    #[serde(default)]
    pub reason: Option<Text<2000>>,
    /// What becomes of each node that is open and past due; every one must be named.
    #[serde(default)]
    #[validate(nested, length(max = 10000))]
    pub open: Vec<Settlement>,
    /// Only say what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

/// What becomes of a node that is open and past due.
#[derive(Debug, Clone, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"time_node_id": 17, "carry_over": true}))]
pub struct Settlement {
    pub time_node_id: NodeId,
    /// Carry it over into the draft of the unit's next plan; otherwise it is left with a reason.
    pub carry_over: bool,
    /// Required when it is not carried over.
    #[serde(default)]
    pub reason: Option<Text<2000>>,
}

/// A node at the close of its plan.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ClosingNode {
    pub time_node_id: NodeId,
    pub task_id: TaskId,
    pub unit_id: UnitId,
    /// Name of the unit.
    pub unit_name: String,
    pub title: String,
    /// `2020-06`, `2020-Q2`, `2020-H1` or `2020`; null for a date and where the period has no name.
    pub period: Option<String>,
    /// The due day in force.
    pub due_on: NaiveDate,
    /// The verdict of the day, before the close.
    pub verdict: Verdict,
    /// The task of the next plan that carries it on.
    pub to_task_id: Option<TaskId>,
    /// Why it was left, or what was said when it was carried over.
    pub reason: Option<String>,
}

impl ClosingNode {
    pub(super) fn of(node: &PlanNode, today: NaiveDate) -> ClosingNode {
        ClosingNode {
            time_node_id: node.id,
            task_id: node.task_id,
            unit_id: node.unit_id,
            unit_name: node.unit_name.clone(),
            title: node.title.clone(),
            period: shown_period(&node.period),
            due_on: node.facts.due_on,
            verdict: judge(&node.facts, today).verdict,
            to_task_id: None,
            reason: None,
        }
    }

    pub(super) fn settled(
        self,
        settled: &HashMap<NodeId, &Settlement>,
        carried: &HashMap<NodeId, TaskId>,
    ) -> ClosingNode {
        let reason = settled.get(&self.time_node_id).and_then(|said| said.reason.as_ref());
        ClosingNode {
            to_task_id: carried.get(&self.time_node_id).copied(),
            reason: reason.map(|reason| reason.as_str().to_owned()),
            ..self
        }
    }
}

/// A closed plan, or what closing would do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Closed {
    #[serde(flatten)]
    pub plan: Plan,
    /// Nodes not yet due, which are cancelled. One whose report awaits its review is not.
    pub cancelled: Vec<ClosingNode>,
    /// Nodes that are open and past due; they stay owed.
    pub open: Vec<ClosingNode>,
    /// The day of the pinned year report; null in a dry run.
    pub year_report_as_of: Option<NaiveDate>,
}

/// What became of a node that was open and past due when its plan was closed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CarryOver {
    pub time_node_id: NodeId,
    /// The closed plan.
    pub plan_id: PlanId,
    /// The task of the closed plan.
    pub task_id: TaskId,
    /// The unit that owes it.
    pub unit_id: UnitId,
    /// The plan it was carried over into; null when it was left.
    pub to_plan_id: Option<PlanId>,
    /// The task that carries it on.
    pub to_task_id: Option<TaskId>,
    pub reason: Option<String>,
}
