//! What comes of timelines: which events stand at the end, and which alerts were
//! raised after which article.

use watchfire::assess::Verdict;

use crate::script::{run, run_batches, show_events, watch};

/// Articles in the order in which they were met, and all that they lead to.
struct Timeline {
    fact: &'static str,
    articles: &'static [&'static str],
    events: &'static [&'static str],
    alerts: &'static [&'static str],
}

/// The story that the project started from, as the annotation has it.
pub const SEED: &str = "10T14:00 press a1 key=seed \
    | KDZ 10 assault by Taliban: 10+ security killed, 11 security wounded, 25 militant killed \
    | BGL+TAK 10 assault by Taliban: 16 security killed, 1+ militant killed \
    | BDG 10 assault by Taliban: 6 security killed, 10 security wounded \
    | bg BDG 7 assault by Taliban: 21+ security killed article";

/// The same attacks as another outlet tells them.
pub const OTHER: &str = "10T15:00 wire b1 \
    | KDZ 10 clash by Taliban: 10 security killed, 12 security wounded \
    | BGL+TAK 10 assault by Taliban: 15 security killed \
    | BDG 9-10 assault by Taliban: 7 security killed \
    | bg BDG 7 assault by Taliban: 20+ people killed";

const TIMELINES: &[Timeline] = &[
    Timeline {
        fact: "the seed raises one warning each",
        articles: &[SEED],
        events: &[
            "BDG 10 killed 6/6/6 wounded 10/10/10 [a1]",
            "BGL+TAK 10 killed 16/16/16 [a1]",
            "KDZ 10 killed 10/10/+ wounded 11/11/11 [a1]",
            "bg BDG 7 killed 21/21/+ [a1]",
        ],
        alerts: &[
            "a1: alert warning KDZ 10 (north)",
            "a1: alert warning BGL+TAK joint 16 (north)",
            "a1: alert warning BDG 6 (north)",
        ],
    },
    Timeline {
        fact: "another outlet's tolls land in the same events and confirm them",
        articles: &[SEED, OTHER],
        events: &[
            "BDG 10 killed 7/7/7 wounded 10/10/10 [a1 b1]",
            "BGL+TAK 10 killed 15/16/16 disputed [a1 b1]",
            "KDZ 10 killed 10/10/+ wounded 12/12/12 [a1 b1]",
            "bg BDG 7 killed 20/21/+ [a1 b1]",
        ],
        alerts: &[
            "a1: alert warning KDZ 10 (north)",
            "a1: alert warning BGL+TAK joint 16 (north)",
            "a1: alert warning BDG 6 (north)",
            "b1: update warning KDZ 10 (north)",
            "b1: update warning BGL+TAK joint 16 (north)",
            "b1: update warning BDG 7 (north)",
        ],
    },
    Timeline {
        fact: "a copy in another outlet and a second poll change nothing",
        articles: &[
            "10T10:00 press a1 key=k | KDZ 10 bombing: 8 people killed",
            "10T10:00 press a1 key=k met=10T11:00 | KDZ 10 bombing: 8 people killed",
            "10T10:30 echo a1 key=z | KDZ 10 bombing: 8 people killed",
        ],
        events: &["KDZ 10 killed 8/8/8 [a1]"],
        alerts: &["a1: alert warning KDZ 8 (north)"],
    },
    Timeline {
        fact: "two outlets with one agency's toll are one report",
        articles: &[
            "10T10:00 press a1 wire=AFP | KDZ 10 bombing: 8 people killed",
            "10T11:00 echo b1 wire=AFP | KDZ 10 bombing: 8 people killed",
        ],
        events: &["KDZ 10 killed 8/8/8 [a1 b1]"],
        alerts: &["a1: alert warning KDZ 8 (north)"],
    },
    Timeline {
        fact: "a rising toll alerts once a level",
        articles: &[
            "10T08:00 press a1 | KDZ 10 bombing: 3 people killed",
            "10T10:00 press a2 | KDZ 10 bombing: 9 people killed",
            "10T12:00 press a3 | KDZ 10 bombing: 14 people killed",
            "10T16:00 press a4 | KDZ 10 bombing: 22 people killed",
        ],
        events: &["KDZ 10 killed 22/22/22 [a1 a2 a3 a4]"],
        alerts: &["a2: alert warning KDZ 9 (north)", "a4: update critical KDZ 22 (north)"],
    },
    Timeline {
        fact: "two levels crossed at once raise one alert, at the higher",
        articles: &["10T08:00 press a1 | KDZ 10 bombing: 25 people killed"],
        events: &["KDZ 10 killed 25/25/25 [a1]"],
        alerts: &["a1: alert critical KDZ 25 (north)"],
    },
    Timeline {
        fact: "a new version with a lower toll lowers, then cancels",
        articles: &[
            "10T08:00 press a1 key=k | KDZ 10 bombing: 25 people killed",
            "10T08:00 press a2 key=k met=10T09:00 | KDZ 10 bombing: 12 people killed",
            "10T08:00 press a3 key=k met=10T10:00 | KDZ 10 bombing: 3 people killed",
            "10T08:00 press a2 key=k met=10T11:00 | KDZ 10 bombing: 12 people killed",
        ],
        events: &["KDZ 10 killed 3/3/3 [a3]"],
        alerts: &[
            "a1: alert critical KDZ 25 (north)",
            "a2: update warning KDZ 12 (north)",
            "a3: cancel warning KDZ 3 (north)",
        ],
    },
    Timeline {
        fact: "a correction of one outlet overrules another's older number",
        articles: &[
            "10T08:00 press a1 key=k | KDZ 10 bombing: 12 people killed",
            "10T09:00 wire b1 | KDZ 10 bombing: 12 people killed",
            "10T08:00 press a2 key=k met=10T10:00 | KDZ 10 bombing: 4 people killed",
        ],
        events: &["KDZ 10 killed 4/4/4 [b1 a2]"],
        alerts: &[
            "a1: alert warning KDZ 12 (north)",
            "b1: update warning KDZ 12 (north)",
            "a2: cancel warning KDZ 4 (north)",
        ],
    },
    Timeline {
        fact: "another outlet that says that it corrects lowers the toll",
        articles: &[
            "10T08:00 press a1 | KDZ 10 bombing: 22 people killed",
            "10T10:00 wire b1 was=22 | KDZ 10 bombing: 15 people killed",
        ],
        events: &["KDZ 10 killed 15/15/15 [a1 b1]"],
        alerts: &["a1: alert critical KDZ 22 (north)", "b1: update warning KDZ 15 (north)"],
    },
    Timeline {
        fact: "an outlet that lags behind lowers nothing",
        articles: &[
            "10T08:00 press a1 | KDZ 10 bombing: 12 people killed",
            "10T09:00 wire b1 | KDZ 10 bombing: 12 people killed",
            "10T11:00 echo c1 | KDZ 10 bombing: 4 people killed article",
        ],
        events: &["KDZ 10 killed 4/12/12 disputed [a1 b1 c1]"],
        alerts: &["a1: alert warning KDZ 12 (north)", "b1: update warning KDZ 12 (north)"],
    },
    Timeline {
        fact: "a witness widens and does not decide",
        articles: &[
            "10T08:00 press a1 | KDZ 10 assault: 15 security killed",
            "10T09:00 wire b1 | KDZ 10 assault: 30 security killed local",
        ],
        events: &["KDZ 10 killed 15/15/30 [a1 b1]"],
        alerts: &["a1: alert warning KDZ 15 (north)", "b1: update warning KDZ 15 (north)"],
    },
    Timeline {
        fact: "a boast alone raises nothing, and an official word then does",
        articles: &[
            "10T08:00 press a1 | KDZ 10 assault by Taliban: 0<40 security killed Taliban",
            "10T12:00 wire b1 | KDZ 10 assault by Taliban: 6 security killed",
        ],
        events: &["KDZ 10 killed 6/6/40 [a1 b1]"],
        alerts: &["b1: alert warning KDZ 6 (north)"],
    },
    Timeline {
        fact: "who was killed is told twice and counted once",
        articles: &[
            "10T08:00 press a1 | BGL 10 assault: 16 people killed",
            "10T09:00 wire b1 | BGL 10 assault: 12 security killed, 4 civilian killed",
        ],
        events: &["BGL 10 killed 16/16/16 [a1 b1]"],
        alerts: &["a1: alert warning BGL 16 (north)", "b1: update warning BGL 16 (north)"],
    },
    Timeline {
        fact: "an archive dumped by a revived feed raises nothing",
        articles: &[
            "3T08:00 press a1 met=10T08:00 | KDZ 3 bombing: 30 people killed",
            "4T08:00 press a2 met=10T08:00 | BGL ? bombing: 40 people killed",
        ],
        events: &["BGL ? killed 40/40/40 [a2]", "KDZ 3 killed 30/30/30 [a1]"],
        alerts: &[],
    },
    Timeline {
        fact: "a correction is owed to those who were told, even late",
        articles: &[
            "10T08:00 press a1 key=k | KDZ 10 bombing: 30 people killed",
            "14T08:00 wire b1 | KDZ 10 bombing: 31 people killed",
            "10T08:00 press a2 key=k met=15T08:00 was=30 | KDZ 10 bombing: 7 people killed",
        ],
        events: &["KDZ 10 killed 7/7/7 [b1 a2]"],
        alerts: &["a1: alert critical KDZ 30 (north)", "a2: update warning KDZ 7 (north)"],
    },
    Timeline {
        fact: "two attacks of one article in one province on one day stay two",
        articles: &[
            "10T08:00 press a1 | KDZ 10 bombing: 8 people killed | KDZ 10 assault: 6 security killed",
            "10T09:00 wire b1 | KDZ 10 assault: 7 security killed | KDZ 10 bombing: 8 people killed",
        ],
        events: &["KDZ 10 killed 7/7/7 [a1 b1]", "KDZ 10 killed 8/8/8 [a1 b1]"],
        alerts: &[
            "a1: alert warning KDZ 8 (north)",
            "a1: alert warning KDZ 6 (north)",
            "b1: update warning KDZ 8 (north)",
            "b1: update warning KDZ 7 (north)",
        ],
    },
    Timeline {
        fact: "two attacks of one kind in one article stay two",
        articles: &[
            "10T08:00 press a1 | KDZ 10 bombing: 8 people killed | KDZ 10 bombing: 3 people killed",
            "10T09:00 wire b1 | KDZ 10 bombing: 3 people killed | KDZ 10 bombing: 9 people killed",
        ],
        events: &["KDZ 10 killed 3/3/3 [a1 b1]", "KDZ 10 killed 9/9/9 [a1 b1]"],
        alerts: &["a1: alert warning KDZ 8 (north)", "b1: update warning KDZ 9 (north)"],
    },
    Timeline {
        fact: "an outlet's own second attack is not its first with fewer dead",
        articles: &[
            "10T08:00 press a1 | KDZ 10 bombing: 18 people killed",
            "10T12:00 press a2 | KDZ 10 bombing: 5 people killed",
        ],
        events: &["KDZ 10 killed 18/18/18 [a1]", "KDZ 10 killed 5/5/5 [a2]"],
        alerts: &["a1: alert warning KDZ 18 (north)", "a2: alert warning KDZ 5 (north)"],
    },
    Timeline {
        fact: "an operation against militants is not the attack on the police",
        articles: &[
            "10T08:00 press a1 | KDZ 10 assault by Taliban: 6 security killed",
            "10T09:00 wire b1 | KDZ 10 operation by Afghan forces: 30 militant killed",
        ],
        events: &["KDZ 10 killed 0/0/0 [b1]", "KDZ 10 killed 6/6/6 [a1]"],
        alerts: &["a1: alert warning KDZ 6 (north)"],
    },
    Timeline {
        fact: "context joins the older event that is known and says nothing anew",
        articles: &[
            "7T10:00 press a1 | BDG 7 assault by Taliban: 21+ security killed",
            "10T10:00 wire b1 | BDG 10 assault by Taliban: 6 security killed \
                | bg BDG 7 assault by Taliban: 25 security killed",
            "10T12:00 echo c1 | bg BDG 7-13 assault by Taliban: 21 security killed",
        ],
        events: &["BDG 10 killed 6/6/6 [b1]", "BDG 7 killed 21/21/+ [a1 b1 c1]"],
        alerts: &["a1: alert critical BDG 21 (north)", "b1: alert warning BDG 6 (north)"],
    },
    Timeline {
        fact: "context of an unknown event never alerts, its news does",
        articles: &[
            "10T10:00 wire b1 | bg BDG 8 assault by Taliban: 25 security killed",
            "8T10:00 press a1 met=10T11:00 | BDG 8 assault by Taliban: 24 security killed",
        ],
        events: &["BDG 8 killed 24/24/24 [a1 b1]"],
        alerts: &["a1: alert critical BDG 24 (north)"],
    },
    Timeline {
        fact: "a total over a period is no part of an attack",
        articles: &[
            "10T10:00 press a1 | KDZ 10 bombing: 8 people killed",
            "10T11:00 wire b1 | bg KDZ 1-31 other: 200 people killed",
        ],
        events: &["KDZ 10 killed 8/8/8 [a1]", "bg KDZ 1-31 killed 200/200/200 [b1]"],
        alerts: &["a1: alert warning KDZ 8 (north)"],
    },
    Timeline {
        fact: "the next day's attack is another",
        articles: &[
            "10T10:00 press a1 | KDZ 10 bombing: 8 people killed",
            "11T10:00 press a2 | KDZ 11 bombing: 8 people killed",
        ],
        events: &["KDZ 10 killed 8/8/8 [a1]", "KDZ 11 killed 8/8/8 [a2]"],
        alerts: &["a1: alert warning KDZ 8 (north)", "a2: alert warning KDZ 8 (north)"],
    },
    Timeline {
        fact: "an overnight attack and the day's are one, on the day that both allow",
        articles: &[
            "10T10:00 press a1 | KDZ 9-10 assault: 8 security killed",
            "10T11:00 wire b1 | KDZ 9 assault: 8 security killed",
        ],
        events: &["KDZ 9 killed 8/8/8 [a1 b1]"],
        alerts: &["a1: alert warning KDZ 8 (north)", "b1: update warning KDZ 8 (north)"],
    },
    Timeline {
        fact: "an unlocated report joins the province that has its toll",
        articles: &[
            "10T10:00 press a1 | KDZ 10 assault: 10 security killed | BGL 10 assault: 40 security killed",
            "10T11:00 wire b1 | AF 10 assault: 40 security killed",
        ],
        events: &["BGL 10 killed 40/40/40 [a1 b1]", "KDZ 10 killed 10/10/10 [a1]"],
        alerts: &[
            "a1: alert warning KDZ 10 (north)",
            "a1: alert critical BGL 40 (north)",
            "b1: update critical BGL 40 (north)",
        ],
    },
    Timeline {
        fact: "provinces are not joined by a country that fits both",
        articles: &[
            "10T10:00 press a1 | AF 10 assault: 10 security killed",
            "10T11:00 wire b1 | KDZ 10 assault: 10 security killed",
            "10T12:00 echo c1 | BGL 10 assault: 10 security killed",
        ],
        events: &["BGL 10 killed 10/10/10 [c1]", "KDZ 10 killed 10/10/10 [a1 b1]"],
        alerts: &["b1: alert warning KDZ 10 (north)", "c1: alert warning BGL 10 (north)"],
    },
    Timeline {
        fact: "a joint toll and the same toll of one of its places are one, in full",
        articles: &[
            "10T10:00 press a1 | BGL 10 assault: 15 security killed",
            "10T11:00 wire b1 | BGL+TAK 10 assault: 16 security killed",
            "10T12:00 echo c1 | TAK 10 assault: 3 security killed",
        ],
        events: &["BGL+TAK 10 killed 16/16/16 [a1 b1]", "TAK 10 killed 3/3/3 [c1]"],
        alerts: &[
            "a1: alert warning BGL 15 (north)",
            "b1: update warning BGL+TAK joint 16 (north)",
        ],
    },
    Timeline {
        fact: "a total over attacks that are known each for itself raises nothing",
        articles: &[
            SEED,
            "10T17:00 echo c1 | KDZ+BGL+TAK+BDG 10 assault by Taliban: 32+ security killed",
            "10T18:00 post d1 | AF 10 assault: 33 people killed",
        ],
        events: &[
            "BDG 10 killed 6/6/6 wounded 10/10/10 [a1]",
            "BDG+BGL+KDZ+TAK 10 killed 33/33/33 [c1 d1]",
            "BGL+TAK 10 killed 16/16/16 [a1]",
            "KDZ 10 killed 10/10/+ wounded 11/11/11 [a1]",
            "bg BDG 7 killed 21/21/+ [a1]",
        ],
        alerts: &[
            "a1: alert warning KDZ 10 (north)",
            "a1: alert warning BGL+TAK joint 16 (north)",
            "a1: alert warning BDG 6 (north)",
        ],
    },
    Timeline {
        fact: "a total that came first was told, its parts are told each for itself",
        articles: &[
            "10T10:00 press a1 | BGL+TAK 10 assault: 16 security killed",
            "10T11:00 wire b1 | BGL 10 assault: 9 security killed | TAK 10 assault: 7 security killed",
            "10T12:00 echo c1 | BGL+TAK 10 assault: 16 security killed",
        ],
        events: &[
            "BGL 10 killed 9/9/9 [b1]",
            "BGL+TAK 10 killed 16/16/16 [a1 c1]",
            "TAK 10 killed 7/7/7 [b1]",
        ],
        alerts: &[
            "a1: alert warning BGL+TAK joint 16 (north)",
            "b1: alert warning BGL 9 (north)",
            "b1: alert warning TAK 7 (north)",
        ],
    },
    Timeline {
        fact: "the bounds are the least and the most of all who know",
        articles: &[
            "10T10:00 press a1 | KDZ 10 bombing: 10+ people killed",
            "10T11:00 wire b1 | KDZ 10 bombing: 12 people killed",
            "10T12:00 echo c1 | KDZ 10 bombing: <15 people killed article",
            "10T13:00 post d1 | KDZ 10 bombing: 0<60 people killed Taliban",
        ],
        events: &["KDZ 10 killed 12/12/60 [a1 b1 c1 d1]"],
        alerts: &["a1: alert warning KDZ 10 (north)", "b1: update warning KDZ 12 (north)"],
    },
    Timeline {
        fact: "an official number of the next day settles the toll, even lower",
        articles: &[
            "10T10:00 press a1 | KDZ 10 bombing: 24 people killed",
            "11T09:00 wire b1 | KDZ 10 bombing: 19 people killed",
        ],
        events: &["KDZ 10 killed 19/19/19 [a1 b1]"],
        alerts: &["a1: alert critical KDZ 24 (north)", "b1: update warning KDZ 19 (north)"],
    },
    Timeline {
        fact: "two groups named for two bombs are two attacks",
        articles: &[
            "10T10:00 press a1 | KDZ 10 bombing by Taliban: 6 people killed",
            "10T11:00 wire b1 | KDZ 10 bombing by Islamic State: 11 people killed",
        ],
        events: &["KDZ 10 killed 11/11/11 [b1]", "KDZ 10 killed 6/6/6 [a1]"],
        alerts: &["a1: alert warning KDZ 6 (north)", "b1: alert warning KDZ 11 (north)"],
    },
    Timeline {
        fact: "a corrected place cancels there and alerts here",
        articles: &[
            "10T10:00 press a1 key=k | KDZ 10 bombing: 10 people killed",
            "10T10:00 press a2 key=k met=10T12:00 | BGL 10 bombing: 10 people killed",
        ],
        events: &["BGL 10 killed 10/10/10 [a2]", "KDZ 10 killed 0/0/0 []"],
        alerts: &[
            "a1: alert warning KDZ 10 (north)",
            "a2: cancel warning KDZ 0 (north)",
            "a2: alert warning BGL 10 (north)",
        ],
    },
    Timeline {
        fact: "a toll that falls and rises again opens the matter anew",
        articles: &[
            "10T08:00 press a1 key=k | KDZ 10 bombing: 8 people killed",
            "10T08:00 press a2 key=k met=10T09:00 | KDZ 10 bombing: 3 people killed",
            "10T08:00 press a3 key=k met=10T12:00 | KDZ 10 bombing: 9 people killed",
        ],
        events: &["KDZ 10 killed 9/9/9 [a3]"],
        alerts: &[
            "a1: alert warning KDZ 8 (north)",
            "a2: cancel warning KDZ 3 (north)",
            "a3: alert warning KDZ 9 (north)",
        ],
    },
    Timeline {
        fact: "a place that nobody watches raises nothing",
        articles: &["10T08:00 press a1 | KAB 10 bombing: 80 people killed"],
        events: &["KAB 10 killed 80/80/80 [a1]"],
        alerts: &[],
    },
];

