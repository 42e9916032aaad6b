//! Counting working days, and what a calendar must be to be taken. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, Weekday};

use super::model::{CalendarDay, DayKind, NewCalendarDay};
use super::{
    CALENDAR_DAY_OUTSIDE, CALENDAR_DAY_TWICE, CALENDAR_EMPTY, CALENDAR_FESTIVAL_TWICE, CALENDAR_FESTIVAL_UNNAMED,
    CALENDAR_WORKDAY_NEEDLESS,
};
use crate::platform::Fault;

/// The calendars of all imported years. By default none: every year works Monday to Friday.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeSet<i32>,
    /// Whether a day is worked, where its weekday does not say.
    worked: BTreeMap<NaiveDate, bool>,
    festivals: BTreeMap<(i32, String), NaiveDate>,
}

impl Calendar {
    pub fn of(years: impl IntoIterator<Item = i32>, days: impl IntoIterator<Item = CalendarDay>) -> Calendar {
        let mut calendar = Calendar { years: years.into_iter().collect(), ..Calendar::default() };
        for day in days {
            match (day.kind, day.name) {
                (DayKind::Holiday, _) => _ = calendar.worked.insert(day.day, false),
                (DayKind::Workday, _) => _ = calendar.worked.insert(day.day, true),
                (DayKind::Festival, Some(name)) => {
                    calendar.festivals.insert((day.day.year(), bare(&name).to_owned()), day.day);
                }
                (DayKind::Festival, None) => {}
            }
        }
        calendar
    }

    /// Whether the calendar of a year was imported.
    pub fn is_loaded(&self, year: i32) -> bool {
        self.years.contains(&year)
    }

    /// Whether a day is worked; in a year that was not imported, Monday to Friday.
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        self.worked.get(&day).copied().unwrap_or_else(|| !is_weekend(day))
    }

    /// The `n`th working day after `from`, which itself is not counted; `from` when `n` is not positive.
    pub fn plus_working_days(&self, from: NaiveDate, n: i64) -> NaiveDate {
        let (mut day, mut left) = (from, n);
        while left > 0 {
            let Some(next) = day.succ_opt() else { return day };
            day = next;
            left -= i64::from(self.is_working_day(day));
        }
        day
    }

    /// Working days after `from` up to and with `to`; none when `to` is not later.
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        let days = from.iter_days().skip(1).take_while(|day| *day <= to);
        days.map(|day| i64::from(self.is_working_day(day))).sum()
    }

    /// The day of a festival in a year; `清明` and `清明节` name the same one.
    pub fn festival(&self, name: &str, year: i32) -> Option<NaiveDate> {
        self.festivals.get(&(year, bare(name).to_owned())).copied()
    }
}

