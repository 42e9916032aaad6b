//! Bad input: each has its own problem document with a stable code, and nothing is half written.

use serde_json::{Value, json};

use crate::support::{Scene, day, id};

/// How many rows every collection has, as far as it can be listed.
async fn fingerprint(scene: &Scene) -> Vec<Value> {
    let mut seen = vec![];
    for path in ["/units?limit=200", "/accounts?limit=200", "/appointments?limit=200"] {
        seen.push(scene.admin.get(path).await.ok());
    }
    for path in ["/plans?limit=200", "/time-nodes?limit=200", "/reports/compliance?group_by=unit"] {
        seen.push(scene.department.get(path).await.ok());
    }
    seen
}

#[actix_web::test]
async fn every_wrong_body_is_refused_in_its_own_words() {
    let scene = Scene::set(1, 5, 1).await;
    let before = fingerprint(&scene).await;
    let (admin, committee) = (&scene.admin, scene.committee);
    let cases = [
        (
            json!({"name": "A", "kind": "branch", "parent_id": committee, "colour": "red"}),
            422,
            "unknown_field",
            "/colour",
        ),
        (json!({"kind": "branch", "parent_id": committee}), 422, "missing_field", "/name"),
        (json!({"name": 7, "kind": "branch"}), 422, "wrong_value", "/name"),
        (json!({"name": "A", "kind": "party"}), 422, "wrong_value", "/kind"),
        (json!({"name": "A\u{0}B", "kind": "branch", "parent_id": committee}), 422, "control_character", "/name"),
        (json!({"name": "  ", "kind": "branch", "parent_id": committee}), 422, "empty_text", "/name"),
        (json!({"name": "x".repeat(201), "kind": "branch", "parent_id": committee}), 422, "text_too_long", "/name"),
        (json!({"name": "绝密支部", "kind": "branch", "parent_id": committee}), 422, "classified_marking", "/name"),
        (json!({"name": "A", "kind": "branch"}), 422, "parent_required", "/parent_id"),
        (json!({"name": "A", "kind": "branch", "parent_id": 99999}), 422, "unit_unknown", "/parent_id"),
        (json!({"name": "A", "kind": "branch", "parent_id": "1"}), 422, "wrong_value", "/parent_id"),
        (
            json!({"name": "A", "kind": "branch", "parent_id": committee, "established_on": "2020-02-30"}),
            422,
            "wrong_value",
            "/established_on",
        ),
        (
            json!({"name": "A", "kind": "branch", "parent_id": committee, "short_names": vec!["a"; 21]}),
            422,
            "out_of_range",
            "/short_names",
        ),
        (
            json!({"name": "A", "kind": "branch", "parent_id": committee, "established_on": "+12345-01-01"}),
            422,
            "out_of_range",
            "/established_on",
        ),
        (json!([]), 422, "wrong_value", ""),
    ];
    for (body, status, code, at) in cases {
        assert_eq!(admin.post("/units", body.clone()).await.refused(status, code), at, "{body}");
    }
    let raw = async |body: Vec<u8>, kind: &str| {
        let request = admin.request("POST", "/units").header("content-type", kind).body(body);
        admin.send("POST", "/units", request).await
    };
    raw(b"{\"name\":".to_vec(), "application/json").await.refused(400, "unreadable");
    raw(b"{\"name\": \"\xff\xfe\"}".to_vec(), "application/json").await.refused(400, "unreadable");
    raw(b"name=A".to_vec(), "application/x-www-form-urlencoded").await.refused(415, "unsupported_media_type");
    raw(vec![b' '; 10 * 1024 * 1024], "application/json").await.refused(413, "body_too_large");
    raw("[".repeat(100_000).into_bytes(), "application/json").await.refused(422, "wrong_value");
    assert_eq!(fingerprint(&scene).await, before);
}

#[actix_web::test]
async fn no_operation_ignores_a_query_parameter_that_it_does_not_know() {
    let scene = crate::support::Scene::set(1, 5, 1).await;
    let mut asked = 0;
    for (method, path, operation) in crate::support::operations() {
        // Without a token nothing else of a call is looked at, and these take none.
        let is_open = ["/auth/login", "/auth/refresh", "/public/"].iter().any(|open| path.starts_with(open));
        // The layout of a table is no filter.
        let filters = |one: &serde_json::Value| one["in"] == "query" && one["name"] != "layout_id";
        let takes_query = operation["parameters"].as_array().is_some_and(|all| all.iter().any(filters));
        if is_open {
            continue;
        }
        let mut address = path.clone();
        for name in ["id", "n", "a", "b", "year"] {
            address = address.replace(&format!("{{{name}}}"), "1");
        }
        address = address.replace("{list}", "units");
        assert!(!address.contains('{'), "{address}");
        let address = format!("{address}?nonsense=1");
        let request = scene.department.request(&method, &address).json(&json!({}));
        let answer = scene.department.send(&method, &address, request.header("if-match", "\"1\"")).await;
        let code = answer.body["code"].as_str().unwrap_or_default().to_owned();
        let expected: &[&str] = if takes_query { &["unknown_field", "missing_field"] } else { &["no_query"] };
        assert!(expected.contains(&code.as_str()), "{method} {address}: {} {code}", answer.status);
        asked += 1;
    }
    assert!(asked > 200, "{asked}");
}

