//! Who may do what, over HTTP: nobody anonymous, every route under an action of the policy, and the relations of the
//! posts as the domain paper has them.

use duban::access::{Action, Role};
use serde_json::{Value, json};

use crate::support::{Scene, day, example, id, operations};

/// What guards each operation: an action of the policy, or how it is open. A route that is missing here fails.
pub const GUARDS: &[(&str, &str)] = &[
    ("POST /auth/login", "public"),
    ("POST /auth/refresh", "public"),
    ("POST /auth/logout", "signed in"),
    ("POST /auth/password", "signed in"),
    ("GET /auth/me", "signed in"),
    ("GET /auth/sessions", "signed in"),
    ("POST /auth/sessions/{id}/end", "signed in"),
    ("POST /accounts", "manage_accounts"),
    ("GET /accounts", "manage_accounts"),
    ("GET /accounts/{id}", "manage_accounts"),
    ("PATCH /accounts/{id}", "manage_accounts"),
    ("POST /accounts/{id}/reset-password", "manage_accounts"),
    ("POST /accounts/{id}/unlock", "manage_accounts"),
    ("POST /appointments", "manage_accounts"),
    ("GET /appointments", "manage_accounts"),
    ("GET /appointments/{id}", "manage_accounts"),
    ("PATCH /appointments/{id}", "manage_accounts"),
    ("POST /appointments/{id}/hand-over", "manage_accounts"),
    ("POST /units", "manage_units"),
    ("GET /units", "read_units"),
    ("GET /units/tree", "read_units"),
    ("GET /units/{id}", "read_units"),
    ("PATCH /units/{id}", "manage_units"),
    ("POST /units/{id}/dissolve", "manage_units"),
    ("POST /bulletins", "write_bulletin"),
    ("POST /meetings/{id}/bulletin", "write_bulletin"),
    ("GET /bulletins", "read_bulletins"),
    ("GET /bulletins/{id}", "read_bulletins"),
    ("PATCH /bulletins/{id}", "write_bulletin"),
    ("DELETE /bulletins/{id}", "write_bulletin"),
    ("POST /bulletins/{id}/approval", "approve_bulletin"),
    ("POST /bulletins/{id}/release", "write_bulletin"),
    ("POST /bulletins/{id}/errata", "approve_bulletin"),
    ("POST /bulletins/{id}/receipts", "sign_receipt"),
    ("GET /bulletins/{id}/receipts", "read_bulletins"),
    ("GET /public/bulletins", "public"),
    ("GET /public/bulletins/{id}", "public"),
    ("POST /plans", "write_plan"),
    ("GET /plans", "read_plan"),
    ("GET /plans/{id}", "read_plan"),
    ("PATCH /plans/{id}", "write_plan"),
    ("POST /plans/{id}/key-points", "write_plan"),
    ("GET /plans/{id}/key-points", "read_plan"),
    ("POST /plans/{id}/readings", "write_plan"),
    ("POST /plans/{id}/issue", "write_plan"),
    ("GET /plans/{id}/revisions", "read_plan"),
    ("GET /plans/{id}/revisions/{n}", "read_plan"),
    ("GET /plans/{id}/revisions/{a}/diff/{b}", "read_plan"),
    ("GET /plans/{id}/task-list", "read_plan"),
    ("GET /plans/{id}/responsibility-list", "read_plan"),
    ("POST /plans/{id}/close", "write_plan"),
    ("GET /plans/{id}/year-report", "read_plan"),
    ("GET /plans/{id}/carry-overs", "read_plan"),
    ("GET /key-points/{id}", "read_plan"),
    ("PATCH /key-points/{id}", "write_plan"),
    ("DELETE /key-points/{id}", "write_plan"),
    ("POST /key-points/{id}/tasks", "write_plan"),
    ("GET /key-points/{id}/tasks", "read_plan"),
    ("GET /tasks/{id}", "read_plan"),
    ("PATCH /tasks/{id}", "write_plan"),
    ("DELETE /tasks/{id}", "write_plan"),
    ("POST /tasks/{id}/responsibilities", "write_plan"),
    ("GET /tasks/{id}/responsibilities", "read_plan"),
    ("GET /responsibilities/{id}", "read_plan"),
    ("DELETE /responsibilities/{id}", "write_plan"),
    ("PUT /tasks/{id}/schedule", "write_plan"),
    ("GET /tasks/{id}/schedule", "read_plan"),
    ("GET /tasks/{id}/time-nodes", "read_nodes"),
    ("GET /time-nodes", "read_nodes"),
    ("GET /time-nodes/{id}", "read_nodes"),
    ("GET /time-nodes/{id}/history", "read_nodes"),
    ("POST /time-nodes/{id}/progress-reports", "report_progress"),
    ("GET /time-nodes/{id}/progress-reports", "read_nodes"),
    ("POST /progress-reports:batch", "report_progress"),
    ("POST /time-nodes/{id}/drafts", "report_progress"),
    ("GET /time-nodes/{id}/drafts", "report_progress"),
    ("GET /drafts/{id}", "report_progress"),
    ("PATCH /drafts/{id}", "report_progress"),
    ("DELETE /drafts/{id}", "report_progress"),
    ("POST /drafts/{id}/signature", "report_progress"),
    ("POST /extensions:batch", "request"),
    ("POST /time-nodes/{id}/extensions", "request"),
    ("GET /time-nodes/{id}/extensions", "read_nodes"),
    ("POST /time-nodes/{id}/waivers", "request"),
    ("GET /time-nodes/{id}/waivers", "read_nodes"),
    ("POST /time-nodes/{id}/cancellations", "request"),
    ("GET /time-nodes/{id}/cancellations", "read_nodes"),
    ("GET /extensions/{id}", "read_nodes"),
    ("POST /extensions/{id}/decision", "grant"),
    ("POST /extensions/{id}/withdrawal", "request"),
    ("GET /waivers/{id}", "read_nodes"),
    ("POST /waivers/{id}/decision", "grant"),
    ("POST /waivers/{id}/withdrawal", "grant"),
    ("GET /cancellations/{id}", "read_nodes"),
    ("POST /cancellations/{id}/decision", "grant"),
    ("POST /cancellations/{id}/withdrawal", "request"),
    ("GET /progress-reports/{id}", "read_nodes"),
    ("POST /progress-reports/{id}/additions", "sign_completion"),
    ("POST /progress-reports/{id}/withdrawal", "read_nodes"),
    ("POST /progress-reports/{id}/reviews", "review"),
    ("GET /progress-reports/{id}/reviews", "read_nodes"),
    ("POST /progress-reports/{id}/revocation", "review"),
    ("POST /attachments", "report_progress"),
    ("GET /attachments/{id}", "read_nodes"),
    ("GET /attachments/{id}/content", "read_nodes"),
    ("POST /attachments/{id}/destroy", "report_progress"),
    ("GET /attachments/{id}/destroy", "read_nodes"),
    ("POST /attachments/{id}/destroy/decision", "destroy_evidence"),
    ("GET /reports/adjustments", "read_nodes"),
    ("POST /standard-sets", "write_standards"),
    ("GET /standard-sets", "read_standards"),
    ("GET /standard-sets/{id}", "read_standards"),
    ("PATCH /standard-sets/{id}", "write_standards"),
    ("DELETE /standard-sets/{id}", "write_standards"),
    ("POST /standard-sets/{id}/publish", "write_standards"),
    ("GET /standard-sets/{a}/diff/{b}", "read_standards"),
    ("POST /standard-sets/{id}/clauses", "write_standards"),
    ("GET /standard-sets/{id}/clauses", "read_standards"),
    ("GET /clauses/{id}", "read_standards"),
    ("PATCH /clauses/{id}", "write_standards"),
    ("DELETE /clauses/{id}", "write_standards"),
    ("POST /clauses/{id}/tasks", "write_standards"),
    ("GET /clauses/{id}/tasks", "read_standards"),
    ("GET /clause-tasks/{id}", "read_standards"),
    ("DELETE /clause-tasks/{id}", "write_standards"),
    ("POST /assessments", "self_assess"),
    ("GET /assessments", "read_nodes"),
    ("GET /assessments/{id}", "read_nodes"),
    ("DELETE /assessments/{id}", "self_assess"),
    ("GET /assessments/{id}/results", "read_nodes"),
    ("PUT /assessments/{id}/self-results", "self_assess"),
    ("POST /assessments/{id}/self-assessment", "self_assess"),
    ("PUT /assessments/{id}/results", "check_assessments"),
    ("POST /assessments/{id}/approvals", "recognise"),
    ("POST /assessments/{id}/check", "check_assessments"),
    ("POST /assessments/{id}/recognition", "recognise"),
    ("POST /assessments/{id}/withdrawal", "recognise"),
    ("POST /meetings", "write_meeting"),
    ("GET /meetings", "read_meetings"),
    ("GET /meetings/{id}", "read_meetings"),
    ("PATCH /meetings/{id}", "write_meeting"),
    ("POST /meetings/{id}/hold", "write_meeting"),
    ("POST /meetings/{id}/cancellation", "write_meeting"),
    ("POST /meetings/{id}/close", "write_meeting"),
    ("PUT /meetings/{id}/record", "write_meeting"),
    ("GET /meetings/{id}/record", "read_meetings"),
    ("POST /meetings/{id}/agenda-items", "write_meeting"),
    ("GET /meetings/{id}/agenda-items", "read_meetings"),
    ("GET /agenda-items/{id}", "read_meetings"),
    ("PATCH /agenda-items/{id}", "write_meeting"),
    ("DELETE /agenda-items/{id}", "write_meeting"),
    ("PUT /meetings/{id}/attendances", "write_meeting"),
    ("GET /meetings/{id}/attendances", "read_meetings"),
    ("PUT /meetings/{id}/minutes", "write_meeting"),
    ("GET /meetings/{id}/minutes", "read_meetings"),
    ("POST /meetings/{id}/minutes/signature", "sign_minutes"),
    ("POST /meetings/{id}/minutes/distribution", "write_meeting"),
    ("POST /meetings/{id}/call", "write_meeting"),
    ("POST /meetings/{id}/receipts", "sign_receipt"),
    ("GET /meetings/{id}/receipts", "read_meetings"),
    ("POST /meetings/{id}/time-nodes", "sign_completion"),
    ("GET /meetings/{id}/time-nodes", "read_meetings"),
    ("POST /meetings/{id}/comments", "comment"),
    ("GET /meetings/{id}/comments", "read_meetings"),
    ("GET /reports/attendance", "read_counts"),
    ("POST /findings", "raise_finding"),
    ("GET /findings", "read_nodes"),
    ("GET /findings/{id}", "read_nodes"),
    ("PATCH /findings/{id}", "raise_finding"),
    ("POST /findings/{id}/measures", "rectify_finding"),
    ("GET /findings/{id}/measures", "read_nodes"),
    ("GET /measures/{id}", "read_nodes"),
    ("PATCH /measures/{id}", "check_finding"),
    ("DELETE /measures/{id}", "check_finding"),
    ("POST /findings/{id}/tasks", "rectify_finding"),
    ("POST /findings/{id}/applications", "rectify_finding"),
    ("GET /findings/{id}/applications", "read_nodes"),
    ("POST /findings/{id}/checks", "check_finding"),
    ("GET /findings/{id}/checks", "read_nodes"),
    ("POST /findings/{id}/closing", "check_finding"),
    ("POST /findings/{id}/stage", "check_finding"),
    ("POST /findings/{id}/dismissal", "dismiss_finding"),
    ("POST /findings/{id}/rechecks", "raise_finding"),
    ("GET /findings/{id}/rechecks", "read_nodes"),
    ("POST /plans/{id}/receipts", "sign_receipt"),
    ("GET /plans/{id}/receipts", "read_plan"),
    ("POST /tasks/{id}/comments", "comment"),
    ("GET /tasks/{id}/comments", "read_plan"),
    ("POST /time-nodes/{id}/comments", "comment"),
    ("GET /time-nodes/{id}/comments", "read_nodes"),
    ("POST /progress-reports/{id}/comments", "comment"),
    ("GET /progress-reports/{id}/comments", "read_nodes"),
    ("GET /comments/{id}", "read_nodes"),
    ("POST /comments/{id}/withdrawal", "read_nodes"),
    ("GET /meetings/{id}/next", "read_meetings"),
    ("POST /meetings/{id}/next", "write_meeting"),
    // Which action guards a list of these is the list's: those of its own collection.
    ("GET /imports/templates/{list}", "signed in"),
    ("POST /imports", "signed in"),
    ("GET /imports/{id}", "signed in"),
    ("POST /imports/{id}/commit", "signed in"),
    ("GET /imports/{id}/workbook", "signed in"),
    ("GET /exports/{list}", "signed in"),
    ("POST /meetings/{id}/opinions", "give_opinion"),
    ("GET /opinions", "read_meetings"),
    ("GET /opinions/{id}", "read_meetings"),
    ("POST /opinions/{id}/withdrawal", "read_meetings"),
    ("POST /opinions/{id}/disposition", "dispose_opinion"),
    ("POST /meetings/{id}/decisions", "write_meeting"),
    ("GET /decisions", "read_meetings"),
    ("GET /decisions/{id}", "read_meetings"),
    ("PATCH /decisions/{id}", "write_meeting"),
    ("DELETE /decisions/{id}", "write_meeting"),
    ("POST /decisions/{id}/tasks", "write_plan"),
    ("GET /tasks/{id}/origin", "read_plan"),
    ("GET /search", "read_units"),
    ("GET /inbox", "signed in"),
    ("GET /reports/compliance", "read_counts"),
    ("GET /reports/explain", "read_nodes"),
    ("GET /reports/trend", "read_counts"),
    ("GET /reports/rectification", "read_counts"),
    ("GET /reports/rectification/explain", "read_nodes"),
    ("GET /reports/path", "read_nodes"),
    ("GET /reports/reviews", "read_nodes"),
    ("GET /reports/unscheduled", "read_nodes"),
    ("GET /reports/urge-list", "read_nodes"),
    ("GET /reports/flags", "read_flags"),
    ("POST /urges", "urge"),
    ("GET /urges", "read_nodes"),
    ("GET /audit-entries", "read_audit"),
    ("GET /settings", "read_settings"),
    ("PATCH /settings", "manage_settings"),
    ("GET /fill-in-workbook", "report_progress"),
    ("POST /fill-in-workbook", "report_progress"),
    ("GET /reports/monthly", "read_counts"),
    ("GET /reports/year-sheet", "read_nodes"),
    ("POST /layouts", "write_layouts"),
    ("GET /layouts", "read_layouts"),
    ("GET /layouts/{id}", "read_layouts"),
    ("PATCH /layouts/{id}", "write_layouts"),
    ("DELETE /layouts/{id}", "write_layouts"),
    ("POST /calendars", "manage_calendars"),
    ("GET /calendars", "read_settings"),
    ("GET /calendars/{year}", "read_settings"),
];

