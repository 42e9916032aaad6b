//! Extensions, waivers, what is not applicable and cancellations are listed in every report that they touch.

use serde_json::{Value, json};

use crate::support::{Scene, day, id};

/// Kind, state and node of what is listed, with the mark of a late grant.
fn listed(adjustments: &Value) -> Vec<(String, String, i64, bool)> {
    let word = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    let all = adjustments.as_array().unwrap().iter();
    all.map(|one| {
        let late = one["granted_late"].as_bool().unwrap();
        (word(one, "kind"), word(one, "state"), one["node_id"].as_i64().unwrap(), late)
    })
    .collect()
}

/// Six nodes of the first branch: one extended in time, one late, one waived, one not applicable, one cancelled, and one
/// for which an extension is asked.
async fn adjusted(scene: &Scene) -> Vec<i64> {
    let due = [day(2, 10), day(2, 11), day(2, 12), day(2, 13), day(2, 14), day(2, 15)];
    let n = scene.issued_with(&due).await;
    let (department, leader) = (&scene.department, &scene.leader);
    let node = |n: i64, what: &str| format!("/time-nodes/{n}/{what}");
    let later = |reason: &str| json!({"due_on": "2020-03-05", "reason": reason});
    scene.app.turn_to(day(2, 10));
    department.post(&node(n[0], "extensions"), later("in time")).await.created();
    scene.app.turn_to(day(2, 20));
    department.post(&node(n[1], "extensions"), later("too late")).await.created();
    leader.post(&node(n[2], "waivers"), json!({"reason": "held together", "kind": "waived"})).await.created();
    leader.post(&node(n[3], "waivers"), json!({"reason": "none here", "kind": "not_applicable"})).await.created();
    leader.post(&node(n[4], "cancellations"), json!({"reason": "gone"})).await.created();
    scene.secretary().post(&node(n[5], "extensions"), later("asked")).await.created();
    n
}

#[actix_web::test]
async fn every_report_lists_what_was_extended_waived_not_applicable_cancelled_or_asked_for() {
    let scene = Scene::set(1, 5, 2).await;
    let n = adjusted(&scene).await;
    let (e, a) = ("extension", "approved");
    let all = [
        (e, a, n[0], false),
        (e, a, n[1], true),
        ("waived", a, n[2], false),
        ("not_applicable", a, n[3], false),
        ("cancelled", a, n[4], false),
        (e, "requested", n[5], false),
    ];
    let of = |nodes: &[i64]| -> Vec<(String, String, i64, bool)> {
        let chosen = all.iter().filter(|one| nodes.contains(&one.2));
        chosen.map(|(kind, state, node, late)| ((*kind).to_owned(), (*state).to_owned(), *node, *late)).collect()
    };
    let counts = json!({"of": 6, "extensions": 2, "granted_late": 1, "waived": 1, "not_applicable": 1, "cancelled": 1,
        "plan_closed": 0, "requested": 1});
    let report = scene.report("year=2020&group_by=unit").await;
    assert_eq!(report["total"]["adjustments"], counts);
    assert_eq!(listed(&report["adjustments"]["listed"]), of(&n));
    assert_eq!(report["adjustments"]["not_listed"], json!(0));
    let first = &report["adjustments"]["listed"][0];
    assert_eq!((&first["reason"], &first["due_on"]), (&json!("in time"), &json!("2020-03-05")));
    assert_eq!((&first["from_due_on"], &first["title"]), (&json!("2020-02-10"), &json!("Due 2020-02-10")));
    assert_eq!(first["decided_by"], json!(scene.department.account_id));
    assert_eq!(report["adjustments"]["listed"][2]["decided_by"], json!(scene.leader.account_id));
    // Each row counts its own.
    let rows = report["groups"].as_array().unwrap();
    let of_rows: Vec<_> = rows.iter().map(|row| row["adjustments"]["of"].as_i64().unwrap()).collect();
    assert_eq!(of_rows, [0, 0, 6, 0], "the committee, its department, its two branches");
    let months = scene.report("year=2020&group_by=month").await;
    let of_months: Vec<_> = months["groups"].as_array().unwrap().iter().map(|row| &row["adjustments"]["of"]).collect();
    assert_eq!(of_months, [4, 2], "an extended node belongs to the month of its day in force");
    // The other reports that they touch.
    let get = async |path: &str| scene.department.get(path).await.ok();
    let trend = get("/reports/trend?year=2020").await;
    let at = |month: usize| trend["months"][month]["adjustments"]["of"].clone();
    assert_eq!((at(0), at(1)), (json!(0), json!(6)));
    assert_eq!(listed(&get("/reports/path?year=2020").await["adjustments"]), of(&n));
    let list = get("/reports/adjustments?year=2020").await;
    assert_eq!((listed(&list["adjustments"]), &list["total"]), (of(&n), &counts));
    let explained = get("/reports/explain?year=2020&rate=year_progress").await;
    assert_eq!(listed(&explained["adjustments"]), of(&n));
    let explained = get("/reports/explain?year=2020&rate=completion").await;
    assert_eq!(listed(&explained["adjustments"]), of(&n[2..]), "what is due later is not in this rate");
    let urged = get("/reports/urge-list?as_of=2020-02-20").await;
    let urgent = urged["units"][0]["nodes"].as_array().unwrap();
    let of_urgent: Vec<_> = urgent.iter().flat_map(|node| listed(&node["adjustments"])).collect();
    assert_eq!(of_urgent, of(&n[5..]));
}

