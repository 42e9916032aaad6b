//! Round trip: whatever stands in a year, made by the ordinary calls with every form that they take, an untouched export
//! imports with no change, as XLSX and as CSV. `DUBAN_RANDOM_LISTS` says how many years (default 3).

use duban::access::Role;
use duban::platform::web::csv_cell;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::support::proof;
use crate::support::sheets::{csv, workbook};
use crate::support::{Scene, day, id};

/// Pieces of which texts are made: plain ones, and those that tables, CSV and formulas trip over.
const PIECES: &[&str] = &[
    "换届",
    "党课",
    "第一",
    "支部",
    "=",
    "+1",
    "-",
    "@",
    "'",
    "\"",
    "，",
    "、",
    "；",
    "：",
    ",",
    ";",
    "\n",
    "\r\n",
    "\t",
    " ",
    "（牵头）",
    "〔2次〕",
    "示例",
    "同上",
    "无",
    "注：",
    "一、",
    "2020-06-30",
    "RRULE:",
    "_x000D_",
    "<b>&",
    "😀",
    "1.10",
    "0012",
    "TRUE",
    "#N/A",
    "合计",
];

fn text(dice: &mut StdRng, most: usize) -> String {
    let pieces: String = (0..dice.random_range(1..=most)).map(|_| PIECES[dice.random_range(0..PIECES.len())]).collect();
    let text = pieces.trim().to_owned();
    if text.is_empty() { "空".into() } else { text }
}

fn maybe(dice: &mut StdRng, make: impl FnOnce(&mut StdRng) -> Value) -> Value {
    if dice.random_bool(0.5) { make(dice) } else { Value::Null }
}

fn entry(dice: &mut StdRng) -> Value {
    const WORDS: &[&str] = &[
        "每季度",
        "6月底前",
        "每月10日前",
        "全年至少4次",
        "3月底前出方案",
        "6月底前完成并长期坚持",
        "待定",
        "上半年、下半年",
    ];
    const RULES: &[&str] = &["FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=30"];
    let mut entry = match dice.random_range(0..5) {
        0..2 => json!({"due_on": day(dice.random_range(1..=12), dice.random_range(1..=28))}),
        2 => json!({"rrule": RULES[dice.random_range(0..RULES.len())]}),
        3 => json!({"words": WORDS[dice.random_range(0..WORDS.len())]}),
        _ => json!({"unscheduled": true, "words": text(dice, 3)}),
    };
    if dice.random_bool(0.3) {
        entry["title"] = json!(text(dice, 3));
    }
    if dice.random_bool(0.3) {
        entry["grace_days"] = json!(dice.random_range(0..20));
    }
    if dice.random_bool(0.3) {
        entry["times"] = json!(dice.random_range(1..5));
    }
    entry
}

async fn tasks(scene: &Scene, dice: &mut StdRng, plan: i64) {
    let units = [&[scene.committee, scene.office][..], scene.branches.as_slice()].concat();
    for _ in 0..dice.random_range(1..5) {
        let point = json!({"title": text(dice, 4)});
        let point = id(&scene.department.post(&format!("/plans/{plan}/key-points"), point).await.created());
        for _ in 0..dice.random_range(0..6) {
            let mut held: Vec<Value> = vec![];
            for _ in 0..dice.random_range(0..5) {
                let part = ["lead", "responsible", "support", "supervise"][dice.random_range(0..4)];
                let unit = units[dice.random_range(0..units.len())];
                if held.iter().all(|known| known["unit_id"] != json!(unit) || known["part"] != json!(part)) {
                    held.push(
                        json!({"unit_id": unit, "part": part, "person": maybe(dice, |dice| json!(text(dice, 2)))}),
                    );
                }
            }
            let entries: Vec<Value> = (0..dice.random_range(0..4)).map(|_| entry(dice)).collect();
            let tags: Vec<_> = (0..dice.random_range(0..3)).map(|_| text(dice, 2)).collect();
            // Two tasks of one key point may have the same title.
            let title = if dice.random_bool(0.2) { "党课".to_owned() } else { text(dice, 5) };
            let task = json!({
                "title": title, "requirement": maybe(dice, |dice| json!(text(dice, 12))),
                "deliverable": maybe(dice, |dice| json!(text(dice, 6))), "evidence_required": dice.random_bool(0.5),
                "tags": tags, "responsibilities": held, "entries": entries,
            });
            scene.department.post(&format!("/key-points/{point}/tasks"), task).await.created();
        }
    }
}

