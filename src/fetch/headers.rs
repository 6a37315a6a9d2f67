//! What the headers of an answer ask of the next request.

use std::time::{Duration, UNIX_EPOCH};

use jiff::Timestamp;
use reqwest::header::{
    AGE, CACHE_CONTROL, DATE, ETAG, EXPIRES, HeaderMap, HeaderName, HeaderValue, LAST_MODIFIED,
    RETRY_AFTER,
};
use url::Url;

use crate::source::state::Validators;

/// A host is left alone for at most this long, whatever it asks.
pub const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 3600);

/// The validators of an answer; none when it has none.
pub fn validators(headers: &HeaderMap, url: &Url, now: Timestamp) -> Option<Validators> {
    /// A server that sends more wants to mark its visitors.
    const LONGEST: usize = 1024;
    let opaque =
        |name: HeaderName| headers.get(name).filter(|v| v.len() <= LONGEST).map(characters);
    let (etag, last_modified) = (opaque(ETAG), opaque(LAST_MODIFIED));
    let some = etag.is_some() || last_modified.is_some();
    some.then(|| Validators { url: url.clone(), etag, last_modified, since: now })
}

/// The validators after a "not modified": what it repeats is taken over, and
/// their age runs on from the last whole answer.
pub fn renewed(sent: Validators, headers: &HeaderMap, now: Timestamp) -> Validators {
    let fresh = validators(headers, &sent.url, now);
    let (etag, last_modified) =
        fresh.map_or((None, None), |fresh| (fresh.etag, fresh.last_modified));
    Validators {
        etag: etag.or(sent.etag),
        last_modified: last_modified.or(sent.last_modified),
        ..sent
    }
}

/// A stored validator as it came, byte for byte.
pub fn header_value(stored: &str) -> Option<HeaderValue> {
    let bytes: Option<Vec<u8>> = stored.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    HeaderValue::from_bytes(&bytes?).ok()
}

fn characters(value: &HeaderValue) -> String {
    value.as_bytes().iter().map(|byte| char::from(*byte)).collect()
}

/// For how long an answer says that it stays fresh; `no-cache` and an `Expires`
/// in the past say nothing about how often to ask.
pub fn fresh_for(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let control: Vec<String> =
        headers.get_all(CACHE_CONTROL).iter().map(|v| characters(v).to_ascii_lowercase()).collect();
    let directives: Vec<&str> =
        control.iter().flat_map(|value| value.split(',')).map(str::trim).collect();
    if directives.iter().any(|directive| matches!(*directive, "no-cache" | "no-store")) {
        return None;
    }
    let max_age = directives.iter().find_map(|directive| directive.strip_prefix("max-age="));
    if let Some(seconds) = max_age.and_then(|text| text.trim_matches('"').parse::<u64>().ok()) {
        let age =
            headers.get(AGE).and_then(|v| v.to_str().ok()?.trim().parse::<u64>().ok()).unwrap_or(0);
        return Some(Duration::from_secs(seconds.saturating_sub(age)));
    }
    let date = headers.get(DATE).and_then(seconds_of).unwrap_or(now.as_second());
    let left = headers.get(EXPIRES).and_then(seconds_of)? - date;
    u64::try_from(left).ok().map(Duration::from_secs)
}

/// How long a host asks to be left alone: in seconds or until a date, at most a day.
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?;
    let text = value.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than a number holds is still a number of seconds.
        let seconds = text.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).min(LONGEST_RETRY_AFTER));
    }
    let wait = seconds_of(value)? - now.as_second();
    u64::try_from(wait).ok().map(|seconds| Duration::from_secs(seconds).min(LONGEST_RETRY_AFTER))
}

fn seconds_of(value: &HeaderValue) -> Option<i64> {
    let at = httpdate::parse_http_date(value.to_str().ok()?).ok()?;
    i64::try_from(at.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::{fresh_for, header_value, renewed, retry_after, validators};

    fn now() -> Timestamp {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    fn headers(rows: &[(&str, &[u8])]) -> HeaderMap {
        let row = |(name, value): &(&str, &[u8])| {
            (name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(value).unwrap())
        };
        rows.iter().map(row).collect()
    }

    #[test]
    fn validators_go_back_byte_for_byte() {
        let url = "https://a.org/rss".parse().unwrap();
        let odd = b"W/\"caf\xE9 \"; x";
        let found =
            validators(&headers(&[("etag", odd), ("last-modified", b"yesterday")]), &url, now())
                .unwrap();
        assert_eq!(header_value(found.etag.as_ref().unwrap()).unwrap().as_bytes(), odd);
        assert_eq!(found.last_modified.as_deref(), Some("yesterday"));
        assert_eq!(validators(&headers(&[]), &url, now()), None);
        let later = "2026-11-24T12:00:00Z".parse().unwrap();
        let renewed = renewed(found.clone(), &headers(&[("etag", b"\"2\"")]), later);
        assert_eq!((renewed.etag.as_deref(), renewed.since), (Some("\"2\""), now()));
        assert_eq!(renewed.last_modified, found.last_modified);
    }

    #[test]
    fn freshness_is_read_from_either_header() {
        for (rows, wanted) in [
            (&[("cache-control", &b"public, max-age=300"[..])][..], Some(300)),
            (&[("cache-control", b"max-age=300"), ("age", b"100")], Some(200)),
            (&[("cache-control", b"max-age=300"), ("age", b"900")], Some(0)),
            (&[("cache-control", b"no-cache, max-age=300")], None),
            (&[("cache-control", b"max-age=-5")], None),
            (&[("expires", b"Mon, 23 Nov 2026 12:10:00 GMT")], Some(600)),
            (
                &[
                    ("expires", b"Mon, 23 Nov 2026 12:10:00 GMT"),
                    ("date", b"Mon, 23 Nov 2026 12:05:00 GMT"),
                ],
                Some(300),
            ),
            (&[("expires", b"Thu, 01 Jan 1970 00:00:00 GMT")], None),
            (&[("expires", b"0")], None),
            (&[], None),
        ] {
            assert_eq!(
                fresh_for(&headers(rows), now()),
                wanted.map(Duration::from_secs),
                "{rows:?}"
            );
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_and_at_most_a_day() {
        for (value, wanted) in [
            ("120", Some(120)),
            ("1000000000", Some(86_400)),
            ("99999999999999999999999", Some(86_400)),
            ("Mon, 23 Nov 2026 12:10:00 GMT", Some(600)),
            ("Mon, 23 Nov 2020 12:10:00 GMT", None),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(86_400)),
            ("soon", None),
            ("-5", None),
            ("", None),
        ] {
            let found = retry_after(&headers(&[("retry-after", value.as_bytes())]), now());
            assert_eq!(found, wanted.map(Duration::from_secs), "{value}");
        }
    }
}