#[actix_web::test]
async fn a_past_day_lists_what_stood_then_and_restated_what_stands_now() {
    let scene = Scene::set(1, 5, 1).await;
    let n = adjusted(&scene).await;
    scene.app.turn_to(day(2, 22));
    let waivers = scene.department.get(&format!("/time-nodes/{}/waivers", n[2])).await.items();
    let path = format!("/waivers/{}/withdrawal", id(&waivers[0]));
    scene.leader.post(&path, json!({"reason": "held after all"})).await.ok();
    let asked = scene.department.get(&format!("/time-nodes/{}/extensions", n[5])).await.items();
    let refusal = json!({"verdict": "refused", "reason": "no"});
    scene.department.post(&format!("/extensions/{}/decision", id(&asked[0])), refusal).await.ok();
    scene.app.turn_to(day(2, 24));
    let on = async |as_of: &str, restated: bool| {
        let query = format!("/reports/adjustments?year=2020&as_of={as_of}&restated={restated}");
        let nodes = scene.department.get(&query).await.ok();
        listed(&nodes["adjustments"]).into_iter().map(|one| one.2).collect::<Vec<_>>()
    };
    assert_eq!(on("2020-02-09", false).await, [0; 0]);
    assert_eq!(on("2020-02-19", false).await, [n[0]]);
    assert_eq!(on("2020-02-21", false).await, n);
    assert_eq!(on("2020-02-22", false).await, [n[0], n[1], n[3], n[4]]);
    assert_eq!(on("2020-02-09", true).await, [n[0], n[1], n[3], n[4]]);
    let csv = scene.department.request("GET", "/reports/adjustments?year=2020&as_of=2020-02-21");
    let csv = scene.department.send("GET", "/reports/adjustments", csv.header("accept", "text/csv")).await;
    assert_eq!(csv.text.lines().count(), 7, "{}", csv.text);
    let csv = scene.department.request("GET", "/reports/compliance?year=2020&as_of=2020-02-21");
    let csv = scene.department.send("GET", "/reports/compliance", csv.header("accept", "text/csv")).await;
    let (head, total) = (csv.text.lines().next().unwrap(), csv.text.lines().nth(1).unwrap());
    assert!(head.ends_with("adjustments_cancelled,adjustments_plan_closed,adjustments_requested"), "{head}");
    assert!(total.ends_with(",6,2,1,1,1,1,0,1"), "{total}");
}

#[actix_web::test]
async fn counts_are_for_everybody_and_names_for_those_who_read_the_node() {
    let scene = Scene::set(1, 5, 2).await;
    let n = adjusted(&scene).await;
    let other = &scene.secretaries[1];
    let report = other.get("/reports/compliance?year=2020").await.ok();
    assert_eq!(report["total"]["adjustments"]["of"], json!(6));
    assert_eq!(report["adjustments"], json!({"listed": [], "not_listed": 6}));
    let own = scene.secretary().get("/reports/compliance?year=2020").await.ok();
    assert_eq!(listed(&own["adjustments"]["listed"]).len(), n.len());
    other.get("/reports/adjustments?year=2020").await.refused(403, "forbidden");
    let path = format!("/reports/adjustments?year=2020&unit_id={}", scene.branches[0]);
    other.get(&path).await.refused(403, "forbidden");
    scene.secretary().get(&path).await.ok();
    // What is pinned for readers of different reach counts and does not name.
    let body = json!({"kind": "circular", "unit_id": scene.committee, "period": "2020-02"});
    let made = scene.department.post("/bulletins", body).await.created();
    let figures = &made["figures"];
    assert_eq!((&figures["total"]["adjustments"]["of"], &figures["adjustments"]), (&json!(6), &Value::Null));
}

