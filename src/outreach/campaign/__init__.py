"""campaign.toml → Campaign: who writes, what is asked, with which files.

A campaign is a folder that a person can read: campaign.toml, letter templates in Markdown,
a few CSV files. Nothing here renders, matches or sends, and no default leads to sending.
"""

from outreach.campaign.campaign import FILE_NAME, Campaign
from outreach.campaign.reading import load_campaign
from outreach.campaign.tables import Establishments, NationalFigure, Page, Sender
from outreach.campaign.values import Chamber, Style

__all__ = [
    "FILE_NAME",
    "Campaign",
    "Chamber",
    "Establishments",
    "NationalFigure",
    "Page",
    "Sender",
    "Style",
    "load_campaign",
]
