//! Findings as they are shown and made.

use crate::word_enum;

word_enum! {
    /// 立行立改, 限期整改, 长期坚持.
    FindingKind { Immediate = "immediate", TimeLimited = "time_limited", LongTerm = "long_term" }
}

word_enum! {
    /// Where a finding stands. `stage_done` 阶段完成 is not closed and counted apart.
    FindingState {
        Open = "open",
        Rectifying = "rectifying",
        Applied = "applied",
        Checked = "checked",
        Closed = "closed",
        StageDone = "stage_done",
        Dismissed = "dismissed",
    }
}
