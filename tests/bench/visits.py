"""What the learners of the bench ask for: pages in turns, and answers to a quiz as the page's script sends them.

Besides there are learners who each go the whole way once: from the course to a quiz with its result.
"""

import gzip
import re
import uuid
from urllib.parse import urlencode, urlsplit

from tests.bench.site import Answer, Site

PAGES = ("bare view", "home", "catalogue", "course", "lesson", "quiz page", "quiz save", "desk")
SAVE = "quiz save"
# What a journey is made of: three lessons, the page of the quiz with the button that starts it, the page of questions,
# one answer after the other, the form with all of them and the question whether to submit, and so on.
STEPS = ("course", "lessons", "start", "attempt", "answers", "check", "submit", "result")


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
        page = self._read(answer, self.attempt)
        self.sequence = max(map(int, re.findall(r'name="based-[^"]*" value="(\d+)"', page)))

    def _read(self, answer: Answer, what: str) -> str:
        """The page, of which the token for posts is kept."""
        expect(answer, what)
        page = (gzip.decompress(answer.body) if answer.headers["Content-Encoding"] == "gzip" else answer.body).decode()
        self.token = found(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        cookie = re.search(r"csrftoken=(\w+)", answer.headers.get("Set-Cookie", ""))
        if cookie:
            self.cookies["csrftoken"] = cookie[1]
        return page

    def visit(self, site: Site, page: str, turn: int, **headers: str) -> Answer:
        if page == SAVE:
            return self._save(site, turn, **headers)
        paths = self.paths[page]
        return site.ask(paths[turn % len(paths)], cookies=self.cookies, **headers)

    def _save(self, site: Site, turn: int, **headers: str) -> Answer:
        question = self.questions[turn % len(self.questions)]
        option = question["options"][turn % len(question["options"])]
        self.sequence += 1
        return self._answer(site, question["path"], question["key"], option, self.sequence - 1, **headers)

    def _answer(self, site: Site, path: str, key: str, option: str, based_on: int, **headers: str) -> Answer:
        fields = {f"key-{key}": str(uuid.uuid4()), f"based-{key}": based_on, f"answer-{key}": option}
        return site.ask(
            path,
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


class Traveller(Actor):
    """One learner who goes the whole way once, after the login: each step is asked for as a browser does."""

    def __init__(self, known: dict) -> None:
        self.course: str = known["course"]
        self.lessons: list[str] = known["lessons"]
        self.quiz: str = known["quiz"]
        self.cookies = {"sessionid": known["session"]}
        self.attempt = self.page = self.token = ""
        self.given: list[tuple[str, str]] = []

    def go(self, site: Site, step: str, **headers: str) -> list[Answer]:
        """Take one of STEPS; answers what the site answered. Each builds on those before."""
        if step == "course":
            return [self._ask(site, self.course, **headers)]
        if step == "lessons":
            return [self._ask(site, path, **headers) for path in self.lessons]
        if step == "start":
            # The button stands on the quiz's own page.
            quiz = self._ask(site, self.quiz, **headers)
            answer = self._post(site, found(r'action="([^"]+/start/)"', self._read(quiz, self.quiz)), **headers)
            self.attempt = urlsplit(answer.headers["Location"]).path
            return [quiz, answer]
        if step == "attempt":
            answer = self._ask(site, self.attempt, **headers)
            self.page = self._read(answer, self.attempt)
            return [answer]
        if step == "answers":
            return self._answers(site, **headers)
        if step == "check":
            sent = self._post(site, self.attempt, self._form(), **headers)
            return [sent, self._ask(site, f"{self.attempt}submit/", **headers)]
        if step == "submit":
            return [self._post(site, f"{self.attempt}submit/", **headers)]
        return [self._ask(site, f"{self.attempt}result/", **headers)]

    def _answers(self, site: Site, **headers: str) -> list[Answer]:
        """The first option of each question, one question after the other."""
        answers: list[Answer] = []
        for key in re.findall(r'name="key-([^"]+)"', self.page):
            option = found(rf'name="answer-{re.escape(key)}" value="([^"]+)"', self.page)
            self.given.append((key, option))
            answers.append(self._answer(site, f"{self.attempt}answers/{key}/", key, option, 0, **headers))
            expect(answers[-1], "answer")
        return answers

    def _form(self) -> dict[str, str]:
        """The page of questions as its button sends it, after its script has saved everything."""
        fields = {"then": "submit"}
        for place, (key, option) in enumerate(self.given, start=1):
            fields |= {f"key-{key}": str(uuid.uuid4()), f"based-{key}": str(place), f"answer-{key}": option}
        return fields

    def _ask(self, site: Site, path: str, **headers: str) -> Answer:
        answer = site.ask(path, cookies=self.cookies, **headers)
        expect(answer, path)
        return answer

    def _post(self, site: Site, path: str, fields: dict[str, str] | None = None, **headers: str) -> Answer:
        answer = site.ask(
            path,
            cookies=self.cookies,
            body=urlencode({"csrfmiddlewaretoken": self.token, **(fields or {})}).encode(),
            Content_Type="application/x-www-form-urlencoded",
            Origin=f"http://localhost:{site.port}",
            **headers,
        )
        expect(answer, path, status=302)
        return answer


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


def expect(answer: Answer, what: str, status: int = 200) -> None:
    if answer.status != status:
        raise SystemExit(f"bench: {what} answered {answer.status}, so there is nothing to measure.")


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise SystemExit(f"bench: {pattern} is not on the page, so there is nothing to measure.")
    return match[1]
