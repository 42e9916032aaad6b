//! Attachments: who may upload, and who may read one and name it.

use serde_json::json;

use super::destruction::require_bytes_not_destroyed;
use super::evidence::Stored;
use super::model::Attachment;
use super::{ATTACHMENT_UNKNOWN, AttachmentId, EVIDENCE_GONE, Evidence, UPLOAD_DESTROYED, store};
use crate::access::{Action, Actor};
use crate::audit::{self, subject};
use crate::platform::db::today;
use crate::platform::error::FORBIDDEN;
use crate::platform::{Conn, Error, Result};

/// What needs files: whoever may do one of these somewhere may upload.
const NEED_FILES: [Action; 3] = [Action::ReportProgress, Action::WriteStandards, Action::CheckAssessments];

/// Whoever may report or check somewhere may upload.
pub fn require_upload(actor: &Actor) -> Result<()> {
    if actor.may_somewhere(&NEED_FILES) { Ok(()) } else { Err(FORBIDDEN.err()) }
}

/// Refuses bytes that were destroyed.
pub fn require_not_destroyed(conn: &mut Conn, sha256: &str) -> Result<()> {
    match store::destroyed_on(conn, sha256)? {
        Some(on) => Err(UPLOAD_DESTROYED.with([("on", on.to_string())])),
        None => Ok(()),
    }
}

/// What came of a file that was received. Where it is refused because it was destroyed, nothing of it stays.
pub fn leave_nothing<T>(evidence: &Evidence, sha256: &str, outcome: Result<T>) -> Result<T> {
    if outcome.as_ref().is_err_and(|error| error.code() == UPLOAD_DESTROYED.code) {
        evidence.remove(sha256)?;
    }
    outcome
}

/// Gives a stored file its row.
pub fn create(conn: &mut Conn, actor: &Actor, file: &Stored) -> Result<Attachment> {
    require_upload(actor)?;
    require_not_destroyed(conn, &file.sha256)?;
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

/// Whether one uploaded it, or something within one's reach names it: a report or a draft of one, the application of a
/// finding, a meeting, an assessment, a clause of a standard.
pub(super) fn may_use(conn: &mut Conn, actor: &Actor, file: &Attachment) -> Result<bool> {
    let nodes = actor.reach(Action::ReadNodes);
    Ok(Some(file.uploaded_by) == actor.account_id
        || store::is_named_within(conn, file.id, &nodes)?
        || store::is_applied_within(conn, file.id, &nodes)?
        || store::is_drafted_within(conn, file.id, &actor.reach(Action::ReportProgress))?
        || store::is_assessed_within(conn, file.id, &nodes)?
        || store::is_standard_within(conn, file.id, &actor.reach(Action::ReadPlan))?
        || store::is_of_meeting_within(conn, file.id, &actor.reach(Action::ReadMeetings))?
        || (actor.must_anywhere(Action::ReadStandards).is_ok() && store::is_published(conn, file.id)?))
}

/// The attachments that a report, a draft, an application or a meeting names: each known, one may use it, and its bytes
/// are still there.
pub fn usable(conn: &mut Conn, actor: &Actor, evidence: &Evidence, ids: &[AttachmentId]) -> Result<Vec<Attachment>> {
    usable_at(conn, actor, evidence, ids, "/attachment_ids")
}

/// As [`usable`], for the ids at `pointer` of an input.
pub fn usable_at(
    conn: &mut Conn,
    actor: &Actor,
    evidence: &Evidence,
    ids: &[AttachmentId],
    pointer: &str,
) -> Result<Vec<Attachment>> {
    let mut files: Vec<Attachment> = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        let unknown = || ATTACHMENT_UNKNOWN.at(format!("{pointer}/{index}"), [("id", id.to_string())]).into_error();
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

/// Refuses evidence whose bytes are gone or were destroyed.
pub fn require_bytes(evidence: &Evidence, file: &Attachment) -> Result<()> {
    require_bytes_not_destroyed(file)?;
    if evidence.holds(&file.sha256) { Ok(()) } else { Err(EVIDENCE_GONE.with([("id", file.id.to_string())])) }
}
