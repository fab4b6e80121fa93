"""Verified queries as files for `ormc --check`."""

import pytest

from ai_assistant.models import VerifiedQuery
from ai_assistant.query_files import FIRST_LINE

from .operation import run

pytestmark = pytest.mark.django_db


@pytest.fixture
def queries():
    VerifiedQuery.objects.create(
        question="Orders of {{state}} since {{day}}, over {{total}}?",
        snippet="result = Order.objects.filter(status={{state}}, placed_at__date__gte={{day}}, total__gt={{total}})\n",
        slots=[
            {"name": "state", "type": "choice", "choices": ["paid", "new"]},
            {"name": "day", "type": "date"},
            {"name": "total", "type": "number"},
        ],
        explanation="Orders,\nfiltered.",
    )
    VerifiedQuery.objects.create(question="Сколько заказов?", snippet="result = Order.objects.count()")
    VerifiedQuery.objects.create(question="Off", snippet="result = 1", enabled=False)


def files(folder):
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_a_file_a_query_with_samples_for_slots(queries, tmp_path):
    folder = tmp_path / "ormc" / "queries"
    assert run("ormc_export_queries", str(folder)) == (0, f"2 queries in {folder}\n")
    found = files(folder)
    assert sorted(name.rpartition("-")[0] for name in found) == ["orders-of-state-since-day-over-total", "query"]
    (text,) = (text for name, text in found.items() if name.startswith("orders"))
    assert text.splitlines() == [
        FIRST_LINE,
        "# Orders of {{state}} since {{day}}, over {{total}}?",
        "# Orders,",
        "# filtered.",
        "result = Order.objects.filter(status='paid', placed_at__date__gte=date(2026, 1, 31), total__gt=1)",
    ]


def test_what_is_gone_goes_and_what_is_not_ours_stays(queries, tmp_path):
    (tmp_path / "report.orm.py").write_text("result = 1\n")
    run("ormc_export_queries", str(tmp_path))
    before = files(tmp_path)
    VerifiedQuery.objects.filter(snippet__contains="count").delete()
    assert run("ormc_export_queries", str(tmp_path))[1] == f"1 queries in {tmp_path}, 1 taken away\n"
    after = files(tmp_path)
    assert "report.orm.py" in after and len(after) == 2 and after.items() < before.items()
