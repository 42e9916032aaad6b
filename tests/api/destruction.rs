//! The bytes of a file are destroyed by two persons; its digest, its name and the reports that name it stay.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::support::{Browser, Persona, Scene, day, id};

const BYTES: &[u8] = b"%PDF-1.7 something that should not be here";

async fn uploaded(who: &Persona) -> (i64, String) {
    let file = who.upload("minutes.pdf", BYTES).await.created();
    (id(&file), file["sha256"].as_str().unwrap().to_owned())
}

async fn reported(scene: &Scene, node: i64, file: i64) -> Value {
    let body = json!({"kind": "completion", "text": "done", "attachment_ids": [file]});
    scene.secretary().post(&format!("/time-nodes/{node}/progress-reports"), body).await.created()
}

fn lies(scene: &Scene, sha256: &str) -> bool {
    scene.app.folder().join("evidence").join(&sha256[..2]).join(sha256).is_file()
}

#[actix_web::test]
async fn one_asks_with_a_reason_and_another_confirms_and_the_digest_stays() {
    let scene = Scene::set(1, 5, 2).await;
    let n = scene.issued_with(&[day(3, 31), day(4, 30)]).await;
    let (file, sha256) = uploaded(scene.secretary()).await;
    let accepted = reported(&scene, n[0], file).await;
    scene.accept(&accepted).await;
    let pending = reported(&scene, n[1], file).await;
    let path = format!("/attachments/{file}/destroy");
    let (why, approved) = (json!({"reason": "it names persons"}), json!({"verdict": "approved"}));
    scene.leader.post(&format!("{path}/decision"), approved.clone()).await.refused(409, "no_destruction");
    scene.secretary().post(&path, json!({})).await.refused(422, "missing_field");
    scene.secretaries[1].post(&path, why.clone()).await.refused(403, "forbidden");
    let asked = scene.secretary().post(&path, why.clone()).await.created();
    assert_eq!((&asked["state"], &asked["reason"]), (&json!("requested"), &why["reason"]));
    scene.secretary().post(&path, why.clone()).await.refused(409, "destruction_pending");
    for (who, waits) in [(&scene.leader, true), (&scene.department, true), (scene.secretary(), false)] {
        let inbox = who.get("/inbox?kind=to_decide").await.ok();
        let named = inbox["items"].as_array().unwrap().iter().any(|item| item["subject"] == "attachment");
        assert_eq!(named, waits, "{inbox}");
    }
    // Asking alone destroys nothing, and whoever asked does not confirm, nor does one without the right.
    let decision = format!("{path}/decision");
    scene.secretary().post(&decision, approved.clone()).await.refused(403, "forbidden");
    scene.secretaries[1].post(&decision, approved.clone()).await.refused(403, "forbidden");
    assert!(lies(&scene, &sha256));
    scene.leader.post(&decision, json!({"verdict": "refused"})).await.refused(422, "refusal_unexplained");
    scene.app.turn_to(day(1, 8));
    let done = scene.leader.post(&decision, approved.clone()).await.ok();
    assert_eq!((&done["state"], &done["decided_on"]), (&json!("approved"), &json!("2020-01-08")));
    assert!(!lies(&scene, &sha256), "the bytes are gone");
    // The digest stays, and reports go on naming it, as destroyed.
    let shown = scene.department.get(&format!("/attachments/{file}")).await.ok();
    assert_eq!((&shown["sha256"], &shown["destroyed_on"]), (&json!(sha256), &json!("2020-01-08")));
    let report = scene.department.get(&format!("/progress-reports/{}", id(&accepted))).await.ok();
    assert_eq!((&report["attachments"][0], &report["state"]), (&shown, &json!("accepted")));
    scene.department.get(&format!("/attachments/{file}/content")).await.refused(409, "attachment_destroyed");
    // What waits can't be accepted on it any more; it can be returned.
    let review = format!("/progress-reports/{}/reviews", id(&pending));
    let hash = &pending["content_hash"];
    let accept = json!({"verdict": "accepted", "content_hash": hash});
    scene.department.post(&review, accept).await.refused(409, "attachment_destroyed");
    let give_back = json!({"verdict": "returned", "content_hash": hash, "comment": "evidence again, please"});
    scene.department.post(&review, give_back).await.created();
    let again = json!({"kind": "completion", "text": "done", "attachment_ids": [file]});
    let again = scene.secretary().post(&format!("/time-nodes/{}/progress-reports", n[1]), again).await;
    again.refused(409, "attachment_destroyed");
    scene.secretary().upload("again.pdf", BYTES).await.refused(409, "upload_destroyed");
    assert!(!lies(&scene, &sha256), "a refused upload leaves nothing");
    let mut browser = Browser::signed_in(&scene.app, "secretary-1").await;
    let page = browser.open(&format!("/report?node={}", n[1])).await;
    let form = Form::new().text("_csrf", page.is(200).token()).text("node", n[1].to_string()).text("text", "done");
    let form = form.part("files", Part::bytes(BYTES).file_name("again.pdf")).text("do", "sign");
    browser.upload("/report", form).await.is(422).says("已于 2020-01-08 销毁");
    assert!(!lies(&scene, &sha256), "nor does one from a form");
    scene.secretary().post(&path, why).await.refused(409, "attachment_destroyed");
    scene.leader.post(&decision, approved).await.refused(409, "no_destruction");
    assert_eq!(scene.department.get(&path).await.items().len(), 1);
    let entries = scene.audited_of("attachment").await;
    let actions: Vec<_> = entries.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    let expected = ["attachment.create", "attachment.ask_destruction", "attachment.destroy"];
    assert!(expected.iter().all(|action| actions.contains(action)), "{actions:?}");
    assert_eq!(actions.len(), 3, "a refusal leaves no entry: {actions:?}");
}

