//! The revisions of a plan: each with its reason and what it did, and two of them side by side, in the words of the
//! lists.

use std::collections::HashMap;

use actix_web::HttpResponse;
use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::words::{self, PlanWords};
use crate::console::choices::{Names, in_short};
use crate::console::page::Html;
use crate::console::sheet::{self, Act, Part as Piece, Section, Sheet, Table};
use crate::console::{Lang, Visit};
use crate::plans::model::Part;
use crate::plans::revisions::{Change, Effects, ListKind, compare as between};
use crate::plans::whole::Whole;
use crate::plans::{self, PlanId};
use crate::platform::web::Path;
use crate::platform::{Conn, Error, Result};
use crate::units::UnitId;

/// `GET /plans/{id}/revisions`.
pub async fn list(visit: Visit, Path(id): Path<PlanId>) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| {
        let w = PlanWords(view.lang);
        let plan = plans::actions::read(conn, actor, id)?;
        let made = plans::store::revisions_of(conn, id)?;
        let reader = Reader::of(conn, view.lang, id, made.iter().flat_map(|revision| &revision.changes))?;
        let mut table = Table::new([w.revision(), w.changes(), w.nodes(), w.compare()]).widths([3, 4, 1, 2]);
        for revision in made.iter().rev() {
            let (from, to) = (revision.number - 1, revision.number);
            let address = format!("/plans/{id}/revisions/{from}/diff/{to}");
            table.row([
                Html::text(w.edition_of(to, view.lang.full_day(&revision.made_on))).with_note(&revision.reason),
                Html::lines(reader.in_lines(&revision.changes).into_iter().map(Html::text)),
                Html::text(effects(w, &revision.time_nodes)),
                Html::link(&address, w.compare_with(from, to)),
            ]);
        }
        let mut sheet = Sheet {
            kicker: vec![plan.title.clone()],
            title: w.revisions().into(),
            lead: if made.is_empty() { String::new() } else { w.revised_so_often(made.len()).into() },
            back: Some(Act::new(format!("/plans/{id}"), w.back())),
            ..Sheet::default()
        };
        if let Some(last) = made.last().filter(|last| last.number > 1) {
            let address = format!("/plans/{id}/revisions/0/diff/{}", last.number);
            sheet.acts.push(Act::new(address, w.compare_with(0, last.number)));
        }
        let section = Section::new("revisions", w.each_revision());
        sheet.sections.push(section.part(table.or_empty(w.no_revisions(), w.no_revisions_hint())));
        Ok(sheet)
    });
    sheet::show(&visit.view, &sheet.await?)
}

/// `GET /plans/{id}/revisions/{a}/diff/{b}`: what was, and beside it what is.
pub async fn compare(visit: Visit, Path((id, a, b)): Path<(PlanId, i64, i64)>) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| {
        let w = PlanWords(view.lang);
        let plan = plans::actions::read(conn, actor, id)?;
        let diff = between(conn, &plan, a, b)?;
        let all = diff.added.iter().chain(&diff.changed).chain(&diff.removed);
        let reader = Reader::of(conn, view.lang, id, all)?;
        let mut sheet = Sheet {
            kicker: vec![plan.title],
            title: w.compare_with(diff.from, diff.to).into(),
            lead: effects(w, &diff.time_nodes),
            back: Some(Act::new(format!("/plans/{id}/revisions"), w.revisions())),
            ..Sheet::default()
        };
        for (name, heading, changes) in [
            ("added", w.added(), &diff.added),
            ("changed", w.changed(), &diff.changed),
            ("removed", w.removed(), &diff.removed),
        ] {
            if changes.is_empty() {
                continue;
            }
            let mut table = Table::new([w.what(), w.before(), w.after()]).widths([3, 3, 4]);
            for [what, before, after] in reader.side_by_side(changes) {
                table.row([what, before, after]);
            }
            sheet.sections.push(Section::new(name, heading).part(Piece::Table(table)));
        }
        if sheet.sections.is_empty() {
            let empty = Piece::Empty { title: w.nothing_between().into(), text: w.nothing_between_hint().into() };
            sheet.sections.push(Section::new("nothing", w.compare()).part(empty));
        }
        Ok(sheet)
    });
    sheet::show(&visit.view, &sheet.await?)
}

/// What became of time nodes; what was not done is not said.
fn effects(w: PlanWords, effects: &Effects) -> String {
    let Effects { created, cancelled, extended, requested } = effects;
    let said = [
        (created, w.nodes_made(created.len())),
        (cancelled, w.nodes_cancelled(cancelled.len())),
        (extended, w.nodes_extended(extended.len())),
        (requested, w.nodes_requested(requested.len())),
    ];
    let said: Vec<String> =
        said.into_iter().filter(|(nodes, _)| !nodes.is_empty()).map(|(_, words)| words.into_owned()).collect();
    if said.is_empty() {
        w.nodes_as_before().into()
    } else {
        format!("{}{}", said.join(w.0.pick("，", ", ")), w.0.pick("。", "."))
    }
}

