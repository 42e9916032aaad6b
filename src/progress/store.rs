//! Rows of reports, reviews and attachments.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::model::{Attachment, OnPaper, ProgressReport, ReportKind, ReportState, Review, ReviewVerdict};
use super::rules::{Fate, ReportFacts, ReturnKind, holding};
use super::{AttachmentId, ReportId, ReviewId};
use crate::access::AccountId;
use crate::access::actor::Reach;
use crate::platform::{Conn, Error, Result};
use crate::schema::{
    assessment_attachments, assessments, attachments, clause_documents, clauses, draft_attachments,
    finding_application_attachments, finding_applications, finding_units, meeting_attachments, meeting_time_nodes,
    meetings, progress_reports, report_attachments, report_drafts, reviews, standard_sets, time_nodes,
};
use crate::time_nodes::{NodeFacts, NodeId};
use crate::units::store::within;

/// A report as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = progress_reports)]
pub struct ReportRow {
    pub id: ReportId,
    pub node_id: NodeId,
    pub kind: ReportKind,
    pub text: String,
    pub percent: Option<i64>,
    pub held_on: Option<NaiveDate>,
    pub on_paper: String,
    pub addition_to: Option<ReportId>,
    pub reported_on: NaiveDate,
    pub reported_by: AccountId,
    pub on_behalf: bool,
    pub content_hash: String,
    pub withdrawn_on: Option<NaiveDate>,
    pub withdrawn_by: Option<AccountId>,
    pub version: i64,
    pub recorded_on: NaiveDate,
}

/// What became of a report, from its review.
pub fn fate(row: &ReportRow, review: Option<&Review>) -> Fate {
    match review {
        _ if row.withdrawn_on.is_some() => Fate::Withdrawn,
        None => Fate::Pending,
        Some(review) if review.revoked_on.is_some() => Fate::Revoked,
        Some(review) => match review.verdict {
            ReviewVerdict::Accepted => Fate::Accepted,
            ReviewVerdict::Returned => {
                Fate::Returned { kind: review.return_kind.unwrap_or(ReturnKind::NotDone), on: review.recorded_on }
            }
        },
    }
}

/// A report to be stored.
pub(super) struct NewRow<'a> {
    pub node_id: NodeId,
    pub kind: ReportKind,
    pub text: &'a str,
    pub percent: Option<i64>,
    pub held_on: Option<NaiveDate>,
    pub on_paper: &'a [OnPaper],
    pub addition_to: Option<ReportId>,
    pub reported_on: NaiveDate,
    pub reported_by: AccountId,
    pub on_behalf: bool,
    pub content_hash: &'a str,
    pub today: NaiveDate,
}

pub(super) fn insert_report(conn: &mut Conn, row: &NewRow<'_>, files: &[Attachment]) -> Result<ReportId> {
    use progress_reports::dsl;
    let values = (
        dsl::node_id.eq(row.node_id),
        dsl::kind.eq(row.kind),
        dsl::text.eq(row.text),
        dsl::percent.eq(row.percent),
        dsl::held_on.eq(row.held_on),
        dsl::on_paper.eq(serde_json::to_string(row.on_paper).map_err(Error::internal)?),
        dsl::addition_to.eq(row.addition_to),
        dsl::reported_on.eq(row.reported_on),
        dsl::reported_by.eq(row.reported_by),
        dsl::on_behalf.eq(row.on_behalf),
        dsl::content_hash.eq(row.content_hash),
        dsl::version.eq(1),
        dsl::recorded_on.eq(row.today),
    );
    let id: i64 = diesel::insert_into(dsl::progress_reports).values(values).returning(dsl::id).get_result(conn)?;
    for (position, file) in (1_i64..).zip(files) {
        diesel::insert_into(report_attachments::table)
            .values((
                report_attachments::report_id.eq(id),
                report_attachments::attachment_id.eq(file.id),
                report_attachments::position.eq(position),
            ))
            .execute(conn)?;
    }
    Ok(ReportId(id))
}

