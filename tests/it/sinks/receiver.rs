//! Somebody on loopback who is told things, remembers them, and answers as a test
//! wants.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

/// What was heard.
#[derive(Debug, Clone)]
pub struct Heard {
    pub path: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Heard {
    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().into()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// What is answered, and how late.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub status: u16,
    pub words: String,
    pub location: Option<String>,
    pub retry_after: Option<u32>,
    pub after: Duration,
}

impl Answer {
    pub fn status(status: u16) -> Answer {
        Answer { status, ..Answer::default() }
    }

    pub fn says(status: u16, words: &str) -> Answer {
        Answer { words: words.into(), ..Answer::status(status) }
    }
}

type Says = Arc<dyn Fn(&Heard) -> Answer + Send + Sync>;

#[derive(Clone)]
struct Desk {
    says: Says,
    heard: Arc<Mutex<Vec<Heard>>>,
}

/// A server on loopback.
#[derive(Clone)]
pub struct Receiver {
    pub url: String,
    desk: Desk,
}

impl Receiver {
    pub async fn start(says: impl Fn(&Heard) -> Answer + Send + Sync + 'static) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let desk = Desk { says: Arc::new(says), heard: Arc::default() };
        let routes = Router::new().fallback(answer).with_state(desk.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Receiver { url, desk }
    }

    pub fn heard(&self) -> Vec<Heard> {
        self.desk.heard.lock().unwrap().clone()
    }

    /// The ids of the alerts heard, each as often as it was heard.
    pub fn ids(&self) -> Vec<String> {
        self.heard().iter().map(|heard| heard.header("webhook-id")).collect()
    }
}

async fn answer(State(desk): State<Desk>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body: Bytes = to_bytes(body, 1 << 20).await.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    let heard = Heard { path: parts.uri.path().into(), headers: parts.headers, body };
    let answer = (desk.says)(&heard);
    desk.heard.lock().unwrap().push(heard);
    tokio::time::sleep(answer.after).await;
    let mut headers = HeaderMap::new();
    headers.extend(answer.location.map(|to| (LOCATION, to.parse().unwrap())));
    headers.extend(answer.retry_after.map(|s| (RETRY_AFTER, s.into())));
    (StatusCode::from_u16(answer.status).unwrap(), headers, answer.words).into_response()
}
