//! What every slice stands on and what knows no slice: settings, clocks, ids, texts, errors, lists, the database.

pub mod clock;
pub mod config;
pub mod days;
pub mod db;
pub mod error;
pub mod gate;
pub mod idempotency;
pub mod ids;
pub mod page;
pub mod patch;
pub mod rate;
pub mod seal;
pub mod sheet;
pub mod telemetry;
pub mod text;
pub mod web;

pub use clock::Clock;
pub use config::Config;
pub use db::{Conn, Db};
pub use error::{Code, Error, Fault, Problem, Result};
pub use page::{Cursor, PageRequest};
pub use patch::Field;
