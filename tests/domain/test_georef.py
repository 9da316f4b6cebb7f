import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segstudio.domain.georef import Affine, affine_of, coordinates, distance, geodesic, units_of

WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,'
    'AUTHORITY["EPSG","7030"]]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433,'
    'AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AUTHORITY["EPSG","4326"]]'
)
UTM = (
    f'PROJCS["WGS 84 / UTM zone 43N",{WGS84},PROJECTION["Transverse_Mercator"],'
    'PARAMETER["central_meridian",75],UNIT["metre",1,AUTHORITY["EPSG","9001"]],'
    'AXIS["Easting",EAST],AUTHORITY["EPSG","32643"]]'
)
FEET = UTM.replace('UNIT["metre",1', 'UNIT["US survey foot",0.304800609601219')
MERCATOR = UTM.replace("WGS 84 / UTM zone 43N", "WGS 84 / Pseudo-Mercator")
UTM_2019 = (
    'PROJCRS["WGS 84 / UTM zone 43N",BASEGEOGCRS["WGS 84",DATUM["World Geodetic System 1984",'
    'ELLIPSOID["WGS 84",6378137,298.257223563,LENGTHUNIT["metre",1]]],'
    'PRIMEM["Greenwich",0,ANGLEUNIT["degree",0.0174532925199433]]],'
    'CONVERSION["UTM zone 43N",METHOD["Transverse Mercator"],'
    'PARAMETER["Scale",0.9996,SCALEUNIT["unity",1]]],CS[Cartesian,2],'
    'AXIS["(E)",east,ORDER[1],LENGTHUNIT["kilometre",1000]],'
    'AXIS["(N)",north,ORDER[2],LENGTHUNIT["kilometre",1000]]]'
)
NORTH_UP = (10.0, 0.0, 500_000.0, 0.0, -10.0, 4_000_000.0)

numbers = st.floats(-1e4, 1e4)
longitudes, latitudes = st.floats(-math.pi, math.pi), st.floats(-1.5, 1.5)


def georef(wkt="", transform=NORTH_UP, epsg=None):
    return {"wkt": wkt, "epsg": epsg, "transform": list(transform)}


@given(st.tuples(*[st.floats(-100, 100)] * 6), numbers, numbers)
def test_there_and_back_is_the_same_point(six, x, y):
    affine = Affine(*six)
    if abs(affine.determinant) < 1e-2:
        return
    there = affine(x, y)
    assert affine.inverse()(*there) == pytest.approx((x, y), abs=1e-2)


@given(st.floats(0.01, 100), st.floats(0, 6.28), numbers, numbers, numbers, numbers)
def test_a_rotated_raster_keeps_lengths(size, turn, x, y, u, v):
    cos, sin = size * math.cos(turn), size * math.sin(turn)
    turned = georef(UTM, (cos, -sin, 3e5, sin, cos, 4e6))
    found = distance(turned, (x, y), (u, v))
    assert found == pytest.approx(size * math.dist((x, y), (u, v)), rel=1e-6, abs=1e-3)


@pytest.mark.parametrize(
    "transform",
    [None, [], [1, 0, 0], [0.0] * 6, [1, 2, 0, 2, 4, 0], [math.nan, 0, 0, 0, 1, 0]],
)
def test_a_useless_transform_gives_no_coordinates(transform):
    given_ = {"wkt": UTM, "epsg": None, "transform": transform}
    assert affine_of(given_) is None
    assert coordinates(given_, 3, 4) == ""
    assert distance(given_, (0, 0), (3, 4)) is None


def test_no_georeference_at_all():
    assert affine_of(None) is None
    assert units_of(None) is None
    assert coordinates(None, 1, 2) == ""
    assert distance(None, (0, 0), (1, 1)) is None


@pytest.mark.parametrize(
    ("wkt", "metres"), [(UTM, 50.0), (FEET, 50 * 0.304800609601219), (UTM_2019, 50_000.0)]
)
def test_lengths_in_the_plane_are_metres(wkt, metres):
    assert distance(georef(wkt), (0, 0), (3, 4)) == pytest.approx(metres)


@pytest.mark.parametrize("wkt", ["", "nonsense", 'PROJCS["cut off",GEOGCS["WGS', "]]]]["])
def test_an_unknown_system_has_no_metres(wkt):
    assert units_of(georef(wkt)) is None
    assert distance(georef(wkt), (0, 0), (3, 4)) is None
    assert coordinates(georef(wkt), 1.5, 2) == "X 500,015  Y 3,999,980"


