//! Reports, evidence, reviews, additions, revocations, withdrawals.

use serde_json::{Value, json};

use crate::support::{Scene, day, id};

#[actix_web::test]
async fn a_completion_beyond_the_standing_one_is_refused_and_a_late_one_never() {
    let scene = Scene::set(1, 5, 1).await;
    let nodes = scene.issued_with(&[day(1, 31)]).await;
    scene.app.turn_to(day(6, 1));
    let path = format!("/time-nodes/{}/progress-reports", nodes[0]);
    let report = scene.complete(nodes[0]).await;
    assert_eq!(scene.node(nodes[0]).await["reported_late"], json!(true));
    scene
        .secretary()
        .post(&path, json!({"kind": "completion", "text": "again"}))
        .await
        .refused(409, "completion_stands");
    scene.secretary().post(&path, json!({"kind": "progress", "text": "still fine"})).await.created();
    scene.accept(&report).await;
    let node = scene.node(nodes[0]).await;
    assert_eq!(
        (&node["verdict"], &node["met_on"], &node["state"]),
        (&json!("done_late"), &json!("2020-06-01"), &json!("accepted"))
    );
    scene
        .secretary()
        .post(&path, json!({"kind": "completion", "text": "again"}))
        .await
        .refused(409, "completion_stands");
}

#[actix_web::test]
async fn fields_of_a_report_fit_its_kind_and_its_days() {
    let scene = Scene::set(3, 10, 1).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let path = format!("/time-nodes/{}/progress-reports", nodes[0]);
    let secretary = scene.secretary();
    for (body, status, code) in [
        (json!({"kind": "completion", "text": "x", "percent": 50}), 422, "only_progress"),
        (json!({"kind": "progress", "text": "x", "held_on": "2020-03-01"}), 422, "only_completion"),
        (json!({"kind": "progress", "text": "x", "percent": 101}), 422, "out_of_range"),
        (json!({"kind": "completion", "text": "x", "held_on": "2020-03-11"}), 422, "held_on_outside"),
        (json!({"kind": "completion", "text": "x", "held_on": "2019-12-31"}), 422, "held_on_outside"),
        (json!({"kind": "completion", "text": "x", "reported_on": "2020-03-11"}), 422, "reported_on_outside"),
        (json!({"kind": "completion", "text": "x", "reported_on": "2020-03-09"}), 403, "forbidden"),
        (json!({"kind": "completion", "text": "涉及机密"}), 422, "classified_marking"),
    ] {
        secretary.post(&path, body.clone()).await.refused(status, code);
    }
    let entered = scene
        .department
        .post(&path, json!({"kind": "completion", "text": "x", "reported_on": "2020-03-09", "held_on": "2020-03-08"}))
        .await
        .created();
    assert_eq!(
        (&entered["back_dated"], &entered["on_behalf"], &entered["held_late"]),
        (&json!(true), &json!(true), &json!(false))
    );
    // Who entered it is who reported it, and may not review it.
    let review = format!("/progress-reports/{}/reviews", id(&entered));
    let accept = json!({"verdict": "accepted", "content_hash": entered["content_hash"]});
    scene.department.post(&review, accept.clone()).await.refused(403, "own_report");
    scene.leader.post(&review, accept).await.created();
    assert_eq!(scene.node(nodes[0]).await["met_on"], json!("2020-03-09"));
}

#[actix_web::test]
async fn a_review_judges_the_content_that_was_read() {
    let scene = Scene::set(1, 5, 1).await;
    let nodes = scene.issued_with(&[day(3, 31), day(6, 30)]).await;
    let report = scene.complete(nodes[0]).await;
    let path = format!("/progress-reports/{}/reviews", id(&report));
    let hash = &report["content_hash"];
    for (body, status, code) in [
        (json!({"verdict": "accepted", "content_hash": "another"}), 409, "content_changed"),
        (json!({"verdict": "returned", "content_hash": hash}), 422, "comment_required"),
        (json!({"verdict": "accepted", "return_kind": "not_done", "content_hash": hash}), 422, "return_kind_unused"),
        (json!({"verdict": "accepted"}), 422, "missing_field"),
    ] {
        scene.department.post(&path, body).await.refused(status, code);
    }
    scene.accept(&report).await;
    scene
        .department
        .post(&path, json!({"verdict": "accepted", "content_hash": hash}))
        .await
        .refused(409, "already_reviewed");
    let progress = json!({"kind": "progress", "text": "half"});
    let progress =
        scene.secretary().post(&format!("/time-nodes/{}/progress-reports", nodes[1]), progress).await.created();
    let body = json!({"verdict": "accepted", "content_hash": progress["content_hash"]});
    scene
        .department
        .post(&format!("/progress-reports/{}/reviews", id(&progress)), body)
        .await
        .refused(409, "not_reviewable");
}

