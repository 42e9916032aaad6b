//! A decision at every stage of its meeting, in every use, by every verb: done, or refused with a code of its own and
//! nothing changed.

use serde_json::{Value, json};

use crate::support::{Answer, Scene, day, id, rows};

const TEXT: &str = "各党支部在6月底前修订标准化作业程序。";

fn deployment(in_favour: i64) -> Value {
    let votes = json!({"for": in_favour, "against": 3 - in_favour, "abstain": 0, "present": 3});
    json!({"kind": "deployment", "text": TEXT, "votes": votes})
}

/// An issued plan; its key point.
async fn key_point(scene: &Scene) -> i64 {
    let plan = scene.plan().await;
    let key_point =
        id(&scene.department.post(&format!("/plans/{plan}/key-points"), json!({"title": "K"})).await.created());
    let undated = json!([{"unscheduled": true, "words": "待定"}]);
    scene.task_in(key_point, "First", &scene.branches[..1], undated).await;
    scene.issue(plan).await;
    key_point
}

fn as_task(scene: &Scene, key_point: i64) -> Value {
    json!({"key_point_id": key_point, "reason": "落实部署", "entries": [{"due_on": "2020-06-30"}],
        "responsibilities": [{"unit_id": scene.branches[0], "part": "responsible"}]})
}

/// A meeting of the committee with an opinion, brought to a stage; the meeting, the opinion, and a decision where there can
/// be one.
async fn at_stage(scene: &Scene, stage: &str) -> (i64, i64, Option<i64>) {
    let meeting = scene.call_meeting(&scene.branches).await;
    let path = format!("/meetings/{meeting}");
    let said = json!({"unit_id": scene.branches[0], "text": "建议统一作业程序"});
    let opinion = id(&scene.secretary().post(&format!("{path}/opinions"), said).await.created());
    if stage == "cancelled" {
        scene.department.post(&format!("{path}/cancellation"), json!({"reason": "冲突"})).await.ok();
    }
    if ["scheduled", "cancelled"].contains(&stage) {
        return (meeting, opinion, None);
    }
    scene.hold(meeting, 3, 3).await;
    let decision = id(&scene.department.post(&format!("{path}/decisions"), deployment(3)).await.created());
    if ["signed", "closed"].contains(&stage) {
        scene.department.put(&format!("{path}/minutes"), json!({"text": "会议纪要"})).await.ok();
        scene.leader.post(&format!("{path}/minutes/signature"), json!({})).await.ok();
    }
    if stage == "closed" {
        scene.department.post(&format!("{path}/close"), json!({})).await.ok();
    }
    (meeting, opinion, Some(decision))
}

