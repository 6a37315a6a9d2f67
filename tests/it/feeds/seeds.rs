//! Sound feeds, one a dialect, all with the same four items: from these the damaged
//! ones are made.

/// A sound feed and what it is.
#[derive(Debug, Clone)]
pub struct Seed {
    /// The dialect as `probe` names it, and what is particular.
    pub name: &'static str,
    pub text: String,
}

/// The titles of the items of every seed, in order.
pub const TITLES: [&str; 4] =
    ["Ten killed in Kunduz", "Raid & rescue in Baghlan", "Bridge rebuilt in Takhar", "A quiet day"];

/// The first paragraph of each item.
const BODIES: [&str; 4] = [
    "Gunmen killed ten people near the river, an official said.",
    "Police freed two drivers <b>unhurt</b> after a short fight.",
    "The bridge was opened again on Monday.",
    "Nothing was reported from the province.",
];

/// All of them.
pub fn all() -> Vec<Seed> {
    let seed = |name, text| Seed { name, text };
    vec![
        seed("rss0.90", rdf("http://my.netscape.com/rdf/simple/0.9/", false)),
        seed("rss0.91", rss("0.91", "", &plain_item)),
        seed("rss0.92", rss("0.92", "", &plain_item)),
        seed("rss1.0", rdf("http://purl.org/rss/1.0/", true)),
        seed("rss2.0", rss("2.0", "", &plain_item)),
        seed("rss2.0-rich", rss("2.0", RICH, &rich_item)),
        seed("atom0.3", atom03()),
        seed("atom1.0-html", atom10(&html_entry)),
        seed("atom1.0-xhtml", atom10(&xhtml_entry)),
        seed("cdf", cdf()),
        seed("json1.0", json("1")),
        seed("json1.1", json("1.1")),
    ]
}

/// The seeds in XML.
pub fn xml() -> Vec<Seed> {
    all().into_iter().filter(|seed| !seed.name.starts_with("json")).collect()
}

const RICH: &str = " xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
    xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:media=\"http://search.yahoo.com/mrss/\" \
    xmlns:atom=\"http://www.w3.org/2005/Atom\"";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn items(one: &dyn Fn(usize) -> String) -> String {
    (0..TITLES.len()).map(one).collect()
}

fn rss(version: &str, namespaces: &str, item: &dyn Fn(usize) -> String) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"{version}\"{namespaces}>\n<channel>\n\
         <title>Herald of the North</title>\n<link>https://herald.example/</link>\n\
         <description>News</description>\n<language>en</language>\n{}</channel>\n</rss>\n",
        items(item)
    )
}

fn plain_item(n: usize) -> String {
    format!(
        "<item>\n<title>{}</title>\n<link>https://herald.example/story/{n}?a=1&amp;b=2</link>\n\
         <guid isPermaLink=\"false\">urn:herald:{n}</guid>\n\
         <pubDate>Mon, 2{n} Nov 2023 10:30:00 +0430</pubDate>\n<description>{}</description>\n</item>\n",
        escaped(TITLES[n]),
        escaped(&format!("<p>{}</p>", BODIES[n])),
    )
}

fn rich_item(n: usize) -> String {
    format!(
        "<item>\n<title><![CDATA[{}]]></title>\n<link>https://herald.example/story/{n}</link>\n\
         <guid isPermaLink=\"false\">urn:herald:{n}</guid>\n<dc:creator><![CDATA[A. Writer]]></dc:creator>\n\
         <dc:date>2023-11-2{n}T06:00:00Z</dc:date>\n<category>news</category>\n\
         <description><![CDATA[<p>{}</p>]]></description>\n\
         <content:encoded><![CDATA[<p>{}</p><p>More follows.</p>]]></content:encoded>\n\
         <media:group><media:content url=\"https://herald.example/{n}.jpg\" medium=\"image\"/>\
         <media:title>Photo {n}</media:title></media:group>\n</item>\n",
        TITLES[n], BODIES[n], BODIES[n],
    )
}

fn rdf(namespace: &str, dated: bool) -> String {
    let item = |n: usize| {
        let date = if dated {
            format!("<dc:date>2023-11-2{n}T06:00:00Z</dc:date>\n")
        } else {
            String::new()
        };
        format!(
            "<item rdf:about=\"https://herald.example/story/{n}\">\n<title>{}</title>\n\
             <link>https://herald.example/story/{n}</link>\n{date}<description>{}</description>\n</item>\n",
            escaped(TITLES[n]),
            escaped(BODIES[n]),
        )
    };
    format!(
        "<?xml version=\"1.0\"?>\n<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns=\"{namespace}\">\n\
         <channel rdf:about=\"https://herald.example/rss\">\n<title>Herald of the North</title>\n\
         <link>https://herald.example/</link>\n<description>News</description>\n</channel>\n{}</rdf:RDF>\n",
        items(&item)
    )
}

