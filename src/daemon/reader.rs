//! Reads articles on threads where they can hold nobody up: a reading that takes
//! too long is given up, one that fails takes nothing with it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;

use super::journal;
use crate::article::Article;
use crate::extract;
use crate::extract::event::Reading;
use crate::lexicon::Lexicon;

/// A hundred times what the longest article of an honest publisher takes.
const LIMIT: Duration = Duration::from_secs(2);

/// What the article tells; where it could not be read, a reading that says so.
pub(super) async fn read(lexicon: Arc<Lexicon>, article: Article) -> Reading {
    let (source, title) = (article.source.clone(), article.title.clone());
    let read = within(LIMIT, move || extract::events(&lexicon, &article)).await;
    read.unwrap_or_else(|why| {
        journal::unread(&source, &title, &why);
        Reading { doubts: vec![why], ..Reading::default() }
    })
}

/// A thread for each reading: in a pool, those given up would keep the places of
/// those that come after, and the end of the program would wait for them.
async fn within<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, String> {
    let (reply, answer) = oneshot::channel();
    let thread = std::thread::Builder::new().name("reader".into());
    // Nobody hears what comes too late.
    let thread = thread.spawn(move || drop(reply.send(work())));
    thread.map_err(|error| format!("no thread could be had to read it: {error}"))?;
    match tokio::time::timeout(limit, answer).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(_)) => Err("the reader failed on it".to_owned()),
        Err(_) => Err(format!("it was not read within {} s", limit.as_secs_f32())),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::{LIMIT, within};

    #[tokio::test]
    async fn readings_given_up_hold_up_none_that_come_after() {
        let mut stuck = Vec::new();
        for _ in 0..20 {
            let (release, held) = channel::<()>();
            stuck.push(release);
            let read = within(Duration::from_millis(1), move || held.recv()).await;
            assert!(read.unwrap_err().contains("not read within"));
        }
        assert_eq!(within(LIMIT, || 7).await, Ok(7));
    }

    #[tokio::test]
    async fn a_reading_that_fails_says_so() {
        let read = within(LIMIT, || -> () { std::panic::resume_unwind(Box::new("seen")) }).await;
        assert_eq!(read, Err("the reader failed on it".to_owned()));
    }
}
