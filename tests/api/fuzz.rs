//! Bad input in bulk: seeds and everything that once was trouble (`tests/corpus/`, a folder a target, an input a line)
//! are replayed, then mutated so often as `DUBAN_FUZZ` says (default 2000 a target), or as long as the proof has
//! time. Nothing panics, nothing takes long, nothing over HTTP ends in a failure of ours, and the memory stays within bounds. Not guided by coverage: what is
//! mutated is chosen blindly from the corpus.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use duban::bulletins::model::BulletinKind;
use duban::plans::deadlines::{self, Frame};
use duban::plans::responsible::{Column, UnitName, resolve};
use duban::platform::PageRequest;
use duban::platform::text::Text;
use duban::units::UnitId;
use duban::units::model::UnitKind;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::sheet_safety::{SHEET, part_of, with_parts};
use crate::support::proof::{self, is_over};
use crate::support::{Browser, Persona, Shown, TestApp, example, operations};

/// Nothing that is read in one go may take longer; what hangs takes for ever.
const LONGEST: Duration = Duration::from_secs(10);

fn times() -> usize {
    proof::size("DUBAN_FUZZ", 2000) as usize
}

fn dice() -> StdRng {
    StdRng::seed_from_u64(proof::size("DUBAN_FUZZ_SEED", 1))
}

/// The corpus of a target: the lines of its texts, and its other files whole.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(target);
    let mut all = vec![];
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        if path.extension().is_some_and(|kind| kind == "txt") {
            all.extend(bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec));
        } else {
            all.push(bytes);
        }
    }
    assert!(!all.is_empty(), "{target} has no corpus");
    all.sort();
    all
}

const SPECIAL: &[&str] = &[
    "\0",
    "\u{feff}",
    "\u{202e}",
    "\u{200b}",
    "\u{10ffff}",
    "\r\n",
    "'",
    "\"",
    "--",
    "%",
    "[",
    "{",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "1e400",
    "-0",
    "NaN",
    "null",
    "true",
    "0000-00-00",
    "9999-12-31",
    "+262142-12-31",
    "2020-02-30",
    "一",
    "十",
    "百",
    "万",
    "亿",
    "〇",
    "零",
    "每",
    "月",
    "日",
    "季度",
    "前",
    "后",
    "至",
    "、",
    "底",
    "初",
    "第",
    "半年",
    "各",
    "党支部",
    "牵头",
    "🙂",
    "e\u{301}",
    "../",
    "${x}",
    "<script>",
];

fn mutate(dice: &mut StdRng, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = corpus[dice.random_range(0..corpus.len())].clone();
    for _ in 0..dice.random_range(1..6) {
        let at = dice.random_range(0..=bytes.len());
        let to = dice.random_range(at..=bytes.len());
        match dice.random_range(0..8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.random_range(0..8),
            1 => drop(bytes.drain(at..to)),
            2 => {
                let copied = bytes[at..to].to_vec();
                bytes.splice(at..at, copied);
            }
            3 => {
                let other = &corpus[dice.random_range(0..corpus.len())];
                let cut = dice.random_range(0..=other.len());
                bytes.splice(at..to, other[..cut].to_vec());
            }
            4 => bytes.truncate(at),
            5 if bytes.len() < 100_000 => bytes = bytes.repeat(dice.random_range(1..5)),
            _ => {
                let special = SPECIAL[dice.random_range(0..SPECIAL.len())].as_bytes();
                bytes.splice(at..at, special.to_vec());
            }
        }
    }
    bytes
}

/// Replays and mutates the corpus of one target.
fn hammer(target: &str, read: impl Fn(&[u8])) {
    hammer_with(target, corpus(target), read);
}

