//! The configuration as the operator meets it: what is understood, what is refused
//! and how that is told.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;
use watchfire::alert::rule::{Metric, Severity};
use watchfire::config::{self, Config, Error};
use watchfire::lexicon::PlaceCode;
use watchfire::lexicon::places::Gazetteer;
use watchfire::source::{Access, Pages};

const SAMPLE: &str = include_str!("../../config/watchfire.toml");

const SOURCE: &str = "[[source]]\nname = \"A\"\nfeed = \"https://a.example/rss\"\n";

const WATCH: &str = "[[watch]]\nname = \"w\"\nplaces = [\"Kunduz\"]\nlevels = [ { level = \"warning\", killed = 5 } ]\n";

fn read(text: &str) -> Config {
    config::parse(text, "w.toml", &Gazetteer::embedded()).unwrap_or_else(|found| panic!("{found}"))
}

fn refused(text: &str) -> String {
    match config::parse(text, "w.toml", &Gazetteer::embedded()) {
        Ok(config) => panic!("taken: {text}\n{config:?}"),
        Err(found) => found.to_string(),
    }
}

#[test]
fn the_contract_is_understood() {
    let config = read(
        r#"
        [store]
        path = "/srv/w.db"
        [alerts]
        log = "/srv/alerts.jsonl"
        late_after = "2d"
        [fetch]
        allow_networks = ["127.0.0.0/8", "::1"]
        host_spacing = "3s"
        at_once = 4
        [[source]]
        name = "Press TV"
        country = "IR"
        feed = "/rss.xml"
        mirrors = ["https://www.presstv.ir", "https://www.presstv.com"]
        every = "10m"
        pages = "always"
        [[source]]
        name = "Other"
        feed = "https://other.example/feed?type=all"
        mirrors = [{ url = "http://other.onion", proxy = "socks5h://127.0.0.1:9050" }]
        at_least_every = "7m"
        proxy = "http://10.0.0.1:3128"
        ca_file = "/etc/own.pem"
        user_agent = "us"
        headers = { X-Key = "abc" }
        [[place]]
        name = "Camp Nowhere"
        code = "AF-HEL"
        [[watch]]
        name = "north"
        places = ["Kunduz", "AF-TAK", "Camp Nowhere"]
        levels = [ { level = "warning", killed = 5 }, { level = "critical", killed = 20 } ]
        [[watch]]
        name = "all"
        country = "AF"
        levels = [ { level = "notice", casualties = 1 }, { level = "notice", abducted = 3 } ]
        "#,
    );
    assert_eq!(config.store.path, Path::new("/srv/w.db"));
    assert_eq!(config.alerts.log, Path::new("/srv/alerts.jsonl"));
    assert_eq!(config.late_after.as_hours(), 48);
    assert_eq!(config.fetch.allow_networks.len(), 2);
    let [press, other] = &config.sources[..] else { panic!("{:?}", config.sources) };
    assert_eq!(press.feed_url(1).as_str(), "https://www.presstv.com/rss.xml");
    assert_eq!(press.country.unwrap().as_str(), "IR");
    assert_eq!(press.every, Duration::from_secs(600));
    assert_eq!(other.every, Duration::from_secs(300));
    assert_eq!((press.pages, other.pages), (Pages::Always, Pages::Auto));
    assert_eq!((press.at_least_every, &press.access), (None, &Access::default()));
    assert_eq!(other.at_least_every, Some(Duration::from_secs(420)));
    assert_eq!(other.access.headers, [("x-key".to_owned(), "abc".to_owned())]);
    assert_eq!(other.access.user_agent.as_deref(), Some("us"));
    let proxies: Vec<_> = (0..2).map(|n| other.access_of(n).proxy.unwrap().to_string()).collect();
    assert_eq!(proxies, ["http://10.0.0.1:3128/", "socks5h://127.0.0.1:9050"]);
    assert_eq!(other.feed_url(1).as_str(), "http://other.onion/feed?type=all");
    assert_eq!((config.fetch.host_spacing.as_secs(), config.fetch.at_once), (3, 4));
    let [north, all] = &config.watches[..] else { panic!("{:?}", config.watches) };
    assert_eq!(format!("{:?}", north.places), "[AF-KDZ, AF-TAK, AF-HEL]");
    assert_eq!(north.levels[1].severity, Severity::Critical);
    assert_eq!(north.levels[1].threshold.get(), 20);
    assert_eq!(format!("{:?}", all.places), "[AF]");
    assert_eq!(all.levels[0].metric, Metric::Casualties);
    let written: Vec<_> = config
        .written
        .iter()
        .map(|place| format!("{}: {} -> {}", place.watch, place.written, place.code))
        .collect();
    assert_eq!(
        written,
        [
            "north: Kunduz -> AF-KDZ",
            "north: AF-TAK -> AF-TAK",
            "north: Camp Nowhere -> AF-HEL",
            "all: AF -> AF"
        ]
    );
    assert!(config.warnings.is_empty());
}

