// What was done in each lab, kept on this device from one visit to the next: the steps seen, the guesses, what was revealed.
// Python says what it is and checks whatever comes back; this only puts it away and fetches it.

const KEY = "attention-lab-progress";

export function keptProgress() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null");
    return kept !== null && typeof kept === "object" && !Array.isArray(kept) ? kept : null;
  } catch {
    return null; // no storage here, or what is there cannot be read
  }
}

export function keepProgress(progress) {
  try {
    localStorage.setItem(KEY, JSON.stringify(progress));
  } catch {
    // an LMS frame may forbid storage: the progress lasts for this visit
  }
}

export function forgetProgress() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // then there is nothing kept
  }
}
