//! What is said and decided at a meeting: agenda, minutes, opinions, decisions and what comes of them.

use super::deeds::{home, to_units};
use super::words::{self, MeetingWords};
use crate::access::Action;
use crate::bulletins;
use crate::console::choices::{self, Choice, all_of};
use crate::console::form::{Deed, Do, Field, Form, Kind, See};
use crate::console::plans::lists::{TaskCells, key_points_of_open_plans, read_cells};
use crate::findings::ledger::{self, LedgerQuery};
use crate::findings::model::FindingState;
use crate::meetings::agenda::{self, LinkKind};
use crate::meetings::decisions::model::DecisionKind;
use crate::meetings::decisions::store::DecisionFilter;
use crate::meetings::decisions::{self, DecisionId};
use crate::meetings::opinions::model::Disposition;
use crate::meetings::opinions::store::OpinionFilter;
use crate::meetings::opinions::{self, OpinionId};
use crate::meetings::{AgendaItemId, MeetingId, actions, minutes};
use crate::plans::PlanStatus;
use crate::platform::{PageRequest, Result};

/// `/meetings/{id}/agenda/new`.
pub struct AddItem;

impl Deed for AddItem {
    type At = MeetingId;

    fn form(see: &mut See<'_>, id: MeetingId) -> Result<Form> {
        let w = MeetingWords(see.lang);
        let meeting = actions::read(see.conn, see.actor, id)?;
        let about = subjects(see, id)?;
        Ok(Form::new(w.add_item(), w.save(), home(id))
            .kicker(meeting.title)
            .field(Field::line("title", w.item()).required())
            .field(Field::line("presenter", w.presenter()).hint(w.post_hint()))
            .field(Field::new("position", w.position(), Kind::Number))
            .field(Field::choice("about", w.link(), about).hint(w.link_hint()).aside()))
    }

    fn done(it: &mut Do<'_>, id: MeetingId) -> Result<String> {
        let input = match it.fields.get("about").split_once(':').map(|(kind, id)| (kind, id.parse::<i64>())) {
            Some((kind, Ok(about))) => it.input_and([("link.kind", kind.into()), ("link.id", about.into())])?,
            _ => it.input()?,
        };
        agenda::add(it.conn, it.actor, id, input)?;
        Ok(format!("{}#agenda", home(id)))
    }
}

/// What an item may be about: plans that run, findings that are open, what was deployed and said and is not settled.
fn subjects(see: &mut See<'_>, id: MeetingId) -> Result<Vec<Choice>> {
    let lang = see.lang;
    let mut found: Vec<Choice> = vec![];
    let mut offer = |kind: LinkKind, id: i64, zh: &str, en: &str, name: String| {
        found.push((format!("{}:{id}", kind.word()), format!("{} · {name}", lang.pick(zh, en))));
    };
    for plan in crate::console::plans::readable(see.conn, see.actor)? {
        if plan.status != PlanStatus::Closed {
            offer(LinkKind::Plan, plan.id.0, "计划", "plan", plan.title);
        }
    }
    let open = [FindingState::Open, FindingState::Rectifying, FindingState::Applied, FindingState::Checked];
    for finding in ledger::list(see.conn, see.actor, &all_of("findings")?, &LedgerQuery::default())?.0 {
        if open.contains(&finding.state) {
            offer(LinkKind::Finding, finding.id.0, "问题", "finding", finding.title);
        }
    }
    let page = PageRequest::new("decisions", Some(200), None, false)?;
    for decision in decisions::actions::list(see.conn, see.actor, &page, &DecisionFilter::default())?.0 {
        let unsettled = decision.kind == DecisionKind::Deployment && decision.task_ids.is_empty();
        if unsettled && decision.meeting_id != id {
            offer(LinkKind::Decision, decision.id.0, "部署", "deployment", decision.title.unwrap_or(decision.text));
        }
    }
    let page = PageRequest::new("opinions", Some(200), None, false)?;
    let unanswered = OpinionFilter { open: Some(true), ..OpinionFilter::default() };
    for opinion in opinions::actions::list(see.conn, see.actor, &page, &unanswered)?.0 {
        offer(LinkKind::Opinion, opinion.id.0, "意见", "opinion", opinion.text.unwrap_or_default());
    }
    Ok(found)
}

/// `/agenda-items/{id}/remove`.
pub struct RemoveItem;

impl Deed for RemoveItem {
    type At = AgendaItemId;

    fn form(see: &mut See<'_>, id: AgendaItemId) -> Result<Form> {
        let w = MeetingWords(see.lang);
        let item = agenda::read(see.conn, see.actor, id)?;
        let form = Form::new(w.remove_item(), w.remove(), home(item.meeting_id));
        Ok(form.lead(format!("**{}**", item.title)).of_version(item.version))
    }

