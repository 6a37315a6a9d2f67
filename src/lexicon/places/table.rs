//! The compiled-in tables: lines of tab-separated columns, read in place.

use super::name::Spelling;
use super::{Level, PlaceCode};

/// One file of places.
pub struct Source {
    /// The name of the file, for tests to point at.
    #[cfg(test)]
    pub file: &'static str,
    pub text: &'static str,
    pub level: Level,
    /// Whether a population stands between the code and the names.
    pub populated: bool,
}

macro_rules! source {
    ($file:literal, $level:ident, $populated:literal) => {
        Source {
            #[cfg(test)]
            file: $file,
            text: include_str!(concat!("../data/places/", $file)),
            level: Level::$level,
            populated: $populated,
        }
    };
}

/// Every file, the two that `Tables` reads first.
pub static SOURCES: [Source; 7] = [
    source!("countries.tsv", Country, false),
    source!("divisions.tsv", Division, false),
    source!("regions.tsv", Region, false),
    source!("districts_af.tsv", District, false),
    source!("districts.tsv", District, false),
    source!("admin2.tsv", District, false),
    source!("towns.tsv", Town, true),
];

/// One line of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    line: &'a str,
    level: Level,
    populated: bool,
}

impl<'a> Row<'a> {
    pub fn code(&self) -> PlaceCode {
        self.column(0).parse().expect("a test reads the code of every row")
    }

    pub fn level(&self) -> Level {
        self.level
    }

    pub fn population(&self) -> u32 {
        if self.populated { self.column(1).parse().unwrap_or(0) } else { 0 }
    }

    /// The first spelling, which is the usual English name.
    pub fn name(&self) -> &'a str {
        let first = self.names().split('|').next().unwrap_or_default();
        Spelling::parse(first).text
    }

    /// Every spelling, the usual one first.
    pub fn spellings(&self) -> impl Iterator<Item = Spelling<'a>> + use<'a> {
        self.names().split('|').map(Spelling::parse)
    }

    fn names(&self) -> &'a str {
        self.column(1 + usize::from(self.populated))
    }

    fn column(&self, number: usize) -> &'a str {
        self.line.split('\t').nth(number).unwrap_or_default()
    }
}

impl Source {
    /// The rows in their order; lines that open with `#` are for the reader of the file.
    pub fn rows(&'static self) -> impl Iterator<Item = Row<'static>> {
        self.text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| self.row(line))
    }

    /// The rows of one country, by the head of the line alone.
    pub fn rows_of(&'static self, country: &'static str) -> impl Iterator<Item = Row<'static>> {
        let lines = self.text.lines().filter(move |line| line.starts_with(country));
        lines.map(|line| self.row(line))
    }

    /// The row and the spelling that stand at a byte of the text.
    pub fn row_at(&'static self, offset: usize) -> (Row<'static>, Spelling<'static>) {
        let start = self.text[..offset].rfind('\n').map_or(0, |at| at + 1);
        let end = self.text[offset..].find('\n').map_or(self.text.len(), |at| offset + at);
        let marked = self.text[offset..end].split(['|', '\t']).next().unwrap_or_default();
        (self.row(&self.text[start..end]), Spelling::parse(marked))
    }

    fn row(&self, line: &'static str) -> Row<'static> {
        Row { line, level: self.level, populated: self.populated }
    }
}

/// The countries and the divisions, each sorted by code.
#[derive(Debug)]
pub struct Tables {
    rows: Vec<(PlaceCode, Row<'static>)>,
}

impl Tables {
    pub fn embedded() -> Tables {
        let mut rows: Vec<_> =
            SOURCES[..2].iter().flat_map(Source::rows).map(|row| (row.code(), row)).collect();
        rows.sort_by_key(|(code, _)| *code);
        Tables { rows }
    }

    pub fn find(&self, code: PlaceCode) -> Option<Row<'static>> {
        self.rows.binary_search_by_key(&code, |(own, _)| *own).ok().map(|at| self.rows[at].1)
    }

    pub fn divisions_of(&self, country: PlaceCode) -> impl Iterator<Item = PlaceCode> {
        let start = self.rows.partition_point(|(code, _)| *code < country);
        self.rows[start..]
            .iter()
            .map(|(code, _)| *code)
            .take_while(move |code| code.country() == country)
            .filter(|code| !code.is_country())
    }

    pub fn timezone(&self, code: PlaceCode) -> &'static str {
        let of = |code, column| {
            self.find(code).map(|row| row.column(column)).filter(|zone| !zone.is_empty())
        };
        let division = if code.is_country() { None } else { of(code, 2) };
        division.or_else(|| of(code.country(), 4)).unwrap_or("UTC")
    }

    pub fn capital(&self, country: PlaceCode) -> Option<(&'static str, PlaceCode)> {
        let row = self.find(country.country())?;
        let code = row.column(3).parse().ok()?;
        Some((row.column(2), code))
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'static>> {
        self.rows.iter().map(|(_, row)| *row)
    }
}
