"""The processes of a storm, each with the settings of its own environment.

python -m tests.storm night FILE                                the night beside the servers
python -m tests.storm blow SEED OPERATIONS CLIENTS CONTROL [PID]   the storm itself
"""

import signal
import sys
from pathlib import Path

import django

django.setup()

from tests.storm import night, running  # noqa: E402  # need the settings

match sys.argv[1:]:
    case ["night", file]:
        night.rounds(Path(file))
    case ["blow", seed, operations, clients, control, *postmaster]:
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(number))  # as if it were done
        weather = running.Weather(int(seed), int(operations), int(clients), control)
        sys.exit(1 if running.storm(weather, *map(int, postmaster)).wrong else 0)
