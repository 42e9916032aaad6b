//! Days as they may enter: within a span that every database orders and stores alike.

use chrono::{Datelike, NaiveDate};

use super::Result;
use super::error::{FUTURE_DAY, OUT_OF_RANGE};

/// First and last year of a day that may be recorded.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

/// 422 at `pointer` unless the day, if there is one, lies between 1900 and 2199.
pub fn require_sane(day: Option<NaiveDate>, pointer: &str) -> Result<()> {
    match day {
        Some(day) if !YEARS.contains(&day.year()) => {
            let detail = format!("{}–{}", YEARS.start(), YEARS.end());
            Err(OUT_OF_RANGE.at(pointer, [("detail", detail)]).into_error())
        }
        _ => Ok(()),
    }
}

/// 422 at `pointer` unless the year, if there is one, lies between 1900 and 2199.
pub fn require_sane_year(year: Option<i64>, pointer: &str) -> Result<()> {
    let first = |year: i64| i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, 1, 1));
    match year {
        // A year that no calendar reaches is refused like one out of the span.
        Some(year) => require_sane(Some(first(year).unwrap_or(NaiveDate::MIN)), pointer),
        None => Ok(()),
    }
}

/// The asked day, or today when none was; 422 at `pointer` for a day out of the span or after today.
pub fn by_today(asked: Option<NaiveDate>, today: NaiveDate, pointer: &str) -> Result<NaiveDate> {
    require_sane(asked, pointer)?;
    match asked {
        Some(day) if day > today => {
            let args = [("field", pointer.trim_start_matches('/').to_owned()), ("today", today.to_string())];
            Err(FUTURE_DAY.at(pointer, args).into_error())
        }
        asked => Ok(asked.unwrap_or(today)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_asked_by_today_and_is_today_by_default() {
        let day = |d| NaiveDate::from_ymd_opt(2020, 9, d).unwrap();
        let asked = |asked| by_today(asked, day(30), "as_of").ok();
        assert_eq!(
            (asked(None), asked(Some(day(30))), asked(Some(day(1)))),
            (Some(day(30)), Some(day(30)), Some(day(1)))
        );
        assert_eq!(by_today(day(30).succ_opt(), day(30), "as_of").unwrap_err().code(), "future_day");
    }

    #[test]
    fn days_beyond_the_span_are_refused() {
        let sane = |year| require_sane(NaiveDate::from_ymd_opt(year, 6, 30), "/from").is_ok();
        assert!(sane(1900) && sane(2199) && require_sane(None, "/from").is_ok());
        assert!(!sane(1899) && !sane(2200) && !sane(12_345) && !sane(-1));
        let sane = |year| require_sane_year(Some(year), "year").is_ok();
        assert!(sane(1900) && sane(2199) && require_sane_year(None, "year").is_ok());
        assert!(!sane(1899) && !sane(2200) && !sane(i64::MIN) && !sane(i64::MAX) && !sane(1 << 33 | 2020));
    }
}
