//! Settings: dated, changed by administrators, and what follows from each of them.

use duban::access::Role;
use serde_json::{Value, json};

use crate::support::{Scene, complete, day, id};

#[actix_web::test]
async fn settings_have_defaults_are_patched_and_are_read_back_by_day() {
    let scene = Scene::set(1, 5, 1).await;
    let admin = &scene.admin;
    let before = admin.get("/settings").await.ok();
    let expected = json!({"near_days": 7, "recurrence_grace_days": 5, "short_extension_days": 30, "backfill_days": 10,
        "review_working_days": 5, "term_alert_months": 6, "back_dated_days": 7, "secretary_signs": true,
        "public_bulletins": false, "recorded_from": null, "version": 0});
    assert_eq!(before, expected);
    scene.app.turn_to(day(2, 3));
    let unconditional = admin.request("PATCH", "/settings").json(&json!({"near_days": 3}));
    admin.send("PATCH", "/settings", unconditional).await.refused(428, "precondition_required");
    let etag = admin.get("/settings").await.etag();
    let patched = admin.patch_version("/settings", json!({"near_days": 3}), &etag).await.ok();
    assert_eq!((&patched["near_days"], &patched["recorded_from"]), (&json!(3), &json!("2020-02-03")));
    admin.patch_version("/settings", json!({"near_days": 4}), &etag).await.refused(412, "stale");
    // Again the same day: its end sees the last. Later: the day before keeps what it had.
    let again = admin.patch("/settings", json!({"backfill_days": 0, "secretary_signs": false})).await.ok();
    assert!(again["version"].as_i64() > patched["version"].as_i64());
    scene.app.turn_to(day(2, 4));
    admin.patch("/settings", json!({"near_days": 60})).await.ok();
    let on = async |query: &str| admin.get(&format!("/settings{query}")).await.ok();
    assert_eq!(on("?as_of=2020-02-02").await, before);
    assert_eq!(on("?as_of=2020-02-03").await, again);
    assert_eq!((&again["near_days"], &again["backfill_days"]), (&json!(3), &json!(0)));
    let now = on("").await;
    assert_eq!(
        (&now["near_days"], &now["backfill_days"], &now["secretary_signs"]),
        (&json!(60), &json!(0), &json!(false))
    );
    admin.get("/settings?as_of=2020-02-05").await.refused(422, "future_day");

    let auditor = scene.app.person("auditor", Role::Auditor, None).await;
    duban::worker::seal_all(&scene.app.app).await.unwrap();
    let entries = auditor.get("/audit-entries?subject=settings").await.items();
    assert_eq!(entries.len(), 3);
    assert_eq!(entries[0]["details"], json!({"near_days": 3}), "what was changed and nothing else");
}

#[actix_web::test]
async fn only_administrators_change_them_and_only_within_their_range() {
    let scene = Scene::set(1, 5, 1).await;
    for person in [&scene.department, &scene.leader, scene.secretary()] {
        person.get("/settings").await.ok();
        person.patch("/settings", json!({"near_days": 3})).await.refused(403, "forbidden");
    }
    let account = scene.app.account("nobody").await;
    scene.app.sign_in("nobody", account).await.get("/settings").await.refused(403, "forbidden");
    let cases = [
        ("near_days", json!(-1), "out_of_range"),
        ("near_days", json!(61), "out_of_range"),
        ("recurrence_grace_days", json!(-1), "out_of_range"),
        ("recurrence_grace_days", json!(61), "out_of_range"),
        ("short_extension_days", json!(-1), "out_of_range"),
        ("short_extension_days", json!(367), "out_of_range"),
        ("backfill_days", json!(-1), "out_of_range"),
        ("backfill_days", json!(367), "out_of_range"),
        ("review_working_days", json!(0), "out_of_range"),
        ("review_working_days", json!(61), "out_of_range"),
        ("term_alert_months", json!(-1), "out_of_range"),
        ("term_alert_months", json!(25), "out_of_range"),
        ("back_dated_days", json!(367), "out_of_range"),
        ("secretary_signs", json!("no"), "wrong_value"),
        ("near_days", json!(null), "wrong_value"),
        ("version", json!(7), "unknown_field"),
    ];
    for (field, value, code) in cases {
        let refused = scene.admin.patch("/settings", json!({field: value})).await.refused(422, code);
        assert_eq!(refused, format!("/{field}"), "{value}");
    }
    assert_eq!(scene.admin.get("/settings").await.ok()["version"], json!(0), "nothing was recorded");
}

