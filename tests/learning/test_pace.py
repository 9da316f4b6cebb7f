from segstudio.domain.task import Quiet
from segstudio.learning.pace import paces


def test_steps_of_both_kinds_are_timed_by_turns(examples, classes, tiny):
    found = list(paces(examples, classes, tiny, 2, Quiet(), threads=1))
    assert len(found) == 2
    assert all(0 < bare < 60 and 0 < step < 60 for step, bare in found)
