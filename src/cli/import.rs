//! `duban import`: a list from a workbook or CSV file, shown first and then committed, all of it or nothing.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::{Failure, open, say};
use crate::access::Actor;
use crate::accounts::identity::actor_named;
use crate::accounts::model::Secret;
use crate::accounts::sign_in;
use crate::app::App;
use crate::exchange::imports::{self, HandedIn, Order, Tools};
use crate::exchange::mapping::ListName;
use crate::exchange::model::{Commit, DifferenceKind, Import, Outcome, Scope, ShownDifference};
use crate::plans::PlanId;
use crate::platform::sheet::read;
use crate::platform::text::Text;
use crate::platform::{Config, Conn};
use crate::standards::SetId;
use crate::time_nodes::revise::Revise;
use crate::worker;

#[derive(Debug, Args)]
#[command(
    after_help = "The operator imports units and accounts; tasks, clauses and findings are imported as somebody whose post\nallows it (--as).\n\nExamples:\n  duban import units.xlsx --dry-run\n  duban import accounts.xlsx --first-password-stdin < password.txt\n  duban import 任务清单.xlsx --plan 1 --as department --reason 按上级要求调整"
)]
pub struct ImportArgs {
    /// Workbook (.xlsx) or CSV file
    file: PathBuf,
    /// Which list it holds [default: what its columns say]
    #[arg(long, value_enum)]
    list: Option<List>,
    /// Id of the plan of a task list
    #[arg(long)]
    plan: Option<i64>,
    /// Id of the standard set of clauses
    #[arg(long)]
    set: Option<i64>,
    /// Work year of findings [default: that of the business date]
    #[arg(long)]
    year: Option<i64>,
    /// The sheet to read, where several hold the list
    #[arg(long)]
    sheet: Option<String>,
    /// User name of the account that imports [default: the operator]
    #[arg(long = "as", value_name = "USERNAME")]
    account: Option<String>,
    /// Why an issued plan is changed, or units are dissolved
    #[arg(long)]
    reason: Option<String>,
    /// Remove what the file does not have
    #[arg(long)]
    remove: bool,
    /// Confirm what is to be confirmed
    #[arg(long)]
    confirm: bool,
    /// Read the first password of new accounts from standard input
    #[arg(long)]
    first_password_stdin: bool,
    /// Show what would be done and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum List {
    Units,
    Accounts,
    Tasks,
    Standards,
    Findings,
}

impl List {
    fn name(self) -> ListName {
        match self {
            List::Units => ListName::Units,
            List::Accounts => ListName::Accounts,
            List::Tasks => ListName::Tasks,
            List::Standards => ListName::Standards,
            List::Findings => ListName::Findings,
        }
    }
}

/// Exit code 1 when the file has problems or a commit is refused.
pub async fn run(config: &Config, args: ImportArgs) -> Result<(), Failure> {
    let bytes =
        std::fs::read(&args.file).map_err(|error| Failure::failed(format!("{}: {error}", args.file.display())))?;
    let name = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let book = read::read(&bytes, &name).map_err(Failure::failed)?;
    let app = open(config).await?;
    let file = Arc::new(HandedIn {
        sha256: app.evidence.keep_for_a_day(&bytes).map_err(Failure::failed)?,
        name,
        book: book.into(),
    });
    let scope = Scope {
        list: args.list.map(List::name),
        plan_id: args.plan.map(PlanId),
        set_id: args.set.map(SetId),
        year: args.year,
        sheet: args.sheet.clone(),
    };
    let outcome = preview(&app, &args, &scope, &file).await?;
    let problems = outcome.counts.problems;
    if args.dry_run || problems > 0 {
        show(&outcome, args.json)?;
        return if problems == 0 {
            Ok(())
        } else {
            Err(Failure::failed(format!("{problems} problems; nothing was changed")))
        };
    }
    let done = commit(&app, &args, scope, file).await?;
    worker::seal_all(&app).await.map_err(Failure::failed)?;
    if args.json {
        say(format_args!("{}", json!(done)))?;
    } else {
        show(&outcome, false)?;
        say(format_args!("imported"))?;
    }
    Ok(())
}

fn tools(app: &App) -> Tools {
    Tools { evidence: app.evidence.clone(), nodes: Arc::new(Revise), now: app.db.clock().stamp() }
}

