//! What is done with an assessment, from opening it to the ruling and its withdrawal.

use super::{AssessmentWords, results};
use std::borrow::Cow;

use crate::access::Action;
use crate::assessments::model::{ClauseResult, RecognitionRuling, RecognitionWithdrawal, ResultLine};
use crate::assessments::{AssessmentId, check, open, recognise, self_assess};
use crate::console::choices::{self, all_of, name_of, unit_names};
use crate::console::form::{Deed, Do, Field, Form, Kind, See};
use crate::meetings::decisions;
use crate::meetings::decisions::store::DecisionFilter;
use crate::platform::Result;
use crate::units;
fn home(id: AssessmentId) -> String {
    format!("/assessments/{id}")
}

fn titled(see: &mut See<'_>, id: AssessmentId, title: Cow<'_, str>) -> Result<Form> {
    let assessment = open::read(see.conn, see.actor, id)?;
    let name = name_of(&unit_names(see.conn)?, assessment.unit_id);
    Ok(Form::new(title.clone(), title, home(id)).kicker(name))
}

pub struct Open;

impl Deed for Open {
    type At = ();

    fn form(see: &mut See<'_>, (): ()) -> Result<Form> {
        let w = AssessmentWords(see.lang);
        let units = choices::units(see.conn, |unit| {
            unit.kind == units::UnitKind::Branch && see.actor.may(Action::SelfAssess, &unit.site())
        })?;
        Ok(Form::new(w.open_one(), w.open_one(), "/assessments")
            .field(Field::choice("unit_id", w.unit(), units).required()))
    }

    fn done(it: &mut Do<'_>, (): ()) -> Result<String> {
        let input = it.input()?;
        Ok(home(open::open(it.conn, it.actor, &input)?.id))
    }
}

/// A line a clause; the clause itself is given.
fn clause_rows(lines: &[ResultLine], cells: impl Fn(&ResultLine) -> Vec<String>) -> Vec<Vec<String>> {
    let named = |line: &ResultLine| format!("{}|{} {}", line.clause_id, line.code, line.title);
    lines.iter().map(|line| [vec![named(line)], cells(line)].concat()).collect()
}

pub struct SelfAssess;

impl Deed for SelfAssess {
    type At = AssessmentId;

    fn form(see: &mut See<'_>, id: AssessmentId) -> Result<Form> {
        let w = AssessmentWords(see.lang);
        let lines = open::lines(see.conn, see.actor, id)?;
        let columns = vec![
            Field::new("clause_id", w.clause(), Kind::Given),
            Field::choice("result", w.self_result(), results(see.lang)).required(),
            Field::line("note", w.note()),
        ];
        let rows = clause_rows(&lines, |line| {
            let result = line.self_result.unwrap_or(ClauseResult::NotAssessed);
            vec![result.word().into(), line.self_note.clone().unwrap_or_default()]
        });
        let field = Field::new("results", w.self_assess(), Kind::Rows { columns, rows });
        Ok(titled(see, id, w.self_assess())?.lead(w.self_lead()).field(field))
    }

    fn done(it: &mut Do<'_>, id: AssessmentId) -> Result<String> {
        let input = it.input()?;
        self_assess::put(it.conn, it.actor, &it.tools.evidence, id, &input)?;
        Ok(home(id))
    }
}

pub struct Submit;

impl Deed for Submit {
    type At = AssessmentId;

    fn form(see: &mut See<'_>, id: AssessmentId) -> Result<Form> {
        let w = AssessmentWords(see.lang);
        titled(see, id, w.submit())
    }

    fn done(it: &mut Do<'_>, id: AssessmentId) -> Result<String> {
        self_assess::submit(it.conn, it.actor, id)?;
        Ok(home(id))
    }
}

pub struct Check;

impl Deed for Check {
    type At = AssessmentId;

