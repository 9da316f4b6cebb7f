import os
import sys
import threading

import pytest
import torch

from segstudio.learning.threads import NICENESS, give_way, lent


def test_threads_are_given_back():
    before = torch.get_num_threads()
    with lent(1):
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before
    with lent(None):
        assert torch.get_num_threads() == before


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
