//! Destroying the bytes of a file 销毁: one person asks with a reason, another confirms. The bytes go, with those of every
//! upload of the same file; the row, its digest and the reports that name it stay. What was destroyed is not taken again.

pub mod http;

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::attachments::{may_use, require_upload};
use super::evidence::Evidence;
use super::model::Attachment;
use super::{ATTACHMENT_DESTROYED, AttachmentId, DESTRUCTION_PENDING, NO_DESTRUCTION, store};
use crate::access::{AccountId, Action, Actor, Relation, allows};
use crate::audit::{self, subject};
use crate::platform::db::today;
use crate::platform::error::FORBIDDEN;
use crate::platform::text::Text;
use crate::platform::{Conn, Result};
use crate::schema::{attachment_destructions, attachments};
use crate::time_nodes::requests::{Decision, RequestState, Ruling};
use crate::time_nodes::{OWN_REQUEST, REFUSAL_UNEXPLAINED};

/// A request that the bytes of a file be destroyed, and what became of it.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = attachment_destructions)]
pub struct Destruction {
    #[schema(example = 1)]
    pub id: i64,
    pub attachment_id: AttachmentId,
    pub reason: String,
    /// `requested`, `approved` once the bytes are gone, or `refused`.
    pub state: RequestState,
    pub requested_by: AccountId,
    pub requested_on: NaiveDate,
    pub decided_by: Option<AccountId>,
    pub decided_on: Option<NaiveDate>,
    pub decision_reason: Option<String>,
}

/// Why the bytes of a file are to be destroyed.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "误传了不应上传的材料"}))]
pub struct NewDestruction {
    pub reason: Text<2000>,
}

/// Asks that the bytes of a file be destroyed. For whoever may use the file and upload, or confirm such a request.
pub fn ask(conn: &mut Conn, actor: &Actor, id: AttachmentId, input: &NewDestruction) -> Result<Destruction> {
    let file = store::attachment(conn, id)?;
    let asks = may_use(conn, actor, &file)? && require_upload(actor).is_ok();
    if !asks && !may_decide(conn, actor, &file)? {
        return Err(FORBIDDEN.err());
    }
    require_bytes_not_destroyed(&file)?;
    if pending(conn, id)?.is_some() {
        return Err(DESTRUCTION_PENDING.with([("id", id.to_string())]));
    }
    let values = (
        attachment_destructions::attachment_id.eq(id.0),
        attachment_destructions::reason.eq(input.reason.as_str()),
        attachment_destructions::state.eq(RequestState::Requested),
        attachment_destructions::requested_by.eq(actor.account()?),
        attachment_destructions::requested_on.eq(today(conn)?),
    );
    let made: i64 = diesel::insert_into(attachment_destructions::table)
        .values(values)
        .returning(attachment_destructions::id)
        .get_result(conn)?;
    let made = get(conn, made)?;
    audit::record(conn, actor, "attachment.ask_destruction", subject("attachment", id.0), &made)?;
    Ok(made)
}

/// Confirms or refuses what somebody else asked for. Confirmed, every upload of these bytes is marked as destroyed; the
/// bytes themselves go once that is committed.
pub fn decide(conn: &mut Conn, actor: &Actor, id: AttachmentId, decision: &Decision) -> Result<Destruction> {
    let file = store::attachment(conn, id)?;
    if !may_decide(conn, actor, &file)? {
        return Err(FORBIDDEN.err());
    }
    let asked = pending(conn, id)?.ok_or_else(|| NO_DESTRUCTION.with([("id", id.to_string())]))?;
    if actor.account_id == Some(asked.requested_by) {
        return Err(OWN_REQUEST.err());
    }
    if decision.verdict == Ruling::Refused && decision.reason.is_none() {
        return Err(REFUSAL_UNEXPLAINED.at("/reason", []).into_error());
    }
    let today = today(conn)?;
    let approved = decision.verdict == Ruling::Approved;
    if approved {
        diesel::update(attachments::table.filter(attachments::sha256.eq(&file.sha256)))
            .set(attachments::destroyed_on.eq(today))
            .execute(conn)?;
    }
    diesel::update(attachment_destructions::table.filter(attachment_destructions::id.eq(asked.id)))
        .set((
            attachment_destructions::state.eq(if approved { RequestState::Approved } else { RequestState::Refused }),
            attachment_destructions::decided_by.eq(actor.account_id),
            attachment_destructions::decided_on.eq(today),
            attachment_destructions::decision_reason.eq(decision.reason.as_ref().map(Text::as_str)),
        ))
        .execute(conn)?;
    let decided = get(conn, asked.id)?;
    let action = if approved { "attachment.destroy" } else { "attachment.refuse_destruction" };
    audit::record(conn, actor, action, subject("attachment", id.0), &decided)?;
    Ok(decided)
}

/// What was asked for, is not decided, and may be decided by an actor who did not ask, each with its file; oldest first.
pub fn waiting(conn: &mut Conn, actor: &Actor) -> Result<Vec<(Destruction, Attachment)>> {
    let undecided: Vec<Destruction> = attachment_destructions::table
        .filter(attachment_destructions::state.eq(RequestState::Requested))
        .select(Destruction::as_select())
        .order(attachment_destructions::id)
        .load(conn)?;
    let mut waiting = Vec::new();
    for asked in undecided.into_iter().filter(|asked| actor.account_id != Some(asked.requested_by)) {
        let file = store::attachment(conn, asked.attachment_id)?;
        if may_decide(conn, actor, &file)? {
            waiting.push((asked, file));
        }
    }
    Ok(waiting)
}

/// Removes the bytes of a file once its destruction is committed. Should the program end before, the sweep finds them.
pub fn remove_bytes(conn: &mut Conn, files: &Evidence, id: AttachmentId) -> Result<()> {
    let file = store::attachment(conn, id)?;
    if file.destroyed_on.is_some() { files.remove(&file.sha256) } else { Ok(()) }
}

/// Refuses what was destroyed.
pub(super) fn require_bytes_not_destroyed(file: &Attachment) -> Result<()> {
    match file.destroyed_on {
        None => Ok(()),
        Some(on) => Err(ATTACHMENT_DESTROYED.with([("id", file.id.to_string()), ("on", on.to_string())])),
    }
}

/// Whether an actor confirms such requests somewhere, and everything that names these bytes lies within that reach.
fn may_decide(conn: &mut Conn, actor: &Actor, file: &Attachment) -> Result<bool> {
    let somewhere = |role| Relation::ALL.iter().any(|relation| allows(role, Action::DestroyEvidence, *relation));
    if !actor.posts.iter().any(|post| somewhere(post.role)) {
        return Ok(false);
    }
    Ok(!store::is_named_outside(conn, &file.sha256, &actor.reach(Action::DestroyEvidence))?)
}

fn get(conn: &mut Conn, id: i64) -> Result<Destruction> {
    let one = attachment_destructions::table.filter(attachment_destructions::id.eq(id));
    Ok(one.select(Destruction::as_select()).first(conn)?)
}

fn pending(conn: &mut Conn, id: AttachmentId) -> Result<Option<Destruction>> {
    Ok(of_attachment(conn, id)?.into_iter().find(|asked| asked.state == RequestState::Requested))
}

/// What was asked for a file, oldest first.
pub fn of_attachment(conn: &mut Conn, id: AttachmentId) -> Result<Vec<Destruction>> {
    let all = attachment_destructions::table.filter(attachment_destructions::attachment_id.eq(id.0));
    Ok(all.select(Destruction::as_select()).order(attachment_destructions::id).load(conn)?)
}
