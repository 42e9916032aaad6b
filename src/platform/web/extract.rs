//! `Json`, `Query` and `Path`: like actix-web's, with refusals that name the place, the reason and what is accepted.

use std::borrow::Cow;
use std::collections::HashSet;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use super::request::{Form, LAYOUT_ID};
use super::table::LAYOUT_OF_JSON;
use crate::platform::config::Limits;
use crate::platform::error::{
    BODY_TOO_LARGE, MISSING_FIELD, NO_QUERY, NOT_FOUND, NOT_JSON, OUT_OF_RANGE, TOO_SLOW, UNKNOWN_FIELD, UNREADABLE,
    WRONG_VALUE, of_a_library,
};
use crate::platform::text::carried_fault;
use crate::platform::{Error, Fault, Result};

/// The limits that this server was started with.
pub fn limits(request: &HttpRequest) -> Limits {
    request.app_data::<Limits>().copied().unwrap_or_default()
}

/// A JSON body: read, parsed strictly and validated. Keeps the digest of its bytes for idempotency.
#[derive(Debug)]
pub struct Json<T> {
    pub value: T,
    pub digest: String,
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Json<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let kind = request.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default();
        let accepted = is_json(kind);
        let (mut payload, limits) = (payload.take(), limits(request));
        Box::pin(async move {
            let mut body = whole_body(&mut payload, limits).await?;
            if body.is_empty() {
                body.extend_from_slice(b"{}");
            } else if !accepted {
                return Err(NOT_JSON.with([("accepted", "application/json".into())]));
            }
            let value = parse(&body)?;
            Ok(Json { value, digest: hex::encode(Sha256::digest(&body)) })
        })
    }
}

/// A body of at most so many bytes (413), received within its time (408).
pub async fn whole_body(payload: &mut Payload, limits: Limits) -> Result<Vec<u8>> {
    within(limits.body_time, async {
        let mut body = Vec::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|error| UNREADABLE.with([("detail", of_a_library(error))]))?;
            if body.len() + chunk.len() > limits.body_bytes {
                return Err(BODY_TOO_LARGE.with([("limit", limits.body_bytes.to_string())]));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    })
    .await
}

/// What is received within a time; 408 when it takes longer.
pub async fn within<T>(time: Duration, received: impl Future<Output = Result<T>>) -> Result<T> {
    let slow = |_| TOO_SLOW.with([("seconds", time.as_secs().to_string())]);
    tokio::time::timeout(time, received).await.map_err(slow)?
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence == "application/merge-patch+json"
}

fn parse<T: DeserializeOwned + Validate>(body: &[u8]) -> Result<T> {
    // serde reads a list as the fields of a struct in their order; a body is an object.
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(WRONG_VALUE.at("", [("detail", "expected an object".to_owned())]).into_error());
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let value: T = serde_path_to_error::deserialize(&mut json).map_err(|error| refusal(&error, body))?;
    json.end().map_err(|error| UNREADABLE.with([("detail", of_a_library(error))]))?;
    validated(value)
}

/// What [`Json`] does with a body, of a value that was read already.
pub fn read_value<T: DeserializeOwned + Validate>(value: serde_json::Value) -> Result<T> {
    if !value.is_object() {
        return Err(WRONG_VALUE.at("", [("detail", "expected an object".to_owned())]).into_error());
    }
    validated(serde_path_to_error::deserialize(value).map_err(|error| refusal(&error, b""))?)
}

fn validated<T: Validate>(value: T) -> Result<T> {
    value.validate().map_err(|errors| Error::invalid(faults(&errors, "")))?;
    Ok(value)
}

fn refusal(error: &serde_path_to_error::Error<serde_json::Error>, body: &[u8]) -> Error {
    let inner = error.inner();
    // Where a word is expected and something else stands, serde_json speaks of syntax, though the body is JSON.
    let is_json = |text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    if !inner.is_data() && !std::str::from_utf8(body).is_ok_and(is_json) {
        return UNREADABLE.with([("detail", of_a_library(inner))]);
    }
    let message = inner.to_string();
    // "… at line 1 column 20" helps nobody beside a pointer.
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(head, _)| head);
    data_fault(message, &pointer(error.path())).into_error()
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => format!("/{variant}"),
            Segment::Unknown => String::new(),
        })
        .collect()
}

/// The fault behind one of serde's messages.
fn data_fault(message: &str, pointer: &str) -> Fault {
    if let Some(fault) = carried_fault(message, pointer) {
        return fault;
    }
    let quoted = || message.split('`').nth(1).unwrap_or_default().to_owned();
    if message.starts_with("unknown field") {
        let accepted = message.split_once(", ").map_or("", |(_, rest)| rest);
        let accepted = accepted.trim_start_matches("expected one of ").trim_start_matches("expected ");
        return UNKNOWN_FIELD.at(pointer, [("accepted", accepted.replace('`', ""))]);
    }
    if message.starts_with("missing field") {
        return MISSING_FIELD.at(format!("{pointer}/{}", quoted()), [("field", quoted())]);
    }
    WRONG_VALUE.at(pointer, [("detail", of_a_library(message))])
}

/// Faults of the validator, as pointers.
fn faults(errors: &ValidationErrors, base: &str) -> Vec<Fault> {
    let mut found = Vec::new();
    for (field, kind) in errors.errors() {
        let pointer = format!("{base}/{field}");
        match kind {
            ValidationErrorsKind::Field(list) => {
                found.extend(list.iter().map(|error| OUT_OF_RANGE.at(pointer.clone(), [("detail", bounds(error))])));
            }
            ValidationErrorsKind::Struct(inner) => found.extend(faults(inner, &pointer)),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    found.extend(faults(inner, &format!("{pointer}/{index}")));
                }
            }
        }
    }
    found.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    found
}

