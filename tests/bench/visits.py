"""What the learners of the bench ask for: pages in turns, and answers to a quiz as the page's script sends them."""

import re
import uuid
from urllib.parse import urlencode

from tests.bench.site import Answer, Site

PAGES = ("bare view", "home", "catalogue", "course", "lesson", "quiz page", "quiz save", "desk")
SAVE = "quiz save"


class Actor:
    """One learner with a session, and what their browser remembers."""

    def __init__(self, known: dict) -> None:
        self.paths: dict[str, list[str]] = known["paths"]
        self.questions: list[dict] = known["questions"]
        self.attempt: str = known["attempt"]
        self.cookies = {"sessionid": known["session"]}
        self.sequence = 0
        self.token = ""

    def open_attempt(self, site: Site) -> None:
        """Load the page of the attempt: it gives the token, and says which answer of each question stands."""
        answer = site.ask(self.attempt, cookies=self.cookies, Accept_Encoding="identity")
        expect(answer, self.attempt)
        page = answer.body.decode()
        self.token = found(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        cookie = re.search(r"csrftoken=(\w+)", answer.headers.get("Set-Cookie", ""))
        if cookie:
            self.cookies["csrftoken"] = cookie[1]
        self.sequence = max(map(int, re.findall(r'name="based-[^"]*" value="(\d+)"', page)))

    def visit(self, site: Site, page: str, turn: int, **headers: str) -> Answer:
        if page == SAVE:
            return self._save(site, turn, **headers)
        paths = self.paths[page]
        return site.ask(paths[turn % len(paths)], cookies=self.cookies, **headers)

    def _save(self, site: Site, turn: int, **headers: str) -> Answer:
        question = self.questions[turn % len(self.questions)]
        key = question["key"]
        fields = {f"key-{key}": str(uuid.uuid4()), f"based-{key}": self.sequence}
        fields[f"answer-{key}"] = question["options"][turn % len(question["options"])]
        self.sequence += 1
        return site.ask(
            question["path"],
            cookies=self.cookies,
            body=urlencode(fields).encode(),
            Accept="application/json",
            Content_Type="application/x-www-form-urlencoded;charset=UTF-8",
            Origin=f"http://localhost:{site.port}",
            Sec_Fetch_Dest="empty",
            Sec_Fetch_Mode="cors",
            X_CSRFToken=self.token,
            **headers,
        )


class Crowd:
    """The learners, who take turns, each with a page of their own."""

    def __init__(self, known: list[dict]) -> None:
        self.actors = [Actor(one) for one in known]
        self.turns = dict.fromkeys(PAGES, 0)

    def __len__(self) -> int:
        return len(self.actors)

    def visit(self, site: Site, page: str, **headers: str) -> Answer:
        turn = self.turns[page]
        self.turns[page] += 1
        actor = self.actors[turn % len(self.actors)]
        return actor.visit(site, page, turn // len(self.actors), **headers)


def expect(answer: Answer, what: str) -> None:
    if answer.status != 200:
        raise SystemExit(f"bench: {what} answered {answer.status}, so there is nothing to measure.")


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise SystemExit(f"bench: {pattern} is not on the page, so there is nothing to measure.")
    return match[1]
