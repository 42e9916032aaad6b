//! Receipts of plans: who signs, once, and who has not signed yet.

use duban::access::Role;
use serde_json::{Value, json};

use crate::support::{Scene, day, id};

fn rows(items: &[Value]) -> Vec<(i64, i64, bool)> {
    let row = |item: &Value| {
        (item["revision"].as_i64().unwrap(), item["unit_id"].as_i64().unwrap(), !item["signed_on"].is_null())
    };
    items.iter().map(row).collect()
}

#[actix_web::test]
async fn each_named_unit_signs_once_and_the_list_shows_who_has_not() {
    let scene = Scene::set(1, 5, 3).await;
    let plan = scene.plan().await;
    let (one, two) = (scene.branches[0], scene.branches[1]);
    let entries = json!([{"due_on": "2020-06-30"}]);
    scene.task(plan, "Task", &[one, two, scene.committee], entries.clone()).await;
    scene.task(plan, "Of the department", &[scene.office], entries).await;
    let path = format!("/plans/{plan}/receipts");
    assert!(scene.department.get(&path).await.items().is_empty(), "a draft is nothing to sign for");
    scene.department.post(&path, json!({})).await.refused(409, "not_to_sign_for");
    scene.secretary().post(&path, json!({})).await.refused(403, "forbidden");
    scene.issue(plan).await;

    let waiting = rows(&scene.department.get(&path).await.items());
    assert_eq!(waiting, [(0, scene.office, false), (0, one, false), (0, two, false)], "not the unit that issued it");
    let issuer = scene.app.person("issuer", Role::Secretary, Some(scene.committee)).await;
    issuer.post(&path, json!({})).await.refused(403, "forbidden");
    let stale = scene.secretary().request("POST", &path).header("if-match", "\"999\"");
    scene.secretary().send("POST", &path, stale).await.refused(412, "stale");
    let made = scene.secretary().post(&path, json!({})).await.created();
    assert_eq!((&made["unit_id"], &made["revision"]), (&json!(one), &json!(0)));
    assert_eq!((&made["account_id"], &made["signed_on"]), (&json!(scene.secretary().account_id), &json!("2020-01-05")));
    let deputy = scene.app.person("deputy", Role::DeputySecretary, Some(one)).await;
    deputy.post(&path, json!({})).await.refused(409, "receipt_exists");
    let cadre = scene.app.person("cadre", Role::Cadre, Some(two)).await;
    cadre.post(&path, json!({"revision": 0})).await.created();
    assert_eq!(cadre.post(&path, json!({"revision": 1})).await.refused(422, "revision_outside"), "/revision");
    assert_eq!(cadre.post(&path, json!({"revision": -1})).await.refused(422, "out_of_range"), "/revision");
    scene.department.post(&path, json!({})).await.created();
    let all = rows(&scene.secretary().get(&path).await.items());
    assert_eq!(all, [(0, scene.office, true), (0, one, true), (0, two, true)]);
    scene.secretary().get(&format!("{path}?revision=1")).await.refused(422, "revision_outside");
    let page = scene.secretary().get(&format!("{path}?revision=0&limit=2")).await.ok();
    let next = format!("{path}?revision=0&limit=2&cursor={}", page["next_cursor"].as_str().unwrap());
    let rest = scene.secretary().get(&next).await.items();
    assert_eq!((page["items"].as_array().unwrap().len(), rows(&rest)), (2, vec![(0, two, true)]));
    assert_eq!(scene.audited("plan.sign_receipt").await.len(), 3);
}

