//! A final report never changes: bodies taken for many past days are byte-identical after everything that can be done
//! has been done.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use serde_json::json;

use crate::compliance::{checked, clause, published, said};
use crate::support::{Scene, day, id};

/// The bodies of final reports, by what was asked.
async fn taken(scene: &Scene, days: &[NaiveDate]) -> BTreeMap<String, String> {
    let mut bodies = BTreeMap::new();
    for as_of in days {
        let mut asked = vec![];
        for group_by in ["unit", "key_point", "month", "category"] {
            asked.push(format!("/reports/compliance?year=2020&as_of={as_of}&group_by={group_by}"));
            asked.push(format!(
                "/reports/compliance?year=2020&as_of={as_of}&group_by={group_by}&unit_id={}",
                scene.branches[0]
            ));
        }
        for rate in [
            "completion",
            "on_time",
            "on_time_original",
            "reporting",
            "year_progress",
            "compliance",
            "assessed",
            "branches_recognised",
            "branches_at_target",
        ] {
            asked.push(format!("/reports/explain?year=2020&as_of={as_of}&rate={rate}"));
        }
        // Fewer days of the others: a trend alone is several reports.
        let others: &[&str] = match as_of.day() % 2 {
            0 => &["trend", "path", "reviews", "unscheduled", "urge-list", "flags", "adjustments"],
            _ => &[],
        };
        for report in others {
            let year = if *report == "urge-list" { "" } else { "year=2020&" };
            asked.push(format!("/reports/{report}?{year}as_of={as_of}"));
            asked.push(format!("/reports/{report}?{year}as_of={as_of}&unit_id={}", scene.branches[0]));
        }
        for path in asked {
            let answer = scene.leader.get(&path).await;
            assert_eq!(answer.body["final"], json!(true), "{path}: {}", answer.text);
            bodies.insert(path, answer.text);
        }
    }
    bodies
}

