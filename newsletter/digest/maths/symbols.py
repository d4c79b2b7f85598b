"""What the commands of TeX are in Unicode; names as in the LaTeX companion and AMS packages."""


def _pairs(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# ruff: noqa: RUF001 (signs that look like others are the point)
LETTERS = _pairs(
    "alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι "
    "kappa κ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς "
    "tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω digamma ϝ "
    "Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω "
    "ell ℓ hbar ℏ imath ı jmath ȷ Re ℜ Im ℑ wp ℘ aleph ℵ beth ℶ partial ∂ nabla ∇ infty ∞ "
    "emptyset ∅ varnothing ∅ top ⊤ bot ⊥ prime ′ degree ° angle ∠ triangle △ square □ Box □ "
    "blacksquare ■ diamond ⋄ Diamond ◇ star ⋆ bullet • dagger † ddagger ‡ checkmark ✓ S § P ¶ "
    "forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ ldots … dots … cdots ⋯ vdots ⋮ ddots ⋱ dotsc … "
    "dotsb ⋯ sharp ♯ flat ♭ natural ♮ hearts ♥ heartsuit ♡ spadesuit ♠ clubsuit ♣ "
    "diamondsuit ♢ pounds £ copyright © AA Å aa å ae æ AE Æ oe œ OE Œ o ø O Ø ss ß l ł L Ł "
    "backslash \\ lbrace { rbrace } lbrack [ rbrack ] vert | Vert ‖ lvert | rvert | lVert ‖ "
    "rVert ‖ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lgroup ( rgroup ) "
    "ulcorner ⌜ urcorner ⌝ QED ∎ qed ∎ R ℝ N ℕ Z ℤ Q ℚ C ℂ"
)
# Those stand between blanks.
OPERATORS = _pairs(
    "pm ± mp ∓ times × div ÷ ast ∗ cdot · circ ∘ cap ∩ cup ∪ uplus ⊎ sqcap ⊓ sqcup ⊔ vee ∨ "
    "lor ∨ wedge ∧ land ∧ setminus ∖ smallsetminus ∖ wr ≀ oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ "
    "odot ⊙ amalg ⨿ ltimes ⋉ rtimes ⋊ bowtie ⋈ "
    "leq ≤ le ≤ leqslant ≤ geq ≥ ge ≥ geqslant ≥ neq ≠ ne ≠ ll ≪ gg ≫ lt < gt > prec ≺ succ ≻ "
    "preceq ⪯ succeq ⪰ sim ∼ simeq ≃ approx ≈ cong ≅ equiv ≡ propto ∝ doteq ≐ asymp ≍ coloneqq ≔ "
    "subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋ sqsubseteq ⊑ sqsupseteq ⊒ "
    "in ∈ ni ∋ notin ∉ vdash ⊢ dashv ⊣ models ⊨ vDash ⊨ perp ⊥ parallel ∥ nparallel ∦ mid ∣ "
    "nmid ∤ lesssim ≲ gtrsim ≳ triangleq ≜ therefore ∴ because ∵ colon : "
    "to → rightarrow → longrightarrow ⟶ leftarrow ← gets ← longleftarrow ⟵ leftrightarrow ↔ "
    "Rightarrow ⇒ Longrightarrow ⟹ implies ⟹ Leftarrow ⇐ Longleftarrow ⟸ impliedby ⟸ "
    "Leftrightarrow ⇔ Longleftrightarrow ⟺ iff ⟺ mapsto ↦ longmapsto ⟼ hookrightarrow ↪ "
    "hookleftarrow ↩ rightharpoonup ⇀ leftharpoonup ↼ rightleftharpoons ⇌ leadsto ⇝ "
    "rightsquigarrow ⇝ uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ nearrow ↗ "
    "searrow ↘ swarrow ↙ nwarrow ↖ bmod mod"
)
# Carry bounds below and above, and stand before what they are about.
BIG = _pairs(
    "sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ bigcup ⋃ bigcap ⋂ bigvee ⋁ bigwedge ⋀ "
    "bigoplus ⨁ bigotimes ⨂ bigodot ⨀ biguplus ⨄ bigsqcup ⨆ sqrt √"
)
# Marks that are put on a letter: https://www.unicode.org/charts/PDF/U0300.pdf
ACCENTS = {
    **dict.fromkeys(("hat", "widehat"), "\u0302"),
    **dict.fromkeys(("tilde", "widetilde"), "\u0303"),
    **dict.fromkeys(("bar", "overline"), "\u0305"),
    **dict.fromkeys(("vec", "overrightarrow"), "\u20d7"),
    "underline": "\u0332",
    "dot": "\u0307",
    "ddot": "\u0308",
    "acute": "\u0301",
    "grave": "\u0300",
    "breve": "\u0306",
    "check": "\u030c",
    "mathring": "\u030a",
}
# Upright words.
UPRIGHT = _names(
    "mathrm text textrm textsf texttt textup textnormal mathsf mathtt mathit operatorname mbox "
    "hbox textbf textit emph"
)
# Letters that have another shape for sets, and for curves.
DOUBLE = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True))
SCRIPT = dict(zip("BEFHILMRegol", "ℬℰℱℋℐℒℳℛℯℊℴℓ", strict=True))
SHAPES = {"mathbb": DOUBLE, "Bbb": DOUBLE, "mathcal": SCRIPT, "mathscr": SCRIPT}
# Say something to those only who draw: the command goes, or it goes with the words in its braces.
SILENT_WITH_GROUP = _names("label color hspace vspace phantom hphantom vphantom mspace hskip cline")
SILENT = _names(
    "left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr limits "
    "nolimits displaystyle textstyle scriptstyle scriptscriptstyle hline nonumber notag centering "
    "boldsymbol mathbf bm pmb mathnormal mathop mathrel mathbin mathord mathfrak frak boxed "
    "overbrace underbrace smash substack bf it cal rm mathstrut strut allowbreak protect relax "
    "ensuremath"
)
SPACES = {
    **dict.fromkeys(
        (",", ":", ";", ">", " ", "quad", "qquad", "enspace", "thinspace", "space"), " "
    ),
    **dict.fromkeys(("!", "negthinspace", "/", "@", "-"), ""),
    **dict.fromkeys("{}%$&#_", ""),
}
# Rows of cells: what stands around them.
FENCED = {
    "pmatrix": ("(", ")"),
    "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"),
    "matrix": ("(", ")"),
    "smallmatrix": ("(", ")"),
    "array": ("(", ")"),
    "cases": ("{ ", ""),
    "dcases": ("{ ", ""),
    "rcases": ("", " }"),
}
