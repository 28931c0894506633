"""Small lists of records with empty cells, with their truth: each block of lines is one thing, its cells parted by bars."""

from __future__ import annotations

COLUMNS = {
    "restaurants": ("name", "street", "city"),
    "people": ("first_name", "last_name", "street", "town", "born"),
    "warehouses": ("site", "street", "postcode", "country"),
}
RECORDS = {
    "restaurants": """
        Trattoria Lucia | 14 Elm Street | Norwich
        Trattoria Lucia | 14 Elm St. |
        TRATTORIA LUCIA | | Norwich

        Burger Barn | 3 Dock Road | Hull
        Burger Barn | 3 Dock Rd |

        Burger Barn | 210 Kings Avenue | Exeter
        Burger Barn Grill | 210 Kings Ave | Exeter

        Burger Barn | 77 Victoria Street | Leeds
        Burger Barn | 77 Victoria St | Leeds

        Burger Barn | |

        Saigon Kitchen | 5 Abbey Lane | Bath
        Saigon Kitchen & Bar | 5 Abbey Ln | Bath
        Saigon Kitchen | |

        Hanoi Corner | 5 Abbey Lane | Bath
        Hanoi Corner | 5 Abbey Ln. |

        | 5 Abbey Lane | Bath

        | | Leeds

        | | Hull

        The Copper Kettle | 9 Church Walk | Ripon
        Copper Kettle Tearoom | 9 Church Walk |

        Copper Pan | 19 Church Walk | Ripon

        Oyster Shed | 1 Harbour View | Whitby
        Oyster Shed | 1 Harbour Vw | Whitby
        Oyster Shed | | Whitby

        Pizza Piazza | 40 North Parade | Derby
        Pizza Piazza | 40 N Parade |

        Pizza Palace | 41 North Parade | Derby""",
    "people": """
        Anna | Lindqvist | 4 Mill Lane | Kendal | 1961-03-12
        Anna | Lindquist | 4 Mill Ln | Kendal | 1961-03-12
        A | Lindqvist | | Kendal | 1961-03-12

        Peter | Lindqvist | 4 Mill Lane | Kendal | 1958-07-30
        Peter | Lindqvist | | | 1958-07-30

        | Lindqvist | 4 Mill Lane | |

        Maria | Castellano | 88 Orchard Road | Penrith | 1990-11-02
        Maria | Castelano | 88 Orchard Rd | | 1990-11-02
        Maria | Castellano | 88 Orchard Road | Penrith |

        John | Smith | 12 High Street | Carlisle | 1975-01-20
        John | Smith | 12 High St | Carlisle | 1975-01-20

        John | Smith | 7 Castle Street | Penrith | 1984-05-05
        Jon | Smith | 7 Castle St | Penrith | 1984-05-05

        John | Smith | | |

        Ivana | Petrovic | 31 Lake View | Keswick | 1969-09-09
        Ivana | Petrovic | | Keswick |

        Grace | Okafor | 2 Station Road | Kendal | 1988-02-14
        Grace | Okafor | 2 Station Rd | Kendal |
        Grace | Okafor | | | 1988-02-14

        Daniel | Okafor | 2 Station Road | Kendal | 1986-06-01

        Thomas | Wainwright | 19 Fell Close | Ambleside | 1944-12-24
        Thomas | Wainwright | 19 Fell Cl | Ambleside |

        | | | Kendal |

        Rosa | Delgado | 5 Bridge Street | Keswick | 1979-04-17
        Rosa | Delgado | 5 Bridge St | | 1979-04-17""",
    "warehouses": """
        Depot Nord | 12 Hafenstrasse | 20457 | Germany
        Depot Nord | Hafenstr. 12 | 20457 |
        DEPOT NORD | | 20457 | Germany

        Depot Süd | 3 Industriestrasse | 86150 | Germany
        Depot Sued | 3 Industriestr. | | Germany

        Depot West | 41 Industriestrasse | 50667 | Germany
        Depot West | 41 Industriestr. | 50667 | Germany

        Cold Store 1 | 8 Quai des Docks | 76600 | France
        Cold Store 1 | 8 Quai des Docks | |

        Cold Store 2 | 8 Quai des Docks | 76600 | France
        Cold Store 2 | | 76600 | France

        | 8 Quai des Docks | 76600 | France

        Parcel Hub Lille | 102 Rue du Port | 59000 | France
        Parcel Hub, Lille | 102 R du Port | 59000 |

        Parcel Hub Lyon | 55 Rue des Usines | 69007 | France
        Parcel Hub Lyon | | | France

        | | | France

        | | | Germany

        Timber Yard | 6 Canal Row | | Ireland
        Timber Yard | 6 Canal Row | D08 | Ireland
        Timber Yard Ltd | 6 Canal Row | D08 |

        Grain Silo East | 77 Mill Quay | T12 | Ireland
        Grain Silo East | 77 Mill Quay | |

        Grain Silo West | 79 Mill Quay | T12 | Ireland""",
}


def listed(name: str) -> tuple[list[tuple[str, ...]], list[int]]:
    """The records of a list, cell by cell, and the number of the thing that each is."""
    records, truth = [], []
    for number, block in enumerate(RECORDS[name].strip().split("\n\n")):
        for line in block.strip().splitlines():
            records.append(tuple(cell.strip() for cell in line.strip().split("|")))
            truth.append(number)
    return records, truth
