//! Decisions: recorded of a held meeting and frozen at its close, made into tasks, followed up at the next meeting; and
//! the chain from a task back to the opinion that it began with.

use duban::access::Role;
use serde_json::{Value, json};

use crate::support::{Answer, Persona, Scene, complete, day, id};

async fn decide(scene: &Scene, meeting: i64, body: Value) -> Answer {
    scene.department.post(&format!("/meetings/{meeting}/decisions"), body).await
}

fn deployment() -> Value {
    json!({"kind": "deployment", "title": "修订标准化作业程序", "text": "各党支部在6月底前修订标准化作业程序。"})
}

fn votes(numbers: [i64; 4]) -> Value {
    json!({"for": numbers[0], "against": numbers[1], "abstain": numbers[2], "present": numbers[3]})
}

/// An issued plan, and its key point with one task that awaits its date.
async fn key_point(scene: &Scene) -> (i64, i64) {
    let plan = scene.plan().await;
    let key_point = scene.department.post(&format!("/plans/{plan}/key-points"), json!({"title": "K"})).await.created();
    let undated = json!([{"unscheduled": true, "words": "待定"}]);
    scene.task_in(id(&key_point), "First", &scene.branches[..1], undated).await;
    scene.issue(plan).await;
    (plan, id(&key_point))
}

/// The deployment as a task of the first branch, due on some days.
fn as_task(scene: &Scene, key_point: i64, due_on: &[&str]) -> Value {
    let entries: Vec<_> = due_on.iter().map(|day| json!({"due_on": day})).collect();
    json!({"key_point_id": key_point, "reason": "落实推进会部署", "entries": entries,
        "responsibilities": [{"unit_id": scene.branches[0], "part": "responsible"}]})
}

async fn delivery(scene: &Scene, decision: i64) -> Value {
    scene.department.get(&format!("/decisions/{decision}")).await.ok()["delivery"].clone()
}

#[actix_web::test]
async fn a_meeting_decides_once_it_is_held_and_numbers_what_it_decided() {
    let scene = Scene::set(3, 24, 1).await;
    let meeting = scene.call_meeting(&[]).await;
    decide(&scene, meeting, deployment()).await.refused(409, "meeting_not_held");
    scene.hold(meeting, 9, 8).await;
    let first = decide(&scene, meeting, deployment()).await.created();
    assert_eq!((&first["number"], &first["unit_id"]), (&json!(1), &json!(scene.committee)));
    assert_eq!(
        (&first["held_on"], &first["votes"], &first["passed"]),
        (&json!("2020-03-24"), &json!(null), &json!(null))
    );
    let resolution = json!({"kind": "resolution", "text": "通过年度计划。", "votes": votes([7, 0, 1, 8])});
    let second = decide(&scene, meeting, resolution).await.created();
    assert_eq!((&second["number"], &second["passed"]), (&json!(2), &json!(true)));
    assert_eq!(second["votes"], json!({"for": 7, "against": 0, "abstain": 1, "present": 8, "entitled": 9}));
    let third = decide(&scene, meeting, json!({"kind": "information", "text": "通报一季度情况。"})).await.created();
    assert_eq!(
        (&third["number"], &third["delivery"]),
        (&json!(3), &json!("delivered")),
        "an information is told at once"
    );
    for who in [scene.secretary(), &scene.leader, &scene.admin] {
        who.post(&format!("/meetings/{meeting}/decisions"), deployment()).await.refused(403, "forbidden");
    }
    let path = format!("/meetings/{meeting}/decisions");
    let stale = scene.department.request("POST", &path).json(&deployment()).header("if-match", "\"1\"");
    scene.department.send("POST", &path, stale).await.refused(412, "stale");
    let listed = scene.department.get(&format!("/decisions?meeting_id={meeting}")).await.items();
    assert_eq!(listed.iter().map(|one| one["number"].as_i64().unwrap()).collect::<Vec<_>>(), [1, 2, 3]);
    let kind = scene.department.get("/decisions?kind=resolution").await.items();
    assert_eq!(kind.iter().map(id).collect::<Vec<_>>(), [id(&second)]);
    assert_eq!(scene.audited("decision.create").await.len(), 3);
}

