//! Rows of assessments and their results.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::AssessmentId;
use super::model::ClauseResult;
use super::rules::CheckedResult;
use crate::access::AccountId;
use crate::platform::{Conn, Result};
use crate::schema::{assessment_results, assessments};
use crate::standards::{ClauseId, SetId};
use crate::units::UnitId;

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

/// What the checked assessments of a set say, by unit and clause; whatever their days, for the rule to choose.
pub fn checked_results(conn: &mut Conn, set: SetId) -> Result<HashMap<(UnitId, ClauseId), Vec<CheckedResult>>> {
    let rows: Vec<CheckedRow> = assessment_results::table
        .inner_join(assessments::table.on(assessments::id.eq(assessment_results::assessment_id)))
        .filter(assessments::set_id.eq(set.0).and(assessments::check_recorded_on.is_not_null()))
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
