//! Two answers of the program beside the bare limit: the least a server of the same make could do for an answer of
//! the same size. What is measured, and what it showed, stands in `benches/README.md`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark that fails may say so by panicking")]

use std::cell::RefCell;
use std::error::Error;
use std::io::{Seek, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use actix_web::rt::net::TcpStream;
use actix_web::{HttpResponse, HttpServer, web};
use chrono::NaiveDate;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use duban::access::{Actor, Role, UnitId};
use duban::accounts::actions::AccountToMake;
use duban::accounts::model::NewAppointment;
use duban::accounts::{self, passwords};
use duban::app::App;
use duban::platform::config::{LogFormat, PasswordPolicyName};
use duban::platform::text::Text;
use duban::platform::{Clock, Config, Conn};
use duban::schema::{progress_reports, time_node_states, time_nodes, unit_facts};
use duban::units::model::{NewUnit, UnitKind};
use duban::{audit, units};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const USAGE: &str = "limit [--rounds N] [--seconds S] [--workers N] [--row reads|writes]";
const PASSWORD: &str = "Bare-limit-2026";
const ROWS: i64 = 50;
const READERS: usize = 32;
const WRITERS: usize = 64;
/// Time each round runs before it is counted.
const WARM: Duration = Duration::from_millis(200);

fn main() -> ExitCode {
    let outcome = Plan::of(std::env::args().skip(1)).and_then(|plan| actix_web::rt::System::new().block_on(run(plan)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("limit: {error}");
            ExitCode::FAILURE
        }
    }
}

/// How long to measure, and what.
#[derive(Clone)]
struct Plan {
    rounds: usize,
    span: Duration,
    workers: usize,
    row: Option<String>,
}

impl Plan {
    fn of(mut args: impl Iterator<Item = String>) -> Outcome<Plan> {
        let mut plan = Plan { rounds: 5, span: Duration::from_secs(2), workers: 1, row: None };
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or(USAGE);
            match arg.as_str() {
                // `cargo bench` and `cargo test` say which of them calls; a test only looks whether all of it runs.
                "--bench" => {}
                "--test" => (plan.rounds, plan.span) = (1, Duration::from_millis(100)),
                "--rounds" => plan.rounds = value()?.parse::<usize>()?.max(1),
                "--seconds" => plan.span = Duration::try_from_secs_f64(value()?.parse()?)?,
                "--workers" => plan.workers = value()?.parse()?,
                "--row" => plan.row = Some(value()?),
                _ => return Err(USAGE.into()),
            }
        }
        Ok(plan)
    }

    fn wants(&self, row: &str) -> bool {
        self.row.as_deref().is_none_or(|wanted| wanted == row)
    }
}

async fn run(plan: Plan) -> Outcome<()> {
    if plan.wants("reads") {
        reads(&plan).await?;
    }
    if plan.wants("writes") {
        writes(&plan).await?;
    }
    Ok(())
}

// The program, with a year to work on.

struct House {
    app: App,
    address: SocketAddr,
    file: String,
    folder: tempfile::TempDir,
    /// Each branch with the access token of its secretary.
    branches: Vec<(UnitId, String)>,
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

impl House {
    /// A committee with branches and one issued plan: each branch owes every entry of every task.
    async fn open(plan: &Plan, branches: usize, tasks: usize, entries: u64) -> Outcome<House> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("limit.db").display().to_string();
        let config = Config {
            database_url: format!("sqlite://{file}"),
            listen: "127.0.0.1:0".parse()?,
            timezone: chrono_tz::Asia::Shanghai,
            data_dir: folder.path().to_owned(),
            secret_file: folder.path().join("secret.key"),
            today: Some(day(1, 5)),
            password_policy: PasswordPolicyName::Mlps,
            max_attachment_bytes: 1 << 20,
            limits: Default::default(),
            log_format: LogFormat::Text,
        };
        let app = App::open(&config).await?;
        let hash = passwords::hash(PASSWORD)?;
        let (committee, seats) = app.db.write(move |conn| people(conn, &hash, branches)).await?;
        let listener = TcpListener::bind(config.listen)?;
        let address = listener.local_addr()?;
        actix_web::rt::spawn(app.serve(listener, Some(plan.workers))?);
        let department = sign_in(address, "department").await?;
        issue(address, &department, committee, &seats, tasks, entries).await?;
        let mut branches = Vec::new();
        for (number, unit) in seats.into_iter().enumerate() {
            branches.push((unit, sign_in(address, &format!("secretary-{number}")).await?));
        }
        let house = House { app, address, file, folder, branches };
        house.rest().await?;
        Ok(house)
    }

