"""A chat of 10,000 messages and a user of 10,000 chats: pages by key, each by its index."""

import json

import pytest
from model_server import snippet
from stack import DATABASE, Client, Ormd

MANY = 10_000
ANSWERS = 300


@pytest.fixture(scope="module")
def long(site):
    """A user with many chats, one of them long; between its messages stand nine others each."""
    from django.contrib.auth.models import User

    keen, other = (User.objects.create_user(name, is_staff=True) for name in ("keen", "other"))
    for user in (keen, other):
        site.rows(
            "INSERT INTO ai_assistant_chat (owner_id, title, created_at, updated_at)"
            f" SELECT {user.pk}, '', now(), now() - n * interval '1 second'"
            f" FROM generate_series(1, {MANY}) n"
        )
    (chat,) = site.rows(f"SELECT min(id) FROM ai_assistant_chat WHERE owner_id = {keen.pk}")[0]
    site.rows(
        "INSERT INTO ai_assistant_message (chat_id, role, content)"
        f" SELECT unnest(array_prepend({chat}, array_fill(id, ARRAY[9]))), 'user',"
        "  'question ' || row_number() OVER (ORDER BY id)"
        f" FROM ai_assistant_chat WHERE owner_id = {other.pk} ORDER BY id"
    )
    site.rows("ANALYZE ai_assistant_chat; ANALYZE ai_assistant_message")
    yield chat
    ours = f"owner_id IN ({keen.pk}, {other.pk})"
    site.rows(
        "DELETE FROM ai_assistant_message WHERE chat_id IN"
        f" (SELECT id FROM ai_assistant_chat WHERE {ours});"
        f"DELETE FROM ai_assistant_chat WHERE {ours}"
    )
    User.objects.filter(pk__in=(keen.pk, other.pk)).delete()


def test_the_newest_page_comes_first_and_every_message_once(ormd, token, long):
    keen = Client(ormd, token("keen"))
    seen, cursor = [], ""
    while cursor is not None:
        page = keen.get(f"chats/{long}?limit=100{cursor and f'&before={cursor}'}").json
        seen = [message["content"] for message in page["messages"]] + seen
        assert seen[-1] == f"question {MANY}"
        cursor = page["next_before"]
    assert seen == [f"question {n}" for n in range(1, MANY + 1)]


@pytest.fixture
def plans(site):
    """The plans of ormd's own statements, as PostgreSQL logs them."""
    settings = {
        "session_preload_libraries": "'auto_explain'",
        "auto_explain.log_min_duration": "0",
        "auto_explain.log_format": "'json'",
        "auto_explain.log_analyze": "on",
    }
    for name, value in settings.items():
        site.rows(f"ALTER ROLE ormc_store IN DATABASE {DATABASE} SET {name} = {value}")
    log = site.cluster.home / "postgres.log"
    start = log.stat().st_size

    def found() -> list[dict]:
        with log.open() as lines:
            lines.seek(start)
            logged = lines.read().split("plan:\n")[1:]
        return [json.JSONDecoder().raw_decode(text.lstrip())[0] for text in logged]

    yield found
    site.rows(f"ALTER ROLE ormc_store IN DATABASE {DATABASE} RESET ALL")


@pytest.mark.parametrize(
    ("path", "table", "index"),
    [
        ("chats", "ai_assistant_chat", "ai_chat_owner_updated"),
        ("chats?limit=20&before={cursor}", "ai_assistant_chat", "ai_chat_owner_updated"),
        ("chats/{chat}", "ai_assistant_message", "ai_message_chat_id"),
        ("chats/{chat}?before={message}", "ai_assistant_message", "ai_message_chat_id"),
    ],
)
def test_a_page_is_read_by_its_index(site, token, long, plans, path, table, index):
    with Ormd(site) as fresh:
        keen = Client(fresh, token("keen"))
        cursor = keen.get("chats?limit=20").json["next_before"]
        message = keen.get(f"chats/{long}").json["next_before"]
        before = len(plans())
        assert keen.get(path.format(chat=long, cursor=cursor, message=message)).status == 200
        made = [plan for plan in plans()[before:] if f"FROM {table} WHERE" in plan["Query Text"]]
    assert index in json.dumps(made[-1]), made
    assert "Seq Scan" not in json.dumps(made[-1])


@pytest.fixture
def answered(site):
    """A chat of ann's with many answers; the planner's statistics know of none, as on a busy day."""
    from django.contrib.auth.models import User

    owner = User.objects.get(username="ann").pk
    chat = site.rows(
        f"INSERT INTO ai_assistant_chat (owner_id, title) VALUES ({owner}, 'long') RETURNING id"
    )[0][0]
    site.rows(
        "DELETE FROM pg_statistic WHERE starelid = 'ai_assistant_message'::regclass;"
        "WITH questions AS (INSERT INTO ai_assistant_message (chat_id, role, content)"
        f"  SELECT {chat}, 'user', 'question ' || n FROM generate_series(1, {ANSWERS}) n"
        "  RETURNING id)"
        " INSERT INTO ai_assistant_message (chat_id, role, outcome, content, snippet, reply_to_id)"
        f"  SELECT {chat}, 'assistant', 'answer', '', 'result = User.objects.count()', id"
        "  FROM questions"
    )
    yield chat
    site.rows(
        f"DELETE FROM ai_assistant_message WHERE chat_id = {chat};"
        f"DELETE FROM ai_assistant_chat WHERE id = {chat}"
    )


def test_a_question_in_a_long_chat_does_not_look_at_each_answers_past(
    site, token, model, plans, answered
):
    model.says(snippet("result = User.objects.count()"))
    with Ormd(site, OPENAI_BASE_URL=model.base_url, OPENAI_MODEL="stub") as fresh:
        before = len(plans())
        asked = Client(fresh, token("ann")).ask("How many people are there?", answered)
        assert asked["status"] == "ok"
        made = plans()[before:]
    said = [m["content"] for m in model.requests[-1]["messages"] if m["role"] == "user"]
    assert said[:3] == [f"question {ANSWERS - n}" for n in (2, 1, 0)]
    (turns,) = [plan["Plan"] for plan in made if "q.content, a.snippet" in plan["Query Text"]]
    read = sum(node["Actual Rows"] * node["Actual Loops"] for node in nodes(turns))
    assert read < 10 * ANSWERS, turns


def nodes(plan: dict):
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)
