//! Plans and their lists, and what issuing makes of them.

use duban::access::Role;
use serde_json::json;

use crate::support::{Scene, TestApp, day, id};

#[actix_web::test]
async fn a_draft_is_edited_and_an_issued_plan_is_frozen() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    scene
        .department
        .post("/plans", json!({"unit_id": scene.committee, "year": 2020, "title": "Again"}))
        .await
        .refused(409, "plan_exists");
    let path = format!("/plans/{plan}");
    let after = scene.department.patch(&path, json!({"title": "Better", "document_no": "1号"})).await.ok();
    assert_eq!(
        (&after["title"], &after["document_no"], &after["closes_on"]),
        (&json!("Better"), &json!("1号"), &json!("2021-03-31"))
    );
    scene.department.patch(&path, json!({"closes_on": "2020-11-30"})).await.refused(422, "closes_on_outside");
    scene.department.patch(&path, json!({"target_on": "2019-12-31"})).await.refused(422, "target_on_outside");
    scene.department.patch(&path, json!({"target_percent": 101})).await.refused(422, "out_of_range");

    let key_point = scene.department.post(&format!("{path}/key-points"), json!({"title": "First"})).await.created();
    scene
        .department
        .post(&format!("{path}/key-points"), json!({"title": "Second", "position": 1}))
        .await
        .refused(409, "position_taken");
    let task = scene.task_in(id(&key_point), "Task", &[scene.branches[0]], json!([{"due_on": "2020-06-30"}])).await;
    scene.department.delete(&format!("/key-points/{}", id(&key_point))).await.refused(409, "key_point_not_empty");
    let again = json!({"unit_id": scene.branches[0], "part": "responsible"});
    scene
        .department
        .post(&format!("/tasks/{task}/responsibilities"), again)
        .await
        .refused(409, "responsibility_exists");
    let extra = scene.task_in(id(&key_point), "Extra", &[], json!([])).await;
    assert_eq!(scene.department.get(&format!("/tasks/{extra}")).await.ok()["code"], json!("1.2"));
    scene.department.delete(&format!("/tasks/{extra}")).await.is(204);
    scene.department.patch(&format!("/tasks/{task}"), json!({"title": "Renamed", "tags": ["双创"]})).await.ok();
    scene.department.patch(&format!("/key-points/{}", id(&key_point)), json!({"position": 3})).await.ok();
    assert_eq!(scene.department.get(&format!("/tasks/{task}")).await.ok()["code"], json!("3.1"));
    let held = scene.department.get(&format!("/tasks/{task}/responsibilities")).await.items();
    scene.secretary().get(&path).await.refused(403, "forbidden");

    scene.issue(plan).await;
    scene.secretary().get(&path).await.ok();
    assert_eq!(scene.secretary().get("/plans").await.items().len(), 1, "a unit reads the plans that name it");
    // Every change after the issue needs a reason.
    let late = || json!({"title": "Late"});
    scene.department.patch(&path, late()).await.refused(422, "reason_required");
    scene.department.patch(&format!("/tasks/{task}"), late()).await.refused(422, "reason_required");
    scene.department.delete(&format!("/responsibilities/{}", id(&held[0]))).await.refused(422, "reason_required");
    scene.department.post(&format!("{path}/key-points"), late()).await.refused(422, "reason_required");
}

