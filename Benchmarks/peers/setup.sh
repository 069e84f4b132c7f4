#!/usr/bin/env bash
# Makes the peers' own Python environment, Benchmarks/peers/.venv, unless it is there already.
#
#   setup.sh             NumPy, JAX and PyTorch
#   setup.sh --networks  TensorFlow and onnxruntime too, for the convolutional networks
#   setup.sh --images    Pillow and torchvision, for folders of pictures (their other peer is TensorFlow)
#   setup.sh --classical faiss, hnswlib, scikit-learn, scikit-image and OpenCV too, for the classical way
#   setup.sh --tables    pandas and polars too, for tables of text
#
# The flags may be given together.
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

# add NAME MODULES...: what requirements-NAME.txt lists, which must then be importable.
add() {
    local name=$1 wanted
    shift
    wanted=$(<"requirements-$name.txt")
    if [[ -e .venv/made-from-$name && $(<".venv/made-from-$name") == "$wanted" ]]; then return; fi
    echo "peers: adding what requirements-$name.txt lists (a few hundred megabytes)" >&2
    pip install -c requirements.txt -r "requirements-$name.txt"
    .venv/bin/python -c "import $(IFS=,; echo "$*")" >&2
    printf '%s\n' "$wanted" >".venv/made-from-$name"
}

for flag in "$@"; do
    case $flag in
        --networks) add networks onnxruntime tensorflow ;;
        --tables) add tables pandas polars ;;
        --images)
            add images PIL
            # Its requirements would bring another PyTorch.
            [[ -d $(echo .venv/lib/python*/site-packages/torchvision) ]] || pip install --no-deps torchvision==0.28.0
            ;;
        --classical) add classical cv2 faiss hnswlib skimage sklearn ;;
        *) echo "setup.sh: unknown flag $flag" >&2; exit 64 ;;
    esac
done
