//! What persons say with commands, beside a daemon or without one: it reaches every
//! sink, and it outlives new readings.

use serde_json::Value;
use watchfire::alert::rule::{Alert, AlertType};

use crate::daemon::once;
use crate::sinks::receiver::{Answer, Receiver};
use crate::store::given::shown;
use crate::support::{Home, Host, Says, answered, feed, four_provinces, weekday};

/// A daemon's home with a webhook, and a publisher that can say something else.
struct Desk {
    home: Home,
    host: Host,
    hook: Receiver,
}

impl Desk {
    async fn of(items: &[(&str, &str, Vec<String>)]) -> Desk {
        let host = Host::start(Says::Feed(feed(items))).await;
        let hook = Receiver::start(|_| Answer::status(200)).await;
        let home = Home::of(&[&host.url]);
        home.configure(&format!(
            "{}[[sink]]\nname = \"desk\"\ntype = \"webhook\"\nurl = \"{}/x\"\n",
            home.configuration(&[&host.url]),
            hook.url
        ));
        let desk = Desk { home, host, hook };
        once(&desk.home).await;
        desk
    }

    /// Runs a command on its configuration, away from the threads of the test.
    fn run(&self, words: &[&str]) -> (i32, String, String) {
        let file = self.home.file();
        let (first, rest) = words.split_first().unwrap();
        let options = ["--config", file.to_str().unwrap()];
        answered(&[&[*first], &options[..], rest].concat())
    }

    fn done(&self, words: &[&str]) -> String {
        let (code, out, error) = self.run(words);
        assert_eq!(code, 0, "{words:?}: {error}");
        out
    }

    fn refused(&self, words: &[&str]) -> String {
        let (code, out, error) = self.run(words);
        assert_eq!((code, out.as_str()), (1, ""), "{words:?}: {error}");
        error
    }

    /// What the publisher says from now on, and a round.
    async fn says(&self, items: &[(&str, &str, Vec<String>)]) {
        self.host.now_says(Says::Feed(feed(items)));
        once(&self.home).await;
    }

    fn alert_at(&self, place: &str) -> Alert {
        let at = |alert: &Alert| alert.places.iter().any(|p| p.as_str() == place);
        self.home.alerts().into_iter().rfind(at).unwrap()
    }

    fn sql(&self, query: &str) -> String {
        shown(&self.home.store(), query)
    }
}

/// An attack of yesterday on policemen in Kunduz.
fn kunduz(id: &'static str, killed: &str) -> (&'static str, &'static str, Vec<String>) {
    let day = weekday(1);
    let text = format!(
        "Gunmen killed {killed} policemen at a checkpoint in Kunduz province on {day}, the provincial police chief said."
    );
    (id, "Policemen killed at a checkpoint in Kunduz", vec![text])
}

const BY: [&str; 4] = ["--author", "Ana", "--comment", "it was a drill"];

