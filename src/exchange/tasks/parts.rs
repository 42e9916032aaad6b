//! The parts that units have in a task as cells, and back: a cell for each part, and one for the persons.

use crate::exchange::PERSON_UNKNOWN;
use crate::exchange::cells::RowReader;
use crate::plans::model::{NewPart, Part, Responsibility};
use crate::plans::readings::Names;
use crate::plans::responsible::{Column, Understood, Unresolved};
use crate::platform::text::Text;
use crate::units::UnitId;

/// The columns of the parts, in the order in which they are read.
pub const CELLS: [(&str, Part, Column); 4] = [
    ("lead", Part::Lead, Column::Lead),
    ("responsible", Part::Responsible, Column::Responsible),
    ("support", Part::Support, Column::Support),
    ("supervise", Part::Supervise, Column::Supervise),
];

/// The names of the units that have a part.
pub fn cell_of(held: &[Responsibility], part: Part, name: impl Fn(UnitId) -> String) -> String {
    let units = held.iter().filter(|held| held.part == part).map(|held| name(held.unit_id));
    units.collect::<Vec<_>>().join("、")
}

/// The persons of all parts: one word where whoever owes the task has the same, else unit by unit.
pub fn persons_of(held: &[Responsibility], name: impl Fn(UnitId) -> String) -> String {
    let owing = owing_part(held.iter().map(|held| held.part));
    let of_owing: Vec<_> = held.iter().filter(|held| Some(held.part) == owing).collect();
    let others = held.iter().filter(|held| Some(held.part) != owing).any(|held| held.person.is_some());
    let first = of_owing.first().and_then(|held| held.person.as_deref());
    let plain = |person: &str| !person.contains(['：', ':', '；', ';', '\n']);
    let alike = of_owing.iter().all(|held| held.person.as_deref() == first);
    match first {
        Some(person) if alike && !others && plain(person) => person.to_owned(),
        _ => {
            let with_person = held.iter().filter_map(|held| Some((held, held.person.as_deref()?)));
            let pairs =
                with_person.map(|(held, person)| format!("{}（{}）：{person}", name(held.unit_id), shown(held.part)));
            pairs.collect::<Vec<_>>().join("；")
        }
    }
}

fn owing_part(parts: impl Iterator<Item = Part> + Clone) -> Option<Part> {
    let has = |part| parts.clone().any(|held| held == part);
    [Part::Responsible, Part::Lead].into_iter().find(|part| has(*part))
}

fn shown(part: Part) -> &'static str {
    match part {
        Part::Lead => "牵头",
        Part::Responsible => "责任",
        Part::Support => "配合",
        Part::Supervise => "责任领导",
    }
}

/// What the cells of a row say, each unit once a part. A name alone in 责任单位 that is marked to lead by its place only
/// does not, where another unit stands under 牵头单位.
pub fn read(
    row: &mut RowReader<'_>,
    mut resolve: impl FnMut(&str, Column) -> Result<Understood, Unresolved>,
    names: &Names,
) -> (Vec<NewPart>, Vec<String>) {
    let (mut parts, mut to_confirm): (Vec<NewPart>, Vec<String>) = (vec![], vec![]);
    let led = !nothing(row.said("lead"));
    for (field, _, column) in CELLS {
        let words = row.said(field);
        if nothing(words) {
            continue;
        }
        match resolve(words, column) {
            Err(unread) => row.refuse(field, unread.fault("")),
            Ok(understood) => {
                to_confirm.extend(understood.to_confirm);
                let by_place = |part: Part| led && column == Column::Responsible && part == Part::Lead;
                let says_lead = words.contains("牵头");
                for meant in understood.meant {
                    let known = parts.iter().any(|held| held.unit_id == meant.unit_id && held.part == meant.part);
                    if known || (by_place(meant.part) && !says_lead) {
                        continue;
                    }
                    let person = meant.person.as_deref().and_then(|person| Text::parse(person).ok());
                    parts.push(NewPart { unit_id: meant.unit_id, part: meant.part, person });
                }
            }
        }
    }
    give_persons(row, &mut parts, names);
    (parts, to_confirm)
}

/// Whether a cell says that there is nobody.
fn nothing(words: &str) -> bool {
    matches!(words, "" | "无" | "/" | "\\" | "-" | "—" | "——" | "－")
}

fn give_persons(row: &mut RowReader<'_>, parts: &mut [NewPart], names: &Names) {
    let said = row.said("person");
    if nothing(said) {
        return;
    }
    if !said.contains(['：', ':']) {
        let Some(person) = row.text::<100>("person") else { return };
        let owing = owing_part(parts.iter().map(|held| held.part));
        for part in parts.iter_mut().filter(|held| Some(held.part) == owing) {
            part.person = Some(person.clone());
        }
        return;
    }
    for pair in said.split(['；', ';', '\n']).map(str::trim).filter(|pair| !pair.is_empty()) {
        let found = pair.split_once(['：', ':']).and_then(|(unit, person)| {
            let (unit, part) = with_part(unit.trim());
            let person = Text::parse(person).ok()?;
            let is = |held: &&mut NewPart| {
                names.name(held.unit_id) == Some(unit) && part.is_none_or(|part| shown(held.part) == part)
            };
            let mut given = false;
            for held in parts.iter_mut().filter(is) {
                held.person = Some(person.clone());
                given = true;
            }
            given.then_some(())
        });
        if found.is_none() {
            row.refuse("person", PERSON_UNKNOWN.at("", [("value", pair.to_owned())]));
        }
    }
}

/// 第一党支部（牵头） as its name and its part.
fn with_part(unit: &str) -> (&str, Option<&str>) {
    const PARTS: [&str; 4] = ["牵头", "责任", "配合", "责任领导"];
    let inner = unit.strip_suffix('）').and_then(|head| head.rsplit_once('（'));
    match inner.filter(|(_, part)| PARTS.contains(part)) {
        Some((name, part)) => (name, Some(part)),
        None => (unit, None),
    }
}
