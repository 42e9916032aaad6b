//! The contract is the code, and says what a caller needs to know.

use serde_json::Value;

use crate::support::{TestApp, operations};

#[test]
fn the_file_is_what_the_code_says() {
    let written = std::fs::read_to_string("openapi.yaml").unwrap_or_default();
    assert!(written == duban::contract::yaml().unwrap(), "openapi.yaml is old: cargo run -- openapi > openapi.yaml");
}

#[test]
fn every_operation_has_a_summary_its_refusals_and_an_example() {
    let document = serde_json::to_value(duban::contract::openapi()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    for (method, path, operation) in operations() {
        let named = format!("{method} {path}");
        assert!(operation["summary"].as_str().is_some_and(|text| text.len() > 5), "{named}: no summary");
        assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{named}: no tag");
        assert!(
            operation["responses"]["default"]["content"]["application/problem+json"].is_object(),
            "{named}: no refusals"
        );
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        if let Some(name) = body["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            assert!(!document["components"]["schemas"][name]["example"].is_null(), "{named}: {name} has no example");
        }
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        for name in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
            let told = parameters.iter().any(|p| p["in"] == "path" && p["name"] == name && p["required"] == true);
            assert!(told, "{named}: the contract does not tell {name}: params(…) above the handler");
        }
        for parameter in &parameters {
            assert!(parameter["description"].is_string(), "{named}: {} is not described", parameter["name"]);
        }
        for name in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
            let declared = parameters.iter().filter(|one| one["in"] == "path" && one["name"] == name).count();
            assert_eq!(declared, 1, "{named}: {name}");
        }
    }
}

/// Names that say everything by themselves.
const PLAIN: &[&str] = &[
    "id", "name", "title", "text", "reason", "kind", "role", "part", "verdict", "state", "status", "light", "comment",
];

#[test]
fn every_schema_and_every_field_that_needs_it_is_described() {
    let document = serde_json::to_value(duban::contract::openapi()).unwrap();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let described = schema["description"].is_string() || schema["enum"].is_array();
        assert!(described, "{name} is not described");
    }
    let schema = |name: &str| document["components"]["schemas"][name].clone();
    for name in ["NewPlan", "NewEntry", "NewReport", "TimeNode", "Counts", "Rate"] {
        for (field, about) in schema(name)["properties"].as_object().unwrap() {
            let described =
                about["description"].is_string() || !about["$ref"].is_null() || PLAIN.contains(&field.as_str());
            let simple = field.ends_with("_id") || field.ends_with("_on") || about["oneOf"].is_array();
            let counted = ["done_on_time", "done_late", "pending_review", "due", "overdue", "document_no"]
                .contains(&field.as_str());
            assert!(described || simple || counted || about["items"].is_object(), "{name}.{field} is not described");
        }
    }
}

#[test]
fn no_reference_leads_nowhere() {
    let document = serde_json::to_value(duban::contract::openapi()).unwrap();
    fn walk(document: &Value, value: &Value) {
        match value {
            Value::Object(fields) => {
                if let Some(path) = fields.get("$ref").and_then(Value::as_str) {
                    assert!(document.pointer(path.trim_start_matches('#')).is_some(), "{path} leads nowhere");
                }
                fields.values().for_each(|inner| walk(document, inner));
            }
            Value::Array(items) => items.iter().for_each(|inner| walk(document, inner)),
            _ => {}
        }
    }
    walk(&document, &document);
}

