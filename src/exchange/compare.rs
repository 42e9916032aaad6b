//! Every row of a file against the list as it stands. First rows that say exactly what an export would say are paired:
//! they change nothing, whatever they mean. The others are paired by what the list tells its items by; a pair is then
//! read and compared by what it means.

use std::collections::{HashMap, HashSet, VecDeque};

use chrono::{NaiveDate, NaiveDateTime};

use super::ROW_TWICE;
use super::cells::RowReader;
use super::mapping::Mapping;
use super::model::{ChangedField, DifferenceKind, Problem, TaskReading};
use super::rows::{Row, Table};
use crate::access::Actor;
use crate::plans::revisions::Consequences;
use crate::platform::text::Text;
use crate::platform::{Conn, Result};
use crate::progress::Evidence;

/// An item of a list as a row of its export.
#[derive(Debug, Clone)]
pub struct Standing {
    /// What each field says.
    pub cells: Vec<String>,
    /// By what it is told from others; rows of a file are asked for the same.
    pub key: String,
    /// By what else it can be told, when its key has changed: tried one after the other; an empty one tells nothing.
    pub also: Vec<String>,
}

/// What a row that belongs to an item comes to.
pub enum Changed<A> {
    /// It says the same in other words.
    Same,
    To(A),
    /// It can't be read; its problems were named.
    Refused,
}

/// A list that can be imported.
pub trait List {
    /// What is to be done for a row.
    type Act;

    fn mapping(&self) -> &'static Mapping;
    fn standing(&self) -> &[Standing];
    /// The key of a row, and by what else its item can be told.
    fn key(&self, row: &Row) -> (String, Vec<String>);
    /// What a row says in the column of a field; nothing without the field.
    fn said<'r>(&self, row: &'r Row, name: &str) -> &'r str {
        self.mapping().index(name).map_or("", |index| row.cell(index).text.as_str())
    }
    /// Puts the table right before it is compared.
    fn prepare(&mut self, _table: &mut Table) {}
    /// Reads a row as a new item; nothing when it was refused.
    fn added(&mut self, conn: &mut Conn, row: &mut RowReader<'_>) -> Result<Option<Self::Act>>;
    /// Reads a row as an item that differs in these fields.
    fn changed(
        &mut self,
        conn: &mut Conn,
        standing: usize,
        fields: &[&'static str],
        row: &mut RowReader<'_>,
    ) -> Result<Changed<Self::Act>>;
    /// What must be done first, by a number: parents before those below them.
    fn rank(&self, _act: &Self::Act) -> usize {
        0
    }
    /// What removes an item; nothing where an import removes none.
    fn removed(&self, standing: usize) -> Option<Self::Act>;
    /// How the words of a task were read: taken out of the act, which does without.
    fn reading(&self, _act: &mut Self::Act) -> Option<TaskReading> {
        None
    }
    /// Does it, with the ordinary actions.
    fn apply(&mut self, conn: &mut Conn, writing: &Writing<'_>, act: &Self::Act) -> Result<()>;
    /// The field that the pointer of a refusal means.
    fn field_of(&self, pointer: &str) -> Option<&'static str>;
}

/// What actions want beside their input.
pub struct Writing<'a> {
    /// Who acts, with no `If-Match` of the request: it is of no item of the list.
    pub actor: &'a Actor,
    pub nodes: &'a dyn Consequences,
    pub evidence: &'a Evidence,
    pub reason: Option<&'a Text<2000>>,
    /// Hash of the first password of new accounts.
    pub password_hash: &'a str,
    pub now: NaiveDateTime,
    pub today: NaiveDate,
}

impl Writing<'_> {
    /// The actor, as if the request had named this version of what is changed.
    pub fn of_version(&self, version: i64) -> Actor {
        let mut actor = self.actor.clone();
        actor.request.if_match = crate::platform::web::IfMatch::of(version);
        actor
    }
}

/// A row that adds or changes something, or an item that the file does not have.
pub struct Difference<A> {
    pub kind: DifferenceKind,
    /// Place of its row in the table; none for what the file does not have.
    pub row: Option<usize>,
    pub key: String,
    pub fields: Vec<ChangedField>,
    /// None where an import removes nothing.
    pub act: Option<A>,
}

