"""The words of Examplia, in three languages.

Nothing here is the name of anybody or anywhere: places are put together from syllables, and the
countries are rocks, ice and open sea.
"""

from itertools import product
from random import Random

from ..languages import CODES

# A text in each language.
Words = dict[str, str]


def words(en: str, ru: str, kk: str) -> Words:
    """The same in every language that the office has; English in those that are not known here."""
    known = {"en": en, "ru": ru, "kk": kk}
    return {code: known.get(code, en) for code in CODES}


def filled(pattern: Words, **values: Words | str) -> Words:
    """A pattern with what stands in it, language by language."""
    return {
        code: text.format(**{
            name: value if isinstance(value, str) else value[code]
            for name, value in values.items()
        })
        for code, text in pattern.items()
    }  # fmt: skip


MINISTRY = words(
    "Ministry of Northern Lights of Examplia",
    "Министерство северных сияний Экземплии",
    "Экземплия Солтүстік шұғыла министрлігі",
)

_SYLLABLES = (
    ("vel", "вел"), ("mor", "мор"), ("ta", "та"), ("lun", "лун"), ("dri", "дри"), ("sen", "сен"),
    ("ko", "ко"), ("bar", "бар"), ("ne", "не"), ("fal", "фал"), ("gru", "гру"), ("il", "ил"),
    ("pas", "пас"), ("zo", "зо"), ("rem", "рем"), ("tun", "тун"), ("ve", "ве"), ("dol", "дол"),
)  # fmt: skip
_ENDINGS = (("ia", "ия"), ("ora", "ора"), ("und", "унд"), ("isk", "иск"), ("ame", "аме"))


def _name(parts: tuple[tuple[str, str], ...]) -> Words:
    latin, cyrillic = ("".join(each).capitalize() for each in zip(*parts, strict=True))
    return words(latin, cyrillic, cyrillic)


def places() -> list[Words]:
    """Thousands of places that are on no map, the same ones in the same order every time. The
    first are named often and the last hardly ever: see `texts`."""
    made = [_name(parts) for parts in product(_SYLLABLES, _SYLLABLES, _ENDINGS)]
    made += [_name(parts) for parts in product(_SYLLABLES, _SYLLABLES, _SYLLABLES, _ENDINGS[:1])]
    Random(1).shuffle(made)  # noqa: S311 - nothing is secret
    return made


GIVEN = (
    words("Aurora", "Аврора", "Аврора"), words("Boreas", "Борей", "Борей"),
    words("Celeste", "Селеста", "Селеста"), words("Drift", "Дрифт", "Дрифт"),
    words("Echo", "Эхо", "Эхо"), words("Fjord", "Фьорд", "Фьорд"),
    words("Glacia", "Глация", "Глация"), words("Halo", "Гало", "Гало"),
    words("Icarus", "Икар", "Икар"), words("Zenith", "Зенит", "Зенит"),
)  # fmt: skip
FAMILY = (
    words("Frostwick", "Фроствик", "Фроствик"), words("Lumenvale", "Люменвейл", "Люменвейл"),
    words("Polestar", "Поулстар", "Поулстар"), words("Snowgrave", "Сноугрейв", "Сноугрейв"),
    words("Skyglow", "Скайглоу", "Скайглоу"), words("Icemantle", "Айсмантл", "Айсмантл"),
    words("Nightbloom", "Найтблум", "Найтблум"), words("Starfen", "Старфен", "Старфен"),
    words("Windrose", "Виндроуз", "Виндроуз"), words("Daybreak", "Дейбрейк", "Дейбрейк"),
    words("Longdusk", "Лонгдаск", "Лонгдаск"), words("Mistraloak", "Мистралоук", "Мистралоук"),
    words("Greenflash", "Гринфлеш", "Гринфлеш"), words("Coldharbour", "Колдхарбор", "Колдхарбор"),
    words("Farlight", "Фарлайт", "Фарлайт"), words("Solstice", "Солстис", "Солстис"),
)  # fmt: skip

# Territories without a people whom a word could be put into the mouth of.
TERRITORIES = ("AQ", "BV", "HM", "TF", "GS", "UM", "IO", "SJ", "CX", "CC", "CP", "AC", "TA", "DG")

