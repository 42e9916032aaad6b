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
    scene.issue(plan).await;

    let waiting = rows(&scene.department.get(&path).await.items());
    assert_eq!(waiting, [(0, scene.office, false), (0, one, false), (0, two, false)], "not the unit that issued it");
    let made = scene.secretary().post(&path, json!({})).await.created();
    assert_eq!((&made["unit_id"], &made["revision"]), (&json!(one), &json!(0)));
    assert_eq!((&made["account_id"], &made["signed_on"]), (&json!(scene.secretary().account_id), &json!("2020-01-05")));
    let deputy = scene.app.person("deputy", Role::DeputySecretary, Some(one)).await;
    deputy.post(&path, json!({})).await.refused(409, "receipt_exists");
    let cadre = scene.app.person("cadre", Role::Cadre, Some(two)).await;
    cadre.post(&path, json!({"revision": 0})).await.created();
    assert_eq!(cadre.post(&path, json!({"revision": 1})).await.refused(422, "revision_outside"), "/revision");
    scene.department.post(&path, json!({})).await.created();
    let all = rows(&scene.secretary().get(&path).await.items());
    assert_eq!(all, [(0, scene.office, true), (0, one, true), (0, two, true)]);
    scene.secretary().get(&format!("{path}?revision=1")).await.refused(422, "revision_outside");
    assert_eq!(scene.secretary().get(&format!("{path}?revision=0&limit=2")).await.items().len(), 2);
}

#[actix_web::test]
async fn nobody_signs_for_a_unit_that_is_not_their_own_or_not_named() {
    let scene = Scene::set(1, 5, 3).await;
    let plan = scene.plan().await;
    let (one, two) = (scene.branches[0], scene.branches[1]);
    scene.task(plan, "Task", &[one, two], json!([{"due_on": "2020-06-30"}])).await;
    scene.issue(plan).await;
    let path = format!("/plans/{plan}/receipts");
    for who in [&scene.leader, &scene.department, &scene.admin, &scene.secretaries[2]] {
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
