import math

import pytest

from segstudio.domain.ground import in_square_metres, pixel_area

UTM = 'PROJCS["UTM 33N",GEOGCS["WGS 84",SPHEROID["WGS 84",6378137,298.257223563]],UNIT["metre",1]]'
LONLAT = (
    'GEOGCS["WGS 84",SPHEROID["WGS 84",6378137,298.257223563],UNIT["degree",0.0174532925199433]]'
)


def test_a_pixel_in_the_plane_covers_its_sides():
    georef = {"transform": [0.5, 0, 4e5, 0, -0.25, 5e6], "wkt": UTM}
    assert pixel_area(georef, (100, 100)) == pytest.approx(0.125)


def test_a_rotated_and_sheared_pixel_covers_the_parallelogram():
    turn, side = math.radians(30), 2.0
    a, d = side * math.cos(turn), side * math.sin(turn)
    square = {"transform": [a, -d, 0, d, a, 0], "wkt": UTM}
    assert pixel_area(square, (7, 9)) == pytest.approx(4)
    sheared = {"transform": [2, 3, 0, 0, 5, 0], "wkt": UTM}
    assert pixel_area(sheared, (7, 9)) == pytest.approx(10)


def test_a_pixel_of_longitude_and_latitude_shrinks_towards_the_pole():
    step = 1e-4
    areas = []
    for latitude in (0, 60):
        georef = {"transform": [step, 0, 10, 0, -step, latitude], "wkt": LONLAT}
        areas.append(pixel_area(georef, (0, 0)))
    assert areas[0] == pytest.approx(11.132 * 11.057, rel=1e-3)
    assert areas[1] / areas[0] == pytest.approx(0.5, rel=0.02)


@pytest.mark.parametrize("georef", [None, {}, {"transform": [1, 0, 0, 0, 1, 0], "wkt": ""}])
def test_without_a_known_place_there_is_no_area(georef):
    assert pixel_area(georef, (0, 0)) is None


@pytest.mark.parametrize(
    ("area", "text"),
    [(0.01234, "0.0123 m²"), (12.34, "12.3 m²"), (1234.5, "1,234 m²"), (2.5e6, "2.50 km²")],
)
def test_areas_are_written_as_people_read_them(area, text):
    assert in_square_metres(area) == text
