//! Findings with their measures as a table: a row for each measure, and one for a finding without any. A finding is told
//! by its number, else by who found it and its title; a measure by its wording.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::cells::{RowReader, UnitIndex, parts, written_day, wrong};
use super::compare::{Changed, List, Standing, Writing, key_of};
use super::mapping::{ListName, Mapping, shown};
use super::rows::Row;
use super::units::day as day_field;
use super::{CELL_DAY, CELL_NUMBER_DAY, FINDING_FIXED, FINDING_NUMBER};
use crate::access::{Action, Actor};
use crate::findings::ledger::{self, LedgerQuery};
use crate::findings::model::{
    Finding, FindingKind, FindingPatch, Measure, MeasurePatch, NewFinding, NewFindingSource, NewMeasure,
};
use crate::findings::{self, FindingId, MeasureId, measures, raise};
use crate::plans::deadlines::{self, Frame, Reading};
use crate::plans::readings::Names;
use crate::plans::responsible::Column;
use crate::plans::rules::last_day;
use crate::platform::db::today;
use crate::platform::error::FORBIDDEN;
use crate::platform::sheet::What;
use crate::platform::sheet::read::normal;
use crate::platform::text::{Prose, Text};
use crate::platform::{Conn, Error, Field, PageRequest, Result};
use crate::units::UnitId;
use crate::units::store::Tree;

/// The findings of a year, as a table.
pub struct Findings {
    year: i64,
    index: UnitIndex,
    names: Option<Names>,
    items: Vec<(Finding, Option<Measure>)>,
    standing: Vec<Standing>,
    /// Findings by who found them and their titles, and those that this import made.
    known: HashMap<String, FindingId>,
}

#[derive(Default)]
pub struct FindingAct {
    key: String,
    /// A finding to be raised, unless it is known by its key by then.
    new: Option<NewFinding>,
    id: Option<FindingId>,
    patch: Option<FindingPatch>,
    measure: Option<NewMeasure>,
    change: Option<(MeasureId, MeasurePatch)>,
}

impl Findings {
    pub fn load(conn: &mut Conn, actor: &Actor, year: i64, writing: bool) -> Result<Findings> {
        let action = if writing { Action::RaiseFinding } else { Action::ReadNodes };
        let reach = actor.reach(action);
        if reach.subtrees.is_empty() && reach.units.is_empty() {
            return Err(FORBIDDEN.err());
        }
        let query = LedgerQuery { year: Some(year), ..LedgerQuery::default() };
        let page = PageRequest::new("findings", None, None, true)?;
        let (all, _) = ledger::list(conn, actor, &page, &query)?;
        let known = all.iter().map(|finding| (finding_key(&finding.source.body, &finding.title), finding.id)).collect();
        let mut items = vec![];
        for finding in all {
            if finding.measures.is_empty() {
                items.push((finding, None));
            } else {
                let measures = finding.measures.clone();
                items.extend(measures.into_iter().map(|measure| (finding.clone(), Some(measure))));
            }
        }
        let index = UnitIndex::standing(conn)?;
        let mut standing = vec![];
        for (finding, measure) in &items {
            let of = match measure.as_ref().map(|measure| measure.unit_id) {
                Some(id) => finding.units.iter().find(|unit| unit.unit_id == id).map(|unit| unit.name.clone()),
                None => None,
            };
            standing.push(as_row(finding, measure.as_ref(), &of.unwrap_or_default()));
        }
        let today = today(conn)?;
        let top = Tree::on(conn, today)?.children(None).first().copied();
        let names = top.map(|top| Names::standing(conn, top)).transpose()?;
        Ok(Findings { year, index, names, items, standing, known })
    }

    /// The units of a cell: each by its name, else read as a responsibility cell.
    fn units(&self, row: &mut RowReader<'_>, field: &str) -> Vec<UnitId> {
        let said = row.said(field);
        let by_name: Option<Vec<UnitId>> = parts(said).map(|name| self.index.one(name)).collect();
        if let Some(units) = by_name {
            return units;
        }
        let Some(names) = &self.names else { return vec![] };
        match names.resolve(said, Column::Support) {
            Ok(understood) => understood.meant.into_iter().map(|meant| meant.unit_id).collect(),
            Err(unread) => {
                row.refuse(field, unread.fault(""));
                vec![]
            }
        }
    }

