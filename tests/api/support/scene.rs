//! A committee with its department and some branches, the people in their posts, and a plan to issue.

use chrono::NaiveDate;
use duban::access::Role;
use serde_json::{Value, json};

use super::{Persona, TestApp};

pub struct Scene {
    pub app: TestApp,
    pub admin: Persona,
    pub committee: i64,
    pub office: i64,
    pub branches: Vec<i64>,
    pub department: Persona,
    pub leader: Persona,
    /// One a branch.
    pub secretaries: Vec<Persona>,
}

impl Scene {
    /// On a business date of 2020, with so many branches.
    pub async fn set(month: u32, date: u32, branches: usize) -> Scene {
        Scene::of(TestApp::start(month, date).await, branches).await
    }

    /// The same, served by several threads.
    pub async fn set_busy(month: u32, date: u32, branches: usize) -> Scene {
        Scene::of(TestApp::start_busy(month, date).await, branches).await
    }

    pub async fn of(app: TestApp, branches: usize) -> Scene {
        let admin = app.administrator().await;
        let unit = async |name: &str, kind: &str, parent: Option<i64>| {
            let made = admin.post("/units", json!({"name": name, "kind": kind, "parent_id": parent})).await;
            made.created()["id"].as_i64().unwrap()
        };
        let committee = unit("Committee", "committee", None).await;
        let office = unit("Party Mass Work Department", "department", Some(committee)).await;
        let (mut ids, mut secretaries) = (vec![], vec![]);
        for number in 1..=branches {
            let id = unit(&format!("Branch {number}"), "branch", Some(committee)).await;
            ids.push(id);
            secretaries.push(app.person(&format!("secretary-{number}"), Role::Secretary, Some(id)).await);
        }
        let department = app.person("department", Role::Department, Some(office)).await;
        let leader = app.person("leader", Role::Leader, Some(committee)).await;
        Scene { app, admin, committee, office, branches: ids, department, leader, secretaries }
    }

    /// A draft plan of the committee for 2020.
    pub async fn plan(&self) -> i64 {
        let body = json!({"unit_id": self.committee, "year": 2020, "title": "Plan of 2020"});
        id(&self.department.post("/plans", body).await.created())
    }

    /// A task in a new key point, owed by units, with entries of its schedule.
    pub async fn task(&self, plan: i64, title: &str, owing: &[i64], entries: Value) -> i64 {
        let department = &self.department;
        let key_point = department.post(&format!("/plans/{plan}/key-points"), json!({"title": title})).await.created();
        self.task_in(id(&key_point), title, owing, entries).await
    }

    pub async fn task_in(&self, key_point: i64, title: &str, owing: &[i64], entries: Value) -> i64 {
        let department = &self.department;
        let task = department.post(&format!("/key-points/{key_point}/tasks"), json!({"title": title})).await.created();
        let task = id(&task);
        for unit in owing {
            let body = json!({"unit_id": unit, "part": "responsible"});
            department.post(&format!("/tasks/{task}/responsibilities"), body).await.created();
        }
        department.put(&format!("/tasks/{task}/schedule"), json!({"entries": entries})).await.ok();
        task
    }

    pub async fn issue(&self, plan: i64) -> Value {
        self.department.post(&format!("/plans/{plan}/issue"), json!({})).await.ok()
    }

    /// An issued plan with one task a due day, each owed by the first branch; the ids of its nodes in that order.
    pub async fn issued_with(&self, due_days: &[NaiveDate]) -> Vec<i64> {
        let plan = self.plan().await;
        let mut tasks = vec![];
        for due in due_days {
            tasks.push(self.task(plan, &format!("Due {due}"), &[self.branches[0]], json!([{"due_on": due}])).await);
        }
        self.issue(plan).await;
        let mut nodes = vec![];
        for task in tasks {
            nodes.push(id(&self.department.get(&format!("/tasks/{task}/time-nodes")).await.items()[0]));
        }
        nodes
    }

    pub fn secretary(&self) -> &Persona {
        &self.secretaries[0]
    }

    /// The secretary of the first branch reports a node complete.
    pub async fn complete(&self, node: i64) -> Value {
        complete(self.secretary(), node).await
    }

    /// The department accepts a report.
    pub async fn accept(&self, report: &Value) -> Value {
        self.rule(report, json!({"verdict": "accepted"})).await
    }

    /// The department returns a report.
    pub async fn give_back(&self, report: &Value, kind: &str) -> Value {
        self.rule(report, json!({"verdict": "returned", "return_kind": kind, "comment": "not yet"})).await
    }

    async fn rule(&self, report: &Value, mut body: Value) -> Value {
        body["content_hash"] = report["content_hash"].clone();
        let path = format!("/progress-reports/{}/reviews", id(report));
        self.department.post(&path, body).await.created()
    }

    pub async fn node(&self, node: i64) -> Value {
        self.department.get(&format!("/time-nodes/{node}")).await.ok()
    }

    /// The sealed entries of one action, oldest first, as an auditor made for it reads them. Once a test.
    pub async fn audited(&self, action: &str) -> Vec<Value> {
        duban::worker::seal_all(&self.app.app).await.unwrap();
        let auditor = self.app.person("auditor", Role::Auditor, None).await;
        let all = auditor.get("/audit-entries?limit=200").await.items();
        all.into_iter().filter(|entry| entry["action"] == json!(action)).collect()
    }

    /// The same of everything that was done to one kind of thing.
    pub async fn audited_of(&self, subject: &str) -> Vec<Value> {
        duban::worker::seal_all(&self.app.app).await.unwrap();
        let auditor = self.app.person("auditor", Role::Auditor, None).await;
        auditor.get(&format!("/audit-entries?limit=200&subject={subject}")).await.items()
    }

    /// The compliance report as the department reads it.
    pub async fn report(&self, query: &str) -> Value {
        self.department.get(&format!("/reports/compliance?{query}")).await.ok()
    }
}

/// Somebody reports a node complete.
pub async fn complete(who: &Persona, node: i64) -> Value {
    let body = json!({"kind": "completion", "text": "done"});
    who.post(&format!("/time-nodes/{node}/progress-reports"), body).await.created()
}

/// The id of an item.
#[track_caller]
pub fn id(item: &Value) -> i64 {
    item["id"].as_i64().unwrap()
}
