//! Standard sets: drafted freely, published once, frozen by every route; compared, read, linked to tasks.

use duban::access::Role;
use serde_json::{Value, json};

use crate::support::{Scene, day, id};

/// A draft of the committee.
async fn draft(scene: &Scene, edition: &str) -> i64 {
    let body = json!({"unit_id": scene.committee, "title": "Branch standards", "edition": edition});
    id(&scene.department.post("/standard-sets", body).await.created())
}

async fn clause(scene: &Scene, set: i64, code: &str, more: Value) -> Value {
    let mut body = json!({"code": code, "category": "Organisation", "title": format!("Clause {code}"), "points": 2.5});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    scene.department.post(&format!("/standard-sets/{set}/clauses"), body).await.created()
}

async fn publish(scene: &Scene, set: i64) -> Value {
    scene.department.post(&format!("/standard-sets/{set}/publish"), json!({})).await.ok()
}

#[actix_web::test]
async fn a_set_is_drafted_freely_and_published_once() {
    let scene = Scene::set(1, 5, 1).await;
    let set = draft(&scene, "2020").await;
    let path = format!("/standard-sets/{set}");
    scene.department.post(&format!("{path}/publish"), json!({})).await.refused(409, "set_empty");
    let first = clause(&scene, set, "1.1", json!({"mandatory": true, "curable": false, "evidence_months": 12})).await;
    assert_eq!((&first["position"], &first["points"], &first["curable"]), (&json!(1), &json!(2.5), &json!(false)));
    let second = clause(&scene, set, "1.2", json!({"points": 0.1})).await;
    assert_eq!(
        (&second["position"], &second["mandatory"], &second["curable"]),
        (&json!(2), &json!(false), &json!(true))
    );
    let shown = scene.department.get(&path).await.ok();
    assert_eq!((&shown["clauses"], &shown["points"], &shown["version"]), (&json!(2), &json!(2.6), &json!(3)));

    let patch = json!({"points": 3, "evidence_months": null});
    let changed = scene.department.patch(&format!("/clauses/{}", id(&first)), patch).await.ok();
    assert_eq!(
        (&changed["points"], &changed["evidence_months"], &changed["version"]),
        (&json!(3.0), &json!(null), &json!(2))
    );
    scene.department.patch(&path, json!({"edition": "2020a"})).await.ok();
    scene.department.delete(&format!("/clauses/{}", id(&second))).await.is(204);
    assert_eq!(scene.department.get(&format!("{path}/clauses")).await.items().len(), 1);

    let published = publish(&scene, set).await;
    assert_eq!((&published["status"], &published["published_on"]), (&json!("published"), &json!("2020-01-05")));
    assert_eq!(published["published_by"], json!(scene.department.account_id));
    scene.department.post(&format!("{path}/publish"), json!({})).await.refused(409, "set_already_published");
    assert_eq!(scene.audited("standard_set.publish").await.len(), 1);
}

#[actix_web::test]
async fn a_published_set_is_frozen_by_every_route() {
    let scene = Scene::set(1, 5, 1).await;
    let set = draft(&scene, "2020").await;
    let file = scene.department.upload("procedure.pdf", b"%PDF-1.7 procedure").await.created();
    let one = id(&clause(&scene, set, "1.1", json!({"document_ids": [id(&file)]})).await);
    publish(&scene, set).await;
    let (path, clause_path) = (format!("/standard-sets/{set}"), format!("/clauses/{one}"));
    let state = async || {
        let set = scene.department.get(&path).await.text;
        (set, scene.department.get(&format!("{path}/clauses")).await.text)
    };
    let before = state().await;
    let department = &scene.department;
    let new = json!({"code": "9", "category": "x", "title": "x", "points": 1});
    department.patch(&path, json!({"title": "Another"})).await.refused(409, "set_published");
    department.delete(&path).await.refused(409, "set_published");
    department.post(&format!("{path}/clauses"), new).await.refused(409, "set_published");
    for patch in
        [json!({"title": "Another"}), json!({"points": 9}), json!({"document_ids": []}), json!({"position": 7})]
    {
        department.patch(&clause_path, patch).await.refused(409, "set_published");
    }
    department.delete(&clause_path).await.refused(409, "set_published");
    department.post(&format!("{path}/publish"), json!({})).await.refused(409, "set_already_published");
    assert_eq!(state().await, before, "what is refused changes nothing");
}