#[test]
fn what_is_left_out_has_a_default() {
    let config = read(&format!("{SOURCE}{WATCH}"));
    assert_eq!(config.store.path, Path::new("/var/lib/watchfire/watchfire.db"));
    assert_eq!(config.alerts.log, Path::new("/var/log/watchfire/alerts.jsonl"));
    assert!(config.fetch.allow_networks.is_empty());
    assert_eq!(config.sources[0].country, None);
}

#[test]
fn each_fault_is_told_with_its_place_and_what_would_be_right() {
    let source = |line: &str| format!("{WATCH}{SOURCE}{line}\n");
    let feed = |feed: &str| format!("{WATCH}[[source]]\nname = \"A\"\nfeed = {feed}\n");
    let watch = |line: &str| format!("{SOURCE}{WATCH}{line}\n");
    let place = |places: &str| {
        let levels = "levels = [{ level = \"warning\", killed = 5 }]";
        format!("{SOURCE}[[watch]]\nname = \"w\"\nplaces = {places}\n{levels}\n")
    };
    let levels = |levels: &str| {
        format!("{SOURCE}[[watch]]\nname = \"w\"\nplaces = [\"Kunduz\"]\nlevels = {levels}\n")
    };
    let quiet = |from: &str, to: &str, zone: &str| {
        format!("quiet = {{ from = \"{from}\", to = \"{to}\", zone = \"{zone}\" }}")
    };
    for (text, says) in [
        (String::new(), &["no [[source]]", "w.toml:1:1"][..]),
        (WATCH.to_owned(), &["no [[source]]"]),
        ("[[source]\n".to_owned(), &["w.toml:1:"]),
        ("[stor]\npath = \"x\"\n".to_owned(), &["unknown key `stor`", "did you mean `store`"]),
        (source("nmae = \"x\""), &["unknown key `nmae` in [[source]]", "did you mean `name`?"]),
        (source("every = \"5 minutes\""), &["w.toml:8:9", "\"72h\""]),
        (source("every = \"0m\""), &["a span of zero"]),
        (source("pages = \"allways\""), &["which pages are read", "did you mean `always`"]),
        (source("every = 5"), &["`every` must be a text", "this is a whole number"]),
        (source("country = \"Irann\""), &["no place is called `Irann`", "did you mean `Iran"]),
        (source("country = \"AF-KDZ\""), &["a part of a country", "\"AF\""]),
        (source("mirrors = \"x\""), &["`mirrors` must be a list"]),
        (source("mirrors = [\"ftp://b.example\"]"), &["w.toml:8:12", "only http and https"]),
        (source("mirrors = [\"https://u:p@b.example\"]"), &["password"]),
        (source("mirrors = [1, \"http://\"]"), &["this is a whole number", "not an address"]),
        (
            format!("[alerts]\nlate_after = \"soon\"\n{SOURCE}{WATCH}"),
            &["`soon` cannot be how old news may be", "w.toml:2:14"],
        ),
        (feed("\"/rss.xml\""), &["w.toml:7:8", "at least one mirror", "add mirrors"]),
        (feed("\"\""), &["`feed` is empty"]),
        (feed("\"https://[::1/x\""), &["not an address"]),
        (format!("{WATCH}{SOURCE}{SOURCE}"), &["the name `A` is used twice", "first here"]),
        (
            format!("{WATCH}{SOURCE}[[source]]\nname = \"B\"\nfeed = \"https://a.example/rss\"\n"),
            &["another source's already", "w.toml:10:8"],
        ),
        (format!("{WATCH}[[source]]\nfeed = \"https://a.example\"\n"), &["`name` is missing"]),
        (
            format!("{WATCH}[[source]]\nname = \"!\"\nfeed = \"https://a.example\"\n"),
            &["the name `!` has no letter", "w.toml:6:8"],
        ),
        (format!("{WATCH}source = 1\n"), &["unknown key `source` in [[watch]]"]),
        (format!("[source]\nname = \"A\"\n{WATCH}"), &["write [[source]]"]),
        (watch("severity = 1"), &["unknown key `severity` in [[watch]]", "`levels`"]),
        (
            place("[\"Kundoz\", \"Bagdis\"]"),
            &["no place is called `Bagdis`", "did you mean `Badghis`"],
        ),
        (watch("wait = \"90s\""), &["too long for an alert to wait", "\"60s\""]),
        (watch(&quiet("22:00", "22:00", "UTC")), &["`from` and `to` are the same"]),
        (watch(&quiet("10pm", "06:00", "UTC")), &["`10pm` is not a time of the day"]),
        (watch(&quiet("22:00", "06:00", "Kabul")), &["no time zone is called `Kabul`"]),
        (watch("quiet = { from = \"22:00\", to = \"06:00\" }"), &["`zone` is missing"]),
        (
            watch(
                "quiet = { from = \"22:00\", to = \"06:00\", zone = \"UTC\", below = \"notice\" }",
            ),
            &["nothing is less severe"],
        ),
        (place("[]"), &["no places are watched"]),
        (place("\"Kunduz\""), &["`places` must be a list"]),
        (levels("[]"), &["no levels"]),
        (levels("[{ level = \"warning\", killed = 0 }]"), &["from 1 to", "w.toml:7:41"]),
        (levels("[{ level = \"warning\", killed = -4 }]"), &["from 1 to"]),
        (levels("[{ level = \"warning\", killed = 5.5 }]"), &["a number with a fraction"]),
        (levels("[{ level = \"waring\", killed = 5 }]"), &["not a level", "`warning`?"]),
        (levels("[{ level = \"warning\" }]"), &["a level counts one thing"]),
        (levels("[{ level = \"warning\", kiled = 5 }]"), &["did you mean `killed`?"]),
        (levels("[{ killed = 5 }]"), &["`level` is missing"]),
        (levels("[5]"), &["must be a table, a level, such as"]),
        (
            levels("[{ level = \"critical\", killed = 9 }, { level = \"warning\", killed = 5 }]"),
            &["rising order", "first here"],
        ),
        (
            levels("[{ level = \"warning\", killed = 9 }, { level = \"critical\", killed = 5 }]"),
            &["a louder level needs more people", "above 9"],
        ),
        (
            levels("[{ level = \"warning\", killed = 9 }, { level = \"warning\", killed = 12 }]"),
            &["the same thing twice"],
        ),
        (
            format!("[fetch]\nallow_networks = [\"10.0.0.0/40\"]\n{SOURCE}{WATCH}"),
            &["not a network", "\"10.0.0.0/8\"", "w.toml:2:19"],
        ),
        (format!("[store]\npath = \"\"\n{SOURCE}{WATCH}"), &["`path` is empty"]),
        (format!("[[place]]\nname = \"X\"\ncode = \"kdz\"\n{SOURCE}{WATCH}"), &["ISO 3166 code"]),
    ] {
        let told = refused(&text);
        for part in says {
            assert!(told.contains(part), "{part}\n---\n{text}\n---\n{told}");
        }
        assert!(told.contains('^'), "{told}");
    }
}

