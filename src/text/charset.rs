//! Bytes to text. Publishers mislabel their feeds and pages, so what the bytes
//! look like is believed before what is said about them.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::text::codepage::{self, CodePage};
use crate::text::wide;

/// Text out of bytes, and how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text, without a byte order mark.
    pub text: Cow<'a, str>,
    /// The encoding's name in the Encoding standard's spelling, `UTF-32`, or a code page's.
    pub encoding: &'static str,
    /// Whether some bytes fitted no character of the encoding.
    pub damaged: bool,
}

/// Reads a document's bytes. The order of belief: byte order mark, the zero
/// bytes of UTF-16 and UTF-32, valid UTF-8, the `charset` of the content type,
/// the document's own declaration, a detector.
pub fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Decoded<'a> {
    if let Some(wide) = wide::of(bytes) {
        return wide.decode(bytes);
    }
    if let Some(page) = of_mainframe(bytes, content_type) {
        return page.decode(bytes);
    }
    let marked = bytes.strip_prefix(b"\xEF\xBB\xBF").or_else(|| past_damaged_mark(bytes));
    let bytes = marked.unwrap_or(bytes);
    if is_utf8_but_for_a_cut(bytes) {
        return decode_as(UTF_8, bytes);
    }
    // The bytes have just been shown not to be UTF-8, whatever is said of them.
    let said = content_type.and_then(charset_parameter).and_then(|label| legacy(&label));
    let said = said.or_else(|| legacy(&declared(&head(bytes))?));
    let few = if said.is_none() { is_ascii_with_a_few_bad_bytes } else { |_: &[u8]| false };
    if marked.is_some() || is_utf8_with_a_few_bad_bytes(bytes) || few(bytes) {
        return decode_patched(bytes);
    }
    match said {
        Some(Charset::Page(page)) => page.decode(bytes),
        Some(Charset::Standard(encoding)) => decode_as(encoding, bytes),
        None => decode_as(detect(bytes), bytes),
    }
}

/// What a label can name.
enum Charset {
    Standard(&'static Encoding),
    Page(&'static CodePage),
}

/// The charset of the label, for bytes in which ASCII is ASCII and that are not UTF-8:
/// where it says otherwise it is wrong.
fn legacy(label: &str) -> Option<Charset> {
    match Encoding::for_label(label.as_bytes()) {
        Some(encoding) => {
            let is_possible = ![UTF_8, UTF_16BE, UTF_16LE].contains(&encoding);
            is_possible.then_some(Charset::Standard(encoding))
        }
        None => {
            let page = codepage::labelled(label).filter(|page| !page.is_of_mainframe());
            page.map(Charset::Page)
        }
    }
}

/// The code page of a document written for a mainframe: that of the header or of its
/// own declaration; the usual one where neither knows better.
fn of_mainframe(bytes: &[u8], content_type: Option<&str>) -> Option<&'static CodePage> {
    let head = codepage::head_of_mainframe(bytes)?.to_ascii_lowercase();
    let labels = [content_type.and_then(charset_parameter), declared(&head)];
    let mut said = labels.into_iter().flatten().filter_map(|label| codepage::labelled(&label));
    said.find(|page| page.is_of_mainframe()).or_else(|| codepage::labelled("ibm037"))
}

fn decode_as<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Decoded<'a> {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    Decoded { text, encoding: encoding.name(), damaged }
}

/// Valid UTF-8, or valid up to a character that the end of the bytes cuts.
fn is_utf8_but_for_a_cut(bytes: &[u8]) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(fault) => fault.error_len().is_none() && fault.valid_up_to() > 0,
    }
}

/// UTF-8 in the main, into which something pasted a few Latin-1 bytes.
fn is_utf8_with_a_few_bad_bytes(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += chunk.invalid().len();
    }
    good > 0 && bad * 4 <= good
}

/// What follows a byte order mark of which a byte is lost or changed, where it is UTF-8.
fn past_damaged_mark(bytes: &[u8]) -> Option<&[u8]> {
    let start = bytes.iter().take(4).position(|byte| matches!(byte, b'<' | b'{'))?;
    let (mark, rest) = bytes.split_at(start);
    let kept = mark.iter().filter(|byte| b"\xEF\xBB\xBF".contains(byte)).count();
    (start <= 3 && kept >= 2 && is_utf8_but_for_a_cut(rest)).then_some(rest)
}

/// ASCII in which two or three bytes were hit by something: too little to guess from,
/// and a wrong guess could swallow the tag beside them.
fn is_ascii_with_a_few_bad_bytes(bytes: &[u8]) -> bool {
    let odd = bytes.iter().filter(|byte| !byte.is_ascii()).take(4).count();
    odd <= 3 && bytes.len() > 200
}

/// Reads the valid parts as UTF-8 and each bad byte as Windows-1252.
fn decode_patched(bytes: &[u8]) -> Decoded<'static> {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    Decoded { text: text.into(), encoding: UTF_8.name(), damaged: true }
}