type Item = Map<String, Value>;

fn item(value: &Option<Value>) -> Option<&Item> {
    value.as_ref().and_then(Value::as_object)
}

/// Reads changes aloud: with the names of units and tasks, in the words of the lists.
struct Reader {
    lang: Lang,
    names: Names,
    tasks: HashMap<i64, String>,
}

impl Reader {
    fn of<'a>(conn: &mut Conn, lang: Lang, id: PlanId, changes: impl Iterator<Item = &'a Change>) -> Result<Reader> {
        let known = Whole::of(conn, id)?.tasks.into_iter().map(|task| (task.id.0, task.title));
        let mut tasks: HashMap<i64, String> = known.collect();
        for change in changes.filter(|change| change.kind == ListKind::Task) {
            let title = item(&change.after).or(item(&change.before)).and_then(|item| item.get("title")?.as_str());
            if let Some(title) = title {
                tasks.entry(change.item_id).or_insert_with(|| title.to_owned());
            }
        }
        Ok(Reader { lang, names: Names::of_today(conn)?, tasks })
    }

    fn kind(&self, kind: ListKind) -> &'static str {
        match kind {
            ListKind::Plan => self.lang.pick("计划", "plan"),
            ListKind::KeyPoint => self.lang.pick("要点", "key point"),
            ListKind::Task => self.lang.pick("任务", "task"),
            ListKind::Responsibility => self.lang.pick("责任", "responsibility"),
            ListKind::ScheduleEntry => self.lang.pick("时限", "deadline"),
        }
    }

    /// What a change is about: its own title, or that of its task.
    fn name(&self, item: &Item) -> String {
        let title = item.get("title").and_then(Value::as_str).map(str::to_owned);
        let task = || item.get("task_id").and_then(Value::as_i64).and_then(|id| self.tasks.get(&id).cloned());
        match item.get("task_id") {
            Some(_) => task().unwrap_or_default(),
            None => title.unwrap_or_default(),
        }
    }

    /// Responsibilities of one task and one part are one change to a reader: `(task, part)` of a responsibility.
    fn together<'a>(&self, change: &'a Change) -> Option<(bool, i64, &'a str)> {
        let (gone, item) = match (item(&change.before), item(&change.after)) {
            (None, Some(after)) => (false, after),
            (Some(before), None) => (true, before),
            _ => return None,
        };
        let (task, part) = (item.get("task_id")?.as_i64()?, item.get("part")?.as_str()?);
        let alike = change.kind == ListKind::Responsibility && item.get("person").is_none_or(Value::is_null);
        alike.then_some((gone, task, part))
    }

    /// Changes in the order they have, those that are one to a reader as one.
    fn gathered<'a>(&self, changes: &'a [Change]) -> Vec<Vec<&'a Change>> {
        let mut gathered: Vec<Vec<&Change>> = vec![];
        for change in changes {
            let key = self.together(change);
            let same = |known: &&mut Vec<&Change>| {
                key.is_some() && known.first().is_some_and(|first| self.together(first) == key)
            };
            match gathered.iter_mut().find(same) {
                Some(known) => known.push(change),
                None => gathered.push(vec![change]),
            }
        }
        gathered
    }

    fn units(&self, changes: &[&Change]) -> String {
        let unit = |change: &&Change| {
            let item = item(&change.after).or(item(&change.before))?;
            Some(UnitId(item.get("unit_id")?.as_i64()?))
        };
        self.names.several(self.lang, &changes.iter().filter_map(unit).collect::<Vec<_>>())
    }

    /// A change in a line: `新增任务 修订标准化作业程序`.
    fn in_lines(&self, changes: &[Change]) -> Vec<String> {
        let mut lines = vec![];
        for gathered in self.gathered(changes) {
            let Some(change) = gathered.first() else { continue };
            let verb = match (&change.before, &change.after) {
                (None, _) => self.lang.pick("新增", "added "),
                (_, None) => self.lang.pick("删除", "removed "),
                _ => self.lang.pick("修改", "changed "),
            };
            let Some(item) = item(&change.after).or(item(&change.before)) else { continue };
            let about = match change.kind {
                ListKind::Responsibility => format!("{} {}", self.shown("part", item), self.units(&gathered)),
                ListKind::ScheduleEntry => format!("{}（{}）", self.name(item), self.days(item)),
                _ => self.name(item),
            };
            lines.push(format!("{verb}{} {about}", self.kind(change.kind)));
        }
        lines
    }

    /// What it is about, as it was, as it is.
    fn side_by_side(&self, changes: &[Change]) -> Vec<[Html; 3]> {
        let mut rows = vec![];
        for gathered in self.gathered(changes) {
            let Some(change) = gathered.first() else { continue };
            let (before, after) = (item(&change.before), item(&change.after));
            let Some(known) = after.or(before) else { continue };
            let what = Html::text(self.name(known)).with_note(self.kind(change.kind));
            let side = |side: Option<&Item>, other: Option<&Item>| match side {
                None => Html::empty(),
                Some(side) if gathered.len() > 1 || self.together(change).is_some() => {
                    Html::text(format!("{} {}", self.shown("part", side), self.units(&gathered)))
                }
                Some(side) => Html::lines(self.fields(side, other).into_iter().map(Html::text)),
            };
            rows.push([what, side(before, after), side(after, before)]);
        }
        rows
    }

    /// The fields that differ, each with its name in the lists. Ids, places and versions say nothing to a reader.
    fn fields(&self, side: &Item, other: Option<&Item>) -> Vec<String> {
        let colon = self.lang.pick("：", ": ");
        let mut lines = vec![];
        for (field, zh, en) in FIELDS {
            let (Some(value), before) = (side.get(*field), other.and_then(|other| other.get(*field))) else { continue };
            if Some(value) == before || (other.is_none() && is_usual(field, value)) {
                continue;
            }
            let shown = self.shown(field, side);
            let shown = if shown.is_empty() { PlanWords(self.lang).nothing().into_owned() } else { shown };
            lines.push(format!("{}{colon}{shown}", self.lang.pick(*zh, *en)));
        }
        lines
    }

    /// A field as the lists say it.
    fn shown(&self, field: &str, item: &Item) -> String {
        let w = PlanWords(self.lang);
        let Some(value) = item.get(field) else { return String::new() };
        match (field, value) {
            ("nodes", _) => self.days(item),
            ("part", Value::String(part)) => {
                let part = Part::ALL.iter().find(|known| known.word() == part);
                part.map(|part| words::part(self.lang, *part)).unwrap_or_default().to_owned()
            }
            ("unit_id", Value::Number(id)) => id.as_i64().map(|id| self.names.one(UnitId(id))).unwrap_or_default(),
            (_, Value::Bool(yes)) => (if *yes { w.yes() } else { w.no() }).into_owned(),
            (_, Value::String(text)) => match text.parse::<NaiveDate>() {
                Ok(day) => self.lang.full_day(&day),
                Err(_) => text.clone(),
            },
            (_, Value::Array(texts)) => {
                in_short(self.lang, texts.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            }
            (_, Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    /// The due days of an entry.
    fn days(&self, item: &Item) -> String {
        let nodes = item.get("nodes").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let day = |node: &Value| node.get("due_on")?.as_str()?.parse::<NaiveDate>().ok();
        let days: Vec<String> = nodes.iter().filter_map(day).map(|day| self.lang.day(&day)).collect();
        match days.as_slice() {
            [] => PlanWords(self.lang).no_day_yet().into_owned(),
            [first, .., last] if days.len() > super::DAYS => {
                PlanWords(self.lang).so_often(days.len(), first, last).into_owned()
            }
            _ => days.join(self.lang.pick("、", ", ")),
        }
    }
}

/// What goes without saying of something new.
fn is_usual(field: &str, value: &Value) -> bool {
    match (field, value.as_i64()) {
        ("grace_days", Some(0)) | ("times", Some(1)) => return true,
        _ => {}
    }
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

/// The fields of plans, key points, tasks, responsibilities and entries that a reader knows, in the order of the lists.
const FIELDS: &[(&str, &str, &str)] = &[
    ("title", "名称", "title"),
    ("requirement", "工作要求", "requirement"),
    ("deliverable", "成果", "deliverable"),
    ("evidence_required", "须附佐证材料", "evidence required"),
    ("tags", "标签", "tags"),
    ("unit_id", "组织", "unit"),
    ("part", "承担", "part"),
    ("person", "责任人", "person"),
    ("words", "写法", "words"),
    ("nodes", "到期", "due"),
    ("grace_days", "宽限天数", "days of grace"),
    ("times", "次数", "times"),
    ("target_percent", "目标（%）", "target (%)"),
    ("target_on", "目标日期", "target day"),
    ("closes_on", "最晚可排到", "due days up to"),
    ("document_no", "文号", "document number"),
    ("consulted_on", "征求意见日期", "consulted on"),
    ("approved_by", "审定", "approved by"),
];
