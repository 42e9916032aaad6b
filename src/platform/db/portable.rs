//! A database as rows that either database can take in: what a backup holds. The catalogue of the database itself says
//! which tables and columns there are, so nothing can be forgotten here.
//!
//! A row is one line, a JSON array of its values in the order of the columns: numbers, texts, `true` or `false`, a day
//! as `2020-09-30`, a moment as `2020-09-30 08:00:00.123456` (UTC).

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::connection::{DefaultLoadingMode, SimpleConnection, TransactionManager};
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::conn::{Backend, Conn, begin};
use super::{migrate, postgres, sqlite};
use crate::platform::{Error, Result};

/// A table and its columns, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
}

/// A column: what it holds, and which place it has in the primary key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub key: Option<i64>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Number,
    Truth,
    Text,
    Day,
    Moment,
}

impl Kind {
    fn named(word: &str) -> Result<Kind> {
        Ok(match word.to_ascii_lowercase().as_str() {
            "bigint" | "integer" => Kind::Number,
            "boolean" => Kind::Truth,
            "text" => Kind::Text,
            "date" => Kind::Day,
            "timestamp" | "timestamp without time zone" => Kind::Moment,
            other => return Err(Error::internal(format!("a column of a type that a backup does not know: {other}"))),
        })
    }

    fn postgres(self) -> &'static str {
        match self {
            Kind::Number => "bigint",
            Kind::Truth => "boolean",
            Kind::Text => "text",
            Kind::Day => "date",
            Kind::Moment => "timestamp",
        }
    }
}

/// Opens a database as it stands: nothing is migrated, no day begins.
pub fn connect(url: &str) -> Result<Conn, String> {
    match url.strip_prefix("sqlite://") {
        Some(file) => sqlite::connect(file).map(Conn::Sqlite).map_err(|error| error.to_string()),
        None => postgres::connect(url).map(Conn::Postgres).map_err(|error| error.to_string()),
    }
    .map_err(|error| format!("DATABASE_URL: {}", error.lines().next().unwrap_or_default()))
}

type Manager = <Conn as Connection>::TransactionManager;

/// Runs `f` in one snapshot, which writers neither wait for nor change.
pub fn snapshot<T>(conn: &mut Conn, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    let sql = match conn.backend() {
        Backend::Sqlite => "BEGIN",
        Backend::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    };
    begin(conn, sql)?;
    let outcome = f(conn);
    Manager::rollback_transaction(conn)?;
    outcome
}

/// Fills an empty database with the schema up to `version`, then runs `f` in one transaction in which foreign keys are
/// checked at its end, and commits it when `f` did not fail.
pub fn fill<T>(conn: &mut Conn, version: &str, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    migrate::up_to(conn, version).map_err(Error::internal)?;
    begin(conn, "BEGIN")?;
    let outcome = defer_references(conn).and_then(|()| f(conn)).and_then(|value| {
        check_references(conn)?;
        Ok(value)
    });
    match outcome {
        Ok(value) => Manager::commit_transaction(conn).map(|()| value).map_err(Error::from),
        Err(error) => {
            let _ = Manager::rollback_transaction(conn);
            Err(error)
        }
    }
}

fn defer_references(conn: &mut Conn) -> Result<()> {
    match conn.backend() {
        Backend::Sqlite => Ok(conn.batch_execute("PRAGMA defer_foreign_keys = ON")?),
        Backend::Postgres => alter_references(conn, "DEFERRABLE INITIALLY DEFERRED"),
    }
}

/// SQLite checks what was deferred when it commits.
fn check_references(conn: &mut Conn) -> Result<()> {
    match conn.backend() {
        Backend::Sqlite => Ok(()),
        Backend::Postgres => {
            conn.batch_execute("SET CONSTRAINTS ALL IMMEDIATE")?;
            alter_references(conn, "NOT DEFERRABLE")
        }
    }
}

fn alter_references(conn: &mut Conn, how: &str) -> Result<()> {
    Ok(conn.batch_execute(&format!(
        "DO $$ DECLARE k record; BEGIN
            FOR k IN SELECT conrelid::regclass AS of, conname FROM pg_constraint
                     WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
            LOOP EXECUTE format('ALTER TABLE %s ALTER CONSTRAINT %I {how}', k.of, k.conname); END LOOP;
         END $$"
    ))?)
}

