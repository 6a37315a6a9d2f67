//! Reads the attacks out of an article: where, when, who by, killed and wounded
//! a side. Reads only: which reports tell of one event is `correlate`'s.
//!
//! A cascade over one scan of the text, every byte offset kept: zones and
//! sentences (`scan`), speakers (`attribution`), places (`sites`), days (`dates`, `days`),
//! counts (`quantity`, `groups`), casualty clauses (`frames`), each in its context
//! (`tellings`), sorted into events (`clusters`), their numbers settled
//! (`reconcile`), and what kind of event it was (`kinds`), whose deed (`agents`, `perpetrator`), and
//! whether they own up (`claims`), gathered in `character`.

mod admissions;
mod agents;
mod attribution;
mod calendar;
mod character;
mod claims;
mod clusters;
mod dates;
mod days;
pub mod event;
mod frames;
mod groups;
mod kinds;
mod labels;
mod language;
mod nouns;
mod one;
mod ordinals;
mod perpetrator;
mod phrase;
mod quantity;
mod reconcile;
mod relevance;
mod scan;
mod scope;
pub mod seen;
mod sites;
mod tellings;
mod totals;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::article::Article;
use crate::lexicon::{Lexicon, PlaceCode};
use attribution::{Attribution, attributions};
use character::Setting;
use clusters::Cluster;
use event::{Claim, Days, Dropped, Kind, Language, Reading, Reason, Report, Status, Toll};
use scan::Scan;
use sites::{Sites, sites};
use tellings::{Told, told};

/// Text beyond this many bytes is not read: no article is that long.
const LONGEST: usize = 1 << 20;

/// Everything that the article reports. Reads what it can of any text and says
/// what it doubts; never fails.
pub fn events(lexicon: &Lexicon, article: &Article) -> Reading {
    let language = language::of(article);
    if let Language::Other(_) = language {
        return Reading { language, ..Reading::default() };
    }
    let mut document = article.document();
    let mut doubts = Vec::new();
    if document.len() > LONGEST {
        let cut = document.floor_char_boundary(LONGEST);
        doubts.push(format!("only the first {cut} bytes of {} were read", document.len()));
        document.truncate(cut);
    }
    let mut scan = Scan::of(lexicon, article, &document);
    let attributions: Vec<_> =
        scan.sentences.iter().map(|s| attributions(&scan, s.tokens.clone())).collect();
    let sites = sites(&scan, lexicon, &attributions, article.country);
    scan.settle_actors(sites.home);
    let (events, dropped, counted) = read(lexicon, article, &scan, &attributions, &sites);
    if counted >= tellings::MOST_MENTIONS {
        doubts.push(format!("only the first {counted} numbers of harm were read"));
    }
    for number in quantity::doubted(&scan) {
        let shown: String = number.chars().take(24).collect();
        doubts.push(format!("`{shown}` people were not believed"));
    }
    Reading { events, dropped, doubts, language }
}

fn read(
    lexicon: &Lexicon,
    article: &Article,
    scan: &Scan<'_, '_>,
    attributions: &[Vec<Attribution>],
    sites: &Sites,
) -> (Vec<Report>, Vec<Dropped>, usize) {
    let today = local_day(lexicon, scan, article.published, sites.home);
    let told = told(scan, sites, attributions, today);
    let clusters = clusters::clusters(&told, today);
    let setting = Setting::new(scan, &told, attributions, sites.home);
    let mut dropped = stances(scan, &told);
    dropped.extend(clusters.iter().flat_map(|c| sums(scan, &told, c)));
    let genre = relevance::Genre::of(scan, &told);
    let mut found = Vec::new();
    let news = |c: &&Cluster| c.status == Status::Current && !c.mentions.is_empty();
    let alone = clusters.iter().filter(news).count() == 1;
    for cluster in clusters.iter().filter(|c| !c.mentions.is_empty()) {
        let (tolls, rejected) = reconcile::tolls(scan, &told, cluster, sites.home, alone);
        dropped.extend(rejected);
        if relevance::is_attack(scan, &told, &genre, cluster) {
            found.push((cluster, tolls));
        } else {
            dropped.extend(refused(tolls));
        }
    }
    totals::drop_totals(&mut found, &mut dropped);
    let mut events: Vec<Report> = found
        .into_iter()
        .filter(|(_, tolls)| !tolls.is_empty())
        .map(|(cluster, tolls)| report(&setting, cluster, tolls, article.published.map(|_| today)))
        .collect();
    if events.is_empty() {
        events.extend(relevance::untolled(&setting, &told));
    }
    let counted = told.iter().map(|t| t.mentions.len()).sum();
    (events, dropped, counted)
}

