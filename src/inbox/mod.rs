//! What waits for whoever asks, today: to report, to review, to decide, to sign for, and what should alarm them. Nothing
//! of it is stored. What it shows is found with the very rules that the actions ask, so that what it shows can be done and
//! what it leaves out can't.

pub mod actions;
mod assessments;
mod bulletins;
mod findings;
pub mod http;
pub mod model;
mod opinions;
pub mod rules;
pub mod store;
