//! The code of a place: the one key under which events, watches and the
//! gazetteer speak of a country or of its first-level division.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An ISO 3166-1 alpha-2 country (`AF`) or an ISO 3166-2 division (`AF-KDZ`).
/// At most six ASCII bytes, so it is copied, compared and hashed for nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PlaceCode([u8; 6]);

/// Text that is not of the form `AF` or `AF-KDZ`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an ISO 3166 code such as AF or AF-KDZ")]
pub struct NotACode(pub String);

impl PlaceCode {
    /// The code as written, `AF` or `AF-KDZ`.
    pub fn as_str(&self) -> &str {
        let end = self.0.iter().position(|b| *b == 0).unwrap_or(self.0.len());
        std::str::from_utf8(&self.0[..end]).expect("only ASCII is ever stored")
    }

    /// The country that the place lies in; a country's own code is itself.
    pub fn country(&self) -> PlaceCode {
        let mut code = [0; 6];
        code[..2].copy_from_slice(&self.0[..2]);
        PlaceCode(code)
    }

    /// Whether this is a country and not one of its divisions.
    pub fn is_country(&self) -> bool {
        self.0[2] == 0
    }
}

impl FromStr for PlaceCode {
    type Err = NotACode;

    fn from_str(text: &str) -> Result<Self, NotACode> {
        let bytes = text.as_bytes();
        let country = bytes.len() >= 2 && bytes[..2].iter().all(u8::is_ascii_uppercase);
        let division = match bytes.get(2..) {
            Some([]) => true,
            Some([b'-', rest @ ..]) => {
                (1..=3).contains(&rest.len())
                    && rest.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            }
            _ => false,
        };
        if !(country && division) {
            return Err(NotACode(text.to_owned()));
        }
        let mut code = [0; 6];
        code[..bytes.len()].copy_from_slice(bytes);
        Ok(PlaceCode(code))
    }
}

impl TryFrom<String> for PlaceCode {
    type Error = NotACode;
    fn try_from(text: String) -> Result<Self, NotACode> {
        text.parse()
    }
}

impl From<PlaceCode> for String {
    fn from(code: PlaceCode) -> String {
        code.as_str().to_owned()
    }
}

impl fmt::Display for PlaceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for PlaceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::PlaceCode;

    #[test]
    fn a_code_is_a_country_or_its_division() {
        for good in ["AF", "AF-KDZ", "KE-24", "ML-5", "MZ-P", "GB-ENG"] {
            assert_eq!(good.parse::<PlaceCode>().unwrap().as_str(), good);
        }
        for bad in ["", "A", "af", "AFG", "AF-", "AF-KDZX", "Kunduz", "AF KDZ", "ÄF"] {
            assert!(bad.parse::<PlaceCode>().is_err(), "{bad}");
        }
        let kunduz: PlaceCode = "AF-KDZ".parse().unwrap();
        assert_eq!(kunduz.country().as_str(), "AF");
        assert!(kunduz.country().is_country() && !kunduz.is_country());
    }
}
