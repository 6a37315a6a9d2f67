//! The first pass over an article: tokens, sentences with their zones, and the
//! lexicon's terms and actors marked on the tokens. Everything later looks here.

use std::ops::Range;

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use crate::article::Article;
use crate::article::zones::{Zone, paragraphs};
use crate::lexicon::actors::{Actor, Named, Side};
use crate::lexicon::terms::{Class, Classes, Met, Term};
use crate::lexicon::{Lexicon, PlaceCode};
use crate::text::Tokens;
use crate::text::fold::fold;
use crate::text::numerals::{self, Numeral};
use crate::text::sentences::sentences;
use crate::text::tokens::Shape;
use crate::text::words::Words;

/// One sentence of the story, or of what stands around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    pub tokens: Range<usize>,
    pub zone: Zone,
    /// Counted over the whole document; the title is 0.
    pub paragraph: usize,
}

/// An actor met in the text.
#[derive(Debug, Clone, Copy)]
pub struct ActorMet<'l> {
    pub at: usize,
    pub tokens: usize,
    pub actor: &'l Actor,
    /// All that the name can mean.
    pub named: Named<'l>,
}

/// An article with everything marked that the lexicon knows.
pub struct Scan<'l, 't> {
    pub tokens: Tokens<'t>,
    pub sentences: Vec<Sentence>,
    /// By token: the term that begins there. Tokens inside a longer term have none.
    terms: Vec<Option<Met<'l>>>,
    /// By token: the classes of that term.
    classes: Vec<Classes>,
    /// All classes of the whole article.
    met: Classes,
    /// By token: the first token of the term that covers it, if one does.
    covered: Vec<u32>,
    /// By token: the number that begins there.
    numerals: Vec<Option<Numeral>>,
    pub actors: Vec<ActorMet<'l>>,
    /// By token: index into `actors` of the actor that covers it.
    actor_at: Vec<Option<u32>>,
    /// By token: the country that a word such as "American" or "US" points at.
    nations: Vec<Option<PlaceCode>>,
    /// Whether the article is of the time since the Taliban govern.
    taliban_govern: bool,
}

/// The Taliban took Kabul on 15 August 2021: since then they are the state.
const TALIBAN_GOVERN: Timestamp = Timestamp::constant(1_628_985_600, 0);

impl<'l, 't> Scan<'l, 't> {
    /// Marks up the document of an article. Linear in its length.
    pub fn of(lexicon: &'l Lexicon, article: &Article, document: &'t str) -> Scan<'l, 't> {
        let tokens = Tokens::of(document);
        let sentences = zoned_sentences(article, document, &tokens);
        let (terms, covered) = mark_terms(lexicon, &tokens);
        let numerals = (0..tokens.len()).map(|i| numerals::read(&tokens, i)).collect();
        let (actors, actor_at) = mark_actors(lexicon, &tokens);
        let nations = mark_nations(lexicon, &tokens);
        let taliban_govern =
            article.published.is_some_and(|p| p >= TALIBAN_GOVERN) && !tells_of_insurgents(&tokens);
        let classes = terms.iter().map(|met| met.map_or(Classes::NONE, |m| m.term.classes));
        let classes: Vec<Classes> = classes.collect();
        let met = classes.iter().fold(Classes::NONE, |all, own| all.or(*own));
        Scan {
            tokens,
            sentences,
            terms,
            classes,
            met,
            covered,
            numerals,
            actors,
            actor_at,
            nations,
            taliban_govern,
        }
    }

