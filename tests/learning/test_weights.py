import pytest
import torch
from safetensors.torch import save_file

from segstudio.errors import UserError
from segstudio.learning.networks.network import networks
from segstudio.learning.weights import begin_from
from segstudio.settings import build


def network(classes: int = 3, width: float = 0.25):
    return build(networks["fast_scnn"], {"width": width}).build(3, classes)


def body(module):
    heads = ("classifier", "auxiliary")
    return {k: v for k, v in module.state_dict().items() if not k.startswith(heads)}


@pytest.mark.parametrize("name", ["w.safetensors", "w.pth", "wrapped.pth"])
def test_all_but_the_heads_comes_from_the_file(tmp_path, name):
    given, own = network(classes=5), network(classes=3)
    file = tmp_path / name
    if name.endswith(".safetensors"):
        save_file(given.state_dict(), file)
    else:
        state = given.state_dict()
        torch.save({"state_dict": state} if name.startswith("wrapped") else state, file)
    fitted = begin_from(own, file)
    assert fitted.share == 1
    assert all(name.startswith(("classifier", "auxiliary")) for name in fitted.missing)
    assert all(torch.equal(v, body(given)[k]) for k, v in body(own).items())


def test_another_network_is_refused_and_nothing_changes(tmp_path):
    own = network()
    before = {k: v.clone() for k, v in own.state_dict().items()}
    save_file(network(width=0.5).state_dict(), tmp_path / "w.safetensors")
    with pytest.raises(UserError, match="fits"):
        begin_from(own, tmp_path / "w.safetensors")
    assert all(torch.equal(v, before[k]) for k, v in own.state_dict().items())


def test_a_file_that_would_run_code_is_refused(tmp_path):
    class Trap:
        def __reduce__(self):
            return (print, ("run",))

    torch.save({"x": Trap()}, tmp_path / "w.pth")
    with pytest.raises(UserError, match="no weights"):
        begin_from(network(), tmp_path / "w.pth")


@pytest.mark.parametrize("content", [b"", b"nonsense"])
@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
def test_what_is_no_weights_is_said(tmp_path, content, suffix):
    (tmp_path / f"w{suffix}").write_bytes(content)
    with pytest.raises(UserError, match="no weights"):
        begin_from(network(), tmp_path / f"w{suffix}")


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(UserError, match="no weights"):
        begin_from(network(), tmp_path / "gone.pth")