#[actix_web::test]
async fn a_supplement_keeps_the_date_once() {
    let scene = Scene::set(1, 5, 1).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let on = |month, date| scene.app.turn_to(day(month, date));
    on(3, 30);
    let first = scene.complete(nodes[0]).await;
    on(4, 2);
    scene.give_back(&first, "supplement").await;
    let node = scene.node(nodes[0]).await;
    assert_eq!((&node["state"], &node["returned"], &node["light"]), (&json!("returned"), &json!(true), &json!("red")));
    on(4, 7);
    let second = scene.complete(nodes[0]).await;
    let body = json!({"verdict": "returned", "return_kind": "supplement", "comment": "x", "content_hash": second["content_hash"]});
    scene
        .department
        .post(&format!("/progress-reports/{}/reviews", id(&second)), body)
        .await
        .refused(409, "supplement_used");
    scene.accept(&second).await;
    let node = scene.node(nodes[0]).await;
    assert_eq!((&node["verdict"], &node["met_on"]), (&json!("done_on_time"), &json!("2020-03-30")));
}

#[actix_web::test]
async fn additions_withdrawals_and_revocations_take_their_ways() {
    let scene = Scene::set(1, 5, 1).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let report = scene.complete(nodes[0]).await;
    let of = |report: &Value, verb: &str| format!("/progress-reports/{}/{verb}", id(report));
    scene.secretary().post(&of(&report, "additions"), json!({"text": "early"})).await.refused(409, "not_accepted");
    scene.leader.post(&of(&report, "withdrawal"), json!({})).await.refused(403, "not_the_reporter");
    scene.secretary().post(&of(&report, "withdrawal"), json!({})).await.ok();
    assert_eq!(scene.node(nodes[0]).await["state"], json!("open"));
    scene.secretary().post(&of(&report, "withdrawal"), json!({})).await.refused(409, "already_reviewed");

    let report = scene.complete(nodes[0]).await;
    scene.accept(&report).await;
    scene.secretary().post(&of(&report, "withdrawal"), json!({})).await.refused(409, "already_reviewed");
    scene.app.turn_to(day(2, 1));
    let addition = scene.secretary().post(&of(&report, "additions"), json!({"text": "page 2"})).await.created();
    assert_eq!(scene.node(nodes[0]).await["state"], json!("reported"));
    scene.secretary().post(&of(&report, "additions"), json!({"text": "page 3"})).await.refused(409, "not_accepted");
    scene.give_back(&addition, "not_done").await;
    let node = scene.node(nodes[0]).await;
    assert_eq!((&node["state"], &node["met_on"]), (&json!("accepted"), &json!("2020-01-05")));

    scene.app.turn_to(day(2, 2));
    scene.secretary().post(&of(&report, "revocation"), json!({"reason": "x"})).await.refused(403, "own_report");
    let revoked = scene.department.post(&of(&report, "revocation"), json!({"reason": "it was not so"})).await.ok();
    assert_eq!(revoked["state"], json!("revoked"));
    let node = scene.node(nodes[0]).await;
    assert_eq!((&node["state"], &node["met_on"]), (&json!("returned"), &json!(null)));
    scene.department.post(&of(&report, "revocation"), json!({"reason": "again"})).await.refused(409, "not_accepted");
    let events: Vec<_> = scene
        .department
        .get(&format!("/time-nodes/{}/history", nodes[0]))
        .await
        .items()
        .iter()
        .map(|e| e["event"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(events, ["born", "reported", "withdrawn", "reported", "accepted", "reported", "returned", "revoked"]);
}

#[actix_web::test]
async fn evidence_is_kept_named_and_read_by_those_who_may() {
    let scene = Scene::set(1, 5, 2).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let bytes = b"%PDF-1.7 minutes of the meeting";
    let file = scene.secretary().upload("会议记录.pdf", bytes).await.created();
    assert_eq!((&file["media_type"], &file["bytes"]), (&json!("application/pdf"), &json!(bytes.len())));
    let content = format!("/attachments/{}/content", id(&file));
    scene.department.get(&content).await.refused(403, "forbidden");
    let body = json!({"kind": "completion", "text": "held", "attachment_ids": [id(&file)]});
    scene.secretary().post(&format!("/time-nodes/{}/progress-reports", nodes[0]), body).await.created();
    let read = scene.department.get(&content).await;
    assert_eq!((read.status, read.text.as_bytes()), (200, bytes.as_slice()));
    assert_eq!(
        read.header("content-disposition"),
        "attachment; filename*=UTF-8''%E4%BC%9A%E8%AE%AE%E8%AE%B0%E5%BD%95.pdf"
    );
    scene.secretaries[1].get(&content).await.refused(403, "forbidden");
    std::fs::remove_file(scene.app.app.evidence.path(file["sha256"].as_str().unwrap())).unwrap();
    scene.department.get(&content).await.refused(409, "evidence_gone");
    let report = scene.department.get(&format!("/time-nodes/{}/progress-reports", nodes[0])).await.items()[0].clone();
    let accept = json!({"verdict": "accepted", "content_hash": report["content_hash"]});
    scene
        .department
        .post(&format!("/progress-reports/{}/reviews", id(&report)), accept)
        .await
        .refused(409, "evidence_gone");
    // The same bytes again bring the evidence back.
    scene.secretary().upload("again.pdf", bytes).await.created();
    scene.accept(&report).await;
}

#[actix_web::test]
async fn a_task_that_needs_evidence_is_not_complete_without() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "Task", &scene.branches, json!([{"due_on": "2020-03-31"}])).await;
    scene.department.patch(&format!("/tasks/{task}"), json!({"evidence_required": true})).await.ok();
    scene.issue(plan).await;
    let node = id(&scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items()[0]);
    let path = format!("/time-nodes/{node}/progress-reports");
    scene
        .secretary()
        .post(&path, json!({"kind": "completion", "text": "done"}))
        .await
        .refused(422, "evidence_required");
    scene.secretary().post(&path, json!({"kind": "progress", "text": "half"})).await.created();
    let body = json!({"kind": "completion", "text": "done", "on_paper": [{"title": "签到表"}]});
    scene.secretary().post(&path, body).await.created();
}

