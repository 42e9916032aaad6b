//! An installation that is served by the real program, and what is looked at in its database from outside.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use duban::access::{Actor, Role};
use duban::accounts::actions::AccountToMake;
use duban::accounts::model::NewAppointment;
use duban::accounts::{self, passwords};
use duban::app::App;
use duban::platform::Config;
use duban::platform::config::{LogFormat, PasswordPolicyName};
use duban::platform::db::{Conn, portable};
use duban::units::UnitId;
use serde_json::{Value, json};

/// How a process is told to stop: by a supervisor, and at Ctrl-C.
pub const STOPS: [&str; 2] = ["-TERM", "-INT"];
const PASSWORD: &str = "Sanmo-2020";

/// Somebody who writes: a secretary and a unit that is renamed.
pub struct Seat {
    pub username: String,
    pub token: String,
    pub unit: i64,
}

pub struct House {
    folder: tempfile::TempDir,
    pub config: Config,
    pub seats: Vec<Seat>,
    admin: String,
    /// Open time nodes of each seat's unit.
    pub nodes: Vec<Vec<i64>>,
}

pub fn on_postgres() -> bool {
    std::env::var("DUBAN_TEST_DATABASE").is_ok_and(|name| name == "postgres")
}

fn database_url(folder: &std::path::Path) -> String {
    if !on_postgres() {
        return format!("sqlite://{}", folder.join("crash.db").display());
    }
    let admin = std::env::var("DUBAN_TEST_POSTGRES").expect("DUBAN_TEST_POSTGRES: the URL of a PostgreSQL");
    let name = format!("duban_crash_{}", hex::encode(rand::random::<[u8; 8]>()));
    let mut conn = PgConnection::establish(&admin).unwrap();
    diesel::sql_query(format!("CREATE DATABASE {name}")).execute(&mut conn).unwrap();
    format!("{}/{name}", admin.rsplit_once('/').unwrap().0)
}

impl House {
    /// Two branches with a secretary and a hundred open time nodes each.
    pub async fn build() -> House {
        let folder = tempfile::tempdir().unwrap();
        let config = Config {
            database_url: database_url(folder.path()),
            listen: "127.0.0.1:0".parse().unwrap(),
            timezone: chrono_tz::Asia::Shanghai,
            data_dir: folder.path().to_owned(),
            secret_file: folder.path().join("secret.key"),
            today: chrono::NaiveDate::from_ymd_opt(2020, 1, 5),
            password_policy: PasswordPolicyName::Mlps,
            max_attachment_bytes: 1024 * 1024,
            limits: Default::default(),
            log_format: LogFormat::Text,
        };
        let app = App::open(&config).await.unwrap();
        person(&app, "admin", Role::Administrator, None).await;
        let mut house = House { folder, config, seats: vec![], admin: String::new(), nodes: vec![] };
        let server = house.start().await;
        house.admin = token(&server.base, "admin").await;
        let admin = house.admin.clone();
        let unit = async |name: &str, kind: &str, parent: Option<i64>| {
            post(&server.base, &admin, "/units", json!({"name": name, "kind": kind, "parent_id": parent})).await
        };
        let committee = unit("Committee", "committee", None).await;
        let office = unit("Department", "department", Some(committee)).await;
        person(&app, "department", Role::Department, Some(office)).await;
        for n in 0..2 {
            let branch = unit(&format!("Branch {n}"), "branch", Some(committee)).await;
            let username = format!("secretary-{n}");
            person(&app, &username, Role::Secretary, Some(branch)).await;
            house.seats.push(Seat { username, token: String::new(), unit: branch });
        }
        let department = token(&server.base, "department").await;
        let post = async |path: &str, body| post(&server.base, &department, path, body).await;
        let plan = post("/plans", json!({"unit_id": committee, "year": 2020, "title": "Plan"})).await;
        let key_point = post(&format!("/plans/{plan}/key-points"), json!({"title": "Point"})).await;
        let responsible = house.seats.iter().map(|seat| json!({"unit_id": seat.unit, "part": "responsible"}));
        let entries: Vec<_> = (0..100).map(|n| json!({"due_on": day(40 + n)})).collect();
        let task = json!({"title": "Task", "responsibilities": responsible.collect::<Vec<_>>(), "entries": entries});
        post(&format!("/key-points/{key_point}/tasks"), task).await;
        post(&format!("/plans/{plan}/issue"), json!({})).await;
        for seat in &house.seats {
            let path = format!("/time-nodes?unit_id={}&limit=200", seat.unit);
            let nodes = get(&server.base, &department, &path).await;
            house
                .nodes
                .push(nodes["items"].as_array().unwrap().iter().map(|node| node["id"].as_i64().unwrap()).collect());
        }
        assert!(house.nodes.iter().all(|nodes| nodes.len() == 100));
        house
    }

