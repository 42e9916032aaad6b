//! The defaults, what a patch makes of them, and what follows from them. Pure.

use super::model::{Settings, SettingsPatch};
use crate::access::Action;

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            near_days: 7,
            recurrence_grace_days: 5,
            short_extension_days: 30,
            backfill_days: 10,
            review_working_days: 5,
            term_alert_months: 6,
            back_dated_days: 7,
            secretary_signs: true,
            public_bulletins: false,
        }
    }
}

impl Settings {
    /// The actions each of which allows to sign a completion.
    pub fn signing(&self) -> &'static [Action] {
        if self.secretary_signs { &[Action::SignCompletion] } else { &[Action::SignCompletion, Action::SignAsCadre] }
    }

    /// The settings after a patch.
    pub fn patched(&self, patch: &SettingsPatch) -> Settings {
        Settings {
            near_days: patch.near_days.unwrap_or(self.near_days),
            recurrence_grace_days: patch.recurrence_grace_days.unwrap_or(self.recurrence_grace_days),
            short_extension_days: patch.short_extension_days.unwrap_or(self.short_extension_days),
            backfill_days: patch.backfill_days.unwrap_or(self.backfill_days),
            review_working_days: patch.review_working_days.unwrap_or(self.review_working_days),
            term_alert_months: patch.term_alert_months.unwrap_or(self.term_alert_months),
            back_dated_days: patch.back_dated_days.unwrap_or(self.back_dated_days),
            secretary_signs: patch.secretary_signs.unwrap_or(self.secretary_signs),
            public_bulletins: patch.public_bulletins.unwrap_or(self.public_bulletins),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_changes_what_it_names_and_nothing_else() {
        let patch: SettingsPatch = serde_json::from_str(r#"{"near_days": 3, "secretary_signs": false}"#).unwrap();
        let after = Settings::default().patched(&patch);
        assert_eq!(after, Settings { near_days: 3, secretary_signs: false, ..Settings::default() });
        let all = r#"{"near_days": 1, "recurrence_grace_days": 2, "short_extension_days": 3, "backfill_days": 4,
            "review_working_days": 6, "term_alert_months": 7, "back_dated_days": 8, "secretary_signs": false,
            "public_bulletins": true}"#;
        let all: SettingsPatch = serde_json::from_str(all).unwrap();
        let expected = Settings {
            near_days: 1,
            recurrence_grace_days: 2,
            short_extension_days: 3,
            backfill_days: 4,
            review_working_days: 6,
            term_alert_months: 7,
            back_dated_days: 8,
            secretary_signs: false,
            public_bulletins: true,
        };
        assert_eq!(Settings::default().patched(&all), expected);
    }

    #[test]
    fn a_cadre_signs_only_where_the_settings_say_so() {
        let of = |secretary_signs| Settings { secretary_signs, ..Settings::default() }.signing().to_vec();
        assert_eq!(of(true), [Action::SignCompletion]);
        assert_eq!(of(false), [Action::SignCompletion, Action::SignAsCadre]);
    }
}
