//! Meetings and other activities: called, attended, held, minuted, closed; and ticked against the nodes they fulfil.

use duban::access::Role;
use serde_json::{Value, json};

use crate::support::{Persona, Scene, day, id, rows};

/// So many people in each way: expected, present, on leave, absent, observers.
fn people(expected: usize, present: usize, leave: usize, absent: usize, observers: usize) -> Value {
    let mut items = vec![];
    let mut add = |status: &str, count: usize| {
        for n in 1..=count {
            let mut item = json!({"person": format!("{status} {n}"), "status": status});
            if status == "leave" {
                item["reason"] = json!("出差");
            }
            items.push(item);
        }
    };
    add("expected", expected);
    add("present", present);
    add("leave", leave);
    add("absent", absent);
    add("observer", observers);
    json!({"items": items})
}

/// A meeting of a unit, entered and scheduled.
async fn scheduled(who: &Persona, unit: i64, kind: &str, title: &str, called_for: &str) -> i64 {
    let body = json!({"unit_id": unit, "kind": kind, "title": title, "called_for": called_for});
    id(&who.post("/meetings", body).await.created())
}

/// The same, attended and held on the day it was called for.
async fn held(who: &Persona, unit: i64, kind: &str, title: &str, on: &str, attended: Value) -> i64 {
    let meeting = scheduled(who, unit, kind, title, on).await;
    who.put(&format!("/meetings/{meeting}/attendances"), attended).await.ok();
    who.post(&format!("/meetings/{meeting}/hold"), json!({"held_on": on})).await.ok();
    meeting
}

/// Its minutes drafted and signed, and the meeting closed.
async fn close(scene: &Scene, meeting: i64) {
    let at = format!("/meetings/{meeting}");
    scene.department.put(&format!("{at}/minutes"), json!({"text": "会议讨论了任务清单。"})).await.ok();
    scene.leader.post(&format!("{at}/minutes/signature"), json!(null)).await.ok();
    scene.department.post(&format!("{at}/close"), json!(null)).await.ok();
}

