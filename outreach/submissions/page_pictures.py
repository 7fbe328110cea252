"""The pages of a PDF, and pictures, drawn anew as JPEG. For `reading_apart` alone: what strangers sent is opened here."""

import base64
import io

import pypdfium2
from PIL import Image, ImageOps

MOST_PAGES = 100
_WIDE, _HIGH = 1240, 3000
"""So many pixels a page has at most; small print of a scan can be read."""
_QUALITY = 75
_KINDS = ("PNG", "JPEG")

# Larger ones raise an error before they are unpacked.
Image.MAX_IMAGE_PIXELS = 50_000_000


def sizes(content: bytes) -> list[tuple[int, int]]:
    """Width and height of each page as it will be drawn; of the first pages where there are very many."""
    if _is_pdf(content):
        document = pypdfium2.PdfDocument(content)
        return [_fitting(*document.get_page_size(index)) for index in range(min(len(document), MOST_PAGES))]
    with _opened(content) as picture:
        # A camera writes down how it was held.
        turned = picture.getexif().get(0x0112, 1) >= 5
        return [_fitting(*(picture.size[::-1] if turned else picture.size))]


def page(asked: bytes) -> str:
    """One page as JPEG in Base64; its number stands in the first four bytes."""
    number, content = int.from_bytes(asked[:4], "big"), asked[4:]
    drawn = _of_pdf(content, number) if _is_pdf(content) else _of_picture(content)
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=_QUALITY)
    return base64.b64encode(out.getvalue()).decode()


def _of_pdf(content: bytes, number: int) -> Image.Image:
    document = pypdfium2.PdfDocument(content)
    # Else what was filled into a form is not drawn.
    document.init_forms()
    shown = document[number - 1]
    wide, _high = shown.get_size()
    drawn: Image.Image = shown.render(scale=_fitting(*shown.get_size())[0] / wide).to_pil()
    return drawn.convert("RGB")


def _of_picture(content: bytes) -> Image.Image:
    with _opened(content) as picture:
        # JPEG is unpacked no larger than it is shown.
        picture.draft("RGB", (_WIDE, _WIDE))
        turned = ImageOps.exif_transpose(picture)
    turned.thumbnail((_WIDE, _HIGH))
    paper = Image.new("RGB", turned.size, "white")
    clear = turned.convert("RGBA")
    paper.paste(clear, mask=clear)
    return paper


def _opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=_KINDS)


def _is_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-")


def _fitting(wide: float, high: float) -> tuple[int, int]:
    """Pages of a PDF are drawn as large as they may be, their own size being one of paper; so are pictures told, whose proportion counts."""
    scale = min(_WIDE / max(wide, 1), _HIGH / max(high, 1))
    return max(round(wide * scale), 1), max(round(high * scale), 1)
