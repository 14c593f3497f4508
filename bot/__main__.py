"""`python -m bot` is `study-bot`."""

import sys

from bot.cli import main

sys.exit(main())
