//! What is learned from answers, and what makes two of them the same.

use std::collections::HashMap;

use serde_json::Value;

use super::{Call, Life, operation};
use crate::support::Answer;

/// Ids of the first side by those of the second and back, each kind by itself.
#[derive(Default)]
pub struct Twins {
    to: HashMap<(String, i64), i64>,
    back: HashMap<(String, i64), i64>,
}

impl Twins {
    fn agree(&mut self, kind: &str, a: i64, b: i64) -> bool {
        let there = *self.to.entry((kind.to_owned(), a)).or_insert(b);
        let back = *self.back.entry((kind.to_owned(), b)).or_insert(a);
        (there, back) == (b, a)
    }
}

/// What the last collection in a path holds.
const KINDS: &[(&str, &str)] = &[
    ("units", "unit"),
    ("accounts", "account"),
    ("appointments", "appointment"),
    ("plans", "plan"),
    ("key-points", "key_point"),
    ("tasks", "task"),
    ("responsibilities", "responsibility"),
    ("time-nodes", "time_node"),
    ("progress-reports", "progress_report"),
    ("additions", "progress_report"),
    ("reviews", "review"),
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
    ("applications", "application"),
    ("checks", "check"),
    ("rechecks", "recheck"),
    ("meetings", "meeting"),
    ("next", "meeting"),
    ("agenda-items", "agenda_item"),
    ("opinions", "opinion"),
    ("decisions", "decision"),
    ("bulletins", "bulletin"),
    ("bulletin", "bulletin"),
    ("comments", "comment"),
];

/// Answers to these hold no items of the collection that their path names.
const OTHERS: &[&str] = &[
    "/minutes",
    "/record",
    "/receipts",
    "/results",
    "/schedule",
    "/search",
    "/inbox",
    "/readings",
    "/call",
    "/history",
    "/revisions",
    "/urges",
    "/reports/",
    "/attendances",
    "/calendars",
    "/settings",
    "/self-results",
];

/// Values that differ from one application to the next: they must only be there.
const OWN: &[&str] = &["content_hash", "next_cursor", "request_id", "etag"];

/// The kind of the items in an answer.
fn kind_of(call: &Call) -> Option<&'static str> {
    let path = operation(call);
    if path.ends_with("/signature") && path.contains("/drafts/") {
        return Some("progress_report");
    }
    if path.contains("/clauses/{id}/tasks") {
        return Some("clause_task");
    }
    if OTHERS.iter().any(|other| path.contains(other)) {
        return None;
    }
    let of = |part| KINDS.iter().find(|(segment, _)| *segment == part).map(|(_, kind)| *kind);
    path.rsplit('/').find_map(of)
}

/// The kind that a field names, such as `unit` for `parent_id`; none when it holds no id.
fn kind_named(field: &str, of: Option<&str>) -> Option<String> {
    let named = field.strip_suffix("_ids").or_else(|| field.strip_suffix("_id"));
    Some(match named {
        Some("parent" | "successor" | "top") => "unit".to_owned(),
        Some("node") => "time_node".to_owned(),
        Some("report" | "addition") => "progress_report".to_owned(),
        Some("set" | "from_set") => "standard_set".to_owned(),
        Some("from_plan" | "to_plan") => "plan".to_owned(),
        Some("from_task" | "to_task" | "origin_task") => "task".to_owned(),
        Some("relapse") => "finding".to_owned(),
        Some(kind) => kind.to_owned(),
        None if field == "id" => of.unwrap_or("item").to_owned(),
        None => return None,
    })
}

/// Fields with ids that are not called so, by what they hold.
fn kind_of_list(call: &Call, field: &str) -> Option<String> {
    let path = operation(call);
    let listed = matches!(field, "numerator" | "denominator_only" | "stage_done");
    let accounts = field.ends_with("_by") || field == "account";
    match field {
        _ if listed && path.contains("rectification") => Some("finding".to_owned()),
        _ if listed && call.path.contains("branches_") => Some("unit".to_owned()),
        _ if listed => Some("time_node".to_owned()),
        "created" | "cancelled" | "extended" => Some("time_node".to_owned()),
        "relapsed_as" | "relapse_of" => Some("finding".to_owned()),
        "addition_to" => Some("progress_report".to_owned()),
        _ if accounts => Some("account".to_owned()),
        _ => None,
    }
}

