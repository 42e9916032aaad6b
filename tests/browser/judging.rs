//! What a department and a leader do: reviewing by keyboard, urging, deciding, and reading an earlier day.

use serde_json::json;
use thirtyfour::prelude::Key;

use crate::driver::Chromium;
use crate::served::Served;

#[actix_web::test]
async fn a_department_reviews_by_keyboard_and_urges() {
    let served = Served::start();
    let browser = Chromium::open(&served.base, 1440, "zh-CN").await;
    browser.sign_in("department").await;
    browser.go("/review").await;
    // Where in the queue the report is that is shown.
    let place =
        "return [...document.querySelectorAll('.queue li')].findIndex(li => li.querySelector('[aria-current]'))";
    assert_eq!(browser.ask(place).await, json!(0));
    let waiting = browser.ask("return document.querySelectorAll('.queue li').length").await.as_i64().unwrap();
    assert!(waiting >= 2, "{waiting}");
    // On to the next and back.
    browser.leave(browser.type_here("j")).await;
    let next = browser.ask(place).await.as_i64().unwrap();
    // A key that leads to a page while the machine is busy may arrive there once more.
    assert!(next >= 1, "{next}");
    browser.leave(browser.type_here("k")).await;
    assert!(browser.ask(place).await.as_i64().unwrap() < next);
    let first = browser.ask("return document.querySelector('input[name=report]').value").await;
    // The reason has the focus, and there a letter is a letter.
    browser.type_here("r").await;
    assert_eq!(browser.ask("return document.activeElement.id").await, json!("comment"));
    browser.type_here("a").await;
    assert_eq!(browser.find("#comment").await.prop("value").await.unwrap().unwrap(), "a");
    browser.type_in("#comment", "缺签到表，请补附。").await;
    browser.tab_to("button[value=returned]").await;
    browser.press(Key::Enter).await;
    assert!(browser.text().await.contains("已退回"), "{}", browser.text().await);
    assert_ne!(browser.ask("return document.querySelector('input[name=report]').value").await, first);
    browser.leave(browser.type_here("a")).await;
    assert!(browser.text().await.contains("已通过"), "{}", browser.text().await);
    // Everybody is urged with one button.
    browser.go("/year").await;
    browser.click("main a.btn-main[href='/urge']").await;
    browser.click("button[name=which][value=overdue]").await;
    assert!(browser.text().await.contains("已催办"), "{}", browser.text().await);
    let text = browser.find("#chat").await.prop("value").await.unwrap().unwrap();
    assert!(text.contains(&format!("{}/todo", served.base)), "{text}");
    browser.close().await;
}

#[actix_web::test]
async fn a_leader_decides_and_reads_an_earlier_day() {
    let served = Served::start();
    let browser = Chromium::open(&served.base, 768, "zh-CN").await;
    browser.sign_in("leader").await;
    assert_eq!(browser.path().await, "/leader");
    let asked = browser.ask("return document.querySelectorAll('.ask').length").await.as_i64().unwrap();
    assert!(asked >= 1, "{}", browser.text().await);
    // The two answers are of equal weight.
    let same = "const [a, b] = document.querySelectorAll('.ask button'); return a.className === b.className";
    assert_eq!(browser.ask(same).await, json!(true));
    browser.click(".ask button[value=refused]").await;
    assert!(browser.has(".errsum").await, "a refusal needs its words");
    browser.click(".ask button[value=approved]").await;
    let left = browser.ask("return document.querySelectorAll('.ask').length").await.as_i64().unwrap();
    assert_eq!(left, asked - 1);
    let now = browser.find("h1").await.text().await.unwrap();
    browser.ask("document.getElementById('as-of').value = '2020-03-31'").await;
    browser.click("form.bar button").await;
    assert!(browser.path().await.contains("as_of=2020-03-31"), "{}", browser.path().await);
    assert!(browser.find(".kicker").await.text().await.unwrap().contains("2020-03-31"));
    assert_ne!(browser.find("h1").await.text().await.unwrap(), now);
    browser.close().await;
}