fn hammer_with(target: &str, corpus: Vec<Vec<u8>>, read: impl Fn(&[u8])) {
    let (mut dice, begun, mut tried) = (dice(), Instant::now(), 0);
    let mutated = (0..times()).map(|_| mutate(&mut dice, &corpus)).take_while(|_| !is_over(begun));
    for input in corpus.iter().cloned().chain(mutated) {
        tried += 1;
        let started = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| read(&input)));
        assert!(
            outcome.is_ok(),
            "{target} panics: {:?} — add it to tests/corpus/{target}",
            String::from_utf8_lossy(&input)
        );
        assert!(started.elapsed() < LONGEST, "{target} hangs: {:?}", String::from_utf8_lossy(&input));
    }
    println!("fuzz {target}: {tried} inputs, 0 panics");
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn words_of_deadlines() {
    let closes_on = NaiveDate::from_ymd_opt(2021, 3, 31).unwrap();
    let frame = Frame { year: 2020, closes_on, festival: &|_| NaiveDate::from_ymd_opt(2020, 1, 25) };
    hammer("deadlines", |bytes| {
        let words = text(bytes);
        if let Ok(reading) = deadlines::read(&words, &frame) {
            let spelled = deadlines::spell(&reading, &frame);
            assert_eq!(deadlines::read(&spelled, &frame).ok(), Some(reading), "{words} → {spelled}");
        }
    });
}

#[test]
fn words_of_responsibilities() {
    let short = ["一支部".to_owned()];
    let unit = |id, parent, kind, name| UnitName { id: UnitId(id), parent, kind, name, short_names: &short };
    let units = [
        unit(1, None, UnitKind::Committee, "党委"),
        unit(2, Some(UnitId(1)), UnitKind::Department, "党群工作部"),
        unit(3, Some(UnitId(1)), UnitKind::Branch, "第一党支部"),
        unit(4, Some(UnitId(1)), UnitKind::Branch, "第二党支部"),
    ];
    hammer("responsibilities", |bytes| {
        for column in [Column::Any, Column::Lead, Column::Responsible, Column::Support, Column::Supervise] {
            let _ = resolve(&text(bytes), column, UnitId(1), &units);
        }
    });
}

#[test]
fn recurrences() {
    hammer("rrules", |bytes| {
        if let Ok(nodes) = duban::plans::recurrence::read(&text(bytes), 2020) {
            assert!(nodes.len() <= 366, "{} nodes of {}", nodes.len(), text(bytes));
        }
    });
}

#[test]
fn calendars() {
    let source = Text::<200>::parse("来源").unwrap();
    hammer("calendars", |bytes| drop(duban::calendars::file::read(&text(bytes), &source)));
}

/// The files as they are, and what is written into their sheets.
#[test]
fn workbooks() {
    let read = |bytes: &[u8], name: &str| drop(duban::platform::sheet::read::read(bytes, name));
    let files = corpus("libreoffice");
    hammer_with("workbooks", files.clone(), |bytes| read(bytes, "a.xlsx"));
    let sheets = files.iter().map(|file| part_of(file, SHEET)).collect();
    hammer_with("sheets", sheets, |bytes| read(&with_parts(&[(SHEET, bytes.to_vec())]), "a.xlsx"));
    hammer_with("tables", corpus("calendars"), |bytes| read(bytes, "a.csv"));
}

#[test]
fn cursors() {
    hammer("cursors", |bytes| {
        if let Ok(page) = PageRequest::new("units", Some(2), Some(&text(bytes)), false) {
            for place in 0..3 {
                let _ = (page.after::<i64>(place), page.after::<NaiveDate>(place), page.after::<String>(place));
            }
        }
    });
}

#[test]
fn texts() {
    hammer("texts", |bytes| {
        if let Ok(kept) = Text::<200>::parse(&text(bytes)) {
            assert!(!kept.as_str().is_empty() && kept.as_str().chars().count() <= 200);
            assert_eq!(Text::<200>::parse(kept.as_str()).ok().as_ref(), Some(&kept), "what was taken is taken again");
        }
    });
}

#[test]
fn periods_of_bulletins() {
    hammer("periods", |bytes| {
        for kind in BulletinKind::ALL {
            if let Some(period) = duban::bulletins::rules::Period::parse(&text(bytes), *kind) {
                let _ = (period.first(), period.last(), period.named());
            }
        }
    });
}

