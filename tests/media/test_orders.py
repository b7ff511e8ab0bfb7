"""Orders as lines, however the stream cuts them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from media.orders import LineReader, Order, encode

_ORDERS = st.lists(
    st.lists(st.one_of(st.text(), st.integers(), st.booleans(), st.none()), max_size=4), max_size=8
)


@given(_ORDERS, st.integers(1, 17))
def test_orders_arrive_whole_and_in_order(orders: list[Order], size: int) -> None:
    data = encode(orders)
    reader = LineReader()
    arrived = [order for at in range(0, len(data), size) for order in reader.feed(data[at : at + size])]
    assert arrived == orders
