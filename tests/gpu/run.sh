#!/usr/bin/env bash
# Tries training on an NVIDIA GPU, on a machine that may have little else than PyTorch: builds LossLab without Qt against
# the PyTorch that is installed there, and runs
#
#     parity     every architecture of the experiments, 20 steps on the GPU and on the CPU: parameters equal to 1e-4
#     presets    of each experiment the shortest preset: the quick one, where there is one
#     bench      LossLab against PyTorch, both on the GPU (tests/bench/compare.py)
#
#     tests/gpu/run.sh [--device cuda|cpu] [--out FOLDER] [--quick]
#
# --device cpu does the same with the CPU in the GPU's place, where there is none: a test of this script. --quick: the
# bench's quick way. The results are in FOLDER (build/gpu/report): report.md, report.json and the logs. Exit code: 0 where
# all went well, 1 where a step failed, 2 for wrong use, 3 where something is missing here.
#
# Needed: PyTorch 2.11 or newer, of CUDA 13 for --device cuda, in python3 or $LOSSLAB_GPU_PYTHON; CMake 3.25, Ninja, a C++20
# compiler, and the libraries named below, in the compiler's paths or those of CPATH, LIBRARY_PATH and CMAKE_PREFIX_PATH.
# Nothing is fetched from a network.
set -euo pipefail
unset CDPATH

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
tree=${here%/tests/gpu}
build=$tree/build/gpu
out=$build/report
device=cuda
python=${LOSSLAB_GPU_PYTHON:-python3}
bench_arguments=()

# A header, and what it belongs to.
readonly headers=(
    "fmt/format.h fmt" "nlohmann/json.hpp nlohmann-json" "CLI/CLI.hpp CLI11" "tl/expected.hpp tl-expected"
    "muParser.h muParser" "curl/curl.h libcurl" "openssl/ssl.h OpenSSL" "zlib.h zlib"
    "hwy/highway.h Highway"
)

say() { printf '%s\n' "$*" >&2; }

fail()
{
    local code=$1
    shift
    say "$@"
    exit "$code"
}

