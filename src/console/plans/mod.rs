//! Plans: the list, one plan with its lists, its revisions side by side, its receipts, a task with where it came from.
//! What is done with a plan is in [`deeds`], with its lists in [`lists`].

pub mod deeds;
pub mod lists;
mod revisions;
mod words;

use std::borrow::Cow;
use std::collections::HashMap;

use actix_web::{HttpResponse, web};

use super::choices::{all_of, name_of, unit_names, units_for};
use super::form;
use super::page::Html;
use super::sheet::{self, Act, Paper, Part as Piece, Section, Sheet, Table};
use super::view::View;
use super::{Lang, Visit};
use crate::access::{Action, Actor};
use crate::meetings::decisions;
use crate::plans::model::{Part, Responsibility};
use crate::plans::whole::Whole;
use crate::plans::{self, Plan, PlanId, PlanStatus, TaskId, lists as plan_lists, schedules};
use crate::platform::web::Path;
use crate::platform::{Conn, Error, Result};
use crate::units::UnitId;
use words::PlanWords;

/// The addresses of plans.
pub fn routes(config: &mut web::ServiceConfig) {
    use deeds::{Change, Close, Create, Issue};
    use lists::{
        AddKeyPoint, AddResponsibility, AddTask, ChangeKeyPoint, ChangeTask, PutSchedule, RemoveKeyPoint,
        RemoveResponsibility, RemoveTask,
    };
    macro_rules! deed {
        ($address:literal, $deed:ty) => {
            config.service(web::resource($address).get(form::show::<$deed>).post(form::send::<$deed>));
        };
    }
    config.route("/plans", web::get().to(list));
    deed!("/plans/new", Create);
    config.route("/plans/{id}", web::get().to(one));
    deed!("/plans/{id}/change", Change);
    deed!("/plans/{id}/issue", Issue);
    deed!("/plans/{id}/close", Close);
    deed!("/plans/{id}/key-points/new", AddKeyPoint);
    config.route("/plans/{id}/revisions", web::get().to(revisions::list));
    config.route("/plans/{id}/revisions/{a}/diff/{b}", web::get().to(revisions::compare));
    config.route("/plans/{id}/receipts", web::get().to(receipts));
    config.route("/plans/{id}/responsibility-sheet", web::get().to(responsibility_sheet));
    deed!("/key-points/{id}/change", ChangeKeyPoint);
    deed!("/key-points/{id}/remove", RemoveKeyPoint);
    deed!("/key-points/{id}/tasks/new", AddTask);
    config.route("/tasks/{id}", web::get().to(task));
    deed!("/tasks/{id}/change", ChangeTask);
    deed!("/tasks/{id}/remove", RemoveTask);
    deed!("/tasks/{id}/schedule", PutSchedule);
    deed!("/tasks/{id}/responsibilities/new", AddResponsibility);
    deed!("/responsibilities/{id}/remove", RemoveResponsibility);
}

/// The plans one may read, the newest year first.
pub(super) fn readable(conn: &mut Conn, actor: &Actor) -> Result<Vec<Plan>> {
    let (reach, own) = (actor.reach(Action::ReadPlan), plans::actions::own_units(actor));
    let mut found = plans::store::list_plans(conn, &all_of("plans")?, &reach, &own, None, None)?.0;
    found.sort_by_key(|plan| (-plan.year, plan.id.0));
    Ok(found)
}

/// `GET /plans`.
async fn list(visit: Visit) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| {
        let (w, names) = (PlanWords(view.lang), unit_names(conn)?);
        let found = readable(conn, actor)?;
        let mut table = Table::new([w.plan(), w.year(), w.unit(), w.status(), w.issued_on(), w.revision()]);
        for plan in &found {
            table.row([
                Html::link(&format!("/plans/{}", plan.id), &plan.title),
                Html::text(plan.year.to_string()),
                Html::text(name_of(&names, plan.unit_id)),
                Html::text(words::status(view.lang, plan.status)),
                Html::text(plan.issued_on.map(|day| view.lang.full_day(&day)).unwrap_or_default()),
                Html::text(plan.revision.to_string()),
            ]);
        }
        let writes = !units_for(conn, actor, Action::WritePlan)?.is_empty();
        Ok(Sheet {
            title: w.title().into(),
            lead: w.lead(found.len()).into(),
            acts: if writes { vec![Act::new("/plans/new", w.new()).main()] } else { vec![] },
            sections: vec![Section::new("plans", w.all()).part(table.or_empty(w.none(), w.none_hint()))],
            ..Sheet::default()
        })
    });
    sheet::show(&visit.view, &sheet.await?)
}

/// `GET /plans/{id}`.
async fn one(visit: Visit, Path(id): Path<PlanId>) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| shown(conn, actor, &view, id)).await?;
    sheet::show(&visit.view, &sheet)
}

