//! Reads cardinal numbers, in digits and in words, off a run of tokens.

use super::tokens::{Shape, Tokens};

/// A cardinal and how many tokens it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numeral {
    pub value: u32,
    pub tokens: usize,
    /// Written in digits.
    pub digits: bool,
}

/// The cardinal that begins at token `i`: "12", "1,250", "1.2 thousand",
/// "twenty-three", "one hundred and four", "two dozen", "half a dozen", "three
/// score". `None` where there is none or it is beyond `u32`.
pub fn read(tokens: &Tokens<'_>, i: usize) -> Option<Numeral> {
    if i < tokens.len() && tokens.get(i).shape == Shape::Number {
        return in_digits(tokens, i);
    }
    let word = tokens.lower(i);
    match unit(word) {
        Some(whole) => dozens_and_half(tokens, i, whole).or_else(|| in_words(tokens, i)),
        None if word == "half" || tokens.is_hyphen(i) => half_dozen(tokens, i),
        None => None,
    }
}

fn in_digits(tokens: &Tokens<'_>, i: usize) -> Option<Numeral> {
    let plain: String = tokens.text(i).chars().filter(|c| *c != ',').collect();
    let scale = multiplier(tokens.lower(i + 1));
    if let Some(scale) = scale {
        let value = plain.parse::<f64>().ok()? * f64::from(scale);
        return (value <= f64::from(u32::MAX)).then_some(Numeral {
            value: value.round() as u32,
            tokens: 2,
            digits: true,
        });
    }
    if let Some(value) = spaced_thousands(tokens, i, &plain) {
        return Some(value);
    }
    Some(Numeral { value: plain.parse().ok()?, tokens: 1, digits: true })
}

/// `1 250`: one to three digits, a space, and exactly three digits.
fn spaced_thousands(tokens: &Tokens<'_>, i: usize, head: &str) -> Option<Numeral> {
    let next = tokens.text(i + 1);
    let fits = head.len() <= 3
        && !head.contains('.')
        && next.len() == 3
        && next.bytes().all(|b| b.is_ascii_digit());
    let value = fits.then(|| format!("{head}{next}").parse().ok())??;
    Some(Numeral { value, tokens: 2, digits: true })
}

/// "half a dozen", "half-a-dozen".
fn half_dozen(tokens: &Tokens<'_>, i: usize) -> Option<Numeral> {
    let words: Vec<(usize, &str)> = (i..tokens.len().min(i + 5))
        .filter(|j| !tokens.is_hyphen(*j))
        .map(|j| (j, tokens.lower(j)))
        .take(3)
        .collect();
    match words[..] {
        [(_, "half"), (_, "a"), (last, "dozen")] => {
            Some(Numeral { value: 6, tokens: last + 1 - i, digits: false })
        }
        _ => None,
    }
}

/// "two and a half dozen", "two-and-a-half dozen".
fn dozens_and_half(tokens: &Tokens<'_>, i: usize, whole: u32) -> Option<Numeral> {
    if !(1..100).contains(&whole) {
        return None;
    }
    let words: Vec<(usize, &str)> = (i + 1..tokens.len().min(i + 9))
        .filter(|j| !tokens.is_hyphen(*j))
        .map(|j| (j, tokens.lower(j)))
        .take(4)
        .collect();
    match words[..] {
        [(_, "and"), (_, "a"), (_, "half"), (last, "dozen")] => {
            Some(Numeral { value: whole * 12 + 6, tokens: last + 1 - i, digits: false })
        }
        _ => None,
    }
}

/// Adds up number words from `i`; stops at the first word that is none.
fn in_words(tokens: &Tokens<'_>, i: usize) -> Option<Numeral> {
    let mut sum = Sum::default();
    let mut at = i;
    let mut end = i;
    while at < tokens.len() {
        let hyphen = tokens.is_hyphen(at) && at > i;
        let and =
            tokens.lower(at) == "and" && sum.takes_and() && unit(tokens.lower(at + 1)).is_some();
        if hyphen || and {
            at += 1;
        } else if sum.add(tokens.lower(at), at == i)? {
            at += 1;
            end = at;
        } else {
            break;
        }
    }
    let value = sum.value()?;
    (end > i).then_some(Numeral { value, tokens: end - i, digits: false })
}

