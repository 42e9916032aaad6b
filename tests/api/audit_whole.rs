//! Every operation that writes leaves exactly one entry, told by the id of its request, and a refused one leaves none.
//! What was deleted is found no more.
//! Each is done once with success; an operation of the contract that is not done here fails.

use std::collections::BTreeSet;

use diesel::RunQueryDsl;
use diesel::sql_types::{BigInt, Text};
use serde_json::{Value, json};

use crate::support::sheets::workbook;
use crate::support::{Answer, PASSWORD, Persona, Scene, day, example, id, on_postgres, operations};

/// Writes that are no action: they renew a sign-in, or only read.
const NO_ACTION: &[&str] = &["POST /auth/refresh", "POST /plans/{id}/readings"];
/// What does something to several things leaves an entry for each.
const SEVERAL: &[&str] = &[
    "POST /progress-reports:batch",
    "POST /extensions:batch",
    "POST /urges",
    "POST /meetings/{id}/time-nodes",
    "POST /imports/{id}/commit",
    "POST /findings/{id}/tasks",
    "POST /meetings/{id}/next",
];

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

struct Play {
    scene: Scene,
    done: BTreeSet<String>,
    wrong: Vec<String>,
}

impl Play {
    /// How many entries a request left.
    async fn entries_of(&self, answer: &Answer) -> i64 {
        let request = answer.header("x-request-id");
        assert!(!request.is_empty());
        let read = self.scene.app.app.db.read(move |conn| {
            let mark = if on_postgres() { "$1" } else { "?" };
            let query = format!("SELECT COUNT(*) AS count FROM audit_entries WHERE request_id = {mark}");
            Ok(diesel::sql_query(query).bind::<Text, _>(&request).get_result::<Count>(conn)?.count)
        });
        read.await.unwrap()
    }

    /// Does an operation with success and counts its entries. In the address, numbers take the places of names.
    async fn done(&mut self, who: &Persona, operation: &str, ids: &[i64], body: Value) -> Value {
        let (method, template) = operation.split_once(' ').unwrap();
        let mut address = template.to_owned();
        for id in ids {
            address = address.replacen("{id}", &id.to_string(), 1);
        }
        let request = who.request(method, &address).header("if-match", "*");
        let request = if body.is_null() { request } else { request.json(&body) };
        let answer = who.send(method, &address, request).await;
        assert!((200..300).contains(&answer.status), "{operation} {address}: {} {}", answer.status, answer.text);
        self.count(operation, &answer).await;
        if method == "DELETE" {
            self.gone(who, template, &address).await;
        }
        answer.body
    }

    /// What was deleted is found no more, by whoever could delete it.
    async fn gone(&self, who: &Persona, template: &str, address: &str) {
        for method in ["GET", "PATCH", "DELETE"] {
            if method == "DELETE" || operations().iter().any(|(its, path, _)| its == method && path == template) {
                let request = who.request(method, address).header("if-match", "*");
                let request = if method == "PATCH" { request.json(&json!({})) } else { request };
                who.send(method, address, request).await.refused(404, "not_found");
            }
        }
    }

    async fn count(&mut self, operation: &str, answer: &Answer) {
        let entries = self.entries_of(answer).await;
        let due = match operation {
            _ if NO_ACTION.contains(&operation) => entries == 0,
            _ if SEVERAL.contains(&operation) => entries >= 1,
            _ => entries == 1,
        };
        if !due {
            self.wrong.push(format!("{operation}: {} with {entries} entries", answer.status));
        }
        self.done.insert(operation.to_owned());
    }

