//! The two migration folders, embedded; run at every start, under a lock.

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Brings a SQLite schema up to date. The caller holds the only writing connection.
pub fn sqlite(conn: &mut diesel::SqliteConnection) -> Result<(), String> {
    conn.run_pending_migrations(SQLITE).map(|_| ()).map_err(|error| format!("migration failed: {error}"))
}

/// Brings a PostgreSQL schema up to date. The caller holds the advisory lock.
pub fn postgres(conn: &mut diesel::PgConnection) -> Result<(), String> {
    conn.run_pending_migrations(POSTGRES).map(|_| ()).map_err(|error| format!("migration failed: {error}"))
}

/// Names of the migrations in each folder: (SQLite, PostgreSQL). A test holds them to be the same.
pub fn schema_versions() -> (Vec<String>, Vec<String>) {
    use diesel::migration::MigrationSource;
    fn names<DB: diesel::backend::Backend>(source: &EmbeddedMigrations) -> Vec<String>
    where
        EmbeddedMigrations: MigrationSource<DB>,
    {
        let migrations = MigrationSource::<DB>::migrations(source).unwrap_or_default();
        let mut names: Vec<_> = migrations.iter().map(|migration| migration.name().to_string()).collect();
        names.sort();
        names
    }
    (names::<diesel::sqlite::Sqlite>(&SQLITE), names::<diesel::pg::Pg>(&POSTGRES))
}
