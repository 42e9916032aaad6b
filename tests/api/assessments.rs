//! Assessments of branches: from the draft to the recognition and its withdrawal, and what is refused on the way.

use duban::access::Role;
use duban::units::UnitId;
use serde_json::{Value, json};

use crate::support::{Answer, Persona, Scene, day, id, rows};

/// A published set of the committee: three clauses of 2.5 points, the first mandatory; its id and those of the clauses.
async fn standards(scene: &Scene) -> (i64, Vec<i64>) {
    let body = json!({"unit_id": scene.committee, "title": "Branch standards", "edition": "2020"});
    let set = id(&scene.department.post("/standard-sets", body).await.created());
    let mut clauses = vec![];
    for (code, mandatory) in [("1.1", true), ("1.2", false), ("2.1", false)] {
        let body =
            json!({"code": code, "category": "Organisation", "title": code, "points": 2.5, "mandatory": mandatory});
        clauses.push(id(&scene.department.post(&format!("/standard-sets/{set}/clauses"), body).await.created()));
    }
    scene.department.post(&format!("/standard-sets/{set}/publish"), json!({})).await.ok();
    (set, clauses)
}

fn results(rows: &[Value]) -> Value {
    json!({"results": rows})
}

fn all(clauses: &[i64], result: &str) -> Value {
    results(&clauses.iter().map(|clause| json!({"clause_id": clause, "result": result})).collect::<Vec<_>>())
}

/// Opens an assessment of a branch and brings it to a state.
async fn bring(scene: &Scene, branch: usize, clauses: &[i64], state: &str) -> String {
    let secretary = &scene.secretaries[branch];
    let made = secretary.post("/assessments", json!({"unit_id": scene.branches[branch]})).await.created();
    let path = format!("/assessments/{}", id(&made));
    secretary.put(&format!("{path}/self-results"), all(clauses, "met")).await.ok();
    if state == "draft" {
        return path;
    }
    secretary.post(&format!("{path}/self-assessment"), json!({})).await.ok();
    if state == "self_assessed" {
        return path;
    }
    scene.department.put(&format!("{path}/results"), all(clauses, "met")).await.ok();
    scene.department.post(&format!("{path}/check"), json!({})).await.ok();
    let ruling = match state {
        "checked" => return path,
        "not_recognised" => json!({"verdict": "not_recognised", "reason": "not yet"}),
        _ => json!({"verdict": "recognised", "decision_id": scene.decided().await}),
    };
    scene.leader.post(&format!("{path}/recognition"), ruling).await.ok();
    if state == "withdrawn" {
        scene.leader.post(&format!("{path}/withdrawal"), json!({"reason": "untrue"})).await.ok();
    }
    assert_eq!(scene.leader.get(&path).await.ok()["state"], json!(state));
    path
}