#[actix_web::test]
async fn wrong_queries_cursors_and_ids_are_refused() {
    let scene = Scene::set(1, 5, 2).await;
    let department = &scene.department;
    let cases = [
        ("/time-nodes?limit=0", "out_of_range", "limit"),
        ("/time-nodes?limit=201", "out_of_range", "limit"),
        ("/time-nodes?limit=many", "wrong_value", "limit"),
        ("/time-nodes?cursor=nonsense", "cursor_invalid", "cursor"),
        ("/time-nodes?verdict=late", "wrong_value", "verdict"),
        ("/time-nodes?colour=red", "unknown_field", "colour"),
        ("/time-nodes?as_of=2020-02-30", "wrong_value", "as_of"),
        ("/time-nodes?as_of=2020-01-06", "future_day", "as_of"),
        ("/time-nodes?as_of=-9999-01-01", "out_of_range", "as_of"),
        ("/time-nodes?due_to=%2B12345-01-01", "out_of_range", "due_to"),
        ("/reports/compliance?as_of=-9999-01-01", "out_of_range", "as_of"),
        ("/units/tree?as_of=-9999-01-01", "out_of_range", "as_of"),
        ("/time-nodes?unit_id=9999", "unit_unknown", "unit_id"),
        ("/reports/compliance?as_of=2021-01-01", "future_day", "as_of"),
        ("/reports/compliance?unit_id=9999", "unit_unknown", "unit_id"),
        ("/reports/compliance?group_by=colour", "wrong_value", "group_by"),
        ("/reports/explain", "missing_field", "rate"),
        ("/reports/explain?rate=beauty", "wrong_value", "rate"),
    ];
    for (path, code, at) in cases {
        assert_eq!(department.get(path).await.refused(422, code), at, "{path}");
    }
    let units = scene.admin.get("/units?limit=1").await.ok();
    let foreign = units["next_cursor"].as_str().unwrap();
    department.get(&format!("/time-nodes?cursor={foreign}")).await.refused(422, "cursor_invalid");
    for path in ["/time-nodes/9999", "/time-nodes/abc", "/plans/9999", "/units/0", "/progress-reports/9999", "/nothing"]
    {
        department.get(path).await.refused(404, "not_found");
    }
}

