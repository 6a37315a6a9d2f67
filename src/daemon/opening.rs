//! What the loop needs before its first poll: the client, the means of the turns, and
//! what the store knows of the sources.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::OptionFuture;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::Settings;
use super::reader::Readers;
use super::turn::Means;
use super::writer::{Recalled, Request, Writer};
use crate::fetch::{Client, NoClient};
use crate::source::{Source, SourceState, host_of};
use crate::store;

/// Makes `https` ready while the store is opened, if one of the sources needs it.
pub(super) fn prepare(
    client: &Client,
    sources: &[Source],
) -> OptionFuture<JoinHandle<Result<(), NoClient>>> {
    let is_needed = |source: &Source| source.mirrors.iter().any(|m| m.url.scheme() == "https");
    let client = client.clone();
    let prepare = || tokio::task::spawn_blocking(move || client.prepare());
    sources.iter().any(is_needed).then(prepare).into()
}

pub(super) fn means(settings: &Settings, client: Client, writer: &Writer) -> Means {
    Means {
        client,
        lexicon: settings.lexicon.clone(),
        readers: Readers::default(),
        writer: writer.requests.clone(),
        rooms: rooms(settings),
        stop: CancellationToken::new(),
    }
}

/// Room for as many sources as may be asked at once.
pub(super) fn rooms(settings: &Settings) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(settings.fetch.at_once.max(1)))
}

/// Turns under way at once: those that ask, and as many again that wait to be recorded,
/// so that they share one wait for the disk.
pub(super) fn turns(settings: &Settings) -> usize {
    2 * settings.fetch.at_once
}

/// Hosts that asked to be left alone are left alone by every source that they serve,
/// after a restart too.
pub(super) fn keep_closed(client: &Client, states: &HashMap<String, SourceState>) {
    for (url, mirror) in states.values().flat_map(|state| &state.mirrors) {
        if let Some(until) = mirror.not_before {
            client.gate().close(&host_of(url), until);
        }
    }
}

/// What is known of the settings' sources; nothing where the writer ended.
pub(super) async fn configure(
    writer: &Writer,
    settings: &Settings,
) -> Option<Result<Recalled, store::Error>> {
    let (reply, answer) = oneshot::channel();
    writer.requests.send(Request::Configure(Box::new(settings.clone()), reply)).ok()?;
    answer.await.ok()
}
