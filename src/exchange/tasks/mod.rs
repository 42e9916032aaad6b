//! The task list of a plan as a table: a row a task, told by its key point and title, else by its code. Who is meant is
//! read by `plans::responsible`, when it is due by `plans::deadlines`.

mod act;
pub mod deadline;
pub mod parts;
mod shape;

use std::collections::HashMap;

use super::CELL_NUMBER_DAY;
use super::cells::{RowReader, wrong};
use super::compare::{Changed, List, Standing, Writing, key_of};
use super::mapping::{ListName, Mapping, yes_no};
use super::model::TaskReading;
use super::rows::{Row, Table};
use crate::access::Actor;
use crate::plans::model::{NewEntry, NewPart, NewTask, Plan, Responsibility, Task, TaskPatch};
use crate::plans::readings::{self, Names, ReadDeadline, ReadPart};
use crate::plans::responsible::{Column, Understood, Unresolved};
use crate::plans::rules::who_owes;
use crate::plans::store::EntryRow;
use crate::plans::whole::Whole;
use crate::plans::{KeyPointId, PlanId, ResponsibilityId, TaskId, actions};
use crate::platform::sheet::What;
use crate::platform::sheet::read::normal;
use crate::platform::text::{Prose, Text};
use crate::platform::{Conn, Error, Field, Result};
use crate::{settings, units};

/// An entry of a schedule and how its words were read.
type ReadEntry = (NewEntry, ReadDeadline);

/// The task list of a plan, as a table.
pub struct Tasks {
    pub plan: Plan,
    whole: Whole,
    names: Names,
    standing: Vec<Standing>,
    /// The lines of each task's deadline, in the order of its entries.
    lines: Vec<Vec<String>>,
    understood: HashMap<(String, &'static str), Result<Understood, Unresolved>>,
    read: HashMap<String, ReadDeadline>,
    key_points: HashMap<String, KeyPointId>,
}

pub enum TaskAct {
    Add { key_point: Text<200>, new: Box<NewTask>, reading: TaskReading },
    Change { id: TaskId, change: Box<TaskChange> },
    Remove(TaskId),
}

/// What changes of a task.
#[derive(Default)]
pub struct TaskChange {
    patch: Option<TaskPatch>,
    /// Responsibilities that go, and parts that come.
    parts: Option<(Vec<ResponsibilityId>, Vec<NewPart>)>,
    entries: Option<Vec<NewEntry>>,
    reading: Option<TaskReading>,
}

impl Tasks {
    /// The list of a plan that one may write, or read.
    pub fn load(conn: &mut Conn, actor: &Actor, id: PlanId, writing: bool) -> Result<Tasks> {
        let plan = if writing { actions::to_write(conn, actor, id)? } else { actions::read(conn, actor, id)? };
        let (whole, names) = (Whole::of(conn, id)?, Names::standing(conn, plan.unit_id)?);
        let titles: HashMap<KeyPointId, String> =
            whole.key_points.iter().map(|point| (point.id, normal(&point.title))).collect();
        let grace = settings::store::now(conn)?.recurrence_grace_days;
        let mut others: HashMap<units::UnitId, String> = HashMap::new();
        let (mut standing, mut lines) = (vec![], vec![]);
        for task in &whole.tasks {
            let own: Vec<String> = whole
                .entries(task.id)
                .iter()
                .map(|entry| Ok(normal(&deadline::line_of(conn, &plan, entry, grace)?)))
                .collect::<Result<_>>()?;
            let held = whole.responsibilities(task.id);
            for part in held.iter().filter(|held| names.name(held.unit_id).is_none()) {
                let name = units::store::get(conn, part.unit_id)?.name;
                others.insert(part.unit_id, name);
            }
            let name = |id| names.name(id).map_or_else(|| others.get(&id).cloned().unwrap_or_default(), str::to_owned);
            let key_point = titles.get(&task.key_point_id).map_or("", String::as_str);
            standing.push(as_row(task, key_point, held, &own.join("\n"), name));
            lines.push(own);
        }
        let key_points = whole.key_points.iter().map(|point| (key_of(&[&point.title]), point.id)).collect();
        let (understood, read) = (HashMap::new(), HashMap::new());
        Ok(Tasks { plan, whole, names, standing, lines, understood, read, key_points })
    }

