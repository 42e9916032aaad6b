//! What is done with the lists of a plan: key points, tasks, responsibilities, schedules. A responsibility cell and a
//! deadline are written as lists have them, and read by the same function as everywhere; the reading is shown before
//! anything is saved.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use validator::Validate;

use super::deeds::{home, named, reason};
use super::readable;
use super::words::{self, PlanWords};
use crate::access::{Action, Actor};
use crate::console::choices::{self, Choice, name_of, unit_names};
use crate::console::form::{Deed, Do, Field, Form, Kind, See};
use crate::console::page::Html;
use crate::console::{Fields, Lang};
use crate::plans::model::{Entry, Part};
use crate::plans::readings::{self, Readings, WordsToRead};
use crate::plans::{self, KeyPointId, PlanId, PlanStatus, ResponsibilityId, TaskId, lists, schedules};
use crate::platform::error::WRONG_VALUE;
use crate::platform::text::Text;
use crate::platform::web::read_value;
use crate::platform::{Conn, Error, Result};

/// Empty lines behind a schedule.
const SPARE_ROWS: usize = 3;

/// The key points of plans that one writes and that are not closed.
pub fn key_points_of_open_plans(conn: &mut Conn, actor: &Actor) -> Result<Vec<Choice>> {
    let mut found = vec![];
    for plan in readable(conn, actor)?.into_iter().filter(|plan| plan.status != PlanStatus::Closed) {
        let site = plans::actions::site_of(conn, &plan)?;
        if !actor.may(Action::WritePlan, &site) {
            continue;
        }
        for key_point in plans::store::key_points_of(conn, plan.id)? {
            found.push((key_point.id.to_string(), format!("{} · {}", named(Lang::Zh, &plan), key_point.title)));
        }
    }
    Ok(found)
}

/// The two cells of a task that are written in words, as they were read.
pub struct TaskCells {
    /// For the input of an action.
    pub responsibilities: Value,
    pub entries: Value,
    readings: Readings,
    owing: Vec<String>,
}

impl TaskCells {
    /// Who will owe what, when.
    pub fn shown(&self, lang: Lang) -> Html {
        let w = PlanWords(lang);
        let colon = lang.pick("：", ": ");
        let between = lang.pick("、", ", ");
        let mut lines = vec![];
        for part in Part::ALL {
            let parts = self.readings.responsibilities.iter().flatten().filter(|one| one.part == *part);
            let names: Vec<&str> = parts.map(|one| one.name.as_str()).collect();
            if !names.is_empty() {
                lines.push(Html::text(format!("{}{colon}{}", words::part(lang, *part), names.join(between))));
            }
        }
        lines.push(Html::text(format!("{}{colon}{}", lang.pick("要完成的", "Owed by"), self.owing.join(between))));
        if let Some(deadline) = &self.readings.deadline {
            let days: Vec<String> = deadline
                .nodes
                .iter()
                .map(|node| {
                    format!(
                        "{}{}",
                        lang.full_day(&node.due_on),
                        node.title.as_deref().map(|t| format!(" {t}")).unwrap_or_default()
                    )
                })
                .collect();
            let days = if deadline.unscheduled {
                lang.pick("未定时限", "no day yet").to_owned()
            } else {
                days.join(between)
            };
            lines.push(Html::text(format!("{}{colon}{}（{days}）", w.deadline(), deadline.spelled)));
        }
        Html::lines(lines)
    }
}

/// Reads the cells of a form whose key point is chosen in it.
pub fn read_cells(it: &mut Do<'_>) -> Result<TaskCells> {
    let chosen = it.fields.get("key_point_id").parse().map(KeyPointId).ok();
    let unknown = || WRONG_VALUE.at("/key_point_id", [("detail", "a key point is needed".to_owned())]).into_error();
    let key_point = plans::store::named_key_point(it.conn, chosen.ok_or_else(unknown)?, "/key_point_id")?;
    cells_of(it.conn, it.actor, key_point.plan_id, it.fields)
}

