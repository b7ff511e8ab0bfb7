"""A small part of Markdown, and nothing that runs."""

from __future__ import annotations

import pytest

from webadmin.manual.render import render


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# A & B", "<h1>A &amp; B</h1>"),
        ("a **b** `c`\nd", "<p>a <strong>b</strong> <code>c</code> d</p>"),
        ("- a\n  b\n- c", "<ul><li>a b</li><li>c</li></ul>"),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        ("![x](p-1.png)", '<img src="/s/p-1.png" alt="x" loading="lazy">'),
        ("![x](../p.png)", "<p>![x](../p.png)</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
    ],
)
def test_blocks(text: str, html: str) -> None:
    assert str(render(text, lambda name: f"/s/{name}")) == html
