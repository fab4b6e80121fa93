"""The site's own tests: they run without ormd, as they did before there was an assistant."""

from django.test import TestCase, override_settings

from library.models import Book, Member


class Office(TestCase):
    def setUp(self):
        self.client.force_login(Member.objects.create_superuser("ann", "ann@example.com", "x"))
        Book.objects.create(title="Emma", bought="2026-01-02")

    def test_the_list_of_books(self):
        self.assertContains(self.client.get("/admin/library/book/"), "Emma")

    @override_settings(AI_ASSISTANT={"enabled": False})
    def test_switched_off_nothing_is_left_of_it(self):
        self.assertNotContains(self.client.get("/admin/"), "ai-assistant")
        self.assertEqual(self.client.post("/ai-assistant/token").status_code, 404)
