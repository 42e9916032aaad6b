//! All or nothing: whichever database call of a write fails, nothing of it is kept, and the caller is told so. What
//! every operation does when any of its calls fails is in `support/faults`; here is what comes on top of it.

use std::collections::BTreeSet;
use std::time::Duration;

use diesel::RunQueryDsl;
use serde_json::json;

use crate::support::faults::{self, Fault};
use crate::support::{Scene, day, on_postgres, operations};

/// What tests with `DUBAN_TEST_FAULTS` has noted: every operation that writes failed at every call.
#[test]
#[ignore = "reads what tests that rode have noted: scripts/faults calls it after them, and scripts/test calls that"]
fn every_operation_that_writes_has_failed_at_every_call() {
    let notes = std::fs::read_to_string(std::env::var("DUBAN_TEST_FAULTS_LOG").unwrap()).unwrap();
    let (first, second) = if on_postgres() { ("Error", "Cut") } else { ("Panic", "Row") };
    let (mut failed, mut failed_again, mut calls) = (BTreeSet::new(), BTreeSet::new(), 0);
    for note in notes.lines() {
        let [fault, operation, times] = note.split('\t').collect::<Vec<_>>()[..] else { panic!("{note}") };
        calls += times.parse::<i64>().unwrap();
        if fault == first {
            failed.insert(operation.to_owned());
        } else if fault == second {
            failed_again.insert(operation.to_owned());
        }
    }
    let wanted = operations().into_iter().filter(|(method, _, _)| method != "GET");
    let wanted: BTreeSet<_> = wanted.map(|(method, path, _)| format!("{method} {path}")).collect();
    let missing: Vec<_> = wanted.difference(&failed).collect();
    assert!(missing.is_empty(), "never failed: {missing:#?}");
    println!(
        "{} of {} operations failed at every call with {first}, {} with {second}; {calls} failures, 0 partial states",
        failed.len(),
        wanted.len(),
        failed_again.len()
    );
}

#[actix_web::test]
async fn a_fault_is_noticed_by_what_watches_for_it() {
    faults::by_hand();
    let scene = Scene::set(1, 5, 1).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let ride = faults::ride_of(&scene.app.base).unwrap();
    let path = format!("/time-nodes/{}/progress-reports", nodes[0]);
    let body = json!({"kind": "progress", "text": "half way"});
    duban::worker::seal_all(&scene.app.app).await.unwrap();
    let before = ride.state();
    for fault in if on_postgres() { [Fault::Error, Fault::Cut] } else { [Fault::Panic, Fault::Row] } {
        let mut failures = 0;
        for n in 1..=3 {
            ride.faults.arm(fault, n);
            let answer = scene.secretary().post(&path, body.clone()).await;
            assert!(ride.faults.disarm() && answer.status >= 500, "{fault:?} {n}: {}", answer.text);
            assert!(ride.state() == before, "{fault:?} {n}");
            failures += 1;
        }
        assert_eq!(failures, 3);
    }
    scene.secretary().post(&path, body).await.created();
    assert!(ride.state() != before, "what is kept is seen");
}

#[actix_web::test]
async fn a_commit_without_an_answer_is_not_said_to_have_changed_nothing() {
    if !on_postgres() {
        return; // SQLite is inside the program: there is no wire to cut.
    }
    faults::by_hand();
    let scene = Scene::set(1, 5, 1).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let ride = faults::ride_of(&scene.app.base).unwrap();
    let path = format!("/time-nodes/{}/progress-reports", nodes[0]);
    let body = json!({"kind": "progress", "text": "half way"});
    ride.faults.arm(Fault::CutAfterCommit, 1);
    let answer = scene.secretary().post_with_key(&path, body.clone(), "key-1").await;
    assert!(ride.faults.disarm());
    answer.refused(503, "outcome_unknown");
    // What it says to do: the same key again.
    scene.secretary().post_with_key(&path, body, "key-1").await.created();
    assert_eq!(scene.secretary().get(&path).await.items().len(), 1);
}

#[actix_web::test]
async fn a_database_that_goes_away_and_comes_back_leaves_nothing_half_done() {
    if !on_postgres() {
        return; // SQLite can't go away; its full disk is below.
    }
    faults::by_hand();
    let scene = Scene::set(1, 5, 1).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    let ride = faults::ride_of(&scene.app.base).unwrap();
    let path = format!("/time-nodes/{}/progress-reports", nodes[0]);
    let body = |n: usize| json!({"kind": "progress", "text": format!("number {n}")});
    duban::worker::seal_all(&scene.app.app).await.unwrap();

    // Every session is ended by the database.
    let mut n = 0;
    for _ in 0..5 {
        end_sessions(&scene.app.config.database_url);
        let answer = scene.secretary().post(&path, body(n)).await;
        if answer.status != 201 {
            assert_eq!((answer.status, answer.header("retry-after").as_str()), (503, "1"), "{}", answer.text);
            scene.secretary().post(&path, body(n)).await.created();
        }
        n += 1;
    }
    assert_eq!(scene.secretary().get(&path).await.items().len(), n);

    // It is gone: everybody is told when to come back, and afterwards it goes on.
    ride.faults.set_gone(true);
    actix_web::rt::time::sleep(Duration::from_millis(100)).await;
    let write = scene.secretary().post(&path, body(n));
    let read = scene.secretary().get(&path);
    let ready = reqwest::get(format!("{}/readyz", scene.app.base));
    let (write, read, ready) = futures_util::future::join3(write, read, ready).await;
    for answer in [write, read] {
        assert_eq!((answer.status, answer.header("retry-after").as_str()), (503, "1"), "{}", answer.text);
    }
    assert_eq!(ready.unwrap().status(), 503);
    ride.faults.set_gone(false);
    assert_eq!(scene.secretary().get(&path).await.items().len(), n);
    scene.secretary().post(&path, body(n)).await.created();
    println!("5 times all sessions ended, once gone and back: {} acknowledged writes, 0 lost, 0 partial", n + 1);
}

/// Ends every other session of a database.
fn end_sessions(url: &str) {
    let mut conn = duban::platform::db::portable::connect(url).unwrap();
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    diesel::sql_query(end).execute(&mut conn).unwrap();
}
