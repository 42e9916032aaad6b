//! Schedules: recurrences and dates become time nodes, once an entry, owing unit and period.

use serde_json::{Value, json};

use crate::support::{Scene, day, id};

/// Period and due day of the nodes that the one entry of a schedule makes.
fn made(schedule: &Value) -> Vec<(Option<&str>, &str)> {
    let nodes = schedule["entries"][0]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| (node["period"].as_str(), node["due_on"].as_str().unwrap())).collect()
}

async fn put(scene: &Scene, task: i64, entry: Value) -> Value {
    scene.department.put(&format!("/tasks/{task}/schedule"), json!({"entries": [entry]})).await.ok()
}

#[actix_web::test]
async fn a_recurrence_makes_a_node_a_period_and_shows_them_before_the_issue() {
    let scene = Scene::set(1, 5, 2).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "主题党日", &scene.branches, json!([])).await;
    let monthly = put(&scene, task, json!({"rrule": "FREQ=MONTHLY;BYMONTHDAY=-1"})).await;
    assert_eq!((made(&monthly).len(), made(&monthly)[1]), (12, (Some("2020-02"), "2020-02-29")));
    let entry = &monthly["entries"][0];
    assert_eq!((&entry["grace_days"], &entry["times"], &entry["due_on"]), (&json!(5), &json!(1), &json!(null)));
    let quarterly =
        put(&scene, task, json!({"rrule": "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1", "grace_days": 2})).await;
    assert_eq!(made(&quarterly)[3], (Some("2020-Q4"), "2020-12-31"));
    let issued = scene.issue(plan).await;
    assert_eq!(issued["time_nodes_created"], json!(8));
    let nodes = scene.department.get(&format!("/time-nodes?unit_id={}", scene.branches[0])).await.items();
    let first = &nodes[0];
    assert_eq!(
        (&first["period"], &first["due_on"], &first["late_after"], &first["title"]),
        (&json!("2020-Q1"), &json!("2020-03-31"), &json!("2020-04-02"), &json!("主题党日"))
    );
}

#[actix_web::test]
async fn what_is_no_recurrence_is_refused_and_an_entry_has_one_form() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "Task", &scene.branches, json!([])).await;
    for (entry, code) in [
        (json!({"rrule": "每月"}), "rrule_unread"),
        (json!({"rrule": "FREQ=HOURLY"}), "rrule_too_often"),
        (json!({"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31"}), "rrule_never"),
        (json!({"rrule": "FREQ=MONTHLY", "due_on": "2020-06-30"}), "entry_shape"),
        (json!({"words": "每季度", "due_on": "2020-06-30"}), "entry_shape"),
        (json!({"unscheduled": true, "rrule": "FREQ=MONTHLY"}), "entry_shape"),
    ] {
        let answer = scene.department.put(&format!("/tasks/{task}/schedule"), json!({"entries": [entry]})).await;
        answer.refused(422, code);
    }
}

#[actix_web::test]
async fn a_recurring_period_is_owed_only_by_a_unit_that_stood_when_it_began() {
    let scene = Scene::set(1, 5, 1).await;
    let new = json!({"name": "Young", "kind": "branch", "parent_id": scene.committee, "established_on": "2020-04-02"});
    let young = id(&scene.admin.post("/units", new).await.created());
    let plan = scene.plan().await;
    let quarterly = json!([{"rrule": "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1"}]);
    let task = scene.task(plan, "党课", &[young], quarterly).await;
    scene.issue(plan).await;
    let nodes = scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items();
    let periods: Vec<_> = nodes.iter().map(|node| node["period"].as_str().unwrap()).collect();
    assert_eq!(periods, ["2020-Q3", "2020-Q4"], "the second quarter had begun when it was established");
}

#[actix_web::test]
async fn periods_due_before_the_issue_are_excluded_one_by_one() {
    let scene = Scene::set(3, 24, 1).await;
    let plan = scene.plan().await;
    scene.task(plan, "支委会", &scene.branches, json!([{"rrule": "FREQ=MONTHLY;BYMONTHDAY=-1"}])).await;
    scene.issue(plan).await;
    let nodes = scene.department.get("/time-nodes?verdict=excluded").await.items();
    let periods: Vec<_> = nodes.iter().map(|node| node["period"].as_str().unwrap()).collect();
    assert_eq!(periods, ["2020-01", "2020-02"]);
    assert_eq!(day(3, 31).to_string(), scene.department.get("/time-nodes?verdict=due_soon").await.items()[0]["due_on"]);
}

/// What spoken words are refused with, in Chinese.
async fn refused_words(scene: &Scene, task: i64, words: &str, code: &str) -> String {
    let path = format!("/tasks/{task}/schedule");
    let body = json!({"entries": [{"words": words}]});
    let asked = scene.department.request("PUT", &path).json(&body).header("accept-language", "zh-CN");
    let answer = scene.department.send("PUT", &path, asked).await;
    let said = answer.body["errors"][0]["detail"].as_str().unwrap_or_default().to_owned();
    assert_eq!(answer.refused(422, code), "/entries/0/words");
    said
}