#[actix_web::test]
async fn every_day_is_judged_by_the_near_days_it_had_and_final_reports_stay() {
    let scene = Scene::set(1, 5, 1).await;
    let node = scene.issued_with(&[day(3, 31)]).await[0];
    scene.app.turn_to(day(3, 20));
    assert_eq!(scene.node(node).await["verdict"], json!("not_due"));
    scene.app.turn_to(day(3, 22));
    let past = [
        "/reports/compliance?year=2020&as_of=2020-03-20&group_by=unit",
        "/reports/compliance?year=2020&as_of=2020-03-21&group_by=month",
        "/reports/explain?year=2020&as_of=2020-03-20&rate=completion",
        "/time-nodes?as_of=2020-03-20",
        "/time-nodes?as_of=2020-03-21&verdict=not_due",
    ];
    let read = async || {
        let mut bodies = vec![];
        for path in past {
            let answer = scene.department.get(path).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            bodies.push(answer.text);
        }
        bodies
    };
    let before = read().await;
    let now = async |query: &str| scene.department.get(&format!("/time-nodes{query}")).await.items();
    assert!(now("?verdict=due_soon").await.is_empty());
    scene.admin.patch("/settings", json!({"near_days": 20})).await.ok();
    assert_eq!(read().await, before, "what was said of past days stays, byte by byte");
    assert_eq!(scene.node(node).await["verdict"], json!("due_soon"));
    assert_eq!(now("?verdict=due_soon").await.len(), 1);
    assert!(now("?verdict=not_due").await.is_empty());
    assert_eq!(now("?as_of=2020-03-21&verdict=not_due").await.len(), 1);
    assert!(now("?as_of=2020-03-21&verdict=due_soon").await.is_empty());
    let light = async |query: &str| {
        let report = scene.report(&format!("year=2020&group_by=month&{query}")).await;
        report["groups"][0]["light"].as_str().unwrap().to_owned()
    };
    assert_eq!(light("as_of=2020-03-20").await, "green");
    assert_eq!(light("as_of=2020-03-22").await, "yellow");
    assert_eq!(light("as_of=2020-03-20&restated=true").await, "yellow", "restated, by the settings of today");
    // Made less again the next day: the 22nd stays as it was.
    scene.app.turn_to(day(3, 23));
    scene.admin.patch("/settings", json!({"near_days": 0})).await.ok();
    assert_eq!(scene.node(node).await["verdict"], json!("not_due"));
    assert_eq!(now("?as_of=2020-03-22&verdict=due_soon").await.len(), 1);
    assert_eq!(light("as_of=2020-03-22").await, "yellow");
    assert_eq!(read().await, before);
}

#[actix_web::test]
async fn the_settings_bound_short_extensions_and_the_time_of_the_backfilled() {
    let scene = Scene::set(3, 24, 1).await;
    scene.admin.patch("/settings", json!({"short_extension_days": 5, "backfill_days": 3})).await.ok();
    let plan = scene.plan().await;
    let made_up = scene.task(plan, "Made up", &scene.branches, json!([{"due_on": "2020-01-31"}])).await;
    let entries = json!([{"due_on": "2020-04-30"}, {"due_on": "2020-05-31"}]);
    let later = scene.task(plan, "Later", &scene.branches, entries).await;
    let path = format!("/plans/{plan}/issue");
    let dry = scene.department.post(&path, json!({"dry_run": true, "backfill": [made_up]})).await.ok();
    assert_eq!(dry["time_nodes"][0]["late_after"], json!("2020-03-27"));
    scene.department.post(&path, json!({"backfill": [made_up]})).await.ok();
    let nodes = async |task: i64| scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items();
    assert_eq!(nodes(made_up).await[0]["late_after"], json!("2020-03-27"));
    // A change afterwards leaves born nodes alone.
    scene.admin.patch("/settings", json!({"backfill_days": 30})).await.ok();
    assert_eq!(nodes(made_up).await[0]["late_after"], json!("2020-03-27"));
    let later = nodes(later).await;
    let extend = async |node: &Value, due_on: &str| {
        let body = json!({"due_on": due_on, "reason": "later"});
        scene.department.post(&format!("/time-nodes/{}/extensions", id(node)), body).await.created()["state"].clone()
    };
    assert_eq!(extend(&later[0], "2020-05-06").await, json!("requested"), "six days need a leader");
    assert_eq!(extend(&later[1], "2020-06-05").await, json!("approved"));
}

