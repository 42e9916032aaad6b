//! RFC 9457 problem documents, in the reader's language, and the layer that writes them.

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use super::{RequestFacts, limits};
use crate::platform::error::{HEADERS_TOO_LARGE, INTERNAL, METHOD_NOT_ALLOWED, NOT_FOUND, STALE, UNREADABLE};
use crate::platform::{Error, Problem};

/// A refusal as it is answered (`application/problem+json`).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDocument {
    /// URN of the kind of problem: `urn:duban:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:duban:problem:plan_exists")]
    kind: String,
    /// The kind in a few words.
    #[schema(example = "Conflict")]
    title: String,
    /// HTTP status, 400 to 599.
    #[schema(minimum = 400, maximum = 599, example = 409)]
    status: u16,
    /// What is wrong and what to do, in the language of `Accept-Language` (zh-CN or en).
    detail: String,
    /// Stable code of the problem.
    #[schema(example = "plan_exists")]
    code: &'static str,
    /// Id of this request, also in the header `x-request-id` and in the log.
    request_id: String,
    /// Every wrong place of the input; empty when the problem lies elsewhere.
    errors: Vec<ProblemFault>,
}

/// One wrong place of an input.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemFault {
    /// JSON pointer into the body, or the name of a query parameter.
    #[schema(example = "/entries/0/due_on")]
    pointer: String,
    /// Stable code of what is wrong there.
    #[schema(example = "wrong_value")]
    code: &'static str,
    /// What is wrong there, in the reader's language.
    detail: String,
}

impl ProblemDocument {
    fn new(problem: &Problem, facts: &RequestFacts) -> Self {
        let code = problem.code;
        ProblemDocument {
            kind: format!("urn:duban:problem:{}", code.code),
            title: title(code.status, facts.chinese).to_owned(),
            status: code.status,
            detail: code.sentence(facts.chinese, &problem.args),
            code: code.code,
            request_id: facts.request_id.clone(),
            errors: ProblemFault::all(problem, facts),
        }
    }
}

impl ProblemFault {
    /// Every wrong place that a problem names, in the reader's language.
    pub fn all(problem: &Problem, facts: &RequestFacts) -> Vec<ProblemFault> {
        let shown = problem.faults.iter().map(|fault| ProblemFault {
            pointer: fault.pointer.clone(),
            code: fault.code.code,
            detail: fault.code.sentence(facts.chinese, &fault.args),
        });
        shown.collect()
    }
}

fn title(status: u16, chinese: bool) -> &'static str {
    let (zh, en) = match status {
        400 => ("请求无法读取", "Unreadable request"),
        401 => ("需要登录", "Sign-in required"),
        403 => ("没有权限", "Forbidden"),
        404 => ("未找到", "Not found"),
        405 => ("方法不可用", "Method not allowed"),
        408 => ("请求过慢", "Too slow"),
        409 => ("状态冲突", "Conflict"),
        412 => ("已被他人更改", "Changed in the meantime"),
        413 => ("内容过大", "Too large"),
        415 => ("类型不支持", "Unsupported type"),
        422 => ("内容不合要求", "Invalid input"),
        428 => ("需要版本条件", "Precondition required"),
        429 => ("过于频繁", "Too many requests"),
        431 => ("请求头过大", "Headers too large"),
        503 => ("暂不可用", "Temporarily unavailable"),
        507 => ("存储空间已满", "Storage full"),
        _ => ("服务器出错", "Server error"),
    };
    if chinese { zh } else { en }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.problem().code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The bare status; [`layer`] writes the document, since it knows the reader's language.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        if !matches!(self, Error::Problem(_)) {
            tracing::error!(error = %self, "a request failed");
        }
        let mut response = HttpResponse::new(self.status_code());
        response.extensions_mut().insert(self.problem());
        response
    }
}

/// Marks an answer, by its extensions, as already what its reader is to see, whatever its status: the layer leaves its
/// body alone.
#[derive(Debug, Clone, Copy)]
pub struct Rendered;

