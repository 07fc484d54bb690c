//! Starting, changing and stopping a cluster.

use std::{
    io,
    thread::{self, JoinHandle},
    time::Duration,
};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use solana_address::Address;
use solana_clock::Clock;
use solana_hash::Hash;
use solana_keypair::Keypair;
use solana_signer::Signer;
use surfpool_core::{
    runloops::start_local_surfnet_runloop,
    surfnet::{
        locker::SurfnetSvmLocker,
        svm::{SurfnetSvm, SurfnetSvmConfig},
    },
};
use surfpool_types::{
    BlockProductionMode, ClockCommand, RpcConfig, SerialVmMutationResult, SerialVmMutationTask, SimnetCommand,
    SimnetConfig, SimnetEvent, SurfpoolConfig,
};
use thiserror::Error;

use crate::{ports::Ports, program};

/// How long starting, stopping and each change may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many blocks it takes until one is finalized: before, those who ask for finalized things see nothing yet.
const FINALIZED_AFTER: u32 = 32;

/// How often another pair of free ports is tried when someone else took one meanwhile.
const ATTEMPTS: usize = 5;

/// What a cluster is like.
#[derive(Clone, Debug)]
pub struct Options {
    /// Port for JSON-RPC; none: a free one.
    pub rpc_port: Option<u16>,
    /// Port for WebSocket; none: a free one.
    pub ws_port: Option<u16>,
    /// How long a slot takes, at least a millisecond. A slot has a block, also an empty one; a blockhash is good for 150 of them; a
    /// transaction is confirmed at the end of its slot, and finalized 31 later. A real cluster's takes 400 ms.
    pub slot_time: Duration,
    /// Who may upgrade the program; none: nobody.
    pub upgrade_authority: Option<Address>,
    /// Who has how many lamports from the start.
    pub funded: Vec<(Address, u64)>,
}

impl Default for Options {
    /// For tests: free ports and slots of 50 ms.
    fn default() -> Self {
        Self {
            rpc_port: None,
            ws_port: None,
            slot_time: Duration::from_millis(50),
            upgrade_authority: None,
            funded: Vec::new(),
        }
    }
}

/// Why a cluster did not start or did not do what it was asked.
#[derive(Debug, Error)]
pub enum LocalnetError {
    /// Another program listens there.
    #[error("port {port} for {what} is taken: stop what listens there, or choose another port")]
    PortTaken {
        /// What it is for.
        what: &'static str,
        /// The port.
        port: u16,
    },
    /// A port cannot be opened.
    #[error("port {port} for {what} cannot be opened ({error}): choose another port")]
    Port {
        /// What it is for.
        what: &'static str,
        /// The port; 0: a free one.
        port: u16,
        /// Why.
        error: io::Error,
    },
    /// The file that makes clusters start one after another cannot be used.
    #[error("the folder for temporary files cannot be used ({0}): set TMPDIR to one that can be written")]
    Turn(io::Error),
    /// The cluster did not come up.
    #[error("the cluster did not start: {0}")]
    Start(String),
    /// The cluster refused a change.
    #[error("the cluster refused: {0}")]
    Refused(String),
    /// The cluster does not answer any more.
    #[error("the cluster has stopped: start another")]
    Stopped,
}

/// A cluster inside this process, on the loopback interface. It stops when this is dropped.
pub struct Localnet {
    ports: (u16, u16),
    genesis: Hash,
    locker: SurfnetSvmLocker,
    commands: Sender<SimnetCommand>,
    signs: Receiver<Sign>,
    threads: Vec<JoinHandle<()>>,
}

/// What is heard of a cluster's life.
enum Sign {
    /// Both servers answer.
    Up,
    /// Both servers have closed.
    Closed,
    /// It has failed.
    Failed(String),
}

impl Localnet {
    /// Starts a cluster and waits until it answers: about a second.
    ///
    /// # Errors
    /// [`LocalnetError`]: a port is taken, or the cluster did not come up.
    pub fn start(options: Options) -> Result<Self, LocalnetError> {
        let fixed = options.rpc_port.is_some() && options.ws_port.is_some();
        let mut attempts = if fixed { 1 } else { ATTEMPTS };
        loop {
            attempts = attempts.saturating_sub(1);
            match Self::try_start(&options) {
                Err(LocalnetError::Start(_)) if attempts > 0 => {}
                result => return result,
            }
        }
    }