#[actix_web::test]
async fn a_branch_assesses_itself_is_checked_recognised_and_loses_it() {
    let scene = Scene::set(1, 5, 1).await;
    let (set, clauses) = standards(&scene).await;
    scene.app.turn_to(day(3, 20));
    let secretary = scene.secretary();
    let made = secretary.post("/assessments", json!({"unit_id": scene.branches[0]})).await.created();
    assert_eq!(
        (&made["set_id"], &made["state"], &made["opened_on"]),
        (&json!(set), &json!("draft"), &json!("2020-03-20"))
    );
    assert_eq!((&made["check"]["not_assessed"], &made["check"]["of_points"]), (&json!(3), &json!(7.5)));
    let path = format!("/assessments/{}", id(&made));
    let file = id(&secretary.upload("minutes.pdf", b"%PDF-1.7 minutes").await.created());
    let own = results(&[
        json!({"clause_id": clauses[0], "result": "met", "note": "elected", "attachment_ids": [file]}),
        json!({"clause_id": clauses[1], "result": "partly", "points": 1.5, "on_paper": [{"title": "register"}]}),
    ]);
    secretary.put(&format!("{path}/self-results"), own).await.ok();
    let submitted = secretary.post(&format!("{path}/self-assessment"), json!({})).await.ok();
    assert_eq!((&submitted["state"], &submitted["on_behalf"]), (&json!("self_assessed"), &json!(false)));
    assert_eq!((&submitted["self_assessment"]["points"], &submitted["check"]["points"]), (&json!(4.0), &json!(0.0)));

    scene.app.turn_to(day(3, 27));
    scene.department.get(&format!("/attachments/{file}/content")).await.is(200);
    let checked = results(&[
        json!({"clause_id": clauses[0], "result": "met", "evidence_on": "2020-03-16", "attachment_ids": [file]}),
        json!({"clause_id": clauses[1], "result": "partly", "points": 1, "deduction_reason": "two meetings missing"}),
    ]);
    scene.department.put(&format!("{path}/results"), checked).await.ok();
    let checked = scene.department.post(&format!("{path}/check"), json!({})).await.ok();
    assert_eq!((&checked["state"], &checked["checked_on"]), (&json!("checked"), &json!("2020-03-27")));
    assert_eq!((&checked["check_recorded_on"], &checked["back_dated"]), (&json!("2020-03-27"), &json!(false)));
    assert_eq!((&checked["check"]["met"], &checked["check"]["partly"]), (&json!(1), &json!(1)));
    assert_eq!((&checked["check"]["not_assessed"], &checked["check"]["points"]), (&json!(1), &json!(3.5)));

    let lines = secretary.get(&format!("{path}/results")).await.items();
    assert_eq!((&lines[0]["result"], &lines[0]["evidence_on"]), (&json!("met"), &json!("2020-03-16")));
    assert_eq!((&lines[1]["self_points"], &lines[1]["points"]), (&json!(1.5), &json!(1.0)));
    assert_eq!((&lines[2]["self_result"], &lines[2]["result"]), (&json!(null), &json!("not_assessed")));
    let request = secretary.request("GET", &format!("{path}/results")).header("accept", "text/csv");
    let csv = secretary.send("GET", &format!("{path}/results"), request).await;
    assert_eq!((csv.header("content-type").as_str(), csv.text.lines().count()), ("text/csv; charset=utf-8", 4));
    assert!(csv.text.contains("two meetings missing"), "{}", csv.text);

    let ruling = async |body: Value| scene.leader.post(&format!("{path}/recognition"), body).await;
    let unnamed = ruling(json!({"verdict": "recognised"})).await;
    assert_eq!(unnamed.refused(422, "decision_required"), "/decision_id");
    let unknown = ruling(json!({"verdict": "recognised", "decision_id": 7})).await;
    assert_eq!(unknown.refused(422, "decision_unknown"), "/decision_id");
    let decision = scene.decided().await;
    let ruled = ruling(json!({"verdict": "recognised", "decision_id": decision})).await.ok();
    assert_eq!((&ruled["recognised_on"], &ruled["decision_id"]), (&json!("2020-03-27"), &json!(decision)));
    scene.app.turn_to(day(4, 7));
    let gone = scene.leader.post(&format!("{path}/withdrawal"), json!({"reason": "untrue"})).await.ok();
    assert_eq!((&gone["state"], &gone["withdrawn_on"]), (&json!("withdrawn"), &json!("2020-04-07")));
    assert_eq!((&gone["recognised_on"], &gone["withdrawal_reason"]), (&json!("2020-03-27"), &json!("untrue")));
    assert_eq!(scene.department.get("/assessments?state=withdrawn").await.items().len(), 1);
    assert!(scene.department.get("/assessments?state=draft").await.items().is_empty());
    assert_eq!(scene.audited("assessment.check").await.len(), 1);
}

