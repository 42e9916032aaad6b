//! What must not matter does not: the order of independent events, the numbers that things have, and where the tree is
//! cut. The same random year is lived twice, the second time with other ids and each day's events in another order; and
//! the parts of a report add up to the whole, before and after branches are put together under a general branch.

use chrono::{Days, NaiveDate};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::support::{Scene, complete, day, id};

const TASKS: usize = 4;
const YEARS: u64 = 6;

/// What happens to the node of a task that a branch owes; at most one thing a day.
#[derive(Debug, Clone, Copy)]
enum Event {
    Report,
    Accept,
    Return,
    Extend(NaiveDate),
    Waive,
}

/// An event of the node of a task and a branch.
type Happening = (usize, usize, Event);

struct Year {
    scene: Scene,
    /// The node of a task and a branch.
    nodes: Vec<Vec<i64>>,
    reports: Vec<Vec<Option<Value>>>,
}

impl Year {
    /// The plan with its tasks, made in an order.
    async fn begin(due: &[NaiveDate], order: &[usize], shifted: bool) -> Year {
        let scene = Scene::set(1, 5, 3).await;
        if shifted {
            // Whatever comes after has other numbers.
            let body = json!({"unit_id": scene.committee, "year": 2021, "title": "Draft"});
            let other = id(&scene.department.post("/plans", body).await.created());
            scene.task(other, "Another", &scene.branches, json!([{"due_on": "2021-05-31"}])).await;
        }
        let plan = scene.plan().await;
        let mut tasks = vec![0; TASKS];
        for number in order {
            let title = format!("Task {number}");
            tasks[*number] = scene.task(plan, &title, &scene.branches, json!([{"due_on": due[*number]}])).await;
        }
        scene.issue(plan).await;
        let mut nodes = vec![];
        for task in tasks {
            let items = scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items();
            let of = |unit: &i64| id(items.iter().find(|node| node["unit_id"] == json!(unit)).unwrap());
            nodes.push(scene.branches.iter().map(of).collect());
        }
        Year { scene, nodes, reports: vec![vec![None; 3]; TASKS] }
    }

    async fn happen(&mut self, task: usize, branch: usize, event: Event) {
        let (scene, node) = (&self.scene, self.nodes[task][branch]);
        let standing = &mut self.reports[task][branch];
        match event {
            Event::Report => *standing = Some(complete(&scene.secretaries[branch], node).await),
            Event::Accept => drop(scene.accept(standing.as_ref().unwrap()).await),
            Event::Return => drop(scene.give_back(standing.as_ref().unwrap(), "not_done").await),
            Event::Extend(to) => {
                let body = json!({"due_on": to, "reason": "later"});
                scene.leader.post(&format!("/time-nodes/{node}/extensions"), body).await.created();
            }
            Event::Waive => {
                let body = json!({"kind": "waived", "reason": "not this year"});
                scene.leader.post(&format!("/time-nodes/{node}/waivers"), body).await.created();
            }
        }
    }

    async fn counts(&self, query: &str) -> Value {
        self.scene.leader.get(&format!("/reports/compliance?year=2020&{query}")).await.ok()
    }

    /// The report of a day without the numbers of things: the total, and the rows by unit, month and key point.
    async fn without_ids(&self, as_of: NaiveDate, restated: bool) -> Value {
        let mut said = json!({});
        for group in ["unit", "month", "key_point"] {
            let report = self.counts(&format!("as_of={as_of}&restated={restated}&group_by={group}")).await;
            said["total"] = report["total"].clone();
            let mut rows: Vec<_> = report["groups"].as_array().unwrap().clone();
            for row in &mut rows {
                let fields = row.as_object_mut().unwrap();
                if group != "month" {
                    fields.remove("key");
                }
                fields.remove("unit_id");
            }
            rows.sort_by_key(|row| row["name"].to_string());
            said[group] = json!(rows);
        }
        said
    }
}

/// The events of a year by day: what each of them needs has happened on an earlier day.
fn events(dice: &mut StdRng, due: &[NaiveDate]) -> Vec<(NaiveDate, Vec<Happening>)> {
    let mut days: std::collections::BTreeMap<NaiveDate, Vec<_>> = Default::default();
    for (task, due) in due.iter().enumerate() {
        for branch in 0..3 {
            let mut on = *due - Days::new(dice.random_range(5..20));
            let mut add = |dice: &mut StdRng, event| {
                days.entry(on).or_default().push((task, branch, event));
                on = on + Days::new(dice.random_range(1..9));
            };
            match dice.random_range(0..8) {
                0 => add(dice, Event::Waive),
                1 => {}
                chance => {
                    if chance < 4 {
                        let to = *due + Days::new(dice.random_range(1..30));
                        add(dice, Event::Extend(to));
                    }
                    add(dice, Event::Report);
                    if chance == 5 {
                        add(dice, Event::Return);
                        add(dice, Event::Report);
                    }
                    if chance != 6 {
                        add(dice, Event::Accept);
                    }
                }
            }
        }
    }
    days.into_iter().collect()
}

