//! The API suite: the whole application over HTTP, on SQLite by default and on PostgreSQL with
//! `DUBAN_TEST_DATABASE=postgres`. Every answer that is received is checked against the contract.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test that can't go on says so by failing"
)]

mod support;

mod access;
mod accounts;
mod assessments;
mod audit;
mod bad_input;
mod batch;
mod bulletins;
mod calendars;
mod command_line;
mod comments;
mod compliance;
mod contract;
mod database;
mod decisions;
mod drafts;
mod exports;
mod fill_in;
mod final_reports;
mod findings;
mod flags;
mod hand_over;
mod house;
mod import_corpus;
mod imports;
mod inbox;
mod layouts;
mod main_path;
mod meetings;
mod opinions;
mod plan_life;
mod plans;
mod progress;
mod races;
mod random_cycle;
mod random_lists;
mod random_standards;
mod random_years;
mod readings;
mod receipts;
mod report_scope;
mod reports;
mod reviewing;
mod revisions;
mod schedules;
mod search;
mod settings;
mod sheet_safety;
mod standards;
mod story;
mod tasks;
mod time_nodes;
mod units;
mod workbooks;
mod worked_example;
