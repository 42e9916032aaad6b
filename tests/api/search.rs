//! Search: parts of words, the same on both databases, and nothing that one may not read.

use duban::access::Role;
use serde_json::{Value, json};

use crate::support::{Persona, Scene, day, id};

/// Kinds and ids of what somebody finds; `q` as it is.
async fn found(who: &Persona, q: &str) -> Vec<(String, i64)> {
    let q: String = form_encoded(q);
    let items = who.get(&format!("/search?q={q}")).await.items();
    items.iter().map(|item| (item["kind"].as_str().unwrap().to_owned(), id(item))).collect()
}

fn form_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn kinds(found: &[(String, i64)]) -> Vec<&str> {
    found.iter().map(|(kind, _)| kind.as_str()).collect()
}

/// A plan with a task of two branches, a report and comments of the first one.
async fn scene() -> (Scene, i64, i64) {
    let scene = Scene::set(1, 5, 2).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "修订Standard作业程序", &scene.branches, json!([{"due_on": "2020-06-30"}])).await;
    scene
        .department
        .patch(&format!("/tasks/{task}"), json!({"tags": ["双创", "品牌"], "deliverable": "修订稿50%"}))
        .await
        .ok();
    scene.issue(plan).await;
    let node = id(&scene.secretary().get("/time-nodes").await.items()[0]);
    let body = json!({"kind": "progress", "text": "初稿已完成，正在征求意见_a\\b"});
    scene.secretary().post(&format!("/time-nodes/{node}/progress-reports"), body).await.created();
    (scene, task, node)
}

#[actix_web::test]
async fn any_part_of_a_word_is_found_whatever_the_case_of_a_to_z() {
    let (scene, task, _) = scene().await;
    let department = &scene.department;
    for q in ["作业程", "修订", "standard", "STANDARD作业", "  程序   修订 ", "修订　序"] {
        let found = found(department, q).await;
        assert_eq!(kinds(&found), ["key_point", "task", "time_node", "time_node"], "{q}");
        assert!(found.contains(&("task".into(), task)));
        assert!(found[2].1 > found[3].1, "the newest of a kind comes first");
    }
    assert!(found(department, "修订 没有的词").await.is_empty(), "all words must be found");
    assert_eq!(kinds(&found(department, "征求意见").await), ["progress_report"]);
    assert_eq!(kinds(&found(department, "双创").await), ["task"]);
    assert_eq!(kinds(&found(department, "branch 1").await), ["unit"]);
    assert_eq!(kinds(&found(department, "plan OF 2020").await), ["plan"]);

    let answer = department.get(&format!("/search?q={}&kind=progress_report", form_encoded("征求"))).await.items();
    let one = &answer[0];
    let tasks = department.get(&format!("/search?q={}&kind=task", form_encoded("修订"))).await.items();
    assert_eq!((answer.len(), tasks.len(), id(&tasks[0])), (1, 1, task));
    assert_eq!((&one["title"], &one["unit_id"]), (&json!("修订Standard作业程序"), &json!(scene.branches[0])));
    assert_eq!((&one["snippet"], &one["plan_id"]), (&json!("初稿已完成，正在征求意见_a\\b"), &json!(1)));
}

#[actix_web::test]
async fn what_a_pattern_means_by_itself_is_a_letter_like_any_other() {
    let (scene, _, _) = scene().await;
    let department = &scene.department;
    assert_eq!(kinds(&found(department, "%").await), ["task"], "50% in its deliverable");
    assert_eq!(kinds(&found(department, "_a").await), ["progress_report"]);
    assert_eq!(kinds(&found(department, "a\\b").await), ["progress_report"]);
    for q in ["修%序", "作_程", "\"", "[", "创\",\"品", "'", "ſtandard", "1' OR '1'='1"] {
        assert!(found(department, q).await.is_empty(), "{q}");
    }
    // Beyond a to z the case is kept, on both databases.
    let unit =
        json!({"name": "Ärztlicher Dienst", "kind": "branch", "parent_id": scene.committee, "short_names": ["Ä站"]});
    scene.admin.post("/units", unit).await.created();
    assert_eq!(kinds(&found(department, "ÄRZTLICHER dienst").await), ["unit"]);
    assert_eq!(kinds(&found(department, "Ä站").await), ["unit"]);
    assert!(found(department, "ärztlicher").await.is_empty());
}

