//! What is done with a meeting as a whole: entered, called, held, closed; who came; what was taken down.

use super::words::{self, MeetingWords};
use crate::access::Action;
use crate::console::choices::{self, Choice};
use crate::console::form::{Deed, Do, Field, Form, Kind, MOST_ROWS, See};
use crate::console::{Lang, page::Html};
use crate::meetings::attendance::{self, AttendanceStatus};
use crate::meetings::model::{Meeting, MeetingKind};
use crate::meetings::receipts::ReceiptKind;
use crate::meetings::{MeetingId, actions, activities, next, receipts};
use crate::platform::Result;
use crate::platform::db::today;
use crate::time_nodes::store::NodeFilter;
use crate::time_nodes::{self, model::NodeState};
use crate::units;

/// Empty lines behind a list that can be added to.
const SPARE_ROWS: usize = 6;

pub(super) fn home(id: MeetingId) -> String {
    format!("/meetings/{id}")
}

fn kinds(lang: Lang) -> Vec<Choice> {
    MeetingKind::ALL.iter().map(|kind| (kind.word().to_owned(), words::kind(lang, *kind).to_owned())).collect()
}

/// The fields that say what a meeting is, filled with what is stored.
fn about(form: Form, w: MeetingWords, meeting: Option<&Meeting>) -> Form {
    let stored = |read: fn(&Meeting) -> Option<String>| meeting.and_then(read);
    form.field(Field::choice("kind", w.kind(), kinds(w.0)).required().stored(meeting.map(|m| m.kind.word())))
        .field(Field::line("title", w.name()).required().stored(meeting.map(|m| m.title.clone())))
        .field(Field::date("called_for", w.called_for()).required().stored(meeting.map(|m| m.called_for)))
        .field(Field::new("starts_at", w.starts_at(), Kind::Time).stored(stored(|m| m.starts_at.clone())))
        .field(Field::line("place", w.place()).stored(stored(|m| m.place.clone())))
        .field(Field::line("chair", w.chair()).hint(w.post_hint()).stored(stored(|m| m.chair.clone())))
        .field(Field::line("recorder", w.recorder()).hint(w.post_hint()).stored(stored(|m| m.recorder.clone())))
}

/// `/meetings/new`.
pub struct Create;

impl Deed for Create {
    type At = ();

    fn form(see: &mut See<'_>, (): ()) -> Result<Form> {
        let w = MeetingWords(see.lang);
        let units = choices::units_for(see.conn, see.actor, Action::WriteMeeting)?;
        let only = (units.len() == 1).then(|| units.first().map(|(id, _)| id.clone())).flatten();
        let form = Form::new(w.call_one(), w.create(), "/meetings");
        let form = form.field(Field::choice("unit_id", w.unit(), units).required().stored(only));
        Ok(about(form, w, None))
    }

    fn done(it: &mut Do<'_>, (): ()) -> Result<String> {
        let input = it.input()?;
        Ok(home(actions::create(it.conn, it.actor, input)?.id))
    }
}

/// `/meetings/{id}/change`.
pub struct Change;

impl Deed for Change {
    type At = MeetingId;

    fn form(see: &mut See<'_>, id: MeetingId) -> Result<Form> {
        let w = MeetingWords(see.lang);
        let meeting = actions::read(see.conn, see.actor, id)?;
        let form = Form::new(w.change_meeting(), w.save(), home(id)).kicker(meeting.title.clone());
        Ok(about(form, w, Some(&meeting)).of_version(meeting.version))
    }

    fn done(it: &mut Do<'_>, id: MeetingId) -> Result<String> {
        let patch = it.input()?;
        actions::change(it.conn, it.actor, &it.tools.evidence, id, patch)?;
        Ok(home(id))
    }
}

/// A form that sends something of a meeting to units at and below its own.
pub(super) fn to_units(see: &mut See<'_>, id: MeetingId, title: &str) -> Result<Form> {
    let meeting = actions::read(see.conn, see.actor, id)?;
    let site = units::store::get(see.conn, meeting.unit_id)?.site();
    let units = choices::units_within(see.conn, &site)?;
    let chosen = Field::ticks("unit_ids", MeetingWords(see.lang).units(), units).required();
    Ok(Form::new(title.to_owned(), title.to_owned(), home(id)).kicker(meeting.title).field(chosen))
}

/// `/meetings/{id}/call`.
pub struct Invite;

impl Deed for Invite {
    type At = MeetingId;

    fn form(see: &mut See<'_>, id: MeetingId) -> Result<Form> {
        let w = MeetingWords(see.lang);
        Ok(to_units(see, id, &w.call())?.lead(w.call_lead()))
    }