/// The verbs: by whom, how, and the state in which each is allowed.
async fn act(scene: &Scene, branch: usize, path: &str, clauses: &[i64], verb: &str) -> Answer {
    let (secretary, to) = (&scene.secretaries[branch], |part: &str| format!("{path}/{part}"));
    match verb {
        "self-results" => secretary.put(&to(verb), all(clauses, "not_met")).await,
        "delete" => secretary.delete(path).await,
        "self-assessment" => secretary.post(&to(verb), json!({})).await,
        "results" => scene.department.put(&to(verb), all(clauses, "met")).await,
        "approvals" => scene.leader.post(&to(verb), json!({"clause_ids": clauses})).await,
        "check" => scene.department.post(&to(verb), json!({})).await,
        "recognition" => {
            let decision = scene.decided().await;
            scene.leader.post(&to(verb), json!({"verdict": "recognised", "decision_id": decision})).await
        }
        _ => scene.leader.post(&to(verb), json!({"reason": "untrue"})).await,
    }
}

#[actix_web::test]
async fn every_step_that_a_state_does_not_allow_is_refused_with_its_own_code_and_changes_nothing() {
    const STATES: [&str; 6] = ["draft", "self_assessed", "checked", "recognised", "not_recognised", "withdrawn"];
    const VERBS: [(&str, [&str; 6]); 8] = [
        (
            "self-results",
            [
                "",
                "already_self_assessed",
                "assessment_frozen",
                "assessment_frozen",
                "assessment_frozen",
                "assessment_frozen",
            ],
        ),
        (
            "delete",
            [
                "",
                "already_self_assessed",
                "assessment_frozen",
                "assessment_frozen",
                "assessment_frozen",
                "assessment_frozen",
            ],
        ),
        (
            "self-assessment",
            [
                "",
                "already_self_assessed",
                "assessment_frozen",
                "assessment_frozen",
                "assessment_frozen",
                "assessment_frozen",
            ],
        ),
        (
            "results",
            [
                "not_self_assessed",
                "",
                "assessment_frozen",
                "assessment_frozen",
                "assessment_frozen",
                "assessment_frozen",
            ],
        ),
        (
            "approvals",
            [
                "not_self_assessed",
                "",
                "assessment_frozen",
                "assessment_frozen",
                "assessment_frozen",
                "assessment_frozen",
            ],
        ),
        (
            "check",
            ["not_self_assessed", "", "already_checked", "already_checked", "already_checked", "already_checked"],
        ),
        ("recognition", ["not_checked", "not_checked", "", "already_ruled", "already_ruled", "already_ruled"]),
        (
            "withdrawal",
            [
                "nothing_to_withdraw",
                "nothing_to_withdraw",
                "nothing_to_withdraw",
                "",
                "nothing_to_withdraw",
                "recognition_withdrawn",
            ],
        ),
    ];
    let scene = Scene::set(1, 5, STATES.len()).await;
    let (_, clauses) = standards(&scene).await;
    for (branch, state) in STATES.iter().enumerate() {
        let path = bring(&scene, branch, &clauses, state).await;
        for (verb, codes) in VERBS {
            if codes[branch].is_empty() {
                continue;
            }
            // A ruling names a decision, which is made before anything is looked at.
            let decision = scene.decided().await;
            let before = rows(&scene).await;
            let answer = match verb {
                "recognition" => {
                    let ruling = json!({"verdict": "recognised", "decision_id": decision});
                    scene.leader.post(&format!("{path}/recognition"), ruling).await
                }
                _ => act(&scene, branch, &path, &clauses, verb).await,
            };
            answer.refused(409, codes[branch]);
            assert_eq!(rows(&scene).await, before, "{verb} in {state}");
        }
    }
}