/// Every code with both its sentences. A refusal's words are designed: they say what to do.
#[test]
fn all_refusals_are_as_recorded() {
    let mut codes = duban::all_codes();
    codes.sort_by_key(|code| code.code);
    for pair in codes.windows(2) {
        assert_ne!(pair[0].code, pair[1].code, "two refusals with one code");
    }
    let lines: Vec<_> =
        codes.iter().map(|code| format!("{} {}\n    {}\n    {}", code.status, code.code, code.zh, code.en)).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[actix_web::test]
async fn the_documents_and_the_probes_are_open() {
    let app = TestApp::start(1, 5).await;
    let get = async |path: &str| {
        let answer = reqwest::get(format!("{}{path}", app.base)).await.unwrap();
        (answer.status().as_u16(), answer.headers().clone(), answer.text().await.unwrap())
    };
    assert_eq!(get("/healthz").await.2, r#"{"status":"ok"}"#);
    assert_eq!(get("/readyz").await.2, r#"{"status":"ready","business_date":"2020-01-05"}"#);
    assert_eq!(get("/openapi.yaml").await.2, duban::contract::yaml().unwrap());
    let json: Value = serde_json::from_str(&get("/openapi.json").await.2).unwrap();
    assert_eq!(json, serde_json::to_value(duban::contract::openapi()).unwrap());
    let (status, _, page) = get("/docs/").await;
    assert!(status == 200 && page.contains("swagger-ui"), "{status} {page}");
    assert!(!page.contains("http://") && !page.contains("https://"), "the page loads from nowhere else");
    assert_eq!(get("/docs/swagger-ui-bundle.js").await.0, 200);
}

#[actix_web::test]
async fn addresses_and_methods_that_do_not_exist_are_told_apart() {
    let app = TestApp::start(1, 5).await;
    let ask = async |method: &str, path: &str| {
        let client = reqwest::Client::new();
        client.request(method.parse().unwrap(), format!("{}{path}", app.base)).send().await.unwrap()
    };
    assert_eq!(ask("GET", "/api/v1/nothing").await.status(), 404);
    for (method, path, allow) in [
        ("DELETE", "/api/v1/units", "GET, POST"),
        ("POST", "/api/v1/units/7", "GET, PATCH"),
        ("POST", "/healthz", "GET"),
    ] {
        let answer = ask(method, path).await;
        assert_eq!(
            (answer.status().as_u16(), answer.headers()["allow"].to_str().unwrap()),
            (405, allow),
            "{method} {path}"
        );
    }
}

#[actix_web::test]
async fn answers_carry_the_headers_of_the_conventions() {
    let app = TestApp::start(1, 5).await;
    let admin = app.administrator().await;
    let unit = admin.post("/units", serde_json::json!({"name": "C", "kind": "committee"})).await;
    assert_eq!(unit.header("location"), "/api/v1/units/1");
    assert_eq!(unit.etag(), "\"1\"");
    let etag = admin.get("/units/1").await.etag();
    assert!(etag.starts_with("\"1.") && etag.len() == 20, "{etag}");
    let read = admin.request("GET", "/units/1").header("if-none-match", &etag);
    let unchanged = admin.send("GET", "/units/1", read).await;
    assert_eq!((unchanged.status, unchanged.text.as_str(), unchanged.etag().as_str()), (304, "", etag.as_str()));
    assert_eq!(unchanged.header("vary"), "Accept, Accept-Language, Authorization");
    assert_eq!(unchanged.header("x-content-type-options"), "nosniff");
    let chinese = admin.request("GET", "/units/9").header("x-request-id", "mine-1");
    let chinese = chinese.build().unwrap();
    assert_eq!(chinese.headers()["x-request-id"], "mine-1");
    let refused = admin.client.execute(chinese).await.unwrap();
    assert_eq!(refused.headers()["x-request-id"], "mine-1");
    let refused = admin
        .client
        .get(format!("{}/api/v1/units/9", app.base))
        .header("accept-language", "zh-CN")
        .send()
        .await
        .unwrap();
    assert!(refused.text().await.unwrap().contains("请先登录"));
    for n in 0..3 {
        admin
            .post("/units", serde_json::json!({"name": format!("B{n}"), "kind": "branch", "parent_id": 1}))
            .await
            .created();
    }
    let page = admin.get("/units?kind=branch&limit=2").await;
    let cursor = page.body["next_cursor"].as_str().unwrap().to_owned();
    assert_eq!(page.header("link"), format!("</api/v1/units?kind=branch&limit=2&cursor={cursor}>; rel=\"next\""));
    let rest = admin.get(&format!("/units?kind=branch&limit=2&cursor={cursor}")).await.ok();
    assert_eq!((rest["items"].as_array().unwrap().len(), rest["next_cursor"].is_null()), (1, true));
    let table = admin.request("GET", "/units?kind=branch").header("accept", "text/csv");
    let table = admin.send("GET", "/units?kind=branch", table).await;
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(table.text.lines().count(), 4);
    let limited = admin.request("GET", "/units?limit=1").header("accept", "text/csv");
    admin.send("GET", "/units?limit=1", limited).await.refused(422, "whole_list_only");
}

#[actix_web::test]
async fn a_list_without_rows_has_its_header_as_csv() {
    let scene = crate::support::Scene::set(1, 5, 1).await;
    for (path, columns) in [("/time-nodes", "due_on"), ("/meetings", "called_for"), ("/opinions", "disposition")] {
        let request = scene.department.request("GET", path).header("accept", "text/csv");
        let csv = scene.department.send("GET", path, request).await;
        let head: Vec<_> = csv.text.trim_start_matches('\u{feff}').trim_end().split(',').collect();
        assert!(head.contains(&"id") && head.contains(&columns), "{path}: {}", csv.text);
        assert_eq!(csv.text.lines().count(), 1, "{path}: {}", csv.text);
    }
}
