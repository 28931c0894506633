"""Words that carry grammar and no subject, by language: articles, pronouns, prepositions, conjunctions, auxiliaries, greetings.

Only closed classes stand here. Longer lists of "stop words" also drop top, up, bill, fire, call, system, interest: words that groups are about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

_ENGLISH = """
a an the this that these those i me my mine myself you your yours yourself yourselves he him his himself she her hers herself it its itself
we us our ours ourselves they them their theirs themselves who whom whose which what whatever someone somebody something anyone anybody
anything everyone everybody everything of in on at by for with from to into onto about against between among through during before after above
below under over up down out off back as than like per via and or but nor so yet if because until while whether though although since unless
am is are was were be been being do does did doing have has had having will would shall should can could may might must ought
im ive id ill i'm i've i'd i'll you're you've you'd you'll he's she's it's we're we've we'd we'll they're they've they'd they'll that's
there's here's what's who's how's where's let's let here there when where why how then now just also too very really quite only even still
already again ever some any each every all both either neither few several many much more most other others another such own same
want wants wanted wanna gonna gotta please hi hello hey dear thanks thank got am pm etc ok okay s t d m re ve ll
"""

_WORDS = {
    "English": _ENGLISH,
    "German": """
der die das den dem des ein eine einen einem einer eines ich mich mir mein meine meinen meinem meiner meines du dich dir dein deine deinen er
ihn ihm sein seine seinen seinem seiner sie ihr ihre ihren ihrem ihrer es wir uns unser unsere unseren euch euer sich man wer wen wem was welche
welcher welches dieser diese dieses diesen diesem jener jene und oder aber denn sondern dass daß ob wenn weil als wie bis damit obwohl während
nachdem seit bevor in im ins an am ans auf aus bei beim mit nach von vom zu zum zur für durch gegen um über unter vor hinter zwischen neben ist
bin bist sind seid war waren wäre sein gewesen habe hast hat haben hatte hatten hätte werde wirst wird werden wurde wurden worden würde kann
kannst können konnte könnte muss müssen musste soll sollen sollte will wollen wollte möchte darf dürfen mag hier da dort dann jetzt nun schon
noch immer auch nur sehr so wo wann warum wieso weshalb mehr viel viele alle alles jede jeder jedes einige etwas mal bitte danke hallo
""",
    "French": """
le la les l un une des du de d au aux ce cet cette ces je j me m moi mon ma mes tu te t toi ton ta tes il elle on lui son sa ses nous notre nos
vous votre vos ils elles leur leurs se s en y qui que qu quoi dont où quel quelle quels quelles et ou mais donc or car ni si comme quand lorsque
parce puisque pour par avec dans sur sous chez vers entre depuis pendant avant après à contre suis es est sommes êtes sont étais était étaient
été être ai as a avons avez ont avais avait avoir eu serai sera seront sera ferai fait faire peux peut pouvez peuvent pourrait dois doit devez
veux veut voudrais ici là alors aussi très plus tout tous toute toutes même déjà encore toujours pourquoi comment combien merci bonjour svp
c'est j'ai n'est qu'est d'un d'une c j'
""",
    "Spanish": """
el la los las lo un una unos unas de del al a yo me mí mi mis tú te ti tu tus él ella ello le les se si su sus nosotros nos nuestro nuestra
vosotros os vuestro ellos ellas usted ustedes este esta esto estos estas ese esa eso esos esas aquel aquella que quien quién cual cuál qué cuyo
y e o u pero sino aunque porque como cuando donde dónde cómo cuándo cuánto cuánta si para por con en sobre bajo entre hasta desde hacia contra
durante tras soy eres es somos son era eran fue fueron ser sido siendo estoy está estamos están estaba estar he ha has hemos han había haber hay
puedo puede pueden poder podría debo debe quiero quiere quisiera tengo tiene tienen ya muy más todo toda todos todas también aquí ahí allí
ahora entonces todavía aún cada otro otra algo alguien gracias hola favor
""",
    "Italian": """
il lo la i gli le l un uno una di del dello della dei degli delle a al allo alla ai agli alle da dal dalla dai in nel nella nei nelle con su sul
sulla per tra fra io me mi mio mia miei mie tu te ti tuo tua lui lei egli ella gli suo sua suoi sue noi ci nostro nostra voi vi vostro vostra
loro si questo questa questi queste quello quella quelli quelle che chi cui quale quali cosa e ed o ma però perché come quando dove quanto se
sono sei è siamo siete era erano essere stato stata ho hai ha abbiamo avete hanno avevo aveva avere può posso possono potrebbe devo deve voglio
vorrei fare fatto qui qua lì ora allora già ancora sempre anche molto più tutto tutti tutte ogni altro altra grazie ciao salve c'è
""",
    "Portuguese": """
