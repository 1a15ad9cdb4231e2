"""config/derivations -> Derivations: names, kinds and versions; each entry is read by derivation_reading."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from dashboard.definitions.derivation import Cohort, Derivation
from dashboard.definitions.derivation_entries import RULES
from dashboard.definitions.derivation_reading import Reading
from dashboard.definitions.derivation_versions import derivation_version
from dashboard.definitions.folder import Folder
from dashboard.definitions.messages import read_entry
from dashboard.definitions.model import Board, ColumnUse, Dataset
from dashboard.definitions.values import NAME, describe
from yamlfiles.problems import Problem, did_you_mean
from yamlfiles.reading import Document


@dataclass(frozen=True)
class Found:
    """All that config/derivations says. `broken` are names that are defined but wrong, and told already."""

    derivations: Mapping[str, Derivation]
    uses: tuple[ColumnUse, ...]
    broken: frozenset[str]


def read_derivations(
    folder: Folder,
    datasets: Mapping[str, Dataset],
    broken: frozenset[str],
    board: Board,
    problems: list[Problem],
) -> Found:
    """Derivations by name, in order of the files. `broken` are the datasets that could not be understood."""
    found: dict[str, Derivation] = {}
    uses: list[ColumnUse] = []
    failed: set[str] = set()
    for name, kind, document in _declared(folder, frozenset(datasets) | broken, problems, failed):
        told = len(problems)
        entry = read_entry(RULES[kind], document, (name, kind), problems)
        derivation = None
        if entry is not None:
            reading = Reading(name, (name, kind), document, datasets, broken, problems)
            derivation = reading.derivation(entry)
            uses += reading.uses
        if derivation is not None:
            problems += _without_rate(board, derivation, document)
        if derivation is None or len(problems) > told:
            failed.add(name)
        else:
            found[name] = _versioned(board, derivation, datasets)
    return Found(MappingProxyType(found), tuple(uses), frozenset(failed))


def _declared(
    folder: Folder, datasets: frozenset[str], problems: list[Problem], failed: set[str]
) -> Iterator[tuple[str, str, Document]]:
    """Every name with its kind and the document that defines it first."""
    first: dict[str, str] = {}
    for document in folder.derivations.values():
        if not isinstance(document.value, Mapping):
            if document.value is not None:
                message = f"The file is {describe(document.value)}, where derivations by name are wanted."
                problems.append(document.problem((), f"{message} Begin with a name: revenue_bridge:"))
            continue
        for name, value in document.value.items():
            if fault := _fault_of_name(name, first, datasets):
                problems.append(document.problem((str(name),), fault))
                continue
            first[name] = f"{document.file}:{document.place((name,))[0]}"
            kind, fault = _kind(value)
            if fault is None:
                yield name, kind, document
            else:
                failed.add(name)
                problems.append(document.problem((name,), fault))


def _fault_of_name(name: object, first: Mapping[str, str], datasets: frozenset[str]) -> str | None:
    if not isinstance(name, str) or not NAME.match(name):
        return f"{name!r} is no name of a derivation. Use small letters, digits and _."
    if name in first:
        return f"The derivation {name!r} is defined twice, first at {first[name]}. Keep one of them."
    if name in datasets:
        return f"There is a dataset {name!r} already, and both have measures. Give one of them another name."
    return None


def _kind(value: object) -> tuple[str, str | None]:
    """Which kind it is, and what is wrong where it is none."""
    kinds = ", ".join(RULES)
    if not isinstance(value, Mapping):
        what = "empty" if value is None else describe(value)
        return "", f"It is {what}, where its kind is wanted. Write one of {kinds}."
    given = [kind for kind in RULES if kind in value]
    unknown = [key for key in value if key not in RULES]
    if unknown:
        return "", f"{unknown[0]!r} is no kind of derivation: {kinds}. {did_you_mean(str(unknown[0]), RULES)}"
    if len(given) != 1:
        what = f"It is {' and '.join(given)} at once" if given else "It has no kind"
        return "", f"{what}. Write one of {kinds}."
    return given[0], None


def _without_rate(board: Board, derivation: Derivation, document: Document) -> Iterator[Problem]:
    """A value of what is to come needs a discount rate, and there is no default."""
    rule = derivation.rule
    if isinstance(rule, Cohort) and rule.margin_per is not None and not (board.discount_rate or 0.0) > 0:
        told = (
            "What is to come cannot be valued: board.yaml has no discount_rate above 0. Ask finance for it."
        )
        yield document.problem((derivation.name, "cohort", "margin_per"), told)


def _versioned(board: Board, derivation: Derivation, datasets: Mapping[str, Dataset]) -> Derivation:
    versions = {
        name: replace(each, version=derivation_version(board, derivation, each, datasets))
        for name, each in derivation.measures.items()
    }
    return replace(derivation, measures=MappingProxyType(versions))
