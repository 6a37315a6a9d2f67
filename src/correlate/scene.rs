//! What a report tells of the spot: the towns and districts below its province, the
//! kind of target, and whether it says that it is not the attack known so far. Two
//! attacks of one kind in one province on one day differ in this.

use std::ops::Range;

use crate::article::Article;
use crate::article::zones::{Zone, paragraphs};
use crate::correlate::event::{Locality, Rank, Scene};
use crate::correlate::target::{ANOTHER, targets};
use crate::extract::event::{Reading, Report, Status};
use crate::lexicon::places::{Gazetteer, Level, Meaning};
use crate::text::fold::fold;

/// How the spots of two reports stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    /// Two districts.
    Apart,
    /// Names that may be a village and the district that it lies in.
    Unlike,
    /// One says nothing.
    Untold,
    Same,
}

/// The spots of every report of an article, in their order.
pub fn scenes(article: &Article, reading: &Reading) -> Vec<Scene> {
    if reading.events.is_empty() {
        return Vec::new();
    }
    let document = article.document();
    let gazetteer = Gazetteer::embedded();
    let body: Vec<Range<usize>> = paragraphs(article, &document)
        .into_iter()
        .filter(|paragraph| matches!(paragraph.zone, Zone::Title | Zone::Body))
        .map(|paragraph| paragraph.range)
        .collect();
    let events = &reading.events;
    let news = events.iter().filter(|report| report.status == Status::Current).count();
    let scene = |report: &Report| {
        let alone = news == 1 && report.status == Status::Current;
        let told = told(report);
        let of_others: Vec<Range<usize>> = events
            .iter()
            .filter(|other| !std::ptr::eq(*other, report))
            .flat_map(self::told)
            .filter(|sentence| !told.contains(sentence))
            .collect();
        let stretches = stretches(&body, &told, &of_others, alone);
        read(&gazetteer, report, &document, &stretches, &told)
    };
    events.iter().map(scene).collect()
}

/// The sentences that the report rests on.
fn told(report: &Report) -> Vec<Range<usize>> {
    let of_tolls = report.tolls.iter().flat_map(|toll| &toll.evidence);
    let mut told: Vec<Range<usize>> =
        report.evidence.iter().chain(of_tolls).map(|e| e.sentence.clone()).collect();
    told.sort_by_key(|sentence| (sentence.start, sentence.end));
    told.dedup();
    told
}

/// Where the text speaks of the report: the whole of it where it is the only news,
/// otherwise the paragraphs of its own, and in a shared one its sentences alone.
fn stretches(
    body: &[Range<usize>],
    told: &[Range<usize>],
    of_others: &[Range<usize>],
    alone: bool,
) -> Vec<Range<usize>> {
    let within = |paragraph: &Range<usize>, sentences: &[Range<usize>]| {
        sentences.iter().any(|s| paragraph.start <= s.start && s.start < paragraph.end)
    };
    let mut stretches = Vec::new();
    for paragraph in body {
        match (within(paragraph, told), within(paragraph, of_others)) {
            (true, false) => stretches.push(paragraph.clone()),
            (true, true) => {
                stretches.extend(told.iter().filter(|s| paragraph.contains(&s.start)).cloned());
            }
            (false, false) if alone => stretches.push(paragraph.clone()),
            _ => {}
        }
    }
    stretches
}

fn read(
    gazetteer: &Gazetteer,
    report: &Report,
    document: &str,
    stretches: &[Range<usize>],
    told: &[Range<usize>],
) -> Scene {
    let mut scene = Scene::default();
    for stretch in stretches {
        let Some(text) = document.get(stretch.clone()) else { continue };
        for locality in localities(gazetteer, report, text) {
            if !scene.localities.contains(&locality) {
                scene.localities.push(locality);
            }
        }
    }
    for sentence in told {
        let Some(text) = document.get(sentence.clone()) else { continue };
        let folded = format!(" {} ", fold(text));
        scene.targets.extend(targets(&folded).map(str::to_owned));
        scene.is_another |= ANOTHER.iter().any(|words| folded.contains(words));
    }
    scene.targets.sort();
    scene.targets.dedup();
    scene
}

/// A word with where it stands.
struct Word<'t> {
    text: &'t str,
    range: Range<usize>,
}

impl Word<'_> {
    fn is_name(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }
}

/// Words of the longest name.
const LONGEST: usize = 4;

