//! Rows of the units. The facts in force have no `recorded_to`; those of a past day are the row recorded by the end
//! of that day.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::backend::Backend;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, HasSqlType, Text};

use super::model::{Unit, UnitKind};
use super::rules::{is_within, path_below};
use super::{UNIT_UNKNOWN, UnitId};
use crate::access::Site;
use crate::access::actor::Reach;
use crate::platform::error::NOT_FOUND;
use crate::platform::{Conn, Error, PageRequest, Result};
use crate::schema::{unit_facts, units};

/// What was recorded of a unit, from one day to another.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = unit_facts)]
pub struct UnitFacts {
    pub id: i64,
    pub unit_id: UnitId,
    pub parent_id: Option<UnitId>,
    pub path: String,
    pub name: String,
    pub kind: UnitKind,
    pub code: Option<String>,
    pub short_names: String,
    pub established_on: Option<NaiveDate>,
    pub dissolved_on: Option<NaiveDate>,
    pub successor_id: Option<UnitId>,
    pub dissolution_reason: Option<String>,
    pub term_ends_on: Option<NaiveDate>,
    pub recorded_from: NaiveDate,
    pub recorded_to: Option<NaiveDate>,
}

/// Whether any unit was ever made.
pub fn any(conn: &mut Conn) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(units::table.select(units::id))).get_result(conn)?)
}

impl UnitFacts {
    pub fn site(&self) -> Site {
        Site { unit_id: self.unit_id, path: self.path.clone() }
    }

    pub(super) fn shown(self, version: i64) -> Result<Unit> {
        Ok(Unit {
            id: self.unit_id,
            name: self.name,
            kind: self.kind,
            parent_id: self.parent_id,
            code: self.code,
            short_names: serde_json::from_str(&self.short_names).map_err(Error::internal)?,
            established_on: self.established_on,
            dissolved_on: self.dissolved_on,
            successor_id: self.successor_id,
            dissolution_reason: self.dissolution_reason,
            term_ends_on: self.term_ends_on,
            version,
        })
    }
}

/// A new identity, at version 1.
pub(super) fn insert_unit(conn: &mut Conn, today: NaiveDate) -> Result<UnitId> {
    let values = (units::version.eq(1), units::recorded_on.eq(today));
    Ok(diesel::insert_into(units::table).values(values).returning(units::id).get_result::<i64>(conn).map(UnitId)?)
}

/// Records the facts of a unit from today on.
pub(super) fn supersede(conn: &mut Conn, facts: &UnitFacts, today: NaiveDate) -> Result<()> {
    use unit_facts::dsl as f;
    let values = (
        f::unit_id.eq(facts.unit_id),
        f::parent_id.eq(facts.parent_id),
        f::path.eq(&facts.path),
        f::name.eq(&facts.name),
        f::kind.eq(facts.kind),
        f::code.eq(&facts.code),
        f::short_names.eq(&facts.short_names),
        f::established_on.eq(facts.established_on),
        f::dissolved_on.eq(facts.dissolved_on),
        f::successor_id.eq(facts.successor_id),
        f::dissolution_reason.eq(&facts.dissolution_reason),
        f::term_ends_on.eq(facts.term_ends_on),
        f::recorded_from.eq(today),
    );
    crate::supersede!(conn, unit_facts, unit_id = facts.unit_id, today, values);
    Ok(())
}

/// The condition that the unit in `column` lies now within a reach. One text serves both databases, where a boxed
/// subquery can't; it depends on nothing but the size of the reach, so that the prepared statement is kept.
pub fn within(column: &'static str, reach: &Reach) -> Within {
    let units: BTreeSet<_> = reach.units.iter().map(|unit| unit.0).collect();
    Within {
        column,
        units: units.into_iter().collect(),
        subtrees: reach.subtrees.iter().map(|path| (path.clone(), path_end(path))).collect(),
    }
}

/// See [`within`].
#[derive(Debug, Clone)]
pub struct Within {
    column: &'static str,
    units: Vec<i64>,
    /// Each path and the first text after everything below it.
    subtrees: Vec<(String, String)>,
}

impl<DB> QueryFragment<DB> for Within
where
    DB: Backend + HasSqlType<BigInt> + HasSqlType<Text>,
    i64: ToSql<BigInt, DB>,
    String: ToSql<Text, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(self.column);
        if self.subtrees.is_empty() {
            // Every unit has facts of now, so that naming it is enough.
            out.push_sql(" IN (-1");
            self.push_units(&mut out)?;
            out.push_sql(")");
            return Ok(());
        }
        out.push_sql(" IN (SELECT unit_id FROM unit_facts WHERE recorded_to IS NULL AND (unit_id IN (-1");
        self.push_units(&mut out)?;
        out.push_sql(")");
        for (path, end) in &self.subtrees {
            out.push_sql(" OR (path >= ");
            out.push_bind_param::<Text, _>(path)?;
            out.push_sql(" AND path < ");
            out.push_bind_param::<Text, _>(end)?;
            out.push_sql(")");
        }
        out.push_sql("))");
        Ok(())
    }
}

