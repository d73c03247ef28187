"""The Procfile's lines are read as written."""

import pytest

from thor.launch import procfile
from thor.launch.paths import ROOT


def test_lines_comments_and_colons_in_commands() -> None:
    """Order is kept, comments and empty lines are skipped, only the first colon divides."""
    text = "# all of it\n\nweb: uvicorn a:b --port $PORT\n  beat:celery beat  \n"
    assert list(procfile.parse(text).items()) == [
        ("web", "uvicorn a:b --port $PORT"),
        ("beat", "celery beat"),
    ]


@pytest.mark.parametrize("line", ["web uvicorn", "web:", ": uvicorn", "we b: uvicorn"])
def test_other_lines_are_refused_by_number(line: str) -> None:
    """A line that is none is named by its number."""
    with pytest.raises(ValueError, match="line 2 of the Procfile is not"):
        procfile.parse(f"a: b\n{line}\n")


def test_a_name_stands_once() -> None:
    """A second line of one name would silently replace the first."""
    with pytest.raises(ValueError, match="names web a second time"):
        procfile.parse("web: a\nweb: b\n")


def test_the_project_s_own_file_has_the_processes_of_a_desk() -> None:
    """The embedded default runs these."""
    lines = procfile.parse((ROOT / "Procfile").read_text())
    assert {"redis", "web", "worker", "beat", "stream", "simulator"} <= lines.keys()
