//! What a field may be chosen from, and the names of what is known by an id.

use std::collections::HashMap;

use crate::access::{Action, Actor, Site};
use crate::platform::db::today;
use crate::platform::{Conn, PageRequest, Result};
use crate::units::store::Tree;
use crate::units::{UnitFacts, UnitId};

/// A value and its words.
pub type Choice = (String, String);

/// The standing units of today, in the order of the tree.
pub fn units(conn: &mut Conn, wanted: impl Fn(&UnitFacts) -> bool) -> Result<Vec<Choice>> {
    let day = today(conn)?;
    let tree = Tree::on(conn, day)?;
    let standing = |unit: &&UnitFacts| unit.dissolved_on.is_none_or(|last| last > day) && wanted(unit);
    let found = tree.in_order().into_iter().filter_map(|id| tree.get(id)).filter(standing);
    Ok(found.map(|unit| (unit.unit_id.to_string(), unit.name.clone())).collect())
}

/// The units at which somebody may do something.
pub fn units_for(conn: &mut Conn, actor: &Actor, action: Action) -> Result<Vec<Choice>> {
    units(conn, |unit| actor.may(action, &unit.site()))
}

/// The units at and below one.
pub fn units_within(conn: &mut Conn, top: &Site) -> Result<Vec<Choice>> {
    units(conn, |unit| unit.site().path.starts_with(&top.path))
}

/// The names of all units of today.
pub fn unit_names(conn: &mut Conn) -> Result<HashMap<UnitId, String>> {
    let day = today(conn)?;
    Ok(Tree::on(conn, day)?.units().map(|unit| (unit.unit_id, unit.name.clone())).collect())
}

/// A name, or the id where it has none by today.
pub fn name_of(names: &HashMap<UnitId, String>, id: UnitId) -> String {
    names.get(&id).cloned().unwrap_or_else(|| format!("#{id}"))
}

/// Everything of a list in one go: for what belongs to one thing and is never long.
pub fn all_of(list: &'static str) -> Result<PageRequest> {
    PageRequest::new(list, None, None, true)
}
