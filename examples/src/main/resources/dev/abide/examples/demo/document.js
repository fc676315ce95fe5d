// The whiteboard's page. What happened comes from the object, by number; what this hand draws is shown at
// once, and stays although the server is gone: it is sent when it is back.
import { AbideSocket } from "/abide-socket.js";

const WIDTH = 1600;
const HEIGHT = 1000;
const POINTS_MAX = 900;
const COLOURS = ["#1d1b18", "#c2402a", "#d98a1c", "#2f7d4f", "#1f6f9e", "#6d4aa8"];
const NAMES = ["Ada", "Bell", "Cleo", "Dai", "Eve", "Finn", "Gus", "Hana", "Ines", "Jun", "Kai", "Lea"];
const $ = (id) => document.getElementById(id);
const pick = (list) => list[Math.floor(Math.random() * list.length)];

const board = decodeURIComponent(location.hash.slice(1)) || "plans";
$("title").textContent = board;
document.title = `${board}: whiteboard`;

// One tab is one client: its keys grow, and nobody else uses them, nor learns the client's name. Others know it
// by another, which the object tells.
const client = crypto.randomUUID();
let me = null;
let key = 0;
let colour = pick(COLOURS);
let name = localStorage.getItem("name") || pick(NAMES);

/** What happened, by number; and what this client did that has no number yet, by key. */
const entries = [];
const undone = new Map();
const mine = new Map();
/** Of those, by key, what the object has answered: after how many entries it is known what came of them. */
const answered = new Map();
const people = new Map();
const pointers = new Map();
const drafts = new Map(); // strokes under somebody else's hand, roughly; nowhere kept
let until = null; // the entry that the slider stands at; null for now
let drawing = null;

const ink = $("ink").getContext("2d");
const over = $("pointers").getContext("2d");

// ---- drawing

function line(context, stroke) {
  const { points } = stroke;
  context.strokeStyle = context.fillStyle = stroke.colour;
  context.lineWidth = stroke.width;
  context.lineCap = context.lineJoin = "round";
  context.beginPath();
  if (points.length === 2) {
    context.arc(points[0], points[1], stroke.width / 2, 0, 7);
    context.fill();
    return;
  }
  context.moveTo(points[0], points[1]);
  // Through the middles, so that a hand's corners become curves.
  for (let i = 2; i < points.length - 2; i += 2) {
    context.quadraticCurveTo(points[i], points[i + 1], (points[i] + points[i + 2]) / 2, (points[i + 1] + points[i + 3]) / 2);
  }
  context.lineTo(points.at(-2), points.at(-1));
  context.stroke();
}

function draw() {
  ink.clearRect(0, 0, WIDTH, HEIGHT);
  const end = until ?? entries.length;
  const isTakenBack = undosOnTheirWay();
  for (const entry of entries.slice(0, end)) {
    if (!entry.points || (undone.get(entry.n) ?? Infinity) <= end) continue;
    if (until !== null || !isTakenBack(entry)) line(ink, entry);
  }
  if (until === null) {
    for (const [key, stroke] of mine) if (stroke.points && !isTakenBack({ who: me, key })) line(ink, stroke);
  }
  $("hint").hidden = entries.length + mine.size > 0 || drawing !== null;
  $("undo").disabled = until !== null || lastOfMine() === null;
  showTime();
  document.body.dataset.length = entries.length;
  document.body.dataset.unsettled = socket.unsettled;
}

/** Many reasons to do it, once for each picture. */
function soon(work) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; work(); });
  };
}
const drawSoon = soon(draw);

function at(event) {
  const box = $("ink").getBoundingClientRect();
  const clamp = (value, max) => Math.max(0, Math.min(max, Math.round(value)));
  return [clamp((event.clientX - box.left) * WIDTH / box.width, WIDTH), clamp((event.clientY - box.top) * HEIGHT / box.height, HEIGHT)];
}

function begin(point) { drawing = { colour, width: Number($("width").value), points: point }; }

function end() {
  if (!drawing) return;
  change({ does: "stroke", ...drawing });
  drawing = null;
  drawSoon();
  showMoving();
}

/** Says it to the object, and shows it until it comes back with its number. */
function change(message) {
  key++;
  if (socket.send(String(key), JSON.stringify({ key, ...message }))) mine.set(key, message);
  else $("state").textContent = "too much waits for the server";
}

