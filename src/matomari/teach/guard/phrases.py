"""How orders to a language model are worded: by reason, patterns over a folded text in small letters."""

from __future__ import annotations

import re

_DROP = (
    r"(?:ignor(?:e|ing)|disregard|forget|overrid(?:e|ing)|bypass|discard|neglect|skip|abandon|drop|cancel|delete|set aside|throw (?:out|away)"
    r"|(?:do not|don't|stop|never|no longer|quit|cease|refuse to) (?:follow|obey|heed|listen to|use|appl)(?:y?ing|y)?|obeying|pay no attention to|leave behind)"
)
_ORDERS = (
    r"(?:instructions?|prompts?|rules?|directions?|directives?|guidelines?|guidance|orders?|commands?|constraints?|polic(?:y|ies)|system message"
    r"|restrictions?|script|brief(?:ing)?)"
)
_GONE = r"(?:void|deleted|cancell?ed|revoked|obsolete|expired|outdated|no longer (?:valid|appl(?:y|ies)|counts?)|do(?:es)? not (?:apply|count)|suspended|lifted)"
_BEFORE = r"(?:previous|prior|above|earlier|preceding|initial|original|former|old|given|before|so far|your|system|developer|operator)"
_SAY = r"(?:reveal|show|print|repeat|output|display|tell (?:me|us)|leak|expose|share|dump|quote|write (?:out|down)|spell out|copy|paste|recite|translate|summari[sz]e|list|give me|disclose|return)"
_LABEL = r"(?:label|classify|categori[sz]e|mark|tag|assign|sort|put|treat|rate|flag|group|score)"
_ALL = r"(?:every(?:thing)?|all|each|any|the (?:rest|others?|whole|entire)|them all|whatever)"
_ROWS = r"(?:rows?|texts?|items?|entr(?:y|ies)|messages?|records?|documents?|inputs?|sentences?|examples?|lists?|batch|of (?:the|these|them|this)|else|others?|following)"

