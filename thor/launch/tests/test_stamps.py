"""Work is repeated when its inputs or results changed, and only then."""

from pathlib import Path

import pytest

from thor.launch import stamps


@pytest.fixture(autouse=True)
def _own_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the stamps of these tests apart."""
    monkeypatch.setattr(stamps, "ROOT", tmp_path)
    monkeypatch.setattr(stamps, "STAMPS", tmp_path / "stamps")


def needed(digest: str, *results: Path) -> bool:
    """Do the work if needed and tell whether it was."""
    with stamps.when_changed("work", digest, *results) as must:
        return must


def test_once_for_one_digest(tmp_path: Path) -> None:
    """The second time there is nothing to do, until the digest changes or the result is gone."""
    result = tmp_path / "result"
    assert needed("a", result)
    result.touch()
    assert not needed("a", result)
    assert needed("b", result)
    result.unlink()
    assert needed("b", result)


def test_work_that_failed_is_done_again() -> None:
    """A digest is remembered only after a block that ended well."""
    with pytest.raises(RuntimeError), stamps.when_changed("work", "a"):
        raise RuntimeError
    assert needed("a")


def test_the_digest_follows_names_contents_and_words(tmp_path: Path) -> None:
    """Renaming, editing, adding and another word all count; what tools make does not."""
    folder = tmp_path / "page"
    (folder / "src").mkdir(parents=True)
    source = folder / "src" / "a.ts"
    source.write_text("1")

    def digest(word: str = "22") -> str:
        return stamps.digest_of(stamps.files_under(folder), word)

    seen = [digest(), digest("24")]
    source.write_text("2")
    seen.append(digest())
    source = source.rename(folder / "src" / "b.ts")
    seen.append(digest())
    (folder / "c.json").touch()
    seen.append(digest())
    assert len(set(seen)) == 5
    (folder / "node_modules").mkdir()
    (folder / "node_modules" / "x.js").touch()
    (folder / "dist").mkdir()
    assert digest() == seen[-1]
