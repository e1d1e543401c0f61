import io
import re

import matplotlib as mpl
import matplotlib.image
import pytest

from augury.evaluation.style import colours, figure, styled, svg


def drawn():
    made, ax = figure()
    ax.plot([0, 1], [1, 2], label="line")
    ax.set_clip_on(True)
    ax.set_title("a <b> & c")
    return made


def test_text_stays_text_and_is_escaped():
    text = svg(drawn().axes[0], 'label "<x>"', "one")
    assert "a &lt;b&gt; &amp; c" in text
    assert 'aria-label="label &quot;&lt;x&gt;&quot;"' in text
    assert text.startswith("<svg role=")


def test_nothing_leads_outside():
    text = svg(drawn().axes[0], "label", "one")
    assert "http" not in text
    inner = re.findall(r'(?:href="|url\()(#?[^")]+)', text)
    assert inner
    ids = set(re.findall(r'\bid="([^"]+)"', text))
    assert all(reference.removeprefix("#") in ids for reference in inner)


def test_figures_do_not_share_ids():
    first, second = (set(re.findall(r'\bid="([^"]+)"', svg(drawn().axes[0], "", name))) for name in ("one", "two"))
    assert first
    assert not first & second


def test_the_same_figure_is_the_same_bytes():
    assert svg(drawn().axes[0], "label", "one") == svg(drawn().axes[0], "label", "one")


def test_settings_do_not_leak():
    before = dict(mpl.rcParams)
    with styled():
        assert mpl.rcParams["svg.fonttype"] == "none"
    figure()
    assert dict(mpl.rcParams) == before


def test_pictures_are_white_and_those_in_pages_let_the_page_through():
    made = drawn()
    made.draw_without_rendering()
    assert made.get_facecolor() == (1, 1, 1, 1)
    buffer = io.BytesIO()
    made.savefig(buffer, format="png")
    buffer.seek(0)
    corner = mpl.image.imread(buffer)[0, 0]
    assert corner.tolist() == [1, 1, 1, 1]
    assert "#ffffff" not in svg(made.axes[0], "label", "one")
    assert made.get_facecolor() == (1, 1, 1, 1)


@pytest.mark.parametrize("n", [1, 7, 20, 28])
def test_lines_can_be_told_apart(n):
    assert len({str(look) for look in colours(map(str, range(n))).values()}) == n


def test_the_first_four_lines_can_be_told_apart_without_colours():
    assert len({str(dash) for _, dash in colours("abcd").values()}) == 4
