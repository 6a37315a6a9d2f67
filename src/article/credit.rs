//! Which agency an article credits: "KABUL (Reuters) -", "— Xinhua", "told AFP",
//! "with inputs from PTI". Two outlets with one agency's story are one report.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Article;
use super::zones::{Zone, paragraphs};
use crate::text::fold::fold;

/// How plainly a text is said to be an agency's, the plainest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ground {
    /// One voice in the story spoke to it: "told AFP", "Reuters reported".
    Quoted,
    /// "With inputs from ANI", "Additional reporting by AFP".
    Helped,
    /// A byline, a dateline, the last line.
    Signed,
}

/// The agency whose story it is, by its usual name; the publisher itself is none.
pub fn agency(article: &Article) -> Option<&'static str> {
    let document = article.document();
    let publisher = named(&article.source);
    let mut best: Option<(Ground, &'static str)> = None;
    let mut first = true;
    for paragraph in paragraphs(article, &document) {
        let text = &document[paragraph.range];
        let opens = first && paragraph.zone == Zone::Body;
        first &= paragraph.zone != Zone::Body;
        // The words under a picture credit its photographer.
        if matches!(paragraph.zone, Zone::Caption | Zone::Title | Zone::TitleAgain) {
            continue;
        }
        for (ground, agency) in credits(text, opens) {
            if Some(agency) != publisher && best.is_none_or(|(known, _)| ground > known) {
                best = Some((ground, agency));
            }
        }
    }
    best.map(|(_, agency)| agency)
}

/// The agency that goes by the name, however it is written.
pub fn named(name: &str) -> Option<&'static str> {
    let folded = fold(name);
    let bare = folded.strip_prefix("the ").unwrap_or(&folded);
    FORMS.get(bare).map(|form| form.agency)
}

struct Form {
    agency: &'static str,
    /// A word only in capitals.
    capitals: bool,
}

static FORMS: LazyLock<HashMap<String, Form>> = LazyLock::new(|| {
    let rows = include_str!("data/agencies.tsv").lines().filter(|row| !row.starts_with('#'));
    let mut forms = HashMap::new();
    for row in rows {
        let (agency, others) = row.split_once('\t').unwrap_or((row, ""));
        for form in others.split('|').chain([agency]).filter(|form| !form.is_empty()) {
            let capitals = !form.contains(char::is_lowercase);
            let folded = fold(form);
            let bare = folded.strip_prefix("the ").unwrap_or(&folded).to_owned();
            forms.insert(bare, Form { agency, capitals });
        }
    }
    forms
});

/// The forms in order, to ask how some of them begin.
static SORTED: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let mut forms: Vec<&str> = FORMS.keys().map(String::as_str).collect();
    forms.sort_unstable();
    forms
});

/// Words of the longest form.
const LONGEST: usize = 6;

fn credits(text: &str, opens: bool) -> Vec<(Ground, &'static str)> {
    let words = words(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if !begins_a_form(&text[words[at].clone()]) {
            at += 1;
            continue;
        }
        let met = (1..=LONGEST.min(words.len() - at)).rev().find_map(|length| {
            agency_at(text, &words[at..at + length]).map(|agency| (length, agency))
        });
        let Some((length, agency)) = met else {
            at += 1;
            continue;
        };
        let credit = Credit { text, words: &words, at, end: at + length, opens };
        found.extend(credit.ground().map(|ground| (ground, agency)));
        at += length;
    }
    found
}

/// Byte ranges of the words, apostrophes and hyphens left inside.
fn words(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric() || c == '\'' || c == '’', start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    found
}

/// Whether some form may begin with the word: nearly none does, which is soon seen.
fn begins_a_form(word: &str) -> bool {
    if !word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == 'd') {
        return false;
    }
    let folded = fold(word);
    let begins = |head: &str| {
        let at = SORTED.partition_point(|form| *form < head);
        SORTED.get(at).is_some_and(|form| form.starts_with(head))
    };
    // "AFP's".
    begins(&folded) || folded.strip_suffix('s').is_some_and(begins)
}

