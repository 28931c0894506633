"""Words of trades and goods, the common ones first in each list."""

from __future__ import annotations

from harness.data.made_up.thing import words

ENGLISH_TRADES = words("""
Systems Technologies Industries Solutions Services Engineering Electronics Foods Consulting Construction Logistics Software Energy Supply Products
Design Media Builders Contractors Motors Electrical Plumbing Heating Mechanical Fabrication Machining Plastics Steel Aluminum Chemicals Polymers
Tools Hardware Equipment Instruments Controls Automation Bearings Gears Pumps Valves Compressors Turbines Boilers Filters Hoses Couplings Gaskets
Cables Lighting Batteries Solar Wind Oil Gas Petroleum Mining Quarries Cement Concrete Bricks Tiles Timber Lumber Millwork Cabinets Furniture Carpets
Flooring Windows Doors Kitchens Interiors Paints Roofing Fencing Scaffolding Demolition Landscaping Nurseries Seeds Feeds Grain Farms Orchards
Ranch Dairy Creamery Bakery Butchers Seafood Fisheries Brewery Distillers Wines Coffee Tea Spices Confectionery Catering Hotels Travel Cruises
Charters Aviation Aerospace Marine Boats Shipping Freight Haulage Trucking Removals Storage Packaging Paper Labels Printing Publishing Records
Studios Films Games Toys Sports Cycles Footwear Apparel Garments Textiles Leather Jewellers Watches Optics Glass Ceramics Cosmetics Fragrances
Pharma Medical Dental Veterinary Diagnostics Therapeutics Biotech Genetics Laboratories Analytics Data Cloud Networks Telecom Wireless Security
Payments Leasing Insurance Capital Properties Estates Architects Surveyors Advisors Auditors Recruitment Training Cleaning Laundry Recycling Waste
Castings Foundry Forgings Stampings Springs Fasteners Wire Tubes Coatings Adhesives Abrasives Rubber Foam Robotics Sensors Semiconductors Lasers
""")
TAILS = words(
    "International Group Holdings Trading Manufacturing Associates Brothers Enterprises Partners Worldwide Global Europe America Asia Pacific Distribution Imports Development Management Ventures"
)
SHORT = {
    "International": ("Intl", "Intl.", "Int'l"), "Manufacturing": ("Mfg", "Mfg."), "Services": ("Svcs", "Serv.", "Svc"), "Engineering": ("Eng.", "Engg", "Engrg"),
    "Technologies": ("Tech", "Techs", "Tech."), "Industries": ("Ind.", "Inds"), "Group": ("Grp", "Grp."), "Associates": ("Assoc.", "Assocs"),
    "Brothers": ("Bros", "Bros."), "Systems": ("Sys", "Syst.", "Sys."), "Laboratories": ("Labs", "Lab."), "Electronics": ("Elec.", "Electr."),
    "Management": ("Mgmt", "Mgmt."), "Development": ("Dev.", "Devel."), "Distribution": ("Distrib.", "Dist."), "Products": ("Prods", "Prod."),
    "Construction": ("Constr.", "Const."), "Corporation": ("Corp", "Corp."), "Transport": ("Transp.",), "Machinery": ("Mach.",), "Chemicals": ("Chem.", "Chems"),
    "Enterprises": ("Ent.", "Entpr."), "Consulting": ("Consult.",), "Solutions": ("Sol.", "Solns"), "Packaging": ("Pkg", "Packag."), "Holdings": ("Hldgs",),
}  # fmt: skip
STEMS = words("""
Summit Pioneer Apex Liberty Heritage Sterling Crown Royal Premier National American Pacific Atlantic Northern Southern Western Eastern Central
United General Standard Universal Imperial Phoenix Falcon Eagle Raven Heron Kestrel Fox Bear Wolf Lion Tiger Granite Marble Iron Copper Silver
Amber Coral Ivory Jade Ruby Sapphire Diamond Harbour Bridge River Lakeside Hillside Oakfield Ashford Beacon Anchor Compass Keystone Cornerstone
Milestone Horizon Skyline Aurora Zenith Meridian Equinox Solstice Cascade Sierra Tundra Savanna Prairie Delta Sigma Omega Alpha Nova Quantum Vertex
Matrix Vector Fusion Catalyst Momentum Velocity Kinetic Dynamic Precision Accurate Reliable Trusty Evergreen Cedar Maple Willow Juniper Thistle
""")
GERMAN_TRADES = words(
    "Maschinenbau Hydraulik Pneumatik Elektrotechnik Bau Logistik Werkzeuge Metallbau Kunststofftechnik Verpackungen Spedition Transporte Druckerei Möbel Getränke Fenster Heizung Sanitär Holzbau Tiefbau Hochbau Stahlbau Anlagenbau Feinmechanik Optik Medizintechnik Sensorik Messtechnik Antriebstechnik Fördertechnik Schweißtechnik Oberflächentechnik Galvanik Gießerei Walzlager Federn Dichtungen Schrauben Beschläge Gartenbau Landtechnik Bäckerei Fleischwaren Molkerei Brauerei Textilien Papier Farben Lacke Chemie Pharma Immobilien Beratung Software Dachdeckerei Gebäudereinigung Baustoffe Büromöbel Autohaus Reifendienst Kältetechnik Klimatechnik Lüftungsbau Edelstahl Präzisionsteile Zerspanung"
)
FRENCH_TRADES = words(
    "Transports/Menuiserie/Boulangerie/Plomberie/Électricité/Mécanique/Imprimerie/Fonderie/Laiterie/Verrerie/Papeterie/Chaudronnerie/Charpente/Maçonnerie/Ateliers/Établissements/Constructions/Garage/Pharmacie/Laboratoires/Vignobles/Domaine/Brasserie/Biscuiterie/Tuilerie/Scierie/Matériaux/Emballages/Roulements/Peintures/Couvertures/Chocolaterie/Conserverie/Horlogerie/Tissages/Messageries/Carrières",
    "/",
)
ITALIAN_TRADES = words(
    "Officine/Costruzioni/Trasporti/Fonderie/Tessitura/Ceramiche/Arredamenti/Impianti/Meccanica/Elettronica/Molino/Pastificio/Caseificio/Calzaturificio/Maglificio/Vetreria/Tipografia/Marmi/Infissi/Imballaggi/Carpenteria/Autotrasporti/Cantine/Oleificio/Salumificio/Concerie/Ferramenta/Idraulica/Utensili/Plastica",
    "/",
)
SPANISH_TRADES = words(
    "Transportes/Construcciones/Talleres/Muebles/Maquinaria/Conservas/Bodegas/Frutas/Aceites/Embalajes/Suministros/Instalaciones/Electricidad/Plásticos/Cerámicas/Textiles/Gráficas/Fundiciones/Excavaciones/Hormigones/Aluminios/Cristalería/Calzados/Pinturas/Herramientas/Congelados/Hermanos/Distribuciones/Carpintería/Mármoles",
    "/",
)
POLISH_TRADES = words(
    "Zakłady Mechaniczne/Przedsiębiorstwo Budowlane/Hurtownia/Fabryka Mebli/Piekarnia/Transport/Usługi/Drukarnia/Stolarstwo/Cukiernia/Zakład Usługowy/Auto Serwis/Biuro Rachunkowe/Browar/Huta Szkła/Odlewnia/Mleczarnia/Cegielnia/Tartak/Apteka/Kancelaria/Studio",
    "/",
)
NORDIC_TRADES = words(
    "Bygg El Rör Transport Maskin Teknik Verkstad Elektriska Konsult Fastigheter Måleri Plåt Fisk Skog Marin Entreprenør Eiendom Rakennus Sähkö Kuljetus Konepaja Huolto Metalli Puu Elektronik Byggservice Snickeri Åkeri Bageri Smide Betong Montage Energi Industri Handel Invest"
)
BRANDS = words(
    "Belmora Sunfield Alvera Tessano Kornberg Fjellby Maridol Oakvale Greenhurst Lunaria Casablanda Norvita Pastella Verdano Bonfare Haldora Riviano Miloska Tavola-Nova Heartland Farmgate Bluebrook Goldcrest Old-Mill Sunny-Acre Harvest-Hill Silverstream Nordkap Alpenhof Bergquell Savanto Olivetta Mirabell Karibou Zestano Frescura Purelle Aquavera Santorelle Dolcezza Panorama Delizia Primavera Sonora Cordoba-Oro Bramley Whitcombe Ashdown Pemberton Lockhart"
)
SORTS = words(
    "Organic/Original/Light/Classic/Premium/Natural/Sugar-Free/Low-Fat/Family/Extra/Unsalted/Smoked/Spicy/Mild/Wholegrain/Gluten Free/Decaf/Fair Trade/Roasted/Fresh/Frozen/Vegan/Lactose Free/Crunchy/Creamy/Dark/White/Red/Green",
    "/",
)
GROCERIES = {
    "Yogurt": words("Strawberry/Vanilla/Peach/Natural/Blueberry/Cherry/Mango/Raspberry/Greek/Coconut/Lemon", "/"), "Juice": words("Orange/Apple/Pineapple/Tomato/Grape/Cranberry/Multivitamin/Pear/Grapefruit/Carrot", "/"),
    "Chocolate": words("Milk/Dark/White/Hazelnut/Orange/Mint/Almond/Caramel/Sea Salt/Raisin and Nut", "/"), "Tea": words("Green/Black/Peppermint/Chamomile/Earl Grey/Rooibos/Ginger and Lemon/Fennel/Darjeeling/Assam", "/"),
    "Coffee": words("Ground/Instant/Espresso/Decaf/Arabica/French Roast/Colombian/Crema", "/"), "Milk": words("Whole/Skimmed/Semi-Skimmed/Oat/Almond/Soy/Goat/Condensed/Coconut", "/"), "Cheese": words("Gouda/Cheddar/Mozzarella/Feta/Parmesan/Emmental/Brie/Goat/Cream/Blue", "/"),
    "Oil": words("Olive/Sunflower/Rapeseed/Sesame/Extra Virgin Olive/Coconut/Peanut/Walnut", "/"), "Sauce": words("Soy/Tomato/BBQ/Chili/Worcester/Curry/Tartar/Hollandaise/Sweet and Sour/Hot Pepper/Garlic", "/"), "Soup": words("Tomato/Chicken Noodle/Mushroom/Lentil/Pea/Vegetable/Pumpkin/Onion/Minestrone", "/"),
    "Biscuits": words("Butter/Oat/Ginger/Digestive/Chocolate Chip/Shortbread/Almond/Coconut", "/"), "Jam": words("Strawberry/Apricot/Raspberry/Cherry/Plum/Blackcurrant/Fig/Orange", "/"), "Cereal": words("Corn/Muesli/Honey Nut/Chocolate/Bran/Granola/Puffed Rice/Cinnamon", "/"),
    "Spaghetti": words("Durum/Wholegrain/Egg/Spelt/Fresh", "/"), "Penne": words("Durum/Wholegrain/Red Lentil/Spelt", "/"), "Rice": words("Basmati/Jasmine/Risotto/Long Grain/Brown/Wild/Sushi/Parboiled", "/"), "Flour": words("Wheat/Rye/Spelt/Wholegrain/Corn/Almond/Self-Raising", "/"),
    "Beans": words("Kidney/Baked/Black/White/Green/Butter/Runner", "/"), "Crisps": words("Salted/Paprika/Cheese and Onion/Salt and Vinegar/Sour Cream/Sweet Chili", "/"), "Nuts": words("Cashew/Peanut/Mixed/Almond/Walnut/Pistachio/Hazelnut", "/"), "Water": words("Still/Sparkling/Tonic/Lemon/Mineral/Coconut", "/"),
    "Lemonade": words("Cloudy/Light/Raspberry/Elderflower/Pink/Ginger", "/"), "Beer": words("Lager/Pilsner/Wheat/Pale/Stout/Alcohol Free/Amber", "/"), "Ketchup": words("Tomato/Curry/Hot/Light", "/"), "Mustard": words("Dijon/Hot/Sweet/Wholegrain/Honey", "/"), "Vinegar": words("Balsamic/Apple Cider/White Wine/Malt/Rice", "/"),
    "Honey": words("Acacia/Clover/Forest/Manuka/Wildflower/Set", "/"), "Sugar": words("Brown/Cane/Icing/Caster/Jelly/Vanilla", "/"), "Salt": words("Sea/Rock/Iodised/Himalayan/Smoked", "/"), "Sausages": words("Pork/Chicken/Vegan/Lamb/Bratwurst/Chorizo", "/"), "Tuna": words("Chunks in Oil/Chunks in Brine/Steak/Flakes", "/"),
    "Shampoo": words("Anti-Dandruff/Baby/Aloe Vera/Volume/Repair/Coconut/Sensitive", "/"), "Soap": words("Lavender/Almond/Olive/Rose/Liquid/Lemon", "/"), "Detergent": words("Colour/White/Sensitive/Wool/Lemon/Universal", "/"), "Toothpaste": words("Whitening/Mint/Sensitive/Kids/Herbal", "/"), "Dog Food": words("Chicken/Beef/Lamb/Puppy/Senior/Salmon", "/"), "Cat Food": words("Tuna/Chicken/Salmon/Kitten/Rabbit", "/"),
}  # fmt: skip
LIQUIDS = frozenset(words("Juice Milk Oil Sauce Soup Water Lemonade Beer Ketchup Vinegar Shampoo Detergent"))
DRUGS = words(
    "metformin atorvastatin amlodipine omeprazole lisinopril ibuprofen paracetamol amoxicillin simvastatin losartan bisoprolol ramipril levothyroxine sertraline citalopram gabapentin pantoprazole furosemide prednisolone warfarin clopidogrel metoprolol tramadol diazepam cetirizine loratadine naproxen diclofenac allopurinol azithromycin ciprofloxacin doxycycline fluconazole salbutamol tamsulosin finasteride candesartan valsartan spironolactone digoxin hydroxyzine hydralazine carbamazepine lamotrigine lamivudine quetiapine quinapril mirtazapine risperidone ropinirole prednisone folic-acid melatonin montelukast"
)
MAKERS = words(
    "Calvex Ortensa Pravik Lumeko Vistano Terragon Ambrix Solveno Kadera Primotek Vantis Kyrona Pelican Altura Brightsoft Corelan Intuva Symbria Adovia Macrotech Encora Topwave Learnex Punchline Abacora Sagemont Novadev Riverdeep-Labs Individia Fogware Elgrado Pinnora Roxiant Magellar Avanti Nuvance Scansoft-One Delorian Kinetix Cosmira Tellura Ondura Panavox Sharvel Toshiva Samvox Philora Canora Nikora Epsonic Brothex Lexara Garmona Tomtrek Logiteque Belkora Netgrade Linkora Dynavox"
)
FASTENERS = words(
    """
hex bolt/hexagon bolt/bolt hex/hex head bolt/bolt, hex; socket screw/socket head cap screw/SHCS/allen screw; wood screw/screw wood/screw, wood; hex nut/nut hex/hexagon nut;
lock nut/nyloc nut/self-locking nut/nut lock; wing nut/nut wing/butterfly nut; flat washer/washer flat/washer, plain/plain washer; spring washer/washer spring/split washer;
threaded rod/threaded bar/stud bar/rod threaded; grub screw/set screw/screw set; countersunk screw/csk screw/flat head screw; pan head screw/screw pan head/pan hd screw;
carriage bolt/coach bolt/bolt carriage; eye bolt/eyebolt/bolt eye; self tapping screw/self-tapper/self tapping scr.; drywall screw/plasterboard screw/screw drywall;
rivet nut/rivnut/blind rivet nut; dowel pin/pin dowel/parallel pin; anchor bolt/wedge anchor/bolt anchor; U-bolt/U bolt/ubolt
""",
    ";",
)
FASTENERS_GERMAN = words(
    """
Sechskantschraube/6kt-Schraube/Sechskant-Schraube/Schraube, Sechskant; Zylinderschraube/Zyl.-Schraube/Zylinderkopfschraube/Inbusschraube; Senkschraube/Senkkopfschraube/Schraube, Senkkopf;
Holzschraube/Holz-Schraube/Spanplattenschraube; Linsenkopfschraube/Linsenschraube/Linsenkopf-Schraube; Gewindestange/Gew.-Stange/Gewindestab; Gewindestift/Madenschraube/Gew.-Stift;
Schlossschraube/Schloßschraube/Flachrundschraube; Sechskantmutter/6kt-Mutter/Mutter, Sechskant; Stoppmutter/Sicherungsmutter/Stopp-Mutter; Flügelmutter/Fluegelmutter/Mutter, Flügel;
Unterlegscheibe/U-Scheibe/Scheibe; Federring/Feder-Ring/Sprengring; Zylinderstift/Zyl.-Stift/Passstift; Ringschraube/Ring-Schraube/Ösenschraube
""",
    ";",
)
FINISHES_GERMAN = words(
    "verzinkt/galv. verzinkt/vz/verz.;Edelstahl A2/A2/VA A2/rostfrei A2;Edelstahl A4/A4/rostfrei A4;schwarz brüniert/brüniert/schwarz/brün.;Messing/Ms/MS58;blank/blk/Stahl blank;Polyamid/PA/Nylon;feuerverzinkt/tZn/feuerverz.",
    ";",
)
FINISHES = words(
    "zinc plated/zinc/ZP/galvanised/zn;stainless A2/A2/A2 stainless/SS A2/inox A2;stainless A4/A4/A4 stainless/SS A4;black oxide/black/blk;brass/BR/solid brass;plain steel/plain/self colour;nylon/PA6/polyamide;hot dip galvanised/HDG/hot-dip galv.",
    ";",
)
TOOLS = words(
    """
drill bit HSS/HSS drill bit/HSS drill|mm|10 15 20 25 30 33 35 40 42 45 50 55 60 65 68 70 80 85 90 100 110 120 130; ball bearing/bearing ball/deep groove bearing|code|608 6000 6001 6002 6003 6004 6200 6201 6202 6203 6204 6205 6301 6302 6303 6304;
hose clamp/clamp hose/worm drive clamp|range|8-12 10-16 12-20 16-25 16-27 20-32 25-40 30-45 35-50 40-60; V-belt/V belt/vee belt/belt V|code|A26 A30 A36 A42 A51 B38 B45 B52 B60 SPA900 SPA1000 SPZ710 SPZ800;
O-ring/O ring/oring|ring|5x1 6x1.5 8x2 10x2 12x2.5 15x2 18x2.5 20x3 25x3 30x3.5 40x4; sanding disc/disc sanding/abrasive disc|grit|40 60 80 100 120 150 180 240 320;
cable tie/tie cable/zip tie|ring|100x2.5 140x3.6 200x3.6 200x4.8 300x4.8 370x7.6; work glove nitrile/nitrile work glove/glove, nitrile|size|7 8 9 10 11; door hinge/hinge door/hinge, door|mm|500 600 760 800 1000 1020;
padlock/lock pad/pad lock|mm|200 300 400 500 600; hex key/allen key/key hex|mm|15 20 25 30 40 50 60 80 100; gas spring/spring gas/gas strut|force|50 80 100 150 200 300 400 600; castor wheel/caster wheel/wheel castor|mm|500 750 800 1000 1250 1600;
fuse glass/glass fuse/fuse, glass|amp|100 250 500 1000 2000 3150 5000 10000; saw blade/blade saw/circular saw blade|mm|1600 1650 1850 1900 2100 2350; masking tape/tape masking|mm|190 250 380 500; wall plug/plug wall/rawl plug|mm|50 60 80 100 120
""",
    ";",
)
EXTRAS = {"door hinge": ("left/LH/L.H.", "right/RH/R.H."), "sanding disc": ("125 mm/125mm/Ø125", "150 mm/150mm/Ø150"), "castor wheel": ("swivel/swv", "fixed/rigid"), "ball bearing": ("2RS/-2RS/2 RS", "ZZ/-ZZ/2Z", "open")}  # fmt: skip
SHORT_GOODS = {
    "Organic": ("Org.", "Org", "Bio"), "Chocolate": ("Choc", "Choc.", "Chocolat"), "Vegetable": ("Veg.", "Veg"), "Strawberry": ("Strawb.", "Strwbry"),
    "Vanilla": ("Van.", "Vanila"), "Original": ("Orig.", "Orig"), "Natural": ("Nat.", "Nat"), "and": ("&", "n", "+"), "Sparkling": ("Spark.", "Spkl"),
    "Roasted": ("Rstd", "Roast"), "Unsalted": ("Unsltd", "unsalt."), "Chicken": ("Chkn", "Chick."), "Orange": ("Orng", "Oran."), "Yogurt": ("Yoghurt", "Yog."),
    "Wholegrain": ("Whole Grain", "W/grain"), "Low-Fat": ("Low Fat", "Lowfat", "LF"), "Sugar-Free": ("Sugar Free", "SF", "No Sugar"), "Detergent": ("Deterg.", "Det."),
}  # fmt: skip
DOSE_FORMS = {
    "tablets": ("tablets", "tab", "tabs", "tab.", "tablet", "TAB", "tbl."), "capsules": ("capsules", "cap", "caps", "caps.", "capsule"), "oral solution": ("oral solution", "oral soln", "solution oral", "sol."),
    "cream": ("cream", "crm", "cream."), "injection": ("injection", "inj", "inj.", "for injection"), "film-coated tablets": ("film-coated tablets", "FC tab", "film coated tabs", "f.c. tablets"),
    "extended-release tablets": ("extended-release tablets", "ER tab", "XR tabs", "ext. rel. tablets", "ER tablets"), "eye drops": ("eye drops", "ophth. drops", "eyedrops"), "suppositories": ("suppositories", "supp", "supp."),
}  # fmt: skip
SALTS = {
    "hydrochloride": ("hydrochloride", "HCl", "HCL", "hydrochlor."),
    "sodium": ("sodium", "Na", "sod."),
    "maleate": ("maleate", "mal."),
    "sulfate": ("sulfate", "sulphate", "sulf."),
    "phosphate": ("phosphate", "phos."),
    "": ("",),
}
CHEMICALS = words(
    """
sodium hydroxide/NaOH/caustic soda;sodium chloride/NaCl;hydrochloric acid/HCl;sulfuric acid/sulphuric acid/H2SO4;nitric acid/HNO3;acetone/propanone/dimethyl ketone;ethanol/ethyl alcohol/EtOH;
methanol/methyl alcohol/MeOH;isopropanol/isopropyl alcohol/2-propanol/IPA;potassium hydroxide/KOH/caustic potash;calcium carbonate/CaCO3;sodium bicarbonate/NaHCO3/sodium hydrogen carbonate;
hydrogen peroxide/H2O2;acetic acid/ethanoic acid/AcOH;toluene/methylbenzene;copper sulfate/copper sulphate/CuSO4;potassium permanganate/KMnO4;ammonium chloride/NH4Cl;magnesium sulfate/magnesium sulphate/MgSO4;
silver nitrate/AgNO3;citric acid/citric acid;dichloromethane/DCM/methylene chloride;tetrahydrofuran/THF;dimethyl sulfoxide/DMSO/dimethylsulfoxide;ethyl acetate/EtOAc/ethylacetate;n-hexane/hexane, n-
""",
    ";",
)
GRADES = words(
    "reagent grade/reagent/ACS reagent;technical grade/tech. grade/technical;HPLC grade/HPLC/for HPLC;analytical grade/p.a./AR/analytical;food grade/food/FCC",
    ";",
)
EDITIONS = {
    "Professional": ("Pro", "Prof.", "Professional"),
    "Standard": ("Std", "Std.", "Standard"),
    "Home": ("Home", "Home Ed."),
    "Premium": ("Premium", "Prem."),
    "Enterprise": ("Ent", "Enterprise", "Entpr."),
    "Deluxe": ("Deluxe", "Dlx", "DLX"),
    "Student": ("Student", "Academic"),
    "": ("",),
}
SYSTEMS = {
    "": ("",),
    "Windows": ("Windows", "Win", "for Windows", "(PC)", "Win XP/Vista"),
    "Mac": ("Mac", "for Mac", "(Mac)", "MAC OS X", "Macintosh"),
}
LICENCES = {
    "": ("",),
    "upgrade": ("upgrade", "upg", "upgrd", "(Upgrade)", "Upgrade Edition"),
    "3 users": ("3 users", "3-user", "3 PC", "3 lic."),
    "5 users": ("5 users", "5-user", "5 user pack", "5 PCs"),
    "10 users": ("10 users", "10-user license", "10 lic", "10u"),
}
SOFTWARE_SUBJECTS = words(
    "Photo Video Tax Office Security Antivirus Payroll Accounting Typing Spanish French Math Reading Backup Draw Web Studio Sound Music Font Print Family Tree Home Design Landscape Chess Flight Racing Project Contact Label Map Route Language Encyclopedia"
)
SOFTWARE_NOUNS = words(
    "Manager Studio Suite Maker Builder Designer Pro-Tools Editor Creator Essentials Expert Works Tutor Explorer Vault Shield Wizard Planner Director Master Deluxe-Kit Workshop Server Center Toolkit Learning Adventure"
)
