//! What is looked for, and the words around it. Pure.

use crate::platform::error::{CONTROL_CHARACTER, EMPTY_TEXT, TEXT_TOO_LONG};
use crate::platform::{Error, Result};

/// Characters of what is asked, at most.
pub const MAX_ASKED: usize = 100;
/// Characters shown before the first word found.
const BEFORE: usize = 20;
/// Characters shown from the first word on.
const FROM: usize = 60;

/// The words of what is asked, each of which must be found.
pub fn words(asked: &str) -> Result<Vec<String>> {
    let refused = |fault: crate::platform::Fault| -> Result<Vec<String>, Error> { Err(fault.into_error()) };
    let asked = asked.trim();
    if asked.is_empty() {
        return refused(EMPTY_TEXT.at("q", []));
    }
    if asked.chars().count() > MAX_ASKED {
        return refused(TEXT_TOO_LONG.at("q", [("max", MAX_ASKED.to_string())]));
    }
    let words: Vec<String> = asked.split_whitespace().map(str::to_owned).collect();
    if words.iter().any(|word| word.contains(char::is_control)) {
        return refused(CONTROL_CHARACTER.at("q", []));
    }
    Ok(words)
}

/// The place where the first word that is found stands, cut out of the first text that holds one.
pub fn snippet(texts: &[String], words: &[String]) -> String {
    let folded: Vec<String> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
    for text in texts {
        // Folding ASCII letters moves no byte, so that the place is the same in both.
        let lower = text.to_ascii_lowercase();
        if let Some(at) = folded.iter().find_map(|word| lower.find(word)) {
            return cut(text, at);
        }
    }
    texts.first().map(|text| cut(text, 0)).unwrap_or_default()
}

fn cut(text: &str, at: usize) -> String {
    let (head, tail) = text.split_at_checked(at).unwrap_or(("", text));
    let mut before: Vec<char> = head.chars().rev().take(BEFORE).collect();
    before.reverse();
    let start = if before.len() < head.chars().count() { "…" } else { "" };
    let from: String = tail.chars().take(FROM).collect();
    let end = if from.len() < tail.len() { "…" } else { "" };
    format!("{start}{}{from}{end}", before.into_iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart_by_any_space() {
        assert_eq!(words(" 党课  lecture　材料 ").unwrap(), ["党课", "lecture", "材料"]);
        let code = |asked: &str| words(asked).unwrap_err().code();
        assert_eq!(code("  "), "empty_text");
        assert_eq!(code(&"党".repeat(101)), "text_too_long");
        assert_eq!(code("a\0b"), "control_character");
        assert_eq!(words(&"党".repeat(100)).unwrap().len(), 1);
    }

    #[test]
    fn a_snippet_shows_the_word_with_what_stands_around_it() {
        let shown = |texts: &[&str], word: &str| {
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            snippet(&texts, &[word.to_owned()])
        };
        assert_eq!(shown(&["修订标准化作业程序"], "作业"), "修订标准化作业程序");
        assert_eq!(shown(&["标题", "Hold the LECTURE"], "lecture"), "Hold the LECTURE");
        let long = format!("{}党课{}", "前".repeat(50), "后".repeat(80));
        let cut = format!("…{}党课{}…", "前".repeat(20), "后".repeat(58));
        assert_eq!(shown(&[&long], "党课"), cut);
        assert_eq!(shown(&["没有"], "别的"), "没有");
    }
}
