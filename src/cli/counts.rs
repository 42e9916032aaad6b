//! `duban verify-counts`: what is kept up to date, computed once more from the ledger.

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::{Failure, look};
use crate::counts::{self, Verified};
use crate::platform::Config;

/// Differences that are printed; the count is of all.
const SHOWN: usize = 20;

/// Verifies all plans and units; fails when anything differs.
pub async fn run(config: &Config, json: bool) -> Result<(), Failure> {
    let app = look(config).await?;
    let mut verified = app.db.read_long(counts::verify_units).await.map_err(Failure::failed)?;
    let plans = app.db.read_long(counts::what_is_there).await.map_err(Failure::failed)?;
    let bar = ProgressBar::new(plans.len() as u64).with_style(style());
    for plan in plans {
        let found = app.db.read_long(move |conn| counts::verify_plan(conn, plan)).await;
        verified.add(found.map_err(Failure::failed)?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    if json {
        println!("{}", json!(verified));
    } else {
        print(&verified);
    }
    match verified.differences.len() {
        0 => Ok(()),
        count => Err(Failure::failed(format!(
            "{count} kept values are not what the ledger says; keep a copy of the database and report them"
        ))),
    }
}

fn style() -> ProgressStyle {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} plans, {eta} left");
    style.unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn print(verified: &Verified) {
    for one in verified.differences.iter().take(SHOWN) {
        println!(
            "{} {} at the end of {}: {} is {}, the ledger says {}",
            one.kind, one.id, one.day, one.field, one.kept, one.recomputed
        );
    }
    println!(
        "{} time nodes of {} plans and {} units on {} days compared, {} differences",
        verified.time_nodes,
        verified.plans,
        verified.units,
        verified.days,
        verified.differences.len()
    );
}
