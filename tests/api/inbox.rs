//! The inbox: what it shows can be done by whoever it is shown to, and by nobody else.

use duban::access::Role;
use serde_json::{Value, json};

use crate::support::{Persona, Scene, complete, day, id};

async fn inbox(who: &Persona) -> Value {
    who.get("/inbox?limit=200").await.ok()
}

/// Subjects and ids of one kind.
fn of(inbox: &Value, kind: &str) -> Vec<(String, i64)> {
    let items = inbox["items"].as_array().unwrap().iter().filter(|item| item["kind"] == kind);
    let mut found: Vec<_> = items.map(|item| (item["subject"].as_str().unwrap().to_owned(), id(item))).collect();
    assert_eq!(inbox["counts"][kind], json!(found.len()));
    found.sort();
    found
}

#[actix_web::test]
async fn a_branch_sees_what_it_must_report_the_most_urgent_first() {
    let scene = Scene::set(1, 5, 2).await;
    // The later due, the sooner made: the order shown is no order of ids.
    let due = [day(11, 30), day(12, 31), day(4, 5), day(3, 31), day(3, 20), day(2, 28)];
    let made = scene.issued_with(&due).await;
    let nodes = [made[4], made[3], made[2], made[1], made[0], made[5]];
    // On a later day the unit is renamed and the nodes move on: what was recorded before does not wait as well.
    scene.app.turn_to(day(1, 6));
    scene.admin.patch(&format!("/units/{}", scene.branches[0]), json!({"name": "Renamed"})).await.ok();
    let report = complete(scene.secretary(), nodes[4]).await;
    let done = scene.complete(nodes[5]).await;
    scene.give_back(&report, "not_done").await;
    scene.accept(&done).await;
    scene.app.turn_to(day(3, 31));
    scene.secretary().post("/plans/1/receipts", json!({})).await.created();

    let shown = inbox(scene.secretary()).await;
    assert_eq!(shown["as_of"], json!("2020-03-31"));
    let order: Vec<_> = shown["items"].as_array().unwrap().iter().map(id).collect();
    assert_eq!(order, [nodes[0], nodes[1], nodes[2], nodes[4]], "overdue, due, due soon, returned");
    let first = &shown["items"][0];
    assert_eq!(
        (&first["kind"], &first["subject"], &first["light"]),
        (&json!("to_report"), &json!("time_node"), &json!("red"))
    );
    assert_eq!((&first["due_on"], &first["days_left"]), (&json!("2020-03-20"), &json!(-11)));
    assert_eq!((&first["unit_id"], &first["title"]), (&json!(scene.branches[0]), &json!("Due 2020-03-20")));
    assert_eq!(shown["items"][3]["light"], json!("yellow"));
    assert_eq!(of(&shown, "to_report").len(), 4);
    let cadre = scene.app.person("cadre", Role::Cadre, Some(scene.branches[0])).await;
    assert_eq!(of(&inbox(&cadre).await, "to_report").len(), 4);
    let inspector = scene.app.person("inspector", Role::Inspector, Some(scene.branches[0])).await;
    for who in [&scene.secretaries[1], &scene.department, &scene.leader, &scene.admin, &inspector] {
        assert!(of(&inbox(who).await, "to_report").is_empty());
    }

    // Page by page, and one kind alone; the counts are always those of the whole.
    let page = scene.secretary().get("/inbox?limit=3").await.ok();
    let cursor = page["next_cursor"].as_str().unwrap();
    let rest = scene.secretary().get(&format!("/inbox?limit=3&cursor={cursor}")).await.ok();
    assert_eq!((rest["items"].as_array().unwrap().len(), id(&rest["items"][0])), (1, nodes[4]));
    assert_eq!(rest["counts"], shown["counts"]);
    let none = scene.secretary().get("/inbox?kind=to_review").await.ok();
    assert_eq!((&none["items"], &none["counts"]), (&json!([]), &shown["counts"]));
}

