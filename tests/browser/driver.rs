//! A Chromium with its driver, and what a person does with it. Every action fails with its own words.

use std::io::{BufRead, BufReader, Read, Write};
use std::mem::ManuallyDrop;
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use thirtyfour::prelude::*;

/// The password of every account of the demo.
const PASSWORD: &str = duban::demo::PASSWORD;

/// Between two looks whether a page is gone.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(100);

/// One browser at a time: each needs a core.
static ONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// A browser. It and its driver end with it.
pub struct Chromium {
    /// Not ended when a test fails: that would wait for an answer on the thread that waits. Its process is ended.
    driver: ManuallyDrop<WebDriver>,
    base: String,
    /// Clicks and presses of Enter so far.
    clicks: std::cell::Cell<u32>,
    _process: Process,
    _alone: tokio::sync::MutexGuard<'static, ()>,
}

/// The driver's process, with a folder for what the browser leaves in a home.
struct Process {
    child: Child,
    address: String,
    _home: tempfile::TempDir,
}

impl Drop for Process {
    fn drop(&mut self) {
        // Asked to stop it ends its browsers too; killed it would leave them running.
        if let Ok(mut stream) = TcpStream::connect(&self.address) {
            let asked = stream.write_all(b"GET /shutdown HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            let _ = asked.and_then(|()| stream.read_to_end(&mut vec![]));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts the driver on a free port of its choice.
fn start_driver() -> Process {
    let home = tempfile::tempdir().unwrap();
    let mut start = Command::new("chromedriver");
    start.arg("--port=0").env("XDG_CONFIG_HOME", home.path()).env("XDG_CACHE_HOME", home.path());
    let child = start.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = child.expect("chromedriver: install the Debian package chromium-driver");
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let port = lines.map_while(Result::ok).find_map(|line| {
        let port = line.split("started successfully on port ").nth(1)?.trim_end_matches('.').to_owned();
        port.parse::<u16>().ok()
    });
    let address = format!("127.0.0.1:{}", port.expect("chromedriver did not say its port"));
    Process { child, address, _home: home }
}

/// Whether a click on it asks the server for a page: a link elsewhere, a button that sends its form.
async fn leads_on(element: &WebElement) -> bool {
    match element.tag_name().await.unwrap().as_str() {
        "a" => element.attr("href").await.unwrap().is_some_and(|href| !href.starts_with('#')),
        "button" => element.attr("type").await.unwrap().is_none_or(|kind| kind == "submit"),
        _ => false,
    }
}

impl Chromium {
    /// A browser that looks at `base`, with a window of this width, in this language (`zh-CN`, `en`).
    pub async fn open(base: &str, width: u32, language: &str) -> Chromium {
        let alone = ONE.lock().await;
        let process = start_driver();
        let mut wanted = DesiredCapabilities::chrome();
        for argument in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
        ] {
            wanted.add_arg(argument).unwrap();
        }
        wanted.add_arg(&format!("--lang={language}")).unwrap();
        wanted.add_experimental_option("prefs", json!({"intl.accept_languages": language})).unwrap();
        let driver = WebDriver::new(format!("http://{}", process.address), wanted).await.unwrap();
        let browser = Chromium {
            driver: ManuallyDrop::new(driver),
            base: base.to_owned(),
            clicks: 0.into(),
            _process: process,
            _alone: alone,
        };
        browser.resize(width).await;
        browser
    }

    /// Ends the session; the driver ends with the value.
    pub async fn close(self) {
        ManuallyDrop::into_inner(self.driver).quit().await.unwrap();
    }

    async fn tell(&self, command: &str, parameters: Value) {
        self.driver.cdp().send_raw(command, parameters).await.unwrap();
    }

    /// Gives the window another width, as narrow as a phone's.
    pub async fn resize(&self, width: u32) {
        let metrics = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.tell("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Prefers light or dark.
    pub async fn prefer(&self, scheme: &str) {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.tell("Emulation.setEmulatedMedia", features).await;
    }

    /// Shows pages as they print, or with an empty name as they are on the screen.
    pub async fn medium(&self, medium: &str) {
        self.tell("Emulation.setEmulatedMedia", json!({"media": medium})).await;
    }

    /// The page on paper: width and height of each sheet in points.
    pub async fn paper(&self) -> Vec<(i64, i64)> {
        let wanted = json!({"preferCSSPageSize": true, "printBackground": false});
        let printed = self.driver.cdp().send_raw("Page.printToPDF", wanted).await.unwrap();
        let bytes = STANDARD.decode(printed["data"].as_str().unwrap()).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let size = |after: &str| {
            let numbers: Vec<f64> =
                after.split(']').next().unwrap().split_whitespace().filter_map(|number| number.parse().ok()).collect();
            (numbers[2].round() as i64, numbers[3].round() as i64)
        };
        text.split("/MediaBox [").skip(1).map(size).collect()
    }

    /// Runs no script of any page from now on.
    pub async fn without_script(&self) {
        self.tell("Emulation.setScriptExecutionDisabled", json!({"value": true})).await;
    }

    /// Opens a page.
    pub async fn go(&self, path: &str) {
        self.driver.goto(format!("{}{path}", self.base)).await.unwrap();
    }

    /// Where one is, without the server's name.
    pub async fn path(&self) -> String {
        self.driver.current_url().await.unwrap().as_str().strip_prefix(&self.base).unwrap().to_owned()
    }

    /// The element, or a failure that shows the page.
    pub async fn find(&self, css: &str) -> WebElement {
        match self.driver.find(By::Css(css)).await {
            Ok(found) => found,
            Err(_) => panic!("no {css} at {}: {}", self.path().await, self.text().await),
        }
    }

    pub async fn has(&self, css: &str) -> bool {
        self.driver.find(By::Css(css)).await.is_ok()
    }

    /// What the page says.
    pub async fn text(&self) -> String {
        self.driver.find(By::Css("body")).await.unwrap().text().await.unwrap()
    }

    #[track_caller]
    pub fn clicks(&self) -> u32 {
        self.clicks.get()
    }

    pub fn forget_clicks(&self) {
        self.clicks.set(0);
    }

    /// Clicks, and counts it; what leads to a page is waited for.
    pub async fn click(&self, css: &str) {
        self.clicks.set(self.clicks.get() + 1);
        let element = self.find(css).await;
        element.scroll_into_view().await.unwrap();
        if leads_on(&element).await {
            self.leave(async { element.click().await.unwrap() }).await;
        } else {
            element.click().await.unwrap();
        }
    }

    /// Does what leads to another page, and waits until this one is gone. The next question waits for the new page.
    pub async fn leave(&self, act: impl Future<Output = ()>) {
        let page = self.find("html").await;
        act.await;
        for _ in 0..200 {
            if page.tag_name().await.is_err() {
                return;
            }
            actix_web::rt::time::sleep(PAUSE).await;
        }
        panic!("still at {}: {}", self.path().await, self.text().await);
    }

    /// Types into a field.
    pub async fn type_in(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Gives a file to a field.
    pub async fn choose_file(&self, css: &str, path: &std::path::Path) {
        self.find(css).await.send_keys(path.to_str().unwrap()).await.unwrap();
    }

    /// Presses a key where the focus is; Enter where it leads to a page waits for that.
    pub async fn press(&self, key: Key) {
        let press = async { self.driver.action_chain().send_keys(key.clone() + "").perform().await.unwrap() };
        let here = self.driver.active_element().await.unwrap();
        let text = here.tag_name().await.unwrap() == "input";
        if matches!(key, Key::Enter) && (text || leads_on(&here).await) {
            self.leave(press).await;
        } else {
            press.await;
        }
    }

    /// Types where the focus is.
    pub async fn type_here(&self, text: &str) {
        self.driver.action_chain().send_keys(text).perform().await.unwrap();
    }

    /// Presses Tab until the focus stands on what `css` names.
    pub async fn tab_to(&self, css: &str) {
        for _ in 0..80 {
            self.press(Key::Tab).await;
            let here = format!("return document.activeElement !== null && document.activeElement.matches({css:?})");
            if self.ask(&here).await == json!(true) {
                return;
            }
        }
        panic!("{css} is not reached by Tab at {}", self.path().await);
    }

    /// What a script says of the page.
    pub async fn ask(&self, script: &str) -> Value {
        self.driver.execute(script, vec![]).await.unwrap().json().clone()
    }

    /// The same of one that takes its time; it hands its answer to `arguments[0]`.
    pub async fn ask_later(&self, script: &str) -> Value {
        self.driver.execute_async(script, vec![]).await.unwrap().json().clone()
    }

    /// Signs an account of the demo in.
    pub async fn sign_in(&self, username: &str) {
        self.go("/sign-in").await;
        self.type_in("#username", username).await;
        self.type_in("#password", PASSWORD).await;
        self.click("main button[type=submit]").await;
    }
}