    fn try_start(options: &Options) -> Result<Self, LocalnetError> {
        let slot_time = u64::try_from(options.slot_time.as_millis()).unwrap_or(u64::MAX).max(1);
        let (mut svm, events, geyser) = SurfnetSvm::new(SurfnetSvmConfig {
            slot_time,
            instruction_profiling_enabled: false,
            ..SurfnetSvmConfig::default()
        })
        .map_err(start_error)?;
        furnish(&mut svm, options)?;

        let genesis = Hash::new_from_array(Keypair::new().pubkey().to_bytes());
        let ports = Ports::take(options.rpc_port, options.ws_port)?;
        let config = SurfpoolConfig {
            simnets: vec![SimnetConfig {
                offline_mode: true,
                remote_rpc_url: None,
                slot_time,
                block_production_mode: BlockProductionMode::Clock,
                instruction_profiling_enabled: false,
                genesis_hash: Some(genesis),
                ..SimnetConfig::default()
            }],
            rpc: RpcConfig {
                bind_host: "127.0.0.1".into(),
                bind_port: ports.rpc,
                ws_port: ports.ws,
                ..RpcConfig::default()
            },
            ..SurfpoolConfig::default()
        };
        let locker = SurfnetSvmLocker::new(svm);
        let (commands, received) = crossbeam_channel::unbounded();
        let (sign, signs) = crossbeam_channel::unbounded();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("localnet")
            .enable_all()
            .build()
            .map_err(start_error)?;
        let running = {
            let (locker, commands, sign) = (locker.clone(), commands.clone(), sign.clone());
            spawn("localnet", move || {
                let run = start_local_surfnet_runloop(locker, config, commands, received, geyser);
                if let Err(error) = runtime.block_on(run) {
                    drop(sign.send(Sign::Failed(error.to_string())));
                }
            })?
        };
        let listening = spawn("localnet-events", move || listen(&events, &sign))?;
        let localnet =
            Self { ports: (ports.rpc, ports.ws), genesis, locker, commands, signs, threads: vec![running, listening] };
        match localnet.signs.recv_timeout(PATIENCE) {
            Ok(Sign::Up) => {
                localnet.skip_blocks(FINALIZED_AFTER)?;
                Ok(localnet)
            }
            Ok(Sign::Failed(error)) => Err(LocalnetError::Start(error)),
            Ok(Sign::Closed) | Err(RecvTimeoutError::Disconnected) => Err(LocalnetError::Stopped),
            Err(RecvTimeoutError::Timeout) => Err(LocalnetError::Start("it does not answer: try again".into())),
        }
    }

