#!/bin/sh
# run.sh TEST.py: runs it with the Python that has PyTorch, scikit-learn and safetensors. Ends with 77 where
# LOSSLAB_ORACLE_PYTHON names none, which CTest reports as skipped. What Python compiles stays in the working folder.
if [ -z "${LOSSLAB_ORACLE_PYTHON:-}" ]; then
    echo "LOSSLAB_ORACLE_PYTHON names no Python with PyTorch, scikit-learn and safetensors; ./dev test makes one."
    exit 77
fi
exec "$LOSSLAB_ORACLE_PYTHON" -E -s -X pycache_prefix="$PWD/pycache" "$(dirname -- "$0")/$1"