def degrees(ax, ay, bx, by):
    return distance(georef(WGS84, (1, 0, 0, 0, 1, 0)), (ax, ay), (bx, by))


def test_known_lengths_on_the_ellipsoid():
    # The lengths of a degree, as printed in tables of WGS 84.
    assert degrees(0, 0, 1, 0) == pytest.approx(111_319.49, rel=2e-5)
    assert degrees(5, 60, 6, 60) == pytest.approx(55_800.0, rel=2e-4)
    assert degrees(7, -0.5, 7, 0.5) == pytest.approx(110_574.4, rel=2e-5)
    assert degrees(7, 44.5, 7, 45.5) == pytest.approx(111_131.8, rel=2e-5)
    # Paris to Washington, worked out in Meeus, chapter 11: 6181.63 km.
    paris = -(2 + 20 / 60 + 14 / 3600), 48 + 50 / 60 + 11 / 3600
    washington = 77 + 3 / 60 + 56 / 3600, 38 + 55 / 60 + 17 / 3600
    assert degrees(*paris, *washington) == pytest.approx(6_181_630, rel=2e-5)


def test_across_the_date_line_is_not_around_the_world():
    assert degrees(179.5, 0, -179.5, 0) == pytest.approx(111_319.49, rel=2e-5)


@given(longitudes, latitudes, longitudes, latitudes)
def test_lengths_are_the_same_both_ways_and_never_beyond_half_the_earth(a, b, c, d):
    radius, flattening = 6378137.0, 1 / 298.257223563
    there = geodesic((a, b), (c, d), radius, flattening)
    assert there == pytest.approx(geodesic((c, d), (a, b), radius, flattening), rel=1e-9, abs=1e-3)
    assert 0 <= there <= math.pi * radius * 1.01


@given(st.floats(-179, 179), st.floats(-80, 80), st.floats(-1e-4, 1e-4), st.floats(-1e-4, 1e-4))
def test_short_ways_are_straight(lon, lat, dx, dy):
    f, radius = 1 / 298.257223563, 6378137.0
    square = f * (2 - f)
    w = 1 - square * math.sin(math.radians(lat)) ** 2
    across = math.radians(dx) * radius / math.sqrt(w) * math.cos(math.radians(lat))
    down = math.radians(dy) * radius * (1 - square) / w**1.5
    expected = math.hypot(across, down)
    assert degrees(lon, lat, lon + dx, lat + dy) == pytest.approx(expected, rel=1e-3, abs=1e-2)


def test_web_mercator_is_measured_on_the_ground():
    # At 60° a metre of the map is half a metre of the earth, nearly.
    north = math.asinh(math.tan(math.radians(60))) * 6378137
    there = georef(MERCATOR, (1, 0, 0, 0, -1, north))
    assert distance(there, (0, 0), (1000, 0)) == pytest.approx(501.3, rel=1e-3)
    by_number = georef(UTM, (1, 0, 0, 0, -1, north), epsg=3857)
    assert distance(by_number, (0, 0), (1000, 0)) == pytest.approx(501.3, rel=1e-3)


def test_coordinates_read_as_people_write_them():
    assert coordinates(georef(UTM), 1.5, 2) == "E 500,015  N 3,999,980"
    assert coordinates(georef(UTM, (10, 0, -5, 0, -10, 4)), 0.1, 0) == "E -4  N 4"
    assert coordinates(georef(UTM, (10, 0, -5, 0, -10, 4)), 0.5, 0.43) == "E 0  N 0"
    fine = georef(UTM, (0.25, 0, 512_345.0, 0, -0.25, 4_211_090.0))
    assert coordinates(fine, 1, 1) == "E 512,345.2  N 4,211,089.8"
    assert coordinates(georef(FEET), 0, 0) == "E 500,000  N 4,000,000 ft"
    world = georef(WGS84, (0.001, 0, 75.5, 0, -0.001, 12.25))
    assert coordinates(world, 1, 1) == "lon 75.501  lat 12.249"


def test_units_of_compound_systems_are_those_of_the_plane():
    compound = f'COMPD_CS["both",{FEET},VERT_CS["height",UNIT["metre",1]]]'
    found = units_of(georef(compound))
    assert found is not None
    assert not found.geographic
    assert found.factor == pytest.approx(0.3048006)
    assert found.name == "ft"
