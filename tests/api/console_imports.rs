//! Lists from files on the console's page: handed in, looked at, mended, committed. Nothing changes before that.

use reqwest::multipart::{Form, Part};

use crate::support::sheets::csv;
use crate::support::{Browser, Scene, Shown};

const HEAD: &[&str] = &["工作要点", "工作任务", "责任单位", "完成时限"];

/// Hands a file in on the page of imports.
async fn hand_in(browser: &mut Browser, fields: &[(&str, &str)], name: &str, bytes: Vec<u8>) -> Shown {
    let page = browser.open("/imports").await;
    let mut form = Form::new().text("_csrf", page.is(200).token());
    for (field, text) in fields {
        form = form.text((*field).to_owned(), (*text).to_owned());
    }
    let form = form.part("file", Part::bytes(bytes).file_name(name.to_owned()));
    browser.upload("/imports", form).await
}

/// Its tasks, by the API.
async fn titles(scene: &Scene, plan: i64) -> Vec<String> {
    let list = scene.department.get(&format!("/plans/{plan}/task-list")).await.ok();
    let tasks = list["key_points"].as_array().unwrap().iter().flat_map(|point| point["tasks"].as_array().unwrap());
    tasks.map(|task| task["title"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn a_list_is_handed_in_mended_looked_at_and_committed() {
    let scene = Scene::set(1, 6, 3).await;
    let plan = scene.plan().await;
    let plan_id = plan.to_string();
    let mut browser = Browser::signed_in(&scene.app, "department").await;
    browser.open(&format!("/plans/{plan}")).await.says(&format!("/imports?list=tasks&#38;plan_id={plan}"));
    browser.open("/imports").await.is(200).says("确认以前什么都不会改").says("/imports/templates/tasks");
    let scope = [("list", "tasks"), ("plan_id", plan_id.as_str())];
    let wrong = csv(&[HEAD, &["组织生活", "党课", "各党支部", "3月初"], &["组织生活", "支委会", "第九党支部", "每月"]]);
    let bad = hand_in(&mut browser, &scope, "任务清单.csv", wrong).await;
    bad.is(200).says("2处").says("D2").says("3月初").says("3月上旬").says("第九党支部").says_nothing_of("确认导入");
    let marked = browser.open(&format!("{}/workbook", bad.path)).await;
    marked.is(200);
    assert!(marked.header("content-disposition").contains("attachment"), "{:?}", marked.headers);
    // A name that marks a secret is refused where the file is chosen, and the form stays.
    let marked = hand_in(&mut browser, &scope, "机密★一年.csv", csv(&[HEAD])).await;
    marked.is(422).says("机密★一年.csv").says("name=\"plan_id\"");
    let right =
        csv(&[HEAD, &["组织生活", "党课", "各党支部", "每季度"], &["组织生活", "支委会", "Branch 1", "6月底前"]]);
    let good = hand_in(&mut browser, &scope, "任务清单.csv", right.clone()).await;
    good.is(200).says("新增").says("全部3个党支部").says("2020年9月30日").says("Branch 1").says("确认导入");
    assert!(titles(&scene, plan).await.is_empty(), "a dry run changes nothing");
    let version = good.value("version").unwrap();
    let done = browser.submit(&good, &good.path, &[("version", &version)]).await;
    done.is(200).says("已导入").says(&format!("/plans/{plan}"));
    assert_eq!(titles(&scene, plan).await, ["党课", "支委会"]);
    hand_in(&mut browser, &scope, "任务清单.csv", right).await.is(200).says("没有要改的").says_nothing_of("确认导入");
    let export = browser.open(&format!("/imports/exports/tasks?plan_id={plan}")).await;
    assert!(export.is(200).header("content-disposition").contains(".xlsx"));
}

#[actix_web::test]
async fn a_list_of_an_issued_plan_wants_its_reason_and_loses_nothing_that_was_typed() {
    let scene = Scene::set(1, 6, 2).await;
    let plan = scene.plan().await;
    scene.task(plan, "组织生活", &[scene.branches[0]], serde_json::json!([{"due_on": "2020-06-30"}])).await;
    scene.issue(plan).await;
    let mut browser = Browser::signed_in(&scene.app, "department").await;
    let plan_id = plan.to_string();
    let rows = csv(&[HEAD, &["组织生活", "党课", "各党支部", "每季度"]]);
    let shown = hand_in(&mut browser, &[("list", "tasks"), ("plan_id", &plan_id)], "清单.csv", rows).await;
    shown.is(200).says("文件里没有的");
    let version = shown.value("version").unwrap();
    let refused = browser.submit(&shown, &shown.path, &[("version", &version), ("remove", "true")]).await;
    refused.is(422).says("href=\"#reason\"").says("id=\"remove\" name=\"remove\" value=\"true\" checked");
    let sent = [("version", version.as_str()), ("reason", "按党委会意见补充")];
    browser.submit(&refused, &shown.path, &sent).await.is(200).says("已导入");
    browser.open(&format!("/plans/{plan}/revisions")).await.says("按党委会意见补充").says("新增任务 党课");
    assert_eq!(titles(&scene, plan).await.len(), 2, "what the file does not have stays");
}

#[actix_web::test]
async fn whoever_may_import_nothing_is_told_so_and_reads_nobody_elses_file() {
    let scene = Scene::set(1, 6, 2).await;
    let plan = scene.plan().await.to_string();
    let mut department = Browser::signed_in(&scene.app, "department").await;
    let rows = csv(&[HEAD, &["组织生活", "党课", "各党支部", "每季度"]]);
    let scope = [("list", "tasks"), ("plan_id", plan.as_str())];
    let import = hand_in(&mut department, &scope, "清单.csv", rows.clone()).await.path;
    let mut leader = Browser::signed_in(&scene.app, "leader").await;
    leader.open(&import).await.is(403).says_nothing_of("党课");
    leader.open(&format!("{import}/workbook")).await.is(403);
    let mut secretary = Browser::signed_in(&scene.app, "secretary-1").await;
    secretary.open("/imports").await.is(200).says("没有可以导入的清单").says_nothing_of("type=\"file\"");
    let page = leader.open("/imports").await;
    let form = Form::new().text("_csrf", page.token()).text("list", "tasks").text("plan_id", plan);
    let form = form.part("file", Part::bytes(rows).file_name("清单.csv"));
    leader.upload("/imports", form).await.is(403);
    let page = department.open("/imports").await;
    let none = department.upload("/imports", Form::new().text("_csrf", page.token()).text("list", "tasks")).await;
    none.is(422).says("href=\"#file\"");
}

#[actix_web::test]
async fn an_administrator_imports_accounts_with_a_first_password_that_is_never_shown() {
    let scene = Scene::set(1, 6, 2).await;
    let mut browser = Browser::signed_in(&scene.app, "admin").await;
    let rows = csv(&[
        &["用户名", "显示名称", "任职组织", "角色", "任职开始"],
        &["zhibu9", "第九党支部书记", "Branch 1", "书记", "2020-01-01"],
    ]);
    let shown = hand_in(&mut browser, &[("list", "accounts")], "账号.csv", rows).await;
    shown.is(200).says("zhibu9").says("新账号的初始密码");
    let version = shown.value("version").unwrap();
    let weak = browser.submit(&shown, &shown.path, &[("version", &version), ("first_password", "weak-secret")]).await;
    weak.is(422).says("href=\"#first-password\"").says_nothing_of("weak-secret");
    let sent = [("version", version.as_str()), ("first_password", "Zhibu-2020-first")];
    browser.submit(&weak, &shown.path, &sent).await.is(200).says("已导入");
    browser.open("/accounts").await.says("zhibu9");
}
