//! A department takes a year's list in from a file: handed in, mended, looked at, committed, issued.

use crate::driver::Chromium;
use crate::served::Served;

const HEAD: &str = "工作要点,工作任务,责任单位,完成时限\n";

#[actix_web::test]
async fn a_department_imports_a_list_looks_at_it_and_issues_the_plan() {
    let served = Served::start();
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("2021年任务清单.csv");
    let browser = Chromium::open(&served.base, 1440, "zh-CN").await;
    browser.sign_in("department").await;
    browser.go("/plans/new").await;
    // The one unit and the next year stand there already.
    browser.type_in("#title", "2021年党建工作计划").await;
    browser.click(".formend .btn-main").await;
    assert!(browser.text().await.contains("草案"), "{}", browser.text().await);
    let plan = browser.path().await.split('?').next().unwrap().to_owned();
    // The way to the import names list and plan.
    browser.click("a[href^='/imports?']").await;
    std::fs::write(&list, format!("{HEAD}组织生活,支部党员大会,各党支部,3月初\n")).unwrap();
    browser.choose_file("#file", &list).await;
    browser.click(".formend .btn-main").await;
    let text = browser.text().await;
    assert!(text.contains("有1处要改") && text.contains("3月上旬"), "{text}");
    assert!(!browser.has("form button[type=submit].btn-main").await, "what is wrong can't be committed");
    browser.go(&format!("/imports?list=tasks&plan_id={}", plan.trim_start_matches("/plans/"))).await;
    std::fs::write(
        &list,
        format!("{HEAD}组织生活,支部党员大会,各党支部,每季度\n组织生活,党课,第一至三党支部,6月底前\n"),
    )
    .unwrap();
    browser.choose_file("#file", &list).await;
    browser.click(".formend .btn-main").await;
    let text = browser.text().await;
    assert!(text.contains("全部7个党支部") && text.contains("2021年12月31日") && text.contains("新增2行"), "{text}");
    browser.click(".formend .btn-main").await;
    assert!(browser.text().await.contains("已导入"), "{}", browser.text().await);
    browser.go(&format!("{plan}/issue")).await;
    browser.click("button[name=_preview]").await;
    assert!(browser.find(".shown").await.text().await.unwrap().contains("31个"), "{}", browser.text().await);
    browser.click(".formend .btn-main").await;
    assert!(browser.text().await.contains("下达，还没有修订"), "{}", browser.text().await);
    browser.close().await;
}
