//! The rates are right: whole random lives of a committee, every rate of random days recomputed by the independent model
//! in `tests/model/` from the exported rows alone. `DUBAN_RATES_YEARS` says how many years (default 8 on SQLite, 4 on
//! PostgreSQL).

use std::collections::BTreeMap;

use chrono::Days;
use rand::RngExt;
use serde_json::{Value, json};

use crate::life::{Life, spread};
use crate::support::proof;
use crate::support::{ask, day, model_agrees, on_postgres};

/// Years whose rows the model is given at once.
const TOGETHER: u64 = 10;

const RATES: [&str; 5] = ["completion", "on_time", "on_time_original", "reporting", "year_progress"];

/// Every rate of a few days: as recorded and restated, of the committee, the general branch or a branch, in groups.
fn questions(life: &mut Life) -> Vec<(&'static str, Value)> {
    let mut asked = vec![];
    let units = [vec![life.scene().committee], life.scene().branches.clone()].concat();
    for restated in [false, true] {
        for unit in [units[0], units[life.dice.random_range(0..units.len())]] {
            let as_of = life.some_day();
            let of = |more: &[(&str, &str)]| {
                let mut of = json!({"year": 2020, "unit_id": unit, "as_of": as_of, "restated": restated});
                for (name, value) in more {
                    of[*name] = json!(value);
                }
                of
            };
            let group = ["unit", "month", "key_point"][life.dice.random_range(0..3)];
            asked.push(("compliance", of(&[("group_by", group)])));
            asked.push(("explain", of(&[("rate", RATES[life.dice.random_range(0..5)])])));
            asked.push(("rectification", of(&[("group_by", "unit")])));
            asked.push(("rectification/explain", of(&[])));
            let mut attendance = of(&[("group_by", ["unit", "kind"][life.dice.random_range(0..2)])]);
            attendance.as_object_mut().unwrap().remove("restated");
            asked.push(("attendance", attendance));
        }
    }
    asked
}

/// A year from the issue of its plan to some weeks after its close.
async fn year(seed: u64) -> Life {
    let mut life = Life::begin(seed).await;
    life.live_to(day(12, 28), 4).await;
    if life.dice.random_bool(0.7) {
        life.turn_to(day(12, 31) + Days::new(5));
        life.close_the_plan().await;
        let later = life.today + Days::new(30);
        life.live_to(later, 3).await;
    }
    life
}

type Tally = BTreeMap<String, [usize; 2]>;

/// Some years, given to the model together; how many reports it compared, and how many days were verified of what is
/// kept up to date.
async fn years(from: u64, last: u64) -> (u64, usize, usize, Tally) {
    let (mut folders, mut reports, mut days, mut tally) = (vec![], 0, 0, Tally::new());
    for seed in from..last {
        let mut life = year(seed).await;
        let asked = questions(&mut life);
        let folder = tempfile::tempdir().unwrap();
        ask(life.scene(), &asked, folder.path()).await;
        reports += asked.len();
        days += life.verify_counts().await;
        folders.push(folder);
        for (operation, [done, refused]) in &life.done {
            let sum = tally.entry(operation.clone()).or_default();
            (sum[0], sum[1]) = (sum[0] + done, sum[1] + refused);
        }
    }
    let paths: Vec<_> = folders.iter().map(tempfile::TempDir::path).collect();
    if let Err(said) = model_agrees(&paths, reports) {
        let kept: Vec<_> = folders.into_iter().map(tempfile::TempDir::keep).collect();
        panic!("years {from}..{last}: {said}\nthe rows are kept in {kept:?}");
    }
    (last - from, reports, days, tally)
}

#[test]
fn every_rate_of_random_years_agrees_with_the_independent_model() {
    let asked = proof::size("DUBAN_RATES_YEARS", if on_postgres() { 4 } else { 8 });
    let begun = std::time::Instant::now();
    let given =
        spread(asked.div_ceil(TOGETHER), move |batch| years(batch * TOGETHER, asked.min((batch + 1) * TOGETHER)));
    let (mut lived, mut reports, mut days, mut tally) = (0, 0, 0, Tally::new());
    for (years, compared, verified, done) in given {
        lived += years;
        reports += compared;
        days += verified;
        for (operation, [done, refused]) in done {
            let sum = tally.entry(operation).or_default();
            (sum[0], sum[1]) = (sum[0] + done, sum[1] + refused);
        }
    }
    println!(
        "{lived} random years, {reports} reports, {days} days of kept values, 0 differences, {:.0?}",
        begun.elapsed()
    );
    for (operation, [done, refused]) in &tally {
        println!("{done:7} done {refused:7} refused  {operation}");
    }
    // A year that nothing happens in agrees with anything.
    let never: Vec<_> =
        MUST_HAPPEN.iter().filter(|verb| tally.get(**verb).is_none_or(|[done, _]| *done == 0)).collect();
    let may_miss = if lived < 100 { MUST_HAPPEN.len() / 4 } else { 0 };
    assert!(never.len() <= may_miss, "never carried out: {never:?}");
}

const MUST_HAPPEN: &[&str] = &[
    "POST /time-nodes/{id}/progress-reports",
    "POST /progress-reports/{id}/reviews",
    "POST /progress-reports/{id}/revocation",
    "POST /progress-reports/{id}/withdrawal",
    "POST /progress-reports/{id}/additions",
    "POST /progress-reports:batch",
    "POST /drafts/{id}/signature",
    "POST /time-nodes/{id}/extensions",
    "POST /extensions/{id}/decision",
    "POST /extensions:batch",
    "POST /time-nodes/{id}/waivers",
    "POST /waivers/{id}/decision",
    "POST /waivers/{id}/withdrawal",
    "POST /time-nodes/{id}/cancellations",
    "POST /cancellations/{id}/decision",
    "POST /key-points/{id}/tasks",
    "POST /tasks/{id}/responsibilities",
    "DELETE /responsibilities/{id}",
    "PUT /tasks/{id}/schedule",
    "DELETE /tasks/{id}",
    "PATCH /plans/{id}",
    "POST /plans/{id}/close",
    "PATCH /units/{id}",
    "POST /units/{id}/dissolve",
    "PATCH /settings",
    "POST /calendars",
    "POST /standard-sets/{id}/publish",
    "POST /clauses/{id}/tasks",
    "DELETE /clause-tasks/{id}",
    "POST /assessments/{id}/check",
    "POST /assessments/{id}/recognition",
    "POST /assessments/{id}/withdrawal",
    "POST /findings",
    "POST /findings/{id}/measures",
    "POST /findings/{id}/tasks",
    "POST /findings/{id}/applications",
    "POST /findings/{id}/checks",
    "POST /findings/{id}/closing",
    "POST /findings/{id}/stage",
    "POST /findings/{id}/dismissal",
    "POST /findings/{id}/rechecks",
    "PUT /meetings/{id}/attendances",
    "POST /meetings/{id}/hold",
    "POST /meetings/{id}/decisions",
];
