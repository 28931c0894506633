"""Japanese firms and parts: 株式会社 = (株) = ㈱ in front or behind, full and half width, old and new characters, kana and kanji of one word."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass, replace

from harness.data.made_up.thing import Thing, chance, common, identity, other, words

FORMS = (
    ("株式会社", "(株)", "㈱", "（株）", "株式會社"),
    ("株式会社", "(株)", "㈱", "（株）"),
    ("有限会社", "(有)", "㈲", "（有）"),
    ("合同会社", "(同)", "（同）"),
    ("合資会社", "(資)", "（資）"),
)
OLD = {"高": "髙", "辺": "邊邉", "沢": "澤", "斉": "齊齋斎", "浜": "濱", "桜": "櫻", "国": "國", "広": "廣", "竜": "龍", "島": "嶋", "崎": "﨑", "真": "眞", "恵": "惠", "栄": "榮", "関": "關", "蔵": "藏", "鉄": "鐵", "滝": "瀧", "豊": "豐", "徳": "德", "富": "冨", "峰": "峯", "実": "實", "寿": "壽", "万": "萬", "与": "與"}  # fmt: skip
SURNAMES = words(
    "佐藤 鈴木 高橋 田中 渡辺 伊藤 山本 中村 小林 加藤 吉田 山田 佐々木 山口 斉藤 松本 井上 木村 林 清水 山崎 池田 阿部 橋本 山下 森 石川 前田 小川 藤田 岡田 後藤 長谷川 村上 近藤 石井 坂本 遠藤 青木 藤井 西村 福田 太田 三浦 岡本 松田 中川 中野 原田 小野 田村 竹内 金子 和田 中山 石田 上田 森田 原 柴田 酒井 工藤 横山 宮崎 宮本 内田 高木 谷口 安藤 丸山 今井 大野 高田 藤本 武田 河野 上野 杉山 増田 菅原 小島 千葉 村田 平野 大塚 岩崎 桜井 野口 木下 松尾 滝沢 浜田 広瀬 関口 黒沢 宮沢 小沢 大沢 水沢 渡部 川辺 田辺 国分 豊島 徳永 富田 恵比寿 峰岸 万代 与田"
)
PLACES = words(
    "関東 大和 富士 中京 三星 日東 北陸 東洋 中央 共栄 昭和 新日本 西日本 東北 九州 南海 近畿 山陽 信州 越後 京浜 阪神 武蔵 相模 駿河 三河 尾張 播磨 筑紫 大東 太平 協和 三洋堂 東和 三栄 大栄 光洋 丸和 旭 朝日 双葉 平和 千代田 日の出 あかつき わかば こはる ひかり さくら つばさ かえで すみれ ふじ みなと やまと いずみ こだま のぞみ たんぽぽ まつば"
)
KANA = words(
    "サン メル カー ト テック リン ス ネクス ト アル ファ ベル タ コス モ ライ フ オリ オン セン トラ ル ミライ ユニ バー シル クロ ス ノバ デル パル エコ テラ フレ ッシュ グリ ーン ハート ラン ド ワー ルド スカ イ キ ング プロ メディ カ ロジ ティ クス トレ ンド ソル ベ ント アク ア ヴィ"
)
TRADES = words(
    "建設 商事 工業 製作所 運送 不動産 設備 電設 精機 産業 電子工業 食品 商会 木材 板金 土木 自動車 化成 工務店 倉庫 印刷 繊維 酒造 醸造 製菓 製パン 製麺 農園 牧場 水産 設計 測量 警備 清掃 造園 石材 窯業 陶器 家具 紙業 紙器 包装 樹脂 製薬 薬局 医療器 光学 計測 電装 電機 工具 鋼業 鋳造 鍛工 溶接 塗装工業 硝子店 通商 貿易 観光 交通 書店 出版 新聞社 放送 学園 保険 興業 開発 環境 技術研究所 総業 システム サービス エンジニアリング ホールディングス フーズ ケミカル テクノ デザイン プラスチック ロジスティクス パートナーズ クリニック"
)
KANJI = tuple("信光友明正義昌英秀勝吉成丸八千三大栄永久泉水森谷野原岸岩石土園宮城東西北南花菊藤梅杉柳鶴亀鷹")
HALF = {unicodedata.normalize("NFKC", chr(point)): chr(point) for point in range(0xFF61, 0xFF9E)} | {"\u3099": "ﾞ", "\u309a": "ﾟ"}
WIDE = {point: point + 0xFEE0 for point in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B))}


def half_width(text: str) -> str:
    """Katakana in half width; everything else stays."""
    return "".join(
        "".join(HALF.get(part, part) for part in unicodedata.normalize("NFD", letter)) if "ァ" <= letter <= "ー" else letter
        for letter in text
    )


def old_kanji(rng: random.Random, text: str) -> str:
    """One character that has an old form takes it."""
    found = [letter for letter in text if letter in OLD]
    if not found:
        return text
    letter = rng.choice(found)
    return text.replace(letter, rng.choice(OLD[letter]))


@dataclass(frozen=True, kw_only=True)
class JapaneseFirm(Thing):
    """A name, a trade, a legal form in front or behind."""

    name: str
    trade: str
    form: tuple[str, ...]
    front: bool

    @property
    def key(self) -> str:
        """Name and trade."""
        return identity([self.name + self.trade])

    def say(self, first: bool) -> str:
        """With the form in one of its spellings, in half width or with old characters."""
        rng, text = self.rng, self.name + self.trade
        if not first:
            text = half_width(text) if chance(rng, 0.35) else text
            text = old_kanji(rng, text) if chance(rng, 0.4) else text
            text = text.translate(WIDE) if chance(rng, 0.3) else text
            text = f"{self.name} {self.trade}" if self.trade and chance(rng, 0.04) else text
        form = common(rng, self.form) if first or chance(rng, 0.92) else ""
        front = self.front if first or chance(rng, 0.95) else not self.front
        gap = rng.choice(("", "", "", "", " ", "　")) if form else ""
        return form + gap + text if front else text + gap + form

    def sibling(self) -> JapaneseFirm:
        """Another trade, or one character of the name."""
        rng, way = self.rng, self.rng.random()
        if way < 0.4:
            return replace(self, trade=other(rng, TRADES, self.trade))
        if way < 0.5:
            return replace(self, name=_name(rng))
        at = rng.randrange(len(self.name))
        letter = self.name[at]
        alphabet = (
            "アイカキサシタテナノハマミラリルロン"
            if "ァ" <= letter <= "ー"
            else "あいかきさつなのはまみらり"
            if "ぁ" <= letter <= "ん"
            else "ABCDEHKMNST"
            if letter.isascii()
            else KANJI
        )
        return replace(self, name=self.name[:at] + other(rng, tuple(alphabet), letter) + self.name[at + 1 :])


def _name(rng: random.Random) -> str:
    way = rng.random()
    if way < 0.3:
        return common(rng, SURNAMES)
    if way < 0.5:
        return common(rng, PLACES)
    if way < 0.78:
        kana = "".join(rng.choice(KANA) for _ in range(rng.choice((2, 2, 3))))
        return kana.replace("ーー", "ー").lstrip("ーッン") + ("ン" if len(kana) < 3 else "")
    if way < 0.84:
        return "".join(rng.choice("ABCDEFHJKMNST") for _ in range(rng.choice((2, 3))))
    return "".join(rng.sample(KANJI, 2))


def japanese_firm(rng: random.Random) -> JapaneseFirm:
    """A firm in Japan."""
    name = _name(rng)
    trade = "" if len(name) > 3 and chance(rng, 0.35) else common(rng, TRADES)
    return JapaneseFirm(rng=rng, name=name, trade=trade, form=common(rng, FORMS), front=chance(rng, 0.5))


ITEMS = words(
    """
