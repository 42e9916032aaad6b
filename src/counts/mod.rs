//! Fast answers equal slow answers: what is kept up to date with every write is computed once more from the ledger, the
//! rows that say what happened, and compared for every day on which it may have changed. `duban verify-counts` calls it on
//! a live database.
//!
//! Kept are how each time node stands (`time_node_states`, the ground of every list, light and rate) and the path of
//! each unit (`unit_facts.path`, the ground of every reach). How the reports of a node add up is asked of the same pure
//! rule that the writes ask (`progress::rules::standing`), with the reports as they were on the day; days and exclusions
//! are read anew from the requests, the revisions and the close.

mod actions;
mod ledger;
mod model;
mod store;

pub use actions::{Steps, verify_plan, verify_units, what_is_there};
pub use model::{Difference, Verified};
