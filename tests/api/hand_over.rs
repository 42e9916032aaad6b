//! Handing a post over: the old secretary's last day is the day before the new one's first.

use duban::access::Role;
use serde_json::{Value, json};

use crate::support::{Persona, Scene, day, id};

/// The appointment of the first secretary, and somebody to take over.
async fn secretary_and_successor(scene: &Scene) -> (Value, Persona) {
    let held = scene.admin.get(&format!("/appointments?account_id={}", scene.secretary().account_id)).await.items();
    let account = scene.app.account("successor").await;
    (held[0].clone(), scene.app.sign_in("successor", account).await)
}

#[actix_web::test]
async fn a_new_secretary_changes_no_node_and_what_was_signed_stays_with_who_signed() {
    let scene = Scene::set(3, 10, 1).await;
    let n = scene.issued_with(&[day(3, 31), day(6, 30), day(9, 30)]).await;
    let signed = scene.complete(n[0]).await;
    scene.accept(&signed).await;
    let pending = scene.complete(n[1]).await;
    let (held, successor) = secretary_and_successor(&scene).await;
    let old = scene.secretary();
    let mut before = vec![];
    for node in &n {
        before.push(scene.node(*node).await);
        before.push(scene.department.get(&format!("/time-nodes/{node}/progress-reports")).await.ok());
        before.push(scene.department.get(&format!("/time-nodes/{node}/history")).await.ok());
    }
    let path = format!("/appointments/{}/hand-over", id(&held));
    let both = scene.admin.post(&path, json!({"account_id": successor.account_id, "on": "2020-03-11"})).await.created();
    let mut ended = held.clone();
    ended["until"] = json!("2020-03-10");
    ended["version"] = json!(2);
    assert_eq!(both["ended"], ended);
    let begun = &both["begun"];
    assert_eq!(
        (&begun["account_id"], &begun["role"], &begun["unit_id"], &begun["from"], &begun["until"]),
        (&json!(successor.account_id), &held["role"], &held["unit_id"], &json!("2020-03-11"), &json!(null))
    );
    let mut after = vec![];
    for node in &n {
        after.push(scene.node(*node).await);
        after.push(scene.department.get(&format!("/time-nodes/{node}/progress-reports")).await.ok());
        after.push(scene.department.get(&format!("/time-nodes/{node}/history")).await.ok());
    }
    assert_eq!(after, before);

    // Until the day itself the old secretary signs, from then on the new one.
    let report = format!("/time-nodes/{}/progress-reports", n[2]);
    let progress = json!({"kind": "progress", "text": "half"});
    old.post(&report, progress.clone()).await.created();
    successor.post(&report, progress.clone()).await.refused(403, "forbidden");
    scene.app.turn_to(day(3, 11));
    old.post(&report, progress.clone()).await.refused(403, "forbidden");
    successor.post(&report, progress).await.created();
    let done = json!({"kind": "completion", "text": "done"});
    old.post(&report, done.clone()).await.refused(403, "forbidden");
    let new = successor.post(&report, done).await.created();
    assert_eq!((&new["reported_by"], &new["on_behalf"]), (&json!(successor.account_id), &json!(false)));
    for report in [&signed, &pending] {
        let read = successor.get(&format!("/progress-reports/{}", id(report))).await.ok();
        assert_eq!(read["reported_by"], json!(old.account_id));
    }
    // Not even the successor withdraws what another signed.
    let withdrawal = format!("/progress-reports/{}/withdrawal", id(&pending));
    successor.post(&withdrawal, json!({})).await.refused(403, "not_the_reporter");

    let entries = scene.audited("appointment.hand_over").await;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0]["subject_id"], held["id"]);
}

#[actix_web::test]
async fn a_hand_over_that_can_not_be_is_refused_and_changes_nothing() {
    let scene = Scene::set(3, 10, 1).await;
    let (held, successor) = secretary_and_successor(&scene).await;
    let path = format!("/appointments/{}/hand-over", id(&held));
    let to = |on: &str| json!({"account_id": successor.account_id, "on": on});
    let before = scene.admin.get("/appointments").await.ok();
    for (body, status, code, at) in [
        (to("2020-01-01"), 422, "hand_over_too_early", "/on"),
        (to("2019-12-31"), 422, "hand_over_too_early", "/on"),
        (to("+12345-01-01"), 422, "out_of_range", "/on"),
        (json!({"account_id": held["account_id"], "on": "2020-03-11"}), 422, "hand_over_to_holder", "/account_id"),
        (json!({"account_id": 9999, "on": "2020-03-11"}), 422, "account_unknown", "/account_id"),
        (json!({"account_id": successor.account_id}), 422, "missing_field", "/on"),
    ] {
        assert_eq!(scene.admin.post(&path, body).await.refused(status, code), at);
    }
    scene.department.post(&path, to("2020-03-11")).await.refused(403, "forbidden");
    scene.admin.post("/appointments/9999/hand-over", to("2020-03-11")).await.refused(404, "not_found");
    let old = scene.admin.request("POST", &path).json(&to("2020-03-11")).header("if-match", "\"9\"");
    scene.admin.send("POST", &path, old).await.refused(412, "stale");
    assert_eq!(scene.admin.get("/appointments").await.ok(), before);
}

#[actix_web::test]
async fn what_has_ended_is_not_handed_over_and_a_term_goes_on_to_its_end() {
    let scene = Scene::set(3, 10, 1).await;
    let (held, successor) = secretary_and_successor(&scene).await;
    let one = format!("/appointments/{}", id(&held));
    let path = format!("{one}/hand-over");
    let to = |on: &str| json!({"account_id": successor.account_id, "on": on});
    scene.admin.patch(&one, json!({"until": "2020-06-30"})).await.ok();
    scene.admin.post(&path, to("2020-07-01")).await.refused(409, "appointment_ended");
    let both = scene.admin.post(&path, to("2020-05-01")).await.created();
    assert_eq!(both["begun"]["until"], json!("2020-06-30"));
    scene.admin.post(&path, to("2020-05-01")).await.refused(409, "appointment_ended");
    scene.app.turn_to(day(5, 2));
    scene.admin.post(&path, to("2020-04-01")).await.refused(409, "appointment_ended");
    // A post without a unit is handed over too.
    let auditor = scene.app.person("first-auditor", Role::Auditor, None).await;
    let held = scene.admin.get(&format!("/appointments?account_id={}", auditor.account_id)).await.items()[0].clone();
    scene.admin.post(&format!("/appointments/{}/hand-over", id(&held)), to("2020-05-02")).await.created();
    auditor.get("/audit-entries").await.refused(403, "forbidden");
    successor.get("/audit-entries").await.ok();
}