/// The value of number words read so far.
#[derive(Default)]
struct Sum {
    thousands: u32,
    below: u32,
    last: Last,
}

#[derive(Default, PartialEq, Clone, Copy)]
enum Last {
    #[default]
    Nothing,
    Unit,
    Ten,
    Hundred,
    Thousand,
    Dozen,
}

impl Sum {
    /// Takes a word; `Some(false)` ends the number before it, `None` on overflow.
    fn add(&mut self, word: &str, first: bool) -> Option<bool> {
        if let Some(n) = unit(word) {
            return Some(self.add_unit(n));
        }
        let started = self.last != Last::Nothing;
        match word {
            "a" | "an" if first => Some(false),
            "hundred" if matches!(self.last, Last::Unit | Last::Ten) && self.below < 100 => {
                self.below *= 100;
                self.last = Last::Hundred;
                Some(true)
            }
            "thousand" if started && self.thousands == 0 && self.last != Last::Dozen => {
                self.thousands = self.below.checked_mul(1000)?;
                self.below = 0;
                self.last = Last::Thousand;
                Some(true)
            }
            "dozen" | "score"
                if matches!(self.last, Last::Unit | Last::Ten) && self.below < 100 =>
            {
                self.below *= if word == "dozen" { 12 } else { 20 };
                self.last = Last::Dozen;
                Some(true)
            }
            _ => Some(false),
        }
    }

    fn add_unit(&mut self, n: u32) -> bool {
        let fits = match self.last {
            Last::Nothing | Last::Hundred | Last::Thousand => true,
            Last::Ten => n < 10 && n > 0,
            Last::Unit | Last::Dozen => false,
        };
        if fits {
            self.below += n;
            self.last = if n >= 20 { Last::Ten } else { Last::Unit };
        }
        fits
    }

    fn takes_and(&self) -> bool {
        matches!(self.last, Last::Hundred | Last::Thousand)
    }

    fn value(&self) -> Option<u32> {
        (self.last != Last::Nothing).then(|| self.thousands.checked_add(self.below)).flatten()
    }
}

fn unit(word: &str) -> Option<u32> {
    // Few words are as long and begin so.
    let may = matches!(word.len(), 3..=9) && b"efnostz".contains(&word.as_bytes()[0]);
    if !may {
        return None;
    }
    Some(match word {
        "zero" => 0,
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "sixteen" => 16,
        "seventeen" => 17,
        "eighteen" => 18,
        "nineteen" => 19,
        "twenty" => 20,
        "thirty" => 30,
        "forty" => 40,
        "fifty" => 50,
        "sixty" => 60,
        "seventy" => 70,
        "eighty" => 80,
        "ninety" => 90,
        _ => return None,
    })
}

fn multiplier(word: &str) -> Option<u32> {
    match word {
        "hundred" => Some(100),
        "thousand" => Some(1000),
        "million" => Some(1_000_000),
        "dozen" => Some(12),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cardinals_are_read_in_digits_and_words() {
        for (text, value, tokens) in [
            ("12 dead", Some(12), 1),
            ("1,250 civilians", Some(1250), 1),
            ("1 250 people", Some(1250), 2),
            ("1.2 thousand wounded", Some(1200), 2),
            ("nine soldiers", Some(9), 1),
            ("twenty-three recruits", Some(23), 3),
            ("One hundred and four people", Some(104), 4),
            ("two hundred six dead", Some(206), 3),
            ("two dozen", Some(24), 2),
            ("half a dozen troops", Some(6), 3),
            ("half-a-dozen troops", Some(6), 5),
            ("three score", Some(60), 2),
            ("two-and-a-half dozen", Some(30), 8),
            ("one and two", Some(1), 1),
            ("ten and five", Some(10), 1),
            ("999999999999 killed", None, 0),
            ("soldiers", None, 0),
            ("hundred", None, 0),
        ] {
            let read = read(&Tokens::of(text), 0);
            assert_eq!(read.map(|n| n.value), value, "{text}");
            assert_eq!(read.map_or(0, |n| n.tokens), tokens, "{text}");
        }
    }
}
