//! Whether two reports of different articles tell of one attack: what rules it
//! out, and how much speaks for it.

use jiff::SignedDuration;

use crate::correlate::event::Sighting;
use crate::correlate::kin::{self, Kinship};
use crate::correlate::settle;
use crate::correlate::toll::{is_absurd, militants, victims};
use crate::extract::event::{Count, Days, Kind, Outcome, Report, Status};
use crate::lexicon::PlaceCode;

/// The score from which two reports are taken for one event. The same province,
/// day and kind reach it unless the counts or the attackers contradict.
pub const ENOUGH: i32 = 5;

const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// How two counts of one attack stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Closeness {
    Far,
    /// Up to four times the other.
    Wide,
    /// Up to twice the other.
    Fair,
    Near,
    Equal,
}

/// How two sets of places stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nesting {
    Same,
    /// One joint set holds the other.
    Within,
    /// One names the country alone.
    Country,
    Apart,
}

/// Whether nothing rules out that the two tell of one attack.
pub fn compatible(a: &Sighting, b: &Sighting) -> bool {
    if a.story == b.story {
        // A new version may put kind and count right, hardly place and day.
        return days_agree(a, b) && nesting(&a.report.places, &b.report.places) != Nesting::Apart;
    }
    days_agree(a, b)
        && places_agree(&a.report, &b.report)
        && kin::kinship(a.report.kind, b.report.kind) > Kinship::Apart
        && kin::sides_agree(a, b)
}

/// How much speaks for one attack; `ENOUGH` or more is taken for one.
///
/// `words` is how many telling words their titles have in common.
pub fn score(a: &Sighting, b: &Sighting, words: usize) -> i32 {
    place_score(&a.report, &b.report)
        + day_score(a, b)
        + kind_score(&a.report, &b.report)
        + perpetrator_score(&a.report, &b.report)
        + count_score(&a.report, &b.report)
        + title_score(words)
        + scene_score(a, b)
        + if a.story == b.story { 3 } else { 0 }
        + if are_copies(a, b) { 2 } else { 0 }
}

fn days_agree(a: &Sighting, b: &Sighting) -> bool {
    match (is_period(&a.report), is_period(&b.report)) {
        (true, true) => a.report.when == b.report.when,
        (false, false) => settle::window(a).overlap(&settle::window(b)) && ages_agree(a, b),
        _ => false,
    }
}

/// A total over weeks or months, which no single attack is part of.
fn is_period(report: &Report) -> bool {
    is_total_over(report.kind, report.when)
}

/// Whether what is told of such days is no attack but a total over a period.
pub fn is_total_over(kind: Kind, when: Option<Days>) -> bool {
    kind == Kind::Other && lasts(when)
}

/// Whether the days are more than any one attack takes.
pub fn lasts(when: Option<Days>) -> bool {
    when.is_some_and(|days| length(&days) > 5)
}

/// What one outlet recalls from before the last 48 hours without naming the day
/// is not what another reports as news at the same hour.
fn ages_agree(a: &Sighting, b: &Sighting) -> bool {
    let (context, news) = match (a.report.status, b.report.status) {
        (Status::Background, Status::Current) => (a, b),
        (Status::Current, Status::Background) => (b, a),
        _ => return true,
    };
    let dated = context.report.when.is_some_and(|days| length(&days) == 1);
    dated || settle::at(context).duration_since(settle::at(news)) >= A_DAY
}

fn places_agree(a: &Report, b: &Report) -> bool {
    match nesting(&a.places, &b.places) {
        Nesting::Same => true,
        Nesting::Within | Nesting::Country => closeness(a, b).is_none_or(|c| c >= Closeness::Near),
        Nesting::Apart => false,
    }
}

fn nesting(a: &[PlaceCode], b: &[PlaceCode]) -> Nesting {
    let holds = |whole: &[PlaceCode], part: &[PlaceCode]| part.iter().all(|p| whole.contains(p));
    let covers = |country: &[PlaceCode], part: &[PlaceCode]| {
        country.iter().all(PlaceCode::is_country)
            && part.iter().all(|p| country.contains(&p.country()))
    };
    match () {
        () if a.is_empty() || b.is_empty() => Nesting::Apart,
        () if holds(a, b) && holds(b, a) => Nesting::Same,
        () if holds(a, b) || holds(b, a) => Nesting::Within,
        () if covers(a, b) || covers(b, a) => Nesting::Country,
        () => Nesting::Apart,
    }
}

fn place_score(a: &Report, b: &Report) -> i32 {
    match nesting(&a.places, &b.places) {
        Nesting::Same if a.places.iter().all(PlaceCode::is_country) => 0,
        Nesting::Same => 3,
        Nesting::Within => 1,
        Nesting::Country => -1,
        Nesting::Apart => -9,
    }
}

fn day_score(a: &Sighting, b: &Sighting) -> i32 {
    match (a.report.when, b.report.when) {
        (Some(x), Some(y)) if x == y => 2,
        (Some(x), Some(y)) if length(&x).max(length(&y)) <= 3 => 1,
        (Some(_), Some(_)) => -1,
        _ if [a, b].iter().any(|s| is_undated_context(s)) => -2,
        _ => 0,
    }
}