#[test]
fn markdown() {
    hammer("markdown", |bytes| {
        let html = duban::bulletins::rules::to_html(&text(bytes)).to_lowercase();
        assert!(html.len() <= 64 * bytes.len() + 1024, "{} bytes of {}", html.len(), bytes.len());
        for harm in ["<script", "<img", "<iframe", "=\"javascript:", "=\"data:", "=\"vbscript:"] {
            assert!(!html.contains(harm), "{harm}: {html}");
        }
    });
}

#[actix_web::test]
async fn tokens() {
    let app = TestApp::start(1, 5).await;
    let (keys, now) = (&app.app.accounts.keys, app.app.db.clock().stamp());
    hammer("tokens", |bytes| assert!(keys.verify(&text(bytes), now).is_err(), "{:?}", text(bytes)));
}

/// A value that is like another, but for something.
fn bent(dice: &mut StdRng, value: &Value) -> Value {
    let odd = |dice: &mut StdRng| match dice.random_range(0..12) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(i64::MAX),
        4 => json!(u64::MAX),
        5 => json!(0.1),
        6 => json!(1e300),
        7 => json!([]),
        8 => json!({}),
        9 => json!("x".repeat(30_000)),
        10 => json!([[[[null]]]]),
        _ => json!(SPECIAL[dice.random_range(0..SPECIAL.len())]),
    };
    match value {
        Value::Object(fields) if !fields.is_empty() && dice.random_range(0..10) > 0 => {
            let mut fields = fields.clone();
            let name = fields.keys().nth(dice.random_range(0..fields.len())).unwrap().clone();
            match dice.random_range(0..6) {
                0 => drop(fields.remove(&name)),
                1 => drop(fields.insert(SPECIAL[dice.random_range(0..SPECIAL.len())].into(), odd(dice))),
                2 => drop(fields.insert(name, odd(dice))),
                _ => {
                    let inner = bent(dice, &fields[&name]);
                    fields.insert(name, inner);
                }
            }
            Value::Object(fields)
        }
        Value::Array(items) if !items.is_empty() && dice.random_range(0..5) > 0 => {
            let mut items = items.clone();
            let at = dice.random_range(0..items.len());
            match dice.random_range(0..4) {
                0 => drop(items.remove(at)),
                1 => {
                    let times = dice.random_range(2..300);
                    items = items.iter().cycle().take(items.len() * times).cloned().collect();
                }
                _ => items[at] = bent(dice, &items[at]),
            }
            Value::Array(items)
        }
        _ => odd(dice),
    }
}

/// Somebody of the demo, signed in.
async fn signed_in(app: &TestApp, name: &str) -> Persona {
    let body = json!({"username": name, "password": duban::demo::PASSWORD});
    let token = app.anonymous().post("/auth/login", body).await.ok()["access_token"].as_str().unwrap().to_owned();
    Persona { token: Some(token), ..app.anonymous() }
}

/// Bytes of memory that this process holds.
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

