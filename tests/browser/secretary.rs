//! What a secretary does: from the sign-in to a saved report in three clicks, on a desk and on a phone, without script,
//! and by keyboard alone.

use serde_json::json;
use thirtyfour::prelude::Key;

use crate::driver::Chromium;
use crate::served::Served;

/// A branch of the demo with several things to report.
const WHO: &str = "secretary-6";
const DONE: &str = "9月29日晚在三楼会议室开展，应到14人，实到13人，请假1人。";

/// Signs in, opens the first thing to do, says what was done, signs.
async fn report(browser: &Chromium) {
    browser.sign_in(WHO).await;
    assert_eq!(browser.path().await, "/todo");
    browser.click("main .row .do a[href^='/report?']").await;
    browser.type_in("#text", DONE).await;
    browser.click(".formend button[value=sign]").await;
    assert_eq!(browser.path().await, "/todo?said=reported");
    assert!(browser.text().await.contains("已签署填报"), "{}", browser.text().await);
}

#[actix_web::test]
async fn three_clicks_lead_from_the_sign_in_to_a_saved_report() {
    let served = Served::start();
    let browser = Chromium::open(&served.base, 1440, "zh-CN").await;
    report(&browser).await;
    assert_eq!(browser.clicks(), 3);
    // On a phone, 320 px wide, and without any script.
    browser.click("form[action='/sign-out'] button").await;
    browser.resize(320).await;
    browser.without_script().await;
    browser.forget_clicks();
    report(&browser).await;
    assert_eq!(browser.clicks(), 3);
    browser.close().await;
}

#[actix_web::test]
async fn a_report_is_made_by_keyboard_alone_and_its_faults_are_told() {
    let served = Served::start();
    let browser = Chromium::open(&served.base, 1440, "zh-CN").await;
    browser.go("/sign-in").await;
    browser.type_here(WHO).await;
    browser.press(Key::Tab).await;
    browser.type_here(duban::demo::PASSWORD).await;
    browser.press(Key::Enter).await;
    assert_eq!(browser.path().await, "/todo");
    browser.tab_to("main .row .do a[href^='/report?']").await;
    browser.press(Key::Enter).await;
    // Nothing typed: what is to be mended has the focus, and leads to the field.
    browser.tab_to(".formend button[value=sign]").await;
    browser.press(Key::Enter).await;
    assert_eq!(browser.ask("return document.activeElement.className").await, json!("errsum"));
    browser.tab_to(".errsum a[href='#text']").await;
    browser.press(Key::Enter).await;
    browser.tab_to("#text").await;
    browser.type_here(DONE).await;
    browser.tab_to(".formend button[value=sign]").await;
    browser.press(Key::Enter).await;
    assert_eq!(browser.path().await, "/todo?said=reported");
    browser.close().await;
}

#[actix_web::test]
async fn evidence_is_added_taken_off_and_kept_when_something_is_refused() {
    let served = Served::start();
    let folder = tempfile::tempdir().unwrap();
    let (list, marked) = (folder.path().join("签到表.txt"), folder.path().join("会议纪要（机密）.txt"));
    std::fs::write(&list, "应到14人，实到13人").unwrap();
    std::fs::write(&marked, "会议纪要").unwrap();
    let browser = Chromium::open(&served.base, 768, "zh-CN").await;
    browser.sign_in(WHO).await;
    browser.click("main .row .do a[href^='/report?']").await;
    browser.type_in("#text", DONE).await;
    browser.choose_file("#files", &list).await;
    browser.choose_file("#files", &marked).await;
    browser.click(".formend button[value=sign]").await;
    let text = browser.text().await;
    assert!(text.contains("「会议纪要（机密）.txt」没有上传"), "{text}");
    assert!(text.contains("签到表.txt"), "{text}");
    assert_eq!(browser.find("#text").await.prop("value").await.unwrap().unwrap(), DONE);
    browser.click(".files button[name=drop]").await;
    assert!(!browser.text().await.contains("签到表.txt"));
    browser.click(".formend button[value=draft]").await;
    assert!(browser.path().await.ends_with("said=draft_saved"), "{}", browser.path().await);
    assert_eq!(browser.find("#text").await.prop("value").await.unwrap().unwrap(), DONE);
    browser.close().await;
}
