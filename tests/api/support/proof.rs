//! How large a proof is, and how long it may take.

use std::time::Instant;

/// The size of a proof: that of its environment variable, or the quick one.
pub fn size(variable: &str, quick: u64) -> u64 {
    std::env::var(variable).map_or(quick, |n| n.parse().unwrap_or_else(|_| panic!("{variable} is a number, not {n}")))
}

/// Whether a proof that began then has had its time: `DUBAN_PROOF_MINUTES`, where it is set. It then says how far it came.
pub fn is_over(begun: Instant) -> bool {
    begun.elapsed().as_secs() / 60 >= size("DUBAN_PROOF_MINUTES", u64::MAX)
}
