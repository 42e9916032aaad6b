//! Sign-in, refresh, lock-out, passwords, tokens.

use duban::access::Role;
use duban::platform::config::PasswordPolicyName;
use serde_json::json;

use crate::support::{PASSWORD, TestApp, day};

async fn login(app: &TestApp, username: &str, password: &str) -> crate::support::Answer {
    app.anonymous().post("/auth/login", json!({"username": username, "password": password})).await
}

#[actix_web::test]
async fn five_failures_lock_a_name_whether_or_not_it_exists() {
    let app = TestApp::start(1, 5).await;
    let admin = app.administrator().await;
    let account = app.account("someone").await;
    for name in ["someone", "nobody"] {
        for _ in 0..5 {
            login(&app, name, "wrong").await.refused(401, "wrong_credentials");
        }
        let locked = login(&app, name, PASSWORD).await;
        assert!((1..=900).contains(&locked.header("retry-after").parse::<i64>().unwrap()), "{name}");
        locked.refused(429, "sign_in_locked");
    }
    admin.post(&format!("/accounts/{account}/unlock"), json!({})).await.ok();
    login(&app, "someone", PASSWORD).await.ok();
    for _ in 0..5 {
        login(&app, "someone", "wrong").await.refused(401, "wrong_credentials");
    }
    app.app.db.clock().let_pass(15 * 60 + 1);
    login(&app, "someone", PASSWORD).await.ok();
}

#[actix_web::test]
async fn a_refresh_token_rotates_and_an_old_one_ends_the_sign_in() {
    let app = TestApp::start(1, 5).await;
    app.account("someone").await;
    let refresh =
        async |token: &serde_json::Value| app.anonymous().post("/auth/refresh", json!({"refresh_token": token})).await;
    let first = login(&app, "someone", PASSWORD).await.ok();
    let second = refresh(&first["refresh_token"]).await.ok();
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    // The answer may have been lost: the one just replaced works once more.
    let third = refresh(&first["refresh_token"]).await.ok();
    refresh(&third["refresh_token"]).await.ok();
    // A second time, or an older one, ends everything.
    refresh(&first["refresh_token"]).await.refused(401, "refresh_reused");
    let mut person = app.anonymous();
    person.token = Some(third["access_token"].as_str().unwrap().to_owned());
    person.get("/auth/me").await.refused(401, "session_ended");

    let later = login(&app, "someone", PASSWORD).await.ok();
    let next = refresh(&later["refresh_token"]).await.ok();
    app.app.db.clock().let_pass(11);
    refresh(&later["refresh_token"]).await.refused(401, "refresh_reused");
    refresh(&next["refresh_token"]).await.refused(401, "session_ended");
    refresh(&json!("invented")).await.refused(401, "token_invalid");

    let idle = login(&app, "someone", PASSWORD).await.ok();
    app.app.db.clock().let_pass(31 * 60);
    refresh(&idle["refresh_token"]).await.refused(401, "session_ended");
}

#[actix_web::test]
async fn only_a_token_of_ours_that_has_not_expired_opens_anything() {
    let app = TestApp::start(1, 5).await;
    let admin = app.administrator().await;
    let good = admin.token.clone().unwrap();
    let parts: Vec<&str> = good.split('.').collect();
    use base64::Engine;
    let encode = |json: serde_json::Value| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json.to_string());
    let none = format!("{}.{}.", encode(json!({"alg": "none", "typ": "at+jwt"})), parts[1]);
    let hmac = format!("{}.{}.{}", encode(json!({"alg": "HS256", "typ": "at+jwt"})), parts[1], parts[2]);
    let kid = format!("{}.{}.{}", encode(json!({"alg": "EdDSA", "typ": "at+jwt", "kid": "other"})), parts[1], parts[2]);
    let kind = format!("{}.{}.{}", encode(json!({"alg": "EdDSA", "typ": "JWT"})), parts[1], parts[2]);
    let claims = format!(
        "{}.{}.{}",
        parts[0],
        encode(json!({"sub": "1", "sid": 1, "exp": 9999999999_i64, "iat": 0, "iss": "duban", "aud": "duban-api"})),
        parts[2]
    );
    for token in [none, hmac, kid, kind, claims, format!("{good}x"), "a.b.c".into()] {
        let mut forger = app.anonymous();
        forger.token = Some(token.clone());
        forger.get("/auth/me").await.refused(401, "token_invalid");
    }
    admin.get("/auth/me").await.ok();
    app.app.db.clock().let_pass(15 * 60 + 1);
    admin.get("/auth/me").await.refused(401, "token_invalid");
}

