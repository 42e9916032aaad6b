//! Many reports and many extensions in one call: each item for itself, or all or none.

use serde_json::{Value, json};

use crate::support::{Scene, day, id};

fn done(node: i64) -> Value {
    json!({"time_node_id": node, "kind": "completion", "text": "done"})
}

fn statuses(answer: &Value) -> Vec<i64> {
    answer["items"].as_array().unwrap().iter().map(|item| item["status"].as_i64().unwrap()).collect()
}

#[actix_web::test]
async fn each_report_of_a_batch_answers_for_itself_and_a_refused_one_leaves_nothing() {
    let scene = Scene::set(3, 10, 2).await;
    let n = scene.issued_with(&[day(3, 31), day(6, 30), day(9, 30)]).await;
    let items = json!([
        done(n[0]),
        {"time_node_id": n[1], "kind": "completion", "text": "held", "held_on": "2020-03-11"},
        done(n[0]),
        {"time_node_id": n[1], "kind": "progress", "text": "half", "percent": 101},
        {"time_node_id": 9999, "kind": "progress", "text": "of nothing"},
        {"time_node_id": n[1], "kind": "progress"},
        7,
        {"time_node_id": n[1], "kind": "progress", "text": "涉及机密"},
        {"time_node_id": n[2], "kind": "progress", "text": "half", "percent": 50},
    ]);
    let answer = scene.secretary().post("/progress-reports:batch", json!({"items": items})).await.ok();
    assert_eq!(statuses(&answer), [201, 422, 409, 422, 404, 422, 422, 422, 201]);
    assert_eq!((&answer["made"], &answer["refused"]), (&json!(2), &json!(7)));
    let problem = |index: usize| {
        let item = &answer["items"][index];
        assert_eq!((&item["index"], &item["report"]), (&json!(index), &json!(null)));
        let problem = &item["problem"];
        assert!(problem["detail"].as_str().is_some_and(|text| text.len() > 5));
        (problem["code"].as_str().unwrap(), problem["errors"][0]["pointer"].as_str().unwrap())
    };
    assert_eq!(problem(1), ("held_on_outside", "/items/1/held_on"));
    // The same node twice in one batch: the second meets the ordinary rule.
    assert_eq!(problem(2), ("completion_stands", "/items/2"));
    assert_eq!(problem(3), ("out_of_range", "/items/3/percent"));
    assert_eq!(problem(4), ("not_found", "/items/4"));
    assert_eq!(problem(5), ("missing_field", "/items/5/text"));
    assert_eq!(problem(6), ("wrong_value", "/items/6"));
    assert_eq!(problem(7), ("classified_marking", "/items/7/text"));
    let report = &answer["items"][0]["report"];
    assert_eq!(scene.secretary().get(&format!("/progress-reports/{}", id(report))).await.ok()["node_id"], json!(n[0]));
    let count =
        async |node: i64| scene.department.get(&format!("/time-nodes/{node}/progress-reports")).await.items().len();
    assert_eq!((count(n[0]).await, count(n[1]).await, count(n[2]).await), (1, 0, 1));
    let node = scene.node(n[1]).await;
    assert_eq!((&node["state"], &node["version"]), (&json!("open"), &json!(1)), "nothing is left behind");
    assert_eq!(scene.audited("progress_report.create").await.len(), 2);
}

