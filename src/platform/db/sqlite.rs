//! SQLite: readers from a pool, and one writer thread that commits what has queued up together, each write in a
//! savepoint of its own. One commit, one sync to disk, however many writes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use tokio::sync::oneshot;

use super::conn::{Conn, begin};
use super::{blocking, migrate};
use crate::platform::error::{BUSY, STORAGE_FULL, is_full};
use crate::platform::gate::{Gate, Place};
use crate::platform::{Error, Result};

/// Writes that share one commit, at most.
const BATCH: usize = 256;
/// Reading connections: more than there are serving threads, which hold one at a time; and those for reports.
const SHORT_READERS: u32 = 16;
const LONG_READERS: u32 = 4;
/// Writes on their way at most; reports that may wait for a connection.
const MOST_WRITES: usize = 1024;
const MOST_WAITING: usize = 256;
/// Longest wait of a write before it has begun.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub struct Sqlite {
    readers: r2d2::Pool<Readers>,
    /// Reports and exports have connections of their own, so that they can't hold up the short reads.
    long_readers: r2d2::Pool<Readers>,
    report_gate: Gate,
    writer: mpsc::Sender<Box<dyn Job>>,
    write_gate: Gate,
}

impl Sqlite {
    /// Opens `file`, migrates it and starts the writer thread. The thread ends with the last clone of this value.
    pub fn open(file: &str) -> Result<Sqlite, String> {
        if let Some(folder) = std::path::Path::new(file).parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .map_err(|error| format!("DATABASE_URL: the folder of {file} can't be made ({error})"))?;
        }
        let mut conn = connect(file).map_err(|error| format!("DATABASE_URL: {file} can't be opened ({error})"))?;
        migrate::sqlite(&mut conn)?;
        let pool = |size| {
            r2d2::Pool::builder()
                .max_size(size)
                .min_idle(Some(0))
                .test_on_check_out(false)
                .connection_timeout(PATIENCE)
                .build(Readers { file: file.to_owned() })
                .map_err(|error| format!("DATABASE_URL: {error}"))
        };
        let (readers, long_readers) = (pool(SHORT_READERS)?, pool(LONG_READERS)?);
        let (writer, jobs) = mpsc::channel();
        std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || write_loop(Conn::Sqlite(conn), &jobs))
            .map_err(|error| format!("the writer thread can't be started ({error})"))?;
        Ok(Sqlite {
            readers,
            long_readers,
            report_gate: Gate::new(LONG_READERS as usize, MOST_WAITING, PATIENCE),
            writer,
            write_gate: Gate::new(MOST_WRITES, 0, PATIENCE),
        })
    }

    pub fn read<T>(&self, f: impl FnMut(&mut Conn) -> Result<T>) -> Result<T> {
        read_from(&self.readers, f)
    }

    pub async fn read_long<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T> + Send + 'static,
    {
        let (place, pool) = (self.report_gate.pass().await?, self.long_readers.clone());
        blocking(move || {
            let _place = place;
            read_from(&pool, f)
        })
        .await
    }

    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T> + Send + 'static,
    {
        let place = self.write_gate.pass().await?;
        let (answer, answered) = oneshot::channel();
        let work = Work { f, outcome: None, answer, asked: Instant::now(), _place: place };
        self.writer.send(Box::new(work)).map_err(|_| Error::internal("the writer thread has ended"))?;
        answered.await.map_err(|_| Error::internal("the writer thread has ended"))?
    }
}

type Manager = <Conn as Connection>::TransactionManager;

fn read_from<T>(pool: &r2d2::Pool<Readers>, mut f: impl FnMut(&mut Conn) -> Result<T>) -> Result<T> {
    let mut conn = pool.get().map_err(|error| {
        tracing::error!(%error, "no reading connection");
        BUSY.err()
    })?;
    Manager::begin_transaction(&mut *conn)?;
    let outcome = catch_unwind(AssertUnwindSafe(|| f(&mut conn)));
    // A read changed nothing, so ending it either way is the same; a rollback can't fail for lack of disk.
    Manager::rollback_transaction(&mut *conn)?;
    outcome.unwrap_or_else(|_| Err(Error::internal("a read panicked")))
}

