"""Sentences that carry planted values: one half of the wordings to tune on, the other to measure with."""

from __future__ import annotations

Frames = dict[str, list[str]]
Labels = dict[str, dict[str, list[str]]]

GENERIC: dict[str, Frames] = {
    "tune": {
        "US": ["Hi, {label} {value}, please update the file.", "New {label} {value}.", "Customer wrote: {label} {value}\nThanks!"],
        "GB": ["Hello, {label} {value} as of today.", "Could you note {label} {value}?"],
        "DE": ["Hallo, {label} {value}, bitte ändern.", "Ab heute gilt: {label} {value}."],
        "FR": ["Bonjour, {label} {value}, merci de corriger.", "Veuillez noter : {label} {value}."],
        "JP": ["{label}{value}に変更してください。", "新しい{label}{value}です。"],
    },
    "test": {
        "US": ["I just moved and {label} {value}. Can somebody fix that?", "ticket 4471 / {label} {value} / waiting since Monday", "({label} {value})"],
        "GB": ["Right, {label} {value} — that should be everything.", "Ref. the 2 chairs from May: {label} {value}, cheers", "[{label} {value}]"],
        "DE": ["Leider falsch gespeichert, {label} {value}. Danke im Voraus!", "Nachtrag zu Bestellung 77-120: {label} {value}", "„{label} {value}“"],
        "FR": ["Il y a une erreur : {label} {value}. Pouvez-vous vérifier ?", "Suite à notre échange du mardi, {label} {value}", "« {label} {value} »"],
        "JP": ["登録が違います。{label}{value}、よろしくお願いします。", "先日の件ですが、{label}{value}でした", "（{label}{value}）"],
    },
}  # fmt: skip

_SHARED = {  # what many countries write alike
    "tune": {"ipv4": ["IP"], "ipv6": ["IPv6"], "login": ["URL"], "token": ["link"], "mac": ["MAC"], "secret": ["key"]},
    "test": {"ipv4": ["IPv4:", "host"], "ipv6": ["address6", "v6 ="], "login": ["DSN", "->"], "token": ["callback", "GET"], "mac": ["NIC", "hw"], "secret": ["TOKEN:", "creds"]},
}  # fmt: skip

_OWN: dict[str, Labels] = {
    "tune": {
        "US": {
            "mail": ["my email is"], "phone": ["call me at"], "card": ["my card is"], "iban": ["the IBAN is"], "national": ["my SSN is"],
            "tax": ["our EIN is"], "passport": ["my passport number is"], "birthdate": ["my date of birth is"], "person": ["my name is", "I spoke with"],
        },
        "GB": {
            "mail": ["email me at"], "phone": ["ring me on"], "card": ["card number"], "iban": ["IBAN"], "national": ["NI number"],
            "tax": ["VAT number"], "passport": ["passport no."], "birthdate": ["DOB"], "person": ["this is", "please ask for"],
        },
        "DE": {
            "mail": ["meine E-Mail ist"], "phone": ["Telefon"], "card": ["Kreditkarte"], "iban": ["Konto"], "national": ["Steuer-ID"],
            "tax": ["USt-IdNr."], "passport": ["Reisepass"], "birthdate": ["geboren am"], "person": ["ich heiße", "Ansprechpartner ist"],
        },
        "FR": {
            "mail": ["mon adresse est"], "phone": ["téléphone"], "card": ["carte bancaire"], "iban": ["compte"], "national": ["numéro de sécurité sociale"],
            "tax": ["TVA"], "passport": ["passeport"], "birthdate": ["né le"], "person": ["je m'appelle", "demandez"],
        },
        "JP": {
            "mail": ["メールは"], "phone": ["電話番号は"], "card": ["カードは"], "iban": ["口座は"], "national": ["マイナンバーは"],
            "tax": ["登録番号は"], "passport": ["パスポートは"], "birthdate": ["生年月日は"], "person": ["担当は", "名前は"],
        },
    },
    "test": {
        "US": {
            "mail": ["you can reach me under", "cc:"], "phone": ["my cell is now", "Tel.:", "phone number on file should be"], "card": ["charge it to", "Visa ending... here is all of it:"],
            "iban": ["wire it to", "acct"], "national": ["social security", "SSN:"], "tax": ["tax ID", "EIN:"], "passport": ["passport #", "US passport"],
            "birthdate": ["birthday:", "she was born on"], "person": ["the caller was", "signed,", "a complaint by"],
        },
        "GB": {
            "mail": ["drop a line to", "mail ->"], "phone": ["his mobile:", "telephone", "you may call"], "card": ["debit it from", "card no"],
            "iban": ["refund to", "account"], "national": ["national insurance", "NINO"], "tax": ["VAT reg no", "our VAT is"], "passport": ["British passport", "passport"],
            "birthdate": ["date of birth", "born"], "person": ["booked by", "the tenant,", "regards,"],
        },
        "DE": {
            "mail": ["schreiben Sie an", "Kontakt:"], "phone": ["mobil erreichbar unter", "Tel.", "Rufnummer:"], "card": ["bitte belasten:", "Karte"],
            "iban": ["überweisen auf", "IBAN:"], "national": ["Identifikationsnummer", "IdNr."], "tax": ["Umsatzsteuer-ID", "USt-ID:"], "passport": ["Passnummer", "Reisepass Nr."],
            "birthdate": ["Geburtsdatum:", "geb."], "person": ["Auftraggeber:", "gesprochen mit", "gezeichnet"],
        },
        "FR": {
            "mail": ["écrivez à", "courriel :"], "phone": ["portable :", "tél.", "joignez-moi par téléphone au"], "card": ["à débiter :", "CB"],
            "iban": ["virement vers", "RIB"], "national": ["NIR", "sécu"], "tax": ["numéro de TVA", "TVA intracom."], "passport": ["passeport n°", "numéro de passeport"],
            "birthdate": ["date de naissance :", "née le"], "person": ["le dossier de", "cordialement,", "reçu par"],
        },
        "JP": {
            "mail": ["アドレス：", "連絡は"], "phone": ["携帯：", "TEL ", "お電話は"], "card": ["クレジット：", "決済は"],
            "iban": ["送金先は", "IBAN："], "national": ["個人番号：", "マイナンバー "], "tax": ["インボイス登録番号：", "法人番号は"], "passport": ["旅券番号：", "パスポート番号は"],
            "birthdate": ["誕生日は", "生年月日："], "person": ["申込者：", "連絡した", "窓口の"],
        },
    },
}  # fmt: skip

LABELS: dict[str, Labels] = {half: {place: own | _SHARED[half] for place, own in locales.items()} for half, locales in _OWN.items()}
for _half in LABELS.values():  # Latin words do not run into what follows, even where no spaces are written
    _half["JP"] = {kind: [word + " " if word.isascii() else word for word in words] for kind, words in _half["JP"].items()}