$("ink").addEventListener("pointerdown", (event) => {
  if (until !== null || event.button !== 0) return;
  $("ink").setPointerCapture(event.pointerId);
  begin(at(event));
  $("hint").hidden = true;
  showMoving();
});
$("ink").addEventListener("pointermove", (event) => {
  const point = at(event);
  tellPointer(point);
  if (!drawing) return;
  drawing.points.push(...point);
  if (drawing.points.length >= 2 * POINTS_MAX) { // long lines are several strokes
    end();
    begin(point);
  }
  showMovingSoon();
});
for (const last of ["pointerup", "pointercancel"]) $("ink").addEventListener(last, end);

/** What an undo would take back: the last stroke of this hand, be it on the board or on its way. */
function lastOfMine() {
  const isTakenBack = undosOnTheirWay();
  for (const [key, message] of [...mine].reverse()) {
    if (message.points && !isTakenBack({ who: me, key })) return { strokeKey: key };
  }
  for (let i = entries.length - 1; i >= 0; i--) {
    const entry = entries[i];
    if (entry.who === me && entry.points && !undone.has(entry.n) && !isTakenBack(entry)) return { stroke: entry.n };
  }
  return null;
}

/** Tells of a stroke whether an undo of it is on its way. */
function undosOnTheirWay() {
  const numbers = new Set();
  const keys = new Set();
  for (const message of mine.values()) {
    if (message.does !== "undo") continue;
    if (message.stroke === undefined) keys.add(message.strokeKey);
    else numbers.add(message.stroke);
  }
  return ({ who, key, n }) => numbers.has(n) || (who === me && keys.has(key));
}

function undo() {
  const what = lastOfMine();
  if (what === null || until !== null) return;
  change({ does: "undo", ...what });
  drawSoon();
}
$("undo").addEventListener("click", undo);
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && event.target.tagName !== "INPUT") {
    event.preventDefault();
    undo();
  }
});

// ---- history

$("when").addEventListener("input", () => {
  stop();
  const place = Number($("when").value);
  until = place >= entries.length ? null : place;
  draw();
});
$("now").addEventListener("click", () => { stop(); until = null; draw(); });

let playing;
function stop() {
  clearInterval(playing);
  playing = undefined;
  $("play").textContent = "play";
}
function play() {
  if (playing) return stop();
  until = until ?? 0;
  $("play").textContent = "stop";
  // However long the history is, it takes ten seconds at most.
  const step = Math.max(1, Math.ceil(entries.length / 200));
  playing = setInterval(() => {
    until += step;
    if (until >= entries.length) {
      until = null;
      stop();
    }
    draw();
  }, 50);
  draw();
}
$("play").addEventListener("click", play);

function showTime() {
  const slider = $("when");
  slider.max = entries.length;
  slider.value = until ?? entries.length;
  $("now").hidden = until === null;
  $("play").disabled = entries.length === 0;
  $("ink").style.cursor = until === null ? "" : "default";
  $("moment").textContent =
    until === null
      ? `now, after ${entries.length} ${entries.length === 1 ? "change" : "changes"}`
      : until === 0 ? "before all" : `change ${until}, ${new Date(entries[until - 1].at).toLocaleString()}`;
}

// ---- what comes

function take(list) {
  for (const entry of list) {
    if (entry.n !== entries.length + 1) continue; // there already
    entries.push(entry);
    if (entry.stroke) undone.set(entry.stroke, entry.n);
    if (entry.who === me) settle(entry.key);
    else drafts.delete(entry.who);
  }
  socket.saw(entries.length);
  dropAnswered();
}

function settle(settled) {
  mine.delete(settled);
  answered.delete(settled);
  socket.settle(String(settled));
}

/** What is answered, and not among the entries that there were then, was refused. */
function dropAnswered() {
  for (const [key, length] of answered) if (entries.length >= length) settle(key);
}

function onMessage(text) {
  const message = JSON.parse(text);
  switch (message.what) {
    case "you":
      me = message.who;
      break;
    case "entries":
      take(message.entries);
      if (message.length > entries.length) socket.hint(JSON.stringify({ does: "more", seen: entries.length }));
      break;
    case "taken":
      // It need not be sent again; it is shown as it is until its entry is here.
      socket.settle(String(message.key));
      if (mine.has(message.key)) answered.set(message.key, message.length);
      dropAnswered();
      break;
    case "refused":
      settle(message.key);
      break;
    case "people":
      people.clear();
      for (const person of message.people) people.set(person.who, person);
      for (const map of [pointers, drafts]) for (const who of map.keys()) if (!people.has(who)) map.delete(who);
      showPeople();
      break;
    case "point":
      point(message);
      showMovingSoon();
      return; // nothing on the board has changed
  }
  drawSoon();
  showMovingSoon();
}