#[actix_web::test]
async fn spoken_words_make_nodes_of_their_periods_and_days() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "支委会", &scene.branches, json!([])).await;
    let quarterly = put(&scene, task, json!({"words": "每季度"})).await;
    assert_eq!(
        made(&quarterly),
        [
            (Some("2020-Q1"), "2020-03-31"),
            (Some("2020-Q2"), "2020-06-30"),
            (Some("2020-Q3"), "2020-09-30"),
            (Some("2020-Q4"), "2020-12-31")
        ]
    );
    let entry = &quarterly["entries"][0];
    assert_eq!((&entry["words"], &entry["grace_days"], &entry["times"]), (&json!("每季度"), &json!(5), &json!(1)));
    let after = put(&scene, task, json!({"words": "每月5日前报上月"})).await;
    assert_eq!((made(&after).len(), made(&after)[11]), (12, (Some("2020-12"), "2021-01-05")));
    let twice = put(&scene, task, json!({"words": "每月不少于2次"})).await;
    assert_eq!((&twice["entries"][0]["times"], made(&twice).len()), (&json!(2), 12));
    let waits = put(&scene, task, json!({"words": "按上级要求"})).await;
    assert_eq!((&waits["entries"][0]["unscheduled"], made(&waits).len()), (&json!(true), 0));
    let dated = put(&scene, task, json!({"words": "6月底前"})).await;
    assert_eq!((made(&dated), &dated["entries"][0]["grace_days"]), (vec![(None, "2020-06-30")], &json!(0)));
    assert!(refused_words(&scene, task, "3月初", "deadline_unread").await.contains("3月上旬"));

    scene.admin.patch("/settings", json!({"recurrence_grace_days": 9})).await.ok();
    let quarterly = put(&scene, task, json!({"words": "每季度"})).await;
    assert_eq!(quarterly["entries"][0]["grace_days"], json!(9));
    let dated = put(&scene, task, json!({"words": "6月底前"})).await;
    assert_eq!(dated["entries"][0]["grace_days"], json!(0));
}

#[actix_web::test]
async fn several_spoken_dates_are_several_nodes_of_a_unit() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "民主生活会", &scene.branches, json!([])).await;
    let both = put(&scene, task, json!({"words": "1月、7月"})).await;
    assert_eq!(made(&both), [(None, "2020-01-31"), (None, "2020-07-31")]);
    assert_eq!(scene.issue(plan).await["time_nodes_created"], json!(2));
    let nodes = scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items();
    let days: Vec<_> = nodes.iter().map(|node| (&node["period"], node["due_on"].as_str().unwrap())).collect();
    assert_eq!(days, [(&Value::Null, "2020-01-31"), (&Value::Null, "2020-07-31")]);
}

#[actix_web::test]
async fn a_festival_has_its_day_once_the_calendar_of_the_year_is_loaded() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "走访慰问", &scene.branches, json!([])).await;
    refused_words(&scene, task, "春节前", "deadline_festival_unknown").await;
    let days = json!([{"day": "2020-01-25", "kind": "festival", "name": "春节"}]);
    let calendar = json!({"year": 2020, "source": "国务院办公厅通知", "days": days});
    scene.admin.post("/calendars", calendar).await.created();
    let visits = put(&scene, task, json!({"words": "春节前"})).await;
    assert_eq!(made(&visits), [(None, "2020-01-24")]);
}

#[actix_web::test]
async fn words_and_recurrences_are_read_anew_in_a_plan_copied_to_another_year() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let entries = json!([{"words": "每季度"}, {"rrule": "FREQ=MONTHLY;BYMONTHDAY=-1"}, {"words": "2月底前"}]);
    scene.task(plan, "支委会", &scene.branches, entries).await;
    let new = json!({"unit_id": scene.committee, "year": 2021, "title": "Plan of 2021", "from_plan_id": plan});
    let copied = id(&scene.department.post("/plans", new).await.created());
    let list = scene.department.get(&format!("/plans/{copied}/task-list")).await.ok();
    let task = id(&list["key_points"][0]["tasks"][0]);
    let schedule = scene.department.get(&format!("/tasks/{task}/schedule")).await.ok();
    let of = |entry: usize, node: usize| {
        let node = &schedule["entries"][entry]["nodes"][node];
        (node["period"].as_str(), node["due_on"].as_str().unwrap())
    };
    assert_eq!((of(0, 0), of(0, 3)), ((Some("2021-Q1"), "2021-03-31"), (Some("2021-Q4"), "2021-12-31")));
    assert_eq!((of(1, 1), of(1, 11)), ((Some("2021-02"), "2021-02-28"), (Some("2021-12"), "2021-12-31")));
    assert_eq!(of(2, 0), (None, "2021-02-28"));
    assert_eq!(schedule["entries"][0]["words"], json!("每季度"));
}

#[actix_web::test]
async fn a_period_is_completed_from_its_first_day_on() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "党课", &scene.branches, json!([{"words": "每季度"}])).await;
    scene.issue(plan).await;
    let nodes = scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items();
    assert_eq!(nodes[1]["period"], json!("2020-Q2"));
    let path = format!("/time-nodes/{}/progress-reports", id(&nodes[1]));
    let report = |held_on: Value| json!({"kind": "completion", "text": "done", "held_on": held_on});
    scene.app.turn_to(day(3, 31));
    scene.secretary().post(&path, report(Value::Null)).await.refused(409, "period_not_begun");
    scene.secretary().post(&path, json!({"kind": "progress", "text": "prepared"})).await.created();
    scene.app.turn_to(day(4, 1));
    let early = scene.secretary().post(&path, report(json!("2020-03-31"))).await;
    assert_eq!(early.refused(422, "held_on_outside"), "/held_on");
    let done = scene.secretary().post(&path, report(json!("2020-04-01"))).await.created();
    scene.accept(&done).await;
    assert_eq!(scene.node(id(&nodes[1])).await["state"], json!("accepted"));
}
