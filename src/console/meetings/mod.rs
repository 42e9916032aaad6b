//! Meetings, from the agenda to the minutes: the list, one meeting with all that belongs to it, its sheets for paper.
//! What is done with one is in [`deeds`] and [`said`], a form a verb.

pub mod deeds;
pub mod paper;
pub mod said;
mod words;

use std::collections::HashMap;

use actix_web::{HttpResponse, web};

use super::choices::{all_of, name_of, unit_names};
use super::form;
use super::page::Html;
use super::sheet::{self, Act, Part, Section, Sheet, Table};
use super::view::View;
use super::{Lang, Visit};
use crate::access::{Action, Actor};
use crate::meetings::attendance::{self, Attendances};
use crate::meetings::decisions::actions as decisions;
use crate::meetings::decisions::model::{DecisionKind, MeetingDecision};
use crate::meetings::decisions::store::DecisionFilter;
use crate::meetings::minutes::{self, Minutes};
use crate::meetings::model::{Meeting, MeetingStatus, MinutesStatus};
use crate::meetings::opinions::actions as opinions;
use crate::meetings::opinions::model::Opinion;
use crate::meetings::opinions::store::OpinionFilter;
use crate::meetings::receipts::{self, MeetingReceipt, ReceiptKind};
use crate::meetings::store::MeetingFilter;
use crate::meetings::{MeetingId, actions, agenda};
use crate::platform::error::NOT_FOUND;
use crate::platform::web::Path;
use crate::platform::{Conn, Error, PageRequest, Result};
use crate::units::{self, UnitId};
use words::MeetingWords;

/// The addresses of meetings.
pub fn routes(config: &mut web::ServiceConfig) {
    use deeds::{Cancel, Change, Close, Create, Hold, Invite, Next, PutAttendance, PutRecord};
    use said::{AddItem, Answer, Decide, Distribute, DraftBulletin, Give, MakeTask, PutMinutes, RemoveItem, Sign};
    macro_rules! deed {
        ($address:literal, $deed:ty) => {
            config.service(web::resource($address).get(form::show::<$deed>).post(form::send::<$deed>));
        };
    }
    config.route("/meetings", web::get().to(list));
    deed!("/meetings/new", Create);
    config.route("/meetings/{id}", web::get().to(one));
    deed!("/meetings/{id}/change", Change);
    deed!("/meetings/{id}/call", Invite);
    deed!("/meetings/{id}/attendance", PutAttendance);
    deed!("/meetings/{id}/hold", Hold);
    deed!("/meetings/{id}/cancel", Cancel);
    deed!("/meetings/{id}/close", Close);
    deed!("/meetings/{id}/record", PutRecord);
    deed!("/meetings/{id}/next", Next);
    deed!("/meetings/{id}/agenda/new", AddItem);
    deed!("/agenda-items/{id}/remove", RemoveItem);
    deed!("/meetings/{id}/minutes", PutMinutes);
    deed!("/meetings/{id}/minutes/sign", Sign);
    deed!("/meetings/{id}/minutes/distribute", Distribute);
    deed!("/meetings/{id}/opinions/new", Give);
    deed!("/opinions/{id}/answer", Answer);
    deed!("/meetings/{id}/decisions/new", Decide);
    deed!("/decisions/{id}/task", MakeTask);
    deed!("/meetings/{id}/time-nodes", deeds::Tick);
    deed!("/meetings/{id}/receipt", deeds::SignReceipt);
    deed!("/meetings/{id}/bulletin", DraftBulletin);
    config.route("/meetings/{id}/attendance-sheet", web::get().to(paper::attendance_sheet));
    config.route("/meetings/{id}/minutes-sheet", web::get().to(paper::minutes_sheet));
}

/// `GET /meetings`.
async fn list(visit: Visit) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| listed(conn, actor, &view)).await?;
    sheet::show(&visit.view, &sheet)
}

