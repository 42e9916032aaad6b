//! Pure rules of plans: who owes, and which days lie inside a plan.

use chrono::NaiveDate;

use super::model::Part;
use crate::units::UnitId;

/// Who owes a task: every `responsible` unit; if there is none, the `lead`; `support` and `supervise` never.
pub fn who_owes(responsibilities: &[(UnitId, Part)]) -> Vec<UnitId> {
    let with = |part| responsibilities.iter().filter(move |(_, p)| *p == part).map(|(unit, _)| *unit);
    let mut owing: Vec<_> = with(Part::Responsible).collect();
    if owing.is_empty() {
        owing.extend(with(Part::Lead));
    }
    owing.sort();
    owing.dedup();
    owing
}

/// The name of a period as it is shown: none for a dated node (its key is empty or its own day).
pub fn shown_period(key: &str) -> Option<String> {
    let is_day = key.parse::<NaiveDate>().is_ok();
    (!key.is_empty() && !is_day).then(|| key.to_owned())
}

/// First day of a year; years are 2000 to 2100 here.
pub fn first_day(year: i64) -> NaiveDate {
    day(year, 1, 1)
}

/// Last day of a year.
pub fn last_day(year: i64) -> NaiveDate {
    day(year, 12, 31)
}

/// The day a plan closes when nothing is said: 31 March of the next year.
pub fn default_closes_on(year: i64) -> NaiveDate {
    day(year + 1, 3, 31)
}

fn day(year: i64, month: u32, day: u32) -> NaiveDate {
    i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day)).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Part::{Lead, Responsible, Supervise, Support};

    /// The parts that units hold in a task, and the units that owe it.
    type Case = (&'static [(i64, Part)], &'static [i64]);

    #[test]
    fn the_responsible_owe_and_only_without_them_the_lead() {
        let cases: [Case; 6] = [
            (&[(1, Responsible), (2, Responsible)], &[1, 2]),
            (&[(9, Lead), (1, Responsible)], &[1]),
            (&[(9, Lead), (3, Support)], &[9]),
            (&[(3, Support), (4, Supervise)], &[]),
            (&[(1, Lead), (1, Responsible)], &[1]),
            (&[], &[]),
        ];
        for (responsibilities, owing) in cases {
            let given: Vec<_> = responsibilities.iter().map(|(unit, part)| (UnitId(*unit), *part)).collect();
            let expected: Vec<_> = owing.iter().map(|unit| UnitId(*unit)).collect();
            assert_eq!(who_owes(&given), expected, "{responsibilities:?}");
        }
    }

    #[test]
    fn a_period_is_shown_by_its_name_and_a_date_has_none() {
        let cases = [("", None), ("2020-01-31", None), ("2020-06", Some("2020-06")), ("2020-Q2", Some("2020-Q2"))];
        for (key, shown) in cases {
            assert_eq!(shown_period(key).as_deref(), shown, "{key}");
        }
    }

    #[test]
    fn a_plan_year_closes_at_the_end_of_march() {
        assert_eq!(default_closes_on(2020).to_string(), "2021-03-31");
        assert_eq!(
            (first_day(2020).to_string(), last_day(2020).to_string()),
            ("2020-01-01".into(), "2020-12-31".into())
        );
    }
}