#[actix_web::test]
async fn the_promotion_meeting_of_24_march_is_called_attended_by_21_minuted_and_closed() {
    let scene = Scene::set(3, 17, 2).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "三基建设", &[scene.branches[0]], json!([{"due_on": "2020-06-30"}])).await;
    let called = json!({"unit_id": scene.committee, "kind": "promotion_meeting", "title": "2020年党建工作推进会",
        "called_for": "2020-03-24", "starts_at": "14:30", "place": "三楼会议室", "chair": "党委书记",
        "recorder": "党群工作部干事"});
    let meeting = scene.department.post("/meetings", called).await.created();
    assert_eq!((&meeting["status"], &meeting["starts_at"]), (&json!("scheduled"), &json!("14:30")));
    let at = format!("/meetings/{}", id(&meeting));

    // The agenda, in its order and linked to the plan and a task of it.
    let agenda = format!("{at}/agenda-items");
    let plan_link = json!({"title": "审议工作要点", "presenter": "党群工作部", "link": {"kind": "plan", "id": plan}});
    scene.department.post(&agenda, plan_link).await.created();
    let reported = json!({"title": "各支部汇报", "link": {"kind": "task", "id": task}});
    let second = scene.department.post(&agenda, reported).await.created();
    scene
        .department
        .post(&agenda, json!({"title": "总结讲话", "presenter": "党委书记", "position": 9}))
        .await
        .created();
    scene.department.patch(&format!("/agenda-items/{}", id(&second)), json!({"position": 1, "link": null})).await.ok();
    let items = scene.leader.get(&agenda).await.items();
    let read: Vec<_> = items.iter().map(|item| (item["title"].as_str().unwrap(), item["link"].is_null())).collect();
    assert_eq!(read, [("审议工作要点", false), ("各支部汇报", true), ("总结讲话", true)]);

    // Both branches are called; who of them signed is seen by all, and another place calls them anew.
    let (one, two) = (&scene.secretaries[0], &scene.secretaries[1]);
    one.get(&at).await.refused(403, "forbidden");
    scene.department.post(&format!("{at}/call"), json!({"unit_ids": scene.branches})).await.ok();
    let receipts = format!("{at}/receipts");
    let signed = one.post(&receipts, json!({"kind": "call"})).await.created();
    assert_eq!((&signed["unit_id"], &signed["signed_on"]), (&json!(scene.branches[0]), &json!("2020-03-17")));
    one.post(&receipts, json!({"kind": "call"})).await.refused(409, "signed_for");
    scene.department.patch(&at, json!({"place": "二楼会议室"})).await.ok();
    one.post(&receipts, json!({"kind": "call"})).await.created();
    let rows = two.get(&receipts).await.items();
    let rows: Vec<_> = rows.iter().map(|row| (row["edition"].as_i64().unwrap(), !row["signed_on"].is_null())).collect();
    assert_eq!(rows, [(1, true), (1, false), (2, true), (2, false)]);

    // The secretary enters everybody in one call: 19 of 22 came, and 2 listened.
    scene.app.turn_to(day(3, 24));
    let listed = scene.department.put(&format!("{at}/attendances"), people(0, 19, 2, 1, 2)).await.ok();
    assert_eq!(listed["items"].as_array().unwrap().len(), 24);
    let meeting = scene.department.post(&format!("{at}/hold"), json!({})).await.ok();
    let attendance = &meeting["attendance"];
    assert_eq!((&meeting["held_on"], &attendance["head_count"]), (&json!("2020-03-24"), &json!(21)));
    assert_eq!(attendance["rate"], json!({"met": 19, "of": 22, "percent": 86.3}));
    assert_eq!((&attendance["observers"], &attendance["unsettled"]), (&json!(2), &json!(0)));
    one.post(&receipts, json!({"kind": "call"})).await.refused(409, "meeting_held");

    // Record and minutes; the leader signs, the branches get them and sign for them.
    scene.department.put(&format!("{at}/record"), json!({"text": "支部书记依次发言。"})).await.ok();
    one.get(&format!("{at}/record")).await.refused(403, "forbidden");
    let minutes = format!("{at}/minutes");
    scene.department.put(&minutes, json!({"text": "草稿"})).await.ok();
    scene.department.put(&minutes, json!({"text": "会议通过了任务清单。"})).await.ok();
    scene.department.post(&format!("{minutes}/signature"), json!(null)).await.refused(403, "forbidden");
    let signed = scene.leader.post(&format!("{minutes}/signature"), json!(null)).await.ok();
    assert_eq!((&signed["status"], &signed["signed_by"]), (&json!("signed"), &json!(scene.leader.account_id)));
    one.get(&minutes).await.refused(403, "forbidden");
    one.post(&receipts, json!({"kind": "minutes"})).await.refused(409, "not_sent");
    scene.department.post(&format!("{minutes}/distribution"), json!({"unit_ids": [scene.branches[0]]})).await.ok();
    assert_eq!(one.get(&minutes).await.ok()["text"], json!("会议通过了任务清单。"));
    two.get(&minutes).await.refused(403, "forbidden");
    one.post(&receipts, json!({"kind": "minutes"})).await.created();

    let closed = scene.department.post(&format!("{at}/close"), json!(null)).await.ok();
    assert_eq!((&closed["status"], &closed["closed_on"]), (&json!("closed"), &json!("2020-03-24")));
    // What follows from it goes on: the other branch is sent the minutes too.
    scene.department.post(&format!("{minutes}/distribution"), json!({"unit_ids": scene.branches})).await.ok();
    two.post(&receipts, json!({"kind": "minutes"})).await.created();
    assert_eq!(two.get(&format!("{receipts}?kind=minutes")).await.items().len(), 2);
    duban::worker::seal_all(&scene.app.app).await.unwrap();
    let auditor = scene.app.person("auditor", Role::Auditor, None).await;
    let entries = auditor.get("/audit-entries?limit=200").await.items();
    let of = |name: &str| entries.iter().filter(|entry| entry["action"] == json!(name)).count();
    assert_eq!((of("meeting.create"), of("meeting.call"), of("meeting.hold")), (1, 1, 1));
    assert_eq!((of("minutes.sign"), of("minutes.distribute"), of("meeting.close")), (1, 2, 1));
}

/// Everything that is read of a meeting.
async fn whole(scene: &Scene, meeting: i64) -> Vec<Value> {
    let mut all = vec![];
    for part in ["", "/agenda-items", "/attendances", "/minutes", "/record", "/receipts", "/time-nodes"] {
        let answer = scene.leader.get(&format!("/meetings/{meeting}{part}")).await;
        all.push(if answer.status == 200 { answer.body } else { json!(answer.status) });
    }
    all
}

