//! Races: of many calls at the same moment one wins, and the others are told so.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Answer, Scene, day, id};

fn statuses(answers: &[Answer]) -> (usize, Vec<(u16, String)>) {
    let won = answers.iter().filter(|answer| answer.status < 300).count();
    let lost = answers.iter().filter(|answer| answer.status >= 300);
    (won, lost.map(|answer| (answer.status, answer.body["code"].as_str().unwrap().to_owned())).collect())
}

#[actix_web::test]
async fn of_two_reviews_of_one_report_one_stands() {
    let scene = Scene::set_busy(1, 5, 1).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let report = scene.complete(nodes[0]).await;
    let path = format!("/progress-reports/{}/reviews", id(&report));
    let accept = json!({"verdict": "accepted", "content_hash": report["content_hash"]});
    let give_back = json!({"verdict": "returned", "comment": "no", "content_hash": report["content_hash"]});
    let calls = (0..8).map(|n| {
        if n % 2 == 0 {
            scene.department.post(&path, accept.clone())
        } else {
            scene.leader.post(&path, give_back.clone())
        }
    });
    let (won, lost) = statuses(&join_all(calls).await);
    assert_eq!(won, 1);
    assert!(lost.iter().all(|refusal| *refusal == (409, "already_reviewed".into())), "{lost:?}");
    assert_eq!(scene.department.get(&path).await.items().len(), 1);
}

#[actix_web::test]
async fn of_two_issues_of_one_plan_one_makes_the_nodes() {
    let scene = Scene::set_busy(1, 5, 2).await;
    let plan = scene.plan().await;
    scene.task(plan, "Task", &scene.branches, json!([{"due_on": "2020-03-31"}])).await;
    let path = format!("/plans/{plan}/issue");
    let (won, lost) = statuses(&join_all((0..6).map(|_| scene.department.post(&path, json!({})))).await);
    assert_eq!(won, 1);
    assert!(lost.iter().all(|refusal| *refusal == (409, "already_issued".into())), "{lost:?}");
    assert_eq!(scene.department.get("/time-nodes").await.items().len(), 2);
}

#[actix_web::test]
async fn of_many_patches_with_one_etag_one_changes_the_unit() {
    let scene = Scene::set_busy(1, 5, 1).await;
    let path = format!("/units/{}", scene.branches[0]);
    let etag = scene.admin.get(&path).await.etag();
    let calls = (0..32).map(|n| scene.admin.patch_version(&path, json!({"name": format!("Branch {n}")}), &etag));
    let calls: Vec<_> = calls.collect();
    let (won, lost) = statuses(&join_all(calls).await);
    assert_eq!(won, 1);
    assert!(lost.iter().all(|refusal| *refusal == (412, "stale".into())), "{lost:?}");
    assert_eq!(scene.admin.get(&path).await.ok()["version"], json!(2));
}

#[actix_web::test]
async fn one_idempotency_key_sixteen_times_at_once_has_one_effect() {
    let scene = Scene::set_busy(1, 5, 1).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let path = format!("/time-nodes/{}/progress-reports", nodes[0]);
    let body = json!({"kind": "progress", "text": "half way", "percent": 50});
    let answers = join_all((0..16).map(|_| scene.secretary().post_with_key(&path, body.clone(), "key-1"))).await;
    let first: Value = answers[0].body.clone();
    for answer in &answers {
        assert!(answer.status == 201 || answer.status == 409 || answer.status == 503, "{}", answer.text);
        if answer.status == 201 {
            assert_eq!(answer.body["id"], answers.iter().find(|a| a.status == 201).unwrap().body["id"]);
        }
    }
    assert!(answers.iter().any(|answer| answer.status == 201), "{first}");
    assert_eq!(scene.secretary().get(&path).await.items().len(), 1);

    // Later the same call gives the same bytes, and another body is refused.
    let again = scene.secretary().post_with_key(&path, body, "key-1").await;
    let winner = answers.iter().find(|answer| answer.status == 201).unwrap();
    assert_eq!((again.status, &again.text, again.etag()), (201, &winner.text, winner.etag()));
    let other = json!({"kind": "progress", "text": "more", "percent": 60});
    scene.secretary().post_with_key(&path, other, "key-1").await.refused(422, "idempotency_key_reused");
    // Another account's key of the same name is another key.
    scene
        .department
        .post_with_key(&path, json!({"kind": "progress", "text": "by the department"}), "key-1")
        .await
        .created();
    // A refusal is not stored.
    let review = format!("/progress-reports/{}/reviews", id(&winner.body));
    let wrong = json!({"verdict": "accepted", "content_hash": "x"});
    scene.department.post_with_key(&review, wrong.clone(), "key-2").await.refused(409, "not_reviewable");
    scene.department.post_with_key(&review, wrong, "key-2").await.refused(409, "not_reviewable");
}

