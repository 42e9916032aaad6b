//! `duban export`: a list or a report as a workbook or CSV file, as the ending of its name says.

use std::fs::File;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::import::actor;
use super::{Failure, look, say};
use crate::access::{Action, Actor, Layouts};
use crate::exchange::export;
use crate::exchange::mapping::ListName;
use crate::exchange::model::Scope;
use crate::layouts::SavedLayouts;
use crate::plans::PlanId;
use crate::plans::documents::{self, tables};
use crate::platform::db::today;
use crate::platform::error::FORBIDDEN;
use crate::platform::web::{Layout, Table};
use crate::platform::{Config, Conn, PageRequest, Result as Outcome};
use crate::reports::actions::{Asked, compliance};
use crate::reports::model::GroupBy;
use crate::reports::table::{
    adjustments_table, compliance_table, flags_table, path_table, reviews_table, trend_table, unscheduled_table,
    urge_list_table,
};
use crate::reports::{adjustments, attendance, flags, path, rectification, reviews, trend, unscheduled, urge_list};
use crate::standards::SetId;
use crate::time_nodes;
use crate::time_nodes::store::NodeFilter;
use crate::units::{self, UnitId};
use crate::workbooks::fill_in::{self, Wanted};
use crate::workbooks::{monthly, year_sheet};

#[derive(Debug, Args)]
#[command(
    after_help = "units, accounts, tasks, standards and findings come back with `duban import` and change nothing as long as\nthey are untouched. The operator exports units, accounts and counts; everything else somebody whose post allows it\n(--as).\n\nExamples:\n  duban export units units.xlsx\n  duban export tasks 任务清单.xlsx --plan 1 --as department\n  duban export compliance 完成情况.csv --year 2020 --as-of 2020-06-30\n  duban export monthly 月报.xlsx --unit 1 --month 2020-06 --as department"
)]
pub struct ExportArgs {
    /// The list or report
    #[arg(value_enum)]
    what: What,
    /// Workbook (.xlsx) or CSV file to write
    file: PathBuf,
    /// Id of the plan: of tasks, task-list, responsibility-list
    #[arg(long)]
    plan: Option<i64>,
    /// Id of the standard set: of standards
    #[arg(long)]
    set: Option<i64>,
    /// Year: of findings and reports [default: that of the day]
    #[arg(long)]
    year: Option<i64>,
    /// Id of a unit, with everything below it: of time-nodes, responsibility-list, reports, monthly, year-sheet, fill-in
    #[arg(long)]
    unit: Option<i64>,
    /// As recorded by the end of this day: of reports [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<NaiveDate>,
    /// Month: of monthly
    #[arg(long, value_name = "YYYY-MM")]
    month: Option<String>,
    /// Id of a layout 报表格式 that says the columns: not of lists that can be imported, monthly, year-sheet, fill-in
    #[arg(long)]
    layout: Option<i64>,
    /// User name of the account that exports [default: the operator]
    #[arg(long = "as", value_name = "USERNAME")]
    account: Option<String>,
    /// Write over a file that is there already
    #[arg(long)]
    overwrite: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    Units,
    Accounts,
    Tasks,
    Standards,
    Findings,
    TimeNodes,
    TaskList,
    ResponsibilityList,
    Compliance,
    Trend,
    Path,
    Reviews,
    Unscheduled,
    Adjustments,
    Flags,
    UrgeList,
    Rectification,
    Attendance,
    Monthly,
    YearSheet,
    FillIn,
}

impl What {
    /// The list that can be imported again.
    fn list(self) -> Option<ListName> {
        Some(match self {
            What::Units => ListName::Units,
            What::Accounts => ListName::Accounts,
            What::Tasks => ListName::Tasks,
            What::Standards => ListName::Standards,
            What::Findings => ListName::Findings,
            _ => return None,
        })
    }

    /// The options that say something of it, besides `--as` and `--overwrite`.
    fn takes(self) -> &'static [&'static str] {
        match self {
            What::Units | What::Accounts => &[],
            What::Tasks => &["--plan"],
            What::Standards => &["--set"],
            What::Findings => &["--year"],
            What::TimeNodes => &["--unit", "--layout"],
            What::TaskList => &["--plan", "--layout"],
            What::ResponsibilityList => &["--plan", "--unit", "--layout"],
            What::UrgeList => &["--unit", "--as-of", "--layout"],
            What::Monthly => &["--unit", "--month"],
            What::YearSheet => &["--unit", "--year", "--as-of"],
            What::FillIn => &["--unit"],
            _ => &["--year", "--unit", "--as-of", "--layout"],
        }
    }

    fn must_have(self) -> &'static [&'static str] {
        match self {
            What::Tasks | What::TaskList | What::ResponsibilityList => &["--plan"],
            What::Standards => &["--set"],
            What::Monthly => &["--unit", "--month"],
            What::YearSheet => &["--unit"],
            _ => &[],
        }
    }

    /// Whether it is set up for paper or to be filled in, and so always a workbook.
    fn is_book(self) -> bool {
        matches!(self, What::Monthly | What::YearSheet | What::FillIn)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Csv,
    Xlsx,
}

/// Exit code 2 when the options don't fit, 1 when the export is refused; then no file is written.
pub async fn run(config: &Config, args: ExportArgs) -> Result<(), Failure> {
    let form = fitting(&args).map_err(Failure::setting)?;
    let file = args.file.clone();
    if file.exists() && !args.overwrite {
        let shown = file.display();
        return Err(Failure::failed(format!("{shown} is there already; name another file, or add --overwrite")));
    }
    let app = look(config).await?;
    let made = app.db.read_long(move |conn| {
        let actor = actor(conn, args.account.as_deref())?;
        export(conn, &actor, &args, form)
    });
    let made = made.await.map_err(Failure::failed)?;
    save(made, &file).map_err(|error| Failure::failed(format!("{}: {error}", file.display())))?;
    say(format_args!("{}", file.display()))
}

