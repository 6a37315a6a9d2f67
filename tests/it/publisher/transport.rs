//! The ways in which a host can answer, or not.

use std::collections::HashMap;

use async_compression::Level;
use async_compression::tokio::write::{
    BrotliEncoder, DeflateEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder,
};
use tokio::io::AsyncWriteExt;
use tokio::sync::OnceCell;
use watchfire::source::standing::Word;
use watchfire::source::state::{Cause, Pace};

use super::{Heard, Piece, Reply, Row, Scene, http, rss};

/// The wait after a good poll, and after a first failure: five minutes, a tenth up or down.
const USUAL: std::ops::RangeInclusive<i64> = 269..=330;

/// A row that gets a good answer once.
fn good(name: &'static str, says: super::Says) -> Row {
    let next = (Pace::Every, USUAL);
    Row { name, says, faults: &[None], asked: 1, items: 1, next, word: Word::Up }
}

/// A row that fails once, after as many requests.
fn bad(
    name: &'static str,
    fault: &'static [Option<Cause>],
    asked: usize,
    says: super::Says,
) -> Row {
    let next = (Pace::Backoff, USUAL);
    Row { name, says, faults: fault, asked, items: 0, next, word: Word::Failing }
}

fn to(status: u16, location: &str) -> Reply {
    http(status, &[("location", location)], "")
}

fn bytes(text: &str) -> Piece {
    Piece::Bytes(text.as_bytes().to_vec())
}

fn one() -> String {
    rss(&["1"])
}

/// Bodies that take a while to pack.
#[derive(Debug)]
struct Packed {
    gzip: Vec<u8>,
    /// 64 MiB of blanks in each encoding that is accepted.
    bombs: HashMap<&'static str, Vec<u8>>,
}

static PACKED: OnceCell<Packed> = OnceCell::const_new();

/// Packs them; to be called before a row is played.
pub async fn pack() {
    PACKED
        .get_or_init(async || {
            let mut gzip = GzipEncoder::new(Vec::new());
            gzip.write_all(one().as_bytes()).await.unwrap();
            gzip.shutdown().await.unwrap();
            let blanks = vec![b' '; 64 << 20];
            let mut bombs = HashMap::new();
            macro_rules! bomb {
                ($name:literal, $encoder:ty) => {{
                    let mut encoder = <$encoder>::with_quality(Vec::new(), Level::Fastest);
                    encoder.write_all(&blanks).await.unwrap();
                    encoder.shutdown().await.unwrap();
                    bombs.insert($name, encoder.into_inner());
                }};
            }
            bomb!("gzip", GzipEncoder<Vec<u8>>);
            bomb!("zstd", ZstdEncoder<Vec<u8>>);
            bomb!("br", BrotliEncoder<Vec<u8>>);
            bomb!("zlib", ZlibEncoder<Vec<u8>>);
            bomb!("deflate", DeflateEncoder<Vec<u8>>);
            Packed { gzip: gzip.into_inner(), bombs }
        })
        .await;
}

fn packed() -> &'static Packed {
    PACKED.get().unwrap()
}

pub fn rows() -> Vec<Row> {
    let mut rows = sound();
    rows.extend(validators());
    rows.extend(refusals());
    rows.extend(redirects());
    rows.extend(bodies());
    rows
}

fn sound() -> Vec<Row> {
    vec![
        good("a sound feed", |_, asked, _| {
            assert!(asked.header("accept").unwrap().contains("rss"));
            assert!(asked.header("user-agent").unwrap().starts_with("watchfire/"));
            assert_eq!(asked.header("if-none-match"), None);
            http(200, &[], one())
        }),
        good("http 1.0 without a length", |_, _, _| {
            vec![bytes(&format!("HTTP/1.0 200 OK\r\n\r\n{}", one()))]
        }),
        good("early hints", |_, _, _| {
            let hints = "HTTP/1.1 103 Early Hints\r\nlink: </x.css>; rel=preload\r\n\r\n";
            [vec![bytes(hints)], http(200, &[], one())].concat()
        }),
        good("chunks of one byte", |_, _, _| {
            let chunks: String = one().chars().map(|c| format!("1\r\n{c}\r\n")).collect();
            vec![bytes(&format!(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunks}0\r\n\r\n"
            ))]
        }),
        good("non-authoritative", |_, _, _| http(203, &[], one())),
        Row {
            next: (Pace::Headers, 1200..=1320),
            ..good("max-age", |_, _, _| http(200, &[("cache-control", "max-age=1200")], one()))
        },
        Row {
            next: (Pace::Headers, 86_400..=95_041),
            ..good("a max-age of a century", |_, _, _| {
                http(200, &[("cache-control", "max-age=3153600000")], one())
            })
        },
        Row {
            next: (Pace::Headers, 3600..=3960),
            ..good("expires", |_, _, _| {
                let headers = [
                    ("date", "Mon, 23 Nov 2026 09:00:00 GMT"),
                    ("expires", "Mon, 23 Nov 2026 10:00:00 GMT"),
                ];
                http(200, &headers, one())
            })
        },
        good("expires in the past", |_, _, _| {
            http(200, &[("expires", "Thu, 01 Jan 1970 00:00:00 GMT")], one())
        }),
        good("no-cache", |_, _, _| {
            http(200, &[("cache-control", "no-cache, max-age=7200")], one())
        }),
    ]
}

