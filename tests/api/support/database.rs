//! Databases of a test's own. Nearly every test wants one with today's schema: the schema is brought up once for the
//! whole run and copied from then on. What the first start of an installation does to
//! an empty database, `migrations`, `upgrades`, the command line and the crash proofs try.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};

/// Whether this run is on PostgreSQL.
pub fn on_postgres() -> bool {
    std::env::var("DUBAN_TEST_DATABASE").is_ok_and(|name| name == "postgres")
}

/// An empty database.
pub fn empty(postgres: bool, file: &Path) -> String {
    if postgres { own_postgres("") } else { sqlite_url(file) }
}

/// A database with today's schema and nothing in it.
pub fn with_schema(postgres: bool, file: &Path) -> String {
    if postgres {
        return own_postgres(&format!(" TEMPLATE {}", *POSTGRES_TEMPLATE));
    }
    std::fs::write(file, &*SQLITE_TEMPLATE).unwrap();
    sqlite_url(file)
}

static SQLITE_TEMPLATE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut conn = SqliteConnection::establish(":memory:").unwrap();
    conn.run_pending_migrations(migrations("sqlite")).unwrap();
    conn.serialize_database_to_buffer().to_vec()
});

/// Its name.
static POSTGRES_TEMPLATE: LazyLock<String> = LazyLock::new(|| {
    let url = new_postgres("");
    PgConnection::establish(&url).unwrap().run_pending_migrations(migrations("postgres")).unwrap();
    name_in(&url)
});

fn migrations(database: &str) -> FileBasedMigrations {
    FileBasedMigrations::from_path(PathBuf::from("migrations").join(database)).unwrap()
}

fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

/// The databases on PostgreSQL that a thread has made. A test has a thread of its own; they go with it.
struct Made(RefCell<Vec<String>>);

thread_local! {
    static MADE: Made = const { Made(RefCell::new(vec![])) };
}

impl Drop for Made {
    fn drop(&mut self) {
        let names = self.0.take();
        let Some(Ok(mut conn)) = (!names.is_empty()).then(|| PgConnection::establish(&admin())) else { return };
        for name in names {
            // What is left of the test may still be connected. A database that stays harms nothing.
            let _ = conn.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

fn own_postgres(how: &str) -> String {
    let url = new_postgres(how);
    MADE.with(|made| made.0.borrow_mut().push(name_in(&url)));
    url
}

fn new_postgres(how: &str) -> String {
    let name = format!("duban_{}", hex::encode(rand::random::<[u8; 8]>()));
    let mut conn = PgConnection::establish(&admin()).unwrap();
    conn.batch_execute(&format!("CREATE DATABASE {name}{how}")).unwrap();
    format!("{}/{name}", admin().rsplit_once('/').unwrap().0)
}

fn admin() -> String {
    std::env::var("DUBAN_TEST_POSTGRES").expect("DUBAN_TEST_POSTGRES: the URL of a PostgreSQL to make databases in")
}

fn name_in(url: &str) -> String {
    url.rsplit_once('/').unwrap().1.to_owned()
}