#[test]
fn every_operation_has_its_guard() {
    let listed: Vec<_> = GUARDS.iter().map(|(operation, _)| (*operation).to_owned()).collect();
    let existing: Vec<_> = operations().into_iter().map(|(method, path, _)| format!("{method} {path}")).collect();
    for operation in &existing {
        assert!(listed.contains(operation), "{operation} has no guard in the policy");
    }
    for operation in &listed {
        assert!(existing.contains(operation), "{operation} does not exist any more");
    }
    for (operation, guard) in GUARDS {
        let known =
            matches!(*guard, "public" | "signed in") || Action::ALL.iter().any(|action| action.word() == *guard);
        assert!(known, "{operation}: {guard} is no action");
    }
}

#[actix_web::test]
async fn nobody_anonymous_gets_past_what_is_not_public() {
    let scene = Scene::set(1, 5, 1).await;
    for (method, path, operation) in operations() {
        let guard = GUARDS.iter().find(|(listed, _)| *listed == format!("{method} {path}")).unwrap().1;
        let path = ["{id}", "{n}", "{a}", "{b}"].iter().fold(path, |path, name| path.replace(name, "1"));
        let nobody = scene.app.anonymous();
        let answer = nobody.send(&method, &path, nobody.request(&method, &path).json(&example(&operation))).await;
        if guard == "public" {
            assert_ne!(answer.body["code"], json!("sign_in_required"), "{method} {path}");
        } else {
            answer.refused(401, "sign_in_required");
        }
    }
}