fn validators() -> Vec<Row> {
    vec![
        Row {
            faults: &[None, None, None],
            asked: 3,
            ..good("not modified", |n, asked, _| match n {
                0 => http(
                    200,
                    &[("etag", "W/\"a b\""), ("last-modified", "Yesterday at noon")],
                    one(),
                ),
                _ => {
                    assert_eq!(asked.header("if-none-match"), Some("W/\"a b\""));
                    assert_eq!(asked.header("if-modified-since"), Some("Yesterday at noon"));
                    http(304, &[], "")
                }
            })
        },
        Row {
            faults: &[None, None, None],
            asked: 3,
            ..good("validators renewed by a 304", |n, asked, _| match n {
                0 => http(200, &[("etag", "\"1\"")], one()),
                1 => http(304, &[("etag", "\"2\"")], ""),
                _ => {
                    assert_eq!(asked.header("if-none-match"), Some("\"2\""));
                    http(304, &[], "")
                }
            })
        },
        Row {
            faults: &[None, None],
            asked: 2,
            next: (Pace::Headers, 1200..=1320),
            ..good("freshness of a 304", |n, _, _| match n {
                0 => http(200, &[("etag", "\"1\"")], one()),
                _ => http(304, &[("cache-control", "max-age=1200")], ""),
            })
        },
        Row {
            faults: &[None, None, None],
            asked: 3,
            ..good("another etag each time", |n, asked, _| {
                let last = format!("\"{}\"", n.wrapping_sub(1));
                assert_eq!(asked.header("if-none-match"), (n > 0).then_some(last.as_str()));
                http(200, &[("etag", &format!("\"{n}\""))], one())
            })
        },
        Row {
            faults: &[None, None],
            asked: 2,
            ..good("an etag to mark visitors", |_, asked, _| {
                assert_eq!(asked.header("if-none-match"), None);
                http(200, &[("etag", &"x".repeat(5000))], one())
            })
        },
        Row {
            faults: &[None, Some(Cause::Status), None],
            asked: 3,
            ..good("a failure moves no validator", |n, asked, _| {
                assert_eq!(asked.header("if-none-match"), (n > 0).then_some("\"1\""));
                match n {
                    0 => http(200, &[("etag", "\"1\"")], one()),
                    1 => http(500, &[("etag", "\"broken\"")], "out of order"),
                    _ => http(304, &[], ""),
                }
            })
        },
        bad("a 304 that nobody asked for", &[Some(Cause::Status)], 1, |_, _, _| http(304, &[], "")),
    ]
}

