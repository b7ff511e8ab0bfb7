"""Counter: numbers that only rise, taken inside the transaction that uses them."""

from __future__ import annotations

from sqlalchemy import BigInteger, String, insert, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from webadmin.db import Row


class Counter(Row):
    """The last number given out under a name."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


def next_number(session: Session, name: str, count: int = 1) -> int:
    """The next number of `name`, from 1; of `count` in a row, the last.

    The row stays locked until the transaction ends, so numbers become visible in their order: a
    reader that has seen n will never meet a smaller new one.
    """
    mine = Counter.name == name
    rise = update(Counter).where(mine).values(value=Counter.value + count).returning(Counter.value)
    value = session.execute(rise).scalar_one_or_none()
    if value is None:
        session.execute(insert(Counter).values(name=name, value=count))
        return count
    return value
