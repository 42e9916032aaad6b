//! Signing in and out, and what was typed when a sign-in ended.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::layout::Said;
use super::marks::Marks;
use super::nav;
use super::page::{local, page_with, see_other};
use super::posted::{Carried, Fields, Open, Posted};
use super::session::{cookie, no_cookie, visit, visit_with};
use super::view::View;
use crate::accounts::model::{Credentials, Secret};
use crate::accounts::{Accounts, cookies, sign_in};
use crate::platform::error::NOT_FOUND;
use crate::platform::web::RequestFacts;
use crate::platform::{Db, Error, Result};
use crate::words;

words! {
    /// Signing in.
    pub struct SignInWords {
        title: "登录", "Sign in";
        lead: "党委和支部一年的工作：计划、时间节点、填报、审核、达标。",
            "One year of a committee and its branches: plan, time nodes, reports, reviews, compliance.";
        username: "用户名", "User name";
        password: "密码", "Password";
        sign_in: "登录", "Sign in";
        no_account: "没有账号或忘记密码，请找系统管理员。", "No account, or the password forgotten: ask an administrator.";
        ended: "登录已结束，请重新登录", "Your sign-in has ended; sign in again";
        kept: "刚才填写的内容都还在，登录后接着办。所选的文件没有上传，请再选一次。",
            "Everything you had entered is still here and comes back after you sign in. Files were not uploaded; choose them again.";
        resumed: "接着办刚才的事", "Go on where you were";
        resumed_lead: "下面是刚才填写的内容，还没有保存。", "This is what you had entered. It has not been saved.";
        expired_lead: "页面打开以后重新登录过，所以还没有保存。下面是刚才填写的内容。",
            "You signed in anew after the page was opened, so nothing was saved yet. This is what you had entered.";
        go_on: "继续", "Go on";
        field: "字段", "Field";
        content: "内容", "Content";
    }
}

#[derive(Template)]
#[template(path = "console/sign_in.html")]
struct SignInPage<'a> {
    view: &'a View,
    w: SignInWords,
    marks: Marks,
    username: &'a str,
    next: &'a str,
    carried: Option<&'a Carried>,
    carried_fields: String,
}

/// A form that came back after a sign-in: shown, and sent again by who typed it.
#[derive(Template)]
#[template(path = "console/resume.html")]
pub struct Resume<'a> {
    view: &'a View,
    w: SignInWords,
    carried: &'a Carried,
    /// What a person typed: the longer texts.
    shown: Vec<&'a str>,
}

impl<'a> Resume<'a> {
    pub fn new(view: &'a View, carried: &'a Carried) -> Resume<'a> {
        let typed = carried.fields.typed().map(|(_, text)| text.as_str());
        let shown =
            typed.filter(|text| text.chars().any(|c| !c.is_ascii_alphanumeric() && !"-_".contains(c))).collect();
        Resume { view, w: SignInWords(view.lang), carried, shown }
    }

    pub fn page(&self, status: StatusCode) -> Result<HttpResponse> {
        page_with(status, self)
    }
}

/// The address of the sign-in page that leads on to another.
pub fn address(next: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
    format!("/sign-in?{query}")
}

/// The sign-in page, with a form that is kept through it.
pub fn again(view: &View, carried: Option<&Carried>) -> Result<HttpResponse> {
    shown(view, Marks::none(), "", local(&view.address), carried, StatusCode::UNAUTHORIZED)
}

fn shown(
    view: &View,
    marks: Marks,
    username: &str,
    next: &str,
    carried: Option<&Carried>,
    status: StatusCode,
) -> Result<HttpResponse> {
    let carried_fields = carried.map(|carried| carried.fields.carry()).unwrap_or_default();
    let w = SignInWords(view.lang);
    page_with(status, &SignInPage { view, w, marks, username, next, carried, carried_fields })
}

/// `GET /sign-in`: the form; who is signed in already is led on.
pub async fn form(request: HttpRequest) -> Result<HttpResponse, Error> {
    let view = View::guest(&request);
    let query = Fields::read(request.query_string().as_bytes());
    let next = local(query.get("next"));
    if visit(&request).await.is_ok() {
        return Ok(see_other(next));
    }
    shown(&view, Marks::none(), "", next, None, StatusCode::OK)
}

/// `POST /sign-in`.
pub async fn enter(
    request: HttpRequest,
    open: Open,
    accounts: web::Data<Accounts>,
    db: web::Data<Db>,
) -> Result<HttpResponse, Error> {
    let (view, fields) = (open.view, open.fields);
    let carried = fields.given("carried_address").map(|address| Carried {
        address: local(address).to_owned(),
        fields: Fields::read(fields.get("carried").as_bytes()),
        proved: true,
    });
    let (username, next) = (fields.get("username"), local(fields.get("next")));
    let input = Credentials { username: username.to_owned(), password: Secret::new(fields.get("password")) };
    let facts = RequestFacts::of(&request).in_language(view.lang.is_chinese());
    match cookies::open(&db, accounts.into_inner(), facts, input).await {
        Ok(secret) => {
            let mut answer = match &carried {
                Some(carried) => {
                    let visit = visit_with(&request, secret.clone()).await?;
                    Resume::new(&visit.view, carried).page(StatusCode::OK)?
                }
                None => see_other(next),
            };
            answer.add_cookie(&cookie(&request, secret)).map_err(Error::internal)?;
            Ok(answer)
        }
        Err(error) if error.problem().code.status < 500 => {
            let mut marks = Marks::none();
            marks.add(&error.problem(), view.lang, &[]);
            shown(&view, marks, username, next, carried.as_ref(), StatusCode::UNAUTHORIZED)
        }
        Err(error) => Err(error),
    }
}

/// `POST /sign-out`.
pub async fn leave(request: HttpRequest, posted: Posted) -> Result<HttpResponse, Error> {
    let caller = posted.visit.caller;
    let (id, clock) = (caller.sign_in.session_id, caller.db.clock().clone());
    caller.write_limited(move |conn, actor| sign_in::end(conn, actor, id, clock.stamp())).await?;
    let mut answer = see_other(&format!("/sign-in?said={}", Said::SignedOut.word()));
    answer.add_cookie(&no_cookie(&request)).map_err(Error::internal)?;
    Ok(answer)
}

/// `GET /`: one's first page.
pub async fn first_page(visit: super::Visit) -> Result<HttpResponse, Error> {
    Ok(see_other(nav::first_page(&visit.who.nav)))
}

/// An address that nothing lives at.
pub async fn nothing_here() -> Result<HttpResponse, Error> {
    Err(NOT_FOUND.err())
}
