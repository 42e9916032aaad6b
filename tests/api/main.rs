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
mod adjustments;
mod assessments;
mod audit;
mod audit_whole;
mod backup;
mod bad_input;
mod batch;
mod bulletins;
mod calendars;
mod command_line;
mod comments;
mod compliance;
mod console;
mod console_cycle;
mod console_imports;
mod console_judging;
mod console_secretary;
mod contract;
mod database;
mod decision_stages;
mod decisions;
mod destruction;
mod drafts;
mod exports;
mod faults;
mod fill_in;
mod final_reports;
mod findings;
mod flags;
mod frozen;
mod fuzz;
mod hand_over;
mod house;
mod import_corpus;
mod imports;
mod inbox;
mod layouts;
mod life;
mod limits;
mod main_path;
mod matrix;
mod meetings;
mod metamorphic;
mod migrations;
mod opinions;
mod plan_life;
mod plans;
mod progress;
mod races;
mod random_cycle;
mod random_lists;
mod random_pasts;
mod random_rates;
mod random_standards;
mod random_traces;
mod random_years;
mod raw_sockets;
mod readings;
mod receipts;
mod report_scope;
mod reports;
mod retries;
mod reviewing;
mod revisions;
mod schedules;
mod search;
mod secrets;
mod settings;
mod sheet_safety;
mod standards;
mod story;
mod tasks;
mod time_nodes;
mod token_attacks;
mod units;
mod upgrades;
mod verify_counts;
mod workbooks;
mod worked_example;
