//! An array of which only so many elements are kept, and the rest counted: a
//! document of a million items must not become a million values.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The first elements of an array, at most `MOST`, and how many there are.
#[derive(Debug)]
pub(super) struct Capped<T, const MOST: usize> {
    pub kept: Vec<T>,
    pub seen: usize,
}

impl<'de, T: Deserialize<'de>, const MOST: usize> Deserialize<'de> for Capped<T, MOST> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_seq(Elements(PhantomData))
    }
}

struct Elements<T, const MOST: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for Elements<T, MOST> {
    type Value = Capped<T, MOST>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        let mut kept = Vec::new();
        while kept.len() < MOST {
            match array.next_element()? {
                Some(element) => kept.push(element),
                None => return Ok(Capped { seen: kept.len(), kept }),
            }
        }
        let mut seen = kept.len();
        while array.next_element::<IgnoredAny>()?.is_some() {
            seen += 1;
        }
        Ok(Capped { kept, seen })
    }
}

#[cfg(test)]
mod tests {
    use super::Capped;

    #[test]
    fn what_is_not_kept_is_counted() {
        for (text, kept, seen) in [("[]", 0, 0), ("[1,2]", 2, 2), ("[1,2,3,{\"x\":[]},5]", 3, 5)] {
            let read: Capped<u8, 3> = serde_json::from_str(text).unwrap();
            assert_eq!((read.kept.len(), read.seen), (kept, seen), "{text}");
        }
        assert!(serde_json::from_str::<Capped<u8, 3>>("[1,").is_err());
    }
}