#[actix_web::test]
async fn administrators_and_auditors_have_their_own_side_only() {
    let scene = Scene::set(1, 5, 1).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let finding = json!({
        "title": "x", "kind": "immediate", "unit_ids": [scene.branches[0]],
        "source": {"body": "x", "on": "2020-01-03"}
    });
    let finding = format!("/findings/{}", id(&scene.department.post("/findings", finding).await.created()));
    let (node, urges) = (format!("/time-nodes/{}", nodes[0]), format!("/urges?time_node_id={}", nodes[0]));
    let plan = format!("/plans/{}", id(&scene.department.get("/plans").await.items()[0]));
    let auditor = scene.app.person("auditor", Role::Auditor, None).await;
    let stranger = {
        let account = scene.app.account("stranger").await;
        scene.app.sign_in("stranger", account).await
    };
    let checks: [(&str, [u16; 5]); 18] = [
        // administrator, auditor, department, secretary, without a post
        ("/accounts", [200, 403, 403, 403, 403]),
        ("/audit-entries", [403, 200, 403, 403, 403]),
        ("/units", [200, 200, 200, 200, 403]),
        ("/reports/compliance", [200, 200, 200, 200, 403]),
        ("/reports/explain?rate=completion", [403, 403, 200, 403, 403]),
        ("/reports/trend", [200, 200, 200, 200, 403]),
        ("/reports/attendance", [200, 200, 200, 200, 403]),
        ("/reports/rectification", [200, 200, 200, 200, 403]),
        ("/reports/rectification/explain", [403, 403, 200, 403, 403]),
        (finding.as_str(), [403, 403, 200, 200, 403]),
        ("/reports/path", [403, 403, 200, 403, 403]),
        ("/reports/reviews", [403, 403, 200, 403, 403]),
        ("/reports/unscheduled", [403, 403, 200, 403, 403]),
        ("/reports/urge-list", [200, 200, 200, 200, 403]),
        ("/reports/flags", [403, 403, 200, 403, 403]),
        (urges.as_str(), [403, 403, 200, 200, 403]),
        (plan.as_str(), [403, 403, 200, 200, 403]),
        (node.as_str(), [403, 403, 200, 200, 403]),
    ];
    for (path, expected) in checks {
        let people = [&scene.admin, &auditor, &scene.department, scene.secretary(), &stranger];
        for (person, status) in people.iter().zip(expected) {
            assert_eq!(person.get(path).await.status, status, "{path} {}", person.account_id);
        }
    }
    assert!(scene.admin.get("/time-nodes").await.items().is_empty());
    assert!(scene.admin.get("/findings").await.items().is_empty());
    assert!(scene.admin.get("/plans").await.items().is_empty());
    scene
        .admin
        .post("/plans", json!({"unit_id": scene.committee, "year": 2021, "title": "x"}))
        .await
        .refused(403, "forbidden");
}

