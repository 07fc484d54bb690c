//! A cluster's life: many at once, ports, funds, time, blocks, and the program's accounts.

use std::{net::TcpListener, thread, time::Duration};

use microcred_client::{
    Address, PROGRAM_ID,
    ledger::{CLOCK, PROGRAM_ELF},
};
use microcred_localnet::{Localnet, LocalnetError, Options, program_data_address};
use solana_commitment_config::CommitmentConfig;
use solana_keypair::Keypair;
use solana_rpc_client::rpc_client::RpcClient;
use solana_sdk_ids::bpf_loader_upgradeable;
use solana_signer::Signer;

fn rpc(localnet: &Localnet) -> RpcClient {
    RpcClient::new(localnet.rpc_url())
}

#[test]
fn many_run_at_once_and_each_is_its_own() {
    let started = thread::scope(|scope| {
        let starts: Vec<_> = (0..4).map(|_| scope.spawn(|| Localnet::start(Options::default()))).collect();
        starts.into_iter().map(|start| start.join().unwrap().unwrap()).collect::<Vec<_>>()
    });
    let learner = Keypair::new().pubkey();
    for (lamports, localnet) in (1_000_000_000..).zip(&started) {
        localnet.fund(&learner, lamports).unwrap();
    }
    for (lamports, localnet) in (1_000_000_000..).zip(&started) {
        assert_eq!(rpc(localnet).get_balance(&learner).unwrap(), lamports);
        assert_eq!(rpc(localnet).get_genesis_hash().unwrap(), localnet.genesis_hash());
    }
}

#[test]
fn a_taken_port_is_said_and_stopping_frees_it() {
    let localnet = Localnet::start(Options::default()).unwrap();
    let port = |url: String| url.rsplit(':').next().unwrap().parse::<u16>().unwrap();
    let (rpc_port, ws_port) = (port(localnet.rpc_url()), port(localnet.ws_url()));
    let again = Options { rpc_port: Some(rpc_port), ws_port: Some(ws_port), ..Options::default() };
    let taken = Localnet::start(again.clone()).err().unwrap();
    assert!(matches!(taken, LocalnetError::PortTaken { port, .. } if port == rpc_port), "{taken}");
    let other_rpc = Options { rpc_port: None, ..again.clone() };
    let taken = Localnet::start(other_rpc).err().unwrap();
    assert!(matches!(taken, LocalnetError::PortTaken { port, .. } if port == ws_port), "{taken}");

    localnet.stop().unwrap();
    drop((TcpListener::bind(("127.0.0.1", rpc_port)).unwrap(), TcpListener::bind(("127.0.0.1", ws_port)).unwrap()));
    drop(Localnet::start(again).unwrap());
    drop(TcpListener::bind(("127.0.0.1", rpc_port)).unwrap());
}

#[test]
fn it_listens_on_the_loopback_interface_alone() {
    let localnet = Localnet::start(Options::default()).unwrap();
    for url in [localnet.rpc_url(), localnet.ws_url()] {
        let port = url.rsplit(':').next().unwrap().parse::<u16>().unwrap();
        // Another loopback address is refused, so it is not bound to all of them.
        drop(TcpListener::bind(("127.0.0.2", port)).unwrap());
    }
}

#[test]
fn the_program_is_installed_as_the_upgradeable_loader_would() {
    let authority = Address::new_from_array([7; 32]);
    for upgrade_authority in [Some(authority), None] {
        let localnet = Localnet::start(Options { upgrade_authority, ..Options::default() }).unwrap();
        let rpc = rpc(&localnet);
        let program = rpc.get_account(&PROGRAM_ID).unwrap();
        assert!(program.executable);
        assert_eq!(program.owner, bpf_loader_upgradeable::ID);
        assert_eq!(program.data, [&[2, 0, 0, 0], program_data_address().as_ref()].concat());

        let bytes = rpc.get_account(&program_data_address()).unwrap();
        assert_eq!(bytes.owner, bpf_loader_upgradeable::ID);
        assert_eq!(bytes.data[..12], [3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        let option = upgrade_authority.map_or([0; 33], |authority| {
            let mut option = [1; 33];
            option[1..].copy_from_slice(authority.as_ref());
            option
        });
        assert_eq!(bytes.data[12..45], option);
        assert!(bytes.data[45..] == *PROGRAM_ELF, "other bytes than the program's");
    }
}

#[test]
fn funds_are_there_from_the_start_and_can_be_added() {
    let learner = Keypair::new().pubkey();
    let options = Options { funded: vec![(learner, 5_000_000_000)], ..Options::default() };
    let localnet = Localnet::start(options).unwrap();
    assert_eq!(rpc(&localnet).get_balance(&learner).unwrap(), 5_000_000_000);
    localnet.fund(&learner, 1_000_000_000).unwrap();
    assert_eq!(rpc(&localnet).get_balance(&learner).unwrap(), 6_000_000_000);
    assert!(matches!(localnet.fund(&learner, 1), Err(LocalnetError::Refused(_))));
}

#[test]
fn the_clock_follows_the_computer_and_can_be_set() {
    let localnet = Localnet::start(Options::default()).unwrap();
    let clock = |localnet: &Localnet| {
        let data = rpc(localnet).get_account(&CLOCK).unwrap().data;
        i64::from_le_bytes(data[32..40].try_into().unwrap())
    };
    let computer = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert!(clock(&localnet).abs_diff(computer.try_into().unwrap()) < 60);
    for time in [4_000_000_000, 1_000_000_000] {
        localnet.set_time(time).unwrap();
        let now = clock(&localnet);
        assert!((time..time + 60).contains(&now), "{now}");
        assert!((time..time + 60).contains(&localnet.time().unwrap()));
        while clock(&localnet) == now {
            thread::sleep(Duration::from_millis(20));
        }
        assert!((time..time + 60).contains(&clock(&localnet)));
    }
    assert!(matches!(localnet.set_time(-1), Err(LocalnetError::Refused(_))));
}

#[test]
fn blocks_can_be_skipped_and_held() {
    let localnet = Localnet::start(Options::default()).unwrap();
    let rpc = rpc(&localnet);
    let processed = CommitmentConfig::processed();
    let height = || rpc.get_block_height_with_commitment(processed).unwrap();
    let (blockhash, before) = (rpc.get_latest_blockhash().unwrap(), height());
    localnet.skip_blocks(200).unwrap();
    assert!(height() >= before + 200);
    assert!(!rpc.is_blockhash_valid(&blockhash, processed).unwrap());

    localnet.hold_blocks().unwrap();
    let held = height();
    thread::sleep(Duration::from_millis(300));
    assert_eq!(height(), held);
    localnet.resume_blocks().unwrap();
    while height() == held {
        thread::sleep(Duration::from_millis(20));
    }
}

#[tokio::test]
async fn it_serves_the_caller_of_a_runtime_with_one_thread() {
    let localnet = Localnet::start(Options::default()).unwrap();
    localnet.fund(&Address::new_from_array([3; 32]), 1_000_000_000).unwrap();
    localnet.set_time(2_000_000_000).unwrap();
    localnet.stop().unwrap();
}
