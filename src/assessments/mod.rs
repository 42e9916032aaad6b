//! Assessments 达标评定 of branches against the published set that applies to them: draft → self_assessed 自评 → checked
//! 复核 → recognised 认定 or not_recognised, and recognised → withdrawn. Only what was checked counts; the
//! self-assessment is shown beside. A check freezes every result. What a clause counts as for a unit on a day is said
//! by [`rules::clause_standing`] alone, for every rate, list and page.

pub mod model;
pub mod rules;
pub mod store;

use crate::id_type;

id_type! {
    /// An assessment of a unit.
    AssessmentId
}
