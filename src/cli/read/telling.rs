//! A reading for people: its events as a table, then the text with the words that
//! they rest on made to stand out.

use std::ops::Range;

use crate::article::Article;
use crate::cli::look::{EVIDENCE, FAINT, HEADING, Look, PLACE, one_line};
use crate::cli::table::{Cell, Table};
use crate::cli::words;
use crate::extract::event::{Evidence, Language, Reading, Status};
use crate::lexicon::places::Gazetteer;

/// What is told, and how.
pub(super) struct Telling<'a> {
    pub article: &'a Article,
    pub reading: &'a Reading,
    pub places: &'a Gazetteer,
    pub look: Look,
}

impl Telling<'_> {
    pub fn render(&self, explain: bool) -> String {
        let mut out = self.head();
        if !self.reading.events.is_empty() {
            out += "\n";
            out += &self.events();
        }
        if explain {
            out += &self.rules();
            out += &self.dropped();
        }
        out + "\n" + &self.text()
    }

    fn head(&self) -> String {
        let Reading { events, dropped, language, .. } = self.reading;
        let background = events.iter().filter(|event| event.status == Status::Background).count();
        let title = one_line(&self.article.title);
        let title = if title.is_empty() { "(no title)" } else { title.as_str() };
        let told = match (language, events.len()) {
            (Language::Other(code), _) => format!("in a language that is not read ({code})"),
            (_, 0) => "no attack is reported".to_owned(),
            (_, 1) => "one event".to_owned(),
            (_, n) => format!("{n} events, {background} of them background"),
        };
        let day = match self.article.published {
            Some(at) => format!("published {}", words::instant(at)),
            None => "no date: names of days are not resolved, see --published".to_owned(),
        };
        let numbers = match dropped.len() {
            0 => String::new(),
            n => format!("; {n} passages not counted"),
        };
        let line = self.look.paint(FAINT, format!("{day}; {told}{numbers}"));
        format!("{}\n{line}\n", self.look.paint(HEADING, title))
    }

    fn events(&self) -> String {
        let mut table = Table::new(&["where", "when", "what", "by", "toll"]);
        for event in &self.reading.events {
            let what = format!("{}\n{}", words::kind(event.kind), words::status(event.status));
            let by = words::perpetrator(event.perpetrator.as_deref(), event.claim);
            table.row(vec![
                Cell::styled(PLACE, words::places(self.places, &event.places)),
                words::days(event.when).into(),
                what.into(),
                one_line(&by).into(),
                words::tolls(&event.tolls).into(),
            ]);
        }
        table.render(self.look)
    }

    /// For each number its words, who said it, and the rules that read it.
    fn rules(&self) -> String {
        let mut table = Table::new(&["event", "counted as", "words", "said by", "rules"]);
        for (number, event) in self.reading.events.iter().enumerate() {
            for toll in &event.tolls {
                for evidence in &toll.evidence {
                    table.row(vec![
                        format!("{}", number + 1).into(),
                        format!(
                            "{}: {} {}",
                            words::party(toll.party),
                            words::count(toll.count),
                            words::outcome(toll.outcome)
                        )
                        .into(),
                        Cell::styled(EVIDENCE, self.quoted(&evidence.range)),
                        words::voice(&evidence.voice).into(),
                        Cell::styled(FAINT, evidence.rule.as_str()),
                    ]);
                }
            }
        }
        format!("\n{}\n{}", self.look.paint(HEADING, "Why"), table.render(self.look))
    }

    fn dropped(&self) -> String {
        let mut out = String::new();
        if !self.reading.dropped.is_empty() {
            let mut table = Table::new(&["not counted", "because"]);
            for dropped in &self.reading.dropped {
                table.row(vec![
                    self.quoted(&dropped.range).into(),
                    words::reason(dropped.reason).into(),
                ]);
            }
            out += &format!("\n{}", table.render(self.look));
        }
        for doubt in &self.reading.doubts {
            out += &format!("\ndoubt: {}\n", one_line(doubt));
        }
        out
    }

    /// The words of a range, shortened in the middle.
    fn quoted(&self, range: &Range<usize>) -> String {
        const LONGEST: usize = 70;
        let document = self.article.document();
        let words = one_line(document.get(range.clone()).unwrap_or_default());
        match words.char_indices().nth(LONGEST) {
            Some((cut, _)) => format!("{}...", &words[..cut]),
            None => words,
        }
    }

    /// The document, its evidence in colour or in brackets.
    fn text(&self) -> String {
        let document = self.article.document();
        let mut out = String::new();
        let mut at = 0;
        for range in marked(self.reading, &document) {
            out += &document[at..range.start];
            let words = &document[range.clone()];
            out += &match self.look.is_coloured {
                true => self.look.paint(EVIDENCE, words),
                false => format!("[{words}]"),
            };
            at = range.end;
        }
        out += &document[at..];
        format!("{}\n", harmless(&out, self.look).trim())
    }
}

/// The ranges of all evidence in order, those that touch or overlap made one.
fn marked(reading: &Reading, document: &str) -> Vec<Range<usize>> {
    let of_events = reading.events.iter().flat_map(|event| {
        let tolls = event.tolls.iter().flat_map(|toll| &toll.evidence);
        event.evidence.iter().chain(tolls)
    });
    let mut ranges: Vec<Range<usize>> = of_events
        .map(|evidence: &Evidence| evidence.range.clone())
        .filter(|range| !range.is_empty() && document.get(range.clone()).is_some())
        .collect();
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// The text was cleaned where it came in; our own colours are all that may act.
fn harmless(text: &str, look: Look) -> String {
    let acts = |c: char| c.is_control() && c != '\n' && !(look.is_coloured && c == '\u{1b}');
    text.chars().map(|c| if acts(c) { ' ' } else { c }).collect()
}
