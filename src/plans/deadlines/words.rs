//! Words that name no day: those that await one, those that last, and those that are refused with a hint.

use super::cursor::Cursor;
use super::{Read, Refusal, Why};

/// Nothing is written: dashes and strokes, or a word for nothing.
pub fn nothing(words: &str) -> Read<()> {
    let words = words.trim();
    if matches!(words, "同上" | "同前" | "〃" | "″" | "\"" | "同上行") {
        return Err(Refusal::new(Why::Above));
    }
    if words.chars().all(|c| !c.is_alphanumeric() && c != '〇' && c != '○') || words == "无" {
        return Err(Refusal::new(Why::Blank));
    }
    Ok(())
}

const AWAITED: &[&str] = &[
    "适时",
    "择机",
    "待定",
    "时间待定",
    "待通知",
    "另行通知",
    "时间另行通知",
    "具体时间另行通知",
    "另行安排",
    "另行确定",
    "另定",
    "届满前",
    "任期届满前",
    "视情",
    "视情况",
    "视情况而定",
    "视情而定",
    "视工作需要",
    "根据需要",
    "根据工作需要",
    "按需",
    "未定",
];

const ABOVE: &[&str] = &[
    "上级",
    "上级党委",
    "上级党组织",
    "上级组织",
    "上级部门",
    "上级单位",
    "上级机关",
    "上级主管部门",
    "上级有关",
    "上级相关",
    "上级统一",
    "上级时间",
    "上级党委统一",
    "",
];

const ORDERS: &[&str] = &[
    "要求",
    "部署",
    "通知",
    "安排",
    "规定",
    "通知要求",
    "工作要求",
    "部署要求",
    "时间要求",
    "文件要求",
    "统一部署",
    "部署安排",
    "时间安排",
    "时间节点",
    "进度要求",
    "有关要求",
    "相关要求",
];

const DONE: &[&str] = &[
    "完成",
    "开展",
    "召开",
    "进行",
    "执行",
    "落实",
    "实施",
    "组织",
    "推进",
    "组织开展",
    "组织召开",
    "确定",
    "时间",
    "办理",
    "报送",
    "前完成",
];

/// 按上级要求, 适时开展, 待定: awaits a date.
pub fn unscheduled(cursor: &mut Cursor) -> bool {
    let mut ahead = *cursor;
    if ahead.eat_any(AWAITED).is_none() {
        if ahead.eat_any(&["按", "按照", "根据", "依据", "依", "遵照", "待", "以"]).is_none() {
            return false;
        }
        let _ = ahead.eat_any(ABOVE);
        let _ = ahead.eat("的");
        if ahead.eat_any(ORDERS).is_none() {
            return false;
        }
        let _ = ahead.eat("为准");
    }
    let _ = ahead.eat_any(DONE);
    if !ahead.at_end() {
        return false;
    }
    *cursor = ahead;
    true
}

const LASTING: &[&str] = &[
    "全年",
    "全年度",
    "常年",
    "贯穿全年",
    "全年贯穿",
    "常态化",
    "常态",
    "长期",
    "持续",
    "全年持续",
    "全年常态化",
    "全年长期",
    "长期持续",
    "持续长期",
    "经常性",
    "日常",
];

const KEPT_UP: &[&str] = &[
    "推进",
    "坚持",
    "开展",
    "实施",
    "进行",
    "推动",
    "落实",
    "抓好",
    "做好",
    "坚持推进",
    "推进落实",
    "抓",
    "跟进",
    "保持",
    "巩固",
    "深化",
    "完善",
    "开展工作",
    "工作",
];

/// 长期坚持, 常态化, 持续推进, 贯穿全年, 全年: each quarter.
pub fn lasting(cursor: &mut Cursor) -> bool {
    let mut ahead = *cursor;
    let _ = ahead.eat_any(&["并", "且", "之后", "此后", "以后", "今后", "然后", "后续", "并且"]);
    if ahead.eat_any(LASTING).is_none() || (ahead.sees_any(&["至", "到", "-"]) && !ahead.sees("至少")) {
        return false;
    }
    let _ = ahead.eat_any(KEPT_UP);
    *cursor = ahead;
    true
}

const HINTS: &[(&str, &str)] = &[
    ("立行立改", "即日起至12月底"),
    ("立即", "即日起至12月底"),
    ("马上", "即日起至12月底"),
    ("尽快", "即日起至12月底"),
    ("即时", "即日起至12月底"),
    ("及时", "即日起至12月底"),
    ("随时", "每季度"),
    ("不定期", "待定"),
    ("定期", "每季度"),
    ("每周", "每月"),
    ("每星期", "每月"),
    ("每天", "每月"),
    ("每日", "每月"),
    ("每旬", "每月"),
    ("每半月", "每月"),
    ("每个工作日", "每月"),
    ("每工作日", "每月"),
    ("每两周", "每月"),
    ("每双周", "每月"),
    ("每学期", "每半年"),
    ("按周", "每月"),
    ("一月一", "每月一次"),
    ("一季一", "每季度一次"),
    ("一季度一", "每季度一次"),
    ("月底", "每月底"),
    ("月末", "每月底"),
    ("月初", "每月上旬"),
    ("季度末", "每季度末"),
    ("季末", "每季度末"),
    ("季度初", "每季度第一个月10日前"),
];

/// Words that are refused as a matter of course, each with the form that is accepted instead.
pub fn hinted(cursor: &Cursor) -> Read<()> {
    match HINTS.iter().find(|(words, _)| cursor.sees(words)) {
        Some((_, nearest)) => Err(Refusal::better(*nearest)),
        None => Ok(()),
    }
}
