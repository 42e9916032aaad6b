//! The export of every time node of a year as a workbook, beside the bare library writing the same cells. What is
//! measured, and what it showed, stands in `benches/README.md`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark that fails may say so by panicking")]

use std::fs::File;
use std::io::Read;
use std::time::{Duration, Instant};

use calamine::Reader;
use chrono::NaiveDate;
use duban::access::actor::Reach;
use duban::access::{Actor, Post, Role, Site, UnitId};
use duban::accounts::actions::AccountToMake;
use duban::app::App;
use duban::plans::PlanId;
use duban::platform::config::{LogFormat, PasswordPolicyName};
use duban::platform::web::Table;
use duban::platform::{Clock, Config, Conn, PageRequest};
use duban::time_nodes::revise::Revise;
use duban::time_nodes::store::NodeFilter;
use duban::{accounts, plans, time_nodes, units};
use serde_json::{Value, json};

/// Tasks, branches that owe each, entries of each: their product is the number of rows.
struct Size {
    tasks: usize,
    branches: usize,
    entries: u64,
    rounds: usize,
}

#[actix_web::main]
async fn main() {
    // `cargo bench` adds it; without it (`cargo test --benches`) a small run shows that all of it works.
    let is_trial = std::env::args().all(|arg| arg != "--bench");
    let rounds = std::env::args().skip_while(|arg| arg != "--rounds").nth(1).and_then(|number| number.parse().ok());
    let size = if is_trial {
        Size { tasks: 2, branches: 5, entries: 10, rounds: 1 }
    } else {
        Size { tasks: 10, branches: 100, entries: 100, rounds: rounds.unwrap_or(5) }
    };
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path()).await;
    let made = Instant::now();
    let (tasks, branches, entries) = (size.tasks, size.branches, size.entries);
    let committee = app.db.write(move |conn| Ok(year(conn, tasks, branches, entries))).await.unwrap();
    let rows = tasks * branches * usize::try_from(entries).unwrap();
    println!("{rows} time nodes, made in {:.1} s", made.elapsed().as_secs_f64());
    let rounds = size.rounds;
    let compared = app.db.read_long(move |conn| {
        compare(conn, committee, rows, rounds);
        Ok(())
    });
    compared.await.unwrap();
}

async fn open(folder: &std::path::Path) -> App {
    let config = Config {
        database_url: format!("sqlite://{}", folder.join("export.db").display()),
        listen: "127.0.0.1:0".parse().unwrap(),
        timezone: chrono_tz::Asia::Shanghai,
        data_dir: folder.to_owned(),
        secret_file: folder.join("secret.key"),
        today: Some(day(1, 5)),
        password_policy: PasswordPolicyName::Mlps,
        max_attachment_bytes: 1 << 20,
        limits: duban::platform::config::Limits::default(),
        log_format: LogFormat::Text,
    };
    App::open(&config).await.unwrap()
}

fn day(month: u32, date: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, date).unwrap()
}

fn input<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

/// A committee with branches and an issued plan, by the program's own actions.
fn year(conn: &mut Conn, tasks: usize, branches: usize, entries: u64) -> UnitId {
    let operator = Actor::operator();
    let unit = |conn: &mut Conn, name: String, kind: &str, parent: Option<UnitId>| {
        let new = input(json!({"name": name, "kind": kind, "parent_id": parent}));
        units::actions::create(conn, &operator, new).unwrap().id
    };
    let committee = unit(conn, "党委".into(), "committee", None);
    let new = AccountToMake {
        username: "department",
        display_name: "department",
        password_hash: "-",
        must_change_password: false,
    };
    let now = Clock::new(chrono_tz::UTC, None).stamp();
    let account = accounts::actions::create(conn, &operator, &new, now).unwrap();
    let leader = accounts::actions::create(conn, &operator, &AccountToMake { username: "leader", ..new }, now).unwrap();
    let post = json!({"account_id": leader.id, "unit_id": committee, "role": "leader", "from": "2026-01-01"});
    accounts::actions::appoint(conn, &operator, &input(post)).unwrap();
    let seat = Site { unit_id: committee, path: format!("/{committee}/") };
    let department = Post { role: Role::Department, seat: Some(seat.clone()), serves: Some(seat) };
    let actor = Actor { account_id: Some(account.id), posts: vec![department], ..Actor::operator() };
    let owing: Vec<UnitId> =
        (0..branches).map(|number| unit(conn, format!("第{}党支部", number + 1), "branch", Some(committee))).collect();
    let plan: PlanId = {
        let new = json!({"unit_id": committee, "year": 2026, "title": "2026年党建工作计划"});
        plans::copy::create(conn, &actor, input(new)).unwrap().plan.id
    };
    let point = input(json!({"title": "组织生活"}));
    let point = plans::lists::add_key_point(conn, &actor, &Revise, plan, point).unwrap().id;
    for number in 0..tasks {
        let due = |entry| day(3, 1).checked_add_days(chrono::Days::new(entry * 2)).unwrap();
        let entry = |entry| json!({"title": format!("召开第{entry}次支部党员大会"), "due_on": due(entry)});
        let parts: Vec<_> = owing.iter().map(|unit| json!({"unit_id": unit, "part": "responsible"})).collect();
        let entries: Vec<_> = (0..entries).map(entry).collect();
        let task = json!({"title": format!("第{number}项工作"), "responsibilities": parts, "entries": entries});
        plans::add_task::add(conn, &actor, &Revise, point, input(task)).unwrap();
    }
    time_nodes::issue::issue(conn, &actor, plan, &input(json!({}))).unwrap();
    committee
}

