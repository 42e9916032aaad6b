//! Which figures lead to what is behind them: counts are for everybody, names for those who may read them. Nobody is
//! offered a page that they may not read.

use std::collections::HashSet;

use chrono::NaiveDate;

use crate::access::{Action, Actor};
use crate::platform::{Conn, Result};
use crate::units::UnitId;
use crate::units::store::Tree;

/// The units whose figures open for a reader.
#[derive(Debug, Clone)]
pub struct Opens {
    units: HashSet<UnitId>,
    /// The unit that the page is about, or the only one at the top.
    top: Option<UnitId>,
    whole: bool,
    /// The units that have others below them.
    parents: HashSet<UnitId>,
}

impl Opens {
    /// On a page of a day about a unit with all below it, or about everything.
    pub fn of(conn: &mut Conn, actor: &Actor, day: NaiveDate, about: Option<UnitId>) -> Result<Opens> {
        let tree = Tree::on(conn, day)?;
        let readable = tree.units().filter(|unit| actor.may(Action::ReadNodes, &unit.site()));
        let units: HashSet<UnitId> = readable.map(|unit| unit.unit_id).collect();
        let tops = about.map_or_else(|| tree.children(None).to_vec(), |id| vec![id]);
        let whole = tops.iter().all(|top| units.contains(top));
        let top = if let [only] = tops.as_slice() { Some(*only) } else { None };
        let parents = tree.units().map(|unit| unit.unit_id).filter(|id| !tree.children(Some(*id)).is_empty()).collect();
        Ok(Opens { units, top, whole, parents })
    }

    /// Whether the figures of a unit open.
    pub fn unit(&self, id: UnitId) -> bool {
        self.units.contains(&id)
    }

    /// Whether the row of a unit is of the unit with all below it: of the one that the page is about it is of the unit by
    /// itself, since those below have rows of their own.
    pub fn is_whole(&self, id: UnitId) -> bool {
        self.top != Some(id) || !self.parents.contains(&id)
    }

    /// Whether the figures of all that the page is about open.
    pub fn whole(&self) -> bool {
        self.whole
    }
}
