//! Those who write, what they note of it outside the server, and how it is held against the database afterwards.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::house::{self, House};

/// What a writer writes: progress reports, evidence files, a new name for a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Report,
    Evidence,
    Rename,
}

#[derive(Debug, Clone)]
pub struct Writer {
    pub kind: Kind,
    pub seat: usize,
    pub token: String,
    pub unit: i64,
}

/// One write: its text, which nothing else has, and what was answered.
#[derive(Debug, Clone)]
pub struct Write {
    text: String,
    node: i64,
    answer: Value,
}

/// What a writer has noted.
#[derive(Debug)]
pub struct Log {
    writer: Writer,
    round: String,
    /// The version of the unit that the first renaming found.
    begun: i64,
    pub acknowledged: Vec<Write>,
    /// The write to which no answer came.
    pub unanswered: Option<Write>,
}

impl Writer {
    /// Writes one thing after the other until the server no longer answers.
    pub async fn write_until_it_ends(self, base: &str, round: &str, nodes: &[Vec<i64>]) -> Log {
        let client = house::client();
        let mut log =
            Log { writer: self.clone(), round: round.to_owned(), begun: 0, acknowledged: vec![], unanswered: None };
        let mut version = 0;
        if self.kind == Kind::Rename {
            let unit = client.get(format!("{base}/api/v1/units/{}", self.unit)).bearer_auth(&self.token).send().await;
            let Some(unit) = read(unit).await else { return log };
            version = unit["version"].as_i64().unwrap();
            log.begun = version;
        }
        for n in 0.. {
            let text = format!("{round} {:?} {} {n}.pdf", self.kind, self.seat);
            let nodes = &nodes[self.seat];
            let write = Write { text, node: nodes[rand::random_range(0..nodes.len())], answer: Value::Null };
            match read(self.request(&client, base, &write, version).send().await).await {
                None => {
                    log.unanswered = Some(write);
                    return log;
                }
                // It was told that nothing was changed: on PostgreSQL a conflict may be lost this often.
                Some(answer) if answer["status"] == json!(503) => {}
                Some(answer) => {
                    version = answer["version"].as_i64().unwrap_or(version);
                    log.acknowledged.push(Write { answer, ..write });
                }
            }
        }
        log
    }

    fn request(&self, client: &reqwest::Client, base: &str, write: &Write, version: i64) -> reqwest::RequestBuilder {
        let (base, text) = (format!("{base}/api/v1"), &write.text);
        let request = match self.kind {
            Kind::Report => client
                .post(format!("{base}/time-nodes/{}/progress-reports", write.node))
                .json(&json!({"kind": "progress", "text": text})),
            Kind::Evidence => {
                let part = reqwest::multipart::Part::bytes(bytes(text)).file_name(text.clone());
                client.post(format!("{base}/attachments")).multipart(reqwest::multipart::Form::new().part("file", part))
            }
            Kind::Rename => client
                .patch(format!("{base}/units/{}", self.unit))
                .json(&json!({"name": text}))
                .header("if-match", format!("\"{version}\"")),
        };
        request.bearer_auth(&self.token).header("idempotency-key", text)
    }
}

/// The bytes of an evidence file.
fn bytes(text: &str) -> Vec<u8> {
    format!("%PDF-1.7 {text} {}", "x".repeat(20_000)).into_bytes()
}

/// What was answered, whole; `None` when no whole answer came. A refusal that should not be fails the test.
async fn read(answer: reqwest::Result<reqwest::Response>) -> Option<Value> {
    let answer = answer.ok()?;
    let status = answer.status().as_u16();
    let body = answer.text().await.ok()?;
    assert!(status < 300 || status == 503, "{status} {body}");
    Some(serde_json::from_str(&body).unwrap())
}

impl Log {
    /// Holds the notes against the database: all that was acknowledged is there once, and what was under way is there
    /// once or not at all. Whether it is there.
    pub async fn check(&self, house: &House, base: &str) -> bool {
        match self.writer.kind {
            Kind::Report => self.check_rows(house, base, "progress_reports", "text").await,
            Kind::Evidence => {
                let kept = self.check_rows(house, base, "attachments", "file_name").await;
                for write in &self.acknowledged {
                    let digest = hex::encode(Sha256::digest(bytes(&write.text)));
                    assert_eq!(write.answer["sha256"], json!(digest));
                    assert_eq!(std::fs::read(house.evidence(&digest)).unwrap(), bytes(&write.text), "{}", write.text);
                }
                kept
            }
            Kind::Rename => self.check_name(house, base).await,
        }
    }

    async fn check_rows(&self, house: &House, base: &str, table: &str, column: &str) -> bool {
        let counted = house.counted(table, column, &self.round);
        let times = |write: &Write| counted.get(&write.text).copied().unwrap_or_default();
        for write in &self.acknowledged {
            assert_eq!(times(write), 1, "{} was acknowledged: lost (0) or doubled", write.text);
        }
        let kept = self.unanswered.as_ref().is_some_and(|write| times(write) > 0);
        // Everything may be sent again with its key: what there is is found, what was not kept is now.
        let again = self.acknowledged.last().into_iter().chain(&self.unanswered);
        let client = house::client();
        for write in again {
            let request = self.writer.request(&client, base, write, 0);
            let answer = read(request.send().await).await.unwrap();
            assert!(write.answer.is_null() || write.answer == answer, "{}: another answer", write.text);
            let counted = house.counted(table, column, &self.round);
            assert_eq!(counted.get(&write.text), Some(&1), "{} after it was sent again", write.text);
        }
        kept
    }

    async fn check_name(&self, house: &House, base: &str) -> bool {
        if self.begun == 0 {
            return false;
        }
        let unit = house::get(base, house.admin(), &format!("/units/{}", self.writer.unit)).await;
        let version = unit["version"].as_i64().unwrap();
        let acknowledged = self.acknowledged.last();
        let expected = acknowledged.map_or(self.begun, |write| write.answer["version"].as_i64().unwrap());
        assert_eq!(expected, self.begun + i64::try_from(self.acknowledged.len()).unwrap(), "a version a renaming");
        let last = match version - expected {
            0 => acknowledged,
            1 => self.unanswered.as_ref(),
            other => panic!("{}: {other} renamings too many", self.round),
        };
        if let Some(write) = last {
            assert_eq!(unit["name"], json!(write.text));
        }
        version > expected
    }
}
