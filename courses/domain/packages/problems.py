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
    """Each problem once, however often it is met."""

    _found: dict[Problem, None] = field(default_factory=dict)

    @property
    def found(self) -> list[Problem]:
        return list(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def add(self, place: Place, message: str) -> None:
        self._found[Problem(place, message)] = None

    def refuse_if_any(self) -> None:
        """Raise PackageRefused when something was found."""
        if self._found:
            raise PackageRefused(sorted(self._found))


class PackageRefused(Exception):
    """Nothing was changed. `problems` says, file by file and line by line, why and what to do."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
