//! Attachments: who may upload and who may read one.

use serde_json::json;

use super::evidence::Stored;
use super::model::Attachment;
use super::{AttachmentId, store};
use crate::access::{Action, Actor, allows};
use crate::audit::{self, subject};
use crate::platform::db::today;
use crate::platform::error::FORBIDDEN;
use crate::platform::{Conn, Result};

/// Whoever may report somewhere may upload.
pub fn require_upload(actor: &Actor) -> Result<()> {
    let relations = crate::access::Relation::ALL;
    let may = |post: &crate::access::Post| {
        relations.iter().any(|relation| allows(post.role, Action::ReportProgress, *relation))
    };
    if actor.posts.iter().any(may) { Ok(()) } else { Err(FORBIDDEN.err()) }
}

/// Gives a stored file its row.
pub fn create(conn: &mut Conn, actor: &Actor, file: &Stored) -> Result<Attachment> {
    require_upload(actor)?;
    let today = today(conn)?;
    let made = store::insert_attachment(conn, file, actor.account()?, today)?;
    let details = json!({"sha256": made.sha256, "bytes": made.bytes, "media_type": made.media_type});
    audit::record(conn, actor, "attachment.create", subject("attachment", made.id.0), &details)?;
    Ok(made)
}

/// An attachment one uploaded, or that a report within reach names.
pub fn read(conn: &mut Conn, actor: &Actor, id: AttachmentId) -> Result<Attachment> {
    let file = store::attachment(conn, id)?;
    let reach = actor.reach(Action::ReadNodes);
    if Some(file.uploaded_by) == actor.account_id || store::is_named_within(conn, id, &reach)? {
        return Ok(file);
    }
    Err(FORBIDDEN.err())
}