#[actix_web::test]
async fn what_is_found_is_what_may_be_read() {
    let (scene, task, node) = scene().await;
    scene.secretary().post(&format!("/time-nodes/{node}/comments"), json!({"text": "修订意见"})).await.created();
    scene.leader.post(&format!("/tasks/{task}/comments"), json!({"text": "修订要快"})).await.created();
    let reports = scene.secretary().get(&format!("/time-nodes/{node}/progress-reports")).await.items();
    let on_report = format!("/progress-reports/{}/comments", id(&reports[0]));
    scene.secretary().post(&on_report, json!({"text": "修订初稿"})).await.created();
    for path in [format!("/tasks/{task}/comments"), format!("/time-nodes/{node}/comments"), on_report] {
        let taken_back = scene.leader.post(&path, json!({"text": "修订"})).await.created();
        scene.leader.post(&format!("/comments/{}/withdrawal", id(&taken_back)), json!({})).await.ok();
    }
    let draft = json!({"unit_id": scene.committee, "year": 2021, "title": "修订明年计划"});
    let draft = id(&scene.department.post("/plans", draft).await.created());
    let outside =
        scene.admin.post("/units", json!({"name": "外单位", "kind": "branch", "parent_id": scene.committee})).await;
    let outsider = scene.app.person("outsider", Role::Secretary, Some(id(&outside.created()))).await;
    let auditor = scene.app.person("auditor", Role::Auditor, None).await;
    let stranger = {
        let account = scene.app.account("stranger").await;
        scene.app.sign_in("stranger", account).await
    };
    let all = ["plan", "key_point", "task", "time_node", "time_node", "comment", "comment", "comment"];
    assert_eq!(kinds(&found(&scene.leader, "修订").await), all);
    let own = found(scene.secretary(), "修订").await;
    assert_eq!(kinds(&own), ["key_point", "task", "time_node", "comment", "comment", "comment"]);
    let other = found(&scene.secretaries[1], "修订").await;
    assert_eq!(kinds(&other), ["key_point", "task", "time_node", "comment"], "the comment on the task alone");
    assert_eq!(kinds(&found(scene.secretary(), "征求意见").await), ["progress_report"]);
    assert!(found(&scene.secretaries[1], "征求意见").await.is_empty(), "another branch's report");
    for who in [&outsider, &auditor, &scene.admin] {
        assert!(found(who, "修订").await.is_empty());
        assert_eq!(kinds(&found(who, "外单位").await), ["unit"]);
    }
    stranger.get("/search?q=a").await.refused(403, "forbidden");
    assert!(found(&scene.leader, "修订明年").await.contains(&("plan".into(), draft)));

    // Whatever is found can be read, whatever is not can't.
    for who in [scene.secretary(), &scene.secretaries[1], &outsider, &scene.leader] {
        let mine = found(who, "修订").await;
        for (kind, id) in found(&scene.leader, "修订").await {
            let collection = kind.replace('_', "-") + "s";
            let status = who.get(&format!("/{collection}/{id}")).await.status;
            assert_eq!(status == 200, mine.contains(&(kind.clone(), id)), "{kind} {id}: {status}");
        }
    }
}

#[actix_web::test]
async fn what_a_thing_was_called_before_is_not_found() {
    let (scene, task, _) = scene().await;
    let on_task = format!("/tasks/{task}/comments");
    scene.leader.post(&on_task, json!({"text": "抓紧"})).await.created();
    scene.app.turn_to(day(1, 6));
    let key_point = scene.department.get("/plans/1/key-points").await.items();
    let renamed = |name: &str| json!({name: "换了说法", "reason": "wording"});
    scene.department.patch(&format!("/key-points/{}", id(&key_point[0])), renamed("title")).await.ok();
    scene.department.patch(&format!("/tasks/{task}"), renamed("title")).await.ok();
    scene.department.patch("/plans/1", renamed("title")).await.ok();
    scene.admin.patch(&format!("/units/{}", scene.branches[0]), json!({"name": "换了说法"})).await.ok();
    assert_eq!(kinds(&found(&scene.department, "换了说法").await), ["unit", "plan", "key_point", "task"]);
    // The nodes keep the title under which they are owed.
    assert_eq!(kinds(&found(&scene.department, "修订Standard").await), ["time_node", "time_node"]);
    assert!(found(&scene.department, "Plan of").await.is_empty());
    assert!(found(&scene.department, "Branch 1").await.is_empty());
    assert_eq!(kinds(&found(&scene.department, "抓紧").await), ["comment"], "once, whatever its task was called");
}

#[actix_web::test]
async fn results_come_page_by_page_across_the_kinds() {
    let (scene, task, node) = scene().await;
    let report = id(&scene.secretary().get(&format!("/time-nodes/{node}/progress-reports")).await.items()[0]);
    let mut said = vec![];
    for _ in 0..2 {
        for path in [format!("/progress-reports/{report}"), format!("/tasks/{task}"), format!("/time-nodes/{node}")] {
            let made = scene.leader.post(&format!("{path}/comments"), json!({"text": "修订"})).await.created();
            said.insert(0, ("comment".to_owned(), id(&made)));
        }
    }
    let all = found(&scene.department, "修订").await;
    assert_eq!(all[all.len() - 6..], said, "the newest first, whatever they are about");
    for limit in 1..=all.len() {
        let (mut read, mut cursor): (Vec<(String, i64)>, Option<String>) = (vec![], None);
        loop {
            let after = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            let path = format!("/search?q={}&limit={limit}{after}", form_encoded("修订"));
            let page: Value = scene.department.get(&path).await.ok();
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= limit);
            assert!(read.len() <= all.len(), "the cursor leads on");
            read.extend(items.iter().map(|item| (item["kind"].as_str().unwrap().to_owned(), id(item))));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => break,
            }
        }
        assert_eq!(read, all, "{limit} a page");
    }
}

#[actix_web::test]
async fn a_question_has_one_to_a_hundred_characters() {
    let scene = Scene::set(1, 5, 1).await;
    let ask = async |q: &str| scene.department.get(&format!("/search?q={}", form_encoded(q))).await;
    assert_eq!(ask("  ").await.refused(422, "empty_text"), "q");
    assert_eq!(ask(&"党".repeat(101)).await.refused(422, "text_too_long"), "q");
    assert_eq!(ask("a\0b").await.refused(422, "control_character"), "q");
    ask(&"党".repeat(100)).await.ok();
    scene.department.get("/search").await.refused(422, "missing_field");
    scene.department.get("/search?q=a&kind=nothing").await.refused(422, "wrong_value");
}
