//! Files that are fetched once, however many documents name them.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;

use super::{Fetch, FetchError};

/// How many bytes are kept at most, addresses included.
const BYTES: usize = 32 * 1024 * 1024;
/// How many answers are kept at most.
const ANSWERS: usize = 4_096;

/// Fetches each address once, and answers again what was answered, also that there was no file: for one run over a pile of documents, whose
/// issuers are few, and not for longer, since lists change. What is kept is bounded; beyond that, files are fetched again.
pub struct Kept<F> {
    from: F,
    answers: Mutex<Answers>,
}

#[derive(Default)]
struct Answers {
    by_url: HashMap<String, Result<Vec<u8>, FetchError>>,
    bytes: usize,
}

impl<F> Kept<F> {
    /// Nothing has been fetched yet.
    pub fn new(from: F) -> Self {
        Self { from, answers: Mutex::default() }
    }
}

impl Answers {
    fn keep(&mut self, url: &str, answer: &Result<Vec<u8>, FetchError>) {
        let bytes = self.bytes.saturating_add(url.len()).saturating_add(answer.as_ref().map_or(0, Vec::len));
        if bytes <= BYTES && self.by_url.len() < ANSWERS && !self.by_url.contains_key(url) {
            self.bytes = bytes;
            self.by_url.insert(url.to_owned(), answer.clone());
        }
    }
}

#[async_trait]
impl<F: Fetch> Fetch for Kept<F> {
    async fn fetch(&self, url: &str) -> Result<Vec<u8>, FetchError> {
        let kept = self.answers.lock().unwrap_or_else(PoisonError::into_inner).by_url.get(url).cloned();
        if let Some(answer) = kept {
            return answer;
        }
        let answer = self.from.fetch(url).await;
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).keep(url, &answer);
        answer
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Counts how often it is asked; an address is a file of so many bytes, or none.
    #[derive(Default)]
    struct Web(AtomicUsize);

    #[async_trait]
    impl Fetch for Web {
        async fn fetch(&self, url: &str) -> Result<Vec<u8>, FetchError> {
            self.0.fetch_add(1, Ordering::Relaxed);
            let size = url.trim_start_matches(|c: char| !c.is_ascii_digit()).parse();
            size.map(|size| vec![7; size]).map_err(|_| FetchError::Status { host: url.into(), status: 404 })
        }
    }

    #[tokio::test]
    async fn what_was_answered_is_answered_again() {
        let kept = Kept::new(Web::default());
        for _ in 0..3 {
            assert_eq!(kept.fetch("a3").await, Ok(vec![7; 3]));
            assert_eq!(kept.fetch("b4").await, Ok(vec![7; 4]));
            assert!(matches!(kept.fetch("none").await, Err(FetchError::Status { status: 404, .. })));
        }
        assert_eq!(kept.from.0.load(Ordering::Relaxed), 3);
    }

    #[tokio::test]
    async fn what_is_kept_is_bounded() {
        let kept = Kept::new(Web::default());
        let large = BYTES / 2;
        for name in ["a", "b", "c", "d"] {
            assert_eq!(kept.fetch(&format!("{name}{large}")).await.map(|file| file.len()), Ok(large));
        }
        let answers = kept.answers.lock().unwrap();
        assert!(answers.by_url.len() == 1 && answers.bytes <= BYTES);
    }

    #[tokio::test]
    async fn so_is_how_many_answers_are_kept() {
        let kept = Kept::new(Web::default());
        for n in 0..ANSWERS + 10 {
            let _ = kept.fetch(&format!("{n}/none")).await;
        }
        assert_eq!(kept.answers.lock().unwrap().by_url.len(), ANSWERS);
    }
}
