//! Votes, and how far a decision is carried out. Pure.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{DecisionKind, NewVotes, Votes};
use super::{VOTES_IMPLAUSIBLE, VOTES_REQUIRED};
use crate::plans::approval::vote_passed;
use crate::platform::Result;
use crate::time_nodes::rules::judge;
use crate::time_nodes::{Excluded, NodeFacts, Verdict};
use crate::word_enum;

/// Who came to a meeting, by its attendance list; observers are neither.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HeadCount {
    pub expected: i64,
    pub present: i64,
}

/// The votes of a decision, or why they can't be so: no more voted than were present, no more were present than were
/// entitled, and neither are more than the attendance list has.
pub fn counted(kind: DecisionKind, votes: Option<&NewVotes>, heads: HeadCount) -> Result<Option<Votes>> {
    let Some(votes) = votes else {
        return match kind {
            DecisionKind::Resolution => Err(VOTES_REQUIRED.at("/votes", []).into_error()),
            DecisionKind::Deployment | DecisionKind::Information => Ok(None),
        };
    };
    let NewVotes { in_favour, against, abstain, present, entitled } = *votes;
    let entitled = entitled.unwrap_or(heads.expected);
    let cast = in_favour + against + abstain;
    let checks = [
        (cast, present, "/votes/present"),
        (present, entitled, "/votes/entitled"),
        (present, heads.present, "/votes/present"),
        (entitled, heads.expected, "/votes/entitled"),
    ];
    for (less, more, pointer) in checks {
        if less > more {
            return Err(VOTES_IMPLAUSIBLE.at(pointer, [("detail", format!("{less} > {more}"))]).into_error());
        }
    }
    Ok(Some(Votes { in_favour, against, abstain, present, entitled }))
}

/// Whether a vote passed, by the rule that approvals of plans ask too.
pub fn passed(votes: &Votes) -> bool {
    vote_passed(votes.in_favour, votes.present, votes.entitled)
}

/// Whether there was a vote and it did not pass.
pub fn voted_down(votes: Option<&Votes>) -> bool {
    votes.is_some_and(|votes| !passed(votes))
}

word_enum! {
    /// How far a decision is carried out.
    Delivery {
        /// A deployment that was voted down: nothing follows from it.
        NotPassed = "not_passed",
        /// A deployment that no task with a time node was made from.
        Awaiting = "awaiting",
        /// A node of its tasks is owed and not done, or its own day is past before all is done.
        Behind = "behind",
        /// All that is owed is done, and more is to come.
        OnCourse = "on_course",
        /// Every node of its tasks that counts is done, or each was waived, not applicable or cancelled. What asks for no work, a resolution or an information, is delivered at once.
        Delivered = "delivered",
    }
}

impl Delivery {
    /// Whether the next meeting should ask after it.
    pub fn is_due(self) -> bool {
        matches!(self, Delivery::Awaiting | Delivery::Behind)
    }
}

/// The time nodes of a decision's tasks on a day; excluded ones are left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Progress {
    /// Nodes that count.
    pub of: i64,
    /// Nodes that were waived, are not applicable or were cancelled.
    pub let_off: i64,
    /// Of these, done, early ones too.
    pub done: i64,
    /// Of these, due by today.
    pub owed: i64,
    /// Of the owed, done.
    pub owed_done: i64,
}

impl Progress {
    /// Counts nodes by their verdicts of a day.
    pub fn of<'a>(nodes: impl IntoIterator<Item = &'a NodeFacts>, today: NaiveDate) -> Progress {
        let mut progress = Progress::default();
        for facts in nodes {
            let verdict = judge(facts, today).verdict;
            if verdict == Verdict::Excluded {
                let let_off = [Excluded::Waived, Excluded::NotApplicable, Excluded::Cancelled];
                progress.let_off += i64::from(facts.excluded.is_some_and(|reason| let_off.contains(&reason)));
                continue;
            }
            let is_done = i64::from(matches!(verdict, Verdict::DoneOnTime | Verdict::DoneLate));
            let is_owed = i64::from(facts.due_on <= today);
            progress.of += 1;
            progress.done += is_done;
            progress.owed += is_owed;
            progress.owed_done += is_owed * is_done;
        }
        progress
    }
}

