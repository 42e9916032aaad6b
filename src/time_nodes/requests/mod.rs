//! What is asked for a node and granted or refused: extensions 延期, waivers 豁免 and not applicable 不适用,
//! cancellations. A branch requests; whoever may approve may also grant directly; nobody approves their own request.
//! Only while the node is open or returned. What awaits its decision can be withdrawn by whoever may ask for the node.
//! All are kept and listed.

pub mod batch;
pub mod cancellations;
pub mod extensions;
pub mod http;
pub mod waivers;

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::model::NodeState;
use super::rules::Phase;
use super::store::Node;
use super::{ALREADY_DECIDED, NODE_EXCLUDED, NODE_NOT_OPEN, OWN_REQUEST, REFUSAL_UNEXPLAINED, REQUEST_PENDING};
use crate::access::{AccountId, Action, Actor, Relation};
use crate::platform::Result;
use crate::platform::error::FORBIDDEN;
use crate::platform::text::Text;
use crate::units::UnitKind;
use crate::word_enum;

word_enum! {
    /// Where a request stands. One that was not decided yet can be withdrawn; of those approved, only a waiver.
    RequestState { Requested = "requested", Approved = "approved", Refused = "refused", Withdrawn = "withdrawn" }
}

word_enum! {
    /// The ruling on a request.
    Ruling { Approved = "approved", Refused = "refused" }
}

/// The ruling on a request.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"verdict": "approved"}))]
pub struct Decision {
    pub verdict: Ruling,
    /// Why; required when refused.
    #[serde(default)]
    pub reason: Option<Text<2000>>,
}

/// A reason for something.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "与三季度集中学习合并开展"}))]
pub struct Reason {
    pub reason: Text<2000>,
}

/// Refuses unless the node is open or returned and counts.
pub(super) fn require_open(node: &Node) -> Result<()> {
    if let Some(reason) = node.facts.excluded {
        return Err(NODE_EXCLUDED.with([("reason", reason.word().to_owned())]));
    }
    match node.facts.standing.phase {
        Phase::Open | Phase::Returned => Ok(()),
        Phase::Reported | Phase::Accepted => {
            Err(NODE_NOT_OPEN.with([("state", NodeState::of(&node.facts).word().to_owned())]))
        }
    }
}

/// Refuses a second request of a kind while one awaits its decision.
fn require_none_pending(node: &Node, mut states: impl Iterator<Item = RequestState>) -> Result<()> {
    if states.any(|state| state == RequestState::Requested) {
        let named = [("id", node.birth.id.to_string()), ("title", node.birth.title.clone())];
        return Err(REQUEST_PENDING.with(named));
    }
    Ok(())
}

/// Refuses to withdraw a request that was decided, or that the actor could not have made.
fn require_withdrawable(actor: &Actor, node: &Node, state: RequestState) -> Result<()> {
    actor.must(Action::Request, &node.site)?;
    if state == RequestState::Requested { Ok(()) } else { Err(ALREADY_DECIDED.err()) }
}

/// Whether an actor may grant at all what needs a leader, by the kind of the unit (domain, 1.3).
pub fn may_grant(actor: &Actor, node: &Node) -> bool {
    let action = match node.unit_kind {
        UnitKind::Committee | UnitKind::Department | UnitKind::MassOrganisation => Action::GrantStaff,
        _ => Action::Grant,
    };
    actor.may(action, &node.site)
}

/// Whether an actor may grant it at once. A leader may not for a node of their own committee: there another leader
/// decides, so theirs is a request.
fn may_grant_at_once(actor: &Actor, node: &Node) -> bool {
    may_grant(actor, node) && !actor.posts.iter().any(|post| post.relation(&node.site) == Relation::Own)
}

/// Whoever may not grant must at least be allowed to ask.
fn require_asking(actor: &Actor, node: &Node, grants: bool) -> Result<()> {
    if grants || may_grant(actor, node) { Ok(()) } else { actor.must(Action::Request, &node.site) }
}

/// Refuses a ruling that may not be given: without the right, on one's own request, twice, or refusing without words.
fn require_ruling(
    actor: &Actor,
    decision: &Decision,
    grants: bool,
    requested_by: AccountId,
    state: RequestState,
) -> Result<()> {
    if actor.account_id == Some(requested_by) {
        return Err(OWN_REQUEST.err());
    }
    if !grants {
        return Err(FORBIDDEN.err());
    }
    if state != RequestState::Requested {
        return Err(ALREADY_DECIDED.err());
    }
    if decision.verdict == Ruling::Refused && decision.reason.is_none() {
        return Err(REFUSAL_UNEXPLAINED.at("/reason", []).into_error());
    }
    Ok(())
}
