//! What must hold whatever comes in whichever order.

use proptest::prelude::*;
use proptest::sample::{Index, subsequence};

use crate::script::{run, run_batches, show_events, watch};

/// Reports of one day's attacks, by outlets that agree more or less.
const REPORTS: &[&str] = &[
    "10T08:00 press a1 | KDZ 10 assault by Taliban: 10+ security killed | BDG 10 assault: 6 security killed",
    "10T09:00 wire b1 | KDZ 10 clash by Taliban: 10 security killed | BDG 9-10 assault: 7 security killed",
    "10T10:00 echo c1 wire=AFP | KDZ 10 assault: 12 security killed article",
    "10T11:00 post d1 wire=AFP | KDZ 10 assault: 12 security killed article",
    "10T12:00 gazette e1 | BGL+TAK 10 assault by Taliban: 16 security killed | KDZ 10 bombing: 2 civilian killed",
    "10T13:00 herald f1 | BGL+TAK 10 clash: 15 people killed | KDZ 10 suicide: 3 civilian killed",
    "10T14:00 press a2 | KDZ 10 assault by Taliban: 14 security killed",
    "10T15:00 mail g1 | bg BDG 7 assault by Taliban: 21+ security killed | BDG 10 assault: 6 security killed",
    "10T15:30 sun i1 | KDZ+BGL+TAK+BDG 10 assault: 33+ security killed",
    "10T16:00 star h1 | bg BDG 7 assault: 25 people killed",
    "10T08:30 echo k1 | KDZ 10 assault: 40 security killed",
    "10T09:30 noon l1 | KDZ 10 assault by Taliban: 21 security killed",
    "10T11:30 dusk m1 | AF 10 assault: 16 people killed",
    "10T12:30 dawn n1 | BGL 10 assault: 15 security killed | TAK 10 assault: 3 security killed",
    "10T13:30 vale o1 | BDG ? bombing: 6 security killed",
    "10T14:30 moon p1 | KDZ 10 bombing by Islamic State: 5 civilian killed",
    "10T17:00 tide q1 | KDZ 9-10 bombing by Taliban: 3 civilian killed",
];

fn shuffled() -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(REPORTS.to_vec(), 2..=REPORTS.len()).prop_shuffle()
}

fn watched() -> [watchfire::alert::rule::Watch; 1] {
    [watch("north", "KDZ+BGL+TAK+BDG")]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_order_of_arrival_does_not_change_the_events(lines in shuffled(), cut: Index) {
        let mut published = lines.clone();
        published.sort_unstable();
        let in_order = show_events(&run(&watched(), &published).known);
        prop_assert_eq!(&show_events(&run(&watched(), &lines).known), &in_order);
        let (first, second) = lines.split_at(cut.index(lines.len()));
        let polls: Vec<_> =
            [first, second].into_iter().filter(|p| !p.is_empty()).map(<[_]>::to_vec).collect();
        let known = run_batches(&watched(), &polls).known;
        prop_assert_eq!(&show_events(&known), &in_order);
        let mut ids: Vec<_> = known.events.iter().map(|event| &event.id).collect();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), known.events.len());
    }

    #[test]
    fn what_was_met_before_changes_nothing(lines in shuffled()) {
        let once = run(&watched(), &lines);
        let twice = run(&watched(), &[lines.clone(), lines].concat());
        prop_assert_eq!(once.known, twice.known);
        prop_assert_eq!(once.alerts, twice.alerts);
    }

    #[test]
    fn no_report_counts_twice(lines in shuffled()) {
        let known = run(&watched(), &lines).known;
        let mut sighted: Vec<_> = known
            .events
            .iter()
            .flat_map(|e| &e.sightings)
            .map(|s| (s.article.clone(), s.ordinal))
            .collect();
        let all = sighted.len();
        sighted.sort();
        sighted.dedup();
        prop_assert_eq!(all, sighted.len());
        let told: usize = lines.iter().map(|line| line.matches('|').count()).sum();
        prop_assert_eq!(all, told);
        for event in &known.events {
            let mut articles: Vec<_> = event.sightings.iter().map(|s| &s.article).collect();
            articles.dedup();
            prop_assert_eq!(articles.len(), event.sightings.len());
        }
    }

    #[test]
    fn no_toll_exceeds_what_some_outlet_says(lines in shuffled()) {
        let events = run(&watched(), &lines).known.events;
        for event in events.into_iter().filter(|event| !event.is_withdrawn()) {
            let killed = watchfire::alert::measure(&event, watchfire::alert::rule::Metric::Killed);
            let told = |s: &watchfire::correlate::event::Sighting| {
                s.report.tolls.iter().map(|t| t.count.best()).sum::<u32>()
            };
            prop_assert!(event.sightings.iter().any(|s| told(s) == killed.best()), "{event:?}");
            prop_assert!(killed.low() <= killed.best());
        }
    }
}
