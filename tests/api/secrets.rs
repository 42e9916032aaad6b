//! Passwords, tokens and keys are in no log line, in no answer but the one that hands them out, in no audit entry, and
//! not readable in the database. The program runs as it is installed, logging everything it can.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use duban::access::Role;
use duban::platform::db::portable;
use serde_json::{Value, json};

use crate::support::{TestApp, on_postgres};

/// The program, serving on a database that a test has prepared; everything it says is kept.
struct Served {
    child: Child,
    base: String,
    said: Arc<Mutex<String>>,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(app: &TestApp) -> Served {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut child = Command::new(env!("CARGO_BIN_EXE_duban"))
        .args(["serve", "--database-url", &app.config.database_url, "--today", "2020-01-05"])
        .args(["--data-dir", app.config.data_dir.to_str().unwrap(), "--listen", &format!("127.0.0.1:{port}")])
        .env("RUST_LOG", "trace")
        .env_remove("DATABASE_URL")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let said = Arc::new(Mutex::new(String::new()));
    let (kept, lines) = (said.clone(), BufReader::new(child.stderr.take().unwrap()));
    std::thread::spawn(move || {
        for line in lines.lines().map_while(Result::ok) {
            let mut kept = kept.lock().unwrap();
            kept.push_str(&line);
            kept.push('\n');
        }
    });
    Served { child, base: format!("http://127.0.0.1:{port}"), said }
}

struct Canaries {
    secrets: Vec<(&'static str, String)>,
    answers: Vec<(String, String)>,
}

impl Canaries {
    fn plant(&mut self, name: &'static str, secret: &str) -> String {
        self.secrets.push((name, secret.to_owned()));
        secret.to_owned()
    }
}

async fn ask(served: &Served, kept: &mut Canaries, method: &str, path: &str, token: &str, body: Value) -> (u16, Value) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.request(method.parse().unwrap(), format!("{}/api/v1{path}", served.base));
    let request = if token.is_empty() { request } else { request.bearer_auth(token) };
    let request = if method == "GET" { request } else { request.json(&body) };
    let key = format!("key-{}", kept.answers.len());
    let answer = request.header("if-match", "*").header("idempotency-key", key).send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), format!("{:?}", answer.headers()));
    let text = answer.text().await.unwrap();
    let value = serde_json::from_str(&text).unwrap_or(Value::Null);
    // The two calls that hand tokens out do so.
    if !(status == 200 && ["/auth/login", "/auth/refresh"].contains(&path)) {
        kept.answers.push((format!("{method} {path} {status}"), headers + &text));
    }
    (status, value)
}

/// Everything that the database holds: every row, and on SQLite the bytes of its files, where what was deleted may stand.
fn kept_in(app: &TestApp) -> Vec<(String, String)> {
    let mut conn = portable::connect(&app.config.database_url).unwrap();
    let mut places = vec![];
    for table in portable::tables(&mut conn).unwrap() {
        let mut rows = String::new();
        let row = |row: &str| {
            rows += row;
            Ok(())
        };
        portable::each_row(&mut conn, &table, row).unwrap();
        places.push((table.name.clone(), rows));
    }
    let held = |name: &str| places.iter().any(|(table, rows)| table == name && !rows.is_empty());
    assert!(held("accounts") && held("sessions") && held("audit_entries"));
    for name in if on_postgres() { &[][..] } else { &["test.db", "test.db-wal"] } {
        let bytes = std::fs::read(app.folder().join(name)).unwrap_or_default();
        assert!(*name != "test.db" || bytes.len() > 1000);
        places.push(((*name).to_owned(), String::from_utf8_lossy(&bytes).into_owned()));
    }
    places
}