fn localities(gazetteer: &Gazetteer, report: &Report, text: &str) -> Vec<Locality> {
    let words = words(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let longest = (1..=LONGEST.min(words.len() - at)).rev();
        let met = longest
            .filter(|n| is_name(&words[at..at + n]))
            .find_map(|n| Some((n, locality(gazetteer, report, text, &words, at..at + n)?)));
        at += met.as_ref().map_or(1, |(n, _)| *n);
        found.extend(met.and_then(|(_, locality)| locality));
    }
    found
}

/// Capitalised words with what links them, and no day or month.
fn is_name(words: &[Word<'_>]) -> bool {
    const LINKS: &[&str] = &["e", "i", "al", "el", "ul", "wa", "de", "la"];
    const DAYS: &[&str] = &[
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (first, last) = (&words[0], &words[words.len() - 1]);
    first.is_name()
        && last.is_name()
        && words.iter().all(|word| word.is_name() || LINKS.contains(&word.text))
        && !words.iter().any(|word| DAYS.contains(&word.text))
}

/// The words of a text; hyphens join ("Dasht-e-Archi").
fn words(text: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric() || "-'’".contains(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let text = text[from..at].trim_end_matches("'s").trim_end_matches("’s");
                found.push(Word { text, range: from..at });
                start = None;
            }
            _ => {}
        }
    }
    found
}

/// What the words name, if anything; `Some(None)` is a place that tells no spot.
fn locality(
    gazetteer: &Gazetteer,
    report: &Report,
    text: &str,
    words: &[Word<'_>],
    at: Range<usize>,
) -> Option<Option<Locality>> {
    let (first, last) = (&words[at.start], &words[at.end - 1]);
    let written = &text[first.range.start..last.range.start + last.text.len()];
    if written.contains([',', '.', ';', ':', '"', '(', ')', '“', '”', '\n']) {
        return None;
    }
    let folded = fold(written);
    let meanings = gazetteer.meanings(&folded);
    let cue = cue(text, words, &at);
    let lies_there = |meaning: &&Meaning<'_>| {
        !meaning.adjective
            && report
                .places
                .iter()
                .any(|place| *place == meaning.code || *place == meaning.code.country())
    };
    let spot = meanings.iter().filter(|meaning| meaning.level >= Level::District).find(lies_there);
    let larger = meanings.iter().any(|meaning| meaning.level < Level::District);
    let is_division = matches!(
        words.get(at.end).map_or("", |word| word.text),
        "province" | "state" | "governorate" | "region" | "provincial"
    );
    let rank = match (cue, spot) {
        // "A district of Kunduz" is not the district of that name.
        (cue, _) if larger && (is_division || cue == Some(Rank::District)) => return Some(None),
        (Some(rank), _) => rank,
        // "Kunduz" is the province unless the text says that it is the city.
        (None, _) if larger => return Some(None),
        (None, Some(meaning)) if !meaning.common => match meaning.level {
            Level::District => Rank::District,
            _ => Rank::Town,
        },
        _ => return None,
    };
    if is_aside(text, words, &at) {
        return Some(None);
    }
    let name = spot.map_or(folded, |meaning| fold(meaning.name));
    Some(Some(Locality { name, rank }))
}

