#!/bin/sh
# Builds the wheel, installs it alone into an empty folder, and predicts with the model it brings.
#
#     PYTHON=python tests/figures/wheel.sh
set -eu
source=$(cd "$(dirname "$0")/../.." && pwd)
python=${PYTHON:-python}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

"$python" -m pip wheel --quiet --no-deps --wheel-dir "$place" "$source"
"$python" -m pip install --quiet --no-deps --target "$place/installed" "$place"/*.whl
ls -l "$place"/*.whl | awk '{print "wheel of", int($5 / 1e6 + 0.5), "MB"}'

cd "$place"
export PYTHONPATH="$place/installed"
"$python" - <<'END'
from pathlib import Path

from segstudio.resources import models_folder, resource
from segstudio.scenes.scene import scenes
from segstudio.workflows.sample import render

assert models_folder().name == "_models", models_folder()
assert any(resource("icons").iterdir())
for index in range(3):
    render(scenes["facade"], 1, index, Path("fresh"))
END
segstudio="from segstudio.cli.main import run; raise SystemExit(run())"
"$python" -c "$segstudio" evaluate facade_fast_scnn fresh/pictures --masks fresh/reference
"$python" -c "$segstudio" predict facade_fast_scnn fresh/pictures -o predicted
test "$(ls predicted/*.png | wc -l)" -eq 3
echo "the installed wheel predicts"
