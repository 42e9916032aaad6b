//! duban 督办: one year of a party committee's work, from the annual plan to the compliance report.
//!
//! The modules in the order of the ladder: each may use those below it, never those above.
// (Comments and not documentation: each module documents itself, and its links must be found from inside it.)

// The command line: one function a command.
pub mod cli;
// A scratch year to look at: a committee, a department, seven branches, one plan.
pub mod demo;
// Serves the application over HTTP.
pub mod server;
// The contract: OpenAPI, generated from the handlers.
pub mod contract;
// What runs beside the requests.
pub mod worker;
// Backups and their restoration.
pub mod backup;
// Opens the application from its settings.
pub mod app;
// The pages for people.
pub mod console;
// What waits for whoever asks.
pub mod inbox;
// Finding things by a part of a word.
pub mod search;
// Comments and instructions.
pub mod comments;
// Workbooks that are printed or filled in.
pub mod workbooks;
// Lists in and out as spreadsheets: templates, imports, exports.
pub mod exchange;
// Bulletins, circulars, monthly reports.
pub mod bulletins;
// Compares what is kept up to date with the ledger.
pub mod counts;
// The compliance report of any day, grouped and explained.
pub mod reports;
// Assessments of branches against the standards.
pub mod assessments;
// Standard sets and their clauses.
pub mod standards;
// Meetings and other activities: agenda, attendance, minutes.
pub mod meetings;
// Findings, their measures, close-out and re-checks.
pub mod findings;
// Progress reports, evidence, reviews.
pub mod progress;
// Time nodes, the verdict, the issue of a plan, extensions and waivers.
pub mod time_nodes;
// Plans with their key points, tasks, responsibilities and schedules.
pub mod plans;
// Saved layouts of tables.
pub mod layouts;
// Accounts, appointments, sign-in.
pub mod accounts;
// Units: a dated tree.
pub mod units;
// What the installation decides for itself, dated.
pub mod settings;
// Which days are worked: holidays, make-up working days, festivals.
pub mod calendars;
// The audit log and its chain.
pub mod audit;
// Who may do what.
pub mod access;
// What every slice stands on: settings, clocks, errors, HTTP, the database.
pub mod platform;
// The tables as both databases have them.
pub mod schema;

/// Every refusal that can be answered, from every slice.
pub fn all_codes() -> Vec<&'static platform::Code> {
    [
        platform::error::CODES,
        platform::sheet::CODES,
        platform::web::TABLE_CODES,
        access::CODES,
        audit::CODES,
        calendars::CODES,
        units::CODES,
        accounts::CODES,
        layouts::CODES,
        plans::CODES,
        time_nodes::CODES,
        progress::CODES,
        standards::CODES,
        assessments::CODES,
        meetings::CODES,
        meetings::opinions::CODES,
        meetings::decisions::CODES,
        findings::CODES,
        reports::CODES,
        bulletins::CODES,
        exchange::CODES,
        workbooks::CODES,
        comments::CODES,
        console::CODES,
    ]
    .concat()
}
