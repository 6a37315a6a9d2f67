//! A signed POST of JSON, as Standard Webhooks has it
//! (<https://www.standardwebhooks.com>, version 1.0.0): the receiver knows a repeat
//! by its `webhook-id`, an old one by its `webhook-timestamp`, and that it is ours
//! by its `webhook-signature`.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use reqwest::header::CONTENT_TYPE;
use serde_json::json;
use url::Url;

use super::secret::Secret;
use super::text::Text;
use super::{Refused, http, log};
use crate::alert::message::Dispatch;

/// Where to post, and what to sign with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub url: Url,
    /// A key a line, all of them used: while one is exchanged for another both hold.
    pub secret: Option<Secret>,
}

pub(super) async fn deliver(
    settings: &Settings,
    client: &reqwest::Client,
    dispatch: &Dispatch,
    text: &Text,
    now: Timestamp,
) -> Result<(), Refused> {
    let body = body(dispatch, text);
    let id = dispatch.message.id();
    let mut request = client
        .post(settings.url.clone())
        .header(CONTENT_TYPE, "application/json")
        .header("webhook-id", id)
        .header("webhook-timestamp", now.as_second());
    if let Some(secret) = &settings.secret {
        let keys = secret.read()?;
        request = request.header("webhook-signature", signatures(&keys, id, now, &body)?);
    }
    http::send(request.body(body), &settings.url).await
}

/// `type` and `timestamp` as the standard wants them; `data` is the line of the
/// alert log, with the texts for people beside it.
fn body(dispatch: &Dispatch, text: &Text) -> String {
    let mut data = log::value(&dispatch.message);
    data["title"] = json!(text.title);
    data["text"] = json!(text.body);
    let kind = format!("watchfire.{}", data["type"].as_str().unwrap_or("alert"));
    let sent = dispatch.message.sent();
    json!({"type": kind, "timestamp": sent, "data": data}).to_string()
}

/// One `v1,<base64>` a key, parted by blanks.
fn signatures(keys: &str, id: &str, now: Timestamp, body: &str) -> Result<String, Refused> {
    let signed = format!("{id}.{}.{body}", now.as_second());
    let sign = |line: &str| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key(line)?);
        let tag = hmac::sign(&key, signed.as_bytes());
        Ok(format!("v1,{}", STANDARD.encode(tag.as_ref())))
    };
    let lines = keys.lines().map(str::trim).filter(|line| !line.is_empty());
    let all: Result<Vec<String>, Refused> = lines.map(sign).collect();
    Ok(all?.join(" "))
}

/// `whsec_` and base64, or the bytes as they stand.
fn key(line: &str) -> Result<Vec<u8>, Refused> {
    match line.strip_prefix("whsec_") {
        None => Ok(line.as_bytes().to_vec()),
        Some(encoded) => STANDARD.decode(encoded).map_err(|_| Refused::Away {
            cause: "the key after `whsec_` is not base64".to_owned(),
            after: None,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::signatures;

    #[test]
    fn the_signature_is_the_one_of_the_standards_example() {
        // The example of the specification's reference libraries.
        let key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let now = "2021-02-25T15:45:30Z".parse().unwrap();
        let body = "{\"test\": 2432232314}";
        let told = signatures(
            key,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            jiff::Timestamp::from_second(1614265330).unwrap(),
            body,
        );
        assert_eq!(told.unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let two = signatures("first\n\nsecond\n", "id", now, body).unwrap();
        assert_eq!(two.split(' ').count(), 2);
        assert!(signatures("whsec_!", "id", now, body).is_err());
    }
}
