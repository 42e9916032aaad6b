//! Texts as they may enter: bounded, trimmed, without control characters, without a classification marking. The
//! bound is in the type, so that the parser and the contract can't disagree.

use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::error::{CLASSIFIED_MARKING, CONTROL_CHARACTER, EMPTY_TEXT, TEXT_TOO_LONG};
use super::{Error, Fault};

/// A text of 1 to `MAX` characters in one or several lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Text<const MAX: usize>(String);

/// That the system is none for secrets, in both languages.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Notice {
    #[serde(rename = "zh-CN")]
    #[schema(example = "本系统为非涉密系统，严禁上传、处理国家秘密和工作秘密")]
    pub zh: &'static str,
    #[schema(example = "This system is not for classified matter: never upload or process state or work secrets here")]
    pub en: &'static str,
}

/// What sign-in and upload say.
pub const NOT_CLASSIFIED: Notice = Notice {
    zh: "本系统为非涉密系统，严禁上传、处理国家秘密和工作秘密",
    en: "This system is not for classified matter: never upload or process state or work secrets here",
};

/// A title: one line's worth.
pub type Title = Text<200>;
/// A text of several paragraphs.
pub type Prose = Text<20_000>;

impl<const MAX: usize> Text<MAX> {
    /// Takes a text after the rules above, or says which one it breaks.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let text = text.trim();
        if text.is_empty() {
            return Err(EMPTY_TEXT.at("", []));
        }
        if text.chars().count() > MAX {
            return Err(TEXT_TOO_LONG.at("", [("max", MAX.to_string())]));
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(CONTROL_CHARACTER.at("", []));
        }
        if is_marked_classified(text) {
            return Err(CLASSIFIED_MARKING.at("", []));
        }
        Ok(Text(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

impl<const MAX: usize> TryFrom<String> for Text<MAX> {
    type Error = Error;
    fn try_from(text: String) -> Result<Self, Error> {
        Text::parse(&text).map_err(Fault::into_error)
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Text<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Text::parse(&text).map_err(|fault| de::Error::custom(carried(&fault)))
    }
}

/// What the contract says of every text: no control character but line breaks and tabs, and something to read.
const PATTERN: &str = concat!(
    r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*",
    r"[^\s\u0000-\u001f\u007f-\u009f]",
    r"[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"
);

impl<const MAX: usize> PartialSchema for Text<MAX> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(MAX))
            .pattern(Some(PATTERN))
            .description(Some("Text without control characters and without a classification marking"))
            .examples([serde_json::json!("…")])
            .into()
    }
}

impl<const MAX: usize> ToSchema for Text<MAX> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("Text{MAX}").into()
    }
}

/// serde carries errors as one string; a fault travels through it as `duban:code:argument`.
const CARRIER: &str = "duban:";

fn carried(fault: &Fault) -> String {
    let argument = fault.args.first().map(|(_, value)| value.as_str()).unwrap_or_default();
    format!("{CARRIER}{}:{argument}", fault.code.code)
}

/// The fault that a text put into serde's message, if one did.
pub fn carried_fault(message: &str, pointer: &str) -> Option<Fault> {
    let (code, argument) = message.strip_prefix(CARRIER)?.split_once(':')?;
    let argument = argument.split(' ').next().unwrap_or_default().to_owned();
    match code {
        "empty_text" => Some(EMPTY_TEXT.at(pointer, [])),
        "text_too_long" => Some(TEXT_TOO_LONG.at(pointer, [("max", argument)])),
        "control_character" => Some(CONTROL_CHARACTER.at(pointer, [])),
        "classified_marking" => Some(CLASSIFIED_MARKING.at(pointer, [])),
        _ => None,
    }
}

/// Whether a text carries one of the classification markings 绝密, 机密, 秘密 or the star that goes with them.
/// Words that only speak *of* secrecy (国家秘密, 保守秘密, …) are no marking.
pub fn is_marked_classified(text: &str) -> bool {
    if text.contains('★') || text.contains("绝密") || text.contains("机密") {
        return true;
    }
    if !text.contains("秘密") {
        return false;
    }
    const SPEAKING_OF: [&str; 5] = ["国家秘密", "工作秘密", "商业秘密", "保守秘密", "保守党的秘密"];
    let rest = SPEAKING_OF.iter().fold(text.to_owned(), |rest, phrase| rest.replace(phrase, ""));
    rest.contains("秘密")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_bounded_trimmed_and_free_of_control_characters() {
        let code = |text: &str| Text::<5>::parse(text).err().map(|fault| fault.code.code);
        assert_eq!(Text::<5>::parse("  党课 ").unwrap().as_str(), "党课");
        assert_eq!(code("党课记录表"), None);
        assert_eq!(code("党课记录表格"), Some("text_too_long"));
        assert_eq!(code("   "), Some("empty_text"));
        assert_eq!(code("a\0b"), Some("control_character"));
        assert_eq!(code("a\nb"), None);
    }

    #[test]
    fn a_marking_is_told_from_words_about_secrecy() {
        for marked in ["绝密", "【机密】名单.pdf", "秘密★1年", "秘密文件", "★"] {
            assert!(is_marked_classified(marked), "{marked}");
        }
        for plain in ["保守国家秘密专题党课", "严禁处理国家秘密和工作秘密", "党委会纪要", "秘书处"]
        {
            assert!(!is_marked_classified(plain), "{plain}");
        }
    }
}
