//! A savepoint inside a write: what is refused within it leaves nothing behind, and the rest of the write goes on.

use std::panic::{AssertUnwindSafe, catch_unwind};

use diesel::connection::TransactionManager;
use diesel::prelude::*;

use super::Conn;
use crate::platform::{Error, Problem, Result};

type Manager = <Conn as Connection>::TransactionManager;

/// Runs a part of a write in a savepoint of its own. A refusal undoes this part and is handed back as the inner
/// result. A failure of the database or of ours ends the whole write: on PostgreSQL a lost conflict must repeat all
/// of it, since what was read before the savepoint is no longer true.
pub fn savepoint<T>(conn: &mut Conn, f: impl FnOnce(&mut Conn) -> Result<T>) -> Result<Result<T, Problem>> {
    Manager::begin_transaction(conn)?;
    // A panic must not leave the level open, or whatever comes next on this connection would run inside it.
    let outcome = catch_unwind(AssertUnwindSafe(|| f(conn)))
        .unwrap_or_else(|_| Err(Error::internal("a part of a write panicked")));
    match outcome {
        Ok(value) => {
            Manager::commit_transaction(conn)?;
            Ok(Ok(value))
        }
        Err(error) => {
            let undone = Manager::rollback_transaction(conn);
            match error {
                Error::Problem(problem) if problem.code.status < 500 => {
                    undone?;
                    Ok(Err(*problem))
                }
                // The first error is the telling one.
                failure => Err(failure),
            }
        }
    }
}