#[actix_web::test]
async fn the_nodes_of_linked_tasks_propose_a_result_that_is_taken_or_overruled() {
    let scene = Scene::set(1, 5, 2).await;
    let (_, clauses) = standards(&scene).await;
    let plan = scene.plan().await;
    let entries = json!([{"due_on": "2020-03-10"}, {"due_on": "2020-03-20"}]);
    let lessons = scene.task(plan, "Lessons", &[scene.branches[0], scene.branches[1]], entries).await;
    let later = scene.task(plan, "Later", &[scene.branches[0]], json!([{"due_on": "2020-12-20"}])).await;
    scene.issue(plan).await;
    for (clause, task) in [(clauses[0], lessons), (clauses[1], later)] {
        scene.department.post(&format!("/clauses/{clause}/tasks"), json!({"task_id": task})).await.created();
    }
    let mine = scene.secretary().get(&format!("/time-nodes?task_id={lessons}")).await.items();
    assert_eq!(mine.len(), 2);
    scene.accept(&scene.complete(id(&mine[0])).await).await;
    scene.app.turn_to(day(4, 1));

    let other = bring(&scene, 1, &clauses, "self_assessed").await;
    let lines = scene.department.get(&format!("{other}/results")).await.items();
    assert_eq!(lines[0]["proposal"], json!("not_met"), "overdue and nothing done");

    let path = bring(&scene, 0, &clauses, "self_assessed").await;
    let lines = scene.department.get(&format!("{path}/results")).await.items();
    assert_eq!((&lines[0]["proposal"], &lines[0]["task_ids"]), (&json!("partly"), &json!([lessons])));
    let verdicts: Vec<_> = lines[0]["time_nodes"].as_array().unwrap().iter().map(|node| &node["verdict"]).collect();
    assert_eq!(verdicts, [&json!("done_on_time"), &json!("overdue")]);
    assert_eq!((&lines[1]["proposal"], &lines[1]["time_nodes"][0]["verdict"]), (&json!(null), &json!("not_due")));

    let put = async |row: Value| scene.department.put(&format!("{path}/results"), results(&[row])).await;
    let met = json!({"clause_id": clauses[0], "result": "met"});
    assert_eq!(put(met).await.refused(422, "overrule_unexplained"), "/results/0/overrule_reason");
    put(json!({"clause_id": clauses[1]})).await.refused(422, "no_proposal");
    put(json!({"clause_id": clauses[0], "points": 1.0, "deduction_reason": "one missing"})).await.ok();
    // The second is done late and accepted: what was taken is no longer what is proposed.
    let late = scene.complete(id(&mine[1])).await;
    scene.accept(&late).await;
    let check = async || scene.department.post(&format!("{path}/check"), json!({})).await;
    check().await.refused(409, "proposals_differ");
    let overruled = json!({"clause_id": clauses[0], "result": "partly", "points": 1.0, "deduction_reason": "late", "overrule_reason": "held late"});
    put(overruled).await.ok();
    check().await.ok();
    // What was proposed at the check stays, even when the link goes on the very day.
    let link = id(&scene.department.get(&format!("/clauses/{}/tasks", clauses[0])).await.items()[0]);
    scene.department.delete(&format!("/clause-tasks/{link}")).await.is(204);
    let line = &scene.department.get(&format!("{path}/results")).await.items()[0];
    assert_eq!((&line["proposal"], &line["result"]), (&json!("met"), &json!("partly")));
    assert_eq!(scene.department.get(&format!("{other}/results")).await.items()[0]["proposal"], json!(null));
}

#[actix_web::test]
async fn what_is_not_applicable_needs_a_leader() {
    let scene = Scene::set(1, 5, 2).await;
    let (_, clauses) = standards(&scene).await;
    let path = bring(&scene, 0, &clauses, "self_assessed").await;
    let put = async |who: &Persona, path: &str, row: Value| who.put(&format!("{path}/results"), results(&[row])).await;
    let without = json!({"clause_id": clauses[2], "result": "not_applicable"});
    assert_eq!(
        put(&scene.department, &path, without).await.refused(422, "not_applicable_unexplained"),
        "/results/0/note"
    );
    let row = json!({"clause_id": clauses[2], "result": "not_applicable", "note": "no retired members"});
    put(&scene.department, &path, row.clone()).await.ok();
    let check = async |path: &str| scene.department.post(&format!("{path}/check"), json!({})).await;
    check(&path).await.refused(409, "not_applicable_unapproved");
    let approve = async |who: &Persona, clause: i64| {
        who.post(&format!("{path}/approvals"), json!({"clause_ids": [clause]})).await
    };
    for who in [&scene.department, scene.secretary(), &scene.admin] {
        approve(who, clauses[2]).await.refused(403, "forbidden");
    }
    approve(&scene.leader, clauses[0]).await.refused(422, "not_put_as_not_applicable");
    approve(&scene.leader, clauses[2]).await.ok();
    // Entered again, it needs its approval again.
    put(&scene.department, &path, row.clone()).await.ok();
    check(&path).await.refused(409, "not_applicable_unapproved");
    approve(&scene.leader, clauses[2]).await.ok();
    let checked = check(&path).await.ok();
    assert_eq!((&checked["check"]["not_applicable"], &checked["check"]["of_points"]), (&json!(1), &json!(5.0)));
    let line = &scene.department.get(&format!("{path}/results")).await.items()[2];
    assert_eq!((&line["approved_by"], &line["points"]), (&json!(scene.leader.account_id), &json!(null)));
    // A leader who enters it has approved it.
    let other = bring(&scene, 1, &clauses, "self_assessed").await;
    put(&scene.leader, &other, row).await.ok();
    check(&other).await.ok();
}

