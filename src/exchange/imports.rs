//! The two steps of an import: handed in, read, compared and tried out; then committed, all of it or nothing.

use std::sync::Arc;

use chrono::{Datelike, NaiveDateTime};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::accounts::Accounts;
use super::cells::RowReader;
use super::compare::{Compared, Difference, List, Writing, compare};
use super::findings::Findings;
use super::mapping::{ListName, Mapping, VERSION};
use super::model::{
    Commit, DifferenceKind, Import, ImportCounts, ImportState, Outcome, Problem, ReadColumn, ReadSheet, Scope,
    ShownDifference,
};
use super::rows::{self, Table};
use super::standards::Standards;
use super::store::{self, ImportRow, NewRow};
use super::tasks::Tasks;
use super::units::Units;
use super::{
    FIRST_PASSWORD, IMPORT_COLUMN_MISSING, IMPORT_COMMITTED, IMPORT_GONE, IMPORT_NO_HEADER, IMPORT_NO_LIST,
    IMPORT_NO_SHEET, IMPORT_PROBLEMS, IMPORT_SCOPE, IMPORT_SEVERAL_SHEETS, IMPORT_STALE, IMPORT_UNCONFIRMED,
    IMPORT_VERSION, ImportId,
};
use crate::access::{Action, Actor};
use crate::accounts::actions::check_password;
use crate::accounts::passwords::PasswordPolicy;
use crate::audit::{self, subject};
use crate::plans::PlanId;
use crate::plans::revisions::{Consequences, Together};
use crate::platform::days::require_sane_year;
use crate::platform::db::{savepoint, today};
use crate::platform::error::FORBIDDEN;
use crate::platform::sheet::{Book, What};
use crate::platform::text::Text;
use crate::platform::web::Opened;
use crate::platform::{Conn, Error, Fault, Result};
use crate::progress::Evidence;
use crate::standards::SetId;

/// Changes up to which a dry run tries out what would follow; beyond, only a commit finds what an action refuses.
const TRIED: usize = 1000;

/// What an import wants beside its file.
#[derive(Clone)]
pub struct Tools {
    pub evidence: Arc<Evidence>,
    pub nodes: Arc<dyn Consequences>,
    pub now: NaiveDateTime,
}

/// A file that was handed in.
pub struct HandedIn {
    pub name: String,
    pub sha256: String,
    pub book: Opened,
}

/// How a commit is made.
pub struct Order<'a> {
    pub input: &'a Commit,
    /// Hash of the first password, where one was given.
    pub password_hash: Option<&'a str>,
    pub policy: &'a PasswordPolicy,
    /// Told after each row that was written: how many of how many.
    pub progress: &'a dyn Fn(usize, usize),
}

enum Stage<'a> {
    Trial,
    Commit { row: &'a ImportRow, order: &'a Order<'a> },
}

/// What lists are written by.
const WRITE_LISTS: [Action; 5] =
    [Action::ManageUnits, Action::ManageAccounts, Action::WritePlan, Action::WriteStandards, Action::RaiseFinding];

/// Whoever may write no list anywhere is told before a file is read; what may be done with this one, its list says.
pub fn require_some(actor: &Actor) -> Result<()> {
    if actor.may_somewhere(&WRITE_LISTS) { Ok(()) } else { Err(FORBIDDEN.err()) }
}

/// What the import of a file would do; nothing is kept of it.
pub fn preview(conn: &mut Conn, actor: &Actor, tools: &Tools, scope: &Scope, book: &Book) -> Result<Outcome> {
    let list = scope.list.or_else(|| rows::list_of(book)).ok_or_else(|| IMPORT_NO_LIST.err())?;
    Ok(examine(conn, actor, tools, list, scope, book, &Stage::Trial)?.0)
}

/// Takes a file: what its import would do, and every problem.
pub fn hand_in(conn: &mut Conn, actor: &Actor, tools: &Tools, scope: &Scope, file: &HandedIn) -> Result<Import> {
    let list = scope.list.or_else(|| rows::list_of(&file.book)).ok_or_else(|| IMPORT_NO_LIST.err())?;
    let scope = &scope.of(list);
    let (outcome, content_hash) = examine(conn, actor, tools, list, scope, &file.book, &Stage::Trial)?;
    let today = today(conn)?;
    let year = if list == ListName::Findings { Some(year_of(conn, scope)?) } else { None };
    let row = NewRow {
        list,
        scope,
        year,
        file_name: &file.name,
        sha256: &file.sha256,
        counts: outcome.counts,
        content_hash: &content_hash,
        made_by: actor.account_id,
        today,
    };
    let id = store::insert(conn, &row)?;
    let details = json!({"list": list, "sha256": file.sha256, "counts": outcome.counts});
    audit::record(conn, actor, "import.create", subject("import", id.0), &details)?;
    store::get(conn, id)?.shown(Some(outcome))
}

