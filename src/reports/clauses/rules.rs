//! The rates over clauses and branches, pure: clauses as they stand in, counts out.

use chrono::NaiveDate;

use super::store::Recognition;
use crate::assessments::model::ClauseResult;
use crate::assessments::rules::{ClauseStanding, View, recognition_holds};
use crate::reports::model::{NoPercent, Rate};
use crate::reports::rules::{Chance, Place, ratio};
use crate::standards::ClauseId;
use crate::time_nodes::Excluded;
use crate::units::UnitId;
use crate::word_enum;

word_enum! {
    /// A rate over the clauses of branches.
    ClauseRate { Compliance = "compliance", Assessed = "assessed" }
}

word_enum! {
    /// A rate over branches.
    BranchRate { BranchesRecognised = "branches_recognised", BranchesAtTarget = "branches_at_target" }
}

/// A clause of a branch as it stands on a day.
#[derive(Debug, Clone, Copy)]
pub struct ClauseOf {
    pub clause_id: ClauseId,
    pub standing: ClauseStanding,
    /// The day of the check that says so.
    pub checked_on: Option<NaiveDate>,
}

/// A branch that lives on the day.
#[derive(Debug, Clone)]
pub struct Branch {
    pub unit_id: UnitId,
    /// Target of the plan of the nearest unit at or above it; 100 without one.
    pub target_percent: i64,
    pub recognised: bool,
    /// The clauses of the set that applies to it; none where no set does.
    pub clauses: Option<Vec<ClauseOf>>,
}

/// The four rates.
#[derive(Debug, Clone, PartialEq)]
pub struct StandardRates {
    pub compliance: Rate,
    pub assessed: Rate,
    pub branches_recognised: Rate,
    pub branches_at_target: Rate,
}

/// The one rule of both rates over clauses; counting and explaining both ask it.
pub fn place(rate: ClauseRate, standing: &ClauseStanding) -> Place {
    let counts = match standing.result {
        ClauseResult::NotApplicable => return Place::Excluded(Excluded::NotApplicable),
        ClauseResult::Met => true,
        ClauseResult::NotAssessed => false,
        ClauseResult::Partly | ClauseResult::NotMet => rate == ClauseRate::Assessed,
    };
    if counts { Place::Numerator } else { Place::DenominatorOnly }
}

/// The one rule of both rates over branches.
pub fn holds(rate: BranchRate, branch: &Branch) -> bool {
    match rate {
        BranchRate::BranchesRecognised => branch.recognised,
        BranchRate::BranchesAtTarget => {
            let (met, of) = pooled(ClauseRate::Compliance, branch.clauses.iter().flatten());
            of > 0 && i128::from(met) * 100 >= i128::from(of) * i128::from(branch.target_percent)
        }
    }
}

fn pooled<'a>(rate: ClauseRate, clauses: impl Iterator<Item = &'a ClauseOf>) -> (i64, i64) {
    let (mut met, mut of) = (0, 0);
    for place in clauses.map(|clause| place(rate, &clause.standing)) {
        met += i64::from(place == Place::Numerator);
        of += i64::from(matches!(place, Place::Numerator | Place::DenominatorOnly));
    }
    (met, of)
}

/// Why some branches have no rate over standards: no set is published or applies to any of them, or there are none.
pub fn no_rate(published: bool, branches: &[&Branch]) -> Option<NoPercent> {
    if !published {
        Some(NoPercent::NoStandardSet)
    } else if branches.is_empty() {
        Some(NoPercent::NoBranches)
    } else if branches.iter().all(|branch| branch.clauses.is_none()) {
        Some(NoPercent::NoStandardSet)
    } else {
        None
    }
}

/// The rates of some branches, pooled: sum over sum, of the clauses that are wanted.
pub fn standard_rates(published: bool, branches: &[&Branch], wanted: impl Fn(ClauseId) -> bool) -> StandardRates {
    if let Some(reason) = no_rate(published, branches) {
        return every(reason);
    }
    let clauses = |rate| {
        let all = branches.iter().flat_map(|branch| branch.clauses.iter().flatten());
        let (met, of) = pooled(rate, all.filter(|clause| wanted(clause.clause_id)));
        ratio(met, of)
    };
    let of_branches = |rate| {
        let met = branches.iter().filter(|branch| holds(rate, branch)).count();
        ratio(met as i64, branches.len() as i64)
    };
    StandardRates {
        compliance: clauses(ClauseRate::Compliance),
        assessed: clauses(ClauseRate::Assessed),
        branches_recognised: of_branches(BranchRate::BranchesRecognised),
        branches_at_target: of_branches(BranchRate::BranchesAtTarget),
    }
}

/// The rates where clauses and branches can't be divided among the rows.
pub fn undivided_rates(published: bool) -> StandardRates {
    every(if published { NoPercent::NotDivided } else { NoPercent::NoStandardSet })
}

