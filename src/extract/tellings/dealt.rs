//! Deals a total out to the places that its sentence goes on to count: "12 died*: five
//! in Kunduz and seven in Takhar*", "12 died, seven of them in Takhar *and the rest in
//! Kunduz*". The total itself is set aside: it only adds up the parts.

use std::ops::Range;

use super::shares::Share;
use super::{Placed, codes, total};
use crate::extract::event::{Count, Outcome, Party};
use crate::extract::frames::{Mention, Stance};
use crate::extract::groups::{Group, groups};
use crate::extract::scan::Scan;
use crate::extract::sites::Site;
use crate::lexicon::PlaceCode;
use crate::lexicon::terms::Class;

/// The parts, each with the places that are its own, and the total, set aside; `None`
/// where the sentence does not deal it out, or the total has a place of its own.
pub(super) fn by_place(
    scan: &Scan<'_, '_>,
    mention: &Mention,
    sentence: &Range<usize>,
    lists: &[Vec<&Site>],
) -> Option<Vec<Share>> {
    let [whole] = &mention.groups[..] else { return None };
    let told = whole.tokens.end.max(mention.trigger.end);
    let parted =
        |l: &&Vec<&Site>| l[0].tokens.start > told && counts(scan, told..l[0].tokens.start);
    if mention.stance != Stance::Told || !lists.iter().any(|l| parted(&l)) {
        return None;
    }
    let counted = groups(scan, told..sentence.end);
    let mut dealt = Dealt { mention, whole, parts: Vec::new(), rest: None, own: Vec::new() };
    for list in lists {
        let part =
            Some(list).filter(parted).and_then(|l| part_before(scan, mention, &counted, told, l));
        dealt.add(part, list);
    }
    dealt.shares()
}

/// A total and what is told of its parts.
struct Dealt<'m> {
    mention: &'m Mention,
    whole: &'m Group,
    parts: Vec<Share>,
    rest: Option<Share>,
    /// Places that are not a part's.
    own: Vec<PlaceCode>,
}

enum Part<'g> {
    Counted(&'g Group),
    /// "the rest", "the others".
    Rest(usize),
}

impl Dealt<'_> {
    fn add(&mut self, part: Option<Part<'_>>, list: &[&Site]) {
        let places = codes(list.iter().copied());
        match part {
            Some(Part::Counted(group)) => self.parts.push(self.share(group.clone(), places)),
            Some(Part::Rest(at)) => {
                let group = Group::of(at..at + 1, at..at + 1, Count::exactly(0));
                self.rest = Some(self.share(group, places));
            }
            None => self.own.extend(places),
        }
    }

    /// People of the total's party, unless their own words tell another.
    fn share(&self, mut group: Group, places: Vec<PlaceCode>) -> Share {
        let untold = matches!(group.party, None | Some(Party::Unknown));
        group.party = if untold { self.whole.party } else { group.party };
        let mention = Mention { groups: vec![group], parts: Vec::new(), ..self.mention.clone() };
        (mention, Some(places))
    }

    fn shares(mut self) -> Option<Vec<Share>> {
        let counts = self.parts.iter().map(|(m, _)| m.groups[0].count.best());
        let left = self.whole.count.best().checked_sub(counts.fold(0, u32::saturating_add))?;
        let some_of = self.parts.iter().all(|(m, _)| m.groups[0].of_them);
        if let Some((mut rest, places)) = self.rest.take().filter(|_| left > 0) {
            rest.groups[0].count = Count::exactly(left);
            self.parts.push((rest, places));
        } else if left > 0 && !(some_of && left <= self.whole.count.best() / 2) {
            return None;
        }
        let of_part =
            |p: &PlaceCode| self.parts.iter().any(|(_, own)| own.iter().flatten().any(|o| o == p));
        if self.parts.is_empty() || !self.own.iter().all(|p| p.is_country() || of_part(p)) {
            return None;
        }
        let total = Mention { stance: Stance::Total, ..self.mention.clone() };
        Some(self.parts.into_iter().chain([(total, None)]).collect())
    }
}

/// Whether the words count somebody: a cheap look before they are read.
fn counts(scan: &Scan<'_, '_>, words: Range<usize>) -> bool {
    words.into_iter().any(|i| scan.numeral(i).is_some() || scan.is_word(i, REST))
}

/// "*five* in Kunduz", "*seven policemen died* in Takhar", "*the rest* in Kunduz": whom
/// the words before a place count.
fn part_before<'g>(
    scan: &Scan<'_, '_>,
    mention: &Mention,
    counted: &'g [Group],
    told: usize,
    list: &[&Site],
) -> Option<Part<'g>> {
    let start = list[0].tokens.start;
    let mut before = (told.max(start.saturating_sub(6))..start).rev();
    let leads = before.find(|i| scan.is_word(*i, &["in", "at", "from", "near", ","]))?;
    let harmed = |i: usize| match mention.outcome {
        Outcome::Killed => scan.is_any(i, &[Class::KillEd, Class::Die]),
        Outcome::Wounded => scan.is(i, Class::WoundEd),
        Outcome::Abducted => scan.is(i, Class::AbductEd),
    };
    let plain = |i: usize| scan.is_word(i, &["of", "whom", "them", "were", "was"]) || harmed(i);
    if let Some(rest) = (leads.saturating_sub(3)..leads).find(|i| scan.is_word(*i, REST)) {
        return (rest > told && (rest + 1..leads).all(plain)).then_some(Part::Rest(rest));
    }
    let group = counted.iter().rev().find(|g| g.tokens.end <= leads)?;
    let near = (group.tokens.end..leads).all(plain) && !scan.is_word(leads, &[","]);
    (near && !group.single && !group.vague && !group.more).then_some(Part::Counted(group))
}

const REST: &[&str] = &["rest", "others", "remainder", "remaining"];

/// Sets a number aside that others of its sentence make up place by place: "*of the 12
/// killed*, seven died in Takhar and five in Kunduz".
pub(super) fn set_totals_aside(found: &mut [Placed]) {
    for at in 0..found.len().saturating_sub(2) {
        let (whole, behind) = (&found[at], &found[at + 1..]);
        let same = |p: &&Placed| {
            p.mention.outcome == whole.mention.outcome && p.mention.stance == Stance::Told
        };
        let mut places: Vec<&Vec<PlaceCode>> =
            behind.iter().filter(same).map(|p| &p.places).collect();
        let sum = behind.iter().filter(same).map(total).fold(0, u32::saturating_add);
        let told = places.len();
        places.sort();
        places.dedup();
        let apart = told >= 2 && places.len() == told && places.iter().all(|p| !p.is_empty());
        // "killed ten in Kano, *four in Kaduna and six in Katsina*": an attack of its own.
        let own = |p: &PlaceCode| !p.is_country() && !places.iter().any(|part| part.contains(p));
        let apart = apart && !whole.places.iter().any(own);
        if apart && sum == total(whole) && whole.mention.stance == Stance::Told {
            found[at].mention.stance = Stance::Total;
        }
    }
}
