//! A watch in one plain sentence, for the operator who wrote it.

use crate::alert::hold::Patience;
use crate::alert::rule::{Bound, Counts, Level, Per, Watch};
use crate::extract::event::Party;
use crate::lexicon::PlaceCode;

/// "Tells of an attack in Kunduz or Baghlan: warning from 5 killed, critical from 20
/// killed; counts everyone but militants."
pub fn sentence(watch: &Watch, names: &dyn Fn(PlaceCode) -> String) -> String {
    let places: Vec<String> = watch.places.iter().map(|place| names(*place)).collect();
    let single: Vec<String> =
        watch.levels.iter().filter(|level| level.within.is_none()).map(level).collect();
    let sums: Vec<String> = watch.levels.iter().filter_map(sum).collect();
    let mut told = Vec::new();
    if !single.is_empty() {
        told.push(format!("of one attack {}", single.join(", ")));
    }
    if !sums.is_empty() {
        told.push(format!("of all together {}", sums.join(", ")));
    }
    let places = list(&places, "or");
    let told = format!("{}; {}", told.join("; "), counts(&watch.counts));
    format!("Tells, for {places}, {told}{}.", patience(&watch.patience))
}

/// "; from 22:00 to 06:00 in Asia/Kabul what is less than critical waits until 06:00".
fn patience(patience: &Patience) -> String {
    let mut told = String::new();
    if let Some(quiet) = &patience.quiet {
        let (from, to) = (quiet.from.strftime("%H:%M"), quiet.to.strftime("%H:%M"));
        let zone = quiet.zone.iana_name().unwrap_or("local time");
        let below = quiet.below.word();
        told +=
            &format!("; from {from} to {to} in {zone} what is less than {below} waits until {to}");
    }
    if let Some(wait) = patience.wait {
        let seconds = wait.as_secs();
        told += &format!("; what is less than critical waits {seconds} s for what may follow");
    }
    told
}

fn level(level: &Level) -> String {
    format!("{} from {} {}", level.severity.word(), level.threshold, level.metric.word())
}

fn sum(sum: &Level) -> Option<String> {
    let within = sum.within?;
    let per = if within.per == Per::Place { " in one place" } else { "" };
    let days =
        if within.days == 1 { "one day".to_owned() } else { format!("{} days", within.days) };
    Some(format!("{} within {days}{per}", level(sum)))
}

fn counts(counts: &Counts) -> String {
    let mut told = vec![whom(counts)];
    told.push(match counts.bound {
        Bound::Low => "by what is certain".to_owned(),
        Bound::Best => "by the best figure".to_owned(),
        Bound::High => "by the most that anybody says".to_owned(),
    });
    told.push(match counts.joint {
        true => "a toll of several places together counts in full for each".to_owned(),
        false => "a toll of several places together does not count".to_owned(),
    });
    if counts.claims {
        told.push("what only the attacker claims counts".to_owned());
    }
    if counts.independent > 1 {
        told.push(format!("once {} independent reports agree on the event", counts.independent));
    }
    told.join(", ")
}

fn whom(counts: &Counts) -> String {
    let all = Counts::default().parties;
    let is_usual =
        all.len() == counts.parties.len() && all.iter().all(|p| counts.parties.contains(p));
    if is_usual {
        return "counts everyone but militants".to_owned();
    }
    let parties: Vec<String> = counts.parties.iter().map(|p| party(*p).to_owned()).collect();
    format!("counts {} alone", list(&parties, "and"))
}

fn party(party: Party) -> &'static str {
    match party {
        Party::Security => "security forces",
        Party::Foreign => "foreign troops",
        Party::Civilian => "civilians",
        Party::Militant => "militants",
        Party::Unknown => "people whose side is not told",
    }
}

fn list(names: &[String], word: &str) -> String {
    match names {
        [] => "no place".to_owned(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} {word} {last}", init.join(", ")),
    }
}
