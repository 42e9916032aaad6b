//! SQLite answers as PostgreSQL does: random traces of calls, sensible and not, are made on both in step, and every two
//! answers are the same but for ids (told apart by the order in which they appeared), moments and opaque tokens.
//! `DUBAN_TRACES` says how many (default 8 against PostgreSQL). Where the run is on SQLite, two of them are compared,
//! fewer times: then what is proved is that an answer depends on nothing but what was called before.

use rand::RngExt;

use crate::life::{Call, Life, Who, spread};
use crate::support::proof;
use crate::support::{day, on_postgres};

/// Reports that are asked for at the end of a trace.
const REPORTS: &[&str] = &[
    "compliance?group_by=unit",
    "compliance?group_by=key_point",
    "compliance?group_by=month",
    "compliance?group_by=category",
    "explain?rate=completion",
    "explain?rate=on_time",
    "explain?rate=branches_recognised",
    "trend?",
    "path?",
    "reviews?",
    "unscheduled?",
    "flags?",
    "rectification?group_by=unit",
    "rectification/explain?",
    "attendance?group_by=kind",
];

const LISTS: &[&str] = &[
    "/time-nodes?limit=200",
    "/findings?limit=200",
    "/meetings?limit=200",
    "/assessments?limit=200",
    "/bulletins?limit=200",
    "/units/tree",
    "/inbox",
    "/reports/urge-list",
    "/plans/@plan:0/task-list",
    "/plans/@plan:0/revisions",
    "/plans/@plan:0/receipts",
    "/search?q=%E4%BC%9A",
];

/// One trace; how many calls it was.
async fn trace(seed: u64) -> usize {
    let mut life = Life::begin_in_step(seed).await;
    let last = day(3, 1) + chrono::Days::new(life.dice.random_range(0..280));
    life.live_to(last, 3).await;
    for _ in 0..10 {
        life.ask_oddly().await;
    }
    if last > day(11, 1) {
        life.turn_to(day(12, 31) + chrono::Days::new(3));
        life.close_the_plan().await;
    }
    for _ in 0..5 {
        let report = REPORTS[life.dice.random_range(0..REPORTS.len())];
        let (as_of, restated) = (life.some_day(), life.dice.random_bool(0.4));
        let again = if restated && report.starts_with("compliance") { "&restated=true" } else { "" };
        life.call(Call::get(Who::Leader, format!("/reports/{report}&year=2020&as_of={as_of}{again}"))).await;
    }
    for list in LISTS {
        for who in [Who::Department, Who::Secretary(0)] {
            life.call(Call::get(who, *list)).await;
        }
    }
    life.done.values().map(|[done, refused]| done + refused).sum()
}

#[test]
fn random_traces_are_answered_alike_by_both_databases() {
    let traces = proof::size("DUBAN_TRACES", if on_postgres() { 8 } else { 4 });
    let begun = std::time::Instant::now();
    let given = spread(traces, trace);
    let (traces, calls) = (given.len(), given.into_iter().sum::<usize>());
    let other = if on_postgres() { "PostgreSQL" } else { "another SQLite" };
    println!("{traces} traces, {calls} calls on SQLite and {other}, 0 differences, {:.0?}", begun.elapsed());
    assert!(calls > traces * 50);
}
