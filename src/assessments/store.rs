//! Rows of assessments and their results.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::AssessmentId;
use super::model::{Assessment, AssessmentState, ClauseResult, NewRuling, RecognitionRuling, Tally};
use super::points::tally;
use super::rules::CheckedResult;
use crate::access::AccountId;
use crate::access::actor::Reach;
use crate::meetings::decisions::DecisionId;
use crate::platform::error::NOT_FOUND;
use crate::platform::text::Text;
use crate::platform::{Conn, PageRequest, Result};
use crate::schema::{assessment_attachments, assessment_results, assessments, clauses, recognitions, unit_facts};
use crate::standards::{ClauseId, Points, SetId};
use crate::units::UnitId;
use crate::units::store::{path_end, within};

type CheckedRow = (
    UnitId,
    ClauseId,
    AssessmentId,
    Option<ClauseResult>,
    Option<NaiveDate>,
    Option<NaiveDate>,
    Option<NaiveDate>,
    Option<AccountId>,
);

/// What the checked assessments of sets say, by unit and clause; whatever their days, for the rule to choose.
pub fn checked_results(
    conn: &mut Conn,
    sets: impl IntoIterator<Item = SetId>,
) -> Result<HashMap<(UnitId, ClauseId), Vec<CheckedResult>>> {
    let sets: Vec<i64> = sets.into_iter().map(|set| set.0).collect();
    let rows: Vec<CheckedRow> = assessment_results::table
        .inner_join(assessments::table.on(assessments::id.eq(assessment_results::assessment_id)))
        .filter(assessments::set_id.eq_any(sets).and(assessments::check_recorded_on.is_not_null()))
        .select((
            assessments::unit_id,
            assessment_results::clause_id,
            assessments::id,
            assessment_results::result,
            assessments::checked_on,
            assessments::check_recorded_on,
            assessment_results::evidence_on,
            assessment_results::approved_by,
        ))
        .load(conn)?;
    let mut results: HashMap<_, Vec<CheckedResult>> = HashMap::new();
    for (unit_id, clause_id, assessment_id, result, checked, recorded, evidence_on, approved_by) in rows {
        let (Some(result), Some(checked_on), Some(check_recorded_on)) = (result, checked, recorded) else { continue };
        let row = CheckedResult { assessment_id, result, checked_on, check_recorded_on, evidence_on, approved_by };
        results.entry((unit_id, clause_id)).or_default().push(row);
    }
    Ok(results)
}

// Assessments.

/// An assessment as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = assessments)]
pub struct AssessmentRow {
    pub id: AssessmentId,
    pub unit_id: UnitId,
    pub set_id: SetId,
    pub state: AssessmentState,
    pub opened_by: AccountId,
    pub self_assessed_by: Option<AccountId>,
    pub self_assessed_on: Option<NaiveDate>,
    pub on_behalf: bool,
    pub checked_by: Option<AccountId>,
    pub checked_on: Option<NaiveDate>,
    pub check_recorded_on: Option<NaiveDate>,
    pub version: i64,
    pub recorded_on: NaiveDate,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = recognitions)]
struct RecognitionRow {
    verdict: RecognitionRuling,
    decision_id: Option<DecisionId>,
    reason: Option<String>,
    ruled_by: AccountId,
    recorded_on: NaiveDate,
    withdrawn_by: Option<AccountId>,
    withdrawn_on: Option<NaiveDate>,
    withdrawal_reason: Option<String>,
}

type FullRow = (AssessmentRow, Option<RecognitionRow>);

/// An assessment, or 404.
pub fn get(conn: &mut Conn, id: AssessmentId) -> Result<AssessmentRow> {
    let one = assessments::table.filter(assessments::id.eq(id.0));
    Ok(one.select(AssessmentRow::as_select()).first(conn)?)
}

/// The assessment of a unit that is not checked yet; there is at most one.
pub(super) fn open_of(conn: &mut Conn, unit: UnitId) -> Result<Option<AssessmentId>> {
    let open = [AssessmentState::Draft, AssessmentState::SelfAssessed];
    let one = assessments::table.filter(assessments::unit_id.eq(unit.0).and(assessments::state.eq_any(open)));
    Ok(one.select(assessments::id).first(conn).optional()?)
}

