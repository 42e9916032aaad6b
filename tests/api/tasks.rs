//! A task with its responsibilities and its schedule in one call: all of it or nothing, and after the issue one revision
//! that makes its time nodes.

use serde_json::{Value, json};

use crate::support::{Scene, day, id};

/// An issued plan with one task, and a key point to add to.
async fn issued(scene: &Scene) -> (i64, i64) {
    let plan = scene.plan().await;
    scene.task(plan, "First", &scene.branches, json!([{"due_on": "2020-06-30"}])).await;
    let key_point = scene.department.post(&format!("/plans/{plan}/key-points"), json!({"title": "Further"})).await;
    scene.issue(plan).await;
    scene.app.turn_to(day(3, 24));
    (plan, id(&key_point.created()))
}

fn whole(scene: &Scene) -> Value {
    json!({
        "title": "修订标准化作业程序",
        "reason": "推进会部署",
        "responsibilities": [
            {"unit_id": scene.branches[0], "part": "responsible", "person": "支部书记"},
            {"unit_id": scene.branches[1], "part": "responsible"},
            {"unit_id": scene.office, "part": "supervise"},
        ],
        "entries": [{"due_on": "2020-03-20"}, {"words": "每季度"}],
    })
}

#[actix_web::test]
async fn one_call_makes_a_task_with_all_that_belongs_to_it_and_after_issue_it_is_one_revision() {
    let scene = Scene::set(1, 5, 2).await;
    let (plan, key_point) = issued(&scene).await;
    let path = format!("/key-points/{key_point}/tasks");
    let task = scene.department.post(&path, whole(&scene)).await.created();
    assert_eq!((&task["code"], &task["origin"], &task["version"]), (&json!("2.1"), &json!(null), &json!(1)));
    let task = id(&task);
    assert_eq!(scene.department.get(&format!("/plans/{plan}")).await.ok()["revision"], json!(1));
    let held = scene.department.get(&format!("/tasks/{task}/responsibilities")).await.items();
    assert_eq!((held.len(), &held[0]["person"]), (3, &json!("支部书记")));
    let entries = scene.department.get(&format!("/tasks/{task}/schedule")).await.ok()["entries"].clone();
    assert_eq!((entries.as_array().unwrap().len(), entries[1]["nodes"].as_array().unwrap().len()), (2, 4));

    let nodes = scene.department.get(&format!("/time-nodes?task_id={task}")).await.items();
    assert_eq!(nodes.len(), 2 * 5, "for each branch the day and four quarters");
    let past = nodes.iter().filter(|node| node["due_on"] == json!("2020-03-20"));
    assert!(past.clone().all(|node| node["excluded_reason"] == json!("before_issue")) && past.count() == 2);
    let revision = &scene.department.get(&format!("/plans/{plan}/revisions")).await.items()[0];
    let mut born: Vec<i64> = nodes.iter().map(id).collect();
    born.sort();
    assert_eq!((&revision["number"], &revision["reason"]), (&json!(1), &json!("推进会部署")));
    assert_eq!(revision["time_nodes"]["created"], json!(born));
    let kinds: Vec<_> = revision["changes"].as_array().unwrap().iter().map(|change| &change["kind"]).collect();
    let expected = ["task", "responsibility", "responsibility", "responsibility", "schedule_entry", "schedule_entry"];
    assert_eq!(json!(kinds), json!(expected));
    for (number, tasks) in [(0, 1), (1, 2)] {
        let lists = scene.department.get(&format!("/plans/{plan}/revisions/{number}")).await.ok();
        assert_eq!(lists["tasks"].as_array().unwrap().len(), tasks, "read back at {number}");
    }
    assert_eq!(scene.audited("task.create").await.len(), 2, "one entry a call");
}

#[actix_web::test]
async fn the_same_call_on_a_draft_makes_the_nodes_at_the_issue() {
    let scene = Scene::set(1, 5, 2).await;
    let plan = scene.plan().await;
    let key_point = scene.department.post(&format!("/plans/{plan}/key-points"), json!({"title": "K"})).await.created();
    let mut body = whole(&scene);
    body.as_object_mut().unwrap().remove("reason");
    let path = format!("/key-points/{}/tasks", id(&key_point));
    scene.department.post_with_key(&path, body.clone(), "once").await.created();
    scene.department.post_with_key(&path, body, "once").await.created();
    assert_eq!(scene.department.get(&path).await.items().len(), 1, "a repeat has no second effect");
    assert_eq!(scene.issue(plan).await["time_nodes_created"], json!(10));
}

#[actix_web::test]
async fn what_is_wrong_in_any_part_refuses_the_whole_and_changes_nothing() {
    let scene = Scene::set(1, 5, 2).await;
    let (plan, key_point) = issued(&scene).await;
    let path = format!("/key-points/{key_point}/tasks");
    let before = scene.department.get(&format!("/plans/{plan}")).await.ok();
    let superior = json!({"name": "S", "kind": "superior"});
    let superior = id(&scene.admin.post("/units", superior).await.created());
    let part = |unit: i64, part: &str| json!({"unit_id": unit, "part": part});
    let first = part(scene.branches[0], "responsible");
    let refusals = [
        (
            "/responsibilities/1/unit_id",
            "unit_outside_plan",
            json!({"responsibilities": [first, part(superior, "lead")]}),
        ),
        ("/responsibilities/1/unit_id", "responsibility_exists", json!({"responsibilities": [first, first]})),
        ("/responsibilities/0/unit_id", "unit_unknown", json!({"responsibilities": [part(999, "lead")]})),
        (
            "/entries/1/due_on",
            "due_outside_plan",
            json!({"entries": [{"due_on": "2020-06-30"}, {"due_on": "2022-01-01"}]}),
        ),
        ("/entries/1/words", "deadline_unread", json!({"entries": [{"due_on": "2020-06-30"}, {"words": "过些时候"}]})),
        ("/entries/0", "entry_shape", json!({"entries": [{"due_on": "2020-06-30", "words": "每季度"}]})),
        ("/entries/0/id", "entry_unknown", json!({"entries": [{"id": 1, "due_on": "2020-06-30"}]})),
        ("/reason", "reason_required", json!({"reason": null})),
    ];
    for (pointer, code, wrong) in refusals {
        let mut body = whole(&scene);
        body.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        let status = if code == "responsibility_exists" { 409 } else { 422 };
        assert_eq!(scene.department.post(&path, body).await.refused(status, code), pointer, "{code}");
    }
    scene.secretary().post(&path, whole(&scene)).await.refused(403, "forbidden");
    assert!(scene.department.get(&path).await.items().is_empty());
    assert_eq!(scene.department.get(&format!("/plans/{plan}")).await.ok(), before);
    assert_eq!(scene.department.get("/time-nodes").await.items().len(), 2);
}