    /// Waits until the audit log is sealed, so that nothing of one round runs into the next.
    async fn rest(&self) -> Outcome<Duration> {
        let started = Instant::now();
        while self.app.db.read_long(audit::has_unsealed).await? {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(started.elapsed())
    }
}

fn people(conn: &mut Conn, hash: &str, branches: usize) -> duban::platform::Result<(UnitId, Vec<UnitId>)> {
    let operator = Actor::operator();
    let unit = |conn: &mut Conn, name: &str, kind, parent_id| {
        let new = NewUnit {
            name: Text::try_from(name.to_owned())?,
            kind,
            parent_id,
            code: None,
            short_names: vec![],
            established_on: None,
            term_ends_on: None,
        };
        units::actions::create(conn, &operator, new).map(|unit| unit.id)
    };
    let person = |conn: &mut Conn, username: &str, role, unit_id| {
        let new = AccountToMake { username, display_name: username, password_hash: hash, must_change_password: false };
        let now = Clock::new(chrono_tz::UTC, None).stamp();
        let account_id = accounts::actions::create(conn, &Actor::operator(), &new, now)?.id;
        let post = NewAppointment { account_id, unit_id: Some(unit_id), role, from: day(1, 1), until: None };
        accounts::actions::appoint(conn, &Actor::operator(), &post)
    };
    let committee = unit(conn, "党委", UnitKind::Committee, None)?;
    let office = unit(conn, "党群工作部", UnitKind::Department, Some(committee))?;
    person(conn, "department", Role::Department, office)?;
    let mut seats = Vec::new();
    for number in 0..branches {
        let branch = unit(conn, &format!("第{}党支部", number + 1), UnitKind::Branch, Some(committee))?;
        person(conn, &format!("secretary-{number}"), Role::Secretary, branch)?;
        seats.push(branch);
    }
    Ok((committee, seats))
}

async fn sign_in(address: SocketAddr, username: &str) -> Outcome<String> {
    let credentials = json!({"username": username, "password": PASSWORD});
    let tokens = call(address, "", "POST", "/api/v1/auth/login", Some(&credentials)).await?;
    Ok(tokens["access_token"].as_str().ok_or("no token")?.to_owned())
}

async fn issue(
    address: SocketAddr,
    token: &str,
    committee: UnitId,
    seats: &[UnitId],
    tasks: usize,
    entries: u64,
) -> Outcome<()> {
    let post =
        async |path: String, body: Value| call(address, token, "POST", &format!("/api/v1{path}"), Some(&body)).await;
    let plan =
        post("/plans".into(), json!({"unit_id": committee, "year": 2026, "title": "2026年党建工作计划"})).await?;
    let point = json!({"title": "组织生活"});
    let point = post(format!("/plans/{}/key-points", plan["id"]), point).await?;
    for number in 0..tasks {
        let task = json!({"title": format!("第{number}项工作"), "deliverable": "会议记录"});
        let task = post(format!("/key-points/{}/tasks", point["id"]), task).await?;
        for unit in seats {
            let part = json!({"unit_id": unit, "part": "responsible"});
            post(format!("/tasks/{}/responsibilities", task["id"]), part).await?;
        }
        // Every due day is far off, so that every node is open and not due.
        let due = |entry| day(3, 1).checked_add_days(chrono::Days::new(entry * 2)).unwrap();
        let entry = |entry| json!({"title": format!("召开第{entry}次支部党员大会"), "due_on": due(entry)});
        let schedule = json!({"entries": (0..entries).map(entry).collect::<Vec<_>>()});
        call(address, token, "PUT", &format!("/api/v1/tasks/{}/schedule", task["id"]), Some(&schedule)).await?;
    }
    post(format!("/plans/{}/issue", plan["id"]), json!({})).await?;
    Ok(())
}

// Row 1: my open time nodes.

async fn reads(plan: &Plan) -> Outcome<()> {
    let house = House::open(plan, 8, 1, 60).await?;
    let (unit, token) = house.branches.first().ok_or("no branch")?;
    let path = format!("/api/v1/time-nodes?limit={ROWS}");
    let real = Target::new(house.address, 200, vec![request("GET", &path, token, None)]);
    let shown = call(house.address, token, "GET", &path, None).await?;
    let next_cursor = shown["next_cursor"].as_str().map(str::to_owned);
    let bare = BareReads { file: house.file.clone(), unit_id: unit.0, next_cursor };
    let address = serve_bare(plan, move |config| {
        config.app_data(web::Data::new(bare.clone())).route("/nodes", web::get().to(bare_nodes));
    })?;
    let bare = Target::new(address, 200, vec![request("GET", "/nodes", "", None)]);
    let same = shown == call(address, "", "GET", "/nodes", None).await?;
    if !same || shown["items"].as_array().map(Vec::len) != Some(50) {
        return Err("the bare handler does not answer what the program answers".into());
    }
    println!(
        "my open time nodes, 50 rows, {} bytes, signed in; {READERS} connections, workers: {}",
        shown.to_string().len(),
        plan.workers
    );
    let pairs = alternate(plan, READERS, &bare, &real, None).await?;
    verdict(&pairs, |ratio, _, _| ratio >= 0.7, "≥ 0.7");
    Ok(())
}

#[derive(Clone)]
struct BareReads {
    file: String,
    unit_id: i64,
    next_cursor: Option<String>,
}

#[derive(Queryable)]
struct BareRow {
    id: i64,
    plan_id: i64,
    task_id: i64,
    unit_id: i64,
    title: String,
    period: String,
    due_on: NaiveDate,
    original_due_on: NaiveDate,
    late_after: NaiveDate,
    state: String,
    met_on: Option<NaiveDate>,
    times: i64,
    version: i64,
}

/// A row as the program shows it; what the program works out is written down here.
#[derive(Serialize)]
struct BareNode {
    id: i64,
    plan_id: i64,
    task_id: i64,
    unit_id: i64,
    title: String,
    period: Option<String>,
    due_on: NaiveDate,
    original_due_on: NaiveDate,
    late_after: NaiveDate,
    state: String,
    verdict: &'static str,
    excluded_reason: Option<&'static str>,
    light: &'static str,
    reported_late: bool,
    returned: bool,
    met_on: Option<NaiveDate>,
    times: i64,
    version: i64,
}

#[derive(Serialize)]
struct BareList<'a> {
    items: Vec<BareNode>,
    next_cursor: &'a Option<String>,
}

