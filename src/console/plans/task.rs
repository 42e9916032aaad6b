//! A task: what is asked, who holds it, when it is due, how far it is, where it came from.

use std::borrow::Cow;

use actix_web::HttpResponse;

use super::words::{self, PlanWords};
use crate::access::{Action, Actor};
use crate::console::Visit;
use crate::console::choices::{Names, all_of};
use crate::console::page::Html;
use crate::console::sheet::{self, Act, Part as Piece, Section, Sheet, Table};
use crate::console::terms;
use crate::console::view::View;
use crate::meetings::decisions;
use crate::plans::{self, PlanStatus, TaskId, lists as plan_lists, schedules};
use crate::platform::db::today;
use crate::platform::web::Path;
use crate::platform::{Conn, Error, Result};
use crate::time_nodes::{TimeNode, Verdict, store};
use crate::units::UnitId;

/// `GET /tasks/{id}`.
pub async fn one(visit: Visit, Path(id): Path<TaskId>) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| shown(conn, actor, &view, id)).await?;
    sheet::show(&visit.view, &sheet)
}

fn shown(conn: &mut Conn, actor: &Actor, view: &View, id: TaskId) -> Result<Sheet> {
    let (w, lang) = (PlanWords(view.lang), view.lang);
    let task = plan_lists::read_task(conn, actor, id)?;
    let plan = plans::actions::read(conn, actor, task.plan_id)?;
    let site = plans::actions::site_of(conn, &plan)?;
    let writes = actor.may(Action::WritePlan, &site) && plan.status != PlanStatus::Closed;
    let names = Names::of_today(conn)?;
    let mut held = Table::new([w.unit_name(), w.part(), w.person(), Cow::Borrowed("")]);
    for one in plans::store::responsibilities_of(conn, id)? {
        let remove = Html::link(&format!("/responsibilities/{}/remove", one.id), w.remove());
        held.row([
            Html::text(names.one(one.unit_id)),
            Html::text(words::part(lang, one.part)),
            Html::text(one.person.unwrap_or_default()),
            if writes { remove } else { Html::default() },
        ]);
    }
    let mut days = Table::new([w.entry(), w.due()]);
    for entry in schedules::schedule_of(conn, &task)?.entries {
        let due = entry.nodes.iter().map(|node| lang.full_day(&node.due_on)).collect::<Vec<_>>();
        let written = entry.words.clone().unwrap_or_else(|| w.dated().into_owned());
        let written = entry.title.as_ref().map_or(written.clone(), |title| format!("{title} {written}"));
        let due = if due.is_empty() { w.no_day_yet().into_owned() } else { due.join(lang.pick("、", ", ")) };
        days.row([Html::text(written), Html::text(due)]);
    }
    let mut facts = vec![];
    let mut fact = |name: Cow<'static, str>, text: Option<String>| {
        facts.extend(text.map(|text| (name.into_owned(), Html::text(text))));
    };
    fact(w.requirement(), task.requirement.clone());
    fact(w.deliverable(), task.deliverable.clone());
    fact(w.evidence(), task.evidence_required.then(|| lang.pick("是", "yes").to_owned()));
    fact(w.tags(), (!task.tags.is_empty()).then(|| task.tags.join(lang.pick("、", ", "))));
    let here = format!("/tasks/{id}");
    let nodes = nodes_of(conn, actor, id)?;
    let counted = nodes.iter().filter(|node| node.verdict != Verdict::Excluded);
    let done = nodes.iter().filter(|node| matches!(node.verdict, Verdict::DoneOnTime | Verdict::DoneLate)).count();
    let overdue = nodes.iter().filter(|node| node.verdict == Verdict::Overdue).count();
    let lead = match (counted.count(), overdue) {
        (0, _) => String::new(),
        (all, 0) => w.done_of(done, all).into_owned(),
        (all, overdue) => w.done_and_overdue(done, all, overdue).into_owned(),
    };
    let mut sheet = Sheet {
        kicker: vec![plan.title.clone(), task.code.clone()],
        title: task.title.clone(),
        lead,
        back: Some(Act::new(format!("/plans/{}", plan.id), w.back())),
        acts: if writes {
            vec![
                Act::new(format!("{here}/change"), w.change_task()),
                Act::new(format!("{here}/remove"), w.remove_task()),
            ]
        } else {
            vec![]
        },
        ..Sheet::default()
    };
    if !facts.is_empty() {
        sheet.sections.push(Section::new("task", w.task()).part(Piece::Facts(facts)));
    }
    let held = Section::new("held", w.responsibilities())
        .act(writes, Act::new(format!("{here}/responsibilities/new"), w.add_responsibility()))
        .part(Piece::Table(held));
    let days = Section::new("schedule", w.schedule())
        .act(writes, Act::new(format!("{here}/schedule"), w.put_schedule()))
        .part(Piece::Table(days));
    sheet.sections.extend([held, days]);
    if !nodes.is_empty() {
        sheet.sections.push(standing_section(view, w, &names, &nodes));
    }
    if task.origin.is_some() {
        sheet.sections.push(origin_section(conn, actor, w, id)?);
    }
    Ok(sheet)
}

