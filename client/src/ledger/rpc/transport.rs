//! One question and its answer over HTTP, asked again with patience where that may help.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use backon::{ExponentialBuilder, Retryable};
use jiff::Timestamp;
use serde_json::Value;
use solana_rpc_client::rpc_sender::{RpcSender, RpcTransportStats};
use solana_rpc_client_api::{
    client_error::{
        self,
        reqwest::{
            Client, StatusCode,
            header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER},
        },
    },
    custom_error::JSON_RPC_SERVER_ERROR_MIN_CONTEXT_SLOT_NOT_REACHED,
    request::RpcRequest,
};
use tokio::{sync::Semaphore, time::Instant};

use super::{Endpoint, EndpointError, Options, Patience, fault::Fault};

/// The way to one endpoint. Errors it returns are [`Fault`]s.
pub(super) struct Transport {
    http: Client,
    endpoint: Endpoint,
    timeout: Duration,
    patience: Patience,
    /// How many questions may be under way at a time.
    turns: Semaphore,
    questions: AtomicU64,
}

impl Transport {
    pub(super) fn new(endpoint: Endpoint, options: &Options) -> Result<Self, EndpointError> {
        let mut http = Client::builder().timeout(options.timeout).connect_timeout(options.timeout);
        if endpoint.is_loopback() {
            http = http.no_proxy();
        }
        Ok(Self {
            http: http.build().map_err(|error| EndpointError::NoNetwork(error.without_url().to_string()))?,
            endpoint,
            timeout: options.timeout,
            patience: options.patience,
            turns: Semaphore::new(options.concurrency.max(1)),
            questions: AtomicU64::new(0),
        })
    }

    /// Asks until there is an answer, or patience ends.
    async fn ask_with_patience(&self, request: RpcRequest, params: Value) -> Result<Value, Fault> {
        let wanted = min_context_slot(&params);
        let id = self.questions.fetch_add(1, Ordering::Relaxed);
        let question = request.build_request_json(id, params).to_string();
        if !may_be_repeated(request) {
            return self.ask(id, &question, wanted, self.timeout).await;
        }
        let deadline = Instant::now() + self.patience.total;
        let left = || deadline.saturating_duration_since(Instant::now());
        let attempt = || self.ask(id, &question, wanted, self.timeout.min(left()));
        attempt
            .retry(self.patience.delays())
            .sleep(tokio::time::sleep)
            .when(Fault::is_passing)
            .adjust(|fault, delay| delay.map(|delay| delay.max(fault.wait())).filter(|delay| *delay < left()))
            .await
    }

    /// Asks once.
    async fn ask(&self, id: u64, question: &str, wanted: u64, timeout: Duration) -> Result<Value, Fault> {
        let Ok(_turn) = self.turns.acquire().await else {
            return Err(Fault::NotAsked("the connection is closed".to_owned()));
        };
        let response = self
            .http
            .post(self.endpoint.secret())
            .header(CONTENT_TYPE, "application/json")
            .body(question.to_owned())
            .timeout(timeout)
            .send()
            .await
            .map_err(Fault::of_exchange)?;
        let status = response.status();
        if status == StatusCode::TOO_MANY_REQUESTS {
            return Err(Fault::TooMany { wait: retry_after(response.headers()) });
        }
        if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT {
            return Err(Fault::OutOfOrder(status.as_u16()));
        }
        let body = response.bytes().await.map_err(Fault::of_exchange)?;
        match serde_json::from_slice::<Value>(&body) {
            Ok(answer) if answer.get("result").is_some() || answer.get("error").is_some() => {
                of_answer(answer, id, wanted)
            }
            _ if !status.is_success() => Err(Fault::Barred(status.as_u16())),
            _ => Err(Fault::NotAnswered("the answer is cut, or no JSON-RPC".to_owned())),
        }
    }
}

/// A transaction is followed and sent again by who sends it; lamports asked for twice come twice.
const fn may_be_repeated(request: RpcRequest) -> bool {
    !matches!(request, RpcRequest::SendTransaction | RpcRequest::RequestAirdrop)
}

