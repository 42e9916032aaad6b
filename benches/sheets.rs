//! Importing and exporting task lists beside the bare libraries on the same rows. What is measured, and what it showed,
//! stands in `benches/README.md`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark that fails may say so by panicking")]

use std::error::Error;
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use calamine::{Reader, Xlsx};
use chrono::NaiveDate;
use duban::access::{Actor, Role, UnitId};
use duban::accounts;
use duban::accounts::actions::AccountToMake;
use duban::accounts::identity::actor_named;
use duban::accounts::model::NewAppointment;
use duban::app::App;
use duban::exchange::compare::Standing;
use duban::exchange::export;
use duban::exchange::imports::{self, HandedIn, Order, Tools};
use duban::exchange::mapping::ListName;
use duban::exchange::model::{Commit, Scope};
use duban::plans::PlanId;
use duban::platform::Config;
use duban::platform::config::{LogFormat, PasswordPolicyName};
use duban::platform::sheet::{Book, read};
use duban::time_nodes::revise::Revise;
use duban::units;
use serde_json::json;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const USAGE: &str = "sheets [--rows N] [--export N]";
const UNITS: i64 = 20;

fn main() -> ExitCode {
    let outcome = Size::of(std::env::args().skip(1)).and_then(|size| actix_web::rt::System::new().block_on(run(size)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sheets: {error}");
            ExitCode::FAILURE
        }
    }
}

#[derive(Clone, Copy)]
struct Size {
    rows: usize,
    export: usize,
}

impl Size {
    fn of(arguments: impl Iterator<Item = String>) -> Outcome<Size> {
        let arguments: Vec<String> = arguments.collect();
        // `cargo bench` adds it; without it (`cargo test --benches`) a small run shows that all of it works.
        let is_trial = arguments.iter().all(|argument| argument != "--bench");
        let mut size = if is_trial { Size { rows: 200, export: 500 } } else { Size { rows: 10_000, export: 100_000 } };
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let mut number = || arguments.next().and_then(|value| value.parse().ok()).ok_or(USAGE);
            match argument.as_str() {
                "--rows" => size.rows = number()?,
                "--export" => size.export = number()?,
                "--bench" => {}
                _ => return Err(USAGE.into()),
            }
        }
        Ok(size)
    }
}

/// What a piece of work took: its time, and how far the memory of the process rose at most meanwhile.
struct Meter {
    began: Instant,
    before: f64,
}

impl Meter {
    fn start() -> Meter {
        // 5 sets the peak back to what is used now; where that can't be done, the rise is since the process began.
        let _ = std::fs::write("/proc/self/clear_refs", "5");
        Meter { before: megabytes("VmRSS:"), began: Instant::now() }
    }

    /// Says what it took; rows a second.
    fn stop(&self, what: &str, rows: usize, bare: Option<f64>) -> f64 {
        let seconds = self.began.elapsed().as_secs_f64();
        let rate = rows as f64 / seconds;
        let ratio = bare.map(|bare| format!("   ratio {:.3}", rate / bare)).unwrap_or_default();
        let rise = megabytes("VmHWM:") - self.before;
        println!("{what:<44} {seconds:>7.2} s {rate:>9.0} rows/s   +{rise:.1} MB at the peak{ratio}");
        rate
    }
}

fn megabytes(line: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let found = status.lines().find_map(|text| text.strip_prefix(line)).unwrap_or_default();
    found.split_whitespace().next().and_then(|number| number.parse::<f64>().ok()).unwrap_or_default() / 1e3
}

/// Times something of so many rows; how many a second.
fn timed<T>(what: &str, rows: usize, bare: Option<f64>, work: impl FnOnce() -> T) -> (T, f64) {
    let meter = Meter::start();
    let made = work();
    (made, meter.stop(what, rows, bare))
}

/// A task list of so many rows, a hundred tasks a key point.
fn rows(count: usize) -> Vec<Standing> {
    let row = |number: usize| {
        let unit = |shift: usize| format!("第{}单位支部", (number + shift) % UNITS as usize);
        let cells = vec![
            String::new(),
            format!("{}.{}", number / 100 + 1, number % 100 + 1),
            format!("要点{}", number / 100),
            format!("任务{number}"),
            format!("对照标准逐条落实第{number}项工作，形成闭环"),
            "总结报告".to_owned(),
            "否".to_owned(),
            "品牌".to_owned(),
            String::new(),
            unit(1),
            format!("{}、{}", unit(2), unit(3)),
            String::new(),
            "支部书记".to_owned(),
            ["每季度", "6月底前", "2020-09-30", "每月10日前"][number % 4].to_owned(),
            String::new(),
        ];
        Standing { key: String::new(), also: vec![], cells }
    };
    (0..count).map(row).collect()
}

/// What the bare library does with a file: open it, and look at every cell of its first sheet.
fn bare_read(bytes: &[u8]) -> usize {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    range.rows().map(|row| row.iter().filter(|cell| !matches!(cell, calamine::Data::Empty)).count()).sum()
}

/// What the bare library does to write the same cells, spooled as we spool them.
fn bare_write(rows: &[Standing]) -> usize {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory().unwrap();
    for (number, row) in (0_u32..).zip(rows) {
        for (cell, column) in row.cells.iter().zip(0_u16..) {
            if !cell.is_empty() {
                sheet.write_string(number, column, cell).unwrap();
            }
        }
    }
    let file = tempfile::tempfile().unwrap();
    book.save_to_writer(&file).unwrap();
    usize::try_from(file.metadata().unwrap().len()).unwrap()
}

