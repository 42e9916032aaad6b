//! The states of an assessment and what may be done in each. Pure.

use super::model::AssessmentState as State;
use super::{
    ALREADY_CHECKED, ALREADY_RULED, ALREADY_SELF_ASSESSED, ASSESSMENT_FROZEN, NOT_CHECKED, NOT_SELF_ASSESSED,
    NOTHING_TO_WITHDRAW, RECOGNITION_WITHDRAWN,
};
use crate::platform::{Code, Result};

/// What is done to an assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Entering results of the self-assessment, or deleting the draft.
    Draft,
    /// Submitting the self-assessment.
    SelfAssess,
    /// Entering the checker's results, approving that something is not applicable.
    Enter,
    Check,
    Rule,
    Withdraw,
}

/// Refuses a step that the state does not allow, each with its own code.
pub fn require(step: Step, state: State) -> Result<()> {
    refusal(step, state).map_or(Ok(()), |code| Err(code.err()))
}

fn refusal(step: Step, state: State) -> Option<&'static Code> {
    match (step, state) {
        (Step::Draft | Step::SelfAssess, State::Draft) => None,
        (Step::Draft | Step::SelfAssess, State::SelfAssessed) => Some(&ALREADY_SELF_ASSESSED),
        (Step::Draft | Step::SelfAssess, _) => Some(&ASSESSMENT_FROZEN),
        (Step::Enter | Step::Check, State::Draft) => Some(&NOT_SELF_ASSESSED),
        (Step::Enter | Step::Check, State::SelfAssessed) => None,
        (Step::Enter, _) => Some(&ASSESSMENT_FROZEN),
        (Step::Check, _) => Some(&ALREADY_CHECKED),
        (Step::Rule, State::Draft | State::SelfAssessed) => Some(&NOT_CHECKED),
        (Step::Rule, State::Checked) => None,
        (Step::Rule, _) => Some(&ALREADY_RULED),
        (Step::Withdraw, State::Recognised) => None,
        (Step::Withdraw, State::Withdrawn) => Some(&RECOGNITION_WITHDRAWN),
        (Step::Withdraw, _) => Some(&NOTHING_TO_WITHDRAW),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_is_allowed_in_one_state_only() {
        let allowed = [
            (Step::Draft, State::Draft),
            (Step::SelfAssess, State::Draft),
            (Step::Enter, State::SelfAssessed),
            (Step::Check, State::SelfAssessed),
            (Step::Rule, State::Checked),
            (Step::Withdraw, State::Recognised),
        ];
        for (step, only) in allowed {
            for state in State::ALL {
                assert_eq!(require(step, *state).is_ok(), *state == only, "{step:?} {state:?}");
            }
        }
    }
}
