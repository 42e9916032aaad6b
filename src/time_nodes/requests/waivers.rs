//! Waivers 豁免 and findings that a node is not applicable 不适用. Granted by a leader; a waiver can be withdrawn with a
//! reason, and from then the node is judged by its own dates.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Decision, Reason, RequestState, Ruling, may_grant, may_grant_at_once, require_asking, require_none_pending,
    require_open, require_ruling, require_withdrawable,
};
use crate::access::{AccountId, Actor};
use crate::audit::{self, subject};
use crate::platform::db::today;
use crate::platform::error::FORBIDDEN;
use crate::platform::text::Text;
use crate::platform::{Conn, Result};
use crate::schema::waivers;
use crate::time_nodes::revise::why_let_go;
use crate::time_nodes::store::{self, Node, StateRow};
use crate::time_nodes::{Excluded, NOT_WAIVED, NodeId, WaiverId};
use crate::word_enum;

word_enum! {
    /// Why a node need not be done.
    WaiverKind { Waived = "waived", NotApplicable = "not_applicable" }
}

/// A waiver, asked for or granted.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = waivers)]
pub struct Waiver {
    pub id: WaiverId,
    pub node_id: NodeId,
    pub kind: WaiverKind,
    pub reason: String,
    pub state: RequestState,
    pub requested_by: AccountId,
    pub requested_on: NaiveDate,
    pub decided_by: Option<AccountId>,
    pub decided_on: Option<NaiveDate>,
    pub decision_reason: Option<String>,
    pub withdrawn_by: Option<AccountId>,
    pub withdrawn_on: Option<NaiveDate>,
    pub withdrawal_reason: Option<String>,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// Why a node need not be done.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "支部无发展党员计划", "kind": "not_applicable"}))]
pub struct NewWaiver {
    pub reason: Text<2000>,
    pub kind: WaiverKind,
}

/// Asks for a waiver, or grants it at once where the actor may.
pub fn create(conn: &mut Conn, actor: &Actor, node_id: NodeId, input: &NewWaiver) -> Result<Waiver> {
    let node = store::get(conn, node_id)?;
    let grants = may_grant_at_once(actor, &node);
    require_asking(actor, &node, grants)?;
    actor.request.if_match.check(node.birth.version)?;
    require_open(&node)?;
    require_none_pending(&node, of_node(conn, node_id)?.iter().map(|asked| asked.state))?;
    let (today, account) = (today(conn)?, actor.account()?);
    let values = (
        waivers::node_id.eq(node_id),
        waivers::kind.eq(input.kind),
        waivers::reason.eq(input.reason.as_str()),
        waivers::state.eq(if grants { RequestState::Approved } else { RequestState::Requested }),
        waivers::requested_by.eq(account),
        waivers::requested_on.eq(today),
        waivers::decided_by.eq(grants.then_some(account)),
        waivers::decided_on.eq(grants.then_some(today)),
        waivers::version.eq(1),
    );
    let id: i64 = diesel::insert_into(waivers::table).values(values).returning(waivers::id).get_result(conn)?;
    let made = get(conn, WaiverId(id))?;
    if grants {
        exclude(conn, &node, Some((excluded(input.kind), account)), today)?;
    }
    audit::record(conn, actor, "waiver.create", subject("waiver", id), &made)?;
    Ok(made)
}

/// Rules on a request.
pub fn decide(conn: &mut Conn, actor: &Actor, id: WaiverId, decision: &Decision) -> Result<Waiver> {
    let asked = get(conn, id)?;
    let node = store::get(conn, asked.node_id)?;
    require_ruling(actor, decision, may_grant(actor, &node), asked.requested_by, asked.state)?;
    actor.request.if_match.check(asked.version)?;
    let (today, account) = (today(conn)?, actor.account()?);
    let approved = decision.verdict == Ruling::Approved;
    if approved {
        require_open(&node)?;
        exclude(conn, &node, Some((excluded(asked.kind), account)), today)?;
    }
    diesel::update(waivers::table.filter(waivers::id.eq(id.0)))
        .set((
            waivers::state.eq(if approved { RequestState::Approved } else { RequestState::Refused }),
            waivers::decided_by.eq(account),
            waivers::decided_on.eq(today),
            waivers::decision_reason.eq(decision.reason.as_ref().map(Text::as_str)),
            waivers::version.eq(waivers::version + 1),
        ))
        .execute(conn)?;
    let decided = get(conn, id)?;
    audit::record(conn, actor, "waiver.decide", subject("waiver", id.0), &decided)?;
    Ok(decided)
}

/// Withdraws a request that awaits its decision, for whoever may ask; or an approved waiver, for whoever may grant it.
/// What was removed from the lists or not yet due at the close of the plan meanwhile does not come back.
pub fn withdraw(conn: &mut Conn, actor: &Actor, id: WaiverId, input: &Reason) -> Result<Waiver> {
    let standing = get(conn, id)?;
    let node = store::get(conn, standing.node_id)?;
    let was_approved = match standing.state {
        RequestState::Requested => {
            require_withdrawable(actor, &node, standing.state)?;
            false
        }
        _ if !may_grant(actor, &node) => return Err(FORBIDDEN.err()),
        RequestState::Approved => true,
        RequestState::Refused | RequestState::Withdrawn => return Err(NOT_WAIVED.err()),
    };
    actor.request.if_match.check(standing.version)?;
    let today = today(conn)?;
    diesel::update(waivers::table.filter(waivers::id.eq(id.0)))
        .set((
            waivers::state.eq(RequestState::Withdrawn),
            waivers::withdrawn_by.eq(actor.account_id),
            waivers::withdrawn_on.eq(today),
            waivers::withdrawal_reason.eq(input.reason.as_str()),
            waivers::version.eq(waivers::version + 1),
        ))
        .execute(conn)?;
    if was_approved {
        let account = actor.account()?;
        let still = why_let_go(conn, &node, today)?;
        exclude(conn, &node, still.map(|reason| (reason, account)), today)?;
    }
    let withdrawn = get(conn, id)?;
    audit::record(conn, actor, "waiver.withdraw", subject("waiver", id.0), &withdrawn)?;
    Ok(withdrawn)
}

fn excluded(kind: WaiverKind) -> Excluded {
    match kind {
        WaiverKind::Waived => Excluded::Waived,
        WaiverKind::NotApplicable => Excluded::NotApplicable,
    }
}

/// Takes a node out of the count, or back in, from today on.
pub(in crate::time_nodes) fn exclude(
    conn: &mut Conn,
    node: &Node,
    reason: Option<(Excluded, AccountId)>,
    today: NaiveDate,
) -> Result<()> {
    let (excluded, approved_by) = reason.unzip();
    store::supersede_state(conn, &StateRow { excluded, approved_by, ..node.state.clone() }, today)
}

/// A waiver, or 404.
pub fn get(conn: &mut Conn, id: WaiverId) -> Result<Waiver> {
    Ok(waivers::table.filter(waivers::id.eq(id.0)).select(Waiver::as_select()).first(conn)?)
}

/// The waivers of a node, oldest first.
pub fn of_node(conn: &mut Conn, node_id: NodeId) -> Result<Vec<Waiver>> {
    let all = waivers::table.filter(waivers::node_id.eq(node_id.0));
    Ok(all.select(Waiver::as_select()).order(waivers::id).load(conn)?)
}
