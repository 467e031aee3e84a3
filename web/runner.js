// The page's side of what runs learners' code: a worker with a Python of its own, made when an exercise is opened, ended once it has
// run something, and replaced by a fresh one. Widgets find it as attentionLab.runner; each change of its state is told by
// "attention-lab:runner", whose detail is {state, why}:
//   away      there is none; `open` makes one
//   starting  Python is on its way
//   ready     it waits for code
//   running   it runs code; `stop` ends it
//   failed    it could not start; why says so, and `open` tries again
import { spoken } from "../pyapp/attention_lab/widgets/js/texts.js";
import { Kernel } from "./kernel.js";
import { LabError } from "./messages.js";
import { STDLIB, WASM } from "./runtime.js";

const BREATH = 400; // ms in which what came of a run is judged and drawn, before the next Python starts beside it
const ALONE = "numpy-"; // how the one package that learners' code may import begins

export function runnerOf({ assets, lock, packages }, files) {
  const needed = packages.filter((name) => name.startsWith(ALONE));
  let worker = null; // the one that starts, waits or runs
  let spent = null; // the one that has run something, until it is ended
  let ready = null; // a promise: it can run
  let wanted = false;
  let stopped = false; // the learner has stopped what was to be run
  const told = { state: "away", why: "" };

  const announce = () => dispatchEvent(new CustomEvent("attention-lab:runner", { detail: { ...told } }));

  function tell(state, why = "") {
    Object.assign(told, { state, why });
    announce();
  }

  // Always out of a blob: such a worker has the page's policy; one from an address has that of its host, which may have none.
  async function prepare() {
    endSpent();
    tell("starting");
    const made = new Kernel(await files.workerOfBlob("kernel.js", false), () => {});
    worker = made;
    try {
      const parcels = await files.parcels([WASM, STDLIB, lock, ...needed], false);
      await made.request("prepare", { base: files.base, assets, lock, packages: needed, parcels, said: spoken() }, undefined, Object.values(parcels ?? {}));
      if (worker === made) tell("ready");
      return made;
    } catch (error) {
      made.end();
      if (worker === made) worker = null;
      throw error;
    }
  }

  function open() {
    wanted = true;
    ready ??= prepare();
    ready.catch((error) => {
      ready = null;
      if (wanted) tell("failed", error instanceof LabError ? error.error.what : String(error?.message ?? error));
    });
    return ready;
  }

  function endSpent() {
    spent?.end();
    spent = null;
  }

  // What is asked for meanwhile starts at once. What came of a run is on its way to the judge before anyone hears of the next Python;
  // and the old one, with nobody to listen to it, is ended only then: to take its memory apart keeps a processor from the judge.
  function renew() {
    endSpent();
    spent = worker;
    worker = ready = null;
    if (!wanted) {
      endSpent();
      return tell("away");
    }
    Object.assign(told, { state: "starting", why: "" });
    setTimeout(announce);
    setTimeout(() => wanted && void open().catch(() => {}), BREATH);
  }

  return {
    told,
    open: () => void open().catch(() => {}),

    close() {
      wanted = false;
      renew();
    },

    // Runs a request (JSON text, see attention_lab/grading) for so many seconds at the most. Resolves with {reply}, JSON text, or, where
    // none came, with {ended}: "time", "learner" (by `stop`), or "crash".
    async run(request, seconds) {
      stopped = false;
      let running = false;
      try {
        const made = await open();
        if (stopped) return { ended: "learner" };
        const replied = made.request("run", { request }, seconds);
        running = true;
        tell("running"); // who hears of it has something to draw: meanwhile it runs
        return { reply: await replied };
      } catch (thrown) {
        if (stopped) return { ended: "learner" };
        if (!running) throw thrown; // it could not start
        return { ended: thrown.error?.kind === "hung" ? "time" : "crash" };
      } finally {
        if (running || stopped) renew();
      }
    },

    // Also while it starts.
    stop() {
      stopped = true;
      worker?.end();
    },
  };
}
