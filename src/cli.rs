//! The command line: one function a command. Exit codes: 0 done, 1 failed, 2 wrong usage or setting.

mod backup;
mod calendar;
mod counts;
mod export;
mod import;

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpListener;
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};
use serde_json::json;

use crate::access::{Actor, Layouts};
use crate::accounts::actions::AccountToMake;
use crate::accounts::model::NewAppointment;
use crate::accounts::{self, Role, passwords};
use crate::app::App;
use crate::layouts::SavedLayouts;
use crate::platform::config::Settings;
use crate::platform::db::Start;
use crate::platform::text::Text;
use crate::platform::{Config, Error, telemetry};
use crate::reports::actions::Asked;
use crate::reports::model::GroupBy;
use crate::units::UnitId;
use crate::{audit, contract, demo, reports, worker};

/// duban 督办: one year of a party committee's work, from the annual plan to the compliance report.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, after_help = EXAMPLES)]
pub struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "Examples:
  duban demo
  duban account create --username admin --administrator --password-stdin
  duban serve --listen 0.0.0.0:8080
  duban report compliance --year 2020 --as-of 2020-09-30 --format csv
  duban import 任务清单.xlsx --plan 1 --as department --dry-run
  duban export tasks 任务清单.xlsx --plan 1 --as department
  duban report compliance --year 2020 --format xlsx > report.xlsx
  duban calendar import calendars/cn-2020.csv
  duban audit verify
  duban verify-counts
  duban backup backups/2020-09-30";

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API
    Serve,
    /// Serve a scratch database with a year to look at, on the business date 2020-09-30
    Demo {
        /// Make it in the database and the data folder of the settings, which must be empty, and leave it there
        #[arg(long)]
        keep: bool,
    },
    /// Look after accounts
    #[command(subcommand)]
    Account(AccountCommand),
    /// Import a list from a workbook or CSV file
    Import(Box<import::ImportArgs>),
    /// Export a list or report into a workbook or CSV file
    Export(Box<export::ExportArgs>),
    /// Print a report
    #[command(subcommand)]
    Report(ReportCommand),
    /// Look after the audit log
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Compute what is kept up to date once more from the ledger, and compare; exit code 1 when something differs
    #[command(after_help = "Example:\n  duban verify-counts --json")]
    VerifyCounts {
        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
    /// Look after the calendars of working days
    #[command(subcommand)]
    Calendar(calendar::CalendarCommand),
    /// Save everything into a new folder, while the server runs or not
    Backup(backup::BackupArgs),
    /// Restore a backup into an empty database, and compare
    Restore(backup::RestoreArgs),
    /// Write the contract (OpenAPI 3.1, YAML) to standard output
    Openapi,
    /// Check the settings, and that the database and the data folder can be used
    CheckConfig,
}

#[derive(Debug, Subcommand)]
enum AccountCommand {
    /// Make an account
    #[command(
        after_help = "Example:\n  printf %s \"$PASSWORD\" | duban account create --username admin --administrator --password-stdin"
    )]
    Create(CreateAccount),
}

