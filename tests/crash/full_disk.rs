//! A full disk: every file of the program stops growing. What is refused is refused with a problem document and leaves
//! nothing behind; what was acknowledged is there; and once there is room again, everything goes on.

use serde_json::{Value, json};

use crate::house::{self, House, on_postgres};

/// Rounds of a full disk and room again.
const ROUNDS: u64 = 3;

#[derive(Default)]
struct Told {
    kept: Vec<String>,
    refused: Vec<String>,
    codes: std::collections::BTreeSet<String>,
}

impl Told {
    /// Notes an answer: done, or refused with a document of the server's own.
    async fn note(&mut self, text: String, answer: reqwest::Response) {
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body: Value = answer.json().await.unwrap();
        if status < 300 {
            self.kept.push(text);
            return;
        }
        assert!(status >= 500 && headers["content-type"] == "application/problem+json", "{status} {body}");
        self.codes.insert(format!("{status} {}", body["code"].as_str().unwrap()));
        self.refused.push(text);
    }
}

#[actix_web::test]
async fn on_a_full_disk_nothing_is_half_written_and_with_room_it_goes_on() {
    let mut house = House::build().await;
    let server = house.start_for_a_full_disk().await;
    house.sign_in(&server.base).await;
    let (mut reports, mut files) = (Told::default(), Told::default());
    for round in 0..ROUNDS {
        write(&house, &server.base, &format!("before {round}"), 5, &mut reports, &mut files).await;
        let full = (reports.refused.len(), files.refused.len());
        // Less than an evidence file; and SQLite's log meets it at once, or after a write or two from its beginning.
        server.bound_files(Some(100_000 + 10_000 * round));
        write(&house, &server.base, &format!("full {round}"), 20, &mut reports, &mut files).await;
        assert!(files.refused.len() > full.1, "no file was refused");
        assert!(on_postgres() || reports.refused.len() > full.0, "no report was refused");
        server.bound_files(None);
        let refused = (reports.refused.len(), files.refused.len());
        write(&house, &server.base, &format!("after {round}"), 5, &mut reports, &mut files).await;
        assert_eq!((reports.refused.len(), files.refused.len()), refused, "with room again all is taken");
    }
    for (told, table, column) in [(&reports, "progress_reports", "text"), (&files, "attachments", "file_name")] {
        let counted: std::collections::HashMap<_, _> =
            ["before", "full", "after"].iter().flat_map(|name| house.counted(table, column, name)).collect();
        for text in &told.kept {
            assert_eq!(counted.get(text), Some(&1), "{text} was acknowledged");
        }
        for text in &told.refused {
            assert_eq!(counted.get(text), None, "{text} was refused");
        }
    }
    house.check_whole();
    println!(
        "{ROUNDS} times a full disk on {}: {} kept, {} refused ({:?}), 0 half written",
        house.database(),
        reports.kept.len() + files.kept.len(),
        reports.refused.len() + files.refused.len(),
        reports.codes.union(&files.codes).collect::<Vec<_>>()
    );
}

async fn write(house: &House, base: &str, name: &str, times: usize, reports: &mut Told, files: &mut Told) {
    let (client, seat) = (house::client(), &house.seats[0]);
    let api = format!("{base}/api/v1");
    for n in 0..times {
        let text = format!("{name} {n}.pdf");
        let report = client.post(format!("{api}/time-nodes/{}/progress-reports", house.nodes[0][n]));
        let report = report.bearer_auth(&seat.token).json(&json!({"kind": "progress", "text": text}));
        reports.note(text.clone(), report.send().await.unwrap()).await;
        let part = reqwest::multipart::Part::bytes(format!("%PDF-1.7 {text} {}", "x".repeat(200_000)).into_bytes());
        let form = reqwest::multipart::Form::new().part("file", part.file_name(text.clone()));
        let file = client.post(format!("{api}/attachments")).bearer_auth(&seat.token).multipart(form);
        files.note(text, file.send().await.unwrap()).await;
    }
}
