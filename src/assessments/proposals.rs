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

    #[test]
    fn what_is_owed_and_done_proposes_a_result() {
        let day = |month, day| NaiveDate::from_ymd_opt(2020, month, day).unwrap();
        let (past, future) = (day(3, 31), day(12, 31));
        let cases: [(&[(Verdict, NaiveDate)], Option<Proposal>); 11] = [
            (&[], None),
            (&[(NotDue, future)], None),
            (&[(DoneOnTime, future)], None),
            (&[(Excluded, past)], None),
            (&[(DoneOnTime, past), (DoneLate, past), (NotDue, future)], Some(Proposal::Met)),
            (&[(DoneOnTime, past), (Excluded, past)], Some(Proposal::Met)),
            (&[(DoneOnTime, past), (Overdue, past)], Some(Proposal::Partly)),
            (&[(DoneLate, past), (PendingReview, past)], Some(Proposal::Partly)),
            (&[(Overdue, past), (PendingReview, past)], Some(Proposal::NotMet)),
            (&[(PendingReview, past)], None),
            (&[(Due, day(6, 30))], None),
        ];
        for (nodes, proposal) in cases {
            assert_eq!(propose(nodes, day(6, 30)), proposal, "{nodes:?}");
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
