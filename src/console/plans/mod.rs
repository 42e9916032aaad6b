//! Plans: the list, one plan with its lists, its revisions side by side, its receipts, a task with where it came from.
//! What is done with a plan is in [`deeds`], with its lists in [`lists`].

pub mod deeds;
pub mod lists;
mod paper;
mod revisions;
mod task;
mod words;

use actix_web::{HttpResponse, web};

use super::choices::{Names, all_of, name_of, unit_names, units_for};
use super::form;
use super::page::Html;
use super::sheet::{self, Act, Part as Piece, Section, Sheet, Table};
use super::view::View;
use super::{Lang, Visit};
use crate::access::{Action, Actor};
use crate::plans::model::{Part, Responsibility};
use crate::plans::whole::Whole;
use crate::plans::{self, Plan, PlanId, PlanStatus, schedules};
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
    config.route("/plans", web::get().to(list));
    form::deed::<Create>(config, "/plans/new");
    config.route("/plans/{id}", web::get().to(one));
    form::deed::<Change>(config, "/plans/{id}/change");
    form::deed::<Issue>(config, "/plans/{id}/issue");
    form::deed::<Close>(config, "/plans/{id}/close");
    form::deed::<AddKeyPoint>(config, "/plans/{id}/key-points/new");
    config.route("/plans/{id}/revisions", web::get().to(revisions::list));
    config.route("/plans/{id}/revisions/{a}/diff/{b}", web::get().to(revisions::compare));
    config.route("/plans/{id}/receipts", web::get().to(paper::receipts));
    config.route("/plans/{id}/responsibility-sheet", web::get().to(paper::responsibility_sheet));
    form::deed::<ChangeKeyPoint>(config, "/key-points/{id}/change");
    form::deed::<RemoveKeyPoint>(config, "/key-points/{id}/remove");
    form::deed::<AddTask>(config, "/key-points/{id}/tasks/new");
    config.route("/tasks/{id}", web::get().to(task::one));
    form::deed::<ChangeTask>(config, "/tasks/{id}/change");
    form::deed::<RemoveTask>(config, "/tasks/{id}/remove");
    form::deed::<PutSchedule>(config, "/tasks/{id}/schedule");
    form::deed::<AddResponsibility>(config, "/tasks/{id}/responsibilities/new");
    form::deed::<RemoveResponsibility>(config, "/responsibilities/{id}/remove");
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
        let mut table =
            Table::new([w.plan(), w.year(), w.unit(), w.status(), w.issued_on(), w.revision()]).numbers([5]);
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
    let (whole, names) = (Whole::of(conn, id)?, Names::of_today(conn)?);
    let here = format!("/plans/{id}");
    let at = |verb: &str| format!("{here}/{verb}");
    let draft = plan.status == PlanStatus::Draft;
    let acts = [
        (writes && draft, Act::new(at("issue"), w.issue()).main()),
        (writes, Act::new(at("key-points/new"), w.add_key_point())),
        (writes, Act::new(format!("/imports?list=tasks&plan_id={id}"), w.import())),
        (writes, Act::new(at("change"), w.change())),
        (!draft, Act::new(at("revisions"), w.revisions())),
        (!draft, Act::new(at("receipts"), w.receipts())),
        (true, Act::new(at("responsibility-sheet"), w.responsibility_sheet())),
        (writes && plan.status == PlanStatus::Issued, Act::new(at("close"), w.close())),
    ];
    let mut kicker = vec![names.one(plan.unit_id), plan.year.to_string()];
    kicker.extend(plan.document_no.clone());
    let mut sheet = Sheet {
        kicker,
        title: plan.title.clone(),
        lead: lead(w, &plan),
        back: Some(Act::new("/plans", w.all())),
        acts: acts.into_iter().filter_map(|(may, act)| may.then_some(act)).collect(),
        ..Sheet::default()
    };
    for key_point in &whole.key_points {
        let mut table = Table::new([w.task(), w.held_by(), w.schedule()]).widths([4, 3, 3]);
        for task in whole.tasks_in(key_point.id) {
            let entries = whole.entries(task.id).iter().map(|row| schedules::shown(row, task));
            let entries = entries.map(|entry| entry_words(lang, &entry));
            table.row([
                Html::link(&format!("/tasks/{}", task.id), format!("{} {}", task.code, task.title))
                    .with_note(task.requirement.as_deref().unwrap_or_default()),
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

/// Where a plan stands, in sentences.
fn lead(w: PlanWords, plan: &Plan) -> String {
    let day = |day: &chrono::NaiveDate| w.0.full_day(day);
    let mut said = vec![match (plan.status, plan.issued_on) {
        (PlanStatus::Issued, Some(on)) if plan.revision > 0 => w.was_revised(day(&on), plan.revision),
        (PlanStatus::Issued, Some(on)) => w.was_issued(day(&on)),
        (PlanStatus::Closed, Some(on)) => w.was_closed(day(&on)),
        _ => w.is_draft(),
    }];
    said.push(w.aims(day(&plan.target_on), plan.target_percent));
    said.extend(plan.approved_by.as_ref().map(|by| w.was_approved(by)));
    said.join(w.0.pick("", " "))
}

/// Who holds what: `牵头 党群工作部 · 责任 第一党支部、第二党支部`.
fn held_by(lang: Lang, names: &Names, held: &[Responsibility]) -> Html {
    let lines = Part::ALL.iter().filter_map(|part| {
        let of: Vec<UnitId> = held.iter().filter(|one| one.part == *part).map(|one| one.unit_id).collect();
        let said = || format!("{} {}", words::part(lang, *part), names.several(lang, &of));
        (!of.is_empty()).then(|| Html::text(said()))
    });
    Html::lines(lines)
}

/// So many days are said one by one.
const DAYS: usize = 4;

/// The written deadline, and behind it the days it was read as; a long row of them by its first and last.
fn entry_words(lang: Lang, entry: &crate::plans::model::Entry) -> Html {
    let days: Vec<String> = entry.nodes.iter().map(|node| lang.day(&node.due_on)).collect();
    let read = match days.as_slice() {
        [first, .., last] if days.len() > DAYS => PlanWords(lang).so_often(days.len(), first, last).into_owned(),
        _ => days.join(lang.pick("、", ", ")),
    };
    let title = entry.title.as_ref().map(|title| format!("{title} ")).unwrap_or_default();
    match &entry.words {
        Some(words) if *words == read => Html::text(format!("{title}{read}")),
        Some(words) => Html::text(format!("{title}{words}")).with_note(read),
        None if read.is_empty() => Html::text(format!("{title}{}", PlanWords(lang).no_day_yet())),
        None => Html::text(format!("{title}{read}")),
    }
}