#[actix_web::test]
async fn a_resolution_needs_votes_that_add_up_and_more_than_half_of_the_entitled_pass_it() {
    let scene = Scene::set(3, 24, 1).await;
    let meeting = scene.call_meeting(&[]).await;
    scene.hold(meeting, 9, 8).await;
    let resolve = async |votes: Value| {
        decide(&scene, meeting, json!({"kind": "resolution", "text": "通过。", "votes": votes})).await
    };
    assert_eq!(resolve(Value::Null).await.refused(422, "votes_required"), "/votes");
    for (numbers, pointer) in
        [([7, 1, 1, 8], "/votes/present"), ([9, 0, 0, 9], "/votes/present"), ([10, 0, 0, 10], "/votes/entitled")]
    {
        assert_eq!(resolve(votes(numbers)).await.refused(422, "votes_implausible"), pointer, "{numbers:?}");
    }
    resolve(votes([-1, 0, 0, 8])).await.refused(422, "out_of_range");
    for (numbers, passed) in [([5, 3, 0, 8], true), ([4, 0, 0, 4], false), ([4, 4, 0, 8], false)] {
        assert_eq!(resolve(votes(numbers)).await.created()["passed"], json!(passed), "{numbers:?} of 9");
    }
    let mut seven = votes([4, 0, 0, 4]);
    seven["entitled"] = json!(7);
    let seven = resolve(seven).await.created();
    assert_eq!(seven["passed"], json!(true), "seven of the nine could vote");
    // By the list that is put afterwards there must still have been as many.
    scene.put_attendance(meeting, 9, 7).await.refused(409, "votes_outnumber");
    assert_eq!(scene.department.get(&format!("/meetings/{meeting}/attendances")).await.ok()["summary"]["present"], 8);
}

#[actix_web::test]
async fn the_wording_of_a_decision_is_frozen_at_the_close_by_every_route() {
    let scene = Scene::set(3, 24, 1).await;
    let meeting = scene.call_meeting(&[]).await;
    scene.hold(meeting, 3, 3).await;
    let decision = id(&decide(&scene, meeting, deployment()).await.created());
    let path = format!("/decisions/{decision}");
    let without = scene.department.request("PATCH", &path).json(&json!({"text": "x"}));
    scene.department.send("PATCH", &path, without).await.refused(428, "precondition_required");
    let changed = scene.department.patch(&path, json!({"text": "在6月20日前修订。", "title": null})).await.ok();
    assert_eq!((&changed["text"], &changed["title"]), (&json!("在6月20日前修订。"), &json!(null)));
    scene.department.patch_version(&path, json!({"text": "x"}), "\"1\"").await.refused(412, "stale");
    let mistake = id(&decide(&scene, meeting, deployment()).await.created());
    scene.department.delete(&format!("/decisions/{mistake}")).await.is(204);
    scene.department.get(&format!("/decisions/{mistake}")).await.refused(404, "not_found");
    scene.close_meeting(meeting).await;
    let before = scene.department.get(&path).await.ok();
    scene.department.patch(&path, json!({"text": "改了"})).await.refused(409, "meeting_closed");
    scene.department.patch(&path, json!({"votes": votes([3, 0, 0, 3])})).await.refused(409, "meeting_closed");
    scene.department.patch(&path, json!({"due_on": "2020-06-30"})).await.refused(409, "meeting_closed");
    scene.department.patch(&path, json!({"opinion_ids": []})).await.refused(409, "meeting_closed");
    scene.department.delete(&path).await.refused(409, "meeting_closed");
    decide(&scene, meeting, deployment()).await.refused(409, "meeting_closed");
    assert_eq!(scene.department.get(&path).await.ok(), before);
}