fn agency_at(text: &str, words: &[std::ops::Range<usize>]) -> Option<&'static str> {
    let (first, last) = (words.first()?, words.last()?);
    let written = &text[first.start..last.end];
    let folded = fold(written);
    let form = FORMS.get(
        folded.strip_suffix("s").filter(|_| written.contains(['\'', '’'])).unwrap_or(&folded),
    )?;
    let is_meant = !form.capitals || !written.contains(char::is_lowercase);
    is_meant.then_some(form.agency)
}

/// A name of an agency where it stands.
struct Credit<'t> {
    text: &'t str,
    words: &'t [std::ops::Range<usize>],
    at: usize,
    end: usize,
    /// The paragraph is the first of the story.
    opens: bool,
}

impl Credit<'_> {
    fn ground(&self) -> Option<Ground> {
        let (before, after) = (self.before(), self.after());
        let alone = self.words.len() <= 8 && !self.text.trim_end().ends_with('.');
        let signs = ["by", "source", "via", "courtesy", "credit", "copyright"];
        let helps = ["inputs", "input", "additional", "contributed", "contributions", "agencies"];
        let sentence = |list: &[&str]| before.iter().any(|word| list.contains(word));
        let last = before.last().copied().unwrap_or("");
        match () {
            () if self.is_bracketed() && (self.opens && self.at < 12 || self.ends()) => {
                Some(Ground::Signed)
            }
            () if self.is_after_dash() && self.ends() => Some(Ground::Signed),
            () if sentence(&helps) && self.words.len() <= 30 => Some(Ground::Helped),
            () if alone && (before.is_empty() || signs.contains(&last)) => Some(Ground::Signed),
            () if self.opens && last == "by" && self.at < 4 => Some(Ground::Signed),
            () if self.is_quoted(last, &before, &after) => Some(Ground::Quoted),
            () => None,
        }
    }

    /// "told AFP", "according to the Associated Press", "Reuters reported".
    fn is_quoted(&self, last: &str, before: &[&str], after: &[&str]) -> bool {
        let tail = match last {
            "the" => &before[..before.len() - 1],
            _ => before,
        };
        let told = match tail {
            [.., "told" | "informed"] => true,
            [.., "according", "to"] | [.., "reported", "by"] | [.., "quoted", "by"] => true,
            [.., "speaking" | "spoke" | "confirmed" | "said" | "statement", "to"] => true,
            [.., "interview", "with"] | [.., "cited", "by"] => true,
            [.., "a" | "an"] => matches!(
                after,
                ["correspondent" | "reporter" | "journalist" | "tally" | "count", ..]
            ),
            _ => false,
        };
        let reports = matches!(
            after,
            ["reported" | "reports" | "quoted" | "cited" | "said" | "says", ..]
                | ["news", "agency" | "channel", ..]
                | ["news", "reported" | "reports" | "quoted", ..]
                | ["has" | "had", "reported", ..]
        );
        told || reports
    }

    fn before(&self) -> Vec<&str> {
        let from = self.at.saturating_sub(6);
        self.words[from..self.at].iter().map(|range| lower(&self.text[range.clone()])).collect()
    }

    fn after(&self) -> Vec<&str> {
        let to = (self.end + 3).min(self.words.len());
        self.words[self.end..to].iter().map(|range| lower(&self.text[range.clone()])).collect()
    }

    fn range(&self) -> std::ops::Range<usize> {
        self.words[self.at].start..self.words[self.end - 1].end
    }

    /// Between brackets, alone or with other agencies: "(AP)", "(PTI/ANI)".
    fn is_bracketed(&self) -> bool {
        let range = self.range();
        let head = &self.text[..range.start];
        let opened = head.rfind(['(', '[']).filter(|at| !head[*at..].contains([')', ']']));
        opened.is_some_and(|at| {
            self.text[range.end..].starts_with([')', ']', '/', ',', ' '])
                && head[at + 1..].chars().all(|c| c.is_alphanumeric() || " /,&".contains(c))
                && head[at + 1..].split_whitespace().count() <= 4
        })
    }

    fn is_after_dash(&self) -> bool {
        let head = self.text[..self.range().start].trim_end();
        head.ends_with(['—', '–', '-', '/', '|'])
    }

    /// Whether the paragraph ends with it.
    fn ends(&self) -> bool {
        let rest = &self.text[self.range().end..];
        rest.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count() <= 2
    }
}

