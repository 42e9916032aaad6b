//! Cancellations: a node that is not to be done any more. Granted by a leader, and final.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::waivers::exclude;
use super::{
    Decision, Reason, RequestState, Ruling, may_grant, may_grant_at_once, require_asking, require_none_pending,
    require_open, require_ruling, require_withdrawable,
};
use crate::access::{AccountId, Actor};
use crate::audit::{self, subject};
use crate::platform::db::today;
use crate::platform::text::Text;
use crate::platform::{Conn, Result};
use crate::schema::cancellations;
use crate::time_nodes::{CancellationId, Excluded, NodeId, store};

/// A cancellation, asked for or granted.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = cancellations)]
pub struct Cancellation {
    pub id: CancellationId,
    pub node_id: NodeId,
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

/// Asks for a cancellation, or grants it at once where the actor may.
pub fn create(conn: &mut Conn, actor: &Actor, node_id: NodeId, input: &Reason) -> Result<Cancellation> {
    let node = store::get(conn, node_id)?;
    let grants = may_grant_at_once(actor, &node);
    require_asking(actor, &node, grants)?;
    actor.request.if_match.check(node.birth.version)?;
    require_open(&node)?;
    require_none_pending(&node, of_node(conn, node_id)?.iter().map(|asked| asked.state))?;
    let (today, account) = (today(conn)?, actor.account()?);
    let values = (
        cancellations::node_id.eq(node_id),
        cancellations::reason.eq(input.reason.as_str()),
        cancellations::state.eq(if grants { RequestState::Approved } else { RequestState::Requested }),
        cancellations::requested_by.eq(account),
        cancellations::requested_on.eq(today),
        cancellations::decided_by.eq(grants.then_some(account)),
        cancellations::decided_on.eq(grants.then_some(today)),
        cancellations::version.eq(1),
    );
    let id: i64 =
        diesel::insert_into(cancellations::table).values(values).returning(cancellations::id).get_result(conn)?;
    let made = get(conn, CancellationId(id))?;
    if grants {
        exclude(conn, &node, Some((Excluded::Cancelled, account)), today)?;
    }
    audit::record(conn, actor, "cancellation.create", subject("cancellation", id), &made)?;
    Ok(made)
}

/// Rules on a request.
pub fn decide(conn: &mut Conn, actor: &Actor, id: CancellationId, decision: &Decision) -> Result<Cancellation> {
    let asked = get(conn, id)?;
    let node = store::get(conn, asked.node_id)?;
    require_ruling(actor, decision, may_grant(actor, &node), asked.requested_by, asked.state)?;
    actor.request.if_match.check(asked.version)?;
    let (today, account) = (today(conn)?, actor.account()?);
    let approved = decision.verdict == Ruling::Approved;
    if approved {
        require_open(&node)?;
        exclude(conn, &node, Some((Excluded::Cancelled, account)), today)?;
    }
    diesel::update(cancellations::table.filter(cancellations::id.eq(id.0)))
        .set((
            cancellations::state.eq(if approved { RequestState::Approved } else { RequestState::Refused }),
            cancellations::decided_by.eq(account),
            cancellations::decided_on.eq(today),
            cancellations::decision_reason.eq(decision.reason.as_ref().map(Text::as_str)),
            cancellations::version.eq(cancellations::version + 1),
        ))
        .execute(conn)?;
    let decided = get(conn, id)?;
    audit::record(conn, actor, "cancellation.decide", subject("cancellation", id.0), &decided)?;
    Ok(decided)
}

/// Withdraws a request that awaits its decision.
pub fn withdraw(conn: &mut Conn, actor: &Actor, id: CancellationId, input: &Reason) -> Result<Cancellation> {
    let asked = get(conn, id)?;
    let node = store::get(conn, asked.node_id)?;
    require_withdrawable(actor, &node, asked.state)?;
    actor.request.if_match.check(asked.version)?;
    let today = today(conn)?;
    diesel::update(cancellations::table.filter(cancellations::id.eq(id.0)))
        .set((
            cancellations::state.eq(RequestState::Withdrawn),
            cancellations::withdrawn_by.eq(actor.account_id),
            cancellations::withdrawn_on.eq(today),
            cancellations::withdrawal_reason.eq(input.reason.as_str()),
            cancellations::version.eq(cancellations::version + 1),
        ))
        .execute(conn)?;
    let withdrawn = get(conn, id)?;
    audit::record(conn, actor, "cancellation.withdraw", subject("cancellation", id.0), &withdrawn)?;
    Ok(withdrawn)
}

/// A cancellation, or 404.
pub fn get(conn: &mut Conn, id: CancellationId) -> Result<Cancellation> {
    Ok(cancellations::table.filter(cancellations::id.eq(id.0)).select(Cancellation::as_select()).first(conn)?)
}

/// The cancellations of a node, oldest first.
pub fn of_node(conn: &mut Conn, node_id: NodeId) -> Result<Vec<Cancellation>> {
    let all = cancellations::table.filter(cancellations::node_id.eq(node_id.0));
    Ok(all.select(Cancellation::as_select()).order(cancellations::id).load(conn)?)
}