#[actix_web::test]
async fn nobody_checks_their_own_branch_nor_what_they_submitted() {
    let scene = Scene::set(1, 5, 2).await;
    let (_, clauses) = standards(&scene).await;
    let path = bring(&scene, 0, &clauses, "self_assessed").await;
    let verbs = [("check", json!({})), ("recognition", json!({"verdict": "recognised"}))];
    let met = all(&clauses, "met");
    let everybody = [scene.secretary(), &scene.secretaries[1], &scene.admin];
    for who in everybody {
        who.put(&format!("{path}/results"), met.clone()).await.refused(403, "forbidden");
        for (verb, body) in &verbs {
            who.post(&format!("{path}/{verb}"), body.clone()).await.refused(403, "forbidden");
        }
    }
    scene
        .department
        .post(&format!("{path}/recognition"), json!({"verdict": "recognised"}))
        .await
        .refused(403, "forbidden");
    // A colleague and a leader who also hold a post in the branch.
    for (name, role, unit) in [("both", Role::Department, scene.office), ("double", Role::Leader, scene.committee)] {
        let account = scene.app.account(name).await;
        scene.app.appoint(account, role, Some(UnitId(unit))).await;
        scene.app.appoint(account, Role::Cadre, Some(UnitId(scene.branches[0]))).await;
        let both = scene.app.sign_in(name, account).await;
        both.put(&format!("{path}/results"), met.clone()).await.refused(403, "checker_of_unit");
        both.post(&format!("{path}/check"), json!({})).await.refused(403, "checker_of_unit");
        if role == Role::Leader {
            both.post(&format!("{path}/approvals"), json!({"clause_ids": clauses}))
                .await
                .refused(403, "checker_of_unit");
            both.post(&format!("{path}/recognition"), json!({"verdict": "recognised"}))
                .await
                .refused(403, "checker_of_unit");
        }
    }
    // The department enters for a branch; a colleague checks.
    let department = &scene.department;
    let made = department.post("/assessments", json!({"unit_id": scene.branches[1]})).await.created();
    let path = format!("/assessments/{}", id(&made));
    department.put(&format!("{path}/self-results"), met.clone()).await.ok();
    let submitted = department.post(&format!("{path}/self-assessment"), json!({})).await.ok();
    assert_eq!(submitted["on_behalf"], json!(true));
    department.put(&format!("{path}/results"), met.clone()).await.refused(403, "own_self_assessment");
    department.post(&format!("{path}/check"), json!({})).await.refused(403, "own_self_assessment");
    let colleague = scene.app.person("colleague", Role::Department, Some(scene.office)).await;
    colleague.put(&format!("{path}/results"), met).await.ok();
    colleague.post(&format!("{path}/check"), json!({})).await.ok();
}