#[actix_web::test]
async fn each_status_refuses_what_does_not_belong_to_it_and_changes_nothing() {
    let scene = Scene::set(3, 24, 1).await;
    let attended = || people(0, 3, 0, 0, 0);
    // verb: scheduled, held, minutes signed, closed, cancelled
    let (gone, shut, was, not) = ("meeting_cancelled", "meeting_closed", "meeting_held", "meeting_not_held");
    let table: [(&str, [&str; 5]); 18] = [
        ("change", ["", "", "", shut, gone]),
        ("reschedule", ["", was, was, shut, gone]),
        ("evidence", ["", "", "", shut, gone]),
        ("add an item", ["", "", "", shut, gone]),
        ("change an item", ["", "", "", shut, gone]),
        ("remove an item", ["", "", "", shut, gone]),
        ("attendances", ["", "", "", shut, gone]),
        ("call", ["", was, was, shut, gone]),
        ("sign for the call", ["", was, was, shut, gone]),
        ("hold", ["", was, was, shut, gone]),
        ("cancel", ["", was, was, shut, gone]),
        ("record", [not, "", "", shut, gone]),
        ("draft minutes", [not, "", "minutes_signed", shut, gone]),
        ("sign minutes", [not, "", "minutes_signed", shut, gone]),
        ("distribute minutes", [not, "minutes_not_signed", "", "", gone]),
        ("sign for minutes", [not, "not_sent", "not_sent", "not_sent", gone]),
        ("tick", [not, "batch_refused", "batch_refused", "batch_refused", gone]),
        ("close", [not, "minutes_not_signed", "", shut, gone]),
    ];
    for (verb, expected) in table {
        for (stage, code) in expected.iter().enumerate() {
            let meeting =
                scheduled(&scene.department, scene.committee, "committee_meeting", "党委会", "2020-03-24").await;
            let at = format!("/meetings/{meeting}");
            let d = &scene.department;
            let item = id(&d.post(&format!("{at}/agenda-items"), json!({"title": "议题"})).await.created());
            d.post(&format!("{at}/call"), json!({"unit_ids": scene.branches})).await.ok();
            d.put(&format!("{at}/attendances"), attended()).await.ok();
            if (1..=3).contains(&stage) {
                d.post(&format!("{at}/hold"), json!({})).await.ok();
                d.put(&format!("{at}/minutes"), json!({"text": "纪要"})).await.ok();
            }
            if (2..=3).contains(&stage) {
                scene.leader.post(&format!("{at}/minutes/signature"), json!(null)).await.ok();
            }
            if stage == 3 {
                d.post(&format!("{at}/close"), json!(null)).await.ok();
            }
            if stage == 4 {
                d.post(&format!("{at}/cancellation"), json!({"reason": "时间冲突"})).await.ok();
            }
            let (before, rows_before) = (whole(&scene, meeting).await, rows(&scene).await);
            let answer = match verb {
                "change" => d.patch(&at, json!({"title": "另一个标题"})).await,
                "reschedule" => d.patch(&at, json!({"called_for": "2020-03-26"})).await,
                "evidence" => d.patch(&at, json!({"on_paper": [{"title": "签到表"}]})).await,
                "add an item" => d.post(&format!("{at}/agenda-items"), json!({"title": "另一个"})).await,
                "change an item" => d.patch(&format!("/agenda-items/{item}"), json!({"title": "改"})).await,
                "remove an item" => d.delete(&format!("/agenda-items/{item}")).await,
                "attendances" => d.put(&format!("{at}/attendances"), people(0, 2, 1, 0, 0)).await,
                "call" => d.post(&format!("{at}/call"), json!({"unit_ids": [scene.office]})).await,
                "sign for the call" => scene.secretary().post(&format!("{at}/receipts"), json!({"kind": "call"})).await,
                "hold" => d.post(&format!("{at}/hold"), json!({})).await,
                "cancel" => d.post(&format!("{at}/cancellation"), json!({"reason": "x"})).await,
                "record" => d.put(&format!("{at}/record"), json!({"text": "记录"})).await,
                "draft minutes" => d.put(&format!("{at}/minutes"), json!({"text": "另一稿"})).await,
                "sign minutes" => scene.leader.post(&format!("{at}/minutes/signature"), json!(null)).await,
                "distribute minutes" => {
                    d.post(&format!("{at}/minutes/distribution"), json!({"unit_ids": scene.branches})).await
                }
                "sign for minutes" => {
                    scene.secretary().post(&format!("{at}/receipts"), json!({"kind": "minutes"})).await
                }
                "tick" => d.post(&format!("{at}/time-nodes"), json!({"time_node_ids": [999]})).await,
                _ => d.post(&format!("{at}/close"), json!(null)).await,
            };
            if code.is_empty() {
                assert!(answer.status < 300, "{verb} at {stage}: {}", answer.text);
                assert_ne!(whole(&scene, meeting).await, before, "{verb} at {stage} changes something");
            } else {
                let status = if *code == "batch_refused" { 422 } else { 409 };
                answer.refused(status, code);
                assert_eq!(rows(&scene).await, rows_before, "{verb} at {stage} changes nothing");
            }
        }
    }
}

