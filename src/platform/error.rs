//! One error type. What a caller can mend is a [`Problem`] with a stable code and a sentence that says what to do;
//! everything else is a failure of ours, logged in full and answered without details.

use std::fmt;

/// A refusal: its status, its stable code and its sentence in both languages. `{name}` in a sentence is filled from
/// the arguments; names of fields stand between backticks. Slices declare theirs with [`codes!`](crate::codes).
#[derive(Debug)]
pub struct Code {
    pub status: u16,
    pub code: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
}

/// Declares a slice's refusals and the list `CODES` of them all.
#[macro_export]
macro_rules! codes {
    ($($name:ident: $status:literal $code:literal $zh:literal $en:literal;)+) => {
        $(
            #[doc = concat!("`", $code, "` (", stringify!($status), "): ", $en)]
            pub static $name: $crate::platform::Code =
                $crate::platform::Code { status: $status, code: $code, zh: $zh, en: $en };
        )+
        /// Every refusal declared here.
        pub static CODES: &[&$crate::platform::Code] = &[$(&$name),+];
    };
}

codes! {
    UNREADABLE: 400 "unreadable" "请求无法读取：{detail}。" "The request can't be read: {detail}.";
    SIGN_IN_REQUIRED: 401 "sign_in_required" "请先登录，并在 Authorization 头中带上访问令牌。"
        "Sign in first and send the access token in the Authorization header.";
    FORBIDDEN: 403 "forbidden" "您的任职不允许这样做；请由有权限的职务办理。"
        "None of your appointments allows this; ask a post that may.";
    NOT_FOUND: 404 "not_found" "没有这一项；请核对地址和编号。" "There is no such thing; check the address and the id.";
    METHOD_NOT_ALLOWED: 405 "method_not_allowed" "此地址不接受这种方法；可用方法见 Allow 头。"
        "This address does not take that method; the Allow header names those it takes.";
    TOO_SLOW: 408 "request_too_slow" "请求未能在 {seconds} 秒内传完，未作任何更改；请检查网络后重试。"
        "The request was not whole within {seconds} seconds and changed nothing; check the network and try again.";
    STALE: 412 "stale" "此项已被他人改过；请重新读取后再改。" "Somebody changed this in the meantime; read it again, then change it.";
    BODY_TOO_LARGE: 413 "body_too_large" "请求正文超过 {limit} 字节的上限。" "The body exceeds the limit of {limit} bytes.";
    NOT_JSON: 415 "unsupported_media_type" "请以 {accepted} 发送正文。" "Send the body as {accepted}.";
    BATCH_REFUSED: 422 "batch_refused" "{of} 项中有 {count} 项不能办理，整批未作任何更改；请按逐项说明 `errors` 改正后重新提交。"
        "{count} of {of} items can't be done, so nothing was changed; mend what is named below `errors` and send the batch again.";
    INVALID: 422 "invalid" "有 {count} 处内容不合要求；逐处说明如下 `errors`。" "{count} things in the request are not right; each is named below `errors`.";
    UNKNOWN_FIELD: 422 "unknown_field" "没有这个字段；可用字段：{accepted}。" "There is no such field; accepted: {accepted}.";
    NO_QUERY: 422 "no_query" "这个地址不接受查询参数；请去掉 {name}。" "This address takes no query parameter; leave {name} out.";
    MISSING_FIELD: 422 "missing_field" "缺少字段 {field}。" "The field {field} is missing.";
    WRONG_VALUE: 422 "wrong_value" "取值不合要求：{detail}。" "The value does not fit: {detail}.";
    OUT_OF_RANGE: 422 "out_of_range" "取值超出范围：{detail}。" "The value is out of range: {detail}.";
    EMPTY_TEXT: 422 "empty_text" "不能为空。" "It must not be empty.";
    TEXT_TOO_LONG: 422 "text_too_long" "最多 {max} 个字符。" "At most {max} characters.";
    CONTROL_CHARACTER: 422 "control_character" "含有不可用的控制字符（如 NUL）；请删去。"
        "It holds a control character (such as NUL); take it out.";
    CLASSIFIED_MARKING: 422 "classified_marking" "含有密级标志。本系统为非涉密系统，严禁上传、处理国家秘密和工作秘密。"
        "It carries a classification marking. This system is not for classified matter: do not enter or upload any.";
    CURSOR_INVALID: 422 "cursor_invalid" "游标不属于这个列表；请从第一页重新读取。"
        "The cursor does not belong to this list; read it again from its first page.";
    FUTURE_DAY: 422 "future_day" "这一天 `{field}` 不能晚于业务日期 {today}。" "The day `{field}` can't be later than the business date {today}.";
    WHOLE_LIST_ONLY: 422 "whole_list_only" "表格输出总是整个列表；请去掉 limit 和 cursor。"
        "A table is always the whole list; leave out limit and cursor.";
    KEY_REUSED: 422 "idempotency_key_reused" "这个 Idempotency-Key 已用于另一请求；请换一个。"
        "This Idempotency-Key was used for another request; take a new one.";
    PRECONDITION_REQUIRED: 428 "precondition_required" "请在 If-Match 头中带上所改版本的 ETag。"
        "Send the ETag of the version you are changing in the If-Match header.";
    HEADERS_TOO_LARGE: 431 "headers_too_large" "请求头合计超过 {limit} 字节的上限；请减少请求头。"
        "The headers together exceed the limit of {limit} bytes; send fewer.";
    INTERNAL: 500 "internal" "服务器出错，已记录；请凭请求编号 `request_id` 联系管理员。"
        "The server failed and has recorded it; give the number of the request `request_id` to your administrator.";
    BUSY: 503 "busy" "服务器繁忙，未作任何更改；请稍后重试。" "The server is busy and changed nothing; try again shortly.";
    OUTCOME_UNKNOWN: 503 "outcome_unknown" "数据库在保存时中断，无法确认是否已保存；请用同一请求键 `Idempotency-Key` 原样重试，或重新读取后再决定。"
        "The database was lost while it was saving, so it is not known whether this was saved; send it again with the same key `Idempotency-Key`, or read again and decide.";
    STORAGE_FULL: 507 "storage_full" "存储空间已满，未作任何更改；请联系管理员腾出空间后重试。"
        "The storage is full and nothing was changed; ask your administrator to make room, then try again.";
    UNAVAILABLE: 503 "database_unavailable" "数据库暂不可用，未作任何更改；请稍后重试。"
        "The database can't be reached and nothing was changed; try again shortly.";
}

