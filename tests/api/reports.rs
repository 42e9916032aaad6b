//! The reports beside the compliance report, and urges: figures worked out by hand, mostly of the worked example.

use serde_json::{Value, json};

use crate::support::{Persona, Scene, day, id};
use crate::worked_example::example;

pub async fn read(who: &Persona, path: &str) -> Value {
    who.get(path).await.ok()
}

async fn csv(who: &Persona, path: &str) -> Vec<String> {
    let answer = who.send("GET", path, who.request("GET", path).header("accept", "text/csv")).await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8", "{path}: {}", answer.text);
    answer.text.trim_start_matches('\u{feff}').lines().map(str::to_owned).collect()
}

pub fn ceiling(path: &Value) -> (Value, Value) {
    let rate = &path["rates"][0];
    assert_eq!(rate["rate"], json!("on_time"));
    (rate["ceiling"].clone(), rate["lost_on"].clone())
}

pub fn rate(met: i64, of: i64, percent: f64) -> Value {
    json!({"met": met, "of": of, "percent": percent})
}

#[actix_web::test]
async fn a_trend_has_one_row_a_month_and_agrees_with_the_report_of_its_day() {
    let (scene, _) = example().await;
    let trend = read(scene.secretary(), "/reports/trend?year=2020").await;
    assert_eq!((&trend["as_of"], &trend["final"]), (&json!("2020-09-30"), &json!(false)));
    let months = trend["months"].as_array().unwrap();
    let shown: Vec<_> = months
        .iter()
        .map(|m| (m["key"].as_str().unwrap(), m["owed"].as_i64().unwrap(), m["completion"]["percent"].as_f64()))
        .collect();
    let expected = [
        ("2020-01", 0, None),
        ("2020-02", 0, None),
        ("2020-03", 1, Some(0.0)),
        ("2020-04", 1, Some(100.0)),
        ("2020-05", 1, Some(100.0)),
        ("2020-06", 2, Some(50.0)),
        ("2020-07", 3, Some(100.0)),
        ("2020-08", 3, Some(100.0)),
        ("2020-09", 5, Some(60.0)),
    ];
    assert_eq!(shown, expected);
    assert_eq!(months[1]["as_of"], json!("2020-02-29"));
    for month in months {
        let as_of = month["as_of"].as_str().unwrap();
        let report = scene.report(&format!("year=2020&as_of={as_of}")).await;
        assert_eq!(month["final"], report["final"], "{as_of}");
        for (name, value) in report["total"].as_object().unwrap() {
            assert_eq!(&month[name], value, "{as_of} {name}");
        }
    }
    let middle = read(scene.secretary(), "/reports/trend?year=2020&as_of=2020-04-05").await;
    assert_eq!((&middle["final"], middle["months"].as_array().unwrap().len()), (&json!(true), 4));
    assert_eq!(middle["months"][3]["pending_review"], json!(1));
    let restated = read(scene.secretary(), "/reports/trend?year=2020&as_of=2020-04-05&restated=true").await;
    assert_eq!((&restated["final"], &restated["months"][3]["done_late"]), (&json!(false), &json!(1)));
    let table = csv(scene.secretary(), "/reports/trend?year=2020").await;
    assert!(table[0].starts_with("as_of,restated,key,final,light,owed,"), "{}", table[0]);
    assert!(table.len() == 10 && table[9].starts_with("2020-09-30,false,2020-09,false,red,5,2,1,1,"), "{table:?}");
}

#[actix_web::test]
async fn each_month_of_a_trend_has_its_own_tree() {
    let scene = Scene::set(1, 5, 2).await;
    scene.issued_with(&[day(1, 20)]).await;
    scene.app.turn_to(day(2, 10));
    let body = json!({"name": "General branch", "kind": "general_branch", "parent_id": scene.committee});
    let group = id(&scene.admin.post("/units", body).await.created());
    scene.admin.patch(&format!("/units/{}", scene.branches[0]), json!({"parent_id": group})).await.ok();
    scene.app.turn_to(day(3, 5));
    let trend = read(&scene.leader, &format!("/reports/trend?unit_id={group}")).await;
    let owed: Vec<_> = trend["months"].as_array().unwrap().iter().map(|m| m["owed"].as_i64().unwrap()).collect();
    assert_eq!(owed, [0, 1, 1]);
}

