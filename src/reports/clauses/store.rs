//! What the compliance rate reads: clauses, checked results, recognitions, links to tasks. Each in one query, whatever
//! the number of branches and clauses. No writes.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::assessments::AssessmentId;
use crate::assessments::model::AssessmentState;
use crate::plans::TaskId;
use crate::platform::{Conn, Result};
use crate::reports::store::Moment;
use crate::schema::{assessments, clause_tasks, clauses, recognitions};
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
