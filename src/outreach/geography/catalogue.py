"""The official files of geography: which they are, whose, and what stands in their cells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

LICENCE_OUVERTE: Final = "Licence Ouverte 2.0"


@dataclass(frozen=True, slots=True)
class OfficialFile:
    """One file of a publisher.

    Attributes:
        pattern: its usual name; "*" where the year or edition stands.
        as_of: the day its content stands for.
        read: their column → ours.
        ignored: columns known and not used.
        forms: our column → the regular expression that every cell matches whole.
    """

    pattern: str
    title: str
    publisher: str
    licence: str
    address: str
    as_of: str
    read: Mapping[str, str]
    ignored: frozenset[str] = frozenset()
    separator: str = ","
    sheet: str = ""
    forms: Mapping[str, str] = field(default_factory=dict)


_COMMUNE: Final = r"[0-9][0-9AB][0-9]{3}"
_INSEE: Final = "Insee"
_COG: Final = "https://www.insee.fr/fr/information/8740222"

FILES: Final = {
    "communes": OfficialFile(
        "v_commune_20*.csv",
        "Code officiel géographique 2026 : communes",
        _INSEE,
        LICENCE_OUVERTE,
        _COG,
        "2026-01-01",
        {
            "TYPECOM": "kind",
            "COM": "code",
            "DEP": "department_code",
            "TNCC": "tncc",
            "LIBELLE": "name",
            "COMPARENT": "parent_code",
        },
        frozenset({"REG", "CTCD", "ARR", "NCC", "NCCENR", "CAN"}),
        forms={"code": _COMMUNE, "kind": "COM|COMD|COMA|ARM", "parent_code": f"({_COMMUNE})?"},
    ),
    "moves": OfficialFile(
        "*mouvements-communes.csv",
        "Code officiel géographique 2026 : événements survenus aux communes depuis 1943",
        _INSEE,
        LICENCE_OUVERTE,
        _COG,
        "2026-01-01",
        {
            "DATE_EFF": "date",
            "TYPECOM_AV": "kind_before",
            "COM_AV": "code_before",
            "LIBELLE_AV": "name_before",
            "TYPECOM_AP": "kind_after",
            "COM_AP": "code_after",
        },
        frozenset(
            {"MOD", "TNCC_AV", "NCC_AV", "NCCENR_AV", "TNCC_AP", "NCC_AP", "NCCENR_AP"}
            | {"LIBELLE_AP"}
        ),
        forms={"date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "code_before": f"({_COMMUNE})?"},
    ),
    "departments": OfficialFile(
        "*departements.csv",
        "Code officiel géographique 2026 : départements",
        _INSEE,
        LICENCE_OUVERTE,
        _COG,
        "2026-01-01",
        {"DEP": "department_code", "REG": "region_code", "TNCC": "tncc", "LIBELLE": "name"},
        frozenset({"CHEFLIEU", "NCC", "NCCENR"}),
        forms={"department_code": r"0[1-9]|[1-9][0-9]|2[AB]|97[0-9]", "tncc": "[0-8]"},
    ),
    "regions": OfficialFile(
        "*regions.csv",
        "Code officiel géographique 2026 : régions",
        _INSEE,
        LICENCE_OUVERTE,
        _COG,
        "2026-01-01",
        {"REG": "region_code", "LIBELLE": "region_name"},
        frozenset({"CHEFLIEU", "TNCC", "NCC", "NCCENR"}),
    ),
    "overseas": OfficialFile(
        "*collectivites-outremer.csv",
        "Communes des collectivités d'outre-mer",
        "Insee, Etalab",
        LICENCE_OUVERTE,
        "https://github.com/datagouv/decoupage-administratif",
        "2026-01-01",
        {
            "code_commune": "code",
            "nom_commune": "name",
            "code_collectivite": "department_code",
            "nom_collectivite": "department_name",
            "population": "population",
        },
        frozenset({"code_postal"}),
        forms={"code": _COMMUNE, "population": "[0-9]*"},
    ),
    "populations": OfficialFile(
        "*donnees_communes.csv",
        "Populations légales 2023 (population municipale)",
        _INSEE,
        LICENCE_OUVERTE,
        "https://www.insee.fr/fr/statistiques/8680726",
        "2023-01-01",
        {"COM": "code", "PMUN": "population"},
        frozenset({"REG", "Région", "DEP", "CODARR", "CODCAN", "CODCOM"})
        | {"Commune", "PCAP", "PTOT"},
        ";",
        forms={"code": _COMMUNE, "population": "[0-9]+"},
    ),
    "insee_table": OfficialFile(
        "circo_composition.xlsx",
        "Composition communale des circonscriptions législatives",
        _INSEE,
        LICENCE_OUVERTE,
        "https://www.insee.fr/fr/statistiques/6436476",
        "2021-01-01",
        {"COMMUNE_RESID": "code", "circo": "constituency"},
        frozenset({"DEP", "libdep", "REG", "libreg", "LIBcom", "type_com"}),
        sheet="table",
        forms={"code": _COMMUNE, "constituency": f"({_COMMUNE})?"},
    ),
    "ministry_table": OfficialFile(
        "Table_de_correspondance_circo_legislatives*.csv",
        "Table de correspondance des communes et des cantons pour les élections législatives de 2017",
        "Ministère de l'Intérieur",
        LICENCE_OUVERTE,
        "https://www.data.gouv.fr/datasets/circonscriptions-legislatives-table-de-correspondance-des-communes-et-des-cantons-pour-les-elections-legislatives-de-2012-et-sa-mise-a-jour-pour-les-elections-legislatives-2017",
        "2017-04-11",
        {
            "CODE DPT": "department",
            "CODE COMMUNE": "commune",
            "NOM COMMUNE": "name",
            "CODE CIRC LEGISLATIVE": "number",
            "CODE CANTON": "canton",
        },
        frozenset({"NOM DPT", "NOM CANTON"}),
        ";",
        forms={
            "department": r"(?!20|9[6-9])[1-9][0-9]?|2[AB]|Z[ABCDMNPSWXZ]",
            "commune": "[0-9]{1,3}",
            "number": "[1-9][0-9]?",
            "canton": "[0-9]{1,2}",
        },
    ),
    "postcodes": OfficialFile(
        "laposte_hexasmal*.csv",
        "Base officielle des codes postaux",
        "La Poste",
        LICENCE_OUVERTE,
        "https://datanova.laposte.fr/datasets/laposte-hexasmal",
        "2023-06-14",
        {
            "Code_commune_INSEE": "code",
            "Code_postal": "postcode",
            "Ligne_5": "locality",
            "Libellé_d_acheminement": "label",
            "coordonnees_geographiques": "point",
        },
        frozenset({"Nom_commune"}),
        ";",
        forms={
            "code": _COMMUNE,
            "postcode": "[0-9]{5}",
            "point": r"(-?[0-9]+(\.[0-9]+)?, ?-?[0-9]+(\.[0-9]+)?)?",
        },
    ),
    "polygons": OfficialFile(
        "circos566_osm_25m.parquet",
        "Contours détaillés des circonscriptions des législatives, simplifiés à 25 m",
        "© les contributeurs d'OpenStreetMap",
        "ODbL 1.0",
        "https://www.data.gouv.fr/datasets/contours-detailles-des-circonscriptions-des-legislatives",
        "2022-05-06",
        {"circo": "constituency", "geometry": "geometry"},
    ),
}
