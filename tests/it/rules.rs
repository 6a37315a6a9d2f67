//! What a watch is told of an event, and why it is not.

use std::num::NonZeroU32;

use watchfire::alert::rule::{Metric, Silence};
use watchfire::correlate::event::Certainty;
use watchfire::extract::event::Count;

use crate::script::{run, watch};
use crate::timelines::{OTHER, SEED};

#[test]
fn a_country_watch_takes_its_divisions_and_a_division_watch_no_country() {
    let watches = [watch("country", "AF"), watch("kunduz", "KDZ")];
    let lines = [
        "10T08:00 press a1 | KDZ 10 bombing: 8 people killed",
        "10T08:00 wire b1 | AF 10 clash: 30 security killed",
    ];
    let expected = [
        "a1: alert warning KDZ 8 (country)",
        "a1: alert warning KDZ 8 (kunduz)",
        "b1: alert critical AF 30 (country)",
    ];
    assert_eq!(run(&watches, &lines).alerts, expected);
}

#[test]
fn a_joint_toll_counts_in_full_for_a_watch_of_one_of_its_places() {
    let watches = [watch("takhar", "TAK"), watch("kunduz", "KDZ")];
    let out = run(&watches, &["10T08:00 press a1 | BGL+TAK 10 assault: 16 security killed"]);
    assert_eq!(out.alerts, ["a1: alert warning BGL+TAK joint 16 (takhar)"]);
}

#[test]
fn a_missing_alert_has_a_reason() {
    let watches = [watch("north", "KDZ")];
    for (line, reason) in [
        ("10T08:00 press a1 | KAB 10 bombing: 80 people killed", Silence::Unwatched),
        ("10T08:00 press a1 | KDZ 10 bombing: 4 people killed", Silence::BelowLevels),
        ("10T08:00 press a1 | KDZ 10 assault: 0<40 security killed Taliban", Silence::ClaimOnly),
        ("10T08:00 press a1 | bg KDZ 9 bombing: 8 people killed", Silence::Background),
        ("3T08:00 press a1 met=10T08:00 | KDZ 3 bombing: 8 people killed", Silence::Late),
    ] {
        let reasons: Vec<_> = run(&watches, &[line]).last.quiet.iter().map(|q| q.reason).collect();
        assert_eq!(reasons, [reason], "{line}");
    }
    let lines = [
        "10T08:00 press a1 | KDZ 10 bombing: 8 people killed",
        "10T09:00 press a2 | KDZ 10 bombing: 9 people killed",
    ];
    assert_eq!(run(&watches, &lines).last.quiet[0].reason, Silence::Announced);
    let lines = [SEED, "10T17:00 echo c1 | KDZ+BGL+TAK+BDG 10 assault: 32+ security killed"];
    assert_eq!(run(&watches, &lines).last.quiet[0].reason, Silence::Total);
}

#[test]
fn an_alert_reads_well_alone() {
    let watches = [watch("northern provinces", "KDZ+BGL+TAK+BDG")];
    let out = run(&watches, &[SEED, OTHER]);
    let [first, joint, _, update, ..] = out.known.alerts.as_slice() else { panic!("too few") };
    assert_eq!(
        first.headline,
        "Kunduz, Afghanistan: at least 10 killed, 11 wounded in armed assault (Taliban)"
    );
    assert_eq!(first.reason, "killed 10 reached the warning level of 5 in `northern provinces`");
    assert_eq!(
        joint.headline,
        "Baghlan and Takhar (together), Afghanistan: 16 killed in armed assault (Taliban)"
    );
    assert_eq!(update.references.as_ref(), Some(&first.id));
    assert_eq!(
        update.reason,
        "confirmed now, by 2 independent reports: still warning in `northern provinces`"
    );
    assert_eq!(update.sources, ["press", "wire"]);
}

#[test]
fn every_metric_counts_all_but_the_militants() {
    let line = "10T08:00 press a1 | KDZ 10 assault: 3 security killed, 2 civilian killed, \
        9 militant killed, 4 people wounded, 30 militant wounded, 7 civilian abducted";
    for (metric, reached) in
        [(Metric::Killed, 5), (Metric::Wounded, 4), (Metric::Casualties, 9), (Metric::Abducted, 7)]
    {
        let mut watch = watch("north", "KDZ");
        watch.levels.truncate(1);
        watch.levels[0].metric = metric;
        for (threshold, alerts) in [(reached, 1), (reached + 1, 0)] {
            watch.levels[0].threshold = NonZeroU32::new(threshold).unwrap();
            let raised = run(&[watch.clone()], &[line]).known.alerts;
            assert_eq!(raised.len(), alerts, "{metric:?} {threshold}");
            assert!(raised.iter().all(|a| a.value.best() == reached && a.metric == metric));
        }
    }
}

#[test]
fn the_value_carries_its_bounds() {
    let watches = [watch("north", "KDZ")];
    let lines = [
        "10T08:00 press a1 | KDZ 10 assault: 8 security killed",
        "10T09:00 wire b1 | KDZ 10 assault: 30+ security killed local, 2+ civilian wounded",
    ];
    let alerts = run(&watches, &lines).known.alerts;
    assert_eq!(alerts[1].value, Count::around(Some(8), 8, Some(30)));
    assert_eq!(alerts[1].certainty, Certainty::Observed);
    assert_eq!(
        alerts[1].headline,
        "Kunduz, Afghanistan: 8 (8 to 30 reported) killed, at least 2 wounded in armed assault"
    );
}

#[test]
fn the_same_decisions_have_the_same_ids() {
    let watches = [watch("north", "KDZ+BGL+TAK+BDG")];
    let ids = || -> Vec<String> {
        run(&watches, &[SEED, OTHER]).known.alerts.into_iter().map(|a| a.id).collect()
    };
    assert_eq!(ids(), ids());
    let mut once = ids();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), ids().len());
}
