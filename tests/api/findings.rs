//! Findings: raised, put right, closed out, looked back at; what the ledger shows and the rectification rate counts.

use duban::access::Role;
use serde_json::{Value, json};

use crate::support::{Answer, Persona, Scene, day, id, rows};

fn about(title: &str, kind: &str, units: &[i64]) -> Value {
    json!({
        "title": title, "kind": kind, "unit_ids": units,
        "source": {"body": "2019年度党建考核组", "on": "2020-01-03", "document": "考核反馈〔2020〕3号"}
    })
}

/// The department raises a finding.
async fn raised(scene: &Scene, kind: &str, units: &[i64]) -> i64 {
    id(&scene.department.post("/findings", about("会议记录不完整", kind, units)).await.created())
}

/// The secretary of the first branch takes a measure.
async fn measure(scene: &Scene, finding: i64, due_on: Option<&str>) -> Value {
    let body = json!({"text": "补齐记录", "leader": "支部书记", "person": "组织委员", "due_on": due_on});
    scene.secretary().post(&format!("/findings/{finding}/measures"), body).await.created()
}

async fn applied(scene: &Scene, finding: i64) -> Value {
    let body = json!({"text": "记录已补齐，经支部大会核对。"});
    scene.secretary().post(&format!("/findings/{finding}/applications"), body).await.created()
}

async fn checked(scene: &Scene, finding: i64) -> Value {
    let body = json!({"verdict": "passed"});
    scene.department.post(&format!("/findings/{finding}/checks"), body).await.created()
}

async fn closed(scene: &Scene, finding: i64) -> Value {
    scene.leader.post(&format!("/findings/{finding}/closing"), json!({})).await.ok()
}

/// A finding of the first branch, taken as far as a state.
async fn in_state(scene: &Scene, kind: &str, state: &str) -> i64 {
    let finding = raised(scene, kind, &scene.branches[..1]).await;
    let way: &[&str] = match state {
        "open" => &[],
        "rectifying" => &["measure"],
        "applied" => &["measure", "apply"],
        "checked" => &["measure", "apply", "check"],
        "closed" => &["measure", "apply", "check", "close"],
        "stage_done" => &["measure", "stage"],
        "dismissed" => &["dismiss"],
        other => panic!("no such state: {other}"),
    };
    for step in way {
        match *step {
            "measure" => drop(measure(scene, finding, Some("2020-04-30")).await),
            "apply" => drop(applied(scene, finding).await),
            "check" => drop(checked(scene, finding).await),
            "close" => drop(closed(scene, finding).await),
            "stage" => drop(scene.department.post(&format!("/findings/{finding}/stage"), json!({})).await.ok()),
            _ => {
                let body = json!({"reason": "经核实不存在"});
                drop(scene.leader.post(&format!("/findings/{finding}/dismissal"), body).await.ok());
            }
        }
    }
    assert_eq!(read(scene, finding).await["state"], json!(state));
    finding
}

async fn read(scene: &Scene, finding: i64) -> Value {
    scene.leader.get(&format!("/findings/{finding}")).await.ok()
}

/// The rectification report as the department reads it.
async fn rates(scene: &Scene, query: &str) -> Value {
    scene.department.get(&format!("/reports/rectification?{query}")).await.ok()
}

/// Who stands where in the rate: numerator, denominator only, excluded.
async fn explained(scene: &Scene, query: &str) -> (Vec<i64>, Vec<i64>, Vec<(i64, String)>) {
    let answer = scene.department.get(&format!("/reports/rectification/explain?{query}")).await.ok();
    let ids = |list: &str| answer[list].as_array().unwrap().iter().map(|id| id.as_i64().unwrap()).collect();
    let excluded = answer["excluded"].as_array().unwrap().iter();
    let excluded = excluded.map(|one| (id(one), one["reason"].as_str().unwrap().to_owned())).collect();
    (ids("numerator"), ids("denominator_only"), excluded)
}

