//! Around every page: refusals become pages, a visitor who is not signed in is led to the sign-in, and a form that was
//! sent too late is kept through it.

use actix_web::HttpMessage;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::FORM_EXPIRED;
use super::page::{local, page_with, see_other};
use super::posted::Carried;
use super::sign_in::{self, Resume};
use super::told::told;
use super::view::View;
use crate::access::PASSWORD_CHANGE_REQUIRED;
use crate::platform::error::{INTERNAL, METHOD_NOT_ALLOWED, NOT_FOUND, SIGN_IN_REQUIRED, UNREADABLE};
use crate::platform::web::RequestFacts;
use crate::platform::{Problem, Result};
use crate::words;

words! {
    /// A refusal as a page.
    pub struct ProblemWords {
        to_first_page: "回到首页", "To the first page";
        request_id(id): "请求编号 {id}", "Request {id}";
        not_found: "没有这一页", "There is no such page";
        forbidden: "没有权限", "You may not do this";
        failed: "服务器出错", "The server failed";
        refused: "没有办成", "This was not done";
    }
}

#[derive(Template)]
#[template(path = "console/problem.html")]
struct ProblemPage<'a> {
    view: &'a View,
    w: ProblemWords,
    title: String,
    sentences: Vec<String>,
    request_id: String,
}

/// See the module.
pub async fn layer<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let response = next.call(request).await?;
    let problem = response.response().extensions().get::<Problem>().cloned();
    let problem = problem.or_else(|| foreign(response.response(), response.status()));
    let Some(problem) = problem else { return Ok(response.map_into_left_body()) };
    let request = response.request().clone();
    if !wants_page(&request) {
        return Ok(response.map_into_left_body());
    }
    let answer = answer(&request, &problem).unwrap_or_else(HttpResponse::from_error);
    Ok(response.into_response(answer).map_into_right_body())
}

/// Whether the refusal is for a person: of a page of the console, or asked for by a browser. A program that calls an
/// address that nothing lives at is answered as by the rest of the server.
fn wants_page(request: &HttpRequest) -> bool {
    let accept = request.headers().get("accept").and_then(|value| value.to_str().ok());
    let api = request.path().starts_with("/api/");
    request.match_pattern().is_some() || (!api && accept.is_some_and(|accept| accept.contains("text/html")))
}

/// A refusal that actix-web made itself.
fn foreign(response: &HttpResponse<impl MessageBody>, status: StatusCode) -> Option<Problem> {
    let rendered = response.extensions().contains::<crate::platform::web::Rendered>();
    let refused = status.is_client_error() || status.is_server_error();
    let code = match status.as_u16() {
        404 => &NOT_FOUND,
        405 => &METHOD_NOT_ALLOWED,
        400..=499 => &UNREADABLE,
        _ => &INTERNAL,
    };
    let detail = status.canonical_reason().unwrap_or_default().to_owned();
    let problem = Problem { code, args: vec![("detail", detail)], faults: vec![], retry_after: None, allow: None };
    (refused && !rendered).then_some(problem)
}

/// The page that a refusal becomes.
fn answer(request: &HttpRequest, problem: &Problem) -> Result<HttpResponse> {
    let known = request.extensions().get::<View>().cloned();
    let view = known.unwrap_or_else(|| View::guest(request));
    let carried = request.extensions().get::<Carried>().cloned();
    let code = problem.code;
    if code.code == PASSWORD_CHANGE_REQUIRED.code {
        return Ok(see_other("/password"));
    }
    if code.status == 401 {
        return match carried {
            Some(carried) => sign_in::again(&View { who: None, ..view }, Some(&carried)),
            None if code.code == SIGN_IN_REQUIRED.code && view.path == "/" => Ok(see_other("/sign-in")),
            None => Ok(see_other(&sign_in::address(local(&view.address)))),
        };
    }
    if code.code == FORM_EXPIRED.code
        && let Some(carried) = carried.filter(|carried| carried.proved)
    {
        return Resume::new(&view, &carried).page(StatusCode::FORBIDDEN);
    }
    problem_page(&view, problem, &RequestFacts::of(request).request_id)
}

fn problem_page(view: &View, problem: &Problem, request_id: &str) -> Result<HttpResponse> {
    let w = ProblemWords(view.lang);
    let title = match problem.code.status {
        404 => w.not_found(),
        403 => w.forbidden(),
        500.. => w.failed(),
        _ => w.refused(),
    };
    let mut sentences = vec![told(view.lang, problem.code, &problem.args)];
    sentences.extend(problem.faults.iter().map(|fault| told(view.lang, fault.code, &fault.args)));
    sentences.dedup();
    let status = StatusCode::from_u16(problem.code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let page = ProblemPage { view, w, title: title.into_owned(), sentences, request_id: request_id.to_owned() };
    let mut answer = page_with(status, &page)?;
    if let Some(allow) = &problem.allow
        && let Ok(allow) = allow.parse()
    {
        answer.headers_mut().insert(actix_web::http::header::ALLOW, allow);
    }
    Ok(answer)
}
