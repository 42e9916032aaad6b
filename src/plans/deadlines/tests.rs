//! What people write, and what it means in the plan of 2020 that closes on 31 March 2021.

use chrono::NaiveDate;

use super::edges::EDGES;
use super::*;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// The calendar of 2020.
fn festival(name: &str) -> Option<NaiveDate> {
    Some(match name {
        "春节" => day(2020, 1, 25),
        "元宵" => day(2020, 2, 8),
        "清明" => day(2020, 4, 4),
        "端午" => day(2020, 6, 25),
        "中秋" => day(2020, 10, 1),
        "重阳" => day(2020, 10, 25),
        _ => return None,
    })
}

fn frame() -> Frame<'static> {
    Frame { year: 2020, closes_on: day(2021, 3, 31), festival: &festival }
}

/// A reading in one line: `06-30`, `2021-01-05`, ` x4` for its count, `=title` for a node's own.
fn shown(words: &str) -> String {
    match read(words, &frame()) {
        Err(refusal) => format!("refused {:?}: {}", refusal.why, refusal.nearest.unwrap_or_default()),
        Ok(Reading::Unscheduled) => "unscheduled".into(),
        Ok(Reading::Nodes { nodes, times }) => {
            let days: Vec<_> = nodes
                .iter()
                .map(|node| {
                    let day = node.due_on.to_string();
                    let title = node.title.as_ref().map(|title| format!("={title}")).unwrap_or_default();
                    format!("{}{title}", day.strip_prefix("2020-").unwrap_or(&day))
                })
                .collect();
            format!("{}{}", days.join(" "), times.map(|times| format!(" x{times}")).unwrap_or_default())
        }
    }
}

pub const MONTHS: &str = "01-31 02-29 03-31 04-30 05-31 06-30 07-31 08-31 09-30 10-31 11-30 12-31";
pub const QUARTERS: &str = "03-31 06-30 09-30 12-31";
pub const TENTHS: &str = "01-10 02-10 03-10 04-10 05-10 06-10 07-10 08-10 09-10 10-10 11-10 12-10";
pub const FIFTHS: &str = "02-05 03-05 04-05 05-05 06-05 07-05 08-05 09-05 10-05 11-05 12-05 2021-01-05";
const FRIDAYS: &str = "01-03 02-07 03-06 04-03 05-01 06-05 07-03 08-07 09-04 10-02 11-06 12-04";

