//! Meetings, from the agenda to the minutes: the list, one meeting with all that belongs to it, its sheets for paper.
//! What is done with one is in [`deeds`] and [`said`], a form a verb.

pub mod deeds;
pub mod paper;
pub mod said;
mod sections;
mod words;

use std::collections::HashMap;

use actix_web::{HttpResponse, web};

use super::choices::{all_of, name_of, unit_names};
use super::form;
use super::links::if_there;
use super::page::Html;
use super::sheet::{self, Act, Part, Section, Sheet, Table};
use super::view::View;
use super::{Lang, Visit};
use crate::access::{Action, Actor};
use crate::console::page::see_other;
use crate::meetings::attendance::{self};
use crate::meetings::decisions::actions as decisions;
use crate::meetings::decisions::store::DecisionFilter;
use crate::meetings::minutes::{self};
use crate::meetings::model::{Meeting, MeetingStatus};
use crate::meetings::opinions::OpinionId;
use crate::meetings::opinions::actions as opinions;
use crate::meetings::opinions::store::OpinionFilter;
use crate::meetings::receipts::{self};
use crate::meetings::store::MeetingFilter;
use crate::meetings::{MeetingId, actions, agenda};
use crate::platform::web::Path;
use crate::platform::{Conn, Error, PageRequest, Result};
use crate::units::{self, UnitId};
use sections::{
    agenda_section, attendance_section, decision_section, linked, minutes_section, opinion_section, receipt_section,
    record_section, tick_section,
};
use words::MeetingWords;

/// The addresses of meetings.
pub fn routes(config: &mut web::ServiceConfig) {
    use deeds::{Cancel, Change, Close, Create, Hold, Invite, Next, PutAttendance, PutRecord};
    use said::{AddItem, Answer, Decide, Distribute, DraftBulletin, Give, MakeTask, PutMinutes, RemoveItem, Sign};
    config.route("/meetings", web::get().to(list));
    form::deed::<Create>(config, "/meetings/new");
    config.route("/meetings/{id}", web::get().to(one));
    config.route("/opinions/{id}", web::get().to(opinion));
    form::deed::<Change>(config, "/meetings/{id}/change");
    form::deed::<Invite>(config, "/meetings/{id}/call");
    form::deed::<PutAttendance>(config, "/meetings/{id}/attendance");
    form::deed::<Hold>(config, "/meetings/{id}/hold");
    form::deed::<Cancel>(config, "/meetings/{id}/cancel");
    form::deed::<Close>(config, "/meetings/{id}/close");
    form::deed::<PutRecord>(config, "/meetings/{id}/record");
    form::deed::<Next>(config, "/meetings/{id}/next");
    form::deed::<AddItem>(config, "/meetings/{id}/agenda/new");
    form::deed::<RemoveItem>(config, "/agenda-items/{id}/remove");
    form::deed::<PutMinutes>(config, "/meetings/{id}/minutes");
    form::deed::<Sign>(config, "/meetings/{id}/minutes/sign");
    form::deed::<Distribute>(config, "/meetings/{id}/minutes/distribute");
    form::deed::<Give>(config, "/meetings/{id}/opinions/new");
    form::deed::<Answer>(config, "/opinions/{id}/answer");
    form::deed::<Decide>(config, "/meetings/{id}/decisions/new");
    form::deed::<MakeTask>(config, "/decisions/{id}/task");
    form::deed::<deeds::Tick>(config, "/meetings/{id}/time-nodes");
    form::deed::<deeds::SignReceipt>(config, "/meetings/{id}/receipt");
    form::deed::<DraftBulletin>(config, "/meetings/{id}/bulletin");
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

/// `GET /opinions/{id}`: an opinion has no page of its own; it stands on that of its meeting.
async fn opinion(visit: Visit, Path(id): Path<OpinionId>) -> Result<HttpResponse, Error> {
    let opinion = visit.caller.read(move |conn, actor| opinions::read(conn, actor, id)).await?;
    Ok(see_other(&format!("/meetings/{}#opinions", opinion.meeting_id)))
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
        ..Sheet::default()
    };
    if let Some(facts) = facts(&about) {
        sheet.sections.push(Section::new("meeting", w.meeting()).part(facts));
    }
    let about_what =
        agenda.iter().map(|item| linked(conn, actor, about.lang, item.link)).collect::<Result<Vec<_>>>()?;
    sheet.sections.push(agenda_section(&about, &agenda, about_what));
    sheet.sections.push(attendance_section(&about, &attendances));
    if about.took_place() {
        sheet.sections.extend(record_section(&about, record));
        sheet.sections.push(minutes_section(&about, written.as_ref(), signs));
    }
    sheet.sections.push(opinion_section(&about, &heard, gives, answers));
    if about.took_place() {
        sheet.sections.push(decision_section(conn, actor, &about, &decided)?);
        sheet.sections.push(tick_section(conn, actor, &about, reports)?);
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

/// What and when, and who came, in sentences.
fn lead(about: &About<'_>) -> String {
    let (w, meeting) = (about.w, &about.meeting);
    let day = about.lang.full_day(&meeting.held_on.unwrap_or(meeting.called_for));
    let when = [Some(day), meeting.starts_at.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let mut said = vec![match meeting.status {
        MeetingStatus::Scheduled => w.is_scheduled(when),
        MeetingStatus::Held => w.was_held(when),
        MeetingStatus::Closed => w.was_closed(when),
        MeetingStatus::Cancelled => w.was_cancelled(when, meeting.cancellation_reason.as_deref().unwrap_or_default()),
    }];
    if meeting.attendance.expected > 0 && about.took_place() {
        let came = w.who_came(meeting.attendance.present, meeting.attendance.expected, meeting.attendance.head_count);
        said.push(came);
    }
    said.join(about.lang.pick("", " "))
}

/// Where it is, who leads it and who writes it down.
fn facts(about: &About<'_>) -> Option<Part> {
    let (w, meeting) = (about.w, &about.meeting);
    let known = [(w.place(), &meeting.place), (w.chair(), &meeting.chair), (w.recorder(), &meeting.recorder)];
    let known = known.into_iter().filter_map(|(name, fact)| Some((name.into_owned(), Html::text(fact.as_ref()?))));
    let known: Vec<_> = known.collect();
    (!known.is_empty()).then_some(Part::Facts(known))
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