fn bounds(error: &validator::ValidationError) -> String {
    let bound = |name: &str| error.params.get(name).map(ToString::to_string);
    match (bound("min"), bound("max")) {
        (Some(min), Some(max)) => format!("{min}–{max}"),
        (Some(min), None) => format!("≥ {min}"),
        (None, Some(max)) => format!("≤ {max}"),
        (None, None) => error.code.to_string(),
    }
}

/// The query string, strictly: an unknown parameter is refused. Of a table the layout is no filter, and was read
/// with the request.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let query = match without_layout(request) {
            Ok(query) => query,
            Err(error) => return std::future::ready(Err(error)),
        };
        let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
        std::future::ready(serde_path_to_error::deserialize(pairs).map(Query).map_err(|error| {
            let pointer = error.path().to_string();
            let pointer = if pointer == "." { "" } else { &pointer };
            let message = error.inner().to_string();
            let mut fault = data_fault(&message, pointer);
            fault.pointer = fault.pointer.trim_start_matches('/').to_owned();
            fault.into_error()
        }))
    }
}

/// The operations that take no query parameter, as `GET /api/v1/units/{id}`; those that answer a table take its layout
/// where one is wanted. The server knows them from the contract.
#[derive(Debug, Default)]
pub struct Queryless {
    pub items: HashSet<String>,
    pub tables: HashSet<String>,
}

impl Queryless {
    /// Refuses a query parameter where none is taken, so that a misspelt one is never silently ignored.
    pub fn check(request: &HttpRequest) -> Result<()> {
        let (false, Some(pattern)) = (request.query_string().is_empty(), request.match_pattern()) else {
            return Ok(());
        };
        let Some(known) = request.app_data::<actix_web::web::Data<Queryless>>() else { return Ok(()) };
        let operation = format!("{} {pattern}", request.method());
        let query = match () {
            () if known.items.contains(&operation) => request.query_string().into(),
            () if known.tables.contains(&operation) => without_layout(request)?,
            () => return Ok(()),
        };
        if query.is_empty() {
            return Ok(());
        }
        let name = form_urlencoded::parse(query.as_bytes()).next().map(|(name, _)| name.into_owned());
        let name = name.unwrap_or_default();
        Err(NO_QUERY.at(name.clone(), [("name", name)]).into_error())
    }
}

/// The query string; of a table without the layout. As JSON there is nothing to lay out.
fn without_layout(request: &HttpRequest) -> Result<Cow<'_, str>> {
    let query = request.query_string();
    if !form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == LAYOUT_ID) {
        return Ok(query.into());
    }
    if Form::wanted(request) == Form::Json {
        return Err(LAYOUT_OF_JSON.at(LAYOUT_ID, []).into_error());
    }
    let kept = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != LAYOUT_ID);
    Ok(form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish().into())
}

/// The ids of the path. What does not read as one names nothing: 404.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Path<T> {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = actix_web::web::Path::<T>::extract(request).into_inner();
        std::future::ready(read.map(|ids| Path(ids.into_inner())).map_err(|_| NOT_FOUND.err()))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::platform::text::Text;

    #[derive(Debug, Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Input {
        #[allow(dead_code)]
        title: Text<5>,
        #[serde(default)]
        #[validate(range(min = 0, max = 60))]
        grace_days: i32,
        #[serde(default)]
        #[validate(nested)]
        entries: Vec<Entry>,
        #[serde(default = "branch")]
        #[allow(dead_code)]
        kind: Kind,
    }

    fn branch() -> Kind {
        Kind::Branch
    }

    #[derive(Debug, Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Entry {
        #[validate(range(min = 1))]
        times: i32,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Branch,
    }

    fn refused(json: &str) -> (u16, String, String) {
        let problem = parse::<Input>(json.as_bytes()).unwrap_err().problem();
        let at = problem.faults.first().map(|fault| fault.pointer.clone()).unwrap_or_default();
        (problem.code.status, problem.code.code.to_owned(), at)
    }

    #[test]
    fn each_kind_of_wrong_body_has_its_code_and_its_place() {
        let cases = [
            ("{", 400, "unreadable", ""),
            (r#"{"title":"a"} x"#, 400, "unreadable", ""),
            (r#"{"title":"a","x":1}"#, 422, "unknown_field", "/x"),
            ("{}", 422, "missing_field", "/title"),
            (r#"["a", 1, []]"#, 422, "wrong_value", ""),
            (r#"{"title":"a","kind":null}"#, 422, "wrong_value", "/kind"),
            (r#"{"title":"a","kind":7}"#, 422, "wrong_value", "/kind"),
            (r#"{"title":"a","kind":}"#, 400, "unreadable", ""),
            (r#"{"title":7}"#, 422, "wrong_value", "/title"),
            (r#"{"title":"toolong"}"#, 422, "text_too_long", "/title"),
            (r#"{"title":"机密"}"#, 422, "classified_marking", "/title"),
            (r#"{"title":"a\u0000"}"#, 422, "control_character", "/title"),
            (r#"{"title":"a","grace_days":99}"#, 422, "out_of_range", "/grace_days"),
            (r#"{"title":"a","entries":[{"times":1},{"times":0}]}"#, 422, "out_of_range", "/entries/1/times"),
            (r#"{"title":"a","grace_days":99,"entries":[{"times":0}]}"#, 422, "invalid", "/entries/0/times"),
        ];
        for (json, status, code, at) in cases {
            assert_eq!(refused(json), (status, code.to_owned(), at.to_owned()), "{json}");
        }
    }
}