async fn units_and_accounts(scene: &Scene, dice: &mut StdRng) {
    for number in 0..dice.random_range(1..6) {
        let kind = ["branch", "party_group", "general_branch"][dice.random_range(0..3)];
        let body = json!({
            // Two units may have the same name, also below one unit.
            "name": if dice.random_bool(0.3) { "同名支部".to_owned() } else { text(dice, 3) },
            "kind": kind,
            "parent_id": scene.branches[dice.random_range(0..scene.branches.len())],
            "code": maybe(dice, |dice| json!(text(dice, 2))),
            "short_names": (0..dice.random_range(0..3)).map(|_| text(dice, 2)).collect::<Vec<_>>(),
            "established_on": maybe(dice, |dice| json!(day(dice.random_range(1..=12), 1))),
            "term_ends_on": maybe(dice, |_| json!("2022-12-31")),
        });
        let unit = id(&scene.admin.post("/units", body).await.created());
        let account = scene.app.account(&format!("user{number}-{}", text(dice, 2).replace(['\n', '\r'], ""))).await;
        for _ in 0..dice.random_range(0..3) {
            scene.app.appoint(account, Role::Cadre, Some(duban::units::UnitId(unit))).await;
        }
    }
}

async fn findings(scene: &Scene, dice: &mut StdRng) {
    for _ in 0..dice.random_range(1..5) {
        let kind = ["immediate", "time_limited", "long_term"][dice.random_range(0..3)];
        let units = &scene.branches[..dice.random_range(1..=scene.branches.len())];
        let source = json!({
            "body": text(dice, 2), "on": day(1, dice.random_range(1..=5)), "document": maybe(dice, |dice| json!(text(dice, 2))),
        });
        let body = json!({
            "title": if dice.random_bool(0.3) { "同一问题".to_owned() } else { text(dice, 4) }, "kind": kind, "unit_ids": units,
            "problem": maybe(dice, |dice| json!(text(dice, 8))), "root_cause": maybe(dice, |dice| json!(text(dice, 8))),
            "source": source,
        });
        let finding = id(&scene.department.post("/findings", body).await.created());
        for _ in 0..dice.random_range(0..4) {
            let due = if kind == "long_term" { Value::Null } else { json!(day(dice.random_range(2..=12), 28)) };
            let measure = json!({
                "text": text(dice, 5), "unit_id": units[dice.random_range(0..units.len())], "due_on": due,
                "leader": maybe(dice, |dice| json!(text(dice, 2))), "person": maybe(dice, |dice| json!(text(dice, 2))),
            });
            scene.department.post(&format!("/findings/{finding}/measures"), measure).await.created();
        }
    }
}

async fn clauses(scene: &Scene, dice: &mut StdRng) -> i64 {
    let set = json!({"unit_id": scene.committee, "title": text(dice, 2), "edition": "1"});
    let set = id(&scene.department.post("/standard-sets", set).await.created());
    for number in 0..dice.random_range(1..8) {
        let clause = json!({
            "code": format!("{number}{}", text(dice, 1)), "category": text(dice, 2), "title": text(dice, 3),
            "requirement": maybe(dice, |dice| json!(text(dice, 10))), "points": f64::from(dice.random_range(0..100_u8)) / 10.0,
            "mandatory": dice.random_bool(0.5), "curable": dice.random_bool(0.5),
            "evidence_months": maybe(dice, |dice| json!(dice.random_range(1..=120))),
        });
        scene.department.post(&format!("/standard-sets/{set}/clauses"), clause).await.created();
    }
    set
}

