//! The fill-in workbook 填报表: out with the open nodes, back as drafts or reports.

use serde_json::{Value, json};

use crate::support::{Answer, Persona, Scene, day, id};

const HEAD: [&str; 7] =
    ["节点编号", "填报类型", "完成情况", "完成比例（%）", "开展日期", "佐证说明", "duban:fill-in:1"];

/// A filled-in table as CSV, a row a node.
fn filled(rows: &[[&str; 7]]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(vec![]);
    writer.write_record(HEAD).unwrap();
    for row in rows {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

async fn hand_in(who: &Persona, query: &str, rows: &[[&str; 7]]) -> Answer {
    who.post_file(&format!("/fill-in-workbook{query}"), "填报表.csv", &filled(rows)).await
}

fn statuses(answer: &Value) -> Vec<i64> {
    answer["items"].as_array().unwrap().iter().map(|item| item["status"].as_i64().unwrap()).collect()
}

#[actix_web::test]
async fn the_workbook_holds_the_open_nodes_and_untouched_says_nothing() {
    let scene = Scene::set(3, 10, 2).await;
    // What was due before the issue counts nowhere, and is not asked for.
    let nodes = scene.issued_with(&[day(2, 28), day(3, 31), day(6, 30), day(9, 30)]).await.split_off(1);
    scene.complete(nodes[0]).await;
    let answer = scene.secretary().get("/fill-in-workbook").await;
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"fill-in.xlsx\"");
    let bytes = answer.bytes.clone();
    let sheets = answer.sheets();
    assert_eq!((sheets[0].0.as_str(), sheets[1].0.as_str()), ("填报表", "填写说明"));
    let rows = &sheets[0].1;
    assert_eq!(rows[0][..8], ["节点编号", "党组织", "任务", "期间", "完成时限", "状态", "填报类型", "完成情况*"]);
    let first = [nodes[1].to_string(), "Branch 1".into(), "Due 2020-06-30".into(), String::new(), "2020-06-30".into()];
    assert_eq!((&rows[1][..5], rows[1][5].as_str(), rows.len()), (&first[..], "未到期", 3));
    let back = scene.secretary().post_file("/fill-in-workbook", "a.xlsx", &bytes).await;
    back.refused(422, "fill_in_nothing");
    let near = scene.secretary().get("/fill-in-workbook?due_to=2020-06-30").await.table();
    assert_eq!(near.len(), 2);
    // Of a branch its secretary and the department that may enter for it, nobody else.
    let of_branch = format!("/fill-in-workbook?unit_id={}", scene.branches[0]);
    assert_eq!(scene.department.get(&of_branch).await.table().len(), 3);
    assert_eq!(scene.department.get("/fill-in-workbook").await.table().len(), 1, "the department owes nothing itself");
    scene.secretaries[1].get(&of_branch).await.refused(403, "forbidden");
    scene.leader.get(&of_branch).await.refused(403, "forbidden");
}

#[actix_web::test]
async fn what_was_filled_in_becomes_drafts_and_twice_the_same_becomes_none() {
    let scene = Scene::set(3, 10, 1).await;
    let n = scene.issued_with(&[day(3, 31), day(6, 30)]).await;
    let (first, second) = (n[0].to_string(), n[1].to_string());
    let rows = [
        [first.as_str(), "", "召开支部大会", "", "2020年3月9日", "签到表｜2020-03\n会议记录", "1"],
        [second.as_str(), "进展", "'=初稿", "60%", "", "", "1"],
    ];
    let secretary = scene.secretary();
    let answer = hand_in(secretary, "", &rows).await.ok();
    assert_eq!((statuses(&answer), &answer["made"]), (vec![201, 201], &json!(2)));
    let draft = &answer["items"][0]["draft"];
    assert_eq!((&draft["kind"], &draft["held_on"]), (&json!("completion"), &json!("2020-03-09")));
    assert_eq!(draft["on_paper"][0]["reference"], json!("2020-03"));
    assert_eq!(draft["on_paper"][1]["title"], json!("会议记录"));
    // Exactly one apostrophe comes off.
    let draft = &answer["items"][1]["draft"];
    assert_eq!((&draft["text"], &draft["percent"]), (&json!("=初稿"), &json!(60)));
    assert_eq!(scene.node(n[0]).await["state"], json!("open"), "a draft is no report");
    let again = hand_in(secretary, "?as=drafts", &rows).await.ok();
    assert_eq!(statuses(&again), [200, 200]);
    assert_eq!(secretary.get(&format!("/time-nodes/{first}/drafts")).await.items().len(), 1);
    assert_eq!(scene.audited("report_draft.create").await.len(), 2);
}

#[actix_web::test]
async fn each_row_answers_for_itself_and_a_refused_one_names_its_cell() {
    let scene = Scene::set(3, 10, 1).await;
    let n = scene.issued_with(&[day(3, 31), day(6, 30), day(9, 30)]).await;
    let ids = n.iter().map(i64::to_string).collect::<Vec<_>>();
    let rows = [
        [ids[0].as_str(), "完成", "已完成", "", "2020-03-11", "", "1"],
        [ids[1].as_str(), "作废", "已完成", "", "", "", "1"],
        [ids[1].as_str(), "进展", "", "150", "六月", "", "1"],
        ["", "", "已完成", "", "", "", ""],
        ["", "", "", "", "", "", ""],
        [ids[2].as_str(), "", "已完成", "", "", "", "7"],
        [ids[1].as_str(), "", "已完成", "", "", "", "1"],
    ];
    let answer = hand_in(scene.secretary(), "?as=reports", &rows).await.ok();
    assert_eq!(statuses(&answer), [422, 422, 422, 422, 412, 201]);
    let problem = |index: usize| {
        let errors = answer["items"][index]["problem"]["errors"].as_array().unwrap();
        errors
            .iter()
            .map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(problem(0), [("填报表!E2", "held_on_outside")]);
    assert_eq!(problem(1), [("填报表!B3", "fill_in_cell")]);
    let three = [("填报表!C4", "empty_text"), ("填报表!D4", "out_of_range"), ("填报表!E4", "fill_in_cell")];
    assert_eq!(problem(2), three);
    assert_eq!(problem(3), [("填报表!A5", "fill_in_cell")]);
    assert_eq!(problem(4), [("填报表!A7", "stale")]);
    let last = &answer["items"][5];
    assert_eq!((&last["row"], &last["time_node_id"]), (&json!(8), &json!(n[1])));
    assert_eq!(scene.node(n[1]).await["state"], json!("reported"));
    // What was reported meanwhile is not reported twice.
    let again = hand_in(scene.secretary(), "?as=reports", &rows[6..]).await.ok();
    assert_eq!(statuses(&again), [412]);
}

#[actix_web::test]
async fn all_or_none_when_that_is_asked_for() {
    let scene = Scene::set(3, 10, 1).await;
    let n = scene.issued_with(&[day(3, 31), day(6, 30)]).await;
    let (first, second) = (n[0].to_string(), n[1].to_string());
    let rows = [[first.as_str(), "", "已完成", "", "", "", "1"], [second.as_str(), "", "已完成", "50", "", "", "1"]];
    let refused = hand_in(scene.secretary(), "?as=reports&atomic=true", &rows).await;
    assert_eq!(refused.refused(422, "batch_refused"), "填报表!D3");
    assert_eq!(scene.node(n[0]).await["state"], json!("open"));
    let right = [rows[0], [second.as_str(), "", "已完成", "", "", "", "1"]];
    let taken = hand_in(scene.secretary(), "?as=reports&atomic=true", &right).await.ok();
    assert_eq!(statuses(&taken), [201, 201]);
}

#[actix_web::test]
async fn the_department_hands_in_for_a_branch_and_nobody_for_another() {
    let scene = Scene::set(3, 10, 2).await;
    let n = scene.issued_with(&[day(3, 31)]).await;
    let node = n[0].to_string();
    let rows = [[node.as_str(), "", "已完成", "", "", "", "1"]];
    for query in ["?as=reports", "?as=drafts"] {
        assert_eq!(statuses(&hand_in(&scene.secretaries[1], query, &rows).await.ok()), [403]);
    }
    let answer = hand_in(&scene.department, "?as=reports", &rows).await.ok();
    assert_eq!(answer["items"][0]["report"]["on_behalf"], json!(true));
    let report = id(&answer["items"][0]["report"]);
    assert_eq!(scene.secretary().get(&format!("/progress-reports/{report}")).await.ok()["text"], json!("已完成"));
}

#[actix_web::test]
async fn a_workbook_filled_in_by_hand_is_read_and_formulas_are_not() {
    let scene = Scene::set(3, 10, 1).await;
    let n = scene.issued_with(&[day(3, 31), day(6, 30)]).await;
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "第一季度填报表").unwrap();
    for (column, head) in (0_u16..).zip(["完成情况", "节点编号", "开展日期"]) {
        sheet.write(1, column, head).unwrap();
    }
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    sheet.write(2, 0, "已开展").unwrap();
    sheet.write(2, 1, n[0] as f64).unwrap();
    sheet
        .write_datetime_with_format(2, 2, rust_xlsxwriter::ExcelDateTime::from_ymd(2020, 3, 9).unwrap(), &date)
        .unwrap();
    sheet.write_formula(3, 0, "=1+1").unwrap();
    sheet.write(3, 1, n[1] as f64).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let answer = scene.secretary().post_file("/fill-in-workbook?as=reports", "a.xlsx", &bytes).await.ok();
    assert_eq!(statuses(&answer), [201, 422]);
    assert_eq!(answer["items"][0]["report"]["held_on"], json!("2020-03-09"));
    let problem = &answer["items"][1]["problem"];
    assert_eq!(problem["errors"][0]["pointer"], json!("Sheet1!A4"));
    assert_eq!(problem["errors"][0]["code"], json!("fill_in_formula"));
    let secretary = scene.secretary();
    let other = secretary.post_file("/fill-in-workbook", "a.csv", "任务,完成情况\nx,y\n".as_bytes()).await;
    other.refused(422, "fill_in_no_header");
    let macros = secretary.post_file("/fill-in-workbook", "a.xls", &[0xd0, 0xcf, 0x11, 0xe0, 0, 0, 0, 0]).await;
    macros.refused(415, "sheet_type");
}

#[actix_web::test]
async fn one_idempotency_key_hands_in_once() {
    let scene = Scene::set(3, 10, 1).await;
    let n = scene.issued_with(&[day(3, 31)]).await;
    let node = n[0].to_string();
    let send = async || {
        let bytes = filled(&[[node.as_str(), "进展", "推进中", "", "", "", ""]]);
        let form = reqwest::multipart::Form::new()
            .part("file", reqwest::multipart::Part::bytes(bytes).file_name("填报表.csv"));
        let path = "/fill-in-workbook?as=reports";
        let request = scene.secretary().request("POST", path).multipart(form).header("idempotency-key", "once");
        scene.secretary().send("POST", path, request).await.ok()
    };
    let (first, second) = (send().await, send().await);
    assert_eq!(first, second);
    let reports = scene.secretary().get(&format!("/time-nodes/{node}/progress-reports")).await.items();
    assert_eq!(reports.len(), 1);
}