#[actix_web::test]
async fn a_schedule_keeps_entries_by_id_and_drops_the_rest() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let task = scene
        .task(plan, "Task", &[scene.branches[0]], json!([{"due_on": "2020-03-31"}, {"due_on": "2020-06-30"}]))
        .await;
    let path = format!("/tasks/{task}/schedule");
    let first = scene.department.get(&path).await.ok()["entries"][0]["id"].clone();
    let put = scene
        .department
        .put(
            &path,
            json!({"entries": [{"due_on": "2020-09-30"}, {"id": first, "due_on": "2020-04-30", "grace_days": 5}]}),
        )
        .await
        .ok();
    assert_eq!((&put["entries"][1]["id"], &put["entries"][1]["due_on"]), (&first, &json!("2020-04-30")));
    assert_eq!(put["entries"].as_array().unwrap().len(), 2);
    let old = scene.department.request("PUT", &path).json(&json!({"entries": []})).header("if-match", "\"1\"");
    scene.department.send("PUT", &path, old).await.refused(412, "stale");
    let etag = scene.department.get(&path).await.etag();
    let same = json!({"entries": [{"due_on": "2020-09-30"}, {"id": first, "due_on": "2020-04-30", "grace_days": 5}]});
    let again = scene.department.request("PUT", &path).json(&same).header("if-match", &etag);
    let put = scene.department.send("PUT", &path, again).await.ok();
    for (entries, code) in [
        (json!([{"id": 999, "due_on": "2020-04-30"}]), "entry_unknown"),
        (json!([{"id": first, "due_on": "2020-04-30"}, {"id": first, "due_on": "2020-05-30"}]), "entry_unknown"),
        (json!([{"unscheduled": true, "due_on": "2020-04-30", "words": "x"}]), "entry_shape"),
        (json!([{"unscheduled": true}]), "entry_shape"),
        (json!([{}]), "entry_shape"),
        (json!([{"due_on": "2020-04-30", "grace_days": 61}]), "out_of_range"),
        (json!([{"due_on": "2020-04-30", "times": 0}]), "out_of_range"),
    ] {
        scene.department.put(&path, json!({"entries": entries})).await.refused(422, code);
    }
    assert_eq!(scene.department.get(&path).await.ok(), put, "a refusal changes nothing");
}