#[actix_web::test]
async fn a_department_that_asked_needs_a_leader_and_a_refusal_leaves_the_file() {
    let scene = Scene::set(1, 5, 1).await;
    let n = scene.issued_with(&[day(3, 31)]).await;
    let (file, sha256) = uploaded(scene.secretary()).await;
    let report = reported(&scene, n[0], file).await;
    let path = format!("/attachments/{file}/destroy");
    let decision = format!("{path}/decision");
    scene.department.post(&path, json!({"reason": "the wrong file"})).await.created();
    scene.department.post(&decision, json!({"verdict": "approved"})).await.refused(403, "own_request");
    let refused = json!({"verdict": "refused", "reason": "it is the right one"});
    let refused = scene.leader.post(&decision, refused).await.ok();
    assert_eq!((&refused["state"], &refused["decision_reason"]), (&json!("refused"), &json!("it is the right one")));
    assert!(lies(&scene, &sha256));
    scene.accept(&report).await;
    // It may be asked for again.
    scene.department.post(&path, json!({"reason": "the wrong file indeed"})).await.created();
    assert_eq!(scene.department.get(&path).await.items().len(), 2);
}

#[actix_web::test]
async fn every_upload_of_the_same_bytes_is_destroyed_by_who_stands_above_all_that_names_them() {
    let scene = Scene::set(1, 5, 2).await;
    let n = scene.issued_with(&[day(3, 31)]).await;
    let (mine, _) = uploaded(scene.secretary()).await;
    let (theirs, sha256) = uploaded(&scene.secretaries[1]).await;
    assert_ne!(mine, theirs);
    reported(&scene, n[0], mine).await;
    // A leader of the second branch alone does not destroy what the first one reported.
    let role = duban::access::Role::Leader;
    let elsewhere = scene.app.person("elsewhere", role, Some(scene.branches[1])).await;
    scene.secretaries[1].post(&format!("/attachments/{theirs}/destroy"), json!({"reason": "x"})).await.created();
    let path = format!("/attachments/{theirs}/destroy/decision");
    elsewhere.post(&path, json!({"verdict": "approved"})).await.refused(403, "forbidden");
    scene.leader.post(&path, json!({"verdict": "approved"})).await.ok();
    assert!(!lies(&scene, &sha256));
    let shown = scene.secretary().get(&format!("/attachments/{mine}")).await.ok();
    assert_eq!(shown["destroyed_on"], json!("2020-01-05"), "the other upload of the same bytes");
}

