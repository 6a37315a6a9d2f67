//! Certificates: only what a trusted authority signed for this host, and for now, is
//! believed. The certificates are made by `tests/tls/make.sh`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use watchfire::fetch::{Client, FetchError, Request, Settings};
use watchfire::source::Access;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls").join(name)
}

/// A host that shows this certificate; its port.
async fn host(name: &str) -> u16 {
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
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(socket).await else { return };
                let _ = stream.read(&mut [0; 4096]).await;
                let answer =
                    b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello";
                let _ = stream.write_all(answer).await;
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
        let port = host(shown).await;
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
