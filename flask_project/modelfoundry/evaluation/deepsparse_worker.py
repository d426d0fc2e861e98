"""Time one network with DeepSparse; runs in DeepSparse's own environment, without this package.

Arguments: ONNX file, ``.npy`` file with a float32 batch, number of cores. Answers each line of
standard input, a number of runs, with the seconds of each run as a JSON list on a line.
"""

import json
import os
import sys
import time

import numpy as np
from deepsparse import Engine


def main(network: str, batch_file: str, cores: str) -> None:
    """Answer until standard input ends."""
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)  # the engine prints to standard output, which must hold answers alone
        batch = np.load(batch_file)
        engine = Engine(network, batch_size=len(batch), num_cores=int(cores))
        for line in sys.stdin:
            durations = []
            for _ in range(int(line)):
                started = time.perf_counter()
                engine.run([batch])
                durations.append(time.perf_counter() - started)
            answers.write(json.dumps(durations) + "\n")
            answers.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