/// A report, or 404.
pub fn get(conn: &mut Conn, id: ReportId) -> Result<ReportRow> {
    let one = progress_reports::table.filter(progress_reports::id.eq(id.0));
    Ok(one.select(ReportRow::as_select()).first(conn)?)
}

/// The reports of a node, oldest first, each with its review.
pub fn of_node(conn: &mut Conn, node_id: NodeId) -> Result<Vec<(ReportRow, Option<Review>)>> {
    Ok(progress_reports::table
        .left_join(reviews::table.on(reviews::report_id.eq(progress_reports::id)))
        .filter(progress_reports::node_id.eq(node_id.0))
        .select((ReportRow::as_select(), Option::<Review>::as_select()))
        .order(progress_reports::id)
        .load(conn)?)
}

/// The facts of all reports of a node, for its standing.
pub(super) fn facts_of(conn: &mut Conn, node_id: NodeId) -> Result<Vec<ReportFacts>> {
    let reports = of_node(conn, node_id)?;
    let facts = reports.iter().map(|(row, review)| ReportFacts {
        id: row.id.0,
        completion: row.kind == ReportKind::Completion,
        addition_to: row.addition_to.map(|id| id.0),
        reported_on: row.reported_on,
        recorded_on: row.recorded_on,
        fate: fate(row, review.as_ref()),
    });
    Ok(facts.collect())
}

/// Reports as they are shown, by the clock in force of their node.
pub(super) fn shown(
    conn: &mut Conn,
    rows: Vec<(ReportRow, Option<Review>)>,
    clock: &NodeFacts,
) -> Result<Vec<ProgressReport>> {
    let ids: Vec<i64> = rows.iter().map(|(row, _)| row.id.0).collect();
    let meetings = meetings_of(conn, &ids)?;
    let files: Vec<(ReportId, Attachment)> = report_attachments::table
        .inner_join(attachments::table.on(attachments::id.eq(report_attachments::attachment_id)))
        .filter(report_attachments::report_id.eq_any(ids))
        .order((report_attachments::report_id, report_attachments::position))
        .select((report_attachments::report_id, Attachment::as_select()))
        .load(conn)?;
    let mut of: HashMap<ReportId, Vec<Attachment>> = HashMap::new();
    for (report, file) in files {
        of.entry(report).or_default().push(file);
    }
    rows.into_iter()
        .map(|(row, review)| {
            Ok(ProgressReport {
                state: match fate(&row, review.as_ref()) {
                    Fate::Pending => ReportState::Submitted,
                    Fate::Accepted => ReportState::Accepted,
                    Fate::Returned { .. } => ReportState::Returned,
                    Fate::Revoked => ReportState::Revoked,
                    Fate::Withdrawn => ReportState::Withdrawn,
                },
                id: row.id,
                node_id: row.node_id,
                kind: row.kind,
                text: row.text,
                percent: row.percent,
                held_late: row.held_on.map(|held| held > clock.due_on),
                holding: holding(row.held_on, row.reported_on, clock.due_on, clock.late_after),
                held_on: row.held_on,
                on_paper: serde_json::from_str(&row.on_paper).map_err(Error::internal)?,
                attachments: of.remove(&row.id).unwrap_or_default(),
                addition_to: row.addition_to,
                meeting_id: meetings.get(&row.id).copied(),
                reported_on: row.reported_on,
                recorded_on: row.recorded_on,
                back_dated: row.reported_on < row.recorded_on,
                reported_by: row.reported_by,
                on_behalf: row.on_behalf,
                content_hash: row.content_hash,
                version: row.version,
            })
        })
        .collect()
}

pub(super) fn bump(conn: &mut Conn, id: ReportId) -> Result<()> {
    diesel::update(progress_reports::table.filter(progress_reports::id.eq(id.0)))
        .set(progress_reports::version.eq(progress_reports::version + 1))
        .execute(conn)?;
    Ok(())
}