fn atom03() -> String {
    let entry = |n: usize| {
        format!(
            "<entry>\n<title mode=\"escaped\" type=\"text/html\">{}</title>\n\
             <link rel=\"alternate\" type=\"text/html\" href=\"https://herald.example/story/{n}\"/>\n\
             <id>urn:herald:{n}</id>\n<issued>2023-11-2{n}T10:30:00+04:30</issued>\n\
             <modified>2023-11-2{n}T11:30:00+04:30</modified>\n\
             <content mode=\"escaped\" type=\"text/html\">{}</content>\n</entry>\n",
            escaped(&escaped(TITLES[n])),
            escaped(&format!("<p>{}</p>", BODIES[n])),
        )
    };
    format!(
        "<?xml version=\"1.0\"?>\n<feed version=\"0.3\" xmlns=\"http://purl.org/atom/ns#\">\n\
         <title>Herald of the North</title>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"https://herald.example/\"/>\n\
         <modified>2023-11-24T00:00:00Z</modified>\n{}</feed>\n",
        items(&entry)
    )
}

fn atom10(entry: &dyn Fn(usize) -> String) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
         <title>Herald of the North</title>\n<link href=\"https://herald.example/\"/>\n\
         <link rel=\"self\" href=\"https://herald.example/atom\"/>\n<id>urn:herald</id>\n\
         <updated>2023-11-24T00:00:00Z</updated>\n{}</feed>\n",
        items(entry)
    )
}

fn html_entry(n: usize) -> String {
    format!(
        "<entry>\n<title type=\"html\">{}</title>\n<link href=\"https://herald.example/story/{n}\"/>\n\
         <id>urn:herald:{n}</id>\n<author><name>A. Writer</name></author>\n\
         <published>2023-11-2{n}T06:00:00Z</published>\n<updated>2023-11-2{n}T07:00:00Z</updated>\n\
         <summary>{}</summary>\n<content type=\"html\">{}</content>\n</entry>\n",
        escaped(&escaped(TITLES[n])),
        escaped(&BODIES[n].replace("<b>", "").replace("</b>", "")),
        escaped(&format!("<p>{}</p><p>More.</p>", BODIES[n])),
    )
}

fn xhtml_entry(n: usize) -> String {
    format!(
        "<entry xml:lang=\"en\">\n\
         <title type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">{}</div></title>\n\
         <link rel=\"replies\" href=\"https://herald.example/comments/{n}\"/>\n\
         <link rel=\"alternate\" href=\"https://herald.example/story/{n}\"/>\n<id>urn:herald:{n}</id>\n\
         <updated>2023-11-2{n}T06:00:00Z</updated>\n\
         <content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\"><p>{}</p></div></content>\n</entry>\n",
        escaped(TITLES[n]),
        BODIES[n],
    )
}

fn cdf() -> String {
    let item = |n: usize| {
        format!(
            "<ITEM HREF=\"https://herald.example/story/{n}\" LASTMOD=\"2023-11-2{n}T06:00:00Z\">\n\
             <TITLE>{}</TITLE>\n<ABSTRACT>{}</ABSTRACT>\n</ITEM>\n",
            escaped(TITLES[n]),
            escaped(BODIES[n]),
        )
    };
    format!(
        "<?xml version=\"1.0\"?>\n<CHANNEL HREF=\"https://herald.example/\">\n\
         <TITLE>Herald of the North</TITLE>\n{}</CHANNEL>\n",
        items(&item)
    )
}

fn json(version: &str) -> String {
    let item = |n: usize| {
        serde_json::json!({
            "id": format!("urn:herald:{n}"),
            "url": format!("https://herald.example/story/{n}"),
            "title": TITLES[n],
            "content_html": format!("<p>{}</p>", BODIES[n]),
            "date_published": format!("2023-11-2{n}T06:00:00Z"),
            "authors": [{ "name": "A. Writer", "url": "https://herald.example/writer" }],
            "tags": ["news", "{braces}", "\"quotes\""],
        })
    };
    let items: Vec<_> = (0..TITLES.len()).map(item).collect();
    let document = serde_json::json!({
        "version": format!("https://jsonfeed.org/version/{version}"),
        "title": "Herald of the North",
        "home_page_url": "https://herald.example/",
        "items": items,
    });
    format!("{document:#}\n")
}
