//! PostgreSQL: writes SERIALIZABLE, repeated after a conflict; reads in one REPEATABLE READ snapshot; both on
//! blocking threads. TLS is libpq's: `?sslmode=verify-full&sslrootcert=…` in the URL.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use diesel::connection::{SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::conn::{Conn, begin};
use super::{blocking, migrate};
use crate::platform::error::{BUSY, OUTCOME_UNKNOWN, UNAVAILABLE, is_lost_connection};
use crate::platform::gate::Gate;
use crate::platform::{Error, Result};

/// Connections of the pool, and calls that may wait for one, for how long.
const CONNECTIONS: u32 = 16;
const MOST_WAITING: usize = 1024;
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a write is tried before the caller is told to come back.
const ATTEMPTS: u32 = 12;
/// The longest pause between two tries, in milliseconds.
const LONGEST_PAUSE: u64 = 200;
/// Key of the advisory lock that lets one server migrate at a time.
const MIGRATION_LOCK: &str = "SELECT pg_advisory_lock(4712010)";
const MIGRATION_UNLOCK: &str = "SELECT pg_advisory_unlock(4712010)";

#[derive(Clone)]
pub struct Postgres {
    pool: r2d2::Pool<Connections>,
    gate: Gate,
}

impl Postgres {
    pub fn open(url: &str) -> Result<Postgres, String> {
        let refused = |error: &dyn std::fmt::Display| {
            let said = error.to_string();
            format!("DATABASE_URL: PostgreSQL can't be reached ({})", said.lines().next().unwrap_or_default())
        };
        let mut conn = PgConnection::establish(url).map_err(|error| refused(&error))?;
        conn.batch_execute(MIGRATION_LOCK).map_err(|error| refused(&error))?;
        let migrated = migrate::postgres(&mut conn);
        conn.batch_execute(MIGRATION_UNLOCK).map_err(|error| refused(&error))?;
        migrated?;
        require_english(&mut conn)?;
        let pool = r2d2::Pool::builder()
            .max_size(CONNECTIONS)
            .min_idle(Some(0))
            .connection_timeout(PATIENCE)
            .build(Connections { url: url.to_owned() })
            .map_err(|error| refused(&error))?;
        Ok(Postgres { pool, gate: Gate::new(CONNECTIONS as usize, MOST_WAITING, PATIENCE) })
    }