    fn done(it: &mut Do<'_>, id: AgendaItemId) -> Result<String> {
        let item = agenda::read(it.conn, it.actor, id)?;
        agenda::remove(it.conn, it.actor, id)?;
        Ok(format!("{}#agenda", home(item.meeting_id)))
    }
}

/// `/meetings/{id}/minutes`.
pub struct PutMinutes;

impl Deed for PutMinutes {
    type At = MeetingId;

    fn form(see: &mut See<'_>, id: MeetingId) -> Result<Form> {
        let w = MeetingWords(see.lang);
        let meeting = actions::read(see.conn, see.actor, id)?;
        let draft = super::if_there(minutes::read(see.conn, see.actor, id))?;
        Ok(Form::new(w.put_minutes(), w.save(), home(id))
            .kicker(meeting.title)
            .field(Field::prose("text", w.minutes_text()).required().stored(draft.map(|draft| draft.text))))
    }

    fn done(it: &mut Do<'_>, id: MeetingId) -> Result<String> {
        let input = it.input()?;
        minutes::put(it.conn, it.actor, id, &input)?;
        Ok(format!("{}#minutes", home(id)))
    }
}

/// `/meetings/{id}/minutes/sign`.
pub struct Sign;

impl Deed for Sign {
    type At = MeetingId;

    fn form(see: &mut See<'_>, id: MeetingId) -> Result<Form> {
        let w = MeetingWords(see.lang);
        let meeting = actions::read(see.conn, see.actor, id)?;
        Ok(Form::new(w.sign(), w.sign(), home(id)).kicker(meeting.title).lead(w.sign_lead()))
    }

    fn done(it: &mut Do<'_>, id: MeetingId) -> Result<String> {
        minutes::sign(it.conn, it.actor, id)?;
        Ok(format!("{}#minutes", home(id)))
    }
}

/// `/meetings/{id}/minutes/distribute`.
pub struct Distribute;

impl Deed for Distribute {
    type At = MeetingId;

    fn form(see: &mut See<'_>, id: MeetingId) -> Result<Form> {
        to_units(see, id, &MeetingWords(see.lang).distribute())
    }

    fn done(it: &mut Do<'_>, id: MeetingId) -> Result<String> {
        let input = it.input()?;
        minutes::distribute(it.conn, it.actor, id, &input)?;
        Ok(format!("{}#receipts", home(id)))
    }
}

/// `/meetings/{id}/opinions/new`.
pub struct Give;

impl Deed for Give {
    type At = MeetingId;

    fn form(see: &mut See<'_>, id: MeetingId) -> Result<Form> {
        let w = MeetingWords(see.lang);
        let meeting = actions::read(see.conn, see.actor, id)?;
        let units = choices::units_for(see.conn, see.actor, Action::GiveOpinion)?;
        let only = units.first().filter(|_| units.len() == 1).map(|(id, _)| id.clone());
        Ok(Form::new(w.give_opinion(), w.save(), home(id))
            .kicker(meeting.title)
            .field(Field::choice("unit_id", w.in_name_of(), units).required().stored(only))
            .field(Field::prose("text", w.opinion()).required()))
    }

    fn done(it: &mut Do<'_>, id: MeetingId) -> Result<String> {
        let input = it.input()?;
        opinions::actions::give(it.conn, it.actor, id, &input)?;
        Ok(format!("{}#opinions", home(id)))
    }
}

/// `/opinions/{id}/answer`.
pub struct Answer;

impl Deed for Answer {
    type At = OpinionId;

    fn form(see: &mut See<'_>, id: OpinionId) -> Result<Form> {
        let w = MeetingWords(see.lang);
        let opinion = opinions::actions::read(see.conn, see.actor, id)?;
        let made = Disposition::ALL
            .iter()
            .map(|one| (one.word().to_owned(), words::disposition(see.lang, *one).to_owned()))
            .collect();
        Ok(Form::new(w.answer_opinion(), w.save(), home(opinion.meeting_id))
            .lead(opinion.text.unwrap_or_default())
            .field(Field::choice("disposition", w.disposition(), made).required())
            .field(Field::prose("reply", w.reply()).required()))
    }

    fn done(it: &mut Do<'_>, id: OpinionId) -> Result<String> {
        let input = it.input()?;
        let opinion = opinions::actions::dispose(it.conn, it.actor, id, &input)?;
        Ok(format!("{}#opinions", home(opinion.meeting_id)))
    }
}

