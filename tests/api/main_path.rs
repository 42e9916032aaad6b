//! The main path of the API paper (3.3), exactly as a client written from it would call it.

use serde_json::json;

use crate::support::{PASSWORD, TestApp, day, id};

#[actix_web::test]
async fn the_main_path_works_as_written() {
    let app = TestApp::start(1, 2).await;
    let admin = app.administrator().await;
    let committee = id(&admin.post("/units", json!({"name": "Committee", "kind": "committee"})).await.created());
    let body = json!({"name": "First Branch", "kind": "branch", "parent_id": committee, "code": "B1",
        "short_names": ["一支部"], "established_on": "2010-07-01"});
    let branch = admin.post("/units", body).await.created();
    assert_eq!((&branch["code"], &branch["dissolved_on"]), (&json!("B1"), &json!(null)));
    let branch = id(&branch);

    // Accounts whose first password must be changed before anything else.
    let people =
        [("department", "department", committee), ("leader", "leader", committee), ("secretary", "secretary", branch)];
    let mut signed_in = vec![];
    for (username, role, unit) in people {
        let first = "First-pass-1";
        let body = json!({"username": format!("{username}-1"), "display_name": username, "password": first});
        let account = id(&admin.post("/accounts", body).await.created());
        let body = json!({"account_id": account, "unit_id": unit, "role": role, "from": "2020-01-01"});
        admin.post("/appointments", body).await.created();
        let mut person = app.anonymous();
        let login =
            person.post("/auth/login", json!({"username": format!("{username}-1"), "password": first})).await.ok();
        assert_eq!((&login["password_change_required"], &login["refresh_token"]), (&json!(true), &json!(null)));
        person.token = Some(login["access_token"].as_str().unwrap().to_owned());
        person.get("/auth/me").await.refused(403, "password_change_required");
        person.post("/auth/password", json!({"current": first, "new": PASSWORD})).await.is(204);
        let login =
            person.post("/auth/login", json!({"username": format!("{username}-1"), "password": PASSWORD})).await.ok();
        assert_eq!((&login["token_type"], &login["expires_in"]), (&json!("Bearer"), &json!(900)));
        person.token = Some(login["access_token"].as_str().unwrap().to_owned());
        signed_in.push(person);
    }
    let [department, leader, secretary] = signed_in.try_into().ok().unwrap();

    let body = json!({"unit_id": committee, "year": 2020, "title": "Plan", "target_percent": 100, "target_on": "2020-12-31",
        "closes_on": "2021-03-31", "document_no": "党委〔2020〕1号"});
    let plan = department.post("/plans", body).await.created();
    assert_eq!((&plan["status"], &plan["revision"]), (&json!("draft"), &json!(0)));
    let plan = id(&plan);
    let key_point = department
        .post(&format!("/plans/{plan}/key-points"), json!({"title": "Standards", "position": 1}))
        .await
        .created();
    let body = json!({"title": "Revise the procedures", "requirement": "all of them", "deliverable": "a draft",
        "evidence_required": true, "tags": ["品牌"]});
    let task = department.post(&format!("/key-points/{}/tasks", id(&key_point)), body).await.created();
    assert_eq!(task["code"], json!("1.1"));
    let task = id(&task);
    let body = json!({"unit_id": branch, "part": "responsible", "person": "secretary"});
    department.post(&format!("/tasks/{task}/responsibilities"), body).await.created();
    let body = json!({"entries": [{"due_on": "2020-06-30", "grace_days": 2, "times": 1, "title": "First half"},
        {"unscheduled": true, "words": "按上级要求"}]});
    let schedule = department.put(&format!("/tasks/{task}/schedule"), body).await.ok();
    assert_eq!(
        schedule["entries"][0]["nodes"],
        json!([{"period": null, "due_on": "2020-06-30", "title": "First half"}])
    );
    assert_eq!((&schedule["entries"][1]["unscheduled"], &schedule["entries"][1]["nodes"]), (&json!(true), &json!([])));

    let dry = department.post(&format!("/plans/{plan}/issue"), json!({"dry_run": true})).await.ok();
    assert_eq!((&dry["status"], &dry["time_nodes_created"]), (&json!("draft"), &json!(1)));
    let planned = json!([{"task_id": task, "unit_id": branch, "title": "First half", "due_on": "2020-06-30", "late_after": "2020-07-02"}]);
    assert_eq!(dry["time_nodes"], planned);
    let issued = department.post(&format!("/plans/{plan}/issue"), json!({"issued_on": "2020-01-02"})).await.ok();
    assert_eq!((&issued["status"], &issued["time_nodes_created"]), (&json!("issued"), &json!(1)));

    app.turn_to(day(6, 29));
    let nodes = secretary.get(&format!("/time-nodes?unit_id={branch}&as_of=2020-06-29")).await.items();
    let node = &nodes[0];
    for (field, value) in [
        ("task_id", json!(task)),
        ("unit_id", json!(branch)),
        ("title", json!("First half")),
        ("period", json!(null)),
        ("due_on", json!("2020-06-30")),
        ("original_due_on", json!("2020-06-30")),
        ("late_after", json!("2020-07-02")),
        ("state", json!("open")),
        ("verdict", json!("due_soon")),
        ("light", json!("yellow")),
        ("reported_late", json!(false)),
        ("returned", json!(false)),
        ("met_on", json!(null)),
    ] {
        assert_eq!(node[field], value, "{field}");
    }
    let node = id(node);
    let file = secretary.upload("草案.pdf", b"%PDF-1.7 draft").await.created();
    let body = json!({"kind": "completion", "text": "drafted", "held_on": "2020-06-28", "attachment_ids": [id(&file)],
        "on_paper": [{"title": "Signatures", "place": "archive"}]});
    let report = secretary.post(&format!("/time-nodes/{node}/progress-reports"), body).await.created();
    let body = json!({"verdict": "accepted", "content_hash": report["content_hash"]});
    department.post(&format!("/progress-reports/{}/reviews", id(&report)), body).await.created();
    assert_eq!(secretary.get(&format!("/time-nodes/{node}")).await.ok()["verdict"], json!("done_on_time"));

    let report = leader
        .get(&format!("/reports/compliance?year=2020&unit_id={committee}&as_of=2020-06-29&group_by=unit"))
        .await
        .ok();
    assert_eq!(report["target"], json!({"rate": "compliance", "percent": 100, "on": "2020-12-31"}));
    assert_eq!((&report["report_version"], &report["total"]["not_yet_owed"]), (&json!(1), &json!(1)));
    assert_eq!(report["total"]["completion"], json!({"met": 0, "of": 0, "percent": null, "reason": "nothing_owed"}));
    assert_eq!(report["total"]["year_progress"], json!({"met": 1, "of": 1, "percent": 100.0}));
    assert_eq!(report["total"]["compliance"]["reason"], json!("no_standard_set"));
    assert_eq!(report["total"]["unscheduled"], json!(1));
    let explained = leader.get(&format!("/reports/explain?rate=year_progress&unit_id={branch}&year=2020")).await.ok();
    assert_eq!((&explained["numerator"], &explained["excluded"]), (&json!([node]), &json!([])));
}