impl Life {
    /// Fails unless all sides answered the same but for ids, moments and the like.
    pub(super) fn compare(&mut self, call: &Call, answers: &[Answer]) {
        let [a, b] = answers else { return };
        let mut found = (a.status != b.status).then(|| format!("status {} and {}", a.status, b.status));
        if found.is_none() {
            let kind = kind_of(call);
            found = match (a.body.is_null(), b.body.is_null()) {
                (false, false) => differs(&mut self.twins, call, kind, "", &a.body, &b.body),
                _ => (masked(&a.text) != masked(&b.text)).then(|| "another text".to_owned()),
            };
        }
        if let Some(what) = found {
            panic!("{}", self.told(&format!("{what}\n{}\n{}", a.text, b.text)));
        }
    }

    /// Remembers what appeared.
    pub(super) fn learn(&mut self, call: &Call, answers: &[Answer]) {
        if answers.iter().any(|answer| answer.status >= 300) {
            return;
        }
        let bodies: Vec<&Value> = answers.iter().map(|answer| &answer.body).collect();
        if operation(call).ends_with("/schedule") {
            return self.keep_items("entry", &bodies, "entries");
        }
        let Some(kind) = kind_of(call) else { return };
        self.keep_items(kind, &bodies, "items");
        self.keep(kind, &bodies);
    }

    fn keep_items(&mut self, kind: &str, bodies: &[&Value], field: &str) {
        let count = bodies[0][field].as_array().map_or(0, Vec::len);
        for at in 0..count {
            let items: Vec<&Value> = bodies.iter().map(|body| &body[field][at]).collect();
            self.keep(kind, &items);
        }
    }

    fn keep(&mut self, kind: &str, items: &[&Value]) {
        let ids: Vec<i64> = items.iter().filter_map(|item| item["id"].as_i64()).collect();
        if ids.len() != items.len() {
            return;
        }
        for ((side, item), id) in self.sides.iter_mut().zip(items).zip(&ids) {
            if let Some(hash) = item["content_hash"].as_str() {
                side.hashes.insert(*id, hash.to_owned());
            }
        }
        let known = self.known.entry(kind.to_owned()).or_default();
        match known.iter_mut().find(|(of, _)| of[0] == ids[0]) {
            Some((_, seen)) => *seen = items[0].clone(),
            None => known.push((ids, items[0].clone())),
        }
    }
}

/// Digits masked: in running text they may be ids.
fn masked(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect::<String>().replace("00", "0")
}

/// Where two answers differ.
fn differs(twins: &mut Twins, call: &Call, of: Option<&str>, field: &str, a: &Value, b: &Value) -> Option<String> {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            if !x.keys().eq(y.keys()) {
                return Some(format!("{field}: fields {:?} and {:?}", x.keys(), y.keys()));
            }
            // What stands in a field of its own is of a kind of its own.
            let inner = |name: &str| if matches!(name, "items" | "groups") { of } else { None };
            let below = |name: &str| if field.is_empty() || field == "items" { of } else { inner(name) };
            x.iter().zip(y.values()).find_map(|((name, v), w)| differs(twins, call, below(name), name, v, w))
        }
        (Value::Array(x), Value::Array(y)) => {
            if x.len() != y.len() {
                return Some(format!("{field}: {} and {} items", x.len(), y.len()));
            }
            x.iter().zip(y).find_map(|(v, w)| differs(twins, call, of, field, v, w))
        }
        (Value::Number(x), Value::Number(y)) => {
            let kind = kind_named(field, of).or_else(|| kind_of_list(call, field));
            let same = match (kind, x.as_i64(), y.as_i64()) {
                // Ids in places that don't say of what are told apart by their place.
                (Some(kind), Some(x), Some(y)) if kind == "item" || kind == "subject" || kind == "origin" => {
                    let _ = (x, y);
                    true
                }
                (Some(kind), Some(x), Some(y)) => twins.agree(&kind, x, y),
                _ => x == y,
            };
            (!same).then(|| format!("{field}: {x} and {y}"))
        }
        (Value::String(x), Value::String(y)) => {
            let own = OWN.contains(&field) || field.ends_with("_at");
            let numbered = matches!(field, "detail" | "key" | "url" | "title");
            let same = x == y || own || numbered && masked(x) == masked(y);
            (!same).then(|| format!("{field}: {x:?} and {y:?}"))
        }
        _ => (a != b).then(|| format!("{field}: {a} and {b}")),
    }
}