/// A committee with a second leader, a colleague in the department and a deputy at the first branch.
async fn staffed() -> (Scene, Vec<Persona>) {
    let scene = Scene::set(1, 5, 2).await;
    let leader = scene.app.person("other-leader", Role::Leader, Some(scene.committee)).await;
    let colleague = scene.app.person("colleague", Role::Department, Some(scene.office)).await;
    let deputy = scene.app.person("deputy", Role::DeputySecretary, Some(scene.branches[0])).await;
    let cadre = scene.app.person("cadre", Role::Cadre, Some(scene.branches[0])).await;
    let inspector = scene.app.person("inspector", Role::Inspector, Some(scene.committee)).await;
    let above = scene.app.person("committee-secretary", Role::Secretary, Some(scene.committee)).await;
    let mut people = vec![scene.department.clone(), scene.leader.clone(), leader, colleague, deputy, cadre];
    people.extend([inspector, above, scene.admin.clone()]);
    people.extend(scene.secretaries.iter().cloned());
    (scene, people)
}

/// A task a unit, and the nodes that they owe: of the committee, the department, the two branches.
async fn owed(scene: &Scene) -> Vec<i64> {
    let plan = scene.plan().await;
    let mut tasks = vec![];
    for unit in [scene.committee, scene.office, scene.branches[0], scene.branches[1]] {
        tasks.push(scene.task(plan, &format!("Of {unit}"), &[unit], json!([{"due_on": "2020-03-31"}])).await);
    }
    scene.issue(plan).await;
    let mut nodes = vec![];
    for task in tasks {
        nodes.push(id(&scene.department.get(&format!("/tasks/{task}/time-nodes")).await.items()[0]));
    }
    nodes
}

#[actix_web::test]
async fn what_is_to_review_can_be_reviewed_and_nothing_else() {
    let (scene, people) = staffed().await;
    let nodes = owed(&scene).await;
    // The department reports for itself, the committee and the second branch; the first branch for itself.
    let mut reports = vec![];
    for node in [nodes[0], nodes[1], nodes[3]] {
        reports.push(complete(&scene.department, node).await);
    }
    reports.push(scene.complete(nodes[2]).await);
    let mut shown_to_somebody = 0;
    for who in &people {
        let shown = of(&inbox(who).await, "to_review");
        for report in &reports {
            let due = ("progress_report".to_owned(), id(report));
            // A wrong hash is refused only after the question who may review, and changes nothing.
            let body = json!({"verdict": "accepted", "content_hash": "other"});
            let answer = who.post(&format!("/progress-reports/{}/reviews", id(report)), body).await;
            if shown.contains(&due) {
                answer.refused(409, "content_changed");
                shown_to_somebody += 1;
            } else {
                assert_eq!(answer.status, 403, "{} {}", who.account_id, answer.text);
            }
        }
    }
    assert!(shown_to_somebody >= 8, "{shown_to_somebody}");
    assert!(!of(&inbox(&scene.department).await, "to_review").contains(&("progress_report".into(), id(&reports[2]))));
}

#[actix_web::test]
async fn a_report_leaves_the_inbox_once_reviewed_and_an_addition_comes_back() {
    let scene = Scene::set(1, 5, 1).await;
    let node = scene.issued_with(&[day(3, 31)]).await[0];
    scene.app.turn_to(day(1, 6));
    scene.admin.patch(&format!("/units/{}", scene.branches[0]), json!({"name": "Renamed"})).await.ok();
    let progress = json!({"kind": "progress", "text": "half"});
    scene.secretary().post(&format!("/time-nodes/{node}/progress-reports"), progress).await.created();
    assert!(of(&inbox(&scene.department).await, "to_review").is_empty(), "progress is not reviewed");
    let first = scene.complete(node).await;
    let pending = |report: &Value| vec![("progress_report".to_owned(), id(report))];
    assert_eq!(of(&inbox(&scene.department).await, "to_review"), pending(&first));
    scene.secretary().post(&format!("/progress-reports/{}/withdrawal", id(&first)), json!({})).await.ok();
    assert!(of(&inbox(&scene.department).await, "to_review").is_empty());
    let second = scene.complete(node).await;
    scene.accept(&second).await;
    assert!(of(&inbox(&scene.department).await, "to_review").is_empty());
    let path = format!("/progress-reports/{}/additions", id(&second));
    let addition = scene.secretary().post(&path, json!({"text": "补充签到表"})).await.created();
    scene.app.turn_to(day(1, 9));
    let shown = inbox(&scene.department).await;
    assert_eq!(of(&shown, "to_review"), pending(&addition));
    assert_eq!((&shown["items"][0]["since"], &shown["items"][0]["light"]), (&json!("2020-01-06"), &json!("blue")));
    let reason = json!({"reason": "核查不符"});
    scene.department.post(&format!("/progress-reports/{}/revocation", id(&second)), reason).await.ok();
    assert!(of(&inbox(&scene.department).await, "to_review").is_empty(), "what it adds to stands no more");
    assert_eq!(of(&inbox(scene.secretary()).await, "to_report").len(), 1, "the node is returned");
}

