//! One entry an action, in its transaction, sealed into the chain within a second.

use diesel::RunQueryDsl;
use duban::access::Role;
use serde_json::json;

use crate::support::{Scene, day, id};

async fn settled(scene: &Scene) {
    duban::worker::seal_all(&scene.app.app).await.unwrap();
}

#[actix_web::test]
async fn every_action_leaves_its_entry_and_a_refusal_none() {
    let scene = Scene::set(1, 5, 1).await;
    let auditor = scene.app.person("auditor", Role::Auditor, None).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let report = scene.complete(nodes[0]).await;
    scene
        .secretary()
        .post(&format!("/time-nodes/{}/progress-reports", nodes[0]), json!({"kind": "completion", "text": "x"}))
        .await
        .refused(409, "completion_stands");
    scene.accept(&report).await;
    settled(&scene).await;
    let entries = auditor.get("/audit-entries?limit=200").await.items();
    let actions: Vec<_> = entries.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    let tail: Vec<_> = actions.iter().rev().take(3).rev().copied().collect();
    assert_eq!(tail, ["plan.issue", "progress_report.create", "review.create"]);
    let positions: Vec<_> = entries.iter().map(|entry| entry["position"].as_i64().unwrap()).collect();
    assert_eq!(positions, (1..=positions.len() as i64).collect::<Vec<_>>(), "without gaps");
    let of_report =
        auditor.get(&format!("/audit-entries?subject=progress_report&subject_id={}", id(&report))).await.items();
    assert_eq!((of_report.len(), &of_report[0]["account_id"]), (1, &json!(scene.secretary().account_id)));
    assert_eq!(of_report[0]["day"], json!("2020-01-05"));
    auditor.get("/audit-entries?subject=%00").await.refused(422, "control_character");
    let text = auditor.get("/audit-entries?limit=200").await.text;
    for secret in [crate::support::PASSWORD, "argon2", "refresh_token", scene.secretary().token.as_deref().unwrap()] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[actix_web::test]
async fn entries_are_sealed_within_a_second() {
    let scene = Scene::set(1, 5, 1).await;
    let auditor = scene.app.person("auditor", Role::Auditor, None).await;
    let unit = scene
        .admin
        .post("/units", json!({"name": "New", "kind": "branch", "parent_id": scene.committee}))
        .await
        .created();
    let path = format!("/audit-entries?subject=unit&subject_id={}", id(&unit));
    for _ in 0..20 {
        if !auditor.get(&path).await.items().is_empty() {
            return;
        }
        actix_web::rt::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("not sealed after two seconds");
}

#[actix_web::test]
async fn a_change_of_anything_in_the_log_is_found_and_named() {
    let scene = Scene::set(1, 5, 1).await;
    settled(&scene).await;
    let verify = async || scene.app.app.db.read(duban::audit::verify).await;
    let whole = verify().await.unwrap();
    assert!(whole.verified > 5 && whole.unsealed == 0);
    // Each is undone by putting the old value back, which the chain then accepts again.
    let changes = [
        (
            "UPDATE audit_entries SET details = details || ' ' WHERE id = 3",
            "UPDATE audit_entries SET details = TRIM(details) WHERE id = 3",
            "3",
        ),
        (
            "UPDATE audit_entries SET action = action || 'x' WHERE id = 2",
            "UPDATE audit_entries SET action = SUBSTR(action, 1, LENGTH(action) - 1) WHERE id = 2",
            "2",
        ),
        (
            "UPDATE audit_entries SET subject_id = subject_id + 1 WHERE id = 4",
            "UPDATE audit_entries SET subject_id = subject_id - 1 WHERE id = 4",
            "4",
        ),
        (
            "UPDATE audit_entries SET request_id = request_id || '0' WHERE id = 1",
            "UPDATE audit_entries SET request_id = SUBSTR(request_id, 1, LENGTH(request_id) - 1) WHERE id = 1",
            "1",
        ),
        (
            "UPDATE audit_entries SET content_hash = content_hash || '0' WHERE id = 3",
            "UPDATE audit_entries SET content_hash = SUBSTR(content_hash, 1, 64) WHERE id = 3",
            "3",
        ),
        (
            "UPDATE audit_seals SET chain_hash = chain_hash || '0' WHERE position = 2",
            "UPDATE audit_seals SET chain_hash = SUBSTR(chain_hash, 1, 64) WHERE position = 2",
            "2",
        ),
        (
            "UPDATE audit_seals SET position = 1000 WHERE position = 3",
            "UPDATE audit_seals SET position = 3 WHERE position = 1000",
            "3",
        ),
    ];
    let run = async |sql: &'static str| {
        scene.app.app.db.write(move |conn| Ok(diesel::sql_query(sql).execute(conn)?)).await.unwrap();
    };
    for (change, undo, position) in changes {
        run(change).await;
        let found = verify().await.unwrap_err();
        assert!(found.to_string().contains(&format!("entry {position}")), "{change}: {found}");
        run(undo).await;
        assert_eq!(verify().await.unwrap().head, whole.head, "{undo}");
    }
}
