//! Schedules: when a task is due. An entry is a date, a recurrence, spoken words, or words that await a date; the nodes
//! it makes are read once, when it is written, and kept with it.

use chrono::NaiveDate;

use super::actions::require_due_inside;
use super::deadlines::{self, Frame, Reading};
use super::model::{Entry, EntryNode, NewEntry, NewSchedule, PeriodNode, Plan, Schedule, Task};
use super::recurrence::{self, Unread};
use super::revisions::{Change, Consequences, ListKind, Open, Touched, conclude, to_change};
use super::rules::{shifted_day, shown_period};
use super::store::{self, EntryRow};
use super::{
    DUE_EARLIER, ENTRY_FIXED, ENTRY_SHAPE, ENTRY_UNKNOWN, EntryId, RRULE_NEVER, RRULE_TOO_OFTEN, RRULE_UNREAD, TaskId,
};
use crate::access::Actor;
use crate::calendars;
use crate::platform::db::today;
use crate::platform::text::Text;
use crate::platform::{Conn, Error, Result};
use crate::settings;

/// Sets the whole schedule of a task; gives it with the new version of the task. After the issue an entry may move
/// later, which extends its nodes under the same approvals; never earlier.
pub fn put_schedule(
    conn: &mut Conn,
    actor: &Actor,
    nodes: &dyn Consequences,
    task_id: TaskId,
    input: &NewSchedule,
) -> Result<(Schedule, i64)> {
    let task = store::get_task(conn, task_id)?;
    let open = to_change(conn, actor, task.plan_id, input.reason.as_ref())?;
    actor.request.if_match.check(task.version)?;
    let (changes, moved) = write(conn, &open, &task, &input.entries)?;
    let version = task.version + 1;
    store::set_task_version(conn, task_id, version)?;
    let schedule = schedule_of(conn, &task)?;
    let touched = Touched { tasks: vec![task_id], moved };
    conclude(conn, actor, nodes, &open, "schedule.put", ("task", task_id.0), &schedule, changes, touched)?;
    Ok((schedule, version))
}

/// Writes entries over those that stand of a task; gives what changed, and the entries with a node due later than
/// before.
pub(super) fn write(
    conn: &mut Conn,
    open: &Open,
    task: &Task,
    entries: &[NewEntry],
) -> Result<(Vec<Change>, Vec<EntryId>)> {
    let standing = store::entries_of(conn, task.id)?;
    let mut writing = Writing { task, issued: open.is_issued(), kept: vec![], changes: vec![], moved: vec![] };
    for (index, entry) in entries.iter().enumerate() {
        let at = format!("/entries/{index}");
        let before = match entry.id {
            None => None,
            Some(id) => {
                let known = standing.iter().find(|row| row.id == id && !writing.kept.contains(&id));
                let unknown = || ENTRY_UNKNOWN.at(format!("{at}/id"), [("id", id.to_string())]).into_error();
                Some(known.ok_or_else(unknown)?)
            }
        };
        let agreed = before.filter(|was| open.is_issued() && !was.unscheduled);
        let row = entry_row(conn, &open.plan, task.id, entry, agreed, index, &at)?;
        writing.put(conn, before, row, &at)?;
    }
    for gone in &standing {
        if !writing.kept.contains(&gone.id) {
            writing.remove(conn, gone)?;
        }
    }
    Ok((writing.changes, writing.moved))
}

/// A schedule being written.
struct Writing<'a> {
    task: &'a Task,
    issued: bool,
    /// Entries that were seen to; the others go.
    kept: Vec<EntryId>,
    changes: Vec<Change>,
    /// Entries with a node that is due later than before.
    moved: Vec<EntryId>,
}