#[actix_web::test]
async fn what_is_to_decide_can_be_decided_and_nothing_else() {
    let (scene, people) = staffed().await;
    let nodes = owed(&scene).await;
    // Who asks, for which node, what; nobody of them may grant it at once.
    let extension = |due_on: &str| json!({"due_on": due_on, "reason": "推迟"});
    let waiver = json!({"kind": "waived", "reason": "无计划"});
    let asked = [
        (&scene.leader, nodes[0], "extensions", extension("2020-04-15")),
        (&scene.department, nodes[1], "extensions", extension("2020-04-15")),
        (&people[4], nodes[2], "extensions", extension("2020-04-15")),
        (&scene.department, nodes[3], "extensions", extension("2020-09-15")),
        (&scene.leader, nodes[0], "waivers", waiver.clone()),
        (scene.secretary(), nodes[2], "waivers", waiver.clone()),
        (&scene.secretaries[1], nodes[3], "waivers", waiver),
        (&scene.department, nodes[1], "cancellations", json!({"reason": "撤销"})),
        (scene.secretary(), nodes[2], "cancellations", json!({"reason": "撤销"})),
    ];
    let mut requests = vec![];
    for (who, node, kind, body) in asked {
        let made = who.post(&format!("/time-nodes/{node}/{kind}"), body).await.created();
        assert_eq!(made["state"], json!("requested"), "{kind} {node}");
        requests.push((kind, id(&made)));
    }
    let mut shown_to_somebody = 0;
    for who in &people {
        let shown = of(&inbox(who).await, "to_decide");
        assert!(shown.len() <= requests.len());
        for (kind, id) in &requests {
            // A refusal without its reason is told so only to whoever may decide, and changes nothing.
            let answer = who.post(&format!("/{kind}/{id}/decision"), json!({"verdict": "refused"})).await;
            if shown.contains(&(kind.trim_end_matches('s').to_owned(), *id)) {
                answer.refused(422, "refusal_unexplained");
                shown_to_somebody += 1;
            } else {
                assert_eq!(answer.status, 403, "{} {kind} {id} {}", who.account_id, answer.text);
            }
        }
    }
    assert!(shown_to_somebody >= 12, "{shown_to_somebody}");
    let department = of(&inbox(&scene.department).await, "to_decide");
    assert_eq!(department, [("extension".to_owned(), requests[2].1)], "the short one, of a branch");

    // Each is really decided by the one to whom it is shown, and gone then.
    let other = &people[2];
    for (kind, id) in of(&inbox(other).await, "to_decide") {
        let body = json!({"verdict": "refused", "reason": "照原计划"});
        other.post(&format!("/{kind}s/{id}/decision"), body).await.ok();
    }
    for who in &people {
        assert!(of(&inbox(who).await, "to_decide").is_empty());
    }
}

