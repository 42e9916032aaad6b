//! Revisions: after the issue every change has a reason, is numbered, can be read back and compared, and says what it
//! did to time nodes.

use serde_json::{Value, json};

use crate::support::{Answer, Scene, day, id};

async fn nodes(scene: &Scene, task: i64) -> Vec<Value> {
    scene.department.get(&format!("/time-nodes?task_id={task}")).await.items()
}

fn verdicts(nodes: &[Value]) -> Vec<(String, String)> {
    let text = |node: &Value, name: &str| node[name].as_str().unwrap().to_owned();
    nodes.iter().map(|node| (text(node, "due_on"), text(node, "verdict"))).collect()
}

/// Removes something with a reason.
async fn remove(scene: &Scene, path: &str, reason: &str) -> Answer {
    let etag = scene.department.get(path).await.etag();
    let path = format!("{path}?reason={reason}");
    let request = scene.department.request("DELETE", &path).header("if-match", etag);
    scene.department.send("DELETE", &path, request).await
}

#[actix_web::test]
async fn after_issue_every_change_carries_a_reason_and_is_one_numbered_revision() {
    let scene = Scene::set(1, 5, 2).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "First", &scene.branches, json!([{"due_on": "2020-06-30"}])).await;
    let path = format!("/plans/{plan}");
    scene.department.get(&format!("{path}/revisions/0")).await.refused(404, "revision_unknown");
    scene.issue(plan).await;
    scene.app.turn_to(day(2, 1));
    let key_point = json!({"title": "新增要点", "reason": "上级新部署"});
    let key_point = scene.department.post(&format!("{path}/key-points"), key_point).await.created();
    let made = json!({"title": "Second", "reason": "上级新部署"});
    let second = id(&scene.department.post(&format!("/key-points/{}/tasks", id(&key_point)), made).await.created());
    let body = json!({"unit_id": scene.branches[0], "part": "responsible", "reason": "上级新部署"});
    scene.department.post(&format!("/tasks/{second}/responsibilities"), body).await.created();
    let body = json!({"entries": [{"due_on": "2020-01-20"}, {"due_on": "2020-08-31"}], "reason": "上级新部署"});
    scene.department.put(&format!("/tasks/{second}/schedule"), body).await.ok();
    scene.department.patch(&format!("/tasks/{task}"), json!({"title": "Renamed", "reason": "wording"})).await.ok();
    scene.department.patch(&path, json!({"title": "Plan, revised", "reason": "wording"})).await.ok();
    assert_eq!(scene.department.get(&path).await.ok()["revision"], json!(6));
    let born = nodes(&scene, second).await;
    assert_eq!(
        verdicts(&born),
        [("2020-01-20".into(), "excluded".into()), ("2020-08-31".into(), "not_due".into())],
        "due before the revision that made it: before_issue"
    );
    assert_eq!(born[0]["excluded_reason"], json!("before_issue"));

    let revisions = scene.secretary().get(&format!("{path}/revisions")).await.items();
    let numbers: Vec<_> = revisions.iter().map(|revision| revision["number"].as_i64().unwrap()).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
    assert_eq!(revisions[3]["time_nodes"]["created"], json!([id(&born[0]), id(&born[1])]));
    assert_eq!(revisions[4]["changes"][0]["before"]["title"], json!("First"));

    let issued = scene.department.get(&format!("{path}/revisions/0")).await.ok();
    let titles = |lists: &Value| -> Vec<String> {
        lists["tasks"].as_array().unwrap().iter().map(|task| task["title"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((titles(&issued), &issued["plan"]["title"]), (vec!["First".to_owned()], &json!("Plan of 2020")));
    let fourth = scene.department.get(&format!("{path}/revisions/4")).await.ok();
    assert_eq!(titles(&fourth), ["First", "Second"]);
    assert_eq!(fourth["schedule_entries"].as_array().unwrap().len(), 3);
    let diff = scene.department.get(&format!("{path}/revisions/0/diff/6")).await.ok();
    assert_eq!(diff["added"].as_array().unwrap().len(), 5, "key point, task, responsibility, two entries");
    assert_eq!(diff["changed"].as_array().unwrap().len(), 2);
    assert_eq!((&diff["removed"], &diff["time_nodes"]["cancelled"]), (&json!([]), &json!([])));
    let none = scene.department.get(&format!("{path}/revisions/6/diff/6")).await.ok();
    assert_eq!((&none["added"], &none["changed"]), (&json!([]), &json!([])));
    scene.department.get(&format!("{path}/revisions/7")).await.refused(404, "revision_unknown");
}

#[actix_web::test]
async fn a_removal_cancels_only_what_is_not_past() {
    let scene = Scene::set(1, 5, 2).await;
    let plan = scene.plan().await;
    let entries = json!([{"due_on": "2020-03-31"}, {"due_on": "2020-06-30"}, {"due_on": "2020-09-30"}]);
    let task = scene.task(plan, "Task", &scene.branches, entries).await;
    scene.issue(plan).await;
    scene.app.turn_to(day(5, 6));
    // A done one stays done, though it is due later.
    let early = nodes(&scene, task).await.iter().find(|node| node["due_on"] == json!("2020-09-30")).map(id).unwrap();
    let report = scene.complete(early).await;
    scene.accept(&report).await;
    scene.app.turn_to(day(6, 30));
    let before = scene.report("year=2020&as_of=2020-06-29&group_by=unit").await;
    let held = scene.department.get(&format!("/tasks/{task}/responsibilities")).await.items();
    remove(&scene, &format!("/responsibilities/{}", id(&held[0])), "moved").await.is(204);
    let own = |nodes: Vec<Value>| -> Vec<_> {
        let own: Vec<_> = nodes.into_iter().filter(|node| node["unit_id"] == json!(scene.branches[0])).collect();
        verdicts(&own).into_iter().map(|(_, verdict)| verdict).collect()
    };
    assert_eq!(own(nodes(&scene, task).await), ["overdue", "excluded", "done_on_time"]);
    // Given back, what was cancelled counts again; nothing is made twice.
    let body = json!({"unit_id": scene.branches[0], "part": "responsible", "reason": "back"});
    scene.department.post(&format!("/tasks/{task}/responsibilities"), body).await.created();
    assert_eq!(own(nodes(&scene, task).await), ["overdue", "due", "done_on_time"]);
    assert_eq!(nodes(&scene, task).await.len(), 6);
    remove(&scene, &format!("/tasks/{task}"), "dropped").await.is(204);
    assert_eq!(own(nodes(&scene, task).await), ["overdue", "excluded", "done_on_time"]);
    scene.department.get(&format!("/tasks/{task}")).await.refused(404, "not_found");
    // What is past due stays owed: it is still reported and reviewed.
    let past = nodes(&scene, task).await.iter().find(|node| node["verdict"] == json!("overdue")).map(id).unwrap();
    let report = scene.complete(past).await;
    scene.accept(&report).await;
    assert_eq!(scene.node(past).await["verdict"], json!("done_late"));
    let after = scene.report("year=2020&as_of=2020-06-29&group_by=unit").await;
    assert_eq!(before, after, "the days before keep their verdicts");
    // The removed lists can still be read back.
    let issued = scene.department.get(&format!("/plans/{plan}/revisions/0")).await.ok();
    assert_eq!(issued["tasks"][0]["title"], json!("Task"));
    assert_eq!(issued["responsibilities"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn a_later_date_is_an_extension_under_the_same_approvals_and_an_earlier_one_is_refused() {
    let scene = Scene::set(1, 5, 2).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "Task", &scene.branches, json!([{"due_on": "2020-06-30"}])).await;
    scene.issue(plan).await;
    scene.app.turn_to(day(6, 1));
    let path = format!("/tasks/{task}/schedule");
    let entry = id(&scene.department.get(&path).await.ok()["entries"][0]);
    let put = async |entry: Value| scene.department.put(&path, json!({"entries": [entry], "reason": "疫情防控"})).await;
    put(json!({"id": entry, "due_on": "2020-06-29"})).await.refused(422, "due_earlier");
    put(json!({"id": entry, "due_on": "2020-06-30", "times": 2})).await.refused(422, "entry_fixed");
    put(json!({"id": entry, "due_on": "2020-06-30", "grace_days": 3})).await.refused(422, "entry_fixed");
    put(json!({"id": entry, "unscheduled": true, "words": "待定"})).await.refused(422, "entry_fixed");
    // The department grants a first one of at most 30 days at once.
    put(json!({"id": entry, "due_on": "2020-07-20"})).await.ok();
    let moved = nodes(&scene, task).await;
    assert_eq!((&moved[0]["due_on"], &moved[0]["original_due_on"]), (&json!("2020-07-20"), &json!("2020-06-30")));
    let asked = scene.department.get(&format!("/time-nodes/{}/extensions", id(&moved[0]))).await.items();
    assert_eq!((&asked[0]["state"], &asked[0]["reason"]), (&json!("approved"), &json!("疫情防控")));
    // A further one needs a leader: it is asked for, and the node keeps its day until then.
    put(json!({"id": entry, "due_on": "2020-07-31"})).await.ok();
    assert_eq!(nodes(&scene, task).await[0]["due_on"], json!("2020-07-20"));
    let asked = scene.department.get(&format!("/time-nodes/{}/extensions", id(&moved[0]))).await.items();
    assert_eq!(asked[1]["state"], json!("requested"));
    let yes = json!({"verdict": "approved"});
    scene.leader.post(&format!("/extensions/{}/decision", id(&asked[1])), yes).await.ok();
    assert_eq!(nodes(&scene, task).await[1]["due_on"], json!("2020-07-31"));
    let revisions = scene.department.get(&format!("/plans/{plan}/revisions")).await.items();
    assert_eq!(revisions[0]["time_nodes"]["extended"].as_array().unwrap().len(), 2);
    assert_eq!(revisions[1]["time_nodes"]["requested"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn an_entry_whose_later_day_was_refused_goes_back_to_the_day_its_nodes_kept() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "Task", &scene.branches, json!([{"due_on": "2020-06-30"}])).await;
    scene.issue(plan).await;
    let path = format!("/tasks/{task}/schedule");
    let entry = id(&scene.department.get(&path).await.ok()["entries"][0]);
    let put = async |due_on: &str| {
        let body = json!({"entries": [{"id": entry, "due_on": due_on}], "reason": "疫情防控"});
        scene.department.put(&path, body).await
    };
    put("2020-09-30").await.ok();
    let node = id(&nodes(&scene, task).await[0]);
    let asked = id(&scene.department.get(&format!("/time-nodes/{node}/extensions")).await.items()[0]);
    let no = json!({"verdict": "refused", "reason": "不予延期"});
    scene.leader.post(&format!("/extensions/{asked}/decision"), no).await.ok();
    assert_eq!(scene.node(node).await["due_on"], json!("2020-06-30"));
    put("2020-06-29").await.refused(422, "due_earlier");
    put("2020-06-30").await.ok();
    let shown = scene.department.get(&path).await.ok();
    assert_eq!(shown["entries"][0]["due_on"], json!("2020-06-30"), "list and node say the same day again");
    let revision = &scene.department.get(&format!("/plans/{plan}/revisions")).await.items()[1];
    let effects = &revision["time_nodes"];
    for effect in ["created", "cancelled", "extended", "requested"] {
        assert_eq!(effects[effect], json!([]), "{effect}");
    }
}

#[actix_web::test]
async fn an_entry_without_a_date_makes_nodes_once_the_department_dates_it_and_past_reports_keep_counting_it() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let undated = json!([{"unscheduled": true, "words": "按上级要求"}]);
    let task = scene.task(plan, "迎检", &scene.branches, undated).await;
    scene.issue(plan).await;
    scene.app.turn_to(day(4, 1));
    assert_eq!(scene.report("year=2020").await["total"]["unscheduled"], json!(1));
    scene.app.turn_to(day(4, 2));
    let then = scene.report("year=2020&as_of=2020-04-01").await;
    let path = format!("/tasks/{task}/schedule");
    let entry = id(&scene.department.get(&path).await.ok()["entries"][0]);
    let dated = json!({"entries": [{"id": entry, "due_on": "2020-05-31"}], "reason": "上级已定"});
    scene.department.put(&path, dated).await.ok();
    let now = scene.report("year=2020").await;
    assert_eq!((&now["total"]["unscheduled"], &now["total"]["not_yet_owed"]), (&json!(0), &json!(1)));
    assert_eq!(scene.report("year=2020&as_of=2020-04-01").await, then);
    assert_eq!(nodes(&scene, task).await[0]["due_on"], json!("2020-05-31"));
}

#[actix_web::test]
async fn a_recurrence_that_is_revised_keeps_its_periods_and_gains_or_loses_the_others() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "党课", &scene.branches, json!([{"rrule": "FREQ=MONTHLY;BYMONTHDAY=20"}])).await;
    scene.issue(plan).await;
    scene.app.turn_to(day(6, 10));
    let path = format!("/tasks/{task}/schedule");
    let entry = id(&scene.department.get(&path).await.ok()["entries"][0]);
    let put = |rrule: &str| json!({"entries": [{"id": entry, "rrule": rrule}], "reason": "调整"});
    scene.department.put(&path, put("FREQ=MONTHLY;BYMONTHDAY=10")).await.refused(422, "due_earlier");
    scene.department.put(&path, put("FREQ=MONTHLY;BYMONTHDAY=20;BYMONTH=1,2,3,4,5,6,7,8")).await.ok();
    let left = nodes(&scene, task).await;
    assert_eq!(left.iter().filter(|node| node["verdict"] == json!("excluded")).count(), 4);
    assert_eq!(left.iter().filter(|node| node["verdict"] == json!("overdue")).count(), 5);
    scene.department.put(&path, put("FREQ=MONTHLY;BYMONTHDAY=20")).await.ok();
    let again = nodes(&scene, task).await;
    assert_eq!((again.len(), again.iter().filter(|node| node["verdict"] == json!("excluded")).count()), (12, 0));
}

#[actix_web::test]
async fn a_revision_that_nobody_could_review_is_refused_and_changes_nothing() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "Task", &scene.branches, json!([{"due_on": "2020-06-30"}])).await;
    scene.issue(plan).await;
    let general = json!({"name": "S", "kind": "superior"});
    let superior = id(&scene.admin.post("/units", general).await.created());
    let body = json!({"unit_id": superior, "part": "responsible", "reason": "x"});
    let path = format!("/tasks/{task}/responsibilities");
    scene.department.post(&path, body).await.refused(422, "unit_outside_plan");
    // With the leader gone, nobody could review the department.
    let held = scene.admin.get(&format!("/appointments?account_id={}", scene.leader.account_id)).await.items();
    scene.app.turn_to(day(1, 6));
    scene.admin.patch(&format!("/appointments/{}", id(&held[0])), json!({"until": "2020-01-05"})).await.ok();
    let body = json!({"unit_id": scene.office, "part": "responsible", "reason": "x"});
    scene.department.post(&path, body).await.refused(422, "nobody_reviews");
    assert_eq!((scene.department.get(&path).await.items().len(), nodes(&scene, task).await.len()), (1, 1));
    assert_eq!(scene.department.get(&format!("/plans/{plan}")).await.ok()["revision"], json!(0));
}

