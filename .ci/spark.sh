#!/usr/bin/env bash
# The job for clusters (examples/spark) on two workers of this machine. The module is brought to them by the job: the
# environment that they run in has none. Needs Java and PySpark; where they can't be had, says so.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v java >/dev/null && ! .ci/install.sh default-jre-headless; then
  echo "skipped: there is no Java for Spark"
  exit 0
fi
work="$PWD/target/spark"
python="$work/venv/bin/python"
if ! "$python" -c 'import pyspark, pytest' 2>/dev/null; then
  python3 -c 'import venv, ensurepip' 2>/dev/null || .ci/install.sh python3 python3-venv
  rm -rf "$work/venv"
  python3 -m venv "$work/venv"
  if ! "$work/venv/bin/pip" install --quiet --disable-pip-version-check 'pyspark>=4,<5' pytest; then
    echo "skipped: PySpark can't be had"
    exit 0
  fi
fi

wheel="$(ls target/python/wheels/apograph-*.whl 2>/dev/null || .ci/wheel.sh)"
binary="${APOGRAPH:-target/release/apograph}"
[ -x "$binary" ] || cargo build --release --quiet
[ ! -x target/python/fresh/bin/python ] ||
  target/python/fresh/bin/python -P -m pytest -q -p no:cacheprovider examples/spark/test_worker.py

WHEEL="$(realpath "$wheel")" APOGRAPH="$(realpath "$binary")" SPARK_LOCAL_IP=127.0.0.1 PYSPARK_PYTHON="$python" \
  timeout 900 "$python" -m pytest -q -s -p no:cacheprovider --basetemp="$work/tmp" examples/spark/test_cluster.py \
  2> "$work/spark.log" || { tail -n 40 "$work/spark.log"; exit 1; }
rm -rf "$work/tmp"
