"""The columns of WooCommerce's export in other languages: the export translates its header, and nothing else.

Source: the translations of WooCommerce at translate.wordpress.org, project "WooCommerce", German, Spanish and French.
"""

import re
from collections.abc import Iterable, Mapping
from unicodedata import normalize

_COLUMNS = {
    "German": {
        "type": ("typ",),
        "sku": ("artikelnummer",),
        "gtinupceanorisbn": ("gtinupceanoderisbn",),
        "published": ("veröffentlicht",),
        "isfeatured": ("isthervorgehoben", "hervorgehoben", "empfohlen"),
        "visibilityincatalog": ("sichtbarkeitimkatalog",),
        "shortdescription": ("kurzbeschreibung",),
        "description": ("beschreibung",),
        "datesalepricestarts": ("datumandemangebotspreisbeginnt",),
        "datesalepriceends": ("datumandemangebotspreisendet",),
        "taxstatus": ("steuerstatus",),
        "taxclass": ("steuerklasse",),
        "instock": ("vorrätig", "auflager"),
        "stock": ("lager", "bestand", "lagerbestand"),
        "lowstockamount": ("geringelagermenge",),
        "backordersallowed": ("lieferrückständeerlaubt", "lieferrückstandeerlaubt", "rückständeerlaubt"),
        "soldindividually": ("nureinzelnverkaufen",),
        "allowcustomerreviews": ("kundenrezensionenerlauben", "kundenbewertungenerlauben"),
        "purchasenote": ("hinweiszumkauf",),
        "saleprice": ("angebotspreis",),
        "regularprice": ("regulärerpreis",),
        "categories": ("kategorien",),
        "tags": ("schlagwörter",),
        "shippingclass": ("versandklasse",),
        "images": ("bilder",),
        "downloadlimit": ("downloadlimit",),
        "downloadexpirydays": ("ablauftagedesdownloads",),
        "parent": ("übergeordnetesprodukt", "übergeordnet"),
        "groupedproducts": ("gruppierteprodukte",),
        "upsells": ("zusatzverkäufe",),
        "crosssells": ("crosssellsquerverkäufe", "querverkäufe"),
        "externalurl": ("externeurl",),
        "brands": ("marken", "marke"),
    },
    "Spanish": {
        "type": ("tipo",),
        "gtinupceanorisbn": ("gtinupceanoisbn",),
        "name": ("nombre",),
        "published": ("publicado",),
        "isfeatured": ("estádestacado",),
        "visibilityincatalog": ("visibilidadenelcatálogo",),
        "shortdescription": ("descripcióncorta",),
        "description": ("descripción",),
        "datesalepricestarts": ("díaenqueempiezaelpreciorebajado",),
        "datesalepriceends": ("díaenqueterminaelpreciorebajado",),
        "taxstatus": ("estadodelimpuesto",),
        "taxclass": ("clasedeimpuesto",),
        "instock": ("existencias", "eninventario"),
        "stock": ("inventario",),
        "lowstockamount": ("cantidaddebajoinventario",),
        "backordersallowed": ("permitirreservasdeproductosagotados",),
        "soldindividually": ("vendidoindividualmente",),
        "allowcustomerreviews": ("permitirvaloracionesdeclientes",),
        "purchasenote": ("notadecompra",),
        "saleprice": ("preciorebajado",),
        "regularprice": ("precionormal",),
        "categories": ("categorías",),
        "tags": ("etiquetas",),
        "shippingclass": ("clasedeenvío",),
        "images": ("imágenes",),
        "downloadlimit": ("límitededescargas",),
        "downloadexpirydays": ("díasdecaducidaddeladescarga",),
        "parent": ("superior", "principal"),
        "groupedproducts": ("productosagrupados",),
        "upsells": ("ventasdirigidas",),
        "crosssells": ("ventascruzadas",),
        "externalurl": ("urlexterna",),
        "buttontext": ("textodelbotón",),
        "position": ("posición",),
        "brands": ("marcas",),
    },
    "French": {
        "sku": ("ugs",),
        "gtinupceanorisbn": ("gtinupceanouisbn",),
        "name": ("nom",),
        "published": ("publié",),
        "isfeatured": ("misenavant",),
        "visibilityincatalog": ("visibilitédanslecatalogue",),
        "shortdescription": ("descriptioncourte",),
        "datesalepricestarts": ("datededébutdepromo",),
        "datesalepriceends": ("datedefindepromo",),
        "taxstatus": ("étatdelatva", "statutfiscal"),
        "taxclass": ("classedetva",),
        "instock": ("enstock", "eninventaire"),
        "stock": ("inventaire",),
        "lowstockamount": ("montantdestockfaible",),
        "backordersallowed": ("autoriserlescommandesdeproduitsenrupture",),
        "soldindividually": ("vendreindividuellement",),
        "allowcustomerreviews": ("autoriserlesavisclients",),
        "purchasenote": ("notedecommande",),
        "saleprice": ("tarifpromo",),
        "regularprice": ("tarifrégulier",),
        "categories": ("catégories",),
        "tags": ("étiquettes",),
        "shippingclass": ("classedexpédition",),
        "downloadlimit": ("limitedetéléchargement",),
        "downloadexpirydays": ("joursdexpirationdutéléchargement",),
        "groupedproducts": ("groupesdeproduits", "produitsgroupés"),
        "upsells": ("produitssuggérés",),
        "crosssells": ("ventescroisées",),
        "externalurl": ("urlexterne",),
        "buttontext": ("libellédubouton",),
        "brands": ("marques",),
    },
}
"""The translations of a column's English name, by language; all are plain names."""
_MEASURES = {
    "German": {"gewicht": "weight", "länge": "length", "breite": "width", "höhe": "height"},
    "Spanish": {"peso": "weight", "longitud": "length", "anchura": "width", "altura": "height"},
    "French": {"poids": "weight", "longueur": "length", "largeur": "width", "hauteur": "height"},
}
"""The first word of a column whose second is its unit."""
_NUMBERED = {
    "German": ((r"attribut(\d+)name", "name"), (r"attribut(\d+)werte", "values"), (r"attribut(\d+)\w+", "visible")),
    "Spanish": (
        (r"nombredelatributo(\d+)", "name"),
        (r"valoresdelatributo(\d+)", "values"),
        (r"atributo[a-z]+(\d+)", "visible"),
    ),
    "French": (
        (r"nomdelattribut(\d+)", "name"),
        (r"valeursdelattribut(\d+)", "values"),
        (r"attribut(\d+)\w+", "visible"),
    ),
}
"""The columns of attributes, which are numbered."""
_ENGLISH = {
    language: {translation: english for english, translations in columns.items() for translation in translations}
    for language, columns in _COLUMNS.items()
}
KNOWN = frozenset(translation for columns in _ENGLISH.values() for translation in columns)
"""Plain names in other languages, by which the separator of a table is told."""


def to_english(columns: Iterable[str]) -> tuple[str, Mapping[str, str]]:
    """Return the language that most columns are in, and the English plain name of each column that it translates.

    Parameters:
        columns: plain names.
    """
    names = list(columns)
    found = {language: _in(language, names) for language in _ENGLISH}
    language = max(found, key=lambda language: len(found[language]))
    return language, found[language]


def _in(language: str, columns: list[str]) -> dict[str, str]:
    english = {}
    for column in columns:
        if translation := _english(language, normalize("NFC", column)):
            english[column] = translation
    return english


def _english(language: str, column: str) -> str | None:
    if column in _ENGLISH[language]:
        return _ENGLISH[language][column]
    for word, measure in _MEASURES[language].items():
        if column.startswith(word) and len(column) <= len(word) + 3:
            return measure + column.removeprefix(word)
    for pattern, part in _NUMBERED[language]:
        if match := re.fullmatch(pattern, column):
            return f"attribute{match[1]}{part}"
    return "meta" + column.removeprefix("méta") if column.startswith("méta") else None
