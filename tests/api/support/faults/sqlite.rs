//! Faults of SQLite: a hook before every call, and triggers of the writing connection's own.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, Once};

use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection, set_default_instrumentation};
use duban::app::App;
use duban::platform::Conn;
use duban::platform::db::portable;

use super::{Fault, Faults};

static WATCHED: LazyLock<Mutex<HashMap<String, Arc<Faults>>>> = LazyLock::new(Mutex::default);

/// Every connection to a file from now on meets its faults.
pub fn watch(file: &str, faults: &Arc<Faults>) {
    static SET: Once = Once::new();
    SET.call_once(|| set_default_instrumentation(|| Some(Box::new(Watch::default()))).unwrap());
    WATCHED.lock().unwrap().insert(file.to_owned(), faults.clone());
}

/// Watches the calls of one connection.
#[derive(Default)]
struct Watch {
    faults: Option<Arc<Faults>>,
    writing: bool,
}

impl Instrumentation for Watch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => {
                self.faults = WATCHED.lock().unwrap().get(url).cloned();
            }
            InstrumentationEvent::StartQuery { query, .. } => {
                let Some(faults) = &self.faults else { return };
                let query = query.to_string();
                match query.split(' ').next().unwrap_or_default() {
                    "BEGIN" => {
                        self.writing = query.starts_with("BEGIN IMMEDIATE");
                        if self.writing {
                            faults.begins();
                        }
                    }
                    "COMMIT" => self.writing = false,
                    "ROLLBACK" if !query.starts_with("ROLLBACK TO") => self.writing = false,
                    // The frame around each write is not the action's; that a commit fails is proved on a full disk.
                    "SAVEPOINT" | "RELEASE" | "ROLLBACK" => {}
                    // No message of a panic: it is meant.
                    _ if self.writing && faults.meets(Fault::Panic) => std::panic::resume_unwind(Box::new("a fault")),
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

diesel::define_sql_function! {
    fn duban_fault() -> diesel::sql_types::Bool;
}

/// The writing connection refuses a changed row when the fault says so.
pub async fn refuse_rows(app: &App, faults: &Arc<Faults>) {
    let faults = faults.clone();
    let installed = app.db.write(move |conn| {
        let tables = portable::tables(conn)?;
        let mut triggers = String::new();
        for table in tables {
            for change in ["INSERT", "UPDATE", "DELETE"] {
                triggers.push_str(&format!(
                    "CREATE TEMP TRIGGER fault_{change}_{0} BEFORE {change} ON main.\"{0}\"
                     BEGIN SELECT RAISE(ABORT, 'a fault') WHERE duban_fault(); END;\n",
                    table.name
                ));
            }
        }
        let Conn::Sqlite(conn) = conn else { panic!("not SQLite") };
        let faults = faults.clone();
        duban_fault_utils::register_nondeterministic_impl(conn, move || faults.meets(Fault::Row))?;
        conn.batch_execute(&triggers)?;
        Ok(())
    });
    installed.await.unwrap();
}
