"""What the test runs say of themselves (JUnit XML), added up into one table and one plain last line."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

# A test that only one database can run is skipped on the other; nothing else may be skipped.
EXPECTED_SKIPS = ("only on PostgreSQL", "only on SQLite")


@dataclass(frozen=True)
class Result:
    """One suite's count; `trouble` says what went wrong besides failed tests."""

    suite: str
    passed: int
    failed: int
    skipped: int
    seconds: float
    trouble: str = ""

    @property
    def good(self) -> bool:
        """Tell whether the suite passed: some test ran, none failed, none was left out without a good reason."""
        return self.failed == 0 and not self.trouble


def _is_skip(case: ElementTree.Element) -> ElementTree.Element | None:
    return case.find("skipped")


def read_report(suite: str, report: Path, code: int, seconds: float) -> Result:
    """Return the count of a JUnit report and the exit code of the run that wrote it.

    A run that ended badly without a failed test (a crash, an unexpected skip, no report) is one failure, so that the
    plain count never looks better than the run was.
    """
    if not report.exists():
        return Result(suite, 0, 1, 0, seconds, f"ended with {code} and left no report")
    cases = list(ElementTree.parse(report).getroot().iter("testcase"))  # noqa: S314 - written by our own run
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    skips = [skip for skip in map(_is_skip, cases) if skip is not None]
    passed = len(cases) - failed - len(skips)
    trouble = _trouble(passed, failed, skips, code)
    if trouble and not failed:
        failed = 1
    return Result(suite, passed, failed, len(skips), seconds, trouble)


def _trouble(passed: int, failed: int, skips: Sequence[ElementTree.Element], code: int) -> str:
    """Say what makes a run bad besides failed tests, "" when nothing does."""
    reasons = {(skip.get("message") or "without a reason") for skip in skips}
    unexpected = sorted(reason for reason in reasons if not reason.startswith(EXPECTED_SKIPS))
    if passed + failed == 0:
        return "ran no test"
    if unexpected:
        return "skipped: " + "; ".join(unexpected)
    if code != 0 and not failed:
        return f"ended with {code} although no test failed"
    return ""


def table(results: Sequence[Result]) -> str:
    """Return the results as a table, one suite a row."""
    width = max([len("suite"), *(len(result.suite) for result in results)])
    lines = [f"{'suite':<{width}}  {'passed':>6}  {'failed':>6}  {'skipped':>7}  {'seconds':>7}"]
    lines.append("-" * len(lines[0]))
    for result in results:
        counts = f"{result.passed:>6}  {result.failed:>6}  {result.skipped:>7}  {result.seconds:>7.1f}"
        lines.append(f"{result.suite:<{width}}  {counts}" + (f"  {result.trouble}" if result.trouble else ""))
    return "\n".join(lines)


def last_line(results: Sequence[Result]) -> str:
    """Return the plain count over all suites: `N passed, N failed`, and `, N skipped` when some were."""
    passed, failed, skipped = (
        sum(getattr(result, name) for result in results) for name in ("passed", "failed", "skipped")
    )
    return f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")
