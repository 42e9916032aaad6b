//! Recurrences (RFC 5545, RRULE) as the nodes of a plan's year. Pure. The rule itself is read and unrolled by a library;
//! ours is only which period an occurrence belongs to.

use chrono::{Datelike, Days, NaiveDate, TimeZone};
use rrule::{Frequency, RRule, RRuleSet, Tz, Unvalidated};

use super::model::PeriodNode;
use super::rules::{first_day, last_day};

/// Occurrences of a year at most: one a day.
const MOST: usize = 366;

/// Why a recurrence makes no nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// It is no RRULE; the words of the parser.
    Form(String),
    /// More often than once a day, or more than once a day in another way.
    TooOften,
    /// No occurrence in the year.
    Never,
}

/// The occurrences of a rule in a year, each with its period. `rrule` is the value of an RRULE property alone
/// (`FREQ=MONTHLY;BYMONTHDAY=-1`); it starts on 1 January and ends with the year.
pub fn read(rrule: &str, year: i64) -> Result<Vec<PeriodNode>, Unread> {
    let form = |error: rrule::RRuleError| Unread::Form(error.to_string());
    // The parser cuts weekdays by bytes and panics inside a longer character; a rule is ASCII.
    if !rrule.is_ascii() {
        return Err(Unread::Form("a rule is written in ASCII".into()));
    }
    let rule: RRule<Unvalidated> = with_moments(rrule).parse().map_err(form)?;
    if matches!(rule.get_freq(), Frequency::Hourly | Frequency::Minutely | Frequency::Secondly) {
        return Err(Unread::TooOften);
    }
    let (first, last) = (first_day(year), last_day(year));
    if rule.get_until().is_some_and(|until| until.date_naive() < first) {
        return Err(Unread::Never);
    }
    let moment = |day: NaiveDate| Tz::UTC.from_utc_datetime(&day.and_time(chrono::NaiveTime::MIN));
    let yearly = rule.get_freq() == Frequency::Yearly;
    let set = RRuleSet::new(moment(first)).rrule(rule.validate(moment(first)).map_err(form)?).before(moment(last));
    let unrolled = set.all(u16::try_from(MOST + 1).unwrap_or(u16::MAX));
    let mut days: Vec<NaiveDate> = unrolled.dates.iter().map(chrono::DateTime::date_naive).collect();
    days.retain(|day| (first..=last).contains(day));
    if days.len() > MOST || days.windows(2).any(|pair| pair.first() == pair.last()) {
        return Err(Unread::TooOften);
    }
    if days.is_empty() {
        return Err(Unread::Never);
    }
    Ok(in_periods(&days, yearly))
}

/// The library knows moments only, and the `UNTIL` of a recurrence of days is a day (RFC 5545, 3.3.10).
fn with_moments(rrule: &str) -> String {
    let part = |part: &str| match part.split_once('=') {
        Some((name, until)) if name.eq_ignore_ascii_case("UNTIL") && !until.ends_with(['Z', 'z']) => {
            let time = if until.contains(['T', 't']) { "Z" } else { "T000000Z" };
            format!("{part}{time}")
        }
        _ => part.to_owned(),
    };
    rrule.split(';').map(part).collect::<Vec<_>>().join(";")
}

/// Names the period of each day: quarters when there is one day in each, else half-years, else the year, else months;
/// where months hold several days, a period begins after the day before and has no name but its day.
fn in_periods(days: &[NaiveDate], yearly: bool) -> Vec<PeriodNode> {
    let fits = |key: fn(NaiveDate) -> (String, u32), parts: usize| {
        let mut keys: Vec<String> = days.iter().map(|day| key(*day).0).collect();
        keys.dedup();
        keys.len() == days.len() && (parts == 0 || keys.len() == parts)
    };
    let named: Option<fn(NaiveDate) -> (String, u32)> = if fits(quarter, 4) {
        Some(quarter)
    } else if fits(half, 2) {
        Some(half)
    } else if yearly && days.len() == 1 {
        Some(whole)
    } else if fits(month, 0) {
        Some(month)
    } else {
        None
    };
    let mut from = days.first().map(|day| first_of(*day, 1));
    let node = |due_on: &NaiveDate| {
        let (period, begins) = match named {
            Some(name) => {
                let (period, first_month) = name(*due_on);
                (period, Some(first_of(*due_on, first_month)))
            }
            None => (due_on.to_string(), from),
        };
        from = due_on.checked_add_days(Days::new(1));
        PeriodNode { period, from: begins, due_on: *due_on, title: None }
    };
    days.iter().map(node).collect()
}

