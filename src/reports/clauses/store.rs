//! What the compliance rate reads: clauses, checked results, recognitions, links to tasks. Each in one query, whatever
//! the number of branches and clauses. No writes.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::access::AccountId;
use crate::assessments::AssessmentId;
use crate::assessments::model::{AssessmentState, ClauseResult};
use crate::assessments::rules::CheckedResult;
use crate::plans::TaskId;
use crate::platform::{Conn, Result};
use crate::reports::store::Moment;
use crate::schema::{assessment_results, assessments, clause_tasks, clauses, recognitions};
use crate::standards::{ClauseId, SetId};
use crate::units::UnitId;

/// A clause of a published set.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = clauses)]
pub struct ClauseRow {
    pub id: ClauseId,
    pub set_id: SetId,
    pub code: String,
    pub category: String,
    pub title: String,
    pub curable: bool,
    pub evidence_months: Option<i64>,
}

/// A recognition of a branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Recognition {
    pub assessment_id: AssessmentId,
    pub recorded_on: NaiveDate,
    pub withdrawn_on: Option<NaiveDate>,
}

fn numbers(sets: &BTreeSet<SetId>) -> Vec<i64> {
    sets.iter().map(|set| set.0).collect()
}

/// The clauses of sets, by set and place.
pub fn clauses(conn: &mut Conn, sets: &BTreeSet<SetId>) -> Result<Vec<ClauseRow>> {
    Ok(clauses::table
        .filter(clauses::set_id.eq_any(numbers(sets)))
        .select(ClauseRow::as_select())
        .order((clauses::set_id, clauses::position, clauses::id))
        .load(conn)?)
}

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
    sets: &BTreeSet<SetId>,
) -> Result<HashMap<(UnitId, ClauseId), Vec<CheckedResult>>> {
    let rows: Vec<CheckedRow> = assessment_results::table
        .inner_join(assessments::table.on(assessments::id.eq(assessment_results::assessment_id)))
        .filter(assessments::set_id.eq_any(numbers(sets)).and(assessments::check_recorded_on.is_not_null()))
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

/// The recognitions recorded by a day, by branch, with what became of them since; whatever the set.
pub fn recognitions(conn: &mut Conn, day: NaiveDate) -> Result<HashMap<UnitId, Vec<Recognition>>> {
    use recognitions::dsl as r;
    let rows: Vec<(UnitId, Recognition)> = r::recognitions
        .inner_join(assessments::table.on(assessments::id.eq(r::assessment_id)))
        .filter(r::verdict.eq(AssessmentState::Recognised).and(r::recorded_on.le(day)))
        .select((assessments::unit_id, (r::assessment_id, r::recorded_on, r::withdrawn_on)))
        .load(conn)?;
    let mut of: HashMap<_, Vec<Recognition>> = HashMap::new();
    for (unit_id, recognition) in rows {
        of.entry(unit_id).or_default().push(recognition);
    }
    Ok(of)
}

/// The links from clauses of sets to tasks, on a day; restated, those of now.
pub fn linked_tasks(conn: &mut Conn, sets: &BTreeSet<SetId>, moment: Moment) -> Result<Vec<(ClauseId, TaskId)>> {
    use clause_tasks::dsl as l;
    let mut query = l::clause_tasks
        .inner_join(clauses::table.on(clauses::id.eq(l::clause_id)))
        .filter(clauses::set_id.eq_any(numbers(sets)))
        .select((l::clause_id, l::task_id))
        .into_boxed();
    let day = moment.as_of;
    query = if moment.restated {
        query.filter(l::recorded_to.is_null())
    } else {
        query.filter(l::recorded_from.le(day)).filter(l::recorded_to.is_null().or(l::recorded_to.gt(day)))
    };
    Ok(query.load(conn)?)
}
