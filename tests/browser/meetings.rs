//! A meeting on its pages: agenda, who came, what was decided, minutes signed by the leader, a bulletin released.

use crate::driver::Chromium;
use crate::served::Served;

/// Leaves, and comes back as somebody else.
async fn now_as(browser: &Chromium, who: &str) {
    browser.go("/account").await;
    browser.click("form[action='/sign-out'] button").await;
    browser.sign_in(who).await;
}

/// Puts a value where one chooses from a list or a calendar.
async fn choose(browser: &Chromium, field: &str, value: &str) {
    browser.ask(&format!("document.getElementById({field:?}).value = {value:?}")).await;
}

async fn send(browser: &Chromium) {
    browser.click(".formend .btn-main").await;
    assert!(!browser.has(".errsum").await, "{}", browser.text().await);
}

#[actix_web::test]
async fn a_meeting_goes_from_its_agenda_to_a_released_bulletin() {
    let served = Served::start();
    let browser = Chromium::open(&served.base, 1440, "zh-CN").await;
    browser.sign_in("department").await;
    browser.go("/meetings/new").await;
    let committee =
        "return [...document.querySelectorAll('#unit_id option')].find(o => o.textContent.includes('党委')).value";
    let committee = browser.ask(committee).await.as_str().unwrap().to_owned();
    choose(&browser, "unit_id", &committee).await;
    choose(&browser, "kind", "promotion_meeting").await;
    browser.type_in("#title", "三季度推进会").await;
    choose(&browser, "called_for", "2020-09-30").await;
    send(&browser).await;
    let home = browser.path().await.split('?').next().unwrap().to_owned();
    browser.click("a[href$='/agenda/new']").await;
    browser.type_in("#title", "研究逾期任务").await;
    choose(&browser, "about", "plan:2").await;
    send(&browser).await;
    assert!(browser.find("#agenda").await.text().await.unwrap().contains("2020年党建工作计划"));
    browser.go(&format!("{home}/attendance")).await;
    browser.type_in("#items-0-person", "第一党支部书记").await;
    choose(&browser, "items-0-status", "present").await;
    send(&browser).await;
    browser.go(&format!("{home}/hold")).await;
    send(&browser).await;
    browser.go(&format!("{home}/decisions/new")).await;
    choose(&browser, "kind", "deployment").await;
    browser.type_in("#text", "第六党支部10月底前补齐台账。").await;
    choose(&browser, "due_on", "2020-10-31").await;
    send(&browser).await;
    browser.go(&format!("{home}/minutes")).await;
    browser.type_in("#text", "会议研究了逾期任务，部署补齐台账。").await;
    send(&browser).await;
    now_as(&browser, "leader").await;
    browser.go(&format!("{home}/minutes/sign")).await;
    send(&browser).await;
    now_as(&browser, "department").await;
    browser.go(&format!("{home}/bulletin")).await;
    send(&browser).await;
    let bulletin = browser.path().await.split('?').next().unwrap().to_owned();
    assert!(browser.text().await.contains("补齐台账"), "{}", browser.text().await);
    now_as(&browser, "leader").await;
    browser.go(&format!("{bulletin}/approve")).await;
    send(&browser).await;
    now_as(&browser, "department").await;
    browser.go(&format!("{bulletin}/release")).await;
    send(&browser).await;
    assert!(browser.text().await.contains("2020年9月30日发布"), "{}", browser.text().await);
    browser.close().await;
}
