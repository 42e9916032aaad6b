//! Extensions 延期. The department grants a first one of few days (settings); a longer or further one needs a leader of a
//! unit above. After the deadline it is still possible and marked `granted_late`; days before the approval keep
//! their verdict.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Decision, Reason, RequestState, Ruling, may_grant, may_grant_at_once, require_asking, require_none_pending,
    require_open, require_ruling, require_withdrawable,
};
use crate::access::{AccountId, Action, Actor};
use crate::audit::{self, subject};
use crate::plans;
use crate::platform::db::today;
use crate::platform::text::Text;
use crate::platform::{Conn, Result};
use crate::schema::extensions;
use crate::settings;
use crate::time_nodes::rules::{is_short_extension, late_after};
use crate::time_nodes::store::{self, Node, StateRow};
use crate::time_nodes::{EXTENSION_NOT_LATER, ExtensionId, NodeId};

/// An extension, asked for or granted.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = extensions)]
pub struct Extension {
    pub id: ExtensionId,
    pub node_id: NodeId,
    /// The due day in force when it was asked for.
    pub from_due_on: NaiveDate,
    /// The later due day.
    pub due_on: NaiveDate,
    pub reason: String,
    pub state: RequestState,
    /// Granted after the last day that was on time.
    pub granted_late: bool,
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

/// A later due day and why.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"due_on": "2020-07-31", "reason": "疫情防控期间集中活动推迟"}))]
pub struct NewExtension {
    /// Later than the due day in force, at most the plan's `closes_on`.
    pub due_on: NaiveDate,
    pub reason: Text<2000>,
}

/// Asks for an extension, or grants it at once where the actor may.
pub fn create(conn: &mut Conn, actor: &Actor, node_id: NodeId, input: &NewExtension) -> Result<Extension> {
    let node = store::get(conn, node_id)?;
    let grants = grants_at_once(conn, actor, &node, input.due_on)?;
    require_asking(actor, &node, grants)?;
    actor.request.if_match.check(node.birth.version)?;
    require_open(&node)?;
    require_later(conn, &node, input.due_on)?;
    make(conn, actor, &node, input.due_on, input.reason.as_str(), grants)
}

/// A later due day that a revision gives: granted at once where the actor may, else asked for.
pub fn by_revision(conn: &mut Conn, actor: &Actor, node: &Node, due_on: NaiveDate, reason: &str) -> Result<Extension> {
    let grants = grants_at_once(conn, actor, node, due_on)?;
    require_asking(actor, node, grants)?;
    make(conn, actor, node, due_on, reason, grants)
}

/// Whether the actor may grant it without asking anybody.
fn grants_at_once(conn: &mut Conn, actor: &Actor, node: &Node, due_on: NaiveDate) -> Result<bool> {
    let alone = may_grant_at_once(actor, node) || !may_grant(actor, node);
    Ok(alone && grants(conn, actor, node, due_on)?)
}

fn make(
    conn: &mut Conn,
    actor: &Actor,
    node: &Node,
    due_on: NaiveDate,
    reason: &str,
    grants: bool,
) -> Result<Extension> {
    require_none_pending(node, of_node(conn, node.birth.id)?.iter().map(|asked| asked.state))?;
    let (today, account) = (today(conn)?, actor.account()?);
    let state = if grants { RequestState::Approved } else { RequestState::Requested };
    let granted_late = grants && today > node.facts.late_after;
    let values = (
        extensions::node_id.eq(node.birth.id),
        extensions::from_due_on.eq(node.facts.due_on),
        extensions::due_on.eq(due_on),
        extensions::reason.eq(reason),
        extensions::state.eq(state),
        extensions::granted_late.eq(granted_late),
        extensions::requested_by.eq(account),
        extensions::requested_on.eq(today),
        extensions::decided_by.eq(grants.then_some(account)),
        extensions::decided_on.eq(grants.then_some(today)),
        extensions::version.eq(1),
    );
    let id: i64 = diesel::insert_into(extensions::table).values(values).returning(extensions::id).get_result(conn)?;
    let made = get(conn, ExtensionId(id))?;
    if grants {
        apply(conn, node, due_on, today)?;
    }
    audit::record(conn, actor, "extension.create", subject("extension", id), &made)?;
    Ok(made)
}

/// Rules on a request.
pub fn decide(conn: &mut Conn, actor: &Actor, id: ExtensionId, decision: &Decision) -> Result<Extension> {
    let asked = get(conn, id)?;
    let node = store::get(conn, asked.node_id)?;
    let grants = grants(conn, actor, &node, asked.due_on)?;
    require_ruling(actor, decision, grants, asked.requested_by, asked.state)?;
    actor.request.if_match.check(asked.version)?;
    let today = today(conn)?;
    let approved = decision.verdict == Ruling::Approved;
    if approved {
        require_open(&node)?;
        require_later(conn, &node, asked.due_on)?;
        apply(conn, &node, asked.due_on, today)?;
    }
    diesel::update(extensions::table.filter(extensions::id.eq(id.0)))
        .set((
            extensions::state.eq(if approved { RequestState::Approved } else { RequestState::Refused }),
            extensions::granted_late.eq(approved && today > node.facts.late_after),
            extensions::decided_by.eq(actor.account_id),
            extensions::decided_on.eq(today),
            extensions::decision_reason.eq(decision.reason.as_ref().map(Text::as_str)),
            extensions::version.eq(extensions::version + 1),
        ))
        .execute(conn)?;
    let decided = get(conn, id)?;
    audit::record(conn, actor, "extension.decide", subject("extension", id.0), &decided)?;
    Ok(decided)
}

/// Withdraws a request that awaits its decision.
pub fn withdraw(conn: &mut Conn, actor: &Actor, id: ExtensionId, input: &Reason) -> Result<Extension> {
    let asked = get(conn, id)?;
    let node = store::get(conn, asked.node_id)?;
    require_withdrawable(actor, &node, asked.state)?;
    actor.request.if_match.check(asked.version)?;
    let today = today(conn)?;
    diesel::update(extensions::table.filter(extensions::id.eq(id.0)))
        .set((
            extensions::state.eq(RequestState::Withdrawn),
            extensions::withdrawn_by.eq(actor.account_id),
            extensions::withdrawn_on.eq(today),
            extensions::withdrawal_reason.eq(input.reason.as_str()),
            extensions::version.eq(extensions::version + 1),
        ))
        .execute(conn)?;
    let withdrawn = get(conn, id)?;
    audit::record(conn, actor, "extension.withdraw", subject("extension", id.0), &withdrawn)?;
    Ok(withdrawn)
}

/// Whether the actor may grant this extension alone.
pub fn grants(conn: &mut Conn, actor: &Actor, node: &Node, to: NaiveDate) -> Result<bool> {
    let before = of_node(conn, node.birth.id)?.iter().filter(|e| e.state == RequestState::Approved).count();
    let short_days = settings::store::now(conn)?.short_extension_days;
    let short = is_short_extension(node.facts.due_on, to, before, short_days);
    Ok(may_grant(actor, node) || (short && actor.may(Action::GrantShort, &node.site)))
}

fn require_later(conn: &mut Conn, node: &Node, to: NaiveDate) -> Result<()> {
    let plan = plans::store::get_plan(conn, node.birth.plan_id)?;
    plans::actions::require_not_closed(&plan)?;
    let due_on = node.facts.due_on;
    if to <= due_on {
        return Err(EXTENSION_NOT_LATER.at("/due_on", [("due_on", due_on.to_string())]).into_error());
    }
    plans::actions::require_due_inside(&plan, Some(to), "/due_on")
}

/// Gives the node its new clock from today on.
fn apply(conn: &mut Conn, node: &Node, due_on: NaiveDate, today: NaiveDate) -> Result<()> {
    let grace = plans::store::grace_of(conn, node.entry_id)?;
    // A node backfilled at a late issue never gets less time than it had.
    let late_after = late_after(due_on, grace, None).max(node.facts.late_after);
    store::supersede_state(conn, &StateRow { due_on, late_after, ..node.state.clone() }, today)
}

/// An extension, or 404.
pub fn get(conn: &mut Conn, id: ExtensionId) -> Result<Extension> {
    Ok(extensions::table.filter(extensions::id.eq(id.0)).select(Extension::as_select()).first(conn)?)
}

/// The extensions of a node, oldest first.
pub fn of_node(conn: &mut Conn, node_id: NodeId) -> Result<Vec<Extension>> {
    let all = extensions::table.filter(extensions::node_id.eq(node_id.0));
    Ok(all.select(Extension::as_select()).order(extensions::id).load(conn)?)
}
