//! What the daemon makes of feeds that carry summaries only: which pages it asks for,
//! what it stores of them, and what it does when a page is no help.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use rusqlite::Connection;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use watchfire::alert::rule::AlertType;
use watchfire::daemon::{self, Control, Lines, Notice, PageTurn, Settings, Span, Tally};

use crate::site::{Says, Site};
use crate::support::{Home, four_provinces};

const LEAD: &str = "Islamic State fighters have killed at least 32 soldiers, police and \
    pro-government militiamen in coordinated raids on outposts in four provinces.";

const NEWS: &str = "Ten soldiers were killed and eleven wounded when fighters stormed a checkpoint \
    in Kunduz on Thursday, officials said. Reinforcements reached the post at noon.";

async fn once_with(settings: Settings) -> (Tally, Vec<PageTurn>) {
    let (_open, controls) = mpsc::channel(1);
    let (notices, mut heard) = mpsc::unbounded_channel();
    let load: daemon::Load = Arc::new(|| Err("not asked for".into()));
    let lines = Lines { controls, notices, load };
    let tally = daemon::run(settings, Span::Once, lines).await.unwrap();
    let mut turns = Vec::new();
    while let Some(notice) = heard.recv().await {
        if let Notice::Page(turn) = notice {
            turns.push(*turn);
        }
    }
    (tally, turns)
}

/// Polls every source, due or not, and reads the pages that are due.
async fn once(home: &Home) -> (Tally, Vec<PageTurn>) {
    let mut settings = home.settings();
    settings.fetch.idle_timeout = Duration::from_millis(300);
    settings.fetch.host_spacing = Duration::ZERO;
    once_with(settings).await
}

/// What the store answers, a row a line, columns parted by `|`.
fn asked(home: &Home, sql: &str) -> String {
    let conn = Connection::open(home.store()).unwrap();
    let mut statement = conn.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement
        .query_map([], |row| {
            let cell = |i| row.get::<_, rusqlite::types::Value>(i).map(|value| told(&value));
            (0..columns).map(cell).collect::<Result<Vec<_>, _>>()
        })
        .unwrap();
    rows.map(|row| row.unwrap().join("|")).collect::<Vec<_>>().join("\n")
}

fn told(value: &rusqlite::types::Value) -> String {
    use rusqlite::types::Value;
    match value {
        Value::Null => String::new(),
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        other => format!("{other:?}"),
    }
}

fn article(title: &str, paragraphs: &[String]) -> String {
    let body: String = paragraphs.iter().map(|text| format!("<p>{text}</p>")).collect();
    format!(
        "<!DOCTYPE html><html><head><title>{title} | Herald</title></head><body><nav><a href=/>Home</a>\
         </nav><article><h1>{title}</h1>{body}</article><footer>Copyright</footer></body></html>"
    )
}

fn story() -> (String, String) {
    let (_, title, paragraphs) = four_provinces();
    (title.to_owned(), article(title, &paragraphs))
}

/// A site with one lead, "Ten killed in Kunduz", that answers so for its page.
async fn site_saying(says: Says) -> (Site, Home) {
    let site = Site::start().await;
    let lead =
        "Ten soldiers were killed in Kunduz when fighters stormed a post at dawn, officials said.";
    site.leads(&[("p1", "Ten killed in Kunduz", lead)]);
    site.says("/p1", says);
    let home = Home::of(&[&site.url]);
    (site, home)
}

