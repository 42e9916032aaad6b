//! Time nodes as they are shown, and the issue of a plan.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::NodeId;
use super::rules::{Excluded, Judged, Light, NodeFacts, Phase, Verdict};
use crate::plans::rules::shown_period;
use crate::plans::{Plan, PlanId, TaskId};
use crate::units::UnitId;
use crate::word_enum;

word_enum! {
    /// Where a node stands, whatever the day.
    NodeState {
        Open = "open",
        Reported = "reported",
        Returned = "returned",
        Accepted = "accepted",
        Waived = "waived",
        NotApplicable = "not_applicable",
        Cancelled = "cancelled",
    }
}

impl NodeState {
    pub fn of(facts: &NodeFacts) -> NodeState {
        match (facts.excluded, facts.standing.phase) {
            (Some(Excluded::Waived), _) => NodeState::Waived,
            (Some(Excluded::NotApplicable), _) => NodeState::NotApplicable,
            (Some(Excluded::Cancelled | Excluded::PlanClosed), _) => NodeState::Cancelled,
            (_, Phase::Open) => NodeState::Open,
            (_, Phase::Reported) => NodeState::Reported,
            (_, Phase::Returned) => NodeState::Returned,
            (_, Phase::Accepted) => NodeState::Accepted,
        }
    }
}

/// A time node 时间节点 on a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TimeNode {
    pub id: NodeId,
    pub plan_id: PlanId,
    pub task_id: TaskId,
    /// The unit that owes it.
    pub unit_id: UnitId,
    #[schema(example = "修订标准化作业程序")]
    pub title: String,
    /// `2020-06`, `2020-Q2`, `2020-H1` or `2020`; null for a dated entry.
    pub period: Option<String>,
    /// The due day in force.
    pub due_on: NaiveDate,
    /// The due day it was born with.
    pub original_due_on: NaiveDate,
    /// The last day that is on time.
    pub late_after: NaiveDate,
    pub state: NodeState,
    pub verdict: Verdict,
    /// Why it is excluded; null when it is not.
    pub excluded_reason: Option<Excluded>,
    pub light: Light,
    /// Awaiting review, and reported after `late_after`.
    pub reported_late: bool,
    /// Returned and not reported again.
    pub returned: bool,
    /// The day that counts for its acceptance; null until accepted.
    pub met_on: Option<NaiveDate>,
    /// Accepted completions that meet it, from 1.
    pub times: i64,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// A node as it was born.
#[derive(Debug, Clone)]
pub struct NodeBirth {
    pub id: NodeId,
    pub plan_id: PlanId,
    pub task_id: TaskId,
    pub unit_id: UnitId,
    pub title: String,
    pub period: String,
    pub due_on: NaiveDate,
    pub times: i64,
    pub version: i64,
}

impl TimeNode {
    pub fn shown(birth: NodeBirth, facts: &NodeFacts, judged: &Judged) -> TimeNode {
        TimeNode {
            id: birth.id,
            plan_id: birth.plan_id,
            task_id: birth.task_id,
            unit_id: birth.unit_id,
            title: birth.title,
            period: shown_period(&birth.period),
            due_on: facts.due_on,
            original_due_on: birth.due_on,
            late_after: facts.late_after,
            state: NodeState::of(facts),
            verdict: judged.verdict,
            excluded_reason: judged.reason,
            light: judged.light,
            reported_late: judged.reported_late,
            returned: judged.returned,
            met_on: facts.standing.met_on.filter(|_| facts.standing.phase == Phase::Accepted),
            times: birth.times,
            version: birth.version,
        }
    }
}

/// How to issue a plan.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"dry_run": true}))]
pub struct Issue {
    /// The day it is issued on; by default today. An earlier day is back-dating.
    #[serde(default)]
    pub issued_on: Option<NaiveDate>,
    /// Only say what would happen.
    #[serde(default)]
    pub dry_run: bool,
    /// Ids of tasks whose nodes due before the issue are owed all the same 补录, until ten days after it.
    #[serde(default)]
    #[validate(length(max = 1000))]
    #[schema(max_items = 1000)]
    pub backfill: Vec<TaskId>,
}

/// An issued plan, or what issuing would do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Issued {
    #[serde(flatten)]
    pub plan: Plan,
    /// How many time nodes the issue made or would make.
    pub time_nodes_created: i64,
    /// In a dry run: who will owe what, when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_nodes: Option<Vec<PlannedNode>>,
}

/// A node that issuing would make.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlannedNode {
    pub task_id: TaskId,
    pub unit_id: UnitId,
    pub title: String,
    pub due_on: NaiveDate,
    /// The last day that is on time.
    pub late_after: NaiveDate,
    /// `before_issue` when it would be born excluded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excluded: Option<Excluded>,
}
