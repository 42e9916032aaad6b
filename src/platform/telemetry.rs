//! Structured log lines. No token, password, body or query string is ever given to them.

use std::io::IsTerminal;

use super::config::LogFormat;

/// Starts logging to standard error; `RUST_LOG` chooses what (default `info`).
pub fn start(format: LogFormat) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // A line that can't be written (a full disk) is lost; complaining of it on the same stream would end the request.
        .log_internal_errors(false)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // A second start (in tests) finds the first one in place and leaves it.
    let _ = match format {
        LogFormat::Text => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().try_init(),
    };
}
