//! What a report counts and what it leaves out: years, units, days, the settings and the calendar of its day.

use serde_json::{Value, json};

use crate::reports::{ceiling, rate, read};
use crate::support::{Scene, day, id};

/// Plans of two years, each node and entry of the first owed by both branches; the second is the first branch's.
async fn two_years() -> Scene {
    let scene = Scene::set(1, 5, 2).await;
    let entries = |year: i64| json!([{"due_on": format!("{year}-03-31")}, {"unscheduled": true, "words": "待定"}]);
    let plan = scene.plan().await;
    scene.task(plan, "This year", &scene.branches, entries(2020)).await;
    scene.issue(plan).await;
    let next = json!({"unit_id": scene.committee, "year": 2021, "title": "Next"});
    let next = id(&scene.department.post("/plans", next).await.created());
    scene.task(next, "Next year", &scene.branches[..1], entries(2021)).await;
    scene.issue(next).await;
    for node in scene.department.get("/time-nodes").await.items() {
        let owing = scene.branches.iter().position(|branch| node["unit_id"] == json!(branch)).unwrap();
        let path = format!("/time-nodes/{}/progress-reports", id(&node));
        for kind in ["progress", "completion"] {
            let body = json!({"kind": kind, "text": "x"});
            scene.secretaries[owing].post(&path, body).await.created();
        }
    }
    scene
}

#[actix_web::test]
async fn a_report_counts_the_asked_year_and_the_asked_unit_alone() {
    let scene = two_years().await;
    let (one, two) = (scene.branches[0], scene.branches[1]);
    for (query, nodes, entries) in [
        ("year=2020".to_owned(), 2, 2),
        (format!("year=2020&unit_id={one}"), 1, 1),
        (format!("year=2020&unit_id={two}"), 1, 1),
        ("year=2021".to_owned(), 1, 1),
        (format!("year=2021&unit_id={two}"), 0, 0),
    ] {
        let ask = async |name: &str| read(&scene.leader, &format!("/reports/{name}?{query}")).await;
        assert_eq!(ask("compliance").await["total"]["not_yet_owed"], json!(nodes), "{query}");
        let reviews = ask("reviews").await;
        assert_eq!((&reviews["submitted"], &reviews["waiting"]), (&json!(nodes), &json!(nodes)), "{query}");
        assert_eq!(ask("path").await["rates"][0]["items"].as_array().unwrap().len(), nodes, "{query}");
        assert_eq!(ask("unscheduled").await["unscheduled"], json!(entries), "{query}");
    }
    let account = scene.app.account("nobody").await;
    let nobody = scene.app.sign_in("nobody", account).await;
    for name in ["trend", "path", "reviews", "unscheduled", "urge-list"] {
        nobody.get(&format!("/reports/{name}")).await.refused(403, "forbidden");
        let tomorrow = scene.leader.get(&format!("/reports/{name}?as_of=2020-01-06")).await;
        assert_eq!(tomorrow.refused(422, "future_day"), "as_of", "{name}");
        let today = read(&scene.leader, &format!("/reports/{name}?as_of=2020-01-05")).await;
        assert_eq!(today["final"], json!(false), "{name}");
        // A trend names nothing but counts.
        if name != "trend" {
            let path = format!("/reports/{name}?unit_id={two}");
            scene.secretary().get(&path).await.refused(403, "forbidden");
        }
    }
}

#[actix_web::test]
async fn the_working_days_of_a_review_are_those_recorded_by_the_day() {
    let scene = Scene::set(1, 20, 1).await;
    let n = scene.issued_with(&[day(3, 31), day(3, 31)]).await;
    scene.complete(n[0]).await;
    let waits = async |query: &str| {
        let report = read(&scene.leader, &format!("/reports/reviews{query}")).await;
        (report["waiting_late"].as_i64().unwrap(), report["calendar_loaded"].as_bool().unwrap())
    };
    // Five days from Monday to Friday end on 27 January; without the Spring Festival, on 4 February.
    scene.app.turn_to(day(1, 29));
    scene.complete(n[1]).await;
    assert_eq!(waits("").await, (1, false));
    let oldest = read(&scene.leader, "/reports/reviews").await["oldest_waiting"].clone();
    assert_eq!((&oldest["node_id"], &oldest["submitted_on"]), (&json!(n[0]), &json!("2020-01-20")));
    let days: Vec<_> = (24..=30).map(|day| json!({"day": format!("2020-01-{day}"), "kind": "holiday"})).collect();
    scene.admin.post("/calendars", json!({"year": 2020, "source": "x", "days": days})).await.created();
    assert_eq!((waits("").await, waits("?as_of=2020-01-28").await), ((0, true), (1, false)));
    scene.app.turn_to(day(1, 30));
    scene.admin.patch("/settings", json!({"review_working_days": 2})).await.ok();
    assert_eq!((waits("").await, waits("?as_of=2020-01-29").await), ((1, true), (0, true)));
}