/// What a table comes to.
pub struct Compared<A> {
    pub problems: Vec<Problem>,
    /// In the order of the file, then what it does not have.
    pub differences: Vec<Difference<A>>,
    pub unchanged: usize,
}

/// Compares a table with the list.
pub fn compare<L: List>(conn: &mut Conn, list: &mut L, table: &Table) -> Result<Compared<L::Act>> {
    let mapping = list.mapping();
    let fields: Vec<usize> = (0..mapping.fields.len())
        .filter(|field| table.has(*field) && mapping.fields.get(*field).is_some_and(|known| known.is_read()))
        .collect();
    let pairs = Pairs::of(list, table, &fields);
    let mut compared = Compared { problems: vec![], differences: vec![], unchanged: pairs.exact };
    for (index, row) in table.rows.iter().enumerate() {
        let Some(pair) = pairs.rows.get(index) else { continue };
        let mut reader = RowReader::new(mapping, table, row, &mut compared.problems);
        let (key, _) = list.key(row);
        match pair {
            Pair::Exact => {}
            Pair::Twice(first) => {
                let shown = shown_key(&key);
                reader.refuse_row(ROW_TWICE.at("", [("row", first.to_string()), ("key", shown)]));
            }
            Pair::None => {
                reader.check();
                let act = list.added(conn, &mut reader)?;
                if let Some(act) = act.filter(|_| reader.is_sound()) {
                    let fields = said(mapping, row, &fields);
                    let kind = DifferenceKind::Added;
                    let key = shown_key(&key);
                    compared.differences.push(Difference { kind, row: Some(index), key, fields, act: Some(act) });
                }
            }
            Pair::With(standing) => {
                reader.check();
                let differing = differing(mapping, list.standing().get(*standing), row, &fields);
                let names: Vec<&'static str> = differing.iter().map(|field| field.field).collect();
                let changed = list.changed(conn, *standing, &names, &mut reader)?;
                match changed {
                    Changed::To(act) if reader.is_sound() => {
                        let kind = DifferenceKind::Changed;
                        let key = shown_key(&key);
                        let row = Some(index);
                        compared.differences.push(Difference { kind, row, key, fields: differing, act: Some(act) });
                    }
                    Changed::Same if reader.is_sound() => compared.unchanged += 1,
                    _ => {}
                }
            }
        }
    }
    for standing in pairs.left {
        let act = list.removed(standing);
        let Some(item) = list.standing().get(standing) else { continue };
        let field = |field: usize| {
            let known = mapping.fields.get(field)?;
            let before = item.cells.get(field).filter(|text| !text.is_empty())?.clone();
            Some(ChangedField { field: known.name, head: known.head, before: Some(before), after: None })
        };
        let fields = fields.iter().filter_map(|index| field(*index)).collect();
        let key = shown_key(&item.key);
        compared.differences.push(Difference { kind: DifferenceKind::Removed, row: None, key, fields, act });
    }
    Ok(compared)
}

/// A key as it is shown.
fn shown_key(key: &str) -> String {
    key.split('\u{1f}').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" / ")
}

/// A key of several parts. Blanks within them don't count.
pub fn key_of(parts: &[&str]) -> String {
    let plain = |part: &&str| part.split_whitespace().collect::<String>();
    parts.iter().map(plain).collect::<Vec<_>>().join("\u{1f}")
}

enum Pair {
    /// It says exactly what an item says.
    Exact,
    With(usize),
    None,
    /// It has the key of this row.
    Twice(u32),
}

struct Pairs {
    rows: Vec<Pair>,
    exact: usize,
    /// Items that no row belongs to.
    left: Vec<usize>,
}

