//! The text of an article with what was understood in it in colour: numbers by
//! their outcome, places, days, attackers, speakers, and what was not counted.

use std::ops::Range;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use crate::cli::look::{FAINT, Look};
use crate::cli::words;
use crate::extract::event::{Outcome, Reading, Reason, Status};
use crate::extract::seen::{Seen, What};

/// What a stretch of the text is, the weakest first: of two that overlap the
/// later one shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Speaker,
    Actor,
    Day,
    Place,
    Dropped(Rejected),
    Counted { outcome: Shown, event: usize, news: bool },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Shown {
    Abducted,
    Wounded,
    Killed,
}

/// A reason, by its place in the reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rejected(usize);

const SPEAKER: Style = AnsiColor::Green.on_default().italic();
const ACTOR: Style = AnsiColor::BrightRed.on_default().italic();
const DAY: Style = AnsiColor::Blue.on_default();
const PLACE: Style = AnsiColor::Cyan.on_default().underline();
const DROPPED: Style = Style::new().dimmed().strikethrough();
const KILLED: Style = AnsiColor::Red.on_default().bold().underline();
const WOUNDED: Style = AnsiColor::Yellow.on_default().bold().underline();
const ABDUCTED: Style = AnsiColor::Magenta.on_default().bold().underline();

/// The picture of a document.
pub(super) struct Picture<'a> {
    pub document: &'a str,
    pub reading: &'a Reading,
    pub seen: &'a [Seen],
    /// Whether a reason stands behind each number that was not counted.
    pub explain: bool,
    pub look: Look,
}

impl Picture<'_> {
    pub fn render(&self) -> String {
        let runs = self.runs();
        match self.look.is_coloured {
            true => format!("{}\n\n{}", legend(self.look), self.coloured(&runs)),
            false => self.plain(&runs),
        }
    }

    /// Counted numbers in brackets.
    fn plain(&self, runs: &[(Option<Mark>, &str)]) -> String {
        let piece = |(mark, words): &(Option<Mark>, &str)| match mark {
            Some(Mark::Counted { .. }) => format!("[{}]", harmless(words)),
            _ => harmless(words),
        };
        format!("{}\n", runs.iter().map(piece).collect::<String>().trim())
    }

    fn coloured(&self, runs: &[(Option<Mark>, &str)]) -> String {
        let mut page = Page { out: String::new(), column: 0, look: self.look };
        for (mark, words) in runs {
            page.write(mark.map_or(Style::new(), style), words);
            match mark {
                Some(Mark::Counted { event, .. }) if self.reading.events.len() > 1 => {
                    page.write(FAINT, &format!("#{}", event + 1));
                }
                Some(Mark::Dropped(Rejected(at))) if self.explain => {
                    let reason: Reason = self.reading.dropped[*at].reason;
                    page.write(FAINT, &format!(" ({})", words::reason(reason)));
                }
                _ => {}
            }
        }
        format!("{}\n", page.out.trim_end())
    }

    /// The document in order, cut where what it is changes.
    fn runs(&self) -> Vec<(Option<Mark>, &str)> {
        let mut marks = self.marks();
        marks.retain(|(range, _)| self.document.get(range.clone()).is_some_and(|w| !w.is_empty()));
        marks.sort_by_key(|(_, mark)| *mark);
        let mut at: Vec<Option<Mark>> = vec![None; self.document.len()];
        for (range, mark) in marks {
            at[range].fill(Some(mark));
        }
        let mut runs = Vec::new();
        let mut start = 0;
        for run in at.chunk_by(|a, b| a == b) {
            runs.push((run[0], &self.document[start..start + run.len()]));
            start += run.len();
        }
        runs
    }

    fn marks(&self) -> Vec<(Range<usize>, Mark)> {
        let seen = self.seen.iter().map(|seen| {
            let mark = match seen.as_what {
                What::Place(_) => Mark::Place,
                What::Day => Mark::Day,
                What::Actor => Mark::Actor,
                What::Speaker => Mark::Speaker,
            };
            (seen.range.clone(), mark)
        });
        let dropped = self.reading.dropped.iter().enumerate();
        let dropped = dropped.map(|(at, d)| (d.range.clone(), Mark::Dropped(Rejected(at))));
        let events = self.reading.events.iter().enumerate();
        let counted = events.flat_map(|(event, report)| {
            let news = report.status == Status::Current;
            report.tolls.iter().flat_map(move |toll| {
                let mark = Mark::Counted { outcome: shown(toll.outcome), event, news };
                toll.evidence.iter().map(move |e| (e.range.clone(), mark))
            })
        });
        seen.chain(dropped).chain(counted).collect()
    }
}

fn shown(outcome: Outcome) -> Shown {
    match outcome {
        Outcome::Killed => Shown::Killed,
        Outcome::Wounded => Shown::Wounded,
        Outcome::Abducted => Shown::Abducted,
    }
}

