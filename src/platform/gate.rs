//! A gate before something scarce: so many pass at once, so many more may wait, none of them long. Whoever comes on top
//! of that is told at once to come back, so that a crowd is answered and does not pile up.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Result;
use super::error::BUSY;

/// A place behind the gate, given back when it is dropped.
pub type Place = OwnedSemaphorePermit;

#[derive(Debug, Clone)]
pub struct Gate {
    places: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    most_waiting: usize,
    patience: Duration,
}

impl Gate {
    /// So many places, so many who may wait for one, and how long.
    pub fn new(places: usize, most_waiting: usize, patience: Duration) -> Gate {
        Gate { places: Arc::new(Semaphore::new(places)), waiting: Arc::default(), most_waiting, patience }
    }

    /// A place, at once or after some waiting; 503 `busy` when too many wait already, or it took too long.
    pub async fn pass(&self) -> Result<Place> {
        if let Ok(place) = self.places.clone().try_acquire_owned() {
            return Ok(place);
        }
        let _waiting = Waiting::join(&self.waiting, self.most_waiting)?;
        match tokio::time::timeout(self.patience, self.places.clone().acquire_owned()).await {
            Ok(Ok(place)) => Ok(place),
            _ => Err(BUSY.err()),
        }
    }
}

/// One who waits; counted until this is dropped, also when the caller goes away.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn join(count: &'a AtomicUsize, most: usize) -> Result<Waiting<'a>> {
        let joined = Waiting(count);
        if count.fetch_add(1, Ordering::Relaxed) >= most { Err(BUSY.err()) } else { Ok(joined) }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn so_many_pass_so_many_wait_and_the_rest_is_told_at_once() {
        let gate = Gate::new(2, 3, Duration::from_millis(50));
        let held = [gate.pass().await.unwrap(), gate.pass().await.unwrap()];
        let crowd = (0..10).map(|_| {
            let gate = gate.clone();
            tokio::spawn(async move {
                let came = std::time::Instant::now();
                (gate.pass().await.map(drop).map_err(|error| error.code()), came.elapsed())
            })
        });
        let crowd: Vec<_> = crowd.collect();
        tokio::time::sleep(Duration::from_millis(10)).await;
        drop(held);
        let mut told = vec![];
        for one in crowd {
            told.push(one.await.unwrap());
        }
        assert_eq!(told.iter().filter(|(passed, _)| passed.is_ok()).count(), 3, "{told:?}");
        let refused = told.iter().filter(|(passed, _)| *passed == Err("busy"));
        assert!(refused.clone().count() == 7 && refused.clone().all(|(_, waited)| waited.as_millis() < 10), "{told:?}");
        assert_eq!(gate.waiting.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn who_waits_too_long_or_goes_away_is_no_longer_counted() {
        let gate = Gate::new(1, 1, Duration::from_millis(20));
        let held = gate.pass().await.unwrap();
        assert_eq!(gate.pass().await.unwrap_err().code(), "busy");
        let gone = tokio::time::timeout(Duration::from_millis(1), gate.pass()).await;
        assert!(gone.is_err());
        assert_eq!(gate.waiting.load(Ordering::Relaxed), 0);
        drop(held);
        drop(gate.pass().await.unwrap());
    }
}
