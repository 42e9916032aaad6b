//! Comments and instructions: who may say what of what, and what a withdrawal leaves.

use duban::access::Role;
use serde_json::json;

use crate::support::{Scene, day, id};

#[actix_web::test]
async fn who_reads_a_node_and_works_with_it_comments_on_it() {
    let scene = Scene::set(1, 5, 2).await;
    let node = scene.issued_with(&[day(3, 31)]).await[0];
    let cadre = scene.app.person("cadre", Role::Cadre, Some(scene.branches[0])).await;
    let inspector = scene.app.person("inspector", Role::Inspector, Some(scene.committee)).await;
    let auditor = scene.app.person("reader-of-the-log", Role::Auditor, None).await;
    let path = format!("/time-nodes/{node}/comments");
    let body = json!({"text": "请补充签到表"});

    for who in [scene.secretary(), &cadre, &scene.department, &scene.leader] {
        let made = who.post(&path, body.clone()).await.created();
        assert_eq!((&made["subject"], &made["subject_id"]), (&json!("time_node"), &json!(node)));
        assert_eq!((&made["kind"], &made["account_id"]), (&json!("comment"), &json!(who.account_id)));
        assert_eq!((&made["recorded_on"], &made["version"]), (&json!("2020-01-05"), &json!(1)));
    }
    for who in [&inspector, &auditor, &scene.admin, &scene.secretaries[1]] {
        who.post(&path, body.clone()).await.refused(403, "forbidden");
    }
    assert_eq!(inspector.get(&path).await.items().len(), 4, "an inspector reads what was said");
    scene.secretaries[1].get(&path).await.refused(403, "forbidden");
    auditor.get(&path).await.refused(403, "forbidden");

    scene.secretary().post(&path, json!({"text": " "})).await.refused(422, "empty_text");
    scene.secretary().post(&path, json!({"text": "x".repeat(5001)})).await.refused(422, "text_too_long");
    scene.secretary().post("/time-nodes/999/comments", body.clone()).await.refused(404, "not_found");
    let stale = scene.secretary().request("POST", &path).json(&body).header("if-match", "\"2\"");
    scene.secretary().send("POST", &path, stale).await.refused(412, "stale");
    let fresh = scene.secretary().request("POST", &path).json(&body).header("if-match", "\"1\"");
    scene.secretary().send("POST", &path, fresh).await.created();
    assert_eq!(scene.audited("comment.create").await.len(), 5, "one for each that was made");
}

#[actix_web::test]
async fn an_instruction_is_a_leaders() {
    let scene = Scene::set(1, 5, 1).await;
    let node = scene.issued_with(&[day(3, 31)]).await[0];
    let report = scene.complete(node).await;
    let task = id(&scene.department.get("/tasks/1").await.ok());
    let body = json!({"text": "限期整改", "kind": "instruction"});
    let stale = scene.leader.request("POST", &format!("/progress-reports/{}/comments", id(&report)));
    let stale = stale.json(&body).header("if-match", "\"2\"");
    let answer = scene.leader.send("POST", &format!("/progress-reports/{}/comments", id(&report)), stale).await;
    answer.refused(412, "stale");
    for path in [
        format!("/time-nodes/{node}/comments"),
        format!("/progress-reports/{}/comments", id(&report)),
        format!("/tasks/{task}/comments"),
    ] {
        for who in [scene.secretary(), &scene.department] {
            who.post(&path, body.clone()).await.refused(403, "forbidden");
        }
        assert_eq!(scene.leader.post(&path, body.clone()).await.created()["kind"], json!("instruction"));
        assert_eq!(scene.secretary().get(&path).await.items()[0]["text"], json!("限期整改"));
    }
}