#[actix_web::test]
async fn what_was_due_before_a_unit_was_named_is_excluded_for_it() {
    let scene = Scene::set(1, 5, 2).await;
    let plan = scene.plan().await;
    let entries = json!([{"due_on": "2020-03-31"}, {"due_on": "2020-04-01"}]);
    let task = scene.task(plan, "Task", &scene.branches[..1], entries).await;
    scene.issue(plan).await;
    scene.app.turn_to(day(4, 1));
    let body = json!({"unit_id": scene.branches[1], "part": "responsible", "reason": "joins in"});
    scene.department.post(&format!("/tasks/{task}/responsibilities"), body).await.created();
    let shown: Vec<_> = nodes(&scene, task)
        .await
        .iter()
        .map(|node| (node["unit_id"].clone(), node["verdict"].clone(), node["excluded_reason"].clone()))
        .collect();
    let [one, two] = [json!(scene.branches[0]), json!(scene.branches[1])];
    let expected = [
        (one.clone(), json!("overdue"), Value::Null),
        (two.clone(), json!("excluded"), json!("before_issue")),
        (one, json!("due"), Value::Null),
        (two, json!("due"), Value::Null),
    ];
    assert_eq!(shown, expected);
}

/// The schedule of a task, and its first entry's id.
async fn entry_of(scene: &Scene, task: i64) -> (String, i64) {
    let path = format!("/tasks/{task}/schedule");
    let entry = id(&scene.department.get(&path).await.ok()["entries"][0]);
    (path, entry)
}