    /// The parts of a row, each words read once for all rows.
    fn parts(&mut self, row: &mut RowReader<'_>) -> (Vec<NewPart>, Vec<String>) {
        let (names, understood) = (&self.names, &mut self.understood);
        let resolve = |words: &str, column: Column| {
            let known = understood.entry((words.to_owned(), column.word()));
            known.or_insert_with(|| names.resolve(words, column)).clone()
        };
        parts::read(row, resolve, names)
    }

    /// The entries of a row's deadline with how each is read; refused cells are named.
    fn entries(&mut self, conn: &mut Conn, row: &mut RowReader<'_>) -> Result<(Vec<ReadEntry>, Vec<String>)> {
        let cell = row.cell("deadline");
        let (mut entries, mut to_confirm) = (vec![], vec![]);
        match cell.what {
            What::Formula | What::Error => return Ok((entries, to_confirm)),
            What::Number if cell.text.len() != 8 => {
                let args = [("nearest", shape::as_day(&cell.text)), ("value", cell.text.clone())];
                row.refuse("deadline", CELL_NUMBER_DAY.at("", args));
                return Ok((entries, to_confirm));
            }
            What::Day(day) => {
                let moved = deadline::in_plan_year(&self.plan, day);
                if let Some(moved) = moved {
                    to_confirm.push(format!("{} {day} → {moved}", row.row.number));
                }
                let entry = NewEntry { due_on: Some(moved.unwrap_or(day)), ..deadline::blank() };
                if let Some(read) = self.read_entry(conn, row, &entry)? {
                    entries.push((entry, read));
                }
                return Ok((entries, to_confirm));
            }
            What::Empty => {
                if let Err(error) = readings::deadline(conn, &self.plan, "") {
                    row.refuse_as(error, |_| Some("deadline"))?;
                }
                return Ok((entries, to_confirm));
            }
            _ => {}
        }
        for line in self.lines_of(conn, &cell.text)? {
            match deadline::entry_of(&line) {
                Err(fault) => row.refuse("deadline", fault),
                Ok(entry) => {
                    if let Some(read) = self.read_entry(conn, row, &entry)? {
                        entries.push((entry, read));
                    }
                }
            }
        }
        Ok((entries, to_confirm))
    }

    /// The lines of a cell, where each can be read alone; else the cell as it is.
    fn lines_of(&mut self, conn: &mut Conn, text: &str) -> Result<Vec<String>> {
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let mut alone = lines.len() > 1;
        for line in &lines {
            alone = alone
                && match deadline::entry_of(line) {
                    Ok(entry) => self.read_quietly(conn, &entry)?.is_some(),
                    Err(_) => false,
                };
        }
        Ok(if alone { lines.into_iter().map(str::to_owned).collect() } else { vec![text.to_owned()] })
    }