    fn done(it: &mut Do<'_>, id: MeetingId) -> Result<String> {
        let input = it.input()?;
        receipts::call(it.conn, it.actor, id, &input)?;
        Ok(format!("{}#receipts", home(id)))
    }
}

/// `/meetings/{id}/attendance`: the list is put whole.
pub struct PutAttendance;

impl Deed for PutAttendance {
    type At = MeetingId;

    fn form(see: &mut See<'_>, id: MeetingId) -> Result<Form> {
        let w = MeetingWords(see.lang);
        let meeting = actions::read(see.conn, see.actor, id)?;
        let list = attendance::read(see.conn, see.actor, id)?.0;
        let typed = see.query.get("rows").parse().unwrap_or(0).min(MOST_ROWS);
        let statuses = AttendanceStatus::ALL
            .iter()
            .map(|status| (status.word().to_owned(), words::attendance(see.lang, *status).to_owned()))
            .collect();
        let columns = vec![
            Field::line("person", w.person()),
            Field::choice("unit_id", w.unit(), choices::units(see.conn, |_| true)?),
            Field::choice("status", w.attends_as(), statuses).required(),
            Field::line("reason", w.leave_reason()),
        ];
        let mut rows: Vec<Vec<String>> = list
            .items
            .iter()
            .map(|one| {
                let unit = one.unit_id.map(|unit| unit.to_string()).unwrap_or_default();
                vec![one.person.clone(), unit, one.status.word().into(), one.reason.clone().unwrap_or_default()]
            })
            .collect();
        let wanted = (rows.len() + SPARE_ROWS).max(typed);
        rows.resize(
            wanted,
            vec![String::new(), String::new(), AttendanceStatus::Expected.word().into(), String::new()],
        );
        Ok(Form::new(w.put_attendance(), w.save(), home(id))
            .kicker(meeting.title)
            .lead(w.attendance_lead())
            .field(Field::given("rows", wanted).aside())
            .field(Field::new("items", w.attendance(), Kind::Rows { columns, rows }).hint(w.post_hint())))
    }

    fn done(it: &mut Do<'_>, id: MeetingId) -> Result<String> {
        let input = it.input()?;
        attendance::put(it.conn, it.actor, id, &input)?;
        Ok(format!("{}#attendance", home(id)))
    }
}

/// `/meetings/{id}/hold`.
pub struct Hold;

impl Deed for Hold {
    type At = MeetingId;

    fn form(see: &mut See<'_>, id: MeetingId) -> Result<Form> {
        let w = MeetingWords(see.lang);
        let meeting = actions::read(see.conn, see.actor, id)?;
        let day = today(see.conn)?.min(meeting.called_for);
        Ok(Form::new(w.hold(), w.hold(), home(id))
            .kicker(meeting.title)
            .lead(w.hold_lead())
            .field(Field::date("held_on", w.held_on()).value(day)))
    }

    fn done(it: &mut Do<'_>, id: MeetingId) -> Result<String> {
        let input = it.input()?;
        actions::hold(it.conn, it.actor, id, &input)?;
        Ok(home(id))
    }
}

/// `/meetings/{id}/cancel`.
pub struct Cancel;

impl Deed for Cancel {
    type At = MeetingId;

    fn form(see: &mut See<'_>, id: MeetingId) -> Result<Form> {
        let w = MeetingWords(see.lang);
        let meeting = actions::read(see.conn, see.actor, id)?;
        Ok(Form::new(w.cancel(), w.cancel(), home(id))
            .kicker(meeting.title)
            .field(Field::prose("reason", w.reason()).required()))
    }

    fn done(it: &mut Do<'_>, id: MeetingId) -> Result<String> {
        let input = it.input()?;
        actions::cancel(it.conn, it.actor, id, &input)?;
        Ok(home(id))
    }
}

/// `/meetings/{id}/close`.
pub struct Close;

impl Deed for Close {
    type At = MeetingId;

    fn form(see: &mut See<'_>, id: MeetingId) -> Result<Form> {
        let w = MeetingWords(see.lang);
        let meeting = actions::read(see.conn, see.actor, id)?;
        Ok(Form::new(w.close(), w.close(), home(id)).kicker(meeting.title).lead(w.close_lead()))
    }

    fn done(it: &mut Do<'_>, id: MeetingId) -> Result<String> {
        actions::close(it.conn, it.actor, id)?;
        Ok(home(id))
    }
}

/// `/meetings/{id}/record`.
pub struct PutRecord;

impl Deed for PutRecord {
    type At = MeetingId;

