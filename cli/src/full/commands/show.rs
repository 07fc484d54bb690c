//! `microcred show`.

use clap::Args;
use microcred_client::{Account, Address, PROGRAM_ID, account::AnyAccount};

use crate::full::{
    error::CliError,
    session::Session,
    shown::{self, Names, Shown},
    values::parse_address,
};

/// Loaders of programs.
const LOADERS: [&str; 3] = [
    "BPFLoaderUpgradeab1e11111111111111111111111",
    "BPFLoader2111111111111111111111111111111111",
    "LoaderV411111111111111111111111111111111111",
];

/// What to show.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Example: microcred show DinFHnMqoB2irQKHyM83CiLf1Sq5a1JMUgmk7oUouN68 --output json")]
pub(crate) struct Arguments {
    /// Address of a registry, issuer, accreditation, issuer key, achievement or credential
    #[arg(value_parser = parse_address)]
    address: Address,
}

pub(crate) async fn run(session: &Session, arguments: &Arguments) -> Result<(), CliError> {
    let address = arguments.address;
    let Some(account) = session.account(&address).await? else {
        return Err(session.missing("account", address).await);
    };
    if account.owner != PROGRAM_ID {
        return session.answer(&Shown::Other(shown::Other::new(address, &account, what(&account))));
    }
    let any = AnyAccount::decode(&address, &account)?;
    let names = Names::read(session, &any).await?;
    session.answer(&Shown::new(address, account.lamports, &any, &names)?)
}

/// What an account of another program is, in words.
fn what(account: &Account) -> &'static str {
    let owner = account.owner.to_string();
    if account.executable {
        "a program"
    } else if account.owner == Address::default() && account.data.is_empty() {
        "a wallet"
    } else if account.owner == Address::default() {
        "an account of the System program, such as a nonce"
    } else if LOADERS.contains(&owner.as_str()) {
        "the code of a program"
    } else {
        "an account of another program"
    }
}
