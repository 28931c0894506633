"""What a mail holds beside its message: quoted mails, a greeting, and what follows the sign-off."""

from __future__ import annotations

import re

_QUOTE = re.compile(r"^\s*>")
_BEFORE_QUOTE = re.compile(
    r"^\s*(?:on\b.{5,120}\bwrote:|am\b.{5,120}\bschrieb\b.{0,80}:|le\b.{5,120}\ba écrit\s?:|el\b.{5,120}\bescribió:|il\b.{5,120}\bha scritto:"
    r"|-{2,}\s*(?:original message|forwarded message|ursprüngliche nachricht|message d'origine|mensaje original)\s*-{2,}|_{10,})\s*$",
    re.IGNORECASE,
)
_HEADER = re.compile(r"^\s*(?:from|to|cc|sent|date|subject|von|an|gesendet|betreff|de|à|envoyé|objet)\s?:\s.*$", re.IGNORECASE)
_GREETING = re.compile(
    r"^\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|hallo|guten (?:tag|morgen|abend)|liebe[rs]?|sehr geehrte[rs]?|bonjour|bonsoir|"
    r"cher|chère|madame|monsieur|hola|buenos días|buenas tardes|estimad[oa]s?|buongiorno|salve|gentile|olá|prezad[oa]s?|beste|geachte|hej|cześć|"
    r"dzień dobry|здравствуйте|добрый день|您好|你好|拝啓)(?:[\s,].{0,40})?[,!:.،，]?\s*$",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"^\s*(?:(?:kind|best|warm|many|with kind|with best)?\s*regards|best(?: wishes)?|cheers|sincerely(?: yours)?|yours (?:sincerely|faithfully|truly)|"
    r"(?:many |thanks and )?thanks(?: (?:in advance|again|a lot|and regards))?|thank you|mit (?:freundlichen|besten|lieben) grüßen|viele grüße|"
    r"(?:freundliche|beste|liebe) grüße|mfg|cordialement|bien cordialement|merci|salutations|saludos(?: cordiales)?|un saludo|atentamente|"
    r"cordiali saluti|distinti saluti|grazie|atenciosamente|obrigad[oa]|met vriendelijke groet(?:en)?|med vänlig hälsning|med venlig hilsen|"
    r"pozdrawiam|с уважением|谢谢|此致|よろしくお願い(?:いた|致)?します。?)\s*[,!.–-]*\s*$",
    re.IGNORECASE,
)
MOST_SIGNATURE = 12  # lines after a sign-off; more than that is no signature


def opens_or_closes(line: str) -> bool:
    """Whether a line is a greeting or a sign-off, which tell where the message is.

    Examples
    --------
    >>> opens_or_closes("Best regards"), opens_or_closes("my card is lost")
    (True, False)
    """
    return bool(_GREETING.match(line) or _SIGN_OFF.match(line))


def message_of(text: str) -> str:
    """The message of a mail: without quoted mails, greeting line, and sign-off with signature; the text itself where it is no mail.

    Examples
    --------
    >>> message_of("Dear Ms Doe,\\nmy card is lost\\n\\nKind regards\\nJo\\n> How are you?")
    'my card is lost'
    >>> message_of("thanks")
    'thanks'
    """
    lines = text.split("\n")
    if len(lines) < 2:
        return text
    kept: list[str] = []
    for line in lines:
        if _BEFORE_QUOTE.match(line) and any(part.strip() for part in kept):
            break
        if not _QUOTE.match(line):
            kept.append(line)
    while kept and (not kept[0].strip() or _HEADER.match(kept[0])):
        kept.pop(0)
    if len(kept) > 1 and _GREETING.match(kept[0]):
        kept.pop(0)
    for place in range(len(kept) - 1, 0, -1):
        if _SIGN_OFF.match(kept[place]) and len(kept) - place <= MOST_SIGNATURE + 1:
            kept = kept[:place]
            break
    message = "\n".join(kept).strip()
    return message or text