    fn form(see: &mut See<'_>, id: MeetingId) -> Result<Form> {
        let w = MeetingWords(see.lang);
        let meeting = actions::read(see.conn, see.actor, id)?;
        let (record, _) = actions::read_record(see.conn, see.actor, id)?;
        Ok(Form::new(w.put_record(), w.save(), home(id))
            .kicker(meeting.title)
            .field(Field::prose("text", w.record_text()).required().stored(record.text)))
    }

    fn done(it: &mut Do<'_>, id: MeetingId) -> Result<String> {
        let input = it.input()?;
        actions::put_record(it.conn, it.actor, id, &input)?;
        Ok(format!("{}#record", home(id)))
    }
}

/// `/meetings/{id}/next`: the meeting that follows, with its agenda drafted.
pub struct Next;

impl Deed for Next {
    type At = MeetingId;

    fn form(see: &mut See<'_>, id: MeetingId) -> Result<Form> {
        let w = MeetingWords(see.lang);
        let draft = next::draft(see.conn, see.actor, id)?;
        let items = draft
            .agenda_items
            .iter()
            .map(|item| Html::text(format!("{}（{}）", item.title, words::why(see.lang, item.why))));
        let mut form = Form::new(w.next(), w.create(), home(id)).kicker(draft.title.clone()).lead(format!(
            "{} **{}**",
            w.next_lead(),
            w.next_items(draft.agenda_items.len())
        ));
        form.shown = Some(Html::lines(items));
        Ok(form
            .field(Field::date("called_for", w.called_for()).required())
            .field(Field::choice("kind", w.kind(), kinds(see.lang)).value(draft.kind.word()))
            .field(Field::line("title", w.name()).value(draft.title))
            .field(Field::new("starts_at", w.starts_at(), Kind::Time))
            .field(Field::line("place", w.place()))
            .field(Field::line("chair", w.chair()).hint(w.post_hint()))
            .field(Field::line("recorder", w.recorder()).hint(w.post_hint())))
    }

    fn done(it: &mut Do<'_>, id: MeetingId) -> Result<String> {
        let input = it.input()?;
        Ok(home(next::call(it.conn, it.actor, id, input)?.id))
    }
}

/// `/meetings/{id}/time-nodes`: one activity, reported on several nodes.
pub struct Tick;

impl Deed for Tick {
    type At = MeetingId;

    fn form(see: &mut See<'_>, id: MeetingId) -> Result<Form> {
        let w = MeetingWords(see.lang);
        let meeting = actions::read(see.conn, see.actor, id)?;
        let path = units::store::get(see.conn, meeting.unit_id)?.site().path;
        let filter = NodeFilter { path: Some(path), ..NodeFilter::default() };
        let (day, reach) = (today(see.conn)?, see.actor.reach(Action::ReadNodes));
        let nodes = time_nodes::store::list(see.conn, &choices::all_of("time-nodes")?, &reach, &filter, day)?.0;
        let open = nodes.iter().filter(|node| {
            node.unit_id == meeting.unit_id && matches!(node.state, NodeState::Open | NodeState::Returned)
        });
        let open = open.map(|node| {
            let period = node.period.as_deref().map(|period| see.lang.period(period)).unwrap_or_default();
            (node.id.to_string(), format!("{} {period} · {}", node.title, see.lang.day(&node.due_on)))
        });
        Ok(Form::new(w.tick(), w.save(), home(id))
            .kicker(meeting.title)
            .lead(w.tick_lead())
            .field(Field::ticks("time_node_ids", w.nodes(), open.collect()).required())
            .field(Field::prose("text", w.report_text())))
    }

    fn done(it: &mut Do<'_>, id: MeetingId) -> Result<String> {
        let input = it.input()?;
        activities::tick(it.conn, it.actor, &it.tools.evidence, id, &input)?;
        Ok(format!("{}#time-nodes", home(id)))
    }
}

/// `/meetings/{id}/receipt?kind=&unit_id=`.
pub struct SignReceipt;

impl Deed for SignReceipt {
    type At = MeetingId;

    fn form(see: &mut See<'_>, id: MeetingId) -> Result<Form> {
        let w = MeetingWords(see.lang);
        let meeting = actions::read(see.conn, see.actor, id)?;
        let title = match see.query.get("kind") {
            word if word == ReceiptKind::Minutes.word() => w.sign_minutes_receipt(),
            _ => w.sign_call(),
        };
        Ok(Form::new(title, w.sign_receipt(), home(id))
            .kicker(meeting.title)
            .field(Field::given("kind", see.query.get("kind")))
            .field(Field::given("unit_id", see.query.get("unit_id"))))
    }

    fn done(it: &mut Do<'_>, id: MeetingId) -> Result<String> {
        let input = it.input()?;
        receipts::sign(it.conn, it.actor, id, &input)?;
        Ok(format!("{}#receipts", home(id)))
    }
}
