//! What is done with a finding, from raising it to the close-out and the re-check.

use super::{FindingWords, kind};
use std::borrow::Cow;

use crate::access::Action;
use crate::console::Lang;
use crate::console::choices::{self, Choice};
use crate::console::form::{Deed, Do, Field, Form, Kind, See};
use crate::console::plans::lists::key_points_of_open_plans;
use crate::findings::ledger::{self};
use crate::findings::model::{Finding, FindingCheckVerdict, FindingKind, FindingNote, NewFindingTask, RecheckVerdict};
use crate::findings::{FindingId, MeasureId, applications, close_out, measures, raise, rechecks, tasks};
use crate::platform::Result;

fn home(id: FindingId) -> String {
    format!("/findings/{id}")
}

fn titled(see: &mut See<'_>, id: FindingId, title: Cow<'_, str>) -> Result<(Form, Finding)> {
    let finding = ledger::read(see.conn, see.actor, id)?;
    Ok((Form::new(title.clone(), title, home(id)).kicker(finding.title.clone()), finding))
}

fn kinds(lang: Lang) -> Vec<Choice> {
    FindingKind::ALL.iter().map(|one| (one.word().to_owned(), kind(lang, *one).to_owned())).collect()
}

pub struct Raise;

impl Deed for Raise {
    type At = ();

    fn form(see: &mut See<'_>, (): ()) -> Result<Form> {
        let w = FindingWords(see.lang);
        let units = choices::units_for(see.conn, see.actor, Action::RaiseFinding)?;
        Ok(Form::new(w.raise(), w.save(), "/findings")
            .field(Field::line("title", w.name()).required())
            .field(Field::choice("kind", w.kind(), kinds(see.lang)).required())
            .field(Field::ticks("unit_ids", w.units(), units).required())
            .field(Field::prose("problem", w.problem()))
            .field(Field::prose("root_cause", w.root_cause()))
            .field(Field::line("source.body", w.source_body()).required())
            .field(Field::date("source.on", w.source_on()).required())
            .field(Field::line("source.document", w.source_document())))
    }

    fn done(it: &mut Do<'_>, (): ()) -> Result<String> {
        let input = it.input()?;
        Ok(home(raise::create(it.conn, it.actor, &input)?.id))
    }
}

pub struct Change;

impl Deed for Change {
    type At = FindingId;

    fn form(see: &mut See<'_>, id: FindingId) -> Result<Form> {
        let w = FindingWords(see.lang);
        let (form, finding) = titled(see, id, w.change_finding())?;
        Ok(form
            .field(Field::line("title", w.name()).required().value(&finding.title))
            .field(Field::choice("kind", w.kind(), kinds(see.lang)).required().value(finding.kind.word()))
            .field(Field::prose("problem", w.problem()).stored(finding.problem.clone()))
            .field(Field::prose("root_cause", w.root_cause()).stored(finding.root_cause.clone()))
            .of_version(finding.version))
    }

    fn done(it: &mut Do<'_>, id: FindingId) -> Result<String> {
        let patch = it.input()?;
        raise::change(it.conn, it.actor, id, patch)?;
        Ok(home(id))
    }
}

pub struct AddMeasure;

impl Deed for AddMeasure {
    type At = FindingId;

    fn form(see: &mut See<'_>, id: FindingId) -> Result<Form> {
        let w = FindingWords(see.lang);
        let (form, finding) = titled(see, id, w.add_measure())?;
        let units: Vec<Choice> =
            finding.units.iter().map(|unit| (unit.unit_id.to_string(), unit.name.clone())).collect();
        let only = units.first().filter(|_| units.len() == 1).map(|(id, _)| id.clone());
        Ok(form
            .field(Field::prose("text", w.measure()).required())
            .field(Field::choice("unit_id", w.unit(), units).stored(only))
            .field(Field::line("leader", w.leader()))
            .field(Field::line("person", w.person()))
            .field(Field::date("due_on", w.due())))
    }

    fn done(it: &mut Do<'_>, id: FindingId) -> Result<String> {
        let input = it.input()?;
        measures::add(it.conn, it.actor, id, &input)?;
        Ok(format!("{}#measures", home(id)))
    }
}

pub struct ChangeMeasure;

impl Deed for ChangeMeasure {
    type At = MeasureId;

    fn form(see: &mut See<'_>, id: MeasureId) -> Result<Form> {
        let w = FindingWords(see.lang);
        let measure = measures::read(see.conn, see.actor, id)?;
        let (form, _) = titled(see, measure.finding_id, w.change_measure())?;
        Ok(form
            .field(Field::prose("text", w.measure()).required().value(&measure.text))
            .field(Field::line("leader", w.leader()).stored(measure.leader.clone()))
            .field(Field::line("person", w.person()).stored(measure.person.clone()))
            .field(Field::date("due_on", w.due()).stored(measure.due_on))
            .of_version(measure.version))
    }

    fn done(it: &mut Do<'_>, id: MeasureId) -> Result<String> {
        let patch = it.input()?;
        let measure = measures::change(it.conn, it.actor, id, patch)?;
        Ok(format!("{}#measures", home(measure.finding_id)))
    }
}

pub struct RemoveMeasure;

impl Deed for RemoveMeasure {
    type At = MeasureId;

    fn form(see: &mut See<'_>, id: MeasureId) -> Result<Form> {
        let w = FindingWords(see.lang);
        let measure = measures::read(see.conn, see.actor, id)?;
        let (form, _) = titled(see, measure.finding_id, w.remove_measure())?;
        Ok(form.lead(format!("**{}**", measure.text)).of_version(measure.version))
    }

