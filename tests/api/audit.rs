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
    let (path, begun) = (format!("/audit-entries?subject=unit&subject_id={}", id(&unit)), std::time::Instant::now());
    while auditor.get(&path).await.items().is_empty() {
        let waited = begun.elapsed();
        assert!(waited < std::time::Duration::from_millis(1000), "not sealed after {waited:?}");
        actix_web::rt::time::sleep(std::time::Duration::from_millis(50)).await;
    }
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

#[derive(diesel::QueryableByName)]
struct Written {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    id: i64,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    position: i64,
    #[diesel(sql_type = diesel::sql_types::Timestamp)]
    at: chrono::NaiveDateTime,
    #[diesel(sql_type = diesel::sql_types::Date)]
    day: chrono::NaiveDate,
    #[diesel(sql_type = diesel::sql_types::Text)]
    action: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    subject: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    details: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    request_id: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    content_hash: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    chain_hash: String,
}

/// Every assignment that changes one character of one entry or of its seal, or one digit of its moment, day and ids;
/// with the table and the one that puts it back.
fn changes(row: &Written) -> Vec<(&'static str, String, String)> {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let mut all = vec![];
    let texts = [
        ("audit_entries", "action", &row.action),
        ("audit_entries", "subject", &row.subject),
        ("audit_entries", "details", &row.details),
        ("audit_entries", "request_id", &row.request_id),
        ("audit_entries", "content_hash", &row.content_hash),
        ("audit_seals", "chain_hash", &row.chain_hash),
    ];
    for (table, column, text) in texts {
        for (place, old) in text.char_indices() {
            let new = if old == 'x' { 'y' } else { 'x' };
            let changed = format!("{}{new}{}", &text[..place], &text[place + old.len_utf8()..]);
            all.push((table, format!("{column} = {}", quoted(&changed)), format!("{column} = {}", quoted(text))));
        }
    }
    let moment = |at: chrono::NaiveDateTime| format!("at = '{}'", at.format("%Y-%m-%d %H:%M:%S%.6f"));
    for power in 0..14 {
        let other = row.at + chrono::TimeDelta::microseconds(10_i64.pow(power));
        all.push(("audit_entries", moment(other), moment(row.at)));
    }
    for days in [1, 10, 365] {
        let other = row.day + chrono::Days::new(days);
        all.push(("audit_entries", format!("day = '{other}'"), format!("day = '{}'", row.day)));
    }
    for column in ["account_id", "subject_id"] {
        let (more, less) = (format!("COALESCE({column}, 0) + 1"), format!("NULLIF({column} - 1, 0)"));
        all.push(("audit_entries", format!("{column} = {more}"), format!("{column} = {less}")));
    }
    all.push(("audit_seals", "position = position + 1000".into(), "position = position - 1000".into()));
    all
}

#[actix_web::test]
async fn any_character_that_is_changed_is_found_and_its_entry_named() {
    let app = crate::support::TestApp::start(1, 5).await;
    app.administrator().await.post("/units", json!({"name": "党委", "kind": "committee"})).await.created();
    duban::worker::seal_all(&app.app).await.unwrap();
    let rows = app.app.db.read(|conn| {
        let query =
            "SELECT e.id, s.position, e.at, e.day, e.action, e.subject, e.details, e.request_id, e.content_hash,
            s.chain_hash FROM audit_entries e JOIN audit_seals s ON s.entry_id = e.id ORDER BY s.position";
        Ok(diesel::sql_query(query).load::<Written>(conn)?)
    });
    let rows = rows.await.unwrap();
    let (entries, mut tried) = (rows.len(), 0);
    assert!(entries >= 4, "{entries}");
    for row in rows {
        let changes = changes(&row);
        tried += changes.len();
        let tampered = app.app.db.write(move |conn| {
            let mut unnoticed = vec![];
            for (table, change, undo) in &changes {
                let id = if *table == "audit_seals" { "entry_id" } else { "id" };
                let put = |assignment: &str| format!("UPDATE {table} SET {assignment} WHERE {id} = {}", row.id);
                diesel::sql_query(put(change)).execute(conn)?;
                let found = duban::audit::verify(conn).err().map(|error| error.to_string()).unwrap_or_default();
                // What is cut out of the middle is missed where it was.
                if !found.contains(&format!("entry {}", row.position)) {
                    unnoticed.push(format!("{change}: {found:?}"));
                }
                diesel::sql_query(put(undo)).execute(conn)?;
            }
            duban::audit::verify(conn)?;
            Ok(unnoticed)
        });
        let unnoticed = tampered.await.unwrap();
        assert!(unnoticed.is_empty(), "entry {}: {unnoticed:#?}", row.position);
    }
    println!("audit: {tried} changes of {entries} entries, all found and named");
}