#[actix_web::test]
async fn what_was_destroyed_stands_in_the_way_of_a_check_and_of_a_close_out() {
    use crate::compliance::{clause, published};
    let scene = Scene::set(1, 5, 1).await;
    let destroy = async |file: i64| {
        let path = format!("/attachments/{file}/destroy");
        scene.department.post(&path, json!({"reason": "it names persons"})).await.created();
        scene.leader.post(&format!("{path}/decision"), json!({"verdict": "approved"})).await.ok();
    };
    // An assessment whose evidence goes between the results and the check.
    let (_, c) = published(&scene, scene.committee, "2019", &[clause("1.1", "Organisation")]).await;
    let body = json!({"unit_id": scene.branches[0]});
    let path = format!("/assessments/{}", id(&scene.secretary().post("/assessments", body).await.created()));
    let own = json!({"results": [{"clause_id": c[0], "result": "met"}]});
    scene.secretary().put(&format!("{path}/self-results"), own).await.ok();
    scene.secretary().post(&format!("{path}/self-assessment"), json!({})).await.ok();
    let (file, _) = uploaded(&scene.department).await;
    let results = |files: Vec<i64>| json!({"results": [{"clause_id": c[0], "result": "met", "attachment_ids": files}]});
    scene.department.put(&format!("{path}/results"), results(vec![file])).await.ok();
    destroy(file).await;
    scene.department.post(&format!("{path}/check"), json!({})).await.refused(409, "evidence_destroyed");
    scene.department.put(&format!("{path}/results"), results(vec![])).await.ok();
    scene.department.post(&format!("{path}/check"), json!({})).await.ok();
    // An application for a close-out.
    let found = json!({"title": "会议记录不完整", "kind": "immediate", "unit_ids": scene.branches,
        "source": {"body": "考核组", "on": "2020-01-03"}});
    let finding = format!("/findings/{}", id(&scene.department.post("/findings", found).await.created()));
    let measure = json!({"text": "补齐", "due_on": "2020-03-31"});
    scene.secretary().post(&format!("{finding}/measures"), measure).await.created();
    let file = scene.secretary().upload("other.pdf", b"%PDF-1.7 other").await.created();
    let applied = json!({"text": "已补齐", "attachment_ids": [id(&file)]});
    scene.secretary().post(&format!("{finding}/applications"), applied).await.created();
    destroy(id(&file)).await;
    let check = format!("{finding}/checks");
    scene.department.post(&check, json!({"verdict": "passed"})).await.refused(409, "attachment_destroyed");
    scene.department.post(&check, json!({"verdict": "failed", "reason": "佐证已销毁"})).await.created();
}

#[actix_web::test]
async fn sign_in_and_upload_say_that_nothing_secret_belongs_here() {
    let scene = Scene::set(1, 5, 1).await;
    let login = json!({"username": "leader", "password": crate::support::PASSWORD});
    let signed_in = scene.app.anonymous().post("/auth/login", login).await.ok();
    let uploaded = scene.secretary().upload("a.pdf", BYTES).await.created();
    for answer in [signed_in, uploaded] {
        assert_eq!(answer["notice"]["zh-CN"], json!("本系统为非涉密系统，严禁上传、处理国家秘密和工作秘密"));
        assert!(answer["notice"]["en"].as_str().unwrap().contains("not for classified matter"), "{answer}");
    }
}
