"""A fence of pymdownx.superfences: an `inflight` block becomes a figure, drawn while the site is built.

Put this file beside mkdocs.yml and `mdbook-inflight` on PATH. An expectation that does not hold fails the build.
"""

import os
import subprocess

# Where a copy of the site stands; without it there are pictures only.
PLAYER = os.environ.get("INFLIGHT_PLAYER", "/inflight/")


def validate(language, inputs, options, attrs, md):
    """Takes every word behind the fence; mdbook-inflight says which of them it does not know."""
    options.update(inputs)
    return True


def figure(source, language, css_class, options, md, **kwargs):
    """The figure of a block, as HTML."""
    words = " ".join(f"{name}={value}" for name, value in options.items())
    command = ["mdbook-inflight", "figure", words, "--player", PLAYER]
    done = subprocess.run(command, input=source, capture_output=True, text=True)
    if done.returncode != 0:
        # Superfences passes over exceptions of its fences, but not over this one.
        raise SystemExit(f"inflight: {done.stderr.strip()}")
    return done.stdout
