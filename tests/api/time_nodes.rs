//! Time nodes as they are listed, and what is asked and granted for them.

use serde_json::{Value, json};

use crate::support::{Scene, day, id};

fn ids(items: &[Value]) -> Vec<i64> {
    items.iter().map(id).collect()
}

#[actix_web::test]
async fn every_verdict_finds_its_nodes_and_they_partition_the_list() {
    let scene = Scene::set(1, 5, 1).await;
    let due = [day(2, 1), day(2, 20), day(2, 26), day(3, 31), day(2, 10), day(2, 11), day(2, 12), day(2, 13)];
    let n = scene.issued_with(&due).await;
    let plan = scene.node(n[0]).await["plan_id"].clone();
    scene.app.turn_to(day(2, 11));
    for node in [n[4], n[5]] {
        let report = scene.complete(node).await;
        scene.accept(&report).await;
    }
    scene.complete(n[6]).await;
    scene
        .leader
        .post(&format!("/time-nodes/{}/waivers", n[7]), json!({"reason": "x", "kind": "not_applicable"}))
        .await
        .created();
    scene.app.turn_to(day(2, 20));
    let expected = [
        ("overdue", vec![n[0]]),
        ("due", vec![n[1]]),
        ("due_soon", vec![n[2]]),
        ("not_due", vec![n[3]]),
        ("done_late", vec![n[4]]),
        ("done_on_time", vec![n[5]]),
        ("pending_review", vec![n[6]]),
        ("excluded", vec![n[7]]),
    ];
    for (verdict, nodes) in expected {
        let found = scene.department.get(&format!("/time-nodes?verdict={verdict}")).await.items();
        assert_eq!(ids(&found), nodes, "{verdict}");
        assert!(found.iter().all(|node| node["verdict"] == json!(verdict)));
    }
    let by_due = scene.department.get("/time-nodes").await.items();
    assert_eq!(ids(&by_due), [n[0], n[4], n[5], n[6], n[7], n[1], n[2], n[3]]);
    let some = scene
        .department
        .get(&format!("/time-nodes?plan_id={plan}&due_from=2020-02-11&due_to=2020-02-20"))
        .await
        .items();
    assert_eq!(ids(&some), [n[5], n[6], n[7], n[1]]);
    // Page by page it is the same list.
    let (mut cursor, mut paged) = (String::new(), vec![]);
    loop {
        let page = scene.department.get(&format!("/time-nodes?limit=3{cursor}")).await.ok();
        paged.extend(ids(page["items"].as_array().unwrap()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(paged, ids(&by_due));
    let then = scene.department.get("/time-nodes?as_of=2020-02-10&verdict=due_soon").await.items();
    assert_eq!(ids(&then), [n[5], n[6], n[7]]);
    assert!(scene.department.get("/time-nodes?as_of=2020-01-04").await.items().is_empty());
}

#[actix_web::test]
async fn the_etag_of_a_node_says_what_it_shows_and_if_match_its_version() {
    let scene = Scene::set(1, 5, 1).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let path = format!("/time-nodes/{}", nodes[0]);
    let etag = scene.department.get(&path).await.etag();
    assert!(etag.starts_with("\"1."), "{etag}");
    let again = scene.department.request("GET", &path).header("if-none-match", &etag);
    assert_eq!(scene.department.send("GET", &path, again).await.status, 304);
    // Another day, or the end of its unit, shows another answer though the version is the same.
    scene.app.turn_to(day(3, 31));
    let request = scene.department.request("GET", &path).header("if-none-match", &etag);
    assert_eq!(scene.department.send("GET", &path, request).await.status, 200, "another day, another answer");
    let report = |etag: &str| {
        let path = format!("{path}/progress-reports");
        scene
            .secretary()
            .request("POST", &path)
            .json(&json!({"kind": "progress", "text": "x"}))
            .header("if-match", etag)
    };
    let to = format!("{path}/progress-reports");
    scene.secretary().send("POST", &to, report("\"2\"")).await.refused(412, "stale");
    scene.secretary().send("POST", &to, report(&etag)).await.created();
    scene.secretary().send("POST", &to, report(&etag)).await.refused(412, "stale");
}

#[actix_web::test]
async fn an_extension_moves_the_clock_from_the_day_it_is_granted() {
    let scene = Scene::set(1, 5, 1).await;
    let n = scene.issued_with(&[day(1, 31), day(12, 1)]).await;
    scene.app.turn_to(day(2, 10));
    let path = format!("/time-nodes/{}/extensions", n[0]);
    let to = |due_on: &str| json!({"due_on": due_on, "reason": "later"});
    scene.secretary().post(&path, to("2020-01-31")).await.refused(422, "extension_not_later");
    scene.secretary().post(&path, to("2021-04-01")).await.refused(422, "due_outside_plan");
    let asked = scene.secretary().post(&path, to("2020-02-29")).await.created();
    assert_eq!((&asked["state"], &asked["from_due_on"]), (&json!("requested"), &json!("2020-01-31")));
    scene.app.turn_to(day(2, 12));
    let granted = scene
        .department
        .post(&format!("/extensions/{}/decision", id(&asked)), json!({"verdict": "approved"}))
        .await
        .ok();
    assert_eq!((&granted["granted_late"], &granted["decided_on"]), (&json!(true), &json!("2020-02-12")));
    let node = scene.node(n[0]).await;
    assert_eq!(
        (&node["verdict"], &node["due_on"], &node["original_due_on"]),
        (&json!("not_due"), &json!("2020-02-29"), &json!("2020-01-31"))
    );
    scene.app.turn_to(day(2, 13));
    let overdue = |report: Value| report["total"]["overdue"].as_i64().unwrap();
    assert_eq!(
        overdue(scene.report("year=2020&as_of=2020-02-11").await),
        1,
        "days before the approval keep their verdict"
    );
    assert_eq!(overdue(scene.report("year=2020&as_of=2020-02-12").await), 0);
    assert_eq!(overdue(scene.report("year=2020&as_of=2020-02-11&restated=true").await), 0);

    let report = scene.complete(n[1]).await;
    for (verb, body) in [
        ("extensions", to("2020-12-20")),
        ("waivers", json!({"reason": "x", "kind": "waived"})),
        ("cancellations", json!({"reason": "x"})),
    ] {
        scene.leader.post(&format!("/time-nodes/{}/{verb}", n[1]), body).await.refused(409, "node_not_open");
    }
    scene.accept(&report).await;
}

#[actix_web::test]
async fn a_waiver_excludes_until_it_is_withdrawn_and_a_cancellation_for_good() {
    let scene = Scene::set(1, 5, 1).await;
    let n = scene.issued_with(&[day(1, 31), day(1, 31)]).await;
    let waiver = scene
        .leader
        .post(&format!("/time-nodes/{}/waivers", n[0]), json!({"reason": "x", "kind": "waived"}))
        .await
        .created();
    let node = scene.node(n[0]).await;
    assert_eq!(
        (&node["state"], &node["verdict"], &node["light"]),
        (&json!("waived"), &json!("excluded"), &json!("grey"))
    );
    scene
        .secretary()
        .post(&format!("/time-nodes/{}/progress-reports", n[0]), json!({"kind": "completion", "text": "x"}))
        .await
        .refused(409, "node_excluded");
    scene.app.turn_to(day(2, 5));
    let withdrawal = format!("/waivers/{}/withdrawal", id(&waiver));
    scene.department.post(&withdrawal, json!({"reason": "x"})).await.refused(403, "forbidden");
    scene.leader.post(&withdrawal, json!({})).await.refused(422, "missing_field");
    scene.leader.post(&withdrawal, json!({"reason": "it applies"})).await.ok();
    scene.leader.post(&withdrawal, json!({"reason": "again"})).await.refused(409, "not_waived");
    assert_eq!(scene.node(n[0]).await["verdict"], json!("overdue"));
    let excluded = |report: Value| report["total"]["excluded"].as_i64().unwrap();
    assert_eq!(excluded(scene.report("year=2020&as_of=2020-02-04").await), 1);
    assert_eq!(
        excluded(scene.report("year=2020&as_of=2020-02-04&restated=true").await),
        0,
        "a withdrawn waiver holds nowhere"
    );

    let asked = scene
        .secretary()
        .post(&format!("/time-nodes/{}/cancellations", n[1]), json!({"reason": "gone"}))
        .await
        .created();
    assert_eq!(asked["state"], json!("requested"));
    let decided = scene
        .leader
        .post(&format!("/cancellations/{}/decision", id(&asked)), json!({"verdict": "approved"}))
        .await
        .ok();
    assert_eq!(decided["state"], json!("approved"));
    assert_eq!(scene.node(n[1]).await["state"], json!("cancelled"));
    scene
        .leader
        .post(&format!("/time-nodes/{}/waivers", n[1]), json!({"reason": "x", "kind": "waived"}))
        .await
        .refused(409, "node_excluded");
    for (list, count) in [("extensions", 0), ("waivers", 0), ("cancellations", 1)] {
        assert_eq!(scene.secretary().get(&format!("/time-nodes/{}/{list}", n[1])).await.items().len(), count);
    }
    scene.secretary().get(&format!("/cancellations/{}", id(&asked))).await.ok();
}

#[actix_web::test]
async fn a_node_is_in_one_of_seven_states() {
    let scene = Scene::set(1, 5, 1).await;
    let n = scene.issued_with(&[day(3, 31); 7]).await;
    scene.complete(n[1]).await;
    scene.give_back(&scene.complete(n[2]).await, "not_done").await;
    scene.accept(&scene.complete(n[3]).await).await;
    for (node, kind) in [(n[4], "waived"), (n[5], "not_applicable")] {
        let body = json!({"reason": "x", "kind": kind});
        scene.leader.post(&format!("/time-nodes/{node}/waivers"), body).await.created();
    }
    scene.leader.post(&format!("/time-nodes/{}/cancellations", n[6]), json!({"reason": "x"})).await.created();
    let states = ["open", "reported", "returned", "accepted", "waived", "not_applicable", "cancelled"];
    for (node, state) in n.iter().zip(states) {
        let node = scene.node(*node).await;
        assert_eq!((&node["state"], node["verdict"] == json!("excluded")), (&json!(state), node["light"] == "grey"));
    }
}

#[actix_web::test]
async fn what_was_returned_can_be_extended_and_a_day_outside_the_units_life_is_excluded() {
    let scene = Scene::set(1, 5, 1).await;
    let n = scene.issued_with(&[day(3, 31), day(3, 31)]).await;
    for node in &n {
        scene.give_back(&scene.complete(*node).await, "not_done").await;
    }
    let body = json!({"due_on": "2020-04-30", "reason": "later"});
    scene.department.post(&format!("/time-nodes/{}/extensions", n[0]), body).await.created();
    let node = scene.node(n[0]).await;
    assert_eq!((&node["state"], &node["late_after"]), (&json!("returned"), &json!("2020-04-30")));
    scene.app.turn_to(day(4, 29));
    let verdicts = async || [scene.node(n[0]).await["verdict"].clone(), scene.node(n[1]).await["verdict"].clone()];
    assert_eq!(verdicts().await, ["due_soon", "overdue"]);
    // The branch ends on the day before the approved one, and after the other.
    let body = json!({"reason": "merged"});
    scene.admin.post(&format!("/units/{}/dissolve", scene.branches[0]), body).await.ok();
    assert_eq!(verdicts().await, ["excluded", "overdue"]);
    assert_eq!(scene.node(n[0]).await["excluded_reason"], json!("outside_unit_life"));
}
