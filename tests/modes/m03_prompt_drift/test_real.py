"""On real prompts of a trading arena: figures and positions change every cycle, the template does not."""

import json
from itertools import pairwise

import pytest

from afterbell.reading.prompts.rendered import Mask, difference, masked

pytestmark = pytest.mark.shared_data


@pytest.mark.parametrize("model", ["qwen3-max", "deepseek-chat-v3.1"])
def test_figures_that_change_every_cycle_are_no_drift(shared_data, model):
    lines = (shared_data / "nof1_alpha_arena" / f"conversations.{model}.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["user_prompt"] for line in lines]
    mask = Mask(symbols=frozenset({"BTC", "ETH", "SOL", "XRP", "DOGE", "BNB"}))
    read = [masked(text, mask) for text in texts]
    assert all(one != other for one, other in pairwise(texts))
    assert not any(difference(one, other) for one, other in pairwise(read))
    edited = masked(texts[0].replace("discover alpha", "discover momentum"), mask)
    assert difference(read[0], edited) is not None