#[actix_web::test]
async fn what_a_revision_or_the_close_takes_out_is_listed_too() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "Goes", &scene.branches, json!([{"due_on": "2020-06-30"}])).await;
    let stays = scene.task(plan, "Stays", &scene.branches, json!([{"due_on": "2021-03-30"}])).await;
    scene.issue(plan).await;
    let node = async |task: i64| id(&scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items()[0]);
    let (gone, closed) = (node(task).await, node(stays).await);
    let etag = scene.department.get(&format!("/tasks/{task}")).await.etag();
    let path = format!("/tasks/{task}?reason=merged");
    scene
        .department
        .send("DELETE", &path, scene.department.request("DELETE", &path).header("if-match", etag))
        .await
        .is(204);
    scene.app.turn_to(day(12, 30));
    let close = json!({"reason": "the year is done", "open": []});
    scene.department.post(&format!("/plans/{plan}/close"), close).await.ok();
    let report = scene.report("year=2020").await;
    let found = listed(&report["adjustments"]["listed"]);
    let expected = [("cancelled", gone), ("plan_closed", closed)];
    let expected = expected.map(|(kind, node)| (kind.to_owned(), "approved".to_owned(), node, false));
    assert_eq!(found, expected);
    let one = &report["adjustments"]["listed"][0];
    assert_eq!((&one["id"], &one["reason"]), (&Value::Null, &Value::Null));
    assert_eq!(one["decided_by"], json!(scene.department.account_id));
    // The pinned report counts them and names nothing.
    let pinned = scene.department.get(&format!("/plans/{plan}/year-report")).await.ok();
    assert_eq!((&pinned["total"]["adjustments"]["of"], &pinned["adjustments"]), (&json!(2), &Value::Null));
}

#[actix_web::test]
async fn a_request_is_withdrawn_before_it_is_decided_and_another_may_follow() {
    let scene = Scene::set(1, 5, 2).await;
    let n = scene.issued_with(&[day(6, 30)]).await;
    let why = json!({"reason": "not needed any more"});
    let cases = [
        ("extensions", json!({"due_on": "2020-07-31", "reason": "later"})),
        ("waivers", json!({"reason": "held together", "kind": "waived"})),
        ("cancellations", json!({"reason": "gone"})),
    ];
    let (own, other) = (scene.secretary(), &scene.secretaries[1]);
    for (kind, body) in cases {
        let path = format!("/time-nodes/{}/{kind}", n[0]);
        let asked = id(&own.post(&path, body.clone()).await.created());
        let said = own.post(&path, body.clone()).await;
        assert!(said.text.contains(&format!("node {} “Due 2020-06-30”", n[0])), "{}", said.text);
        said.refused(409, "request_pending");
        let withdrawal = format!("/{kind}/{asked}/withdrawal");
        other.post(&withdrawal, why.clone()).await.refused(403, "forbidden");
        scene.leader.post(&withdrawal, why.clone()).await.refused(403, "forbidden");
        let withdrawn = own.post(&withdrawal, why.clone()).await.ok();
        assert_eq!((&withdrawn["state"], &withdrawn["withdrawal_reason"]), (&json!("withdrawn"), &why["reason"]));
        assert_eq!(withdrawn["decided_by"], Value::Null);
        let again = own.post(&withdrawal, why.clone()).await;
        again.refused(
            if kind == "waivers" { 403 } else { 409 },
            if kind == "waivers" { "forbidden" } else { "already_decided" },
        );
        scene
            .leader
            .post(&format!("/{kind}/{asked}/decision"), json!({"verdict": "approved"}))
            .await
            .refused(409, "already_decided");
        let node = scene.node(n[0]).await;
        assert_eq!((&node["state"], &node["due_on"]), (&json!("open"), &json!("2020-06-30")));
        // And asked for anew, and withdrawn again, so that the next kind finds nothing of it.
        let anew = id(&own.post(&path, body).await.created());
        own.post(&format!("/{kind}/{anew}/withdrawal"), why.clone()).await.ok();
    }
    let history = scene.department.get(&format!("/time-nodes/{}/history", n[0])).await.items();
    let withdrawn = history.iter().filter(|entry| entry["event"].as_str().unwrap().ends_with("_withdrawn")).count();
    assert_eq!(withdrawn, 6);
    let report = scene.report("year=2020").await;
    assert_eq!(report["total"]["adjustments"]["of"], json!(0));
}