#[actix_web::test]
async fn the_path_says_what_is_missing_what_is_lost_and_since_when() {
    let (scene, n) = example().await;
    let branch = scene.branches[0];
    let path = read(scene.secretary(), &format!("/reports/path?unit_id={branch}&year=2020")).await;
    assert_eq!(ceiling(&path), (rate(5, 7, 71.4), json!("2020-04-01")));
    assert_eq!(path["target"], json!({"rate": "compliance", "percent": 100, "on": "2020-12-31"}));
    let item = |place: usize, title: &str, key: &str, on: &str| json!({"kind": "time_node", "id": n[place], "title": title, "unit_id": branch, key: on});
    let missing =
        [item(5, "Due 2020-09-30", "last_day", "2020-09-30"), item(6, "Due 2020-10-05", "last_day", "2020-10-05")];
    assert_eq!(path["rates"][0]["items"], json!(missing));
    let lost = [item(0, "Due 2020-03-31", "lost_on", "2020-04-01"), item(4, "Due 2020-09-15", "lost_on", "2020-09-16")];
    assert_eq!(path["rates"][0]["lost"], json!(lost));

    // Day by day: pending in time it is not lost; returned after its day it is, and stays so when reported again.
    let nothing = Value::Null;
    for (as_of, left, percent, lost_on) in [
        ("2020-03-31", 8, 100.0, &nothing),
        ("2020-04-01", 8, 100.0, &nothing),
        ("2020-04-02", 7, 87.5, &json!("2020-04-01")),
        ("2020-04-05", 7, 87.5, &json!("2020-04-01")),
    ] {
        let then = read(&scene.leader, &format!("/reports/path?as_of={as_of}")).await;
        assert_eq!(ceiling(&then), (rate(left, 8, percent), lost_on.clone()), "{as_of}");
        assert_eq!(then["final"], json!(true));
    }
    let table = csv(scene.secretary(), &format!("/reports/path?unit_id={branch}")).await;
    assert_eq!(table.len(), 7);
    assert_eq!(table[1], "2020-09-30,on_time,rate,,,,,2020-04-01,5,7,71.4,,,,");
    assert_eq!(table[4], format!("2020-09-30,on_time,lost,{},Due 2020-03-31,{branch},,2020-04-01,,,,,,,", n[0]));
    assert_eq!(table[6], "2020-09-30,compliance,rate,,,,,,0,0,,,,,");
    scene.secretary().get("/reports/path").await.refused(403, "forbidden");
}

#[actix_web::test]
async fn what_a_supplement_can_still_bring_in_on_time_is_not_lost() {
    let scene = Scene::set(1, 5, 1).await;
    let n = scene.issued_with(&[day(3, 31)]).await;
    scene.app.turn_to(day(3, 31));
    let report = scene.complete(n[0]).await;
    scene.app.turn_to(day(4, 2));
    scene.give_back(&report, "supplement").await;
    scene.app.turn_to(day(4, 8));
    for (as_of, left, percent, last_day, lost_on) in [
        ("2020-04-02", 1, 100.0, json!("2020-04-07"), Value::Null),
        ("2020-04-07", 1, 100.0, json!("2020-04-07"), Value::Null),
        ("2020-04-08", 0, 0.0, Value::Null, json!("2020-04-01")),
    ] {
        let path = read(&scene.leader, &format!("/reports/path?as_of={as_of}")).await;
        assert_eq!(ceiling(&path), (rate(left, 1, percent), lost_on), "{as_of}");
        assert_eq!(path["rates"][0]["items"][0]["last_day"], last_day, "{as_of}");
    }
}