#[actix_web::test]
async fn the_path_leads_to_the_target_of_the_plan_and_is_read_in_the_order_of_the_days() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    scene.department.patch(&format!("/plans/{plan}"), json!({"target_percent": 80})).await.ok();
    for date in (1..=5).rev() {
        let due = json!([{"due_on": day(3, date)}]);
        scene.task(plan, &format!("Due {date}"), &scene.branches, due).await;
    }
    scene.issue(plan).await;
    let at = async |date: u32| {
        scene.app.turn_to(day(3, date));
        let path = read(&scene.leader, "/reports/path").await;
        let titles = |list: &str| {
            let named = path["rates"][0][list].as_array().unwrap().iter();
            named.map(|item| item["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        (ceiling(&path), titles("items"), titles("lost"))
    };
    let (fours_fifths, open, lost) = at(2).await;
    assert_eq!(fours_fifths, (rate(4, 5, 80.0), Value::Null), "the target can still be reached");
    assert_eq!(
        (open, lost),
        (vec!["Due 2".into(), "Due 3".into(), "Due 4".into(), "Due 5".into()], vec!["Due 1".into()])
    );
    let (three_fifths, _, lost) = at(3).await;
    assert_eq!(three_fifths, (rate(3, 5, 60.0), json!("2020-03-03")));
    assert_eq!(lost, ["Due 1", "Due 2"]);
}

#[actix_web::test]
async fn a_past_path_knows_nothing_of_a_later_revocation() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "Twice", &scene.branches, json!([{"due_on": "2020-03-31", "times": 2}])).await;
    scene.issue(plan).await;
    let node = id(&scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items()[0]);
    scene.app.turn_to(day(3, 30));
    let first = scene.complete(node).await;
    scene.accept(&first).await;
    scene.app.turn_to(day(3, 31));
    let second = scene.complete(node).await;
    scene.app.turn_to(day(4, 2));
    scene.give_back(&second, "supplement").await;
    scene.app.turn_to(day(4, 3));
    let path = format!("/progress-reports/{}/revocation", id(&first));
    scene.department.post(&path, json!({"reason": "it was not so"})).await.ok();
    let open = async |query: &str| read(&scene.leader, &format!("/reports/path{query}")).await["rates"][0].clone();
    let then = open("?as_of=2020-04-02").await;
    assert_eq!((&then["items"][0]["last_day"], &then["lost"]), (&json!("2020-04-07"), &json!([])));
    assert_eq!(open("").await["lost"][0]["id"], json!(node));
}

#[actix_web::test]
async fn a_supplement_is_still_in_time_while_the_other_report_waits() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let twice = json!([{"due_on": "2020-03-31", "times": 2}]);
    for title in ["First returned", "Second returned"] {
        scene.task(plan, title, &scene.branches, twice.clone()).await;
    }
    scene.issue(plan).await;
    let nodes: Vec<_> = scene.department.get("/time-nodes").await.items().iter().map(id).collect();
    scene.app.turn_to(day(3, 30));
    let mut reports = vec![];
    for node in &nodes {
        reports.push([scene.complete(*node).await, scene.complete(*node).await]);
    }
    scene.app.turn_to(day(4, 2));
    scene.give_back(&reports[0][0], "supplement").await;
    scene.give_back(&reports[1][1], "supplement").await;
    let open = async || read(&scene.leader, "/reports/path").await["rates"][0]["items"].clone();
    let waiting = open().await;
    let shown: Vec<_> = waiting.as_array().unwrap().iter().map(|i| (id(i), i["last_day"].clone())).collect();
    assert_eq!(shown, [(nodes[0], json!("2020-04-07")), (nodes[1], json!("2020-04-07"))]);
    scene.accept(&reports[0][1]).await;
    scene.accept(&reports[1][0]).await;
    assert_eq!(open().await, waiting);
    for node in nodes {
        let again = scene.complete(node).await;
        scene.accept(&again).await;
        assert_eq!(scene.node(node).await["verdict"], json!("done_on_time"));
    }
}