#[actix_web::test]
async fn a_finding_is_put_right_applied_for_checked_and_closed_out() {
    let scene = Scene::set(1, 5, 2).await;
    let branch = scene.branches[0];
    let made = scene.department.post("/findings", about("会议记录不完整", "time_limited", &[branch])).await;
    assert_eq!(made.header("location"), "/api/v1/findings/1");
    let made = made.created();
    assert_eq!((&made["state"], &made["year"], &made["version"]), (&json!("open"), &json!(2020), &json!(1)));
    assert_eq!(made["units"], json!([{"unit_id": branch, "name": "Branch 1"}]));
    assert_eq!(made["source"]["document"], json!("考核反馈〔2020〕3号"));

    scene.app.turn_to(day(1, 10));
    let taken = measure(&scene, 1, Some("2020-03-31")).await;
    assert_eq!((&taken["unit_id"], &taken["overdue"]), (&json!(branch), &json!(false)), "of its only unit");
    assert_eq!(read(&scene, 1).await["state"], json!("rectifying"));

    scene.app.turn_to(day(4, 1));
    assert_eq!(read(&scene, 1).await["measures"][0]["overdue"], json!(true));
    let file = id(&scene.secretary().upload("记录.pdf", b"%PDF-1.4 records").await.created());
    let paper = json!([{"title": "会议记录本", "place": "支部档案柜"}]);
    let body = json!({"text": "已补齐", "attachment_ids": [file], "on_paper": paper});
    let application = scene.secretary().post("/findings/1/applications", body).await.created();
    assert_eq!(application["attachments"][0]["id"], json!(file));
    let now = read(&scene, 1).await;
    assert_eq!((&now["state"], &now["measures"][0]["overdue"]), (&json!("applied"), &json!(false)));
    // Who checks reads the evidence; who may not read the finding does not.
    scene.department.get(&format!("/attachments/{file}/content")).await.is(200);
    scene.secretaries[1].get(&format!("/attachments/{file}")).await.refused(403, "forbidden");

    let check = scene.department.post("/findings/1/checks", json!({"verdict": "passed"})).await.created();
    assert_eq!(check["application_id"], application["id"]);
    scene.app.turn_to(day(4, 2));
    let closed = scene.leader.post("/findings/1/closing", json!({"note": "同意销号"})).await.ok();
    assert_eq!((&closed["state"], &closed["closed_on"]), (&json!("closed"), &json!("2020-04-02")));
    assert_eq!((&closed["counts_as_closed"], &closed["state_reason"]), (&json!(true), &json!("同意销号")));
    assert_eq!(closed["progress"], json!("已补齐"));
    assert_eq!(scene.leader.get("/findings/1/applications").await.items().len(), 1);
    assert_eq!(scene.leader.get("/findings/1/checks").await.items(), [check]);
    assert_eq!(scene.audited("finding.close").await.len(), 1);
}

/// The verbs with a body that each would take, and the code that refuses them in the wrong state.
fn verbs(measure: i64, key_point: i64) -> Vec<(&'static str, String, Value, &'static str)> {
    vec![
        ("measure", "/measures".into(), json!({"text": "再查一遍", "due_on": "2020-05-31"}), "measures_fixed"),
        ("change", format!("/measures/{measure}"), json!({"text": "改写"}), "measures_fixed"),
        ("task", "/tasks".into(), json!({"key_point_id": key_point}), "no_task_now"),
        ("apply", "/applications".into(), json!({"text": "已整改"}), "not_to_apply"),
        ("pass", "/checks".into(), json!({"verdict": "passed"}), "not_applied"),
        ("fail", "/checks".into(), json!({"verdict": "failed", "reason": "不实"}), "not_applied"),
        ("close", "/closing".into(), json!({}), "finding_not_checked"),
        ("stage", "/stage".into(), json!({}), "not_to_stage"),
        ("dismiss", "/dismissal".into(), json!({"reason": "不存在"}), "finding_ended"),
        ("hold", "/rechecks".into(), json!({"verdict": "held"}), "finding_not_closed"),
        ("relapse", "/rechecks".into(), json!({"verdict": "failed", "note": "又犯"}), "finding_not_closed"),
        ("patch", String::new(), json!({"title": "改题"}), "finding_ended"),
    ]
}

#[actix_web::test]
async fn what_a_state_does_not_allow_is_refused_with_a_code_of_its_own_and_changes_nothing() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let key_point = scene.department.post(&format!("/plans/{plan}/key-points"), json!({"title": "整改"})).await;
    let key_point = id(&key_point.created());
    // The leader stands above; the department may do whatever a unit may.
    let allowed: [(&str, &[&str]); 7] = [
        ("open", &["measure", "dismiss", "patch"]),
        ("rectifying", &["measure", "change", "task", "apply", "stage", "dismiss", "patch"]),
        ("applied", &["pass", "fail", "dismiss", "patch"]),
        ("checked", &["close", "stage", "dismiss", "patch"]),
        ("stage_done", &["measure", "change", "task", "apply", "dismiss", "patch"]),
        ("closed", &["hold", "relapse"]),
        ("dismissed", &[]),
    ];
    for (state, allowed) in allowed {
        let finding = in_state(&scene, "time_limited", state).await;
        let before = read(&scene, finding).await;
        let rows_before = rows(&scene).await;
        let measure = before["measures"][0]["id"].as_i64();
        for (verb, path, body, code) in verbs(measure.unwrap_or(0), key_point) {
            if allowed.contains(&verb) || (verb == "change" && measure.is_none()) {
                continue;
            }
            let path = if verb == "change" { path } else { format!("/findings/{finding}{path}") };
            let who = if verb == "dismiss" { &scene.leader } else { &scene.department };
            let answer = match verb {
                "patch" | "change" => who.patch(&path, body).await,
                _ => who.post(&path, body).await,
            };
            answer.refused(409, code);
            assert_eq!(rows(&scene).await, rows_before, "{verb} of one that is {state}");
        }
        // And what is allowed is done; the last of them ends it.
        for (verb, path, body, _) in verbs(measure.unwrap_or(0), key_point) {
            if allowed.contains(&verb) {
                let finding = in_state(&scene, "time_limited", state).await;
                let measure = read(&scene, finding).await["measures"][0]["id"].as_i64();
                let who = if verb == "dismiss" { &scene.leader } else { &scene.department };
                let answer = match verb {
                    "change" => who.patch(&format!("/measures/{}", measure.unwrap()), body).await,
                    "patch" => who.patch(&format!("/findings/{finding}"), body).await,
                    _ => who.post(&format!("/findings/{finding}{path}"), body).await,
                };
                assert!(answer.status < 300, "{verb} of one that is {state}: {}", answer.text);
            }
        }
    }
    // What is put right at once has no stages.
    let finding = in_state(&scene, "immediate", "rectifying").await;
    scene.department.post(&format!("/findings/{finding}/stage"), json!({})).await.refused(409, "immediate_stage");
}