#[test]
fn all_faults_are_told_at_once_in_their_order() {
    let told = refused(
        "[store]\npth = \"x\"\n[[source]]\nname = \"A\"\nfeed = \"gopher://a\"\nevery = \"5\"\n\
         [[watch]]\nname = \"w\"\nplaces = [\"Nowhere at all\"]\nlevels = [{ level = \"warning\", killed = 0 }]\n",
    );
    let lines: Vec<_> = told.lines().filter_map(|line| line.split("w.toml:").nth(1)).collect();
    assert_eq!(lines, ["2:1", "5:8", "6:9", "9:11", "10:41"], "{told}");
}

#[test]
fn what_is_probably_not_meant_is_a_warning() {
    let config = read(SOURCE);
    assert!(config.warnings.to_string().contains("nothing will ever alert"));
    assert!(config.warnings.to_string().starts_with("warning: "));
    let twice = WATCH.replace("\"Kunduz\"", "\"Kunduz\", \"AF-KDZ\"");
    let config = read(&format!("{SOURCE}{twice}"));
    assert!(config.warnings.to_string().contains("AF-KDZ is watched already"));
    assert_eq!(config.watches[0].places.len(), 1);
}

#[test]
fn a_file_that_cannot_be_read_says_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    let gazetteer = Gazetteer::embedded();
    let error = config::load(&home.path().join("none.toml"), &gazetteer).unwrap_err();
    assert!(error.to_string().contains("copy the annotated sample"), "{error}");
    let error = config::load(home.path(), &gazetteer).unwrap_err();
    assert!(matches!(error, Error::Unreadable { .. }), "{error}");
    let path = home.path().join("w.toml");
    fs::write(&path, b"[store]\npath = \"\xff\"\n").unwrap();
    let error = config::load(&path, &gazetteer).unwrap_err().to_string();
    assert!(error.contains("not UTF-8") && error.contains("w.toml:2:9"), "{error}");
    fs::write(&path, vec![b'#'; 5 << 20]).unwrap();
    assert!(matches!(config::load(&path, &gazetteer).unwrap_err(), Error::TooLarge(_)));
}

