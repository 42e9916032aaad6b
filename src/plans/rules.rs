//! Pure rules of plans: who owes, which days lie inside a plan, and how days move to another year.

use chrono::{Datelike, NaiveDate};

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

/// A day moved by whole years: 29 February becomes the 28th where there is none. The day of the week does not matter.
pub fn shifted_day(day: NaiveDate, from_year: i64, to_year: i64) -> NaiveDate {
    let year = i32::try_from(i64::from(day.year()) + to_year - from_year).unwrap_or(day.year());
    day.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 2, 28)).unwrap_or(day)
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
    fn days_move_by_whole_years() {
        let cases = [
            ("2020-06-30", 2020, 2021, "2021-06-30"),
            ("2020-02-29", 2020, 2021, "2021-02-28"),
            ("2020-02-29", 2020, 2024, "2024-02-29"),
            ("2021-02-28", 2021, 2024, "2024-02-28"),
            // December's report, due in January after the plan's year.
            ("2021-01-31", 2020, 2021, "2022-01-31"),
            ("2020-12-31", 2020, 2019, "2019-12-31"),
            ("2020-05-01", 2020, 2020, "2020-05-01"),
        ];
        for (day, from, to, moved) in cases {
            assert_eq!(shifted_day(day.parse().unwrap(), from, to).to_string(), moved, "{day} from {from} to {to}");
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
