"""Settings for all tests."""

import os

import pytest
from hypothesis import settings

# The same examples in every run, and no deadline, which a busy machine would miss.
settings.register_profile("course", deadline=None, derandomize=True)
settings.load_profile("course")

# Why a test may be skipped even in CI, where a missing browser, server or sandbox is a failure.
MAY_SKIP = ("that is who we are", "other numbers", "needs the kernel's headers")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our options."""
    parser.addoption("--whole-corpus", action="store_true", help="compare all solutions of the corpora with nbgrader")
    parser.addoption(
        "--whole-site", action="store_true", help="run all chapters for the website, look at all its pages"
    )


@pytest.fixture
def whole_corpus(request: pytest.FixtureRequest) -> bool:
    """Whether to take the time for what a part of usually says as well."""
    return request.config.getoption("--whole-corpus")


@pytest.fixture(scope="session")
def whole_site(request: pytest.FixtureRequest) -> bool:
    """Whether to take the time for every page of the website, with all that chapters print and draw."""
    return request.config.getoption("--whole-site")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail in CI if a test was skipped for want of something."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not os.environ.get("CI") or reporter is None:
        return
    skipped = {str(report.longrepr[2]) for report in reporter.stats.get("skipped", ()) if report.longrepr}
    if missing := sorted(reason for reason in skipped if not any(may in reason for may in MAY_SKIP)):
        reporter.write_line(f"skipped in CI, which counts as a failure: {'; '.join(missing)}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what tests have to say in one line, with ``record_property("summary", …)``, be they passed or failed."""
    for report in [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]:
        for name, value in report.user_properties:
            if name == "summary":
                terminalreporter.write_line(str(value))
