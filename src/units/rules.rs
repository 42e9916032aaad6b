//! Pure rules of the tree and of a unit's life.

use chrono::NaiveDate;

use super::UnitId;

/// Whether a unit lives on a day. Both end days belong to its life; none means open.
pub fn lives_on(established_on: Option<NaiveDate>, dissolved_on: Option<NaiveDate>, day: NaiveDate) -> bool {
    established_on.is_none_or(|first| first <= day) && dissolved_on.is_none_or(|last| day <= last)
}

/// The path of a unit below `parent_path` (`/` at the top).
pub fn path_below(parent_path: Option<&str>, id: UnitId) -> String {
    format!("{}{id}/", parent_path.unwrap_or("/"))
}

/// The ids of a path, from the top down to the unit itself.
pub fn ids_of(path: &str) -> impl DoubleEndedIterator<Item = UnitId> + '_ {
    path.split('/').filter_map(|id| id.parse().ok().map(UnitId))
}

/// Whether the unit of `path` is the one of `top` or lies below it.
pub fn is_within(path: &str, top: &str) -> bool {
    path.starts_with(top)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_includes_both_its_end_days() {
        let day = |d| NaiveDate::from_ymd_opt(2020, 6, d);
        let cases = [
            (None, None, 15, true),
            (day(10), None, 9, false),
            (day(10), None, 10, true),
            (None, day(20), 20, true),
            (None, day(20), 21, false),
            (day(10), day(10), 10, true),
        ];
        for (first, last, on, lives) in cases {
            assert_eq!(lives_on(first, last, day(on).unwrap()), lives, "{first:?}–{last:?} on {on}");
        }
    }

    #[test]
    fn paths_are_read_back_and_never_mix_up_1_and_12() {
        let path = path_below(Some("/1/4/"), UnitId(12));
        assert_eq!(path, "/1/4/12/");
        assert_eq!(ids_of(&path).collect::<Vec<_>>(), [UnitId(1), UnitId(4), UnitId(12)]);
        assert!(is_within("/1/4/12/", "/1/4/"));
        assert!(!is_within("/1/42/", "/1/4/"));
        assert_eq!(path_below(None, UnitId(7)), "/7/");
    }
}
