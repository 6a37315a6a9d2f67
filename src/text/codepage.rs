//! Code pages that the Encoding standard leaves out and that feeds still name: those of
//! DOS and the Macintosh, and those of mainframes (EBCDIC), in which not even `<` stands
//! where ASCII has it. The rows are in `data/codepages.tsv`.

use std::sync::LazyLock;

use crate::text::charset::Decoded;

/// What each byte stands for.
#[derive(Debug)]
pub struct CodePage {
    pub name: &'static str,
    labels: &'static str,
    /// Of all bytes, or of those that are not ASCII.
    characters: Vec<char>,
}

static PAGES: LazyLock<Vec<CodePage>> = LazyLock::new(|| {
    let rows = include_str!("data/codepages.tsv").lines().filter(|row| !row.starts_with('#'));
    rows.map(CodePage::of_row).collect()
});

/// The code page that goes by the label.
pub fn labelled(label: &str) -> Option<&'static CodePage> {
    let label = label.trim().to_ascii_lowercase().replace(['-', ' '], "_");
    // "IBM-850", as ICU has it.
    let label = label.replacen("ibm_", "ibm", 1);
    PAGES.iter().find(|page| page.labels.split('|').any(|known| known == label))
}

/// What a document begins with that is written for a mainframe; nothing of any other.
/// Letters, `<`, `?`, `=` and quotes are the same in all of its code pages.
pub fn head_of_mainframe(bytes: &[u8]) -> Option<String> {
    const BLANKS: &[u8] = b"\x40\x05\x0D\x15\x25";
    const STARTS: [&str; 6] = ["<?xml", "<rss", "<feed", "<rdf", "<!--", "<!DOCTYPE"];
    const LOOKED_AT: usize = 512;
    let blanks = bytes.iter().take_while(|byte| BLANKS.contains(byte)).count();
    let head = &bytes[blanks..bytes.len().min(blanks + LOOKED_AT)];
    if head.first() != Some(&b'\x4C') {
        return None;
    }
    let head = labelled("ibm037")?.decode(head).text.into_owned();
    STARTS.iter().any(|start| head.starts_with(start)).then_some(head)
}

impl CodePage {
    fn of_row(row: &'static str) -> CodePage {
        let cells: Vec<&str> = row.split('\t').collect();
        let [name, labels, characters] = cells[..] else { panic!("not three cells: `{row}`") };
        let meant = |c| match c {
            '␉' => '\t',
            '␊' => '\n',
            '␍' => '\r',
            other => other,
        };
        CodePage { name, labels, characters: characters.chars().map(meant).collect() }
    }

    /// Whether ASCII is no part of it.
    pub fn is_of_mainframe(&self) -> bool {
        self.characters.len() > 128
    }

    /// The text of the bytes.
    pub fn decode(&self, bytes: &[u8]) -> Decoded<'static> {
        let first = 256 - self.characters.len();
        let read = |byte: &u8| match usize::from(*byte).checked_sub(first) {
            Some(place) => self.characters[place],
            None => char::from(*byte),
        };
        let text: String = bytes.iter().map(read).collect();
        let damaged = text.contains(char::REPLACEMENT_CHARACTER);
        Decoded { text: text.into(), encoding: self.name, damaged }
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::Encoding;

    use super::{PAGES, head_of_mainframe, labelled};

    #[test]
    fn every_row_is_whole_and_no_label_says_two_things() {
        let mut labels: Vec<&str> = Vec::new();
        for page in PAGES.iter() {
            let characters = page.characters.len();
            assert!(characters == 128 || characters == 256, "{}: {characters}", page.name);
            labels.extend(page.labels.split('|'));
            assert!(labelled(page.name).is_some(), "{} is no label of its own", page.name);
        }
        let all = labels.len();
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), all, "a label stands twice");
        for label in labels {
            assert!(Encoding::for_label(label.as_bytes()).is_none(), "{label} has a standard");
        }
    }

    #[test]
    fn bytes_are_read_as_the_code_page_has_them() {
        for (label, bytes, text) in [
            ("cp437", &b"caf\x82 \xE1"[..], "café ß"),
            ("IBM-850", b"Alg\x82rie \xD5", "Algérie ı"),
            ("852", b"\xE6esk\xEC", "Šeský"),
            ("cp737", b"\x80\x98\xE1", "Ααά"),
            ("ibm037", b"\xC8\x85\x93\x93\x96\x40\x4C", "Hello <"),
            ("ebcdic-cp-us", b"\x51\x25", "é\n"),
            ("x", b"", ""),
        ] {
            match labelled(label) {
                Some(page) => assert_eq!(page.decode(bytes).text, text, "{label}"),
                None => assert_eq!(label, "x"),
            }
        }
    }

    #[test]
    fn a_mainframes_document_is_known_by_its_beginning() {
        let head = head_of_mainframe(b"\x25\x4C\x6F\xA7\x94\x93\x40\xA5").unwrap();
        assert_eq!(head, "<?xml v");
        for other in [&b"<?xml"[..], b"Lo\xA7", b"\x4C\x6F", b"L", b""] {
            assert_eq!(head_of_mainframe(other), None, "{other:?}");
        }
    }
}
