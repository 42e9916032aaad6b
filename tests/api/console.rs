//! The console over HTTP: signing in and out, where a form may come from, what was typed, and what every page carries.

use duban::access::Role;
use serde_json::json;

use crate::support::{Browser, PASSWORD, Scene, TestApp};

#[actix_web::test]
async fn one_signs_in_and_is_led_to_where_one_was_going() {
    let scene = Scene::set(9, 30, 2).await;
    let mut browser = Browser::new(&scene.app);
    let turned_away = browser.open_once("/account?x=1").await;
    assert_eq!(turned_away.leads_to().unwrap(), "/sign-in?next=%2Faccount%3Fx%3D1");
    let form = browser.open("/account?x=1").await;
    form.is(200).says("本系统为非涉密系统").says("name=\"next\" value=\"/account?x=1\"");
    let wrong =
        browser.send("/sign-in", &[("username", "secretary-1"), ("password", "wrong"), ("next", "/account")]).await;
    wrong.is(401).says("用户名或密码不对").says("value=\"secretary-1\"").says_nothing_of("wrong\"");
    let fields = [("username", "secretary-1"), ("password", PASSWORD), ("next", "/account?x=1")];
    let entered = browser.send_once("/sign-in", &fields, "same-origin").await;
    assert_eq!((entered.status, entered.leads_to().unwrap()), (303, "/account?x=1".into()));
    let set = entered.header("set-cookie");
    assert!(set.starts_with("duban=") && set.contains("HttpOnly") && set.contains("SameSite=Lax"), "{set}");
    assert!(set.contains("Path=/") && !set.contains("Domain"), "{set}");
    browser.open("/account?x=1").await.is(200).says("Branch 1 书记");
    for foreign in ["https://evil.example", "//evil.example", "/\\evil.example"] {
        let fields = [("username", "secretary-1"), ("password", PASSWORD), ("next", foreign)];
        let led = browser.send_once("/sign-in", &fields, "same-origin").await;
        assert_eq!(led.leads_to().unwrap(), "/", "{foreign}");
    }
}

#[actix_web::test]
async fn behind_a_public_name_the_cookie_is_bound_to_host_and_https() {
    let scene = Scene::set(9, 30, 2).await;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    let body = format!("username=secretary-1&password={PASSWORD}");
    let request = client.post(format!("{}/sign-in", scene.app.base)).header("host", "duban.example");
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 303);
    let set = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(set.starts_with("__Host-duban=") && set.contains("Secure") && set.contains("Path=/"), "{set}");
}

#[actix_web::test]
async fn a_form_counts_only_from_a_page_of_this_console() {
    let scene = Scene::set(9, 30, 2).await;
    let mut browser = Browser::signed_in(&scene.app, "secretary-1").await;
    let token = browser.open("/account").await.token();
    browser.send_once("/sign-out", &[], "cross-site").await.is(403).says("form").says("不是从本系统的页面提交");
    let own = [("_csrf", token.as_str())];
    browser.send_once("/sign-out", &own, "same-site").await.is(403);
    browser.send_once("/sign-out", &[("_csrf", "guessed")], "same-origin").await.is(403);
    browser.send_once("/sign-out", &[], "same-origin").await.is(403);
    browser.open("/account").await.is(200).says("Branch 1 书记");
    let other = Browser::signed_in(&scene.app, "secretary-2").await.open("/account").await.token();
    browser.send_once("/sign-out", &[("_csrf", other.as_str())], "same-origin").await.is(403);
    browser.open("/account").await.says("Branch 1 书记");
    let left = browser.send("/sign-out", &own).await;
    left.is(200).says("已退出");
    assert!(browser.cookie("duban").is_none());
}