    /// Where JSON-RPC is answered.
    #[must_use]
    pub fn rpc_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.0)
    }

    /// Where WebSocket subscriptions are answered. It is not the port after that of [`Self::rpc_url`], unless so chosen.
    #[must_use]
    pub fn ws_url(&self) -> String {
        format!("ws://127.0.0.1:{}", self.ports.1)
    }

    /// What `getGenesisHash` answers: another hash for each cluster that is started.
    #[must_use]
    pub const fn genesis_hash(&self) -> Hash {
        self.genesis
    }

    /// Adds lamports, at least the rent minimum of an empty account.
    ///
    /// # Errors
    /// [`LocalnetError::Refused`], [`LocalnetError::Stopped`].
    pub fn fund(&self, address: &Address, lamports: u64) -> Result<(), LocalnetError> {
        let address = *address;
        self.change(move |svm| {
            let sent = svm.airdrop(&address, lamports).map_err(|error| error.to_string())?;
            sent.map(drop).map_err(|failed| failed.err.to_string())
        })
    }

    /// Puts an account in place, whatever was there. What only a program could write can be forged so.
    ///
    /// # Errors
    /// [`LocalnetError::Refused`], [`LocalnetError::Stopped`].
    pub fn set_account(&self, address: &Address, account: solana_account::Account) -> Result<(), LocalnetError> {
        let address = *address;
        self.change(move |svm| svm.set_account(&address, account).map_err(|error| error.to_string()))
    }

    /// The cluster's time, Unix seconds.
    ///
    /// # Errors
    /// [`LocalnetError::Stopped`].
    pub fn time(&self) -> Result<i64, LocalnetError> {
        self.change(|svm| Ok(svm.inner.get_sysvar::<Clock>().unix_timestamp))
    }

    /// Sets the time, Unix seconds, forwards or backwards; it goes on from there.
    ///
    /// # Errors
    /// [`LocalnetError::Refused`] for a time before 1970; [`LocalnetError::Stopped`].
    pub fn set_time(&self, unix_timestamp: i64) -> Result<(), LocalnetError> {
        if unix_timestamp < 0 {
            return Err(LocalnetError::Refused("the time is before 1970".into()));
        }
        let clock = Clock { unix_timestamp, epoch_start_timestamp: unix_timestamp, ..Clock::default() };
        let (reply, answer) = crossbeam_channel::bounded(1);
        self.command(SimnetCommand::UpdateInternalClockWithConfirmation(None, clock, reply))?;
        let changed = answer.recv_timeout(PATIENCE).map_err(|_| LocalnetError::Stopped)?;
        changed.map(drop).map_err(LocalnetError::Refused)
    }

    /// Lets blocks pass at once, as if nothing had been sent for so many slots. After 150 a blockhash is expired.
    ///
    /// # Errors
    /// [`LocalnetError::Stopped`].
    pub fn skip_blocks(&self, blocks: u32) -> Result<(), LocalnetError> {
        for _ in 0..blocks {
            self.command(SimnetCommand::SlotForward(None))?;
        }
        self.command(SimnetCommand::UpdateBlockProductionMode(BlockProductionMode::Clock))?;
        self.change(|_| Ok(()))
    }

    /// Lets no block end until [`Self::resume_blocks`]: transactions are executed, but none is confirmed, and no blockhash expires.
    ///
    /// # Errors
    /// [`LocalnetError::Stopped`].
    pub fn hold_blocks(&self) -> Result<(), LocalnetError> {
        self.command(SimnetCommand::UpdateBlockProductionMode(BlockProductionMode::Manual))?;
        self.change(|_| Ok(()))
    }

    /// Ends [`Self::hold_blocks`].
    ///
    /// # Errors
    /// [`LocalnetError::Stopped`].
    pub fn resume_blocks(&self) -> Result<(), LocalnetError> {
        self.command(SimnetCommand::UpdateBlockProductionMode(BlockProductionMode::Clock))?;
        self.change(|_| Ok(()))
    }

    /// Stops, and waits until both ports are closed.
    ///
    /// # Errors
    /// [`LocalnetError::Stopped`] if they did not close in time; they do when the process ends.
    pub fn stop(mut self) -> Result<(), LocalnetError> {
        self.close()
    }

    fn close(&mut self) -> Result<(), LocalnetError> {
        let threads = std::mem::take(&mut self.threads);
        if threads.is_empty() {
            return Ok(());
        }
        // The thread behind the clock never ends: it is put to sleep instead.
        self.command(SimnetCommand::CommandClock(None, ClockCommand::Pause))?;
        self.command(SimnetCommand::CommandClock(None, ClockCommand::UpdateSlotInterval(ASLEEP)))?;
        self.command(SimnetCommand::Terminate(None))?;
        loop {
            match self.signs.recv_timeout(PATIENCE) {
                Ok(Sign::Closed) => break,
                Ok(_) => {}
                Err(_) => return Err(LocalnetError::Stopped),
            }
        }
        threads.into_iter().try_for_each(JoinHandle::join).map_err(|_| LocalnetError::Stopped)
    }

    /// Changes the SVM between two transactions.
    fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut SurfnetSvm) -> Result<T, String> + Send + Sync + 'static,
    ) -> Result<T, LocalnetError> {
        let (reply, answer) = crossbeam_channel::bounded(1);
        let locker = self.locker.clone();
        let task = SerialVmMutationTask::new(move || {
            Box::pin(async move {
                drop(reply.send(locker.with_svm_writer(change)));
                SerialVmMutationResult::NoBlock
            })
        });
        self.command(SimnetCommand::ProcessSerialVmMutation(task))?;
        let changed = answer.recv_timeout(PATIENCE).map_err(|_| LocalnetError::Stopped)?;
        changed.map_err(LocalnetError::Refused)
    }

    fn command(&self, command: SimnetCommand) -> Result<(), LocalnetError> {
        self.commands.send(command).map_err(|_| LocalnetError::Stopped)
    }
}

impl Drop for Localnet {
    fn drop(&mut self) {
        // Nobody is there to be told; the threads end with the process at the latest.
        drop(self.close());
    }
}

/// Milliseconds between two looks of the clock's thread after the end: a day.
const ASLEEP: u64 = 86_400_000;

/// Puts the program and the funded accounts in place.
fn furnish(svm: &mut SurfnetSvm, options: &Options) -> Result<(), LocalnetError> {
    let rent = |size| svm.inner.minimum_balance_for_rent_exemption(size);
    let program = program::accounts(options.upgrade_authority, rent).map_err(start_error)?;
    for (address, account) in program {
        svm.set_account(&address, account).map_err(start_error)?;
    }
    for (address, lamports) in &options.funded {
        let account = solana_account::Account { lamports: *lamports, ..solana_account::Account::default() };
        svm.set_account(address, account).map_err(start_error)?;
    }
    Ok(())
}

/// Takes every event, because senders wait while nobody does, and passes on what tells of the cluster's life.
fn listen(events: &Receiver<SimnetEvent>, sign: &Sender<Sign>) {
    let mut closed = 0;
    for event in events {
        let heard = match event {
            SimnetEvent::CoreStarted(_) => Sign::Up,
            SimnetEvent::Aborted(error) => Sign::Failed(error),
            SimnetEvent::Shutdown if closed == 0 => {
                closed = 1;
                continue;
            }
            SimnetEvent::Shutdown => {
                drop(sign.send(Sign::Closed));
                return;
            }
            _ => continue,
        };
        drop(sign.send(heard));
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, LocalnetError> {
    thread::Builder::new().name(name.into()).spawn(work).map_err(start_error)
}

fn start_error(error: impl ToString) -> LocalnetError {
    LocalnetError::Start(error.to_string())
}
