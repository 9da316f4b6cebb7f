"""Reading a command's arguments; a mistake is a `UserError`, not an exit."""

import argparse
from typing import NoReturn

from segstudio.errors import UserError


class Parser(argparse.ArgumentParser):
    """An argument parser that raises `UserError`."""

    def error(self, message: str) -> NoReturn:
        raise UserError(message.rstrip("."), f"{self.prog} --help shows what there is")


def parser_for(name: str, help: str) -> Parser:
    """Return a parser with the options that every command has."""
    parser = Parser(
        prog=f"segstudio {name}",
        description=help[0].upper() + help[1:] + ".",
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    parser.add_argument("--debug", action="store_true", help="show where an error comes from")
    return parser


def whole_number(low: int) -> "_WholeNumber":
    """Return a reader of whole numbers of at least ``low``, for ``type=``."""
    return _WholeNumber(low)


class _WholeNumber:
    def __init__(self, low: int) -> None:
        self._low = low

    def __call__(self, text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = self._low - 1
        if number < self._low:
            raise argparse.ArgumentTypeError(
                f"{text!r} is not a whole number from {self._low} upwards"
            )
        return number
