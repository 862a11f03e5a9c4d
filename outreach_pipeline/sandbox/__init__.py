"""A whole mail world on loopback: submission, recipients behind MX sites, IMAP, DNS, a TLS proxy, and a log of the truth.

Belongs here: what the demo and the tests need of the outside world, as one process of its own. Does not: anything the
platform itself uses; the sandbox imports nothing of the project but ``core``, and only the command line and the tests
import the sandbox.

    world.py       the configuration            truth.py      the fsynced log, the mail files, and their replay
    behaviours.py  what a recipient does        office.py     the post office: accepts, refuses, files, schedules
    dsn.py         bounces of six products      replies.py    what people and their auto-responders write
    mime.py        mail byte by byte            letters.py    reading a submitted mail
    faults.py      faults by name               reactions.py  carries out what follows
    smtp.py        submission                   imap.py       mailboxes
    contents.py    any bytes, taken apart
    dns.py         the zones                    https.py      the CA and the TLS proxy of the link hosts
    process.py     start and stop as a child    control.py    the control port and its client
    __main__.py    the process
"""