/// An import of one's own, with its dry run against the lists as they stand now. `book` is read from the file, while
/// that is kept.
pub fn read(conn: &mut Conn, actor: &Actor, tools: &Tools, id: ImportId, book: Option<&Book>) -> Result<Import> {
    let row = own(conn, actor, id)?;
    let Some(book) = book.filter(|_| row.state == ImportState::Checked) else { return row.shown(None) };
    let (outcome, _) = examine(conn, actor, tools, row.list, &row.scope(), book, &Stage::Trial)?;
    row.shown(Some(outcome))
}

/// Commits an import: all of it, or a refusal and nothing.
pub fn commit(
    conn: &mut Conn,
    actor: &Actor,
    tools: &Tools,
    id: ImportId,
    book: Option<&Book>,
    order: &Order<'_>,
) -> Result<Import> {
    let row = own(conn, actor, id)?;
    actor.request.if_match.check(row.version)?;
    if row.state == ImportState::Committed {
        return Err(IMPORT_COMMITTED.err());
    }
    let book = book.ok_or_else(|| IMPORT_GONE.err())?;
    let stage = Stage::Commit { row: &row, order };
    let (outcome, _) = examine(conn, actor, tools, row.list, &row.scope(), book, &stage)?;
    let today = today(conn)?;
    let mut counts = outcome.counts;
    if !order.input.remove {
        // What is not in the file stayed.
        counts.removed = 0;
    }
    store::mark_committed(conn, id, counts, today)?;
    let details = json!({"list": row.list, "sha256": row.sha256, "counts": counts});
    audit::record(conn, actor, "import.commit", subject("import", id.0), &details)?;
    store::get(conn, id)?.shown(None)
}

/// An import that the actor handed in.
pub fn own(conn: &mut Conn, actor: &Actor, id: ImportId) -> Result<ImportRow> {
    let row = store::get(conn, id)?;
    if row.made_by == actor.account_id { Ok(row) } else { Err(FORBIDDEN.err()) }
}

pub fn needs_plan(scope: &Scope) -> Result<PlanId> {
    scope.plan_id.ok_or_else(|| IMPORT_SCOPE.at("plan_id", [("field", "plan_id".to_owned())]).into_error())
}

pub fn needs_set(scope: &Scope) -> Result<SetId> {
    scope.set_id.ok_or_else(|| IMPORT_SCOPE.at("set_id", [("field", "set_id".to_owned())]).into_error())
}

/// The work year of findings.
pub fn year_of(conn: &mut Conn, scope: &Scope) -> Result<i64> {
    require_sane_year(scope.year, "year")?;
    let today = today(conn)?;
    Ok(scope.year.unwrap_or_else(|| i64::from(today.year())))
}

fn examine(
    conn: &mut Conn,
    actor: &Actor,
    tools: &Tools,
    list: ListName,
    scope: &Scope,
    book: &Book,
    stage: &Stage<'_>,
) -> Result<(Outcome, String)> {
    let mut actor = actor.clone();
    // A header of the request names no version of an item of the list.
    actor.request.if_match = crate::platform::web::IfMatch::default();
    let actor = &actor;
    match list {
        ListName::Units => {
            let list = Units::load(conn, actor, true)?;
            go(conn, actor, tools, list, None, table(book, ListName::Units, scope)?, stage)
        }
        ListName::Accounts => {
            let list = Accounts::load(conn, actor)?;
            go(conn, actor, tools, list, None, table(book, ListName::Accounts, scope)?, stage)
        }
        ListName::Tasks => {
            let plan = needs_plan(scope)?;
            let list = Tasks::load(conn, actor, plan, true)?;
            go(conn, actor, tools, list, Some(plan), table(book, ListName::Tasks, scope)?, stage)
        }
        ListName::Standards => {
            let list = Standards::load(conn, actor, needs_set(scope)?, true)?;
            go(conn, actor, tools, list, None, table(book, ListName::Standards, scope)?, stage)
        }
        ListName::Findings => {
            let year = year_of(conn, scope)?;
            let list = Findings::load(conn, actor, year, true)?;
            go(conn, actor, tools, list, None, table(book, ListName::Findings, scope)?, stage)
        }
    }
}