#[test]
fn the_sinks_of_the_sample_are_understood() {
    let start = SAMPLE.find("# The journal, with").unwrap();
    let end = SAMPLE[start..].find("[fetch]").unwrap() + start;
    let is_setting = |line: &&str| line.starts_with("# [[") || line.contains(" = ");
    let lines = SAMPLE[start..end].lines().filter(is_setting).map(|line| &line[2..]);
    let config = read(&format!("{SOURCE}{WATCH}{}", lines.collect::<Vec<_>>().join("\n")));
    let told: Vec<String> = config
        .alerts
        .sinks
        .iter()
        .map(|sink| format!("{}: {} {}", sink.name, sink.channel.kind(), sink.channel.place()))
        .collect();
    assert_eq!(
        told,
        [
            "journal: journald /run/systemd/journal/socket",
            "desk: webhook desk.example.org",
            "oncall: alertmanager 127.0.0.1:9093",
            "mail duty@example.org: email duty@example.org by mail.example.org:587",
            "mail desk@example.org: email desk@example.org by mail.example.org:587",
            "phone: ntfy ntfy.example.org",
            "siren: command /usr/local/bin/siren",
            "documents: cap /var/lib/watchfire/cap",
            "feed: atom /var/lib/watchfire/alerts.atom",
        ]
    );
    assert_eq!(config.alerts.sinks[1].least, Severity::Warning);
    let warned = config.warnings.to_string();
    assert!(warned.contains("the secret in `/etc/watchfire/desk.key` cannot be read"), "{warned}");
}