#[actix_web::test]
async fn a_cadre_reports_progress_and_does_not_sign() {
    let scene = Scene::set(1, 5, 1).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let cadre = scene.app.person("cadre", Role::Cadre, Some(scene.branches[0])).await;
    let path = format!("/time-nodes/{}/progress-reports", nodes[0]);
    cadre.post(&path, json!({"kind": "completion", "text": "done"})).await.refused(403, "forbidden");
    cadre.post(&path, json!({"kind": "progress", "text": "half", "percent": 50})).await.created();
    cadre
        .post(&format!("/time-nodes/{}/extensions", nodes[0]), json!({"due_on": "2020-04-10", "reason": "x"}))
        .await
        .refused(403, "forbidden");
    let deputy = scene.app.person("deputy", Role::DeputySecretary, Some(scene.branches[0])).await;
    deputy.post(&path, json!({"kind": "completion", "text": "done"})).await.created();
}

#[actix_web::test]
async fn a_departments_own_node_is_reviewed_by_a_leader_and_a_committees_by_another_leader() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let entries = json!([{"due_on": "2020-03-31"}]);
    let own = scene.task(plan, "Of the department", &[scene.office], entries.clone()).await;
    let above = scene.task(plan, "Of the committee", &[scene.committee], entries).await;
    scene.issue(plan).await;
    let node = async |task: i64| id(&scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items()[0]);
    let done = json!({"kind": "completion", "text": "done"});
    let accept = |report: &Value| json!({"verdict": "accepted", "content_hash": report["content_hash"]});
    let colleague = scene.app.person("colleague", Role::Department, Some(scene.office)).await;

    let report = scene
        .department
        .post(&format!("/time-nodes/{}/progress-reports", node(own).await), done.clone())
        .await
        .created();
    assert_eq!(report["on_behalf"], json!(false));
    let review = format!("/progress-reports/{}/reviews", id(&report));
    colleague.post(&review, accept(&report)).await.refused(403, "forbidden");
    scene.secretary().post(&review, accept(&report)).await.refused(403, "forbidden");
    scene.leader.post(&review, accept(&report)).await.created();

    // The department enters for the committee; neither it nor a colleague may rule on it.
    let report =
        scene.department.post(&format!("/time-nodes/{}/progress-reports", node(above).await), done).await.created();
    assert_eq!(report["on_behalf"], json!(true));
    let review = format!("/progress-reports/{}/reviews", id(&report));
    colleague.post(&review, accept(&report)).await.refused(403, "forbidden");
    scene.leader.post(&review, accept(&report)).await.created();
}

