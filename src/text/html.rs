//! HTML to plain text: paragraphs parted by blank lines, references decoded,
//! what a reader does not see left out. Streams over the tags, so hostile
//! nesting costs nothing. Choosing the main text of a page is `article`'s.

use std::collections::HashSet;

use crate::text::markup::{self, Piece, find_ignoring_case};

/// The text of a piece of HTML. Block elements, captions among them, become
/// paragraphs of their own; `<br>` is a line break, two are a paragraph break.
/// In a text without block elements blank lines part the paragraphs.
pub fn plain(html: &str) -> String {
    let mut page = Lines { keep_breaks: !has_blocks(html), ..Lines::default() };
    let mut unclosed = HashSet::new();
    let mut pieces = markup::pieces(html);
    while let Some((_, piece)) = pieces.next() {
        match piece {
            Piece::Open { name, empty, .. } => {
                let name = local(name);
                if is_unseen(&name) && !empty && !unclosed.contains(&name) {
                    match past_close(html, pieces.position(), &name) {
                        Some(past) => pieces.skip_to(past),
                        None => _ = unclosed.insert(name),
                    }
                } else {
                    page.tag(&name);
                }
            }
            Piece::Close { name } => page.tag(&local(name)),
            Piece::Text(text) => page.text(&decode_references(text)),
            Piece::Verbatim(text) => page.text(text),
            Piece::Other => {}
        }
    }
    page.finish()
}

/// A tag's name in lower case, without the prefix that XHTML may have.
fn local(name: &str) -> String {
    name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase()
}

/// A title as people read it. Publishers escape titles twice more often than they
/// write about markup: what still looks escaped, or tagged, is read once more.
pub fn headline(html: &str) -> String {
    let once = line(html);
    let is_escaped = decode_references(&once) != once;
    let is_tagged = || {
        let mut pieces = markup::pieces(&once);
        pieces.any(|(_, piece)| matches!(piece, Piece::Close { name } if is_of_html(name)))
    };
    if is_escaped || is_tagged() { line(&once) } else { once }
}

/// The text of a piece of HTML on one line, as headlines need it.
pub fn line(html: &str) -> String {
    let text = plain(html);
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Plain text as HTML, which is what [`plain`] and [`line`] take. Publishers call
/// HTML plain often enough: a text with a closing tag or a line break in it is taken
/// for what it is.
pub fn from_plain(text: &str) -> String {
    let is_html = markup::pieces(text).any(|(_, piece)| match piece {
        Piece::Close { name } => is_of_html(name),
        Piece::Open { name, .. } => ["br", "p", "img"].iter().any(|t| name.eq_ignore_ascii_case(t)),
        _ => false,
    });
    if is_html {
        return text.to_owned();
    }
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// A text without the characters that could steer a terminal or a page: C0 and
/// C1 controls, bidirectional and zero-width marks, soft hyphens. Line breaks
/// and tabs stay; joiners stay, since Persian and Urdu are spelt with them.
pub fn clean(text: &str) -> String {
    text.chars().filter_map(seen).collect()
}

/// Text with `&amp;`, `&#39;` and their like resolved once; what is no
/// reference stays as it is.
pub fn decode_references(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(length) = reference(rest, &mut out) else {
            out.push('&');
            rest = &rest[1..];
            continue;
        };
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// Writes what the reference at the start of `text` stands for; its length.
fn reference(text: &str, out: &mut String) -> Option<usize> {
    const LONGEST: usize = 32;
    let body = &text[1..];
    let end = body.bytes().take(LONGEST).position(|b| !(b.is_ascii_alphanumeric() || b == b'#'));
    let end = end.unwrap_or(body.len().min(LONGEST));
    let (name, closed) = (body.get(..end)?, body[end..].starts_with(';'));
    if let Some(digits) = name.strip_prefix('#') {
        let code = match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => digits.parse(),
        };
        out.push(numbered(code.ok()?)?);
    } else if closed || matches!(name, "amp" | "lt" | "gt" | "quot" | "nbsp") {
        out.push_str(quick_xml::escape::resolve_html5_entity(name)?);
    } else {
        return None;
    }
    Some(1 + end + usize::from(closed))
}

/// The character of a numeric reference. Publishers who write `&#150;` mean
/// Windows-1252, as browsers know.
fn numbered(code: u32) -> Option<char> {
    match code {
        0 => Some(char::REPLACEMENT_CHARACTER),
        0x80..=0x9F => {
            let byte = [u8::try_from(code).ok()?];
            encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte).0.chars().next()
        }
        _ => char::from_u32(code),
    }
}

fn seen(c: char) -> Option<char> {
    match c {
        '\n' | '\t' => Some(c),
        '\r' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\u{A0}' => Some(' '),
        '\u{AD}' | '\u{61C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{FEFF}' => None,
        '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FFF9}'..='\u{FFFB}' => None,
        '\u{E0000}'..='\u{E007F}' | '\u{FFFE}' | '\u{FFFF}' => None,
        c if c.is_control() => None,
        c => Some(c),
    }
}

/// Elements whose inside no reader sees as prose.
fn is_unseen(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "template"
            | "svg"
            | "math"
            | "iframe"
            | "object"
            | "noscript"
            | "head"
            | "select"
            | "button"
            | "textarea"
            | "canvas"
            | "audio"
            | "video"
            | "nav"
    )
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "section"
            | "article"
            | "main"
            | "aside"
            | "header"
            | "footer"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "ul"
            | "ol"
            | "li"
            | "dl"
            | "dt"
            | "dd"
            | "table"
            | "tr"
            | "caption"
            | "blockquote"
            | "pre"
            | "figure"
            | "figcaption"
            | "address"
            | "form"
            | "fieldset"
            | "hr"
            | "center"
            | "body"
            | "html"
            | "title"
    )
}