#[actix_web::test]
async fn a_failed_check_sends_it_back_with_a_reason() {
    let scene = Scene::set(1, 5, 1).await;
    let finding = in_state(&scene, "time_limited", "applied").await;
    let path = format!("/findings/{finding}/checks");
    let place = scene.department.post(&path, json!({"verdict": "failed"})).await.refused(422, "check_unexplained");
    assert_eq!(place, "/reason");
    let body = json!({"verdict": "failed", "reason": "缺少一季度记录"});
    scene.department.post(&path, body).await.created();
    let back = read(&scene, finding).await;
    assert_eq!((&back["state"], &back["state_reason"]), (&json!("rectifying"), &json!("缺少一季度记录")));
    // Applied for again, it is judged again; both rulings stand in the record.
    applied(&scene, finding).await;
    checked(&scene, finding).await;
    let verdicts = scene.leader.get(&path).await.items();
    assert_eq!((&verdicts[0]["verdict"], &verdicts[1]["verdict"]), (&json!("failed"), &json!("passed")));
    assert_ne!(verdicts[0]["application_id"], verdicts[1]["application_id"]);
}

#[actix_web::test]
async fn nobody_rules_on_what_they_or_their_unit_applied_for() {
    let scene = Scene::set(1, 5, 1).await;
    let finding = in_state(&scene, "time_limited", "rectifying").await;
    let path = |verb: &str| format!("/findings/{finding}/{verb}");
    let passed = json!({"verdict": "passed"});
    // The department enters the application for the branch: then a colleague or a leader checks it.
    scene.department.post(&path("applications"), json!({"text": "代录"})).await.created();
    scene.department.post(&path("checks"), passed.clone()).await.refused(403, "own_application");
    scene.secretary().post(&path("checks"), passed.clone()).await.refused(403, "forbidden");
    // Somebody of the department who is the deputy secretary there as well.
    let both = scene.app.account("both").await;
    for (role, unit) in [(Role::Department, scene.office), (Role::DeputySecretary, scene.branches[0])] {
        scene.app.appoint(both, role, Some(duban::units::UnitId(unit))).await;
    }
    let both = scene.app.sign_in("both", both).await;
    both.post(&path("checks"), passed.clone()).await.refused(403, "own_finding");
    scene.leader.post(&path("checks"), passed).await.created();
    both.post(&path("closing"), json!({})).await.refused(403, "own_finding");
    scene.secretary().post(&path("closing"), json!({})).await.refused(403, "forbidden");
    scene.department.post(&path("closing"), json!({})).await.ok();
    both.post(&path("rechecks"), json!({"verdict": "held"})).await.refused(403, "own_finding");
}

#[actix_web::test]
async fn only_the_inspector_who_raised_it_or_a_leader_above_dismisses_a_finding() {
    let scene = Scene::set(1, 5, 2).await;
    let inspector = scene.app.person("inspector", Role::Inspector, Some(scene.committee)).await;
    let other = scene.app.person("other-inspector", Role::Inspector, Some(scene.committee)).await;
    let reason = json!({"reason": "经核实，该支部当年尚未成立"});
    let body = about("未按期换届", "time_limited", &scene.branches);
    let finding = id(&inspector.post("/findings", body).await.created());
    let path = format!("/findings/{finding}/dismissal");
    for who in [&scene.department, scene.secretary()] {
        who.post(&path, reason.clone()).await.refused(403, "forbidden");
    }
    other.post(&path, reason.clone()).await.refused(403, "not_your_finding");
    let gone = inspector.post(&path, reason.clone()).await.ok();
    assert_eq!((&gone["state"], &gone["state_reason"]), (&json!("dismissed"), &reason["reason"]));
    // A finding that the department raised no inspector dismisses; a leader does.
    let finding = raised(&scene, "time_limited", &scene.branches).await;
    let path = format!("/findings/{finding}/dismissal");
    inspector.post(&path, reason.clone()).await.refused(403, "not_your_finding");
    scene.leader.post(&path, reason).await.ok();
    // Raising is not for the units themselves.
    let own = about("自查问题", "immediate", &scene.branches[..1]);
    scene.secretary().post("/findings", own).await.refused(403, "forbidden");
}

