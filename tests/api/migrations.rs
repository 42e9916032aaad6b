//! Every migration goes up, down and up again, and leaves the schema that it found.

use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryResult, RunQueryDsl, SqliteConnection, sql_query};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};

use crate::support::{empty, on_postgres};

#[derive(diesel::QueryableByName, Debug, PartialEq, Eq)]
struct Said {
    #[diesel(sql_type = Text)]
    what: String,
}

/// Tables with their columns, checks, keys and references, and indexes, as the database itself describes them.
const SQLITE: &str = "
    SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' ' || c.pk || ' '
        || COALESCE(c.dflt_value, '') AS what
    FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
        AND m.name <> '__diesel_schema_migrations'
    UNION ALL
    SELECT m.name || '.' || f.\"from\" || ' -> ' || f.\"table\" || '.' || f.\"to\"
    FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'
    UNION ALL
    SELECT m.name || ' checks ' || (LENGTH(m.sql) - LENGTH(REPLACE(m.sql, 'CHECK', '')))
    FROM sqlite_master m WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
        AND m.name <> '__diesel_schema_migrations'
    UNION ALL
    SELECT m.tbl_name || ' ' || m.sql FROM sqlite_master m WHERE m.type = 'index' AND m.sql IS NOT NULL
    ORDER BY 1";
const POSTGRES: &str = "
    SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || is_identity || ' '
        || COALESCE(collation_name, '') || ' ' || COALESCE(column_default, '') AS what
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations'
    UNION ALL
    SELECT conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        AND conrelid <> '__diesel_schema_migrations'::regclass
    UNION ALL
    SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '__diesel_schema_migrations'
    ORDER BY 1";

/// Goes up one migration after the other; each is taken back and made again on the way, and at the end all are taken
/// back. `described` tells the schema.
fn up_down_up<C, DB>(conn: &mut C, folder: &str, mut described: impl FnMut(&mut C) -> QueryResult<Vec<Said>>)
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
    FileBasedMigrations: diesel::migration::MigrationSource<DB>,
{
    let source = || FileBasedMigrations::from_path(folder).unwrap();
    let count = std::fs::read_dir(folder).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir()).count();
    let mut before = vec![];
    for _ in 0..count {
        let name = conn.run_next_migration(source()).unwrap().to_string();
        let up = described(conn).unwrap();
        conn.revert_last_migration(source()).unwrap();
        if !before.is_empty() {
            assert_eq!(described(conn).unwrap(), before, "{name}, taken back");
        }
        conn.run_next_migration(source()).unwrap();
        let again = described(conn).unwrap();
        assert_eq!(again, up, "{name}, made again");
        assert_ne!(again, before, "{name} does nothing");
        before = again;
    }
    for _ in 0..count {
        conn.revert_last_migration(source()).unwrap();
    }
    assert_eq!(described(conn).unwrap(), vec![], "all taken back");
    conn.run_pending_migrations(source()).unwrap();
    assert_eq!(described(conn).unwrap(), before, "all made again");
}

#[test]
fn every_migration_is_taken_back_and_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let url = empty(on_postgres(), &folder.path().join("test.db"));
    if on_postgres() {
        let mut conn = PgConnection::establish(&url).unwrap();
        up_down_up(&mut conn, "migrations/postgres", |conn| sql_query(POSTGRES).load(conn));
    } else {
        let mut conn = SqliteConnection::establish(url.trim_start_matches("sqlite://")).unwrap();
        sql_query("PRAGMA foreign_keys = ON").execute(&mut conn).unwrap();
        up_down_up(&mut conn, "migrations/sqlite", |conn| sql_query(SQLITE).load(conn));
    }
}
