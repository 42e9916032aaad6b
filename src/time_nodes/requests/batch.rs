//! Many extensions in one call: an epidemic moves every meeting of the spring.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::extensions::{self, Extension, NewExtension};
use crate::access::Actor;
use crate::platform::text::Text;
use crate::platform::web::{Each, ItemProblem, each, tally};
use crate::platform::{Conn, Result};
use crate::time_nodes::NodeId;

/// Extensions to be asked for or granted.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"atomic": true, "items": [
    {"time_node_id": 1, "due_on": "2020-07-31", "reason": "疫情防控期间集中活动推迟"}
]}))]
pub struct ExtensionBatch {
    /// All or none: one wrong item refuses the whole.
    #[serde(default)]
    pub atomic: bool,
    /// At least one, at most 500.
    #[schema(value_type = Vec<ExtensionItem>, min_items = 1, max_items = 500)]
    pub items: Vec<Each<ExtensionItem>>,
}

/// A later due day of the node that it names, and why.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"time_node_id": 1, "due_on": "2020-07-31", "reason": "疫情防控期间集中活动推迟"}))]
pub struct ExtensionItem {
    pub time_node_id: NodeId,
    /// Later than the due day in force, at most the plan's `closes_on`.
    pub due_on: NaiveDate,
    pub reason: Text<2000>,
}

/// What a batch of extensions came to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExtensionsMade {
    /// One an item, in their order.
    pub items: Vec<ExtensionOutcome>,
    /// How many extensions were asked for or granted.
    pub made: usize,
    /// How many items were refused.
    pub refused: usize,
}

/// What one item came to: an extension or a problem.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExtensionOutcome {
    /// The place of the item in the batch, from 0.
    pub index: usize,
    /// The HTTP status that the item would have had alone: 201, or that of its refusal.
    pub status: u16,
    /// The extension, when it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension: Option<Extension>,
    /// The refusal, when it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<ItemProblem>,
}

/// Asks for many extensions, or grants them, each after the ordinary rules and with an audit entry of its own.
pub fn extend_all(conn: &mut Conn, actor: &Actor, batch: &ExtensionBatch) -> Result<ExtensionsMade> {
    let outcomes = each(conn, &batch.items, batch.atomic, |conn, item: &ExtensionItem| {
        let wanted = NewExtension { due_on: item.due_on, reason: item.reason.clone() };
        extensions::create(conn, actor, item.time_node_id, &wanted)
    })?;
    let (made, refused) = tally(&outcomes);
    let shown = outcomes.into_iter().enumerate().map(|(index, outcome)| match outcome {
        Ok(extension) => ExtensionOutcome { index, status: 201, extension: Some(extension), problem: None },
        Err(problem) => ExtensionOutcome {
            index,
            status: problem.code.status,
            extension: None,
            problem: Some(ItemProblem::of(&problem, &actor.request)),
        },
    });
    Ok(ExtensionsMade { items: shown.collect(), made, refused })
}