#[actix_web::test]
async fn a_unit_takes_measures_and_does_not_move_its_own_deadlines() {
    let scene = Scene::set(1, 5, 2).await;
    let finding = raised(&scene, "time_limited", &scene.branches).await;
    let path = format!("/findings/{finding}/measures");
    let new = |unit: Option<i64>, due: Option<&str>| json!({"text": "建立台账", "unit_id": unit, "due_on": due});
    let (first, second) = (scene.branches[0], scene.branches[1]);
    let due = Some("2020-04-30");
    let at = scene.secretary().post(&path, new(None, due)).await.refused(422, "measure_unit_unsaid");
    assert_eq!(at, "/unit_id");
    scene.secretary().post(&path, new(Some(scene.office), due)).await.refused(422, "measure_unit_outside");
    scene.secretary().post(&path, new(Some(second), due)).await.refused(403, "forbidden");
    scene.secretary().post(&path, new(Some(first), None)).await.refused(422, "measure_due_required");
    let made = scene.secretary().post(&path, new(Some(first), due)).await.created();
    let at = format!("/measures/{}", id(&made));

    scene.secretary().patch(&at, json!({"due_on": "2020-12-31"})).await.refused(403, "forbidden");
    scene.department.patch(&at, json!({"due_on": null})).await.refused(422, "measure_due_required");
    let etag = scene.department.get(&at).await.etag();
    let moved = scene.department.patch_version(&at, json!({"due_on": "2020-05-31"}), &etag).await.ok();
    assert_eq!((&moved["due_on"], &moved["version"]), (&json!("2020-05-31"), &json!(2)));
    scene.department.patch_version(&at, json!({"text": "x"}), &etag).await.refused(412, "stale");
    let bare = scene.department.request("PATCH", &at).json(&json!({"text": "x"}));
    scene.department.send("PATCH", &at, bare).await.refused(428, "precondition_required");

    scene.department.delete(&at).await.refused(409, "last_measure");
    let other = scene.secretaries[1].post(&path, new(Some(second), due)).await.created();
    // A unit with measures stays; a finding that is not long-term has days.
    let finding_at = format!("/findings/{finding}");
    scene.department.patch(&finding_at, json!({"unit_ids": [first]})).await.refused(409, "unit_has_measures");
    scene.department.delete(&format!("/measures/{}", id(&other))).await.is(204);
    scene.department.patch(&finding_at, json!({"unit_ids": [first]})).await.ok();
    scene.secretaries[1].get(&finding_at).await.refused(403, "forbidden");
    scene.department.get(&format!("/measures/{}", id(&other))).await.is(404);
    // Why it came about, its unit may say; what it is, not.
    scene.secretary().patch(&finding_at, json!({"root_cause": "没有交接"})).await.ok();
    scene.secretary().patch(&finding_at, json!({"title": "小事"})).await.refused(403, "forbidden");
}

#[actix_web::test]
async fn a_measure_without_a_day_is_for_what_is_kept_up_for_long() {
    let scene = Scene::set(1, 5, 1).await;
    let finding = raised(&scene, "long_term", &scene.branches).await;
    assert_eq!(measure(&scene, finding, None).await["due_on"], json!(null));
    let path = format!("/findings/{finding}");
    let at = scene.department.patch(&path, json!({"kind": "immediate"})).await.refused(422, "measure_due_required");
    assert_eq!(at, "/kind");
}

#[actix_web::test]
async fn the_same_key_makes_one_finding_and_a_stale_version_none() {
    let scene = Scene::set(1, 5, 1).await;
    let body = about("一次", "immediate", &scene.branches);
    let first = scene.department.post_with_key("/findings", body.clone(), "k1").await.created();
    assert_eq!(scene.department.post_with_key("/findings", body, "k1").await.created(), first);
    assert_eq!(scene.department.get("/findings").await.items().len(), 1);
    measure(&scene, id(&first), Some("2020-02-28")).await;
    let path = format!("/findings/{}/applications", id(&first));
    let stale = scene.secretary().request("POST", &path).json(&json!({"text": "x"})).header("if-match", "\"1\"");
    scene.secretary().send("POST", &path, stale).await.refused(412, "stale");
}

#[actix_web::test]
async fn what_an_input_names_must_be_there() {
    let scene = Scene::set(1, 5, 1).await;
    let body = about("x", "immediate", &[999]);
    assert_eq!(scene.department.post("/findings", body).await.refused(422, "unit_unknown"), "/unit_ids/0");
    let mut body = about("x", "immediate", &scene.branches);
    body["source"]["on"] = json!("2020-01-06");
    assert_eq!(scene.department.post("/findings", body).await.refused(422, "future_day"), "/source/on");
    scene.department.get("/findings/9").await.refused(404, "not_found");
    scene.department.get("/findings?relapse_of=9").await.refused(422, "finding_unknown");
    scene.department.get("/findings?as_of=2020-01-06").await.refused(422, "future_day");
}

