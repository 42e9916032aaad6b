//! Standard sets: the list, one with its clauses, and what is done with them.

use super::AssessmentWords;

use actix_web::HttpResponse;

use crate::access::{Action, Actor};
use crate::console::Visit;
use crate::console::choices::{self, name_of, unit_names};
use crate::console::form::{Deed, Do, Field, Form, Kind, See};
use crate::console::page::Html;
use crate::console::sheet::{self, Act, Section, Sheet, Table};
use crate::platform::web::Path;
use crate::platform::{Conn, Error, PageRequest, Result};
use crate::standards::model::{SetStatus, StandardSet};
use crate::standards::{self, SetId, sets};
use crate::units;
fn known_sets(conn: &mut Conn, actor: &Actor) -> Result<Vec<StandardSet>> {
    let page = PageRequest::new("standard-sets", Some(200), None, false)?;
    Ok(standards::store::list(conn, &page, &actor.reach(Action::ReadPlan), None, None)?.0)
}

/// `GET /standard-sets`.
pub async fn list(visit: Visit) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| {
        let (w, names) = (AssessmentWords(view.lang), unit_names(conn)?);
        actor.must_anywhere(Action::ReadStandards)?;
        let mut table = Table::new([w.set(), w.edition(), w.unit(), w.published_on(), w.clause()]);
        for set in known_sets(conn, actor)?.iter().rev() {
            table.row([
                Html::link(&format!("/standard-sets/{}", set.id), &set.title),
                Html::text(&set.edition),
                Html::text(name_of(&names, set.unit_id)),
                Html::text(set.published_on.map(|day| view.lang.full_day(&day)).unwrap_or_default()),
                Html::text(w.clauses(set.clauses)),
            ]);
        }
        let writes = !choices::units_for(conn, actor, Action::WriteStandards)?.is_empty();
        Ok(Sheet {
            title: w.sets().into(),
            lead: w.sets_lead().into(),
            back: Some(Act::new("/assessments", w.back())),
            acts: if writes { vec![Act::new("/standard-sets/new", w.new_set())] } else { vec![] },
            sections: vec![Section::new("sets", w.all_sets()).part(table.or_empty(w.no_sets(), w.no_sets_hint()))],
            ..Sheet::default()
        })
    });
    sheet::show(&visit.view, &sheet.await?)
}

/// `GET /standard-sets/{id}`.
pub async fn one(visit: Visit, Path(id): Path<SetId>) -> Result<HttpResponse, Error> {
    let view = visit.view.clone();
    let sheet = visit.caller.read_long(move |conn, actor| {
        let w = AssessmentWords(view.lang);
        let set = sets::read(conn, actor, id)?;
        let site = units::store::get(conn, set.unit_id)?.site();
        let writes = set.status == SetStatus::Draft && actor.may(Action::WriteStandards, &site);
        let mut table = Table::new([w.clause(), w.note(), w.points()]).widths([6, 3, 1]).numbers([2]);
        let mut category = String::new();
        for clause in standards::store::clauses_of(conn, id)? {
            if clause.category != category {
                table.group(&clause.category);
                category = clause.category.clone();
            }
            let mut notes = vec![];
            notes.extend(clause.mandatory.then(|| Html::text(w.mandatory())));
            notes.extend((!clause.curable).then(|| Html::text(w.incurable())));
            notes.extend(
                clause.documents.iter().map(|file| Html::link(&format!("/attachments/{}", file.id), &file.file_name)),
            );
            table.row([
                Html::text(format!("{} {}", clause.code, clause.title))
                    .with_note(clause.requirement.as_deref().unwrap_or_default()),
                Html::lines(notes),
                Html::text(clause.points.to_string()),
            ]);
        }
        Ok(Sheet {
            kicker: vec![set.edition.clone(), w.clauses(set.clauses).into()],
            title: set.title.clone(),
            lead: set
                .published_on
                .map_or_else(|| w.not_published(), |day| w.was_published(view.lang.full_day(&day)))
                .into(),
            back: Some(Act::new("/standard-sets", w.sets())),
            acts: if writes {
                vec![
                    Act::new(format!("/standard-sets/{id}/publish"), w.publish()).main(),
                    Act::new(format!("/standard-sets/{id}/clauses/new"), w.add_clause()),
                ]
            } else {
                vec![]
            },
            sections: vec![Section::new("clauses", w.clause()).part(table.or_empty(w.no_sets(), w.no_sets_hint()))],
            ..Sheet::default()
        })
    });
    sheet::show(&visit.view, &sheet.await?)
}

pub struct NewSet;

impl Deed for NewSet {
    type At = ();

    fn form(see: &mut See<'_>, (): ()) -> Result<Form> {
        let w = AssessmentWords(see.lang);
        let units = choices::units_for(see.conn, see.actor, Action::WriteStandards)?;
        let known = known_sets(see.conn, see.actor)?;
        let from = known.iter().map(|set| (set.id.to_string(), format!("{} {}", set.title, set.edition))).collect();
        Ok(Form::new(w.new_set(), w.save(), "/standard-sets")
            .field(Field::choice("unit_id", w.unit(), units).required())
            .field(Field::line("title", w.name()).required())
            .field(Field::line("edition", w.edition()).required())
            .field(Field::choice("from_set_id", w.from_set(), from)))
    }

    fn done(it: &mut Do<'_>, (): ()) -> Result<String> {
        let input = it.input()?;
        Ok(format!("/standard-sets/{}", sets::create(it.conn, it.actor, &input)?.id))
    }
}

pub struct AddClause;

impl Deed for AddClause {
    type At = SetId;

    fn form(see: &mut See<'_>, id: SetId) -> Result<Form> {
        let w = AssessmentWords(see.lang);
        let set = sets::read(see.conn, see.actor, id)?;
        Ok(Form::new(w.add_clause(), w.save(), format!("/standard-sets/{id}"))
            .kicker(set.title)
            .field(Field::line("code", w.code()).required())
            .field(Field::line("category", w.category()).required())
            .field(Field::line("title", w.name()).required())
            .field(Field::prose("requirement", w.requirement()))
            .field(Field::new("points", w.points(), Kind::Number).required())
            .field(Field::new("mandatory", w.mandatory(), Kind::Tick))
            .field(Field::new("curable", w.curable(), Kind::Tick).value(true))
            .field(Field::new("evidence_months", w.months(), Kind::Number)))
    }

    fn done(it: &mut Do<'_>, id: SetId) -> Result<String> {
        let input = it.input()?;
        standards::clauses::add(it.conn, it.actor, &it.tools.evidence, id, input)?;
        Ok(format!("/standard-sets/{id}"))
    }
}

pub struct Publish;

impl Deed for Publish {
    type At = SetId;

    fn form(see: &mut See<'_>, id: SetId) -> Result<Form> {
        let w = AssessmentWords(see.lang);
        let set = sets::read(see.conn, see.actor, id)?;
        let form = Form::new(w.publish(), w.publish(), format!("/standard-sets/{id}")).kicker(set.title);
        Ok(form.lead(w.publish_lead()).of_version(set.version))
    }

    fn done(it: &mut Do<'_>, id: SetId) -> Result<String> {
        sets::publish(it.conn, it.actor, id)?;
        Ok(format!("/standard-sets/{id}"))
    }
}