#[actix_web::test]
async fn a_task_is_commented_on_by_whoever_reads_its_plan() {
    let scene = Scene::set(1, 5, 2).await;
    let plan = scene.plan().await;
    let task = scene.task(plan, "Task", &[scene.branches[0]], json!([{"due_on": "2020-06-30"}])).await;
    let inspector = scene.app.person("inspector", Role::Inspector, Some(scene.branches[0])).await;
    let path = format!("/tasks/{task}/comments");
    let body = json!({"text": "标题请再斟酌"});
    scene.department.post(&path, body.clone()).await.created();
    scene.secretary().post(&path, body.clone()).await.refused(403, "forbidden");
    scene.issue(plan).await;
    let made = scene.secretary().post(&path, body.clone()).await.created();
    scene.secretaries[1].post(&path, body.clone()).await.refused(403, "forbidden");
    scene.secretaries[1].get(&format!("/comments/{}", id(&made))).await.refused(403, "forbidden");
    inspector.post(&path, body).await.refused(403, "forbidden");
    assert_eq!(inspector.get(&path).await.items().len(), 2);
    assert_eq!(scene.leader.get(&format!("/comments/{}", id(&made))).await.ok()["subject"], json!("task"));
}

#[actix_web::test]
async fn only_its_author_withdraws_a_comment_which_stays_without_its_text() {
    let scene = Scene::set(1, 5, 1).await;
    let node = scene.issued_with(&[day(3, 31)]).await[0];
    let path = format!("/time-nodes/{node}/comments");
    let deputy = scene.app.person("deputy", Role::DeputySecretary, Some(scene.branches[0])).await;
    let of_deputy = id(&deputy.post(&path, json!({"text": "不再归我管"})).await.created());
    let made = scene.secretary().post(&path, json!({"text": "写错了"})).await.created();
    scene.leader.post(&path, json!({"text": "收到"})).await.created();
    let withdrawal = format!("/comments/{}/withdrawal", id(&made));
    scene.leader.post(&withdrawal, json!({})).await.refused(403, "not_the_author");
    scene.app.turn_to(day(1, 6));
    let stale = scene.secretary().request("POST", &withdrawal).header("if-match", "\"2\"");
    scene.secretary().send("POST", &withdrawal, stale).await.refused(412, "stale");
    let withdrawn = scene.secretary().post(&withdrawal, json!({})).await.ok();
    assert_eq!((&withdrawn["text"], &withdrawn["withdrawn_on"]), (&json!(null), &json!("2020-01-06")));
    assert_eq!(withdrawn["version"], json!(2));
    scene.secretary().post(&withdrawal, json!({})).await.refused(409, "comment_withdrawn");
    let listed = scene.leader.get(&path).await.items();
    let texts: Vec<_> = listed.iter().map(|comment| comment["text"].clone()).collect();
    assert_eq!(texts, [json!("不再归我管"), json!(null), json!("收到")]);

    // Who reads the thing no more has nothing to take back.
    let posts = scene.admin.get(&format!("/appointments?account_id={}", deputy.account_id)).await.items();
    let post = format!("/appointments/{}", id(&posts[0]));
    scene.admin.patch(&post, json!({"until": "2020-01-06"})).await.ok();
    scene.app.turn_to(day(1, 8));
    deputy.post(&format!("/comments/{of_deputy}/withdrawal"), json!({})).await.refused(403, "forbidden");
    assert_eq!(scene.audited("comment.withdraw").await.len(), 1);
}

#[actix_web::test]
async fn comments_are_read_page_by_page_and_belong_to_one_thing() {
    let scene = Scene::set(1, 5, 1).await;
    let nodes = scene.issued_with(&[day(3, 31), day(6, 30)]).await;
    let path = format!("/time-nodes/{}/comments", nodes[0]);
    for text in ["一", "二", "三"] {
        scene.secretary().post(&path, json!({"text": text})).await.created();
    }
    let first = scene.secretary().get(&format!("{path}?limit=2")).await.ok();
    let cursor = first["next_cursor"].as_str().unwrap();
    assert_eq!((&first["items"][0]["text"], &first["items"][1]["text"]), (&json!("一"), &json!("二")));
    let rest = scene.secretary().get(&format!("{path}?limit=2&cursor={cursor}")).await.ok();
    assert_eq!((&rest["items"][0]["text"], &rest["next_cursor"]), (&json!("三"), &json!(null)));
    assert!(scene.secretary().get(&format!("/time-nodes/{}/comments", nodes[1])).await.items().is_empty());
    let task = scene.department.get("/tasks/1/comments").await.items();
    assert!(task.is_empty(), "a task's are not those of a node with the same id");
}
