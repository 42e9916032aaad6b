//! What a field may be chosen from, and the names of what is known by an id.

use std::collections::HashMap;

use super::Lang;
use crate::access::{Action, Actor, Site};
use crate::platform::db::today;
use crate::platform::{Conn, PageRequest, Result};
use crate::units::store::Tree;
use crate::units::{UnitFacts, UnitId, UnitKind};

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

/// Names as a reader takes them in: all branches as such, a long row by its first few and how many there are.
pub struct Names {
    names: HashMap<UnitId, String>,
    branches: Vec<UnitId>,
}

/// So many names are said one by one.
const SAID: usize = 8;

impl Names {
    /// The units of today.
    pub fn of_today(conn: &mut Conn) -> Result<Names> {
        let day = today(conn)?;
        let tree = Tree::on(conn, day)?;
        let stands = |unit: &&UnitFacts| unit.kind == UnitKind::Branch && unit.dissolved_on.is_none_or(|end| end > day);
        let branches = tree.units().filter(stands).map(|unit| unit.unit_id).collect();
        Ok(Names { names: tree.units().map(|unit| (unit.unit_id, unit.name.clone())).collect(), branches })
    }

    pub fn one(&self, id: UnitId) -> String {
        name_of(&self.names, id)
    }

    pub fn several(&self, lang: Lang, ids: &[UnitId]) -> String {
        let all = self.branches.len() > 2 && ids.len() == self.branches.len();
        if all && self.branches.iter().all(|branch| ids.contains(branch)) {
            return lang.pick(format!("全部{}个党支部", ids.len()), format!("all {} branches", ids.len()));
        }
        in_short(lang, ids.iter().map(|id| self.one(*id)).collect())
    }
}

/// A long row of names by its first few and how many there are.
pub fn in_short(lang: Lang, names: Vec<String>) -> String {
    let count = names.len();
    let between = lang.pick("、", ", ");
    if count <= SAID {
        return names.join(between);
    }
    let first = names.into_iter().take(SAID - 2).collect::<Vec<_>>().join(between);
    lang.pick(format!("{first}等{count}个"), format!("{first} and {} more", count + 2 - SAID))
}
