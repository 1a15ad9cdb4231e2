"""Words that several commands print."""


def counted(count: int, noun: str) -> str:
    """`1 dataset`, `12 datasets`, `1,204 rows`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
