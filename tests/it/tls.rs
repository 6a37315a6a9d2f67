//! Certificates: only what a trusted authority signed for this host, and for now, is
//! believed. The certificates are made by `tests/tls/make.sh`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use watchfire::fetch::{Client, FetchError, Request, Settings};
use watchfire::source::Access;
use watchfire::source::state::Cause;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls").join(name)
}

const HELLO: &str = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello";

/// A host that shows this certificate, and answers so; its port.
async fn host(name: &str, answer: String) -> u16 {
    let certificate = CertificateDer::from_pem_file(file(&format!("{name}.pem"))).unwrap();
    let key = PrivateKeyDer::from_pem_file(file(&format!("{name}.key.pem"))).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider);
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let config = config.with_single_cert(vec![certificate], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let (acceptor, answer) = (acceptor.clone(), answer.clone());
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(socket).await else { return };
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    port
}

async fn ask(port: u16, ca: Option<&str>) -> Result<(), FetchError> {
    let settings =
        Settings { allow_networks: vec!["127.0.0.0/8".parse().unwrap()], ..Settings::default() };
    let access = Access { ca_file: ca.map(file), ..Access::default() };
    let url = format!("https://127.0.0.1:{port}/").parse().unwrap();
    let request = Request { access, ..Request::page(url) };
    Client::new(settings).unwrap().get(&request, Timestamp::now()).await.map(drop)
}

#[tokio::test]
async fn a_certificate_is_believed_from_whom_for_whom_and_when_it_holds() {
    for (shown, trusted, says) in [
        ("good", Some("ca.pem"), None),
        ("good", None, Some("unknown")),
        ("other", Some("ca.pem"), Some("not valid for name")),
        ("expired", Some("ca.pem"), Some("expired")),
    ] {
        let port = host(shown, HELLO.to_owned()).await;
        match (ask(port, trusted).await, says) {
            (Ok(()), None) => {}
            (Err(fault @ FetchError::Tls { .. }), Some(says)) => {
                let told = fault.to_string().to_lowercase();
                assert!(told.contains(says), "{shown}: {told}");
            }
            (came, _) => panic!("{shown} with {trusted:?}: {came:?}"),
        }
    }
}

#[tokio::test]
async fn encryption_is_not_given_up_on_the_way() {
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let open = plain.local_addr().unwrap();
    let secure = host("good", HELLO.to_owned()).await;
    let moved = |to: String| {
        format!(
            "HTTP/1.1 301 Moved\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        )
    };
    let kept = host("good", moved(format!("https://127.0.0.1:{secure}/"))).await;
    ask(kept, Some("ca.pem")).await.unwrap();
    for to in [format!("http://{open}/"), format!("HTTP://127.0.0.1:{}/rss", open.port())] {
        let fault = ask(host("good", moved(to)).await, Some("ca.pem")).await.unwrap_err();
        assert!(fault.to_string().contains("gives up encryption"), "{fault}");
        assert_eq!(fault.cause(), Cause::Redirect);
    }
    let silent = tokio::time::timeout(Duration::from_millis(50), plain.accept()).await;
    assert!(silent.is_err(), "somebody went on in the open");
}
