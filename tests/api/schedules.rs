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
