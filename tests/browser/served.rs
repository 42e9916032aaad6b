//! The demo's year, served: a copy of its own for each test, since some change it.

use std::net::TcpListener;
use std::path::Path;
use std::sync::OnceLock;

use duban::app::App;
use duban::platform::Config;
use duban::platform::config::{Limits, LogFormat, PasswordPolicyName};

/// The year, lived through once.
static LIVED: OnceLock<Lived> = OnceLock::new();

struct Lived {
    folder: tempfile::TempDir,
    /// The day on which it ends.
    today: chrono::NaiveDate,
}

/// A running demo.
pub struct Served {
    pub base: String,
    _folder: tempfile::TempDir,
}

impl Served {
    /// Serves the year, on a thread of its own.
    pub fn start() -> Served {
        let lived = LIVED.get_or_init(live);
        let folder = tempfile::tempdir().unwrap();
        copy(lived.folder.path(), folder.path());
        let config = Config { today: Some(lived.today), ..config(folder.path()) };
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let app = App::open(&config).await.unwrap();
                let listener = TcpListener::bind("127.0.0.1:0").unwrap();
                tell.send(format!("http://{}", listener.local_addr().unwrap())).unwrap();
                app.serve(listener, Some(2)).unwrap().await.unwrap();
            });
        });
        Served { base: told.recv().unwrap(), _folder: folder }
    }
}

/// The settings of a demo in a folder.
fn config(folder: &Path) -> Config {
    let config = Config {
        database_url: String::new(),
        listen: "127.0.0.1:0".parse().unwrap(),
        timezone: chrono_tz::Asia::Shanghai,
        data_dir: folder.to_owned(),
        secret_file: folder.join("secret.key"),
        today: None,
        password_policy: PasswordPolicyName::Mlps,
        max_attachment_bytes: 1024 * 1024,
        limits: Limits::default(),
        log_format: LogFormat::Text,
    };
    duban::demo::scratch(&config, folder)
}

fn live() -> Lived {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let living = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let app = duban::demo::load(&config).await.unwrap();
            app.db.clock().today()
        })
    });
    let today = living.join().unwrap();
    // The last connection closes on a thread of its own; the database is one file then.
    while folder.path().join("demo.db-wal").exists() || folder.path().join("demo.db-shm").exists() {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    Lived { folder, today }
}

/// Copies the files of a folder and of those in it.
fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let place = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&place).unwrap();
            copy(&entry.path(), &place);
        } else {
            std::fs::copy(entry.path(), place).unwrap();
        }
    }
}
