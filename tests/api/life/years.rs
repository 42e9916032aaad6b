//! How many lives a proof lets be lived, and on how many threads.

use std::time::{Duration, Instant};

/// The size of a proof: that of its environment variable, or the quick one.
pub fn count(variable: &str, quick: u64) -> u64 {
    std::env::var(variable).ok().and_then(|n| n.parse().ok()).unwrap_or(quick)
}

/// Whether a proof that began then has had its time: `DUBAN_PROOF_MINUTES`, where it is set. It then says how far it came.
pub fn is_over(begun: Instant) -> bool {
    let minutes = std::env::var("DUBAN_PROOF_MINUTES").ok().and_then(|minutes| minutes.parse::<u64>().ok());
    minutes.is_some_and(|minutes| begun.elapsed() >= Duration::from_secs(minutes * 60))
}

/// Lives numbered from 0 on two threads, each with a runtime of its own; what each of them gave. None is begun after the
/// time of the proof.
pub fn spread<T: Send + 'static, F>(lives: u64, live: impl Fn(u64) -> F + Send + Copy + 'static) -> Vec<T>
where
    F: Future<Output = T>,
{
    const THREADS: u64 = 2;
    let begun = Instant::now();
    let half = move |thread: u64| {
        let own = (thread..lives).step_by(THREADS as usize);
        actix_web::rt::System::new().block_on(async move {
            let mut given = vec![];
            for number in own.take_while(|_| !is_over(begun)) {
                given.push(live(number).await);
            }
            given
        })
    };
    let threads: Vec<_> = (0..THREADS).map(|thread| std::thread::spawn(move || half(thread))).collect();
    threads
        .into_iter()
        .flat_map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        .collect()
}
