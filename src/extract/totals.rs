//! Totals over several events: a number of the whole country, or of several provinces
//! together, whose parts the article tells too, is no event of its own.

use super::clusters::Cluster;
use super::event::{Dropped, Outcome, Party, Reason, Status, Toll};
use crate::lexicon::PlaceCode;

/// Drops what only adds up other events. A total far above all that is told of
/// its parts stays: the parts were not told, and the most would be lost.
pub(super) fn drop_totals(found: &mut Vec<(&Cluster, Vec<Toll>)>, dropped: &mut Vec<Dropped>) {
    let news: Vec<(Vec<PlaceCode>, u32)> = found
        .iter()
        .filter(|(c, tolls)| c.status == Status::Current && !tolls.is_empty())
        .map(|(c, tolls)| (c.places.clone(), harmed(tolls)))
        .collect();
    found.retain(|(cluster, tolls)| {
        let total = adds_up(cluster, tolls, &news);
        if total {
            let evidence = tolls.iter().flat_map(|t| &t.evidence);
            dropped.extend(
                evidence.map(|e| Dropped { range: e.range.clone(), reason: Reason::Total }),
            );
        }
        !total
    });
}

fn adds_up(cluster: &Cluster, tolls: &[Toll], news: &[(Vec<PlaceCode>, u32)]) -> bool {
    let wide = cluster.places.len() > 1 || cluster.places.iter().all(|p| p.is_country());
    if cluster.status != Status::Current || cluster.apart || !wide {
        return false;
    }
    let within = |p: &PlaceCode| {
        cluster.places.is_empty()
            || cluster.places.contains(p)
            || cluster.places.contains(&p.country())
    };
    let parts: Vec<u32> = news
        .iter()
        .filter(|(p, _)| p.iter().all(|q| !q.is_country() && within(q)) && *p != cluster.places)
        .map(|(_, harmed)| *harmed)
        .collect();
    let told: u32 = parts.iter().fold(0, |sum, n| sum.saturating_add(*n));
    parts.len() >= 2 && harmed(tolls) <= told.saturating_add(told / 2)
}

/// The dead of an event that are no attackers, by the best count.
fn harmed(tolls: &[Toll]) -> u32 {
    let dead = |t: &&Toll| t.outcome == Outcome::Killed && t.party != Party::Militant;
    tolls.iter().filter(dead).fold(0, |sum, t| sum.saturating_add(t.count.best()))
}
