//! How output looks: colours and frames for a person at a terminal, plain lines for
//! a pipe. Nothing that came from outside is printed with a character that acts.

use std::io::{self, IsTerminal};

use anstyle::{AnsiColor, Style};

use crate::text::html;

/// Where the output goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    pub is_terminal: bool,
    pub is_coloured: bool,
    /// Columns that a line has.
    pub width: usize,
}

pub(super) const HEADING: Style = Style::new().bold();
pub(super) const FAINT: Style = Style::new().dimmed();
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
pub(super) const BAD: Style = AnsiColor::Red.on_default();
pub(super) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
pub(super) const CRITICAL: Style = AnsiColor::Red.on_default().bold();
pub(super) const PLACE: Style = AnsiColor::Cyan.on_default();

impl Look {
    /// The look of standard output; `NO_COLOR`, `CLICOLOR` and their like are heeded.
    pub fn of_stdout() -> Look {
        let choice = anstream::AutoStream::choice(&io::stdout());
        let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let asked = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Look {
            is_terminal: io::stdout().is_terminal(),
            is_coloured: choice != anstream::ColorChoice::Never,
            width: columns.or_else(asked).unwrap_or(100).clamp(60, 160),
        }
    }

    /// The text in a style, where there are colours.
    pub fn paint(self, style: Style, text: impl std::fmt::Display) -> String {
        let text = text.to_string();
        match self.is_coloured && !text.is_empty() {
            true => format!("{style}{text}{style:#}"),
            false => text,
        }
    }
}

/// A text from outside on one line, without what could steer a terminal.
pub(super) fn one_line(text: &str) -> String {
    let clean = html::clean(text);
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}
