//! Pure rules of assessments. [`clause_standing`] is the one function that says what a clause counts as for a unit on a
//! day; reports, explanations, trends, paths and pages all ask it.

use chrono::{Months, NaiveDate};

use super::AssessmentId;
use super::model::ClauseResult;
use crate::access::AccountId;

/// By which day a check counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// As it was recorded by the end of the day asked about.
    Recorded,
    /// By everything recorded until now: a check counts from its business day.
    Restated,
}

/// What one checked assessment says of one clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckedResult {
    pub assessment_id: AssessmentId,
    pub result: ClauseResult,
    /// The business day of the check.
    pub checked_on: NaiveDate,
    /// The day the check was recorded; never before `checked_on`.
    pub check_recorded_on: NaiveDate,
    /// The day of its evidence; without one the day of the check.
    pub evidence_on: Option<NaiveDate>,
    /// The leader who approved a `not_applicable`.
    pub approved_by: Option<AccountId>,
}

/// What a clause counts as for a unit on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClauseStanding {
    /// `met` counts in the numerator; `not_applicable` is left out; the others count in the denominator only.
    pub result: ClauseResult,
    /// The assessment that says so; the one whose evidence expired, too. None when none did.
    pub assessment_id: Option<AssessmentId>,
    /// Of a `not_applicable`: who approved it.
    pub approved_by: Option<AccountId>,
    /// It is `not_assessed` because its evidence is older than the clause lets it be.
    pub expired: bool,
    /// The first day on which it will count as `not_assessed`, because the evidence expires; none when it never does
    /// or already has.
    pub lapses_on: Option<NaiveDate>,
}

impl ClauseStanding {
    /// Nothing counts.
    pub const NONE: ClauseStanding = ClauseStanding {
        result: ClauseResult::NotAssessed,
        assessment_id: None,
        approved_by: None,
        expired: false,
        lapses_on: None,
    };
}

/// What a clause counts as for a unit at the end of `as_of`: the result of the newest check in which it was assessed
/// at all, unless the evidence of that has expired. `results` are those of the unit for this very clause, in any order.
pub fn clause_standing(
    results: &[CheckedResult],
    evidence_months: Option<i64>,
    as_of: NaiveDate,
    view: View,
) -> ClauseStanding {
    let known = |checked: &&CheckedResult| match view {
        View::Recorded => checked.check_recorded_on <= as_of,
        View::Restated => checked.checked_on <= as_of,
    };
    let assessed = results.iter().filter(known).filter(|checked| checked.result != ClauseResult::NotAssessed);
    // Of two checks of one day the one recorded later is the newer.
    let newest = assessed.max_by_key(|checked| (checked.checked_on, checked.check_recorded_on, checked.assessment_id));
    let Some(newest) = newest else { return ClauseStanding::NONE };
    let standing = ClauseStanding {
        result: newest.result,
        assessment_id: Some(newest.assessment_id),
        approved_by: newest.approved_by.filter(|_| newest.result == ClauseResult::NotApplicable),
        expired: false,
        lapses_on: lapses_on(newest, evidence_months),
    };
    match standing.lapses_on {
        Some(day) if day <= as_of => {
            ClauseStanding { result: ClauseResult::NotAssessed, expired: true, lapses_on: None, ..standing }
        }
        _ => standing,
    }
}

/// The day after the last on which the evidence counts: as many months after its own day, that day included. What is
/// not applicable has no evidence that could grow old, and what is not met does not become better by waiting.
fn lapses_on(checked: &CheckedResult, evidence_months: Option<i64>) -> Option<NaiveDate> {
    if !matches!(checked.result, ClauseResult::Met | ClauseResult::Partly) {
        return None;
    }
    let months = u32::try_from(evidence_months?).ok()?;
    let from = checked.evidence_on.unwrap_or(checked.checked_on);
    from.checked_add_months(Months::new(months))?.succ_opt()
}

/// Whether a recognition holds at the end of a day, by the days it and its withdrawal were recorded. Restated, one that
/// was withdrawn holds nowhere.
pub fn recognition_holds(
    recorded_on: NaiveDate,
    withdrawn_on: Option<NaiveDate>,
    as_of: NaiveDate,
    view: View,
) -> bool {
    let withdrawn = match view {
        View::Recorded => withdrawn_on.is_some_and(|day| day <= as_of),
        View::Restated => withdrawn_on.is_some(),
    };
    recorded_on <= as_of && !withdrawn
}

