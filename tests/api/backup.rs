//! A backup that is made under load restores, into either database, to one moment of what was: whole, and the same.
//!
//! `DUBAN_BACKUP_DRILLS` says how many drills under load are held (3).

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use duban::access::AccountId;
use duban::platform::Config;
use duban::platform::db::portable;
use serde_json::{Value, json};

use crate::support::proof;
use crate::support::{Persona, Scene, TestApp, day, id, on_postgres};

/// The program with the settings of an installation.
fn duban(config: &Config, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duban"));
    command.args(arguments).env("RUST_LOG", "warn").env("DATABASE_URL", &config.database_url);
    command.env("DUBAN_DATA_DIR", &config.data_dir).env("DUBAN_SECRET_FILE", &config.secret_file);
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

async fn backup(config: &Config, folder: &Path, more: &[&str]) -> (i32, Value, String) {
    let arguments = [&["backup", folder.to_str().unwrap(), "--json"], more].concat();
    let (config, arguments): (_, Vec<_>) = (config.clone(), arguments.into_iter().map(str::to_owned).collect());
    let run = move || duban(&config, &arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let (code, out, error) = actix_web::rt::task::spawn_blocking(run).await.unwrap();
    (code, serde_json::from_str(&out).unwrap_or_default(), error)
}

fn restore(config: &Config, folder: &Path) -> (i32, Value, String) {
    let (code, out, error) = duban(config, &["restore", folder.to_str().unwrap(), "--json"]);
    (code, serde_json::from_str(&out).unwrap_or_default(), error)
}

/// Every row of every table, as a backup spells it.
fn rows(url: &str) -> BTreeMap<String, Vec<String>> {
    let mut conn = portable::connect(url).unwrap();
    let tables = portable::tables(&mut conn).unwrap();
    let read = tables.iter().map(|table| {
        let mut lines = vec![];
        let each = |line: &str| {
            lines.push(line.to_owned());
            Ok(())
        };
        portable::each_row(&mut conn, table, each).unwrap();
        (table.name.clone(), lines)
    });
    read.collect()
}

/// An installation with a bit of everything: reviews, evidence, a deleted row, an ended sign-in.
async fn furnished() -> (Scene, Vec<i64>) {
    let scene = Scene::set(1, 5, 2).await;
    let nodes = scene.issued_with(&[day(3, 31), day(6, 30)]).await;
    let file = scene.secretary().upload("记录.pdf", "%PDF-1.7 会议记录".as_bytes()).await.created();
    let body = json!({"kind": "completion", "text": "完成。\n\"引号\" \\ 😀", "attachment_ids": [id(&file)]});
    let report = scene.secretary().post(&format!("/time-nodes/{}/progress-reports", nodes[0]), body).await.created();
    scene.accept(&report).await;
    // A file that was destroyed 销毁 is gone on purpose.
    let gone = id(&scene.secretary().upload("错传.pdf", "%PDF-1.7 错传".as_bytes()).await.created());
    scene
        .secretary()
        .post(&format!("/attachments/{gone}/destroy"), json!({"reason": "it names persons"}))
        .await
        .created();
    let approved = json!({"verdict": "approved"});
    scene.leader.post(&format!("/attachments/{gone}/destroy/decision"), approved).await.ok();
    let draft = json!({"kind": "progress", "text": "to be deleted"});
    let drafts = format!("/time-nodes/{}/drafts", nodes[1]);
    let draft = id(&scene.secretary().post(&drafts, draft).await.created());
    scene.secretary().delete(&format!("/drafts/{draft}")).await;
    scene.call_meeting(&scene.branches).await;
    duban::worker::seal_all(&scene.app.app).await.unwrap();
    (scene, nodes)
}

#[actix_web::test]
async fn what_is_restored_is_what_was_saved_in_either_database() {
    let (scene, nodes) = furnished().await;
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("saved");
    let (code, made, error) = backup(&scene.app.config, &saved, &[]).await;
    assert_eq!((code, &made["secret_key"], &made["evidence"]["files"]), (0, &json!(true), &json!(1)), "{error}");
    let before = rows(&scene.app.config.database_url);
    // On PostgreSQL it goes into both kinds; a run on SQLite has no PostgreSQL.
    for postgres in [false, true] {
        if postgres && !on_postgres() {
            continue;
        }
        let elsewhere = tempfile::tempdir().unwrap();
        let config = scene.app.elsewhere(elsewhere.path(), postgres);
        let (code, restored, error) = restore(&config, &saved);
        assert_eq!(code, 0, "{error}");
        assert_eq!((&restored["rows"], &restored["tables"]), (&made["rows"], &made["tables"]));
        assert_eq!(rows(&config.database_url), before);

        // The restored installation lives: the same sign-in, the same evidence, and ids go on where they stood.
        let app = TestApp::serve(config).await;
        let secretary = Persona { base: app.base.clone(), ..scene.secretary().clone() };
        let node = secretary.get(&format!("/time-nodes/{}", nodes[0])).await.ok();
        assert_eq!(node["verdict"], json!("done_on_time"));
        let content = secretary.get("/attachments/1/content").await;
        assert_eq!((content.status, content.text.as_str()), (200, "%PDF-1.7 会议记录"));
        let draft = secretary
            .post(&format!("/time-nodes/{}/drafts", nodes[1]), json!({"kind": "progress", "text": "new"}))
            .await
            .created();
        assert_eq!(id(&draft), 2, "the id of a deleted row is not given again");
    }
}

#[actix_web::test]
async fn nothing_is_overwritten() {
    let (scene, _) = furnished().await;
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("saved");
    assert_eq!(backup(&scene.app.config, &saved, &[]).await.0, 0);
    let (code, _, error) = backup(&scene.app.config, &saved, &[]).await;
    assert!(code == 1 && error.contains("exists already"), "{error}");
    let before = rows(&scene.app.config.database_url);
    let (code, _, error) = restore(&scene.app.config, &saved);
    assert!(code == 1 && error.contains("is not empty"), "{error}");
    assert_eq!(rows(&scene.app.config.database_url), before);
    // Another key at its place stays, and what it does not open is not restored.
    let elsewhere = tempfile::tempdir().unwrap();
    let config = scene.app.elsewhere(elsewhere.path(), on_postgres());
    let other = "00".repeat(32);
    std::fs::write(&config.secret_file, &other).unwrap();
    let (code, _, error) = restore(&config, &saved);
    assert!(code == 1 && error.contains("DUBAN_SECRET_FILE"), "{error}");
    assert_eq!(std::fs::read_to_string(&config.secret_file).unwrap(), other);
    assert!(rows(&config.database_url).values().all(Vec::is_empty), "nothing of it was kept");
    // A backup is for its owner only.
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(std::fs::metadata(&saved).unwrap().permissions().mode() & 0o077, 0);
}

#[actix_web::test]
async fn a_backup_without_its_key_asks_for_it() {
    let (scene, _) = furnished().await;
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("saved");
    assert_eq!(backup(&scene.app.config, &saved, &["--without-secret-key"]).await.0, 0);
    assert!(!saved.join("secret.key").exists());
    let elsewhere = tempfile::tempdir().unwrap();
    let config = scene.app.elsewhere(elsewhere.path(), on_postgres());
    let (code, _, error) = restore(&config, &saved);
    assert!(code == 1 && error.contains("DUBAN_SECRET_FILE"), "{error}");
    assert!(!config.secret_file.exists(), "no key is made up");
    std::fs::copy(&scene.app.config.secret_file, &config.secret_file).unwrap();
    assert_eq!(restore(&config, &saved).0, 0);
}

#[actix_web::test]
async fn a_backup_in_which_a_byte_was_changed_is_refused() {
    let (scene, _) = furnished().await;
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("saved");
    assert_eq!(backup(&scene.app.config, &saved, &[]).await.0, 0);
    let evidence = std::fs::read_dir(saved.join("evidence")).unwrap().next().unwrap().unwrap().path();
    let evidence = std::fs::read_dir(evidence).unwrap().next().unwrap().unwrap().path();
    let files = [saved.join("manifest.json"), saved.join("rows/time_nodes.jsonl"), evidence];
    for file in files {
        let whole = std::fs::read(&file).unwrap();
        let mut changed = whole.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        std::fs::write(&file, changed).unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let config = scene.app.elsewhere(elsewhere.path(), on_postgres());
        let (code, _, error) = restore(&config, &saved);
        assert!(code == 1 && error.contains("changed"), "{}: {error}", file.display());
        assert!(rows(&config.database_url).values().all(Vec::is_empty), "{}", file.display());
        std::fs::write(&file, whole).unwrap();
    }
    // Evidence that is damaged in the installation is named, and the rest is saved all the same.
    let digest = rows(&scene.app.config.database_url)["attachments"][0].split('"').nth(1).unwrap().to_owned();
    std::fs::write(scene.app.app.evidence.path(&digest), "something else").unwrap();
    let second = folder.path().join("second");
    let (code, made, error) = backup(&scene.app.config, &second, &[]).await;
    assert!(code == 1 && error.contains(&digest), "{error}");
    assert_eq!(made["evidence"]["damaged"], json!([digest]));
    let elsewhere = tempfile::tempdir().unwrap();
    let (code, restored, error) = restore(&scene.app.elsewhere(elsewhere.path(), on_postgres()), &second);
    assert_eq!((code, &restored["damaged"]), (0, &json!([digest])), "{error}");
}

/// Writes without pause until told to stop, and notes what was acknowledged: the text of each report, the digest of
/// each file.
async fn keep_writing(secretary: Persona, node: i64, drill: usize, stop: &AtomicBool, noted: &Mutex<Vec<String>>) {
    let path = format!("/time-nodes/{node}/progress-reports");
    let mut n = 0;
    while !stop.load(Ordering::Relaxed) {
        let text = format!("drill {drill} node {node} number {n}");
        let bytes = format!("%PDF-1.7 {text}");
        let file = secretary.upload("a.pdf", bytes.as_bytes()).await.created();
        let body = json!({"kind": "progress", "text": text, "attachment_ids": [id(&file)]});
        secretary.post(&path, body).await.created();
        noted.lock().unwrap().push(text);
        n += 1;
    }
}

#[actix_web::test]
async fn a_backup_under_load_holds_all_that_was_acknowledged_before_it() {
    let drills = proof::size("DUBAN_BACKUP_DRILLS", 3) as usize;
    let scene = Scene::set(1, 5, 4).await;
    let plan = scene.plan().await;
    scene.task(plan, "Task", &scene.branches, json!([{"due_on": "2020-03-31"}])).await;
    scene.issue(plan).await;
    let mut nodes = vec![];
    for branch in &scene.branches {
        nodes.push(id(&scene.department.get(&format!("/time-nodes?unit_id={branch}")).await.items()[0]));
    }
    let (mut saved_rows, mut acknowledged) = (0, 0);
    let (begun, mut drilled) = (std::time::Instant::now(), 0);
    for drill in (0..drills).take_while(|_| !proof::is_over(begun)) {
        let (stop, noted) = (AtomicBool::new(false), Mutex::new(vec![]));
        let folder = tempfile::tempdir().unwrap();
        let saved = folder.path().join("saved");
        // Signed in anew: the token of the first drill is not that of the last.
        let mut writers = vec![];
        for (number, (secretary, node)) in (1..).zip(scene.secretaries.iter().zip(&nodes)) {
            let account = AccountId(secretary.account_id);
            let secretary = scene.app.sign_in(&format!("secretary-{number}"), account).await;
            writers.push(keep_writing(secretary, *node, drill, &stop, &noted));
        }
        let saving = async {
            while noted.lock().unwrap().len() < 12 {
                actix_web::rt::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            let before = noted.lock().unwrap().clone();
            let made = backup(&scene.app.config, &saved, &[]).await;
            stop.store(true, Ordering::Relaxed);
            (before, made)
        };
        let (_, (before, (code, made, error))) =
            futures_util::future::join(futures_util::future::join_all(writers), saving).await;
        assert_eq!(code, 0, "{error}");
        assert!(noted.lock().unwrap().len() > before.len(), "it was made under load");
        // Even drills restore to the same kind of database; on PostgreSQL the odd ones restore to SQLite.
        let elsewhere = tempfile::tempdir().unwrap();
        let config = scene.app.elsewhere(elsewhere.path(), on_postgres() && drill % 2 == 0);
        let (code, restored, error) = restore(&config, &saved);
        assert_eq!((code, &restored["rows"]), (0, &made["rows"]), "{error}");
        let rows = rows(&config.database_url);
        let texts = &rows["progress_reports"];
        for text in &before {
            let quoted = format!("\"{text}\"");
            assert_eq!(texts.iter().filter(|row| row.contains(&quoted)).count(), 1, "{text} is in the backup once");
        }
        // One moment: each report has its entry in the log and its file.
        let entries = rows["audit_entries"].iter().filter(|row| row.contains("\"progress_report.create\"")).count();
        assert_eq!(entries, texts.len());
        assert_eq!(rows["report_attachments"].len(), texts.len());
        saved_rows += made["rows"].as_i64().unwrap();
        acknowledged += before.len();
        drilled += 1;
    }
    println!(
        "{drilled} backups under load restored: {acknowledged} acknowledged writes before them, {saved_rows} rows, 0 lost"
    );
}
