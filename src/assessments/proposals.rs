//! What the time nodes of a clause's linked tasks propose as its result. Pure.

use chrono::NaiveDate;

use super::model::{ClauseResult, Proposal};
use crate::time_nodes::Verdict;

/// The proposal from the verdict and due day of every node that the unit owes of the linked tasks. None while nothing
/// is owed yet, and while what is owed still runs or awaits its review and nothing of it is done.
pub fn propose(nodes: &[(Verdict, NaiveDate)], as_of: NaiveDate) -> Option<Proposal> {
    let owed = || nodes.iter().filter(|(verdict, due_on)| *verdict != Verdict::Excluded && *due_on <= as_of);
    let is_done = |verdict: Verdict| matches!(verdict, Verdict::DoneOnTime | Verdict::DoneLate);
    let done = owed().filter(|(verdict, _)| is_done(*verdict)).count();
    let overdue = owed().any(|(verdict, _)| *verdict == Verdict::Overdue);
    match (owed().count(), done) {
        (0, _) => None,
        (of, done) if done == of => Some(Proposal::Met),
        (_, 0) => overdue.then_some(Proposal::NotMet),
        _ => Some(Proposal::Partly),
    }
}

/// Whether a result overrules a proposal. Saying nothing of a clause overrules nothing.
pub fn differs(result: ClauseResult, proposal: Option<Proposal>) -> bool {
    result != ClauseResult::NotAssessed && proposal.is_some_and(|proposal| proposal.result() != result)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{DoneLate, DoneOnTime, Due, Excluded, NotDue, Overdue, PendingReview};

    /// The nodes and what they propose.
    type Case = (&'static [(Verdict, NaiveDate)], Option<Proposal>);

    #[test]
    fn what_is_owed_and_done_proposes_a_result() {
        const PAST: NaiveDate = NaiveDate::from_ymd_opt(2020, 3, 31).unwrap();
        const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2020, 6, 30).unwrap();
        const FUTURE: NaiveDate = NaiveDate::from_ymd_opt(2020, 12, 31).unwrap();
        let cases: [Case; 11] = [
            (&[], None),
            (&[(NotDue, FUTURE)], None),
            (&[(DoneOnTime, FUTURE)], None),
            (&[(Excluded, PAST)], None),
            (&[(DoneOnTime, PAST), (DoneLate, PAST), (NotDue, FUTURE)], Some(Proposal::Met)),
            (&[(DoneOnTime, PAST), (Excluded, PAST)], Some(Proposal::Met)),
            (&[(DoneOnTime, PAST), (Overdue, PAST)], Some(Proposal::Partly)),
            (&[(DoneLate, PAST), (PendingReview, PAST)], Some(Proposal::Partly)),
            (&[(Overdue, PAST), (PendingReview, PAST)], Some(Proposal::NotMet)),
            (&[(PendingReview, PAST)], None),
            (&[(Due, TODAY)], None),
        ];
        for (nodes, proposal) in cases {
            assert_eq!(propose(nodes, TODAY), proposal, "{nodes:?}");
        }
    }

    #[test]
    fn only_another_result_overrules() {
        assert!(differs(ClauseResult::Met, Some(Proposal::Partly)));
        assert!(differs(ClauseResult::NotApplicable, Some(Proposal::NotMet)));
        assert!(!differs(ClauseResult::Met, Some(Proposal::Met)));
        assert!(!differs(ClauseResult::NotAssessed, Some(Proposal::Met)));
        assert!(!differs(ClauseResult::NotMet, None));
    }
}