#[cfg(test)]
mod tests {
    use super::View::{Recorded, Restated};
    use super::*;
    use ClauseResult::{Met, NotApplicable, NotAssessed, NotMet, Partly};

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, month, day).unwrap()
    }

    /// A check recorded on the day it was held.
    fn checked(id: i64, result: ClauseResult, on: NaiveDate) -> CheckedResult {
        CheckedResult {
            assessment_id: AssessmentId(id),
            result,
            checked_on: on,
            check_recorded_on: on,
            evidence_on: None,
            approved_by: None,
        }
    }

    /// A check of one day that was recorded on another.
    fn entered(id: i64, result: ClauseResult, on: NaiveDate, recorded: NaiveDate) -> CheckedResult {
        CheckedResult { check_recorded_on: recorded, ..checked(id, result, on) }
    }

    fn evidence(on: NaiveDate, of: CheckedResult) -> CheckedResult {
        CheckedResult { evidence_on: Some(on), ..of }
    }

    /// Results, months of validity, the day, the view; then the result, the assessment, whether it expired, and the day it lapses.
    type Case = (
        &'static str,
        Vec<CheckedResult>,
        Option<i64>,
        NaiveDate,
        View,
        (ClauseResult, Option<i64>, bool, Option<NaiveDate>),
    );

    fn hold(cases: Vec<Case>) {
        for (what, results, months, as_of, view, (result, by, expired, lapses_on)) in cases {
            let mut turned = results.clone();
            turned.reverse();
            for results in [results, turned] {
                let standing = clause_standing(&results, months, as_of, view);
                assert_eq!(standing.result, result, "{what}");
                assert_eq!(standing.assessment_id, by.map(AssessmentId), "{what}");
                assert_eq!((standing.expired, standing.lapses_on), (expired, lapses_on), "{what}");
            }
        }
    }

    #[test]
    fn the_newest_check_that_assessed_the_clause_counts() {
        let march = |result| checked(1, result, day(3, 20));
        let june = |result| checked(2, result, day(6, 20));
        hold(vec![
            ("no check", vec![], None, day(12, 31), Recorded, (NotAssessed, None, false, None)),
            ("before the check", vec![march(Met)], None, day(3, 19), Recorded, (NotAssessed, None, false, None)),
            ("on its day", vec![march(Met)], None, day(3, 20), Recorded, (Met, Some(1), false, None)),
            ("partly", vec![march(Partly)], None, day(4, 1), Recorded, (Partly, Some(1), false, None)),
            (
                "the newer one",
                vec![march(Met), june(NotMet)],
                None,
                day(6, 20),
                Recorded,
                (NotMet, Some(2), false, None),
            ),
            (
                "not yet the newer one",
                vec![march(Met), june(NotMet)],
                None,
                day(6, 19),
                Recorded,
                (Met, Some(1), false, None),
            ),
            (
                "the newer one said nothing",
                vec![march(Met), june(NotAssessed)],
                None,
                day(7, 1),
                Recorded,
                (Met, Some(1), false, None),
            ),
            (
                "only nothing was said",
                vec![march(NotAssessed)],
                None,
                day(7, 1),
                Recorded,
                (NotAssessed, None, false, None),
            ),
            (
                "not applicable",
                vec![march(Met), june(NotApplicable)],
                None,
                day(7, 1),
                Recorded,
                (NotApplicable, Some(2), false, None),
            ),
            (
                "two of a day: the later one",
                vec![march(Met), checked(5, Partly, day(3, 20))],
                None,
                day(3, 20),
                Recorded,
                (Partly, Some(5), false, None),
            ),
        ]);
    }

    #[test]
    fn a_check_counts_from_its_recording_and_restated_from_its_own_day() {
        let late = entered(1, Met, day(3, 20), day(5, 6));
        let april = checked(2, NotMet, day(4, 10));
        hold(vec![
            ("not recorded yet", vec![late], None, day(5, 5), Recorded, (NotAssessed, None, false, None)),
            ("recorded", vec![late], None, day(5, 6), Recorded, (Met, Some(1), false, None)),
            ("restated, its day", vec![late], None, day(3, 20), Restated, (Met, Some(1), false, None)),
            ("restated, before its day", vec![late], None, day(3, 19), Restated, (NotAssessed, None, false, None)),
            (
                "recorded later, of an earlier day",
                vec![late, april],
                None,
                day(5, 6),
                Recorded,
                (NotMet, Some(2), false, None),
            ),
            ("restated, between the two", vec![late, april], None, day(4, 9), Restated, (Met, Some(1), false, None)),
            (
                "entered twice for one day",
                vec![entered(4, Met, day(3, 20), day(3, 25)), entered(3, NotMet, day(3, 20), day(3, 26))],
                None,
                day(4, 1),
                Restated,
                (NotMet, Some(3), false, None),
            ),
        ]);
    }

    #[test]
    fn evidence_expires_the_day_after_its_months() {
        let march = checked(1, Met, day(3, 20));
        let june = checked(2, Met, day(6, 30));
        let entered_late = entered(1, Met, day(3, 20), day(5, 6));
        hold(vec![
            ("it will lapse", vec![march], Some(3), day(3, 20), Recorded, (Met, Some(1), false, Some(day(6, 21)))),
            ("its last day", vec![march], Some(3), day(6, 20), Recorded, (Met, Some(1), false, Some(day(6, 21)))),
            ("expired", vec![march], Some(3), day(6, 21), Recorded, (NotAssessed, Some(1), true, None)),
            (
                "expired partly",
                vec![checked(1, Partly, day(3, 20))],
                Some(3),
                day(6, 21),
                Recorded,
                (NotAssessed, Some(1), true, None),
            ),
            (
                "expired, then checked again",
                vec![march, june],
                Some(3),
                day(6, 30),
                Recorded,
                (Met, Some(2), false, Some(day(10, 1))),
            ),
            (
                "evidence older than the check",
                vec![evidence(day(1, 31), march)],
                Some(1),
                day(3, 20),
                Recorded,
                (NotAssessed, Some(1), true, None),
            ),
            (
                "the last day of a shorter month",
                vec![evidence(day(1, 31), checked(1, Met, day(2, 1)))],
                Some(1),
                day(2, 29),
                Recorded,
                (Met, Some(1), false, Some(day(3, 1))),
            ),
            (
                "an older one does not come back",
                vec![evidence(day(6, 1), march), evidence(day(1, 1), june)],
                Some(3),
                day(7, 1),
                Recorded,
                (NotAssessed, Some(2), true, None),
            ),
            (
                "not applicable never expires",
                vec![evidence(day(1, 1), checked(1, NotApplicable, day(1, 1)))],
                Some(1),
                day(12, 31),
                Recorded,
                (NotApplicable, Some(1), false, None),
            ),
            (
                "expired when recorded",
                vec![entered_late],
                Some(1),
                day(5, 6),
                Recorded,
                (NotAssessed, Some(1), true, None),
            ),
            (
                "restated, expired",
                vec![entered_late],
                Some(1),
                day(4, 21),
                Restated,
                (NotAssessed, Some(1), true, None),
            ),
            (
                "restated, its last day",
                vec![entered_late],
                Some(1),
                day(4, 20),
                Restated,
                (Met, Some(1), false, Some(day(4, 21))),
            ),
        ]);
    }

    #[test]
    fn who_approved_goes_with_not_applicable_alone() {
        let approved = |result| CheckedResult { approved_by: Some(AccountId(9)), ..checked(1, result, day(3, 20)) };
        let by = |result| clause_standing(&[approved(result)], None, day(4, 1), Recorded).approved_by;
        assert_eq!(by(NotApplicable), Some(AccountId(9)));
        assert_eq!(by(Met), None);
    }

    #[test]
    fn a_recognition_holds_until_its_withdrawal_and_restated_then_nowhere() {
        let (given, taken) = (day(10, 1), Some(day(11, 15)));
        let cases = [
            (None, day(9, 30), Recorded, false),
            (None, day(10, 1), Recorded, true),
            (None, day(12, 31), Restated, true),
            (taken, day(11, 14), Recorded, true),
            (taken, day(11, 15), Recorded, false),
            (taken, day(10, 1), Restated, false),
        ];
        for (withdrawn, as_of, view, holds) in cases {
            assert_eq!(recognition_holds(given, withdrawn, as_of, view), holds, "{withdrawn:?} {as_of} {view:?}");
        }
    }
}
