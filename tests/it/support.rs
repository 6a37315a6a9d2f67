//! Publishers on loopback and a home for a daemon, for the tests that need them.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use tokio::net::TcpListener;
use watchfire::alert::rule::Alert;
use watchfire::article::Article;
use watchfire::config;
use watchfire::daemon::Settings;
use watchfire::lexicon::Lexicon;
use watchfire::pages::worker::Workers;

/// The article that a row of `tests/phrases` tells: a title is parted from the text by
/// ` // `, a paragraph from the next by ` / `. Published on Friday 17 May 2019.
pub fn article_of(row: &str) -> Article {
    let (title, body) = row.split_once(" // ").unwrap_or(("", row));
    Article {
        title: title.to_owned(),
        text: body.replace(" / ", "\n\n"),
        published: Some("2019-05-17T12:00:00Z".parse().unwrap()),
        ..Article::default()
    }
}

/// Asserts that each row `text<TAB>expected` of these tables of `tests/phrases` is read as it
/// says: `found` tells, of a text and what is expected, what was found where it differs.
pub fn assert_rows(tables: &[&str], found: impl Fn(&str, &str) -> Option<String>) {
    let mut wrong = Vec::new();
    let mut rows = 0;
    for table in tables {
        let text = fs::read_to_string(format!("tests/phrases/{table}.tsv")).unwrap();
        for row in text.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
            let (text, expected) = row.split_once('\t').expect(row);
            rows += 1;
            let other = found(text, expected);
            wrong.extend(other.map(|found| {
                format!("{table}: {text}\n  expected {expected}\n  found    {found}")
            }));
        }
    }
    assert!(rows > 0 && wrong.is_empty(), "{} of {rows} rows:\n{}", wrong.len(), wrong.join("\n"));
}

/// What a host answers to whatever it is asked.
#[derive(Debug, Clone)]
pub enum Says {
    Feed(String),
    Page,
    Status(u16),
}

/// A host on loopback whose answer can be changed.
#[derive(Debug, Clone)]
pub struct Host {
    pub url: String,
    says: Arc<Mutex<Says>>,
}

impl Host {
    pub async fn start(says: Says) -> Host {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let says = Arc::new(Mutex::new(says));
        let routes = Router::new().fallback(answer).with_state(says.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Host { url, says }
    }

    /// A host that refuses every connection.
    pub async fn closed() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    }

    pub fn now_says(&self, says: Says) {
        *self.says.lock().unwrap() = says;
    }
}

async fn answer(State(says): State<Arc<Mutex<Says>>>) -> Response {
    let says = says.lock().unwrap().clone();
    match says {
        Says::Feed(xml) => ([(CONTENT_TYPE, "application/rss+xml")], xml).into_response(),
        Says::Page => {
            let page = "<!DOCTYPE html><title>For sale</title><p>Buy this domain";
            ([(CONTENT_TYPE, "text/html")], page).into_response()
        }
        Says::Status(code) => StatusCode::from_u16(code).unwrap().into_response(),
    }
}

/// A feed of items: id, title, paragraphs.
pub fn feed(items: &[(&str, &str, Vec<String>)]) -> String {
    let published = Timestamp::now() - SignedDuration::from_hours(2);
    let stamp = published.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
    let items: String = items
        .iter()
        .map(|(id, title, paragraphs)| {
            let body: String =
                paragraphs.iter().map(|text| format!("&lt;p&gt;{text}&lt;/p&gt;")).collect();
            format!(
                "<item><title>{title}</title><guid isPermaLink=\"false\">{id}</guid>\
                 <pubDate>{stamp}</pubDate><description>{body}</description></item>"
            )
        })
        .collect();
    format!(
        "<rss version=\"2.0\"><channel><title>Herald of the North</title>{items}</channel></rss>"
    )
}

/// The name of the day so many days ago, in Afghanistan.
pub fn weekday(back: i64) -> String {
    let there = Timestamp::now() + SignedDuration::from_mins(270);
    let day = TimeZone::UTC.to_datetime(there).date().saturating_sub(back.days());
    day.strftime("%A").to_string()
}