/// The sheet that holds the list.
fn table(book: &Book, list: ListName, scope: &Scope) -> Result<Table> {
    let mapping = Mapping::of(list);
    let mut tables = rows::tables(book, mapping);
    if let Some(sheet) = &scope.sheet {
        let shown: Vec<_> = book.sheets.iter().filter(|grid| !grid.hidden).map(|grid| grid.name.as_str()).collect();
        if !shown.contains(&sheet.as_str()) {
            let args = [("sheet", sheet.clone()), ("sheets", shown.join("、"))];
            return Err(IMPORT_NO_SHEET.at("sheet", args).into_error());
        }
        tables.retain(|table| table.sheet == *sheet);
    }
    let required = || mapping.fields.iter().filter(|field| field.required).map(|field| field.head);
    match tables.as_mut_slice() {
        [] => {
            let args = [("list", mapping.sheet.to_owned()), ("heads", required().collect::<Vec<_>>().join("、"))];
            Err(IMPORT_NO_HEADER.with(args))
        }
        [only] => match only.version.filter(|version| *version > VERSION) {
            Some(version) => Err(IMPORT_VERSION.with([("version", version.to_string())])),
            None => Ok(std::mem::take(only)),
        },
        several => {
            let names = several.iter().map(|table| table.sheet.as_str()).collect::<Vec<_>>().join("、");
            Err(IMPORT_SEVERAL_SHEETS.at("sheet", [("sheets", names)]).into_error())
        }
    }
}

fn go<L: List>(
    conn: &mut Conn,
    actor: &Actor,
    tools: &Tools,
    mut list: L,
    plan: Option<PlanId>,
    mut table: Table,
    stage: &Stage<'_>,
) -> Result<(Outcome, String)> {
    list.prepare(&mut table);
    let missing = missing_columns(&table, list.mapping());
    let mut compared = if missing.is_empty() {
        compare(conn, &mut list, &table)?
    } else {
        Compared { problems: missing, differences: vec![], unchanged: 0 }
    };
    let mut shown = outcome(&list, &table, &mut compared, actor.request.chinese);
    let content_hash = digest(&shown)?;
    match stage {
        Stage::Trial => {
            let changes = compared.differences.iter().filter(|difference| difference.row.is_some()).count();
            if compared.problems.is_empty() && changes <= TRIED {
                let found = try_out(conn, actor, tools, &mut list, plan, &table, &compared)?;
                shown.problems = found.iter().map(|problem| problem.shown(actor.request.chinese)).collect();
                shown.counts.problems = found.len() as i64;
            }
        }
        Stage::Commit { row, order } => {
            settle(&compared, &shown, &content_hash, row, order)?;
            write(conn, actor, tools, &mut list, plan, &table, compared, order)?;
        }
    }
    Ok((shown, content_hash))
}

/// Whether what is asked may be done: nothing is wrong, nothing has changed since it was shown, what must be confirmed
/// was.
fn settle<A>(
    compared: &Compared<A>,
    shown: &Outcome,
    content_hash: &str,
    row: &ImportRow,
    order: &Order<'_>,
) -> Result<()> {
    if !compared.problems.is_empty() {
        return Err(refused(&compared.problems));
    }
    if order.input.content_hash.as_deref().unwrap_or(&row.content_hash) != content_hash {
        return Err(IMPORT_STALE.err());
    }
    if !shown.to_confirm.is_empty() && !order.input.confirm {
        return Err(IMPORT_UNCONFIRMED.at("/confirm", [("words", shown.to_confirm.join("；"))]).into_error());
    }
    let new: Vec<&str> = shown.differences.iter().filter_map(new_account).collect();
    let Some(password) = &order.input.first_password else {
        return if new.is_empty() { Ok(()) } else { Err(FIRST_PASSWORD.at("/first_password", []).into_error()) };
    };
    for username in new {
        check_password(order.policy, password.reveal(), username).map_err(|error| match error {
            Error::Problem(mut problem) => {
                problem.faults.iter_mut().for_each(|fault| fault.pointer = "/first_password".into());
                Error::Problem(problem)
            }
            other => other,
        })?;
    }
    Ok(())
}