#[actix_web::test]
async fn signing_out_resetting_and_disabling_end_sign_ins_at_once() {
    let app = TestApp::start(1, 5).await;
    let admin = app.administrator().await;
    let account = app.account("someone").await;
    let first = app.sign_in("someone", account).await;
    let second = app.sign_in("someone", account).await;
    let sessions = first.get("/auth/sessions").await.items();
    assert_eq!(sessions.len(), 2);
    let other = sessions.iter().find(|session| session["current"] == json!(false)).unwrap();
    first.post(&format!("/auth/sessions/{}/end", other["id"]), json!({})).await.is(204);
    second.get("/auth/me").await.refused(401, "session_ended");
    admin.post(&format!("/auth/sessions/{}/end", sessions[0]["id"]), json!({})).await.refused(404, "not_found");
    first.post("/auth/logout", json!({})).await.is(204);
    first.get("/auth/me").await.refused(401, "session_ended");

    let person = app.sign_in("someone", account).await;
    admin
        .post(&format!("/accounts/{account}/reset-password"), json!({"password": "short"}))
        .await
        .refused(422, "password_weak");
    admin.post(&format!("/accounts/{account}/reset-password"), json!({"password": "Given-by-1"})).await.is(204);
    person.get("/auth/me").await.refused(401, "session_ended");
    let limited = login(&app, "someone", "Given-by-1").await.ok();
    assert_eq!(limited["password_change_required"], json!(true));
    let mut person = app.anonymous();
    person.token = Some(limited["access_token"].as_str().unwrap().to_owned());
    person.get("/units").await.refused(403, "password_change_required");
    let change = |current: &str, new: &str| person.post("/auth/password", json!({"current": current, "new": new}));
    assert_eq!(change("wrong", "Better-1-pass").await.refused(422, "wrong_password"), "/current");
    assert_eq!(change("Given-by-1", "weak").await.refused(422, "password_weak"), "/new");
    change("Given-by-1", "Given-by-1").await.refused(422, "password_weak");
    change("Given-by-1", "Better-1-pass").await.is(204);
    change("Better-1-pass", "Better-2-pass").await.refused(401, "session_ended");

    admin.patch(&format!("/accounts/{account}"), json!({"disabled": true})).await.ok();
    login(&app, "someone", "Better-1-pass").await.refused(403, "account_disabled");
}

#[actix_web::test]
async fn a_stolen_token_is_no_way_to_guess_the_password() {
    let app = TestApp::start(1, 5).await;
    let account = app.account("someone").await;
    let person = app.sign_in("someone", account).await;
    for _ in 0..5 {
        person
            .post("/auth/password", json!({"current": "guess", "new": "Better-1-pass"}))
            .await
            .refused(422, "wrong_password");
    }
    person
        .post("/auth/password", json!({"current": PASSWORD, "new": "Better-1-pass"}))
        .await
        .refused(429, "sign_in_locked");
}

#[actix_web::test]
async fn each_policy_has_its_rules() {
    let app = TestApp::start_with(day(1, 5), PasswordPolicyName::Asvs, 1).await;
    let admin = app.administrator().await;
    let new = |password: &str| json!({"username": "someone", "display_name": "x", "password": password});
    admin.post("/accounts", new("Short-1")).await.refused(422, "password_weak");
    admin.post("/accounts", new("password1234")).await.refused(422, "password_weak");
    admin.post("/accounts", new("correct horse battery")).await.created();
    admin.post("/accounts", new("correct horse battery")).await.refused(409, "username_taken");

    let app = TestApp::start(1, 5).await;
    app.account("someone").await;
    app.app.db.clock().let_pass(91 * 86_400);
    login(&app, "someone", PASSWORD).await.refused(403, "account_disabled");
}

#[actix_web::test]
async fn appointments_count_from_the_next_request_and_for_their_days_only() {
    let app = TestApp::start(1, 5).await;
    let admin = app.administrator().await;
    let unit = admin.post("/units", json!({"name": "C", "kind": "committee"})).await.created()["id"].as_i64().unwrap();
    let account = app.account("someone").await;
    let person = app.sign_in("someone", account).await;
    person.get("/units").await.refused(403, "forbidden");
    let body =
        json!({"account_id": account, "unit_id": unit, "role": "leader", "from": "2020-01-05", "until": "2020-01-10"});
    let post = admin.post("/appointments", body).await.created();
    person.get("/units").await.ok();
    app.turn_to(day(1, 10));
    assert_eq!(person.get("/auth/me").await.ok()["appointments"][0]["until"], json!("2020-01-10"));
    app.turn_to(day(1, 11));
    person.get("/units").await.refused(403, "forbidden");
    admin.patch(&format!("/appointments/{}", post["id"]), json!({"until": null})).await.ok();
    person.get("/units").await.ok();
    let wrong = [
        (json!({"account_id": account, "role": "leader", "from": "2020-01-05"}), "appointment_unit"),
        (json!({"account_id": account, "unit_id": unit, "role": "auditor", "from": "2020-01-05"}), "appointment_unit"),
        (json!({"account_id": 999, "role": "auditor", "from": "2020-01-05"}), "account_unknown"),
        (
            json!({"account_id": account, "role": "auditor", "from": "2020-01-05", "until": "2020-01-04"}),
            "period_reversed",
        ),
    ];
    for (body, code) in wrong {
        admin.post("/appointments", body).await.refused(422, code);
    }
}

#[actix_web::test]
async fn the_keys_are_published_and_no_secret_is_in_the_database() {
    let app = TestApp::start(1, 5).await;
    app.person("leader-without", Role::Auditor, None).await;
    let jwks = reqwest::get(format!("{}/.well-known/jwks.json", app.base)).await.unwrap().text().await.unwrap();
    let jwks: serde_json::Value = serde_json::from_str(&jwks).unwrap();
    assert_eq!(jwks["keys"].as_array().unwrap().len(), 2);
    assert!(
        jwks["keys"].as_array().unwrap().iter().all(|key| key["crv"] == json!("Ed25519") && key.get("d").is_none())
    );
    // The key of the secret file opens the sealed ones: a restart goes on with the same keys.
    let restarted = app.restart().await;
    let again = reqwest::get(format!("{}/.well-known/jwks.json", restarted.base)).await.unwrap().text().await.unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&again).unwrap(), jwks);
}
