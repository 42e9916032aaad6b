//! The compliance rate 标准化达标率: the clauses of every branch in scope as they stand on a day, gathered with a handful
//! of queries however many branches and clauses there are. What a clause counts as is said by
//! [`crate::assessments::rules::clause_standing`] alone.

pub mod path;
pub mod rules;
pub mod store;

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use self::rules::{Branch, ClauseOf, StandardRates, is_recognised, standard_rates, undivided_rates};
use self::store::ClauseRow;
use super::actions::{Scope, nearest_target};
use super::path::EVERYTHING;
use super::store::targets;
use crate::assessments::rules::{CheckedResult, View, clause_standing};
use crate::assessments::store::checked_results;
use crate::plans::TaskId;
use crate::platform::{Conn, Result};
use crate::standards::rules::applying;
use crate::standards::store::published_by;
use crate::standards::{ClauseId, SetId};
use crate::units::model::UnitKind;
use crate::units::rules::lives_on;
use crate::units::{UnitFacts, UnitId};

/// The branches of a scope with their clauses, on a day.
pub struct Standards {
    /// Any set at all was published by the day.
    published: bool,
    /// In the units' own order.
    pub branches: Vec<Branch>,
    /// The clauses of the sets that apply, by set and place.
    pub clauses: Vec<ClauseRow>,
}

impl Standards {
    /// Whether any set at all was published by the day.
    pub fn is_published(&self) -> bool {
        self.published
    }

    /// The rates of some of the branches.
    pub fn rates(&self, belongs: impl Fn(UnitId) -> bool) -> StandardRates {
        let branches: Vec<&Branch> = self.branches.iter().filter(|branch| belongs(branch.unit_id)).collect();
        standard_rates(self.published, &branches, |_| true)
    }

    /// The rates of all branches, of the clauses of one category.
    pub fn rates_in(&self, category: &str) -> StandardRates {
        let within: BTreeSet<ClauseId> =
            self.clauses.iter().filter(|clause| clause.category == category).map(|clause| clause.id).collect();
        let branches: Vec<&Branch> = self.branches.iter().collect();
        StandardRates {
            branches_recognised: self.undivided().branches_recognised,
            branches_at_target: self.undivided().branches_at_target,
            ..standard_rates(self.published, &branches, |clause| within.contains(&clause))
        }
    }

    /// The rates of a row to which no clause belongs: one of a key point or a month.
    pub fn undivided(&self) -> StandardRates {
        undivided_rates(self.published)
    }

    /// The branches that the rates count; none where there is no rate, so that an explanation lists nothing either.
    pub fn counted(&self) -> &[Branch] {
        let all: Vec<&Branch> = self.branches.iter().collect();
        if rules::no_rate(self.published, &all).is_some() { &[] } else { &self.branches }
    }

    /// The categories of the clauses, in the order of sets and places.
    pub fn categories(&self) -> Vec<&str> {
        let mut categories: Vec<&str> = Vec::new();
        for clause in &self.clauses {
            if !categories.contains(&clause.category.as_str()) {
                categories.push(&clause.category);
            }
        }
        categories
    }

    /// The tasks linked on the day to a clause of each category.
    pub(super) fn linked(&self, conn: &mut Conn, scope: &Scope) -> Result<Vec<(&str, BTreeSet<TaskId>)>> {
        let sets: BTreeSet<SetId> = self.clauses.iter().map(|clause| clause.set_id).collect();
        let links = store::linked_tasks(conn, &sets, scope.moment)?;
        let of = |category: &str| {
            let ids: BTreeSet<ClauseId> =
                self.clauses.iter().filter(|clause| clause.category == category).map(|clause| clause.id).collect();
            links.iter().filter(|(clause, _)| ids.contains(clause)).map(|(_, task)| *task).collect()
        };
        Ok(self.categories().into_iter().map(|category| (category, of(category))).collect())
    }

    /// The tasks linked on the day to a clause of one category.
    pub(super) fn tasks_of(&self, conn: &mut Conn, scope: &Scope, category: &str) -> Result<BTreeSet<TaskId>> {
        let linked = self.linked(conn, scope)?;
        Ok(linked.into_iter().find(|(name, _)| *name == category).map(|(_, tasks)| tasks).unwrap_or_default())
    }
}

/// The branches of a scope with their clauses as they stood at the end of `on`: the day of the report, or an earlier one
/// by what was recorded by the day of the report.
pub(super) fn standards(conn: &mut Conn, scope: &Scope, on: NaiveDate) -> Result<Standards> {
    let published = published_by(conn, on)?;
    if published.is_empty() {
        return Ok(Standards { published: false, branches: vec![], clauses: vec![] });
    }
    let branches: Vec<(&UnitFacts, Option<SetId>)> = scope
        .tree
        .in_order()
        .into_iter()
        .filter(|id| scope.tree.is_within(*id, scope.unit_id))
        .filter_map(|id| scope.tree.get(id))
        .filter(|unit| unit.kind == UnitKind::Branch && lives_on(unit.established_on, unit.dissolved_on, on))
        .map(|unit| (unit, applying(&unit.path, &published, on)))
        .collect();
    let sets: BTreeSet<SetId> = branches.iter().filter_map(|(_, set)| *set).collect();
    let clauses = store::clauses(conn, &sets)?;
    let results = Checked::of(conn, scope, on, &sets)?;
    let recognitions = store::recognitions(conn, on)?;
    let targets = targets(conn, scope.year, scope.moment)?;
    let branches = branches.into_iter().map(|(unit, set)| Branch {
        unit_id: unit.unit_id,
        target_percent: nearest_target(unit, &targets).map_or(EVERYTHING, |target| target.percent),
        recognised: recognitions.get(&unit.unit_id).is_some_and(|all| is_recognised(all, on, results.view)),
        clauses: set.map(|set| {
            let of_set = clauses.iter().filter(|clause| clause.set_id == set);
            of_set.map(|clause| results.standing(unit.unit_id, clause)).collect()
        }),
    });
    let branches = branches.collect();
    Ok(Standards { published: true, branches, clauses })
}

/// What the checks say, as far as the report knows of them.
struct Checked {
    results: HashMap<(UnitId, ClauseId), Vec<CheckedResult>>,
    on: NaiveDate,
    view: View,
}

impl Checked {
    fn of(conn: &mut Conn, scope: &Scope, on: NaiveDate, sets: &BTreeSet<SetId>) -> Result<Checked> {
        let as_of = scope.moment.as_of;
        let mut results = checked_results(conn, sets.iter().copied())?;
        let earlier = on < as_of;
        if earlier && !scope.moment.restated {
            // An earlier day is read by the checks of its time, as far as they were recorded by the day of the report.
            results.values_mut().for_each(|all| all.retain(|checked| checked.check_recorded_on <= as_of));
        }
        let view = if earlier || scope.moment.restated { View::Restated } else { View::Recorded };
        Ok(Checked { results, on, view })
    }

    fn standing(&self, unit: UnitId, clause: &ClauseRow) -> ClauseOf {
        let results = self.results.get(&(unit, clause.id)).map_or(&[][..], Vec::as_slice);
        let standing = clause_standing(results, clause.evidence_months, self.on, self.view);
        let by = results.iter().find(|checked| Some(checked.assessment_id) == standing.assessment_id);
        ClauseOf { clause_id: clause.id, standing, checked_on: by.map(|checked| checked.checked_on) }
    }
}
