// The chat's page: one member, the rooms it is in, and what is said there. A line is shown at once, pale until
// the room has it on disk; said while the server is away it waits here.
import { AbideSocket } from "/abide-socket.js";

const NAMES = ["Ada", "Bell", "Cleo", "Dai", "Eve", "Finn", "Gus", "Hana", "Ines", "Jun", "Kai", "Lea"];
const $ = (id) => document.getElementById(id);
const encode = (id) => encodeURIComponent(id).replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16));

const name = decodeURIComponent(location.hash.slice(1))
  || localStorage.getItem("name") || NAMES[Math.floor(Math.random() * NAMES.length)];
$("name").value = name;
document.title = `${name}: chat`;

// One tab is one sender: its keys grow, and nobody else uses them.
const sender = crypto.randomUUID();
let key = 0;

/** By name: members, lines by number, up to which all are here, and how many were not looked at. */
const rooms = new Map();
/** Rooms of which something is not here yet. They are asked for page by page, and one after another. */
const wanted = new Set();
let asked = null;
/** What was asked for and not answered, by key. */
const mine = new Map();
let current = null;

function change(message) {
  key++;
  if (socket.send(String(key), JSON.stringify({ key, ...message }))) mine.set(key, message);
  else why("too much waits for the server");
  show();
}

function why(text) { $("why").textContent = text; }

function onMessage(text) {
  const message = JSON.parse(text);
  const room = rooms.get(message.room);
  switch (message.what) {
    case "rooms": // a new connection, which knows of no question
      asked = null;
      wanted.clear();
      for (const each of rooms.keys()) if (!message.rooms.includes(each)) forget(each);
      message.rooms.forEach(want);
      break;
    case "joined":
      if (!room) want(message.room);
      break;
    case "room":
      page(message);
      break;
    case "lines":
      if (room) news(room, message);
      break;
    case "members":
      if (room) room.members = message.members;
      break;
    case "left":
      forget(message.room);
      break;
    case "refused":
      why(message.why);
      settle(message.key);
      break;
    case "taken":
      settle(message.key);
      break;
  }
  show();
}

function settle(settled) {
  mine.delete(settled);
  socket.settle(String(settled));
}

function want(name) {
  wanted.add(name);
  ask();
}

function ask() {
  if (asked !== null || wanted.size === 0) return;
  asked = wanted.has(current) ? current : wanted.values().next().value;
  socket.hint(JSON.stringify({ does: "show", room: asked, after: rooms.get(asked)?.upTo ?? 0 }));
}

function page({ room: name, members, after, lines, last }) {
  let room = rooms.get(name);
  if (!room || after > room.upTo) { // what lies between is older than what is shown
    room = { lines: new Map(), unread: room?.unread ?? 0, upTo: after };
    rooms.set(name, room);
  }
  room.members = members;
  for (const line of lines) room.lines.set(line.number, line);
  room.upTo = Math.max(room.upTo, lines.at(-1)?.number ?? last);
  current ??= name;
  if (room.upTo >= last) wanted.delete(name);
  if (asked === name) asked = null;
  ask();
}

/** What was said now; there may be a gap before it. */
function news(room, { room: name, lines, last }) {
  for (const line of lines) {
    if (line.number === room.upTo + 1) room.upTo = line.number;
    if (room.lines.has(line.number)) continue;
    room.lines.set(line.number, line);
    if (name !== current || document.hidden) room.unread++;
  }
  if (room.upTo < last) want(name);
}

function forget(name) {
  rooms.delete(name);
  wanted.delete(name);
  if (asked === name) asked = null;
  if (current === name) current = rooms.keys().next().value ?? null;
  ask();
}

function show() {
  const room = rooms.get(current);
  if (room && !document.hidden) room.unread = 0;
  $("rooms").replaceChildren(...[...rooms].sort(([a], [b]) => a.localeCompare(b)).map(([each, { unread }]) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.append(each);
    if (each === current) button.setAttribute("aria-current", "true");
    if (unread > 0) {
      const count = document.createElement("span");
      count.className = "unread";
      count.textContent = unread;
      count.setAttribute("aria-label", `${unread} new`);
      button.append(count);
    }
    button.addEventListener("click", () => { current = each; why(""); show(); $("text").focus(); });
    item.append(button);
    return item;
  }));
  $("title").textContent = current ?? "no room yet";
  $("members").textContent = room ? room.members.join(", ") : "join one on the left";
  $("leave").hidden = !room;
  $("text").disabled = !room;
  showLines(room);
  document.body.dataset.waits = mine.size;
}

function showLines(room) {
  const list = $("lines");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  const lines = room ? [...room.lines.values()].sort((a, b) => a.number - b.number) : [];
  const waiting = [...mine.values()].filter((message) => message.does === "say" && message.room === current);
  list.replaceChildren(
    ...lines.map((line) => row(line.from, line.text, new Date(line.at).toLocaleTimeString(), "")),
    ...waiting.map((message) => row(name, message.text, "on its way", "waits")));
  if (atEnd) list.scrollTop = list.scrollHeight;
}

function row(from, text, when, mark) {
  const item = document.createElement("li");
  item.className = `${from === name ? "mine" : ""} ${mark}`;
  const by = document.createElement("span");
  by.className = "by";
  const who = document.createElement("strong");
  who.textContent = from;
  const time = document.createElement("span");
  time.textContent = when;
  by.append(who, time);
  const said = document.createElement("p");
  said.textContent = text;
  item.append(by, said);
  return item;
}

$("say").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text || !current) return;
  $("text").value = "";
  why("");
  change({ does: "say", room: current, text });
});
$("join").addEventListener("submit", (event) => {
  event.preventDefault();
  const room = $("other").value.trim();
  $("other").value = "";
  if (!room) return;
  current = room;
  why("");
  change({ does: "join", room });
});
$("leave").addEventListener("click", () => { if (current) change({ does: "leave", room: current }); });
$("who").addEventListener("submit", (event) => {
  event.preventDefault();
  const wanted = $("name").value.trim();
  if (!wanted || wanted === name) return;
  localStorage.setItem("name", wanted);
  location.hash = encode(wanted);
});
addEventListener("hashchange", () => location.reload());
addEventListener("beforeunload", (event) => {
  if (mine.size > 0) event.preventDefault(); // what the server does not have yet would be lost
});
document.addEventListener("visibilitychange", show);

const STATES = {
  connecting: () => "connecting",
  open: () => "live",
  waiting: ({ inMs }) => `not connected; trying again in ${Math.max(1, Math.round(inMs / 1000))} s. What you say is kept`,
  closed: ({ reason }) => `ended: ${reason || "for good"}`,
};
function onState(state, detail) {
  $("state").dataset.state = state;
  $("state").textContent = STATES[state](detail);
}

const socket = new AbideSocket(`/objects/member/${encode(name)}`, {
  query: { sender },
  onMessage,
  // The first state comes while this is made.
  onState: (state, detail) => queueMicrotask(() => onState(state, detail)),
  pauseMaxMs: 5_000,
});
change({ does: "join", room: "lobby" });
