//! The texts that people read: a title and a body, by the operator's template or
//! our own. A template is compiled, and tried on a sample, when the configuration is
//! read; one that fails all the same costs its words, never the alert.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};

use super::facts::Facts;
use crate::alert::message::{Dispatch, Message};
use crate::alert::rule::{Alert, AlertType, Metric, Severity};
use crate::correlate::event::Certainty;
use crate::extract::event::Count;

/// What a person is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// One line.
    pub title: String,
    pub body: String,
}

/// The templates of a channel, in Jinja's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub title: String,
    pub body: String,
}

/// Why a template cannot be used, with its line, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadTemplate {
    pub line: usize,
    pub what: String,
}

const TITLE: &str = include_str!("templates/title.txt");
const BODY: &str = include_str!("templates/body.txt");

/// No template of a few lines needs as many steps; one that loops for ever has an end.
const FUEL: u64 = 100_000;

/// The longest title: what a subject line or a push message can show.
const LONGEST_TITLE: usize = 300;

/// The longest body.
const LONGEST_BODY: usize = 32 << 10;

impl Default for Template {
    fn default() -> Template {
        Template { title: TITLE.trim_end().to_owned(), body: BODY.to_owned() }
    }
}

impl Text {
    /// The words of the message itself, by no template.
    pub fn plain(message: &Message) -> Text {
        let (headline, reason) = (message.headline(), message.reason());
        Text { title: one_line(headline), body: format!("{headline}.\n{reason}.\n") }
    }
}

impl Template {
    /// The texts of a message; by our own template where this one fails.
    pub fn render(&self, dispatch: &Dispatch) -> Text {
        let facts = Facts::of(dispatch);
        let title = rendered(&self.title, &facts, UndefinedBehavior::Lenient);
        let body = rendered(&self.body, &facts, UndefinedBehavior::Lenient);
        match (title, body) {
            (Ok(title), Ok(body)) if !title.trim().is_empty() => {
                Text { title: cut(&one_line(&title), LONGEST_TITLE).to_owned(), body: tidy(&body) }
            }
            _ if *self != Template::default() => Template::default().render(dispatch),
            _ => Text::plain(&dispatch.message),
        }
    }
}

/// Whether the template compiles and names nothing that there is not.
pub fn check(source: &str) -> Result<(), BadTemplate> {
    for sample in samples() {
        rendered(source, &Facts::of(&sample), UndefinedBehavior::Strict).map_err(|error| {
            let what = error.detail().unwrap_or("it does not compile");
            let what = crate::text::html::clean(&format!("{}: {what}", error.kind()));
            BadTemplate { line: error.line().unwrap_or(1), what: cut(&what, 200).to_owned() }
        })?;
    }
    Ok(())
}

fn rendered(
    source: &str,
    facts: &Facts<'_>,
    undefined: UndefinedBehavior,
) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(undefined);
    environment.set_fuel(Some(FUEL));
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    environment.set_syntax(syntax.build()?);
    environment.render_str(source, Serde(facts))
}

/// At most `most` bytes of the text, in whole characters.
pub(super) fn cut(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    &text[..end]
}

fn one_line(text: &str) -> String {
    crate::text::html::clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lines without what acts on a terminal, never more than one of them empty.
fn tidy(body: &str) -> String {
    let mut out = String::new();
    let mut was_empty = true;
    for line in body.lines() {
        let line = crate::text::html::clean(line.trim_end());
        if !(line.is_empty() && was_empty) {
            out.push_str(&line);
            out.push('\n');
        }
        was_empty = line.is_empty();
    }
    cut(out.trim_end(), LONGEST_BODY).to_owned() + "\n"
}

/// One message of each sort, for trying a template.
fn samples() -> [Dispatch; 3] {
    let now = jiff::Timestamp::UNIX_EPOCH;
    let alert = Alert {
        id: "x".into(),
        kind: AlertType::Update,
        sent: now,
        level: Severity::Critical,
        previous_level: Some(Severity::Warning),
        watch: "north".into(),
        places: Vec::new(),
        joint: false,
        metric: Metric::Killed,
        value: Count::at_least(10),
        event_id: crate::correlate::event::EventId("e".into()),
        references: Some("w".into()),
        headline: "Kunduz, Afghanistan: at least 10 killed".into(),
        reason: "killed 10 reached the warning level of 5".into(),
        sources: vec!["Example".into()],
        links: vec!["https://news.example/1".into()],
        independent: 1,
        certainty: Certainty::Likely,
        window: None,
        events: vec![],
    };
    let earlier = Alert { value: Count::exactly(6), ..alert.clone() };
    let cancel = Alert { kind: AlertType::Cancel, ..alert.clone() };
    let mut attack = Dispatch::from(Message::from(alert));
    attack.earlier = vec![earlier.into()];
    [
        attack,
        Dispatch::from(Message::from(cancel)),
        Dispatch::from(Message::from(crate::alert::blind::test(0, now))),
    ]
}

#[cfg(test)]
mod tests {
    use super::{Template, Text, check, samples};

    #[test]
    fn the_own_template_tells_all_that_a_person_asks() {
        check(&Template::default().title).unwrap();
        check(&Template::default().body).unwrap();
        let [attack, cancel, test] = samples();
        let Text { title, body } = Template::default().render(&attack);
        assert_eq!(title, "[critical] UPDATE Kunduz, Afghanistan: at least 10 killed");
        for words in [
            "killed 10 reached the warning level of 5.",
            "Reports: 1 independent; certainty likely",
            "Changed: toll: at least 10 killed, before 6 killed",
            "https://news.example/1",
            "watch `north`",
        ] {
            assert!(body.contains(words), "{words} in\n{body}");
        }
        let cancelled = Template::default().render(&cancel).title;
        assert_eq!(cancelled, "[critical] CANCELLED Kunduz, Afghanistan: at least 10 killed");
        assert_eq!(
            Template::default().render(&test).title,
            "[test] Test of watchfire: nothing happened"
        );
    }

    #[test]
    fn a_template_that_cannot_be_used_says_where() {
        for (source, line, words) in [
            ("a\n{% if %}", 2, "unexpected end of block"),
            ("{{ nothing }}", 1, "undefined"),
            ("{{ headline", 1, "end"),
            ("x\ny\n{{ headline|shout }}", 3, "shout"),
            (
                "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}",
                1,
                "fuel",
            ),
        ] {
            let bad = check(source).unwrap_err();
            assert_eq!(bad.line, line, "{source}: {}", bad.what);
            assert!(bad.what.contains(words), "{source}: {}", bad.what);
        }
        check("{{ headline }} {% for link in links %}{{ link }}{% endfor %}").unwrap();
    }

    #[test]
    fn a_template_that_fails_costs_its_words_and_no_alert() {
        let [attack, ..] = samples();
        let broken = Template { title: "{{ headline|shout }}".into(), body: "x".into() };
        assert_eq!(broken.render(&attack), Template::default().render(&attack));
        let empty = Template { title: "{# #}".into(), body: "x".into() };
        assert_eq!(empty.render(&attack), Template::default().render(&attack));
    }

    #[test]
    fn no_text_steers_a_terminal_or_begins_a_header() {
        let [mut attack, ..] = samples();
        if let crate::alert::message::Message::Attack(alert) = &mut attack.message {
            alert.headline = "a\r\nBcc: b@x\u{1b}[2J\u{202e}".into();
        }
        let Text { title, body } = Template::default().render(&attack);
        assert_eq!(title, "[critical] UPDATE a Bcc: b@x[2J");
        assert!(!body.contains(|c: char| c != '\n' && c.is_control()), "{body:?}");
    }
}
