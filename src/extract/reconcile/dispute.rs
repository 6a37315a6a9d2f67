//! Numbers that voices dispute: which is the best, and which only widens the bounds.

use std::ops::Range;

use super::{Entry, Ledger};
use crate::extract::event::{Count, Party, Voice};
use crate::extract::frames::{Form, Mention};
use crate::extract::groups::{Group, Noun};
use crate::extract::scan::Scan;
use crate::lexicon::terms::Class;

impl Ledger<'_, '_, '_> {
    /// "At least ten died … *as many as 30* may have": more than is certain is the upper end.
    pub(super) fn feared_more(&self, entry: &Entry, new: u32) -> Option<Count> {
        let ([cell], [(party, count)]) = (&self.cells[..], &entry.parts[..]) else { return None };
        let alike = *party == cell.toll.party || *party == Party::Unknown;
        let old = cell.toll.count;
        let feared = count.is_low_untold() && !old.is_low_untold() && entry.form == Form::Plain;
        (feared && alike && new > old.best())
            .then(|| Count::around(Some(old.low()), old.best(), Some(new)))
    }

    /// The one cell's count once another voice has disputed it: the responsible
    /// body's number is the best, the other one a bound.
    pub(super) fn disputed(&self, entry: &Entry, new: u32) -> Option<Count> {
        let [cell] = &self.cells[..] else { return None };
        if entry.vague || entry.since || entry.single && new < cell.toll.count.best() {
            return None;
        }
        let (party, _) = entry.parts.first()?;
        let single = entry.parts.len() == 1;
        let alike = cell.toll.party == Party::Unknown
            || single && (*party == cell.toll.party || *party == Party::Unknown);
        let old = cell.toll.count;
        let before = cell.toll.evidence.last().map(|e| &e.voice)?;
        let (mine, theirs) = (standing(&entry.evidence.voice), standing(before));
        if !alike || entry.form == Form::Increment || entry.definite {
            return None;
        }
        match mine == theirs {
            true => self.beside_a_peer(entry, new, before),
            false => against(entry, new, old, (mine, theirs), self.is_unofficial()),
        }
    }

    /// Whether all that is told so far comes from voices without office.
    fn is_unofficial(&self) -> bool {
        let mut evidence = self.cells.iter().flat_map(|c| &c.toll.evidence);
        evidence.all(|e| standing(&e.voice) == Standing::Other)
    }

    /// The count once a voice of the same standing tells another number.
    fn beside_a_peer(&self, entry: &Entry, new: u32, before: &Voice) -> Option<Count> {
        let old = self.cells.first()?.toll.count;
        // What hospitals count is better founded than what others tell.
        let looser = before == &Voice::Medical && entry.evidence.voice == Voice::Local;
        if (entry.another || looser) && new > old.best() {
            return Some(Count::around(Some(old.low()), old.best(), Some(new)));
        }
        let official = entry.evidence.voice == Voice::Official;
        let lower = new < old.best() && entry.form == Form::Toll && official;
        let rival = lower && !entry.corrects;
        rival.then(|| Count::around(Some(new), new, Some(old.best())))
    }

    /// A larger whole, without a party, by somebody who is not responsible, against
    /// a number that is told party by party.
    pub(super) fn is_contested(&self, entry: &Entry) -> bool {
        let whole = entry.parts.len() == 1 && entry.parts[0].0 == Party::Unknown;
        let other = standing(&entry.evidence.voice) == Standing::Other;
        let official =
            self.cells.iter().flat_map(|c| &c.toll.evidence).all(|e| e.voice == Voice::Official);
        self.cells.len() > 1 && whole && other && official && entry.form == Form::Plain
    }

    /// Raises the upper end of the people of whom least is told.
    pub(super) fn raise_high(&mut self, entry: Entry, by: u32) {
        let unknown = self.cells.iter().position(|c| c.toll.party == Party::Unknown);
        let cell = &mut self.cells[unknown.unwrap_or(0)].toll;
        let high = cell.count.best().saturating_add(by);
        cell.count = Count::around(Some(cell.count.low()), cell.count.best(), Some(high));
        cell.evidence.push(entry.evidence);
    }

    pub(super) fn widen(&mut self, entry: Entry, count: Count) {
        if let [cell] = &mut self.cells[..] {
            cell.toll.count = count;
            let (party, _) = entry.parts[0];
            if cell.toll.party == Party::Unknown && entry.parts.len() == 1 {
                cell.toll.party = party;
            }
            cell.toll.evidence.push(entry.evidence);
        }
    }
}