#[tokio::test(flavor = "multi_thread")]
async fn one_command_cancels_a_false_alert_everywhere_and_it_stays_cancelled() {
    let desk = Desk::of(&[four_provinces()]).await;
    let alert = desk.alert_at("AF-KDZ");
    assert_eq!(desk.hook.ids().len(), 3);
    let cancel = ["alert", "cancel", &alert.id[..8]];
    let told = desk.done(&[&cancel[..], &BY].concat());
    assert!(told.contains("cancel\t") && told.contains("Cancelled: Kunduz"), "{told}");
    assert!(desk.refused(&[&cancel[..], &BY].concat()).contains("called false before, by Ana"));

    // The next round sends it; a second outlet's report raises nothing anew.
    desk.says(&[four_provinces(), kunduz("k2", "ten")]).await;
    let cancelled = desk.alert_at("AF-KDZ");
    assert_eq!((cancelled.kind, cancelled.references), (AlertType::Cancel, Some(alert.id)));
    assert_eq!(cancelled.reason, "called false by Ana: it was a drill");
    assert_eq!(desk.home.alerts().len(), 4);
    assert_eq!(desk.hook.ids().last(), Some(&cancelled.id));
    assert_eq!(desk.hook.heard().last().unwrap().json()["type"], "watchfire.cancel");
    let quiet = desk.sql("SELECT quiet FROM v_events WHERE places = 'AF-KDZ'");
    assert!(quiet.contains("dismissed"), "{quiet}");

    // Taken back, it stands again.
    let event = &cancelled.event_id.0;
    let shown = desk.done(&["event", "show", event]);
    assert!(shown.contains("word 1,") && shown.contains("called false"), "{shown}");
    let told = desk.done(&[&["event", "undo", event, "1"], &BY[..]].concat());
    assert!(told.contains("alert\t"), "{told}");
    assert!(
        desk.refused(&[&["event", "undo", event, "1"], &BY[..]].concat()).contains("no such word")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silence_has_an_end_and_holds_back_all_but_the_record() {
    let desk = Desk::of(&[kunduz("k0", "two")]).await;
    let silence = |words: &[&'static str]| [&["alert", "silence"], words, &BY].concat();
    for (words, told) in [
        (&["--watch", "north"][..], "a silence without an end is refused"),
        (&["--for", "2h"], "a silence of everything is refused"),
        (&["--watch", "south", "--for", "2h"], "no watch is called `south`"),
        (&["--place", "Nowhere at all", "--for", "2h"], "Nowhere at all"),
        (&["--watch", "north", "--for", "40d"], "30 days at most"),
        (&["--watch", "north", "--for", "soon"], "--for: a span is a number"),
        (&["--event", "beef", "--for", "2h"], "there is no event `beef`"),
    ] {
        let error = desk.refused(&silence(words));
        assert!(error.contains(told), "{words:?}: {error}");
    }
    assert_eq!(desk.done(&["alert", "silence"]), "no silence holds\n");
    desk.done(&silence(&["--place", "Kunduz", "--for", "2h"]));
    let holds = desk.done(&["alert", "silence"]);
    assert!(holds.contains("place AF-KDZ\tAna\tit was a drill"), "{holds}");

    desk.says(&[four_provinces()]).await;
    assert_eq!(desk.home.alerts().len(), 3, "the log has all");
    assert_eq!(desk.hook.ids().len(), 2);
    let held = desk.alert_at("AF-KDZ");
    let list = desk.done(&["alert", "list", "--undelivered"]);
    assert!(list.contains("desk (silenced)") && list.lines().count() == 1, "{list}");
    let why = desk.sql("SELECT error FROM v_outbox WHERE state = 'silenced'");
    assert!(why.starts_with("silenced by Ana until "), "{why}");

    // Ended and sent after all.
    desk.done(&["alert", "silence", "--end", "1"]);
    assert!(desk.refused(&["alert", "silence", "--end", "1"]).contains("no silence 1 holds"));
    desk.done(&["alert", "resend", &held.id]);
    once(&desk.home).await;
    assert_eq!(desk.hook.ids().last(), Some(&held.id));
    assert_eq!(desk.done(&["alert", "list", "--undelivered"]), "");
    let (code, out, _) = desk.run(&["alert", "resend", &held.id]);
    assert_eq!((code, out.as_str()), (3, "every sink has it\n"));
    assert!(desk.refused(&["alert", "resend", &held.id, "--sink", "none"]).contains("no sink"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_outlives_new_reports() {
    let desk = Desk::of(&[kunduz("k1", "seven")]).await;
    let alert = desk.alert_at("AF-KDZ");
    let event = alert.event_id.0;
    let correct = ["event", "correct", &event, "--killed", "2", "--party", "security"];
    let told = desk.done(&[&correct[..], &BY].concat());
    assert!(told.contains("cancel\t"), "{told}");
    let toll = "SELECT killed_best FROM v_events";
    assert_eq!(desk.sql(toll), "2");
    // Another report of seven, and then of nine, changes nothing of it.
    let (_, title, _) = kunduz("k1", "seven");
    let longer = |n: &str| {
        let (_, _, mut text) = kunduz("k2", n);
        text.push("The wounded were taken to a hospital in the city of Kunduz.".into());
        text
    };
    desk.says(&[kunduz("k1", "seven"), ("k2", title, longer("seven"))]).await;
    desk.says(&[kunduz("k1", "seven"), ("k3", title, longer("nine"))]).await;
    assert_eq!(desk.sql("SELECT killed_best, reports > 1 FROM v_events"), "2|1");
    assert_eq!(desk.home.alerts().last().unwrap().kind, AlertType::Cancel);

    for (words, told) in [
        (&["event", "correct", &event][..], "nothing is corrected"),
        (&["event", "correct", &event, "--killed", "many"], "write 12, 12-15 or 12+"),
        (&["event", "correct", &event, "--killed", "2", "--party", "us"], "`us` is no party"),
        (&["event", "correct", &event, "--kind", "picnic"], "`picnic` is no kind of event"),
        (&["event", "correct", &event, "--place", "Nowhere at all"], "Nowhere at all"),
        (&["event", "correct", "feedbeef", "--killed", "2"], "there is no event `feedbeef`"),
    ] {
        let error = desk.refused(&[words, &BY].concat());
        assert!(error.contains(told), "{words:?}: {error}");
    }
    let elsewhere = [
        "event",
        "correct",
        &event,
        "--place",
        "Balkh",
        "--kind",
        "bombing",
        "--day",
        "2026-11-20",
    ];
    desk.done(&[&elsewhere[..], &["--perpetrator", "nobody known"], &BY].concat());
    let row = "SELECT places, kind, day, perpetrator FROM v_events";
    assert_eq!(desk.sql(row), "AF-BAL|bombing|2026-11-20|nobody known");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_merged_and_split_and_stay_so() {
    let day = weekday(1);
    let baghlan = || {
        let text = format!(
            "A roadside bomb killed six civilians in Baghlan province on {day}, residents said."
        );
        ("b1", "Roadside bomb kills six in Baghlan", vec![text])
    };
    let desk = Desk::of(&[kunduz("k1", "seven"), baghlan()]).await;
    let id = |place: &str| desk.sql(&format!("SELECT id FROM v_events WHERE places = '{place}'"));
    let (north, south) = (id("AF-KDZ"), id("AF-BGL"));
    assert!(!north.is_empty() && !south.is_empty());
    desk.done(&[&["event", "merge", &south, &north], &BY[..]].concat());
    assert_eq!(desk.sql("SELECT count(*) FROM v_events WHERE reports = 2"), "1");
    // The same words met again in another version stay where the person put them.
    desk.says(&[kunduz("k1", "seven"), baghlan(), kunduz("k9", "eight")]).await;
    let articles = desk
        .sql(&format!("SELECT article FROM reports WHERE event = '{north}' AND places = 'AF-BGL'"));
    assert!(!articles.is_empty());
    assert!(
        desk.refused(&[&["event", "merge", &north, &north], &BY[..]].concat())
            .contains("one event already")
    );

    let split = ["event", "split", &north, "--article", &articles[..12]];
    desk.done(&[&split[..], &BY].concat());
    let left = desk.sql(&format!("SELECT places FROM v_events WHERE id = '{north}'"));
    assert_eq!(left, "AF-KDZ");
    assert_eq!(
        desk.sql("SELECT count(*) FROM v_events WHERE reports > 0 AND places = 'AF-BGL'"),
        "1"
    );
    let unknown = ["event", "split", &north, "--article", "zzz"];
    assert!(desk.refused(&[&unknown[..], &BY].concat()).contains("no report of the event"));
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_and_events_are_listed_and_shown_for_people_and_programs() {
    let desk = Desk::of(&[four_provinces()]).await;
    let alert = desk.alert_at("AF-KDZ");
    let list = desk.done(&["alert", "list"]);
    assert_eq!(list.lines().count(), 3);
    let rows = desk.done(&["alert", "list", "--format", "json"]);
    let row: Value = serde_json::from_str(rows.lines().next().unwrap()).unwrap();
    assert_eq!(row["undelivered"], serde_json::json!([]));
    let json = desk.done(&["alert", "show", &alert.id, "--format", "json"]);
    assert!(std::fs::read_to_string(desk.home.log()).unwrap().contains(&json));
    let text = desk.done(&["alert", "show", &alert.id, "--format", "text"]);
    for words in [
        "[warning] Kunduz",
        "security forces killed, say ",
        "killed 10 reached the warning level of 5",
    ] {
        assert!(text.contains(words), "{words} in\n{text}");
    }
    let cap = desk.done(&["alert", "show", &alert.id, "--format", "cap"]);
    assert!(cap.contains("<areaDesc>Kunduz</areaDesc>"), "{cap}");
    let whole = desk.done(&["alert", "show", &alert.id]);
    assert!(whole.contains("desk\tsent\t1\t") && whole.contains("log\tsent\t1\t"), "{whole}");
    assert!(desk.refused(&["alert", "show", "zzz"]).contains("there is no alert `zzz`"));

    let events = desk.done(&["event", "list", "--place", "Kunduz"]);
    assert_eq!(events.lines().count(), 1, "{events}");
    let shown = desk.done(&["event", "show", &alert.event_id.0]);
    assert!(shown.contains("Kunduz (AF-KDZ)") && shown.contains("article "), "{shown}");
    let json = desk.done(&["event", "show", &alert.event_id.0, "--format", "json"]);
    assert_eq!(serde_json::from_str::<Value>(&json).unwrap()["persons"], serde_json::json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_goes_through_every_sink_and_tells_which_took_it() {
    let desk = Desk::of(&[kunduz("k0", "two")]).await;
    let told = desk.done(&["notify", "test", "--log"]);
    assert!(told.lines().count() == 2 && told.contains("desk\twebhook\t127.0.0.1:"), "{told}");
    assert_eq!(desk.hook.heard()[0].json()["type"], "watchfire.test");
    let line = std::fs::read_to_string(desk.home.log()).unwrap();
    assert!(line.contains("\"type\":\"test\""), "{line}");
    // A test is not what the daemon tells.
    once(&desk.home).await;
    assert_eq!(desk.hook.heard().len(), 1);
    assert!(desk.refused(&["notify", "test", "--sink", "none"]).contains("no sink is called"));
    desk.done(&["notify", "status"]);

    let closed = Host::closed().await;
    desk.home.configure(&format!(
        "{}[[sink]]\nname = \"gone\"\ntype = \"ntfy\"\nurl = \"{closed}/topic\"\n",
        desk.home.configuration(&[&desk.host.url])
    ));
    let (code, out, _) = desk.run(&["notify", "test", "--format", "json"]);
    let row: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &row["ok"]), (1, &Value::Bool(false)), "{out}");
}
