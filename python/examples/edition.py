# %% [markdown]
# # An edition at a glance
#
# A volume of transcripts becomes a table and a picture: how many documents there are of each month, and how many
# notes each has. Cells begin at `# %%`; Jupyter (with jupytext), VS Code and Spyder show them as a notebook, and
# `python edition.py [VOLUME.txt] [PICTURE.png]` runs them all.

# %%
from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import apograph
import matplotlib
import pandas as pd

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

# %% [markdown]
# Without a volume of your own, one is invented: 240 papers of the Lake Office, in one text file.

# %%
arguments = sys.argv[1:]
if arguments:
    volume = Path(arguments[0])
else:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples"))
    import invent  # type: ignore[import-not-found]

    volume = Path(tempfile.mkdtemp(), "papers.txt")
    volume.write_text(invent.volume(range(1, 241)), encoding="utf-8")
picture = Path(arguments[1] if len(arguments) > 1 else "edition.png")

# %% [markdown]
# The documents of the file, one after the other; only one is held at a time.

# %%
index = apograph.Index()
doubtful = []
for document in apograph.documents(volume, prove=False):
    index.add(document)
    doubtful += [(document.name, one.what, one.because) for one in document.inferences if one.certainty == "low"]

table = pd.DataFrame(index.rows())
table["date"] = pd.to_datetime(pd.Series([entry.date for entry in index]))
print(table[["number", "date", "sender", "addressee", "notes", "words"]].head(10).to_string(index=False))
print(f"\n{len(table)} documents, {table['notes'].sum()} notes, {table['words'].sum()} words;"
      f" {len(doubtful)} inferences that a person should look at")  # fmt: skip

# %%
by_sender = table.groupby("sender").agg(documents=("number", "count"), notes=("notes", "mean"), words=("words", "mean"))
print(f"\n{by_sender.sort_values('documents', ascending=False).round(1).to_string()}")

# %% [markdown]
# Documents per month, and notes per document.

# %%
months = table.dropna(subset="date").set_index("date").resample("MS").size()

figure, (above, below) = plt.subplots(2, 1, figsize=(10, 7), layout="constrained")
above.bar(months.index, months.to_numpy(), width=25, color="#35618f")
above.set(title="Documents per month", ylabel="documents")
above.yaxis.get_major_locator().set_params(integer=True)

counts = table["notes"].value_counts().sort_index()
counts = counts.reindex(range(int(counts.index.min()), int(counts.index.max()) + 1), fill_value=0)
below.bar(counts.index, counts.to_numpy(), color="#b5651d")
below.axvline(table["notes"].mean(), color="#333333", linestyle="--", label=f"mean {table['notes'].mean():.1f}")
below.set(title="Notes per document", xlabel="notes", ylabel="documents")
below.legend(frameon=False)
for axes in (above, below):
    axes.spines[["top", "right"]].set_visible(False)
figure.savefig(picture, dpi=120)
print(f"\n{picture}")
