//! A browser without script, as far as the console is concerned: it keeps cookies, follows a redirect and sends forms.

use std::collections::BTreeMap;

use super::{PASSWORD, TestApp};

/// Somebody at the console.
#[derive(Clone)]
pub struct Browser {
    base: String,
    client: reqwest::Client,
    cookies: BTreeMap<String, String>,
    language: &'static str,
}

/// A page as it came.
#[derive(Debug, Clone)]
pub struct Shown {
    pub status: u16,
    pub text: String,
    pub headers: reqwest::header::HeaderMap,
    /// Where it was in the end.
    pub path: String,
}

impl Browser {
    pub fn new(app: &TestApp) -> Browser {
        Browser { base: app.base.clone(), client: super::client(), cookies: BTreeMap::new(), language: "zh-CN" }
    }

    /// Signed in with the password of the tests.
    pub async fn signed_in(app: &TestApp, username: &str) -> Browser {
        let mut browser = Browser::new(app);
        let shown = browser.send("/sign-in", &[("username", username), ("password", PASSWORD)]).await;
        assert_eq!(shown.status, 200, "{}", shown.text);
        assert!(browser.cookies.contains_key("duban"), "{}", shown.text);
        browser
    }

    pub fn speaking(mut self, language: &'static str) -> Browser {
        self.language = language;
        self
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.client.request(method.parse().unwrap(), format!("{}{path}", self.base));
        let request = request.header("accept", "text/html").header("accept-language", self.language);
        if cookies.is_empty() { request } else { request.header("cookie", cookies.join("; ")) }
    }

    async fn receive(&mut self, request: reqwest::RequestBuilder, path: &str) -> Shown {
        let response = request.send().await.unwrap();
        for cookie in response.headers().get_all("set-cookie") {
            let text = cookie.to_str().unwrap();
            let (name, rest) = text.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if text.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Shown { status, text: response.text().await.unwrap(), headers, path: path.to_owned() }
    }

    /// Opens a page, through redirects.
    pub async fn open(&mut self, path: &str) -> Shown {
        let mut shown = self.open_once(path).await;
        while let Some(next) = shown.leads_to() {
            shown = self.open_once(&next).await;
        }
        shown
    }

    /// Opens a page and follows nothing.
    pub async fn open_once(&mut self, path: &str) -> Shown {
        let request = self.request("GET", path);
        self.receive(request, path).await
    }

    /// Sends a form as it stands, and opens where it leads.
    pub async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Shown {
        let shown = self.send_once(path, fields, "same-origin").await;
        match shown.leads_to() {
            Some(next) => self.open(&next).await,
            None => shown,
        }
    }

    /// Sends a form, saying where from, and follows nothing.
    pub async fn send_once(&mut self, path: &str, fields: &[(&str, &str)], site: &str) -> Shown {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        let request = self.request("POST", path).header("sec-fetch-site", site);
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(body.finish());
        self.receive(request, path).await
    }

    /// Sends a form with the token of the page it stands on.
    pub async fn submit(&mut self, page: &Shown, path: &str, fields: &[(&str, &str)]) -> Shown {
        let token = page.token();
        let fields: Vec<_> = [("_csrf", token.as_str())].into_iter().chain(fields.iter().copied()).collect();
        self.send(path, &fields).await
    }

    /// Sends a form with files.
    pub async fn upload(&mut self, path: &str, form: reqwest::multipart::Form) -> Shown {
        let request = self.request("POST", path).header("sec-fetch-site", "same-origin").multipart(form);
        let shown = self.receive(request, path).await;
        match shown.leads_to() {
            Some(next) => self.open(&next).await,
            None => shown,
        }
    }
}

impl Shown {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn leads_to(&self) -> Option<String> {
        (300..400).contains(&self.status).then(|| self.header("location").to_owned())
    }

    /// The token that the forms of the page carry.
    pub fn token(&self) -> String {
        self.value("_csrf").unwrap_or_else(|| panic!("{} has no token: {}", self.path, self.text))
    }

    /// The value of a field of the page, as HTML has it.
    pub fn value(&self, name: &str) -> Option<String> {
        let (_, after) = self.text.split_once(&format!("name=\"{name}\" value=\""))?;
        Some(after.split('"').next().unwrap().to_owned())
    }

    #[track_caller]
    pub fn says(&self, words: &str) -> &Shown {
        assert!(self.text.contains(words), "{} does not say {words:?}: {}", self.path, self.text);
        self
    }

    #[track_caller]
    pub fn says_nothing_of(&self, words: &str) -> &Shown {
        assert!(!self.text.contains(words), "{} says {words:?}", self.path);
        self
    }

    #[track_caller]
    pub fn is(&self, status: u16) -> &Shown {
        assert_eq!(self.status, status, "{}: {}", self.path, self.text);
        self
    }
}
