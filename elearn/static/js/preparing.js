// Asks now and then whether the file is ready, and fetches it then. Without this script the page reloads itself.
const status = document.querySelector("[data-seconds]");

async function look() {
  try {
    const response = await fetch(location.href, { method: "HEAD" });
    if (response.status !== 202) return location.reload();
  } catch {
    // No connection: the next look may find one.
  }
  return wait();
}

function wait() {
  setTimeout(look, status.dataset.seconds * 1000);
}

wait();