#[actix_web::test]
async fn the_chain_is_walked_from_a_task_to_the_opinion_and_from_the_opinion_to_the_task() {
    let scene = Scene::set(3, 24, 2).await;
    let (plan, key_point) = key_point(&scene).await;
    let meeting = scene.call_meeting(&scene.branches[..1]).await;
    let said = json!({"unit_id": scene.branches[0], "text": "建议统一作业程序"});
    let opinion = id(&scene.secretary().post(&format!("/meetings/{meeting}/opinions"), said).await.created());
    scene.hold(meeting, 3, 3).await;
    let mut body = deployment();
    body["opinion_ids"] = json!([opinion]);
    let decision = id(&decide(&scene, meeting, body).await.created());
    scene.close_meeting(meeting).await;
    let mut body = as_task(&scene, key_point, &["2020-06-30"]);
    let other = json!({"unit_id": scene.branches[1], "part": "responsible"});
    body["responsibilities"].as_array_mut().unwrap().push(other);
    let tasks = format!("/decisions/{decision}/tasks");
    let task = scene.department.post_with_key(&tasks, body.clone(), "once").await.created();
    scene.department.post_with_key(&tasks, body, "once").await.created();
    assert_eq!(task["origin"], json!({"kind": "decision", "id": decision}));
    assert_eq!(
        (&task["title"], &task["requirement"]),
        (&json!("修订标准化作业程序"), &json!("各党支部在6月底前修订标准化作业程序。"))
    );
    let task = id(&task);

    // From the task, as the branch that owes it walks.
    let chain = scene.secretary().get(&format!("/tasks/{task}/origin")).await.ok();
    assert_eq!((&chain["origin"]["id"], &chain["decision"]["id"]), (&json!(decision), &json!(decision)));
    assert_eq!((&chain["meeting"]["id"], &chain["meeting"]["status"]), (&json!(meeting), &json!("closed")));
    assert_eq!(chain["opinions"].as_array().unwrap().iter().map(id).collect::<Vec<_>>(), [opinion]);
    // A branch that was not called is told what was decided, and reads no other's opinion.
    let other = scene.secretaries[1].get(&format!("/tasks/{task}/origin")).await.ok();
    assert_eq!((&other["decision"]["id"], &other["opinions"]), (&json!(decision), &json!([])));
    scene.secretaries[1].get(&format!("/decisions/{decision}")).await.refused(403, "forbidden");
    scene.admin.get(&format!("/tasks/{task}/origin")).await.refused(403, "forbidden");

    // From the opinion, as its giver walks.
    let from = scene.secretary().get(&format!("/opinions/{opinion}")).await.ok();
    assert_eq!(from["decision_ids"], json!([decision]));
    let taken_up = scene.secretary().get(&format!("/decisions?opinion_id={opinion}")).await.items();
    assert_eq!((taken_up.len(), &taken_up[0]["task_ids"]), (1, &json!([task])));
    let of_task = scene.secretary().get(&format!("/decisions?task_id={task}")).await.items();
    assert_eq!(of_task.iter().map(id).collect::<Vec<_>>(), [decision]);
    let of_decision = scene.secretary().get(&format!("/opinions?decision_id={decision}")).await.items();
    assert_eq!(of_decision.iter().map(id).collect::<Vec<_>>(), [opinion]);

    // It was one revision, and is read back with its origin.
    assert_eq!(scene.department.get(&format!("/plans/{plan}")).await.ok()["revision"], json!(1));
    let revision = &scene.department.get(&format!("/plans/{plan}/revisions")).await.items()[0];
    assert_eq!(revision["time_nodes"]["created"].as_array().unwrap().len(), 2);
    assert_eq!(revision["changes"][0]["after"]["origin"]["id"], json!(decision));
    let lists = scene.department.get(&format!("/plans/{plan}/revisions/1")).await.ok();
    assert_eq!(lists["tasks"][1]["origin"], json!({"kind": "decision", "id": decision}));
    scene.department.patch(&format!("/tasks/{task}"), json!({"title": "改名", "reason": "措辞"})).await.ok();
    let lists = scene.department.get(&format!("/plans/{plan}/revisions/1")).await.ok();
    assert_eq!(lists["tasks"][1]["origin"]["id"], json!(decision));
    let plain = scene.task(scene.draft_of_2021().await, "Other", &[], json!([])).await;
    let none = scene.department.get(&format!("/tasks/{plain}/origin")).await.ok();
    assert_eq!((&none["origin"], &none["decision"], &none["meeting"]), (&json!(null), &json!(null), &json!(null)));
}