    async fn people(&mut self) {
        let (admin, branch) = (self.scene.admin.clone(), self.scene.branches[1]);
        let new = |name: &str| json!({"username": name, "display_name": name, "password": "Change-me-2020"});
        let one = id(&self.done(&admin, "POST /accounts", &[], new("one")).await);
        let two = id(&self.done(&admin, "POST /accounts", &[], new("two")).await);
        self.done(&admin, "PATCH /accounts/{id}", &[one], json!({"display_name": "第一"})).await;
        self.done(&admin, "POST /accounts/{id}/reset-password", &[one], json!({"password": "Given-by-1"})).await;
        self.done(&admin, "POST /accounts/{id}/unlock", &[one], Value::Null).await;
        let post = json!({"account_id": one, "unit_id": branch, "role": "cadre", "from": "2020-01-05"});
        let post = id(&self.done(&admin, "POST /appointments", &[], post).await);
        self.done(&admin, "PATCH /appointments/{id}", &[post], json!({"until": "2020-12-31"})).await;
        let over = json!({"account_id": two, "on": "2020-07-01"});
        self.done(&admin, "POST /appointments/{id}/hand-over", &[post], over).await;

        self.scene.app.account("someone").await;
        let nobody = self.scene.app.anonymous();
        let login = json!({"username": "someone", "password": PASSWORD});
        let first = self.done(&nobody, "POST /auth/login", &[], login.clone()).await;
        let second = self.done(&nobody, "POST /auth/login", &[], login).await;
        let someone = Persona { token: second["access_token"].as_str().map(str::to_owned), ..nobody.clone() };
        let renew = json!({"refresh_token": first["refresh_token"]});
        self.done(&nobody, "POST /auth/refresh", &[], renew).await;
        let sessions = someone.get("/auth/sessions").await.items();
        let other = sessions.iter().find(|session| session["current"] == json!(false)).unwrap();
        self.done(&someone, "POST /auth/sessions/{id}/end", &[id(other)], Value::Null).await;
        let change = json!({"current": PASSWORD, "new": "Better-1-pass"});
        self.done(&someone, "POST /auth/password", &[], change).await;
        self.done(&someone, "POST /auth/logout", &[], Value::Null).await;

        self.done(&admin, "PATCH /settings", &[], json!({"near_days": 10})).await;
        let calendar =
            operations().into_iter().find(|(method, path, _)| method == "POST" && path == "/calendars").unwrap().2;
        self.done(&admin, "POST /calendars", &[], example(&calendar)).await;
        let unit = json!({"name": "新支部", "kind": "branch", "parent_id": self.scene.committee});
        let unit = id(&self.done(&admin, "POST /units", &[], unit).await);
        self.done(&admin, "PATCH /units/{id}", &[unit], json!({"name": "新设支部"})).await;
        self.done(&admin, "POST /units/{id}/dissolve", &[unit], json!({"reason": "合并"})).await;
        let rows: &[&[&str]] = &[&["组织名称", "类型", "上级组织"], &["宣传部", "部门", "Committee"]];
        let handed_in = admin.hand_in("list=units", "units.xlsx", &workbook("组织", rows)).await;
        assert_eq!(handed_in.status, 201, "{}", handed_in.text);
        self.count("POST /imports", &handed_in).await;
        self.done(&admin, "POST /imports/{id}/commit", &[id(&handed_in.body)], json!({})).await;
    }