#[actix_web::test]
async fn what_breaks_a_rule_is_refused_and_changes_nothing() {
    let scene = Scene::set(1, 5, 2).await;
    let nodes = scene.issued_with(&[day(3, 31), day(6, 30)]).await;
    let draft = {
        let body = json!({"unit_id": scene.branches[0], "year": 2020, "title": "Own plan"});
        scene.department.post("/plans", body).await.created()
    };
    let task = scene.task(id(&draft), "Own task", &[scene.branches[0]], json!([])).await;
    let report = scene.complete(nodes[0]).await;
    let asked = scene
        .secretary()
        .post(&format!("/time-nodes/{}/extensions", nodes[1]), json!({"due_on": "2020-12-01", "reason": "later"}))
        .await
        .created();
    let before = fingerprint(&scene).await;

    // A cycle in the tree of units.
    let group = json!({"name": "G", "kind": "general_branch", "parent_id": scene.branches[0]});
    let below = scene.admin.post("/units", group).await.created();
    scene
        .admin
        .patch(&format!("/units/{}", scene.branches[0]), json!({"parent_id": id(&below)}))
        .await
        .refused(409, "unit_cycle");
    scene
        .admin
        .patch(&format!("/units/{}", scene.branches[0]), json!({"parent_id": scene.branches[0]}))
        .await
        .refused(409, "unit_cycle");
    scene.admin.post(&format!("/units/{}/dissolve", id(&below)), json!({"reason": "of this test only"})).await.ok();
    let before = [fingerprint(&scene).await[0..1].to_vec(), before[1..].to_vec()].concat();
    let before = &before[1..5];

    // A due day outside the plan.
    for due in ["2019-12-31", "2021-04-01"] {
        let at = scene
            .department
            .put(&format!("/tasks/{task}/schedule"), json!({"entries": [{"due_on": "2020-01-31"}, {"due_on": due}]}))
            .await;
        assert_eq!(at.refused(422, "due_outside_plan"), "/entries/1/due_on");
    }
    // A node of another branch.
    let other = &scene.secretaries[1];
    other.get(&format!("/time-nodes/{}", nodes[0])).await.refused(403, "forbidden");
    other
        .post(&format!("/time-nodes/{}/progress-reports", nodes[1]), json!({"kind": "progress", "text": "x"}))
        .await
        .refused(403, "forbidden");
    other.get(&format!("/progress-reports/{}", id(&report))).await.refused(403, "forbidden");
    assert!(other.get("/time-nodes").await.items().is_empty());
    // Evidence of others, evidence that is gone, evidence that does not exist.
    let file = other.upload("a.pdf", b"%PDF-1.7 other").await.created();
    let with = |file: i64| json!({"kind": "completion", "text": "x", "attachment_ids": [file]});
    let path = format!("/time-nodes/{}/progress-reports", nodes[1]);
    scene.secretary().post(&path, with(id(&file))).await.refused(422, "attachment_unknown");
    scene.secretary().post(&path, with(9999)).await.refused(422, "attachment_unknown");
    let own = scene.secretary().upload("a.pdf", b"%PDF-1.7 own").await.created();
    std::fs::remove_file(scene.app.app.evidence.path(own["sha256"].as_str().unwrap())).unwrap();
    scene.secretary().post(&path, with(id(&own))).await.refused(409, "evidence_gone");
    // A review by the reporter, a grant of one's own request, and neither without the right.
    let review = json!({"verdict": "accepted", "content_hash": report["content_hash"]});
    scene
        .secretary()
        .post(&format!("/progress-reports/{}/reviews", id(&report)), review.clone())
        .await
        .refused(403, "own_report");
    other.post(&format!("/progress-reports/{}/reviews", id(&report)), review).await.refused(403, "forbidden");
    let decision = format!("/extensions/{}/decision", id(&asked));
    scene.secretary().post(&decision, json!({"verdict": "approved"})).await.refused(403, "own_request");
    scene.department.post(&decision, json!({"verdict": "approved"})).await.refused(403, "forbidden");
    scene.leader.post(&decision, json!({"verdict": "refused"})).await.refused(422, "refusal_unexplained");
    // Changing without a version, and with an old one.
    let unit = format!("/units/{}", scene.branches[1]);
    let request = scene.admin.request("PATCH", &unit).json(&json!({"name": "x"}));
    scene.admin.send("PATCH", &unit, request).await.refused(428, "precondition_required");
    scene.admin.patch_version(&unit, json!({"name": "x"}), "\"99\"").await.refused(412, "stale");
    // What is issued changes with a reason only.
    let first_task = scene.node(nodes[0]).await["task_id"].clone();
    scene
        .department
        .put(&format!("/tasks/{first_task}/schedule"), json!({"entries": []}))
        .await
        .refused(422, "reason_required");

    assert_eq!(&fingerprint(&scene).await[1..5], before);
}

#[actix_web::test]
async fn uploads_are_refused_by_size_type_and_marking() {
    let scene = Scene::set(1, 5, 1).await;
    let secretary = scene.secretary();
    secretary
        .upload("a.pdf", &[b"%PDF-1.7".to_vec(), vec![0; 1024 * 1024]].concat())
        .await
        .refused(413, "attachment_too_large");
    secretary.upload("a.exe", b"MZ\x90\x00\x03").await.refused(415, "attachment_type");
    secretary.upload("a.html", b"<html><script>alert(1)</script>").await.refused(415, "attachment_type");
    secretary.upload("机密.pdf", b"%PDF-1.7").await.refused(422, "classified_marking");
    secretary.upload("a.txt", "秘密★5年".as_bytes()).await.refused(422, "classified_marking");
    scene.admin.upload("a.pdf", b"%PDF-1.7").await.refused(403, "forbidden");
    let other = reqwest::multipart::Form::new().text("picture", "x");
    let other = secretary.request("POST", "/attachments").multipart(other);
    secretary.send("POST", "/attachments", other).await.refused(422, "attachment_missing");
    let kept = secretary.upload("../../etc/记录.pdf", b"%PDF-1.7 kept").await.created();
    assert_eq!(kept["file_name"], json!("记录.pdf"));
    let incoming = std::fs::read_dir(scene.app.folder().join("evidence/incoming")).unwrap().count();
    assert_eq!(incoming, 0, "what was refused leaves no file");
}