impl Writing<'_> {
    /// Writes an entry: a new one, or over `before`.
    fn put(&mut self, conn: &mut Conn, before: Option<&EntryRow>, mut row: EntryRow, at: &str) -> Result<()> {
        let today = today(conn)?;
        // Past reports count and name what awaited its date: dating or rewording it ends that entry and begins another.
        let before = match before {
            Some(was) if self.issued && was.unscheduled && !reads_alike(was, &row) => {
                self.kept.push(was.id);
                self.remove(conn, was)?;
                None
            }
            other => other,
        };
        let Some(was) = before else {
            row.id = store::insert_entry(conn, &row, today)?;
            self.kept.push(row.id);
            return self.log(None, Some(&row));
        };
        self.kept.push(was.id);
        if *was == row {
            return Ok(());
        }
        if self.issued {
            require_movable(conn, was, &row, at)?;
            if is_moved(was, &row) {
                self.moved.push(was.id);
            }
        }
        store::update_entry(conn, &row)?;
        self.log(Some(was), Some(&row))
    }

    fn remove(&mut self, conn: &mut Conn, row: &EntryRow) -> Result<()> {
        if self.issued {
            let today = today(conn)?;
            store::end_entry(conn, row.id, today)?;
        } else {
            store::delete_entry(conn, row.id)?;
        }
        self.log(Some(row), None)
    }

    fn log(&mut self, before: Option<&EntryRow>, after: Option<&EntryRow>) -> Result<()> {
        let Some(id) = after.or(before).map(|row| row.id) else { return Ok(()) };
        let shown = |row: Option<&EntryRow>| row.map(|row| shown(row, self.task));
        self.changes.push(Change::of(ListKind::ScheduleEntry, id.0, shown(before).as_ref(), shown(after).as_ref())?);
        Ok(())
    }
}

/// Whether an entry that awaits its date still does, in the same words.
fn reads_alike(was: &EntryRow, row: &EntryRow) -> bool {
    row.unscheduled && (&was.title, &was.words) == (&row.title, &row.words)
}

/// An issued entry may get later nodes, more or fewer periods, another title; not an earlier day, other times or grace.
/// Back from a later day to one on which its nodes still stand, since the later one was refused or is not granted yet, it may.
fn require_movable(conn: &mut Conn, was: &EntryRow, row: &EntryRow, at: &str) -> Result<()> {
    if was.times != row.times || was.grace_days != row.grace_days || was.unscheduled != row.unscheduled {
        return Err(ENTRY_FIXED.at(at, []).into_error());
    }
    for (period, before, after) in common(was, row) {
        let mut in_force = || store::last_day_in_force(conn, was.id, &period);
        if after < before && in_force()?.is_none_or(|last| after < last) {
            return Err(DUE_EARLIER.at(format!("{at}/due_on"), [("due_on", before.to_string())]).into_error());
        }
    }
    Ok(())
}

fn is_moved(was: &EntryRow, row: &EntryRow) -> bool {
    common(was, row).any(|(_, before, after)| after > before)
}

/// Each period that both entries have, with its due days.
fn common(was: &EntryRow, row: &EntryRow) -> impl Iterator<Item = (String, NaiveDate, NaiveDate)> {
    let after = period_nodes(row);
    let pair = move |before: PeriodNode| {
        let same = after.iter().find(|node| node.period == before.period)?;
        Some((before.period, before.due_on, same.due_on))
    };
    period_nodes(was).into_iter().filter_map(pair)
}

