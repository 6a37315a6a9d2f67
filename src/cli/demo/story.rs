//! What the demo's publishers carry. Every sentence was written for the demo; the
//! days are those before `now`, so that the news is of yesterday.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// One item of a feed.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// The last part of its address, and its id.
    pub slug: &'static str,
    pub title: String,
    /// Paragraphs, each plain text.
    pub paragraphs: Vec<String>,
    pub published: Timestamp,
}

/// The days that the stories name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Days {
    now: Timestamp,
}

const HEADLINE: &str = "Dozens dead as Islamic State hits outposts in four provinces";

impl Days {
    pub fn before(now: Timestamp) -> Days {
        Days { now }
    }

    /// The day of the attacks: yesterday where they happened.
    fn attack(self) -> Date {
        // Afghanistan keeps one time all year, four and a half hours ahead.
        let there = self.now + SignedDuration::from_mins(270);
        TimeZone::UTC.to_datetime(there).date().saturating_sub(1.day())
    }

    fn weekday(self, back: i64) -> String {
        self.attack().saturating_sub(back.days()).strftime("%A").to_string()
    }

    fn ago(self, minutes: i64) -> Timestamp {
        self.now - SignedDuration::from_mins(minutes)
    }
}

/// The source that the daemon has to look for: a photo's caption, a total over all
/// places, a joint toll, a boast, an older attack, a list of mirrors.
pub(super) fn herald(days: Days) -> Vec<Item> {
    let mirrors = [
        "This newspaper can also be reached at the following addresses:",
        "www.herald.example",
        "SHARE THIS ARTICLE",
    ];
    let mut story = four_provinces(days);
    story.extend(mirrors.map(str::to_owned));
    vec![
        item("four-provinces", HEADLINE, story, days.ago(170)),
        item(
            "apricots",
            "Apricot growers in Parwan look to a record harvest",
            paragraphs(&[
                "Farmers in Parwan expect to sell more than 3,000 tonnes of dried apricots this year, the growers' union said.",
                "Two new cold stores were opened in Charikar.",
            ]),
            days.ago(400),
        ),
    ]
}

/// A reprint: the same words under other share bars and another list of mirrors.
pub(super) fn courier(days: Days) -> Vec<Item> {
    let mut story = four_provinces(days);
    story.insert(0, "Share this:   Facebook   Twitter   WhatsApp   Print".to_owned());
    let mirrors = [
        "The Courier’s website can also be accessed at the following alternate addresses:",
        "www.courier.example",
        "www.courier-mirror.example",
        "Follow us on Telegram",
    ];
    story.extend(mirrors.map(str::to_owned));
    vec![
        item("2211", HEADLINE, story, days.ago(160)),
        item(
            "2212",
            "Kabul's new bus lines carry 40,000 people a day",
            paragraphs(&[
                "The city's new bus lines carried 40,000 passengers a day in their first month, the transport office said.",
            ]),
            days.ago(500),
        ),
    ]
}

fn four_provinces(days: Days) -> Vec<String> {
    let (day, earlier) = (days.weekday(0), days.weekday(3));
    vec![
        "Police stand guard at the gate of a base in Khost province after a suicide bomber blew himself up in its mosque, killing 27 people, in this file picture. (Photo by AFP)".to_owned(),
        "Islamic State fighters have killed at least 32 soldiers, police and pro-government militiamen in a string of coordinated raids on outposts in four provinces of Afghanistan.".to_owned(),
        format!("Officials said the raids took place in the northern provinces of Kunduz, Baghlan and Takhar, and in Badghis in the west, early on {day}."),
        "In Kunduz, at least 10 soldiers and police were killed and 11 others wounded in fighting that also left 25 Islamic State fighters dead, a provincial official said.".to_owned(),
        "In neighbouring Baghlan and Takhar provinces, officials said, Islamic State fighters killed 16 members of pro-government militias but suffered heavy casualties themselves.".to_owned(),
        "In Badghis, six members of the security forces were killed and 10 others wounded, the spokesman for the provincial governor said.".to_owned(),
        "The Islamic State group claimed responsibility for the attacks in a statement, saying that dozens of Afghan troops had been killed and that many weapons had been seized.".to_owned(),
        format!("On {earlier}, more than 20 members of the Afghan security forces were killed when Islamic State fighters stormed checkpoints in Badghis."),
        "The violence comes while diplomats seek a way to bring both sides to one table.".to_owned(),
    ]
}