o a os as um uma uns umas de do da dos das em no na nos nas ao aos à às por pelo pela pelos pelas para com sem sobre sob entre até desde eu me
mim meu minha meus minhas tu te teu tua ele ela lhe se si seu sua seus suas nós nosso nossa vós eles elas você vocês este esta isto estes estas
esse essa isso esses essas aquele aquela aquilo que quem qual quais cujo e ou mas porém porque como quando onde quanto se sou é és somos são era
eram foi foram ser sido estou está estamos estão estava estar tenho tem temos têm tinha ter há posso pode podem poderia devo deve quero quer
gostaria fazer já muito mais tudo todo toda todos todas também aqui ali agora então ainda cada outro outra algo obrigado obrigada olá oi
""",
    "Dutch": """
de het een ik mij me mijn jij je jou jouw u uw hij hem zijn zij ze haar wij we ons onze jullie hen hun zich dit dat deze die wie wat welke en of
maar want dus omdat als dan toen terwijl hoewel of in op aan bij met naar van voor door over onder tussen tegen uit om tot sinds tijdens ben
bent is zijn was waren geweest heb hebt heeft hebben had hadden word wordt worden werd kan kunt kunnen kon zou zal zullen moet moeten mag mogen
wil willen hier daar er dan nu al nog ook alleen heel erg zo waar wanneer waarom hoe meer veel alle alles elke iets iemand graag dank hallo
""",
    "Swedish": """
en ett den det de i på av för med till från om under över mellan mot efter före vid genom utan jag mig min mitt mina du dig din ditt dina han
honom hans hon henne hennes vi oss vår vårt våra ni er ert era man sig sin sitt sina denna detta dessa som vem vad vilken vilket vilka och eller
men för att om när eftersom medan än är var vara varit blir blev bli har hade ha kan kunde ska skulle måste vill ville får fick här där då nu
redan ännu också bara mycket mer alla allt varje någon något några hur varför tack hej snälla
""",
    "Danish and Norwegian": """
en et den det de i på af av for med til fra om under over mellem mellom mod mot efter etter før ved gennem jeg mig meg min mit mitt mine du dig
deg din dit ditt dine han ham hans hun hende henne hendes hennes vi os oss vores vår i jer dere man sig seg sin sit sitt sine denne dette disse
som hvem hvad hva hvilken hvilket hvilke og eller men at hvis når da fordi mens end enn er var være været vært bliver blev blir ble har havde
hadde have ha kan kunne skal skulle må måtte vil ville får fik fikk her der nu nå allerede også bare meget mye mer alle alt hver nogen noen noget
noe hvordan hvorfor tak takk hej hei
""",
    "Polish": """
i w we z ze na do od po o u za przez dla przy pod nad między bez ja mnie mi mną mój moja moje mojego mojej ty ciebie ci twój twoja on jego jemu
ona jej ono my nas nam nasz wy was wasz oni one ich im się siebie swój swoja ten ta to te ci tego tej tym tych ten tamten który która które
którego kto co czyj czy a ale lub albo oraz więc bo ponieważ że żeby aby jeśli gdy kiedy jak jako niż jestem jest są był była było byli być
będę będzie mam masz ma mamy mają miał mogę może można chcę chce tu tam teraz już jeszcze też tylko bardzo więcej wszystko każdy gdzie dlaczego
proszę dziękuję witam
""",
    "Russian": """
и в во на с со к ко по о об от до из за у для при без над под через между про я меня мне мной мой моя моё мои ты тебя тебе твой он его ему она
её ей оно мы нас нам наш наша вы вас вам ваш ваша они их им себя себе свой своя это этот эта эти того тот та те который которая которые кто что
чей какой какая и а но или да же ли бы если когда потому чтобы как чем был была было были быть есть буду будет могу может можно хочу надо здесь
тут там тогда сейчас уже ещё еще тоже также только очень более все всё весь каждый где куда почему зачем пожалуйста спасибо здравствуйте
""",
    "Ukrainian": """
