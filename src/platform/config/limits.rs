//! The limits of a server: what one caller may take of it. Each is a setting with a safe default.

use std::time::Duration;

use clap::Args;
use serde::Deserialize;

/// What a server takes at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a JSON body, or of what is typed into a form.
    pub body_bytes: usize,
    /// Bytes of all headers of a request, names and values.
    pub header_bytes: usize,
    /// Time until the headers of a request are whole.
    pub header_time: Duration,
    /// Time until a JSON body, or a form without files, is whole.
    pub body_time: Duration,
    /// Time until a form with files is whole.
    pub upload_time: Duration,
    /// How long a connection without a request is kept.
    pub keep_alive: Duration,
    /// Connections of one serving thread; more wait to be accepted.
    pub connections: usize,
    /// How long a stop waits for requests under way.
    pub drain_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            body_bytes: 1024 * 1024,
            header_bytes: 32 * 1024,
            header_time: Duration::from_secs(5),
            body_time: Duration::from_secs(30),
            upload_time: Duration::from_secs(600),
            keep_alive: Duration::from_secs(5),
            connections: 2000,
            drain_time: Duration::from_secs(10),
        }
    }
}

/// The limits as flags, environment variables, and the table `[limits]` of `duban.toml`.
#[derive(Debug, Default, Clone, Args, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitSettings {
    /// Largest JSON body in bytes, or what is typed into a form [default: 1048576]
    #[arg(long, env = "DUBAN_MAX_BODY_BYTES", value_name = "BYTES", global = true)]
    max_body_bytes: Option<usize>,
    /// Largest headers of a request in bytes, together [default: 32768]
    #[arg(long, env = "DUBAN_MAX_HEADER_BYTES", value_name = "BYTES", global = true)]
    max_header_bytes: Option<usize>,
    /// Seconds until the headers of a request must be whole [default: 5]
    #[arg(long, env = "DUBAN_HEADER_SECONDS", value_name = "SECONDS", global = true)]
    header_seconds: Option<u64>,
    /// Seconds until a JSON body, or a form without files, must be whole [default: 30]
    #[arg(long, env = "DUBAN_BODY_SECONDS", value_name = "SECONDS", global = true)]
    body_seconds: Option<u64>,
    /// Seconds until a form with files must be whole [default: 600]
    #[arg(long, env = "DUBAN_UPLOAD_SECONDS", value_name = "SECONDS", global = true)]
    upload_seconds: Option<u64>,
    /// Seconds a connection without a request is kept [default: 5]
    #[arg(long, env = "DUBAN_KEEP_ALIVE_SECONDS", value_name = "SECONDS", global = true)]
    keep_alive_seconds: Option<u64>,
    /// Connections of one serving thread at once [default: 2000]
    #[arg(long, env = "DUBAN_MAX_CONNECTIONS", value_name = "NUMBER", global = true)]
    max_connections: Option<usize>,
    /// Seconds a stop waits for requests under way [default: 10]
    #[arg(long, env = "DUBAN_DRAIN_SECONDS", value_name = "SECONDS", global = true)]
    drain_seconds: Option<u64>,
}

impl LimitSettings {
    /// The limits: a flag before the file before the default. None may be nothing.
    pub(super) fn settle(self, file: LimitSettings) -> Result<Limits, String> {
        let safe = Limits::default();
        let count = |name: &str, flag: Option<usize>, file: Option<usize>, safe: usize| match flag.or(file) {
            Some(0) => Err(format!("{name} must be at least 1")),
            given => Ok(given.unwrap_or(safe)),
        };
        let time = |name: &str, flag: Option<u64>, file: Option<u64>, safe: Duration| match flag.or(file) {
            Some(0) => Err(format!("{name} must be at least 1")),
            given => Ok(given.map_or(safe, Duration::from_secs)),
        };
        Ok(Limits {
            body_bytes: count("DUBAN_MAX_BODY_BYTES", self.max_body_bytes, file.max_body_bytes, safe.body_bytes)?,
            header_bytes: count(
                "DUBAN_MAX_HEADER_BYTES",
                self.max_header_bytes,
                file.max_header_bytes,
                safe.header_bytes,
            )?,
            header_time: time("DUBAN_HEADER_SECONDS", self.header_seconds, file.header_seconds, safe.header_time)?,
            body_time: time("DUBAN_BODY_SECONDS", self.body_seconds, file.body_seconds, safe.body_time)?,
            upload_time: time("DUBAN_UPLOAD_SECONDS", self.upload_seconds, file.upload_seconds, safe.upload_time)?,
            keep_alive: time(
                "DUBAN_KEEP_ALIVE_SECONDS",
                self.keep_alive_seconds,
                file.keep_alive_seconds,
                safe.keep_alive,
            )?,
            connections: count("DUBAN_MAX_CONNECTIONS", self.max_connections, file.max_connections, safe.connections)?,
            drain_time: time("DUBAN_DRAIN_SECONDS", self.drain_seconds, file.drain_seconds, safe.drain_time)?,
        })
    }
}