#[actix_web::test]
async fn assessments_and_their_evidence_are_read_by_who_reads_the_units_nodes() {
    let scene = Scene::set(1, 5, 2).await;
    let (_, clauses) = standards(&scene).await;
    let made = scene.secretary().post("/assessments", json!({"unit_id": scene.branches[0]})).await.created();
    let path = format!("/assessments/{}", id(&made));
    let file = id(&scene.secretary().upload("minutes.pdf", b"%PDF-1.7 minutes").await.created());
    let content = format!("/attachments/{file}/content");
    scene.department.get(&content).await.refused(403, "forbidden");
    let row = json!({"clause_id": clauses[0], "result": "met", "attachment_ids": [file]});
    scene.secretary().put(&format!("{path}/self-results"), results(std::slice::from_ref(&row))).await.ok();
    let inspector = scene.app.person("inspector", Role::Inspector, Some(scene.committee)).await;
    for who in [&scene.department, &scene.leader, &inspector, scene.secretary()] {
        who.get(&content).await.is(200);
        who.get(&path).await.ok();
        assert_eq!(who.get("/assessments").await.items().len(), 1);
    }
    for who in [&scene.secretaries[1], &scene.admin] {
        who.get(&content).await.refused(403, "forbidden");
        who.get(&path).await.refused(403, "forbidden");
        who.get(&format!("{path}/results")).await.refused(403, "forbidden");
        who.put(&format!("{path}/self-results"), results(std::slice::from_ref(&row))).await.refused(403, "forbidden");
        who.post(&format!("{path}/self-assessment"), json!({})).await.refused(403, "forbidden");
        who.delete(&path).await.refused(403, "forbidden");
        assert!(who.get("/assessments").await.items().is_empty());
    }
    // Nobody names a file that they may not read.
    let other = scene.secretaries[1].post("/assessments", json!({"unit_id": scene.branches[1]})).await.created();
    let refused = scene.secretaries[1].put(&format!("/assessments/{}/self-results", id(&other)), results(&[row])).await;
    assert_eq!(refused.refused(422, "attachment_unknown"), "/results/0/attachment_ids/0");
    let stale = scene.secretary().request("DELETE", &path).header("if-match", "\"1\"");
    scene.secretary().send("DELETE", &path, stale).await.refused(412, "stale");
    scene.secretary().delete(&path).await.is(204);
    scene.secretary().get(&path).await.refused(404, "not_found");
}

#[actix_web::test]
async fn points_and_reasons_are_asked_for_where_they_are_needed() {
    let scene = Scene::set(1, 5, 1).await;
    let (_, clauses) = standards(&scene).await;
    let made = scene.secretary().post("/assessments", json!({"unit_id": scene.branches[0]})).await.created();
    let path = format!("/assessments/{}", id(&made));
    let own = async |rows: &[Value]| scene.secretary().put(&format!("{path}/self-results"), results(rows)).await;
    own(&[]).await.refused(422, "out_of_range");
    let said = |result: &str| json!({"clause_id": clauses[0], "result": result});
    let with = |result: &str, points: f64| json!({"clause_id": clauses[0], "result": result, "points": points});
    own(&[said("partly")]).await.refused(422, "points_missing");
    own(&[with("met", 2.6)]).await.refused(422, "points_above");
    own(&[with("not_applicable", 0.0)]).await.refused(422, "points_unused");
    own(&[said("met"), said("not_met")]).await.refused(422, "clause_twice");
    own(&[json!({"clause_id": 999, "result": "met"})]).await.refused(422, "clause_not_in_set");
    let many = own(&[said("partly"), json!({"clause_id": 999, "result": "met"})]).await;
    assert_eq!(many.body["errors"].as_array().unwrap().len(), 2);
    many.refused(422, "invalid");
    scene.secretary().post(&format!("{path}/self-assessment"), json!({})).await.refused(409, "self_assessment_empty");
    own(&[said("met")]).await.ok();
    scene.secretary().post(&format!("{path}/self-assessment"), json!({})).await.ok();

    let check = async |row: Value| scene.department.put(&format!("{path}/results"), results(&[row])).await;
    scene.department.post(&format!("{path}/check"), json!({})).await.refused(409, "check_empty");
    assert_eq!(check(with("met", 2.0)).await.refused(422, "deduction_unexplained"), "/results/0/deduction_reason");
    check(said("not_met")).await.refused(422, "deduction_unexplained");
    check(json!({"clause_id": clauses[0], "result": "met", "evidence_on": "2020-01-06"}))
        .await
        .refused(422, "future_day");
    check(said("not_assessed")).await.ok();
    scene.department.post(&format!("{path}/check"), json!({})).await.refused(409, "check_empty");
    check(said("met")).await.ok();
    scene.department.post(&format!("{path}/check"), json!({})).await.ok();
}

