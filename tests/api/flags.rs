//! What the department and the leaders are shown to look at: the same file for different tasks or branches, and
//! completions dated back by many days.

use duban::access::Role;
use serde_json::{Value, json};

use crate::support::{Persona, Scene, day, id};

/// A scene with two branches and so many tasks, each owed by both and due at the end of June; the nodes by task and branch.
async fn scene(tasks: usize) -> (Scene, Vec<Vec<i64>>) {
    let scene = Scene::set(1, 5, 2).await;
    let plan = scene.plan().await;
    let mut made = vec![];
    for number in 1..=tasks {
        let entries = json!([{"due_on": day(6, 30)}]);
        made.push(scene.task(plan, &format!("Task {number}"), &scene.branches, entries).await);
    }
    scene.issue(plan).await;
    let mut nodes = vec![];
    for task in made {
        let items = scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items();
        nodes.push(items.iter().map(id).collect());
    }
    (scene, nodes)
}

async fn file(who: &Persona, name: &str, bytes: &[u8]) -> i64 {
    id(&who.upload(name, &[b"%PDF-1.7 ", bytes].concat()).await.created())
}

async fn report(who: &Persona, node: i64, kind: &str, files: &[i64]) -> i64 {
    let body = json!({"kind": kind, "text": "see the file", "attachment_ids": files});
    id(&who.post(&format!("/time-nodes/{node}/progress-reports"), body).await.created())
}

async fn flags(scene: &Scene, query: &str) -> Value {
    scene.leader.get(&format!("/reports/flags?{query}")).await.ok()
}

/// The reports of each file that is flagged.
fn shared(flags: &Value) -> Vec<Vec<i64>> {
    let of = |same: &Value| {
        same["items"].as_array().unwrap().iter().map(|item| item["report_id"].as_i64().unwrap()).collect()
    };
    flags["same_evidence"].as_array().unwrap().iter().map(of).collect()
}

#[actix_web::test]
async fn the_same_file_for_different_tasks_or_branches_is_listed_with_every_report_that_names_it() {
    let (scene, n) = scene(3).await;
    let (first, second) = (&scene.secretaries[0], &scene.secretaries[1]);
    scene.app.turn_to(day(6, 1));
    // One file of one node, named twice: nothing to look at.
    let own = file(first, "own.pdf", b"own").await;
    report(first, n[0][0], "progress", &[own]).await;
    report(first, n[0][0], "completion", &[own]).await;
    assert_eq!(flags(&scene, "").await["same_evidence"], json!([]));

    scene.app.turn_to(day(6, 2));
    let tasks = file(first, "tasks.pdf", b"tasks").await;
    let on_second_task = report(first, n[1][0], "progress", &[tasks, own]).await;
    let on_third_task = report(first, n[2][0], "progress", &[tasks]).await;
    scene.app.turn_to(day(6, 3));
    // The bytes count, whatever they are called.
    let (here, there) = (file(first, "a.pdf", b"units").await, file(second, "b.pdf", b"units").await);
    let of_second = report(second, n[1][1], "completion", &[there]).await;
    let of_first = report(first, n[1][0], "completion", &[here]).await;

    let all = flags(&scene, "").await;
    let reports_of_own: Vec<i64> = {
        let items = scene.leader.get(&format!("/time-nodes/{}/progress-reports", n[0][0])).await.items();
        items.iter().map(id).collect()
    };
    let expected = [
        [reports_of_own, vec![on_second_task]].concat(),
        vec![on_second_task, on_third_task],
        vec![of_first, of_second],
    ];
    assert_eq!(shared(&all), expected, "each by the first report of the first unit that names it");
    let kinds: Vec<_> = all["same_evidence"]
        .as_array()
        .unwrap()
        .iter()
        .map(|same| (same["different_tasks"].as_bool().unwrap(), same["different_units"].as_bool().unwrap()))
        .collect();
    assert_eq!(kinds, [(true, false), (true, false), (false, true)]);
    let item = &all["same_evidence"][2]["items"][1];
    assert_eq!(
        (&item["unit"], &item["title"], &item["file_name"], &item["recorded_on"]),
        (&json!("Branch 2"), &json!("Task 2"), &json!("b.pdf"), &json!("2020-06-03"))
    );

    // Only what is in scope is compared, and each day shows what it saw.
    assert_eq!(shared(&flags(&scene, &format!("unit_id={}", scene.branches[0])).await).len(), 2);
    assert_eq!(shared(&flags(&scene, &format!("unit_id={}", scene.branches[1])).await).len(), 0);
    assert_eq!(shared(&flags(&scene, "as_of=2020-06-02").await).len(), 2);
    assert_eq!(shared(&flags(&scene, "as_of=2020-06-01").await).len(), 0);
    assert_eq!(shared(&flags(&scene, "year=2019").await).len(), 0);
    let then = scene.leader.get("/reports/flags?as_of=2020-06-02").await.text;
    scene.app.turn_to(day(6, 4));
    let body = json!({});
    first.post(&format!("/progress-reports/{on_third_task}/withdrawal"), body).await.ok();
    scene.admin.patch(&format!("/units/{}", scene.branches[0]), json!({"name": "Renamed"})).await.ok();
    assert_eq!(shared(&flags(&scene, "").await).len(), 2, "what was withdrawn is no evidence any more");
    assert_eq!(scene.leader.get("/reports/flags?as_of=2020-06-02").await.text, then);
}

