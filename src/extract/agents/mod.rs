//! Who acts: the actors of a sentence with what it says that they have to do with
//! a deed. Whose deed an event was, all sentences weighed, is `perpetrator`'s.

mod blame;
mod doers;
mod links;
mod predicate;
mod replies;
mod states;
mod unnamed;

use std::ops::Range;

pub use predicate::{denies, is_record};
pub use unnamed::is_lone;

use super::attribution::Attribution;
use super::event::Voice;
use super::scan::{ActorMet, Scan};
use crate::lexicon::PlaceCode;
use crate::lexicon::actors::Side;

/// What a sentence says that an actor has to do with a deed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Named in the sentence, no more.
    Named,
    /// One of two sides that fight each other.
    Fought,
    /// Tells of it.
    Speaks,
    /// "Taliban attack …", "killed by gunmen".
    Acts,
    /// "Police shot him dead", "killed the attackers": it ends what others began.
    Replies,
    /// Blamed or suspected by somebody.
    Blamed,
    /// Says that it was its own deed.
    Claims,
    /// Says that it was not.
    Denies,
    /// It was done to them.
    Suffers,
}

/// An actor as a sentence has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    pub name: String,
    pub side: Side,
    pub link: Link,
    /// The act opens an attack ("stormed a base"); killing alone can be a defence.
    pub attacks: bool,
    /// Whose forces they are, where that is one country.
    pub nation: Option<PlaceCode>,
    pub at: usize,
    /// State forces by a plain word: "police", "the army".
    pub plain: bool,
    /// Of the article's own country, or of none.
    pub home: bool,
}

/// What is known of a sentence when its agents are read.
pub struct Context<'a> {
    pub sentence: Range<usize>,
    pub said: &'a [Attribution],
    /// The country of the article.
    pub home: Option<PlaceCode>,
    /// Words that count people who came to harm.
    pub harmed: &'a [Range<usize>],
}

/// The agents of a sentence, in order.
pub fn agents(scan: &Scan<'_, '_>, context: &Context<'_>) -> Vec<Agent> {
    let listed = scan.actors_in(context.sentence.clone()).iter();
    // "Islamist" of "Islamist rebels" is no actor by itself.
    let aside =
        |end: usize| unnamed::is_creed_of_next(scan, end) || unnamed::is_body_of_next(scan, end);
    let listed = listed.filter(|met| !aside(met.at + met.tokens));
    let mut found: Vec<Agent> = listed.map(|met| listed_agent(scan, context, met)).collect();
    for words in states::irregulars(scan, context) {
        let link = links::link(scan, context, words.clone(), Side::Unnamed);
        let name = written(scan, words.clone()).to_lowercase();
        let name = if states::is_irregular(&name) { name } else { "armed men".to_owned() };
        found.push(nameless(name, words.start, link));
    }
    for words in unnamed::lone_soldiers(scan, context.sentence.clone()) {
        let link = match unnamed::killed_others(scan, words.end) {
            true => (Link::Acts, true),
            false => links::link(scan, context, words.clone(), Side::Unnamed),
        };
        if link.0 == Link::Acts {
            found.push(nameless(written(scan, words.clone()), words.start, link));
        }
    }
    for force in states::forces(scan, context) {
        let (link, attacks) = links::link(scan, context, force.words.clone(), Side::State);
        let link = if force.weapon && link == Link::Named { Link::Acts } else { link };
        let (name, nation, at, plain) = (force.name, force.nation, force.words.start, force.plain);
        let home = is_home(nation, context.home);
        found.push(Agent { name, side: Side::State, link, attacks, nation, at, plain, home });
    }
    found.sort_by_key(|agent| agent.at);
    found
}

/// Attackers that no row lists, by their words at token `at`.
fn nameless(name: String, at: usize, (link, attacks): (Link, bool)) -> Agent {
    let side = Side::Unnamed;
    Agent { name, side, link, attacks, nation: None, at, plain: true, home: true }
}

/// An actor of the lexicon, by the name that the article's country gives it.
fn listed_agent(scan: &Scan<'_, '_>, context: &Context<'_>, met: &ActorMet<'_>) -> Agent {
    let words = met.at..met.at + met.tokens;
    let actor = met.actor;
    let side = scan.side(actor);
    let (link, attacks) = links::link(scan, context, words.clone(), side);
    // "Israeli airstrikes": the name holds the deed itself.
    let armed = side == Side::State && words.clone().skip(1).any(|i| states::is_armed(scan, i));
    let link = if armed && link == Link::Named { Link::Acts } else { link };
    let far = context.home.is_some_and(|home| !actor.fights_in(home));
    let plain = actor.name == "security forces";
    let name = match side {
        Side::State if far => written(scan, words),
        // "Communist rebels" of a country where the New People's Army does not fight.
        Side::Militant if far && !words.clone().any(|i| scan.tokens.get(i).capital) => {
            written(scan, words)
        }
        Side::Unnamed => unnamed::name(scan, words, &actor.name),
        // "Sudanese security forces" of the row for all of them.
        Side::State if plain && met.at > 0 && scan.nation(met.at - 1).is_some() => {
            written(scan, met.at - 1..words.end)
        }
        _ => actor.name.clone(),
    };
    let nation = actor.countries.first().copied().filter(|_| actor.side == Side::State);
    let home = is_home(nation, context.home);
    Agent { name, side, link, attacks, nation, at: met.at, plain, home }
}

/// Whether forces of that nation are at home in the article.
fn is_home(nation: Option<PlaceCode>, home: Option<PlaceCode>) -> bool {
    let country = |code: PlaceCode| code.country();
    nation.is_none() && home.is_none() || nation.map(country) == home.map(country)
}

/// The words as the article has them.
fn written(scan: &Scan<'_, '_>, words: Range<usize>) -> String {
    scan.tokens.source()[scan.bytes(words)].to_owned()
}

/// Whether the words only name who speaks, and no group speaks for itself.
fn only_speaks(said: &[Attribution], at: usize) -> bool {
    said.iter().any(|a| a.tokens.contains(&at) && !matches!(a.voice, Voice::Group(_)))
}
