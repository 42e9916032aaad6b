//! Rates of two days side by side, each with what it consists of.

use crate::console::View;
use crate::console::figures::{self, rate_name};
use crate::console::reading::Reading;
use crate::reports::explain::ExplainedRate;
use crate::reports::model::Counts;

/// A rate then and now.
pub struct Compared {
    pub name: &'static str,
    pub then: Figure,
    pub now: Figure,
}

/// A rate of a day: `155/192`, `80.7%`, and where it is explained.
pub struct Figure {
    pub counts: String,
    pub percent: String,
    pub href: String,
}

/// These rates of the counts of two days, each day with how its figures are read.
pub fn compared(
    view: &View,
    then: (&Reading, &Counts),
    now: (&Reading, &Counts),
    rates: &[ExplainedRate],
) -> Vec<Compared> {
    let figure = |(reading, counts): (&Reading, &Counts), rate: ExplainedRate| {
        let shown = figures::rate_of(counts, rate);
        Figure {
            counts: figures::counts(shown),
            percent: figures::percent(view.lang, shown),
            href: reading.explained(rate, None),
        }
    };
    let of = |rate: &ExplainedRate| Compared {
        name: rate_name(view.lang, *rate),
        then: figure(then, *rate),
        now: figure(now, *rate),
    };
    rates.iter().map(of).collect()
}