/// The user name of an account that a row may add.
fn new_account(difference: &ShownDifference) -> Option<&str> {
    let username = difference.fields.iter().find(|field| field.field == "username")?;
    username.after.as_deref().filter(|_| difference.kind == DifferenceKind::Added)
}

fn refused(problems: &[Problem]) -> Error {
    let place = |problem: &Problem| {
        let cell = match (&problem.column, problem.row) {
            (Some(column), Some(row)) => format!("!{column}{row}"),
            (None, Some(row)) => format!("!{row}"),
            _ => String::new(),
        };
        format!("{}{cell}", problem.sheet)
    };
    let fault = |problem: &Problem| Fault { pointer: place(problem), code: problem.code, args: problem.args.clone() };
    Error::Problem(Box::new(crate::platform::Problem {
        code: &IMPORT_PROBLEMS,
        args: vec![("count", problems.len().to_string())],
        faults: problems.iter().map(fault).collect(),
        retry_after: None,
        allow: None,
    }))
}

/// Required columns that the sheet does not have.
fn missing_columns(table: &Table, mapping: &Mapping) -> Vec<Problem> {
    let filled = |field: usize| table.rows.iter().any(|row| row.cell(field).what != What::Empty);
    let missing =
        mapping.fields.iter().enumerate().filter(|(field, known)| {
            known.required && !table.has(*field) && (table.rows.is_empty() || !filled(*field))
        });
    missing
        .map(|(_, field)| Problem {
            sheet: table.sheet.clone(),
            row: Some(table.head_row),
            column: None,
            head: Some(field.head),
            value: String::new(),
            code: &IMPORT_COLUMN_MISSING,
            args: vec![("head", field.head.to_owned())],
        })
        .collect()
}

/// Does what the rows say in a savepoint that is taken back, row by row, and names what actions refuse.
fn try_out<L: List>(
    conn: &mut Conn,
    actor: &Actor,
    tools: &Tools,
    list: &mut L,
    plan: Option<PlanId>,
    table: &Table,
    compared: &Compared<L::Act>,
) -> Result<Vec<Problem>> {
    let mut problems = vec![];
    let reason = Text::parse("试导入 dry run").map_err(Fault::into_error)?;
    let today = today(conn)?;
    let undone = savepoint(conn, |conn| {
        let together = Together::new(tools.nodes.as_ref());
        let writing = Writing {
            actor,
            nodes: &together,
            evidence: &tools.evidence,
            reason: Some(&reason),
            password_hash: "",
            now: tools.now,
            today,
        };
        for (act, index) in in_order(list, &compared.differences, false) {
            let Some(row) = table.rows.get(index) else { continue };
            if let Err(problem) = savepoint(conn, |conn| list.apply(conn, &writing, act))? {
                let mut reader = RowReader::new(list.mapping(), table, row, &mut problems);
                reader.refuse_as(Error::Problem(Box::new(problem)), |pointer| list.field_of(pointer))?;
            }
        }
        if let (Some(plan), true) = (plan, problems.is_empty()) {
            together.conclude(conn, actor, plan, Some(&reason))?;
        }
        // Whatever was done is taken back with the savepoint.
        Err::<(), _>(IMPORT_STALE.err())
    })?;
    if let Err(problem) = undone
        && problem.code.code != IMPORT_STALE.code
    {
        problems.push(Problem {
            sheet: table.sheet.clone(),
            row: None,
            column: None,
            head: None,
            value: String::new(),
            code: problem.code,
            args: problem.args,
        });
    }
    Ok(problems)
}

/// What is to be done, in the order in which it must be, with the place of its row.
fn in_order<'a, L: List>(list: &L, differences: &'a [Difference<L::Act>], remove: bool) -> Vec<(&'a L::Act, usize)> {
    let wanted = differences.iter().filter(|difference| remove || difference.row.is_some());
    let mut acts: Vec<_> = wanted
        .filter_map(|difference| Some((difference.act.as_ref()?, difference.row.unwrap_or(usize::MAX))))
        .collect();
    acts.sort_by_key(|(act, _)| list.rank(act));
    acts
}