    pub fn database(&self) -> &'static str {
        if on_postgres() { "PostgreSQL" } else { "SQLite" }
    }

    fn command(&self) -> Command {
        self.set(Command::new(env!("CARGO_BIN_EXE_duban")))
    }

    /// The program, deaf to the signal that a file has grown too large: it gets an error instead, as on a full disk.
    fn command_for_a_full_disk(&self) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_duban")]);
        // Its log lies on the same disk, and is long already.
        let log = self.folder.path().join("log");
        std::fs::write(&log, vec![b'\n'; 1 << 20]).unwrap();
        command.stderr(std::fs::File::options().append(true).open(log).unwrap());
        self.set(command)
    }

    fn set(&self, mut command: Command) -> Command {
        command
            .current_dir(self.folder.path())
            .env("DATABASE_URL", &self.config.database_url)
            .env("DUBAN_DATA_DIR", &self.config.data_dir)
            .env("DUBAN_SECRET_FILE", &self.config.secret_file)
            .env("DUBAN_TODAY", "2020-01-05")
            .env("RUST_LOG", "error");
        command
    }

    /// Starts the real program and waits until it serves.
    pub async fn start(&self) -> Server {
        self.start_by(|| self.command()).await
    }

    /// The same; the room for its files can then be bounded.
    pub async fn start_for_a_full_disk(&self) -> Server {
        self.start_by(|| self.command_for_a_full_disk()).await
    }

    async fn start_by(&self, command: impl Fn() -> Command) -> Server {
        // A free port may be taken by somebody else before the server has it: then another one is tried.
        for _ in 0..5 {
            let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let listen = format!("127.0.0.1:{port}");
            let child = command().args(["serve", "--listen", &listen]).stdout(Stdio::null()).spawn().unwrap();
            let mut server = Server { child, base: format!("http://{listen}") };
            if server.serves().await {
                return server;
            }
        }
        panic!("the server does not start")
    }

    /// Everybody signs in anew where the token is about to end; a kill ends no session.
    pub async fn sign_in(&mut self, base: &str) {
        self.admin = fresh(base, "admin", &self.admin).await;
        for seat in &mut self.seats {
            seat.token = fresh(base, &seat.username, &seat.token).await;
        }
    }

    pub fn admin(&self) -> &str {
        &self.admin
    }

    /// How often each value of a column that begins with `round` is there.
    pub fn counted(&self, table: &str, column: &str, round: &str) -> HashMap<String, i64> {
        #[derive(QueryableByName)]
        struct Counted {
            #[diesel(sql_type = diesel::sql_types::Text)]
            value: String,
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            times: i64,
        }
        let mut conn = portable::connect(&self.config.database_url).unwrap();
        let query = format!(
            "SELECT {column} AS value, COUNT(*) AS times FROM {table} WHERE {column} LIKE $1 GROUP BY {column}"
        );
        let query = diesel::sql_query(query).bind::<diesel::sql_types::Text, _>(format!("{round} %"));
        let counted = query.load::<Counted>(&mut conn).unwrap();
        counted.into_iter().map(|counted| (counted.value, counted.times)).collect()
    }

    /// Keeps every other writer waiting, until what is given back is dropped.
    pub fn hold(&self) -> Conn {
        let mut conn = portable::connect(&self.config.database_url).unwrap();
        let hold =
            if on_postgres() { "BEGIN; LOCK TABLE progress_reports IN EXCLUSIVE MODE" } else { "BEGIN IMMEDIATE" };
        conn.batch_execute(hold).unwrap();
        conn
    }

    pub fn evidence(&self, sha256: &str) -> PathBuf {
        self.config.data_dir.join("evidence").join(&sha256[..2]).join(sha256)
    }

    /// The database is sound and the audit log is whole.
    pub fn check_whole(&self) {
        if !on_postgres() {
            #[derive(QueryableByName)]
            struct Said {
                #[diesel(sql_type = diesel::sql_types::Text)]
                integrity_check: String,
            }
            let mut conn = portable::connect(&self.config.database_url).unwrap();
            let said = diesel::sql_query("PRAGMA integrity_check").load::<Said>(&mut conn).unwrap();
            assert_eq!(said.iter().map(|said| said.integrity_check.as_str()).collect::<Vec<_>>(), ["ok"]);
        }
        let verified = self.command().args(["audit", "verify"]).output().unwrap();
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    }
}

