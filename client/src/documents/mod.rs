//! Making documents together with credentials: what joins [`document`](crate::document) with the chain and with the folder of files.
//!
//! - An [`Office`] is read from the chain: who signs the documents of which achievement. It makes them, and recognises those that it made.
//! - A [`Folder`] holds them, and never loses or overwrites one.
//! - A [`Secret`] makes subjects that the chain does not name.
//! - A [`Renewal`] makes a new document of the one that is in force.
//!
//! The order has no circle, and survives being interrupted anywhere: the credential's address and its place in the status lists are known; the
//! document is made, signed and written; then its digest goes on chain. A document that is found where one is to be made is used if it is
//! what would be made but for its id and times, and left alone otherwise. [`bulk::issue_with_documents`](crate::bulk::issue_with_documents)
//! goes this way for many.

mod error;
mod folder;
mod form;
mod office;
mod providing;
mod renewal;
mod secret;
mod threads;

pub use error::{MakeError, OfficeError};
pub use folder::{Folder, FolderError};
pub use office::{Award, Made, Office, Setting, key_of};
pub use providing::{ProvideError, Provided};
pub use renewal::{Renewal, RenewalError};
pub use secret::{Secret, SecretError};
