//! The model: what happened to each node, replayed up to a day, and counted.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Happened {
    Reported,
    /// The department entered a report and dated it back.
    Dated(NaiveDate),
    Withdrawn,
    Accepted,
    NotDone,
    Supplement,
    Revoked,
    Added,
    AdditionAccepted,
    AdditionReturned,
    Extended(NaiveDate),
    /// The branch asked for a later day: nothing changes until it is granted.
    Asked(NaiveDate),
    Granted(NaiveDate),
    Refused,
    Waived,
    WaiverWithdrawn,
    Cancelled,
    /// A revision took the task from the branch (or removed it), or gave it back.
    TakenAway,
    GivenBack(NaiveDate),
    Closed,
}

/// Why a node does not count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Excluded {
    BeforeIssue,
    Waived,
    Cancelled,
    TakenAway,
    Closed,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Status {
    Open,
    Returned,
    /// Counting day, and what the node was before.
    Pending(NaiveDate),
    Accepted(NaiveDate),
    /// An addition of the second day awaits review.
    Adding(NaiveDate, NaiveDate),
}

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) id: i64,
    pub(super) branch: usize,
    pub(super) task: usize,
    /// Of the task.
    pub(super) entry: usize,
    /// The first day of its period, when it recurs.
    pub(super) from: Option<NaiveDate>,
    pub(super) due: NaiveDate,
    pub(super) grace: u64,
    pub(super) times: usize,
    /// The day of the issue, or of the revision that made it.
    pub(super) born: NaiveDate,
    /// Due before that day.
    pub(super) before_issue: bool,
    pub(super) log: Vec<(NaiveDate, Happened)>,
    // What the player needs to go on.
    /// With the account that signed it.
    pub(super) last_report: Option<(Value, i64)>,
    /// Of a node of two times, those that await review.
    pub(super) pending: Vec<Value>,
    pub(super) addition: Option<Value>,
    pub(super) waiver: Option<i64>,
    /// The extension that was asked for and not decided, and to which day.
    pub(super) asked: Option<(i64, NaiveDate)>,
    pub(super) supplemented: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Stand {
    pub(super) due: NaiveDate,
    pub(super) late_after: NaiveDate,
    pub(super) excluded: Option<Excluded>,
    pub(super) status: Status,
}

impl Stand {
    /// For its report.
    pub(super) fn waits(&self) -> bool {
        matches!(self.status, Status::Open | Status::Returned)
    }
}

impl Node {
    /// A node as it is made on a day, for the task and the entry `of`, with the first and the due day of its period.
    pub(super) fn born(
        id: i64,
        of: (usize, usize),
        branch: usize,
        (from, due): (Option<NaiveDate>, NaiveDate),
        grace: u64,
        times: usize,
        born: NaiveDate,
    ) -> Node {
        Node {
            id,
            branch,
            task: of.0,
            entry: of.1,
            from,
            due,
            grace,
            times,
            born,
            before_issue: due < born,
            log: vec![],
            last_report: None,
            pending: vec![],
            addition: None,
            waiver: None,
            asked: None,
            supplemented: false,
        }
    }

    /// How many extensions it was given.
    pub(super) fn extensions(&self) -> usize {
        let given = |what: &Happened| matches!(what, Happened::Extended(_) | Happened::Granted(_));
        self.log.iter().filter(|(_, what)| given(what)).count()
    }

    pub(super) fn replay(&self, until: NaiveDate) -> Stand {
        let mut stand = Stand {
            due: self.due,
            late_after: self.due + Days::new(self.grace),
            excluded: self.before_issue.then_some(Excluded::BeforeIssue),
            status: Status::Open,
        };
        let (mut reported_on, mut accepted) = (vec![], 0);
        let mut kept: Option<(NaiveDate, NaiveDate)> = None;
        let mut before_report = Status::Open;
        for (on, what) in self.log.iter().filter(|(on, _)| *on <= until) {
            let day = match what {
                Happened::Dated(day) => *day,
                _ => *on,
            };
            match what {
                // Nothing of two times is ever returned or withdrawn here, and the older is accepted first.
                Happened::Reported if self.times == 2 => {
                    reported_on.push(day);
                    if let [_, second] = reported_on[..] {
                        stand.status = Status::Pending(second);
                    }
                }
                Happened::Accepted if self.times == 2 => {
                    accepted += 1;
                    if accepted == 2 {
                        stand.status = Status::Accepted(reported_on[1]);
                    }
                }
                Happened::Reported | Happened::Dated(_) => {
                    before_report = stand.status;
                    let counts =
                        kept.filter(|(_, returned)| day <= *returned + Days::new(5)).map_or(day, |(first, _)| first);
                    stand.status = Status::Pending(counts);
                }
                Happened::Withdrawn => {
                    stand.status = before_report;
                }
                Happened::Accepted => {
                    let Status::Pending(counts) = stand.status else { panic!("accepted without a report") };
                    stand.status = Status::Accepted(counts);
                }
                Happened::NotDone => (stand.status, kept) = (Status::Returned, None),
                Happened::Supplement => {
                    let Status::Pending(counts) = stand.status else { panic!("returned without a report") };
                    (stand.status, kept) = (Status::Returned, Some((counts, *on)));
                }
                Happened::Revoked => (stand.status, kept) = (Status::Returned, None),
                Happened::Added => {
                    let Status::Accepted(met) = stand.status else { panic!("added to nothing") };
                    stand.status = Status::Adding(met, *on);
                }
                Happened::AdditionAccepted | Happened::AdditionReturned => {
                    let Status::Adding(met, _) = stand.status else { panic!("no addition") };
                    stand.status = Status::Accepted(met);
                }
                Happened::Asked(_) | Happened::Refused => {}
                Happened::Extended(to) | Happened::Granted(to) => {
                    stand.due = *to;
                    stand.late_after = *to + Days::new(self.grace);
                }
                Happened::Waived => stand.excluded = Some(Excluded::Waived),
                Happened::Cancelled => stand.excluded = Some(Excluded::Cancelled),
                Happened::TakenAway => stand.excluded = Some(Excluded::TakenAway),
                Happened::Closed => stand.excluded = Some(Excluded::Closed),
                Happened::WaiverWithdrawn => stand.excluded = None,
                Happened::GivenBack(due) => {
                    stand.excluded = None;
                    stand.due = *due;
                    stand.late_after = *due + Days::new(self.grace);
                }
            }
        }
        stand
    }