#[actix_web::test]
async fn a_branch_is_recognised_only_with_every_mandatory_clause_met() {
    let scene = Scene::set(1, 5, 1).await;
    let (_, clauses) = standards(&scene).await;
    let assess = async |rows: &[Value]| {
        let made = scene.secretary().post("/assessments", json!({"unit_id": scene.branches[0]})).await.created();
        let path = format!("/assessments/{}", id(&made));
        scene.secretary().put(&format!("{path}/self-results"), all(&clauses, "met")).await.ok();
        scene.secretary().post(&format!("{path}/self-assessment"), json!({})).await.ok();
        scene.department.put(&format!("{path}/results"), results(rows)).await.ok();
        scene.department.post(&format!("{path}/check"), json!({})).await.ok();
        path
    };
    let missing = json!({"clause_id": clauses[0], "result": "not_met", "deduction_reason": "no election"});
    let first = assess(&[missing, json!({"clause_id": clauses[1], "result": "met"})]).await;
    let rule = async |path: &str, body: Value| scene.leader.post(&format!("{path}/recognition"), body).await;
    let recognised = json!({"verdict": "recognised", "decision_id": scene.decided().await});
    rule(&first, recognised.clone()).await.refused(409, "mandatory_unmet");
    rule(&first, json!({"verdict": "not_recognised"})).await.refused(422, "not_recognised_unexplained");
    rule(&first, json!({"verdict": "not_recognised", "reason": "1.1"})).await.ok();
    // Another that meets it, and then one that says nothing of it: what the earlier check said goes on counting.
    scene.app.turn_to(day(6, 20));
    assess(&[json!({"clause_id": clauses[0], "result": "met"})]).await;
    let third = assess(&[json!({"clause_id": clauses[2], "result": "met"})]).await;
    rule(&third, recognised).await.ok();
}

#[actix_web::test]
async fn a_check_is_back_dated_by_the_department_since_publication() {
    let scene = Scene::set(2, 1, 1).await;
    let (_, clauses) = standards(&scene).await;
    scene.app.turn_to(day(5, 6));
    let path = bring(&scene, 0, &clauses, "self_assessed").await;
    let row = json!({"clause_id": clauses[0], "result": "met", "evidence_on": "2020-03-21"});
    scene.department.put(&format!("{path}/results"), results(&[row])).await.ok();
    let on = async |who: &Persona, day: &str| who.post(&format!("{path}/check"), json!({"checked_on": day})).await;
    on(&scene.department, "2020-01-31").await.refused(422, "checked_on_outside");
    on(&scene.department, "2020-05-07").await.refused(422, "checked_on_outside");
    on(&scene.leader, "2020-03-27").await.refused(403, "forbidden");
    on(&scene.department, "2020-03-20").await.refused(422, "evidence_after_check");
    let checked = on(&scene.department, "2020-03-27").await.ok();
    assert_eq!((&checked["checked_on"], &checked["check_recorded_on"]), (&json!("2020-03-27"), &json!("2020-05-06")));
    assert_eq!(checked["back_dated"], json!(true));
}

