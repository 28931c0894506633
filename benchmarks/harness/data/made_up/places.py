"""Places and bodies: restaurants and shops with their town, and departments of universities, hospitals and offices."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from harness.data.made_up import words as names
from harness.data.made_up.thing import Thing, chance, common, identity, invented, joined, misspelt, other, plain, short, style_of, words

FIRST = words(
    "Golden Bella Blue Red Spice Royal Green Old Little Silver Lucky New Casa La Le Il Black White Happy Jade Sunny Royal Grand Olive Wild Rusty Iron Copper Ocean River Garden Mama's Tony's Papa's Chez Hungry Purple Crazy Lazy Salty Smoky Velvet Secret Hidden Crown Twin"
)
SECOND = words(
    "Crane Salerno Harvest Lion Garden Palace Galleon Kitchen Table Firenze House Oak Swan Horse Olive Fish Lotus Bamboo Star Moon Sun Fork Spoon Plate Barrel Bridge Corner Terrace Vineyard Orchid Elephant Tiger Buddha Peacock Rose Thistle Harbor Lighthouse Pearl Panda Phoenix Pagoda Taj Bombay Saigon Tokyo Kyoto Sakura Milano Toscana Sicilia Verona Madrid Sevilla Oaxaca Cantina Bistro-Nine Goose Fox Hound Stag Plough Wheatsheaf Bell Pigeon Truffle Basil Saffron Pepper Ginger Cinnamon Clove"
)
SORTS = {
    "Restaurant": ("Restaurant", "Rest.", "Ristorante", ""), "Cafe": ("Cafe", "Café", "Coffee Shop", ""), "Pizzeria": ("Pizzeria", "Pizza", ""), "Bar": ("Bar", "Bar & Grill", ""), "Grill": ("Grill", "Grille", "Bar & Grill", ""),
    "Inn": ("Inn", "Pub", ""), "Hotel": ("Hotel", "Htl", "Hotel & Spa", ""), "Bakery": ("Bakery", "Bakehouse", ""), "Bistro": ("Bistro", "Brasserie", ""), "Deli": ("Deli", "Delicatessen", ""), "Pharmacy": ("Pharmacy", "Chemist", "Drugstore", ""), "Diner": ("Diner", "Restaurant", ""),
}  # fmt: skip
ROADS = {
    "Street": ("Street", "St", "St."),
    "Road": ("Road", "Rd", "Rd."),
    "Avenue": ("Avenue", "Ave", "Ave."),
    "Square": ("Square", "Sq", "Sq."),
    "Lane": ("Lane", "Ln"),
    "Boulevard": ("Boulevard", "Blvd", "Blvd."),
}


@dataclass(frozen=True, kw_only=True)
class Place(Thing):
    """A name of its own, a sort that may be left out, a street, a town."""

    name: str
    sort: str
    number: int
    street: tuple[str, str]
    town: str

    @property
    def _with_street(self) -> bool:
        return style_of(self.rng, 2) == 1

    @property
    def key(self) -> str:
        """Name and town; in lists with streets also the street."""
        return identity([self.name, self.town, *((self.number, *self.street) if self._with_street else ())])

    def say(self, first: bool) -> str:
        """With or without "The" and the sort."""
        rng = self.rng
        name = self.name if first else misspelt(rng, plain(self.name) if chance(rng, 0.5) else self.name, 0.12)
        if not first:
            name = name.replace("'s", rng.choice(("'s", "s", "’s"))).replace(" and ", rng.choice((" & ", " and ", " n ")))
        article = "The" if chance(rng, 0.2) and not name.startswith(("La ", "Le ", "Il ", "Casa ", "Chez ", "Mama", "Papa", "Tony")) else ""
        sort = self.sort if first else rng.choice(SORTS[self.sort])
        line = ""
        if self._with_street:
            road = self.street[1] if first else rng.choice(ROADS[self.street[1]])
            line = joined(str(self.number), self.street[0] if first else misspelt(rng, self.street[0], 0.06), road)
        mark = rng.choice((", ", " ", " - ") if not first else (", ",))
        whole = joined(article, name, sort)
        whole = f"{joined(name, sort)}, The" if article and not first and chance(rng, 0.2) else whole
        return mark.join(part for part in (whole, line, self.town) if part)

    def sibling(self) -> Place:
        """The same name in another town or street, or another word in the name."""
        rng, way = self.rng, self.rng.random()
        if way < 0.35:
            return replace(self, town=other(rng, _TOWNS, self.town))
        if way < 0.5 and self._with_street:
            return replace(self, number=self.number + rng.choice((1, 2, 10, 50)))
        head, *rest = self.name.split(" ")
        return replace(
            self, name=joined(head, other(rng, SECOND, rest[0])) if rest and chance(rng, 0.7) else joined(other(rng, FIRST, head), *rest)
        )


_TOWNS = tuple(town[:-3] for town in names.CITIES["America"]) + tuple(town.rsplit(" ", 1)[0] for town in names.CITIES["Britain"])


def place(rng: random.Random) -> Place:
    """A restaurant, hotel or shop."""
    way = rng.random()
    if way < 0.55:
        name = f"{common(rng, FIRST)} {common(rng, SECOND)}"
    elif way < 0.75:
        name = common(rng, names.GIVEN) + rng.choice(("'s", "'s", " and Sons", "'s Place"))
    elif way < 0.85:
        name = f"{rng.choice(SECOND)} and {rng.choice(SECOND)}"
    else:
        name = rng.choice((invented(rng, "italian"), invented(rng, "french"), invented(rng), common(rng, names.SURNAMES) + "'s"))
    street = (common(rng, names.STREETS["Britain"]), common(rng, tuple(ROADS)))
    return Place(
        rng=rng,
        name=name.replace("-", " "),
        sort=common(rng, tuple(SORTS)),
        number=int(1 + 300 * rng.random() ** 2),
        street=street,
        town=common(rng, _TOWNS),
    )


SHORT = {
    "University": ("Univ.", "Univ", "U.", "Uni"), "Institute": ("Inst.", "Inst"), "Department": ("Dept.", "Dept", "Dep.", "Dpt"), "Hospital": ("Hosp.", "Hosp"), "College": ("Coll.", "Col."), "Technology": ("Tech.", "Technol."), "National": ("Nat.", "Natl", "Nat'l"),
    "Center": ("Ctr", "Centre", "Ctr."), "School": ("Sch.", "Sch"), "Medical": ("Med.", "Med"), "State": ("St.", "State"), "Saint": ("St.", "St"), "Faculty": ("Fac.", "Fac"), "Science": ("Sci.", "Science"), "Engineering": ("Eng.", "Engng", "Engrg"), "Laboratory": ("Lab.", "Lab"),
    "Research": ("Res.", "Research"), "Division": ("Div.", "Div"), "Ministry": ("Min.", "Min"), "Agency": ("Agcy", "Agency"), "International": ("Intl", "Int."), "Sciences": ("Sci.", "Scis"), "Surgery": ("Surg.", "Surgery"), "Medicine": ("Med.", "Medicine"), "Chemistry": ("Chem.", "Chemistry"),
    "Mathematics": ("Math.", "Maths", "Math"), "Computer": ("Comp.", "Computer"), "Association": ("Assoc.", "Assn"), "and": ("&",), "Administration": ("Admin.", "Admin"), "Pediatrics": ("Paediatrics", "Peds"), "Orthopaedic": ("Orthopedic", "Ortho."), "District": ("Dist.", "Dist"), "County": ("Cnty", "Co."), "General": ("Gen.", "Gen'l"), "Council": ("Cncl", "Council"),
}  # fmt: skip
SCHOOLS = words(
    "University of {}/{} State University/{} Institute of Technology/{} Technical University/{} College/{} Medical School/{} Community College",
    "/",
)
CARERS = words("{} General Hospital/{} Medical Center/Saint {} Hospital/{} Children's Hospital/{} Clinic/{} Memorial Hospital", "/")
OFFICES = words(
    "{} County Council/{} City Council/{} School District/{} Police Department/Port of {}/{} Public Library/{} Fire Department/{} Housing Association/National Research Council {}/{} Water Agency",
    "/",
)
SUBJECTS = words(
    "Physics/Chemistry/Mathematics/Computer Science/Biology/Psychology/Economics/Mechanical Engineering/Electrical Engineering/Civil Engineering/History/Philosophy/Linguistics/Materials Science/Public Health/Political Science/Statistics/Geology/Education/Business Administration/Chemical Engineering/Earth Sciences/Sociology",
    "/",
)
WARDS = words(
    "Internal Medicine/Cardiology/Neurology/Radiology/General Surgery/Pediatrics/Oncology/Orthopaedic Surgery/Emergency Medicine/Dermatology/Pathology/Psychiatry/Ophthalmology/Anesthesiology/Urology/Intensive Care/Obstetrics and Gynecology/Physiotherapy/Nephrology",
    "/",
)
SAINTS = words("Mary John Luke Joseph Vincent Thomas Francis Anne Elizabeth George Peter Paul Michael Clare Andrew")


@dataclass(frozen=True, kw_only=True)
class Body(Thing):
    """A university, hospital or office, at times one of its departments."""

    pattern: str
    town: str
    unit: str

    @property
    def key(self) -> str:
        """Kind of body, its town, its department."""
        return identity([self.pattern, self.town, self.unit])

    def say(self, first: bool) -> str:
        """In long or short words; the department before or behind."""
        rng = self.rng
        whole = self.pattern.format(self.town)
        unit = f"Department of {self.unit}" if self.unit else ""
        if not first:
            town = misspelt(rng, self.town, 0.08)
            whole = self.pattern.format(town)
            if self.pattern == "University of {}" and chance(rng, 0.25):
                whole = rng.choice((f"{town}, University of", f"Univ. {town}", f"The University of {town}", f"U of {town}"))
            whole = short(rng, whole, SHORT, 0.4)
            if self.unit:
                words_of_unit = short(rng, self.unit, SHORT, 0.3)
                unit = rng.choice(
                    (
                        f"Department of {words_of_unit}",
                        f"Dept. of {words_of_unit}",
                        f"Dept of {words_of_unit}",
                        f"{words_of_unit} Department",
                        f"{words_of_unit} Dept.",
                        words_of_unit,
                    )
                )
                unit = misspelt(rng, unit, 0.06)
        if not unit:
            return whole
        return (
            f"{unit}, {whole}" if first or chance(rng, 0.6) else rng.choice((f"{whole}, {unit}", f"{whole} - {unit}", f"{whole} ({unit})"))
        )

    def sibling(self) -> Body:
        """Another department, town or kind of body."""
        rng, way = self.rng, self.rng.random()
        if way < 0.45 and self.unit:
            return replace(self, unit=other(rng, SUBJECTS if self.unit in SUBJECTS else WARDS, self.unit))
        for patterns in (SCHOOLS, CARERS, OFFICES):
            if self.pattern in patterns and way < 0.75 and "Saint" not in self.pattern:
                return replace(self, pattern=other(rng, patterns, self.pattern).replace("Saint {}", "{}"))
        return replace(self, town=rng.choice(SAINTS) if "Saint" in self.pattern else _town(rng))


def _town(rng: random.Random) -> str:
    return common(rng, _TOWNS) if chance(rng, 0.6) else rng.choice((invented(rng, "english"), common(rng, names.SURNAMES)))


def body(rng: random.Random) -> Body:
    """A university, hospital or office."""
    way = rng.random()
    patterns = SCHOOLS if way < 0.5 else CARERS if way < 0.8 else OFFICES
    pattern = common(rng, patterns)
    unit = "" if patterns is OFFICES or chance(rng, 0.4) else common(rng, SUBJECTS if patterns is SCHOOLS else WARDS)
    return Body(rng=rng, pattern=pattern, town=rng.choice(SAINTS) if "Saint" in pattern else _town(rng), unit=unit)
