"""A lesson and a quiz in a browser that has never seen the site, on a slow line."""

import shutil
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from tests.bench.site import Site
from tests.reporting import CHROMIUM

# Slow 3G: bytes per second, milliseconds; and a processor of a quarter of this one's speed.
SLOW_LINE = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
SLOWER = 4
LOADS = 3
AIMS = {"lesson": "", "quiz": " (aim 40)"}
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
FIRST_PAINT = """() => new Promise(done => {
  const paint = () => performance.getEntriesByName("first-contentful-paint")[0];
  const wait = () => paint() ? done(paint().startTime) : setTimeout(wait, 50);
  wait();
})"""


@dataclass(frozen=True)
class Load:
    """`files` are bytes on the wire by path; the pictures of authors, under /media/, are counted apart."""

    files: dict[str, float]
    painted: float

    def own(self) -> list[float]:
        return [size for path, size in self.files.items() if not path.startswith("/media/")]

    def media(self) -> list[float]:
        return [size for path, size in self.files.items() if path.startswith("/media/")]


def show_cold_pages(site: Site) -> None:
    """The longest lesson, and the page of questions of somebody in the middle of a quiz."""
    if not shutil.which(CHROMIUM):
        print(f"\nCold pages: not measured, no Chromium at {CHROMIUM} (set CHROMIUM to another path).")
        return
    actor = site.known["actors"][0]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        _show_cold(site, browser, "lesson", site.known["longest_lesson"], site.known["trainee"])
        _show_cold(site, browser, "quiz", actor["attempt"], actor["session"])
        browser.close()


def _show_cold(site: Site, browser: Browser, what: str, path: str, session: str) -> None:
    site.ask(path, cookies={"sessionid": session})
    loads = [load(browser, f"http://localhost:{site.port}", path, session) for _ in range(LOADS)]
    painted = ", ".join(f"{each.painted / 1000:.2f}" for each in loads)
    print(f"\nCold {what} {path}\n(slow 3G: 400 kbit/s, 400 ms; CPU / {SLOWER}; server warm)")
    own, media = loads[0].own(), loads[0].media()
    print(
        f"  {len(own)} requests, {sum(own) / 1000:.1f} kB on the wire{AIMS[what]}, an icon that the browser leaves out "
        "not counted;"
    )
    print(f"  {len(media)} pictures of the author, {sum(media) / 1000:.1f} kB")
    print(f"  first contentful paint {median(each.painted for each in loads) / 1000:.2f} s (of {painted}); aim 1.2 s")


def load(browser: Browser, base: str, path: str, session: str) -> Load:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.add_cookies([{"name": "sessionid", "value": session, "url": base}])
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    sent: dict[str, str] = {}
    sizes: dict[str, float] = {}
    cdp.on("Network.requestWillBeSent", lambda event: sent.update({event["requestId"]: event["request"]["url"]}))
    cdp.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    cdp.send("Network.enable")
    cdp.send("Network.setCacheDisabled", {"cacheDisabled": True})
    cdp.send("Network.emulateNetworkConditions", SLOW_LINE)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(base + path, wait_until="networkidle")
    painted = page.evaluate(FIRST_PAINT)
    context.close()
    # What stands in the style sheet itself (data:) is announced as well, and never travels.
    return Load(
        {url.removeprefix(base): sizes.get(id, 0.0) for id, url in sent.items() if url.startswith(base)}, painted
    )
