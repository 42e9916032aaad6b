//! What the numbers are: the compliance report of any day, grouped, and explained down to the ids; the trend of a year,
//! the path to the target, how soon reports are reviewed, what has no date, and who must be urged. Nothing here is
//! stored: every figure is computed from the interval rows by the one verdict, so a past report stays what it was.

pub mod actions;
pub mod http;
pub mod model;
pub mod path;
pub mod reviews;
pub mod rules;
pub mod store;
pub mod table;
pub mod trend;
pub mod unscheduled;
pub mod urge_list;

use crate::codes;

codes! {
    NARROW: 422 "narrow" "超过 {limit} 个节点，无法逐一列出；请缩小组织或年度范围。"
        "More than {limit} nodes to list one by one; narrow the unit or the year.";
}

/// Version of the form of the reports; a form that was given out stays askable.
pub const REPORT_VERSION: i64 = 1;
