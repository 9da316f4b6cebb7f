import numpy as np

from segstudio.imaging.tidying import tidied


def test_parts_get_numbers_of_their_own_and_specks_go_to_their_neighbours():
    labels = np.array(
        [
            [7, 7, 7, 3, 3, 3],
            [7, 9, 7, 3, 3, 3],
            [7, 7, 7, 7, 7, 7],
            [3, 3, 3, 3, 7, 9],
        ],
        np.int32,
    )
    expected = np.array(
        [
            [0, 0, 0, 1, 1, 1],
            [0, 0, 0, 1, 1, 1],
            [0, 0, 0, 0, 0, 0],
            [2, 2, 2, 2, 0, 0],
        ]
    )
    assert (tidied(labels, 2) == expected).all()
    # Two corners do not connect.
    assert tidied(np.array([[1, 0], [0, 1]], np.int32), 1).tolist() == [[0, 1], [2, 3]]


def test_where_all_are_specks_the_largest_stays():
    assert tidied(np.array([[5, 5, 1]], np.int32), 100).tolist() == [[0, 0, 0]]