    /// The term that begins at token `i`.
    pub fn term(&self, i: usize) -> Option<&'l Term> {
        self.terms.get(i).copied().flatten().map(|met| met.term)
    }

    /// How many tokens the term at `i` covers; 1 where there is none.
    pub fn span(&self, i: usize) -> usize {
        self.terms.get(i).copied().flatten().map_or(1, |met| met.tokens)
    }

    /// Whether a term of this class begins at `i`.
    #[inline]
    pub fn is(&self, i: usize, class: Class) -> bool {
        self.classes.get(i).is_some_and(|classes| classes.has(class))
    }

    /// Whether a term of one of these classes begins at `i`.
    #[inline]
    pub fn is_any(&self, i: usize, classes: &[Class]) -> bool {
        self.classes.get(i).is_some_and(|own| own.meet(Classes::of(classes)))
    }

    /// The first token of the term that covers `i`; `i` itself where none does.
    pub fn head(&self, i: usize) -> usize {
        self.covered.get(i).map_or(i, |head| *head as usize)
    }

    /// The number in digits or words that begins at token `i`.
    pub fn numeral(&self, i: usize) -> Option<Numeral> {
        self.numerals.get(i).copied().flatten()
    }

    /// The actor whose name covers token `i`.
    pub fn actor(&self, i: usize) -> Option<ActorMet<'l>> {
        self.actor_at.get(i).copied().flatten().map(|n| self.actors[n as usize])
    }

    /// The country that the word at `i` points at, as an adjective or a name.
    pub fn nation(&self, i: usize) -> Option<PlaceCode> {
        self.nations.get(i).copied().flatten()
    }

    /// Settles names that several actors share ("ISI", "communist rebels") by the
    /// country of the article.
    pub fn settle_actors(&mut self, home: Option<PlaceCode>) {
        for met in &mut self.actors {
            met.actor = met.named.fighting_in(home);
        }
    }

    /// The side of an actor at the time of the article.
    pub fn side(&self, actor: &Actor) -> Side {
        if self.taliban_govern && matches!(actor.name.as_str(), "Taliban" | "Taleban") {
            Side::State
        } else {
            actor.side
        }
    }

    /// The actors that begin in a token range, in order.
    pub fn actors_in(&self, range: Range<usize>) -> &[ActorMet<'l>] {
        let first = self.actors.partition_point(|m| m.at < range.start);
        let end = self.actors.partition_point(|m| m.at < range.end);
        &self.actors[first..end.max(first)]
    }

    /// Token indices in the range at which a term of the class begins.
    pub fn all(&self, range: Range<usize>, class: Class) -> impl Iterator<Item = usize> + '_ {
        // Most classes are in no word of most articles.
        let range = if self.met.has(class) { range } else { 0..0 };
        range.filter(move |i| self.is(*i, class))
    }

    /// Whether a term of the class begins in the range.
    pub fn has(&self, range: Range<usize>, class: Class) -> bool {
        self.all(range, class).next().is_some()
    }

    /// Bytes of a token range in the document.
    pub fn bytes(&self, tokens: Range<usize>) -> Range<usize> {
        self.tokens.bytes(tokens)
    }

    /// Whether token `i` is one of these marks or lower-case words.
    #[inline(always)]
    pub fn is_word<W: Words + ?Sized>(&self, i: usize, words: &W) -> bool {
        self.tokens.is_one_of(i, words)
    }
}

/// Whether the Taliban of the article are insurgents, whatever its date: it calls
/// them so, or sets them against the forces of the republic.
fn tells_of_insurgents(tokens: &Tokens<'_>) -> bool {
    let word = |i: usize, words: &[&str]| words.contains(&tokens.lower(i));
    let called = |i: usize| {
        word(i, &["taliban", "taleban"])
            && word(
                i + 1,
                &["militants", "insurgents", "rebels", "guerrillas", "militancy", "insurgency"],
            )
    };
    let republic = |i: usize| {
        word(i, &["afghan"])
            && (word(i + 1, &["troops", "army", "soldiers", "police"])
                || word(i + 1, &["security", "government", "national"])
                    && word(i + 2, &["forces", "army", "police", "troops"]))
    };
    (0..tokens.len()).any(|i| called(i) || republic(i))
}

/// Sentences, each inside one paragraph, with the paragraph's zone.
fn zoned_sentences(article: &Article, document: &str, tokens: &Tokens<'_>) -> Vec<Sentence> {
    let zones = paragraphs(article, document);
    let mut at = 0;
    let mut found = Vec::new();
    let headed = sentences(tokens).into_iter().flat_map(|s| parted_at_dateline(tokens, s));
    for range in headed.flat_map(bounded) {
        let start = tokens.get(range.start).start as usize;
        while at + 1 < zones.len() && zones[at + 1].range.start <= start {
            at += 1;
        }
        let zone = zones.get(at).map_or(Zone::Body, |p| p.zone);
        found.push(Sentence { tokens: range, zone, paragraph: at });
    }
    found
}

