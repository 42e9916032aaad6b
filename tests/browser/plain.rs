//! The main paths of a department and a leader without any script, at the width of a phone.

use crate::driver::Chromium;
use crate::served::Served;

#[actix_web::test]
async fn without_a_script_a_department_reviews_and_urges_and_a_leader_decides() {
    let served = Served::start();
    let browser = Chromium::open(&served.base, 320, "zh-CN").await;
    browser.without_script().await;
    browser.sign_in("department").await;
    browser.go("/review").await;
    browser.click("button[value=accepted]").await;
    assert!(browser.text().await.contains("已通过"), "{}", browser.text().await);
    browser.go("/urge").await;
    browser.click("button[name=which][value=overdue]").await;
    assert!(browser.has(".said").await, "{}", browser.text().await);
    browser.go("/plans/2").await;
    browser.click("a[href*='/tasks/new']").await;
    browser.type_in("#title", "没有脚本也能加的任务").await;
    browser.type_in("#responsible", "各党支部").await;
    browser.type_in("#deadline", "12月20日").await;
    browser.type_in("#reason", "试用").await;
    browser.click("button[name=_preview]").await;
    assert!(browser.find(".shown").await.text().await.unwrap().contains("12月20日"));
    browser.click(".formend .btn-main").await;
    assert!(browser.text().await.contains("没有脚本也能加的任务"), "{}", browser.text().await);
    browser.go("/account").await;
    browser.click("form[action='/sign-out'] button").await;
    browser.sign_in("leader").await;
    browser.click(".ask button[value=approved]").await;
    assert!(!browser.has(".errsum").await, "{}", browser.text().await);
    browser.close().await;
}
