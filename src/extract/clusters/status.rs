//! Whether an event is news or background, by its day: the 48 hours before
//! publication, or the main story however old it is within its week.

use jiff::civil::Date;

use super::Sorter;
use crate::article::zones::Zone;
use crate::extract::clusters::Cluster;
use crate::extract::dates::{Grain, When};
use crate::extract::event::{Days, Outcome, Status};
use crate::extract::frames::Stance;
use crate::extract::tellings::{Placed, Told};

impl Sorter<'_> {
    /// The status of what is told at a time, and whether it is a total over a period.
    pub(super) fn status(&self, told: &Told, placed: &Placed) -> (Status, bool) {
        let Some(when) = &placed.when else {
            if told.war && self.has_main() {
                return (Status::Background, true);
            }
            let past = self.court || told.backward && !placed.ahead && self.has_main();
            return (if past { Status::Background } else { Status::Current }, false);
        };
        let age = (self.today - when.days.last()).get_days();
        // "While the country mourned 22 killed *last week*, gunmen *on Tuesday* killed seven."
        let fresh = |p: &Placed| p.mention.stance == Stance::Told && self.is_fresh(p);
        let beside = !self.is_fresh(placed) && told.mentions.iter().any(fresh);
        let has_main = self.has_main() || beside;
        let again = |c: &Cluster| c.status == Status::Current && c.days == Some(when.days);
        // "Two attacks between Monday and Wednesday": each of its days is the main story's.
        let main = self.main.is_some_and(|m| m.first() < m.last() && m.overlap(&when.days));
        if when.grain == Grain::Day && main {
            return (Status::Current, false);
        }
        if when.grain != Grain::Period && self.found.iter().any(again) {
            return (Status::Current, false);
        }
        let span = (when.days.last() - when.days.first()).get_days();
        match when.grain {
            // "Over the past day"; "since Sunday" of what the article is about.
            Grain::Period if age <= 1 && (span <= 2 || span <= 7 && !self.has_main()) => {
                (Status::Current, false)
            }
            Grain::Period => (Status::Background, true),
            Grain::Loose => {
                // "Last year", told in January.
                let long = span > 7 && age > 0;
                let old = has_main || age > 7 || long;
                (if old { Status::Background } else { Status::Current }, false)
            }
            Grain::Day => {
                let old = age > 2 && (self.has_main() || age > 7);
                (if old { Status::Background } else { Status::Current }, false)
            }
        }
    }

    /// Whether a mention names a day of the last 48 hours.
    pub(super) fn is_fresh(&self, placed: &Placed) -> bool {
        let when = placed.when.as_ref().filter(|w| w.grain == Grain::Day);
        when.is_some_and(|w| (self.today - w.days.last()).get_days() <= 2)
    }

    fn has_main(&self) -> bool {
        self.court || self.found.iter().any(|c| c.status == Status::Current)
    }
}

/// The first day that the story names in its first sentences.
pub(super) fn main_day(told: &[Told], today: Date) -> Option<Days> {
    let body = told.iter().filter(|t| t.zone == Zone::Body && !t.backward).take(6);
    let recent = |w: &&When| w.grain == Grain::Day && (today - w.days.last()).get_days() <= 7;
    let days: Vec<&When> = body.flat_map(|t| &t.whens).filter(recent).collect();
    let event = days.iter().find(|w| !w.speech).or(days.first());
    event.map(|w| w.days)
}

/// Whether the article looks back: a verdict, a trial or an anniversary opens it, or
/// a tally of weeks and years, and no recent attack does. What it tells without a day
/// is long past.
pub(super) fn is_retrospect(told: &[Told], today: Date) -> bool {
    // A story that counts its dead before it comes to the court is news of them.
    let counts = |t: &&Told| t.zone == Zone::Body && !t.mentions.is_empty() && !t.court;
    let first = told.iter().position(|t| counts(&t)).unwrap_or(OPENING);
    let opening = || told.iter().take(OPENING);
    let court = told.iter().take(first.min(OPENING)).any(|t| t.court);
    let body = || opening().filter(|t| t.zone == Zone::Body);
    let recent = |t: &Told| {
        let undated = t.zone == Zone::Title && !t.court && !t.survey;
        t.mentions.iter().any(|p| p.when.as_ref().map_or(undated, |w| is_recent(w, today)))
    };
    let over = |w: &When| is_long(w) && (w.grain == Grain::Period || w.days.last() < today);
    let tally = |p: &Placed| p.sum || p.when.as_ref().is_some_and(over);
    // "Five workers seized last month have been killed": only the seizure is of that month.
    let seized = |p: &Placed| p.mention.outcome == Outcome::Abducted;
    let alive = |t: &Told| t.mentions.iter().all(|p| seized(p) || tally(p));
    let mut counts = body().filter(|t| !t.mentions.is_empty());
    let tallies = counts.next().is_some_and(|t| tally(&t.mentions[0]) && alive(t));
    let remembers = court && !opening().any(recent);
    let surveys = told.iter().take(LEAD).any(|t| t.survey) && !opening().any(recent);
    remembers || surveys || (tallies || opens_aside(told)) && !body().any(recent)
}

/// "The agency filed a charge sheet on Tuesday": the story opens with the aftermath of a
/// deed, and neither it nor the title counts anybody or tells of a deed for the first time.
fn opens_aside(told: &[Told]) -> bool {
    let lead = told.iter().find(|t| t.zone == Zone::Body);
    let aside = |t: &Told| t.aside && t.mentions.is_empty() && !t.introduces;
    let title = |t: &Told| t.mentions.is_empty() && (!t.deed || t.court || t.aside);
    let mut titles = told.iter().filter(|t| t.zone == Zone::Title);
    lead.is_some_and(aside) && titles.all(title)
}

fn is_recent(when: &When, today: Date) -> bool {
    !is_long(when) && (today - when.days.last()).get_days() <= 7
}

/// Whether a time is longer than any siege or week.
fn is_long(when: &When) -> bool {
    (when.days.last() - when.days.first()).get_days() > 20
}

/// The title and the first sentence.
const LEAD: usize = 2;

/// Sentences, the title among them, in which an article says what it is about.
const OPENING: usize = 4;