    /// A plan with six nodes of the first branch; the plan, its key point, its task, its nodes.
    async fn plan(&mut self) -> (i64, i64, i64, Vec<i64>) {
        let (office, secretary) = (self.scene.department.clone(), self.scene.secretary().clone());
        let (committee, branches) = (self.scene.committee, self.scene.branches.clone());
        let plan = json!({"unit_id": committee, "year": 2020, "title": "计划"});
        let plan = id(&self.done(&office, "POST /plans", &[], plan).await);
        self.done(&office, "PATCH /plans/{id}", &[plan], json!({"title": "年度计划"})).await;
        let key_point = id(&self.done(&office, "POST /plans/{id}/key-points", &[plan], json!({"title": "一"})).await);
        let spare = id(&self.done(&office, "POST /plans/{id}/key-points", &[plan], json!({"title": "二"})).await);
        self.done(&office, "PATCH /key-points/{id}", &[key_point], json!({"title": "标准化"})).await;
        self.done(&office, "DELETE /key-points/{id}", &[spare], Value::Null).await;
        let task = id(&self.done(&office, "POST /key-points/{id}/tasks", &[key_point], json!({"title": "甲"})).await);
        let spare = id(&self.done(&office, "POST /key-points/{id}/tasks", &[key_point], json!({"title": "乙"})).await);
        self.done(&office, "PATCH /tasks/{id}", &[task], json!({"tags": ["品牌"]})).await;
        self.done(&office, "DELETE /tasks/{id}", &[spare], Value::Null).await;
        let part = |unit, part| json!({"unit_id": unit, "part": part});
        let responsible = part(branches[0], "responsible");
        self.done(&office, "POST /tasks/{id}/responsibilities", &[task], responsible).await;
        let support = part(branches[1], "support");
        let support = id(&self.done(&office, "POST /tasks/{id}/responsibilities", &[task], support).await);
        self.done(&office, "DELETE /responsibilities/{id}", &[support], Value::Null).await;
        let due = ["03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30"];
        let entries: Vec<_> = due.iter().map(|day| json!({"due_on": format!("2020-{day}")})).collect();
        self.done(&office, "PUT /tasks/{id}/schedule", &[task], json!({"entries": entries})).await;
        let words = json!({"deadline": "每季度"});
        self.done(&office, "POST /plans/{id}/readings", &[plan], words).await;
        self.done(&office, "POST /plans/{id}/issue", &[plan], json!({})).await;
        self.done(&secretary, "POST /plans/{id}/receipts", &[plan], json!({"revision": 0})).await;
        let nodes = office.get(&format!("/tasks/{task}/time-nodes")).await.items();
        let mut nodes: Vec<_> = nodes.iter().map(|node| (node["due_on"].to_string(), id(node))).collect();
        nodes.sort();
        (plan, key_point, task, nodes.into_iter().map(|(_, node)| node).collect())
    }

