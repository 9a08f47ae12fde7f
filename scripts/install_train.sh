#!/bin/sh
# Installs requirements-train.lock into a virtual environment, hashes checked; does nothing when it is there already.
#
#     sh scripts/install_train.sh python3 .venv ""
#     sh scripts/install_train.sh python3 .venv torch==2.13.0
#
# PyPI has PyTorch for Linux with NVIDIA's libraries only, and it does not load without them: 5 GB. Whoever has a build for the
# processor alone names it last, a file or what pip finds by its own settings: it is taken in place of the lock's, the libraries
# stay out, and its hash is not checked. uv does the rest, and is in .venv by scripts/install.sh.
set -eu
python=$1 venv=$2 torch=$3
lock=requirements-train.lock done=$venv/requirements-train.done

if [ "$(cat "$done" 2>/dev/null)" = "$(cat "$lock"; echo "$torch")" ]; then exit 0; fi
rm -f "$done"
if [ -n "${PIP_INDEX_URL:-}" ]; then export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}"; fi
if [ -n "$torch" ]; then
    echo "Installing $torch by pip, and $lock without PyTorch and NVIDIA's libraries"
    "$python" -m pip --python "$venv/bin/python" install --quiet --disable-pip-version-check --no-deps "$torch"
    awk '/^[a-z]/ {out = /^(torch|triton|cuda-[a-z]+|nvidia-[a-z0-9-]+)==/} !out' "$lock" >"$venv/requirements-train.rest"
    .venv/bin/python -m uv pip install --quiet --python "$venv/bin/python" --require-hashes --no-deps -r "$venv/requirements-train.rest"
else
    echo "Installing $lock: $(grep -c '^[a-zA-Z]' "$lock") packages (on Linux 5 GB; TORCH=... for a build for the processor alone)"
    .venv/bin/python -m uv pip install --quiet --python "$venv/bin/python" --require-hashes -r "$lock"
fi
"$venv/bin/python" -c 'import torch' || {
    echo "PyTorch does not load: it says why above; TORCH=... takes another build" >&2
    exit 1
}
{ cat "$lock"; echo "$torch"; } >"$done"
