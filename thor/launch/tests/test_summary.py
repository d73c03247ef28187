"""The count of a test run is never better than the run."""

from pathlib import Path

import pytest

from thor.launch import summary
from thor.launch.summary import Result

PASS = '<testcase name="a"/>'
FAIL = '<testcase name="b"><failure message="no"/></testcase>'
ERROR = '<testcase name="c"><error message="no"/></testcase>'


def skip(reason: str) -> str:
    """Return a skipped test."""
    return f'<testcase name="d"><skipped message="{reason}"/></testcase>'


def read(tmp_path: Path, cases: str, code: int = 0) -> Result:
    """Return what is made of a report with these cases."""
    report = tmp_path / "report.xml"
    report.write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    return summary.read_report("suite", report, code, 1.0)


def test_failures_and_errors_both_fail(tmp_path: Path) -> None:
    """An error in a fixture is a failed test."""
    result = read(tmp_path, PASS * 3 + FAIL + ERROR, code=1)
    assert (result.passed, result.failed, result.skipped, result.good) == (3, 2, 0, False)


def test_a_good_run(tmp_path: Path) -> None:
    """A skip that names its database is part of a good run."""
    result = read(tmp_path, PASS * 2 + skip("only on PostgreSQL: row locks"))
    assert (result.passed, result.failed, result.skipped, result.good) == (2, 0, 1, True)


@pytest.mark.parametrize(
    ("cases", "code", "trouble"),
    [
        ("", 5, "ran no test"),
        (skip("only on SQLite"), 0, "ran no test"),
        (PASS + skip("no browser here"), 0, "skipped: no browser here"),
        (PASS, 3, "ended with 3 although no test failed"),
    ],
)
def test_a_bad_run_counts_as_one_failure(tmp_path: Path, cases: str, code: int, trouble: str) -> None:
    """Nothing that went wrong hides behind a clean count."""
    result = read(tmp_path, cases, code)
    assert result.trouble == trouble
    assert result.failed == 1
    assert not result.good


def test_a_run_without_a_report_failed(tmp_path: Path) -> None:
    """A runner that crashed leaves none."""
    result = summary.read_report("suite", tmp_path / "none.xml", 139, 1.0)
    assert (result.failed, result.good) == (1, False)


def test_table_and_last_line() -> None:
    """One row a suite; the plain line adds up all of them and names skips only when there are some."""
    results = [Result("one", 3, 0, 0, 1.25), Result("second", 4, 1, 2, 10.0, "ran no test")]
    rows = summary.table(results).splitlines()
    assert [row.split()[0] for row in rows] == ["suite", rows[1], "one", "second"]
    assert rows[3].endswith("ran no test")
    assert summary.last_line(results) == "7 passed, 1 failed, 2 skipped"
    assert summary.last_line(results[:1]) == "3 passed, 0 failed"