    async fn reports(&mut self, task: i64, nodes: &[i64]) {
        let (office, leader) = (self.scene.department.clone(), self.scene.leader.clone());
        let secretary = self.scene.secretary().clone();
        let complete = json!({"kind": "completion", "text": "已完成"});
        let accept = |report: &Value| json!({"verdict": "accepted", "content_hash": report["content_hash"]});
        let report = "POST /time-nodes/{id}/progress-reports";
        let first = self.done(&secretary, report, &[nodes[0]], complete.clone()).await;
        let text = json!({"text": "请补充"});
        let comment = self.done(&leader, "POST /progress-reports/{id}/comments", &[id(&first)], text.clone()).await;
        self.done(&leader, "POST /comments/{id}/withdrawal", &[id(&comment)], Value::Null).await;
        self.done(&leader, "POST /time-nodes/{id}/comments", &[nodes[0]], text.clone()).await;
        self.done(&leader, "POST /tasks/{id}/comments", &[task], text.clone()).await;
        self.done(&office, "POST /progress-reports/{id}/reviews", &[id(&first)], accept(&first)).await;
        self.done(&secretary, "POST /progress-reports/{id}/additions", &[id(&first)], text.clone()).await;
        let second = self.done(&secretary, report, &[nodes[1]], complete.clone()).await;
        self.done(&office, "POST /progress-reports/{id}/reviews", &[id(&second)], accept(&second)).await;
        let reason = json!({"reason": "核查不符"});
        self.done(&office, "POST /progress-reports/{id}/revocation", &[id(&second)], reason.clone()).await;
        let third = self.done(&secretary, report, &[nodes[2]], complete.clone()).await;
        self.done(&secretary, "POST /progress-reports/{id}/withdrawal", &[id(&third)], Value::Null).await;
        let items = json!({"items": [{"time_node_id": nodes[2], "kind": "progress", "text": "过半"}]});
        self.done(&secretary, "POST /progress-reports:batch", &[], items).await;

        let draft = id(&self.done(&secretary, "POST /time-nodes/{id}/drafts", &[nodes[3]], complete.clone()).await);
        self.done(&secretary, "PATCH /drafts/{id}", &[draft], json!({"text": "已开展"})).await;
        self.done(&secretary, "POST /drafts/{id}/signature", &[draft], Value::Null).await;
        let draft = id(&self.done(&secretary, "POST /time-nodes/{id}/drafts", &[nodes[4]], complete).await);
        self.done(&secretary, "DELETE /drafts/{id}", &[draft], Value::Null).await;
        let uploaded = secretary.upload("a.pdf", b"%PDF-1.7 evidence").await;
        assert_eq!(uploaded.status, 201);
        self.count("POST /attachments", &uploaded).await;
        let (file, why) = (id(&uploaded.body), json!({"reason": "涉及个人"}));
        self.done(&secretary, "POST /attachments/{id}/destroy", &[file], why).await;
        let yes = json!({"verdict": "approved"});
        self.done(&leader, "POST /attachments/{id}/destroy/decision", &[file], yes).await;

        let filled = format!("节点编号,完成情况,duban:fill-in:1\n{},已开展,1\n", nodes[4]);
        let filled = secretary.post_file("/fill-in-workbook", "填报表.csv", filled.as_bytes()).await;
        assert_eq!((filled.status, &filled.body["made"]), (200, &json!(1)), "{}", filled.text);
        self.count("POST /fill-in-workbook", &filled).await;
        let columns = json!([{"field": "id", "head": "编号"}]);
        let layout = json!({"unit_id": self.scene.committee, "name": "表", "columns": columns});
        let layout = id(&self.done(&office, "POST /layouts", &[], layout).await);
        self.done(&office, "PATCH /layouts/{id}", &[layout], json!({"name": "上级表"})).await;
        self.done(&office, "DELETE /layouts/{id}", &[layout], Value::Null).await;

        let later = json!({"due_on": "2020-12-01", "reason": "推迟"});
        let asked = self.done(&secretary, "POST /time-nodes/{id}/extensions", &[nodes[4]], later).await;
        let yes = json!({"verdict": "approved"});
        self.done(&leader, "POST /extensions/{id}/decision", &[id(&asked)], yes.clone()).await;
        let waiver = json!({"kind": "waived", "reason": "不适用"});
        let asked = self.done(&secretary, "POST /time-nodes/{id}/waivers", &[nodes[5]], waiver).await;
        self.done(&leader, "POST /waivers/{id}/decision", &[id(&asked)], yes.clone()).await;
        self.done(&leader, "POST /waivers/{id}/withdrawal", &[id(&asked)], reason.clone()).await;
        let asked = self.done(&secretary, "POST /time-nodes/{id}/cancellations", &[nodes[5]], reason.clone()).await;
        self.done(&leader, "POST /cancellations/{id}/decision", &[id(&asked)], yes).await;
        for (kind, body) in
            [("extensions", json!({"due_on": "2020-11-01", "reason": "推迟"})), ("cancellations", reason.clone())]
        {
            let ask = format!("POST /time-nodes/{{id}}/{kind}");
            let asked = id(&self.done(&secretary, &ask, &[nodes[2]], body).await);
            self.done(&secretary, &format!("POST /{kind}/{{id}}/withdrawal"), &[asked], reason.clone()).await;
        }
        let items = json!({"items": [{"time_node_id": nodes[2], "due_on": "2020-06-15", "reason": "推迟"}]});
        self.done(&office, "POST /extensions:batch", &[], items).await;

        // A refusal leaves none.
        let refused = secretary.post(&format!("/time-nodes/{}/waivers", nodes[0]), json!({"kind": "waived"})).await;
        assert_eq!((refused.status, self.entries_of(&refused).await), (422, 0));
        let refused = secretary.post("/units", json!({"name": "x", "kind": "committee"})).await;
        assert_eq!((refused.status, self.entries_of(&refused).await), (403, 0));
    }