/// A new draft, with a row for each clause of its set.
pub(super) fn insert(
    conn: &mut Conn,
    unit: UnitId,
    set: SetId,
    clauses: &[ClauseId],
    by: AccountId,
    today: NaiveDate,
) -> Result<AssessmentId> {
    let values = (
        assessments::unit_id.eq(unit),
        assessments::set_id.eq(set),
        assessments::state.eq(AssessmentState::Draft),
        assessments::opened_by.eq(by),
        assessments::on_behalf.eq(false),
        assessments::version.eq(1),
        assessments::recorded_on.eq(today),
    );
    let inserted = diesel::insert_into(assessments::table).values(values).returning(assessments::id);
    let id = inserted.get_result::<i64>(conn).map(AssessmentId)?;
    for clause in clauses {
        let values = (
            assessment_results::assessment_id.eq(id),
            assessment_results::clause_id.eq(*clause),
            assessment_results::self_on_paper.eq("[]"),
            assessment_results::on_paper.eq("[]"),
        );
        diesel::insert_into(assessment_results::table).values(values).execute(conn)?;
    }
    Ok(id)
}

pub(super) fn delete(conn: &mut Conn, id: AssessmentId) -> Result<()> {
    diesel::delete(assessment_attachments::table.filter(assessment_attachments::assessment_id.eq(id.0)))
        .execute(conn)?;
    diesel::delete(assessment_results::table.filter(assessment_results::assessment_id.eq(id.0))).execute(conn)?;
    diesel::delete(assessments::table.filter(assessments::id.eq(id.0))).execute(conn)?;
    Ok(())
}

/// One more version: whatever changes a result changes the assessment.
pub(super) fn bump(conn: &mut Conn, id: AssessmentId) -> Result<()> {
    diesel::update(assessments::table.filter(assessments::id.eq(id.0)))
        .set(assessments::version.eq(assessments::version + 1))
        .execute(conn)?;
    Ok(())
}

pub(super) fn mark_self_assessed(
    conn: &mut Conn,
    id: AssessmentId,
    by: AccountId,
    on_behalf: bool,
    today: NaiveDate,
) -> Result<()> {
    diesel::update(assessments::table.filter(assessments::id.eq(id.0)))
        .set((
            assessments::state.eq(AssessmentState::SelfAssessed),
            assessments::self_assessed_by.eq(by),
            assessments::self_assessed_on.eq(today),
            assessments::on_behalf.eq(on_behalf),
        ))
        .execute(conn)?;
    bump(conn, id)
}

pub(super) fn mark_checked(
    conn: &mut Conn,
    id: AssessmentId,
    by: AccountId,
    checked_on: NaiveDate,
    today: NaiveDate,
) -> Result<()> {
    diesel::update(assessments::table.filter(assessments::id.eq(id.0)))
        .set((
            assessments::state.eq(AssessmentState::Checked),
            assessments::checked_by.eq(by),
            assessments::checked_on.eq(checked_on),
            assessments::check_recorded_on.eq(today),
        ))
        .execute(conn)?;
    bump(conn, id)
}

pub(super) fn mark_ruled(
    conn: &mut Conn,
    id: AssessmentId,
    ruling: &NewRuling,
    by: AccountId,
    today: NaiveDate,
) -> Result<()> {
    let values = (
        recognitions::assessment_id.eq(id),
        recognitions::verdict.eq(ruling.verdict),
        recognitions::decision_id.eq(ruling.decision_id),
        recognitions::reason.eq(ruling.reason.as_ref().map(Text::as_str)),
        recognitions::ruled_by.eq(by),
        recognitions::recorded_on.eq(today),
    );
    diesel::insert_into(recognitions::table).values(values).execute(conn)?;
    let state = match ruling.verdict {
        RecognitionRuling::Recognised => AssessmentState::Recognised,
        RecognitionRuling::NotRecognised => AssessmentState::NotRecognised,
    };
    set_state(conn, id, state)
}

pub(super) fn mark_withdrawn(
    conn: &mut Conn,
    id: AssessmentId,
    reason: &str,
    by: AccountId,
    today: NaiveDate,
) -> Result<()> {
    diesel::update(recognitions::table.filter(recognitions::assessment_id.eq(id.0)))
        .set((
            recognitions::withdrawn_by.eq(by),
            recognitions::withdrawn_on.eq(today),
            recognitions::withdrawal_reason.eq(reason),
        ))
        .execute(conn)?;
    set_state(conn, id, AssessmentState::Withdrawn)
}

fn set_state(conn: &mut Conn, id: AssessmentId, state: AssessmentState) -> Result<()> {
    diesel::update(assessments::table.filter(assessments::id.eq(id.0)))
        .set(assessments::state.eq(state))
        .execute(conn)?;
    bump(conn, id)
}

/// An assessment as it is shown, or 404.
pub fn shown(conn: &mut Conn, id: AssessmentId) -> Result<Assessment> {
    let row: FullRow = assessments::table
        .left_join(recognitions::table.on(recognitions::assessment_id.eq(assessments::id)))
        .filter(assessments::id.eq(id.0))
        .select((AssessmentRow::as_select(), Option::<RecognitionRow>::as_select()))
        .first(conn)?;
    with_tallies(conn, vec![row])?.pop().ok_or_else(|| NOT_FOUND.err())
}

