use encoding_rs::WINDOWS_1251;
use jiff::Timestamp;
use proptest::prelude::*;
use url::Url;

use super::{Doubt, Feed, Form, MOST_ITEMS, NotAFeed, Stage, read};

const RSS: &str = "<rss version=\"2.0\"><channel><title>Paper</title><link>https://a.org/</link>";
const END: &str = "</channel></rss>";

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn read_text(text: impl AsRef<[u8]>) -> Result<Feed, NotAFeed> {
    read(text.as_ref(), None, &Url::parse("https://a.org/feeds/rss.xml").unwrap(), now())
}

fn feed(text: impl AsRef<[u8]>) -> Feed {
    let feed = read_text(text.as_ref()).unwrap();
    assert_eq!(feed.seen, feed.items.len() + feed.rejected.len() + feed.over_cap);
    feed
}

fn titles(feed: &Feed) -> Vec<&str> {
    feed.items.iter().map(|item| item.title.as_str()).collect()
}

#[test]
fn each_form_is_read() {
    let rss = format!(
        "<?xml version=\"1.0\"?>{RSS}<ttl>30</ttl><item><title>One &amp; two</title><link>/d/1?a=1&amp;b=2</link>\
         <guid isPermaLink=\"false\">g1</guid><pubDate>Mon, 23 Nov 2026 10:00:00 CET</pubDate>\
         <description>&lt;p&gt;First.&lt;/p&gt;&lt;p&gt;Second.&lt;/p&gt;</description></item>{END}"
    );
    let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Paper</title><entry><id>g1</id>\
         <title type=\"html\">One &amp;amp; two</title><link rel=\"replies\" href=\"/c\"/>\
         <link rel=\"alternate\" href=\"https://a.org/d/1?a=1&amp;b=2\"/><published>2026-11-23T09:00:00Z</published>\
         <summary type=\"html\">&lt;p>First.&lt;/p>&lt;p>Second.&lt;/p></summary></entry></feed>";
    let rdf = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>Paper</title></channel>\
         <item rdf:about=\"x\"><title>One &amp; two</title><link>https://a.org/d/1?a=1&amp;b=2</link>\
         <dc:date>2026-11-23T09:00Z</dc:date><description>&lt;p>First.&lt;p>Second.</description></item></rdf:RDF>";
    let json = r#"{"version":"https://jsonfeed.org/version/1.1","title":"Paper","items":[{"id":7,
         "url":"https://a.org/d/1?a=1&b=2","title":"One & two","content_html":"<p>First.</p><p>Second.</p>",
         "date_published":"2026-11-23T09:00:00Z"}]}"#;
    for (form, text) in
        [(Form::Rss, rss.as_str()), (Form::Atom, atom), (Form::Rdf, rdf), (Form::Json, json)]
    {
        let feed = feed(text);
        assert_eq!((feed.form, feed.stage, feed.seen), (form, Stage::Clean, 1), "{feed:?}");
        assert_eq!(feed.title.as_deref(), Some("Paper"), "{form:?}");
        let item = &feed.items[0];
        assert_eq!(item.title, "One & two", "{form:?}");
        assert_eq!(item.text(), "First.\n\nSecond.", "{form:?}");
        assert_eq!(item.link.as_deref(), Some("https://a.org/d/1?a=1&b=2"), "{form:?}");
        assert_eq!(item.published, Some("2026-11-23T09:00:00Z".parse().unwrap()), "{form:?}");
        assert!(!item.is_full && item.doubts.is_empty());
    }
    assert_eq!(feed(&rss).asks.ttl, Some(std::time::Duration::from_secs(1800)));
    // A channel may go on behind its items.
    let late = rss.replace("<ttl>30</ttl>", "").replace(END, &format!("<ttl>45</ttl>{END}"));
    assert_eq!(feed(&late).asks.ttl, Some(std::time::Duration::from_secs(2700)));
    assert_eq!(feed(&rss).items[0].guid.as_deref(), Some("g1"));
}

#[test]
fn markup_that_nobody_escaped_costs_no_word() {
    let text = "Ten <b>soldiers</b> died <a href=\"/x\">here</a> today";
    let rss =
        format!("{RSS}<item><title>{text}</title><description>{text}</description></item>{END}");
    let atom = |kind: &str| {
        format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>P</title><entry><id>1</id>\
             <title{kind}>{text}</title><summary{kind}>{text}</summary></entry></feed>"
        )
    };
    let div = atom(" type=\"xhtml\"").replace("Ten", "<div>Ten").replace("today", "today</div>");
    for document in [rss, atom(""), atom(" type=\"html\""), atom(" type=\"text\""), div] {
        let feed = feed(&document);
        let item = &feed.items[0];
        assert_eq!(item.title, "Ten soldiers died here today", "{document}");
        assert_eq!(item.summary, "Ten soldiers died here today", "{document}");
    }
}

