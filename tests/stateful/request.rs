//! The instructions as the model sees them: arguments, and what kind of account stands in which place.

use microcred::{
    AccreditIssuerArgs, AddAccreditationTermArgs, AddKeyArgs, ConfirmAccreditationArgs, CreateAchievementArgs,
    CreateIssuerArgs, CreateRegistryArgs, EditAchievementArgs, IssueArgs, IssueManyArgs, MarkKeyCompromisedArgs,
    RenewArgs, ShortenKeyArgs, SuspendAccreditationArgs, UpdateIssuerProfileArgs, WithdrawAccreditationArgs,
};
use microcred_client::{Address, PROGRAM_ID};
use solana_instruction::AccountMeta;

/// Declares each request once: the kind that is drawn, how often among the others, and the arguments it carries.
macro_rules! requests {
    ($($name:ident $(($arguments:ty))? weighs $weight:literal,)+) => {
        /// What a step does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($name,)+
            /// Lets time pass.
            PassTime,
            /// Sends lamports to an account, or to an address where one may be created.
            Donate,
            /// Sends an earlier instruction once more, perhaps by the attacker.
            Replay,
        }

        impl Kind {
            /// The kinds that are instructions of the program.
            pub const INSTRUCTIONS: &[Self] = &[$(Self::$name,)+];
            /// Every kind, and how often it is drawn among the others.
            pub const WEIGHTS: &[(u32, Self)] =
                &[$(($weight, Self::$name),)+ (16, Self::PassTime), (8, Self::Donate), (8, Self::Replay)];
        }

        /// An instruction's arguments.
        #[derive(Clone, Debug)]
        pub enum Request { $($name $(($arguments))?,)+ }

        impl Request {
            pub fn kind(&self) -> Kind {
                match self { $(Self::$name { .. } => Kind::$name,)+ }
            }
        }
    };
}

requests! {
    Issue(IssueArgs) weighs 50,
    IssueMany(IssueManyArgs) weighs 10,
    Revoke(u8) weighs 10,
    RevokeMany(u8) weighs 6,
    Suspend(u8) weighs 12,
    Reinstate weighs 8,
    Renew(RenewArgs) weighs 14,
    Accept weighs 10,
    Decline weighs 6,
    Erase(u8) weighs 10,
    CreateAchievement(CreateAchievementArgs) weighs 10,
    EditAchievement(EditAchievementArgs) weighs 8,
    PublishAchievement weighs 4,
    PauseAchievement weighs 3,
    ResumeAchievement weighs 6,
    RetireAchievement weighs 1,
    SetReplacedAchievement weighs 4,
    CreateIssuer(CreateIssuerArgs) weighs 2,
    UpdateIssuerProfile(UpdateIssuerProfileArgs) weighs 4,
    UpdateIssuerTreasury(Address) weighs 2,
    ProposeIssuerAuthority(Address) weighs 3,
    AcceptIssuerAuthority weighs 4,
    PauseIssuer weighs 2,
    ResumeIssuer weighs 4,
    RetireIssuer weighs 1,
    AddKey(AddKeyArgs) weighs 12,
    ShortenKey(ShortenKeyArgs) weighs 4,
    RetireKey weighs 2,
    MarkKeyCompromised(MarkKeyCompromisedArgs) weighs 2,
    CreateRegistry(CreateRegistryArgs) weighs 2,
    UpdateRegistryUri(String) weighs 2,
    ProposeRegistryAuthority(Address) weighs 3,
    AcceptRegistryAuthority weighs 4,
    PauseRegistry weighs 2,
    ResumeRegistry weighs 4,
    RetireRegistry weighs 1,
    AccreditIssuer(AccreditIssuerArgs) weighs 8,
    SuspendAccreditation(SuspendAccreditationArgs) weighs 6,
    ReinstateAccreditation weighs 6,
    WithdrawAccreditation(WithdrawAccreditationArgs) weighs 4,
    AddAccreditationTerm(AddAccreditationTermArgs) weighs 10,
    ConfirmAccreditation(ConfirmAccreditationArgs) weighs 6,
    WithdrawExcess weighs 6,
}

/// A kind of account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    Registry,
    Issuer,
    Accreditation,
    Key,
    Achievement,
    Credential,
}

/// What stands in one place of an instruction's accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Signs and pays; the one writable place that may name an account named elsewhere too.
    Payer,
    Signer,
    Reads(Account),
    Writes(Account),
    /// The program's own address stands for none.
    MayRead(Account),
    /// The address of an account to be created.
    Creates,
    /// Any account, whose kind the rules look at.
    WritesAny,
    System,
}