#[actix_web::test]
async fn a_report_of_a_past_day_keeps_the_words_of_what_awaited_its_date() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let undated = json!([{"unscheduled": true, "words": "待定", "title": "迎检准备"}]);
    let task = scene.task(plan, "迎检", &scene.branches, undated).await;
    scene.issue(plan).await;
    scene.app.turn_to(day(4, 2));
    let asked = "/reports/unscheduled?as_of=2020-04-01";
    let then = scene.department.get(asked).await;
    assert_eq!(then.clone().ok()["final"], json!(true));
    let (path, entry) = entry_of(&scene, task).await;
    let reworded = json!({"id": entry, "unscheduled": true, "words": "按上级要求", "title": "迎检"});
    scene.department.put(&path, json!({"entries": [reworded], "reason": "上级通知"})).await.ok();
    assert_eq!(scene.department.get(asked).await.text, then.text);
    let now = scene.department.get("/reports/unscheduled").await.ok();
    assert_eq!((&now["unscheduled"], &now["entries"][0]["words"]), (&json!(1), &json!("按上级要求")));
}

#[actix_web::test]
async fn a_unit_that_comes_back_owes_on_the_day_that_the_entry_has_by_then() {
    let scene = Scene::set(1, 5, 2).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "Task", &scene.branches, json!([{"due_on": "2020-06-30"}])).await;
    scene.issue(plan).await;
    let held = scene.department.get(&format!("/tasks/{task}/responsibilities")).await.items();
    remove(&scene, &format!("/responsibilities/{}", id(&held[0])), "moved").await.is(204);
    let (path, entry) = entry_of(&scene, task).await;
    let later = json!({"entries": [{"id": entry, "due_on": "2020-07-20"}], "reason": "疫情防控"});
    scene.department.put(&path, later).await.ok();
    // Also when the day that it had is past by now.
    scene.app.turn_to(day(7, 10));
    let body = json!({"unit_id": scene.branches[0], "part": "responsible", "reason": "back"});
    scene.department.post(&format!("/tasks/{task}/responsibilities"), body).await.created();
    let both = nodes(&scene, task).await;
    assert_eq!(verdicts(&both), vec![("2020-07-20".to_owned(), "not_due".to_owned()); 2]);
    assert!(both.iter().all(|node| node["late_after"] == json!("2020-07-20")));
}

