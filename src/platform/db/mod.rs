//! The database: SQLite inside by default, PostgreSQL by `DATABASE_URL`. [`Db::read`] and [`Db::write`] are the only
//! places that open a transaction; the closure they are given may run again, so it holds rows only.
//!
//! Every write first settles the **business day** (one row, which only moves forward): all it records is stamped
//! with [`today`]. On PostgreSQL a write shares a lock on that row and turning the day takes it alone, so once a
//! later day has been read no write can still land on an earlier one: that is what makes a past report final.

mod conn;
mod contains;
mod day;
mod interval;
mod migrate;
pub mod portable;
mod postgres;
mod savepoint;
mod sqlite;

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use chrono::Datelike;

use super::{Clock, Error, Result};

pub use conn::{Backend, Conn};
pub use contains::{Contains, contains};
pub use day::{recorded as recorded_day, today};
pub use migrate::schema_versions;
pub use savepoint::savepoint;

/// What a database is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// To serve or to write: a day later than the recorded one begins.
    Serving,
    /// To look at it: the recorded day stays the day.
    Looking,
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    clock: Arc<Clock>,
    /// The business day known to be recorded, as days of the common era.
    day: AtomicI32,
    /// Held while the day is being turned: many requests meet a new day at once, one of them records it.
    turning: tokio::sync::Mutex<()>,
    engine: Engine,
}

enum Engine {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Db {
    /// Opens the database, brings its schema up to date under a lock, and records the business day. Fails with one
    /// sentence; a business date before the latest record is refused.
    pub async fn open(url: &str, clock: Arc<Clock>, start: Start) -> Result<Db, String> {
        let url = url.to_owned();
        let opened = tokio::task::spawn_blocking(move || {
            Ok::<_, String>(match url.strip_prefix("sqlite://") {
                Some(file) => Engine::Sqlite(sqlite::Sqlite::open(file)?),
                None => Engine::Postgres(postgres::Postgres::open(&url)?),
            })
        });
        let engine = opened.await.map_err(|error| format!("the database could not be opened: {error}"))??;
        let db = Db(Arc::new(Inner { clock, day: AtomicI32::new(0), turning: Default::default(), engine }));
        if start == Start::Looking {
            db.turn_back_to_record().await?;
        }
        let asked = db.0.clock.today();
        let recorded = db.write(today).await.map_err(|error| error.to_string())?;
        if asked < recorded {
            return Err(format!(
                "the business date {asked} (DUBAN_TODAY or the clock) is before the latest record, {recorded}; start with {recorded} or later"
            ));
        }
        Ok(db)
    }

    /// Sets the clock to the recorded day: whoever only looks must not begin a new one.
    async fn turn_back_to_record(&self) -> Result<(), String> {
        let recorded = match &self.0.engine {
            Engine::Sqlite(engine) => engine.read(day::recorded),
            Engine::Postgres(engine) => engine.read(day::recorded).await,
        };
        if let Some(day) = recorded.map_err(|error| error.to_string())? {
            self.0.clock.turn_to(day);
        }
        Ok(())
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        match self.0.engine {
            Engine::Sqlite(_) => Backend::Sqlite,
            Engine::Postgres(_) => Backend::Postgres,
        }
    }

    /// The clocks of this database's records.
    pub fn clock(&self) -> &Arc<Clock> {
        &self.0.clock
    }

    /// A new SQLite of today in a folder, for the tests beside a module.
    #[cfg(test)]
    pub async fn scratch(folder: &tempfile::TempDir) -> Db {
        let url = format!("sqlite://{}", folder.path().join("a.db").display());
        Db::open(&url, Arc::new(Clock::new(chrono_tz::UTC, None)), Start::Serving).await.unwrap()
    }

    /// Reads in one snapshot. Short reads: on SQLite it runs at once on the calling thread.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.record_day().await?;
        match &self.0.engine {
            Engine::Sqlite(engine) => engine.read(f),
            Engine::Postgres(engine) => engine.read(f).await,
        }
    }

    /// Reads in one snapshot on a thread that may take its time: reports, exports.
    pub async fn read_long<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.record_day().await?;
        match &self.0.engine {
            Engine::Sqlite(engine) => engine.read_long(f).await,
            Engine::Postgres(engine) => engine.read(f).await,
        }
    }

    /// Writes in one transaction: all of it or nothing. The closure may be called again after a conflict with
    /// another writer; what it returns is given back only once it is durable.
    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T> + Send + 'static,
    {
        self.record_day().await?;
        self.write_today(f).await
    }

    async fn write_today<T, F>(&self, mut f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T> + Send + 'static,
    {
        let clock = self.0.clock.clone();
        let work = move |conn: &mut Conn| {
            let day = day::settle(conn, clock.today())?;
            Ok((f(conn)?, day))
        };
        let (value, day) = match &self.0.engine {
            Engine::Sqlite(engine) => engine.write(work).await?,
            Engine::Postgres(engine) => engine.write(work).await?,
        };
        self.0.day.fetch_max(day.num_days_from_ce(), Ordering::Relaxed);
        Ok(value)
    }

    /// Records the business day when a new one has begun, so that what is read counts as read on that day.
    pub async fn record_day(&self) -> Result<()> {
        let today = self.0.clock.today().num_days_from_ce();
        let recorded = || self.0.day.load(Ordering::Relaxed);
        if today > recorded() {
            let _turning = self.0.turning.lock().await;
            if today > recorded() {
                self.write_today(|_| Ok(())).await?;
            }
        }
        Ok(())
    }
}

/// Runs blocking work off the threads that serve requests.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::internal("a database call panicked or was abandoned"))?
}
