//! Faults: a database call of a write fails, at a place one chooses. On SQLite a call panics, or a changed row is refused
//! by the database itself; on PostgreSQL a proxy on the wire makes the server answer with an error, or cuts the
//! connection. Nothing of it is in the program.
//!
//! With `DUBAN_TEST_FAULTS=once` (or `every`) every test **rides**: before a write of a test is let through, it is sent
//! again and again, failing at its first database call, at its second, … until one goes through. Each failure must be
//! answered with a problem document and leave every table as it was. `once` does so until an operation has gone through
//! once for each kind of fault, `every` at every write of the whole suite.

mod proxy;
mod sqlite;

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Instant;

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use duban::app::App;
use duban::platform::Conn;
use duban::platform::db::portable;

use super::proof::is_over;
use super::{Answer, Persona};

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// SQLite: the program panics at the call.
    Panic,
    /// SQLite: the database refuses a changed row.
    Row,
    /// PostgreSQL: the server answers the call with an error.
    Error,
    /// PostgreSQL: the connection is cut before the call.
    Cut,
    /// PostgreSQL: the connection is cut after a commit, before its answer.
    CutAfterCommit,
}

/// What shall fail next in one database.
#[derive(Debug, Default)]
pub struct Faults {
    armed: Mutex<Option<Fault>>,
    left: AtomicI64,
    /// Writes begun since: only the first is failed, a second is the program's own or the same tried again.
    begun: AtomicI64,
    fired: AtomicBool,
    /// The database is gone: no connection holds, and none is accepted.
    gone: AtomicBool,
}

impl Faults {
    /// The `n`th call (or row) of a write from now on fails.
    pub fn arm(&self, fault: Fault, n: i64) {
        self.fired.store(false, Ordering::SeqCst);
        self.left.store(n, Ordering::SeqCst);
        self.begun.store(0, Ordering::SeqCst);
        *self.armed.lock().unwrap() = Some(fault);
    }

    /// Nothing fails any more; whether something did.
    pub fn disarm(&self) -> bool {
        *self.armed.lock().unwrap() = None;
        self.fired.load(Ordering::SeqCst)
    }

    fn armed(&self) -> Option<Fault> {
        *self.armed.lock().unwrap()
    }

    /// A write begins.
    fn begins(&self) {
        self.begun.fetch_add(1, Ordering::SeqCst);
    }

    /// One call of a write; whether it is the one to fail.
    fn meets(&self, fault: Fault) -> bool {
        let own = self.begun.load(Ordering::SeqCst) == 1;
        let now = own && self.armed() == Some(fault) && self.left.fetch_sub(1, Ordering::SeqCst) == 1;
        if now {
            self.fired.store(true, Ordering::SeqCst);
        }
        now
    }

    /// The database goes away, or comes back.
    pub fn set_gone(&self, gone: bool) {
        self.gone.store(gone, Ordering::SeqCst);
    }
}

/// How often the tests ride.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Riding {
    Never,
    Once,
    Every,
}

static RIDING: LazyLock<Riding> = LazyLock::new(|| match std::env::var("DUBAN_TEST_FAULTS").as_deref() {
    Ok("once") => Riding::Once,
    Ok("every") => Riding::Every,
    Ok(other) => panic!("DUBAN_TEST_FAULTS is once or every, not {other}"),
    Err(_) => Riding::Never,
});

/// When the first of them began: after the time of the proof, `every` goes on as `once`.
static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// What the applications that a test starts are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Here {
    /// They ride when the suite does.
    AsAll,
    /// The test itself makes them fail.
    ByHand,
    /// They never ride: two databases are compared call by call, and what is taken back leaves gaps in the ids of one;
    /// or calls must come at once.
    Never,
}

thread_local! {
    static HERE: std::cell::Cell<Here> = const { std::cell::Cell::new(Here::AsAll) };
}

/// From now on this test makes its applications fail itself.
pub fn by_hand() {
    HERE.set(Here::ByHand);
}