#[actix_web::test]
async fn what_was_due_before_the_issue_is_owed_once_it_moves_to_a_day_that_is_not_past() {
    let scene = Scene::set(3, 24, 1).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "Task", &scene.branches, json!([{"due_on": "2020-02-28"}])).await;
    scene.issue(plan).await;
    assert_eq!(nodes(&scene, task).await[0]["excluded_reason"], json!("before_issue"));
    scene.app.turn_to(day(4, 1));
    let (path, entry) = entry_of(&scene, task).await;
    let put = async |due: &str| {
        let body = json!({"entries": [{"id": entry, "due_on": due}], "reason": "补开展"});
        scene.department.put(&path, body).await.ok()
    };
    put("2020-03-10").await;
    assert_eq!(nodes(&scene, task).await[0]["excluded_reason"], json!("before_issue"), "that day is past too");
    put("2020-06-30").await;
    assert_eq!(verdicts(&nodes(&scene, task).await), [("2020-06-30".into(), "not_due".into())]);
    assert_eq!(scene.report("year=2020").await["total"]["not_yet_owed"], json!(1));
}

#[actix_web::test]
async fn units_that_moved_away_do_not_stand_in_the_way_of_a_revision() {
    let scene = Scene::set(1, 5, 3).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "Task", &scene.branches, json!([{"due_on": "2020-06-30"}])).await;
    scene.issue(plan).await;
    let other = id(&scene.admin.post("/units", json!({"name": "Other", "kind": "committee"})).await.created());
    for branch in &scene.branches[..2] {
        scene.admin.patch(&format!("/units/{branch}"), json!({"parent_id": other})).await.ok();
    }
    // A new node can't be made for them.
    let (path, entry) = entry_of(&scene, task).await;
    let more = json!({"entries": [{"id": entry, "due_on": "2020-06-30"}, {"due_on": "2020-09-30"}], "reason": "x"});
    scene.department.put(&path, more.clone()).await.refused(422, "invalid");
    let held = scene.department.get(&format!("/tasks/{task}/responsibilities")).await.items();
    for gone in &held[..2] {
        remove(&scene, &format!("/responsibilities/{}", id(gone)), "moved").await.is(204);
    }
    scene.department.put(&path, more).await.ok();
    let revisions = scene.department.get(&format!("/plans/{plan}/revisions")).await.items();
    let cancelled: Vec<_> =
        revisions.iter().map(|one| one["time_nodes"]["cancelled"].as_array().unwrap().len()).collect();
    assert_eq!(cancelled, [1, 1, 0]);
    assert_eq!(nodes(&scene, task).await.len(), 2, "of the third branch, in reach");
}