#[test]
fn a_sink_that_cannot_be_used_is_told_at_its_place() {
    let sink = |keys: &str| format!("{SOURCE}{WATCH}[[sink]]\nname = \"s\"\n{keys}\n");
    let mail = "type = \"email\"\nfrom = \"a@x.org\"\nto = [\"b@x.org\"]\n";
    let hook = "type = \"webhook\"\nurl = \"https://a/\"\n";
    for (keys, words) in [
        ("type = \"webhok\"", "did you mean `webhook`"),
        ("type = \"webhook\"", "`url` is missing"),
        ("type = \"webhook\"\nurl = \"ftp://a\"", "no address of http"),
        ("type = \"webhook\"\nurl = \"https://u:p@a/\"", "put it into a file"),
        (&format!("{hook}topic = \"x\""), "unknown key `topic`"),
        (&format!("{hook}run = [\"/x\"]"), "`run` says nothing to a sink of type `webhook`"),
        (&format!("{hook}secret_file = \"/x\"\nsecret_credential = \"y\""), "name two secrets"),
        ("type = \"ntfy\"\nurl = \"https://ntfy.example/\"", "names no topic"),
        ("type = \"command\"\nrun = [\"siren\"]", "no absolute path"),
        ("type = \"command\"\nrun = []", "names no program"),
        (&format!("{mail}server = \"mail.x.org\"\nencryption = \"none\""), "for all to read"),
        (&format!("{mail}server = \"mail.x.org\"\nuser = \"u\""), "a user without a password"),
        (&format!("{mail}server = \"mail.x.org:nine\""), "no port after its colon"),
        ("type = \"journald\"\ntimeout = \"10m\"", "two minutes at most"),
        ("type = \"journald\"\nlevel = \"loud\"", "is not a level"),
        ("type = \"journald\"\ntext = \"{{ headlin }}\"", "template in `text` cannot be used"),
        ("type = \"journald\"\ntitle = \"\"\"\n\n{% if %}\"\"\"", "(its line 2)"),
    ] {
        let told = refused(&sink(keys));
        assert!(told.contains(words), "{keys}\n{told}");
    }
    let named = |name: &str| format!("[[sink]]\nname = \"{name}\"\ntype = \"journald\"\n");
    assert!(refused(&format!("{SOURCE}{WATCH}{}", named("Log"))).contains("alert log"));
    let two = format!("{SOURCE}{WATCH}{}{}", named("s"), named("S"));
    assert!(refused(&two).contains("used twice"));
}

/// The sample's keys, those in comments too: `# every = "5m"` counts as one.
fn sample_keys(text: &str) -> HashSet<String> {
    let mut section = String::new();
    let mut keys = HashSet::new();
    for line in text.lines() {
        let line = line.trim_start_matches(['#', ' ']);
        if line.starts_with('[') && line.ends_with(']') {
            section = line.trim_matches(['[', ']']).to_owned();
        } else if let Some((key, _)) = line.split_once('=')
            && key.trim().chars().all(|c| c.is_ascii_lowercase() || c == '_')
        {
            keys.insert(format!("{section}.{}", key.trim()));
        }
    }
    keys
}

#[test]
fn the_sample_is_taken_and_shows_every_key() {
    let config = read(SAMPLE);
    assert!(config.warnings.is_empty(), "{}", config.warnings);
    assert!(config.sources.len() >= 12, "{}", config.sources.len());
    assert_eq!(config.sources[0].name, "Press TV");
    assert!(config.sources[0].mirrors.len() >= 3);
    let keys = sample_keys(SAMPLE);
    for key in [
        "store.path",
        "alerts.log",
        "alerts.late_after",
        "alerts.title",
        "alerts.text",
        "alerts.sender",
        "sink.name",
        "sink.type",
        "sink.level",
        "sink.timeout",
        "sink.socket",
        "sink.url",
        "sink.secret_file",
        "sink.stands_for",
        "sink.token_file",
        "sink.server",
        "sink.encryption",
        "sink.from",
        "sink.to",
        "sink.user",
        "sink.password_file",
        "sink.run",
        "sink.directory",
        "sink.path",
        "fetch.allow_networks",
        "fetch.host_spacing",
        "fetch.at_once",
        "source.name",
        "source.country",
        "source.feed",
        "source.mirrors",
        "source.every",
        "source.pages",
        "source.at_least_every",
        "source.proxy",
        "source.user_agent",
        "source.headers",
        "source.ca_file",
        "watch.name",
        "watch.places",
        "watch.country",
        "watch.levels",
        "place.name",
        "place.code",
        "place.variants",
    ] {
        assert!(keys.contains(key), "{key}");
    }
}

