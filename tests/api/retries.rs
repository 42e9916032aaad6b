//! A retry is safe, whatever became of the call before; and of many who change one row, nobody's change is lost.
//!
//! `DUBAN_RETRY_SEQUENCES` says how many random sequences are played (500).

use std::time::Duration;

use diesel::RunQueryDsl;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::proof;
use crate::support::{Answer, Persona, Scene, day};

/// Sequences that run side by side.
const SIDE_BY_SIDE: usize = 4;

#[derive(diesel::QueryableByName)]
struct Counted {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

/// One call that may be sent again and again: its text is its own, so its effects can be counted.
struct Sequence<'a> {
    scene: &'a Scene,
    who: &'a Persona,
    path: String,
    table: &'static str,
    body: Value,
    changed: Value,
    key: String,
    /// The first answer of success; every later one must be the same bytes.
    answer: Option<Answer>,
}

impl Sequence<'_> {
    /// Sends it and notes the answer.
    async fn send(&mut self) {
        let answer = self.who.post_with_key(&self.path, self.body.clone(), &self.key).await;
        self.note(answer);
    }

    fn note(&mut self, answer: Answer) {
        // On PostgreSQL a conflict may be lost often enough that the caller is asked to come back.
        if answer.status == 503 {
            assert_eq!(answer.header("retry-after"), "1");
            return;
        }
        assert_eq!(answer.status, 201, "{}", answer.text);
        let first = self.answer.get_or_insert(answer.clone());
        assert_eq!((&answer.text, answer.etag()), (&first.text, first.etag()), "another answer to the same call");
    }

    /// Sends it and goes away before the answer, somewhere on the way.
    async fn drop_answer(&self) {
        let request = self.who.request("POST", &self.path).json(&self.body).header("idempotency-key", &self.key);
        let patience = Duration::from_micros(rand::random_range(0..8000));
        let _ = tokio::time::timeout(patience, request.send()).await;
    }

    async fn sixteen_at_once(&mut self) {
        let (who, path, body, key) = (self.who, &self.path, &self.body, &self.key);
        let answers = join_all((0..16).map(|_| who.post_with_key(path, body.clone(), key))).await;
        answers.into_iter().for_each(|answer| self.note(answer));
    }

    /// Another body under the same key; only once the first is known to have been done, or it would be the first.
    async fn change_body(&self) {
        let refused = self.who.post_with_key(&self.path, self.changed.clone(), &self.key).await;
        refused.refused(422, "idempotency_key_reused");
    }

    async fn play(mut self) {
        for _ in 0..rand::random_range(1..6) {
            match rand::random_range(0..8) {
                0 => self.sixteen_at_once().await,
                1..=3 => self.drop_answer().await,
                4 | 5 if self.answer.is_some() => self.change_body().await,
                _ => self.send().await,
            }
        }
        while self.answer.is_none() {
            self.send().await;
        }
        assert_eq!(self.effects(&self.body).await, 1, "{}: {}", self.path, self.body);
        assert_eq!(self.effects(&self.changed).await, 0, "{}: {}", self.path, self.changed);
    }

    async fn effects(&self, body: &Value) -> i64 {
        let text = body["text"].as_str().unwrap();
        let query = format!("SELECT COUNT(*) AS n FROM {} WHERE text = '{text}'", self.table);
        let counted =
            self.scene.app.app.db.read(move |conn| Ok(diesel::sql_query(&query).get_result::<Counted>(conn)?.n));
        counted.await.unwrap()
    }
}

#[actix_web::test]
async fn of_a_call_that_is_sent_again_and_again_there_is_one_effect() {
    let sequences = proof::size("DUBAN_RETRY_SEQUENCES", 500) as usize;
    let scene = Scene::set(1, 5, 1).await;
    let days: Vec<_> = (0..50).map(|n| day(2, 1) + chrono::Days::new(n)).collect();
    let nodes = scene.issued_with(&days).await;
    let one = |number: usize| {
        let node = nodes[number % nodes.len()];
        let (path, table, body): (_, _, fn(String) -> Value) = match number % 3 {
            0 => (format!("/time-nodes/{node}/comments"), "comments", |text| json!({"text": text})),
            1 => {
                let draft = |text| json!({"kind": "progress", "text": text});
                (format!("/time-nodes/{node}/drafts"), "report_drafts", draft)
            }
            _ => {
                let report = |text| json!({"kind": "progress", "text": text});
                (format!("/time-nodes/{node}/progress-reports"), "progress_reports", report)
            }
        };
        let (key, answer) = (format!("key-{number}"), None);
        let (body, changed) = (body(format!("call {number}")), body(format!("changed {number}")));
        Sequence { scene: &scene, who: scene.secretary(), path, table, body, changed, key, answer }.play()
    };
    let (begun, mut played) = (std::time::Instant::now(), 0);
    while played < sequences && !proof::is_over(begun) {
        let last = sequences.min(played + SIDE_BY_SIDE);
        join_all((played..last).map(one)).await;
        played = last;
    }
    println!("{played} random sequences of sending, dropping, repeating and changing: 0 double effects");
}

#[actix_web::test]
async fn of_32_writers_of_one_row_each_success_is_a_step_of_its_version() {
    const WRITERS: usize = 32;
    const ROUNDS: usize = 5;
    let scene = Scene::set(1, 5, 1).await;
    let path = format!("/units/{}", scene.branches[0]);
    let writer = async |writer: usize| {
        let mut kept = vec![];
        for round in 0..ROUNDS {
            let seen = scene.admin.get(&path).await;
            let (etag, seen) = (seen.etag(), seen.ok()["version"].as_i64().unwrap());
            let name = format!("Branch {writer} {round}");
            let answer = scene.admin.patch_version(&path, json!({"name": name}), &etag).await;
            match answer.status {
                200 => {
                    let version = answer.body["version"].as_i64().unwrap();
                    assert_eq!(version, seen + 1, "it changed what it had seen, and nobody else's change");
                    kept.push((version, name));
                }
                412 => drop(answer.refused(412, "stale")),
                _ => drop(answer.refused(503, "busy")),
            }
        }
        kept
    };
    let mut kept: Vec<_> = join_all((0..WRITERS).map(writer)).await.into_iter().flatten().collect();
    kept.sort();
    let versions: Vec<_> = kept.iter().map(|(version, _)| *version).collect();
    let steps: Vec<_> = (2..2 + i64::try_from(kept.len()).unwrap()).collect();
    assert_eq!(versions, steps, "each success is one step");
    let unit = scene.admin.get(&path).await.ok();
    assert_eq!((&unit["version"], &unit["name"]), (&json!(versions.last()), &json!(kept.last().unwrap().1)));
    println!("{WRITERS} writers on one row, {} successes, {} steps of its version", kept.len(), versions.len());
}