#[actix_web::test]
async fn reviews_are_in_time_within_five_working_days_and_the_oldest_waiting_is_named() {
    let (scene, n) = example().await;
    // The counts of: submitted, in time, late, waiting, waiting late. N2 was reviewed on the sixth working day.
    let counts = |report: &Value| {
        ["submitted", "reviewed_in_time", "reviewed_late", "waiting", "waiting_late"]
            .map(|name| report[name].as_i64().unwrap())
    };
    for (as_of, expected) in [
        ("2020-03-29", [0, 0, 0, 0, 0]),
        ("2020-04-05", [2, 1, 0, 1, 0]),
        ("2020-04-10", [2, 2, 0, 0, 0]),
        ("2020-07-07", [3, 2, 0, 1, 0]),
        ("2020-07-08", [3, 2, 1, 0, 0]),
        ("2020-09-30", [6, 4, 1, 1, 0]),
    ] {
        let report = read(&scene.leader, &format!("/reports/reviews?as_of={as_of}")).await;
        assert_eq!(counts(&report), expected, "{as_of}");
    }
    let report = read(scene.secretary(), &format!("/reports/reviews?unit_id={}", scene.branches[0])).await;
    assert_eq!(report["review_in_time"], rate(4, 6, 66.6));
    assert_eq!(report["calendar_loaded"], json!(false));
    let oldest = &report["oldest_waiting"];
    assert_eq!((&oldest["node_id"], &oldest["submitted_on"]), (&json!(n[5]), &json!("2020-09-29")));
    let none = read(&scene.leader, "/reports/reviews?as_of=2020-03-29").await;
    assert_eq!(none["review_in_time"]["reason"], json!("nothing_owed"));

    // Five working days later it still is in time to review it, on the next day it is not.
    scene.app.turn_to(day(10, 6));
    assert_eq!(counts(&read(&scene.leader, "/reports/reviews").await), [6, 4, 1, 1, 0]);
    scene.app.turn_to(day(10, 7));
    assert_eq!(counts(&read(&scene.leader, "/reports/reviews").await), [6, 4, 1, 1, 1]);
    let reports = format!("/progress-reports/{}", oldest["report_id"]);
    scene.secretary().post(&format!("{reports}/withdrawal"), json!({})).await.ok();
    assert_eq!(counts(&read(&scene.leader, "/reports/reviews").await), [5, 4, 1, 0, 0]);
    assert_eq!(counts(&read(&scene.leader, "/reports/reviews?as_of=2020-10-06").await), [6, 4, 1, 1, 0]);

    // An addition needs a review too, until the completion it adds to is revoked.
    let accepted = scene.department.get(&format!("/time-nodes/{}/progress-reports", n[7])).await.items();
    let base = format!("/progress-reports/{}", id(&accepted[0]));
    scene.secretary().post(&format!("{base}/additions"), json!({"text": "more"})).await.created();
    assert_eq!(counts(&read(&scene.leader, "/reports/reviews").await), [6, 4, 1, 1, 0]);
    scene.app.turn_to(day(10, 8));
    scene.department.post(&format!("{base}/revocation"), json!({"reason": "it was not so"})).await.ok();
    assert_eq!(counts(&read(&scene.leader, "/reports/reviews").await), [5, 4, 1, 0, 0]);
    assert_eq!(counts(&read(&scene.leader, "/reports/reviews?as_of=2020-10-07").await), [6, 4, 1, 1, 0]);
    let table = csv(&scene.leader, "/reports/reviews").await;
    assert_eq!(table[1], "2020-10-08,4,5,80.0,5,4,1,0,0,,,,,false");
}

