//! A reading for people: its events as a table, the rules and speakers behind each
//! number, what was not counted and why, and the text as `picture` draws it.

use std::ops::Range;

use super::picture::{Picture, colour_of};
use crate::article::Article;
use crate::cli::look::{FAINT, HEADING, Look, PLACE, WARNING, one_line};
use crate::cli::table::{Cell, Table};
use crate::cli::words;
use crate::extract::event::{Language, Reading, Status};
use crate::extract::seen::seen;
use crate::lexicon::Lexicon;

/// What is told, and how.
pub(super) struct Telling<'a> {
    pub article: &'a Article,
    pub reading: &'a Reading,
    pub lexicon: &'a Lexicon,
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
        out + "\n" + &self.text(explain)
    }

    fn head(&self) -> String {
        let Reading { events, dropped, language, .. } = self.reading;
        let background = events.iter().filter(|event| event.status == Status::Background).count();
        let title = one_line(&self.article.title);
        let title = if title.is_empty() { "(no title)" } else { title.as_str() };
        let told = match (language, events.len()) {
            (Language::Other(_), _) => "not read".to_owned(),
            (_, 0) => "no attack is reported".to_owned(),
            (_, 1) => "one event".to_owned(),
            (_, n) if background == 0 => format!("{n} events"),
            (_, n) => format!("{n} events, {background} of them background"),
        };
        let day = match self.article.published {
            Some(at) => format!("published {}", words::instant(at)),
            None => "no date: names of days are not resolved, see --published".to_owned(),
        };
        let numbers = match dropped.len() {
            0 => String::new(),
            1 => "; one passage not counted".to_owned(),
            n => format!("; {n} passages not counted"),
        };
        let line = self.look.paint(FAINT, format!("{day}; {told}{numbers}"));
        let foreign = match language {
            Language::Other(code) => self.look.paint(WARNING, foreign(code)) + "\n",
            Language::English => String::new(),
        };
        format!("{}\n{line}\n{foreign}", self.look.paint(HEADING, title))
    }

    fn events(&self) -> String {
        let mut table = Table::new(&["#", "where", "when", "what", "by", "toll"]);
        for (number, event) in self.reading.events.iter().enumerate() {
            let what = format!("{}\n{}", words::kind(event.kind), words::status(event.status));
            let by = words::perpetrator(event.perpetrator.as_deref(), event.claim);
            table.row(vec![
                Cell::styled(FAINT, (number + 1).to_string()),
                Cell::styled(PLACE, words::places(&self.lexicon.places, &event.places)),
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
        let mut table = Table::new(&["#", "counted as", "words", "said by", "rules"]);
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
                        Cell::styled(colour_of(toll.outcome), self.quoted(&evidence.range)),
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

    /// The document, what was understood in it in colour or in brackets.
    fn text(&self, explain: bool) -> String {
        let seen = match self.look.is_coloured && self.reading.language == Language::English {
            true => seen(self.lexicon, self.article),
            false => Vec::new(),
        };
        let document = self.article.document();
        let (reading, look) = (self.reading, self.look);
        Picture { document: &document, reading, seen: &seen, explain, look }.render()
    }
}

/// What becomes of an article in another language, by its ISO 639-3 code.
fn foreign(code: &str) -> String {
    format!(
        "This article is not in English ({code}). watchfire stores it and marks it so; nothing is \
         read out of it."
    )
}
