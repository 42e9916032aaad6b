//! One connection type for both databases, so that a query has one text.

use diesel::connection::AnsiTransactionManager;
use diesel::prelude::*;

use crate::on_backend;

/// A connection to either database. Most of diesel works through it; see [`on_backend!`](crate::on_backend) for
/// what does not.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

/// Which database is behind a [`Conn`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

impl Conn {
    pub fn backend(&self) -> Backend {
        match self {
            Conn::Postgres(_) => Backend::Postgres,
            Conn::Sqlite(_) => Backend::Sqlite,
        }
    }
}

/// Opens a transaction in the words of its database, which the enum's own manager then commits or rolls back.
pub(super) fn begin(conn: &mut Conn, sql: &str) -> QueryResult<()> {
    on_backend!(conn, c => AnsiTransactionManager::begin_transaction_sql(c, sql))
}

/// Expands one text for each database, where the enum can't carry it (inserts of many rows, `on_conflict`).
#[macro_export]
macro_rules! on_backend {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::platform::Conn::Postgres($c) => $body,
            $crate::platform::Conn::Sqlite($c) => $body,
        }
    };
}
