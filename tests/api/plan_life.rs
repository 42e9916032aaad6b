//! The life of a plan beside its lists: consultation and approval, last year's lists, its documents, its close.

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::support::{Scene, complete, day, id};

fn next_year(month: u32, date: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2021, month, date).unwrap()
}

/// The rows of a CSV with its head.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

async fn csv_of(who: &crate::support::Persona, path: &str) -> Vec<Vec<String>> {
    let answer = who.send("GET", path, who.request("GET", path).header("accept", "text/csv")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    rows(&answer.text)
}

#[actix_web::test]
async fn a_plan_says_when_it_was_consulted_on_and_what_approved_it() {
    let scene = Scene::set(3, 20, 1).await;
    let body = json!({"unit_id": scene.committee, "year": 2020, "title": "Plan", "consulted_on": "2020-03-10",
        "approved_by": "党委会 2020-03-16"});
    let plan = scene.department.post("/plans", body).await.created();
    assert_eq!((&plan["consulted_on"], &plan["approved_by"]), (&json!("2020-03-10"), &json!("党委会 2020-03-16")));
    assert_eq!((&plan["from_plan_id"], plan.get("left_out")), (&Value::Null, None));
    let path = format!("/plans/{}", id(&plan));
    let patched = scene.department.patch(&path, json!({"consulted_on": "2020-03-12", "approved_by": null})).await.ok();
    assert_eq!((&patched["consulted_on"], &patched["approved_by"]), (&json!("2020-03-12"), &Value::Null));
    let at = scene.department.patch(&path, json!({"consulted_on": "2020-03-21"})).await.refused(422, "future_day");
    assert_eq!(at, "/consulted_on");
    let long = json!({"approved_by": "议".repeat(201)});
    scene.department.patch(&path, long).await.refused(422, "text_too_long");
    assert_eq!(scene.department.get(&path).await.ok()["consulted_on"], json!("2020-03-12"));
    scene.app.turn_to(day(3, 21));
    scene.department.patch(&path, json!({"title": "Plan of 2020"})).await.ok();
    assert_eq!(scene.department.get(&path).await.ok()["consulted_on"], json!("2020-03-12"), "kept by later facts");
}

#[actix_web::test]
async fn last_years_lists_are_copied_with_their_days_moved() {
    let scene = Scene::set(1, 5, 2).await;
    let plan = scene.plan().await;
    let entries = json!([{"due_on": "2020-02-29", "title": "First", "grace_days": 3}, {"due_on": "2021-01-31", "times": 2},
        {"unscheduled": true, "words": "按上级要求"}]);
    let task = scene.task(plan, "Lessons", &scene.branches, entries).await;
    let details = json!({"requirement": "All of it", "tags": ["品牌"], "evidence_required": true});
    scene.department.patch(&format!("/tasks/{task}"), details).await.ok();
    let lead = json!({"unit_id": scene.office, "part": "lead", "person": "部长"});
    scene.department.post(&format!("/tasks/{task}/responsibilities"), lead).await.created();
    scene.issue(plan).await;
    scene.app.turn_to(day(12, 1));
    let end = json!({"dissolved_on": "2020-11-30", "successor_id": scene.branches[0]});
    scene.admin.post(&format!("/units/{}/dissolve", scene.branches[1]), end).await.ok();

    let new =
        |from: i64| json!({"unit_id": scene.committee, "year": 2021, "title": "Plan of 2021", "from_plan_id": from});
    assert_eq!(scene.department.post("/plans", new(99)).await.refused(422, "from_plan_unknown"), "/from_plan_id");
    let of_branch = json!({"unit_id": scene.branches[0], "year": 2021, "title": "x", "from_plan_id": plan});
    scene.department.post("/plans", of_branch).await.refused(422, "from_plan_elsewhere");
    let own = json!({"unit_id": scene.branches[0], "year": 2020, "title": "Of a branch"});
    let own = id(&scene.department.post("/plans", own).await.created());
    let of_other = json!({"unit_id": scene.branches[1], "year": 2021, "title": "x", "from_plan_id": own});
    scene.secretaries[1].post("/plans", of_other).await.refused(403, "forbidden");
    let short = json!({"unit_id": scene.committee, "year": 2021, "title": "x", "from_plan_id": plan, "closes_on": "2021-12-31"});
    assert_eq!(scene.department.post("/plans", short).await.refused(422, "due_outside_plan"), "/closes_on");

    let copied = scene.department.post("/plans", new(plan)).await.created();
    assert_eq!((&copied["from_plan_id"], &copied["status"]), (&json!(plan), &json!("draft")));
    assert_eq!(copied["closes_on"], json!("2022-03-31"));
    let list = scene.department.get(&format!("/plans/{}/task-list", id(&copied))).await.ok();
    let made = &list["key_points"][0]["tasks"][0];
    assert_eq!(copied["left_out"], json!([{"task_id": made["id"], "unit_id": scene.branches[1], "why": "dissolved"}]));
    assert_ne!(id(made), task);
    assert_eq!((&made["code"], &made["title"], &made["tags"]), (&json!("1.1"), &json!("Lessons"), &json!(["品牌"])));
    assert_eq!((&made["requirement"], &made["evidence_required"]), (&json!("All of it"), &json!(true)));
    assert_eq!(made["origin_task_id"], Value::Null, "copied is not carried over");
    let held: Vec<_> =
        made["responsibilities"].as_array().unwrap().iter().map(|h| (&h["unit_id"], &h["person"])).collect();
    assert_eq!(held, [(&json!(scene.office), &json!("部长")), (&json!(scene.branches[0]), &Value::Null)]);
    let entry = |n: usize, field: &str| made["schedule"][n][field].clone();
    assert_eq!(
        (entry(0, "due_on"), entry(0, "title"), entry(0, "grace_days")),
        (json!("2021-02-28"), json!("First"), json!(3))
    );
    assert_eq!((entry(1, "due_on"), entry(1, "times")), (json!("2022-01-31"), json!(2)));
    assert_eq!((entry(2, "unscheduled"), entry(2, "words")), (json!(true), json!("按上级要求")));
    scene.department.post(&format!("/plans/{}/issue", id(&copied)), json!({})).await.ok();
    let old = scene.department.get(&format!("/tasks/{task}/schedule")).await.ok();
    assert_eq!(old["entries"][0]["due_on"], json!("2020-02-29"), "last year's lists stay");
}

#[actix_web::test]
async fn the_documents_of_a_plan_are_whole_and_read_by_whom_it_names() {
    let scene = Scene::set(1, 5, 2).await;
    let plan = scene.plan().await;
    let both = [scene.branches[1], scene.branches[0]];
    let first = scene.task(plan, "Lessons", &both, json!([{"due_on": "2020-09-30"}, {"due_on": "2020-06-30"}])).await;
    let second = scene.task(plan, "Visits", &both[..1], json!([{"unscheduled": true, "words": "待定"}])).await;
    for (task, unit, part) in
        [(first, scene.committee, "supervise"), (first, scene.branches[0], "support"), (second, scene.office, "lead")]
    {
        let body = json!({"unit_id": unit, "part": part, "person": "书记"});
        scene.department.post(&format!("/tasks/{task}/responsibilities"), body).await.created();
    }
    let (tasks, parts) = (format!("/plans/{plan}/task-list"), format!("/plans/{plan}/responsibility-list"));
    scene.secretary().get(&tasks).await.refused(403, "forbidden");
    scene.secretary().get(&parts).await.refused(403, "forbidden");
    scene.issue(plan).await;

    let list = scene.secretary().get(&tasks).await.ok();
    assert_eq!((&list["unit_name"], &list["plan"]["id"]), (&json!("Committee"), &json!(plan)));
    let lessons = &list["key_points"][0]["tasks"][0];
    let held: Vec<_> = lessons["responsibilities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|h| (h["part"].clone(), h["unit_name"].clone()))
        .collect();
    let expected =
        [("responsible", "Branch 1"), ("responsible", "Branch 2"), ("support", "Branch 1"), ("supervise", "Committee")];
    assert_eq!(held, expected.map(|(part, unit)| (json!(part), json!(unit))));
    assert_eq!(lessons["schedule"][1]["nodes"][0]["due_on"], json!("2020-06-30"));
    assert_eq!(list["key_points"][1]["tasks"][0]["schedule"][0]["words"], json!("待定"));

    let by_unit = scene.secretary().get(&parts).await.ok();
    let names: Vec<_> = by_unit["units"].as_array().unwrap().iter().map(|unit| unit["unit_name"].clone()).collect();
    assert_eq!(names, ["Committee", "Party Mass Work Department", "Branch 1", "Branch 2"].map(|name| json!(name)));
    let of_first = &by_unit["units"][2]["tasks"];
    assert_eq!(of_first.as_array().unwrap().len(), 1);
    assert_eq!(
        of_first[0]["parts"],
        json!([{"part": "responsible", "person": null}, {"part": "support", "person": "书记"}])
    );
    assert_eq!(of_first[0]["due_days"], json!(["2020-06-30", "2020-09-30"]));
    assert_eq!(by_unit["units"][3]["tasks"][1]["unscheduled"], json!(true));
    let one = scene.department.get(&format!("{parts}?unit_id={}", scene.branches[1])).await.ok();
    assert_eq!(one["units"], json!([by_unit["units"][3]]));
    scene.department.get(&format!("{parts}?unit_id=999")).await.refused(422, "unit_unknown");

    let table = csv_of(scene.secretary(), &tasks).await;
    assert_eq!(table.len(), 3);
    let column = |name: &str| table[0].iter().position(|head| head == name).unwrap();
    assert_eq!(table[1][column("responsible")], "Branch 1、Branch 2");
    assert_eq!(table[1][column("due_days")], "2020-06-30；2020-09-30");
    assert_eq!(table[2][column("words")], "待定");
    let table = csv_of(scene.secretary(), &parts).await;
    assert_eq!(table.len(), 6, "a row a unit and task");

    // Names are those of the day.
    scene.admin.patch(&format!("/units/{}", scene.branches[0]), json!({"name": "Renamed"})).await.ok();
    let list = scene.department.get(&tasks).await.ok();
    assert_eq!(list["key_points"][0]["tasks"][0]["responsibilities"][0]["unit_name"], json!("Renamed"));
}

/// A plan of 2020 with nodes of every kind at its close on 10 January 2021.
struct Year {
    scene: Scene,
    plan: i64,
    /// Due 31 March, a node a branch: accepted, open, open.
    spring: Vec<i64>,
    spring_task: i64,
    /// Due 30 June, of the first branch: reported, not judged.
    pending: i64,
    pending_report: Value,
    /// Due 31 January 2021: open; due 1 February: reported, not judged; due 2 February: accepted.
    later: i64,
    early: i64,
    early_report: Value,
    done_early: i64,
}

impl Year {
    async fn lived() -> Year {
        let scene = Scene::set(1, 5, 3).await;
        let plan = scene.plan().await;
        let one = &scene.branches[..1];
        let spring_task = scene.task(plan, "Spring", &scene.branches, json!([{"due_on": "2020-03-31"}])).await;
        let mut tasks = vec![];
        for (title, due) in
            [("Summer", "2020-06-30"), ("Later", "2021-01-31"), ("Early", "2021-02-01"), ("Done", "2021-02-02")]
        {
            tasks.push(scene.task(plan, title, one, json!([{"due_on": due}])).await);
        }
        scene.issue(plan).await;
        let nodes = async |task: i64| -> Vec<i64> {
            scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items().iter().map(id).collect()
        };
        let spring = nodes(spring_task).await;
        let (pending, later) = (nodes(tasks[0]).await[0], nodes(tasks[1]).await[0]);
        let (early, done_early) = (nodes(tasks[2]).await[0], nodes(tasks[3]).await[0]);
        scene.app.turn_to(day(3, 30));
        scene.accept(&scene.complete(spring[0]).await).await;
        scene.app.turn_to(day(12, 20));
        let pending_report = scene.complete(pending).await;
        let early_report = scene.complete(early).await;
        scene.accept(&scene.complete(done_early).await).await;
        Year { scene, plan, spring, spring_task, pending, pending_report, later, early, early_report, done_early }
    }

    fn path(&self, below: &str) -> String {
        format!("/plans/{}/{below}", self.plan)
    }

    async fn draft_of_2021(&self) -> i64 {
        let body = json!({"unit_id": self.scene.committee, "year": 2021, "title": "Plan of 2021"});
        id(&self.scene.department.post("/plans", body).await.created())
    }

    fn settled(&self) -> Value {
        json!([
            {"time_node_id": self.spring[1], "carry_over": true},
            {"time_node_id": self.spring[2], "carry_over": true, "reason": "to be made up"},
            {"time_node_id": self.pending, "carry_over": false, "reason": "its review is under way"},
        ])
    }

    async fn close(&self) -> Value {
        let body = json!({"open": self.settled()});
        self.scene.department.post(&self.path("close"), body).await.ok()
    }
}

fn node_ids(list: &Value) -> Vec<i64> {
    list.as_array().unwrap().iter().map(|node| node["time_node_id"].as_i64().unwrap()).collect()
}

#[actix_web::test]
async fn a_close_is_refused_until_every_open_node_is_settled() {
    let year = Year::lived().await;
    let (scene, path) = (&year.scene, year.path("close"));
    let of_branch = json!({"unit_id": scene.branches[0], "year": 2020, "title": "x"});
    let draft = id(&scene.department.post("/plans", of_branch).await.created());
    scene.department.post(&format!("/plans/{draft}/close"), json!({})).await.refused(409, "plan_not_issued");
    scene.secretary().post(&path, json!({})).await.refused(403, "forbidden");
    scene.leader.post(&path, json!({})).await.refused(403, "forbidden");
    assert_eq!(scene.department.post(&path, json!({})).await.refused(422, "close_unexplained"), "/reason");
    let explained = json!({"reason": "the committee is merged"});
    scene.department.post(&path, explained).await.refused(422, "open_not_settled");

    scene.app.turn_to(next_year(1, 10));
    let dry = scene.department.post(&path, json!({"dry_run": true})).await.ok();
    assert_eq!(node_ids(&dry["cancelled"]), [year.later], "neither what is done nor what awaits its review");
    assert_eq!(node_ids(&dry["open"]), [year.spring[1], year.spring[2], year.pending]);
    assert_eq!((&dry["open"][0]["verdict"], &dry["open"][2]["verdict"]), (&json!("overdue"), &json!("pending_review")));
    assert_eq!((&dry["status"], &dry["year_report_as_of"]), (&json!("issued"), &Value::Null));
    assert_eq!(scene.node(year.later).await["state"], json!("open"), "a dry run changes nothing");
    scene.department.get(&year.path("year-report")).await.refused(404, "not_found");

    let answer = scene.department.post(&path, json!({"open": [year.settled()[2]]})).await;
    let named: Vec<_> =
        answer.body["errors"].as_array().unwrap().iter().map(|e| e["detail"].as_str().unwrap().to_owned()).collect();
    assert_eq!(named.len(), 2);
    assert!(
        named[0].starts_with(&format!("Node {} “Spring” of Branch 2, due 2020-03-31", year.spring[1])),
        "{named:?}"
    );
    answer.refused(422, "open_not_settled");
    let with = |index: usize, field: &str, value: Value| {
        let mut open = year.settled();
        open[index][field] = value;
        json!({"open": open})
    };
    let all = json!({"open": year.settled()});
    assert_eq!(node_ids(&all["open"]).len(), 3);
    scene.department.post(&path, all).await.refused(422, "invalid");
    let one = json!({"open": [year.settled()[0]]});
    assert_eq!(scene.department.post(&path, one).await.refused(422, "no_next_draft"), "/open/0/carry_over");
    year.draft_of_2021().await;
    let refused = async |body: Value, code: &str| scene.department.post(&path, body).await.refused(422, code);
    assert_eq!(refused(with(2, "reason", Value::Null), "left_unexplained").await, "/open/2/reason");
    assert_eq!(refused(with(0, "time_node_id", json!(year.later)), "node_not_open_here").await, "/open/0/time_node_id");
    assert_eq!(
        refused(with(0, "time_node_id", json!(year.spring[2])), "node_named_twice").await,
        "/open/1/time_node_id"
    );
    assert_eq!(scene.department.get(&format!("/plans/{}", year.plan)).await.ok()["status"], json!("issued"));
    let stale =
        scene.department.request("POST", &path).json(&json!({"open": year.settled()})).header("if-match", "\"1\"");
    scene.department.send("POST", &path, stale).await.refused(412, "stale");
}

#[actix_web::test]
async fn a_closed_plan_is_frozen_and_what_is_owed_goes_on() {
    let year = Year::lived().await;
    let scene = &year.scene;
    let asked = json!({"due_on": "2021-01-20", "reason": "later"});
    let request = format!("/time-nodes/{}/extensions", year.spring[2]);
    let waiting = scene.secretaries[2].post(&request, asked.clone()).await.created();
    scene.app.turn_to(next_year(1, 10));
    year.draft_of_2021().await;
    let closed = year.close().await;
    assert_eq!((&closed["status"], &closed["year_report_as_of"]), (&json!("closed"), &json!("2021-01-10")));
    assert_eq!(closed["open"][1]["reason"], json!("to be made up"));

    // Frozen: the lists, the head, the due days; and it is closed once.
    let department = &scene.department;
    department.post(&year.path("close"), json!({})).await.refused(409, "plan_closed");
    department.post(&year.path("issue"), json!({})).await.refused(409, "plan_closed");
    department.post(&year.path("key-points"), json!({"title": "x"})).await.refused(409, "plan_closed");
    let schedule = json!({"entries": [{"due_on": "2020-12-31"}]});
    department.put(&format!("/tasks/{}/schedule", year.spring_task), schedule).await.refused(409, "plan_closed");
    department.patch(&format!("/plans/{}", year.plan), json!({"title": "x"})).await.refused(409, "plan_closed");
    for node in [year.spring[1], year.pending] {
        let path = format!("/time-nodes/{node}/extensions");
        let answer = scene.leader.post(&path, asked.clone()).await;
        answer.refused(409, if node == year.pending { "node_not_open" } else { "plan_closed" });
    }
    let decision = format!("/extensions/{}/decision", id(&waiting));
    scene.leader.post(&decision, json!({"verdict": "approved"})).await.refused(409, "plan_closed");
    scene.leader.post(&decision, json!({"verdict": "refused", "reason": "closed"})).await.ok();

    // Cancelled is what was not yet due.
    let later = scene.node(year.later).await;
    assert_eq!(
        (&later["state"], &later["verdict"], &later["version"]),
        (&json!("cancelled"), &json!("excluded"), &json!(2))
    );
    assert_eq!(scene.node(year.early).await["state"], json!("reported"));
    assert_eq!(scene.node(year.done_early).await["state"], json!("accepted"));
    let why = department.get("/reports/explain?rate=year_progress&year=2020").await.ok();
    assert_eq!(
        why["excluded"],
        json!([{"id": year.later, "reason": "plan_closed", "approved_by": department.account_id}])
    );

    // What is owed stays owed; late reports and their reviews go on.
    scene.app.turn_to(next_year(1, 15));
    assert_eq!(scene.node(year.spring[1]).await["verdict"], json!("overdue"));
    let late = complete(&scene.secretaries[1], year.spring[1]).await;
    scene.accept(&late).await;
    assert_eq!(scene.node(year.spring[1]).await["verdict"], json!("done_late"));
    scene.accept(&year.pending_report).await;
    scene.accept(&year.early_report).await;
    assert_eq!(scene.node(year.early).await["state"], json!("accepted"));
}

#[actix_web::test]
async fn days_before_a_close_and_the_pinned_report_never_change() {
    let year = Year::lived().await;
    let scene = &year.scene;
    scene.app.turn_to(next_year(1, 10));
    year.draft_of_2021().await;
    let paths: Vec<_> = ["2020-03-31", "2020-06-30", "2020-12-31", "2021-01-09"]
        .iter()
        .flat_map(|on| {
            [
                format!("/reports/compliance?year=2020&as_of={on}&group_by=unit"),
                format!("/reports/compliance?year=2020&as_of={on}&group_by=key_point"),
                format!("/reports/explain?year=2020&as_of={on}&rate=year_progress"),
                format!("/time-nodes?plan_id={}&as_of={on}", year.plan),
            ]
        })
        .collect();
    let verdicts = |text: &str| -> Vec<Value> {
        let body: Value = serde_json::from_str(text).unwrap();
        body["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| json!([node["id"], node["verdict"], node["due_on"]]))
            .collect()
    };
    let mut before = vec![];
    for path in &paths {
        before.push(scene.department.get(path).await.text);
    }
    let closed = year.close().await;
    let of_today = format!("/reports/compliance?year=2020&unit_id={}&as_of=2021-01-10&group_by=unit", scene.committee);
    let pinned = scene.secretary().get(&year.path("year-report")).await;
    let mut as_it_read = scene.department.get(&of_today).await.body;
    as_it_read["adjustments"] = json!(null);
    assert_eq!(pinned.body, as_it_read, "as it read at the close, naming nothing");
    assert_eq!((&pinned.body["final"], &pinned.body["as_of"]), (&json!(false), &closed["year_report_as_of"]));
    assert_eq!((&pinned.body["total"]["owed"], &pinned.body["total"]["not_yet_owed"]), (&json!(4), &json!(2)));

    scene.accept(&year.pending_report).await;
    scene.app.turn_to(next_year(1, 15));
    scene.accept(&complete(&scene.secretaries[1], year.spring[1]).await).await;
    scene.admin.patch(&format!("/units/{}", scene.branches[0]), json!({"name": "Renamed"})).await.ok();
    assert_ne!(scene.department.get(&of_today).await.text, pinned.text, "the day went on after the close");
    let again = scene.secretary().get(&year.path("year-report")).await;
    assert_eq!((&again.text, again.etag()), (&pinned.text, pinned.etag()));
    for (path, before) in paths.iter().zip(&before) {
        let now = scene.department.get(path).await.text;
        if path.starts_with("/time-nodes") {
            assert_eq!(verdicts(&now), verdicts(before), "{path}");
        } else {
            assert_eq!(&now, before, "{path}");
        }
    }
}

#[actix_web::test]
async fn what_is_carried_over_is_found_from_both_its_ends() {
    let year = Year::lived().await;
    let scene = &year.scene;
    scene.app.turn_to(next_year(1, 10));
    let next = year.draft_of_2021().await;
    let closed = year.close().await;
    let task = closed["open"][0]["to_task_id"].as_i64().unwrap();
    assert_eq!(closed["open"][1]["to_task_id"], json!(task), "what several owe of one entry is one task");
    assert_eq!(closed["open"][2]["to_task_id"], Value::Null);

    // Forwards from the closed plan, backwards from the next.
    let row = |index: usize, to: Option<i64>, reason: Value| {
        let node = [year.spring[1], year.spring[2], year.pending][index];
        let unit = [scene.branches[1], scene.branches[2], scene.branches[0]][index];
        let old = if index < 2 { year.spring_task } else { closed["open"][2]["task_id"].as_i64().unwrap() };
        json!({"time_node_id": node, "plan_id": year.plan, "task_id": old, "unit_id": unit,
            "to_plan_id": to.map(|_| next), "to_task_id": to, "reason": reason})
    };
    let carried = [row(0, Some(task), Value::Null), row(1, Some(task), json!("to be made up"))];
    let left = row(2, None, json!("its review is under way"));
    let listed = |plan: i64| format!("/plans/{plan}/carry-overs");
    let all = scene.department.get(&listed(year.plan)).await.items();
    assert_eq!(all, [carried[0].clone(), carried[1].clone(), left.clone()]);
    assert_eq!(scene.department.get(&listed(next)).await.items(), carried);
    let page = scene.department.get(&format!("{}?limit=2", listed(year.plan))).await.ok();
    let rest = format!("{}?limit=2&cursor={}", listed(year.plan), page["next_cursor"].as_str().unwrap());
    assert_eq!(scene.department.get(&rest).await.items(), std::slice::from_ref(&left));
    assert_eq!(scene.secretary().get(&listed(year.plan)).await.items(), [left], "of one's own unit");
    let old = scene.department.get(&format!("/tasks/{}", year.spring_task)).await.ok();
    let made = scene.department.get(&format!("/tasks/{task}")).await.ok();
    assert_eq!(
        (&made["origin_task_id"], &made["title"], &made["plan_id"]),
        (&old["id"], &json!("Spring"), &json!(next))
    );

    // It names who still owes and waits for its date.
    let list = scene.department.get(&format!("/plans/{next}/task-list")).await.ok();
    assert_eq!(list["key_points"][0]["title"], json!("Spring"));
    let listed = &list["key_points"][0]["tasks"][0];
    let owing: Vec<_> = listed["responsibilities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|h| (h["unit_id"].clone(), h["part"].clone()))
        .collect();
    assert_eq!(owing, [1, 2].map(|n| (json!(scene.branches[n]), json!("responsible"))));
    assert_eq!(
        (&listed["schedule"][0]["unscheduled"], &listed["schedule"][0]["words"]),
        (&json!(true), &json!("结转"))
    );
    scene.department.delete(&format!("/tasks/{task}")).await.refused(409, "task_carried_over");
    let dated = json!({"entries": [{"due_on": "2021-03-31"}]});
    scene.department.put(&format!("/tasks/{task}/schedule"), dated).await.ok();
    scene.department.post(&format!("/plans/{next}/issue"), json!({})).await.ok();
    assert_eq!(scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items().len(), 2);
}

#[actix_web::test]
async fn what_a_removed_task_still_owes_is_carried_over_too() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "Spring", &scene.branches, json!([{"due_on": "2020-03-31"}])).await;
    scene.task(plan, "Other", &scene.branches, json!([{"due_on": "2020-04-30"}])).await;
    scene.issue(plan).await;
    let node = id(&scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items()[0]);
    scene.app.turn_to(day(4, 1));
    // The task goes, and the key point that it was alone in.
    let point = id(&scene.department.get(&format!("/plans/{plan}/key-points")).await.items()[0]);
    for path in [format!("/tasks/{task}"), format!("/key-points/{point}")] {
        let etag = scene.department.get(&path).await.etag();
        let path = format!("{path}?reason=dropped");
        let request = scene.department.request("DELETE", &path).header("if-match", etag);
        scene.department.send("DELETE", &path, request).await.is(204);
    }
    scene.app.turn_to(day(4, 2));
    let body = json!({"unit_id": scene.committee, "year": 2021, "title": "Plan of 2021"});
    let next = id(&scene.department.post("/plans", body).await.created());
    let body = json!({"reason": "merged", "open": [{"time_node_id": node, "carry_over": true}]});
    let closed = scene.department.post(&format!("/plans/{plan}/close"), body).await.ok();
    let list = scene.department.get(&format!("/plans/{next}/task-list")).await.ok();
    let point = &list["key_points"][0];
    assert_eq!((&point["title"], &point["tasks"][0]["title"]), (&json!("Spring"), &json!("Spring")));
    assert_eq!(point["tasks"][0]["id"], closed["open"][0]["to_task_id"]);
    assert_eq!(point["tasks"][0]["origin_task_id"], json!(task));
}

#[actix_web::test]
async fn a_waiver_withdrawn_after_the_close_brings_back_nothing_that_was_not_due() {
    let year = Year::lived().await;
    let scene = &year.scene;
    let waived = json!({"reason": "merged", "kind": "waived"});
    let waiver = scene.leader.post(&format!("/time-nodes/{}/waivers", year.later), waived).await.created();
    scene.app.turn_to(next_year(1, 10));
    year.draft_of_2021().await;
    year.close().await;
    assert_eq!(scene.node(year.later).await["excluded_reason"], json!("waived"));
    scene.leader.post(&format!("/waivers/{}/withdrawal", id(&waiver)), json!({"reason": "x"})).await.ok();
    assert_eq!(scene.node(year.later).await["excluded_reason"], json!("plan_closed"));
}

#[actix_web::test]
async fn a_recurrence_without_a_day_in_the_new_year_awaits_its_date() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let entries = json!([
        {"rrule": "FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20200630"},
        {"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"},
        {"rrule": "FREQ=MONTHLY;BYMONTHDAY=-1"},
    ]);
    scene.task(plan, "Task", &scene.branches, entries).await;
    let next = json!({"unit_id": scene.committee, "year": 2021, "title": "Plan of 2021", "from_plan_id": plan});
    let next = id(&scene.department.post("/plans", next).await.created());
    let list = scene.department.get(&format!("/plans/{next}/task-list")).await.ok();
    let entries = list["key_points"][0]["tasks"][0]["schedule"].as_array().unwrap().clone();
    let shown: Vec<_> = entries.iter().map(|entry| (&entry["unscheduled"], &entry["words"])).collect();
    assert_eq!(shown[0], (&json!(true), &json!("FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20200630")));
    assert_eq!(shown[1].0, &json!(true));
    assert_eq!(entries[2]["nodes"].as_array().unwrap().len(), 12);
}
