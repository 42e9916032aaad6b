//! `duban calendar`: imports the calendars of a file, and shows what was imported.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use serde_json::json;

use super::{Failure, look, open, say};
use crate::access::Actor;
use crate::calendars::model::NewCalendar;
use crate::calendars::{DayKind, actions, file};
use crate::platform::text::Text;
use crate::platform::{Config, Result};
use crate::worker;

#[derive(Debug, Subcommand)]
pub enum CalendarCommand {
    /// Import holidays, make-up working days and festivals, a year or several
    #[command(
        after_help = "The file is CSV with the columns day,kind,name; kind is holiday, workday or festival.\nA year that was imported before is superseded from today on.\n\nExample:\n  duban calendar import calendars/cn-2020.csv --dry-run"
    )]
    Import(ImportArgs),
    /// Show the years that were imported, or the days of one
    #[command(after_help = "Example:\n  duban calendar show --year 2020")]
    Show(ShowArgs),
}

#[derive(Debug, Args)]
pub struct ImportArgs {
    /// CSV file
    file: PathBuf,
    /// Where it was taken from [default: the name of the file]
    #[arg(long)]
    source: Option<String>,
    /// Check the file and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Show the days of this year
    #[arg(long)]
    year: Option<i32>,
    /// As recorded by the end of this day [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<NaiveDate>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

pub async fn run(config: &Config, command: CalendarCommand) -> Result<(), Failure> {
    match command {
        CalendarCommand::Import(args) => import(config, args).await,
        CalendarCommand::Show(args) => show(config, args).await,
    }
}

async fn import(config: &Config, args: ImportArgs) -> Result<(), Failure> {
    let text = std::fs::read_to_string(&args.file)
        .map_err(|error| Failure::failed(format!("{}: {error}", args.file.display())))?;
    let named = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let source = Text::<200>::try_from(args.source.unwrap_or(named)).map_err(Failure::failed)?;
    let years = file::read(&text, &source).map_err(Failure::failed)?;
    if !args.dry_run {
        let app = open(config).await?;
        let new = years.clone();
        let made = app.db.write(move |conn| {
            new.iter().try_for_each(|year| actions::import(conn, &Actor::operator(), year).map(drop))
        });
        made.await.map_err(Failure::failed)?;
        worker::seal_all(&app).await.map_err(Failure::failed)?;
    }
    for year in &years {
        say(format_args!("{}", line(year, args.dry_run, args.json)))?;
    }
    Ok(())
}

fn line(year: &NewCalendar, dry_run: bool, as_json: bool) -> String {
    let count = |kind: DayKind| year.days.iter().filter(|day| day.kind == kind).count();
    let (holidays, workdays, festivals) = (count(DayKind::Holiday), count(DayKind::Workday), count(DayKind::Festival));
    if as_json {
        let year = year.year;
        return json!({"year": year, "holidays": holidays, "workdays": workdays, "festivals": festivals, "dry_run": dry_run})
            .to_string();
    }
    let done = if dry_run { "could be imported" } else { "imported" };
    format!("{} {done}: {holidays} holidays, {workdays} make-up working days, {festivals} festivals", year.year)
}

async fn show(config: &Config, args: ShowArgs) -> Result<(), Failure> {
    let app = look(config).await?;
    let (as_of, year) = (args.as_of, args.year);
    let Some(year) = year else {
        let years = app.db.read(move |conn| actions::list(conn, &Actor::operator(), as_of)).await;
        for year in years.map_err(Failure::failed)? {
            if args.json {
                say(format_args!("{}", json!(year)))?;
            } else {
                let (holidays, workdays, festivals) = (year.holidays, year.workdays, year.festivals);
                let counts = format!("{holidays} holidays, {workdays} make-up working days, {festivals} festivals");
                say(format_args!("{} {counts} (imported {} from {})", year.year, year.imported_on, year.source))?;
            }
        }
        return Ok(());
    };
    let shown = app.db.read(move |conn| actions::get(conn, &Actor::operator(), year, as_of)).await;
    let shown = shown.map_err(Failure::failed)?;
    if args.json {
        say(format_args!("{}", json!(shown)))?;
        return Ok(());
    }
    for day in shown.days {
        say(format_args!(
            "{} {} {:<8} {}",
            day.day,
            day.day.format("%a"),
            day.kind.word(),
            day.name.unwrap_or_default()
        ))?;
    }
    Ok(())
}
