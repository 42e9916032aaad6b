//! Units as a tree of any day, and what is done with them.

use super::{AdminWords, asked_day};
use std::borrow::Cow;

use actix_web::{HttpRequest, HttpResponse};

use crate::access::Action;
use crate::console::choices::{self, Choice};
use crate::console::form::{Deed, Do, Field, Form, See};
use crate::console::page::Html;
use crate::console::sheet::{self, Act, Section, Sheet, Table};
use crate::console::terms;
use crate::console::view::View;
use crate::console::{Lang, Visit};
use crate::platform::db::today;
use crate::platform::{Error, Result};
use crate::units::model::UnitBranch;
use crate::units::{self, UnitId, UnitKind};

/// `GET /units`.
pub async fn tree(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    let (view, asked) = (visit.view.clone(), asked_day(&request));
    let sheet = visit.caller.read_long(move |conn, actor| {
        let (w, day) = (AdminWords(view.lang), asked.map_or_else(|| today(conn), Ok)?);
        let manages = actor.must_anywhere(Action::ManageUnits).is_ok();
        let mut table = Table::new([w.unit(), w.kind(), Cow::Borrowed("")]);
        for branch in units::actions::tree(conn, actor, day)? {
            branch_rows(&view, w, &branch, 0, manages, &mut table);
        }
        Ok(Sheet {
            title: w.units().into(),
            lead: w.units_lead(view.lang.full_day(&day)).into(),
            acts: if manages { vec![Act::new("/units/new", w.new_unit()).main()] } else { vec![] },
            as_of: Some(day),
            sections: vec![
                Section::new("tree", view.lang.full_day(&day)).part(table.or_empty(w.no_units(), w.no_units_hint())),
            ],
            ..Sheet::default()
        })
    });
    sheet::show(&visit.view, &sheet.await?)
}

fn branch_rows(view: &View, w: AdminWords, unit: &UnitBranch, depth: usize, manages: bool, table: &mut Table) {
    let at = |verb: &str| format!("/units/{}/{verb}", unit.id);
    table.row([
        Html::below(depth, &unit.name),
        Html::text(terms::unit_kind(view.lang, unit.kind)),
        if manages { Html::acts([(at("change"), w.change()), (at("dissolve"), w.dissolve())]) } else { Html::empty() },
    ]);
    for below in &unit.units {
        branch_rows(view, w, below, depth + 1, manages, table);
    }
}

fn kinds(lang: Lang) -> Vec<Choice> {
    UnitKind::ALL.iter().map(|kind| (kind.word().to_owned(), terms::unit_kind(lang, *kind).to_owned())).collect()
}

/// Names set apart with 、 as the list that the input takes.
fn short_names(it: &Do<'_>) -> serde_json::Value {
    let names = it.fields.get("short_names").split(['、', ',', '，']).map(str::trim).filter(|name| !name.is_empty());
    names.map(serde_json::Value::from).collect::<Vec<_>>().into()
}

pub struct NewUnit;

impl Deed for NewUnit {
    type At = ();

    fn form(see: &mut See<'_>, (): ()) -> Result<Form> {
        see.actor.must_anywhere(Action::ManageUnits)?;
        let w = AdminWords(see.lang);
        let units = choices::units(see.conn, |_| true)?;
        Ok(Form::new(w.new_unit(), w.save(), "/units")
            .field(Field::line("name", w.unit()).required())
            .field(Field::choice("kind", w.kind(), kinds(see.lang)).required())
            .field(Field::choice("parent_id", w.parent(), units))
            .field(Field::line("code", w.code()))
            .field(Field::line("short_names", w.short_names()).hint(w.short_hint()).aside())
            .field(Field::date("established_on", w.established_on()))
            .field(Field::date("term_ends_on", w.term_ends_on())))
    }

    fn done(it: &mut Do<'_>, (): ()) -> Result<String> {
        let input = it.input_with("short_names", short_names(it))?;
        units::actions::create(it.conn, it.actor, input)?;
        Ok("/units".into())
    }
}

pub struct ChangeUnit;

impl Deed for ChangeUnit {
    type At = UnitId;

    fn form(see: &mut See<'_>, id: UnitId) -> Result<Form> {
        see.actor.must_anywhere(Action::ManageUnits)?;
        let w = AdminWords(see.lang);
        let unit = units::store::get(see.conn, id)?;
        let above = choices::units(see.conn, |other| other.unit_id != id)?;
        let version = units::store::version(see.conn, id)?;
        Ok(Form::new(w.change_unit(), w.save(), "/units")
            .kicker(unit.name.clone())
            .field(Field::line("name", w.unit()).required().value(&unit.name))
            .field(Field::choice("parent_id", w.parent(), above).stored(unit.parent_id))
            .field(Field::line("code", w.code()).stored(unit.code.clone()))
            .field(Field::date("established_on", w.established_on()).stored(unit.established_on))
            .field(Field::date("term_ends_on", w.term_ends_on()).stored(unit.term_ends_on))
            .of_version(version))
    }

    fn done(it: &mut Do<'_>, id: UnitId) -> Result<String> {
        let patch = it.input()?;
        units::actions::change(it.conn, it.actor, id, patch)?;
        Ok("/units".into())
    }
}

pub struct Dissolve;

impl Deed for Dissolve {
    type At = UnitId;

    fn form(see: &mut See<'_>, id: UnitId) -> Result<Form> {
        see.actor.must_anywhere(Action::ManageUnits)?;
        let w = AdminWords(see.lang);
        let unit = units::store::get(see.conn, id)?;
        let others = choices::units(see.conn, |other| other.unit_id != id)?;
        Ok(Form::new(w.dissolve(), w.dissolve(), "/units")
            .kicker(unit.name)
            .lead(w.dissolve_lead())
            .field(Field::date("dissolved_on", w.dissolved_on()))
            .field(Field::choice("successor_id", w.successor(), others))
            .field(Field::prose("reason", w.reason()))
            .of_version(units::store::version(see.conn, id)?))
    }

    fn done(it: &mut Do<'_>, id: UnitId) -> Result<String> {
        let input = it.input()?;
        units::actions::dissolve(it.conn, it.actor, id, input)?;
        Ok("/units".into())
    }
}
