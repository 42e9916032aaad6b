//! The tree of units and its past.

use serde_json::json;

use crate::support::{Scene, day, id};

#[actix_web::test]
async fn the_tree_of_a_past_day_is_as_it_was() {
    let scene = Scene::set(1, 5, 2).await;
    let group = json!({"name": "General branch", "kind": "general_branch", "parent_id": scene.committee});
    let group = id(&scene.admin.post("/units", group).await.created());
    scene.app.turn_to(day(2, 1));
    let moved = format!("/units/{}", scene.branches[0]);
    scene.admin.patch(&moved, json!({"parent_id": group, "name": "Moved"})).await.ok();
    scene.app.turn_to(day(3, 1));
    let top = |tree: serde_json::Value| {
        tree["items"][0]["units"]
            .as_array()
            .unwrap()
            .iter()
            .map(|unit| unit["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let then = scene.admin.get("/units/tree?as_of=2020-01-31").await.ok();
    assert_eq!(top(then), ["Party Mass Work Department", "Branch 1", "Branch 2", "General branch"]);
    let now = scene.admin.get("/units/tree").await.ok();
    assert_eq!(top(now), ["Party Mass Work Department", "Branch 2", "General branch"]);
    // What lies below moves with it, and so does who reads it.
    let below = json!({"name": "Group", "kind": "party_group", "parent_id": scene.branches[0]});
    let below = id(&scene.admin.post("/units", below).await.created());
    scene.admin.patch(&moved, json!({"parent_id": scene.committee})).await.ok();
    scene.admin.patch(&format!("/units/{below}"), json!({"name": "Still below"})).await.ok();
    let tree = scene.admin.get("/units/tree").await.ok();
    assert_eq!(tree["items"][0]["units"][1]["units"][0]["name"], json!("Still below"));
}

#[actix_web::test]
async fn a_merge_patch_keeps_clears_and_sets() {
    let scene = Scene::set(1, 5, 1).await;
    let path = format!("/units/{}", scene.branches[0]);
    scene.admin.patch(&path, json!({"code": "B1", "term_ends_on": "2022-06-30"})).await.ok();
    let after = scene.admin.patch(&path, json!({"code": null})).await.ok();
    assert_eq!(
        (&after["code"], &after["term_ends_on"], &after["version"]),
        (&json!(null), &json!("2022-06-30"), &json!(3))
    );
    scene.admin.patch(&path, json!({"parent_id": null})).await.refused(422, "parent_required");
}

#[actix_web::test]
async fn a_unit_is_dissolved_with_a_successor_or_a_reason() {
    let scene = Scene::set(1, 5, 2).await;
    let nodes = scene.issued_with(&[day(1, 31), day(6, 30)]).await;
    scene.app.turn_to(day(3, 1));
    let path = format!("/units/{}/dissolve", scene.branches[0]);
    scene.admin.post(&path, json!({})).await.refused(422, "dissolution_unexplained");
    scene.admin.post(&path, json!({"reason": "x", "dissolved_on": "2020-03-02"})).await.refused(422, "future_day");
    scene.admin.post(&path, json!({"successor_id": scene.branches[0]})).await.refused(409, "unit_cycle");
    scene
        .admin
        .post(&format!("/units/{}/dissolve", scene.committee), json!({"reason": "x"}))
        .await
        .refused(409, "unit_has_units");
    let gone = scene.admin.post(&path, json!({"successor_id": scene.branches[1]})).await.ok();
    assert_eq!(gone["dissolved_on"], json!("2020-03-01"));
    scene.admin.post(&path, json!({"reason": "again"})).await.refused(409, "unit_dissolved");
    scene
        .admin
        .patch(&format!("/units/{}", scene.branches[0]), json!({"name": "x"}))
        .await
        .refused(409, "unit_dissolved");
    // What was past due stays owed; what would have been due later is outside its life.
    assert_eq!(scene.node(nodes[0]).await["verdict"], json!("overdue"));
    let later = scene.node(nodes[1]).await;
    assert_eq!((&later["verdict"], &later["excluded_reason"]), (&json!("excluded"), &json!("outside_unit_life")));
}