fn cells_of(conn: &mut Conn, actor: &Actor, plan: PlanId, fields: &Fields) -> Result<TaskCells> {
    let given = |name: &str| fields.given(name).map(|text| (name.to_owned(), Value::from(text)));
    let wanted: Value = ["responsible", "deadline"].into_iter().filter_map(given).collect::<Map<_, _>>().into();
    let wanted: WordsToRead = read_value(wanted)?;
    let readings = readings::read(conn, actor, plan, &wanted)?;
    let w = PlanWords(Lang::of_chinese(actor.request.chinese));
    if !readings.to_confirm.is_empty() && !fields.has("confirmed") && !fields.has("_preview") {
        let said = w.must_confirm(readings.to_confirm.join("、"));
        return Err(WRONG_VALUE.at("/responsible", [("detail", said.into_owned())]).into_error());
    }
    let parts = readings.responsibilities.iter().flatten();
    let responsibilities: Vec<Value> =
        parts.map(|one| json!({"unit_id": one.unit_id, "part": one.part, "person": one.person})).collect();
    let words = wanted.deadline.as_ref().map(Text::as_str);
    let entries = match (&readings.deadline, words) {
        (Some(read), Some(words)) if read.unscheduled => json!([{"unscheduled": true, "words": words}]),
        (Some(_), Some(words)) => json!([{"words": words}]),
        _ => json!([]),
    };
    let names = unit_names(conn)?;
    let owing = readings.owing.iter().map(|unit| name_of(&names, *unit)).collect();
    Ok(TaskCells { responsibilities: responsibilities.into(), entries, readings, owing })
}

fn of_key_point(see: &mut See<'_>, id: KeyPointId) -> Result<(plans::model::KeyPoint, plans::Plan)> {
    let key_point = plans::store::get_key_point(see.conn, id)?;
    let plan = plans::actions::read(see.conn, see.actor, key_point.plan_id)?;
    Ok((key_point, plan))
}

/// `/plans/{id}/key-points/new`.
pub struct AddKeyPoint;

impl Deed for AddKeyPoint {
    type At = PlanId;

    fn form(see: &mut See<'_>, id: PlanId) -> Result<Form> {
        let w = PlanWords(see.lang);
        let plan = plans::actions::read(see.conn, see.actor, id)?;
        let form = Form::new(w.add_key_point(), w.save(), home(id))
            .kicker(plan.title.clone())
            .field(Field::line("title", w.key_point()).required())
            .field(Field::new("position", w.position(), Kind::Number));
        Ok(reason(form, w, &plan))
    }

    fn done(it: &mut Do<'_>, id: PlanId) -> Result<String> {
        let input = it.input()?;
        let nodes = it.tools.nodes.clone();
        let made = lists::add_key_point(it.conn, it.actor, nodes.as_ref(), id, input)?;
        Ok(format!("{}#key-point-{}", home(id), made.id))
    }
}

/// `/key-points/{id}/change`.
pub struct ChangeKeyPoint;

impl Deed for ChangeKeyPoint {
    type At = KeyPointId;

    fn form(see: &mut See<'_>, id: KeyPointId) -> Result<Form> {
        let w = PlanWords(see.lang);
        let (key_point, plan) = of_key_point(see, id)?;
        let form = Form::new(w.change_key_point(), w.save(), home(plan.id))
            .kicker(plan.title.clone())
            .field(Field::line("title", w.key_point()).required().value(&key_point.title))
            .field(Field::new("position", w.position(), Kind::Number).value(key_point.position));
        Ok(reason(form, w, &plan).of_version(key_point.version))
    }

    fn done(it: &mut Do<'_>, id: KeyPointId) -> Result<String> {
        let patch = it.input()?;
        let nodes = it.tools.nodes.clone();
        let changed = lists::change_key_point(it.conn, it.actor, nodes.as_ref(), id, patch)?;
        Ok(format!("{}#key-point-{id}", home(changed.plan_id)))
    }
}

/// Why something is removed.
#[derive(Debug, Deserialize, Validate)]
struct Why {
    #[serde(default)]
    reason: Option<Text<2000>>,
}

fn why(it: &Do<'_>) -> Result<Option<Text<2000>>> {
    Ok(it.input::<Why>()?.reason)
}

/// `/key-points/{id}/remove`.
pub struct RemoveKeyPoint;

impl Deed for RemoveKeyPoint {
    type At = KeyPointId;