#[actix_web::test]
async fn a_held_meeting_has_its_attendance_settled() {
    let scene = Scene::set(3, 16, 1).await;
    let meeting = scheduled(&scene.department, scene.committee, "seminar", "专题研讨", "2020-03-16").await;
    let (at, list) = (format!("/meetings/{meeting}"), format!("/meetings/{meeting}/attendances"));
    let hold = async || scene.department.post(&format!("{at}/hold"), json!({})).await;
    hold().await.refused(409, "attendance_missing");
    scene.department.put(&list, people(2, 7, 0, 0, 0)).await.ok();
    let shown = scene.department.get(&at).await.ok();
    assert_eq!(shown["attendance"]["rate"], json!({"met": 7, "of": 9, "percent": 77.7}));
    hold().await.refused(409, "attendance_open");
    scene.department.put(&list, people(0, 0, 9, 0, 4)).await.ok();
    hold().await.refused(409, "attendance_missing");
    scene.department.put(&list, people(0, 9, 0, 0, 0)).await.ok();
    scene.department.post(&format!("{at}/hold"), json!({"held_on": "2020-03-17"})).await.refused(422, "future_day");
    hold().await.ok();
    scene.department.put(&list, people(1, 8, 0, 0, 0)).await.refused(409, "attendance_open");
    scene.department.put(&list, people(0, 0, 0, 9, 0)).await.refused(409, "attendance_missing");
    assert_eq!(scene.leader.get(&list).await.ok()["summary"]["present"], json!(9));

    // Entries name what exists, nobody twice, and a reason where one belongs.
    let one = |field: &str, value: Value| json!({"items": [{"person": "书记", "status": "present", field: value}]});
    let refused = async |body: Value, code: &str| scene.department.put(&list, body).await.refused(422, code);
    assert_eq!(refused(one("unit_id", json!(99)), "unit_unknown").await, "/items/0/unit_id");
    assert_eq!(refused(one("account_id", json!(99)), "account_unknown").await, "/items/0/account_id");
    assert_eq!(refused(one("reason", json!("病假")), "leave_reason_unused").await, "/items/0/reason");
    assert_eq!(refused(one("status", json!("leave")), "leave_unexplained").await, "/items/0/reason");
    let leader = json!({"person": "党委书记", "status": "present", "account_id": scene.leader.account_id});
    assert_eq!(refused(json!({"items": [leader, leader]}), "attendee_twice").await, "/items/1/account_id");
    let table = scene.leader.request("GET", &list).header("accept", "text/csv");
    assert_eq!(scene.leader.send("GET", &list, table).await.text.lines().count(), 10);
}

