//! Whether two mirrors tell one item differently: one of them may have been tampered
//! with. An update reaches mirrors at different times, so a difference counts only
//! once it has lasted.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::source::Source;
use crate::source::record::Answer;
use crate::source::state::{Differs, SourceState, later};
use crate::text::fold::fold;

/// Items of a document whose prints are kept.
const KEPT: usize = 40;

/// How long a difference has to last: longer than a cache between an editor and a
/// mirror keeps an old page.
const LASTING: Duration = Duration::from_secs(3600);

/// The print of what an item tells: its headline and every number in its text.
/// Mirrors may differ in their share bars and in the names of their hosts.
pub fn print(title: &str, text: &str) -> u64 {
    let mut told = fold(title);
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
    numbers.for_each(|number| {
        told.push(' ');
        told.push_str(number);
    });
    let hash = blake3::hash(told.as_bytes());
    let first: [u8; 8] = hash.as_bytes()[..8].try_into().unwrap_or_default();
    u64::from_le_bytes(first)
}

/// The prints of a document's items: first alias key and print, bounded.
pub fn prints<'a>(
    items: impl Iterator<Item = (&'a [String], &'a str, &'a str)>,
) -> Vec<(String, u64)> {
    let known = items.filter_map(|(keys, title, text)| Some((keys.first()?, title, text)));
    known.take(KEPT).map(|(key, title, text)| (key.clone(), print(title, text))).collect()
}

/// Compares a document that came in this poll with the last ones of the other
/// mirrors asked in the same poll.
pub(super) fn compare(
    source: &Source,
    state: &mut SourceState,
    attempts: &[(usize, Answer)],
    now: Timestamp,
) {
    let good = attempts
        .iter()
        .filter(|(_, answer)| matches!(answer, Answer::Fed(_) | Answer::Same { .. }));
    let urls: Vec<&Url> = good.map(|(index, _)| source.feed_url(*index)).collect();
    let [first, second] = urls[..] else { return };
    if first == second {
        return;
    }
    let differing = differing(state, first, second);
    let Some(mirror) = state.mirrors.get_mut(second) else { return };
    mirror.differs = match (differing, mirror.differs.take()) {
        (keys, Some(known)) if keys.contains(&known.key) => {
            let lasted = later(known.since, LASTING) <= now;
            let confirmed = known.confirmed.or(lasted.then_some(now));
            Some(Differs { confirmed, ..known })
        }
        (keys, _) => {
            keys.into_iter().next().map(|key| Differs { key, since: now, confirmed: None })
        }
    };
}

/// The keys of the items that the last documents of both mirrors hold and tell
/// differently.
fn differing(state: &SourceState, first: &Url, second: &Url) -> Vec<String> {
    let prints = |url| state.mirrors.get(url).map(|mirror| &mirror.prints);
    let (Some(first), Some(second)) = (prints(first), prints(second)) else { return Vec::new() };
    let known: HashMap<&String, u64> = first.iter().map(|(key, print)| (key, *print)).collect();
    let differ = second.iter().filter(|(key, print)| known.get(key).is_some_and(|p| p != print));
    differ.map(|(key, _)| key.clone()).collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::print;
    use crate::source::record::{Answer, Fed, after};
    use crate::source::{Source, SourceState};

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + minute * 60).unwrap()
    }

    #[test]
    fn a_print_is_of_the_headline_and_the_numbers() {
        let said = print("12 killed in Kunduz", "At least 12 people were killed on 3 May.");
        for (title, text, is_same) in [
            ("12 Killed  in Kunduz!", "At least 12 people died on 3 May. Follow us at b.org", true),
            ("12 killed in Kunduz", "At least 90 people were killed on 3 May.", false),
            ("None killed in Kunduz", "At least 12 people were killed on 3 May.", false),
        ] {
            assert_eq!(print(title, text) == said, is_same, "{title}: {text}");
        }
    }

    #[test]
    fn a_difference_counts_once_it_has_lasted() {
        let source = Source::new("A", "/rss", &["a.org", "b.org"]).unwrap();
        let fed = |print| {
            Answer::Fed(Box::new(Fed {
                keys: vec![vec!["guid:1".into()]],
                prints: vec![("guid:1".into(), print)],
                ..Fed::default()
            }))
        };
        let poll = |state: SourceState, minute, second| {
            after(&source, state, &[(0, fed(1)), (1, fed(second))], Some(0), at(minute), 1)
        };
        let differs = |state: &SourceState| state.mirrors[source.feed_url(1)].differs.clone();
        let first = poll(SourceState::default(), 0, 1);
        assert_eq!(differs(&first), None);
        let second = poll(first, 5, 2);
        assert_eq!(differs(&second).unwrap().confirmed, None);
        let caught_up = poll(second.clone(), 66, 1);
        assert_eq!(differs(&caught_up), None);
        let third = poll(second, 66, 2);
        assert_eq!(differs(&third).unwrap().confirmed, Some(at(66)));
    }
}
