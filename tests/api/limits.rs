//! What one caller may take: bodies, headers, time and places are bounded by settings, and a crowd is answered.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use duban::access::Role;
use duban::platform::config::{Limits, PasswordPolicyName};
use futures_util::future::join_all;
use serde_json::json;

use crate::command_line::{duban, said};
use crate::support::{PASSWORD, TestApp, day, faults, sheets};

async fn limited(limits: Limits) -> TestApp {
    TestApp::start_limited(day(1, 5), PasswordPolicyName::Mlps, limits).await
}

/// Sends raw bytes, waits, and gives what was answered until the server closed the connection.
fn raw(app: &TestApp, bytes: &str) -> (String, Duration) {
    let mut stream = TcpStream::connect(app.base.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(bytes.as_bytes()).unwrap();
    let (begun, mut answer) = (Instant::now(), vec![]);
    let _ = stream.read_to_end(&mut answer);
    (String::from_utf8_lossy(&answer).into_owned(), begun.elapsed())
}

#[actix_web::test]
async fn a_body_and_headers_are_taken_up_to_their_bounds() {
    let app = limited(Limits { body_bytes: 1000, header_bytes: 2000, ..Limits::default() }).await;
    let admin = app.administrator().await;
    let unit = |length: usize| {
        let body = json!({"name": "Committee", "kind": "committee"}).to_string();
        format!("{body}{}", " ".repeat(length - body.len()))
    };
    let send = async |body: String, more: usize| {
        let request = admin.request("POST", "/units").header("content-type", "application/json");
        let request = request.header("x-more", "x".repeat(more)).body(body);
        admin.send("POST", "/units", request).await
    };
    send(unit(1001), 1).await.refused(413, "body_too_large");
    send(unit(900), 2000).await.refused(431, "headers_too_large");
    send(unit(1000), 1000).await.created();
}

#[actix_web::test]
async fn whoever_sends_too_slowly_is_told_so() {
    let second = Duration::from_secs(1);
    let app =
        limited(Limits { header_time: second, body_time: second, upload_time: second, ..Limits::default() }).await;
    let admin = app.administrator().await;
    let unit = admin.post("/units", json!({"name": "Committee", "kind": "committee"})).await.created();
    // Somebody who may hand in all of it.
    let department = app.person("department", Role::Department, unit["id"].as_i64()).await;
    let token = department.token.unwrap();
    let slow = move || {
        let mut told = vec![(String::from("headers"), raw(&app, "GET /healthz HTTP/1.1\r\nHost: duban\r\n"))];
        let file = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n";
        let (json, form, typed) =
            ("application/json", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded");
        for (path, kind, begun) in [
            ("/api/v1/units", json, "{\"name\": "),
            ("/api/v1/attachments", form, file),
            ("/api/v1/imports?list=units", form, file),
            ("/api/v1/fill-in-workbook", form, file),
            ("/sign-in", typed, "username=a"),
            ("/sign-out", typed, "a=b"),
            ("/sign-out", form, "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"),
            ("/sign-out", form, file),
        ] {
            let head = format!(
                "POST {path} HTTP/1.1\r\nHost: duban\r\nAuthorization: Bearer {token}\r\nContent-Type: {kind}\r\nContent-Length: 500\r\n\r\n"
            );
            told.push((format!("{path} {kind}"), raw(&app, &(head + begun))));
        }
        told
    };
    for (what, (answer, waited)) in actix_web::rt::task::spawn_blocking(slow).await.unwrap() {
        assert!(answer.starts_with("HTTP/1.1 408") && waited < 3 * second, "{what}: {answer} after {waited:?}");
    }
}

#[actix_web::test]
async fn all_that_is_typed_into_a_form_is_bounded_together() {
    let app = limited(Limits { body_bytes: 2000, ..Limits::default() }).await;
    let part = |text: &str| format!("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{text}\r\n");
    let file = |name: &str| part("").replace("name=\"a\"", &format!("name=\"a\"; filename=\"{name}\""));
    for (parts, status) in [
        (part("a").repeat(10), 401),
        (part(&"a".repeat(300)).repeat(10), 413),
        // Empty ones take room too.
        (part("").repeat(40), 413),
        (file("a").repeat(10), 401),
        (file("").repeat(40), 413),
        (file(&"a".repeat(300)).repeat(10), 413),
    ] {
        let request = app.anonymous().client.post(format!("{}/sign-out", app.base));
        let request = request.header("content-type", "multipart/form-data; boundary=x");
        let answer = request.body(parts + "--x--\r\n").send().await.unwrap();
        assert_eq!(answer.status(), status, "{}", answer.text().await.unwrap());
    }
}

#[actix_web::test]
async fn a_connection_over_the_limit_waits_and_an_idle_one_is_ended() {
    let second = Duration::from_secs(1);
    let app =
        limited(Limits { connections: 1, header_time: 2 * second, keep_alive: second, ..Limits::default() }).await;
    let asked = move || {
        let address = app.base.trim_start_matches("http://").to_owned();
        // One for each of the two threads that serve.
        let held: Vec<_> = (0..2).map(|_| TcpStream::connect(&address).unwrap()).collect();
        held.iter().for_each(|mut stream| stream.write_all(b"GET /healthz HTTP/1.1\r\n").unwrap());
        std::thread::sleep(second / 2);
        let waits = raw(&app, "GET /healthz HTTP/1.1\r\nHost: duban\r\nConnection: close\r\n\r\n");
        drop(held);
        (waits, raw(&app, "GET /healthz HTTP/1.1\r\nHost: duban\r\n\r\n"))
    };
    let ((waits, waited), (idle, kept)) = actix_web::rt::task::spawn_blocking(asked).await.unwrap();
    assert!(waits.starts_with("HTTP/1.1 200") && waited > second, "{waits} after {waited:?}");
    assert!(idle.starts_with("HTTP/1.1 200") && kept > second / 2 && kept < 4 * second, "{idle} after {kept:?}");
}

#[actix_web::test]
async fn a_crowd_that_signs_in_is_answered_and_does_not_pile_up() {
    // One after another they are no crowd.
    faults::stay_out();
    let app = TestApp::start(1, 5).await;
    // Their passwords are hashed as slowly as in earnest.
    let admin = app.administrator().await;
    for n in 0..4 {
        let new = json!({"username": format!("crowd-{n}"), "display_name": "crowd", "password": PASSWORD});
        admin.post("/accounts", new).await.created();
    }
    let begun = Instant::now();
    let sign_in = |n: usize| {
        let body = json!({"username": format!("crowd-{}", n % 4), "password": PASSWORD});
        let nobody = app.anonymous();
        async move { nobody.post("/auth/login", body).await }
    };
    let answers = join_all((0..300).map(sign_in)).await;
    let busy: Vec<_> = answers.iter().filter(|answer| answer.status == 503).collect();
    assert!(busy.iter().all(|answer| answer.header("retry-after") == "1"), "they are told when to come back");
    assert!(busy.iter().all(|answer| answer.body["code"] == json!("busy")));
    let admitted = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(admitted + busy.len(), 300);
    assert!(admitted >= 4 && !busy.is_empty(), "{admitted} were admitted, {} told to come back", busy.len());
    println!(
        "300 sign-ins at once: {admitted} admitted, {} told to come back, all within {:?}",
        busy.len(),
        begun.elapsed()
    );
    // Afterwards it goes on as before.
    assert_eq!(sign_in(0).await.status, 200);
}

#[actix_web::test]
async fn a_crowd_that_hands_files_in_is_answered_and_does_not_fill_the_memory() {
    faults::stay_out();
    let app = TestApp::start(1, 5).await;
    let admin = app.administrator().await;
    let row: &[&str] = &["第一党支部", "党支部", "党委", "一支部", "2020-01-01", ""];
    let file = sheets::workbook("units", &vec![row; 1000]);
    let begun = Instant::now();
    let answers = join_all((0..80).map(|_| admin.hand_in("list=units", "units.xlsx", &file))).await;
    let busy = answers.iter().filter(|answer| answer.status == 503);
    assert!(busy.clone().all(|answer| answer.header("retry-after") == "1"), "they are told when to come back");
    let (busy, read) = (busy.count(), answers.iter().filter(|answer| answer.status == 422).count());
    assert!(busy + read == 80 && busy > 0 && read >= 4, "{read} were read, {busy} told to come back");
    println!("80 workbooks at once: {read} read, {busy} told to come back, all within {:?}", begun.elapsed());
}

#[actix_web::test]
async fn writes_that_can_not_wait_are_told_at_once() {
    let app = TestApp::start(1, 5).await;
    let db = &app.app.db;
    // On SQLite one write holds up the others; on PostgreSQL sixteen take every connection.
    let slow = || {
        let db = db.clone();
        actix_web::rt::spawn(async move {
            let waits = |_: &mut _| {
                std::thread::sleep(Duration::from_millis(1500));
                Ok(())
            };
            db.write(waits).await
        })
    };
    let slow: Vec<_> = (0..if crate::support::on_postgres() { 16 } else { 1 }).map(|_| slow()).collect();
    actix_web::rt::time::sleep(Duration::from_millis(200)).await;
    let told = join_all((0..1100).map(|_| async {
        let begun = Instant::now();
        (db.write(|_| Ok(())).await.map_err(|error| error.code()), begun.elapsed())
    }))
    .await;
    let busy: Vec<_> = told.iter().filter(|(outcome, _)| *outcome == Err("busy")).collect();
    assert!(busy.len() >= 76 && busy.len() < 100, "{}", busy.len());
    assert!(busy.iter().all(|(_, waited)| *waited < Duration::from_secs(1)), "at once");
    assert!(told.iter().all(|(outcome, _)| outcome.is_ok() || *outcome == Err("busy")));
    println!("1100 writes behind a slow one: {} waited, {} told to come back at once", 1100 - busy.len(), busy.len());
    for one in slow {
        one.await.unwrap().unwrap();
    }
}

#[test]
fn a_limit_of_nothing_stops_the_start() {
    for (flag, name) in [
        ("--max-body-bytes", "DUBAN_MAX_BODY_BYTES"),
        ("--max-header-bytes", "DUBAN_MAX_HEADER_BYTES"),
        ("--header-seconds", "DUBAN_HEADER_SECONDS"),
        ("--body-seconds", "DUBAN_BODY_SECONDS"),
        ("--upload-seconds", "DUBAN_UPLOAD_SECONDS"),
        ("--keep-alive-seconds", "DUBAN_KEEP_ALIVE_SECONDS"),
        ("--max-connections", "DUBAN_MAX_CONNECTIONS"),
        ("--drain-seconds", "DUBAN_DRAIN_SECONDS"),
    ] {
        let (code, _, error) = said(&duban(None, &["check-config", flag, "0"], ""));
        assert!(code == 2 && error.contains(name), "{code} {error}");
    }
}