#[actix_web::test]
async fn the_attendance_of_a_past_day_stays_as_it_was_recorded() {
    let scene = Scene::set(3, 16, 2).await;
    let (office, leader) = (&scene.department, &scene.leader);
    held(office, scene.committee, "seminar", "专题研讨", "2020-03-16", people(0, 9, 0, 0, 0)).await;
    scene.app.turn_to(day(3, 24));
    let meeting =
        held(office, scene.committee, "promotion_meeting", "推进会", "2020-03-24", people(0, 19, 2, 1, 2)).await;
    let branch = scene.branches[0];
    held(scene.secretary(), branch, "party_lecture", "党课", "2020-03-20", people(0, 10, 0, 5, 0)).await;
    let still = scheduled(scene.secretary(), branch, "theme_day", "主题党日", "2020-03-30").await;
    office.put(&format!("/meetings/{still}/attendances"), people(3, 4, 0, 0, 0)).await.ok();

    scene.app.turn_to(day(3, 25));
    let report = async |query: &str| leader.get(&format!("/reports/attendance?{query}")).await.ok();
    let first = leader.get("/reports/attendance?as_of=2020-03-24&group_by=kind").await;
    let body = first.body.clone();
    assert_eq!((&body["final"], &body["total"]["meetings"]), (&json!(true), &json!(3)));
    assert_eq!(body["total"]["attendance"], json!({"met": 38, "of": 46, "percent": 82.6}));
    assert_eq!(body["total"]["head_count"], json!(40), "observers are in the head count and not in the rate");
    let keys: Vec<_> = body["groups"].as_array().unwrap().iter().map(|row| (&row["key"], &row["name"])).collect();
    let expected = [("promotion_meeting", "推进会"), ("seminar", "专题研讨"), ("party_lecture", "党课")];
    assert_eq!(
        keys,
        expected.map(|(key, name)| (json!(key), json!(name))).iter().map(|(a, b)| (a, b)).collect::<Vec<_>>()
    );

    // A correction and a meeting entered afterwards count from the day they were recorded.
    office.put(&format!("/meetings/{meeting}/attendances"), people(0, 21, 0, 1, 2)).await.ok();
    held(scene.secretary(), branch, "group_meeting", "党小组会", "2020-03-23", people(0, 4, 0, 0, 0)).await;
    let again = leader.get("/reports/attendance?as_of=2020-03-24&group_by=kind").await;
    assert_eq!(again.text, first.text, "a past day reads the same for ever");
    let now = report("group_by=unit").await;
    assert_eq!(now["total"]["attendance"], json!({"met": 44, "of": 50, "percent": 88.0}));
    let rows: Vec<_> = now["groups"].as_array().unwrap().iter().map(|row| row["attendance"]["of"].clone()).collect();
    assert_eq!(rows, [31, 0, 19, 0].map(|of| json!(of)), "the committee, its department, its branches");
    assert_eq!(now["groups"][1]["attendance"]["reason"], json!("nothing_owed"));
    assert_eq!(report("as_of=2020-03-16").await["total"]["attendance"]["of"], json!(9));
    assert_eq!(report(&format!("unit_id={branch}")).await["total"]["meetings"], json!(2));
    assert_eq!(report("year=2019").await["total"]["meetings"], json!(0));
    leader.get("/reports/attendance?as_of=2020-03-26").await.refused(422, "future_day");
    let table = leader.request("GET", "/reports/attendance?group_by=kind").header("accept", "text/csv");
    let table = leader.send("GET", "/reports/attendance?group_by=kind", table).await.text;
    assert!(table.contains("2020-03-25,false,seminar,专题研讨,1,9,9,100.0,9,9,0,0,0"), "{table}");
}

#[actix_web::test]
async fn one_evening_is_entered_once_and_ticked_against_several_nodes_each_still_reviewed() {
    let scene = Scene::set(1, 5, 2).await;
    let nodes = scene.issued_with(&[day(3, 31), day(4, 30), day(5, 31)]).await;
    scene.app.turn_to(day(3, 24));
    let (secretary, branch) = (scene.secretary(), scene.branches[0]);
    let meeting = held(secretary, branch, "party_lecture", "党课", "2020-03-20", people(0, 12, 1, 0, 2)).await;
    let (at, tick) = (format!("/meetings/{meeting}"), format!("/meetings/{meeting}/time-nodes"));
    let file = secretary.upload("签到表.pdf", b"%PDF-1.7 who came").await.created();
    let evidence = json!({"attachment_ids": [id(&file)], "on_paper": [{"title": "照片"}]});
    secretary.patch(&at, evidence).await.ok();

    // A cadre does not sign, and another branch has no part in it.
    let cadre = scene.app.person("cadre", Role::Cadre, Some(branch)).await;
    let both = json!({"time_node_ids": [nodes[0], nodes[1]]});
    let refused = cadre.post(&tick, both.clone()).await;
    assert_eq!(refused.body["errors"][1]["code"], json!("forbidden"));
    refused.refused(422, "batch_refused");
    scene.secretaries[1].post(&tick, both.clone()).await.refused(403, "forbidden");

    // The deputy ticks it, with evidence that the secretary uploaded.
    let deputy = scene.app.person("deputy", Role::DeputySecretary, Some(branch)).await;
    let made = deputy.post(&tick, both.clone()).await.created();
    let reports = made["reports"].as_array().unwrap();
    for (report, node) in reports.iter().zip(&nodes) {
        assert_eq!((&report["node_id"], &report["meeting_id"]), (&json!(node), &json!(meeting)));
        assert_eq!((&report["held_on"], &report["holding"]), (&json!("2020-03-20"), &json!("in_time")));
        assert_eq!(report["text"], json!("2020年3月20日党课“党课”，应到13人，实到12人，列席2人。"));
        assert_eq!((&report["attachments"][0]["id"], &report["on_paper"][0]["title"]), (&file["id"], &json!("照片")));
        assert_eq!(scene.node(*node).await["state"], json!("reported"));
    }
    let linked = scene.department.get(&at).await.ok()["time_nodes"].clone();
    assert_eq!((&linked[1]["node_id"], &linked[1]["report_id"]), (&json!(nodes[1]), &reports[1]["id"]));
    let history = scene.department.get(&format!("/time-nodes/{}/history", nodes[0])).await.items();
    assert_eq!((&history[1]["event"], &history[1]["meeting_id"]), (&json!("reported"), &json!(meeting)));

    // Each is reviewed by itself.
    scene.accept(&reports[0]).await;
    scene.give_back(&reports[1], "not_done").await;
    assert_eq!(scene.node(nodes[0]).await["verdict"], json!("done_on_time"));
    assert_eq!(scene.node(nodes[1]).await["state"], json!("returned"));

    // All or none: a node that is done names itself, and the others are left alone.
    let all = json!({"time_node_ids": [nodes[1], nodes[0], nodes[2], 999]});
    let refused = deputy.post(&tick, all).await;
    let errors: Vec<_> =
        refused.body["errors"].as_array().unwrap().iter().map(|e| (&e["pointer"], &e["code"])).collect();
    let expected = [("/time_node_ids/1", "node_ticked"), ("/time_node_ids/3", "node_unknown")];
    assert_eq!(errors, expected.map(|(a, b)| (json!(a), json!(b))).iter().map(|(a, b)| (a, b)).collect::<Vec<_>>());
    refused.refused(422, "batch_refused");
    assert_eq!(scene.node(nodes[1]).await["state"], json!("returned"));
    assert_eq!(scene.node(nodes[2]).await["state"], json!("open"));
    // What was returned may be ticked again, also after the close; back-dating is the department's.
    let again = json!({"time_node_ids": [nodes[1]], "text": "补充了讨论记录"});
    secretary
        .post(&tick, json!({"time_node_ids": [nodes[1]], "reported_on": "2020-03-21"}))
        .await
        .refused(422, "batch_refused");
    let made = secretary.post_with_key(&tick, again.clone(), "once").await.created();
    assert_eq!(secretary.post_with_key(&tick, again, "once").await.created(), made);
    assert_eq!(scene.leader.get(&tick).await.items().len(), 3);
}