#[actix_web::test]
async fn measures_become_a_task_of_an_issued_plan_in_one_revision() {
    let scene = Scene::set(1, 5, 2).await;
    let plan = scene.plan().await;
    scene.task(plan, "学习", &[scene.branches[0]], json!([{"due_on": "2020-12-31"}])).await;
    scene.issue(plan).await;
    let key_point = id(&scene.department.get(&format!("/plans/{plan}/key-points")).await.items()[0]);
    let finding = raised(&scene, "time_limited", &scene.branches).await;
    let path = format!("/findings/{finding}");
    let mut ids = vec![];
    for (unit, due) in [(0, "2020-03-31"), (0, "2020-06-30"), (1, "2020-03-31")] {
        let body =
            json!({"text": format!("措施 {due}"), "unit_id": scene.branches[unit], "person": "书记", "due_on": due});
        ids.push(id(&scene.department.post(&format!("{path}/measures"), body).await.created()));
    }
    let tasks = format!("{path}/tasks");
    let body = |measures: &[i64]| json!({"key_point_id": key_point, "measure_ids": measures, "reason": "落实整改"});
    // The second branch has nothing to do by the end of June.
    scene.department.post(&tasks, body(&[])).await.refused(422, "measures_differ");
    assert_eq!(scene.department.post(&tasks, body(&[99])).await.refused(422, "measure_unknown"), "/measure_ids/0");
    scene.secretary().post(&tasks, body(&ids[..1])).await.refused(403, "forbidden");
    let unsaid = json!({"key_point_id": key_point, "measure_ids": [ids[0], ids[2]]});
    scene.department.post(&tasks, unsaid).await.refused(422, "reason_required");
    assert_eq!(scene.department.get(&path).await.ok()["task_ids"], json!([]), "refusals left nothing");

    let task = scene.department.post(&tasks, body(&[ids[0], ids[2]])).await.created();
    assert_eq!(task["origin"], json!({"kind": "finding", "id": finding}));
    assert_eq!(task["title"], json!("会议记录不完整"));
    let nodes = scene.department.get(&format!("/tasks/{}/time-nodes", id(&task))).await.items();
    let owed: Vec<_> = nodes.iter().map(|node| (node["unit_id"].as_i64().unwrap(), &node["due_on"])).collect();
    let due = json!("2020-03-31");
    assert_eq!(owed, [(scene.branches[0], &due), (scene.branches[1], &due)]);
    assert_eq!(nodes[0]["title"], json!("措施 2020-03-31"));
    assert_eq!(scene.department.get(&format!("/plans/{plan}")).await.ok()["revision"], json!(1));
    let shown = scene.department.get(&path).await.ok();
    assert_eq!(shown["task_ids"], json!([id(&task)]));
    assert_eq!(
        (&shown["measures"][0]["task_ids"], &shown["measures"][1]["task_ids"]),
        (&json!([id(&task)]), &json!([]))
    );
    let walked = scene.department.get(&format!("/findings?task_id={}", id(&task))).await.items();
    assert_eq!(walked.iter().map(id).collect::<Vec<_>>(), [finding]);
}

#[actix_web::test]
async fn a_task_deleted_from_a_draft_takes_its_link_along() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let point = scene.department.post(&format!("/plans/{plan}/key-points"), json!({"title": "整改"})).await.created();
    let finding = in_state(&scene, "time_limited", "rectifying").await;
    let path = format!("/findings/{finding}/tasks");
    let task =
        scene.department.post(&path, json!({"key_point_id": id(&point), "title": "整改会议记录"})).await.created();
    assert_eq!(read(&scene, finding).await["measures"][0]["task_ids"], json!([id(&task)]));
    scene.department.delete(&format!("/tasks/{}", id(&task))).await.is(204);
    let left = read(&scene, finding).await;
    assert_eq!((&left["task_ids"], &left["measures"][0]["task_ids"]), (&json!([]), &json!([])));
}

#[actix_web::test]
async fn a_long_term_finding_counts_as_closed_only_while_its_tasks_are_done() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    scene.task(plan, "学习", &[scene.branches[0]], json!([{"due_on": "2020-12-31"}])).await;
    scene.issue(plan).await;
    let key_point = id(&scene.department.get(&format!("/plans/{plan}/key-points")).await.items()[0]);
    let finding = raised(&scene, "long_term", &scene.branches).await;
    measure(&scene, finding, Some("2020-03-31")).await;
    let body = json!({"key_point_id": key_point, "reason": "长期坚持"});
    let task = id(&scene.department.post(&format!("/findings/{finding}/tasks"), body).await.created());
    let node = id(&scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items()[0]);
    applied(&scene, finding).await;
    checked(&scene, finding).await;
    closed(&scene, finding).await;
    // Nothing of its tasks is owed yet.
    assert_eq!(rates(&scene, "").await["total"]["rectification"]["met"], json!(1));

    scene.app.turn_to(day(3, 31));
    let total = rates(&scene, "").await["total"].clone();
    assert_eq!((&total["closed"], &total["closed_not_counted"], &total["of"]), (&json!(0), &json!(1), &json!(1)));
    let shown = read(&scene, finding).await;
    assert_eq!((&shown["state"], &shown["counts_as_closed"]), (&json!("closed"), &json!(false)));
    assert_eq!((&shown["nodes_owed"], &shown["nodes_done"]), (&json!(1), &json!(0)));

    scene.app.turn_to(day(4, 10));
    let report = scene.complete(node).await;
    scene.accept(&report).await;
    assert_eq!(rates(&scene, "").await["total"]["closed"], json!(1));
    // The days between keep what they saw; restated, the report counts from its day.
    for (query, closed) in [("as_of=2020-03-30", 1), ("as_of=2020-04-09", 0), ("as_of=2020-04-09&restated=true", 0)] {
        assert_eq!(rates(&scene, query).await["total"]["closed"], json!(closed), "{query}");
    }
    // What is kept up gets tasks of a later plan too, closed or not.
    let next = json!({"unit_id": scene.committee, "year": 2021, "title": "Plan of 2021"});
    let next = id(&scene.department.post("/plans", next).await.created());
    let point = scene.department.post(&format!("/plans/{next}/key-points"), json!({"title": "整改"})).await.created();
    let body = json!({"key_point_id": id(&point)});
    let outside = scene.department.post(&format!("/findings/{finding}/tasks"), body).await;
    outside.refused(422, "due_outside_plan");
}

