//! Revisions of the plan in a random year: responsibilities taken and given back, entries moved, tasks added and removed.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::{Value, json};

use super::Year;
use super::model::{Excluded, Happened, Node};
use crate::support::{Scene, day, id};

/// An entry of a schedule as it now is.
pub(super) struct Entry {
    pub(super) body: Value,
    /// The first (of a recurrence) and the due day of each of its periods.
    periods: Vec<(Option<NaiveDate>, NaiveDate)>,
    grace: u64,
    times: usize,
    pub(super) moved: bool,
}

impl Entry {
    pub(super) fn half_of_the_year(dice: &mut StdRng, half: u64) -> Entry {
        let due = day(1, 10) + Days::new(half * 175 + dice.random_range(0..175));
        let grace = dice.random_range(0..6);
        Entry { grace, ..Entry::dated(json!({"due_on": due, "grace_days": grace}), due) }
    }

    pub(super) fn of_two_times(dice: &mut StdRng) -> Entry {
        let due = day(2, 10) + Days::new(dice.random_range(0..320));
        Entry { times: 2, ..Entry::dated(json!({"due_on": due, "times": 2}), due) }
    }

    /// Not due yet when the plan is closed.
    pub(super) fn after_the_year(dice: &mut StdRng) -> Entry {
        let due = day(12, 31) + Days::new(dice.random_range(10..59));
        Entry::dated(json!({"due_on": due}), due)
    }

    fn dated(body: Value, due: NaiveDate) -> Entry {
        Entry { body, periods: vec![(None, due)], grace: 0, times: 1, moved: false }
    }

    /// A month or a quarter each.
    pub(super) fn recurring(monthly: bool) -> Entry {
        let last = |month| day(1, 1) + chrono::Months::new(month) - Days::new(1);
        let (rrule, periods) = if monthly {
            ("FREQ=MONTHLY;BYMONTHDAY=20", (1..13).map(|month| (Some(day(month, 1)), day(month, 20))).collect())
        } else {
            let quarters = (0..4).map(|quarter| (Some(day(quarter * 3 + 1, 1)), last(quarter * 3 + 3)));
            ("FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1", quarters.collect())
        };
        Entry { body: json!({"rrule": rrule}), periods, grace: 5, times: 1, moved: false }
    }
}

/// A task: its entries, and which branches hold it.
pub(super) struct Task {
    pub(super) id: i64,
    pub(super) entries: Vec<Entry>,
    pub(super) held: Vec<bool>,
    pub(super) removed: bool,
}

impl Task {
    pub(super) fn keep_ids(&mut self, schedule: &Value) {
        for (entry, kept) in self.entries.iter_mut().zip(schedule["entries"].as_array().unwrap()) {
            entry.body["id"] = kept["id"].clone();
        }
    }

    fn bodies(&self) -> Vec<&Value> {
        self.entries.iter().map(|entry| &entry.body).collect()
    }
}

/// Removes something with a reason.
async fn remove(scene: &Scene, path: &str) {
    let etag = scene.department.get(path).await.etag();
    let path = format!("{path}?reason=dropped");
    let request = scene.department.request("DELETE", &path).header("if-match", etag);
    scene.department.send("DELETE", &path, request).await.is(204);
}

impl Year {
    pub(super) async fn take_away_or_give_back(&mut self, dice: &mut StdRng, today: NaiveDate) {
        let (which, branch) = (dice.random_range(0..self.tasks.len()), dice.random_range(0..3));
        let unit = self.scene.branches[branch];
        let task = &mut self.tasks[which];
        if task.removed {
            return;
        }
        let path = format!("/tasks/{}/responsibilities", task.id);
        if task.held[branch] {
            let held = self.scene.department.get(&path).await.items();
            let own = held.iter().find(|held| held["unit_id"] == json!(unit)).unwrap();
            remove(&self.scene, &format!("/responsibilities/{}", id(own))).await;
        } else {
            let body = json!({"unit_id": unit, "part": "responsible", "reason": "back"});
            self.scene.department.post(&path, body).await.created();
        }
        task.held[branch] = !task.held[branch];
        self.revised(which, None, today);
        self.make_nodes(which, today).await;
    }

    /// Only once an entry, and only when none of its nodes was extended: more needs a leader.
    pub(super) async fn move_an_entry(&mut self, dice: &mut StdRng, today: NaiveDate) {
        let which = dice.random_range(0..self.tasks.len());
        let task = &mut self.tasks[which];
        let entry = dice.random_range(0..task.entries.len());
        let own: Vec<_> = self.nodes.iter().filter(|node| (node.task, node.entry) == (which, entry)).collect();
        let (moved, dated) = (&task.entries[entry], !task.entries[entry].body["due_on"].is_null());
        if task.removed || moved.moved || !dated || own.iter().any(|node| node.extensions() > 0) {
            return;
        }
        let was = moved.periods[0].1;
        let to = was + Days::new(dice.random_range(1..31));
        let asks_already = |node: &&Node| {
            let stand = node.replay(today);
            let moves = task.held[node.branch] && stand.excluded.is_none() && stand.waits() && to > stand.due;
            moves && node.asked.is_some()
        };
        let refused = own.iter().any(asks_already);
        task.entries[entry].body["due_on"] = json!(to);
        let body = json!({"entries": task.bodies(), "reason": "later"});
        let answer = self.scene.department.put(&format!("/tasks/{}/schedule", task.id), body).await;
        if refused {
            answer.refused(409, "request_pending");
            task.entries[entry].body["due_on"] = json!(was);
            return;
        }
        answer.ok();
        task.entries[entry].periods[0].1 = to;
        task.entries[entry].moved = true;
        self.revised(which, Some((entry, to)), today);
    }

