//! The post room of the writer: which sinks there are, which of them have something
//! in hand, and which are left alone for a while. Holds no message and no clock: what
//! waits is in the store.

use std::collections::HashMap;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::mpsc::UnboundedSender;

use super::Error;
use super::sink::{self, Delivery, Order};
use super::writer::Request;
use crate::alert::message::Dispatch;
use crate::alert::rule::Severity;
use crate::fetch::NoClient;
use crate::notify::{self, Sink, log, retry};
use crate::store::Recipient;

/// The sinks, by name, and the ways to them.
pub(super) struct Post {
    runtime: Handle,
    answers: mpsc::Sender<Request>,
    desks: HashMap<String, Desk>,
}

/// One sink as the writer sees it.
struct Desk {
    way: Way,
    /// Its settings; the log has none.
    sink: Option<Sink>,
    /// The id of the message that it was given and did not answer for.
    in_hand: Option<String>,
    /// Refusals in a row.
    streak: u32,
    /// Left alone until then.
    rests_until: Option<Instant>,
}

enum Way {
    Log(mpsc::Sender<Order>),
    Task(UnboundedSender<Box<Dispatch>>),
}

/// The longest that an alert waits for a log that refuses it.
const LOG_PAUSE: Duration = Duration::from_secs(60);

impl Post {
    /// With the log alone.
    pub fn new(
        runtime: Handle,
        answers: mpsc::Sender<Request>,
        orders: mpsc::Sender<Order>,
    ) -> Post {
        let log = Desk::new(Way::Log(orders), None);
        Post { runtime, answers, desks: HashMap::from([(log::SINK.to_owned(), log)]) }
    }

    /// Takes over which sinks there are. What one of before has in hand it finishes,
    /// and answers for it.
    pub fn configure(&mut self, settings: &notify::Settings) -> Result<(), NoClient> {
        let senders = notify::senders(&settings.sinks)?;
        let mut before = std::mem::take(&mut self.desks);
        self.desks.extend(before.remove_entry(log::SINK));
        for (sender, sink) in senders.into_iter().zip(&settings.sinks) {
            // One that stays as it is keeps what it has in hand.
            if before.get(&sink.name).is_some_and(|desk| desk.sink.as_ref() == Some(sink)) {
                self.desks.extend(before.remove_entry(&sink.name));
                continue;
            }
            let answers = self.answers.clone();
            let way = sink::task(&self.runtime, sender, move |delivery| {
                // The writer is gone only at the end; the outbox still holds the message.
                let _ = answers.send(Request::Delivered(delivery));
            });
            self.desks.insert(sink.name.clone(), Desk::new(Way::Task(way), Some(sink.clone())));
        }
        self.order(Order::Reopen(settings.log.clone()));
        Ok(())
    }

    /// Names and kinds, for the store.
    pub fn sinks(&self) -> Vec<(&str, &str)> {
        self.desks.iter().map(|(name, desk)| (name.as_str(), desk.kind())).collect()
    }

    /// Who is told of what is decided now.
    pub fn recipients(&self) -> Vec<Recipient<'_>> {
        let mut recipients: Vec<Recipient<'_>> = self
            .desks
            .iter()
            .map(|(name, desk)| Recipient {
                sink: name,
                least: desk.least(),
                hears_all: name == log::SINK,
            })
            .collect();
        // The log is written before anything that may take its time.
        recipients.sort_by_key(|recipient| (recipient.sink != log::SINK, recipient.sink));
        recipients
    }

    /// The sinks that can be given something now.
    pub fn free(&self) -> Vec<String> {
        let now = Instant::now();
        let is_free = |desk: &&Desk| {
            desk.in_hand.is_none() && desk.rests_until.is_none_or(|until| until <= now)
        };
        let mut free: Vec<String> = self
            .desks
            .iter()
            .filter(|(_, desk)| is_free(desk))
            .map(|(name, _)| name.clone())
            .collect();
        free.sort_by_key(|name| name != log::SINK);
        free
    }

    /// Gives the sink a message, which it answers for.
    pub fn give(&mut self, sink: &str, dispatch: Dispatch) -> Result<(), Error> {
        let Some(desk) = self.desks.get_mut(sink) else { return Ok(()) };
        let id = dispatch.message.id().to_owned();
        let dispatch = Box::new(dispatch);
        match &desk.way {
            Way::Log(orders) => {
                let given = orders.send(Order::Write(dispatch));
                given.map_err(|_| Error::Died("alert log"))?;
            }
            Way::Task(way) => {
                way.send(dispatch).map_err(|_| Error::Died("a sink"))?;
            }
        }
        desk.in_hand = Some(id);
        Ok(())
    }

    /// Takes up an answer: what becomes of the message that was refused, none where it
    /// was taken.
    pub fn take_up(&mut self, delivery: &Delivery) -> Option<retry::Next> {
        let Some(desk) = self.desks.get_mut(&delivery.sink) else {
            // The sink went while it had this in hand.
            let refused = delivery.outcome.as_ref().err();
            return refused.map(|refused| retry::next(refused, delivery.tries, 0));
        };
        if desk.in_hand.as_ref() == Some(&delivery.message) {
            desk.in_hand = None;
        }
        match &delivery.outcome {
            Ok(()) => {
                (desk.streak, desk.rests_until) = (0, None);
                None
            }
            Err(refused) => {
                let is_log = matches!(desk.way, Way::Log(_));
                let rest = if is_log { Duration::ZERO } else { retry::rest(refused, desk.streak) };
                desk.streak = desk.streak.saturating_add(1);
                desk.rests_until = (!rest.is_zero()).then(|| Instant::now() + rest);
                Some(if is_log {
                    log_pause(desk.streak)
                } else {
                    retry::next(refused, delivery.tries, fastrand::u64(..))
                })
            }
        }
    }

    /// Whether the log, or any sink, has something in hand.
    pub fn is_busy(&self) -> bool {
        self.desks.values().any(|desk| desk.in_hand.is_some())
    }

    /// Whether the log has something in hand.
    pub fn is_logging(&self) -> bool {
        self.desks.get(log::SINK).is_some_and(|desk| desk.in_hand.is_some())
    }

    fn order(&self, order: Order) {
        if let Some(Desk { way: Way::Log(orders), .. }) = self.desks.get(log::SINK) {
            // A closed channel is found when the next message is given.
            let _ = orders.send(order);
        }
    }
}

/// The log is never given up, and not left alone for long.
fn log_pause(streak: u32) -> retry::Next {
    retry::Next::In(Duration::from_secs(1 << streak.min(6)).min(LOG_PAUSE))
}

impl Desk {
    fn new(way: Way, sink: Option<Sink>) -> Desk {
        Desk { way, sink, in_hand: None, streak: 0, rests_until: None }
    }

    fn kind(&self) -> &'static str {
        self.sink.as_ref().map_or("log", |sink| sink.channel.kind())
    }

    fn least(&self) -> Severity {
        self.sink.as_ref().map_or(Severity::Notice, |sink| sink.least)
    }
}
