//! What runs beside the requests: sealing the audit log, turning the business day, looking after keys, forgetting
//! what is old, sweeping evidence without a row.

use std::time::{Duration, SystemTime};

use crate::app::App;
use crate::platform::{Error, idempotency};
use crate::{accounts, audit, progress};

/// Pause between two looks for entries to seal: they are sealed within a second.
const SEAL_EVERY: Duration = Duration::from_millis(400);
/// Looks between two rounds of housekeeping (about ten minutes).
const KEEP_HOUSE_EVERY: u64 = 1500;

/// The running worker; it ends when this value is dropped.
#[derive(Clone)]
pub struct Worker {
    _ended: tokio::sync::mpsc::Sender<()>,
}

impl Worker {
    /// Starts the loop on the runtime of the caller.
    pub fn start(app: App) -> Worker {
        let (ended, mut signal) = tokio::sync::mpsc::channel::<()>(1);
        tokio::spawn(async move {
            let mut round = 0_u64;
            loop {
                if let Err(error) = look(&app, round).await {
                    tracing::error!(%error, "the worker failed and will try again");
                }
                round += 1;
                tokio::select! {
                    _ = signal.recv() => break,
                    () = tokio::time::sleep(SEAL_EVERY) => {}
                }
            }
        });
        Worker { _ended: ended }
    }
}

async fn look(app: &App, round: u64) -> Result<(), Error> {
    app.db.record_day().await?;
    seal_all(app).await?;
    if round.is_multiple_of(KEEP_HOUSE_EVERY) {
        keep_house(app).await?;
    }
    Ok(())
}

/// Seals every committed entry. A look costs one read; only what there is to seal costs a write.
pub async fn seal_all(app: &App) -> Result<(), Error> {
    while app.db.read(audit::has_unsealed).await? {
        let now = app.db.clock().stamp();
        app.db.write(move |conn| audit::seal_pending(conn, now)).await?;
    }
    Ok(())
}

async fn keep_house(app: &App) -> Result<(), Error> {
    app.load_keys().await?;
    let now = app.db.clock().stamp();
    app.db
        .write(move |conn| {
            idempotency::forget_old(conn, now)?;
            accounts::store::forget_failures(conn, now - chrono::TimeDelta::days(1))
        })
        .await?;
    sweep(app).await
}

/// Removes evidence files older than a day that no row keeps.
async fn sweep(app: &App) -> Result<(), Error> {
    let now = SystemTime::now();
    for file in app.evidence.old_files(now) {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let kept = app.db.read(move |conn| progress::store::is_digest_kept(conn, &name)).await?;
        if !kept && app.evidence.sweep(&file, now)? {
            tracing::info!(file = %file.display(), "swept an evidence file without a row");
        }
    }
    Ok(())
}
