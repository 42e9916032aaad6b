//! The rows of an assessment, a clause each: what the branch says of itself, what the checker says, and what the time
//! nodes of the linked tasks show. The SQL of `assessment_results` is here, beside the rows it makes.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::AssessmentId;
use super::model::{AssessmentState, ClauseResult, Proposal, ResultLine, Side};
use super::proposals::propose;
use super::store::AssessmentRow;
use crate::access::AccountId;
use crate::platform::{Conn, Error, Result};
use crate::progress::model::{Attachment, OnPaper};
use crate::schema::{assessment_attachments, assessment_results, attachments};
use crate::standards::model::Clause;
use crate::standards::{self, ClauseId, Points};
use crate::time_nodes::{self, model::TimeNode};

/// A row as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = assessment_results)]
struct ResultRow {
    clause_id: ClauseId,
    self_result: Option<ClauseResult>,
    self_points_tenths: Option<i64>,
    self_note: Option<String>,
    self_on_paper: String,
    result: Option<ClauseResult>,
    points_tenths: Option<i64>,
    deduction_reason: Option<String>,
    proposal: Option<Proposal>,
    overrule_reason: Option<String>,
    note: Option<String>,
    evidence_on: Option<NaiveDate>,
    on_paper: String,
    approved_by: Option<AccountId>,
}

/// All rows of an assessment, in the order of the clauses. Proposals and nodes are those of `today` until the check,
/// and those of the check from then on.
pub fn lines(conn: &mut Conn, assessment: &AssessmentRow, today: NaiveDate) -> Result<Vec<ResultLine>> {
    let as_of = assessment.check_recorded_on.unwrap_or(today);
    let clauses = standards::store::clauses_of(conn, assessment.set_id)?;
    let tasks = standards::store::tasks_on(conn, assessment.set_id, as_of)?;
    let linked: Vec<_> = tasks.values().flatten().copied().collect();
    let nodes = time_nodes::store::of_tasks(conn, assessment.unit_id, &linked, as_of)?;
    let mut files = files_of(conn, assessment.id)?;
    let mut rows = rows_of(conn, assessment.id)?;
    let open = matches!(assessment.state, AssessmentState::Draft | AssessmentState::SelfAssessed);
    let mut lines = Vec::with_capacity(clauses.len());
    for clause in clauses {
        let Some(row) = rows.remove(&clause.id) else { continue };
        let task_ids = tasks.get(&clause.id).cloned().unwrap_or_default();
        let shown: Vec<TimeNode> = nodes.iter().filter(|node| task_ids.contains(&node.task_id)).cloned().collect();
        let judged: Vec<_> = shown.iter().map(|node| (node.verdict, node.due_on)).collect();
        let proposal = if open { propose(&judged, as_of) } else { row.proposal };
        let mut file = |side| files.remove(&(clause.id, side)).unwrap_or_default();
        let (own, check) = (file(Side::Own), file(Side::Check));
        lines.push(ResultLine { proposal, task_ids, time_nodes: shown, ..line(clause, row, own, check)? });
    }
    Ok(lines)
}

fn line(clause: Clause, row: ResultRow, own: Vec<Attachment>, check: Vec<Attachment>) -> Result<ResultLine> {
    Ok(ResultLine {
        clause_id: clause.id,
        code: clause.code,
        category: clause.category,
        title: clause.title,
        mandatory: clause.mandatory,
        curable: clause.curable,
        clause_points: clause.points,
        evidence_months: clause.evidence_months,
        self_result: row.self_result,
        self_points: row.self_points_tenths.map(Points),
        self_note: row.self_note,
        self_attachments: own,
        self_on_paper: serde_json::from_str(&row.self_on_paper).map_err(Error::internal)?,
        result: row.result,
        points: row.points_tenths.map(Points),
        deduction_reason: row.deduction_reason,
        proposal: row.proposal,
        overrule_reason: row.overrule_reason,
        note: row.note,
        evidence_on: row.evidence_on,
        attachments: check,
        on_paper: serde_json::from_str(&row.on_paper).map_err(Error::internal)?,
        approved_by: row.approved_by,
        task_ids: vec![],
        time_nodes: vec![],
    })
}

fn rows_of(conn: &mut Conn, id: AssessmentId) -> Result<HashMap<ClauseId, ResultRow>> {
    let all = assessment_results::table.filter(assessment_results::assessment_id.eq(id.0));
    let rows: Vec<ResultRow> = all.select(ResultRow::as_select()).load(conn)?;
    Ok(rows.into_iter().map(|row| (row.clause_id, row)).collect())
}

