"""Runs the benchmarks of the stages that are named, or of all: ``python -m benchmarks plan``.

``python -m benchmarks classify`` and ``… score FOLDER`` measure the classifier alone and take options of their own.
"""

from __future__ import annotations

import sys
from importlib import import_module, util

TOOLS = ("classify", "score")
STAGES = ("plan", "send", "receive", "learn")


def main(words: list[str]) -> int:
    """Measure the stages; 1 if a goal was missed, 2 for a stage without a benchmark."""
    if words and words[0] in TOOLS:
        code: int = import_module(f"benchmarks.{words[0]}").main(words[1:])
        return code
    known = [stage for stage in STAGES if util.find_spec(f"benchmarks.{stage}")]
    wanted = words or known
    if unknown := [word for word in wanted if word not in known]:
        print(f"There is no benchmark {', '.join(unknown)}: there are {', '.join(known)}.", file=sys.stderr)
        return 2
    all_met = True
    for stage in wanted:
        for measurement in import_module(f"benchmarks.{stage}").measure():
            print(measurement.to_json(), flush=True)
            all_met = all_met and measurement.met is not False
    return 0 if all_met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