impl Place {
    /// Whether an account here must be named nowhere else.
    pub const fn is_exclusive(self) -> bool {
        matches!(self, Self::Writes(_) | Self::Creates | Self::WritesAny)
    }
}

impl Request {
    /// The places that the instruction declares, in order. More accounts may only follow where there are many
    /// credentials.
    pub const fn places(&self) -> &'static [Place] {
        use Account as A;
        use Place::{Creates, MayRead, Payer, Reads, Signer, System, Writes, WritesAny};
        match self {
            Self::Issue(_) => &[
                Payer,
                Signer,
                Reads(A::Issuer),
                Writes(A::Key),
                Reads(A::Achievement),
                MayRead(A::Credential),
                Creates,
                System,
            ],
            Self::IssueMany(_) => &[Payer, Signer, Reads(A::Issuer), Writes(A::Key), Reads(A::Achievement), System],
            Self::Revoke(_) | Self::Suspend(_) | Self::Reinstate | Self::Erase(_) => {
                &[Signer, MayRead(A::Key), MayRead(A::Issuer), Writes(A::Credential)]
            }
            Self::RevokeMany(_) => &[Signer, MayRead(A::Key), MayRead(A::Issuer)],
            Self::Renew(_) => &[Signer, Reads(A::Issuer), Writes(A::Key), Reads(A::Achievement), Writes(A::Credential)],
            Self::Accept | Self::Decline => &[Signer, Writes(A::Credential)],
            Self::CreateAchievement(_) => &[Payer, Signer, MayRead(A::Key), Reads(A::Issuer), Creates, System],
            Self::EditAchievement(_)
            | Self::PublishAchievement
            | Self::PauseAchievement
            | Self::ResumeAchievement
            | Self::RetireAchievement => &[Signer, MayRead(A::Key), Reads(A::Issuer), Writes(A::Achievement)],
            Self::SetReplacedAchievement => {
                &[Signer, MayRead(A::Key), Reads(A::Issuer), Writes(A::Achievement), Reads(A::Achievement)]
            }
            Self::CreateIssuer(_) => &[Payer, Signer, Creates, Creates, System],
            Self::UpdateIssuerProfile(_)
            | Self::UpdateIssuerTreasury(_)
            | Self::ProposeIssuerAuthority(_)
            | Self::AcceptIssuerAuthority
            | Self::PauseIssuer
            | Self::ResumeIssuer
            | Self::RetireIssuer => &[Signer, Writes(A::Issuer)],
            Self::AddKey(_) => &[Payer, Signer, Writes(A::Issuer), Creates, System],
            Self::ShortenKey(_) | Self::RetireKey | Self::MarkKeyCompromised(_) => {
                &[Signer, Reads(A::Issuer), Writes(A::Key)]
            }
            Self::CreateRegistry(_) => &[Payer, Signer, Creates, System],
            Self::UpdateRegistryUri(_)
            | Self::ProposeRegistryAuthority(_)
            | Self::AcceptRegistryAuthority
            | Self::PauseRegistry
            | Self::ResumeRegistry
            | Self::RetireRegistry => &[Signer, Writes(A::Registry)],
            Self::AccreditIssuer(_) => &[Payer, Signer, Writes(A::Registry), Reads(A::Issuer), Creates, System],
            Self::SuspendAccreditation(_) | Self::ReinstateAccreditation | Self::WithdrawAccreditation(_) => {
                &[Signer, Reads(A::Registry), Writes(A::Accreditation)]
            }
            Self::AddAccreditationTerm(_) | Self::ConfirmAccreditation(_) => {
                &[Signer, Reads(A::Registry), Reads(A::Issuer), Writes(A::Accreditation)]
            }
            Self::WithdrawExcess => &[WritesAny, MayRead(A::Issuer), MayRead(A::Registry), WritesAny],
        }
    }
}

/// One instruction as it is sent.
#[derive(Clone, Debug)]
pub struct Call {
    pub request: Request,
    pub accounts: Vec<AccountMeta>,
    pub data: Vec<u8>,
    /// Whether a byte follows the arguments.
    pub trailing: bool,
}

impl Call {
    /// The address in a place.
    pub fn at(&self, place: usize) -> Address {
        self.accounts[place].pubkey
    }

    /// The address in a place that may be empty.
    pub fn maybe(&self, place: usize) -> Option<Address> {
        Some(self.at(place)).filter(|address| *address != PROGRAM_ID)
    }

    /// The accounts after those that the instruction declares.
    pub fn further(&self) -> &[AccountMeta] {
        &self.accounts[self.request.places().len()..]
    }
}
