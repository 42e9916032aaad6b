//! Drafts of reports. A draft is no report: it is freely edited by the unit (a cadre drafts, the secretary signs),
//! never counted, and in no history. Signing makes a report of it after the ordinary rules and removes it, in one
//! transaction.

pub mod http;
mod store;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::attachments::usable;
use super::model::{Attachment, NewReport, OnPaper, ProgressReport, ReportKind};
use super::{AttachmentId, DraftId, Evidence, reports};
use crate::access::{AccountId, Action, Actor};
use crate::audit::{self, subject};
use crate::platform::days::require_sane;
use crate::platform::db::today;
use crate::platform::error::OUT_OF_RANGE;
use crate::platform::patch::given;
use crate::platform::text::{Prose, Text};
use crate::platform::{Conn, Error, Fault, Field, Result};
use crate::time_nodes::{self, NodeId};

pub use store::of_node;

/// A report being written 草稿. What it says is checked when it is signed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportDraft {
    pub id: DraftId,
    pub node_id: NodeId,
    pub kind: ReportKind,
    pub text: String,
    /// How far the thing is, 0 to 100; only of progress.
    pub percent: Option<i64>,
    /// The day it was held 开展日期; only of completions.
    pub held_on: Option<NaiveDate>,
    /// Evidence kept on paper.
    pub on_paper: Vec<OnPaper>,
    /// Stored evidence files.
    pub attachments: Vec<Attachment>,
    /// The day that is to count; null: the day of the signature.
    pub reported_on: Option<NaiveDate>,
    /// Who began it.
    pub drafted_by: AccountId,
    /// The day it was begun.
    pub recorded_on: NaiveDate,
    /// Counts the changes; what `If-Match` compares.
    pub version: i64,
}

/// A merge patch of a draft.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "6月29日召开支部党员大会，应到15人，实到14人。"}))]
pub struct DraftPatch {
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub kind: Option<ReportKind>,
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub text: Option<Prose>,
    /// How far the thing is, in percent.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 100)]
    pub percent: Field<i64>,
    /// The day it was held.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub held_on: Field<NaiveDate>,
    /// Uploaded files, at most 50.
    #[serde(default, deserialize_with = "given")]
    #[validate(length(max = 50))]
    #[schema(nullable = false, max_items = 50)]
    pub attachment_ids: Option<Vec<AttachmentId>>,
    /// Evidence kept on paper, at most 50.
    #[serde(default, deserialize_with = "given")]
    #[validate(nested, length(max = 50))]
    #[schema(nullable = false, max_items = 50)]
    pub on_paper: Option<Vec<OnPaper>>,
    /// The day that is to count; null: the day of the signature.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>)]
    pub reported_on: Field<NaiveDate>,
}

/// Begins a draft on a node.
pub fn create(
    conn: &mut Conn,
    actor: &Actor,
    evidence: &Evidence,
    node_id: NodeId,
    input: NewReport,
) -> Result<ReportDraft> {
    let node = time_nodes::store::get(conn, node_id)?;
    actor.must(Action::ReportProgress, &node.site)?;
    actor.request.if_match.check(node.birth.version)?;
    let draft = ReportDraft {
        id: DraftId(0),
        node_id,
        kind: input.kind,
        text: input.text.into_string(),
        percent: input.percent,
        held_on: input.held_on,
        on_paper: input.on_paper,
        attachments: usable(conn, actor, evidence, &input.attachment_ids)?,
        reported_on: input.reported_on,
        drafted_by: actor.account()?,
        recorded_on: today(conn)?,
        version: 1,
    };
    require_sane_days(&draft)?;
    let id = store::insert(conn, &draft)?;
    let made = ReportDraft { id, ..draft };
    audit::record(conn, actor, "report_draft.create", subject("report_draft", id.0), &made)?;
    Ok(made)
}

/// The drafts on a node, for who may write them, oldest first.
pub fn list(conn: &mut Conn, actor: &Actor, node_id: NodeId) -> Result<Vec<ReportDraft>> {
    let node = time_nodes::store::get(conn, node_id)?;
    actor.must(Action::ReportProgress, &node.site)?;
    of_node(conn, node_id)
}

/// A draft that the actor may write, and so read.
pub fn get(conn: &mut Conn, actor: &Actor, id: DraftId) -> Result<ReportDraft> {
    let draft = store::get(conn, id)?;
    let node = time_nodes::store::get(conn, draft.node_id)?;
    actor.must(Action::ReportProgress, &node.site)?;
    Ok(draft)
}

/// Edits a draft, whoever of the unit began it.
pub fn change(
    conn: &mut Conn,
    actor: &Actor,
    evidence: &Evidence,
    id: DraftId,
    patch: DraftPatch,
) -> Result<ReportDraft> {
    let mut draft = get(conn, actor, id)?;
    actor.request.if_match.require(draft.version)?;
    draft.kind = patch.kind.unwrap_or(draft.kind);
    draft.text = patch.text.map_or(draft.text, Text::into_string);
    draft.percent = patch.percent.over(draft.percent);
    draft.held_on = patch.held_on.over(draft.held_on);
    draft.on_paper = patch.on_paper.unwrap_or(draft.on_paper);
    draft.reported_on = patch.reported_on.over(draft.reported_on);
    if let Some(ids) = patch.attachment_ids {
        draft.attachments = usable(conn, actor, evidence, &ids)?;
    }
    draft.version += 1;
    require_sane_days(&draft)?;
    if draft.percent.is_some_and(|percent| !(0..=100).contains(&percent)) {
        return Err(OUT_OF_RANGE.at("/percent", [("detail", "0–100".to_owned())]).into_error());
    }
    store::update(conn, &draft)?;
    audit::record(conn, actor, "report_draft.change", subject("report_draft", id.0), &draft)?;
    Ok(draft)
}

/// Throws a draft away.
pub fn remove(conn: &mut Conn, actor: &Actor, id: DraftId) -> Result<()> {
    let draft = get(conn, actor, id)?;
    actor.request.if_match.require(draft.version)?;
    store::delete(conn, id)?;
    audit::record(conn, actor, "report_draft.delete", subject("report_draft", id.0), &())
}

/// Makes a report of a draft by the ordinary action: who signs is who reports. The draft is gone.
pub fn sign(conn: &mut Conn, actor: &Actor, evidence: &Evidence, id: DraftId) -> Result<ProgressReport> {
    let draft = get(conn, actor, id)?;
    actor.request.if_match.check(draft.version)?;
    let node_id = draft.node_id;
    let input = NewReport {
        kind: draft.kind,
        text: Prose::parse(&draft.text).map_err(|fault| Fault { pointer: "/text".into(), ..fault }.into_error())?,
        percent: draft.percent,
        held_on: draft.held_on,
        attachment_ids: draft.attachments.iter().map(|file| file.id).collect(),
        on_paper: draft.on_paper,
        reported_on: draft.reported_on,
    };
    // If-Match named the version of the draft; the report would compare it with that of the node.
    let mut signer = actor.clone();
    signer.request.if_match = Default::default();
    let made = reports::report(conn, &signer, evidence, node_id, &input)?;
    store::delete(conn, id)?;
    Ok(made)
}

fn require_sane_days(draft: &ReportDraft) -> Result<(), Error> {
    require_sane(draft.held_on, "/held_on")?;
    require_sane(draft.reported_on, "/reported_on")
}
