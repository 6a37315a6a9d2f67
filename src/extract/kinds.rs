//! What kind of an event it was, by the guide's order: suicide bombs, what comes
//! from the air and shells before bombs, an operation where the state attacks,
//! then the rest. A storming that a bomb opened is an armed assault.

use std::ops::Range;

use super::character::Setting;
use super::clusters::Cluster;
use super::event::{Kind, Outcome, Party, Status, Toll};
use crate::lexicon::actors::Side;

/// The kinds that the words of an event name, nearest sentences first.
pub struct Signs {
    /// Of the sentences with its numbers, or all where these name none.
    own: Vec<Kind>,
    /// Those of the opening too, where the own are weak.
    wide: Vec<Kind>,
}

impl Signs {
    /// It came from the air.
    pub fn air(&self) -> bool {
        self.own.contains(&Kind::Airstrike)
    }

    /// A bomb or a bomber.
    pub fn bomb(&self) -> bool {
        self.wide.iter().any(|k| matches!(k, Kind::Bombing | Kind::SuicideBombing)) && !self.air()
    }
}

/// Gathers the kinds that the event's sentences name.
pub fn signs(setting: &Setting<'_, '_, '_>, cluster: &Cluster) -> Signs {
    let ranges = ranges(setting, cluster);
    let mut own: Vec<Kind> =
        ranges.iter().take(2).flat_map(|r| deeds(setting, r.clone())).collect();
    if own.is_empty() {
        own = ranges.iter().flat_map(|r| deeds(setting, r.clone())).collect();
    }
    let mut wide = own.clone();
    let weak = |k: &Kind| matches!(k, Kind::ArmedAssault | Kind::Clash | Kind::Operation);
    if wide.iter().all(weak) && !cluster.apart && cluster.status == Status::Current {
        let opening = 0..setting.told.len().min(3);
        wide.extend(opening.flat_map(|t| deeds(setting, setting.tokens_of(t))));
    }
    Signs { own, wide }
}

/// Token ranges of the event's sentences: those with its numbers first.
fn ranges(setting: &Setting<'_, '_, '_>, cluster: &Cluster) -> Vec<Range<usize>> {
    let mut order: Vec<usize> = cluster.mentions.iter().map(|(t, _)| *t).collect();
    order.dedup();
    order.extend(
        cluster.sentences.iter().filter(|s| !cluster.mentions.iter().any(|(t, _)| t == *s)),
    );
    order.into_iter().map(|t| setting.tokens_of(t)).collect()
}

fn deeds(setting: &Setting<'_, '_, '_>, range: Range<usize>) -> Vec<Kind> {
    range.filter_map(|i| setting.scan.term(i).and_then(|t| t.deed)).collect()
}

/// Decides between the kinds.
pub fn kind(signs: &Signs, tolls: &[Toll], side: Option<Side>) -> Kind {
    let seen = &signs.wide;
    let militants_only = !tolls.is_empty() && tolls.iter().all(|t| t.party == Party::Militant);
    for kind in [Kind::SuicideBombing, Kind::Airstrike, Kind::Shelling, Kind::Bombing] {
        if seen.contains(&kind) {
            return kind;
        }
    }
    if side == Some(Side::State) || (militants_only && side != Some(Side::Militant)) {
        return Kind::Operation;
    }
    let order = [
        Kind::Assassination,
        Kind::ArmedAssault,
        Kind::Abduction,
        Kind::Clash,
        Kind::Operation,
        Kind::Unrest,
    ];
    let taken = tolls.iter().any(|t| t.outcome == Outcome::Abducted);
    let killed = tolls.iter().any(|t| t.outcome == Outcome::Killed);
    if taken && !killed {
        return Kind::Abduction;
    }
    let possible =
        |k: &Kind| seen.contains(k) && (*k != Kind::Operation || side != Some(Side::Militant));
    order.into_iter().find(possible).unwrap_or(Kind::ArmedAssault)
}
