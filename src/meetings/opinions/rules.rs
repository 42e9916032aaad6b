//! What may be done with an opinion. Pure.

use chrono::{Days, NaiveDate};

use super::{OPINION_ANSWERED, OPINION_WITHDRAWN};
use crate::platform::Result;

/// How an opinion stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It awaits its answer.
    Open,
    Answered,
    Withdrawn,
}

impl State {
    pub fn of(withdrawn_on: Option<NaiveDate>, disposed_on: Option<NaiveDate>) -> State {
        match (withdrawn_on, disposed_on) {
            (Some(_), _) => State::Withdrawn,
            (None, Some(_)) => State::Answered,
            (None, None) => State::Open,
        }
    }

    /// It can be answered or withdrawn only while it awaits its answer.
    pub fn require_open(self) -> Result<()> {
        match self {
            State::Open => Ok(()),
            State::Answered => Err(OPINION_ANSWERED.err()),
            State::Withdrawn => Err(OPINION_WITHDRAWN.err()),
        }
    }
}

/// How many days an answer is shown to whoever gave the opinion as something new.
const NEWS_DAYS: u64 = 14;

/// The first day whose answers are still news today.
pub fn news_since(today: NaiveDate) -> NaiveDate {
    today.checked_sub_days(Days::new(NEWS_DAYS)).unwrap_or(today)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, 3, day).unwrap()
    }

    #[test]
    fn an_opinion_is_answered_or_withdrawn_once() {
        let cases = [
            (None, None, State::Open, None),
            (None, Some(day(24)), State::Answered, Some("opinion_answered")),
            (Some(day(24)), None, State::Withdrawn, Some("opinion_withdrawn")),
        ];
        for (withdrawn_on, disposed_on, state, refused) in cases {
            assert_eq!(State::of(withdrawn_on, disposed_on), state);
            assert_eq!(state.require_open().err().map(|error| error.code()), refused, "{state:?}");
        }
    }

    #[test]
    fn an_answer_is_news_for_a_fortnight() {
        assert_eq!(news_since(day(24)), day(10));
    }
}
