//! Status lists as a server may serve them that is broken, somebody else's, or hostile. Nobody answers but this computer.

use std::{future::pending, io::Write};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use flate2::{Compression, write::GzEncoder};
use jiff::SignedDuration;
use microcred_client::{
    document::{
        Document,
        status_list::{Bits, Unsigned},
    },
    fetching::{Https, SIZE_LIMIT},
    verification::document::{self as verification, Elsewhere},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};

use super::*;

const PLACE: u64 = 94_567;

/// What is served at a path.
enum Served {
    List(Vec<u8>),
    Status(&'static str),
    /// It leads there.
    Redirect(String),
    /// More and more.
    Endless,
    /// The connection stays open.
    Silent,
}

struct Server {
    base: String,
}

impl Server {
    fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.base)
    }

    /// A list of some issuer's, by a change of it before it is signed, and of its JSON after that.
    fn list(&self, path: &str, signer: &Keypair, change: impl FnOnce(&mut Unsigned)) -> Vec<u8> {
        let mut list = Unsigned {
            url: self.url(path),
            signed: now(),
            valid_from: now(),
            valid_until: now() + SignedDuration::from_hours(24),
            bits: Bits::default(),
        };
        change(&mut list);
        list.sign(signer).unwrap().document.to_string().into_bytes()
    }

    fn served(&self, path: &str) -> Served {
        let list = |change: fn(&mut Unsigned)| self.list(path, &issuer(), change);
        Served::List(match path {
            "good" => list(|_| {}),
            "revoked" => list(|list| assert!(list.bits.set(PLACE))),
            "expired" => list(|list| {
                list.valid_from = now() - SignedDuration::from_hours(24);
                list.valid_until = now() - SignedDuration::from_secs(1);
            }),
            "early" => list(|list| list.valid_from = now() + SignedDuration::from_hours(1)),
            "another" => self.list("good", &issuer(), |_| {}),
            "mallory" => self.list(path, &mallory(), |_| {}),
            "truncated" => list(|_| {})[..300].to_vec(),
            "altered" => {
                let list = String::from_utf8(self.list(path, &issuer(), |list| assert!(list.bits.set(PLACE)))).unwrap();
                let none = Bits::default().encode().unwrap();
                let mut list: Value = serde_json::from_str(&list).unwrap();
                list["credentialSubject"]["encodedList"] = json!(none);
                list.to_string().into_bytes()
            }
            "bomb" => self.bomb(path),
            "giant" => vec![b' '; SIZE_LIMIT + 1],
            "page" => b"<!DOCTYPE html><title>Not found</title>".to_vec(),
            "nothing" => Vec::new(),
            "missing" => return Served::Status("404 Not Found"),
            "broken" => return Served::Status("500 Internal Server Error"),
            "moved" => return Served::Redirect("/good".into()),
            "around" => return Served::Redirect("/around".into()),
            // The same computer at another port, or by another name, is another host.
            "inside" => return Served::Redirect("http://127.0.0.1:1/admin".into()),
            "named" => return Served::Redirect(self.url("good").replace("127.0.0.1", "localhost")),
            "file" => return Served::Redirect("file:///etc/passwd".into()),
            "endless" => return Served::Endless,
            _ => return Served::Silent,
        })
    }

    /// Well signed; a gigabyte, once it is unpacked.
    fn bomb(&self, path: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        (0..64).for_each(|_| encoder.write_all(&[0; 1024 * 1024]).unwrap());
        let bits = format!("u{}", BASE64_URL_SAFE_NO_PAD.encode(encoder.finish().unwrap()));
        let mut list: Value = serde_json::from_slice(&self.list(path, &issuer(), |_| {})).unwrap();
        list["credentialSubject"]["encodedList"] = json!(bits);
        remove(&mut list, "/proof");
        proof::sign(&mut list, Cryptosuite::EddsaRdfc2022, &Options::assertion(now()), &issuer()).unwrap();
        list.to_string().into_bytes()
    }

    async fn answer(&self, mut stream: TcpStream) {
        let mut request = vec![0; 4_096];
        let read = stream.read(&mut request).await.unwrap_or_default();
        let request = String::from_utf8_lossy(&request[..read]).into_owned();
        let path = request.split(' ').nth(1).unwrap_or_default().trim_start_matches('/').to_owned();
        let head =
            |status: &str, more: &str| format!("HTTP/1.1 {status}\r\nConnection: close\r\n{more}\r\n").into_bytes();
        let answer = match self.served(&path) {
            Served::List(bytes) => [head("200 OK", &format!("Content-Length: {}\r\n", bytes.len())), bytes].concat(),
            Served::Status(status) => head(status, "Content-Length: 0\r\n"),
            Served::Redirect(place) => head("302 Found", &format!("Location: {place}\r\nContent-Length: 0\r\n")),
            Served::Endless => {
                let _ = stream.write_all(&head("200 OK", "")).await;
                while stream.write_all(&[b' '; 65_536]).await.is_ok() {}
                return;
            }
            Served::Silent => pending().await,
        };
        let _ = stream.write_all(&answer).await;
    }
}

