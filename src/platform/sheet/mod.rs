//! Spreadsheets without any feature: a workbook or CSV file read into rows with their places ([`read`]), and tables
//! written as XLSX ([`mod@write`]). What comes in is bounded before it is opened; formulas are neither evaluated nor
//! written.

mod guard;
pub mod read;
mod text;
pub mod write;

pub use read::{Book, Cell, Grid, Line, What};
pub use text::column_name;
pub use write::{Column, Value, Workbook};

use crate::codes;

/// Media type of an XLSX workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

codes! {
    SHEET_TOO_LARGE: 413 "sheet_too_large" "文件超过 {limit} 字节的上限；请分成几个文件。" "The file exceeds the limit of {limit} bytes; divide it.";
    SHEET_TYPE: 415 "sheet_type" "只接受 .xlsx 工作簿和 .csv 文件（{detail}）；请另存为 .xlsx 后再上传。"
        "Only .xlsx workbooks and .csv files are taken ({detail}); save it as .xlsx and send it again.";
    SHEET_MACRO: 422 "sheet_macro" "工作簿含有宏（{part}）；请另存为不含宏的 .xlsx 后再上传。"
        "The workbook holds macros ({part}); save it as .xlsx without macros and send it again.";
    SHEET_BOMB: 422 "sheet_bomb" "工作簿解压后超过 {limit} 字节（{part}），不予打开。"
        "Unpacked the workbook exceeds {limit} bytes ({part}); it is not opened.";
    SHEET_BROKEN: 422 "sheet_broken" "工作簿已损坏或不完整：{detail}；请用表格软件打开、另存后再上传。"
        "The workbook is damaged: {detail}; open it in a spreadsheet program, save it again and send that.";
    SHEET_TOO_LONG: 422 "sheet_too_long" "工作表“{sheet}”超过 {limit} {what}；请只保留要导入的部分。"
        "The sheet “{sheet}” has more than {limit} {what}; keep only what is to be imported.";
    SHEET_ENCODING: 422 "sheet_encoding" "CSV 文件的编码不是 UTF-8 或 GB18030；请另存为“CSV UTF-8”后再上传。"
        "The CSV file is neither UTF-8 nor GB18030; save it as “CSV UTF-8” and send it again.";
}

/// Bytes of a file at most.
pub const FILE_LIMIT: usize = 10 * 1024 * 1024;
/// Bytes of a workbook at most, unpacked.
const UNPACKED_LIMIT: u64 = 64 * 1024 * 1024;
/// Parts of a workbook at most.
const PARTS_LIMIT: usize = 1000;
/// Rows of a sheet that hold anything, at most.
pub const ROW_LIMIT: usize = 20_000;
/// Columns of a sheet at most.
pub const COLUMN_LIMIT: usize = 200;
/// Cells of a workbook that hold anything, at most.
const CELL_LIMIT: usize = 600_000;