/// The word where it is in small letters or a capital begins it: cues are ASCII.
fn lower(word: &str) -> &str {
    const CAPITALISED: [(&str, &str); 8] = [
        ("By", "by"),
        ("Source", "source"),
        ("Additional", "additional"),
        ("With", "with"),
        ("Agencies", "agencies"),
        ("According", "according"),
        ("Courtesy", "courtesy"),
        ("Inputs", "inputs"),
    ];
    CAPITALISED.iter().find(|(from, _)| *from == word).map_or(word, |(_, to)| to)
}

#[cfg(test)]
mod tests {
    use super::{agency, named};
    use crate::article::Article;

    #[test]
    fn an_agency_is_credited_in_many_ways() {
        for (text, credited) in [
            ("KABUL, Jan 10 (Reuters) - A bomb killed eight people in Kunduz.", Some("Reuters")),
            ("KABUL, Afghanistan (AP) — A bomb killed eight people.", Some("AP")),
            ("KABUL, Jan. 10 (Xinhua) -- A bomb killed eight people.", Some("Xinhua")),
            ("A bomb killed eight people.\n\n— Xinhua", Some("Xinhua")),
            ("A bomb killed eight people.\n\nAFP", Some("AFP")),
            ("By Agence France-Presse\n\nA bomb killed eight people.", Some("AFP")),
            ("A bomb killed eight people. (ANI)", Some("ANI")),
            ("A bomb killed eight people.\n\n(With inputs from ANI/PTI)", Some("ANI")),
            ("A bomb killed eight people.\n\nWith inputs from PTI", Some("PTI")),
            (
                "A bomb killed eight people.\n\nAdditional reporting by Reuters in Herat.",
                Some("Reuters"),
            ),
            ("A bomb killed eight people, the governor told AFP.", Some("AFP")),
            ("A bomb killed eight people, according to the Associated Press.", Some("AP")),
            ("A bomb killed eight people, Reuters reported.", Some("Reuters")),
            ("A bomb killed eight people, the Xinhua news agency said.", Some("Xinhua")),
            ("A bomb killed eight people.\n\nSource: Pajhwok Afghan News", Some("Pajhwok")),
            ("A bomb killed eight people, he told reporters.", None),
            ("The PTI party said a bomb killed eight people at its rally.", None),
            ("A bomb killed eight people.\n\nPhoto by AFP", None),
            ("A bomb killed eight people near the AP office in the city.", None),
            ("The sana of the day: a bomb killed eight people.", None),
        ] {
            let article = Article { title: "Bomb".into(), text: text.into(), ..Article::default() };
            assert_eq!(agency(&article), credited, "{text}");
        }
    }

    #[test]
    fn an_agency_does_not_credit_itself() {
        let text = "KABUL (Reuters) - A bomb killed eight people.".to_owned();
        let article = Article { text, source: "reuters".into(), ..Article::default() };
        assert_eq!(agency(&article), None);
        assert_eq!((named("The Associated Press"), named("Herald")), (Some("AP"), None));
    }

    #[test]
    fn the_agencies_are_sorted_and_each_stands_once() {
        let rows = include_str!("data/agencies.tsv").lines().filter(|row| !row.starts_with('#'));
        let names: Vec<&str> = rows.map(|row| row.split('\t').next().unwrap()).collect();
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "{names:?}");
    }
}
