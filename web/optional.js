// Downloads that the learner asks for: never part of the first load. A widget dispatches "attention-lab:fetch" or
// "attention-lab:cancel" with {name}; the page answers each change with "attention-lab:optional", whose detail is
// {name, state, bytes, loaded, total, cached, why}:
//   absent     this copy of the lab comes without it
//   available  it can be fetched; cached: it is on this device already
//   loading    on its way (loaded of total bytes), or being handed to the kernel
//   ready      the kernel has it
//   failed     why says what happened; asking again tries again
//   cancelled  by the learner
// What has come is kept in Cache storage, where there is one, beside the builds that sw.js keeps: a file that is the same in the
// next build stays, an older one goes when its successor has come.
import { assetLoader } from "./assets.js";
import { LabError } from "./messages.js";

const TOLD = 100; // ms between two words on progress

export class Optional {
  states = {}; // name -> the last detail; for whoever comes later than the event
  #entries;
  #files;
  #give = null; // (name, bytes) -> promise, while there is a kernel
  #here = new Map(); // name -> Blob, checked
  #running = new Map(); // name -> AbortController
  #tried = new Set(); // names that have failed: the next try passes by the HTTP cache

  constructor({ optional = {} }, files) {
    this.#entries = optional;
    this.#files = files;
    for (const [name, { bytes }] of Object.entries(optional)) {
      this.states[name] = { name, state: "available", bytes, loaded: 0, total: bytes, cached: false, why: "" };
      void this.#lookUp(name);
    }
    addEventListener("attention-lab:fetch", ({ detail }) => void this.#fetch(detail?.name));
    addEventListener("attention-lab:cancel", ({ detail }) => this.#running.get(detail?.name)?.abort());
  }

  // A kernel runs, and takes files: what is here is given to it.
  async live(give) {
    this.#give = give;
    for (const name of this.#here.keys()) await this.#hand(name);
  }

  // The kernel has ended; the next one will be given what is here.
  down() {
    this.#give = null;
    for (const name of this.#here.keys()) this.#tell(name, { state: "loading" });
  }

  #tell(name, change) {
    this.states[name] = { ...this.states[name], ...change };
    dispatchEvent(new CustomEvent("attention-lab:optional", { detail: this.states[name] }));
  }

  async #lookUp(name) {
    const cached = Boolean(await wasKept(this.#files.base, this.#key(name)).catch(() => null));
    if (cached && this.states[name].state === "available") this.#tell(name, { cached });
  }

  #key = (name) => new URL(this.#entries[name].url || this.#entries[name].file, this.#files.base).href;

  async #fetch(name) {
    if (!this.#entries[name]) return this.#tell(name, { name, state: "absent", bytes: 0, loaded: 0, total: 0, cached: false, why: "" });
    if (this.#running.has(name) || this.#here.has(name)) return;
    const stop = new AbortController();
    this.#running.set(name, stop);
    this.#tell(name, { state: "loading", loaded: 0, why: "" });
    try {
      const bytes = (await this.#fromCache(name, stop.signal)) ?? (await this.#fromBuild(name, stop.signal));
      this.#here.set(name, new Blob([bytes])); // held by the browser, outside the page's own memory
      this.#tried.delete(name);
      await this.#hand(name);
    } catch (error) {
      this.#tried.add(name);
      this.#tell(name, stop.signal.aborted ? { state: "cancelled", loaded: 0 } : { state: "failed", loaded: 0, why: told(error) });
    } finally {
      this.#running.delete(name);
    }
  }

  async #fromCache(name, signal) {
    const cache = await kept(this.#files.base).catch(() => null);
    const found = await cache?.match(this.#key(name)).catch(() => null);
    if (!found) return null;
    try {
      return await this.#read(name, async () => found.body, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      await cache.delete(this.#key(name)).catch(() => {}); // damaged: the build has it
      return null;
    }
  }

  async #fromBuild(name, signal) {
    const cache = await kept(this.#files.base).catch(() => null);
    const mode = this.#tried.has(name) ? "reload" : cache ? "no-store" : "default"; // kept once is enough
    const bytes = await this.#read(name, () => this.#files.optional(this.#entries[name], { signal, cache: mode }), signal);
    if (cache && this.#entries[name].url) await keep(cache, this.#key(name), bytes);
    return bytes;
  }

  // All bytes of the stream that `open` resolves with, checked against size and hash; the wait for it has an end (web/assets.js).
  #read(name, open, signal) {
    let loaded = 0;
    let last = 0;
    const onBytes = (count) => {
      loaded += count;
      signal.throwIfAborted();
      if (performance.now() - last < TOLD) return;
      last = performance.now();
      this.#tell(name, { loaded });
    };
    const { file, ...entry } = this.#entries[name];
    return assetLoader({ [file]: entry }, { open, broken: this.#files.broken }, { onBytes }).bytes(file);
  }

  async #hand(name) {
    const give = this.#give;
    if (!give) return; // `live` will
    this.#tell(name, { state: "loading", loaded: this.states[name].total });
    try {
      await give(name, new Uint8Array(await this.#here.get(name).arrayBuffer()));
      if (give === this.#give) this.#tell(name, { state: "ready", cached: true });
    } catch (error) {
      if (give !== this.#give) return;
      this.#here.delete(name);
      this.#tell(name, { state: "failed", loaded: 0, why: told(error) });
    }
  }
}

const told = (error) => (error instanceof LabError ? error.error.what : String(error?.message ?? error));

const OURS = "attention-lab-optional ";

// The browser gives a cache to a page over https or localhost; none to one of an opaque origin or from disk.
const mayKeep = (base) => base.startsWith("http") && !base.includes(".invalid") && Boolean(globalThis.caches);

// The cache of this copy of the lab, which is made where there is none yet; null where it may not be.
const kept = async (base) => (mayKeep(base) ? caches.open(OURS + base) : null);

// What an earlier visit has kept: to look makes no cache.
const wasKept = async (base, key) => (mayKeep(base) ? caches.match(key, { cacheName: OURS + base }) : undefined);

async function keep(cache, key, bytes) {
  try {
    const stem = key.replace(/-[0-9a-f]{12}(\.\w+)?$/, "-");
    for (const { url } of await cache.keys()) if (url.startsWith(stem)) await cache.delete(url); // of an older build
    await cache.put(key, new Response(new Blob([bytes])));
  } catch {
    // no room on the device: it is fetched again another time
  }
}