OFFICES = (
    words("Minister of Northern Lights", "Министр северных сияний", "Солтүстік шұғыла министрі"),
    words("Keeper of the Long Night", "Хранитель долгой ночи", "Ұзақ түннің сақшысы"),
    words("Envoy to the Open Sea", "Посланник в открытом море", "Ашық теңіздегі елші"),
    words("Secretary of the Polar Calendar", "Секретарь полярного календаря",
          "Полярлық күнтізбе хатшысы"),
)  # fmt: skip

BODIES = (
    words("Council of {place}", "Совет «{place}»", "«{place}» кеңесі"),
    words("Union of {place}", "Союз «{place}»", "«{place}» одағы"),
    words("Observatory of {place}", "Обсерватория «{place}»", "«{place}» обсерваториясы"),
    words("Assembly of {place}", "Ассамблея «{place}»", "«{place}» ассамблеясы"),
)  # fmt: skip

TOPICS = (
    words("auroral forecasting", "прогноз сияний", "шұғыла болжамы"),
    words("drift ice", "дрейфующий лёд", "жылжымалы мұз"),
    words("night shipping", "ночное судоходство", "түнгі кеме қатынасы"),
    words("snow measurement", "измерение снега", "қар өлшеу"),
    words("lighthouse cooperation", "сотрудничество маяков", "маяктар ынтымақтастығы"),
    words("whale passage", "проход китов", "киттердің өтуі"),
    words("polar post", "полярная почта", "полярлық пошта"),
    words("fog signals", "туманные сигналы", "тұман белгілері"),
    words("ice libraries", "ледовые библиотеки", "мұз кітапханалары"),
    words("star charts", "звёздные карты", "жұлдыз карталары"),
    words("winter schools", "зимние школы", "қысқы мектептер"),
    words("tidal clocks", "приливные часы", "толысу сағаттары"),
    words("reindeer crossings", "оленьи переходы", "бұғы өткелдері"),
    words("dark sky reserves", "заповедники тёмного неба", "қараңғы аспан қорықтары"),
    words("warm harbours", "тёплые гавани", "жылы айлақтар"),
    words("sledge routes", "санные пути", "шана жолдары"),
    words("compass variation", "магнитное склонение", "магниттік ауытқу"),
    words("northern music", "северная музыка", "солтүстік музыкасы"),
    words("sea birds", "морские птицы", "теңіз құстары"),
    words("midnight sun", "полуночное солнце", "түн ортасындағы күн"),
)  # fmt: skip

# What an event or a statement of each kind is headed by. The kinds are those of the models.
EVENTS = {
    "session": words("Session on {topic}, {place}", "Заседание: {topic}, {place}",
                     "Отырыс: {topic}, {place}"),
    "visit": words("Visit to {place}: {topic}", "Визит, {place}: {topic}",
                   "Сапар, {place}: {topic}"),
    "meeting": words("Meeting in {place} on {topic}", "Встреча, {place}: {topic}",
                     "Кездесу, {place}: {topic}"),
    "negotiations": words("Negotiations on {topic} in {place}", "Переговоры, {place}: {topic}",
                          "Келіссөздер, {place}: {topic}"),
    "ceremony": words("Ceremony in {place}: {topic}", "Церемония, {place}: {topic}",
                      "Рәсім, {place}: {topic}"),
    "briefing": words("Briefing on {topic}", "Брифинг: {topic}", "Брифинг: {topic}"),
    "conference": words("Conference on {topic}, {place}", "Конференция: {topic}, {place}",
                        "Конференция: {topic}, {place}"),
}  # fmt: skip
STATEMENTS = {
    "press_release": words("{place}: press release on {topic}", "{place}: {topic}, пресс-релиз",
                           "{place}: {topic}, баспасөз хабарламасы"),
    "statement": words("Statement on {topic}", "Заявление: {topic}", "Мәлімдеме: {topic}"),
    "speech": words("Speech in {place} on {topic}", "Речь, {place}: {topic}",
                    "Сөз, {place}: {topic}"),
    "communique": words("Communiqué of {place} on {topic}", "Коммюнике, {place}: {topic}",
                        "Коммюнике, {place}: {topic}"),
    "answer": words("Answer to a question on {topic}", "Ответ на вопрос: {topic}",
                    "Сұраққа жауап: {topic}"),
}  # fmt: skip