#[actix_web::test]
async fn a_plan_waits_for_the_signature_of_each_unit_that_it_names() {
    let (scene, people) = staffed().await;
    owed(&scene).await;
    let draft = json!({"unit_id": scene.committee, "year": 2021, "title": "Next"});
    let draft = id(&scene.department.post("/plans", draft).await.created());
    scene.task(draft, "Next", &scene.branches, json!([{"due_on": "2021-06-30"}])).await;
    let shown = inbox(scene.secretary()).await;
    let item = shown["items"].as_array().unwrap().iter().find(|item| item["kind"] == "to_sign_for").unwrap();
    assert_eq!((&item["revision"], &item["since"]), (&json!(0), &json!("2020-01-05")));
    let mut signed = 0;
    for who in &people {
        let due = !of(&inbox(who).await, "to_sign_for").is_empty();
        let answer = who.post("/plans/1/receipts", json!({})).await;
        let allowed = answer.status == 201;
        assert_eq!(due, allowed, "{} {}", who.account_id, answer.text);
        signed += i64::from(allowed);
        assert!(of(&inbox(who).await, "to_sign_for").is_empty());
    }
    assert_eq!(signed, 3, "the department and two branches, each once");

    // A revision waits again, and does not say since when.
    let change = json!({"title": "Revised", "reason": "wording"});
    scene.department.patch("/plans/1", change).await.ok();
    let shown = inbox(scene.secretary()).await;
    let item = shown["items"].as_array().unwrap().iter().find(|item| item["kind"] == "to_sign_for").unwrap();
    assert_eq!((&item["revision"], &item["since"], &item["title"]), (&json!(1), &json!(null), &json!("Revised")));
    let late = scene.app.person("late", Role::Cadre, Some(scene.branches[0])).await;
    assert_eq!(of(&inbox(&late).await, "to_sign_for").len(), 1, "of a unit, whoever signs for it");
}

#[actix_web::test]
async fn a_unit_that_owes_and_has_nobody_to_sign_is_an_alert() {
    let scene = Scene::set(1, 5, 1).await;
    let unit = json!({"name": "Empty", "kind": "branch", "parent_id": scene.committee});
    let empty = id(&scene.admin.post("/units", unit).await.created());
    let idle = json!({"name": "Idle", "kind": "branch", "parent_id": scene.committee});
    let idle = id(&scene.admin.post("/units", idle).await.created());
    let plan = scene.plan().await;
    let done = scene.task(plan, "Done", &[idle], json!([{"due_on": "2020-03-31"}])).await;
    let gone = json!({"name": "Gone", "kind": "branch", "parent_id": scene.committee});
    let gone = id(&scene.admin.post("/units", gone).await.created());
    scene.task(plan, "Of the gone", &[gone], json!([{"due_on": "2020-03-31"}])).await;
    scene.task(plan, "Task", &[empty, scene.branches[0], scene.committee], json!([{"due_on": "2020-03-31"}])).await;
    scene.issue(plan).await;
    scene.admin.post(&format!("/units/{gone}/dissolve"), json!({"reason": "merged"})).await.ok();
    // What the idle one owed was reported for it, and is done.
    let done = id(&scene.department.get(&format!("/tasks/{done}/time-nodes")).await.items()[0]);
    let report = complete(&scene.department, done).await;
    let body = json!({"verdict": "accepted", "content_hash": report["content_hash"]});
    scene.leader.post(&format!("/progress-reports/{}/reviews", id(&report)), body).await.created();
    let alert = vec![("unit".to_owned(), empty)];
    scene.app.person("cadre", Role::Cadre, Some(empty)).await;
    for who in [&scene.department, &scene.leader, &scene.admin] {
        let shown = inbox(who).await;
        assert_eq!(of(&shown, "nobody_appointed"), alert, "a cadre can't sign");
        let item = shown["items"].as_array().unwrap().iter().find(|item| item["kind"] == "nobody_appointed").unwrap();
        assert_eq!((&item["light"], &item["title"]), (&json!("yellow"), &json!("Empty")));
    }
    let elsewhere = json!({"name": "Elsewhere", "kind": "committee"});
    let elsewhere = id(&scene.admin.post("/units", elsewhere).await.created());
    let stranger = scene.app.person("stranger", Role::Leader, Some(elsewhere)).await;
    for who in [scene.secretary(), &stranger] {
        assert!(of(&inbox(who).await, "nobody_appointed").is_empty());
    }
    scene.app.turn_to(day(4, 1));
    assert_eq!(inbox(&scene.admin).await["items"][0]["light"], json!("red"), "a node is overdue");
    scene.app.person("deputy", Role::DeputySecretary, Some(empty)).await;
    assert!(of(&inbox(&scene.admin).await, "nobody_appointed").is_empty());
}

