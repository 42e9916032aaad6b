//! Fast answers equal slow answers: what is kept up to date is what the ledger says, after random lives; and whatever is
//! altered behind the program's back is found, with its name. `DUBAN_COUNTS` says how many lives (default 4; every
//! random year of the rates is verified beside these).

use chrono::Days;
use diesel::RunQueryDsl;
use serde_json::{Value, json};

use crate::command_line::{duban, said};
use crate::life::{Life, spread};
use crate::support::proof;
use crate::support::{Scene, TestApp, day};

/// One life; how many days of nodes and units were compared.
async fn life(seed: u64) -> usize {
    let mut life = Life::begin(1_000_000 + seed).await;
    life.live_to(day(12, 28), 4).await;
    life.turn_to(day(12, 31) + Days::new(2));
    life.close_the_plan().await;
    let later = life.today + Days::new(20);
    life.live_to(later, 4).await;
    life.verify_counts().await
}

#[test]
fn what_is_kept_is_what_the_ledger_says_after_random_lives() {
    let lives = proof::size("DUBAN_COUNTS", 4);
    let begun = std::time::Instant::now();
    let given = spread(lives, life);
    let (lives, days) = (given.len(), given.into_iter().sum::<usize>());
    println!("{lives} lives, {days} days compared, 0 differences, {:.0?}", begun.elapsed());
    assert!(days > lives * 20);
}

async fn alter(app: &TestApp, statement: &'static str) {
    let done = app.app.db.write(move |conn| Ok(diesel::sql_query(statement).execute(conn)?));
    assert_eq!(done.await.unwrap(), 1, "{statement}");
}

#[actix_web::test]
async fn whatever_is_altered_is_found_and_named() {
    let scene = Scene::set(1, 5, 1).await;
    let nodes = scene.issued_with(&[day(3, 31)]).await;
    scene.app.turn_to(day(3, 20));
    let report = scene.complete(nodes[0]).await;
    scene.app.turn_to(day(3, 24));
    scene.accept(&report).await;
    let verify = || {
        let (code, out, error) = said(&duban(Some(&scene.app), &["verify-counts", "--json"], ""));
        let found: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out} {error}"));
        (code, found["differences"].clone())
    };
    assert_eq!(verify(), (0, json!([])));
    let (code, out, _) = said(&duban(Some(&scene.app), &["verify-counts"], ""));
    assert!(code == 0 && out.contains("1 time nodes of 1 plans and 3 units") && out.contains("0 differences"), "{out}");
    let alterations = [
        ("time_node_states SET met_on = '2020-03-21'", "met_on = '2020-03-20'", "recorded_to IS NULL", "met_on"),
        ("time_node_states SET due_on = '2020-03-30'", "due_on = '2020-03-31'", "recorded_to IS NULL", "due_on"),
        (
            "time_node_states SET late_after = '2020-04-01'",
            "late_after = '2020-03-31'",
            "recorded_to IS NULL",
            "late_after",
        ),
        ("time_node_states SET excluded = 'waived'", "excluded = NULL", "recorded_to IS NULL", "excluded"),
        ("time_node_states SET phase = 'open'", "phase = 'reported'", "phase = 'reported'", "phase"),
        ("unit_facts SET path = '/3/'", "path = '/1/3/'", "unit_id = 3", "path"),
    ];
    for (altered, back, of, field) in alterations {
        let table = altered.split(' ').next().unwrap();
        // The row is told by what it holds before and after.
        let id = format!("SELECT MIN(id) FROM {table} WHERE {of}");
        let now: &'static str = format!("UPDATE {altered} WHERE id = ({id})").leak();
        let kept = altered.split_once(" SET ").unwrap().1;
        let of_altered = if field == "phase" { "phase = 'open' AND has_report".to_owned() } else { of.to_owned() };
        let id = format!("SELECT MIN(id) FROM {table} WHERE {of_altered}");
        let again: &'static str = format!("UPDATE {table} SET {back} WHERE id = ({id})").leak();
        alter(&scene.app, now).await;
        let (code, differences) = verify();
        let fields: Vec<_> = differences.as_array().unwrap().iter().map(|one| one["field"].clone()).collect();
        assert!(code == 1 && fields.contains(&json!(field)), "{kept}: {code} {differences}");
        assert!(fields.iter().all(|found| *found == json!(field)), "{kept}: {differences}");
        alter(&scene.app, again).await;
        assert_eq!(verify(), (0, json!([])), "{kept}");
    }
    alter(&scene.app, "DELETE FROM time_node_states WHERE recorded_to IS NULL").await;
    let (code, differences) = verify();
    assert!(code == 1 && differences[0]["field"] == json!("rows"), "{differences}");
}

/// A revision lets go what waits for a report at once; what was reported is judged first, and let go when it waits again.
#[actix_web::test]
async fn what_the_lists_no_longer_ask_for_is_let_go_when_it_waits_again() {
    for way in ["returned", "revoked", "withdrawn"] {
        let scene = Scene::set(1, 5, 1).await;
        let nodes = scene.issued_with(&[day(9, 30)]).await;
        let task = scene.node(nodes[0]).await["task_id"].clone();
        scene.app.turn_to(day(3, 20));
        let report = scene.complete(nodes[0]).await;
        scene.app.turn_to(day(3, 24));
        let other = json!({"entries": [{"due_on": "2020-11-30"}], "reason": "moved"});
        scene.department.put(&format!("/tasks/{task}/schedule"), other).await.ok();
        assert_eq!(scene.node(nodes[0]).await["excluded_reason"], json!(null), "{way}");
        scene.app.turn_to(day(3, 26));
        let path = format!("/progress-reports/{}", report["id"]);
        match way {
            "returned" => drop(scene.give_back(&report, "not_done").await),
            "withdrawn" => drop(scene.secretary().post(&format!("{path}/withdrawal"), json!({})).await.ok()),
            _ => {
                scene.accept(&report).await;
                let taken_back = json!({"reason": "it did not take place"});
                scene.department.post(&format!("{path}/revocation"), taken_back).await.ok();
            }
        }
        assert_eq!(scene.node(nodes[0]).await["excluded_reason"], json!("cancelled"), "{way}");
        let (code, out, error) = said(&duban(Some(&scene.app), &["verify-counts"], ""));
        assert!(code == 0 && out.contains("0 differences"), "{way}: {out} {error}");
    }
}