    fn read_quietly(&mut self, conn: &mut Conn, entry: &NewEntry) -> Result<Option<ReadDeadline>> {
        match self.read_once(conn, entry) {
            Ok(read) => Ok(Some(read)),
            Err(Error::Problem(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn read_entry(
        &mut self,
        conn: &mut Conn,
        row: &mut RowReader<'_>,
        entry: &NewEntry,
    ) -> Result<Option<ReadDeadline>> {
        if entry.grace_days.is_some_and(|days| !(0..=60).contains(&days))
            || entry.times.is_some_and(|times| !(1..=366).contains(&times))
        {
            row.refuse("deadline", wrong("宽限 0–60 天, 1–366 次"));
            return Ok(None);
        }
        match self.read_once(conn, entry) {
            Ok(read) => Ok(Some(read)),
            Err(error) => {
                row.refuse_as(error, |_| Some("deadline"))?;
                Ok(None)
            }
        }
    }

    fn read_once(&mut self, conn: &mut Conn, entry: &NewEntry) -> Result<ReadDeadline> {
        let key = serde_json::to_string(entry).map_err(Error::internal)?;
        if let Some(known) = self.read.get(&key) {
            return Ok(known.clone());
        }
        let read = deadline::read(conn, &self.plan, entry)?;
        self.read.insert(key, read.clone());
        Ok(read)
    }

    fn reading(
        &self,
        responsibilities: Vec<ReadPart>,
        deadlines: Vec<ReadDeadline>,
        to_confirm: Vec<String>,
    ) -> TaskReading {
        let held: Vec<_> = responsibilities.iter().map(|held| (held.unit_id, held.part)).collect();
        TaskReading { owing: who_owes(&held), responsibilities, deadlines, to_confirm }
    }

    fn new_part(&self, part: &NewPart) -> ReadPart {
        let name = self.names.name(part.unit_id).unwrap_or_default().to_owned();
        let person = part.person.as_ref().map(|person| person.as_str().to_owned());
        ReadPart { unit_id: part.unit_id, name, part: part.part, person }
    }

    /// Who will hold a task once a row is done: what stays, and what comes.
    fn parts_after(&self, held: &[Responsibility], change: &TaskChange) -> Vec<ReadPart> {
        let (gone, new) = change.parts.as_ref().map_or((&[][..], &[][..]), |(gone, new)| (gone, new));
        let stays = held.iter().filter(|held| !gone.contains(&held.id)).map(|held| ReadPart {
            unit_id: held.unit_id,
            name: self.names.name(held.unit_id).unwrap_or_default().to_owned(),
            part: held.part,
            person: held.person.clone(),
        });
        stays.chain(new.iter().map(|part| self.new_part(part))).collect()
    }

    /// How the deadlines of a task that stay as they are read.
    fn standing_deadlines(&mut self, conn: &mut Conn, task: usize) -> Result<Vec<ReadDeadline>> {
        let mut read = vec![];
        for line in self.lines.get(task).cloned().unwrap_or_default() {
            if let Ok(entry) = deadline::entry_of(&line) {
                read.extend(self.read_quietly(conn, &entry)?);
            }
        }
        Ok(read)
    }
}

fn as_row(
    task: &Task,
    key_point: &str,
    held: &[Responsibility],
    deadline: &str,
    name: impl Fn(units::UnitId) -> String,
) -> Standing {
    let said = |text: &Option<String>| normal(text.as_deref().unwrap_or_default());
    let part = |field: &str| {
        let of = parts::CELLS.iter().find(|(known, _, _)| *known == field);
        of.map(|(_, part, _)| normal(&parts::cell_of(held, *part, &name))).unwrap_or_default()
    };
    let cell = |field: &str| match field {
        "code" => task.code.clone(),
        "key_point" => key_point.to_owned(),
        "title" => normal(&task.title),
        "requirement" => said(&task.requirement),
        "deliverable" => said(&task.deliverable),
        "evidence_required" => yes_no(task.evidence_required).to_owned(),
        "tags" => normal(&task.tags.join("、")),
        "person" => normal(&parts::persons_of(held, &name)),
        "deadline" => deadline.to_owned(),
        other => part(other),
    };
    let mapping = Mapping::of(ListName::Tasks);
    Standing {
        key: key_of(&[key_point, &task.title]),
        also: vec![key_of(&[key_point, &task.code])],
        cells: mapping.fields.iter().map(|field| cell(field.name)).collect(),
    }
}

impl List for Tasks {
    type Act = TaskAct;

    fn mapping(&self) -> &'static Mapping {
        Mapping::of(ListName::Tasks)
    }

    fn standing(&self) -> &[Standing] {
        &self.standing
    }

    fn key(&self, row: &Row) -> (String, Vec<String>) {
        let said = |name: &str| self.said(row, name);
        let (key_point, code) = (said("key_point"), said("code"));
        let also = if code.is_empty() { String::new() } else { key_of(&[key_point, code]) };
        (key_of(&[key_point, said("title")]), vec![also])
    }

    fn prepare(&mut self, table: &mut Table) {
        shape::prepare(table, self.mapping());
    }

    fn added(&mut self, conn: &mut Conn, row: &mut RowReader<'_>) -> Result<Option<TaskAct>> {
        let (key_point, title) = (row.text("key_point"), row.text("title"));
        let (requirement, deliverable) = (row.text("requirement"), row.text("deliverable"));
        let (evidence, tags) = (row.yes_no("evidence_required").unwrap_or(false), row.texts("tags"));
        let (parts, mut to_confirm) = self.parts(row);
        let (entries, days) = self.entries(conn, row)?;
        to_confirm.extend(days);
        let (Some(key_point), Some(title)) = (key_point, title) else { return Ok(None) };
        let (entries, read): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
        let reading = self.reading(parts.iter().map(|part| self.new_part(part)).collect(), read, to_confirm);
        let new = Box::new(NewTask {
            title,
            requirement,
            deliverable,
            evidence_required: evidence,
            tags,
            position: None,
            responsibilities: parts,
            entries,
            reason: None,
        });
        Ok(Some(TaskAct::Add { key_point, new, reading }))
    }

    fn changed(
        &mut self,
        conn: &mut Conn,
        standing: usize,
        fields: &[&'static str],
        row: &mut RowReader<'_>,
    ) -> Result<Changed<TaskAct>> {
        let Some(task) = self.whole.tasks.get(standing).cloned() else { return Ok(Changed::Refused) };
        let mut change = TaskChange { patch: patch(row, &task, fields), ..TaskChange::default() };
        let of_parts = |field: &&&str| **field == "person" || parts::CELLS.iter().any(|(known, _, _)| known == *field);
        let (mut to_confirm, mut deadlines) = (vec![], None);
        let held = self.whole.responsibilities(task.id).to_vec();
        if fields.iter().any(|field| of_parts(&field)) {
            let parts;
            (parts, to_confirm) = self.parts(row);
            change.parts = act::parts_differ(row, &held, &parts);
        }
        if fields.contains(&"deadline") {
            let (entries, days) = self.entries(conn, row)?;
            let standing_entries: Vec<EntryRow> = self.whole.entries(task.id).to_vec();
            let lines = self.lines.get(standing).cloned().unwrap_or_default();
            deadlines = Some(entries.iter().map(|(_, read)| read.clone()).collect());
            change.entries = act::entries_differ(&standing_entries, &lines, entries).unwrap_or_else(|fault| {
                row.refuse("deadline", fault);
                None
            });
            to_confirm.extend(days.into_iter().filter(|_| change.entries.is_some()));
        }
        if change.patch.is_none() && change.parts.is_none() && change.entries.is_none() {
            return Ok(if row.is_sound() { Changed::Same } else { Changed::Refused });
        }
        if change.parts.is_some() || change.entries.is_some() {
            let deadlines = match deadlines {
                Some(read) => read,
                None => self.standing_deadlines(conn, standing)?,
            };
            change.reading = Some(self.reading(self.parts_after(&held, &change), deadlines, to_confirm));
        }
        Ok(Changed::To(TaskAct::Change { id: task.id, change: Box::new(change) }))
    }

    fn removed(&self, standing: usize) -> Option<TaskAct> {
        self.whole.tasks.get(standing).map(|task| TaskAct::Remove(task.id))
    }

    fn reading(&self, act: &mut TaskAct) -> Option<TaskReading> {
        match act {
            TaskAct::Add { reading, .. } => Some(std::mem::take(reading)),
            TaskAct::Change { change, .. } => change.reading.take(),
            TaskAct::Remove(_) => None,
        }
    }

    fn apply(&mut self, conn: &mut Conn, writing: &Writing<'_>, act: &TaskAct) -> Result<()> {
        act::apply(conn, writing, &self.plan, &mut self.key_points, act)
    }

    fn field_of(&self, pointer: &str) -> Option<&'static str> {
        match pointer.split('/').nth(1) {
            Some("entries" | "due_on") => Some("deadline"),
            Some("responsibilities") => Some("responsible"),
            Some("unit_id") => Some("responsible"),
            Some("tags") => Some("tags"),
            _ => None,
        }
    }
}

/// What changes of the task's own words.
fn patch(row: &mut RowReader<'_>, task: &Task, fields: &[&'static str]) -> Option<TaskPatch> {
    let mut patch = TaskPatch {
        title: None,
        requirement: Field::Keep,
        deliverable: Field::Keep,
        evidence_required: None,
        tags: None,
        position: None,
        reason: None,
    };
    let text = |said: Option<Prose>| said.map_or(Field::Clear, Field::Set);
    for field in fields {
        match *field {
            "title" => patch.title = row.text("title"),
            "requirement" => patch.requirement = text(row.text("requirement")),
            "deliverable" => patch.deliverable = text(row.text("deliverable")),
            "evidence_required" => {
                let said = row.yes_no("evidence_required").unwrap_or(false);
                patch.evidence_required = Some(said).filter(|said| *said != task.evidence_required);
            }
            "tags" => {
                let tags: Vec<Text<40>> = row.texts("tags");
                let same = tags.iter().map(Text::as_str).eq(task.tags.iter().map(String::as_str));
                patch.tags = Some(tags).filter(|_| !same);
            }
            _ => {}
        }
    }
    let texts = patch.title.is_some() || patch.requirement != Field::Keep || patch.deliverable != Field::Keep;
    (texts || patch.evidence_required.is_some() || patch.tags.is_some()).then_some(patch)
}
