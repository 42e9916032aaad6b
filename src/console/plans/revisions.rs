//! The revisions of a plan: each with its reason and what it did, and two of them side by side.

use actix_web::HttpResponse;
use serde_json::Value;

use super::words::PlanWords;
use crate::console::page::Html;
use crate::console::sheet::{self, Act, Part, Section, Sheet, Table};
use crate::console::{Lang, Visit};
use crate::plans::revisions::{Change, Effects, ListKind, compare as between};
use crate::plans::{self, PlanId};
use crate::platform::Error;
use crate::platform::web::Path;

/// `GET /plans/{id}/revisions`.
pub async fn list(visit: Visit, Path(id): Path<PlanId>) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| {
        let w = PlanWords(view.lang);
        let plan = plans::actions::read(conn, actor, id)?;
        let made = plans::store::revisions_of(conn, id)?;
        let mut table = Table::new([w.revision(), w.made_on(), w.reason(), w.changes(), w.nodes(), w.compare()]);
        for revision in made.iter().rev() {
            let (from, to) = (revision.number - 1, revision.number);
            let changes = revision.changes.iter().map(|change| Html::text(said(w.0, change)));
            table.row([
                Html::text(to.to_string()),
                Html::text(view.lang.full_day(&revision.made_on)),
                Html::text(&revision.reason),
                Html::lines(changes),
                Html::text(effects(w, &revision.time_nodes)),
                Html::link(&format!("/plans/{id}/revisions/{from}/diff/{to}"), w.compare_with(from, to)),
            ]);
        }
        let mut sheet = Sheet {
            kicker: vec![plan.title.clone()],
            title: w.revisions().into(),
            back: Some(Act::new(format!("/plans/{id}"), w.back())),
            ..Sheet::default()
        };
        if let Some(last) = made.last().filter(|last| last.number > 1) {
            let address = format!("/plans/{id}/revisions/0/diff/{}", last.number);
            sheet.acts.push(Act::new(address, w.compare_with(0, last.number)));
        }
        let section = Section::new("revisions", w.revisions_of(&plan.title));
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
            let mut table = Table::new([w.what(), w.before(), w.after()]);
            for change in changes {
                let (before, after) = sides(change);
                table.row([Html::text(kind(w.0, change.kind)), before, after]);
            }
            sheet.sections.push(Section::new(name, heading).part(Part::Table(table)));
        }
        if sheet.sections.is_empty() {
            let empty = Part::Empty { title: w.nothing_between().into(), text: w.nothing_between_hint().into() };
            sheet.sections.push(Section::new("nothing", w.compare()).part(empty));
        }
        Ok(sheet)
    });
    sheet::show(&visit.view, &sheet.await?)
}

fn effects(w: PlanWords, effects: &Effects) -> String {
    let Effects { created, cancelled, extended, requested } = effects;
    w.nodes_made(created.len(), cancelled.len(), extended.len(), requested.len()).into()
}

fn kind(lang: Lang, kind: ListKind) -> &'static str {
    match kind {
        ListKind::Plan => lang.pick("计划", "plan"),
        ListKind::KeyPoint => lang.pick("要点", "key point"),
        ListKind::Task => lang.pick("任务", "task"),
        ListKind::Responsibility => lang.pick("责任", "responsibility"),
        ListKind::ScheduleEntry => lang.pick("时限", "deadline"),
    }
}

/// A change in a line: `新增 任务 修订标准化作业程序`.
fn said(lang: Lang, change: &Change) -> String {
    let verb = match (&change.before, &change.after) {
        (None, _) => lang.pick("新增", "added"),
        (_, None) => lang.pick("删除", "removed"),
        _ => lang.pick("修改", "changed"),
    };
    let item = change.after.as_ref().or(change.before.as_ref());
    let name = item.and_then(|item| ["title", "words", "due_on"].iter().find_map(|field| item[*field].as_str()));
    format!("{verb} {} {}", kind(lang, change.kind), name.unwrap_or_default()).trim_end().to_owned()
}

/// The fields that differ, as they were and as they are. Ids and versions say nothing to a reader.
fn sides(change: &Change) -> (Html, Html) {
    let empty = serde_json::Map::new();
    let fields = |item: &Option<Value>| item.as_ref().and_then(Value::as_object).unwrap_or(&empty).clone();
    let (before, after) = (fields(&change.before), fields(&change.after));
    let silent = |name: &str| name == "id" || name == "version" || name == "revision";
    let names: Vec<&String> = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name))).collect();
    let differing = names.into_iter().filter(|name| !silent(name) && before.get(*name) != after.get(*name));
    let (mut left, mut right) = (vec![], vec![]);
    for name in differing {
        let line = |side: &serde_json::Map<String, Value>| {
            side.get(name).filter(|value| !value.is_null()).map(|value| match value {
                Value::String(text) => Html::text(format!("{name}: {text}")),
                other => Html::text(format!("{name}: {other}")),
            })
        };
        left.extend(line(&before));
        right.extend(line(&after));
    }
    (Html::lines(left), Html::lines(right))
}
