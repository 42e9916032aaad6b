//! Attachments: who may upload, and who may read one and name it.

use serde_json::json;

use super::evidence::Stored;
use super::model::Attachment;
use super::{ATTACHMENT_UNKNOWN, AttachmentId, EVIDENCE_GONE, Evidence, store};
use crate::access::{Action, Actor, allows};
use crate::audit::{self, subject};
use crate::platform::db::today;
use crate::platform::error::FORBIDDEN;
use crate::platform::{Conn, Error, Result};

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

/// An attachment one may use.
pub fn read(conn: &mut Conn, actor: &Actor, id: AttachmentId) -> Result<Attachment> {
    let file = store::attachment(conn, id)?;
    if may_use(conn, actor, &file)? { Ok(file) } else { Err(FORBIDDEN.err()) }
}

/// Whether one uploaded it, or a report, a draft, the application of a finding or a meeting within one's reach names it.
fn may_use(conn: &mut Conn, actor: &Actor, file: &Attachment) -> Result<bool> {
    Ok(Some(file.uploaded_by) == actor.account_id
        || store::is_named_within(conn, file.id, &actor.reach(Action::ReadNodes))?
        || store::is_applied_within(conn, file.id, &actor.reach(Action::ReadNodes))?
        || store::is_drafted_within(conn, file.id, &actor.reach(Action::ReportProgress))?
        || store::is_of_meeting_within(conn, file.id, &actor.reach(Action::ReadMeetings))?)
}

/// The attachments that a report, a draft, an application or a meeting names: each known, one may use it, and its bytes
/// are still there.
pub fn usable(conn: &mut Conn, actor: &Actor, evidence: &Evidence, ids: &[AttachmentId]) -> Result<Vec<Attachment>> {
    let mut files: Vec<Attachment> = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        let unknown =
            || ATTACHMENT_UNKNOWN.at(format!("/attachment_ids/{index}"), [("id", id.to_string())]).into_error();
        let file = match store::attachment(conn, *id) {
            Ok(file) => file,
            Err(Error::Database(error)) => return Err(Error::Database(error)),
            Err(_) => return Err(unknown()),
        };
        if !may_use(conn, actor, &file)? {
            return Err(unknown());
        }
        require_bytes(evidence, &file)?;
        if files.iter().all(|named| named.id != file.id) {
            files.push(file);
        }
    }
    Ok(files)
}

/// Refuses evidence whose bytes are gone.
pub fn require_bytes(evidence: &Evidence, file: &Attachment) -> Result<()> {
    if evidence.holds(&file.sha256) { Ok(()) } else { Err(EVIDENCE_GONE.with([("id", file.id.to_string())])) }
}