#[test]
fn timelines_lead_to_their_events_and_alerts() {
    let watches = [watch("north", "KDZ+BGL+TAK+BDG")];
    let mut wrong = Vec::new();
    for timeline in TIMELINES {
        let out = run(&watches, timeline.articles);
        let events = show_events(&out.known);
        if events != timeline.events {
            wrong.push(format!("{}: events are {events:#?}", timeline.fact));
        }
        if out.alerts != timeline.alerts {
            wrong.push(format!("{}: alerts are {:#?}", timeline.fact, out.alerts));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn coordinated_attacks_of_one_day_have_the_id_of_the_first() {
    let watches = [watch("north", "KDZ+BGL+TAK+BDG")];
    let campaigns = |lines: &[&str]| {
        let known = run(&watches, lines).known;
        let mut told: Vec<(String, Option<String>)> = known
            .events
            .iter()
            .map(|event| {
                let first = event.campaign.as_ref();
                let first = first.and_then(|id| known.events.iter().find(|e| e.id == *id));
                (event.places[0].to_string(), first.map(|event| event.places[0].to_string()))
            })
            .collect();
        told.sort();
        told
    };
    let one = |place: &str, first: Option<&str>| (place.to_owned(), first.map(str::to_owned));
    const TOGETHER: &str = "10T08:00 press a1 | KDZ 10 assault by Taliban: 6 security killed \
        | BGL 10 assault by Taliban: 7 security killed";
    let kunduz = Some("AF-KDZ");
    for (lines, told) in [
        (&[TOGETHER][..], vec![one("AF-BGL", kunduz), one("AF-KDZ", kunduz)]),
        // A third that another outlet tells beside one of them.
        (
            &[
                TOGETHER,
                "10T09:00 wire b1 | BGL 10 assault by Taliban: 7 security killed \
                    | TAK 10 assault by Taliban: 3 security killed",
            ],
            vec![one("AF-BGL", kunduz), one("AF-KDZ", kunduz), one("AF-TAK", kunduz)],
        ),
        // Told apart, by two groups, or on two days, they are no campaign.
        (
            &[
                "10T08:00 press a1 | KDZ 10 assault by Taliban: 6 security killed",
                "10T09:00 press a2 | BGL 10 assault by Taliban: 7 security killed",
            ],
            vec![one("AF-BGL", None), one("AF-KDZ", None)],
        ),
        (
            &["10T08:00 press a1 | KDZ 10 assault by Taliban: 6 security killed \
                | BGL 10 bombing by Islamic State: 7 people killed"],
            vec![one("AF-BGL", None), one("AF-KDZ", None)],
        ),
        (
            &["10T08:00 press a1 | KDZ 10 assault by Taliban: 6 security killed \
                | BGL 9 assault by Taliban: 7 security killed"],
            vec![one("AF-BGL", None), one("AF-KDZ", None)],
        ),
    ] {
        assert_eq!(campaigns(lines), told, "{lines:?}");
    }
}

#[test]
fn one_poll_sorts_copies_versions_and_emptiness() {
    let batch = vec![
        "10T10:00 echo a1 key=z | KDZ 10 bombing: 8 people killed",
        "10T09:00 press a1 key=k | KDZ 10 bombing: 8 people killed",
        "10T09:30 press a2 key=k | KDZ 10 bombing: 9 people killed",
    ];
    let out = run_batches(&[watch("north", "KDZ")], &[batch]);
    let kinds: Vec<&str> = out
        .last
        .verdicts
        .iter()
        .map(|verdict| match verdict {
            Verdict::New { .. } => "new",
            Verdict::Updated { .. } => "updated",
            Verdict::Duplicate { .. } => "duplicate",
            Verdict::Rejected { .. } => "rejected",
        })
        .collect();
    assert_eq!(kinds, ["duplicate", "new", "updated"]);
    assert_eq!(show_events(&out.known), ["KDZ 10 killed 9/9/9 [a2]"]);
    assert_eq!(out.alerts.len(), 1);
}