fn refusals() -> Vec<Row> {
    let held = |name, says, waits: std::ops::RangeInclusive<i64>| Row {
        next: (Pace::Held, waits),
        word: Word::Held,
        ..bad(name, &[Some(Cause::Busy)], 1, says)
    };
    vec![
        bad("401", &[Some(Cause::Status)], 1, |_, _, _| {
            http(401, &[("www-authenticate", "Basic")], "")
        }),
        bad("403", &[Some(Cause::Status)], 1, |_, _, _| http(403, &[], "no robots")),
        bad("404", &[Some(Cause::Status)], 1, |_, _, _| http(404, &[], "")),
        bad("451", &[Some(Cause::Status)], 1, |_, _, _| http(451, &[], "")),
        bad("500", &[Some(Cause::Status)], 1, |_, _, _| http(500, &[], "")),
        bad("502", &[Some(Cause::Status)], 1, |_, _, _| http(502, &[], "")),
        bad("a status of no meaning", &[Some(Cause::Status)], 1, |_, _, _| http(799, &[], one())),
        bad("204", &[Some(Cause::Status)], 1, |_, _, _| {
            vec![bytes("HTTP/1.1 204 No Content\r\n\r\n")]
        }),
        bad("206", &[Some(Cause::Status)], 1, |_, _, _| {
            http(206, &[("content-range", "bytes 0-9/99")], one())
        }),
        Row {
            next: (Pace::Held, 604_800..=604_820),
            word: Word::Held,
            ..bad("410", &[Some(Cause::Gone)], 1, |_, _, _| http(410, &[], ""))
        },
        bad("429 without a time", &[Some(Cause::Busy)], 1, |_, _, _| http(429, &[], "")),
        held("429 for seconds", |_, _, _| http(429, &[("retry-after", "1800")], ""), 1800..=1812),
        held(
            "429 until a date",
            |_, _, _| http(429, &[("retry-after", "Mon, 23 Nov 2026 14:00:00 GMT")], ""),
            7200..=7212,
        ),
        held(
            "503 for a billion seconds",
            |_, _, _| http(503, &[("retry-after", "1000000000")], ""),
            86_400..=86_412,
        ),
        bad("503 without a time", &[Some(Cause::Status)], 1, |_, _, _| http(503, &[], "")),
        Row {
            faults: &[
                Some(Cause::Status),
                Some(Cause::Status),
                Some(Cause::Status),
                Some(Cause::Status),
            ],
            asked: 4,
            next: (Pace::Backoff, 2159..=2640),
            word: Word::Down,
            ..bad("out of order for long", &[], 0, |_, _, _| http(500, &[], ""))
        },
        Row {
            faults: &[Some(Cause::Status), Some(Cause::Status), None],
            asked: 3,
            ..good(
                "back in order",
                |n, _, _| if n < 2 { http(500, &[], "") } else { http(200, &[], one()) },
            )
        },
    ]
}

fn redirects() -> Vec<Row> {
    fn elsewhere(_: usize, _: &Heard, scene: &Scene, form: &str) -> Reply {
        to(302, &form.replace("PORT", &scene.canary.port().to_string()))
    }
    macro_rules! forbidden {
        ($name:literal, $form:literal, $cause:expr) => {
            bad($name, &[Some($cause)], 1, |n, asked, scene| elsewhere(n, asked, scene, $form))
        };
    }
    vec![
        Row {
            asked: 2,
            ..good("302", |n, _, _| if n == 0 { to(302, "/there") } else { http(200, &[], one()) })
        },
        Row {
            asked: 6,
            ..good("five redirects", |n, _, _| {
                if n < 5 { to(307, &format!("/{n}")) } else { http(200, &[], one()) }
            })
        },
        bad("six redirects", &[Some(Cause::Redirect)], 6, |n, _, _| to(307, &format!("/{n}"))),
        bad("a circle", &[Some(Cause::Redirect)], 2, |n, _, _| {
            to(301, if n == 0 { "/a" } else { "/rss.xml" })
        }),
        bad("to nowhere", &[Some(Cause::Redirect)], 1, |_, _, _| http(302, &[], "")),
        bad("to a file", &[Some(Cause::Redirect)], 1, |_, _, _| to(302, "file:///etc/passwd")),
        bad("to gopher", &[Some(Cause::Redirect)], 1, |_, _, _| to(302, "gopher://a.example/")),
        bad("to a script", &[Some(Cause::Redirect)], 1, |_, _, _| to(302, "javascript:alert(1)")),
        bad("to data", &[Some(Cause::Redirect)], 1, |_, _, _| to(302, "data:text/xml,<rss/>")),
        bad("to a login", &[Some(Cause::Redirect)], 1, |_, _, _| to(302, "http://u:p@a.example/")),
        forbidden!("to the house", "http://127.0.0.2:PORT/", Cause::Refused),
        forbidden!("to the house in decimal", "http://2130706434:PORT/", Cause::Refused),
        forbidden!("to the house in hex", "http://0x7f.0.0.2:PORT/", Cause::Refused),
        forbidden!("to the house in octal", "http://0177.0.0.02:PORT/", Cause::Refused),
        forbidden!("to the house with a dot", "http://127.0.0.2.:PORT/", Cause::Refused),
        forbidden!("to the house as version 6", "http://[::ffff:127.0.0.2]:PORT/", Cause::Refused),
        forbidden!("to the house through NAT64", "http://[64:ff9b::7f00:2]:PORT/", Cause::Refused),
        forbidden!("to the house through 6to4", "http://[2002:7f00:2::]:PORT/", Cause::Refused),
        forbidden!("to the metadata", "http://169.254.169.254/latest/meta-data/", Cause::Refused),
        forbidden!("to a private network", "http://10.0.0.1/", Cause::Refused),
        Row {
            faults: &[None, None],
            asked: 4,
            ..good("moved for good", |_, asked, _| match asked.path.as_str() {
                "/rss.xml" => to(301, "/new"),
                _ => http(200, &[], one()),
            })
        },
    ]
}