#[actix_web::test]
async fn an_issued_entry_keeps_what_is_not_said_anew() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let calendar = |festival: &str| {
        json!({"year": 2020, "source": "test", "days": [
        {"day": festival, "kind": "festival", "name": "端午"}]})
    };
    scene.admin.post("/calendars", calendar("2020-06-25")).await.created();
    let entries = json!([{"rrule": "FREQ=MONTHLY;BYMONTHDAY=-1", "times": 2}, {"words": "端午前"}]);
    let task = scene.task(plan, "Task", &scene.branches, entries).await;
    scene.issue(plan).await;
    scene.app.turn_to(day(2, 1));
    scene.admin.patch("/settings", json!({"recurrence_grace_days": 2})).await.ok();
    scene.admin.post("/calendars", calendar("2020-06-10")).await.created();
    let path = format!("/tasks/{task}/schedule");
    let standing = scene.department.get(&path).await.ok()["entries"].clone();
    let again = json!({"reason": "增补", "entries": [
        {"id": standing[0]["id"], "rrule": "FREQ=MONTHLY;BYMONTHDAY=-1"},
        {"id": standing[1]["id"], "words": "端午前"},
        {"due_on": "2020-08-01"},
    ]});
    let after = scene.department.put(&path, again).await.ok()["entries"].clone();
    assert_eq!((&after[0], &after[1]), (&standing[0], &standing[1]), "neither the new grace nor the new calendar");
    assert_eq!(after.as_array().unwrap().len(), 3);
}

