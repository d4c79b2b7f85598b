"""Cross references: what Quarto numbers, in the order in which it stands in the post.

https://quarto.org/docs/authoring/cross-references.html
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

# What a label begins with, and the word that Quarto writes before the number.
# fmt: off
KINDS: Mapping[str, str] = MappingProxyType({
    "fig": "Figure", "tbl": "Table", "eq": "Equation", "lst": "Listing", "thm": "Theorem",
    "lem": "Lemma", "cor": "Corollary", "prp": "Proposition", "cnj": "Conjecture",
    "def": "Definition", "exm": "Example", "exr": "Exercise", "sol": "Solution", "rem": "Remark",
    "alg": "Algorithm", "nte": "Note", "tip": "Tip", "wrn": "Warning", "imp": "Important",
    "cau": "Caution", "proof": "Proof",
})
# Boxes with words of their own, which a name follows: `Theorem 1 (Line)`.
THEOREMS = ("thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "sol", "rem", "alg")
# Those without a number, by their class.
UNNUMBERED = MappingProxyType({"proof": "proof", "remark": "rem", "solution": "sol"})
TRANSLATED: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "de": {
        "fig": "Abbildung", "tbl": "Tabelle", "eq": "Gleichung", "lst": "Listing",
        "cor": "Korollar", "cnj": "Vermutung", "exm": "Beispiel", "exr": "Übungsaufgabe",
        "sol": "Lösung", "rem": "Bemerkung", "alg": "Algorithmus", "proof": "Beweis",
    },
    "es": {
        "fig": "Figura", "tbl": "Tabla", "eq": "Ecuación", "lst": "Listado", "thm": "Teorema",
        "lem": "Lema", "cor": "Corolario", "prp": "Proposición", "cnj": "Conjetura",
        "def": "Definición", "exm": "Ejemplo", "exr": "Ejercicio", "sol": "Solución",
        "rem": "Observación", "alg": "Algoritmo", "proof": "Prueba",
    },
    "fr": {
        "fig": "Figure", "tbl": "Table", "eq": "Équation", "lst": "Liste", "thm": "Théorème",
        "lem": "Lemme", "cor": "Corollaire", "prp": "Proposition", "cnj": "Conjecture",
        "def": "Définition", "exm": "Exemple", "exr": "Exercice", "sol": "Solution",
        "rem": "Remarque", "alg": "Algorithme", "proof": "Preuve",
    },
    "it": {
        "fig": "Figura", "tbl": "Tabella", "eq": "Equazione", "lst": "Lista", "thm": "Teorema",
        "cor": "Corollario", "prp": "Proposizione", "cnj": "Congettura", "def": "Definizione",
        "exm": "Esempio", "exr": "Esercizio", "sol": "Soluzione", "rem": "Osservazione",
        "alg": "Algoritmo", "proof": "Dimostrazione",
    },
    "pt": {
        "fig": "Figura", "tbl": "Tabela", "eq": "Equação", "lst": "Listagem", "thm": "Teorema",
        "lem": "Lema", "cor": "Corolário", "prp": "Proposição", "cnj": "Conjectura",
        "def": "Definição", "exm": "Exemplo", "exr": "Exercício", "sol": "Solução",
        "rem": "Observação", "alg": "Algoritmo", "proof": "Demonstração",
    },
})
# fmt: on
LABEL = rf"(?:{'|'.join(kind for kind in KINDS if kind != 'proof')})-[\w.:-]*\w"
DEFINED = re.compile(
    rf"\{{[^{{}}\n]{{0,200}}?#(?P<braces>{LABEL}|sec-[\w.:-]*\w)[^{{}}\n]{{0,400}}\}}"
    rf"|^[ \t>]*(?:#|//|%%|--)\|[ \t]*label:[ \t]*[\"']?(?P<option>{LABEL})"
    rf"|^[ \t>]*`{{3,}}[ \t]*\{{\w+[ ,]+(?P<head>{LABEL})\b",
    re.MULTILINE,
)
DIV = re.compile(r"[ \t>]*(:{3,})[ \t]*(.*)")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a post's figures, tables and the like by their labels."""

    numbers: Mapping[str, str]
    sections: Mapping[str, str]
    language: str = ""

    def name(self, label: str) -> str:
        """Return `Figure 1`, empty for a label that nothing bears."""
        kind = label.partition("-")[0].lower()
        number = self.numbers.get(label.lower())
        return f"{self.word(kind)} {number}" if number else ""

    def word(self, kind: str) -> str:
        """Return the word for a kind in the post's language."""
        translated = TRANSLATED.get(self.language.lower()[:2], {})
        return translated.get(kind, KINDS.get(kind, ""))

    def proof(self, classes: Sequence[str]) -> str:
        """Return the word above a proof, a remark or a solution; empty for another class."""
        kind = next((UNNUMBERED[one] for one in classes if one in UNNUMBERED), "")
        return self.word(kind) if kind else ""

    def captioned(self, label: str, caption: str) -> str:
        """Return a caption with its number before it: `Figure 1: caption`."""
        return ": ".join(filter(None, (self.name(label), caption.strip())))


def read_numbers(body: str, language: str) -> Numbers:
    """Number what the post labels; a figure within a figure has a letter of its own."""
    counts: dict[str, int] = {}
    numbers: dict[str, str] = {}
    sections: dict[str, str] = {}
    for label, parent, line in _labels(body):
        kind = label.partition("-")[0]
        if kind == "sec":
            sections.setdefault(label, line.partition("{")[0].strip("# \t"))
        elif label not in numbers:
            is_inside = parent.startswith(f"{kind}-") and parent in numbers
            of = parent if is_inside else kind
            counts[of] = counts.get(of, 0) + 1
            letter = chr(ord("a") + (counts[of] - 1) % 26)
            numbers[label] = f"{numbers[parent]} ({letter})" if is_inside else str(counts[of])
    return Numbers(numbers, sections, language)


def _labels(body: str) -> Iterator[tuple[str, str, str]]:
    """Yield each label, the one of the labelled div around it, and its line."""
    # For each open div, the label that counts inside of it.
    around = [""]
    for line in body.split("\n"):
        here = [
            (one["braces"] or one["option"] or one["head"]).lower()
            for one in DEFINED.finditer(line)
        ]
        yield from ((label, around[-1], line) for label in here)
        div = DIV.match(line)
        if div and div[2].strip(": \t"):
            around.append(here[0] if here else around[-1])
        elif div and around[1:]:
            around.pop()