/// Who acts: an account by its name, else the operator.
pub(super) fn actor(conn: &mut Conn, account: Option<&str>) -> crate::platform::Result<Actor> {
    match account {
        Some(username) => actor_named(conn, username),
        None => Ok(Actor::operator()),
    }
}

async fn preview(app: &App, args: &ImportArgs, scope: &Scope, file: &Arc<HandedIn>) -> Result<Outcome, Failure> {
    let (tools, account, scope, file) = (tools(app), args.account.clone(), scope.clone(), file.clone());
    let shown = app.db.write(move |conn| {
        let actor = actor(conn, account.as_deref())?;
        imports::preview(conn, &actor, &tools, &scope, &file.book)
    });
    shown.await.map_err(Failure::failed)
}

async fn commit(app: &App, args: &ImportArgs, scope: Scope, file: Arc<HandedIn>) -> Result<Import, Failure> {
    let mut input = Commit { remove: args.remove, confirm: args.confirm, ..Commit::default() };
    input.reason = args.reason.clone().map(Text::try_from).transpose().map_err(Failure::failed)?;
    let mut hash = None;
    if args.first_password_stdin {
        let password = std::io::read_to_string(std::io::stdin()).map_err(Failure::failed)?;
        let password = Secret::new(password.trim_end_matches(['\r', '\n']));
        hash = Some(sign_in::hashed(&app.accounts, password.clone()).await.map_err(Failure::failed)?);
        input.first_password = Some(password);
    }
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} rows {per_sec} {eta}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let (tools, account, policy, shown) = (tools(app), args.account.clone(), app.accounts.policy, bar.clone());
    let done = app.db.write(move |conn| {
        let actor = actor(conn, account.as_deref())?;
        let made = imports::hand_in(conn, &actor, &tools, &scope, &file)?;
        let progress = |done: usize, all: usize| {
            shown.set_length(all as u64);
            shown.set_position(done as u64);
        };
        let order = Order { input: &input, password_hash: hash.as_deref(), policy: &policy, progress: &progress };
        imports::commit(conn, &actor, &tools, made.id, Some(&file.book), &order)
    });
    let done = done.await.map_err(Failure::failed);
    bar.finish_and_clear();
    done
}

fn show(outcome: &Outcome, as_json: bool) -> Result<(), Failure> {
    if as_json {
        return say(format_args!("{}", serde_json::to_string(outcome).map_err(Failure::failed)?));
    }
    for difference in &outcome.differences {
        say(format_args!("{}", line(difference)))?;
    }
    for problem in &outcome.problems {
        let cell = problem.cell.clone().or_else(|| problem.row.map(|row| row.to_string())).unwrap_or_default();
        say(format_args!("! {}!{cell} {}: {}", problem.sheet, problem.value, problem.reason))?;
    }
    for words in &outcome.to_confirm {
        say(format_args!("? to be confirmed: {words}"))?;
    }
    let counts = outcome.counts;
    say(format_args!(
        "{} rows: {} added, {} changed, {} unchanged, {} not in the file, {} problems",
        counts.rows, counts.added, counts.changed, counts.unchanged, counts.removed, counts.problems
    ))
}

fn line(difference: &ShownDifference) -> String {
    let sign = match difference.kind {
        DifferenceKind::Added => "+",
        DifferenceKind::Changed => "~",
        DifferenceKind::Removed => "-",
    };
    let mut line = format!("{sign} {}", difference.key);
    if difference.kind == DifferenceKind::Changed {
        for field in &difference.fields {
            let said = |text: &Option<String>| text.clone().unwrap_or_default();
            line.push_str(&format!("\n    {}: {} → {}", field.head, said(&field.before), said(&field.after)));
        }
    }
    if let Some(reading) = &difference.reading {
        let owing = reading.responsibilities.iter().filter(|part| reading.owing.contains(&part.unit_id));
        let mut names: Vec<&str> = owing.map(|part| part.name.as_str()).collect();
        names.dedup();
        let days = reading.deadlines.iter().flat_map(|deadline| &deadline.nodes).map(|node| node.due_on.to_string());
        line.push_str(&format!("\n    {}: {}", names.join("、"), days.collect::<Vec<_>>().join(" ")));
    }
    line
}
