//! The application under test, the people who use it, and their answers.

mod answer;
mod browser;
mod contract;
mod database;
pub mod faults;
mod meeting;
mod model;
pub mod proof;
mod scene;
pub mod sheets;

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use duban::access::{Actor, Role};
use duban::accounts::actions::AccountToMake;
use duban::accounts::model::NewAppointment;
use duban::accounts::{self, AccountId};
use duban::app::App;
use duban::platform::Config;
use duban::platform::config::{Limits, LogFormat, PasswordPolicyName};
use duban::units::UnitId;
use serde_json::{Value, json};

pub use answer::Answer;
pub use browser::{Browser, Shown};
pub use contract::{Contract, example, operations};
pub use database::{empty, on_postgres};
pub use model::{ask, model_agrees, recompute, rows, rows_of};
pub use scene::{Scene, complete, id};

/// The password of every account of the tests.
pub const PASSWORD: &str = "Sanmo-2020";

/// Its hash, made once and with the least work there is: hashing is slow on purpose, and every test signs people in.
/// Passwords that are set over HTTP have a hash of full cost.
static HASH: LazyLock<String> = LazyLock::new(|| {
    let least = argon2::Params::new(argon2::Params::MIN_M_COST, 1, 1, None).unwrap();
    let quick = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, least);
    argon2::password_hash::PasswordHasher::hash_password(&quick, PASSWORD.as_bytes()).unwrap().to_string()
});

/// A day of 2020.
pub fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, month, day).unwrap()
}

/// A running application with a database and a data folder of its own.
pub struct TestApp {
    pub app: App,
    pub base: String,
    pub config: Config,
    server: Running,
    folder: tempfile::TempDir,
    _ready: Option<faults::Ready>,
}

/// Stops the server when its application goes: the worker would go on looking for a database that went with its folder,
/// and hold up the thread of the test.
struct Running(actix_web::dev::ServerHandle);

impl Drop for Running {
    fn drop(&mut self) {
        // Asked for at once; nobody waits for it.
        let _asked = self.0.stop(false);
    }
}

impl TestApp {
    /// Starts on a business date of 2020.
    pub async fn start(month: u32, date: u32) -> TestApp {
        TestApp::start_with(day(month, date), PasswordPolicyName::Mlps, 1).await
    }

    /// Starts on SQLite, whatever database this run is on.
    pub async fn start_on_sqlite(month: u32, date: u32) -> TestApp {
        TestApp::start_on(false, day(month, date), PasswordPolicyName::Mlps, 1, Limits::default()).await
    }

    /// Starts with several threads that serve, for calls that race. Each takes a while to make its routes.
    pub async fn start_busy(month: u32, date: u32) -> TestApp {
        TestApp::start_with(day(month, date), PasswordPolicyName::Mlps, 3).await
    }

    pub async fn start_with(today: NaiveDate, password_policy: PasswordPolicyName, workers: usize) -> TestApp {
        TestApp::start_on(on_postgres(), today, password_policy, workers, Limits::default()).await
    }

    pub async fn start_limited(today: NaiveDate, password_policy: PasswordPolicyName, limits: Limits) -> TestApp {
        TestApp::start_on(on_postgres(), today, password_policy, 2, limits).await
    }

    async fn start_on(
        postgres: bool,
        today: NaiveDate,
        password_policy: PasswordPolicyName,
        workers: usize,
        limits: Limits,
    ) -> TestApp {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { limits, ..TestApp::config(postgres, &folder, today, password_policy) };
        TestApp::open(config, folder, workers).await
    }

    fn config(
        postgres: bool,
        folder: &tempfile::TempDir,
        today: NaiveDate,
        password_policy: PasswordPolicyName,
    ) -> Config {
        Config {
            database_url: database::with_schema(postgres, &folder.path().join("test.db")),
            listen: "127.0.0.1:0".parse().unwrap(),
            timezone: chrono_tz::Asia::Shanghai,
            data_dir: folder.path().to_owned(),
            secret_file: folder.path().join("secret.key"),
            today: Some(today),
            password_policy,
            max_attachment_bytes: 1024 * 1024,
            limits: Limits::default(),
            log_format: LogFormat::Text,
        }
    }

