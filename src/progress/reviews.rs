//! Reviewing: accepting, returning, revoking. Never by the reporting account.

use serde_json::json;

use super::attachments::require_bytes;
use super::model::{NewReview, ProgressReport, ReportKind, Review, ReviewVerdict, Revocation};
use super::reports::{read_one, settle};
use super::rules::{Fate, ReturnKind};
use super::store::{self, NewReviewRow, ReportRow};
use super::{
    ALREADY_REVIEWED, COMMENT_REQUIRED, CONTENT_CHANGED, Evidence, NOT_ACCEPTED, NOT_REVIEWABLE, OWN_REPORT,
    RETURN_KIND_UNUSED, ReportId, SUPPLEMENT_USED,
};
use crate::access::{AccountId, Actor, Site};
use crate::audit::{self, subject};
use crate::platform::db::today;
use crate::platform::error::NOT_FOUND;
use crate::platform::text::Text;
use crate::platform::{Conn, Result};
use crate::time_nodes::issue::review_action;
use crate::time_nodes::revise::let_go;
use crate::time_nodes::store::Node;
use crate::time_nodes::{self, NodeId};
use crate::units::UnitKind;

/// Rules on a completion or an addition.
pub fn review(conn: &mut Conn, actor: &Actor, evidence: &Evidence, id: ReportId, input: &NewReview) -> Result<Review> {
    let row = store::get(conn, id)?;
    let node = time_nodes::store::get(conn, row.node_id)?;
    require_reviewer(actor, &row, &node)?;
    actor.request.if_match.check(row.version)?;
    let standing = store::review_of(conn, id)?;
    match store::fate(&row, standing.as_ref()) {
        Fate::Pending if row.kind == ReportKind::Completion => {}
        Fate::Pending | Fate::Withdrawn => return Err(NOT_REVIEWABLE.err()),
        _ => return Err(ALREADY_REVIEWED.err()),
    }
    if let Some(base) = row.addition_to {
        let (base_row, base_review) = (store::get(conn, base)?, store::review_of(conn, base)?);
        if store::fate(&base_row, base_review.as_ref()) != Fate::Accepted {
            return Err(NOT_REVIEWABLE.err());
        }
    }
    if input.content_hash != row.content_hash {
        return Err(CONTENT_CHANGED.err());
    }
    let return_kind = return_kind(conn, input, &row)?;
    if input.verdict == ReviewVerdict::Accepted {
        for file in store::files_of(conn, id)? {
            require_bytes(evidence, &file)?;
        }
    }
    let today = today(conn)?;
    let new = NewReviewRow {
        report_id: id,
        verdict: input.verdict,
        return_kind,
        comment: input.comment.as_ref().map(Text::as_str),
        on_paper_seen: input.on_paper_seen,
        content_hash: &row.content_hash,
        reviewed_by: actor.account()?,
        today,
    };
    let review_id = store::insert_review(conn, &new)?;
    settle(conn, &node, today)?;
    if input.verdict == ReviewVerdict::Returned {
        let_go(conn, row.node_id, today)?;
    }
    let made = store::review_of(conn, id)?.ok_or_else(|| NOT_FOUND.err())?;
    audit::record(conn, actor, "review.create", subject("review", review_id.0), &made)?;
    Ok(made)
}

/// The kind of a return, checked: a comment goes with it, and a supplement comes once a node.
fn return_kind(conn: &mut Conn, input: &NewReview, row: &ReportRow) -> Result<Option<ReturnKind>> {
    if input.verdict == ReviewVerdict::Accepted {
        return match input.return_kind {
            None => Ok(None),
            Some(_) => Err(RETURN_KIND_UNUSED.at("/return_kind", []).into_error()),
        };
    }
    if input.comment.is_none() {
        return Err(COMMENT_REQUIRED.at("/comment", []).into_error());
    }
    let kind = input.return_kind.unwrap_or(ReturnKind::NotDone);
    if kind == ReturnKind::Supplement && supplement_used(conn, row.node_id)? {
        return Err(SUPPLEMENT_USED.err());
    }
    Ok(Some(kind))
}

fn supplement_used(conn: &mut Conn, node_id: NodeId) -> Result<bool> {
    let reports = store::of_node(conn, node_id)?;
    // An addition keeps the date of what it adds to, so a supplement to it uses nothing up.
    Ok(reports
        .iter()
        .filter(|(row, _)| row.addition_to.is_none())
        .any(|(_, review)| review.as_ref().is_some_and(|review| review.return_kind == Some(ReturnKind::Supplement))))
}

/// Takes an acceptance back: the node is returned, and its day is gone.
pub fn revoke(conn: &mut Conn, actor: &Actor, id: ReportId, input: &Revocation) -> Result<ProgressReport> {
    let row = store::get(conn, id)?;
    let node = time_nodes::store::get(conn, row.node_id)?;
    require_reviewer(actor, &row, &node)?;
    actor.request.if_match.check(row.version)?;
    let review = store::review_of(conn, id)?;
    if store::fate(&row, review.as_ref()) != Fate::Accepted || row.addition_to.is_some() {
        return Err(NOT_ACCEPTED.err());
    }
    let today = today(conn)?;
    store::mark_revoked(conn, id, actor.account()?, input.reason.as_str(), today)?;
    settle(conn, &node, today)?;
    let_go(conn, row.node_id, today)?;
    let details = json!({"reason": input.reason});
    audit::record(conn, actor, "progress_report.revoke", subject("progress_report", id.0), &details)?;
    read_one(conn, id, &node)
}

fn require_reviewer(actor: &Actor, row: &ReportRow, node: &Node) -> Result<()> {
    require_may_review(actor, row.reported_by, node.unit_kind, &node.site)
}

/// Who may rule on a report: by the kind of the unit, and never who reported. The inbox asks the same.
pub fn require_may_review(actor: &Actor, reported_by: AccountId, kind: UnitKind, site: &Site) -> Result<()> {
    if actor.account_id == Some(reported_by) {
        return Err(OWN_REPORT.err());
    }
    actor.must(review_action(kind), site)
}