/// `/meetings/{id}/decisions/new`.
pub struct Decide;

impl Deed for Decide {
    type At = MeetingId;

    fn form(see: &mut See<'_>, id: MeetingId) -> Result<Form> {
        let w = MeetingWords(see.lang);
        let meeting = actions::read(see.conn, see.actor, id)?;
        let kinds = DecisionKind::ALL
            .iter()
            .map(|kind| (kind.word().to_owned(), words::decision(see.lang, *kind).to_owned()))
            .collect();
        let filter = OpinionFilter { unit_id: None, meeting_id: Some(id), decision_id: None, open: None };
        let heard = opinions::actions::list(see.conn, see.actor, &choices::all_of("opinions")?, &filter)?.0;
        let heard: Vec<Choice> = heard
            .into_iter()
            .filter(|opinion| opinion.withdrawn_on.is_none())
            .map(|opinion| (opinion.id.to_string(), opinion.text.unwrap_or_default()))
            .collect();
        Ok(Form::new(w.add_decision(), w.save(), home(id))
            .kicker(meeting.title)
            .field(Field::choice("kind", w.decision_kind(), kinds).required())
            .field(Field::line("title", w.name()))
            .field(Field::prose("text", w.text()).required())
            .field(Field::date("due_on", w.due_on()))
            .field_if(!heard.is_empty(), Field::ticks("opinion_ids", w.takes_up(), heard))
            .field(Field::new("votes.for", w.votes_for(), Kind::Number).hint(w.votes_hint()))
            .field(Field::new("votes.against", w.votes_against(), Kind::Number))
            .field(Field::new("votes.abstain", w.votes_abstain(), Kind::Number))
            .field(Field::new("votes.present", w.votes_present(), Kind::Number))
            .field(Field::new("votes.entitled", w.votes_entitled(), Kind::Number)))
    }

    fn done(it: &mut Do<'_>, id: MeetingId) -> Result<String> {
        let input = it.input()?;
        decisions::actions::record(it.conn, it.actor, id, &input)?;
        Ok(format!("{}#decisions", home(id)))
    }
}

/// `/decisions/{id}/task`: a deployment becomes a task.
pub struct MakeTask;

impl Deed for MakeTask {
    type At = DecisionId;

    fn form(see: &mut See<'_>, id: DecisionId) -> Result<Form> {
        let w = MeetingWords(see.lang);
        let decision = decisions::actions::read(see.conn, see.actor, id)?;
        let key_points = key_points_of_open_plans(see.conn, see.actor)?;
        let mut form = Form::new(w.make_task(), w.make_task(), home(decision.meeting_id))
            .lead(w.make_task_lead())
            .field(Field::choice("key_point_id", w.key_point(), key_points).required())
            .field(Field::line("title", w.task_title()).stored(decision.title))
            .field(Field::prose("requirement", w.text()).value(decision.text))
            .field(Field::line("responsible", w.who()).hint(w.who_hint()).required().aside())
            .field(Field::line("deadline", w.deadline()).hint(w.deadline_hint()).required().aside())
            .field(Field::prose("reason", w.reason()));
        form.previews = true;
        Ok(form)
    }

    fn done(it: &mut Do<'_>, id: DecisionId) -> Result<String> {
        let decision = decisions::actions::read(it.conn, it.actor, id)?;
        let TaskCells { responsibilities, entries, .. } = read_cells(it)?;
        let input = it.input_and([("responsibilities", responsibilities), ("entries", entries)])?;
        let nodes = it.tools.nodes.clone();
        decisions::actions::make_task(it.conn, it.actor, nodes.as_ref(), id, input)?;
        Ok(format!("{}#decisions", home(decision.meeting_id)))
    }

    fn preview(it: &mut Do<'_>, lang: crate::console::Lang, _: DecisionId) -> Result<crate::console::page::Html> {
        read_cells(it).map(|cells| cells.shown(lang))
    }
}

/// `/meetings/{id}/bulletin`.
pub struct DraftBulletin;

impl Deed for DraftBulletin {
    type At = MeetingId;

    fn form(see: &mut See<'_>, id: MeetingId) -> Result<Form> {
        let w = MeetingWords(see.lang);
        let meeting = actions::read(see.conn, see.actor, id)?;
        Ok(Form::new(w.bulletin(), w.bulletin(), home(id)).kicker(meeting.title))
    }

    fn done(it: &mut Do<'_>, id: MeetingId) -> Result<String> {
        let made = bulletins::draft::of_meeting(it.conn, it.actor, id, None)?;
        Ok(format!("/bulletins/{}", made.head.id))
    }
}
