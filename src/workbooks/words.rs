//! How verdicts, rates and days are said in a workbook.

use chrono::{Datelike, NaiveDate};

use crate::platform::rate::Rate;
use crate::time_nodes::rules::Excluded;
use crate::time_nodes::{TimeNode, Verdict};

/// The verdict of a node.
pub fn verdict(node: &TimeNode) -> &'static str {
    match node.verdict {
        Verdict::Excluded => "不计入",
        Verdict::DoneOnTime => "按期完成",
        Verdict::DoneLate => "逾期完成",
        Verdict::PendingReview if node.reported_late => "待审（逾期填报）",
        Verdict::PendingReview => "待审",
        Verdict::Overdue if node.returned => "逾期（已退回）",
        Verdict::Overdue => "逾期",
        _ if node.returned => "已退回",
        Verdict::Due => "到期",
        Verdict::DueSoon => "临期",
        Verdict::NotDue => "未到期",
    }
}

/// Why a node is excluded.
pub fn excluded(reason: Excluded) -> &'static str {
    match reason {
        Excluded::BeforeIssue => "下达前",
        Excluded::Waived => "豁免",
        Excluded::NotApplicable => "不适用",
        Excluded::Cancelled => "取消",
        Excluded::PlanClosed => "计划关闭",
        Excluded::OutsideUnitLife => "组织不存在",
    }
}

/// Counts first, percent second: 3/5　60.0%; a dash with nothing to count.
pub fn rate(rate: &Rate) -> String {
    match rate.percent {
        Some(percent) => format!("{}/{}　{percent:.1}%", rate.met, rate.of),
        None => "—".to_owned(),
    }
}

/// A day as it is written: 2020年9月30日.
pub fn day(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}