fn quarter(day: NaiveDate) -> (String, u32) {
    let number = day.month0() / 3;
    (format!("{}-Q{}", day.year(), number + 1), number * 3 + 1)
}

fn half(day: NaiveDate) -> (String, u32) {
    let number = day.month0() / 6;
    (format!("{}-H{}", day.year(), number + 1), number * 6 + 1)
}

fn whole(day: NaiveDate) -> (String, u32) {
    (day.year().to_string(), 1)
}

fn month(day: NaiveDate) -> (String, u32) {
    (day.format("%Y-%m").to_string(), day.month())
}

fn first_of(day: NaiveDate, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(day.year(), month, 1).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_2020(rrule: &str) -> Vec<(String, String, String)> {
        let nodes = read(rrule, 2020).unwrap_or_else(|why| panic!("{rrule}: {why:?}"));
        let short = |day: NaiveDate| day.format("%m-%d").to_string();
        nodes.into_iter().map(|node| (node.period, short(node.from.unwrap()), short(node.due_on))).collect()
    }

    #[test]
    fn an_occurrence_belongs_to_the_longest_period_that_fits_them_all() {
        let row = |period: &str, from: &str, due: &str| (period.to_owned(), from.to_owned(), due.to_owned());
        let months = read_2020("FREQ=MONTHLY;BYMONTHDAY=-1");
        assert_eq!(months.len(), 12);
        assert_eq!(months[1], row("2020-02", "02-01", "02-29"));
        let quarters = [("2020-Q1", "01-01", "03-31"), ("2020-Q2", "04-01", "06-30")];
        for rrule in ["FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1", "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1"] {
            let read = read_2020(rrule);
            assert_eq!((read.len(), &read[..2]), (4, &quarters.map(|(p, f, d)| row(p, f, d))[..]), "{rrule}");
        }
        assert_eq!(read_2020("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=20")[3], row("2020-Q4", "10-01", "10-20"));
        let halves = [row("2020-H1", "01-01", "06-30"), row("2020-H2", "07-01", "12-31")];
        assert_eq!(read_2020("FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=-1"), halves);
        assert_eq!(read_2020("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31"), [row("2020", "01-01", "12-31")]);
        assert_eq!(read_2020("FREQ=MONTHLY;BYDAY=1FR")[1], row("2020-02", "02-01", "02-07"));
        assert_eq!(read_2020("FREQ=MONTHLY;BYMONTH=2,3;BYMONTHDAY=5")[0], row("2020-02", "02-01", "02-05"));
        let twice = read_2020("FREQ=MONTHLY;BYMONTHDAY=10,25");
        assert_eq!((twice.len(), &twice[1]), (24, &row("2020-01-25", "01-11", "01-25")));
        assert_eq!(read_2020("FREQ=WEEKLY;BYDAY=FR").len(), 52);
        assert_eq!(read_2020("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3").len(), 3);
        assert_eq!(read_2020("FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20200430T000000Z").len(), 4);
        for until in ["20200430", "20200430T000000"] {
            assert_eq!(read_2020(&format!("FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL={until}")).len(), 4, "{until}");
        }
        assert_eq!(read_2020("FREQ=DAILY").len(), 366);
    }

    #[test]
    fn what_is_no_recurrence_of_days_is_refused() {
        for rrule in ["", "每月", "FREQ=FORTNIGHTLY", "FREQ=MONTHLY;BYMONTHDAY=99", "DTSTART:20200101"] {
            assert!(matches!(read(rrule, 2020), Err(Unread::Form(_))), "{rrule}");
        }
        for rrule in ["FREQ=HOURLY", "FREQ=DAILY;BYHOUR=9,15"] {
            assert_eq!(read(rrule, 2020), Err(Unread::TooOften), "{rrule}");
        }
        for rrule in ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", "FREQ=DAILY;UNTIL=20191231T000000Z"] {
            assert_eq!(read(rrule, 2020), Err(Unread::Never), "{rrule}");
        }
    }

    #[test]
    fn a_period_is_made_once() {
        for rrule in
            ["FREQ=WEEKLY", "FREQ=MONTHLY;BYMONTHDAY=1,15,-1", "FREQ=YEARLY;BYMONTH=1,7", "FREQ=MONTHLY;BYDAY=FR"]
        {
            let nodes = read(rrule, 2021).unwrap();
            let mut keys: Vec<_> = nodes.iter().map(|node| node.period.clone()).collect();
            keys.sort();
            keys.dedup();
            assert_eq!(keys.len(), nodes.len(), "{rrule}");
            assert!(nodes.iter().all(|node| node.from.unwrap() <= node.due_on), "{rrule}");
        }
    }
}
