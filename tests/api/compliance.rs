//! The compliance rate: figures worked out by hand, in every report that has it; and how many queries they take.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::NaiveDate;
use diesel::Connection;
use diesel::connection::InstrumentationEvent;
use duban::access::{Actor, Post, Role, Site};
use duban::reports::actions::{Asked, compliance};
use duban::reports::explain::{ExplainedRate, explain};
use duban::reports::model::GroupBy;
use duban::units::UnitId;
use serde_json::{Value, json};

use crate::support::{Scene, day, id};

/// A published set of a unit, with its clauses; their ids.
pub async fn published(scene: &Scene, unit: i64, edition: &str, clauses: &[Value]) -> (i64, Vec<i64>) {
    let body = json!({"unit_id": unit, "title": "Standards", "edition": edition});
    let set = id(&scene.department.post("/standard-sets", body).await.created());
    let mut ids = vec![];
    for clause in clauses {
        ids.push(id(&scene.department.post(&format!("/standard-sets/{set}/clauses"), clause.clone()).await.created()));
    }
    scene.department.post(&format!("/standard-sets/{set}/publish"), json!({})).await.ok();
    (set, ids)
}

/// A clause of a set.
pub fn clause(code: &str, category: &str) -> Value {
    json!({"code": code, "category": category, "title": format!("Clause {code}"), "points": 2})
}

/// What a checker says of a clause.
pub fn said(clause: i64, result: &str) -> Value {
    let mut said = json!({"clause_id": clause, "result": result});
    match result {
        "partly" => {
            said["points"] = json!(1);
            said["deduction_reason"] = json!("half of it");
        }
        "not_met" => said["deduction_reason"] = json!("nothing of it"),
        "not_applicable" => said["note"] = json!("no such thing here"),
        _ => {}
    }
    said
}

/// A branch assesses itself and the department checks it; what is not applicable a leader approves. The assessment.
pub async fn checked(
    scene: &Scene,
    branch: usize,
    set: Option<i64>,
    results: &[Value],
    checked_on: Option<NaiveDate>,
) -> i64 {
    let secretary = &scene.secretaries[branch];
    let body = json!({"unit_id": scene.branches[branch], "set_id": set});
    let assessment = id(&secretary.post("/assessments", body).await.created());
    let path = format!("/assessments/{assessment}");
    let own = json!({"results": [{"clause_id": results[0]["clause_id"], "result": "met"}]});
    secretary.put(&format!("{path}/self-results"), own).await.ok();
    secretary.post(&format!("{path}/self-assessment"), json!({})).await.ok();
    scene.department.put(&format!("{path}/results"), json!({"results": results})).await.ok();
    let not_applicable: Vec<_> = results.iter().filter(|said| said["result"] == json!("not_applicable")).collect();
    if !not_applicable.is_empty() {
        let ids: Vec<_> = not_applicable.iter().map(|said| said["clause_id"].clone()).collect();
        scene.leader.post(&format!("{path}/approvals"), json!({"clause_ids": ids})).await.ok();
    }
    scene.department.post(&format!("{path}/check"), json!({"checked_on": checked_on})).await.ok();
    assessment
}

/// A rate as counts, or the reason why there is none.
fn shown(rate: &Value) -> String {
    match rate["reason"].as_str() {
        Some(reason) => format!("{reason} {}/{}", rate["met"], rate["of"]),
        None => format!("{}/{} {}", rate["met"], rate["of"], rate["percent"]),
    }
}

/// Compliance, assessed, recognised and at target.
fn all(row: &Value) -> [String; 4] {
    ["compliance", "assessed", "branches_recognised", "branches_at_target"].map(|name| shown(&row[name]))
}

async fn total(scene: &Scene, query: &str) -> [String; 4] {
    all(&scene.report(&format!("year=2020&{query}")).await["total"])
}

