//! Publishers that live only on this machine, for as long as the demo runs.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;

use super::story::Item;

/// A publisher that answers; it ends with the runtime.
#[derive(Debug, Clone)]
pub(super) struct Publisher {
    pub address: SocketAddr,
    items: Arc<Mutex<Vec<Item>>>,
}

impl Publisher {
    /// Starts a publisher of these items. Its answers take `pause`, so that the
    /// demo's story is told in order.
    pub async fn start(
        name: &'static str,
        items: Vec<Item>,
        pause: Duration,
    ) -> io::Result<Publisher> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let items = Arc::new(Mutex::new(items));
        let desk = Desk { name, address, items: items.clone(), pause };
        let routes = Router::new().route("/rss.xml", get(feed)).with_state(desk);
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(Publisher { address, items })
    }

    /// Adds an item at the top of the feed.
    pub fn publish(&self, item: Item) {
        self.items.lock().unwrap_or_else(PoisonError::into_inner).insert(0, item);
    }
}

/// Starts a host whose owner lost it: whatever is asked for, it answers 200 with
/// an advertisement.
pub(super) async fn parked() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let page = "<!DOCTYPE html><html><head><title>herald.example is for sale</title></head>\
                <body><h1>Buy this domain</h1><p>Related searches: news, weather, hotels</p></body></html>";
    let routes =
        Router::new().fallback(move || async move { ([(CONTENT_TYPE, "text/html")], page) });
    tokio::spawn(async move { axum::serve(listener, routes).await });
    Ok(address)
}

/// An address where nobody answers: it was taken and given back.
pub(super) async fn closed() -> io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?.local_addr()
}

#[derive(Debug, Clone)]
struct Desk {
    name: &'static str,
    address: SocketAddr,
    items: Arc<Mutex<Vec<Item>>>,
    pause: Duration,
}

async fn feed(State(desk): State<Desk>, headers: HeaderMap) -> Response {
    tokio::time::sleep(desk.pause).await;
    let body = desk.render();
    let tag = format!("\"{}\"", &blake3::hash(body.as_bytes()).to_hex()[..16]);
    if headers.get(IF_NONE_MATCH).is_some_and(|sent| sent.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response();
    }
    ([(CONTENT_TYPE, "application/rss+xml".to_owned()), (ETAG, tag)], body).into_response()
}

impl Desk {
    fn render(&self) -> String {
        let items = self.items.lock().unwrap_or_else(PoisonError::into_inner);
        let items: String = items.iter().map(|item| self.render_item(item)).collect();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel>\
             <title>{}</title><link>http://{}/</link>{items}</channel></rss>\n",
            self.name, self.address
        )
    }

    fn render_item(&self, item: &Item) -> String {
        let body: String =
            item.paragraphs.iter().map(|text| format!("<p>{}</p>", escaped(text))).collect();
        let stamp = item.published.strftime("%a, %d %b %Y %H:%M:%S +0000");
        // Each notice of the same slug is an item of its own.
        let slug = format!("{}-{}", item.slug, item.published.as_second());
        format!(
            "<item><title>{}</title><link>http://{}/{slug}</link><guid isPermaLink=\"false\">{slug}</guid>\
             <pubDate>{stamp}</pubDate><description>{}</description></item>",
            escaped(&item.title),
            self.address,
            escaped(&body)
        )
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