fn bodies() -> Vec<Row> {
    macro_rules! bomb {
        ($name:literal, $encoding:literal, $packed:literal) => {
            bad($name, &[Some(Cause::TooLarge)], 1, |_, _, _| {
                http(200, &[("content-encoding", $encoding)], &packed().bombs[$packed])
            })
        };
    }
    vec![
        good("gzip", |_, _, _| http(200, &[("content-encoding", "gzip")], &packed().gzip)),
        bomb!("a gzip bomb", "gzip", "gzip"),
        bomb!("a zstd bomb", "zstd", "zstd"),
        bomb!("a brotli bomb", "br", "br"),
        // What is called deflate comes with a head of zlib or without.
        bomb!("a zlib bomb", "deflate", "zlib"),
        bomb!("a deflate bomb", "deflate", "deflate"),
        bad("stacked encodings", &[Some(Cause::Body)], 1, |_, _, _| {
            http(200, &[("content-encoding", "gzip, gzip")], one())
        }),
        bad("an encoding that was not asked for", &[Some(Cause::Body)], 1, |_, _, _| {
            http(200, &[("content-encoding", "compress")], one())
        }),
        bad("no gzip although it says so", &[Some(Cause::Body)], 1, |_, _, _| {
            http(200, &[("content-encoding", "gzip")], one())
        }),
        bad("a body without end", &[Some(Cause::TooLarge)], 1, |_, _, _| {
            vec![bytes("HTTP/1.1 200 OK\r\n\r\n<rss>"), Piece::Endless(vec![b'x'; 65_536])]
        }),
        bad("a length of terabytes", &[Some(Cause::TooLarge)], 1, |_, _, _| {
            vec![
                bytes("HTTP/1.1 200 OK\r\ncontent-length: 9999999999999\r\n\r\n<rss>"),
                Piece::Silence,
            ]
        }),
        bad("shorter than it says", &[Some(Cause::Body)], 1, |_, _, scene| {
            let body = one();
            let cut = (scene.seed as usize * 7_919) % body.len();
            vec![bytes(&format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{}",
                body.len(),
                &body[..cut]
            ))]
        }),
        bad("reset at once", &[Some(Cause::Body)], 1, |_, _, _| vec![Piece::Reset]),
        bad("no HTTP at all", &[Some(Cause::Body)], 1, |_, _, _| {
            vec![bytes("220 ftp.example ready\r\n")]
        }),
        bad("headers without end", &[Some(Cause::Body)], 1, |_, _, _| {
            vec![
                bytes("HTTP/1.1 200 OK\r\n"),
                Piece::Endless(format!("x: {}\r\n", "y".repeat(8000)).into_bytes()),
            ]
        }),
        bad("nothing", &[Some(Cause::Empty)], 1, |_, _, _| http(200, &[], "")),
    ]
}

pub fn silences() -> Vec<Row> {
    vec![
        bad("accepted, then silence", &[Some(Cause::Timeout)], 1, |_, _, _| vec![Piece::Silence]),
        bad("half a header, then silence", &[Some(Cause::Timeout)], 1, |_, _, _| {
            vec![bytes("HTTP/1.1 200 OK\r\nx-slow: "), Piece::Silence]
        }),
        bad("half a body, then silence", &[Some(Cause::Timeout)], 1, |_, _, _| {
            vec![bytes("HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n<rss>"), Piece::Silence]
        }),
        bad("a redirect into silence", &[Some(Cause::Timeout)], 2, |n, _, _| {
            if n == 0 { to(302, "/there") } else { vec![Piece::Silence] }
        }),
    ]
}
