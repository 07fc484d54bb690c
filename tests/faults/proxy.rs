//! A proxy for JSON-RPC on loopback, through which things go wrong by plan. What a question means is left to the cluster behind it.

use std::{
    collections::{BTreeMap, HashMap},
    io,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::body::{Body, to_bytes};
use base64::{Engine, prelude::BASE64_STANDARD};
use hyper::{Request, Response, StatusCode, body::Incoming, header::RETRY_AFTER, service::service_fn};
use hyper_util::rt::TokioIo;
use microcred_client::ledger::{Patience, Rpc, RpcOptions};
use serde_json::{Value, json};
use solana_rpc_client_api::{
    client_error::reqwest::Client, custom_error::JSON_RPC_SERVER_ERROR_MIN_CONTEXT_SLOT_NOT_REACHED,
};
use solana_signature::Signature;
use tokio::{net::TcpListener, task::JoinHandle, time::sleep};

use crate::plan::{Fault, Plan};

/// How late is late.
const LATE: Duration = Duration::from_millis(60);

/// A running proxy, which ends when it is dropped.
pub struct Proxy {
    url: String,
    way: Arc<Way>,
    serving: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Proxy {
    /// Starts a proxy before the cluster at an address. At first nothing goes wrong.
    pub async fn start(cluster: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let way = Arc::new(Way {
            cluster: cluster.to_owned(),
            http: Client::builder().no_proxy().build().unwrap(),
            plan: Mutex::new(Plan::quiet()),
            asked: Mutex::default(),
            met: Mutex::default(),
            memory: Mutex::default(),
            under_way: AtomicUsize::new(0),
        });
        let serving = tokio::spawn(serve(listener, way.clone()));
        Self { url, way, serving }
    }

    /// From now on things go wrong by this plan.
    pub fn follow(&self, plan: Plan) {
        lock(&self.way.asked).clear();
        *lock(&self.way.plan) = plan;
    }

    /// How often each fault befell a question so far.
    pub fn met(&self) -> BTreeMap<Fault, usize> {
        lock(&self.way.met).clone()
    }

    /// How often one fault did.
    pub fn count(&self, fault: Fault) -> usize {
        self.met().get(&fault).copied().unwrap_or(0)
    }

    /// Waits until the transactions that are late have arrived.
    pub async fn settle(&self) {
        while self.way.under_way.load(Ordering::SeqCst) > 0 {
            sleep(Duration::from_millis(5)).await;
        }
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A client behind it that asks so often, and waits for next to nothing.
    pub fn client(&self, attempts: usize) -> Rpc {
        Rpc::new(&self.url, quick(attempts)).unwrap()
    }
}

/// Options that wait for next to nothing.
pub fn quick(attempts: usize) -> RpcOptions {
    RpcOptions {
        timeout: Duration::from_secs(5),
        patience: Patience {
            attempts,
            first: Duration::from_millis(1),
            longest: Duration::from_millis(20),
            total: Duration::from_secs(20),
        },
        poll: Duration::from_millis(20),
        resend: Duration::from_millis(50),
        ..RpcOptions::default()
    }
}

/// The way to the cluster.
struct Way {
    cluster: String,
    http: Client,
    plan: Mutex<Plan>,
    /// How often each method was asked since the plan began.
    asked: Mutex<HashMap<String, u64>>,
    met: Mutex<BTreeMap<Fault, usize>>,
    /// The first result, by question.
    memory: Mutex<HashMap<String, Value>>,
    /// Transactions that have not arrived yet.
    under_way: AtomicUsize,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap()
}

async fn serve(listener: TcpListener, way: Arc<Way>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let way = way.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| way.clone().answer(request));
            // A connection that ends with an error is what some faults are.
            drop(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
        });
    }
}

/// A question as it came.
struct Question {
    id: Value,
    method: String,
    params: Value,
    text: String,
}

impl Question {
    async fn read(request: Request<Incoming>) -> io::Result<Self> {
        let bytes = to_bytes(Body::new(request.into_body()), usize::MAX).await.map_err(io::Error::other)?;
        let text = String::from_utf8(bytes.to_vec()).map_err(io::Error::other)?;
        let asked: Value = serde_json::from_str(&text)?;
        let method = asked["method"].as_str().unwrap_or_default().to_owned();
        Ok(Self { id: asked["id"].clone(), method, params: asked["params"].clone(), text })
    }

    /// What is asked, whatever the answer must not be older than.
    fn key(&self) -> String {
        let mut params = self.params.clone();
        if let Some(config) = params.as_array_mut().and_then(|params| params.last_mut()?.as_object_mut()) {
            config.remove("minContextSlot");
        }
        format!("{} {params}", self.method)
    }

    /// The first signature of the transaction that is sent.
    fn signature(&self) -> Option<String> {
        let bytes = BASE64_STANDARD.decode(self.params[0].as_str()?).ok()?;
        Some(Signature::from(*bytes.get(1..)?.first_chunk()?).to_string())
    }

    fn answered(&self, result: &Value) -> Response<Body> {
        of_text(json!({ "jsonrpc": "2.0", "id": self.id, "result": result }).to_string())
    }
}

