//! What may be done with a finding in each of its states, and where it stands in the rectification rate. Pure.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::FindingId;
use super::model::{FindingKind, FindingState};
use crate::word_enum;

/// What is done with a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Its text, kind or units are changed.
    Change,
    AddMeasure,
    ChangeMeasure,
    /// Measures are made a task of a plan.
    MakeTask,
    Apply,
    Pass,
    Fail,
    Close,
    MarkStage,
    Dismiss,
    /// A look back, whatever it comes to: a failed one makes another finding.
    Recheck,
}

impl Verb {
    pub const ALL: &'static [Verb] = &[
        Verb::Change,
        Verb::AddMeasure,
        Verb::ChangeMeasure,
        Verb::MakeTask,
        Verb::Apply,
        Verb::Pass,
        Verb::Fail,
        Verb::Close,
        Verb::MarkStage,
        Verb::Dismiss,
        Verb::Recheck,
    ];
}

/// The state after a verb; `None` when the verb is not allowed in that state.
pub fn after(kind: FindingKind, state: FindingState, verb: Verb) -> Option<FindingState> {
    use FindingState as S;
    let rectified = matches!(state, S::Rectifying | S::StageDone);
    let ended = matches!(state, S::Closed | S::Dismissed);
    match verb {
        Verb::Change => (!ended).then_some(state),
        // The first measure begins the rectification; a further one goes on with it after a stage.
        Verb::AddMeasure => (state == S::Open || rectified).then_some(S::Rectifying),
        Verb::ChangeMeasure => rectified.then_some(state),
        // What is to be kept up for long gets tasks of the next plan, closed out or not.
        Verb::MakeTask => {
            let kept_up = state == S::Closed && kind == FindingKind::LongTerm;
            (rectified || kept_up).then_some(state)
        }
        Verb::Apply => rectified.then_some(S::Applied),
        Verb::Pass => (state == S::Applied).then_some(S::Checked),
        Verb::Fail => (state == S::Applied).then_some(S::Rectifying),
        Verb::Close => (state == S::Checked).then_some(S::Closed),
        Verb::MarkStage => {
            let staged = kind != FindingKind::Immediate && matches!(state, S::Rectifying | S::Checked);
            staged.then_some(S::StageDone)
        }
        Verb::Dismiss => (!ended).then_some(S::Dismissed),
        Verb::Recheck => (state == S::Closed).then_some(S::Closed),
    }
}

/// Whether a measure is overdue: its day is past and nothing was applied for since.
pub fn is_overdue(state: FindingState, due_on: Option<NaiveDate>, as_of: NaiveDate) -> bool {
    matches!(state, FindingState::Open | FindingState::Rectifying) && due_on.is_some_and(|due_on| due_on < as_of)
}

/// A finding on a day, for the rate.
#[derive(Debug, Clone, Copy)]
pub struct Life {
    pub id: FindingId,
    pub relapse_of: Option<FindingId>,
    pub kind: FindingKind,
    pub state: FindingState,
    /// Every owed node of its tasks is done.
    pub tasks_done: bool,
}

word_enum! {
    /// Why a finding does not count.
    NotCounted {
        Dismissed = "dismissed",
        /// Its re-check failed: the finding that came of it counts in its place.
        Relapsed = "relapsed",
    }
}

/// Where a finding stands in the rectification rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Numerator,
    DenominatorOnly,
    NotCounted(NotCounted),
}

/// The findings whose re-check failed: others carry them on. A relapse that was itself dismissed carries nothing on.
pub fn relapsed<'a>(lives: impl IntoIterator<Item = &'a Life>) -> HashSet<FindingId> {
    let counting = lives.into_iter().filter(|life| life.state != FindingState::Dismissed);
    counting.filter_map(|life| life.relapse_of).collect()
}

