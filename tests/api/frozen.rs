//! What is finished is altered by no route: closed meetings, published sets, released bulletins. The operations are those
//! of the contract; one that is missing in the table of bodies fails.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::compliance::clause;
use crate::support::{Answer, Persona, Scene, id, operations, rows, rows_of};

/// The rows of some tables, but for their versions: what may follow (minutes sent, an erratum) counts there too.
async fn of(scene: &Scene, tables: &[&str]) -> BTreeMap<String, Vec<Value>> {
    let all = rows_of(scene, Some(tables)).await;
    assert_eq!(all.len(), tables.len(), "{tables:?}");
    let without_version = |row: &String| {
        let mut row: Value = serde_json::from_str(row).unwrap();
        row.as_object_mut().unwrap().remove("version");
        row
    };
    all.into_iter().map(|(table, rows)| (table, rows.iter().map(without_version).collect())).collect()
}

/// The writing operations below some collections, each with its path filled in from `ids` by the collection.
fn writes(ids: &[(&str, i64)]) -> Vec<(String, String, String)> {
    let mut found = vec![];
    for (method, path, _) in operations() {
        let collection = path.trim_start_matches('/').split(['/', ':']).next().unwrap().to_owned();
        let known = ids.iter().find(|(name, _)| *name == collection);
        if let (Some((_, id)), true, true) = (known, method != "GET", path.contains("{id}")) {
            found.push((method, path.clone(), path.replace("{id}", &id.to_string())));
        }
    }
    found
}

/// Sends one of them, with the version that is read first where one is needed.
async fn send(who: &Persona, method: &str, path: &str, body: &Value) -> Answer {
    let mut request = who.request(method, path).json(body);
    if method == "PATCH" || method == "DELETE" {
        request = request.header("if-match", who.get(path).await.etag());
    }
    who.send(method, path, request).await
}

const OF_A_MEETING: [&str; 7] = [
    "meetings",
    "meeting_records",
    "meeting_attachments",
    "agenda_items",
    "attendances",
    "decisions",
    "decision_opinions",
];