/// The label in `text/xml; charset="koi8-r"`.
fn charset_parameter(content_type: &str) -> Option<String> {
    let lower = content_type.to_ascii_lowercase();
    let (_, rest) = lower.split_once("charset")?;
    let label = rest.trim_start().strip_prefix('=')?.trim_start();
    let label = label.trim_start_matches(['"', '\'']);
    let end = label.find(['"', '\'', ';', ' ', ',']).unwrap_or(label.len());
    Some(label[..end].to_owned())
}

/// The first bytes as if they were ASCII, in small letters.
fn head(bytes: &[u8]) -> String {
    bytes.iter().take(2048).map(|b| char::from(*b).to_ascii_lowercase()).collect()
}

/// The label that an XML declaration or an HTML `meta` names.
fn declared(head: &str) -> Option<String> {
    let xml = head.split_once("<?x").or_else(|| head.split_once("xml")).and_then(|(_, rest)| {
        let (declaration, _) = rest.split_once('>')?;
        let (_, label) = declaration.split_once("enc")?;
        let (_, label) = label.split_once('=').filter(|(name, _)| name.len() < 8)?;
        let label = label.trim_start();
        let quote = label.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        Some(label[1..].split(quote).next()?.trim().to_owned())
    });
    let meta = || head.split_once("<meta").and_then(|(_, rest)| charset_parameter(rest));
    xml.filter(|label| is_known(label)).or_else(meta)
}

fn is_known(label: &str) -> bool {
    Encoding::for_label(label.as_bytes()).is_some() || codepage::labelled(label).is_some()
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(256 * 1024)], true);
    detector.guess(None, Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use encoding_rs::{KOI8_R, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252, WINDOWS_1256};

    use super::decode;

    #[test]
    fn bytes_are_believed_before_labels() {
        let utf16be: Vec<u8> = "<a>é</a>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let utf16le: Vec<u8> =
            "\u{FEFF}<a>é</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf32: Vec<u8> = "<a>é</a>".chars().flat_map(|c| (c as u32).to_be_bytes()).collect();
        let rows: &[(&[u8], Option<&str>, &str)] = &[
            ("<a>é</a>".as_bytes(), Some("text/xml; charset=iso-8859-1"), "<a>é</a>"),
            ("\u{FEFF}<a>é</a>".as_bytes(), None, "<a>é</a>"),
            (&utf16be, Some("text/xml; charset=utf-8"), "<a>é</a>"),
            (&utf16le, None, "<a>é</a>"),
            (&utf32, None, "<a>é</a>"),
            (b"<a>caf\xE9</a>", Some("text/xml; charset=\"ISO-8859-1\""), "<a>café</a>"),
            (b"<?xml version='1.0' encoding='iso-8859-1'?><a>\xE9</a>", None, "é</a>"),
            (b"<?xml version='1.0' encoding='utf-16'?><a>x</a>", None, "x</a>"),
            ("<a>é — ü ‘x’ ö\u{e9}</a>".as_bytes(), None, "<a>é — ü ‘x’ öé</a>"),
            (b"<a>\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9 and \xE9</a>", None, "<a>éééé and é</a>"),
            (b"<a>\xC3\xA9\xE2\x80", None, "<a>é"),
            (b"", None, ""),
        ];
        for (bytes, content_type, wanted) in rows {
            let text = decode(bytes, *content_type).text;
            assert!(text.contains(wanted), "{wanted}: {text}");
        }
    }

    #[test]
    fn a_legacy_charset_is_named_by_header_declaration_or_meta() {
        let word = "Афганистан";
        for encoding in [WINDOWS_1251, KOI8_R] {
            let body = encoding.encode(word).0;
            let header = format!("text/html; charset={}", encoding.name());
            assert_eq!(decode(&body, Some(&header)).text, word);
            let page = [format!("<meta charset={}>", encoding.name()).as_bytes(), &body].concat();
            assert!(decode(&page, None).text.ends_with(word));
        }
        for (encoding, word) in [
            (SHIFT_JIS, "アフガニスタン"),
            (WINDOWS_1256, "افغانستان"),
            (WINDOWS_1252, "São Tomé à"),
        ] {
            let declared = format!("<?xml version=\"1.0\" encoding=\"{}\"?>", encoding.name());
            let bytes = [declared.as_bytes(), &encoding.encode(word).0].concat();
            assert!(decode(&bytes, Some("text/xml")).text.ends_with(word));
        }
    }

    #[test]
    fn a_mainframes_document_is_read_by_its_own_code_page() {
        use crate::text::codepage::labelled;
        let text = "<?xml version=\"1.0\" encoding=\"ibm273\"?>\n<a>Zehn Tote in Köln [heute]</a>";
        for (written_in, content_type) in
            [("ibm273", None), ("cp500", Some("text/xml; charset=EBCDIC-CP-BE"))]
        {
            let page = labelled(written_in).unwrap();
            let byte = |c: char| {
                let stands_for = |byte: &u8| page.decode(&[*byte]).text == c.to_string().as_str();
                (0..=255).rev().find(stands_for).unwrap()
            };
            let bytes: Vec<u8> = text.chars().map(byte).collect();
            let decoded = decode(&bytes, content_type);
            assert_eq!((&*decoded.text, decoded.encoding), (text, page.name));
        }
    }
}
