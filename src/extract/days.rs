//! The day of an event where its own sentences name none: that of the sentences
//! around it, that of the story; and the span of a siege or a night.

use jiff::civil::Date;

use super::character::Setting;
use super::clusters::Cluster;
use super::dates::{Grain, When};
use super::event::{Days, Status};
use crate::article::zones::Zone;

/// First and last possible day of an event. `today` is the day of publication.
pub fn days(setting: &Setting<'_, '_, '_>, cluster: &Cluster, today: Date) -> Option<Days> {
    let current = cluster.status == Status::Current && !cluster.period;
    if !current {
        return cluster.days;
    }
    let counts: Vec<usize> = cluster.mentions.iter().map(|(t, _)| *t).collect();
    let own = counts.iter().any(|t| of_event(setting, *t, today).next().is_some());
    let found = if own {
        cluster.days
    } else {
        let around = cluster.sentences.iter().find_map(|t| of_event(setting, *t, today).next());
        let around = around.map(|w| w.days).filter(|_| cluster.apart);
        around.or_else(|| story(setting, today)).or(cluster.days)
    };
    found.map(|days| whole_siege(setting, cluster, days, today))
}

/// The days of a sentence that can be the event's.
fn of_event<'a>(
    setting: &'a Setting<'_, '_, '_>,
    told: usize,
    today: Date,
) -> impl Iterator<Item = &'a When> {
    let near = move |w: &&When| {
        !w.speech && !w.relative && w.grain == Grain::Day && (today - w.days.last()).get_days() <= 7
    };
    setting.told[told].whens.iter().filter(near)
}

/// The first day of the story's opening that is not one of speech; else that.
fn story(setting: &Setting<'_, '_, '_>, today: Date) -> Option<Days> {
    let body: Vec<usize> =
        (0..setting.told.len()).filter(|t| setting.told[*t].zone == Zone::Body).take(6).collect();
    let recent = |w: &&When| (today - w.days.last()).get_days() <= 7;
    let named = body.iter().find_map(|t| of_event(setting, *t, today).find(recent));
    let spoken = || {
        let whens = body.iter().flat_map(|t| &setting.told[*t].whens);
        whens.filter(|w| w.grain == Grain::Day).find(recent)
    };
    named.or_else(spoken).map(|w| w.days)
}

/// A siege that ended today began on the day before that the story names too.
fn whole_siege(setting: &Setting<'_, '_, '_>, cluster: &Cluster, days: Days, today: Date) -> Days {
    let siege = (0..setting.told.len().min(4)).any(|t| {
        setting.tokens_of(t).any(|i| setting.scan.is_word(i, &["siege", "besieged", "standoff"]))
    });
    if !siege || cluster.apart {
        return days;
    }
    let opening = (0..setting.told.len().min(12)).flat_map(|t| of_event(setting, t, today));
    let before = opening.map(|w| w.days).find(|d| (days.first() - d.last()).get_days() == 1);
    before.map_or(days, |d| Days::between(d.first(), days.last()))
}
