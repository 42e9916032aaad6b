//! Points 分值: a number with at most one decimal, kept as whole tenths so that sums are exact.

use std::iter::Sum;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// Most points of one clause, in tenths.
const MOST: i64 = 10_000;

/// Points, as whole tenths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Points(pub i64);

impl Points {
    /// Reads points; `None` when they are negative, too many, or have more than one decimal.
    pub fn parse(value: f64) -> Option<Points> {
        let tenths = (value * 10.0).round();
        // A number of one decimal times ten lies this close to a whole one; one of two decimals never does.
        let whole = (value * 10.0 - tenths).abs() < 1e-6;
        let within = (0.0..=MOST as f64).contains(&tenths) && value >= 0.0;
        (whole && within).then_some(Points(tenths as i64))
    }
}

impl std::fmt::Display for Points {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Points>>(all: I) -> Points {
        Points(all.map(|points| points.0).sum())
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0 as f64 / 10.0)
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = f64::deserialize(deserializer)?;
        Points::parse(value).ok_or_else(|| de::Error::custom("points are 0 to 1000 with at most one decimal"))
    }
}

impl PartialSchema for Points {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Number)
            .minimum(Some(0))
            .description(Some("Points, with at most one decimal"))
            .examples([serde_json::json!(2.5)])
            .into()
    }
}

impl ToSchema for Points {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_exact_to_one_decimal() {
        for (value, tenths) in [(0.0, 0), (0.1, 1), (2.5, 25), (2.3, 23), (100.0, 1000), (999.9, 9999)] {
            let points = Points::parse(value).unwrap();
            assert_eq!(points, Points(tenths));
            assert_eq!(serde_json::to_string(&points).unwrap(), points.to_string());
        }
        for value in [-0.1, 0.05, 2.55, 1000.1, f64::NAN, f64::INFINITY] {
            assert_eq!(Points::parse(value), None, "{value}");
        }
    }
}
