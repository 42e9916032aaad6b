//! Whatever is accepted lies in the plan, goes by keys of its own, and is spelled back; what is refused offers what is
//! accepted.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;

fn holds(words: &str, year: i32, months_open: u32) -> Result<bool, TestCaseError> {
    let closes_on =
        end_of(if months_open == 0 { year } else { year + 1 }, if months_open == 0 { 12 } else { months_open });
    let spring = NaiveDate::from_ymd_opt(year, 2, 1);
    let frame = Frame { year, closes_on: closes_on.unwrap(), festival: &move |_| spring };
    let reading = match read(words, &frame) {
        Ok(reading) => reading,
        Err(refusal) => {
            tests::assert_accepted(words, &refusal, &frame);
            return Ok(false);
        }
    };
    if let Reading::Nodes { nodes, times } = &reading {
        prop_assert!(!nodes.is_empty() && times.is_none_or(|times| (2..=366).contains(&times)));
        for node in nodes {
            prop_assert!(node.due_on >= first_of(year, 1).unwrap() && node.due_on <= frame.closes_on, "{words}");
        }
        prop_assert!(nodes.is_sorted_by_key(|node| node.due_on), "{words}");
        let mut keys: Vec<_> = nodes.iter().map(|node| &node.period).collect();
        keys.sort();
        keys.dedup();
        prop_assert_eq!(keys.len(), nodes.len(), "{}", words);
    }
    let spelled = spell(&reading, &frame);
    prop_assert_eq!(read(&spelled, &frame), Ok(reading), "{} → {}", words, spelled);
    Ok(true)
}

fn one_of(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(words).prop_map(str::to_owned)
}

fn date() -> impl Strategy<Value = String> {
    let tail = one_of(&[
        "",
        "底",
        "底前",
        "份",
        "上旬",
        "中旬",
        "下旬前",
        "10日",
        "28日前",
        "30号",
        "第一个周五",
        "最后一个周一",
    ]);
    prop_oneof![
        (one_of(&["", "2020年", "次年", "今年"]), 1..=12u32, tail).prop_map(|(y, m, t)| format!("{y}{m}月{t}")),
        (1..=12u32, 1..=31u32).prop_map(|(m, d)| format!("{m}.{d:02}前")),
        one_of(&["上半年", "一季度", "第三季度末", "年底前", "七一前", "春节前", "国庆", "次年一季度", "Q2"]),
    ]
}

fn every() -> impl Strategy<Value = String> {
    let head = one_of(&["每月", "每季度", "每半年", "每年", "每两月", "双月", "每年6月"]);
    let month = one_of(&["", "", "末月", "首月", "第二个月", "次月"]);
    let day =
        one_of(&["", "底", "10日前", "25日", "10日、25日", "31日前", "29日", "第二个周三", "最后一个周五", "中旬"]);
    (head, month, day, one_of(&["", "", "报上月", "报上期", "报上季度"]))
        .prop_map(|(h, m, d, p)| format!("{h}{m}{d}{p}"))
}

fn item() -> impl Strategy<Value = String> {
    let count = one_of(&["", "", "", "至少2次", "一次", "各3次"]);
    let title = one_of(&["", "", "完成", "完成初稿", "报送小结", "并长期坚持", "内部自查"]);
    let what = prop_oneof![
        date(),
        every(),
        (date(), date()).prop_map(|(a, b)| format!("{a}至{b}")),
        (date(), every()).prop_map(|(a, b)| format!("{a}起{b}")),
        (date(), date(), every()).prop_map(|(a, b, e)| format!("{a}至{b}{e}")),
        one_of(&["全年", "长期坚持", "待定", "1、7月", "3-9月", "上半年每月"]),
    ];
    (what, count, title).prop_map(|(w, c, t)| format!("{w}{c}{t}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn composed_spellings_hold(items in prop::collection::vec((item(), one_of(&["、", "，", "；", "和"])), 1..4), year in 2000..=2100i32, open in 0..=6u32) {
        let words: String = items.into_iter().map(|(item, joint)| format!("{item}{joint}")).collect();
        holds(&words, year, open)?;
        holds(words.trim_end_matches(['、', '，', '；', '和']), year, open)?;
    }

    #[test]
    fn any_string_of_the_alphabet_holds(words in "[0-9０-９一二三十廿〇年月日号底末前后旬上中下季度半每第个周五起至到、，；/.\\-—()（）:全长期次各报和并完成初稿 ]{0,14}", year in 2000..=2100i32) {
        holds(&words, year, 3)?;
    }

    #[test]
    fn any_string_at_all_is_answered(words in "\\PC{0,40}") {
        holds(&words, 2020, 3)?;
    }
}