PHRASES: dict[str, tuple[re.Pattern[str], ...]] = {
    "it asks to ignore the instructions": (
        re.compile(rf"\b(?:{_DROP}|unlearn|erase|void)\b.{{0,25}}?\b(?:instructions|guidelines|guidance|directives?|prompt)\b"),
        re.compile(
            r"\b(?:do not|don't|never|stop|no need to) (?:listen|listening|obey|answer) (?:to )?(?:whoever|whatever|anyone|anybody|who|what|the one|your)\b|\bonly listen to\b"
        ),
        re.compile(r"\byou (?:were|are|have been) (?:configured|set up|programmed|primed|instructed|told|prompted)\b"),
        re.compile(rf"\b{_DROP}\b.{{0,40}}?\b{_BEFORE}\b.{{0,30}}?\b{_ORDERS}\b"),
        re.compile(rf"\b{_DROP}\b.{{0,30}}?\b{_ORDERS}\b.{{0,30}}?\b(?:{_BEFORE}|you were|you got|you have)\b"),
        re.compile(
            rf"\b{_DROP}\b.{{0,20}}?\b(?:everything|anything|all|whatever|what).{{0,30}}?\b(?:you were told|told you|came before|was said|before this|wrote (?:at|on|in) (?:the )?top|above)"
        ),
        re.compile(rf"\b{_DROP} (?:all|any|the|every|these|those) (?:of )?(?:the )?(?:rules?|instructions|task|prompt)\b"),
        re.compile(
            rf"\b{_ORDERS}\b.{{0,30}}?\b{_BEFORE}\b.{{0,15}}?\b{_GONE}\b|\b{_BEFORE}\b.{{0,15}}?\b(?:{_ORDERS}|context)\b.{{0,25}}?\b{_GONE}\b"
        ),
        re.compile(rf"\b(?:earlier|before|previously|above)\b.{{0,15}}?\b{_GONE}\b"),
        re.compile(r"\bnew (?:instructions?|task|rules?|orders?|prompt)(?: (?:is|are|for you|follows?)|:)"),
        re.compile(r"\b(?:your (?:real|new|actual|true) (?:task|job|instructions?|goal) ?(?:is\b|are\b|:)|instructions follow\b)"),
    ),
    "it speaks as the system or assistant": (
        re.compile(
            r"<\|[a-z_]{2,30}\|>|\[/?inst\]|<</?sys>>|</?(?:system|assistant|user|developer|human|tool)(?: [^>]{0,60})?>|<s>\[|\[/?(?:system|assistant|developer)\]|\{\{[#/~]?(?:system|assistant|user)"
        ),
        re.compile(r"(?:^|\n)[#*\s>]{0,8}system (?:notice|message|note|override|alert|update)\b"),
        re.compile(
            r"(?:^|\n|\. |[!?] ?)[#*\s>]{0,8}(?:system|assistant|developer|human|ai|user)(?: (?:message|prompt|note))?[* ]{0,3}:[* ]{0,3}\S"
        ),
        re.compile(r"(?:^|\n)#{1,6} ?(?:system|assistant|developer|instructions?)\b"),
        re.compile(
            r"\byou are now\b.{0,40}\b(?:an?|the|in|without|free)\b|\b(?:developer|god|dan|admin|debug) mode\b|\bjailbr(?:ea|o)k(?:en)? (?:mode|prompt|yourself)"
        ),
        re.compile(r"\b(?:from (?:now|here) on|henceforth)\b.{0,40}\b(?:answer|respond|reply|you|label|always|say|user)\b"),
    ),
    "it closes the text around it": (
        re.compile(r"</[a-z_\-]{1,20}>\s{0,5}</[a-z_\-]{1,20}>|(?:^|\n)(?:eof|eot|end)\s{0,3}\n"),
        re.compile(
            r"</[a-z_\-]{0,12}(?:text|data|row|rows|document|doc|item|items|input|message|content|record|context|quote|example)s?>|\]\]>"
        ),
        re.compile(r"(?:```|~~~|'''|\"\"\"|<<<|={3,}|-{3,}|\*{3,}|#{3,})[^\n]{0,20}\b(?:end|ends|stop|over|eof)\b"),
        re.compile(r"(?:```|~~~|'''|\"\"\")\s{0,5}\b(?:end|new|now|next|the document|instructions?)\b"),
        re.compile(
            r"\bend of (?:the )?(?:[a-z]+ )?(?:input|text|data|document|message|prompt|context|quote|list)\b|\b(?:text|document|data|input) (?:is over|ends here)\b"
        ),
    ),
    "it closes JSON around it": (
        re.compile(r"[}\]]\s?[}\]]\s?[}\]]"),
        re.compile(r"[\"'}\]] {0,3}[}\]]\s{0,5}[,}\]]{0,3}\s{0,5}[{,\]}]\s{0,5}[\"'{}\]]"),
        re.compile(
            r"[\"'\]}]\s{0,3}[,}\]]{1,4}\s{0,5}[{\[]?\s{0,5}[\"'](?:label|labels|role|id|text|content|answers?|result|group|class|category|name)s?[\"']\s{0,3}:"
        ),
        re.compile(r"(?:null|true|false|\d)\s{0,3}[}\]]{1,4}\s{0,3},?\s{0,5}[{\[]\s{0,3}[\"']"),
        re.compile(r"[}\]]\s{0,3}\n?\s{0,3}\{\s{0,3}[\"'][a-z_]{1,20}[\"']\s{0,3}:"),
    ),
    "it shows examples of answers": (
        re.compile(
            r"['\"][^'\"\n]{1,40}['\"] ?(?:=|:|->|=>) ?['\"]?[\w ]{1,20}['\"]?[,;.] {0,2}(?:and )?['\"][^'\"\n]{1,40}['\"] ?(?:=|:|->|=>)"
        ),
        re.compile(
            r"\b(?:review|title|comment|ticket|post|question|sentence|text|query|utterance)s?: [^:\n]{1,80}\b[a-z]{3,12}: [^:\n]{1,40}\b(?:review|title|comment|ticket|post|question|sentence|text|query|utterance)s?: "
        ),
        re.compile(
            r"\b(?:training|demonstration|few-shot|labell?ed) (?:data|examples?|pairs?|samples?)\b|\bas (?:shown|seen|labell?ed) (?:before|above|earlier)\b"
        ),
        re.compile(r"\b(?:is|was|are) (?:classified|labell?ed|tagged|filed|sorted) (?:as|in|into|under)\b"),
        re.compile(r"['\"] (?:goes|belongs|is) (?:in|into|to)\b.{1,60}?['\"] (?:goes|belongs|is) (?:in|into|to)\b"),
        re.compile(r"\b(message|row|text|item|input|example|line|sentence|case) ?#?\d{1,3}\b[^\n]{1,80}\n\s{0,5}\1 ?#?\d{1,3}\b"),
        re.compile(r"\binput ?[:=].{1,80}?\boutput ?[:=]"),
        re.compile(
            r"\b(?:text|input|row|sentence|example|message|query)\b ?#?\d{0,3}\s?(?::|=>|->)[^\n]{0,200}?\s(?:label|output|class|category|answer|group|topic)\b\s?:"
        ),
        re.compile(
            r"\b(?:text|input|sentence|example|message|query)\b ?#?\d{0,3}\s?:[^\n]{0,200}\n\s{0,5}(?:label|output|class|category|answer|group|topic)\b\s?:"
        ),
        re.compile(r"\b(?:sample|example|correct|expected) (?:output|answer|label|class|category)\b ?\d{0,3}\s?[:=]"),
        re.compile(r"\bq: ?[^\n]{1,200}\n? ?a: ?[^\n]{1,100}\n? ?q:"),
        re.compile(r"(?:->|=>|→) ?['\"]?[a-z0-9_]{1,20}['\"]?.{1,60}?(?:->|=>|→)"),
        re.compile(
            r"\b(?:examples?|instance)\b.{0,20}['\"][^'\"]{1,60}['\"] ?(?:=|->|=>|→|:) ?['\"]?\w{1,20}.{1,20}['\"][^'\"]{1,60}['\"] ?(?:=|->|=>|→|:)"
        ),
    ),
    "it says how to label other texts": (
        re.compile(
            r"(?:^|[.!?:;,\n] ?|please |now |just )(?:group|label|tag|classify|categori[sz]e|lump|cluster|sort|mark) (?:everything|all|every|each|them all|these all|this and (?:the|all|every))\b"
        ),
        re.compile(r"\b(?:right|correct|true|only|final|best|expected) (?:label|category|class|tag|topic)s? (?:is|are|=|:|must|should)"),
        re.compile(
            r"\b(?:all|every|each|any) (?:the |of the )?(?:remaining |other |following |next |later )?(?:rows?|texts?|entr(?:y|ies)|records?|lines?|inputs?)\b.{0,40}\b(?:is|are|get|have|as|to|in|under|into|equals?) (?:the |a |one )?(?:same |category|label|class|group|tag|topic)"
        ),
        re.compile(
            rf"\b(?:give|grant|hand)\b.{{0,15}}?\b{_ALL}\b.{{0,20}}?\b{_ROWS}\b.{{0,25}}?\b(?:label|tag|category|class|group|topic|score)"
        ),
        re.compile(r"\byour (?:answer|reply|response|output|label)s? (?:for|to|must|should|has to|will|is)\b"),
        re.compile(r"\b(?:regardless of|no matter|whatever)\b.{0,30}\b(?:choose|pick|answer|label|select|category|group|class)"),
        re.compile(
            r"\b(?:merge|join|combine|lump)\b.{0,15}\b(?:them|all|everything|these|rows|lines|texts)\b|\bduplicates? of (?:it|this)\b"
        ),
        re.compile(
            r"\b(?:choose|pick|select|use) (?:the |only )?(?:first|last|same|second|third) (?:label|category|class|group|tag|topic|cluster)\b"
        ),
        re.compile(rf"\b{_LABEL}\b.{{0,20}}?\b{_ALL}\b.{{0,20}}?\b{_ROWS}\b.{{0,40}}?\b(?:as|into|to|with|one|same|a)\b"),
        re.compile(rf"\b{_LABEL} (?:everything|all|them all|it all|each)\b.{{0,40}}?\b(?:as|into|with)\b"),
        re.compile(
            rf"\b{_ALL}\b.{{0,25}}?\b{_ROWS}\b.{{0,30}}?\b(?:must|should|have to|belongs?|gets?|receives?|is|are)\b.{{0,20}}?\b(?:label|tag|categor|group|class|topic)"
        ),
        re.compile(rf"\b(?:same|one|single) (?:label|category|class|group|tag|topic)\b.{{0,25}}?\b(?:to|for) {_ALL}"),
        re.compile(rf"\b{_LABEL}\b.{{0,30}}?\b{_ALL}\b.{{0,25}}?\b(?:categor(?:y|ies)|class|group|label|cluster|topic)\b"),
        re.compile(
            r"\b(?:always|only) (?:answer|respond|reply|say|output|choose|return)\b.{0,20}\b(?:label|category|class|group|yes|no|with|the word)\b"
        ),
        re.compile(r"\b(?:answer|respond|reply) (?:only )?with (?:the )?(?:word|label|number|ok\b|yes\b|done\b)|\breply only\b"),
        re.compile(r"\b(?:other|remaining) (?:messages|rows|texts|entries|items)\b.{0,40}\b(?:categor|label|group|tag|class)"),
    ),
    "it asks for the prompt": (
        re.compile(
            rf"\b(?:{_SAY}|describe|echo|explain|state|recall|reproduce|provide|send|paraphrase|encode|spell)\b.{{0,30}}?\b(?:your|hidden|secret|initial|system|original|the) (?:\w+ ){{0,2}}?(?:instructions|prompt|guidelines|directives?)\b|\byour (?:hidden|secret|initial|original|internal) (?:\w+ )?{_ORDERS}\b"
        ),
        re.compile(
            r"\b(?:top|beginning|start) of (?:this|the|our|your) (?:conversation|chat|context|prompt|session)\b|\b(?:written|said|stated|standing) (?:above|before) (?:this|my|the)\b"
        ),
        re.compile(
            rf"\b{_SAY}\b.{{0,40}}?\b(?:system|hidden|initial|secret|original|full|your|developer) {{1,3}}(?:\w+ )?(?:{_ORDERS}|configuration|message)\b"
        ),
        re.compile(
            rf"\b{_SAY}\b.{{0,40}}?\b(?:words|text|everything|message|content|lines?|sentences?|instructions)\b.{{0,25}}?\b(?:above|before this|preced|you (?:received|were given|got))"
        ),
        re.compile(r"\bwhat (?:were you|was you|are your|is your|did they) (?:told|instructions?|system|prompt|rules|guidelines|initial)"),
        re.compile(
            rf"\b(?:see|know|read|type (?:out)?|say|tell|start|begin)\b.{{0,40}}?\b(?:{_ORDERS}|context|message)\b.{{0,20}}?\b(?:you (?:operate|run|work|follow|obey|were)|(?:your|the) (?:developers?|operators?|makers?|creators?) (?:gave|wrote|set))"
        ),
        re.compile(r"\b(?:words|sentences|lines|characters|tokens) of your\b"),
        re.compile(rf"\bwhich {_ORDERS}\b.{{0,20}}?\byou\b|\byour (?:system |initial |hidden )?prompt\b|\bsystem prompt\b"),
    ),
    "it would send data through a link or image": (
        re.compile(r"<(?:iframe|script|object|embed|svg|link|video|audio)\b[^>\n]{0,200}>|\]:\s?https?://[^\s]{1,200}\{"),
        re.compile(r"!\[[^\]\n]{0,200}\]\((?:https?:)?//?|<img\b[^>\n]{0,300}\bsrc\s?="),
        re.compile(r"\]\((?:https?:)?//[^)\s]{1,300}\?[^)\s]{1,300}\)"),
        re.compile(r"https?://[^\s]{1,200}(?:[?=][^\s]{0,100}[<\[]|\{|%7b)|\bmarkdown image\b"),
    ),
}

