//! When uses of one file are at odds, and how far a report is dated back. Pure.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::store::Use;
use crate::time_nodes::NodeId;

/// What came of activities: the meetings that were ticked against a node, and the files of what was reported of each.
#[derive(Debug, Default)]
pub struct Activities {
    pub of_node: HashMap<NodeId, HashSet<i64>>,
    pub files: HashMap<i64, HashSet<String>>,
}

/// Whether uses of one file are for different tasks or units, and not because one activity that the file is of was ticked
/// against both nodes. A report made again after a return is of the same node, so it stays part of its activity.
pub fn at_odds(uses: &[Use], activities: &Activities) -> bool {
    let is_of = |meeting: &i64, file: &String| activities.files.get(meeting).is_some_and(|files| files.contains(file));
    let joint = |a: &Use, b: &Use| match (activities.of_node.get(&a.node_id), activities.of_node.get(&b.node_id)) {
        (Some(of_a), Some(of_b)) => of_a.intersection(of_b).any(|meeting| is_of(meeting, &a.sha256)),
        _ => false,
    };
    let odd = |a: &Use, b: &Use| (a.task_id, a.unit_id) != (b.task_id, b.unit_id) && !joint(a, b);
    (1..).zip(uses).any(|(next, a)| uses.iter().skip(next).any(|b| odd(a, b)))
}

/// The days by which a report is dated back.
pub fn days_back(reported_on: NaiveDate, recorded_on: NaiveDate) -> i64 {
    (recorded_on - reported_on).num_days()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::TaskId;
    use crate::progress::{AttachmentId, ReportId};
    use crate::units::UnitId;

    /// A use by a node of a task and unit.
    fn one(node: i64, task: i64, unit: i64) -> Use {
        let day = NaiveDate::from_ymd_opt(2020, 6, 30).unwrap();
        Use {
            sha256: "00".into(),
            report_id: ReportId(node),
            node_id: NodeId(node),
            year: 2020,
            task_id: TaskId(task),
            unit_id: UnitId(unit),
            attachment_id: AttachmentId(1),
            file_name: "photo.png".into(),
            reported_on: day,
            recorded_on: day,
        }
    }

    #[test]
    fn uses_are_at_odds_when_they_are_of_different_tasks_or_units_and_of_no_common_activity() {
        let (a, same, task, unit) = (one(1, 1, 1), one(2, 1, 1), one(3, 2, 1), one(4, 1, 2));
        /// The uses, the nodes of each activity, and what is expected.
        type Case<'a> = (Vec<&'a Use>, &'a [&'a [i64]], bool);
        let cases: [Case<'_>; 11] = [
            (vec![], &[], false),
            (vec![&a], &[], false),
            (vec![&a, &same], &[], false),
            (vec![&a, &task], &[], true),
            (vec![&a, &unit], &[], true),
            (vec![&a, &task], &[&[1, 3]], false),
            (vec![&a, &task], &[&[1], &[3]], true),
            (vec![&a, &task], &[&[1, 4]], true),
            (vec![&a, &task, &unit], &[&[1, 3]], true),
            (vec![&a, &task, &unit], &[&[1, 3, 4]], false),
            // Each with the first, but these two not with one another.
            (vec![&a, &task, &unit], &[&[1, 3], &[1, 4]], true),
        ];
        for (uses, of, expected) in cases {
            let uses: Vec<Use> = uses.into_iter().cloned().collect();
            let mut activities = Activities::default();
            for (meeting, nodes) in (1..).zip(of) {
                for node in *nodes {
                    activities.of_node.entry(NodeId(*node)).or_default().insert(meeting);
                }
            }
            let different = uses.iter().any(|one| (one.task_id, one.unit_id) != (a.task_id, a.unit_id));
            assert_eq!(
                at_odds(&uses, &activities),
                different,
                "a tick makes no other file part of it: {uses:?} {of:?}"
            );
            for (meeting, _) in (1..).zip(of) {
                activities.files.entry(meeting).or_default().insert("00".into());
            }
            assert_eq!(at_odds(&uses, &activities), expected, "{uses:?} {of:?}");
        }
    }
}