#[actix_web::test]
async fn an_upload_is_idempotent_by_its_name_and_bytes() {
    let scene = Scene::set_busy(1, 5, 1).await;
    let upload = async |bytes: &'static [u8]| {
        let part = reqwest::multipart::Part::bytes(bytes).file_name("a.pdf");
        let form = reqwest::multipart::Form::new().part("file", part);
        let request =
            scene.secretary().request("POST", "/attachments").multipart(form).header("idempotency-key", "up-1");
        scene.secretary().send("POST", "/attachments", request).await
    };
    let first = upload(b"%PDF-1.7 a").await.created();
    assert_eq!(upload(b"%PDF-1.7 a").await.created(), first);
    upload(b"%PDF-1.7 b").await.refused(422, "idempotency_key_reused");
}

#[actix_web::test]
async fn completions_of_one_node_at_once_leave_one() {
    let scene = Scene::set_busy(1, 5, 1).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let path = format!("/time-nodes/{}/progress-reports", nodes[0]);
    let body = json!({"kind": "completion", "text": "done"});
    let (won, lost) = statuses(&join_all((0..8).map(|_| scene.secretary().post(&path, body.clone()))).await);
    assert_eq!(won, 1);
    assert!(lost.iter().all(|refusal| *refusal == (409, "completion_stands".into())), "{lost:?}");
}

#[actix_web::test]
async fn a_report_that_is_final_while_others_still_write_never_changes() {
    let scene = Scene::set_busy(1, 5, 3).await;
    let plan = scene.plan().await;
    let entries: Vec<_> = (0..20).map(|n| json!({"due_on": day(1, 10) + chrono::Days::new(n)})).collect();
    scene.task(plan, "Task", &scene.branches, json!(entries)).await;
    scene.issue(plan).await;
    let mut open: Vec<Vec<i64>> = vec![];
    for branch in &scene.branches {
        let nodes = scene.department.get(&format!("/time-nodes?unit_id={branch}&limit=200")).await.items();
        open.push(nodes.iter().map(id).collect());
    }
    let mut bodies = vec![];
    for round in 0..8_u64 {
        let today = day(1, 12) + chrono::Days::new(round);
        scene.app.turn_to(today);
        let writers =
            scene.secretaries.iter().zip(&mut open).flat_map(|(secretary, nodes)| {
                nodes.drain(..2).map(move |node| {
                let body = json!({"kind": "completion", "text": "done"});
                async move { secretary.post(&format!("/time-nodes/{node}/progress-reports"), body).await.created() }
            }).collect::<Vec<_>>()
            });
        let path = format!("/reports/compliance?year=2020&as_of={today}&group_by=unit");
        let turned = async {
            // In the middle of it the next day begins, and somebody reads the report of the day that has just ended.
            actix_web::rt::time::sleep(std::time::Duration::from_millis(5 + 3 * round)).await;
            scene.app.turn_to(today + chrono::Days::new(1));
            let answer = scene.leader.get(&path).await;
            assert_eq!(answer.body["final"], json!(true));
            answer.text
        };
        let (_, text) = futures_util::future::join(join_all(writers.collect::<Vec<_>>()), turned).await;
        bodies.push((path, text));
    }
    for (path, text) in bodies {
        assert_eq!(scene.leader.get(&path).await.text, text, "{path}");
    }
}

#[actix_web::test]
async fn a_key_that_cannot_be_read_is_refused_and_not_overlooked() {
    let scene = Scene::set_busy(1, 5, 1).await;
    let body = json!({"name": "New", "kind": "branch", "parent_id": scene.committee});
    let key = reqwest::header::HeaderValue::from_bytes("键1".as_bytes()).unwrap();
    let request = scene.admin.request("POST", "/units").json(&body).header("idempotency-key", key);
    let at = scene.admin.send("POST", "/units", request).await.refused(422, "out_of_range");
    assert_eq!(at, "Idempotency-Key");
}