#[test]
fn an_item_goes_by_what_its_form_says_and_is_one_even_when_empty() {
    let atom = |inner: &str| {
        format!("<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry>{inner}</entry></feed>")
    };
    let twice =
        "<id>1</id><updated>2010-12-01T10:14:55Z</updated><updated>2016-01-01T00:00:00Z</updated>";
    assert_eq!(feed(atom(twice)).items[0].published, "2016-01-01T00:00:00Z".parse().ok());
    let base64 = "<title type=\"image/png\">VGVuIGRpZWQ=</title><id>1</id>";
    assert_eq!(titles(&feed(atom(base64))), ["Ten died"]);
    let no_base64 = base64.replace("VGVuIGRpZWQ=", "Ten died!");
    assert_eq!(titles(&feed(atom(&no_base64))), ["Ten died!"]);
    let twice =
        "<id>1</id><updated>2010-12-01T10:14:55Z</updated><updated>2016-01-01T00:00:00Z</updated>";
    assert_eq!(feed(atom(twice)).items[0].published, "2016-01-01T00:00:00Z".parse().ok());
    let rdf = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><item rdf:about=\"https://a.org/1\"><title>T</title>\
         <dc:identifier>doi:1</dc:identifier></item></rdf:RDF>";
    assert_eq!(feed(rdf).items[0].guid.as_deref(), Some("https://a.org/1"));
    let hollow = feed(format!("{RSS}<item><enclosure/></item><item></item>{END}"));
    assert_eq!((hollow.items.len(), hollow.rejected.len()), (1, 1));
    assert_eq!(hollow.items[0].doubts, [Doubt::NoText]);
}

#[test]
fn a_relative_link_without_an_address_is_shown_as_it_is() {
    let nowhere = Url::parse("file:///").unwrap();
    let of = |link: &str| {
        let text = format!(
            "<rss><channel><item><title>T</title><link>{link}</link></item></channel></rss>"
        );
        read(text.as_bytes(), None, &nowhere, now()).unwrap().items.remove(0).link
    };
    assert_eq!(of("/d/1").as_deref(), Some("/d/1"));
    assert_eq!(of("https://a.org/d/1").as_deref(), Some("https://a.org/d/1"));
    assert_eq!(of("file:///etc/passwd"), None);
    assert_eq!(of("javascript:alert(1)"), None);
}

