//! Where a request stood on a day, pure.

use chrono::NaiveDate;

use crate::reports::store::Moment;
use crate::time_nodes::requests::RequestState;

/// What is recorded of a request, as of now.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    pub state: RequestState,
    pub requested_on: NaiveDate,
    pub decided_on: Option<NaiveDate>,
    pub withdrawn_on: Option<NaiveDate>,
}

/// Where a request that touches a report stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Requested,
    Approved,
}

/// Where a request stood at the end of a day; nothing when it had not been made, was refused or was withdrawn. Restated,
/// it stands on every day as it stands now.
pub fn standing(facts: &Facts, moment: Moment) -> Option<Standing> {
    let now = match facts.state {
        RequestState::Requested => Some(Standing::Requested),
        RequestState::Approved => Some(Standing::Approved),
        RequestState::Refused | RequestState::Withdrawn => None,
    };
    if moment.restated {
        return now;
    }
    let by = |on: Option<NaiveDate>| on.is_some_and(|on| on <= moment.as_of);
    if facts.requested_on > moment.as_of || by(facts.withdrawn_on) {
        None
    } else if !by(facts.decided_on) {
        Some(Standing::Requested)
    } else {
        // Of what was decided, only a granted waiver is withdrawn later.
        (facts.state != RequestState::Refused).then_some(Standing::Approved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, 6, day).unwrap()
    }

    #[test]
    fn a_request_stands_on_each_day_as_it_was_recorded_by_then() {
        use RequestState::{Approved, Refused, Requested, Withdrawn};
        let (asked, granted) = (Some(Standing::Requested), Some(Standing::Approved));
        // State now, decided on, withdrawn on; then how it stood on the 4th, 5th, 6th and 7th, and restated.
        let cases = [
            (Requested, None, None, [None, asked, asked, asked], asked),
            (Approved, Some(6), None, [None, asked, granted, granted], granted),
            (Approved, Some(5), None, [None, granted, granted, granted], granted),
            (Refused, Some(6), None, [None, asked, None, None], None),
            (Withdrawn, Some(6), Some(7), [None, asked, granted, None], None),
            (Withdrawn, None, Some(6), [None, asked, None, None], None),
        ];
        for (state, decided, withdrawn, expected, restated) in cases {
            let facts =
                Facts { state, requested_on: day(5), decided_on: decided.map(day), withdrawn_on: withdrawn.map(day) };
            for (on, expected) in (4..).zip(expected) {
                let moment = Moment { as_of: day(on), restated: false };
                assert_eq!(standing(&facts, moment), expected, "{state:?} {decided:?} {withdrawn:?} on {on}");
                let moment = Moment { as_of: day(on), restated: true };
                assert_eq!(standing(&facts, moment), restated, "{state:?} {decided:?} {withdrawn:?} restated");
            }
        }
    }
}