    fn done(it: &mut Do<'_>, id: MeasureId) -> Result<String> {
        let finding = measures::read(it.conn, it.actor, id)?.finding_id;
        measures::remove(it.conn, it.actor, id)?;
        Ok(format!("{}#measures", home(finding)))
    }
}

pub struct Apply;

impl Deed for Apply {
    type At = FindingId;

    fn form(see: &mut See<'_>, id: FindingId) -> Result<Form> {
        let w = FindingWords(see.lang);
        let (form, _) = titled(see, id, w.apply())?;
        Ok(form.lead(w.apply_lead()).field(Field::prose("text", w.text()).required()).field(Field::new(
            "attachment_ids",
            w.evidence(),
            Kind::Files,
        )))
    }

    fn done(it: &mut Do<'_>, id: FindingId) -> Result<String> {
        let input = it.input()?;
        applications::apply(it.conn, it.actor, &it.tools.evidence, id, &input)?;
        Ok(home(id))
    }
}

pub struct Check;

impl Deed for Check {
    type At = FindingId;

    fn form(see: &mut See<'_>, id: FindingId) -> Result<Form> {
        let w = FindingWords(see.lang);
        let (form, _) = titled(see, id, w.check())?;
        let said = [(FindingCheckVerdict::Passed, w.passed()), (FindingCheckVerdict::Failed, w.failed())]
            .map(|(verdict, said)| (verdict.word().to_owned(), said.into_owned()));
        Ok(form
            .lead(w.check_lead())
            .field(Field::choice("verdict", w.verdict(), said.into()).required())
            .field(Field::prose("reason", w.reason())))
    }

    fn done(it: &mut Do<'_>, id: FindingId) -> Result<String> {
        let input = it.input()?;
        close_out::check(it.conn, it.actor, &it.tools.evidence, id, &input)?;
        Ok(home(id))
    }
}

pub struct Close;

impl Deed for Close {
    type At = FindingId;

    fn form(see: &mut See<'_>, id: FindingId) -> Result<Form> {
        let w = FindingWords(see.lang);
        let (form, _) = titled(see, id, w.close())?;
        Ok(form.lead(w.close_lead()).field(Field::prose("note", w.note())))
    }

    fn done(it: &mut Do<'_>, id: FindingId) -> Result<String> {
        let input: FindingNote = it.input()?;
        close_out::close(it.conn, it.actor, id, input.note.as_ref())?;
        Ok(home(id))
    }
}

pub struct Stage;

impl Deed for Stage {
    type At = FindingId;

    fn form(see: &mut See<'_>, id: FindingId) -> Result<Form> {
        let w = FindingWords(see.lang);
        let (form, _) = titled(see, id, w.stage())?;
        Ok(form.field(Field::prose("note", w.note())))
    }

    fn done(it: &mut Do<'_>, id: FindingId) -> Result<String> {
        let input: FindingNote = it.input()?;
        close_out::mark_stage(it.conn, it.actor, id, input.note.as_ref())?;
        Ok(home(id))
    }
}

pub struct Dismiss;

impl Deed for Dismiss {
    type At = FindingId;

    fn form(see: &mut See<'_>, id: FindingId) -> Result<Form> {
        let w = FindingWords(see.lang);
        let (form, _) = titled(see, id, w.dismiss())?;
        Ok(form.lead(w.dismiss_lead()).field(Field::prose("reason", w.reason()).required()))
    }

    fn done(it: &mut Do<'_>, id: FindingId) -> Result<String> {
        let input: crate::findings::model::Dismissal = it.input()?;
        close_out::dismiss(it.conn, it.actor, id, &input.reason)?;
        Ok(home(id))
    }
}

pub struct Recheck;

impl Deed for Recheck {
    type At = FindingId;

    fn form(see: &mut See<'_>, id: FindingId) -> Result<Form> {
        let w = FindingWords(see.lang);
        let (form, _) = titled(see, id, w.recheck())?;
        let said = [(RecheckVerdict::Held, w.held()), (RecheckVerdict::Failed, w.relapsed())]
            .map(|(verdict, said)| (verdict.word().to_owned(), said.into_owned()));
        Ok(form
            .lead(w.recheck_lead())
            .field(Field::choice("verdict", w.verdict(), said.into()).required())
            .field(Field::prose("note", w.note())))
    }

    fn done(it: &mut Do<'_>, id: FindingId) -> Result<String> {
        let input = it.input()?;
        let made = rechecks::create(it.conn, it.actor, id, &input)?;
        Ok(home(made.relapse_id.unwrap_or(id)))
    }
}

pub struct MakeTask;

impl Deed for MakeTask {
    type At = FindingId;

    fn form(see: &mut See<'_>, id: FindingId) -> Result<Form> {
        let w = FindingWords(see.lang);
        let (form, finding) = titled(see, id, w.make_task())?;
        let key_points = key_points_of_open_plans(see.conn, see.actor)?;
        let all: Vec<Choice> =
            finding.measures.iter().map(|measure| (measure.id.to_string(), measure.text.clone())).collect();
        let ticked: Vec<String> = all.iter().map(|(id, _)| id.clone()).collect();
        Ok(form
            .lead(w.make_task_lead())
            .field(Field::choice("key_point_id", w.key_point(), key_points).required())
            .field(Field::line("title", w.name()).value(&finding.title))
            .field(Field::ticks("measure_ids", w.which_measures(), all).values(ticked))
            .field(Field::prose("reason", w.plan_reason())))
    }

    fn done(it: &mut Do<'_>, id: FindingId) -> Result<String> {
        let input: NewFindingTask = it.input()?;
        let nodes = it.tools.nodes.clone();
        let task = tasks::make(it.conn, it.actor, nodes.as_ref(), id, &input)?;
        Ok(format!("/tasks/{}", task.id))
    }
}