/// Every operation, its body, its query and its headers bent at random, by somebody who may do nearly everything.
#[actix_web::test]
async fn requests() {
    let app = TestApp::demo().await;
    let mut people = vec![];
    for name in ["department", "leader", "secretary-1", "admin"] {
        people.push((name, signed_in(&app, name).await));
    }
    let begun = Instant::now();
    let (operations, mut dice, queries) = (operations(), dice(), corpus("queries"));
    let before = resident();
    let mut heard = BTreeMap::<u16, usize>::new();
    for n in (0..times()).take_while(|_| !is_over(begun)) {
        let (method, path, contract) = &operations[n % operations.len()];
        // What ends a sign-in or guesses a password would only end this.
        if ["/auth/", "/accounts/", "/appointments/"].iter().any(|start| path.starts_with(start)) && *method != "GET" {
            continue;
        }
        let (name, who) = &mut people[dice.random_range(0..4_usize)];
        let id = dice.random_range(1..30).to_string();
        let mut address = ["{id}", "{a}", "{b}", "{n}"].iter().fold(path.clone(), |path, name| path.replace(name, &id));
        address = address.replace("{year}", "2020");
        if *method == "GET" && dice.random_bool(0.8) {
            let query = text(&mutate(&mut dice, &queries));
            address = format!("{address}?{}", query.replace(['#', ' ', '\r', '\n', '\t'], "+"));
        }
        let Ok(mut request) = who.request(method, &address).header("if-match", "*").build() else { continue };
        if method != "GET" {
            let mut body = bent(&mut dice, &example(contract)).to_string().into_bytes();
            if dice.random_bool(0.2) {
                body = mutate(&mut dice, &[body]);
            }
            *request.body_mut() = Some(body.into());
            let kind = if path == "/attachments" { "multipart/form-data; boundary=x" } else { "application/json" };
            request.headers_mut().insert("content-type", kind.parse().unwrap());
        }
        let answer = tokio::time::timeout(LONGEST, who.client.execute(request)).await;
        let answer = answer.unwrap_or_else(|_| panic!("{method} {address} hangs")).unwrap();
        let status = answer.status().as_u16();
        *heard.entry(status).or_default() += 1;
        assert!(status < 500, "{method} {address}: {}", answer.text().await.unwrap());
        if status == 401 {
            // A sign-in lasts for some minutes, and a bent one may have ended it.
            *who = signed_in(&app, name).await;
        }
    }
    let grown = resident().saturating_sub(before) / (1024 * 1024);
    println!("fuzz requests: {:?}, {grown} MB more memory", heard);
    assert!(grown < 512, "{grown} MB more memory");
}

/// Forms that are none, or not of one file.
#[actix_web::test]
async fn forms() {
    let app = TestApp::demo().await;
    let mut who = signed_in(&app, "secretary-1").await;
    let begun = Instant::now();
    let good = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\r\n--x--\r\n".to_vec();
    let mut dice = dice();
    let mut heard = BTreeMap::<u16, usize>::new();
    for n in (0..times() / 10).take_while(|_| !is_over(begun)) {
        let body = if n == 0 { good.clone() } else { mutate(&mut dice, std::slice::from_ref(&good)) };
        let request = who.request("POST", "/attachments").header("content-type", "multipart/form-data; boundary=x");
        let answer = tokio::time::timeout(LONGEST, request.body(body.clone()).send()).await;
        let answer = answer.unwrap_or_else(|_| panic!("{:?} hangs", text(&body))).unwrap();
        let status = answer.status().as_u16();
        *heard.entry(status).or_default() += 1;
        assert!(status < 500, "{:?}: {}", text(&body), answer.text().await.unwrap());
        if status == 401 {
            who = signed_in(&app, "secretary-1").await;
        }
    }
    println!("fuzz forms: {heard:?}");
    assert!(heard.contains_key(&201));
    let incoming = std::fs::read_dir(app.folder().join("evidence/incoming")).unwrap().count();
    assert_eq!(incoming, 0, "what was refused leaves no file");
}

/// Names that pages read, whether in this address or in another.
const NAMES: &[&str] = &[
    "rows",
    "page",
    "as_of",
    "unit_id",
    "unit",
    "node",
    "plan",
    "year",
    "month",
    "before",
    "from",
    "late_from",
    "late_to",
    "due_by",
    "by",
    "count",
    "form",
    "restated",
    "own",
    "kind",
    "_again",
    "_preview",
    "new",
    "version",
    "text",
];

/// What is written into a field: numbers and days, near and far, and what is neither.
fn typed(dice: &mut StdRng) -> String {
    match dice.random_range(0..8) {
        0 => dice.random_range(0..40).to_string(),
        1 => format!("2020-{:02}-{:02}", dice.random_range(1..13), dice.random_range(1..29)),
        2 => format!("2020-{:02}", dice.random_range(1..13)),
        3 => "10000000000000".to_owned(),
        4 => usize::MAX.to_string(),
        5 => "x".repeat(10_000),
        _ => SPECIAL[dice.random_range(0..SPECIAL.len())].to_owned(),
    }
}

