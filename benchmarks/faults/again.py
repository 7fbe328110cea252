"""Runs a program again whenever it ends, as a production's supervisor does: `python -m benchmarks.faults.again PROGRAM ARGUMENT…`.

Processes that a killed program leaves behind are left alone, so that trials see what they do.
"""

import subprocess
import sys
import time

if __name__ == "__main__":
    while True:
        subprocess.run(sys.argv[1:], check=False)
        time.sleep(0.2)
