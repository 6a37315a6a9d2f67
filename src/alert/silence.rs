//! Orders of silence: what people asked not to be told of, until when, and why.
//! Decides which alerts they hold back; those are recorded all the same.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::rule::{Alert, AlertType};
use crate::lexicon::PlaceCode;

/// One order; it always has an end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub made: Timestamp,
    pub author: String,
    pub comment: String,
    /// It holds before that.
    pub until: Timestamp,
    pub matcher: Matcher,
}

/// What an order is about: all that is given has to hold, and something is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matcher {
    pub watch: Option<String>,
    /// A country holds its divisions.
    pub place: Option<PlaceCode>,
    /// The one publisher that reports it.
    pub source: Option<String>,
    pub event: Option<String>,
}

impl Matcher {
    /// Whether it would hold back everything.
    pub fn is_empty(&self) -> bool {
        *self == Matcher::default()
    }

    /// Whether the alert is what it is about.
    pub fn holds(&self, alert: &Alert) -> bool {
        let place =
            |place: &PlaceCode| alert.places.iter().all(|p| p == place || p.country() == *place);
        self.watch.as_ref().is_none_or(|watch| *watch == alert.watch)
            && self.event.as_ref().is_none_or(|event| *event == alert.event_id.0)
            && self.source.as_ref().is_none_or(|source| alert.sources == [source.as_str()])
            && self.place.as_ref().is_none_or(place)
    }
}

/// The order that holds the alert back. A correction is owed to those who were told:
/// no order holds back a cancel.
pub fn holding<'o>(orders: &'o [Order], alert: &Alert, now: Timestamp) -> Option<&'o Order> {
    if alert.kind == AlertType::Cancel {
        return None;
    }
    orders.iter().find(|order| now < order.until && order.matcher.holds(alert))
}

impl Order {
    /// Why an alert was held back, for its row.
    pub fn reason(&self) -> String {
        format!("silenced by {} until {:.0}: {}", self.author, self.until, self.comment)
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{Matcher, Order, holding};
    use crate::alert::rule::{Alert, AlertType, Metric, Severity};
    use crate::correlate::event::{Certainty, EventId};
    use crate::extract::event::Count;

    fn alert(places: &[&str], sources: &[&str]) -> Alert {
        Alert {
            id: "x".into(),
            kind: AlertType::Alert,
            sent: Timestamp::UNIX_EPOCH,
            level: Severity::Warning,
            previous_level: None,
            watch: "north".into(),
            places: places.iter().map(|place| place.parse().unwrap()).collect(),
            joint: false,
            metric: Metric::Killed,
            value: Count::exactly(6),
            event_id: EventId("e".into()),
            references: None,
            headline: String::new(),
            reason: String::new(),
            sources: sources.iter().map(|source| (*source).to_owned()).collect(),
            links: vec![],
            independent: 1,
            certainty: Certainty::Likely,
            window: None,
            events: vec![],
        }
    }

    #[test]
    fn an_order_holds_back_what_it_is_about_until_its_end() {
        let now = Timestamp::UNIX_EPOCH;
        let all = Matcher::default();
        let watch = |name: &str| Matcher { watch: Some(name.into()), ..Matcher::default() };
        let place =
            |code: &str| Matcher { place: Some(code.parse().unwrap()), ..Matcher::default() };
        let source = |name: &str| Matcher { source: Some(name.into()), ..Matcher::default() };
        let kunduz = alert(&["AF-KDZ"], &["Herald"]);
        let joint = alert(&["AF-BGL", "AF-TAK"], &["Herald", "Times"]);
        for (matcher, alert, hours, held) in [
            (watch("north"), &kunduz, 1, true),
            (watch("north"), &kunduz, 2, false),
            (watch("north"), &kunduz, 3, false),
            (watch("south"), &kunduz, 1, false),
            (place("AF-KDZ"), &kunduz, 1, true),
            (place("AF"), &joint, 1, true),
            // A toll that may lie elsewhere too is told.
            (place("AF-BGL"), &joint, 1, false),
            (source("Herald"), &kunduz, 1, true),
            (source("Herald"), &joint, 1, false),
            (Matcher { watch: Some("south".into()), ..place("AF-KDZ") }, &kunduz, 1, false),
        ] {
            let order = Order {
                made: now,
                author: "Ana".into(),
                comment: "drill".into(),
                until: now + SignedDuration::from_hours(2),
                matcher,
            };
            let orders = [order];
            let at = now + SignedDuration::from_hours(hours);
            assert_eq!(holding(&orders, alert, at).is_some(), held, "{orders:?} {alert:?}");
            let cancel = Alert { kind: AlertType::Cancel, ..alert.clone() };
            assert_eq!(holding(&orders, &cancel, at), None);
        }
        assert!(all.is_empty() && !watch("north").is_empty());
    }
}
