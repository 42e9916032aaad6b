//! Days as they may enter: within a span that every database orders and stores alike.

use chrono::{Datelike, NaiveDate};

use super::Result;
use super::error::OUT_OF_RANGE;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_beyond_the_span_are_refused() {
        let sane = |year| require_sane(NaiveDate::from_ymd_opt(year, 6, 30), "/from").is_ok();
        assert!(sane(1900) && sane(2199) && require_sane(None, "/from").is_ok());
        assert!(!sane(1899) && !sane(2200) && !sane(12_345) && !sane(-1));
    }
}