impl Within {
    fn push_units<'b, DB>(&'b self, out: &mut AstPass<'_, 'b, DB>) -> QueryResult<()>
    where
        DB: Backend + HasSqlType<BigInt>,
        i64: ToSql<BigInt, DB>,
    {
        for unit in &self.units {
            out.push_sql(", ");
            out.push_bind_param::<BigInt, _>(unit)?;
        }
        Ok(())
    }
}

impl QueryId for Within {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Expression for Within {
    type SqlType = Bool;
}

impl<Tables> AppearsOnTable<Tables> for Within {}

impl<Tables> SelectableExpression<Tables> for Within {}

impl<Columns> ValidGrouping<Columns> for Within {
    type IsAggregate = is_aggregate::Never;
}

pub(super) fn bump_version(conn: &mut Conn, id: UnitId) -> Result<i64> {
    let row = units::table.filter(units::id.eq(id.0));
    diesel::update(row).set(units::version.eq(units::version + 1)).execute(conn)?;
    version(conn, id)
}

pub fn version(conn: &mut Conn, id: UnitId) -> Result<i64> {
    Ok(units::table.filter(units::id.eq(id.0)).select(units::version).first(conn)?)
}

/// The facts of a unit now; `None` when there is no such unit.
pub fn find(conn: &mut Conn, id: UnitId) -> Result<Option<UnitFacts>> {
    use unit_facts::dsl;
    let now = dsl::unit_facts.filter(dsl::unit_id.eq(id).and(dsl::recorded_to.is_null()));
    Ok(now.select(UnitFacts::as_select()).first(conn).optional()?)
}

/// The facts of a unit now, or 404.
pub fn get(conn: &mut Conn, id: UnitId) -> Result<UnitFacts> {
    find(conn, id)?.ok_or_else(|| NOT_FOUND.err())
}

/// The facts of the unit that an input names, or 422 at `pointer`.
pub fn named(conn: &mut Conn, id: UnitId, pointer: &str) -> Result<UnitFacts> {
    find(conn, id)?.ok_or_else(|| UNIT_UNKNOWN.at(pointer, [("id", id.to_string())]).into_error())
}

/// Facts now of the unit at `path` and of everything below it.
pub(super) fn subtree(conn: &mut Conn, path: &str) -> Result<Vec<UnitFacts>> {
    use unit_facts::dsl;
    Ok(dsl::unit_facts
        .filter(dsl::recorded_to.is_null())
        .filter(dsl::path.ge(path).and(dsl::path.lt(path_end(path))))
        .select(UnitFacts::as_select())
        .order(dsl::path)
        .load(conn)?)
}

/// The path of a unit as it was recorded by the end of a day; `None` when it was not recorded yet.
pub fn path_on(conn: &mut Conn, id: UnitId, day: NaiveDate) -> Result<Option<String>> {
    use unit_facts::dsl;
    Ok(dsl::unit_facts
        .filter(dsl::unit_id.eq(id).and(dsl::recorded_from.le(day)))
        .filter(dsl::recorded_to.is_null().or(dsl::recorded_to.gt(day)))
        .select(dsl::path)
        .first(conn)
        .optional()?)
}

/// The first text after every path that begins with `path`: `0` follows `/` bytewise.
pub fn path_end(path: &str) -> String {
    format!("{}0", path.trim_end_matches('/'))
}

/// A page of the units of now, by id; filtered by kind and by the unit directly above.
pub(super) fn list(
    conn: &mut Conn,
    page: &PageRequest,
    kind: Option<UnitKind>,
    parent_id: Option<UnitId>,
) -> Result<(Vec<Unit>, Option<String>)> {
    use unit_facts::dsl;
    let mut query = dsl::unit_facts
        .inner_join(units::table.on(units::id.eq(dsl::unit_id)))
        .filter(dsl::recorded_to.is_null())
        .select((UnitFacts::as_select(), units::version))
        .order(dsl::unit_id)
        .limit(page.fetch())
        .into_boxed();
    if let Some(after) = page.after::<i64>(0)? {
        query = query.filter(dsl::unit_id.gt(after));
    }
    if let Some(kind) = kind {
        query = query.filter(dsl::kind.eq(kind));
    }
    if let Some(parent) = parent_id {
        query = query.filter(dsl::parent_id.eq(parent));
    }
    let mut rows: Vec<(UnitFacts, i64)> = query.load(conn)?;
    let next = page.cut(&mut rows, |(facts, _)| vec![facts.unit_id.to_string()]);
    let items = rows.into_iter().map(|(facts, version)| facts.shown(version)).collect::<Result<_>>()?;
    Ok((items, next))
}

/// The tree of one day.
#[derive(Debug, Clone)]
pub struct Tree {
    units: BTreeMap<UnitId, UnitFacts>,
    children: HashMap<Option<UnitId>, Vec<UnitId>>,
}

impl Tree {
    /// The tree as it was recorded by the end of `day`.
    pub fn on(conn: &mut Conn, day: NaiveDate) -> Result<Tree> {
        use unit_facts::dsl;
        let rows: Vec<UnitFacts> = dsl::unit_facts
            .filter(dsl::recorded_from.le(day).and(dsl::recorded_to.is_null().or(dsl::recorded_to.gt(day))))
            .select(UnitFacts::as_select())
            .load(conn)?;
        Ok(Tree::of(rows))
    }

