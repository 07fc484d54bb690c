//! Files of the Web, from a server on this computer: what bounds there are.

use std::net::SocketAddr;

use axum::{
    Router,
    body::Body,
    http::StatusCode,
    response::{Redirect, Response},
    routing::get,
};
use microcred_client::fetching::{Fetch, FetchError, Https, SIZE_LIMIT};
use tokio::net::TcpListener;

/// A server until the test is over: its address.
async fn server() -> SocketAddr {
    let bytes = |count: usize| get(move || async move { Response::new(Body::from(vec![b'x'; count])) });
    let elsewhere = async || Redirect::temporary("http://localhost:1/file");
    let router = Router::new()
        .route("/file", get(async || "a file"))
        .route("/largest", bytes(SIZE_LIMIT))
        .route("/larger", bytes(SIZE_LIMIT + 1))
        .route("/missing", get(async || StatusCode::GONE))
        .route("/moved", get(async || Redirect::temporary("/file")))
        .route("/elsewhere", get(elsewhere))
        .route("/round", get(async || Redirect::temporary("/round")));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

#[tokio::test]
async fn what_is_fetched_is_bounded() {
    let server = server().await;
    let https = Https::new(true).unwrap();
    let fetch = async |path: &str| https.fetch(&format!("http://{server}{path}")).await;
    assert_eq!(fetch("/file").await.unwrap(), b"a file");
    assert_eq!(fetch("/moved").await.unwrap(), b"a file");
    assert_eq!(fetch("/largest").await.unwrap().len(), SIZE_LIMIT);
    assert!(matches!(fetch("/larger").await, Err(FetchError::TooBig { .. })));
    assert!(matches!(fetch("/missing").await, Err(FetchError::Status { status: 410, .. })));
    for (path, why) in [("/elsewhere", "another host"), ("/round", "on and on")] {
        let error = fetch(path).await.unwrap_err();
        assert!(matches!(&error, FetchError::Unreachable { .. }) && error.to_string().contains(why), "{error}");
    }
    // By its name, too.
    let named = format!("http://localhost:{}/file", server.port());
    assert_eq!(https.fetch(&named).await.unwrap(), b"a file");
}

#[tokio::test]
async fn this_computer_is_not_asked_unless_that_was_said() {
    let server = server().await;
    let https = Https::new(false).unwrap();
    for url in [
        format!("http://{server}/file"),
        format!("https://{server}/file"),
        format!("https://localhost:{}/file", server.port()),
        "https://10.0.0.1/file".into(),
        "file:///etc/passwd".into(),
        "nonsense".into(),
    ] {
        assert!(matches!(https.fetch(&url).await, Err(FetchError::NotAllowed { .. })), "{url}");
    }
    // A name of the public Web that leads here.
    let error = https.fetch(&format!("https://ip6-localhost:{}/file", server.port())).await.unwrap_err();
    assert!(matches!(error, FetchError::Unreachable { .. }), "{error}");
}
