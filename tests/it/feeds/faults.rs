//! The faults that feeds are met with, as changes to a sound one. Each leaves enough
//! for a good reader to find every item.

/// A fault by name.
pub struct Fault {
    pub name: &'static str,
    /// The text with the fault in it; nothing where it does not apply.
    pub inflict: fn(&str) -> Option<Vec<u8>>,
}

macro_rules! faults {
    ($($name:literal => $inflict:expr,)*) => {
        &[$(Fault { name: $name, inflict: |text| ($inflict)(text) }),*]
    };
}

/// All of them.
pub const FAULTS: &[Fault] = faults! {
    // References and characters.
    "bare-ampersand" => |t: &str| changed(t, "&amp;", "&"),
    "undefined-entity" => |t: &str| changed(t, "an official", "an&nbsp;official &ndash; &bogus;"),
    "nul-reference" => |t: &str| changed(t, "an official", "an&#0; official"),
    "control-reference" => |t: &str| changed(t, "an official", "an&#11; official&#x1f;"),
    "huge-reference" => |t: &str| changed(t, "an official", "an official &#99999999;"),
    "nul-byte" => |t: &str| changed(t, "an official", "an\0 official"),
    "control-bytes" => |t: &str| changed(t, "an official", "an\u{1b}[31m \u{8}official\u{7f}"),
    "c1-reference" => |t: &str| changed(t, "an official", "an &#150; official"),
    "latin-1-byte" => |t: &str| spliced(t, "an official", b"an offici\xe9l"),
    "overlong-utf-8" => |t: &str| spliced(t, "an official", b"an \xc0\xbc official"),
    "cut-utf-8" => |t: &str| spliced(t, "an official", b"an \xe2\x80 official"),
    "stray-angle" => |t: &str| changed(t, "an official", "5 < 6 <3 official"),
    "stray-angles" => |t: &str| changed(t, "an official", "<<< official >>>"),
    "bidi-characters" => |t: &str| changed(t, "an official", "an \u{202e}official\u{200b}"),
    // Markup that was never XML.
    "unclosed-br" => |t: &str| changed(t, "an official", "an<br>official<hr><img src=x>"),
    "unclosed-p" => |t: &str| changed(t, "an official", "<p>an official"),
    "crossed-tags" => |t: &str| changed(t, "an official", "<b><i>an</b></i> official"),
    "stray-close" => |t: &str| changed(t, "an official", "an</font> official"),
    "unquoted-attribute" => |t: &str| changed(t, "an official", "<a href=x class>an</a> official"),
    "broken-comment" => |t: &str| changed(t, "an official", "<!-- an -- official <!-->"),
    "php-warning-inside" => |t: &str| changed(t, "an official", "<b>Warning</b>: x() in y.php on line 3<br />"),
    "conditional-comment" => |t: &str| changed(t, "an official", "<![if !IE]>an<![endif]> official"),
    // The document as a whole.
    "leading-blanks" => |t: &str| Some(format!("\n \r\n\t{t}").into()),
    "leading-bom-blanks" => |t: &str| Some(format!("\u{feff}\n{t}").into()),
    "two-boms" => |t: &str| Some(format!("\u{feff}\u{feff}{t}").into()),
    "leading-junk" => |t: &str| Some(format!("<br />\n<b>Warning</b>: mysql_connect() in /x.php on line 1\n{t}").into()),
    "leading-comment" => |t: &str| Some(format!("<!-- cached by <html> -->\n{t}").into()),
    "leading-text" => |t: &str| Some(format!("Content-Type: text/xml\n\n{t}").into()),
    "trailing-junk" => |t: &str| Some(format!("{t}<!-- 0.2 s --><script>x()</script>&&<").into()),
    "trailing-nul" => |t: &str| Some(format!("{t}\0\0\0").into()),
    "no-declaration" => |t: &str| t.split_once("?>").map(|(_, rest)| rest.trim_start().into()),
    "two-declarations" => |t: &str| Some(format!("<?xml version=\"1.0\"?>{t}").into()),
    "open-declaration" => |t: &str| changed(t, "?>", ""),
    "version-1.1" => |t: &str| changed(t, "xml version=\"1.0\"", "xml version=\"1.1\" standalone=\"maybe\""),
    "says-utf-16" => |t: &str| declared(t, "utf-16"),
    "says-nonsense" => |t: &str| declared(t, "x-klingon"),
    "says-ascii" => |t: &str| declared(t, "us-ascii"),
    "stylesheet" => |t: &str| changed(t, "?>", "?>\n<?xml-stylesheet href=\"a.xsl\" type=\"text/xsl\"?>"),
    "doctype" => |t: &str| changed(t, "?>", "?>\n<!DOCTYPE rss PUBLIC \"-//Netscape//DTD RSS 0.91//EN\" \"http://my.netscape.com/publish/formats/rss-0.91.dtd\">"),
    "doctype-entities" => |t: &str| changed(t, "?>", "?>\n<!DOCTYPE rss [<!ENTITY off \"official\"> <!ENTITY z SYSTEM \"file:///etc/passwd\">]>").and_then(|t| changed(&String::from_utf8_lossy(&t), "official", "&off; &z;")),
    "entity-bomb" => |t: &str| changed(t, "?>", &bomb()).and_then(|t| changed(&String::from_utf8_lossy(&t), "official", "&e9; official")),
    "truncated" => |t: &str| cut(t, "Nothing was", "Nothing was"),
    "truncated-in-tag" => |t: &str| cut(t, "Nothing was", "Nothing was reported.</descri"),
    "no-end" => |t: &str| Some(t.trim_end().rsplit_once("</")?.0.into()),
    "cr-line-ends" => |t: &str| Some(t.replace('\n', "\r").into()),
    "crlf-line-ends" => |t: &str| Some(t.replace('\n', "\r\n").into()),
    "one-line" => |t: &str| Some(t.replace('\n', "").into()),
    // Names and namespaces.
    "upper-case" => |t: &str| tags(t, |name| name.to_uppercase()),
    "lower-case" => |t: &str| tags(t, |name| name.to_lowercase()),
    "undeclared-prefix" => |t: &str| changed(t, "</title>", "</title><foo:bar baz:x=\"1\">y</foo:bar>"),
    "unusual-prefix" => |t: &str| prefixed(t),
    "https-namespace" => |t: &str| changed(t, "xmlns=\"http:", "xmlns=\"https:"),
    "no-namespace" => |t: &str| no_namespaces(t),
    "wrong-namespace" => |t: &str| changed(t, "xmlns=\"http://", "xmlns=\"http://www."),
    "no-version" => |t: &str| t.find(" version=\"0.").or(t.find(" version=\"2.")).map(|at| [&t[..at], &t[at + 14..]].concat().into()),
    "odd-version" => |t: &str| changed(t, " version=\"2.0\"", " version=\"2.0.1\"").or_else(|| changed(t, " version=\"0.9", " version=\"7.9")),
    "root-misspelt" => |t: &str| changed(t, "<rss", "<rsx").or_else(|| changed(t, "<feed", "<fed")).or_else(|| changed(t, "<rdf:RDF", "<rdf:RFD")),
    // Elements.
    "item-left-open" => |t: &str| once(t, "</item>", "").or_else(|| once(t, "</entry>", "")),
    "item-twice-open" => |t: &str| once(t, "<item>", "<item\n>").or_else(|| once(t, "<entry>", "<entry >")),
    "item-start-lost" => |t: &str| third(t, "<item", "<itm").or_else(|| third(t, "<entry", "<entr")),
    "title-close-misspelt" => |t: &str| changed(t, "</title>", "</titel>"),
    "date-left-open" => |t: &str| changed(t, "</pubDate>", "").or_else(|| changed(t, "</dc:date>", "")).or_else(|| changed(t, "</updated>", "")),
    "link-left-open" => |t: &str| changed(t, "</link>", ""),
    "cdata-left-open" => |t: &str| changed(t, "an official said.</p>]]>", "an official said.</p>"),
    "cdata-damaged" => |t: &str| changed(t, "<![CDATA[<p>", "<![CDTA[<p>"),
    "cdata-ends-early" => |t: &str| changed(t, "an official", "an ]]> official"),
    "cdata-lower-case" => |t: &str| changed(t, "<![CDATA[", "<![cdata["),
    "duplicate-attribute" => |t: &str| changed(t, "<title", "<title x=\"1\" x=\"2\""),
    "attribute-quote-lost" => |t: &str| changed(t, "isPermaLink=\"false\"", "isPermaLink=\"false").or_else(|| once(t, "type=\"html\">", "type=\"html>")),
    "single-quotes" => |t: &str| Some(t.replace('"', "'").into()),
    "many-attributes" => |t: &str| changed(t, "<title", &format!("<title{}", (0..3000).map(|n| format!(" a{n}='x'")).collect::<String>())),
    "deep" => |t: &str| changed(t, "an official", &"<div>".repeat(20_000)),
    "empty-media-description" => |t: &str| changed(t, "</title>", "</title><media:group><media:description/></media:group>"),
    "author-with-brackets" => |t: &str| changed(t, "</title>", "</title><author>a@b.example（Ann “A”）</author>"),
    "long-duration" => |t: &str| changed(t, "</title>", "</title><itunes:duration>99999999999999999999</itunes:duration>"),
    "relative-links" => |t: &str| changed(t, "https://herald.example/story", "/story"),
    "no-links" => |t: &str| changed(t, "https://herald.example/story", ""),
    "bad-links" => |t: &str| changed(t, "https://herald.example/story", "javascript:x"),
    "no-ids" => |t: &str| changed(t, "urn:herald:", ""),
    "dates-1601" => |t: &str| changed(t, "Nov 2023", "Nov 1601").or_else(|| changed(t, "2023-11", "1601-11")),
    "dates-nonsense" => |t: &str| changed(t, "Nov 2023", "Foo 2023").or_else(|| changed(t, "2023-11", "2023-31")),
    "dates-without-seconds" => |t: &str| changed(t, ":30:00", ":30").or_else(|| changed(t, ":00:00", ":00")),
    "dates-named-zone" => |t: &str| changed(t, "+0430", "CEST"),
    // Somewhere else.
    "inside-html" => |t: &str| Some(format!("<html><head><title>Feed</title></head><body>{t}</body></html>").into()),
    "inside-pre" => |t: &str| Some(format!("<!DOCTYPE html><html><head><title>Feed</title></head><body><pre>{}</pre></body></html>", t.replace('&', "&amp;").replace('<', "&lt;")).into()),
    "escaped-whole" => |t: &str| Some(t.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").into()),
};

fn changed(text: &str, from: &str, to: &str) -> Option<Vec<u8>> {
    text.contains(from).then(|| text.replace(from, to).into())
}

fn once(text: &str, from: &str, to: &str) -> Option<Vec<u8>> {
    text.contains(from).then(|| text.replacen(from, to, 1).into())
}

/// The third one changed.
fn third(text: &str, from: &str, to: &str) -> Option<Vec<u8>> {
    let (at, _) = text.match_indices(from).nth(2)?;
    Some([&text[..at], to, &text[at + from.len()..]].concat().into())
}

fn spliced(text: &str, from: &str, to: &[u8]) -> Option<Vec<u8>> {
    let (before, after) = text.split_once(from)?;
    Some([before.as_bytes(), to, after.as_bytes()].concat())
}

fn cut(text: &str, at: &str, end: &str) -> Option<Vec<u8>> {
    Some([text.split_once(at)?.0, end].concat().into())
}

fn declared(text: &str, encoding: &str) -> Option<Vec<u8>> {
    let (_, rest) = text.split_once("?>")?;
    Some(format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>{rest}").into())
}

fn bomb() -> String {
    let mut subset = "<!ENTITY e0 \"ha\">".to_owned();
    for n in 1..10 {
        subset += &format!("<!ENTITY e{n} \"{}\">", format!("&e{};", n - 1).repeat(10));
    }
    format!("?>\n<!DOCTYPE rss [{subset}]>")
}

/// The names of all tags changed; their attributes stay.
fn tags(text: &str, change: fn(&str) -> String) -> Option<Vec<u8>> {
    let (declaration, body) = text.split_once("?>")?;
    let mut out = format!("{declaration}?>");
    for (n, part) in body.split('<').enumerate() {
        let end =
            part.find(|c: char| c.is_whitespace() || matches!(c, '>' | '[' | '!')).unwrap_or(0);
        let is_tag = n > 0 && !part.starts_with('!');
        out += if n > 0 { "<" } else { "" };
        out += &if is_tag { change(&part[..end]) } else { part[..end].to_owned() };
        out += &part[end..];
    }
    Some(out.into())
}

/// Atom's names with a prefix of the publisher's own.
fn prefixed(text: &str) -> Option<Vec<u8>> {
    let text = text.contains("<feed xmlns=\"http://www.w3.org/2005/Atom\">").then_some(text)?;
    let text = text.replace("<feed xmlns=", "<feed xmlns:q=");
    tags(&text, |name| match name.strip_prefix('/') {
        Some("div" | "p" | "b") => name.to_owned(),
        Some(name) => format!("/q:{name}"),
        None if matches!(name, "div" | "p" | "b") => name.to_owned(),
        None => format!("q:{name}"),
    })
}

fn no_namespaces(text: &str) -> Option<Vec<u8>> {
    let mut out = text.to_owned();
    while let Some(at) = out.find(" xmlns") {
        let length = out[at..].match_indices('"').nth(1)?.0 + 1;
        out.replace_range(at..at + length, "");
    }
    Some(out.into())
}