    /// The day by which a measure is taken; none for 长期坚持 and a blank cell.
    fn due(&self, row: &mut RowReader<'_>, kind: Option<FindingKind>) -> Option<NaiveDate> {
        let cell = row.cell("due_on");
        let plain = match cell.what {
            What::Empty | What::Formula | What::Error => return None,
            What::Day(day) => return Some(day),
            What::Number if cell.text.len() != 8 => {
                let args = [("nearest", "4月30日".to_owned()), ("value", cell.text.clone())];
                row.refuse("due_on", CELL_NUMBER_DAY.at("", args));
                return None;
            }
            _ => cell.text.as_str(),
        };
        let lasting = matches!(plain, "长期坚持" | "长期" | "持续整改" | "持续推进" | "常态化");
        if lasting && kind == Some(FindingKind::LongTerm) {
            return None;
        }
        let frame = Frame {
            year: i32::try_from(self.year).unwrap_or_default(),
            closes_on: last_day(self.year + 1),
            festival: &|_| None,
        };
        match written_day(plain).map_or_else(|| deadlines::read(plain, &frame), |day| Ok(one_node(day))) {
            Ok(Reading::Nodes { nodes, .. }) if nodes.len() == 1 => nodes.first().map(|node| node.due_on),
            Err(refusal) => {
                row.refuse("due_on", refusal.fault(plain, ""));
                None
            }
            Ok(_) => {
                let args = [("nearest", format!("{}-04-30", self.year)), ("value", plain.to_owned())];
                row.refuse("due_on", CELL_DAY.at("", args));
                None
            }
        }
    }

    fn measure(&self, row: &mut RowReader<'_>, kind: Option<FindingKind>) -> Option<NewMeasure> {
        let text = row.text("measure")?;
        let unit = row.unit("measure_unit", &self.index);
        let (leader, person) = (row.text("leader"), row.text("person"));
        Some(NewMeasure { text, unit_id: unit, leader, person, due_on: self.due(row, kind) })
    }
}

fn one_node(day: NaiveDate) -> Reading {
    let node = deadlines::Node { period: String::new(), from: None, due_on: day, title: None };
    Reading::Nodes { nodes: vec![node], times: None }
}

fn finding_key(source: &str, title: &str) -> String {
    key_of(&[source, title])
}

fn as_row(finding: &Finding, measure: Option<&Measure>, measure_unit: &str) -> Standing {
    let said = |text: &Option<String>| normal(text.as_deref().unwrap_or_default());
    let of_measure = |text: Option<String>| normal(&text.unwrap_or_default());
    let due = measure.map(|measure| measure.due_on.map_or_else(|| "长期坚持".to_owned(), |day| day.to_string()));
    let units = finding.units.iter().map(|unit| unit.name.as_str()).collect::<Vec<_>>().join("、");
    let (title, text) = (normal(&finding.title), measure.map(|measure| normal(&measure.text)).unwrap_or_default());
    let by_id = key_of(&[&finding.id.to_string(), &text]);
    let blank = if measure.is_none() { finding_key(&finding.source.body, &finding.title) } else { String::new() };
    Standing {
        key: key_of(&[&finding.source.body, &finding.title, &text]),
        also: vec![by_id, blank],
        cells: vec![
            String::new(),
            finding.id.to_string(),
            title,
            said(&finding.problem),
            said(&finding.root_cause),
            normal(&finding.source.body),
            said(&finding.source.document),
            finding.source.on.to_string(),
            shown(ListName::Findings, "kind", finding.kind.word()).to_owned(),
            normal(&units),
            text,
            normal(measure_unit),
            of_measure(measure.and_then(|measure| measure.leader.clone())),
            of_measure(measure.and_then(|measure| measure.person.clone())),
            due.unwrap_or_default(),
            ledger::state_name(finding),
            String::new(),
        ],
    }
}