impl Way {
    /// The error ends the connection.
    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> io::Result<Response<Body>> {
        let question = Question::read(request).await?;
        let before = {
            let mut asked = lock(&self.asked);
            let count = asked.entry(question.method.clone()).or_default();
            *count += 1;
            *count - 1
        };
        let (fault, chance) = lock(&self.plan).pick(&question.method, before);
        let Some(fault) = fault else { return self.pass_on(&question).await.map(of_text) };
        let answer = self.go_wrong(fault, chance, &question).await;
        answer.unwrap_or(Err(io::Error::other("the connection ends")))
    }

    /// None: the connection ends.
    async fn go_wrong(
        self: &Arc<Self>,
        fault: Fault,
        chance: u64,
        question: &Question,
    ) -> Option<io::Result<Response<Body>>> {
        let response = match fault {
            Fault::HangUp => None,
            Fault::Lose => {
                drop(self.pass_on(question).await);
                None
            }
            Fault::Delay => {
                sleep(LATE).await;
                Some(of_text(self.pass_on(question).await.ok()?))
            }
            Fault::TooMany => Some(of_status(StatusCode::TOO_MANY_REQUESTS)),
            Fault::TooManyWait => {
                let mut response = of_status(StatusCode::TOO_MANY_REQUESTS);
                let seconds = u64::from(chance.is_multiple_of(16));
                response.headers_mut().insert(RETRY_AFTER, seconds.into());
                Some(response)
            }
            Fault::OutOfOrder => Some(of_status(StatusCode::SERVICE_UNAVAILABLE)),
            Fault::Break => {
                let text = self.pass_on(question).await.ok()?;
                let parts = [Ok(half(text, chance)), Err(io::Error::other("cut"))];
                Some(Response::new(Body::from_stream(futures_util::stream::iter(parts))))
            }
            Fault::Cut => Some(of_text(half(self.pass_on(question).await.ok()?, chance))),
            Fault::Garbage => Some(of_text("<html>Service Unavailable</html>".into())),
            Fault::Nonsense => {
                let nonsense = [json!(-1), json!("nonsense"), json!({}), json!({ "context": { "slot": u32::MAX } })];
                Some(question.answered(&nonsense[chance as usize % nonsense.len()]))
            }
            Fault::Mixed => {
                let mut answer: Value = serde_json::from_str(&self.pass_on(question).await.ok()?).ok()?;
                answer["id"] = json!(u32::MAX);
                Some(of_text(answer.to_string()))
            }
            Fault::Stale => {
                let old = lock(&self.memory).get(&question.key()).cloned();
                // There is nothing older.
                let Some(old) = old else { return Some(self.pass_on(question).await.map(of_text)) };
                Some(question.answered(&old))
            }
            Fault::Behind => {
                let error = json!({
                    "code": JSON_RPC_SERVER_ERROR_MIN_CONTEXT_SLOT_NOT_REACHED,
                    "message": "Minimum context slot has not been reached", "data": { "contextSlot": 1 },
                });
                Some(of_text(json!({ "jsonrpc": "2.0", "id": question.id, "error": error }).to_string()))
            }
            Fault::Twice => {
                let text = self.pass_on(question).await.ok()?;
                drop(self.pass_on(question).await);
                Some(of_text(text))
            }
            Fault::Swallow => Some(question.answered(&json!(question.signature()?))),
            Fault::Late => {
                self.under_way.fetch_add(1, Ordering::SeqCst);
                let (way, text) = (self.clone(), question.text.clone());
                tokio::spawn(async move {
                    sleep(LATE).await;
                    drop(way.ask(text).await);
                    way.under_way.fetch_sub(1, Ordering::SeqCst);
                });
                None
            }
            Fault::Hide => {
                let mut answer: Value = serde_json::from_str(&self.pass_on(question).await.ok()?).ok()?;
                let result = &mut answer["result"];
                match result.get_mut("value").and_then(Value::as_array_mut) {
                    Some(statuses) => statuses.fill(Value::Null),
                    None => *result = Value::Null,
                }
                Some(of_text(answer.to_string()))
            }
        };
        *lock(&self.met).entry(fault).or_default() += 1;
        response.map(Ok)
    }

    /// The cluster's answer, which is remembered.
    async fn pass_on(&self, question: &Question) -> io::Result<String> {
        let text = self.ask(question.text.clone()).await?;
        let answer: Value = serde_json::from_str(&text)?;
        if let Some(result) = answer.get("result")
            && Fault::Stale.befalls(&question.method)
        {
            lock(&self.memory).entry(question.key()).or_insert_with(|| result.clone());
        }
        Ok(text)
    }

    async fn ask(&self, text: String) -> io::Result<String> {
        let question = self.http.post(&self.cluster).header("content-type", "application/json").body(text);
        let answer = question.send().await.map_err(io::Error::other)?;
        answer.text().await.map_err(io::Error::other)
    }
}

fn of_text(text: String) -> Response<Body> {
    Response::new(Body::from(text))
}

fn of_status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// A part of a text, without its end.
fn half(mut text: String, chance: u64) -> String {
    let mut end = chance as usize % text.len().max(1);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}
