//! What was acknowledged is there, once: the real program is killed (SIGKILL) at random moments while writers write, and
//! is started again. On SQLite, and with `DUBAN_TEST_DATABASE=postgres` on PostgreSQL.
//!
//! `DUBAN_CRASH_KILLS` says how often it is killed (20), `DUBAN_CRASH_STOPS` how often it is stopped (SIGTERM and
//! SIGINT in turn) under load (5). A kill takes the process and not the machine: that a commit reached the disk rests on
//! `synchronous=FULL`, which is asserted elsewhere.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test that can't go on says so by failing"
)]

mod full_disk;
mod house;
#[path = "../api/support/proof.rs"]
mod proof;
mod writers;

use std::time::{Duration, Instant};

use house::{House, STOPS};
use writers::{Kind, Log, Writer};

/// One round: all writers write until the server no longer answers; `end` ends it meanwhile.
async fn round(house: &House, base: &str, name: &str, end: impl Future<Output = ()>) -> Vec<Log> {
    let writers = house.seats.iter().enumerate().flat_map(|(seat, people)| {
        [Kind::Report, Kind::Evidence, Kind::Rename].into_iter().map(move |kind| {
            let token = if kind == Kind::Rename { house.admin() } else { &people.token };
            Writer { kind, seat, token: token.to_owned(), unit: people.unit }
        })
    });
    let writing = writers.map(|writer| writer.write_until_it_ends(base, name, &house.nodes)).collect::<Vec<_>>();
    futures_util::future::join(futures_util::future::join_all(writing), end).await.0
}

#[actix_web::test]
async fn whatever_was_acknowledged_before_a_kill_is_there_once() {
    let kills = proof::size("DUBAN_CRASH_KILLS", 20);
    let mut house = House::build().await;
    let (mut acknowledged, mut unanswered, mut kept) = (0, 0, 0);
    let mut server = house.start().await;
    house.sign_in(&server.base).await;
    let (begun, mut killed) = (Instant::now(), 0);
    for kill in (0..kills).take_while(|_| !proof::is_over(begun)) {
        let name = format!("kill {kill}");
        let moment = Duration::from_millis(rand::random_range(10..400));
        let base = server.base.clone();
        let logs = round(&house, &base, &name, async {
            actix_web::rt::time::sleep(moment).await;
            server.kill();
        })
        .await;
        server = house.start().await;
        house.sign_in(&server.base).await;
        for log in &logs {
            acknowledged += log.acknowledged.len();
            unanswered += usize::from(log.unanswered.is_some());
            kept += usize::from(log.check(&house, &server.base).await);
        }
        if kill % 10 == 9 {
            house.check_whole();
        }
        killed += 1;
    }
    server.kill();
    house.check_whole();
    assert!(acknowledged > killed, "the writers wrote: {acknowledged}");
    println!(
        "{killed} kills on {}: {acknowledged} acknowledged writes, 0 lost, 0 doubled; {unanswered} were under way, {kept} of \
         them had been kept",
        house.database()
    );
}

#[actix_web::test]
async fn a_stop_under_load_finishes_what_is_under_way_and_exits_with_0() {
    let stops = proof::size("DUBAN_CRASH_STOPS", 5) as usize;
    let mut house = House::build().await;
    let mut acknowledged = 0;
    let mut slowest = Duration::ZERO;
    let (begun, mut stopped) = (Instant::now(), 0);
    while stopped < stops && !proof::is_over(begun) {
        let mut server = house.start().await;
        house.sign_in(&server.base).await;
        let name = format!("stop {stopped}");
        let base = server.base.clone();
        let mut took = Duration::ZERO;
        let logs = round(&house, &base, &name, async {
            actix_web::rt::time::sleep(Duration::from_millis(rand::random_range(100..500))).await;
            took = server.stop(STOPS[stopped % 2]).await;
        })
        .await;
        slowest = slowest.max(took);
        let again = house.start().await;
        house.sign_in(&again.base).await;
        for log in &logs {
            acknowledged += log.acknowledged.len();
            // The server says that it closes a connection before it does, so nothing it took stays without an answer.
            let kept = log.check(&house, &again.base).await;
            assert!(!kept, "{name}: a write was kept and never acknowledged: {log:?}");
        }
        drop(again);
        stopped += 1;
    }
    house.check_whole();
    assert!(acknowledged > stopped, "the writers wrote: {acknowledged}");
    println!(
        "{stopped} stops under load on {}: {acknowledged} acknowledged writes, 0 lost, 0 kept without an answer; slowest {slowest:?}",
        house.database()
    );
}

#[actix_web::test]
async fn a_stop_waits_for_a_write_that_takes_its_time() {
    let mut house = House::build().await;
    for signal in STOPS {
        stop_with_a_slow_write(&mut house, signal).await;
    }
}

async fn stop_with_a_slow_write(house: &mut House, signal: &str) {
    let mut server = house.start().await;
    house.sign_in(&server.base).await;
    let text = format!("stop slow {signal}");
    // Somebody outside holds the database, so the write is under way when the stop comes.
    let held = house.hold();
    let report = house::client()
        .post(format!("{}/api/v1/time-nodes/{}/progress-reports", server.base, house.nodes[0][0]))
        .bearer_auth(&house.seats[0].token)
        .json(&serde_json::json!({"kind": "progress", "text": text}))
        .send();
    let pause = |milliseconds| actix_web::rt::time::sleep(Duration::from_millis(milliseconds));
    let (answer, took) = futures_util::future::join(report, async {
        pause(500).await;
        futures_util::future::join(server.stop(signal), async {
            pause(2000).await;
            drop(held);
        })
        .await
        .0
    })
    .await;
    assert_eq!(answer.expect("the write is answered").status(), 201);
    assert!(took >= Duration::from_secs(2), "the write was not under way any more: {took:?}");
    assert_eq!(house.counted("progress_reports", "text", "stop").get(&text), Some(&1));
    println!(
        "a stop by {signal} with a slow write under way on {}: answered 201, ended after {took:?}",
        house.database()
    );
}
