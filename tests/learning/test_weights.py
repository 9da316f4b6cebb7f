import pytest
import torch
from safetensors.torch import save_file

from segstudio.errors import UserError
from segstudio.learning.networks.network import networks
from segstudio.learning.weights import adapted, begin_from
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


def encoder_of(module, prefix=""):
    """Return the encoder's tensors as another program would have saved them."""
    state = module.state_dict()
    start = "encoder."
    return {prefix + k.removeprefix(start): v for k, v in state.items() if k.startswith(start)}


def encoded(name="unet_resnet50", bands=3, seed=0, **settings):
    torch.manual_seed(seed)
    values = {"width": 0.25} | settings
    return build(networks[name], values).build(bands, 3)


ENCODED = (
    "unet_resnet50",
    "pspnet_resnet18",
    "deeplabv3plus_mobilenetv3",
    "lraspp_mobilenetv3",
    "efficientunet_b0",
    "fcn8s",
)


@pytest.mark.parametrize("prefix", ["", "encoder.", "module.", "module.backbone."])
@pytest.mark.parametrize("name", ENCODED)
def test_an_encoder_is_filled_whatever_stands_before_its_names(tmp_path, name, prefix):
    given, own = encoded(name, seed=1), encoded(name, seed=2)
    state = encoder_of(given, prefix) | {"fc.weight": torch.zeros(7, 3), "fc.bias": torch.zeros(7)}
    torch.save(state, tmp_path / "w.pth")
    rest = {k: v.clone() for k, v in own.state_dict().items() if not k.startswith("encoder.")}
    fitted = begin_from(own, tmp_path / "w.pth")
    assert fitted.share == 1
    assert fitted.part.endswith("this network")
    assert "fc" in str(fitted)
    assert not any(k.startswith("encoder.") for k in fitted.missing)
    after = own.state_dict()
    assert all(torch.equal(after[f"encoder.{k}"], v) for k, v in encoder_of(given).items())
    assert all(torch.equal(after[k], v) for k, v in rest.items())


def test_a_deeper_file_fills_an_encoder_that_ends_earlier(tmp_path):
    state = encoder_of(encoded("deeplabv3plus_resnet50"))
    assert any(k.startswith("layer4.") for k in state)
    torch.save(state, tmp_path / "w.pth")
    fitted = begin_from(encoded("unet_resnet50"), tmp_path / "w.pth")
    assert fitted.share == 1
    assert any("layer4" in k for k in fitted.unused)


def test_half_an_encoder_is_refused_by_name(tmp_path):
    state = {k: v for k, v in encoder_of(encoded()).items() if not k.startswith("layer3")}
    torch.save(state, tmp_path / "half.pth")
    with pytest.raises(UserError, match=r"half.pth fits \d+% of the encoder") as error:
        begin_from(encoded(), tmp_path / "half.pth")
    assert "80%" in error.value.hint


@pytest.mark.parametrize("bands", [1, 2, 4, 7])
@pytest.mark.parametrize("name", ["unet_resnet50", "efficientunet_b0", "bisenetv2"])
def test_the_first_layer_is_adapted_to_other_bands(tmp_path, name, bands):
    given, own = encoded(name, seed=1), encoded(name, bands, seed=2)
    save_file(given.state_dict(), tmp_path / "w.safetensors")
    fitted = begin_from(own, tmp_path / "w.safetensors")
    assert f"took 3 bands, now {bands}" in fitted.adapted
    before, after = given.state_dict(), own.state_dict()
    first = next(k for k, v in before.items() if v.ndim == 4)
    assert first not in fitted.missing
    assert torch.allclose(after[first], adapted(before[first], bands))


def test_the_rule_for_bands_is_the_sum_or_in_turn():
    weight = torch.tensor([1.0, 2.0, 3.0]).reshape(1, 3, 1, 1)
    assert adapted(weight, 1).flatten().tolist() == [6]
    assert adapted(weight, 4).flatten().tolist() == [0.75, 1.5, 2.25, 0.75]
    assert adapted(weight, 6).flatten().tolist() == [0.5, 1, 1.5, 0.5, 1, 1.5]
    assert adapted(weight, 2).flatten().tolist() == [1.5, 3]


def test_a_grey_picture_gives_one_band_what_it_gave_three():
    torch.manual_seed(0)
    weight, grey = torch.randn(8, 3, 3, 3), torch.rand(1, 1, 9, 9)
    three = torch.conv2d(grey.expand(1, 3, 9, 9), weight)
    assert torch.allclose(torch.conv2d(grey, adapted(weight, 1)), three, atol=1e-5)


def test_a_file_without_tensors_is_refused(tmp_path):
    torch.save({"epoch": 3, "state_dict": {}}, tmp_path / "w.pth")
    with pytest.raises(UserError, match="no weights"):
        begin_from(network(), tmp_path / "w.pth")


def test_weights_that_are_no_numbers_are_refused(tmp_path):
    state = network().state_dict()
    name = next(k for k, v in state.items() if v.ndim == 4)
    state[name] = torch.full_like(state[name], torch.nan)
    save_file(state, tmp_path / "w.safetensors")
    with pytest.raises(UserError, match="no numbers"):
        begin_from(network(), tmp_path / "w.safetensors")


def test_a_share_of_fresh_weights_is_mixed_in_and_counts_stay(tmp_path):
    given, own = network(), network()
    drawn = {k: v.clone() for k, v in own.state_dict().items()}
    for name, value in given.state_dict().items():
        if name.endswith("running_mean"):
            value.add_(3)
    save_file(given.state_dict(), tmp_path / "w.safetensors")
    begin_from(own, tmp_path / "w.safetensors", 0.25)
    parameters = {name for name, _ in own.named_parameters()}
    for name, value in own.state_dict().items():
        theirs = given.state_dict()[name]
        expected = 0.75 * theirs + 0.25 * drawn[name] if name in parameters else theirs
        assert torch.allclose(value, expected, atol=1e-6)