/// What an entry as it was written comes to, or why it can't be read. One that was `agreed` on at the issue keeps what is
/// not said anew: its times and grace, and the nodes of words that are still the same, whatever they would be read as
/// today.
fn entry_row(
    conn: &mut Conn,
    plan: &Plan,
    task_id: TaskId,
    entry: &NewEntry,
    agreed: Option<&EntryRow>,
    index: usize,
    at: &str,
) -> Result<EntryRow> {
    let read = match agreed.filter(|was| says_the_same(was, entry)) {
        Some(was) => Read { nodes: period_nodes(was), times: Some(was.times), field: "words" },
        None => read_form(conn, plan, entry, at)?,
    };
    for node in &read.nodes {
        require_due_inside(plan, Some(node.due_on), &format!("{at}/{}", read.field))?;
    }
    let recurring = read.nodes.iter().any(|node| node.from.is_some());
    let default_grace = if recurring { settings::store::now(conn)?.recurrence_grace_days } else { 0 };
    Ok(EntryRow {
        id: entry.id.unwrap_or(EntryId(0)),
        task_id,
        position: i64::try_from(index).map_err(Error::internal)? + 1,
        title: entry.title.clone().map(Text::into_string),
        due_on: read.nodes.iter().map(|node| node.due_on).max(),
        grace_days: entry.grace_days.or(agreed.map(|was| was.grace_days)).unwrap_or(default_grace),
        times: entry.times.or(read.times).or(agreed.map(|was| was.times)).unwrap_or(1),
        unscheduled: read.nodes.is_empty(),
        words: entry.words.clone().map(Text::into_string),
        rrule: entry.rrule.clone().map(Text::into_string),
        nodes: if entry.due_on.is_some() { None } else { kept(&read.nodes)? },
    })
}

/// Whether a recurrence or words are those that were read before.
fn says_the_same(was: &EntryRow, entry: &NewEntry) -> bool {
    was.nodes.is_some()
        && (entry.due_on, entry.unscheduled) == (None, false)
        && was.rrule.as_deref() == entry.rrule.as_ref().map(Text::as_str)
        && was.words.as_deref() == entry.words.as_ref().map(Text::as_str)
}

/// What the form of an entry says; no nodes when it awaits its date.
struct Read {
    nodes: Vec<PeriodNode>,
    times: Option<i64>,
    field: &'static str,
}

fn read_form(conn: &mut Conn, plan: &Plan, entry: &NewEntry, at: &str) -> Result<Read> {
    match (entry.due_on, &entry.rrule, &entry.words, entry.unscheduled) {
        (Some(due_on), None, None, false) => {
            let node = PeriodNode { period: String::new(), from: None, due_on, title: None };
            Ok(Read { nodes: vec![node], times: None, field: "due_on" })
        }
        (None, Some(rrule), None, false) => {
            let nodes = read_rrule(rrule.as_str(), plan.year, &format!("{at}/rrule"))?;
            Ok(Read { nodes, times: None, field: "rrule" })
        }
        (None, None, Some(_), true) => Ok(Read { nodes: vec![], times: None, field: "words" }),
        (None, None, Some(words), false) => {
            let (nodes, times) = read_words(conn, plan, words.as_str(), &format!("{at}/words"))?;
            Ok(Read { nodes, times, field: "words" })
        }
        _ => Err(ENTRY_SHAPE.at(at, []).into_error()),
    }
}

fn read_rrule(rrule: &str, year: i64, at: &str) -> Result<Vec<PeriodNode>> {
    recurrence::read(rrule, year).map_err(|why| match why {
        Unread::Form(detail) => RRULE_UNREAD.at(at, [("detail", detail)]).into_error(),
        Unread::TooOften => RRULE_TOO_OFTEN.at(at, []).into_error(),
        Unread::Never => RRULE_NEVER.at(at, [("year", year.to_string())]).into_error(),
    })
}

/// The nodes that spoken words make in a plan and their `times`; none for words that await a date.
fn read_words(conn: &mut Conn, plan: &Plan, words: &str, at: &str) -> Result<(Vec<PeriodNode>, Option<i64>)> {
    match in_frame(conn, plan, |frame| deadlines::read(words, frame))? {
        Ok(Reading::Unscheduled) => Ok((vec![], None)),
        Ok(Reading::Nodes { nodes, times }) => Ok((nodes, times)),
        Err(refusal) => Err(refusal.fault(words, at).into_error()),
    }
}

/// Reads with what the words of a plan depend on, by the calendars that are in force today.
pub fn in_frame<T>(conn: &mut Conn, plan: &Plan, read: impl FnOnce(&Frame) -> T) -> Result<T> {
    let year = i32::try_from(plan.year).map_err(Error::internal)?;
    let today = today(conn)?;
    let calendar = calendars::store::on(conn, today)?;
    Ok(read(&Frame { year, closes_on: plan.closes_on, festival: &|name| calendar.festival(name, year) }))
}

