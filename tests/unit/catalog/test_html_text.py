"""Descriptions in HTML become text."""

import pytest

from services.catalog.html_text import html_to_text, is_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<p>One<br>Two</p>", "One\nTwo"),
        ("<p>A\n  <b>bold</b>   word</p>", "A bold word"),
        ("Tea &amp; &eacute;clairs&nbsp;&#8211; 5&nbsp;&lt; 6", "Tea & éclairs – 5 < 6"),
        ("Has<ul><li>One</li><li><p>Two</p><ul><li>Inner</li></ul></li></ul>", "Has\n\n- One\n- Two\n  - Inner"),
        ("<ol><li>First</li><li>Second</li></ol>", "1. First\n2. Second"),
        ("<table><tr><th>Size</th><td>10</td></tr><tr><th>Weight</th><td>2</td></tr></table>", "Size 10\nWeight 2"),
        ("<h2>Care</h2>By hand<script>alert(1)</script><style>p{}</style>", "Care\n\nBy hand"),
        ("<p></p>", ""),
        ("<div>" * 20_000 + "deep", "deep"),
    ],
)
def test_the_text_is_what_a_browser_shows(html: str, text: str) -> None:
    assert html_to_text(html) == text


@pytest.mark.parametrize("text", ["5 < 6 & 7 > 3", "R&D", "<3", "Fish & Chips; more", "a<b"])
def test_words_are_not_html(text: str) -> None:
    assert not is_html(text)


@pytest.mark.parametrize("text", ["a<br/>b", "<p>a</p>", "a &amp; b", "&#8211;", '<a href="x">y</a>'])
def test_html_is_known(text: str) -> None:
    assert is_html(text)
