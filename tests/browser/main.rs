//! The console in a real Chromium, driven over WebDriver, on the year of the demo. `scripts/test` installs what is
//! needed: the Debian packages `chromium` and `chromium-driver`, and the pinned packages of `package.json`.
//!
//! A page is added to [`pages::PAGES`] once and is held to everything in [`every_page`].

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test that can't go on says so by failing"
)]

mod driver;
mod every_page;
mod imports;
mod judging;
mod meetings;
mod pages;
mod paper;
mod plain;
mod secretary;
mod served;