    fn form(see: &mut See<'_>, id: KeyPointId) -> Result<Form> {
        let w = PlanWords(see.lang);
        let (key_point, plan) = of_key_point(see, id)?;
        let form = Form::new(w.remove_key_point(), w.remove(), home(plan.id))
            .kicker(plan.title.clone())
            .lead(format!("**{}**", key_point.title));
        Ok(reason(form, w, &plan).of_version(key_point.version))
    }

    fn done(it: &mut Do<'_>, id: KeyPointId) -> Result<String> {
        let (why, nodes) = (why(it)?, it.tools.nodes.clone());
        let plan = plans::store::get_key_point(it.conn, id)?.plan_id;
        lists::remove_key_point(it.conn, it.actor, nodes.as_ref(), id, why.as_ref())?;
        Ok(home(plan))
    }
}

/// `/key-points/{id}/tasks/new`: a task with its units and its deadline, read before it is saved.
pub struct AddTask;

impl Deed for AddTask {
    type At = KeyPointId;

    fn form(see: &mut See<'_>, id: KeyPointId) -> Result<Form> {
        let w = PlanWords(see.lang);
        let (key_point, plan) = of_key_point(see, id)?;
        let mut form = Form::new(w.add_task(), w.save(), format!("{}#key-point-{id}", home(plan.id)))
            .kicker(format!("{} · {}", plan.title, key_point.title))
            .field(Field::line("title", w.task_title()).required())
            .field(Field::prose("requirement", w.requirement()))
            .field(Field::line("deliverable", w.deliverable()))
            .field(Field::line("responsible", w.who()).hint(w.who_hint()).required().aside())
            .field(Field::line("deadline", w.deadline()).hint(w.deadline_hint()).required().aside())
            .field(Field::new("confirmed", w.confirmed(), Kind::Tick).hint(w.confirmed_hint()).aside())
            .field(Field::new("evidence_required", w.evidence(), Kind::Tick))
            .field(Field::line("tags", w.tags()).hint(w.tags_hint()).aside());
        form = reason(form, w, &plan);
        form.previews = true;
        Ok(form)
    }

    fn done(it: &mut Do<'_>, id: KeyPointId) -> Result<String> {
        let plan = plans::store::get_key_point(it.conn, id)?.plan_id;
        let cells = cells_of(it.conn, it.actor, plan, it.fields)?;
        let more =
            [("responsibilities", cells.responsibilities), ("entries", cells.entries), ("tags", tags(it.fields))];
        let (input, nodes) = (it.input_and(more)?, it.tools.nodes.clone());
        plans::add_task::add(it.conn, it.actor, nodes.as_ref(), id, input)?;
        Ok(format!("{}#key-point-{id}", home(plan)))
    }

    fn preview(it: &mut Do<'_>, lang: Lang, id: KeyPointId) -> Result<Html> {
        let plan = plans::store::get_key_point(it.conn, id)?.plan_id;
        cells_of(it.conn, it.actor, plan, it.fields).map(|cells| cells.shown(lang))
    }
}

fn tags(fields: &Fields) -> Value {
    let split = fields.get("tags").split(['、', ',', '，', ' ']).filter(|tag| !tag.is_empty()).map(Value::from);
    split.collect::<Vec<_>>().into()
}

fn of_task(see: &mut See<'_>, id: TaskId) -> Result<(plans::model::Task, plans::Plan)> {
    let task = lists::read_task(see.conn, see.actor, id)?;
    let plan = plans::actions::read(see.conn, see.actor, task.plan_id)?;
    Ok((task, plan))
}

fn task_home(id: TaskId) -> String {
    format!("/tasks/{id}")
}

/// `/tasks/{id}/change`.
pub struct ChangeTask;

impl Deed for ChangeTask {
    type At = TaskId;

    fn form(see: &mut See<'_>, id: TaskId) -> Result<Form> {
        let w = PlanWords(see.lang);
        let (task, plan) = of_task(see, id)?;
        let form = Form::new(w.change_task(), w.save(), task_home(id))
            .kicker(plan.title.clone())
            .field(Field::line("title", w.task_title()).required().value(&task.title))
            .field(Field::prose("requirement", w.requirement()).stored(task.requirement.clone()))
            .field(Field::line("deliverable", w.deliverable()).stored(task.deliverable.clone()))
            .field(Field::new("evidence_required", w.evidence(), Kind::Tick).value(task.evidence_required));
        Ok(reason(form, w, &plan).of_version(task.version))
    }