thread_local! {
    static OWN: RefCell<Option<SqliteConnection>> = const { RefCell::new(None) };
}

fn connect(file: &str) -> SqliteConnection {
    let mut conn = SqliteConnection::establish(file).unwrap();
    conn.batch_execute(
        "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;",
    )
    .unwrap();
    conn
}

async fn bare_nodes(bare: web::Data<BareReads>) -> HttpResponse {
    use time_node_states::dsl as s;
    use time_nodes::dsl as n;
    use unit_facts::dsl as u;
    let rows: Vec<BareRow> = OWN.with_borrow_mut(|own| {
        let conn = own.get_or_insert_with(|| connect(&bare.file));
        n::time_nodes
            .inner_join(s::time_node_states.on(s::node_id.eq(n::id)))
            .inner_join(u::unit_facts.on(u::unit_id.eq(n::unit_id)))
            .filter(n::unit_id.eq(bare.unit_id).and(s::recorded_to.is_null()).and(u::recorded_to.is_null()))
            .select((
                n::id,
                n::plan_id,
                n::task_id,
                n::unit_id,
                n::title,
                n::period,
                s::due_on,
                n::due_on,
                s::late_after,
                s::phase,
                s::met_on,
                n::times,
                n::version,
            ))
            .order((s::due_on, n::id))
            .limit(ROWS)
            .load(conn)
            .unwrap()
    });
    let items = rows.into_iter().map(|row| BareNode {
        id: row.id,
        plan_id: row.plan_id,
        task_id: row.task_id,
        unit_id: row.unit_id,
        title: row.title,
        period: Some(row.period).filter(|period| !period.is_empty()),
        due_on: row.due_on,
        original_due_on: row.original_due_on,
        late_after: row.late_after,
        state: row.state,
        verdict: "not_due",
        excluded_reason: None,
        light: "green",
        reported_late: false,
        returned: false,
        met_on: row.met_on,
        times: row.times,
        version: row.version,
    });
    let list = BareList { items: items.collect(), next_cursor: &bare.next_cursor };
    HttpResponse::Ok().content_type("application/json").body(serde_json::to_string(&list).unwrap())
}