fn listed(conn: &mut Conn, actor: &Actor, view: &View) -> Result<Sheet> {
    let w = MeetingWords(view.lang);
    let page = PageRequest::new("meetings", Some(200), None, false)?;
    let filter = MeetingFilter { path: None, kind: None, status: None, from: None, to: None };
    let (mut meetings, _) = actions::list(conn, actor, &page, None, filter)?;
    meetings.sort_by_key(|meeting| std::cmp::Reverse((meeting.held_on.unwrap_or(meeting.called_for), meeting.id.0)));
    let names = unit_names(conn)?;
    let may_write = super::choices::units_for(conn, actor, Action::WriteMeeting)?;
    let (to_come, took_place): (Vec<_>, Vec<_>) =
        meetings.iter().partition(|meeting| meeting.status == MeetingStatus::Scheduled);
    let table = |rows: &[&Meeting]| {
        let mut table = Table::new([w.meeting(), w.day(), w.unit(), w.kind(), w.attendance(), w.status()]);
        for meeting in rows {
            table.row([
                Html::link(&format!("/meetings/{}", meeting.id), &meeting.title),
                Html::text(view.day(&meeting.held_on.unwrap_or(meeting.called_for))),
                Html::text(name_of(&names, meeting.unit_id)),
                Html::text(words::kind(view.lang, meeting.kind)),
                Html::text(came(w, meeting)),
                Html::text(words::status(view.lang, meeting.status)),
            ]);
        }
        table
    };
    let create = Act::new("/meetings/new", w.call_one());
    let held = took_place.iter().filter(|meeting| meeting.status != MeetingStatus::Cancelled).count();
    let mut sheet = Sheet {
        title: w.title().into(),
        lead: w.lead(to_come.len(), held).into(),
        acts: if may_write.is_empty() { vec![] } else { vec![create.main()] },
        ..Sheet::default()
    };
    if !to_come.is_empty() {
        sheet.sections.push(Section::new("to-come", w.to_come()).part(Part::Table(table(&to_come))));
    }
    let past = table(&took_place).or_empty(w.none(), w.none_hint());
    sheet.sections.push(Section::new("held", w.took_place()).part(past));
    Ok(sheet)
}

/// `3/4`, once it is known who was expected.
fn came(w: MeetingWords, meeting: &Meeting) -> String {
    let summary = &meeting.attendance;
    if summary.expected == 0 { String::new() } else { w.present_of(summary.present, summary.expected).into() }
}

/// `GET /meetings/{id}`.
async fn one(visit: Visit, Path(id): Path<MeetingId>) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| shown(conn, actor, &view, id)).await?;
    sheet::show(&visit.view, &sheet)
}

/// A meeting with what the page about it asks again and again.
struct About<'a> {
    view: &'a View,
    w: MeetingWords,
    lang: Lang,
    meeting: Meeting,
    names: HashMap<UnitId, String>,
    /// The visitor writes the meeting.
    writes: bool,
    here: String,
}

impl About<'_> {
    fn at(&self, verb: &str) -> String {
        format!("{}/{verb}", self.here)
    }

    fn name(&self, id: UnitId) -> Html {
        Html::text(name_of(&self.names, id))
    }

    fn day(&self, day: Option<chrono::NaiveDate>) -> Html {
        Html::text(day.map_or_else(String::new, |day| self.view.day(&day)))
    }

    fn is(&self, status: MeetingStatus) -> bool {
        self.meeting.status == status
    }

    /// Neither closed nor cancelled, and the visitor writes it.
    fn open(&self) -> bool {
        self.writes && (self.is(MeetingStatus::Scheduled) || self.is(MeetingStatus::Held))
    }

    fn took_place(&self) -> bool {
        self.is(MeetingStatus::Held) || self.is(MeetingStatus::Closed)
    }
}

