//! Many reports in one call: one evening entered once and reported on several nodes, or a month's backlog.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::model::{NewReport, OnPaper, ProgressReport, ReportKind};
use super::{AttachmentId, Evidence, reports};
use crate::access::Actor;
use crate::platform::text::Prose;
use crate::platform::web::{Each, ItemProblem, each, tally};
use crate::platform::{Conn, Result};
use crate::time_nodes::NodeId;

/// Reports to be made.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"items": [
    {"time_node_id": 1, "kind": "completion", "text": "6月29日召开支部党员大会，14人参加。", "held_on": "2020-06-29"},
    {"time_node_id": 2, "kind": "progress", "text": "已完成初稿", "percent": 60}
]}))]
pub struct ReportBatch {
    /// All or none: one wrong item refuses the whole.
    #[serde(default)]
    pub atomic: bool,
    /// At least one, at most 500.
    #[schema(value_type = Vec<ReportItem>, min_items = 1, max_items = 500)]
    pub items: Vec<Each<ReportItem>>,
}

/// A report to be made of the node that it names; its other fields are those of a single report.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"time_node_id": 1, "kind": "completion", "text": "6月29日召开支部党员大会，14人参加。"}))]
pub struct ReportItem {
    pub time_node_id: NodeId,
    pub kind: ReportKind,
    pub text: Prose,
    /// How far the thing is, in percent; only of progress.
    #[serde(default)]
    #[validate(range(min = 0, max = 100))]
    #[schema(minimum = 0, maximum = 100)]
    pub percent: Option<i64>,
    /// The day it was held, from the period's first day to the day of the report; only of completions.
    #[serde(default)]
    pub held_on: Option<NaiveDate>,
    /// Uploaded files, at most 50.
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    pub attachment_ids: Vec<AttachmentId>,
    /// Evidence kept on paper, at most 50.
    #[serde(default)]
    #[validate(nested, length(max = 50))]
    #[schema(max_items = 50)]
    pub on_paper: Vec<OnPaper>,
    /// The day that counts; by default today. An earlier one is back-dating, for the department.
    #[serde(default)]
    pub reported_on: Option<NaiveDate>,
}

impl From<&ReportItem> for NewReport {
    fn from(item: &ReportItem) -> NewReport {
        let item = item.clone();
        NewReport {
            kind: item.kind,
            text: item.text,
            percent: item.percent,
            held_on: item.held_on,
            attachment_ids: item.attachment_ids,
            on_paper: item.on_paper,
            reported_on: item.reported_on,
        }
    }
}

/// What a batch of reports came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportsMade {
    /// One an item, in their order.
    pub items: Vec<ReportOutcome>,
    /// How many reports were made.
    pub made: usize,
    /// How many items were refused.
    pub refused: usize,
}

/// What one item came to: a report or a problem.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportOutcome {
    /// The place of the item in the batch, from 0.
    pub index: usize,
    /// The HTTP status that the item would have had alone: 201, or that of its refusal.
    pub status: u16,
    /// The report, when it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<ProgressReport>,
    /// The refusal, when it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<ItemProblem>,
}

/// Reports on many nodes, each after the ordinary rules and with an audit entry of its own.
pub fn report_all(conn: &mut Conn, actor: &Actor, evidence: &Evidence, batch: &ReportBatch) -> Result<ReportsMade> {
    let outcomes = each(conn, &batch.items, batch.atomic, |conn, item: &ReportItem| {
        reports::report(conn, actor, evidence, item.time_node_id, &item.into())
    })?;
    let (made, refused) = tally(&outcomes);
    let shown = outcomes.into_iter().enumerate().map(|(index, outcome)| match outcome {
        Ok(report) => ReportOutcome { index, status: 201, report: Some(report), problem: None },
        Err(problem) => ReportOutcome {
            index,
            status: problem.code.status,
            report: None,
            problem: Some(ItemProblem::of(&problem, &actor.request)),
        },
    });
    Ok(ReportsMade { items: shown.collect(), made, refused })
}