#[actix_web::test]
async fn a_node_of_two_times_needs_two_evenings_and_one_of_another_unit_its_own() {
    let scene = Scene::set(1, 5, 2).await;
    let plan = scene.plan().await;
    let task =
        scene.task(plan, "两次党课", &scene.branches.clone(), json!([{"due_on": "2020-06-30", "times": 2}])).await;
    scene.issue(plan).await;
    let nodes = scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items();
    let of = |unit: i64| id(nodes.iter().find(|node| node["unit_id"] == json!(unit)).unwrap());
    scene.app.turn_to(day(3, 24));
    let (secretary, branch) = (scene.secretary(), scene.branches[0]);
    let first = held(secretary, branch, "party_lecture", "党课一", "2020-03-20", people(0, 5, 0, 0, 0)).await;
    let ticked = async |meeting: i64, node: i64| {
        let body = json!({"time_node_ids": [node]});
        secretary.post(&format!("/meetings/{meeting}/time-nodes"), body).await
    };
    ticked(first, of(branch)).await.created();
    assert_eq!(ticked(first, of(branch)).await.body["errors"][0]["code"], json!("node_ticked"));
    assert_eq!(ticked(first, of(scene.branches[1])).await.body["errors"][0]["code"], json!("node_of_other_unit"));
    let second = held(secretary, branch, "party_lecture", "党课二", "2020-03-23", people(0, 5, 0, 0, 0)).await;
    ticked(second, of(branch)).await.created();
    assert_eq!(scene.node(of(branch)).await["state"], json!("reported"));
}

