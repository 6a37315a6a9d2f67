//! Reads articles on threads where they can hold nobody up: a reading that takes
//! too long is given up with its thread, one that fails takes nothing with it.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::unbounded_channel;

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
    /// What each of the articles tells, in their order; of one that could not be read, a
    /// reading that says so.
    pub async fn read(&self, lexicon: Arc<Lexicon>, articles: Vec<Article>) -> Vec<Reading> {
        let articles = Arc::new(articles);
        let read = move |article: &Article| extract::events(&lexicon, article);
        let readings = self.each(LIMIT, articles.clone(), read).await;
        let told = readings.into_iter().zip(&*articles).map(|(reading, article)| {
            reading.unwrap_or_else(|why| {
                journal::unread(&article.source, &article.title, &why);
                Reading { doubts: vec![why], ..Reading::default() }
            })
        });
        told.collect()
    }

    /// Does the work on one after the other; `limit` is for each of them.
    async fn each<I, T>(
        &self,
        limit: Duration,
        items: Arc<Vec<I>>,
        work: impl Fn(&I) -> T + Send + Sync + 'static,
    ) -> Vec<Result<T, String>>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
    {
        let work = Arc::new(work);
        let mut done = Vec::with_capacity(items.len());
        while done.len() < items.len() {
            let (rest, work) = ((items.clone(), done.len()), work.clone());
            if let Err(why) = self.go_on(limit, rest, work, &mut done).await {
                done.push(Err(why));
            }
        }
        done
    }

    /// Has a thread do the work from the first that is not done, to the end or as far as
    /// it comes; why it came no further.
    async fn go_on<I, T>(
        &self,
        limit: Duration,
        (items, first): (Arc<Vec<I>>, usize),
        work: Arc<impl Fn(&I) -> T + Send + Sync + 'static>,
        done: &mut Vec<Result<T, String>>,
    ) -> Result<(), String>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
    {
        let left = items.len() - first;
        let (reply, mut answers) = unbounded_channel();
        let thread = self.thread()?;
        // Nobody hears what comes too late, and what comes behind it is not begun.
        let all = move || drop(items[first..].iter().try_for_each(|item| reply.send(work(item))));
        thread.send(Box::new(all)).map_err(|_| "its thread ended before it".to_owned())?;
        for _ in 0..left {
            match tokio::time::timeout(limit, answers.recv()).await {
                Ok(Some(answer)) => done.push(Ok(answer)),
                Ok(None) => return Err("the reader failed on it".to_owned()),
                Err(_) => return Err(format!("it was not read within {} s", limit.as_secs_f32())),
            }
        }
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        Ok(())
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
    use std::sync::{Arc, Mutex};

    use super::{LIMIT, Readers};

    #[tokio::test]
    async fn readings_given_up_hold_up_none_that_come_after() {
        let readers = Readers::default();
        let (release, held) = channel::<()>();
        let held = Mutex::new(held);
        let work = move |number: &u32| {
            if *number == 2 {
                let _ = held.lock().unwrap().recv();
            }
            *number
        };
        let read = readers.each(LIMIT, Arc::new(vec![1, 2, 3, 4]), work).await;
        assert!(read[1].as_ref().unwrap_err().contains("not read within"), "{read:?}");
        assert_eq!((&read[0], &read[2], &read[3]), (&Ok(1), &Ok(3), &Ok(4)));
        assert_eq!(readers.idle.lock().unwrap().len(), 1, "the other is given up");
        drop(release);
    }

    #[tokio::test]
    async fn a_reading_that_fails_says_so() {
        let readers = Readers::default();
        let fails = |number: &u32| match number {
            2 => std::panic::resume_unwind(Box::new("seen")),
            _ => std::thread::current().id(),
        };
        let read = readers.each(LIMIT, Arc::new(vec![1, 2, 3, 4]), fails).await;
        assert_eq!(read[1], Err("the reader failed on it".to_owned()));
        // Its thread went with it; another goes on with what comes after.
        assert!(read[0].is_ok() && read[2].is_ok());
        assert_ne!(read[0], read[2]);
        assert_eq!(read[2], read[3], "a thread reads again");
        let again = readers.each(LIMIT, Arc::new(vec![5]), fails).await;
        assert_eq!(again[0], read[3], "and for others");
    }
}