#[actix_web::test]
async fn no_secret_is_said_logged_recorded_or_kept_in_the_clear() {
    let app = TestApp::start(1, 5).await;
    app.person("admin", Role::Administrator, None).await;
    let auditor = app.person("auditor", Role::Auditor, None).await;
    let served = serve(&app);
    let mut kept = Canaries { secrets: vec![], answers: vec![] };
    for _ in 0..200 {
        if reqwest::get(format!("{}/readyz", served.base)).await.is_ok() {
            break;
        }
        actix_web::rt::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let admin_password = kept.plant("password of the administrator", crate::support::PASSWORD);
    let login = |name: &str, password: &str| json!({"username": name, "password": password});
    let (_, tokens) = ask(&served, &mut kept, "POST", "/auth/login", "", login("admin", &admin_password)).await;
    let admin = kept.plant("access token", tokens["access_token"].as_str().unwrap());
    let refresh = kept.plant("refresh token", tokens["refresh_token"].as_str().unwrap());
    let (_, tokens) = ask(&served, &mut kept, "POST", "/auth/refresh", "", json!({"refresh_token": refresh})).await;
    kept.plant("second refresh token", tokens["refresh_token"].as_str().unwrap());
    kept.plant("second access token", tokens["access_token"].as_str().unwrap());

    // Passwords that are set, refused, guessed, mistyped as a name, in a wrong place, and in a body that can't be read.
    let set = kept.plant("password that is set", "Canary-Set-7391");
    let account = json!({"username": "someone", "display_name": "x", "password": set});
    let (status, made) = ask(&served, &mut kept, "POST", "/accounts", &admin, account.clone()).await;
    assert_eq!(status, 201, "{made}");
    ask(&served, &mut kept, "POST", "/accounts", &admin, account).await;
    let weak = kept.plant("password that is refused", "canary-weak-5521");
    let path = format!("/accounts/{}/reset-password", made["id"]);
    ask(&served, &mut kept, "POST", &path, &admin, json!({"password": weak})).await;
    let reset = kept.plant("password after a reset", "Canary-Reset-2286");
    let (status, _) = ask(&served, &mut kept, "POST", &path, &admin, json!({"password": reset})).await;
    assert_eq!(status, 204);
    let guessed = kept.plant("password that is guessed", "Canary-Guess-9917");
    ask(&served, &mut kept, "POST", "/auth/login", "", login("someone", &guessed)).await;
    ask(&served, &mut kept, "POST", "/auth/login", "", login("nobody", &guessed)).await;
    let (_, limited) = ask(&served, &mut kept, "POST", "/auth/login", "", login("someone", &reset)).await;
    let limited = kept.plant("token for the change alone", limited["access_token"].as_str().unwrap());
    let changed = kept.plant("password that was chosen", "Canary-Chosen-4465");
    for current in [&guessed, &reset] {
        let body = json!({"current": current, "new": changed});
        ask(&served, &mut kept, "POST", "/auth/password", &limited, body).await;
    }
    let wrong = kept.plant("password in a field of its own", "Canary-Field-6130");
    ask(&served, &mut kept, "POST", "/auth/login", "", json!({"username": "a", "passwort": wrong})).await;
    ask(&served, &mut kept, "POST", "/auth/login", "", json!({"username": "a", "password": [wrong]})).await;
    ask(&served, &mut kept, "POST", "/auth/refresh", "", json!({"refresh_token": {"x": wrong}})).await;
    ask(&served, &mut kept, "GET", "/auth/me", &format!("{admin}x"), Value::Null).await;
    for path in ["/auth/me", "/auth/sessions", "/accounts", "/appointments", "/units"] {
        ask(&served, &mut kept, "GET", path, &admin, Value::Null).await;
    }
    ask(&served, &mut kept, "POST", "/auth/logout", &admin, json!({})).await;

    // The console: the cookie is its only secret, and its pages hold none.
    let browser = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let form = format!("username=admin&password={admin_password}");
    let sign_in = browser.post(format!("{}/sign-in", served.base)).body(form);
    let entered = sign_in.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    let cookie = entered.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    kept.plant("cookie of the console", cookie.split_once('=').unwrap().1);
    for path in ["/account", "/accounts", "/units"] {
        let page = browser.get(format!("{}{path}", served.base)).header("cookie", &cookie).send().await.unwrap();
        assert_eq!(page.status(), 200, "{path}");
        kept.answers.push((format!("page {path}"), page.text().await.unwrap()));
    }

    let key = std::fs::read_to_string(app.folder().join("secret.key")).unwrap();
    kept.plant("key of the secret file", key.trim());
    duban::worker::seal_all(&app.app).await.unwrap();
    let log = auditor.get("/audit-entries?limit=200").await.text;
    let said = served.said.lock().unwrap().clone();
    assert!(said.contains("TRACE") && said.lines().count() > 50, "it logs everything: {} lines", said.lines().count());
    let places = kept_in(&app);
    let mut leaks = vec![];
    for (name, secret) in &kept.secrets {
        let mut look = |place: &str, text: &str| {
            if text.contains(secret.as_str()) {
                leaks.push(format!("{name} in {place}"));
            }
        };
        look("the log", &said);
        look("the audit log", &log);
        kept.answers.iter().for_each(|(what, text)| look(what, text));
        places.iter().for_each(|(place, text)| look(place, text));
    }
    println!(
        "canaries: {} secrets looked for in {} log lines, {} answers and the database: {} found",
        kept.secrets.len(),
        said.lines().count(),
        kept.answers.len(),
        leaks.len()
    );
    assert!(leaks.is_empty(), "{leaks:#?}");
}
