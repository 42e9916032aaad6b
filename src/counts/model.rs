//! What a verification found.

use chrono::NaiveDate;
use serde::Serialize;

/// A value that is kept and one that the ledger gives, which are not the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// `time_node` or `unit`, with its id.
    pub kind: &'static str,
    pub id: i64,
    /// The end of this day is what was compared.
    pub day: NaiveDate,
    pub field: &'static str,
    /// As it is kept.
    pub kept: String,
    /// As the ledger has it.
    pub recomputed: String,
}

/// What was compared, and what differs.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Verified {
    pub plans: usize,
    pub time_nodes: usize,
    pub units: usize,
    /// Ends of days that were compared, over all nodes and units.
    pub days: usize,
    pub differences: Vec<Difference>,
}

impl Verified {
    /// Adds what another part found.
    pub fn add(&mut self, other: Verified) {
        self.plans += other.plans;
        self.time_nodes += other.time_nodes;
        self.units += other.units;
        self.days += other.days;
        self.differences.extend(other.differences);
    }
}
