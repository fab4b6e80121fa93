"""Random expressions of the language, and a corpus of those that once mattered."""

from __future__ import annotations

import random
from pathlib import Path

from samples import DECIMALS, DELTAS, FLOATS, INTS, MOMENTS, SPECS, WORDS, ZONES


class Generator:
    def __init__(self, seed: int):
        self.random = random.Random(seed)

    def pick(self, *choices):
        return self.random.choice(choices)

    def integer(self):
        return (
            f"({self.random.choice(INTS)})"
            if self.random.random() < 0.7
            else str(self.random.randint(-50, 50))
        )

    def float(self):
        if self.random.random() < 0.6:
            return f"({self.random.choice(FLOATS)})"
        return f"({round(self.random.uniform(-1000, 1000), self.random.randint(0, 6))!r})"

    def decimal(self):
        return f"Decimal('{self.random.choice(DECIMALS)}')"

    def number(self):
        return self.random.choice(
            [self.integer, self.float, self.decimal, lambda: self.pick("True", "False")]
        )()

    def word(self):
        return repr(self.random.choice(WORDS))

    def moment(self):
        fields = self.random.choice(MOMENTS)
        if self.random.random() < 0.6:
            return (
                f"datetime.datetime({fields}, tzinfo=ZoneInfo('{self.random.choice(ZONES)}'))"
                if "fold" not in fields
                else f"datetime.datetime({fields.split(', fold')[0]}, fold=1, tzinfo=ZoneInfo('{self.random.choice(ZONES)}'))"
            )
        return f"datetime.datetime({fields})"

    def date(self):
        return self.pick(
            "datetime.date(2024, 2, 29)",
            "datetime.date(2026, 12, 31)",
            "datetime.date(2021, 1, 3)",
            "datetime.date(1, 1, 1)",
            "datetime.date(9999, 12, 31)",
            "datetime.date(2020, 12, 28)",
            "datetime.date(1970, 1, 1)",
        )

    def delta(self):
        return f"timedelta({self.random.choice(DELTAS)})"

    def arithmetic(self):
        op = self.pick("+", "-", "*", "/", "//", "%", "+", "-", "*")
        return f"({self.number()} {op} {self.number()})"

    def power(self):
        return f"({self.pick(self.integer(), self.decimal(), self.float())} ** {self.random.randint(-4, 9)})"

    def bits(self):
        right = self.pick(self.integer(), str(self.random.randint(0, 70)))
        return f"({self.integer()} {self.pick('&', '|', '^', '<<', '>>') if right.isdigit() else self.pick('&', '|', '^')} {right})"

    def comparison(self):
        return f"({self.number()} {self.pick('<', '<=', '==', '!=', '>', '>=')} {self.number()})"

    def rounding(self):
        digits = self.random.randint(-4, 6)
        return self.pick(
            f"round({self.number()}, {digits})",
            f"round({self.number()})",
            f"int({self.number()})",
            f"float({self.number()})",
            f"abs({self.number()})",
            f"-{self.number()}",
            f"divmod({self.number()}, {self.number()})",
            f"math.floor({self.number()})",
            f"math.ceil({self.number()})",
            f"math.trunc({self.number()})",
            f"{self.decimal()}.quantize(Decimal('{self.pick('1', '0.1', '0.01', '1E+1')}'), rounding='ROUND_{self.pick('HALF_UP', 'HALF_EVEN', 'DOWN', 'UP', 'CEILING', 'FLOOR', 'HALF_DOWN', '05UP')}')",
            f"{self.decimal()}.normalize()",
            f"{self.decimal()}.sqrt()",
            f"{self.decimal()}.to_integral_value()",
            f"Decimal({self.float()})",
            f"Decimal({self.float()}) + 1",
            f"math.sqrt({self.number()})",
            f"math.fsum([{self.float()}, {self.float()}, {self.float()}])",
            f"sum([{self.number()}, {self.number()}, {self.number()}])",
            f"sorted([{self.number()}, {self.number()}, {self.number()}])",
            f"max({self.number()}, {self.number()})",
            f"len({{{self.number()}, {self.number()}, {self.number()}, {self.number()}}})",
            f"str({self.number()})",
            f"bool({self.number()})",
        )

    def formatting(self):
        kind = self.random.choice(list(SPECS))
        value = {
            "int": self.integer,
            "float": self.float,
            "Decimal": self.decimal,
            "str": self.word,
            "date": lambda: self.pick(self.date(), self.moment()),
        }[kind]()
        spec = self.random.choice(SPECS[kind])
        percent = self.pick(
            "%d",
            "%5d",
            "%-5d|",
            "%05d",
            "%+d",
            "%s",
            "%r",
            "%10s",
            "%-10s|",
            "%.3s",
            "%.2f",
            "%08.3f",
            "%e",
            "%g",
            "%x",
            "%#X",
            "%o",
            "%5.1f%%",
            "%.3d",
            "% d",
            "%i",
        )
        return self.pick(
            f"format({value}, {spec!r})",
            f"f'{{{value}:{spec}}}'"
            if "'" not in value and "\\" not in value and '"' not in value
            else f"format({value}, {spec!r})",
            f"'{{:{spec}}}|{{!r:>8}}'.format({value}, {self.word()})"
            if "{" not in spec and "'" not in spec
            else f"format({value}, {spec!r})",
            f"{percent!r} % ({self.pick(self.number(), self.word())},)",
            f"str({value})",
            f"repr({value})",
        )

    def string(self):
        word, other = self.word(), self.word()
        sep = self.pick("' '", "','", "'a'", "'l'", "None", "'ab'")
        number = self.random.randint(-3, 6)
        bounds = [self.pick("", str(self.random.randint(-4, 6))) for _ in range(3)]
        if bounds[2] == "0":
            bounds[2] = "-1"
        return self.pick(
            f"{word}.{self.pick('upper', 'lower', 'title', 'capitalize', 'swapcase', 'casefold', 'strip', 'lstrip', 'rstrip', 'isdigit', 'isalpha', 'isalnum', 'isspace', 'isupper', 'islower', 'isnumeric', 'isdecimal', 'istitle', 'isascii', 'isprintable', 'splitlines', 'expandtabs')}()",
            f"{word}.{self.pick('split', 'rsplit')}({sep}, {number})",
            f"{word}.{self.pick('split', 'rsplit')}()",
            f"{word}.{self.pick('find', 'rfind', 'count', 'index', 'rindex', 'startswith', 'endswith')}({self.pick(other, repr('a'), repr('l'), repr(''))}, {number})",
            f"{word}.replace({self.pick(repr('a'), repr(''), other)}, {other}, {number})",
            f"{word}.{self.pick('center', 'ljust', 'rjust')}({number + 6}, '*')",
            f"{word}.zfill({number + 5})",
            f"{word}.{self.pick('partition', 'rpartition')}({self.pick(repr('a'), repr(' '), repr(','))})",
            f"{word}.{self.pick('removeprefix', 'removesuffix')}({self.pick(repr('a'), repr('c'), other)})",
            f"{word}[{bounds[0]}:{bounds[1]}:{bounds[2]}]",
            f"{word}[{number}]",
            f"{word} * {number}",
            f"{word} + {other}",
            f"{word}.join([{other}, {self.word()}])",
            f"[c for c in {word}]",
            f"len({word})",
            f"({word} {self.pick('<', '==', '>=', 'in', 'not in')} {other})",
            f"int({word})",
            f"float({word})",
            f"{word}.strip({other})",
            f"repr([{word}, ({other},)])",
        )

    def temporal(self):
        a, b = self.moment(), self.moment()
        zone = f"ZoneInfo('{self.random.choice(ZONES)}')"
        return self.pick(
            f"{a} {self.pick('+', '-')} {self.delta()}",
            f"{a} - {b}",
            f"({a} {self.pick('<', '==', '>=', '!=')} {b})",
            f"{a}.astimezone({zone})",
            f"{a}.astimezone({zone}).isoformat()",
            f"{a}.astimezone({zone}).fold",
            f"{a}.{self.pick('isoformat', 'timestamp', 'utcoffset', 'date', 'time', 'weekday', 'isoweekday', 'toordinal', 'tzname')}()",
            f"str({a})",
            f"{a}.replace({self.pick('hour=3', 'month=2', 'tzinfo=None', 'fold=1', 'day=31', 'year=2023')})",
            f"{self.date()} {self.pick('+', '-')} {self.delta()}",
            f"{self.date()} - {self.date()}",
            f"tuple({self.date()}.isocalendar())",
            f"{self.date()}.{self.pick('weekday', 'isoformat', 'toordinal')}()",
            f"{self.delta()} {self.pick('*', '/', '//')} {self.pick('3', '-2', '0.3', '7', '1.5')}",
            f"{self.delta()} {self.pick('+', '-', '/', '//', '%')} {self.delta()}",
            f"str({self.delta()} - {self.delta()})",
            f"{self.delta()}.total_seconds()",
            f"abs({self.delta()} - {self.delta()})",
            f"timezone.make_aware(datetime.datetime({self.random.choice(MOMENTS)}))",
            f"timezone.localtime(timezone.make_aware(datetime.datetime({self.random.choice(MOMENTS)}), {zone}))",
            f"len({{{a}, {b}, {a}}})",
            f"datetime.datetime.fromisoformat({self.pick(repr('2024-02-29'), repr('2024-02-29T10:00'), repr('20240229T101112.5+02:00'), repr('2024-W09-4'), repr('2023-02-29'), repr('2024-02-29 25:00'), repr('2024-02-29T10:00:00Z'), repr('x'))})",
        )

    def container(self):
        items = ", ".join(
            self.pick(self.number(), self.word(), "None") for _ in range(self.random.randint(0, 4))
        )
        return self.pick(
            f"[{items}]",
            f"len([{items}])",
            f"[{items}][{self.random.randint(-3, 3)}]",
            f"[{items}][{self.random.randint(-3, 3)}:]",
            f"[{items}] * {self.random.randint(-1, 2)}",
            f"sorted([{items}])",
            f"sorted([{self.number()}, {self.number()}, {self.number()}, {self.number()}], key=lambda x: -x, reverse={self.pick('True', 'False')})",
            f"list(enumerate([{items}], {self.random.randint(0, 5)}))",
            f"list(zip([{items}], range(3)))",
            f"any([{items}])",
            f"all(x for x in [{items}])",
            f"[x for x in range({self.random.randint(0, 9)}) if x % {self.random.randint(1, 4)} == 0]",
            f"{{k: v for k, v in enumerate([{items}])}}",
            f"dict([(1, {self.number()}), (1.0, {self.number()}), (True, {self.word()})])",
            f"({self.number()} in [{items}])",
            f"[{items}].count({self.number()})",
            f"[{items}].index({self.number()})",
            f"min([{items}], default=None)",
            f"list(reversed([{items}]))",
            f"[{items}] == [{items}]",
            f"[{self.number()}, {self.word()}] < [{self.number()}, {self.word()}]",
            f"sum([[1], [{items}]], [])",
            f"next((x for x in [{items}] if x), 'none')",
            f"{{**{{'a': 1}}, 'b': {self.number()}}}",
            f"[*[{items}], *'ab']",
            f"sorted({{1, 2, 3}} {self.pick('|', '&', '-', '^')} {{2, 3, 4}})",
            f"({{1, 2}} {self.pick('<', '<=', '==')} {{1, 2, 3}})",
            f"{self.number()} if {self.number()} else {self.word()}",
            f"{self.number()} {self.pick('and', 'or')} {self.word()}",
            f"'%s and %s' % ({self.number()}, [{items}])",
        )

    def one(self):
        return self.random.choice(
            [
                self.arithmetic,
                self.arithmetic,
                self.power,
                self.bits,
                self.comparison,
                self.rounding,
                self.rounding,
                self.formatting,
                self.formatting,
                self.string,
                self.string,
                self.temporal,
                self.temporal,
                self.container,
            ]
        )()


def corpus() -> list[str]:
    lines = (Path(__file__).parent / "corpus.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def generate(count: int, seed: int) -> list[str]:
    generator = Generator(seed)
    return [generator.one() for _ in range(count)]