#[test]
fn damage_costs_no_item() {
    let item = |n: u8| format!("<item><title>T{n}</title><link>https://a.org/{n}</link></item>");
    let (one, two) = (item(1), item(2));
    let rows: Vec<(&str, String)> = vec![
        ("bare ampersand", format!("{RSS}<item><title>T1</title><link>https://a.org/?a=1&b=2</link></item>{two}{END}")),
        ("unknown entity", format!("{RSS}<item><title>T1</title><description>a&nbsp;b &bogus; c</description></item>{two}{END}")),
        ("nul reference", format!("{RSS}<item><title>T1</title><description>x&#0;y&#11;</description></item>{two}{END}")),
        ("control character", format!("{RSS}<item><title>T1\u{8}</title></item>{two}{END}")),
        ("unclosed br", format!("{RSS}<item><title>T1</title><description>x<br>y</description></item>{two}{END}")),
        ("unclosed p", format!("{RSS}<item><title>T1</title><description><p>x</description></item>{two}{END}")),
        ("truncated", format!("{RSS}{one}<item><title>T2</title><description>half a sen")),
        ("truncated in a tag", format!("{RSS}{one}<item><title>T2</title><descri")),
        ("unclosed CDATA", format!("{RSS}{one}<item><title>T2</title><description><![CDATA[<p>half")),
        ("CDATA left open midway", format!("{RSS}<item><title>T1</title><description><![CDATA[x</description></item><item><title>T2</title><description><![CDATA[y]]></description></item>{END}")),
        ("item left open", format!("{RSS}<item><title>T1</title>{two}{END}")),
        ("title left open", format!("{RSS}<item><title>T1<link>https://a.org/1</link><description>d</description></item>{two}{END}")),
        ("mismatched tags", format!("{RSS}<item><title>T1</titel></item>{two}{END}")),
        ("no version", format!("<rss><channel><title>Paper</title>{one}{two}{END}")),
        ("odd version", format!("<rss version=\"2.0.1\"><channel>{one}{two}{END}")),
        ("upper case", format!("<RSS VERSION=\"2.0\"><CHANNEL>{one}{two}</CHANNEL></RSS>").replace("item>", "ITEM>").replace("title>", "TITLE>")),
        ("leading blanks", format!("\n  \n<?xml version=\"1.0\"?>{RSS}{one}{two}{END}")),
        ("leading junk", format!("<br />\n<b>Warning</b>: mysql in x.php<?xml version=\"1.0\"?>{RSS}{one}{two}{END}")),
        ("trailing junk", format!("{RSS}{one}{two}{END}<script>x</script>&&<")),
        ("no root", format!("<channel><title>Paper</title>{one}{two}</channel>")),
        ("items alone", format!("{one}{two}")),
        ("undeclared prefix", format!("{RSS}<item><title>T1</title><foo:bar>x</foo:bar></item>{two}{END}")),
        ("empty media:description", format!("<rss version=\"2.0\" xmlns:media=\"http://search.yahoo.com/mrss/\"><channel><item><title>T1</title><media:group><media:description/></media:group></item>{two}{END}")),
        ("author that panics a reader", format!("{RSS}<item><title>T1</title><author>a@b.org（Ann）</author></item>{two}{END}")),
        ("doctype", format!("<!DOCTYPE rss [<!ENTITY x \"y\"><!ENTITY z SYSTEM \"file:///etc/passwd\">]>{RSS}<item><title>T1</title><description>&x;&z;</description></item>{two}{END}")),
        ("declared utf-16", format!("<?xml version=\"1.0\" encoding=\"utf-16\"?>{RSS}{one}{two}{END}")),
        ("atom 0.3", "<feed version=\"0.3\" xmlns=\"http://purl.org/atom/ns#\"><entry><title>T1</title><issued>2026-11-01</issued><content type=\"text/html\" mode=\"escaped\">&lt;p>x</content></entry><entry><title>T2</title></entry></feed>".into()),
        ("https atom namespace", "<feed xmlns=\"https://www.w3.org/2005/Atom\"><entry><title>T1</title></entry><entry><title>T2</title></entry></feed>".into()),
        ("prefixed atom", "<atom:feed xmlns:atom=\"http://www.w3.org/2005/Atom\"><atom:entry><atom:title>T1</atom:title></atom:entry><atom:entry><atom:title>T2</atom:title></atom:entry></atom:feed>".into()),
        ("atom text/plain", "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><title type=\"text/plain\">T1</title><content type=\"text/plain\">x</content></entry><entry><title>T2</title></entry></feed>".into()),
        ("rss 0.90", format!("<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://my.netscape.com/rdf/simple/0.9/\"><channel><title>P</title></channel>{one}{two}</rdf:RDF>")),
        ("rss 1.0 without links", "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\"><item><title>T1</title></item><item><title>T2</title></item></rdf:RDF>".into()),
        ("deep", format!("{RSS}<item><title>T1</title><description>{}</description></item>{two}{END}", "<div>".repeat(100_000))),
    ];
    for (name, text) in rows {
        let feed = feed(&text);
        assert_eq!(titles(&feed), ["T1", "T2"], "{name}: {:?}", feed.stage);
    }
}

#[test]
fn what_stands_inside_a_damaged_item_is_kept() {
    let text = format!(
        "{RSS}<item><title>A & B</title><link>https://a.org/?a=1&b=2</link><guid>g</guid>\
         <pubDate>Sun, 22 Nov 2026 10:00:00 GMT</pubDate>\
         <content:encoded><![CDATA[<p>One.</p><p>Two &amp; three.</p>]]></content:encoded></item>{END}"
    );
    for text in [text.clone(), format!("{RSS}{}", "<x>".repeat(600)) + &text[RSS.len()..]] {
        let feed = feed(&text);
        assert!(feed.stage > Stage::Clean);
        let item = &feed.items[0];
        assert_eq!(item.title, "A & B");
        assert_eq!(item.content, "One.\n\nTwo & three.", "{:?}", feed.stage);
        assert_eq!(item.link.as_deref(), Some("https://a.org/?a=1&b=2"));
        assert_eq!(item.guid.as_deref(), Some("g"));
        assert_eq!(item.published, Some("2026-11-22T10:00:00Z".parse().unwrap()));
    }
}