/// A document of another issuer, who publishes its status there.
fn document(status: &str) -> Value {
    signed_by(&issuer(), |document| {
        remove(document, "/evidence");
        remove(document, "/issuer/otherIdentifier");
        document["credentialStatus"]["id"] = json!(format!("{status}#{PLACE}"));
        document["credentialStatus"]["statusListCredential"] = json!(status);
    })
}

#[test]
fn a_list_that_cannot_be_relied_on_says_nothing() {
    Runtime::new().unwrap().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Server { base: format!("http://{}", listener.local_addr().unwrap()) };
        let base = server.base.clone();
        tokio::spawn(async move {
            let server = std::sync::Arc::new(server);
            while let Ok((stream, _)) = listener.accept().await {
                let server = server.clone();
                tokio::spawn(async move { server.answer(stream).await });
            }
        });
        let (open, closed) = (Https::new(true).unwrap(), Https::new(false).unwrap());
        let did_documents = DidDocuments::none();
        let verdict = async |url: String, https: &Https| {
            let elsewhere = Elsewhere {
                now: now(),
                accept: true,
                did_documents: &did_documents,
                status_lists: &[],
                fetch: Some(https),
            };
            let report = verification::check(Document::new(document(&url)), &elsewhere).await;
            verification::verify_elsewhere(report, &Asked::default(), &elsewhere).await
        };
        for path in ["good", "moved"] {
            let url = format!("{base}/{path}");
            // What "moved" leads to is called otherwise than the document says.
            let wanted = if path == "good" { Verdict::StandardChecksPassed } else { Verdict::CouldNotCheck };
            assert_eq!(verdict(url, &open).await.verdict, wanted, "{path}");
        }
        assert_eq!(verdict(format!("{base}/revoked"), &open).await.verdict, Verdict::Revoked);
        for path in [
            "expired",
            "early",
            "another",
            "mallory",
            "truncated",
            "altered",
            "bomb",
            "giant",
            "page",
            "nothing",
            "missing",
            "broken",
            "around",
            "inside",
            "named",
            "file",
            "endless",
            "silent",
        ] {
            let receipt = verdict(format!("{base}/{path}"), &open).await;
            let found = (receipt.verdict, receipt.exit_code, receipt.report.has(Kind::StatusNotKnown));
            assert_eq!(found, (Verdict::CouldNotCheck, 5, true), "{path}: {receipt:#?}");
        }
        // Addresses that are not asked at all, whatever they would answer.
        for url in [
            format!("{base}/good"),
            "http://127.0.0.1:1/".into(),
            "https://localhost./".into(),
            "https://169.254.169.254/latest".into(),
            "https://[::ffff:127.0.0.1]/".into(),
            "https://0x7f.1/".into(),
            "file:///etc/passwd".into(),
            "data:application/json,x".into(),
        ] {
            let receipt = verdict(url.clone(), &closed).await;
            assert_eq!((receipt.verdict, receipt.exit_code), (Verdict::CouldNotCheck, 5), "{url}: {receipt:#?}");
        }
    });
}

/// Whoever did not sign a document cannot make its verifier ask anybody.
#[test]
fn nothing_is_fetched_for_a_document_that_nobody_signed() {
    struct Nobody;

    #[async_trait::async_trait]
    impl microcred_client::fetching::Fetch for Nobody {
        async fn fetch(&self, url: &str) -> Result<Vec<u8>, microcred_client::fetching::FetchError> {
            panic!("{url} was fetched");
        }
    }

    let did_documents = DidDocuments::none();
    let elsewhere =
        Elsewhere { now: now(), accept: true, did_documents: &did_documents, status_lists: &[], fetch: Some(&Nobody) };
    let mut forged = document("https://attacker.example/list");
    forged["name"] = json!("Doctor");
    Runtime::new().unwrap().block_on(async {
        let report = verification::check(Document::new(forged.clone()), &elsewhere).await;
        let receipt = verification::verify_elsewhere(report, &Asked::default(), &elsewhere).await;
        assert_eq!(receipt.verdict, Verdict::NotProven);
    });
}
