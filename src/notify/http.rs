//! One POST to a service that the operator named, and what its answer means.
//! Unlike the fetcher it may reach any address, private ones too: the address is
//! the operator's own and nothing that a feed says gets into it. No redirect is
//! followed: whatever it points at was not named.

use std::error::Error;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, StatusCode};
use url::Url;

use super::Refused;
use crate::fetch::{NoClient, retry_after};

/// Of an answer no more is read than helps a person.
const LONGEST_ANSWER: usize = 200;

/// A client for every channel that speaks HTTP.
pub(super) fn client() -> Result<reqwest::Client, NoClient> {
    let client = reqwest::Client::builder()
        .user_agent(concat!("watchfire/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .referer(false)
        .no_proxy()
        .connect_timeout(Duration::from_secs(10))
        .pool_idle_timeout(Duration::from_secs(30))
        .build()?;
    Ok(client)
}

/// Sends the request, which was made for `url`; a success is a 2xx.
pub(super) async fn send(request: RequestBuilder, url: &Url) -> Result<(), Refused> {
    let host = host(url);
    let answer = request.send().await.map_err(|error| Refused::Away {
        // The address may be a secret in itself.
        cause: format!("{host}: {}", innermost(&error.without_url())),
        after: None,
    })?;
    let status = answer.status();
    if status.is_success() {
        return Ok(());
    }
    let headers = answer.headers().clone();
    Err(meaning(status, &headers, &host, &words(answer).await))
}

/// What an answer that is no success means.
fn meaning(status: StatusCode, headers: &HeaderMap, host: &str, words: &str) -> Refused {
    let said = if words.is_empty() { String::new() } else { format!(": {words}") };
    let cause = format!("{host} answered {}{said}", status.as_u16());
    let after = retry_after(headers, Timestamp::now());
    match status.as_u16() {
        408 => Refused::Later { cause },
        429 => Refused::Away { cause, after },
        503 if after.is_some() => Refused::Away { cause, after },
        300..400 => Refused::Never { cause: format!("{cause}; redirects are not followed") },
        410 => Refused::Never { cause: format!("{cause}: it is gone; take the sink out") },
        // A wrong token is mended by a person, and the alert is wanted then.
        401 | 403 | 407 => Refused::Later { cause },
        400..500 => Refused::Never { cause },
        _ => Refused::Later { cause },
    }
}

/// The host and port, without what may be secret.
pub(super) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or(host.to_owned(), |port| format!("{host}:{port}"))
}

/// The beginning of the answer, on one line.
async fn words(mut answer: reqwest::Response) -> String {
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = answer.chunk().await {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LONGEST_ANSWER {
            break;
        }
    }
    let text = crate::text::html::clean(&String::from_utf8_lossy(&bytes));
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(LONGEST_ANSWER).collect()
}

/// The cause at the bottom, which says what happened.
fn innermost(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut cause: &dyn Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::StatusCode;
    use reqwest::header::{HeaderMap, RETRY_AFTER};

    use super::meaning;
    use crate::notify::Refused;

    #[test]
    fn an_answer_means_try_again_or_never() {
        for (status, retry_after, wanted) in [
            (400, None, "never"),
            (404, None, "never"),
            (410, None, "never"),
            (422, None, "never"),
            (301, None, "never"),
            (307, None, "never"),
            (401, None, "later"),
            (403, None, "later"),
            (408, None, "later"),
            (429, None, "away"),
            (429, Some("30"), "away 30"),
            (500, None, "later"),
            (502, Some("30"), "later"),
            (503, None, "later"),
            (503, Some("120"), "away 120"),
        ] {
            let mut headers = HeaderMap::new();
            headers.extend(retry_after.map(|v: &str| (RETRY_AFTER, v.parse().unwrap())));
            let status = StatusCode::from_u16(status).unwrap();
            let told = match meaning(status, &headers, "h", "") {
                Refused::Never { .. } => "never".to_owned(),
                Refused::Later { .. } => "later".to_owned(),
                Refused::Away { after: None, .. } => "away".to_owned(),
                Refused::Away { after: Some(Duration { .. }), .. } => {
                    format!("away {}", retry_after.unwrap())
                }
            };
            assert_eq!(told, wanted, "{status}");
        }
    }
}