async fn year(seed: u64) {
    let dice = &mut StdRng::seed_from_u64(seed);
    println!("year {seed}");
    let scene = Scene::set(1, 5, 3).await;
    let plan = scene.plan().await;
    tasks(&scene, dice, plan).await;
    units_and_accounts(&scene, dice).await;
    findings(&scene, dice).await;
    let set = clauses(&scene, dice).await;
    scene.department.round_trip("tasks", &format!("plan_id={plan}")).await;
    scene.department.round_trip("findings", "year=2020").await;
    scene.department.round_trip("standards", &format!("set_id={set}")).await;
    scene.admin.round_trip("units", "").await;
    scene.admin.round_trip("accounts", "").await;
    // An issued plan comes back as it was, too.
    if scene.department.post(&format!("/plans/{plan}/issue"), json!({})).await.status == 200 {
        scene.department.round_trip("tasks", &format!("plan_id={plan}")).await;
        for branch in 0..scene.branches.len() {
            fill_in(&scene, dice, branch).await;
        }
    }
}

/// The fill-in workbook of a branch: untouched it says nothing; filled in, every text comes back as it was written.
async fn fill_in(scene: &Scene, dice: &mut StdRng, branch: usize) {
    let secretary = &scene.secretaries[branch];
    let answer = secretary.get("/fill-in-workbook").await;
    let untouched = answer.bytes.clone();
    let rows = answer.table();
    secretary
        .post_file("/fill-in-workbook?as=reports", "填报表.xlsx", &untouched)
        .await
        .refused(422, "fill_in_nothing");
    let mut as_csv = csv::Writer::from_writer(vec![]);
    for row in &rows {
        as_csv.write_record((0..12).map(|column| csv_cell(row.get(column).map_or("", String::as_str)))).unwrap();
    }
    let as_csv = as_csv.into_inner().unwrap();
    secretary.post_file("/fill-in-workbook?as=reports", "填报表.csv", &as_csv).await.refused(422, "fill_in_nothing");
    // The version stands in the last column, which nobody sees.
    for (row, xlsx) in rows.iter().skip(1).zip([true, false, true, false]) {
        let said = text(dice, 6);
        let cells = [row[0].as_str(), "进展", said.as_str(), row[11].as_str()];
        let heads = ["节点编号", "填报类型", "完成情况", "duban:fill-in:1"];
        let bytes = if xlsx {
            workbook("填报表", &[&heads, &cells])
        } else {
            let safe: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
            csv(&[&heads, &safe.iter().map(String::as_str).collect::<Vec<_>>()])
        };
        let taken = secretary.post_file("/fill-in-workbook", "填报表", &bytes).await.ok();
        let item = &taken["items"][0];
        assert_eq!(item["draft"]["text"], json!(plain(&said)), "{item:#}");
        // Handed in again, it makes none.
        let again = secretary.post_file("/fill-in-workbook", "填报表", &bytes).await.ok();
        assert_eq!(
            (&again["items"][0]["status"], &again["items"][0]["draft"]["id"]),
            (&json!(200), &item["draft"]["id"])
        );
    }
}

/// A text as a sheet keeps it: one kind of line end.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n")
}

#[actix_web::test]
async fn an_untouched_export_of_any_year_imports_with_no_change() {
    let years = proof::size("DUBAN_RANDOM_LISTS", 3);
    let first: u64 = rand::random_range(0..1_000_000);
    let (begun, mut lived) = (std::time::Instant::now(), 0);
    for seed in (first..first + years).take_while(|_| !proof::is_over(begun)) {
        year(seed).await;
        lived += 1;
    }
    println!("{lived} random years of lists, from {first}: 0 changes");
}