/// Spellings, each list with what it means.
const READ: &[(&str, &str)] = &[
    // The table.
    (
        "3月底前|3月份|3月下旬|3月底|3月末|三月底前|3月|３月底前|2020年3月|2020-03|2020/3|3月内|3月份内|3月前|截至3月底",
        "03-31",
    ),
    ("3月中旬|3月中旬前|3月20日前|三月二十日|3.20|3/20", "03-20"),
    ("6月30日前|6月30号之前|2020.6.30|20200630|六月底前|6月30日（周二）18:00前|6月|6月份|6月底", "06-30"),
    (
        "６月３０日前|六月三十日|六月三十日前|6.30|6/30|6-30|2020-06-30|2020/6/30|2020年6月30日|二〇二〇年六月三十日|二零二零年六月三十日",
        "06-30",
    ),
    (
        "6月30日以前|6月30日前完成|6月30日之前完成|于6月30日前完成|截至6月30日|截止6月30日|6月30日止|6月30日(星期二)前|6月30日周二|6月30日下班前",
        "06-30",
    ),
    (
        "6月30日下午5点前|6月30日17时30分前|6月30日 18：00|6月30日24时前|6 月 30 日 前|6月30前|6月30日当天|不迟于6月30日|最迟6月30日|0630",
        "06-30",
    ),
    ("20年6月30日|今年6月底|2020年6月|2020.06|202006|6月最后一天|本年6月底前|2020年6月30日前完成。", "06-30"),
    (
        "2020年12月|年内|年底前|年末|年底|年终|本年度|本年度内|今年|今年年底前|2020年|2020年度|2020年底|2020年末前|2020年内|12月底|下半年|十二月|十二月三十一日",
        "12-31",
    ),
    ("一季度|第一季度末|第一季度|1季度|第1季度末|Q1|q1|一季度前|一季度底前|2020年一季度|2020Q1|一季度内完成", "03-31"),
    ("上半年|上半年前|上半年底|二季度|二季度前|Q2|H1|2020年上半年|上半年完成|上半年内", "06-30"),
    ("三季度|第三季度末|前三季度|一至三季度|1-3季度|一季度至三季度", "09-30"),
    (
        "每半年一次|每半年|每半年末|半年一次|每六个月|每6个月|上半年、下半年|上、下半年各一次|上下半年|上半年、下半年各一次|1次/半年",
        "06-30 12-31",
    ),
    (
        "全年|长期坚持|持续推进|每季度|每季度末|常态化|贯穿全年|常态化开展|长期|持续开展|每季|每个季度|每季度一次|按季度|每季度至少1次|每三个月|全年持续推进|1次/季度|每季度末前|每季度最后一个月|各季度末|2020年每季度|全年每季度一次|每季度末月|常态化推进，每季度一次",
        QUARTERS,
    ),
    (
        "每月|每月至少1次|每月一次|每月底|每月底前|每月末|每个月|每月月底前|逐月|按月|每月最后一天|每月下旬|1次/月|全年每月|每月召开一次|每月不少于一次|每月底前完成",
        MONTHS,
    ),
    ("每月10日前|每月10号|每月十日前|每月10日之前|每月上旬|每月的10日前|每月１０日前完成", TENTHS),
    ("每月5日前报上月|每月5日前报送上月|每月次月5日前", FIFTHS),
    ("每月第一个周五|每月首个周五|每月第1个星期五", FRIDAYS),
    ("每月不少于2次|每月2次|每月至少两次|2次/月|每月至少召开2次|每月2次以上", "MONTHS x2"),
    ("1月、7月|1、7月|1月和7月|元月、7月|一月、七月|1月底、7月底|1月/7月|1/7月", "01-31 07-31"),
    ("6月、12月底前|6月底前、12月底前|6、12月|6月底、年底前|6月及12月", "06-30 12-31"),
    (
        "3月至12月|3-12月|3—12月|三至十二月|3月到12月|3月—12月底|自3月起至12月|3月起至12月底|从3月到12月|3月~12月|2020.3-2020.12|2020年3月至12月|即日起至年底|即日起至12月底",
        "12-31",
    ),
    ("6月底前完成并长期坚持|6月底前完成，长期坚持|6月底前，并持续推进|6月起长期坚持|6月起每季度", "06-30 09-30 12-31"),
    (
        "七一前|七一之前|建党节前|七一前夕|即日起至6月底|1月1日—6月30日|1月1日-6月30日|1至6月|3.1-6.30|2020.3.1-6.30|2020.3.1-2020.6.30|2020-03-01-2020-06-30|2020-03-01至2020-06-30|6月1日至30日|6月1日-30日|20200301-20200630|持续至6月底",
        "06-30",
    ),
    ("7月1日前|七一|7月1日|7.1前|建党节", "07-01"),
    ("次年1月底前|明年1月|2021年1月|翌年1月底|2021.1.31|2021年1月31日前|12月至次年1月|次年一月三十一日", "2021-01-31"),
    ("次年一季度|次年3月底前|明年3月", "2021-03-31"),
    (
        "按上级要求|适时|待定|另行通知|届满前|根据上级部署|视情|按照上级部署|按上级通知要求|根据上级党委统一部署|适时开展|时间待定|视情况而定|任期届满前|按上级要求完成|按上级安排|按要求|根据工作需要|择机",
        "unscheduled",
    ),
    ("全年至少4次|全年4次|全年不少于四次|年内至少4次|一年四次|每年4次|全年开展4次", "12-31 x4"),
    ("春节前|春节之前|春节前夕", "01-24"),
    // Beyond it.
    ("春节", "01-25"),
    ("清明前|清明节前", "04-03"),
    ("端午节前", "06-24"),
    ("国庆前|国庆节前|十一前|中秋前|十一国庆节前", "09-30"),
    ("国庆|十一|国庆节|中秋节", "10-01"),
    ("五一前|五一劳动节前|劳动节前", "04-30"),
    ("五四前", "05-03"),
    ("三八节前", "03-07"),
    ("八一前|建军节前", "07-31"),
    ("元旦", "01-01"),
    ("次年元旦前", "12-31"),
    ("十一月|十一月底前|11月", "11-30"),
    ("十一月十一日", "11-11"),
    ("3月上旬", "03-10"),
    ("2月|2月底前|二月二十九日|2月下旬", "02-29"),
    ("三月廿一日", "03-21"),
    (
        "3、6、9、12月底|3月、6月、9月、12月|3/6/9/12月|三、六、九、十二月底前|3月，6月，9月，12月|一、二、三、四季度|3、6、9、12月各一次",
        QUARTERS,
    ),
    ("3月、6月、9月各一次|3、6、9月各1次", "03-31 06-30 09-30"),
    ("6月、12月各2次|上半年、下半年各2次|每半年不少于两次|上半年2次，下半年2次", "06-30 12-31 x2"),
    ("1月10日、20日|1月10日，1月20日|1.10、1.20", "01-10 01-20"),
    ("第一、三季度末|一、三季度|一季度、三季度|Q1、Q3", "03-31 09-30"),
    ("3月上旬、9月上旬", "03-10 09-10"),
    ("每季度末月20日前|每季度最后一个月20日前|每季度第三个月20日", "03-20 06-20 09-20 12-20"),
    ("每季度第一个月10日|每季度首月10日前", "01-10 04-10 07-10 10-10"),
    ("每季度首月10日前报上季度|每季度次月10日前", "04-10 07-10 10-10 2021-01-10"),
    ("每月最后一个周五", "01-31 02-28 03-27 04-24 05-29 06-26 07-31 08-28 09-25 10-30 11-27 12-25"),
    ("每年6月底|每年6月", "06-30"),
    ("每年|每年一次|每年底|每年12月31日前", "12-31"),
    ("每年1月底前报上年度", "2021-01-31"),
    ("每两月|每两个月|隔月|双月|每2个月|每两月一次", "02-29 04-30 06-30 08-31 10-31 12-31"),
    ("双月10日前|每两月第二个月10日前", "02-10 04-10 06-10 08-10 10-10 12-10"),
    ("自4月起每季度|4月起每季度|4月起，每季度一次|从4月开始每季度", "06-30 09-30 12-31"),
    ("3月起每月10日前|3月份起每月10日前", "03-10 04-10 05-10 06-10 07-10 08-10 09-10 10-10 11-10 12-10"),
    ("10月起每月|10月至12月每月|四季度每月", "10-31 11-30 12-31"),
    ("上半年每季度", "03-31 06-30"),
    (
        "每月10日、25日|每月10日前、每月25日前",
        "01-10 01-25 02-10 02-25 03-10 03-25 04-10 04-25 05-10 05-25 06-10 06-25 07-10 07-25 08-10 08-25 09-10 09-25 10-10 10-25 11-10 11-25 12-10 12-25",
    ),
    (
        "3月底前出方案，6月底前完成初稿，12月底前定稿|3月底前出方案；6月底前完成初稿；12月底前定稿。|3月底前：出方案\n6月底前：完成初稿\n12月底前：定稿",
        "03-31=出方案 06-30=完成初稿 12-31=定稿",
    ),
    ("6月底前完成调研，形成报告", "06-30=完成调研，形成报告"),
    ("6月底前出台方案并长期坚持", "06-30=出台方案 09-30 12-31"),
    ("每季度报送小结", "03-31=报送小结 06-30=报送小结 09-30=报送小结 12-31=报送小结"),
    ("每半年1次专题学习", "06-30=专题学习 12-31=专题学习"),
    ("3月第一个周五", "03-06"),
    // Refused, with the nearest form.
    ("3月初|三月初", "refused Unread: 3月上旬"),
    ("3月中", "refused Unread: 3月中旬"),
    ("3月中下旬", "refused Unread: 3月下旬"),
    ("二季度初", "refused Unread: 4月上旬"),
    ("5月20日左右|5月20日上下|5月20日或21日|5月20日（暂定）|原则上5月20日|力争5月20日前", "refused Unread: 5月20日"),
    ("7月1日前后|七一前后", "refused Unread: 7月1日"),
    ("6月31日前|6.31|2020-06-31|六月三十一日", "refused NoSuchDay: 6月30日"),
    ("2月30日", "refused NoSuchDay: 2月29日"),
    ("次年2月29日|2021年2月29日|20210229", "refused NoSuchDay: 次年2月28日"),
    ("13月|13月1日", "refused NoSuchDay: 12月31日"),
    ("6.3", "refused Unread: 6月30日 或 6月3日"),
    ("2020.1", "refused Unread: 1月 或 10月"),
    ("3-5", "refused Unread: 3月5日 或 3月至5月"),
    ("即日起|立即|立行立改|尽快", "refused Unread: 即日起至12月底"),
    ("每周|每天|每旬|每周一次", "refused Unread: 每月"),
    ("年初|2020年初", "refused Unread: 1月底前"),
    ("年中", "refused Unread: 6月底前"),
    ("2020—2022年|2020-2022年|2020年至2022年|2020至2021年", "refused Unread: 12月31日"),
    ("月底前", "refused Unread: 每月底"),
    ("季度末", "refused Unread: 每季度末"),
    ("一季度一次", "refused Unread: 每季度一次"),
    ("每季度10日前", "refused Unread: 每季度末月10日前"),
    ("每月31日前", "refused NoSuchDay: 每月"),
    ("3月起", "refused Unread: 3月起每月"),
    ("1月、7月10日前", "refused Unread: 1月10日、7月10日"),
    ("11月至1月", "refused Unread: 11月至次年1月"),
    ("6月30日（周三）", "refused WrongWeekday: 6月30日（周二）"),
    ("2019年6月30日|2019.6.30|次年6月底|2022年1月|去年底|元旦前|20210401", "refused Outside"),
    ("|  |—|——|-|/|无|…", "refused Blank: "),
    ("同上|〃", "refused Above: "),
    (
        "见附件|次月5日前|43921|2020|20200630日前|随便|10个工作日内|10日前|好|春|第|每|至|起|6月30日25:00前|五",
        "refused",
    ),
    ("次年春节前", "refused NoCalendar: "),
    (
        "五一、国庆前|3月2次、6月|每季度、长期坚持|6月30日、6月底|每月1-2次|每月不超过2次|出方案，6月底前|1 2月|1.3月底前出方案",
        "refused",
    ),
];

