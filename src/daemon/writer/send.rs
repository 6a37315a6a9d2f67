//! From the outbox to the sinks: one message at a time to each, as soon as it is due.

use jiff::Timestamp;

use super::Desk;
use crate::alert::message::Message;
use crate::daemon::sink::Delivery;
use crate::daemon::{Error, journal};
use crate::notify::retry::Next;
use crate::store::{self, Refusal};

impl Desk {
    /// Gives each sink that is free what is due.
    pub(super) fn send_due(&mut self) -> Result<(), Error> {
        for sink in self.post.free() {
            let due = match self.store.due(&sink, Timestamp::now(), 1) {
                Err(error) if error.is_passing() => return Ok(()),
                due => due?,
            };
            for mut dispatch in due {
                dispatch.places = self.names_of(&dispatch.message);
                self.post.give(&sink, dispatch)?;
            }
        }
        Ok(())
    }

    fn names_of(&self, message: &Message) -> Vec<String> {
        let Message::Attack(alert) = message else { return Vec::new() };
        let places = &self.lexicon.places;
        let names = alert.places.iter().map(|code| places.division_name(*code));
        names.zip(&alert.places).map(|(name, code)| name.unwrap_or(code.as_str()).into()).collect()
    }

    pub(super) fn note(&mut self, delivery: Delivery) -> Result<(), store::Error> {
        let now = Timestamp::now();
        let next = self.post.take_up(&delivery);
        let Delivery { sink, message, outcome, .. } = &delivery;
        let noted = match (outcome, next) {
            (Ok(()), _) | (Err(_), None) => self.store.sent(message, sink, now),
            (Err(refused), Some(next)) => {
                journal::undelivered(sink, message, refused, next);
                let error = &refused.to_string();
                let refusal = match next {
                    Next::In(pause) => {
                        Refusal::Until { next_try: now.checked_add(pause).unwrap_or(now), error }
                    }
                    Next::Never => Refusal::ForGood { error },
                };
                self.store.refused(message, sink, &refusal, now)
            }
        };
        match noted {
            Ok(()) => {}
            // It stays in the outbox and is told again, with the same id.
            Err(error) if error.is_passing() => journal::store_refused(&error),
            Err(error) => return Err(error),
        }
        Ok(())
    }
}
