import json
from dataclasses import asdict

from segstudio.domain.card import Card, CardClass

CARD = Card((CardClass(3, "wall", (1, 2, 3)),), "fast_scnn", {"network": {"width": 0.5}})


def test_a_card_without_features_is_what_it_was_before_there_were_any():
    before = {key: value for key, value in asdict(CARD).items() if key != "features"}
    assert json.dumps(CARD.to_json()) == json.dumps(before)
    assert Card.from_json(json.loads(json.dumps(before))) == CARD


def test_the_name_of_the_features_travels_with_the_card():
    named = Card.from_json(CARD.to_json() | {"features": "deep", "of a later version": 1})
    assert named.features == "deep"
    assert Card.from_json(json.loads(json.dumps(named.to_json()))) == named