#[actix_web::test]
async fn changes_that_undo_each_other_come_to_nothing_and_a_change_of_nothing_is_no_revision() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "First", &scene.branches, json!([{"due_on": "2020-06-30"}])).await;
    scene.issue(plan).await;
    let path = format!("/tasks/{task}");
    for title in ["Second", "First"] {
        scene.department.patch(&path, json!({"title": title, "reason": "wording"})).await.ok();
    }
    let diff = scene.department.get(&format!("/plans/{plan}/revisions/0/diff/2")).await.ok();
    assert_eq!((&diff["added"], &diff["changed"], &diff["removed"]), (&json!([]), &json!([]), &json!([])));
    scene.department.patch(&path, json!({"title": "First", "reason": "nothing"})).await.ok();
    scene.department.patch(&format!("/plans/{plan}"), json!({"reason": "nothing"})).await.ok();
    assert_eq!(scene.department.get(&format!("/plans/{plan}")).await.ok()["revision"], json!(2));
}

#[actix_web::test]
async fn a_withdrawn_waiver_does_not_bring_back_what_a_revision_removed() {
    let scene = Scene::set(1, 5, 2).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "Task", &scene.branches, json!([{"due_on": "2020-06-30"}])).await;
    scene.issue(plan).await;
    let both = nodes(&scene, task).await;
    let mut waivers = vec![];
    for node in &both {
        let waived = json!({"reason": "merged", "kind": "waived"});
        waivers.push(id(&scene.leader.post(&format!("/time-nodes/{}/waivers", id(node)), waived).await.created()));
    }
    let held = scene.department.get(&format!("/tasks/{task}/responsibilities")).await.items();
    remove(&scene, &format!("/responsibilities/{}", id(&held[0])), "moved").await.is(204);
    for waiver in waivers {
        scene.leader.post(&format!("/waivers/{waiver}/withdrawal"), json!({"reason": "not merged"})).await.ok();
    }
    let after = nodes(&scene, task).await;
    assert_eq!(after[0]["excluded_reason"], json!("cancelled"));
    assert_eq!(after[1]["verdict"], json!("not_due"), "the other is still asked for");
}

