//! Random findings and meetings of a year over HTTP, recomputed from the exported rows by the model in `tests/model/`:
//! measures, tasks and their reports, applications, checks, close-outs, stages, dismissals, failed re-checks, findings of
//! several units; attendance lists put, corrected and held. `DUBAN_RANDOM_YEARS` says how many (default 2).

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::support::proof;
use crate::support::{Scene, day, id, recompute};

const KINDS: [&str; 3] = ["immediate", "time_limited", "long_term"];
const MEETINGS: [&str; 3] = ["promotion_meeting", "party_lecture", "theme_day"];

/// How often what was done.
type Tally = BTreeMap<&'static str, usize>;

struct Year {
    scene: Scene,
    key_point: i64,
    findings: Vec<i64>,
    meetings: Vec<i64>,
}

impl Year {
    /// One of the findings takes a step that its state allows.
    async fn step(&mut self, dice: &mut StdRng, tally: &mut Tally) {
        let finding = self.findings[dice.random_range(0..self.findings.len())];
        let (department, leader) = (&self.scene.department, &self.scene.leader);
        let path = format!("/findings/{finding}");
        let now = department.get(&path).await.ok();
        let to = |verb: &str| format!("{path}/{verb}");
        let (measure_due, text) = (json!("2020-10-31"), json!({"text": "整改"}));
        let done = match (now["state"].as_str().unwrap(), dice.random_range(0..10)) {
            ("closed" | "dismissed", 1..) if !now["relapsed_as"].is_null() => return,
            ("dismissed", _) => return,
            (state, dice) if state != "closed" && dice <= 3 * i32::from(!now["relapse_of"].is_null()) => {
                leader.post(&to("dismissal"), json!({"reason": "不存在"})).await.ok();
                if now["relapse_of"].is_null() { "dismissed" } else { "dismissed relapses" }
            }
            ("open", _) | ("rectifying" | "stage_done", 1) => {
                let unit = &now["units"][0]["unit_id"];
                let body = json!({"text": "补齐", "unit_id": unit, "due_on": measure_due});
                department.post(&to("measures"), body).await.created();
                "measures"
            }
            ("rectifying" | "stage_done", 2..=5) if now["task_ids"] == json!([]) => {
                let body = json!({"key_point_id": self.key_point, "reason": "落实整改"});
                let answer = department.post(&to("tasks"), body).await;
                assert!([201, 409, 422].contains(&answer.status), "{}", answer.text);
                if answer.status != 201 {
                    return;
                }
                if now["kind"] == json!("long_term") { "long-term tasks" } else { "tasks" }
            }
            ("rectifying" | "checked", 6) if now["kind"] != json!("immediate") => {
                department.post(&to("stage"), json!({})).await.ok();
                "stages"
            }
            ("rectifying" | "stage_done", _) => {
                department.post(&to("applications"), text).await.created();
                "applications"
            }
            ("applied", dice) => {
                let passed = dice > 3;
                let verdict = if passed { "passed" } else { "failed" };
                leader.post(&to("checks"), json!({"verdict": verdict, "reason": "已核"})).await.created();
                if passed { "passed" } else { "sent back" }
            }
            ("checked", _) => {
                leader.post(&to("closing"), json!({})).await.ok();
                "closed"
            }
            ("closed", 0..=3) if now["relapsed_as"].is_null() => {
                let failed = json!({"verdict": "failed", "note": "又犯"});
                let recheck = department.post(&to("rechecks"), failed).await.created();
                self.findings.push(recheck["relapse_id"].as_i64().unwrap());
                "relapses"
            }
            _ => return,
        };
        *tally.entry(done).or_default() += 1;
    }

    async fn raise(&mut self, dice: &mut StdRng, today: NaiveDate) {
        let from = dice.random_range(0..3);
        let to = dice.random_range(from..3);
        let found = today - Days::new(dice.random_range(0..20));
        let body = json!({"title": "记录不完整", "kind": KINDS[dice.random_range(0..3)], "year": 2020,
            "unit_ids": self.scene.branches[from..=to], "source": {"body": "考核组", "on": found}});
        self.findings.push(id(&self.scene.department.post("/findings", body).await.created()));
    }

    /// What is owed of the tasks is now and then reported and accepted.
    async fn report(&self, dice: &mut StdRng) {
        let open = self.scene.department.get("/time-nodes?limit=200").await.items();
        let open: Vec<_> = open.iter().filter(|node| node["state"] == json!("open")).collect();
        if open.is_empty() {
            return;
        }
        let body = json!({"kind": "completion", "text": "done"});
        let node = open[dice.random_range(0..open.len())];
        let at = self.scene.branches.iter().position(|unit| node["unit_id"] == json!(unit)).unwrap();
        let path = format!("/time-nodes/{}/progress-reports", id(node));
        let report = self.scene.secretaries[at].post(&path, body).await.created();
        self.scene.accept(&report).await;
    }