/// The one rule of the rectification rate; counting and explaining both ask it.
pub fn place(life: &Life, relapsed: &HashSet<FindingId>) -> Place {
    match life.state {
        FindingState::Dismissed => Place::NotCounted(NotCounted::Dismissed),
        _ if relapsed.contains(&life.id) => Place::NotCounted(NotCounted::Relapsed),
        FindingState::Closed if life.kind != FindingKind::LongTerm || life.tasks_done => Place::Numerator,
        _ => Place::DenominatorOnly,
    }
}

/// How a finding stood on a past day by everything recorded until now: a dismissal holds throughout, a close-out from
/// its day. `then` is the state recorded by the end of that day, if there was one; `now` the last, with its day.
pub fn restated(then: Option<FindingState>, now: (FindingState, NaiveDate), as_of: NaiveDate) -> FindingState {
    match now {
        (FindingState::Dismissed, _) => FindingState::Dismissed,
        (state, since) if since <= as_of => state,
        _ => then.unwrap_or(FindingState::Open),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole machine: for each verb the states it is allowed in, and what it leads to. All others are refused.
    #[test]
    fn each_verb_is_allowed_in_its_states_and_in_no_other() {
        use FindingState as S;
        let same: fn(S) -> S = |state| state;
        type Lead = (Verb, &'static [S], fn(S) -> S);
        let table: [Lead; 11] = [
            (Verb::Change, &[S::Open, S::Rectifying, S::Applied, S::Checked, S::StageDone], same),
            (Verb::AddMeasure, &[S::Open, S::Rectifying, S::StageDone], |_| S::Rectifying),
            (Verb::ChangeMeasure, &[S::Rectifying, S::StageDone], same),
            (Verb::MakeTask, &[S::Rectifying, S::StageDone], same),
            (Verb::Apply, &[S::Rectifying, S::StageDone], |_| S::Applied),
            (Verb::Pass, &[S::Applied], |_| S::Checked),
            (Verb::Fail, &[S::Applied], |_| S::Rectifying),
            (Verb::Close, &[S::Checked], |_| S::Closed),
            (Verb::MarkStage, &[S::Rectifying, S::Checked], |_| S::StageDone),
            (Verb::Dismiss, &[S::Open, S::Rectifying, S::Applied, S::Checked, S::StageDone], |_| S::Dismissed),
            (Verb::Recheck, &[S::Closed], same),
        ];
        assert_eq!(table.map(|(verb, _, _)| verb).as_slice(), Verb::ALL);
        for (verb, states, leads) in table {
            for state in S::ALL {
                let expected = states.contains(state).then(|| leads(*state));
                assert_eq!(after(FindingKind::TimeLimited, *state, verb), expected, "{verb:?} {state:?}");
            }
        }
    }

    #[test]
    fn the_kind_matters_for_stages_and_for_what_is_kept_up() {
        use FindingKind as K;
        use FindingState as S;
        assert_eq!(after(K::Immediate, S::Rectifying, Verb::MarkStage), None);
        assert_eq!(after(K::LongTerm, S::Rectifying, Verb::MarkStage), Some(S::StageDone));
        assert_eq!(after(K::LongTerm, S::Closed, Verb::MakeTask), Some(S::Closed));
        assert_eq!(after(K::Immediate, S::Closed, Verb::MakeTask), None);
        assert_eq!(after(K::LongTerm, S::Dismissed, Verb::MakeTask), None);
    }

    #[test]
    fn a_measure_is_overdue_the_day_after_its_own_while_nothing_was_applied_for() {
        use FindingState as S;
        let day = |d| NaiveDate::from_ymd_opt(2020, 6, d);
        let cases = [
            (S::Rectifying, day(30), 30, false),
            (S::Rectifying, day(29), 30, true),
            (S::Open, day(29), 30, true),
            (S::Rectifying, None, 30, false),
            (S::Applied, day(1), 30, false),
            (S::StageDone, day(1), 30, false),
            (S::Closed, day(1), 30, false),
            (S::Dismissed, day(1), 30, false),
        ];
        for (state, due_on, on, overdue) in cases {
            assert_eq!(is_overdue(state, due_on, day(on).unwrap()), overdue, "{state:?} {due_on:?} on {on}");
        }
    }

    fn life(id: i64, relapse_of: Option<i64>, kind: FindingKind, state: FindingState, tasks_done: bool) -> Life {
        Life { id: FindingId(id), relapse_of: relapse_of.map(FindingId), kind, state, tasks_done }
    }

    fn places(lives: &[Life]) -> Vec<Place> {
        let gone = relapsed(lives);
        lives.iter().map(|life| place(life, &gone)).collect()
    }

    #[test]
    fn where_one_finding_stands_in_the_rate() {
        use FindingKind as K;
        use FindingState as S;
        use Place as P;
        let cases = [
            (K::Immediate, S::Open, true, P::DenominatorOnly),
            (K::Immediate, S::Rectifying, true, P::DenominatorOnly),
            (K::Immediate, S::Applied, true, P::DenominatorOnly),
            (K::Immediate, S::Checked, true, P::DenominatorOnly),
            (K::TimeLimited, S::StageDone, true, P::DenominatorOnly),
            (K::TimeLimited, S::Closed, true, P::Numerator),
            (K::TimeLimited, S::Closed, false, P::Numerator),
            (K::LongTerm, S::Closed, true, P::Numerator),
            (K::LongTerm, S::Closed, false, P::DenominatorOnly),
            (K::LongTerm, S::Dismissed, false, P::NotCounted(NotCounted::Dismissed)),
        ];
        for (kind, state, tasks_done, expected) in cases {
            assert_eq!(places(&[life(1, None, kind, state, tasks_done)]), [expected], "{kind:?} {state:?}");
        }
    }

    #[test]
    fn a_chain_of_relapses_counts_once_by_its_last_life() {
        use FindingKind::TimeLimited as K;
        use FindingState as S;
        use Place::{DenominatorOnly, NotCounted as Out, Numerator};
        let chain = |last: S| {
            let first = life(1, None, K, S::Closed, true);
            let second = life(2, Some(1), K, S::Closed, true);
            places(&[first, second, life(3, Some(2), K, last, true)])
        };
        let gone = Out(NotCounted::Relapsed);
        assert_eq!(chain(S::Open), [gone, gone, DenominatorOnly]);
        assert_eq!(chain(S::Closed), [gone, gone, Numerator]);
        // A relapse that was itself dismissed carries nothing on: the life before it stands again.
        assert_eq!(chain(S::Dismissed), [gone, Numerator, Out(NotCounted::Dismissed)]);
        // Looked back at again after that, and failed.
        let again = [
            life(1, None, K, S::Closed, true),
            life(2, Some(1), K, S::Dismissed, true),
            life(3, Some(1), K, S::Rectifying, true),
        ];
        assert_eq!(places(&again), [gone, Out(NotCounted::Dismissed), DenominatorOnly]);
    }

    #[test]
    fn restated_a_dismissal_holds_throughout_and_a_close_out_from_its_day() {
        use FindingState as S;
        let day = |d| NaiveDate::from_ymd_opt(2020, 6, d).unwrap();
        let cases = [
            (Some(S::Rectifying), (S::Dismissed, 20), 10, S::Dismissed),
            (None, (S::Dismissed, 20), 10, S::Dismissed),
            (Some(S::Checked), (S::Closed, 20), 19, S::Checked),
            (Some(S::Closed), (S::Closed, 20), 20, S::Closed),
            (None, (S::Closed, 20), 10, S::Open),
            (Some(S::StageDone), (S::Applied, 20), 10, S::StageDone),
            (Some(S::Applied), (S::Rectifying, 5), 10, S::Rectifying),
        ];
        for (then, (now, since), on, expected) in cases {
            assert_eq!(restated(then, (now, day(since)), day(on)), expected, "{then:?} {now:?} on {on}");
        }
    }
}
