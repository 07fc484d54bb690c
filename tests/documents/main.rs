//! The learner's document.

mod official;
mod samples;
mod vocabulary;
