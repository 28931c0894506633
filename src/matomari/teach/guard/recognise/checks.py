"""Check digits: whether a number can be what it looks like."""

from __future__ import annotations

from collections import Counter


def luhn(number: str) -> bool:
    """Whether the last digit is right by Luhn's rule (cards).

    Examples
    --------
    >>> luhn("4111111111111111"), luhn("4111111111111112")
    (True, False)
    """
    total = sum(sum(divmod(2 * int(d), 10)) if i % 2 else int(d) for i, d in enumerate(reversed(number)))
    return total % 10 == 0


def mod97(iban: str) -> bool:
    """Whether an IBAN without separators leaves 1 by ISO 7064, mod 97-10.

    Examples
    --------
    >>> mod97("DE89370400440532013000"), mod97("DE88370400440532013000")
    (True, False)
    """
    moved = iban[4:] + iban[:4]
    return int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


def german_tax_id(number: str) -> bool:
    """Whether eleven digits are a German tax id: one digit stands two or three times among ten, and ISO 7064, mod 11,10, holds.

    Examples
    --------
    >>> german_tax_id("86095742719"), german_tax_id("86095742718")
    (True, False)
    """
    if number[0] == "0":
        return False
    often = sorted(Counter(number[:10]).values(), reverse=True)
    if often[0] not in (2, 3) or often[1] != 1:
        return False
    product = 10
    for digit in number[:10]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(number[10])


def french_nir(number: str) -> bool:
    """Whether thirteen characters and a key of two digits are a French social security number; 2A and 2B are Corsica.

    Examples
    --------
    >>> french_nir("255081416802538"), french_nir("255081416802539")
    (True, False)
    """
    body, key = number[:13].upper(), number[13:]
    corsican = {"2A": "19", "2B": "18"}.get(body[5:7])
    body = body[:5] + corsican + body[7:] if corsican else body
    return body.isdigit() and 97 - int(body) % 97 == int(key)


def my_number(number: str) -> bool:
    """Whether the last of twelve digits is right for a Japanese individual number.

    Examples
    --------
    >>> my_number("123456789018"), my_number("123456789012")
    (True, False)
    """
    total = sum(int(d) * (n + 1 if n <= 6 else n - 5) for n, d in enumerate(reversed(number[:11]), start=1))
    rest = total % 11
    return int(number[11]) == (0 if rest <= 1 else 11 - rest)


def social_security(area: str, group: str, serial: str) -> bool:
    """Whether a US social security number can have been given out; it has no check digit.

    Examples
    --------
    >>> social_security("219", "09", "9999"), social_security("666", "12", "3456")
    (True, False)
    """
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


def national_insurance(prefix: str) -> bool:
    """Whether two letters can begin a UK national insurance number; it has no check digit.

    Examples
    --------
    >>> national_insurance("AB"), national_insurance("BG")
    (True, False)
    """
    letters = prefix.upper()
    never = ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")
    return letters[0] not in "DFIQUV" and letters[1] not in "DFIOQUV" and letters not in never