pub(super) fn mark_withdrawn(conn: &mut Conn, id: ReportId, by: AccountId, today: NaiveDate) -> Result<()> {
    diesel::update(progress_reports::table.filter(progress_reports::id.eq(id.0)))
        .set((progress_reports::withdrawn_on.eq(today), progress_reports::withdrawn_by.eq(by)))
        .execute(conn)?;
    bump(conn, id)
}

// Reviews.

pub fn review_of(conn: &mut Conn, id: ReportId) -> Result<Option<Review>> {
    Ok(reviews::table.filter(reviews::report_id.eq(id.0)).select(Review::as_select()).first(conn).optional()?)
}

/// A review to be stored.
pub(super) struct NewReviewRow<'a> {
    pub report_id: ReportId,
    pub verdict: ReviewVerdict,
    pub return_kind: Option<ReturnKind>,
    pub comment: Option<&'a str>,
    pub on_paper_seen: bool,
    pub content_hash: &'a str,
    pub reviewed_by: AccountId,
    pub today: NaiveDate,
}

pub(super) fn insert_review(conn: &mut Conn, row: &NewReviewRow<'_>) -> Result<ReviewId> {
    use reviews::dsl;
    let values = (
        dsl::report_id.eq(row.report_id),
        dsl::verdict.eq(row.verdict),
        dsl::return_kind.eq(row.return_kind),
        dsl::comment.eq(row.comment),
        dsl::on_paper_seen.eq(row.on_paper_seen),
        dsl::content_hash.eq(row.content_hash),
        dsl::reviewed_by.eq(row.reviewed_by),
        dsl::recorded_on.eq(row.today),
    );
    let id: i64 = diesel::insert_into(dsl::reviews).values(values).returning(dsl::id).get_result(conn)?;
    bump(conn, row.report_id)?;
    Ok(ReviewId(id))
}

pub(super) fn mark_revoked(conn: &mut Conn, id: ReportId, by: AccountId, reason: &str, today: NaiveDate) -> Result<()> {
    diesel::update(reviews::table.filter(reviews::report_id.eq(id.0)))
        .set((reviews::revoked_on.eq(today), reviews::revoked_by.eq(by), reviews::revocation_reason.eq(reason)))
        .execute(conn)?;
    bump(conn, id)
}

// Attachments.

pub(super) fn insert_attachment(
    conn: &mut Conn,
    file: &super::evidence::Stored,
    uploaded_by: AccountId,
    today: NaiveDate,
) -> Result<Attachment> {
    use attachments::dsl;
    let values = (
        dsl::sha256.eq(&file.sha256),
        dsl::bytes.eq(file.bytes),
        dsl::media_type.eq(&file.media_type),
        dsl::file_name.eq(&file.file_name),
        dsl::uploaded_by.eq(uploaded_by),
        dsl::recorded_on.eq(today),
    );
    let id: i64 = diesel::insert_into(dsl::attachments).values(values).returning(dsl::id).get_result(conn)?;
    attachment(conn, AttachmentId(id))
}

/// An attachment, or 404.
pub fn attachment(conn: &mut Conn, id: AttachmentId) -> Result<Attachment> {
    Ok(attachments::table.filter(attachments::id.eq(id.0)).select(Attachment::as_select()).first(conn)?)
}

/// Whether a report on a node within reach names the attachment.
pub(super) fn is_named_within(conn: &mut Conn, id: AttachmentId, reach: &Reach) -> Result<bool> {
    let named = report_attachments::table
        .inner_join(progress_reports::table.on(progress_reports::id.eq(report_attachments::report_id)))
        .inner_join(time_nodes::table.on(time_nodes::id.eq(progress_reports::node_id)))
        .filter(report_attachments::attachment_id.eq(id.0))
        .filter(within("time_nodes.unit_id", reach));
    Ok(diesel::select(diesel::dsl::exists(named)).get_result(conn)?)
}

