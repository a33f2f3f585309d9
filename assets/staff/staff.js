"use strict";

// The page for the staff. The token lives in this variable and nowhere else: it is gone with the page.
let token = "";
let timer = 0;
let held = false;
let quiet = 0;

const at = (id) => document.getElementById(id);

const STATES = {
  starting: "The room is waking up",
  closed: "The room is closed",
  attract: "The room waits for somebody",
  visit: "A visitor is inside",
  farewell: "A visitor is being seen off",
  paused: "The room is paused",
  recovering: "Something fell and is coming up again",
  still: "The room shows a still picture and the help card",
};
const UNWELL = {
  host: "The session's process is not well",
  stage: "The picture is not well",
  model: "The language model does not answer. Written lines take its place",
  microphone: "The microphone is not well. Visitors can touch and type",
  loudspeaker: "The loudspeaker is not well. Visitors read captions",
  camera: "The camera is not well. Nobody is seen",
  disk: "The disk is full or cannot be written to",
  helplines: "The helplines need to be verified",
  call: "The call for a person did not work: please stay near",
  beat: "The room gives no sign of life",
};
const LANGUAGES = { en: "English", zh: "简体中文" };

async function ask(route, order) {
  const request = { headers: { Authorization: `Bearer ${token}` }, cache: "no-store" };
  if (order) {
    request.method = "POST";
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(order);
  }
  let answer;
  try {
    answer = await fetch(route, request);
  } catch {
    throw new Error("The station does not answer. Is it switched on?");
  }
  if (answer.ok) return answer;
  if (answer.status === 401) throw Object.assign(new Error("That is not the token of this station."), { out: true });
  if (answer.status === 403) throw Object.assign(new Error("No token is set up for this station."), { out: true });
  if (answer.status === 429) {
    const wait = Number(answer.headers.get("Retry-After")) || 60;
    throw Object.assign(new Error(`Too many wrong tokens. Please wait ${wait} seconds.`), { out: true });
  }
  if (answer.status === 503) throw new Error("The station is busy. Please try again in a moment.");
  throw new Error("The station did not take that.");
}

function lock(why) {
  clearTimeout(timer);
  token = "";
  at("inside").hidden = true;
  at("enter").hidden = false;
  at("entering").textContent = why || "";
  at("token").value = "";
  at("token").focus();
}

function row(list, name, value) {
  const [dt, dd] = [document.createElement("dt"), document.createElement("dd")];
  dt.textContent = name;
  dd.textContent = value;
  list.append(dt, dd);
}

// A status region is read aloud when it changes: it is left alone while it says the same.
function tell(id, words) {
  if (at(id).textContent !== words) at(id).textContent = words;
}

function languages(offered, chosen) {
  const field = at("languages");
  field.hidden = offered.length < 2;
  for (const lang of offered) {
    let button = at(`lang-${lang}`);
    if (!button) {
      const label = document.createElement("label");
      button = Object.assign(document.createElement("input"), { type: "radio", name: "lang", id: `lang-${lang}`, value: lang });
      button.addEventListener("change", () => send({ lang }, "The language is set."));
      label.lang = lang;
      label.append(button, LANGUAGES[lang] || lang);
      field.append(label);
    }
    button.checked = lang === chosen;
  }
}

function show(now) {
  at("station").textContent = `, station ${now.station}`;
  tell("state", STATES[now.state] || now.state);
  const more = [];
  if (now.family) more.push("Family hour: no Devil, no camera.");
  if (now.next) more.push(`The next change is at ${now.next}.`);
  tell("more", more.join(" "));
  const list = at("unwell");
  list.hidden = now.unwell.length === 0;
  list.replaceChildren(...now.unwell.map((part) => Object.assign(document.createElement("li"), { textContent: UNWELL[part] || part })));
  if (!held) {
    at("volume").value = now.volume;
    at("loud").textContent = `${now.volume} %`;
  }
  languages(now.languages, now.lang);
  const counts = at("counts");
  counts.replaceChildren();
  row(counts, "Visits that began", now.visits.begun);
  row(counts, "came to their end", now.visits.finished);
  row(counts, "left before", now.visits.left_early);
  row(counts, "wiped", now.visits.wiped);
  row(counts, "Calls for a person", now.calls_failed ? `${now.calls}, ${now.calls_failed} failed` : now.calls);
  row(counts, "Visits with the help card", now.sos);
  row(counts, "Restarts after a fall", now.fell);
  row(counts, "Faults", now.faults);
}

async function look() {
  clearTimeout(timer);
  try {
    const answer = await ask("/status");
    show(await answer.json());
    if (at("said").dataset.lost) {
      at("said").textContent = "";
      delete at("said").dataset.lost;
    }
  } catch (why) {
    if (why.out) return lock(why.message);
    at("said").textContent = why.message;
    at("said").dataset.lost = "yes";
  }
  if (token) timer = setTimeout(look, 2000);
}

async function send(order, said) {
  try {
    await ask("/orders", order);
    at("said").textContent = said;
  } catch (why) {
    if (why.out) return lock(why.message);
    at("said").textContent = why.message;
  }
  delete at("said").dataset.lost;
  clearTimeout(quiet);
  quiet = setTimeout(() => tell("said", ""), 8000);
}

at("enter").addEventListener("submit", async (event) => {
  event.preventDefault();
  token = at("token").value.trim();
  at("token").value = "";
  // What no header can carry is no token.
  if (!/^[\x21-\x7e]+$/.test(token)) return lock("That is not the token of this station.");
  try {
    show(await (await ask("/status")).json());
  } catch (why) {
    return lock(why.message);
  }
  at("enter").hidden = true;
  at("entering").textContent = "";
  at("inside").hidden = false;
  at("said").textContent = "";
  timer = setTimeout(look, 2000);
});

for (const button of document.querySelectorAll("[data-order]")) {
  button.addEventListener("click", async () => {
    if (button.dataset.sure && !window.confirm(button.dataset.sure)) return;
    button.disabled = true;
    await send({ order: button.dataset.order }, button.dataset.said);
    button.disabled = false;
  });
}

at("volume").addEventListener("input", () => {
  held = true;
  at("loud").textContent = `${at("volume").value} %`;
});
at("volume").addEventListener("change", async () => {
  await send({ volume: Number(at("volume").value) }, "The loudness is set.");
  held = false;
});
at("leave").addEventListener("click", () => lock("The page is locked."));
window.addEventListener("pagehide", () => { token = ""; });