/// The slot that the answer must not be before, if the question says so.
fn min_context_slot(params: &Value) -> u64 {
    let config = params.as_array().and_then(|params| params.last());
    config.and_then(|config| config.get("minContextSlot")?.as_u64()).unwrap_or(0)
}

fn of_answer(mut answer: Value, id: u64, wanted: u64) -> Result<Value, Fault> {
    if let Some(error) = answer.get("error").filter(|error| !error.is_null()) {
        let code = error.get("code").and_then(Value::as_i64).unwrap_or(0);
        let data = error.get("data");
        if code == JSON_RPC_SERVER_ERROR_MIN_CONTEXT_SLOT_NOT_REACHED
            && let Some(slot) = data.and_then(|data| data.get("contextSlot")?.as_u64())
        {
            return Err(Fault::Stale { slot, wanted });
        }
        return Err(Fault::Refused {
            code,
            message: error.get("message").and_then(Value::as_str).unwrap_or("no reason is given").to_owned(),
            simulated: data.and_then(|data| serde_json::from_value(data.clone()).ok()).map(Box::new),
        });
    }
    if answer.get("id").and_then(Value::as_u64) != Some(id) {
        return Err(Fault::NotAnswered("the answer is to another question".to_owned()));
    }
    let result = answer.get_mut("result").map(Value::take).unwrap_or_default();
    match slot_of(&result) {
        Some(slot) if slot < wanted => Err(Fault::Stale { slot, wanted }),
        _ => Ok(result),
    }
}

/// The slot that a result is from, if it says so; where the cluster stands is told without a context.
fn slot_of(result: &Value) -> Option<u64> {
    let slot = result.get("context").map_or_else(|| result.get("absoluteSlot"), |context| context.get("slot"));
    slot?.as_u64()
}

/// Seconds, or a date (RFC 9110, section 10.2.3); none: no wait is asked for.
fn retry_after(headers: &HeaderMap) -> Duration {
    let Some(text) = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()) else { return Duration::ZERO };
    if let Ok(seconds) = text.trim().parse() {
        return Duration::from_secs(seconds);
    }
    let until = jiff::fmt::rfc2822::parse(text).map(|date| date.timestamp()).ok();
    until.and_then(|until| Duration::try_from(until.duration_since(Timestamp::now())).ok()).unwrap_or_default()
}

impl Patience {
    /// The delays between attempts, each with a random part.
    fn delays(&self) -> ExponentialBuilder {
        ExponentialBuilder::new()
            .with_jitter()
            .with_min_delay(self.first)
            .with_max_delay(self.longest)
            .with_max_times(self.attempts.saturating_sub(1))
            .with_total_delay(Some(self.total))
    }
}

#[async_trait]
impl RpcSender for Transport {
    async fn send(&self, request: RpcRequest, params: Value) -> client_error::Result<Value> {
        Ok(self.ask_with_patience(request, params).await?)
    }

    fn get_transport_stats(&self) -> RpcTransportStats {
        RpcTransportStats {
            request_count: usize::try_from(self.questions.load(Ordering::Relaxed)).unwrap_or(usize::MAX),
            ..RpcTransportStats::default()
        }
    }

    /// Without anything secret.
    fn url(&self) -> String {
        self.endpoint.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_read_as_seconds_or_as_a_date() {
        let wait = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().unwrap());
            retry_after(&headers)
        };
        assert_eq!(wait("7"), Duration::from_secs(7));
        assert!(wait("Fri, 01 Jan 2100 00:00:00 GMT") > Duration::from_secs(1_000_000));
        for none in ["Thu, 01 Jan 1970 00:00:00 GMT", "soon", "-1"] {
            assert_eq!(wait(none), Duration::ZERO, "{none}");
        }
        assert_eq!(retry_after(&HeaderMap::new()), Duration::ZERO);
    }
}