/// Another house's own report of the same attacks, with its own numbers.
pub(super) fn wire(days: Days) -> Vec<Item> {
    let day = days.weekday(0);
    vec![
        item(
            "k-17",
            "Islamic State raid on Kunduz outposts kills 12",
            vec![
                format!(
                    "Islamic State fighters killed 12 members of the security forces and wounded nine others in an attack on outposts in Kunduz province on {day}, a police commander said."
                ),
                "Reinforcements were sent from the provincial capital, he added.".to_owned(),
            ],
            days.ago(120),
        ),
        item(
            "k-18",
            "Seven policemen killed in attack in western Afghanistan",
            vec![format!(
                "Seven policemen were killed and eight others wounded when Islamic State fighters attacked checkpoints in Badghis province early on {day}, the provincial police chief said."
            )],
            days.ago(110),
        ),
    ]
}

/// Nothing of what it tells is an attack, whatever the words.
pub(super) fn gazette(days: Days) -> Vec<Item> {
    let day = days.weekday(0);
    vec![
        item(
            "cup",
            "Kunduz strikers attack early and kill off the game",
            vec![
                format!(
                    "Kunduz killed off the cup final against Takhar with three goals in 11 minutes on {day}; their attack had fired 25 shots before the break."
                ),
                "Baghlan's bowlers blew away six batsmen in the other match.".to_owned(),
            ],
            days.ago(300),
        ),
        item(
            "drill",
            "Drill in Badghis: 30 \"casualties\" carried off a bus",
            vec![
                format!(
                    "In a drill in Badghis on {day}, 30 volunteers were carried off a bus as if a bomb had killed or wounded them."
                ),
                "Nobody was hurt.".to_owned(),
            ],
            days.ago(310),
        ),
        item(
            "anniversary",
            "Baghlan remembers the victims of the sugar factory",
            paragraphs(&[
                "Families in Baghlan laid flowers for the victims of the attack on the sugar factory in November 2007, in which more than 70 people were killed.",
            ]),
            days.ago(320),
        ),
    ]
}

/// What the wire adds while the demo keeps running: the toll of one attack rises,
/// another attack happens, and ordinary days go on.
pub(super) fn later(days: Days, number: usize, now: Timestamp) -> Item {
    let day = days.weekday(0);
    match number {
        0 => item(
            "k-19",
            "Kunduz toll rises to 15, officials say",
            vec![format!(
                "The number of security forces killed in the Islamic State attack on outposts in Kunduz province on {day} has risen to 15, the provincial governor's office said."
            )],
            now,
        ),
        1 => item(
            "k-20",
            "Kunduz toll climbs to 22",
            vec![format!(
                "The death toll of {day}'s Islamic State attack on outposts in Kunduz province has risen to 22 members of the security forces, the provincial governor's office said."
            )],
            now,
        ),
        2 => item(
            "k-21",
            "Roadside bomb kills eight civilians in Faryab",
            vec![format!(
                "A roadside bomb killed eight civilians and wounded five others in Faryab province on {day}, the police said."
            )],
            now,
        ),
        n => Item {
            slug: "daily",
            title: format!("Exchange rate of the afghani, notice {}", n - 2),
            paragraphs: vec![format!(
                "The central bank set the rate at {}.{:02} afghanis to the dollar.",
                66 + n % 5,
                n * 7 % 100
            )],
            published: now,
        },
    }
}

fn item(slug: &'static str, title: &str, paragraphs: Vec<String>, published: Timestamp) -> Item {
    Item { slug, title: title.to_owned(), paragraphs, published }
}

fn paragraphs(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