fn is_undated_context(sighting: &Sighting) -> bool {
    sighting.report.when.is_none() && sighting.report.status == Status::Background
}

fn kind_score(a: &Report, b: &Report) -> i32 {
    match kin::kinship(a.kind, b.kind) {
        Kinship::Same => 2,
        Kinship::Close => 1,
        Kinship::Loose => -3,
        Kinship::Apart => -9,
    }
}

fn perpetrator_score(a: &Report, b: &Report) -> i32 {
    match kin::same_name(a.perpetrator.as_deref(), b.perpetrator.as_deref()) {
        Some(true) => 1,
        Some(false) => -3,
        None => 0,
    }
}

fn count_score(a: &Report, b: &Report) -> i32 {
    match closeness(a, b) {
        Some(Closeness::Equal) => 3,
        Some(Closeness::Near) => 2,
        Some(Closeness::Fair) | None => 0,
        Some(Closeness::Wide) => -1,
        Some(Closeness::Far) => -3,
    }
}

/// An outlet that goes on reporting an attack counts up; a clearly lower number
/// in another of its articles is another attack, unless it says that it corrects.
pub fn falls_within_a_source(a: &Sighting, b: &Sighting) -> bool {
    let (old, new) = if settle::order(a) < settle::order(b) { (a, b) } else { (b, a) };
    let killed = |s: &Sighting| victims(&s.report, Outcome::Killed).map(|c| c.best());
    a.source == b.source
        && !a.source.is_empty()
        && a.story != b.story
        && !new.corrects
        && killed(new) < killed(old)
        && killed(new).is_some()
        && closeness(&a.report, &b.report) < Some(Closeness::Near)
}

/// Compares the first outcome that both tell: victims before militants.
fn closeness(a: &Report, b: &Report) -> Option<Closeness> {
    let outcomes = [Outcome::Killed, Outcome::Wounded, Outcome::Abducted];
    let mut pairs = outcomes.iter().map(|o| (victims(a, *o), victims(b, *o)));
    let (x, y) = pairs
        .find_map(|(x, y)| x.zip(y))
        .or_else(|| militants(a, Outcome::Killed).zip(militants(b, Outcome::Killed)))?;
    if is_absurd(&x) || is_absurd(&y) {
        return None;
    }
    // A boast is compared by what it boasts of.
    let number = |c: Count| c.best().max(c.high().unwrap_or(0));
    let x = if x.best() == 0 { number(x) } else { x.best() };
    let y = if y.best() == 0 { number(y) } else { y.best() };
    Some(compare(x.min(y), x.max(y)))
}

fn compare(less: u32, more: u32) -> Closeness {
    // Small numbers double easily: two more on each side tame the ratio.
    let ratio = f64::from(more.saturating_add(2)) / f64::from(less.saturating_add(2));
    match () {
        () if less == more && less >= 3 => Closeness::Equal,
        () if more - less <= 2 || ratio <= 1.25 => Closeness::Near,
        () if ratio <= 2.0 => Closeness::Fair,
        () if ratio <= 4.0 => Closeness::Wide,
        () => Closeness::Far,
    }
}

/// Words that nearly every headline about an attack holds.
const COMMON: &[&str] = &[
    "attack",
    "attacks",
    "killed",
    "kill",
    "kills",
    "dead",
    "wounded",
    "injured",
    "people",
    "least",
    "dozens",
    "after",
    "forces",
    "police",
    "soldiers",
    "troops",
    "taliban",
    "afghan",
    "afghanistan",
    "province",
    "provinces",
    "with",
    "from",
    "over",
    "more",
    "than",
    "militants",
    "security",
];

/// Whether nearly every title about an attack has the word.
pub fn is_common(word: &str) -> bool {
    COMMON.contains(&word)
}

fn title_score(words: usize) -> i32 {
    match words {
        0 | 1 => 0,
        2 | 3 => 1,
        _ => 2,
    }
}

/// Other targets, or the word that it is another attack, speak against one.
fn scene_score(a: &Sighting, b: &Sighting) -> i32 {
    let (a, b, old, new) = match settle::order(a) < settle::order(b) {
        true => (&a.scene, &b.scene, a, b),
        false => (&b.scene, &a.scene, b, a),
    };
    let shared = a.targets.iter().any(|target| b.targets.contains(target));
    let targets = match (a.targets.is_empty() || b.targets.is_empty(), shared) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => -5,
    };
    let parted = b.is_another && !a.is_another && old.story != new.story;
    targets - if parted { 3 } else { 0 }
}

fn are_copies(a: &Sighting, b: &Sighting) -> bool {
    let text = |s: &'_ Sighting| s.copy_of.clone().unwrap_or_else(|| s.article.clone());
    a.article != b.article && text(a) == text(b)
}

/// Days in the span, at least 1.
fn length(days: &Days) -> i32 {
    days.first().until(days.last()).map_or(i32::MAX, |span| span.get_days().saturating_add(1))
}