і й та в у на з із зі до від по про за для при без над під через між я мене мені мій моя моє мої ти тебе тобі твій він його йому вона її їй воно
ми нас нам наш ви вас вам ваш вони їх їм себе свій це цей ця ці той та ті який яка які хто що чи а але або бо якщо коли щоб як ніж був була було
були бути є буду буде можу може можна хочу тут там тоді зараз вже ще також тільки дуже більше все кожен де чому будь ласка дякую
""",
    "Turkish": """
ve veya ya ile ama fakat çünkü eğer ki de da mi mı mu mü bir bu şu o ben beni bana benim sen seni sana senin onu ona onun biz bizi bize bizim siz
sizi size sizin onlar onları için gibi kadar göre sonra önce üzerinde içinde olarak olan oldu olur olduğu var her bazı çok daha en şimdi hala hâlâ
artık sadece ne kim hangi nasıl neden niçin nerede zaman lütfen merhaba teşekkürler
""",
    "Indonesian": """
yang dan atau tetapi tapi karena jika kalau agar supaya untuk dari ke di pada dengan oleh dalam antara sampai sejak saya aku kamu anda dia ia kami
kita mereka nya ini itu apa siapa mana kapan mengapa kenapa bagaimana adalah ada akan sudah telah sedang bisa dapat harus ingin mau juga hanya
sangat lebih semua setiap lagi masih sini sana tolong terima kasih halo
""",
    "Hindi": """
का के की को में से पर ने और या लेकिन कि जो तो ही भी यह ये वह वे इस उस इन उन मैं मुझे मेरा मेरी मेरे हम हमें हमारा तुम आप आपका आपकी आपके अपना अपनी अपने
उसका उनका है हैं हूँ हूं था थी थे हो होता होती होते हुआ हुई रहा रही रहे गया गई गए कर करके करना करने किया लिए साथ तक बाद पहले कैसे कब कहाँ कहां क्यों क्या
कौन कितना कुछ सब बहुत अब अभी यहाँ वहाँ जब तब अगर कृपया धन्यवाद नमस्ते
""",
    "Arabic": """
في من على إلى الى عن مع بين حتى منذ عند قبل بعد تحت فوق و أو او ثم لكن أن ان إن إذا لأن كما مثل هذا هذه ذلك تلك هؤلاء الذي التي الذين ما ماذا من كيف
متى أين اين لماذا هل أنا انا أنت انت هو هي نحن هم لي لك له لها لنا كان كانت يكون قد سوف كل بعض أي هنا هناك الآن جدا أيضا فقط شكرا مرحبا فضلك
""",
    "Bengali": """
এবং ও বা কিন্তু যে যা যদি তবে কারণ জন্য থেকে সাথে মধ্যে উপর পর আগে আমি আমার আমাকে আমরা আমাদের তুমি তোমার আপনি আপনার সে তার তাকে তারা তাদের এই সেই এটা ওটা কি কী
কে কেন কীভাবে কিভাবে কখন কোথায় হয় হয়েছে হবে ছিল আছে করে করা করতে একটি এক সব আরও খুব এখন এখনও দয়া ধন্যবাদ
""",
    "Tamil": """
ஒரு இந்த அந்த இது அது என் எனது எனக்கு நான் நாங்கள் நீ நீங்கள் உங்கள் அவர் அவள் அவன் அவர்கள் மற்றும் அல்லது ஆனால் என்று என்ன எப்படி எப்போது எங்கே ஏன் யார் உள்ளது
இருந்து மீது வரை பிறகு முன் மிகவும் இன்னும் எல்லா தயவு நன்றி
""",
    "Korean": """
그 이 저 것 수 등 및 또는 그리고 하지만 그런데 나는 제가 저는 우리 너무 아주 매우 어떻게 언제 어디서 왜 무엇 무슨 있다 있어요 있나요 없다 합니다 해요 했어요 하는 하고 되나요 싶어요
""",
    "Chinese": """
的 了 着 过 和 与 或 但 但是 而 而且 因为 所以 如果 就 也 都 还 又 再 很 太 更 最 在 从 到 向 对 把 被 给 让 用 为 于 以 及 是 有 会 能 可以 要 想 我 我的 我们 你 你的 你们 您 他
她 它 他们 这 这个 那 那个 哪 什么 怎么 怎么办 为什么 谁 多少 几 吗 呢 吧 啊 个 些 一 一个 上 下 里 中 来 去 请 谢谢 你好 還 個 這 這個 嗎 們 我們 怎麼 什麼 為 與 過 會 對 讓
""",
    "Japanese": """