#[actix_web::test]
async fn a_failed_recheck_makes_a_new_finding_and_the_chain_counts_once() {
    let scene = Scene::set(1, 5, 1).await;
    let first = in_state(&scene, "time_limited", "closed").await;
    let inspector = scene.app.person("inspector", Role::Inspector, Some(scene.committee)).await;
    let rechecks = format!("/findings/{first}/rechecks");
    scene.app.turn_to(day(6, 1));
    inspector.post(&rechecks, json!({"verdict": "held", "note": "记录完整"})).await.created();
    scene.app.turn_to(day(9, 1));
    inspector.post(&rechecks, json!({"verdict": "failed"})).await.refused(422, "recheck_unexplained");
    let failed = inspector.post(&rechecks, json!({"verdict": "failed", "note": "又缺三个月"})).await.created();
    let second = failed["relapse_id"].as_i64().unwrap();
    let (before, after) = (read(&scene, first).await, read(&scene, second).await);
    assert_eq!((&before["state"], &before["relapsed_as"]), (&json!("closed"), &json!(second)));
    assert_eq!(before["counts_as_closed"], json!(false));
    assert_eq!((&after["state"], &after["relapse_of"]), (&json!("open"), &json!(first)));
    assert_eq!((&after["title"], &after["state_reason"]), (&before["title"], &json!("又缺三个月")));
    assert_eq!(after["source"]["on"], json!("2020-09-01"));
    inspector.post(&rechecks, json!({"verdict": "held"})).await.refused(409, "already_relapsed");
    assert_eq!(inspector.get(&rechecks).await.items().len(), 2);
    let walked = scene.leader.get(&format!("/findings?relapse_of={first}")).await.items();
    assert_eq!(walked.iter().map(id).collect::<Vec<_>>(), [second]);

    // One of one: the last life, and before it was there, the first.
    assert_eq!(explained(&scene, "").await, (vec![], vec![second], vec![(first, "relapsed".into())]));
    assert_eq!(explained(&scene, "as_of=2020-08-31").await, (vec![first], vec![], vec![]));
    // Restated, the close-out that did not last holds nowhere.
    let restated = explained(&scene, "as_of=2020-08-31&restated=true").await;
    assert_eq!(restated, (vec![], vec![second], vec![(first, "relapsed".into())]));

    // The relapse was a mistake: once it is dismissed, the first life stands again.
    scene.app.turn_to(day(9, 2));
    inspector.post(&format!("/findings/{second}/dismissal"), json!({"reason": "看错支部"})).await.ok();
    assert_eq!(explained(&scene, "").await, (vec![first], vec![], vec![(second, "dismissed".into())]));
    assert_eq!(explained(&scene, "as_of=2020-09-01").await, (vec![], vec![second], vec![(first, "relapsed".into())]));
}

