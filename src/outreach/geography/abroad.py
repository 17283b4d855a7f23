"""The French abroad: which constituency votes in which country or consular post.

Countries are those of the code électoral, table n° 1 bis annexed to article L. 125, written
here by hand with the names in use today; consular posts come from the ministry's table.
"""

from typing import Final

import pandas as pd

from outreach.geography.codes import ABROAD, constituency_code

_COUNTRIES: Final = {
    1: "Canada, États-Unis",
    2: (
        "Antigua-et-Barbuda, Argentine, Bahamas, Barbade, Belize, Bolivie, Brésil, Chili, "
        "Colombie, Costa Rica, Cuba, Dominique, Équateur, Grenade, Guatemala, Guyana, Haïti, "
        "Honduras, Jamaïque, Mexique, Nicaragua, Panama, Paraguay, Pérou, "
        "République dominicaine, Saint-Christophe-et-Niévès, Sainte-Lucie, "
        "Saint-Vincent-et-les-Grenadines, Salvador, Suriname, Trinité-et-Tobago, Uruguay, "
        "Venezuela"
    ),
    3: (
        "Danemark, Estonie, Finlande, Irlande, Islande, Lettonie, Lituanie, Norvège, "
        "Royaume-Uni, Suède"
    ),
    4: "Belgique, Luxembourg, Pays-Bas",
    5: "Andorre, Espagne, Monaco, Portugal",
    6: "Liechtenstein, Suisse",
    7: (
        "Albanie, Allemagne, Autriche, Bosnie-Herzégovine, Bulgarie, Croatie, Hongrie, Kosovo, "
        "Macédoine du Nord, Monténégro, Pologne, République tchèque, Roumanie, Serbie, "
        "Slovaquie, Slovénie"
    ),
    8: "Chypre, Grèce, Israël, Italie, Malte, Saint-Marin, Saint-Siège, Turquie",
    9: (
        "Algérie, Burkina Faso, Cap-Vert, Côte d'Ivoire, Gambie, Guinée, Guinée-Bissau, "
        "Liberia, Libye, Mali, Maroc, Mauritanie, Niger, Sénégal, Sierra Leone, Tunisie"
    ),
    10: (
        "Afrique du Sud, Angola, Arabie saoudite, Bahreïn, Bénin, Botswana, Burundi, Cameroun, "
        "Comores, Congo, Djibouti, Égypte, Émirats arabes unis, Érythrée, Eswatini, Éthiopie, "
        "Gabon, Ghana, Guinée équatoriale, Irak, Jordanie, Kenya, Koweït, Lesotho, Liban, "
        "Madagascar, Malawi, Maurice, Mozambique, Namibie, Nigeria, Oman, Ouganda, Qatar, "
        "République centrafricaine, République démocratique du Congo, Rwanda, "
        "Sao Tomé-et-Principe, Seychelles, Somalie, Soudan, Soudan du Sud, Syrie, Tanzanie, "
        "Tchad, Togo, Yémen, Zambie, Zimbabwe"
    ),
    11: (
        "Afghanistan, Arménie, Australie, Azerbaïdjan, Bangladesh, Bhoutan, Biélorussie, "
        "Birmanie, Brunei, Cambodge, Chine, Corée du Nord, Corée du Sud, Fidji, Géorgie, Inde, "
        "Indonésie, Iran, Îles Marshall, Îles Salomon, Japon, Kazakhstan, Kirghizistan, "
        "Kiribati, Laos, Malaisie, Maldives, Micronésie, Moldavie, Mongolie, Nauru, Népal, "
        "Nouvelle-Zélande, Ouzbékistan, Pakistan, Palaos, Papouasie-Nouvelle-Guinée, "
        "Philippines, Russie, Samoa, Singapour, Sri Lanka, Tadjikistan, Taïwan, Thaïlande, "
        "Timor oriental, Tonga, Turkménistan, Tuvalu, Ukraine, Vanuatu, Viêt Nam"
    ),
}

# The ministry's table writes most posts without accents and small words with capitals: the names
# of the posts as the ministry of foreign affairs and French usage write them.
_POSTS: Final = {
    "Addis Abeba": "Addis-Abeba",
    "Athenes": "Athènes",
    "Dar Es Salam": "Dar es Salam",
    "Dubai": "Dubaï",
    "Dusseldorf": "Düsseldorf",
    "Edimbourg": "Édimbourg",
    "Fes": "Fès",
    "Geneve": "Genève",
    "Haifa": "Haïfa",
    "Hanoi": "Hanoï",
    "Ho Chi Minh Ville": "Hô Chi Minh-Ville",
    "Jerusalem": "Jérusalem",
    "Koweit": "Koweït",
    "La Nouvelle Orleans": "La Nouvelle-Orléans",
    "Lome": "Lomé",
    "Montreal": "Montréal",
    "Ndjamena": "N'Djamena",
    "Oulan Bator": "Oulan-Bator",
    "Pekin": "Pékin",
    "Pondichery": "Pondichéry",
    "Port D'Espagne": "Port-d'Espagne",
    "Port Vila": "Port-Vila",
    "Port-Au-Prince": "Port-au-Prince",
    "Rio De Janeiro": "Rio de Janeiro",
    "Saint Domingue": "Saint-Domingue",
    "Saint-Petersbourg": "Saint-Pétersbourg",
    "San Jose": "San José",
    "Sao Paulo": "São Paulo",
    "Seoul": "Séoul",
    "Seville": "Séville",
    "Teheran": "Téhéran",
    "Yaounde": "Yaoundé",
}


def abroad(ministry_table: pd.DataFrame) -> pd.DataFrame:
    """Give the constituency of each country and of each of the ministry's consular posts.

    Returns:
        Columns kind (country, consular_post), name (French), constituency_code; sorted.
    """
    rows = [
        ("country", country, constituency_code(ABROAD, number))
        for number, countries in _COUNTRIES.items()
        for country in countries.split(", ")
    ]
    posts = ministry_table[ministry_table["department"] == ABROAD]
    for written, number in zip(posts["name"], posts["number"], strict=True):
        name = " ".join(written.split())
        rows.append(("consular_post", _POSTS.get(name, name), constituency_code(ABROAD, number)))
    return pd.DataFrame(sorted(rows), columns=["kind", "name", "constituency_code"])