#[actix_web::test]
async fn a_draft_is_read_by_who_reads_the_plans_and_a_published_set_by_everybody() {
    let scene = Scene::set(1, 5, 1).await;
    let set = draft(&scene, "2020").await;
    let file = id(&scene.department.upload("procedure.pdf", b"%PDF-1.7 procedure").await.created());
    let one = id(&clause(&scene, set, "1.1", json!({"document_ids": [file]})).await);
    let secretary = scene.secretary();
    let paths = [
        format!("/standard-sets/{set}"),
        format!("/standard-sets/{set}/clauses"),
        format!("/standard-sets/{set}/diff/{set}"),
        format!("/clauses/{one}"),
        format!("/clauses/{one}/tasks"),
        format!("/attachments/{file}"),
        format!("/attachments/{file}/content"),
    ];
    for path in &paths {
        secretary.get(path).await.refused(403, "forbidden");
        assert_eq!(scene.leader.get(path).await.status, 200, "{path}");
    }
    assert!(secretary.get("/standard-sets").await.items().is_empty());
    let found = async || {
        let items = secretary.get("/search?q=standards").await.items();
        let clauses = secretary.get("/search?q=Organisation&kind=clause").await.items();
        items.iter().chain(&clauses).map(|found| found["kind"].clone()).collect::<Vec<_>>()
    };
    assert!(found().await.is_empty());
    publish(&scene, set).await;
    assert_eq!(found().await, [json!("standard_set"), json!("clause")]);
    for path in &paths {
        assert_eq!(secretary.get(path).await.status, 200, "{path}");
    }
    assert_eq!(secretary.get("/standard-sets").await.items().len(), 1);
    assert!(secretary.get("/standard-sets?status=draft").await.items().is_empty());
    // Who holds no post reads nothing.
    let account = scene.app.account("stranger").await;
    let stranger = scene.app.sign_in("stranger", account).await;
    for path in paths.iter().map(String::as_str).chain(["/standard-sets"]) {
        stranger.get(path).await.refused(403, "forbidden");
    }
}

#[actix_web::test]
async fn standards_are_written_by_the_department_and_the_units_secretary() {
    let scene = Scene::set(1, 5, 1).await;
    let body = |unit: i64, edition: &str| json!({"unit_id": unit, "title": "Standards", "edition": edition});
    let own = scene.app.person("committee-secretary", Role::Secretary, Some(scene.committee)).await;
    own.post("/standard-sets", body(scene.committee, "a")).await.created();
    for who in [&scene.leader, scene.secretary(), &scene.admin] {
        who.post("/standard-sets", body(scene.committee, "b")).await.refused(403, "forbidden");
        who.delete("/standard-sets/1").await.refused(403, "forbidden");
    }
    // A branch is not measured by what it sets itself.
    let branch = scene.branches[0];
    assert_eq!(
        scene.secretary().post("/standard-sets", body(branch, "a")).await.refused(422, "set_unit_kind"),
        "/unit_id"
    );
    scene.department.post("/standard-sets", body(999, "a")).await.refused(422, "unit_unknown");
    scene.department.post("/standard-sets", body(scene.committee, "a")).await.refused(409, "set_exists");
    let other = id(&scene.department.post("/standard-sets", body(scene.committee, "b")).await.created());
    scene
        .department
        .patch(&format!("/standard-sets/{other}"), json!({"edition": "a"}))
        .await
        .refused(409, "set_exists");
    scene.department.patch(&format!("/standard-sets/{other}"), json!({"edition": "b"})).await.ok();
}

#[actix_web::test]
async fn points_have_one_decimal_and_codes_and_places_are_unique() {
    let scene = Scene::set(1, 5, 1).await;
    let set = draft(&scene, "2020").await;
    let one = id(&clause(&scene, set, "1.1", json!({})).await);
    let two = id(&clause(&scene, set, "1.2", json!({})).await);
    let path = format!("/standard-sets/{set}/clauses");
    let with = |key: &str, value: Value| {
        let mut body = json!({"code": "2.1", "category": "x", "title": "x", "points": 1});
        body[key] = value;
        body
    };
    for points in [json!(2.55), json!(-1), json!(1000.1), json!("2")] {
        scene.department.post(&path, with("points", points)).await.refused(422, "wrong_value");
    }
    scene.department.post(&path, with("code", json!("1.1"))).await.refused(409, "clause_exists");
    scene.department.post(&path, with("position", json!(2))).await.refused(409, "clause_position_taken");
    scene.department.post(&path, with("evidence_months", json!(0))).await.refused(422, "out_of_range");
    scene.department.post(&path, with("document_ids", json!([77]))).await.refused(422, "attachment_unknown");
    let patch = async |id: i64, body: Value| scene.department.patch(&format!("/clauses/{id}"), body).await;
    patch(two, json!({"code": "1.1"})).await.refused(409, "clause_exists");
    patch(two, json!({"position": 1})).await.refused(409, "clause_position_taken");
    patch(two, json!({"evidence_months": 121})).await.refused(422, "out_of_range");
    patch(two, json!({"code": "1.2", "position": 2})).await.ok();
    scene
        .department
        .patch_version(&format!("/clauses/{one}"), json!({"title": "x"}), "\"9\"")
        .await
        .refused(412, "stale");
    let request = scene.department.request("DELETE", &format!("/clauses/{one}"));
    scene.department.send("DELETE", &format!("/clauses/{one}"), request).await.refused(428, "precondition_required");
    // The same key gives the same clause.
    let first = scene.department.post_with_key(&path, with("code", json!("3.1")), "clause-3.1").await;
    let again = scene.department.post_with_key(&path, with("code", json!("3.1")), "clause-3.1").await;
    assert_eq!((first.status, &first.text), (201, &again.text));
    assert_eq!(scene.department.get(&path).await.items().len(), 3);
}