/// Two branches under a plan with a target of 75 % on 30 November, a set of four clauses of which the second can't be
/// made good, and the checks of both; the clauses.
async fn example() -> (Scene, Vec<i64>) {
    let scene = Scene::set(1, 5, 2).await;
    let body = json!({"unit_id": scene.committee, "year": 2020, "title": "Plan", "target_percent": 75,
        "target_on": "2020-11-30"});
    let plan = id(&scene.department.post("/plans", body).await.created());
    let task = scene.task(plan, "Rules", &scene.branches, json!([{"due_on": "2020-06-30"}])).await;
    scene.issue(plan).await;
    scene.app.turn_to(day(3, 1));
    let mut clauses = vec![clause("1", "组织"), clause("2", "组织"), clause("3", "制度"), clause("4", "制度")];
    clauses[0]["evidence_months"] = json!(3);
    clauses[1]["curable"] = json!(false);
    let (_, c) = published(&scene, scene.committee, "2020", &clauses).await;
    scene.department.post(&format!("/clauses/{}/tasks", c[2]), json!({"task_id": task})).await.created();
    scene.app.turn_to(day(3, 20));
    let overruled = |result: &str| {
        let mut said = said(c[2], result);
        said["overrule_reason"] = json!("seen on the spot");
        said
    };
    let first = [said(c[0], "met"), said(c[1], "met"), overruled("partly"), said(c[3], "not_applicable")];
    checked(&scene, 0, None, &first, None).await;
    scene.app.turn_to(day(6, 20));
    let second = [said(c[0], "met"), said(c[1], "not_met"), overruled("met"), said(c[3], "met")];
    let assessment = checked(&scene, 1, None, &second, None).await;
    scene.app.turn_to(day(6, 25));
    let path = format!("/assessments/{assessment}");
    let ruling = json!({"verdict": "recognised", "decision_id": scene.decided().await});
    scene.leader.post(&format!("{path}/recognition"), ruling).await.ok();
    scene.app.turn_to(day(7, 10));
    scene.leader.post(&format!("{path}/withdrawal"), json!({"reason": "it was not so"})).await.ok();
    scene.app.turn_to(day(7, 15));
    // The first clause of the first branch was looked at again at the end of June, and entered later.
    checked(&scene, 0, None, &[said(c[0], "met")], Some(day(6, 30))).await;
    scene.app.turn_to(day(7, 16));
    (scene, c)
}

#[actix_web::test]
async fn each_day_has_the_clauses_recognitions_and_evidence_of_that_day() {
    let (scene, _) = example().await;
    let none = |reason: &str| [(); 4].map(|()| format!("{reason} 0/0"));
    assert_eq!(total(&scene, "as_of=2020-02-29").await, none("no_standard_set"));
    let expected = [
        ("2020-03-19", ["0/8 0.0", "0/8 0.0", "0/2 0.0", "0/2 0.0"]),
        ("2020-03-20", ["2/7 28.5", "3/7 42.8", "0/2 0.0", "0/2 0.0"]),
        ("2020-06-19", ["2/7 28.5", "3/7 42.8", "0/2 0.0", "0/2 0.0"]),
        ("2020-06-20", ["5/7 71.4", "7/7 100.0", "0/2 0.0", "1/2 50.0"]),
        // The evidence of 20 March has expired.
        ("2020-06-21", ["4/7 57.1", "6/7 85.7", "0/2 0.0", "1/2 50.0"]),
        ("2020-06-25", ["4/7 57.1", "6/7 85.7", "1/2 50.0", "1/2 50.0"]),
        ("2020-07-09", ["4/7 57.1", "6/7 85.7", "1/2 50.0", "1/2 50.0"]),
        ("2020-07-10", ["4/7 57.1", "6/7 85.7", "0/2 0.0", "1/2 50.0"]),
        ("2020-07-14", ["4/7 57.1", "6/7 85.7", "0/2 0.0", "1/2 50.0"]),
        ("2020-07-15", ["5/7 71.4", "7/7 100.0", "0/2 0.0", "1/2 50.0"]),
    ];
    for (as_of, rates) in expected {
        assert_eq!(total(&scene, &format!("as_of={as_of}")).await, rates, "{as_of}");
    }
    // Restated: the check counts from its own day, the withdrawn recognition nowhere.
    for (as_of, rates) in [
        ("2020-06-29", ["4/7 57.1", "6/7 85.7", "0/2 0.0", "1/2 50.0"]),
        ("2020-06-30", ["5/7 71.4", "7/7 100.0", "0/2 0.0", "1/2 50.0"]),
    ] {
        assert_eq!(total(&scene, &format!("as_of={as_of}&restated=true")).await, rates, "{as_of} restated");
    }
    let before = scene.leader.get("/reports/trend?year=2020&as_of=2020-07-15").await;
    let months: Vec<_> =
        before.body["months"].as_array().unwrap().iter().map(|month| shown(&month["compliance"])).collect();
    let none = "no_standard_set 0/0";
    assert_eq!(months, [none, none, "2/7 28.5", "2/7 28.5", "2/7 28.5", "4/7 57.1", "5/7 71.4"]);

    // A newer set: what was checked against the older one says nothing of its clauses. The past stays.
    let day_before = scene.leader.get("/reports/compliance?year=2020&as_of=2020-06-25&group_by=unit").await.text;
    scene.app.turn_to(day(8, 1));
    published(&scene, scene.committee, "2020-2", &[clause("1", "组织")]).await;
    assert_eq!(total(&scene, "as_of=2020-08-01").await, ["0/2 0.0", "0/2 0.0", "0/2 0.0", "0/2 0.0"]);
    assert_eq!(total(&scene, "as_of=2020-07-31").await[0], "5/7 71.4");
    let again = scene.leader.get("/reports/compliance?year=2020&as_of=2020-06-25&group_by=unit").await.text;
    assert_eq!(again, day_before);
}