#[actix_web::test]
async fn meetings_are_read_and_written_by_those_whose_they_are() {
    let scene = Scene::set(3, 24, 2).await;
    let (secretary, branch) = (scene.secretary(), scene.branches[0]);
    let cadre = scene.app.person("cadre", Role::Cadre, Some(branch)).await;
    let inspector = scene.app.person("inspector", Role::Inspector, Some(scene.committee)).await;
    let body =
        |unit: i64| json!({"unit_id": unit, "kind": "theme_day", "title": "主题党日", "called_for": "2020-03-20"});
    for who in [&cadre, &inspector, &scene.leader, &scene.admin, &scene.secretaries[1]] {
        who.post("/meetings", body(branch)).await.refused(403, "forbidden");
    }
    secretary.post("/meetings", body(scene.committee)).await.refused(403, "forbidden");
    secretary.post("/meetings", body(99)).await.refused(422, "unit_unknown");
    let wrong =
        json!({"unit_id": branch, "kind": "theme_day", "title": "x", "called_for": "2020-03-20", "starts_at": "9点"});
    assert_eq!(secretary.post("/meetings", wrong).await.refused(422, "time_of_day"), "/starts_at");
    let own = id(&secretary.post("/meetings", body(branch)).await.created());
    let served = id(&scene.department.post("/meetings", body(branch)).await.created());
    let above = id(&scene.department.post("/meetings", body(scene.committee)).await.created());
    let seen = async |who: &Persona, query: &str| {
        let items = who.get(&format!("/meetings{query}")).await.items();
        items.iter().map(id).collect::<Vec<_>>()
    };
    for who in [secretary, &cadre] {
        assert_eq!(seen(who, "").await, [own, served]);
        who.get(&format!("/meetings/{above}")).await.refused(403, "forbidden");
    }
    for who in [&scene.department, &scene.leader, &inspector] {
        assert_eq!(seen(who, "").await, [own, served, above]);
    }
    assert!(seen(&scene.admin, "").await.is_empty());
    assert!(seen(&scene.secretaries[1], "").await.is_empty());
    // Somebody of the branch is on the list: the branch reads that meeting.
    let listed = json!({"items": [{"person": "支部书记", "unit_id": branch}]});
    scene.department.put(&format!("/meetings/{above}/attendances"), listed).await.ok();
    assert_eq!(seen(secretary, "").await, [own, served, above]);
    secretary.get(&format!("/meetings/{above}/record")).await.refused(403, "forbidden");
    secretary.put(&format!("/meetings/{above}/attendances"), people(0, 1, 0, 0, 0)).await.refused(403, "forbidden");

    // Filters.
    scene.department.post(&format!("/meetings/{served}/cancellation"), json!({"reason": "重复"})).await.ok();
    let lead = &scene.leader;
    assert_eq!(seen(lead, &format!("?unit_id={branch}")).await, [own, served]);
    assert_eq!(seen(lead, "?status=cancelled").await, [served]);
    assert_eq!(seen(lead, "?kind=seminar").await, Vec::<i64>::new());
    assert_eq!(seen(lead, "?from=2020-03-20&to=2020-03-20").await, [own, served, above]);
    assert_eq!(seen(lead, "?from=2020-03-21").await, Vec::<i64>::new());
    secretary.put(&format!("/meetings/{own}/attendances"), people(0, 3, 0, 0, 0)).await.ok();
    secretary.post(&format!("/meetings/{own}/hold"), json!({"held_on": "2020-03-22"})).await.ok();
    assert_eq!(seen(lead, "?from=2020-03-21").await, [own], "once held, the day it was held on");
    let page = lead.get("/meetings?limit=2").await.ok();
    let rest = format!("/meetings?limit=2&cursor={}", page["next_cursor"].as_str().unwrap());
    assert_eq!(lead.get(&rest).await.items().len(), 1);
    let table = lead.request("GET", "/meetings").header("accept", "text/csv");
    assert_eq!(lead.send("GET", "/meetings", table).await.text.lines().count(), 4);

    // The version of a meeting guards it.
    let at = format!("/meetings/{own}");
    let etag = secretary.get(&at).await.etag();
    secretary.patch_version(&at, json!({"place": "会议室"}), &etag).await.ok();
    secretary.patch_version(&at, json!({"place": "礼堂"}), &etag).await.refused(412, "stale");
    let bare = secretary.request("PATCH", &at).json(&json!({"place": "礼堂"}));
    secretary.send("PATCH", &at, bare).await.refused(428, "precondition_required");
    let stale = secretary.request("PUT", &format!("{at}/attendances")).header("if-match", &etag);
    let stale = stale.json(&people(0, 1, 0, 0, 0));
    secretary.send("PUT", &format!("{at}/attendances"), stale).await.refused(412, "stale");
}