#[allow(clippy::too_many_arguments, reason = "what one write of a list needs")]
fn write<L: List>(
    conn: &mut Conn,
    actor: &Actor,
    tools: &Tools,
    list: &mut L,
    plan: Option<PlanId>,
    table: &Table,
    compared: Compared<L::Act>,
    order: &Order<'_>,
) -> Result<()> {
    let together = Together::new(tools.nodes.as_ref());
    let reason = order.input.reason.as_ref();
    let writing = Writing {
        actor,
        nodes: &together,
        evidence: &tools.evidence,
        reason,
        password_hash: order.password_hash.unwrap_or_default(),
        now: tools.now,
        today: today(conn)?,
    };
    let acts = in_order(list, &compared.differences, order.input.remove);
    let all = acts.len();
    for (done, (act, index)) in acts.into_iter().enumerate() {
        if let Err(error) = list.apply(conn, &writing, act) {
            return Err(placed(list, table, index, error));
        }
        (order.progress)(done + 1, all);
    }
    match plan.filter(|_| all > 0) {
        Some(plan) => together.conclude(conn, actor, plan, reason),
        None => Ok(()),
    }
}

/// A refusal of an action with the cell that it is about. What is asked of the commit itself stays as it is.
fn placed<L: List>(list: &L, table: &Table, index: usize, error: Error) -> Error {
    let of_commit =
        matches!(&error, Error::Problem(problem) if problem.faults.iter().any(|fault| fault.pointer == "/reason"));
    let (Some(row), false) = (table.rows.get(index), of_commit) else { return error };
    let mut problems = vec![];
    let mut reader = RowReader::new(list.mapping(), table, row, &mut problems);
    match reader.refuse_as(error, |pointer| list.field_of(pointer)) {
        Ok(()) => refused(&problems),
        Err(error) => error,
    }
}

/// What was compared, as it is shown. What is only shown is taken out of it: there may be thousands of rows.
fn outcome<L: List>(list: &L, table: &Table, compared: &mut Compared<L::Act>, chinese: bool) -> Outcome {
    let mapping = list.mapping();
    let mut to_confirm: Vec<String> = vec![];
    let mut differences = vec![];
    for difference in &mut compared.differences {
        let reading = difference.act.as_mut().and_then(|act| list.reading(act));
        for words in reading.iter().flat_map(|reading| &reading.to_confirm) {
            if !to_confirm.contains(words) {
                to_confirm.push(words.clone());
            }
        }
        let row = difference.row.and_then(|index| table.rows.get(index)).map(|row| row.number);
        differences.push(ShownDifference {
            kind: difference.kind,
            sheet: row.map(|_| table.sheet.clone()),
            row,
            key: std::mem::take(&mut difference.key),
            fields: std::mem::take(&mut difference.fields),
            reading,
        });
    }
    let column = |(field, known): (usize, &super::mapping::Field)| {
        let column = table.column(field).filter(|_| known.is_read())?;
        Some(ReadColumn { column, field: known.name.to_owned(), head: known.head.to_owned() })
    };
    let not_read = mapping.fields.iter().enumerate().filter(|(field, known)| table.has(*field) && !known.is_read());
    let not_read = not_read.map(|(_, known)| known.head.to_owned());
    let sheet = ReadSheet {
        name: table.sheet.clone(),
        head_row: table.head_row,
        columns: mapping.fields.iter().enumerate().filter_map(column).collect(),
        ignored_columns: not_read.chain(table.ignored.iter().cloned()).collect(),
    };
    let count =
        |kind: DifferenceKind| compared.differences.iter().filter(|difference| difference.kind == kind).count() as i64;
    Outcome {
        counts: ImportCounts {
            rows: table.rows.len() as i64,
            added: count(DifferenceKind::Added),
            changed: count(DifferenceKind::Changed),
            removed: count(DifferenceKind::Removed),
            unchanged: compared.unchanged as i64,
            problems: compared.problems.len() as i64,
        },
        sheets: vec![sheet],
        problems: compared.problems.iter().map(|problem| problem.shown(chinese)).collect(),
        differences,
        to_confirm,
    }
}

/// What a commit would do, as a digest.
fn digest(outcome: &Outcome) -> Result<String> {
    #[derive(Serialize)]
    struct Said<'a> {
        differences: &'a [ShownDifference],
        to_confirm: &'a [String],
    }
    /// Of a long list the text alone would be many megabytes.
    struct Hashing(Sha256);
    impl std::io::Write for Hashing {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let said = Said { differences: &outcome.differences, to_confirm: &outcome.to_confirm };
    let mut hashing = std::io::BufWriter::new(Hashing(Sha256::new()));
    serde_json::to_writer(&mut hashing, &said).map_err(Error::internal)?;
    let hashing = hashing.into_inner().map_err(|error| Error::internal(error.error()))?;
    Ok(hex::encode(hashing.0.finalize()))
}