#[test]
fn what_people_write_is_read_or_refused_with_the_nearest_form() {
    let (mut wrong, mut count) = (vec![], 0);
    for (spellings, expected) in READ.iter().chain(EDGES) {
        let expected = expected.replace("MONTHS", MONTHS);
        for words in spellings.split('|') {
            count += 1;
            let found = shown(words);
            if found != expected
                && !(expected.starts_with("refused") && !expected.contains(':') && found.starts_with(&expected))
            {
                wrong.push(format!("{words}: {found}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 750, "{count}");
}

#[test]
fn every_reading_of_the_table_is_spelled_back_and_every_refusal_offers_what_is_read() {
    for words in READ.iter().chain(EDGES).flat_map(|(spellings, _)| spellings.split('|')) {
        match read(words, &frame()) {
            Ok(reading) => {
                let spelled = spell(&reading, &frame());
                assert_eq!(read(&spelled, &frame()), Ok(reading), "{words} → {spelled}");
            }
            Err(refusal) => assert_accepted(words, &refusal, &frame()),
        }
    }
}

/// Whoever writes what a refusal offers is not refused again.
pub fn assert_accepted(words: &str, refusal: &Refusal, frame: &Frame) {
    for nearest in refusal.nearest.iter().flat_map(|nearest| nearest.split(" 或 ")) {
        assert!(read(nearest, frame).is_ok(), "{words} → {nearest}");
    }
}

#[test]
fn a_reading_is_spelled_as_people_would() {
    let cases = [
        ("2020年6月底前", "6月30日"),
        ("次年一季度", "次年3月31日"),
        ("6月底前出方案2次", "6月30日前至少2次出方案"),
        ("每月最后一天", "每月"),
        ("每月中旬", "每月20日前"),
        ("每月第一个周五", "每月第1个周五"),
        ("每月第四个周一", "每月第4个周一"),
        ("每月第一个周二", "每月第1个周二"),
        ("每月、每季度首月底", "每月；每季度第1个月底前"),
        ("每月最后一个周日", "每月最后一个周日"),
        ("每月10日、25日", "每月10日前；每月25日前"),
        ("每月、每季度", "每月；每季度"),
        ("双月10日前", "每两月第2个月10日前"),
        ("每季度首月10日前报上期", "每季度第1个月10日前报上季度"),
        ("每两月末月10日前报上期", "每两月第2个月10日前报上期"),
        ("每半年首月报上半年", "每半年第1个月底前报上半年"),
        ("每年1月报上年度", "每年1月底前报上年度"),
        ("每年6月份10日", "每年6月10日前"),
        ("半年三次", "每半年至少3次"),
        ("6月起每月", "6月30日至12月31日每月"),
        ("4月起每月30日前", "4月30日至12月30日每月30日前"),
        ("上半年每月第一个周五", "1月3日至6月5日每月第1个周五"),
        ("11月起每月5日前报上月", "11月5日至次年1月5日每月5日前报上月"),
        ("3月底前完成，持续推进", "3月31日；6月30日至12月31日每季度"),
        ("每季度报送小结", "每季度报送小结"),
        ("待定", "待定"),
    ];
    for (words, spelled) in cases {
        assert_eq!(spell(&read(words, &frame()).unwrap(), &frame()), spelled, "{words}");
    }
}

#[test]
fn years_go_by_the_year_of_the_plan() {
    let of_2026 = Frame { year: 2026, closes_on: day(2027, 3, 31), festival: &|_| None };
    let due = |words| match read(words, &of_2026) {
        Ok(Reading::Nodes { nodes, .. }) => nodes.first().map(|node| node.due_on),
        _ => None,
    };
    assert_eq!(due("26年6月30日"), Some(day(2026, 6, 30)));
    assert_eq!(due("27年1月5日"), Some(day(2027, 1, 5)));
    assert_eq!(due("次年1月5日"), Some(day(2027, 1, 5)));
    assert_eq!(due("2月底"), Some(day(2026, 2, 28)));
    for words in ["25年6月30日", "28年1月5日", "2025年6月30日", "2028年1月5日", "去年12月31日"] {
        assert_eq!(due(words), None, "{words}");
    }
}

#[test]
fn a_cell_and_a_title_have_their_longest() {
    let is_read = |words: &str| read(words, &frame()).is_ok();
    let spaced = |spaces| format!("6月{}底前", " ".repeat(spaces));
    assert!(is_read(&spaced(196)) && !is_read(&spaced(197)), "200 characters");
    let titled = |length| format!("6月底前{}", "案".repeat(length));
    assert!(is_read(&titled(100)) && !is_read(&titled(101)), "100 characters");
    let joined = |length| format!("6月底前出方案，{}", "案".repeat(length));
    assert!(is_read(&joined(96)) && !is_read(&joined(97)), "100 characters together");
    assert!(!is_read("6月底前形成\u{7}方案"));
    assert_eq!(shown("6月底前出方案\n定初稿"), "06-30=出方案，定初稿");
    assert_eq!(shown("6月底前出方案\r定初稿"), "06-30=出方案，定初稿");
}

#[test]
fn periods_go_by_their_keys() {
    let keys = |words| match read(words, &frame()) {
        Ok(Reading::Nodes { nodes, .. }) => nodes
            .iter()
            .take(2)
            .map(|node| format!("{}@{}", node.period, node.from.map(|day| day.to_string()).unwrap_or_default()))
            .collect::<Vec<_>>()
            .join(" "),
        other => format!("{other:?}"),
    };
    assert_eq!(keys("6月底前"), "@");
    assert_eq!(keys("1月、7月"), "2020-01-31@ 2020-07-31@");
    assert_eq!(keys("每月5日前报上月"), "2020-01@2020-01-01 2020-02@2020-02-01");
    assert_eq!(keys("每两月"), "2020-02@2020-01-01 2020-04@2020-03-01");
    assert_eq!(keys("4月起每季度"), "2020-Q2@2020-04-01 2020-Q3@2020-07-01");
    assert_eq!(keys("每半年"), "2020-H1@2020-01-01 2020-H2@2020-07-01");
    assert_eq!(keys("每年6月底"), "2020@2020-01-01");
    assert_eq!(keys("6月底前完成并长期坚持"), "2020-06-30@ 2020-Q3@2020-07-01");
    assert_eq!(keys("每月10日、25日"), "2020-01-10@2020-01-01 2020-01-25@2020-01-01");
}

#[test]
fn without_a_calendar_a_moving_festival_is_refused_and_a_fixed_one_is_not() {
    let bare = Frame { festival: &|_| None, ..frame() };
    assert_eq!(read("春节前", &bare).map_err(|refusal| refusal.why), Err(Why::NoCalendar));
    assert!(read("国庆前", &bare).is_ok());
    let closed = Frame { closes_on: day(2020, 12, 31), ..frame() };
    assert!(matches!(read("每月5日前报上月", &closed).map_err(|refusal| refusal.why), Err(Why::Outside { .. })));
}

#[test]
fn a_refusal_says_the_words_and_the_nearest_form() {
    let fault = |words: &str| read(words, &frame()).unwrap_err().fault(words, "/entries/0/words");
    let said = |words| {
        let fault = fault(words);
        fault.code.sentence(true, &fault.args)
    };
    assert_eq!(said("3月初"), "看不懂时限“3月初”；可写作：3月上旬。");
    assert_eq!(said("见附件"), "看不懂时限“见附件”；可写作：6月30日、每季度、待定。");
    assert_eq!(said("6月31日前"), "时限“6月31日前”中的日期不存在；可写作：6月30日。");
    assert_eq!(said("2019年6月30日"), "到期日须在 2020-01-01 至 2021-03-31 之间。");
    assert_eq!(fault("").code.code, "deadline_blank");
    assert_eq!(fault("{nearest}").code.code, "deadline_unread");
}