    /// In a key point of its own, held by some of the branches.
    pub(super) async fn add_a_task(&mut self, dice: &mut StdRng, today: NaiveDate) {
        if self.tasks.len() == 6 {
            return;
        }
        let department = &self.scene.department;
        let added = || json!({"title": "Added", "reason": "new"});
        let point = department.post(&format!("/plans/{}/key-points", self.plan), added()).await.created();
        let task = department.post(&format!("/key-points/{}/tasks", id(&point)), added()).await.created();
        let path = format!("/tasks/{}", id(&task));
        let held: Vec<_> = (0..3).map(|_| dice.random_bool(0.6)).collect();
        for (unit, _) in self.scene.branches.iter().zip(&held).filter(|(_, held)| **held) {
            let body = json!({"unit_id": unit, "part": "responsible", "reason": "new"});
            department.post(&format!("{path}/responsibilities"), body).await.created();
        }
        let half = dice.random_range(0..2);
        let entries = vec![Entry::half_of_the_year(dice, half), Entry::recurring(false)];
        let mut task = Task { id: id(&task), entries, held, removed: false };
        let body = json!({"entries": task.bodies(), "reason": "new"});
        task.keep_ids(&department.put(&format!("{path}/schedule"), body).await.ok());
        self.tasks.push(task);
        self.make_nodes(self.tasks.len() - 1, today).await;
    }

    /// What is not past is cancelled with it, the rest stays owed. At times its key point goes too.
    pub(super) async fn remove_a_task(&mut self, dice: &mut StdRng, today: NaiveDate) {
        let which = dice.random_range(0..self.tasks.len());
        let standing = self.tasks.iter().filter(|task| !task.removed).count();
        let task = &mut self.tasks[which];
        if task.removed || standing <= 3 {
            return;
        }
        let point = self.scene.department.get(&format!("/tasks/{}", task.id)).await.ok()["key_point_id"].clone();
        remove(&self.scene, &format!("/tasks/{}", task.id)).await;
        if dice.random_bool(0.5) {
            remove(&self.scene, &format!("/key-points/{point}")).await;
        }
        (task.removed, task.held) = (true, vec![false; 3]);
        self.revised(which, None, today);
    }

    /// The nodes that the issue or a revision made today: of each branch that holds the task and had none of it.
    pub(super) async fn make_nodes(&mut self, which: usize, today: NaiveDate) {
        let task = &self.tasks[which];
        let path = format!("/time-nodes?task_id={}&limit=200", task.id);
        let items = self.scene.department.get(&path).await.items();
        let mut taken: BTreeSet<i64> = self.nodes.iter().map(|node| node.id).collect();
        for branch in 0..3 {
            if !task.held[branch] || self.nodes.iter().any(|node| (node.task, node.branch) == (which, branch)) {
                continue;
            }
            for (number, entry) in task.entries.iter().enumerate() {
                for (from, due) in &entry.periods {
                    let fits = |item: &&Value| {
                        item["unit_id"] == json!(self.scene.branches[branch])
                            && item["due_on"] == json!(due)
                            && item["late_after"] == json!(*due + Days::new(entry.grace))
                            && item["times"] == json!(entry.times)
                            && item["period"].is_null() == from.is_none()
                            && !taken.contains(&id(item))
                    };
                    let made = id(items.iter().find(fits).unwrap());
                    taken.insert(made);
                    self.nodes.push(Node::born(
                        made,
                        (which, number),
                        branch,
                        (*from, *due),
                        entry.grace,
                        entry.times,
                        today,
                    ));
                }
            }
        }
        assert!(items.iter().all(|item| taken.contains(&id(item))), "a node too many of task {which}");
    }

    /// What any revision of a task does to its nodes.
    fn revised(&mut self, which: usize, moved: Option<(usize, NaiveDate)>, today: NaiveDate) {
        for node in self.nodes.iter_mut().filter(|node| node.task == which) {
            let stand = node.replay(today);
            let waiting = stand.excluded.is_none() && stand.waits();
            let past = stand.due < today;
            // By now, of a dated entry; none of its nodes is due later than that but by an extension of its own.
            let entry = &self.tasks[which].entries[node.entry].body["due_on"];
            let due = serde_json::from_value(entry.clone()).map_or(stand.due, |due: NaiveDate| due.max(stand.due));
            if !self.tasks[which].held[node.branch] {
                if waiting && !past {
                    node.log.push((today, Happened::TakenAway));
                }
            } else if stand.excluded == Some(Excluded::TakenAway) {
                if due >= today {
                    node.log.push((today, Happened::GivenBack(due)));
                }
            } else if stand.excluded == Some(Excluded::BeforeIssue) {
                if due >= today && moved.is_some_and(|(entry, _)| entry == node.entry) {
                    node.log.push((today, Happened::GivenBack(due)));
                }
            } else if let Some((_, to)) = moved.filter(|(entry, to)| *entry == node.entry && *to > stand.due)
                && waiting
            {
                node.log.push((today, Happened::Extended(to)));
            }
        }
    }
}
