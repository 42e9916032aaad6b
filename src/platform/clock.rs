//! Two clocks. The **business clock** says the day that stamps every record and judges every deadline; the **real
//! clock** says the moment for sign-in, lock-out, idempotency and retries.

use std::sync::atomic::{AtomicI32, AtomicI64, Ordering};

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;

/// Stands for "no fixed day" in [`Clock::fixed`]; no real day has this number.
const NOT_FIXED: i32 = i32::MIN;

/// Where every date and moment of the program comes from.
#[derive(Debug)]
pub struct Clock {
    zone: Tz,
    fixed: AtomicI32,
    shift_seconds: AtomicI64,
}

impl Clock {
    /// A clock of `zone`. With `today` the business date stands still on that day until [`Clock::turn_to`].
    pub fn new(zone: Tz, today: Option<NaiveDate>) -> Self {
        let fixed = today.map_or(NOT_FIXED, |day| day.num_days_from_ce());
        Clock { zone, fixed: AtomicI32::new(fixed), shift_seconds: AtomicI64::new(0) }
    }

    /// The real moment, in UTC.
    #[allow(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
    pub fn now(&self) -> DateTime<Utc> {
        Utc::now() + TimeDelta::seconds(self.shift_seconds.load(Ordering::Relaxed))
    }

    /// The real moment as the database stores it: UTC without a zone, whole microseconds (what PostgreSQL keeps).
    pub fn stamp(&self) -> NaiveDateTime {
        let now = self.now().naive_utc();
        let micros = now.and_utc().timestamp_micros();
        DateTime::from_timestamp_micros(micros).map_or(now, |kept| kept.naive_utc())
    }

    /// The business date: the fixed one, or the day it is in the configured zone.
    pub fn today(&self) -> NaiveDate {
        match self.fixed.load(Ordering::Relaxed) {
            NOT_FIXED => day_of(self.zone, self.now()),
            days => NaiveDate::from_num_days_from_ce_opt(days).unwrap_or_default(),
        }
    }

    /// Moves a fixed business date. Used where a year is replayed: by the demo and by the tests.
    pub fn turn_to(&self, day: NaiveDate) {
        self.fixed.store(day.num_days_from_ce(), Ordering::Relaxed);
    }

    /// Lets `seconds` pass on the real clock. Used by tests of lock-out and expiry.
    pub fn let_pass(&self, seconds: i64) {
        self.shift_seconds.fetch_add(seconds, Ordering::Relaxed);
    }
}

/// The day it is in a zone at a moment.
fn day_of(zone: Tz, moment: DateTime<Utc>) -> NaiveDate {
    moment.with_timezone(&zone).date_naive()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_business_day_ends_at_midnight_of_the_configured_zone() {
        use chrono_tz::{America::New_York, Asia::Shanghai, UTC};
        let cases = [
            (Shanghai, "2020-09-30T15:59:59Z", "2020-09-30"),
            (Shanghai, "2020-09-30T16:00:00Z", "2020-10-01"),
            (UTC, "2020-09-30T16:00:00Z", "2020-09-30"),
            (New_York, "2020-10-01T03:59:59Z", "2020-09-30"),
            (Shanghai, "2020-02-28T16:00:00Z", "2020-02-29"),
            (Shanghai, "2020-12-31T16:00:00Z", "2021-01-01"),
        ];
        for (zone, moment, day) in cases {
            let moment = DateTime::parse_from_rfc3339(moment).unwrap().to_utc();
            assert_eq!(day_of(zone, moment).to_string(), day, "{zone} {moment}");
        }
    }

    #[test]
    fn a_fixed_day_stands_still_until_it_is_turned() {
        let day = |d| NaiveDate::from_ymd_opt(2020, 9, d).unwrap();
        let clock = Clock::new(chrono_tz::Asia::Shanghai, Some(day(29)));
        clock.let_pass(3 * 86_400);
        assert_eq!(clock.today(), day(29));
        clock.turn_to(day(30));
        assert_eq!(clock.today(), day(30));
    }
}
