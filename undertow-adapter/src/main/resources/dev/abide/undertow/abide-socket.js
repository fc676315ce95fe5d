// A browser's end of an Abide socket: one file, no build, no dependencies. Types are in the comments.
//
// It comes back by itself, with growing pauses; says from where to resume; and sends again what was not
// answered. The object does its half: it numbers what it sends, takes up after `?seen=N`, and recognises by
// its key what it has taken before.

/**
 * @typedef {"connecting" | "open" | "waiting" | "closed"} State waiting: for the next attempt
 *
 * @typedef {object} Options
 * @property {Record<string, string>} [query] parameters of the address, the same at each attempt
 * @property {(text: string) => void} onMessage a text came
 * @property {(state: State, detail: {code?: number, reason?: string, inMs?: number}) => void} [onState]
 * @property {number} [unsettledMax] how many messages may wait for their answer; 1,000
 * @property {number} [pauseMs] before the second attempt; 250. Doubles each time, with jitter
 * @property {number} [pauseMaxMs] 15,000
 * @property {number} [pingMs] how long silence may last before it is asked whether anybody is there; 25,000.
 *   The object answers "ping" by `sockets.answer("ping", "pong")`, which wakes nothing; 0 for never
 */

/** Codes after which coming back would change nothing: a normal end, and refusals of what was sent. */
const FINAL_CODES = new Set([1000, 1002, 1003, 1007, 1009]);
const PONG_MS = 10_000;

export class AbideSocket {
  /** @type {WebSocket | null} */ #socket = null;
  /** @type {Map<string, string>} in the order in which they were sent */ #unsettled = new Map();
  /** @type {State} */ #state = "connecting";
  /** @type {number | undefined} */ #timer;
  /** @type {number | undefined} */ #pinger;
  #heard = 0;
  #attempts = 0;
  #seen = 0;
  #url;
  #options;

  /**
   * @param {string} url as `/objects/document/plans`, or a whole one
   * @param {Options} options
   */
  constructor(url, options) {
    this.#url = url;
    this.#options = { unsettledMax: 1000, pauseMs: 250, pauseMaxMs: 15_000, pingMs: 25_000, query: {}, ...options };
    // A machine that woke up, or found its network again, need not wait for the pause to end.
    globalThis.addEventListener?.("online", () => this.#hurry());
    globalThis.document?.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#hurry();
    });
    this.#connect();
  }

  /** @returns {State} */
  get state() { return this.#state; }

  /** How many messages wait for their answer. */
  get unsettled() { return this.#unsettled.size; }

  /** The highest number that came: where the next connection takes up. */
  get seen() { return this.#seen; }

  /**
   * Notes that everything up to this number has come.
   * @param {number} number
   */
  saw(number) { this.#seen = Math.max(this.#seen, number); }

  /**
   * Sends a text, now or when the connection is back, again and again until it is settled.
   * @param {string} key names it among this client's messages
   * @param {string} text
   * @returns {boolean} false if as many as may wait do: it is not sent
   */
  send(key, text) {
    if (this.#state === "closed" || this.#unsettled.size >= this.#options.unsettledMax) return false;
    this.#unsettled.set(key, text);
    this.#write(text);
    return true;
  }

  /**
   * Sends a text if there is a connection, and forgets it.
   * @param {string} text
   */
  hint(text) { this.#write(text); }

  /**
   * The object has taken it, or refused it: it is not sent again.
   * @param {string} key
   */
  settle(key) { this.#unsettled.delete(key); }

  /** Ends it, for good. */
  close() {
    this.#enter("closed", {});
    clearTimeout(this.#timer);
    clearInterval(this.#pinger);
    this.#socket?.close(1000);
  }

  /** @param {string} text */
  #write(text) {
    if (this.#state === "open") this.#socket?.send(text);
  }

  /**
   * @param {State} state
   * @param {{code?: number, reason?: string, inMs?: number}} detail
   */
  #enter(state, detail) {
    this.#state = state;
    this.#options.onState?.(state, detail);
  }

  #address() {
    const url = new URL(this.#url, globalThis.location?.href);
    url.protocol = url.protocol === "https:" || url.protocol === "wss:" ? "wss:" : "ws:";
    for (const [name, value] of Object.entries(this.#options.query ?? {})) url.searchParams.set(name, value);
    url.searchParams.set("seen", String(this.#seen));
    return url;
  }

  #connect() {
    this.#enter("connecting", {});
    const socket = new WebSocket(this.#address());
    this.#socket = socket;
    socket.onopen = () => {
      this.#attempts = 0;
      this.#heard = Date.now();
      this.#enter("open", {});
      for (const text of this.#unsettled.values()) socket.send(text);
      this.#watch(socket);
    };
    socket.onmessage = (event) => {
      this.#heard = Date.now();
      if (event.data !== "pong") this.#options.onMessage(event.data);
    };
    socket.onclose = (event) => this.#lost(socket, event.code, event.reason);
  }

  /** @param {WebSocket} socket */
  #watch(socket) {
    const pingMs = this.#options.pingMs ?? 0;
    if (pingMs === 0) return;
    clearInterval(this.#pinger);
    this.#pinger = setInterval(() => {
      const silent = Date.now() - this.#heard;
      if (silent > pingMs + PONG_MS) this.#lost(socket, 1006, "nobody answers");
      else if (silent > pingMs && socket.readyState === WebSocket.OPEN) socket.send("ping");
    }, Math.min(pingMs, PONG_MS) / 2);
  }

  /**
   * @param {WebSocket} socket
   * @param {number} code
   * @param {string} reason
   */
  #lost(socket, code, reason) {
    if (this.#socket !== socket || this.#state === "closed") return;
    this.#socket = null;
    socket.onclose = socket.onmessage = socket.onopen = null;
    socket.close();
    clearInterval(this.#pinger);
    if (FINAL_CODES.has(code)) {
      this.#enter("closed", { code, reason });
      return;
    }
    const { pauseMs = 250, pauseMaxMs = 15_000 } = this.#options;
    const pause = Math.min(pauseMaxMs, pauseMs * 2 ** Math.min(this.#attempts++, 16));
    const inMs = Math.round(pause * (0.5 + Math.random() / 2));
    this.#enter("waiting", { code, reason, inMs });
    this.#timer = setTimeout(() => this.#connect(), inMs);
  }

  #hurry() {
    if (this.#state === "waiting") {
      clearTimeout(this.#timer);
      this.#connect();
    }
  }
}
