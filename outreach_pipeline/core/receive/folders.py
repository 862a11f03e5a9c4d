"""Which folders of a mailbox are read, and what each is for: by special-use flags, else by the names that providers give.

Belongs here: choosing among listed folders, and what a Gmail label says. Does not: the conversation (adapters.imap).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

FolderRole = Literal["inbox", "spam", "sent", "archive", "other"]

# RFC 6154.
_SPECIAL_USE: dict[str, FolderRole] = {
    "\\junk": "spam",
    "\\sent": "sent",
    "\\archive": "archive",
    "\\all": "archive",
}
# Names that providers and mail programs give where there are no such flags. English, German, French, Spanish, Portuguese,
# Italian, Dutch, Danish, Norwegian, Swedish, Finnish, Polish, Czech, Hungarian, Turkish, Russian, Ukrainian, Japanese, Chinese.
_NAMES: dict[str, FolderRole] = {
    **dict.fromkeys((
        "spam", "junk", "junk e-mail", "junk email", "junk mail", "bulk", "bulk mail", "spamverdacht", "spam-verdacht",
        "unerwünscht", "unerwünschte werbung", "junk-e-mail", "courrier indésirable", "indésirables", "pourriel",
        "correo no deseado", "no deseado", "lixo eletrônico", "lixo eletrónico", "lixo electrónico", "posta indesiderata",
        "ongewenst", "ongewenste e-mail", "ongewenste reclame", "uønsket mail", "uønsket e-post", "søppelpost", "skräppost",
        "roskaposti", "wiadomości-śmieci", "nevyžádaná pošta", "levélszemét", "önemsiz", "önemsiz e-posta", "спам",
        "нежелательная почта", "небажана пошта", "迷惑メール", "垃圾邮件", "垃圾郵件", "스팸",
    ), "spam"),
    **dict.fromkeys((
        "sent", "sent items", "sent mail", "sent messages", "gesendet", "gesendete objekte", "gesendete elemente",
        "gesendete nachrichten", "éléments envoyés", "messages envoyés", "envoyés", "enviados", "elementos enviados",
        "correo enviado", "itens enviados", "e-mails enviados", "inviata", "posta inviata", "elementi inviati",
        "verzonden", "verzonden items", "verzonden berichten", "sendt post", "sendte elementer", "sendt", "skickat",
        "skickade objekt", "lähetetyt", "wysłane", "elementy wysłane", "odeslaná pošta", "odeslané", "elküldött elemek",
        "elküldött üzenetek", "gönderilmiş öğeler", "gönderilmiş postalar", "отправленные", "надіслані", "送信済み",
        "送信済みアイテム", "已发送", "已发送邮件", "寄件備份", "보낸편지함",
    ), "sent"),
    **dict.fromkeys((
        "archive", "archives", "all mail", "archiv", "archivo", "archivados", "arquivo", "arquivo morto", "archivio",
        "archief", "arkiv", "arkisto", "archiwum", "archivum", "archívum", "arşiv", "архив", "архів", "アーカイブ",
        "归档", "存档", "封存", "보관함",
    ), "archive"),
}  # fmt: skip
_UNSELECTABLE = frozenset({"\\noselect", "\\nonexistent"})
_CURE_GMAIL = "tick «Show in IMAP» for it in Gmail's settings under Labels"


@dataclass(frozen=True, slots=True)
class ListedFolder:
    """A folder as the server lists it; ``flags`` in lower case."""

    name: str
    flags: frozenset[str]
    delimiter: str


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that may be selected, and what it is for. In one with labels each mail says for itself what it is."""

    name: str
    role: FolderRole
    has_labels: bool = False


@dataclass(frozen=True, slots=True)
class FolderChoice:
    """The folders to read, INBOX first, and a sentence with its cure for each that should be there and is not."""

    folders: tuple[Folder, ...]
    missing: tuple[str, ...] = ()


def choose_folders(
    listed: Iterable[ListedFolder], *, configured: Sequence[str] = (), is_gmail: bool = False
) -> FolderChoice:
    """Choose INBOX, spam, Sent, archive and the configured folders; of Gmail All Mail in the place of INBOX and Sent.

    Args:
        listed: what the server lists.
        configured: names of further folders, as the server spells them.
        is_gmail: whether the server has Gmail's labels (X-GM-EXT-1).
    """
    selectable = [each for each in listed if not each.flags & _UNSELECTABLE]
    roles = {each.name: role for each in selectable if (role := _role(each)) is not None}
    missing = []
    all_mail = next((each.name for each in selectable if is_gmail and "\\all" in each.flags), None)
    if is_gmail:
        hidden = [
            name
            for name, flag in (("All Mail", "\\all"), ("Spam", "\\junk"))
            if not any(flag in each.flags for each in selectable)
        ]
        missing += [f"The label {name} is hidden from IMAP: {_CURE_GMAIL}." for name in hidden]
    if all_mail is not None:
        # Everything but spam and the bin lies there once; INBOX and Sent show the same mails again.
        roles = {name: role for name, role in roles.items() if name == all_mail or role == "spam"}
    names = {each.name for each in selectable}
    for name in configured:
        if name in names:
            roles.setdefault(name, "other")
        else:
            cure = _CURE_GMAIL if is_gmail else "make it, or take it out of the mailbox's folders"
            missing.append(f"The folder {name} is not there: {cure}.")
    chosen = [Folder(name, role, has_labels=name == all_mail) for name, role in roles.items()]
    return FolderChoice(tuple(sorted(chosen, key=lambda folder: (folder.role != "inbox", folder.name))), tuple(missing))


def role_by_labels(labels: Iterable[str]) -> FolderRole | None:
    r"""Return what a mail of Gmail's All Mail is by its labels, such as ``\Sent``; None: a draft, which nobody has sent."""
    lowered = {label.lower().lstrip("\\") for label in labels if label.startswith("\\")}
    if lowered & {"draft", "drafts"}:
        return None
    if "sent" in lowered:
        return "sent"
    return "inbox" if "inbox" in lowered else "archive"


def _role(folder: ListedFolder) -> FolderRole | None:
    if folder.name.upper() == "INBOX":
        return "inbox"
    by_flag = next((_SPECIAL_USE[flag] for flag in sorted(folder.flags) if flag in _SPECIAL_USE), None)
    leaf = folder.name.rsplit(folder.delimiter, 1)[-1] if folder.delimiter else folder.name
    return by_flag or _NAMES.get(leaf.casefold())
