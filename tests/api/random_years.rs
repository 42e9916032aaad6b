//! Random years played over HTTP against a straightforward model: a list of what happened to each node, replayed up to
//! the day that is asked about. The model shares no code with the program. Dated and recurring entries, entries of two
//! times, extensions asked for and granted, revisions, tasks added and removed, moves of branches, new secretaries, and
//! the close of the plan with what it carries over. `DUBAN_RANDOM_YEARS` says how many (default 3).

mod model;
mod play;
mod revise;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use self::model::{Happened, Node, Status, answered, count};
use self::play::play;
use self::revise::{Entry, Task};
use crate::support::proof;
use crate::support::{Persona, Scene, day, id, recompute};

struct Year {
    scene: Scene,
    plan: i64,
    general_branch: i64,
    tasks: Vec<Task>,
    nodes: Vec<Node>,
    /// Since when each branch is in the general branch, or no longer.
    moves: Vec<(NaiveDate, usize, bool)>,
    /// Since when each branch has which new secretary.
    successors: Vec<(NaiveDate, usize, Persona)>,
}

impl Year {
    fn secretary(&self, branch: usize, today: NaiveDate) -> &Persona {
        let now = self.successors.iter().rfind(|(from, of, _)| *of == branch && *from <= today);
        now.map_or(&self.scene.secretaries[branch], |(_, _, persona)| persona)
    }

    fn in_general_branch(&self, branch: usize, on: NaiveDate) -> bool {
        self.moves.iter().rfind(|(since, of, _)| *of == branch && *since <= on).is_some_and(|(_, _, inside)| *inside)
    }

    async fn happen(&mut self, dice: &mut StdRng, today: NaiveDate) {
        match dice.random_range(0..8) {
            0..3 => self.take_away_or_give_back(dice, today).await,
            3 => self.move_an_entry(dice, today).await,
            4 => self.add_a_task(dice, today).await,
            5 => self.remove_a_task(dice, today).await,
            6 => self.move_a_branch(dice, today).await,
            _ => self.hand_over(dice, today).await,
        }
    }

    async fn move_a_branch(&mut self, dice: &mut StdRng, today: NaiveDate) {
        let branch = dice.random_range(0..3);
        let inside = !self.in_general_branch(branch, today);
        let to = if inside { self.general_branch } else { self.scene.committee };
        let path = format!("/units/{}", self.scene.branches[branch]);
        self.scene.admin.patch(&path, json!({"parent_id": to})).await.ok();
        self.moves.push((today, branch, inside));
    }

    async fn hand_over(&mut self, dice: &mut StdRng, today: NaiveDate) {
        let branch = dice.random_range(0..3);
        if self.successors.iter().any(|(from, of, _)| *of == branch && *from >= today) {
            return;
        }
        let on = today + Days::new(dice.random_range(0..10));
        let old = self.secretary(branch, today).account_id;
        let unit = self.scene.branches[branch];
        let held = self.scene.admin.get(&format!("/appointments?unit_id={unit}")).await.items();
        let held = held.iter().find(|held| held["account_id"] == json!(old)).unwrap();
        let name = format!("successor-{}", self.successors.len());
        let account = self.scene.app.account(&name).await;
        let persona = self.scene.app.sign_in(&name, account).await;
        let body = json!({"account_id": persona.account_id, "on": on});
        self.scene.admin.post(&format!("/appointments/{}/hand-over", id(held)), body).await.created();
        self.successors.push((on, branch, persona));
    }

