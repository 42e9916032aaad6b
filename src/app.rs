//! Opens the application from a [`Config`]: its database, its keys, its evidence.

use std::sync::Arc;

use crate::accounts::passwords::PasswordPolicy;
use crate::accounts::tokens::KeyRing;
use crate::accounts::{self, Accounts};
use crate::platform::config::Limits;
use crate::platform::db::Start;
use crate::platform::seal::Seal;
use crate::platform::{Clock, Config, Db, Error};
use crate::progress::Evidence;

/// The program, opened: its database, its keys and its evidence.
#[derive(Clone)]
pub struct App {
    pub db: Db,
    pub accounts: Arc<Accounts>,
    pub evidence: Arc<Evidence>,
    pub limits: Limits,
}

impl App {
    /// Opens everything the settings name; fails with one sentence.
    pub async fn open(config: &Config) -> Result<App, String> {
        App::open_for(config, Start::Serving).await
    }

    /// The same; to look only, on the recorded day and whatever day it is by now.
    pub async fn open_for(config: &Config, start: Start) -> Result<App, String> {
        let clock = Arc::new(Clock::new(config.timezone, config.today));
        let seal = Seal::load_or_create(&config.secret_file)?;
        let evidence = Arc::new(Evidence::open(&config.data_dir, config.max_attachment_bytes)?);
        let db = Db::open(&config.database_url, clock.clone(), start).await?;
        let policy = PasswordPolicy::named(config.password_policy);
        let accounts =
            Arc::new(Accounts { keys: KeyRing::default(), policy, clock, seal, hashing: accounts::hashing() });
        let app = App { db, accounts, evidence, limits: config.limits };
        app.load_keys().await.map_err(|error| error.to_string())?;
        Ok(app)
    }

    /// Reads the signing keys, and makes new ones where they are due.
    pub async fn load_keys(&self) -> Result<(), Error> {
        let accounts = self.accounts.clone();
        self.db.write(move |conn| accounts.keys.load(conn, &accounts.seal, accounts.clock.stamp())).await
    }
}