/// From now on the applications of this thread don't ride.
pub fn stay_out() {
    HERE.set(Here::Never);
}

/// One application whose database can be made to fail.
pub struct Ride {
    pub faults: Arc<Faults>,
    app: App,
    postgres: bool,
    /// Beside the faults: a connection, and the query of what the tables hold.
    beside: Mutex<(Conn, String)>,
    /// A ride has the application for itself.
    alone: tokio::sync::RwLock<()>,
}

/// The rides by the address of their application.
static RIDES: LazyLock<Mutex<HashMap<String, Arc<Ride>>>> = LazyLock::new(Mutex::default);
/// What went through, by operation and fault.
static COVERED: LazyLock<Mutex<HashSet<(String, Fault)>>> = LazyLock::new(Mutex::default);

/// Puts itself between an application that is about to be opened and its database; the URL to open, if it differs.
pub fn between(url: &str) -> Option<(String, Arc<Faults>)> {
    match HERE.get() {
        Here::Never => return None,
        Here::AsAll if *RIDING == Riding::Never => return None,
        Here::AsAll | Here::ByHand => {}
    }
    let faults = Arc::<Faults>::default();
    match url.strip_prefix("sqlite://") {
        Some(file) => {
            sqlite::watch(file, &faults);
            Some((url.to_owned(), faults))
        }
        None => Some((proxy::start(url, &faults), faults)),
    }
}

/// An application was opened: from now on it can ride.
pub async fn ready(app: &App, base: &str, url: &str, faults: Arc<Faults>) -> Ready {
    let postgres = !url.starts_with("sqlite:");
    if !postgres {
        sqlite::refuse_rows(app, &faults).await;
    }
    let mut conn = portable::connect(url).unwrap();
    let mut query = everything(&portable::tables(&mut conn).unwrap(), postgres);
    if postgres {
        // To plan it takes longer than to look.
        conn.batch_execute(&format!("PREPARE everything AS {query}")).unwrap();
        query = "EXECUTE everything".into();
    }
    let ride =
        Ride { faults, app: app.clone(), postgres, beside: Mutex::new((conn, query)), alone: Default::default() };
    RIDES.lock().unwrap().insert(base.to_owned(), Arc::new(ride));
    Ready(base.to_owned())
}

/// As long as it lives, the application can ride.
pub struct Ready(String);

impl Drop for Ready {
    fn drop(&mut self) {
        RIDES.lock().unwrap().remove(&self.0);
    }
}

/// The ride of an application.
pub fn ride_of(base: &str) -> Option<Arc<Ride>> {
    RIDES.lock().unwrap().get(base).cloned()
}

#[derive(diesel::QueryableByName)]
struct State {
    #[diesel(sql_type = Text)]
    state: String,
}

/// The query of every row of these tables, a table a row.
fn everything(tables: &[portable::Table], postgres: bool) -> String {
    let parts = tables.iter().map(|table| {
        let name = &table.name;
        if postgres {
            format!(
                "SELECT '{name} ' || COALESCE(string_agg(t::text, ';' ORDER BY t::text), '') AS state FROM \"{name}\" t"
            )
        } else {
            let columns: Vec<_> = table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
            let row = columns.join(", ");
            format!("SELECT '{name} ' || COALESCE(group_concat(json_array({row})), '') AS state FROM \"{name}\"")
        }
    });
    // SQLite takes five hundred parts of a UNION; there are fewer tables.
    parts.collect::<Vec<_>>().join(" UNION ALL ")
}

impl Ride {
    /// Every row of every table.
    pub fn state(&self) -> Vec<String> {
        let (conn, query) = &mut *self.beside.lock().unwrap();
        diesel::sql_query(&*query).load::<State>(conn).unwrap().into_iter().map(|state| state.state).collect()
    }

