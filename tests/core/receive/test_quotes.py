"""How mail programs of many languages introduce what they quote; what is no such heading."""

# ruff: noqa: RUF001  the scripts of these languages are meant

import pytest

from outreach_pipeline.core.receive.quotes import own_words

QUOTED = "Hello Kim,\nmay I ask you something?\n\nKeine weiteren E-Mails: Abmelden\nUnsubscribe: https://link.example/u"

OUTLOOK = (
    "Från: Anna <anna@outreach.example>\nSkickat: den 2 mars 2026 09:00\nTill: Kim\nÄmne: A question",
    "Fra: Anna <anna@outreach.example>\nSendt: 2. marts 2026 09:00\nTil: Kim\nEmne: A question",
    "Lähettäjä: Anna <anna@outreach.example>\nLähetetty: maanantai 2. maaliskuuta 2026\nVastaanottaja: Kim\nAihe: A question",
    "Od: Anna <anna@outreach.example>\nOdesláno: pondělí 2. března 2026 9:00\nKomu: Kim\nPředmět: A question",
    "Od: Anna <anna@outreach.example>\nOdoslané: pondelok 2. marca 2026 9:00\nKomu: Kim\nPredmet: A question",
    "Feladó: Anna <anna@outreach.example>\nElküldve: 2026. március 2.\nCímzett: Kim\nTárgy: A question",
    "Gönderen: Anna <anna@outreach.example>\nGönderildi: 2 Mart 2026 Pazartesi\nKime: Kim\nKonu: A question",
    "Expeditor: Anna\nTrimis: luni, 2 martie 2026\nCătre: Kim\nSubiect: A question",
    "Από: Anna\nΣτάλθηκε: 2 Μαρτίου 2026\nΠρος: Kim\nΘέμα: A question",
    "差出人: Anna <anna@outreach.example>\n送信日時: 2026年3月2日 9:00\n宛先: Kim\n件名: A question",
    "发件人： Anna\n发送时间： 2026年3月2日 9:00\n收件人： Kim\n主题： A question",
    "寄件者: Anna\n寄件日期: 2026年3月2日\n收件者: Kim\n主旨: A question",
    "보낸 사람: Anna\n보낸 날짜: 2026년 3월 2일\n받는 사람: Kim\n제목: A question",
)

LINES = (
    "Anna <anna@outreach.example>, 2 Mar 2026 Pzt, 09:00 tarihinde şunu yazdı:",
    "po 2. 3. 2026 v 9:00 odesílatel Anna <anna@outreach.example> napsal:",
    "po 2. 3. 2026 o 9:00 Anna napísal(a):",
    "Anna <anna@outreach.example> ezt írta (időpont: 2026. márc. 2., H, 9:00):",
    "În lun., 2 mar. 2026 la 09:00, Anna a scris:",
    "Στις Δευ 2 Μαρ 2026 στις 9:00, ο χρήστης Anna έγραψε:",
    "2026年3月2日(月) 9:00 Anna <anna@outreach.example>:",
    "Anna <anna@outreach.example> 于2026年3月2日周一 09:00写道：",
    "2026년 3월 2일 (월) 오전 9:00, Anna <anna@outreach.example>님이 작성:",
    "---- On Mon, 02 Mar 2026 09:00:00 +0100 Anna <anna@outreach.example> wrote ----",
    "---- Le lun., 02 mars 2026 09:00:00 +0100 Anna <anna@outreach.example> a écrit ---",
    "Anna Roth <anna@outreach.example>\n03/02/2026 09:00 AM\n\nTo\nKim Lee/Harbor\ncc\n\nSubject\nA question",
    "Anna Roth/Outreach\n02.03.2026 09:00\n\nAn\nKim Lee/Harbor\nKopie\n\nThema\nA question",
)


@pytest.mark.parametrize("heading", OUTLOOK + LINES)
def test_a_heading_ends_a_persons_own_words(heading):
    found = own_words(f"Yes, please send the pricing.\n\nKim\n\n{heading}\n\n{QUOTED}")
    assert (found.text, found.has_quote) == ("Yes, please send the pricing.\n\nKim", True)


@pytest.mark.parametrize(
    "text",
    [
        "Anna wrote: it works.\nIs that right?",
        "Konu: fiyat.\nLütfen arayın.",
        "Our dates:\n02.03.2026 09:00\nTo be confirmed.",
        "-- On the other hand --\nit may work.",
        "Za: nothing.\nDo: everything.\nThank Kim",
    ],
)
def test_what_only_looks_like_one_is_kept(text):
    assert own_words(text).text == text
