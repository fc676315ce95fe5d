// Drives the cards: each form is one exposed method, its fields the arguments by name.
import { AbideSocket } from "/abide-socket.js";

const encode = (id) => encodeURIComponent(id).replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16));
const shellQuoted = (text) => "'" + text.replaceAll("'", "'\\''") + "'";

function argumentsOf(form) {
  const values = {};
  for (const field of form.querySelectorAll("input")) {
    const text = field.value.trim();
    // What is no whole number is sent as it is: the server says what is wrong with it.
    values[field.name] = field.dataset.kind === "number" && /^-?\d{1,15}$/.test(text) ? Number(text) : text;
  }
  return form.dataset.object ? { [form.dataset.object]: values } : values;
}

for (const card of document.querySelectorAll(".card[data-type]")) {
  const type = card.dataset.type;
  const id = card.querySelector(".id");
  const gets = document.createElement("div");
  gets.className = "gets";
  for (const form of card.querySelectorAll("form[data-http=GET]")) gets.append(form);
  card.append(gets, document.getElementById("tools").content.cloneNode(true));
  const answer = card.querySelector(".answer");
  const curl = card.querySelector(".curl code");
  const woken = card.querySelector(".woken");
  const title = card.querySelector("h2").textContent;
  card.querySelector(".copy").setAttribute("aria-label", "copy the curl line of " + title);
  card.querySelector(".sleep").setAttribute("aria-label", "put this " + title + " to sleep");
  let wakes = null;

  const path = (form) => `/objects/${type}/${encode(id.value)}/${form.dataset.method}`;

  function showCurl(form) {
    const url = location.origin + path(form);
    curl.textContent =
      form.dataset.http === "GET" ? `curl ${url}` : `curl --json ${shellQuoted(JSON.stringify(argumentsOf(form)))} ${url}`;
  }

  function show(value, note, bad) {
    answer.classList.toggle("bad", bad);
    const first = document.createElement("p");
    first.className = "value";
    first.textContent = value;
    const second = document.createElement("p");
    second.className = "note";
    second.textContent = note;
    answer.replaceChildren(first, second);
  }

  async function countWakes() {
    const response = await fetch(`/demo/wakes?type=${type}&id=${encode(id.value)}`);
    return response.ok ? (await response.json()).wakes : null;
  }

  // A card whose object works on beside its turns is told how far it has come, and asks for nothing.
  let plugged = null;
  function plugIn() {
    plugged?.close();
    const bar = card.querySelector("progress");
    const line = card.querySelector(".pushed");
    line.textContent = "";
    plugged = new AbideSocket(`/objects/${type}/${encode(id.value)}`, {
      onMessage: (text) => {
        const at = JSON.parse(text);
        bar.max = Math.max(at.of, 1);
        bar.value = at.done;
        line.textContent = `${at.phase}: ${at.done} of ${at.of} blocks, ${at.primes} primes; ${at.note}`;
      },
      onState: (state) => {
        if (state === "waiting") line.textContent = "not connected";
      },
      pauseMaxMs: 5_000,
    });
  }
  if ("pushed" in card.dataset) {
    plugIn();
    id.addEventListener("change", plugIn);
  }

  async function call(form) {
    showCurl(form);
    const button = form.querySelector("button");
    button.setAttribute("aria-busy", "true");
    const get = form.dataset.http === "GET";
    const began = performance.now();
    try {
      const response = await fetch(path(form), get ? {} : {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(argumentsOf(form)),
      });
      const text = await response.text();
      const ms = (performance.now() - began).toFixed(1);
      const before = wakes;
      wakes = await countWakes();
      const woke = before !== null && wakes !== null && wakes > before;
      const note = `${form.dataset.method}, ${ms} ms` + (woke ? ", and it woke for this call" : "");
      if (response.ok) {
        show(response.status === 204 ? "done" : text, note, false);
      } else {
        const problem = JSON.parse(text);
        const retry = problem.retryable ? ", worth trying again" : "";
        show(problem.detail ?? `${problem.title}, incident ${problem.incident}`, `${problem.status} ${problem.code}${retry}`, true);
      }
      woken.textContent = wakes === null ? "" : `awake; woken ${wakes} ${wakes === 1 ? "time" : "times"} since the server started`;
    } catch (failure) {
      show("no answer", "is the server running?", true);
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  for (const form of card.querySelectorAll("form")) {
    form.querySelector("button").setAttribute("aria-label", `${form.dataset.method} of ${title}`);
    form.addEventListener("submit", (event) => { event.preventDefault(); call(form); });
    form.addEventListener("input", () => showCurl(form));
  }
  id.addEventListener("input", () => { wakes = null; woken.textContent = ""; showCurl(card.querySelector("form")); });

  card.querySelector(".sleep").addEventListener("click", async () => {
    try {
      const response = await fetch(`/demo/sleep?type=${type}&id=${encode(id.value)}`, { method: "POST", headers: { "X-Demo": "1" } });
      wakes = await countWakes();
      woken.textContent = response.ok ? "asleep: the next call wakes it" : "it could not be put to sleep";
    } catch (failure) {
      woken.textContent = "no answer: is the server running?";
    }
  });

  const copied = card.querySelector(".copied");
  card.querySelector(".copy").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(curl.textContent);
      copied.textContent = "copied";
    } catch (refused) {
      // Without the clipboard's permission the line is selected, for the keyboard to copy.
      getSelection().selectAllChildren(curl);
      copied.textContent = "selected";
    }
    setTimeout(() => { copied.textContent = ""; }, 2000);
  });

  showCurl(card.querySelector("form"));
}