fn report(
    setting: &Setting<'_, '_, '_>,
    cluster: &Cluster,
    tolls: Vec<Toll>,
    today: Option<Date>,
) -> Report {
    let character = setting.character(cluster, &tolls);
    let mut places = cluster.places.clone();
    if places.is_empty() {
        places.extend(setting.home);
    }
    let evidence = tolls.iter().flat_map(|t| t.evidence.first().cloned()).take(1).collect();
    Report {
        places,
        when: today.and_then(|today| days::days(setting, cluster, today)),
        status: cluster.status,
        kind: character.kind,
        perpetrator: character.perpetrator,
        claim: character.claim,
        tolls,
        evidence,
    }
}

/// Numbers that only add up the events of the day.
fn sums(scan: &Scan<'_, '_>, told: &[Told], cluster: &Cluster) -> Vec<Dropped> {
    let groups =
        cluster.totals.iter().filter_map(|(t, m)| told[*t].mentions[*m].mention.groups.first());
    groups
        .map(|g| Dropped { range: scan.bytes(g.counted.clone()), reason: Reason::Total })
        .collect()
}

/// Numbers that were only feared, denied or not divided.
fn stances(scan: &Scan<'_, '_>, told: &[Told]) -> Vec<Dropped> {
    let all = told.iter().flat_map(|t| &t.mentions).map(|p| &p.mention);
    all.filter_map(|m| {
        let reason = m.stance.reason()?;
        let range = scan.bytes(m.groups.first()?.counted.clone());
        Some(Dropped { range, reason })
    })
    .collect()
}

fn refused(tolls: Vec<Toll>) -> impl Iterator<Item = Dropped> {
    tolls
        .into_iter()
        .flat_map(|t| t.evidence)
        .map(|e| Dropped { range: e.range, reason: Reason::NotAnAttack })
}

/// The day of publication where the article's country is; the Unix epoch's where
/// the time is not told (days are then left out of the reports). What is published
/// in the small hours was written on the day before, unless it names the day.
fn local_day(
    lexicon: &Lexicon,
    scan: &Scan<'_, '_>,
    published: Option<Timestamp>,
    home: Option<PlaceCode>,
) -> Date {
    let zone = home.map_or("UTC", |code| lexicon.places.timezone(code));
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let local = zone.to_datetime(published.unwrap_or(Timestamp::UNIX_EPOCH));
    let named = |day: Date| {
        let tokens = 0..scan.tokens.len();
        let names = |i: usize| calendar::weekday_number(scan.tokens.lower(i));
        tokens.into_iter().any(|i| scan.tokens.get(i).capital && names(i) == Some(day.weekday()))
    };
    match local.hour() < SMALL_HOURS && !named(local.date()) {
        true => calendar::shifted(local.date(), -1),
        false => local.date(),
    }
}

/// Until this hour a story is still of the day before.
const SMALL_HOURS: i8 = 4;

/// A report without a toll, for news that names a place and a deed only.
fn bare_report(
    places: Vec<PlaceCode>,
    when: Option<Days>,
    kind: Kind,
    perpetrator: Option<String>,
    claim: Claim,
) -> Report {
    Report {
        places,
        when,
        status: Status::Current,
        kind,
        perpetrator,
        claim,
        tolls: vec![],
        evidence: vec![],
    }
}
