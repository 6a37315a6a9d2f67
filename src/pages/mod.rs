//! The page of an article: asked for as its host wants to be asked, and read where
//! reading can be stopped. Which pages are wanted is `source::paging`'s, whether
//! their text is better than what is known `article::choice`'s.

pub mod robots;
pub mod worker;

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::article::kind::Kind;
use crate::article::page::Page;
use crate::fetch::{self, Client, FetchError, Payload, Request, Response, trail};
use crate::source::Access;
use crate::source::paging::Trouble;
use robots::Robots;
use worker::Workers;

/// Fetches and reads pages. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Reader {
    pub client: Client,
    pub workers: Workers,
}

/// A page that came and was read.
#[derive(Debug)]
pub struct Came {
    pub page: Page,
    /// Where it came from in the end.
    pub url: Url,
    /// Bytes over the wire.
    pub wire: u64,
}

/// What one request for a page brought, no redirect followed.
#[derive(Debug)]
pub enum Hop {
    /// A page.
    Here(Box<Came>),
    /// The way to somewhere else, which may have other rules.
    There(trail::Redirect),
}

/// Why no page came.
#[derive(Debug)]
pub struct Fault {
    pub trouble: Trouble,
    /// What to tell a person.
    pub message: String,
    /// How long the host asks to be left alone.
    pub retry_after: Option<Duration>,
}

impl Reader {
    /// The rules of the host at which `page` lies.
    pub async fn robots(&self, page: &Url, access: &Access, now: Timestamp) -> Robots {
        let Some(url) = robots::place(page) else {
            return Robots { rules: robots::Rules::None, expires: now };
        };
        let request = Request {
            accept: "text/plain, */*;q=0.1",
            access: access.clone(),
            ..Request::page(url)
        };
        Robots::of(self.client.get(&request, now).await, now)
    }

    /// The page at `url`, whatever it shows, or where it is instead.
    ///
    /// # Errors
    /// When the host gives none, or none that can be read.
    pub async fn page(&self, url: &Url, access: &Access, now: Timestamp) -> Result<Hop, Fault> {
        let request = Request { access: access.clone(), ..Request::page(url.clone()) };
        match self.client.hop(&request, now).await.map_err(|fault| unanswered(&fault))? {
            fetch::Hop::There(redirect) => Ok(Hop::There(redirect)),
            fetch::Hop::Here(response) => {
                self.read(*response).await.map(|came| Hop::Here(Box::new(came)))
            }
        }
    }

    async fn read(&self, response: Response) -> Result<Came, Fault> {
        let Payload::Whole { bytes, content_type, wire } = response.payload else {
            return Err(fault(Trouble::Status, "it says that nothing changed, unasked".into()));
        };
        if let Some(kind) = content_type.as_deref().filter(|kind| !is_page(kind)) {
            let kind: String = kind.chars().take(100).collect();
            return Err(fault(Trouble::NoPage, format!("it is `{kind}` and no page")));
        }
        let url = response.url;
        let read = self.workers.read(&bytes, content_type.as_deref(), Some(&url)).await;
        let page = read.map_err(|unread| fault(Trouble::Unread, unread.to_string()))?;
        match no_article_yet(page.kind) {
            Some(trouble) => Err(fault(trouble, format!("it shows `{}`", page.title))),
            None => Ok(Came { page, url, wire }),
        }
    }
}

/// What a page shows that may show an article the next time.
fn no_article_yet(kind: Kind) -> Option<Trouble> {
    match kind {
        Kind::Wall => Some(Trouble::Wall),
        Kind::Missing => Some(Trouble::Missing),
        Kind::Empty => Some(Trouble::Empty),
        Kind::Article | Kind::Index | Kind::Consent | Kind::Paywall => None,
    }
}

/// What an answer that was none means for its page.
pub fn unanswered(fault: &FetchError) -> Fault {
    let status = match fault {
        FetchError::Status { status, .. } => Some(*status),
        _ => None,
    };
    Fault {
        trouble: Trouble::of(fault.cause(), status),
        message: fault.to_string(),
        retry_after: fault.retry_after(),
    }
}

fn fault(trouble: Trouble, message: String) -> Fault {
    Fault { trouble, message, retry_after: None }
}

/// Whether a document of this type may be a page. Servers that do not know call
/// everything text; what they call XML is a feed.
fn is_page(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.is_empty() || kind.contains("html") || kind == "text/plain"
}

#[cfg(test)]
mod tests {
    use super::is_page;

    #[test]
    fn a_document_of_another_kind_is_no_page() {
        for (kind, wanted) in [
            ("text/html; charset=utf-8", true),
            ("Application/XHTML+xml", true),
            ("", true),
            ("application/rss+xml", false),
            ("application/pdf", false),
            ("image/jpeg", false),
            ("application/json", false),
        ] {
            assert_eq!(is_page(kind), wanted, "{kind}");
        }
    }
}
