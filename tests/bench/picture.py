"""The growth as a picture: both axes logarithmic, so that what is linear is a straight line at 45
degrees (dotted)."""

from __future__ import annotations

from pathlib import Path


def draw(snippets: dict, manifests: list[dict], file: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4.6), layout="constrained")
    for name, points in snippets.items():
        left.plot(
            *zip(*((n, time / 1e3) for n, time in points), strict=True), "o-", ms=3, label=name
        )
    left.plot([16, 2048], [16, 2048], "k:", lw=1, label="linear, 1 µs a part")
    left.set(title="snippet to SQL, by the snippet's size", xlabel="parts", ylabel="µs of CPU time")

    models = [row["models"] for row in manifests]
    for key, label, unit in (
        ("load", "manifest, JSON to index", 1e3),
        ("policy", "the policy over it", 1e3),
        ("view", "one user's view", 1e3),
        ("basket", "four snippets to SQL", 1e3),
        ("explain", "`ormc --explain`, the process", 1e-6),
        ("python", "`python3 -c pass`, the process", 1e-6),
    ):
        right.plot(models, [row[key] / unit for row in manifests], "o-", ms=3, label=label)
    right.plot(models, [10 * n for n in models], "k:", lw=1, label="linear, 10 µs a model")
    right.set(title="by the site's size", xlabel="models", ylabel="µs of CPU time")
    for axes in (left, right):
        axes.set(xscale="log", yscale="log")
        axes.grid(alpha=0.3)
        axes.legend(fontsize=8)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=110)
