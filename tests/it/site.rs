//! A publisher whose every path can be told what to answer, and who remembers what
//! he was asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use futures_util::{StreamExt, stream};
use tokio::net::TcpListener;

/// What a path answers.
#[derive(Debug, Clone)]
pub enum Says {
    Whole {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: Vec<u8>,
    },
    /// The same piece, for ever.
    Endless(&'static str),
    /// Headers, and then nothing.
    Silent,
}

impl Says {
    pub fn page(html: &str) -> Says {
        Says::typed("text/html; charset=utf-8", html.as_bytes())
    }

    pub fn typed(kind: &str, body: &[u8]) -> Says {
        Says::Whole {
            status: 200,
            headers: vec![("content-type", kind.to_owned())],
            body: body.to_vec(),
        }
    }

    pub fn status(status: u16, headers: &[(&'static str, &str)]) -> Says {
        let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Says::Whole { status, headers, body: b"<html><title>x</title>".to_vec() }
    }
}

#[derive(Debug, Default)]
struct Talk {
    says: HashMap<String, Says>,
    /// Path and user agent of each request, in order.
    heard: Vec<(String, String)>,
    /// Requests under way, and the most there were at once.
    open: (usize, usize),
}

#[derive(Debug, Clone)]
pub struct Site {
    pub url: String,
    talk: Arc<Mutex<Talk>>,
}

impl Site {
    /// A site that knows no page and has no robots.txt.
    pub async fn start() -> Site {
        let talk = Arc::default();
        let url = serve("127.0.0.1:0", &talk).await;
        Site { url, talk }
    }

    /// The address of the same site at another host.
    pub async fn at_host(&self, number: u8) -> String {
        serve(&format!("127.0.9.{number}:0"), &self.talk).await
    }

    pub fn says(&self, path: &str, says: Says) -> &Site {
        self.talk.lock().unwrap().says.insert(path.to_owned(), says);
        self
    }

    /// A feed of leads: the last part of the path of the page, a headline, a summary.
    pub fn leads(&self, items: &[(&str, &str, &str)]) -> &Site {
        let published = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
        let stamp = published.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
        let items: String = items
            .iter()
            .map(|(path, title, summary)| {
                let url = &self.url;
                format!(
                    "<item><title>{title}</title><guid isPermaLink=\"false\">{path}</guid>\
                     <link>{url}/{path}</link><pubDate>{stamp}</pubDate>\
                     <description>{summary}</description></item>"
                )
            })
            .collect();
        let xml =
            format!("<rss version=\"2.0\"><channel><title>Herald</title>{items}</channel></rss>");
        self.says("/rss.xml", Says::typed("application/rss+xml", xml.as_bytes()))
    }

    /// How often a path was asked for.
    pub fn asked(&self, path: &str) -> usize {
        self.talk.lock().unwrap().heard.iter().filter(|(heard, _)| heard == path).count()
    }

    /// What was asked for, in order, the feed left out.
    pub fn pages_asked(&self) -> Vec<String> {
        let talk = self.talk.lock().unwrap();
        let heard = talk.heard.iter().map(|(path, _)| path.clone());
        heard.filter(|path| path != "/rss.xml").collect()
    }

    pub fn agents(&self) -> Vec<String> {
        self.talk.lock().unwrap().heard.iter().map(|(_, agent)| agent.clone()).collect()
    }

    /// The most requests that were under way at once.
    pub fn most_at_once(&self) -> usize {
        self.talk.lock().unwrap().open.1
    }
}

async fn serve(address: &str, talk: &Arc<Mutex<Talk>>) -> String {
    let listener = TcpListener::bind(address).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let routes = Router::new().fallback(answer).with_state(Arc::clone(talk));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    url
}

async fn answer(State(talk): State<Arc<Mutex<Talk>>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let agent = request.headers().get("user-agent").map(|v| v.to_str().unwrap().to_owned());
    let says = {
        let mut talk = talk.lock().unwrap();
        talk.heard.push((path.clone(), agent.unwrap_or_default()));
        talk.open.0 += 1;
        talk.open.1 = talk.open.1.max(talk.open.0);
        talk.says.get(&path).cloned()
    };
    // Gives others the chance to come while this one is under way.
    tokio::time::sleep(Duration::from_millis(2)).await;
    talk.lock().unwrap().open.0 -= 1;
    let says = says.unwrap_or_else(|| Says::status(404, &[]));
    match says {
        Says::Whole { status, headers, body } => {
            let mut response = Response::builder().status(StatusCode::from_u16(status).unwrap());
            for (name, value) in headers {
                response = response.header(name, value);
            }
            response.body(Body::from(body)).unwrap()
        }
        Says::Endless(piece) => {
            let pieces = stream::repeat_with(move || Ok::<_, std::io::Error>(Bytes::from(piece)));
            Response::new(Body::from_stream(pieces))
        }
        Says::Silent => {
            let never = stream::pending::<Result<Bytes, std::io::Error>>().boxed();
            Response::new(Body::from_stream(never))
        }
    }
}
