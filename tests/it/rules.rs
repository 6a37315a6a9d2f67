//! What a watch is told of an event, and why it is not.

use std::num::NonZeroU32;

use jiff::SignedDuration;
use jiff::civil::time;
use jiff::tz::TimeZone;
use watchfire::alert::hold::{Patience, QuietHours};
use watchfire::alert::rule::{Metric, Severity, Silence, Watch};
use watchfire::correlate::event::Certainty;
use watchfire::extract::event::Count;

use crate::script::{run, run_batches, watch};
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
fn quiet_hours_and_a_moment_of_patience_hold_what_is_not_critical() {
    let hours = QuietHours {
        from: time(22, 0, 0, 0),
        to: time(6, 0, 0, 0),
        zone: TimeZone::get("Asia/Kabul").unwrap(),
        below: Severity::Critical,
    };
    let patience = Patience { quiet: Some(hours), wait: Some(SignedDuration::from_secs(30)) };
    let watches = [Watch { patience, ..watch("north", "KDZ") }];
    for (line, until) in [
        ("10T18:00 press a1 | KDZ 10 bombing: 8 people killed", Some("2019-01-11T01:30:00Z")),
        ("10T08:00 press a1 | KDZ 10 bombing: 8 people killed", Some("2019-01-10T08:05:30Z")),
        ("10T18:00 press a1 | KDZ 10 bombing: 28 people killed", None),
    ] {
        let out = run(&watches, &[line]);
        assert_eq!(out.last.alerts.len(), 1, "it is decided and recorded all the same");
        let held: Vec<String> = out.last.held.values().map(|h| h.until.to_string()).collect();
        assert_eq!(held, until.into_iter().collect::<Vec<_>>(), "{line}");
    }
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

/// A bombing in each of thirty provinces, all in one outlet.
fn flood() -> Vec<String> {
    const PROVINCES: &str = "BAL BAM BDG BDS BGL DAY FRA FYB GHA GHO HEL HER JOW KAB KAN KAP KDZ \
        KHO KNR LAG LOG NAN NIM NUR PAN PAR PIA PKA SAM SAR";
    let line = |(n, place): (usize, &str)| {
        format!("10T08:00 press a{n:02} | {place} 10 bombing: {} people killed", 6 + n % 3)
    };
    PROVINCES.split_whitespace().enumerate().map(line).collect()
}

#[test]
fn a_flood_of_one_source_is_told_in_few_alerts_and_every_event_is_kept() {
    let lines = flood();
    let watches = [watch("country", "AF")];
    let out = run_batches(&watches, &[lines.iter().map(String::as_str).collect()]);
    assert_eq!(out.known.events.len(), 30);
    let alerts = &out.known.alerts;
    assert_eq!(alerts.len(), 21);
    let told: usize = alerts.iter().map(|alert| alert.events.len().max(1)).sum();
    assert_eq!(told, 30);
    let together = alerts.iter().find(|alert| !alert.events.is_empty()).unwrap();
    assert!(together.headline.starts_with("10 more attacks that press alone reports; the worst: "));
    let silent = out.last.quiet.iter().filter(|quiet| quiet.reason == Silence::Together);
    assert_eq!(silent.count(), 10);
}

#[test]
fn an_event_told_with_others_is_told_for_itself_when_it_is_confirmed() {
    let lines = flood();
    let watches = [watch("country", "AF")];
    let batch: Vec<&str> = lines.iter().map(String::as_str).collect();
    let flood = run_batches(&watches, std::slice::from_ref(&batch)).known;
    let together = flood.alerts.iter().find(|alert| !alert.events.is_empty()).unwrap();
    let told = flood.events.iter().find(|event| event.id == together.events[1]).unwrap();
    let place = told.places[0].as_str().trim_start_matches("AF-");
    let other = format!("10T09:00 wire b1 | {place} 10 bombing: 7 people killed");
    let out = run_batches(&watches, &[batch, vec![other.as_str()]]);
    let last = out.known.alerts.last().unwrap();
    assert_eq!(last.references.as_ref(), Some(&together.id));
    assert_eq!(last.event_id, told.id);
}