/// Three attacks of yesterday, one toll for two provinces, a total, a boast, a
/// caption and an older attack.
pub fn four_provinces() -> (&'static str, &'static str, Vec<String>) {
    let (day, earlier) = (weekday(1), weekday(4));
    let paragraphs = [
        "A policeman at the site of a suicide attack that killed 27 people in a mosque in Khost province. (Photo by AFP)".to_owned(),
        "Islamic State fighters have killed at least 32 soldiers, police and pro-government militiamen in coordinated raids on outposts in four provinces.".to_owned(),
        format!("Officials said the raids took place in the northern provinces of Kunduz, Baghlan and Takhar, and in Badghis in the west, early on {day}."),
        "In Kunduz, at least 10 soldiers and police were killed and 11 others wounded in fighting that also left 25 Islamic State fighters dead, a provincial official said.".to_owned(),
        "In neighbouring Baghlan and Takhar provinces, officials said, Islamic State fighters killed 16 members of pro-government militias but suffered heavy casualties themselves.".to_owned(),
        "In Badghis, six members of the security forces were killed and 10 others wounded, the spokesman for the provincial governor said.".to_owned(),
        "The Islamic State group claimed responsibility for the attacks in a statement, saying that dozens of Afghan troops had been killed.".to_owned(),
        format!("On {earlier}, more than 20 members of the Afghan security forces were killed when Islamic State fighters stormed checkpoints in Badghis."),
        "The Herald can also be accessed at the following alternate addresses:".to_owned(),
        "www.herald.example".to_owned(),
    ];
    ("story", "Dozens killed in raids on outposts in four provinces", paragraphs.into())
}

/// The directory of a daemon: its configuration, store and alert log.
pub struct Home {
    pub directory: tempfile::TempDir,
}

impl Home {
    /// With one source that has these mirrors.
    pub fn of(mirrors: &[&str]) -> Home {
        let home = Home { directory: tempfile::tempdir().unwrap() };
        home.configure(&home.configuration(mirrors));
        home
    }

    pub fn configuration(&self, mirrors: &[&str]) -> String {
        format!(
            "[store]\npath = {:?}\n[alerts]\nlog = {:?}\n[fetch]\nallow_networks = [\"127.0.0.0/8\"]\n\
             [[source]]\nname = \"Herald\"\ncountry = \"AF\"\nfeed = \"/rss.xml\"\nmirrors = {mirrors:?}\n\
             [[watch]]\nname = \"north\"\nplaces = [\"Kunduz\", \"Baghlan\", \"Takhar\", \"Badghis\"]\n\
             levels = [ {{ level = \"warning\", killed = 5 }}, {{ level = \"critical\", killed = 20 }} ]\n",
            self.store(),
            self.log()
        )
    }

    pub fn configure(&self, text: &str) {
        fs::write(self.file(), text).unwrap();
    }

    pub fn file(&self) -> PathBuf {
        self.directory.path().join("watchfire.toml")
    }

    pub fn store(&self) -> PathBuf {
        self.directory.path().join("watchfire.db")
    }

    pub fn log(&self) -> PathBuf {
        self.directory.path().join("alerts.jsonl")
    }

    /// What the configuration says, as the daemon takes it.
    pub fn settings(&self) -> Settings {
        let lexicon = Lexicon::embedded();
        let config = config::load(&self.file(), &lexicon.places).unwrap();
        Settings {
            store: config.store,
            alerts: config.alerts,
            fetch: config.fetch,
            sources: config.sources,
            watches: config.watches,
            lexicon: Arc::new(lexicon),
            late_after: config.late_after,
            workers: Workers::of(env!("CARGO_BIN_EXE_watchfire").into()),
        }
    }

    /// The lines of the alert log.
    pub fn alerts(&self) -> Vec<Alert> {
        let text = fs::read_to_string(self.log()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// The program.
pub fn watchfire(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_watchfire"));
    command
        .args(arguments)
        .env_remove("WATCHFIRE_LOG")
        .env_remove("JOURNAL_STREAM")
        .env("COLUMNS", "120");
    command
}

/// Exit code, standard output and standard error of the program.
pub fn answered(arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = watchfire(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}