    /// A meeting is held, or the list of one is corrected.
    async fn meet(&mut self, dice: &mut StdRng, today: NaiveDate, tally: &mut Tally) {
        let department = &self.scene.department;
        let list = |dice: &mut StdRng| {
            let mut items = vec![json!({"person": "书记", "status": "present"})];
            for n in 0..dice.random_range(0..6) {
                let status = ["present", "absent", "observer", "leave"][dice.random_range(0..4)];
                let reason = (status == "leave").then_some("出差");
                items.push(json!({"person": format!("党员{n}"), "status": status, "reason": reason}));
            }
            json!({"items": items})
        };
        let old = !self.meetings.is_empty() && dice.random_bool(0.3);
        let meeting = if old {
            self.meetings[dice.random_range(0..self.meetings.len())]
        } else {
            let units: Vec<i64> = [vec![self.scene.committee], self.scene.branches.clone()].concat();
            let body = json!({"unit_id": units[dice.random_range(0..4)], "title": "会议", "called_for": today,
                "kind": MEETINGS[dice.random_range(0..3)]});
            id(&department.post("/meetings", body).await.created())
        };
        department.put(&format!("/meetings/{meeting}/attendances"), list(dice)).await.ok();
        *tally.entry(if old { "corrected" } else { "meetings" }).or_default() += 1;
        // Some are never held, and some are entered later.
        if !old && dice.random_bool(0.8) {
            let on = today - Days::new(dice.random_range(0..10));
            department.post(&format!("/meetings/{meeting}/hold"), json!({"held_on": on})).await.ok();
            self.meetings.push(meeting);
        }
    }

    async fn recompute(&self, dice: &mut StdRng, end: NaiveDate) {
        let mut questions: Vec<(&str, Value)> = vec![];
        let days = (0..12).map(|_| day(1, 5) + Days::new(dice.random_range(0..350))).collect::<Vec<_>>();
        for as_of in days.into_iter().chain([end]).map(|on| on.min(end)) {
            for unit in [None, Some(self.scene.branches[0])] {
                let asked = json!({"year": 2020, "unit_id": unit, "as_of": as_of});
                for restated in [false, true] {
                    let mut asked = asked.clone();
                    asked["restated"] = json!(restated);
                    for group in ["unit", "kind"] {
                        let mut asked = asked.clone();
                        asked["group_by"] = json!(group);
                        questions.push(("attendance", asked));
                    }
                    questions.push(("rectification/explain", asked.clone()));
                    asked["group_by"] = json!("unit");
                    questions.push(("rectification", asked));
                }
            }
        }
        recompute(&self.scene, &questions).await;
    }
}

async fn year(seed: u64, tally: &mut Tally) {
    let mut dice = StdRng::seed_from_u64(seed);
    let scene = Scene::set(1, 5, 3).await;
    let plan = scene.plan().await;
    scene.task(plan, "学习", &scene.branches, json!([{"due_on": "2020-12-20"}])).await;
    scene.issue(plan).await;
    let key_point = id(&scene.department.get(&format!("/plans/{plan}/key-points")).await.items()[0]);
    let mut year = Year { scene, key_point, findings: vec![], meetings: vec![] };
    let mut today = day(1, 20);
    while today < day(12, 15) {
        year.scene.app.turn_to(today);
        if year.findings.is_empty() || dice.random_bool(0.25) {
            year.raise(&mut dice, today).await;
        }
        for _ in 0..4 {
            year.step(&mut dice, tally).await;
        }
        if dice.random_bool(0.3) {
            year.report(&mut dice).await;
        }
        if dice.random_bool(0.4) {
            year.meet(&mut dice, today, tally).await;
        }
        today = today + Days::new(dice.random_range(3..12));
    }
    year.scene.app.turn_to(today);
    year.recompute(&mut dice, today).await;
}

#[actix_web::test]
async fn random_findings_and_meetings_agree_with_the_model() {
    let years = proof::size("DUBAN_RANDOM_YEARS", 2);
    let mut tally = Tally::new();
    for seed in 0..years {
        year(seed, &mut tally).await;
    }
    println!("{tally:?}");
    // A year that nothing happens in agrees with anything.
    assert!(years < 2 || tally.len() == 13, "{tally:?}");
}