#[actix_web::test]
async fn the_rectification_report_counts_each_finding_once_and_past_days_never_change() {
    let scene = Scene::set(1, 5, 2).await;
    let (first, second) = (scene.branches[0], scene.branches[1]);
    let closed_one = in_state(&scene, "time_limited", "closed").await;
    let staged = in_state(&scene, "time_limited", "stage_done").await;
    let gone = in_state(&scene, "immediate", "dismissed").await;
    let shared = raised(&scene, "time_limited", &[first, second]).await;
    let total = rates(&scene, "").await["total"].clone();
    assert_eq!(total["rectification"], json!({"met": 1, "of": 3, "percent": 33.3}));
    let counts = ["of", "closed", "stage_done", "open", "dismissed"].map(|name| total[name].as_i64().unwrap());
    assert_eq!(counts, [3, 1, 1, 1, 1]);
    assert_eq!(explained(&scene, "").await, (vec![closed_one], vec![staged, shared], vec![(gone, "dismissed".into())]));

    // A finding of two branches stands in the row of each.
    let grouped = rates(&scene, "group_by=unit").await;
    let rows: Vec<_> = grouped["groups"].as_array().unwrap().iter().map(|row| (&row["name"], &row["of"])).collect();
    let names = ["Committee", "Party Mass Work Department", "Branch 1", "Branch 2"].map(|name| json!(name));
    let ofs = [0, 0, 3, 1].map(|of| json!(of));
    assert_eq!(rows, names.iter().zip(&ofs).collect::<Vec<_>>());
    let none = &grouped["groups"][0]["rectification"];
    assert_eq!(none, &json!({"met": 0, "of": 0, "percent": null, "reason": "nothing_owed"}));
    assert_eq!(rates(&scene, "year=2019").await["total"]["of"], json!(0));
    assert_eq!(rates(&scene, &format!("unit_id={second}")).await["total"]["of"], json!(1));

    // The next day has its own numbers; yesterday's report is final and the same to the byte.
    scene.app.turn_to(day(1, 6));
    let path = "/reports/rectification?as_of=2020-01-05&group_by=unit";
    let ledger = "/findings?as_of=2020-01-05&state=open";
    let (body, row) = (scene.department.get(path).await, scene.department.get(ledger).await.items());
    assert_eq!(body.body["final"], json!(true));
    let new = |text: &str| json!({"text": text, "unit_id": second, "due_on": "2020-01-31"});
    scene.department.post(&format!("/findings/{shared}/measures"), new("整改")).await.created();
    scene.department.patch(&format!("/findings/{shared}"), json!({"unit_ids": [second], "title": "改题"})).await.ok();
    scene.leader.post(&format!("/findings/{staged}/dismissal"), json!({"reason": "重复"})).await.ok();
    assert_eq!(scene.department.get(path).await.text, body.text);
    let then = scene.department.get(ledger).await.items();
    assert_eq!((&then[0]["title"], &then[0]["units"]), (&row[0]["title"], &row[0]["units"]));
    assert_eq!(rates(&scene, "").await["total"]["of"], json!(2));
    // Restated, what was dismissed counts nowhere.
    assert_eq!(rates(&scene, "as_of=2020-01-05&restated=true").await["total"]["of"], json!(2));
    // Found on 3 January, recorded on the fifth: only restated do the days between know of it.
    assert_eq!(rates(&scene, "as_of=2020-01-04").await["total"]["of"], json!(0));
    let before = rates(&scene, "as_of=2020-01-04&restated=true").await["total"].clone();
    assert_eq!((&before["of"], &before["closed"]), (&json!(2), &json!(0)));
}

#[actix_web::test]
async fn the_rate_is_a_table_too() {
    let scene = Scene::set(1, 5, 1).await;
    in_state(&scene, "time_limited", "closed").await;
    let path = "/reports/rectification?group_by=unit";
    let table = scene.department.request("GET", path).header("accept", "text/csv");
    let table = scene.department.send("GET", path, table).await;
    let lines: Vec<&str> = table.text.lines().collect();
    assert!(lines[0].ends_with("dismissed,relapsed,rectification_percent"), "{}", lines[0]);
    assert_eq!(lines[1], "2020-01-05,false,total,,1,1,0,0,0,0,0,0,0,0,100.0");
    assert!(lines[4].contains("Branch 1"), "{}", lines[4]);
}

#[actix_web::test]
async fn the_ledger_is_filtered_and_handed_round_as_a_table() {
    let scene = Scene::set(1, 5, 2).await;
    let rectifying = in_state(&scene, "time_limited", "rectifying").await;
    let closed = in_state(&scene, "immediate", "closed").await;
    let elsewhere = raised(&scene, "long_term", &scene.branches[1..]).await;
    let mut last_year = about("去年的", "immediate", &scene.branches[..1]);
    last_year["year"] = json!(2019);
    let last_year = id(&scene.department.post("/findings", last_year).await.created());
    scene.app.turn_to(day(5, 1));
    let branch = scene.branches[1];
    let found = async |who: &Persona, query: &str| -> Vec<i64> {
        who.get(&format!("/findings?{query}")).await.items().iter().map(id).collect()
    };
    let cases: [(String, Vec<i64>); 9] = [
        (String::new(), vec![rectifying, closed, elsewhere, last_year]),
        ("year=2020".into(), vec![rectifying, closed, elsewhere]),
        ("year=2019".into(), vec![last_year]),
        (format!("unit_id={branch}"), vec![elsewhere]),
        (format!("unit_id={}", scene.committee), vec![rectifying, closed, elsewhere, last_year]),
        ("state=closed".into(), vec![closed]),
        ("kind=immediate".into(), vec![closed, last_year]),
        ("overdue=true".into(), vec![rectifying]),
        ("overdue=true&as_of=2020-04-30".into(), vec![]),
    ];
    for (query, expected) in cases {
        assert_eq!(found(&scene.department, &query).await, expected, "{query}");
    }
    assert_eq!(found(&scene.secretaries[1], "").await, [elsewhere], "one's own alone");
    scene.secretary().get(&format!("/findings?unit_id={branch}")).await.refused(403, "forbidden");
    let page = scene.department.get("/findings?limit=3").await.ok();
    let cursor = page["next_cursor"].as_str().unwrap();
    assert_eq!(found(&scene.department, &format!("limit=3&cursor={cursor}")).await, [last_year]);

    let more = json!({"text": "建立台账", "leader": "副书记", "due_on": "2020-06-30"});
    scene.secretary().post(&format!("/findings/{rectifying}/measures"), more).await.created();
    let table = scene.department.request("GET", "/findings?year=2020").header("accept", "text/csv");
    let table: Answer = scene.department.send("GET", "/findings?year=2020", table).await;
    let lines: Vec<&str> = table.text.trim_start_matches('\u{feff}').lines().collect();
    let heads = "序号,问题编号,问题,具体表现,产生原因,来源,发现日期,类型,责任单位,整改措施,责任领导,责任人,整改时限,\
                 逾期措施数,任务节点完成,进展,状态,状态日期,销号日期,原问题编号";
    assert_eq!(lines[0], heads);
    assert_eq!(
        lines[1],
        format!(
            "1,{rectifying},会议记录不完整,,,2019年度党建考核组（考核反馈〔2020〕3号）,2020-01-03,限期整改,Branch 1,\
             1.补齐记录；2.建立台账,1.支部书记；2.副书记,1.组织委员,1.2020-04-30；2.2020-06-30,1,,,整改中,2020-01-05,,"
        )
    );
    assert!(lines[2].ends_with("记录已补齐，经支部大会核对。,已销号,2020-01-05,2020-01-05,"), "{}", lines[2]);
}

