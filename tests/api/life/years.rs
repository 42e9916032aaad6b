//! On how many threads lives are lived.

use std::time::Instant;

use crate::support::proof::is_over;

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