    fn done(it: &mut Do<'_>, id: TaskId) -> Result<String> {
        let patch = it.input()?;
        let nodes = it.tools.nodes.clone();
        lists::change_task(it.conn, it.actor, nodes.as_ref(), id, patch)?;
        Ok(task_home(id))
    }
}

/// `/tasks/{id}/remove`.
pub struct RemoveTask;

impl Deed for RemoveTask {
    type At = TaskId;

    fn form(see: &mut See<'_>, id: TaskId) -> Result<Form> {
        let w = PlanWords(see.lang);
        let (task, plan) = of_task(see, id)?;
        let form = Form::new(w.remove_task(), w.remove(), task_home(id)).kicker(plan.title.clone()).lead(format!(
            "**{} {}** {}",
            task.code,
            task.title,
            w.remove_lead()
        ));
        Ok(reason(form, w, &plan).of_version(task.version))
    }

    fn done(it: &mut Do<'_>, id: TaskId) -> Result<String> {
        let (why, nodes) = (why(it)?, it.tools.nodes.clone());
        let plan = lists::read_task(it.conn, it.actor, id)?.plan_id;
        lists::remove_task(it.conn, it.actor, nodes.as_ref(), id, why.as_ref())?;
        Ok(home(plan))
    }
}

/// `/tasks/{id}/responsibilities/new`.
pub struct AddResponsibility;

impl Deed for AddResponsibility {
    type At = TaskId;

    fn form(see: &mut See<'_>, id: TaskId) -> Result<Form> {
        let w = PlanWords(see.lang);
        let (task, plan) = of_task(see, id)?;
        let site = plans::actions::site_of(see.conn, &plan)?;
        let units = choices::units_within(see.conn, &site)?;
        let parts =
            Part::ALL.iter().map(|part| (part.word().to_owned(), words::part(see.lang, *part).to_owned())).collect();
        let form = Form::new(w.add_responsibility(), w.save(), task_home(id))
            .kicker(format!("{} {}", task.code, task.title))
            .field(Field::choice("unit_id", w.unit_name(), units).required())
            .field(Field::choice("part", w.part(), parts).required().value(Part::Responsible.word()))
            .field(Field::line("person", w.person()));
        Ok(reason(form, w, &plan))
    }

    fn done(it: &mut Do<'_>, id: TaskId) -> Result<String> {
        let input = it.input()?;
        let nodes = it.tools.nodes.clone();
        lists::add_responsibility(it.conn, it.actor, nodes.as_ref(), id, input)?;
        Ok(format!("{}#held", task_home(id)))
    }
}

/// `/responsibilities/{id}/remove`.
pub struct RemoveResponsibility;

impl Deed for RemoveResponsibility {
    type At = ResponsibilityId;

    fn form(see: &mut See<'_>, id: ResponsibilityId) -> Result<Form> {
        let w = PlanWords(see.lang);
        let held = plans::store::get_responsibility(see.conn, id)?;
        let (task, plan) = of_task(see, held.task_id)?;
        let name = name_of(&unit_names(see.conn)?, held.unit_id);
        let form = Form::new(w.remove_responsibility(), w.remove(), task_home(task.id))
            .kicker(format!("{} {}", task.code, task.title))
            .lead(format!("**{name}** {} {}", words::part(see.lang, held.part), w.remove_lead()));
        Ok(reason(form, w, &plan).of_version(held.version))
    }

    fn done(it: &mut Do<'_>, id: ResponsibilityId) -> Result<String> {
        let (why, nodes) = (why(it)?, it.tools.nodes.clone());
        let task = plans::store::get_responsibility(it.conn, id)?.task_id;
        lists::remove_responsibility(it.conn, it.actor, nodes.as_ref(), id, why.as_ref())?;
        Ok(format!("{}#held", task_home(task)))
    }
}

/// `/tasks/{id}/schedule`: put whole; what is not said anew stays.
pub struct PutSchedule;

impl Deed for PutSchedule {
    type At = TaskId;