/// Whether a draft on a node within reach names the attachment.
pub(super) fn is_drafted_within(conn: &mut Conn, id: AttachmentId, reach: &Reach) -> Result<bool> {
    let named = draft_attachments::table
        .inner_join(report_drafts::table.on(report_drafts::id.eq(draft_attachments::draft_id)))
        .inner_join(time_nodes::table.on(time_nodes::id.eq(report_drafts::node_id)))
        .filter(draft_attachments::attachment_id.eq(id.0))
        .filter(within("time_nodes.unit_id", reach));
    Ok(diesel::select(diesel::dsl::exists(named)).get_result(conn)?)
}

/// Whether an application for the close-out of a finding within reach names the attachment.
pub(super) fn is_applied_within(conn: &mut Conn, id: AttachmentId, reach: &Reach) -> Result<bool> {
    use finding_application_attachments::dsl as n;
    let named = n::finding_application_attachments
        .inner_join(finding_applications::table.on(finding_applications::id.eq(n::application_id)))
        .inner_join(finding_units::table.on(finding_units::finding_id.eq(finding_applications::finding_id)))
        .filter(n::attachment_id.eq(id.0).and(finding_units::recorded_to.is_null()))
        .filter(within("finding_units.unit_id", reach));
    Ok(diesel::select(diesel::dsl::exists(named)).get_result(conn)?)
}

/// Whether an assessment of a unit within reach names the attachment.
pub(super) fn is_assessed_within(conn: &mut Conn, id: AttachmentId, reach: &Reach) -> Result<bool> {
    let named = assessment_attachments::table
        .inner_join(assessments::table.on(assessments::id.eq(assessment_attachments::assessment_id)))
        .filter(assessment_attachments::attachment_id.eq(id.0))
        .filter(within("assessments.unit_id", reach));
    Ok(diesel::select(diesel::dsl::exists(named)).get_result(conn)?)
}

/// Whether a clause of a standard of a unit within reach names the attachment.
pub(super) fn is_standard_within(conn: &mut Conn, id: AttachmentId, reach: &Reach) -> Result<bool> {
    let named = clause_documents::table
        .inner_join(clauses::table.on(clauses::id.eq(clause_documents::clause_id)))
        .inner_join(standard_sets::table.on(standard_sets::id.eq(clauses::set_id)))
        .filter(clause_documents::attachment_id.eq(id.0))
        .filter(within("standard_sets.unit_id", reach));
    Ok(diesel::select(diesel::dsl::exists(named)).get_result(conn)?)
}

/// Whether a clause of a published standard names the attachment.
pub(super) fn is_published(conn: &mut Conn, id: AttachmentId) -> Result<bool> {
    let named = clause_documents::table
        .inner_join(clauses::table.on(clauses::id.eq(clause_documents::clause_id)))
        .inner_join(standard_sets::table.on(standard_sets::id.eq(clauses::set_id)))
        .filter(clause_documents::attachment_id.eq(id.0).and(standard_sets::published_on.is_not_null()));
    Ok(diesel::select(diesel::dsl::exists(named)).get_result(conn)?)
}

/// Whether a meeting of a unit within reach names the attachment.
pub(super) fn is_of_meeting_within(conn: &mut Conn, id: AttachmentId, reach: &Reach) -> Result<bool> {
    let named = meeting_attachments::table
        .inner_join(meetings::table.on(meetings::id.eq(meeting_attachments::meeting_id)))
        .filter(meeting_attachments::attachment_id.eq(id.0))
        .filter(within("meetings.unit_id", reach));
    Ok(diesel::select(diesel::dsl::exists(named)).get_result(conn)?)
}

