//! Redirects: where an answer leads, whether that is followed, and when a trail of
//! them is given up.

use reqwest::header::LOCATION;
use url::Url;

use crate::fetch::FetchError;
use crate::fetch::guard::shown;
use crate::text::html;

/// The addresses that one request has led through.
#[derive(Debug, Clone)]
pub struct Trail {
    seen: Vec<Url>,
    /// Whether every redirect so far was permanent.
    is_permanent: bool,
}

/// One redirect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    pub to: Url,
    pub is_permanent: bool,
}

impl Trail {
    const MOST_REDIRECTS: usize = 5;

    /// A trail that begins at an address.
    pub fn from(url: Url) -> Trail {
        Trail { seen: vec![url], is_permanent: true }
    }

    /// Where it has led so far.
    pub fn end(&self) -> &Url {
        self.seen.last().unwrap_or_else(|| unreachable!("a trail begins somewhere"))
    }

    /// Goes one redirect further.
    ///
    /// # Errors
    /// When that leads in a circle, or too far.
    pub fn follow(&mut self, redirect: Redirect) -> Result<(), FetchError> {
        let Redirect { to, is_permanent } = redirect;
        let refused = |reason| Err(FetchError::Redirect { to: shown(&to), reason });
        if self.seen.contains(&to) {
            return refused("it leads in a circle");
        }
        if self.seen.len() > Trail::MOST_REDIRECTS {
            return refused("there were five before it");
        }
        self.is_permanent &= is_permanent;
        self.seen.push(to);
        Ok(())
    }

    /// The end, where every redirect was permanent: what is asked for has moved there.
    pub fn moved(&self) -> Option<Url> {
        (self.is_permanent && self.seen.len() > 1).then(|| self.end().clone())
    }
}

/// Where an answer redirects to, when it does and may.
pub(super) fn redirect(
    answer: &reqwest::Response,
    from: &Url,
) -> Result<Option<Redirect>, FetchError> {
    let status = answer.status().as_u16();
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = answer.headers().get(LOCATION);
    let location = location.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let to = target(&location.unwrap_or_default(), from)?;
    Ok(Some(Redirect { to, is_permanent: matches!(status, 301 | 308) }))
}

/// The address that a `Location` names, where it is followed.
fn target(location: &str, from: &Url) -> Result<Url, FetchError> {
    let refused = |reason| {
        let to = html::clean(location).chars().take(200).collect();
        Err(FetchError::Redirect { to, reason })
    };
    let Ok(mut to) = from.join(location) else { return refused("it is no URL") };
    to.set_fragment(None);
    match () {
        () if location.is_empty() => refused("it leads nowhere"),
        () if !matches!(to.scheme(), "http" | "https") => {
            refused("only http and https are followed")
        }
        // What a secure page says may not be replaced by what anyone on the way says.
        () if from.scheme() == "https" && to.scheme() == "http" => {
            refused("it gives up encryption")
        }
        () if !to.username().is_empty() || to.password().is_some() => {
            Err(FetchError::Redirect { to: shown(&to), reason: "it carries a login" })
        }
        () => Ok(to),
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{Redirect, Trail, target};

    #[test]
    fn a_redirect_leads_to_the_web_and_never_out_of_encryption() {
        for (from, location, wanted) in [
            ("http://a.org/x/y", "z?q#f", Ok("http://a.org/x/z?q")),
            ("http://a.org/", "https://b.org/", Ok("https://b.org/")),
            ("https://a.org/x", "//b.org/y", Ok("https://b.org/y")),
            ("https://a.org/", "http://a.org/", Err("it gives up encryption")),
            ("https://a.org/", "HTTP://b.org/rss", Err("it gives up encryption")),
            ("https://a.org/", "", Err("it leads nowhere")),
            ("https://a.org/", "file:///etc/passwd", Err("only http and https")),
            ("https://a.org/", "http://[", Err("it is no URL")),
            ("http://a.org/", "http://me:secret@a.org/", Err("it carries a login")),
        ] {
            let from: Url = from.parse().unwrap();
            match (target(location, &from), wanted) {
                (Ok(to), Ok(wanted)) => assert_eq!(to.as_str(), wanted),
                (Err(fault), Err(why)) => {
                    let told = fault.to_string();
                    assert!(told.contains(why) && !told.contains("secret"), "{location}: {told}");
                }
                (came, _) => panic!("{location}: {came:?}"),
            }
        }
    }

    #[test]
    fn a_trail_ends_in_a_circle_or_after_five_redirects() {
        let url = |n: usize| -> Url { format!("https://a.org/{n}").parse().unwrap() };
        let step = |n, is_permanent| Redirect { to: url(n), is_permanent };
        let mut trail = Trail::from(url(0));
        assert_eq!(trail.moved(), None);
        for n in 1..=5 {
            trail.follow(step(n, true)).unwrap();
        }
        assert_eq!(trail.moved(), Some(url(5)));
        let told = |step| trail.clone().follow(step).unwrap_err().to_string();
        assert!(told(step(3, true)).contains("in a circle"));
        assert!(told(step(6, true)).contains("five before it"));
        let mut passing = Trail::from(url(0));
        passing.follow(step(1, false)).unwrap();
        passing.follow(step(2, true)).unwrap();
        assert_eq!((passing.end(), passing.moved()), (&url(2), None));
    }
}
