//! Reads articles on threads where they can hold nobody up: a reading that takes
//! too long is given up with its thread, one that fails takes nothing with it.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::journal;
use crate::article::Article;
use crate::extract;
use crate::extract::event::Reading;
use crate::lexicon::Lexicon;

/// A hundred times what the longest article of an honest publisher takes.
const LIMIT: Duration = Duration::from_secs(2);

/// The threads that read. Clones share them.
#[derive(Clone, Default)]
pub(super) struct Readers {
    /// Those that wait for work. One that was given up is not among them, so that it
    /// keeps no place from those that come after, nor the program from its end.
    idle: Arc<Mutex<Vec<Thread>>>,
}

/// The way to a thread, which ends when it is dropped.
type Thread = Sender<Box<dyn FnOnce() + Send>>;

impl Readers {
    /// What the article tells; where it could not be read, a reading that says so.
    pub async fn read(&self, lexicon: Arc<Lexicon>, article: Article) -> Reading {
        let (source, title) = (article.source.clone(), article.title.clone());
        let read = self.within(LIMIT, move || extract::events(&lexicon, &article)).await;
        read.unwrap_or_else(|why| {
            journal::unread(&source, &title, &why);
            Reading { doubts: vec![why], ..Reading::default() }
        })
    }

    async fn within<T: Send + 'static>(
        &self,
        limit: Duration,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, String> {
        let (reply, answer) = oneshot::channel();
        let thread = self.thread()?;
        // Nobody hears what comes too late.
        let sent = thread.send(Box::new(move || drop(reply.send(work()))));
        sent.map_err(|_| "its thread ended before it".to_owned())?;
        match tokio::time::timeout(limit, answer).await {
            Ok(Ok(done)) => {
                self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
                Ok(done)
            }
            Ok(Err(_)) => Err("the reader failed on it".to_owned()),
            Err(_) => Err(format!("it was not read within {} s", limit.as_secs_f32())),
        }
    }

    /// A thread that waits, or a new one.
    fn thread(&self) -> Result<Thread, String> {
        if let Some(idle) = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop() {
            return Ok(idle);
        }
        let (thread, work) = channel::<Box<dyn FnOnce() + Send>>();
        let begun = std::thread::Builder::new()
            .name("reader".into())
            .spawn(move || work.into_iter().for_each(|work| work()));
        begun.map_err(|error| format!("no thread could be had to read it: {error}"))?;
        Ok(thread)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::{LIMIT, Readers};

    #[tokio::test]
    async fn readings_given_up_hold_up_none_that_come_after() {
        let readers = Readers::default();
        let mut stuck = Vec::new();
        for _ in 0..20 {
            let (release, held) = channel::<()>();
            stuck.push(release);
            let read = readers.within(Duration::from_millis(1), move || held.recv()).await;
            assert!(read.unwrap_err().contains("not read within"));
        }
        assert_eq!(readers.within(LIMIT, || 7).await, Ok(7));
        assert_eq!(readers.idle.lock().unwrap().len(), 1, "the others are given up");
    }

    #[tokio::test]
    async fn a_reading_that_fails_says_so() {
        let readers = Readers::default();
        let fails = || -> () { std::panic::resume_unwind(Box::new("seen")) };
        let read = readers.within(LIMIT, fails).await;
        assert_eq!(read, Err("the reader failed on it".to_owned()));
        // Its thread went with it; the next one is another.
        let name = || std::thread::current().id();
        let first = readers.within(LIMIT, name).await.unwrap();
        assert_eq!(readers.within(LIMIT, name).await.unwrap(), first, "a thread reads again");
    }
}
