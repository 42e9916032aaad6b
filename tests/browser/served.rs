//! The demo's year, served: anew for each test, since some change it.

use std::net::TcpListener;

use duban::platform::Config;
use duban::platform::config::{LogFormat, PasswordPolicyName};

/// A running demo.
pub struct Served {
    pub base: String,
    _folder: tempfile::TempDir,
}

impl Served {
    /// Lives through the year and serves it, on a thread of its own.
    pub fn start() -> Served {
        let folder = tempfile::tempdir().unwrap();
        let config = Config {
            database_url: String::new(),
            listen: "127.0.0.1:0".parse().unwrap(),
            timezone: chrono_tz::Asia::Shanghai,
            data_dir: folder.path().to_owned(),
            secret_file: folder.path().join("secret.key"),
            today: None,
            password_policy: PasswordPolicyName::Mlps,
            max_attachment_bytes: 1024 * 1024,
            log_format: LogFormat::Text,
        };
        let scratch = folder.path().to_owned();
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let app = duban::demo::load(&config, &scratch).await.unwrap();
                let listener = TcpListener::bind("127.0.0.1:0").unwrap();
                tell.send(format!("http://{}", listener.local_addr().unwrap())).unwrap();
                app.serve(listener, Some(2)).unwrap().await.unwrap();
            });
        });
        Served { base: told.recv().unwrap(), _folder: folder }
    }
}