fn kind(row: &mut RowReader<'_>) -> Option<FindingKind> {
    let word = row.choice("kind")?;
    FindingKind::ALL.iter().find(|kind| kind.word() == word).copied()
}

impl List for Findings {
    type Act = FindingAct;

    fn mapping(&self) -> &'static Mapping {
        Mapping::of(ListName::Findings)
    }

    fn standing(&self) -> &[Standing] {
        &self.standing
    }

    fn key(&self, row: &Row) -> (String, Vec<String>) {
        let said = |name: &str| self.said(row, name);
        let (id, measure) = (said("id"), said("measure"));
        let by_id = if id.is_empty() { String::new() } else { key_of(&[id, measure]) };
        (key_of(&[said("source"), said("title"), measure]), vec![by_id, finding_key(said("source"), said("title"))])
    }

    fn added(&mut self, _conn: &mut Conn, row: &mut RowReader<'_>) -> Result<Option<FindingAct>> {
        let key = finding_key(row.said("source"), row.said("title"));
        let id = self.known_id(row, &key);
        let (title, body) = (row.text("title"), row.text("source"));
        let (problem, root_cause) = (row.text("problem"), row.text("root_cause"));
        let (document, on, kind) = (row.text("document"), row.day("found_on"), kind(row));
        let unit_ids = if row.is_blank("units") { vec![] } else { self.units(row, "units") };
        let measure = self.measure(row, kind);
        let mut act = FindingAct { key, id, measure, ..FindingAct::default() };
        if id.is_none() {
            let (Some(title), Some(body), Some(on), Some(kind)) = (title, body, on, kind) else { return Ok(None) };
            let source = NewFindingSource { body, on, document };
            let year = Some(self.year);
            act.new = Some(NewFinding { title, problem, root_cause, kind, unit_ids, source, year });
        } else if act.measure.is_none() {
            row.refuse("id", wrong("measure"));
        }
        Ok(Some(act))
    }

    fn changed(
        &mut self,
        _conn: &mut Conn,
        standing: usize,
        fields: &[&'static str],
        row: &mut RowReader<'_>,
    ) -> Result<Changed<FindingAct>> {
        let Some((finding, measure)) = self.items.get(standing).cloned() else { return Ok(Changed::Refused) };
        let mut act = FindingAct { id: Some(finding.id), ..FindingAct::default() };
        let kind = kind(row);
        act.patch = self.patch(row, &finding, fields, kind);
        match measure {
            None => act.measure = self.measure(row, kind.or(Some(finding.kind))),
            Some(measure) => {
                let mut patch =
                    MeasurePatch { text: None, leader: Field::Keep, person: Field::Keep, due_on: Field::Keep };
                let label = |said: Option<Text<100>>| said.map_or(Field::Clear, Field::Set);
                for field in fields {
                    match *field {
                        "measure" => patch.text = row.text("measure"),
                        "leader" => patch.leader = label(row.text("leader")),
                        "person" => patch.person = label(row.text("person")),
                        "due_on" => patch.due_on = day_field(self.due(row, kind), measure.due_on),
                        "measure_unit" => {
                            let said = row.unit("measure_unit", &self.index);
                            if said.is_some_and(|said| said != measure.unit_id) {
                                self.fixed(row, standing, "measure_unit");
                            }
                        }
                        _ => {}
                    }
                }
                let labels = patch.leader != Field::Keep || patch.person != Field::Keep;
                let any = patch.text.is_some() || labels || patch.due_on != Field::Keep;
                act.change = any.then_some((measure.id, patch));
            }
        }
        for field in fields.iter().filter(|field| matches!(**field, "source" | "document" | "found_on" | "id")) {
            let same_day = *field == "found_on" && row.day("found_on") == Some(finding.source.on);
            let unsaid = *field == "id" && row.is_blank("id");
            if !same_day && !unsaid {
                self.fixed(row, standing, field);
            }
        }
        if act.patch.is_none() && act.measure.is_none() && act.change.is_none() {
            return Ok(if row.is_sound() { Changed::Same } else { Changed::Refused });
        }
        Ok(Changed::To(act))
    }

    fn removed(&self, _standing: usize) -> Option<FindingAct> {
        None
    }

    fn apply(&mut self, conn: &mut Conn, writing: &Writing<'_>, act: &FindingAct) -> Result<()> {
        let id = match act.id.or_else(|| self.known.get(&act.key).copied()) {
            Some(id) => id,
            None => {
                let Some(new) = &act.new else { return Err(Error::internal("a finding to change is not there")) };
                let made = raise::create(conn, writing.actor, new)?;
                self.known.insert(act.key.clone(), made.id);
                made.id
            }
        };
        if let Some(patch) = &act.patch {
            let actor = writing.of_version(findings::store::get(conn, id)?.version);
            raise::change(conn, &actor, id, patch.clone())?;
        }
        if let Some(measure) = &act.measure {
            measures::add(conn, writing.actor, id, measure)?;
        }
        if let Some((measure, patch)) = &act.change {
            let version = measures::version(conn, *measure)?;
            measures::change(conn, &writing.of_version(version), *measure, patch.clone())?;
        }
        Ok(())
    }

    fn field_of(&self, pointer: &str) -> Option<&'static str> {
        match pointer.split('/').nth(1) {
            Some("source") => Some("found_on"),
            Some("unit_ids") => Some("units"),
            Some("unit_id") => Some("measure_unit"),
            Some("due_on") => Some("due_on"),
            Some("kind") => Some("kind"),
            _ => None,
        }
    }
}

