//! Units as a table: told by name and unit above, else by name, else by code. A unit above may be another row.

use std::collections::HashMap;

use super::cells::{RowReader, UnitIndex};
use super::compare::{Changed, List, Standing, Writing, key_of};
use super::mapping::{ListName, Mapping};
use super::rows::{Row, Table};
use super::{UNIT_KIND_FIXED, UNIT_PARENT_CIRCLE};
use crate::access::{Action, Actor};
use crate::platform::sheet::read::normal;
use crate::platform::text::Text;
use crate::platform::{Conn, Error, Field, Result};
use crate::units::model::{Dissolution, NewUnit, UnitPatch};
use crate::units::{self, UnitFacts, UnitId, UnitKind};

/// The units that stand, as a table.
pub struct Units {
    index: UnitIndex,
    facts: Vec<UnitFacts>,
    standing: Vec<Standing>,
    /// The unit above of each row of the file.
    in_file: HashMap<String, String>,
    /// Units made by this import, by their names.
    made: HashMap<String, UnitId>,
}

/// Where a unit lies.
#[derive(Debug, Clone, PartialEq)]
pub enum Above {
    Nothing,
    Known(UnitId),
    InFile(String),
}

pub enum UnitAct {
    Add { new: NewUnit, above: Above, depth: usize },
    Change { id: UnitId, patch: Box<UnitPatch>, above: Option<Above> },
    Remove(UnitId),
}

impl Units {
    pub fn load(conn: &mut Conn, actor: &Actor, writing: bool) -> Result<Units> {
        actor.must_anywhere(if writing { Action::ManageUnits } else { Action::ReadUnits })?;
        let index = UnitIndex::standing(conn)?;
        let facts: Vec<UnitFacts> = index.all().into_iter().cloned().collect();
        let standing = facts.iter().map(|unit| standing(unit, &index)).collect::<Result<_>>()?;
        Ok(Units { index, facts, standing, in_file: HashMap::new(), made: HashMap::new() })
    }

    fn above(&self, row: &mut RowReader<'_>) -> Above {
        let said = row.said("parent").to_owned();
        if said.is_empty() {
            return Above::Nothing;
        }
        let own = row.said("name").to_owned();
        if self.in_file.contains_key(&said) && !self.facts.iter().any(|unit| unit.name == said) {
            return Above::InFile(said).filter_own(&own);
        }
        row.unit("parent", &self.index).map_or(Above::Nothing, Above::Known)
    }

    /// How many rows of the file lie above a name; none when they lead back to it.
    fn depth(&self, name: &str) -> Option<usize> {
        let (mut at, mut depth) = (name, 0);
        while let Some(above) = self.in_file.get(at) {
            at = above;
            depth += 1;
            if depth > self.in_file.len() {
                return None;
            }
        }
        Some(depth)
    }

    fn made_or_known(&self, above: &Above) -> Option<UnitId> {
        match above {
            Above::Nothing => None,
            Above::Known(id) => Some(*id),
            Above::InFile(name) => self.made.get(name).copied(),
        }
    }
}

impl Above {
    fn filter_own(self, own: &str) -> Above {
        if self == Above::InFile(own.to_owned()) { Above::Nothing } else { self }
    }
}

fn standing(unit: &UnitFacts, index: &UnitIndex) -> Result<Standing> {
    let short: Vec<String> = serde_json::from_str(&unit.short_names).map_err(Error::internal)?;
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let parent = unit.parent_id.map_or("", |id| index.name(id)).to_owned();
    let cells = vec![
        String::new(),
        normal(&unit.name),
        shown_kind(unit.kind).to_owned(),
        normal(&parent),
        normal(unit.code.as_deref().unwrap_or_default()),
        normal(&short.join("、")),
        day(unit.established_on),
        day(unit.term_ends_on),
    ];
    let code = unit.code.clone().unwrap_or_default();
    Ok(Standing { key: key_of(&[&unit.name, &parent]), also: vec![key_of(&[&unit.name]), key_of(&[&code])], cells })
}

fn shown_kind(kind: UnitKind) -> &'static str {
    super::mapping::shown(ListName::Units, "kind", kind.word())
}

impl List for Units {
    type Act = UnitAct;

