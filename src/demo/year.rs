//! What happens in the demo's year: for each time node the days on which it is reported and reviewed, by a fixed
//! pattern that makes some branches stronger than others, and the things that are told one by one.

use chrono::{Datelike, Days, NaiveDate};

use crate::progress::rules::ReturnKind;
use crate::time_nodes::{NodeId, TimeNode};

/// What somebody does with a node on a day.
#[derive(Debug, Clone, Copy)]
pub enum What {
    Report,
    Accept,
    Return(ReturnKind),
    /// Asks for a later due day, a month and day of 2020.
    AskExtension((u32, u32)),
    GrantExtension,
    RefuseExtension,
    Waive,
    NotApplicable,
    Cancel,
    /// A leader's word on it.
    Instruct,
    /// A report that is only begun.
    Draft,
}

/// A deed on a node: the day, the node, the branch from 0 (none: the department or the committee), what is done.
#[derive(Debug, Clone, Copy)]
pub struct Deed {
    pub on: NaiveDate,
    pub node: NodeId,
    pub branch: Option<usize>,
    pub what: What,
}

/// How many of a hundred reports come late or never, by branch.
const WEAKNESS: [u32; 7] = [4, 5, 14, 9, 7, 24, 6];

pub fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, month, day).unwrap_or_default()
}

fn after(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days))).unwrap_or(day)
}

fn before(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_sub_days(Days::new(u64::from(days))).unwrap_or(day)
}

/// The life of a node that counts, as far as the pattern goes; `first` is the first day on which it can be reported.
pub fn ordinary(node: &TimeNode, branch: Option<usize>, first: NaiveDate) -> Vec<Deed> {
    let (which, weakness) = match branch {
        Some(branch) => (u32::try_from(branch).unwrap_or(0) + 1, WEAKNESS.get(branch).copied().unwrap_or(0)),
        None => (0, 0),
    };
    let task = u32::try_from(node.task_id.0 % 1000).unwrap_or(0);
    let dice = (which * 37 + task * 13 + node.due_on.ordinal() * 7) % 100;
    let deed = |on, what| Deed { on, node: node.id, branch, what };
    if dice < weakness / 4 {
        return vec![];
    }
    let late = dice < weakness;
    let reported = if late { after(node.late_after, 1 + dice % 9) } else { before(node.due_on, dice % 4).max(first) };
    let reviewed = after(reported, 2 + dice % 5);
    let mut deeds = Vec::new();
    for time in 1..node.times {
        let earlier = before(reported, 12 * u32::try_from(time).unwrap_or(0)).max(first);
        deeds.extend([deed(earlier, What::Report), deed(after(earlier, 3), What::Accept)]);
    }
    deeds.push(deed(reported, What::Report));
    let returned = match dice {
        60..=63 => Some(ReturnKind::NotDone),
        64..=67 => Some(ReturnKind::Supplement),
        _ => None,
    };
    match returned {
        None => deeds.push(deed(reviewed, What::Accept)),
        Some(kind) => deeds.extend([
            deed(reviewed, What::Return(kind)),
            deed(after(reviewed, 3), What::Report),
            deed(after(reviewed, 6), What::Accept),
        ]),
    }
    deeds
}

/// What is told of single nodes instead: branch from 1, task, due day, and on which days what is done.
pub type Told = (usize, &'static str, (u32, u32), &'static [((u32, u32), What)]);

pub const TOLD: &[Told] = &[
    // Reported late, and nobody has looked at it yet.
    (1, "修订标准化作业程序", (9, 20), &[((9, 25), What::Report)]),
    (3, "修订标准化作业程序", (9, 20), &[]),
    // Begun and not signed.
    (3, "党费收缴", (8, 10), &[((9, 29), What::Draft)]),
    (6, "修订标准化作业程序", (9, 20), &[((9, 29), What::Instruct)]),
    // A first extension of a month, which the department grants.
    (
        2,
        "创新创业活动",
        (8, 31),
        &[((8, 20), What::AskExtension((9, 29))), ((8, 24), What::GrantExtension), ((9, 28), What::Report)],
    ),
    // One of seven weeks, which a leader refuses.
    (6, "创新创业活动", (8, 31), &[((8, 25), What::AskExtension((10, 20))), ((8, 27), What::RefuseExtension)]),
    // One that waits for its decision.
    (5, "创新创业活动", (10, 7), &[((9, 29), What::AskExtension((11, 30)))]),
    (7, "党课", (6, 30), &[((6, 29), What::Waive)]),
    (5, "发展党员工作台账", (6, 30), &[((5, 11), What::NotApplicable)]),
    (3, "党员先锋岗创建", (5, 31), &[((5, 20), What::Cancel)]),
    (5, "党课", (9, 30), &[((9, 22), What::Report), ((9, 28), What::Return(ReturnKind::Supplement))]),
    (4, "特色品牌创建", (10, 31), &[((9, 21), What::Report), ((9, 25), What::Accept)]),
    (6, "对照工作标准开展自查", (6, 30), &[]),
    (4, "对照工作标准开展自查", (6, 30), &[((7, 10), What::Report), ((7, 15), What::Accept)]),
    (3, "支部党员大会", (9, 30), &[]),
    (6, "支部党员大会", (9, 30), &[]),
];