#[derive(Debug, Args)]
struct CreateAccount {
    /// Name to sign in with
    #[arg(long)]
    username: String,
    /// How it is shown [default: the user name]
    #[arg(long)]
    display_name: Option<String>,
    /// Appoint it administrator from today
    #[arg(long)]
    administrator: bool,
    /// Read the password from standard input
    #[arg(long, required = true)]
    password_stdin: bool,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum ReportCommand {
    /// The compliance report of a day
    #[command(after_help = "Example:\n  duban report compliance --year 2020 --as-of 2020-06-30 --group-by unit")]
    Compliance(ComplianceArgs),
}

#[derive(Debug, Args)]
struct ComplianceArgs {
    /// Year of the plans [default: that of the day]
    #[arg(long)]
    year: Option<i64>,
    /// Id of the unit, with everything below it [default: the whole tree]
    #[arg(long)]
    unit: Option<i64>,
    /// As recorded by the end of this day [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<NaiveDate>,
    /// Apply everything recorded until now to that day
    #[arg(long)]
    restated: bool,
    /// One row a unit, key point, month or category of clauses
    #[arg(long, value_enum, default_value = "unit")]
    group_by: Grouping,
    /// Form of the answer
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// Id of a layout that says the columns of csv and xlsx
    #[arg(long)]
    layout: Option<i64>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Grouping {
    Unit,
    #[value(name = "key_point")]
    KeyPoint,
    Month,
    Category,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
    Csv,
    /// A workbook, to be sent into a file
    Xlsx,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Recompute every hash of the audit log; names the first entry that does not agree
    Verify {
        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
}

/// Why a command ended badly.
#[derive(Debug)]
pub struct Failure {
    pub code: ExitCode,
    pub said: String,
}

impl Failure {
    fn setting(said: String) -> Failure {
        Failure { code: ExitCode::from(2), said: format!("duban: {said}") }
    }

    fn failed(error: impl std::fmt::Display) -> Failure {
        Failure { code: ExitCode::FAILURE, said: format!("duban: {error}") }
    }
}

/// Runs one command to its end.
pub fn run(cli: Cli) -> Result<(), Failure> {
    if matches!(cli.command, Command::Openapi) {
        say(format_args!("{}", contract::yaml().map_err(Failure::failed)?.trim_end()))?;
        return Ok(());
    }
    let config = Config::load(cli.settings).map_err(Failure::setting)?;
    telemetry::start(config.log_format);
    actix_web::rt::System::new().block_on(async {
        match cli.command {
            Command::Serve => serve(&config).await,
            Command::Demo { keep } => run_demo(&config, keep).await,
            Command::Account(AccountCommand::Create(args)) => create_account(&config, args).await,
            Command::Import(args) => import::run(&config, *args).await,
            Command::Export(args) => export::run(&config, *args).await,
            Command::Report(ReportCommand::Compliance(args)) => compliance(&config, args).await,
            Command::Audit(AuditCommand::Verify { json }) => verify(&config, json).await,
            Command::VerifyCounts { json } => counts::run(&config, json).await,
            Command::Calendar(command) => calendar::run(&config, command).await,
            Command::Backup(args) => backup::make(&config, &args),
            Command::Restore(args) => backup::restore(&config, &args),
            Command::CheckConfig => check_config(&config).await,
            Command::Openapi => Ok(()),
        }
    })
}

/// Prints a line. Whoever reads may stop reading, as in `duban report compliance | head`: that is no failure.
fn say(line: std::fmt::Arguments<'_>) -> Result<(), Failure> {
    match writeln!(std::io::stdout().lock(), "{line}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::failed(error)),
        _ => Ok(()),
    }
}

/// Sends a file to standard output; a reader that is gone already is no failure.
fn send(mut file: File) -> Result<(), Failure> {
    match std::io::copy(&mut file, &mut std::io::stdout().lock()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::failed(error)),
        _ => Ok(()),
    }
}

async fn open(config: &Config) -> Result<App, Failure> {
    App::open(config).await.map_err(Failure::setting)
}

/// Opens without beginning a new day: reports and checks change nothing. A date that was asked for holds.
async fn look(config: &Config) -> Result<App, Failure> {
    let start = if config.today.is_some() { Start::Serving } else { Start::Looking };
    App::open_for(config, start).await.map_err(Failure::setting)
}

fn listen(config: &Config) -> Result<TcpListener, Failure> {
    TcpListener::bind(config.listen)
        .map_err(|error| Failure::setting(format!("DUBAN_LISTEN: can't listen on {} ({error})", config.listen)))
}

async fn serve(config: &Config) -> Result<(), Failure> {
    let app = open(config).await?;
    let listener = listen(config)?;
    tracing::info!(address = %config.listen, "listening");
    app.serve(listener, None).map_err(Failure::failed)?.await.map_err(Failure::failed)
}

async fn run_demo(config: &Config, keep: bool) -> Result<(), Failure> {
    let scratch = tempfile::tempdir().map_err(Failure::failed)?;
    let listener = listen(config)?;
    let scratched = demo::scratch(config, scratch.path());
    let config = if keep { config } else { &scratched };
    let app = demo::load(config).await.map_err(Failure::failed)?;
    let address = listener.local_addr().map_err(Failure::failed)?.to_string();
    say(format_args!("{}", demo::greeting(&address, config)))?;
    app.serve(listener, None).map_err(Failure::failed)?.await.map_err(Failure::failed)
}

async fn create_account(config: &Config, args: CreateAccount) -> Result<(), Failure> {
    let app = open(config).await?;
    let mut password = String::new();
    std::io::stdin().read_to_string(&mut password).map_err(Failure::failed)?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    let username = Text::<64>::try_from(args.username).map_err(Failure::failed)?.into_string();
    let shown = args.display_name.unwrap_or_else(|| username.clone());
    let display_name = Text::<100>::try_from(shown).map_err(Failure::failed)?.into_string();
    accounts::actions::check_password(&app.accounts.policy, &password, &username).map_err(Failure::failed)?;
    let hash = passwords::hash(&password).map_err(Failure::failed)?;
    let clock = app.db.clock().clone();
    let made = app.db.write(move |conn| {
        let operator = Actor::operator();
        let new = AccountToMake {
            username: &username,
            display_name: &display_name,
            password_hash: &hash,
            must_change_password: false,
        };
        let account = accounts::actions::create(conn, &operator, &new, clock.stamp())?;
        if args.administrator {
            let from = crate::platform::db::today(conn)?;
            let post =
                NewAppointment { account_id: account.id, unit_id: None, role: Role::Administrator, from, until: None };
            accounts::actions::appoint(conn, &operator, &post)?;
        }
        Ok(account)
    });
    let account = made.await.map_err(Failure::failed)?;
    worker::seal_all(&app).await.map_err(Failure::failed)?;
    if args.json {
        say(format_args!("{}", json!(account)))?;
    } else {
        say(format_args!("account {} made: {}", account.id, account.username))?;
    }
    Ok(())
}

async fn compliance(config: &Config, args: ComplianceArgs) -> Result<(), Failure> {
    let app = look(config).await?;
    let asked = Asked { year: args.year, unit_id: args.unit.map(UnitId), as_of: args.as_of, restated: args.restated };
    let group_by = Some(match args.group_by {
        Grouping::Unit => GroupBy::Unit,
        Grouping::KeyPoint => GroupBy::KeyPoint,
        Grouping::Month => GroupBy::Month,
        Grouping::Category => GroupBy::Category,
    });
    let named = args.layout;
    let read = app.db.read_long(move |conn| {
        let operator = Actor::operator();
        let layout = named.map(|id| SavedLayouts.named(conn, &operator, &id.to_string())).transpose()?;
        Ok((reports::actions::compliance(conn, &operator, asked, group_by)?, layout))
    });
    let (report, layout) = read.await.map_err(Failure::failed)?;
    match args.format {
        Format::Table => say(format_args!("{}", reports::table::text(&report)))?,
        Format::Json => say(format_args!("{}", serde_json::to_string(&report).map_err(Failure::failed)?))?,
        Format::Csv | Format::Xlsx => {
            let table = reports::table::compliance_table(&report).map_err(Failure::failed)?;
            let written =
                if args.format == Format::Csv { table.csv(layout.as_ref()) } else { table.xlsx(layout.as_ref()) };
            send(written.map_err(Failure::failed)?)?;
        }
    }
    Ok(())
}

async fn verify(config: &Config, json: bool) -> Result<(), Failure> {
    let app = look(config).await?;
    worker::seal_all(&app).await.map_err(Failure::failed)?;
    let verified = app.db.read_long(audit::verify).await.map_err(|error: Error| Failure::failed(error))?;
    if json {
        say(format_args!("{}", json!(verified)))?;
    } else {
        say(format_args!(
            "{} entries verified, {} without a seal; head {}",
            verified.verified, verified.unsealed, verified.head
        ))?;
    }
    Ok(())
}

async fn check_config(config: &Config) -> Result<(), Failure> {
    let app = look(config).await?;
    if !app.evidence.is_writable() {
        return Err(Failure::setting(format!("DUBAN_DATA_DIR: {} can't be written", config.data_dir.display())));
    }
    say(format_args!("the settings are usable; business date {}", app.db.clock().today()))?;
    Ok(())
}