fn shown(conn: &mut Conn, actor: &Actor, view: &View, id: PlanId) -> Result<Sheet> {
    let (w, lang) = (PlanWords(view.lang), view.lang);
    let plan = plans::actions::read(conn, actor, id)?;
    let site = plans::actions::site_of(conn, &plan)?;
    let writes = actor.may(Action::WritePlan, &site) && plan.status != PlanStatus::Closed;
    let (whole, names) = (Whole::of(conn, id)?, unit_names(conn)?);
    let here = format!("/plans/{id}");
    let at = |verb: &str| format!("{here}/{verb}");
    let draft = plan.status == PlanStatus::Draft;
    let acts = [
        (writes && draft, Act::new(at("issue"), w.issue()).main()),
        (writes, Act::new(at("key-points/new"), w.add_key_point())),
        (writes, Act::new(at("change"), w.change())),
        (!draft, Act::new(at("revisions"), w.revisions())),
        (!draft, Act::new(at("receipts"), w.receipts())),
        (true, Act::new(at("responsibility-sheet"), w.responsibility_sheet())),
        (writes && plan.status == PlanStatus::Issued, Act::new(at("close"), w.close())),
    ];
    let day = |day: chrono::NaiveDate| lang.full_day(&day);
    let mut lead = vec![format!("**{}**", words::status(lang, plan.status))];
    lead.extend(plan.issued_on.map(|on| format!("{} {}", day(on), w.issued_on())));
    lead.push(format!("{} {}%，{}", w.target(), plan.target_percent, day(plan.target_on)));
    lead.extend(plan.approved_by.as_ref().map(|by| format!("{}{}{by}", w.approved_by(), view.t.colon())));
    lead.extend(plan.document_no.clone());
    let mut sheet = Sheet {
        kicker: vec![name_of(&names, plan.unit_id), plan.year.to_string(), w.key_points(whole.key_points.len()).into()],
        title: plan.title.clone(),
        lead: lead.join(lang.pick("，", ", ")),
        back: Some(Act::new("/plans", w.all())),
        acts: acts.into_iter().filter_map(|(may, act)| may.then_some(act)).collect(),
        sections: vec![],
    };
    for key_point in &whole.key_points {
        let mut table = Table::new([w.task(), w.requirement(), w.held_by(), w.schedule()]);
        for task in whole.tasks_in(key_point.id) {
            let entries = whole.entries(task.id).iter().map(|row| schedules::shown(row, task));
            let entries = entries.map(|entry| Html::text(entry_words(lang, &entry)));
            table.row([
                Html::link(&format!("/tasks/{}", task.id), format!("{} {}", task.code, task.title)),
                Html::text(task.requirement.as_deref().unwrap_or_default()),
                held_by(lang, &names, whole.responsibilities(task.id)),
                Html::lines(entries),
            ]);
        }
        let section = Section::new(format!("key-point-{}", key_point.id), key_point.title.clone())
            .act(writes, Act::new(format!("/key-points/{}/tasks/new", key_point.id), w.add_task()))
            .act(writes, Act::new(format!("/key-points/{}/change", key_point.id), w.change()))
            .act(writes, Act::new(format!("/key-points/{}/remove", key_point.id), w.remove()));
        sheet.sections.push(section.part(table.or_empty(w.no_tasks(), w.no_tasks_hint())));
    }
    if whole.key_points.is_empty() {
        let empty = Piece::Empty { title: w.no_key_points().into(), text: w.no_key_points_hint().into() };
        sheet.sections.push(Section::new("key-points", w.key_point()).part(empty));
    }
    Ok(sheet)
}

/// Who holds what: `牵头 党群工作部 · 责任 第一党支部、第二党支部`.
fn held_by(lang: Lang, names: &HashMap<UnitId, String>, held: &[Responsibility]) -> Html {
    let lines = Part::ALL.iter().filter_map(|part| {
        let of: Vec<String> =
            held.iter().filter(|one| one.part == *part).map(|one| name_of(names, one.unit_id)).collect();
        (!of.is_empty()).then(|| Html::text(format!("{} {}", words::part(lang, *part), of.join(lang.pick("、", ", ")))))
    });
    Html::lines(lines)
}

/// The written deadline, and behind it the days it was read as.
fn entry_words(lang: Lang, entry: &crate::plans::model::Entry) -> String {
    let days: Vec<String> = entry.nodes.iter().map(|node| lang.day(&node.due_on)).collect();
    let written = entry.words.clone().or_else(|| entry.rrule.clone());
    let days = days.join(lang.pick("、", ", "));
    let said = match written {
        Some(words) if days.is_empty() => words,
        Some(words) => format!("{words}（{days}）"),
        None => days,
    };
    match &entry.title {
        Some(title) => format!("{title} {said}"),
        None => said,
    }
}

/// `GET /tasks/{id}`.
async fn task(visit: Visit, Path(id): Path<TaskId>) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| task_shown(conn, actor, &view, id)).await?;
    sheet::show(&visit.view, &sheet)
}

