//! The parts of the page of a meeting: agenda, attendance, record, minutes, opinions, decisions, nodes, receipts.

use super::About;
use super::words::{self};

use crate::access::Actor;
use crate::console::Lang;
use crate::console::choices::name_of;
use crate::console::links;
use crate::console::page::Html;
use crate::console::sheet::{Act, Part, Section, Table};
use crate::findings::FindingId;
use crate::meetings::agenda;
use crate::meetings::attendance::{Attendance, AttendanceStatus, Attendances};
use crate::meetings::decisions::DecisionId;
use crate::meetings::decisions::model::{DecisionKind, MeetingDecision};
use crate::meetings::minutes::Minutes;
use crate::meetings::model::{MeetingStatus, MinutesStatus};
use crate::meetings::opinions::OpinionId;
use crate::meetings::opinions::model::Opinion;
use crate::meetings::receipts::{MeetingReceipt, ReceiptKind};
use crate::plans::{PlanId, TaskId};
use crate::platform::{Conn, Result};

pub(super) fn agenda_section(about: &About<'_>, items: &[agenda::AgendaItem], about_what: Vec<Html>) -> Section {
    let w = about.w;
    let mut table = Table::new([w.item(), w.presenter(), w.link(), std::borrow::Cow::Borrowed("")]);
    for (index, (item, linked)) in items.iter().zip(about_what).enumerate() {
        let remove = Html::link(&format!("/agenda-items/{}/remove", item.id), w.remove());
        table.row([
            Html::text(format!("{}. {}", index + 1, item.title)),
            Html::text(item.presenter.as_deref().unwrap_or_default()),
            linked,
            if about.open() { remove } else { Html::default() },
        ]);
    }
    Section::new("agenda", w.agenda())
        .act(about.open(), Act::new(about.at("agenda/new"), w.add_item()))
        .part(table.or_empty(w.no_agenda(), w.no_agenda_hint()))
}

/// What an agenda item is about, as a way there.
pub(super) fn linked(conn: &mut Conn, actor: &Actor, lang: Lang, link: Option<agenda::AgendaLink>) -> Result<Html> {
    use agenda::LinkKind;
    let Some(link) = link else { return Ok(Html::empty()) };
    match link.kind {
        LinkKind::Plan => links::plan(conn, actor, lang, PlanId(link.id)),
        LinkKind::Task => links::task(conn, actor, lang, TaskId(link.id)),
        LinkKind::Finding => links::finding(conn, actor, lang, FindingId(link.id)),
        LinkKind::Decision => links::decision(conn, actor, lang, DecisionId(link.id)),
        LinkKind::Opinion => links::opinion(conn, actor, lang, OpinionId(link.id)),
    }
}

pub(super) fn attendance_section(about: &About<'_>, list: &Attendances) -> Section {
    let w = about.w;
    let facts = AttendanceStatus::ALL.iter().filter_map(|status| {
        let of: Vec<String> =
            list.items.iter().filter(|one| one.status == *status).map(|one| attends(about, one)).collect();
        let name = format!("{}（{}）", words::attendance(about.lang, *status), of.len());
        (!of.is_empty()).then(|| (name, Html::text(of.join(about.lang.pick("、", ", ")))))
    });
    let facts: Vec<_> = facts.collect();
    let part = match facts.is_empty() {
        true => Part::Empty { title: w.nobody().into(), text: w.nobody_hint().into() },
        false => Part::Facts(facts),
    };
    let summary = &list.summary;
    let hint = if summary.expected == 0 { "".into() } else { w.present_of(summary.present, summary.expected) };
    Section::new("attendance", w.attendance())
        .hint(hint)
        .act(about.open(), Act::new(about.at("attendance"), w.put_attendance()))
        .part(part)
}

/// Somebody on the list: the post, its unit where the post does not say it, the reason of a leave.
fn attends(about: &About<'_>, one: &Attendance) -> String {
    let unit =
        one.unit_id.map(|unit| name_of(&about.names, unit)).filter(|name| !one.person.starts_with(name.as_str()));
    let beside: Vec<String> = unit.into_iter().chain(one.reason.clone()).collect();
    if beside.is_empty() { one.person.clone() } else { format!("{}（{}）", one.person, beside.join("，")) }
}

/// The record, for those who read it, and for those who write it until there is one.
pub(super) fn record_section(about: &About<'_>, record: Option<String>) -> Option<Section> {
    let w = about.w;
    let writes = about.writes && about.is(MeetingStatus::Held);
    if record.is_none() && !writes {
        return None;
    }
    let section = Section::new("record", w.record()).act(writes, Act::new(about.at("record"), w.put_record()));
    Some(match record {
        Some(text) => section.part(Part::Prose(text)),
        None => section,
    })
}

pub(super) fn minutes_section(about: &About<'_>, minutes: Option<&Minutes>, signs: bool) -> Section {
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

pub(super) fn opinion_section(about: &About<'_>, heard: &[Opinion], gives: bool, answers: bool) -> Section {
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

pub(super) fn decision_section(
    conn: &mut Conn,
    actor: &Actor,
    about: &About<'_>,
    decided: &[MeetingDecision],
) -> Result<Section> {
    let w = about.w;
    let mut table = Table::new([w.decision(), w.decision_kind(), w.votes(), w.due_on(), w.delivery(), w.tasks()]);
    for decision in decided {
        let title = decision.title.as_ref().map(|title| format!("{title}：{}", decision.text));
        let votes = decision.votes.map(|votes| {
            let passed = if decision.passed == Some(false) { w.not_passed() } else { w.passed() };
            format!("{} {passed}", w.voted(votes.in_favour, votes.against, votes.abstain))
        });
        let mut tasks: Vec<Html> = vec![];
        for task in &decision.task_ids {
            tasks.push(links::task(conn, actor, about.lang, *task)?);
        }
        if about.writes && decision.kind == DecisionKind::Deployment {
            tasks.push(Html::link(&format!("/decisions/{}/task", decision.id), w.make_task()));
        }
        table.row([
            Html::text(format!("{}. {}", decision.number, title.unwrap_or_else(|| decision.text.clone()))),
            Html::text(words::decision(about.lang, decision.kind)),
            Html::text(votes.unwrap_or_default()),
            about.day(decision.due_on),
            Html::text(words::delivery(about.lang, decision.delivery)),
            Html::lines(tasks),
        ]);
    }
    Ok(Section::new("decisions", w.decisions())
        .act(about.writes && about.is(MeetingStatus::Held), Act::new(about.at("decisions/new"), w.add_decision()))
        .part(table.or_empty(w.no_decisions(), w.no_decisions_hint())))
}

pub(super) fn tick_section(conn: &mut Conn, actor: &Actor, about: &About<'_>, reports: bool) -> Result<Section> {
    let w = about.w;
    let mut table = Table::new([w.nodes(), w.day()]);
    for node in &about.meeting.time_nodes {
        table.row([links::node(conn, actor, about.lang, node.node_id)?, about.day(Some(node.recorded_on))]);
    }
    Ok(Section::new("time-nodes", w.ticked())
        .act(reports, Act::new(about.at("time-nodes"), w.tick()))
        .part(table.or_empty(w.not_ticked(), w.not_ticked_hint())))
}

pub(super) fn receipt_section(about: &About<'_>, receipts: &[MeetingReceipt], actor: &Actor) -> Section {
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
