//! Making, changing and deleting layouts, and reading the one that a request names.

use std::collections::BTreeMap;

use chrono::Datelike;

use super::model::{ColumnLayout, Definition, LayoutPatch, NamesOf, NewLayout, SavedLayout};
use super::{LAYOUT_EXISTS, LAYOUT_UNKNOWN, LayoutId, store};
use crate::access::{Action, Actor, Layouts};
use crate::audit::{self, subject};
use crate::platform::db::today;
use crate::platform::error::NOT_FOUND;
use crate::platform::web::{Layout, LayoutColumn};
use crate::platform::{Conn, Error, Result};
use crate::units::store::Tree;
use crate::units::{self, UnitId};

/// Makes a layout of a unit.
pub fn create(conn: &mut Conn, actor: &Actor, input: NewLayout) -> Result<SavedLayout> {
    let unit = units::store::named(conn, input.unit_id, "/unit_id")?;
    actor.must(Action::WriteLayouts, &unit.site())?;
    require_unused(conn, unit.unit_id, input.name.as_str(), None)?;
    let definition = Definition { titles: input.titles, columns: input.columns, signature: input.signature };
    let today = today(conn)?;
    let named = (unit.unit_id, input.name.as_str());
    let id = store::insert(conn, named, &definition, actor.account_id, today)?;
    let made = read(conn, actor, id)?;
    audit::record(conn, actor, "layout.create", subject("layout", id.0), &made)?;
    Ok(made)
}

/// A layout, or 404.
pub fn read(conn: &mut Conn, actor: &Actor, id: LayoutId) -> Result<SavedLayout> {
    actor.must_anywhere(Action::ReadLayouts)?;
    store::find(conn, id)?.ok_or_else(|| NOT_FOUND.err())
}

/// Changes a layout.
pub fn change(conn: &mut Conn, actor: &Actor, id: LayoutId, patch: LayoutPatch) -> Result<SavedLayout> {
    let mut layout = to_write(conn, actor, id)?;
    if let Some(name) = patch.name {
        require_unused(conn, layout.unit_id, name.as_str(), Some(id))?;
        layout.name = name.into_string();
    }
    let definition = &mut layout.definition;
    definition.signature = patch.signature.over(definition.signature.take());
    if let Some(titles) = patch.titles {
        definition.titles = titles;
    }
    if let Some(columns) = patch.columns {
        definition.columns = columns;
    }
    store::update(conn, &layout)?;
    let changed = read(conn, actor, id)?;
    audit::record(conn, actor, "layout.change", subject("layout", id.0), &changed)?;
    Ok(changed)
}

/// Deletes a layout: no record depends on it.
pub fn remove(conn: &mut Conn, actor: &Actor, id: LayoutId) -> Result<()> {
    let layout = to_write(conn, actor, id)?;
    store::delete(conn, id)?;
    audit::record(conn, actor, "layout.delete", subject("layout", id.0), &layout)
}

fn to_write(conn: &mut Conn, actor: &Actor, id: LayoutId) -> Result<SavedLayout> {
    let layout = read(conn, actor, id)?;
    let unit = units::store::get(conn, layout.unit_id)?;
    actor.must(Action::WriteLayouts, &unit.site())?;
    actor.request.if_match.require(layout.version)?;
    Ok(layout)
}

fn require_unused(conn: &mut Conn, unit: UnitId, name: &str, own: Option<LayoutId>) -> Result<()> {
    match store::named(conn, unit, name)? {
        Some(id) if Some(id) != own => Err(LAYOUT_EXISTS.with([("name", name.to_owned())])),
        _ => Ok(()),
    }
}

/// Layouts as they are saved.
pub struct SavedLayouts;

impl Layouts for SavedLayouts {
    fn named(&self, conn: &mut Conn, actor: &Actor, id: &str) -> Result<Layout> {
        actor.must_anywhere(Action::ReadLayouts)?;
        let unknown = || -> Error { LAYOUT_UNKNOWN.at("layout_id", [("id", id.to_owned())]).into_error() };
        let id = id.parse().map(LayoutId).map_err(|_| unknown())?;
        let layout = store::find(conn, id)?.ok_or_else(unknown)?;
        to_use(conn, layout.definition)
    }
}

/// A layout with the day and the names of today filled in.
fn to_use(conn: &mut Conn, definition: Definition) -> Result<Layout> {
    let today = today(conn)?;
    let shown = format!("{}年{}月{}日", today.year(), today.month(), today.day());
    let names_units = definition.columns.iter().any(|column| column.names_of == Some(NamesOf::Units));
    let names: BTreeMap<String, String> = if names_units {
        let tree = Tree::on(conn, today)?;
        tree.units().map(|unit| (unit.unit_id.to_string(), unit.name.clone())).collect()
    } else {
        BTreeMap::new()
    };
    Ok(Layout {
        titles: definition.titles.iter().map(|title| title.as_str().replace("{today}", &shown)).collect(),
        columns: definition.columns.into_iter().map(|column| used(column, &names)).collect(),
        signature: definition.signature.map(|line| line.into_string().replace("{today}", &shown)),
    })
}

fn used(column: ColumnLayout, names: &BTreeMap<String, String>) -> LayoutColumn {
    let mut words: BTreeMap<String, String> = match column.names_of {
        Some(NamesOf::Units) => names.clone(),
        None => BTreeMap::new(),
    };
    words.extend(column.words.into_iter().map(|(value, shown)| (value, shown.into_string())));
    LayoutColumn {
        field: column.field.map(|field| field.into_string()),
        head: column.head.into_string(),
        width: u16::try_from(column.width).unwrap_or_default().into(),
        words,
    }
}