/// The innermost layer around every route: gives the request its facts, answers refusals as problem documents and
/// sets the headers that every answer carries.
pub async fn layer<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let facts = RequestFacts::of(request.request());
    request.extensions_mut().insert(facts.clone());
    // The request itself must not be held across the call: routing needs it alone.
    let line = (request.method().to_string(), request.path().to_owned());
    let started = std::time::Instant::now();
    let limit = limits(request.request()).header_bytes;
    let answered = if header_bytes(request.headers()) > limit {
        Err(HEADERS_TOO_LARGE.with([("limit", limit.to_string())]).into())
    } else {
        next.call(request).await
    };
    let mut response = match answered {
        Ok(response) => {
            let problem = response.response().extensions().get::<Problem>().cloned();
            match problem {
                Some(problem) => response.into_response(document(&problem, &facts)).map_into_right_body(),
                None if response.response().extensions().contains::<Rendered>() => response.map_into_left_body(),
                None if response.status().is_client_error() || response.status().is_server_error() => {
                    let problem = foreign(response.status());
                    response.into_response(document(&problem, &facts)).map_into_right_body()
                }
                None => response.map_into_left_body(),
            }
        }
        Err(error) => {
            let problem = match error.as_error::<Error>() {
                Some(error) => error.problem(),
                None => foreign(error.as_response_error().status_code()),
            };
            let mut answer = document(&problem, &facts);
            finish(answer.headers_mut(), &facts);
            return Err(actix_web::error::InternalError::from_response(error, answer).into());
        }
    };
    log(&line, response.status(), &facts, started);
    finish(response.headers_mut(), &facts);
    Ok(response)
}

fn header_bytes(headers: &header::HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum()
}

fn document(problem: &Problem, facts: &RequestFacts) -> HttpResponse<BoxBody> {
    let status = StatusCode::from_u16(problem.code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut builder = HttpResponse::build(status);
    builder.content_type("application/problem+json");
    builder.insert_header((header::CONTENT_LANGUAGE, if facts.chinese { "zh-CN" } else { "en" }));
    if status == StatusCode::UNAUTHORIZED {
        builder.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    if let Some(seconds) = problem.retry_after {
        builder.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    if let Some(allow) = &problem.allow {
        builder.insert_header((header::ALLOW, allow.as_str()));
    }
    let body = serde_json::to_string(&ProblemDocument::new(problem, facts)).unwrap_or_default();
    builder.body(body)
}

/// A refusal that actix-web made itself.
fn foreign(status: StatusCode) -> Problem {
    let code = match status.as_u16() {
        404 => &NOT_FOUND,
        405 => &METHOD_NOT_ALLOWED,
        412 => &STALE,
        400..=499 => &UNREADABLE,
        _ => &INTERNAL,
    };
    let detail = status.canonical_reason().unwrap_or_default().to_owned();
    Problem { code, args: vec![("detail", detail)], faults: vec![], retry_after: None, allow: None }
}

fn log((method, path): &(String, String), status: StatusCode, facts: &RequestFacts, started: std::time::Instant) {
    tracing::info!(
        method,
        path,
        status = status.as_u16(),
        micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        request_id = %facts.request_id,
        "answered"
    );
}

fn finish(headers: &mut header::HeaderMap, facts: &RequestFacts) {
    let fixed =
        |name: &'static str, value: &'static str| (HeaderName::from_static(name), HeaderValue::from_static(value));
    headers.insert(header::VARY, HeaderValue::from_static("Accept, Accept-Language, Authorization"));
    if let Ok(id) = HeaderValue::from_str(&facts.request_id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    for (name, value) in [fixed("x-content-type-options", "nosniff"), fixed("referrer-policy", "no-referrer")] {
        headers.insert(name, value);
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
}

/// Answers an address that nothing lives at.
pub async fn not_found() -> Error {
    NOT_FOUND.err()
}

/// A refusal of a method, with those the address takes.
pub fn not_allowed(allow: String) -> Error {
    Error::Problem(Box::new(Problem {
        code: &METHOD_NOT_ALLOWED,
        args: vec![],
        faults: vec![],
        retry_after: None,
        allow: Some(allow),
    }))
}