#[actix_web::test]
async fn what_was_reported_at_its_removal_is_judged_and_then_asked_for_by_nobody() {
    let scene = Scene::set(1, 5, 2).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "Goes", &scene.branches, json!([{"due_on": "2020-06-30"}])).await;
    scene.issue(plan).await;
    let nodes = scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items();
    let (first, second) = (id(&nodes[0]), id(&nodes[1]));
    let returned = scene.complete(first).await;
    let late = crate::support::complete(&scene.secretaries[1], second).await;
    let etag = scene.department.get(&format!("/tasks/{task}")).await.etag();
    let path = format!("/tasks/{task}?reason=merged");
    let request = scene.department.request("DELETE", &path).header("if-match", etag);
    scene.department.send("DELETE", &path, request).await.is(204);
    assert_eq!(scene.node(first).await["state"], json!("reported"), "it is judged first");
    scene.give_back(&returned, "not_done").await;
    let node = scene.node(first).await;
    assert_eq!((&node["state"], &node["verdict"]), (&json!("cancelled"), &json!("excluded")));
    let report = json!({"kind": "completion", "text": "again"});
    let again = scene.secretary().post(&format!("/time-nodes/{first}/progress-reports"), report).await;
    again.refused(409, "node_excluded");
    // What is past when it is returned stays owed, as it would have at a removal.
    scene.app.turn_to(day(7, 1));
    scene.give_back(&late, "not_done").await;
    assert_eq!(scene.node(second).await["verdict"], json!("overdue"));
}