    /// The year of the demo, on its last day.
    pub async fn demo() -> TestApp {
        let folder = tempfile::tempdir().unwrap();
        let config = TestApp::config(on_postgres(), &folder, day(9, 30), PasswordPolicyName::Mlps);
        let app = duban::demo::load(&config).await.unwrap();
        TestApp::serve_app(app, config, folder, 2, true)
    }

    async fn open(config: Config, folder: tempfile::TempDir, workers: usize) -> TestApp {
        let direct = config.database_url.clone();
        let between = faults::between(&direct);
        let database_url = between.as_ref().map_or(&direct, |(url, _)| url).clone();
        let app = App::open(&Config { database_url, ..config.clone() }).await.unwrap();
        let Some((_, faults)) = between else { return TestApp::serve_app(app, config, folder, workers, true) };
        // What the worker writes would meet the faults that are meant for the caller: a ride does its work.
        let mut served = TestApp::serve_app(app, config, folder, workers, false);
        served._ready = Some(faults::ready(&served.app, &served.base, &direct, faults).await);
        served
    }

    fn serve_app(app: App, config: Config, folder: tempfile::TempDir, workers: usize, worker: bool) -> TestApp {
        let listener = TcpListener::bind(config.listen).unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let server =
            if worker { app.serve(listener, Some(workers)) } else { app.serve_without_worker(listener, Some(workers)) };
        let server = server.unwrap();
        let handle = Running(server.handle());
        actix_web::rt::spawn(server);
        TestApp { app, base, config, server: handle, folder, _ready: None }
    }

    /// An empty database, a data folder and a key of their own beside this one, of the same kind or of the other.
    pub fn elsewhere(&self, folder: &std::path::Path, postgres: bool) -> Config {
        Config {
            database_url: database::empty(postgres, &folder.join("test.db")),
            data_dir: folder.to_owned(),
            secret_file: folder.join("secret.key"),
            today: Some(self.app.db.clock().today()),
            ..self.config.clone()
        }
    }

    /// Serves what another configuration names.
    pub async fn serve(config: Config) -> TestApp {
        TestApp::open(config, tempfile::tempdir().unwrap(), 1).await
    }

    /// Stops the server and starts another on the same database and the same day.
    pub async fn restart(self) -> TestApp {
        self.server.0.stop(true).await;
        let config = Config { today: Some(self.app.db.clock().today()), ..self.config };
        TestApp::open(config, self.folder, 1).await
    }

    /// Turns the business date.
    pub fn turn_to(&self, date: NaiveDate) {
        self.app.db.clock().turn_to(date);
    }

    /// Where the evidence and the database lie.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// An account without any post.
    pub async fn account(&self, username: &str) -> AccountId {
        let (username, clock) = (username.to_owned(), self.app.db.clock().clone());
        let made = self.app.db.write(move |conn| {
            let new = AccountToMake {
                username: &username,
                display_name: &username,
                password_hash: &HASH,
                must_change_password: false,
            };
            accounts::actions::create(conn, &Actor::operator(), &new, clock.stamp())
        });
        made.await.unwrap().id
    }

    /// Appoints an account from the first day of 2020.
    pub async fn appoint(&self, account_id: AccountId, role: Role, unit_id: Option<UnitId>) {
        let post = NewAppointment { account_id, unit_id, role, from: day(1, 1), until: None };
        let made = self.app.db.write(move |conn| accounts::actions::appoint(conn, &Actor::operator(), &post));
        made.await.unwrap();
    }

    /// Somebody with one post, signed in.
    pub async fn person(&self, username: &str, role: Role, unit_id: Option<i64>) -> Persona {
        let account = self.account(username).await;
        self.appoint(account, role, unit_id.map(UnitId)).await;
        self.sign_in(username, account).await
    }

