//! duban 督办: one year of a party committee's work, from the plan to the compliance report.

pub mod schema;
pub mod platform;
pub mod access;
pub mod audit;
pub mod units;
pub mod accounts;
pub mod plans;