    /// Everything known at the end, applied to a day.
    pub(super) fn restate(&self, on: NaiveDate) -> Stand {
        let end = self.replay(NaiveDate::MAX);
        let status = match end.status {
            Status::Pending(day) if day > on => Status::Open,
            Status::Accepted(day) if day > on => Status::Open,
            Status::Adding(met, since) if since > on => {
                if met > on {
                    Status::Open
                } else {
                    Status::Accepted(met)
                }
            }
            status => status,
        };
        Stand { status, ..end }
    }
}

#[derive(Debug, Default, PartialEq)]
pub(super) struct Counts {
    owed: i64,
    done_on_time: i64,
    done_late: i64,
    pending_review: i64,
    reported_late: i64,
    due: i64,
    overdue: i64,
    excluded: i64,
    not_yet_owed: i64,
    original: i64,
    done_in_year: i64,
    of_year: i64,
    /// completed, overdue and all tasks.
    tasks: (i64, i64, i64),
}

pub(super) fn count(nodes: &[&Node], on: NaiveDate, restated: bool) -> Counts {
    let mut counts = Counts::default();
    let mut tasks: BTreeMap<(usize, usize), (usize, usize, bool)> = BTreeMap::new();
    for node in nodes.iter().filter(|node| restated || node.born <= on) {
        let stand = if restated { node.restate(on) } else { node.replay(on) };
        let due = stand.due <= on;
        if stand.excluded.is_some() {
            counts.excluded += i64::from(due);
            continue;
        }
        let task = tasks.entry((node.branch, node.task)).or_default();
        task.0 += 1;
        counts.of_year += 1;
        let late = |day: NaiveDate| day > stand.late_after;
        if let Status::Accepted(met) = stand.status {
            counts.done_in_year += 1;
            task.1 += 1;
            if due {
                counts.owed += 1;
                if late(met) {
                    counts.done_late += 1
                } else {
                    counts.done_on_time += 1
                }
                counts.original += i64::from(met <= node.due + Days::new(node.grace));
            }
        } else if let Status::Pending(day) | Status::Adding(day, _) = stand.status {
            if due {
                counts.owed += 1;
                counts.pending_review += 1;
                counts.reported_late += i64::from(late(day));
            }
        } else if due {
            counts.owed += 1;
            if on > stand.late_after {
                counts.overdue += 1;
                task.2 = true;
            } else {
                counts.due += 1;
            }
        }
        counts.not_yet_owed += i64::from(!due);
    }
    for (all, done, overdue) in tasks.values() {
        counts.tasks.2 += 1;
        counts.tasks.1 += i64::from(*overdue);
        counts.tasks.0 += i64::from(!overdue && all == done);
    }
    counts
}

pub(super) fn answered(total: &Value) -> Counts {
    let n = |name: &str| total[name].as_i64().unwrap();
    let tasks = &total["tasks"];
    let sum = ["completed", "advancing", "not_started", "overdue", "unscheduled"]
        .iter()
        .map(|name| tasks[*name].as_i64().unwrap())
        .sum::<i64>();
    assert_eq!(json!(sum), tasks["of"]);
    assert_eq!(total["completion"]["met"].as_i64().unwrap(), n("done_on_time") + n("done_late"));
    assert_eq!(total["reporting"]["met"].as_i64().unwrap(), n("done_on_time") + n("done_late") + n("pending_review"));
    assert_eq!(total["on_time"]["met"].as_i64().unwrap(), n("done_on_time"));
    assert_eq!(n("owed"), n("done_on_time") + n("done_late") + n("pending_review") + n("due") + n("overdue"));
    assert_eq!(total["year_progress"]["of"].as_i64().unwrap(), n("owed") + n("not_yet_owed"));
    Counts {
        owed: n("owed"),
        done_on_time: n("done_on_time"),
        done_late: n("done_late"),
        pending_review: n("pending_review"),
        reported_late: n("reported_late"),
        due: n("due"),
        overdue: n("overdue"),
        excluded: n("excluded"),
        not_yet_owed: n("not_yet_owed"),
        original: total["on_time_original"]["met"].as_i64().unwrap(),
        done_in_year: total["year_progress"]["met"].as_i64().unwrap(),
        of_year: total["year_progress"]["of"].as_i64().unwrap(),
        tasks: (
            tasks["completed"].as_i64().unwrap(),
            tasks["overdue"].as_i64().unwrap(),
            tasks["of"].as_i64().unwrap(),
        ),
    }
}