    fn form(see: &mut See<'_>, id: AssessmentId) -> Result<Form> {
        let w = AssessmentWords(see.lang);
        let lines = open::lines(see.conn, see.actor, id)?;
        let columns = vec![
            Field::new("clause_id", w.clause(), Kind::Given),
            Field::choice("result", w.check_result(), results(see.lang)),
            Field::new("points", w.points(), Kind::Number),
            Field::line("deduction_reason", w.deduction()),
            Field::line("overrule_reason", w.overrule()),
            Field::new("evidence_on", w.evidence_on(), Kind::Date),
        ];
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let rows = clause_rows(&lines, |line| {
            let proposed = line.proposal.map(|proposal| proposal.result());
            let result = line.result.or(proposed).map(|one| one.word().to_owned()).unwrap_or_default();
            let points = line.points.map(|points| points.to_string()).unwrap_or_default();
            let day = line.evidence_on.map(|day| day.to_string()).unwrap_or_default();
            vec![result, points, text(&line.deduction_reason), text(&line.overrule_reason), day]
        });
        let field = Field::new("results", w.do_check(), Kind::Rows { columns, rows });
        Ok(titled(see, id, w.do_check())?.lead(w.check_lead()).field(field))
    }

    fn done(it: &mut Do<'_>, id: AssessmentId) -> Result<String> {
        let mut input = it.raw();
        // A line without a result stays as it is.
        if let Some(rows) = input.get_mut("results").and_then(|rows| rows.as_array_mut()) {
            rows.retain(|row| row.get("result").is_some());
        }
        let input = crate::platform::web::read_value(input)?;
        check::put(it.conn, it.actor, &it.tools.evidence, id, &input)?;
        Ok(home(id))
    }
}

pub struct Conclude;

impl Deed for Conclude {
    type At = AssessmentId;

    fn form(see: &mut See<'_>, id: AssessmentId) -> Result<Form> {
        let w = AssessmentWords(see.lang);
        Ok(titled(see, id, w.conclude())?.lead(w.conclude_lead()).field(Field::date("checked_on", w.checked_on())))
    }

    fn done(it: &mut Do<'_>, id: AssessmentId) -> Result<String> {
        let input = it.input()?;
        check::check(it.conn, it.actor, id, &input)?;
        Ok(home(id))
    }
}

pub struct Rule;

impl Deed for Rule {
    type At = AssessmentId;

    fn form(see: &mut See<'_>, id: AssessmentId) -> Result<Form> {
        let w = AssessmentWords(see.lang);
        let verdicts = [
            (RecognitionRuling::Recognised, "认定达标", "recognised"),
            (RecognitionRuling::NotRecognised, "不予认定", "not recognised"),
        ]
        .map(|(verdict, zh, en)| (verdict.word().to_owned(), see.lang.pick(zh, en).to_owned()));
        let made = decisions::actions::list(see.conn, see.actor, &all_of("decisions")?, &DecisionFilter::default())?.0;
        let made = made.into_iter().map(|one| (one.id.to_string(), one.title.unwrap_or(one.text))).collect();
        Ok(titled(see, id, w.rule())?
            .field(Field::choice("verdict", w.verdict(), verdicts.into()).required())
            .field(Field::choice("decision_id", w.decision(), made))
            .field(Field::prose("reason", w.reason())))
    }

    fn done(it: &mut Do<'_>, id: AssessmentId) -> Result<String> {
        let input = it.input()?;
        recognise::rule(it.conn, it.actor, id, &input)?;
        Ok(home(id))
    }
}

pub struct Withdraw;

impl Deed for Withdraw {
    type At = AssessmentId;

    fn form(see: &mut See<'_>, id: AssessmentId) -> Result<Form> {
        let w = AssessmentWords(see.lang);
        Ok(titled(see, id, w.withdraw())?.field(Field::prose("reason", w.reason()).required()))
    }

    fn done(it: &mut Do<'_>, id: AssessmentId) -> Result<String> {
        let input: RecognitionWithdrawal = it.input()?;
        recognise::withdraw(it.conn, it.actor, id, &input)?;
        Ok(home(id))
    }
}