impl Findings {
    /// The finding that a row means: by its number, else by who found it and its title.
    fn known_id(&self, row: &mut RowReader<'_>, key: &str) -> Option<FindingId> {
        let said = row.said("id");
        if said.is_empty() {
            return self.known.get(key).copied();
        }
        let known = self.items.iter().map(|(finding, _)| finding.id).find(|id| id.to_string() == said);
        if known.is_none() {
            let args = [("value", said.to_owned())];
            row.refuse("id", FINDING_NUMBER.at("", args));
        }
        known
    }

    fn patch(
        &self,
        row: &mut RowReader<'_>,
        finding: &Finding,
        fields: &[&'static str],
        said_kind: Option<FindingKind>,
    ) -> Option<FindingPatch> {
        let mut patch =
            FindingPatch { title: None, problem: Field::Keep, root_cause: Field::Keep, kind: None, unit_ids: None };
        let text = |said: Option<Prose>| said.map_or(Field::Clear, Field::Set);
        for field in fields {
            match *field {
                "title" => patch.title = row.text("title"),
                "problem" => patch.problem = text(row.text("problem")),
                "root_cause" => patch.root_cause = text(row.text("root_cause")),
                "kind" => patch.kind = said_kind.filter(|kind| *kind != finding.kind),
                "units" => {
                    let mut units = self.units(row, "units");
                    units.sort_unstable();
                    let mut before: Vec<UnitId> = finding.units.iter().map(|unit| unit.unit_id).collect();
                    before.sort_unstable();
                    patch.unit_ids = Some(units).filter(|units| *units != before && !units.is_empty());
                }
                _ => {}
            }
        }
        let texts = patch.title.is_some() || patch.problem != Field::Keep || patch.root_cause != Field::Keep;
        (texts || patch.kind.is_some() || patch.unit_ids.is_some()).then_some(patch)
    }

    fn fixed(&self, row: &mut RowReader<'_>, standing: usize, field: &'static str) {
        let mapping = Mapping::of(ListName::Findings);
        let place = mapping.index(field);
        let before = place.and_then(|place| self.standing.get(standing)?.cells.get(place)).cloned().unwrap_or_default();
        let head = mapping.field(field).map_or(field, |field| field.head).to_owned();
        row.refuse(field, FINDING_FIXED.at("", [("head", head), ("before", before)]));
    }
}