#[actix_web::test]
async fn the_end_of_a_term_is_told_six_months_ahead() {
    let scene = Scene::set(1, 5, 2).await;
    let path = |branch: usize| format!("/units/{}", scene.branches[branch]);
    scene.admin.patch(&path(0), json!({"term_ends_on": "2020-09-30"})).await.ok();
    scene.admin.patch(&path(1), json!({"term_ends_on": "2020-10-01"})).await.ok();
    // Neither a unit that stands no more nor a term that was recorded otherwise since.
    let other = json!({"name": "Other", "kind": "branch", "parent_id": scene.committee, "term_ends_on": "2020-03-31"});
    let gone = id(&scene.admin.post("/units", other.clone()).await.created());
    let mut renewed = other;
    renewed["name"] = json!("Renewed");
    let renewed = id(&scene.admin.post("/units", renewed).await.created());
    scene.app.turn_to(day(1, 6));
    scene.admin.post(&format!("/units/{gone}/dissolve"), json!({"reason": "merged"})).await.ok();
    scene.admin.patch(&format!("/units/{renewed}"), json!({"term_ends_on": "2024-03-31"})).await.ok();
    scene.app.turn_to(day(3, 29));
    assert!(of(&inbox(scene.secretary()).await, "term_ends").is_empty());
    assert!(of(&inbox(&scene.leader).await, "term_ends").is_empty());
    scene.admin.patch("/settings", json!({"term_alert_months": 7})).await.ok();
    assert_eq!(of(&inbox(scene.secretary()).await, "term_ends").len(), 1, "as many months as the settings say");
    scene.admin.patch("/settings", json!({"term_alert_months": 6})).await.ok();
    scene.app.turn_to(day(3, 30));
    let mine = vec![("unit".to_owned(), scene.branches[0])];
    for who in [scene.secretary(), &scene.department, &scene.leader] {
        let shown = inbox(who).await;
        assert_eq!(of(&shown, "term_ends"), mine);
        assert_eq!(
            (&shown["items"][0]["due_on"], &shown["items"][0]["days_left"]),
            (&json!("2020-09-30"), &json!(184))
        );
    }
    assert!(of(&inbox(&scene.secretaries[1]).await, "term_ends").is_empty());
    assert!(of(&inbox(&scene.admin).await, "term_ends").is_empty());
    scene.app.turn_to(day(10, 5));
    let late = inbox(&scene.leader).await;
    assert_eq!(of(&late, "term_ends").len(), 2);
    assert_eq!(late["items"][0]["light"], json!("red"));
}

#[actix_web::test]
async fn nothing_waits_for_an_account_without_a_post() {
    let scene = Scene::set(1, 5, 1).await;
    scene.issued_with(&[day(1, 6)]).await;
    let account = scene.app.account("stranger").await;
    let stranger = scene.app.sign_in("stranger", account).await;
    assert_eq!(inbox(&stranger).await["items"], json!([]));
}

#[actix_web::test]
async fn an_urge_is_shown_in_the_inbox_of_who_owes() {
    let scene = Scene::set(1, 5, 1).await;
    let nodes = scene.issued_with(&[day(3, 31), day(4, 2)]).await;
    scene.app.turn_to(day(4, 1));
    scene.department.post("/urges", json!({"time_node_ids": [nodes[0]]})).await.ok();
    let inbox = inbox(scene.secretary()).await;
    let urged: Vec<_> = inbox["items"].as_array().unwrap().iter().map(|item| item["last_urged_on"].clone()).collect();
    assert!(urged.contains(&json!("2020-04-01")) && urged.contains(&json!(null)), "{urged:?}");
}

#[actix_web::test]
async fn a_cadre_who_may_sign_is_somebody_appointed() {
    let scene = Scene::set(1, 5, 1).await;
    let body = json!({"name": "Young", "kind": "branch", "parent_id": scene.committee});
    let young = id(&scene.admin.post("/units", body).await.created());
    scene.app.person("cadre", duban::access::Role::Cadre, Some(young)).await;
    let plan = scene.plan().await;
    scene.task(plan, "Task", &[young], json!([{"due_on": "2020-06-30"}])).await;
    scene.issue(plan).await;
    let alerts = async || inbox(&scene.leader).await["counts"]["nobody_appointed"].clone();
    assert_eq!(alerts().await, json!(1));
    scene.admin.patch("/settings", json!({"secretary_signs": false})).await.ok();
    assert_eq!(alerts().await, json!(0));
}
