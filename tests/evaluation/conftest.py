import re
from collections.abc import Callable, Sequence
from html.parser import HTMLParser

import pandas as pd
import pytest

Frame = Callable[[dict[tuple[str, str], Sequence[Sequence[float]]]], pd.DataFrame]


@pytest.fixture
def frame_of() -> Frame:
    """Rows of a comparison from {(strategy, task): regrets by seed}."""

    def make(regrets: dict[tuple[str, str], Sequence[Sequence[float]]]) -> pd.DataFrame:
        rows = [
            {
                "strategy": strategy,
                "task": task,
                "seed": seed,
                "evaluation": step,
                "architecture": f"{strategy}-{step}",
                "y": 1 - regret,
                "best": 1 - regret,
                "regret": regret,
                "test": 0.9 - regret,
                "failed": False,
                "seconds": 0.1,
            }
            for (strategy, task), runs in regrets.items()
            for seed, run in enumerate(runs)
            for step, regret in enumerate(run, 1)
        ]
        return pd.DataFrame(rows)

    return make


class Page(HTMLParser):
    """What a page holds: its elements with their attributes, its text, and whether every element is closed."""

    VOID = ("meta", "link", "br", "img", "hr", "input")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def check(self) -> None:
        """It is whole, stands alone, and can be read without seeing it."""
        assert self.open == []
        for tag in ("script", "link", "iframe", "img", "object", "base", "form"):
            assert self.all(tag) == [], f"a page of ours needs no <{tag}>"
        for _, attributes in self.elements:
            for name, value in attributes.items():
                assert not name.startswith("on"), f"{name} would run a script"
                if name in ("src", "srcset", "href", "xlink:href", "action", "data"):
                    assert value, "an empty reference"
                    assert value.startswith("#"), f"{name}={value} leads outside"
                if value:
                    assert all(part.startswith("#") for part in re.findall(r"url\(([^)]*)\)", value))
        style = " ".join(self.texts)
        assert "@import" not in style
        assert "http:" not in style
        assert "https:" not in style
        ids = [attributes["id"] for _, attributes in self.elements if "id" in attributes]
        assert len(set(ids)) == len(ids), "ids occur once"
        for attributes in self.all("svg"):
            assert attributes.get("aria-label") or attributes.get("aria-hidden") == "true"
        assert self.all("html")[0]["lang"] == "en"
        assert any(attributes.get("name") == "viewport" for attributes in self.all("meta"))
        assert len(self.all("h1")) == len(self.all("main")) == 1


@pytest.fixture
def page() -> type[Page]:
    """Reads a page's text."""
    return Page