fn every(reason: NoPercent) -> StandardRates {
    let none = Rate::none(reason);
    StandardRates {
        compliance: none.clone(),
        assessed: none.clone(),
        branches_recognised: none.clone(),
        branches_at_target: none,
    }
}

/// Whether a branch is recognised at the end of a day: its newest recognition by then holds. One before it doesn't come
/// back when the newest is withdrawn.
pub fn is_recognised(all: &[Recognition], on: NaiveDate, view: View) -> bool {
    let known = all.iter().filter(|one| one.recorded_on <= on);
    let newest = known.max_by_key(|one| (one.recorded_on, one.assessment_id));
    newest.is_some_and(|one| recognition_holds(one.recorded_on, one.withdrawn_on, on, view))
}

/// Whether a clause of a branch can still be met by the day of the target; nothing where it is not applicable. `on` is
/// the day on which it stands so: that of the report, at the latest that of the target.
pub fn clause_chance(clause: &ClauseOf, curable: bool, target_on: NaiveDate, as_of: NaiveDate) -> Option<Chance> {
    let lost = |day: NaiveDate| Some(Chance::Lost(day));
    let open = || {
        let late = as_of > target_on;
        if late { lost(target_on.succ_opt().unwrap_or(NaiveDate::MAX)) } else { Some(Chance::Open(target_on)) }
    };
    match clause.standing.result {
        ClauseResult::NotApplicable => None,
        // Evidence that grows too old by then has to be renewed.
        ClauseResult::Met if clause.standing.lapses_on.is_some_and(|day| day <= target_on) => open(),
        ClauseResult::Met => Some(Chance::Met),
        ClauseResult::NotMet if !curable => clause.checked_on.map_or_else(open, lost),
        ClauseResult::Partly | ClauseResult::NotMet | ClauseResult::NotAssessed => open(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::AccountId;
    use crate::assessments::AssessmentId;
    use ClauseResult::{Met, NotApplicable, NotAssessed, NotMet, Partly};

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, month, day).unwrap()
    }

    fn clause(id: i64, result: ClauseResult) -> ClauseOf {
        let approved_by = (result == NotApplicable).then_some(AccountId(9));
        let standing = ClauseStanding { result, approved_by, ..ClauseStanding::NONE };
        ClauseOf { clause_id: ClauseId(id), standing, checked_on: Some(day(6, 20)) }
    }

    fn branch(target_percent: i64, recognised: bool, results: Option<&[ClauseResult]>) -> Branch {
        let clauses = results.map(|all| (1..).zip(all).map(|(id, result)| clause(id, *result)).collect());
        Branch { unit_id: UnitId(1), target_percent, recognised, clauses }
    }

    #[test]
    fn only_what_is_met_counts_and_what_is_not_applicable_is_left_out() {
        let not = Place::Excluded(Excluded::NotApplicable);
        let cases = [
            (Met, Place::Numerator, Place::Numerator),
            (Partly, Place::DenominatorOnly, Place::Numerator),
            (NotMet, Place::DenominatorOnly, Place::Numerator),
            (NotAssessed, Place::DenominatorOnly, Place::DenominatorOnly),
            (NotApplicable, not, not),
        ];
        for (result, compliance, assessed) in cases {
            let standing = clause(1, result).standing;
            assert_eq!(place(ClauseRate::Compliance, &standing), compliance, "{result:?}");
            assert_eq!(place(ClauseRate::Assessed, &standing), assessed, "{result:?}");
        }
    }

    #[test]
    fn rates_are_pooled_over_the_clauses_that_are_wanted() {
        let branches = [
            branch(100, true, Some(&[Met, Met, NotApplicable, NotAssessed])),
            branch(100, false, Some(&[Partly, NotMet, Met])),
            branch(100, true, None),
        ];
        let all: Vec<&Branch> = branches.iter().collect();
        let rates = standard_rates(true, &all, |_| true);
        assert_eq!((&rates.compliance, &rates.assessed), (&ratio(3, 6), &ratio(5, 6)));
        assert_eq!((&rates.branches_recognised, &rates.branches_at_target), (&ratio(2, 3), &ratio(0, 3)));
        let first = standard_rates(true, &all, |clause| clause == ClauseId(1));
        assert_eq!((first.compliance, first.assessed), (ratio(1, 2), ratio(2, 2)));
        let third = standard_rates(true, &all[..1], |clause| clause == ClauseId(3));
        assert_eq!(third.compliance, Rate::none(NoPercent::NothingOwed), "nothing of it is applicable");
    }

    #[test]
    fn without_a_set_or_a_branch_there_is_a_reason_and_no_percent() {
        let (with, without) = (branch(100, true, Some(&[Met])), branch(100, true, None));
        let cases: [(bool, &[&Branch], Option<NoPercent>); 6] = [
            (false, &[], Some(NoPercent::NoStandardSet)),
            (false, &[&without], Some(NoPercent::NoStandardSet)),
            (true, &[], Some(NoPercent::NoBranches)),
            (true, &[&without], Some(NoPercent::NoStandardSet)),
            (true, &[&without, &with], None),
            (true, &[&with], None),
        ];
        for (published, branches, expected) in cases {
            assert_eq!(no_rate(published, branches), expected, "{published} {}", branches.len());
            let rates = standard_rates(published, branches, |_| true);
            for rate in [rates.compliance, rates.assessed, rates.branches_recognised, rates.branches_at_target] {
                assert_eq!((rate.reason, rate.percent.is_none()), (expected, expected.is_some()));
            }
        }
        assert_eq!(undivided_rates(true).compliance, Rate::none(NoPercent::NotDivided));
        assert_eq!(undivided_rates(false).assessed, Rate::none(NoPercent::NoStandardSet));
    }

    #[test]
    fn a_branch_is_at_target_by_its_own_clauses_and_never_by_rounding_up() {
        let met = |met: usize, of: usize| [vec![Met; met], vec![NotMet; of - met]].concat();
        let cases = [
            (100, Some(met(3, 3)), true),
            (100, Some(met(2, 3)), false),
            (66, Some(met(2, 3)), true),
            (67, Some(met(2, 3)), false),
            (1, Some(met(0, 3)), false),
            (100, Some(vec![Met, NotApplicable]), true),
            (1, Some(vec![NotApplicable]), false),
            (1, Some(vec![]), false),
            (1, None, false),
        ];
        for (target, results, expected) in cases {
            let branch = branch(target, false, results.as_deref());
            assert_eq!(holds(BranchRate::BranchesAtTarget, &branch), expected, "{target} {results:?}");
        }
    }

    #[test]
    fn the_newest_recognition_decides() {
        use View::{Recorded, Restated};
        let one =
            |id, recorded_on, withdrawn_on| Recognition { assessment_id: AssessmentId(id), recorded_on, withdrawn_on };
        let (june, gone) = (one(1, day(6, 30), None), one(2, day(9, 30), Some(day(10, 20))));
        let cases: [(&[Recognition], NaiveDate, View, bool); 9] = [
            (&[], day(12, 31), Recorded, false),
            (&[june], day(6, 29), Recorded, false),
            (&[june], day(6, 30), Recorded, true),
            (&[gone], day(10, 19), Recorded, true),
            (&[gone], day(10, 20), Recorded, false),
            (&[gone], day(10, 19), Restated, false),
            (&[june, gone], day(9, 29), Restated, true),
            // The one before does not come back.
            (&[june, gone], day(10, 20), Recorded, false),
            (&[gone, june], day(10, 19), Recorded, true),
        ];
        for (all, on, view, expected) in cases {
            assert_eq!(is_recognised(all, on, view), expected, "{all:?} {on} {view:?}");
        }
    }

    #[test]
    fn a_clause_can_be_met_until_the_target_unless_what_is_missing_cant_be_made_good() {
        let target = day(11, 30);
        let (open, after) = (Some(Chance::Open(target)), Some(Chance::Lost(day(12, 1))));
        let found = Some(Chance::Lost(day(6, 20)));
        /// The result, the day it lapses, whether it is curable, the day; and the chance.
        type Case = (ClauseResult, Option<NaiveDate>, bool, NaiveDate, Option<Chance>);
        let cases: [Case; 14] = [
            (NotApplicable, None, false, day(7, 1), None),
            (Met, None, false, day(7, 1), Some(Chance::Met)),
            (Met, Some(day(12, 1)), true, day(7, 1), Some(Chance::Met)),
            (Met, Some(target), true, day(7, 1), open),
            (Met, None, true, day(12, 1), Some(Chance::Met)),
            (Partly, None, false, day(7, 1), open),
            (Partly, None, true, day(12, 1), after),
            (NotAssessed, None, false, day(7, 1), open),
            (NotAssessed, None, true, target, open),
            (NotAssessed, None, true, day(12, 1), after),
            (NotMet, None, true, day(7, 1), open),
            (NotMet, None, true, day(12, 1), after),
            (NotMet, None, false, day(7, 1), found),
            (NotMet, None, false, day(12, 1), found),
        ];
        for (result, lapses_on, curable, as_of, expected) in cases {
            let mut clause = clause(1, result);
            clause.standing.lapses_on = lapses_on;
            assert_eq!(
                clause_chance(&clause, curable, target, as_of),
                expected,
                "{result:?} {lapses_on:?} {curable} {as_of}"
            );
        }
    }
}