/// A held meeting with an item, an opinion and a decision: their ids, by collection.
async fn held(scene: &Scene) -> [(&'static str, i64); 4] {
    let meeting = scene.call_meeting(&scene.branches).await;
    let at = format!("/meetings/{meeting}");
    let d = &scene.department;
    let item = id(&d.post(&format!("{at}/agenda-items"), json!({"title": "议题"})).await.created());
    scene.hold(meeting, 3, 3).await;
    d.put(&format!("{at}/record"), json!({"text": "记录"})).await.ok();
    let said = json!({"unit_id": scene.branches[0], "text": "建议增加经费"});
    let opinion = id(&scene.secretary().post(&format!("{at}/opinions"), said).await.created());
    let decided = json!({"kind": "deployment", "text": "修订制度。", "due_on": "2020-06-30"});
    let decision = id(&d.post(&format!("{at}/decisions"), decided).await.created());
    [("meetings", meeting), ("agenda-items", item), ("opinions", opinion), ("decisions", decision)]
}

/// A body with which each operation does something to a meeting that is held.
fn body_for(scene: &Scene, method: &str, path: &str, node: i64) -> Option<Value> {
    let people = json!([{"person": "委员0", "status": "present"}, {"person": "委员1", "status": "absent"}]);
    Some(match (method, path) {
        ("PATCH", "/meetings/{id}") => json!({"title": "另一个标题"}),
        ("POST", "/meetings/{id}/hold" | "/meetings/{id}/close" | "/meetings/{id}/minutes/signature") => json!({}),
        ("POST", "/meetings/{id}/next") => json!({"called_for": "2020-12-24"}),
        ("POST", "/meetings/{id}/bulletin") => json!({}),
        ("POST", "/meetings/{id}/cancellation") => json!({"reason": "时间冲突"}),
        ("PUT", "/meetings/{id}/record") => json!({"text": "另一份记录"}),
        ("POST", "/meetings/{id}/agenda-items") => json!({"title": "另一个议题"}),
        ("PATCH", "/agenda-items/{id}") => json!({"title": "改了"}),
        ("PUT", "/meetings/{id}/attendances") => json!({"items": people}),
        ("PUT", "/meetings/{id}/minutes") => json!({"text": "另一稿"}),
        ("POST", "/meetings/{id}/minutes/distribution" | "/meetings/{id}/call") => json!({"unit_ids": scene.branches}),
        ("POST", "/meetings/{id}/receipts") => json!({"kind": "minutes"}),
        ("POST", "/meetings/{id}/time-nodes") => json!({"time_node_ids": [node]}),
        ("POST", "/meetings/{id}/comments") => json!({"text": "点评"}),
        ("POST", "/meetings/{id}/opinions") => json!({"unit_id": scene.branches[0], "text": "另一条建议"}),
        ("POST", "/meetings/{id}/decisions") => json!({"kind": "information", "text": "通报情况。"}),
        ("PATCH", "/decisions/{id}") => json!({"text": "改了"}),
        ("POST", "/decisions/{id}/tasks") => json!({"key_point_id": 1, "title": "修订制度"}),
        ("POST", "/opinions/{id}/disposition") => json!({"disposition": "adopted", "reply": "采纳"}),
        ("POST", "/opinions/{id}/withdrawal") => json!({}),
        ("DELETE", "/agenda-items/{id}" | "/decisions/{id}") => json!({}),
        _ => return None,
    })
}

#[actix_web::test]
async fn a_closed_meeting_is_altered_by_no_route() {
    let scene = Scene::set(3, 24, 1).await;
    let node = scene.issued_with(&[crate::support::day(3, 31)]).await[0];
    let open = held(&scene).await;
    let shut = held(&scene).await;
    scene.close_meeting(shut[0].1).await;
    let writers = [&scene.department, &scene.leader, scene.secretary()];
    // Minutes are frozen in their wording; that they were sent may follow.
    let wording = async || {
        let minutes = rows_of(&scene, Some(&["meeting_minutes"])).await.remove("meeting_minutes").unwrap();
        let texts = minutes.iter().map(|row| serde_json::from_str::<Value>(row).unwrap());
        texts.map(|row| (row["meeting_id"].clone(), row["text"].clone())).collect::<Vec<_>>()
    };
    let all = writes(&shut);
    assert!(all.len() > 20, "{all:?}");
    for (method, pattern, path) in &all {
        let body = body_for(&scene, method, pattern, node).unwrap_or_else(|| panic!("no body for {method} {pattern}"));
        for who in writers {
            let before = (of(&scene, &OF_A_MEETING).await, wording().await);
            let answer = send(who, method, path, &body).await;
            // Another meeting may follow from this one: it is a row of its own.
            if pattern.ends_with("/next") && answer.status == 201 {
                continue;
            }
            let after = (of(&scene, &OF_A_MEETING).await, wording().await);
            assert_eq!(after, before, "{method} {path}: {} {}", answer.status, answer.text);
        }
    }
    // The same calls do alter one that is only held, so that they were not refused for their bodies.
    let mut altering = vec![];
    for (method, pattern, path) in writes(&open) {
        // These end it, or take away what the others need.
        if method == "DELETE" || pattern.ends_with("/next") || pattern.ends_with("/close") {
            continue;
        }
        let body = body_for(&scene, &method, &pattern, node).unwrap();
        for who in writers {
            let before = (of(&scene, &OF_A_MEETING).await, wording().await);
            send(who, &method, &path, &body).await;
            if (of(&scene, &OF_A_MEETING).await, wording().await) != before {
                altering.push(format!("{method} {pattern}"));
            }
        }
    }
    altering.sort();
    altering.dedup();
    let expected = [
        "PATCH /agenda-items/{id}",
        "PATCH /decisions/{id}",
        "PATCH /meetings/{id}",
        "POST /meetings/{id}/agenda-items",
        "POST /meetings/{id}/decisions",
        "PUT /meetings/{id}/attendances",
        "PUT /meetings/{id}/minutes",
        "PUT /meetings/{id}/record",
    ];
    assert_eq!(altering, expected);
}

#[actix_web::test]
async fn a_published_set_is_altered_by_no_route() {
    const TABLES: [&str; 3] = ["standard_sets", "clauses", "clause_documents"];
    let scene = Scene::set(1, 5, 1).await;
    let node = scene.issued_with(&[crate::support::day(3, 31)]).await[0];
    let task = scene.node(node).await["task_id"].clone();
    let file = id(&scene.department.upload("procedure.pdf", b"%PDF-1.7 procedure").await.created());
    let set = async |edition: &str| {
        let body = json!({"unit_id": scene.committee, "title": "Standards", "edition": edition});
        let set = id(&scene.department.post("/standard-sets", body).await.created());
        let mut one = clause("1", "Organisation");
        one["document_ids"] = json!([file]);
        let one = scene.department.post(&format!("/standard-sets/{set}/clauses"), one).await.created();
        let link = scene.department.post(&format!("/clauses/{}/tasks", id(&one)), json!({"task_id": task})).await;
        let link = id(&link.created());
        [("standard-sets", set), ("clauses", id(&one)), ("clause-tasks", link)]
    };
    let body = |method: &str, pattern: &str| {
        Some(match (method, pattern) {
            ("PATCH", "/standard-sets/{id}") => json!({"title": "Another"}),
            ("PATCH", "/clauses/{id}") => json!({"title": "Another", "points": 9, "document_ids": []}),
            ("POST", "/standard-sets/{id}/clauses") => clause("9", "Another"),
            ("POST", "/standard-sets/{id}/publish") => json!({}),
            ("POST", "/clauses/{id}/tasks") => json!({"task_id": task}),
            ("DELETE", _) => json!({}),
            _ => return None,
        })
    };
    let (open, published) = (set("draft").await, set("published").await);
    let path = format!("/standard-sets/{}/publish", published[0].1);
    scene.department.post(&path, json!({})).await.ok();
    let all = writes(&published);
    for (method, pattern, path) in &all {
        let body = body(method, pattern).unwrap_or_else(|| panic!("no body for {method} {pattern}"));
        for who in [&scene.department, &scene.leader, scene.secretary()] {
            let before = of(&scene, &TABLES).await;
            let answer = send(who, method, path, &body).await;
            assert_eq!(of(&scene, &TABLES).await, before, "{method} {path}: {} {}", answer.status, answer.text);
        }
    }
    let mut altering = vec![];
    let (last, first): (Vec<_>, Vec<_>) = writes(&open).into_iter().partition(|one| one.0 == "DELETE");
    for (method, pattern, path) in first.into_iter().chain(last).filter(|one| !one.1.ends_with("/publish")) {
        let before = of(&scene, &TABLES).await;
        send(&scene.department, &method, &path, &body(&method, &pattern).unwrap()).await;
        if of(&scene, &TABLES).await != before {
            altering.push(format!("{method} {pattern}"));
        }
    }
    altering.sort();
    let expected = [
        "DELETE /clauses/{id}",
        "DELETE /standard-sets/{id}",
        "PATCH /clauses/{id}",
        "PATCH /standard-sets/{id}",
        "POST /standard-sets/{id}/clauses",
    ];
    assert_eq!(altering, expected);
}

#[actix_web::test]
async fn a_released_bulletin_is_altered_by_no_route() {
    const TABLES: [&str; 2] = ["bulletins", "bulletin_releases"];
    let scene = Scene::set(3, 24, 1).await;
    let body = |method: &str, pattern: &str| {
        Some(match (method, pattern) {
            ("PATCH", "/bulletins/{id}") => json!({"title": "Another", "text": "Other", "public": true}),
            ("POST", "/bulletins/{id}/approval" | "/bulletins/{id}/release" | "/bulletins/{id}/receipts") => json!({}),
            ("POST", "/bulletins/{id}/errata") => json!({"text": "18 should be 19"}),
            ("DELETE", _) => json!({}),
            _ => return None,
        })
    };
    let new = json!({"unit_id": scene.committee, "kind": "circular", "title": "Spring", "text": "Done."});
    let draft = id(&scene.department.post("/bulletins", new.clone()).await.created());
    let released = id(&scene.department.post("/bulletins", new).await.created());
    scene.leader.post(&format!("/bulletins/{released}/approval"), json!({})).await.ok();
    scene.department.post(&format!("/bulletins/{released}/release"), json!({})).await.ok();
    for (method, pattern, path) in writes(&[("bulletins", released)]) {
        let body = body(&method, &pattern).unwrap_or_else(|| panic!("no body for {method} {pattern}"));
        for who in [&scene.department, &scene.leader, scene.secretary()] {
            let before = of(&scene, &TABLES).await;
            let answer = send(who, &method, &path, &body).await;
            assert_eq!(of(&scene, &TABLES).await, before, "{method} {path}: {} {}", answer.status, answer.text);
        }
    }
    // In each state each verb: what is not allowed is refused with its own code and changes no row.
    let verbs = ["PATCH", "DELETE", "approval", "release", "errata"];
    let table = [
        ("draft", ["", "", "", "bulletin_not_approved", "bulletin_not_released"]),
        ("approved", ["", "", "bulletin_approved", "", "bulletin_not_released"]),
        ("released", ["bulletin_released", "bulletin_released", "bulletin_released", "bulletin_released", ""]),
    ];
    for (state, codes) in table {
        let bulletin = if state == "released" { released } else { draft };
        if state == "approved" {
            scene.leader.post(&format!("/bulletins/{draft}/approval"), json!({})).await.ok();
        }
        let path = format!("/bulletins/{bulletin}");
        for (verb, code) in verbs.into_iter().zip(codes).filter(|(_, code)| !code.is_empty()) {
            let before = rows(&scene).await;
            let leads = matches!(verb, "approval" | "errata");
            let who = if leads { &scene.leader } else { &scene.department };
            let answer = match verb {
                "PATCH" | "DELETE" => send(who, verb, &path, &json!({"title": "Another"})).await,
                "errata" => who.post(&format!("{path}/errata"), json!({"text": "x"})).await,
                _ => who.post(&format!("{path}/{verb}"), json!({})).await,
            };
            answer.refused(409, code);
            assert_eq!(rows(&scene).await, before, "{verb} of one that is {state}");
        }
    }
}

#[actix_web::test]
async fn an_opinion_is_answered_or_taken_back_once_and_a_refusal_changes_no_row() {
    let scene = Scene::set(3, 24, 1).await;
    let answer = json!({"disposition": "adopted", "reply": "采纳"});
    let table = [
        ("answered", ["opinion_answered", "opinion_answered"]),
        ("withdrawn", ["opinion_withdrawn", "opinion_withdrawn"]),
    ];
    for (state, codes) in table {
        let path = format!("/opinions/{}", held(&scene).await[2].1);
        let dispose = format!("{path}/disposition");
        match state {
            "answered" => scene.department.post(&dispose, answer.clone()).await.ok(),
            _ => scene.secretary().post(&format!("{path}/withdrawal"), json!({})).await.ok(),
        };
        let before = rows(&scene).await;
        scene.department.post(&dispose, answer.clone()).await.refused(409, codes[0]);
        scene.secretary().post(&format!("{path}/withdrawal"), json!({})).await.refused(409, codes[1]);
        assert_eq!(rows(&scene).await, before, "{state}");
    }
}