/// Fields that are like others, but for something.
fn bend(dice: &mut StdRng, mut fields: Vec<(String, String)>) -> Vec<(String, String)> {
    for _ in 0..dice.random_range(0..4) {
        let name = NAMES[dice.random_range(0..NAMES.len())].to_owned();
        match (dice.random_range(0..5), fields.len()) {
            (0, length) if length > 0 => drop(fields.remove(dice.random_range(0..length))),
            (1 | 2, length) if length > 0 => fields[dice.random_range(0..length)].1 = typed(dice),
            (3, length) if length > 0 => fields.push((fields[dice.random_range(0..length)].0.clone(), typed(dice))),
            _ => fields.push((name, typed(dice))),
        }
    }
    fields
}

/// The fields of a page's forms, as they stand.
fn fields(page: &Shown) -> Vec<(String, String)> {
    let parts = page.text.split("name=\"").skip(1);
    let field = |part: &str| {
        let (name, rest) = part.split_once('"')?;
        let value = rest.strip_prefix(" value=\"").and_then(|rest| rest.split('"').next()).unwrap_or_default();
        Some((name.to_owned(), value.to_owned()))
    };
    parts.filter_map(field).collect()
}

/// Somebody of the demo at the console, signed in.
async fn at_the_console(app: &TestApp, name: &str) -> Browser {
    let mut browser = Browser::new(app);
    let shown = browser.send("/sign-in", &[("username", name), ("password", duban::demo::PASSWORD)]).await;
    assert!(browser.cookie("duban").is_some(), "{}", shown.text);
    browser
}

/// Every page of the console, its query bent at random; and its form sent with bent fields.
#[actix_web::test]
async fn pages() {
    let app = TestApp::demo().await;
    let mut people = vec![];
    for name in ["department", "leader", "secretary-6", "admin"] {
        people.push((name, at_the_console(&app, name).await));
    }
    let addresses: Vec<String> =
        corpus("pages").iter().map(|line| text(line)).filter(|line| !line.is_empty()).collect();
    let (begun, mut dice, before) = (Instant::now(), dice(), resident());
    let (mut heard, mut sent) = (BTreeMap::new(), BTreeMap::new());
    let note = |all: &mut BTreeMap<u16, usize>, what: &str, shown: &Shown| {
        *all.entry(shown.status).or_default() += 1;
        assert!(shown.status < 500, "{what}: {}", shown.text);
    };
    for n in (0..times() / 5).take_while(|_| !is_over(begun)) {
        let (path, query) =
            addresses[n % addresses.len()].split_once('?').unwrap_or((&addresses[n % addresses.len()], ""));
        let id = dice.random_range(1..30).to_string();
        let path = ["{id}", "{a}", "{b}"].iter().fold(path.to_owned(), |path, name| path.replace(name, &id));
        let query: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        // The first round is the corpus as it is, by the one who may do most.
        let first = n < addresses.len();
        let query = if first { query } else { bend(&mut dice, query) };
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        let address = format!("{path}?{query}");
        let (name, who) = &mut people[if first { 0 } else { dice.random_range(0..4_usize) }];
        let shown = tokio::time::timeout(LONGEST, who.open_once(&address)).await;
        let shown = shown.unwrap_or_else(|_| panic!("{address} hangs"));
        note(&mut heard, &address, &shown);
        // What ends a sign-in or changes a password would only end this.
        let ends = ["/account", "/password", "/appointments"].iter().any(|start| path.starts_with(start));
        if shown.status == 200 && shown.text.contains("method=\"post\"") && !ends {
            let typed = bend(&mut dice, fields(&shown));
            let typed: Vec<_> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let done = tokio::time::timeout(LONGEST, who.send_once(&path, &typed, "same-origin")).await;
            note(&mut sent, &address, &done.unwrap_or_else(|_| panic!("the form of {address} hangs")));
        }
        if who.cookie("duban").is_none() || shown.leads_to().is_some_and(|to| to.starts_with("/sign-in")) {
            *who = at_the_console(&app, name).await;
        }
    }
    let grown = resident().saturating_sub(before) / (1024 * 1024);
    println!("fuzz pages: opened {heard:?}, forms {sent:?}, {grown} MB more memory");
    assert!(heard.contains_key(&200) && sent.contains_key(&422) && grown < 512);
}