#[actix_web::test]
async fn every_grouping_says_what_its_rows_mean() {
    let (scene, _) = example().await;
    let rows = async |group_by: &str| {
        let report = scene.report(&format!("year=2020&as_of=2020-06-25&group_by={group_by}")).await;
        report["groups"].as_array().unwrap().clone()
    };
    let by_unit = rows("unit").await;
    let none = |reason: &str| [(); 4].map(|()| format!("{reason} 0/0"));
    assert_eq!(all(&by_unit[0]), none("no_branches"), "the committee itself");
    assert_eq!(all(&by_unit[1]), none("no_branches"), "the department");
    assert_eq!(all(&by_unit[2]), ["1/3 33.3", "2/3 66.6", "0/1 0.0", "0/1 0.0"]);
    assert_eq!(all(&by_unit[3]), ["3/4 75.0", "4/4 100.0", "1/1 100.0", "1/1 100.0"]);
    for group_by in ["key_point", "month"] {
        let rows = rows(group_by).await;
        assert!(!rows.is_empty());
        assert!(rows.iter().all(|row| all(row) == none("not_divided")), "{group_by}: {rows:?}");
    }
    let by_category = rows("category").await;
    let keys: Vec<_> = by_category.iter().map(|row| row["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["组织", "制度"]);
    let undivided = "not_divided 0/0";
    assert_eq!(all(&by_category[0]), ["2/4 50.0", "3/4 75.0", undivided, undivided]);
    assert_eq!(all(&by_category[1]), ["2/3 66.6", "3/3 100.0", undivided, undivided]);
    // The nodes of the task linked to a clause of the second category.
    let nodes = |row: &Value| row["not_yet_owed"].as_i64().unwrap();
    assert_eq!((nodes(&by_category[0]), nodes(&by_category[1])), (0, 2));
    let own = format!("unit_id={}&as_of=2020-06-25", scene.branches[1]);
    assert_eq!(total(&scene, &own).await, all(&by_unit[3]), "a branch alone is its row");
    let request = scene.leader.request("GET", "/reports/compliance?year=2020&as_of=2020-06-25");
    let table = scene.leader.send("GET", "/reports/compliance", request.header("accept", "text/csv")).await.text;
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
    let at = rows[0].iter().position(|name| *name == "compliance_met").unwrap();
    assert_eq!(rows[1][at..at + 6], ["4", "7", "57.1", "6", "7", "85.7"]);
}

#[actix_web::test]
async fn the_rates_are_explained_by_clauses_of_branches_that_partition_them() {
    let (scene, c) = example().await;
    let lists = async |rate: &str| {
        let why = scene.leader.get(&format!("/reports/explain?rate={rate}&as_of=2020-06-25")).await.ok();
        [why["numerator"].clone(), why["denominator_only"].clone(), why["excluded"].clone()]
    };
    let of = |pairs: &[(usize, usize)]| {
        let item =
            |(branch, clause): &(usize, usize)| json!({"unit_id": scene.branches[*branch], "clause_id": c[*clause]});
        json!(pairs.iter().map(item).collect::<Vec<_>>())
    };
    let not_applicable = json!([{"unit_id": scene.branches[0], "clause_id": c[3], "reason": "not_applicable",
        "approved_by": scene.leader.account_id}]);
    let met = [(0, 1), (1, 0), (1, 2), (1, 3)];
    assert_eq!(lists("compliance").await, [of(&met), of(&[(0, 0), (0, 2), (1, 1)]), not_applicable.clone()]);
    let assessed = [(0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (1, 3)];
    assert_eq!(lists("assessed").await, [of(&assessed), of(&[(0, 0)]), not_applicable]);
    let (first, second) = (scene.branches[0], scene.branches[1]);
    for rate in ["branches_recognised", "branches_at_target"] {
        assert_eq!(lists(rate).await, [json!([second]), json!([first]), json!([])], "{rate}");
    }
    let none = scene.leader.get("/reports/explain?rate=branches_recognised&as_of=2020-02-01").await.ok();
    assert_eq!((&none["numerator"], &none["denominator_only"]), (&json!([]), &json!([])), "no set, no rate");
    scene.secretary().get("/reports/explain?rate=compliance").await.refused(403, "forbidden");
}

#[actix_web::test]
async fn the_path_lists_missing_clauses_evidence_that_expires_and_what_is_lost() {
    let (scene, c) = example().await;
    let path = async |as_of: &str| {
        let path = scene.leader.get(&format!("/reports/path?year=2020&as_of={as_of}")).await.ok();
        assert_eq!(path["rates"][1]["rate"], json!("compliance"));
        path["rates"][1].clone()
    };
    let none = path("2020-02-29").await;
    assert_eq!((shown(&none["ceiling"]), &none["items"]), ("no_standard_set 0/0".to_owned(), &json!([])));

    let then = path("2020-06-20").await;
    let item = |branch: usize, clause: usize, result: &str| {
        json!({"kind": "clause", "id": c[clause], "title": format!("Clause {}", clause + 1), "code": format!("{}", clause + 1),
            "unit_id": scene.branches[branch], "curable": clause != 1, "result": result})
    };
    let missing = |branch: usize, clause: usize, result: &str, expires_on: Option<&str>| {
        let mut item = item(branch, clause, result);
        item["last_day"] = json!("2020-11-30");
        if let Some(day) = expires_on {
            item["expires_on"] = json!(day);
        }
        item
    };
    let lost = |branch: usize, clause: usize, result: &str, on: &str| {
        let mut item = item(branch, clause, result);
        item["lost_on"] = json!(on);
        item
    };
    let expected = [
        missing(0, 0, "met", Some("2020-06-21")),
        missing(0, 2, "partly", None),
        missing(1, 0, "met", Some("2020-09-21")),
    ];
    assert_eq!(then["items"], json!(expected));
    assert_eq!(then["lost"], json!([lost(1, 1, "not_met", "2020-06-20")]));
    assert_eq!((shown(&then["ceiling"]), &then["lost_on"]), ("6/7 85.7".to_owned(), &Value::Null));
    let before = path("2020-06-19").await;
    assert_eq!((shown(&before["ceiling"]), &before["lost"]), ("7/7 100.0".to_owned(), &json!([])));

    // On the day after the target it is lost: what was missing on its day stays so.
    scene.app.turn_to(day(12, 1));
    let last = path("2020-11-30").await;
    assert_eq!((shown(&last["ceiling"]), &last["lost_on"]), ("6/7 85.7".to_owned(), &Value::Null));
    // A check of November that is entered in December still counts for the day of the target.
    checked(&scene, 1, None, &[said(c[0], "met")], Some(day(11, 20))).await;
    let after = path("2020-12-01").await;
    let gone = [
        lost(1, 1, "not_met", "2020-06-20"),
        lost(0, 0, "not_assessed", "2020-12-01"),
        lost(0, 2, "partly", "2020-12-01"),
    ];
    assert_eq!((&after["items"], &after["lost"]), (&json!([]), &json!(gone)));
    assert_eq!((shown(&after["ceiling"]), &after["lost_on"]), ("4/7 57.1".to_owned(), &json!("2020-12-01")));

    // What is met after the day of the target comes too late, and what is entered later changes no past day.
    scene.app.turn_to(day(12, 2));
    let final_path = path("2020-12-01").await;
    checked(&scene, 0, None, &[said(c[0], "met")], None).await;
    let late = path("2020-12-02").await;
    assert_eq!((&late["lost"], &late["ceiling"]), (&after["lost"], &after["ceiling"]));
    scene.app.turn_to(day(12, 3));
    checked(&scene, 0, None, &[said(c[0], "met")], Some(day(11, 25))).await;
    assert_eq!(shown(&path("2020-12-03").await["ceiling"]), "5/7 71.4");
    assert_eq!(path("2020-12-01").await, final_path);

    let request = scene.leader.request("GET", "/reports/path?year=2020").header("accept", "text/csv");
    let table = scene.leader.send("GET", "/reports/path", request).await.text;
    let row =
        format!("2020-12-03,compliance,lost,{},Clause 2,{},,2020-06-20,,,,2,false,not_met,", c[1], scene.branches[1]);
    assert!(table.lines().any(|line| line == row), "{table}");
}

#[actix_web::test]
async fn a_branch_that_is_no_more_is_not_counted_and_the_nearest_set_applies() {
    let scene = Scene::set(1, 5, 2).await;
    let body = json!({"name": "General branch", "kind": "general_branch", "parent_id": scene.committee});
    let general = id(&scene.admin.post("/units", body).await.created());
    scene.admin.patch(&format!("/units/{}", scene.branches[1]), json!({"parent_id": general})).await.ok();
    scene.app.turn_to(day(2, 1));
    published(&scene, general, "own", &[clause("1", "组织")]).await;
    let rows = async || {
        let report = scene.report("year=2020&group_by=unit").await;
        report["groups"].as_array().unwrap().iter().map(|row| shown(&row["compliance"])).collect::<Vec<_>>()
    };
    let (no_branches, no_set) = ("no_branches 0/0", "no_standard_set 0/0");
    // The committee, its department, the first branch, the general branch with the second.
    assert_eq!(rows().await, [no_branches, no_branches, no_set, "0/1 0.0"]);
    assert_eq!(total(&scene, "").await, ["0/1 0.0", "0/1 0.0", "0/2 0.0", "0/2 0.0"]);
    let alone = format!("/reports/explain?rate=branches_recognised&unit_id={}", scene.branches[0]);
    let alone = scene.leader.get(&alone).await.ok();
    assert_eq!(alone["denominator_only"], json!([]), "no set applies: no rate, and nothing to explain");
    scene.app.turn_to(day(2, 2));
    published(&scene, scene.committee, "all", &[clause("1", "组织"), clause("2", "组织")]).await;
    assert_eq!(rows().await, [no_branches, no_branches, "0/2 0.0", "0/1 0.0"]);
    scene.app.turn_to(day(2, 3));
    let end = json!({"dissolved_on": "2020-02-03", "reason": "merged"});
    scene.admin.post(&format!("/units/{}/dissolve", scene.branches[1]), end).await.ok();
    assert_eq!(rows().await[3], "0/1 0.0", "its last day");
    scene.app.turn_to(day(2, 4));
    assert_eq!(rows().await, [no_branches, no_branches, "0/2 0.0", no_branches]);
}

/// How many queries a report by category, an explanation, and a trend take.
async fn queries(scene: &Scene) -> [usize; 3] {
    let seat = Site { unit_id: UnitId(scene.committee), path: format!("/{}/", scene.committee) };
    let leader = Post { role: Role::Leader, seat: Some(seat), serves: None };
    let actor = Actor { posts: vec![leader], ..Actor::operator() };
    let made = scene.app.app.db.read_long(move |conn| {
        let count = Arc::new(AtomicUsize::new(0));
        let counting = count.clone();
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::StartQuery { .. }) {
                counting.fetch_add(1, Ordering::SeqCst);
            }
        });
        let asked = Asked { year: Some(2020), ..Asked::default() };
        compliance(conn, &actor, asked, Some(GroupBy::Category))?;
        let report = count.swap(0, Ordering::SeqCst);
        explain(conn, &actor, asked, ExplainedRate::Compliance)?;
        let explained = count.swap(0, Ordering::SeqCst);
        duban::reports::path::path(conn, &actor, asked)?;
        Ok([report, explained, count.swap(0, Ordering::SeqCst)])
    });
    made.await.unwrap()
}

#[actix_web::test]
async fn no_report_asks_once_a_branch_or_clause() {
    let mut counts = vec![];
    for (branches, clauses) in [(1, 1), (4, 12)] {
        let scene = Scene::set(1, 5, branches).await;
        scene.issued_with(&[day(6, 30)]).await;
        scene.app.turn_to(day(2, 1));
        let texts: Vec<_> = (0..clauses).map(|n| clause(&n.to_string(), ["组织", "制度"][n % 2])).collect();
        let (_, ids) = published(&scene, scene.committee, "2020", &texts).await;
        for branch in 0..branches {
            let results: Vec<_> = ids.iter().map(|clause| said(*clause, "met")).collect();
            let assessment = checked(&scene, branch, None, &results, None).await;
            let path = format!("/assessments/{assessment}/recognition");
            let ruling = json!({"verdict": "recognised", "decision_id": scene.decided().await});
            scene.leader.post(&path, ruling).await.ok();
        }
        counts.push(queries(&scene).await);
    }
    assert_eq!(counts[0], counts[1]);
    assert!(counts[0].iter().all(|count| (5..20).contains(count)), "{counts:?}");
}
