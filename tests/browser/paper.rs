//! Sheets on paper: A4 in the way they lie, headings repeated, no row cut, unit and day on them without help of the browser.

use serde_json::json;

use crate::driver::Chromium;
use crate::served::Served;

/// What lies upright and what lies across: the pages, and whether the paper is higher than wide.
const PAPERS: &[(&str, bool)] = &[
    ("/task-list", false),
    ("/plans/2/responsibility-sheet", false),
    ("/month", true),
    ("/meetings/2/attendance-sheet", true),
    ("/meetings/2/minutes-sheet", true),
    ("/bulletins/2/sheet", true),
];

#[actix_web::test]
async fn what_is_for_paper_prints_on_a4_with_its_heading_on_every_page() {
    let served = Served::start();
    let browser = Chromium::open(&served.base, 1440, "zh-CN").await;
    browser.sign_in("department").await;
    for (path, upright) in PAPERS {
        browser.go(path).await;
        let pages = browser.paper().await;
        assert!(!pages.is_empty(), "{path}");
        for (width, height) in &pages {
            let a4 = if *upright { (595, 842) } else { (842, 595) };
            assert!((width - a4.0).abs() <= 2 && (height - a4.1).abs() <= 2, "{path}: {width}×{height}");
        }
        browser.medium("print").await;
        let heads = "return [...document.querySelectorAll('main thead')].every(e => getComputedStyle(e).display === 'table-header-group')
            && [...document.querySelectorAll('main tbody tr')].every(e => getComputedStyle(e).breakInside === 'avoid')";
        assert_eq!(browser.ask(heads).await, json!(true), "{path}");
        let left = "return [...document.querySelectorAll('.mast, .foot, .no-print, .btn')].filter(e => getComputedStyle(e).display !== 'none').length";
        assert_eq!(browser.ask(left).await, json!(0), "{path}");
        browser.medium("").await;
    }
    browser.close().await;
}