    async fn play(&mut self, dice: &mut StdRng, today: NaiveDate, closed: bool) {
        let which = dice.random_range(0..self.nodes.len());
        let mut node = self.nodes[which].clone();
        play(&self.scene, self.secretary(node.branch, today), dice, &mut node, today, closed).await;
        // What went while it was waived or reported does not come back.
        use Happened::{NotDone, Revoked, Supplement, WaiverWithdrawn, Withdrawn};
        let again = node.log.last().filter(|(on, _)| *on == today).map(|(_, what)| *what);
        let stand = node.replay(today);
        let waits = stand.waits() && stand.excluded.is_none();
        if waits && matches!(again, Some(NotDone | Revoked | Supplement | WaiverWithdrawn | Withdrawn)) {
            if !self.tasks[node.task].held[node.branch] && stand.due >= today {
                node.log.push((today, Happened::TakenAway));
            } else if closed && stand.due > today {
                node.log.push((today, Happened::Closed));
            }
        }
        self.nodes[which] = node;
    }

    async fn close(&mut self, dice: &mut StdRng, today: NaiveDate) -> usize {
        let (mut cancelled, mut open) = (vec![], vec![]);
        for node in &mut self.nodes {
            let stand = node.replay(today);
            match stand.status {
                _ if stand.excluded.is_some() => {}
                _ if stand.waits() && stand.due > today => {
                    cancelled.push(node.id);
                    node.log.push((today, Happened::Closed));
                }
                Status::Open | Status::Returned | Status::Pending(_) if stand.due <= today => open.push(node.clone()),
                _ => {}
            }
        }
        let ids = |list: &Value| -> BTreeSet<_> {
            list.as_array().unwrap().iter().map(|node| node["time_node_id"].as_i64().unwrap()).collect()
        };
        let department = &self.scene.department;
        let path = format!("/plans/{}/close", self.plan);
        let dry = department.post(&path, json!({"dry_run": true})).await.ok();
        let expected = (cancelled.into_iter().collect(), open.iter().map(|node| node.id).collect());
        assert_eq!((ids(&dry["cancelled"]), ids(&dry["open"])), expected);
        let body = json!({"unit_id": self.scene.committee, "year": 2021, "title": "Plan of 2021"});
        let next = id(&department.post("/plans", body).await.created());
        let carried: BTreeSet<i64> = open.iter().map(|node| node.id).filter(|_| dice.random_bool(0.5)).collect();
        let settled: Vec<_> = open
            .iter()
            .map(|node| json!({"time_node_id": node.id, "carry_over": carried.contains(&node.id), "reason": "settled"}))
            .collect();
        let closed = department.post(&path, json!({"open": settled})).await.ok();
        open.retain(|node| carried.contains(&node.id));
        self.check_carried(&open, &closed["open"], next).await;
        carried.len()
    }

    /// What several branches owe of one entry and period goes on as one task of the next plan, owed by just them.
    async fn check_carried(&self, carried: &[Node], closed: &Value, next: i64) {
        let mut expected: BTreeMap<_, BTreeSet<i64>> = BTreeMap::new();
        for node in carried {
            expected.entry((node.task, node.entry, node.from)).or_default().insert(self.scene.branches[node.branch]);
        }
        let mut made: BTreeMap<_, BTreeSet<i64>> = BTreeMap::new();
        for node in closed.as_array().unwrap() {
            let own = carried.iter().find(|known| node["time_node_id"] == json!(known.id));
            assert_eq!(node["to_task_id"].is_null(), own.is_none(), "{node}");
            if let Some(own) = own {
                made.entry((own.task, own.entry, own.from)).or_default().insert(node["to_task_id"].as_i64().unwrap());
            }
        }
        let list = self.scene.department.get(&format!("/plans/{next}/task-list")).await.ok();
        let points = list["key_points"].as_array().unwrap();
        let tasks: Vec<_> = points.iter().flat_map(|point| point["tasks"].as_array().unwrap()).collect();
        assert_eq!(tasks.len(), expected.len());
        for (of, units) in expected {
            let made: Vec<_> = made[&of].iter().collect();
            let task = tasks.iter().find(|task| made == [&id(task)]).unwrap_or_else(|| panic!("{of:?} {made:?}"));
            let held = task["responsibilities"].as_array().unwrap().iter();
            let held: BTreeSet<_> = held.map(|held| held["unit_id"].as_i64().unwrap()).collect();
            assert_eq!(held, units);
            assert_eq!(task["origin_task_id"], json!(self.tasks[of.0].id));
        }
    }