#[actix_web::test]
async fn what_has_no_date_is_named_and_agrees_with_the_count() {
    let scene = Scene::set(1, 5, 2).await;
    let plan = scene.plan().await;
    let both = scene.branches.clone();
    let open = |words: &str| json!({"unscheduled": true, "words": words});
    scene.task(plan, "Dated", &both, json!([{"due_on": "2020-03-31"}])).await;
    let first = scene.task(plan, "=First", &both, json!([{"due_on": "2020-03-31"}, open("按上级要求")])).await;
    let second = scene.task(plan, "Second", &both[1..], json!([open("待定"), open("另行通知")])).await;
    assert_eq!(read(&scene.leader, "/reports/unscheduled").await["entries"], json!([]), "a draft owes nothing");
    scene.issue(plan).await;
    let all = read(&scene.leader, "/reports/unscheduled").await;
    assert_eq!(all["unscheduled"], json!(4));
    let shown: Vec<_> = all["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["task_id"].as_i64().unwrap(), e["code"].clone(), e["words"].clone(), e["units"].clone()))
        .collect();
    let unit = |place: usize| json!({"unit_id": both[place], "name": format!("Branch {}", place + 1)});
    let expected = [
        (first, json!("2.1"), json!("按上级要求"), json!([unit(0), unit(1)])),
        (second, json!("3.1"), json!("待定"), json!([unit(1)])),
        (second, json!("3.1"), json!("另行通知"), json!([unit(1)])),
    ];
    assert_eq!(shown, expected);
    for (query, count) in
        [("year=2020".to_owned(), 4), (format!("unit_id={}", both[0]), 1), (format!("unit_id={}", both[1]), 3)]
    {
        let report = scene.report(&query).await;
        let named = read(&scene.department, &format!("/reports/unscheduled?{query}")).await;
        assert_eq!((&report["total"]["unscheduled"], &named["unscheduled"]), (&json!(count), &json!(count)), "{query}");
        let mut entries = named["entries"].as_array().unwrap().iter();
        assert!(entries.all(|entry| entry["units"] != json!([])), "{query}: what nobody of them owes is left out");
        let rows = csv(&scene.department, &format!("/reports/unscheduled?{query}")).await;
        assert_eq!(rows.len(), count + 1, "{query}");
    }
    let rows = csv(&scene.leader, "/reports/unscheduled").await;
    assert!(rows[1].contains(",2.1,'=First,,按上级要求,"), "{}", rows[1]);
    scene.secretary().get(&format!("/reports/unscheduled?unit_id={}", both[1])).await.refused(403, "forbidden");
}

#[actix_web::test]
async fn the_urge_list_names_what_is_late_near_or_returned_by_unit() {
    let (scene, n) = example().await;
    let list = read(&scene.department, "/reports/urge-list").await;
    let total = json!({"of": 2, "overdue": 1, "due": 0, "due_soon": 1, "not_due": 0, "returned": 0});
    assert_eq!(list["total"], total);
    let text = "截至2020-09-30，需催办时间节点2个：逾期1个、临近到期1个。\nBranch 1：逾期1个、临近到期1个";
    assert_eq!(list["text"], json!(text));
    let nodes = |list: &Value| {
        let unit = &list["units"][0];
        let nodes: Vec<_> = unit["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| (node["id"].as_i64().unwrap(), node["days_left"].as_i64().unwrap(), node["returned"].clone()))
            .collect();
        nodes
    };
    assert_eq!(nodes(&list), [(n[4], -15, json!(false)), (n[6], 5, json!(false))]);
    assert_eq!((&list["units"][0]["light"], &list["final"]), (&json!("red"), &json!(false)));

    // Returned on 04-02: the rest is far away.
    let then = read(scene.secretary(), "/reports/urge-list?as_of=2020-04-02").await;
    assert_eq!((nodes(&then), &then["final"]), (vec![(n[0], -2, json!(true))], &json!(true)));
    assert!(then["text"].as_str().unwrap().ends_with("Branch 1：逾期1个；其中被退回1个"), "{}", then["text"]);
    let empty = read(&scene.department, "/reports/urge-list?as_of=2020-01-05").await;
    assert_eq!((&empty["units"], &empty["total"]["of"]), (&json!([]), &json!(0)));
    assert_eq!(empty["text"], json!("截至2020-01-05，没有需要催办的时间节点。"));
    let rows = csv(&scene.department, "/reports/urge-list").await;
    let first = format!(
        "2020-09-30,{},Branch 1,{},Due 2020-09-15,2020-09-15,2020-09-15,-15,overdue,red,false,,",
        scene.branches[0], n[4]
    );
    assert_eq!((rows.len(), rows[1].as_str()), (3, first.as_str()));

    let elsewhere = scene.app.person("inspector", duban::access::Role::Inspector, Some(scene.office)).await;
    assert_eq!(read(&elsewhere, "/reports/urge-list").await["units"], json!([]), "out of reach");
    elsewhere.get(&format!("/reports/urge-list?unit_id={}", scene.branches[0])).await.refused(403, "forbidden");
}

#[actix_web::test]
async fn urging_is_recorded_once_a_node_and_day() {
    let (scene, n) = example().await;
    let body = |places: &[usize]| json!({"time_node_ids": places.iter().map(|p| n[*p]).collect::<Vec<_>>(), "note": "请尽快填报"});
    let skipped = |answer: &Value| {
        let items = answer["items"].as_array().unwrap();
        items.iter().map(|item| item["skipped"].as_str().unwrap_or("-").to_owned()).collect::<Vec<_>>()
    };
    let made = scene.department.post("/urges", body(&[4, 6, 5, 3, 7, 4])).await.ok();
    assert_eq!(skipped(&made), ["-", "-", "reported", "excluded", "done", "already_urged"]);
    assert_eq!((&made["urged"], &made["skipped"]), (&json!(2), &json!(4)));
    assert_eq!(made["items"][0]["time_node_id"], json!(n[4]));
    assert_eq!(skipped(&scene.leader.post("/urges", body(&[4])).await.ok()), ["already_urged"]);
    let elsewhere = json!({"name": "Elsewhere", "kind": "committee"});
    let elsewhere = id(&scene.admin.post("/units", elsewhere).await.created());
    let stranger = scene.app.person("stranger", duban::access::Role::Leader, Some(elsewhere)).await;
    let unknown = json!({"time_node_ids": [n[4], 999_999]});
    assert_eq!(scene.leader.post("/urges", unknown.clone()).await.refused(422, "node_unknown"), "/time_node_ids/1");
    for who in [scene.secretary(), &scene.admin, &stranger] {
        who.post("/urges", body(&[4])).await.refused(403, "forbidden");
        who.post("/urges", unknown.clone()).await.refused(403, "forbidden");
    }
    let nowhere = json!({"time_node_ids": [999_999]});
    scene.admin.post("/urges", nowhere).await.refused(403, "forbidden");
    for wrong in [vec![], vec![n[4]; 501]] {
        let wrong = scene.leader.post("/urges", json!({"time_node_ids": wrong})).await;
        assert_eq!(wrong.refused(422, "out_of_range"), "/time_node_ids");
    }
    assert!(stranger.get("/urges").await.items().is_empty());

    scene.app.turn_to(day(10, 1));
    assert_eq!(scene.leader.post("/urges", body(&[4])).await.ok()["urged"], json!(1));
    let listed = scene.secretary().get(&format!("/urges?time_node_id={}", n[4])).await.items();
    let days: Vec<_> = listed.iter().map(|urge| (urge["urged_on"].clone(), urge["urged_by"].clone())).collect();
    let expected = [
        (json!("2020-09-30"), json!(scene.department.account_id)),
        (json!("2020-10-01"), json!(scene.leader.account_id)),
    ];
    assert_eq!(days, expected);
    assert_eq!(scene.secretary().get(&format!("/urges?unit_id={}", scene.branches[0])).await.items().len(), 3);
    assert!(scene.leader.get(&format!("/urges?unit_id={}", scene.office)).await.items().is_empty());
    let first = scene.secretary().get("/urges?limit=2").await.ok();
    let next = format!("/urges?limit=2&cursor={}", first["next_cursor"].as_str().unwrap());
    assert_eq!(scene.secretary().get(&next).await.items().len(), 1);
    assert!(scene.admin.get("/urges").await.items().is_empty());
    scene.admin.get(&format!("/urges?time_node_id={}", n[4])).await.refused(403, "forbidden");
    scene.admin.get(&format!("/urges?unit_id={}", scene.branches[0])).await.refused(403, "forbidden");

    let last = |list: &Value| list["units"][0]["nodes"][0]["last_urged_on"].clone();
    assert_eq!(last(&read(&scene.leader, "/reports/urge-list").await), json!("2020-10-01"));
    assert_eq!(last(&read(&scene.leader, "/reports/urge-list?as_of=2020-09-30").await), json!("2020-09-30"));
    let history = scene.secretary().get(&format!("/time-nodes/{}/history", n[4])).await.items();
    let urged: Vec<_> = history.iter().filter(|entry| entry["event"] == json!("urged")).collect();
    assert_eq!(urged.len(), 2);
    assert_eq!((&urged[0]["on"], &urged[0]["text"]), (&json!("2020-09-30"), &json!("请尽快填报")));
    assert_eq!(scene.audited("urge.create").await.len(), 3, "one a call that was answered");
}

#[actix_web::test]
async fn what_is_not_due_is_urged_only_when_it_was_returned() {
    let scene = Scene::set(1, 5, 1).await;
    let n = scene.issued_with(&[day(6, 30), day(6, 30)]).await;
    let report = scene.complete(n[0]).await;
    scene.give_back(&report, "not_done").await;
    let list = read(&scene.department, "/reports/urge-list").await;
    let total = json!({"of": 1, "overdue": 0, "due": 0, "due_soon": 0, "not_due": 1, "returned": 1});
    assert_eq!((&list["total"], &list["units"][0]["nodes"][0]["id"]), (&total, &json!(n[0])));
    let made = scene.department.post("/urges", json!({"time_node_ids": n})).await.ok();
    assert_eq!((&made["items"][0]["skipped"], &made["items"][1]["skipped"]), (&Value::Null, &json!("not_due")));
}

#[actix_web::test]
async fn more_than_ten_thousand_ids_are_not_listed() {
    let scene = Scene::set(1, 5, 1).await;
    let mut units = scene.branches.clone();
    for number in 2..=28 {
        let body = json!({"name": format!("Branch {number}"), "kind": "branch", "parent_id": scene.committee});
        units.push(id(&scene.admin.post("/units", body).await.created()));
    }
    let plan = scene.plan().await;
    let daily = json!([{"rrule": "FREQ=DAILY"}]);
    scene.task(plan, "Daily", &units, daily).await;
    assert_eq!(scene.issue(plan).await["time_nodes_created"], json!(28 * 366));
    // Each branch has four that were due before the issue, and one that is due now.
    let whole_year = "/reports/explain?year=2020&rate=year_progress";
    scene.leader.get(whole_year).await.refused(422, "narrow");
    let of_one = read(&scene.leader, &format!("{whole_year}&unit_id={}", units[0])).await;
    let count = |list: &str| of_one[list].as_array().unwrap().len();
    assert_eq!((count("denominator_only"), count("excluded")), (362, 4));
    let until_now = read(&scene.leader, "/reports/explain?year=2020&rate=completion").await;
    assert_eq!(until_now["denominator_only"].as_array().unwrap().len(), 28);
}