    /// A meeting with everything; what was decided by it to be done.
    async fn meeting(&mut self, key_point: i64, node: i64) {
        let (office, leader) = (self.scene.department.clone(), self.scene.leader.clone());
        let (secretary, branches) = (self.scene.secretary().clone(), self.scene.branches.clone());
        let new = json!({"unit_id": self.scene.committee, "kind": "promotion_meeting", "title": "推进会",
            "called_for": "2020-01-05"});
        let meeting = id(&self.done(&office, "POST /meetings", &[], new.clone()).await);
        let spare = id(&self.done(&office, "POST /meetings", &[], new).await);
        self.done(&office, "POST /meetings/{id}/cancellation", &[spare], json!({"reason": "冲突"})).await;
        self.done(&office, "PATCH /meetings/{id}", &[meeting], json!({"place": "会议室"})).await;
        let item = json!({"title": "任务清单"});
        let item = id(&self.done(&office, "POST /meetings/{id}/agenda-items", &[meeting], item).await);
        self.done(&office, "PATCH /agenda-items/{id}", &[item], json!({"title": "清单"})).await;
        self.done(&office, "DELETE /agenda-items/{id}", &[item], Value::Null).await;
        let units = json!({"unit_ids": branches});
        self.done(&office, "POST /meetings/{id}/call", &[meeting], units.clone()).await;
        self.done(&secretary, "POST /meetings/{id}/receipts", &[meeting], json!({"kind": "call"})).await;
        let said = json!({"text": "统一格式"});
        let given = json!({"text": "统一格式", "unit_id": branches[0]});
        let opinion = id(&self.done(&secretary, "POST /meetings/{id}/opinions", &[meeting], given.clone()).await);
        let taken_back = id(&self.done(&secretary, "POST /meetings/{id}/opinions", &[meeting], given.clone()).await);
        self.done(&secretary, "POST /opinions/{id}/withdrawal", &[taken_back], Value::Null).await;
        let answer = json!({"disposition": "adopted", "reply": "已采纳"});
        self.done(&office, "POST /opinions/{id}/disposition", &[opinion], answer).await;
        let list = json!({"items": [{"person": "书记", "status": "present"}, {"person": "委员", "status": "present"}]});
        self.done(&office, "PUT /meetings/{id}/attendances", &[meeting], list.clone()).await;
        self.done(&office, "POST /meetings/{id}/hold", &[meeting], json!({})).await;
        self.done(&office, "PUT /meetings/{id}/record", &[meeting], said.clone()).await;
        self.done(&office, "PUT /meetings/{id}/minutes", &[meeting], said.clone()).await;
        self.done(&leader, "POST /meetings/{id}/minutes/signature", &[meeting], Value::Null).await;
        let to = json!({"unit_ids": [branches[0]]});
        self.done(&office, "POST /meetings/{id}/minutes/distribution", &[meeting], to).await;
        let decided = json!({"kind": "deployment", "title": "修订", "text": "修订作业程序"});
        let decision = id(&self.done(&office, "POST /meetings/{id}/decisions", &[meeting], decided.clone()).await);
        let spare = id(&self.done(&office, "POST /meetings/{id}/decisions", &[meeting], decided).await);
        self.done(&office, "PATCH /decisions/{id}", &[decision], json!({"text": "修订程序"})).await;
        self.done(&office, "DELETE /decisions/{id}", &[spare], Value::Null).await;
        let task = json!({"key_point_id": key_point, "reason": "落实部署", "entries": [{"due_on": "2020-12-31"}],
            "responsibilities": [{"unit_id": branches[0], "part": "responsible"}]});
        self.done(&office, "POST /decisions/{id}/tasks", &[decision], task).await;
        self.done(&leader, "POST /meetings/{id}/comments", &[meeting], said).await;
        let activity = json!({"unit_id": branches[0], "kind": "members_meeting", "title": "党员大会",
            "called_for": "2020-01-05"});
        let activity = id(&self.done(&secretary, "POST /meetings", &[], activity).await);
        self.done(&secretary, "PUT /meetings/{id}/attendances", &[activity], list).await;
        self.done(&secretary, "POST /meetings/{id}/hold", &[activity], json!({})).await;
        let ticked = json!({"time_node_ids": [node]});
        self.done(&secretary, "POST /meetings/{id}/time-nodes", &[activity], ticked).await;
        self.done(&office, "POST /meetings/{id}/next", &[meeting], json!({"called_for": "2020-06-24"})).await;
        self.done(&office, "POST /meetings/{id}/bulletin", &[meeting], json!({"submitter": "部"})).await;
        self.done(&office, "POST /meetings/{id}/close", &[meeting], Value::Null).await;
    }