/// A connection with the settings that the promises rest on. They are read back: where a file system can't do WAL,
/// SQLite goes on without it and says nothing.
pub(super) fn connect(file: &str) -> ConnectionResult<SqliteConnection> {
    let mut conn = SqliteConnection::establish(file)?;
    conn.batch_execute(
        "PRAGMA busy_timeout = 10000;
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY;",
    )
    .map_err(ConnectionError::CouldntSetupConfiguration)?;
    if !is_durable(&mut conn).map_err(ConnectionError::CouldntSetupConfiguration)? {
        return Err(ConnectionError::BadConnection(
            "SQLite can't work durably here (WAL, synchronous=FULL, foreign keys): use a local file system".into(),
        ));
    }
    Ok(conn)
}

/// Whether WAL, `synchronous=FULL` and foreign keys hold on a connection.
fn is_durable(conn: &mut SqliteConnection) -> QueryResult<bool> {
    let query = "SELECT journal_mode = 'wal' AND synchronous = 2 AND foreign_keys = 1 AS holds
         FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys";
    Ok(diesel::sql_query(query).get_result::<Holds>(conn)?.holds)
}

#[derive(QueryableByName)]
struct Holds {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    holds: bool,
}

struct Readers {
    file: String,
}

impl r2d2::ManageConnection for Readers {
    type Connection = Conn;
    type Error = ConnectionError;

    fn connect(&self) -> Result<Conn, ConnectionError> {
        connect(&self.file).map(Conn::Sqlite)
    }

    fn is_valid(&self, _: &mut Conn) -> Result<(), ConnectionError> {
        Ok(())
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        Manager::is_broken_transaction_manager(conn)
    }
}

/// A write on its way: run in a savepoint, answered after the commit.
trait Job: Send {
    /// Runs the work; whether its savepoint is kept.
    fn run(&mut self, conn: &mut Conn) -> bool;
    /// Whether nobody waits any more, or has waited too long: then it is not begun.
    fn given_up(&self) -> bool;
    /// Tells the outcome, or why it was not committed.
    fn answer(self: Box<Self>, lost: Option<Error>);
}

struct Work<T, F> {
    f: F,
    outcome: Option<Result<T>>,
    answer: oneshot::Sender<Result<T>>,
    asked: Instant,
    _place: Place,
}

impl<T: Send, F: FnMut(&mut Conn) -> Result<T> + Send> Job for Work<T, F> {
    fn run(&mut self, conn: &mut Conn) -> bool {
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.f)(conn)))
            .unwrap_or_else(|_| Err(Error::internal("a write panicked")));
        let keep = outcome.is_ok();
        self.outcome = Some(outcome);
        keep
    }

    fn given_up(&self) -> bool {
        self.answer.is_closed() || self.asked.elapsed() > PATIENCE
    }

    fn answer(self: Box<Self>, lost: Option<Error>) {
        let outcome = match (lost, self.outcome) {
            // A refusal stands whether or not the others of its batch were committed.
            (_, Some(Err(refused))) => Err(refused),
            (Some(lost), _) => Err(lost),
            (None, Some(done)) => done,
            (None, None) => Err(BUSY.err()),
        };
        let _ = self.answer.send(outcome);
    }
}

fn write_loop(mut conn: Conn, jobs: &mpsc::Receiver<Box<dyn Job>>) {
    while let Ok(first) = jobs.recv() {
        let batch: Vec<_> = std::iter::once(first).chain(jobs.try_iter()).take(BATCH).collect();
        commit_together(&mut conn, batch);
    }
}

fn commit_together(conn: &mut Conn, batch: Vec<Box<dyn Job>>) {
    if let Err(error) = begin(conn, "BEGIN IMMEDIATE") {
        return batch.into_iter().for_each(|job| job.answer(Some(lost(&error))));
    }
    let mut done = Vec::with_capacity(batch.len());
    let mut broken = None;
    for mut job in batch {
        if broken.is_none() && !job.given_up() {
            broken = run_in_savepoint(conn, job.as_mut()).err();
        }
        done.push(job);
    }
    let ended = match broken {
        None => Manager::commit_transaction(conn),
        Some(error) => Err(error),
    };
    if let Err(error) = &ended {
        tracing::error!(%error, "a commit failed");
        roll_back_all(conn);
    }
    for job in done {
        job.answer(ended.as_ref().err().map(lost));
    }
}

