//! Settings: what the installation decides for itself, one set for all its units. Each change is recorded with its
//! day, so that a past day is judged by the settings recorded by its end. Where nothing was recorded the defaults hold.

pub mod actions;
pub mod http;
pub mod model;
pub mod rules;
pub mod store;

pub use model::Settings;