// Row 2: a durable progress report.

async fn writes(plan: &Plan) -> Outcome<()> {
    let house = House::open(plan, 16, 3, 100).await?;
    let report = json!({"kind": "progress", "text": "已制定方案，正在组织实施。", "percent": 40});
    let mut requests = Vec::new();
    let mut nodes = Vec::new();
    for (_, token) in &house.branches {
        let mut cursor = String::new();
        loop {
            let page =
                call(house.address, token, "GET", &format!("/api/v1/time-nodes?limit=200{cursor}"), None).await?;
            for node in page["items"].as_array().ok_or("no items")? {
                let path = format!("/api/v1/time-nodes/{}/progress-reports", node["id"]);
                requests.push(request("POST", &path, token, Some(&report)));
                nodes.push(node["id"].as_i64().ok_or("no id")?);
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
    }
    spread(&mut requests);
    // The bare handler has a copy of the file to itself.
    let copy = house.folder.path().join("bare.db");
    vacuum_into(&house.file, &copy);
    let conn = Arc::new(Mutex::new(connect(&copy.display().to_string())));
    let address = serve_bare(plan, move |config| {
        config.app_data(web::Data::from(conn.clone())).route("/nodes/{id}", web::post().to(bare_report));
    })?;
    let mut bare: Vec<_> = nodes.iter().map(|id| request("POST", &format!("/nodes/{id}"), "", Some(&report))).collect();
    spread(&mut bare);
    let (bare, real) = (Target::new(address, 201, bare), Target::new(house.address, 201, requests));
    println!(
        "durable progress report on {} nodes; {WRITERS} connections, workers: {}; a sync of this disk takes {:.2?}",
        nodes.len(),
        plan.workers,
        sync_time(house.folder.path())?
    );
    let pairs = alternate(plan, WRITERS, &bare, &real, Some(&house)).await?;
    verdict(&pairs, |ratio, bare, real| ratio >= 5.0 && real <= bare, "≥ 5, p99 no worse");
    let counted = house.app.db.read_long(|conn| Ok(progress_reports::table.count().get_result::<i64>(conn)?)).await?;
    let answered = i64::try_from(real.answered.load(Ordering::Relaxed))?;
    if counted < answered {
        return Err(format!("{answered} reports were acknowledged, {counted} are there").into());
    }
    Ok(())
}

/// Deals the requests out so that neighbours belong to different branches.
fn spread(requests: &mut Vec<Vec<u8>>) {
    let step = 300;
    let mut dealt = Vec::with_capacity(requests.len());
    for first in 0..step {
        dealt.extend(requests.iter_mut().skip(first).step_by(step).map(std::mem::take));
    }
    *requests = dealt;
}

/// What the disk takes to keep a page in a file that need not grow, as a commit to the log mostly does: the median of
/// a hundred.
fn sync_time(folder: &Path) -> Outcome<Duration> {
    let mut file = std::fs::File::create(folder.join("sync"))?;
    let mut times = Vec::new();
    for _ in 0..=100 {
        file.rewind()?;
        let began = Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_all()?;
        times.push(began.elapsed());
    }
    times.sort();
    Ok(times[times.len() / 2])
}

fn vacuum_into(file: &str, copy: &Path) {
    connect(file).batch_execute(&format!("VACUUM INTO '{}'", copy.display())).unwrap();
}

#[derive(Deserialize)]
struct BareReport {
    kind: String,
    text: String,
    percent: Option<i64>,
}

/// One row, committed alone.
async fn bare_report(
    conn: web::Data<Mutex<SqliteConnection>>,
    id: web::Path<i64>,
    report: web::Json<BareReport>,
) -> HttpResponse {
    use progress_reports::dsl as p;
    let inserted = web::block(move || {
        let conn = &mut *conn.lock().unwrap();
        AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE").unwrap();
        let values = (
            p::node_id.eq(*id),
            p::kind.eq(&report.kind),
            p::text.eq(&report.text),
            p::percent.eq(report.percent),
            p::on_paper.eq("[]"),
            p::reported_on.eq(day(1, 5)),
            p::reported_by.eq(2),
            p::on_behalf.eq(false),
            p::content_hash.eq("b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c"),
            p::version.eq(1),
            p::recorded_on.eq(day(1, 5)),
        );
        let id: i64 =
            diesel::insert_into(p::progress_reports).values(values).returning(p::id).get_result(conn).unwrap();
        AnsiTransactionManager::commit_transaction(conn).unwrap();
        id
    });
    let id = inserted.await.unwrap();
    HttpResponse::Created().json(json!({"id": id}))
}

fn serve_bare<F>(plan: &Plan, configure: F) -> Outcome<SocketAddr>
where
    F: Fn(&mut web::ServiceConfig) + Clone + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let server = HttpServer::new(move || actix_web::App::new().configure(configure.clone()));
    actix_web::rt::spawn(server.listen(listener)?.workers(plan.workers).run());
    Ok(address)
}

// The load: connections that stay open, each sending its next request when the last is answered.

struct Target {
    address: SocketAddr,
    expected: u16,
    requests: Vec<Vec<u8>>,
    next: AtomicUsize,
    answered: AtomicUsize,
}

impl Target {
    fn new(address: SocketAddr, expected: u16, requests: Vec<Vec<u8>>) -> Arc<Target> {
        Arc::new(Target { address, expected, requests, next: AtomicUsize::new(0), answered: AtomicUsize::new(0) })
    }
}

/// Answers a second, the median and 99th percentile of the time to an answer, and what an answer took.
#[derive(Clone, Copy)]
struct Speed {
    per_second: f64,
    p50: Duration,
    p99: Duration,
    /// Processor time of the server for one answer.
    work: Duration,
}

async fn alternate(
    plan: &Plan,
    connections: usize,
    bare: &Arc<Target>,
    real: &Arc<Target>,
    house: Option<&House>,
) -> Outcome<Vec<(Speed, Speed)>> {
    let mut pairs = Vec::new();
    for number in 1..=plan.rounds {
        let slow = round(plan.span, connections, bare).await?;
        let fast = round(plan.span, connections, real).await?;
        let sealed = match house {
            Some(house) => format!("  sealed {:.1?} later", house.rest().await?),
            None => String::new(),
        };
        println!("  {number}  bare {slow}   real {fast}   ratio {:.2}{sealed}", fast.per_second / slow.per_second);
        pairs.push((slow, fast));
    }
    Ok(pairs)
}

/// One round, on a thread of its own.
async fn round(span: Duration, connections: usize, target: &Arc<Target>) -> Outcome<Speed> {
    let (done, outcome) = tokio::sync::oneshot::channel();
    let (worked, answered) = (worked(), target.answered.load(Ordering::Relaxed));
    let aim = target.clone();
    std::thread::Builder::new().name(LOAD.into()).spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let _ =
            done.send(runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(load(span, connections, aim))));
    })?;
    let mut speed = outcome.await??;
    let answers = target.answered.load(Ordering::Relaxed) - answered;
    speed.work = (self::worked() - worked) / u32::try_from(answers.max(1))?;
    Ok(speed)
}