fn shown(conn: &mut Conn, actor: &Actor, view: &View, id: MeetingId) -> Result<Sheet> {
    let meeting = actions::read(conn, actor, id)?;
    let site = units::store::get(conn, meeting.unit_id)?.site();
    let about = About {
        view,
        w: MeetingWords(view.lang),
        lang: view.lang,
        names: unit_names(conn)?,
        writes: actor.may(Action::WriteMeeting, &site),
        here: format!("/meetings/{id}"),
        meeting,
    };
    let (w, meeting) = (about.w, &about.meeting);
    let signs = actor.may(Action::SignMinutes, &site);
    let answers = actor.may(Action::DisposeOpinion, &site);
    let attendances = attendance::read(conn, actor, id)?.0;
    let heard = opinions::list(conn, actor, &all_of("opinions")?, &opinions_of(id))?.0;
    let decided = decisions::list(conn, actor, &all_of("decisions")?, &decisions_of(id))?.0;
    let receipts = receipts::list(conn, actor, &all_of("meeting-receipts")?, id, None)?.0;
    let written = if_there(minutes::read(conn, actor, id))?;
    let record = if_there(actions::read_record(conn, actor, id))?.and_then(|(record, _)| record.text);
    let agenda = agenda::list(conn, actor, id)?;
    let gives = !super::choices::units_for(conn, actor, Action::GiveOpinion)?.is_empty();
    let reports = actor.may(Action::SignCompletion, &site) || actor.may(Action::BackDate, &site);
    let mut sheet = Sheet {
        kicker: vec![name_of(&about.names, meeting.unit_id), words::kind(about.lang, meeting.kind).into()],
        title: meeting.title.clone(),
        lead: lead(&about),
        back: Some(Act::new("/meetings", w.back())),
        acts: acts(&about),
        sections: vec![],
    };
    sheet.sections.push(agenda_section(&about, &agenda));
    sheet.sections.push(attendance_section(&about, &attendances));
    if about.took_place() {
        sheet.sections.push(record_section(&about, record));
        sheet.sections.push(minutes_section(&about, written.as_ref(), signs));
    }
    sheet.sections.push(opinion_section(&about, &heard, gives, answers));
    if about.took_place() {
        sheet.sections.push(decision_section(&about, &decided));
        sheet.sections.push(tick_section(&about, reports));
    }
    sheet.sections.push(receipt_section(&about, &receipts, actor));
    Ok(sheet)
}

fn opinions_of(id: MeetingId) -> OpinionFilter {
    OpinionFilter { unit_id: None, meeting_id: Some(id), decision_id: None, open: None }
}

fn decisions_of(id: MeetingId) -> DecisionFilter {
    DecisionFilter { unit_id: None, meeting_id: Some(id), kind: None, task_id: None, opinion_id: None }
}

/// What is not there, or is not the visitor's to read, is left out of a page that shows the rest.
fn if_there<T>(read: Result<T>) -> Result<Option<T>> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.code() == NOT_FOUND.code || error.problem().code.status == 403 => Ok(None),
        Err(error) => Err(error),
    }
}

fn lead(about: &About<'_>) -> String {
    let (w, meeting) = (about.w, &about.meeting);
    let day = meeting.held_on.unwrap_or(meeting.called_for);
    let mut said = vec![format!("**{}**", about.lang.full_day(&day))];
    said.extend(meeting.starts_at.clone());
    said.extend(meeting.place.clone());
    said.push(words::status(about.lang, meeting.status).to_owned());
    if meeting.attendance.expected > 0 {
        said.push(w.present_of(meeting.attendance.present, meeting.attendance.expected).into_owned());
        said.push(w.heads(meeting.attendance.head_count).into_owned());
    }
    said.extend(meeting.chair.as_ref().map(|chair| format!("{}{}{chair}", w.chair(), about.view.t.colon())));
    said.extend(meeting.recorder.as_ref().map(|one| format!("{}{}{one}", w.recorder(), about.view.t.colon())));
    said.extend(meeting.cancellation_reason.clone());
    said.join(about.lang.pick("，", ", "))
}

fn acts(about: &About<'_>) -> Vec<Act> {
    let w = about.w;
    let scheduled = about.writes && about.is(MeetingStatus::Scheduled);
    let held = about.writes && about.is(MeetingStatus::Held);
    let past = about.writes && about.took_place();
    [
        (scheduled, Act::new(about.at("hold"), w.hold()).main()),
        (held, Act::new(about.at("close"), w.close()).main()),
        (scheduled, Act::new(about.at("call"), w.call())),
        (about.open(), Act::new(about.at("change"), w.change())),
        (past, Act::new(about.at("next"), w.next())),
        (past, Act::new(about.at("bulletin"), w.bulletin())),
        (scheduled, Act::new(about.at("cancel"), w.cancel())),
        (true, Act::new(about.at("attendance-sheet"), w.attendance_sheet())),
    ]
    .into_iter()
    .filter_map(|(may, act)| may.then_some(act))
    .collect()
}