# `cooperation` and its like stand in most texts, a place from the end of the list in a few.
SENTENCES = (
    words("The parties met in {place} and agreed to continue their cooperation on {topic}.",
          "Стороны встретились в городе {place} и договорились продолжить сотрудничество по теме"
          " «{topic}».",
          "Тараптар {place} қаласында кездесіп, «{topic}» тақырыбы бойынша ынтымақтастықты"
          " жалғастыруға келісті."),
    words("The ministry will publish the measurements of {number} stations before the long night.",
          "Министерство опубликует измерения {number} станций до начала долгой ночи.",
          "Министрлік ұзақ түн басталғанға дейін {number} стансаның өлшемдерін жариялайды."),
    words("{body} took note of the report from {place} and thanked its keepers.",
          "{body}: доклад из города {place} принят к сведению, его составителям выражена"
          " благодарность.",
          "{body}: {place} қаласының баяндамасы назарға алынып, авторларына алғыс айтылды."),
    words("Both sides stressed that {topic} remains a matter of common interest.",
          "Обе стороны подчеркнули, что тема «{topic}» остаётся предметом общего интереса.",
          "Екі тарап та «{topic}» тақырыбы ортақ мүдде болып қала беретінін атап өтті."),
    words("A working group of {number} observers will report in spring.",
          "Рабочая группа из {number} наблюдателей представит доклад весной.",
          "{number} бақылаушыдан тұратын жұмыс тобы көктемде есеп береді."),
    words("The lamp at {place} will be lit every evening, whatever the weather.",
          "Огонь маяка {place} будет зажигаться каждый вечер при любой погоде.",
          "{place} маягының оты кез келген ауа райында күн сайын кешке жағылады."),
    words("The two keepers exchanged charts, a barometer and a kettle.",
          "Хранители обменялись картами, барометром и чайником.",
          "Сақшылар карталармен, барометрмен және шәйнекпен алмасты."),
    words("It was decided to count the snow of {place} anew, flake by flake.",
          "Решено заново пересчитать снег в городе {place}, снежинку за снежинкой.",
          "{place} қаласының қарын түйіршіктеп қайта санау туралы шешім қабылданды."),
    words("{body} will hold its next meeting in {place}.",
          "{body}: следующая встреча пройдёт в городе {place}.",
          "{body}: келесі кездесу {place} қаласында өтеді."),
    words("Participants recalled the agreement of {number} articles and its peaceful purpose.",
          "Участники напомнили о соглашении из {number} статей и его мирной цели.",
          "Қатысушылар {number} баптан тұратын келісімді және оның бейбіт мақсатын еске алды."),
    words("Nothing was said about {topic} that had not been said to the sea before.",
          "По теме «{topic}» не было сказано ничего, что не было бы прежде сказано морю.",
          "«{topic}» тақырыбы туралы теңізге бұрын айтылмаған ештеңе айтылған жоқ."),
    words("The night was clear, and the lights were seen as far as {place}.",
          "Ночь была ясной, и сияние было видно до города {place}.",
          "Түн ашық болды, шұғыла {place} қаласына дейін көрінді."),
)  # fmt: skip
QUOTES = (
    words("We shall keep the lamp of {place} burning, and count every light in the sky.",
          "Мы сохраним огонь маяка {place} и сосчитаем каждый свет на небе.",
          "Біз {place} маягының отын сөндірмейміз, аспандағы әр жарықты санаймыз."),
    words("Whoever measures snow learns patience; whoever measures {topic} learns to wait longer.",
          "Кто измеряет снег, учится терпению; кто занят темой «{topic}», учится ждать дольше.",
          "Қар өлшеген адам шыдамдылыққа, «{topic}» тақырыбымен айналысқан адам ұзақ күтуге"
          " үйренеді."),
    words("{number} nights of work have brought us here, and the kettle is still warm.",
          "Сюда нас привели {number} ночей работы, и чайник ещё тёплый.",
          "Бізді мұнда {number} түннің жұмысы әкелді, шәйнек әлі жылы."),
)  # fmt: skip
OUTCOMES = (
    words("A joint chart of {place} is to be drawn by {number} observers.",
          "{number} наблюдателей составят общую карту города {place}.",
          "{number} бақылаушы {place} қаласының ортақ картасын жасайды."),
    words("An agreement on {topic} was approved.", "Одобрено соглашение: {topic}.",
          "Келісім мақұлданды: {topic}."),
    words("A lighthouse will be established at {place}.", "В городе {place} будет основан маяк.",
          "{place} қаласында маяк салынады."),
)  # fmt: skip
REASON = words(
    "The measurements were of another winter.", "Измерения относились к другой зиме.",
    "Өлшемдер басқа қысқа қатысты болды.",
)  # fmt: skip