/** Somebody's pointer moves, and draws if it says how. */
function point({ who, x, y, colour, width }) {
  pointers.set(who, { x, y });
  if (width === undefined) drafts.delete(who);
  else if (drafts.has(who)) drafts.get(who).points.push(x, y);
  else drafts.set(who, { colour, width, points: [x, y] });
}

function showPeople() {
  $("people").replaceChildren(...[...people.values()].map((person) => {
    const item = document.createElement("li");
    item.textContent = person.who === me ? `${person.name} (you)` : person.name;
    item.style.setProperty("--who", person.colour);
    return item;
  }));
  document.body.dataset.people = people.size;
}

/** What is not on the board yet, and where the others' hands are. */
function showMoving() {
  over.clearRect(0, 0, WIDTH, HEIGHT);
  if (until === null) for (const draft of drafts.values()) line(over, draft);
  if (drawing) line(over, drawing);
  over.font = "22px system-ui, sans-serif";
  for (const [who, point] of pointers) {
    const person = people.get(who);
    if (!person) continue;
    over.fillStyle = person.colour;
    over.beginPath();
    over.moveTo(point.x, point.y);
    over.lineTo(point.x + 8, point.y + 26);
    over.lineTo(point.x + 22, point.y + 17);
    over.fill();
    over.fillText(person.name, point.x + 24, point.y + 38);
  }
  document.body.dataset.drafts = drafts.size;
}
const showMovingSoon = soon(showMoving);

let told = 0;
function tellPointer([x, y]) {
  if (performance.now() - told < 50) return;
  told = performance.now();
  const how = drawing ? { colour: drawing.colour, width: drawing.width } : {};
  socket.hint(JSON.stringify({ does: "point", x, y, ...how }));
}

// ---- who this is

COLOURS.forEach((each) => {
  const button = document.createElement("button");
  button.type = "button";
  button.style.setProperty("--colour", each);
  button.setAttribute("role", "radio");
  button.setAttribute("aria-label", each);
  button.setAttribute("aria-checked", String(each === colour));
  button.addEventListener("click", () => {
    colour = each;
    for (const other of $("colours").children) other.setAttribute("aria-checked", String(other === button));
  });
  $("colours").append(button);
});
$("name").value = name;
$("name").addEventListener("change", () => {
  localStorage.setItem("name", $("name").value.trim());
  location.reload(); // the object learns a name when it is plugged in
});

const STATES = {
  connecting: () => "connecting",
  open: () => "live",
  waiting: ({ inMs }) => `not connected; trying again in ${Math.max(1, Math.round(inMs / 1000))} s. What you draw is kept`,
  closed: ({ reason }) => `ended: ${reason || "for good"}`,
};
function onState(state, detail) {
  $("state").dataset.state = state;
  $("state").textContent = STATES[state](detail);
  if (state !== "open") {
    pointers.clear();
    drafts.clear();
    showMoving();
  }
}

const encode = (id) => encodeURIComponent(id).replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16));
const socket = new AbideSocket(`/objects/document/${encode(board)}`, {
  query: { client, name, colour },
  onMessage,
  // The first state comes while this is made.
  onState: (state, detail) => queueMicrotask(() => onState(state, detail)),
  pauseMaxMs: 5_000,
});
addEventListener("beforeunload", (event) => {
  if (mine.size > 0) event.preventDefault(); // what the server does not have yet would be lost
});
draw();

// ---- other boards

addEventListener("hashchange", () => location.reload());
$("new").addEventListener("submit", (event) => {
  event.preventDefault();
  const wanted = $("other").value.trim();
  if (wanted) location.hash = encode(wanted);
});
fetch("/demo/boards").then((response) => response.json()).then((boards) => {
  $("boards").replaceChildren(...[...new Set([board, ...boards])].map((id) => {
    const link = document.createElement("a");
    link.href = `#${encode(id)}`;
    link.textContent = id;
    if (id === board) link.setAttribute("aria-current", "page");
    return link;
  }));
}, () => {}); // without the list there is still the field beside it
