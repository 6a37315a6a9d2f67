//! Tables for people: columns as wide as they need to be, long texts wrapped, a
//! style a cell.

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use super::look::{FAINT, HEADING, Look};

/// Rows under a heading; a cell may have several lines.
#[derive(Debug, Default)]
pub(super) struct Table {
    heading: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

/// One cell: its lines, each in one style.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    lines: Vec<String>,
    style: Style,
}

/// A column is not made narrower than this.
const NARROWEST: usize = 12;

const GAP: &str = "  ";

impl Cell {
    /// A cell in a style; its lines are those of the text.
    pub fn styled(style: Style, text: impl Into<String>) -> Cell {
        let text: String = text.into();
        Cell { lines: text.lines().map(str::to_owned).collect(), style }
    }

    fn width(&self) -> usize {
        self.lines.iter().map(|line| line.width()).max().unwrap_or(0)
    }

    fn wrapped(&self, width: usize) -> Vec<String> {
        self.lines.iter().flat_map(|line| wrap(line, width)).collect()
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Cell {
        Cell::styled(Style::new(), text)
    }
}

impl Table {
    pub fn new(heading: &[&'static str]) -> Table {
        Table { heading: heading.to_vec(), rows: Vec::new() }
    }

    /// Adds a row of as many cells as the heading has.
    pub fn row(&mut self, cells: Vec<Cell>) {
        debug_assert_eq!(cells.len(), self.heading.len(), "a cell a column");
        self.rows.push(cells);
    }

    /// The table with a line feed at the end of each line.
    pub fn render(&self, look: Look) -> String {
        let widths = self.widths(look.width);
        let heading: Vec<Cell> =
            self.heading.iter().map(|text| Cell::styled(HEADING, *text)).collect();
        let mut out = String::new();
        lines(&mut out, look, &widths, &heading);
        let rule: Vec<Cell> =
            widths.iter().map(|width| Cell::styled(FAINT, "─".repeat(*width))).collect();
        lines(&mut out, look, &widths, &rule);
        let mut after_tall = false;
        for (number, row) in self.rows.iter().enumerate() {
            let mut cells = row.iter().zip(&widths);
            let is_tall = cells.any(|(cell, width)| cell.wrapped(*width).len() > 1);
            if number > 0 && (is_tall || after_tall) {
                out.push('\n');
            }
            lines(&mut out, look, &widths, row);
            after_tall = is_tall;
        }
        out
    }

    /// As wide as the cells; what is too much is taken from the widest.
    fn widths(&self, room: usize) -> Vec<usize> {
        let mut widths: Vec<usize> = self.heading.iter().map(|text| text.width()).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        let room = room.saturating_sub(GAP.len() * widths.len());
        while widths.iter().sum::<usize>() > room {
            let Some(widest) = widths.iter_mut().max().filter(|width| **width > NARROWEST) else {
                break;
            };
            *widest -= 1;
        }
        widths
    }
}

fn lines(out: &mut String, look: Look, widths: &[usize], cells: &[Cell]) {
    let wrapped: Vec<Vec<String>> =
        cells.iter().zip(widths).map(|(cell, width)| cell.wrapped(*width)).collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
    for at in 0..height {
        let mut line = String::new();
        for ((cell, texts), width) in cells.iter().zip(&wrapped).zip(widths) {
            let text = texts.get(at).map_or("", String::as_str);
            let padding = " ".repeat(width.saturating_sub(text.width()));
            line += &look.paint(cell.style, text);
            line += &padding;
            line += GAP;
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

/// The words of a line in lines of at most `width` columns; a longer word is cut.
fn wrap(line: &str, width: usize) -> Vec<String> {
    if line.width() <= width {
        return vec![line.to_owned()];
    }
    let mut lines = vec![String::new()];
    for word in line.split(' ') {
        let mut word = word;
        let last = lines.last_mut().expect("it begins with one");
        let joined = if last.is_empty() { 0 } else { last.width() + 1 };
        if joined + word.width() <= width {
            if joined > 0 {
                last.push(' ');
            }
            last.push_str(word);
            continue;
        }
        while word.width() > width {
            let cut = word.char_indices().nth(width).map_or(word.len(), |(at, _)| at);
            lines.push(word[..cut].to_owned());
            word = &word[cut..];
        }
        lines.push(word.to_owned());
    }
    lines.retain(|line| !line.is_empty());
    lines
}

#[cfg(test)]
mod tests {
    use super::{Look, Table, wrap};

    const PLAIN: Look = Look { is_terminal: false, is_coloured: false, width: 60 };

    #[test]
    fn columns_are_as_wide_as_they_need_to_be() {
        let mut table = Table::new(&["where", "killed"]);
        table.row(vec!["Kunduz".into(), "at least 10".into()]);
        table.row(vec!["Sar-e Pol".into(), "6".into()]);
        let wanted =
            "where      killed\n─────────  ───────────\nKunduz     at least 10\nSar-e Pol  6\n";
        assert_eq!(table.render(PLAIN), wanted);
    }

    #[test]
    fn a_long_text_is_wrapped_and_no_line_is_too_long() {
        let mut table = Table::new(&["a", "b"]);
        table.row(vec!["x".into(), "word ".repeat(40).trim().into()]);
        for line in table.render(PLAIN).lines() {
            assert!(line.chars().count() <= 60, "{line}");
        }
        assert_eq!(wrap("aaaa bb", 4), ["aaaa", "bb"]);
        assert_eq!(wrap("aaaaaa", 4), ["aaaa", "aa"]);
    }
}