impl Scene {
    async fn draft_of_2021(&self) -> i64 {
        let body = json!({"unit_id": self.committee, "year": 2021, "title": "Plan of 2021"});
        id(&self.department.post("/plans", body).await.created())
    }
}

#[actix_web::test]
async fn only_a_deployment_that_was_passed_becomes_a_task_and_a_refusal_changes_nothing() {
    let scene = Scene::set(3, 24, 1).await;
    let (plan, key_point) = key_point(&scene).await;
    let meeting = scene.call_meeting(&scene.branches).await;
    scene.hold(meeting, 9, 8).await;
    let make = async |who: &Persona, decision: &Value, body: Value| {
        who.post(&format!("/decisions/{}/tasks", id(decision)), body).await
    };
    let body = as_task(&scene, key_point, &["2020-06-30"]);
    let told = decide(&scene, meeting, json!({"kind": "information", "text": "通报。"})).await.created();
    make(&scene.department, &told, body.clone()).await.refused(409, "not_a_deployment");
    let resolution = json!({"kind": "resolution", "text": "通过。", "votes": votes([8, 0, 0, 8])});
    let resolution = decide(&scene, meeting, resolution).await.created();
    make(&scene.department, &resolution, body.clone()).await.refused(409, "not_a_deployment");
    let mut lost = deployment();
    lost["votes"] = votes([4, 4, 0, 8]);
    let lost = decide(&scene, meeting, lost).await.created();
    make(&scene.department, &lost, body.clone()).await.refused(409, "decision_not_passed");

    let good = decide(&scene, meeting, deployment()).await.created();
    for who in [scene.secretary(), &scene.leader] {
        make(who, &good, body.clone()).await.refused(403, "forbidden");
    }
    let with = |name: &str, value: Value| {
        let mut body = body.clone();
        body[name] = value;
        body
    };
    let wrong = [
        (with("key_point_id", json!(999)), 422, "key_point_unknown", "/key_point_id"),
        (with("reason", json!(null)), 422, "reason_required", "/reason"),
        (with("entries", json!([])), 422, "out_of_range", "/entries"),
        (with("entries", json!([{"words": "过些时候"}])), 422, "deadline_unread", "/entries/0/words"),
        (
            with("responsibilities", json!([{"unit_id": 999, "part": "lead"}])),
            422,
            "unit_unknown",
            "/responsibilities/0/unit_id",
        ),
    ];
    for (body, status, code, pointer) in wrong {
        assert_eq!(make(&scene.department, &good, body).await.refused(status, code), pointer);
    }
    assert_eq!(scene.department.get(&format!("/plans/{plan}")).await.ok()["revision"], json!(0));
    assert_eq!(scene.department.get(&format!("/key-points/{key_point}/tasks")).await.items().len(), 1);
    assert!(scene.department.get("/time-nodes").await.items().is_empty());
    make(&scene.department, &good, body).await.created();
    scene.department.delete(&format!("/decisions/{}", id(&good))).await.refused(409, "decision_in_use");
}

#[actix_web::test]
async fn a_deployment_is_delivered_when_all_nodes_of_its_tasks_are_done() {
    let scene = Scene::set(3, 24, 1).await;
    let (_, key_point) = key_point(&scene).await;
    let meeting = scene.call_meeting(&[]).await;
    scene.hold(meeting, 3, 3).await;
    let decision = id(&decide(&scene, meeting, deployment()).await.created());
    assert_eq!(delivery(&scene, decision).await, json!("awaiting"));
    let body = as_task(&scene, key_point, &["2020-04-30", "2020-06-30"]);
    let task = id(&scene.department.post(&format!("/decisions/{decision}/tasks"), body).await.created());
    assert_eq!(delivery(&scene, decision).await, json!("on_course"));
    let nodes = scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items();
    scene.app.turn_to(day(4, 30));
    assert_eq!(delivery(&scene, decision).await, json!("behind"));
    let report = scene.complete(id(&nodes[0])).await;
    assert_eq!(delivery(&scene, decision).await, json!("behind"), "reported is not done");
    scene.accept(&report).await;
    assert_eq!(delivery(&scene, decision).await, json!("on_course"));
    let report = scene.complete(id(&nodes[1])).await;
    scene.accept(&report).await;
    let shown = scene.department.get(&format!("/decisions/{decision}")).await.ok();
    assert_eq!(shown["delivery"], json!("delivered"));
    assert_eq!(shown["time_nodes"], json!({"of": 2, "let_off": 0, "done": 2, "owed": 1, "owed_done": 1}));
}