/// The name of the thread that sends.
const LOAD: &str = "load";

/// Processor time of every thread but the one that sends (Linux only, in steps of 10 ms).
fn worked() -> Duration {
    let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let ticks = threads.filter_map(|thread| {
        let stat = std::fs::read_to_string(thread.path().join("stat")).ok()?;
        let (head, rest) = stat.rsplit_once(')')?;
        let times: Vec<u64> = rest.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse().ok()).collect();
        (!head.ends_with(&format!("({LOAD}"))).then(|| times.iter().sum::<u64>())
    });
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

async fn load(span: Duration, connections: usize, target: Arc<Target>) -> Outcome<Speed> {
    let (counting, stopped) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let mut streams = Vec::new();
    for _ in 0..connections {
        let (target, counting, stopped) = (target.clone(), counting.clone(), stopped.clone());
        streams.push(tokio::spawn(async move {
            let mut line = Line::open(target.address).await?;
            let mut taken = Vec::new();
            while !stopped.load(Ordering::Relaxed) {
                let next = target.next.fetch_add(1, Ordering::Relaxed) % target.requests.len();
                let began = counting.load(Ordering::Relaxed).then(Instant::now);
                let status = line.exchange(&target.requests[next]).await?;
                if status != target.expected {
                    return Err(format!("status {status}: {}", String::from_utf8_lossy(line.body())).into());
                }
                target.answered.fetch_add(1, Ordering::Relaxed);
                taken.extend(began.map(|began| began.elapsed()));
            }
            Ok::<_, Box<dyn Error + Send + Sync>>(taken)
        }));
    }
    tokio::time::sleep(WARM.min(span)).await;
    counting.store(true, Ordering::Relaxed);
    let began = Instant::now();
    tokio::time::sleep(span).await;
    stopped.store(true, Ordering::Relaxed);
    let mut taken = Vec::new();
    for stream in streams {
        taken.extend(stream.await??);
    }
    // Those under way at the end were waited for.
    let elapsed = began.elapsed();
    taken.sort();
    let at = |part: usize| taken.get(taken.len() * part / 100).copied().unwrap_or_default();
    Ok(Speed { per_second: taken.len() as f64 / elapsed.as_secs_f64(), p50: at(50), p99: at(99), work: Duration::ZERO })
}