    /// On PostgreSQL, where what fails leaves gaps in the ids: the statement that takes them back. Tests name ids.
    fn ids(&self) -> Option<String> {
        let query = "SELECT 'SELECT ' || string_agg(format('setval(%L, %s, %L)', schemaname || '.' || sequencename,
                         COALESCE(last_value, 1), last_value IS NOT NULL), ', ') AS state FROM pg_sequences";
        let (conn, _) = &mut *self.beside.lock().unwrap();
        self.postgres.then(|| diesel::sql_query(query).get_result::<State>(conn).unwrap().state)
    }

    fn put_back(&self, ids: &str) {
        self.beside.lock().unwrap().0.batch_execute(ids).unwrap();
    }

    /// The application has no worker: its writes would meet the fault that is meant for the caller's. Where the database
    /// is gone, nothing is done.
    async fn do_the_work_of_the_worker(&self) {
        if !self.faults.gone.load(Ordering::SeqCst) {
            self.app.db.record_day().await.unwrap();
            duban::worker::seal_all(&self.app).await.unwrap();
        }
    }

    /// The fault with which an operation has not yet gone through.
    fn next_fault(&self, operation: &str) -> Option<Fault> {
        let kinds = if self.postgres { [Fault::Error, Fault::Cut] } else { [Fault::Panic, Fault::Row] };
        let covered = COVERED.lock().unwrap();
        let open = |fault: &Fault| !covered.contains(&(operation.to_owned(), *fault));
        match *RIDING {
            Riding::Never => None,
            Riding::Once => kinds.into_iter().find(open),
            Riding::Every if is_over(*BEGUN) => kinds.into_iter().find(open),
            Riding::Every => kinds.into_iter().find(open).or(Some(kinds[rand::random_range(0..2)])),
        }
    }
}

/// Sends a request; when the tests ride, it fails at every one of its calls before it goes through.
pub async fn send(who: &Persona, method: &str, path: &str, make: impl Fn() -> reqwest::RequestBuilder) -> Answer {
    let rides = *RIDING != Riding::Never && HERE.get() == Here::AsAll;
    let Some(ride) = rides.then(|| ride_of(&who.base)).flatten() else {
        return who.send_once(method, path, make()).await;
    };
    let operation = format!("{method} {}", who.contract.template(method, path));
    if method == "GET" || ride.next_fault(&operation).is_none() {
        let _shared = ride.alone.read().await;
        ride.do_the_work_of_the_worker().await;
        return who.send_once(method, path, make()).await;
    }
    let _alone = ride.alone.write().await;
    ride.do_the_work_of_the_worker().await;
    let Some(fault) = ride.next_fault(&operation) else { return who.send_once(method, path, make()).await };
    let (before, ids) = (ride.state(), ride.ids());
    let mut n = 0;
    loop {
        // The first hundred and fifty one by one; a batch of hundreds of items repeats itself after that.
        n += if n < 150 { 1 } else { n / 10 };
        ride.faults.arm(fault, n);
        let answer = who.send_once(method, path, make()).await;
        if !ride.faults.disarm() {
            if answer.status < 400 {
                covered(&operation, fault, n - 1);
            }
            return answer;
        }
        let told = format!("{operation}, {fault:?} at {n}: {} {}", answer.status, answer.text);
        assert!(answer.status >= 500 && answer.header("content-type") == "application/problem+json", "{told}");
        let after = ride.state();
        let kept: Vec<_> = after.iter().filter(|table| !before.contains(table)).map(|table| &table[..20]).collect();
        assert!(kept.is_empty(), "a part of it was kept, in {kept:?}: {told}");
        ids.iter().for_each(|ids| ride.put_back(ids));
    }
}

fn covered(operation: &str, fault: Fault, calls: i64) {
    let new = COVERED.lock().unwrap().insert((operation.to_owned(), fault));
    let Ok(log) = std::env::var("DUBAN_TEST_FAULTS_LOG") else { return };
    if new || *RIDING == Riding::Every {
        let mut log = std::fs::File::options().create(true).append(true).open(log).unwrap();
        log.write_all(format!("{fault:?}\t{operation}\t{calls}\n").as_bytes()).unwrap();
    }
}