#[actix_web::test]
async fn what_is_carried_over_still_comes_from_the_decision_and_what_is_copied_does_not() {
    let scene = Scene::set(3, 24, 1).await;
    let (plan, key_point) = key_point(&scene).await;
    let meeting = scene.call_meeting(&[]).await;
    scene.hold(meeting, 3, 3).await;
    let decision = id(&decide(&scene, meeting, deployment()).await.created());
    let body = as_task(&scene, key_point, &["2020-06-30"]);
    let task = id(&scene.department.post(&format!("/decisions/{decision}/tasks"), body).await.created());
    let copy = json!({"unit_id": scene.committee, "year": 2021, "title": "Plan of 2021", "from_plan_id": plan});
    let next = id(&scene.department.post("/plans", copy).await.created());
    let points = scene.department.get(&format!("/plans/{next}/key-points")).await.items();
    let copied = scene.department.get(&format!("/key-points/{}/tasks", id(&points[0]))).await.items();
    assert_eq!((copied.len(), &copied[1]["origin"]), (2, &json!(null)));

    scene.app.turn_to(day(12, 31));
    let node = id(&scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items()[0]);
    let settled = json!({"open": [{"time_node_id": node, "carry_over": true}], "reason": "年终办结"});
    scene.department.post(&format!("/plans/{plan}/close"), settled).await.ok();
    let tasks = scene.department.get(&format!("/key-points/{}/tasks", id(&points[0]))).await.items();
    let carried = tasks.iter().find(|one| one["origin_task_id"] == json!(task)).unwrap();
    assert_eq!(carried["origin"], json!({"kind": "decision", "id": decision}));
    let shown = scene.department.get(&format!("/decisions/{decision}")).await.ok();
    assert_eq!(shown["task_ids"], json!([task, id(carried)]));
    assert_eq!(shown["time_nodes"]["of"], json!(0), "the old node counts no more, the new one awaits its date");
    assert_eq!(shown["delivery"], json!("awaiting"));
}

#[actix_web::test]
async fn a_decision_takes_up_standing_opinions_given_to_meetings_of_its_unit() {
    let scene = Scene::set(3, 24, 1).await;
    let meeting = scene.call_meeting(&scene.branches).await;
    let say = async |meeting: i64, text: &str| {
        let body = json!({"unit_id": scene.branches[0], "text": text});
        id(&scene.secretary().post(&format!("/meetings/{meeting}/opinions"), body).await.created())
    };
    let (first, second) = (say(meeting, "一").await, say(meeting, "二").await);
    let withdrawn = say(meeting, "三").await;
    scene.secretary().post(&format!("/opinions/{withdrawn}/withdrawal"), json!({})).await.ok();
    let body = json!({"unit_id": scene.branches[0], "kind": "members_meeting", "title": "党员大会", "called_for": "2020-03-24"});
    let own = id(&scene.secretary().post("/meetings", body).await.created());
    let elsewhere = say(own, "四").await;
    scene.hold(meeting, 3, 3).await;
    let taking = async |ids: Value| {
        let mut body = deployment();
        body["opinion_ids"] = ids;
        decide(&scene, meeting, body).await
    };
    for (ids, status, code) in [
        (json!([first, 999]), 422, "opinion_unknown"),
        (json!([first, elsewhere]), 422, "opinion_elsewhere"),
        (json!([first, withdrawn]), 409, "opinion_withdrawn"),
    ] {
        assert_eq!(taking(ids).await.refused(status, code), "/opinion_ids/1");
    }
    assert!(scene.department.get("/decisions").await.items().is_empty(), "what was refused left nothing behind");
    let decision = taking(json!([first, first])).await.created();
    assert_eq!(decision["opinion_ids"], json!([first]));
    let path = format!("/decisions/{}", id(&decision));
    let other = scene.department.patch(&path, json!({"opinion_ids": [second]})).await.ok();
    assert_eq!(other["opinion_ids"], json!([second]));
    let answer = json!({"disposition": "adopted", "reply": "已采纳", "decision_id": id(&decision)});
    let disposed = scene.department.post(&format!("/opinions/{first}/disposition"), answer).await.ok();
    assert_eq!(disposed["decision_ids"], json!([id(&decision)]));
    let kept = scene.department.patch(&path, json!({"opinion_ids": []})).await.ok();
    assert_eq!(kept["opinion_ids"], json!([first]), "what an answer names stays");
    scene.department.delete(&path).await.refused(409, "decision_in_use");
}

