//! Reads tables of a configuration key by key, notes every fault with its place,
//! and goes on: the operator sees all of them at once.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::Diagnostic;

/// The faults found so far.
pub(super) type Faults = Vec<Diagnostic>;

/// A text with its place in the file.
#[derive(Debug, Clone)]
pub(super) struct Text<'a> {
    pub value: &'a str,
    pub span: Range<usize>,
}

/// A table of the file, whose keys are all among those that it may have.
#[derive(Debug)]
pub(super) struct Table<'a> {
    table: &'a DeTable<'a>,
    /// Its header or its braces.
    pub span: Range<usize>,
    /// As messages call it: `[[source]]`.
    called: &'static str,
}

impl<'a> Table<'a> {
    /// The table, once its unknown keys are noted.
    pub fn new(
        faults: &mut Faults,
        table: &'a DeTable<'a>,
        span: Range<usize>,
        called: &'static str,
        keys: &[&str],
    ) -> Table<'a> {
        for key in table.keys() {
            if !keys.contains(&key.get_ref().as_ref()) {
                faults.push(unknown_key(key, called, keys));
            }
        }
        Table { table, span, called }
    }

    /// The text under the key, if it is there.
    pub fn text(&self, faults: &mut Faults, key: &str) -> Option<Text<'a>> {
        text(faults, key, self.get(key)?)
    }

    /// The text under a key that must be there, and not be blank.
    pub fn required_text(&self, faults: &mut Faults, key: &str) -> Option<Text<'a>> {
        if self.get(key).is_none() {
            faults.push(self.missing(key));
            return None;
        }
        let text = self.text(faults, key)?;
        if text.value.trim().is_empty() {
            faults.push(Diagnostic::at(text.span, format!("`{key}` is empty"), "write something"));
            return None;
        }
        Some(text)
    }

    /// The texts of the list under the key; none where it is not there.
    pub fn texts(&self, faults: &mut Faults, key: &str) -> Option<Vec<Text<'a>>> {
        let list = self.list(faults, key)?;
        Some(list.iter().filter_map(|item| text(faults, key, item)).collect())
    }

    /// The list under the key; none where it is not there.
    pub fn list(&self, faults: &mut Faults, key: &str) -> Option<&'a [Spanned<DeValue<'a>>]> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Array(list) => Some(list),
            other => {
                faults.push(wrong_type(key, value, other, "a list, such as [\"...\"]"));
                None
            }
        }
    }

    /// The whole number of people under the key, which must not be zero.
    pub fn people(&self, faults: &mut Faults, key: &str) -> Option<std::num::NonZeroU32> {
        let value = self.get(key)?;
        let DeValue::Integer(number) = value.get_ref() else {
            faults.push(wrong_type(key, value, value.get_ref(), "a whole number"));
            return None;
        };
        let digits = number.as_str().replace('_', "");
        let read = u32::from_str_radix(&digits, number.radix());
        let read = read.ok().and_then(std::num::NonZeroU32::new);
        if read.is_none() {
            let message = format!("`{key}` must be a whole number from 1 to {}", u32::MAX);
            faults.push(Diagnostic::at(value.span(), message, "not a number of people"));
        }
        read
    }

    /// The whole number under the key, from 1 to `most`.
    pub fn count(&self, faults: &mut Faults, key: &str, most: usize) -> Option<usize> {
        let value = self.get(key)?;
        let read = match value.get_ref() {
            DeValue::Integer(number) => {
                usize::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()
            }
            _ => None,
        };
        let read = read.filter(|read| (1..=most).contains(read));
        if read.is_none() {
            let message = format!("`{key}` must be a whole number from 1 to {most}");
            faults.push(Diagnostic::at(value.span(), message, "not such a number"));
        }
        read
    }

    /// The inner table under the key, with the keys that it may have.
    pub fn table(
        &self,
        faults: &mut Faults,
        key: &str,
        called: &'static str,
        keys: &[&str],
    ) -> Option<Table<'a>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(Table::new(faults, table, value.span(), called, keys)),
            other => {
                faults.push(wrong_type(key, value, other, &format!("a table, {called}")));
                None
            }
        }
    }

    /// The texts of the inner table under the key, whose keys may be any, with their
    /// names; none where it is not there.
    pub fn entries(&self, faults: &mut Faults, key: &str) -> Vec<(Text<'a>, Text<'a>)> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Table(table) = value.get_ref() else {
            let wanted = "a table, such as { \"X-Api-Key\" = \"...\" }";
            faults.push(wrong_type(key, value, value.get_ref(), wanted));
            return Vec::new();
        };
        let mut entries = Vec::new();
        for (name, value) in table.iter() {
            let called = Text { value: name.get_ref().as_ref(), span: name.span() };
            entries.extend(text(faults, key, value).map(|value| (called, value)));
        }
        entries
    }

    /// The tables of the list under the key, each with the keys that it may have.
    pub fn tables(
        &self,
        faults: &mut Faults,
        key: &str,
        called: &'static str,
        keys: &[&str],
    ) -> Vec<Table<'a>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(list) = value.get_ref() else {
            let wanted = format!("a list of tables: write {called}");
            faults.push(wrong_type(key, value, value.get_ref(), &wanted));
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in list.iter() {
            match item.get_ref() {
                DeValue::Table(table) => {
                    tables.push(Table::new(faults, table, item.span(), called, keys));
                }
                other => faults.push(wrong_type(key, item, other, &format!("a table, {called}"))),
            }
        }
        tables
    }

    /// The fault of a key that is not there.
    pub fn missing(&self, key: &str) -> Diagnostic {
        let message = format!("`{key}` is missing in {}", self.called);
        Diagnostic::at(self.span.clone(), message, format!("add `{key}`"))
    }

    /// Where the value of the key stands, or else the table.
    pub fn span_of(&self, key: &str) -> Range<usize> {
        self.get(key).map_or(self.span.clone(), Spanned::span)
    }

    /// Whether the key is there, of whatever type.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.get(key)
    }
}

