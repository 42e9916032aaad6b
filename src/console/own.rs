//! One's own account: the posts one holds, one's sign-ins, one's password, language and theme.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};

use super::Visit;
use super::layout::Said;
use super::marks::Marks;
use super::page::{local, page, page_with, see_other};
use super::posted::{Open, Posted};
use super::session::no_cookie;
use super::view::{LANGUAGE_COOKIE, THEME_COOKIE, View};
use crate::accounts::model::{PasswordChange, Secret, Session};
use crate::accounts::{Accounts, SessionId, sign_in};
use crate::platform::Error;
use crate::platform::web::Path;
use crate::words;

words! {
    /// One's own account.
    pub struct AccountWords {
        title: "我的账号", "My account";
        posts: "任职", "Posts";
        no_posts: "现在没有任职，所以没有可办的事。请系统管理员任命。",
            "You hold no post at present, so there is nothing to do. Ask an administrator for an appointment.";
        sessions: "登录", "Sign-ins";
        sessions_hint: "不是自己的登录，请结束它并修改密码。", "End a sign-in that is not yours, and change the password.";
        began: "开始", "Began";
        last_used: "最近使用", "Last used";
        ends: "最晚结束", "Ends at the latest";
        this_one: "本次登录", "This one";
        end: "结束", "End";
        end_of(id): "第{id}次登录", "sign-in {id}";
        password: "密码", "Password";
        change_password: "修改密码", "Change the password";
        must_change: "密码由他人设置，请先修改", "Somebody else set your password; change it first";
        must_change_lead: "修改以后用新密码重新登录。", "Afterwards sign in again with the new one.";
        change_lead: "修改以后，其他地方的登录都会结束。", "Your other sign-ins will end.";
        current: "当前密码", "Current password";
        new: "新密码", "New password";
        new_hint(chars): "至少{chars}个字符", "At least {chars} characters";
        classes_hint(chars, classes): "至少{chars}个字符，大写、小写、数字、符号至少{classes}类",
            "At least {chars} characters, {classes} of upper case, lower case, digits and symbols";
        again: "再输一次新密码", "The new password again";
        differs: "两次输入的新密码不一样。", "The two new passwords differ.";
    }
}

#[derive(Template)]
#[template(path = "console/account.html")]
struct AccountPage<'a> {
    view: &'a View,
    w: AccountWords,
    posts: &'a [String],
    sessions: Vec<Session>,
}

impl AccountPage<'_> {
    /// A moment, in UTC, to the minute.
    fn moment(at: &DateTime<Utc>) -> String {
        at.format("%Y-%m-%d %H:%M UTC").to_string()
    }
}

/// `GET /account`.
pub async fn account(visit: Visit) -> Result<HttpResponse, Error> {
    let (own, clock) = (visit.caller.sign_in.session_id, visit.caller.db.clock().clone());
    let sessions = visit.caller.read(move |conn, actor| sign_in::own(conn, actor, own, clock.stamp())).await?;
    let w = AccountWords(visit.view.lang);
    page(&AccountPage { view: &visit.view, w, posts: &visit.who.posts, sessions })
}

/// `POST /account/sessions/{id}/end`.
pub async fn end_session(posted: Posted, Path(id): Path<SessionId>) -> Result<HttpResponse, Error> {
    let clock = posted.visit.caller.db.clock().clone();
    posted.visit.caller.write(move |conn, actor| sign_in::end(conn, actor, id, clock.stamp())).await?;
    Ok(see_other(&format!("/account?said={}", Said::SessionEnded.word())))
}

#[derive(Template)]
#[template(path = "console/password.html")]
struct PasswordPage<'a> {
    view: &'a View,
    w: AccountWords,
    marks: Marks,
    forced: bool,
    rule: String,
}

fn password_page(visit: &Visit, accounts: &Accounts, marks: Marks) -> Result<HttpResponse, Error> {
    let w = AccountWords(visit.view.lang);
    let policy = &accounts.policy;
    let rule = match policy.min_classes {
        0 => w.new_hint(policy.min_chars),
        classes => w.classes_hint(policy.min_chars, classes),
    };
    let status = if marks.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let forced = visit.caller.sign_in.password_change_only;
    let marks = marks.called(&[("current", w.current()), ("new", w.new()), ("again", w.again())]);
    page_with(status, &PasswordPage { view: &visit.view, w, marks, forced, rule: rule.into_owned() })
}

/// `GET /password`.
pub async fn password(visit: Visit, accounts: web::Data<Accounts>) -> Result<HttpResponse, Error> {
    password_page(&visit, &accounts, Marks::none())
}

/// `POST /password`: ends one's other sign-ins; one that opened this page only ends with it.
pub async fn change_password(
    request: HttpRequest,
    posted: Posted,
    accounts: web::Data<Accounts>,
) -> Result<HttpResponse, Error> {
    let (visit, fields) = (posted.visit, posted.fields);
    let w = AccountWords(visit.view.lang);
    if fields.get("new") != fields.get("again") {
        let mut marks = Marks::none();
        marks.say(Some("again".into()), w.differs());
        return password_page(&visit, &accounts, marks);
    }
    let input = PasswordChange { current: Secret::new(fields.get("current")), new: Secret::new(fields.get("new")) };
    match sign_in::change_password(&visit.caller, accounts.clone().into_inner(), input).await {
        Ok(()) if visit.caller.sign_in.password_change_only => {
            let mut answer = see_other(&format!("/sign-in?said={}", Said::PasswordChanged.word()));
            answer.add_cookie(&no_cookie(&request)).map_err(Error::internal)?;
            Ok(answer)
        }
        Ok(()) => Ok(see_other(&format!("/account?said={}", Said::Saved.word()))),
        Err(error) => {
            let marks = Marks::of(error, visit.view.lang, &[("/current", "current"), ("/new", "new")])?;
            password_page(&visit, &accounts, marks)
        }
    }
}

/// `POST /preferences`: language and theme, kept in cookies for a year.
pub async fn prefer(open: Open) -> Result<HttpResponse, Error> {
    let mut answer = see_other(local(open.fields.get("back")));
    for (field, name, known) in
        [("language", LANGUAGE_COOKIE, ["zh", "en"]), ("theme", THEME_COOKIE, ["light", "dark"])]
    {
        let chosen = open.fields.get(field);
        if known.contains(&chosen) {
            let kept = Cookie::build(name, chosen.to_owned()).path("/").http_only(true).same_site(SameSite::Lax);
            answer.add_cookie(&kept.max_age(Duration::days(365)).finish()).map_err(Error::internal)?;
        }
    }
    Ok(answer)
}
