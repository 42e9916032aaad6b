//! The worked example of the domain paper (1.5), replayed day by day over HTTP.

use serde_json::{Value, json};

use crate::support::{Scene, day, id};

/// The scene on 2020-09-30, and the ids of N1 to N8.
pub async fn example() -> (Scene, Vec<i64>) {
    let scene = Scene::set(1, 5, 1).await;
    let due = [day(3, 31), day(6, 30), day(6, 30), day(8, 31), day(9, 15), day(9, 30), day(10, 5), day(12, 31)];
    let n = scene.issued_with(&due).await;
    let on = |month, date| scene.app.turn_to(day(month, date));
    on(3, 30);
    let n1 = scene.complete(n[0]).await;
    on(4, 2);
    scene.give_back(&n1, "not_done").await;
    on(4, 3);
    let n1 = scene.complete(n[0]).await;
    on(4, 10);
    scene.accept(&n1).await;
    on(6, 20);
    let extension = json!({"due_on": "2020-07-31", "reason": "moved"});
    let granted = scene.leader.post(&format!("/time-nodes/{}/extensions", n[2]), extension).await.created();
    assert_eq!((granted["state"].as_str(), granted["granted_late"].as_bool()), (Some("approved"), Some(false)));
    on(6, 30);
    let n2 = scene.complete(n[1]).await;
    on(7, 8);
    scene.accept(&n2).await;
    on(7, 15);
    let n3 = scene.complete(n[2]).await;
    on(7, 16);
    scene.accept(&n3).await;
    on(8, 1);
    let waiver = json!({"reason": "held together with another", "kind": "waived"});
    scene.leader.post(&format!("/time-nodes/{}/waivers", n[3]), waiver).await.created();
    on(9, 1);
    let n8 = scene.complete(n[7]).await;
    on(9, 2);
    scene.accept(&n8).await;
    on(9, 29);
    scene.complete(n[5]).await;
    on(9, 30);
    (scene, n)
}

fn rate(total: &Value, name: &str) -> (i64, i64, f64) {
    let rate = &total[name];
    (rate["met"].as_i64().unwrap(), rate["of"].as_i64().unwrap(), rate["percent"].as_f64().unwrap())
}

#[actix_web::test]
async fn the_worked_example_holds() {
    let (scene, n) = example().await;
    let report = scene.report("year=2020&as_of=2020-09-30").await;
    let total = &report["total"];
    let counts = ["owed", "done_on_time", "done_late", "pending_review", "due", "overdue", "excluded", "not_yet_owed"];
    let counted: Vec<_> = counts.iter().map(|name| total[*name].as_i64().unwrap()).collect();
    assert_eq!(counted, [5, 2, 1, 1, 0, 1, 1, 2]);
    assert_eq!(rate(total, "completion"), (3, 5, 60.0));
    assert_eq!(rate(total, "on_time"), (2, 5, 40.0));
    assert_eq!(rate(total, "on_time_original"), (1, 5, 20.0));
    assert_eq!(rate(total, "reporting"), (4, 5, 80.0));
    assert_eq!(rate(total, "year_progress"), (4, 7, 57.1));
    assert_eq!(report["final"], json!(false));

    let verdicts = [
        "done_late",
        "done_on_time",
        "done_on_time",
        "excluded",
        "overdue",
        "pending_review",
        "due_soon",
        "done_on_time",
    ];
    for (node, verdict) in n.iter().zip(verdicts) {
        assert_eq!(scene.node(*node).await["verdict"], json!(verdict), "{node}");
    }
}

#[actix_web::test]
async fn as_of_an_earlier_day_it_shows_what_was_recorded_by_then() {
    let (scene, n) = example().await;
    let report = scene.report("year=2020&as_of=2020-04-05").await;
    assert_eq!((report["final"].clone(), report["total"]["owed"].clone()), (json!(true), json!(1)));
    assert_eq!(report["total"]["pending_review"], json!(1));
    assert_eq!(rate(&report["total"], "completion"), (0, 1, 0.0));

    let restated = scene.report("year=2020&as_of=2020-04-05&restated=true").await;
    assert_eq!((restated["final"].clone(), restated["total"]["done_late"].clone()), (json!(false), json!(1)));
    assert_eq!(rate(&restated["total"], "completion"), (1, 1, 100.0));

    let then = scene.department.get("/time-nodes?as_of=2020-04-05&verdict=pending_review").await.items();
    assert_eq!(then.iter().map(id).collect::<Vec<_>>(), [n[0]]);
}

#[actix_web::test]
async fn every_rate_is_explained_by_ids_that_partition_its_population() {
    let (scene, n) = example().await;
    let branch = scene.branches[0];
    for (rate, numerator, denominator_only, excluded) in [
        ("completion", vec![0, 1, 2], vec![4, 5], vec![3]),
        ("on_time", vec![1, 2], vec![0, 4, 5], vec![3]),
        ("on_time_original", vec![1], vec![0, 2, 4, 5], vec![3]),
        ("reporting", vec![0, 1, 2, 5], vec![4], vec![3]),
        ("year_progress", vec![0, 1, 2, 7], vec![4, 5, 6], vec![3]),
    ] {
        let path = format!("/reports/explain?rate={rate}&unit_id={branch}&year=2020&as_of=2020-09-30");
        let explained = scene.secretary().get(&path).await.ok();
        let ids = |places: Vec<usize>| json!(places.into_iter().map(|place| n[place]).collect::<Vec<_>>());
        assert_eq!(explained["numerator"], ids(numerator), "{rate}");
        assert_eq!(explained["denominator_only"], ids(denominator_only), "{rate}");
        let left_out: Vec<_> = excluded
            .into_iter()
            .map(|place: usize| json!({"id": n[place], "reason": "waived", "approved_by": scene.leader.account_id}))
            .collect();
        assert_eq!(explained["excluded"], json!(left_out), "{rate}");
    }
}

#[actix_web::test]
async fn groups_add_up_to_the_total() {
    let (scene, _) = example().await;
    for group_by in ["unit", "key_point", "month"] {
        let report = scene.report(&format!("year=2020&as_of=2020-09-30&group_by={group_by}")).await;
        let groups = report["groups"].as_array().unwrap();
        for count in ["owed", "done_on_time", "done_late", "pending_review", "overdue", "excluded", "not_yet_owed"] {
            let sum: i64 = groups.iter().map(|group| group[count].as_i64().unwrap()).sum();
            assert_eq!(json!(sum), report["total"][count], "{group_by} {count}");
        }
    }
    let by_unit = scene.report("year=2020&group_by=unit").await;
    let keys: Vec<_> =
        by_unit["groups"].as_array().unwrap().iter().map(|group| group["key"].as_str().unwrap().to_owned()).collect();
    assert_eq!(keys, [scene.committee, scene.office, scene.branches[0]].map(|unit| unit.to_string()));
    let by_month = scene.report("year=2020&group_by=month").await;
    let months: Vec<_> =
        by_month["groups"].as_array().unwrap().iter().map(|group| group["key"].as_str().unwrap()).collect();
    assert_eq!(months, ["2020-03", "2020-06", "2020-07", "2020-08", "2020-09", "2020-10", "2020-12"]);
}