#[actix_web::test]
async fn findings_wait_in_the_inboxes_of_those_who_must_act() {
    let scene = Scene::set(1, 5, 2).await;
    let waiting = async |who: &Persona, kind: &str| -> Vec<(i64, Value)> {
        let inbox = who.get("/inbox").await.ok();
        let items = inbox["items"].as_array().unwrap().iter().filter(|item| item["kind"] == kind);
        let found: Vec<_> = items.map(|item| (id(item), item["light"].clone())).collect();
        assert_eq!(inbox["counts"][kind], json!(found.len()));
        found
    };
    let open = raised(&scene, "time_limited", &scene.branches).await;
    for secretary in &scene.secretaries {
        assert_eq!(waiting(secretary, "to_rectify").await, [(open, json!("yellow"))]);
    }
    let body = json!({"text": "整改", "unit_id": scene.branches[0], "due_on": "2020-03-31"});
    scene.secretary().post(&format!("/findings/{open}/measures"), body).await.created();
    assert_eq!(waiting(scene.secretary(), "to_rectify").await, [(open, json!("green"))]);
    assert!(waiting(&scene.secretaries[1], "to_rectify").await.is_empty(), "the measures are those of another");
    scene.app.turn_to(day(4, 1));
    assert_eq!(waiting(scene.secretary(), "to_rectify").await, [(open, json!("red"))]);

    scene.department.post(&format!("/findings/{open}/applications"), json!({"text": "代录"})).await.created();
    assert!(waiting(scene.secretary(), "to_rectify").await.is_empty());
    assert!(waiting(&scene.department, "to_check").await.is_empty(), "nobody checks their own");
    assert_eq!(waiting(&scene.leader, "to_check").await, [(open, Value::Null)]);
    scene.leader.post(&format!("/findings/{open}/checks"), json!({"verdict": "passed"})).await.created();
    assert_eq!(waiting(&scene.department, "to_close").await, [(open, Value::Null)]);
    scene.department.post(&format!("/findings/{open}/closing"), json!({})).await.ok();
    assert!(waiting(&scene.leader, "to_close").await.is_empty());

    // Whoever found it looks back at it, once.
    let inspector = scene.app.person("inspector", Role::Inspector, Some(scene.committee)).await;
    let body = about("程序不严", "immediate", &scene.branches[..1]);
    let found = id(&inspector.post("/findings", body).await.created());
    let body = json!({"text": "整改", "due_on": "2020-04-30"});
    scene.secretary().post(&format!("/findings/{found}/measures"), body).await.created();
    scene.secretary().post(&format!("/findings/{found}/applications"), json!({"text": "已改"})).await.created();
    scene.leader.post(&format!("/findings/{found}/checks"), json!({"verdict": "passed"})).await.created();
    assert!(waiting(&inspector, "to_recheck").await.is_empty());
    scene.leader.post(&format!("/findings/{found}/closing"), json!({})).await.ok();
    assert_eq!(waiting(&inspector, "to_recheck").await, [(found, Value::Null)]);
    assert_eq!(
        waiting(&scene.department, "to_recheck").await,
        [(open, Value::Null)],
        "each what they found themselves"
    );
    inspector.post(&format!("/findings/{found}/rechecks"), json!({"verdict": "held"})).await.created();
    assert!(waiting(&inspector, "to_recheck").await.is_empty());
}

#[actix_web::test]
async fn findings_are_found_by_their_text_where_one_reads_them() {
    let scene = Scene::set(1, 5, 2).await;
    let mut body = about("会议记录不完整", "immediate", &scene.branches[..1]);
    body["problem"] = json!("三月份没有签到表");
    let finding = id(&scene.department.post("/findings", body).await.created());
    let found = async |who: &Persona| who.get("/search?q=%E7%AD%BE%E5%88%B0&kind=finding").await.items();
    let hits = found(scene.secretary()).await;
    assert_eq!((hits.len(), id(&hits[0]), &hits[0]["snippet"]), (1, finding, &json!("三月份没有签到表")));
    assert!(found(&scene.secretaries[1]).await.is_empty());
}
