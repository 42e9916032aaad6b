//! Holds every answer to the contract: the operation exists, the status is in it, the body has its schema and no
//! field that the schema does not name.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use serde_json::{Map, Value, json};

use super::Answer;

pub struct Contract {
    document: Value,
    validators: Mutex<HashMap<String, Arc<jsonschema::Validator>>>,
}

static SHARED: LazyLock<Arc<Contract>> = LazyLock::new(|| Arc::new(Contract::read()));

pub fn shared() -> Arc<Contract> {
    SHARED.clone()
}

/// Every operation: method and path below `/api/v1`, and its description.
pub fn operations() -> Vec<(String, String, Value)> {
    let contract = shared();
    let paths = contract.document["paths"].as_object().unwrap();
    let mut all = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap() {
            let path = path.strip_prefix("/api/v1").unwrap().to_owned();
            all.push((method.to_uppercase(), path, operation.clone()));
        }
    }
    all
}

/// A body that gets past the parser, from the example of the contract.
pub fn example(operation: &Value) -> Value {
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let name = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
    shared().document["components"]["schemas"][name]["example"].clone()
}

impl Contract {
    fn read() -> Contract {
        let document = serde_json::to_value(duban::contract::openapi()).unwrap();
        Contract { document, validators: Mutex::default() }
    }

    /// Fails the test when an answer is not what the contract says.
    #[track_caller]
    pub fn check(&self, method: &str, path: &str, answer: &Answer) {
        let path = path.split('?').next().unwrap();
        let Some((template, operation)) = self.operation(method, path) else {
            assert!(answer.status == 404 || answer.status == 405, "{method} {path} is not in the contract");
            return;
        };
        let responses = &operation["responses"];
        let status = answer.status.to_string();
        let response = match responses.get(&status) {
            Some(response) => response,
            None if answer.status == 304 => return,
            None if answer.status >= 400 => &responses["default"],
            None => panic!("{method} {template}: {status} is not in the contract: {}", answer.text),
        };
        let kind = answer.header("content-type");
        let kind = kind.split(';').next().unwrap();
        if kind.ends_with("json") {
            let schema = &response["content"][kind]["schema"];
            assert!(!schema.is_null(), "{method} {template}: {status} {kind} is not in the contract");
            self.validate(&format!("{method} {template} {status}"), schema, &answer.body);
        }
    }

    fn operation(&self, method: &str, path: &str) -> Option<(&str, &Value)> {
        let full = format!("/api/v1{path}");
        let fits = |template: &str| {
            let (wanted, given): (Vec<_>, Vec<_>) = (template.split('/').collect(), full.split('/').collect());
            wanted.len() == given.len() && wanted.iter().zip(&given).all(|(w, g)| w.starts_with('{') || w == g)
        };
        let paths = self.document["paths"].as_object().unwrap();
        let exact = paths.get_key_value(&full);
        let found = exact.or_else(|| paths.iter().find(|(template, _)| fits(template)));
        found.and_then(|(template, item)| Some((template.as_str(), item.get(method.to_lowercase())?)))
    }

    #[track_caller]
    fn validate(&self, key: &str, schema: &Value, body: &Value) {
        let validator = self
            .validators
            .lock()
            .unwrap()
            .entry(schema.to_string())
            .or_insert_with(|| {
                let mut root = schema.as_object().unwrap().clone();
                root.insert("components".into(), self.document["components"].clone());
                Arc::new(jsonschema::draft202012::new(&Value::Object(root)).unwrap())
            })
            .clone();
        let errors: Vec<_> =
            validator.iter_errors(body).map(|error| format!("{} at {}", error, error.instance_path())).collect();
        assert!(errors.is_empty(), "{key}: {errors:?}\n{body:#}");
        self.refuse_unnamed(key, schema, body);
    }

    /// Fields that the schema does not name.
    #[track_caller]
    fn refuse_unnamed(&self, key: &str, schema: &Value, body: &Value) {
        match body {
            Value::Object(fields) => {
                let mut named = Map::new();
                self.properties(schema, &mut named);
                if named.is_empty() {
                    return;
                }
                for (name, value) in fields {
                    let inner = named.get(name).unwrap_or_else(|| panic!("{key}: the contract does not name {name}"));
                    self.refuse_unnamed(key, inner, value);
                }
            }
            Value::Array(rows) => {
                let schema = self.resolve(schema);
                for row in rows {
                    self.refuse_unnamed(key, &schema["items"], row);
                }
            }
            _ => {}
        }
    }

    fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(path) => self.document.pointer(path.trim_start_matches('#')).unwrap(),
            None => schema,
        }
    }

    fn properties(&self, schema: &Value, named: &mut Map<String, Value>) {
        let schema = self.resolve(schema);
        if let Some(properties) = schema["properties"].as_object() {
            named.extend(properties.clone());
        }
        for part in ["allOf", "oneOf", "anyOf"] {
            for inner in schema[part].as_array().unwrap_or(&vec![]) {
                self.properties(inner, named);
            }
        }
    }
}

#[test]
fn an_answer_with_a_field_that_is_not_in_the_contract_is_noticed() {
    let contract = shared();
    let schema = json!({"$ref": "#/components/schemas/KeyPoint"});
    let good = json!({"id": 1, "plan_id": 1, "title": "a", "position": 1, "version": 1});
    contract.validate("good", &schema, &good);
    let mut more = good.clone();
    more["colour"] = json!("red");
    assert!(std::panic::catch_unwind(|| contract.validate("more", &schema, &more)).is_err());
    let mut wrong = good;
    wrong["position"] = json!("first");
    assert!(std::panic::catch_unwind(|| contract.validate("wrong", &schema, &wrong)).is_err());
}