#[actix_web::test]
async fn a_plan_names_the_decision_that_approved_it() {
    let scene = Scene::set(3, 24, 1).await;
    let meeting = scene.call_meeting(&[]).await;
    scene.hold(meeting, 3, 3).await;
    let resolution = json!({"kind": "resolution", "text": "通过年度计划。", "votes": votes([3, 0, 0, 3])});
    let decision = id(&decide(&scene, meeting, resolution).await.created());
    let body = |decision: i64| {
        json!({"unit_id": scene.committee, "year": 2020, "title": "P", "approved_by": "党委会 2020-03-16",
            "approved_by_decision_id": decision})
    };
    let at = scene.department.post("/plans", body(999)).await.refused(422, "approval_unknown");
    assert_eq!(at, "/approved_by_decision_id");
    let plan = scene.department.post("/plans", body(decision)).await.created();
    assert_eq!(
        (&plan["approved_by"], &plan["approved_by_decision_id"]),
        (&json!("党委会 2020-03-16"), &json!(decision))
    );
    scene.department.delete(&format!("/decisions/{decision}")).await.refused(409, "decision_in_use");
    let path = format!("/plans/{}", id(&plan));
    scene.department.patch(&path, json!({"approved_by_decision_id": 999})).await.refused(422, "approval_unknown");
    let cleared = scene.department.patch(&path, json!({"approved_by_decision_id": null})).await.ok();
    assert_eq!(cleared["approved_by_decision_id"], json!(null));
}

#[actix_web::test]
async fn the_next_meeting_asks_after_what_is_not_delivered_not_answered_relapsed_or_overdue() {
    let scene = Scene::set(3, 24, 2).await;
    let node = scene.issued_with(&[day(4, 30)]).await[0];
    let meeting = scene.call_meeting(&scene.branches).await;
    scene.department.get(&format!("/meetings/{meeting}/next")).await.refused(409, "meeting_not_held");
    let body = json!({"unit_id": scene.branches[0], "text": "建议统一工作手册"});
    let opinion = id(&scene.secretary().post(&format!("/meetings/{meeting}/opinions"), body).await.created());
    scene.hold(meeting, 3, 3).await;
    let decision = id(&decide(&scene, meeting, deployment()).await.created());
    decide(&scene, meeting, json!({"kind": "information", "text": "通报。"})).await.created();
    scene.close_meeting(meeting).await;
    let relapse = scene.relapsed_finding().await;
    scene.app.turn_to(day(6, 1));
    let task = scene.department.get(&format!("/time-nodes/{node}")).await.ok()["task_id"].clone();
    let path = format!("/meetings/{meeting}/next");
    let draft = scene.leader.get(&path).await.ok();
    let items = draft["agenda_items"].as_array().unwrap();
    let found: Vec<_> = items.iter().map(|item| (item["why"].as_str().unwrap(), item["link"].clone())).collect();
    let link = |kind: &str, id: &Value| json!({"kind": kind, "id": id});
    let expected = [
        ("undelivered_decision", link("decision", &json!(decision))),
        ("unanswered_opinion", link("opinion", &json!(opinion))),
        ("relapsed_finding", link("finding", &json!(relapse))),
        ("overdue_task", link("task", &task)),
    ];
    assert_eq!(found, expected);
    assert_eq!(items[1]["title"], json!("意见答复：Branch 1"), "an agenda is read by more units than an opinion is");
    assert_eq!(items[3]["title"], json!("逾期任务：1.1 Due 2020-04-30"));
    scene.secretary().get(&path).await.refused(403, "forbidden");
    assert_eq!(scene.department.get("/meetings").await.items().len(), 1, "a draft writes nothing");

    scene.leader.post(&path, json!({"called_for": "2020-06-24"})).await.refused(403, "forbidden");
    let called = scene.department.post_with_key(&path, json!({"called_for": "2020-06-24"}), "k").await.created();
    scene.department.post_with_key(&path, json!({"called_for": "2020-06-24"}), "k").await.created();
    assert_eq!((&called["title"], &called["status"]), (&json!("党建工作推进会"), &json!("scheduled")));
    assert_eq!(scene.department.get("/meetings").await.items().len(), 2);
    let agenda = scene.department.get(&format!("/meetings/{}/agenda-items", id(&called))).await.items();
    let linked: Vec<_> = agenda.iter().map(|item| item["link"].clone()).collect();
    assert_eq!(linked, expected.map(|(_, link)| link));
    // What was seen to is asked after no more.
    let report = complete(scene.secretary(), node).await;
    scene.accept(&report).await;
    let answer = json!({"disposition": "noted", "reply": "已阅"});
    scene.department.post(&format!("/opinions/{opinion}/disposition"), answer).await.ok();
    let left = scene.department.get(&path).await.ok()["agenda_items"].clone();
    assert_eq!(left.as_array().unwrap().len(), 2);
}