    fn mapping(&self) -> &'static Mapping {
        Mapping::of(ListName::Units)
    }

    fn standing(&self) -> &[Standing] {
        &self.standing
    }

    fn key(&self, row: &Row) -> (String, Vec<String>) {
        let said = |name: &str| self.said(row, name);
        (key_of(&[said("name"), said("parent")]), vec![key_of(&[said("name")]), key_of(&[said("code")])])
    }

    fn prepare(&mut self, table: &mut Table) {
        let said = |row: &Row, name: &str| {
            Mapping::of(ListName::Units).index(name).map(|index| row.cell(index).text.clone()).unwrap_or_default()
        };
        self.in_file = table.rows.iter().map(|row| (said(row, "name"), said(row, "parent"))).collect();
    }

    fn added(&mut self, _conn: &mut Conn, row: &mut RowReader<'_>) -> Result<Option<UnitAct>> {
        let above = self.above(row);
        let depth = self.depth(row.said("name"));
        if depth.is_none() {
            row.refuse("parent", UNIT_PARENT_CIRCLE.at("", []));
        }
        let (name, kind) = (row.text("name"), kind(row));
        let code = row.text("code");
        let short_names: Vec<Text<40>> = row.texts("short_names");
        let (established_on, term_ends_on) = (row.day("established_on"), row.day("term_ends_on"));
        let (Some(name), Some(kind), Some(depth)) = (name, kind, depth) else { return Ok(None) };
        let new = NewUnit { name, kind, parent_id: None, code, short_names, established_on, term_ends_on };
        Ok(Some(UnitAct::Add { new, above, depth }))
    }

    fn changed(
        &mut self,
        _conn: &mut Conn,
        standing: usize,
        fields: &[&'static str],
        row: &mut RowReader<'_>,
    ) -> Result<Changed<UnitAct>> {
        let Some(unit) = self.facts.get(standing).cloned() else { return Ok(Changed::Refused) };
        let mut patch = UnitPatch {
            name: None,
            parent_id: Field::Keep,
            code: Field::Keep,
            short_names: None,
            established_on: Field::Keep,
            term_ends_on: Field::Keep,
        };
        let mut above = None;
        let mut same = true;
        for field in fields {
            match *field {
                "name" => patch.name = row.text("name").filter(|name: &Text<200>| name.as_str() != unit.name),
                "kind" if kind(row).is_some_and(|kind| kind != unit.kind) => {
                    let before = shown_kind(unit.kind).to_owned();
                    row.refuse("kind", UNIT_KIND_FIXED.at("", [("before", before)]));
                }
                "kind" => {}
                "parent" => {
                    let found = self.above(row);
                    let known = unit.parent_id.map_or(Above::Nothing, Above::Known);
                    above = Some(found).filter(|found| *found != known);
                }
                "code" => {
                    patch.code = row.text("code").map_or(Field::Clear, Field::Set);
                }
                "short_names" => {
                    let names = row.texts("short_names");
                    let before: Vec<String> = serde_json::from_str(&unit.short_names).map_err(Error::internal)?;
                    let same = names.iter().map(Text::as_str).eq(before.iter().map(String::as_str));
                    patch.short_names = Some(names).filter(|_| !same);
                }
                "established_on" => patch.established_on = day(row.day(field), unit.established_on),
                "term_ends_on" => patch.term_ends_on = day(row.day(field), unit.term_ends_on),
                _ => {}
            }
        }
        same &= patch.name.is_none() && above.is_none() && patch.short_names.is_none();
        same &= patch.code == Field::Keep;
        same &= patch.established_on == Field::Keep && patch.term_ends_on == Field::Keep;
        if same {
            return Ok(Changed::Same);
        }
        Ok(Changed::To(UnitAct::Change { id: unit.unit_id, patch: Box::new(patch), above }))
    }

    fn rank(&self, act: &UnitAct) -> usize {
        match act {
            UnitAct::Add { depth, .. } => *depth,
            UnitAct::Change { .. } => usize::MAX - 1,
            UnitAct::Remove(_) => usize::MAX,
        }
    }

    fn removed(&self, standing: usize) -> Option<UnitAct> {
        self.facts.get(standing).map(|unit| UnitAct::Remove(unit.unit_id))
    }

    fn apply(&mut self, conn: &mut Conn, writing: &Writing<'_>, act: &UnitAct) -> Result<()> {
        match act {
            UnitAct::Add { new, above, .. } => {
                let new = NewUnit { parent_id: self.made_or_known(above), ..new.clone() };
                let made = units::actions::create(conn, writing.actor, new)?;
                self.made.insert(made.name, made.id);
            }
            UnitAct::Change { id, patch, above } => {
                let mut patch = (**patch).clone();
                if let Some(above) = above {
                    patch.parent_id = self.made_or_known(above).map_or(Field::Clear, Field::Set);
                }
                let version = units::store::version(conn, *id)?;
                units::actions::change(conn, &writing.of_version(version), *id, patch)?;
            }
            UnitAct::Remove(id) => {
                let reason = writing.reason.cloned();
                let input = Dissolution { dissolved_on: None, successor_id: None, reason };
                units::actions::dissolve(conn, writing.actor, *id, input)?;
            }
        }
        Ok(())
    }

    fn field_of(&self, pointer: &str) -> Option<&'static str> {
        match pointer {
            "/parent_id" => Some("parent"),
            "/established_on" => Some("established_on"),
            "/term_ends_on" => Some("term_ends_on"),
            _ => None,
        }
    }
}

fn kind(row: &mut RowReader<'_>) -> Option<UnitKind> {
    let word = row.choice("kind")?;
    UnitKind::ALL.iter().find(|kind| kind.word() == word).copied()
}

/// What a cell does to a day that may be cleared.
pub fn day(said: Option<chrono::NaiveDate>, before: Option<chrono::NaiveDate>) -> Field<chrono::NaiveDate> {
    match said {
        _ if said == before => Field::Keep,
        Some(day) => Field::Set(day),
        None => Field::Clear,
    }
}