fn set(home: &Home, site: &Site, line: &str) {
    let text = home.configuration(&[&site.url]);
    home.configure(&text.replace("country = \"AF\"", &format!("country = \"AF\"\n{line}")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lead_is_read_at_once_and_its_page_takes_its_place() {
    let (title, page) = story();
    let site = Site::start().await;
    site.leads(&[("story", &title, LEAD)]).says("/story", Says::page(&page));
    let home = Home::of(&[&site.url]);
    let (tally, turns) = once(&home).await;
    assert_eq!((tally.failed, tally.articles, tally.alerts, turns.len()), (0, 2, 3, 1));
    assert_eq!(home.alerts().len(), 3);
    assert_eq!(
        asked(
            &home,
            "SELECT extent, updates IS NULL, page FROM v_articles ORDER BY fetched, extent"
        ),
        "lead|1|read\npage|0|read"
    );
    let row = asked(&home, "SELECT state, tries, title, way, error_class FROM v_pages");
    assert_eq!(row, format!("read|1|{title}|readable|"));
    assert!(
        asked(&home, "SELECT text FROM articles WHERE extent = 'page'").contains("In Badghis, six")
    );
    assert_eq!(site.pages_asked(), ["/robots.txt", "/story"]);
    assert!(site.agents().iter().all(|agent| agent.starts_with("watchfire/")));

    // Neither the feed nor a restart brings the lead back, or has the page read again.
    let (tally, turns) = once(&home).await;
    assert_eq!((tally.articles, tally.alerts, turns.len()), (0, 0, 0));
    assert_eq!(site.pages_asked().len(), 2);
    assert_eq!(asked(&home, "SELECT count(*) FROM articles"), "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_read_of_the_items_that_the_configuration_names() {
    let (_, title, paragraphs) = four_provinces();
    let whole: String =
        paragraphs.iter().map(|text| format!("&lt;p&gt;{text}&lt;/p&gt;")).collect();
    for (line, asks) in [
        ("pages = \"auto\"", &["/robots.txt", "/short"][..]),
        ("pages = \"never\"", &[][..]),
        ("pages = \"always\"", &["/robots.txt", "/long", "/short"][..]),
    ] {
        let site = Site::start().await;
        site.leads(&[("short", "Rain in Balkh", "Rain fell."), ("long", title, &whole)]);
        let home = Home::of(&[&site.url]);
        set(&home, &site, line);
        once(&home).await;
        let mut heard = site.pages_asked();
        heard.sort();
        let mut wanted: Vec<&str> = asks.to_vec();
        wanted.sort_unstable();
        assert_eq!(heard, wanted, "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_host_answers_decides_whether_its_page_is_asked_for_again() {
    for (says, wanted, host_rests) in [
        (Says::status(404, &[]), "waiting|not_found|1", false),
        (Says::status(410, &[]), "given_up|gone|0", false),
        (Says::status(403, &[]), "waiting|denied|1", false),
        (Says::status(451, &[]), "waiting|denied|1", false),
        (Says::status(429, &[("retry-after", "600")]), "waiting|busy|1", true),
        (Says::status(503, &[("retry-after", "600")]), "waiting|busy|1", true),
        (Says::status(500, &[]), "waiting|server|1", false),
        (Says::status(418, &[]), "waiting|status|1", false),
        (Says::status(302, &[("location", "/p1")]), "waiting|redirect|1", false),
        (
            Says::status(302, &[("location", "http://169.254.169.254/latest")]),
            "given_up|refused|0",
            false,
        ),
        (Says::status(302, &[("location", "file:///etc/passwd")]), "waiting|redirect|1", false),
        (Says::typed("application/pdf", b"%PDF-1.7"), "given_up|no_page|0", false),
        (Says::Endless("<p>word word word word</p>"), "given_up|too_large|0", false),
        (Says::Silent, "waiting|unreachable|1", false),
    ] {
        let (site, home) = site_saying(says.clone()).await;
        let (tally, turns) = once(&home).await;
        assert_eq!((tally.failed, tally.articles, turns.len()), (0, 1, 1), "{says:?}");
        let row = asked(&home, "SELECT state, error_class, next_try IS NOT NULL FROM pages");
        assert_eq!(row, wanted, "{says:?}");
        let rests = asked(&home, "SELECT count(*) FROM page_hosts WHERE not_before IS NOT NULL");
        assert_eq!(rests == "1", host_rests, "{says:?}");
        // Nothing is asked for early, and what is given up is not asked for at all.
        let before = site.asked("/p1");
        once(&home).await;
        assert_eq!(site.asked("/p1"), before, "{says:?}");
        let lead = asked(&home, "SELECT page, page_error <> '' FROM v_articles");
        assert_eq!(lead, format!("{}|1", wanted.split('|').next().unwrap()), "{says:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_not_had_waits_in_the_store_and_is_given_up_in_the_end() {
    let (site, home) = site_saying(Says::status(404, &[])).await;
    for tries in 1..=4 {
        once(&home).await;
        assert_eq!(site.asked("/p1"), tries);
        // As if the time had come.
        let conn = Connection::open(home.store()).unwrap();
        let due =
            "UPDATE pages SET next_try = '2026-01-01T00:00:00.000Z' WHERE next_try IS NOT NULL";
        conn.execute(due, []).unwrap();
    }
    assert_eq!(asked(&home, "SELECT state, tries, error_class FROM pages"), "given_up|4|not_found");
    once(&home).await;
    assert_eq!(site.asked("/p1"), 4);

    let (site, home) = site_saying(Says::status(500, &[])).await;
    once(&home).await;
    site.says("/p1", Says::page(&article("Ten killed in Kunduz", &[NEWS.to_owned()])));
    let conn = Connection::open(home.store()).unwrap();
    conn.execute("UPDATE pages SET next_try = '2026-01-01T00:00:00.000Z'", []).unwrap();
    once(&home).await;
    assert_eq!(asked(&home, "SELECT state, tries, error_class FROM pages"), "read|2|");
}

#[tokio::test(flavor = "multi_thread")]
async fn robots_are_asked_first_and_heeded() {
    let page = Says::page(&article("Ten killed in Kunduz", &[NEWS.to_owned()]));
    for (robots, wanted, asks) in [
        (Says::typed("text/plain", b"User-agent: *\nDisallow: /"), "given_up|robots", 0),
        (Says::typed("text/plain", b"User-agent: watchfire\nDisallow: /p"), "given_up|robots", 0),
        (Says::typed("text/plain", b"User-agent: other\nDisallow: /"), "read|", 1),
        (Says::typed("text/plain", b"User-agent: *\nDisallow: /private"), "read|", 1),
        (Says::status(503, &[]), "waiting|robots_unknown", 0),
        (Says::status(403, &[]), "read|", 1),
        (Says::page("<!DOCTYPE html><title>Front</title>"), "read|", 1),
    ] {
        let (site, home) = site_saying(page.clone()).await;
        site.says("/robots.txt", robots.clone());
        once(&home).await;
        assert_eq!(asked(&home, "SELECT state, error_class FROM pages"), wanted, "{robots:?}");
        assert_eq!((site.asked("/robots.txt"), site.asked("/p1")), (1, asks), "{robots:?}");
        // Kept in the store: a restart does not ask again.
        once(&home).await;
        assert_eq!(site.asked("/robots.txt"), 1, "{robots:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_page_has_moved_the_rules_of_that_place_are_asked_first() {
    let page = Says::page(&article("Ten killed in Kunduz", &[NEWS.to_owned()]));
    let all = Says::typed("text/plain", b"User-agent: *\nDisallow: /");
    let some = Says::typed("text/plain", b"User-agent: *\nDisallow: /p");
    for (name, here, there, wanted, asks) in [
        ("no rules", Says::status(404, &[]), Says::status(404, &[]), "read|", 1),
        (
            "rules of the first place alone",
            some.clone(),
            Says::status(404, &[]),
            "given_up|robots",
            0,
        ),
        ("rules of the second", Says::status(404, &[]), all, "given_up|robots", 0),
        ("rules for another path", Says::status(404, &[]), some, "read|", 1),
        (
            "rules out of order",
            Says::status(404, &[]),
            Says::status(503, &[]),
            "waiting|robots_unknown",
            0,
        ),
    ] {
        let other = Site::start().await;
        other.says("/moved", page.clone()).says("/robots.txt", there);
        let to = format!("{}/moved", other.url);
        let (site, home) = site_saying(Says::status(302, &[("location", &to)])).await;
        site.says("/robots.txt", here);
        once(&home).await;
        assert_eq!(asked(&home, "SELECT state, error_class FROM pages"), wanted, "{name}");
        assert_eq!(other.asked("/moved"), asks, "{name}");
        // Of each place once; they are kept in the store.
        let rules = other.asked("/robots.txt");
        let is_led_there = site.asked("/p1") == 1;
        assert_eq!((site.asked("/robots.txt"), rules), (1, usize::from(is_led_there)), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_moves_about_on_its_host_is_judged_at_every_step() {
    let rules = Says::typed("text/plain", b"User-agent: *\nDisallow: /private");
    for (to, wanted) in [("/private/1", "given_up|robots"), ("/p1", "waiting|redirect")] {
        let (site, home) = site_saying(Says::status(301, &[("location", to)])).await;
        site.says("/robots.txt", rules.clone());
        once(&home).await;
        assert_eq!(asked(&home, "SELECT state, error_class FROM pages"), wanted, "{to}");
        assert_eq!((site.asked("/private/1"), site.asked("/robots.txt")), (0, 1), "{to}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_shows_in_place_of_an_article_is_not_stored_as_it() {
    let long = [NEWS; 3].join("</p><p>");
    let teaser = format!("<p>{NEWS}</p><p>Subscribe to continue reading.</p>");
    let cookies = "<p>We and our 812 partners store cookies. Accept all cookies, or manage your consent \
        preferences. You can withdraw consent under privacy settings whenever you like to.</p>";
    let links: String = (0..40)
        .map(|n| format!("<p><a href=/{n}>Headline number {n} of the day</a></p>"))
        .collect();
    for (html, wanted) in [
        ("<title>404 Not Found</title><p>The page you are looking for does not exist here.</p>".to_owned(), "waiting|missing"),
        ("<title>Just a moment...</title><p>Checking your browser before accessing the site.</p>".to_owned(), "waiting|wall"),
        (String::new(), "waiting|empty"),
        (format!("<title>Herald</title>{cookies}"), "kept|consent"),
        (format!("<title>Ten killed in Kunduz</title><article>{teaser}</article>"), "kept|paywall"),
        (format!("<title>World</title><main>{links}</main>"), "kept|index"),
        (format!("<title>Match report</title><article><p>{}</p></article>", "The home side won by four wickets after tea. ".repeat(9)), "kept|other"),
        ("<title>Ten killed in Kunduz</title><p>Ten killed. More soon, stay with us for further news of it.</p>".to_owned(), "kept|shorter"),
        (format!("<title>Ten killed in Kunduz</title><article><p>{long}</p></article>"), "read|"),
    ] {
        let (_site, home) = site_saying(Says::page(&html)).await;
        once(&home).await;
        assert_eq!(asked(&home, "SELECT state, error_class FROM pages"), wanted, "{html:.80}");
        let articles = if wanted == "read|" { "2" } else { "1" };
        assert_eq!(asked(&home, "SELECT count(*) FROM articles"), articles, "{html:.80}");
    }
    // A redirect to the front page is no article either.
    let (site, home) = site_saying(Says::status(301, &[("location", "/")])).await;
    site.says(
        "/",
        Says::page(&format!("<title>Ten killed in Kunduz</title><article><p>{long}</p></article>")),
    );
    once(&home).await;
    assert_eq!(asked(&home, "SELECT state, error_class FROM pages"), "kept|index");
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_pages_cost_their_lead_nothing() {
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![b' '; 1 << 20];
    (0..64).for_each(|_| bomb.write_all(&zeros).unwrap());
    let bomb = Says::Whole {
        status: 200,
        headers: vec![("content-type", "text/html".into()), ("content-encoding", "gzip".into())],
        body: bomb.finish().unwrap(),
    };
    let deep = format!("<title>Ten killed in Kunduz</title>{}{NEWS}", "<div>".repeat(16_000));
    let huge = format!("<p>{NEWS}</p>{}", "<p>word word word</p>\n".repeat(480_000));
    for (says, wanted) in [(bomb, "given_up|too_large"), (Says::page(&deep), "read|")] {
        let (_site, home) = site_saying(says).await;
        once(&home).await;
        assert_eq!(asked(&home, "SELECT state, error_class FROM pages"), wanted);
    }
    let (_site, home) = site_saying(Says::page(&huge)).await;
    let (tally, turns) = once(&home).await;
    assert_eq!((tally.failed, turns.len()), (0, 1));
    assert_ne!(asked(&home, "SELECT state FROM pages"), "waiting");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_leads_to_an_address_that_may_not_be_reached() {
    let canary = TcpListener::bind("127.0.0.9:0").await.unwrap();
    let trap = format!("http://{}/", canary.local_addr().unwrap());
    let (site, home) = site_saying(Says::status(302, &[("location", &trap)])).await;
    let xml = format!(
        "<rss version=\"2.0\"><channel><title>Herald</title>\
         <item><title>One killed</title><link>{}/p1</link></item>\
         <item><title>Two killed</title><link>{trap}x</link></item></channel></rss>",
        site.url
    );
    site.says("/rss.xml", Says::typed("application/rss+xml", xml.as_bytes()));
    let mut settings = home.settings();
    settings.fetch.host_spacing = Duration::ZERO;
    settings.fetch.allow_networks = vec!["127.0.0.1/32".parse().unwrap()];
    let (_, turns) = once_with(settings).await;
    assert_eq!(turns.len(), 2);
    // Not for the rules of the second host either.
    let rows = asked(&home, "SELECT state, error_class FROM pages ORDER BY id");
    assert_eq!(rows, "given_up|refused\ngiven_up|refused");
    let called = tokio::time::timeout(Duration::from_millis(50), canary.accept()).await;
    assert!(called.is_err(), "the canary was reached");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_is_asked_for_one_page_at_a_time() {
    let titles: Vec<(String, String)> =
        (0..6).map(|n| (format!("p{n}"), format!("Shop number {n} burnt down in Herat"))).collect();
    let site = Site::start().await;
    let items: Vec<(&str, &str, &str)> =
        titles.iter().map(|(path, title)| (path.as_str(), title.as_str(), "Read more")).collect();
    site.leads(&items);
    for (path, title) in &titles {
        site.says(&format!("/{path}"), Says::page(&article(title, &[format!("{title}. {NEWS}")])));
    }
    let home = Home::of(&[&site.url]);
    let (_, turns) = once(&home).await;
    assert_eq!(turns.len(), 6);
    assert_eq!(asked(&home, "SELECT count(*) FROM pages WHERE state = 'read'"), "6");
    assert_eq!(site.most_at_once(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_lead_has_its_page_read_anew_and_loses_nothing_meanwhile() {
    let title = "Ten killed in Kunduz";
    let both = |killed: &str| {
        let paragraphs = [
            format!("{killed} soldiers were killed when fighters stormed a checkpoint in Kunduz province yesterday, officials said."),
            "In Baghlan, six members of pro-government militias were killed in a raid yesterday, a provincial official said.".to_owned(),
        ];
        Says::page(&article(title, &paragraphs))
    };
    let site = Site::start().await;
    site.leads(&[("p1", title, "Ten soldiers were killed in Kunduz yesterday.")]);
    site.says("/p1", both("Ten"));
    let home = Home::of(&[&site.url]);
    once(&home).await;
    let of_kind = |kind| home.alerts().iter().filter(|alert| alert.kind == kind).count();
    assert_eq!(of_kind(AlertType::Alert), 2, "{:?}", home.alerts());

    // The feed knows more than the page: what the page told of Baghlan stays.
    site.leads(&[(
        "p1",
        title,
        "Twelve soldiers were killed in Kunduz yesterday, officials now say.",
    )]);
    once(&home).await;
    assert_eq!(site.asked("/p1"), 2);
    assert_eq!(asked(&home, "SELECT state, error_class FROM pages"), "waiting|behind");
    assert_eq!(asked(&home, "SELECT count(*) FROM articles WHERE extent = 'joined'"), "1");
    assert_eq!((of_kind(AlertType::Alert), of_kind(AlertType::Cancel)), (2, 0));
    once(&home).await;
    assert_eq!(asked(&home, "SELECT count(*) FROM articles"), "3");

    // The page has caught up.
    site.says("/p1", both("Twelve"));
    let conn = Connection::open(home.store()).unwrap();
    conn.execute("UPDATE pages SET next_try = '2026-01-01T00:00:00.000Z'", []).unwrap();
    once(&home).await;
    assert_eq!(asked(&home, "SELECT state FROM pages"), "read");
    let newest = "SELECT extent FROM articles ORDER BY rowid DESC LIMIT 1";
    assert_eq!(asked(&home, newest), "page");
    assert_eq!((of_kind(AlertType::Alert), of_kind(AlertType::Cancel)), (2, 0));
    assert_eq!(once(&home).await.0.articles, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_does_not_take_the_place_of_a_whole_text() {
    let (_, title, paragraphs) = four_provinces();
    let whole: String =
        paragraphs.iter().map(|text| format!("&lt;p&gt;{text}&lt;/p&gt;")).collect();
    let site = Site::start().await;
    site.leads(&[("story", title, &whole)]);
    let home = Home::of(&[&site.url]);
    once(&home).await;
    assert_eq!(home.alerts().len(), 3);
    // Another day, or another mirror: the same item with its first sentence only.
    site.leads(&[("story", title, LEAD)]);
    let (tally, turns) = once(&home).await;
    assert_eq!((tally.articles, turns.len()), (0, 0));
    assert_eq!(asked(&home, "SELECT extent FROM articles"), "whole");
    assert_eq!(home.alerts().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_one_mirror_refuses_is_read_at_the_next() {
    let (title, page) = story();
    for says in [Says::status(403, &[]), Says::status(410, &[]), Says::status(500, &[])] {
        let (site, other) = (Site::start().await, Site::start().await);
        site.leads(&[("story", &title, LEAD)]).says("/story", says);
        other.says("/story", Says::page(&page));
        let home = Home::of(&[&site.url, &other.url]);
        let (tally, turns) = once(&home).await;
        assert_eq!((tally.articles, turns.len()), (2, 2));
        assert_eq!(asked(&home, "SELECT state, tries FROM pages"), "read|2");
        assert_eq!((site.asked("/story"), other.asked("/story")), (1, 1));
        // One article, wherever its page was read.
        assert_eq!(once(&home).await.0.articles, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_tells_of_an_attack_is_read_again() {
    let told = |killed: &str| {
        let text = format!(
            "{killed} soldiers were killed when fighters stormed a checkpoint in Kunduz province yesterday, officials said."
        );
        let more =
            "Reinforcements reached the post at about noon and found two vehicles burnt out."
                .to_owned();
        Says::page(&article("Soldiers killed in Kunduz", &[text, more]))
    };
    let site = Site::start().await;
    let lead = "Soldiers were killed when fighters stormed a checkpoint in Kunduz province.";
    site.leads(&[("p1", "Soldiers killed in Kunduz", lead)]).says("/p1", told("Ten"));
    let home = Home::of(&[&site.url]);
    let soon = || {
        let conn = Connection::open(home.store()).unwrap();
        let due =
            "UPDATE pages SET next_try = '2026-01-01T00:00:00.000Z' WHERE next_try IS NOT NULL";
        conn.execute(due, []).unwrap();
    };
    once(&home).await;
    let row = "SELECT state, urgent, next_try IS NOT NULL FROM pages";
    assert_eq!(asked(&home, row), "read|1|1");
    let alerts = home.alerts().len();
    // Nothing new, a page behind a wall, a page that is gone: all stays.
    for says in [
        told("Ten"),
        Says::page("<title>Just a moment...</title><p>Checking your browser before accessing it."),
        Says::status(404, &[]),
    ] {
        site.says("/p1", says);
        soon();
        assert_eq!(once(&home).await.0.articles, 0);
        assert_eq!(asked(&home, "SELECT state FROM pages"), "read");
    }
    site.says("/p1", told("Twenty-one"));
    soon();
    assert_eq!(once(&home).await.0.articles, 1);
    let newest = home.alerts().pop().unwrap();
    assert_eq!((home.alerts().len(), newest.value.best()), (alerts + 1, 21));
    assert_eq!(asked(&home, "SELECT count(*) FROM v_events"), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_summary_with_its_page_is_the_article_that_another_feed_has_whole() {
    let (_, title, paragraphs) = four_provinces();
    let whole: String =
        paragraphs.iter().map(|text| format!("&lt;p&gt;{text}&lt;/p&gt;")).collect();
    let (first, second) = (Site::start().await, Site::start().await);
    first.leads(&[("story", title, &whole)]);
    second
        .leads(&[("story", title, LEAD)])
        .says("/story", Says::page(&article(title, &paragraphs)));
    let home = Home::of(&[&first.url]);
    once(&home).await;
    let text = home.configuration(&[&first.url]);
    let url = &second.url;
    home.configure(&format!("{text}[[source]]\nname = \"Other\"\nfeed = \"{url}/rss.xml\"\n"));
    once(&home).await;
    assert_eq!(
        asked(&home, "SELECT source, extent FROM articles ORDER BY rowid"),
        "Herald|whole\nOther|lead"
    );
    let same = "SELECT p.state, a.source FROM pages p JOIN articles a ON a.id = p.text";
    assert_eq!(asked(&home, same), "read|Herald");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_read_as_soon_as_its_lead_is_stored_and_a_stop_waits_for_none() {
    let (title, page) = story();
    let site = Site::start().await;
    site.leads(&[("story", &title, LEAD)]).says("/story", Says::page(&page));
    let home = Home::of(&[&site.url]);
    let mut settings = home.settings();
    settings.fetch.host_spacing = Duration::ZERO;
    let (control, controls) = mpsc::channel(4);
    let (notices, mut heard) = mpsc::unbounded_channel();
    let load: daemon::Load = Arc::new(|| Err("not asked for".into()));
    let lines = Lines { controls, notices, load };
    let daemon = tokio::spawn(daemon::run(settings.clone(), Span::Forever, lines));
    while !matches!(heard.recv().await.unwrap(), Notice::Page(_)) {}
    control.send(Control::Stop).await.unwrap();
    let tally = daemon.await.unwrap().unwrap();
    assert_eq!((tally.articles, tally.alerts), (2, 3));

    // One that never ends to answer: the stop does not wait, the page stays in the queue.
    let (site, home) = site_saying(Says::Silent).await;
    let mut settings = home.settings();
    settings.fetch.host_spacing = Duration::ZERO;
    let (control, controls) = mpsc::channel(4);
    let (notices, _heard) = mpsc::unbounded_channel();
    let load: daemon::Load = Arc::new(|| Err("not asked for".into()));
    let lines = Lines { controls, notices, load };
    let daemon = tokio::spawn(daemon::run(settings, Span::Forever, lines));
    while site.asked("/p1") == 0 {
        tokio::task::yield_now().await;
    }
    control.send(Control::Stop).await.unwrap();
    daemon.await.unwrap().unwrap();
    assert_eq!(asked(&home, "SELECT state, tries FROM pages"), "waiting|0");
}
