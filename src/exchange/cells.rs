//! The cells of one row, read as the inputs of actions want them. What can't be read is a problem with its place, and
//! the next cell is read all the same, so that a dry run names everything at once.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::mapping::{Choice, Kind, Mapping};
use super::model::Problem;
use super::rows::{Row, Table};
use super::{
    CELL_BLANK, CELL_CHOICE, CELL_DAY, CELL_ERROR, CELL_FORMULA, CELL_NUMBER, CELL_NUMBER_DAY, CELL_UNIT,
    CELL_UNIT_SEVERAL,
};
use crate::platform::db::today;
use crate::platform::error::WRONG_VALUE;
use crate::platform::sheet::{Cell, What};
use crate::platform::text::Text;
use crate::platform::{Conn, Error, Fault, Result};
use crate::units::store::Tree;
use crate::units::{UnitFacts, UnitId};

/// A row while it is read.
pub struct RowReader<'a> {
    pub mapping: &'static Mapping,
    pub table: &'a Table,
    pub row: &'a Row,
    problems: &'a mut Vec<Problem>,
    before: usize,
}

impl<'a> RowReader<'a> {
    pub fn new(
        mapping: &'static Mapping,
        table: &'a Table,
        row: &'a Row,
        problems: &'a mut Vec<Problem>,
    ) -> RowReader<'a> {
        let before = problems.len();
        RowReader { mapping, table, row, problems, before }
    }

    /// Whether nothing of the row was refused.
    pub fn is_sound(&self) -> bool {
        self.problems.len() == self.before
    }

    /// Whether the sheet has a column for the field.
    pub fn has(&self, field: &str) -> bool {
        self.mapping.index(field).is_some_and(|index| self.table.has(index))
    }

    pub fn cell(&self, field: &str) -> &'a Cell {
        // A name that is no field is a blank one.
        self.row.cell(self.mapping.index(field).unwrap_or(usize::MAX))
    }

    pub fn said(&self, field: &str) -> &'a str {
        &self.cell(field).text
    }

    pub fn is_blank(&self, field: &str) -> bool {
        self.cell(field).what == What::Empty
    }

    /// Refuses the cell of a field.
    pub fn refuse(&mut self, field: &str, fault: Fault) {
        let index = self.mapping.index(field);
        self.problems.push(Problem {
            sheet: self.table.sheet.clone(),
            row: Some(self.row.number),
            column: index.and_then(|index| self.table.column(index)),
            head: self.mapping.field(field).map(|field| field.head),
            value: self.said(field).chars().take(200).collect(),
            code: fault.code,
            args: fault.args,
        });
    }

    /// Refuses the row.
    pub fn refuse_row(&mut self, fault: Fault) {
        self.problems.push(Problem {
            sheet: self.table.sheet.clone(),
            row: Some(self.row.number),
            column: None,
            head: None,
            value: String::new(),
            code: fault.code,
            args: fault.args,
        });
    }

    /// Refuses formulas, which are never evaluated, errors, and blanks of required columns.
    pub fn check(&mut self) {
        for field in self.mapping.fields.iter().filter(|field| field.is_read()) {
            match self.cell(field.name).what {
                What::Formula => self.refuse(field.name, CELL_FORMULA.at("", [])),
                What::Error => {
                    let value = self.said(field.name).to_owned();
                    self.refuse(field.name, CELL_ERROR.at("", [("value", value)]));
                }
                // A deadline that is missing is refused with what could be written.
                What::Empty if field.required && !matches!(field.kind, Kind::Deadline) => {
                    self.refuse(field.name, CELL_BLANK.at("", [("head", field.head.to_owned())]));
                }
                _ => {}
            }
        }
    }

    /// A text; none when the cell is blank or was refused.
    pub fn text<const MAX: usize>(&mut self, field: &str) -> Option<Text<MAX>> {
        if self.said(field).is_empty() {
            return None;
        }
        match Text::parse(self.said(field)) {
            Ok(text) => Some(text),
            Err(fault) => {
                self.refuse(field, fault);
                None
            }
        }
    }

    /// Several texts, separated by 、 or the like.
    pub fn texts<const MAX: usize>(&mut self, field: &str) -> Vec<Text<MAX>> {
        let mut texts = vec![];
        for part in parts(self.said(field)) {
            match Text::parse(part) {
                Ok(text) => texts.push(text),
                Err(fault) => self.refuse(field, fault),
            }
        }
        texts
    }

    /// The word of a choice, as the API knows it.
    pub fn choice(&mut self, field: &str) -> Option<&'static str> {
        let said = self.said(field);
        let Some(Kind::Choice(choices)) = self.mapping.field(field).map(|field| field.kind) else { return None };
        if said.is_empty() {
            return None;
        }
        let is = |choice: &&Choice| choice.shown == said || choice.word == said || choice.also.contains(&said);
        let found = choices.iter().find(is).map(|choice| choice.word);
        if found.is_none() {
            let nearest = choices.iter().map(|choice| choice.shown).collect::<Vec<_>>().join("、");
            self.refuse(field, CELL_CHOICE.at("", [("nearest", nearest), ("value", said.to_owned())]));
        }
        found
    }

    /// 是 or 否; none when the cell is blank or was refused.
    pub fn yes_no(&mut self, field: &str) -> Option<bool> {
        match self.said(field) {
            "" => None,
            "是" | "有" | "√" | "✓" | "Y" | "y" | "yes" | "true" | "TRUE" | "1" => Some(true),
            "否" | "无" | "×" | "N" | "n" | "no" | "false" | "FALSE" | "0" => Some(false),
            said => {
                let args = [("nearest", "是、否".to_owned()), ("value", said.to_owned())];
                self.refuse(field, CELL_CHOICE.at("", args));
                None
            }
        }
    }

    /// A number; none when the cell is blank or was refused.
    pub fn number<T: std::str::FromStr>(&mut self, field: &str, fits: impl Fn(&T) -> bool, nearest: &str) -> Option<T> {
        let said = self.said(field);
        if said.is_empty() {
            return None;
        }
        let found = said.parse().ok().filter(fits);
        if found.is_none() {
            let args = [("nearest", nearest.to_owned()), ("value", said.to_owned())];
            self.refuse(field, CELL_NUMBER.at("", args));
        }
        found
    }

    /// A day, from a date cell or written out; none when the cell is blank or was refused.
    pub fn day(&mut self, field: &str) -> Option<NaiveDate> {
        let cell = self.cell(field);
        let nearest = || ("nearest", "2020-06-30".to_owned());
        match cell.what {
            What::Empty => None,
            What::Day(day) => Some(day),
            _ => match written_day(&cell.text) {
                Some(day) => Some(day),
                None => {
                    let code = if cell.what == What::Number { &CELL_NUMBER_DAY } else { &CELL_DAY };
                    self.refuse(field, code.at("", [nearest(), ("value", cell.text.clone())]));
                    None
                }
            },
        }
    }

    /// The unit of a name; none when the cell is blank or was refused.
    pub fn unit(&mut self, field: &str, units: &UnitIndex) -> Option<UnitId> {
        let said = self.said(field);
        if said.is_empty() {
            return None;
        }
        match units.named(said) {
            Named::One(unit) => Some(unit),
            Named::Several => {
                self.refuse(field, CELL_UNIT_SEVERAL.at("", [("value", said.to_owned())]));
                None
            }
            Named::None { like } => {
                self.refuse(field, CELL_UNIT.at("", [("nearest", like), ("value", said.to_owned())]));
                None
            }
        }
    }

    /// What an action refused: the field that its pointer means, or the whole row.
    pub fn refuse_as(&mut self, error: Error, field_of: impl Fn(&str) -> Option<&'static str>) -> Result<()> {
        let Error::Problem(problem) = error else { return Err(error) };
        if problem.code.status >= 500 {
            return Err(Error::Problem(problem));
        }
        if problem.faults.is_empty() {
            self.refuse_row(Fault { pointer: String::new(), code: problem.code, args: problem.args });
            return Ok(());
        }
        for fault in problem.faults {
            match field_of(&fault.pointer) {
                Some(field) => self.refuse(field, fault),
                None => self.refuse_row(fault),
            }
        }
        Ok(())
    }
}