#[actix_web::test]
async fn only_a_branch_is_assessed_once_at_a_time_against_a_set_that_is_its_own() {
    let scene = Scene::set(1, 5, 1).await;
    let branch = scene.branches[0];
    let open = async |body: Value| scene.department.post("/assessments", body).await;
    open(json!({"unit_id": branch})).await.refused(409, "no_standard_set");
    let (old, _) = standards(&scene).await;
    assert_eq!(open(json!({"unit_id": scene.committee})).await.refused(422, "not_a_branch"), "/unit_id");
    scene.leader.post("/assessments", json!({"unit_id": branch})).await.refused(403, "forbidden");
    let newer = json!({"unit_id": scene.committee, "title": "Branch standards", "edition": "2021", "from_set_id": old});
    let newer = id(&scene.department.post("/standard-sets", newer).await.created());
    assert_eq!(open(json!({"unit_id": branch, "set_id": newer})).await.refused(422, "set_not_applying"), "/set_id");
    scene.department.post(&format!("/standard-sets/{newer}/publish"), json!({})).await.ok();
    let made = open(json!({"unit_id": branch})).await.created();
    assert_eq!(made["set_id"], json!(newer), "the newest applies");
    open(json!({"unit_id": branch, "set_id": old})).await.refused(409, "assessment_open");
    scene.department.delete(&format!("/assessments/{}", id(&made))).await.is(204);
    let first = scene.department.post_with_key("/assessments", json!({"unit_id": branch, "set_id": old}), "once").await;
    let again = scene.department.post_with_key("/assessments", json!({"unit_id": branch, "set_id": old}), "once").await;
    assert_eq!((first.status, &first.text), (201, &again.text));
}

#[actix_web::test]
async fn what_waits_is_in_the_inbox_of_who_may_do_it() {
    let scene = Scene::set(1, 5, 4).await;
    let (_, clauses) = standards(&scene).await;
    for (branch, state) in ["draft", "self_assessed", "checked", "recognised"].iter().enumerate() {
        bring(&scene, branch, &clauses, state).await;
    }
    let inbox = async |who: &Persona, kind: &str| {
        let shown = who.get(&format!("/inbox?kind={kind}")).await.ok();
        shown["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(inbox(scene.secretary(), "to_self_assess").await, [json!(1)]);
    for who in [&scene.secretaries[1], &scene.department, &scene.leader] {
        assert!(inbox(who, "to_self_assess").await.is_empty());
    }
    for who in [&scene.department, &scene.leader] {
        assert_eq!(inbox(who, "to_check").await, [json!(2)]);
    }
    assert_eq!(inbox(&scene.leader, "to_recognise").await, [json!(3)]);
    for who in [&scene.department, &scene.secretaries[1], &scene.secretaries[2]] {
        assert!(inbox(who, "to_recognise").await.is_empty());
    }
    // A newer assessment of that branch takes its place.
    let newer = bring(&scene, 2, &clauses, "self_assessed").await;
    assert_eq!(inbox(&scene.leader, "to_recognise").await, [json!(3)], "one that is not checked does not");
    scene.department.put(&format!("{newer}/results"), all(&clauses, "met")).await.ok();
    scene.department.post(&format!("{newer}/check"), json!({})).await.ok();
    assert_eq!(inbox(&scene.leader, "to_recognise").await, [json!(5)]);
}

#[actix_web::test]
async fn the_decision_of_a_recognition_is_one_that_was_passed_above() {
    let scene = Scene::set(3, 24, 1).await;
    let (_, clauses) = standards(&scene).await;
    let path = bring(&scene, 0, &clauses, "checked").await;
    let meeting = |unit: i64| json!({"unit_id": unit, "kind": "other", "title": "Meeting", "called_for": "2020-03-24"});
    let lost =
        json!({"kind": "resolution", "text": "x", "votes": {"for": 1, "against": 2, "abstain": 0, "present": 3}});
    let own = json!({"kind": "information", "text": "x"});
    for (unit, decision) in [(scene.branches[0], own), (scene.committee, lost)] {
        let made = id(&scene.department.post("/meetings", meeting(unit)).await.created());
        scene.hold(made, 3, 3).await;
        let decision = id(&scene.department.post(&format!("/meetings/{made}/decisions"), decision).await.created());
        let ruling = json!({"verdict": "recognised", "decision_id": decision});
        let refused = scene.leader.post(&format!("{path}/recognition"), ruling).await;
        assert_eq!(refused.refused(422, "decision_not_above"), "/decision_id");
    }
}
