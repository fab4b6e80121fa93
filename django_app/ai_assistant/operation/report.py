"""How the commands show their steps."""

MARKS = {"ok": ("✓", "ok"), "bad": ("✗", "NO"), "note": ("○", "--"), "done": ("+", "+")}


class Report:
    def __init__(self, command):
        self.out = command.stdout
        self.style = {"ok": command.style.SUCCESS, "bad": command.style.ERROR}
        # Django 3.2's wrapper has an encoding of its own: none.
        stream = getattr(self.out, "_out", self.out)
        self.plain = not can_encode(getattr(stream, "encoding", None) or "utf-8")

    def mark(self, kind):
        return self.style.get(kind, str)(MARKS[kind][self.plain])

    def line(self, text):
        if text:
            self.out.write(text)

    def row(self, kind, name, text):
        self.line(f"{self.mark(kind)} {name:<10} {text}")

    def note(self, name, text):
        self.row("note", name, text)

    def show(self, step, finding):
        if finding is None:
            self.row("ok", step.name, step.title)
            return
        self.row("bad" if finding.stops else "note", step.name, finding.what)
        self.todo(finding.todo)

    def todo(self, text):
        for line in text.splitlines():
            self.line(f"             {line}")


def can_encode(encoding):
    try:
        "".join(mark for mark, _ in MARKS.values()).encode(encoding)
    except (LookupError, UnicodeEncodeError):
        return False
    return True
