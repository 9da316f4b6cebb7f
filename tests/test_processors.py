import os
import sys
import threading

import pytest

from segstudio.processors import NICENESS, give_way


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has it")
def test_only_the_calling_thread_gives_way():
    seen = []

    def work():
        give_way()
        seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        seen.append(os.sched_getscheduler(0))

    before = os.getpriority(os.PRIO_PROCESS, 0)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [max(before, NICENESS), os.SCHED_BATCH]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before