の に は を が と で も や か へ から まで より ため こと もの これ それ あれ この その あの ここ そこ どこ だれ 何 なに いつ なぜ どう する した して ます です ません でした いる ある
なる できる して した する します される されている している をして をした をする には では とは さん 様 ください お願い 私 私の はい いいえ
そして また でも しかし ただ とても すごく って ので けど だけ など とき ところ よう ながら でした ました ここは それは これは
""",
    "Thai": """
ที่ และ หรือ แต่ ของ ใน บน จาก ถึง กับ โดย เพื่อ ให้ ได้ เป็น คือ มี อยู่ จะ แล้ว ก็ ว่า ซึ่ง นี้ นั้น อะไร ทำไม เมื่อไร ไหน ใคร อย่างไร ผม ฉัน ดิฉัน เรา คุณ เขา มัน ครับ ค่ะ คะ นะ มาก
""",
}

FUNCTION_WORDS: dict[str, frozenset[str]] = {language: frozenset(words.split()) for language, words in _WORDS.items()}

NEGATIONS = frozenset(
    [
        "not",
        "no",
        "never",
        "cannot",
        "can't",
        "cant",
        "don't",
        "dont",
        "doesn't",
        "doesnt",
        "didn't",
        "didnt",
        "won't",
        "wont",
        "isn't",
        "isnt",
        "aren't",
        "arent",
        "wasn't",
        "wasnt",
        "weren't",
        "werent",
        "hasn't",
        "hasnt",
        "haven't",
        "havent",
        "hadn't",
        "hadnt",
        "couldn't",
        "couldnt",
        "shouldn't",
        "shouldnt",
        "wouldn't",
        "wouldnt",
        "without",
        "nothing",
        "none",
        "nicht",
        "kein",
        "keine",
        "keinen",
        "nie",
        "niemals",
        "ohne",
        "nichts",
        "ne",
        "pas",
        "jamais",
        "sans",
        "rien",
        "non",
        "nunca",
        "sin",
        "nada",
        "senza",
        "mai",
        "não",
        "sem",
        "niet",
        "geen",
        "nooit",
        "zonder",
        "inte",
        "aldrig",
        "utan",
        "ikke",
        "aldrig",
        "uden",
        "aldri",
        "uten",
        "nie",
        "bez",
        "не",
        "нет",
        "без",
        "ні",
        "немає",
        "değil",
        "yok",
        "hiç",
        "tidak",
        "belum",
        "bukan",
        "tanpa",
        "नहीं",
        "मत",
        "न",
        "لا",
        "لم",
        "لن",
        "ليس",
        "بدون",
        "না",
        "নেই",
        "இல்லை",
        "不",
        "没",
        "没有",
        "無",
        "ไม่",
    ]
)

PARTICLES = frozenset(["up", "in", "out", "off", "down", "on", "over", "back", "away"])  # of English verbs: "top up", "logged out"

LEAST_SHARE = 0.1  # of a column's words that are function words of a language, for the language to count
_ALWAYS = "English"  # names, products and templates are full of it in every country


def languages(words: Iterable[str]) -> list[str]:
    """The languages that a column is written in, most frequent first, by counting function words.

    A language counts where a tenth of all words are function words of it, and it explains a fifth or more of what the first language does
    with words that no earlier one has.

    Examples
    --------
    >>> languages("wo ist meine lieferung und warum ist sie nicht da".split())
    ['German']
    """
    counted = Counter(words)
    total = sum(counted.values())
    held = {language: sum(n for word, n in counted.items() if word in own) for language, own in FUNCTION_WORDS.items()}
    chosen: list[str] = []
    known: frozenset[str] = frozenset()
    for language in sorted(held, key=lambda name: -held[name]):
        new = sum(n for word, n in counted.items() if word in FUNCTION_WORDS[language] and word not in known)
        if held[language] < LEAST_SHARE * total or (chosen and new < 0.2 * held[chosen[0]]):
            continue
        chosen.append(language)
        known |= FUNCTION_WORDS[language]
    return chosen


def function_words(words: Iterable[str]) -> tuple[frozenset[str], list[str]]:
    """The function words of the languages of a column, and these languages; those of English, and so it is said, where none is recognised."""
    spoken = languages(words)
    used = frozenset[str]().union(*(FUNCTION_WORDS[language] for language in spoken or [_ALWAYS]))
    return used, spoken or [f"{_ALWAYS} (no language was recognised)"]