    async fn findings(&mut self, key_point: i64) {
        let (office, leader) = (self.scene.department.clone(), self.scene.leader.clone());
        let (secretary, branch) = (self.scene.secretary().clone(), self.scene.branches[0]);
        let new = |kind: &str| {
            json!({"title": "记录不全", "kind": kind, "unit_ids": [branch],
                "source": {"body": "考核组", "on": "2020-01-03"}})
        };
        let measure = json!({"text": "补齐", "unit_id": branch, "due_on": "2020-11-30"});
        let applied = json!({"text": "已补齐", "on_paper": [{"title": "记录本", "place": "档案柜"}]});
        let passed = json!({"verdict": "passed"});
        let raise = "POST /findings";
        let finding = id(&self.done(&office, raise, &[], new("time_limited")).await);
        self.done(&office, "PATCH /findings/{id}", &[finding], json!({"root_cause": "换届"})).await;
        let first = id(&self.done(&secretary, "POST /findings/{id}/measures", &[finding], measure.clone()).await);
        let spare = id(&self.done(&secretary, "POST /findings/{id}/measures", &[finding], measure.clone()).await);
        self.done(&office, "PATCH /measures/{id}", &[first], json!({"due_on": "2020-12-15"})).await;
        self.done(&office, "DELETE /measures/{id}", &[spare], Value::Null).await;
        let task = json!({"key_point_id": key_point, "measure_ids": [first], "reason": "整改"});
        self.done(&office, "POST /findings/{id}/tasks", &[finding], task).await;
        self.done(&secretary, "POST /findings/{id}/applications", &[finding], applied.clone()).await;
        self.done(&office, "POST /findings/{id}/checks", &[finding], passed.clone()).await;
        self.done(&office, "POST /findings/{id}/closing", &[finding], json!({})).await;
        self.done(&office, "POST /findings/{id}/rechecks", &[finding], json!({"verdict": "held"})).await;
        let lasting = id(&self.done(&office, raise, &[], new("long_term")).await);
        self.done(&secretary, "POST /findings/{id}/measures", &[lasting], measure).await;
        self.done(&secretary, "POST /findings/{id}/applications", &[lasting], applied).await;
        self.done(&office, "POST /findings/{id}/checks", &[lasting], passed).await;
        self.done(&office, "POST /findings/{id}/stage", &[lasting], json!({})).await;
        let mistaken = id(&self.done(&office, raise, &[], new("immediate")).await);
        self.done(&leader, "POST /findings/{id}/dismissal", &[mistaken], json!({"reason": "不属实"})).await;
    }

    async fn standards(&mut self, task: i64) {
        let (office, leader) = (self.scene.department.clone(), self.scene.leader.clone());
        let (secretary, other) = (self.scene.secretaries[0].clone(), self.scene.secretaries[1].clone());
        let new = |edition: &str| json!({"unit_id": self.scene.committee, "title": "标准", "edition": edition});
        let (one, two) = (new("2020"), new("2021"));
        let set = id(&self.done(&office, "POST /standard-sets", &[], one).await);
        let spare = id(&self.done(&office, "POST /standard-sets", &[], two).await);
        self.done(&office, "PATCH /standard-sets/{id}", &[set], json!({"edition": "2020修订"})).await;
        self.done(&office, "DELETE /standard-sets/{id}", &[spare], Value::Null).await;
        let clause = |code: &str| json!({"category": "组织", "code": code, "title": "条款", "points": 2.5});
        let add = "POST /standard-sets/{id}/clauses";
        let met = id(&self.done(&office, add, &[set], clause("1")).await);
        let free = id(&self.done(&office, add, &[set], clause("2")).await);
        let spare = id(&self.done(&office, add, &[set], clause("3")).await);
        self.done(&office, "PATCH /clauses/{id}", &[met], json!({"points": 3})).await;
        self.done(&office, "DELETE /clauses/{id}", &[spare], Value::Null).await;
        self.done(&office, "POST /standard-sets/{id}/publish", &[set], Value::Null).await;
        let link = id(&self.done(&office, "POST /clauses/{id}/tasks", &[met], json!({"task_id": task})).await);
        self.done(&office, "DELETE /clause-tasks/{id}", &[link], Value::Null).await;

        let decision = self.scene.decided().await;
        let open = "POST /assessments";
        let of = |unit: i64| json!({"unit_id": unit});
        let (first, second) = (of(self.scene.branches[0]), of(self.scene.branches[1]));
        let assessment = id(&self.done(&secretary, open, &[], first).await);
        let spare = id(&self.done(&other, open, &[], second).await);
        self.done(&other, "DELETE /assessments/{id}", &[spare], Value::Null).await;
        let own = json!({"results": [{"clause_id": met, "result": "met"}, {"clause_id": free, "result": "met"}]});
        self.done(&secretary, "PUT /assessments/{id}/self-results", &[assessment], own).await;
        self.done(&secretary, "POST /assessments/{id}/self-assessment", &[assessment], Value::Null).await;
        let checked = json!({"results": [{"clause_id": met, "result": "met"},
            {"clause_id": free, "result": "not_applicable", "note": "不适用"}]});
        self.done(&office, "PUT /assessments/{id}/results", &[assessment], checked).await;
        let approved = json!({"clause_ids": [free]});
        self.done(&leader, "POST /assessments/{id}/approvals", &[assessment], approved).await;
        self.done(&office, "POST /assessments/{id}/check", &[assessment], json!({})).await;
        let ruled = json!({"verdict": "recognised", "decision_id": decision});
        self.done(&leader, "POST /assessments/{id}/recognition", &[assessment], ruled).await;
        let reason = json!({"reason": "不实"});
        self.done(&leader, "POST /assessments/{id}/withdrawal", &[assessment], reason).await;
    }