#[actix_web::test]
async fn the_department_grants_a_short_first_extension_and_a_leader_the_rest() {
    let scene = Scene::set(1, 5, 1).await;
    let nodes = scene.issued_with(&[day(3, 31), day(6, 30)]).await;
    let path = format!("/time-nodes/{}/extensions", nodes[0]);
    let to = |due_on: &str| json!({"due_on": due_on, "reason": "later"});
    let granted = scene.department.post(&path, to("2020-04-30")).await.created();
    assert_eq!(granted["state"], json!("approved"));
    let asked = scene.department.post(&path, to("2020-05-02")).await.created();
    assert_eq!(asked["state"], json!("requested"), "a further one needs a leader");
    scene.department.post(&path, to("2020-05-03")).await.refused(409, "request_pending");
    scene
        .department
        .post(&format!("/extensions/{}/decision", id(&asked)), json!({"verdict": "approved"}))
        .await
        .refused(403, "own_request");
    scene.leader.post(&format!("/extensions/{}/decision", id(&asked)), json!({"verdict": "approved"})).await.ok();
    scene
        .leader
        .post(&format!("/extensions/{}/decision", id(&asked)), json!({"verdict": "approved"}))
        .await
        .refused(409, "already_decided");
    assert_eq!(scene.node(nodes[0]).await["due_on"], json!("2020-05-02"));
    let again = json!({"verdict": "approved"});
    let colleague = scene.app.person("colleague-2", Role::Department, Some(scene.office)).await;
    colleague.post(&format!("/extensions/{}/decision", id(&asked)), again).await.refused(403, "forbidden");

    let path = format!("/time-nodes/{}/waivers", nodes[1]);
    let asked = scene.secretary().post(&path, json!({"reason": "x", "kind": "waived"})).await.created();
    assert_eq!(asked["state"], json!("requested"));
    scene
        .department
        .post(&format!("/waivers/{}/decision", id(&asked)), json!({"verdict": "approved"}))
        .await
        .refused(403, "forbidden");
    let refused = json!({"verdict": "refused", "reason": "it applies"});
    scene.leader.post(&format!("/waivers/{}/decision", id(&asked)), refused).await.ok();
    assert_eq!(scene.node(nodes[1]).await["state"], json!("open"));
}