/// What `GET /time-nodes` with the XLSX type does between the request and its answer.
fn real(conn: &mut Conn, reach: &Reach) -> File {
    let filter = NodeFilter::default();
    let table = Table::whole(&whole(), |page| time_nodes::store::list(conn, page, reach, &filter, day(1, 5)));
    table.unwrap().xlsx(None).unwrap()
}

fn whole() -> PageRequest {
    PageRequest::new("time-nodes", None, None, true).unwrap()
}

/// The library alone: cells that lie ready, in the mode that keeps memory flat, without any look.
fn bare(rows: &[Vec<Value>]) -> File {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory().unwrap();
    for (row, number) in rows.iter().zip(0_u32..) {
        for (cell, column) in row.iter().zip(0_u16..) {
            match cell {
                Value::Number(value) => sheet.write_number(number, column, value.as_f64().unwrap()).unwrap(),
                Value::String(text) => sheet.write_string(number, column, text).unwrap(),
                _ => continue,
            };
        }
    }
    let file = tempfile::tempfile().unwrap();
    book.save_to_writer(&file).unwrap();
    file
}

/// The cells of the program's workbook, which the library is then given.
fn cells(mut file: File, rows: usize) -> Vec<Vec<Value>> {
    let mut bytes = vec![];
    file.read_to_end(&mut bytes).unwrap();
    println!("{:.1} MB of XLSX", bytes.len() as f64 / 1e6);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    assert_eq!(range.height(), rows + 1, "the header and every row");
    let cell = |cell: &calamine::Data| match cell {
        calamine::Data::Float(number) => json!(number),
        calamine::Data::Int(number) => json!(number),
        calamine::Data::Empty => Value::Null,
        other => json!(other.to_string()),
    };
    range.rows().map(|row| row.iter().map(cell).collect()).collect()
}

fn compare(conn: &mut Conn, committee: UnitId, rows: usize, rounds: usize) {
    let reach = Reach { subtrees: vec![format!("/{committee}/")], units: vec![] };
    let given = cells(real(conn, &reach), rows);
    let timed = |mut work: Box<dyn FnMut() + '_>| {
        let started = Instant::now();
        work();
        started.elapsed()
    };
    let mut ratios = vec![];
    for round in 1..=rounds {
        let alone = timed(Box::new(|| drop(bare(&given))));
        let whole = timed(Box::new(|| drop(real(conn, &reach))));
        let rate = |time: Duration| rows as f64 / time.as_secs_f64();
        ratios.push(rate(whole) / rate(alone));
        println!(
            "{round}: bare {:>9.0} rows/s, real {:>9.0} rows/s, ratio {:.2}",
            rate(alone),
            rate(whole),
            ratios[round - 1]
        );
    }
    ratios.sort_by(f64::total_cmp);
    println!(
        "ratio {:.2} / {:.2} / {:.2} (min, median, max); target ≥ 0.5",
        ratios[0],
        ratios[rounds / 2],
        ratios[rounds - 1]
    );
    drop(given);
    memory("real", || drop(real(conn, &reach)));
}

/// How far the memory of the process rose while something ran.
fn memory(name: &str, work: impl FnOnce()) {
    // 5 sets the peak back to what is used now.
    if std::fs::write("/proc/self/clear_refs", "5").is_err() {
        println!("{name}: peak memory can't be measured here");
        return;
    }
    let before = kilobytes("VmRSS:");
    work();
    println!("{name}: {:.1} MB before, {:.1} MB more at the peak", before / 1e3, (kilobytes("VmHWM:") - before) / 1e3);
}

fn kilobytes(line: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let found = status.lines().find_map(|text| text.strip_prefix(line)).unwrap_or_default();
    found.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or_default()
}
