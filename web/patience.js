// Waiting that has an end, counted in steps of a clock: time in which nothing ran (a computer asleep, a tab that was stopped) is no
// silence, and what came meanwhile is read first.

const STEP = 1000; // ms

// Calls `late` once, when so many seconds have passed since the last `again()`; never after `end()`.
export function patience(seconds, late) {
  let left = seconds;
  const clock = setInterval(() => {
    if (--left > 0) return;
    clearInterval(clock);
    late();
  }, STEP);
  return {
    again() {
      left = seconds;
    },
    end: () => clearInterval(clock),
  };
}

// What `promise` gives, or a rejection by `late()` when nothing has come of it for so long.
export function atMost(seconds, promise, late) {
  return new Promise((resolve, reject) => {
    const waiting = patience(seconds, () => reject(late()));
    promise.then(resolve, reject).finally(waiting.end);
  });
}