#[actix_web::test]
async fn an_issue_that_nobody_owes_or_nobody_could_review_is_refused() {
    let app = TestApp::start(1, 5).await;
    let admin = app.administrator().await;
    let committee = id(&admin.post("/units", json!({"name": "C", "kind": "committee"})).await.created());
    let branch =
        id(&admin.post("/units", json!({"name": "B", "kind": "branch", "parent_id": committee})).await.created());
    let secretary = app.person("secretary", Role::Secretary, Some(committee)).await;
    let plan = id(&secretary.post("/plans", json!({"unit_id": committee, "year": 2020, "title": "P"})).await.created());
    let issue = format!("/plans/{plan}/issue");
    secretary.post(&issue, json!({})).await.refused(422, "nothing_to_issue");
    let key_point = id(&secretary.post(&format!("/plans/{plan}/key-points"), json!({"title": "K"})).await.created());
    let task = id(&secretary.post(&format!("/key-points/{key_point}/tasks"), json!({"title": "T"})).await.created());
    let refused = secretary.post(&issue, json!({"dry_run": true})).await;
    let codes: Vec<_> =
        refused.body["errors"].as_array().unwrap().iter().map(|fault| fault["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["nobody_owes", "not_scheduled"]);
    refused.refused(422, "invalid");
    secretary.put(&format!("/tasks/{task}/schedule"), json!({"entries": [{"due_on": "2020-06-30"}]})).await.ok();
    secretary.post(&issue, json!({})).await.refused(422, "nobody_owes");
    // Support and supervision owe nothing; without a responsible unit the lead owes.
    for (part, unit) in [("support", branch), ("supervise", committee)] {
        secretary
            .post(&format!("/tasks/{task}/responsibilities"), json!({"unit_id": unit, "part": part}))
            .await
            .created();
    }
    secretary.post(&issue, json!({})).await.refused(422, "nobody_owes");
    secretary
        .post(&format!("/tasks/{task}/responsibilities"), json!({"unit_id": committee, "part": "lead"}))
        .await
        .created();
    secretary.post(&issue, json!({})).await.refused(422, "nobody_reviews");
    app.person("leader", Role::Leader, Some(committee)).await;
    let dry = secretary.post(&issue, json!({"dry_run": true})).await.ok();
    assert_eq!(dry["time_nodes"][0]["unit_id"], json!(committee));
    secretary.post(&issue, json!({"backfill": [999]})).await.refused(422, "backfill_unknown");
    secretary.post(&issue, json!({"issued_on": "2020-01-06"})).await.refused(422, "future_day");
    secretary.post(&issue, json!({"issued_on": "2020-01-04"})).await.refused(403, "forbidden");
    secretary.post(&issue, json!({})).await.ok();
}

#[actix_web::test]
async fn nodes_due_before_the_issue_are_excluded_or_backfilled() {
    let scene = Scene::set(3, 24, 1).await;
    let plan = scene.plan().await;
    let entries = json!([{"due_on": "2020-01-31"}, {"due_on": "2020-03-24"}]);
    let plain = scene.task(plan, "Plain", &scene.branches, entries.clone()).await;
    let made_up = scene.task(plan, "Made up", &scene.branches, entries).await;
    let issue = json!({"issued_on": "2020-03-20", "backfill": [made_up]});
    let issued = scene.department.post(&format!("/plans/{plan}/issue"), issue).await.ok();
    assert_eq!((&issued["issued_on"], &issued["time_nodes_created"]), (&json!("2020-03-20"), &json!(4)));
    let nodes = async |task: i64| scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items();
    let before = &nodes(plain).await[0];
    assert_eq!(
        (&before["verdict"], &before["excluded_reason"], &before["state"]),
        (&json!("excluded"), &json!("before_issue"), &json!("open"))
    );
    scene
        .secretary()
        .post(&format!("/time-nodes/{}/progress-reports", id(before)), json!({"kind": "completion", "text": "x"}))
        .await
        .refused(409, "node_excluded");
    let backfilled = &nodes(made_up).await[0];
    assert_eq!((&backfilled["verdict"], &backfilled["late_after"]), (&json!("due"), &json!("2020-03-30")));
    assert_eq!(nodes(plain).await[1]["verdict"], json!("due"));
    // Recorded on the 24th: the report of the 23rd knows nothing of it, the restated one does.
    let then = scene.report("year=2020&as_of=2020-03-23").await;
    assert_eq!((&then["total"]["owed"], &then["target"]), (&json!(0), &json!(null)));
    let restated = scene.report("year=2020&as_of=2020-03-23&restated=true").await;
    assert_eq!((&restated["total"]["owed"], &restated["total"]["excluded"]), (&json!(1), &json!(1)));
    assert_eq!(scene.report("year=2020&as_of=2020-03-19&restated=true").await["total"]["owed"], json!(0));
}

#[actix_web::test]
async fn a_unit_owes_a_dated_entry_if_it_lives_on_its_due_day() {
    let scene = Scene::set(1, 5, 1).await;
    let new = json!({"name": "Young", "kind": "branch", "parent_id": scene.committee, "established_on": "2020-05-01"});
    let young = id(&scene.admin.post("/units", new).await.created());
    let plan = scene.plan().await;
    let task = scene.task(plan, "Task", &[young], json!([{"due_on": "2020-04-30"}, {"due_on": "2020-05-01"}])).await;
    scene.issue(plan).await;
    let nodes = scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items();
    assert_eq!(nodes.iter().map(|node| node["due_on"].clone()).collect::<Vec<_>>(), [json!("2020-05-01")]);
    scene.app.turn_to(day(5, 2));
    assert_eq!(scene.report("year=2020&group_by=unit").await["total"]["overdue"], json!(1));
}

#[actix_web::test]
async fn a_plan_makes_only_its_own_unit_and_those_below_owe() {
    let scene = Scene::set(1, 5, 2).await;
    let own = json!({"unit_id": scene.branches[0], "year": 2020, "title": "Own plan"});
    let plan = id(&scene.secretary().post("/plans", own).await.created());
    let key_point = json!({"title": "K"});
    let key_point = scene.secretary().post(&format!("/plans/{plan}/key-points"), key_point).await.created();
    let task = json!({"title": "T"});
    let task = scene.secretary().post(&format!("/key-points/{}/tasks", id(&key_point)), task).await.created();
    let path = format!("/tasks/{}/responsibilities", id(&task));
    for unit in [scene.branches[1], scene.committee, scene.office] {
        for part in ["responsible", "lead"] {
            let body = json!({"unit_id": unit, "part": part});
            scene.secretary().post(&path, body).await.refused(422, "unit_outside_plan");
        }
    }
    let supervise = json!({"unit_id": scene.committee, "part": "supervise"});
    scene.secretary().post(&path, supervise).await.created();
    scene.secretary().post(&path, json!({"unit_id": scene.branches[0], "part": "responsible"})).await.created();
    // Nothing is emptied that can't be empty, and a task that does not exist has no nodes.
    scene.secretary().patch(&format!("/plans/{plan}"), json!({"title": null})).await.refused(422, "wrong_value");
    scene.secretary().get("/tasks/9999/time-nodes").await.refused(404, "not_found");
}

#[actix_web::test]
async fn who_alone_could_sign_and_review_is_no_reviewer() {
    let app = TestApp::start(1, 5).await;
    let admin = app.administrator().await;
    let committee = id(&admin.post("/units", json!({"name": "C", "kind": "committee"})).await.created());
    let body = json!({"name": "B", "kind": "branch", "parent_id": committee});
    let branch = id(&admin.post("/units", body).await.created());
    // One person is the branch's only signer and the only post above it.
    let only = app.person("only", Role::Secretary, Some(committee)).await;
    let body = json!({"account_id": only.account_id, "unit_id": branch, "role": "secretary", "from": "2020-01-01"});
    admin.post("/appointments", body).await.created();
    let plan = id(&only.post("/plans", json!({"unit_id": committee, "year": 2020, "title": "P"})).await.created());
    let key_point = id(&only.post(&format!("/plans/{plan}/key-points"), json!({"title": "K"})).await.created());
    let task = id(&only.post(&format!("/key-points/{key_point}/tasks"), json!({"title": "T"})).await.created());
    let body = json!({"unit_id": branch, "part": "responsible"});
    only.post(&format!("/tasks/{task}/responsibilities"), body).await.created();
    let body = json!({"entries": [{"due_on": "2020-06-30"}]});
    only.put(&format!("/tasks/{task}/schedule"), body).await.ok();
    only.post(&format!("/plans/{plan}/issue"), json!({})).await.refused(422, "nobody_reviews");
    app.person("deputy", Role::DeputySecretary, Some(branch)).await;
    only.post(&format!("/plans/{plan}/issue"), json!({})).await.ok();
}

#[actix_web::test]
async fn a_superior_owes_nothing() {
    let app = TestApp::start(1, 5).await;
    let admin = app.administrator().await;
    let superior = id(&admin.post("/units", json!({"name": "S", "kind": "superior"})).await.created());
    let secretary = app.person("secretary", Role::Secretary, Some(superior)).await;
    app.person("leader", Role::Leader, Some(superior)).await;
    let plan = id(&secretary.post("/plans", json!({"unit_id": superior, "year": 2020, "title": "P"})).await.created());
    let key_point = id(&secretary.post(&format!("/plans/{plan}/key-points"), json!({"title": "K"})).await.created());
    let task = id(&secretary.post(&format!("/key-points/{key_point}/tasks"), json!({"title": "T"})).await.created());
    let body = json!({"unit_id": superior, "part": "responsible"});
    secretary.post(&format!("/tasks/{task}/responsibilities"), body).await.created();
    let body = json!({"entries": [{"due_on": "2020-06-30"}]});
    secretary.put(&format!("/tasks/{task}/schedule"), body).await.ok();
    secretary.post(&format!("/plans/{plan}/issue"), json!({})).await.refused(422, "superior_owes");
}