    async fn bulletins(&mut self) {
        let (office, leader) = (self.scene.department.clone(), self.scene.leader.clone());
        let (secretary, branch) = (self.scene.secretary().clone(), self.scene.branches[0]);
        let new = |period: &str| json!({"unit_id": self.scene.committee, "kind": "circular", "period": period, "submitter": "部"});
        let (one, two) = (new("2020-05"), new("2020-04"));
        let bulletin = id(&self.done(&office, "POST /bulletins", &[], one).await);
        let spare = id(&self.done(&office, "POST /bulletins", &[], two).await);
        self.done(&office, "DELETE /bulletins/{id}", &[spare], Value::Null).await;
        self.done(&office, "PATCH /bulletins/{id}", &[bulletin], json!({"title": "通报"})).await;
        self.done(&leader, "POST /bulletins/{id}/approval", &[bulletin], Value::Null).await;
        self.done(&office, "POST /bulletins/{id}/release", &[bulletin], Value::Null).await;
        self.done(&leader, "POST /bulletins/{id}/errata", &[bulletin], json!({"text": "应为19项"})).await;
        self.done(&secretary, "POST /bulletins/{id}/receipts", &[bulletin], json!({"unit_id": branch})).await;
    }
}

#[actix_web::test]
async fn every_operation_that_writes_leaves_exactly_one_entry() {
    let mut play = Play { scene: Scene::set(1, 5, 2).await, done: BTreeSet::new(), wrong: vec![] };
    play.people().await;
    let (_, key_point, task, nodes) = play.plan().await;
    play.reports(task, &nodes).await;
    play.meeting(key_point, nodes[6]).await;
    play.findings(key_point).await;
    play.standards(task).await;
    play.scene.app.turn_to(day(6, 20));
    let office = play.scene.department.clone();
    play.done(&office, "POST /urges", &[], json!({"time_node_ids": [nodes[2]]})).await;
    play.bulletins().await;
    let own = json!({"unit_id": play.scene.branches[1], "year": 2020, "title": "支部计划"});
    let own = id(&play.done(&office, "POST /plans", &[], own).await);
    let task = play.scene.task(own, "支部任务", &[play.scene.branches[1]], json!([{"due_on": "2020-12-31"}])).await;
    assert!(task > 0);
    play.done(&office, "POST /plans/{id}/issue", &[own], json!({})).await;
    play.done(&office, "POST /plans/{id}/close", &[own], json!({"open": [], "reason": "提前结束"})).await;

    let writes = operations().into_iter().filter(|(method, ..)| method != "GET");
    let undone: Vec<_> =
        writes.map(|(method, path, _)| format!("{method} {path}")).filter(|name| !play.done.contains(name)).collect();
    println!("audit: {} operations that write, one entry each, {} otherwise", play.done.len(), play.wrong.len());
    assert!(play.wrong.is_empty(), "{:#?}", play.wrong);
    assert!(undone.is_empty(), "not done here: {undone:#?}");
}
