// How fast the line and the processor are, and how long the lab takes to be ready.
import { t } from "../../pyapp/attention_lab/widgets/js/texts.js";
import { withinSeconds } from "./looking.js";
import { bad, good, less, open } from "./tests.js";

const SECONDS = 3; // of listening to the line
const ENOUGH = 16 << 20; // bytes
const SLOW_LINE = 2; // Mbit/s: below that a first visit takes minutes
const SIDE = 96; // of the matrices that are multiplied
const LONG = 400; // ms of multiplying
const START = 180; // seconds for the lab to be ready
const SLOW_START = 30;

// Megabits a second, by as much of a large file as comes in a few seconds; null where no file can be asked for.
export async function line({ form, probe }) {
  if (form !== "site" || !probe) return open(t("Not measured: this copy brings its files with it."));
  const away = new AbortController();
  try {
    const answer = await withinSeconds(20, fetch(new URL(probe.url, document.baseURI), { cache: "no-store", signal: away.signal }));
    if (!answer.ok) return bad(t("The host answers {status} for {file}.", { status: answer.status, file: probe.url }), t("Please upload all files of the lab: {file} is missing (the host answers {status}).", { status: answer.status, file: probe.url }));
    const speed = await listened(answer.body.getReader());
    return { ...(speed < SLOW_LINE ? less(t("{n} Mbit/s to this device now: a first visit takes minutes. Open the lab before the lesson, or bring it on a stick.", { n: shown(speed) })) : good(t("{n} Mbit/s to this device now.", { n: shown(speed) }))), speed };
  } catch (error) {
    return bad(t("No file came: {why}", { why: error.message ?? error }), t("Please let these devices reach the address of the lab: no file came from it."));
  } finally {
    away.abort();
  }
}

async function listened(reader) {
  const begin = performance.now();
  let bytes = 0;
  while (bytes < ENOUGH && performance.now() - begin < SECONDS * 1000) {
    const { done, value } = await withinSeconds(20, reader.read());
    if (done) break;
    bytes += value.length;
  }
  return (bytes * 8) / 1e6 / Math.max(0.001, (performance.now() - begin) / 1000);
}

const shown = (speed) => (speed >= 10 ? Math.round(speed).toLocaleString("en") : speed.toFixed(1));

// Millions of multiplications and additions a second, in one thread.
export function processor() {
  const [a, b, c] = Array.from({ length: 3 }, () => new Float64Array(SIDE * SIDE).fill(1.5));
  const begin = performance.now();
  let rounds = 0;
  while (performance.now() - begin < LONG) {
    multiply(a, b, c);
    rounds++;
  }
  const rate = (rounds * SIDE ** 3) / 1e6 / ((performance.now() - begin) / 1000);
  const [said, threads] = [Math.round(rate).toLocaleString("en"), navigator.hardwareConcurrency];
  return { ...open(threads ? t("{rate} million multiplications a second in one thread, and {threads} threads.", { rate: said, threads }) : t("{rate} million multiplications a second in one thread, and an unknown number of threads.", { rate: said })), rate };
}

function multiply(a, b, c) {
  for (let i = 0; i < SIDE; i++)
    for (let j = 0; j < SIDE; j++) {
      let sum = 0;
      for (let k = 0; k < SIDE; k++) sum += a[i * SIDE + k] * b[k * SIDE + j];
      c[i * SIDE + j] = sum;
    }
}

// The lab itself, in a frame: everything that it needs, at once.
export async function lab(frame, address) {
  const begin = performance.now();
  const ready = new Promise((resolve) =>
    addEventListener("message", function told({ source, data }) {
      if (source !== frame.contentWindow || data?.type !== "attention-lab:ready") return;
      removeEventListener("message", told);
      resolve(performance.now() - begin);
    }),
  );
  frame.src = address;
  try {
    const seconds = (await withinSeconds(START, ready)) / 1000;
    const says = t("It was ready after {n} seconds.", { n: seconds.toFixed(1) });
    return { ...(seconds > SLOW_START ? less(`${says} ${t("That is slow: open it before the lesson.")}`) : good(says)), seconds };
  } catch {
    return bad(t("It was not ready within three minutes. The frame below shows how far it came."), t("Please look at the frame of the lab on this page: it says what kept it from starting."));
  }
}
