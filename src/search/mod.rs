//! Finding units, plans, key points, tasks, time nodes, reports, meetings, comments, opinions, decisions and findings by any
//! part of a word, in Chinese or in English. What is found is what one may read: left out is what would be 403 when named.
//! It reads every row of a kind; an index is a matter for the day when that becomes slow.

pub mod actions;
pub mod http;
pub mod model;
pub mod rules;
mod said;
pub mod store;