/// What stands between 、 ， ； or line breaks.
pub fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['、', '，', ',', '；', ';', '\n']).map(str::trim).filter(|part| !part.is_empty())
}

/// A day written out whole: 2020-06-30, 2020.6.30, 2020/6/30, 2020年6月30日, 20200630.
pub fn written_day(text: &str) -> Option<NaiveDate> {
    let text = text.trim().strip_suffix(['日', '号']).unwrap_or(text.trim());
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return NaiveDate::parse_from_str(text, "%Y%m%d").ok();
    }
    let mut numbers = text.split(['-', '.', '/', '年', '月']).map(str::trim);
    let mut next = || numbers.next().filter(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    let (year, month, day) = (next()?, next()?, next()?);
    if year.len() != 4 || numbers.next().is_some() {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// The units that stand today, by their names.
pub struct UnitIndex {
    units: HashMap<UnitId, UnitFacts>,
    full: HashMap<String, Vec<UnitId>>,
    short: HashMap<String, Vec<UnitId>>,
}

enum Named {
    One(UnitId),
    Several,
    None { like: String },
}

impl UnitIndex {
    pub fn standing(conn: &mut Conn) -> Result<UnitIndex> {
        let today = today(conn)?;
        let tree = Tree::on(conn, today)?;
        let mut index = UnitIndex { units: HashMap::new(), full: HashMap::new(), short: HashMap::new() };
        for unit in tree.units().filter(|unit| unit.dissolved_on.is_none_or(|day| day > today)) {
            index.add(unit)?;
        }
        Ok(index)
    }

    fn add(&mut self, unit: &UnitFacts) -> Result<()> {
        let short: Vec<String> = serde_json::from_str(&unit.short_names).map_err(Error::internal)?;
        self.full.entry(unit.name.clone()).or_default().push(unit.unit_id);
        for name in short {
            self.short.entry(name).or_default().push(unit.unit_id);
        }
        self.units.insert(unit.unit_id, unit.clone());
        Ok(())
    }

    /// Every unit, by id.
    pub fn all(&self) -> Vec<&UnitFacts> {
        let mut all: Vec<&UnitFacts> = self.units.values().collect();
        all.sort_by_key(|unit| unit.unit_id);
        all
    }

    /// The name of a unit in full; nothing when it does not stand.
    pub fn name(&self, id: UnitId) -> &str {
        self.units.get(&id).map_or("", |unit| &unit.name)
    }

    /// The one unit of this name.
    pub fn one(&self, name: &str) -> Option<UnitId> {
        match self.named(name) {
            Named::One(id) => Some(id),
            _ => None,
        }
    }

    /// A full name goes before a short one.
    fn named(&self, name: &str) -> Named {
        let found = self.full.get(name).or_else(|| self.short.get(name));
        match found.map(Vec::as_slice) {
            Some([one]) => Named::One(*one),
            Some(_) => Named::Several,
            None => {
                let like = |known: &&String| known.contains(name) || name.contains(known.as_str());
                let mut like: Vec<_> = self.full.keys().filter(like).map(String::as_str).collect();
                like.sort_unstable();
                like.truncate(5);
                Named::None { like: if like.is_empty() { "—".to_owned() } else { like.join("、") } }
            }
        }
    }
}

/// A refusal that no list knows better words for.
pub fn wrong(detail: impl Into<String>) -> Fault {
    WRONG_VALUE.at("", [("detail", detail.into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_in_many_ways_and_always_whole() {
        for text in ["2020-06-30", "2020.6.30", "2020/6/30", "2020年6月30日", "2020年6月30号", "20200630"] {
            assert_eq!(written_day(text), NaiveDate::from_ymd_opt(2020, 6, 30), "{text}");
        }
        for text in ["2020-06", "6月30日", "2020.6.31", "44012", "2020-6-30-1", "20-6-30", "年内"] {
            assert_eq!(written_day(text), None, "{text}");
        }
    }
}
