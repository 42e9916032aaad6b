//! The independent model in `tests/model/`: every row of the database is exported, reports are asked over HTTP, and the
//! model recomputes each of them from the rows alone.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use diesel::RunQueryDsl;
use diesel::sql_types::Text;
use serde_json::{Value, json};

use super::{Scene, on_postgres};

#[derive(diesel::QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    of: String,
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    row: String,
}

/// Tables that change without anything being done to what they are about: the log is sealed beside the requests, and
/// every request touches its session.
const BESIDE: [&str; 4] = ["audit_seals", "sessions", "refresh_tokens", "idempotency_keys"];

/// Every row of every table, as JSON, but for [`BESIDE`]: what a refusal must not change.
pub async fn rows(scene: &Scene) -> BTreeMap<String, Vec<String>> {
    let mut all = rows_of(scene, None).await;
    all.retain(|table, _| !BESIDE.contains(&table.as_str()));
    all
}

/// The rows of some tables, or of all, as JSON, in their order.
pub async fn rows_of(scene: &Scene, wanted: Option<&[&str]>) -> BTreeMap<String, Vec<String>> {
    let columns = if on_postgres() {
        "SELECT table_name::text AS of, column_name::text AS name FROM information_schema.columns
         WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations'"
    } else {
        "SELECT m.name AS of, c.name AS name FROM sqlite_master m JOIN pragma_table_info(m.name) c
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> '__diesel_schema_migrations'"
    };
    let wanted: Option<Vec<String>> = wanted.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
    let exported = scene.app.app.db.read(move |conn| {
        let mut tables = BTreeMap::<String, Vec<String>>::new();
        for column in diesel::sql_query(columns).load::<Column>(conn)? {
            tables.entry(column.of).or_default().push(column.name);
        }
        tables.retain(|table, _| wanted.as_ref().is_none_or(|wanted| wanted.contains(table)));
        let mut all = BTreeMap::new();
        for (table, columns) in tables {
            let query = if on_postgres() {
                format!("SELECT row_to_json(t)::text AS row FROM {table} t")
            } else {
                let pairs: Vec<_> = columns.iter().map(|name| format!("'{name}', \"{name}\"")).collect();
                format!("SELECT json_object({}) AS row FROM {table}", pairs.join(", "))
            };
            let mut rows: Vec<_> = diesel::sql_query(query).load::<Row>(conn)?.into_iter().map(|row| row.row).collect();
            rows.sort();
            all.insert(table, rows);
        }
        Ok(all)
    });
    exported.await.unwrap()
}

/// Writes `<table>.jsonl` for every table, one row a line.
async fn export(scene: &Scene, folder: &Path) {
    for (table, rows) in rows_of(scene, None).await {
        let mut file = fs::File::create(folder.join(format!("{table}.jsonl"))).unwrap();
        for row in rows {
            writeln!(file, "{row}").unwrap();
        }
    }
}

/// Asks reports, exports the rows, and lets the model recompute all of it; fails with what differs. A question is the
/// name of the report with its parameters, such as `("compliance", {"year": 2020, "as_of": "2020-06-30", …})`.
pub async fn recompute(scene: &Scene, questions: &[(&str, Value)]) {
    let folder = tempfile::tempdir().unwrap();
    ask(scene, questions, folder.path()).await;
    if let Err(said) = model_agrees(&[folder.path()], questions.len()) {
        panic!("{said}the rows are kept in {}", folder.keep().display());
    }
}

/// Asks reports and exports the rows into a folder, for the model.
pub async fn ask(scene: &Scene, questions: &[(&str, Value)], folder: &Path) {
    let mut reports = vec![];
    for (report, asked) in questions {
        let given = asked.as_object().unwrap().iter().filter(|(_, value)| !value.is_null());
        let query: Vec<_> =
            given.map(|(name, value)| format!("{name}={}", value.to_string().replace('"', ""))).collect();
        let body = scene.department.get(&format!("/reports/{report}?{}", query.join("&"))).await.ok();
        reports.push(json!({"report": report, "asked": asked, "body": body}));
    }
    export(scene, folder).await;
    let lines: Vec<_> = reports.iter().map(Value::to_string).collect();
    fs::write(folder.join("reports.jsonl"), lines.join("\n")).unwrap();
}

/// Whether the model comes to the same figures in all the answered reports of some folders; else what it said.
pub fn model_agrees(folders: &[&Path], reports: usize) -> Result<(), String> {
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/model/compare.py");
    let said = Command::new("python3").arg("-B").arg(model).args(folders).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    let agreed = said.status.success() && out.contains(&format!("{reports} reports compared, 0 differ"));
    if agreed { Ok(()) } else { Err(format!("{out}{err}")) }
}
