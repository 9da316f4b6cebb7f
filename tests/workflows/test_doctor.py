import pytest

from segstudio.domain.task import Quiet
from segstudio.workflows import doctor


@pytest.mark.parametrize(
    ("version", "bounds", "within"),
    [
        ("6.11.2", ">=6.8,<6.12", True),
        ("6.12.0", ">=6.8,<6.12", False),
        ("6.7.3", ">=6.8,<6.12", False),
        ("2.13.0+cpu", "==2.13.0", True),
        ("2.12.1", "==2.13.0", False),
        ("1.2", "", True),
    ],
)
def test_versions_are_held_against_their_bounds(version, bounds, within):
    assert doctor._within(version, bounds) is within


def test_missing_libraries_are_named_with_their_packages(monkeypatch):
    monkeypatch.setattr(doctor, "loads", lambda library: "xcb-cursor" not in library)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(doctor.sys, "platform", "linux")
    found = {finding.name: finding for finding in doctor._libraries()}
    assert found["Libraries of Qt"].verdict == "good"
    lacking = found["Libraries of X11"]
    assert lacking.verdict == "missing"
    assert "libxcb-cursor.so.0" in lacking.found
    assert lacking.advice.endswith("apt-get install libxcb-cursor0")
    monkeypatch.delenv("DISPLAY")
    found = {finding.name: finding for finding in doctor._libraries()}
    assert found["Libraries of X11"].verdict == "warning"


def test_packages_are_held_against_what_the_program_wants(monkeypatch):
    wanted = [
        "numpy<9,>=1.0",
        "Pillow>=999",
        "segstudio-lacks-this==1.0",
        'pytest>=8; extra == "test"',
    ]
    monkeypatch.setattr(doctor.importlib.metadata, "requires", lambda name: wanted)
    found = {finding.name: finding.verdict for finding in doctor._packages()}
    assert found == {"numpy": "good", "Pillow": "warning", "segstudio-lacks-this": "missing"}


def test_two_opencvs_are_reported(monkeypatch):
    monkeypatch.setattr(doctor.importlib.metadata, "version", lambda name: "5.0")
    (finding,) = doctor._two_opencvs()
    assert finding.verdict == "missing"
    assert "uninstall" in finding.advice


def test_a_package_that_lacks_is_reported():
    finding = doctor._package("segstudio-does-not-need-this", ">=1.0")
    assert finding.verdict == "missing"
    assert ">=1.0" in finding.advice


def test_a_library_that_takes_its_process_along_is_survived():
    finding = doctor._child("Qt", "import os; os.abort()", "reinstall it")
    assert finding.verdict == "missing"
    assert finding.advice == "reinstall it"


def test_settings_that_cannot_be_saved_are_reported(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (finding,) = doctor._settings_folder()
    assert finding.verdict == "good"
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: False)
    (finding,) = doctor._settings_folder()
    assert finding.verdict == "warning"


def test_this_installation_is_sound():
    findings = doctor.examine(Quiet())
    assert {"Python", "Qt", "torch"} <= {finding.name for finding in findings}
    assert [f for f in findings if f.verdict == "missing" and not f.name.startswith("Lib")] == []
