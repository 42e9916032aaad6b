//! What a refusal says to a person: the sentence of the API without the names of its fields, and in plain words where the
//! API hands on what a library found wrong.

use super::words::Lang;
use crate::platform::error::{Args, MISSING_FIELD, said_by_a_library};
use crate::platform::sheet::SHEET_BROKEN;
use crate::platform::{Code, Problem};
use crate::words;

words! {
    /// What the console says in its own words.
    pub struct ToldWords {
        unread: "这里填的内容看不懂；日期写作2020-09-30，数量只写数字。", "This is not understood; write days as 2020-09-30 and numbers as figures.";
        broken: "工作簿已损坏或不完整；请用表格软件打开、另存后再上传。", "The workbook is broken or incomplete; open it with a spreadsheet program, save it and send it again.";
        missing: "请填写这一项。", "Please fill this in.";
    }
}

/// The sentence of a refusal, with its arguments.
pub fn told(lang: Lang, code: &Code, args: &Args) -> String {
    let w = ToldWords(lang);
    let library = args.iter().find_map(|(_, value)| said_by_a_library(value));
    let is_empty = |said: &str| said.starts_with("invalid type: null") || said.starts_with("premature end of input");
    let said = match library {
        _ if code.code == MISSING_FIELD.code => w.missing().into_owned(),
        Some(said) if is_empty(said) => w.missing().into_owned(),
        Some(_) if code.code == SHEET_BROKEN.code => w.broken().into_owned(),
        Some(_) => w.unread().into_owned(),
        None => code.sentence_for_people(lang.is_chinese(), args),
    };
    let mut letters = said.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The sentence of a problem: of its first fault, where it has any.
pub fn told_of(lang: Lang, problem: &Problem) -> String {
    let (code, args) = problem.faults.first().map_or((problem.code, &problem.args), |fault| (fault.code, &fault.args));
    told(lang, code, args)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::error::{FUTURE_DAY, WRONG_VALUE, of_a_library, words};
    use crate::platform::sheet::SHEET_TYPE;
    use crate::progress::{COMMENT_REQUIRED, EVIDENCE_REQUIRED};

    #[test]
    fn people_are_told_without_fields_and_types() {
        let day = vec![("field", "held_on".to_owned()), ("today", "2020-03-01".to_owned())];
        let serde = vec![("detail", of_a_library("invalid type: string \"五十\", expected i64"))];
        let empty = vec![("detail", of_a_library("premature end of input"))];
        let own = vec![("detail", "month=2020-13".to_owned())];
        let both = vec![("detail", words("空文件", "empty"))];
        let none = vec![];
        for (code, args, zh, en) in [
            (&COMMENT_REQUIRED, &none, "退回须写明意见。", "A return needs a comment."),
            (
                &EVIDENCE_REQUIRED,
                &none,
                "该任务的完成填报须附佐证材料，或注明纸质材料存放处。",
                "A completion of this task needs evidence: files, or where it is kept on paper.",
            ),
            (
                &FUTURE_DAY,
                &day,
                "这一天不能晚于业务日期 2020-03-01。",
                "The day can't be later than the business date 2020-03-01.",
            ),
            (&WRONG_VALUE, &empty, "请填写这一项。", "Please fill this in."),
            (&MISSING_FIELD, &vec![("field", "title".to_owned())], "请填写这一项。", "Please fill this in."),
            (
                &WRONG_VALUE,
                &serde,
                "这里填的内容看不懂；日期写作2020-09-30，数量只写数字。",
                "This is not understood; write days as 2020-09-30 and numbers as figures.",
            ),
            (
                &SHEET_TYPE,
                &both,
                "只接受 .xlsx 工作簿和 .csv 文件（空文件）；请另存为 .xlsx 后再上传。",
                "Only .xlsx workbooks and .csv files are taken (empty); save it as .xlsx and send it again.",
            ),
            (&WRONG_VALUE, &own, "取值不合要求：month=2020-13。", "The value does not fit: month=2020-13."),
        ] {
            assert_eq!((told(Lang::Zh, code, args), told(Lang::En, code, args)), (zh.to_owned(), en.to_owned()));
        }
        assert_eq!(
            FUTURE_DAY.sentence(false, &day),
            "The day `held_on` can't be later than the business date 2020-03-01."
        );
    }
}
