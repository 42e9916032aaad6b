//! Workbooks and CSV files on their way in and out.

use std::io::Read;

use duban::platform::sheet::{Book, Value as Said, Workbook, read};
use serde_json::{Value, json};

use super::{Answer, Persona};

/// A workbook with one sheet of these rows, as texts.
pub fn workbook(name: &str, rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let mut table = book.plain(name, &[]).unwrap();
    for row in rows {
        table.row(row.iter().map(|text| if text.is_empty() { Said::Blank } else { Said::from(*text) })).unwrap();
    }
    let mut bytes = vec![];
    book.finish().unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// The same as CSV.
pub fn csv(rows: &[&[&str]]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(vec![]);
    rows.iter().for_each(|row| writer.write_record(*row).unwrap());
    writer.into_inner().unwrap()
}

impl Persona {
    /// Hands a file in to be imported.
    pub async fn hand_in(&self, query: &str, name: &str, bytes: &[u8]) -> Answer {
        self.post_file(&format!("/imports?{query}"), name, bytes).await
    }

    /// Hands rows in and commits them; the import as it was handed in.
    pub async fn import(&self, query: &str, rows: &[&[&str]], commit: Value) -> Value {
        let made = self.hand_in(query, "list.xlsx", &workbook("Sheet1", rows)).await.created();
        assert_eq!(made["outcome"]["problems"], json!([]), "{made:#}");
        self.post(&format!("/imports/{}/commit", made["id"]), commit).await.ok();
        made
    }

    /// The bytes behind an address, in a form.
    pub async fn download(&self, path: &str, accept: &str) -> Vec<u8> {
        let answer = self.request("GET", path).header("accept", accept).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.bytes().await.unwrap().to_vec()
    }

    /// Exports a list in both forms and hands each in again, untouched; fails unless nothing differs.
    pub async fn round_trip(&self, list: &str, scope: &str) {
        for (accept, name) in [("*/*", "list.xlsx"), ("text/csv", "list.csv")] {
            let bytes = self.download(&format!("/exports/{list}?{scope}"), accept).await;
            let made = self.hand_in(scope, name, &bytes).await.created();
            let rows = made["counts"]["rows"].as_i64().unwrap();
            let expected = json!({
                "rows": rows, "added": 0, "changed": 0, "removed": 0, "unchanged": rows, "problems": 0
            });
            assert_eq!(made["counts"], expected, "{list} {name}: {:#}", made["outcome"]);
            assert_eq!(made["list"], json!(list));
            let done = self.post(&format!("/imports/{}/commit", made["id"]), json!({})).await.ok();
            assert_eq!(done["state"], json!("committed"));
        }
    }
}

/// A workbook as it is read.
pub fn book(bytes: &[u8]) -> Book {
    read::read(bytes, "book.xlsx").unwrap()
}

/// The problems of an import, each as its cell and its code.
pub fn problems(import: &Value) -> Vec<(String, String)> {
    let said = |problem: &Value| {
        let place = problem["cell"].as_str().map_or_else(|| problem["row"].to_string(), str::to_owned);
        (place, problem["code"].as_str().unwrap().to_owned())
    };
    import["outcome"]["problems"].as_array().unwrap().iter().map(said).collect()
}