    pub async fn read<T, F>(&self, mut f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T> + Send + 'static,
    {
        let (place, pool) = (self.gate.pass().await?, self.pool.clone());
        blocking(move || {
            let _place = place;
            let mut conn = take(&pool)?;
            begin(&mut conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
            let outcome = catch_unwind(AssertUnwindSafe(|| f(&mut conn)))
                .unwrap_or_else(|_| Err(Error::internal("a read panicked")));
            Manager::rollback_transaction(&mut *conn)?;
            outcome
        })
        .await
    }

    pub async fn write<T, F>(&self, mut f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T> + Send + 'static,
    {
        let (place, pool) = (self.gate.pass().await?, self.pool.clone());
        blocking(move || {
            let _place = place;
            let mut conn = take(&pool)?;
            for attempt in 1..=ATTEMPTS {
                match write_once(&mut conn, &mut f) {
                    Err(Error::Database(error)) if is_conflict(&error) => pause(attempt),
                    outcome => return outcome,
                }
            }
            Err(BUSY.err())
        })
        .await
    }
}

/// What went wrong is told from the server's words where the library keeps no code: a deadlock, a full disk, a call that
/// took too long. So they must be English.
fn require_english(conn: &mut PgConnection) -> Result<(), String> {
    let asked = diesel::dsl::sql::<diesel::sql_types::Text>("SELECT current_setting('lc_messages')");
    let language: String = asked.get_result(conn).map_err(|error| format!("DATABASE_URL: {error}"))?;
    if is_english(&language) {
        return Ok(());
    }
    Err(format!(
        "DATABASE_URL: PostgreSQL speaks {language}, and its errors would not be understood; \
         let a superuser of it say: ALTER ROLE … SET lc_messages = 'C'"
    ))
}

/// `C`, `POSIX`, `en_…`, and nothing, which is `C` too.
fn is_english(language: &str) -> bool {
    let language = language.to_ascii_lowercase();
    ["c", "posix", ""].contains(&language.split('.').next().unwrap_or_default()) || language.starts_with("en")
}

type Manager = <Conn as Connection>::TransactionManager;

fn take(pool: &r2d2::Pool<Connections>) -> Result<r2d2::PooledConnection<Connections>> {
    pool.get().map_err(|error| {
        tracing::error!(%error, "no connection to PostgreSQL");
        UNAVAILABLE.err()
    })
}

fn write_once<T>(conn: &mut Conn, f: &mut impl FnMut(&mut Conn) -> Result<T>) -> Result<T> {
    begin(conn, "BEGIN ISOLATION LEVEL SERIALIZABLE")?;
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        conn.batch_execute("SET LOCAL statement_timeout = '10s'")?;
        f(conn)
    }))
    .unwrap_or_else(|_| Err(Error::internal("a write panicked")));
    match outcome {
        Ok(value) => {
            Manager::commit_transaction(conn).map_err(uncommitted)?;
            Ok(value)
        }
        Err(error) => {
            // When the rollback fails too, the pool throws the connection away; the first error is the telling one.
            let _ = Manager::rollback_transaction(conn);
            Err(error)
        }
    }
}

/// A commit whose answer never came may or may not have happened: then nobody is told that nothing was changed.
fn uncommitted(error: DieselError) -> Error {
    if is_lost_connection(&error) {
        tracing::error!(%error, "the connection was lost during a commit");
        return OUTCOME_UNKNOWN.err();
    }
    Error::Database(error)
}

/// Two transactions got in each other's way, and the loser may simply try again.
fn is_conflict(error: &DieselError) -> bool {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        // Somebody else wrote the same key first; the next try finds it there and refuses in its own words.
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => true,
        DieselError::DatabaseError(_, information) => information.message().contains("deadlock detected"),
        DieselError::RollbackErrorOnCommit { commit_error, .. } => is_conflict(commit_error),
        _ => false,
    }
}

fn pause(attempt: u32) {
    let most = (4_u64 << attempt).min(LONGEST_PAUSE);
    std::thread::sleep(Duration::from_millis(rand::random_range(1..=most)));
}

/// A connection with the settings that the promises rest on.
pub(super) fn connect(url: &str) -> ConnectionResult<PgConnection> {
    let mut conn = PgConnection::establish(url)?;
    conn.batch_execute("SET TIME ZONE 'UTC'; SET synchronous_commit = on; SET client_min_messages = warning")
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

struct Connections {
    url: String,
}

impl r2d2::ManageConnection for Connections {
    type Connection = Conn;
    type Error = ConnectionError;

    fn connect(&self) -> Result<Conn, ConnectionError> {
        let mut conn = connect(&self.url)?;
        conn.batch_execute("SET statement_timeout = '30s'").map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(Conn::Postgres(conn))
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), ConnectionError> {
        conn.batch_execute("SELECT 1").map_err(ConnectionError::CouldntSetupConfiguration)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        Manager::is_broken_transaction_manager(conn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_and_nothing_are_understood() {
        for (language, understood) in [
            ("C", true),
            ("C.UTF-8", true),
            ("POSIX", true),
            ("", true),
            ("en_US.UTF-8", true),
            ("en_GB", true),
            ("zh_CN.UTF-8", false),
            ("zh_CN", false),
            ("de_DE.utf8", false),
            ("ca_ES", false),
        ] {
            assert_eq!(is_english(language), understood, "{language}");
        }
    }
}
