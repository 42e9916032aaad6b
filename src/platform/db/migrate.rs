//! The two migration folders, embedded; run at every start, under a lock.

use diesel::migration::MigrationSource;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::Conn;

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

/// Brings an empty or older schema up to a version, and no further.
pub fn up_to(conn: &mut Conn, version: &str) -> Result<(), String> {
    match conn {
        Conn::Sqlite(conn) => run_up_to(conn, SQLITE, version),
        Conn::Postgres(conn) => run_up_to(conn, POSTGRES, version),
    }
    .map_err(|error| format!("migration failed: {error}"))
}

fn run_up_to<DB: diesel::backend::Backend>(
    conn: &mut impl MigrationHarness<DB>,
    source: EmbeddedMigrations,
    version: &str,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    for migration in conn.pending_migrations(source)? {
        if migration.name().version().to_string().as_str() <= version {
            conn.run_migration(&*migration)?;
        }
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Applied {
    #[diesel(sql_type = diesel::sql_types::Text)]
    version: String,
}

/// The newest version that a schema has. Reads only, where the harness would make its table.
pub fn applied(conn: &mut Conn) -> QueryResult<String> {
    let query = "SELECT MAX(version) AS version FROM __diesel_schema_migrations";
    Ok(diesel::sql_query(query).get_result::<Applied>(conn)?.version)
}

/// Names of the migrations in each folder: (SQLite, PostgreSQL). A test holds them to be the same.
pub fn schema_versions() -> (Vec<String>, Vec<String>) {
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
