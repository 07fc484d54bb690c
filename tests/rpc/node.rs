//! A scripted node: it answers JSON-RPC over HTTP on loopback, and goes wrong in the ways a test asks for.

use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderValue, Response, StatusCode, header::RETRY_AFTER},
    routing::post,
};
use microcred_client::{
    Address,
    ledger::{Patience, Rpc, RpcOptions},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What the node answers with.
#[derive(Clone, Debug)]
pub enum Reply {
    /// A JSON-RPC result.
    Result(Value),
    /// A JSON-RPC error.
    Error(i64, &'static str, Value),
    /// An HTTP status without a body.
    Status(u16),
    /// HTTP 429 with the seconds to wait.
    TooMany(u64),
    /// A body that is no JSON.
    Garbage,
    /// A body that ends amid a word, with the connection.
    Cut,
    /// Nothing, for longer than anyone waits.
    Silence,
}

/// A question as it came.
#[derive(Clone, Debug)]
pub struct Question {
    pub method: String,
    pub params: Value,
    /// How many of this method came before.
    pub nth: usize,
}

/// What the node knows.
#[derive(Default)]
pub struct Known {
    pub slot: u64,
    pub block_height: u64,
    pub accounts: HashMap<String, Value>,
    pub statuses: HashMap<String, Value>,
    pub transactions: HashMap<String, Value>,
    pub questions: Vec<Question>,
}

impl Known {
    /// A transaction is executed in the present slot.
    pub fn execute(&mut self, signature: &str, error: Value) {
        self.statuses.insert(
            signature.to_owned(),
            json!({
                "slot": self.slot, "confirmations": 1, "err": error, "confirmationStatus": "confirmed",
                "status": if error.is_null() { json!({ "Ok": null }) } else { json!({ "Err": error }) },
            }),
        );
        self.transactions.insert(
            signature.to_owned(),
            json!({
                "slot": self.slot, "blockTime": 1_800_000_000, "version": 0, "transaction": ["", "base64"],
                "meta": {
                    "err": error, "fee": 5000, "preBalances": [], "postBalances": [], "computeUnitsConsumed": 1234,
                    "status": if error.is_null() { json!({ "Ok": null }) } else { json!({ "Err": error }) },
                    "logMessages": ["Program log: done"],
                },
            }),
        );
    }
}

type Script = dyn Fn(&Question, &mut Known) -> Option<Reply> + Send + Sync;

struct Inner {
    known: Mutex<Known>,
    script: Box<Script>,
}

/// A running node; it ends with the runtime of the test.
pub struct Node {
    url: String,
    inner: Arc<Inner>,
}

impl Node {
    /// Starts a node. The script sees every question first; where it has no answer, the node gives the true one.
    pub async fn start(script: impl Fn(&Question, &mut Known) -> Option<Reply> + Send + Sync + 'static) -> Self {
        let known = Known { slot: 1000, block_height: 900, ..Known::default() };
        let inner = Arc::new(Inner { known: Mutex::new(known), script: Box::new(script) });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(post(answer)).with_state(inner.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, inner }
    }

    pub fn known(&self) -> MutexGuard<'_, Known> {
        self.inner.known.lock().unwrap()
    }

    /// How often a method was asked.
    pub fn asked(&self, method: &str) -> usize {
        self.known().questions.iter().filter(|question| question.method == method).count()
    }

    /// A client that waits for next to nothing.
    pub fn client(&self) -> Rpc {
        self.client_with(quick())
    }

    pub fn client_with(&self, options: RpcOptions) -> Rpc {
        Rpc::new(&self.url, options).unwrap()
    }

    /// The same node at an address with a key in it.
    pub fn client_with_secret(&self) -> Rpc {
        Rpc::new(&format!("{}/v1/SECRET?api-key=SECRET", self.url), quick()).unwrap()
    }
}

/// Options that wait for next to nothing.
pub fn quick() -> RpcOptions {
    RpcOptions {
        timeout: Duration::from_millis(500),
        patience: Patience {
            attempts: 4,
            first: Duration::from_millis(1),
            longest: Duration::from_millis(5),
            total: Duration::from_secs(20),
        },
        poll: Duration::from_millis(5),
        resend: Duration::from_millis(10),
        nonce: Duration::from_millis(200),
        ..RpcOptions::default()
    }
}

/// An account as the node tells it.
pub fn account(lamports: u64, data: &str) -> Value {
    json!({
        "lamports": lamports, "data": [data, "base64"], "owner": Address::default().to_string(),
        "executable": false, "rentEpoch": 0, "space": 0,
    })
}

async fn answer(State(inner): State<Arc<Inner>>, body: String) -> Response<Body> {
    let asked: Value = serde_json::from_str(&body).unwrap();
    let reply = {
        let mut known = inner.known.lock().unwrap();
        let method = asked["method"].as_str().unwrap().to_owned();
        let nth = known.questions.iter().filter(|question| question.method == method).count();
        let question = Question { method, params: asked["params"].clone(), nth };
        known.questions.push(question.clone());
        (inner.script)(&question, &mut known).unwrap_or_else(|| true_answer(&question, &mut known))
    };
    respond(&asked["id"], reply).await
}

async fn respond(id: &Value, reply: Reply) -> Response<Body> {
    let of_text = |text: String| Response::new(Body::from(text));
    let of_status = |status: u16| {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        response
    };
    match reply {
        Reply::Result(result) => of_text(json!({ "jsonrpc": "2.0", "id": id, "result": result }).to_string()),
        Reply::Error(code, message, data) => of_text(
            json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message, "data": data } })
                .to_string(),
        ),
        Reply::Status(status) => of_status(status),
        Reply::TooMany(seconds) => {
            let mut response = of_status(429);
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
        Reply::Garbage => of_text("<html>Service Unavailable</html>".into()),
        Reply::Cut => {
            let parts = [Ok("{\"jsonrpc\":\"2.0\",\"resu"), Err(io::Error::other("cut"))];
            Response::new(Body::from_stream(futures_util::stream::iter(parts)))
        }
        Reply::Silence => {
            tokio::time::sleep(Duration::from_secs(30)).await;
            of_status(504)
        }
    }
}

/// What a node that is in order answers.
fn true_answer(question: &Question, known: &mut Known) -> Reply {
    let first = &question.params[0];
    let texts = || first.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned());
    let in_context = |value: Value| Reply::Result(json!({ "context": { "slot": known.slot }, "value": value }));
    match question.method.as_str() {
        "getMultipleAccounts" => in_context(texts().map(|address| known.accounts.get(&address).cloned()).collect()),
        "getSignatureStatuses" => in_context(texts().map(|one| known.statuses.get(&one).cloned()).collect()),
        "getTransaction" => Reply::Result(known.transactions.get(first.as_str().unwrap()).cloned().into()),
        "getEpochInfo" => Reply::Result(json!({
            "absoluteSlot": known.slot, "blockHeight": known.block_height, "epoch": 0, "slotIndex": 0, "slotsInEpoch": 432_000,
        })),
        "getLatestBlockhash" => in_context(json!({
            "blockhash": Address::new_from_array([7; 32]).to_string(), "lastValidBlockHeight": known.block_height + 150,
        })),
        "sendTransaction" => Reply::Result(json!(Address::default().to_string())),
        other => panic!("the node was asked {other}"),
    }
}