#[actix_web::test]
async fn a_cadre_signs_where_the_settings_let_it_and_only_for_the_own_unit() {
    let scene = Scene::set(1, 5, 2).await;
    let nodes = scene.issued_with(&[day(3, 31), day(6, 30)]).await;
    let cadre = scene.app.person("cadre", Role::Cadre, Some(scene.branches[0])).await;
    let other = scene.app.person("other-cadre", Role::Cadre, Some(scene.branches[1])).await;
    let path = |node: i64| format!("/time-nodes/{node}/progress-reports");
    let done = json!({"kind": "completion", "text": "done"});
    cadre.post(&path(nodes[0]), done.clone()).await.refused(403, "forbidden");
    scene.admin.patch("/settings", json!({"secretary_signs": false})).await.ok();
    other.post(&path(nodes[0]), done.clone()).await.refused(403, "forbidden");
    let report = complete(&cadre, nodes[0]).await;
    assert_eq!(report["on_behalf"], json!(false));
    complete(scene.secretary(), nodes[1]).await;
    scene.accept(&report).await;
    let additions = format!("/progress-reports/{}/additions", id(&report));
    other.post(&additions, json!({"text": "x"})).await.refused(403, "forbidden");
    let addition = cadre.post(&additions, json!({"text": "the minutes"})).await.created();
    scene.accept(&addition).await;
    // Back with the secretary: what a cadre signed stands, the next one is refused.
    scene.admin.patch("/settings", json!({"secretary_signs": true})).await.ok();
    assert_eq!(scene.node(nodes[0]).await["state"], json!("accepted"));
    cadre.post(&additions, json!({"text": "more"})).await.refused(403, "forbidden");
    scene.secretary().post(&additions, json!({"text": "more"})).await.created();
}

#[actix_web::test]
async fn a_plan_can_be_issued_when_a_cadre_may_sign_what_the_only_reviewer_reviews() {
    let app = crate::support::TestApp::start(1, 5).await;
    let admin = app.administrator().await;
    let committee = id(&admin.post("/units", json!({"name": "C", "kind": "committee"})).await.created());
    let body = json!({"name": "B", "kind": "branch", "parent_id": committee});
    let branch = id(&admin.post("/units", body).await.created());
    // One person is the branch's only secretary and the only post above it; the branch has a cadre.
    let only = app.person("only", Role::Secretary, Some(committee)).await;
    let body = json!({"account_id": only.account_id, "unit_id": branch, "role": "secretary", "from": "2020-01-01"});
    admin.post("/appointments", body).await.created();
    app.person("cadre", Role::Cadre, Some(branch)).await;
    let plan = id(&only.post("/plans", json!({"unit_id": committee, "year": 2020, "title": "P"})).await.created());
    let key_point = id(&only.post(&format!("/plans/{plan}/key-points"), json!({"title": "K"})).await.created());
    let task = id(&only.post(&format!("/key-points/{key_point}/tasks"), json!({"title": "T"})).await.created());
    let body = json!({"unit_id": branch, "part": "responsible"});
    only.post(&format!("/tasks/{task}/responsibilities"), body).await.created();
    only.put(&format!("/tasks/{task}/schedule"), json!({"entries": [{"due_on": "2020-06-30"}]})).await.ok();
    let issue = format!("/plans/{plan}/issue");
    only.post(&issue, json!({})).await.refused(422, "nobody_reviews");
    admin.patch("/settings", json!({"secretary_signs": false})).await.ok();
    only.post(&issue, json!({})).await.ok();
}
