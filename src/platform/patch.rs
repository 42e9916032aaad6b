//! The three states of a field in a JSON Merge Patch (RFC 7396): left alone, emptied, set.

use serde::{Deserialize, Deserializer};

/// What a merge patch says of one field. Use with `#[serde(default)]` and, for
/// the contract, `#[schema(value_type = Option<T>)]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// Not named: it stays as it is.
    #[default]
    Keep,
    /// `null`: it is emptied.
    Clear,
    /// A new value.
    Set(T),
}

impl<T> Field<T> {
    /// The value after the patch, for a field that may be empty.
    pub fn over(self, current: Option<T>) -> Option<T> {
        match self {
            Field::Keep => current,
            Field::Clear => None,
            Field::Set(value) => Some(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Option::<T>::deserialize(deserializer)? {
            Some(value) => Field::Set(value),
            None => Field::Clear,
        })
    }
}

/// For a field that can't be emptied: left out it stays, given it must be a value; `null` is refused. Use as
/// `#[serde(default, deserialize_with = "given")]`.
pub fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Patch {
        #[serde(default)]
        code: Field<String>,
    }

    #[test]
    fn a_field_is_kept_cleared_or_set() {
        let read = |json| serde_json::from_str::<Patch>(json).unwrap().code;
        let old = || Some("old".to_owned());
        assert_eq!(read("{}").over(old()), old());
        assert_eq!(read(r#"{"code":null}"#).over(old()), None);
        assert_eq!(read(r#"{"code":"new"}"#).over(old()), Some("new".into()));
    }
}
