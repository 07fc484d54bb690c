//! The program as the upgradeable loader keeps it: an account at its address that points to another, which holds the bytes.

use microcred_client::{PROGRAM_ID, ledger::PROGRAM_ELF};
use solana_account::Account;
use solana_address::Address;
use solana_loader_v3_interface::{get_program_data_address, state::UpgradeableLoaderState};
use solana_sdk_ids::bpf_loader_upgradeable;

/// Address of the account that holds the program's bytes: after 45 bytes of the loader's own (slot, upgrade authority), the ELF.
#[must_use]
pub fn program_data_address() -> Address {
    get_program_data_address(&PROGRAM_ID)
}

/// The program's two accounts, the bytes first. `rent` says what an account of a size must hold.
pub(crate) fn accounts(
    upgrade_authority: Option<Address>,
    rent: impl Fn(usize) -> u64,
) -> bincode::Result<[(Address, Account); 2]> {
    let account = |state: &UpgradeableLoaderState, elf: &[u8], executable| -> bincode::Result<Account> {
        let mut data = bincode::serialize(state)?;
        // The authority's place is there also where none is.
        if !elf.is_empty() {
            data.resize(UpgradeableLoaderState::size_of_programdata_metadata(), 0);
        }
        data.extend_from_slice(elf);
        let lamports = rent(data.len());
        Ok(Account { lamports, data, owner: bpf_loader_upgradeable::ID, executable, rent_epoch: u64::MAX })
    };
    let bytes = UpgradeableLoaderState::ProgramData { slot: 0, upgrade_authority_address: upgrade_authority };
    let program = UpgradeableLoaderState::Program { programdata_address: program_data_address() };
    Ok([(program_data_address(), account(&bytes, PROGRAM_ELF, false)?), (PROGRAM_ID, account(&program, &[], true)?)])
}
