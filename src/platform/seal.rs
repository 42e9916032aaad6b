//! Sealing of secrets that lie in the database: XChaCha20-Poly1305 with the key of the secret file.

use std::io::Write;
use std::path::Path;

use chacha20poly1305::aead::{Aead, Generate, KeyInit};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};

use super::{Error, Result};

/// Bytes of the nonce in front of every sealed text.
const NONCE_BYTES: usize = 24;

/// The key of the secret file, ready to seal and open.
#[derive(Clone)]
pub struct Seal {
    cipher: XChaCha20Poly1305,
    key: Key,
}

impl Seal {
    /// Reads the key, 32 bytes in hex, from `path`; makes the file (mode 600) when there is none.
    pub fn load_or_create(path: &Path) -> Result<Seal, String> {
        let named = |what: &str| format!("DUBAN_SECRET_FILE {}: {what}", path.display());
        if !path.exists() {
            create(path).map_err(|error| named(&format!("can't be made ({error})")))?;
        }
        let text = std::fs::read_to_string(path).map_err(|e| named(&format!("can't be read ({e})")))?;
        let bytes = hex::decode(text.trim()).map_err(|_| named("does not hold a key in hex"))?;
        let key = Key::try_from(bytes.as_slice()).map_err(|_| named("must hold 32 bytes in hex"))?;
        Ok(Seal { cipher: XChaCha20Poly1305::new(&key), key })
    }

    /// Seals a secret, in hex.
    pub fn seal(&self, secret: &[u8]) -> Result<String> {
        let nonce = XNonce::generate();
        let sealed = self.cipher.encrypt(&nonce, secret).map_err(|_| Error::internal("sealing failed"))?;
        Ok(hex::encode([nonce.as_slice(), sealed.as_slice()].concat()))
    }

    /// A digest that can't be computed without the key: for what may hold a password and must only be compared.
    pub fn digest(&self, text: &str) -> String {
        let mut digest = Sha256::new();
        digest.update(self.key.as_slice());
        digest.update(text.as_bytes());
        hex::encode(digest.finalize())
    }

    /// Opens what [`Seal::seal`] gave; fails when the key is another one or a byte was changed.
    pub fn open(&self, sealed: &str) -> Result<Vec<u8>> {
        let refused = || Error::internal("a sealed secret does not open with the key of DUBAN_SECRET_FILE");
        let bytes = hex::decode(sealed).map_err(|_| refused())?;
        let (nonce, rest) = bytes.split_at_checked(NONCE_BYTES).ok_or_else(refused)?;
        let nonce = XNonce::try_from(nonce).map_err(|_| refused())?;
        self.cipher.decrypt(&nonce, rest).map_err(|_| refused())
    }
}

fn create(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = match options.open(path) {
        // Another server made it at the same moment: its key is as good.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Ok(()),
        opened => opened?,
    };
    let key: [u8; 32] = rand::random();
    writeln!(file, "{}", hex::encode(key))?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_the_same_key_only_and_whole_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("in/secret.key");
        let seal = Seal::load_or_create(&path).unwrap();
        let sealed = seal.seal(b"signing key").unwrap();
        assert_eq!(Seal::load_or_create(&path).unwrap().open(&sealed).unwrap(), b"signing key");
        let other = Seal::load_or_create(&folder.path().join("other.key")).unwrap();
        assert!(other.open(&sealed).is_err());
        assert_ne!(seal.digest("body"), other.digest("body"));
        let last = sealed.len() - 1;
        let flipped = if sealed.ends_with('0') { '1' } else { '0' };
        assert!(seal.open(&format!("{}{flipped}", &sealed[..last])).is_err());
        assert!(seal.open("00").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn the_secret_file_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        Seal::load_or_create(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