/// Arguments of a sentence: name and text.
pub type Args = Vec<(&'static str, String)>;

/// One wrong place of an input.
#[derive(Debug, Clone)]
pub struct Fault {
    /// JSON pointer (RFC 6901) into the body, or the name of a query parameter.
    pub pointer: String,
    pub code: &'static Code,
    pub args: Args,
}

/// A refusal with its arguments.
#[derive(Debug, Clone)]
pub struct Problem {
    pub code: &'static Code,
    pub args: Args,
    pub faults: Vec<Fault>,
    /// Seconds after which to try again.
    pub retry_after: Option<u32>,
    /// Value of an `Allow` header.
    pub allow: Option<String>,
}

/// What any action may end with.
#[derive(Debug)]
pub enum Error {
    Problem(Box<Problem>),
    Database(diesel::result::Error),
    Internal(String),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Code {
    /// The refusal, as it stands.
    pub fn err(&'static self) -> Error {
        self.with([])
    }

    /// The refusal with arguments for its sentence.
    pub fn with<const N: usize>(&'static self, args: [(&'static str, String); N]) -> Error {
        Error::Problem(Box::new(Problem {
            code: self,
            args: args.into(),
            faults: vec![],
            retry_after: (self.status == 503).then_some(1),
            allow: None,
        }))
    }

    /// The refusal of one place of the input.
    pub fn at<const N: usize>(&'static self, pointer: impl Into<String>, args: [(&'static str, String); N]) -> Fault {
        Fault { pointer: pointer.into(), code: self, args: args.into() }
    }

    /// The sentence in Chinese or English, its arguments filled in.
    pub fn sentence(&self, chinese: bool, args: &Args) -> String {
        filled(self.template(chinese).to_owned(), chinese, args)
    }

    /// The same for people, who see no fields of JSON: without their names.
    pub fn sentence_for_people(&self, chinese: bool, args: &Args) -> String {
        let template = self.template(chinese);
        let mut told = String::with_capacity(template.len());
        for (place, part) in template.split('`').enumerate() {
            if place % 2 == 1 {
                // A name goes with the space before it.
                told.truncate(told.trim_end_matches(' ').len());
            } else {
                // In Chinese the space behind it goes too.
                told.push_str(if told.is_empty() || chinese { part.trim_start() } else { part });
            }
        }
        filled(told, chinese, args)
    }

    fn template(&self, chinese: bool) -> &'static str {
        if chinese { self.zh } else { self.en }
    }
}

/// Between the two languages of an argument; no text that somebody wrote can hold it.
const LANGUAGES: char = '\u{1f}';