#[actix_web::test]
async fn a_node_of_two_times_is_met_by_the_second() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "Twice", &scene.branches, json!([{"due_on": "2020-03-31", "times": 2}])).await;
    scene.issue(plan).await;
    let node = id(&scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items()[0]);
    let first = scene.complete(node).await;
    scene.accept(&first).await;
    assert_eq!(scene.node(node).await["state"], json!("open"));
    scene.app.turn_to(day(4, 1));
    let second = scene.complete(node).await;
    assert_eq!(scene.node(node).await["state"], json!("reported"));
    scene
        .secretary()
        .post(&format!("/time-nodes/{node}/progress-reports"), json!({"kind": "completion", "text": "third"}))
        .await
        .refused(409, "completion_stands");
    scene.accept(&second).await;
    let met = scene.node(node).await;
    assert_eq!((&met["verdict"], &met["met_on"]), (&json!("done_late"), &json!("2020-04-01")));
}

#[actix_web::test]
async fn a_plan_issued_before_its_year_takes_reports_at_once() {
    let scene = Scene::set(12, 20, 1).await;
    let body = json!({"unit_id": scene.committee, "year": 2021, "title": "Plan of 2021"});
    let plan = id(&scene.department.post("/plans", body).await.created());
    let task = scene.task(plan, "Task", &scene.branches, json!([{"due_on": "2021-01-31"}])).await;
    scene.issue(plan).await;
    let node = id(&scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items()[0]);
    let report = scene.complete(node).await;
    assert_eq!(report["reported_on"], json!("2020-12-20"));
    scene.accept(&report).await;
    assert_eq!(scene.node(node).await["verdict"], json!("done_on_time"));
}