#[actix_web::test]
async fn a_set_supersedes_another_and_the_two_are_compared() {
    let scene = Scene::set(1, 5, 1).await;
    let old = draft(&scene, "2019").await;
    let file = id(&scene.department.upload("procedure.pdf", b"%PDF-1.7 procedure").await.created());
    for (code, more) in [("1.1", json!({"document_ids": [file]})), ("1.2", json!({})), ("1.3", json!({}))] {
        clause(&scene, old, code, more).await;
    }
    let from = json!({"unit_id": scene.committee, "title": "Branch standards", "edition": "2020", "from_set_id": old});
    let department = &scene.department;
    assert_eq!(department.post("/standard-sets", from.clone()).await.refused(422, "from_set_unknown"), "/from_set_id");
    publish(&scene, old).await;
    let new = department.post("/standard-sets", from).await.created();
    assert_eq!((&new["from_set_id"], &new["clauses"], &new["status"]), (&json!(old), &json!(3), &json!("draft")));
    let path = format!("/standard-sets/{}", id(&new));
    let clauses = department.get(&format!("{path}/clauses")).await.items();
    assert_eq!(clauses[0]["documents"][0]["id"], json!(file));
    assert_eq!(department.get(&format!("/standard-sets/{old}/diff/{}", id(&new))).await.ok()["changed"], json!([]));

    department.patch(&format!("/clauses/{}", id(&clauses[1])), json!({"points": 4})).await.ok();
    department.delete(&format!("/clauses/{}", id(&clauses[2]))).await.is(204);
    clause(&scene, id(&new), "1.4", json!({})).await;
    let diff = department.get(&format!("/standard-sets/{old}/diff/{}", id(&new))).await.ok();
    let codes = |key: &str| diff[key].as_array().unwrap().iter().map(|c| c["code"].clone()).collect::<Vec<_>>();
    assert_eq!(
        (codes("added"), codes("changed"), codes("removed")),
        (vec![json!("1.4")], vec![json!("1.2")], vec![json!("1.3")])
    );
    let changed = &diff["changed"][0];
    assert_eq!((&changed["before"]["points"], &changed["after"]["points"]), (&json!(2.5), &json!(4.0)));
    assert_eq!(
        department.get(&format!("/standard-sets/{old}/clauses")).await.items().len(),
        3,
        "the old set is as it was"
    );
    department.delete(&path).await.is(204);
    department.get(&path).await.refused(404, "not_found");
}

#[actix_web::test]
async fn a_clause_is_linked_to_issued_tasks_also_after_publication() {
    let scene = Scene::set(1, 5, 1).await;
    let set = draft(&scene, "2020").await;
    let one = id(&clause(&scene, set, "1.1", json!({})).await);
    publish(&scene, set).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "Classes", &[scene.branches[0]], json!([{"due_on": "2020-03-31"}])).await;
    let path = format!("/clauses/{one}/tasks");
    let body = json!({"task_id": task});
    scene.department.post(&path, body.clone()).await.refused(409, "task_not_issued");
    scene.issue(plan).await;
    scene.secretary().post(&path, body.clone()).await.refused(403, "forbidden");
    scene.department.post(&path, json!({"task_id": 99})).await.refused(422, "task_unknown");
    let link = scene.department.post(&path, body.clone()).await.created();
    assert_eq!((&link["task_id"], &link["recorded_from"]), (&json!(task), &json!("2020-01-05")));
    scene.department.post(&path, body.clone()).await.refused(409, "clause_task_exists");

    scene.app.turn_to(day(4, 1));
    let one_link = format!("/clause-tasks/{}", id(&link));
    scene.secretary().delete(&one_link).await.refused(403, "forbidden");
    scene.department.delete(&one_link).await.is(204);
    assert_eq!(scene.department.get(&one_link).await.ok()["recorded_to"], json!("2020-04-01"));
    scene.department.delete(&one_link).await.refused(409, "clause_task_ended");
    // Linked again and unlinked on one day: no end of a day ever saw it.
    let again = scene.department.post(&path, body).await.created();
    scene.department.delete(&format!("/clause-tasks/{}", id(&again))).await.is(204);
    assert_eq!(scene.secretary().get(&path).await.items().len(), 1);
}