#[actix_web::test]
async fn an_atomic_batch_is_refused_whole_and_names_every_wrong_item() {
    let scene = Scene::set(3, 10, 1).await;
    let n = scene.issued_with(&[day(3, 31), day(6, 30)]).await;
    let wrong = json!({"atomic": true, "items": [
        done(n[0]),
        {"time_node_id": n[1], "kind": "completion", "text": "held", "held_on": "2020-03-11"},
        done(n[0]),
    ]});
    let secretary = scene.secretary();
    let answer = secretary.post("/progress-reports:batch", wrong).await;
    let places: Vec<_> = answer.body["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
    assert_eq!(places, ["/items/1/held_on", "/items/2"]);
    assert_eq!(answer.body["errors"][1]["code"], json!("completion_stands"));
    assert!(answer.body["detail"].as_str().unwrap().starts_with("2 of 3 items"));
    answer.refused(422, "batch_refused");
    for node in &n {
        assert_eq!(scene.node(*node).await["version"], json!(1), "nothing is written");
    }
    let right = json!({"atomic": true, "items": [done(n[0]), done(n[1])]});
    let answer = secretary.post("/progress-reports:batch", right).await.ok();
    assert_eq!((statuses(&answer), &answer["made"]), (vec![201, 201], &json!(2)));
}

#[actix_web::test]
async fn a_batch_holds_one_to_500_items_and_knows_its_fields() {
    let scene = Scene::set(3, 10, 1).await;
    let n = scene.issued_with(&[day(3, 31)]).await;
    let progress = json!({"time_node_id": n[0], "kind": "progress", "text": "x"});
    let path = "/progress-reports:batch";
    for (body, code, at) in [
        (json!({"items": []}), "out_of_range", "/items"),
        (json!({"items": vec![progress.clone(); 501]}), "out_of_range", "/items"),
        (json!({}), "missing_field", "/items"),
        (json!({"items": [progress.clone()], "all": true}), "unknown_field", "/all"),
        (json!({"items": 7}), "wrong_value", "/items"),
    ] {
        assert_eq!(scene.secretary().post(path, body).await.refused(422, code), at);
    }
    let answer = scene.secretary().post(path, json!({"items": vec![progress; 500]})).await.ok();
    assert_eq!(answer["made"], json!(500));
    // The batch stands beside the reports and is none of them.
    scene.secretary().get(path).await.refused(405, "method_not_allowed");
    scene.secretary().get("/progress-reports/:batch").await.refused(404, "not_found");
}

#[actix_web::test]
async fn a_batch_with_a_key_happens_once() {
    let scene = Scene::set(3, 10, 1).await;
    let n = scene.issued_with(&[day(3, 31)]).await;
    let body = json!({"items": [done(n[0]), done(n[0])]});
    let first = scene.secretary().post_with_key("/progress-reports:batch", body.clone(), "batch-1").await.ok();
    assert_eq!(statuses(&first), [201, 409]);
    let again = scene.secretary().post_with_key("/progress-reports:batch", body, "batch-1").await.ok();
    assert_eq!(first, again);
    assert_eq!(scene.department.get(&format!("/time-nodes/{}/progress-reports", n[0])).await.items().len(), 1);
}

#[actix_web::test]
async fn a_node_out_of_reach_refuses_its_item_only() {
    let scene = Scene::set(3, 10, 2).await;
    let n = scene.issued_with(&[day(3, 31)]).await;
    let plan = json!({"unit_id": scene.branches[1], "year": 2020, "title": "Own"});
    let plan = id(&scene.department.post("/plans", plan).await.created());
    let task = scene.task(plan, "Own", &[scene.branches[1]], json!([{"due_on": "2020-03-31"}])).await;
    scene.issue(plan).await;
    let other = id(&scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items()[0]);
    let half = json!({"time_node_id": other, "kind": "progress", "text": "half"});
    let body = json!({"items": [half, done(other), done(n[0])]});
    let answer = scene.secretary().post("/progress-reports:batch", body.clone()).await.ok();
    assert_eq!(statuses(&answer), [403, 403, 201]);
    assert_eq!(answer["items"][0]["problem"]["code"], json!("forbidden"));
    // The department enters for both, which is marked.
    let answer = scene.department.post("/progress-reports:batch", body).await.ok();
    assert_eq!(statuses(&answer), [201, 201, 409]);
    assert_eq!(answer["items"][0]["report"]["on_behalf"], json!(true));
}

#[actix_web::test]
async fn extensions_are_asked_for_and_granted_in_a_batch() {
    let scene = Scene::set(3, 10, 1).await;
    let n = scene.issued_with(&[day(3, 31), day(4, 30), day(5, 31)]).await;
    let to = |node: i64, due_on: &str| json!({"time_node_id": node, "due_on": due_on, "reason": "later"});
    let items = json!([to(n[0], "2020-04-20"), to(n[0], "2020-04-21"), to(n[1], "2020-04-30"), to(n[1], "soon")]);
    let asked = scene.secretary().post("/extensions:batch", json!({"items": items})).await.ok();
    assert_eq!(statuses(&asked), [201, 409, 422, 422]);
    assert_eq!(asked["items"][0]["extension"]["state"], json!("requested"));
    assert_eq!(asked["items"][1]["problem"]["code"], json!("request_pending"));
    assert_eq!(asked["items"][2]["problem"]["errors"][0]["pointer"], json!("/items/2/due_on"));

    let items = json!([to(n[1], "2020-05-20"), to(n[2], "2020-05-31")]);
    let whole = json!({"atomic": true, "items": items});
    let at = scene.department.post("/extensions:batch", whole).await.refused(422, "batch_refused");
    assert_eq!(at, "/items/1/due_on");
    assert_eq!(scene.node(n[1]).await["due_on"], json!("2020-04-30"));
    let items = json!([to(n[1], "2020-05-20"), to(n[2], "2020-06-20")]);
    let granted = scene.department.post("/extensions:batch", json!({"atomic": true, "items": items})).await.ok();
    assert_eq!(granted["items"][0]["extension"]["state"], json!("approved"));
    assert_eq!(scene.node(n[1]).await["due_on"], json!("2020-05-20"));
    assert_eq!(scene.node(n[2]).await["due_on"], json!("2020-06-20"));
}

/// Two batches at once on the same nodes: of each node one is made, whichever it is, and nothing fails.
#[actix_web::test]
async fn batches_at_the_same_moment_make_each_report_once() {
    let scene = Scene::set(3, 10, 1).await;
    let n = scene.issued_with(&[day(3, 31), day(6, 30), day(9, 30)]).await;
    let body = json!({"items": n.iter().map(|node| done(*node)).collect::<Vec<_>>()});
    let secretary = scene.secretary();
    let calls = (0..4).map(|_| secretary.post("/progress-reports:batch", body.clone()));
    let answers = futures_util::future::join_all(calls).await;
    let made: i64 = answers.into_iter().map(|answer| answer.ok()["made"].as_i64().unwrap()).sum();
    assert_eq!(made, 3);
    for node in n {
        assert_eq!(scene.node(node).await["state"], json!("reported"));
        assert_eq!(scene.department.get(&format!("/time-nodes/{node}/progress-reports")).await.items().len(), 1);
    }
}
