//! What any handler may want to know of its request, read once.

use std::sync::Arc;

use actix_web::{HttpMessage, HttpRequest};

use super::Layout;
use crate::platform::Result;
use crate::platform::error::{PRECONDITION_REQUIRED, STALE};
use crate::platform::sheet::XLSX;

/// The parameter that names the layout of a table.
pub const LAYOUT_ID: &str = "layout_id";

/// Facts of one request.
#[derive(Debug, Clone, Default)]
pub struct RequestFacts {
    pub request_id: String,
    /// Whether refusals speak Chinese (the default) or English.
    pub chinese: bool,
    pub if_match: IfMatch,
    pub idempotency_key: Option<String>,
    /// In which form a list or report is wanted.
    pub form: Form,
    /// `layout_id` of the query, where a table is wanted.
    pub layout_id: Option<String>,
    /// What it names, once that was read.
    pub layout: Option<Arc<Layout>>,
    /// Method and path, for idempotency.
    pub operation: String,
    path: String,
    query: String,
}

/// In which form a list or report is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    #[default]
    Json,
    Csv,
    Xlsx,
}

impl Form {
    /// The form that a request accepts.
    pub fn wanted(request: &HttpRequest) -> Form {
        match request.headers().get("accept").and_then(|value| value.to_str().ok()) {
            Some(accept) if accept.contains("text/csv") => Form::Csv,
            Some(accept) if accept.contains(XLSX) => Form::Xlsx,
            _ => Form::Json,
        }
    }
}

/// The versions that `If-Match` names, if it was sent.
#[derive(Debug, Clone, Default)]
pub struct IfMatch(Option<Vec<String>>);

impl RequestFacts {
    /// The facts of a request, from the layer when it has run.
    pub fn of(request: &HttpRequest) -> RequestFacts {
        if let Some(facts) = request.extensions().get::<RequestFacts>() {
            return facts.clone();
        }
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
        // What was sent counts as sent, even when it can't be read: then it is refused, not overlooked.
        let present =
            |name: &str| request.headers().get(name).map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
        let given = header("x-request-id").filter(|id| {
            (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        });
        let form = Form::wanted(request);
        let layout_id = form_urlencoded::parse(request.query_string().as_bytes())
            .find_map(|(name, value)| (name == LAYOUT_ID).then(|| value.into_owned()));
        RequestFacts {
            request_id: given.map_or_else(new_request_id, str::to_owned),
            chinese: header("accept-language").is_none_or(prefers_chinese),
            if_match: IfMatch(present("if-match").map(|tags| versions(&tags))),
            idempotency_key: present("idempotency-key"),
            form,
            layout_id: layout_id.filter(|_| form != Form::Json),
            layout: None,
            operation: format!("{} {}", request.method(), request.path()),
            path: request.path().to_owned(),
            query: request.query_string().to_owned(),
        }
    }
}

impl RequestFacts {
    /// The same, speaking the language that was chosen elsewhere than in the header.
    pub fn in_language(self, chinese: bool) -> RequestFacts {
        RequestFacts { chinese, ..self }
    }

    /// Whether the whole list is wanted, as a table.
    pub fn wants_table(&self) -> bool {
        self.form != Form::Json
    }

    /// The last part of the address, as the name of a file.
    pub fn last_segment(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// A `Link` to the page that `cursor` begins, with the same filters.
    pub fn next_link(&self, cursor: &str) -> String {
        let filters = form_urlencoded::parse(self.query.as_bytes()).filter(|(name, _)| name != "cursor");
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(filters).append_pair("cursor", cursor);
        format!("<{}?{}>; rel=\"next\"", self.path, query.finish())
    }
}

fn new_request_id() -> String {
    let random: [u8; 12] = rand::random();
    hex::encode(random)
}

/// Which of the two languages comes first in `Accept-Language`; weights as RFC 9110 has them.
fn prefers_chinese(header: &str) -> bool {
    let weight_of = |language: &str| {
        header
            .split(',')
            .filter_map(|item| {
                let mut parts = item.trim().split(';');
                let tag = parts.next()?.trim().to_ascii_lowercase();
                let weight = parts.find_map(|p| p.trim().strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
                (tag == language || tag.starts_with(&format!("{language}-"))).then_some(weight)
            })
            .fold(0.0_f32, f32::max)
    };
    weight_of("zh") >= weight_of("en")
}

/// The version numbers inside the entity tags: `"7"` and `"7.5f3c…"` both name version 7.
fn versions(header: &str) -> Vec<String> {
    header
        .split(',')
        .map(|tag| tag.trim().trim_matches('"'))
        .map(|tag| tag.split('.').next().unwrap_or_default().to_owned())
        .collect()
}

impl IfMatch {
    /// As if the header had named this version: for callers that are no request.
    pub fn of(version: i64) -> IfMatch {
        IfMatch(Some(vec![version.to_string()]))
    }

    /// 412 when the header was sent and names another version.
    pub fn check(&self, version: i64) -> Result<()> {
        match &self.0 {
            Some(named) if !named.iter().any(|v| v == "*" || *v == version.to_string()) => Err(STALE.err()),
            _ => Ok(()),
        }
    }

    /// The same, and 428 when it was not sent.
    pub fn require(&self, version: i64) -> Result<()> {
        if self.0.is_none() {
            return Err(PRECONDITION_REQUIRED.err());
        }
        self.check(version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_with_the_greater_weight_is_spoken_and_chinese_without_any() {
        let cases = [
            ("zh-CN", true),
            ("en", false),
            ("en-GB,en;q=0.9,zh;q=0.8", false),
            ("fr", true),
            ("en;q=0.5,zh;q=0.9", true),
        ];
        for (header, chinese) in cases {
            assert_eq!(prefers_chinese(header), chinese, "{header}");
        }
    }

    #[test]
    fn if_match_compares_the_version_and_nothing_else() {
        let sent = |header: &str| IfMatch(Some(versions(header)));
        assert!(sent("\"7\"").require(7).is_ok());
        assert!(sent("\"6\", \"7.5f3c\"").require(7).is_ok());
        assert!(sent("*").require(7).is_ok());
        assert_eq!(sent("\"8\"").require(7).unwrap_err().code(), "stale");
        assert_eq!(IfMatch(None).require(7).unwrap_err().code(), "precondition_required");
        assert!(IfMatch(None).check(7).is_ok());
    }
}
