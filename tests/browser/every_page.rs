//! What every page is held to: no violation that axe-core finds, in each theme and language; valid HTML; no request
//! that leaves the server's own origin; nothing that runs out of a narrow window; less than 100 KB on the wire.
//!
//! With `DUBAN_EVERY_PAGE=full` every page as every role, in every theme and language.

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

/// Opens a page; whether it is there for who looks.
async fn open(browser: &Chromium, page: &Page) -> bool {
    browser.go(page.path).await;
    let Some(link) = page.link else { return true };
    if !browser.has(link).await {
        return false;
    }
    let href = browser.find(link).await.attr("href").await.unwrap().unwrap();
    browser.go(&href).await;
    true
}

/// A page, who looks at it, and whether it was made for them.
#[derive(Clone, Copy)]
struct Sight {
    page: &'static Page,
    who: Option<&'static str>,
    own: bool,
}

/// What is looked at: each page by whom it is for; or each by everybody.
fn sights(full: bool) -> Vec<Sight> {
    let own = |page| Sight { page, who: page.who, own: true };
    if !full {
        return PAGES.iter().map(own).collect();
    }
    let mut roles: Vec<_> = PAGES.iter().map(|page| page.who).collect();
    roles.dedup();
    let all = roles.into_iter().flat_map(|who| PAGES.iter().map(move |page| (who, page)));
    let fitting = all.filter(|(who, page)| who.is_none() == page.who.is_none());
    fitting.map(|(who, page)| Sight { page, who, own: page.who == who }).collect()
}

/// What is wrong with the page that is open.
async fn faults(browser: &Chromium, axe: &str, own: bool) -> Vec<String> {
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
    let is_refused = !own && [403, 404].contains(&status.as_i64().unwrap());
    if status != 200 && !is_refused && !browser.path().await.ends_with("/nowhere") {
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

/// Opens every page, in a theme and a language; gives their names with their sources, and what was wrong.
async fn look(served: &Served, scheme: &str, language: &str, sights: &[Sight]) -> (Vec<(String, String)>, Vec<String>) {
    let (axe, mut sources, mut wrong) = (axe(), vec![], vec![]);
    let browser = Chromium::open(&served.base, 1440, language).await;
    browser.prefer(scheme).await;
    let mut signed_in = None;
    for &Sight { page, who, own } in sights {
        if who != signed_in {
            if let Some(who) = who {
                if signed_in.is_some() {
                    browser.go("/account").await;
                    browser.click("form[action='/sign-out'] button").await;
                }
                browser.sign_in(who).await;
            }
            signed_in = who;
        }
        if !open(&browser, page).await {
            assert!(!own, "{}: {:?} is not there", page.path, page.link);
            continue;
        }
        let named = format!("{} as {} ({scheme}, {language})", page.path, who.unwrap_or("nobody"));
        let shown = browser.ask("return document.documentElement.lang").await;
        assert_eq!(shown, Value::from(language), "{named}");
        wrong.extend(faults(&browser, &axe, own).await.into_iter().map(|fault| format!("{named}: {fault}")));
        let source = "const done = arguments[0]; fetch(location.href).then(r => r.text()).then(done)";
        let name = format!("{}{}{}", who.unwrap_or("nobody"), page.path, page.link.map_or("", |_| "_linked"));
        sources.push((name, browser.ask_later(source).await.as_str().unwrap().to_owned()));
    }
    browser.close().await;
    (sources, wrong)
}

#[actix_web::test]
async fn every_page_is_sound_in_each_theme_and_each_language() {
    let full = std::env::var("DUBAN_EVERY_PAGE").is_ok_and(|size| size == "full");
    let served = Served::start();
    let sights = sights(full);
    let mut ways = vec![("light", "zh-CN"), ("dark", "en")];
    if full {
        ways.extend([("dark", "zh-CN"), ("light", "en")]);
    }
    let mut looks = 0;
    for (scheme, language) in ways {
        let (sources, wrong) = look(&served, scheme, language, &sights).await;
        assert!(wrong.is_empty(), "{wrong:#?}");
        looks += sources.len();
        validate(&sources);
    }
    println!("{looks} looks at {} pages, 0 violations", PAGES.len());
}

/// Every source is valid HTML.
fn validate(sources: &[(String, String)]) {
    assert!(!sources.is_empty());
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy("tests/browser/.htmlvalidate.json", folder.path().join(".htmlvalidate.json")).unwrap();
    for (name, source) in sources {
        let name: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        std::fs::write(folder.path().join(format!("{name}.html")), source).unwrap();
    }
    let mut run = Command::new("node");
    run.arg(modules("html-validate/bin/html-validate.mjs")).arg("--formatter=text");
    let answer = run.arg(".").current_dir(folder.path()).output().expect("node: install the Debian package nodejs");
    let succeeded = answer.status.success();
    let said = [answer.stdout, answer.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    assert!(succeeded, "{said}");
}
