//! The words around every page.

use super::words::Lang;
use crate::{word_enum, words};

words! {
    /// What stands around every page.
    pub struct LayoutWords {
        brand: "督办", "Duban";
        skip: "跳到正文", "Skip to the content";
        navigation: "主导航", "Main navigation";
        account: "我的账号", "My account";
        sign_out: "退出", "Sign out";
        not_classified: "本系统为非涉密系统，严禁上传、处理国家秘密和工作秘密。",
            "This system is not for classified matter: do not upload or handle state or work secrets.";
        other_language: "English", "中文";
        other_language_tag: "en", "zh-CN";
        other_language_word: "en", "zh";
        dark: "深色", "Dark";
        light: "浅色", "Light";
        print: "打印", "Print";
        as_of: "截至", "as of";
        mend(count): "有{count}处要改，已填的都还在", "{count} thing(s) to mend; everything you entered is still here";
        back_to_todo: "返回我的待办", "Back to my list";
        next_page: "下一页", "Next page";
        first_page: "第一页", "First page";
        same_as_table: "同样的数据，列成表", "The same data as a table";
        table_of(what): "{what}表", "{what}, as a table";
        nothing: "—", "—";
        colon: "：", ": ";
    }
}

word_enum! {
    /// What was just done; in the address as `said=…`, and said at the top of the page it led to.
    Said {
        SignedOut = "signed_out",
        PasswordChanged = "password_changed",
        SessionEnded = "session_ended",
        Saved = "saved",
        SignedFor = "signed_for",
        Reported = "reported",
        DraftSaved = "draft_saved",
        Asked = "asked",
        Withdrawn = "withdrawn",
    }
}

impl Said {
    /// The sentence.
    pub fn sentence(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Said::SignedOut => ("已退出。", "You are signed out."),
            Said::PasswordChanged => {
                ("密码已修改，请用新密码登录。", "The password is changed; sign in with the new one.")
            }
            Said::SessionEnded => ("所选登录已结束。", "That sign-in was ended."),
            Said::Saved => ("已保存。", "Saved."),
            Said::SignedFor => ("已签收。", "Signed for."),
            Said::Reported => (
                "已签署填报，等审核。通过前可以撤回。",
                "Signed and reported; it awaits its review and can be withdrawn until then.",
            ),
            Said::DraftSaved => ("草稿已存，不计入任何数字。", "The draft is kept; it counts nowhere."),
            Said::Asked => ("申请已提出。", "The request was made."),
            Said::Withdrawn => ("填报已撤回。", "The report was withdrawn."),
        };
        lang.pick(zh, en)
    }
}
