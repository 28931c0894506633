"""Sentences that carry planted values: wordings to tune on, others to measure with, and later ones that showed faults when first read."""

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
    "later": {
        "US": ["hey!! {label}={value} thx", "FW: account 99182 update — {label}, {value}; expires 08/27", "{label}\n{value}\nBest", "To whom it may concern: please replace {label} {value} on the policy.", "{value} <- {label}, as of June 3", "Account notes; {label}: \"{value}\"; priority high", "hi my {label} changed to {value} last week and nobody updated it"],
        "GB": ["Apologies for the trouble, the {label} we hold is {value}, is that right?", "{label}; {value}; checked 12/05/2024", "Per our chat ({label}, {value}) I'd like to cancel.", "We could not verify the {label} ({value}) you entered.", "{label} – {value} – awaiting reply", "morning, {label} is {value}. ta"],
        "DE": ["Guten Tag, im Profil steht {label} {value} und das stimmt nicht mehr.", "{label}\t{value}\tgeprüft", "Betreff: {label} - {value} - Kundennummer 4471-22", "Wir konnten {label} „{value}“ nicht bestätigen.", "{label}={value}; Priorität hoch", "Moin, {label} lautet jetzt {value}, bitte anpassen. LG"],
        "FR": ["Bonjour Madame, l'ancien {label} était {value}, je l'ai changé.", "{label} | {value} | vérifié le 12", "Objet : {label}, {value}, dossier n° 8812", "Nous n’avons pas pu vérifier le {label} « {value} ».", "{label}={value} ; priorité haute", "Coucou, le {label} c’est {value} maintenant, merci !"],
        "JP": ["お世話になっております。{label}が{value}に変わりました。", "{label}／{value}／確認済み", "件名：{label}の変更（{value}）", "{label}「{value}」を確認できませんでした。", "{label}={value}　優先度高", "こんにちは、{label}は{value}になりましたので修正お願いします"],
    },
}  # fmt: skip

_SHARED = {  # what many countries write alike
    "tune": {"ipv4": ["IP"], "ipv6": ["IPv6"], "login": ["URL"], "token": ["link"], "mac": ["MAC"], "secret": ["key"]},
    "test": {"ipv4": ["IPv4:", "host"], "ipv6": ["address6", "v6 ="], "login": ["DSN", "->"], "token": ["callback", "GET"], "mac": ["NIC", "hw"], "secret": ["TOKEN:", "creds"]},
    "later": {"ipv4": ["client ip", "server"], "ipv6": ["client ip", "v6 host"], "login": ["backend", "repo"], "token": ["link", "webhook"], "mac": ["device", "router"], "secret": ["api token", "credential"]},
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
    "later": {
        "US": {
            "mail": ["new address", "e-mail"],
            "phone": ["my phone", "cell", "contact number", "daytime phone", "number to text", "callback number"],
            "card": ["Mastercard", "Visa"],
            "iban": ["IBAN"],
            "national": ["Social Security Number", "SSN", "social"],
            "tax": ["federal tax ID", "employer identification number", "EIN"],
            "passport": ["passport number", "passport"],
            "birthdate": ["date of birth", "DOB", "birth date"],
            "person": ["account holder", "contact", "patient", "beneficiary"],
        },
        "GB": {
            "mail": ["email", "e-mail"],
            "phone": ["landline", "mobile number", "telephone no", "home phone", "mobile"],
            "card": ["card", "Visa"],
            "iban": ["bank details", "IBAN"],
            "national": ["National Insurance number", "NI no."],
            "tax": ["VAT registration", "VAT no.", "VAT ID"],
            "passport": ["passport", "passport ID"],
            "birthdate": ["D.O.B.", "birthday"],
            "person": ["next of kin", "customer", "employee", "guest"],
        },
        "DE": {
            "mail": ["Mailadresse", "e-mail"],
            "phone": ["Handynummer", "Festnetz", "Telefonnummer", "Mobilnummer", "private Telefonnummer", "Rückrufnummer"],
            "card": ["Karte", "Visa"],
            "iban": ["Bankverbindung", "IBAN"],
            "national": ["steuerliche Identifikationsnummer", "Steuer-IdNr.", "TIN"],
            "tax": ["Umsatzsteuer-Identifikationsnummer", "USt-ID", "Ust.-Id."],
            "passport": ["Reisepassnummer", "Pass-Nr.", "Reisepass"],
            "birthdate": ["Geburtsdatum", "Geburtstag", "Geb.-Datum"],
            "person": ["Kontoinhaberin", "Bearbeiter", "Patientin", "Mieter"],
        },
        "FR": {
            "mail": ["courriel", "e-mail"],
            "phone": ["mobile", "téléphone fixe", "numéro de tél", "numéro de portable", "téléphone", "tél. fixe"],
            "card": ["carte", "Visa"],
            "iban": ["RIB", "IBAN"],
            "national": ["numéro de sécurité sociale", "n° de sécu"],
            "tax": ["numéro de TVA intracommunautaire", "n° TVA", "identifiant TVA"],
            "passport": ["numéro du passeport", "passeport"],
            "birthdate": ["date de naissance", "naissance", "date de naiss."],
            "person": ["titulaire", "conseillère", "patient", "locataire"],
        },
        "JP": {
            "mail": ["メールアドレス", "e-mail"],
            "phone": ["電話", "携帯番号", "ご連絡先", "携帯電話番号", "FAX番号"],
            "card": ["カード番号", "Visa"],
            "iban": ["振込先", "IBAN"],
            "national": ["マイナンバー", "個人番号"],
            "tax": ["適格請求書発行事業者の登録番号", "法人番号", "インボイス登録番号"],
            "passport": ["パスポート番号", "旅券", "パスポート"],
            "birthdate": ["生年月日", "誕生日"],
            "person": ["受取人", "ご担当者", "患者", "宛先"],
        },
    },
}  # fmt: skip

LABELS: dict[str, Labels] = {half: {place: own | _SHARED[half] for place, own in locales.items()} for half, locales in _OWN.items()}
for _half in LABELS.values():  # Latin words do not run into what follows, even where no spaces are written
    _half["JP"] = {kind: [word + " " if word.isascii() else word for word in words] for kind, words in _half["JP"].items()}