#[test]
fn the_sample_watches_each_province_of_afghanistan_once() {
    let gazetteer = Gazetteer::embedded();
    let config = read(SAMPLE);
    let mut watched: Vec<_> = config.watches.iter().flat_map(|watch| &watch.places).collect();
    watched.sort();
    let provinces: Vec<_> = gazetteer.divisions("AF".parse().unwrap()).collect();
    let is_province = |code: &PlaceCode| code.country().as_str() == "AF" && !code.is_country();
    let of_afghanistan: Vec<_> = watched.into_iter().copied().filter(is_province).collect();
    assert_eq!(of_afghanistan, provinces);
}

#[test]
fn the_sample_states_the_defaults_as_they_are() {
    let config = read(&format!("{SOURCE}{WATCH}"));
    for line in [
        format!("path = \"{}\"", config.store.path.display()),
        format!("log = \"{}\"", config.alerts.log.display()),
        "allow_networks = []".to_owned(),
        format!("host_spacing = \"{}s\"", config.fetch.host_spacing.as_secs()),
        format!("at_once = {}", config.fetch.at_once),
        format!("late_after = \"{}h\"", config.late_after.as_hours()),
        format!("every = \"{}m\"", config.sources[0].every.as_secs() / 60),
    ] {
        let is_line =
            |sample: &str| sample.split_whitespace().collect::<Vec<_>>().join(" ") == line;
        assert!(SAMPLE.lines().any(is_line), "{line}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        tell(&bytes);
    }

    #[test]
    fn no_toml_makes_it_panic(lines in proptest::collection::vec(line(), 0..30)) {
        tell(lines.join("\n").as_bytes());
    }

    #[test]
    fn no_damage_makes_it_panic(
        at in 0..SAMPLE.len(),
        bytes in proptest::collection::vec(any::<u8>(), 0..4),
        cut in 0usize..60,
    ) {
        let mut damaged = SAMPLE.as_bytes().to_vec();
        let end = (at + cut).min(damaged.len());
        damaged.splice(at..end, bytes);
        tell(&damaged);
    }
}

fn line() -> impl Strategy<Value = String> {
    let key = "name|feed|mirrors|every|places|country|levels|level|killed|path|log|code|[a-z]{1,6}";
    let value = "\"[^\"\\\\]{0,12}\"|[0-9]{1,12}|-?[0-9]\\.[0-9]|true|\\[\\]|\\[\"Kunduz\", 1\\]|\
                 \\[\\{ level = \"warning\", killed = [0-9]{1,3} \\}\\]|1979-05-27|\\{ a = 1 \\}";
    let header = "\\[\\[(source|watch|place)\\]\\]|\\[(store|alerts|fetch|x)\\]";
    prop_oneof![
        header.prop_map(|header| header),
        (key, value).prop_map(|(key, value)| format!("{key} = {value}")),
        "\\PC{0,20}",
    ]
}

/// Tells of the bytes, in characters that do nothing to a terminal.
fn tell(bytes: &[u8]) {
    let gazetteer = Gazetteer::embedded();
    if let Err(found) = config::parse_bytes(bytes, "w.toml", &gazetteer) {
        let told = found.to_string();
        assert!(!told.contains(|c: char| c.is_control() && c != '\n'), "{told:?}");
        for diagnostic in found.found() {
            let (line, column) = found.line_and_column(diagnostic);
            assert!(line > 0 && column > 0);
        }
    }
}
