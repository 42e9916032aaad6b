//! What every page is held to: no violation that axe-core finds, in each theme and language; valid HTML; no request
//! that leaves the server's own origin; nothing that runs out of a narrow window; less than 100 KB on the wire.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::driver::Chromium;
use crate::pages::{PAGES, Page};
use crate::served::Served;

/// Bytes of a page at most, compressed.
const LARGEST: i64 = 100_000;
/// Widths at which nothing may overflow.
const WIDTHS: [u32; 3] = [320, 768, 1440];

fn modules(file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/node_modules").join(file)
}

fn axe() -> String {
    let file = modules("axe-core/axe.min.js");
    std::fs::read_to_string(&file).unwrap_or_else(|_| panic!("{} is missing: npm ci in tests/browser", file.display()))
}

async fn open(browser: &Chromium, page: &Page) {
    browser.go(page.path).await;
    if let Some(link) = page.link {
        let href = browser.find(link).await.attr("href").await.unwrap().unwrap();
        browser.go(&href).await;
    }
}

/// What is wrong with the page that is open.
async fn faults(browser: &Chromium, axe: &str) -> Vec<String> {
    let mut faults = vec![];
    let run = "const done = arguments[0]; axe.run(document, {resultTypes: ['violations']}).then(r => done(
        r.violations.map(v => v.id + ': ' + v.help + ' @ ' + v.nodes.map(n => n.target.join(' ')).join(' | '))))";
    let found = browser.ask_later(&format!("{axe};{run}")).await;
    faults.extend(found.as_array().unwrap().iter().map(|fault| format!("axe {fault}")));
    let foreign = "return performance.getEntriesByType('resource').map(e => e.name)
        .filter(name => !name.startsWith(location.origin + '/') && !name.startsWith('data:'))";
    let foreign = browser.ask(foreign).await;
    faults.extend(foreign.as_array().unwrap().iter().map(|name| format!("asks elsewhere: {name}")));
    let size = browser.ask("return performance.getEntriesByType('navigation')[0].encodedBodySize").await;
    let status = browser.ask("return performance.getEntriesByType('navigation')[0].responseStatus").await;
    if status != 200 && !browser.path().await.ends_with("/nowhere") {
        faults.push(format!("status {status}"));
    }
    if size.as_i64().unwrap() > LARGEST {
        faults.push(format!("{size} bytes"));
    }
    for width in WIDTHS {
        browser.resize(width).await;
        // What may be scrolled by itself may be wider than the window; nothing else may.
        let wide = "const limit = document.documentElement.clientWidth + 1;
            if (document.documentElement.scrollWidth <= limit) return [];
            return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > limit
                && !e.closest('.scroll') && !e.closest('.vh')).slice(0, 5).map(e => e.outerHTML.slice(0, 120))";
        let wide = browser.ask(wide).await;
        faults.extend(wide.as_array().unwrap().iter().map(|element| format!("{width} px: {element}")));
    }
    browser.resize(1440).await;
    faults
}

/// Opens every page, in a theme and a language; gives their sources and what was wrong.
async fn look(served: &Served, scheme: &str, language: &str) -> (Vec<String>, Vec<String>) {
    let (axe, mut sources, mut wrong) = (axe(), vec![], vec![]);
    let browser = Chromium::open(&served.base, 1440, language).await;
    browser.prefer(scheme).await;
    let mut signed_in = None;
    for page in PAGES {
        if page.who != signed_in {
            if let Some(who) = page.who {
                if signed_in.is_some() {
                    browser.go("/account").await;
                    browser.click("form[action='/sign-out'] button").await;
                }
                browser.sign_in(who).await;
            }
            signed_in = page.who;
        }
        open(&browser, page).await;
        let named = format!("{} as {} ({scheme}, {language})", page.path, page.who.unwrap_or("nobody"));
        let shown = browser.ask("return document.documentElement.lang").await;
        assert_eq!(shown, Value::from(language), "{named}");
        wrong.extend(faults(&browser, &axe).await.into_iter().map(|fault| format!("{named}: {fault}")));
        let source = "const done = arguments[0]; fetch(location.href).then(r => r.text()).then(done)";
        sources.push(browser.ask_later(source).await.as_str().unwrap().to_owned());
    }
    browser.close().await;
    (sources, wrong)
}

#[actix_web::test]
async fn every_page_is_sound_in_each_theme_and_each_language() {
    let served = Served::start();
    for (scheme, language) in [("light", "zh-CN"), ("dark", "en")] {
        let (sources, wrong) = look(&served, scheme, language).await;
        assert!(wrong.is_empty(), "{wrong:#?}");
        validate(&sources);
    }
}

/// Every source is valid HTML.
fn validate(sources: &[String]) {
    assert!(!sources.is_empty());
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy("tests/browser/.htmlvalidate.json", folder.path().join(".htmlvalidate.json")).unwrap();
    for (source, page) in sources.iter().zip(PAGES) {
        let name: String = page.path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let who = page.who.unwrap_or("nobody");
        let linked = if page.link.is_some() { "_linked" } else { "" };
        std::fs::write(folder.path().join(format!("{who}{name}{linked}.html")), source).unwrap();
    }
    let mut run = Command::new("node");
    run.arg(modules("html-validate/bin/html-validate.mjs")).arg("--formatter=text");
    let answer = run.arg(".").current_dir(folder.path()).output().expect("node: install the Debian package nodejs");
    let succeeded = answer.status.success();
    let said = [answer.stdout, answer.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    assert!(succeeded, "{said}");
}
