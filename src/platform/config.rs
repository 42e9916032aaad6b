//! The settings: flags first, then the environment, then `duban.toml` in the working directory, then the default.
//! A wrong setting stops the start with one sentence that names it.

mod limits;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use chrono_tz::Tz;
use clap::Args;
use serde::Deserialize;

pub use limits::{LimitSettings, Limits};

/// Everything the program can be told from outside.
#[derive(Debug, Clone)]
pub struct Config {
    /// `sqlite://FILE` or `postgres://…`.
    pub database_url: String,
    pub listen: SocketAddr,
    /// The zone whose days are the business days.
    pub timezone: Tz,
    /// Evidence files, and by default the secret file.
    pub data_dir: PathBuf,
    pub secret_file: PathBuf,
    /// Fixes the business date.
    pub today: Option<NaiveDate>,
    pub password_policy: PasswordPolicyName,
    /// The largest evidence file, in bytes.
    pub max_attachment_bytes: u64,
    /// What one caller may take of the server.
    pub limits: Limits,
    /// Log lines as text or as JSON.
    pub log_format: LogFormat,
}

/// The named password and session policies (promises, 4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum PasswordPolicyName {
    Mlps,
    Asvs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

/// The settings as flags and environment variables; every one may be left out.
#[derive(Debug, Default, Clone, Args)]
pub struct Settings {
    /// Database: sqlite://FILE or postgres://USER@HOST/NAME [default: sqlite://duban.db]
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
    /// Address to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "DUBAN_LISTEN", value_name = "ADDRESS:PORT", global = true)]
    pub listen: Option<String>,
    /// Zone whose days count [default: Asia/Shanghai]
    #[arg(long, env = "DUBAN_TIMEZONE", value_name = "ZONE", global = true)]
    pub timezone: Option<String>,
    /// Folder of the evidence files [default: duban-data]
    #[arg(long, env = "DUBAN_DATA_DIR", value_name = "FOLDER", global = true)]
    pub data_dir: Option<PathBuf>,
    /// File of the key that seals secrets; made on the first start [default: secret.key in the data folder]
    #[arg(long, env = "DUBAN_SECRET_FILE", value_name = "FILE", global = true)]
    pub secret_file: Option<PathBuf>,
    /// Fixes the business date, for replaying a year
    #[arg(long, env = "DUBAN_TODAY", value_name = "YYYY-MM-DD", global = true)]
    pub today: Option<String>,
    /// Policy for passwords and sessions: mlps or asvs [default: mlps]
    #[arg(long, env = "DUBAN_PASSWORD_POLICY", value_name = "NAME", global = true)]
    pub password_policy: Option<PasswordPolicyName>,
    /// Largest evidence file in bytes [default: 52428800]
    #[arg(long, env = "DUBAN_MAX_ATTACHMENT_BYTES", value_name = "BYTES", global = true)]
    pub max_attachment_bytes: Option<u64>,
    #[command(flatten)]
    pub limits: LimitSettings,
    /// Form of the log lines: text or json [default: text]
    #[arg(long, env = "DUBAN_LOG_FORMAT", value_name = "FORM", global = true)]
    pub log_format: Option<LogFormat>,
}

/// `duban.toml`: the same names in lower case.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSettings {
    database_url: Option<String>,
    listen: Option<String>,
    timezone: Option<String>,
    data_dir: Option<PathBuf>,
    secret_file: Option<PathBuf>,
    today: Option<String>,
    password_policy: Option<PasswordPolicyName>,
    max_attachment_bytes: Option<u64>,
    limits: Option<LimitSettings>,
    log_format: Option<LogFormat>,
}

impl Config {
    /// Settles the settings, or says in one sentence which one is wrong.
    pub fn load(flags: Settings) -> Result<Config, String> {
        Config::settle(flags, file_settings(Path::new("duban.toml"))?)
    }

    fn settle(flags: Settings, file: FileSettings) -> Result<Config, String> {
        let data_dir = flags.data_dir.or(file.data_dir).unwrap_or_else(|| "duban-data".into());
        let database_url = flags.database_url.or(file.database_url).unwrap_or_else(|| "sqlite://duban.db".into());
        if !database_url.starts_with("sqlite://")
            && !database_url.starts_with("postgres://")
            && !database_url.starts_with("postgresql://")
        {
            return Err("DATABASE_URL must begin with sqlite:// or postgres://".into());
        }
        let listen = flags.listen.or(file.listen).unwrap_or_else(|| "127.0.0.1:8080".into());
        let zone = flags.timezone.or(file.timezone).unwrap_or_else(|| "Asia/Shanghai".into());
        let today = flags.today.or(file.today);
        Ok(Config {
            database_url,
            listen: listen.parse().map_err(|_| {
                format!("DUBAN_LISTEN must be an address and a port such as 127.0.0.1:8080, not {listen:?}")
            })?,
            timezone: zone
                .parse()
                .map_err(|_| format!("DUBAN_TIMEZONE must be a zone such as Asia/Shanghai, not {zone:?}"))?,
            secret_file: flags.secret_file.or(file.secret_file).unwrap_or_else(|| data_dir.join("secret.key")),
            data_dir,
            today: today
                .map(|text| {
                    text.parse().map_err(|_| format!("DUBAN_TODAY must be a date such as 2020-09-30, not {text:?}"))
                })
                .transpose()?,
            password_policy: flags.password_policy.or(file.password_policy).unwrap_or(PasswordPolicyName::Mlps),
            max_attachment_bytes: flags.max_attachment_bytes.or(file.max_attachment_bytes).unwrap_or(50 * 1024 * 1024),
            limits: flags.limits.settle(file.limits.unwrap_or_default())?,
            log_format: flags.log_format.or(file.log_format).unwrap_or(LogFormat::Text),
        })
    }
}

fn file_settings(path: &Path) -> Result<FileSettings, String> {
    match std::fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).map_err(|error| format!("duban.toml can't be read: {}", error.message())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(FileSettings::default()),
        Err(error) => Err(format!("duban.toml can't be opened: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags() -> Settings {
        Settings::default()
    }

    #[test]
    fn without_any_setting_the_defaults_hold() {
        let config = Config::settle(flags(), FileSettings::default()).unwrap();
        assert_eq!(config.database_url, "sqlite://duban.db");
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.timezone, chrono_tz::Asia::Shanghai);
        assert_eq!(config.secret_file, Path::new("duban-data/secret.key"));
        assert_eq!(config.today, None);
    }

    #[test]
    fn a_flag_beats_the_file() {
        let file = FileSettings { today: Some("2020-01-05".into()), ..Default::default() };
        let config = Config::settle(Settings { today: Some("2020-09-30".into()), ..flags() }, file).unwrap();
        assert_eq!(config.today, NaiveDate::from_ymd_opt(2020, 9, 30));
    }

    #[test]
    fn a_wrong_setting_is_named_in_one_sentence() {
        let wrong = [
            (Settings { database_url: Some("mysql://x".into()), ..flags() }, "DATABASE_URL"),
            (Settings { listen: Some("8080".into()), ..flags() }, "DUBAN_LISTEN"),
            (Settings { timezone: Some("Mars/Base".into()), ..flags() }, "DUBAN_TIMEZONE"),
            (Settings { today: Some("30.9.2020".into()), ..flags() }, "DUBAN_TODAY"),
        ];
        for (settings, name) in wrong {
            let said = Config::settle(settings, FileSettings::default()).unwrap_err();
            assert!(said.contains(name), "{said}");
        }
        let said = toml::from_str::<FileSettings>("listne = \"x\"").unwrap_err();
        assert!(said.message().contains("listne"), "{said}");
    }
}
