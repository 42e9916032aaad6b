//! A rate, as every slice answers it: counts first, percent second.

use serde::Serialize;
use utoipa::ToSchema;

use crate::word_enum;

word_enum! {
    /// Why a rate has no percent.
    NoPercent {
        /// Nothing counts.
        NothingOwed = "nothing_owed",
        /// No set of standards was published by the day, or none applies to these branches.
        NoStandardSet = "no_standard_set",
        /// There is no branch.
        NoBranches = "no_branches",
        /// Clauses, or branches, are not divided among the rows of such a grouping.
        NotDivided = "not_divided",
    }
}

/// A rate: counts first, percent second.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(example = json!({"met": 3, "of": 5, "percent": 60.0}))]
pub struct Rate {
    /// Numerator.
    pub met: i64,
    /// Denominator.
    pub of: i64,
    /// 0.0 to 100.0 with one decimal, cut off; 100.0 only when everything is met; null with a reason.
    pub percent: Option<f64>,
    /// Why there is no percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<NoPercent>,
}

impl Rate {
    /// No rate, for a reason.
    pub fn none(reason: NoPercent) -> Rate {
        Rate { met: 0, of: 0, percent: None, reason: Some(reason) }
    }
}

/// `met` of `of`, with the percent or the reason why there is none.
pub fn ratio(met: i64, of: i64) -> Rate {
    let percent = percent(met, of);
    Rate { met, of, percent, reason: percent.is_none().then_some(NoPercent::NothingOwed) }
}

/// A percent with one decimal, cut off: 99.96 is 99.9, and 100.0 is everything.
pub fn percent(met: i64, of: i64) -> Option<f64> {
    if of <= 0 {
        return None;
    }
    let tenths = i128::from(met) * 1000 / i128::from(of);
    // At most 1000 tenths: exact in a float.
    i32::try_from(tenths).ok().map(|tenths| f64::from(tenths) / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percent_is_cut_off_and_never_rounded_up() {
        let cases = [
            (3, 5, Some(60.0)),
            (2499, 2500, Some(99.9)),
            (1, 3, Some(33.3)),
            (2, 3, Some(66.6)),
            (4, 7, Some(57.1)),
            (7, 7, Some(100.0)),
            (0, 4, Some(0.0)),
            (9_999_999, 10_000_000, Some(99.9)),
            (0, 0, None),
        ];
        for (met, of, expected) in cases {
            assert_eq!(percent(met, of), expected, "{met}/{of}");
        }
    }
}