/// Elements that a writer of titles and texts uses.
fn is_of_html(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    is_block(&name)
        || matches!(
            name.as_str(),
            "a" | "b"
                | "i"
                | "u"
                | "em"
                | "strong"
                | "span"
                | "font"
                | "small"
                | "big"
                | "sub"
                | "sup"
                | "code"
                | "q"
                | "cite"
                | "abbr"
                | "script"
                | "style"
                | "strike"
                | "s"
        )
}

fn has_blocks(html: &str) -> bool {
    markup::pieces(html).any(|(_, piece)| match piece {
        Piece::Open { name, .. } => {
            let name = name.to_ascii_lowercase();
            name == "br" || is_block(&name)
        }
        _ => false,
    })
}

/// The byte after the closing tag of an element, where there is one.
fn past_close(html: &str, from: usize, name: &str) -> Option<usize> {
    let close = from + find_ignoring_case(&html[from..], &format!("</{name}"))?;
    Some(html[close..].find('>').map_or(html.len(), |end| close + end + 1))
}

/// Text as it is laid out: what has been written and what is owed before the next word.
#[derive(Default)]
struct Lines {
    out: String,
    keep_breaks: bool,
    space: bool,
    breaks: usize,
}

impl Lines {
    fn tag(&mut self, name: &str) {
        match name {
            "br" => self.breaks += 1,
            "td" | "th" | "img" => self.space = true,
            _ if is_block(name) => self.breaks = self.breaks.max(2),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        for c in text.chars().filter_map(seen) {
            match c {
                '\n' if self.keep_breaks => self.breaks += 1,
                c if c.is_whitespace() => self.space = true,
                c => self.word_character(c),
            }
        }
    }

    fn word_character(&mut self, c: char) {
        if !self.out.is_empty() {
            match self.breaks {
                0 if self.space => self.out.push(' '),
                0 => {}
                1 => self.out.push('\n'),
                _ => self.out.push_str("\n\n"),
            }
        }
        (self.breaks, self.space) = (0, false);
        self.out.push(c);
    }

    fn finish(self) -> String {
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::{clean, headline, line, plain};

    #[test]
    fn blocks_become_paragraphs() {
        for (html, wanted) in [
            ("<p>One  two</p><p>three</p>", "One two\n\nthree"),
            ("one<br>two<br/><br>three", "one\ntwo\n\nthree"),
            ("<figure><img><figcaption>A photo.</figcaption></figure>Text", "A photo.\n\nText"),
            ("<ul><li>a</li><li>b</ul>c", "a\n\nb\n\nc"),
            ("<b>bo</b>ld <i>x</i>", "bold x"),
            ("<p>a</p><script>if (a<b) {}</script><style>p{}</style><p>b", "a\n\nb"),
            ("<td>1</td><td>2</td>", "1 2"),
            ("first line\nsame\n\nnext", "first line\nsame\n\nnext"),
            ("<p>soft\nbreak</p>", "soft break"),
            ("<svg>kept, since it never ends", "kept, since it never ends"),
            ("5 < 6 & 7 > 3", "5 < 6 & 7 > 3"),
            ("<![CDATA[raw]]>", "raw"),
            ("", ""),
        ] {
            assert_eq!(plain(html), wanted, "{html}");
        }
    }

    #[test]
    fn a_title_escaped_twice_is_read_twice() {
        for (html, wanted) in [
            ("AT&amp;T", "AT&T"),
            ("don&amp;#8217;t &amp;amp; won&amp;rsquo;t", "don’t & won’t"),
            ("&lt;b&gt;Ten&lt;/b&gt; killed", "Ten killed"),
            ("5 &lt; 6 &amp; 7", "5 < 6 & 7"),
            ("the &lt;br&gt; tag", "the <br> tag"),
        ] {
            assert_eq!(headline(html), wanted, "{html}");
        }
    }

    #[test]
    fn references_are_decoded_once() {
        for (html, wanted) in [
            ("a &amp; b &lt;c&gt;", "a & b <c>"),
            ("don&#8217;t &#x2019; &#150; &rsquo;", "don’t ’ – ’"),
            ("&amp;amp;", "&amp;"),
            ("AT&T &unknown; &; &#; &#xZ; &#99999999;", "AT&T &unknown; &; &#; &#xZ; &#99999999;"),
            ("a&nbsp;b&nbsp", "a b"),
            ("fish &amp chips", "fish & chips"),
        ] {
            assert_eq!(line(html), wanted, "{html}");
        }
    }

    #[test]
    fn no_character_steers_a_terminal() {
        assert_eq!(clean("a\u{1b}[31mb\0c\u{9b}d\u{202e}e\u{200b}f\u{feff}"), "a[31mbcdef");
        assert_eq!(plain("a\u{1b}b&#27;c&#x202e;d"), "abcd");
        assert_eq!(clean("می\u{200c}خواهم"), "می\u{200c}خواهم");
    }

    #[test]
    fn hostile_markup_is_read_in_time() {
        let started = std::time::Instant::now();
        for unit in [
            "<div>",
            "<b><i>",
            "<svg>",
            "<![CDATA[",
            "<!--",
            "<?",
            "</",
            "<a b='",
            "<a b=\"'",
            "&",
            "&#",
            "<script>",
        ] {
            plain(&unit.repeat(200_000));
        }
        assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    }
}