#[actix_web::test]
async fn one_activity_that_was_ticked_against_several_nodes_is_no_flag() {
    let (scene, n) = scene(3).await;
    scene.app.turn_to(day(6, 1));
    let secretary = scene.secretary();
    let photo = file(secretary, "photo.pdf", b"photo").await;
    let body =
        json!({"unit_id": scene.branches[0], "kind": "theme_day", "title": "Theme day", "called_for": day(6, 1)});
    let meeting = format!("/meetings/{}", id(&secretary.post("/meetings", body).await.created()));
    let body = json!({"items": [{"person": "Secretary", "status": "present"}]});
    secretary.put(&format!("{meeting}/attendances"), body).await.ok();
    secretary.post(&format!("{meeting}/hold"), json!({})).await.ok();
    secretary.patch(&meeting, json!({"attachment_ids": [photo]})).await.ok();
    let ticks = json!({"time_node_ids": [n[0][0], n[1][0]]});
    let ticked = secretary.post(&format!("{meeting}/time-nodes"), ticks).await.created();
    let reports: Vec<i64> = ticked["reports"].as_array().unwrap().iter().map(id).collect();
    assert_eq!(flags(&scene, "").await["same_evidence"], json!([]));
    // The same photo for a task that the theme day was not ticked against.
    scene.app.turn_to(day(6, 2));
    let third = report(secretary, n[2][0], "completion", &[photo]).await;
    assert_eq!(shared(&flags(&scene, "").await), [[reports.clone(), vec![third]].concat()]);
    assert_eq!(flags(&scene, "as_of=2020-06-01").await["same_evidence"], json!([]));
    // What was ticked is taken back; another file by hand for both nodes did not come of the theme day.
    scene.app.turn_to(day(6, 3));
    for report in &reports {
        secretary.post(&format!("/progress-reports/{report}/withdrawal"), json!({})).await.ok();
    }
    let other = file(secretary, "other.pdf", b"other").await;
    let mut by_hand = vec![];
    for node in [n[0][0], n[1][0]] {
        by_hand.push(report(secretary, node, "completion", &[other]).await);
    }
    assert_eq!(shared(&flags(&scene, "").await), [by_hand]);
}

