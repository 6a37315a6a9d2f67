//! UTF-16 and UTF-32: told by their zero bytes where no mark or label tells, and
//! read on in step after a byte was lost.

use crate::text::charset::Decoded;

/// How many bytes a unit has, and which comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wide {
    width: usize,
    is_big: bool,
    /// Bytes of the mark before the text.
    mark: usize,
}

/// What the bytes are, when they are wide.
pub(super) fn of(bytes: &[u8]) -> Option<Wide> {
    let wide = |width, is_big, mark| Some(Wide { width, is_big, mark });
    match bytes {
        [0, 0, 0xFE, 0xFF, ..] => wide(4, true, 4),
        [0xFF, 0xFE, 0, 0, ..] => wide(4, false, 4),
        [0xFE, 0xFF, ..] => wide(width(&bytes[2..]), true, 2),
        [0xFF, 0xFE, ..] => wide(width(&bytes[2..]), false, 2),
        // A mark that lost a byte, or has a wrong one, still tells the order.
        [0xFE | 0xFF, ..] if width(&bytes[1..]) == 4 => wide(4, false, 1),
        [0xFF, 0, b'<' | b'{', 0, ..] => wide(2, true, 1),
        [0xFE, b'<' | b'{', 0, ..] => wide(2, false, 1),
        [0xFE, _, 0, b'<' | b'{', ..] | [_, 0xFF, 0, b'<' | b'{', ..] => wide(2, true, 2),
        [0xFF, _, b'<' | b'{', 0, ..] | [_, 0xFE, b'<' | b'{', 0, ..] => wide(2, false, 2),
        _ => by_zeros(bytes),
    }
}

/// Markup is mostly ASCII, so wide text is full of zero bytes: every second one, or
/// three of four. A byte that was lost shifts them and takes none away.
fn by_zeros(bytes: &[u8]) -> Option<Wide> {
    const LEAST: usize = 16;
    let sample = sample(bytes);
    let zeros = sample.iter().filter(|byte| **byte == 0).count();
    if sample.len() < LEAST || zeros * 4 < sample.len() {
        return None;
    }
    let width = width(bytes);
    // A mark of four bytes, if damaged, is no text: the unit behind it tells the order.
    let is_big = if width == 4 { sample[4] == 0 } else { sample[0] == 0 };
    Some(Wide { width, is_big, mark: 0 })
}

/// Three zeros in a row are common in UTF-32 and rare in UTF-16.
fn width(bytes: &[u8]) -> usize {
    let sample = sample(bytes);
    let triples = sample.windows(3).filter(|three| **three == [0, 0, 0]).count();
    if triples * 8 > sample.len() { 4 } else { 2 }
}

fn sample(bytes: &[u8]) -> &[u8] {
    const LONGEST: usize = 400;
    &bytes[..bytes.len().min(LONGEST)]
}

impl Wide {
    /// The text. Where a byte was lost, what follows is out of step: a run of ASCII
    /// in another step is followed instead.
    pub fn decode(self, bytes: &[u8]) -> Decoded<'static> {
        let mut text = String::with_capacity(bytes.len() / self.width);
        let mut damaged = false;
        let mut at = self.mark;
        let mut high = None;
        while let Some(unit) = self.unit(bytes, at) {
            if (unit > 0x7F || unit == 0)
                && let Some(step) = self.step(bytes, at)
            {
                damaged = true;
                at += step;
                continue;
            }
            at += self.width;
            match char_of(unit, &mut high) {
                Read::Char(c) => text.push(c),
                Read::Half => {}
                Read::Broken => {
                    damaged = true;
                    text.push(char::REPLACEMENT_CHARACTER);
                }
            }
        }
        damaged |= at < bytes.len() || high.is_some();
        Decoded { text: text.into(), encoding: self.name(), damaged }
    }

    fn name(self) -> &'static str {
        match (self.width, self.is_big) {
            (4, _) => "UTF-32",
            (_, true) => "UTF-16BE",
            (_, false) => "UTF-16LE",
        }
    }

    fn unit(self, bytes: &[u8], at: usize) -> Option<u32> {
        let unit = bytes.get(at..at + self.width)?;
        let add = |value: u32, byte: &u8| value << 8 | u32::from(*byte);
        Some(match self.is_big {
            true => unit.iter().fold(0, add),
            false => unit.iter().rev().fold(0, add),
        })
    }

    /// How many bytes on a run of ASCII begins, when none begins here.
    fn step(self, bytes: &[u8], at: usize) -> Option<usize> {
        /// Long enough not to be met in text that is in step.
        const RUN: usize = 6;
        let ascii = |from: usize| {
            (0..RUN).all(|n| {
                let unit = self.unit(bytes, from + n * self.width);
                unit.is_some_and(|unit| matches!(unit, 0x09..=0x7E))
            })
        };
        (1..self.width).find(|step| ascii(at + step))
    }
}

enum Read {
    Char(char),
    /// The first half of a pair.
    Half,
    Broken,
}

fn char_of(unit: u32, high: &mut Option<u32>) -> Read {
    match (high.take(), unit) {
        (None, 0xD800..=0xDBFF) => {
            *high = Some(unit);
            Read::Half
        }
        (Some(first), 0xDC00..=0xDFFF) => {
            let code = 0x1_0000 + ((first - 0xD800) << 10) + (unit - 0xDC00);
            char::from_u32(code).map_or(Read::Broken, Read::Char)
        }
        (_, unit) => char::from_u32(unit).map_or(Read::Broken, Read::Char),
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    fn encoded(text: &str, width: usize, is_big: bool) -> Vec<u8> {
        let unit = |unit: u32| match (width, is_big) {
            (2, true) => unit.to_be_bytes()[2..].to_vec(),
            (2, false) => unit.to_le_bytes()[..2].to_vec(),
            (_, true) => unit.to_be_bytes().to_vec(),
            (_, false) => unit.to_le_bytes().to_vec(),
        };
        match width {
            2 => text.encode_utf16().flat_map(|u| unit(u.into())).collect(),
            _ => text.chars().flat_map(|c| unit(c.into())).collect(),
        }
    }

    #[test]
    fn a_lost_byte_costs_a_letter_and_not_the_rest() {
        let text = "<rss><channel><title>Кабул 😀</title><item>some</item></channel></rss>";
        for (width, is_big) in [(2, true), (2, false), (4, true), (4, false)] {
            for mark in ["", "\u{feff}"] {
                let bytes = encoded(&format!("{mark}{text}"), width, is_big);
                let read = of(&bytes).unwrap().decode(&bytes);
                assert_eq!(read.text, text, "{width} {is_big}");
                for at in 0..bytes.len() {
                    let mut cut = bytes.clone();
                    cut.remove(at);
                    let read = of(&cut).unwrap().decode(&cut).text;
                    let whole = ["<channel>", "<item>", "</item>", "</channel>"];
                    let lost = whole.iter().filter(|tag| !read.contains(*tag)).count();
                    assert!(lost <= 1, "{width} {is_big} {at}: {read}");
                }
            }
        }
        assert!(of(b"<rss>plain ascii of some length</rss>").is_none());
    }
}