#[actix_web::test]
async fn past_days_keep_what_had_no_date_and_who_owed_it() {
    let scene = Scene::set(1, 5, 2).await;
    let plan = scene.plan().await;
    let open = |words: &str| json!({"unscheduled": true, "words": words});
    let task = scene.task(plan, "Before", &scene.branches, json!([open("待定")])).await;
    let support = json!({"unit_id": scene.office, "part": "support"});
    scene.department.post(&format!("/tasks/{task}/responsibilities"), support).await.created();
    scene.issue(plan).await;
    scene.app.turn_to(day(1, 10));
    let yesterday = async || scene.department.get("/reports/unscheduled?as_of=2020-01-09").await.text;
    let said = async |query: &str| {
        let report = read(&scene.department, &format!("/reports/unscheduled{query}")).await;
        let titles: Vec<_> = report["entries"].as_array().unwrap().iter().map(|e| e["title"].clone()).collect();
        (report["unscheduled"].as_i64().unwrap(), titles)
    };
    let before = yesterday().await;
    assert_eq!(said("").await, (2, vec![json!("Before")]), "who supports owes nothing");
    scene.department.patch(&format!("/tasks/{task}"), json!({"title": "After", "reason": "wording"})).await.ok();
    let schedule = format!("/tasks/{task}/schedule");
    let entry = scene.department.get(&schedule).await.ok()["entries"][0]["id"].clone();
    let mut first = open("待定");
    first["id"] = entry.clone();
    let more = json!({"entries": [first, open("另行通知")], "reason": "one more"});
    scene.department.put(&schedule, more).await.ok();
    let held = scene.department.get(&format!("/tasks/{task}/responsibilities")).await.items();
    let held = held.iter().find(|held| held["unit_id"] == json!(scene.branches[1])).unwrap();
    let held = format!("/responsibilities/{}", id(held));
    let request = scene.department.request("DELETE", &format!("{held}?reason=merged"));
    let request = request.header("if-match", scene.department.get(&held).await.etag());
    scene.department.send("DELETE", &held, request).await.is(204);
    assert_eq!(said("").await, (2, vec![json!("After"), json!("After")]));
    assert_eq!(yesterday().await, before);

    scene.app.turn_to(day(1, 11));
    let dated = json!({"entries": [{"id": entry, "due_on": "2020-06-30"}], "reason": "dated"});
    scene.department.put(&schedule, dated).await.ok();
    assert_eq!((said("").await.0, said("?as_of=2020-01-10").await.0), (0, 2));
    assert_eq!(yesterday().await, before);
}

#[actix_web::test]
async fn the_urge_list_of_a_unit_is_that_of_its_place_and_name_on_the_day() {
    let scene = Scene::set(1, 5, 2).await;
    let plan = scene.plan().await;
    scene.task(plan, "Second", &scene.branches, json!([{"due_on": "2020-01-09"}])).await;
    scene.task(plan, "First", &scene.branches, json!([{"due_on": "2020-01-08"}])).await;
    scene.issue(plan).await;
    scene.app.turn_to(day(2, 10));
    let body = json!({"name": "General branch", "kind": "general_branch", "parent_id": scene.committee});
    let group = id(&scene.admin.post("/units", body).await.created());
    let moved = json!({"parent_id": group, "name": "Moved"});
    scene.admin.patch(&format!("/units/{}", scene.branches[0]), moved).await.ok();
    scene.app.turn_to(day(2, 11));
    let named = async |query: &str| {
        let list = read(&scene.leader, &format!("/reports/urge-list?{query}")).await;
        let titles = |unit: &Value| unit["nodes"].as_array().unwrap().iter().map(|n| n["title"].clone()).collect();
        let units = list["units"].as_array().unwrap().clone();
        let titles: Vec<Vec<Value>> = units.iter().map(titles).collect();
        assert!(titles.iter().all(|titles| *titles == ["First", "Second"]), "by due day: {titles:?}");
        units.iter().map(|unit| unit["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(named(&format!("unit_id={group}")).await, ["Moved"]);
    assert_eq!(named(&format!("unit_id={}", scene.branches[1])).await, ["Branch 2"]);
    assert!(named(&format!("unit_id={group}&as_of=2020-02-09")).await.is_empty(), "it did not stand yet");
    assert_eq!(named(&format!("unit_id={}&as_of=2020-02-09", scene.branches[0])).await, ["Branch 1"]);
    assert_eq!(named("as_of=2020-02-09").await, ["Branch 1", "Branch 2"]);
}