    pub async fn administrator(&self) -> Persona {
        self.person("admin", Role::Administrator, None).await
    }

    /// Signs an account in over HTTP.
    pub async fn sign_in(&self, username: &str, account_id: AccountId) -> Persona {
        let login = self.anonymous().post("/auth/login", json!({"username": username, "password": PASSWORD})).await;
        let token = login.ok()["access_token"].as_str().unwrap().to_owned();
        Persona { account_id: account_id.0, token: Some(token), ..self.anonymous() }
    }

    /// Nobody.
    pub fn anonymous(&self) -> Persona {
        Persona { account_id: 0, token: None, base: self.base.clone(), client: client(), contract: contract::shared() }
    }
}

fn client() -> reqwest::Client {
    // The server ends a connection that was idle for five seconds: one that may be about to end is not used again.
    let idle = std::time::Duration::from_secs(2);
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    builder.pool_idle_timeout(idle).build().unwrap()
}

/// Somebody who calls the API. Every answer is checked against the contract.
#[derive(Clone)]
pub struct Persona {
    pub account_id: i64,
    pub token: Option<String>,
    pub base: String,
    pub client: reqwest::Client,
    pub contract: Arc<Contract>,
}

impl Persona {
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let url = if path.starts_with('/') && !path.starts_with("/healthz") {
            format!("{}/api/v1{path}", self.base)
        } else {
            format!("{}{path}", self.base)
        };
        let request = self.client.request(method.parse().unwrap(), url).header("accept-language", "en");
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends a prepared request and checks its answer against the contract.
    pub async fn send(&self, method: &str, path: &str, request: reqwest::RequestBuilder) -> Answer {
        match request.try_clone() {
            Some(copy) => {
                drop(request);
                faults::send(self, method, path, move || copy.try_clone().unwrap()).await
            }
            None => self.send_once(method, path, request).await,
        }
    }

    async fn send_once(&self, method: &str, path: &str, request: reqwest::RequestBuilder) -> Answer {
        let answer = Answer::of(request.send().await.unwrap(), format!("{method} {path}")).await;
        self.contract.check(method, path, &answer);
        answer
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, self.request("GET", path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, self.request("POST", path).json(&body)).await
    }

    pub async fn post_with_key(&self, path: &str, body: Value, key: &str) -> Answer {
        let request = self.request("POST", path).json(&body).header("idempotency-key", key);
        self.send("POST", path, request).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send("PUT", path, self.request("PUT", path).json(&body)).await
    }

    /// A merge patch of the version that is read first.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        let etag = self.get(path).await.etag();
        self.patch_version(path, body, &etag).await
    }

    pub async fn patch_version(&self, path: &str, body: Value, etag: &str) -> Answer {
        let request = self.request("PATCH", path).json(&body).header("if-match", etag);
        self.send("PATCH", path, request).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        let etag = self.get(path).await.etag();
        self.send("DELETE", path, self.request("DELETE", path).header("if-match", etag)).await
    }

    /// A list or report as a table of a media type.
    pub async fn get_as(&self, path: &str, media_type: &str) -> Answer {
        self.send("GET", path, self.request("GET", path).header("accept", media_type)).await
    }

    /// Sends one file as a form to an address.
    pub async fn post_file(&self, path: &str, name: &str, bytes: &[u8]) -> Answer {
        let make = || {
            let part = reqwest::multipart::Part::bytes(bytes.to_vec()).file_name(name.to_owned());
            self.request("POST", path).multipart(reqwest::multipart::Form::new().part("file", part))
        };
        faults::send(self, "POST", path, make).await
    }

    /// Uploads a file; its answer.
    pub async fn upload(&self, name: &str, bytes: &[u8]) -> Answer {
        self.post_file("/attachments", name, bytes).await
    }
}
