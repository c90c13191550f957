//! Secrets at rest. With a key they are kept sealed (ChaCha20-Poly1305, the owner's id bound to
//! them), so that a copy of the database alone opens nothing; without one they are kept as they are.

use crate::error::{Error, Result};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// How a secret is kept, in its first byte.
const AS_IT_IS: u8 = 0;
const SEALED: u8 = 1;
/// A key is derived from words of the server's configuration; shorter ones could be guessed.
const LEAST: usize = 32;

/// The keys that secrets are sealed with: the first one seals, all of them open, so that a key can
/// be replaced. None of them is shown by `Debug`.
#[derive(Clone, Default)]
pub struct Seal(Arc<Vec<LessSafeKey>>);

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Seal({} keys)", self.0.len())
    }
}

/// A key of the configuration that is too short to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a secret key has at least {LEAST} random characters; `openssl rand -base64 32` makes one")]
pub struct UnfitKey;

impl Seal {
    /// From words, newest first; blank ones are left out.
    ///
    /// # Errors
    /// Where one of them is too short to be random.
    pub fn of<'a>(keys: impl IntoIterator<Item = &'a str>) -> std::result::Result<Self, UnfitKey> {
        let keys = keys.into_iter().map(str::trim).filter(|key| !key.is_empty()).map(|key| {
            if key.len() < LEAST {
                return Err(UnfitKey);
            }
            let derived = Sha256::new().chain_update("claimdesk secrets\0").chain_update(key).finalize();
            UnboundKey::new(&CHACHA20_POLY1305, &derived).map(LessSafeKey::new).map_err(|_| UnfitKey)
        });
        Ok(Self(Arc::new(keys.collect::<std::result::Result<_, _>>()?)))
    }

    /// Makes a secret fit to be kept.
    pub(crate) fn close(&self, secret: &[u8], owner: &[u8]) -> Result<Vec<u8>> {
        let Some(key) = self.0.first() else {
            return Ok([&[AS_IT_IS], secret].concat());
        };
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|error| Error::Task(error.to_string()))?;
        let mut sealed = secret.to_vec();
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(owner), &mut sealed)
            .map_err(|_| Error::Seal)?;
        Ok([&[SEALED][..], &nonce, &sealed].concat())
    }

    /// Whether what is kept would be kept so today: sealed with the newest key, or as it is where there
    /// is none.
    pub(crate) fn is_as_new(&self, kept: &[u8], owner: &[u8]) -> bool {
        match self.0.first() {
            None => kept.first() == Some(&AS_IT_IS),
            Some(newest) => {
                let newest = Self(Arc::new(vec![newest.clone()]));
                kept.first() == Some(&SEALED) && newest.open(kept, owner).is_ok()
            }
        }
    }

    /// What was kept.
    pub(crate) fn open(&self, kept: &[u8], owner: &[u8]) -> Result<Vec<u8>> {
        let Some((how, kept)) = kept.split_first() else { return Err(Error::Seal) };
        if *how == AS_IT_IS {
            return Ok(kept.to_vec());
        }
        let (nonce, sealed) = kept.split_at_checked(NONCE_LEN).ok_or(Error::Seal)?;
        for key in self.0.iter() {
            let mut opened = sealed.to_vec();
            let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Error::Seal)?;
            if let Ok(secret) = key.open_in_place(nonce, Aad::from(owner), &mut opened) {
                return Ok(secret.to_vec());
            }
        }
        Err(Error::Seal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "an old key of thirty-two letters";
    const NEW: &str = "a new key that is long enough too";

    #[test]
    fn what_is_sealed_opens_with_its_key_and_for_its_owner_only() {
        let seal = Seal::of([OLD]).expect("a key");
        let kept = seal.close(b"the secret", b"noor").expect("sealed");
        assert!(!kept.windows(10).any(|part| part == b"the secret"));
        assert_eq!(seal.open(&kept, b"noor").expect("opened"), b"the secret");
        assert!(matches!(seal.open(&kept, b"robin"), Err(Error::Seal)));
        assert!(matches!(Seal::of([NEW]).expect("a key").open(&kept, b"noor"), Err(Error::Seal)));
        assert!(matches!(Seal::default().open(&kept, b"noor"), Err(Error::Seal)));
        let mut changed = kept.clone();
        *changed.last_mut().expect("bytes") ^= 1;
        assert!(matches!(seal.open(&changed, b"noor"), Err(Error::Seal)));
        assert_ne!(seal.close(b"the secret", b"noor").expect("sealed"), kept);
    }

    #[test]
    fn a_key_can_be_replaced_and_the_first_one_can_be_given_later() {
        let bare = Seal::default().close(b"the secret", b"noor").expect("kept");
        let old = Seal::of([OLD]).expect("a key").close(b"the secret", b"noor").expect("sealed");
        let both = Seal::of([NEW, "", OLD]).expect("keys");
        assert_eq!(both.open(&bare, b"noor").expect("opened"), b"the secret");
        assert_eq!(both.open(&old, b"noor").expect("opened"), b"the secret");
    }

    #[test]
    fn a_short_key_is_none_and_no_key_is_shown() {
        assert_eq!(Seal::of(["short"]).err(), Some(UnfitKey));
        assert_eq!(format!("{:?}", Seal::of([OLD]).expect("a key")), "Seal(1 keys)");
    }
}