/// The meeting that each of these reports was made of, for those that were.
pub(super) fn meetings_of(conn: &mut Conn, reports: &[i64]) -> Result<HashMap<ReportId, i64>> {
    let rows: Vec<(ReportId, i64)> = meeting_time_nodes::table
        .filter(meeting_time_nodes::report_id.eq_any(reports.to_vec()))
        .select((meeting_time_nodes::report_id, meeting_time_nodes::meeting_id))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The digests of the attachments that a report names.
pub(super) fn files_of(conn: &mut Conn, id: ReportId) -> Result<Vec<Attachment>> {
    Ok(report_attachments::table
        .inner_join(attachments::table.on(attachments::id.eq(report_attachments::attachment_id)))
        .filter(report_attachments::report_id.eq(id.0))
        .order(report_attachments::position)
        .select(Attachment::as_select())
        .load(conn)?)
}

/// The day on which the bytes of a digest were destroyed.
pub(super) fn destroyed_on(conn: &mut Conn, sha256: &str) -> Result<Option<NaiveDate>> {
    let destroyed =
        attachments::table.filter(attachments::sha256.eq(sha256).and(attachments::destroyed_on.is_not_null()));
    Ok(destroyed.select(attachments::destroyed_on.assume_not_null()).first(conn).optional()?)
}

/// Whether anything outside a reach names bytes: a report or a draft of one, the application of a finding, a meeting, an
/// assessment, a clause of a standard.
pub(super) fn is_named_outside(conn: &mut Conn, sha256: &str, reach: &Reach) -> Result<bool> {
    use diesel::dsl::{exists, not, select};
    let ids: Vec<i64> = attachments::table.filter(attachments::sha256.eq(sha256)).select(attachments::id).load(conn)?;
    let reported = report_attachments::table
        .inner_join(progress_reports::table.on(progress_reports::id.eq(report_attachments::report_id)))
        .inner_join(time_nodes::table.on(time_nodes::id.eq(progress_reports::node_id)))
        .filter(report_attachments::attachment_id.eq_any(ids.clone()))
        .filter(not(within("time_nodes.unit_id", reach)));
    let drafted = draft_attachments::table
        .inner_join(report_drafts::table.on(report_drafts::id.eq(draft_attachments::draft_id)))
        .inner_join(time_nodes::table.on(time_nodes::id.eq(report_drafts::node_id)))
        .filter(draft_attachments::attachment_id.eq_any(ids.clone()))
        .filter(not(within("time_nodes.unit_id", reach)));
    let applied = finding_application_attachments::table
        .inner_join(
            finding_applications::table
                .on(finding_applications::id.eq(finding_application_attachments::application_id)),
        )
        .inner_join(finding_units::table.on(finding_units::finding_id.eq(finding_applications::finding_id)))
        .filter(finding_application_attachments::attachment_id.eq_any(ids.clone()))
        .filter(finding_units::recorded_to.is_null())
        .filter(not(within("finding_units.unit_id", reach)));
    let assessed = assessment_attachments::table
        .inner_join(assessments::table.on(assessments::id.eq(assessment_attachments::assessment_id)))
        .filter(assessment_attachments::attachment_id.eq_any(ids.clone()))
        .filter(not(within("assessments.unit_id", reach)));
    let standard = clause_documents::table
        .inner_join(clauses::table.on(clauses::id.eq(clause_documents::clause_id)))
        .inner_join(standard_sets::table.on(standard_sets::id.eq(clauses::set_id)))
        .filter(clause_documents::attachment_id.eq_any(ids.clone()))
        .filter(not(within("standard_sets.unit_id", reach)));
    let met = meeting_attachments::table
        .inner_join(meetings::table.on(meetings::id.eq(meeting_attachments::meeting_id)))
        .filter(meeting_attachments::attachment_id.eq_any(ids))
        .filter(not(within("meetings.unit_id", reach)));
    Ok(select(exists(reported)).get_result(conn)?
        || select(exists(drafted)).get_result(conn)?
        || select(exists(applied)).get_result(conn)?
        || select(exists(assessed)).get_result(conn)?
        || select(exists(standard)).get_result(conn)?
        || select(exists(met)).get_result(conn)?)
}

/// Whether any attachment keeps the bytes of this digest.
pub fn is_digest_kept(conn: &mut Conn, sha256: &str) -> Result<bool> {
    let known = attachments::table.filter(attachments::sha256.eq(sha256).and(attachments::destroyed_on.is_null()));
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(conn)?)
}
