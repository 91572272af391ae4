"""Saying of an archive copy that it is PDF/A-2b, where it is: pages of pictures with invisible text, nothing that acts.

Only such copies are so declared. What else a sender's PDF holds (fonts that are not in it, scripts, forms, encodings
that the standard forbids) would have to be rewritten, and an archive copy is no place for that: it stays undeclared,
and the original lies beside it untouched either way. ISO 19005-2, clauses 6.1 to 6.6.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

_MAX_OBJECTS: Final = 60_000
_MAX_DEPTH: Final = 30
_PICTURES_ONLY: Final = 4096  # bytes of a page's own operators: more is drawing, not a scan
_FORBIDDEN_FILTERS: Final = frozenset({"/LZWDecode", "/Crypt", "/JPXDecode"})
_FORBIDDEN_KEYS: Final = frozenset(
    {"/AA", "/OpenAction", "/AcroForm", "/EmbeddedFiles", "/JS", "/XFA", "/Perms", "/OPI", "/Alternates", "/TR", "/HTP"}
)
_FORBIDDEN_TYPES: Final = frozenset({"/PS", "/Annot", "/Action"})
_ALLOWED_OPERATORS: Final = frozenset(
    {"q", "Q", "cm", "Do", "w", "J", "j", "M", "d", "W", "W*", "n", "re", "g", "G", "rg", "RG", "BT", "ET", "Tr"}
    | {"Tf", "Tz", "Tm", "Tj", "Td", "TJ", "gs", "i", "BDC", "BMC", "EMC", "f"}
)
_COLOURS: Final = frozenset({"/DeviceGray", "/DeviceRGB", "/ICCBased", "/CalRGB", "/CalGray", "/Indexed"})


def declare(pdf: pikepdf.Pdf) -> bool:
    """Give an open copy the marks of PDF/A-2b when it deserves them; tell whether it does.

    Besides the marks it gets an output intent (sRGB) and metadata that agree with each other.
    """
    deserved = _deserves(pdf)
    if deserved and Name.OutputIntents not in pdf.Root:
        pdf.Root.OutputIntents = Array([_intent(pdf)])
    moment = dt.datetime.now(dt.UTC).replace(microsecond=0)
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata.load_from_docinfo(pdf.docinfo, raise_failure=False)
        metadata["pdf:Producer"] = "Otvet"
        metadata["xmp:ModifyDate"] = metadata["xmp:MetadataDate"] = moment.isoformat()
        if deserved:
            metadata["pdfaid:part"], metadata["pdfaid:conformance"] = "2", "B"
        else:
            for key in ("pdfaid:part", "pdfaid:conformance"):
                if key in metadata:
                    del metadata[key]
    return deserved


def _intent(pdf: pikepdf.Pdf) -> Dictionary:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=pikepdf.String("sRGB"),
        Info=pikepdf.String("sRGB IEC61966-2.1"),
        DestOutputProfile=pdf.make_indirect(Stream(pdf, profile, N=3)),
    )


def _deserves(pdf: pikepdf.Pdf) -> bool:
    if len(pdf.objects) > _MAX_OBJECTS or Name.OutputIntents in pdf.Root:
        return False
    return all(_sound(each, 0) for each in pdf.objects) and all(_plain(page) for page in pdf.pages)


def _sound(each: Any, depth: int) -> bool:
    """Whether an object and what it holds directly are allowed; other objects come by themselves."""
    if isinstance(each, pikepdf.Array):
        return depth < _MAX_DEPTH and all(_sound(one, depth + 1) for one in each if _is_direct(one))
    if not isinstance(each, (pikepdf.Dictionary, pikepdf.Stream)):
        return True
    keys = set(each.keys())
    types = {str(each.get("/Type", "")), str(each.get("/Subtype", ""))}
    if keys & _FORBIDDEN_KEYS or types & _FORBIDDEN_TYPES:
        return False
    if not (_filters_allowed(each) and _font_inside(each) and _picture_allowed(each)):
        return False
    held = (each[key] for key in keys if key != "/Parent")
    return depth < _MAX_DEPTH and all(_sound(one, depth + 1) for one in held if _is_direct(one))


def _is_direct(value: Any) -> bool:
    return isinstance(value, (pikepdf.Array, pikepdf.Dictionary)) and not value.is_indirect


def _filters_allowed(each: Any) -> bool:
    if not isinstance(each, pikepdf.Stream):
        return True
    named = each.get("/Filter")
    filters = [named] if isinstance(named, pikepdf.Name) else list(named) if named is not None else []
    return not _FORBIDDEN_FILTERS & {str(one) for one in filters} and "/F" not in each.keys()  # noqa: SIM118 - a pikepdf object


def _font_inside(each: Any) -> bool:
    if str(each.get("/Type", "")) != "/Font" or str(each.get("/Subtype", "")) == "/Type0":
        return True
    descriptor = each.get("/FontDescriptor")
    return descriptor is not None and any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def _picture_allowed(each: Any) -> bool:
    if str(each.get("/Subtype", "")) != "/Image":
        return True
    if bool(each.get("/Interpolate", False)):
        return False
    space = each.get("/ColorSpace")
    if space is None:
        return bool(each.get("/ImageMask", False))
    return str(space if isinstance(space, pikepdf.Name) else space[0]) in _COLOURS


def _plain(page: pikepdf.Page) -> bool:
    """Whether a page draws nothing but pictures, and text that is not seen."""
    if "/Annots" in page and len(page.Annots):
        return False
    contents = page.obj.get("/Contents")
    if contents is None:
        return True
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    if sum(len(stream.read_bytes()) for stream in streams) > _PICTURES_ONLY:
        return False
    return all(str(one.operator) in _ALLOWED_OPERATORS for one in pikepdf.parse_content_stream(page))