_ABROAD = {  # to drop … orders, in the languages besides English, either way round
    "German": (r"ignorier|vergiss|(?:befolg|folge|beacht|halte).{0,25}nicht|vergessen sie|missacht|überge|verwirf|beachte[n]? .{0,10}nicht", r"anweisung|gesagt|mitgeteilt|vorgabe|befehl|regeln|instruktion|aufforderung"),
    "French": (r"ignore[zr]?\b|oublie[zr]?\b|néglige|n'appli[^ ]{1,12} (?:plus|pas)|ne (?:suis|suivez|respect[^ ]{1,4}) (?:plus|pas)|ne tiens pas compte|ne tenez pas compte", r"instructions?|consignes?|directives?|règles|ordres"),
    "Spanish": (r"ignora|olvida|descarta|haz caso omiso|no (?:sigas|hagas|obedezcas|cumplas)", r"instrucci|indicaci|órdenes|ordenes|reglas|directrices"),
    "Portuguese": (r"ignor[ea]|esque[çc]|desconsider|não (?:sig|obede)|descart", r"instruç|ordens|regras|diretrizes|comandos"),
    "Italian": (r"ignora|dimentica|trascura|non (?:seguire|rispettare|segui)", r"istruzioni|ordini|regole|indicazioni|direttive"),
    "Dutch": (r"negeer|vergeet|volg.{0,25}niet|sla .{0,20}over", r"instructies|opdrachten|regels|aanwijzingen|bevelen"),
    "Polish": (r"zignoruj|ignoruj|zapomnij|pomiń|nie (?:przestrzegaj|stosuj|słuchaj)", r"instrukcj|polece|zasad|wytyczn"),
    "Turkish": (r"yok say|görmezden gel|unut|dikkate alma|uyma|boş ver", r"talimat|komut|kural|yönerge"),
    "Russian": (r"игнориру|проигнорируй|забудь|забыть|не (?:следуй|выполня|слуша|соблюда)|отмени", r"инструкц|указани|правил|команд"),
    "Arabic": (r"تجاهل|انس|أهمل", r"تعليمات|التعليمات|أوامر|الأوامر|القواعد"),
    "Hindi": (r"अनदेखा|नज़रअंदाज़|भूल जा|नजरअंदाज", r"निर्देश|आदेश|नियम"),
    "Chinese": (r"忽略|无视|無視|忘记|忘記|不要(?:理会|遵守|遵循|听|聽|执行|執行|管)|别管|別管|忽視", r"指令|指示|提示|说明|說明|命令|规则|規則"),
    "Japanese": (r"無視|忘れ|従わな|破棄|取り消|捨て", r"指示|命令|プロンプト|ルール|指令"),
    "Korean": (r"무시|잊어|따르지", r"지시|명령|지침|프롬프트|규칙"),
}  # fmt: skip

ABROAD = {
    language: re.compile(rf"(?:{drop}).{{0,50}}?(?:{orders})|(?:{orders}).{{0,30}}?(?:{drop})")
    for language, (drop, orders) in _ABROAD.items()
}