#[actix_web::test]
async fn an_agenda_links_to_what_exists_and_what_its_writer_reads() {
    let scene = Scene::set(3, 24, 1).await;
    let plan = scene.plan().await;
    let branch = scene.branches[0];
    let task = scene.task(plan, "Task", &[branch], json!([{"due_on": "2020-06-30"}])).await;
    let meeting = scheduled(scene.secretary(), branch, "members_meeting", "党员大会", "2020-03-24").await;
    let path = format!("/meetings/{meeting}/agenda-items");
    let item = |kind: &str, id: i64| json!({"title": "议题", "link": {"kind": kind, "id": id}});
    for kind in ["plan", "task", "finding", "decision"] {
        let refused = scene.secretary().post(&path, item(kind, 999)).await;
        assert_eq!(refused.refused(422, "link_unknown"), "/link/id");
    }
    scene.secretary().post(&path, item("task", task)).await.refused(403, "forbidden");
    scene.issue(plan).await;
    let made = scene.secretary().post(&path, item("task", task)).await.created();
    let at = format!("/agenda-items/{}", id(&made));
    scene.secretary().patch(&at, json!({"link": {"kind": "finding", "id": 1}})).await.refused(422, "link_unknown");
    assert_eq!(scene.secretary().get(&at).await.ok()["link"], json!({"kind": "task", "id": task}));
    scene.secretary().delete(&at).await.is(204);
    assert!(scene.leader.get(&path).await.items().is_empty());
}

#[actix_web::test]
async fn a_meeting_is_commented_on_found_and_waits_in_the_inbox() {
    let scene = Scene::set(3, 17, 2).await;
    let meeting = scheduled(&scene.department, scene.committee, "promotion_meeting", "党建推进会", "2020-03-24").await;
    let at = format!("/meetings/{meeting}");
    let (one, two) = (&scene.secretaries[0], &scene.secretaries[1]);
    let waits = async |who: &Persona, kind: &str| who.get(&format!("/inbox?kind={kind}")).await.items();
    let found = async |who: &Persona, words: &str, kind: &str| {
        let path = format!("/search?q={words}&kind={kind}");
        who.get(&path).await.items().len()
    };
    let comments = format!("{at}/comments");
    one.post(&comments, json!({"text": "支部已准备汇报"})).await.refused(403, "forbidden");
    assert_eq!(found(one, "推进会", "meeting").await, 0);

    scene.department.post(&format!("{at}/call"), json!({"unit_ids": [scene.branches[0]]})).await.ok();
    let called = waits(one, "to_sign_for").await;
    assert_eq!((&called[0]["subject"], &called[0]["id"]), (&json!("meeting"), &json!(meeting)));
    assert_eq!((&called[0]["receipt"], &called[0]["days_left"]), (&json!("call"), &json!(7)));
    one.post(&format!("{at}/receipts"), json!({"kind": "call"})).await.created();
    assert!(waits(one, "to_sign_for").await.is_empty());
    let said = one.post(&comments, json!({"text": "支部已准备汇报"})).await.created();
    assert_eq!(said["subject"], json!("meeting"));
    scene.leader.post(&comments, json!({"text": "务求实效", "kind": "instruction"})).await.created();
    two.get(&comments).await.refused(403, "forbidden");
    assert_eq!(one.get(&comments).await.items().len(), 2);
    assert_eq!((found(one, "推进会", "meeting").await, found(two, "推进会", "meeting").await), (1, 0));
    assert_eq!((found(one, "汇报", "comment").await, found(two, "汇报", "comment").await), (1, 0));

    assert!(waits(&scene.department, "to_hold").await.is_empty());
    scene.app.turn_to(day(3, 24));
    assert_eq!(waits(&scene.department, "to_hold").await[0]["light"], json!("yellow"));
    scene.app.turn_to(day(3, 25));
    assert_eq!(waits(&scene.department, "to_hold").await[0]["light"], json!("red"));
    assert!(waits(one, "to_hold").await.is_empty());
    scene.department.put(&format!("{at}/attendances"), people(0, 21, 0, 0, 0)).await.ok();
    scene.department.post(&format!("{at}/hold"), json!({"held_on": "2020-03-24"})).await.ok();
    assert!(waits(&scene.department, "to_hold").await.is_empty());
    scene.department.put(&format!("{at}/minutes"), json!({"text": "形成纪要：抓好三基建设。"})).await.ok();
    assert_eq!(waits(&scene.leader, "to_sign_minutes").await[0]["id"], json!(meeting));
    assert!(waits(&scene.department, "to_sign_minutes").await.is_empty(), "the department does not sign");
    assert_eq!((found(&scene.leader, "三基建设", "meeting").await, found(one, "三基建设", "meeting").await), (1, 0));
    close(&scene, meeting).await;
    assert!(waits(&scene.leader, "to_sign_minutes").await.is_empty());
    scene.department.post(&format!("{at}/minutes/distribution"), json!({"unit_ids": scene.branches})).await.ok();
    assert_eq!(waits(two, "to_sign_for").await[0]["receipt"], json!("minutes"));
    two.post(&format!("{at}/receipts"), json!({"kind": "minutes"})).await.created();
    assert!(waits(two, "to_sign_for").await.is_empty());
}
