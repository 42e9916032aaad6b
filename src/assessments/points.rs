//! What a result is worth, and the tally of many. Pure.

use super::model::{ClauseResult, Tally};
use super::{POINTS_ABOVE, POINTS_MISSING, POINTS_UNUSED};
use crate::platform::Fault;
use crate::standards::Points;

/// The points of a result: those that were given, else all for `met` and none for `not_met`. What is wrong with them
/// is told at `pointer`.
pub fn settle(
    result: ClauseResult,
    given: Option<Points>,
    full: Points,
    pointer: &str,
) -> Result<Option<Points>, Fault> {
    let at = || format!("{pointer}/points");
    match (result, given) {
        (ClauseResult::NotApplicable | ClauseResult::NotAssessed, Some(_)) => Err(POINTS_UNUSED.at(at(), [])),
        (ClauseResult::NotApplicable | ClauseResult::NotAssessed, None) => Ok(None),
        (_, Some(points)) if points > full => Err(POINTS_ABOVE.at(at(), [("points", full.to_string())])),
        (_, Some(points)) => Ok(Some(points)),
        (ClauseResult::Met, None) => Ok(Some(full)),
        (ClauseResult::NotMet, None) => Ok(Some(Points(0))),
        (ClauseResult::Partly, None) => Err(POINTS_MISSING.at(at(), [])),
    }
}

/// Counts results: each the result, its points, and the points of its clause.
pub fn tally(results: impl IntoIterator<Item = (Option<ClauseResult>, Option<Points>, Points)>) -> Tally {
    let mut tally = Tally::default();
    for (result, points, full) in results {
        let count = match result.unwrap_or(ClauseResult::NotAssessed) {
            ClauseResult::Met => &mut tally.met,
            ClauseResult::Partly => &mut tally.partly,
            ClauseResult::NotMet => &mut tally.not_met,
            ClauseResult::NotApplicable => &mut tally.not_applicable,
            ClauseResult::NotAssessed => &mut tally.not_assessed,
        };
        *count += 1;
        tally.points.0 += points.unwrap_or_default().0;
        if result != Some(ClauseResult::NotApplicable) {
            tally.of_points.0 += full.0;
        }
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;
    use ClauseResult::{Met, NotApplicable, NotAssessed, NotMet, Partly};

    #[test]
    fn a_result_has_points_up_to_those_of_its_clause() {
        let full = Points(25);
        let cases = [
            (Met, None, Ok(Some(25))),
            (Met, Some(20), Ok(Some(20))),
            (Met, Some(26), Err("points_above")),
            (Partly, Some(10), Ok(Some(10))),
            (Partly, None, Err("points_missing")),
            (NotMet, None, Ok(Some(0))),
            (NotMet, Some(5), Ok(Some(5))),
            (NotApplicable, None, Ok(None)),
            (NotApplicable, Some(0), Err("points_unused")),
            (NotAssessed, None, Ok(None)),
            (NotAssessed, Some(25), Err("points_unused")),
        ];
        for (result, given, wanted) in cases {
            let settled = settle(result, given.map(Points), full, "/results/0");
            let settled = settled.map(|points| points.map(|points| points.0)).map_err(|fault| fault.code.code);
            assert_eq!(settled, wanted, "{result:?} {given:?}");
        }
    }

    #[test]
    fn a_tally_leaves_the_points_of_what_is_not_applicable_out() {
        let full = Points(25);
        let rows = [
            (Some(Met), Some(Points(25)), full),
            (Some(Partly), Some(Points(10)), full),
            (Some(NotApplicable), None, full),
            (None, None, full),
        ];
        let tally = tally(rows);
        assert_eq!((tally.met, tally.partly, tally.not_met), (1, 1, 0));
        assert_eq!((tally.not_applicable, tally.not_assessed), (1, 1));
        assert_eq!((tally.points, tally.of_points), (Points(35), Points(75)));
    }
}