    /// The independent model recomputes reports of random days from the rows: the whole and the general branch, grouped
    /// in each way, and what each rate is made of.
    async fn recompute(&self, dice: &mut StdRng, [issued_on, closed_on, end]: [NaiveDate; 3]) {
        let mut days: Vec<_> = [closed_on, end].into();
        let span = (end - issued_on).num_days() as u64 + 1;
        days.extend((0..8).map(|_| issued_on + Days::new(dice.random_range(0..span))));
        let mut questions = vec![];
        for as_of in days {
            for restated in [false, true] {
                for unit in [None, Some(self.general_branch)] {
                    let asked = |name: &str, word: &str| json!({"year": 2020, "unit_id": unit, "as_of": as_of, "restated": restated, name: word});
                    let groups = ["unit", "month", "key_point"].map(|word| ("compliance", asked("group_by", word)));
                    questions.extend(groups);
                    let rates = ["completion", "on_time", "on_time_original", "reporting", "year_progress"];
                    questions.extend(rates.map(|word| ("explain", asked("rate", word))));
                    let plain = json!({"year": 2020, "unit_id": unit, "as_of": as_of, "restated": restated});
                    questions.push(("adjustments", plain.clone()));
                    questions.push(("trend", plain));
                }
            }
            for unit in [None, Some(self.general_branch), Some(self.scene.branches[0])] {
                let asked = json!({"year": 2020, "unit_id": unit, "as_of": as_of});
                questions.extend(["path", "reviews"].map(|report| (report, asked.clone())));
            }
        }
        recompute(&self.scene, &questions).await;
    }

    /// The report of a day, as of and restated, agrees with the model: the total and each unit of the tree of that day.
    async fn check(&self, seed: u64, as_of: NaiveDate) {
        for restated in [false, true] {
            let at = format!("seed {seed}, {as_of}, restated {restated}");
            let report = self.scene.report(&format!("year=2020&as_of={as_of}&restated={restated}&group_by=unit")).await;
            let all: Vec<_> = self.nodes.iter().collect();
            assert_eq!(answered(&report["total"]), count(&all, as_of, restated), "{at}\n{:#?}", self.nodes);
            let groups = report["groups"].as_array().unwrap();
            let group = |unit: i64| groups.iter().find(|group| group["unit_id"] == json!(unit));
            let nodes_of = |fits: &dyn Fn(usize) -> bool| -> Vec<_> {
                self.nodes.iter().filter(|node| fits(node.branch)).collect()
            };
            for (branch, unit) in self.scene.branches.iter().enumerate() {
                if self.in_general_branch(branch, as_of) {
                    assert!(group(*unit).is_none(), "{at}, branch {branch}");
                } else {
                    let own = nodes_of(&|of| of == branch);
                    let group = group(*unit).unwrap();
                    assert_eq!(answered(group), count(&own, as_of, restated), "{at}, branch {branch}");
                }
            }
            let below = nodes_of(&|of| self.in_general_branch(of, as_of));
            let group = group(self.general_branch).unwrap();
            assert_eq!(answered(group), count(&below, as_of, restated), "{at}, general branch");
        }
    }
}

/// How often what happened.
type Tally = BTreeMap<String, usize>;

