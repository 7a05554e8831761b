// The connection: comes back by itself, waits longer each time, and notices that it was asleep.

/** How long until the next try, in milliseconds: 1 to 30 s, twice as long each time, with chance. */
export const backoff = (tries, random = Math.random) => Math.min(30000, 1000 * 2 ** Math.min(tries, 5)) * (0.5 + random() / 2);

/**
 * A WebSocket that is made again when it is lost.
 *
 * `opened`, `line` and `closed` are called; `state` is "idle", "connecting", "open", "waiting" or
 * "ended", which is after `stop` or after the server said that coming back is of no use.
 */
export class Link {
  #socket = null;
  #tries = 0;
  #timer = 0;
  #proof = 0;

  constructor(url, { opened, line, closed, changed = () => {}, Socket = globalThis.WebSocket, random = Math.random, silence = 4000 }) {
    Object.assign(this, { url, opened, line, closed, changed, Socket, random, silence, state: "idle", retryAt: 0 });
  }

  start() {
    clearTimeout(this.#timer);
    if (this.state === "connecting" || this.state === "open") return;
    this.#enter("connecting");
    const socket = (this.#socket = new this.Socket(this.url, ["text.ircv3.net"]));
    socket.onopen = () => socket === this.#socket && (this.#enter("open"), this.opened());
    socket.onmessage = ({ data }) => {
      if (socket !== this.#socket) return;
      this.#heard();
      this.line(data);
    };
    socket.onclose = ({ code, reason }) => socket === this.#socket && this.#lost(code, reason);
  }

  /** The server let us in: the next loss is a first one again. */
  arrived() {
    this.#tries = 0;
  }

  send(line) {
    if (this.state === "open") this.#socket.send(line);
  }

  stop() {
    this.#drop();
    this.#enter("ended");
  }

  /** Something woke up (the page, the network): a lost connection is made at once, one that seems to be there has to prove it. */
  wake() {
    if (this.state === "waiting") return this.start();
    if (this.state !== "open" || this.#proof) return;
    this.send("PING :awake");
    this.#proof = setTimeout(() => {
      this.#drop();
      this.#lost(1006, "");
      this.start();
    }, this.silence);
  }

  #heard() {
    clearTimeout(this.#proof);
    this.#proof = 0;
  }

  #drop() {
    clearTimeout(this.#timer);
    this.#heard();
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #lost(code, reason) {
    this.#heard();
    this.#socket = null;
    const isRefused = code === 1008;
    // A server that stops comes back soon, and then all its clients do: spread over five seconds.
    const delay = code === 1001 ? 1000 + 4000 * this.random() : backoff(this.#tries++, this.random);
    this.retryAt = Date.now() + delay;
    this.#enter(isRefused ? "ended" : "waiting");
    this.closed(code, reason);
    if (this.state === "waiting") this.#timer = setTimeout(() => this.start(), delay);
  }

  #enter(state) {
    this.state = state;
    this.changed(state);
  }
}