/// An entry as the plan of another year takes it over: a date moves by whole years, a recurrence and words are read
/// anew. Words that can't be read in the new year (a festival whose calendar is not loaded yet) await their date, and so
/// does a recurrence without a day in it (UNTIL, 29 February), whose rule becomes the words.
pub fn for_year(conn: &mut Conn, plan: &Plan, entry: &EntryRow, from_year: i64) -> Result<EntryRow> {
    let nodes = match (&entry.rrule, &entry.words) {
        (Some(rrule), _) => match recurrence::read(rrule, plan.year) {
            Ok(nodes) => nodes,
            Err(_) => {
                let words = Some(rrule.clone());
                return Ok(EntryRow {
                    due_on: None,
                    unscheduled: true,
                    rrule: None,
                    words,
                    nodes: None,
                    ..entry.clone()
                });
            }
        },
        (None, Some(words)) if !entry.unscheduled => match read_words(conn, plan, words, "/from_plan_id") {
            Ok((nodes, _)) => nodes,
            Err(Error::Problem(_)) => vec![],
            Err(error) => return Err(error),
        },
        _ => {
            let due_on = entry.due_on.map(|day| shifted_day(day, from_year, plan.year));
            return Ok(EntryRow { due_on, ..entry.clone() });
        }
    };
    Ok(EntryRow {
        due_on: nodes.iter().map(|node| node.due_on).max(),
        unscheduled: nodes.is_empty(),
        nodes: kept(&nodes)?,
        ..entry.clone()
    })
}

/// Nodes as they are kept with an entry; none for an entry that awaits its date.
fn kept(nodes: &[PeriodNode]) -> Result<Option<String>> {
    if nodes.is_empty() { Ok(None) } else { serde_json::to_string(nodes).map(Some).map_err(Error::internal) }
}

/// The schedule of a task with the nodes each entry makes.
pub fn schedule_of(conn: &mut Conn, task: &Task) -> Result<Schedule> {
    let entries = store::entries_of(conn, task.id)?;
    Ok(Schedule { entries: entries.iter().map(|row| shown(row, task)).collect() })
}

/// An entry as it is shown, with its nodes.
pub fn shown(row: &EntryRow, task: &Task) -> Entry {
    Entry {
        id: row.id,
        task_id: task.id,
        nodes: nodes_of(row, &task.title).into_iter().map(|(_, node)| node).collect(),
        title: row.title.clone(),
        due_on: row.due_on.filter(|_| row.nodes.is_none()),
        rrule: row.rrule.clone(),
        grace_days: row.grace_days,
        times: row.times,
        unscheduled: row.unscheduled,
        words: row.words.clone(),
    }
}

/// The nodes of an entry, whoever owes them: the one place that reads a stored schedule.
pub fn period_nodes(entry: &EntryRow) -> Vec<PeriodNode> {
    match &entry.nodes {
        // It was written by this program from the same type; an entry that can't be read makes no node.
        Some(nodes) => serde_json::from_str(nodes).unwrap_or_default(),
        None => {
            let node = |due_on| PeriodNode { period: String::new(), from: None, due_on, title: None };
            entry.due_on.map(node).into_iter().collect()
        }
    }
}

/// The nodes of an entry, each also as it is shown: its title is the entry's, else that of its words, else the task's.
pub fn nodes_of(entry: &EntryRow, task_title: &str) -> Vec<(PeriodNode, EntryNode)> {
    let shown = |node: PeriodNode| {
        let title = entry.title.clone().or_else(|| node.title.clone()).unwrap_or_else(|| task_title.to_owned());
        let shown = EntryNode { period: shown_period(&node.period), due_on: node.due_on, title };
        (node, shown)
    };
    period_nodes(entry).into_iter().map(shown).collect()
}
