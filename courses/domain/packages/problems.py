"""What is wrong with a package: collected, so that a person mends everything in one go."""

from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Place:
    """Where in a package something stands. Line 0: the file as a whole."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file

    def down(self, lines: int) -> "Place":
        return Place(self.file, self.line + lines)


@dataclass(frozen=True, order=True)
class Problem:
    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


@dataclass
class Problems:
    found: list[Problem] = field(default_factory=list)

    def add(self, place: Place, message: str) -> None:
        problem = Problem(place, message)
        if problem not in self.found:
            self.found.append(problem)

    def refuse_if_any(self) -> None:
        """Raise PackageRefused when something was found."""
        if self.found:
            raise PackageRefused(sorted(self.found))


class PackageRefused(Exception):
    """Nothing was changed. `problems` says, file by file and line by line, why and what to do."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
