"""All trained files of `comptoir/reading`, one after the other: `bin/train DATA` runs this."""

import sys
from pathlib import Path

from training import closely, language, noise, tone

data, wheels, kept = map(Path, sys.argv[1:4])
language.main(data, wheels)
tone.main(data, wheels, check=False)
noise.main(data, check=False)
closely.main(data, wheels, kept, check=False)