/// The colour of a number.
fn colour(outcome: Shown) -> Style {
    match outcome {
        Shown::Killed => KILLED,
        Shown::Wounded => WOUNDED,
        Shown::Abducted => ABDUCTED,
    }
}

/// The colour of a number of an outcome, for tables beside the picture.
pub(super) fn colour_of(outcome: Outcome) -> Style {
    colour(shown(outcome))
}

fn style(mark: Mark) -> Style {
    match mark {
        Mark::Speaker => SPEAKER,
        Mark::Actor => ACTOR,
        Mark::Day => DAY,
        Mark::Place => PLACE,
        Mark::Dropped(_) => DROPPED,
        Mark::Counted { outcome, news, .. } => {
            if news {
                colour(outcome)
            } else {
                colour(outcome).dimmed()
            }
        }
    }
}

/// What the colours mean.
fn legend(look: Look) -> String {
    let meanings = [
        (KILLED, "killed"),
        (WOUNDED, "wounded"),
        (ABDUCTED, "abducted"),
        (DROPPED, "not counted"),
        (PLACE, "place"),
        (DAY, "day"),
        (ACTOR, "group"),
        (SPEAKER, "who says it"),
        (FAINT, "#event; dim: background"),
    ];
    let mut page = Page { out: String::new(), column: 0, look };
    for (style, name) in meanings {
        page.write(style, name);
        page.write(Style::new(), "  ");
    }
    page.out.trim_end().to_owned()
}

/// Lines no wider than the screen, broken between words.
struct Page {
    out: String,
    column: usize,
    look: Look,
}

impl Page {
    fn write(&mut self, style: Style, words: &str) {
        let mut styled = String::new();
        for piece in harmless(words).split_inclusive([' ', '\n']) {
            let word = piece.trim_end_matches([' ', '\n']);
            if self.column > 0 && self.column + word.width() > self.look.width {
                self.flush(style, &mut styled);
                self.out.truncate(self.out.trim_end_matches(' ').len());
                self.out.push('\n');
                self.column = 0;
            }
            styled.push_str(word);
            self.column += word.width();
            if piece.ends_with('\n') {
                self.flush(style, &mut styled);
                self.out.push('\n');
                self.column = 0;
            } else if piece.len() > word.len() {
                styled.push(' ');
                self.column += 1;
            }
        }
        self.flush(style, &mut styled);
    }

    fn flush(&mut self, style: Style, styled: &mut String) {
        self.out += &match styled.trim().is_empty() {
            true => styled.clone(),
            false => self.look.paint(style, &*styled),
        };
        styled.clear();
    }
}

/// The text was cleaned where it came in; whatever still acts is a blank here.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::Picture;
    use crate::article::Article;
    use crate::cli::look::Look;
    use crate::extract;
    use crate::lexicon::Lexicon;

    const COLOURED: Look = Look { is_terminal: true, is_coloured: true, width: 60 };

    fn drawn(text: &str, look: Look) -> String {
        let article = Article { title: "News".into(), text: text.into(), ..Article::default() };
        let lexicon = Lexicon::embedded();
        let reading = extract::events(&lexicon, &article);
        let seen = extract::seen::seen(&lexicon, &article);
        let document = article.document();
        let picture =
            Picture { document: &document, reading: &reading, seen: &seen, explain: true, look };
        picture.render()
    }

    #[test]
    fn each_kind_of_word_has_its_own_colour() {
        let text = "Six policemen were killed and four wounded in a Taliban attack in Kunduz on \
Thursday, police said. In Kabul two people died when a bus crashed into a truck.";
        let out = drawn(text, COLOURED);
        for marked in ["\u{1b}[31mSix", "\u{1b}[33mfour", "\u{1b}[36mKunduz", "\u{1b}[34mThursday"]
        {
            assert!(out.contains(marked), "{marked:?} in {out:?}");
        }
        assert!(out.contains("\u{1b}[9mtwo") && out.contains("(no "), "{out:?}");
        for line in out.lines().skip(2) {
            let shown = anstream::adapter::strip_str(line).to_string();
            assert!(shown.chars().count() <= 60, "{shown}");
        }
    }

    #[test]
    fn what_came_from_outside_never_acts() {
        let out = drawn("\u{1b}[2JSix men were killed in Kunduz.\u{7}", COLOURED);
        assert!(!out.contains("[2J\u{7}") && !out.contains("\u{1b}[2J") && !out.contains('\u{7}'));
    }

    #[test]
    fn a_pipe_gets_brackets() {
        let look = Look { is_terminal: false, is_coloured: false, width: 60 };
        let out = drawn("Six policemen were killed in Kunduz on Thursday, police said.", look);
        assert!(out.contains("[Six] policemen were killed in Kunduz") && !out.contains('\u{1b}'));
    }
}
