//! How the domain's values stand in columns: times as sortable text, nouns as
//! JSON, unit enums as their serialised name.

use jiff::{Timestamp, Unit};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::lexicon::PlaceCode;

/// A time as UTC text with milliseconds, `2026-11-23T20:29:01.000Z`: all of one
/// length, so that they compare as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct At(pub Timestamp);

impl ToSql for At {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(at_text(self.0).into())
    }
}

impl FromSql for At {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map(At).map_err(FromSqlError::other)
    }
}

/// A whole noun as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Json<T>(pub T);

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        serde_json::to_string(&self.0)
            .map(ToSqlOutput::from)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
    }
}

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Json).map_err(FromSqlError::other)
    }
}

/// The serialised name of a unit variant: `Kind::ArmedAssault` is `armed_assault`.
pub(super) fn name<T: Serialize>(variant: &T) -> String {
    match serde_json::to_value(variant) {
        Ok(serde_json::Value::String(name)) => name,
        other => unreachable!("a unit variant serialises to a string, not {other:?}"),
    }
}

/// Codes parted by blanks: `AF-BGL AF-TAK`.
pub(super) fn places(codes: &[PlaceCode]) -> String {
    codes.iter().map(|code| code.as_str()).collect::<Vec<_>>().join(" ")
}

/// The text of `At`.
pub(super) fn at_text(time: Timestamp) -> String {
    let time = time.round(Unit::Millisecond).unwrap_or(time);
    format!("{time:.3}")
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{at_text, name};
    use crate::extract::event::Kind;

    #[test]
    fn times_are_text_of_one_length() {
        for (given, told) in [
            ("2026-11-23T20:29:01Z", "2026-11-23T20:29:01.000Z"),
            ("2026-11-23T20:29:01.5Z", "2026-11-23T20:29:01.500Z"),
            ("2026-11-23T20:29:01.123456789+05:00", "2026-11-23T15:29:01.123Z"),
            ("1601-01-01T00:00:00Z", "1601-01-01T00:00:00.000Z"),
        ] {
            assert_eq!(at_text(given.parse().unwrap()), told);
        }
        assert!(at_text(Timestamp::MAX).starts_with("9999-"));
    }

    #[test]
    fn a_variant_is_stored_by_its_name() {
        assert_eq!(name(&Kind::ArmedAssault), "armed_assault");
    }
}
