//! Sinks that are down, slow, gone, moved or poisoned: nothing is lost, nobody else
//! waits, ids stay.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use watchfire::notify::Refused;
use watchfire::notify::retry::{self, Next};
use watchfire::store::{Recipient, Refusal, Store};

use super::receiver::{Answer, Receiver};
use crate::daemon::once;
use crate::store::given::{now, record_numbered_to, shown};
use crate::support::{Home, Host, Says, feed, four_provinces};

/// A store, a clock, and who took what when.
struct Course {
    store: Store,
    now: Timestamp,
    took: BTreeMap<(String, String), Vec<Timestamp>>,
}

impl Course {
    /// Goes on until then; a sink takes what it is told when `takes` says so.
    fn run(
        &mut self,
        sinks: &[&str],
        until: Timestamp,
        takes: &dyn Fn(&str, &str, Timestamp) -> Result<(), Refused>,
    ) {
        while self.now < until {
            for sink in sinks {
                self.settle(sink, takes);
            }
            let due = sinks.iter().filter_map(|sink| self.store.next_due(sink).unwrap()).min();
            let next = due.map_or(until, |due| due.max(self.now + SignedDuration::from_millis(1)));
            self.now = next.min(until);
        }
    }

    /// As the writer does it: one message after the other while any is due.
    fn settle(&mut self, sink: &str, takes: &dyn Fn(&str, &str, Timestamp) -> Result<(), Refused>) {
        while let Some(due) = self.store.due(sink, self.now, 1).unwrap().pop() {
            let id = due.message.id();
            match takes(sink, id, self.now) {
                Ok(()) => {
                    self.store.sent(id, sink, self.now).unwrap();
                    self.took.entry((sink.into(), id.into())).or_default().push(self.now);
                }
                Err(refused) => {
                    let error = &refused.to_string();
                    let refusal = match retry::next(&refused, due.tries, 7) {
                        Next::In(pause) => Refusal::Until { next_try: self.now + pause, error },
                        Next::Never => Refusal::ForGood { error },
                    };
                    self.store.refused(id, sink, &refusal, self.now).unwrap();
                }
            }
        }
    }
}

#[test]
fn a_sink_that_is_down_for_three_days_gets_everything_and_nobody_waits_for_it() {
    let mut course =
        Course { store: Store::in_memory().unwrap(), now: now(), took: BTreeMap::new() };
    let names = ["log", "good", "down"];
    let sinks = names.map(Recipient::of_all);
    let kinds = names.map(|name| (name, "webhook"));
    course.store.configure_sinks(&kinds, now()).unwrap();
    let back = now() + SignedDuration::from_hours(72);
    let takes = move |sink: &str, _: &str, now: Timestamp| match sink {
        "down" if now < back => {
            Err(Refused::Away { cause: "connection refused".into(), after: None })
        }
        _ => Ok(()),
    };
    let hour = |n: u32| now() + SignedDuration::from_hours(n.into());
    for n in (0..72).step_by(6) {
        record_numbered_to(&mut course.store, n, &sinks, course.now).unwrap();
        course.run(&names, hour(n + 6), &takes);
    }
    let waiting = course.store.undelivered().unwrap();
    assert_eq!(waiting.len(), 12);
    assert!(waiting.iter().all(|row| row.state == "waiting" && row.sink == "down"));
    let health = course.store.sink_health().unwrap();
    let down = health.iter().find(|sink| sink.sink == "down").unwrap();
    assert_eq!((down.waiting, down.dead, down.failing_since), (12, 0, Some(now())));

    course.run(&names, back + SignedDuration::from_mins(20), &takes);
    assert_eq!(course.store.undelivered().unwrap(), []);
    for n in (0..72).step_by(6) {
        for sink in names {
            let took = &course.took[&(sink.to_owned(), format!("x{n}"))];
            assert_eq!(took.len(), 1, "{sink} x{n}");
            match sink {
                "down" => assert!(took[0] >= back && took[0] <= back + retry::LONGEST),
                _ => assert_eq!(took[0], hour(n), "{sink} x{n}"),
            }
        }
    }
}

#[test]
fn a_poisoned_alert_is_given_up_and_the_others_pass_it() {
    let mut course =
        Course { store: Store::in_memory().unwrap(), now: now(), took: BTreeMap::new() };
    course.store.configure_sinks(&[("desk", "webhook")], now()).unwrap();
    for n in 0..5 {
        record_numbered_to(&mut course.store, n, &[Recipient::of_all("desk")], now()).unwrap();
    }
    let takes = |_: &str, id: &str, _: Timestamp| match id {
        "x0" => Err(Refused::Never { cause: "answered 400".into() }),
        "x1" => Err(Refused::Later { cause: "answered 500".into() }),
        _ => Ok(()),
    };
    course.run(&["desk"], now() + SignedDuration::from_secs(1), &takes);
    let took: Vec<&str> = course.took.keys().map(|(_, id)| id.as_str()).collect();
    assert_eq!(took, ["x2", "x3", "x4"]);
    let rows = course.store.undelivered().unwrap();
    let rows: Vec<_> = rows.iter().map(|row| (row.alert.as_str(), row.state.as_str())).collect();
    assert_eq!(rows, [("x0", "dead"), ("x1", "waiting")]);

    // A person has the dead one sent again.
    assert_eq!(course.store.resend("x0", &["desk"], course.now).unwrap(), 1);
    course.run(&["desk"], course.now + SignedDuration::from_secs(5), &|_, _, _| Ok(()));
    assert_eq!(course.took[&("desk".to_owned(), "x0".to_owned())].len(), 1);
    assert_eq!(course.store.resend("nothing", &["desk"], course.now).unwrap(), 0);
}

