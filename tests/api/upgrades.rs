//! A database of an earlier schema opens: it is brought up to date, no row is lost or changed, the audit log is whole, and
//! a past report reads as it did.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use diesel::connection::SimpleConnection;
use duban::access::Role;
use duban::platform::db::portable;
use serde_json::Value;

use crate::support::{TestApp, on_postgres};

const SCHEMAS: &[&str] = &["0013"];

fn text(file: &Path) -> String {
    let (file, mut text) = (std::fs::File::open(file).unwrap(), String::new());
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    text
}

/// The rows of a database by table, each with the names of its columns.
fn rows(url: &str) -> BTreeMap<String, Vec<BTreeMap<String, Value>>> {
    let mut conn = portable::connect(url).unwrap();
    let mut found = BTreeMap::new();
    for table in portable::tables(&mut conn).unwrap() {
        let mut rows = vec![];
        let each = |line: &str| {
            let values: Vec<Value> = serde_json::from_str(line).unwrap();
            rows.push(table.columns.iter().map(|column| column.name.clone()).zip(values).collect());
            Ok(())
        };
        portable::each_row(&mut conn, &table, each).unwrap();
        found.insert(table.name.clone(), rows);
    }
    found
}

/// Whether all that `old` says is said by `new` too; later versions may say more.
fn still_says(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            old.iter().all(|(name, value)| new.get(name).is_some_and(|new| still_says(value, new)))
        }
        (Value::Array(old), Value::Array(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| still_says(old, new))
        }
        _ => old == new,
    }
}

#[actix_web::test]
async fn every_earlier_schema_is_brought_up_to_date_with_all_its_rows() {
    for schema in SCHEMAS {
        let fixture = Path::new("tests/fixtures").join(format!("schema-{schema}"));
        let template = TestApp::start(1, 5).await;
        let folder = tempfile::tempdir().unwrap();
        let mut config = template.elsewhere(folder.path(), on_postgres());
        config.today = chrono::NaiveDate::from_ymd_opt(2020, 9, 30);
        std::fs::copy(fixture.join("secret.key"), &config.secret_file).unwrap();
        let dump = text(&fixture.join(if on_postgres() { "postgres.sql.gz" } else { "sqlite.sql.gz" }));
        portable::connect(&config.database_url).unwrap().batch_execute(&dump).unwrap();
        let mut conn = portable::connect(&config.database_url).unwrap();
        assert_eq!(portable::version(&mut conn).unwrap(), *schema);
        drop(conn);
        let before = rows(&config.database_url);
        assert!(before.values().filter(|rows| !rows.is_empty()).count() >= 60, "the fixture fills the tables");

        // As it is, it is saved and restored too.
        let (saved, elsewhere) = (folder.path().join("saved"), tempfile::tempdir().unwrap());
        let hidden = indicatif::ProgressBar::hidden();
        duban::backup::make(&config, &saved, true, &hidden).unwrap();
        let restored = duban::backup::restore(&template.elsewhere(elsewhere.path(), on_postgres()), &saved, &hidden);
        assert_eq!(restored.unwrap().schema_of_backup, *schema);

        let app = TestApp::serve(config.clone()).await;
        let after = rows(&config.database_url);
        for (table, old) in &before {
            let new = &after[table];
            // Opening it may make a signing key and records nothing else.
            assert!(new.len() == old.len() || table == "signing_keys", "{table}: {} rows of {}", new.len(), old.len());
            for row in old {
                let kept = new.iter().any(|new| row.iter().all(|(name, value)| new.get(name) == Some(value)));
                assert!(kept, "{schema}, {table}: {row:?}");
            }
        }
        let verified = app.app.db.read_long(duban::audit::verify).await.unwrap();
        assert_eq!(verified.verified + verified.unsealed, before["audit_entries"].len() as i64);
        let leader = app.person("leader-2020", Role::Leader, Some(1)).await;
        let path = "/reports/compliance?year=2020&as_of=2020-06-30&group_by=unit";
        let report = leader.get(path).await.ok();
        let saved = std::fs::read_to_string(fixture.join("compliance-2020-06-30.json")).unwrap();
        assert!(still_says(&serde_json::from_str(&saved).unwrap(), &report), "{schema}: {report:#}\n{saved}");
        let total: usize = before.values().map(Vec::len).sum();
        println!("schema {schema}: {total} rows of {} tables brought up to date, 0 lost, 0 changed", before.len());
    }
}