fn run_in_savepoint(conn: &mut Conn, job: &mut dyn Job) -> QueryResult<()> {
    Manager::begin_transaction(conn)?;
    if job.run(conn) { Manager::commit_transaction(conn) } else { Manager::rollback_transaction(conn) }
}

/// After a failure: leaves every level of the transaction that may still be open.
fn roll_back_all(conn: &mut Conn) {
    while Manager::transaction_manager_status_mut(conn).transaction_depth().is_ok_and(|depth| depth.is_some()) {
        if Manager::rollback_transaction(conn).is_err() {
            break;
        }
    }
    if let Conn::Sqlite(c) = conn {
        // SQLite may have rolled back by itself (disk full); the manager is then told that nothing is open.
        let _ = c.batch_execute("ROLLBACK");
        *AnsiTransactionManager::transaction_manager_status_mut(c) = Default::default();
    }
}

fn lost(error: &diesel::result::Error) -> Error {
    tracing::error!(%error, "a write was not committed");
    if is_full(error) { STORAGE_FULL.err() } else { BUSY.err() }
}

#[cfg(test)]
mod tests {
    use diesel::sql_types::BigInt;

    use super::*;

    #[derive(QueryableByName)]
    struct Value {
        #[diesel(sql_type = BigInt)]
        value: i64,
    }

    fn pragma(conn: &mut Conn, name: &str) -> i64 {
        let query = format!("SELECT {name} AS value FROM pragma_{name}");
        diesel::sql_query(query).get_result::<Value>(conn).unwrap().value
    }

    fn assert_durable(conn: &mut Conn) {
        assert_eq!(pragma(conn, "synchronous"), 2, "synchronous=FULL");
        assert_eq!(pragma(conn, "foreign_keys"), 1);
        let wal = "SELECT (journal_mode = 'wal') AS value FROM pragma_journal_mode";
        assert_eq!(diesel::sql_query(wal).get_result::<Value>(conn).unwrap().value, 1);
    }

    #[tokio::test]
    async fn every_connection_is_durable_and_holds_foreign_keys() {
        let folder = tempfile::tempdir().unwrap();
        let db = Sqlite::open(folder.path().join("a.db").to_str().unwrap()).unwrap();
        let mut seen = 0;
        for pool in [&db.readers, &db.long_readers] {
            let held: Vec<_> = (0..pool.max_size()).map(|_| pool.get().unwrap()).collect();
            for mut conn in held {
                assert_durable(&mut conn);
                seen += 1;
            }
        }
        println!("{seen} reading connections and the writing one are durable");
        db.write(|conn| {
            assert_durable(conn);
            Ok(())
        })
        .await
        .unwrap();
    }

    #[tokio::test]
    async fn a_refused_or_panicking_write_leaves_its_batch_mates_alone() {
        let folder = tempfile::tempdir().unwrap();
        let db = Sqlite::open(folder.path().join("a.db").to_str().unwrap()).unwrap();
        db.write(|conn| Ok(conn.batch_execute("CREATE TABLE t (n INTEGER)")?)).await.unwrap();
        let insert = |n: i64| {
            db.write(move |conn| {
                conn.batch_execute(&format!("INSERT INTO t VALUES ({n})"))?;
                match n % 3 {
                    0 => Ok(n),
                    1 => Err(BUSY.err()),
                    _ => panic!("on purpose"),
                }
            })
        };
        let outcomes = futures_util::future::join_all((0..60).map(insert)).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 20);
        let count = "SELECT COUNT(*) AS value FROM t WHERE n % 3 = 0";
        let all = "SELECT COUNT(*) AS value FROM t";
        for query in [count, all] {
            let n = db.read(|conn| Ok(diesel::sql_query(query).get_result::<Value>(conn)?.value)).unwrap();
            assert_eq!(n, 20);
        }
    }
}