#[test]
fn a_clock_that_ran_ahead_and_was_set_back_holds_up_nothing() {
    let mut store = Store::in_memory().unwrap();
    store.configure_sinks(&[("desk", "webhook")], now()).unwrap();
    record_numbered_to(&mut store, 1, &[Recipient::of_all("desk")], now()).unwrap();
    let ahead = now() + SignedDuration::from_hours(24 * 365);
    let refusal = Refusal::Until { next_try: ahead, error: "no" };
    store.refused("x1", "desk", &refusal, ahead).unwrap();
    assert_eq!(store.due("desk", now(), 9).unwrap().len(), 1);
}

/// A home whose daemon tells these webhooks.
fn home_with(host: &Host, sinks: &[(&str, &str)]) -> Home {
    let home = Home::of(&[&host.url]);
    configure(&home, host, sinks);
    home
}

fn configure(home: &Home, host: &Host, sinks: &[(&str, &str)]) {
    let sinks: String = sinks
        .iter()
        .map(|(name, url)| {
            format!(
                "[[sink]]\nname = \"{name}\"\ntype = \"webhook\"\nurl = \"{url}/x\"\ntimeout = \"1s\"\n"
            )
        })
        .collect();
    home.configure(&format!("{}{sinks}", home.configuration(&[&host.url])));
}

fn states(home: &Home, sink: &str) -> String {
    let query = format!(
        "SELECT state, count(*), max(tries) FROM outbox WHERE sink = '{sink}' GROUP BY state"
    );
    shown(&home.store(), &query).replace('\n', " ")
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_sink_takes_nothing_from_the_others() {
    let host = Host::start(Says::Feed(feed(&[four_provinces()]))).await;
    let good = Receiver::start(|_| Answer::status(200)).await;
    let other = Receiver::start(|_| Answer::status(200)).await;
    let gone = Receiver::start(|_| Answer::status(410)).await;
    let to = other.url.clone();
    let moved =
        Receiver::start(move |_| Answer { location: Some(to.clone()), ..Answer::status(301) })
            .await;
    let poisoned = Receiver::start(|heard| {
        Answer::status(if heard.body.contains("Kunduz") { 400 } else { 200 })
    })
    .await;
    let hour = Duration::from_secs(3_600);
    let slow = Receiver::start(move |_| Answer { after: hour, ..Answer::status(200) }).await;
    let busy = Receiver::start(|_| Answer { retry_after: Some(60), ..Answer::status(429) }).await;
    let closed = Host::closed().await;
    let home = home_with(
        &host,
        &[
            ("good", &good.url),
            ("gone", &gone.url),
            ("moved", &moved.url),
            ("poisoned", &poisoned.url),
            ("slow", &slow.url),
            ("busy", &busy.url),
            ("closed", &closed),
        ],
    );
    let (tally, _) = once(&home).await;
    assert_eq!((tally.failed, tally.alerts), (0, 3));
    let ids: Vec<String> = home.alerts().iter().map(|alert| alert.id.clone()).collect();
    assert_eq!(good.ids(), ids);
    assert!(other.ids().is_empty());
    for (sink, told) in [
        ("log", "sent|3|1"),
        ("good", "sent|3|1"),
        ("gone", "dead|3|1"),
        ("moved", "dead|3|1"),
        ("poisoned", "dead|1|1 sent|2|1"),
        ("slow", "waiting|3|1"),
        ("busy", "waiting|3|1"),
        ("closed", "waiting|3|1"),
    ] {
        assert_eq!(states(&home, sink), told, "{sink}");
    }
    // A sink that asks for time is not asked with the next alert.
    assert_eq!(busy.ids().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_told_again_with_the_same_id() {
    let host = Host::start(Says::Feed(feed(&[four_provinces()]))).await;
    let is_lost = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    let lost = is_lost.clone();
    let desk = Receiver::start(move |_| match lost.load(std::sync::atomic::Ordering::SeqCst) {
        true => Answer { after: Duration::from_secs(3_600), ..Answer::status(200) },
        false => Answer::status(200),
    })
    .await;
    let home = home_with(&host, &[("desk", &desk.url)]);
    once(&home).await;
    let first = desk.ids();
    assert_eq!(first.len(), 1, "it rests before the next");
    is_lost.store(false, std::sync::atomic::Ordering::SeqCst);
    once(&home).await;
    assert_eq!(states(&home, "desk"), "sent|3|2");
    let heard = desk.ids();
    assert_eq!(heard.iter().filter(|id| **id == first[0]).count(), 2);
    let mut once_each = heard.clone();
    once_each.sort();
    once_each.dedup();
    assert_eq!((heard.len(), once_each.len()), (4, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_sink_gets_no_history_and_one_that_went_leaves_nothing_waiting() {
    let host = Host::start(Says::Feed(feed(&[four_provinces()]))).await;
    let closed = Host::closed().await;
    let home = home_with(&host, &[("old", &closed)]);
    once(&home).await;
    assert_eq!(states(&home, "old"), "waiting|3|1");
    let new = Receiver::start(|_| Answer::status(200)).await;
    configure(&home, &host, &[("new", &new.url)]);
    once(&home).await;
    assert!(new.ids().is_empty());
    assert_eq!(states(&home, "old"), "dead|3|1");
    let why = "SELECT DISTINCT error FROM v_outbox WHERE sink = 'old'";
    assert_eq!(shown(&home.store(), why), "the sink was taken out of the configuration");
}
