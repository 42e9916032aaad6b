//! The monthly report 月报 and the year sheet of a branch, as workbooks for A4.

use std::io::Read;

use serde_json::json;

use crate::support::{Answer, Scene, day};

/// A part of a workbook as text.
fn part(answer: &Answer, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&answer.bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// A4, landscape, one page wide, with the header on every page and page numbers.
#[track_caller]
pub fn is_for_paper(answer: &Answer, sheets: usize) {
    for number in 1..=sheets {
        let sheet = part(answer, &format!("xl/worksheets/sheet{number}.xml"));
        for wanted in [r#"paperSize="9""#, r#"orientation="landscape""#, r#"fitToHeight="0""#, "&amp;P", "&amp;N"] {
            assert!(sheet.contains(wanted), "sheet {number}: {wanted}");
        }
    }
    let book = part(answer, "xl/workbook.xml");
    assert_eq!(book.matches("_xlnm.Print_Area").count(), sheets);
    assert_eq!(book.matches("_xlnm.Print_Titles").count(), sheets);
}

#[actix_web::test]
async fn the_monthly_report_says_what_the_compliance_report_says() {
    let scene = Scene::set(3, 10, 2).await;
    let n = scene.issued_with(&[day(3, 15), day(3, 20), day(4, 10), day(6, 30)]).await;
    let report = scene.complete(n[0]).await;
    scene.accept(&report).await;
    scene.app.turn_to(day(4, 2));
    let path = format!("/reports/monthly?unit_id={}&month=2020-03", scene.committee);
    let answer = scene.leader.get(&path).await;
    is_for_paper(&answer, 4);
    let sheets = answer.sheets();
    let names: Vec<_> = sheets.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["月报", "工作要点", "逾期", "下月到期"]);
    let rows = &sheets[0].1;
    assert_eq!(rows[0][0], "Committee2020年3月党建工作督办月报");
    assert_eq!(rows[1][0], "截至2020年3月31日　制表日期：2020年4月2日");
    let total = rows.iter().find(|row| row[0] == "合计").unwrap();
    let counted = scene.report("year=2020&as_of=2020-03-31").await["total"].clone();
    for (column, field) in [(1, "owed"), (2, "done_on_time"), (3, "done_late"), (5, "due"), (6, "overdue")] {
        assert_eq!(total[column], counted[field].to_string(), "{field}");
    }
    assert_eq!((total[1].as_str(), total[6].as_str(), total[8].as_str()), ("2", "1", "1/2　50.0%"));
    assert!(rows.last().unwrap()[0].starts_with("制表人："));
    let overdue = &sheets[2].1;
    assert_eq!((overdue.len(), overdue[3][1].as_str(), overdue[3][6].as_str()), (4, "Branch 1", "逾期"));
    let coming = &sheets[3].1;
    assert_eq!((coming.len(), coming[3][4].as_str()), (4, "2020-04-10"));
}

#[actix_web::test]
async fn counts_are_for_everybody_and_nodes_only_within_reach() {
    let scene = Scene::set(3, 10, 2).await;
    scene.issued_with(&[day(3, 20)]).await;
    scene.app.turn_to(day(4, 2));
    let path = format!("/reports/monthly?unit_id={}&month=2020-03", scene.branches[0]);
    let other = scene.secretaries[1].get(&path).await.sheets();
    assert_eq!(other[0].1.iter().find(|row| row[0] == "合计").unwrap()[1], "1");
    assert_eq!(other[2].1[3][0], "无", "what is overdue elsewhere is not named");
    let refused = async |month: &str| {
        let path = format!("/reports/monthly?unit_id={}&month={month}", scene.committee);
        scene.leader.get(&path).await.refused(422, "month_unreadable")
    };
    for month in ["2020-13", "2020-3", "2020-05", "三月"] {
        assert_eq!(refused(month).await, "month", "{month}");
    }
}

#[actix_web::test]
async fn the_year_sheet_shows_every_node_of_the_branch_and_nothing_else() {
    let scene = Scene::set(3, 10, 2).await;
    let plan = scene.plan().await;
    let quarterly = json!([{"words": "每季度"}]);
    scene.task(plan, "党课", &scene.branches, quarterly).await;
    scene.issue(plan).await;
    scene.app.turn_to(day(4, 20));
    let path = format!("/reports/year-sheet?unit_id={}&year=2020", scene.branches[0]);
    let answer = scene.secretary().get(&path).await;
    is_for_paper(&answer, 1);
    let rows = answer.table();
    assert_eq!(rows[0][0], "Branch 12020年党建工作任务年表");
    assert!(rows[1][0].starts_with("截至2020年4月20日　完成率 0/1　0.0%"), "{}", rows[1][0]);
    assert_eq!(rows[2][..8], ["序号", "工作要点", "编号", "工作任务", "时间节点", "完成时限", "状态", "完成日期"]);
    let shown: Vec<_> = rows[3..7].iter().map(|row| (row[4].as_str(), row[5].as_str(), row[6].as_str())).collect();
    let expected = [
        ("2020-Q1", "2020-03-31", "逾期"),
        ("2020-Q2", "2020-06-30", "未到期"),
        ("2020-Q3", "2020-09-30", "未到期"),
        ("2020-Q4", "2020-12-31", "未到期"),
    ];
    assert_eq!(shown, expected);
    assert_eq!(rows.len(), 8, "four nodes and the line to sign");
    scene.secretaries[1].get(&path).await.refused(403, "forbidden");
    let before = scene.secretary().get(&format!("{path}&as_of=2020-03-20")).await.table();
    assert_eq!(before[3][6], "未到期");
}