/// The count once a voice of another standing has told `new`.
fn against(
    entry: &Entry,
    new: u32,
    old: Count,
    (mine, theirs): (Standing, Standing),
    unofficial: bool,
) -> Option<Count> {
    let toll = entry.form == Form::Toll;
    match (mine, new < old.best()) {
        (Standing::Official, true) if entry.rival || toll || unofficial && entry.whole_people => {
            Some(Count::around(Some(new), new, Some(old.high().unwrap_or(old.best()))))
        }
        (Standing::Official, false) if theirs == Standing::Other && !toll => {
            Some(Count::around(Some(old.low()), new, Some(new)))
        }
        (Standing::Other, true) if entry.rival => {
            Some(Count::around(Some(new), old.best(), old.high()))
        }
        (Standing::Other, false) if !entry.later => {
            Some(Count::around(Some(old.low()), old.best(), Some(new)))
        }
        _ => None,
    }
}

/// Whether a sentence says that its number takes an earlier one's place.
pub(super) fn corrects(scan: &Scan<'_, '_>, sentence: &Range<usize>) -> bool {
    sentence.clone().any(|i| scan.is_word(i, CORRECTING))
}

/// "12 people were killed": by the plainest noun, and not a share of others.
pub(super) fn is_whole(mention: &Mention) -> bool {
    let plain = |g: &Group| {
        let people =
            g.noun == Noun::Dead || g.noun == Noun::People && g.party == Some(Party::Unknown);
        people && !g.of_them && !g.single && !g.definite && !g.more && !g.kin
    };
    mention.form == Form::Plain && matches!(&mention.groups[..], [group] if plain(group))
}

/// "*Another source* spoke of 12": a second voice beside the first.
pub(super) fn is_another(scan: &Scan<'_, '_>, sentence: &Range<usize>) -> bool {
    let second = |i: usize| scan.is_word(i, &["another", "other", "second"]);
    sentence.clone().any(|i| second(i) && (i + 1..i + 3).any(|t| scan.is(t, Class::Speaker)))
}

/// "The Red Cross *later said* 21 had died": news of the number told before.
pub(super) fn is_later(scan: &Scan<'_, '_>, sentence: &Range<usize>) -> bool {
    let said = |i: usize| scan.is(i + 1, Class::Said) || i > 0 && scan.is(i - 1, Class::Said);
    sentence.clone().any(|i| scan.is_word(i, &["later"]) && said(i))
}

const CORRECTING: &[&str] = &[
    "revised",
    "revising",
    "revises",
    "corrected",
    "correcting",
    "correction",
    "lowered",
    "lowering",
    "reduced",
    "cut",
    "down",
    "initially",
    "earlier",
    "previously",
    "first",
    "final",
    "miscounted",
    "instead",
    "not",
];

/// What a voice's number is worth against another's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// The responsible government body.
    Official,
    /// The article's own words: it may be following either.
    Article,
    /// Hospitals, councillors, witnesses, other outlets.
    Other,
}

fn standing(voice: &Voice) -> Standing {
    match voice {
        Voice::Official => Standing::Official,
        Voice::Medical | Voice::Local | Voice::Media => Standing::Other,
        Voice::Article | Voice::Group(_) => Standing::Article,
    }
}
