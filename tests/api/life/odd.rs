//! Calls drawn from the contract: any operation by anybody, with ids that appeared or that nobody gave out, and bodies
//! after the contract's example with something wrong in them.

use rand::RngExt;
use serde_json::{Value, json};

use super::{Call, Life, Who};
use crate::support::{example, operations};

/// What would end the life, answers with secrets, or is sealed whenever the worker comes round to it.
const LEFT_OUT: &[&str] = &["/auth/", "/audit-entries", "/accounts", "/appointments", "/dissolve", "POST /attachments"];

const COLLECTIONS: &[(&str, &str)] = &[
    ("units", "unit"),
    ("plans", "plan"),
    ("key-points", "key_point"),
    ("tasks", "task"),
    ("responsibilities", "responsibility"),
    ("time-nodes", "time_node"),
    ("progress-reports", "progress_report"),
    ("extensions", "extension"),
    ("waivers", "waiver"),
    ("cancellations", "cancellation"),
    ("drafts", "draft"),
    ("standard-sets", "standard_set"),
    ("clauses", "clause"),
    ("clause-tasks", "clause_task"),
    ("assessments", "assessment"),
    ("findings", "finding"),
    ("measures", "measure"),
    ("meetings", "meeting"),
    ("agenda-items", "agenda_item"),
    ("opinions", "opinion"),
    ("decisions", "decision"),
    ("bulletins", "bulletin"),
    ("comments", "comment"),
];

const QUERIES: &[&str] = &[
    "limit=3",
    "limit=0",
    "limit=201",
    "cursor=x",
    "as_of=2020-02-30",
    "as_of=2020-03-31",
    "year=2020",
    "year=0",
    "unit_id=0",
    "group_by=unit",
    "group_by=month",
    "group_by=kind",
    "restated=true",
    "rate=on_time",
    "rate=compliance",
    "verdict=overdue",
    "q=%E4%BC%9A",
    "colour=red",
    "sort=id",
    "due_from=2020-03-01",
];

impl Life {
    pub async fn ask_oddly(&mut self) {
        let call = self.odd_call();
        self.call(call).await;
    }

    fn odd_call(&mut self) -> Call {
        let all = operations();
        let (method, template, operation) = loop {
            let (method, path, operation) = &all[self.dice.random_range(0..all.len())];
            let name = format!("{method} {path}");
            if !LEFT_OUT.iter().any(|left| name.contains(left)) {
                break (method.clone(), path.clone(), operation.clone());
            }
        };
        let who = match self.dice.random_range(0..12) {
            0 => Who::Nobody,
            1 => Who::Auditor,
            2 => Who::Admin,
            3 => Who::Inspector,
            4..6 => Who::Leader,
            6..9 => Who::Secretary(self.dice.random_range(0..3)),
            _ => Who::Department,
        };
        let mut path = self.odd_path(&template);
        let method = match method.as_str() {
            "GET" => "GET",
            "POST" => "POST",
            "PUT" => "PUT",
            "PATCH" => "PATCH",
            _ => "DELETE",
        };
        if method == "GET" {
            for (at, sign) in [(60, '?'), (30, '&')] {
                if self.chance(at) && (sign == '?' || path.contains('?')) {
                    path = format!("{path}{sign}{}", QUERIES[self.dice.random_range(0..QUERIES.len())]);
                }
            }
            return Call::get(who, path);
        }
        let body = self.odd_body(&example(&operation));
        let stale = self.chance(20).then_some("\"0\"");
        // The version is read first, which whoever may not read it can't.
        let etag = stale.or(matches!(who, Who::Nobody | Who::Auditor).then_some("\"1\""));
        Call { who, method, path, body: (method != "DELETE").then_some(body), etag: etag.or(Some("\"1\"")) }
    }

    /// The path with an id of the right kind, now and then one that nobody gave out.
    fn odd_path(&mut self, template: &str) -> String {
        let mut parts: Vec<String> = vec![];
        for part in template.split('/') {
            let filled = match (part, parts.last()) {
                ("{id}" | "{a}", Some(collection)) => {
                    let kind = COLLECTIONS.iter().find(|(segment, _)| segment == collection).map(|(_, kind)| *kind);
                    let known = kind.filter(|_| self.dice.random_bool(0.9)).and_then(|kind| self.pick(kind));
                    known.unwrap_or_else(|| "999999".to_owned())
                }
                ("{year}", _) => "2020".to_owned(),
                (part, _) if part.starts_with('{') => self.dice.random_range(0..3).to_string(),
                (part, _) => part.to_owned(),
            };
            parts.push(filled);
        }
        parts.join("/")
    }

    /// The example with ids that appeared, and one thing wrong with it at times.
    fn odd_body(&mut self, example: &Value) -> Value {
        let mut body = self.with_ids(example);
        if self.chance(50) {
            self.spoil(&mut body);
        }
        if body.is_null() { json!({}) } else { body }
    }

    fn with_ids(&mut self, value: &Value) -> Value {
        match value {
            Value::Object(fields) => {
                let mut filled = serde_json::Map::new();
                for (name, value) in fields {
                    let kind = name.strip_suffix("_ids").or_else(|| name.strip_suffix("_id"));
                    let kind = match kind {
                        Some("parent" | "successor") => Some("unit"),
                        Some("set" | "from_set") => Some("standard_set"),
                        Some("from_plan") => Some("plan"),
                        kind => kind,
                    };
                    let id = kind.and_then(|kind| self.pick(kind));
                    let value = match (value, id) {
                        (Value::Array(_), Some(id)) => json!([id]),
                        (Value::Number(_), Some(id)) => json!(id),
                        _ => self.with_ids(value),
                    };
                    filled.insert(name.clone(), value);
                }
                Value::Object(filled)
            }
            Value::Array(items) => items.iter().map(|item| self.with_ids(item)).collect(),
            _ => value.clone(),
        }
    }

    fn spoil(&mut self, body: &mut Value) {
        let wrong = [
            Value::Null,
            json!(""),
            json!("x"),
            json!(-1),
            json!(1_000_000_000_000_i64),
            json!("2020-02-30"),
            json!([]),
            json!({}),
            json!("机密★"),
            json!("a\u{0}b"),
            json!("长".repeat(300)),
            json!(true),
        ];
        let Some(fields) = body.as_object_mut() else { return };
        let names: Vec<String> = fields.keys().cloned().collect();
        if names.is_empty() || self.dice.random_bool(0.1) {
            fields.insert("colour".into(), json!("red"));
            return;
        }
        let name = &names[self.dice.random_range(0..names.len())];
        if self.dice.random_bool(0.2) {
            fields.remove(name);
        } else {
            fields.insert(name.clone(), wrong[self.dice.random_range(0..wrong.len())].clone());
        }
    }
}