#[test]
fn a_page_is_never_an_empty_feed() {
    let html = |title: &str| Err(NotAFeed::Html { title: title.into(), feeds: vec![] });
    for (text, wanted) in [
        (
            "<!DOCTYPE html><html><head><title>Domain &amp; for sale</title></head><body>rss</body></html>",
            html("Domain & for sale"),
        ),
        ("<head><title>x\u{1b}[31m</title>", html("x[31m")),
        ("<div>Parked</div>", html("")),
        ("<html><body><rss></rss></body></html>", html("")),
        ("", Err(NotAFeed::Empty)),
        (" \n", Err(NotAFeed::Empty)),
        ("hello\nworld", Err(NotAFeed::Unknown { begins: "hello world".into() })),
        ("{\"error\": true}", Err(NotAFeed::Unknown { begins: "{\"error\": true}".into() })),
        ("<svg/>", Err(NotAFeed::Unknown { begins: "<svg/>".into() })),
    ] {
        assert_eq!(read_text(text), wanted, "{text}");
    }
    let empty = feed(format!("{RSS}{END}"));
    assert_eq!((empty.seen, empty.items.len(), empty.stage), (0, 0, Stage::Clean));
}

#[test]
fn what_cannot_be_believed_is_left_out_and_said() {
    let item = |inner: &str| format!("{RSS}<item><title>T</title>{inner}</item>{END}");
    for (inner, doubt) in [
        ("<pubDate>Mon, 01 Jan 1601 00:00:00 GMT</pubDate>", Doubt::AncientDate),
        ("<pubDate>Mon, 01 Jan 2029 00:00:00 GMT</pubDate>", Doubt::FutureDate),
        ("<link>javascript:alert(1)</link>", Doubt::BadLink),
        ("<link>file:///etc/passwd</link>", Doubt::BadLink),
    ] {
        let item = feed(item(inner)).items.remove(0);
        assert_eq!((item.doubts, item.link, item.published), (vec![doubt], None, None), "{inner}");
    }
    let host = feed(item("<link>www.b.org/x</link>")).items.remove(0);
    assert_eq!(host.link.as_deref(), Some("https://www.b.org/x"));
    let dated = feed(item("<pubDate>soon</pubDate><dc:date>2026-11-01</dc:date>")).items.remove(0);
    assert_eq!(dated.published, Some("2026-11-01T00:00:00Z".parse().unwrap()));
    let guid_as_link = feed(item("<guid>https://a.org/7</guid>")).items.remove(0);
    assert_eq!(guid_as_link.link.as_deref(), Some("https://a.org/7"));
    let long = feed(item(&format!("<description>{}</description>", "word ".repeat(400_000))))
        .items
        .remove(0);
    assert_eq!(long.doubts, [Doubt::TooLong]);
    let title = feed(format!("{RSS}<item><title>{}</title></item>{END}", "x".repeat(1_000_000)))
        .items
        .remove(0);
    assert!(title.title.len() < 1_010);
}

#[test]
fn every_item_is_accounted_for() {
    let empty = feed(format!(
        "{RSS}<item/><item></item><item><title>T</title></item><item><author>x</author></item>{END}"
    ));
    assert_eq!((empty.items.len(), empty.rejected.len()), (2, 2));
    assert_eq!(empty.rejected.iter().map(|r| r.index).collect::<Vec<_>>(), [0, 1]);
    // Not even a name is passed over in silence; whether it is an article is for others.
    assert_eq!(empty.items[1].doubts, [Doubt::NoText]);
    let many = "<item><title>T</title></item>".repeat(MOST_ITEMS + 500);
    let flood = feed(format!("{RSS}{many}{END}"));
    assert_eq!((flood.items.len(), flood.over_cap, flood.stage), (MOST_ITEMS, 500, Stage::Clean));
    let damaged = feed(format!("{RSS}{many}&"));
    assert_eq!((damaged.items.len(), damaged.over_cap), (MOST_ITEMS, 500));
    let repeated = feed(format!("{RSS}{}{END}", "<item><guid>1</guid></item>".repeat(3)));
    assert_eq!(repeated.items.len(), 3);
}

#[test]
fn a_full_text_is_told_from_a_teaser() {
    let text = "A sentence of some length about what happened there. ".repeat(30);
    for (body, full) in [
        (text.clone(), true),
        (format!("{text} Read more"), false),
        (format!("{text}…"), false),
        ("Short.".to_owned(), false),
    ] {
        let item = feed(format!("{RSS}<item><description>{body}</description></item>{END}"))
            .items
            .remove(0);
        assert_eq!(item.is_full, full, "{}", &body[body.len().saturating_sub(20)..]);
    }
}

