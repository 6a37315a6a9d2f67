//! Whether what was counted came of an attack at all: accidents, disasters,
//! sport, films, drills and verdicts have dead too.

use super::bare_report;
use super::character::Setting;
use super::clusters::Cluster;
use super::dates::Grain;
use super::event::{Report, Status};
use super::scan::Scan;
use super::tellings::Told;
use crate::lexicon::actors::Side;
use crate::lexicon::terms::Class;

/// Weighs the words around an event's numbers: deeds and armed actors for an
/// attack, accidents and games against one.
pub fn is_attack(scan: &Scan<'_, '_>, told: &[Told], cluster: &Cluster) -> bool {
    let own: Vec<usize> = cluster.mentions.iter().map(|(t, _)| *t).collect();
    let (mut deeds, mut mishaps) = weigh(scan, told, &own);
    if deeds == 0 && mishaps > 0 {
        return false;
    }
    if deeds == 0 || mishaps > 0 {
        let opening: Vec<usize> = (0..told.len().min(4)).collect();
        let (more, less) = weigh(scan, told, &opening);
        deeds += more;
        mishaps += less;
    }
    (deeds > mishaps || mishaps == 0) && games(scan, told) < 3
}

fn weigh(scan: &Scan<'_, '_>, told: &[Told], indices: &[usize]) -> (usize, usize) {
    let mut deeds = 0;
    let mut mishaps = 0;
    // Each sentence is looked at once, however many numbers it holds.
    for same in indices.chunk_by(|a, b| a == b) {
        let range = scan.sentences[told[same[0]].sentence].tokens.clone();
        let armed = scan
            .actors
            .iter()
            .filter(|m| range.contains(&m.at) && scan.side(m.actor) != Side::State)
            .count();
        let told = scan.all(range.clone(), Class::Deed).count() + armed;
        deeds += told * same.len();
        // A roof that collapsed under a bomb is the bomb's doing.
        if told < 2 {
            mishaps += scan.all(range, Class::Accident).count() * 2 * same.len();
        }
    }
    (deeds, mishaps)
}

/// Words of sport and stage in the whole article.
fn games(scan: &Scan<'_, '_>, told: &[Told]) -> usize {
    told.iter()
        .map(|t| scan.all(scan.sentences[t.sentence].tokens.clone(), Class::NotNews).count())
        .sum()
}

/// News of an attack that counts nobody: a place and a deed in the opening.
pub fn untolled(setting: &Setting<'_, '_, '_>, told: &[Told]) -> Option<Report> {
    let scan = setting.scan;
    let opening: Vec<usize> = (0..told.len().min(3)).collect();
    let (deeds, mishaps) = weigh(scan, told, &opening);
    if deeds < 2 || mishaps > 0 || games(scan, told) >= 2 {
        return None;
    }
    let placed = opening.iter().find(|t| {
        !told[**t].places.is_empty()
            && told[**t].places.iter().all(|p| !p.is_country())
            && !told[**t].backward
    })?;
    let when = told[*placed].whens.iter().find(|w| w.grain == Grain::Day)?.days;
    let places = told[*placed].places.clone();
    let cluster =
        Cluster { sentences: vec![*placed], ..Cluster::new(places, Some(when), Status::Current) };
    let character = setting.character(&cluster, &[]);
    Some(bare_report(
        cluster.places,
        cluster.days,
        character.kind,
        character.perpetrator,
        character.claim,
    ))
}