/// The form that the file's name asks for, once the options are looked at: none is silently ignored.
fn fitting(args: &ExportArgs) -> Result<Form, String> {
    let ending = args.file.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let form = match ending.as_deref() {
        Some("xlsx") => Form::Xlsx,
        Some("csv") if !args.what.is_book() => Form::Csv,
        Some("csv") => return Err("it is set up as a workbook; the file's name must end in .xlsx".into()),
        _ => return Err("the file's name must end in .xlsx or .csv".into()),
    };
    let given = [
        ("--plan", args.plan.is_some()),
        ("--set", args.set.is_some()),
        ("--year", args.year.is_some()),
        ("--unit", args.unit.is_some()),
        ("--as-of", args.as_of.is_some()),
        ("--month", args.month.is_some()),
        ("--layout", args.layout.is_some()),
    ];
    let given: Vec<&str> = given.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect();
    if let Some(missing) = args.what.must_have().iter().find(|name| !given.contains(name)) {
        return Err(format!("{missing} must be given for this export"));
    }
    match given.iter().find(|name| !args.what.takes().contains(name)) {
        Some(other) => Err(format!("{other} says nothing of this export")),
        None => Ok(form),
    }
}

fn export(conn: &mut Conn, actor: &Actor, args: &ExportArgs, form: Form) -> Outcome<File> {
    let unit = args.unit.map(UnitId);
    if let Some(list) = args.what.list() {
        let (plan_id, set_id) = (args.plan.map(PlanId), args.set.map(SetId));
        let scope = Scope { list: None, plan_id, set_id, year: args.year, sheet: None };
        let rows = export::rows(conn, actor, list, &scope)?;
        return if form == Form::Csv { export::csv(list, &rows) } else { export::workbook(list, &rows) };
    }
    match (args.what, unit) {
        (What::FillIn, unit_id) => fill_in::workbook(conn, actor, &Wanted { unit_id, due_to: None }),
        (What::Monthly, Some(unit)) => monthly::workbook(conn, actor, unit, args.month.as_deref().unwrap_or_default()),
        (What::YearSheet, Some(unit)) => year_sheet::workbook(conn, actor, unit, args.year, args.as_of),
        _ => {
            let layout = layout(conn, actor, args.layout)?;
            let table = table(conn, actor, args)?;
            if form == Form::Csv { table.csv(layout.as_ref()) } else { table.xlsx(layout.as_ref()) }
        }
    }
}

fn layout(conn: &mut Conn, actor: &Actor, id: Option<i64>) -> Outcome<Option<Layout>> {
    id.map(|id| SavedLayouts.named(conn, actor, &id.to_string())).transpose()
}

/// The list or report as the table that the API answers.
fn table(conn: &mut Conn, actor: &Actor, args: &ExportArgs) -> Outcome<Table> {
    let unit_id = args.unit.map(UnitId);
    let plan = PlanId(args.plan.unwrap_or_default());
    let asked = Asked { year: args.year, unit_id, as_of: args.as_of, restated: false };
    match args.what {
        What::TaskList => tables::task_rows(&documents::task_list(conn, actor, plan)?),
        What::ResponsibilityList => tables::held_rows(&documents::responsibility_list(conn, actor, plan, unit_id)?),
        What::Compliance => compliance_table(&compliance(conn, actor, asked, Some(GroupBy::Unit))?),
        What::Trend => trend_table(&trend::trend(conn, actor, asked)?),
        What::Path => path_table(&path::path(conn, actor, asked)?),
        What::Reviews => reviews_table(&reviews::reviews(conn, actor, asked)?),
        What::Unscheduled => unscheduled_table(&unscheduled::unscheduled(conn, actor, asked)?),
        What::Adjustments => adjustments_table(&adjustments::adjustments(conn, actor, asked)?),
        What::Flags => flags_table(&flags::flags(conn, actor, asked)?),
        What::UrgeList => urge_list_table(&urge_list::urge_list(conn, actor, unit_id, args.as_of)?),
        What::Rectification => {
            let by = rectification::RectificationGroupBy::Unit;
            rectification::table(&rectification::rectification(conn, actor, asked, Some(by))?)
        }
        What::Attendance => {
            let by = attendance::AttendanceGroupBy::Unit;
            attendance::table(&attendance::attendance(conn, actor, asked, Some(by))?)
        }
        _ => nodes(conn, actor, unit_id),
    }
}

/// Time nodes within reach, stretch after stretch.
fn nodes(conn: &mut Conn, actor: &Actor, unit_id: Option<UnitId>) -> Outcome<Table> {
    let today = today(conn)?;
    let path = unit_id.map(|unit| units::store::named(conn, unit, "unit_id")).transpose()?.map(|unit| unit.path);
    let filter = NodeFilter { path, ..NodeFilter::default() };
    let reach = actor.reach(Action::ReadNodes);
    if reach.subtrees.is_empty() && reach.units.is_empty() {
        return Err(FORBIDDEN.err());
    }
    let whole = PageRequest::new("time-nodes", None, None, true)?;
    Table::whole(&whole, |page| time_nodes::store::list(conn, page, &reach, &filter, today))
}

/// Under a name beside it first, so that nobody finds half a file.
fn save(mut made: File, file: &Path) -> std::io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut beside = tempfile::NamedTempFile::new_in(folder)?;
    std::io::copy(&mut made, &mut beside)?;
    beside.persist(file).map(|_| ()).map_err(|error| error.error)
}
