#!/usr/bin/env bash
# Makes the peers' own Python environment, Benchmarks/peers/.venv, unless it is there already.
#
#   setup.sh             NumPy, JAX and PyTorch
#   setup.sh --networks  TensorFlow and onnxruntime too, for the convolutional networks
#
# PYTHON names the interpreter (3.11 or later; default python3).

set -euo pipefail
cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")"

torch=torch==2.13.0
pip() { .venv/bin/python -m pip --quiet --disable-pip-version-check "$@" >&2; }

# The environment remembers what it was made from.
wanted=$(cat requirements.txt requirements-torch.txt; echo "$torch")
if [[ ! -e .venv/made-from || $(<.venv/made-from) != "$wanted" ]]; then
    echo "peers: making a Python environment (a few hundred megabytes)" >&2
    "${PYTHON:-python3}" -m venv .venv
    pip install -r requirements.txt -r requirements-torch.txt
    pip install --no-deps "$torch"
    # A build of PyTorch for GPUs does not start without their libraries; one for CPUs does.
    if ! .venv/bin/python -c 'import torch' 2>/dev/null; then
        echo "peers: this build of PyTorch needs its GPU libraries to start; installing them too" >&2
        pip install "$torch"
    fi
    .venv/bin/python -c 'import numpy, jax, torch' >&2
    printf '%s\n' "$wanted" >.venv/made-from
fi

[[ ${1:-} == --networks ]] || exit 0
wanted=$(<requirements-networks.txt)
if [[ -e .venv/made-from-networks && $(<.venv/made-from-networks) == "$wanted" ]]; then exit 0; fi
echo "peers: adding TensorFlow and onnxruntime (a few hundred megabytes)" >&2
pip install -c requirements.txt -r requirements-networks.txt
.venv/bin/python -c 'import onnxruntime, tensorflow' >&2
printf '%s\n' "$wanted" >.venv/made-from-networks