/// The words of `valid` that the operator may have meant, the nearest first; at
/// most three.
pub(super) fn nearest<'a>(word: &str, valid: &[&'a str]) -> Vec<&'a str> {
    let word = word.to_lowercase();
    let mut scored: Vec<(f64, &str)> = valid
        .iter()
        .map(|valid| (strsim::jaro_winkler(&word, &valid.to_lowercase()), *valid))
        .filter(|(score, _)| *score >= 0.75)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let best = scored.first().map_or(0.0, |(score, _)| *score);
    scored.retain(|(score, _)| best - score < 0.1);
    scored.into_iter().take(3).map(|(_, valid)| valid).collect()
}

/// "did you mean `a` or `b`?"; nothing where there is nothing near.
pub(super) fn did_you_mean(nearest: &[impl AsRef<str>]) -> Option<String> {
    let quoted: Vec<_> = nearest.iter().map(|word| format!("`{}`", word.as_ref())).collect();
    let (last, others) = quoted.split_last()?;
    Some(match others {
        [] => format!("did you mean {last}?"),
        others => format!("did you mean {} or {last}?", others.join(", ")),
    })
}

/// The text that a value is.
pub(super) fn text<'a>(
    faults: &mut Faults,
    key: &str,
    value: &'a Spanned<DeValue<'a>>,
) -> Option<Text<'a>> {
    match value.get_ref() {
        DeValue::String(text) => Some(Text { value: text, span: value.span() }),
        other => {
            faults.push(wrong_type(key, value, other, "a text, in quotes"));
            None
        }
    }
}

fn unknown_key(key: &Spanned<toml::de::DeString<'_>>, called: &str, keys: &[&str]) -> Diagnostic {
    let name = key.get_ref();
    let place = if called.is_empty() { String::new() } else { format!(" in {called}") };
    let label = did_you_mean(&nearest(name, keys)[..])
        .unwrap_or_else(|| format!("it may have {}", listed(keys)));
    Diagnostic::at(key.span(), format!("unknown key `{name}`{place}"), label)
}

fn listed(keys: &[&str]) -> String {
    keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}

fn wrong_type(
    key: &str,
    value: &Spanned<DeValue<'_>>,
    found: &DeValue<'_>,
    wanted: &str,
) -> Diagnostic {
    let message = format!("`{key}` must be {wanted}");
    Diagnostic::at(value.span(), message, format!("this is {}", type_name(found)))
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
