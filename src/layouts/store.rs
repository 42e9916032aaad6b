//! Rows of layouts.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::LayoutId;
use super::model::{Definition, SavedLayout};
use crate::access::AccountId;
use crate::platform::{Conn, Error, PageRequest, Result};
use crate::schema::layouts;
use crate::units::UnitId;

/// A layout as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = layouts)]
struct LayoutRow {
    id: LayoutId,
    unit_id: UnitId,
    name: String,
    definition: String,
    version: i64,
}

impl LayoutRow {
    fn shown(self) -> Result<SavedLayout> {
        let definition: Definition = serde_json::from_str(&self.definition).map_err(Error::internal)?;
        Ok(SavedLayout { id: self.id, unit_id: self.unit_id, name: self.name, definition, version: self.version })
    }
}

pub(super) fn insert(
    conn: &mut Conn,
    (unit_id, name): (UnitId, &str),
    definition: &Definition,
    by: Option<AccountId>,
    today: NaiveDate,
) -> Result<LayoutId> {
    let values = (
        layouts::unit_id.eq(unit_id),
        layouts::name.eq(name),
        layouts::definition.eq(serde_json::to_string(definition).map_err(Error::internal)?),
        layouts::made_by.eq(by),
        layouts::recorded_on.eq(today),
        layouts::version.eq(1),
    );
    let inserted = diesel::insert_into(layouts::table).values(values).returning(layouts::id);
    Ok(inserted.get_result::<i64>(conn).map(LayoutId)?)
}

pub(super) fn update(conn: &mut Conn, layout: &SavedLayout) -> Result<()> {
    let definition = serde_json::to_string(&layout.definition).map_err(Error::internal)?;
    diesel::update(layouts::table.filter(layouts::id.eq(layout.id.0)))
        .set((
            layouts::name.eq(&layout.name),
            layouts::definition.eq(definition),
            layouts::version.eq(layouts::version + 1),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn delete(conn: &mut Conn, id: LayoutId) -> Result<()> {
    diesel::delete(layouts::table.filter(layouts::id.eq(id.0))).execute(conn)?;
    Ok(())
}

/// A layout, if there is one.
pub fn find(conn: &mut Conn, id: LayoutId) -> Result<Option<SavedLayout>> {
    let row: Option<LayoutRow> =
        layouts::table.filter(layouts::id.eq(id.0)).select(LayoutRow::as_select()).first(conn).optional()?;
    row.map(LayoutRow::shown).transpose()
}

/// The layout of a unit with a name.
pub(super) fn named(conn: &mut Conn, unit: UnitId, name: &str) -> Result<Option<LayoutId>> {
    let one = layouts::table.filter(layouts::unit_id.eq(unit.0).and(layouts::name.eq(name)));
    Ok(one.select(layouts::id).first(conn).optional()?)
}

/// A page of all layouts, or of those of a unit; by id.
pub(super) fn list(
    conn: &mut Conn,
    page: &PageRequest,
    unit: Option<UnitId>,
) -> Result<(Vec<SavedLayout>, Option<String>)> {
    let mut query = layouts::table.select(LayoutRow::as_select()).order(layouts::id).limit(page.fetch()).into_boxed();
    if let Some(after) = page.after::<i64>(0)? {
        query = query.filter(layouts::id.gt(after));
    }
    if let Some(unit) = unit {
        query = query.filter(layouts::unit_id.eq(unit.0));
    }
    let mut rows: Vec<LayoutRow> = query.load(conn)?;
    let next = page.cut(&mut rows, |row| vec![row.id.to_string()]);
    Ok((rows.into_iter().map(LayoutRow::shown).collect::<Result<_>>()?, next))
}
