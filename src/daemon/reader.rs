//! Reads articles on threads where they can hold nobody up: a reading that takes
//! too long is given up, one that fails takes nothing with it.

use std::sync::Arc;
use std::time::Duration;

use crate::article::Article;
use crate::extract;
use crate::extract::event::Reading;
use crate::lexicon::Lexicon;

/// A hundred times what the longest article of an honest publisher takes.
const LIMIT: Duration = Duration::from_secs(2);

/// What the article tells; where it could not be read, a reading that says so.
pub(super) async fn read(lexicon: Arc<Lexicon>, article: Article) -> Reading {
    let work = tokio::task::spawn_blocking(move || extract::events(&lexicon, &article));
    match tokio::time::timeout(LIMIT, work).await {
        Ok(Ok(reading)) => reading,
        Ok(Err(_)) => unread("the reader failed on it".to_owned()),
        Err(_) => unread(format!("it was not read within {} s", LIMIT.as_secs())),
    }
}

fn unread(why: String) -> Reading {
    Reading { doubts: vec![why], ..Reading::default() }
}