#[actix_web::test]
async fn a_revision_is_signed_for_again_and_who_is_named_no_more_signs_nothing() {
    let scene = Scene::set(1, 5, 3).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "Task", &scene.branches, json!([{"due_on": "2020-06-30"}])).await;
    scene.issue(plan).await;
    // The draft of next year names the department, which this plan does not.
    let next = json!({"unit_id": scene.committee, "year": 2021, "title": "Next"});
    let next = id(&scene.department.post("/plans", next).await.created());
    scene.task(next, "Next", &[scene.office], json!([{"due_on": "2021-06-30"}])).await;
    let path = format!("/plans/{plan}/receipts");
    scene.secretary().post(&path, json!({})).await.created();
    scene.app.turn_to(day(2, 1));
    let held = scene.department.get(&format!("/tasks/{task}/responsibilities")).await.items();
    let held = held.iter().find(|held| held["unit_id"] == json!(scene.branches[2])).unwrap();
    let held = format!("/responsibilities/{}", id(held));
    let request = scene.department.request("DELETE", &format!("{held}?reason=merged"));
    let request = request.header("if-match", scene.department.get(&held).await.etag());
    scene.department.send("DELETE", &held, request).await.is(204);

    scene.secretary().post(&path, json!({})).await.refused(409, "receipt_exists");
    scene.secretary().post(&path, json!({"revision": 1})).await.created();
    scene.secretaries[2].post(&path, json!({})).await.refused(403, "forbidden");
    assert_eq!(scene.secretaries[2].get("/inbox").await.ok()["counts"]["to_sign_for"], json!(0));
    let (one, two) = (scene.branches[0], scene.branches[1]);
    let shown = async || rows(&scene.department.get(&path).await.items());
    assert_eq!(shown().await, [(0, one, true), (0, two, false), (1, one, true), (1, two, false)]);
    let of_revision = scene.department.get(&format!("{path}?revision=1")).await.items();
    assert_eq!(rows(&of_revision), [(1, one, true), (1, two, false)]);
    scene.admin.post(&format!("/units/{two}/dissolve"), json!({"reason": "merged"})).await.ok();
    scene.app.turn_to(day(2, 2));
    assert_eq!(shown().await, [(0, one, true), (1, one, true)]);
}

#[actix_web::test]
async fn nobody_signs_for_a_unit_that_is_not_their_own_or_not_named() {
    let scene = Scene::set(1, 5, 3).await;
    let plan = scene.plan().await;
    let (one, two) = (scene.branches[0], scene.branches[1]);
    scene.task(plan, "Task", &[one, two], json!([{"due_on": "2020-06-30"}])).await;
    scene.issue(plan).await;
    let path = format!("/plans/{plan}/receipts");
    let inspector = scene.app.person("inspector", Role::Inspector, Some(one)).await;
    for who in [&scene.leader, &scene.department, &scene.admin, &scene.secretaries[2], &inspector] {
        who.post(&path, json!({})).await.refused(403, "forbidden");
    }
    scene.department.post(&path, json!({"unit_id": one})).await.refused(403, "forbidden");
    scene.secretary().post(&path, json!({"unit_id": two})).await.refused(403, "forbidden");
    assert_eq!(
        scene.department.post(&path, json!({"unit_id": scene.office})).await.refused(422, "unit_not_named"),
        "/unit_id"
    );
    scene.secretaries[2].get(&path).await.refused(403, "forbidden");

    // Somebody with posts at two named units says for which one.
    let both = scene.app.account("both").await;
    for unit in [one, two] {
        scene.app.appoint(both, Role::Secretary, Some(duban::units::UnitId(unit))).await;
    }
    let both = scene.app.sign_in("both", both).await;
    assert_eq!(both.post(&path, json!({})).await.refused(422, "unit_ambiguous"), "/unit_id");
    both.post(&path, json!({"unit_id": two})).await.created();
    assert_eq!(rows(&both.get(&path).await.items()), [(0, one, false), (0, two, true)]);
    assert_eq!(id(&both.get(&format!("/plans/{plan}")).await.ok()), plan);
}

#[actix_web::test]
async fn a_revision_is_signed_for_like_the_issue() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let one = scene.branches[0];
    scene.task(plan, "Task", &[one], json!([{"due_on": "2020-06-30"}])).await;
    scene.issue(plan).await;
    let path = format!("/plans/{plan}/receipts");
    scene.secretary().post(&path, json!({})).await.created();
    scene.app.turn_to(day(2, 1));
    scene.department.patch(&format!("/plans/{plan}"), json!({"title": "Revised", "reason": "wording"})).await.ok();
    assert_eq!(rows(&scene.department.get(&path).await.items()), [(0, one, true), (1, one, false)]);
    let made = scene.secretary().post(&path, json!({"revision": 1})).await.created();
    assert_eq!((&made["revision"], &made["signed_on"]), (&json!(1), &json!("2020-02-01")));
    scene.secretary().post(&path, json!({"revision": 1})).await.refused(409, "receipt_exists");
    assert_eq!(rows(&scene.department.get(&path).await.items()), [(0, one, true), (1, one, true)]);
}