impl Scene {
    /// A finding of the first branch that was closed and failed its re-check; the id of what came of it.
    async fn relapsed_finding(&self) -> i64 {
        let found = json!({"title": "记录不完整", "kind": "time_limited", "unit_ids": [self.branches[0]],
            "source": {"body": "考核组", "on": "2020-01-03"}});
        let finding = id(&self.department.post("/findings", found).await.created());
        let measure = json!({"text": "补齐", "due_on": "2020-04-30"});
        let path = format!("/findings/{finding}");
        self.secretary().post(&format!("{path}/measures"), measure).await.created();
        self.secretary().post(&format!("{path}/applications"), json!({"text": "已补齐"})).await.created();
        self.department.post(&format!("{path}/checks"), json!({"verdict": "passed"})).await.created();
        self.leader.post(&format!("{path}/closing"), json!({})).await.ok();
        let again = json!({"verdict": "failed", "note": "再次缺失"});
        let recheck = self.department.post(&format!("{path}/rechecks"), again).await.created();
        recheck["relapse_id"].as_i64().unwrap()
    }
}

#[actix_web::test]
async fn decisions_are_read_where_their_meeting_is_read_and_found_there() {
    let scene = Scene::set(3, 24, 2).await;
    let meeting = scene.call_meeting(&scene.branches[..1]).await;
    scene.hold(meeting, 3, 3).await;
    let decision = id(&decide(&scene, meeting, deployment()).await.created());
    let cadre = scene.app.person("cadre", Role::Cadre, Some(scene.committee)).await;
    for who in [&scene.department, &scene.leader, scene.secretary(), &cadre] {
        who.get(&format!("/decisions/{decision}")).await.ok();
        assert_eq!(who.get("/decisions").await.items().len(), 1);
        assert_eq!(who.get("/search?q=作业程序&kind=decision").await.items().len(), 1);
    }
    for who in [&scene.secretaries[1], &scene.admin] {
        who.get(&format!("/decisions/{decision}")).await.refused(403, "forbidden");
        assert!(who.get("/decisions").await.items().is_empty());
        assert!(who.get("/search?q=作业程序&kind=decision").await.items().is_empty());
    }
    // An agenda links to what was decided, where one may read it.
    let other = scene.call_meeting(&[]).await;
    let item = |kind: &str, id: i64| json!({"title": "落实", "link": {"kind": kind, "id": id}});
    let path = format!("/meetings/{other}/agenda-items");
    scene.department.post(&path, item("decision", decision)).await.created();
    for kind in ["decision", "opinion", "finding"] {
        assert_eq!(scene.department.post(&path, item(kind, 999)).await.refused(422, "link_unknown"), "/link/id");
    }
}
