//! Whether a text says that it puts an earlier number right: "14, not 26 as first
//! reported", "revised from an earlier figure of 26".

use crate::text::numerals;
use crate::text::tokens::Tokens;

/// What leads to the number that is given up.
const LEADS: &[&[&str]] = &[
    &["figure", "of"],
    &["toll", "of"],
    &["count", "of"],
    &["number", "of"],
    &["estimate", "of"],
    &["report", "of"],
    &["reports", "of"],
    &["down", "from"],
    &["revised", "from"],
    &["lowered", "from"],
    &["reduced", "from"],
    &["corrected", "from"],
    &["instead", "of"],
    &["rather", "than"],
];

/// What says of such a number that it is the one before.
const BEFORE: &[&str] = &["earlier", "previous", "initial", "first", "original", "preliminary"];

/// The numbers that the text gives up for others.
pub fn given_up(text: &str) -> Vec<u32> {
    let tokens = Tokens::of(text);
    let numbers = (0..tokens.len()).filter_map(|at| Some((at, numerals::read(&tokens, at)?)));
    numbers
        .filter(|(at, number)| is_given_up(&tokens, *at, at + number.tokens))
        .map(|(_, number)| number.value)
        .collect()
}

fn is_given_up(tokens: &Tokens<'_>, at: usize, end: usize) -> bool {
    let word = |at: usize| if at < tokens.len() { tokens.lower(at) } else { "" };
    let start = skip_back(tokens, at);
    let leads = |lead: &&[&str]| {
        start >= lead.len()
            && lead.iter().enumerate().all(|(i, w)| word(start - lead.len() + i) == *w)
    };
    if let Some(lead) = LEADS.iter().find(|lead| leads(lead)) {
        // "A toll of 12" is a toll; "an earlier toll of 12" is one given up.
        let names_it = lead[1] == "of" && lead[0] != "instead";
        let before = start.checked_sub(lead.len() + 1).map_or("", word);
        let earlier = (1..=3).any(|n| {
            start.checked_sub(lead.len() + n).is_some_and(|at| BEFORE.contains(&word(at)))
        });
        return !names_it || BEFORE.contains(&before) || earlier;
    }
    let denied = at > 0 && word(at - 1) == "not";
    let as_told = (end..end + 6)
        .any(|i| word(i) == "as" && (BEFORE.contains(&word(i + 1)) || word(i + 1).ends_with("ly")));
    denied && as_told
}

/// Before "at least", "more than", "an".
fn skip_back(tokens: &Tokens<'_>, mut at: usize) -> usize {
    const BETWEEN: &[&str] = &["at", "least", "more", "than", "about", "some", "over", "up", "to"];
    while at > 0 && BETWEEN.contains(&tokens.lower(at - 1)) && tokens.lower(at - 1) != "than"
        || at > 1 && tokens.lower(at - 1) == "than" && tokens.lower(at - 2) == "more"
    {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::given_up;

    #[test]
    fn a_number_that_is_put_right_is_told_from_one_that_is_told() {
        for (text, numbers) in [
            ("said 14 people were killed, not 26 as first reported", &[26][..]),
            ("14 were killed, not 26 people as initially reported", &[26]),
            ("killed 14, correcting an earlier figure of 26", &[26]),
            ("revising its earlier toll of at least 26", &[26]),
            ("put the toll at 14, down from 26", &[26]),
            ("18 people, revised from twenty-six", &[26]),
            ("nine people rather than 12", &[12]),
            ("a death toll of 12", &[]),
            ("the number of dead rose to 12", &[]),
            ("12 people, not counting the bomber", &[]),
            ("the toll of 12 was given by police", &[]),
            ("more than 20 were killed", &[]),
        ] {
            assert_eq!(given_up(text), numbers, "{text}");
        }
    }
}
