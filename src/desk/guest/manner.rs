//! What kinds of visitors of the program's own there are, and what each of them is known by.

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

/// What kind of visitor it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Says something kind in each of their turns.
    Kind,
    /// Says little.
    Terse,
    /// Says it angrily.
    Angry,
    /// Says nothing, and stays.
    Silent,
    /// Walks away in the middle, without a word.
    WalksAway,
    /// Presses for help.
    Sos,
    /// Says what somebody says who needs help.
    Crisis,
    /// Pastes what no field is made for.
    Pastes,
    /// Presses whatever there is.
    Meddles,
    /// Closes it before its end.
    StopsEarly,
}

impl Manner {
    /// Each as often as it is drawn. Most visitors mean well.
    const DRAWN: [Self; 13] = [
        Self::Kind,
        Self::Kind,
        Self::Kind,
        Self::Terse,
        Self::Terse,
        Self::Angry,
        Self::Silent,
        Self::WalksAway,
        Self::Sos,
        Self::Crisis,
        Self::Pastes,
        Self::Meddles,
        Self::StopsEarly,
    ];

    /// That of the visitor with this number.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        Self::DRAWN[rng(seed, 1).random_range(0..Self::DRAWN.len())]
    }

    /// Whether the help card has to come.
    #[must_use]
    pub fn needs_help(self) -> bool {
        matches!(self, Self::Sos | Self::Crisis)
    }
}

/// The name that this visitor says and nobody else does, in small letters: by it one can look whether anything of them is
/// left. Whoever knows the number knows it.
#[must_use]
pub fn canary(seed: u64) -> String {
    format!("zq{:012x}", rng(seed, 2).random::<u64>() & 0xffff_ffff_ffff)
}

/// Chance of this visitor, for this purpose.
pub(super) fn rng(seed: u64, purpose: u64) -> Pcg64Mcg {
    Pcg64Mcg::seed_from_u64(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ purpose)
}