/// The way back to the decision, the meeting, the opinion, the finding.
fn origin_section(conn: &mut Conn, actor: &Actor, w: PlanWords, id: TaskId) -> Result<Section> {
    let chain = decisions::chain::of_task(conn, actor, id)?;
    let mut facts = vec![];
    if let Some(meeting) = &chain.meeting {
        facts.push((w.from_meeting().into(), Html::link(&format!("/meetings/{}", meeting.id), &meeting.title)));
    }
    facts.extend(chain.decision.map(|decision| (w.from_decision().into(), Html::text(decision.text))));
    for opinion in chain.opinions {
        facts.push((w.from_opinions().into(), Html::text(opinion.text.unwrap_or_default())));
    }
    if let Some(finding) = &chain.finding {
        facts.push((w.from_finding().into(), Html::link(&format!("/findings/{}", finding.id), &finding.title)));
    }
    Ok(Section::new("origin", w.origin()).part(Piece::Facts(facts)))
}

/// The nodes of a task that the visitor may read, as they stand today.
fn nodes_of(conn: &mut Conn, actor: &Actor, id: TaskId) -> Result<Vec<TimeNode>> {
    let filter = store::NodeFilter { task_id: Some(id), ..store::NodeFilter::default() };
    let (reach, day) = (actor.reach(Action::ReadNodes), today(conn)?);
    Ok(store::list(conn, &all_of("time-nodes")?, &reach, &filter, day)?.0)
}

/// Of so many units each node is shown; of more, the page of figures shows them.
const UNITS: usize = 40;

/// Each unit's nodes, beside each other by their day.
fn standing_section(view: &View, w: PlanWords, names: &Names, nodes: &[TimeNode]) -> Section {
    let lang = view.lang;
    let name = |node: &TimeNode| {
        node.period.as_ref().map_or_else(|| view.day(&node.original_due_on), |period| lang.period(period))
    };
    let (mut columns, mut units): (Vec<String>, Vec<UnitId>) = (vec![], vec![]);
    for node in nodes {
        if !columns.contains(&name(node)) {
            columns.push(name(node));
        }
        if !units.contains(&node.unit_id) {
            units.push(node.unit_id);
        }
    }
    let section = Section::new("standing", w.standing());
    if units.len() > UNITS {
        return section
            .part(Piece::Empty { title: w.many_units(units.len()).into(), text: w.many_units_hint().into() });
    }
    units.sort();
    let mut table = Table { head: vec![w.unit_name().into()], ..Table::default() }.matrix();
    table.head.extend(columns.iter().cloned());
    for unit in units {
        let cell = |column: &String| {
            let here = nodes.iter().filter(|node| node.unit_id == unit && name(node) == *column);
            Html::lines(here.map(|node| {
                let mark = terms::Mark::node(lang, node);
                Html::light_link(&format!("/time-nodes/{}", node.id), mark.shape, mark.colour, mark.word)
            }))
        };
        let row = columns.iter().map(cell);
        table.rows.push(std::iter::once(Html::text(names.one(unit))).chain(row).collect());
    }
    section.part(Piece::Table(table))
}
