// Saves the draft of a judgement while it is written, and gives it keys. Without this script the page is one form with
// a button that saves.
//
// One sending at a time, repeated until it is answered: the server must never see a newer text based on a version that
// it has passed. While the line is down the draft stands in the browser, and is sent when the page is opened again.

const form = document.querySelector("form[data-marking]");
const words = form.dataset;
const kept = `marking-${words.marking}`;
const status = form.querySelector("[data-status]");
const notice = form.querySelector("[data-notice]");
const QUIET = 1500; // What is being typed is sent once the keys rest this long.
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;
let changed = false;
let busy = false;
let hurry = null;
let timer = null;
let leaving = false;
let notSaved = false;

function say(text, tone = "") {
  status.textContent = text;
  status.className = `status ${tone}`;
}

function warn(text) {
  notice.textContent = text;
  notice.hidden = !text;
}

const fields = () => new URLSearchParams([...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken"));

// A browser that keeps nothing (private windows, full disks) must not stop the saving.
function keep(text) {
  try {
    if (text) localStorage.setItem(kept, text);
    else localStorage.removeItem(kept);
  } catch {}
}

function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function fill(values) {
  for (const [name, value] of values) {
    const input = form.elements[name];
    if (input && name !== "version") input.value = value;
  }
}

async function post(body) {
  const response = await fetch(form.action, {
    method: "POST",
    body,
    headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" },
  });
  if (response.status >= 500 || response.status === 429) throw new Error(response.status);
  // A page instead of data is the login, or a refusal in front of the application.
  const isData = (response.headers.get("Content-Type") || "").startsWith("application/json");
  return isData ? response.json() : { saved: false, message: words.refused };
}

function pause(wait) {
  return new Promise((resume) => {
    hurry = resume;
    setTimeout(resume, wait);
  });
}

async function postUntilAnswered(body) {
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    try {
      return await post(body);
    } catch {
      keep(fields().toString());
      say(words.local, "bad-text");
      await pause(wait);
    }
  }
}

async function save() {
  clearTimeout(timer);
  if (!changed || busy || leaving) return;
  busy = true;
  while (changed) {
    changed = false;
    const body = fields();
    keep(body.toString());
    say(words.saving);
    take(await postUntilAnswered(body));
  }
  busy = false;
}

function take(reply) {
  warn(reply.message || "");
  notSaved = !reply.saved;
  if (notSaved) {
    say(words.refused, "bad-text");
    return;
  }
  form.elements.version.value = reply.version;
  if (reply.fields && !changed) fill(Object.entries(reply.fields));
  if (!changed) keep("");
  say(words.saved, "good-text");
}

function soon(event) {
  if (event.target.matches("[data-shortcuts-on]")) return;
  changed = true;
  clearTimeout(timer);
  timer = setTimeout(save, event.type === "change" ? 0 : QUIET);
}

form.addEventListener("input", soon);
form.addEventListener("change", soon);
addEventListener("online", () => hurry && hurry());

form.addEventListener("submit", async (event) => {
  const pressed = event.submitter;
  if (leaving || pressed?.value === "give_back" || !(changed || busy || notSaved)) {
    leaving = true;
    return;
  }
  // What was written is brought home first: a form that is sent while the line is down would be lost with its page.
  event.preventDefault();
  changed = true;
  if (hurry) hurry();
  save();
  while (busy) await new Promise((resume) => setTimeout(resume, 100));
  if (notSaved) return;
  leaving = true;
  form.requestSubmit(pressed);
});

addEventListener("beforeunload", (event) => {
  if (!leaving && (changed || busy)) event.preventDefault();
});
// A page taken back from the browser's memory has an old version; ask the server for the draft.
addEventListener("pageshow", (event) => event.persisted && location.reload());

const left = recall(kept);
if (left) {
  const before = new URLSearchParams(left);
  fill(before);
  form.elements.version.value = before.get("version");
  say(words.restored);
  changed = true;
  save();
}

// --- Keys --------------------------------------------------------------------------------------------------------

const SWITCH = "marking-shortcuts";
const box = form.querySelector("[data-shortcuts]");
const on = box.querySelector("[data-shortcuts-on]");
const criteria = [...form.querySelectorAll("[data-criterion]")];
let at = -1;

box.hidden = false;
on.checked = recall(SWITCH) !== "off";
on.addEventListener("change", () => {
  try {
    localStorage.setItem(SWITCH, on.checked ? "on" : "off");
  } catch {}
});

const writing = (element) => element.matches("textarea, select, input:not([type=radio], [type=checkbox])");

function go(step) {
  if (!criteria.length) return;
  const here = criteria.findIndex((criterion) => criterion.contains(document.activeElement));
  at = Math.min(Math.max((here < 0 ? at : here) + step, 0), criteria.length - 1);
  const levels = [...criteria[at].querySelectorAll("[type=radio]")];
  (levels.find((level) => level.checked) || levels[0]).focus();
  criteria[at].scrollIntoView({ block: "nearest" });
}

function choose(number) {
  const here = criteria.findIndex((criterion) => criterion.contains(document.activeElement));
  const criterion = criteria[here < 0 ? Math.max(at, 0) : here];
  const level = criterion && criterion.querySelectorAll("[type=radio]")[number - 1];
  if (level) {
    level.focus();
    level.click();
  }
}

const keys = {
  j: () => go(1),
  k: () => go(-1),
  p: () => form.elements.points && form.elements.points.focus(),
  r: () => form.elements.reasons.focus(),
  s: () => {
    changed = true;
    save();
  },
  f: () => form.querySelector("[value=finish]").focus(),
};

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && writing(document.activeElement)) document.activeElement.blur();
  if (!on.checked || event.ctrlKey || event.metaKey || event.altKey || writing(document.activeElement)) return;
  const act = /^[1-8]$/.test(event.key) ? () => choose(Number(event.key)) : keys[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});