/// The newest migration that a database has; refuses one that has none.
pub fn version(conn: &mut Conn) -> Result<String> {
    migrate::applied(conn).map_err(|error| Error::internal(format!("the database holds no schema of duban ({error})")))
}

/// The newest migration that this program knows.
pub fn known_version() -> String {
    let newest = super::schema_versions().0.pop().unwrap_or_default();
    newest.split('_').next().unwrap_or_default().to_owned()
}

/// Brings a filled database up to date.
pub fn upgrade(conn: &mut Conn) -> Result<(), String> {
    migrate::up_to(conn, &known_version())
}

#[derive(QueryableByName)]
struct Described {
    #[diesel(sql_type = Text)]
    of: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    place: i64,
}

/// All tables, by name.
pub fn tables(conn: &mut Conn) -> Result<Vec<Table>> {
    let query = match conn.backend() {
        Backend::Sqlite => {
            "SELECT m.name AS of, c.name AS name, c.type AS kind, c.pk - 1 AS place
             FROM sqlite_master m JOIN pragma_table_info(m.name) c
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> '__diesel_schema_migrations'
             ORDER BY m.name, c.cid"
        }
        Backend::Postgres => {
            "SELECT c.relname::text AS of, a.attname::text AS name, format_type(a.atttypid, NULL) AS kind,
                    COALESCE(array_position(i.indkey::int2[], a.attnum), -1)::bigint AS place
             FROM pg_class c
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
             LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
             WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
               AND c.relname <> '__diesel_schema_migrations'
             ORDER BY c.relname, a.attnum"
        }
    };
    let mut found = BTreeMap::<String, Vec<Column>>::new();
    for column in diesel::sql_query(query).load::<Described>(conn)? {
        let (kind, key) = (Kind::named(&column.kind)?, (column.place >= 0).then_some(column.place));
        found.entry(column.of).or_default().push(Column { name: column.name, kind, key });
    }
    Ok(found.into_iter().map(|(name, columns)| Table { name, columns }).collect())
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// How many rows a table has.
pub fn count(conn: &mut Conn, table: &Table) -> Result<i64> {
    let query = format!("SELECT COUNT(*) AS rows FROM \"{}\"", table.name);
    Ok(diesel::sql_query(query).get_result::<Counted>(conn)?.rows)
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Gives every row of a table to `f` as a line, in the order of its key, one at a time.
pub fn each_row(conn: &mut Conn, table: &Table, mut f: impl FnMut(&str) -> Result<()>) -> Result<()> {
    let (columns, order) = (table.quoted(), table.key());
    let query = |array: &str| format!("SELECT {array} AS line FROM \"{}\" ORDER BY {order}", table.name);
    let mut give = |line: QueryResult<Line>| f(&canonical(table, &line?.line)?);
    match conn {
        Conn::Sqlite(conn) => {
            let query = query(&format!("json_array({columns})"));
            diesel::sql_query(query).load_iter::<Line, DefaultLoadingMode>(conn)?.try_for_each(&mut give)
        }
        Conn::Postgres(conn) => {
            let query = query(&format!("json_build_array({columns})::text"));
            diesel::sql_query(query).load_iter::<Line, PgRowByRowLoadingMode>(conn)?.try_for_each(&mut give)
        }
    }
}

/// Writes rows into a table.
pub fn insert(conn: &mut Conn, table: &Table, rows: &[String]) -> Result<()> {
    let taken = table.columns.iter().enumerate().map(|(n, column)| match conn.backend() {
        Backend::Sqlite => format!("json_extract(value, '$[{n}]')"),
        Backend::Postgres => format!("(value->>{n})::{}", column.kind.postgres()),
    });
    let taken = taken.collect::<Vec<_>>().join(", ");
    let each = match conn.backend() {
        Backend::Sqlite => "json_each($1)",
        Backend::Postgres => "json_array_elements($1::json)",
    };
    let columns = table.quoted();
    let query = format!("INSERT INTO \"{}\" ({columns}) SELECT {taken} FROM {each}", table.name);
    diesel::sql_query(query).bind::<Text, _>(format!("[{}]", rows.join(","))).execute(conn)?;
    Ok(())
}

/// The value of a row in the spelling of a backup, whichever database it came from.
fn canonical(table: &Table, line: &str) -> Result<String> {
    let mut values: Vec<Value> = serde_json::from_str(line).map_err(Error::internal)?;
    for (value, column) in values.iter_mut().zip(&table.columns) {
        match (column.kind, &*value) {
            (Kind::Truth, Value::Number(number)) => *value = Value::Bool(number.as_i64() != Some(0)),
            (Kind::Moment, Value::String(text)) => *value = Value::String(moment(text)?),
            _ => {}
        }
    }
    serde_json::to_string(&values).map_err(Error::internal)
}

/// As diesel writes a moment into SQLite, where texts are compared.
fn moment(text: &str) -> Result<String> {
    let read = |form| NaiveDateTime::parse_from_str(text, form);
    let moment = read("%Y-%m-%d %H:%M:%S%.f").or_else(|_| read("%Y-%m-%dT%H:%M:%S%.f"));
    Ok(moment.map_err(|error| Error::internal(format!("{text}: {error}")))?.format("%F %T%.f").to_string())
}

impl Table {
    fn quoted(&self) -> String {
        let names = self.columns.iter().map(|column| format!("\"{}\"", column.name));
        names.collect::<Vec<_>>().join(", ")
    }

    /// The columns of the key in their order; all columns where a table has none.
    fn key(&self) -> String {
        let mut keys: Vec<_> = self.columns.iter().filter_map(|column| Some((column.key?, &column.name))).collect();
        keys.sort();
        if keys.is_empty() {
            return self.quoted();
        }
        keys.iter().map(|(_, name)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
    }
}

#[derive(QueryableByName)]
struct Counter {
    #[diesel(sql_type = Text)]
    of: String,
    #[diesel(sql_type = BigInt)]
    last: i64,
}

/// The last id that each table gave: no id is ever used twice, also where the newest rows were deleted.
pub fn counters(conn: &mut Conn) -> Result<BTreeMap<String, i64>> {
    let query = match conn.backend() {
        Backend::Sqlite => "SELECT name AS of, seq AS last FROM sqlite_sequence",
        Backend::Postgres => {
            "SELECT c.relname::text AS of,
                    COALESCE(pg_sequence_last_value(pg_get_serial_sequence(quote_ident(c.relname), a.attname)::regclass), 0)
                    AS last
             FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attidentity <> ''
             WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'"
        }
    };
    let found = diesel::sql_query(query).load::<Counter>(conn)?;
    Ok(found.into_iter().filter(|counter| counter.last > 0).map(|counter| (counter.of, counter.last)).collect())
}

/// Sets the last id that each table gave.
pub fn set_counters(conn: &mut Conn, counters: &BTreeMap<String, i64>) -> Result<()> {
    let statements: &[&str] = match conn.backend() {
        Backend::Sqlite => &[
            "DELETE FROM sqlite_sequence WHERE name = $1 AND seq < $2",
            "INSERT INTO sqlite_sequence (name, seq) SELECT $1, $2
             WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = $1)",
        ],
        Backend::Postgres => &["SELECT setval(pg_get_serial_sequence(quote_ident($1), 'id'), $2)"],
    };
    for (table, last) in counters {
        for statement in statements {
            diesel::sql_query(*statement).bind::<Text, _>(table).bind::<BigInt, _>(last).execute(conn)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_spelled_alike_whichever_database_it_came_from() {
        for (read, kept) in [
            ("2020-09-30 08:00:00", "2020-09-30 08:00:00"),
            ("2020-09-30T08:00:00.12", "2020-09-30 08:00:00.120"),
            ("2020-09-30 08:00:00.123456", "2020-09-30 08:00:00.123456"),
        ] {
            assert_eq!(moment(read).unwrap(), kept);
        }
        assert!(moment("yesterday").is_err());
    }
}
