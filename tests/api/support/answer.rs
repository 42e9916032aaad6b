//! An answer, and what a test says of it.

use serde_json::Value;

#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    /// The body; what is no text has replacement characters.
    pub text: String,
    pub bytes: Vec<u8>,
    /// The body as JSON; null when it is none.
    pub body: Value,
    headers: reqwest::header::HeaderMap,
    asked: String,
}

impl Answer {
    pub async fn of(response: reqwest::Response, asked: String) -> Answer {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap().to_vec();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status, text, bytes, body, headers, asked }
    }

    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    pub fn etag(&self) -> String {
        self.header("etag")
    }

    /// The item of a 200.
    #[track_caller]
    pub fn ok(self) -> Value {
        self.is(200)
    }

    /// The item of a 201, which has an address and a version.
    #[track_caller]
    pub fn created(self) -> Value {
        assert!(self.status != 201 || !self.header("location").is_empty(), "{}: no Location", self.asked);
        assert!(self.status != 201 || !self.etag().is_empty(), "{}: no ETag", self.asked);
        self.is(201)
    }

    /// The rows of a list.
    #[track_caller]
    pub fn items(self) -> Vec<Value> {
        self.ok()["items"].as_array().unwrap().clone()
    }

    #[track_caller]
    pub fn is(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text);
        self.body
    }

    /// The rows of a table that was answered as CSV or XLSX, the header first; of a workbook those of its first sheet.
    #[track_caller]
    pub fn table(self) -> Vec<Vec<String>> {
        self.sheets().remove(0).1
    }

    /// The sheets of a workbook that was answered, by name; of CSV one.
    #[track_caller]
    pub fn sheets(self) -> Vec<(String, Vec<Vec<String>>)> {
        assert_eq!(self.status, 200, "{}: {}", self.asked, self.text);
        let book = duban::platform::sheet::read::read(&self.bytes, "table").unwrap();
        let rows = |grid: &duban::platform::sheet::Grid| {
            let line = |line: &duban::platform::sheet::Line| line.cells.iter().map(|cell| cell.text.clone()).collect();
            grid.lines.iter().map(line).collect()
        };
        book.sheets.iter().map(|grid| (grid.name.clone(), rows(grid))).collect()
    }

    /// A refusal with a status and a stable code; its first wrong place, if any.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> String {
        assert_eq!((self.status, self.body["code"].as_str()), (status, Some(code)), "{}: {}", self.asked, self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        self.body["errors"][0]["pointer"].as_str().unwrap_or_default().to_owned()
    }
}
