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

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection;
    use diesel::sql_types::BigInt;

    use super::super::sqlite::Sqlite;
    use super::*;
    use crate::platform::error::{BUSY, FORBIDDEN};

    #[derive(QueryableByName)]
    struct Value {
        #[diesel(sql_type = BigInt)]
        value: i64,
    }

    fn insert(conn: &mut Conn, n: i64) -> Result<()> {
        Ok(conn.batch_execute(&format!("INSERT INTO t VALUES ({n})"))?)
    }

    fn sum(db: &Sqlite) -> i64 {
        let query = "SELECT COALESCE(SUM(n), 0) AS value FROM t";
        db.read(|conn| Ok(diesel::sql_query(query).get_result::<Value>(conn)?.value)).unwrap()
    }

    #[tokio::test]
    async fn a_refusal_undoes_its_part_and_a_failure_the_whole() {
        let folder = tempfile::tempdir().unwrap();
        let db = Sqlite::open(folder.path().join("a.db").to_str().unwrap()).unwrap();
        db.write(|conn| Ok(conn.batch_execute("CREATE TABLE t (n INTEGER UNIQUE)")?)).await.unwrap();
        let refused = db.write(|conn| {
            insert(conn, 1)?;
            let refused = savepoint(conn, |conn| {
                insert(conn, 10)?;
                Err::<(), _>(FORBIDDEN.err())
            })?;
            savepoint(conn, |conn| insert(conn, 100))?.unwrap();
            Ok(refused.unwrap_err().code.code)
        });
        assert_eq!(refused.await.unwrap(), "forbidden");
        assert_eq!(sum(&db), 101);

        type Part = fn(&mut Conn) -> Result<()>;
        let failures: [(&str, Part); 3] = [
            ("the database", |conn| insert(conn, 1)),
            ("a panic", |_| panic!("on purpose")),
            ("a lack of ours", |_| Err(BUSY.err())),
        ];
        for (what, fails) in failures {
            let whole = db.write(move |conn| {
                insert(conn, 1000)?;
                savepoint(conn, fails)?.map_err(|_| FORBIDDEN.err())
            });
            assert_ne!(whole.await.unwrap_err().code(), "forbidden", "{what} is no refusal of a part");
            assert_eq!(sum(&db), 101, "{what}");
        }
        // No level was left open: what comes next is committed.
        db.write(|conn| insert(conn, 1000)).await.unwrap();
        assert_eq!(sum(&db), 1101);
    }
}