/// Does a verb of a decision of the meeting; a refusal leaves every row as it was.
async fn attempt(scene: &Scene, verb: &str, meeting: i64, decision: i64, key_point: i64) -> String {
    let d = &scene.department;
    let before = rows(scene).await;
    let path = format!("/decisions/{decision}");
    let answer: Answer = match verb {
        "record" => d.post(&format!("/meetings/{meeting}/decisions"), deployment(3)).await,
        "change" => d.patch(&path, json!({"text": "改了措辞。"})).await,
        "vote down" => d.patch(&path, json!({"votes": deployment(1)["votes"]})).await,
        "remove" => d.delete(&path).await,
        _ => d.post(&format!("{path}/tasks"), as_task(scene, key_point)).await,
    };
    if answer.status < 300 {
        return String::new();
    }
    assert_eq!(rows(scene).await, before, "{verb}: {} changed something", answer.body["code"]);
    answer.body["code"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn each_stage_of_the_meeting_allows_its_verbs_and_refuses_the_others_by_name() {
    let scene = Scene::set(3, 24, 1).await;
    let key_point = key_point(&scene).await;
    const CLOSED: &str = "meeting_closed";
    // Record, change, vote down, make a task, remove. Signed minutes are a text of their own: the record stays open
    // until the close.
    let table: [(&str, [&str; 5]); 5] = [
        ("scheduled", ["meeting_not_held", "-", "-", "-", "-"]),
        ("cancelled", ["meeting_cancelled", "-", "-", "-", "-"]),
        ("held", [""; 5]),
        ("signed", [""; 5]),
        ("closed", [CLOSED, CLOSED, CLOSED, "", CLOSED]),
    ];
    for (stage, expected) in table {
        for (verb, code) in ["record", "change", "vote down", "make a task", "remove"].into_iter().zip(expected) {
            // Anew for each: a verb that is done changes what the next one meets.
            let (meeting, _, decision) = at_stage(&scene, stage).await;
            if code == "-" {
                assert_eq!(decision, None, "there is nothing to do it to");
                continue;
            }
            let found = attempt(&scene, verb, meeting, decision.unwrap_or_default(), key_point).await;
            assert_eq!(found, code, "{stage}: {verb}");
        }
    }
}

/// Lets something rest on a decision.
async fn rest(scene: &Scene, on: &str, decision: i64, opinion: i64, key_point: i64) {
    let d = &scene.department;
    match on {
        "task" => {
            d.post(&format!("/decisions/{decision}/tasks"), as_task(scene, key_point)).await.created();
        }
        "answer" => {
            let answer = json!({"disposition": "adopted", "reply": "已采纳", "decision_id": decision});
            d.post(&format!("/opinions/{opinion}/disposition"), answer).await.ok();
        }
        "plan" => {
            let plan = json!({"unit_id": scene.branches[0], "year": 2020, "title": "支部计划", "approved_by_decision_id": decision});
            d.post("/plans", plan).await.created();
        }
        "recognition" => {
            let set = json!({"unit_id": scene.committee, "title": "标准", "edition": "2020"});
            let set = id(&d.post("/standard-sets", set).await.created());
            let clause = json!({"code": "1", "category": "组织", "title": "条款", "points": 1});
            let clause = id(&d.post(&format!("/standard-sets/{set}/clauses"), clause).await.created());
            d.post(&format!("/standard-sets/{set}/publish"), json!({})).await.ok();
            let secretary = scene.secretary();
            let own = json!({"unit_id": scene.branches[0]});
            let path = format!("/assessments/{}", id(&secretary.post("/assessments", own).await.created()));
            let met = json!({"results": [{"clause_id": clause, "result": "met"}]});
            secretary.put(&format!("{path}/self-results"), met.clone()).await.ok();
            secretary.post(&format!("{path}/self-assessment"), json!({})).await.ok();
            d.put(&format!("{path}/results"), met).await.ok();
            d.post(&format!("{path}/check"), json!({})).await.ok();
            let ruling = json!({"verdict": "recognised", "decision_id": decision});
            scene.leader.post(&format!("{path}/recognition"), ruling).await.ok();
        }
        _ => {
            let next = scene.call_meeting(&[]).await;
            let item = json!({"title": "落实情况", "link": {"kind": "decision", "id": decision}});
            d.post(&format!("/meetings/{next}/agenda-items"), item).await.created();
        }
    }
}

#[actix_web::test]
async fn what_something_rests_on_is_neither_deleted_nor_voted_down_afterwards() {
    let scene = Scene::set(3, 24, 1).await;
    let key_point = key_point(&scene).await;
    for on in ["task", "answer", "plan", "recognition", "agenda"] {
        let (meeting, opinion, decision) = at_stage(&scene, "held").await;
        let decision = decision.unwrap();
        rest(&scene, on, decision, opinion, key_point).await;
        for (verb, code) in [("remove", "decision_in_use"), ("vote down", "decision_relied_on"), ("change", "")] {
            assert_eq!(attempt(&scene, verb, meeting, decision, key_point).await, code, "{on}: {verb}");
        }
    }
}

#[actix_web::test]
async fn nothing_rests_on_what_was_voted_down_or_decided_elsewhere_and_nobody_asks_after_it() {
    let scene = Scene::set(3, 24, 2).await;
    let (meeting, opinion, decision) = at_stage(&scene, "held").await;
    let decision = decision.unwrap();
    let path = format!("/decisions/{decision}");
    let due = async || {
        let draft = scene.department.get(&format!("/meetings/{meeting}/next")).await.ok();
        draft["agenda_items"].as_array().unwrap().iter().any(|item| item["why"] == "undelivered_decision")
    };
    assert!(due().await);
    let down = scene.department.patch(&path, json!({"votes": deployment(1)["votes"]})).await.ok();
    assert_eq!((&down["passed"], &down["delivery"]), (&json!(false), &json!("not_passed")));
    assert!(!due().await, "what was voted down is not asked after");
    let before = rows(&scene).await;
    let plan = |unit: i64, decision: i64| json!({"unit_id": unit, "year": 2021, "title": "计划", "approved_by_decision_id": decision});
    let refused = scene.department.post("/plans", plan(scene.committee, decision)).await;
    assert_eq!(refused.refused(422, "approval_not_passed"), "/approved_by_decision_id");
    let answer = json!({"disposition": "adopted", "reply": "已采纳", "decision_id": decision});
    scene
        .department
        .post(&format!("/opinions/{opinion}/disposition"), answer)
        .await
        .refused(409, "decision_not_passed");
    assert_eq!(rows(&scene).await, before);

    // A branch decides for itself, and not for its committee nor for another.
    let own =
        json!({"unit_id": scene.branches[0], "kind": "members_meeting", "title": "党员大会", "called_for": day(3, 24)});
    let own = format!("/meetings/{}", id(&scene.secretary().post("/meetings", own).await.created()));
    let came = json!({"items": [{"person": "书记", "status": "present"}]});
    scene.secretary().put(&format!("{own}/attendances"), came).await.ok();
    scene.secretary().post(&format!("{own}/hold"), json!({})).await.ok();
    let said = json!({"kind": "information", "text": "通过支部计划。"});
    let theirs = id(&scene.secretary().post(&format!("{own}/decisions"), said).await.created());
    for unit in [scene.committee, scene.branches[1]] {
        let refused = scene.department.post("/plans", plan(unit, theirs)).await;
        assert_eq!(refused.refused(422, "approval_elsewhere"), "/approved_by_decision_id");
    }
    scene.department.post("/plans", plan(scene.branches[0], theirs)).await.created();
}