#[test]
fn the_charset_is_found() {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"windows-1251\"?>{RSS}<item><title>Кабул</title></item>{END}"
    );
    assert_eq!(titles(&feed(WINDOWS_1251.encode(&text).0)), ["Кабул"]);
    let utf16: Vec<u8> =
        format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(titles(&feed(utf16)), ["Кабул"]);
}

#[test]
fn a_hostile_document_is_read_in_time() {
    let started = std::time::Instant::now();
    for unit in [
        "<item>",
        "<item><title>",
        "<item a='1' ",
        "<![CDATA[",
        "<item><![CDATA[",
        "<a:b c:d=''>",
        "&amp;",
        "<!--",
        "<item><description>",
        "<x y=\"",
    ] {
        _ = read_text(format!("{RSS}{}", unit.repeat(100_000)));
        _ = read_text(unit.repeat(100_000));
    }
    let attributes = (0..100_000).map(|n| format!(" a{n}='x'")).collect::<String>();
    assert_eq!(feed(format!("{RSS}<item{attributes}><title>T</title></item>{END}")).items.len(), 1);
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(feed) = read_text(&bytes) {
            prop_assert_eq!(feed.seen, feed.items.len() + feed.rejected.len() + feed.over_cap);
        }
    }

    #[test]
    fn a_flipped_or_lost_byte_loses_no_other_item(at in 0usize..900, flip in proptest::option::of(any::<u8>())) {
        let items: String = (0..8).map(|n| format!(
            "<item><title>Title {n}</title><guid>g{n}</guid><description><![CDATA[<p>Text & more {n}</p>]]></description></item>"
        )).collect();
        let mut bytes = format!("{RSS}{items}{END}").into_bytes();
        let at = RSS.len() + at % (bytes.len() - RSS.len() - END.len());
        match flip {
            Some(byte) => bytes[at] = byte,
            None => { bytes.remove(at); }
        }
        let feed = read_text(&bytes).unwrap();
        prop_assert_eq!(feed.seen, feed.items.len() + feed.rejected.len() + feed.over_cap);
        prop_assert!(feed.items.len() >= 6, "{} at {}", feed.items.len(), at);
    }
}

#[test]
fn a_web_page_without_a_title_is_not_said_to_have_one() {
    for (title, wanted) in [
        ("", "a web page where a feed should be"),
        ("For sale", "a web page, titled `For sale`, where a feed should be"),
    ] {
        assert_eq!(NotAFeed::Html { title: title.into(), feeds: vec![] }.to_string(), wanted);
    }
    let page = "<html><head><link rel=alternate type=application/rss+xml href=/r></head></html>";
    assert_eq!(
        read_text(page).unwrap_err().to_string(),
        "a web page where a feed should be; it links to `https://a.org/r`"
    );
}

#[test]
fn damaged_json_is_read_item_by_item() {
    let item =
        |n: u8| format!("{{\"id\": {n}, \"title\": \"T{n}\", \"authors\": [{{\"name\": \"A\"}}]}}");
    let (one, two) = (item(1), item(2));
    let head =
        "{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"Paper\", \"items\": [";
    for (name, text) in [
        ("sound", format!("{head}{one}, {two}]}}")),
        ("cut", format!("{head}{one}, {}", &two[..two.len() - 12])),
        ("trailing comma", format!("{head}{one}, {two},]}}")),
        ("no comma", format!("{head}{one} {two}]}}")),
        ("opening lost", format!("{head}{}, {two}]}}", &one[1..])),
        ("second opening lost", format!("{head}{one}, {}]}}", &two[1..])),
        ("quote lost", format!("{head}{}, {two}]}}", one.replacen("A\"", "A", 1))),
        ("control character", format!("{head}{}, {two}]}}", one.replacen('A', "A\u{1}", 1))),
        ("leading junk", format!("x{}{one}, {two}]}}", &head[1..])),
        ("no version", format!("{{\"items\": [{one}, {two}]}}")),
    ] {
        let feed = feed(&text);
        assert_eq!((feed.form, titles(&feed)), (Form::Json, vec!["T1", "T2"]), "{name}");
    }
    let cut = format!("{{\"error\": [{one}");
    assert!(matches!(read_text(&cut), Err(NotAFeed::Unknown { .. })));
}

#[test]
fn a_panic_of_a_reader_is_counted() {
    let sound = format!("{RSS}<item><title>T1</title></item>{END}");
    let author = "<author>a@b.org（Ann）</author></item>";
    assert_eq!(feed(&sound).panics, 0);
    let feed = feed(sound.replace("</item>", author));
    assert_eq!((titles(&feed), feed.panics, feed.stage), (vec!["T1"], 1, Stage::Repaired));
}
