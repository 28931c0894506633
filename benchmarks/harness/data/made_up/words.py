"""Names of people and of places in several languages, the common ones first in each list."""

from __future__ import annotations

from harness.data.made_up.thing import words

SURNAMES = words("""
Smith Jones Taylor Brown Williams Wilson Johnson Davies Miller Robinson Wright Thompson Evans Walker White Roberts Green Hall Wood Jackson
Clarke Clark Harris Lewis Turner Hill Cooper Morris Ward Moore Baker Harrison King Allen Mitchell Bailey Parker Bennett Cook Shaw Kelly
Richardson Carter Collins Bell Murphy Cox Marshall Simpson Adams Anderson Ellis Foster Gray Grey Chapman Mason Webb Rogers Hunt Mills Palmer
Holmes Powell Barker Reynolds Pearce Pierce Stevens Stephens Dixon Dickson Fisher Fischer Knight Harvey Butler Barnes Fletcher Graham Watts
Bradley Ford Gibson Lawrence Reid Reed Ryan Burton Byrne Warren Porter Hart Spencer Nicholson Nicolson Booth Walsh Welsh Hewitt Lambert
Whitehead Hargreaves Ashworth Pickering Osborne Osbourne Goddard Heywood Lockwood Ramsden Thornton Blackwell Fairclough Sinclair MacDonald
McDonald MacKenzie McKenzie Drummond Urquhart Galbraith Kavanagh O'Brien O'Neill O'Connor O'Sullivan Gallagher Delaney Fitzgerald Fitzpatrick
Okafor Okonkwo Adeyemi Mensah Boateng Mwangi Banda Ndlovu Khan Ahmed Ali Hussain Patel Shah Singh Kaur Sharma Gupta Reddy Iyer Chatterjee
Mukherjee Banerjee Fernando Perera Nguyen Tran Pham Wang Li Zhang Chen Liu Huang Zhou Wu Lin Kim Park Lee Choi Jung Tanaka Suzuki Sato Yamamoto
Nakamura Watanabe Kobayashi Garcia Martinez Rodriguez Lopez Hernandez Gonzalez Gonzales Perez Sanchez Ramirez Torres Vargas Castillo Delgado
Silva Santos Oliveira Pereira Costa Almeida Carvalho Ferreira Yilmaz Kaya Demir Haddad Mansour Cohen Levy Friedman Rosenberg Goldstein
""")
GERMAN_SURNAMES = words("""
Müller Schmidt Schmitt Schneider Fischer Weber Meyer Maier Meier Wagner Becker Schulz Schulze Hoffmann Hofmann Schäfer Koch Bauer Richter Klein
Wolf Wolff Schröder Neumann Schwarz Zimmermann Braun Krüger Hartmann Lange Werner Krause Lehmann Köhler Herrmann König Walter Mayer Huber
Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Vogel Friedrich Keller Kessler Günther Frank Berger Winkler Roth Beck Lorenz Baumann
Franke Albrecht Schuster Simon Böhm Winter Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Gross Seidel Heinrich Brandt Haas
Schreiber Graf Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann Thomas Voigt Sauer Arnold Pfeiffer Ackermann Lindemann Brinkmann
Hülsmann Oberhauser Steinbrecher Nussbaumer Zellweger Aeschbacher Gruber Pichler Steiner Moser Hofer Leitner Eder Wallner
""")
ROMANCE_SURNAMES = {
    "french": words(
        "Martin Bernard Dubois Durand Moreau Laurent Lefèvre Lefebvre Leroy Roux Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Mercier Blanchard Guérin Boyer Garnier Chevalier Perrin Marchand Dumas Brunet Picard Renard Lacroix Fabre Caron Gaillard Barbier Delorme Vasseur Besnard Charpentier Maréchal Benoît Collet Prévost Carpentier Pelletier Delattre Hamel Bouvier Thévenet Chauvin"
    ),
    "italian": words(
        "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti De-Luca Costa Giordano Mancini Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi Caruso Ferrara Galli Martini Leone Longo Gentile Martinelli Vitale Lombardo Serra Coppola Marchetti Parisi Villa Fabbri Bianco Marini Grasso Valentini Messina Sala Gatti Pellegrini"
    ),
    "spanish": words(
        "García Martínez López Sánchez González Gómez Fernández Moreno Jiménez Pérez Rodríguez Navarro Ruiz Díaz Serrano Hernández Muñoz Sáez Romero Rubio Alfaro Molina Lozano Castillo Picazo Ortega Morcillo Cano Marín Cuenca Garrido Torres Corcoles Gil Ortiz Calero Valero Cebrián Iborra Echeverría Arriaga Zabala Ibáñez Quintana Peñalver"
    ),
    "polish": words(
        "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski Jankowski Mazur Kwiatkowski Krawczyk Piotrowski Grabowski Nowakowski Pawłowski Michalski Nowicki Adamczyk Dudek Zając Wieczorek Jabłoński Król Majewski Olszewski Jaworski Wróbel Malinowski Stępień Górski"
    ),
    "nordic": words(
        "Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Karlsen Johnsen Pettersen Eriksen Berg Haugen Hagen Johannessen Andreassen Jacobsen Dahl Jørgensen Halvorsen Lund Sørensen Virtanen Korhonen Mäkinen Nieminen Mäkelä Hämäläinen Laine Heikkinen Lindqvist Bergström Lindgren Sandberg Åkesson Öberg Söderlund Nyström Ekholm Forsberg Sjöberg Hedlund Strömberg"
    ),
}
ALIKE = words("""
Weller/Wessler Nakano/Nakane Ampera/Ampere Northgate/Southgate Westbrook/Eastbrook Harlow/Farlow Hanson/Hansen/Henson Allied/Allen Calmar/Palmar
Berndt/Berend Sombra/Sambra Torvik/Tarvik Fenwick/Renwick Larkin/Parkin Walden/Welden Cardwell/Caldwell Redwood/Redfield Blackstone/Blackwood
Greenway/Greenwood Summit/Summerset Lakeside/Lakeview Sunrise/Sunset Riverton/Riverdale Oakmont/Oakland Alpine/Alpina Nova/Novo Astra/Aster
Delta/Delfa Orion/Orient Atlas/Atlan Titan/Tital Vega/Vela Polar/Polaris Metro/Mitra Centra/Contra Stellar/Stella Harmon/Harman Bristow/Bristol
Gold/Golden Silver/Silberg Baxter/Dexter Lindner/Linder Ricoh/Riko Sanko/Sankyo Nitto/Nitta Daiko/Daiki Kyowa/Kyoei Omega/Omegon Sierra/Serra
""")
GIVEN = words("""
James John Robert Michael William David Richard Joseph Thomas Charles Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen
Christopher Daniel Matthew Anthony Mark Donald Steven Stephen Paul Andrew Joshua Kenneth Kevin Brian George Edward Ronald Timothy Jason Jeffrey
Nancy Margaret Lisa Betty Dorothy Sandra Ashley Kimberly Donna Emily Carol Michelle Amanda Melissa Deborah Stephanie Rebecca Laura Sharon Cynthia
Kathleen Amy Shirley Angela Helen Anna Brenda Pamela Nicole Samantha Katherine Emma Ruth Christine Catherine Virginia Rachel Carolyn Janet Maria
Alexander Benjamin Samuel Gregory Frank Raymond Patrick Jack Dennis Jerry Tyler Aaron Jose Henry Adam Douglas Nathan Peter Zachary Walter Kyle
Harold Carl Jeremy Gerald Keith Roger Arthur Terence Lawrence Sean Christian Ethan Austin Joe Albert Jesse Willie Billy Bryan Bruce Jordan Ralph
Hannah Olivia Julia Sophia Grace Victoria Denise Marilyn Amber Danielle Brittany Diana Abigail Jane Natalie Lori Alexandra Tiffany Kayla
Priya Anil Rajesh Sunita Deepak Ananya Arjun Fatima Omar Aisha Yusuf Hassan Layla Mei Wei Jun Hiroshi Yuki Kenji Akiko Haruto Minh Linh
Carlos Sofia Diego Lucia Mateo Valentina Javier Camila Alejandro Isabel Fernando Elena Joao Beatriz Rafael Ines Hans Karl Jürgen Ursula Sabine
Heike Wolfgang Dieter Monika Renate Gisela Klaus Günter Matthias Katrin Anke Torsten Birgit Pierre Luc Jean Claire Hélène François Élodie Céline
Giulia Marco Luca Francesca Matteo Chiara Paolo Piotr Agnieszka Katarzyna Tomasz Lars Ingrid Sven Astrid Björn Freja Mikko Aino Niamh Siobhan
Callum Isla Lachlan Imogen Angus Freya Bethany Brodie Jorja Tahlia Kiara Mitchell Brayden Riley Madison Chloe Zoe Lily Ella Georgia
""")
NICKNAMES = {
    "Robert": ("Bob", "Rob", "Bobby"), "William": ("Bill", "Will", "Billy"), "James": ("Jim", "Jimmy"), "John": ("Johnny", "Jon"),
    "Michael": ("Mike", "Mick"), "Richard": ("Rick", "Dick", "Rich"), "Thomas": ("Tom", "Tommy"), "Charles": ("Charlie", "Chuck"),
    "Elizabeth": ("Liz", "Beth", "Betty", "Lizzie"), "Margaret": ("Maggie", "Peggy", "Meg"), "Katherine": ("Kate", "Kathy", "Katie"),
    "Jennifer": ("Jen", "Jenny"), "Christopher": ("Chris",), "Daniel": ("Dan", "Danny"), "Matthew": ("Matt",), "Anthony": ("Tony",),
    "Andrew": ("Andy", "Drew"), "Joshua": ("Josh",), "Kenneth": ("Ken", "Kenny"), "Edward": ("Ed", "Ted", "Eddie"), "Timothy": ("Tim",),
    "Jeffrey": ("Jeff",), "Steven": ("Steve",), "Joseph": ("Joe", "Joey"), "Samuel": ("Sam",), "Benjamin": ("Ben",), "Gregory": ("Greg",),
    "Patricia": ("Pat", "Patty", "Trish"), "Susan": ("Sue", "Susie"), "Deborah": ("Debbie", "Deb"), "Rebecca": ("Becky",), "David": ("Dave",),
    "Victoria": ("Vicky", "Tori"), "Alexander": ("Alex", "Sandy"), "Lawrence": ("Larry",), "Raymond": ("Ray",), "Nathan": ("Nate",),
    "Barbara": ("Barb", "Babs"), "Pamela": ("Pam",), "Cynthia": ("Cindy",), "Theresa": ("Terri",), "Francesca": ("Fran",), "Zachary": ("Zach",),
}  # fmt: skip
CITIES = {
    "America": words(
        "Boston MA/Denver CO/Seattle WA/Dallas TX/Miami FL/Austin TX/Chicago IL/Phoenix AZ/Portland OR/Portland ME/Columbus OH/Columbia SC/Springfield IL/Springfield MA/Madison WI/Richmond VA/Lancaster PA/Reno NV/Fresno CA/Oakland CA/Brooklyn NY/Albany NY/Newark NJ/Toledo OH/Tulsa OK/Boise ID/Salem OR/Macon GA/Savannah GA/Mobile AL/Duluth MN/Omaha NE/Topeka KS/Toronto ON/Hamilton ON/Calgary AB/Halifax NS/Winnipeg MB/Victoria BC/Ottawa ON/San Jose CA/New Orleans LA/Redwood City CA/Salt Lake City UT/Fort Wayne IN/St. Paul MN",
        "/",
    ),
    "Britain": words(
        "Leeds LS/Bristol BS/Bath BA/York YO/Derby DE/Hull HU/Luton LU/Cardiff CF/Glasgow G/Norwich NR/Exeter EX/Brighton BN/Oxford OX/Reading RG/Lincoln LN/Preston PR/Dundee DD/Swansea SA/Coventry CV/Leicester LE/Bolton BL/Carlisle CA/Truro TR/Ipswich IP",
        "/",
    ),
    "Germany": words(
        "10115 Berlin/20095 Hamburg/80331 München/50667 Köln/60311 Frankfurt am Main/70173 Stuttgart/40213 Düsseldorf/04109 Leipzig/01067 Dresden/90402 Nürnberg/28195 Bremen/30159 Hannover/89073 Ulm/34117 Kassel/07743 Jena/54290 Trier/97070 Würzburg/24103 Kiel/8010 Graz/5020 Salzburg/8001 Zürich/4051 Basel/79098 Freiburg/86150 Augsburg/33602 Bielefeld/53111 Bonn",
        "/",
    ),
    "France": words(
        "75011 Paris/69002 Lyon/13001 Marseille/31000 Toulouse/44000 Nantes/67000 Strasbourg/33000 Bordeaux/59000 Lille/35000 Rennes/51100 Reims/38000 Grenoble/21000 Dijon/49000 Angers/29200 Brest/63000 Clermont-Ferrand/37000 Tours/80000 Amiens/57000 Metz/25000 Besançon/1000 Bruxelles/1204 Genève",
        "/",
    ),
}
STREETS = {
    "America": words(
        "Main/Oak/Maple/Park/Pine/Cedar/Elm/Washington/Lake/Hill/Walnut/Spring/North/Ridge/Church/Willow/Mill/Sunset/Railroad/Jackson/Cherry/West/South/Highland/Johnson/Forest/River/Meadow/Broad/Chestnut/Lincoln/Franklin/Adams/Jefferson/Hickory/Dogwood/Center/Union/Valley/Locust/Prospect/Laurel/Madison/Spruce/Liberty/Magnolia/Poplar/Sycamore/Birch/Georgiana/Hobart/Winthrop/Doyle/Ashfield/Willow Creek/Stone Bridge/Old Post/Martin Luther King Jr/St. Charles/Fort Hill/Mount Vernon/Bowness/James/Kingsway/Fox Run/Deer Path/Eagle Rock/Quail Hollow/Saddle Back/Timber Trail/Bayview/Harbor/Ocean/Canyon/Mesa/Juniper/Aspen/Cottonwood/Alameda/El Camino/Presidio/Mission/Vermont/Delaware/Ohio/Cumberland",
        "/",
    ),
    "Britain": words(
        "Station/Church/Mill/High/Victoria/Park/Green/Albert/London/Manor/Kings/Queens/New/Grange/Windsor/Chapel/School/North/York/Stanley/Alexandra/George/West/Springfield/Richmond/Broadway/Highfield/Cambridge/Castle/Harbour/Quay/Canal/Wharf/Orchard/Beech/Hawthorn/St. John's/St. Mary's/St. Andrew's/Abbey/Priory/Bridge/Wellington/Nelson/Waterloo/Clarence/Lansdowne/Belmont/Clifton/Hillside/Woodlands/Meadow/Ferry/Brewery/Tannery/Weaver/Glebe/Rectory/Kestrel/Larkspur",
        "/",
    ),
    "Germany": words(
        "Haupt Bahnhof Garten Schul Linden Berg Wald Goethe Schiller Mozart Beethoven Kirch Mühlen Ring Birken Buchen Eichen Ahorn Rosen Tulpen Wiesen Feld Brunnen Markt Post Schloss Burg Kloster Industrie Hafen Friedhof Sonnen Amsel Lerchen Falken Jahn Bismarck Friedrich Wilhelm Luther Bach Wagner Händel Lessing Kant Heine Uhland Hölderlin Dorf Kastanien Pappel Ulmen Tannen Flieder Nelken Veilchen Ziegel Gerber Weber Töpfer Müller Süd Nord Ost West"
    ),
    "France": words(
        "de l'Église/de la Gare/de la République/Victor Hugo/du Moulin/des Écoles/Jean Jaurès/de la Mairie/Pasteur/Gambetta/du Château/de la Paix/des Lilas/Jules Ferry/de Verdun/de la Fontaine/du Stade/Émile Zola/des Jardins/de la Liberté/Voltaire/du Général Leclerc/Molière/des Tilleuls/du Lavoir/de Paris/Anatole France/du Port/Saint-Jacques/Sainte-Anne/des Roses/du Marché/Lamartine/de Bretagne/des Acacias/Aristide Briand/de la Chapelle/du Pont Neuf/Louis Pasteur/des Peupliers/du Bois/de la Forge",
        "/",
    ),
}
