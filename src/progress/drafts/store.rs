//! Rows of drafts.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::ReportDraft;
use crate::access::AccountId;
use crate::platform::{Conn, Error, Result};
use crate::progress::DraftId;
use crate::progress::model::{Attachment, ReportKind};
use crate::schema::{attachments, draft_attachments, report_drafts};
use crate::time_nodes::NodeId;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = report_drafts)]
struct DraftRow {
    id: DraftId,
    node_id: NodeId,
    kind: ReportKind,
    text: String,
    percent: Option<i64>,
    held_on: Option<NaiveDate>,
    on_paper: String,
    reported_on: Option<NaiveDate>,
    drafted_by: AccountId,
    version: i64,
    recorded_on: NaiveDate,
}

/// A draft, or 404.
pub(super) fn get(conn: &mut Conn, id: DraftId) -> Result<ReportDraft> {
    let one = report_drafts::table.filter(report_drafts::id.eq(id.0));
    let row = one.select(DraftRow::as_select()).first(conn)?;
    shown(conn, vec![row])?.pop().ok_or_else(|| crate::platform::error::NOT_FOUND.err())
}

/// The drafts on a node, oldest first.
pub fn of_node(conn: &mut Conn, node_id: NodeId) -> Result<Vec<ReportDraft>> {
    let all = report_drafts::table.filter(report_drafts::node_id.eq(node_id.0));
    let rows = all.select(DraftRow::as_select()).order(report_drafts::id).load(conn)?;
    shown(conn, rows)
}

fn shown(conn: &mut Conn, rows: Vec<DraftRow>) -> Result<Vec<ReportDraft>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id.0).collect();
    let files: Vec<(DraftId, Attachment)> = draft_attachments::table
        .inner_join(attachments::table.on(attachments::id.eq(draft_attachments::attachment_id)))
        .filter(draft_attachments::draft_id.eq_any(ids))
        .order((draft_attachments::draft_id, draft_attachments::position))
        .select((draft_attachments::draft_id, Attachment::as_select()))
        .load(conn)?;
    let mut of: HashMap<DraftId, Vec<Attachment>> = HashMap::new();
    for (draft, file) in files {
        of.entry(draft).or_default().push(file);
    }
    rows.into_iter()
        .map(|row| {
            Ok(ReportDraft {
                id: row.id,
                node_id: row.node_id,
                kind: row.kind,
                text: row.text,
                percent: row.percent,
                held_on: row.held_on,
                on_paper: serde_json::from_str(&row.on_paper).map_err(Error::internal)?,
                attachments: of.remove(&row.id).unwrap_or_default(),
                reported_on: row.reported_on,
                drafted_by: row.drafted_by,
                recorded_on: row.recorded_on,
                version: row.version,
            })
        })
        .collect()
}

pub(super) fn insert(conn: &mut Conn, draft: &ReportDraft) -> Result<DraftId> {
    use report_drafts::dsl;
    let values = (
        dsl::node_id.eq(draft.node_id),
        dsl::kind.eq(draft.kind),
        dsl::text.eq(&draft.text),
        dsl::percent.eq(draft.percent),
        dsl::held_on.eq(draft.held_on),
        dsl::on_paper.eq(serde_json::to_string(&draft.on_paper).map_err(Error::internal)?),
        dsl::reported_on.eq(draft.reported_on),
        dsl::drafted_by.eq(draft.drafted_by),
        dsl::version.eq(draft.version),
        dsl::recorded_on.eq(draft.recorded_on),
    );
    let id: i64 = diesel::insert_into(dsl::report_drafts).values(values).returning(dsl::id).get_result(conn)?;
    name_files(conn, DraftId(id), &draft.attachments)?;
    Ok(DraftId(id))
}

pub(super) fn update(conn: &mut Conn, draft: &ReportDraft) -> Result<()> {
    use report_drafts::dsl;
    diesel::update(dsl::report_drafts.filter(dsl::id.eq(draft.id.0)))
        .set((
            dsl::kind.eq(draft.kind),
            dsl::text.eq(&draft.text),
            dsl::percent.eq(draft.percent),
            dsl::held_on.eq(draft.held_on),
            dsl::on_paper.eq(serde_json::to_string(&draft.on_paper).map_err(Error::internal)?),
            dsl::reported_on.eq(draft.reported_on),
            dsl::version.eq(draft.version),
        ))
        .execute(conn)?;
    forget_files(conn, draft.id)?;
    name_files(conn, draft.id, &draft.attachments)
}

pub(super) fn delete(conn: &mut Conn, id: DraftId) -> Result<()> {
    forget_files(conn, id)?;
    diesel::delete(report_drafts::table.filter(report_drafts::id.eq(id.0))).execute(conn)?;
    Ok(())
}

fn forget_files(conn: &mut Conn, id: DraftId) -> Result<()> {
    diesel::delete(draft_attachments::table.filter(draft_attachments::draft_id.eq(id.0))).execute(conn)?;
    Ok(())
}

fn name_files(conn: &mut Conn, id: DraftId, files: &[Attachment]) -> Result<()> {
    for (position, file) in (1_i64..).zip(files) {
        diesel::insert_into(draft_attachments::table)
            .values((
                draft_attachments::draft_id.eq(id),
                draft_attachments::attachment_id.eq(file.id),
                draft_attachments::position.eq(position),
            ))
            .execute(conn)?;
    }
    Ok(())
}
