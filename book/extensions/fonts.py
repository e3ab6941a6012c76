"""The book's fonts: cut from the faces that ship on PyPI, renamed, with a fallback of equal width.

The licence reserves the name "Source", and a cut face is a modified one, hence the new names.
"""

import hashlib
import logging
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

logging.getLogger("fontTools").setLevel(logging.WARNING)  # else a line for each table it cuts

RECIPE = "1"  # change it when the code below changes what a face looks like
THIN = (0x2009, 0x202F)  # thin spaces, which stand before every unit
ASCII = range(0x20, 0x7F)
SIGNS = "§©°±²³µ·×‘’“”–—…€−≈≤≥→"
ACCENTS = "àáâäåæçèéêëíîïñóôöøúüÀÁÄÅÇÉÖØÜß"
NAMES = "ĀāăąćčďđēěęğīıİłŁńňōőœŒřśšŠşţťūůűźžŽż"  # in the names of authors
GREEK = "αβγδεηθκλμπρστφωΔΣΩ"
MORE = "‚„•†‡‹›™÷≠∞√←↑↓"
MATHS_SIGNS = "…′″‖∂∆∇∈∉∏∑−∓∗∘√∝∞∧∨∩∪∫∼≈≠≡≤≥≪≫⊂⊆⊕⊗⌈⌉⌊⌋⟨⟩→←↔⇒⇔↦ℓℝ⋅⋯⋮⋱¯ˆ˜⏞⏟\u2061ℎϕϵ×÷±·°µ"


def codes(*parts: str | range | tuple[int, ...]) -> tuple[int, ...]:
    """Code points of letters and ranges, each once."""
    return tuple(sorted({ord(c) if isinstance(c, str) else c for part in parts for c in part}))


SHORT = codes(ASCII, range(0xA0, 0xA1), SIGNS, ACCENTS, THIN)
PLAIN = codes(SHORT, range(0xA0, 0x100), GREEK, MORE)
FULL = codes(PLAIN, NAMES)
# Browsers draw a single-letter identifier with the slanted mathematical letters of the last ranges.
MATHS = codes(
    ASCII, range(0x391, 0x3CA), MATHS_SIGNS, range(0x1D434, 0x1D468), range(0x1D6E2, 0x1D71C)
)


@dataclass(frozen=True)
class Face:
    """One file to cut: where it comes from, what it is called here, what it keeps."""

    file: str
    package: str
    source: str
    family: str
    weight: int
    style: str
    letters: tuple[int, ...]
    features: tuple[str, ...]


TEXT = ("kern", "liga", "tnum", "lnum")
SERIF, SANS = "font_source_serif_pro", "font_source_sans_pro"
ROMAN = "files/SourceSerifPro-Regular.ttf"
ITALIC = "files/SourceSerifPro-It.ttf"
BOLD = "files/SourceSerifPro-Semibold.ttf"
SANS_ROMAN = "files/SourceSansPro-Regular.ttf"
SANS_BOLD = "files/SourceSansPro-Semibold.ttf"
STIX = "fonts/STIXTwoMath-Regular.ttf"
FACES = (
    Face("serif", SERIF, ROMAN, "Book Serif", 400, "normal", FULL, TEXT),
    Face("serif-italic", SERIF, ITALIC, "Book Serif", 400, "italic", SHORT, TEXT),
    Face("serif-bold", SERIF, BOLD, "Book Serif", 600, "normal", SHORT, TEXT),
    Face("sans", SANS, SANS_ROMAN, "Book Sans", 400, "normal", PLAIN, TEXT),
    Face("sans-bold", SANS, SANS_BOLD, "Book Sans", 600, "normal", SHORT, TEXT),
    Face("maths", "ziamath", STIX, "Book Maths", 400, "normal", MATHS, ()),
)  # fmt: skip


def add_thin_spaces(font: TTFont) -> None:
    """Give the face the thin spaces it lacks, so that no unit is set in another font."""
    width = font["head"].unitsPerEm // 6
    for code in THIN:
        if code in font.getBestCmap():
            continue
        name = f"uni{code:04X}"
        font.setGlyphOrder([*font.getGlyphOrder(), name])
        font["glyf"].glyphs[name] = Glyph()
        font["hmtx"].metrics[name] = (width, 0)
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[code] = name


def rename(font: TTFont, family: str) -> None:
    """Replace the names, keep copyright and licence."""
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            record.string = family.replace(" ", "") if record.nameID == 6 else family


def cut(face: Face) -> bytes:
    """The face with the letters and features it keeps, as woff2."""
    font = TTFont(BytesIO((files(face.package) / face.source).read_bytes()))
    if face.family != "Book Maths":
        add_thin_spaces(font)
    options = subset.Options(hinting=False, layout_features=list(face.features))
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=face.letters)
    cutter.subset(font)
    rename(font, face.family)
    font.flavor = "woff2"
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def ready(face: Face, store: Path) -> bytes:
    """The cut face, from the store of earlier builds where it is there."""
    key = hashlib.sha256(f"{RECIPE}{face}".encode()).hexdigest()[:16]
    kept = store / f"{face.file}-{key}.woff2"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(cut(face))
    return kept.read_bytes()


def licence() -> str:
    """The copyright lines of the three families, and the licence they share."""
    text = (files(SERIF) / "files/LICENSE.txt").read_text(encoding="utf-8")
    maths = TTFont(BytesIO((files("ziamath") / STIX).read_bytes()))
    return (
        "The fonts in this folder are cut from Source Serif Pro and Source Sans Pro (Adobe)\n"
        "and STIX Two Math (The STIX Fonts Project Authors), and renamed, as the licence asks.\n\n"
        f"STIX Two Math: {maths['name'].getDebugName(0)}\n\n"
        f"Source Serif Pro, Source Sans Pro:\n{text}"
    )
