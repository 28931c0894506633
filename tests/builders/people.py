"""Names of people in five locales, written down by hand: common ones, with some that are rare."""

from __future__ import annotations

import random

GIVEN = {
    "US": "James Mary Robert Patricia Michael Jennifer David Linda William Elizabeth Ashley Tyler Brittany Jamal Latoya Maria Jose Wei Priya Kevin "
    "Megan Brandon Caitlin Logan Harper Emma Liam Noah Olivia Ethan Darnell Shanice Guadalupe Dmitri Fatima",
    "GB": "Oliver Amelia George Isla Harry Poppy Jack Freya Alfie Imogen Callum Niamh Angus Rhys Gareth Siobhan Nigel Fiona Graham Hazel "
    "Mohammed Aisha Rupert Beatrice Alistair Gemma Ian Moira Dylan Sian",
    "DE": "Lukas Lena Maximilian Hannah Felix Mia Jürgen Ursula Klaus Sabine Wolfgang Renate Thorsten Anke Uwe Heike Matthias Katrin Jörg Birgit "
    "Ayşe Mehmet Leon Emilia Finn Johanna Günther Ingrid Sven Antje",
    "FR": "Camille Léa Lucas Manon Hugo Chloé Théo Inès Jean Marie Pierre Françoise Michel Nathalie Philippe Sylvie Thierry Véronique Éric "
    "Sandrine Karim Yasmina Mathis Jade Antoine Élodie Gérard Monique Jean-Luc Anne-Sophie",
    "JP": "太郎 花子 翔太 美咲 健一 陽子 蓮 結衣 大輔 由美子 拓也 葵 悠真 さくら 直樹 恵子 一郎 真由美 颯太 莉子 和彦 智子 誠 愛 隆 裕子 修 久美子 浩二 明美",
}
SURNAME = {
    "US": "Smith Johnson Williams Brown Garcia Martinez Nguyen Kowalski O'Connor Washington Rodriguez Patel Kim Hernandez Schultz Anderson "
    "Thompson Ramirez Fitzgerald Delgado Whitaker McAllister Baptiste Yamamoto Jefferson Haskins Pruitt Castellano",
    "GB": "Jones Taylor Davies Evans Wilson Thomas Roberts Walker Wright Hughes Ramsbottom MacDonald O'Neill Featherstone Khan Begum Ashworth "
    "Pemberton Llewellyn Sutherland Thistlewood Cholmondeley Patel Armitage Braithwaite Gallagher",
    "DE": "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Yılmaz Kaya Schäfer Koch Bauer Richter Klein Wolf Schröder "
    "Neumann Lindemann Oberhuber Petersen Vogelsang Zschiesche Krautwurst",
    "FR": "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Lefebvre Garcia Benali N'Diaye Fontaine Chevalier Rousseau Blanchard "
    "Guérin Le Goff de La Tour Charpentier Deschamps Kowalczyk Peltier Quéméneur",
    "JP": "佐藤 鈴木 高橋 田中 渡辺 伊藤 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 清水 斎藤 長谷川 五十嵐 勅使河原 小笠原 金子 中島",
}
ROMAJI = {"given": ["Haruto", "Yui", "Takashi", "Yoko", "Kenji", "Sakura", "Naoki", "Emi", "Daisuke", "Ayumi"], "surname": ["Sato", "Suzuki", "Tanaka", "Watanabe", "Kobayashi", "Yamaguchi", "Hasegawa", "Inoue"]}  # fmt: skip
TITLES = {"US": ["Mr. ", "Ms. ", "Dr. "], "GB": ["Mr ", "Mrs ", "Dr "], "DE": ["Herr ", "Frau ", "Dr. "], "FR": ["M. ", "Mme ", "Madame "]}
POLITE = ["様", "さん", "氏", "先生"]


def full_name(draw: random.Random, locale: str) -> str:
    """A name as it is written in sentences of a locale: mostly given name and surname, now and then a title, an initial, a polite ending."""
    given, surname = draw.choice(GIVEN[locale].split()), draw.choice(SURNAME[locale].split())
    surname = {"Le": "Le Goff", "Goff": "Le Goff", "de": "de La Tour", "La": "de La Tour", "Tour": "de La Tour"}.get(surname, surname)
    way = draw.random()
    if locale == "JP":
        if way < 0.2:
            return f"{draw.choice(ROMAJI['given'])} {draw.choice(ROMAJI['surname'])}"
        if way < 0.45:
            return f"{surname}{draw.choice(POLITE)}"
        return f"{surname}{draw.choice(['', ' ', '　'])}{given}{draw.choice(['', *POLITE[:2]])}"
    if way < 0.15:
        return draw.choice(TITLES[locale]) + surname
    if way < 0.25:
        return f"{given} {draw.choice('ABEKMR')}. {surname}"
    if way < 0.3:
        return f"{surname}, {given}"
    return f"{given} {surname}"


def name_parts(value: str) -> list[str]:
    """What of a planted name must not be read any more: given names and surnames, not titles."""
    known = {w for names in (*GIVEN.values(), *SURNAME.values(), *map(" ".join, ROMAJI.values())) for w in names.split()}
    if any("\u3000" < c < "\ua000" for c in value):
        return [max((w for w in known if value.startswith(w)), key=len)]
    return [w for w in value.replace(",", "").split() if w in known and len(w) > 2]