/// The one rule of delivery.
pub fn delivery(
    kind: DecisionKind,
    votes: Option<&Votes>,
    due_on: Option<NaiveDate>,
    nodes: &Progress,
    today: NaiveDate,
) -> Delivery {
    if kind != DecisionKind::Deployment {
        Delivery::Delivered
    } else if voted_down(votes) {
        Delivery::NotPassed
    } else if nodes.of == 0 {
        if nodes.let_off > 0 { Delivery::Delivered } else { Delivery::Awaiting }
    } else if nodes.done == nodes.of {
        Delivery::Delivered
    } else if nodes.owed > nodes.owed_done || due_on.is_some_and(|due_on| due_on < today) {
        Delivery::Behind
    } else {
        Delivery::OnCourse
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn votes(numbers: [i64; 4], entitled: Option<i64>) -> NewVotes {
        let [in_favour, against, abstain, present] = numbers;
        NewVotes { in_favour, against, abstain, present, entitled }
    }

    #[test]
    fn votes_add_up_with_those_who_came() {
        let heads = HeadCount { expected: 9, present: 8 };
        let cases: [([i64; 4], Option<i64>, Option<&str>); 8] = [
            ([7, 0, 1, 8], None, None),
            ([7, 0, 1, 8], Some(9), None),
            ([0, 0, 0, 0], Some(7), None),
            ([7, 1, 1, 8], None, Some("votes_implausible")),
            ([5, 0, 0, 8], Some(7), Some("votes_implausible")),
            ([9, 0, 0, 9], None, Some("votes_implausible")),
            ([7, 0, 0, 7], Some(10), Some("votes_implausible")),
            ([5, 1, 0, 6], Some(6), None),
        ];
        for (numbers, entitled, refused) in cases {
            let given = votes(numbers, entitled);
            let counted = counted(DecisionKind::Resolution, Some(&given), heads);
            assert_eq!(counted.err().map(|error| error.code()), refused, "{numbers:?} {entitled:?}");
        }
        for (kind, refused) in [
            (DecisionKind::Resolution, Some("votes_required")),
            (DecisionKind::Deployment, None),
            (DecisionKind::Information, None),
        ] {
            assert_eq!(counted(kind, None, heads).err().map(|error| error.code()), refused, "{kind:?}");
        }
    }

    #[test]
    fn more_than_half_of_the_entitled_pass_it_and_half_of_them_must_be_there() {
        // For, present, entitled.
        let cases = [
            ((5, 8, 9), true),
            ((4, 4, 9), false),
            ((5, 5, 10), false),
            ((6, 6, 10), true),
            ((4, 8, 8), false),
            ((0, 0, 0), false),
            ((1, 1, 1), true),
        ];
        for ((in_favour, present, entitled), passes) in cases {
            let votes = Votes { in_favour, against: 0, abstain: 0, present, entitled };
            assert_eq!(passed(&votes), passes, "{votes:?}");
        }
    }

    #[test]
    fn a_deployment_is_delivered_by_its_nodes_and_the_rest_at_once() {
        use DecisionKind::{Deployment, Information, Resolution};
        let day = |d| NaiveDate::from_ymd_opt(2020, 6, d).unwrap();
        // Of, done, owed, owed and done.
        let nodes = |[of, done, owed, owed_done]: [i64; 4]| Progress { of, done, owed, owed_done, let_off: 0 };
        let cases = [
            (Information, None, [0, 0, 0, 0], Delivery::Delivered),
            (Resolution, Some(day(1)), [0, 0, 0, 0], Delivery::Delivered),
            (Deployment, None, [0, 0, 0, 0], Delivery::Awaiting),
            (Deployment, Some(day(1)), [0, 0, 0, 0], Delivery::Awaiting),
            (Deployment, None, [2, 0, 0, 0], Delivery::OnCourse),
            (Deployment, None, [2, 1, 1, 1], Delivery::OnCourse),
            // One done early, another owed and open.
            (Deployment, None, [2, 1, 1, 0], Delivery::Behind),
            (Deployment, Some(day(9)), [2, 1, 1, 1], Delivery::Behind),
            (Deployment, Some(day(10)), [2, 1, 1, 1], Delivery::OnCourse),
            (Deployment, Some(day(1)), [2, 2, 1, 1], Delivery::Delivered),
        ];
        for (kind, due_on, counts, expected) in cases {
            let found = delivery(kind, None, due_on, &nodes(counts), day(10));
            assert_eq!(found, expected, "{kind:?} {due_on:?} {counts:?}");
        }
        let let_off = Progress { let_off: 2, ..Progress::default() };
        assert_eq!(delivery(Deployment, None, None, &let_off, day(10)), Delivery::Delivered);
        for (in_favour, expected) in [(2, Delivery::NotPassed), (3, Delivery::Awaiting)] {
            let votes = Votes { in_favour, against: 0, abstain: 0, present: 4, entitled: 4 };
            assert_eq!(delivery(Deployment, Some(&votes), None, &nodes([0; 4]), day(10)), expected);
            assert_eq!(voted_down(Some(&votes)), expected == Delivery::NotPassed);
        }
        assert!(!voted_down(None) && !Delivery::NotPassed.is_due());
    }
}
