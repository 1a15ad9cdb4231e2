"""config/sources/*.yaml: what is understood, and the exact text of what is refused."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sources import Source, load_sources
from connectors.urls import read_url

ENVIRON = {
    "BILLING_PASSWORD": "p@ss/w:rd?#%",
    "PORT": "5433",
    "DIR": "/data/exports",
    "WORD": "many",
    "EMPTY": "",
    "BILLING_URL": "mysql+pymysql://reader:p%40ss@billing-db/billing",
    "NO_URL": "billing-db",
}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "sources").mkdir()
    return tmp_path


def read(config: Path, **files: str) -> tuple[Mapping[str, Source], list[str]]:
    for name, text in files.items():
        (config / "sources" / f"{name}.yaml").write_text(text)
    sources, problems = load_sources(config, ENVIRON)
    return sources, [str(problem) for problem in problems]


def only(config: Path, text: str) -> Source:
    sources, problems = read(config, billing=text)
    assert problems == []
    return sources["billing"]


def refusal(config: Path, text: str) -> str:
    sources, problems = read(config, billing=text)
    assert sources == {}
    assert len(problems) == 1
    return problems[0]


def test_a_source_has_all_that_is_written(config: Path) -> None:
    source = only(
        config,
        "url: postgresql+psycopg://reader:${BILLING_PASSWORD}@billing-db:${PORT}/billing?sslmode=require\n"
        "timeout: 1.5 minutes\nowner: Finance Systems\npool: 3\nretries: 0\n",
    )
    assert source.url is not None
    assert (source.url.username, source.url.password) == ("reader", "p@ss/w:rd?#%")
    assert (source.url.host, source.url.port, source.url.database) == ("billing-db", 5433, "billing")
    assert source.url.query == {"sslmode": "require"}
    assert (source.name, source.owner, source.file) == ("billing", "Finance Systems", "sources/billing.yaml")
    assert (source.timeout_seconds, source.pool_size, source.retries) == (90.0, 3, 0)


def test_what_is_not_written_has_a_default(config: Path) -> None:
    source = only(config, "files: exports\n")
    assert source == Source("billing", None, config / "exports", file="sources/billing.yaml")
    assert (source.timeout_seconds, source.pool_size, source.retries, source.owner) == (60.0, 5, 2, "")


def test_a_whole_url_may_come_from_the_environment(config: Path) -> None:
    source = only(config, "url: ${BILLING_URL}\n")
    assert source.url is not None
    assert (source.url.drivername, source.url.password) == ("mysql+pymysql", "p@ss")


@pytest.mark.parametrize("backend", ["duckdb", "sqlite"])
def test_a_relative_file_is_below_the_configuration(config: Path, backend: str) -> None:
    source = only(config, f"url: {backend}:///data/../sales.db\n")
    assert source.url is not None
    assert source.url.database == str(config / "sales.db")


def test_an_absolute_place_stays(config: Path) -> None:
    assert only(config, "files: ${DIR}/2026\n").files == Path("/data/exports/2026")
    source = only(config, "url: duckdb:////data/sales.duckdb?threads=2\n")
    assert source.url is not None
    assert (source.url.database, source.url.query) == ("/data/sales.duckdb", {"threads": "2"})


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://reader:${BILLING_PASSWORD}@billing-db/billing",
        "postgresql+psycopg://reader@billing-db/billing?password=${BILLING_PASSWORD}",
        "postgresql+psycopg://reader@billing-db/billing?passfile=x&sslpassword=${BILLING_PASSWORD}",
    ],
)
def test_nothing_shows_a_secret(config: Path, url: str) -> None:
    source = only(config, f"url: {url}\n")
    for shown in (repr(source), str(source), source.place, f"{source}"):
        assert "p@ss" not in shown
        assert "p%40ss" not in shown
        assert "reader" in shown
    assert source.secrets == ("p@ss/w:rd?#%",)


@given(st.text(min_size=1))
def test_a_password_may_hold_any_character(password: str) -> None:
    url = read_url("postgresql+psycopg://reader:${P}@db:5432/x?a=${P}", Path("/config"), {"P": password})
    assert (url.password, url.query["a"]) == (password, password)
    assert (url.username, url.host, url.port, url.database) == ("reader", "db", 5432, "x")


def test_several_files_are_several_sources_and_each_problem_is_told(config: Path) -> None:
    sources, problems = read(config, exports="files: x\n", crm="uri: x\n", billing="url: 5\n")
    assert list(sources) == ["exports"]
    assert problems == [
        "sources/billing.yaml:1:6: A text is needed here.",
        "sources/crm.yaml:1:1: Unknown key 'uri'. Did you mean 'url'?",
        "sources/crm.yaml:1:1: A source has one of url and files; here is neither url nor files. Keep one.",
    ]


def test_no_folder_is_no_source(tmp_path: Path) -> None:
    assert load_sources(tmp_path, {}) == ({}, ())


PG = "url: postgresql+psycopg://reader"
REFUSED = {
    f"{PG}:geheim@db/x": "1:6: The password is written in clear text. "
    "Write ${NAME} and set that environment variable instead.",
    f"{PG}:x${{BILLING_PASSWORD}}@db/x": "1:6: The password is written in clear text. "
    "Write ${NAME} and set that environment variable instead.",
    f"{PG}@db/x?password=geheim": "1:6: The option 'password' holds a secret in clear text. "
    "Write ${NAME} and set that environment variable instead.",
    f"{PG}@db/x?p%61ssword=geheim": "1:6: The option 'password' holds a secret in clear text. "
    "Write ${NAME} and set that environment variable instead.",
    f"{PG}@db/x?options=-c%20a%3Db%20password%3Dgeheim": "1:6: The option 'options' holds a secret in clear "
    "text. Write ${NAME} and set that environment variable instead.",
    f"{PG}:${{CRM_PASSWORD}}@db/x": "1:34: The environment variable CRM_PASSWORD is not set. "
    "Set it before you start Boardseat.",
    f"{PG}:${{EMPTY}}@db/x": "1:34: The environment variable EMPTY is empty. "
    "Set it before you start Boardseat.",
    f"{PG}:${{CRM-PASSWORD}}@db/x": "1:34: A variable is written ${NAME}, of letters, digits and _.",
    f"{PG}@db:${{WORD}}/x": "1:6: The port in the URL is not a number. Correct the variable it comes from.",
    "url: db-geheim": "1:6: This is not a database URL. Write dialect://user:${PASSWORD}@host/database.",
    "url: ${NO_URL}": "1:6: The environment variable NO_URL does not hold a database URL. "
    "Write dialect://user:${PASSWORD}@host/database.",
    "url: trino://db/x": "1:6: The dialect 'trino' is not installed. Run: pip install 'trino[sqlalchemy]'",
    "url: snowflake://db/x": "1:6: The dialect 'snowflake' is not installed. "
    "Run: pip install 'snowflake-sqlalchemy'",
    "url: bigquery://db/x": "1:6: The dialect 'bigquery' is not installed. "
    "Run: pip install 'sqlalchemy-bigquery'",
    "url: mssql+pyodbc://db/x": "1:6: The driver of 'mssql+pyodbc' is not installed. "
    "Run: pip install 'pyodbc'",
    "url: postgresql+psycopg2://db/x": "1:6: The driver of 'postgresql+psycopg2' is not installed. "
    "Write postgresql+psycopg://. Or run: pip install 'psycopg2-binary'",
    "url: mysql://db/x": "1:6: The driver of 'mysql' is not installed. Write mysql+pymysql://. "
    "Or run: pip install 'mysqlclient'",
    "url: postgresql+nope://db/x": "1:6: The driver 'postgresql+nope' is not known. "
    "Write postgresql+psycopg://.",
    "url: postgres://db/x": "1:6: The dialect 'postgres' is called 'postgresql'. Write postgresql+psycopg://.",
    "url: postgresql+psycopg_async://db/x": "1:6: The driver 'postgresql+psycopg_async' is asynchronous. "
    "Write postgresql+psycopg://.",
    "url: duckbd:///x": "1:6: The dialect 'duckbd' is not known. Did you mean 'duckdb'?",
    "url: duckdb://": "1:6: A duckdb source needs a file. Write duckdb:///file.",
    'url: "sqlite:///:memory:"': "1:6: A sqlite source needs a file. Write sqlite:///file.",
    "url: sqlite:///x\nfiles: y": "1:1: A source has one of url and files; here is both url and files. "
    "Keep one.",
    "url: sqlite:///x\ntimeout: 30": "2:10: Write a time-out as a number and its unit: "
    "30 seconds, 5 minutes.",
    "url: sqlite:///x\ntimeout: 0 seconds": "2:10: A time-out is longer than 0 and at most 24 hours.",
    "url: sqlite:///x\ntimeout: 30 hours": "2:10: A time-out is longer than 0 and at most 24 hours.",
    "url: sqlite:///x\npool: 0": "2:7: A whole number from 1 to 50 is needed here.",
    "url: sqlite:///x\nretries: yes": "2:10: A whole number from 0 to 10 is needed here.",
    "url: sqlite:///x\nowner: 5": "2:8: A text is needed here.",
    "url: sqlite:///x\nurl: sqlite:///y": "2:1: The key 'url' stands twice, first on line 1. "
    "Keep one of them.",
    "- sqlite:///x": "1:1: A source is a list of keys. Write  url: ...  or  files: ...",
    "": "1:1: A source is a list of keys. Write  url: ...  or  files: ...",
}


@pytest.mark.parametrize("text", REFUSED)
def test_refused(config: Path, text: str) -> None:
    told = refusal(config, text)
    assert told == f"sources/billing.yaml:{REFUSED[text]}"
    assert "geheim" not in told


def test_a_name_and_an_ending_are_checked(config: Path) -> None:
    (config / "sources" / "crm.yml").write_text("files: x\n")
    _, problems = read(config, **{"Billing-2": "files: x\n"})
    assert problems == [
        "sources/Billing-2.yaml:1:1: 'Billing-2' is not a name. Use small letters, digits and _.",
        "sources/crm.yml:1:1: The file ends in .yml. Rename it to crm.yaml.",
    ]