fn agenda_section(about: &About<'_>, items: &[agenda::AgendaItem]) -> Section {
    let w = about.w;
    let mut table = Table::new([w.item(), w.presenter(), w.link(), std::borrow::Cow::Borrowed("")]);
    for (index, item) in items.iter().enumerate() {
        let remove = Html::link(&format!("/agenda-items/{}/remove", item.id), w.remove());
        table.row([
            Html::text(format!("{}. {}", index + 1, item.title)),
            Html::text(item.presenter.as_deref().unwrap_or_default()),
            item.link.map_or_else(Html::default, |link| linked(about.lang, &link)),
            if about.open() { remove } else { Html::default() },
        ]);
    }
    Section::new("agenda", w.agenda())
        .act(about.open(), Act::new(about.at("agenda/new"), w.add_item()))
        .part(table.or_empty(w.no_agenda(), w.no_agenda_hint()))
}

/// What an agenda item is about, as a way there.
fn linked(lang: Lang, link: &agenda::AgendaLink) -> Html {
    use agenda::LinkKind;
    let (address, zh, en) = match link.kind {
        LinkKind::Plan => ("plans", "计划", "plan"),
        LinkKind::Task => ("tasks", "任务", "task"),
        LinkKind::Finding => ("findings", "问题", "finding"),
        LinkKind::Decision => ("decisions", "决定", "decision"),
        LinkKind::Opinion => ("opinions", "意见", "opinion"),
    };
    let words = format!("{} {}", lang.pick(zh, en), link.id);
    match link.kind {
        LinkKind::Decision | LinkKind::Opinion => Html::text(words),
        _ => Html::link(&format!("/{address}/{}", link.id), words),
    }
}

fn attendance_section(about: &About<'_>, list: &Attendances) -> Section {
    let w = about.w;
    let mut table = Table::new([w.person(), w.unit(), w.attends_as(), w.leave_reason()]);
    for one in &list.items {
        table.row([
            Html::text(&one.person),
            one.unit_id.map_or_else(Html::default, |unit| about.name(unit)),
            Html::text(words::attendance(about.lang, one.status)),
            Html::text(one.reason.as_deref().unwrap_or_default()),
        ]);
    }
    let summary = &list.summary;
    let hint = if summary.expected == 0 { "".into() } else { w.present_of(summary.present, summary.expected) };
    Section::new("attendance", w.attendance())
        .hint(hint)
        .act(about.open(), Act::new(about.at("attendance"), w.put_attendance()))
        .part(table.or_empty(w.nobody(), w.nobody_hint()))
}

fn record_section(about: &About<'_>, record: Option<String>) -> Section {
    let w = about.w;
    let section = Section::new("record", w.record())
        .act(about.writes && about.is(MeetingStatus::Held), Act::new(about.at("record"), w.put_record()));
    match record {
        Some(text) => section.part(Part::Prose(text)),
        None => section,
    }
}

fn minutes_section(about: &About<'_>, minutes: Option<&Minutes>, signs: bool) -> Section {
    let w = about.w;
    let at = minutes.map(|minutes| minutes.status);
    let held = about.is(MeetingStatus::Held);
    let drafting = matches!(at, None | Some(MinutesStatus::Draft));
    let section = Section::new("minutes", w.minutes())
        .hint(at.map_or("", |status| words::minutes(about.lang, status)))
        .act(about.writes && held && drafting, Act::new(about.at("minutes"), w.put_minutes()))
        .act(signs && held && at == Some(MinutesStatus::Draft), Act::new(about.at("minutes/sign"), w.sign()))
        .act(about.writes && at.is_some() && !drafting, Act::new(about.at("minutes/distribute"), w.distribute()))
        .act(minutes.is_some(), Act::new(about.at("minutes-sheet"), w.minutes_paper()));
    match minutes {
        Some(minutes) => section.part(Part::Prose(minutes.text.clone())),
        None => section.part(Part::Empty { title: w.no_minutes().into(), text: w.no_minutes_hint().into() }),
    }
}

