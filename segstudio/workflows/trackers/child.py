"""The process in which a tracker works: ``python -m … NAME ROOT FILE``.

NAME is the tracker's, ROOT the folder of the project; FILE holds the stories as a JSON
list. For each run a line with where it is kept is printed, or in the end one with what went
wrong. Trackers set up logging, change folders, read the environment and
import a hundred packages: none of that shall happen to the program itself.
"""

import json
import sys
from pathlib import Path

from segstudio.errors import UserError
from segstudio.workflows.trackers.tracker import Story, trackers


def main(name: str, root: Path, file: Path) -> int:
    tracker = trackers[name]()
    for values in json.loads(file.read_text(encoding="utf-8")):
        try:
            place = tracker.keep(Story(**values), root)
        except UserError as error:
            _say({"error": error.message, "hint": error.hint})
            return 1
        except ImportError as error:
            hint = f'pip install "segstudio[{name}]" installs all that it needs'
            _say({"error": f"{tracker.title} is not complete: {error}", "hint": hint})
            return 1
        except Exception as error:  # whatever a library of others raises
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            _say({"error": f"{tracker.title} could not keep run {values['run']}: {reason}"})
            return 1
        _say({"run": values["run"], "place": place})
    return 0


def _say(values: dict[str, object]) -> None:
    print(json.dumps(values), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
