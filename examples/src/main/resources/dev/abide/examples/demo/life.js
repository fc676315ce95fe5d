"use strict";
// Shows who wakes and who falls asleep; asks once a second, and not while nobody looks.

(() => {
  const panel = document.getElementById("life");
  const figures = panel.querySelector(".figures");
  const list = panel.querySelector(".moments");
  let shown = "";

  function row(moment) {
    const item = document.createElement("li");
    const time = document.createElement("time");
    time.dateTime = moment.at;
    time.textContent = new Date(moment.at).toLocaleTimeString();
    const name = document.createElement("code");
    name.textContent = `${moment.type}/${moment.id}`;
    const what = document.createElement("span");
    what.textContent = moment.what;
    item.append(time, name, what);
    return item;
  }

  async function look() {
    try {
      if (!document.hidden) {
        const response = await fetch("/demo/life");
        const life = await response.json();
        figures.textContent = `${life.awake} awake; since the start ${life.wakes} woke, ${life.sleeps} fell asleep, ${life.alarms} alarms went off`;
        // The list is left alone while nothing happens, so that it can be scrolled and selected.
        const next = JSON.stringify(life.moments);
        if (next !== shown) {
          shown = next;
          list.replaceChildren(...life.moments.map(row));
        }
      }
    } catch (failure) {
      figures.textContent = "no answer: is the server running?";
    }
    setTimeout(look, 1000);
  }

  look();
})();
