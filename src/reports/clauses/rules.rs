//! The rates over clauses and branches, pure: clauses as they stand in, counts out.

use chrono::NaiveDate;

use crate::assessments::AssessmentId;
use crate::assessments::model::ClauseResult;
use crate::assessments::rules::ClauseStanding;
use crate::reports::model::{NoPercent, Rate};
use crate::reports::rules::{Chance, Place, percent, ratio};
use crate::reports::store::Moment;
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

/// A recognition of a branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recognition {
    pub assessment_id: AssessmentId,
    pub recognised_on: NaiveDate,
    pub withdrawn_on: Option<NaiveDate>,
}

/// Whether a branch is recognised on a day: the newest recognition by then was not withdrawn by the end of `as_of`;
/// restated, not at all.
pub fn is_recognised(all: &[Recognition], on: NaiveDate, moment: Moment) -> bool {
    let known = all.iter().filter(|one| one.recognised_on <= on);
    let newest = known.max_by_key(|one| (one.recognised_on, one.assessment_id));
    newest.is_some_and(|one| one.withdrawn_on.is_none_or(|day| !moment.restated && day > on))
}

/// Whether a clause of a branch can still be met by the day of the target; nothing where it is not applicable. `on` is
/// the day on which it stands so: that of the report, at the latest that of the target.
pub fn clause_chance(clause: &ClauseOf, curable: bool, target_on: NaiveDate, as_of: NaiveDate) -> Option<Chance> {
    let lost = |day: NaiveDate| Some(Chance::Lost(day));
    let open = || {
        if as_of > target_on { lost(target_on.succ_opt().unwrap_or(NaiveDate::MAX)) } else { Some(Chance::Open(target_on)) }
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