#[actix_web::test]
async fn neither_order_nor_numbers_matter() {
    let mut compared = 0;
    for seed in 0..YEARS {
        let mut dice = StdRng::seed_from_u64(seed);
        let due: Vec<_> = (0..TASKS).map(|_| day(2, 15) + Days::new(dice.random_range(0..280))).collect();
        let mut order: Vec<usize> = (0..TASKS).collect();
        let mut one = Year::begin(&due, &order, false).await;
        order.reverse();
        let mut other = Year::begin(&due, &order, true).await;
        assert!(one.nodes != other.nodes);
        for (on, events) in events(&mut dice, &due) {
            let mut shuffled = events.clone();
            shuffled.shuffle(&mut dice);
            for (year, events) in [(&mut one, events), (&mut other, shuffled)] {
                year.scene.app.turn_to(on);
                for (task, branch, event) in events {
                    year.happen(task, branch, event).await;
                }
            }
        }
        for restated in [false, true] {
            for _ in 0..5 {
                let as_of = day(1, 6) + Days::new(dice.random_range(0..330));
                let as_of = as_of.min(one.scene.app.app.db.clock().today());
                let said = one.without_ids(as_of, restated).await;
                assert_eq!(said, other.without_ids(as_of, restated).await, "seed {seed}, {as_of}, {restated}");
                compared += 1;
            }
        }
    }
    println!("{YEARS} years lived twice, {compared} days compared, 0 differences");
}

const SUMMED: [&str; 10] = [
    "owed",
    "done_on_time",
    "done_late",
    "pending_review",
    "reported_late",
    "due",
    "overdue",
    "excluded",
    "not_yet_owed",
    "unscheduled",
];

/// Each count of some rows together, and of the rates both of their counts.
fn sum(rows: &[&Value]) -> Vec<i64> {
    let add = |of: &dyn Fn(&Value) -> &Value| rows.iter().map(|row| of(row).as_i64().unwrap()).sum();
    let mut sums: Vec<i64> = SUMMED.iter().map(|name| add(&|row| &row[*name])).collect();
    for rate in ["completion", "on_time", "on_time_original", "reporting", "year_progress"] {
        sums.extend(["met", "of"].map(|part| add(&|row| &row[rate][part])));
    }
    sums
}

#[actix_web::test]
async fn parts_add_up_to_the_whole_however_the_tree_is_cut() {
    for seed in 100..100 + YEARS {
        let mut dice = StdRng::seed_from_u64(seed);
        let due: Vec<_> = (0..TASKS).map(|_| day(2, 15) + Days::new(dice.random_range(0..280))).collect();
        let order: Vec<usize> = (0..TASKS).collect();
        let mut year = Year::begin(&due, &order, false).await;
        for (on, events) in events(&mut dice, &due) {
            year.scene.app.turn_to(on);
            for (task, branch, event) in events {
                year.happen(task, branch, event).await;
            }
        }
        let whole = year.counts("group_by=unit").await;
        let rows = |report: &Value| report["groups"].as_array().unwrap().clone();
        let apart = rows(&whole);
        assert_eq!(sum(&apart.iter().collect::<Vec<_>>()), sum(&[&whole["total"]]), "seed {seed}: by unit");
        let months = rows(&year.counts("group_by=month").await);
        assert_eq!(sum(&months.iter().collect::<Vec<_>>())[..9], sum(&[&whole["total"]])[..9], "seed {seed}: by month");
        // Two branches are put together: the general branch has what both had, and the whole is the same.
        let general = json!({"name": "General", "kind": "general_branch", "parent_id": year.scene.committee});
        let general = id(&year.scene.admin.post("/units", general).await.created());
        let of = |unit: i64, rows: &[Value]| rows.iter().find(|row| row["unit_id"] == json!(unit)).unwrap().clone();
        let both: Vec<_> = year.scene.branches[..2].iter().map(|unit| of(*unit, &apart)).collect();
        for unit in &year.scene.branches[..2] {
            year.scene.admin.patch(&format!("/units/{unit}"), json!({"parent_id": general})).await.ok();
        }
        let merged = year.counts("group_by=unit").await;
        assert_eq!(merged["total"], whole["total"], "seed {seed}");
        let together = of(general, &rows(&merged));
        assert_eq!(sum(&[&together]), sum(&both.iter().collect::<Vec<_>>()), "seed {seed}: merged");
        // And split again.
        for unit in &year.scene.branches[..2] {
            let back = json!({"parent_id": year.scene.committee});
            year.scene.admin.patch(&format!("/units/{unit}"), back).await.ok();
        }
        let split = rows(&year.counts("group_by=unit").await);
        for unit in &year.scene.branches {
            assert_eq!(of(*unit, &split), of(*unit, &apart), "seed {seed}: split");
        }
    }
    println!("{YEARS} years, parts and wholes alike");
}