fn files_of(conn: &mut Conn, id: AssessmentId) -> Result<HashMap<(ClauseId, Side), Vec<Attachment>>> {
    use assessment_attachments::dsl;
    let rows: Vec<(ClauseId, Side, Attachment)> = dsl::assessment_attachments
        .inner_join(attachments::table.on(attachments::id.eq(dsl::attachment_id)))
        .filter(dsl::assessment_id.eq(id.0))
        .order((dsl::clause_id, dsl::side, dsl::position))
        .select((dsl::clause_id, dsl::side, Attachment::as_select()))
        .load(conn)?;
    let mut files: HashMap<_, Vec<Attachment>> = HashMap::new();
    for (clause, side, file) in rows {
        files.entry((clause, side)).or_default().push(file);
    }
    Ok(files)
}

/// What a branch says of itself on a clause, with every check behind it.
pub(super) struct OwnRow<'a> {
    pub clause_id: ClauseId,
    pub result: ClauseResult,
    pub points: Option<Points>,
    pub note: Option<&'a str>,
    pub on_paper: &'a [OnPaper],
    pub files: Vec<Attachment>,
}

pub(super) fn put_own(conn: &mut Conn, id: AssessmentId, row: &OwnRow<'_>) -> Result<()> {
    use assessment_results::dsl;
    let one = dsl::assessment_results.filter(dsl::assessment_id.eq(id.0).and(dsl::clause_id.eq(row.clause_id.0)));
    diesel::update(one)
        .set((
            dsl::self_result.eq(row.result),
            dsl::self_points_tenths.eq(row.points.map(|points| points.0)),
            dsl::self_note.eq(row.note),
            dsl::self_on_paper.eq(serde_json::to_string(row.on_paper).map_err(Error::internal)?),
        ))
        .execute(conn)?;
    put_files(conn, id, row.clause_id, Side::Own, &row.files)
}

/// What the checker says of a clause, with every check behind it.
pub(super) struct CheckedRow<'a> {
    pub clause_id: ClauseId,
    pub result: ClauseResult,
    pub points: Option<Points>,
    pub deduction_reason: Option<&'a str>,
    pub overrule_reason: Option<&'a str>,
    pub note: Option<&'a str>,
    pub evidence_on: Option<NaiveDate>,
    pub on_paper: &'a [OnPaper],
    pub files: Vec<Attachment>,
    pub approved_by: Option<AccountId>,
}

pub(super) fn put_checked(conn: &mut Conn, id: AssessmentId, row: &CheckedRow<'_>) -> Result<()> {
    use assessment_results::dsl;
    let one = dsl::assessment_results.filter(dsl::assessment_id.eq(id.0).and(dsl::clause_id.eq(row.clause_id.0)));
    diesel::update(one)
        .set((
            dsl::result.eq(row.result),
            dsl::points_tenths.eq(row.points.map(|points| points.0)),
            dsl::deduction_reason.eq(row.deduction_reason),
            dsl::overrule_reason.eq(row.overrule_reason),
            dsl::note.eq(row.note),
            dsl::evidence_on.eq(row.evidence_on),
            dsl::on_paper.eq(serde_json::to_string(row.on_paper).map_err(Error::internal)?),
            dsl::approved_by.eq(row.approved_by),
        ))
        .execute(conn)?;
    put_files(conn, id, row.clause_id, Side::Check, &row.files)
}

fn put_files(conn: &mut Conn, id: AssessmentId, clause: ClauseId, side: Side, files: &[Attachment]) -> Result<()> {
    use assessment_attachments::dsl;
    let of = dsl::assessment_attachments.filter(dsl::assessment_id.eq(id.0).and(dsl::clause_id.eq(clause.0)));
    diesel::delete(of.filter(dsl::side.eq(side))).execute(conn)?;
    for (position, file) in (1_i64..).zip(files) {
        let values = (
            dsl::assessment_id.eq(id),
            dsl::clause_id.eq(clause),
            dsl::side.eq(side),
            dsl::attachment_id.eq(file.id),
            dsl::position.eq(position),
        );
        diesel::insert_into(dsl::assessment_attachments).values(values).execute(conn)?;
    }
    Ok(())
}

pub(super) fn approve(conn: &mut Conn, id: AssessmentId, clause: ClauseId, by: AccountId) -> Result<()> {
    use assessment_results::dsl;
    let one = dsl::assessment_results.filter(dsl::assessment_id.eq(id.0).and(dsl::clause_id.eq(clause.0)));
    diesel::update(one).set(dsl::approved_by.eq(by)).execute(conn)?;
    Ok(())
}

/// Freezes a row at the check: what was proposed, and `not_assessed` where nothing was said.
pub(super) fn freeze(conn: &mut Conn, id: AssessmentId, line: &ResultLine) -> Result<()> {
    use assessment_results::dsl;
    let one = dsl::assessment_results.filter(dsl::assessment_id.eq(id.0).and(dsl::clause_id.eq(line.clause_id.0)));
    let result = line.result.unwrap_or(ClauseResult::NotAssessed);
    diesel::update(one).set((dsl::proposal.eq(line.proposal), dsl::result.eq(result))).execute(conn)?;
    Ok(())
}
