//! The body of an answer, read and decoded within bounds.
//!
//! It is decoded here and not by the HTTP client: the client would hide how many
//! bytes came over the wire, and a stream that sends for ever and decodes to
//! nothing would pass every count of decoded bytes.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_compression::tokio::bufread::{
    BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder,
};
use async_compression::zstd::DParameter;
use futures_util::TryStreamExt;
use reqwest::Response;
use reqwest::header::CONTENT_ENCODING;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt};
use tokio_util::io::StreamReader;

use crate::fetch::FetchError;
use crate::fetch::error::root_cause;

/// What a body may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes over the wire.
    pub wire: u64,
    /// Bytes once decoded.
    pub decoded: u64,
    /// Longest silence between two pieces.
    pub idle: Duration,
}

/// A body and what it cost.
#[derive(Debug)]
pub struct Body {
    /// Decoded.
    pub bytes: Vec<u8>,
    /// Bytes over the wire.
    pub wire: u64,
}

/// What is accepted; stacked encodings are not.
pub const ACCEPT_ENCODING: &str = "gzip, br, zstd, deflate";

/// Text inflates by 3 to 30; a bomb by a thousand and more.
const HIGHEST_RATIO: u64 = 150;
/// Below this size no ratio is suspicious.
const RATIO_FROM: u64 = 1024 * 1024;

/// Reads a body to its end, or to the first limit that it crosses.
pub async fn read(response: Response, host: &str, limits: Limits) -> Result<Body, FetchError> {
    if response.content_length().is_some_and(|length| length > limits.wire) {
        return Err(too_large(host, "wire", limits.wire));
    }
    let encoding = encoding(&response, host)?;
    let wire = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&wire);
    let stream = response.bytes_stream().map_err(io::Error::other).and_then(move |chunk| {
        let total = counter.fetch_add(chunk.len() as u64, Ordering::Relaxed) + chunk.len() as u64;
        let within = total <= limits.wire;
        std::future::ready(if within { Ok(chunk) } else { Err(io::Error::other(OverWire)) })
    });
    let raw = StreamReader::new(Box::pin(stream));
    let mut decoded = decoder(encoding, raw, host, limits.idle).await?;
    let bytes = drain(&mut decoded, &wire, host, limits).await?;
    Ok(Body { bytes, wire: wire.load(Ordering::Relaxed) })
}

async fn drain(
    source: &mut (impl AsyncRead + Unpin),
    wire: &AtomicU64,
    host: &str,
    limits: Limits,
) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 16 * 1024];
    loop {
        let read = within(limits.idle, host, source.read(&mut chunk)).await?;
        let read = read.map_err(|fault| broken(host, &fault, limits))?;
        if read == 0 {
            return Ok(bytes);
        }
        bytes.extend_from_slice(&chunk[..read]);
        let (decoded, wire) = (bytes.len() as u64, wire.load(Ordering::Relaxed));
        if decoded > limits.decoded {
            return Err(too_large(host, "decoded", limits.decoded));
        }
        if decoded > RATIO_FROM && decoded / HIGHEST_RATIO > wire {
            let what = format!("{HIGHEST_RATIO} times what came over the wire");
            return Err(FetchError::TooLarge { host: host.to_owned(), what });
        }
    }
}

/// The one encoding of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Identity,
    Gzip,
    Brotli,
    Zstd,
    Deflate,
}

fn encoding(response: &Response, host: &str) -> Result<Encoding, FetchError> {
    let values = response.headers().get_all(CONTENT_ENCODING).iter();
    let names: Vec<String> = values
        .flat_map(|value| {
            String::from_utf8_lossy(value.as_bytes())
                .to_ascii_lowercase()
                .split(',')
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty() && name != "identity")
        .collect();
    match names.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => Ok(Encoding::Identity),
        ["gzip" | "x-gzip"] => Ok(Encoding::Gzip),
        ["br"] => Ok(Encoding::Brotli),
        ["zstd"] => Ok(Encoding::Zstd),
        ["deflate"] => Ok(Encoding::Deflate),
        _ => {
            let reason = format!("its encoding `{}` was not asked for", names.join(", "));
            Err(FetchError::Body { host: host.to_owned(), reason })
        }
    }
}

type Decoder = Pin<Box<dyn AsyncRead + Send>>;

async fn decoder(
    encoding: Encoding,
    mut raw: impl AsyncBufRead + Send + Unpin + 'static,
    host: &str,
    idle: Duration,
) -> Result<Decoder, FetchError> {
    /// The window that RFC 9659 allows on the web; a frame may ask for gigabytes.
    const ZSTD_WINDOW_LOG: u32 = 23;
    Ok(match encoding {
        Encoding::Identity => Box::pin(raw),
        Encoding::Gzip => Box::pin(GzipDecoder::new(raw)),
        Encoding::Brotli => Box::pin(BrotliDecoder::new(raw)),
        Encoding::Zstd => {
            Box::pin(ZstdDecoder::with_params(raw, &[DParameter::window_log_max(ZSTD_WINDOW_LOG)]))
        }
        Encoding::Deflate => {
            // Servers send both what the name means (zlib) and what it says (deflate).
            let first = within(idle, host, raw.fill_buf()).await?;
            let zlib = first.is_ok_and(|bytes| bytes.first().is_some_and(|b| b & 0x0F == 8));
            if zlib { Box::pin(ZlibDecoder::new(raw)) } else { Box::pin(DeflateDecoder::new(raw)) }
        }
    })
}

async fn within<T>(
    idle: Duration,
    host: &str,
    step: impl Future<Output = T>,
) -> Result<T, FetchError> {
    tokio::time::timeout(idle, step).await.map_err(|_| FetchError::Timeout {
        host: host.to_owned(),
        stage: "the next piece of its answer",
        limit: idle,
    })
}

/// More came over the wire than is read.
#[derive(Debug, thiserror::Error)]
#[error("too many bytes")]
struct OverWire;

fn broken(host: &str, fault: &io::Error, limits: Limits) -> FetchError {
    if fault.get_ref().is_some_and(|inner| inner.is::<OverWire>()) {
        return too_large(host, "wire", limits.wire);
    }
    FetchError::Body { host: host.to_owned(), reason: root_cause(fault) }
}

fn too_large(host: &str, what: &str, limit: u64) -> FetchError {
    let what = format!("{} MiB ({what})", limit / (1024 * 1024));
    FetchError::TooLarge { host: host.to_owned(), what }
}
