"""The readers of the demo, who do not exist."""

import csv
from pathlib import Path

FIRST = [
    "Ada",
    "Bo",
    "Chidi",
    "Dagny",
    "Elif",
    "Farid",
    "Grace",
    "Hana",
    "Ivo",
    "Júlia",
    "Kofi",
    "Lena",
    "Mei",
    "Nils",
    "Olga",
    "Priya",
]
LAST = [
    "Adeyemi",
    "Berg",
    "Castro",
    "Dvořák",
    "Eriksen",
    "Fofana",
    "Gupta",
    "Haas",
    "Ito",
    "Jansen",
    "Kaya",
    "Lindqvist",
]


def write_readers(file: Path, people: int) -> None:
    """Write so many people as a file to import, with addresses that nobody has (RFC 2606)."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["email", "name"])
        for number in range(1, people + 1):
            name = f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}"
            writer.writerow([f"reader{number:04}@readers.example", name])