#[actix_web::test]
async fn a_file_of_last_years_plan_is_found_again_in_this_years() {
    let (scene, n) = scene(1).await;
    let body = json!({"unit_id": scene.committee, "year": 2019, "title": "Plan of 2019"});
    let last = id(&scene.department.post("/plans", body).await.created());
    scene.task(last, "Task of 2019", &scene.branches, json!([{"due_on": "2020-03-31"}])).await;
    scene.issue(last).await;
    let old =
        id(&scene.department.get(&format!("/time-nodes?plan_id={last}&unit_id={}", scene.branches[0])).await.items()
            [0]);
    let photo = file(scene.secretary(), "photo.pdf", b"photo").await;
    let first = report(scene.secretary(), old, "completion", &[photo]).await;
    assert_eq!(flags(&scene, "year=2019").await["same_evidence"], json!([]));
    let again = report(scene.secretary(), n[0][0], "progress", &[photo]).await;
    for year in [2019, 2020] {
        let all = flags(&scene, &format!("year={year}")).await;
        assert_eq!(shared(&all), [[first, again]], "{year}");
        let years: Vec<_> =
            all["same_evidence"][0]["items"].as_array().unwrap().iter().map(|one| &one["year"]).collect();
        assert_eq!(years, [&json!(2019), &json!(2020)]);
    }
}

#[actix_web::test]
async fn a_completion_dated_back_by_more_days_than_the_setting_is_listed() {
    let (scene, n) = scene(2).await;
    scene.app.turn_to(day(3, 20));
    let enter = async |node: i64, on: &str| {
        let body = json!({"kind": "completion", "text": "entered", "reported_on": on});
        id(&scene.department.post(&format!("/time-nodes/{node}/progress-reports"), body).await.created())
    };
    let by_eight = enter(n[0][1], "2020-03-12").await;
    enter(n[1][0], "2020-03-13").await;
    let by_ten = enter(n[0][0], "2020-03-10").await;
    let listed = |flags: &Value| {
        let all = flags["back_dated"].as_array().unwrap();
        all.iter().map(|one| (one["report_id"].as_i64().unwrap(), one["days"].as_i64().unwrap())).collect::<Vec<_>>()
    };
    let all = flags(&scene, "").await;
    assert_eq!(listed(&all), [(by_ten, 10), (by_eight, 8)], "units in their own order");
    assert_eq!((&all["back_dated_days"], &all["final"]), (&json!(7), &json!(false)));
    let one = &all["back_dated"][1];
    assert_eq!((&one["unit"], &one["on_behalf"]), (&json!("Branch 2"), &json!(true)));
    let csv = {
        let request = scene.leader.request("GET", "/reports/flags").header("accept", "text/csv");
        scene.leader.send("GET", "/reports/flags", request).await.text
    };
    let rows: Vec<_> = csv.lines().collect();
    assert!(rows[1].starts_with(&format!("2020-03-20,back_dated,{by_ten},{},", n[0][0])), "{csv}");
    assert!(rows.len() == 3 && rows[2].ends_with(",Branch 2,Task 1,2020-03-12,2020-03-20,8,,,2020"), "{csv}");

    // The setting holds from its day on.
    let then = scene.leader.get("/reports/flags?as_of=2020-03-20").await.body["back_dated"].clone();
    scene.app.turn_to(day(3, 21));
    scene.admin.patch("/settings", json!({"back_dated_days": 8})).await.ok();
    assert_eq!(listed(&flags(&scene, "").await), [(by_ten, 10)]);
    assert_eq!(flags(&scene, "as_of=2020-03-20").await["back_dated"], then);
}

#[actix_web::test]
async fn flags_are_for_the_department_and_the_leaders() {
    let (scene, _) = scene(1).await;
    let inspector = scene.app.person("inspector", Role::Inspector, Some(scene.committee)).await;
    let own = format!("/reports/flags?unit_id={}", scene.branches[0]);
    for (who, expected) in [
        (&scene.department, 200),
        (&scene.leader, 200),
        (scene.secretary(), 403),
        (&inspector, 403),
        (&scene.admin, 403),
    ] {
        assert_eq!(who.get(&own).await.status, expected, "{}", who.account_id);
        assert_eq!(who.get("/reports/flags").await.status, expected, "{}", who.account_id);
    }
}
