//! Drafts of reports: no report until they are signed.

use duban::access::Role;
use serde_json::json;

use crate::support::{Scene, day, id};

#[actix_web::test]
async fn a_cadre_drafts_and_the_secretary_signs() {
    let scene = Scene::set(6, 29, 2).await;
    let nodes = scene.issued_with(&[day(6, 30)]).await;
    let cadre = scene.app.person("cadre", Role::Cadre, Some(scene.branches[0])).await;
    let path = format!("/time-nodes/{}/drafts", nodes[0]);
    let file = cadre.upload("签到表.pdf", b"%PDF-1.7 who came").await.created();
    let body = json!({"kind": "completion", "text": "first words", "attachment_ids": [id(&file)]});
    let draft = cadre.post(&path, body).await.created();
    let at = format!("/drafts/{}", id(&draft));
    cadre.patch(&at, json!({"text": "held, 14 came", "held_on": "2020-06-28"})).await.ok();
    // The secretary reads what the cadre wrote, and the evidence it names, and edits on.
    let secretary = scene.secretary();
    assert_eq!(secretary.get(&path).await.items().len(), 1);
    secretary.get(&format!("/attachments/{}/content", id(&file))).await.is(200);
    let elsewhere = &scene.secretaries[1];
    elsewhere.get(&format!("/attachments/{}/content", id(&file))).await.refused(403, "forbidden");
    let second = secretary.upload("照片.pdf", b"%PDF-1.7 the hall").await.created();
    let more = json!({"on_paper": [{"title": "签到表"}], "attachment_ids": [id(&second), id(&file)]});
    let edited = secretary.patch(&at, more).await.ok();
    assert_eq!(
        (&edited["version"], &edited["text"], &edited["held_on"], &edited["drafted_by"]),
        (&json!(3), &json!("held, 14 came"), &json!("2020-06-28"), &json!(cadre.account_id))
    );
    cadre.post(&format!("{at}/signature"), json!({})).await.refused(403, "forbidden");
    let report = secretary.post(&format!("{at}/signature"), json!({})).await.created();
    assert_eq!(
        (&report["reported_by"], &report["on_behalf"], &report["holding"], &report["state"]),
        (&json!(secretary.account_id), &json!(false), &json!("in_time"), &json!("submitted"))
    );
    let files = [&report["attachments"][0]["id"], &report["attachments"][1]["id"]];
    assert_eq!(files, [&second["id"], &file["id"]]);
    assert_eq!(report["on_paper"][0]["title"], json!("签到表"));
    // The draft is gone, and can't be signed again.
    assert!(secretary.get(&path).await.items().is_empty());
    secretary.get(&at).await.refused(404, "not_found");
    secretary.post(&format!("{at}/signature"), json!({})).await.refused(404, "not_found");
    scene.accept(&report).await;
    assert_eq!(scene.node(nodes[0]).await["verdict"], json!("done_on_time"));
    assert_eq!(scene.audited("progress_report.create").await.len(), 1);
}

#[actix_web::test]
async fn a_draft_is_no_report_it_is_never_counted_and_in_no_history() {
    let scene = Scene::set(3, 10, 1).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let before = (scene.node(nodes[0]).await, scene.report("year=2020").await);
    let path = format!("/time-nodes/{}/drafts", nodes[0]);
    for kind in ["progress", "completion"] {
        scene.secretary().post(&path, json!({"kind": kind, "text": "to come"})).await.created();
    }
    assert_eq!((scene.node(nodes[0]).await, scene.report("year=2020").await), before);
    assert!(scene.department.get(&format!("/time-nodes/{}/progress-reports", nodes[0])).await.items().is_empty());
    let history = scene.department.get(&format!("/time-nodes/{}/history", nodes[0])).await.items();
    assert_eq!(history.len(), 1, "{history:?}");
    scene.app.turn_to(day(4, 1));
    assert_eq!(scene.node(nodes[0]).await["verdict"], json!("overdue"), "a draft stops no clock");
}

#[actix_web::test]
async fn a_draft_is_checked_when_it_is_signed_and_stays_when_it_is_refused() {
    let scene = Scene::set(3, 10, 1).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let path = format!("/time-nodes/{}/drafts", nodes[0]);
    let secretary = scene.secretary();
    // The day of the meeting is still to come, and its percent is for another kind: a draft may say so.
    let body = json!({"kind": "completion", "text": "x", "held_on": "2020-03-20", "percent": 90});
    let draft = secretary.post(&path, body).await.created();
    let at = format!("/drafts/{}", id(&draft));
    let sign = format!("{at}/signature");
    secretary.post(&sign, json!({})).await.refused(422, "only_progress");
    let patched = secretary.patch(&at, json!({"percent": null})).await.ok();
    assert_eq!(secretary.post(&sign, json!({})).await.refused(422, "held_on_outside"), "/held_on");
    secretary.get(&at).await.ok();
    let old = secretary.request("POST", &sign).header("if-match", "\"1\"");
    secretary.send("POST", &sign, old).await.refused(412, "stale");
    scene.app.turn_to(day(3, 20));
    let now = format!("\"{}\"", patched["version"]);
    let signed = secretary.request("POST", &sign).header("if-match", &now);
    secretary.send("POST", &sign, signed).await.created();
    // The next draft meets what stands by now.
    let draft = secretary.post(&path, json!({"kind": "completion", "text": "again"})).await.created();
    let sign = format!("/drafts/{}/signature", id(&draft));
    secretary.post(&sign, json!({})).await.refused(409, "completion_stands");
}

