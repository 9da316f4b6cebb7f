import pytest

from segstudio.gui.widgets.channel_field import TWO_BANDS, ChannelField
from segstudio.methods.channels import channels_of
from segstudio.settings import Setting

SETTING = Setting("channel", "Channel", "str", "grey", help="what is cut")


@pytest.fixture
def bands():
    return [3]


@pytest.fixture
def field(qtbot, bands):
    field = ChannelField(SETTING, "otsu_channel", lambda: channels_of(bands[0]), lambda: bands[0])
    qtbot.addWidget(field)
    return field


@pytest.fixture
def heard(field):
    heard = []
    field.changed.connect(lambda: heard.append(field.value()))
    return heard


def offered(field):
    return [field.list.itemData(place) for place in range(field.list.count())]


def choose(box, data):
    place = box.findData(data)
    box.setCurrentIndex(place)
    box.activated.emit(place)


def test_it_offers_what_the_picture_has(field, bands):
    assert offered(field) == [name for name, _ in channels_of(3)] + [TWO_BANDS]
    bands[0] = 1
    field.refresh()
    assert offered(field) == ["grey"]


def test_choosing_says_so_and_setting_does_not(field, heard):
    field.set_value("hue")
    assert (field.value(), heard) == ("hue", [])
    choose(field.list, "red")
    assert heard == ["red"]


def test_two_bands_are_compared(field, bands, heard):
    bands[0] = 6
    field.refresh()
    choose(field.list, TWO_BANDS)
    assert heard == ["nd(4,1)"]
    assert not field.first.isHidden()
    choose(field.first, 6)
    choose(field.second, 3)
    assert heard[-1] == "nd(6,3)"
    choose(field.list, "band5")
    assert field.value() == "band5"
    assert field.first.parentWidget().isHidden()


def test_a_channel_of_other_pictures_stays_chosen_and_is_marked(field, heard):
    field.set_value("band12")
    assert field.value() == "band12"
    assert field.list.currentText() == "band12 (not here)"
    field.set_value("nd(12,1)")
    assert (field.first.currentData(), field.second.currentData()) == (12, 1)
    assert heard == []