fn day(after: u64) -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2020, 1, 1).unwrap() + chrono::Days::new(after)
}

async fn person(app: &App, username: &str, role: Role, unit_id: Option<i64>) {
    let (username, hash, now) = (username.to_owned(), passwords::hash(PASSWORD).unwrap(), app.db.clock().stamp());
    let made = app.db.write(move |conn| {
        let operator = Actor::operator();
        let new = AccountToMake {
            username: &username,
            display_name: &username,
            password_hash: &hash,
            must_change_password: false,
        };
        let account_id = accounts::actions::create(conn, &operator, &new, now)?.id;
        let from = duban::platform::db::today(conn)?;
        let post = NewAppointment { account_id, unit_id: unit_id.map(UnitId), role, from, until: None };
        accounts::actions::appoint(conn, &operator, &post)
    });
    made.await.unwrap();
}

pub fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap()
}

async fn token(base: &str, username: &str) -> String {
    let body = json!({"username": username, "password": PASSWORD});
    let answer = client().post(format!("{base}/api/v1/auth/login")).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json::<Value>().await.unwrap()["access_token"].as_str().unwrap().to_owned()
}

/// A token that holds for a while: the one there is, or a new one.
async fn fresh(base: &str, username: &str, old: &str) -> String {
    let mine = client().get(format!("{base}/api/v1/auth/me")).bearer_auth(old).send().await.unwrap();
    if mine.status() == 200 && rand::random_range(0..50) != 0 { old.to_owned() } else { token(base, username).await }
}

pub async fn get(base: &str, token: &str, path: &str) -> Value {
    let answer = client().get(format!("{base}/api/v1{path}")).bearer_auth(token).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.unwrap()
}

async fn post(base: &str, token: &str, path: &str, body: Value) -> i64 {
    let answer = client().post(format!("{base}/api/v1{path}")).bearer_auth(token).json(&body).send().await.unwrap();
    let (status, body) = (answer.status().as_u16(), answer.json::<Value>().await.unwrap());
    assert!(status < 300, "{path}: {body}");
    body["id"].as_i64().unwrap_or_default()
}

/// The program as it runs.
pub struct Server {
    child: Child,
    pub base: String,
}

impl Server {
    async fn serves(&mut self) -> bool {
        let (client, begun) = (client(), Instant::now());
        while begun.elapsed() < Duration::from_secs(30) {
            if self.child.try_wait().unwrap().is_some() {
                return false;
            }
            let answer = client.get(format!("{}/readyz", self.base)).send().await;
            if answer.is_ok_and(|answer| answer.status() == 200) {
                return true;
            }
            actix_web::rt::time::sleep(Duration::from_millis(5)).await;
        }
        false
    }

    /// SIGKILL: no handler, no drop, no flush.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// No file may grow beyond so many bytes; without a number, files may grow again.
    pub fn bound_files(&self, bytes: Option<u64>) {
        let bound = bytes.map_or("unlimited".to_owned(), |bytes| bytes.to_string());
        let pid = self.child.id().to_string();
        let told = Command::new("prlimit").args(["--pid", &pid, &format!("--fsize={bound}:unlimited")]).status();
        assert!(told.unwrap().success());
    }

    /// Sends one of [`STOPS`], and waits for the end, which must be a good one within the drain; how long it took.
    pub async fn stop(&mut self, signal: &str) -> Duration {
        let begun = Instant::now();
        let told = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert_eq!(status.code(), Some(0), "a stop ends with 0");
                return begun.elapsed();
            }
            assert!(begun.elapsed() < Duration::from_secs(12), "it does not end within the drain");
            actix_web::rt::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
