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
 * @property {number} [steadyMs] pauses begin anew behind a connection that lasted so long, or in which something was
 *   settled; 10,000. One that opens and ends at once is not better than one that does not open
 * @property {number} [connectMs] how long an attempt may take; 35,000, as the edge answers after 30 s at the latest
 * @property {number} [pingMs] how long silence may last before it is asked whether anybody is there; 25,000.
 *   The object answers "ping" by `sockets.answer("ping", "pong")`, which wakes nothing; 0 for never
 * @property {number} [pongMs] how long the answer may take; 10,000
 */

/** Codes after which coming back would change nothing: a normal end, and refusals of what was sent. */
const FINAL_CODES = new Set([1000, 1002, 1003, 1007, 1009]);
const DEFAULTS = {
  query: {}, unsettledMax: 1000, pauseMs: 250, pauseMaxMs: 15_000, steadyMs: 10_000, connectMs: 35_000, pingMs: 25_000,
  pongMs: 10_000,
};

export class AbideSocket {
  /** @type {WebSocket | null} */ #socket = null;
  /** @type {Map<string, string>} in the order in which they were sent */ #unsettled = new Map();
  /** @type {State} */ #state = "connecting";
  /** @type {number | undefined} ends the pause, or the attempt */ #timer;
  /** @type {number | undefined} */ #pinger;
  /** Ends the listeners. */ #over = new AbortController();
  #opened = 0;
  #heard = 0;
  /** When a ping was sent that is not answered; 0 if there is none. */ #pinged = 0;
  /** How often its answer was looked for when it was due. */ #missing = 0;
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
    this.#options = { ...DEFAULTS, ...options };
    // A machine that woke up, or found its network again, need not wait for the pause to end. An attempt that was
    // made before the network came may hang for long: it is given up for a new one.
    const { signal } = this.#over;
    globalThis.addEventListener?.("online", () => this.#hurry(true), { signal });
    globalThis.document?.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.#hurry(false);
    }, { signal });
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
  settle(key) {
    if (this.#unsettled.delete(key)) this.#attempts = 0; // it goes on
  }

  /** Ends it, for good: nothing comes any more. */
  close() {
    if (this.#state === "closed") return;
    this.#drop(1000);
    this.#end({});
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
    const socket = new WebSocket(this.#address());
    this.#socket = socket;
    socket.onopen = () => {
      clearTimeout(this.#timer);
      this.#opened = this.#heard = Date.now();
      this.#pinged = 0;
      this.#watch(socket);
      // Before anybody is told that it is open, and sends what comes behind these.
      for (const text of this.#unsettled.values()) socket.send(text);
      this.#enter("open", {});
    };
    socket.onmessage = (event) => {
      this.#heard = Date.now();
      this.#pinged = 0;
      if (event.data !== "pong") this.#options.onMessage(event.data);
    };
    socket.onclose = (event) => this.#lost(event.code, event.reason);
    this.#timer = setTimeout(() => this.#lost(1006, "the server does not answer"), this.#options.connectMs);
    this.#enter("connecting", {});
  }

  /** @param {WebSocket} socket */
  #watch(socket) {
    const { pingMs, pongMs } = this.#options;
    if (pingMs === 0) return;
    this.#pinger = setInterval(() => {
      if (this.#pinged === 0) {
        if (Date.now() - this.#heard >= pingMs) this.#ping(socket);
      } else if (Date.now() - this.#pinged >= pongMs && ++this.#missing > 1) {
        // Looked for twice: in a page that was frozen a timer may fire before the answer that lies there is heard.
        this.#lost(1006, "nobody answers");
      }
    }, Math.min(pingMs, pongMs) / 2);
  }

  /** @param {WebSocket} socket */
  #ping(socket) {
    this.#pinged = Date.now();
    this.#missing = 0;
    socket.send("ping");
  }

  /**
   * Lets go of the connection: nothing of it is heard from now on.
   * @param {number} [code]
   */
  #drop(code) {
    clearTimeout(this.#timer);
    clearInterval(this.#pinger);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onclose = socket.onmessage = socket.onopen = null;
    socket.close(code);
  }

  /** @param {{code?: number, reason?: string}} detail */
  #end(detail) {
    this.#over.abort();
    this.#enter("closed", detail);
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  #lost(code, reason) {
    this.#drop();
    if (FINAL_CODES.has(code)) {
      this.#end({ code, reason });
      return;
    }
    const { pauseMs, pauseMaxMs, steadyMs } = this.#options;
    if (this.#state === "open" && Date.now() - this.#opened >= steadyMs) this.#attempts = 0;
    const pause = Math.min(pauseMaxMs, pauseMs * 2 ** Math.min(this.#attempts++, 16));
    const inMs = Math.round(pause * (0.5 + Math.random() / 2));
    // Before it is told: who is told may close it.
    this.#timer = setTimeout(() => this.#connect(), inMs);
    this.#enter("waiting", { code, reason, inMs });
  }

  /** @param {boolean} anew whether an attempt that is on its way is given up */
  #hurry(anew) {
    const { pingMs, pongMs } = this.#options;
    if (this.#state === "waiting" || (anew && this.#state === "connecting")) {
      this.#drop();
      this.#connect();
    } else if (this.#socket && this.#state === "open" && pingMs > 0 && this.#pinged === 0
        && Date.now() - this.#heard >= pongMs) {
      this.#ping(this.#socket);
    }
  }
}