    /// The tree of `day` by everything recorded until now: names and places of that day (a unit that had not been
    /// recorded yet stands where it was first recorded), lives as they are known now.
    pub fn restated_on(conn: &mut Conn, day: NaiveDate) -> Result<Tree> {
        use unit_facts::dsl;
        let mut all: Vec<UnitFacts> =
            dsl::unit_facts.select(UnitFacts::as_select()).order((dsl::unit_id, dsl::recorded_from)).load(conn)?;
        let lives: HashMap<UnitId, UnitFacts> =
            all.iter().filter(|facts| facts.recorded_to.is_none()).map(|f| (f.unit_id, f.clone())).collect();
        let mut chosen: BTreeMap<UnitId, UnitFacts> = BTreeMap::new();
        for facts in all.drain(..) {
            if facts.recorded_from <= day || !chosen.contains_key(&facts.unit_id) {
                chosen.insert(facts.unit_id, facts);
            }
        }
        for (id, facts) in &mut chosen {
            if let Some(now) = lives.get(id) {
                facts.established_on = now.established_on;
                facts.dissolved_on = now.dissolved_on;
            }
        }
        Ok(Tree::of(chosen.into_values().collect()))
    }

    fn of(rows: Vec<UnitFacts>) -> Tree {
        let units: BTreeMap<_, _> = rows.into_iter().map(|facts| (facts.unit_id, facts)).collect();
        let mut children: HashMap<Option<UnitId>, Vec<UnitId>> = HashMap::new();
        for (id, facts) in &units {
            // A parent that the tree of that day does not hold leaves the unit at the top.
            let parent = facts.parent_id.filter(|parent| units.contains_key(parent));
            children.entry(parent).or_default().push(*id);
        }
        let mut tree = Tree { units, children };
        tree.settle_paths(None, "/");
        tree
    }

    /// Paths by the parents of this very tree: rows of different days may have been put together.
    fn settle_paths(&mut self, of: Option<UnitId>, above: &str) {
        for id in self.children(of).to_vec() {
            let path = path_below(Some(above), id);
            self.settle_paths(Some(id), &path);
            if let Some(unit) = self.units.get_mut(&id) {
                unit.path = path;
            }
        }
    }

    pub fn get(&self, id: UnitId) -> Option<&UnitFacts> {
        self.units.get(&id)
    }

    /// Units directly below, in the units' own order; at the top for `None`.
    pub fn children(&self, of: Option<UnitId>) -> &[UnitId] {
        self.children.get(&of).map_or(&[], Vec::as_slice)
    }

    /// Whether `id` is the unit `top` or lies below it; with `None`, whether it is in the tree at all.
    pub fn is_within(&self, id: UnitId, top: Option<UnitId>) -> bool {
        match (self.units.get(&id), top) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(unit), Some(top)) => self.units.get(&top).is_some_and(|top| is_within(&unit.path, &top.path)),
        }
    }

    /// The units in their own order: each before those below it.
    pub fn in_order(&self) -> Vec<UnitId> {
        let mut waiting: Vec<UnitId> = self.children(None).iter().rev().copied().collect();
        let mut order = Vec::new();
        while let Some(id) = waiting.pop() {
            order.push(id);
            waiting.extend(self.children(Some(id)).iter().rev());
        }
        order
    }

    /// Every unit of the tree, by id.
    pub fn units(&self) -> impl Iterator<Item = &UnitFacts> {
        self.units.values()
    }
}
