//! Spans of time as an operator writes them: "90s", "5m", "72h", "1d", "2w".

use std::time::Duration;

use super::diagnostic::Diagnostic;
use super::table::{Faults, Text};

/// Why a text is not a span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotASpan {
    #[error("a span is a number and a unit: \"90s\", \"5m\", \"72h\", \"1d\" or \"2w\"")]
    Form,
    #[error("a span of zero")]
    Zero,
    #[error("longer than 10 years")]
    TooLong,
}

const LONGEST: u64 = 10 * 366 * 86_400;

/// Reads a span of whole seconds, minutes, hours, days or weeks; never zero.
pub(super) fn parse(text: &str) -> Result<Duration, NotASpan> {
    let text = text.trim();
    let unit_at = text.find(|c: char| !c.is_ascii_digit()).ok_or(NotASpan::Form)?;
    let (number, unit) = text.split_at(unit_at);
    let seconds = match unit.trim_start() {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => return Err(NotASpan::Form),
    };
    if number.is_empty() {
        return Err(NotASpan::Form);
    }
    let number: u64 = number.parse().map_err(|_| NotASpan::TooLong)?;
    match number.checked_mul(seconds) {
        Some(0) => Err(NotASpan::Zero),
        Some(seconds) if seconds <= LONGEST => Ok(Duration::from_secs(seconds)),
        _ => Err(NotASpan::TooLong),
    }
}

/// Reads the span under a key; `role` is what it is to say.
pub(super) fn read(faults: &mut Faults, text: &Text<'_>, role: &str) -> Option<Duration> {
    let read = parse(text.value);
    if let Err(error) = &read {
        let message = format!("`{}` cannot be {role}", text.value);
        faults.push(Diagnostic::at(text.span.clone(), message, error.to_string()));
    }
    read.ok()
}

#[cfg(test)]
mod tests {
    use super::NotASpan::{Form, TooLong, Zero};
    use super::parse;

    #[test]
    fn a_span_is_a_number_and_a_unit() {
        for (text, read) in [
            ("90s", Ok(90)),
            ("5m", Ok(300)),
            (" 72 h ", Ok(259_200)),
            ("1d", Ok(86_400)),
            ("2w", Ok(1_209_600)),
            ("0m", Err(Zero)),
            ("5", Err(Form)),
            ("m", Err(Form)),
            ("", Err(Form)),
            ("-5m", Err(Form)),
            ("5.5m", Err(Form)),
            ("5min", Err(Form)),
            ("5m30s", Err(Form)),
            ("9999999999w", Err(TooLong)),
            ("99999999999999999999999s", Err(TooLong)),
        ] {
            assert_eq!(parse(text).map(|span| span.as_secs()), read, "{text}");
        }
    }
}