#[actix_web::test]
async fn a_sign_in_ends_after_its_limits_and_when_it_is_ended() {
    let scene = Scene::set(9, 30, 2).await;
    let mut browser = Browser::signed_in(&scene.app, "secretary-1").await;
    let clock = scene.app.app.db.clock().clone();
    for _ in 0..3 {
        clock.let_pass(25 * 60);
        browser.open("/account").await.is(200).says("Branch 1 书记");
    }
    clock.let_pass(31 * 60);
    assert!(browser.open_once("/account").await.leads_to().unwrap().starts_with("/sign-in"));
    let mut browser = Browser::signed_in(&scene.app, "secretary-1").await;
    for _ in 0..28 {
        clock.let_pass(25 * 60);
        browser.open_once("/account").await.is(200);
    }
    clock.let_pass(25 * 60);
    assert!(browser.open_once("/account").await.leads_to().unwrap().starts_with("/sign-in"), "after twelve hours");
    let (mut one, mut two) =
        (Browser::signed_in(&scene.app, "secretary-1").await, Browser::signed_in(&scene.app, "secretary-1").await);
    let page = one.open("/account").await;
    let end = page.text.split("action=\"/account/sessions/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let ended = one.submit(&page, &format!("/account/sessions/{end}"), &[]).await;
    ended.is(200).says("所选登录已结束");
    assert!(two.open_once("/account").await.leads_to().unwrap().starts_with("/sign-in"));
    one.open_once("/account").await.is(200);
    let theirs = Browser::signed_in(&scene.app, "secretary-2").await.open("/account").await;
    let own = one.open("/account").await;
    assert!(!theirs.text.contains(&own.token()));
}

#[actix_web::test]
async fn what_was_typed_when_the_sign_in_ended_comes_back() {
    let scene = Scene::set(9, 30, 2).await;
    let mut browser = Browser::signed_in(&scene.app, "secretary-1").await;
    let page = browser.open("/password").await;
    scene.app.app.db.clock().let_pass(31 * 60);
    let typed = [("current", "x"), ("new", "谁讲、讲什么<到会>&多少人")];
    let kept = browser.submit(&page, "/password", &typed).await;
    kept.is(401).says("登录已结束，请重新登录").says("刚才填写的内容都还在");
    let carried = kept.value("carried").unwrap().replace("&#38;", "&");
    let fields = [
        ("username", "secretary-1"),
        ("password", PASSWORD),
        ("carried_address", "/password"),
        ("carried", carried.as_str()),
    ];
    let resumed = browser.send("/sign-in", &fields).await;
    resumed.is(200).says("接着办刚才的事").says("谁讲、讲什么&#60;到会&#62;&#38;多少人").says("action=\"/password\"");
    assert_eq!(resumed.value("_again").unwrap(), "1");
}

#[actix_web::test]
async fn a_password_that_somebody_else_set_is_changed_first() {
    let app = TestApp::start(9, 30).await;
    let admin = app.administrator().await;
    admin
        .post("/accounts", json!({"username": "new", "display_name": "新任", "password": "Change-me-2020"}))
        .await
        .created();
    let mut browser = Browser::new(&app);
    let first = browser.send("/sign-in", &[("username", "new"), ("password", "Change-me-2020")]).await;
    assert_eq!(first.path, "/password");
    first.is(200).says("密码由他人设置，请先修改");
    let page = browser.open("/account").await;
    assert_eq!(page.path, "/password");
    let change =
        |new: &'static str, again: &'static str| [("current", "Change-me-2020"), ("new", new), ("again", again)];
    browser
        .submit(&page, "/password", &change("Sanmo-2020", "Sanmo-2021"))
        .await
        .is(422)
        .says("两次输入的新密码不一样");
    browser.submit(&page, "/password", &change("short", "short")).await.is(422).says("id=\"new-e\"");
    let changed = browser.submit(&page, "/password", &change("Sanmo-2020", "Sanmo-2020")).await;
    changed.is(200).says("密码已修改，请用新密码登录");
    let mut browser = Browser::signed_in(&app, "new").await;
    browser.open("/").await.is(200).says("现在没有任职");
}

#[actix_web::test]
async fn every_page_forbids_what_comes_from_elsewhere_and_is_kept_by_nobody() {
    let scene = Scene::set(9, 30, 2).await;
    let mut browser = Browser::signed_in(&scene.app, "secretary-1").await;
    for path in ["/account", "/password", "/nowhere"] {
        let page = browser.open(path).await;
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("referrer-policy"), "no-referrer", "{path}");
        let policy = page.header("content-security-policy");
        for rule in
            ["default-src 'none'", "style-src 'self'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]
        {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        for inline in [" style=", "<style", " onclick=", "javascript:", "http://", "https://"] {
            page.says_nothing_of(inline);
        }
    }
    let page = browser.open("/account").await;
    let style = page.text.split("href=\"/assets/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let style = browser.open(&format!("/assets/{style}")).await;
    assert_eq!(style.header("cache-control"), "public, max-age=31536000, immutable");
    assert!(style.header("content-type").starts_with("text/css"));
    browser.open("/assets/console-0.css").await.is(404);
}

#[actix_web::test]
async fn a_page_speaks_the_language_that_was_chosen() {
    let scene = Scene::set(9, 30, 2).await;
    let mut browser = Browser::signed_in(&scene.app, "secretary-1").await.speaking("en-GB,en;q=0.9");
    browser.open("/account").await.says("lang=\"en\"").says("Sign-ins");
    browser
        .send("/preferences", &[("language", "zh"), ("back", "/account")])
        .await
        .says("lang=\"zh-CN\"")
        .says("修改密码");
    let dark = browser.send("/preferences", &[("theme", "dark"), ("back", "/account")]).await;
    dark.says("data-theme=\"dark\"");
    let unknown = browser.send("/preferences", &[("theme", "pink"), ("back", "//evil.example")]).await;
    unknown.says("data-theme=\"dark\"");
    browser.open("/nowhere").await.is(404).says("没有这一页");
}

#[actix_web::test]
async fn a_program_is_refused_in_its_own_form() {
    let scene = Scene::set(9, 30, 2).await;
    let nobody = scene.app.anonymous();
    let answer = nobody.client.get(format!("{}/nowhere", scene.app.base)).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let mut browser = Browser::new(&scene.app);
    assert_eq!(browser.open("/api/v1/nowhere").await.header("content-type"), "application/problem+json");
    let person = scene.app.person("cadre", Role::Cadre, Some(scene.branches[0])).await;
    person.get("/auth/me").await.ok();
}