fn opinion_section(about: &About<'_>, heard: &[Opinion], gives: bool, answers: bool) -> Section {
    let w = about.w;
    let mut table = Table::new([w.opinion(), w.unit(), w.disposition(), w.reply()]);
    for opinion in heard {
        let state = match (opinion.withdrawn_on, opinion.disposition) {
            (Some(_), _) => Html::text(w.withdrawn()),
            (None, Some(made)) => Html::text(words::disposition(about.lang, made)),
            (None, None) if answers => Html::link(&format!("/opinions/{}/answer", opinion.id), w.answer()),
            (None, None) => Html::text(w.unanswered()),
        };
        table.row([
            Html::text(opinion.text.as_deref().unwrap_or_default()),
            about.name(opinion.unit_id),
            state,
            Html::text(opinion.reply.as_deref().unwrap_or_default()),
        ]);
    }
    let open = !about.is(MeetingStatus::Closed) && !about.is(MeetingStatus::Cancelled);
    Section::new("opinions", w.opinions())
        .act(gives && open, Act::new(about.at("opinions/new"), w.give_opinion()))
        .part(table.or_empty(w.no_opinions(), w.no_opinions_hint()))
}

fn decision_section(about: &About<'_>, decided: &[MeetingDecision]) -> Section {
    let w = about.w;
    let mut table = Table::new([w.decision(), w.decision_kind(), w.votes(), w.due_on(), w.delivery(), w.tasks()]);
    for decision in decided {
        let title = decision.title.as_ref().map(|title| format!("{title}：{}", decision.text));
        let votes = decision.votes.map(|votes| {
            let passed = if decision.passed == Some(false) { w.not_passed() } else { w.passed() };
            format!("{} {passed}", w.voted(votes.in_favour, votes.against, votes.abstain))
        });
        let mut tasks: Vec<Html> =
            decision.task_ids.iter().map(|task| Html::link(&format!("/tasks/{task}"), format!("#{task}"))).collect();
        if about.writes && decision.kind == DecisionKind::Deployment {
            tasks.push(Html::link(&format!("/decisions/{}/task", decision.id), w.make_task()));
        }
        table.row([
            Html::text(format!("{}. {}", decision.number, title.unwrap_or_else(|| decision.text.clone()))),
            Html::text(words::decision(about.lang, decision.kind)),
            Html::text(votes.unwrap_or_default()),
            about.day(decision.due_on),
            Html::text(words::delivery(about.lang, decision.delivery)),
            Html::joined(tasks, " "),
        ]);
    }
    Section::new("decisions", w.decisions())
        .act(about.writes && about.is(MeetingStatus::Held), Act::new(about.at("decisions/new"), w.add_decision()))
        .part(table.or_empty(w.no_decisions(), w.no_decisions_hint()))
}

fn tick_section(about: &About<'_>, reports: bool) -> Section {
    let w = about.w;
    let mut table = Table::new([w.nodes(), w.day()]);
    for node in &about.meeting.time_nodes {
        table.row([
            Html::link(&format!("/time-nodes/{}", node.node_id), w.node(node.node_id)),
            about.day(Some(node.recorded_on)),
        ]);
    }
    Section::new("time-nodes", w.ticked())
        .act(reports, Act::new(about.at("time-nodes"), w.tick()))
        .part(table.or_empty(w.not_ticked(), w.not_ticked_hint()))
}

fn receipt_section(about: &About<'_>, receipts: &[MeetingReceipt], actor: &Actor) -> Section {
    let w = about.w;
    let own = crate::plans::receipts::signing_units(actor);
    let mut table = Table::new([w.unit(), w.what(), w.sent_on(), w.signed_on()]);
    for receipt in receipts {
        let (kind, sign) = match receipt.kind {
            ReceiptKind::Call => (w.the_call(), w.sign_call()),
            ReceiptKind::Minutes => (w.the_minutes(), w.sign_minutes_receipt()),
        };
        let address = format!("{}?kind={}&unit_id={}", about.at("receipt"), receipt.kind.word(), receipt.unit_id);
        let signed = match receipt.signed_on {
            Some(day) => about.day(Some(day)),
            None if own.contains(&receipt.unit_id) => Html::link(&address, sign),
            None => Html::text(w.not_signed()),
        };
        table.row([about.name(receipt.unit_id), Html::text(kind), about.day(Some(receipt.sent_on)), signed]);
    }
    Section::new("receipts", w.receipts()).part(table.or_empty(w.no_receipts(), w.no_receipts_hint()))
}
