//! Random years played over HTTP against a straightforward model: a list of what happened to each node, replayed up to
//! the day that is asked about. The model shares no code with the program.
//! `DUBAN_RANDOM_YEARS` says how many (default 6).

use chrono::{Days, NaiveDate};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::support::{Scene, complete, day, id};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Happened {
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
    Waived,
    WaiverWithdrawn,
    Cancelled,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Status {
    Open,
    Returned,
    /// Counting day, and what the node was before.
    Pending(NaiveDate),
    Accepted(NaiveDate),
    /// An addition of the second day awaits review.
    Adding(NaiveDate, NaiveDate),
}

#[derive(Debug, Clone)]
struct Node {
    id: i64,
    branch: usize,
    task: usize,
    due: NaiveDate,
    grace: u64,
    before_issue: bool,
    log: Vec<(NaiveDate, Happened)>,
    // What the player needs to go on.
    last_report: Option<(Value, usize)>,
    addition: Option<Value>,
    waiver: Option<i64>,
    supplemented: bool,
}

#[derive(Debug, Clone, Copy)]
struct Stand {
    due: NaiveDate,
    late_after: NaiveDate,
    excluded: bool,
    status: Status,
    any_report: bool,
}

impl Node {
    fn replay(&self, until: NaiveDate) -> Stand {
        let mut stand = Stand {
            due: self.due,
            late_after: self.due + Days::new(self.grace),
            excluded: self.before_issue,
            status: Status::Open,
            any_report: false,
        };
        let mut kept: Option<(NaiveDate, NaiveDate)> = None;
        let mut before_report = Status::Open;
        let mut live_reports = 0;
        for (on, what) in self.log.iter().filter(|(on, _)| *on <= until) {
            let day = match what {
                Happened::Dated(day) => *day,
                _ => *on,
            };
            match what {
                Happened::Reported | Happened::Dated(_) => {
                    before_report = stand.status;
                    let counts =
                        kept.filter(|(_, returned)| day <= *returned + Days::new(5)).map_or(day, |(first, _)| first);
                    stand.status = Status::Pending(counts);
                    live_reports += 1;
                }
                Happened::Withdrawn => {
                    stand.status = before_report;
                    live_reports -= 1;
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
                    live_reports += 1;
                }
                Happened::AdditionAccepted | Happened::AdditionReturned => {
                    let Status::Adding(met, _) = stand.status else { panic!("no addition") };
                    stand.status = Status::Accepted(met);
                }
                Happened::Extended(to) => {
                    stand.due = *to;
                    stand.late_after = *to + Days::new(self.grace);
                }
                Happened::Waived | Happened::Cancelled => stand.excluded = true,
                Happened::WaiverWithdrawn => stand.excluded = false,
            }
        }
        stand.any_report = live_reports > 0;
        stand
    }

    /// Everything known at the end, applied to a day.
    fn restate(&self, on: NaiveDate) -> Stand {
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
struct Counts {
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

fn count(nodes: &[&Node], on: NaiveDate, restated: bool) -> Counts {
    let mut counts = Counts::default();
    let mut tasks: std::collections::BTreeMap<(usize, usize), (usize, usize, bool)> = Default::default();
    for node in nodes {
        let stand = if restated { node.restate(on) } else { node.replay(on) };
        let due = stand.due <= on;
        if stand.excluded {
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

fn answered(total: &Value) -> Counts {
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

/// One random thing that may happen to a node today; nothing when it does not fit.
async fn play(scene: &Scene, dice: &mut StdRng, node: &mut Node, today: NaiveDate) {
    let stand = node.replay(today);
    let path = format!("/time-nodes/{}", node.id);
    let secretary = &scene.secretaries[node.branch];
    let waiting = matches!(stand.status, Status::Open | Status::Returned);
    if stand.excluded {
        if let Some(waiver) = node.waiver.take() {
            scene.leader.post(&format!("/waivers/{waiver}/withdrawal"), json!({"reason": "after all"})).await.ok();
            node.log.push((today, Happened::WaiverWithdrawn));
        }
        return;
    }
    let what = match (stand.status, dice.random_range(0..10)) {
        (_, 0) if waiting => Happened::Extended((stand.due + Days::new(dice.random_range(1..60))).min(day(12, 31))),
        (_, 1) if waiting && dice.random_bool(0.3) => Happened::Waived,
        (_, 2) if waiting && dice.random_bool(0.2) => Happened::Cancelled,
        (_, 3) if waiting => Happened::Dated(today - Days::new(dice.random_range(1..20))),
        _ if waiting => Happened::Reported,
        (Status::Pending(_), 0) => Happened::Withdrawn,
        (Status::Pending(_), 1 | 2) => Happened::NotDone,
        (Status::Pending(_), 3 | 4) if !node.supplemented => Happened::Supplement,
        (Status::Pending(_), _) => Happened::Accepted,
        (Status::Accepted(_), 0) => Happened::Revoked,
        (Status::Accepted(_), 1) => Happened::Added,
        (Status::Adding(..), 0..5) => Happened::AdditionAccepted,
        (Status::Adding(..), _) => Happened::AdditionReturned,
        _ => return,
    };
    match what {
        Happened::Reported => node.last_report = Some((complete(secretary, node.id).await, node.branch)),
        Happened::Dated(on) => {
            if on < day(1, 1) {
                return;
            }
            let body = json!({"kind": "completion", "text": "entered", "reported_on": on});
            let made = scene.department.post(&format!("{path}/progress-reports"), body).await.created();
            node.last_report = Some((made, usize::MAX));
        }
        Happened::Withdrawn => {
            let (report, by) = node.last_report.clone().unwrap();
            let who = scene.secretaries.get(by).unwrap_or(&scene.department);
            who.post(&format!("/progress-reports/{}/withdrawal", id(&report)), json!({})).await.ok();
        }
        Happened::Accepted | Happened::NotDone | Happened::Supplement => {
            let (report, _) = node.last_report.clone().unwrap();
            let body = match what {
                Happened::Accepted => json!({"verdict": "accepted", "content_hash": report["content_hash"]}),
                Happened::NotDone => {
                    json!({"verdict": "returned", "comment": "no", "content_hash": report["content_hash"]})
                }
                _ => {
                    json!({"verdict": "returned", "return_kind": "supplement", "comment": "page 2", "content_hash": report["content_hash"]})
                }
            };
            node.supplemented |= what == Happened::Supplement;
            scene.leader.post(&format!("/progress-reports/{}/reviews", id(&report)), body).await.created();
        }
        Happened::Revoked => {
            let (report, _) = node.last_report.clone().unwrap();
            let body = json!({"reason": "it was not so"});
            scene.leader.post(&format!("/progress-reports/{}/revocation", id(&report)), body).await.ok();
        }
        Happened::Added => {
            let (report, _) = node.last_report.clone().unwrap();
            let body = json!({"text": "more"});
            node.addition =
                Some(secretary.post(&format!("/progress-reports/{}/additions", id(&report)), body).await.created());
        }
        Happened::AdditionAccepted | Happened::AdditionReturned => {
            let report = node.addition.take().unwrap();
            let verdict = if what == Happened::AdditionAccepted { "accepted" } else { "returned" };
            let body = json!({"verdict": verdict, "comment": "seen", "content_hash": report["content_hash"]});
            scene.leader.post(&format!("/progress-reports/{}/reviews", id(&report)), body).await.created();
        }
        Happened::Extended(to) => {
            if to <= stand.due {
                return;
            }
            let body = json!({"due_on": to, "reason": "later"});
            scene.leader.post(&format!("{path}/extensions"), body).await.created();
        }
        Happened::Waived => {
            let body = json!({"reason": "not this year", "kind": "waived"});
            node.waiver = Some(id(&scene.leader.post(&format!("{path}/waivers"), body).await.created()));
        }
        Happened::Cancelled => {
            scene.leader.post(&format!("{path}/cancellations"), json!({"reason": "gone"})).await.created();
        }
        Happened::WaiverWithdrawn => return,
    }
    node.log.push((today, what));
}

async fn year(seed: u64) {
    let mut dice = StdRng::seed_from_u64(seed);
    let scene = Scene::set(1, 5, 3).await;
    let plan = scene.plan().await;
    let issued_on = day(2, 1);
    let mut nodes: Vec<Node> = vec![];
    for task in 0..3 {
        let due: Vec<_> =
            (0..2).map(|_| (day(1, 10) + Days::new(dice.random_range(0..350)), dice.random_range(0..6_u64))).collect();
        let entries: Vec<_> =
            due.iter().map(|(due_on, grace)| json!({"due_on": due_on, "grace_days": grace})).collect();
        let made = scene.task(plan, &format!("Task {task}"), &scene.branches, json!(entries)).await;
        for branch in 0..3 {
            for (due, grace) in &due {
                nodes.push(Node {
                    id: made,
                    branch,
                    task,
                    due: *due,
                    grace: *grace,
                    before_issue: *due < issued_on,
                    log: vec![],
                    last_report: None,
                    addition: None,
                    waiver: None,
                    supplemented: false,
                });
            }
        }
    }
    scene.app.turn_to(issued_on);
    scene.issue(plan).await;
    let items = scene.department.get(&format!("/time-nodes?plan_id={plan}&limit=200")).await.items();
    assert_eq!(items.len(), nodes.len());
    let mut taken = std::collections::BTreeSet::new();
    for node in &mut nodes {
        let fits = |item: &&Value| {
            item["task_id"] == json!(node.id)
                && item["unit_id"] == json!(scene.branches[node.branch])
                && item["due_on"] == json!(node.due)
                && item["late_after"] == json!(node.due + Days::new(node.grace))
                && !taken.contains(&id(item))
        };
        node.id = id(items.iter().find(fits).unwrap());
        taken.insert(node.id);
    }
    let mut today = issued_on;
    while today < day(12, 20) {
        today = today + Days::new(dice.random_range(1..9));
        scene.app.turn_to(today);
        for _ in 0..dice.random_range(1..4) {
            let which = dice.random_range(0..nodes.len());
            play(&scene, &mut dice, &mut nodes[which], today).await;
        }
    }
    for _ in 0..12 {
        let as_of = issued_on + Days::new(dice.random_range(0..(today - issued_on).num_days() as u64 + 1));
        for restated in [false, true] {
            let report = scene.report(&format!("year=2020&as_of={as_of}&restated={restated}&group_by=unit")).await;
            let all: Vec<_> = nodes.iter().collect();
            assert_eq!(
                answered(&report["total"]),
                count(&all, as_of, restated),
                "seed {seed}, {as_of}, restated {restated}\n{nodes:#?}"
            );
            for (branch, unit) in scene.branches.iter().enumerate() {
                let own: Vec<_> = nodes.iter().filter(|node| node.branch == branch).collect();
                let group =
                    report["groups"].as_array().unwrap().iter().find(|group| group["unit_id"] == json!(unit)).unwrap();
                assert_eq!(
                    answered(group),
                    count(&own, as_of, restated),
                    "seed {seed}, {as_of}, restated {restated}, branch {branch}"
                );
            }
        }
    }
}

#[actix_web::test]
async fn random_years_agree_with_a_straightforward_model() {
    let years: u64 = std::env::var("DUBAN_RANDOM_YEARS").ok().and_then(|n| n.parse().ok()).unwrap_or(6);
    for seed in 0..years {
        year(seed).await;
    }
    println!("{years} random years, 0 differences");
}
