//! The nouns of a reading in words for people.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::alert::rule::{AlertType, Metric, Severity};
use crate::extract::event::{
    Claim, Count, Days, Kind, Outcome, Party, Reason, Status, Toll, Voice,
};
use crate::lexicon::PlaceCode;
use crate::lexicon::places::Gazetteer;

/// "at least 10", "6", "up to 30", "8 (5 to 12)".
pub(super) fn count(count: Count) -> String {
    let (best, high) = (count.best(), count.high());
    match (count.is_low_untold(), count.low(), high) {
        (true, _, Some(high)) => format!("up to {high}"),
        (false, 0, Some(high)) if best == 0 && high > 0 => format!("up to {high}, claimed only"),
        (false, low, Some(high)) if low == high => format!("{best}"),
        (false, low, Some(high)) => format!("{best} ({low} to {high})"),
        (_, 1, None) if best == 1 => "some".to_owned(),
        (_, low, None) if low == best => format!("at least {best}"),
        (_, low, None) => format!("{best}, at least {low}"),
    }
}

/// A line a side: "security: at least 10 killed, 11 wounded".
pub(super) fn tolls(tolls: &[Toll]) -> String {
    const PARTIES: [Party; 5] =
        [Party::Security, Party::Foreign, Party::Civilian, Party::Unknown, Party::Militant];
    let mut lines = Vec::new();
    for side in PARTIES {
        let cells: Vec<String> = tolls
            .iter()
            .filter(|toll| toll.party == side)
            .map(|toll| format!("{} {}", count(toll.count), outcome(toll.outcome)))
            .collect();
        if !cells.is_empty() {
            lines.push(format!("{}: {}", party(side), cells.join(", ")));
        }
    }
    if lines.is_empty() { "no toll told".to_owned() } else { lines.join("\n") }
}

/// "Kunduz (AF-KDZ)", a line each.
pub(super) fn places(gazetteer: &Gazetteer, codes: &[PlaceCode]) -> String {
    let named = codes.iter().map(|code| {
        let name = gazetteer.division_name(*code).unwrap_or("?");
        format!("{name} ({code})")
    });
    let mut text = named.collect::<Vec<_>>().join("\n");
    if codes.len() > 1 {
        text.push_str("\none toll for all");
    }
    text
}

/// "Thu 10 Jan 2019", or from and to.
pub(super) fn days(days: Option<Days>) -> String {
    let day = |date: Date| date.strftime("%a %-d %b %Y").to_string();
    match days {
        None => "not told".to_owned(),
        Some(days) if days.first() == days.last() => day(days.first()),
        Some(days) => format!("{} to\n{}", day(days.first()), day(days.last())),
    }
}

/// "2019-01-10 14:00 UTC".
pub(super) fn instant(at: jiff::Timestamp) -> String {
    TimeZone::UTC.to_datetime(at).strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// "Taliban, who claim it".
pub(super) fn perpetrator(name: Option<&str>, claim: Claim) -> String {
    match (name, claim) {
        (None, _) => "not told".to_owned(),
        (Some(name), Claim::Claimed) => format!("{name} (claimed)"),
        (Some(name), Claim::Attributed) => format!("{name} (said by others)"),
        (Some(name), Claim::Denied) => format!("{name} (denied)"),
        (Some(name), Claim::None) => name.to_owned(),
    }
}

pub(super) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::ArmedAssault => "armed assault",
        Kind::Bombing => "bombing",
        Kind::SuicideBombing => "suicide bombing",
        Kind::Airstrike => "airstrike",
        Kind::Shelling => "shelling",
        Kind::Assassination => "assassination",
        Kind::Abduction => "abduction",
        Kind::Clash => "clash",
        Kind::Operation => "operation",
        Kind::Unrest => "unrest",
        Kind::Other => "other",
    }
}

pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Current => "news",
        Status::Background => "background",
    }
}

pub(super) fn party(party: Party) -> &'static str {
    match party {
        Party::Security => "security",
        Party::Foreign => "foreign troops",
        Party::Civilian => "civilians",
        Party::Militant => "militants",
        Party::Unknown => "people",
    }
}

pub(super) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Killed => "killed",
        Outcome::Wounded => "wounded",
        Outcome::Abducted => "abducted",
    }
}

pub(super) fn alert_type(kind: AlertType) -> &'static str {
    match kind {
        AlertType::Alert => "alert",
        AlertType::Update => "update",
        AlertType::Cancel => "cancel",
    }
}

pub(super) fn severity(severity: Severity) -> &'static str {
    severity.word()
}

pub(super) fn metric(metric: Metric) -> &'static str {
    match metric {
        Metric::Killed => "killed",
        Metric::Wounded => "wounded",
        Metric::Casualties => "killed and wounded",
        Metric::Abducted => "abducted",
        Metric::Events => "attacks",
    }
}

pub(super) fn voice(voice: &Voice) -> String {
    match voice {
        Voice::Article => "the article itself".to_owned(),
        Voice::Official => "officials".to_owned(),
        Voice::Medical => "hospital or rescuers".to_owned(),
        Voice::Local => "residents or witnesses".to_owned(),
        Voice::Media => "another outlet".to_owned(),
        Voice::Group(name) => name.clone(),
    }
}

/// Why something was not counted.
pub(super) fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Boilerplate => "share bar, teaser or mirror list",
        Reason::Caption => "caption of a photo",
        Reason::Subset => "part of a number that is counted",
        Reason::Total => "a total whose parts are counted",
        Reason::Repeat => "told before",
        Reason::Boast => "the attacker's own boast",
        Reason::Hypothetical => "planned, feared, threatened or foiled",
        Reason::Denied => "said not to be so",
        Reason::Superseded => "replaced by a later number",
        Reason::NotAnAttack => "no attack: accident, disaster, sport, drill, film",
        Reason::Undivided => "killed and wounded undivided",
        Reason::Implausible => "not believable as a count of people",
    }
}

#[cfg(test)]
mod tests {
    use super::count;
    use crate::extract::event::Count;

    #[test]
    fn bounds_are_told_in_words() {
        for (bounds, words) in [
            (Count::exactly(6), "6"),
            (Count::at_least(10), "at least 10"),
            (Count::at_most(30), "up to 30"),
            (Count::between(8, 12), "8 (8 to 12)"),
            (Count::boasted(40), "up to 40, claimed only"),
            (Count::at_least(1), "some"),
            (Count::around(Some(5), 8, None), "8, at least 5"),
            (Count::exactly(0), "0"),
        ] {
            assert_eq!(count(bounds), words);
        }
    }
}