/// A connection that is kept.
struct Line {
    stream: TcpStream,
    buffer: Vec<u8>,
    filled: usize,
    body: std::ops::Range<usize>,
}

impl Line {
    async fn open(address: SocketAddr) -> Outcome<Line> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Line { stream, buffer: vec![0; 1 << 18], filled: 0, body: 0..0 })
    }

    /// Sends a request and reads its answer to the end; gives the status.
    async fn exchange(&mut self, request: &[u8]) -> Outcome<u16> {
        self.stream.write_all(request).await?;
        self.filled = 0;
        loop {
            let read = self.stream.read(&mut self.buffer[self.filled..]).await?;
            if read == 0 {
                return Err("the connection was closed, or the answer is too long".into());
            }
            self.filled += read;
            let got = &self.buffer[..self.filled];
            let Some(head) = got.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let text = std::str::from_utf8(&got[..head])?;
            let length = text
                .lines()
                .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
            let length: usize = length.ok_or("an answer without a length")?;
            self.body = head + 4..head + 4 + length;
            if self.filled >= self.body.end {
                return Ok(text.get(9..12).ok_or("no status")?.parse()?);
            }
        }
    }

    fn body(&self) -> &[u8] {
        &self.buffer[self.body.clone()]
    }
}

fn request(method: &str, path: &str, token: &str, body: Option<&Value>) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n");
    if !token.is_empty() {
        text.push_str(&format!("authorization: Bearer {token}\r\n"));
    }
    match body.map(Value::to_string) {
        Some(body) => {
            let length = body.len();
            text.push_str(&format!("content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"));
        }
        None => text.push_str("\r\n"),
    }
    text.into_bytes()
}

/// One call outside the measuring.
async fn call(address: SocketAddr, token: &str, method: &str, path: &str, body: Option<&Value>) -> Outcome<Value> {
    let mut line = Line::open(address).await?;
    let status = line.exchange(&request(method, path, token, body)).await?;
    if status >= 300 {
        return Err(format!("{method} {path}: {status} {}", String::from_utf8_lossy(line.body())).into());
    }
    Ok(serde_json::from_slice(line.body())?)
}

// What it showed.

impl std::fmt::Display for Speed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let millis = |time: Duration| time.as_secs_f64() * 1000.0;
        let (p50, p99, work) = (millis(self.p50), millis(self.p99), self.work.as_micros());
        write!(f, "{:>6.0}/s p50 {p50:>6.2} ms p99 {p99:>6.2} ms cpu {work:>4} µs", self.per_second)
    }
}

fn verdict(pairs: &[(Speed, Speed)], reached: impl Fn(f64, Duration, Duration) -> bool, target: &str) {
    let mut ratios: Vec<_> = pairs.iter().map(|(bare, real)| real.per_second / bare.per_second).collect();
    ratios.sort_by(f64::total_cmp);
    let median_of = |mut times: Vec<Duration>| {
        times.sort();
        times[times.len() / 2]
    };
    let mut work: Vec<_> = pairs.iter().map(|(bare, real)| bare.work.as_secs_f64() / real.work.as_secs_f64()).collect();
    work.sort_by(f64::total_cmp);
    let work = work[work.len() / 2];
    let (least, median, most) = (ratios[0], ratios[ratios.len() / 2], ratios[ratios.len() - 1]);
    let bare = median_of(pairs.iter().map(|(bare, _)| bare.p99).collect());
    let real = median_of(pairs.iter().map(|(_, real)| real.p99).collect());
    let word = if reached(median, bare, real) { "reached" } else { "missed" };
    println!(
        "  ratio: min {least:.2}, median {median:.2}, max {most:.2} (by processor time {work:.2}); p99: bare {bare:.1?}, real {real:.1?}; target {target}: {word}\n"
    );
}