impl Pairs {
    fn of<L: List>(list: &L, table: &Table, fields: &[usize]) -> Pairs {
        let standing = list.standing();
        let joined = |texts: &mut dyn Iterator<Item = &str>| texts.collect::<Vec<_>>().join("\u{1f}");
        let mut by_text: HashMap<String, VecDeque<usize>> = HashMap::new();
        for (index, item) in standing.iter().enumerate() {
            let mut text = fields.iter().map(|field| item.cells.get(*field).map_or("", String::as_str));
            by_text.entry(joined(&mut text)).or_default().push_back(index);
        }
        let mut left: HashSet<usize> = (0..standing.len()).collect();
        let mut rows: Vec<Pair> = vec![];
        for row in &table.rows {
            let mut raw = fields.iter().map(|field| row.raw(*field));
            let mut found = by_text.get_mut(&joined(&mut raw)).and_then(VecDeque::pop_front);
            if found.is_none() && !row.ditto.is_empty() {
                let mut text = fields.iter().map(|field| row.cell(*field).text.as_str());
                found = by_text.get_mut(&joined(&mut text)).and_then(VecDeque::pop_front);
            }
            if let Some(found) = found {
                left.remove(&found);
            }
            rows.push(if found.is_some() { Pair::Exact } else { Pair::None });
        }
        let exact = rows.iter().filter(|pair| matches!(pair, Pair::Exact)).count();
        pair_by(
            &mut rows,
            &mut left,
            standing,
            |item| Some(item.key.clone()),
            |index| table.rows.get(index).map(|row| list.key(row).0),
        );
        let most = standing.iter().map(|item| item.also.len()).max().unwrap_or(0);
        for place in 0..most {
            let told = |also: &[String]| also.get(place).filter(|key| !key.is_empty()).cloned();
            pair_by(
                &mut rows,
                &mut left,
                standing,
                |item| told(&item.also),
                |index| table.rows.get(index).and_then(|row| told(&list.key(row).1)),
            );
        }
        refuse_twice(&mut rows, list, table);
        let mut left: Vec<usize> = left.into_iter().collect();
        left.sort_unstable();
        Pairs { rows, exact, left }
    }
}

/// Pairs rows that have no item yet with items that have no row, by a key.
fn pair_by(
    rows: &mut [Pair],
    left: &mut HashSet<usize>,
    standing: &[Standing],
    key_of_item: impl Fn(&Standing) -> Option<String>,
    key_of_row: impl Fn(usize) -> Option<String>,
) {
    let mut waiting: HashMap<String, VecDeque<usize>> = HashMap::new();
    for (index, item) in standing.iter().enumerate().filter(|(index, _)| left.contains(index)) {
        if let Some(key) = key_of_item(item) {
            waiting.entry(key).or_default().push_back(index);
        }
    }
    for (index, pair) in rows.iter_mut().enumerate().filter(|(_, pair)| matches!(pair, Pair::None)) {
        let found = key_of_row(index).and_then(|key| waiting.get_mut(&key)).and_then(VecDeque::pop_front);
        if let Some(found) = found {
            left.remove(&found);
            *pair = Pair::With(found);
        }
    }
}

/// A new row with the key of an earlier row is the same thing written twice.
fn refuse_twice<L: List>(rows: &mut [Pair], list: &L, table: &Table) {
    let mut first: HashMap<String, u32> = HashMap::new();
    for (pair, row) in rows.iter_mut().zip(&table.rows) {
        let earlier = *first.entry(list.key(row).0).or_insert(row.number);
        if matches!(pair, Pair::None) && earlier != row.number {
            *pair = Pair::Twice(earlier);
        }
    }
}

/// What a new row says.
fn said(mapping: &Mapping, row: &Row, fields: &[usize]) -> Vec<ChangedField> {
    let field = |index: usize| {
        let known = mapping.fields.get(index)?;
        let after = Some(row.cell(index).text.clone()).filter(|text| !text.is_empty())?;
        Some(ChangedField { field: known.name, head: known.head, before: None, after: Some(after) })
    };
    fields.iter().filter_map(|index| field(*index)).collect()
}

/// The fields in which a row says something else than its item.
fn differing(mapping: &Mapping, item: Option<&Standing>, row: &Row, fields: &[usize]) -> Vec<ChangedField> {
    let field = |index: usize| {
        let known = mapping.fields.get(index)?;
        let before = item.and_then(|item| item.cells.get(index)).cloned().unwrap_or_default();
        let after = row.cell(index).text.clone();
        let (before_, after_) = (Some(before.clone()), Some(after.clone()));
        let shown = |text: Option<String>| text.filter(|text| !text.is_empty());
        (before != after).then(|| ChangedField {
            field: known.name,
            head: known.head,
            before: shown(before_),
            after: shown(after_),
        })
    };
    fields.iter().filter_map(|index| field(*index)).collect()
}