#[actix_web::test]
async fn a_draft_is_the_units_and_nobody_elses() {
    let scene = Scene::set(3, 10, 2).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let path = format!("/time-nodes/{}/drafts", nodes[0]);
    let body = json!({"kind": "progress", "text": "half"});
    let draft = scene.secretary().post(&path, body.clone()).await.created();
    let at = format!("/drafts/{}", id(&draft));
    for stranger in [&scene.secretaries[1], &scene.leader, &scene.admin] {
        stranger.post(&path, body.clone()).await.refused(403, "forbidden");
        stranger.get(&path).await.refused(403, "forbidden");
        stranger.get(&at).await.refused(403, "forbidden");
        stranger.patch_version(&at, json!({"text": "x"}), "\"1\"").await.refused(403, "forbidden");
        stranger.post(&format!("{at}/signature"), json!({})).await.refused(403, "forbidden");
        let delete = stranger.request("DELETE", &at).header("if-match", "\"1\"");
        stranger.send("DELETE", &at, delete).await.refused(403, "forbidden");
    }
    // The department may enter for the branch, which is marked.
    scene.department.patch(&at, json!({"text": "half, says the branch"})).await.ok();
    let report = scene.department.post(&format!("{at}/signature"), json!({})).await.created();
    assert_eq!(report["on_behalf"], json!(true));
}

#[actix_web::test]
async fn a_draft_is_edited_and_thrown_away_by_version() {
    let scene = Scene::set(3, 10, 2).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let path = format!("/time-nodes/{}/drafts", nodes[0]);
    let secretary = scene.secretary();
    let foreign = scene.secretaries[1].upload("a.pdf", b"%PDF-1.7 other").await.created();
    for (body, code, at) in [
        (json!({"kind": "progress", "text": " "}), "empty_text", "/text"),
        (json!({"kind": "progress", "text": "绝密"}), "classified_marking", "/text"),
        (json!({"kind": "progress", "text": "x", "percent": 101}), "out_of_range", "/percent"),
        (json!({"kind": "progress", "text": "x", "held_on": "+12345-01-01"}), "out_of_range", "/held_on"),
        (
            json!({"kind": "progress", "text": "x", "attachment_ids": [id(&foreign)]}),
            "attachment_unknown",
            "/attachment_ids/0",
        ),
        (json!({"kind": "progress", "text": "x", "attachment_ids": vec![1; 51]}), "out_of_range", "/attachment_ids"),
    ] {
        assert_eq!(secretary.post(&path, body).await.refused(422, code), at);
    }
    let body = json!({"kind": "progress", "text": "x", "percent": 10});
    let stale = secretary.request("POST", &path).json(&body).header("if-match", "\"2\"");
    secretary.send("POST", &path, stale).await.refused(412, "stale");
    let draft = secretary.post(&path, body).await.created();
    let at = format!("/drafts/{}", id(&draft));
    for (body, code, place) in [
        (json!({"percent": 101}), "out_of_range", "/percent"),
        (json!({"percent": -1}), "out_of_range", "/percent"),
        (json!({"held_on": "+12345-01-01"}), "out_of_range", "/held_on"),
        (json!({"reported_on": "1899-12-31"}), "out_of_range", "/reported_on"),
        (json!({"text": null}), "wrong_value", "/text"),
        (json!({"attachment_ids": [id(&foreign)]}), "attachment_unknown", "/attachment_ids/0"),
        (json!({"attachment_ids": vec![1; 51]}), "out_of_range", "/attachment_ids"),
        (json!({"colour": "red"}), "unknown_field", "/colour"),
    ] {
        assert_eq!(secretary.patch(&at, body).await.refused(422, code), place);
    }
    secretary.patch_version(&at, json!({"text": "y"}), "\"9\"").await.refused(412, "stale");
    secretary.patch(&at, json!({"text": "y"})).await.ok();
    let request = secretary.request("DELETE", &at);
    secretary.send("DELETE", &at, request).await.refused(428, "precondition_required");
    secretary.delete(&at).await.is(204);
    secretary.get(&at).await.refused(404, "not_found");
    let deeds: Vec<_> = scene.audited_of("report_draft").await.iter().map(|entry| entry["action"].clone()).collect();
    assert_eq!(deeds, ["report_draft.create", "report_draft.change", "report_draft.delete"]);
}

#[actix_web::test]
async fn a_draft_signed_twice_at_once_makes_one_report() {
    let scene = Scene::set(3, 10, 1).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let body = json!({"kind": "progress", "text": "half"});
    let draft = scene.secretary().post(&format!("/time-nodes/{}/drafts", nodes[0]), body).await.created();
    let sign = format!("/drafts/{}/signature", id(&draft));
    let calls = (0..4).map(|_| scene.secretary().post(&sign, json!({})));
    let answers = futures_util::future::join_all(calls).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort();
    assert_eq!(statuses, [201, 404, 404, 404]);
    let reports = scene.department.get(&format!("/time-nodes/{}/progress-reports", nodes[0])).await.items();
    assert_eq!(reports.len(), 1);
}
