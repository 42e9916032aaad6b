//! Pure rules of standards: which set applies to a unit on a day, and what differs between two sets.

use chrono::NaiveDate;

use super::SetId;
use super::model::{ChangedClause, Clause};
use crate::units::UnitId;
use crate::units::rules::ids_of;

/// A published set: whose, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    pub id: SetId,
    pub unit_id: UnitId,
    pub published_on: NaiveDate,
}

/// The set that applies on a day to the unit at `path`: the newest that was published by then of the nearest unit at
/// or above it that has one.
pub fn applying(path: &str, published: &[Published], day: NaiveDate) -> Option<SetId> {
    let of = |unit: UnitId| {
        let known = published.iter().filter(|set| set.unit_id == unit && set.published_on <= day);
        known.max_by_key(|set| (set.published_on, set.id)).map(|set| set.id)
    };
    ids_of(path).rev().find_map(of)
}

/// Clauses added, changed and removed between two sets, told by their codes.
pub fn diff(before: Vec<Clause>, after: Vec<Clause>) -> (Vec<Clause>, Vec<ChangedClause>, Vec<Clause>) {
    let (mut added, mut changed) = (vec![], vec![]);
    let mut left = before;
    for clause in after {
        let Some(at) = left.iter().position(|old| old.code == clause.code) else {
            added.push(clause);
            continue;
        };
        let old = left.remove(at);
        if !says_the_same(&old, &clause) {
            changed.push(ChangedClause { code: clause.code.clone(), before: old, after: clause });
        }
    }
    (added, changed, left)
}

fn says_the_same(one: &Clause, other: &Clause) -> bool {
    let files = |clause: &Clause| clause.documents.iter().map(|file| file.sha256.clone()).collect::<Vec<_>>();
    one.category == other.category
        && one.title == other.title
        && one.requirement == other.requirement
        && one.points == other.points
        && one.mandatory == other.mandatory
        && one.curable == other.curable
        && one.evidence_months == other.evidence_months
        && files(one) == files(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standards::{ClauseId, Points};

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, month, day).unwrap()
    }

    #[test]
    fn the_newest_set_of_the_nearest_unit_applies() {
        let set = |id, unit, published_on| Published { id: SetId(id), unit_id: UnitId(unit), published_on };
        let sets = [
            set(1, 1, day(1, 10)),
            set(2, 1, day(6, 1)),
            // Drafted earlier, published later.
            set(3, 4, day(9, 1)),
            set(4, 4, day(8, 1)),
            set(5, 9, day(1, 1)),
        ];
        let cases = [
            ("/1/4/7/", day(1, 9), None),
            ("/1/4/7/", day(1, 10), Some(1)),
            ("/1/4/7/", day(7, 31), Some(2)),
            ("/1/4/7/", day(8, 1), Some(4)),
            ("/1/4/7/", day(12, 31), Some(3)),
            ("/1/4/", day(12, 31), Some(3)),
            ("/1/5/", day(12, 31), Some(2)),
            ("/2/", day(12, 31), None),
        ];
        for (path, on, id) in cases {
            assert_eq!(applying(path, &sets, on), id.map(SetId), "{path} on {on}");
        }
    }

    fn clause(code: &str, title: &str, position: i64) -> Clause {
        Clause {
            id: ClauseId(position),
            set_id: SetId(1),
            position,
            code: code.into(),
            category: "基本组织".into(),
            title: title.into(),
            requirement: None,
            points: Points(25),
            mandatory: false,
            curable: true,
            evidence_months: None,
            documents: vec![],
            version: 1,
        }
    }

    #[test]
    fn two_sets_are_compared_by_the_codes_of_their_clauses() {
        let before = vec![clause("1.1", "按期换届", 1), clause("1.2", "班子健全", 2), clause("1.3", "活动场所", 3)];
        let mut heavier = clause("1.2", "班子健全", 2);
        heavier.points = Points(30);
        let after = vec![clause("1.4", "党员发展", 1), heavier, clause("1.1", "按期换届", 9)];
        let (added, changed, removed) = diff(before, after);
        let codes = |clauses: &[Clause]| clauses.iter().map(|clause| clause.code.clone()).collect::<Vec<_>>();
        assert_eq!(codes(&added), ["1.4"]);
        assert_eq!(codes(&removed), ["1.3"]);
        let [only] = changed.as_slice() else { panic!("{changed:?}") };
        assert_eq!((only.code.as_str(), only.before.points, only.after.points), ("1.2", Points(25), Points(30)));
    }
}