/// "Archi district", "the village of Archi".
fn cue(text: &str, words: &[Word<'_>], at: &Range<usize>) -> Option<Rank> {
    let rank = |word: &str| match word {
        "district" | "tehsil" | "county" | "subdistrict" => Some(Rank::District),
        "city" | "town" | "village" | "neighbourhood" | "neighborhood" | "locality" => {
            Some(Rank::Town)
        }
        _ => None,
    };
    let joined =
        |a: usize, b: usize| text[words[a].range.end..words[b].range.start].trim().is_empty();
    let after = words.get(at.end).filter(|_| joined(at.end - 1, at.end));
    let before = at.start.checked_sub(2).filter(|two| {
        words[two + 1].text == "of" && joined(*two, two + 1) && joined(two + 1, at.start)
    });
    after.and_then(|word| rank(word.text)).or_else(|| before.and_then(|two| rank(words[two].text)))
}

/// Whether the place is where somebody speaks, came from or was brought.
fn is_aside(text: &str, words: &[Word<'_>], at: &Range<usize>) -> bool {
    let before = |n: usize| at.start.checked_sub(n).map_or("", |i| words[i].text);
    let after = |n: usize| words.get(at.end + n).map_or("", |word| word.text);
    let speaks = ["said", "told"];
    let follows = text[words[at.end - 1].range.end..].trim_start();
    matches!(before(1), "to" | "from" | "towards" | "toward")
        || before(1) == "in"
            && matches!(
                before(2),
                "hospital" | "hospitals" | "clinic" | "reporter" | "correspondent"
            )
        || (before(1) == "of"
            && matches!(
                before(2),
                "north"
                    | "south"
                    | "east"
                    | "west"
                    | "northeast"
                    | "northwest"
                    | "southeast"
                    | "southwest"
            ))
        || (speaks.contains(&after(0)) && !follows.starts_with(','))
        || matches!(after(0), "hospital" | "police" | "governor" | "mayor")
}

/// How the spots stand to each other.
pub fn nearness<'s>(a: &[Locality], b: impl Iterator<Item = &'s Locality> + Clone) -> Nearness {
    if a.is_empty() || b.clone().next().is_none() {
        return Nearness::Untold;
    }
    if a.iter().any(|x| b.clone().any(|y| same_name(&x.name, &y.name))) {
        return Nearness::Same;
    }
    let districts = |rank: Rank| rank == Rank::District;
    let apart = a.iter().any(|x| districts(x.rank)) && b.clone().any(|y| districts(y.rank));
    if apart { Nearness::Apart } else { Nearness::Unlike }
}

/// Two spellings of one name have its consonants in common: "Dasht-e-Archi" and
/// "Archi", "Nahri Saraj" and "Nahr-e Saraj".
fn same_name(a: &str, b: &str) -> bool {
    let skeleton = |name: &str| -> String {
        let mut kept = String::new();
        for c in name.chars().filter(|c| !"aeiouyhw ".contains(*c)) {
            let c = match c {
                'q' => 'k',
                'z' => 's',
                c => c,
            };
            if !kept.ends_with(c) {
                kept.push(c);
            }
        }
        kept
    };
    if a == b {
        return true;
    }
    let holds =
        |long: &str, short: &str| short.len() >= 4 && long.split(' ').any(|word| word == short);
    let (x, y) = (skeleton(a), skeleton(b));
    (x == y && x.len() >= 2 && a.chars().next() == b.chars().next()) || holds(a, b) || holds(b, a)
}

#[cfg(test)]
mod tests {
    use super::{Nearness, localities, nearness, same_name};
    use crate::correlate::event::{Locality, Rank};
    use crate::extract::event::{Claim, Kind, Report, Status};
    use crate::lexicon::places::Gazetteer;

    fn spots(place: &str, text: &str) -> Vec<Locality> {
        let report = Report {
            places: vec![place.parse().unwrap()],
            when: None,
            status: Status::Current,
            kind: Kind::Bombing,
            perpetrator: None,
            claim: Claim::None,
            tolls: vec![],
            evidence: vec![],
        };
        localities(&Gazetteer::embedded(), &report, text)
    }

    #[test]
    fn spots_are_what_lies_in_the_province() {
        for (place, text, wanted) in [
            ("AF-KDZ", "in the Imam Sahib district of Kunduz province", "imam sahib"),
            ("AF-KDZ", "in Kunduz, an official said", ""),
            ("AF-KDZ", "a blast in Kunduz city on Monday", "kunduz"),
            ("AF-HEL", "militants stormed posts in Sangin, Helmand", "sangin"),
            ("AF-HEL", "the wounded were taken to Lashkar Gah", ""),
            ("AF-HEL", "in the village of Torghai, residents said", "torghai"),
            ("NG-BO", "gunmen rode into Gajiganna village in Borno", "gajiganna"),
            ("AF-KDZ", "President Ashraf Ghani said on Monday", ""),
        ] {
            let names: Vec<String> = spots(place, text).into_iter().map(|l| l.name).collect();
            assert_eq!(names.join(" + "), wanted, "{text}");
        }
    }

    #[test]
    fn two_districts_are_apart_and_two_spellings_are_not() {
        let spot = |name: &str, rank| vec![Locality { name: name.into(), rank }];
        let (archi, sahib) = (spot("archi", Rank::District), spot("imam sahib", Rank::District));
        assert_eq!(nearness(&archi, sahib.iter()), Nearness::Apart);
        assert_eq!(nearness(&archi, spot("dasht e archi", Rank::District).iter()), Nearness::Same);
        assert_eq!(nearness(&archi, spot("shirin", Rank::Town).iter()), Nearness::Unlike);
        assert_eq!(nearness(&archi, [].iter()), Nearness::Untold);
        assert!(same_name("nahri saraj", "nahr e saraj"));
        assert!(!same_name("sangin", "gereshk"));
    }
}