/// A festival's name without its last 节, where anything is left.
fn bare(name: &str) -> &str {
    name.strip_suffix('节').filter(|rest| rest.chars().count() > 1).unwrap_or(name)
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// What is wrong with the days of a year, each named by `place` from its position and field.
pub fn faults(year: i32, days: &[NewCalendarDay], place: impl Fn(usize, &str) -> String) -> Vec<Fault> {
    if days.is_empty() {
        return vec![CALENDAR_EMPTY.at("/days", [])];
    }
    let (mut marked, mut festivals) = (BTreeSet::new(), BTreeSet::new());
    let mut found = Vec::new();
    for (index, day) in days.iter().enumerate() {
        let on = || ("day", day.day.to_string());
        let name = day.name.as_ref().map(|name| bare(name.as_str()));
        if day.day.year() != year {
            found.push(CALENDAR_DAY_OUTSIDE.at(place(index, "day"), [on(), ("year", year.to_string())]));
        }
        match (day.kind, name) {
            (DayKind::Festival, None) => found.push(CALENDAR_FESTIVAL_UNNAMED.at(place(index, "name"), [])),
            (DayKind::Festival, Some(name)) => {
                if !festivals.insert(name) {
                    found.push(CALENDAR_FESTIVAL_TWICE.at(place(index, "name"), [("name", name.to_owned())]));
                }
            }
            (DayKind::Holiday | DayKind::Workday, _) => {
                if !marked.insert(day.day) {
                    found.push(CALENDAR_DAY_TWICE.at(place(index, "day"), [on()]));
                }
                if day.kind == DayKind::Workday && !is_weekend(day.day) {
                    found.push(CALENDAR_WORKDAY_NEEDLESS.at(place(index, "day"), [on()]));
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendars::{CN_2020, file};
    use crate::platform::text::Text;

    fn on(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn of_files(texts: &[&str]) -> Calendar {
        let years = texts.iter().flat_map(|text| file::read(text, &Text::parse("test").unwrap()).unwrap());
        let years: Vec<_> = years.collect();
        let days = years.iter().flat_map(|year| &year.days).map(|day| CalendarDay {
            day: day.day,
            kind: day.kind,
            name: day.name.clone().map(Text::into_string),
        });
        Calendar::of(years.iter().map(|year| year.year), days)
    }

    #[test]
    fn a_day_is_worked_by_its_calendar_and_else_by_its_weekday() {
        let calendar = of_files(&[CN_2020]);
        let cases = [
            (on(2020, 1, 17), true, "Friday"),
            (on(2020, 1, 18), false, "Saturday"),
            (on(2020, 1, 19), true, "Sunday worked for the Spring Festival"),
            (on(2020, 1, 24), false, "Friday of the Spring Festival"),
            (on(2020, 2, 3), true, "Monday after it"),
            (on(2020, 10, 8), false, "Thursday of the National Day"),
            (on(2020, 10, 25), false, "a festival on a Sunday"),
            (on(2020, 7, 1), true, "a festival on a Wednesday says nothing about work"),
            (on(2021, 10, 1), true, "Friday of a year that was not imported"),
            (on(2021, 10, 2), false, "Saturday of a year that was not imported"),
        ];
        for (day, worked, what) in cases {
            assert_eq!(calendar.is_working_day(day), worked, "{day}: {what}");
        }
        assert!(calendar.is_loaded(2020) && !calendar.is_loaded(2021));
    }

    #[test]
    fn working_days_are_counted_without_the_first_day_and_with_the_last() {
        let calendar = of_files(&[CN_2020]);
        let cases = [
            (on(2020, 1, 17), 0, on(2020, 1, 17)),
            (on(2020, 1, 17), 1, on(2020, 1, 19)),
            (on(2020, 1, 19), 5, on(2020, 2, 3)),
            (on(2020, 9, 25), 5, on(2020, 10, 9)),
            (on(2020, 12, 31), 2, on(2021, 1, 4)),
        ];
        for (from, n, to) in cases {
            assert_eq!(calendar.plus_working_days(from, n), to, "{n} from {from}");
        }
        assert_eq!(calendar.working_days_between(on(2020, 1, 19), on(2020, 2, 3)), 5);
        assert_eq!(calendar.working_days_between(on(2020, 1, 24), on(2020, 2, 2)), 0);
        assert_eq!(calendar.working_days_between(on(2020, 2, 3), on(2020, 2, 3)), 0);
        assert_eq!(calendar.working_days_between(on(2020, 2, 4), on(2020, 2, 3)), 0);
        assert_eq!(Calendar::default().plus_working_days(NaiveDate::MAX, 3), NaiveDate::MAX);
    }

    #[test]
    fn festivals_are_found_with_and_without_their_last_word() {
        let calendar = of_files(&[CN_2020]);
        assert_eq!(calendar.festival("春节", 2020), Some(on(2020, 1, 25)));
        assert_eq!(calendar.festival("清明节", 2020), Some(on(2020, 4, 4)));
        assert_eq!(calendar.festival("中秋", 2020), Some(on(2020, 10, 1)), "though the holiday bears another name");
        assert_eq!(calendar.festival("国庆节", 2020), Some(on(2020, 10, 1)));
        assert_eq!((calendar.festival("春节", 2021), calendar.festival("圣诞", 2020)), (None, None));
    }

    /// Known days of each shipped year: Spring Festival, working days of the year.
    #[test]
    fn the_shipped_calendars_are_whole() {
        let shipped = [
            (2018, on(2018, 2, 16)),
            (2019, on(2019, 2, 5)),
            (2020, on(2020, 1, 25)),
            (2021, on(2021, 2, 12)),
            (2022, on(2022, 2, 1)),
            (2023, on(2023, 1, 22)),
            (2024, on(2024, 2, 10)),
            (2025, on(2025, 1, 29)),
            (2026, on(2026, 2, 17)),
        ];
        let mut counted = String::new();
        for (year, spring) in shipped {
            let text = std::fs::read_to_string(format!("calendars/cn-{year}.csv")).unwrap();
            let calendar = of_files(&[&text]);
            assert_eq!(calendar.festival("春节", year), Some(spring));
            for name in ["春节", "清明", "端午", "中秋"] {
                let day = calendar.festival(name, year).unwrap();
                assert!(!calendar.is_working_day(day), "{name} {day} is no holiday");
            }
            for name in ["元宵", "重阳", "除夕", "元旦", "五一", "七一", "国庆"] {
                assert!(calendar.festival(name, year).is_some(), "{name} {year}");
            }
            let worked = calendar.working_days_between(on(year - 1, 12, 31), on(year, 12, 31));
            counted.push_str(&format!("{year}: {worked}\n"));
        }
        insta::assert_snapshot!(counted);
        let of_2026 = of_files(&[&std::fs::read_to_string("calendars/cn-2026.csv").unwrap()]);
        for (month, day) in [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)] {
            assert!(of_2026.is_working_day(on(2026, month, day)), "{month}-{day}");
        }
        assert!((15..=23).all(|day| !of_2026.is_working_day(on(2026, 2, day))));
    }

    #[test]
    fn each_wrong_day_is_named() {
        let row = |month, day, kind, name: Option<&str>| NewCalendarDay {
            day: on(2020, month, day),
            kind,
            name: name.map(|name| Text::parse(name).unwrap()),
        };
        use DayKind::{Festival, Holiday, Workday};
        let cases = [
            (vec![], "calendar_empty"),
            (vec![row(1, 1, Holiday, None), row(1, 1, Holiday, None)], "calendar_day_twice"),
            (vec![row(1, 19, Workday, None), row(1, 19, Holiday, None)], "calendar_day_twice"),
            (vec![row(1, 20, Workday, None)], "calendar_workday_needless"),
            (vec![row(1, 25, Festival, None)], "calendar_festival_unnamed"),
            (vec![row(4, 4, Festival, Some("清明")), row(4, 5, Festival, Some("清明节"))], "calendar_festival_twice"),
        ];
        for (days, code) in cases {
            let codes: Vec<_> = faults(2020, &days, |_, _| String::new()).iter().map(|f| f.code.code).collect();
            assert_eq!(codes, [code]);
        }
        let outside = faults(2019, &[row(1, 1, Holiday, None)], |index, field| format!("/{index}/{field}"));
        assert_eq!((outside[0].code.code, outside[0].pointer.as_str()), ("calendar_day_outside", "/0/day"));
        let fine = [row(10, 1, Holiday, None), row(10, 1, Festival, Some("国庆")), row(10, 1, Festival, Some("中秋"))];
        assert!(faults(2020, &fine, |_, _| String::new()).is_empty(), "two festivals may meet on a holiday");
    }
}