六角ボルト/ボルト 六角/六角ﾎﾞﾙﾄ;六角穴付ボルト/キャップボルト/六角穴付きボルト/CAPボルト;ナベ小ネジ/なべ小ねじ/ナベ小ねじ/なべ小ネジ;皿小ネジ/皿小ねじ/サラ小ネジ;木ネジ/木ねじ/木螺子;
寸切ボルト/全ネジボルト/寸切りボルト;止めネジ/イモネジ/止めねじ/ホーローセット;蝶ボルト/ちょうボルト/チョウボルト;アイボルト/吊りボルト/アイ ボルト;タッピングネジ/タッピングねじ/タッピンねじ/タッピングビス;
六角ナット/ナット 六角/六角ﾅｯﾄ;蝶ナット/ちょうナット/チョウナット;ナイロンナット/Uナット/緩み止めナット;平ワッシャー/平座金/平ワッシャ/丸座金;バネ座金/ばね座金/スプリングワッシャー/SW;
ベアリング/軸受/ボールベアリング/玉軸受;オイルシール/オイル シール/ｵｲﾙｼｰﾙ;Oリング/オーリング/Ｏリング;丁番/蝶番/ヒンジ;取手/取っ手/ハンドル;結束バンド/ケーブルタイ/インシュロック;ホースバンド/ホースクランプ/ﾎｰｽﾊﾞﾝﾄﾞ;
ドリル刃/ドリルビット/ドリル;切断砥石/カット砥石/切断といし;塩ビパイプ/塩ビ管/VP管;エルボ/エルボー/90°エルボ;チーズ/ティー/T継手;ボールバルブ/玉形ボール弁/ボール弁;ビニールホース/ホース ビニール/ﾋﾞﾆｰﾙﾎｰｽ
""",
    ";",
)
MATERIALS = words(
    "ステンレス/SUS304/SUS/ステン;ユニクロ/ユニクロメッキ/ユニクロめっき;鉄/スチール;真鍮/黄銅/真ちゅう;黒染め/黒染/四三酸化鉄;樹脂/プラスチック/プラ;白/ホワイト;黒/ブラック;亜鉛メッキ/亜鉛めっき/溶融亜鉛",
    ";",
)
SIDES = ("右用/右/R", "左用/左/L")


@dataclass(frozen=True, kw_only=True)
class JapanesePart(Thing):
    """An item with a size, a material, a side, a number."""

    item: tuple[str, ...]
    size: tuple[int, ...]
    thread: bool
    material: tuple[str, ...]
    side: tuple[str, ...]
    count: int

    @property
    def key(self) -> str:
        """All of it."""
        return identity([self.item[0], self.thread, *self.size, self.material[0], self.side[0], self.count])

    def say(self, first: bool) -> str:
        """In full or half width, kana or kanji."""
        rng = self.rng
        item, material, side = (options[0] if first else rng.choice(options) for options in (self.item, self.material, self.side))
        if not first and chance(rng, 0.3):
            item, material = half_width(item), half_width(material)
        count = (
            ""
            if not self.count
            else f"{self.count}個"
            if first
            else rng.choice(
                (
                    f"{self.count}個",
                    f"{self.count}個入",
                    f"{self.count}ヶ",
                    f"{self.count}ヶ入り",
                    f"({self.count})",
                    f"{self.count}本組",
                    f"{self.count}pcs",
                )
            )
        )
        parts = [item, self._size(first), material, side, count]
        if not first and chance(rng, 0.3):
            parts = rng.choice(
                ([material, item, *parts[1:2], side, count], [item, material, *parts[1:2], side, count], [item, side, *parts[1:3], count])
            )
        gap = rng.choice((" ", " ", "　", "") if not first else (" ",))
        text = gap.join(part for part in parts if part and part != count) + (gap or " ") + count  # not "35100個" out of 35 and 100
        return text.translate(WIDE) if not first and chance(rng, 0.2) else text

    def _size(self, first: bool) -> str:
        rng = self.rng
        by = "×" if first else rng.choice(("×", "x", "X", "*", "ｘ", " × "))
        text = by.join(map(str, self.size))
        if self.thread:
            return "M" + text + ("" if first or len(self.size) == 1 else rng.choice(("", "", "mm", "ミリ", "㎜")))
        return text + ("mm" if first else rng.choice(("mm", " mm", "ミリ", "㎜", "ｍｍ", "MM")))

    def sibling(self) -> JapanesePart:
        """Another size, material, side, number or item."""
        rng, way = self.rng, self.rng.random()
        if way < 0.45:
            at = rng.randrange(len(self.size))
            return replace(self, size=(*self.size[:at], self.size[at] + rng.choice((1, 2, 5, 10)), *self.size[at + 1 :]))
        if way < 0.6 and self.material[0]:
            return replace(self, material=words(other(rng, MATERIALS, "/".join(self.material)), "/"))
        if way < 0.75 and self.side[0]:
            return replace(self, side=words(other(rng, SIDES, "/".join(self.side)), "/"))
        if way < 0.85 and self.count:
            return replace(self, count=self.count * rng.choice((2, 5, 10)))
        return replace(japanese_part(rng), material=self.material)


def japanese_part(rng: random.Random) -> JapanesePart:
    """A part in a Japanese stock list."""
    item = words(common(rng, ITEMS), "/")
    threaded = any(mark in item[0] for mark in ("ボルト", "ネジ", "ナット", "ワッシャー", "座金"))
    first = rng.choice((3, 4, 5, 6, 8, 10, 12, 16, 20) if threaded else (5, 6, 8, 10, 13, 15, 16, 20, 25, 30, 40, 50, 75, 100))
    long = "ナット" not in item[0] and "座金" not in item[0] and "ワッシャー" not in item[0]
    size = (
        (first, rng.choice((6, 8, 10, 12, 15, 20, 25, 30, 35, 40, 50, 60, 80, 100)))
        if long and (threaded or chance(rng, 0.5))
        else (first,)
    )
    material = words(common(rng, MATERIALS), "/") if chance(rng, 0.85 if threaded else 0.35) else ("",)
    side = words(rng.choice(SIDES), "/") if item[0] in ("丁番", "取手") else ("",)
    return JapanesePart(
        rng=rng, item=item, size=size, thread=threaded, material=material, side=side, count=rng.choice((0, 0, 0, 10, 20, 50, 100))
    )
