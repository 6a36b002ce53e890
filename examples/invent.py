"""Invents documents of an edition that never was: the papers of the Lake Office, 1929–1936.

As a module: `transcript(number)` is the text of one document, always the same for the same number, and `volume(numbers)`
that of several. As a program: `python3 examples/invent.py FOLDER COUNT` writes so many files.
"""

import calendar
import random
import sys
from pathlib import Path

OFFICES = ["the Lake Office", "the Consulate in Port Vale", "the Harbour Board", "the Mission in Stone Quay"]
PLACES = ["Port Vale", "Stone Quay", "Gull Rock", "Upper Ferry"]
PEOPLE = ["Moor", "Lund", "Quill", "Tarn", "Vey", "Adair", "Winter", "Orrin"]
KINDS = ["Telegram", "Letter", "Dispatch", "Memorandum"]
SUBJECTS = ["the winter ferry", "the north pier", "the toll", "the fog signal", "the mail", "the pilots"]
SENTENCES = [
    "{who} called on me this morning and spoke at length of {what}.",
    "The Board has put off its answer about {what} until {day} {month}.",
    "I told {who} that we could not pay more than £{pounds} for it.",
    "Nothing has been heard from {place} since the storm, and {what} must wait.",
    "In the winter of {winter} the boats carried {many} passengers, and lost money on every one of them.",
    "{who} asked whether {what} would be settled before the ice; I gave no promise.",
    "A copy of our draft of {month} {day} went to {place} by the afternoon boat.",
    "He regards {what} as settled “in all but the sum”, which is to say not at all.",
]
REMARKS = [
    "Not printed.",
    "See Document {other}.",
    "In telegram {cable}, {month} {day}, {who} reported that this had been put off.",
    "Printed as Document {other}. The sum was raised to £{pounds} on {month} {day}.",
    "A note in {who}’s hand in the margin reads: “He has a point.”",
    "Not found.",
]
MONTHS = list(calendar.month_name)


def transcript(number: int) -> str:
    """The text of one document, as a page on the web would leave it."""
    chance = random.Random(number)
    year, month = 1929 + chance.randrange(8), 1 + int(chance.triangular(0, 12, 9)) % 12
    day = 1 + chance.randrange(28)
    sender, addressee = chance.sample(OFFICES, 2)

    def filled(pattern: str) -> str:
        return pattern.format(
            who=chance.choice(PEOPLE),
            what=chance.choice(SUBJECTS),
            place=chance.choice(PLACES),
            day=1 + chance.randrange(28),
            month=MONTHS[1 + chance.randrange(12)],
            pounds=10 * chance.randint(2, 90),
            winter=f"{year - 1}–{year % 100:02}",
            many=chance.randint(200, 1900),
            other=1 + chance.randrange(max(number, 2)),
            cable=chance.randint(100, 999),
        )

    remarks = [f"Source: Lake Archive, Ferry Files, {year}, Box {1 + number % 40}. Drafted by {chance.choice(PEOPLE)}."]
    heading = f"{number}. {chance.choice(KINDS)} From {sender} to {addressee}1"
    paragraphs = []
    for at in range(1, chance.randint(3, 9)):
        sentences = [filled(chance.choice(SENTENCES)) for _ in range(chance.randint(2, 5))]
        for place, sentence in enumerate(sentences):
            if chance.random() < 0.25:
                remarks.append(filled(chance.choice(REMARKS)))
                sentences[place] = f"{sentence}{len(remarks)}"
        paragraphs.append(f"{at}. {' '.join(sentences)}")
        if chance.random() < 0.15:
            paragraphs.append(f"[Page {number * 3 + len(paragraphs)}]")
    notes = [f"  {at}. {remark}" for at, remark in enumerate(remarks, 1)]
    dateline = f"{chance.choice(PLACES)}, {MONTHS[month]} {day}, {year}."
    return "\n\n".join([heading, dateline, *paragraphs, chance.choice(PEOPLE), "\n".join(notes)]) + "\n"


def volume(numbers: range) -> str:
    """Several documents, one behind the other."""
    return "\n".join(map(transcript, numbers))


def main(folder: str, count: str) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    for number in range(1, int(count) + 1):
        Path(folder, f"d{number:05}.txt").write_text(transcript(number), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
