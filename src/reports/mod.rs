//! What the numbers are: the compliance report of any day, grouped, and explained down to the ids. Nothing here is
//! stored: every figure is computed from the interval rows by the one verdict, so a past report stays what it was.

pub mod actions;
pub mod http;
pub mod model;
pub mod rules;
pub mod store;
pub mod table;

use crate::codes;

codes! {
    NARROW: 422 "narrow" "超过 {limit} 个节点，无法逐一列出；请缩小组织或年度范围。"
        "More than {limit} nodes to list one by one; narrow the unit or the year.";
}

/// Version of the form of the reports; a form that was given out stays askable.
pub const REPORT_VERSION: i64 = 1;
