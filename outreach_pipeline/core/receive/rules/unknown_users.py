"""How mail servers say in languages other than English that there is no such user.

Phrases are written as ``core.receive.phrases`` explains. Only wordings that can mean nothing else stand here.
"""

# ruff: noqa: RUF001  the scripts of these languages are meant

from __future__ import annotations

UNKNOWN_USERS: tuple[tuple[str, str], ...] = (
    (
        "userunknown",
        """
            non-existent mailbox | nonexistent mailbox | non existent mailbox
            benutzer unbekannt | unbekannter benutzer | benutzer nicht gefunden | benutzer existiert nicht | kein solcher benutzer | empfänger unbekannt | empfaenger unbekannt | unbekannter empfänger | empfänger existiert nicht | adresse existiert nicht | postfach existiert nicht
            utilisateur inconnu | utilisateur introuvable | utilisateur inexistant | destinataire inconnu | adresse inconnue | adresse inexistante | boîte aux lettres inexistante
            usuario desconocido | usuario no existe | usuario inexistente | no existe el usuario | destinatario desconocido | buzón inexistente | dirección inexistente
            utente sconosciuto | utente inesistente | utente non trovato | destinatario sconosciuto | destinatario inesistente | casella inesistente | indirizzo inesistente
            utilizador desconhecido | utilizador inexistente | usuário desconhecido | usuário inexistente | usuário não existe | usuário não encontrado | destinatário desconhecido | conta inexistente | endereço inexistente
            onbekende gebruiker | gebruiker onbekend | gebruiker bestaat niet | gebruiker niet gevonden | onbekende ontvanger | adres bestaat niet
            nie ma takiego użytkownika | brak takiego użytkownika | nieznany użytkownik | użytkownik nieznany | użytkownik nie istnieje | nieznany odbiorca | adres nie istnieje | skrzynka nie istnieje
            uživatel neexistuje | uživatel nenalezen | uživatel neznámý | neznámý uživatel | neznámý příjemce | adresa neexistuje | schránka neexistuje | používateľ neexistuje | neznámy používateľ | adresa neexistuje
            пользователь не найден | пользователь не существует | пользователь неизвестен | неизвестный пользователь | нет такого пользователя | такого пользователя нет | адрес не существует | ящик не существует | получатель не существует
            користувача не знайдено | користувача не існує | користувач не існує | немає такого користувача | невідомий користувач | адреса не існує | скринька не існує | непознат потребител | няма такъв потребител | потребителят не съществува
            korisnik ne postoji | nepoznat korisnik | nepostojeći korisnik | uporabnik ne obstaja | neznan uporabnik
            okänd användare | användaren finns inte | okänd mottagare | adressen finns inte | ukendt bruger | brugeren findes ikke | ukendt modtager | adressen findes ikke | ukjent bruker | brukeren finnes ikke | ukjent mottaker | adressen finnes ikke
            tuntematon käyttäjä | käyttäjää ei ole | käyttäjää ei löydy | tuntematon vastaanottaja | vastaanottajaa ei ole
            kullanıcı bulunamadı | bilinmeyen kullanıcı | böyle bir kullanıcı yok | kullanıcı mevcut değil | alıcı bulunamadı
            ismeretlen felhasználó | nincs ilyen felhasználó | a felhasználó nem létezik | ismeretlen címzett | nem létező felhasználó
            utilizator necunoscut | utilizator inexistent | utilizatorul nu există | destinatar necunoscut | adresa nu există
            άγνωστος χρήστης | ο χρήστης δεν υπάρχει | άγνωστος παραλήπτης | η διεύθυνση δεν υπάρχει
            用户不存在 | 收件人不存在 | 邮箱不存在 | 无此用户 | 帐号不存在 | 使用者不存在 | 查無此人 | ユーザーが見つかりません | ユーザー不明 | 宛先不明 | 宛先が存在しません | メールアドレスが存在しません | 존재하지 않는 사용자 | 사용자를 찾을 수 없습니다 | 알 수 없는 사용자 | 존재하지 않는 메일
        """,
    ),
)