#[actix_web::test]
async fn final_reports_stay_byte_identical_whatever_happens_later() {
    let scene = Scene::set(1, 5, 3).await;
    let plan = scene.plan().await;
    let branches = scene.branches.clone();
    let entries = |month, date| json!([{"due_on": day(month, date)}]);
    let first = scene.task(plan, "First", &branches, entries(2, 10)).await;
    let second = scene.task(plan, "Second", &branches, entries(3, 10)).await;
    let third = scene
        .task(
            plan,
            "Third",
            &branches,
            json!([{"due_on": day(4, 10), "grace_days": 3}, {"unscheduled": true, "words": "待定"}]),
        )
        .await;
    scene.issue(plan).await;
    let mut nodes = vec![];
    for task in [first, second, third] {
        let items = scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items();
        nodes.push(items.iter().map(id).collect::<Vec<_>>());
    }
    let on = |month, date| scene.app.turn_to(day(month, date));
    // A life before: reports, a return, an acceptance, an extension.
    on(2, 9);
    let mut reports = vec![];
    for (secretary, node) in scene.secretaries.iter().zip(&nodes[0]) {
        reports.push(crate::support::complete(secretary, *node).await);
    }
    on(2, 14);
    let mut clauses = vec![clause("1", "Organisation"), clause("2", "Rules"), clause("3", "Rules")];
    clauses[0]["evidence_months"] = json!(1);
    clauses[1]["curable"] = json!(false);
    let (_, c) = published(&scene, scene.committee, "first", &clauses).await;
    let link = json!({"task_id": second});
    let link = scene.department.post(&format!("/clauses/{}/tasks", c[1]), link).await.created();
    scene.accept(&reports[0]).await;
    scene.give_back(&reports[1], "not_done").await;
    on(2, 20);
    let results = [said(c[0], "met"), said(c[2], "not_applicable")];
    let recognised = checked(&scene, 0, None, &results, None).await;
    let path = format!("/assessments/{recognised}");
    let ruling = json!({"verdict": "recognised", "decision_id": scene.decided().await});
    scene.leader.post(&format!("{path}/recognition"), ruling).await.ok();
    checked(&scene, 1, None, &[said(c[0], "not_met"), said(c[2], "met")], None).await;
    let granted = json!({"due_on": "2020-03-20", "reason": "moved"});
    scene.department.post(&format!("/time-nodes/{}/extensions", nodes[1][0]), granted).await.created();
    on(3, 15);
    let pending = scene.complete(nodes[1][0]).await;
    on(4, 1);

    let days: Vec<_> = (0..30).map(|n| day(1, 4) + Days::new(3 * n)).collect();
    let before = taken(&scene, &days).await;

    // And then everything at once, on the days after.
    scene.leader.post(&format!("{path}/withdrawal"), json!({"reason": "it was not so"})).await.ok();
    checked(&scene, 0, None, &[said(c[0], "not_met"), said(c[2], "met")], Some(day(2, 16))).await;
    checked(&scene, 2, None, &[said(c[0], "met")], Some(day(3, 2))).await;
    scene.department.delete(&format!("/clause-tasks/{}", id(&link))).await.is(204);
    scene.department.post(&format!("/clauses/{}/tasks", c[0]), json!({"task_id": first})).await.created();
    published(&scene, scene.committee, "second", &[clause("1", "Other")]).await;
    scene.admin.patch("/settings", json!({"back_dated_days": 0})).await.ok();
    scene.accept(&pending).await;
    let add = json!({"text": "more evidence"});
    scene.secretary().post(&format!("/progress-reports/{}/additions", id(&pending)), add).await.created();
    let revoked = json!({"reason": "it was not so"});
    scene.department.post(&format!("/progress-reports/{}/revocation", id(&reports[0])), revoked).await.ok();
    scene.give_back(&reports[2], "supplement").await;
    let waiver = json!({"reason": "held together", "kind": "waived"});
    let waived = scene.leader.post(&format!("/time-nodes/{}/waivers", nodes[1][1]), waiver).await.created();
    let not = json!({"reason": "no such thing here", "kind": "not_applicable"});
    scene.leader.post(&format!("/time-nodes/{}/waivers", nodes[2][1]), not).await.created();
    scene.leader.post(&format!("/time-nodes/{}/cancellations", nodes[1][2]), json!({"reason": "gone"})).await.created();
    let later = json!({"due_on": "2020-12-01", "reason": "much later"});
    scene.leader.post(&format!("/time-nodes/{}/extensions", nodes[2][0]), later).await.created();
    let early = json!({"kind": "completion", "text": "entered later", "reported_on": "2020-03-09"});
    scene.department.post(&format!("/time-nodes/{}/progress-reports", nodes[0][1]), early).await.created();
    on(4, 2);
    let withdrawal = json!({"reason": "a mistake"});
    scene.leader.post(&format!("/waivers/{}/withdrawal", id(&waived)), withdrawal).await.ok();
    let lasting = scene.complete(nodes[0][0]).await;
    scene.secretary().post(&format!("/progress-reports/{}/withdrawal", id(&lasting)), json!({})).await.ok();
    let group = scene
        .admin
        .post("/units", json!({"name": "General branch", "kind": "general_branch", "parent_id": scene.committee}))
        .await
        .created();
    scene
        .admin
        .patch(&format!("/units/{}", branches[0]), json!({"name": "Renamed", "parent_id": id(&group)}))
        .await
        .ok();
    scene.admin.patch(&format!("/units/{}", scene.committee), json!({"name": "Renamed too"})).await.ok();
    scene.admin.patch(&format!("/units/{}", branches[1]), json!({"established_on": "2020-02-28"})).await.ok();
    let end = json!({"dissolved_on": "2020-03-01", "successor_id": branches[0]});
    scene.admin.post(&format!("/units/{}/dissolve", branches[2]), end).await.ok();
    on(5, 1);
    let other = json!({"unit_id": scene.committee, "year": 2021, "title": "Next year"});
    scene.department.post("/plans", other).await.created();

    for (path, body) in taken(&scene, &days).await {
        assert_eq!(Some(&body), before.get(&path), "{path}");
    }
    let restarted = scene.app.restart().await;
    let leader = crate::support::Persona { base: restarted.base.clone(), ..scene.leader.clone() };
    for (path, body) in &before {
        assert_eq!(&leader.get(path).await.text, body, "{path}, after a restart");
    }
    // The same days restated, and today's report, do show all of it.
    let now = leader.get("/reports/compliance?year=2020&as_of=2020-05-01&group_by=unit").await.ok();
    assert_eq!(now["final"], json!(false));
    assert_eq!(now["groups"][0]["name"], json!("Renamed too"));
    let restated = leader.get("/reports/compliance?year=2020&as_of=2020-03-14&restated=true").await.ok();
    assert_ne!(restated["total"]["excluded"], json!(0), "what was excluded later is excluded throughout");
}