read_arguments()
{
    while (($#)); do
        case $1 in
        --device | --out)
            (($# >= 2)) || fail 2 "$1 needs a value."
            [[ $1 == --out ]] && out=$2 || device=$2
            shift
            ;;
        --quick) bench_arguments+=(--quick) ;;
        *) fail 2 "run.sh takes --device cuda|cpu, --out FOLDER and --quick, not $1." ;;
        esac
        shift
    done
    [[ $device =~ ^(cuda|cpu)$ ]] || fail 2 "--device takes cuda or cpu, not $device."
    mkdir -p -- "$out"
    out=$(cd -- "$out" && pwd -P)
    [[ -e $out/steps.tsv || -z $(ls -A -- "$out") ]] || fail 2 "$out holds other things than an earlier report."
}

# Prints the folder of the PyTorch that is to be built against; says what is wrong with it.
folder_of_torch()
{
    "$python" - "$device" <<'END'
import os
import re
import sys

try:
    import torch
except ImportError as error:
    sys.exit(f"{sys.executable} has no PyTorch ({error}). Install one, or name another Python in LOSSLAB_GPU_PYTHON.")
version = tuple(int(number) for number in re.findall(r"\d+", torch.__version__)[:2])
if version < (2, 11):
    sys.exit(f"PyTorch {torch.__version__} is too old; LossLab's GPU way needs 2.11 or newer.")
if sys.argv[1] == "cuda":
    if not (torch.version.cuda or "").startswith("13."):
        sys.exit(f"PyTorch {torch.__version__} is no build for CUDA 13 (but for {torch.version.cuda or 'the CPU'}).")
    if not torch.cuda.is_available():
        sys.exit("PyTorch finds no usable NVIDIA GPU here. Look at nvidia-smi, or try this script with --device cpu.")
print(os.path.dirname(torch.__file__))
END
}

# One a line.
missing()
{
    local tool header name compiler=${CXX:-c++}
    for tool in cmake ninja "$compiler"; do
        command -v "$tool" >/dev/null || printf '%s\n' "$tool"
    done
    command -v "$compiler" >/dev/null || return 0
    for header in "${headers[@]}"; do
        read -r header name <<<"$header"
        "$compiler" -E -x c++ -std=c++20 - <<<"#include <$header>" >/dev/null 2>&1 || printf '%s\n' "$name"
    done
}

check_what_is_needed()
{
    local -a names
    mapfile -t names < <(missing)
    ((${#names[@]} == 0)) && return
    local list
    list=$(printf ', %s' "${names[@]}")
    fail 3 "Missing here: ${list:2}. On Debian and Ubuntu: apt install cmake ninja-build g++ libfmt-dev nlohmann-json3-dev" \
        "libcli11-dev libexpected-dev libmuparser-dev libarchive-dev libeigen3-dev libcurl4-openssl-dev libssl-dev zlib1g-dev libhwy-dev;" \
        "elsewhere conda-forge has them, with CPATH and CMAKE_PREFIX_PATH set to the environment's include and root."
}

# LossLab without Qt, and what measures it; the micro-benchmarks where google-benchmark is here.
build_losslab()
{
    local -a targets=(losslab losslab_parity)
    cmake -S "$tree" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DLOSSLAB_GUI=OFF -DLOSSLAB_TORCH_DIR="$1" || return
    grep -q losslab_bench "$build/build.ninja" && targets+=(losslab_bench)
    ninja -C "$build" "${targets[@]}"
}

run_parity() { "$build/bin/losslab_parity" "$device" | tee "$out/parity.json"; }

# run_preset EXPERIMENT PRESET
run_preset()
{
    local folder
    folder=$(mktemp -d)
    LOSSLAB_HOME=$folder "$build/bin/losslab" run "$1" --preset "$2" --device "$device" --charts csv --out "$folder/run" \
        || { rm -rf -- "$folder" && return 1; }
    cp -- "$folder/run/summary.json" "$out/$1.summary.json"
    rm -rf -- "$folder"
}

run_bench()
{
    local -a micro=()
    [[ ! -x $build/bin/losslab_bench ]] || micro=(--micro "$build/bin/losslab_bench")
    PYTHONPYCACHEPREFIX=$build/pycache "$python" "$tree/tests/bench/compare.py" --device "$device" \
        --losslab "$build/bin/losslab" "${micro[@]}" --json "$out/bench.json" "${bench_arguments[@]}" >"$out/bench.md" \
        || return
    cat -- "$out/bench.md"
}

# step NAME COMMAND…: keeps its words in NAME.log, and a line of name, state and seconds in steps.tsv.
step()
{
    local name=$1 began=$SECONDS state=done
    shift
    say "== $name"
    "$@" >"$out/$name.log" 2>&1 || state=failed
    printf '%s\t%s\t%d\n' "$name" "$state" $((SECONDS - began)) >>"$out/steps.tsv"
    [[ $state == done ]] && return
    tail -n 20 -- "$out/$name.log" >&2
    say "$name failed; all it said is in $out/$name.log."
    return 1
}

# A line an experiment: its name and its shortest preset, which is the last one listed.
experiments()
{
    "$build/bin/losslab" list --json \
        | "$python" -c 'import json, sys; [print(e["id"], e["presets"][-1]) for e in json.load(sys.stdin)]'
}

main()
{
    read_arguments "$@"
    local torch_dir experiment preset status=0
    torch_dir=$(folder_of_torch) || exit 3
    check_what_is_needed
    rm -f -- "$out"/*.{log,json,md}
    : >"$out/steps.tsv"
    step build build_losslab "$torch_dir" || exit 1
    step parity run_parity || status=1
    while read -r experiment preset; do
        step "$experiment" run_preset "$experiment" "$preset" </dev/null || status=1
    done < <(experiments)
    step bench run_bench || status=1
    "$python" "$here/report.py" "$out" "$device" || status=1
    say "The report is $out/report.md."
    return "$status"
}

main "$@"