fn task_shown(conn: &mut Conn, actor: &Actor, view: &View, id: TaskId) -> Result<Sheet> {
    let (w, lang) = (PlanWords(view.lang), view.lang);
    let task = plan_lists::read_task(conn, actor, id)?;
    let plan = plans::actions::read(conn, actor, task.plan_id)?;
    let site = plans::actions::site_of(conn, &plan)?;
    let writes = actor.may(Action::WritePlan, &site) && plan.status != PlanStatus::Closed;
    let names = unit_names(conn)?;
    let mut held = Table::new([w.unit(), w.part(), w.person(), Cow::Borrowed("")]);
    for one in plans::store::responsibilities_of(conn, id)? {
        let remove = Html::link(&format!("/responsibilities/{}/remove", one.id), w.remove());
        held.row([
            Html::text(name_of(&names, one.unit_id)),
            Html::text(words::part(lang, one.part)),
            Html::text(one.person.unwrap_or_default()),
            if writes { remove } else { Html::default() },
        ]);
    }
    let mut days = Table::new([w.entry(), w.due()]);
    for entry in schedules::schedule_of(conn, &task)?.entries {
        let due = entry.nodes.iter().map(|node| lang.full_day(&node.due_on)).collect::<Vec<_>>();
        days.row([Html::text(entry_words(lang, &entry)), Html::text(due.join(lang.pick("、", ", ")))]);
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
    let mut sheet = Sheet {
        kicker: vec![plan.title.clone(), task.code.clone()],
        title: task.title.clone(),
        lead: String::new(),
        back: Some(Act::new(format!("/plans/{}", plan.id), w.back())),
        acts: if writes {
            vec![
                Act::new(format!("{here}/change"), w.change_task()),
                Act::new(format!("{here}/remove"), w.remove_task()),
            ]
        } else {
            vec![]
        },
        sections: vec![Section::new("task", w.task()).part(Piece::Facts(facts))],
    };
    let held = Section::new("held", w.responsibilities())
        .act(writes, Act::new(format!("{here}/responsibilities/new"), w.add_responsibility()))
        .part(Piece::Table(held));
    let days = Section::new("schedule", w.schedule())
        .act(writes, Act::new(format!("{here}/schedule"), w.put_schedule()))
        .part(Piece::Table(days));
    sheet.sections.extend([held, days]);
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

/// `GET /plans/{id}/receipts`.
async fn receipts(visit: Visit, Path(id): Path<PlanId>) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| {
        let (w, names) = (PlanWords(view.lang), unit_names(conn)?);
        let plan = plans::actions::read(conn, actor, id)?;
        let all = plans::receipts::list(conn, actor, &all_of("plan-receipts")?, id, None)?.0;
        let mut table = Table::new([w.unit_name(), w.what(), w.signed_on()]);
        for receipt in all {
            let what = if receipt.revision == 0 { w.the_issue() } else { w.edition(receipt.revision) };
            table.row([
                Html::text(name_of(&names, receipt.unit_id)),
                Html::text(what),
                Html::text(receipt.signed_on.map_or_else(|| w.not_signed().into(), |day| view.day(&day))),
            ]);
        }
        Ok(Sheet {
            kicker: vec![plan.title],
            title: w.receipts().into(),
            back: Some(Act::new(format!("/plans/{id}"), w.back())),
            sections: vec![
                Section::new("receipts", w.receipts()).part(table.or_empty(w.no_receipts(), w.no_receipts_hint())),
            ],
            ..Sheet::default()
        })
    });
    sheet::show(&visit.view, &sheet.await?)
}

/// `GET /plans/{id}/responsibility-sheet`: who holds what, unit by unit, on paper.
async fn responsibility_sheet(visit: Visit, Path(id): Path<PlanId>) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let paper = visit.caller.read_long(move |conn, actor| {
        let (w, lang) = (PlanWords(view.lang), view.lang);
        let plan = plans::actions::read(conn, actor, id)?;
        let (whole, names) = (Whole::of(conn, id)?, unit_names(conn)?);
        let mut table = Table::new([w.unit_name(), w.task(), w.part(), w.person(), w.schedule()]);
        for (unit_id, name) in super::choices::units(conn, |_| true)? {
            for task in &whole.tasks {
                let entries = whole.entries(task.id).iter().map(|row| schedules::shown(row, task));
                let days: Vec<Html> = entries.map(|entry| Html::text(entry_words(lang, &entry))).collect();
                let of_unit = whole.responsibilities(task.id).iter().filter(|one| one.unit_id.to_string() == unit_id);
                for one in of_unit {
                    table.row([
                        Html::text(&name),
                        Html::text(format!("{} {}", task.code, task.title)),
                        Html::text(words::part(lang, one.part)),
                        Html::text(one.person.as_deref().unwrap_or_default()),
                        Html::lines(days.clone()),
                    ]);
                }
            }
        }
        let mut facts = vec![name_of(&names, plan.unit_id), plan.year.to_string()];
        facts.extend(plan.document_no.clone());
        facts.extend(plan.issued_on.map(|day| format!("{} {}", w.issued_on(), lang.full_day(&day))));
        Ok(Paper {
            back: Some(Act::new(format!("/plans/{id}"), w.back())),
            title: format!("{} {}", plan.title, w.responsibility_sheet()),
            facts,
            parts: vec![table.or_empty(w.no_key_points(), w.no_key_points_hint())],
            signs: vec![w.signer().into(), w.approver().into()],
            landscape: true,
        })
    });
    sheet::show_paper(&visit.view, &paper.await?)
}