/// Which assessments to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Path of the unit whose assessments, with those of everything below it, are wanted.
    pub path: Option<String>,
    pub set_id: Option<SetId>,
    pub state: Option<AssessmentState>,
}

/// Assessments of units in reach, by id.
pub fn list(
    conn: &mut Conn,
    page: &PageRequest,
    reach: &Reach,
    filter: &Filter,
) -> Result<(Vec<Assessment>, Option<String>)> {
    let mut query = assessments::table
        .left_join(recognitions::table.on(recognitions::assessment_id.eq(assessments::id)))
        .inner_join(unit_facts::table.on(unit_facts::unit_id.eq(assessments::unit_id)))
        .filter(unit_facts::recorded_to.is_null())
        .filter(within("assessments.unit_id", reach))
        .select((AssessmentRow::as_select(), Option::<RecognitionRow>::as_select()))
        .order(assessments::id)
        .limit(page.fetch())
        .into_boxed();
    if let Some(after) = page.after::<i64>(0)? {
        query = query.filter(assessments::id.gt(after));
    }
    if let Some(path) = &filter.path {
        query = query.filter(unit_facts::path.ge(path.clone()).and(unit_facts::path.lt(path_end(path))));
    }
    if let Some(set) = filter.set_id {
        query = query.filter(assessments::set_id.eq(set.0));
    }
    if let Some(state) = filter.state {
        query = query.filter(assessments::state.eq(state));
    }
    let mut rows: Vec<FullRow> = query.load(conn)?;
    let next = page.cut(&mut rows, |(row, _)| vec![row.id.to_string()]);
    Ok((with_tallies(conn, rows)?, next))
}

type Counted = (AssessmentId, Option<ClauseResult>, Option<i64>, Option<ClauseResult>, Option<i64>, i64);

fn with_tallies(conn: &mut Conn, rows: Vec<FullRow>) -> Result<Vec<Assessment>> {
    use assessment_results::dsl as r;
    let ids: Vec<i64> = rows.iter().map(|(row, _)| row.id.0).collect();
    let counted: Vec<Counted> = r::assessment_results
        .inner_join(clauses::table.on(clauses::id.eq(r::clause_id)))
        .filter(r::assessment_id.eq_any(ids))
        .select((
            r::assessment_id,
            r::self_result,
            r::self_points_tenths,
            r::result,
            r::points_tenths,
            clauses::points_tenths,
        ))
        .load(conn)?;
    let shown = rows.into_iter().map(|(row, recognition)| {
        let of = || counted.iter().filter(|counted| counted.0 == row.id);
        let own = tally(of().map(|c| (c.1, c.2.map(Points), Points(c.5))));
        let check = tally(of().map(|c| (c.3, c.4.map(Points), Points(c.5))));
        combine(row, recognition, own, check)
    });
    Ok(shown.collect())
}

fn combine(row: AssessmentRow, ruling: Option<RecognitionRow>, self_assessment: Tally, check: Tally) -> Assessment {
    let ruled_on = |verdict| ruling.as_ref().filter(|ruling| ruling.verdict == verdict).map(|r| r.recorded_on);
    Assessment {
        id: row.id,
        unit_id: row.unit_id,
        set_id: row.set_id,
        state: row.state,
        opened_by: row.opened_by,
        opened_on: row.recorded_on,
        self_assessed_by: row.self_assessed_by,
        self_assessed_on: row.self_assessed_on,
        on_behalf: row.on_behalf,
        checked_by: row.checked_by,
        checked_on: row.checked_on,
        check_recorded_on: row.check_recorded_on,
        back_dated: row.checked_on < row.check_recorded_on,
        recognised_on: ruled_on(RecognitionRuling::Recognised),
        not_recognised_on: ruled_on(RecognitionRuling::NotRecognised),
        decision_id: ruling.as_ref().and_then(|ruling| ruling.decision_id),
        ruled_by: ruling.as_ref().map(|ruling| ruling.ruled_by),
        withdrawn_by: ruling.as_ref().and_then(|ruling| ruling.withdrawn_by),
        withdrawn_on: ruling.as_ref().and_then(|ruling| ruling.withdrawn_on),
        withdrawal_reason: ruling.as_ref().and_then(|ruling| ruling.withdrawal_reason.clone()),
        ruling_reason: ruling.and_then(|ruling| ruling.reason),
        self_assessment,
        check,
        version: row.version,
    }
}