async fn year(seed: u64, tally: &mut Tally) {
    let mut dice = StdRng::seed_from_u64(seed);
    let scene = Scene::set(1, 5, 3).await;
    let body = json!({"name": "General branch", "kind": "general_branch", "parent_id": scene.committee});
    let general_branch = id(&scene.admin.post("/units", body).await.created());
    let plan = scene.plan().await;
    let issued_on = day(2, 1);
    let mut tasks = vec![];
    for task in 0..3 {
        let mut entries: Vec<_> = (0..2).map(|half| Entry::half_of_the_year(&mut dice, half)).collect();
        if task == 0 {
            entries.push(Entry::after_the_year(&mut dice));
        } else {
            entries.push(Entry::recurring(task == 2 && dice.random_bool(0.5)));
            entries.push(Entry::of_two_times(&mut dice));
        }
        let bodies: Vec<_> = entries.iter().map(|entry| entry.body.clone()).collect();
        let made = scene.task(plan, &format!("Task {task}"), &scene.branches, json!(bodies)).await;
        let mut task = Task { id: made, entries, held: vec![true; 3], removed: false };
        task.keep_ids(&scene.department.get(&format!("/tasks/{made}/schedule")).await.ok());
        tasks.push(task);
    }
    scene.app.turn_to(issued_on);
    scene.issue(plan).await;
    let mut year = Year { scene, plan, general_branch, tasks, nodes: vec![], moves: vec![], successors: vec![] };
    for task in 0..3 {
        year.make_nodes(task, issued_on).await;
    }
    let all = year.scene.department.get(&format!("/time-nodes?plan_id={plan}&limit=200")).await.items();
    assert_eq!(all.len(), year.nodes.len());
    let mut today = issued_on;
    while today < day(12, 20) {
        today = today + Days::new(dice.random_range(1..9));
        year.scene.app.turn_to(today);
        for _ in 0..dice.random_range(1..8) {
            year.play(&mut dice, today, false).await;
        }
        if dice.random_bool(0.3) {
            year.happen(&mut dice, today).await;
        }
    }
    let some_day = |dice: &mut StdRng, from: NaiveDate, to: NaiveDate| {
        from + Days::new(dice.random_range(0..(to - from).num_days() as u64 + 1))
    };
    for _ in 0..10 {
        year.check(seed, some_day(&mut dice, issued_on, today)).await;
    }
    let (closed_on, end) = (day(12, 31) + Days::new(4), day(12, 31) + Days::new(100));
    year.scene.app.turn_to(closed_on);
    let carried = year.close(&mut dice, closed_on).await;
    year.check(seed, closed_on).await;
    for days in [3, 7, 20] {
        let today = closed_on + Days::new(days);
        year.scene.app.turn_to(today);
        for _ in 0..6 {
            year.play(&mut dice, today, true).await;
        }
    }
    year.scene.app.turn_to(end);
    for as_of in [closed_on - Days::new(1), closed_on, end] {
        year.check(seed, as_of).await;
    }
    for _ in 0..4 {
        year.check(seed, some_day(&mut dice, issued_on, closed_on)).await;
        year.check(seed, some_day(&mut dice, closed_on, end)).await;
    }
    year.recompute(&mut dice, [issued_on, closed_on, end]).await;
    let mut add = |what: &str, times: usize| *tally.entry(what.to_owned()).or_default() += times;
    for node in &year.nodes {
        for (_, what) in &node.log {
            add(format!("{what:?}").split('(').next().unwrap(), 1);
        }
        let met = matches!(node.replay(end).status, Status::Accepted(_));
        add("met of two times", usize::from(node.times == 2 && met));
        add("met of a recurrence", usize::from(node.from.is_some() && met));
    }
    add("moves of branches", year.moves.len());
    add("new secretaries", year.successors.len());
    add("moved entries", year.tasks.iter().flat_map(|task| &task.entries).filter(|entry| entry.moved).count());
    add("tasks added", year.tasks.len() - 3);
    add("tasks removed", year.tasks.iter().filter(|task| task.removed).count());
    add("carried over", carried);
}

#[actix_web::test]
async fn random_years_agree_with_a_straightforward_model() {
    let years = proof::size("DUBAN_RANDOM_YEARS", 3);
    let mut tally = Tally::new();
    for seed in 0..years {
        year(seed, &mut tally).await;
    }
    println!("{tally:?}");
    // A year that nothing happens in agrees with anything.
    let kinds = tally.values().filter(|times| **times > 0).count();
    assert!(kinds >= if years < 6 { 24 } else { 28 }, "{kinds}: {tally:?}");
    println!("{years} random years, 0 differences");
}
