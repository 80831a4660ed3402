"""Processes that this program starts: none of them outlives the one that started it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time

GRACE_SECONDS = 3.0
"""To finish answers, once the parent is gone."""


def end_with_parent() -> None:
    """End this process soon after its parent has ended, however that happened. Does nothing in the parent.

    Otherwise workers would continue after `kill -9`: they would answer although nothing watches the content, and the
    next start would find the address in use.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        os._exit(1)

    threading.Thread(target=wait, name="kb-parent", daemon=True).start()