    fn form(see: &mut See<'_>, id: TaskId) -> Result<Form> {
        let w = PlanWords(see.lang);
        let (task, plan) = of_task(see, id)?;
        let entries = schedules::schedule_of(see.conn, &task)?.entries;
        let mut rows: Vec<Vec<String>> = entries.iter().map(entry_row).collect();
        rows.resize(rows.len() + SPARE_ROWS, vec![String::new(); 3]);
        let columns = vec![
            Field::line("words", w.entry()),
            Field::line("title", w.entry_title()),
            Field::new("id", w.number(), Kind::Number),
        ];
        let form = Form::new(w.put_schedule(), w.save(), task_home(id))
            .kicker(format!("{} {}", task.code, task.title))
            .lead(w.schedule_lead())
            .field(Field::new("entries", w.schedule(), Kind::Rows { columns, rows }).hint(w.deadline_hint()).aside());
        Ok(reason(form, w, &plan))
    }

    fn done(it: &mut Do<'_>, id: TaskId) -> Result<String> {
        let task = lists::read_task(it.conn, it.actor, id)?;
        let known = schedules::schedule_of(it.conn, &task)?.entries;
        let entries = entries_of(it.conn, it.actor, task.plan_id, it.fields, &known)?;
        let (input, nodes) = (it.input_with("entries", entries)?, it.tools.nodes.clone());
        schedules::put_schedule(it.conn, it.actor, nodes.as_ref(), id, &input)?;
        Ok(format!("{}#schedule", task_home(id)))
    }
}

/// An entry as it is written: its words, its day, its recurrence.
fn entry_row(entry: &Entry) -> Vec<String> {
    vec![written(entry), entry.title.clone().unwrap_or_default(), entry.id.to_string()]
}

fn written(entry: &Entry) -> String {
    let day = entry.due_on.map(|day| day.to_string());
    entry.words.clone().or(day).or_else(|| entry.rrule.clone()).unwrap_or_default()
}

/// The lines as the input of a schedule. A line that stands as it stood is named by its id alone with what it says.
fn entries_of(conn: &mut Conn, actor: &Actor, plan: PlanId, fields: &Fields, known: &[Entry]) -> Result<Value> {
    let mut entries = vec![];
    for row in 0.. {
        let cell = |name: &str| format!("entries.{row}.{name}");
        if !fields.has(&cell("words")) {
            break;
        }
        let Some(words) = fields.given(&cell("words")) else { continue };
        let id = fields.get(&cell("id")).parse::<i64>().ok();
        let stored = known.iter().find(|entry| Some(entry.id.0) == id);
        let mut entry = match stored.filter(|entry| written(entry) == words) {
            Some(same) if same.due_on.is_some() => json!({"due_on": same.due_on}),
            Some(same) if same.rrule.is_some() => json!({"rrule": same.rrule}),
            _ => said(conn, actor, plan, words, entries.len())?,
        };
        if let Value::Object(entry) = &mut entry {
            entry.extend(stored.map(|stored| ("id".to_owned(), stored.id.0.into())));
            entry.extend(fields.given(&cell("title")).map(|title| ("title".to_owned(), title.into())));
        }
        entries.push(entry);
    }
    Ok(entries.into())
}

/// A line that is new or written anew: a day, or words that the readings know.
fn said(conn: &mut Conn, actor: &Actor, plan: PlanId, words: &str, row: usize) -> Result<Value> {
    if words.parse::<chrono::NaiveDate>().is_ok() {
        return Ok(json!({"due_on": words}));
    }
    if words.starts_with("FREQ=") {
        return Ok(json!({"rrule": words}));
    }
    let wanted: WordsToRead = read_value(json!({"deadline": words}))?;
    let read = readings::read(conn, actor, plan, &wanted).map_err(|error| at_row(error, row))?;
    Ok(match read.deadline {
        Some(read) if read.unscheduled => json!({"unscheduled": true, "words": words}),
        _ => json!({"words": words}),
    })
}

/// The refusal of a deadline, told of its line.
fn at_row(error: Error, row: usize) -> Error {
    let Error::Problem(mut problem) = error else { return error };
    for fault in &mut problem.faults {
        fault.pointer = format!("/entries/{row}/words");
    }
    Error::Problem(problem)
}
