"""Small lists on which tools of this kind fail, with their truth: each line is one thing, its spellings parted by bars."""

from __future__ import annotations

import numpy as np

LISTS = {
    "firms": """
        Harlow Bearings Ltd | HARLOW BEARINGS LIMITED | Harlow Bearings
        Harlow Gears Ltd | Harlow Gears Limited
        Nordmann Hydraulik GmbH | Nordmann Hydraulik G.m.b.H. | Nordmann Hydraulik Gesellschaft mbH
        Nordmann Pneumatik GmbH | NORDMANN PNEUMATIK GMBH
        Solberg Marine A/S | Solberg Marine AS
        Int'l Tubing Supply Inc | International Tubing Supply, Incorporated | Intl. Tubing Supply Inc.
        International Piping Supply Inc | Intl Piping Supply Incorporated
        Oy Kuusamo Ab | Kuusamo Oy
        Petersen & Lang KG | Petersen und Lang KG | Petersen and Lang
        Lisboa e Irmãos, Lda. | Lisboa e Irmaos Lda
        Delmonte Foods S.p.A. | Delmonte Foods SpA
        Westbrook Oil Company | Westbrook Oil Co.
        Westbrook Gas Company | Westbrook Gas Co
        Zenith Optics Pty. Ltd. | ZENITH OPTICS PROPRIETARY LIMITED""",
    "values": """
        33pF 50V 0402 | 33p 50V 0402 | 33 pF 50 V 0402
        330pF 50V 0402 | 330 pF 50V 0402
        100nF 16V 0603 | 0.1uF 16V 0603 | 0.1 µF 16V 0603
        100nF 50V 0603 | 0.1uF 50V 0603
        100nF 16V 0805 | 0,1µF 16V 0805
        4k7 1% 0603 | 4.7k 1% 0603 | 4.7 kohm 1% 0603
        4k7 5% 0603 | 4.7k 5% 0603
        47k 1% 0603 | 47 kohm 1% 0603
        10uH 0805 | 10 uH 0805
        10uF 25V 0805 | 10 µF 25V 0805
        2k2 1% 0402 | 2.2k 1% 0402
        22k 1% 0402 | 22 k 1% 0402""",
    "addresses": """
        41 West 18th Street, New York NY | 41 W 18 St, New York, NY
        41 East 18th Street, New York NY | 41 E 18th St., New York NY
        1250 South Wabash Avenue, Chicago IL | 1250 S Wabash Ave, Chicago, IL
        1520 South Wabash Avenue, Chicago IL | 1520 S Wabash Ave, Chicago IL
        77 King Street North, Hamilton ON | 77 King St N, Hamilton ON
        77 King Street South, Hamilton ON | 77 King St S, Hamilton, ON
        Bahnhofstraße 7a, 80335 München | Bahnhofstr. 7 a, 80335 Muenchen
        Bahnhofstraße 9, 80335 München | Bahnhofstr. 9, 80335 München
        12 Mill Lane, York | 12 Mill Ln, York
        12 Mill Road, York | 12 Mill Rd., York""",
    "models": """
        Nikon Z50 body | NIKON Z 50 Body | Z-50 Nikon body
        Nikon Z5 body | Nikon Z 5 body
        Epson 29XL black ink | Epson 29 XL ink, black
        Epson 29 black ink | EPSON 29 ink black
        Galaxy A52 128GB | Samsung Galaxy A52 128 GB
        Galaxy A52 256GB | Samsung Galaxy A52 256 GB
        Pixel 7 Pro 128GB | Google Pixel 7 Pro (128 GB)
        Pixel 7 128GB | Google Pixel 7 128 GB
        LG 55UK6300 55 inch TV | LG 55-UK6300 TV 55"
        LG 65UK6300 65 inch TV | LG 65-UK6300 TV 65\"""",
    "groceries": """
        Alpino Cola 330 ml | ALPINO COLA 0.33 l | Alpino Cola 33cl
        Alpino Cola 6 x 330 ml | Alpino Cola 330ml x 6 | Alpino Cola, pack of 6, 330 ml
        Alpino Cola 1.5 l | Alpino Cola 1500ml
        Alpino Cola Light 330 ml | Alpino Cola light 0.33l
        Marino Basmati Rice 5 kg | Marino Basmati Rice 5 Kilograms
        Marino Basmati Rice 1 kg | Marino Basmati Rice 1000 g
        White eggs tray of 30 | White eggs, 30 pcs
        Brown eggs tray of 30 | Brown eggs, 30 pcs""",
    "japanese firms": """
        株式会社メルクリ | ㈱ﾒﾙｸﾘ | (株)メルクリ
        髙田製作所株式会社 | 高田製作所（株） | 株式会社 髙田製作所
        高山製作所株式会社 | 高山製作所㈱
        渡邊工業株式会社 | 渡辺工業㈱ | 渡邉工業(株)
        田辺工業株式会社 | 田邊工業㈱
        有限会社さくら | ㈲さくら
        合同会社さつき | (同)さつき
        三栄電機株式会社 | 三栄電機(株)
        三星電機株式会社 | 三星電機㈱""",
}


def spelt(name: str) -> tuple[list[str], np.ndarray]:
    """The texts of a list in a mixed order, and the number of the thing that each names."""
    lines = [line.strip().split(" | ") for line in LISTS[name].strip().splitlines()]
    texts = [text for line in lines for text in line]
    truth = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    order = np.random.default_rng(3).permutation(len(texts))
    return [texts[i] for i in order], truth[order]