/// "For Immediate Release KABUL, Afghanistan (Dec. 27) – Ten …": what stands before a
/// dateline on its line is a letterhead, and no part of the sentence.
fn parted_at_dateline(tokens: &Tokens<'_>, sentence: Range<usize>) -> Vec<Range<usize>> {
    let shouted = |i: usize| {
        let text = tokens.text(i);
        text.len() >= 4 && text.bytes().all(|b| b.is_ascii_uppercase())
    };
    let heads = |i: &usize| {
        let named = shouted(*i)
            && tokens.lower(i + 1) == ","
            && tokens.get(i + 2).capital
            && !shouted(i + 2)
            && tokens.lower(i + 3) == "(";
        named && (i + 4..i + 12).any(|t| tokens.lower(t) == ")")
    };
    let last = sentence.end.saturating_sub(6).max(sentence.start);
    match (sentence.start + 1..last).find(heads) {
        Some(at) => vec![sentence.start..at, at..sentence.end],
        None => vec![sentence],
    }
}

/// No sentence of news is longer, in tokens. A longer run is read in pieces, so
/// that the work on a sentence, which grows with its square, stays bounded.
const LONGEST_SENTENCE: usize = 240;

fn bounded(sentence: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = sentence.end;
    sentence.step_by(LONGEST_SENTENCE).map(move |at| at..end.min(at + LONGEST_SENTENCE))
}

fn mark_terms<'l>(lexicon: &'l Lexicon, tokens: &Tokens<'_>) -> (Vec<Option<Met<'l>>>, Vec<u32>) {
    let mut terms = vec![None; tokens.len()];
    let mut covered: Vec<u32> = (0..tokens.len() as u32).collect();
    let mut at = 0;
    while at < tokens.len() {
        let met = match tokens.get(at).shape {
            Shape::Word => lexicon.terms.longest(tokens, at),
            _ => None,
        };
        let span = met.map_or(1, |m| m.tokens);
        terms[at] = met;
        covered[at..at + span].fill(at as u32);
        at += span;
    }
    (terms, covered)
}

fn mark_actors<'l>(
    lexicon: &'l Lexicon,
    tokens: &Tokens<'_>,
) -> (Vec<ActorMet<'l>>, Vec<Option<u32>>) {
    let mut actors = Vec::new();
    let mut actor_at = vec![None; tokens.len()];
    let mut at = 0;
    while at < tokens.len() {
        let met = match tokens.get(at).shape {
            Shape::Word => lexicon.actors.longest(tokens, at),
            _ => None,
        };
        let span = met.map_or(1, |named| named.tokens);
        if let Some(named) = met {
            actor_at[at..at + span].fill(Some(actors.len() as u32));
            actors.push(ActorMet { at, tokens: span, actor: named.actor, named });
        }
        at += span;
    }
    (actors, actor_at)
}

fn mark_nations(lexicon: &Lexicon, tokens: &Tokens<'_>) -> Vec<Option<PlaceCode>> {
    let mut known: FxHashMap<&str, Option<PlaceCode>> = FxHashMap::default();
    let nation = |word: &str| {
        let capitals = word.bytes().all(|b| !b.is_ascii_lowercase());
        lexicon.places.country(&fold(word), capitals)
    };
    let capital = |i: &usize| tokens.get(*i).capital && tokens.get(*i).shape == Shape::Word;
    (0..tokens.len())
        .map(|i| {
            if capital(&i) {
                *known.entry(tokens.text(i)).or_insert_with_key(|w| nation(w))
            } else {
                None
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_without_end_is_read_in_pieces() {
        let text = "12 killed in Kunduz, ".repeat(1000);
        let lexicon = Lexicon::embedded();
        let scan = Scan::of(&lexicon, &Article::default(), &text);
        assert!(scan.sentences.iter().all(|s| s.tokens.len() <= LONGEST_SENTENCE));
        let covered: usize = scan.sentences.iter().map(|s| s.tokens.len()).sum();
        assert_eq!(covered, scan.tokens.len());
    }
}
