// Shows the code of each minute without loading the page again. Without this script the page reloads itself.

const wall = document.querySelector("[data-projector]");
const lost = document.querySelector("[data-lost]");
const LONGEST = 10; // Seconds: how many have checked in is news sooner than the next code.
const AGAIN = 5;

function wait(seconds) {
  setTimeout(ask, Math.max(1, Math.min(seconds, LONGEST)) * 1000);
}

async function ask() {
  try {
    const reply = await fetch(location.href, { headers: { Accept: "application/json" } });
    const found = await reply.json();
    if (!found.code) return location.reload();
    const code = wall.querySelector("[data-code]");
    if (code.textContent !== found.code) {
      code.textContent = found.code;
      wall.querySelector("img").src = `${wall.dataset.picture}?${found.code}`;
    }
    wall.querySelector("[data-entered]").textContent = found.entered;
    lost.hidden = true;
    wait(found.seconds);
  } catch {
    lost.hidden = false;
    wait(AGAIN);
  }
}

wait(Number(wall.dataset.seconds));
