//! What is wrong with a configuration: each fault with its place in the file, the
//! offending text under a caret, and what would be right.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// One thing that is wrong, or only odd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Byte range of the offending text in the file.
    pub span: Range<usize>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to say at the offending text: mostly the nearest valid word.
    pub label: String,
    /// An earlier place in the file that it clashes with.
    pub earlier: Option<Range<usize>>,
}

/// Everything that is wrong with one file, in its order. Displayed as one block a
/// fault, without colours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostics {
    gravity: Gravity,
    file: String,
    text: String,
    found: Vec<Diagnostic>,
}

/// Whether the configuration can be gone by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gravity {
    Error,
    Warning,
}

impl Diagnostic {
    /// A fault at `span`.
    pub(super) fn at(
        span: Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic { span, message: message.into(), label: label.into(), earlier: None }
    }

    /// The same, with the earlier place that it clashes with.
    pub(super) fn clashing(self, earlier: Range<usize>) -> Diagnostic {
        Diagnostic { earlier: Some(earlier), ..self }
    }
}

impl Diagnostics {
    /// The faults found in `text`, which is the content of `file`.
    pub(super) fn new(
        gravity: Gravity,
        file: &str,
        text: &str,
        mut found: Vec<Diagnostic>,
    ) -> Diagnostics {
        for diagnostic in &mut found {
            diagnostic.span = within(text, &diagnostic.span);
            diagnostic.earlier = diagnostic.earlier.take().map(|span| within(text, &span));
            diagnostic.message = harmless(&diagnostic.message);
            diagnostic.label = harmless(&diagnostic.label);
        }
        found.sort_by_key(|diagnostic| diagnostic.span.start);
        Diagnostics { gravity, file: harmless(file), text: harmless(text), found }
    }

    /// The faults, in order of their place.
    pub fn found(&self) -> &[Diagnostic] {
        &self.found
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Line and column of a fault, both from 1, the column in characters.
    pub fn line_and_column(&self, diagnostic: &Diagnostic) -> (usize, usize) {
        let before = &self.text[..diagnostic.span.start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }

    /// One block a fault, for a terminal that shows colours or for one that does not.
    pub fn render(&self, is_coloured: bool) -> String {
        let renderer = if is_coloured { Renderer::styled() } else { Renderer::plain() };
        let blocks: Vec<String> = self
            .found
            .iter()
            .map(|diagnostic| renderer.render(&[self.block(diagnostic)]))
            .collect();
        blocks.join("\n\n")
    }

    fn block<'a>(&'a self, diagnostic: &'a Diagnostic) -> Group<'a> {
        let level = match self.gravity {
            Gravity::Error => Level::ERROR,
            Gravity::Warning => Level::WARNING,
        };
        let offending = AnnotationKind::Primary
            .span(diagnostic.span.clone())
            .label((!diagnostic.label.is_empty()).then_some(diagnostic.label.as_str()));
        let earlier = diagnostic
            .earlier
            .clone()
            .map(|span| AnnotationKind::Context.span(span).label("first here"));
        let snippet = Snippet::source(self.text.as_str())
            .path(self.file.as_str())
            .annotation(offending)
            .annotations(earlier);
        level.primary_title(diagnostic.message.as_str()).element(snippet)
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}

/// The renderer shows ASCII controls as pictures and passes on those of Latin 1,
/// which act on a terminal too. All of them are as long as what replaces them.
fn harmless(text: &str) -> String {
    text.replace(|c| matches!(c, '\u{80}'..='\u{9f}'), "\u{bf}")
}

/// The range moved into the text and onto whole characters, as the renderer
/// demands it.
fn within(text: &str, span: &Range<usize>) -> Range<usize> {
    let is_boundary = |at: &usize| text.is_char_boundary(*at);
    let start = (0..=span.start.min(text.len())).rev().find(is_boundary).unwrap_or(0);
    let end = (span.end.max(start)..text.len()).find(is_boundary).unwrap_or(text.len());
    start..end
}
