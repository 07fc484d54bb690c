//! An SVM that asks for no signatures: whoever an instruction names as a signer has signed.

use litesvm::{
    LiteSVM,
    types::{TransactionMetadata, TransactionResult},
};
use microcred::ID;
use microcred_client::{Address, Instruction};
use microcred_tests::World;
use solana_account::{Account, ReadableAccount};
use solana_clock::Clock;
use solana_message::{Message, VersionedMessage};
use solana_transaction::versioned::VersionedTransaction;
use solana_transaction_error::TransactionError;

use crate::outcome::State;

/// Pays every fee and takes no part otherwise: as the first account of a transaction it signs and is writable, whatever
/// an instruction says of it.
const FEE_PAYER: Address = Address::new_from_array([0xfe; 32]);

/// Holds the code of programs, which no transaction here changes.
const LOADER: Address = Address::from_str_const("BPFLoaderUpgradeab1e11111111111111111111111");

/// A ledger that can be copied.
#[derive(Clone)]
pub struct Stage(LiteSVM);

impl Stage {
    /// A copy of a world's ledger.
    pub fn of(world: &mut World) -> Self {
        world.ledger.fund(&FEE_PAYER, 1 << 50).unwrap();
        let mut svm = world.ledger.svm().clone().with_sigverify(false).with_blockhash_check(false);
        svm.add_program(gate::ID, include_bytes!("../../fixtures/gate.so")).unwrap();
        Self(svm)
    }

    /// Sends one instruction.
    pub fn send(&mut self, instruction: &Instruction) -> Result<TransactionMetadata, TransactionError> {
        let instructions = std::slice::from_ref(instruction);
        let message = Message::new_with_blockhash(instructions, Some(&FEE_PAYER), &self.0.latest_blockhash());
        let signatures = vec![Default::default(); usize::from(message.header.num_required_signatures)];
        let transaction = VersionedTransaction { signatures, message: VersionedMessage::Legacy(message) };
        let result: TransactionResult = self.0.send_transaction(transaction);
        result.map_err(|failed| failed.err)
    }

    /// Sends instructions that must take effect.
    #[track_caller]
    pub fn act(&mut self, instructions: impl IntoIterator<Item = Instruction>) {
        for instruction in instructions {
            self.send(&instruction).unwrap();
        }
    }

    /// Lets a second pass.
    pub fn pass_a_second(&mut self) {
        let clock: Clock = self.0.get_sysvar();
        self.0.set_sysvar(&Clock { unix_timestamp: clock.unix_timestamp + 1, ..clock });
    }

    /// The account at an address.
    pub fn account(&self, address: &Address) -> Option<Account> {
        self.0.get_account(address)
    }

    /// Puts an account at an address.
    pub fn put(&mut self, address: Address, account: Account) {
        self.0.set_account(address, account).unwrap();
    }

    /// Adds lamports to an account, which need not exist.
    pub fn add_lamports(&mut self, address: Address, lamports: u64) {
        let account = self.account(&address).unwrap_or_default();
        self.put(address, Account { lamports: account.lamports + lamports, ..account });
    }

    /// Addresses of the program's accounts.
    pub fn program_accounts(&self) -> Vec<Address> {
        self.0.get_program_accounts(&ID).into_iter().map(|(address, _)| address).collect()
    }

    /// Every account but the fee payer's and programs.
    pub fn state(&self) -> State {
        let accounts = self.0.accounts_db().inner.iter();
        let relevant = accounts
            .filter(|(address, account)| **address != FEE_PAYER && !account.executable() && *account.owner() != LOADER);
        relevant.map(|(address, account)| (*address, account.clone())).collect()
    }
}
