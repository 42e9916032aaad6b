//! A past report never changes: reports of random days are taken whole, then everything that can happen happens, the
//! program is started anew, and every byte is compared. `DUBAN_PASTS` says how many lives (default 4 on SQLite, 2 on
//! PostgreSQL).

use std::collections::BTreeMap;

use chrono::Days;
use rand::RngExt;
use serde_json::json;

use crate::life::{Life, Who, spread};
use crate::support::proof;
use crate::support::{Persona, Scene, day, on_postgres};

/// Every report of a day and a unit, in one language.
fn every_report(unit: i64, as_of: chrono::NaiveDate) -> Vec<String> {
    let mut asked = vec!["compliance?".to_owned(), "rectification?".into(), "rectification/explain?".into()];
    asked.extend(["unit", "key_point", "month", "category"].map(|group| format!("compliance?group_by={group}&")));
    asked.extend(["unit", "kind"].map(|group| format!("attendance?group_by={group}&")));
    let rates = [
        "completion",
        "on_time",
        "on_time_original",
        "reporting",
        "year_progress",
        "compliance",
        "assessed",
        "branches_recognised",
        "branches_at_target",
    ];
    asked.extend(rates.map(|rate| format!("explain?rate={rate}&")));
    asked.extend(["trend?", "path?", "reviews?", "unscheduled?", "flags?"].map(str::to_owned));
    let mut paths: Vec<_> =
        asked.iter().map(|of| format!("/reports/{of}year=2020&unit_id={unit}&as_of={as_of}")).collect();
    paths.push(format!("/reports/urge-list?unit_id={unit}&as_of={as_of}"));
    paths
}

/// What is asked, in which language, as JSON or as a table.
type Asked = (String, &'static str, &'static str);

async fn take(persona: &Persona, (path, language, form): &Asked) -> (bool, String) {
    let url = format!("{}/api/v1{path}", persona.base);
    let request = persona.client.get(url).bearer_auth(persona.token.as_ref().unwrap());
    let answer = request.header("accept-language", *language).header("accept", *form).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    let text = answer.text().await.unwrap();
    let body: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    (*form == "text/csv" || body["final"] == json!(true), text)
}

async fn taken(life: &mut Life) -> BTreeMap<Asked, String> {
    let leader = life.sides[0].persona(Who::Leader);
    let units = [vec![life.scene().committee], life.scene().branches.clone()].concat();
    let mut bodies = BTreeMap::new();
    for round in 0..3 {
        let unit = if round == 0 { units[0] } else { units[life.dice.random_range(0..units.len())] };
        let as_of = life.some_day().min(life.today - Days::new(1));
        let language = ["en", "zh-CN"][round % 2];
        for path in every_report(unit, as_of) {
            let csv = path.contains("/compliance?") && life.dice.random_bool(0.5);
            let asked = (path, language, if csv { "text/csv" } else { "application/json" });
            let (is_final, text) = take(&leader, &asked).await;
            assert!(is_final, "{asked:?}: {text}");
            bodies.insert(asked, text);
        }
    }
    bodies
}

/// One life; how many reports were compared, and how many of them read otherwise when they are restated.
async fn life(seed: u64) -> (usize, usize) {
    let mut life = Life::begin(seed).await;
    let middle = day(3, 10) + Days::new(life.dice.random_range(0..250));
    life.live_to(middle, 4).await;
    let mut before = taken(&mut life).await;
    let year_end = day(12, 30);
    life.live_to(year_end.min(middle + Days::new(60)), 8).await;
    before.extend(taken(&mut life).await);
    life.turn_to(day(12, 31) + Days::new(3));
    life.close_the_plan().await;
    let later = life.today + Days::new(12);
    life.live_to(later, 4).await;
    let side = life.sides.remove(0);
    let Scene { app, leader, .. } = side.scene;
    let restarted = app.restart().await;
    let leader = Persona { base: restarted.base.clone(), ..leader };
    let mut otherwise = 0;
    for (asked, body) in &before {
        assert_eq!(&take(&leader, asked).await.1, body, "seed {seed}, {asked:?}");
        if asked.0.contains("/compliance?group_by=unit") && asked.2 == "application/json" {
            let again = leader.get(&format!("{}&restated=true", asked.0)).await.ok();
            let then: serde_json::Value = serde_json::from_str(body).unwrap();
            otherwise += usize::from(again["total"] != then["total"]);
        }
    }
    (before.len(), otherwise)
}

#[test]
fn past_reports_stay_as_they_were_whatever_happens() {
    let lives = proof::size("DUBAN_PASTS", if on_postgres() { 2 } else { 4 });
    let begun = std::time::Instant::now();
    let given = spread(lives, life);
    let lives = given.len();
    let reports: usize = given.iter().map(|(reports, _)| reports).sum();
    let otherwise: usize = given.iter().map(|(_, otherwise)| otherwise).sum();
    println!(
        "{lives} lives, {reports} past reports, 0 changed; {otherwise} of them read otherwise restated, {:.0?}",
        begun.elapsed()
    );
    // Where nothing that happened later concerns an earlier day, nothing is proved.
    assert!(otherwise > 0, "a life in which nothing changes proves nothing");
}