/// Before an argument that a library made: English, and of types.
const OF_A_LIBRARY: char = '\u{1e}';

/// An argument that a library made; people are told something plainer.
pub fn of_a_library(detail: impl fmt::Display) -> String {
    format!("{OF_A_LIBRARY}{detail}")
}

/// What a library made of an argument, if one did.
pub fn said_by_a_library(value: &str) -> Option<&str> {
    value.strip_prefix(OF_A_LIBRARY)
}

/// An argument that is words: in Chinese and in English.
pub fn words(zh: impl fmt::Display, en: impl fmt::Display) -> String {
    format!("{zh}{LANGUAGES}{en}")
}

/// A sentence with its arguments.
fn filled(template: String, chinese: bool, args: &Args) -> String {
    args.iter().fold(template, |text, (name, value)| {
        let value = said_by_a_library(value).unwrap_or(value);
        let (zh, en) = value.split_once(LANGUAGES).unwrap_or((value, value));
        let value = if chinese { zh } else { en };
        text.replace(&format!("{{{name}}}"), value)
    })
}

impl Fault {
    /// A 422 with this fault alone.
    pub fn into_error(self) -> Error {
        Error::invalid(vec![self])
    }
}

impl Error {
    /// 422 with every wrong place named. One fault gives the problem its own code, several give `invalid`.
    pub fn invalid(faults: Vec<Fault>) -> Error {
        let (code, args) = match faults.as_slice() {
            [only] => (only.code, only.args.clone()),
            many => (&INVALID, vec![("count", many.len().to_string())]),
        };
        Error::Problem(Box::new(Problem { code, args, faults, retry_after: None, allow: None }))
    }

    /// A failure of ours, with the words for the log.
    pub fn internal(what: impl fmt::Display) -> Error {
        Error::Internal(what.to_string())
    }

    /// The refusal with a `Retry-After` of so many seconds.
    pub fn retry_after(mut self, seconds: u32) -> Error {
        if let Error::Problem(problem) = &mut self {
            problem.retry_after = Some(seconds);
        }
        self
    }

    /// What the caller is told of this error.
    pub fn problem(&self) -> Problem {
        let code = match self {
            Error::Problem(problem) => return (**problem).clone(),
            Error::Database(error) if is_lost_connection(error) => &UNAVAILABLE,
            Error::Database(error) if is_full(error) => &STORAGE_FULL,
            Error::Database(error) if says(error, "due to statement timeout") => &BUSY,
            Error::Database(_) | Error::Internal(_) => &INTERNAL,
        };
        let retry_after = (code.status == 503).then_some(1);
        Problem { code, args: vec![], faults: vec![], retry_after, allow: None }
    }

    /// The stable code of the refusal.
    pub fn code(&self) -> &'static str {
        self.problem().code.code
    }
}

/// Whether the connection to the database is gone, also where a lost commit was followed by a lost rollback.
pub(super) fn is_lost_connection(error: &diesel::result::Error) -> bool {
    use diesel::result::{DatabaseErrorKind, Error::*};
    match error {
        DatabaseError(DatabaseErrorKind::ClosedConnection, _) | BrokenTransactionManager => true,
        RollbackErrorOnCommit { commit_error, .. } => is_lost_connection(commit_error),
        // What a PostgreSQL that is stopped, or told to end a session, says on its way.
        _ => ["terminating connection", "the database system is", "server closed the connection"]
            .iter()
            .any(|words| says(error, words)),
    }
}

/// Whether the database had no room left.
pub(super) fn is_full(error: &diesel::result::Error) -> bool {
    if let diesel::result::Error::RollbackErrorOnCommit { commit_error, .. } = error {
        return is_full(commit_error);
    }
    ["database or disk is full", "No space left on device"].iter().any(|words| says(error, words))
}

/// Whether the database said these words.
fn says(error: &diesel::result::Error, words: &str) -> bool {
    matches!(error, diesel::result::Error::DatabaseError(_, information) if information.message().contains(words))
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Problem(problem) => {
                write!(f, "{}: {}", problem.code.code, problem.code.sentence(false, &problem.args))?;
                for fault in &problem.faults {
                    write!(f, " [{} {}]", fault.pointer, fault.code.sentence(false, &fault.args))?;
                }
                Ok(())
            }
            Error::Database(error) => write!(f, "database: {error}"),
            Error::Internal(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Error {}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        match error {
            diesel::result::Error::NotFound => NOT_FOUND.err(),
            other => Error::Database(other),
        }
    }
}
