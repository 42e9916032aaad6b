//! Lists in and out as spreadsheets, as departments really write them. One mapping of columns a list serves templates,
//! import and export; the reading and writing of files knows no list and is in `platform::sheet`.

pub mod mapping;