#[actix_web::test]
async fn a_leader_asks_for_the_own_committee_and_another_leader_decides() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "Of the committee", &[scene.committee], json!([{"due_on": "2020-03-31"}])).await;
    scene.issue(plan).await;
    let node = id(&scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items()[0]);
    let body = json!({"reason": "x", "kind": "waived"});
    let asked = scene.leader.post(&format!("/time-nodes/{node}/waivers"), body).await.created();
    assert_eq!(asked["state"], json!("requested"));
    let decision = format!("/waivers/{}/decision", id(&asked));
    scene.leader.post(&decision, json!({"verdict": "approved"})).await.refused(403, "own_request");
    let other = scene.app.person("other-leader", Role::Leader, Some(scene.committee)).await;
    other.post(&decision, json!({"verdict": "approved"})).await.ok();
    assert_eq!(scene.node(node).await["state"], json!("waived"));
}

#[test]
fn only_lists_and_drafts_are_deleted_and_no_report_is_edited() {
    let operations = operations();
    let of = |wanted: &[&str]| -> Vec<_> {
        let of = operations.iter().filter(|(method, ..)| wanted.contains(&method.as_str()));
        of.map(|(_, path, _)| path.as_str()).collect()
    };
    let deleted = [
        "/agenda-items/{id}",
        "/assessments/{id}",
        "/bulletins/{id}",
        "/clause-tasks/{id}",
        "/clauses/{id}",
        "/decisions/{id}",
        "/drafts/{id}",
        "/key-points/{id}",
        "/layouts/{id}",
        "/measures/{id}",
        "/responsibilities/{id}",
        "/standard-sets/{id}",
        "/tasks/{id}",
    ];
    assert_eq!(of(&["DELETE"]), deleted);
    let edited = of(&["PATCH", "PUT"]);
    for kept in ["/progress-reports", "/time-nodes", "/comments", "/attachments", "/audit-entries", "/urges"] {
        assert!(!edited.iter().any(|path| path.starts_with(kept)), "{kept} {edited:?}");
    }
}