async fn run(size: Size) -> Outcome<()> {
    let list = rows(size.rows);
    let mut bytes = vec![];
    export::workbook(ListName::Tasks, &list)?.read_to_end(&mut bytes)?;
    println!("{} rows, {} bytes", size.rows, bytes.len());
    let mut bare = 0.0;
    // Twice, since the first pays for the pages of memory.
    for _ in 0..2 {
        bare = timed("calamine: open, every cell", size.rows, None, || bare_read(&bytes)).1;
        let ours = timed("our reading: guard, cells, merges, markings", size.rows, Some(bare), || {
            read::read(&bytes, "a.xlsx").map(drop)
        });
        ours.0?;
    }
    let book = read::read(&bytes, "a.xlsx");
    let folder = tempfile::tempdir()?;
    import(size, book?, bare, folder.path()).await?;
    drop(list);

    let list = rows(size.export);
    for _ in 0..2 {
        let bare = timed("rust_xlsxwriter: the same cells", size.export, None, || bare_write(&list)).1;
        let ours = timed("our export: header, formats, hidden version", size.export, Some(bare), || {
            export::workbook(ListName::Tasks, &list).map(drop)
        });
        ours.0?;
        timed("our export as CSV", size.export, Some(bare), || export::csv(ListName::Tasks, &list).map(drop)).0?;
    }
    Ok(())
}

/// The two steps in a database, each with how long it held the one writer, and beside them the longest that a small
/// write had to wait.
async fn import(size: Size, book: Book, bare: f64, folder: &Path) -> Outcome<()> {
    let app = App::open(&config(folder)).await?;
    let plan = seed(&app).await?;
    let file = Arc::new(HandedIn { name: "a.xlsx".into(), sha256: "0".repeat(64), book: book.into() });
    let scope = Scope { plan_id: Some(plan), ..Scope::default() };
    let mut handed_in = None;
    for step in ["dry run into an empty plan", "hand in", "commit", "dry run, nothing differs"] {
        let tools = Tools { evidence: app.evidence.clone(), nodes: Arc::new(Revise), now: app.db.clock().stamp() };
        let (file, scope, policy) = (file.clone(), scope.clone(), app.accounts.policy);
        let meter = Meter::start();
        let work = app.db.write(move |conn| {
            let actor = actor_named(conn, "department")?;
            Ok(match step {
                "hand in" => {
                    let made = imports::hand_in(conn, &actor, &tools, &scope, &file)?;
                    (Some(made.id), made.counts)
                }
                "commit" => {
                    let input = Commit::default();
                    let order = Order { input: &input, password_hash: None, policy: &policy, progress: &|_, _| {} };
                    let id = handed_in.unwrap();
                    (None, imports::commit(conn, &actor, &tools, id, Some(&file.book), &order)?.counts)
                }
                _ => (None, imports::preview(conn, &actor, &tools, &scope, &file.book)?.counts),
            })
        });
        let beside = async {
            // The work must have begun.
            tokio::time::sleep(Duration::from_millis(20)).await;
            let began = Instant::now();
            app.db.write(duban::platform::db::today).await.map(|_| began.elapsed())
        };
        let (counts, waited) = futures_util::join!(work, beside);
        let (made, counts) = counts?;
        handed_in = made.or(handed_in);
        meter.stop(step, size.rows, Some(bare));
        match waited {
            Ok(waited) => println!("{:<44} {:>7.2} s waited a small write beside it", "", waited.as_secs_f64()),
            Err(error) => println!("{:<44} a small write beside it gave up: {error}", ""),
        }
        let expected = if step.contains("differs") { counts.unchanged } else { counts.added };
        if expected != i64::try_from(size.rows)? || counts.problems != 0 {
            return Err(format!("{step}: {counts:?}").into());
        }
    }
    Ok(())
}

/// A committee, its department with somebody in it, branches, and a draft.
async fn seed(app: &App) -> Outcome<PlanId> {
    let clock = app.db.clock().clone();
    let made = app.db.write(move |conn| {
        let operator = Actor::operator();
        let new = |name: String, kind: &str, parent: Option<UnitId>| {
            serde_json::from_value(json!({"name": name, "kind": kind, "parent_id": parent}))
                .map_err(duban::platform::Error::internal)
        };
        let committee = units::actions::create(conn, &operator, new("党委".into(), "committee", None)?)?.id;
        for number in 0..UNITS {
            units::actions::create(conn, &operator, new(format!("第{number}单位支部"), "branch", Some(committee))?)?;
        }
        let account = AccountToMake {
            username: "department",
            display_name: "department",
            password_hash: "",
            must_change_password: false,
        };
        let account_id = accounts::actions::create(conn, &operator, &account, clock.stamp())?.id;
        let from = clock.today();
        let post = NewAppointment { account_id, unit_id: Some(committee), role: Role::Department, from, until: None };
        accounts::actions::appoint(conn, &operator, &post)?;
        let actor = actor_named(conn, "department")?;
        let plan = json!({"unit_id": committee, "year": 2020, "title": "2020"});
        let plan = serde_json::from_value(plan).map_err(duban::platform::Error::internal)?;
        Ok(duban::plans::copy::create(conn, &actor, plan)?.plan.id)
    });
    Ok(made.await?)
}

fn config(folder: &Path) -> Config {
    Config {
        database_url: format!("sqlite://{}", folder.join("bench.db").display()),
        listen: ([127, 0, 0, 1], 0).into(),
        timezone: chrono_tz::Asia::Shanghai,
        data_dir: folder.to_owned(),
        secret_file: folder.join("secret.key"),
        today: NaiveDate::from_ymd_opt(2020, 1, 5),
        password_policy: PasswordPolicyName::Mlps,
        max_attachment_bytes: 1024 * 1024,
        limits: Default::default(),
        log_format: LogFormat::Text,
    }
}
